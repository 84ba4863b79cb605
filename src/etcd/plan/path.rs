//! Paths as a plan has them: the folder on the machine that runs etcd, and the
//! places of files below it. Nothing here touches a disk.

use std::{fmt, str::FromStr};

/// An absolute path of a folder on the machine where etcd runs, without a
/// slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPath(String);

impl DirectoryPath {
    /// The path of a file in the folder.
    #[must_use]
    pub fn join(&self, file: &str) -> String {
        format!("{}/{file}", if self.0 == "/" { "" } else { &self.0 })
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DirectoryPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(
                "write the folder that the files will be in, such as /root/certificates".to_owned(),
            );
        }
        if !text.starts_with('/') {
            return Err(format!(
                "“{text}” does not begin at the root; write the whole path, such as /root/certificates"
            ));
        }
        without_control(text, "the folder’s name")?;
        if text.len() > 1024 {
            return Err("the path is longer than 1024 bytes; choose a shorter one".to_owned());
        }
        let trimmed = text.trim_end_matches('/');
        Ok(Self(if trimmed.is_empty() {
            "/".to_owned()
        } else {
            trimmed.to_owned()
        }))
    }
}

/// The folder where a member keeps its data, as etcd's `--data-dir` takes it:
/// absolute, or below the folder where etcd is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDirectory(String);

impl DataDirectory {
    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DataDirectory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        without_control(text, "the data folder’s name")?;
        if text.is_empty() || text.len() > 1024 {
            return Err(
                "write a data folder of at most 1024 bytes, such as /var/lib/etcd".to_owned(),
            );
        }
        Ok(Self(text.to_owned()))
    }
}

fn without_control(text: &str, what: &str) -> Result<(), String> {
    match text.chars().find(|character| character.is_control()) {
        Some(character) => Err(format!(
            "{what} holds the control character U+{:04X}, which cannot be seen; remove it",
            u32::from(character)
        )),
        None => Ok(()),
    }
}

/// Where the files of a certificate are, below the folder and without their
/// endings: `client`, or `etcd/server` with a folder of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FilePath(String);

impl FilePath {
    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same path within a folder, whose name is a [`FilePath`] itself.
    #[must_use]
    pub fn within(&self, folder: &Self) -> Self {
        Self(format!("{}/{}", folder.0, self.0))
    }

    /// The same path with something of this program's own at its end.
    pub(super) fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}{suffix}", self.0))
    }

    /// A path of this program's own.
    pub(super) fn own(path: &str) -> Self {
        Self(path.to_owned())
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for FilePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("write a name for the files, such as client".to_owned());
        }
        if text.chars().count() > 96 {
            return Err(
                "the files’ name is longer than 96 characters; choose a shorter one".to_owned(),
            );
        }
        for part in text.split('/') {
            if part.is_empty() {
                return Err(format!(
                    "“{text}” has an empty part beside “/”; write a name such as client or etcd/server"
                ));
            }
            if part.chars().count() > 64 {
                return Err(
                    "the files’ name is longer than 64 characters; choose a shorter one".to_owned(),
                );
            }
            if part.starts_with(['.', '-']) {
                return Err(format!(
                    "a file’s name cannot begin with “{}” here; begin with a letter",
                    &part[..1]
                ));
            }
            if let Some(character) = part
                .chars()
                .find(|character| character.is_control() || *character == '\\')
            {
                return Err(format!(
                    "a file’s name cannot hold “{}”; leave it out",
                    character.escape_debug()
                ));
            }
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_its_folder() {
        for text in ["client", "etcd/server", " node 1/etcd/peer "] {
            assert_eq!(text.parse::<FilePath>().unwrap().as_str(), text.trim());
        }
        for text in ["", "/client", "a//b", "a/../b", "..", "-rf", "a\\b", "a\nb"] {
            assert!(text.parse::<FilePath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_folder_is_a_whole_path_without_a_slash_at_its_end() {
        let folder: DirectoryPath = "/srv/pki//".parse().unwrap();
        assert_eq!(folder.join("ca.crt"), "/srv/pki/ca.crt");
        let root: DirectoryPath = "/".parse().unwrap();
        assert_eq!(root.join("ca.crt"), "/ca.crt");
        assert!("certificates".parse::<DirectoryPath>().is_err());
    }
}
