//! `README` of the archive: what each file is, who needs it, who may read it and
//! until when it is good. Plain text, for whoever finds the folder in a year.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Document, Language, openssl, own_name, revocation};
use crate::{
    etcd::{
        deployment::{CertificateOutline, Deployment, Receives, Standing},
        role::Role,
    },
    pki::validity::calendar_day,
};

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Its path within the archive.
    pub name: String,
    /// Its mode.
    pub mode: u32,
    /// The last second of the certificate in it, where it holds one.
    pub until: Option<Timestamp>,
}

/// The text, for the files in their order. `made` is when they were made.
#[must_use]
pub fn read_me(deployment: &Deployment, files: &[ListedFile], made: Timestamp) -> Document {
    let mut text = format!(
        "The files of an etcd PKI, made on {} with etcd PKI Lab for etcd {}.\n\n\
         {} has the commands that go with them. Private keys have mode 0600\n\
         and end in .key: whoever reads one is who its certificate names. All else may\n\
         be seen by anybody.\n",
        calendar_day(made),
        deployment.series,
        own_name(deployment, "commands", ".sh"),
    );
    if let Some(recipient) = &deployment.recipient {
        text.push_str(match recipient.receives {
            Receives::Machine(_) => {
                "\nThis archive is for one machine alone: no other machine\u{2019}s key is in it.\n"
            }
            Receives::Client(_) => {
                "\nThis archive is for one client alone: nobody else\u{2019}s key is in it.\n"
            }
            Receives::AuthorityKeys => {
                "\nThis archive is to be kept offline: no machine and no client needs it. Whoever\n\
                 has it can issue certificates that etcd lets in.\n"
            }
        });
    }
    // Among a thousand certificates most files are found by their stem.
    let by_stem: HashMap<&str, &CertificateOutline> = deployment
        .certificates
        .iter()
        .map(|facts| (facts.stem.as_str(), facts))
        .collect();
    for file in files {
        let until = file
            .until
            .map(|until| format!(", good until {}", calendar_day(until)))
            .unwrap_or_default();
        let lines = [format!("mode {:04o}{until}", file.mode)];
        text.push('\n');
        text.push_str(&openssl::comment(&file.name));
        text.push('\n');
        for line in lines
            .into_iter()
            .chain(about(deployment, &by_stem, &file.name))
        {
            text.push_str("    ");
            text.push_str(&openssl::comment(&line));
            text.push('\n');
        }
    }
    Document {
        id: "file-read-me".to_owned(),
        title: "README".to_owned(),
        file_name: Some(own_name(deployment, "README", "")),
        saved_as: None,
        language: Language::Text,
        text,
    }
}

/// What a file is and who needs it, one sentence a line.
fn about(
    deployment: &Deployment,
    by_stem: &HashMap<&str, &CertificateOutline>,
    name: &str,
) -> Vec<String> {
    let fixed = if name == own_name(deployment, "commands", ".sh") {
        Some("The commands, to be read.")
    } else if name == own_name(deployment, "README", "") {
        Some("This text.")
    } else if name == "cert-manager.yaml" {
        Some("cert-manager's objects, to go on issuing from this CA.")
    } else {
        None
    };
    if let Some(fixed) = fixed {
        return vec![fixed.to_owned()];
    }
    if let Some(bundle) = deployment
        .bundles
        .iter()
        .find(|bundle| is_file(name, &bundle.file))
    {
        return vec![
            format!("The certificates of {}.", bundle.parts.join(" and ")),
            "Whoever has to trust all of them needs it.".to_owned(),
        ];
    }
    for (ending, what) in [
        (".env", "etcd's options as environment variables."),
        (".conf.yaml", "etcd's config file."),
        (".service", "etcd as a systemd service."),
        ("-pod.yaml", "etcd as a static pod, for the kubelet."),
        (".compose.yaml", "etcd as a service of Docker Compose."),
        (
            ".secret.yaml",
            "A pair as a Secret of Kubernetes. It holds a private key.",
        ),
    ] {
        if name.ends_with(ending) {
            return vec![what.to_owned()];
        }
    }
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return Vec::new();
    };
    let facts = by_stem.get(stem).copied().or_else(|| {
        let mut certificates = deployment.certificates.iter();
        certificates.find(|facts| is_file(stem, &facts.stem))
    });
    match (extension, facts) {
        ("crt", Some(facts)) => certificate(deployment, facts),
        ("key", Some(facts)) => key(deployment, facts),
        ("csr", Some(_)) => vec![
            "The request that the certificate was made from.".to_owned(),
            "Whoever renews it can use it again.".to_owned(),
        ],
        ("crt", None) => vec![
            "The certificate of the CA.".to_owned(),
            "Every member and every client needs it, to check the other.".to_owned(),
        ],
        ("key", None) => vec!["A private key.".to_owned()],
        ("crl", _) => vec![
            "The list of revoked certificates (CRL), in DER.".to_owned(),
            "Every member needs it, under --client-crl-file and --peer-crl-file.".to_owned(),
            "etcd reads it again at each connection. While it is missing or damaged,".to_owned(),
            "everybody is turned away.".to_owned(),
            revocation::reads(deployment.series).to_owned(),
        ],
        _ => Vec::new(),
    }
}

/// Whether a path in the archive is this file, or a member's copy of it in the
/// member's own folder.
fn is_file(path: &str, file: &str) -> bool {
    path == file || path.ends_with(&format!("/{file}"))
}

fn certificate(deployment: &Deployment, facts: &CertificateOutline) -> Vec<String> {
    let subject = &facts.subject;
    let chain = openssl::chain(deployment, facts);
    let mut lines = match facts.standing {
        Standing::Authority { .. } => vec![
            format!("The certificate of the CA {subject}."),
            "Whoever checks certificates of this CA needs it.".to_owned(),
        ],
        Standing::Leaf(_) if facts.is_of_gateway => vec![
            format!("The certificate {subject} of etcd's own gateway, a client of etcd's."),
            format!("{} needs it, with its key.", runs(deployment, facts)),
            "Its flags --client-cert-file and --client-key-file are of 3.5 and later.".to_owned(),
        ],
        Standing::Leaf(Role::Server) => vec![
            format!("The certificate {subject} for etcd's client port."),
            format!("{} needs it, with its key.", runs(deployment, facts)),
        ],
        Standing::Leaf(Role::Peer) => vec![
            format!("The certificate {subject} for the port where members talk."),
            format!("{} needs it, with its key.", runs(deployment, facts)),
        ],
        Standing::Leaf(Role::Client) => vec![
            format!("The certificate {subject} of a client."),
            "The client needs it, with its key.".to_owned(),
        ],
    };
    if !chain.is_empty() {
        lines.push(format!(
            "The certificates of {} follow it in the file.",
            chain.join(" and ")
        ));
    }
    lines
}

fn key(deployment: &Deployment, facts: &CertificateOutline) -> Vec<String> {
    let owner = match facts.standing {
        Standing::Authority { .. } => {
            return vec![
                format!("The private key of the CA {}.", facts.subject),
                "No member and no client needs it. Keep it where certificates are signed."
                    .to_owned(),
            ];
        }
        Standing::Leaf(Role::Client) if !facts.is_of_gateway => "The client".to_owned(),
        Standing::Leaf(_) => runs(deployment, facts),
    };
    vec![
        format!("The private key of {}.", facts.subject),
        format!("{owner} needs it, and nobody else."),
    ]
}

/// Who runs with a certificate.
fn runs(deployment: &Deployment, facts: &CertificateOutline) -> String {
    let file = format!("/{}.crt", facts.stem);
    let member = deployment.members.iter().find(|member| {
        let peer = member.peer.as_ref().map(|peer| &peer.tls.certificate);
        std::iter::once(&member.client_tls.certificate)
            .chain(peer)
            .chain(member.gateway.as_ref().map(|own| &own.certificate))
            .any(|path| path.ends_with(&file) || is_file(&facts.stem, stem_of(path)))
    });
    match member.and_then(|member| member.name.as_ref()) {
        Some(name) => format!("The member {name}"),
        None => "etcd".to_owned(),
    }
}

/// A path's last part without its ending.
fn stem_of(path: &str) -> &str {
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    file.strip_suffix(".crt").unwrap_or(file)
}
