//! The files that a browser brought home.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Browser, PATIENCE};

impl Browser {
    /// The files downloaded so far, finished ones only.
    pub(crate) fn downloads(&self) -> BTreeSet<PathBuf> {
        fs::read_dir(&self.downloads)
            .expect("the download folder is there")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| !is_partial(path))
            // A browser reserves the name with an empty file, and renames the
            // whole one over it. None of the page's files is empty.
            .filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
            .collect()
    }

    /// Waits for a download of this name and returns where it lies.
    pub(crate) fn wait_for_download(&self, name: &str) -> PathBuf {
        let path = self.downloads.join(name);
        self.wait_until(&format!("{name} is downloaded"), PATIENCE, || {
            self.downloads().contains(&path)
        });
        path
    }

    /// Waits for an archive of this CA's files: its name has the first four bytes of
    /// the CA's fingerprint behind the CA's.
    pub(crate) fn wait_for_archive(&self, authority: &str, ending: &str) -> PathBuf {
        let is_archive = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            let short = name
                .and_then(|name| name.strip_prefix(authority)?.strip_prefix('-'))
                .and_then(|rest| rest.strip_suffix(ending)?.strip_suffix('.'));
            short.is_some_and(|short| {
                short.len() == 8 && short.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        };
        let mut found = None;
        self.wait_until(
            &format!("{authority}'s {ending} is downloaded"),
            PATIENCE,
            || {
                found = self.downloads().into_iter().find(|path| is_archive(path));
                found.is_some()
            },
        );
        found.expect("it was waited for")
    }
}

/// Whether a browser is still writing this file.
fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default();
    ending == "crdownload" || ending == "part" || name.starts_with('.')
}
