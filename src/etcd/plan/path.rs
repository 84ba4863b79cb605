//! Paths as a plan has them: the folder on the machine that runs etcd, and the
//! places of files below it. Nothing here touches a disk.

use std::{fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization as _;

use crate::pki::unseen::Unseen;

/// The longest name that file systems take, in bytes (`NAME_MAX` of Linux).
const LONGEST_NAME: usize = 255;

/// What stands behind the stem of a certificate's files: in the archive, and beside
/// it in other forms.
pub(crate) const CERTIFICATE_ENDINGS: [&str; 8] = [
    ".crt",
    ".key",
    ".csr",
    ".crt.der",
    ".key.der",
    ".secret.yaml",
    ".encrypted.key",
    ".p12",
];

/// What stands between a stem and `.key` where the key is under a passphrase: the
/// one ending that ends with another one.
pub(super) const ENCRYPTED: &str = ".encrypted";

/// How the names of all other files in the archive end.
pub(crate) const OTHER_ENDINGS: [&str; 6] = [".crl", ".yaml", ".env", ".service", ".sh", READ_ME];

const READ_ME: &str = "README";

/// The longest part of a path, in bytes, that leaves room for every ending and for
/// what stands before it, such as `-gateway` behind a member's name.
const LONGEST_PART: usize = LONGEST_NAME - 25;

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
        without_unseen(text, "the folder’s name")?;
        if text.len() > 1024 {
            return Err(PathError::FolderTooLong);
        }
        parts_fit(text)?;
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
        without_unseen(text, "the data folder’s name")?;
        if text.is_empty() || text.len() > 1024 {
            return Err(PathError::DataFolder);
        }
        parts_fit(text)?;
        Ok(Self(text.to_owned()))
    }
}

/// Refuses a folder whose name no file system takes.
fn parts_fit(path: &str) -> Result<(), PathError> {
    match path.split('/').find(|part| part.len() > LONGEST_NAME) {
        Some(_) => Err(PathError::TooManyBytes { most: LONGEST_NAME }),
        None => Ok(()),
    }
}

fn without_unseen(text: &str, what: &'static str) -> Result<(), PathError> {
    match Unseen::first_in(text) {
        Some(unseen) => Err(PathError::Unseen { what, unseen }),
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
    #[error("{what} holds {unseen}; remove it")]
    Unseen {
        /// Where it stands, in words.
        what: &'static str,
        /// The character.
        unseen: Unseen,
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
    /// A part of the path takes more than so many bytes.
    #[error(
        "a part of this path takes more than {most} bytes, which is more than disks give it beside an ending; choose a shorter one"
    )]
    TooManyBytes {
        /// The most that there can be.
        most: usize,
    },
    /// A folder is called as files here are.
    #[error(
        "“{folder}” would be a folder, and files here are called so; choose a folder’s name that does not end in “{ending}”"
    )]
    FolderLikeFile {
        /// The folder.
        folder: String,
        /// The ending that only files have.
        ending: &'static str,
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

    /// The path as a disk may compare it: some know no capitals, and some write a
    /// letter and its accent as one character or as two. Two paths that differ in
    /// this may lie side by side anywhere.
    pub(super) fn folded(&self) -> String {
        let decomposed: String = self.0.nfd().collect();
        // ß and ẞ and SS are one in capitals alone.
        let capitals = decomposed.to_uppercase().to_lowercase();
        capitals.nfd().collect()
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
        for folder in text.split('/').rev().skip(1) {
            could_be_folder(folder)?;
        }
        for part in text.split('/') {
            if part.len() > LONGEST_PART {
                return Err(PathError::TooManyBytes { most: LONGEST_PART });
            }
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
            without_unseen(part, "the files’ name")?;
            if part.contains('\\') {
                return Err(PathError::Character { character: '\\' });
            }
        }
        Ok(Self(text.to_owned()))
    }
}

/// Refuses a folder's name that a file may have, on a disk without capitals too. It
/// asks for the ending alone, so that no file can ever lie below another one.
pub(super) fn could_be_folder(folder: &str) -> Result<(), PathError> {
    let lower = folder.to_lowercase();
    let endings = CERTIFICATE_ENDINGS.iter().chain(&OTHER_ENDINGS);
    let ending = endings.copied().find(|ending| match *ending {
        READ_ME => lower == READ_ME.to_lowercase(),
        ending => lower.ends_with(ending),
    });
    match ending {
        Some(ending) => Err(PathError::FolderLikeFile {
            folder: folder.to_owned(),
            ending,
        }),
        None => Ok(()),
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
    fn no_path_holds_what_nobody_sees() {
        for hidden in ["a\u{200b}b", "a\u{202e}b", "a\u{e000}b", "a\nb"] {
            let file = hidden.parse::<FilePath>().unwrap_err();
            assert!(matches!(file, PathError::Unseen { .. }), "{hidden:?}");
            let folder = format!("/srv/{hidden}").parse::<DirectoryPath>();
            assert!(folder.is_err(), "{hidden:?}");
            assert!(hidden.parse::<DataDirectory>().is_err(), "{hidden:?}");
        }
    }

    #[test]
    fn no_file_can_lie_below_another_one() {
        for text in [
            "ca.crt/x",
            "a/b.KEY/c",
            "README/x",
            "readme/x",
            "commands.sh/x",
            "etcd.conf.yaml/x",
            "revoked.crl/x",
        ] {
            let error = text.parse::<FilePath>().unwrap_err();
            assert!(matches!(error, PathError::FolderLikeFile { .. }), "{text}");
        }
        for text in ["README.d/x", "ca.crt", "a.d/crt", "README"] {
            assert!(text.parse::<FilePath>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_name_leaves_room_for_its_ending_on_every_disk() {
        let smiles = "🙂".repeat(64);
        assert_eq!(
            smiles.parse::<FilePath>(),
            Err(PathError::TooManyBytes { most: LONGEST_PART })
        );
        assert!("🙂".repeat(57).parse::<FilePath>().is_ok());
        let longest = CERTIFICATE_ENDINGS.map(str::len).into_iter().max().unwrap();
        assert!(LONGEST_PART + "-gateway".len() + longest <= LONGEST_NAME);
        let long = format!("/srv/{}", "é".repeat(128));
        assert!(long.parse::<DirectoryPath>().is_err());
        assert!(long.parse::<DataDirectory>().is_err());
    }

    #[test]
    fn one_ending_alone_ends_with_another() {
        for one in CERTIFICATE_ENDINGS {
            for other in CERTIFICATE_ENDINGS {
                if let Some(between) = one.strip_suffix(other) {
                    assert!(between.is_empty() || between == ENCRYPTED, "{one} {other}");
                }
            }
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
