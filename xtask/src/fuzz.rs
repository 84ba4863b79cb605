//! The targets of `tests/fuzz` under libFuzzer, for as long as somebody likes. `cargo
//! test` gives each a second of blind changes; this keeps what reaches new code and
//! changes that further, one target after another. What was found stays in
//! `target/fuzz/corpus`, and `--coverage` says which lines it reaches.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::Value;

use crate::command::{capture, run};
use crate::sbom;
use crate::workspace::Workspace;

/// What to run, and for how long.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct Options {
    /// Only targets whose name contains this; all without it.
    target: Option<String>,

    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u64,

    /// Other changes than those of every run.
    #[arg(long, default_value_t = 1)]
    seed: u32,

    /// Say which lines are reached by what was found so far, and look for nothing new.
    #[arg(long)]
    coverage: bool,
}

/// Has the compiler count what is reached and compared, for libFuzzer. These are options
/// of LLVM, which a stable compiler passes on; `cargo fuzz` gives the same.
const GUIDED: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
];

/// Has it count lines, for people.
const COUNTED: &[&str] = &["-Cinstrument-coverage"];

/// The longest input.
const MOST_BYTES: u32 = 16 << 10;
/// An input that takes longer, in seconds, is a fault.
const MOST_SECONDS: u32 = 60;
/// And so is one that takes more memory, in MiB.
const MOST_MEMORY: u32 = 4096;

/// Runs the targets.
pub(crate) fn fuzz(workspace: &Workspace, options: &Options) -> Result<()> {
    ensure!(options.seconds > 0, "a target needs a second at least");
    let fuzz = Fuzz {
        workspace,
        folder: workspace.target().join("fuzz"),
        host: sbom::host(workspace)?,
    };
    if options.coverage {
        return fuzz.coverage(options);
    }
    let program = fuzz.build("guided", GUIDED)?;
    let mut failed = Vec::new();
    for name in Fuzz::names(&program, options)? {
        match fuzz.run(&program, &name, options) {
            Ok(found) => println!("{name}: {found}"),
            Err(error) => {
                println!("{name}: {error:#}");
                failed.push(name);
            }
        }
    }
    ensure!(failed.is_empty(), "faults in {}", failed.join(", "));
    Ok(())
}

/// Where and by what.
struct Fuzz<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
    host: String,
}

impl Fuzz<'_> {
    /// Builds the program of all targets.
    fn build(&self, name: &str, flags: &[&str]) -> Result<PathBuf> {
        let package = self.workspace.root().join("tests/fuzz/guided");
        let (own, copy) = (
            self.workspace.root().join("Cargo.lock"),
            package.join("Cargo.lock"),
        );
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        if changed(&copy).is_none_or(|copy| Some(copy) < changed(&own)) {
            fs::copy(&own, &copy)?;
        }
        let target = self.folder.join(name);
        // Without `--target` the flags would be those of build scripts, too.
        run(self
            .workspace
            .cargo("build")
            .args(["--release", "--target", &self.host])
            .arg("--manifest-path")
            .arg(package.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}")))?;
        Ok(target.join(&self.host).join("release/guided"))
    }

    fn names(program: &Path, options: &Options) -> Result<Vec<String>> {
        let all = capture(&mut Command::new(program))?;
        let wanted = options.target.as_deref().unwrap_or_default();
        let names: Vec<String> = all
            .lines()
            .filter(|name| name.contains(wanted))
            .map(str::to_owned)
            .collect();
        ensure!(
            !names.is_empty(),
            "no target's name contains `{wanted}`; there are {}",
            all.replace('\n', ", ")
        );
        Ok(names)
    }

    /// A run of one target, which keeps what it finds.
    fn command(&self, program: &Path, name: &str) -> Command {
        let mut command = Command::new(program);
        command
            .arg(self.folder.join("corpus").join(name))
            .arg(format!("-max_len={MOST_BYTES}"))
            .arg(format!("-timeout={MOST_SECONDS}"))
            .arg(format!("-rss_limit_mb={MOST_MEMORY}"))
            .env("FUZZ_TARGET", name)
            .env("FUZZ_FOLDER", &self.folder)
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, program: &Path, name: &str, options: &Options) -> Result<String> {
        let faults = self.folder.join("faults").join(name);
        let logs = self.folder.join("logs");
        for folder in [&faults, &logs] {
            fs::create_dir_all(folder)?;
        }
        let log = logs.join(name);
        let file = File::create(&log)?;
        let begun = Instant::now();
        let status = self
            .command(program, name)
            .arg(format!(
                "-dict={}",
                self.folder.join("dictionary").display()
            ))
            .arg(format!("-artifact_prefix={}/", faults.display()))
            .arg(format!("-max_total_time={}", options.seconds))
            .arg(format!("-seed={}", options.seed))
            .arg("-print_final_stats=1")
            .stdout(file.try_clone()?)
            .stderr(file)
            .status()?;
        let took = begun.elapsed().as_secs();
        let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        ensure!(
            status.success(),
            "a fault after {took} s: its input lies in {}, its story in {}",
            faults.display(),
            log.display()
        );
        summary(&said, took).with_context(|| format!("{} says nothing", log.display()))
    }

    /// Runs all that was found through a program that counts lines, and prints how much
    /// of each folder is reached.
    fn coverage(&self, options: &Options) -> Result<()> {
        let tool = |name: &str| -> Result<PathBuf> {
            let root = capture(Command::new("rustc").args(["--print", "sysroot"]))?;
            let tool = Path::new(&root)
                .join("lib/rustlib")
                .join(&self.host)
                .join("bin")
                .join(name);
            ensure!(
                tool.is_file(),
                "{name} is missing; install it with `rustup component add llvm-tools`"
            );
            Ok(tool)
        };
        let (merge, report) = (tool("llvm-profdata")?, tool("llvm-cov")?);
        let program = self.build("counted", COUNTED)?;
        let profiles = self.folder.join("profiles");
        fs::create_dir_all(&profiles)?;
        let mut merged = Command::new(merge);
        merged.args(["merge", "--sparse", "--output"]);
        let whole = profiles.join("all");
        merged.arg(&whole);
        for name in Self::names(&program, options)? {
            let profile = profiles.join(format!("{name}.profraw"));
            let log = File::create(profiles.join(format!("{name}.log")))?;
            let status = self
                .command(&program, &name)
                .arg("-runs=0")
                .env("LLVM_PROFILE_FILE", &profile)
                .stdout(log.try_clone()?)
                .stderr(log)
                .status()?;
            ensure!(
                status.success(),
                "{name} has a fault; run it without --coverage"
            );
            merged.arg(profile);
        }
        run(&mut merged)?;
        let said = capture(
            Command::new(report)
                .args(["export", "--summary-only", "--instr-profile"])
                .arg(&whole)
                .arg(&program),
        )?;
        print!(
            "{}",
            table(&serde_json::from_str(&said)?, self.workspace.root())
        );
        Ok(())
    }
}

/// What libFuzzer said at the end: how many inputs there were, how many edges between
/// pieces of code they reached, and how many were kept for that.
fn summary(said: &str, took: u64) -> Option<String> {
    let word = |line: &str, name: &str| {
        let mut words = line.split_whitespace().skip_while(|word| *word != name);
        words.nth(1).map(str::to_owned)
    };
    let last = said.lines().rfind(|line| line.contains(" cov: "))?;
    let count = said
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))?;
    Some(format!(
        "{} inputs in {took} s, {} edges reached, {} inputs kept",
        count.trim(),
        word(last, "cov:")?,
        word(last, "corp:")?.split('/').next()?
    ))
}

/// Lines and regions by folder.
fn table(report: &Value, root: &Path) -> String {
    let mut folders: BTreeMap<PathBuf, [u64; 4]> = BTreeMap::new();
    let files = report["data"][0]["files"].as_array();
    for file in files.into_iter().flatten() {
        let path = Path::new(file["filename"].as_str().unwrap_or_default());
        let Ok(path) = path.strip_prefix(root) else {
            continue;
        };
        if !(path.starts_with("src") || path.starts_with("crates")) {
            continue;
        }
        let sums = folders
            .entry(path.parent().unwrap_or(path).to_owned())
            .or_default();
        let number = |of: &str, what: &str| file["summary"][of][what].as_u64().unwrap_or(0);
        for (sum, number) in sums.iter_mut().zip([
            number("lines", "covered"),
            number("lines", "count"),
            number("regions", "covered"),
            number("regions", "count"),
        ]) {
            *sum += number;
        }
    }
    let percent = |part: u64, whole: u64| part * 100 / whole.max(1);
    let rows = folders.iter().map(|(folder, [line, lines, region, regions])| {
        format!(
            "{:<44} {line:>6} of {lines:>6} lines, {:>3} %; {region:>6} of {regions:>6} regions, {:>3} %\n",
            folder.display().to_string(),
            percent(*line, *lines),
            percent(*region, *regions),
        )
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_said_is_told_in_a_line() {
        let said = "#2\tINITED cov: 5 ft: 6 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                    #99\tDONE   cov: 12 ft: 30 corp: 4/80b lim: 9 exec/s: 3 rss: 31Mb\n\
                    stat::number_of_executed_units: 99\n";
        let told = summary(said, 7).unwrap();
        assert_eq!(told, "99 inputs in 7 s, 12 edges reached, 4 inputs kept");
        assert_eq!(summary("nothing", 7), None);
    }

    #[test]
    fn lines_are_counted_by_folder() {
        let file = |name: &str, covered: u64| {
            serde_json::json!({
                "filename": name,
                "summary": {
                    "lines": { "count": 10, "covered": covered },
                    "regions": { "count": 20, "covered": covered },
                },
            })
        };
        let report = serde_json::json!({ "data": [{ "files": [
            file("/house/src/pki/pem.rs", 10),
            file("/house/src/pki/key.rs", 5),
            file("/elsewhere/src/lib.rs", 1),
            file("/house/tests/fuzz/main.rs", 1),
        ] }] });
        let told = table(&report, Path::new("/house"));
        let words: Vec<&str> = told.split_whitespace().collect();
        assert_eq!(told.lines().count(), 1);
        assert_eq!(
            words.join(" "),
            "src/pki 15 of 20 lines, 75 %; 15 of 40 regions, 37 %"
        );
    }
}
