//! The making of RSA keys as the page does it, in Chromium: the kernel in wasm
//! before `crypto-bigint`, workers that come and go, progress, cancelling, and
//! memory. Two pages are on trial: the product, and the same with its measuring
//! functions (`BENCH_PAGE`), which `cargo xtask test keys` builds.
//!
//! `KEYS_OPERANDS` and `KEYS_IN_ONE_PAGE` ask for longer runs.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use getrandom::SysRng;
use rand_core::TryRng as _;
use serde_json::{Value, json};
use support::browser::{Browser, Engine, PATIENCE, product_url};
use support::shell::run_bash;
use tempfile::TempDir;
use url::Url;

/// Long enough for some keys on a busy machine.
const MAKING: Duration = Duration::from_mins(1);

/// Held by each test: the machine is one browser's at a time, because what is
/// measured here is time.
static MACHINE: Mutex<()> = Mutex::new(());

fn machine() -> MutexGuard<'static, ()> {
    // A test that failed says nothing about the machine.
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number from the environment, printed so that a run can be repeated.
fn setting(name: &str, default: u32) -> u32 {
    let value = std::env::var(name).map_or(default, |text| text.parse().unwrap());
    println!("{name}={value}");
    value
}

/// The page with its measuring functions.
fn measuring_page() -> Browser {
    let browser = Browser::start(Engine::Chromium);
    open_measuring_page(&browser);
    browser
}

fn open_measuring_page(browser: &Browser) {
    let page = std::env::var_os("BENCH_PAGE").expect("run `cargo xtask test keys`");
    let url = Url::from_file_path(PathBuf::from(page)).unwrap();
    browser.go(url.as_str());
    browser.wait_until_started();
}

/// Calls a measuring function.
fn measure(browser: &Browser, call: &str) -> Value {
    browser.execute_async(
        &format!(
            "const done = arguments[arguments.length - 1];
             (async () => wasm_bindgen.{call})().then(done, (error) => done(String(error)));"
        ),
        vec![],
    )
}

/// The product, opened after a script of the test's own has run in it.
fn product_after(script: &str) -> Browser {
    let browser = Browser::start_traced();
    browser.open_after(script);
    browser.wait_until_started();
    browser
}

fn wait_for_workers(browser: &Browser, count: usize) {
    browser.wait_until(&format!("{count} workers run"), PATIENCE, || {
        browser.workers() == count
    });
}

#[test]
fn the_kernel_in_wasm_squares_as_crypto_bigint_does() {
    const PART: u32 = 20_000;
    let _machine = machine();
    let operands = setting("KEYS_OPERANDS", 200_000);
    let mut rng = SysRng;
    let browser = measuring_page();
    let mut compared = 0;
    while compared < operands {
        let seed = rng.try_next_u32().unwrap();
        let answer = measure(&browser, &format!("bench_kernel_check({seed}, {PART})"));
        let part = answer
            .as_u64()
            .unwrap_or_else(|| panic!("seed {seed}: {answer}"));
        compared += u32::try_from(part).unwrap();
    }
    println!("{compared} results compared");
}

#[test]
fn both_builds_of_the_module_for_keys_make_the_same_key_of_a_seed() {
    let _machine = machine();
    let keys = |browser: Browser| {
        open_measuring_page(&browser);
        browser.wait_until("the modules are compiled", PATIENCE, || {
            browser.execute("return Boolean(wasm_bindgen.bench_keys_module())") == json!(true)
        });
        let of_seed = "const [bits, done] = arguments;
            keys_module({ module_or_path: wasm_bindgen.bench_keys_module() }).then(
              () => done(keys_module.bench_seeded_key(bits, 7)),
              (error) => done(`no key: ${error}`));";
        let keys = [2048, 3072].map(|bits| browser.execute_async(of_seed, vec![json!(bits)]));
        (
            browser.execute("return keys_module.bench_word_bits()"),
            keys,
        )
    };
    let (narrow, of_narrow) = keys(Browser::start(Engine::Chromium));
    let (wide, of_wide) = keys(Browser::start_wide());
    assert_eq!((narrow, wide), (json!(32), json!(64)));
    assert_eq!(of_narrow, of_wide);
    for key in of_narrow {
        let pem = key.as_str().unwrap_or_default();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"), "{pem}");
    }
}

/// Keeps each memory that an instance of the core has.
const KEEP_MEMORY: &str = "
    window.memories = [];
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate.apply(WebAssembly, given);
      window.memories.push((made.instance ?? made).exports.memory);
      return made;
    };";

/// How many runs of 16 bytes of a secret are in the page's memory.
fn runs_in_memory(browser: &Browser, secrets: &[Vec<u8>]) -> u64 {
    let found = browser.execute_async(
        "const [secrets, done] = arguments;
         const RUN = 16;
         // The runs of all secrets, by their first four bytes.
         const runs = new Map();
         for (const secret of secrets) {
           for (let place = 0; place + RUN <= secret.length; place += 1) {
             const run = secret.slice(place, place + RUN);
             const head = (run[0] | run[1] << 8 | run[2] << 16 | run[3] << 24) >>> 0;
             runs.set(head, [...(runs.get(head) ?? []), run]);
           }
         }
         let found = 0;
         for (const memory of window.memories) {
           const bytes = new Uint8Array(memory.buffer);
           let head = 0;
           for (let end = 0; end < bytes.length; end += 1) {
             head = (head >>> 8 | bytes[end] << 24) >>> 0;
             const begin = end - 3;
             for (const run of runs.get(head) ?? []) {
               if (run.every((byte, place) => bytes[begin + place] === byte)) found += 1;
             }
           }
         }
         done(window.memories.length === 0 ? -1 : found);",
        vec![json!(secrets)],
    );
    found.as_u64().unwrap_or_else(|| panic!("{found}"))
}

/// A new key as PEM, and what of it must be nowhere: its private numbers as they
/// are written, turned round as a computer counts, and as base64.
fn key_and_its_traces() -> (String, Vec<Vec<u8>>) {
    let folder = TempDir::new().unwrap();
    run_bash(
        "openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem
         openssl rsa -in key.pem -traditional -outform DER -out key.der",
        folder.path(),
    )
    .succeeded();
    let pem = fs::read_to_string(folder.path().join("key.pem")).unwrap();
    let der = fs::read(folder.path().join("key.der")).unwrap();
    // Behind the modulus and the exponent, which are no secrets.
    let private = der[4 + 3 + 261 + 5..].to_vec();
    let turned = private.iter().rev().copied().collect();
    let lines: Vec<&str> = pem.lines().collect();
    let base64 = lines[7..lines.len() - 1].iter();
    let mut traces: Vec<Vec<u8>> = base64.map(|line| line.as_bytes().to_vec()).collect();
    traces.extend([private, turned]);
    (pem, traces)
}

#[test]
fn after_everything_is_forgotten_no_run_of_a_key_is_left_in_memory() {
    let _machine = machine();
    let browser = product_after(KEEP_MEMORY);
    let forget = || {
        browser.click("#forget");
        browser.click("#forget-confirm");
        browser.wait_until("the workers are gone", PATIENCE, || browser.workers() == 0);
    };
    let (pem, traces) = key_and_its_traces();
    // Where it must be found, it is: the search itself works.
    browser.execute("document.querySelectorAll('details').forEach((fold) => fold.open = true)");
    browser.click("#authority-source-bring");
    browser.paste("#authority-key", &pem);
    assert!(runs_in_memory(&browser, &traces) > 0);
    forget();
    assert_eq!(runs_in_memory(&browser, &traces), 0, "a CA’s key");
    for (place, input) in [
        ("renew-and-revoke", "#signer-key"),
        ("inspect", "#inspect-text"),
        ("diagnose", "#diagnosis-text"),
    ] {
        let (pem, traces) = key_and_its_traces();
        browser.visit(place);
        browser.execute("document.querySelectorAll('details').forEach((fold) => fold.open = true)");
        if input == "#signer-key" {
            browser.click("#signer-source-own");
        }
        browser.paste(input, &pem);
        if input == "#inspect-text" {
            browser.wait_for_text("#inspection", "RSA");
        }
        forget();
        assert_eq!(runs_in_memory(&browser, &traces), 0, "{input}");
        assert!(
            !browser
                .content("body")
                .contains(pem.lines().nth(9).unwrap())
        );
    }
    browser.assert_quiet();
}

#[test]
fn memory_stays_flat_over_many_keys_in_one_page() {
    const BATCH: u32 = 8;
    // What a collector may not have come to yet: one key more or less than a
    // KiB each would still pass, a worker's or a search's room would not.
    const SLACK: u64 = 24 * 1024;
    let _machine = machine();
    let keys = setting("KEYS_IN_ONE_PAGE", 96);
    let browser = measuring_page();
    let make = |count: u32| {
        for _ in 0..count.div_ceil(BATCH) {
            let time = measure(&browser, &format!("bench_keys({BATCH})"));
            assert!(time.is_number(), "{time}");
        }
        browser.devtools("HeapProfiler.collectGarbage", &json!({}));
        browser.memory()
    };
    let before = make(48);
    let after = make(keys);
    println!("{before} KiB after 48 keys, {after} KiB after {keys} more");
    assert!(after < before + SLACK, "{before} KiB became {after} KiB");
}

#[test]
fn there_are_as_many_workers_as_the_machine_runs_at_once_and_all_of_them_end() {
    let _machine = machine();
    let browser = Browser::start(Engine::Chromium);
    browser.go("about:blank");
    browser.devtools(
        "Emulation.setHardwareConcurrencyOverride",
        &json!({ "hardwareConcurrency": 3 }),
    );
    browser.go(&product_url());
    browser.wait_until_started();
    assert_eq!(
        browser.execute("return navigator.hardwareConcurrency"),
        json!(3)
    );
    wait_for_workers(&browser, 3);
    browser.make_for_clients(20);
    let mut most = 0;
    browser.wait_until("the files are made", MAKING, || {
        most = most.max(browser.workers());
        browser.shows("#download-tar")
    });
    assert_eq!(most, 3);

    browser.click("#forget");
    browser.click("#forget-confirm");
    wait_for_workers(&browser, 0);

    // With work in hand, another page takes the place of this one.
    browser.make_for_clients(20);
    wait_for_workers(&browser, 3);
    browser.go("about:blank");
    wait_for_workers(&browser, 0);
}

#[test]
fn a_machine_of_very_many_processors_gets_few_workers() {
    let _machine = machine();
    let browser = Browser::start(Engine::Chromium);
    browser.open_after(
        "Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 128 });
         window.hired = 0;
         window.Worker = new Proxy(Worker, {
           construct: (target, given) => ((window.hired += 1), new target(...given)),
         });",
    );
    browser.wait_until_started();
    wait_for_workers(&browser, 4);
    let hired = || browser.execute("return window.hired").as_u64().unwrap();
    // One more compiled what they are sent.
    assert!(hired() <= 5, "{} before anything is pressed", hired());
    browser.make_for_clients(40);
    browser.wait_until_made();
    assert!(hired() <= 17, "{} for forty keys", hired());
}

#[test]
fn a_window_that_is_closed_while_keys_are_made_leaves_no_worker() {
    let _machine = machine();
    let browser = Browser::start(Engine::Chromium);
    browser.open_window();
    browser.go(&product_url());
    browser.wait_until_started();
    browser.make_for_clients(20);
    assert!(browser.workers() > 0);
    browser.close_window();
    wait_for_workers(&browser, 0);
}

/// Presses Cancel while keys are made: the press itself takes the button away.
fn cancel(browser: &Browser) {
    browser.execute(
        "const making = document.querySelector('#making');
         // Behind the page's own listener, which stands at the document.
         addEventListener('click', () => { window.answered = making.hidden; });",
    );
    browser.make_for_clients(30);
    browser.click("#cancel");
    browser.wait_for_text("#status", "Cancelled");
    assert_eq!(browser.execute("return window.answered"), json!(true));
}

#[test]
fn cancel_answers_with_the_press_and_the_page_goes_on() {
    let _machine = machine();
    let browser = Browser::open();
    cancel(&browser);
    // The workers are new and idle, and a second press makes everything.
    browser.click("#make");
    browser.wait_until_made();
}

#[test]
fn progress_is_told_as_it_goes_on_and_says_that_it_is_a_lottery() {
    let _machine = machine();
    let browser = Browser::open();
    browser.execute(
        "const place = document.querySelector('#progress-candidates');
         window.updates = [];
         new MutationObserver(() => {
           window.updates.push([performance.now(), place.textContent]);
         }).observe(place, { childList: true, characterData: true, subtree: true });",
    );
    let clients = 20;
    browser.make_for_clients(clients);
    browser.wait_until_made();
    let updates = browser.execute("return window.updates");
    let updates: Vec<(f64, String)> = updates
        .as_array()
        .unwrap()
        .iter()
        .map(|update| {
            let text = update[1].as_str().unwrap_or_default();
            (update[0].as_f64().unwrap(), text.to_owned())
        })
        .filter(|(_, text)| !text.is_empty())
        .collect();
    // A CA, a server and the clients: two primes each, 355 candidates a prime.
    let expected = format!(
        "{},{:03}",
        710 * (clients + 2) / 1000,
        710 * (clients + 2) % 1000
    );
    let mut tried = 0;
    for (_, text) in &updates[1..] {
        let (number, rest) = text.split_once(' ').unwrap();
        let number: u64 = number.replace(',', "").parse().unwrap();
        assert!(number >= tried, "{text}");
        tried = number;
        assert!(
            rest.starts_with(&format!(
                "candidates for primes tried, about {expected} expected."
            )),
            "{text}"
        );
        assert!(text.contains("a lottery"), "{text}");
    }
    assert!(tried > 1000, "{tried}");
    // How far apart they are is for the eye: a busy machine has fewer.
    let widest = updates
        .windows(5)
        .map(|five| five[4].0 - five[0].0)
        .fold(0.0, f64::max);
    println!("{} updates, {widest} ms at most for four", updates.len());
    assert!(updates.len() >= 3, "{} updates", updates.len());
}

#[test]
fn a_page_without_workers_makes_keys_in_slices() {
    let _machine = machine();
    let browser = product_after("delete window.Worker");
    assert_eq!(browser.execute("return typeof Worker"), json!("undefined"));
    // Opening the page is one task; what is made in it is on trial here.
    let work = browser.work_during(|| {
        browser.click("#make");
        browser.wait_until_made();
    });
    let pace = browser.pace();
    println!("{work:?} at {pace:?}");
    assert!(work.longest_task < pace.long_task(), "{work:?} at {pace:?}");
    assert_eq!(browser.workers(), 0);
    cancel(&browser);
}
