//! Deployments for this room's tests.

use crate::etcd::facts::release::Series;
use crate::{
    etcd::{
        deployment::{
            CertificateOutline, Client, Cluster, ClusterState, Deployment, Member, PeerPort,
            Standing, Tls,
        },
        role::Role,
    },
    pki::{authority::AuthorityKeyUsage, key::KeyType},
};

fn facts(stem: &str, issuer: Option<usize>, standing: Standing, names: &str) -> CertificateOutline {
    let common_name = stem.rsplit('/').next().unwrap_or(stem);
    let authority = matches!(standing, Standing::Authority { .. });
    CertificateOutline {
        stem: stem.to_owned(),
        issuer,
        subject: format!("/CN={common_name}"),
        common_name: Some(common_name.to_owned()),
        organizations: Vec::new(),
        names: names
            .split_whitespace()
            .map(|name| name.parse().unwrap())
            .collect(),
        standing,
        days: if authority { 3650 } else { 365 },
        key_type: Some(KeyType::Rsa2048),
        enciphers_keys: !authority,
        is_of_gateway: false,
    }
}

fn authority(key_usage: AuthorityKeyUsage) -> Standing {
    Standing::Authority {
        key_usage,
        path_length: None,
        permitted: Vec::new(),
        excluded: Vec::new(),
    }
}

fn tls(directory: &str, stem: &str, ca: &str) -> Tls {
    Tls {
        certificate: format!("{directory}/{stem}.crt"),
        key: format!("{directory}/{stem}.key"),
        trusted_ca: format!("{directory}/{ca}.crt"),
        revocation_list: None,
    }
}

fn client(directory: &str, stem: &str, common_name: &str) -> Client {
    Client {
        stem: stem.to_owned(),
        common_name: Some(common_name.to_owned()),
        certificate: format!("{directory}/{stem}.crt"),
        key: format!("{directory}/{stem}.key"),
    }
}

/// The tutorial: one etcd, one client.
pub(crate) fn tutorial() -> Deployment {
    let directory = "/root/certificates";
    let url = "https://127.0.0.1:2379".to_owned();
    Deployment {
        series: Series::V3_5,
        members: vec![Member {
            name: None,
            data_directory: None,
            directory: directory.parse().unwrap(),
            archive_folder: None,
            listen_client_urls: vec![url.clone()],
            advertise_client_urls: vec![url.clone()],
            client_tls: tls(directory, "etcd", "ca"),
            gateway: None,
            without_gateway: false,
            peer: None,
            metrics_urls: Vec::new(),
            snapshot_count: None,
        }],
        endpoints: vec![url],
        cluster: None,
        clients: vec![client(directory, "client", "client")],
        server_ca: format!("{directory}/ca.crt"),
        certificates: vec![
            facts("ca", None, authority(AuthorityKeyUsage::Signing), ""),
            facts(
                "etcd",
                Some(0),
                Standing::Leaf(Role::Server),
                "localhost 127.0.0.1 ::1",
            ),
            facts("client", Some(0), Standing::Leaf(Role::Client), ""),
        ],
        bundles: Vec::new(),
        archive: "KUBERNETES-CA.tar".to_owned(),
        kubeadm: false,
        recipient: None,
    }
}

/// Three members on three machines, with a client and root.
pub(crate) fn cluster() -> Deployment {
    let directory = "/etc/etcd/pki";
    let numbers = 1..=3;
    let url = |number: u32, port: u32| format!("https://10.0.0.{number}:{port}");
    let member = |number: u32| {
        let stem = format!("n{number}");
        Member {
            name: Some(stem.clone()),
            data_directory: Some("/var/lib/etcd".to_owned()),
            directory: directory.parse().unwrap(),
            archive_folder: Some(stem.clone()),
            listen_client_urls: vec![url(number, 2379)],
            advertise_client_urls: vec![url(number, 2379)],
            client_tls: tls(directory, "server", "ca"),
            gateway: None,
            without_gateway: false,
            peer: Some(PeerPort {
                listen_urls: vec![url(number, 2380)],
                advertise_urls: vec![url(number, 2380)],
                tls: tls(directory, "peer", "ca"),
            }),
            metrics_urls: Vec::new(),
            snapshot_count: None,
        }
    };
    let mut certificates = vec![facts("ca", None, authority(AuthorityKeyUsage::Signing), "")];
    for number in numbers.clone() {
        let names = format!("n{number}.lab.test 10.0.0.{number} 127.0.0.1");
        for (stem, role) in [
            ("server", Standing::Leaf(Role::Server)),
            ("peer", Standing::Leaf(Role::Peer)),
        ] {
            certificates.push(facts(&format!("n{number}/{stem}"), Some(0), role, &names));
        }
    }
    for stem in ["root", "client"] {
        certificates.push(facts(stem, Some(0), Standing::Leaf(Role::Client), ""));
    }
    Deployment {
        series: Series::V3_5,
        members: numbers.clone().map(member).collect(),
        endpoints: numbers.map(|number| url(number, 2379)).collect(),
        cluster: Some(Cluster {
            token: Some("lab".to_owned()),
            state: ClusterState::New,
        }),
        clients: vec![
            client(directory, "root", "root"),
            client(directory, "client", "client"),
        ],
        server_ca: format!("{directory}/ca.crt"),
        certificates,
        bundles: Vec::new(),
        archive: "KUBERNETES-CA.tar".to_owned(),
        kubeadm: false,
        recipient: None,
    }
}

/// kubeadm's files on one control-plane node.
pub(crate) fn kubeadm() -> Deployment {
    let directory = "/etc/kubernetes/pki";
    let names = "node-1 localhost 192.0.2.10 127.0.0.1 ::1";
    let url = |host: &str, port: u32| format!("https://{host}:{port}");
    let mut ca = facts(
        "etcd/ca",
        None,
        authority(AuthorityKeyUsage::SigningAndHandshake),
        "etcd-ca",
    );
    ca.subject = "/CN=etcd-ca".to_owned();
    Deployment {
        series: Series::V3_5,
        members: vec![Member {
            name: Some("node-1".to_owned()),
            data_directory: Some("/var/lib/etcd".to_owned()),
            directory: directory.parse().unwrap(),
            archive_folder: None,
            listen_client_urls: vec![url("127.0.0.1", 2379), url("192.0.2.10", 2379)],
            advertise_client_urls: vec![url("192.0.2.10", 2379)],
            client_tls: tls(directory, "etcd/server", "etcd/ca"),
            gateway: None,
            without_gateway: false,
            peer: Some(PeerPort {
                listen_urls: vec![url("192.0.2.10", 2380)],
                advertise_urls: vec![url("192.0.2.10", 2380)],
                tls: tls(directory, "etcd/peer", "etcd/ca"),
            }),
            metrics_urls: vec!["http://127.0.0.1:2381".to_owned()],
            snapshot_count: Some(10_000),
        }],
        endpoints: vec![url("192.0.2.10", 2379)],
        cluster: Some(Cluster {
            token: None,
            state: ClusterState::New,
        }),
        clients: vec![
            client(
                directory,
                "etcd/healthcheck-client",
                "kube-etcd-healthcheck-client",
            ),
            client(
                directory,
                "apiserver-etcd-client",
                "kube-apiserver-etcd-client",
            ),
        ],
        server_ca: format!("{directory}/etcd/ca.crt"),
        certificates: vec![
            ca,
            facts("etcd/server", Some(0), Standing::Leaf(Role::Server), names),
            facts("etcd/peer", Some(0), Standing::Leaf(Role::Peer), names),
            facts(
                "etcd/healthcheck-client",
                Some(0),
                Standing::Leaf(Role::Client),
                "",
            ),
            facts(
                "apiserver-etcd-client",
                Some(0),
                Standing::Leaf(Role::Client),
                "",
            ),
        ],
        bundles: Vec::new(),
        archive: "etcd-ca.tar".to_owned(),
        kubeadm: true,
        recipient: None,
    }
}

/// All of them.
pub(crate) fn all() -> [Deployment; 3] {
    [tutorial(), cluster(), kubeadm()]
}
