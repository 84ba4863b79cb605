//! Builds the product: compiles the core for wasm, generates its bindings, and
//! has `page` put everything into one HTML file. The result depends on the
//! sources, Cargo.lock and the compiler alone, not on the folder or the clock.

use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, ensure};
use clap::Args;
use wasm_bindgen_cli_support::Bindgen;

use crate::budget;
use crate::command;
use crate::page::{self, Module, Packing, Parts};
use crate::wasm_std::{self, Choice, Route, TARGET};
use crate::workspace::{Workspace, cargo_home};

/// Flags for every crate of the wasm build.
///
/// `simd128` is in every browser that has `DecompressionStream`, which the page
/// needs anyway.
const FLAGS: [&str; 1] = ["-Ctarget-feature=+simd128"];

/// Flags for engines without wide arithmetic.
///
/// `crypto-bigint` takes 64-bit words on wasm32 too, where each product of two is
/// a call to a function of the compiler's. With 32-bit words it is an instruction,
/// and a round of the judge of primes takes 8 % less.
const NARROW: [&str; 2] = ["--cfg", "cpubits=\"32\""];

/// Flags for engines with wide arithmetic, which `www/start.js` asks for: there the
/// product of two 64-bit words is an instruction.
const WIDE: [&str; 3] = [
    "-Ctarget-feature=+wide-arithmetic",
    "--cfg",
    "cpubits=\"64\"",
];

/// A crate that becomes a module of the page.
struct CrateOf {
    package: &'static str,
    /// The name of its bindings in JavaScript.
    bindings: &'static str,
    /// The identifier of its element.
    id: &'static str,
    /// Whether it is for engines with wide arithmetic.
    wide: bool,
    /// Whether it takes part in the bench page with functions that measure.
    measures: bool,
    packing: Packing,
}

/// The package that becomes the npm package's module.
pub(crate) const NPM_MODULE: &str = "npm-module";

/// The crate that is built twice. The names that its bindings give to what they ask
/// of JavaScript depend on the features of its dependencies, so that it is never
/// built with the others.
const BUILT_TWICE: &str = "keys-module";

/// The target folder of builds for wasm: what is built at the same time, or with
/// other flags, has another one.
fn target(workspace: &Workspace, package: &str, wide: bool) -> PathBuf {
    let target = workspace.wasm_target();
    match (package == BUILT_TWICE, wide) {
        (false, _) => target,
        (true, false) => target.join("narrow"),
        (true, true) => target.join("wide"),
    }
}

/// The profile of a module in a release: what searches keys is built fast, and what
/// waits for a press is built small.
fn profile_of<'a>(package: &str, profile: &'a str) -> &'a str {
    if profile == "release" && package != BUILT_TWICE {
        "page"
    } else {
        profile
    }
}

/// The file that the linker writes.
fn linked_file(workspace: &Workspace, package: &str, wide: bool, profile: &str) -> PathBuf {
    let folder = match profile_of(package, profile) {
        "dev" => "debug",
        profile => profile,
    };
    let file = format!("{}.wasm", package.replace('-', "_"));
    target(workspace, package, wide)
        .join(TARGET)
        .join(folder)
        .join(file)
}

/// The files of a release that the linker wrote.
pub(crate) fn linked(workspace: &Workspace) -> Vec<PathBuf> {
    let of = |module: &CrateOf| linked_file(workspace, module.package, module.wide, "release");
    MODULES.iter().map(of).collect()
}

/// The packages that are linked into the page.
pub(crate) fn packages() -> Vec<&'static str> {
    let mut packages: Vec<&str> = MODULES.iter().map(|module| module.package).collect();
    packages.dedup();
    packages
}

const MODULES: [CrateOf; 5] = [
    CrateOf {
        package: "page-module",
        bindings: "wasm_bindgen",
        id: "wasm",
        wide: false,
        measures: true,
        packing: Packing::Gzip,
    },
    CrateOf {
        package: "unpack-module",
        bindings: "unpack_module",
        id: "unpack-wasm",
        wide: false,
        measures: false,
        packing: Packing::Gzip,
    },
    CrateOf {
        package: "lab-module",
        bindings: "lab_module",
        id: "lab-wasm",
        wide: false,
        measures: false,
        packing: Packing::Lzma {
            behind: Some("wasm"),
        },
    },
    CrateOf {
        package: BUILT_TWICE,
        bindings: "keys_module",
        id: "keys-wasm",
        wide: false,
        measures: true,
        packing: Packing::Lzma { behind: None },
    },
    CrateOf {
        package: BUILT_TWICE,
        bindings: "keys_module",
        id: "keys-wide-wasm",
        wide: true,
        measures: true,
        packing: Packing::Lzma {
            behind: Some("keys-wasm"),
        },
    },
];

/// How to build.
#[derive(Debug, Clone, Args)]
// `serve` takes these beside its own, and both types have the same name.
#[group(skip)]
pub(crate) struct Options {
    /// The cargo profile; `dev` compiles fast and runs slowly.
    #[arg(long, default_value = "release")]
    pub(crate) profile: String,

    /// Where the standard library for wasm comes from.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) std: Choice,
}

/// Builds the product and returns its text.
pub(crate) fn build(workspace: &Workspace, options: &Options) -> Result<String> {
    let route = wasm_std::find(options.std)?;
    println!("standard library for wasm: {route}");
    build_by(workspace, &route, &options.profile)
}

/// Builds the product by a route that was found before.
pub(crate) fn build_by(workspace: &Workspace, route: &Route, profile: &str) -> Result<String> {
    let page = build_with(workspace, route, profile, &[], &workspace.product())?;
    // Other profiles are for who works on the page.
    if profile == "release" {
        budget::hold(page.len())?;
    }
    Ok(page)
}

/// Builds the page with features of the core that the product does not have,
/// into a file of its own.
pub(crate) fn build_with(
    workspace: &Workspace,
    route: &Route,
    profile: &str,
    features: &[&str],
    product: &Path,
) -> Result<String> {
    compile_all(workspace, route, profile, features)?;
    let mut bindings = String::new();
    let mut modules = Vec::new();
    for crate_of in &MODULES {
        let compiled = read_linked(workspace, crate_of.package, crate_of.wide, profile)?;
        let (script, wasm) = bind(&compiled, crate_of.bindings)?;
        // Remarks number the functions of a build, and are of no use in the page.
        let script: String = script
            .split_inclusive('\n')
            .filter(|line| !line.trim_start().starts_with("// Cast intrinsic for"))
            .collect();
        // The two builds of one crate ask the same of JavaScript.
        if !bindings.contains(&script) {
            ensure!(
                !bindings.contains(&format!("let {} =", crate_of.bindings)),
                "the bindings of {} differ between its two builds",
                crate_of.package
            );
            bindings.push_str(&script);
        }
        let id = crate_of.id;
        let packing = crate_of.packing;
        modules.push(Module { id, packing, wasm });
    }
    let read = |file: &str| {
        let path = workspace.www(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let page = page::assemble(Parts {
        template: &read("index.html")?,
        style: &plain_style(&read("style.css")?),
        script: &format!("{bindings}{}", plain(&read("start.js")?)),
        modules: &modules,
    })?;
    write(product, &page)?;
    println!("{}\n{}", product.display(), page::summary(&page)?);
    Ok(page)
}

/// Packages that one cargo compiles at once.
struct Batch<'a> {
    packages: Vec<&'a str>,
    /// The features of each of them.
    features: &'a [&'a str],
    wide: bool,
    /// Where they are compiled.
    target: PathBuf,
}

/// Compiles every module. Each is optimised as a whole, on one core: cargo is given
/// those at once that share their flags, so that no core waits.
fn compile_all(
    workspace: &Workspace,
    route: &Route,
    profile: &str,
    features: &[&str],
) -> Result<()> {
    let once = |measures: bool| Batch {
        packages: MODULES
            .iter()
            .filter(|module| module.package != BUILT_TWICE)
            .filter(|module| (module.measures && !features.is_empty()) == measures)
            .map(|module| module.package)
            .collect(),
        // What does not measure is the product's own, to which no feature is added.
        features: if measures { features } else { &[] },
        wide: false,
        target: workspace.wasm_target(),
    };
    let twice = |wide: bool| Batch {
        packages: vec![BUILT_TWICE],
        features,
        wide,
        target: target(workspace, BUILT_TWICE, wide),
    };
    let compile = |batches: [Batch<'_>; 2]| {
        let mut batches = batches.iter().filter(|batch| !batch.packages.is_empty());
        batches.try_for_each(|batch| batch.compile(workspace, route, profile))
    };
    thread::scope(|scope| {
        let beside = scope.spawn(|| compile([false, true].map(twice)));
        compile([false, true].map(once))?;
        beside.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// Compiles a module and returns the wasm file's bytes.
pub(crate) fn compile(
    workspace: &Workspace,
    route: &Route,
    profile: &str,
    package: &str,
) -> Result<Vec<u8>> {
    let batch = Batch {
        packages: vec![package],
        features: &[],
        wide: false,
        target: target(workspace, package, false),
    };
    batch.compile(workspace, route, profile)?;
    read_linked(workspace, package, false, profile)
}

impl Batch<'_> {
    fn compile(&self, workspace: &Workspace, route: &Route, profile: &str) -> Result<()> {
        let mut cargo = workspace.cargo("build");
        let profile = self
            .packages
            .first()
            .map_or(profile, |package| profile_of(package, profile));
        cargo.args(["--lib", "--locked", "--profile", profile]);
        for package in &self.packages {
            cargo.args(["--package", package]);
            for feature in self.features {
                cargo.args(["--features", &format!("{package}/{feature}")]);
            }
        }
        cargo.arg("--target-dir").arg(&self.target);
        route.prepare(&mut cargo);
        cargo.env(
            "CARGO_ENCODED_RUSTFLAGS",
            encoded_flags(workspace.root(), route, self.wide)?,
        );
        command::run(&mut cargo)
    }
}

/// The bytes of a module that was compiled.
fn read_linked(workspace: &Workspace, package: &str, wide: bool, profile: &str) -> Result<Vec<u8>> {
    let file = linked_file(workspace, package, wide, profile);
    fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
}

/// All flags, in the form that allows for spaces in paths.
pub(crate) fn encoded_flags(root: &Path, route: &Route, wide: bool) -> Result<String> {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
    let by_width: &[&str] = if wide { &WIDE } else { &NARROW };
    flags.extend(by_width.iter().map(|&flag| flag.to_owned()));
    flags.extend(route.rustflags());
    flags.extend(remaps(root, route)?);
    Ok(flags.join("\u{1f}"))
}

/// The flags that name folders of this machine by names of their own.
pub(crate) fn remaps(root: &Path, route: &Route) -> Result<Vec<String>> {
    let mut flags = Vec::new();
    // Panic messages carry the paths of sources. They are given names of their
    // own, so that the product is the same wherever it is built, and tells
    // nothing of the machine. A later flag wins where two match.
    if let Some(home) = cargo_home() {
        flags.push(remap(&home, "/cargo"));
    }
    let library = route.library_source()?;
    let name = route.library_name()?;
    // Debian's library source is a link to a folder with a version in its name.
    let resolved = fs::canonicalize(&library).unwrap_or_else(|_| library.clone());
    flags.push(remap(&library, &name));
    flags.push(remap(&resolved, &name));
    flags.push(remap(root, "/lab"));
    Ok(flags)
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

/// Generates the JavaScript bindings for a page without modules of JavaScript's
/// own, under a name, and the wasm file that goes with them.
fn bind(compiled: &[u8], name: &str) -> Result<(String, Vec<u8>)> {
    const USUAL: &str = "let wasm_bindgen = ";
    let mut output = Bindgen::new()
        .input_bytes("core", compiled.to_vec())
        .no_modules(true)?
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("the bindings could not be generated")?;
    let foreign: Vec<&str> = output
        .snippets()
        .values()
        .flatten()
        .map(String::as_str)
        .chain(output.local_modules().keys().map(String::as_str))
        .collect();
    ensure!(
        foreign.is_empty(),
        "a dependency brings JavaScript of its own, which one inlined script cannot import; \
         remove that dependency. The JavaScript: {foreign:?}"
    );
    let script = plain(output.js());
    ensure!(
        script.matches(USUAL).count() == 1,
        "the bindings do not begin with `{USUAL}`"
    );
    let script = script.replace(USUAL, &format!("let {name} = "));
    let wasm = output.wasm_mut().emit_wasm();
    Ok((script, wasm))
}

/// A script without indentation and without its remarks, none of which stands behind
/// code.
fn plain(script: &str) -> String {
    let remarks = ["/**", "*", "//"];
    let lines = script.lines().map(str::trim_start);
    let is_code =
        |line: &&str| !line.is_empty() && !remarks.iter().any(|remark| line.starts_with(remark));
    lines
        .filter(is_code)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// A style sheet without indentation and without its remarks.
fn plain_style(style: &str) -> String {
    let mut code = String::new();
    let mut rest = style;
    while let Some((before, remark)) = rest.split_once("/*") {
        code.push_str(before);
        rest = remark.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let lines = code.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.collect();
    lines.join("\n")
}

fn write(product: &Path, page: &str) -> Result<()> {
    if let Some(folder) = product.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    fs::write(product, page).with_context(|| format!("cannot write {}", product.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_brings_of_www_has_all_of_its_code_and_no_remarks() {
        let style = include_str!("../../www/style.css");
        let plain_of_style = plain_style(style);
        let rules = |text: &str| text.matches('{').count();
        assert_eq!(rules(&plain_of_style), rules(style));
        assert!(!plain_of_style.contains("/*") && plain_of_style.len() < style.len());
        let strings = |text: &str| -> Vec<String> {
            let parts = text.split('"').skip(1).step_by(2);
            parts.map(str::to_owned).collect()
        };
        let without_remarks = style.split("*/").map(|part| part.split("/*").next());
        let without_remarks: String = without_remarks.flatten().collect();
        assert_eq!(strings(&plain_of_style), strings(&without_remarks));
        let script = include_str!("../../www/start.js");
        let code = script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let code: Vec<&str> = code.filter(|line| !line.starts_with("//")).collect();
        let plain_of_script = plain(script);
        assert_eq!(plain_of_script.lines().collect::<Vec<_>>(), code);
        // No line of a longer text begins like a remark.
        assert_eq!(
            plain("let a = 1;\n  // why\n  a * b;\n"),
            "let a = 1;\na * b;\n"
        );
    }
}
