//! A plan in, files out: the one place where `pki` and `etcd` meet. The work is
//! cut into [`task`]s that can run anywhere; [`making`] says which one is next;
//! a [`Lab`] is what was issued.

pub mod archive;
pub mod diagnosing;
pub mod drills;
pub mod judging;
pub mod keys;
pub mod making;
pub mod task;

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::{
    etcd::{
        commands::{Commands, commands},
        plan::{AuthoritySource, CheckedPlan, IdentityPlan, Plan},
    },
    pki::{authority::Usage, validity::Validity},
};

/// What was issued: the files, and the plan they were issued for.
#[derive(Clone)]
pub struct Lab {
    plan: Plan,
    checked: CheckedPlan,
    made: Timestamp,
    authority: IssuedAuthority,
    identities: Vec<IssuedIdentity>,
}

/// A CA, made here or brought along, as PEM and with the facts about it.
#[derive(Clone)]
pub struct IssuedAuthority {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: Zeroizing<String>,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The common name, where there is one.
    pub common_name: Option<String>,
    /// The life of the certificate.
    pub validity: Validity,
    /// The SHA-256 of the certificate.
    pub fingerprint: String,
    /// What the reader should know of it although etcd takes it.
    pub notices: Vec<String>,
}

/// A leaf certificate and what belongs to it, as PEM.
#[derive(Clone)]
pub struct IssuedIdentity {
    plan: IdentityPlan,
    /// What it is for.
    pub usage: Usage,
    /// The private key, if it was made here.
    pub key: Option<Zeroizing<String>>,
    /// The CSR.
    pub csr: String,
    /// The certificate.
    pub certificate: String,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The names and addresses, in OpenSSL's spelling.
    pub names: Vec<String>,
    /// The serial number, in hexadecimal.
    pub serial_number: String,
    /// The life of the certificate.
    pub validity: Validity,
}

impl IssuedIdentity {
    /// The stem of its files' names.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.plan.name.trim()
    }
}

/// What a file holds, which decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A certificate: public.
    Certificate,
    /// A private key: its owner's alone.
    PrivateKey,
    /// A certification request: public.
    CertificationRequest,
}

impl FileKind {
    /// The file's mode: 0600 for keys, 0644 for the rest.
    #[must_use]
    pub fn mode(self) -> u32 {
        match self {
            Self::PrivateKey => 0o600,
            Self::Certificate | Self::CertificationRequest => 0o644,
        }
    }
}

/// One file of a lab.
#[derive(Clone)]
pub struct LabFile {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub kind: FileKind,
    /// Its text. Zeroized on drop: it may be a key.
    pub contents: Zeroizing<String>,
}

impl Lab {
    /// The plan that this was issued for.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// When it was made.
    #[must_use]
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// The CA.
    #[must_use]
    pub fn authority(&self) -> &IssuedAuthority {
        &self.authority
    }

    /// The certificates, the server's first.
    #[must_use]
    pub fn identities(&self) -> &[IssuedIdentity] {
        &self.identities
    }

    /// Whether the CA was brought along. Its key is then not among the files:
    /// its owner has it.
    #[must_use]
    pub fn authority_was_brought(&self) -> bool {
        self.plan.authority.source == AuthoritySource::Bring
    }

    /// The files, under the tutorial's names.
    #[must_use]
    pub fn files(&self) -> Vec<LabFile> {
        let mut files = Vec::new();
        let mut push = |stem: &str, extension: &str, kind: FileKind, contents: &str| {
            files.push(LabFile {
                name: format!("{stem}.{extension}"),
                kind,
                contents: Zeroizing::new(contents.to_owned()),
            });
        };
        push(
            "ca",
            "crt",
            FileKind::Certificate,
            &self.authority.certificate,
        );
        if !self.authority_was_brought() {
            push("ca", "key", FileKind::PrivateKey, &self.authority.key);
        }
        for identity in &self.identities {
            let stem = identity.stem();
            push(stem, "crt", FileKind::Certificate, &identity.certificate);
            if let Some(key) = &identity.key {
                push(stem, "key", FileKind::PrivateKey, key);
            }
            // The tutorial keeps the clients' CSRs only.
            if identity.usage == Usage::Client {
                push(stem, "csr", FileKind::CertificationRequest, &identity.csr);
            }
        }
        files
    }

    /// The commands for these files.
    #[must_use]
    pub fn commands(&self) -> Commands {
        commands(&self.checked, &format!("{}.tar", self.archive_stem()))
    }

    /// The archive's name without its ending, after the CA: `KUBERNETES-CA`.
    #[must_use]
    pub fn archive_stem(&self) -> String {
        archive_stem(self.authority.common_name.as_deref())
    }

    /// The CA, if a plan would go on with it: it is made here and its part of
    /// the plan is unchanged.
    #[must_use]
    pub fn authority_for(&self, plan: &Plan) -> Option<&IssuedAuthority> {
        let made_here = plan.authority.source == AuthoritySource::Make;
        (made_here && plan.authority == self.plan.authority).then_some(&self.authority)
    }

    /// Takes over changes of a plan that need no new certificate: the host, the
    /// port and the folder. The commands follow at once.
    ///
    /// Gives `false`, and changes nothing, if the plan asks for other
    /// certificates than these.
    pub fn follow(&mut self, plan: &Plan, checked: &CheckedPlan) -> bool {
        let same = plan.authority == self.plan.authority
            && plan.server == self.plan.server
            && plan.clients == self.plan.clients;
        if same {
            self.plan = plan.clone();
            self.checked = checked.clone();
        }
        same
    }
}

/// The name of an archive without its ending, after a CA's common name.
/// Whatever is not a plain letter, digit, dot, hyphen or underscore becomes an
/// underscore.
#[must_use]
pub fn archive_stem(common_name: Option<&str>) -> String {
    let plain: String = common_name
        .unwrap_or_default()
        .chars()
        .map(|character| {
            let keep = character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
            if keep { character } else { '_' }
        })
        .collect();
    let trimmed = plain.trim_matches(['.', '-', '_']);
    if trimmed.is_empty() {
        "etcd-pki".to_owned()
    } else {
        trimmed.to_owned()
    }
}
