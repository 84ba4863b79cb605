//! A folder as a question: `case.json` with the command lines, and the files that
//! they name beside it. Read for `verdict` and for `diagnose`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use etcd_pki_lab::script::verdict::Lines;
use serde_json::Value;

use crate::failure::Failure;

/// What a folder asks.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// The lines of its `case.json`.
    pub(crate) lines: Lines,
    /// The files, by the names with which the command lines name them.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// Folders in folders end here, in case one links to itself.
const LONGEST_PREFIX: usize = 200;

impl Case {
    /// The file with the command lines.
    pub(crate) const FILE: &str = "case.json";

    /// Reads a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(Self::FILE);
        let text = fs::read(&path).map_err(Failure::file(&path))?;
        let case: Value =
            serde_json::from_slice(&text).map_err(|source| Failure::Json { path, source })?;
        let lines = Lines::read(&case);
        Ok(Self {
            files: files(folder, &[&lines.server, &lines.client])?,
            lines,
        })
    }
}

/// The files of a folder, in folders too, and those that the command lines name by
/// absolute paths.
fn files(folder: &Path, lines: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((place, prefix)) = folders.pop() {
        for entry in fs::read_dir(&place).map_err(Failure::file(&place))? {
            let path = entry.map_err(Failure::file(&place))?.path();
            let last = path.file_name().unwrap_or_default();
            let name = format!("{prefix}{}", last.to_string_lossy());
            if path.is_file() {
                let content = fs::read(&path).map_err(Failure::file(&path))?;
                files.insert(name, content);
            } else if path.is_dir() && prefix.len() < LONGEST_PREFIX {
                // A folder that nothing lies in is one, too.
                files.insert(format!("{name}/"), Vec::new());
                folders.push((path, format!("{name}/")));
            }
        }
    }
    for word in lines
        .iter()
        .flat_map(|line| line.split([' ', '=', '\'', '"']))
        .filter(|word| word.starts_with('/'))
    {
        if Path::new(word).is_dir() {
            files.insert(format!("{}/", word.trim_end_matches('/')), Vec::new());
        } else if let Ok(content) = fs::read(word) {
            files.insert(word.to_owned(), content);
        }
    }
    Ok(files)
}
