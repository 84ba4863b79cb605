//! Handing the same CA over to what renews certificates at scale outside
//! Kubernetes: step-ca and Vault. Only the import and what follows from it is
//! written here; both have manuals.

use super::{
    Document,
    kubernetes::has_a_word_for,
    openssl::{brought_or_listed, issuer_of},
};
use crate::{
    etcd::{
        command::{Command, quote},
        deployment::{CertificateOutline, Deployment, Standing},
        role::Role,
    },
    pki::{key::KeyType, subject_alternative_name::SubjectAlternativeName},
};

/// The leaves whose keys were made here, of a kind that these programs make.
fn leaves(deployment: &Deployment) -> impl Iterator<Item = (&CertificateOutline, KeyType)> {
    deployment
        .certificates
        .iter()
        .filter(|facts| !facts.is_authority())
        .filter_map(|facts| Some((facts, facts.key_type?)))
        .filter(|(_, key_type)| has_a_word_for(*key_type))
}

/// The authorities that sign leaves and whose keys these programs know, by the
/// stems of their files, in the order of the first leaf.
fn signers(deployment: &Deployment) -> Vec<(&str, Option<&CertificateOutline>)> {
    let mut signers: Vec<(&str, Option<&CertificateOutline>)> = Vec::new();
    for facts in &deployment.certificates {
        if facts.is_authority() {
            continue;
        }
        let signer = brought_or_listed(deployment, facts);
        let kind = signer.1.and_then(|facts| facts.key_type);
        if !kind.is_none_or(has_a_word_for) {
            continue;
        }
        if !signers.iter().any(|(stem, _)| *stem == signer.0) {
            signers.push(signer);
        }
    }
    signers
}

/// The lines for step-ca, one block for each authority that signs, in the
/// folder of the files. step-ca makes an intermediate of its own below the CA;
/// etcd goes on trusting the CA as before.
///
/// None for an authority that may have no CA below it.
#[must_use]
pub fn step_ca(deployment: &Deployment) -> Vec<Document> {
    let may_have_intermediate = |facts: Option<&CertificateOutline>| {
        !facts.is_some_and(|facts| {
            matches!(
                facts.standing,
                Standing::Authority {
                    path_length: Some(0),
                    ..
                }
            )
        })
    };
    signers(deployment)
        .into_iter()
        .filter(|(_, facts)| may_have_intermediate(*facts))
        .enumerate()
        .map(|(index, (stem, facts))| {
            let name = facts
                .and_then(|facts| facts.common_name.as_deref())
                .unwrap_or("etcd");
            let longest = leaves(deployment)
                .filter(|(leaf, _)| issuer_of(deployment, leaf) == stem)
                .map(|(leaf, _)| leaf.days)
                .max()
                .unwrap_or(1);
            let own = super::kubernetes::object_name(stem);
            let (folder, password) = (format!("step-{own}"), format!("step-{own}.password"));
            // Each step-ca listens on a port of its own.
            let port = 9000 + index;
            let mut lines = vec![
                format!("(umask 077; openssl rand -hex 16 > {})", quote(&password)),
                format!("export STEPPATH=\"$PWD\"/{}", quote(&folder)),
                Command::new("step ca init --deployment-type=standalone")
                    .assign("--name", name)
                    .plain("--dns=localhost")
                    .plain(&format!("--address=127.0.0.1:{port}"))
                    .plain("--provisioner=admin")
                    .assign("--root", &format!("{stem}.crt"))
                    .assign("--key", &format!("{stem}.key"))
                    .assign("--password-file", &password)
                    .to_string(),
                Command::new("step ca provisioner update admin")
                    .assign("--x509-max-dur", &hours(longest))
                    .to_string(),
                Command::new("step-ca")
                    .assign("--password-file", &password)
                    .plain("\"$STEPPATH/config/ca.json\" &")
                    .to_string(),
                // Until it answers, or has ended.
                "until step ca health || ! kill -0 $!; do sleep 1; done".to_owned(),
            ];
            lines.extend(
                leaves(deployment)
                    .filter(|(leaf, _)| issuer_of(deployment, leaf) == stem)
                    .map(|(leaf, key_type)| step_certificate(leaf, key_type, &password)),
            );
            Document::command(
                numbered("command-step-ca", index),
                format!("{stem}.crt in step-ca"),
                lines.join("\n"),
            )
        })
        .collect()
}

/// Go's spelling of a duration has no days.
fn hours(days: u32) -> String {
    format!("{}h", u64::from(days) * 24)
}

fn numbered(id: &str, index: usize) -> String {
    match index {
        0 => id.to_owned(),
        more => format!("{id}-{more}"),
    }
}

/// A certificate from step-ca. Its default template has both usages that
/// etcd's servers and clients need, and where no name is given, the common name among
/// the SANs.
fn step_certificate(facts: &CertificateOutline, key_type: KeyType, password: &str) -> String {
    let key = match key_type {
        KeyType::Rsa2048 => "--kty=RSA --size=2048",
        KeyType::Rsa3072 => "--kty=RSA --size=3072",
        KeyType::Rsa4096 => "--kty=RSA --size=4096",
        KeyType::P256 => "--kty=EC --curve=P-256",
        KeyType::P384 => "--kty=EC --curve=P-384",
        // `leaves` leaves the others out.
        _ => "--kty=OKP --curve=Ed25519",
    };
    let command = Command::new("step ca certificate")
        .word(facts.common_name.as_deref().unwrap_or(&facts.stem))
        .word(&format!("{}.renewed.crt", facts.stem))
        .word(&format!("{}.renewed.key", facts.stem))
        .plain(key)
        .assign("--not-after", &hours(facts.days))
        .assign("--provisioner-password-file", password);
    let sans = facts.names.iter().map(SubjectAlternativeName::bare);
    sans.fold(command, |command, san| command.assign("--san", &san))
        .to_string()
}

/// The lines for Vault, one block for each authority that signs, in the folder
/// of the files: the CA's certificate and key go into a mount of its own.
#[must_use]
pub fn vault(deployment: &Deployment) -> Vec<Document> {
    signers(deployment)
        .into_iter()
        .enumerate()
        .map(|(index, (stem, facts))| {
            let mount = format!("pki-{}", super::kubernetes::object_name(stem));
            let life = facts.map_or(3650, |facts| facts.days);
            let bundle = format!("{stem}.bundle.pem");
            let mut lines = vec![
                Command::new("vault secrets enable")
                    .assign("-path", &mount)
                    .plain("pki")
                    .to_string(),
                Command::new("vault secrets tune")
                    .assign("-max-lease-ttl", &hours(life))
                    .word(&mount)
                    .to_string(),
                format!(
                    "(umask 077; {})",
                    Command::new("cat")
                        .word(&format!("{stem}.crt"))
                        .word(&format!("{stem}.key"))
                        .option(">", &bundle)
                ),
                Command::new("vault write")
                    .word(&format!("{mount}/config/ca"))
                    .assign("pem_bundle", &format!("@{bundle}"))
                    .to_string(),
                Command::new("rm").word(&bundle).to_string(),
            ];
            for (leaf, key_type) in
                leaves(deployment).filter(|(leaf, _)| issuer_of(deployment, leaf) == stem)
            {
                lines.extend(vault_certificate(&mount, leaf, key_type));
            }
            Document::command(
                numbered("command-vault", index),
                format!("{stem}.crt in Vault"),
                lines.join("\n"),
            )
        })
        .collect()
}

/// A role for exactly this certificate, and the certificate.
fn vault_certificate(mount: &str, facts: &CertificateOutline, key_type: KeyType) -> [String; 2] {
    let role = super::kubernetes::object_name(&facts.stem);
    let (kind, bits) = match key_type {
        KeyType::Rsa2048 => ("rsa", 2048),
        KeyType::Rsa3072 => ("rsa", 3072),
        KeyType::Rsa4096 => ("rsa", 4096),
        KeyType::P256 => ("ec", 256),
        KeyType::P384 => ("ec", 384),
        _ => ("ed25519", 0),
    };
    let key_usage = if facts.enciphers_keys {
        "DigitalSignature,KeyEncipherment"
    } else {
        "DigitalSignature"
    };
    let server = !matches!(facts.standing, Standing::Leaf(Role::Client));
    let ttl = hours(facts.days);
    let mut write_role = Command::new("vault write")
        .word(&format!("{mount}/roles/{role}"))
        .plain("allow_any_name=true enforce_hostnames=false")
        .plain(&format!("server_flag={server} client_flag=true"))
        .assign("key_usage", key_usage)
        .plain(&format!("key_type={kind} key_bits={bits}"))
        .assign("max_ttl", &ttl);
    if !facts.organizations.is_empty() {
        write_role = write_role.assign("organization", &facts.organizations.join(","));
    }
    let (mut dns, mut addresses) = (Vec::new(), Vec::new());
    for name in &facts.names {
        match name {
            SubjectAlternativeName::Dns(name) => dns.push(name.as_str().to_owned()),
            SubjectAlternativeName::Ip(address) => addresses.push(address.to_string()),
        }
    }
    let mut issue = Command::new("vault write")
        .word(&format!("{mount}/issue/{role}"))
        .assign(
            "common_name",
            facts.common_name.as_deref().unwrap_or(&facts.stem),
        )
        .plain("exclude_cn_from_sans=true");
    if !dns.is_empty() {
        issue = issue.assign("alt_names", &dns.join(","));
    }
    if !addresses.is_empty() {
        issue = issue.assign("ip_sans", &addresses.join(","));
    }
    [
        write_role.to_string(),
        issue.assign("ttl", &ttl).to_string(),
    ]
}
