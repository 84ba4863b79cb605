//! The page under load, for as long as somebody likes: `cargo xtask load` asks for so many
//! labs in a row in one tab, so many clients in one lab, and so many minutes of use. It
//! holds that no job is dropped, that memory stays what it was, and that a lab costs at
//! the end what it cost at the beginning. What a lab costs is the processor's time of the
//! page and its workers, which other work beside it does not change.
#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;
use support::browser::{Browser, Engine, product_url};
use support::shell::run_bash;
use tempfile::TempDir;

/// Long enough for a thousand keys on a busy machine.
const MAKING: Duration = Duration::from_mins(5);

/// So many labs are made between two looks at memory and time.
const BATCH: u32 = 20;

/// So much more than before is still flat, in KiB: what a collector of garbage leaves
/// lying about until it is worth the work.
const FLAT: u64 = 40 << 10;

/// What `cargo xtask load` asks for, or a little.
fn wanted(name: &str, little: u32) -> u32 {
    env::var(name).map_or(little, |text| text.parse().unwrap())
}

/// The page with all folds open, quick keys chosen and a way to make labs.
fn open() -> Browser {
    let browser = Browser::start(Engine::Chromium);
    browser.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        &json!({ "source": "
            window.addEventListener('unhandledrejection', (event) => { window.broke = String(event.reason); });
            window.addEventListener('error', (event) => { window.broke = event.message; });
            window.until = async (asked) => {
              while (!asked()) await new Promise((done) => setTimeout(done, 5));
            };
            window.make = async (number) => {
              const subject = document.querySelector('#authority-subject');
              subject.value = `CN=lab-${number}`;
              subject.dispatchEvent(new Event('input', { bubbles: true }));
              document.querySelector('#make').click();
              const made = document.querySelector('#files');
              const making = document.querySelector('#making');
              await until(() => making.hidden && made.textContent.includes(`lab-${number}`)
                && document.querySelector('#download-tar'));
            };" }),
    );
    browser.go(&product_url());
    browser.wait_until_started();
    browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    browser.click("#key-type-ed25519");
    browser
}

/// Makes labs from one number to before another, each in a script of its own: on a busy
/// machine many take longer than a script may.
fn make(browser: &Browser, from: u32, to: u32) {
    for number in from..to {
        let broke = browser.execute_async(
            "const [number, done] = arguments;
             make(number).then(() => done(window.broke ?? null));",
            vec![json!(number)],
        );
        assert_eq!(broke, json!(null));
    }
}

/// The memory of the page and its workers, in KiB, without garbage.
fn memory(browser: &Browser) -> u64 {
    browser.devtools("HeapProfiler.collectGarbage", &json!({}));
    browser.memory()
}

/// The processor's time of the page and its workers so far, in ticks.
fn worked(browser: &Browser) -> u64 {
    browser
        .renderers()
        .iter()
        .filter_map(|id| fs::read_to_string(format!("/proc/{id}/stat")).ok())
        .filter_map(|stat| {
            // The name may have spaces in it.
            let (_, rest) = stat.rsplit_once(')')?;
            let mut fields = rest.split_whitespace().skip(11);
            let user: u64 = fields.next()?.parse().ok()?;
            let system: u64 = fields.next()?.parse().ok()?;
            Some(user + system)
        })
        .sum()
}

fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}

/// What was seen after each part of the load.
#[derive(Default)]
struct Course {
    memory: Vec<u64>,
    work: Vec<u64>,
}

impl Course {
    /// Does a part of the load and looks.
    fn part(&mut self, browser: &Browser, load: impl FnOnce()) {
        let before = worked(browser);
        load();
        self.work.push(worked(browser) - before);
        self.memory.push(memory(browser));
    }

    /// Asserts that the last quarter is like the second: the first warms up.
    fn assert_flat(&self, what: &str) {
        let quarter = self.memory.len() / 4;
        let of = |values: &[u64], place: usize| {
            median(&values[place * quarter..((place + 1) * quarter).min(values.len())])
        };
        let (memory, memory_last) = (of(&self.memory, 1), of(&self.memory, 3));
        let (work, work_last) = (of(&self.work, 1), of(&self.work, 3));
        println!(
            "{what}: memory {} MiB after the first part, {} in the second quarter, {} in the last, {} at most; \
             processor time of a part {work} ticks in the second quarter, {work_last} in the last",
            self.memory[0] >> 10,
            memory >> 10,
            memory_last >> 10,
            self.memory.iter().max().unwrap() >> 10,
        );
        assert!(
            memory_last < memory + FLAT,
            "memory grows: {:?}",
            self.memory
        );
        assert!(
            work_last <= work + work / 2 + 5,
            "a part costs ever more: {:?}",
            self.work
        );
    }
}

#[test]
fn labs_in_a_row_cost_the_same_and_leave_nothing() {
    let labs = wanted("LOAD_LABS", 160);
    let browser = open();
    let begun = Instant::now();
    let mut course = Course::default();
    for from in (0..labs).step_by(BATCH as usize) {
        course.part(&browser, || make(&browser, from, (from + BATCH).min(labs)));
    }
    println!("{labs} labs in {} s", begun.elapsed().as_secs());
    browser.click("#download-tar");
    let archive = browser.wait_for_archive(&format!("lab-{}", labs - 1), "tar");
    let folder = TempDir::new().unwrap();
    let verify = format!(
        "tar -xf '{}' && openssl verify -CAfile ca.crt etcd.crt client.crt",
        archive.display()
    );
    run_bash(&verify, folder.path()).succeeded();
    course.assert_flat("labs in a row");
    browser.assert_quiet();
}

#[test]
fn clients_in_one_lab_all_get_their_files() {
    let clients = wanted("LOAD_CLIENTS", 200);
    let browser = open();
    browser.paste("#many-names", &format!("app-{{1..{clients}}}"));
    browser.wait_for_text("#plan-summary", &format!("{} clients", clients + 1));
    let (begun, before) = (Instant::now(), worked(&browser));
    browser.click("#make");
    browser.wait_until("the files are made", MAKING, || {
        browser.shows("#download-tar") && !browser.shows("#making")
    });
    println!(
        "{clients} clients in {} s, {} ticks of a processor; then {} MiB",
        begun.elapsed().as_secs(),
        worked(&browser) - before,
        memory(&browser) >> 10
    );
    browser.click("#download-tar");
    let archive = browser.wait_for_archive("KUBERNETES-CA", "tar");
    let folder = TempDir::new().unwrap();
    let verify = format!(
        "set -e
         tar -xf '{}'
         openssl verify -CAfile ca.crt app-*.crt | grep -c ': OK$'
         ls app-*.key | wc -l",
        archive.display()
    );
    let counted = run_bash(&verify, folder.path());
    assert_eq!(counted.succeeded(), format!("{clients}\n{clients}\n"));
    browser.assert_quiet();
}

#[test]
fn minutes_of_use_leave_the_page_as_it_was() {
    let time = Duration::from_secs(60 * u64::from(wanted("LOAD_MINUTES", 2)));
    let browser = open();
    let begun = Instant::now();
    let mut course = Course::default();
    let mut round = 0;
    while begun.elapsed() < time || round < 8 {
        course.part(&browser, || {
            make(&browser, 5 * round, 5 * round + 5);
            browser.visit("inspect");
            browser.paste(
                "#inspect-text",
                include_str!("../fixtures/tutorial-client.crt"),
            );
            browser.wait_for_text("#inspection", "client");
            browser.click("#inspect-clear");
            browser.wait_until_gone("#inspected-0");
            browser.visit("diagnose");
            browser.paste("#diagnosis-text", "remote error: tls: certificate required");
            browser.wait_for("#diagnosis-result .finding");
            browser.click("#diagnosis-clear");
            browser.wait_until_gone("#diagnosis-result .finding");
            browser.visit("break-it");
            browser.visit("renew-and-revoke");
            browser.visit("make");
            browser.click("#download-tar");
            let archive = browser.wait_for_archive(&format!("lab-{}", 5 * round + 4), "tar");
            fs::remove_file(archive).unwrap();
            if round % 4 == 3 {
                browser.click("#forget");
                browser.click("#forget-confirm");
                browser.wait_until_gone("#download-tar");
                browser.execute(
                    "for (const fold of document.querySelectorAll('details')) fold.open = true",
                );
                browser.click("#key-type-ed25519");
            }
        });
        round += 1;
    }
    println!("{round} rounds in {} s", begun.elapsed().as_secs());
    course.assert_flat("minutes of use");
    browser.assert_quiet();
}
