//! Clusters of two members, each with one mistake in what the one that dials shows
//! or in what the other asks for.

use std::collections::BTreeMap;

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::Finding;
use etcd_pki_lab::etcd::judge::peer::{PeerMember, PeerQuestion, judge_peer};
use jiff::Timestamp;

use crate::certificates::*;

/// Two members: `n1` connects to `n2`.
#[derive(Clone)]
pub(crate) struct Cluster {
    /// What is wrong.
    pub id: &'static str,
    /// What follows the common flags of each.
    pub flags: [String; 2],
    /// The files of both.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The host in the peer URLs.
    pub host: &'static str,
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
pub(crate) fn dialer(id: &'static str, change: impl FnOnce(&mut Parts)) -> Cluster {
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

pub(crate) fn names(parts: &mut Parts, names: &[(u8, &[u8])]) {
    let usage = extended_key_usage(&[SERVER, CLIENT]);
    parts.extensions = Some(if names.is_empty() {
        vec![key_usage(0xa0), usage]
    } else {
        vec![key_usage(0xa0), usage, alternative_names(names)]
    });
}

pub(crate) fn clusters() -> Vec<Cluster> {
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
            "--peer-cert-file=n2.crt --peer-key-file=n2.key".clone_into(&mut cluster.flags[1]);
            cluster
        },
        {
            let mut cluster = good("dialer-trusts-nobody");
            "--peer-cert-file=n1.crt --peer-key-file=n1.key".clone_into(&mut cluster.flags[0]);
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
    pub(crate) fn lines(&self, peers: [u16; 2], clients: [u16; 2]) -> [String; 2] {
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

    pub(crate) fn judge(&self, version: &str) -> Finding {
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
}
