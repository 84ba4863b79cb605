//! Real clients connect by the lines that the page prints for them: with keys of RSA
//! and P-256, to the oldest and the newest etcd at hand. The libraries come from their
//! registries into `target/tools/clients`, once.

#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcd_pki_lab::{
    etcd::{
        commands::{clients::programs, commands, gateway::curl},
        facts::release::Series,
        plan::{MemberPlan, Plan, Preset},
    },
    lab::{archive, making},
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::etcd::{Etcd, Version};
use support::shell::{Shell, run_bash};
use support::{free_ports, target};

/// The folder with the libraries, which are installed the first time.
fn libraries() -> PathBuf {
    let folder = target().join("tools/clients");
    fs::create_dir_all(&folder).unwrap();
    let install = "set -e
        [ -e ready ] && exit
        python3 -m venv py
        py/bin/pip -q install etcd3==0.12.0 grpcio==1.85.3 'protobuf<4' requests==2.34.2
        npm install --silent --no-save etcd3@1.1.2 @grpc/grpc-js
        touch ready";
    let shell = Shell::in_folder(&folder).at_most(Duration::from_mins(10));
    shell.run(install).succeeded();
    folder
}

/// How a program is run that stands in a file; `None` where it is not run here.
fn interpreter(id: &str, libraries: &Path) -> Option<String> {
    let libraries = libraries.display();
    if id.contains("-python-") {
        Some(format!("'{libraries}/py/bin/python'"))
    } else if id.contains("-node-") {
        Some(format!("NODE_PATH='{libraries}/node_modules' node"))
    } else {
        None
    }
}

#[test]
fn programs_that_are_told_as_the_page_says_get_through_to_the_oldest_and_the_newest_etcd() {
    let libraries = libraries();
    let mut ran = Vec::new();
    for key_type in [KeyType::Rsa2048, KeyType::P256] {
        for (version, series) in [
            (Version::V3_4_23, Series::V3_4),
            (Version::V3_7_3, Series::V3_7),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let [client_port, peer_port] = free_ports();
            let plan = Plan {
                etcd: series,
                key_type,
                directory: folder.path().join("pki").to_str().unwrap().to_owned(),
                members: vec![MemberPlan {
                    name: "m1".to_owned(),
                    client_port: client_port.to_string(),
                    peer_port: peer_port.to_string(),
                    ..MemberPlan::default()
                }],
                ..Plan::preset(Preset::Cluster)
            };
            let lab = making::make(&plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap();
            let deployment = lab.deployment();
            let tar = archive::tar(&lab, std::iter::empty()).unwrap();
            fs::write(folder.path().join(&deployment.archive), tar.as_slice()).unwrap();
            for unpack in commands(deployment.clone()).unpack {
                run_bash(&unpack.text, folder.path()).succeeded();
            }
            let shown = commands(deployment.clone());
            let mut etcd = Etcd::start(version, &shown.etcd, folder.path());
            etcd.ready().unwrap();
            let shell = Shell::in_folder(folder.path()).with_etcd(version);
            shell.run(&shown.verified.clients[0].put).succeeded();
            let client = &deployment.clients[0];
            for document in &curl(&deployment, client)[..2] {
                shell.run(&format!("{} --fail", document.text)).succeeded();
            }
            for program in programs(&deployment, client) {
                let id = &program.document.id;
                let run = interpreter(id, &libraries);
                assert_eq!(run.is_some(), program.tried.is_some(), "{id}");
                let Some(run) = run else { continue };
                fs::write(folder.path().join(id), &program.document.text).unwrap();
                shell.run(&format!("{run} {id}")).succeeded();
                ran.push(id.clone());
            }
        }
    }
    assert_eq!(ran.len(), 4 * 6);
}
