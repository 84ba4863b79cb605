//! The files that command lines name, and how Go fails to read one: it is not
//! there, it is a directory, or a file stands where a directory should.

use std::collections::BTreeMap;

/// The files, by the paths they are named with. A path that others lie below,
/// and one that ends in `/`, is a directory. What is in them is lent, not copied:
/// there may be keys among them, and whoever has those wipes them.
#[derive(Clone, Debug, Default)]
pub struct Files<'a>(BTreeMap<String, &'a [u8]>);

impl<'a, Content: AsRef<[u8]>> From<&'a BTreeMap<String, Content>> for Files<'a> {
    fn from(files: &'a BTreeMap<String, Content>) -> Self {
        let lent = files.iter();
        lent.map(|(path, content)| (path.as_str(), content.as_ref()))
            .collect()
    }
}

impl<'a, Path: Into<String>> FromIterator<(Path, &'a [u8])> for Files<'a> {
    fn from_iter<Lent: IntoIterator<Item = (Path, &'a [u8])>>(files: Lent) -> Self {
        let files = files.into_iter();
        Self(
            files
                .map(|(path, content)| (path.into(), content))
                .collect(),
        )
    }
}

/// Why `os.ReadFile` fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing has this path.
    #[error("open {path}: no such file or directory")]
    Missing {
        /// The path, as it was named.
        path: String,
    },
    /// It is a directory.
    #[error("read {path}: is a directory")]
    Directory {
        /// The path, as it was named.
        path: String,
    },
    /// What should be a directory on the way is a file.
    #[error("open {path}: not a directory")]
    NotADirectory {
        /// The path, as it was named.
        path: String,
    },
}

impl FileError {
    /// The path, as it was named.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path } | Self::Directory { path } | Self::NotADirectory { path } => {
                path
            }
        }
    }
}

/// The path as the folder's own listing would write it: no `.`, no `//`, and
/// `..` taken back.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

impl<'a> Files<'a> {
    /// Whether something has this very path.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Puts a file under a path.
    pub fn lend(&mut self, path: &str, content: &'a [u8]) {
        self.0.insert(path.to_owned(), content);
    }

    /// Every path with what is there, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a [u8])> {
        let files = self.0.iter();
        files.map(|(path, content)| (path.as_str(), *content))
    }

    /// The content of a file.
    ///
    /// # Errors
    ///
    /// See [`FileError`].
    pub fn open(&self, path: &str) -> Result<&'a [u8], FileError> {
        let named = || path.to_owned();
        if path.is_empty() {
            return Err(FileError::Missing { path: named() });
        }
        let wanted = plain(path);
        let known = || {
            self.0
                .iter()
                .map(|(known, content)| (plain(known), known, content))
        };
        let below = |folder: &str, known: &str| {
            folder.is_empty()
                || known
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let found = self
            .0
            .get_key_value(path)
            .or_else(|| self.0.iter().find(|(known, _)| plain(known) == wanted));
        match found {
            Some((known, _)) if known.ends_with('/') => Err(FileError::Directory { path: named() }),
            Some(_) if path.ends_with('/') => Err(FileError::NotADirectory { path: named() }),
            Some((_, content)) => Ok(content),
            None if matches!(wanted.as_str(), "" | "/" | "..")
                || known().any(|(known, _, _)| below(&wanted, &known)) =>
            {
                Err(FileError::Directory { path: named() })
            }
            None if known()
                .any(|(known, raw, _)| !raw.ends_with('/') && below(&known, &wanted)) =>
            {
                Err(FileError::NotADirectory { path: named() })
            }
            None => Err(FileError::Missing { path: named() }),
        }
    }

    /// The content of a file, if it can be read.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<&'a [u8]> {
        self.open(path).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{FileError, Files};
    use std::collections::BTreeMap;

    #[test]
    fn a_path_is_a_file_a_directory_or_nothing() {
        let files = BTreeMap::from([
            ("ca.crt".to_owned(), vec![1]),
            ("pki/etcd/server.crt".to_owned(), vec![2]),
            ("empty/".to_owned(), Vec::new()),
        ]);
        let files = Files::from(&files);
        for path in ["ca.crt", "./ca.crt", "pki/../ca.crt", ".//ca.crt"] {
            assert_eq!(files.open(path), Ok([1].as_slice()), "{path}");
        }
        assert_eq!(files.open("pki/etcd/server.crt"), Ok([2].as_slice()));
        let text = |path: &str| files.open(path).err().map(|error| error.to_string());
        for path in [
            "pki",
            "pki/etcd",
            "pki/etcd/",
            "empty",
            "empty/",
            ".",
            "/",
            "..",
        ] {
            let directory = FileError::Directory {
                path: path.to_owned(),
            };
            assert_eq!(files.open(path), Err(directory), "{path}");
        }
        assert_eq!(
            text("ca.crt/").as_deref(),
            Some("open ca.crt/: not a directory")
        );
        assert_eq!(
            text("ca.crt/x").as_deref(),
            Some("open ca.crt/x: not a directory")
        );
        for path in ["", "server.crt", "pk", "/ca.crt"] {
            let missing = format!("open {path}: no such file or directory");
            assert_eq!(text(path), Some(missing));
        }
    }

    #[test]
    fn what_is_in_a_file_is_lent_so_that_no_copy_of_a_key_is_left_behind() {
        let files = BTreeMap::from([("a.key".to_owned(), vec![1, 2, 3])]);
        let lent = Files::from(&files).open("a.key").map(<[u8]>::as_ptr);
        assert_eq!(lent, Ok(files["a.key"].as_ptr()));
    }
}
