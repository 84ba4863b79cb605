//! The peer port against real clusters of two members: what the listener logs
//! of the dialer, and what the dialer logs, is compared with this crate.
//!
//! Each case runs with one of the builds, in turn; `ETCD_MEASURE=all` runs
//! every case with every build.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use etcd_pki_lab::etcd::judge::{Finding, Verdict};

use crate::clusters::{Cluster, clusters};
use crate::etcd_agreement::{builds, command, rejections, tools};
use crate::ports::free_ports;
use crate::record::normalized;

impl Cluster {
    /// Runs both members until the dialer has said one of `expected`, and
    /// returns what the listener rejected and what the dialer logged.
    fn run(&self, version: &str, expected: &[String]) -> (BTreeSet<String>, String) {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cluster-{number}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        for (name, content) in &self.files {
            fs::write(folder.join(name), content).expect("a file");
        }
        let tools = tools().join(format!("etcd-{version}"));
        let lines = self.lines(free_ports(), free_ports());
        let logs = ["n1.log", "n2.log"].map(|name| folder.join(name));
        let read = |member: usize| fs::read_to_string(&logs[member]).unwrap_or_default();
        let start = |member: usize| -> Child {
            let log = fs::File::create(&logs[member]).expect("a file");
            command(&folder, &tools, &lines[member], "etcd")
                .stdout(log.try_clone().expect("a handle"))
                .stderr(log)
                .stdin(Stdio::null())
                .spawn()
                .expect("etcd runs")
        };
        // The listener first, so that the dialer finds it.
        let mut members = [start(1), start(0)];
        let begun = Instant::now();
        let connected = |log: &str| log.contains("established") && log.contains("TCP streaming");
        while begun.elapsed() < Duration::from_secs(25) {
            std::thread::sleep(Duration::from_millis(100));
            let refused = !rejections(&read(1)).is_empty()
                && expected.iter().any(|text| read(0).contains(text.as_str()));
            // The other direction may stand before this one is refused.
            if refused || expected.is_empty() && connected(&read(1)) && connected(&read(0)) {
                break;
            }
            // Only one direction may work, and then nothing more comes.
            if expected.is_empty()
                && begun.elapsed().as_secs() >= 12
                && (connected(&read(0)) || connected(&read(1)))
            {
                break;
            }
        }
        for member in &mut members {
            let _ = member.kill();
            let _ = member.wait();
        }
        let found = (rejections(&read(1)), read(0));
        let _ = fs::remove_dir_all(&folder);
        found
    }
}

#[test]
fn members_of_real_clusters_are_let_in_or_refused_as_judged() {
    let all = std::env::var("ETCD_MEASURE").is_ok_and(|mode| mode == "all");
    let here = builds();
    let clusters = clusters();
    let chosen: Vec<(&Cluster, &str)> = clusters
        .iter()
        .enumerate()
        .flat_map(|(number, cluster)| {
            here.iter()
                .enumerate()
                .filter(move |(turn, _)| all || number % 4 == *turn)
                .map(move |(_, version)| (cluster, *version))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((cluster, version)) =
                    chosen.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let answer = cluster.judge(version);
                    let (rejected, log) = cluster.run(version, &answer.dialer);
                    if let Some(text) = difference(&answer, &rejected, &log) {
                        let place = format!("{version} {}: {text}", cluster.id);
                        wrong.lock().expect("no thread panicked").push(place);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread panicked");
    println!(
        "{} of {} connections between members agree",
        chosen.len() - wrong.len(),
        chosen.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn difference(answer: &Finding, rejected: &BTreeSet<String>, log: &str) -> Option<String> {
    // What a resolver says of an unknown name stands behind, in parentheses.
    let plain = |text: &str| {
        let text = normalized(text);
        text.split("] (")
            .next()
            .map(|begin| {
                if begin.len() < text.len() {
                    format!("{begin}]")
                } else {
                    text.clone()
                }
            })
            .unwrap_or_default()
    };
    let ours: BTreeSet<String> = answer.listener.iter().map(|text| plain(text)).collect();
    let theirs: BTreeSet<String> = rejected.iter().map(|text| plain(text)).collect();
    if ours != theirs {
        return Some(format!("listener: here {ours:?}, etcd {theirs:?}"));
    }
    let said = answer.verdict == Verdict::Accepted
        || answer.dialer.iter().any(|text| log.contains(text.as_str()));
    (!said).then(|| {
        let tail: String = log.chars().rev().take(1500).collect();
        let tail: String = tail.chars().rev().collect();
        format!("dialer: here {:?}, etcd {tail}", answer.dialer)
    })
}
