//! etcd as one command for a shell.

use super::{
    Form, FormDocuments, WrittenMember,
    options::{Value, options},
};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::{command::Command, deployment::Deployment};

/// The line that starts a member.
pub(super) fn line(options: &[(EtcdOption, Value)]) -> String {
    let etcd = options
        .iter()
        .fold(Command::new("etcd"), |etcd, (option, value)| match value {
            Value::On => etcd.plain(option.flag()),
            value => etcd.assign(option.flag(), &value.text()),
        });
    etcd.to_string()
}

/// One line for each member.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let documents = WrittenMember::all(deployment)
        .into_iter()
        .map(|written| written.start("Start it", line(&options(deployment, written.member))));
    FormDocuments {
        form: Form::Shell,
        documents: documents.collect(),
        notes: Vec::new(),
    }
}
