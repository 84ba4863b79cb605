//! etcd's config file. Beside `--config-file` etcd ignores every other flag and
//! every variable, so what the file has no key for cannot be had with it.

use crate::etcd::facts::option::{ConfigKey, EtcdOption};
use serde::Serialize;

use super::{
    Form, FormDocuments, Language, WrittenMember,
    options::{Value, options},
    yaml,
};
use crate::etcd::{command::Command, deployment::Deployment};

/// The whole file; what is not set stays out.
#[derive(Serialize)]
struct ConfigFile(#[serde(serialize_with = "in_order")] Vec<(&'static str, Entry)>);

/// A value at the top of the file, or a section.
enum Entry {
    Value(Value),
    Section(Vec<(&'static str, Value)>),
}

impl Serialize for Entry {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Section(section) => in_order(section, serializer),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::On => serializer.serialize_bool(true),
            Self::Off => serializer.serialize_bool(false),
            Self::Number(number) => serializer.serialize_u32(*number),
            // A `time.Duration` of the file is a number of nanoseconds.
            Self::Seconds(seconds) => serializer.serialize_u64(u64::from(*seconds) * 1_000_000_000),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// A mapping in the order of its entries.
fn in_order<S: serde::Serializer, V: Serialize>(
    entries: &[(&'static str, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
}

/// The file's text.
///
/// # Errors
///
/// The options that the file has no key for: it would start another server.
pub(super) fn file(options: &[(EtcdOption, Value)]) -> Result<String, Vec<EtcdOption>> {
    let mut top = Vec::new();
    let (mut client, mut peer) = (Vec::new(), Vec::new());
    let mut without_key = Vec::new();
    for (option, value) in options {
        match option.config_key() {
            ConfigKey::Top => top.push((option.name(), Entry::Value(value.clone()))),
            ConfigKey::ClientTransport(key) => client.push((key, value.clone())),
            ConfigKey::PeerTransport(key) => peer.push((key, value.clone())),
            ConfigKey::Nowhere => without_key.push(*option),
        }
    }
    if !without_key.is_empty() {
        return Err(without_key);
    }
    for (section, entries) in [
        ("client-transport-security", client),
        ("peer-transport-security", peer),
    ] {
        if !entries.is_empty() {
            top.push((section, Entry::Section(entries)));
        }
    }
    Ok(yaml::document(&ConfigFile(top)))
}

/// A file and a line for each member.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let mut documents = Vec::new();
    let mut notes = vec![
        "With a config file etcd ignores every other flag and every environment variable."
            .to_owned(),
    ];
    for written in WrittenMember::all(deployment) {
        let name = format!("{}.conf.yaml", written.stem);
        let text = match file(&options(deployment, written.member)) {
            Ok(text) => text,
            Err(without_key) => {
                let flags: Vec<&str> = without_key.iter().map(|option| option.flag()).collect();
                notes.push(format!(
                    "{}: the config file has no key for {}. Take another form, such as the environment file.",
                    written.title("No config file"),
                    flags.join(" and ")
                ));
                continue;
            }
        };
        documents.push(written.file("file-etcd-config", &name, Language::Yaml, text));
        documents.push(
            written.start(
                "Start it",
                Command::new("etcd")
                    .assign(
                        EtcdOption::ConfigurationFile.flag(),
                        &written.on_machine(&name),
                    )
                    .to_string(),
            ),
        );
    }
    FormDocuments {
        form: Form::ConfigFile,
        documents,
        notes,
    }
}

#[cfg(test)]
mod tests {
    use saphyr::{LoadableYamlNode as _, Yaml};

    use super::*;
    use crate::etcd::commands::examples;

    #[test]
    fn a_revocation_list_is_not_silently_left_out_of_the_config_file() {
        let mut deployment = examples::tutorial();
        deployment.members[0].client_tls.revocation_list = Some("/srv/pki/ca.crl".to_owned());
        let form = documents(&deployment);
        assert!(form.documents.is_empty());
        assert!(form.notes[1].contains("--client-crl-file"));
    }

    #[test]
    fn what_looks_like_another_type_stays_a_text() {
        let options = [
            (EtcdOption::Name, Value::Text("no".to_owned())),
            (EtcdOption::DataDirectory, Value::Text("0x10".to_owned())),
            (EtcdOption::SnapshotCount, Value::Number(10_000)),
            (EtcdOption::WatchProgressNotifyInterval, Value::Seconds(5)),
            (
                EtcdOption::CertificateFile,
                Value::Text("/srv/a: b #c\"'{}%\u{7}\u{85}ü".to_owned()),
            ),
        ];
        let text = file(&options).unwrap();
        let yaml = Yaml::load_from_str(&text).unwrap().remove(0);
        assert_eq!(yaml["name"].as_str(), Some("no"));
        assert!(text.contains("\"no\"") || text.contains("'no'"), "{text}");
        assert_eq!(yaml["data-dir"].as_str(), Some("0x10"));
        assert_eq!(yaml["snapshot-count"].as_integer(), Some(10_000));
        assert_eq!(
            yaml["watch-progress-notify-interval"].as_integer(),
            Some(5_000_000_000)
        );
        assert_eq!(
            yaml["client-transport-security"]["cert-file"].as_str(),
            Some("/srv/a: b #c\"'{}%\u{7}\u{85}ü")
        );
    }
}
