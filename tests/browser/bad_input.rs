//! Bad input on the real page: each fault stands beside its field in a sentence
//! that helps, and nothing that was already made is lost.
#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::time::Duration;

use serde_json::json;
use support::browser::{Browser, PATIENCE};
use support::shell::run_bash;
use tempfile::TempDir;

/// Long enough for three keys on a busy machine.
const MAKING: Duration = Duration::from_mins(1);

/// The page with the tutorial's files made and every fold open.
fn made() -> Browser {
    let browser = Browser::open();
    browser.click("#make");
    browser.wait_until_made();
    browser.unfold();
    browser
}

fn serial_numbers(browser: &Browser) -> String {
    browser.click("[data-action='view client.crt']");
    let shown = browser.content("[data-contents='client.crt']");
    browser.click("[data-action='view client.crt']");
    shown
}

/// Presses the button and gives the sentence beside a field, which must be the
/// one that has the focus.
fn fault(browser: &Browser, field: &str) -> String {
    browser.click("#make");
    browser.wait_for(&format!("#{field}-fault"));
    assert_eq!(
        browser.execute("return document.activeElement.id"),
        json!(field),
        "the first faulty field has the focus"
    );
    browser.text(&format!("#{field}-fault"))
}

#[test]
fn each_fault_stands_beside_its_field_and_costs_nothing() {
    let browser = made();
    let before = serial_numbers(&browser);
    let long = format!("CN={}", "x".repeat(65));
    for (field, text, says) in [
        ("authority-subject", "", "the subject is empty"),
        ("authority-subject", long.as_str(), "at most 64"),
        ("client-0-subject", "", "the subject is empty"),
        ("client-0-subject", long.as_str(), "at most 64"),
        ("client-0-subject", "CN=a\u{7}b", "control character U+0007"),
        ("client-0-days", "", "write a number of days"),
        ("client-0-days", "0", "write 1 or more"),
        ("client-0-days", "-3", "write 1 or more"),
        ("client-0-days", "1000000000", "more than a hundred years"),
        ("client-0-days", "soon", "not a whole number"),
        ("client-0-days", "4000", "past the CA’s own end"),
        ("server-names", "127.0.0.1, 127.0.0.256", "no IP address"),
        ("server-names", "127.0.0.1, -bad-", "no host name"),
        ("server-names", "127.0.0.1, localhost, LOCALHOST", "twice"),
        ("server-names", "localhost", "127.0.0.1 is missing"),
        (
            "server-names",
            "127.0.0.1, DNS:10.0.0.1",
            "write IP:10.0.0.1",
        ),
        ("port", "70000", "1 to 65535"),
        ("directory", "certificates", "/root/certificates"),
    ] {
        let right = browser.value(&format!("#{field}"));
        browser.paste(&format!("#{field}"), text);
        let said = fault(&browser, field);
        assert!(said.contains(says), "{field} {text:?}: {said}");
        assert!(browser.shows("#download-tar"), "the files are still there");
        browser.paste(&format!("#{field}"), &right);
        browser.wait_until("the fault goes when the field is right", PATIENCE, || {
            !browser.shows(&format!("#{field}-fault"))
        });
    }
    assert_eq!(serial_numbers(&browser), before, "nothing was made anew");
    browser.assert_quiet();
}

#[test]
fn a_csr_that_is_none_is_said_to_be_none() {
    let folder = TempDir::new().unwrap();
    run_bash(
        "set -e
         openssl req -new -newkey rsa:2048 -nodes -keyout key -subj /CN=theirs -out csr
         openssl req -in csr -outform DER | sed 's/theirs/theira/' > changed.der
         { echo '-----BEGIN CERTIFICATE REQUEST-----'; base64 -w 64 changed.der; echo '-----END CERTIFICATE REQUEST-----'; } > changed",
        folder.path(),
    )
    .succeeded();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let csr = read("csr");
    let browser = made();
    let before = serial_numbers(&browser);
    browser.click("#client-0-source-csr");
    for (text, says) in [
        (read("changed"), "signature does not fit"),
        (
            csr[..csr.len() / 2].to_owned(),
            "no “-----END CERTIFICATE REQUEST-----” line",
        ),
        (csr.repeat(2), "2 PEM blocks"),
        (read("key"), "a private key does not belong here"),
        ("hello".to_owned(), "no “-----BEGIN"),
    ] {
        browser.paste("#client-0-csr", &text);
        let said = fault(&browser, "client-0-csr");
        assert!(said.contains(says), "{said}");
    }
    let large = folder.path().join("large.csr");
    fs::File::create(&large)
        .unwrap()
        .set_len(50_000_000)
        .unwrap();
    browser.choose_file("#client-0-csr-file", &large);
    browser.wait_for_text("#client-0-csr-fault", "far too large");
    browser.click("#client-0-source-make");
    assert_eq!(serial_numbers(&browser), before, "nothing was made anew");
    browser.assert_quiet();
}

#[test]
fn an_authority_whose_key_is_anothers_is_refused() {
    let folder = TempDir::new().unwrap();
    run_bash(
        "set -e
         openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -days 30 -subj /CN=OWN-CA -out ca.crt
         openssl genrsa -out other.key 2048
         openssl req -x509 -newkey rsa:2048 -nodes -keyout leaf.key -days 30 -subj /CN=leaf -out leaf.crt -addext keyUsage=digitalSignature",
        folder.path(),
    )
    .succeeded();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let browser = made();
    let before = serial_numbers(&browser);
    browser.click("#authority-source-bring");
    browser.paste("#authority-certificate", &read("ca.crt"));
    browser.paste("#authority-key", &read("other.key"));
    browser.wait_for_text("#authority-key-fault", "not the key of /CN=OWN-CA");
    browser.paste("#authority-certificate", &read("leaf.crt"));
    browser.paste("#authority-key", &read("leaf.key"));
    browser.wait_for_text("#authority-certificate-fault", "keyCertSign");
    assert_eq!(serial_numbers(&browser), before, "nothing was made anew");
    browser.paste("#authority-certificate", &read("ca.crt"));
    browser.paste("#authority-key", &read("ca.key"));
    browser.wait_until("the CA is taken", PATIENCE, || {
        !browser.shows("#authority-certificate-fault") && !browser.shows("#authority-key-fault")
    });
    let said = fault(&browser, "server-days");
    assert!(said.contains("365 days is past the CA’s own end"), "{said}");
    browser.assert_quiet();
}

#[test]
fn cancelling_answers_at_once_and_keeps_what_was_there() {
    let browser = made();
    let before = serial_numbers(&browser);
    browser.paste("#authority-subject", "CN=ANOTHER-CA");
    // The press itself takes the button away: there is nothing to wait for.
    let shown = browser.execute_async(
        "const done = arguments[0];
         document.querySelector('#make').click();
         setTimeout(() => {
           const cancel = document.querySelector('#cancel');
           const isShown = () => cancel.isConnected && cancel.getClientRects().length > 0;
           const before = isShown();
           cancel.click();
           done([before, isShown()]);
         }, 30);",
        vec![],
    );
    assert_eq!(shown, json!([true, false]));
    assert_eq!(serial_numbers(&browser), before);
    // And the page still works.
    browser.click("#make");
    browser.wait_until("the new CA is made", MAKING, || {
        browser.text("#files").contains("ANOTHER-CA")
    });
    browser.assert_quiet();
}

#[test]
fn files_that_were_made_can_be_downloaded_after_the_page_broke() {
    let browser = made();
    // What the page is drawn with breaks, in the midst of a change.
    browser.execute(
        "Object.defineProperty(Element.prototype, 'innerHTML', {
           set() { throw new Error('broken on purpose'); },
         });
         window.onerror = () => true;",
    );
    browser.click("#add-client");
    browser.wait_for_text("#boot-message", "This page has a fault");
    browser.click("#boot-message button");
    let archive = browser.wait_for_archive("KUBERNETES-CA", "tar");
    let list = format!("tar -tf '{}'", archive.display());
    let run = run_bash(&list, archive.parent().unwrap());
    let names = run.succeeded();
    for name in ["ca.key", "etcd.key", "client.key", "README"] {
        assert!(names.lines().any(|line| line == name), "{name}: {names}");
    }
    // Leaving would still lose them, and asks.
    let asked = browser
        .execute("return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))");
    assert_eq!(asked, json!(true));
}
