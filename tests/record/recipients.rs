//! Who gets which files: each machine its own and nobody else's, read out of the
//! archives themselves, and unpacked by a real shell with the printed lines.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use etcd_pki_lab::{
    IssuedAuthority, PemPair,
    etcd::{
        commands::{commands, hand_over},
        deployment::{Receives, Recipient},
        plan::{AuthoritySource, MemberPlan, Plan, Preset},
        role::Role,
    },
    lab::{Lab, archive, making},
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use tempfile::TempDir;

const CSR: &str = include_str!("../fixtures/client.csr");

fn now() -> Timestamp {
    "2026-11-29T10:00:00Z".parse().unwrap()
}

fn quick(preset: Preset) -> Plan {
    Plan {
        key_type: KeyType::P256,
        ..Plan::example(preset)
    }
}

fn members(hosts: &[&str], ports: (&str, &str)) -> Vec<MemberPlan> {
    let members = hosts.iter().enumerate().map(|(place, hosts)| MemberPlan {
        name: format!("m{}", place + 1),
        hosts: (*hosts).to_owned(),
        client_port: ports.0.to_owned(),
        peer_port: ports.1.to_owned(),
        ..MemberPlan::default()
    });
    members.collect()
}

fn make(plan: &Plan) -> Lab {
    let mut rng = UnwrapErr(SysRng);
    let brought = (plan.authority.source == AuthoritySource::Bring).then(|| {
        let other = making::make(&quick(Preset::Tutorial), None, now(), &mut rng).unwrap();
        IssuedAuthority::read(&PemPair {
            certificate: other.authority().certificate.clone(),
            key: other.authority().key.to_string(),
        })
        .unwrap()
    });
    making::make(plan, brought.as_ref(), now(), &mut rng).unwrap()
}

/// Every preset, and every way in which its files may be for several.
fn labs() -> Vec<(&'static str, Lab)> {
    let three = [
        "10.0.0.11, localhost, 127.0.0.1",
        "10.0.0.12, localhost, 127.0.0.1",
        "node3.lab.test, 10.0.0.13, localhost",
    ];
    let mut machines = quick(Preset::Cluster);
    machines.members = members(&three, ("2379", "2380"));
    let mut separate = machines.clone();
    separate.separate_authorities = true;
    "app-{1..3}\nünï/app".clone_into(&mut separate.many_clients.names);
    let mut two = machines.clone();
    two.members = members(
        &["10.0.0.11", "10.0.0.11, localhost", "10.0.0.12, localhost"],
        ("2379", "2380"),
    );
    "2479".clone_into(&mut two.members[1].client_port);
    "2480".clone_into(&mut two.members[1].peer_port);
    let mut brought = machines.clone();
    brought.authority.source = AuthoritySource::Bring;
    let mut nodes = quick(Preset::Kubeadm);
    nodes.members = members(
        &["192.0.2.10", "192.0.2.11", "192.0.2.12"],
        ("2379", "2380"),
    );
    let csr = |role: Role| {
        let mut plan = quick(Preset::SignCsr);
        CSR.clone_into(&mut plan.clients[0].csr);
        "127.0.0.1".clone_into(&mut plan.clients[0].names);
        plan.clients[0].choose_role(role);
        plan
    };
    [
        ("tutorial", quick(Preset::Tutorial)),
        ("one machine", quick(Preset::Cluster)),
        ("three machines", machines),
        ("CAs of their own", separate),
        ("two on one machine", two),
        ("a brought CA", brought),
        ("one node", quick(Preset::Kubeadm)),
        ("three nodes", nodes),
        ("one more client", quick(Preset::ClientOnly)),
        ("a CSR", csr(Role::Client)),
        ("a server's CSR", csr(Role::Server)),
    ]
    .map(|(name, plan)| (name, make(&plan)))
    .into()
}

/// The files of a tar with their modes.
fn unpacked(tar: &[u8]) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(tar).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let mode = entry.header().mode().unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        assert!(files.insert(name, (mode, bytes)).is_none());
    }
    files
}

/// The texts of the private keys among files, whatever the files are called.
fn keys(files: &BTreeMap<String, (u32, Vec<u8>)>) -> BTreeSet<String> {
    let texts = files.iter().filter_map(|(name, (mode, bytes))| {
        let text = String::from_utf8(bytes.clone()).ok()?;
        let is_key = text.contains("-BEGIN PRIVATE KEY");
        let ending = Path::new(name).extension();
        assert_eq!(
            is_key,
            ending.is_some_and(|ending| ending == "key"),
            "{name}"
        );
        assert_eq!(is_key, *mode == 0o600, "{name}");
        is_key.then_some(text)
    });
    texts.collect()
}

#[test]
fn no_archive_holds_a_key_of_anybody_else_and_every_key_is_in_one() {
    for (name, lab) in labs() {
        let whole = unpacked(&archive::tar(&lab, [].iter()).unwrap());
        let mut given: BTreeSet<String> = BTreeSet::new();
        let mut names = BTreeSet::new();
        for recipient in lab.recipients() {
            let files = unpacked(&archive::tar_for(&lab, &recipient).unwrap());
            for key in keys(&files) {
                assert!(given.insert(key), "{name}: a key is in two archives");
            }
            assert!(
                names.insert(recipient.name.clone()),
                "{name}: {recipient:?}"
            );
            let authorities: Vec<&str> = lab.authorities().map(|(_, one)| &**one.key).collect();
            for key in keys(&files) {
                let is_authoritys = authorities.contains(&&*key);
                let keeps = recipient.receives == Receives::AuthorityKeys;
                assert_eq!(is_authoritys, keeps, "{name}: {recipient:?}");
            }
            let has_readme = files.keys().any(|file| file.starts_with("README-"));
            let has_commands = files.keys().any(|file| file.starts_with("commands-"));
            assert!(has_readme && has_commands, "{name}: {recipient:?}");
        }
        assert_eq!(
            given,
            keys(&whole),
            "{name}: every key of the lab is given out"
        );
    }
}

#[test]
fn each_machine_has_every_file_that_its_members_are_started_with() {
    for (name, lab) in labs() {
        for recipient in lab.recipients() {
            let files = unpacked(&archive::tar_for(&lab, &recipient).unwrap());
            let deployment = lab.deployment_for(&recipient);
            let has = |path: &str, directory: &str| {
                let file = path.strip_prefix(directory).unwrap();
                let file = file.strip_prefix('/').unwrap();
                assert!(
                    files.contains_key(file),
                    "{name}: {recipient:?} lacks {file}"
                );
            };
            match &recipient.receives {
                Receives::Machine(members) => {
                    for place in members {
                        let member = &deployment.members[*place];
                        let peer = member.peer.as_ref().map(|peer| &peer.tls);
                        for tls in std::iter::once(&member.client_tls).chain(peer) {
                            let directory = member.directory.as_str();
                            has(&tls.certificate, directory);
                            has(&tls.trusted_ca, directory);
                            // A CSR's key is elsewhere.
                            if lab.plan().preset != Preset::SignCsr {
                                has(&tls.key, directory);
                            }
                        }
                    }
                }
                Receives::Client(_) => {
                    let directory = lab.plan().directory.as_str();
                    has(&deployment.server_ca, directory);
                    has(&deployment.clients[0].certificate, directory);
                }
                Receives::AuthorityKeys => {}
            }
        }
    }
}

fn sh(script: &str, folder: &Path) -> Output {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script])
        .current_dir(folder)
        .output()
        .unwrap()
}

/// A lab whose files belong into a folder with a name that nobody is kind about,
/// below a temporary one.
fn lab_in(folder: &TempDir, mut plan: Plan) -> Lab {
    let directory = folder.path().join("it's $HOME");
    directory.to_str().unwrap().clone_into(&mut plan.directory);
    make(&plan)
}

fn write_archive(folder: &TempDir, lab: &Lab, recipient: &Recipient) -> String {
    let deployment = lab.deployment_for(recipient);
    let tar = archive::tar_for(lab, recipient).unwrap();
    fs::write(folder.path().join(&deployment.archive), tar.as_slice()).unwrap();
    let lines = hand_over(&deployment);
    let unpack = lines
        .iter()
        .find(|document| document.id.starts_with("command-unpack"));
    unpack.unwrap().text.clone()
}

#[test]
fn all_archives_can_be_unpacked_into_one_folder() {
    let folder = TempDir::new().unwrap();
    let mut plan = quick(Preset::Cluster);
    "ünï/app".clone_into(&mut plan.many_clients.names);
    let lab = lab_in(&folder, plan);
    let directory = Path::new(&lab.plan().directory).to_owned();
    for _ in 0..2 {
        for recipient in lab.recipients() {
            let unpack = write_archive(&folder, &lab, &recipient);
            let output = sh(&unpack, folder.path());
            assert!(output.status.success(), "{output:?}");
        }
    }
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join("m1-server.key")), 0o600);
    assert_eq!(mode(&directory.join("ünï/app.key")), 0o600);
    assert_eq!(mode(&directory.join("ca.crt")), 0o644);
}

#[test]
fn nothing_is_unpacked_where_another_file_lies() {
    // The reader of the tutorial may have made a `ca.key` there already.
    let folder = TempDir::new().unwrap();
    let mut plan = quick(Preset::Tutorial);
    "ünï".clone_into(&mut plan.many_clients.names);
    let lab = lab_in(&folder, plan);
    let directory = Path::new(&lab.plan().directory).to_owned();
    let all = lab.deployment();
    let tar = archive::tar(&lab, [].iter()).unwrap();
    fs::write(folder.path().join(&all.archive), tar.as_slice()).unwrap();
    let unpack = commands(all).unpack[0].text.clone();
    for shell in ["sh", "bash"] {
        for there in ["ca.key", "ünï.key", "README"] {
            fs::create_dir_all(&directory).unwrap();
            fs::write(directory.join(there), "mine").unwrap();
            let output = Command::new(shell)
                .args(["-c", &unpack])
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert!(!output.status.success(), "{shell} {there}");
            let said = String::from_utf8(output.stderr).unwrap();
            let path = directory.join(there);
            assert!(said.contains(path.to_str().unwrap()), "{said}");
            assert!(said.contains("nothing was unpacked"), "{said}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
            assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "{there}");
            fs::remove_dir_all(&directory).unwrap();
        }
    }
    assert!(sh(&unpack, folder.path()).status.success());
    for recipient in lab.recipients() {
        let unpack = write_archive(&folder, &lab, &recipient);
        let stem = lab.archive_stem_for(&recipient);
        let (directory, file) = match recipient.receives {
            Receives::Machine(_) => (directory.clone(), "etcd.key"),
            Receives::Client(_) => (directory.clone(), "ca.crt"),
            Receives::AuthorityKeys => (folder.path().join(stem), "ca.key"),
        };
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(file), "mine").unwrap();
        let output = sh(&unpack, folder.path());
        assert!(!output.status.success(), "{recipient:?}");
        assert_eq!(fs::read_to_string(directory.join(file)).unwrap(), "mine");
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
    }
}

#[test]
fn a_nodes_part_of_the_whole_archive_overwrites_nothing_either() {
    let folder = TempDir::new().unwrap();
    let mut plan = quick(Preset::Kubeadm);
    plan.members = members(&["192.0.2.10", "192.0.2.11"], ("2379", "2380"));
    let lab = lab_in(&folder, plan);
    let directory = Path::new(&lab.plan().directory).to_owned();
    let all = lab.deployment();
    let tar = archive::tar(&lab, [].iter()).unwrap();
    fs::write(folder.path().join(&all.archive), tar.as_slice()).unwrap();
    let unpack = commands(all).unpack;
    assert!(sh(&unpack[1].text, folder.path()).status.success());
    let key = fs::read(directory.join("etcd/server.key")).unwrap();
    let output = sh(&unpack[0].text, folder.path());
    assert!(!output.status.success(), "the other node's files lie there");
    assert_eq!(fs::read(directory.join("etcd/server.key")).unwrap(), key);
}

#[test]
fn nothing_but_kubeadms_own_files_goes_into_its_folder() {
    let mut two = quick(Preset::Kubeadm);
    two.members = members(&["192.0.2.10", "192.0.2.11"], ("2379", "2380"));
    let own = [
        "apiserver-etcd-client.crt",
        "apiserver-etcd-client.key",
        "etcd/ca.crt",
        "etcd/healthcheck-client.crt",
        "etcd/healthcheck-client.key",
        "etcd/peer.crt",
        "etcd/peer.key",
        "etcd/server.crt",
        "etcd/server.key",
    ];
    for plan in [quick(Preset::Kubeadm), two] {
        let folder = TempDir::new().unwrap();
        let lab = lab_in(&folder, plan);
        let directory = Path::new(&lab.plan().directory).to_owned();
        let beside = format!("{}-lab", directory.display());
        let list = |folder: &Path| {
            let output = sh("find . -type f | sed 's,^./,,' | LC_ALL=C sort", folder);
            let names = String::from_utf8(output.stdout).unwrap();
            names.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        // A machine's own archive, then its part of the whole one.
        let machine = &lab.recipients()[0];
        let unpack = write_archive(&folder, &lab, machine);
        let output = sh(&unpack, folder.path());
        assert!(output.status.success(), "{output:?}");
        assert_eq!(list(&directory), own);
        let documents = list(Path::new(&beside));
        assert!(
            documents.iter().any(|file| file.ends_with("-pod.yaml")),
            "{documents:?}"
        );

        let all = lab.deployment();
        let tar = archive::tar(&lab, [].iter()).unwrap();
        fs::write(folder.path().join(&all.archive), tar.as_slice()).unwrap();
        let unpack = commands(all).unpack[0].text.clone();
        let output = sh(&unpack, folder.path());
        assert!(output.status.success(), "{output:?}");
        let mut found = list(&directory);
        // The archive of all has the CA's key too, where there is one node.
        found.retain(|file| file != "etcd/ca.key");
        assert_eq!(found, own);
    }
}
