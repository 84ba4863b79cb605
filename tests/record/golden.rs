//! Every command and file that is printed for each preset and version of etcd,
//! frozen in `tests/record/golden`. A change to one is a diff to be reviewed:
//!
//!     UPDATE_GOLDEN=1 cargo test --test golden
//!
//! writes them anew, and takes away those that nothing is printed for.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{collections::BTreeMap, env, fs, path::Path, process::Command};

use etcd_pki_lab::{
    etcd::{
        commands::{
            Form, commands, etcd, files, handover, kubernetes,
            read_me::{ListedFile, read_me},
        },
        deployment::{Deployment, Standing},
        facts::release::Series,
        plan::{IntermediatePlan, Plan, Preset},
        role::Role,
    },
    pki::key::KeyType,
};
use jiff::{SignedDuration, Timestamp};

const CSR: &str = include_str!("../fixtures/client.csr");

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// The plans: each preset, and what else changes the printed lines.
fn plans() -> Vec<(&'static str, Plan)> {
    let mut sign_csr = Plan::preset(Preset::SignCsr);
    CSR.clone_into(&mut sign_csr.clients[0].csr);
    let signed_for = |usage: Role| {
        let mut plan = sign_csr.clone();
        "127.0.0.1".clone_into(&mut plan.clients[0].names);
        plan.clients[0].choose_role(usage);
        plan
    };
    let (server_csr, peer_csr) = (signed_for(Role::Server), signed_for(Role::Peer));
    let mut authorities = Plan::preset(Preset::Cluster);
    authorities.separate_authorities = true;
    authorities.key_type = KeyType::P384;
    authorities.authority.intermediate = Some(IntermediatePlan {
        subject: "CN=etcd-issuing-CA".to_owned(),
        days: "1825".to_owned(),
    });
    "lab.test, localhost, 127.0.0.0/8, ::1".clone_into(&mut authorities.authority.permitted);
    let mut hostile = Plan {
        directory: "/srv/it's $HOME \"x\" 100% `id` {}\\ ü".to_owned(),
        key_type: KeyType::Ed25519,
        ..Plan::preset(Preset::Cluster)
    };
    "/C=AT/O=a, \"b\"/CN=-x $HOME 'y'".clone_into(&mut hostile.clients[1].subject);
    vec![
        ("tutorial", Plan::preset(Preset::Tutorial)),
        ("cluster", Plan::preset(Preset::Cluster)),
        ("kubeadm", Plan::example(Preset::Kubeadm)),
        ("client-only", Plan::preset(Preset::ClientOnly)),
        ("sign-csr", sign_csr),
        ("sign-server-csr", server_csr),
        ("sign-peer-csr", peer_csr),
        ("authorities", authorities),
        ("hostile", hostile),
    ]
}

/// Everything that is printed for a deployment, each text under its name.
fn printed(deployment: Deployment) -> String {
    let mut text = String::new();
    let mut section = |name: &str, contents: &str| {
        text.extend([
            "==> ",
            name,
            " <==\n",
            contents.trim_end_matches('\n'),
            "\n\n",
        ]);
    };
    let listed = listed(&deployment);
    section("README", &read_me(&deployment, &listed, now()).text);
    for file in files(&deployment) {
        section(&file.file_name.unwrap(), &file.text);
    }
    let unverified = commands(deployment).unverified;
    section("unverified", &unverified.without_certificate);
    for client in unverified.clients {
        section(&format!("unverified {} put", client.stem), &client.put);
        section(&format!("unverified {} get", client.stem), &client.get);
    }
    text
}

/// The files that an archive would have.
fn listed(deployment: &Deployment) -> Vec<ListedFile> {
    let mut listed = Vec::new();
    for facts in &deployment.certificates {
        let life = SignedDuration::from_hours(24 * i64::from(facts.days));
        listed.push(ListedFile {
            name: format!("{}.crt", facts.stem),
            mode: 0o644,
            until: Some(now() + life),
        });
        if facts.key_type.is_some() {
            listed.push(ListedFile {
                name: format!("{}.key", facts.stem),
                mode: 0o600,
                until: None,
            });
        }
        if matches!(facts.standing, Standing::Leaf(Role::Client)) {
            listed.push(ListedFile {
                name: format!("{}.csr", facts.stem),
                mode: 0o644,
                until: None,
            });
        }
    }
    let bundles = deployment.bundles.iter().map(|bundle| &bundle.file);
    let documents = files(deployment);
    let documents = documents.iter().filter_map(|file| file.file_name.as_ref());
    listed.extend(bundles.chain(documents).map(|name| ListedFile {
        name: name.clone(),
        mode: 0o644,
        until: None,
    }));
    listed
}

#[test]
fn what_is_printed_is_what_was_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/golden");
    let mut expected = BTreeMap::new();
    for (name, plan) in plans() {
        for series in Series::ALL {
            let plan = Plan {
                etcd: series,
                ..plan.clone()
            };
            let checked = plan
                .check(None, now())
                .unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
            let text = printed(checked.deployment(&format!("{name}.tar")));
            expected.insert(format!("{name}-{series}.txt"), text);
        }
    }
    if env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &expected {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let mut frozen: BTreeMap<String, String> = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        frozen.insert(name, fs::read_to_string(entry.path()).unwrap());
    }
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&frozen), names(&expected), "{REMEDY}");
    for (name, text) in &expected {
        let differs = text
            .lines()
            .zip(frozen[name].lines())
            .enumerate()
            .find(|(_, (printed, frozen))| printed != frozen);
        if let Some((line, (printed, frozen))) = differs {
            panic!(
                "{name}:{}: printed now:\n{printed}\nfrozen:\n{frozen}\n{REMEDY}",
                line + 1
            );
        }
        assert_eq!(*text, frozen[name], "{name}: {REMEDY}");
    }
}

#[test]
fn commands_sh_is_read_by_a_shell_and_does_nothing_when_it_is_run() {
    for (name, plan) in plans() {
        let folder = tempfile::tempdir().unwrap();
        let deployment = plan.check(None, now()).unwrap().deployment("etcd.tar");
        let script = files(&deployment)
            .into_iter()
            .find(|file| file.file_name.as_deref() == Some("commands.sh"))
            .unwrap();
        fs::write(folder.path().join("commands.sh"), &script.text).unwrap();
        let sh = |arguments: &[&str]| {
            Command::new("sh")
                .args(arguments)
                .current_dir(folder.path())
                .output()
                .unwrap()
        };
        let read = sh(&["-n", "commands.sh"]);
        assert!(read.status.success(), "{name}: {read:?}");
        let run = sh(&["commands.sh"]);
        assert_eq!(run.status.code(), Some(1), "{name}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("run the parts"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{name}");
        for form in Form::ALL {
            for document in etcd(&deployment, form).documents {
                let there = match &document.file_name {
                    Some(file) => script.text.contains(file),
                    None => script.text.contains(&document.text),
                };
                assert!(there, "{name}: {}", document.text);
            }
        }
        assert!(script.text.contains(&kubernetes::secrets(&deployment).text));
        for document in handover::step_ca(&deployment)
            .into_iter()
            .chain(handover::vault(&deployment))
        {
            assert!(script.text.contains(&document.text), "{name}");
        }
    }
}

const REMEDY: &str =
    "if this is meant, run `UPDATE_GOLDEN=1 cargo test --test golden` and review the diff";
