//! Certificates as objects of Kubernetes: a Secret for each pair, and what
//! cert-manager needs to go on issuing from the same CA: an `Issuer` for each
//! authority that signs, and a `Certificate` for each leaf.

use std::collections::{BTreeMap, HashSet};

use base64ct::{Base64, Encoding};
use serde::Serialize;
use x509_cert::name::RelativeDistinguishedName;

use super::{
    Document, Language,
    openssl::{brought_or_listed, issuer_of},
    yaml,
};
use crate::{
    etcd::{
        command::Command,
        deployment::{CertificateOutline, Deployment, Standing},
        role::Role,
    },
    pki::{
        key::KeyType, name::DistinguishedName, subject_alternative_name::SubjectAlternativeName,
    },
};

/// A name that Kubernetes takes for an object (RFC 1123 subdomain): lower-case
/// letters, digits and hyphens. `etcd/server` becomes `etcd-server`.
#[must_use]
pub fn object_name(stem: &str) -> String {
    let plain: String = stem
        .to_lowercase()
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '-'
            }
        })
        .take(200)
        .collect();
    match plain.trim_matches('-') {
        "" => "etcd".to_owned(),
        name => name.to_owned(),
    }
}

/// The objects' names of all certificates, in their order; what would be the
/// same twice is numbered.
fn object_names(deployment: &Deployment) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    for certificate in &deployment.certificates {
        let name = object_name(&certificate.stem);
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name}-{number}");
            number += 1;
        }
        names.push(unique);
    }
    names
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<Body: Serialize> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    #[serde(flatten)]
    body: Body,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
}

#[derive(Serialize)]
struct SecretBody {
    r#type: &'static str,
    data: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct IssuerBody {
    spec: IssuerSpec,
}

#[derive(Serialize)]
struct IssuerSpec {
    ca: CaIssuer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CaIssuer {
    secret_name: String,
}

#[derive(Serialize)]
struct CertificateBody {
    spec: CertificateSpec,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateSpec {
    secret_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    literal_subject: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dns_names: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ip_addresses: Vec<String>,
    duration: String,
    usages: Vec<&'static str>,
    private_key: PrivateKey,
    issuer_ref: IssuerReference,
}

#[derive(Serialize)]
struct Subject {
    organizations: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PrivateKey {
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
    rotation_policy: &'static str,
}

#[derive(Serialize)]
struct IssuerReference {
    group: &'static str,
    kind: &'static str,
    name: String,
}

/// A Secret of the type `kubernetes.io/tls` with a pair, from the PEM texts:
/// the certificate's chain, its key, and the CA that the other side is checked
/// by. It holds a private key: its file is its owner's alone.
#[must_use]
pub fn secret(name: &str, certificate: &str, key: &str, authority: Option<&str>) -> Document {
    let mut data = BTreeMap::from([
        ("tls.crt", Base64::encode_string(certificate.as_bytes())),
        ("tls.key", Base64::encode_string(key.as_bytes())),
    ]);
    if let Some(authority) = authority {
        data.insert("ca.crt", Base64::encode_string(authority.as_bytes()));
    }
    let name = object_name(name);
    let file_name = format!("{name}.secret.yaml");
    Document {
        id: format!("file-secret-{name}"),
        title: file_name.clone(),
        file_name: Some(file_name),
        saved_as: None,
        language: Language::Yaml,
        text: yaml::document(&Object {
            api_version: "v1",
            kind: "Secret",
            metadata: Metadata { name },
            body: SecretBody {
                r#type: "kubernetes.io/tls",
                data,
            },
        }),
    }
}

/// The lines that make a Secret of each pair whose key was made here, and of
/// each authority that signs, in the folder of the files. No key is printed.
#[must_use]
pub fn secrets(deployment: &Deployment) -> Document {
    let names = object_names(deployment);
    let mut lines: Vec<String> = deployment
        .certificates
        .iter()
        .zip(&names)
        .filter(|(certificate, _)| certificate.key_type.is_some())
        .map(|(certificate, name)| create_secret(name, &certificate.stem))
        .collect();
    if let Some(brought) = brought_authority(deployment) {
        lines.insert(0, create_secret(brought, brought));
    }
    Document::command(
        "command-secrets",
        "A Secret for each pair",
        lines.join("\n"),
    )
}

fn create_secret(name: &str, stem: &str) -> String {
    Command::new("kubectl create secret tls")
        .word(name)
        .assign("--cert", &format!("{stem}.crt"))
        .assign("--key", &format!("{stem}.key"))
        .to_string()
}

/// The stem of the CA that was brought along, where one signs.
fn brought_authority(deployment: &Deployment) -> Option<&'static str> {
    deployment
        .certificates
        .iter()
        .any(|certificate| certificate.issuer.is_none() && !certificate.is_authority())
        .then_some("ca")
}

/// Whether the programs that renew have a word for a kind of key: RSA, ECDSA and
/// Ed25519 (cert-manager's `privateKey.algorithm`, `step ca certificate --kty`,
/// Vault's `key_type`), and none against quantum computers.
#[must_use]
pub fn has_a_word_for(key_type: KeyType) -> bool {
    key_type.parameter_set().is_none()
}

/// cert-manager's objects: an `Issuer` for each authority that signs leaves,
/// from the Secret that [`secrets`] makes of it, and a `Certificate` for each
/// leaf whose key was made here. cert-manager makes new keys of the same kind,
/// where it knows it.
#[must_use]
pub fn cert_manager(deployment: &Deployment) -> Document {
    let names = object_names(deployment);
    let mut issuers: Vec<String> = Vec::new();
    let mut certificates = Vec::new();
    for (facts, name) in deployment.certificates.iter().zip(&names) {
        let signer = brought_or_listed(deployment, facts).1;
        if facts.is_authority()
            || !signer
                .and_then(|signer| signer.key_type)
                .is_none_or(has_a_word_for)
        {
            continue;
        }
        let issuer = facts
            .issuer
            .and_then(|issuer| names.get(issuer).cloned())
            .unwrap_or_else(|| issuer_of(deployment, facts).to_owned());
        if !issuers.contains(&issuer) {
            issuers.push(issuer.clone());
        }
        if let Some(key_type) = facts.key_type.filter(|kind| has_a_word_for(*kind)) {
            certificates.push(yaml::document(&certificate(facts, key_type, name, issuer)));
        }
    }
    let issuers = issuers.into_iter().map(|name| {
        yaml::document(&Object {
            api_version: "cert-manager.io/v1",
            kind: "Issuer",
            metadata: Metadata { name: name.clone() },
            body: IssuerBody {
                spec: IssuerSpec {
                    ca: CaIssuer { secret_name: name },
                },
            },
        })
    });
    let mut documents: Vec<String> = issuers.chain(certificates).collect();
    if documents.is_empty() {
        documents.push("# cert-manager has no word for the keys of these files.\n".to_owned());
    }
    Document {
        id: "file-cert-manager".to_owned(),
        title: "cert-manager.yaml".to_owned(),
        file_name: Some("cert-manager.yaml".to_owned()),
        saved_as: None,
        language: Language::Yaml,
        text: documents.join("---\n"),
    }
}

fn certificate(
    facts: &CertificateOutline,
    key_type: KeyType,
    name: &str,
    issuer: String,
) -> Object<CertificateBody> {
    let mut dns_names = Vec::new();
    let mut ip_addresses = Vec::new();
    for name in &facts.names {
        match name {
            SubjectAlternativeName::Dns(name) => dns_names.push(name.as_str().to_owned()),
            SubjectAlternativeName::Ip(address) => ip_addresses.push(address.to_string()),
        }
    }
    let mut usages = vec!["digital signature"];
    if facts.enciphers_keys {
        usages.push("key encipherment");
    }
    if !matches!(facts.standing, Standing::Leaf(Role::Client)) {
        usages.push("server auth");
    }
    usages.push("client auth");
    let (algorithm, size) = match key_type {
        KeyType::Rsa2048 => ("RSA", Some(2048)),
        KeyType::Rsa3072 => ("RSA", Some(3072)),
        KeyType::Rsa4096 => ("RSA", Some(4096)),
        KeyType::P256 => ("ECDSA", Some(256)),
        KeyType::P384 => ("ECDSA", Some(384)),
        _ => ("Ed25519", None),
    };
    let literal_subject = literal_subject(facts);
    let (common_name, subject) = if literal_subject.is_some() {
        (None, None)
    } else {
        let organizations = facts.organizations.clone();
        let subject = (!organizations.is_empty()).then_some(Subject { organizations });
        (facts.common_name.clone(), subject)
    };
    Object {
        api_version: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: Metadata {
            name: name.to_owned(),
        },
        body: CertificateBody {
            spec: CertificateSpec {
                // Not the Secret that holds the pair made here.
                secret_name: format!("{name}-renewed"),
                common_name,
                subject,
                literal_subject,
                dns_names,
                ip_addresses,
                // Go's spelling of a duration has no days.
                duration: format!("{}h", u64::from(facts.days) * 24),
                usages,
                private_key: PrivateKey {
                    algorithm,
                    size,
                    rotation_policy: "Always",
                },
                issuer_ref: IssuerReference {
                    group: "cert-manager.io",
                    kind: "Issuer",
                    name: issuer,
                },
            },
        },
    }
}

/// A subject with more to it than one common name and organizations, as RFC
/// 4514 spells it: cert-manager has no fields for the rest, or for the order.
fn literal_subject(facts: &CertificateOutline) -> Option<String> {
    let subject: DistinguishedName = facts.subject.parse().ok()?;
    let attributes: usize = subject
        .as_name()
        .iter_rdn()
        .map(RelativeDistinguishedName::len)
        .sum();
    let told = usize::from(facts.common_name.is_some()) + facts.organizations.len();
    (attributes != told).then(|| subject.as_name().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::commands::examples;

    #[test]
    fn an_objects_name_is_one_that_kubernetes_takes() {
        for (stem, name) in [
            ("etcd/server", "etcd-server"),
            ("it's $HOME", "it-s--home"),
            ("Ünï", "n"),
            ("---", "etcd"),
        ] {
            assert_eq!(object_name(stem), name);
        }
        let mut deployment = examples::cluster();
        deployment.certificates[1].stem = "a b".to_owned();
        deployment.certificates[2].stem = "a/b".to_owned();
        assert_eq!(&object_names(&deployment)[1..3], ["a-b", "a-b-2"]);
    }

    #[test]
    fn a_subject_of_more_than_names_and_organizations_is_spelled_out() {
        let mut facts = examples::tutorial().certificates[2].clone();
        assert_eq!(literal_subject(&facts), None);
        facts.subject = "/C=AT/CN=client".to_owned();
        assert_eq!(literal_subject(&facts).as_deref(), Some("CN=client,C=AT"));
    }
}
