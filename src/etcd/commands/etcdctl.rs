//! Asking etcd with etcdctl: its options as flags, and as environment variables.
//! Never both at once: the same option as a flag and as a variable is fatal to
//! etcdctl, so what sets variables keeps them in brackets.

use super::{Document, WrittenMember, environment::assignments};
use crate::etcd::{
    command::Command,
    deployment::{Client, Deployment},
    facts::{
        etcdctl_option::EtcdctlOption as O,
        release::{EtcdBuild, Series},
        variable::ETCDCTL_API,
    },
};

/// etcdctl without a client certificate, and with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtcdctlCommands {
    /// Without a certificate: must fail.
    pub without_certificate: String,
    /// With the certificate: what each client asks.
    pub clients: Vec<ClientCommands>,
}

/// What one client runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCommands {
    /// The stem of the client's files.
    pub stem: String,
    /// Writes a key. Prints `OK`. In kubeadm's etcd, which is Kubernetes' own store, it
    /// asks for its health.
    pub put: String,
    /// Reads it. Prints `testclient` and `data`. In kubeadm's etcd it reads the name of
    /// one key of Kubernetes, if there is one.
    pub get: String,
}

/// What a client asks first, and then: it writes a key and reads it, but nothing of
/// its own is written into Kubernetes' store.
fn questions(deployment: &Deployment) -> [&'static str; 2] {
    if deployment.kubeadm {
        [
            "endpoint health",
            "get /registry --prefix --keys-only --limit=1",
        ]
    } else {
        ["put testclient data", "get testclient"]
    }
}

/// How etcdctl treats the server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerTrust {
    /// `--cacert`: etcd must show a certificate of this CA for this host.
    Authority,
    /// `--insecure-skip-tls-verify`: anybody may answer.
    Skipped,
}

/// Whether etcdctl knows `ETCDCTL_API`: 3 is the default since 3.4, and who has
/// dropped the variable warns about it.
fn has_api_variable(series: Series) -> bool {
    EtcdBuild::upstream(series.newest()).has_api_2()
}

/// etcdctl and whom it asks, without a certificate.
fn dial(deployment: &Deployment, check: ServerTrust) -> Command {
    let program = if has_api_variable(deployment.series) {
        "ETCDCTL_API=3 etcdctl"
    } else {
        "etcdctl"
    };
    let command =
        Command::new(program).assign(O::Endpoints.flag(), &deployment.endpoints.join(","));
    match check {
        ServerTrust::Authority => {
            command.assign(O::AuthorityCertificate.flag(), &deployment.server_ca)
        }
        ServerTrust::Skipped => command
            .plain(O::InsecureSkipTlsVerify.flag())
            .assign(O::InsecureTransport.flag(), "false"),
    }
}

/// The options as flags.
pub(super) fn flags(deployment: &Deployment, check: ServerTrust) -> EtcdctlCommands {
    let [first, second] = questions(deployment);
    let clients = deployment.clients.iter().map(|client| {
        let with = || {
            dial(deployment, check)
                .option(O::Certificate.flag(), &client.certificate)
                .option(O::Key.flag(), &client.key)
        };
        ClientCommands {
            stem: client.stem.clone(),
            put: with().plain(first).to_string(),
            get: with().plain(second).to_string(),
        }
    });
    EtcdctlCommands {
        without_certificate: dial(deployment, check).plain(first).to_string(),
        clients: clients.collect(),
    }
}

/// A question for its health to each member that the deployment is written for, on its
/// own machine, with the certificate that it has.
pub(super) fn health(deployment: &Deployment) -> Vec<Document> {
    let documents = WrittenMember::all(deployment)
        .into_iter()
        .filter_map(|written| {
            let tls = &written.member.client_tls;
            let (certificate, key) = written.member.asks_with();
            let listened = written.member.listen_client_urls.first()?;
            let (_, port) = listened.rsplit_once(':')?;
            let mut here = deployment.clone();
            let here_too = ["//127.0.0.1:", "//0.0.0.0:", "//localhost:"];
            let mut urls = written.member.listen_client_urls.iter();
            let listens_here = urls.any(|url| here_too.iter().any(|host| url.contains(host)));
            here.endpoints = vec![
                if listens_here && names_localhost(deployment, &tls.certificate) {
                    format!("https://localhost:{port}")
                } else {
                    written.member.advertise_client_urls.first()?.clone()
                },
            ];
            Some(Document::command(
                written.id("command-health-here"),
                written.title("Ask for its health"),
                dial(&here, ServerTrust::Authority)
                    .option(O::Certificate.flag(), certificate)
                    .option(O::Key.flag(), key)
                    .plain("endpoint health")
                    .to_string(),
            ))
        });
    documents.collect()
}

/// Whether the certificate in this file, which a member shows, names `localhost`.
fn names_localhost(deployment: &Deployment, file: &str) -> bool {
    let mut certificates = deployment.certificates.iter();
    let shown = certificates.find(|facts| file.ends_with(&format!("/{}.crt", facts.stem)));
    shown.is_some_and(|facts| facts.names.iter().any(|name| name.bare() == "localhost"))
}

/// The options as variables.
fn variables(deployment: &Deployment, client: &Client) -> String {
    let mut values = Vec::new();
    if has_api_variable(deployment.series) {
        values.push((ETCDCTL_API.to_owned(), "3".to_owned()));
    }
    values.extend([
        (O::Endpoints.variable(), deployment.endpoints.join(",")),
        (
            O::AuthorityCertificate.variable(),
            deployment.server_ca.clone(),
        ),
        (O::Certificate.variable(), client.certificate.clone()),
        (O::Key.variable(), client.key.clone()),
    ]);
    assignments(values.into_iter())
}

/// Lines of a client's etcdctl with the options as variables, which stay within
/// the brackets; the first line that fails ends them.
pub(super) fn with_variables(deployment: &Deployment, client: &Client, lines: &str) -> String {
    format!("(\nset -ea\n{}{lines}\n)", variables(deployment, client))
}

/// What a client asks, with the options as variables.
#[must_use]
pub fn environment(deployment: &Deployment, client: &Client) -> [Document; 2] {
    let [first, second] = questions(deployment);
    let title = if deployment.kubeadm {
        "Health"
    } else {
        "Write"
    };
    [
        ("command-environment-put", title, first),
        ("command-environment-get", "Read", second),
    ]
    .map(|(id, title, arguments)| {
        Document::command(
            id,
            title,
            with_variables(deployment, client, &format!("etcdctl {arguments}")),
        )
    })
}

/// What a client asks first, for Windows and the folder of its files: one line that cmd
/// and PowerShell read alike, as both take what stands between quotation marks for one
/// word. Nothing where a name has a letter that one of them reads as something else.
#[must_use]
pub fn windows(deployment: &Deployment, client: &Client) -> Option<String> {
    let folder = client
        .certificate
        .strip_suffix(&format!("{}.crt", client.stem))?;
    let authority = deployment.server_ca.strip_prefix(folder)?;
    let is_plain = |letter: char| letter.is_alphanumeric() || "._-/ ".contains(letter);
    let mut letters = authority.chars().chain(client.stem.chars());
    if !letters.all(is_plain) {
        return None;
    }
    let [first, _] = questions(deployment);
    let words = [
        (O::Endpoints, deployment.endpoints.join(",")),
        (O::AuthorityCertificate, authority.to_owned()),
        (O::Certificate, format!("{}.crt", client.stem)),
        (O::Key, format!("{}.key", client.stem)),
    ]
    .map(|(option, value)| format!("\"{}={value}\"", option.flag()));
    Some(format!("etcdctl {} {first}", words.join(" ")))
}

/// A snapshot of etcd's data as one client, and a look at it. etcdctl takes one endpoint
/// for that and no more.
#[must_use]
pub fn snapshot(deployment: &Deployment, client: &Client) -> [Document; 2] {
    let mut one = deployment.clone();
    one.endpoints.truncate(1);
    let save = dial(&one, ServerTrust::Authority)
        .option(O::Certificate.flag(), &client.certificate)
        .option(O::Key.flag(), &client.key)
        .plain("snapshot save backup.db");
    let looks = if deployment.series.has_etcdutl() {
        "etcdutl"
    } else {
        "etcdctl"
    };
    let look = Command::new(looks).plain("snapshot status backup.db");
    [
        ("command-snapshot", "Save it", save),
        ("command-snapshot-status", "Look at it", look),
    ]
    .map(|(id, title, command)| Document::command(id, title, command.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::commands::examples;

    #[test]
    fn the_variable_that_3_6_dropped_is_not_printed_for_it() {
        let mut deployment = examples::tutorial();
        for series in Series::ALL {
            deployment.series = series;
            let known = has_api_variable(series);
            let flags = flags(&deployment, ServerTrust::Authority);
            assert_eq!(flags.without_certificate.contains("ETCDCTL_API"), known);
            assert_eq!(flags.clients[0].put.contains("ETCDCTL_API"), known);
            let [put, _] = environment(&deployment, &deployment.clients[0]);
            assert_eq!(put.text.contains("ETCDCTL_API"), known);
            assert!(!put.text.contains("--"), "no flag beside variables");
        }
    }

    #[test]
    fn no_key_is_written_into_the_store_of_kubernetes() {
        let deployment = examples::kubeadm();
        let asked = flags(&deployment, ServerTrust::Authority);
        let client = &deployment.clients[0];
        let with_variables = environment(&deployment, client).map(|document| document.text);
        let gateway = crate::etcd::commands::gateway::curl(&deployment, client);
        let gateway = gateway.into_iter().map(|document| document.text);
        let all = asked
            .clients
            .iter()
            .flat_map(|client| [&client.put, &client.get]);
        for text in all
            .chain([&asked.without_certificate])
            .chain(&with_variables)
            .cloned()
            .chain(gateway)
        {
            assert!(!text.contains("testclient"), "{text}");
            assert!(!text.contains("put"), "{text}");
        }
    }

    #[test]
    fn windows_gets_one_line_without_a_letter_that_its_shells_read_otherwise() {
        let mut deployment = examples::cluster();
        let client = deployment.clients[1].clone();
        assert_eq!(
            windows(&deployment, &client).unwrap(),
            "etcdctl \"--endpoints=https://10.0.0.1:2379,https://10.0.0.2:2379,https://10.0.0.3:2379\" \
             \"--cacert=ca.crt\" \"--cert=client.crt\" \"--key=client.key\" put testclient data"
        );
        deployment.clients[1].stem = "100%".to_owned();
        deployment.clients[1].certificate = "/etc/etcd/pki/100%.crt".to_owned();
        assert_eq!(windows(&deployment, &deployment.clients[1]), None);
    }

    #[test]
    fn a_snapshot_is_asked_of_one_member_and_read_by_the_program_that_its_release_has() {
        let mut deployment = examples::cluster();
        for (series, looks) in [
            (Series::V3_4, "etcdctl snapshot status backup.db"),
            (Series::V3_5, "etcdutl snapshot status backup.db"),
            (Series::V3_6, "etcdutl snapshot status backup.db"),
            (Series::V3_7, "etcdutl snapshot status backup.db"),
        ] {
            deployment.series = series;
            let [save, look] = snapshot(&deployment, &deployment.clients[0]);
            let line = save.text.replace(" \\\n  ", " ");
            assert!(
                line.contains("--endpoints=https://10.0.0.1:2379 --cacert"),
                "{line}"
            );
            assert!(line.contains("/root.key snapshot save backup.db"), "{line}");
            assert_eq!(look.text, looks);
        }
    }

    #[test]
    fn every_member_is_an_endpoint() {
        let commands = flags(&examples::cluster(), ServerTrust::Authority);
        assert!(commands.clients[0].get.contains(
            "--endpoints='https://10.0.0.1:2379,https://10.0.0.2:2379,https://10.0.0.3:2379'"
        ));
    }
}
