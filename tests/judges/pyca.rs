//! pyca/cryptography judges every chain with its client and server verifiers,
//! which follow the Web PKI: the strictest of all judges.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::process::Command;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use etcd_pki_lab::pki::subject_alternative_name::SubjectAlternativeName;
use serde_json::{Value, json};
use support::asked::ask;
use support::issued::all;

/// What the verifiers refuse, and why that is no fault of the certificate. One
/// that is accepted after all is reported too.
fn refused(name: &str, _host: Option<&str>) -> Option<&'static str> {
    if name.contains("ed25519") {
        return Some("the Web PKI, unlike etcd, has no Ed25519");
    }
    None
}

#[test]
fn pyca_verifies_every_chain_for_its_purposes() {
    let mut cases = Vec::new();
    let mut questions = Vec::new();
    for issued in all() {
        for leaf in &issued.leaves {
            let mut chain: Vec<String> = leaf
                .chain
                .certificates()
                .map(|certificate| STANDARD.encode(certificate.der()))
                .collect();
            let root = chain.pop();
            let mut hosts = vec![None];
            if leaf.is_server {
                hosts.extend(leaf.names.iter().map(|host| {
                    Some(match host {
                        SubjectAlternativeName::Ip(address) => address.to_string(),
                        SubjectAlternativeName::Dns(host) => host.as_str().replace('*', "any"),
                    })
                }));
            }
            for host in hosts {
                questions.push(json!({ "chain": chain, "root": root, "host": host }));
                cases.push((format!("{} {}", issued.name, leaf.stem), host));
            }
        }
    }
    let python = support::target().join("tools/cryptography/bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/python/verify.py");
    let answers = ask(Command::new(python).arg(script), &questions);
    let mut unexpected = Vec::new();
    for ((name, host), answer) in cases.iter().zip(&answers) {
        let accepted = answer == &Value::from("ok");
        let reason = refused(name, host.as_deref());
        if accepted == reason.is_some() {
            unexpected.push(format!("{name}, {host:?}: {answer}; {reason:?}"));
        }
    }
    assert_eq!(unexpected, [""; 0], "{unexpected:#?}");
}
