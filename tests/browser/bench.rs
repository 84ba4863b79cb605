//! The figures: `cargo xtask bench` builds the page with its measuring functions
//! and runs this. Nearly every figure is a ratio against a peer in the same
//! browser, taken in turn, so that a busy machine slows both alike. It prints a table and
//! writes `target/bench.json`. Nothing here passes or fails by the clock.
//!
//! The product itself is measured in turn with the one of an earlier commit, which
//! `cargo xtask bench` builds once. `cargo xtask bench --before PAGE` takes an earlier
//! build's measuring page in turn as well, and each row of keys tells the ratio to it.
//! One row is the program's: how long a verdict takes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot go on says so by panicking"
)]

#[path = "bench/before.rs"]
mod before;
#[path = "bench/keys.rs"]
mod keys;
#[path = "../support/mod.rs"]
mod support;
#[path = "bench/verdict.rs"]
mod verdict;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::browser::{Browser, Engine};
use support::shell::Shell;
use tempfile::TempDir;
use url::Url;

/// Resamplings for an interval.
const RESAMPLINGS: u32 = 2_000;

fn main() {
    let page = PathBuf::from(std::env::var_os("BENCH_PAGE").expect("run `cargo xtask bench`"));
    let keys: u32 = std::env::var("BENCH_KEYS")
        .ok()
        .and_then(|keys| keys.parse().ok())
        .unwrap_or(200);
    let only = std::env::var("BENCH_ONLY").ok();
    let wanted = |group: &str| only.as_ref().is_none_or(|only| only == group);
    let mut rows = Vec::new();
    if wanted("starts") {
        rows.extend(before::starts());
    }
    if wanted("work") {
        rows.extend(before::work());
        rows.extend(verdict::verdicts());
    }
    let bench = Bench {
        browser: open(Browser::start(Engine::Chromium), &page),
        before: std::env::var_os("BENCH_BEFORE")
            .map(|page| open(Browser::start(Engine::Chromium), Path::new(&page))),
        keys,
    };
    let version = bench.browser.execute("return navigator.userAgent");
    println!(
        "{version}, {} processors",
        bench
            .browser
            .execute("return navigator.hardwareConcurrency")
    );
    let mut memory = Value::Null;
    if wanted("keys") {
        rows.extend(bench.rsa_keys());
        let wide = Bench {
            browser: open(Browser::start_wide(), &page),
            before: None,
            keys,
        };
        rows.extend(wide.rsa_keys_wide());
        drop(wide);
        rows.extend([bench.tutorial(), bench.clients()]);
        memory = bench.memory();
        rows.extend(bench.javascript());
    }
    for row in &rows {
        println!("{row}");
    }
    let report = json!({
        "browser": version,
        "memory_over_500_keys": memory,
        "figures": rows.iter().map(|row| (row.name.clone(), row.to_json())).collect::<serde_json::Map<_, _>>(),
    });
    let path = support::target().join("bench.json");
    std::fs::write(
        &path,
        serde_json::to_string_pretty(&report).expect("plain values"),
    )
    .expect("target can be written");
    println!("{}", path.display());
}

fn open(browser: Browser, page: &Path) -> Browser {
    browser.go(Url::from_file_path(page)
        .expect("an absolute path")
        .as_str());
    browser.wait_until_started();
    browser
}

struct Bench {
    browser: Browser,
    /// An earlier build's page, in a browser of its own.
    before: Option<Browser>,
    keys: u32,
}

/// How a subject compares with its peer.
struct Row {
    name: String,
    what: String,
    ours: Vec<f64>,
    peer: Vec<f64>,
    /// The same by an earlier build.
    before: Vec<f64>,
    /// The value to reach, and the one to aim at.
    goal: Option<(Option<f64>, f64)>,
    measure: Measure,
}

/// What a row's value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// The ratio of the means, or where there is no peer, the mean.
    Mean,
    /// The ratio of the medians, or where there is no peer, the median.
    Median,
}

impl Bench {
    /// Runs a measuring function of the page, and gives its milliseconds.
    fn measure(&self, call: &str) -> f64 {
        Self::measure_in(&self.browser, call)
    }

    fn measure_in(browser: &Browser, call: &str) -> f64 {
        let answer = browser.execute_async(
            &format!(
                "const done = arguments[arguments.length - 1];
                 (async () => {{ {call} }})().then(done, (error) => done(String(error)));"
            ),
            vec![],
        );
        answer
            .as_f64()
            .unwrap_or_else(|| panic!("{call}: {answer}"))
    }

    /// From the press to the files, against openssl's own lines as the page
    /// prints them, run by one shell.
    fn tutorial(&self) -> Row {
        let folder = TempDir::new().expect("no temporary folder can be made");
        let directory = folder.path().join("certificates");
        std::fs::create_dir(&directory).expect("the folder is new");
        let press = |run: u32| {
            self.press(&json!({
                "directory": directory.to_string_lossy(),
                "authority": { "subject": subject(run) },
            }))
        };
        press(0);
        self.browser
            .execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
        let script: Vec<String> = (0..3)
            .map(|step| self.browser.content(&format!("#command-openssl-{step}")))
            .collect();
        let script = format!("set -e\n{}", script.join("\n"));
        let (ours, peer) = (1..=self.keys.div_ceil(4))
            .map(|run| (press(run), run_openssl(&script, folder.path())))
            .unzip();
        Row::new(
            "tutorial_vs_openssl",
            "the default plan from press to files; the openssl lines in a shell",
            ours,
            peer,
            Some((Some(0.2), 0.15)),
        )
    }

    /// A hundred clients of a P-256 CA, from press to files.
    fn clients(&self) -> Row {
        const CLIENTS: u32 = 100;
        let times: Vec<f64> = (0..=self.keys.div_ceil(20))
            .map(|run| {
                // The plan has one client of its own.
                self.press(&json!({
                    "key_type": "p256",
                    "authority": { "subject": subject(run) },
                    "many_clients": { "names": format!("app-{{1..{}}}", CLIENTS - 1) },
                })) / f64::from(CLIENTS)
            })
            .collect();
        Row::new(
            "clients100_p256_ms_each",
            "100 clients with P-256 keys, a server and a CA, from press to files; for each client",
            // The first does not count.
            times[1..].to_vec(),
            Vec::new(),
            Some((None, 2.0)),
        )
    }

    /// The milliseconds from the press to the list of files.
    fn press(&self, plan: &Value) -> f64 {
        start_press(&self.browser, plan);
        let answer = self.browser.execute_async(
            "const done = arguments[0];
             (function wait() {
               window.took ? done(window.took) : setTimeout(wait, 20);
             })();",
            vec![],
        );
        answer
            .as_f64()
            .unwrap_or_else(|| panic!("no files: {answer}"))
    }

    /// The memory of the page and its workers before and after 500 keys, in KiB.
    fn memory(&self) -> Value {
        const BATCH: u32 = 10;
        const KEYS: u32 = 500;
        let make = |count: u32| {
            for _ in 0..count / BATCH {
                self.measure(&format!("return await wasm_bindgen.bench_keys({BATCH});"));
            }
            self.browser
                .devtools("HeapProfiler.collectGarbage", &json!({}));
            self.browser.memory()
        };
        let (before, after) = (make(50), make(KEYS));
        println!("memory: {before} KiB, and {after} KiB after {KEYS} keys more\n");
        json!({ "before_kib": before, "after_kib": after, "keys": KEYS })
    }

    /// Ours against libraries in JavaScript, where npm could be reached.
    fn javascript(&self) -> Vec<Row> {
        let Some(modules) = std::env::var_os("BENCH_PEERS").map(PathBuf::from) else {
            return Vec::new();
        };
        let ours: Vec<f64> = (0..20)
            .map(|_| self.measure("return await wasm_bindgen.bench_keys(1);"))
            .collect();
        let page = support::target().join("bench/peers.html");
        let script = |file: &str| {
            format!(
                "<script src=\"{}\"></script>",
                Url::from_file_path(modules.join(file)).expect("an absolute path")
            )
        };
        let html =
            script("node-forge/dist/forge.min.js") + &script("jsrsasign/lib/jsrsasign-all-min.js");
        std::fs::write(&page, format!("<!doctype html>{html}")).expect("target can be written");
        self.browser.go(Url::from_file_path(&page)
            .expect("an absolute path")
            .as_str());
        [
            (
                "node_forge",
                "forge.pki.rsa.generateKeyPair({ bits: 2048, e: 0x10001 })",
            ),
            ("jsrsasign", "KEYUTIL.generateKeypair('RSA', 2048)"),
        ]
        .map(|(name, call)| {
            let peer = (0..10)
                .map(|_| {
                    self.measure(&format!(
                        "const begin = performance.now(); {call}; return performance.now() - begin;"
                    ))
                })
                .collect();
            Row::new(
                &format!("rsa2048_single_vs_{name}"),
                &format!("one key, all workers; {name}, 10 keys"),
                ours.clone(),
                peer,
                None,
            )
        })
        .into()
    }
}

/// Fills the form as a link does, and presses a moment later; `window.took` becomes
/// the milliseconds from the press to the list of files. Each press asks for a CA of
/// another subject, because what is there is not made again.
fn start_press(browser: &Browser, plan: &Value) {
    browser.execute_with(
        "const [plan, subject] = arguments;
         window.took = undefined;
         location.hash = `#plan=${encodeURIComponent(JSON.stringify(plan))}`;
         setTimeout(() => {
           const files = document.querySelector('#files');
           let begin;
           new MutationObserver((_, observer) => {
             if (!files.textContent.includes(subject)) return;
             observer.disconnect();
             window.took = performance.now() - begin;
           }).observe(files, { childList: true, subtree: true, characterData: true });
           begin = performance.now();
           document.querySelector('#make').click();
         }, 500);",
        vec![plan.clone(), plan["authority"]["subject"].clone()],
    );
}

fn subject(run: u32) -> String {
    format!("CN=KUBERNETES-CA-{run}")
}

fn run_openssl(script: &str, folder: &Path) -> f64 {
    let begin = Instant::now();
    let status = Shell::in_folder(folder)
        .command(script)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("bash can be started");
    let time = begin.elapsed();
    assert!(status.success(), "{script}");
    milliseconds(time)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

impl Row {
    fn new(
        name: &str,
        what: &str,
        ours: Vec<f64>,
        peer: Vec<f64>,
        goal: Option<(Option<f64>, f64)>,
    ) -> Self {
        println!("measured: {name}");
        Self {
            name: name.to_owned(),
            what: what.to_owned(),
            ours,
            peer,
            before: Vec::new(),
            goal,
            measure: Measure::Mean,
        }
    }

    /// Ours against an earlier build's, by their medians.
    fn of_medians(
        name: &str,
        what: &str,
        ours: Vec<f64>,
        before: Vec<f64>,
        (reach, aim): (f64, f64),
    ) -> Self {
        Self {
            measure: Measure::Median,
            ..Self::new(name, what, ours, before, Some((Some(reach), aim)))
        }
    }

    /// The median of ours.
    fn of_median(name: &str, what: &str, ours: Vec<f64>, goal: (f64, f64)) -> Self {
        Self::of_medians(name, what, ours, Vec::new(), goal)
    }

    /// With what an earlier build took, in turn with the others.
    fn with_before(self, before: Vec<f64>) -> Self {
        Self { before, ..self }
    }

    fn value(&self) -> f64 {
        self.measure.of(&self.ours, &self.peer)
    }

    fn unit(&self) -> &'static str {
        match self.measure {
            _ if self.peer.is_empty() => "milliseconds",
            Measure::Mean => "ratio of means",
            Measure::Median => "ratio of medians",
        }
    }

    /// The middle 95 % of the values of resampled runs (a percentile
    /// bootstrap; Efron and Tibshirani, 1993, chapter 13).
    fn interval(&self) -> (f64, f64) {
        interval(&self.ours, &self.peer, |ours, peer| {
            self.measure.of(ours, peer)
        })
    }

    /// Our median by the earlier build's, with the middle 95 % of resampled runs.
    fn ratio_to_before(&self) -> Option<(f64, (f64, f64))> {
        let ratio = |ours: &[f64], before: &[f64]| median(ours) / median(before);
        (!self.before.is_empty()).then(|| {
            (
                ratio(&self.ours, &self.before),
                interval(&self.ours, &self.before, ratio),
            )
        })
    }

    fn to_json(&self) -> Value {
        let (low, high) = self.interval();
        json!({
            "what": self.what,
            "value": self.value(),
            "unit": self.unit(),
            "interval_95": [low, high],
            "reach": self.goal.and_then(|(reach, _)| reach),
            "aim": self.goal.map(|(_, aim)| aim),
            "ours": summary(&self.ours),
            "peer": (!self.peer.is_empty()).then(|| summary(&self.peer)),
            "before": (!self.before.is_empty()).then(|| summary(&self.before)),
            "ratio_of_medians_to_before": self.ratio_to_before().map(|(ratio, (low, high))| {
                json!({ "value": ratio, "interval_95": [low, high] })
            }),
        })
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (low, high) = self.interval();
        writeln!(
            formatter,
            "{}: {:.2} {} (95 %: {low:.2} to {high:.2})",
            self.name,
            self.value(),
            self.unit(),
        )?;
        if let Some((reach, aim)) = self.goal {
            let reach = reach.map_or(String::new(), |reach| format!("to reach {reach}, "));
            writeln!(formatter, "  {reach}to aim at {aim}")?;
        }
        writeln!(formatter, "  {}\n  ours: {}", self.what, words(&self.ours))?;
        if !self.peer.is_empty() {
            writeln!(formatter, "  peer: {}", words(&self.peer))?;
        }
        if let Some((ratio, (low, high))) = self.ratio_to_before() {
            writeln!(formatter, "  before: {}", words(&self.before))?;
            writeln!(
                formatter,
                "  {ratio:.2} of the median before (95 %: {low:.2} to {high:.2})"
            )?;
        }
        Ok(())
    }
}

fn words(times: &[f64]) -> String {
    format!(
        "mean {:.1}, median {:.1}, {} runs",
        mean(times),
        median(times),
        times.len()
    )
}

fn interval(ours: &[f64], others: &[f64], value: impl Fn(&[f64], &[f64]) -> f64) -> (f64, f64) {
    let mut generator = Generator(0x5EED);
    let mut values: Vec<f64> = (0..RESAMPLINGS)
        .map(|_| value(&generator.resample(ours), &generator.resample(others)))
        .collect();
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    (values[last * 25 / 1000], values[last * 975 / 1000])
}

impl Measure {
    fn of(self, ours: &[f64], peer: &[f64]) -> f64 {
        let middle = match self {
            Self::Mean => mean,
            Self::Median => median,
        };
        if peer.is_empty() {
            middle(ours)
        } else {
            middle(ours) / middle(peer)
        }
    }
}

fn summary(values: &[f64]) -> Value {
    json!({ "mean": mean(values), "median": median(values), "runs": values.len() })
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred values")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

/// A seeded generator for resampling: `xorshift64*` (Vigna, 2016,
/// DOI 10.1145/2845077).
struct Generator(u64);

impl Generator {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn resample(&mut self, values: &[f64]) -> Vec<f64> {
        let length = values.len() as u64;
        (0..length)
            .map(|_| usize::try_from(self.next() % length).map_or(0.0, |index| values[index]))
            .collect()
    }
}
