//! What is left of private keys after "Forget everything", in Chromium: every run of
//! sixteen bytes of each key is looked for in the whole memory of wasm, the page's and
//! each worker's, and in the document, for every way in which a key comes in or is
//! made. What the engine keeps in its own memory, which no page can wipe, is counted
//! and printed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a judge says by panicking that it cannot go on"
)]

mod remains;
#[path = "../../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use remains::{Key, in_engine, in_wasm};
use serde_json::json;
use support::browser::{Browser, PATIENCE};
use support::shell::run_bash;
use tempfile::TempDir;

/// Long enough for some keys on a busy machine.
const MAKING: Duration = Duration::from_mins(2);

/// The kinds of keys that are made.
const KINDS: [&str; 4] = ["rsa-2048", "p-256", "ed25519", "ml-dsa-65"];

/// The product, watched.
fn watched(before: &str) -> Browser {
    let browser = Browser::start_traced();
    let watch = format!("{before}\n{}", include_str!("watch.js"));
    browser.open_after(&watch);
    browser.wait_until_started();
    browser.wait_until("the page is ready", PATIENCE, || {
        browser.attribute("html", "data-ready").is_some()
    });
    browser
}

/// Forgets everything, and looks for what is left.
fn forget(browser: &Browser, way: &str, keys: &[Key]) {
    assert!(!keys.is_empty(), "{way}");
    browser.visit("make");
    browser.click("#forget");
    browser.click("#forget-confirm");
    browser.wait_until("the workers are gone", PATIENCE, || browser.workers() == 0);
    let left = in_wasm(browser, keys);
    assert_eq!(left.workers, [0; 0], "{way}: no worker is there");
    assert_eq!(left.page, 0, "{way}: {left:?}");
    let document = browser.execute(
        "return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')]
           .map((field) => field.value + field.defaultValue).join('\\n') + document.title + location.href",
    );
    let document = document.as_str().unwrap();
    for key in keys {
        assert!(!key.is_in_text(document), "{way}: in the document");
    }
    println!(
        "{way}: {} runs in the engine's own memory",
        in_engine(browser, keys)
    );
}

/// The private keys of the archive that the page offers.
fn made_keys(browser: &Browser, authority: &str) -> Vec<Key> {
    browser.click("#download-tar");
    let archive = browser.wait_for_archive(authority, "tar");
    let folder = TempDir::new().unwrap();
    let unpack = format!("tar -xf '{}'", archive.display());
    run_bash(&unpack, folder.path()).succeeded();
    fs::remove_file(&archive).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().flatten();
    let keys = files.filter(|file| file.path().extension().is_some_and(|end| end == "key"));
    keys.map(|file| Key::read(&file.path())).collect()
}

fn make(browser: &Browser, kind: &str) -> Vec<Key> {
    browser.visit("make");
    browser.unfold();
    browser.click(&format!("#key-type-{kind}"));
    browser.click("#make");
    browser.wait_until_made();
    made_keys(browser, "KUBERNETES-CA")
}

/// A CA with its key plain, under a passphrase, and in a PKCS#12 file.
fn authority(folder: &Path, kind: &str) -> Key {
    let generate = match kind {
        "rsa-2048" => "openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "p-256" => "openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        _ => "openssl genpkey -quiet -algorithm ED25519",
    };
    run_bash(
        &format!(
            "set -e
             {generate} -out ca.key
             openssl req -x509 -new -key ca.key -days 4000 -subj /CN=OWN-CA -out ca.crt -addext keyUsage=critical,keyCertSign,cRLSign
             openssl pkcs8 -topk8 -v2 aes-256-cbc -in ca.key -passout pass:secret -out encrypted.key
             openssl pkcs12 -export -inkey ca.key -in ca.crt -passout pass:secret -out ca.p12"
        ),
        folder,
    )
    .succeeded();
    Key::read(&folder.join("ca.key"))
}

/// Brings a CA as files and makes the tutorial's files below it.
fn bring(browser: &Browser, folder: &Path, key: &str) -> Vec<Key> {
    browser.unfold();
    browser.click("#authority-source-bring");
    browser.choose_file("#authority-certificate-file", &folder.join("ca.crt"));
    browser.choose_file("#authority-key-file", &folder.join(key));
    if key == "encrypted.key" {
        browser.wait_for("#authority-passphrase");
        browser.paste("#authority-passphrase", "secret");
    }
    browser.wait_for_text("#authority-facts", "can be used");
    browser.click("#make");
    browser.wait_until_made();
    made_keys(browser, "OWN-CA")
}

#[test]
fn the_search_finds_a_key_where_one_is() {
    let browser = watched("");
    let folder = TempDir::new().unwrap();
    let key = authority(folder.path(), "rsa-2048");
    browser.unfold();
    browser.click("#authority-source-bring");
    let pem = fs::read_to_string(folder.path().join("ca.key")).unwrap();
    browser.paste("#authority-key", &pem);
    let keys = [key];
    assert!(in_wasm(&browser, &keys).page > 0);
    assert!(in_engine(&browser, &keys) > 0);
    // Signing for somebody else, a worker has the key in hand for as long as it takes.
    browser.execute_with(
        "for (let client = 1; client < arguments[0]; client += 1) {
           document.querySelector('#add-client').click();
         }",
        vec![json!(40)],
    );
    let certificate = fs::read_to_string(folder.path().join("ca.crt")).unwrap();
    browser.paste("#authority-certificate", &certificate);
    browser.click("#make");
    browser.wait_until("a worker has the key", MAKING, || {
        in_wasm(&browser, &keys)
            .workers
            .iter()
            .any(|found| *found > 0)
    });
}

#[test]
fn no_key_that_was_made_is_left() {
    let browser = watched("");
    for kind in KINDS {
        let keys = make(&browser, kind);
        let idle = in_wasm(&browser, &keys);
        println!("{kind}, made and at rest: {idle:?}");
        forget(&browser, kind, &keys);
    }
    browser.assert_quiet();
}

#[test]
fn no_key_that_was_brought_is_left() {
    let browser = watched("");
    for (kind, file) in [
        ("rsa-2048", "ca.key"),
        ("rsa-2048", "encrypted.key"),
        ("p-256", "encrypted.key"),
        ("ed25519", "ca.key"),
    ] {
        let folder = TempDir::new().unwrap();
        let key = authority(folder.path(), kind);
        let mut keys = bring(&browser, folder.path(), file);
        keys.push(key);
        forget(&browser, &format!("a CA’s {kind}, {file}"), &keys);
    }
    browser.assert_quiet();
}

#[test]
fn no_key_that_was_looked_at_or_signed_with_is_left() {
    let browser = watched("");
    for place in ["inspect", "diagnosis", "signer"] {
        for file in ["ca.key", "encrypted.key", "ca.p12"] {
            let folder = TempDir::new().unwrap();
            let key = authority(folder.path(), "rsa-2048");
            let path = folder.path().join(file);
            match place {
                "inspect" => {
                    browser.visit("inspect");
                    if file == "ca.key" {
                        browser.paste("#inspect-text", &fs::read_to_string(&path).unwrap());
                    } else {
                        browser.choose_file("#inspect-text-file", &path);
                        browser.wait_for_text("#inspection", "passphrase");
                        browser.fill("#inspect-passphrase", "secret");
                    }
                    browser.wait_for_text("#inspection", "RSA");
                }
                "diagnosis" => {
                    browser.visit("diagnose");
                    if file == "ca.key" {
                        browser.paste("#diagnosis-text", &fs::read_to_string(&path).unwrap());
                    } else {
                        browser.choose_file("#diagnosis-text-file", &path);
                    }
                }
                _ => {
                    if file == "ca.p12" {
                        continue;
                    }
                    browser.visit("renew-and-revoke");
                    browser.unfold();
                    browser.click("#signer-source-own");
                    let certificate = folder.path().join("ca.crt");
                    let certificate = fs::read_to_string(certificate).unwrap();
                    browser.paste("#signer-certificate", &certificate);
                    browser.paste("#signer-key", &fs::read_to_string(&path).unwrap());
                    if file == "encrypted.key" {
                        browser.wait_for("#signer-passphrase");
                        browser.paste("#signer-passphrase", "secret");
                    }
                    browser.paste("#revoke-text", "01");
                    browser.click("#revoke");
                    browser.wait_until("there is an answer", PATIENCE, || {
                        !browser.text("#revoked").is_empty()
                    });
                }
            }
            forget(&browser, &format!("{place}, {file}"), &[key]);
        }
    }
    browser.assert_quiet();
}

#[test]
fn no_key_is_left_where_the_page_itself_did_the_work() {
    let browser = watched("delete window.Worker;");
    for kind in KINDS {
        let keys = make(&browser, kind);
        forget(&browser, &format!("{kind}, without workers"), &keys);
    }
    for file in ["ca.key", "encrypted.key"] {
        let folder = TempDir::new().unwrap();
        let key = authority(folder.path(), "p-256");
        let mut keys = bring(&browser, folder.path(), file);
        keys.push(key);
        forget(&browser, &format!("a CA’s {file}, without workers"), &keys);
    }
    browser.assert_quiet();
}
