//! Everything that CI runs, fast things first: format, the order of the rooms, lints,
//! tests, docs, the build and that it is reproducible, then the judges, which are
//! those tests in `tests/` that need programs from outside. The first failure ends
//! the run, but for a judge's: judges know nothing of each other, and all are heard.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::Value;

use crate::arrows;
use crate::bench;
use crate::build::{self, encoded_flags};
use crate::command::{capture, run};
use crate::idle;
use crate::page::sha256;
use crate::reproducible::copy_sources;
use crate::tools;
use crate::wasm_std::{self, Choice, Route};
use crate::workspace::Workspace;

/// The feature that a test in `tests/` requires when it needs programs from
/// outside, so that `cargo test` alone works on any machine.
const JUDGES: &str = "judges";

/// The judge that looks at the page with its measuring functions too, because
/// the product does not let anybody at its arithmetic.
const OF_MEASURING_PAGE: &str = "keys";

/// What to run.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Run only steps whose name contains one of these; see --list.
    filter: Vec<String>,

    /// Print the names of the steps, and run none.
    #[arg(long)]
    list: bool,

    /// Where the standard library for wasm comes from.
    #[arg(long, value_enum, default_value_t)]
    std: Choice,
}

/// One thing that can fail.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Format,
    Arrows,
    Deny,
    Lint,
    Unit,
    Docs,
    LintWasm,
    Idle,
    Build,
    Reproducible,
    Judge(String),
}

impl Step {
    fn name(&self) -> &str {
        match self {
            Self::Format => "format",
            Self::Arrows => "arrows",
            Self::Deny => "deny",
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Docs => "docs",
            Self::LintWasm => "lint-wasm",
            Self::Idle => "idle",
            Self::Build => "build",
            Self::Reproducible => "reproducible",
            Self::Judge(name) => name,
        }
    }
}

/// Runs the steps that were asked for, and prints what each took.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let steps = chosen(
        all_steps(tests(workspace, &[JUDGES])?),
        &options.filter,
        workspace.product().is_file(),
    )?;
    if options.list {
        for step in &steps {
            println!("{}", step.name());
        }
        return Ok(());
    }
    let begin = Instant::now();
    let mut run = Run {
        workspace,
        std: options.std,
        route: None,
    };
    let mut results = Vec::new();
    for step in &steps {
        println!("\n=== {} ===", step.name());
        let begin = Instant::now();
        let result = run.step(step).with_context(|| {
            format!(
                "step `{0}` failed; run it alone with `cargo xtask test {0}`",
                step.name()
            )
        });
        let took = seconds(begin.elapsed());
        if let Err(error) = &result {
            println!("{error:#}");
        }
        println!("--- {}: {took}", step.name());
        let is_over = result.is_err() && !matches!(step, Step::Judge(_));
        results.push((step.name(), took, result));
        if is_over {
            break;
        }
    }
    println!("\n=== summary ===");
    for (name, took, result) in &results {
        let word = if result.is_ok() { "passed" } else { "FAILED" };
        println!("{word}  {took:>8}  {name}");
    }
    println!("{} in all", seconds(begin.elapsed()));
    let count = results.len();
    let failed: Vec<anyhow::Error> = results
        .into_iter()
        .filter_map(|(_, _, result)| result.err())
        .collect();
    println!("\n{} passed, {} failed", count - failed.len(), failed.len());
    match failed.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn all_steps(judges: Vec<String>) -> Vec<Step> {
    let mut steps = vec![
        Step::Format,
        Step::Arrows,
        Step::Deny,
        Step::Lint,
        Step::Unit,
        Step::Docs,
        Step::LintWasm,
        Step::Idle,
        Step::Build,
        Step::Reproducible,
    ];
    steps.extend(judges.into_iter().map(Step::Judge));
    steps
}

/// The steps whose names contain one of the filters; all without a filter. A
/// judge needs something to judge: without a product, it is built first.
fn chosen(steps: Vec<Step>, filter: &[String], product_exists: bool) -> Result<Vec<Step>> {
    if filter.is_empty() {
        return Ok(steps);
    }
    let matches = |step: &Step| {
        filter
            .iter()
            .any(|part| step.name().contains(part.as_str()))
    };
    let unknown = filter
        .iter()
        .find(|part| !steps.iter().any(|step| step.name().contains(part.as_str())));
    if let Some(part) = unknown {
        let names: Vec<&str> = steps.iter().map(Step::name).collect();
        bail!("no step is named `{part}`; there are {}", names.join(", "));
    }
    let judged = steps
        .iter()
        .any(|step| matches!(step, Step::Judge(_)) && matches(step));
    Ok(steps
        .into_iter()
        .filter(|step| matches(step) || (*step == Step::Build && judged && !product_exists))
        .collect())
}

/// The names of the tests in `tests/` that require these features and no others,
/// from Cargo.toml.
fn tests(workspace: &Workspace, features: &[&str]) -> Result<Vec<String>> {
    let text = capture(workspace.cargo("metadata").args([
        "--no-deps",
        "--locked",
        "--format-version",
        "1",
    ]))?;
    let metadata: Value = serde_json::from_str(&text)?;
    Ok(tests_in(&metadata, features))
}

fn tests_in(metadata: &Value, features: &[&str]) -> Vec<String> {
    let list = |value: &Value, name: &str| -> Vec<Value> {
        value[name].as_array().cloned().unwrap_or_default()
    };
    list(metadata, "packages")
        .iter()
        .flat_map(|package| list(package, "targets"))
        .filter(|target| list(target, "kind").contains(&Value::from("test")))
        .filter(|target| list(target, "required-features") == features)
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect()
}

/// What the steps share.
struct Run<'a> {
    workspace: &'a Workspace,
    std: Choice,
    route: Option<Route>,
}

impl Run<'_> {
    fn step(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Format => run(self.workspace.cargo("fmt").args(["--all", "--check"])),
            Step::Arrows => arrows::arrows(self.workspace),
            // What is in `Cargo.lock` is judged; known weaknesses change by the day, and
            // are asked for by hand.
            Step::Deny => {
                // It reads the crates for every platform, of which a build here leaves
                // some out.
                run(self.workspace.cargo("fetch").arg("--locked"))?;
                run(tools::deny(self.workspace)?
                    .args(["--offline", "--all-features", "--locked"])
                    .args(["check", "bans", "licenses", "sources"]))
            }
            Step::Lint => run(self
                .workspace
                .cargo("clippy")
                .args(["--workspace", "--all-targets", "--all-features", "--locked"])
                .args(["--", "--deny", "warnings"])),
            Step::Unit => self.unit(),
            Step::Docs => run(self
                .workspace
                .cargo("doc")
                .args(["--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "--deny warnings")),
            Step::LintWasm => self.lint_wasm(),
            Step::Idle => self.idle(),
            Step::Build => {
                let route = self.route()?;
                build::build_by(self.workspace, &route, "release").map(drop)
            }
            Step::Reproducible => self.reproducible(),
            Step::Judge(name) => self.judge(name),
        }
    }

    /// What plain `cargo test` runs, which needs no outside program, with the judges' feature, so that the library
    /// is compiled once for both.
    fn unit(&self) -> Result<()> {
        let test = || {
            let mut cargo = self.workspace.cargo("test");
            cargo.args(["--workspace", "--locked", "--features", JUDGES]);
            cargo
        };
        let mut all = test();
        all.args(["--lib", "--bins"]);
        for name in tests(self.workspace, &[])? {
            all.args(["--test", &name]);
        }
        run(&mut all)?;
        run(test().arg("--doc"))
    }

    /// The route is found once: finding it may install things.
    fn route(&mut self) -> Result<Route> {
        if let Some(route) = &self.route {
            return Ok(route.clone());
        }
        let route = wasm_std::find(self.std)?;
        println!("standard library for wasm: {route}");
        self.route = Some(route.clone());
        Ok(route)
    }

    /// Lints what only a browser compiles. Clippy is part of the active
    /// toolchain and reads no library that another compiler made; where another
    /// compiler is used, that compiler's own warnings take clippy's place.
    fn lint_wasm(&mut self) -> Result<()> {
        let route = self.route()?;
        if let Route::BuildStd { .. } = route {
            println!("clippy belongs to another compiler than the one used here;");
            println!("the compiler's own warnings take its place");
        }
        for (package, features) in [
            ("lab-worker", ""),
            ("keys-module", "bench"),
            ("unpack-module", ""),
            ("etcd-pki-lab", "bench"),
            ("lab-module", ""),
            ("npm-module", ""),
            ("page-module", "bench"),
        ] {
            let mut cargo = match route {
                Route::Toolchain => self.workspace.cargo("clippy"),
                Route::BuildStd { .. } => {
                    let mut cargo = self.workspace.cargo("rustc");
                    cargo.args(["--profile", "check"]);
                    cargo
                }
            };
            cargo.args(["--package", package, "--features", features]);
            self.for_wasm(&mut cargo, &route)?;
            run(cargo.args(["--", "--deny", "warnings"]))?;
        }
        Ok(())
    }

    /// Lets a command of cargo's read a library as it is in the page, with the
    /// measuring functions, which no other step compiles.
    fn for_wasm(&self, cargo: &mut Command, route: &Route) -> Result<()> {
        cargo
            .args(["--lib", "--locked"])
            .arg("--target-dir")
            .arg(self.workspace.wasm_target())
            .env(
                "CARGO_ENCODED_RUSTFLAGS",
                encoded_flags(self.workspace.root(), route, false)?,
            );
        route.prepare(cargo);
        Ok(())
    }

    fn idle(&mut self) -> Result<()> {
        let route = self.route()?;
        let read = || {
            let mut cargo = self.workspace.cargo("rustc");
            cargo.args(["--profile", "check"]);
            cargo
        };
        let mut native = read();
        native.args(["--package", "etcd-pki-lab", "--lib", "--locked"]);
        let mut page = read();
        page.args(["--package", "etcd-pki-lab", "--features", "bench"]);
        self.for_wasm(&mut page, &route)?;
        idle::idle(native, page)
    }

    /// Builds again, from a copy of the sources in a folder of another name and
    /// depth, with nothing compiled before, and compares.
    fn reproducible(&mut self) -> Result<()> {
        let route = self.route()?;
        let product = self.workspace.product();
        let first = fs::read(&product).with_context(|| {
            format!("{} is missing; run `cargo xtask build`", product.display())
        })?;
        let folder = self.workspace.target().join("reproducible");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let sources = folder.join("a copy of the sources");
        copy_sources(self.workspace.root(), &sources)?;
        let copy = Workspace::at(sources, folder.join("target"));
        let second = build::build_by(&copy, &route, "release")?;
        let (first, second) = (sha256(&first), sha256(second.as_bytes()));
        ensure!(
            first == second,
            "two builds differ: {first} in {}, {second} in {}; compare them with `cmp`",
            product.display(),
            copy.product().display()
        );
        // It is as large as the first, and has served.
        fs::remove_dir_all(&folder)?;
        Ok(())
    }

    fn judge(&mut self, name: &str) -> Result<()> {
        for tool in tools::of_judge(name)? {
            tools::provide(self.workspace, *tool)?;
        }
        let mut cargo = self.workspace.cargo("test");
        cargo
            .args(["--workspace", "--locked"])
            .args(["--features", JUDGES, "--test", name])
            .env("PATH", tools::search_path(self.workspace)?);
        if name == OF_MEASURING_PAGE {
            let route = self.route()?;
            cargo.env("BENCH_PAGE", bench::page(self.workspace, &route)?);
        }
        run(&mut cargo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(filter: &[&str], product_exists: bool) -> Result<Vec<String>> {
        let filter: Vec<String> = filter.iter().map(|part| (*part).to_owned()).collect();
        let steps = all_steps(vec!["page".into(), "etcd".into()]);
        Ok(chosen(steps, &filter, product_exists)?
            .iter()
            .map(|step| step.name().to_owned())
            .collect())
    }

    #[test]
    fn without_a_filter_everything_runs_and_judges_come_last() {
        let names = names(&[], true).unwrap();
        assert_eq!(names.first().unwrap(), "format");
        assert_eq!(names.last().unwrap(), "etcd");
    }

    #[test]
    fn a_judge_alone_is_given_something_to_judge() {
        assert_eq!(names(&["etcd"], true).unwrap(), ["etcd"]);
        assert_eq!(names(&["etcd"], false).unwrap(), ["build", "etcd"]);
    }

    #[test]
    fn a_filter_that_matches_nothing_is_an_error() {
        let message = names(&["ectd"], true).unwrap_err().to_string();
        assert!(message.contains("no step is named `ectd`"));
    }

    #[test]
    fn judges_are_the_tests_that_require_the_feature() {
        let metadata = serde_json::json!({"packages": [{"targets": [
            {"name": "etcd", "kind": ["test"], "required-features": ["judges"]},
            {"name": "bench", "kind": ["test"], "required-features": ["measure"]},
            {"name": "plain", "kind": ["test"]},
            {"name": "etcd_pki_lab", "kind": ["cdylib", "rlib"]},
        ]}]});
        assert_eq!(tests_in(&metadata, &[JUDGES]), ["etcd"]);
        assert_eq!(tests_in(&metadata, &[]), ["plain"]);
    }
}
