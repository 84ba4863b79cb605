//! Builds the product: compiles the core for wasm, generates its bindings, and
//! has `page` put everything into one HTML file. The result depends on the
//! sources, Cargo.lock and the compiler alone, not on the folder or the clock.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::Args;
use wasm_bindgen_cli_support::Bindgen;

use crate::command;
use crate::page::{self, Parts};
use crate::wasm_std::{self, Choice, Route, TARGET};
use crate::workspace::{Workspace, cargo_home};

/// Flags for every crate of the wasm build.
///
/// `simd128` is in every browser that has `DecompressionStream`, which the page
/// needs anyway.
///
/// `crypto-bigint` takes 64-bit words on wasm32 too, where each product of two is
/// a call to a function of the compiler's. With 32-bit words it is an instruction,
/// and a round of the judge of primes takes 8 % less.
const FLAGS: [&str; 3] = ["-Ctarget-feature=+simd128", "--cfg", "cpubits=\"32\""];

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
    build_with(workspace, route, profile, &[], &workspace.product())
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
    let core = compile(workspace, route, profile, features)?;
    let (bindings, wasm) = bind(&core)?;
    let read = |file: &str| {
        let path = workspace.www(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let page = page::assemble(Parts {
        template: &read("index.html")?,
        style: &read("style.css")?,
        script: &format!("{bindings}\n{}", read("start.js")?),
        wasm: &wasm,
    })?;
    write(product, &page)?;
    println!("{}\n{}", product.display(), page::summary(&page)?);
    Ok(page)
}

/// Compiles the core and returns the wasm file's bytes.
fn compile(
    workspace: &Workspace,
    route: &Route,
    profile: &str,
    features: &[&str],
) -> Result<Vec<u8>> {
    let target = workspace.wasm_target();
    let mut cargo = workspace.cargo("build");
    cargo.args(["--package", "etcd-pki-lab", "--lib", "--locked"]);
    cargo.args(["--profile", profile]);
    cargo.args(["--features", &features.join(",")]);
    cargo.arg("--target-dir").arg(&target);
    route.prepare(&mut cargo);
    cargo.env(
        "CARGO_ENCODED_RUSTFLAGS",
        encoded_flags(workspace.root(), route)?,
    );
    command::run(&mut cargo)?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let file = target.join(TARGET).join(folder).join("etcd_pki_lab.wasm");
    fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
}

/// All flags, in the form that allows for spaces in paths.
pub(crate) fn encoded_flags(root: &Path, route: &Route) -> Result<String> {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
    flags.extend(route.rustflags());
    // Panic messages carry the paths of sources. They are given names of their
    // own, so that the product is the same wherever it is built, and tells
    // nothing of the machine. A later flag wins where two match.
    if let Some(home) = cargo_home() {
        flags.push(remap(&home, "/cargo"));
    }
    let library = route.library_source()?;
    // Debian's library source is a link to a folder with a version in its name.
    let resolved = fs::canonicalize(&library).unwrap_or_else(|_| library.clone());
    flags.push(remap(&library, "/rust"));
    flags.push(remap(&resolved, "/rust"));
    flags.push(remap(root, "/lab"));
    Ok(flags.join("\u{1f}"))
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

/// Generates the JavaScript bindings for a page without modules, and the wasm
/// file that goes with them.
fn bind(core: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut output = Bindgen::new()
        .input_bytes("core", core.to_vec())
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
    let wasm = output.wasm_mut().emit_wasm();
    Ok((output.js().to_owned(), wasm))
}

fn write(product: &Path, page: &str) -> Result<()> {
    if let Some(folder) = product.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    fs::write(product, page).with_context(|| format!("cannot write {}", product.display()))
}
