//! Nothing that is dropped or pasted on Diagnose can hang or crash the page:
//! truncated, hostile and random DER and PEM, a hundred certificates that have
//! all signed each other, a log and a line of megabytes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use serde_json::json;
use support::browser::{Browser, PATIENCE, Work};
use support::shell::run_bash;
use tempfile::TempDir;

/// Drops a file on Diagnose, inside the page, and gives what the page works until
/// it has its answer; a file named `paste` is pasted instead, as the text that it
/// holds.
fn work_for(browser: &Browser, file: &Path) -> Work {
    let name = file.file_name().unwrap().to_str().unwrap();
    // To hand it over is not the page's work.
    browser.execute(
        "document.getElementById('given')?.remove();
         const input = document.createElement('input');
         input.type = 'file';
         input.id = 'given';
         document.body.append(input);",
    );
    browser.choose_file("#given", file);
    browser.execute_async(
        "const [name, done] = arguments;
         const [file] = document.getElementById('given').files;
         window.input = new DataTransfer();
         if (name === 'paste') {
           file.text().then((text) => { window.input.setData('text', text); done(); });
         } else {
           window.input.items.add(file);
           done();
         }",
        vec![json!(name)],
    );
    browser.work_during(|| {
        browser.execute_async(
            "const [name, done] = arguments;
             const about = { bubbles: true, cancelable: true };
             const event = name === 'paste'
               ? new ClipboardEvent('paste', { ...about, clipboardData: window.input })
               : new DragEvent('drop', { ...about, dataTransfer: window.input });
             document.getElementById('diagnosis-text').dispatchEvent(event);
             const look = () => {
               const result = document.getElementById('diagnosis-result');
               const there = result.textContent !== '' && !result.querySelector('.reading');
               if (there) done(); else setTimeout(look, 5);
             };
             setTimeout(look, 5);",
            vec![json!(name)],
        );
    })
}

#[test]
fn hostile_input_is_answered_with_a_second_of_work_while_the_page_stays_free() {
    let browser = Browser::open_traced();
    browser.wait_until("the page is ready", PATIENCE, || {
        browser.attribute("html", "data-ready").is_some()
    });
    browser.visit("diagnose");
    let folder = TempDir::new().unwrap();
    // A hundred CAs of one name and one key: each has signed each other. The
    // leaf is of that name's CA, and of another key.
    run_bash(
        "set -e
         openssl ecparam -name prime256v1 -genkey -noout -out loop.key
         openssl ecparam -name prime256v1 -genkey -noout -out other.key
         for serial in $(seq 100); do
           openssl req -x509 -new -key loop.key -subj /CN=loop -days 30 -set_serial $serial
         done > loop.pem
         openssl req -x509 -new -key other.key -subj /CN=loop -days 30 -out other.crt
         openssl req -new -key other.key -subj /CN=leaf -out leaf.csr
         printf 'extendedKeyUsage=clientAuth' > leaf.ext
         openssl x509 -req -in leaf.csr -CA other.crt -CAkey other.key -set_serial 7 -extfile leaf.ext -out leaf.crt
         cat leaf.crt loop.pem > chain.pem",
        folder.path(),
    )
    .succeeded();
    let chain = fs::read(folder.path().join("chain.pem")).unwrap();
    let mut seed = 20_261_124_u32;
    let random: Vec<u8> = (0..100_000)
        .map(|_| {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
            seed.to_be_bytes()[1]
        })
        .collect();
    let log =
        "{\"level\":\"info\",\"ts\":\"2026-11-24T05:49:04.588112Z\",\"msg\":\"nothing to see\"}\n"
            .repeat(120_000)
            + "{\"level\":\"warn\",\"msg\":\"rejected connection\",\"error\":\"tls: client didn't provide a certificate\"}\n";
    let inputs = [
        ("random.der", random.clone()),
        ("sequence.der", [&[0x30, 0x84], &random[2..]].concat()),
        ("cut.pem", chain[..5000].to_vec()),
        (
            "noise.pem",
            [b"-----BEGIN CERTIFICATE-----\n", &chain[9000..]].concat(),
        ),
        ("deep.der", [0x30, 0x80].repeat(100_000)),
        ("chain.pem", chain),
        ("etcd.log", log.clone().into()),
        ("paste", log.into()),
        ("line.log", b"etcd --cert-file=".repeat(600_000)),
    ];
    for (name, contents) in inputs {
        let file = folder.path().join(name);
        fs::write(&file, contents).unwrap();
        // The first time a worker has the program to prepare, too.
        let tries: Vec<Work> = (0..3)
            .map(|_| {
                if browser.count("#diagnosis-clear") > 0 {
                    browser.click("#diagnosis-clear");
                }
                work_for(&browser, &file)
            })
            .collect();
        let pace = browser.pace();
        println!("{name}: {tries:?} at {pace:?}");
        assert!(
            tries
                .iter()
                .any(|work| work.of_busiest_thread() < pace.second()
                    && work.longest_task < pace.long_task()),
            "{name}: {tries:?} at {pace:?}"
        );
        if ["etcd.log", "paste"].contains(&name) {
            browser.wait_for_text("#diagnosis-result", "didn't provide a certificate");
        }
    }
    assert!(!browser.shows("#boot-message"));
    browser.assert_quiet();
}
