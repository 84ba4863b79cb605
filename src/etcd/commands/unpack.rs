//! Bringing an archive to a machine, and unpacking it where its files belong, into a
//! folder that is closed to others. What lies there is never overwritten: if one file
//! is another one already, nothing is unpacked.

use super::{Document, Language, Place, owner};
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

fn document(id: String, title: String, text: String) -> Document {
    Document {
        id,
        title,
        file_name: None,
        saved_as: None,
        language: Language::Shell,
        text,
    }
}

/// Makes the folder and unpacks an archive into it, or the part of it below one
/// folder. tar itself would replace what lies there. A file that is the same already,
/// as `ca.crt` from another archive of the same PKI, is in nobody's way.
fn script(archive: &str, directory: &str, part: Option<&str>) -> String {
    let list = Command::new("tar -tf \"$archive\"");
    let extract = Command::new("tar -xpf \"$archive\" -C \"$folder\"");
    let (list, extract, name) = match part {
        Some(part) => (
            list.word(part),
            extract.plain("--strip-components=1").word(part),
            "${file#*/}",
        ),
        None => (list, extract, "$file"),
    };
    // tar spells what is not ASCII with backslashes where the locale has no such
    // letters.
    format!(
        "(\n\
         set -e\n\
         export LC_ALL=C.UTF-8\n\
         archive={} folder={}\n\
         mkdir -p -m 700 \"$folder\"\n\
         {list} | while IFS= read -r file; do\n  \
         there=\"$folder/{name}\"\n  \
         if [ -e \"$there\" ] && ! tar -xOf \"$archive\" \"$file\" | cmp -s - \"$there\"; then\n    \
         echo \"$there is another file already: nothing was unpacked\" >&2\n    \
         exit 1\n  \
         fi\n\
         done\n\
         {extract}\n\
         )",
        quote(archive),
        quote(directory),
    )
}

/// One script for each member, or one for whoever asks, where there is no
/// member. Each makes the folder, closed to others, and unpacks into it.
pub(super) fn documents(deployment: &Deployment) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    for place in Place::all(deployment) {
        let directory = place.member.directory.as_str();
        let part = place.member.archive_folder.as_deref();
        let document = document(
            place.id("command-unpack"),
            place.title("Unpack its files"),
            script(&deployment.archive, directory, part),
        );
        // Members that share the folder share the script.
        if !documents.iter().any(|other| other.text == document.text) {
            documents.push(document);
        }
    }
    if documents.is_empty() {
        documents.push(document(
            "command-unpack".to_owned(),
            "Unpack the files".to_owned(),
            script(&deployment.archive, &folder(deployment), None),
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
        documents.push(document(
            id("bring"),
            "Bring it there".to_owned(),
            Command::new("scp")
                .word(&deployment.archive)
                .word(&host)
                .to_string(),
        ));
    }
    let whole = documents_of(deployment);
    documents.push(document(
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
            document(
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
    let mut places = Place::all(deployment).into_iter();
    let directory = places.next().map_or_else(
        || folder(deployment),
        |place| place.member.directory.as_str().to_owned(),
    );
    script(&deployment.archive, &directory, None)
}
