//! Unpacking the archive where its files belong.

use super::{Document, Language, Place};
use crate::etcd::{command::Command, deployment::Deployment};

/// The folder that the files of the archive are in, as a whole: the members',
/// where one holds everything; else the clients'.
pub(super) fn folder(deployment: &Deployment) -> String {
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

/// One script for each member, or one for whoever asks, where there is no
/// member. Each makes the folder, closed to others, and unpacks into it.
pub(super) fn documents(deployment: &Deployment) -> Vec<Document> {
    let document = |id: String, title: String, directory: &str, part: Option<&str>| {
        let make = Command::new("mkdir -p -m 700").word(directory);
        let extract = Command::new("tar")
            .option("-xpf", &deployment.archive)
            .option("-C", directory);
        let extract = match part {
            Some(part) => extract.plain("--strip-components=1").word(part),
            None => extract,
        };
        Document {
            id,
            title,
            file_name: None,
            saved_as: None,
            language: Language::Shell,
            text: format!("{make}\n{extract}"),
        }
    };
    let mut documents: Vec<Document> = Vec::new();
    for place in Place::all(deployment) {
        let directory = place.member.directory.as_str();
        let part = place.member.archive_folder.as_deref();
        let document = document(
            place.id("command-unpack"),
            place.title("Unpack its files"),
            directory,
            part,
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
            &folder(deployment),
            None,
        ));
    }
    documents
}
