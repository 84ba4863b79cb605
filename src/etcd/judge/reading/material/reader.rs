//! Goes over a text: first what has a form of its own (PEM, JSON, YAML), then,
//! line by line, calls, variables and lists of processes. What it finds goes
//! into a [`Material`]; nothing is judged.

use std::collections::BTreeMap;
use std::ops::Range;

use super::page::{Origin, Page};
use super::shell::{Call, Effect};
use super::told::Told;
use super::{
    Caveat, Coat, Cut, FileCoat, FoundFile, Invocation, Material, Passage, Program, Source,
    Through, Unused, Use, archive,
};

/// Texts within texts, as in a `ConfigMap` in a log.
pub(super) const DEEPEST: usize = 4;
/// So many calls at most: nobody compares more.
const MOST_INVOCATIONS: usize = 2_000;
/// So many variables at most, for the same reason.
const MOST_VARIABLES: usize = 1_000;

/// A variable that was set on a line of its own.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) place: Passage,
    /// It was set by a unit, and not in a file beside it.
    pub(super) in_unit: bool,
    /// It holds from its line on only: a shell's.
    pub(super) exported: bool,
    /// The container in which it was set.
    pub(super) container: Option<String>,
}

#[derive(Default)]
pub(super) struct Reader {
    pub(super) material: Material,
    pub(super) variables: Vec<Variable>,
    /// Where the sections of units begin.
    pub(super) units: Vec<Passage>,
    /// What units name that sets variables: where, and their own words.
    pub(super) environment_files: Vec<(Passage, String)>,
    pub(super) told: Told,
    /// How many bytes of YAML may still be looked at.
    pub(super) budget: usize,
    /// And how many bytes of what seemed to be JSON and is none.
    pub(super) patience: usize,
    pub(super) depth: usize,
    /// How many bytes may still be unpacked from archives.
    unpackable: u64,
    /// The shell that was opened in a container or on another machine.
    inside: (Option<String>, Option<String>),
}

impl Reader {
    /// For so many bytes.
    pub(super) fn of(size: usize) -> Self {
        const LEAST_BUDGET: usize = 1 << 20;
        Self {
            budget: size * 8 + LEAST_BUDGET,
            patience: size / 8 + LEAST_BUDGET / 4,
            unpackable: archive::MOST_BYTES,
            ..Self::default()
        }
    }

    /// The text that was pasted.
    pub(super) fn pasted(&mut self, text: &str) {
        let origin = Origin {
            source: Source::Pasted,
            fixed: None,
            name: None,
        };
        self.text(text, origin);
    }

    /// A file that was given, or one of an archive.
    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) {
        let source = Source::File {
            name: name.to_owned(),
        };
        let whole = Passage {
            source: source.clone(),
            bytes: 0..bytes.len(),
        };
        match archive::open(name, bytes, &mut self.unpackable) {
            Ok(Some(members)) => {
                self.material.used.push((whole.clone(), Use::File));
                for member in members {
                    self.material.files.push(FoundFile {
                        name: Some(member.name.clone()),
                        bytes: member.bytes.clone(),
                        coat: FileCoat::Archive,
                        place: whole.clone(),
                    });
                    if self.depth < DEEPEST {
                        self.depth += 1;
                        self.file(&member.name, &member.bytes);
                        self.depth -= 1;
                    }
                }
                return;
            }
            Ok(None) => {}
            Err(error) => {
                self.material
                    .unused
                    .push((whole, Unused::Archive { error }));
                return;
            }
        }
        // DER, a database, a picture.
        let begin = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        let binary = begin.contains(&0) && !name.ends_with("cmdline")
            || begin.first() == Some(&0x30)
                && begin.len() > 1
                && begin.get(1).is_some_and(|byte| *byte >= 0x80);
        if begin.is_empty() || binary {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let origin = Origin {
            source,
            fixed: None,
            name: Some(name.to_owned()),
        };
        self.text(&text, origin);
    }

    /// A text, or one within another one.
    fn text(&mut self, text: &str, origin: Origin) {
        let mut page = Page::new(text, origin);
        self.structures(&mut page);
        self.lines(&mut page);
        if self.depth == 0 {
            self.material.rest.push_str(&page.rest());
        }
    }

    /// A text that stands within another one.
    pub(super) fn inner(&mut self, text: &str, name: &str, place: &Passage) {
        if self.depth >= DEEPEST || text.len() > self.budget {
            return;
        }
        self.budget -= text.len();
        self.depth += 1;
        let inside = std::mem::take(&mut self.inside);
        self.text(
            text,
            Origin {
                source: place.source.clone(),
                fixed: Some(place.bytes.clone()),
                name: Some(name.to_owned()),
            },
        );
        self.inside = inside;
        self.depth -= 1;
    }

    /// Takes what a command does; whether anything of it matters.
    pub(super) fn effects(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        effects: Vec<Effect>,
        coat: Coat,
        caveat: Option<&Caveat>,
    ) -> bool {
        let mut taken = false;
        for effect in effects {
            match effect {
                Effect::Call(call) => {
                    taken |= self.call(page, lines, call, coat, caveat.cloned());
                }
                Effect::Set {
                    name,
                    value,
                    exported,
                } => {
                    taken |= self.variable(page, lines, &name, &value, exported);
                }
                Effect::Enter { machine, container } => {
                    self.inside = (machine, container);
                }
            }
        }
        taken
    }

    /// Takes a call.
    pub(super) fn call(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        call: Call,
        coat: Coat,
        caveat: Option<Caveat>,
    ) -> bool {
        if self.material.invocations.len() >= MOST_INVOCATIONS {
            let place = page.place(lines);
            self.material.unused.push((place, Unused::TooMuch));
            // Its lines are done with: a line within it is no call of its own.
            return true;
        }
        let mut caveats: Vec<Caveat> = caveat.into_iter().collect();
        if page.cleaned.has_typographic(&page.range(lines)) {
            caveats.push(Caveat::Typographic);
        }
        let mut arguments = call.arguments;
        let shortened = |word: &String| {
            word.ends_with('…') || word == "..." || word == "[...]" || word.ends_with("=...")
        };
        let cut = arguments.iter().any(shortened).then_some(Cut::Ellipsis);
        // A prompt's or a sentence's remains.
        if coat == Coat::Line && call.program == Program::Etcd {
            arguments.retain(|word| word != "&");
        }
        caveats.extend(call.elsewhere.map(|by| Caveat::SetElsewhere { by }));
        for through in &call.through {
            if let Through::Client(program) = through {
                caveats.push(Caveat::SettingsOfClient { program });
            }
            if let Through::Sudo { lost, .. } = through {
                for name in lost.iter().filter(|name| name.starts_with("ETCD")) {
                    caveats.push(Caveat::VariableLost {
                        name: name.clone(),
                        by: "sudo".to_owned(),
                    });
                }
            }
        }
        // Neither reads the other's variables.
        let others = match call.program {
            Program::Etcd => "ETCDCTL_",
            _ => "ETCD_",
        };
        let environment: BTreeMap<String, String> = call
            .environment
            .into_iter()
            .filter(|(name, _)| !name.starts_with(others))
            .collect();
        let place = page.place(lines);
        self.material
            .used
            .push((place.clone(), Use::Invocation(call.program)));
        let (machine, container) = self.inside.clone();
        self.material.invocations.push(Invocation {
            program: call.program,
            environment,
            arguments,
            machine: call.machine.or(machine),
            container: call.container.or(container),
            through: call.through,
            mounts: call.mounts,
            coat,
            place,
            cut,
            caveats,
            is_cited: false,
        });
        true
    }

    /// Takes a variable; whether it is one of etcd's or etcdctl's.
    pub(super) fn variable(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        name: &str,
        value: &str,
        exported: bool,
    ) -> bool {
        let place = page.place(lines);
        let known = name.starts_with("ETCD_") || name.starts_with("ETCDCTL_");
        if self.variables.len() >= MOST_VARIABLES {
            return false;
        }
        if known {
            self.material.used.push((place.clone(), Use::Variables));
        }
        self.variables.push(Variable {
            name: name.to_owned(),
            value: value.to_owned(),
            place,
            in_unit: false,
            exported,
            container: self.inside.1.clone(),
        });
        known
    }
}
