//! How long one verdict takes the program: it is asked at once about every refusal that
//! clients are put to, with the files that real etcds were started with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;
use tempfile::TempDir;

use super::support::refusals::REFUSALS;
use super::{Row, milliseconds};

/// Runs of the program.
const RUNS: u32 = 20;

/// How often each case is asked about in a run, so that the program's start and its
/// reading of files are what they are for somebody who asks in bulk.
const TIMES: usize = 10;

/// A time at which the files are in force: that of their recording.
const AT: &str = "2026-11-25T12:00:00Z";

/// The row, where the program was built.
pub(super) fn verdicts() -> Option<Row> {
    let program = PathBuf::from(std::env::var_os("BENCH_PROGRAM")?);
    let folder = TempDir::new().expect("no temporary folder can be made");
    let cases: Vec<PathBuf> = REFUSALS
        .iter()
        .map(|(letter, refusal)| {
            let case = folder.path().join(letter);
            copy_files(&case);
            let bare = |line: String| line.replace("PKI/", "");
            let lines = json!({
                "server": bare(refusal.etcd("PKI", 2379)),
                "client": bare(refusal.etcdctl("etcdctl", "PKI", 2379)),
            });
            fs::write(case.join("case.json"), lines.to_string())
                .expect("a temporary folder can be written");
            case
        })
        .collect();
    let asked = TIMES * cases.len();
    let run = || {
        let begin = Instant::now();
        let output = Command::new(&program)
            .arg("verdict")
            .args(cases.iter().cycle().take(asked))
            .args(["--etcd", "3.7.3", "--at", AT])
            .stderr(Stdio::inherit())
            .output()
            .expect("the program can be started");
        let took = milliseconds(begin.elapsed());
        let answers = String::from_utf8_lossy(&output.stdout)
            .matches('\n')
            .count();
        assert_eq!(answers, asked, "not every case was answered");
        took / f64::from(u32::try_from(asked).unwrap_or(u32::MAX))
    };
    // The first run brings the files into memory.
    run();
    Some(Row::new(
        "verdict_ms_each",
        "one verdict of the program, from the start of the program to its end, asked in bulk",
        (0..RUNS).map(|_| run()).collect(),
        Vec::new(),
        Some((None, 1.0)),
    ))
}

/// A folder with the recorded files.
fn copy_files(case: &Path) {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/client-cells");
    fs::create_dir(case).expect("a temporary folder can be written");
    for entry in fs::read_dir(recorded).expect("the recorded files are in the repository") {
        let path = entry.expect("it can be listed").path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            fs::copy(&path, case.join(name)).expect("a temporary folder can be written");
        }
    }
}
