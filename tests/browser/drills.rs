//! Every drill, dry run and diagnosis on the page, against the real thing:
//! Chromium presses them, their files are downloaded and their commands run
//! with real etcds, and what the page said must be what etcd and etcdctl say,
//! up to addresses, ports, times and folders.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;
use support::browser::{Browser, PATIENCE};
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

/// Long enough for three keys on a busy machine.
const MAKING: Duration = Duration::from_mins(2);

/// The port that the page's commands have.
const PORT: &str = ":2379";

/// The ports that a cluster's commands have, the clients' of the first member before
/// the others.
const PORTS: [&str; 6] = [PORT, ":2380", ":2479", ":2480", ":2579", ":2580"];

/// How many etcds run at once: they mostly wait for etcdctl's five seconds.
const AT_ONCE: usize = 6;

/// The radio button of a build.
fn button(version: Version) -> String {
    format!("#etcd-build-{}", version.number().replace('.', "-"))
}

/// Chooses a build, whose fold may be closed.
fn choose_build(browser: &Browser, version: Version) {
    browser.execute("document.getElementById('builds-details').open = true");
    browser.click(&button(version));
}

/// The page with files made, their folder being `folder`.
fn page_with_files(folder: &Path) -> Browser {
    let browser = Browser::open();
    browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    browser.fill("#directory", folder.to_str().unwrap());
    browser.click("#make");
    browser.wait_until("the files are made", MAKING, || {
        browser.shows("#download-tar") || browser.shows(".fault")
    });
    assert!(
        browser.shows("#download-tar"),
        "{:?}",
        browser.texts(".fault")
    );
    browser
}

/// What the page says a terminal would show.
#[derive(Debug, Clone)]
struct Said {
    etcdctl: Vec<String>,
    etcd: String,
    verdict: String,
    rule: String,
    /// What is told before, whatever decided.
    told: Vec<String>,
}

/// Reads what the page says within an element.
fn said(browser: &Browser, within: &str) -> Said {
    browser.wait_until("the page has an answer", MAKING, || {
        browser.count(&format!("{within} .seal")) + browser.count(&format!("{within} .refused")) > 0
    });
    let texts = |class: &str| -> Vec<String> {
        let found = browser.execute_with(
            "return [...document.querySelectorAll(arguments[0])].map(it => it.textContent)",
            vec![json!(format!("{within} {class}"))],
        );
        serde_json::from_value(found).unwrap()
    };
    Said {
        etcdctl: texts(".of-etcdctl"),
        etcd: texts(".of-etcd").join("\n"),
        verdict: texts(".seal-title").join("\n"),
        rule: texts("code.rule").join("\n"),
        told: texts(".notice"),
    }
}

/// A drill, broken or mended, as the page has it for one build.
#[derive(Debug, Clone)]
struct Exercise {
    drill: String,
    mended: bool,
    version: Version,
    said: Said,
    unpack: String,
    etcd: String,
    others: Vec<String>,
    preparation: Option<String>,
    etcdctl: String,
    gateway: Option<String>,
    archive: PathBuf,
    directory: String,
}

/// What the real ones said.
#[derive(Debug, Clone)]
struct Real {
    etcdctl: String,
    etcd: BTreeSet<String>,
    log: String,
    /// What each of the other members logs.
    others: Vec<String>,
    gateway: Option<String>,
}

/// Takes out times, ports, addresses in memory and made-up names.
fn normalized(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = time(rest) {
            result.push_str("TIME");
            rest = &rest[length..];
        } else if let Some(after) = rest.strip_prefix("127.0.0.1:") {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            result.push_str("127.0.0.1:PORT");
            rest = &after[digits..];
        } else if let Some(after) = rest.strip_prefix("0x") {
            let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
            result.push_str("0xID");
            rest = &after[digits..];
        } else if let Some(after) = rest.strip_prefix("endpoint://client-") {
            result.push_str("endpoint://client-ID");
            rest = after.get(36..).unwrap_or_default();
        } else {
            result.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    result
}

/// The length of the time that a text begins with: RFC 3339 in UTC, or as etcd
/// 3.4 has it.
fn time(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let begin = bytes.get(..19)?;
    let fits = begin.iter().enumerate().all(|(place, byte)| match place {
        4 | 7 => *byte == b'-',
        10 => matches!(byte, b'T' | b' '),
        13 | 16 => *byte == b':',
        _ => byte.is_ascii_digit(),
    });
    if !fits {
        return None;
    }
    let fraction = bytes[19..]
        .iter()
        .take_while(|byte| **byte == b'.' || byte.is_ascii_digit())
        .count();
    let zone = usize::from(bytes.get(19 + fraction) == Some(&b'Z'));
    Some(19 + fraction + zone)
}

/// The lines of a log that say why a connection was refused, or why etcd ends.
/// What a race adds is left out: a connection that the other side cut before it
/// was judged. So is the trace of the program's stack.
fn telling(log: &str) -> BTreeSet<String> {
    log.lines()
        .filter(|line| {
            line.contains("rejected connection")
                || line.contains("\"level\":\"fatal\"")
                || line.contains(" C | ")
                || line.starts_with("panic: ")
                || line.starts_with("invalid value ")
        })
        .filter(|line| {
            ["\"EOF\"", "connection reset by peer", "broken pipe"]
                .iter()
                .all(|race| !line.contains(race))
        })
        .map(|line| {
            let line = line.split(",\"stacktrace\"").next().unwrap_or(line);
            normalized(line.trim_end_matches('}'))
        })
        .collect()
}

impl Exercise {
    /// Runs the commands with real programs, in a folder and on ports of their
    /// own: nothing else of them is changed.
    fn run(&self) -> Real {
        let folder = TempDir::new().unwrap();
        let ports: [u16; PORTS.len()] = free_ports();
        let own = folder.path().to_str().unwrap();
        let ours = |command: &str| {
            let command = command.replace(&self.directory, own);
            // By way of signs, so that no port of ours is taken for a printed one.
            let signs = (0..PORTS.len()).map(|place| format!(":<{place}>"));
            let signed = PORTS.iter().zip(signs.clone());
            let command = signed.fold(command, |text, (port, sign)| text.replace(port, &sign));
            let places = signs.zip(ports);
            places.fold(command, |text, (sign, port)| {
                text.replace(&sign, &format!(":{port}"))
            })
        };
        let here = folder.path().join("download");
        fs::create_dir(&here).unwrap();
        let name = format!("drill-{}.tar", self.drill);
        fs::copy(&self.archive, here.join(&name)).unwrap();
        run_bash(&ours(&self.unpack), &here).succeeded();
        let others = self.others.iter();
        let others: Vec<Etcd> = others
            .map(|other| Etcd::start(self.version, &ours(other), folder.path()))
            .collect();
        let mut etcd = Etcd::start(self.version, &ours(&self.etcd), folder.path());
        let shell = Shell::in_folder(folder.path()).with_etcd(self.version);
        let mut real = Real {
            etcdctl: String::new(),
            etcd: BTreeSet::new(),
            log: String::new(),
            others: Vec::new(),
            gateway: None,
        };
        // An etcd that ends does so before or after it says that it is ready.
        let starts = !self.said.verdict.contains("does not start");
        if starts {
            etcd.ready().unwrap();
            if let Some(preparation) = &self.preparation {
                shell
                    .run(&format!("set -e\n{}", ours(preparation)))
                    .succeeded();
            }
            let output = shell.run(&ours(&self.etcdctl));
            real.etcdctl = format!("{}{}", output.stdout, output.stderr);
            if let Some(gateway) = &self.gateway {
                let answer = shell.run(&ours(gateway)).stdout;
                real.gateway = answer.lines().last().map(str::to_owned);
            }
        }
        // A log is written a moment later.
        let wanted = telling(&self.said.etcd);
        let is_told = !self.said.told.is_empty();
        support::within(Duration::from_secs(10), || {
            let logged = wanted.is_subset(&telling(&own_words(&etcd.log(), own, &self.directory)));
            let mut others = others.iter().map(|other| telling(&other.log()));
            (logged && others.all(|lines| !lines.is_empty() || !is_told)).then_some(())
        });
        real.others = others.iter().map(Etcd::log).collect();
        real.log = own_words(&etcd.log(), own, &self.directory);
        real.etcd = telling(&real.log);
        real.etcdctl = own_words(&real.etcdctl, own, &self.directory);
        real
    }

    /// Compares, and says what differs.
    fn compare(&self, real: &Real) -> Vec<String> {
        let what = format!(
            "{}{} with etcd {}",
            self.drill,
            if self.mended { ", mended," } else { "" },
            self.version.number()
        );
        let mut faults = Vec::new();
        let printed = normalized(real.etcdctl.trim_end());
        let variants: Vec<String> = self.said.etcdctl.iter().map(|it| normalized(it)).collect();
        let silent = variants.is_empty() && printed.is_empty();
        if !silent && !variants.contains(&printed) {
            faults.push(format!(
                "{what}: etcdctl prints\n{printed}\nand the page says\n{}",
                variants.join("\nor\n")
            ));
        }
        let expected = telling(&self.said.etcd);
        if real.etcd != expected {
            faults.push(format!(
                "{what}: etcd logs\n{:#?}\nand the page says\n{expected:#?}",
                real.etcd
            ));
        }
        for log in &real.others {
            // What the page says of the others: their refusal in their words, or nothing.
            let lines = telling(log);
            let is_told = |line: &String| self.said.told.iter().any(|told| quotes(told, line));
            if lines.is_empty() == self.said.told.is_empty() && lines.iter().all(is_told) {
                continue;
            }
            faults.push(format!(
                "{what}: another member logs\n{lines:#?}\nand the page says\n{:#?}",
                self.said.told
            ));
        }
        if let Some(status) = &real.gateway {
            let says = self.said.verdict.contains(&format!("it answers {status}"))
                || self.mended && status == "200";
            if !says {
                faults.push(format!(
                    "{what}: the gateway answers {status}, and the page says\n{}",
                    self.said.verdict
                ));
            }
        }
        faults
    }
}

/// Whether a line of a log is what a sentence of the page's says in quotation marks.
fn quotes(told: &str, line: &str) -> bool {
    let quoted = told
        .split('“')
        .nth(1)
        .and_then(|rest| rest.split('”').next());
    quoted.is_some_and(|words| line.contains(&format!("\"{words}\"")))
}

/// A real text with the page's folder in the place of the test's own.
fn own_words(text: &str, own: &str, directory: &str) -> String {
    text.replace(own, directory)
}

/// Presses a drill and takes everything that the page has of it.
fn exercise(
    browser: &Browser,
    kept: &Path,
    drill: &str,
    mended: bool,
    versions: [Version; 2],
    directory: &str,
) -> Vec<Exercise> {
    let press = if mended {
        "#drill-mend".to_owned()
    } else {
        format!("#drill-{drill}")
    };
    browser.click(&press);
    let next = if mended {
        "#drill-break"
    } else {
        "#drill-mend"
    };
    browser.wait_until("the drill is made", MAKING, || {
        browser.shows(next) && browser.shows("#drill-download")
    });
    // The answer moves what stands below it, and a press must not miss.
    said(browser, "#drill-outcome");
    browser.click("#drill-download");
    let archive = browser.wait_for_download(&format!("drill-{drill}.tar"));
    let own = kept.join(format!("{drill}-{mended}.tar"));
    fs::rename(archive, &own).unwrap();
    let command = |id: &str| browser.content(&format!("#drill-{id}"));
    let optional = |id: &str| {
        let there = browser.count(&format!("#drill-{id}")) > 0;
        there.then(|| command(id))
    };
    versions
        .into_iter()
        .map(|version| {
            choose_build(browser, version);
            Exercise {
                drill: drill.to_owned(),
                mended,
                version,
                said: said(browser, "#drill-outcome"),
                unpack: command("unpack"),
                etcd: command("etcd"),
                others: (0..2)
                    .filter_map(|place| optional(&format!("other-{place}")))
                    .collect(),
                preparation: optional("preparation"),
                etcdctl: command("etcdctl"),
                gateway: optional("gateway"),
                archive: own.clone(),
                directory: directory.to_owned(),
            }
        })
        .collect()
}

/// Runs them all, a few at once.
fn run_all(exercises: &[Exercise]) -> Vec<Real> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Real)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(exercise) = exercises.get(place) else {
                        return;
                    };
                    let real = exercise.run();
                    results.lock().unwrap().push((place, real));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, real)| real).collect()
}

/// The drills on the page.
fn drills(browser: &Browser) -> Vec<String> {
    let found = browser.execute(
        "return [...document.querySelectorAll('.drills [id^=drill-]')]
           .map(it => it.id.slice('drill-'.length))",
    );
    serde_json::from_value(found).unwrap()
}

/// Pastes into Diagnose, and waits for the answer.
fn diagnose(browser: &Browser, text: &str) {
    browser.paste("#diagnosis-text", text);
    // The answer to what was there before may still be on show.
    thread::sleep(Duration::from_millis(400));
    browser.wait_until("the diagnosis is there", PATIENCE, || {
        browser.count("#diagnosis-result .reading") == 0 && browser.count("#diagnosis-kinds") > 0
    });
}

#[test]
fn every_drill_says_what_real_etcds_say_and_so_does_the_diagnosis_of_their_words() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("certificates");
    let browser = page_with_files(&directory);
    let directory = directory.to_str().unwrap();
    browser.visit("break-it");
    let drills = drills(&browser);
    assert!(drills.len() >= 17, "{drills:?}");
    let pairs = [
        [Version::V3_4_23, Version::V3_7_3],
        [Version::V3_5_35, Version::V3_6_16],
    ];
    // Each run gives every drill a pair; `DRILLS_SHIFTED` gives it the other one.
    let shift = usize::from(env::var_os("DRILLS_SHIFTED").is_some());
    let mut exercises = Vec::new();
    for (place, drill) in drills.iter().enumerate() {
        for mended in [false, true] {
            let versions = pairs[(place + usize::from(mended) + shift) % 2];
            let all = exercise(&browser, folder.path(), drill, mended, versions, directory);
            let kept = if mended { 1 } else { 2 };
            exercises.extend(all.into_iter().take(kept));
        }
    }
    for exercise in &exercises {
        let passed = exercise.said.verdict.contains("Passed");
        // 3.4 and 3.5 read a CRL in PEM too.
        let is_old = matches!(exercise.version, Version::V3_4_23 | Version::V3_5_35);
        let is_no_fault = exercise.drill == "list-in-pem" && is_old;
        // A member that the others refuse is healthy, and that is told instead.
        let is_member = exercise.drill == "member-without-client-auth";
        assert_eq!(exercise.others.len(), if is_member { 2 } else { 0 });
        if is_member {
            let told = exercise.said.told.len();
            assert_eq!(told, usize::from(!exercise.mended), "{exercise:#?}");
        }
        // 3.4 takes no path of a socket, whatever the certificate.
        let never = exercise.drill == "socket" && exercise.version == Version::V3_4_23;
        assert_eq!(
            passed,
            (exercise.mended || is_no_fault || is_member) && !never,
            "{exercise:#?}"
        );
    }
    let reals = run_all(&exercises);
    let faults: Vec<String> = exercises
        .iter()
        .zip(&reals)
        .flat_map(|(exercise, real)| exercise.compare(real))
        .collect();
    assert!(
        faults.is_empty(),
        "{} differ:\n{}",
        faults.len(),
        faults.join("\n\n")
    );

    // What the real ones said, pasted: the words are known, and lead to the
    // file at fault or the other side's log.
    browser.visit("diagnose");
    for (exercise, real) in exercises.iter().zip(&reals) {
        let of_others = real.others.concat();
        let refused = real.log.lines().chain(of_others.lines());
        let refused = refused.filter(|line| {
            [
                "rejected connection",
                "\"fatal\"",
                " C | ",
                "panic: ",
                "invalid value ",
            ]
            .iter()
            .any(|words| line.contains(words))
        });
        let refused: Vec<&str> = refused.take(20).collect();
        if exercise.said.verdict.contains("Passed")
            && (real.others.is_empty() || refused.is_empty())
        {
            continue;
        }
        let text: Vec<&str> = real.etcdctl.lines().chain(refused).collect();
        diagnose(&browser, &text.join("\n"));
        let words = browser.texts("#diagnosis-result .finding .seal-title");
        assert!(
            browser.count("#diagnosis-unknown") == 0 && !words.is_empty(),
            "{}: {}",
            exercise.drill,
            text.join("\n")
        );
    }
    browser.assert_quiet();
}

#[test]
fn command_lines_and_their_files_get_the_drills_verdict_and_its_mend() {
    let browser = Browser::open();
    let folder = TempDir::new().unwrap();
    for drill in [
        "address-as-dns-name",
        "expired-client",
        "no-client-certificate",
    ] {
        browser.visit("break-it");
        browser.click(&format!("#drill-{drill}"));
        browser.wait_for("#drill-download");
        let wanted = said(&browser, "#drill-outcome");
        browser.click("#drill-download");
        let archive = browser.wait_for_download(&format!("drill-{drill}.tar"));
        run_bash(
            &format!(
                "tar -xf {} -C {}",
                archive.display(),
                folder.path().display()
            ),
            folder.path(),
        )
        .succeeded();
        browser.visit("diagnose");
        if browser.count("#diagnosis-clear") > 0 {
            browser.click("#diagnosis-clear");
        }
        for file in fs::read_dir(folder.path().join(format!("drill-{drill}"))).unwrap() {
            browser.choose_file("#diagnosis-text-file", &file.unwrap().path());
        }
        let lines = format!(
            "$ {}\n$ {}\n",
            browser.content("#drill-etcd"),
            browser.content("#drill-etcdctl")
        );
        diagnose(&browser, &lines);
        let got = said(&browser, "#diagnosis-verdict");
        assert_eq!(got.rule, wanted.rule, "{drill}");
        assert_eq!(
            normalized(&got.etcdctl.join("\n")),
            normalized(&wanted.etcdctl.join("\n"))
        );
    }
    // The last one is mended by a press.
    browser.click("#diagnosis-mend");
    browser.wait_until("the mended lines pass", PATIENCE, || {
        browser.count("#diagnosis-verdict .seal") == 1
    });
    assert!(browser.value("#diagnosis-text").contains("--cert="));
    browser.assert_quiet();
}

#[test]
fn the_tutorials_dry_runs_say_what_etcd_says() {
    let folder = TempDir::new().unwrap();
    let browser = Browser::open();
    assert!(
        browser
            .text("#run-command-verified-without")
            .contains("first")
    );
    drop(browser);
    let directory = folder.path().join("certificates");
    let browser = page_with_files(&directory);
    browser.click("#download-tar");
    let archive = browser.wait_for_archive("KUBERNETES-CA", "tar");
    run_bash(
        &browser.content("#command-unpack"),
        archive.parent().unwrap(),
    )
    .succeeded();
    let commands = ["without", "put-0", "get-0"];
    for version in Version::ALL {
        choose_build(&browser, version);
        let [port] = free_ports();
        let ours = |command: &str| command.replace(PORT, &format!(":{port}"));
        let script = browser.content("#command-etcd");
        let mut etcd = Etcd::start(version, &ours(&script), folder.path());
        etcd.ready().unwrap();
        let shell = Shell::in_folder(folder.path()).with_etcd(version);
        for command in commands {
            let id = format!("command-verified-{command}");
            if browser.count(&format!("#dry-run-{id} .seal, #dry-run-{id} .refused")) == 0 {
                browser.click(&format!("#run-{id}"));
            }
            let said = said(&browser, &format!("#dry-run-{id}"));
            let output = shell.run(&ours(&browser.content(&format!("#{id}"))));
            let real = format!("{}{}", output.stdout, output.stderr);
            let variants: Vec<String> = said.etcdctl.iter().map(|it| normalized(it)).collect();
            assert!(
                variants.contains(&normalized(real.trim_end())),
                "{version:?} {command}: {real}\nand the page says\n{variants:#?}"
            );
            let passes = command != "without";
            assert_eq!(said.verdict.contains("Passed"), passes, "{said:?}");
            if !passes {
                let wanted = telling(&said.etcd);
                assert!(
                    support::within(Duration::from_secs(10), || {
                        (telling(&etcd.log()) == wanted).then_some(())
                    })
                    .is_some(),
                    "{version:?}: {}\nand the page says\n{wanted:#?}",
                    etcd.log()
                );
            }
        }
    }
    // Whoever changes the command's text gets no answer about the old one.
    browser.fill("#port", "2399");
    browser.wait_until("the old answer is gone", PATIENCE, || {
        browser.count("#dry-run-command-verified-without .refused") == 0
    });
    browser.assert_quiet();
}
