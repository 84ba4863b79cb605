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
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PathError::FolderMissing);
        }
        if !text.starts_with('/') {
            return Err(PathError::NotAbsolute {
                path: text.to_owned(),
            });
        }
        without_control(text, "the folder’s name")?;
        if text.len() > 1024 {
            return Err(PathError::FolderTooLong);
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
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let text = text.trim();
        without_control(text, "the data folder’s name")?;
        if text.is_empty() || text.len() > 1024 {
            return Err(PathError::DataFolder);
        }
        Ok(Self(text.to_owned()))
    }
}

fn without_control(text: &str, what: &'static str) -> Result<(), PathError> {
    match text.chars().find(|character| character.is_control()) {
        Some(character) => Err(PathError::Control { what, character }),
        None => Ok(()),
    }
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is no folder.
    #[error("write the folder that the files will be in, such as /root/certificates")]
    FolderMissing,
    /// The folder is not a whole path.
    #[error(
        "“{path}” does not begin at the root; write the whole path, such as /root/certificates"
    )]
    NotAbsolute {
        /// The path.
        path: String,
    },
    /// The folder is longer than 1024 bytes.
    #[error("the path is longer than 1024 bytes; choose a shorter one")]
    FolderTooLong,
    /// The data folder is empty or longer than 1024 bytes.
    #[error("write a data folder of at most 1024 bytes, such as /var/lib/etcd")]
    DataFolder,
    /// A character that can't be seen.
    #[error("{what} holds the control character U+{:04X}, which cannot be seen; remove it", u32::from(*.character))]
    Control {
        /// Where it stands, in words.
        what: &'static str,
        /// The character.
        character: char,
    },
    /// There is no name for the files.
    #[error("write a name for the files, such as client")]
    NameMissing,
    /// The files' name, or a part of it, is longer than so many characters.
    #[error("the files’ name is longer than {most} characters; choose a shorter one")]
    NameTooLong {
        /// The most that there can be.
        most: usize,
    },
    /// Nothing stands beside a slash.
    #[error("“{name}” has an empty part beside “/”; write a name such as client or etcd/server")]
    EmptyPart {
        /// The name.
        name: String,
    },
    /// A part begins with what means something else: `.`, `-`.
    #[error("a file’s name cannot begin with “{character}” here; begin with a letter")]
    Beginning {
        /// The character.
        character: char,
    },
    /// A character that no file's name can have here.
    #[error("a file’s name cannot hold “{}”; leave it out", .character.escape_debug())]
    Character {
        /// The character.
        character: char,
    },
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
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PathError::NameMissing);
        }
        if text.chars().count() > 96 {
            return Err(PathError::NameTooLong { most: 96 });
        }
        for part in text.split('/') {
            if part.is_empty() {
                let name = text.to_owned();
                return Err(PathError::EmptyPart { name });
            }
            if part.chars().count() > 64 {
                return Err(PathError::NameTooLong { most: 64 });
            }
            if let Some(character @ ('.' | '-')) = part.chars().next() {
                return Err(PathError::Beginning { character });
            }
            if let Some(character) = part
                .chars()
                .find(|character| character.is_control() || *character == '\\')
            {
                return Err(PathError::Character { character });
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
