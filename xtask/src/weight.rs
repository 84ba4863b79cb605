//! Where the page's bytes are: the code of each module by crate and by function, and
//! its data. It reads what the linker wrote, which still has names, so `cargo xtask
//! build` comes first. Generic code counts for the crate that wrote it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use wasmparser::{Name, NameSectionReader, Parser, Payload, TypeRef};

use crate::build;
use crate::workspace::Workspace;

/// So many of the heaviest functions are printed.
const FUNCTIONS: usize = 40;

/// Prints the weight of each module.
pub(crate) fn weight(workspace: &Workspace) -> Result<()> {
    for file in build::linked(workspace) {
        let wasm = fs::read(&file)
            .with_context(|| format!("cannot read {}; run `cargo xtask build`", file.display()))?;
        println!("{}", file.display());
        println!("{}", Weight::of(&wasm)?);
    }
    Ok(())
}

/// What a module weighs, in bytes before it is packed.
#[derive(Debug, Default)]
struct Weight {
    /// Each function's name and size.
    functions: Vec<(String, usize)>,
    data: usize,
}

impl Weight {
    fn of(wasm: &[u8]) -> Result<Self> {
        let mut weight = Self::default();
        let mut sizes = Vec::new();
        let mut names = BTreeMap::new();
        let mut imported = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => sizes.push(body.range().len()),
                Payload::DataSection(section) => weight.data = section.range().len(),
                Payload::CustomSection(section) if section.name() == "name" => {
                    let reader = wasmparser::BinaryReader::new(section.data(), 0);
                    for name in NameSectionReader::new(reader) {
                        if let Name::Function(functions) = name? {
                            for naming in functions {
                                let naming = naming?;
                                names.insert(usize::try_from(naming.index)?, naming.name);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let of = |(place, size)| {
            let name = names
                .get(&(place + imported))
                .copied()
                .unwrap_or("nameless");
            (format!("{:#}", rustc_demangle::demangle(name)), size)
        };
        weight.functions = sizes.into_iter().enumerate().map(of).collect();
        Ok(weight)
    }

    /// The sizes of what has the same name, the heaviest first.
    fn by(&self, name: impl Fn(&str) -> String) -> Vec<(String, usize, usize)> {
        let mut sums: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (function, size) in &self.functions {
            let sum = sums.entry(name(function)).or_default();
            *sum = (sum.0 + size, sum.1 + 1);
        }
        let mut sums: Vec<_> = sums
            .into_iter()
            .map(|(name, (size, count))| (name, size, count))
            .collect();
        sums.sort_by_key(|(_, size, _)| std::cmp::Reverse(*size));
        sums
    }
}

impl std::fmt::Display for Weight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let code: usize = self.functions.iter().map(|(_, size)| size).sum();
        writeln!(formatter, "{code:>9} bytes of code, {} of data", self.data)?;
        for (name, size, count) in self.by(|function| crate_of(function).to_owned()) {
            writeln!(formatter, "{size:>9}  {name}, {count} functions")?;
        }
        writeln!(
            formatter,
            "The heaviest functions, those of one name together:"
        )?;
        for (name, size, count) in self.by(str::to_owned).into_iter().take(FUNCTIONS) {
            writeln!(formatter, "{size:>9}  {name}, {count} times")?;
        }
        Ok(())
    }
}

/// The crate that a function's name begins with: `der` in `<der::Any as Encode>::f`.
fn crate_of(function: &str) -> &str {
    let begin = function
        .find(|character: char| character.is_alphanumeric() || character == '_')
        .unwrap_or_default();
    let rest = function.get(begin..).unwrap_or_default();
    let rest = ["dyn ", "mut ", "const "]
        .iter()
        .fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    match rest.split_once("::") {
        Some((name, _)) if name.chars().all(|of| of.is_alphanumeric() || of == '_') => name,
        _ => "nobody’s",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_that_its_name_begins_with() {
        assert_eq!(crate_of("der::reader::read"), "der");
        assert_eq!(crate_of("<der::Any as der::Encode>::encode"), "der");
        assert_eq!(
            crate_of("<&mut serde_json::de::X<R> as A>::f"),
            "serde_json"
        );
        assert_eq!(crate_of("memcpy"), "nobody’s");
    }
}
