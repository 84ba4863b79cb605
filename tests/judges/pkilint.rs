//! pkilint judges every certificate and CRL by the letter of RFC 5280 and its
//! kin. What it finds above a notice is argued in `tests/judges/pkilint.txt`, or is a
//! fault.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use etcd_pki_lab::pki::revocation_list::{RevocationList, RevocationReason, RevokedCertificate};
use getrandom::{SysRng, rand_core::UnwrapErr};
use serde_json::json;
use support::asked::ask;
use support::issued::{all, days, now};

/// The checked-in findings that are argued: the lines without `#` in front.
fn argued() -> BTreeSet<String> {
    include_str!("pkilint.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn pkilint_finds_nothing_that_is_not_argued() {
    let mut questions = Vec::new();
    let mut names = Vec::new();
    let mut add = |name: String, kind: &str, der: &[u8]| {
        questions.push(json!({ "kind": kind, "der": STANDARD.encode(der) }));
        names.push(name);
    };
    for issued in all() {
        let name = &issued.name;
        for leaf in &issued.leaves {
            for (index, certificate) in leaf.chain.certificates().enumerate() {
                let name = format!("{name}, {} and {index} above", leaf.stem);
                add(name, "certificate", certificate.der());
            }
        }
        for authority in &issued.authorities {
            let entry = |leaf: &support::issued::Leaf, reason| RevokedCertificate {
                serial_number: leaf.chain.first().serial(),
                date: now(),
                reason,
            };
            let revoked = [
                entry(&issued.leaves[0], None),
                entry(&issued.leaves[1], Some(RevocationReason::KeyCompromise)),
            ];
            for revoked in [&revoked[..], &[]] {
                let mut rng = UnwrapErr(SysRng);
                let list = RevocationList::issue(
                    authority.issuer(),
                    revoked,
                    1,
                    days("7"),
                    now(),
                    &mut rng,
                )
                .unwrap();
                let name = format!("{name}, a list of {} entries", revoked.len());
                add(name, "list", list.der());
            }
        }
    }
    let python = support::target().join("tools/pkilint/bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/python/lint.py");
    let answers = ask(Command::new(python).arg(script), &questions);
    let argued = argued();
    let mut found = BTreeSet::new();
    let mut unargued = Vec::new();
    for (name, findings) in names.iter().zip(&answers) {
        for finding in findings.as_array().unwrap() {
            let finding = finding.as_str().unwrap().to_owned();
            if !argued.contains(&finding) {
                unargued.push(format!("{name}: {finding}"));
            }
            found.insert(finding);
        }
    }
    assert_eq!(unargued, [""; 0], "{unargued:#?}");
    let gone: Vec<_> = argued.difference(&found).collect();
    assert!(gone.is_empty(), "no longer found, strike them: {gone:?}");
}
