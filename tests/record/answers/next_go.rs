//! What changes for who builds etcd with the next Go, and an endpoint with a zone:
//! each answer is what etcd and etcdctl 3.7.3 said, built with Go 1.26.10 and 1.27.3.

use std::collections::BTreeMap;

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Finding, Question, judge};
use jiff::Timestamp;

use crate::certificates::{
    CLIENT, Parts, SERVER, alternative_names, basic_constraints, extended_key_usage, key,
    key_usage, pem, private_key_pem,
};

fn answer(endpoint: &str, names: &[(u8, &[u8])], build: &str) -> Finding {
    let extensions = vec![basic_constraints(true, None), key_usage(0x06)];
    let root = Parts::new("root", &key(1), "root", extensions).sign(&key(1));
    let extensions = vec![
        extended_key_usage(&[SERVER, CLIENT]),
        alternative_names(names),
    ];
    let leaf = Parts::new("etcd", &key(2), "root", extensions).sign(&key(1));
    let files = BTreeMap::from([
        ("ca.crt".to_owned(), pem("CERTIFICATE", &root)),
        ("etcd.crt".to_owned(), pem("CERTIFICATE", &leaf)),
        ("etcd.key".to_owned(), private_key_pem(&key(2))),
    ]);
    judge(&Question {
        server: "etcd --listen-client-urls=https://127.0.0.1:2379 \
                 --advertise-client-urls=https://127.0.0.1:2379 \
                 --cert-file=etcd.crt --key-file=etcd.key",
        client: &format!("etcdctl --endpoints={endpoint} --cacert=ca.crt put a b"),
        files: &files,
        server_build: EtcdBuild::parse(build).unwrap(),
        client_build: EtcdBuild::parse(build).unwrap(),
        now: Timestamp::now(),
        users: None,
    })
    .unwrap()
}

#[test]
fn an_etcd_of_the_next_go_does_not_start_with_a_mapped_address() {
    let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1];
    let names: &[(u8, &[u8])] = &[(7, &[127, 0, 0, 1]), (7, &mapped)];
    let endpoint = "https://127.0.0.1:2379";
    assert_eq!(answer(endpoint, names, "3.7.3").verdict.word(), "ok");
    let refused = answer(endpoint, names, "3.7.3-go1.27.3");
    assert_eq!(refused.verdict.word(), "server-start-fail");
    assert_eq!(
        refused.listener,
        ["x509: SAN iPAddress contains IPv4-mapped IPv6 address"]
    );
    assert_eq!(refused.rule.id(), "plain-address");
}

#[test]
fn an_endpoint_with_a_zone_is_dialled_without_a_look_up() {
    let finding = answer(
        "https://[fe80::1%25lo]:2379",
        &[(7, &[127, 0, 0, 1])],
        "3.7.3",
    );
    let said = finding.dialer.join("\n");
    assert!(
        said.contains("dial tcp [fe80::1%lo]:2379: connect: "),
        "{said}"
    );
    assert!(!said.contains("lookup"), "{said}");
}
