//! ML-DSA keys between builds of two Gos: the recorded words of real ones, and
//! the rules behind them. `tests/judges/post_quantum.rs` measures again.

use std::collections::BTreeSet;

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Question, judge};
use jiff::Timestamp;

use crate::post_quantum_cases::{CASES, files};

#[test]
fn post_quantum_files_get_the_answer_of_real_builds() {
    let now = Timestamp::now();
    let files = files(now);
    let mut rules = BTreeSet::new();
    for case in CASES {
        let finding = judge(&Question {
            server: &case.etcd_line("2379"),
            client: &case.etcdctl_line("2379"),
            files: &files,
            server_build: EtcdBuild::parse(case.etcd.build()).unwrap(),
            client_build: EtcdBuild::parse(case.etcdctl.build()).unwrap(),
            now,
            users: None,
        })
        .unwrap();
        let name = case.name();
        assert_eq!(finding.verdict.word(), case.verdict, "{name}: {finding:#?}");
        let says = |texts: &[String], words: &str| {
            words.is_empty() && texts.is_empty() || texts.iter().any(|text| text.contains(words))
        };
        assert!(
            says(&finding.listener, case.says_etcd),
            "{name}: {finding:#?}"
        );
        assert!(
            case.verdict != "fail" || says(&finding.dialer, case.says_etcdctl),
            "{name}: {finding:#?}"
        );
        rules.insert(finding.rule.id());
    }
    let reached: Vec<&str> = rules.into_iter().collect();
    assert_eq!(
        reached,
        [
            "accepted",
            "key-readable",
            "post-quantum-issuer",
            "post-quantum-key",
            "server-ca-known",
            "signature-fits-issuer",
        ]
    );
}
