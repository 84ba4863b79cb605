//! The printed openssl lines, run: they make the same certificates as the core,
//! for every way a plan can arrange authorities, and for every kind of key.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use etcd_pki_lab::{
    etcd::{
        commands,
        plan::{IntermediatePlan, Plan, Preset},
    },
    lab::{FileKind, making},
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;

/// Runs a script with bash in a folder and gives what it prints; it must end
/// with status 0.
fn bash(folder: &Path, script: &str) -> String {
    let output = Command::new("bash")
        .args(["-euc", script])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{text}");
    text
}

/// What two files must share: for each certificate in them, in their order, its
/// names, its extensions, and the algorithms of its key and signature.
fn essence(folder: &Path, file: &str) -> String {
    let text = bash(
        folder,
        &format!(
            "openssl crl2pkcs7 -nocrl -certfile {file} | openssl pkcs7 -print_certs -text -noout"
        ),
    );
    let told = [
        "Issuer:",
        "Subject:",
        "Signature Algorithm:",
        "Public Key Algorithm:",
        "Public-Key:",
        "ASN1 OID:",
        "X509v3 Basic Constraints",
        "CA:TRUE",
        "CA:FALSE",
        "X509v3 Key Usage",
        "Digital Signature",
        "Certificate Sign",
        "X509v3 Extended Key Usage",
        "TLS Web",
        "X509v3 Subject Alternative Name",
        "DNS:",
        "IP Address:",
        "X509v3 Name Constraints",
        "Permitted:",
        "Excluded:",
        "IP:",
    ];
    // Names in a SAN, and extensions, may come in another order.
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| told.iter().any(|start| line.starts_with(start)))
        .collect();
    let certificates: Vec<String> = lines
        .join("\n")
        .split("\nIssuer:")
        .map(|certificate| {
            let lines: BTreeSet<&str> = certificate.lines().collect();
            lines.into_iter().collect::<Vec<_>>().join("\n")
        })
        .collect();
    assert!(!certificates.is_empty());
    certificates.join("\n\n")
}

/// Makes a plan's files in both ways and compares every certificate.
fn compare(mut plan: Plan) {
    let ours = tempfile::tempdir().unwrap();
    let theirs = tempfile::tempdir().unwrap();
    theirs
        .path()
        .to_str()
        .unwrap()
        .clone_into(&mut plan.directory);
    let lab = making::make(&plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap();
    let mut certificates = Vec::new();
    for file in lab.files() {
        let path = ours.path().join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.contents).unwrap();
        if file.kind == FileKind::Certificate {
            certificates.push(file.name);
        }
    }
    let script: Vec<String> = commands::commands(lab.deployment())
        .openssl
        .into_iter()
        .map(|step| step.script)
        .collect();
    bash(Path::new("/"), &script.join("\n"));
    assert!(certificates.len() > 2);
    for file in &certificates {
        assert_eq!(
            essence(ours.path(), file),
            essence(theirs.path(), file),
            "{file} of {plan:?}"
        );
    }
}

#[test]
fn every_kind_of_key_and_kubeadms_usages_come_out_alike() {
    // RSA of 2048 bits is the tutorial's, and judged in `openssl.rs`.
    for key_type in [KeyType::P256, KeyType::P384, KeyType::Ed25519] {
        compare(Plan {
            key_type,
            ..Plan::example(Preset::Kubeadm)
        });
    }
}

#[test]
fn intermediates_separate_authorities_and_name_constraints_come_out_alike() {
    for separate_authorities in [false, true] {
        let mut plan = Plan {
            key_type: KeyType::P256,
            separate_authorities,
            ..Plan::preset(Preset::Cluster)
        };
        plan.authority.intermediate = Some(IntermediatePlan {
            subject: "CN=etcd-issuing-CA".to_owned(),
            days: "1825".to_owned(),
        });
        "localhost, lab.test, 127.0.0.0/8, ::1, fd00::/8".clone_into(&mut plan.authority.permitted);
        "not.lab.test, 127.9.0.0/16".clone_into(&mut plan.authority.excluded);
        compare(plan);
    }
}
