//! How programs are told to connect to etcd with the files on the page: the shortest
//! lines that are right, a file a client. Each is run against real etcds by
//! `tests/judges/clients.rs`, or says that it is untried. Only text is made here.

use super::{Document, Language};
use crate::etcd::deployment::{Client, Deployment};

mod apisix;
mod coredns;
mod go;
mod haproxy;
mod java;
mod kube_apiserver;
mod nginx;
mod node;
mod patroni;
mod prometheus;
mod python;
mod rust;
mod traefik;

/// What a client needs to know.
#[derive(Clone, Copy, Debug)]
struct Access<'a> {
    /// Every endpoint.
    endpoints: &'a [String],
    /// The first endpoint.
    endpoint: &'a str,
    /// Its host and port.
    address: &'a str,
    /// Its host.
    host: &'a str,
    /// Its port.
    port: &'a str,
    /// The CA of etcd's certificate.
    authority: &'a str,
    /// The client's certificate.
    certificate: &'a str,
    /// The client's key.
    key: &'a str,
}

impl<'a> Access<'a> {
    /// Host and port of every endpoint.
    fn addresses(&self) -> impl Iterator<Item = &'a str> {
        let endpoints = self.endpoints.iter();
        endpoints.filter_map(|endpoint| Some(endpoint.split_once("://")?.1))
    }
}

/// The lines for one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramLines {
    /// What is shown.
    pub document: Document,
    /// With which releases a test runs them; `None` where they are untried.
    pub tried: Option<&'static str>,
    /// Why none does; empty where one does.
    pub untried: &'static str,
    /// Whether it takes keys on Ed25519, etcd's and its own.
    pub takes_ed25519: bool,
    /// What to know about this client.
    pub remarks: &'static [&'static str],
}

fn lines(id: &str, title: &str, language: Language, text: String) -> ProgramLines {
    ProgramLines {
        document: Document {
            id: format!("command-client-{id}"),
            title: title.to_owned(),
            file_name: None,
            saved_as: None,
            language,
            text,
        },
        tried: None,
        untried: "",
        takes_ed25519: true,
        remarks: &[],
    }
}

impl ProgramLines {
    fn tried(self, with: &'static str) -> Self {
        Self {
            tried: Some(with),
            ..self
        }
    }

    fn untried(self, why: &'static str) -> Self {
        Self {
            untried: why,
            ..self
        }
    }

    fn without_ed25519(self) -> Self {
        Self {
            takes_ed25519: false,
            ..self
        }
    }

    fn remarks(self, remarks: &'static [&'static str]) -> Self {
        Self { remarks, ..self }
    }
}

/// The lines for each program, as one client; none without an endpoint. curl has
/// lines of its own in [`gateway`](super::gateway).
#[must_use]
pub fn programs(deployment: &Deployment, client: &Client) -> Vec<ProgramLines> {
    let Some(endpoint) = deployment.endpoints.first() else {
        return Vec::new();
    };
    let address = endpoint
        .split_once("://")
        .map_or("", |(_, address)| address);
    let Some((host, port)) = address.rsplit_once(':') else {
        return Vec::new();
    };
    let access = Access {
        endpoints: &deployment.endpoints,
        endpoint,
        address,
        host: host.trim_matches(['[', ']']),
        port,
        authority: &deployment.server_ca,
        certificate: &client.certificate,
        key: &client.key,
    };
    let mut all = vec![go::clientv3(&access)];
    all.extend(python::all(&access));
    all.extend([java::jetcd(&access), java::stores(&access)]);
    all.extend(node::all(&access));
    all.extend([
        rust::etcd_client(&access),
        kube_apiserver::flags(&access),
        patroni::section(&access),
        apisix::configuration(&access),
        traefik::provider(&access),
        coredns::block(&access),
        prometheus::job(&access),
        haproxy::check(&access),
        nginx::location(&access),
    ]);
    all
}

/// The endpoints as a list in quotation marks, as many languages write it.
fn quoted(endpoints: &[String]) -> String {
    let each: Vec<String> = endpoints.iter().map(|it| format!("\"{it}\"")).collect();
    each.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::commands::examples;

    #[test]
    fn each_program_is_told_all_three_files_by_their_paths() {
        let deployment = examples::tutorial();
        let client = &deployment.clients[0];
        let programs = programs(&deployment, client);
        assert_eq!(programs.len(), 18);
        for program in &programs {
            let text = &program.document.text;
            for path in [&deployment.server_ca, &client.certificate, &client.key] {
                assert!(text.contains(path.as_str()), "{path} is missing:\n{text}");
            }
        }
    }

    #[test]
    fn a_client_that_never_ends_a_call_is_given_a_deadline() {
        let deployment = examples::tutorial();
        let programs = programs(&deployment, &deployment.clients[0]);
        for id in ["jetcd", "python-grpcio", "node-grpc"] {
            let found = programs.iter().find(|it| it.document.id.ends_with(id));
            let text = &found.unwrap().document.text;
            assert!(text.contains('5'), "no limit in\n{text}");
        }
    }
}
