//! etcd as a service of Docker Compose, in a file of the Compose Specification.
//! The container uses the host's network, so that the URLs mean the same inside
//! and outside, and the certificates fit.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Form, FormDocuments, Language, WrittenMember,
    options::{options, words},
    volumes, yaml,
};
use crate::etcd::{command::Command, deployment::Deployment};

#[derive(Serialize)]
struct Project {
    name: String,
    services: BTreeMap<&'static str, Service>,
}

#[derive(Serialize)]
struct Service {
    image: String,
    command: Vec<String>,
    network_mode: &'static str,
    restart: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_dir: Option<String>,
    volumes: Vec<Volume>,
}

#[derive(Serialize)]
struct Volume {
    r#type: &'static str,
    source: String,
    target: String,
    read_only: bool,
    bind: Bind,
}

#[derive(Serialize)]
struct Bind {
    create_host_path: bool,
}

/// A text that Compose must not interpolate: `$$` is one `$`.
fn text(text: &str) -> String {
    text.replace('$', "$$")
}

fn project(deployment: &Deployment, written: &WrittenMember<'_>) -> Project {
    let volumes = volumes::of(written.member, &written.stem);
    let service = Service {
        image: deployment.series.image(),
        command: words(&options(deployment, written.member))
            .iter()
            .map(|word| text(word))
            .collect(),
        network_mode: "host",
        restart: "unless-stopped",
        working_dir: volumes.working_directory.clone(),
        volumes: volumes
            .all()
            .map(|volume| Volume {
                r#type: "bind",
                source: text(&volume.path),
                target: text(&volume.path),
                read_only: volume.read_only,
                bind: Bind {
                    create_host_path: !volume.read_only,
                },
            })
            .collect(),
    };
    Project {
        name: written.object_name(),
        services: BTreeMap::from([("etcd", service)]),
    }
}

/// A file for each member, and the line that starts it.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let mut documents = Vec::new();
    for written in WrittenMember::all(deployment) {
        let name = format!("{}.compose.yaml", written.stem);
        documents.push(written.file(
            "file-etcd-compose",
            &name,
            Language::Yaml,
            yaml::document(&project(deployment, &written)),
        ));
        documents.push(
            written.start(
                "Start it",
                Command::new("docker compose")
                    .option("-f", &written.on_machine(&name))
                    .plain("up -d")
                    .to_string(),
            ),
        );
    }
    FormDocuments {
        form: Form::Compose,
        documents,
        notes: vec![
            "The container shares the host’s network: the URLs mean the same inside and outside. On Docker Desktop, host networking has to be switched on first."
                .to_owned(),
        ],
    }
}
