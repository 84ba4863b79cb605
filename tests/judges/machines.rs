//! A cluster of three machines, each given its own archive and the printed lines and
//! nothing else, forms a quorum that a fourth machine's client asks. A machine here is a
//! network namespace with its own address on a common wire, its own `/etc`, its own
//! home and its own folder of files: what another machine has, it can't see.
//!
//! It needs root, which network namespaces do, and so is no step of the whole test but
//! asked for by the feature `namespaces`. It copies the archive where `scp` would bring
//! it.

#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use etcd_pki_lab::{
    etcd::{
        commands::{Form, etcd, files, hand_over},
        deployment::{Deployment, Receives, Recipient},
        facts::release::Series,
        plan::{Plan, Preset},
    },
    lab::{Lab, archive, making},
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::etcd::Version;
use support::process::Background;
use support::shell::run_bash;
use support::within;
use tempfile::TempDir;

const READY: Duration = Duration::from_mins(1);

/// Where each machine has its files; each its own, by a mount.
const FOLDER: &str = "/etc/etcd/pki";

/// Machines on one wire.
struct Wire {
    name: String,
    disks: TempDir,
    version: Version,
    machines: usize,
}

impl Wire {
    /// A wire with machines at 10.0.0.11 and on, which see one another and nobody
    /// else.
    fn new(version: Version, machines: usize) -> Self {
        let name = format!("lab{}{}", process::id(), version.number().replace('.', ""));
        let wire = Self {
            name,
            disks: TempDir::new().unwrap(),
            version,
            machines,
        };
        // The user etcd has to find its way in.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(wire.disks.path(), open).unwrap();
        let hub = wire.namespace(0);
        let mut script = format!(
            "set -e\nip netns add {hub}\nip -n {hub} link add wire type bridge\nip -n {hub} link set wire up\n"
        );
        for machine in 1..=machines {
            let namespace = wire.namespace(machine);
            let disk = wire.disk(machine);
            let disk = disk.to_str().unwrap();
            let machines_own = format!(
                "ip netns add {namespace}\n\
                 ip -n {hub} link add port{machine} type veth peer name eth0 netns {namespace}\n\
                 ip -n {hub} link set port{machine} master wire up\n\
                 ip -n {namespace} addr add 10.0.0.{}/24 dev eth0\n\
                 ip -n {namespace} link set eth0 up\n\
                 ip -n {namespace} link set lo up\n\
                 mkdir -p {disk}/home {disk}/data\n\
                 cp -a /etc {disk}/etc\n",
                10 + machine
            );
            script.push_str(&machines_own);
        }
        run_bash(&script, wire.disks.path()).succeeded();
        wire
    }

    fn namespace(&self, machine: usize) -> String {
        format!("{}-{machine}", self.name)
    }

    fn disk(&self, machine: usize) -> PathBuf {
        self.disks.path().join(format!("disk-{machine}"))
    }

    /// A script on a machine, as root in its home, or as the user etcd in the folder
    /// of its data.
    fn on(&self, machine: usize, as_etcd: bool, script: &str) -> Command {
        let disk = self.disk(machine);
        let disk = disk.to_str().unwrap();
        let enter = if as_etcd {
            "chown etcd: \"$0/data\" && cd \"$0/data\" && exec setpriv --reuid etcd --regid etcd --clear-groups bash -c \"$1\""
        } else {
            "cd \"$0/home\" && exec bash -c \"$1\""
        };
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace(machine)])
            .args(["unshare", "--mount", "bash", "-c"])
            .arg(format!("mount --bind \"$0/etc\" /etc && {enter}"))
            .args([disk, script]);
        let programs = self.version.folder();
        command.env(
            "PATH",
            format!(
                "{}:/usr/sbin:/usr/bin:/sbin:/bin",
                programs.to_str().unwrap()
            ),
        );
        command
    }

    fn run(&self, machine: usize, script: &str) -> Result<String, String> {
        let output = self.on(machine, false, script).output().unwrap();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if output.status.success() {
            Ok(text)
        } else {
            Err(text)
        }
    }

    /// Brings a recipient's archive into a machine's home and runs the lines that are
    /// printed beside it.
    fn hand_over(&self, machine: usize, lab: &Lab, recipient: &Recipient) -> Deployment {
        let deployment = lab.deployment_for(recipient);
        let tar = archive::tar_for(lab, recipient).unwrap();
        let home = self.disk(machine).join("home");
        fs::write(home.join(&deployment.archive), tar.as_slice()).unwrap();
        for document in hand_over(&deployment) {
            if document.id.starts_with("command-bring") {
                let address = format!("root@10.0.0.{}:", 10 + machine);
                assert!(document.text.ends_with(&address), "{}", document.text);
            } else {
                self.run(machine, &document.text).unwrap();
            }
        }
        deployment
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        for machine in 0..=self.machines {
            let namespace = self.namespace(machine);
            // What is not there any more is not taken away.
            let _ = Command::new("ip")
                .args(["netns", "del", &namespace])
                .output();
        }
    }
}

fn lab(series: Series) -> Lab {
    let mut plan = Plan {
        etcd: series,
        // RSA takes its time, and is judged elsewhere.
        key_type: KeyType::P256,
        ..Plan::preset(Preset::Cluster)
    };
    plan.take_hosts("10.0.0.11-13").unwrap();
    assert_eq!(plan.directory, FOLDER);
    making::make(&plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap()
}

/// The line that starts the member that a machine's deployment is for.
fn start(deployment: &Deployment) -> String {
    let documents = etcd(deployment, Form::Shell).documents;
    let mut lines = documents
        .into_iter()
        .filter(|document| document.id.starts_with("command-etcd"));
    let line = lines.next().unwrap();
    assert_eq!(lines.next(), None, "one machine starts one member");
    line.text
}

/// What a machine's `commands.sh` has it ask for its own health.
fn health(deployment: &Deployment) -> String {
    let script = files(deployment)
        .into_iter()
        .find(|file| file.id == "file-commands")
        .unwrap();
    let after = script
        .text
        .split("Ask for its health, on this machine")
        .nth(1);
    let lines = after.unwrap().lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

fn forms_a_quorum(version: Version, series: Series) {
    let lab = lab(series);
    let wire = Wire::new(version, 4);
    let mut members = Vec::new();
    for recipient in lab.recipients() {
        match &recipient.receives {
            Receives::Machine(places) => {
                let machine = places[0] + 1;
                let deployment = wire.hand_over(machine, &lab, &recipient);
                members.push((machine, deployment));
            }
            Receives::Client(_) | Receives::AuthorityKeys => {}
        }
    }
    assert_eq!(members.len(), 3);
    let mut running: Vec<Background> = members
        .iter()
        .map(|(machine, deployment)| {
            Background::start(&mut wire.on(*machine, true, &start(deployment)))
        })
        .collect();
    for (place, (machine, deployment)) in members.iter().enumerate() {
        let line = health(deployment);
        assert!(line.contains("localhost:2379"), "{line}");
        let mut said = String::new();
        let healthy = within(READY, || {
            said = wire.run(*machine, &line).unwrap_or_else(|failed| failed);
            said.contains("is healthy").then_some(())
        });
        assert!(healthy.is_some(), "{said}\n{}", running[place].log());
    }
    // Nobody has more than the own keys.
    for (machine, _) in &members {
        let folder = wire.disk(*machine).join("etc/etcd/pki");
        let keys: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| Path::new(name).extension().is_some_and(|it| it == "key"))
            .collect();
        assert_eq!(keys.len(), 2, "{keys:?}");
        assert!(
            keys.iter()
                .all(|key| key.starts_with(&format!("m{machine}-")))
        );
    }
    let recipients = lab.recipients();
    let client = recipients.iter().find(|one| one.name == "client-client");
    let deployment = wire.hand_over(4, &lab, client.unwrap());
    let asked = etcd_pki_lab::etcd::commands::commands(deployment);
    let client = &asked.verified.clients[0];
    assert!(wire.run(4, &client.put).unwrap().contains("OK"));
    assert!(wire.run(4, &client.get).unwrap().contains("data"));
    assert!(wire.run(4, &asked.verified.without_certificate).is_err());
    // Two of three are a quorum still.
    drop(running.pop());
    let put = within(READY, || {
        let said = wire.run(4, &client.put).ok()?;
        said.contains("OK").then_some(())
    });
    assert!(put.is_some(), "two of three members serve no client");
    // One of three is none.
    drop(running.pop());
    assert!(
        wire.run(4, &client.put).is_err(),
        "one of three is no quorum"
    );
}

#[test]
fn three_machines_with_their_own_archives_form_a_quorum_of_the_oldest_etcd() {
    forms_a_quorum(Version::V3_4_23, Series::V3_4);
}

#[test]
fn three_machines_with_their_own_archives_form_a_quorum_of_the_newest_etcd() {
    forms_a_quorum(Version::V3_7_3, Series::V3_7);
}
