//! Real etcds judge what is printed for them: each form of running etcd starts
//! the same server, three members find each other from their lines, roles by
//! common name hold, a revoked client stays outside, and no version is given a
//! flag that it does not know. systemd's own parser reads the units.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcd_pki_lab::{
    etcd::{
        commands::{
            self, Document, Form, commands, etcdctl::environment, gateway::curl, options::options,
            roles::roles,
        },
        deployment::Deployment,
        facts::{
            option::{ConfigKey, EtcdOption},
            release::Series,
        },
        plan::{MemberPlan, Plan, Preset},
    },
    lab::{
        Lab, archive,
        job::{renew::Renewal, signing::SigningAuthority},
        making,
        wire::PemPair,
    },
    pki::{
        authority::Authority,
        certificate::Certificate,
        key::KeyType,
        revocation_list::{RevocationList, RevokedCertificate},
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::etcd::Version;
use support::process::Background;
use support::shell::{Shell, run_bash};
use support::{free_ports, within};
use tempfile::TempDir;

const READY: Duration = Duration::from_secs(30);

fn series(version: Version) -> Series {
    match version {
        Version::V3_4_23 => Series::V3_4,
        Version::V3_5_35 => Series::V3_5,
        Version::V3_6_16 => Series::V3_6,
        Version::V3_7_3 => Series::V3_7,
    }
}

/// A cluster of so many members on this machine, its files unpacked by the
/// printed lines into a folder whose name nobody is kind about.
struct Issued {
    folder: TempDir,
    lab: Lab,
    deployment: Deployment,
}

impl Issued {
    fn new<const PORTS: usize>(folder_name: &str, series: Series) -> Self {
        let folder = TempDir::new().unwrap();
        let ports = free_ports::<PORTS>();
        let members = ports
            .chunks(2)
            .enumerate()
            .map(|(index, ports)| MemberPlan {
                name: format!("m{}", index + 1),
                client_port: ports[0].to_string(),
                peer_port: ports[1].to_string(),
                ..MemberPlan::default()
            });
        let mut plan = Plan {
            etcd: series,
            // RSA takes its time, and is judged elsewhere.
            key_type: KeyType::P256,
            directory: folder.path().join(folder_name).to_str().unwrap().to_owned(),
            members: members.collect(),
            ..Plan::preset(Preset::Cluster)
        };
        let mut second = plan.clients[1].clone();
        "second".clone_into(&mut second.name);
        "CN=second".clone_into(&mut second.subject);
        plan.clients.push(second);
        let lab = making::make(&plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap();
        let deployment = lab.deployment();
        let tar = folder.path().join(&deployment.archive);
        let archive = archive::tar(&lab, std::iter::empty()).unwrap();
        fs::write(tar, archive.as_slice()).unwrap();
        for unpack in commands(deployment.clone()).unpack {
            run_bash(&unpack.text, folder.path()).succeeded();
        }
        Self {
            folder,
            lab,
            deployment,
        }
    }

    /// Puts renewed certificates and new keys in the place of the old ones.
    fn renew(&self, stems: &[&str]) {
        let authority = self.lab.authority();
        let directory = &self.deployment.members[0].directory;
        for stem in stems {
            let mut identities = self.lab.identities().iter();
            let old = identities.find(|one| one.stem() == *stem).unwrap();
            let renewal = Renewal {
                authorities: vec![SigningAuthority {
                    pair: PemPair {
                        certificate: authority.certificate.clone(),
                        key: authority.key.to_string(),
                    },
                    passphrase: None,
                }],
                certificate: old.certificate.clone(),
                new_key: true,
                days: "30".to_owned(),
                foreign: false,
                now: Timestamp::now(),
            };
            let renewed = renewal.perform(&mut UnwrapErr(SysRng)).unwrap();
            assert_ne!(renewed.serial_number, old.serial_number);
            for (ending, text) in [
                ("crt", &renewed.certificate),
                ("key", &renewed.key.unwrap().0),
            ] {
                fs::write(directory.join(&format!("{stem}.{ending}")), text).unwrap();
            }
        }
    }

    /// A new folder for a process.
    fn place(&self, name: &str) -> PathBuf {
        let place = self.folder.path().join("run").join(name);
        fs::create_dir_all(&place).unwrap();
        place
    }

    fn shell(&self, version: Version) -> Shell {
        Shell::in_folder(self.folder.path()).with_etcd(version)
    }

    fn start(&self, version: Version, line: &str, place: &str) -> Background {
        let mut shell = Shell::in_folder(&self.place(place)).with_etcd(version);
        // Nothing that a caller has set may play a part.
        shell = shell.with_variable("ETCDCTL_API", "3");
        Background::start(&mut shell.command(line))
    }

    fn client(&self, stem: &str) -> &etcd_pki_lab::etcd::deployment::Client {
        let mut clients = self.deployment.clients.iter();
        clients.find(|client| client.stem == stem).unwrap()
    }
}

/// The lines that start the members in one form, ready to be run here.
fn start_lines(deployment: &Deployment, form: Form) -> Vec<String> {
    let documents = commands::etcd(deployment, form).documents;
    if form == Form::Systemd {
        let units = documents
            .iter()
            .filter(|document| document.file_name.is_some());
        return units
            .map(|unit| shlex::try_join(exec_start(&unit.text).iter().map(String::as_str)).unwrap())
            .collect();
    }
    documents
        .into_iter()
        .filter(|document| document.id.starts_with("command-etcd"))
        .map(|document| document.text)
        .collect()
}

/// The words of `ExecStart=` as systemd reads them: its verifier tells, when it
/// is asked to tell everything. What it prints is quoted for a shell, before
/// variables are looked up, where `$$` is one `$`.
fn exec_start(unit: &str) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("etcd.service"), unit).unwrap();
    let output = run_bash(
        "SYSTEMD_LOG_LEVEL=debug systemd-analyze verify ./etcd.service",
        folder.path(),
    );
    let said = format!("{}{}", output.stdout, output.stderr);
    let line = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("Command Line: "))
        .unwrap_or_else(|| panic!("systemd reads no command from\n{unit}\n{said}"));
    let words = shlex::split(line).unwrap_or_else(|| panic!("{line}"));
    words.iter().map(|word| word.replace("$$", "$")).collect()
}

fn ready(etcd: &mut Background) {
    let outcome = within(READY, || {
        if etcd.log().contains("ready to serve client requests") {
            return Some(true);
        }
        etcd.ended().map(|_| false)
    });
    assert_eq!(outcome, Some(true), "etcd is not ready:\n{}", etcd.log());
}

/// What a server says of its own configuration while it starts, without times.
fn configuration(log: &str) -> Vec<String> {
    const TOLD: [&str; 5] = [
        "starting an etcd server",
        "starting with peer TLS",
        "starting with client TLS",
        "configuring peer listeners",
        "configuring client listeners",
    ];
    let mut told: Vec<String> = log
        .lines()
        .filter_map(|line| {
            // 3.4 writes lines of text, later ones JSON.
            if let Some((_, text)) = line.split_once(" | embed: ") {
                let told = !text.starts_with("rejected connection");
                return told.then(|| text.to_owned());
            }
            let mut entry: serde_json::Value = serde_json::from_str(line).ok()?;
            let entry = entry.as_object_mut()?;
            let message = entry.get("msg")?.as_str()?;
            if !TOLD.contains(&message) {
                return None;
            }
            // The mode of compaction means nothing without a retention; flags and
            // config file leave it at different defaults.
            for volatile in ["ts", "caller", "level", "auto-compaction-mode"] {
                entry.remove(volatile);
            }
            serde_json::to_string(entry).ok()
        })
        .collect();
    told.sort();
    told
}

#[test]
fn every_form_starts_the_same_server() {
    for version in Version::ALL {
        let issued = Issued::new::<2>("it's $HOME \"x\" 100% ü", series(version));
        for document in commands::files(&issued.deployment) {
            let name = document.file_name.unwrap();
            let member = &issued.deployment.members[0];
            let saved = document
                .saved_as
                .unwrap_or_else(|| member.directory.join(&name));
            assert_eq!(
                fs::read_to_string(saved).unwrap(),
                document.text,
                "{name} is in the archive as it is on the page"
            );
        }
        let mut told: Vec<(Form, Vec<String>)> = Vec::new();
        for form in [
            Form::Shell,
            Form::Environment,
            Form::ConfigFile,
            Form::Systemd,
        ] {
            let line = &start_lines(&issued.deployment, form)[0];
            let mut etcd = issued.start(version, line, &form.to_string());
            ready(&mut etcd);
            let asked = commands(issued.deployment.clone()).verified;
            let shell = issued.shell(version);
            shell.run(&asked.without_certificate).failed();
            assert_eq!(shell.run(&asked.clients[0].put).succeeded(), "OK\n");
            let configuration = configuration(&etcd.log());
            assert!(!configuration.is_empty(), "{}", etcd.log());
            told.push((form, configuration));
        }
        let (_, shell) = &told[0];
        for (form, configuration) in &told[1..] {
            assert_eq!(configuration, shell, "{version:?} {form}");
        }
    }
}

#[test]
fn three_members_form_a_quorum_and_roles_by_common_name_hold() {
    for version in Version::ALL {
        // With a colon, where curl would take what follows for a passphrase.
        let issued = Issued::new::<6>(r"certificates:of\it", series(version));
        let lines = start_lines(&issued.deployment, Form::Shell);
        let place = |index: usize| format!("m{index}");
        let mut members: Vec<Background> = lines
            .iter()
            .enumerate()
            .map(|(index, line)| issued.start(version, line, &place(index)))
            .collect();
        members.iter_mut().for_each(ready);
        let shell = issued.shell(version);
        let asked = commands(issued.deployment.clone()).verified;
        let client = 1;
        assert_eq!(asked.clients[client].stem, "client");
        shell.run(&asked.without_certificate).failed();
        let put_and_get = || {
            assert_eq!(shell.run(&asked.clients[client].put).succeeded(), "OK\n");
            let got = shell.run(&asked.clients[client].get);
            assert_eq!(got.succeeded(), "testclient\ndata\n");
        };
        put_and_get();
        let [put, get] = environment(&issued.deployment, issued.client("client"));
        assert_eq!(shell.run(&put.text).succeeded(), "OK\n");
        assert_eq!(shell.run(&get.text).succeeded(), "testclient\ndata\n");
        over_the_gateway(&issued, &shell);

        // Two of three are a quorum, and the third comes back with renewed
        // certificates for new keys.
        drop(members.pop());
        put_and_get();
        issued.renew(&["m3-server", "m3-peer"]);
        let mut again = issued.start(version, &lines[2], &place(2));
        ready(&mut again);
        members.push(again);

        by_role(&issued, version, &shell);
    }
}

/// What curl is told over the gateway.
fn over_the_gateway(issued: &Issued, shell: &Shell) {
    let [put, get, health] = curl(&issued.deployment, issued.client("client"))
        .try_into()
        .unwrap();
    let run = |document: &Document| shell.run(&document.text).succeeded().to_owned();
    assert!(run(&put).contains("\"revision\""));
    // `data` in base64.
    assert!(run(&get).contains("\"value\":\"ZGF0YQ==\""));
    assert!(run(&health).contains("\"health\":\"true\""));
}

/// Switches roles on, and off again.
fn by_role(issued: &Issued, version: Version, shell: &Shell) {
    let roles = roles(&issued.deployment).unwrap();
    let enabled = shell.run(&roles.enable.text);
    assert!(
        enabled.succeeded().ends_with("Authentication Enabled\n"),
        "{version:?}: {enabled:?}"
    );
    let [allowed, denied] = roles.show.try_into().unwrap();
    assert_eq!(shell.run(&allowed.text).succeeded(), "OK\n");
    let said = shell.run(&denied.text).failed();
    assert!(said.contains("permission denied"), "{version:?}: {said}");
    // Reading is no different, and another client's prefix is not one's own.
    for key in ["testclient", "/second/greeting", "/client"] {
        let said = shell
            .run(
                &denied
                    .text
                    .replace("put elsewhere hello", &format!("get {key}")),
            )
            .failed();
        assert!(
            said.contains("permission denied"),
            "{version:?} {key}: {said}"
        );
    }
    let read = allowed
        .text
        .replace("put /client/greeting hello", "get /client/ --prefix");
    assert_eq!(shell.run(&read).succeeded(), "/client/greeting\nhello\n");
    shell.run(&roles.disable.text).succeeded();
    assert_eq!(shell.run(&denied.text).succeeded(), "OK\n");
}

#[test]
fn a_revoked_client_stays_outside_and_the_others_do_not() {
    for version in Version::ALL {
        let mut issued = Issued::new::<2>("certificates", series(version));
        let directory = issued.deployment.members[0].directory.clone();
        let list = directory.join("ca.crl");
        fs::write(&list, revocation_list(&issued.lab, "client").der()).unwrap();
        issued.deployment.members[0].client_tls.revocation_list = Some(list);
        assert!(
            commands::etcd(&issued.deployment, Form::ConfigFile)
                .documents
                .is_empty(),
            "the config file has no key for it"
        );
        let environment = Form::Environment;
        for document in commands::etcd(&issued.deployment, environment).documents {
            if let Some(path) = document.saved_as {
                fs::write(path, document.text).unwrap();
            }
        }
        for form in [Form::Shell, environment, Form::Systemd] {
            let line = &start_lines(&issued.deployment, form)[0];
            let mut etcd = issued.start(version, line, &form.to_string());
            ready(&mut etcd);
            let shell = issued.shell(version);
            for commands in commands(issued.deployment.clone()).verified.clients {
                let put = shell.run(&commands.put);
                if commands.stem == "client" {
                    put.failed();
                } else {
                    assert_eq!(put.succeeded(), "OK\n", "{version:?} {form}");
                }
            }
            assert!(
                etcd.prints("revoked", Duration::from_secs(10)),
                "{version:?} {form}: {}",
                etcd.log()
            );
        }
    }
}

/// The CA's list with one client on it.
fn revocation_list(lab: &Lab, stem: &str) -> RevocationList {
    let now = Timestamp::now();
    let authority = lab.authority();
    let authority = Authority::from_pem(&authority.certificate, &authority.key, now).unwrap();
    let mut identities = lab.identities().iter();
    let revoked = identities.find(|one| one.stem() == stem).unwrap();
    let serial_number = Certificate::from_pem(&revoked.certificate)
        .unwrap()
        .serial();
    RevocationList::issue(
        authority.issuer(),
        &[RevokedCertificate {
            serial_number,
            date: now,
            reason: None,
        }],
        1,
        "30".parse().unwrap(),
        now,
        &mut UnwrapErr(SysRng),
    )
    .unwrap()
}

#[test]
fn the_table_of_flags_is_what_each_etcd_knows() {
    let folder = TempDir::new().unwrap();
    for version in Version::ALL {
        let shell = Shell::in_folder(folder.path()).with_etcd(version);
        let patch: u16 = version
            .number()
            .rsplit('.')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        for option in EtcdOption::ALL {
            let output = shell.run(&format!("etcd {}=1 --version", option.flag()));
            let unknown = format!("{}{}", output.stdout, output.stderr).contains("not defined");
            let there = option
                .since()
                .first(series(version))
                .is_some_and(|first| patch >= first);
            assert_eq!(!unknown, there, "{} in {version:?}", option.flag());
        }
    }
}

/// A key that etcd does not know is an error only to 3.4 and later ones with
/// strict reading, so the keys are judged by what they do in the forms' test;
/// here, that each option which is printed has one, or is known to have none.
#[test]
fn every_printed_option_has_its_place_in_the_config_file() {
    let issued = Issued::new::<2>("certificates", Series::V3_7);
    for (option, _) in options(&issued.deployment, &issued.deployment.members[0]) {
        assert_ne!(option.config_key(), ConfigKey::Nowhere, "{}", option.flag());
    }
}

#[test]
fn systemd_finds_nothing_amiss_with_a_unit() {
    let issued = Issued::new::<2>("it's $HOME \"x\" 100% ü", Series::V3_7);
    let documents = commands::etcd(&issued.deployment, Form::Systemd).documents;
    let unit = documents
        .iter()
        .find(|document| document.file_name.is_some())
        .unwrap();
    let words: Vec<String> = options(&issued.deployment, &issued.deployment.members[0])
        .iter()
        .map(|(option, value)| match value.text().as_str() {
            "true" => option.flag().to_owned(),
            text => format!("{}={text}", option.flag()),
        })
        .collect();
    assert_eq!(exec_start(&unit.text)[1..], words);
    // systemd looks for the program as well: here it is where the tools are.
    let etcd = Version::V3_7_3.folder().join("etcd");
    let text = unit
        .text
        .replace("ExecStart=etcd", &format!("ExecStart={}", etcd.display()));
    let folder = issued.place("unit");
    fs::write(folder.join("etcd.service"), text).unwrap();
    let output = run_bash("systemd-analyze verify ./etcd.service", Path::new(&folder));
    output.succeeded();
    let said = format!("{}{}", output.stdout, output.stderr);
    assert!(!said.contains("etcd.service"), "{said}");
}
