//! What was recognised in what is at hand, where it stands, and what of it was not used,
//! each with why: a diagnosis says what it rests on.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Evidence, Marked};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::judge::reading::material::{
    Caveat, Coat, Invocation, Material, Passage, Program, Source, Unused, Use,
};
use crate::etcd::telling::diagnosis::Clue;
use crate::lab::file::GivenFile;
use go_x509::pem;
use go_x509::version::GoBuild;

/// At most so many places are marked.
const MOST_MARKS: usize = 200;

impl Evidence {
    /// Where what was recognised stands in the pasted text.
    pub(super) fn marks(&self, material: &Material, clues: &[Clue]) -> Vec<Marked> {
        let of_text = |(place, used): &(Passage, Use)| {
            let is_pasted = place.source == Source::Pasted && !place.bytes.is_empty();
            is_pasted.then(|| Marked {
                begin: place.bytes.start,
                end: place.bytes.end,
                what: used.to_string(),
            })
        };
        let mut marks: Vec<Marked> = material.used.iter().filter_map(of_text).collect();
        for clue in clues {
            let shown = clue.line.trim_start_matches("… ").trim_end_matches(" …");
            if let Some(begin) = self.text.find(shown).filter(|_| !shown.is_empty()) {
                marks.push(Marked {
                    begin,
                    end: begin + shown.len(),
                    what: format!("“{}”", clue.saying.words),
                });
            }
        }
        marks.sort();
        // What stands within something that is marked is marked with it.
        let mut end = 0;
        marks.retain(|mark| {
            let stands_free = mark.begin >= end && self.text.get(mark.begin..mark.end).is_some();
            if stands_free {
                end = mark.end;
            }
            stands_free
        });
        marks.truncate(MOST_MARKS);
        marks
    }
}

/// What there is, by its kinds.
pub(super) fn recognised(material: &Material, files: &[GivenFile], go: GoBuild) -> Vec<String> {
    let mut kinds = Vec::new();
    for program in [Program::Etcd, Program::Etcdctl] {
        if let Some(call) = material.chosen(program) {
            kinds.push(match call.coat {
                _ if let Some(program) = call.of_client() => {
                    format!("{program}’s settings for etcd")
                }
                Coat::Line => format!("{program}’s command line"),
                coat => format!("{program}’s command line in {coat}"),
            });
        }
    }
    let (mut certificates, mut keys, mut others) = (0, 0, 0);
    for file in files {
        for block in pem::blocks(&file.contents.0, go) {
            match block.label.as_str() {
                "CERTIFICATE" => certificates += 1,
                label if label.ends_with("PRIVATE KEY") => keys += 1,
                _ => others += 1,
            }
        }
    }
    for (count, one, many) in [
        (certificates, "certificate", "certificates"),
        (keys, "private key", "private keys"),
        (others, "other PEM block", "other PEM blocks"),
        (
            material.described.len(),
            "certificate in words",
            "certificates in words",
        ),
    ] {
        if count > 0 {
            kinds.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
    let lines = material
        .rest
        .lines()
        .filter(|line| !line.trim().is_empty())
        .count();
    if lines > 0 {
        kinds.push(format!(
            "{lines} {} of text",
            if lines == 1 { "line" } else { "lines" }
        ));
    }
    kinds
}

/// What was recognised and not used, each with why; and what is to be known of how
/// the command lines were read.
pub(super) fn unused(material: &Material, now: Timestamp) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut add = |note: String| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    let mut others = BTreeMap::new();
    for (_, why) in &material.unused {
        match why {
            Unused::NotChosen { program, .. } => *others.entry(*program).or_insert(0_usize) += 1,
            why => add(format!("Not used: {why}.")),
        }
    }
    let machines: Vec<&str> = material.machines().map(name_of_machine).collect();
    if let [first @ .., last] = machines.as_slice()
        && let Some(shown) = material.chosen(Program::Etcd)
    {
        others.remove(&Program::Etcd);
        add(format!(
            "{} etcds are told, {} and {last}, and each was read on its own; this one is shown: {}",
            machines.len(),
            first.join(", "),
            shown.line()
        ));
    }
    for (program, count) in others {
        add(format!(
            "Not used: {count} more command {} of {program}; this one was taken: {}",
            if count == 1 { "line" } else { "lines" },
            material
                .chosen(program)
                .map(Invocation::line)
                .unwrap_or_default()
        ));
    }
    for program in [Program::Etcdutl, Program::Curl] {
        if material.chosen(program).is_some() {
            add(format!(
                "Not used: {program}’s command line, which is not judged here."
            ));
        }
    }
    for program in [Program::Etcd, Program::Etcdctl] {
        let Some(chosen) = material.chosen(program) else {
            continue;
        };
        for caveat in &chosen.caveats {
            add(match (caveat, chosen.of_client()) {
                (Caveat::SettingsOfClient { .. }, _) => format!("{caveat}."),
                (caveat, Some(client)) => format!("{client}’s settings: {caveat}."),
                (caveat, None) => format!("{program}’s command line: {caveat}."),
            });
        }
    }
    for (_, said) in &material.described {
        let subject = match said.subject.as_str() {
            "" => "somebody",
            subject => subject,
        };
        if let (Some(begin), Some(end)) = (said.not_before, said.not_after)
            && end < begin
        {
            let day = |time: Timestamp| time.strftime("%Y-%m-%d");
            add(format!(
                "The certificate of {subject} ends on {}, before it begins on {}: it was never valid. Issue it again.",
                day(end),
                day(begin)
            ));
        }
        if let Some(end) = said.not_after.filter(|end| *end < now) {
            add(format!(
                "The certificate of {subject} ended on {}: if it is still in use, issue it again.",
                end.strftime("%Y-%m-%d")
            ));
        }
        add(format!(
            "A certificate of {subject} is described in words, not given: paste its BEGIN CERTIFICATE block."
        ));
    }
    notes
}

/// What a machine's etcd is called.
fn name_of_machine(etcd: &Invocation) -> &str {
    etcd.of_etcd(EtcdOption::Name)
        .or_else(|| etcd.of_etcd(EtcdOption::ConfigurationFile))
        .unwrap_or_default()
}
