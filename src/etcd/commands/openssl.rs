//! The openssl lines that would make the same certificates by hand. Extensions
//! go through `-extfile`: without it `openssl x509 -req` ignores `-extensions`,
//! drops the CSR's names and makes a version 1 certificate.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::{
    etcd::{
        command::{Command, quote},
        deployment::{CertificateOutline, Deployment, Standing},
        role::Role,
    },
    pki::authority::AuthorityKeyUsage,
    pki::key::KeyType,
};

/// The openssl lines that make one certificate, or one file of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpensslStep {
    /// The path of the files that they make without their endings, below the
    /// folder: `ca`, `etcd`, `client`.
    pub stem: String,
    /// The lines.
    pub script: String,
}

/// The stem of a CA that is brought along.
const BROUGHT: &str = "ca";

/// The authority that signs a leaf: its stem, and its facts if it is made here.
pub(super) fn brought_or_listed<'a>(
    deployment: &'a Deployment,
    facts: &CertificateOutline,
) -> (&'a str, Option<&'a CertificateOutline>) {
    match facts
        .issuer
        .and_then(|issuer| deployment.certificates.get(issuer))
    {
        Some(issuer) => (issuer.stem.as_str(), Some(issuer)),
        None => (BROUGHT, None),
    }
}

/// The stem of the authority that signs a leaf.
pub(super) fn issuer_of<'a>(deployment: &'a Deployment, facts: &CertificateOutline) -> &'a str {
    brought_or_listed(deployment, facts).0
}

/// All steps, each before what needs it.
pub(super) fn steps(deployment: &Deployment) -> Vec<OpensslStep> {
    let mut steps = Vec::new();
    let mut enter = enter(deployment);
    let mut push = |stem: &str, lines: Vec<String>| {
        steps.push(OpensslStep {
            stem: stem.to_owned(),
            script: std::mem::take(&mut enter) + &lines.join("\n"),
        });
    };
    for facts in &deployment.certificates {
        let mut lines = if facts.is_authority() {
            authority(deployment, facts)
        } else {
            leaf(deployment, facts)
        };
        let chain = chain(deployment, facts);
        if !chain.is_empty() {
            let append = chain
                .iter()
                .fold(Command::new("cat"), |cat, stem| {
                    cat.word(&format!("{stem}.crt"))
                })
                .option(">>", &format!("{}.crt", facts.stem));
            lines.push(append.to_string());
        }
        push(&facts.stem, lines);
    }
    for bundle in &deployment.bundles {
        let concatenate = bundle
            .parts
            .iter()
            .fold(Command::new("cat"), |cat, part| cat.word(part))
            .option(">", &bundle.file);
        let stem = bundle.file.strip_suffix(".crt").unwrap_or(&bundle.file);
        push(stem, vec![concatenate.to_string()]);
    }
    steps
}

/// What comes first: entering the folder, and making those below it.
fn enter(deployment: &Deployment) -> String {
    let folder = super::unpack::folder(deployment);
    let mut lines = format!("cd {}\n", quote(&folder));
    let files = deployment
        .certificates
        .iter()
        .map(|facts| facts.stem.as_str())
        .chain(deployment.bundles.iter().map(|bundle| bundle.file.as_str()));
    let below: BTreeSet<&str> = files
        .filter_map(|file| file.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    if !below.is_empty() {
        let make = below
            .iter()
            .fold(Command::new("mkdir -p"), |make, folder| make.word(folder));
        lines.push_str(&make.to_string());
        lines.push('\n');
    }
    lines
}

/// The stems of the intermediate authorities whose certificates follow a leaf's
/// in its file, the nearest first. The root is left out: who checks has it.
pub(super) fn chain<'a>(deployment: &'a Deployment, facts: &CertificateOutline) -> Vec<&'a str> {
    let mut chain = Vec::new();
    if facts.is_authority() {
        return chain;
    }
    let mut next = facts.issuer;
    while let Some(issuer) = next.and_then(|issuer| deployment.certificates.get(issuer)) {
        // Each authority is listed before what it signs, so this ends.
        if issuer.issuer.is_none() || chain.len() > deployment.certificates.len() {
            break;
        }
        chain.push(issuer.stem.as_str());
        next = issuer.issuer;
    }
    chain
}

fn authority(deployment: &Deployment, facts: &CertificateOutline) -> Vec<String> {
    let stem = facts.stem.as_str();
    let Standing::Authority {
        key_usage,
        path_length,
        permitted,
        excluded,
    } = &facts.standing
    else {
        return Vec::new();
    };
    let constraints = match path_length {
        Some(length) => format!("basicConstraints=critical,CA:TRUE,pathlen:{length}"),
        None => "basicConstraints=critical,CA:TRUE".to_owned(),
    };
    let key_usage = match key_usage {
        AuthorityKeyUsage::Signing => "keyUsage=critical,keyCertSign,cRLSign",
        AuthorityKeyUsage::SigningAndHandshake if facts.enciphers_keys => {
            "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign"
        }
        AuthorityKeyUsage::SigningAndHandshake => "keyUsage=critical,digitalSignature,keyCertSign",
    };
    let mut extensions = vec![constraints, key_usage.to_owned()];
    extensions.extend(subject_alternative_names(facts));
    let subtrees: Vec<String> = permitted
        .iter()
        .map(|subtree| ("permitted", subtree))
        .chain(excluded.iter().map(|subtree| ("excluded", subtree)))
        .map(|(kind, subtree)| format!("{kind};{}", general_subtree(subtree)))
        .collect();
    if !subtrees.is_empty() {
        extensions.push(format!("nameConstraints=critical,{}", subtrees.join(",")));
    }
    vec![
        generate_key(stem, facts.key_type),
        request(facts),
        extension_file(stem, &extensions),
        match facts.issuer {
            None => sign(facts, digest(facts.key_type), |command| {
                command.option("-signkey", &format!("{stem}.key"))
            }),
            Some(_) => signed_by_issuer(deployment, facts),
        },
    ]
}

fn leaf(deployment: &Deployment, facts: &CertificateOutline) -> Vec<String> {
    let stem = facts.stem.as_str();
    let mut lines = if facts.key_type.is_some() {
        vec![generate_key(stem, facts.key_type), request(facts)]
    } else {
        vec![format!(
            "# {} for {} is already there",
            comment(&format!("{stem}.csr")),
            comment(&facts.subject)
        )]
    };
    let key_usage = if facts.enciphers_keys {
        "keyUsage=critical,digitalSignature,keyEncipherment"
    } else {
        "keyUsage=critical,digitalSignature"
    };
    let purposes = match facts.standing {
        Standing::Leaf(Role::Client) => "extendedKeyUsage=clientAuth",
        _ => "extendedKeyUsage=serverAuth,clientAuth",
    };
    let mut extensions = vec![
        "basicConstraints=critical,CA:FALSE".to_owned(),
        key_usage.to_owned(),
        purposes.to_owned(),
    ];
    extensions.extend(subject_alternative_names(facts));
    lines.push(extension_file(stem, &extensions));
    lines.push(signed_by_issuer(deployment, facts));
    lines
}

fn signed_by_issuer(deployment: &Deployment, facts: &CertificateOutline) -> String {
    let (issuer, issuer_facts) = brought_or_listed(deployment, facts);
    let digest = digest(issuer_facts.and_then(|issuer| issuer.key_type));
    sign(facts, digest, |command| {
        command
            .option("-CA", &format!("{issuer}.crt"))
            .option("-CAkey", &format!("{issuer}.key"))
            .plain("-CAcreateserial")
    })
}

fn sign(facts: &CertificateOutline, digest: &str, signer: impl Fn(Command) -> Command) -> String {
    let stem = facts.stem.as_str();
    let command =
        Command::new(&format!("openssl x509 -req{digest}")).option("-in", &format!("{stem}.csr"));
    signer(command)
        .option("-extfile", &format!("{stem}.ext"))
        .option("-days", &facts.days.to_string())
        .option("-out", &format!("{stem}.crt"))
        .to_string()
}

/// The digest that goes with the key that signs; Ed25519 (RFC 8410) and ML-DSA
/// (RFC 9881) have their own within, and openssl takes no other for them. A key
/// made elsewhere is taken for RSA.
fn digest(signer: Option<KeyType>) -> &'static str {
    match signer {
        Some(KeyType::Ed25519 | KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87) => "",
        Some(KeyType::P384) => " -sha384",
        _ => " -sha256",
    }
}

fn generate_key(stem: &str, key_type: Option<KeyType>) -> String {
    let out = |command: &str| Command::new(command).option("-out", &format!("{stem}.key"));
    let rsa = |bits: &str| out("openssl genrsa").plain(bits);
    match key_type {
        None | Some(KeyType::Rsa2048) => rsa("2048"),
        Some(KeyType::Rsa3072) => rsa("3072"),
        Some(KeyType::Rsa4096) => rsa("4096"),
        Some(KeyType::P256) => {
            out("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256")
        }
        Some(KeyType::P384) => {
            out("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384")
        }
        Some(KeyType::Ed25519) => out("openssl genpkey -algorithm ED25519"),
        // Since OpenSSL 3.5, which would write the expanded key too; Go reads the
        // seed alone.
        Some(kind @ (KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87)) => out(&format!(
            "openssl genpkey -algorithm {kind} -provparam ml-dsa.output_formats=seed-only"
        )),
    }
    .to_string()
}

fn request(facts: &CertificateOutline) -> String {
    let stem = facts.stem.as_str();
    let command = Command::new(&format!("openssl req -new{} -utf8", digest(facts.key_type)))
        .option("-key", &format!("{stem}.key"))
        .option("-subj", &facts.subject);
    let command = match subject_alternative_names(facts) {
        Some(names) => command.option("-addext", &names),
        None => command,
    };
    command.option("-out", &format!("{stem}.csr")).to_string()
}

fn subject_alternative_names(facts: &CertificateOutline) -> Option<String> {
    if facts.names.is_empty() {
        return None;
    }
    let names: Vec<String> = facts.names.iter().map(ToString::to_string).collect();
    Some(format!("subjectAltName={}", names.join(",")))
}

/// A DNS name, an address, or a range of addresses in CIDR notation, as
/// OpenSSL's configuration wants a name constraint: an address always with its
/// mask (`x509v3_config(5)`, "Name Constraints").
fn general_subtree(text: &str) -> String {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, length.parse::<u8>().ok()),
        None => (text, None),
    };
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let length = u32::from(length.unwrap_or(32).min(32));
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            format!("IP:{address}/{}", Ipv4Addr::from(mask))
        }
        Ok(IpAddr::V6(address)) => {
            let length = u32::from(length.unwrap_or(128).min(128));
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            // OpenSSL takes no `::` beside the slash's own colons amiss, but
            // both sides must be whole addresses.
            format!("IP:{address}/{}", Ipv6Addr::from(mask))
        }
        // A domain that looks like an address says so itself.
        Err(_) => format!("DNS:{}", text.strip_prefix("DNS:").unwrap_or(text)),
    }
}

/// Writes an extension file. The key identifiers come last, and are the same
/// for all.
fn extension_file(stem: &str, extensions: &[String]) -> String {
    let mut command = Command::new("printf '%s\\n'");
    for extension in extensions {
        command = command.word(extension);
    }
    command
        .word("subjectKeyIdentifier=hash")
        .word("authorityKeyIdentifier=keyid:always")
        .option(">", &format!("{stem}.ext"))
        .to_string()
}

/// Text for a shell comment: a line break would end the comment.
pub(super) fn comment(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_addresses_is_written_with_its_mask() {
        for (text, subtree) in [
            ("lab.test", "DNS:lab.test"),
            (".lab.test", "DNS:.lab.test"),
            ("DNS:05.0.0.1", "DNS:05.0.0.1"),
            ("10.0.0.0/8", "IP:10.0.0.0/255.0.0.0"),
            ("10.0.0.1", "IP:10.0.0.1/255.255.255.255"),
            ("0.0.0.0/0", "IP:0.0.0.0/0.0.0.0"),
            ("fd00::/8", "IP:fd00::/ff00::"),
        ] {
            assert_eq!(general_subtree(text), subtree);
        }
    }
}
