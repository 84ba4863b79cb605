//! The diagnosis of text knows whatever the verdict engine says, and finds its
//! way back to the rule.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use etcd_pki_lab::etcd::facts::release::EtcdVersion;
use etcd_pki_lab::etcd::facts::rule::Rule;
use etcd_pki_lab::etcd::facts::saying::SayingKind;
use etcd_pki_lab::etcd::judge::Verdict;
use etcd_pki_lab::etcd::telling::diagnosis;

use crate::cases;
use crate::record::answer as answer_of;

/// Words of rules that no case has, with the rule.
const MORE: &[(&str, Rule)] = &[
    (
        "Error: etcdserver: permission denied",
        Rule::CommonNameIsUser,
    ),
    (
        "Error: etcdserver: user name is empty",
        Rule::CommonNameIsUser,
    ),
    (
        "tls: failed to verify certificate: x509: signature check attempts limit reached while verifying certificate chain",
        Rule::SignatureLimit,
    ),
    (
        "tls: failed to verify certificate: x509: no valid chains built: 1 candidate with invalid policies",
        Rule::Policies,
    ),
    (
        "tls: server sent certificate containing RSA key larger than 8192 bits",
        Rule::RsaKeySize,
    ),
    (
        "tls: \"10.0.0.1\" does not match any of DNSNames [\"a.test\"]",
        Rule::PeerAddress,
    ),
    (
        "x509: certificate is valid for 10.0.0.2, not 10.0.0.1",
        Rule::PeerAddress,
    ),
    (
        "client certificate authentication failed",
        Rule::AllowedCommonName,
    ),
    (
        "couldn't find local name \"n1\" in the initial cluster configuration",
        Rule::NameInCluster,
    ),
    (
        "http: server gave HTTP response to HTTPS client",
        Rule::PlainEndpoint,
    ),
];

#[test]
fn whatever_the_engine_says_is_recognised_and_leads_to_its_rule() {
    const VERSIONS: [&str; 5] = ["3.4.23", "3.5.1", "3.5.16", "3.5.30", "3.7.0"];
    let cases = cases::all();
    let next = AtomicUsize::new(0);
    let unknown = Mutex::new(BTreeSet::new());
    let note = |text: String| {
        unknown.lock().expect("no thread panicked").insert(text);
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(number) else { break };
                    for name in VERSIONS {
                        let version = EtcdVersion::parse(name).expect("a version");
                        let answer = answer_of(case, name);
                        let said: Vec<&String> = answer
                            .listener
                            .iter()
                            .chain(&answer.dialer)
                            .chain(&answer.gateway_log)
                            .collect();
                        for text in &said {
                            let clues = diagnosis::clues(text);
                            if clues.is_empty() {
                                note(format!("unknown: {text}"));
                            }
                            // A saying's releases are those that print it.
                            for clue in clues.iter().filter(|clue| !clue.saying.is_of(version)) {
                                note(format!("{version} prints it too: {:?}", clue.saying));
                            }
                        }
                        let rules: Vec<Rule> = said
                            .iter()
                            .flat_map(|text| diagnosis::clues(text))
                            .flat_map(|clue| clue.saying.rules.iter().copied())
                            .collect();
                        // Words that say no reason are answered as such.
                        let says_no_reason = said.iter().all(|text| {
                            let clues = diagnosis::clues(text);
                            clues
                                .iter()
                                .any(|clue| clue.saying.kind == SayingKind::Broken)
                        });
                        let silent = said.is_empty()
                            || says_no_reason
                            || answer.verdict == Verdict::Accepted;
                        if !silent && !rules.contains(&answer.rule) {
                            note(format!(
                                "{:?} is not among {rules:?}: {said:?}",
                                answer.rule
                            ));
                        }
                    }
                }
            });
        }
    });
    for (text, rule) in MORE {
        let found = diagnosis::clues(text);
        if !found.iter().any(|clue| clue.saying.rules.contains(rule)) {
            note(format!("{rule:?} is not behind {text:?}: {found:?}"));
        }
    }
    let unknown = unknown.into_inner().expect("no thread panicked");
    let lines: Vec<String> = unknown.into_iter().collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn words_that_etcd_never_said_are_unknown() {
    for text in [
        "",
        "the quick brown fox",
        "404 page not found",
        "{\"level\":\"info\",\"msg\":\"ready to serve client requests\"}",
        "serving client traffic securely",
    ] {
        assert_eq!(diagnosis::clues(text), [], "{text}");
    }
}

#[test]
fn the_more_telling_words_come_first() {
    let text = "Error: context deadline exceeded\n\
                rejected connection (error \"remote error: tls: bad certificate\")\n\
                x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-01-01T00:00:00Z";
    let rules: Vec<&[Rule]> = diagnosis::clues(text)
        .iter()
        .map(|clue| clue.saying.rules)
        .collect();
    assert_eq!(
        rules.first().and_then(|rules| rules.first()),
        Some(&Rule::ValidityEnds)
    );
    assert_eq!(rules.last().copied(), Some(&[][..]));
}
