//! The lines that hand a CA over to other programs, run against those programs,
//! verbatim: step-ca takes the CA that was made here, what it issues is below that CA
//! as OpenSSL sees it, and a real etcd and etcdctl go on with it. A kubeadm node's pod
//! starts a real etcd, whose probes answer, and in which no key is written.

#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::{fs, path::Path, time::Duration};

use etcd_pki_lab::{
    etcd::{
        commands::{self, Document, Form, handover},
        facts::release::Series,
        plan::{IntermediatePlan, Plan, Preset},
    },
    lab::{Lab, making},
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::{
    etcd::{Etcd, Version},
    free_ports,
    shell::{Shell, run_bash},
    target,
};
use tempfile::TempDir;

/// A plan's files, written into the folder that the plan names.
fn made(plan: &Plan) -> Lab {
    let lab = making::make(plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap();
    for file in lab.files() {
        let path = Path::new(&plan.directory).join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.contents).unwrap();
    }
    lab
}

/// A plan whose files go to a folder of this test's.
fn plan_in(folder: &TempDir, preset: Preset, key_type: KeyType) -> Plan {
    let [port] = free_ports();
    Plan {
        key_type,
        directory: folder.path().to_str().unwrap().to_owned(),
        port: port.to_string(),
        ..Plan::example(preset)
    }
}

/// Runs one block of step-ca's lines in the folder of the files, on a port of its
/// own; what it started in the background ends with it.
fn run_step_ca(folder: &Path, block: &Document) {
    let [port] = free_ports();
    let lines = block
        .text
        .lines()
        .map(|line| match line.find("127.0.0.1:900") {
            // A port of the reader's machine may be another's on this one.
            Some(at) => {
                let end = at + "127.0.0.1:9000".len();
                format!("{}127.0.0.1:{port}{}", &line[..at], &line[end..])
            }
            None => line.to_owned(),
        });
    let lines: Vec<String> = lines.collect();
    let script = format!("set -e\ntrap 'kill $!' EXIT\n{}", lines.join("\n"));
    Shell::in_folder(folder)
        .with_programs(target().join("tools/step"))
        .at_most(Duration::from_mins(3))
        .run(&script)
        .succeeded();
}

/// What OpenSSL reads of a certificate, without its number and its dates.
fn names(folder: &Path, file: &str) -> Vec<String> {
    let printed = run_bash(
        &format!("openssl x509 -in {file} -noout -subject -ext subjectAltName -nameopt RFC2253"),
        folder,
    );
    let mut names: Vec<String> = printed
        .succeeded()
        .split([',', '\n'])
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names
}

/// Every leaf of the lab was issued again below its CA: same names, a key of the same
/// kind, as long a life.
fn holds_what_was_issued(lab: &Lab, folder: &Path) {
    let deployment = lab.deployment();
    let mut leaves = 0;
    for facts in deployment
        .certificates
        .iter()
        .filter(|one| !one.is_authority())
    {
        let (old, new) = (
            format!("{}.crt", facts.stem),
            format!("{}.renewed.crt", facts.stem),
        );
        let verified = run_bash(
            &format!(
                "for ca in *ca.crt; do \
                 openssl verify -CAfile \"$ca\" -untrusted {new} {new} && exit; done 2>/dev/null; \
                 openssl verify -CAfile ca.crt -untrusted {old} -untrusted {new} {new}"
            ),
            folder,
        );
        verified.succeeded();
        let expected = names(folder, &old);
        let found = names(folder, &new);
        if facts.names.is_empty() {
            assert_eq!(found[found.len() - 1], expected[expected.len() - 1]);
        } else {
            assert_eq!(found, expected, "{new}");
        }
        let kind = |file: &str| {
            run_bash(
                &format!("openssl x509 -in {file} -noout -text | grep -A1 'Public Key Algorithm'"),
                folder,
            )
            .succeeded()
            .to_owned()
        };
        assert_eq!(kind(&new), kind(&old), "{new}");
        let life = u64::from(facts.days) * 86_400 - 3_600;
        run_bash(
            &format!("openssl x509 -in {new} -noout -checkend {life}"),
            folder,
        )
        .succeeded();
        leaves += 1;
    }
    assert!(leaves > 1);
}

#[test]
fn step_ca_goes_on_with_the_ca_for_every_kind_of_key_and_etcd_with_what_it_issues() {
    for key_type in [KeyType::P256, KeyType::Rsa2048, KeyType::Ed25519] {
        let folder = TempDir::new().unwrap();
        let lab = made(&plan_in(&folder, Preset::Tutorial, key_type));
        let blocks = handover::step_ca(&lab.deployment());
        assert_eq!(blocks.len(), 1);
        run_step_ca(folder.path(), &blocks[0]);
        holds_what_was_issued(&lab, folder.path());

        let renewed = |line: &str| {
            ["etcd", "client"]
                .iter()
                .fold(line.to_owned(), |line, stem| {
                    line.replace(&format!("/{stem}."), &format!("/{stem}.renewed."))
                })
        };
        let commands = commands::commands(lab.deployment());
        let version = Version::V3_7_3;
        let mut etcd = Etcd::start(version, &renewed(&commands.etcd), folder.path());
        etcd.ready().unwrap();
        let shell = Shell::in_folder(folder.path()).with_etcd(version);
        shell.run(&commands.verified.without_certificate).failed();
        let client = &commands.verified.clients[0];
        let asked = shell.run(&renewed(&client.put));
        assert_eq!(asked.succeeded(), "OK\n", "{key_type:?}");
        // What was issued before is let in as well: the CA is the same.
        let asked = shell.run(&client.get);
        assert_eq!(asked.succeeded(), "testclient\ndata\n");
    }
}

#[test]
fn step_ca_stands_below_an_intermediate_and_beside_itself_for_cas_of_their_own() {
    let folder = TempDir::new().unwrap();
    let mut plan = plan_in(&folder, Preset::Cluster, KeyType::P256);
    plan.separate_authorities = true;
    let lab = made(&plan);
    let blocks = handover::step_ca(&lab.deployment());
    assert_eq!(blocks.len(), 3);
    for block in &blocks {
        run_step_ca(folder.path(), block);
    }
    holds_what_was_issued(&lab, folder.path());

    let folder = TempDir::new().unwrap();
    let mut plan = plan_in(&folder, Preset::Tutorial, KeyType::P256);
    plan.authority.intermediate = Some(IntermediatePlan {
        subject: "CN=etcd-issuing-CA".to_owned(),
        days: "1825".to_owned(),
    });
    let lab = made(&plan);
    let blocks = handover::step_ca(&lab.deployment());
    for block in &blocks {
        run_step_ca(folder.path(), block);
        holds_what_was_issued(&lab, folder.path());
    }
}

/// The words of a pod's container, as Kubernetes gives them to etcd: `$$` is one `$`.
fn words_of_pod(text: &str) -> Vec<String> {
    let lines = text.lines().skip_while(|line| line.trim() != "- command:");
    let words = lines
        .skip(1)
        .map_while(|line| line.trim().strip_prefix("- "));
    words.map(|word| word.replace("$$", "$")).collect()
}

#[test]
fn a_kubeadm_nodes_pod_starts_etcd_and_nothing_is_written_into_it() {
    for (version, series) in Version::ALL.into_iter().zip(Series::ALL) {
        let folder = TempDir::new().unwrap();
        let [client_port, peer_port, metrics_port] = free_ports();
        let mut plan = plan_in(&folder, Preset::Kubeadm, KeyType::P256);
        plan.etcd = series;
        let node = &mut plan.members[0];
        "127.0.0.1".clone_into(&mut node.hosts);
        node.client_port = client_port.to_string();
        node.peer_port = peer_port.to_string();
        node.data_directory = folder.path().join("data").to_str().unwrap().to_owned();
        let lab = made(&plan);
        let documents = commands::etcd(&lab.deployment(), Form::StaticPod).documents;
        let pod = documents.iter().find(|one| one.file_name.is_some());
        let words = words_of_pod(&pod.unwrap().text).into_iter().map(|word| {
            // The port of the probes may be another's on this machine.
            word.replace(":2381", &format!(":{metrics_port}"))
        });
        let words: Vec<String> = words.collect();
        assert!(words.len() > 15, "{words:?}");
        let line = shlex::try_join(words.iter().map(String::as_str)).unwrap();
        let mut etcd = Etcd::start(version, &line, folder.path());
        etcd.ready().unwrap();
        let paths: &[&str] = match series {
            Series::V3_4 => &["/health"],
            _ => &["/livez", "/readyz"],
        };
        for path in paths {
            let asked = format!("curl --fail -sS http://127.0.0.1:{metrics_port}{path}");
            run_bash(&asked, folder.path()).succeeded();
        }
        let commands = commands::commands(lab.deployment()).verified;
        let shell = Shell::in_folder(folder.path()).with_etcd(version);
        shell.run(&commands.without_certificate).failed();
        for client in &commands.clients {
            let health = shell.run(&client.put);
            let said = format!("{}{}", health.succeeded(), health.stderr);
            assert!(said.contains("is healthy"), "{said}");
            assert_eq!(shell.run(&client.get).succeeded(), "");
        }
    }
}
