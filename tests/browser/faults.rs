//! What can go wrong around the page, in Chromium: workers that die, fall silent or
//! never come, no memory, things the browser denies, a tab that is frozen, a clock that
//! is wrong, a reader who presses two hundred times a second, two tabs. Nothing that
//! was made is lost, nothing that is half made is offered, and the page says what
//! happened.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use serde_json::json;
use support::browser::{Browser, Engine, PATIENCE, product_url};
use support::shell::run_bash;
use tempfile::TempDir;

/// Long enough for some keys on a busy machine.
const MAKING: Duration = Duration::from_mins(3);

/// Keeps the workers, so that a test can end one as the system would. Nobody but the
/// test knows of it: the page's own `terminate` works as ever.
const KEEP_WORKERS: &str = "
    window.hired = [];
    window.Worker = new Proxy(Worker, {
      construct: (target, given) => {
        const worker = new target(...given);
        window.hired.push(worker);
        return worker;
      },
    });";

/// Lets the page look at its workers thirty times as often as it does.
const WATCH_OFTEN: &str = "
    const patient = window.setTimeout;
    window.setTimeout = (action, time, ...given) =>
      patient(action, time === 10000 ? 333 : time, ...given);";

/// The product, opened after a script of the test's own has run in it.
fn product_after(script: &str) -> Browser {
    let browser = Browser::start(Engine::Chromium);
    browser.open_after(script);
    browser.wait_until_started();
    browser
}

/// The first worker unpacks the modules; those that make files follow it.
fn wait_for_worker(browser: &Browser) {
    browser.wait_until("a worker makes files", PATIENCE, || {
        browser.execute("return window.hired.length > 1") == json!(true)
    });
}

/// The tutorial's files with quick keys.
fn make_quickly(browser: &Browser) {
    browser.unfold();
    browser.click("#key-type-ed25519");
    browser.click("#make");
    browser.wait_until_made();
}

/// Downloads the archive, and asserts that it is whole: each certificate is the CA's
/// and has its key.
fn assert_whole(browser: &Browser, clients: usize) {
    browser.click("#download-tar");
    let archive = browser.wait_for_archive("KUBERNETES-CA", "tar");
    let folder = TempDir::new().unwrap();
    let verify = format!(
        "set -e
         tar -xf '{}'
         for certificate in ca etcd client*; do
           name=${{certificate%.*}}
           openssl verify -no_check_time -CAfile ca.crt $name.crt > verified
           openssl x509 -in $name.crt -noout -pubkey > of-certificate
           openssl pkey -in $name.key -pubout > of-key
           cmp of-certificate of-key
         done
         ls client*.crt | wc -l",
        archive.display()
    );
    let run = run_bash(&verify, folder.path());
    assert_eq!(run.succeeded().trim(), clients.to_string());
    std::fs::remove_file(archive).unwrap();
}

#[test]
fn a_worker_that_is_killed_is_replaced_and_the_page_says_so() {
    let browser = product_after(KEEP_WORKERS);
    browser.make_for_clients(12);
    wait_for_worker(&browser);
    // The system ends it, and the browser tells the page.
    browser.execute(
        "const worker = window.hired.at(-1);
         Worker.prototype.terminate.call(worker);
         worker.dispatchEvent(new ErrorEvent('error', { message: 'out of luck' }));",
    );
    browser.wait_for_text("#status", "ended unexpectedly (out of luck)");
    assert!(!browser.shows("#download-tar"), "nothing is half made");
    browser.wait_until_made();
    assert_whole(&browser, 12);
}

#[test]
fn a_worker_that_falls_silent_is_not_waited_for() {
    let browser = product_after(&format!("{KEEP_WORKERS}{WATCH_OFTEN}"));
    browser.make_for_clients(12);
    wait_for_worker(&browser);
    // It is gone, and nobody tells the page.
    browser.execute("Worker.prototype.terminate.call(window.hired.at(-1))");
    browser.wait_for_text("#status", "said nothing");
    browser.wait_until_made();
    assert_whole(&browser, 12);
}

#[test]
fn where_workers_never_start_the_page_works_itself() {
    for script in [
        // They are there and say nothing, not even that they failed.
        "window.Worker = new Proxy(Worker, {
           construct: (target) => new target(URL.createObjectURL(new Blob(['']))),
         });",
        // They can't be had.
        "window.Worker = class { constructor() { throw new DOMException('denied', 'SecurityError'); } };",
        "delete window.Worker;",
    ] {
        let browser = product_after(&format!("{script}{WATCH_OFTEN}"));
        make_quickly(&browser);
        assert_whole(&browser, 1);
        assert!(!browser.shows("#boot-message"), "{script}");
    }
}

#[test]
fn a_browser_without_what_the_page_needs_is_told_so() {
    for (script, says) in [
        (
            "delete window.DecompressionStream",
            "it has no DecompressionStream",
        ),
        ("delete window.WebAssembly", "it has no WebAssembly"),
        // There is no memory for the program.
        (
            "WebAssembly.instantiate = () => { throw new RangeError('Out of memory'); };",
            "Out of memory",
        ),
    ] {
        let browser = Browser::start(Engine::Chromium);
        browser.open_after(script);
        browser.wait_for_text("#boot-message", says);
        let said = browser.text("#boot-message");
        assert!(said.contains("Nothing has been made or sent"), "{said}");
        assert!(!browser.shows("#download-tar"));
    }
}

#[test]
fn what_was_made_is_there_when_memory_is_short() {
    // A memory of wasm may have twenty-four megabytes here: what unpacks the modules for
    // the work takes a little more than twenty.
    let browser = Browser::start_with_little_memory(384);
    browser.go(&product_url());
    browser.wait_until_started();
    make_quickly(&browser);
    browser.visit("diagnose");
    browser.execute(
        "const field = document.querySelector('#diagnosis-text');
         const data = new DataTransfer();
         data.items.add(new File(['etcd --cert-file=a.crt\\n'.repeat(600000)], 'etcd.log'));
         field.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));",
    );
    browser.wait_until("the page says what happened", MAKING, || {
        browser.shows("#boot-message")
            || !browser.text("#diagnosis-result").is_empty()
                && !browser.shows("#diagnosis-result .reading")
    });
    if browser.shows("#boot-message") {
        browser.click("#boot-message button");
        browser.wait_for_archive("KUBERNETES-CA", "tar");
    } else {
        browser.visit("make");
        assert_whole(&browser, 1);
    }
}

#[test]
fn a_clipboard_that_is_denied_is_said_to_be_and_the_text_stays_to_be_selected() {
    let browser = product_after(
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
         Document.prototype.execCommand = () => false;",
    );
    make_quickly(&browser);
    browser.click("#copy-link");
    browser.wait_for_text("#copy-link", "Not copied");
    assert_eq!(browser.content("#copied"), "Not copied");
    assert_whole(&browser, 1);
}

#[test]
fn a_download_that_is_denied_is_said_to_be_and_counts_as_none() {
    let browser = product_after("");
    make_quickly(&browser);
    browser.execute(
        "window.plain = URL.createObjectURL;
         URL.createObjectURL = () => { throw new DOMException('no', 'NotAllowedError'); };",
    );
    browser.click("#download-tar");
    browser.wait_for_text("#status", "download");
    println!("{}", browser.text("#status"));
    assert!(browser.downloads().is_empty());
    let asks = "return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    assert_eq!(browser.execute(asks), json!(true), "leaving asks");
    browser.execute("URL.createObjectURL = window.plain");
    assert_whole(&browser, 1);
    assert_eq!(browser.execute(asks), json!(false), "they are saved");
}

#[test]
fn a_tab_that_is_frozen_goes_on_where_it_was() {
    let browser = product_after(WATCH_OFTEN);
    browser.make_for_clients(8);
    for state in ["frozen", "active"] {
        browser.devtools("Page.setWebLifecycleState", &json!({ "state": state }));
        std::thread::sleep(Duration::from_secs(3));
    }
    browser.wait_until_made();
    assert_whole(&browser, 8);
    assert!(!browser.shows("#boot-message"));
}

#[test]
fn a_clock_that_is_wrong_breaks_nothing() {
    for (name, time) in [
        ("the epoch", "0"),
        ("before it", "-1e12"),
        ("far from now", "Date.UTC(2090, 0, 1)"),
        (
            "the end of what a certificate says",
            "Date.UTC(9999, 11, 30)",
        ),
        ("the end of the world", "8.64e15"),
        ("no time at all", "NaN"),
    ] {
        let browser = product_after(&format!(
            "{{ const wrong = {time}; Date.now = () => wrong; }}"
        ));
        browser.unfold();
        browser.click("#key-type-ed25519");
        browser.click("#make");
        browser.wait_until("files or a reason", MAKING, || {
            browser.shows("#download-tar") || browser.shows(".fault, .bad")
        });
        println!(
            "{name}: {:?} {:?}",
            browser.texts("#status"),
            browser.texts(".fault, .bad")
        );
        assert!(!browser.shows("#boot-message"), "{name}");
        if browser.shows("#download-tar") {
            assert_whole(&browser, 1);
        }
    }
}

#[test]
fn a_clock_that_is_set_while_files_are_made_breaks_nothing() {
    let browser = product_after("");
    browser.make_for_clients(8);
    browser.execute("{ const plain = Date.now; Date.now = () => plain() - 864e8; }");
    browser.wait_until_made();
    assert_whole(&browser, 8);
}

#[test]
fn two_hundred_presses_a_second_break_nothing() {
    let browser = product_after("");
    browser.unfold();
    browser.click("#key-type-ed25519");
    browser.execute(
        "const buttons = ['#make', '#cancel', '#download-tar', '#forget', '#forget-cancel', '#make', '#add-client'];
         window.presses = 0;
         const press = () => {
           document.querySelector(buttons[window.presses % buttons.length])?.click();
           window.presses += 1;
           if (window.presses < 300) setTimeout(press, 5);
         };
         press();",
    );
    browser.wait_until("all is pressed", MAKING, || {
        browser.execute("return window.presses") == json!(300)
    });
    browser.execute("for (let at = 0; at < 200; at += 1) document.querySelector('#make').click()");
    browser.wait_until_made();
    assert!(!browser.shows("#boot-message"));
    browser.wait_until_gone("#making");
    for archive in browser.downloads() {
        // Each press gave a whole archive.
        let list = format!("tar -tf '{}' | grep -qx ca.key", archive.display());
        run_bash(&list, archive.parent().unwrap()).succeeded();
        std::fs::remove_file(archive).unwrap();
    }
}

#[test]
fn two_tabs_know_nothing_of_each_other_and_back_and_forward_lose_nothing() {
    let browser = product_after("");
    make_quickly(&browser);
    let fingerprint = |browser: &Browser| browser.text("#files");
    let first = fingerprint(&browser);
    for place in ["inspect", "diagnose"] {
        browser.visit(place);
    }
    for step in ["back", "back", "forward", "back"] {
        browser.execute(&format!("history.{step}()"));
        std::thread::sleep(Duration::from_millis(100));
    }
    browser.wait_until("the files are back", PATIENCE, || {
        browser.shows("#download-tar")
    });
    assert_eq!(fingerprint(&browser), first);

    browser.open_window();
    browser.go(&product_url());
    browser.wait_until_started();
    assert!(!browser.shows("#download-tar"), "the other tab has nothing");
    make_quickly(&browser);
    assert_whole(&browser, 1);
    browser.click("#forget");
    browser.click("#forget-confirm");
    browser.wait_until_gone("#download-tar");
    browser.close_window();
    assert_eq!(fingerprint(&browser), first);
    assert_whole(&browser, 1);
}
