//! The inspector, renewal and revocation on the real page: things are pasted,
//! dropped and chosen, and what is said of them is what a reader needs; nothing
//! that is given breaks the page or keeps it from answering. What is renewed and
//! revoked there is held against OpenSSL and a real etcd.
#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use fantoccini::key::Key;
use serde_json::json;
use support::browser::{Browser, Extent, PATIENCE, Scheme};
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

const TUTORIAL: &str = include_str!("../fixtures/tutorial-client.crt");

/// Drops files on the inspector, as a reader would from a file manager.
fn drop_files(browser: &Browser, files: &[&Path]) {
    let files: Vec<_> = files
        .iter()
        .map(|path| {
            json!([
                path.file_name().unwrap().to_str(),
                BASE64.encode(fs::read(path).unwrap())
            ])
        })
        .collect();
    browser.execute_with(
        "const transfer = new DataTransfer();
         for (const [name, contents] of arguments[0]) {
           const bytes = Uint8Array.from(atob(contents), (c) => c.charCodeAt(0));
           transfer.items.add(new File([bytes], name));
         }
         const place = document.querySelector('#inspect-text');
         place.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));",
        vec![json!(files)],
    );
}

/// A root, an intermediate and a server below it, made by OpenSSL.
fn chain() -> TempDir {
    let folder = TempDir::new().unwrap();
    run_bash(
        "set -e
         openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -days 3650 -subj /CN=ROOT -addext keyUsage=critical,keyCertSign,cRLSign -out root.crt
         issue() {
           openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -subj \"/CN=$1\" -out $1.csr
           printf \"$3\" > $1.cnf
           openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key -days 90 -extfile $1.cnf -out $1.crt
         }
         issue MIDDLE root 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign\\n'
         issue server MIDDLE 'extendedKeyUsage=serverAuth\\nsubjectAltName=DNS:a.lab.test\\n'
         openssl x509 -in server.crt -outform DER -out server.der
         openssl pkcs12 -export -in server.crt -inkey server.key -certfile MIDDLE.crt -passout pass:secret -out server.p12",
        folder.path(),
    )
    .succeeded();
    folder
}

#[test]
fn the_tutorials_certificate_is_explained() {
    let browser = Browser::open();
    browser.visit("inspect");
    browser.paste("#inspect-text", TUTORIAL);
    browser.wait_for_text("#inspection", "Version 1, without extensions");
    let said = browser.text("#inspection");
    for part in [
        "1 certificate",
        "/CN=client",
        "/CN=KUBERNETES-CA",
        "12 December 2024 to 10 February 2025, 60 days",
        "ended",
        "etcd’s user “client”",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert_eq!(
        browser.content("#inspected-0-serial"),
        "1D735BBDFA81DC2725278AFF896F81329C5388B6"
    );
    browser.click("#inspect-clear");
    browser.wait_until_gone("#inspected-0");
    assert_eq!(browser.value("#inspect-text"), "");
    browser.assert_quiet();
}

#[test]
fn a_chain_that_is_dropped_is_drawn_and_its_key_found() {
    let folder = chain();
    let file = |name: &str| folder.path().join(name);
    let browser = Browser::open();
    browser.visit("inspect");
    drop_files(
        &browser,
        &[
            &file("server.der"),
            &file("server.key"),
            &file("MIDDLE.crt"),
            &file("root.crt"),
        ],
    );
    browser.wait_for_text("#inspection", "3 certificates and 1 private key");
    // ROOT, below it MIDDLE, below that server.
    let nested = "#inspection .tree > ul > li > ul > li > ul > li a";
    assert_eq!(browser.texts(nested), ["/CN=server"]);
    browser.unfold();
    let said = browser.text("#inspection");
    for part in [
        "gRPC gateway",
        "etcd and etcdctl read PEM only; this is DER",
        "DNS:a.lab.test",
        "The key itself is not shown",
        "private key P-256",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let markup = browser.property("#inspection", "innerHTML").unwrap();
    assert!(!markup.contains("PRIVATE KEY-----"));
    for (scheme, width, name) in [
        (Scheme::Light, 1440, "light-1440"),
        (Scheme::Dark, 360, "dark-360"),
    ] {
        let name = format!("inspector-{name}");
        browser.screenshot(&name, width, 900, scheme, Extent::Page);
        let wide = browser.execute("return document.documentElement.scrollWidth > innerWidth");
        assert_eq!(wide, json!(false), "{name} scrolls sideways");
    }
    browser.assert_quiet();
}

#[test]
fn a_pkcs12_file_opens_with_its_passphrase_and_with_no_other() {
    let folder = chain();
    let browser = Browser::open();
    browser.visit("inspect");
    browser.choose_file("#inspect-text-file", &folder.path().join("server.p12"));
    browser.wait_for_text("#inspection", "write its passphrase");
    browser.fill("#inspect-passphrase", "wrong");
    browser.wait_for_text("#inspection", "does not open it");
    browser.fill("#inspect-passphrase", "secret");
    browser.wait_for_text("#inspection", "2 certificates and 1 private key");
    let markup = browser.property("#inspection", "innerHTML").unwrap();
    assert!(!markup.contains("PRIVATE KEY-----"));
    browser.assert_quiet();
}

#[test]
fn the_files_made_here_can_be_looked_at() {
    let browser = Browser::open();
    browser.visit("inspect");
    assert!(!browser.shows("#inspect-made"));
    browser.visit("make");
    browser.click("#make");
    browser.wait_until_made();
    browser.visit("inspect");
    browser.click("#inspect-made");
    browser.wait_for_text("#inspection", "3 certificates, 1 CSR and 3 private keys");
    assert_eq!(
        browser
            .texts("#inspection .tree > ul > li > ul > li a")
            .len(),
        2
    );
    assert!(!browser.text("#inspection").contains("fault"));
    browser.assert_quiet();
}

/// The number of the part whose field has this name.
fn part(browser: &Browser, name: &str) -> String {
    let found = browser.execute_with(
        "return [...document.querySelectorAll('.part')].find(
           (it) => it.querySelector('.part-name').textContent === arguments[0]).dataset.part",
        vec![json!(name)],
    );
    found.as_str().unwrap().to_owned()
}

/// The numbers of what is marked, one for each place.
fn marked(browser: &Browser) -> serde_json::Value {
    browser.execute("return [...document.querySelectorAll('.marked')].map((it) => it.dataset.part)")
}

#[test]
fn an_anatomy_marks_what_belongs_together_by_pointer_by_key_and_by_tap() {
    let browser = Browser::open();
    browser.visit("inspect");
    browser.paste("#inspect-text", TUTORIAL);
    // One thing alone is taken apart unasked.
    browser.wait_for("[data-parts]");
    // A pointer over a byte.
    let not_after = part(&browser, "notAfter");
    browser.execute_with(
        "document.querySelector(`.pane-bytes [data-part='${arguments[0]}']`)
           .dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))",
        vec![json!(not_after)],
    );
    assert_eq!(marked(&browser), json!([not_after, not_after, not_after]));
    let said = browser.text("#anatomy-said");
    for words in [
        "notAfter",
        "2025-02-10 21:10:10 UTC",
        "RFC 5280 section 4.1.2.5",
        "each new connection is refused",
        "In the PEM line ",
    ] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
    // The marked field is in sight in its pane.
    let in_sight = browser.execute(
        "const pane = document.querySelector('.pane-fields .pane').getBoundingClientRect();
         const mark = document.querySelector('.pane-fields .marked').getBoundingClientRect();
         return mark.top >= pane.top - 1 && mark.top < pane.bottom",
    );
    assert_eq!(in_sight, json!(true));
    // A tap on a letter of the PEM chooses; from there the arrow keys go on.
    let subject = part(&browser, "subject");
    browser.click(&format!(".pane-pem [data-part='{subject}']"));
    let chosen = "return document.querySelector('[data-parts] input:checked').value";
    browser.wait_until("a part of the subject is chosen", PATIENCE, || {
        let chosen: usize = browser.execute(chosen).as_str().unwrap().parse().unwrap();
        chosen >= subject.parse().unwrap()
    });
    let before = browser.execute(chosen);
    browser.execute("document.querySelector('[data-parts] input:checked').focus()");
    browser.strike(&[], &Key::Down.to_string());
    browser.wait_until("the next part is chosen", PATIENCE, || {
        browser.execute(chosen) != before
    });
    let now = browser.execute(chosen);
    assert_eq!(marked(&browser), json!([now, now, now]));
    for (scheme, width) in [(Scheme::Light, 1440), (Scheme::Dark, 320)] {
        let name = format!("anatomy-{width}");
        browser.screenshot(&name, width, 900, scheme, Extent::Page);
        let wide = browser.execute("return document.documentElement.scrollWidth > innerWidth");
        assert_eq!(wide, json!(false), "{name} scrolls sideways");
    }
    // It is put away, and the focus goes back to where it was opened.
    browser.click("[data-action='anatomy-close']");
    browser.wait_until_gone("[data-parts]");
    let focus = browser.execute("return document.activeElement.id");
    assert_eq!(focus, json!("inspected-0-anatomy"));
    browser.assert_quiet();
}

#[test]
fn the_pages_own_archives_and_what_kubernetes_keeps_are_opened() {
    let browser = Browser::open();
    browser.click("#make");
    browser.wait_until_made();
    browser.click("#download-tar");
    let folder = TempDir::new().unwrap();
    let archive = folder.path().join("lab.tar");
    fs::copy(browser.wait_for_archive("KUBERNETES-CA", "tar"), &archive).unwrap();
    browser.visit("inspect");
    drop_files(&browser, &[&archive]);
    browser.wait_for_text("#inspection", "3 certificates, 1 CSR and 3 private keys");
    browser.unfold();
    let said = browser.text("#inspection");
    assert!(
        said.contains("client.crt in lab.tar, line 1, CERTIFICATE"),
        "{said}"
    );
    assert!(
        said.contains("Also there, with nothing in them that is read here"),
        "{said}"
    );
    browser.click("#inspect-clear");
    let secret = format!(
        "apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {}\n",
        BASE64.encode(TUTORIAL)
    );
    browser.paste("#inspect-text", &secret);
    browser.wait_for_text("#inspection", "tls.crt in line 4 of the pasted text");
    browser.assert_quiet();
}

#[test]
fn hostile_and_huge_input_is_answered_at_once_and_breaks_nothing() {
    let browser = Browser::open_traced();
    browser.visit("inspect");
    for (text, says) in [
        (
            "<img src=x onerror=alert(1)>".to_owned(),
            "neither PEM nor DER",
        ),
        (
            TUTORIAL.replace("-----END CERTIFICATE-----", ""),
            "no “-----END CERTIFICATE-----” line",
        ),
        (TUTORIAL[..400].to_owned(), "no “-----END"),
        (
            "-----BEGIN <b>-----\nMAA=\n-----END <b>-----\n".to_owned(),
            "“<b>” is no kind of PEM",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".to_owned(),
            "is damaged",
        ),
    ] {
        browser.paste("#inspect-text", &text);
        browser.wait_for_text("#inspection", says);
        assert_eq!(browser.count("#inspection img, #inspection b"), 0);
    }
    // Ten megabytes, which are not even copied. To lay them out is the browser's work.
    browser.execute(
        "document.querySelector('#inspect-text').value = 'x'.repeat(10 << 20);
         document.body.getBoundingClientRect();",
    );
    let work = browser.work_during(|| {
        browser.execute(
            "document.querySelector('#inspect-text')
               .dispatchEvent(new InputEvent('input', { bubbles: true }));",
        );
        browser.wait_for_text("#inspection", "too much");
    });
    let pace = browser.pace();
    assert!(work.main_thread < pace.second(), "{work:?} at {pace:?}");
    // As many certificates as are read, and more.
    browser.paste("#inspect-text", &TUTORIAL.repeat(1000));
    browser.wait_until("the rest is counted", PATIENCE, || {
        browser
            .text("#inspection")
            .contains("800 more things were not read")
    });
    browser.paste("#inspect-text", TUTORIAL);
    browser.wait_for_text("#inspection", "Found: 1 certificate.");
    browser.assert_quiet();
}

#[test]
fn a_revoked_client_is_turned_away_and_a_renewed_one_is_not() {
    let folder = TempDir::new().unwrap();
    let certificates = folder.path().join("certificates");
    let browser = Browser::open();
    browser.unfold();
    browser.fill("#directory", certificates.to_str().unwrap());
    let [port] = free_ports();
    browser.fill("#port", &port.to_string());
    browser.click("#add-client");
    browser.click("#make");
    browser.wait_until_made();
    browser.unfold();
    browser.click("#download-tar");
    let archive = browser.wait_for_archive("KUBERNETES-CA", "tar");
    run_bash(
        &browser.content("#command-unpack"),
        archive.parent().unwrap(),
    )
    .succeeded();
    let file = |name: &str| certificates.join(name);

    // The client's certificate again, for its key.
    browser.visit("renew-and-revoke");
    browser.click("[data-action='renew-take client']");
    browser.fill("#renew-days", "4000");
    browser.click("#renew");
    browser.wait_for_text("#renew-days-fault", "past the CA’s own end");
    browser.fill("#renew-days", "30");
    browser.click("#renew");
    browser.wait_for_text("#renewed", "Renewed /CN=client");
    browser.click("[data-action='desk-download client.crt']");
    let renewed = browser.wait_for_download("client.crt");
    fs::rename(file("client.crt"), file("old.crt")).unwrap();
    fs::copy(renewed, file("client.crt")).unwrap();
    run_bash(
        "set -e
         openssl verify -x509_strict -purpose sslclient -CAfile ca.crt client.crt
         test \"$(openssl x509 -in client.crt -noout -pubkey)\" = \"$(openssl pkey -in client.key -pubout)\"
         test \"$(openssl x509 -in client.crt -noout -subject -ext extendedKeyUsage,keyUsage)\" = \"$(openssl x509 -in old.crt -noout -subject -ext extendedKeyUsage,keyUsage)\"
         test \"$(openssl x509 -in client.crt -noout -serial)\" != \"$(openssl x509 -in old.crt -noout -serial)\"",
        &certificates,
    )
    .succeeded();

    // The second client by its tick, the old certificate by its text.
    browser.click("#revoke-made-2");
    browser.paste("#revoke-text", "0A banana");
    browser.click("#revoke");
    browser.wait_for_text("#revoke-text-fault", "“banana” is no reason");
    browser.paste(
        "#revoke-text",
        &fs::read_to_string(file("old.crt")).unwrap(),
    );
    browser.fill("#revoke-number", "one");
    browser.click("#revoke");
    browser.wait_for_text("#revoke-number-fault", "no number");
    browser.fill("#revoke-number", "7");
    browser.click("#revoke");
    browser.wait_for_text("#revoked", "CRL number 7 revokes 2 certificates");
    for name in ["revoked.crl", "revoked.crl.pem"] {
        browser.click(&format!("[data-action='desk-download {name}']"));
        fs::copy(browser.wait_for_download(name), file(name)).unwrap();
    }
    let listed = run_bash(
        "set -e
         openssl crl -inform DER -in revoked.crl -CAfile ca.crt -noout -crlnumber -text
         cmp <(openssl crl -inform DER -in revoked.crl) <(openssl crl -in revoked.crl.pem)",
        &certificates,
    );
    let listed = listed.succeeded();
    assert!(
        listed.contains("crlNumber=0x07") || listed.contains("crlNumber=07"),
        "{listed}"
    );
    assert_eq!(listed.matches("Serial Number:").count(), 2, "{listed}");

    // The page's own CA has signed it: its commands start etcd with it.
    let command = browser.content("#command-etcd");
    let flag = format!("--client-crl-file={}", file("revoked.crl").display());
    assert!(command.contains(&flag), "{command}");
    let mut etcd = Etcd::start(Version::V3_4_23, &command, folder.path());
    etcd.ready().unwrap();
    let shell = Shell::in_folder(folder.path()).with_etcd(Version::V3_4_23);
    let put = |client: usize| browser.content(&format!("#command-verified-put-{client}"));
    assert_eq!(shell.run(&put(0)).succeeded(), "OK\n");
    shell.run(&put(1)).failed();
    assert!(etcd.logs("revoked"), "{}", etcd.log());
    let old = put(0).replace("client.crt", "old.crt");
    assert_ne!(old, put(0));
    shell.run(&old).failed();
    assert_eq!(shell.run(&put(0)).succeeded(), "OK\n");
    browser.assert_quiet();
}

#[test]
fn a_certificate_of_another_authority_is_renewed_only_when_that_is_wanted() {
    let folder = chain();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let browser = Browser::open();
    browser.visit("renew-and-revoke");
    browser.unfold();
    browser.paste("#renew-certificate", &read("server.crt"));
    // The page has no CA, so that another one is asked for first.
    browser.click("#renew");
    browser.wait_for_text("#signer-certificate-fault", "give the CA’s certificate");
    browser.click("#signer-source-page");
    browser.click("#renew");
    browser.wait_for_text("#renewed", "no CA on this page yet");
    browser.click("#signer-source-own");
    browser.paste("#signer-certificate", &read("root.crt"));
    browser.paste("#signer-key", &read("root.key"));
    browser.click("#renew-source-new");
    browser.click("#renew");
    browser.wait_for_text("#renew-certificate-fault", "issued by /CN=MIDDLE");
    assert_eq!(
        browser.execute("return document.activeElement.id"),
        json!("renew-certificate")
    );
    browser.click("#renew-foreign");
    browser.wait_for_text("#renewed", "Renewed /CN=server");
    for name in ["server.crt", "server.key"] {
        browser.click(&format!("[data-action='desk-download {name}']"));
        let downloaded = browser.wait_for_download(name);
        fs::copy(downloaded, folder.path().join(format!("new-{name}"))).unwrap();
    }
    run_bash(
        "set -e
         openssl verify -x509_strict -purpose sslserver -verify_hostname a.lab.test -CAfile root.crt new-server.crt
         test \"$(openssl x509 -in new-server.crt -noout -pubkey)\" = \"$(openssl pkey -in new-server.key -pubout)\"
         test \"$(openssl pkey -in new-server.key -pubout)\" != \"$(openssl pkey -in server.key -pubout)\"",
        folder.path(),
    )
    .succeeded();
    browser.paste("#signer-key", &read("server.key"));
    browser.click("#revoke");
    browser.wait_for_text("#signer-key-fault", "not the key of /CN=ROOT");
    browser.assert_quiet();
}
