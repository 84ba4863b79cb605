//! Bringing an archive to a machine, and unpacking it where its files belong, into a
//! folder that is closed to others. What lies there is never overwritten: if one file
//! is another one already, nothing is unpacked.

use super::{Document, WrittenMember, owner};
use crate::etcd::{
    command::{Command, quote},
    deployment::{Deployment, Receives},
};

/// The folder that the files of the archive are in, as a whole: the members',
/// where one holds everything; else the clients'. The CAs' keys have one of their
/// own, with the archive's name.
pub(super) fn folder(deployment: &Deployment) -> String {
    if let Some(Receives::AuthorityKeys) = deployment
        .recipient
        .as_ref()
        .map(|recipient| &recipient.receives)
    {
        let name = deployment.archive.strip_suffix(".tar");
        return name.unwrap_or(&deployment.archive).to_owned();
    }
    let whole = deployment
        .members
        .iter()
        .find(|member| member.archive_folder.is_none())
        .map(|member| member.directory.as_str().to_owned());
    let of_client = || {
        let client = deployment.clients.first()?;
        let ending = format!("/{}.crt", client.stem);
        let folder = client.certificate.strip_suffix(&ending)?;
        Some(if folder.is_empty() { "/" } else { folder }.to_owned())
    };
    whole.or_else(of_client).unwrap_or_else(|| ".".to_owned())
}

/// Where the parts of an archive go.
struct Target<'a> {
    /// The folder of its files.
    folder: &'a str,
    /// The folder of what is neither a certificate nor a key, where that is another:
    /// kubeadm's own folder holds nothing but what kubeadm makes.
    documents: Option<String>,
    /// The folder within the archive that is unpacked alone, and without its name.
    part: Option<&'a str>,
}

impl<'a> Target<'a> {
    fn of(deployment: &Deployment, written: &WrittenMember<'a>, part: Option<&'a str>) -> Self {
        let folder = written.member.directory.as_str();
        let documents = deployment.documents_folder(written.member);
        Self {
            folder,
            documents: (documents != folder).then_some(documents),
            part,
        }
    }

    const fn whole(folder: &'a str) -> Self {
        Self {
            folder,
            documents: None,
            part: None,
        }
    }
}

/// The endings of certificates, keys, CSRs and CRLs.
const CREDENTIALS: [&str; 4] = ["*.crt", "*.key", "*.csr", "*.crl"];

/// The endings of all else: config files, units, commands, and the text about them.
const DOCUMENTS: [&str; 5] = ["*.yaml", "*.env", "*.service", "*.sh", "*README*"];

/// Makes the folder and unpacks an archive into it, or the part of it below one
/// folder. tar itself would replace what lies there. A file that is the same already,
/// as `ca.crt` from another archive of the same PKI, is in nobody's way.
fn script(archive: &str, target: &Target<'_>) -> String {
    let list = Command::new("tar -tf \"$archive\"");
    let (list, name) = match target.part {
        Some(part) => (list.word(part), "${file#*/}"),
        None => (list, "$file"),
    };
    let extract = |folder: &str, without: &[&str]| {
        let extract = Command::new("tar -xpf \"$archive\" -C").plain(folder);
        let extract = without.iter().fold(extract, |extract, ending| {
            extract.assign("--exclude", ending)
        });
        match target.part {
            Some(part) => extract.plain("--strip-components=1").word(part).to_string(),
            None => extract.to_string(),
        }
    };
    let (mut set, mut make) = (
        format!("archive={} folder={}", quote(archive), quote(target.folder)),
        "mkdir -p -m 700 \"$folder\"".to_owned(),
    );
    let (choose, extract) = match &target.documents {
        None => (
            format!("there=\"$folder/{name}\""),
            extract("\"$folder\"", &[]),
        ),
        Some(documents) => {
            set.push_str(" documents=");
            set.push_str(&quote(documents));
            make += " \"$documents\"";
            (
                format!(
                    "case $file in\n    {}) there=\"$folder/{name}\" ;;\n    *) there=\"$documents/{name}\" ;;\n  esac",
                    CREDENTIALS.join("|")
                ),
                format!(
                    "{}\n{}",
                    extract("\"$folder\"", &DOCUMENTS),
                    extract("\"$documents\"", &CREDENTIALS)
                ),
            )
        }
    };
    // tar spells what is not ASCII with backslashes where the locale has no such
    // letters.
    format!(
        "(\n\
         set -e\n\
         export LC_ALL=C.UTF-8\n\
         {set}\n\
         {make}\n\
         {list} | while IFS= read -r file; do\n  \
         {choose}\n  \
         if [ -e \"$there\" ] && ! tar -xOf \"$archive\" \"$file\" | cmp -s - \"$there\"; then\n    \
         echo \"$there is another file already, and nothing was unpacked: move it away first\" >&2\n    \
         exit 1\n  \
         fi\n\
         done\n\
         {extract}\n\
         )"
    )
}

/// One script for each member, or one for whoever asks, where there is no
/// member. Each makes the folder, closed to others, and unpacks into it.
pub(super) fn documents(deployment: &Deployment) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    for written in WrittenMember::all(deployment) {
        let part = written.member.archive_folder.as_deref();
        let target = Target::of(deployment, &written, part);
        let document = Document::command(
            written.id("command-unpack"),
            written.title("Unpack its files"),
            script(&deployment.archive, &target),
        );
        // Members that share the folder share the script.
        if !documents.iter().any(|other| other.text == document.text) {
            documents.push(document);
        }
    }
    if documents.is_empty() {
        documents.push(Document::command(
            "command-unpack".to_owned(),
            "Unpack the files".to_owned(),
            script(&deployment.archive, &Target::whole(&folder(deployment))),
        ));
    }
    documents
}

/// What a recipient's archive is brought with, unpacked with, and given to the user
/// that etcd runs as. Nothing where the deployment is for no recipient alone.
#[must_use]
pub fn hand_over(deployment: &Deployment) -> Vec<Document> {
    let Some(recipient) = &deployment.recipient else {
        return Vec::new();
    };
    let id = |what: &str| format!("command-{what}-{}", recipient.name);
    let mut documents = Vec::new();
    if let Some(host) = &recipient.host {
        let host = if host.contains(':') {
            format!("root@[{host}]:")
        } else {
            format!("root@{host}:")
        };
        documents.push(Document::command(
            id("bring"),
            "Bring it there".to_owned(),
            Command::new("scp")
                .word(&deployment.archive)
                .word(&host)
                .to_string(),
        ));
    }
    let whole = documents_of(deployment);
    documents.push(Document::command(
        id("unpack"),
        match recipient.receives {
            Receives::AuthorityKeys => "Unpack it where CAs’ keys are kept".to_owned(),
            Receives::Machine(_) | Receives::Client(_) => "There, unpack it".to_owned(),
        },
        whole,
    ));
    if let Receives::Machine(_) = recipient.receives {
        let own = owner::give(deployment);
        documents.extend(own.map(|own| {
            Document::command(
                id("owner"),
                "Give the keys to the user etcd".to_owned(),
                own,
            )
        }));
    }
    documents
}

/// The script that unpacks a recipient's whole archive.
fn documents_of(deployment: &Deployment) -> String {
    let places = WrittenMember::all(deployment);
    let folder = folder(deployment);
    let target = match places.first() {
        Some(written) => Target::of(deployment, written, None),
        None => Target::whole(&folder),
    };
    script(&deployment.archive, &target)
}
