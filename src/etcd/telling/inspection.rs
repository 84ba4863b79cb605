//! What etcd makes of things that the inspector found: what only somebody who
//! runs etcd needs to know, beside the rules of X.509, which
//! [`pki::inspection`](crate::pki::inspection) knows. Whether Go can read a
//! certificate is asked of [`go_x509`], which reads as Go reads.

use const_oid::db::rfc5912;
use serde::{Deserialize, Serialize};

use crate::etcd::facts::release::EtcdBuild;
use crate::pki::{
    inspection::{
        Content, Item,
        certificate::CertificateFacts,
        general_name::GeneralNameKind,
        key::{KeyForm, KeyKind, LockedFacts, LockedKind, PublicKeyFacts},
        relation::Signer,
        remark::Weight,
    },
    pem,
};
use go_x509::certificate::Certificate;

/// What somebody who runs etcd should know of a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EtcdRemark {
    /// The name that etcd takes for the user.
    User {
        /// The last common name.
        name: String,
    },
    /// A client's certificate without a common name: no user.
    NoUser,
    /// A version 1 root is trusted by etcd.
    OldRoot,
    /// A version 1 certificate is fine for a client and none for a server.
    OldLeaf,
    /// serverAuth without clientAuth.
    GatewayNeedsClientAuth,
    /// clientAuth without serverAuth.
    ClientOnly,
    /// A server's certificate without subject alternative names.
    NoNames,
    /// A dot ends a DNS name.
    TrailingDot {
        /// The name.
        name: String,
    },
    /// A CA's extended key usage, which limits all that is below.
    AuthorityRestrictsUsage,
    /// Version 3, self-signed, and no CA: etcd trusts nothing below it.
    NotAuthority,
    /// An intermediate of version 1.
    OldIntermediate,
    /// SHA-1 or MD5 signatures.
    WeakSignature,
    /// A key of a kind that Go's TLS lacks.
    ForeignKey {
        /// The kind.
        kind: String,
    },
    /// An ML-DSA key, which few builds of etcd take.
    PostQuantumKey {
        /// The kind.
        kind: String,
    },
    /// An ML-DSA key that is not its seed alone.
    ExpandedKey,
    /// A key under a passphrase.
    EncryptedKey,
    /// PKCS#12, which etcd does not read.
    Pkcs12,
    /// A certificate or key as DER, which etcd does not read.
    NotPem,
    /// The label `TRUSTED CERTIFICATE`.
    TrustedLabel,
    /// A CRL as PEM.
    RevocationListAsPem,
    /// How etcd reads a CRL.
    RevocationList,
    /// Go can't read it.
    GoRefuses {
        /// Go's own words.
        text: String,
        /// The builds of etcd that were asked, such as `3.4.23 and 3.5.30`.
        builds: String,
    },
}

impl EtcdRemark {
    /// How much it weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::User { .. }
            | Self::NoUser
            | Self::OldRoot
            | Self::ClientOnly
            | Self::AuthorityRestrictsUsage
            | Self::Pkcs12
            | Self::RevocationListAsPem
            | Self::PostQuantumKey { .. }
            | Self::RevocationList => Weight::Note,
            _ => Weight::Fault,
        }
    }
}

sentences! { EtcdRemark {
    Self::User { name } => "With --client-cert-auth and roles, whoever holds its key is etcd’s user “{name}”, by the common name.";
    Self::NoUser => "It has no common name, so etcd takes its holder for no user at all: enough without roles, useless with them.";
    Self::OldRoot => "etcd and etcdctl trust a version 1 root; programs in Rust, Java or Python do not.";
    Self::OldLeaf => "etcd takes it from a client. As etcd’s own certificate it is useless: without subject alternative names etcdctl accepts it for no host.";
    Self::GatewayNeedsClientAuth => "It has serverAuth without clientAuth. etcd’s gRPC gateway dials etcd as a client with the server’s certificate: /v3 answers 503. Use both, or --client-cert-file (3.5 and later), or --enable-grpc-gateway=false.";
    Self::ClientOnly => "It is for clients: etcdctl refuses a server that shows it, and peers need serverAuth as well.";
    Self::NoNames => "Without subject alternative names etcdctl accepts it as a server’s for no host; the common name never counts.";
    Self::TrailingDot { name } => "“{name}” ends in a dot; Go never finds such a name.";
    Self::AuthorityRestrictsUsage => "Go nests extended key usages: what this CA does not list, nothing below it may be used for. etcd’s certificates need serverAuth and clientAuth.";
    Self::NotAuthority => "It does not say CA:TRUE: as --trusted-ca-file it lets only itself in, and nothing that it signed.";
    Self::OldIntermediate => "Go refuses what a version 1 intermediate signed: “parent certificate cannot sign this kind of certificate”. etcd trusts it only when it is itself the trusted CA.";
    Self::WeakSignature => "Go refuses MD5 signatures always, SHA-1 since Go 1.18: etcd 3.4.23 and 3.5.16 refuse it, 3.5.1 takes SHA-1.";
    Self::ForeignKey { kind } => "etcd can’t use {kind} keys. RSA, P-256, P-384, P-521 and Ed25519 work in every version.";
    Self::PostQuantumKey { kind } => "Only etcd and etcdctl built with Go 1.27 or later can use {kind} keys, over TLS 1.3. No release of etcd is built so yet; the others refuse such a key, and trust nothing that such a CA signed.";
    Self::ExpandedKey => "Go reads an ML-DSA key as its seed alone, and this one is expanded. If its seed is in it: openssl pkey -in FILE -provparam ml-dsa.output_formats=seed-only -out NEWFILE (OpenSSL 3.5 or later). If not, make a new key.";
    Self::EncryptedKey => "etcd and etcdctl read no encrypted key (“tls: failed to parse private key”). Take the passphrase off first: openssl pkey -in FILE -out NEWFILE";
    Self::Pkcs12 => "etcd and etcdctl read PEM only. Take it apart with: openssl pkcs12 -in FILE -nodes";
    Self::NotPem => "etcd and etcdctl read PEM only; this is DER. Make it PEM with openssl x509 -inform DER, or openssl pkey -inform DER.";
    Self::TrustedLabel => "Go does not read the label TRUSTED CERTIFICATE; a file with nothing else in it trusts nobody. Write it anew with: openssl x509 -in FILE -out NEWFILE";
    Self::RevocationListAsPem => "etcd 3.6 and later read a CRL as DER only, and refuse every client otherwise. Use: openssl crl -in FILE -outform DER -out NEWFILE";
    Self::RevocationList => "With --client-crl-file etcd compares serial numbers only. It checks neither signature, issuer nor dates, and reads only the first CRL in a file.";
    Self::GoRefuses { text, builds } => "Go can’t read it (etcd {builds}): “{text}”";
} }

/// What somebody who runs etcd should know of each item.
#[must_use]
pub fn remarks(items: &[Item]) -> Vec<Vec<EtcdRemark>> {
    items
        .iter()
        .map(|item| {
            let mut remarks = match &item.content {
                Content::Certificate(facts) => of_certificate(facts, items),
                Content::RevocationList(_) => {
                    let as_pem = item
                        .locations
                        .iter()
                        .all(|location| location.label.is_some());
                    let mut remarks = vec![EtcdRemark::RevocationList];
                    if as_pem {
                        remarks.insert(0, EtcdRemark::RevocationListAsPem);
                    }
                    remarks
                }
                Content::PrivateKey(facts) => {
                    let mut remarks = of_key(facts.public_key.as_ref(), &facts.kind);
                    if facts.form == KeyForm::Expanded {
                        remarks.push(EtcdRemark::ExpandedKey);
                    }
                    remarks
                }
                Content::Locked(facts) => vec![of_locked(facts)],
                Content::Request(facts) => of_key(Some(&facts.key), &facts.key.kind),
                Content::PublicKey(..) | Content::Unreadable(_) => Vec::new(),
            };
            if matches!(
                item.content,
                Content::Certificate(_) | Content::PrivateKey(_)
            ) {
                let locations = &item.locations;
                if locations
                    .iter()
                    .all(|location| location.in_pkcs12.is_some())
                {
                    remarks.push(EtcdRemark::Pkcs12);
                } else if locations
                    .iter()
                    .all(|location| location.label.is_none() && location.in_pkcs12.is_none())
                {
                    remarks.push(EtcdRemark::NotPem);
                } else if locations
                    .iter()
                    .all(|location| location.label.as_deref() == Some("TRUSTED CERTIFICATE"))
                {
                    remarks.push(EtcdRemark::TrustedLabel);
                }
            }
            remarks.sort_by_key(|remark| std::cmp::Reverse(remark.weight()));
            remarks
        })
        .collect()
}

fn of_locked(facts: &LockedFacts) -> EtcdRemark {
    match facts.kind {
        LockedKind::Pkcs12 => EtcdRemark::Pkcs12,
        _ => EtcdRemark::EncryptedKey,
    }
}

fn of_key(public: Option<&PublicKeyFacts>, kind: &KeyKind) -> Vec<EtcdRemark> {
    let kind = public.map_or(kind, |public| &public.kind);
    let works = match kind {
        KeyKind::Rsa { .. } => true,
        KeyKind::EllipticCurve { curve } => {
            ["P-224", "P-256", "P-384", "P-521"].contains(&curve.name.as_str())
        }
        KeyKind::Other { algorithm } if algorithm.name.starts_with("ML-DSA-") => {
            let kind = algorithm.name.clone();
            return vec![EtcdRemark::PostQuantumKey { kind }];
        }
        KeyKind::Other { algorithm } => algorithm.name == "Ed25519",
    };
    if works {
        Vec::new()
    } else {
        vec![EtcdRemark::ForeignKey {
            kind: kind.to_string(),
        }]
    }
}

fn of_certificate(facts: &CertificateFacts, items: &[Item]) -> Vec<EtcdRemark> {
    let mut remarks = of_key(Some(&facts.key), &facts.key.kind);
    remarks.extend(of_go(facts));
    let signs = items.iter().any(|item| {
        let place = match &item.content {
            Content::Certificate(other) => match &other.signer {
                Signer::Item { place, .. } => *place,
                _ => return false,
            },
            _ => return false,
        };
        items
            .get(place)
            .and_then(|signer| signer.content.certificate())
            .is_some_and(|signer| signer.sha256 == facts.sha256)
    });
    let root = facts.signer == Signer::Itself;
    let old = facts.version < 3;
    if !root
        && ["md5", "sha1", "sha-1"]
            .iter()
            .any(|weak| facts.signature_algorithm.name.to_lowercase().contains(weak))
    {
        remarks.push(EtcdRemark::WeakSignature);
    }
    if facts.is_authority() {
        if facts.purposes().is_some() {
            remarks.push(EtcdRemark::AuthorityRestrictsUsage);
        }
        return remarks;
    }
    match (old, root || facts.is_self_issued(), signs) {
        (true, true, _) => remarks.push(EtcdRemark::OldRoot),
        (true, false, true) => remarks.push(EtcdRemark::OldIntermediate),
        (true, false, false) => remarks.push(EtcdRemark::OldLeaf),
        (false, true, _) => remarks.push(EtcdRemark::NotAuthority),
        (false, false, _) => {}
    }
    let server = facts.allows(rfc5912::ID_KP_SERVER_AUTH);
    let client = facts.allows(rfc5912::ID_KP_CLIENT_AUTH);
    if server && !client {
        remarks.push(EtcdRemark::GatewayNeedsClientAuth);
    }
    if client && !server {
        remarks.push(EtcdRemark::ClientOnly);
    }
    let states_server = server && facts.purposes().is_some();
    if states_server
        && !facts
            .names()
            .iter()
            .any(|name| matches!(name.kind, GeneralNameKind::Dns | GeneralNameKind::Ip))
    {
        remarks.push(EtcdRemark::NoNames);
    }
    for name in facts.names() {
        if name.kind == GeneralNameKind::Dns && name.text.ends_with('.') {
            remarks.push(EtcdRemark::TrailingDot {
                name: name.text.clone(),
            });
        }
    }
    // Roots and servers are not users.
    if client && !root && (!states_server || facts.names().is_empty()) {
        remarks.push(match &facts.subject.common_name {
            Some(name) => EtcdRemark::User { name: name.clone() },
            None => EtcdRemark::NoUser,
        });
    }
    remarks
}

fn of_go(facts: &CertificateFacts) -> Option<EtcdRemark> {
    let der = pem::blocks(&facts.pem).ok()?.into_iter().next()?.der;
    let refused_by = |build: EtcdBuild| {
        let refusal = Certificate::parse(&der, build.go).err()?;
        Some((build.version.to_string(), refusal.to_string()))
    };
    let mut refusals: Vec<(String, String)> = EtcdBuild::oldest_and_newest()
        .into_iter()
        .filter_map(refused_by)
        .collect();
    // What only the next Go refuses is told before somebody builds with it.
    if refusals.is_empty() {
        let next = EtcdBuild::of_next_go();
        refusals.extend(refused_by(next).map(|(version, text)| {
            let name = format!("{version} built with {}", next.go.toolchain);
            (name, text)
        }));
    }
    let (_, text) = refusals.last()?;
    Some(EtcdRemark::GoRefuses {
        text: text.clone(),
        builds: refusals
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(" and "),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::pki::{file::GivenFile, inspection::inspect};

    fn of(bytes: &[u8]) -> Vec<Vec<EtcdRemark>> {
        let given = GivenFile::new("", bytes);
        remarks(&inspect(&[given], None, Timestamp::now()).items)
    }

    #[test]
    fn the_tutorials_certificate_is_a_clients_and_no_servers() {
        let remarks = of(include_bytes!(
            "../../../tests/fixtures/tutorial-client.crt"
        ));
        assert_eq!(
            remarks,
            [[
                EtcdRemark::OldLeaf,
                EtcdRemark::User {
                    name: "client".to_owned()
                }
            ]]
        );
    }
}
