//! The coats that certificates and keys come in, taken off before they are looked
//! at: archives, Kubernetes Secrets and kubeconfigs, cfssl's JSON, PEM whose lines
//! end in a literal `\n`. The readers are the diagnosis's own; here it is only said
//! where each thing was found, and what of a text is left to look at as it is.

use std::{borrow::Cow, collections::BTreeSet, ops::Range};

use zeroize::Zeroizing;

use super::Described;
use crate::{
    etcd::judge::reading::material::{self, FileCoat, FoundFile, archive},
    lab::file::GivenFile,
    pki::{inspection::MAXIMUM_LENGTH, pem},
};

/// Archives within archives.
const DEEPEST: usize = 4;
/// Longer texts are lists of trusted certificates, which wear no coat.
const LONGEST_TEXT: usize = 2 << 20;

/// A file that stays closed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Closed {
    /// Its name.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What was given, without its coats.
#[derive(Default)]
pub(super) struct Uncovered {
    /// What there is to look at, each under a name that says where it was.
    pub(super) files: Vec<GivenFile>,
    /// The names in `files` that say the line already.
    pub(super) placed: BTreeSet<String>,
    /// Certificates in OpenSSL's words.
    pub(super) described: Vec<Described>,
    /// What can't be opened.
    pub(super) closed: Vec<Closed>,
    /// Files of archives with nothing in them that is read here.
    pub(super) beside: Vec<String>,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl Uncovered {
    /// Takes the coats off what was given. What is too much stays as it is: that is
    /// said when it is looked at.
    pub(super) fn of(given: &[GivenFile]) -> Self {
        let length: usize = given.iter().map(|file| file.contents.len()).sum();
        if length > MAXIMUM_LENGTH {
            return Self {
                files: given.to_vec(),
                ..Self::default()
            };
        }
        let mut uncovered = Self {
            left: archive::MOST_BYTES,
            ..Self::default()
        };
        for file in given {
            uncovered.file(Cow::Borrowed(file), 0);
        }
        uncovered
    }

    /// Whether there is something to tell, and nothing to look at.
    pub(super) fn has_other_things_alone(&self) -> bool {
        let others = [
            self.described.is_empty(),
            self.closed.is_empty(),
            self.beside.is_empty(),
        ];
        self.files.is_empty() && others.contains(&false)
    }

    /// A file that was given, or one of an archive, so many archives deep.
    fn file(&mut self, file: Cow<'_, GivenFile>, depth: usize) {
        let members = match archive::open(&file.name, &file.contents, &mut self.left) {
            Ok(None) => return self.plain(file, depth),
            Ok(Some(_)) if depth >= DEEPEST => {
                Err("archives within archives are opened four deep".to_owned())
            }
            Ok(Some(members)) => Ok(members),
            Err(error) => Err(error.to_string()),
        };
        match members {
            Ok(members) => {
                for member in members {
                    let name = format!("{} in {}", member.name, shown(&file.name));
                    self.file(Cow::Owned(GivenFile::new(&name, &member.bytes)), depth + 1);
                }
            }
            Err(reason) => self.closed.push(Closed {
                file: file.name.clone(),
                reason,
            }),
        }
    }

    /// A file that is no archive.
    fn plain(&mut self, file: Cow<'_, GivenFile>, depth: usize) {
        let text = std::str::from_utf8(&file.contents).ok();
        let Some(text) = text.filter(|text| text.len() <= LONGEST_TEXT) else {
            return self.files.push(file.into_owned());
        };
        // What is given as a file and what is pasted are read alike.
        let read = material::read(text, &[]);
        let covered: Vec<&FoundFile> = read
            .files
            .iter()
            .filter(|found| is_covered(found, text))
            .collect();
        let before = self.described.len();
        let described = read.described.iter().map(|(place, said)| Described {
            file: file.name.clone(),
            line: line(text, &place.bytes),
            certificate: said.clone(),
        });
        self.described.extend(described);
        for found in &covered {
            let what = found.name.as_deref().unwrap_or("PEM");
            let line = line(text, &found.place.bytes);
            let name = format!("{what} in line {line} of {}", shown(&file.name));
            self.files.push(GivenFile::new(&name, &found.bytes));
            self.placed.insert(name);
        }
        let rest = without(text, covered.iter().map(|found| &found.place.bytes));
        let holds_more = rest.contains("-----BEGIN ");
        let found_something = !covered.is_empty() || self.described.len() > before;
        if holds_more {
            self.files.push(GivenFile::new(&file.name, rest.as_bytes()));
        } else if !found_something && depth > 0 {
            self.beside.push(file.name.clone());
        } else if !found_something {
            self.files.push(file.into_owned());
        }
    }
}

/// What a source is called in a sentence.
fn shown(name: &str) -> &str {
    if name.is_empty() {
        "the pasted text"
    } else {
        name
    }
}

/// Whether something has to be taken out of its coat to be read: PEM that is plain
/// is read where it stands, so that a fault in it is told with its line.
fn is_covered(found: &FoundFile, text: &str) -> bool {
    match found.coat {
        FileCoat::Base64 | FileCoat::Value => true,
        FileCoat::OneLine => text
            .get(found.place.bytes.clone())
            .is_some_and(|passage| pem::blocks(passage).is_err()),
        FileCoat::Blocks | FileCoat::Archive | FileCoat::Configuration => false,
    }
}

/// The line of a passage, counted from 1.
fn line(text: &str, place: &Range<usize>) -> usize {
    let before = text.get(..place.start).unwrap_or_default();
    1 + before.matches('\n').count()
}

/// A text with nothing but its lines' ends where something was taken out of it.
fn without<'a>(text: &str, taken: impl Iterator<Item = &'a Range<usize>>) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(text.as_bytes().to_vec());
    for place in taken {
        let passage = bytes.get_mut(place.clone()).unwrap_or_default();
        for byte in passage.iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
    }
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}
