//! Go's `crypto/x509`, the library that etcd itself judges with, verifies every
//! chain; and what name constraints forbid here, it forbids too.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use etcd_pki_lab::pki::{
    authority::{Authority, AuthorityOptions},
    certificate::Certificate,
    certification_request::CertificationRequest,
    key::KeyType,
    name_constraint::{self, NameConstraints},
    purposes::Purposes,
    subject_alternative_name::{self, SubjectAlternativeName},
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use serde_json::{Value, json};
use support::asked::ask;
use support::issued::{self, all, days, now, post_quantum};

/// Builds the program that asks Go, with the toolchain that was set up.
fn judge() -> PathBuf {
    let tools = support::target().join("tools/go");
    let go = ["go/bin/go", "bin/go"]
        .map(|go| tools.join(go))
        .into_iter()
        .find(|go| go.is_file())
        .unwrap_or_else(|| panic!("no Go in {}; run `cargo xtask tools go`", tools.display()));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("judge-of-chains");
    let status = Command::new(go)
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/go-x509/tests/judge"))
        .env("GOTOOLCHAIN", "local")
        .env("CGO_ENABLED", "0")
        .status()
        .unwrap();
    assert!(status.success(), "the judge does not build");
    program
}

fn question(chain: &[&Certificate], host: &str, is_client: bool) -> Value {
    let encoded: Vec<String> = chain
        .iter()
        .map(|certificate| STANDARD.encode(certificate.der()))
        .collect();
    let (root, chain) = encoded.split_last().unwrap();
    json!({
        "kind": "verify",
        "chain": chain,
        "roots": [root],
        "host": host,
        "client": is_client,
        "now": now().as_second(),
    })
}

#[test]
fn go_verifies_every_chain_for_its_purposes() {
    let mut questions = Vec::new();
    let mut cases = Vec::new();
    for issued in all().into_iter().chain(post_quantum()) {
        for leaf in &issued.leaves {
            let chain: Vec<_> = leaf.chain.certificates().collect();
            let name = format!("{} {}", issued.name, leaf.stem);
            questions.push(question(&chain, "", true));
            cases.push((format!("{name} as a client"), true));
            questions.push(question(&chain, "", false));
            cases.push((format!("{name} as a server"), leaf.is_server));
            if !leaf.is_server {
                continue;
            }
            for host in &leaf.names {
                let host = match host {
                    SubjectAlternativeName::Ip(address) => address.to_string(),
                    SubjectAlternativeName::Dns(host) => host.as_str().replace('*', "any"),
                };
                questions.push(question(&chain, &host, false));
                cases.push((format!("{name} as {host}"), true));
            }
            questions.push(question(&chain, "other.test", false));
            cases.push((format!("{name} as other.test"), false));
        }
    }
    let answers = ask(&mut Command::new(judge()), &questions);
    for ((case, accepted), answer) in cases.iter().zip(&answers) {
        assert_eq!(answer == "ok", *accepted, "{case}: {answer}");
    }
}

#[test]
fn what_name_constraints_forbid_here_go_forbids_too() {
    const SETS: [&str; 9] = [
        "",
        "lab.test",
        ".lab.test",
        "a.lab.test",
        "10.0.0.0/8",
        "10.1.2.3/32",
        "fd00::/8",
        "0.0.0.0/0 ::/0",
        "lab.test 10.0.0.0/8",
    ];
    const NAMES: [&str; 11] = [
        "lab.test",
        "a.lab.test",
        "b.a.lab.test",
        "*.lab.test",
        "*.a.lab.test",
        "notlab.test",
        "localhost",
        "10.1.2.3",
        "11.0.0.1",
        "fd12::1",
        "::1",
    ];
    let mut rng = UnwrapErr(SysRng);
    let read = |text| name_constraint::parse_list(text).unwrap();
    let mut confined = |constraints: NameConstraints| {
        let mut options = AuthorityOptions::new("/CN=CA".parse().unwrap(), days("30"));
        options.name_constraints = constraints;
        Authority::create(&options, issued::key(KeyType::P256, 0), now(), &mut rng).unwrap()
    };
    // The same name and key without constraints signs what the others refuse.
    let free = confined(NameConstraints::default());
    let mut authorities = Vec::new();
    for permitted in SETS {
        for excluded in SETS {
            authorities.push(confined(NameConstraints {
                permitted: read(permitted),
                excluded: read(excluded),
            }));
        }
    }
    let key = issued::key(KeyType::P256, 2);
    let subject = "/CN=server".parse().unwrap();
    let request = CertificationRequest::create(&subject, &[], &key, &mut rng).unwrap();
    let mut questions = Vec::new();
    let mut cases = Vec::new();
    for name in NAMES {
        let names = subject_alternative_name::parse_list(name).unwrap();
        let leaf = free
            .issue(
                &request,
                &names,
                Purposes::ServerAndClient,
                days("7"),
                now(),
                &mut rng,
            )
            .unwrap();
        for authority in &authorities {
            let certificate = authority.certificate();
            let constraints = certificate.name_constraints();
            questions.push(question(&[&leaf, certificate], "", false));
            cases.push((
                format!("{name}: {constraints:?}"),
                authority.check_names(&names).is_ok(),
            ));
        }
    }
    let answers = ask(&mut Command::new(judge()), &questions);
    for ((case, allowed), answer) in cases.iter().zip(&answers) {
        assert_eq!(answer == "ok", *allowed, "{case}: {answer}");
    }
}
