//! etcd's options as environment variables: a file of assignments that a POSIX
//! shell reads, and the line that starts etcd with them. The same option as a
//! flag and as a variable stops etcd, so the line has no flags.

use super::{
    Form, FormDocuments, Language, WrittenMember,
    options::{Value, options},
};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::{command::quote, deployment::Deployment};

/// The file: one assignment a line, quoted for a POSIX shell.
pub(super) fn file(options: &[(EtcdOption, Value)]) -> String {
    assignments(
        options
            .iter()
            .map(|(option, value)| (option.variable(), value.text())),
    )
}

/// Assignments, one a line, with a line break at the end.
pub(super) fn assignments(values: impl Iterator<Item = (String, String)>) -> String {
    let lines: Vec<String> = values
        .map(|(variable, value)| format!("{variable}={}\n", quote(&value)))
        .collect();
    lines.concat()
}

/// A file and a line for each member.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let mut documents = Vec::new();
    for written in WrittenMember::all(deployment) {
        let name = format!("{}.env", written.stem);
        documents.push(written.file(
            "file-etcd-environment",
            &name,
            Language::Environment,
            file(&options(deployment, written.member)),
        ));
        // The brackets leave none of the variables in the reader's shell.
        documents.push(written.start(
            "Start it",
            format!(
                "(set -a; . {}; exec etcd)",
                quote(&written.on_machine(&name))
            ),
        ));
    }
    FormDocuments {
        form: Form::Environment,
        documents,
        notes: vec![
            "etcd refuses to start when the same option comes as a flag as well. The brackets keep the variables out of your shell."
                .to_owned(),
        ],
    }
}
