//! A folder as a question: `case.json` with the command lines, and the files that
//! they name beside it. Read for `verdict` and for `diagnose`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use crate::failure::Failure;

/// What a folder asks.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// etcd's command line.
    pub(crate) server: String,
    /// etcdctl's.
    pub(crate) client: String,
    /// The command line of another member, which connects to the peer port of
    /// `server`.
    pub(crate) peer: Option<String>,
    /// The address that the other member is seen with.
    pub(crate) from: Option<String>,
    /// Host names with their addresses, since nothing is looked up.
    pub(crate) names: BTreeMap<String, Vec<String>>,
    /// When the case was put to real programs.
    pub(crate) measured: Option<Timestamp>,
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
        let text = |name: &str| case.get(name).and_then(Value::as_str).map(str::to_owned);
        let server = text("server").unwrap_or_default();
        let client = text("client").unwrap_or_default();
        Ok(Self {
            files: files(folder, &[&server, &client])?,
            server,
            client,
            peer: text("peer"),
            from: text("from"),
            names: case
                .get("names")
                .and_then(|names| serde_json::from_value(names.clone()).ok())
                .unwrap_or_default(),
            measured: text("measured").and_then(|time| time.parse().ok()),
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
