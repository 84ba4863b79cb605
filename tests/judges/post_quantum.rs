//! Files with ML-DSA keys before those that know them: etcd 3.7.3 built with Go
//! 1.27.3 and with its own Go, pyca/cryptography on an OpenSSL that reads every
//! form of such a key, and Chromium with its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a test that cannot go on says so by panicking, and uses a part of the cases"
)]

#[path = "../support/post_quantum.rs"]
mod post_quantum;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use der::{Decode as _, Encode as _};
use etcd_pki_lab::pki::{
    certificate::Certificate,
    key::{KeyType, PrivateKey},
    revocation_list::RevocationList,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use post_quantum::{CASES, Case, Go, files};
use serde_json::{Value, json};
use support::asked::ask;
use support::browser::{Browser, Engine};
use support::process::Background;
use support::shell::Shell;
use support::{free_ports, issued, within};
use tempfile::TempDir;

const PASSPHRASE: &str = "a passphrase";

/// A shell with the etcd and etcdctl of a build.
fn shell(go: Go, folder: &Path) -> Shell {
    let (build, tool) = match go {
        Go::Old => ("etcd-3.7.3", "etcd373"),
        Go::New => ("etcd-3.7.3-go1.27.3", "etcd373go127"),
    };
    let programs = support::target().join("tools").join(build);
    assert!(
        programs.join("etcdctl").is_file(),
        "{build} is missing; run `cargo xtask tools {tool}`"
    );
    Shell::in_folder(folder).with_programs(programs)
}

/// Starts an etcd; whether it serves.
fn start(case: &Case, port: &str, folder: &Path) -> (Background, bool) {
    let [peer] = free_ports();
    let url = format!("http://127.0.0.1:{peer}");
    let line = format!(
        "{} --data-dir=data-{port} --listen-peer-urls={url} --initial-advertise-peer-urls={url} \
         --initial-cluster=default={url}",
        case.etcd_line(port)
    );
    let mut etcd = Background::start(&mut shell(case.etcd, folder).command(&line));
    let serves = within(Duration::from_secs(30), || {
        if etcd.ended().is_some() {
            return Some(false);
        }
        let log = etcd.log();
        log.contains("serving client traffic securely")
            .then_some(true)
    });
    // A key that can't be loaded ends it a moment later.
    let ended = within(Duration::from_millis(500), || etcd.ended()).is_some();
    (etcd, serves == Some(true) && !ended)
}

#[test]
fn real_builds_answer_post_quantum_files_as_recorded() {
    let folder = TempDir::new().unwrap();
    for (name, contents) in files(Timestamp::now()) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    let mut different = Vec::new();
    for case in CASES {
        let [port] = free_ports();
        let port = port.to_string();
        let (etcd, serves) = start(case, &port, folder.path());
        let (verdict, printed) = if serves {
            let line = case.etcdctl_line(&port);
            let shell = shell(case.etcdctl, folder.path());
            let output = shell.run(&format!("{line} --command-timeout=5s"));
            let verdict = match output.status {
                Some(0) => "ok",
                _ => "fail",
            };
            (verdict, format!("{}{}", output.stdout, output.stderr))
        } else {
            ("server-start-fail", String::new())
        };
        // Where the server refuses in TLS 1.3, a race decides what etcdctl prints.
        let raced = case.says_etcdctl.starts_with("remote error")
            && (printed.contains("broken pipe") || printed.contains("connection reset"));
        let words = case.says_etcd.replace('"', "\\\"");
        let logged = words.is_empty() || etcd.prints(&words, Duration::from_secs(5));
        if verdict != case.verdict || !logged || !printed.contains(case.says_etcdctl) && !raced {
            let log = etcd.log();
            different.push(format!("{}: {verdict}\n{printed}\n{log}", case.name()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

#[test]
fn an_openssl_of_today_takes_keys_requests_and_chains() {
    let random = &mut UnwrapErr(SysRng);
    let (mut questions, mut lists) = (Vec::new(), Vec::new());
    for issued in issued::post_quantum() {
        for leaf in &issued.leaves {
            let chain: Vec<String> = leaf
                .chain
                .certificates()
                .map(|certificate| STANDARD.encode(certificate.der()))
                .collect();
            let key = leaf.key.to_pkcs8().unwrap();
            let locked = leaf.key.to_encrypted_pem(PASSPHRASE, random).unwrap();
            questions.push(json!({
                "chain": chain,
                "key": STANDARD.encode(&*key),
                "locked": &*locked,
            }));
        }
        let signer = issued.authorities.last().unwrap();
        if signer.may_sign_revocation_lists() {
            let (until, now) = (issued::days("30"), issued::now());
            let list = RevocationList::issue(signer.issuer(), &[], 7, until, now, random).unwrap();
            lists.push(json!({
                "list": STANDARD.encode(list.der()),
                "issuer": STANDARD.encode(signer.certificate().der()),
            }));
        }
    }
    assert!(questions.len() >= 15 && lists.len() >= 12);
    for answer in judge(&lists) {
        assert_eq!(answer["signed"], true, "{answer}");
    }
    for answer in judge(&questions) {
        assert_eq!(answer["fault"], Value::Null, "{answer}");
        // What it writes of the key is read back here: its seed alone, and under a
        // passphrase.
        let written = answer["key"].as_str().unwrap();
        let public = answer["public"].as_str().unwrap();
        let own = |key: &PrivateKey| {
            let spki = key.public_key().to_spki().unwrap();
            STANDARD.encode(spki.to_der().unwrap())
        };
        let key = PrivateKey::from_pkcs8(&STANDARD.decode(written).unwrap()).unwrap();
        assert_eq!(own(&key), public);
        let locked = answer["locked"].as_str().unwrap();
        let key = PrivateKey::from_encrypted_pem(locked, PASSPHRASE).unwrap();
        assert_eq!(own(&key), public);
    }
}

#[test]
fn what_an_openssl_of_today_makes_is_read_here() {
    for kind in [KeyType::MlDsa44, KeyType::MlDsa65, KeyType::MlDsa87] {
        let [answer] = judge(&[json!({ "make": kind.to_string() })])
            .try_into()
            .unwrap();
        let pem = answer["key"].as_str().unwrap();
        let key = PrivateKey::from_pem(pem).unwrap();
        assert_eq!(key.public_key().kind_in_its_place(), kind);
        let request = answer["request"].as_str().unwrap();
        let request =
            etcd_pki_lab::pki::certification_request::CertificationRequest::from_pem(request)
                .unwrap();
        assert_eq!(*request.public_key(), key.public_key());
    }
}

/// Takes a key, signs with it, and verifies that with the certificate's key; then
/// verifies what the CA signed, and writes the key again.
const WEB_CRYPTO: &str = r#"
    const [algorithm, key, own, authority, signed, signature, done] = arguments;
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const verify = async (spki, signature) => {
      const key = await crypto.subtle.importKey("spki", bytes(spki), algorithm, true, ["verify"]);
      return crypto.subtle.verify(algorithm, key, signature, bytes(signed));
    };
    (async () => {
      const taken = await crypto.subtle.importKey("pkcs8", bytes(key), algorithm, true, ["sign"]);
      const made = await crypto.subtle.sign(algorithm, taken, bytes(signed));
      const written = new Uint8Array(await crypto.subtle.exportKey("pkcs8", taken));
      return [
        await verify(own, made),
        await verify(authority, bytes(signature)),
        btoa(String.fromCharCode(...written)) === key,
      ];
    })().then(done, (fault) => done(String(fault)));
"#;

#[test]
fn chromium_calculates_the_same_with_its_own_ml_dsa() {
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("page.html");
    fs::write(
        &page,
        "<!doctype html><meta charset=utf-8><title>empty</title>",
    )
    .unwrap();
    let browser = Browser::start(Engine::Chromium);
    browser.go(&format!("file://{}", page.display()));
    for issued in issued::post_quantum() {
        let leaf = &issued.leaves[0];
        let mut chain = leaf.chain.certificates();
        let (own, authority) = (chain.next().unwrap(), chain.next().unwrap());
        let spki = |certificate: &Certificate| {
            let key = certificate.public_key().unwrap();
            STANDARD.encode(key.to_spki().unwrap().to_der().unwrap())
        };
        let outer = x509_cert::Certificate::from_der(own.der()).unwrap();
        let answer = browser.execute_async(
            WEB_CRYPTO,
            vec![
                leaf.key.public_key().describe().into(),
                STANDARD.encode(&*leaf.key.to_pkcs8().unwrap()).into(),
                spki(own).into(),
                spki(authority).into(),
                STANDARD
                    .encode(outer.tbs_certificate().to_der().unwrap())
                    .into(),
                STANDARD.encode(outer.signature().raw_bytes()).into(),
            ],
        );
        assert_eq!(answer, json!([true, true, true]), "{}", issued.name);
    }
}

/// Asks `python/post_quantum.py`.
fn judge(questions: &[Value]) -> Vec<Value> {
    let python = support::target().join("tools/cryptography/bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/python/post_quantum.py");
    ask(Command::new(python).arg(script), questions)
}
