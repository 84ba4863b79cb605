//! The peer port against real clusters of two members: what the listener logs
//! of the dialer, and what the dialer logs, is compared with this crate.
//!
//! Each case runs with one of the builds, in turn; `ETCD_MEASURE=all` runs
//! every case with every build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::peer::{PeerAnswer, PeerMember, PeerQuestion, judge_peer};
use etcd_pki_lab::etcd::judge::{Step, Verdict};
use jiff::Timestamp;

use crate::certificates::*;
use crate::etcd_agreement::{VERSIONS, command, normalized, rejections, tools};
use crate::ports::free_ports;

/// Two members: `n1` connects to `n2`.
#[derive(Clone)]
struct Cluster {
    id: &'static str,
    /// What follows the common flags of each.
    flags: [String; 2],
    files: BTreeMap<String, Vec<u8>>,
    /// The host in the peer URLs.
    host: &'static str,
}

fn authority() -> Parts {
    Parts::new(
        "root",
        &key(1),
        "root",
        vec![basic_constraints(true, None), key_usage(0x06)],
    )
}

fn peer(number: u8) -> Parts {
    let mut parts = Parts::new("peer", &key(number), "root", Vec::new());
    parts.serial = integer(&[0x10, number]);
    parts.extensions = Some(vec![
        key_usage(0xa0),
        extended_key_usage(&[SERVER, CLIENT]),
        alternative_names(&[(2, b"localhost"), (7, &[127, 0, 0, 1])]),
    ]);
    parts
}

const TLS: &str = "--peer-cert-file=N.crt --peer-key-file=N.key --peer-trusted-ca-file=ca.crt --peer-client-cert-auth";

fn good(id: &'static str) -> Cluster {
    let files = [
        ("ca.crt", pem("CERTIFICATE", &authority().sign(&key(1)))),
        ("n1.crt", pem("CERTIFICATE", &peer(2).sign(&key(1)))),
        ("n1.key", private_key_pem(&key(2))),
        ("n2.crt", pem("CERTIFICATE", &peer(3).sign(&key(1)))),
        ("n2.key", private_key_pem(&key(3))),
    ];
    Cluster {
        id,
        flags: ["n1", "n2"].map(|name| TLS.replace('N', name)),
        files: files
            .into_iter()
            .map(|(name, content)| (name.to_owned(), content))
            .collect(),
        host: "127.0.0.1",
    }
}

/// A cluster whose dialer has another certificate.
fn dialer(id: &'static str, change: impl FnOnce(&mut Parts)) -> Cluster {
    let mut cluster = good(id);
    let mut parts = peer(2);
    change(&mut parts);
    let certificate = pem("CERTIFICATE", &parts.sign(&key(1)));
    cluster.files.insert("n1.crt".to_owned(), certificate);
    cluster
}

/// A cluster whose listener has more flags.
fn listener(cluster: Cluster, flags: &str) -> Cluster {
    let mut cluster = cluster;
    cluster.flags[1].extend([" ", flags]);
    cluster
}

fn names(parts: &mut Parts, names: &[(u8, &[u8])]) {
    let usage = extended_key_usage(&[SERVER, CLIENT]);
    parts.extensions = Some(if names.is_empty() {
        vec![key_usage(0xa0), usage]
    } else {
        vec![key_usage(0xa0), usage, alternative_names(names)]
    });
}

fn clusters() -> Vec<Cluster> {
    let other_address: &[(u8, &[u8])] = &[(7, &[10, 0, 0, 1])];
    let list = sequence(&[
        &integer(&[1]),
        &ecdsa_sha256(),
        &common_name("root"),
        &utc_time("260101000000Z"),
        &sequence(&[&sequence(&[
            &integer(&[0x10, 2]),
            &utc_time("260101000000Z"),
        ])]),
    ]);
    let list = sign(&list, &ecdsa_sha256(), &key(1));
    vec![
        good("good"),
        dialer("server-usage-only", |parts| {
            parts.extensions = Some(vec![
                extended_key_usage(&[SERVER]),
                alternative_names(&[(7, &[127, 0, 0, 1])]),
            ]);
        }),
        dialer("other-address", |parts| names(parts, other_address)),
        dialer("other-name", |parts| names(parts, &[(2, b"127.0.0.9")])),
        dialer("name-of-the-address", |parts| {
            names(parts, &[(2, b"localhost")]);
        }),
        dialer("other-address-and-right-name", |parts| {
            names(parts, &[(7, &[10, 0, 0, 1]), (2, b"localhost")]);
        }),
        dialer("other-address-and-other-name", |parts| {
            names(parts, &[(7, &[10, 0, 0, 1]), (2, b"127.0.0.9")]);
        }),
        dialer("no-names", |parts| names(parts, &[])),
        dialer("expired", |parts| {
            parts.not_after = utc_time("260101000000Z");
        }),
        dialer("unknown-authority", |parts| {
            parts.issuer = common_name("other");
        }),
        listener(
            dialer("other-address-unchecked", |parts| {
                names(parts, other_address);
            }),
            "--experimental-peer-skip-client-san-verification",
        ),
        listener(good("allowed-common-name"), "--peer-cert-allowed-cn=peer"),
        listener(
            dialer("other-common-name", |parts| {
                parts.subject = common_name("Peer");
            }),
            "--peer-cert-allowed-cn=peer",
        ),
        listener(
            good("allowed-hostname"),
            "--peer-cert-allowed-hostname=localhost",
        ),
        listener(
            good("other-hostname"),
            "--peer-cert-allowed-hostname=other.test",
        ),
        {
            let mut cluster = listener(good("revoked"), "--peer-crl-file=peer.crl");
            cluster.files.insert("peer.crl".to_owned(), list);
            cluster
        },
        listener(good("list-missing"), "--peer-crl-file=peer.crl"),
        {
            let mut cluster = good("no-client-certificate-asked");
            cluster.flags[1] = "--peer-cert-file=n2.crt --peer-key-file=n2.key".to_owned();
            cluster
        },
        {
            let mut cluster = good("dialer-trusts-nobody");
            cluster.flags[0] = "--peer-cert-file=n1.crt --peer-key-file=n1.key".to_owned();
            cluster
        },
        {
            let mut cluster = good("made-by-themselves");
            cluster.flags = [(); 2].map(|()| "--peer-auto-tls".to_owned());
            cluster
        },
        {
            let mut cluster = good("by-name");
            cluster.host = "localhost";
            cluster
        },
    ]
}

impl Cluster {
    fn lines(&self, peers: [u16; 2], clients: [u16; 2]) -> [String; 2] {
        let urls = peers.map(|port| format!("https://{}:{port}", self.host));
        [0, 1].map(|member| {
            let name = ["n1", "n2"][member];
            format!(
                "etcd --name={name} --data-dir={name} --listen-client-urls=http://127.0.0.1:{client} \
                 --advertise-client-urls=http://127.0.0.1:{client} \
                 --listen-peer-urls=https://127.0.0.1:{peer} --initial-advertise-peer-urls={url} \
                 --initial-cluster=n1={},n2={} --initial-cluster-token=lab {}",
                urls[0],
                urls[1],
                self.flags[member],
                client = clients[member],
                peer = peers[member],
                url = urls[member],
            )
        })
    }

    fn judge(&self, version: &str) -> PeerAnswer {
        let lines = self.lines([2380, 2480], [2379, 2479]);
        let member = |line| PeerMember {
            line,
            files: &self.files,
            build: EtcdBuild::parse(version).expect("a version"),
        };
        judge_peer(&PeerQuestion {
            dialer: member(&lines[0]),
            listener: member(&lines[1]),
            now: Timestamp::now(),
            from: None,
            names: &BTreeMap::new(),
        })
        .expect("command lines")
    }

    /// Runs both members until the dialer has said one of `expected`, and
    /// returns what the listener rejected and what the dialer logged.
    fn run(&self, version: &str, expected: &[String]) -> (BTreeSet<String>, String) {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cluster-{number}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        for (name, content) in &self.files {
            fs::write(folder.join(name), content).expect("a file");
        }
        let tools = tools().join(format!("etcd-{version}"));
        let lines = self.lines(free_ports(), free_ports());
        let logs = ["n1.log", "n2.log"].map(|name| folder.join(name));
        let read = |member: usize| fs::read_to_string(&logs[member]).unwrap_or_default();
        let start = |member: usize| -> Child {
            let log = fs::File::create(&logs[member]).expect("a file");
            command(&folder, &tools, &lines[member], "etcd")
                .stdout(log.try_clone().expect("a handle"))
                .stderr(log)
                .stdin(Stdio::null())
                .spawn()
                .expect("etcd runs")
        };
        // The listener first, so that the dialer finds it.
        let mut members = [start(1), start(0)];
        let begun = Instant::now();
        let connected = |log: &str| log.contains("established") && log.contains("TCP streaming");
        while begun.elapsed() < Duration::from_secs(25) {
            std::thread::sleep(Duration::from_millis(100));
            let refused = !rejections(&read(1)).is_empty()
                && expected.iter().any(|text| read(0).contains(text.as_str()));
            // The other direction may stand before this one is refused.
            if refused || expected.is_empty() && connected(&read(1)) && connected(&read(0)) {
                break;
            }
            // Only one direction may work, and then nothing more comes.
            if expected.is_empty()
                && begun.elapsed().as_secs() >= 12
                && (connected(&read(0)) || connected(&read(1)))
            {
                break;
            }
        }
        for member in &mut members {
            let _ = member.kill();
            let _ = member.wait();
        }
        let found = (rejections(&read(1)), read(0));
        let _ = fs::remove_dir_all(&folder);
        found
    }
}

#[test]
fn members_of_real_clusters_are_let_in_or_refused_as_judged() {
    let all = std::env::var("ETCD_MEASURE").is_ok_and(|mode| mode == "all");
    let here: Vec<&'static str> = VERSIONS
        .into_iter()
        .filter(|version| tools().join(format!("etcd-{version}/etcd")).is_file())
        .collect();
    let clusters = clusters();
    let chosen: Vec<(&Cluster, &str)> = clusters
        .iter()
        .enumerate()
        .flat_map(|(number, cluster)| {
            here.iter()
                .enumerate()
                .filter(move |(turn, _)| all || number % 4 == *turn)
                .map(move |(_, version)| (cluster, *version))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((cluster, version)) =
                    chosen.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let answer = cluster.judge(version);
                    let (rejected, log) = cluster.run(version, &answer.dialer);
                    if let Some(text) = difference(&answer, &rejected, &log) {
                        let place = format!("{version} {}: {text}", cluster.id);
                        wrong.lock().expect("no thread panicked").push(place);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread panicked");
    println!(
        "{} of {} connections between members agree",
        chosen.len() - wrong.len(),
        chosen.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn difference(answer: &PeerAnswer, rejected: &BTreeSet<String>, log: &str) -> Option<String> {
    // What a resolver says of an unknown name stands behind, in parentheses.
    let plain = |text: &str| {
        let text = normalized(text);
        text.split("] (")
            .next()
            .map(|begin| {
                if begin.len() < text.len() {
                    format!("{begin}]")
                } else {
                    text.clone()
                }
            })
            .unwrap_or_default()
    };
    let ours: BTreeSet<String> = answer.listener.iter().map(|text| plain(text)).collect();
    let theirs: BTreeSet<String> = rejected.iter().map(|text| plain(text)).collect();
    if ours != theirs {
        return Some(format!("listener: here {ours:?}, etcd {theirs:?}"));
    }
    let said = answer.verdict == Verdict::Accepted
        || answer.dialer.iter().any(|text| log.contains(text.as_str()));
    (!said).then(|| {
        let tail: String = log.chars().rev().take(1500).collect();
        let tail: String = tail.chars().rev().collect();
        format!("dialer: here {:?}, etcd {tail}", answer.dialer)
    })
}

#[test]
fn a_peer_s_address_is_held_against_its_names_both_ways() {
    let ask = |san: &[(u8, &[u8])], from: &str, names: &[(&str, &str)]| {
        let cluster = dialer("", |parts| self::names(parts, san));
        let lines = cluster.lines([2380, 2480], [2379, 2479]);
        let member = |line| PeerMember {
            line,
            files: &cluster.files,
            build: EtcdBuild::parse("3.5.30").expect("a version"),
        };
        let names = names
            .iter()
            .map(|(name, address)| ((*name).to_owned(), vec![(*address).to_owned()]))
            .collect();
        judge_peer(&PeerQuestion {
            dialer: member(&lines[0]),
            listener: member(&lines[1]),
            now: Timestamp::now(),
            from: Some(from),
            names: &names,
        })
        .expect("command lines")
        .step
    };
    let wildcard: &[(u8, &[u8])] = &[(2, b"*.lab.test")];
    let known: &[(&str, &str)] = &[("a.b.lab.test", "10.0.0.2")];
    // Unlike a host name's, the wildcard of a reverse lookup is any labels long.
    assert_eq!(ask(wildcard, "10.0.0.2", known), Step::Done);
    assert_eq!(ask(wildcard, "10.0.0.3", known), Step::PeerAddress);
    let name: &[(u8, &[u8])] = &[(2, b"a.b.lab.test")];
    assert_eq!(ask(name, "10.0.0.2", known), Step::Done);
    assert_eq!(ask(name, "10.0.0.2", &[]), Step::PeerAddress);
    let address: &[(u8, &[u8])] = &[(7, &[10, 0, 0, 2])];
    assert_eq!(ask(address, "10.0.0.2", &[]), Step::Done);
    assert_eq!(ask(address, "10.0.0.3", &[]), Step::PeerAddress);
    assert_eq!(ask(&[], "10.0.0.3", &[]), Step::Done);
}
