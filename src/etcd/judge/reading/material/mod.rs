//! Whatever people paste or drop, read: which programs are called and how, which
//! configurations are given, which files, and what of it was not understood. It
//! sees through the coats that all this comes in (shells, containers, manifests,
//! units, logs, Secrets, archives) and judges nothing. Called by the diagnosis.

#![deny(clippy::indexing_slicing)]

pub(crate) mod archive;
mod blocks;
mod choice;
mod cleaned;
mod clients;
mod config_file;
mod container;
mod described;
mod exported;
mod flags;
mod found;
mod helm;
mod installers;
mod invocation;
mod lines;
mod log;
mod manifest;
mod mounts;
mod nix;
mod page;
mod process;
mod prompt;
mod reader;
mod shell;
mod structures;
mod told;
mod tree;
mod variables;
mod words;
mod wrappers;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::pki::file::GivenFile;

pub use described::DescribedCertificate;
pub use exported::logged;
pub use found::{FileCoat, FoundFile, Oversight, Unused, Use};
pub use invocation::{Caveat, Coat, Cut, Invocation, Program, Through};
pub use mounts::{Mounts, Sight};

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The pasted text.
    Pasted,
    /// A file that was given.
    File {
        /// Its name.
        name: String,
    },
}

/// A part of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it was read.
    pub source: Source,
    /// Its bytes there.
    pub bytes: Range<usize>,
}

/// All that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Calls of programs, in the order in which they stand.
    pub invocations: Vec<Invocation>,
    /// Files that were found inside of something else.
    pub files: Vec<FoundFile>,
    /// Certificates in the words of `openssl x509 -text`.
    pub described: Vec<(Passage, DescribedCertificate)>,
    /// What was used, and for what.
    pub used: Vec<(Passage, Use)>,
    /// What was recognised and not used, and why.
    pub unused: Vec<(Passage, Unused)>,
    /// What is not read as it was meant.
    pub oversights: Vec<Oversight>,
    /// The names of variables that are etcd's or etcdctl's by their first letters.
    pub variables: Vec<String>,
    /// The API that such a variable chooses for etcdctl.
    pub api: Option<String>,
    /// The lines that were used for nothing: logs, output, prose.
    pub rest: String,
    /// Which invocation was chosen, by program.
    chosen: BTreeMap<Program, usize>,
    /// The etcds of a cluster's machines, of which none is meant more than another.
    machines: Vec<usize>,
}

impl Material {
    /// The chosen call of a program: the last one that is whole and does
    /// something, of those on several machines the one that the client asks.
    #[must_use]
    pub fn chosen(&self, program: Program) -> Option<&Invocation> {
        self.invocations.get(*self.chosen.get(&program)?)
    }

    /// The etcds of several machines, each with a name of its own; none where one is
    /// told or meant.
    pub fn machines(&self) -> impl Iterator<Item = &Invocation> {
        self.machines
            .iter()
            .filter_map(|index| self.invocations.get(*index))
    }

    /// Takes another one of [`machines`](Self::machines), by its place among them.
    pub fn choose_machine(&mut self, place: usize) {
        if let Some(index) = self.machines.get(place) {
            self.chosen.insert(Program::Etcd, *index);
            choice::say_unused(self);
        }
    }

    /// Whether a program's call is there but can't be used.
    #[must_use]
    pub fn has_unusable(&self, program: Program) -> bool {
        self.chosen(program).is_none() && self.invocations.iter().any(|it| it.program == program)
    }
}

/// Reads a text and files.
#[must_use]
pub fn read(text: &str, files: &[GivenFile]) -> Material {
    let given: usize = files.iter().map(|file| file.contents.len()).sum();
    let mut reader = reader::Reader::of(text.len() + given);
    reader.pasted(text);
    for file in files {
        reader.file(&file.name, &file.contents);
    }
    choice::finish(&mut reader);
    reader.material
}

#[cfg(test)]
mod tests;
