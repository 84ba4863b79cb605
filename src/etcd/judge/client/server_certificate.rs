//! etcd's certificate in a client's eyes: whether it leads to the CA file, names the
//! host, and has a key that the client's TLS library knows.

use go_x509::address;
use go_x509::certificate::{Certificate, ExtendedKeyUsage, Extension};
use go_x509::chain::{self, Refusal, VerifyError, VerifyOptions};
use go_x509::hostname;
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::public_key::{Curve, PublicKey};
use go_x509::signature::SignatureAlgorithm;
use go_x509::version::GoBuild;

use super::{Attempt, Met, Refuser, strict};
use crate::etcd::facts::client::{
    Alert, Anchors, CERTIFICATE_POLICIES, Meeting, Names, ServerFault,
};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::phrase;
use crate::etcd::judge::start::Loaded;

impl Attempt<'_> {
    /// A signature of etcd's key that the client takes: etcd ends the handshake else.
    pub(super) fn agree_on_key(&self, loaded: &Loaded) -> Result<(), Box<Met>> {
        let library = self.client.library;
        let key = loaded.key_pair.leaf.public_key.as_ref();
        let is_known = match key {
            Some(PublicKey::Ecdsa {
                curve: Curve::P521, ..
            }) => library.knows_p521,
            Some(PublicKey::Ed25519(_)) => library.knows_ed25519,
            _ => true,
        };
        if is_known {
            return Ok(());
        }
        let text = "tls: peer doesn't support any of the certificate's signature algorithms";
        let met = Met::new(
            Meeting::Alert(Alert::HandshakeFailure),
            Refuser::Etcd,
            Rule::KnownKeyKind,
        );
        let file = &self.etcd.configuration.client.cert_file;
        let why = "its TLS library takes no signature of such a key";
        Err(met
            .at(file)
            .because(why)
            .logging(vec![text.to_owned()])
            .into())
    }

    /// Whether it looks at etcd's certificate at all.
    pub(super) fn checks_server(&self) -> bool {
        let trusts = self.client.trusts_without_authority && self.told.ca_file.is_empty();
        !(self.told.skip_verification || trusts)
    }

    /// What it finds wrong in etcd's certificate.
    pub(super) fn check_server(&self, loaded: &Loaded) -> Option<Met> {
        if !self.checks_server() {
            return None;
        }
        let (client, library, go) = (self.client, self.client.library, self.go());
        let chain: Vec<Certificate> = loaded
            .key_pair
            .chain
            .iter()
            .filter_map(|der| Certificate::parse(der, go).ok())
            .collect();
        let leaf = chain.first()?;
        let mut roots = CertificatePool::default();
        let mut above = CertificatePool::default();
        let content = self.etcd.case.etcd.files.read(&self.told.ca_file);
        for block in pem::blocks(content.unwrap_or_default(), go) {
            let Ok(certificate) = Certificate::parse(&block.bytes, go) else {
                continue;
            };
            let signed_itself = certificate.issuer.raw == certificate.subject.raw;
            if library.anchors == Anchors::Any || signed_itself {
                roots.add(certificate);
            } else {
                above.add(certificate);
            }
        }
        let has_no_root = roots.certificates().is_empty() && !above.certificates().is_empty();
        for sent in chain.iter().skip(1) {
            above.add(sent.clone());
        }
        let host = self.host();
        let options = VerifyOptions {
            roots: &roots,
            intermediates: &above,
            // Go looks at the name first, the others last.
            host: client.go.map(|_| host.as_str()),
            usage: ExtendedKeyUsage::ServerAuth,
            now: self.etcd.now(),
        };
        let checked = chain::verify(leaf, &options, go).map(|_| ());
        if let Err(refusal) = checked
            // Go looks at the usage last, when all else is well.
            && (library.checks_purpose
                || !matches!(refusal.reason, VerifyError::IncompatibleUsage { .. }))
        {
            let met = self.refusal(refusal, leaf, go);
            let unknown = met.meeting == Meeting::Server(ServerFault::UnknownIssuer);
            let why = if unknown && has_no_root {
                "it wants the root in the CA file: an intermediate alone ends no chain"
            } else {
                ""
            };
            return Some(met.because(why));
        }
        if !library.takes_authorities && leaf.is_authority {
            let fault = ServerFault::Authority;
            let met = self.refused(fault, Rule::ServerIsNoAuthority, None);
            return Some(met.because("it takes no server certificate that is a CA itself"));
        }
        if let Some(met) = self.peculiarity(&chain, &above, &roots, go) {
            return Some(met);
        }
        let error = hostname::verify(leaf, &host, go).err()?;
        (client.go.is_none() && !self.takes_common_name(leaf, &host)).then(|| {
            let refusal = Refusal {
                reason: VerifyError::Hostname(error),
                certificate: leaf.raw.clone(),
            };
            self.refusal(refusal, leaf, go)
        })
    }

    /// What its library refuses though Go takes it.
    fn peculiarity(
        &self,
        chain: &[Certificate],
        above: &CertificatePool,
        roots: &CertificatePool,
        go: GoBuild,
    ) -> Option<Met> {
        let library = self.client.library;
        let leaf = chain.first()?;
        let because = |reason, of: &Certificate, why| {
            let certificate = of.raw.clone();
            let refusal = Refusal {
                reason,
                certificate,
            };
            Some(self.refusal(refusal, leaf, go).because(why))
        };
        let issuers = issuers(leaf, above, roots);
        let wanted = ExtendedKeyUsage::ServerAuth;
        let any_alone = |certificate: &&Certificate| {
            let usages = &certificate.extended_key_usages;
            usages.contains(&ExtendedKeyUsage::Any) && !usages.contains(&wanted)
        };
        if !library.knows_policies
            && let Some(critical) = std::iter::once(leaf)
                .chain(issuers.iter().copied())
                .find(|certificate| has_critical_policies(certificate))
        {
            let identifiers = vec![CERTIFICATE_POLICIES.to_vec()];
            let reason = VerifyError::UnhandledCriticalExtension { identifiers };
            return because(
                reason,
                critical,
                "it does not know certificatePolicies, which are critical there",
            );
        }
        if library.checks_purpose {
            let reason = VerifyError::IncompatibleUsage { wanted };
            if !library.takes_any_usage && any_alone(&leaf) {
                return because(reason, leaf, "anyExtendedKeyUsage is no serverAuth for it");
            }
            if !library.takes_any_usage_above
                && let Some(issuer) = issuers.iter().copied().find(any_alone)
            {
                return because(
                    reason,
                    issuer,
                    "anyExtendedKeyUsage of a CA above is no serverAuth for it",
                );
            }
        }
        if !library.knows_address_constraints
            && !leaf.addresses.is_empty()
            && let Some(issuer) = issuers.iter().copied().find(|it| constrains_addresses(it))
        {
            let reason = VerifyError::NoValidChains(String::new());
            let why = "it does not know the constraints on addresses of a CA above";
            return because(reason, issuer, why);
        }
        if let Some(met) = self.signature_or_profile(leaf, &issuers) {
            return Some(met);
        }
        if library.constrains_common_name && leaf.dns_names.is_empty() {
            let name = &leaf.subject.common_name;
            if let Some(issuer) = issuers.iter().copied().find(|it| forbids_host(it, name)) {
                let reason = VerifyError::NoValidChains(String::new());
                return because(
                    reason,
                    issuer,
                    "it holds the common name, too, to the constraints of a CA above, as the certificate names no host",
                );
            }
        }
        let host = self.host();
        if !(library.takes_short_wildcards || self.client.takes_short_wildcards)
            && self.client.names != Names::Nothing
            && hostname::verify(leaf, &host, go).is_ok()
            && address::parse(&host).is_none()
            && !leaf
                .dns_names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&host))
            && leaf
                .dns_names
                .iter()
                .all(|name| !name.starts_with("*.") || name.matches('.').count() < 2)
        {
            let error = hostname::HostnameError::Other {
                host,
                names: leaf.dns_names.clone(),
            };
            return because(
                VerifyError::Hostname(error),
                leaf,
                "it takes no wildcard before a single label",
            );
        }
        None
    }

    /// What its library refuses of who signed, and of what a chain must have.
    fn signature_or_profile(&self, leaf: &Certificate, issuers: &[&Certificate]) -> Option<Met> {
        let library = self.client.library;
        if let Some(fault) = library.signed_by_ed25519
            && std::iter::once(leaf)
                .chain(issuers.iter().copied())
                .any(|it| it.signature_algorithm == SignatureAlgorithm::Ed25519)
        {
            let met = self.refused(fault, Rule::KnownKeyKind, None);
            return Some(met.because("it takes no certificate that an Ed25519 key signed"));
        }
        if let Some(fault) = library.signed_by_p521
            && issuers.iter().any(|it| is_p521(it))
        {
            let met = self.refused(fault, Rule::KnownKeyKind, None);
            return Some(met.because("it takes no certificate that a P-521 key signed"));
        }
        if library.is_strict
            && leaf.issuer.raw != leaf.subject.raw
            && let Some((rule, missed)) = strict::missed(leaf, issuers)
        {
            let met = self.refused(ServerFault::Chain, rule, None);
            let why = "it is strict: the certificate, or a CA's, lacks an extension that RFC 5280 wants, or has it not critical";
            return Some(Met { missed, ..met }.because(why));
        }
        None
    }

    fn refusal(&self, refusal: Refusal, leaf: &Certificate, go: GoBuild) -> Met {
        let fault = match &refusal.reason {
            VerifyError::Expired { .. } => ServerFault::Expired,
            VerifyError::NotYetValid { .. } => ServerFault::NotYetValid,
            VerifyError::IncompatibleUsage { .. } => ServerFault::Purpose,
            VerifyError::UnknownAuthority { .. } => ServerFault::UnknownIssuer,
            VerifyError::Hostname(_) if leaf.addresses.is_empty() && leaf.dns_names.is_empty() => {
                ServerFault::NoNames
            }
            VerifyError::Hostname(_) if address::parse(&self.host()).is_some() => {
                ServerFault::OtherAddress
            }
            VerifyError::Hostname(_) => ServerFault::OtherHost,
            _ => ServerFault::Chain,
        };
        let text = phrase::server_not_verified(go, &refusal);
        self.refused(fault, Cause::ServerRefused(refusal).rule(), Some(text))
    }

    /// Whether a certificate without a SAN of this host will do.
    fn takes_common_name(&self, leaf: &Certificate, host: &str) -> bool {
        let without = leaf.addresses.is_empty() && leaf.dns_names.is_empty();
        let same = leaf.subject.common_name.eq_ignore_ascii_case(host);
        match self.client.names {
            Names::Nothing => true,
            Names::CommonName => without && same,
            Names::CommonNameOfHost | Names::Localhost => {
                without && same && address::parse(host).is_none()
            }
            Names::Alternative => false,
        }
    }
}

/// Whether its key is on P-521.
pub(super) fn is_p521(certificate: &Certificate) -> bool {
    let key = certificate.public_key.as_ref();
    key.is_some_and(|key| matches!(key, PublicKey::Ecdsa { curve, .. } if *curve == Curve::P521))
}

fn has_critical_policies(certificate: &Certificate) -> bool {
    let is_that = |it: &Extension| it.critical && it.identifier == CERTIFICATE_POLICIES;
    certificate.extensions.iter().any(is_that)
}

/// The CAs from the one above a certificate up to the last that is known.
fn issuers<'a>(
    leaf: &Certificate,
    above: &'a CertificatePool,
    roots: &'a CertificatePool,
) -> Vec<&'a Certificate> {
    /// No chain is longer in any library that is asked here.
    const MOST: usize = 8;
    let all = || roots.certificates().iter().chain(above.certificates());
    let mut chain: Vec<&Certificate> = Vec::new();
    let mut wanted = &leaf.issuer.raw;
    while chain.len() < MOST {
        let Some(issuer) = all().find(|it| it.subject.raw == *wanted) else {
            break;
        };
        chain.push(issuer);
        if issuer.issuer.raw == issuer.subject.raw {
            break;
        }
        wanted = &issuer.issuer.raw;
    }
    chain
}

fn constrains_addresses(issuer: &Certificate) -> bool {
    !(issuer.permitted.addresses.is_empty() && issuer.excluded.addresses.is_empty())
}

/// Whether a CA's constraints on DNS names forbid a name that could be a host's.
fn forbids_host(issuer: &Certificate, name: &str) -> bool {
    let is_within = |domain: &String| {
        let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
        let parent = domain.trim_start_matches('.');
        domain.is_empty()
            || name == parent
            || name
                .strip_suffix(parent)
                .is_some_and(|it| it.ends_with('.'))
    };
    let looks_like_a_host = name.contains('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    looks_like_a_host
        && (issuer.excluded.dns.iter().any(is_within)
            || !(issuer.permitted.dns.is_empty() || issuer.permitted.dns.iter().any(is_within)))
}
