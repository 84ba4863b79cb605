//! Nothing that is pasted can hang or crash the engine: truncated, hostile
//! and random DER and PEM, certificates that all sign each other, long logs.

use std::collections::BTreeMap;

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Question, judge};
use etcd_pki_lab::etcd::telling::diagnosis;
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, VerifyOptions};
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::{key_pair, pem};
use jiff::Timestamp;

use crate::certificates::*;
use crate::random::Random;
use crate::work::quickly;

const VERSIONS: [&str; 5] = ["3.4.0", "3.5.1", "3.5.16", "3.5.30", "3.7.0"];

fn ask(server: &str, client: &str, files: &BTreeMap<String, Vec<u8>>, version: &str) {
    let build = EtcdBuild::parse(version).expect("a version");
    let question = Question::new(
        server,
        client,
        files,
        build,
        Timestamp::from_second(1_795_450_200).expect("a time"),
    );
    let _ = judge(&question);
}

#[test]
fn a_hundred_certificates_that_sign_each_other_end_at_go_s_limit() {
    let ring: Vec<Vec<u8>> = (1..=100)
        .map(|number| {
            let extensions = vec![
                basic_constraints(true, None),
                alternative_names(&[(2, &[b'a', number])]),
            ];
            Parts::new("ring", &key(number), "ring", extensions).sign(&key(1))
        })
        .collect();
    for version in VERSIONS {
        let go = EtcdBuild::parse(version).expect("a version").go;
        quickly(version, || {
            let mut intermediates = CertificatePool::default();
            for der in &ring {
                intermediates.add(Certificate::parse(der, go).expect("a certificate"));
            }
            let mut leaf = Parts::new("leaf", &key(1), "ring", Vec::new());
            leaf.serial = integer(&[5]);
            let leaf = Certificate::parse(&leaf.sign(&key(1)), go).expect("a certificate");
            let options = VerifyOptions {
                roots: &CertificatePool::default(),
                intermediates: &intermediates,
                host: None,
                usage: ExtendedKeyUsage::ServerAuth,
                now: Time::utc(Timestamp::from_second(1_795_450_200).expect("a time")),
            };
            assert!(chain::verify(&leaf, &options, go).is_err());
        });
    }
}

#[test]
fn random_and_truncated_files_are_judged() {
    let certificate =
        Parts::new("a", &key(2), "b", vec![basic_constraints(true, None)]).sign(&key(1));
    let good = pem("CERTIFICATE", &certificate);
    let private = private_key_pem(&key(2));
    let server = "etcd --cert-file=a --key-file=b --trusted-ca-file=c --client-crl-file=d --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379";
    let client = "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=c --cert=a --key=b put k v";
    let mut random = Random(3);
    for round in 0..300 {
        let mut files: BTreeMap<String, Vec<u8>> =
            [("a", &good), ("b", &private), ("c", &good), ("d", &good)]
                .into_iter()
                .map(|(name, content)| (name.to_owned(), content.clone()))
                .collect();
        for name in ["a", "b", "c", "d"] {
            let content = files.get_mut(name).expect("the file");
            match random.below(5) {
                0 => content.truncate(random.below(content.len())),
                1 => {
                    let position = random.below(content.len());
                    content[position] = random.below(256) as u8;
                }
                2 => {
                    let mut der = certificate.clone();
                    let position = random.below(der.len());
                    der[position] = random.below(256) as u8;
                    *content = pem("CERTIFICATE", &der);
                }
                3 => {
                    *content = (0..random.below(400))
                        .map(|_| random.below(256) as u8)
                        .collect();
                }
                _ => {}
            }
        }
        ask(server, client, &files, VERSIONS[round % VERSIONS.len()]);
    }
}

#[test]
fn deep_and_huge_der_is_read_without_much_work() {
    let mut nested = vec![0x30, 0];
    for _ in 0..20_000 {
        nested = element(0x30, &nested);
        if nested.len() > 200_000 {
            break;
        }
    }
    let huge = element(0x30, &element(0x30, &element(2, &vec![0x7f; 1_000_000])));
    let number = [vec![0x7f], vec![0xff; 100_000]].concat();
    let rsa = sequence(&[
        &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
        &element(
            3,
            &[
                vec![0],
                sequence(&[&integer(&number), &integer(&[1, 0, 1])]),
            ]
            .concat(),
        ),
    ]);
    let mut parts = Parts::new("a", &key(1), "a", vec![basic_constraints(true, None)]);
    parts.public_key = rsa;
    let big_key = parts.sign(&key(1));
    for version in VERSIONS {
        let go = EtcdBuild::parse(version).expect("a version").go;
        for der in [&nested, &huge, &big_key] {
            quickly(version, || {
                let _ = Certificate::parse(der, go);
                let _ = key_pair::load(&pem("CERTIFICATE", der), &pem("PRIVATE KEY", der), go);
            });
        }
    }
}

#[test]
fn ten_megabytes_of_begin_lines_are_skipped_without_much_work() {
    let begins = b"-----BEGIN CERTIFICATE-----\n".repeat(360_000);
    let ends = b"\n-----END CERTIFICATE-----".repeat(380_000);
    let colons = b"-----BEGIN A: -----\n".repeat(500_000);
    let last = [begins.as_slice(), b"\n-----END CERTIFICATE-----\n"].concat();
    for version in ["3.4.23", "3.5.30"] {
        let go = EtcdBuild::parse(version).expect("a version").go;
        for text in [&begins, &ends, &colons, &last] {
            quickly(version, || pem::blocks(text, go));
        }
    }
}

#[test]
fn a_log_of_ten_megabytes_is_diagnosed_without_much_work() {
    let line = "{\"level\":\"warn\",\"msg\":\"rejected connection\",\"error\":\"tls: client didn't provide a certificate\"}\n";
    let log = line.repeat(10_000_000 / line.len()) + "unknown \\\" words\n";
    let found = quickly("the log", || diagnosis::clues(&log));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].saying.words, "client didn't provide a certificate");
    assert!(diagnosis::clues("nothing that etcd ever said").is_empty());
}

#[test]
fn a_log_of_lines_that_all_differ_is_diagnosed_without_much_work() {
    let lines: Vec<String> = (0..100_000)
        .map(|number| {
            format!("{number} I | raft: {number} became a follower of something at term {number}, which is of no interest to anyone\n")
        })
        .collect();
    let log = lines.concat();
    assert!(log.len() > 10_000_000, "{} octets", log.len());
    let found = quickly("the log", || diagnosis::clues(&log));
    assert_eq!(found, []);
}

#[test]
fn odd_command_lines_are_answered() {
    let files = BTreeMap::new();
    for line in [
        "",
        "etcd",
        "etcd --",
        "etcd -",
        "etcd ---x",
        "etcd --name",
        "etcd '",
        "etcd --listen-client-urls=https://[::1",
        "etcd --listen-client-urls=https://\u{1}:1",
        "etcd --config-file=x",
        "etcd --listen-client-urls=,",
        "etcd \\",
        "ETCD_LISTEN_CLIENT_URLS=x etcd",
        "sudo etcd --auto-tls --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379",
    ] {
        for client in [
            "",
            "etcdctl",
            "etcdctl --endpoints= put k v",
            "etcdctl -",
            "etcdctl --endpoints=https://%zz put",
            "etcdctl --endpoints=[ put",
            "etcdctl -\u{e4} put",
        ] {
            for version in VERSIONS {
                ask(line, client, &files, version);
            }
        }
    }
    let yaml: BTreeMap<String, Vec<u8>> = [("x".to_owned(), b"a: [\n\t- &a *a".to_vec())].into();
    ask("etcd --config-file=x", "etcdctl put k v", &yaml, "3.5.30");
    let text = "client-transport-security: {cert-file: a, key-file: b}\nlisten-client-urls: https://127.0.0.1:2379\n";
    let yaml: BTreeMap<String, Vec<u8>> = [("x".to_owned(), text.as_bytes().to_vec())].into();
    ask("etcd --config-file=x", "etcdctl put k v", &yaml, "3.5.30");
}
