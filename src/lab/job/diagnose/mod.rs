//! What is wrong, from whatever is at hand: pasted logs, output, command lines
//! and PEM, and files that were dropped. Texts are recognised by Go's and
//! etcd's own words; command lines with their files get the verdict; files
//! alone are checked against each other as etcd would. Called in workers: it
//! takes hostile input.

#![deny(clippy::indexing_slicing)]

mod at_hand;
mod by_lines;
mod by_text;
pub mod chains;
pub mod mending;
mod named_release;
mod names;
mod read_back;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::at_hand::AtHand;
use self::chains::ChainFinding;
use self::mending::MendedLines;
use self::named_release::NamedRelease;
use self::read_back::{recognised, unused};
use super::judge::{FilesByPath, Judged};
use crate::etcd::facts::client_form;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::material::{self, Coat, Invocation, Material, Program, Source};
use crate::etcd::telling::diagnosis::{Clue, clues, is_log_of_etcd};
use crate::lab::file::GivenFile;

/// What is at hand.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// What was pasted, or a part of it.
    pub text: String,
    /// Whether the text is a part of a long one, in which only words are looked
    /// for, not command lines.
    pub words_alone: bool,
    /// What was dropped.
    pub files: Vec<GivenFile>,
    /// The files on the page, which stand in where a command names them.
    pub own: FilesByPath,
    /// The build to judge as.
    pub build: String,
    /// Whether somebody chose that: if not, a release of another series that the text
    /// names counts.
    pub is_build_chosen: bool,
    /// The time.
    pub now: Timestamp,
}

/// What is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosed {
    /// What was recognised: `etcd’s command line`, `2 certificates`.
    pub recognised: Vec<String>,
    /// What the text points to.
    pub clues: Vec<Clue>,
    /// Whether there was text that says nothing that is known here.
    pub unknown: bool,
    /// Whether the text is etcd's log, and no line of it tells of a fault.
    pub healthy: bool,
    /// Whether there are other command lines than a log's own: what its words say is no
    /// seal for them.
    pub bars_seal: bool,
    /// What of the pasted text was recognised, in its order.
    pub marks: Vec<Marked>,
    /// The release that the command lines were judged as, where that is another one than
    /// was asked for.
    pub judged_as: Option<String>,
    /// The verdict on the command lines.
    pub judged: Option<Box<Judged>>,
    /// Certificates checked without command lines.
    pub chains: Vec<ChainFinding>,
    /// What is lacking for more.
    pub notes: Vec<String>,
    /// The command lines with the mistake mended, where that is a matter of
    /// command lines.
    pub mended: Option<MendedLines>,
}

/// A part of the pasted text that was recognised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Marked {
    /// Its first byte.
    pub begin: usize,
    /// The byte behind it.
    pub end: usize,
    /// As what.
    pub what: String,
}

impl Diagnosed {
    /// Adds what another part of the same text points to.
    pub fn merge(&mut self, other: Self) {
        for clue in other.clues {
            let is_known = |known: &Clue| known.saying == clue.saying && known.side == clue.side;
            if !self.clues.iter().any(is_known) {
                self.clues.push(clue);
            }
        }
        for kind in other.recognised {
            if !self.recognised.contains(&kind) {
                self.recognised.push(kind);
            }
        }
        self.unknown = (self.unknown || other.unknown) && self.clues.is_empty();
        self.bars_seal |= other.bars_seal;
        self.healthy = (self.healthy || other.healthy) && self.clues.is_empty() && !self.bars_seal;
        self.marks.extend(other.marks);
        self.judged_as = self.judged_as.take().or(other.judged_as);
        self.judged = self.judged.take().or(other.judged);
        self.mended = self.mended.take().or(other.mended);
        self.chains.extend(other.chains);
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }
}

impl Evidence {
    /// What is read of it.
    #[must_use]
    pub fn material(&self) -> Material {
        material::read(&self.text, &self.files)
    }

    /// Whether a shell is given what a variable stands for: then it may have any name.
    fn uses(&self, variable: &str) -> bool {
        let forms = [format!("${variable}"), format!("${{{variable}")];
        let is_of_name = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
        let uses = |text: &str| {
            forms.iter().any(|form| {
                let mut places = text.split(form.as_str()).skip(1);
                places.any(|behind| !behind.starts_with(is_of_name))
            })
        };
        let mut files = self.files.iter();
        uses(&self.text) || files.any(|file| uses(&String::from_utf8_lossy(&file.contents.0)))
    }

    /// Says what is wrong.
    #[must_use]
    pub fn diagnose(&self) -> Diagnosed {
        if let Some(text) = material::logged(&self.text) {
            // Its places are those of other letters than were pasted.
            let lines = Self {
                text,
                ..self.clone()
            };
            return Diagnosed {
                marks: Vec::new(),
                ..lines.diagnose_lines()
            };
        }
        self.diagnose_lines()
    }

    /// Says whose the clues are, by what stands beside them.
    fn attribute(&self, clues: &mut [Clue], program: Option<&str>) {
        for clue in clues {
            if clue.lists_name.is_some() {
                clue.look_up(&self.text);
                for file in &self.files {
                    clue.look_up(&String::from_utf8_lossy(&file.contents.0));
                }
            }
            if let Some(program) = program {
                clue.is_of(program);
            }
        }
    }

    /// Says what is wrong in a text that is no export.
    fn diagnose_lines(&self) -> Diagnosed {
        let Ok(mut build) = EtcdBuild::parse(&self.build) else {
            return Diagnosed::default();
        };
        if self.words_alone {
            let clues = clues(&self.text);
            return Diagnosed {
                healthy: clues.is_empty() && is_log_of_etcd(&self.text),
                clues,
                ..Diagnosed::default()
            };
        }
        let mut material = self.material();
        let named = (!self.is_build_chosen)
            .then(|| {
                let server = material.chosen(Program::Etcd);
                NamedRelease::in_text(&material.rest)
                    .or_else(|| NamedRelease::of_flags(server?, build.version, &material.rest))
            })
            .flatten()
            .filter(|named| named.known.series() != build.version.series());
        if let Some(named) = &named {
            build = EtcdBuild::measured(named.known);
        }
        let mut files = self.files.clone();
        files.extend(found_files(&material));
        let at_hand = AtHand {
            evidence: self,
            files: &files,
            build,
            older: named
                .as_ref()
                .filter(|it| it.is_older)
                .map(|it| it.text.as_str()),
        };
        if let Some(place) = at_hand.refused_machine(&material) {
            material.choose_machine(place);
        }
        let mut diagnosed = Diagnosed {
            recognised: recognised(&material, &files, build.go),
            clues: clues(&material.rest),
            notes: unused(&material, self.now),
            judged_as: named.as_ref().map(|named| named.known.to_string()),
            ..Diagnosed::default()
        };
        let server = material.chosen(Program::Etcd);
        let client = material.chosen(Program::Etcdctl);
        // What stands within etcdctl's line may be its answer, broken by an edge.
        if diagnosed.clues.is_empty()
            && let Some(client) = client
        {
            let is_pasted = client.place.source == Source::Pasted;
            let line = self.text.get(client.place.bytes.clone());
            diagnosed.clues = match line.filter(|_| is_pasted && server.is_some()) {
                Some(line) => clues(line),
                None if server.is_none() => clues(&self.text),
                None => Vec::new(),
            };
        }
        let program = client.and_then(Invocation::of_client);
        self.attribute(&mut diagnosed.clues, program);
        diagnosed.marks = self.marks(&material, &diagnosed.clues);
        let mut lines = material.invocations.iter();
        diagnosed.bars_seal = lines.any(|line| line.coat != Coat::Log);
        diagnosed.healthy =
            diagnosed.clues.is_empty() && is_log_of_etcd(&material.rest) && !diagnosed.bars_seal;
        diagnosed.unknown = diagnosed.clues.is_empty()
            && !diagnosed.healthy
            && !material.rest.trim().is_empty()
            && material.invocations.is_empty()
            && material.described.is_empty();
        if server.is_none() {
            let rest = &material.rest;
            let of_auto_tls = by_lines::server::of_auto_tls_in(rest, &diagnosed.clues);
            diagnosed.notes.splice(0..0, of_auto_tls);
        }
        if diagnosed.clues.is_empty() {
            diagnosed.notes.extend(by_text::of_pictures(&material.rest));
        }
        let told = by_text::told(&material, build.version, |name| self.uses(name));
        diagnosed.unknown &= told.is_empty();
        diagnosed.healthy &= told.is_empty();
        diagnosed.notes.splice(0..0, told);
        match (server, client) {
            (None, None) => at_hand.check_files(&mut diagnosed),
            (Some(server), client) => {
                // What is not read as etcdctl reads it is told of alone.
                let client = client.filter(|it| it.of_client().is_none_or(client_form::is_alike));
                at_hand.judge(server, client, &material.rest, &mut diagnosed);
            }
            (None, Some(client)) => at_hand.tell_of_client(client, &material, &mut diagnosed),
        }
        if let Some(named) = named.filter(|_| diagnosed.judged.is_some()) {
            diagnosed.notes.push(format!(
                "Judged as etcd {}, since the text names {}. Choose a release to judge as another.",
                named.known, named.text
            ));
        }
        diagnosed
    }
}

/// The files that stand in a text, by the names that it gives them, else numbered.
fn files_in(text: &str) -> Vec<GivenFile> {
    found_files(&material::read(text, &[]))
}

fn found_files(material: &Material) -> Vec<GivenFile> {
    let mut nameless = 0;
    let files = material.files.iter().map(|file| {
        let name = file.name.clone().unwrap_or_else(|| {
            nameless += 1;
            format!("pasted-{nameless}")
        });
        GivenFile {
            name,
            contents: file.bytes.to_vec().into(),
        }
    });
    files.collect()
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// At most so many certificates are looked at one by one.
const MOST_CERTIFICATES: usize = 20;
