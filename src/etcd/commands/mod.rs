//! Everything that a reader of a deployment runs or applies: how the files are
//! unpacked, how etcd is started in each of the forms it is run in, how it is
//! asked, who may do what, and how others go on issuing from the same CA. Only
//! text is made here, from a [`Deployment`]; nothing is run.

use std::{fmt, str::FromStr};

use super::{
    deployment::{Deployment, Member, Receives, Standing},
    role::Role,
};

pub mod clients;
mod compose;
mod config_file;
mod environment;
pub mod etcdctl;
#[cfg(test)]
pub(crate) mod examples;
pub mod gateway;
pub mod handover;
pub mod kubernetes;
pub mod openssl;
pub mod options;
mod owner;
pub mod read_me;
pub mod revocation;
pub mod roles;
pub mod script;
mod shell;
mod static_pod;
mod systemd;
mod unpack;
mod volumes;
mod yaml;

pub use etcdctl::{EtcdctlCommands, ServerTrust};
pub use openssl::OpensslStep;
pub use unpack::hand_over;

/// A text that is run, applied or kept as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// An identifier that is its own among the documents shown together.
    pub id: String,
    /// A short heading: what it does, or the file's name.
    pub title: String,
    /// Its path within the archive, if it is a file rather than a command.
    pub file_name: Option<String>,
    /// Where the file is expected on the machine that uses it.
    pub saved_as: Option<String>,
    /// What it is written in.
    pub language: Language,
    /// The text. A command has no line break at its end, a file has one.
    pub text: String,
}

impl Document {
    /// What is run in a shell, and is no file.
    fn command(id: impl Into<String>, title: impl Into<String>, text: String) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            file_name: None,
            saved_as: None,
            language: Language::Shell,
            text,
        }
    }
}

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// For a POSIX shell.
    Shell,
    /// Assignments that a POSIX shell reads.
    Environment,
    /// YAML.
    Yaml,
    /// A systemd unit.
    Unit,
    /// Words.
    Text,
}

/// The forms that etcd is run in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// A command with flags.
    #[default]
    Shell,
    /// Environment variables.
    Environment,
    /// A config file.
    ConfigFile,
    /// A systemd service.
    Systemd,
    /// A static pod of Kubernetes.
    StaticPod,
    /// A service of Docker Compose.
    Compose,
}

impl Form {
    /// All forms, the simplest first.
    pub const ALL: [Self; 6] = [
        Self::Shell,
        Self::Environment,
        Self::ConfigFile,
        Self::Systemd,
        Self::StaticPod,
        Self::Compose,
    ];

    /// All forms, the one that such a deployment is at home in first: the static pod
    /// on kubeadm's nodes.
    #[must_use]
    pub fn in_order(kubeadm: bool) -> [Self; 6] {
        let mut forms = Self::ALL;
        if kubeadm {
            // The order of the others stays.
            forms.sort_by_key(|form| *form != Self::StaticPod);
        }
        forms
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Shell => "Shell",
            Self::Environment => "Environment",
            Self::ConfigFile => "Config file",
            Self::Systemd => "systemd",
            Self::StaticPod => "Static pod",
            Self::Compose => "Docker Compose",
        }
    }
}

impl fmt::Display for Form {
    /// A short identifier, as the page uses it: `config-file`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Shell => "shell",
            Self::Environment => "environment",
            Self::ConfigFile => "config-file",
            Self::Systemd => "systemd",
            Self::StaticPod => "static-pod",
            Self::Compose => "compose",
        })
    }
}

impl FromStr for Form {
    type Err = UnknownForm;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, UnknownForm> {
        let unknown = || UnknownForm {
            text: text.to_owned(),
        };
        Self::ALL
            .into_iter()
            .find(|form| form.to_string() == text)
            .ok_or_else(unknown)
    }
}

/// A text that names no form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is no form; there are {}", Form::ALL.map(|form| form.to_string()).join(", "))]
pub struct UnknownForm {
    /// The text.
    pub text: String,
}

/// A deployment in one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormDocuments {
    /// The form.
    pub form: Form,
    /// Files and commands, in the order they are needed.
    pub documents: Vec<Document>,
    /// What to know about it, one paragraph each.
    pub notes: Vec<String>,
}

/// Writes how etcd is started, in one form.
#[must_use]
pub fn etcd(deployment: &Deployment, form: Form) -> FormDocuments {
    let mut documents = match form {
        Form::Shell => shell::documents(deployment),
        Form::Environment => environment::documents(deployment),
        Form::ConfigFile => config_file::documents(deployment),
        Form::Systemd => systemd::documents(deployment),
        Form::StaticPod => static_pod::documents(deployment),
        Form::Compose => compose::documents(deployment),
    };
    if deployment.members.len() > 1 && deployment.cluster.is_some() {
        documents.notes.insert(
            0,
            "Start all members together: each waits for the others, and serves no client before more than half of them are there."
                .to_owned(),
        );
    }
    if deployment.members.iter().any(uses_one_certificate) {
        documents.notes.push(
            "The peer’s certificate serves both ports here, as it has both usages. Where the client port has a certificate of its own, name that one in its place. To join members that run already, name them in --initial-cluster and set --initial-cluster-state=existing."
                .to_owned(),
        );
    }
    documents.notes.extend(revocation::note(deployment));
    documents
}

/// Whether both ports of a member show the same certificate.
fn uses_one_certificate(member: &Member) -> bool {
    let peer = member.peer.as_ref().map(|peer| &peer.tls.certificate);
    peer == Some(&member.client_tls.certificate)
}

/// The commands that a page shows at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commands {
    /// What they are for.
    pub deployment: Deployment,
    /// Makes the folder and unpacks the archive into it: once, or once for each
    /// member.
    pub unpack: Vec<Document>,
    /// The openssl lines, one step for each file family.
    pub openssl: Vec<OpensslStep>,
    /// Starts the first member from a shell; empty where there is none.
    pub etcd: String,
    /// Asks etcd, checking its certificate against the CA: the way to do it.
    pub verified: EtcdctlCommands,
    /// Asks etcd without checking its certificate, as the tutorial does.
    pub unverified: EtcdctlCommands,
}

/// Writes the commands of a deployment.
#[must_use]
pub fn commands(deployment: Deployment) -> Commands {
    let first = deployment.members.first();
    Commands {
        unpack: unpack::documents(&deployment),
        openssl: openssl::steps(&deployment),
        etcd: first.map_or_else(String::new, |member| {
            shell::line(&options::options(&deployment, member))
        }),
        verified: etcdctl::flags(&deployment, ServerTrust::Authority),
        unverified: etcdctl::flags(&deployment, ServerTrust::Skipped),
        deployment,
    }
}

/// How many clients' commands are written out. They are alike, and a thousand of
/// them would hide the rest.
const FEW_CLIENTS: usize = 8;

/// The same deployment with its first few clients only.
#[must_use]
pub fn with_few_clients(mut deployment: Deployment) -> Deployment {
    deployment.clients.truncate(FEW_CLIENTS);
    let mut clients = 0;
    // Authorities come first, so that what names one by its place still does.
    deployment.certificates.retain(|facts| {
        let is_client = matches!(facts.standing, Standing::Leaf(Role::Client));
        let is_client = is_client && !facts.is_of_gateway;
        clients += usize::from(is_client);
        !is_client || clients <= FEW_CLIENTS
    });
    deployment
}

/// The documents that go into the archive beside keys and certificates, but for
/// the `README`, which [`read_me::read_me`] writes once all files are known.
#[must_use]
pub fn files(deployment: &Deployment) -> Vec<Document> {
    let forms = Form::ALL
        .into_iter()
        .filter(|_| !deployment.members.is_empty())
        .flat_map(|form| etcd(deployment, form).documents);
    // It names the CAs' Secrets.
    let cert_manager =
        holds_authority_keys(deployment).then(|| kubernetes::cert_manager(deployment));
    let mut files: Vec<Document> = forms
        .chain(cert_manager)
        .filter(|document| document.file_name.is_some())
        .collect();
    files.push(script::commands_script(deployment));
    files
}

/// Whether whoever it is written for has the keys of the CAs.
fn holds_authority_keys(deployment: &Deployment) -> bool {
    deployment
        .recipient
        .as_ref()
        .is_none_or(|recipient| recipient.receives == Receives::AuthorityKeys)
}

/// A document's name in an archive: a recipient's has its name, so that two archives
/// can be unpacked into one folder.
fn own_name(deployment: &Deployment, stem: &str, ending: &str) -> String {
    match &deployment.recipient {
        Some(recipient) => format!("{stem}-{}{ending}", recipient.name),
        None => format!("{stem}{ending}"),
    }
}

/// A member whose documents are written, and what tells them from another's.
struct WrittenMember<'a> {
    member: &'a Member,
    index: usize,
    /// How many members there are.
    count: usize,
    /// Whether no other runs on its machine.
    alone: bool,
    /// The stem of its files' names; no two of a deployment that could meet have
    /// the same.
    stem: String,
    /// The folder of its documents, on its machine.
    documents: String,
}

impl<'a> WrittenMember<'a> {
    /// The members that the deployment is written for, in their order.
    fn all(deployment: &'a Deployment) -> Vec<Self> {
        let members = &deployment.members;
        let alone = members.len() == 1 || each_on_its_own_machine(members);
        let mut stems: Vec<String> = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let name = member.name.as_deref().unwrap_or(options::DEFAULT_NAME);
            let stem = if alone {
                "etcd".to_owned()
            } else {
                let stem = format!("etcd-{}", plain(name));
                if stems.contains(&stem) {
                    format!("{stem}-{}", index + 1)
                } else {
                    stem
                }
            };
            stems.push(stem);
        }
        members
            .iter()
            .zip(stems)
            .enumerate()
            .map(|(index, (member, stem))| Self {
                member,
                index,
                count: members.len(),
                alone,
                stem,
                documents: deployment.documents_folder(member),
            })
            .filter(|written| {
                deployment
                    .recipient
                    .as_ref()
                    .is_none_or(|recipient| match &recipient.receives {
                        Receives::Machine(members) => members.contains(&written.index),
                        Receives::Client(_) | Receives::AuthorityKeys => false,
                    })
            })
            .collect()
    }

    /// An identifier: the first member's is the plain one.
    fn id(&self, id: &str) -> String {
        match self.index {
            0 => id.to_owned(),
            index => format!("{id}-{index}"),
        }
    }

    /// A file of the archive, which belongs into the member's folder.
    fn file(&self, id: &str, name: &str, language: Language, text: String) -> Document {
        Document {
            id: self.id(id),
            title: self.title(name),
            file_name: Some(self.in_archive(name)),
            saved_as: Some(self.on_machine(name)),
            language,
            text,
        }
    }

    /// The line, or the lines, that start the member.
    fn start(&self, title: &str, text: String) -> Document {
        Document::command(self.id("command-etcd"), self.title(title), text)
    }

    /// A heading that says whose it is, where there are several.
    fn title(&self, title: &str) -> String {
        match &self.member.name {
            Some(name) if self.count > 1 => format!("{name}: {title}"),
            _ => title.to_owned(),
        }
    }

    /// The path of a file within the archive.
    fn in_archive(&self, file: &str) -> String {
        match &self.member.archive_folder {
            Some(folder) => format!("{folder}/{file}"),
            None => file.to_owned(),
        }
    }

    /// The path of a document on the member's machine.
    fn on_machine(&self, file: &str) -> String {
        format!("{}/{file}", self.documents.trim_end_matches('/'))
    }

    /// A name that Kubernetes and Compose take.
    fn object_name(&self) -> String {
        kubernetes::object_name(&self.stem)
    }
}

/// Whether no two members can meet in one folder or one machine: each has its
/// part of the archive, and its own host in the URLs.
fn each_on_its_own_machine(members: &[Member]) -> bool {
    let host = |member: &Member| {
        let url = member.advertise_client_urls.first()?;
        let host = url.rsplit_once(':').map_or(url.as_str(), |(host, _)| host);
        Some(host.to_owned())
    };
    let mut hosts: Vec<_> = members.iter().map(host).collect();
    hosts.sort();
    hosts.dedup();
    hosts.len() == members.len() && members.iter().all(|member| member.archive_folder.is_some())
}

/// A name of letters, digits, dots, hyphens and underscores, safe in file names
/// and unit names.
fn plain(name: &str) -> String {
    name.chars()
        .take(64)
        .map(|character| {
            let keep = character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
            if keep { character } else { '_' }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tutorial() -> Commands {
        commands(examples::tutorial())
    }

    #[test]
    fn the_default_plans_etcd_line_is_the_tutorials() {
        assert_eq!(
            tutorial().etcd.replace(" \\\n  ", " "),
            "etcd --cert-file=/root/certificates/etcd.crt --key-file=/root/certificates/etcd.key \
             --advertise-client-urls=https://127.0.0.1:2379 --client-cert-auth \
             --trusted-ca-file=/root/certificates/ca.crt --listen-client-urls=https://127.0.0.1:2379"
        );
    }

    #[test]
    fn the_default_plans_etcdctl_lines_are_the_tutorials() {
        let unverified = tutorial().unverified;
        let one_line = |script: &str| script.replace(" \\\n  ", " ");
        assert_eq!(
            one_line(&unverified.without_certificate),
            "ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --insecure-skip-tls-verify \
             --insecure-transport=false put testclient data"
        );
        assert_eq!(
            one_line(&unverified.clients[0].get),
            "ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --insecure-skip-tls-verify \
             --insecure-transport=false --cert /root/certificates/client.crt \
             --key /root/certificates/client.key get testclient"
        );
    }

    #[test]
    fn every_form_has_a_line_that_starts_each_member() {
        for deployment in examples::all() {
            for form in Form::ALL {
                let documents = etcd(&deployment, form).documents;
                let starts = documents
                    .iter()
                    .filter(|document| document.id.starts_with("command-etcd"));
                assert_eq!(starts.count(), deployment.members.len(), "{form}");
                let mut ids: Vec<&str> = documents.iter().map(|one| one.id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                assert_eq!(ids.len(), documents.len(), "{form}: an identifier twice");
            }
        }
    }

    #[test]
    fn no_two_files_of_the_archive_have_one_name() {
        for deployment in examples::all() {
            let mut names: Vec<String> = files(&deployment)
                .into_iter()
                .filter_map(|document| document.file_name)
                .collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        }
    }

    #[test]
    fn a_command_ends_without_a_line_break_and_a_file_with_one() {
        for deployment in examples::all() {
            for form in Form::ALL {
                for document in etcd(&deployment, form).documents {
                    assert_eq!(
                        document.text.ends_with('\n'),
                        document.file_name.is_some(),
                        "{}",
                        document.text
                    );
                }
            }
        }
    }
}
