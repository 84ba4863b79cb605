use getrandom::{SysRng, rand_core::UnwrapErr};

use std::collections::BTreeMap;

use super::*;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::peer::{PeerMember, PeerQuestion, judge_peer};
use crate::etcd::judge::{Stage, Verdict};
use crate::etcd::telling::foretold::Foretold;
use crate::lab::job::judge::{Inquiry, Judged};
use crate::pki::key::KeyType;

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn site() -> Site {
    Site {
        directory: "/root/it's certificates".to_owned(),
        port: "2379".to_owned(),
    }
}

fn judged(set: &DrillSet, build: &str) -> Judged {
    let files = set.files.iter();
    Inquiry {
        server: set.etcd.clone(),
        client: set.etcdctl.clone(),
        files: files
            .map(|file| (set.path(&file.name), file.contents.clone()))
            .collect(),
        build: build.to_owned(),
        now: now(),
        users: set.users.clone(),
        earlier: Vec::new(),
    }
    .judge()
    .unwrap()
}

fn drill(id: &str) -> Drill {
    Drill::from_id(id).unwrap()
}

/// The rule that each drill is about.
const RULES: [(&str, &str); 25] = [
    ("no-client-certificate", "client-certificate-required"),
    ("unknown-client-ca", "client-ca-known"),
    ("remade-ca", "signature-fits-issuer"),
    ("unknown-server-ca", "server-ca-known"),
    ("expired-client", "validity-ends"),
    ("expired-server", "validity-ends"),
    ("not-yet-valid", "validity-begins"),
    ("wrong-usage", "usage-client"),
    ("server-without-client-auth", "accepted"),
    ("member-without-client-auth", "accepted"),
    ("name-of-the-gateway", "accepted"),
    ("no-san", "common-name-is-no-host"),
    ("address-as-dns-name", "address-san"),
    ("wrong-host", "host-san"),
    ("socket", "host-san"),
    ("key-of-another-certificate", "key-fits-certificate"),
    ("encrypted-key", "key-not-encrypted"),
    ("post-quantum-server", "key-readable"),
    ("missing-intermediate", "client-ca-known"),
    ("path-length", "path-length"),
    ("name-constraint", "name-constraints"),
    ("revoked", "not-revoked"),
    ("list-in-pem", "crl-readable"),
    ("strong-suites-alone", "known-cipher-suite"),
    ("unknown-user", "common-name-is-user"),
];

#[test]
fn each_drill_breaks_its_rule_and_is_mended() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    assert_eq!(
        RULES.map(|(id, _)| drill(id)).to_vec(),
        Drill::all().collect::<Vec<_>>()
    );
    for (id, rule) in RULES {
        let drill = drill(id);
        let mut make = |mended| make(drill, mended, &basis, &site(), now(), &mut rng).unwrap();
        let (broken, mended) = (make(false), make(true));
        for build in ["3.4.23", "3.5.1", "3.5.16", "3.5.30", "3.6.14", "3.7.0"] {
            let judged_broken = judged(&broken, build);
            let what = format!("{drill:?} with {build}: {judged_broken:#?}");
            if id == "list-in-pem" && build < "3.6" {
                assert!(judged_broken.finding.all_is_well(), "{what}");
                continue;
            }
            // A member that nobody lets in is healthy all the same: see below.
            let is_told = id == "member-without-client-auth";
            assert_eq!(judged_broken.finding.all_is_well(), is_told, "{what}");
            // A socket has any path since 3.5.13; before, it is mended by no certificate.
            if id == "socket" && ["3.4.23", "3.5.1"].contains(&build) {
                let mended = judged(&mended, build).finding;
                assert_eq!(mended.verdict, Verdict::ServerStartFailed, "{what}");
                assert_eq!(mended, judged_broken.finding, "{what}");
                continue;
            }
            let no_names = drill.id() == "no-san";
            let broken_rule = judged_broken.finding.rule.id();
            assert!(
                broken_rule == rule || no_names && broken_rule == "address-san",
                "{what}"
            );
            let judged_mended = judged(&mended, build);
            assert!(
                judged_mended.finding.all_is_well(),
                "{drill:?} with {build}: {judged_mended:#?}"
            );
            assert_eq!(judged_mended.transcript.etcdctl, ["OK"]);
            assert_eq!(
                judged_mended.finding.gateway,
                match id {
                    // curl is asked at no socket.
                    "socket" => None,
                    _ if broken.users.is_some() => Some(400),
                    _ => Some(200),
                }
            );
        }
    }
}

#[test]
fn a_server_without_client_usage_breaks_the_gateway_alone() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let drill = drill("server-without-client-auth");
    let set = make(drill, false, &basis, &site(), now(), &mut rng).unwrap();
    let judged = judged(&set, "3.5.30");
    assert_eq!(
        (judged.finding.verdict, judged.finding.stage),
        (Verdict::Accepted, Stage::Done)
    );
    assert_eq!(judged.finding.gateway, Some(503));
    assert!(judged.transcript.etcd.contains("incompatible key usage"));
}

#[test]
fn a_member_without_client_usage_is_told_what_the_others_log() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let drill = drill("member-without-client-auth");
    for mended in [false, true] {
        let set = make(drill, mended, &basis, &site(), now(), &mut rng).unwrap();
        let files = set.files.iter();
        let files: BTreeMap<String, Vec<u8>> = files
            .map(|file| (set.path(&file.name), file.contents.to_vec()))
            .collect();
        for version in ["3.4.23", "3.5.1", "3.5.35", "3.6.16", "3.7.3"] {
            let member = |line| PeerMember {
                line,
                files: &files,
                build: EtcdBuild::parse(version).unwrap(),
            };
            let dialled = |dialer, listener| {
                judge_peer(&PeerQuestion {
                    dialer: member(dialer),
                    listener: member(listener),
                    now: now(),
                    from: None,
                    names: &BTreeMap::new(),
                })
                .unwrap()
            };
            let told = judged(&set, version).foretold;
            for other in &set.others {
                // The others get through to it, whatever it has.
                assert!(dialled(other, &set.etcd).all_is_well(), "{other}");
                let refused = dialled(&set.etcd, other);
                match told.as_slice() {
                    [Foretold::MemberThatCannotDial { file, log }] if !mended => {
                        assert_eq!(*file, set.path("n1.crt"));
                        assert_eq!(refused.listener, std::slice::from_ref(log));
                        assert_eq!(refused.rule.id(), "usage-client");
                    }
                    [] if mended => assert!(refused.all_is_well(), "{refused:?}"),
                    _ => panic!("{version}: {told:?}"),
                }
            }
        }
    }
}

#[test]
fn a_cluster_has_room_beside_any_port() {
    for (port, last) in [("2379", 2580), ("65535", 65334), ("0", 201), ("", 2580)] {
        let url = Cluster::beside(port).url(2, 1);
        assert_eq!(url, format!("https://127.0.0.1:{last}"), "{port}");
    }
}

/// Measured on 3.6.16, whose gateway dials when etcd starts; 3.7.3 logged the second
/// line alone.
#[test]
fn a_list_that_nobody_reads_turns_the_gateway_away_by_its_own_names() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let drill = drill("list-in-pem");
    let set = make(drill, false, &basis, &site(), now(), &mut rng).unwrap();
    let line = |names: &str| {
        format!(
            "\"caller\":\"embed/config_logging.go:185\",\"msg\":\"rejected connection on client endpoint\",\"remote-addr\":\"127.0.0.1:45942\",\"server-name\":\"\",{names},\"error\":\"x509: malformed crl\"}}"
        )
    };
    let of_gateway = line("\"ip-addresses\":[\"127.0.0.1\"],\"dns-names\":[\"localhost\"]");
    let of_client = line("\"ip-addresses\":[],\"dns-names\":[]");
    for (version, lines) in [
        ("3.6.16", vec![&of_gateway, &of_client]),
        ("3.7.3", vec![&of_client]),
    ] {
        let log = judged(&set, version).transcript.etcd;
        let found: Vec<&str> = log.lines().collect();
        assert_eq!(found.len(), lines.len(), "{log}");
        for (found, line) in found.iter().zip(lines) {
            assert!(found.ends_with(line), "{found}\nand not\n{line}");
        }
    }
}

#[test]
fn who_comes_by_a_socket_has_no_address() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let set = make(drill("socket"), false, &basis, &site(), now(), &mut rng).unwrap();
    let log = judged(&set, "3.7.3").transcript.etcd;
    assert!(
        log.contains("\"remote-addr\":\"@\",\"server-name\":\"etcd.sock\",\"error\":\"remote error: tls: bad certificate\""),
        "{log}"
    );
    // Without a certificate the writing end may find it closed.
    let mut bare = set.clone();
    let (flags, words) = bare.etcdctl.split_once(" --cert ").unwrap();
    let (_, words) = words.split_once(" put ").unwrap();
    bare.etcdctl =
        format!("{flags} put {words}").replace("--cacert", "--insecure-skip-tls-verify --cacert");
    let printed = judged(&bare, "3.7.3").transcript.etcdctl.join("\n");
    let socket = set.path("etcd.sock");
    assert!(
        printed.contains(&format!("write unix @->{socket}: write: broken pipe")),
        "{printed}"
    );
}

#[test]
fn a_mend_changes_the_file_at_fault_and_no_other() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let drill = drill("expired-client");
    let mut make = |mended| make(drill, mended, &basis, &site(), now(), &mut rng).unwrap();
    let (broken, mended) = (make(false), make(true));
    let other: Vec<&str> = broken
        .files
        .iter()
        .filter(|file| {
            let same = mended.files.iter().find(|same| same.name == file.name);
            same.map(|same| &same.contents) != Some(&file.contents)
        })
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(other, ["client.crt"]);
}

#[test]
fn an_archive_keeps_to_its_own_folder_and_keys_to_their_owner() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let set = make(drill("revoked"), false, &basis, &site(), now(), &mut rng).unwrap();
    let archive = set.tar().unwrap();
    let mut archive = tar::Archive::new(archive.as_slice());
    let mut count = 0;
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        assert!(path.starts_with("drill-revoked"), "{path:?}");
        let secret = path.extension().is_some_and(|extension| extension == "key");
        assert_eq!(
            entry.header().mode().unwrap() & 0o777,
            if secret { 0o600 } else { 0o644 }
        );
        count += 1;
    }
    assert_eq!(count, 6);
}

#[test]
fn identifiers_are_unique_and_lead_back() {
    for drill in Drill::all() {
        assert_eq!(Drill::from_id(drill.id()), Some(drill));
        assert_eq!(Drill::all().filter(|other| *other == drill).count(), 1);
        let travelled = serde_json::to_string(&drill).unwrap();
        assert_eq!(serde_json::from_str::<Drill>(&travelled).unwrap(), drill);
    }
    assert_eq!(Drill::from_id("nothing"), None);
}

#[test]
fn drills_of_a_post_quantum_lab_are_about_their_own_mistake() {
    let mut rng = UnwrapErr(SysRng);
    let key = PrivateKey::generate(KeyType::MlDsa44, &mut rng).unwrap();
    let options = authority("CN=KUBERNETES-CA").unwrap();
    let template = Template::authority(&options, &key.public_key()).unwrap();
    let certificate = template.sign_itself(&key, now(), &mut rng).unwrap();
    let secret = Secret(key.to_pem().unwrap().to_string());
    let seed = Seed {
        authority: Some(CertificateAndKey { certificate, key }.to_pem().unwrap()),
        server_key: Some(secret.clone()),
        client_key: Some(secret),
    };
    let basis = Basis::make(&seed, now(), &mut rng).unwrap();
    let expired = drill("expired-client");
    let set = make(expired, false, &basis, &site(), now(), &mut rng).unwrap();
    assert_eq!(judged(&set, "3.7.0").finding.rule.id(), "validity-ends");
}

#[test]
fn an_etcd_of_the_next_go_takes_a_post_quantum_server() {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let drill = drill("post-quantum-server");
    let set = make(drill, false, &basis, &site(), now(), &mut rng).unwrap();
    assert!(judged(&set, "3.7.3-go1.27.3").finding.all_is_well());
    let old = judged(&set, "3.7.3");
    assert!(
        old.transcript
            .etcd
            .contains("tls: failed to parse private key")
    );
}

#[test]
fn a_ca_that_was_brought_with_those_above_it_makes_drills_too() {
    let mut rng = UnwrapErr(SysRng);
    let root = CertificateAndKey::root(&authority("CN=root").unwrap(), now(), &mut rng).unwrap();
    let key = new_key(&mut rng).unwrap();
    let template =
        Template::authority(&authority("CN=middle").unwrap(), &key.public_key()).unwrap();
    let certificate = root.issue(&template, now(), &mut rng).unwrap();
    let mut brought = CertificateAndKey { certificate, key }.to_pem().unwrap();
    brought.certificate += &root.certificate.to_pem().unwrap();
    let seed = Seed {
        authority: Some(brought),
        ..Seed::default()
    };
    let basis = Basis::make(&seed, now(), &mut rng).unwrap();
    let mut make = |mended| {
        let drill = drill("expired-client");
        make(drill, mended, &basis, &site(), now(), &mut rng).unwrap()
    };
    let (broken, mended) = (make(false), make(true));
    assert_eq!(judged(&broken, "3.6.14").finding.rule.id(), "validity-ends");
    assert!(judged(&mended, "3.6.14").finding.all_is_well());
}
