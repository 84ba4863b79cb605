//! What people take without a toolchain, in `dist/release`: the page under a name with
//! its version, the program for this machine, the npm package, the list of what is
//! linked into them, and their SHA-256 sums. The same sources and compilers give the
//! same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use tar::{EntryType, Header};
use wasm_bindgen_cli_support::Bindgen;

use crate::build;
use crate::command::run;
use crate::packing;
use crate::page::sha256;
use crate::sbom;
use crate::wasm_std::{self, Choice, Route};
use crate::workspace::Workspace;

/// The package whose program is released, and the name of all that is.
const NAME: &str = "etcd-pki-lab";

/// All packages of the workspace have the same.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How to build.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct Options {
    /// Where the standard library for wasm comes from.
    #[arg(long, value_enum, default_value_t)]
    std: Choice,
}

/// Builds a release.
pub(crate) fn release(workspace: &Workspace, options: &Options) -> Result<()> {
    let route = wasm_std::find(options.std)?;
    println!("standard library for wasm: {route}");
    let page = build::build_by(workspace, &route, "release")?;
    let package = package(workspace, &route, &page)?;
    let program = program(workspace)?;
    let bill = sbom::sbom(workspace)?;

    let folder = workspace.release();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let ending = std::env::consts::EXE_SUFFIX;
    let platform = sbom::host(workspace)?;
    let mut files = vec![
        (format!("{NAME}-{VERSION}.html"), page.into_bytes()),
        (format!("{NAME}-{VERSION}.tgz"), package),
        (format!("{NAME}-{VERSION}.cdx.json"), read(&bill)?),
    ];
    let name_of_program = format!("{NAME}-{VERSION}-{platform}{ending}");
    // With its mode, which a copy keeps.
    fs::copy(&program, folder.join(&name_of_program))
        .with_context(|| format!("cannot copy {}", program.display()))?;
    for (name, bytes) in &files {
        fs::write(folder.join(name), bytes)?;
    }
    files.push((name_of_program, read(&program)?));
    files.sort();
    let sums: String = files
        .iter()
        .flat_map(|(name, bytes)| [sha256(bytes), format!("  {name}\n")])
        .collect();
    fs::write(folder.join("SHA256SUMS"), &sums)?;
    println!("{}\n{}", folder.display(), sums.trim_end());
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Builds the program for this machine, with nothing of the machine in it.
fn program(workspace: &Workspace) -> Result<PathBuf> {
    // Its flags are others than those of who works on it.
    let target = workspace.target().join("program");
    let flags = build::remaps(workspace.root(), &Route::Toolchain)?;
    run(workspace
        .cargo("build")
        .args(["--release", "--locked", "--package", NAME, "--bin", NAME])
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}")))?;
    let ending = std::env::consts::EXE_SUFFIX;
    Ok(target.join("release").join(format!("{NAME}{ending}")))
}

/// A file of the npm package.
struct Packed {
    name: String,
    bytes: Vec<u8>,
    runs: bool,
}

/// The npm package, as `npm install` takes it.
fn package(workspace: &Workspace, route: &Route, page: &str) -> Result<Vec<u8>> {
    let compiled = build::compile(workspace, route, "release", build::NPM_MODULE)?;
    let mut files = bindings(compiled)?;
    files.push(Packed::text("etcd-pki-lab.html", page));
    let own = workspace.root().join("modules/npm/package");
    for name in ["README.md", "bin.js", "index.d.ts", "index.js"] {
        files.push(Packed {
            runs: name == "bin.js",
            ..Packed::text(name, str::from_utf8(&read(&own.join(name))?)?)
        });
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let text = read(&workspace.root().join(name))?;
        files.push(Packed::text(name, str::from_utf8(&text)?));
    }
    let description = read(&own.join("package.json"))?;
    let description = described(str::from_utf8(&description)?)?;
    files.push(Packed::text("package.json", &description));
    packing::gzip(&archive(files)?)
}

impl Packed {
    fn text(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
            runs: false,
        }
    }
}

/// `package.json` with the version and licence that the workspace has.
fn described(template: &str) -> Result<String> {
    let text = template
        .replace("{{version}}", VERSION)
        .replace("{{license}}", env!("CARGO_PKG_LICENSE"));
    ensure!(
        !text.contains("{{"),
        "modules/npm/package/package.json has a placeholder that nothing fills"
    );
    Ok(text)
}

/// The module with its bindings, which are modules of JavaScript's own, and their types.
fn bindings(compiled: Vec<u8>) -> Result<Vec<Packed>> {
    let mut output = Bindgen::new()
        .input_bytes("lab", compiled)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("the bindings could not be generated")?;
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency brings JavaScript of its own, which the package does not carry"
    );
    let types = output.ts().context("no types were generated")?;
    let mut files = vec![
        Packed::text("lab.d.ts", types),
        Packed::text("lab.js", output.js()),
    ];
    files.push(Packed {
        name: "lab.wasm".to_owned(),
        bytes: output.wasm_mut().emit_wasm(),
        runs: false,
    });
    Ok(files)
}

/// A tar of files below `package/`, as npm's own are: in order of their names, of
/// nobody, at npm's time for all files of a package.
fn archive(mut files: Vec<Packed>) -> Result<Vec<u8>> {
    /// 1985-10-26T08:15:00Z.
    const TIME: u64 = 499_162_500;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let mut archive = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(file.bytes.len().try_into()?);
        header.set_mode(if file.runs { 0o755 } else { 0o644 });
        header.set_mtime(TIME);
        let path = format!("package/{}", file.name);
        archive.append_data(&mut header, path, file.bytes.as_slice())?;
    }
    archive.into_inner().context("the package cannot be packed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_the_same_whatever_order_its_files_come_in() {
        let files = |names: &[&str]| {
            let files = names.iter().map(|name| Packed::text(name, name));
            archive(files.collect()).unwrap()
        };
        assert_eq!(files(&["a", "b"]), files(&["b", "a"]));
        assert_ne!(files(&["a", "b"]), files(&["a", "c"]));
    }

    #[test]
    fn the_description_of_the_package_has_the_version_of_the_workspace() {
        let own = Workspace::current().root().join("modules/npm/package");
        let template = fs::read_to_string(own.join("package.json")).unwrap();
        let text = described(&template).unwrap();
        let description: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(description["version"], VERSION);
        assert_eq!(description["name"], NAME);
        assert!(described("{{unknown}}").is_err());
    }
}
