//! Real clients connect by the lines that the page prints for them: with keys of RSA
//! and P-256, to the oldest and the newest etcd at hand; with Ed25519, as the page says. The
//! drivers of `src/etcd/facts/client/` run them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use etcd_pki_lab::{
    etcd::{
        commands::{clients::programs, commands, gateway::curl},
        deployment::Deployment,
        facts::release::Series,
        plan::{MemberPlan, Plan, Preset},
    },
    lab::{archive, making},
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::drivers::Driver;
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

/// The etcds that the lines are run against, as the page says.
const OLDEST_AND_NEWEST: [(Version, Series); 2] = [
    (Version::V3_4_23, Series::V3_4),
    (Version::V3_7_3, Series::V3_7),
];

/// The drivers by the programs whose lines they run, with all that they need.
fn drivers() -> BTreeMap<String, Driver> {
    let mut programs = BTreeMap::new();
    for driver in Driver::all() {
        let named = driver.programs();
        if !named.is_empty() {
            driver.install("install");
            driver.install("install-lines");
        }
        programs.extend(named.into_iter().map(|program| (program, driver.clone())));
    }
    programs
}

/// What etcd is asked to serve: a plan's files, written; etcd, started; and a key in it.
struct Served {
    folder: TempDir,
    deployment: Deployment,
    version: Version,
    _etcd: Etcd,
}

fn serve(key_type: KeyType, version: Version, series: Series) -> Served {
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
    let deployment = lab.deployment().clone();
    let tar = archive::tar(&lab, std::iter::empty()).unwrap();
    fs::write(folder.path().join(&deployment.archive), tar.as_slice()).unwrap();
    let shown = commands(deployment.clone());
    for unpack in &shown.unpack {
        run_bash(&unpack.text, folder.path()).succeeded();
    }
    let mut etcd = Etcd::start(version, &shown.etcd, folder.path());
    etcd.ready().unwrap();
    let shell = Shell::in_folder(folder.path()).with_etcd(version);
    shell.run(&shown.verified.clients[0].put).succeeded();
    Served {
        folder,
        deployment,
        version,
        _etcd: etcd,
    }
}

/// Runs each program by the page's lines; those that got through, and the others with
/// what they printed.
fn run(
    served: &Served,
    drivers: &BTreeMap<String, Driver>,
) -> (BTreeSet<String>, BTreeMap<String, String>) {
    let client = &served.deployment.clients[0];
    let (mut through, mut refused) = (BTreeSet::new(), BTreeMap::new());
    for program in programs(&served.deployment, client) {
        let name = program.document.id.strip_prefix("command-client-").unwrap();
        let driver = drivers.get(name);
        assert_eq!(driver.is_some(), program.tried.is_some(), "{name}");
        assert_eq!(driver.is_none(), !program.untried.is_empty(), "{name}");
        let Some(driver) = driver else { continue };
        let file = served.folder.path().join(name);
        fs::write(&file, format!("{}\n", program.document.text)).unwrap();
        let output = driver.lines(name, &file, &served.deployment.endpoints[0]);
        println!("{name} {:?}", output.status);
        if output.status != Some(0) {
            println!("{}{}", output.stdout, output.stderr);
        }
        if output.status == Some(0) {
            through.insert(name.to_owned());
        } else {
            refused.insert(name.to_owned(), format!("{output:?}"));
        }
    }
    (through, refused)
}

#[test]
fn programs_that_are_told_as_the_page_says_get_through_to_the_oldest_and_the_newest_etcd() {
    let drivers = drivers();
    for key_type in [KeyType::Rsa2048, KeyType::P256] {
        for (version, series) in OLDEST_AND_NEWEST {
            let served = serve(key_type, version, series);
            let shell = Shell::in_folder(served.folder.path()).with_etcd(served.version);
            let client = &served.deployment.clients[0];
            for document in &curl(&served.deployment, client)[..2] {
                shell.run(&format!("{} --fail", document.text)).succeeded();
            }
            let (through, refused) = run(&served, &drivers);
            assert!(refused.is_empty(), "{key_type:?} {version:?}: {refused:#?}");
            assert_eq!(through.len(), drivers.len());
        }
    }
}

#[test]
fn a_program_that_takes_no_ed25519_is_said_to_take_none() {
    let drivers = drivers();
    for (version, series) in OLDEST_AND_NEWEST {
        let served = serve(KeyType::Ed25519, version, series);
        let (through, refused) = run(&served, &drivers);
        let client = &served.deployment.clients[0];
        for program in programs(&served.deployment, client) {
            let name = program.document.id.strip_prefix("command-client-").unwrap();
            if program.tried.is_some() {
                assert_eq!(
                    through.contains(name),
                    program.takes_ed25519,
                    "{name}, {version:?}: {:?}",
                    refused.get(name)
                );
            }
        }
    }
}
