//! OpenSSL judges what the core makes: every certificate, CSR and key, and
//! whether the openssl lines that are printed make the same.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{fs, path::Path, process::Command};

use etcd_pki_lab::{
    etcd::plan::{AuthoritySource, IdentityPlan, Plan},
    lab::{
        IssuedAuthority, Lab, making,
        task::{Outcome, PemPair, Task, Workbench},
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;

fn issue(plan: &Plan) -> Lab {
    making::make(plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap()
}

fn write(lab: &Lab, folder: &Path) {
    for file in lab.files() {
        fs::write(folder.join(file.name), file.contents.as_bytes()).unwrap();
    }
}

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

/// OpenSSL's strict opinion of the files in a folder.
fn judge(folder: &Path, clients: &[&str]) {
    bash(folder, "openssl verify -x509_strict -CAfile ca.crt ca.crt");
    bash(
        folder,
        "openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 -CAfile ca.crt etcd.crt",
    );
    bash(
        folder,
        "openssl verify -x509_strict -purpose sslserver -verify_hostname localhost -CAfile ca.crt etcd.crt",
    );
    bash(
        folder,
        "openssl verify -x509_strict -purpose sslclient -CAfile ca.crt etcd.crt",
    );
    for client in clients {
        bash(
            folder,
            &format!(
                "openssl verify -x509_strict -purpose sslclient -CAfile ca.crt '{client}.crt'"
            ),
        );
        bash(
            folder,
            &format!("openssl req -verify -noout -in '{client}.csr'"),
        );
        bash(
            folder,
            &format!("openssl rsa -check -noout -in '{client}.key'"),
        );
    }
    bash(folder, "openssl rsa -check -noout -in etcd.key");
}

/// What two certificates must share: subject, names, usages and constraints.
fn essence(folder: &Path, certificate: &str) -> String {
    bash(
        folder,
        &format!(
            "openssl x509 -in '{certificate}' -noout -subject -issuer -ext basicConstraints,keyUsage,extendedKeyUsage,subjectAltName"
        ),
    )
}

#[test]
fn the_tutorials_files_satisfy_openssls_strict_checks() {
    let folder = tempfile::tempdir().unwrap();
    write(&issue(&Plan::default()), folder.path());
    judge(folder.path(), &["client"]);
}

#[test]
fn the_printed_openssl_lines_make_the_same_certificates() {
    let ours = tempfile::tempdir().unwrap();
    let theirs = tempfile::tempdir().unwrap();
    let mut plan = Plan {
        directory: theirs.path().to_str().unwrap().to_owned(),
        ..Plan::default()
    };
    plan.clients.push(IdentityPlan {
        name: "it's $HOME".to_owned(),
        subject: "/O=a, \"b\" & c/CN=<img src=x onerror=alert(1)>\\/ü".to_owned(),
        names: "client.lab.test, 10.0.0.7, fe80::1".to_owned(),
        ..IdentityPlan::default()
    });
    let lab = issue(&plan);
    write(&lab, ours.path());
    let commands = lab.commands();
    for step in &commands.openssl {
        bash(
            Path::new("/"),
            &format!(
                "cd {}\n{}",
                shlex::try_quote(&plan.directory).unwrap(),
                step.script
            ),
        );
    }
    for certificate in ["ca.crt", "etcd.crt", "client.crt"] {
        assert_eq!(
            essence(ours.path(), certificate),
            essence(theirs.path(), certificate)
        );
    }
    for folder in [ours.path(), theirs.path()] {
        fs::rename(folder.join("it's $HOME.crt"), folder.join("second.crt")).unwrap();
    }
    assert_eq!(
        essence(ours.path(), "second.crt"),
        essence(theirs.path(), "second.crt")
    );
}

#[test]
fn an_authority_and_a_csr_of_openssls_making_are_taken() {
    for algorithm in [
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "ED25519",
    ] {
        let folder = tempfile::tempdir().unwrap();
        bash(folder.path(), &format!(
            "openssl genpkey -algorithm {algorithm} -out ca.key
             openssl req -x509 -new -key ca.key -days 30 -subj /O=ours/CN=OWN-CA -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt
             openssl genpkey -algorithm {algorithm} -out theirs.key
             openssl req -new -key theirs.key -subj /CN=theirs -addext subjectAltName=DNS:theirs.lab.test -out theirs.csr"
        ));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let now = Timestamp::now();
        let task = Task::ReadAuthority {
            authority: PemPair {
                certificate: read("ca.crt"),
                key: read("ca.key"),
            },
            passphrase: None,
            now,
        };
        let Outcome::Authority(pair) = Workbench::default().finish(task, &mut UnwrapErr(SysRng))
        else {
            panic!("{algorithm}")
        };
        let brought = IssuedAuthority::read(&pair).unwrap();
        let mut plan = Plan::default();
        plan.authority.source = AuthoritySource::Bring;
        plan.server.days = "29".to_owned();
        plan.clients[0] = IdentityPlan {
            name: "theirs".to_owned(),
            csr: read("theirs.csr"),
            names: "theirs.lab.test".to_owned(),
            days: "29".to_owned(),
            ..IdentityPlan::default()
        };
        let lab = making::make(&plan, Some(&brought), now, &mut UnwrapErr(SysRng)).unwrap();
        write(&lab, folder.path());
        bash(
            folder.path(),
            "openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 -CAfile ca.crt etcd.crt",
        );
        bash(
            folder.path(),
            "openssl verify -x509_strict -purpose sslclient -CAfile ca.crt theirs.crt",
        );
        assert!(essence(folder.path(), "theirs.crt").contains("CN = theirs"));
    }
}
