//! What is wrong, from whatever is at hand: pasted logs, output, command lines
//! and PEM, and files that were dropped. Texts are recognised by Go's and
//! etcd's own words; command lines with their files get the verdict; files
//! alone are checked against each other as etcd would. Called in workers: it
//! takes hostile input.

#![deny(clippy::indexing_slicing)]

pub mod chains;
pub mod mending;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::{
    chains::ChainFinding,
    mending::{MendedLines, mend},
};
use super::judge::{FilesByPath, Judged};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::{SayingKind, Side};
use crate::etcd::judge::case::{Etcd, Etcdctl};
use crate::etcd::judge::reading::material::{
    self, Coat, Invocation, Material, Passage, Program, Remark, Source, Unused, Use,
};
use crate::etcd::judge::{Case, Files, Verdict};
use crate::etcd::telling::diagnosis::{Clue, clues, is_log_of_etcd, shows_running_etcd};
use crate::lab::file::GivenFile;
use go_x509::pem;
use go_x509::time::Time;
use go_x509::version::GoBuild;

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
    /// What of the pasted text was recognised, in its order.
    pub marks: Vec<Marked>,
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
    /// Whether anything that was recognised is a fault.
    #[must_use]
    pub fn has_fault(&self) -> bool {
        self.clues.iter().any(|clue| !clue.is_harmless())
            || self.chains.iter().any(|chain| chain.refused.is_some())
            || self
                .judged
                .as_ref()
                .is_some_and(|judged| !judged.finding.all_is_well())
    }

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
        self.healthy = (self.healthy || other.healthy) && self.clues.is_empty();
        self.marks.extend(other.marks);
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

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Evidence {
    /// What is read of it.
    #[must_use]
    pub fn material(&self) -> Material {
        material::read(&self.text, &self.files)
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

    /// Says what is wrong in a text that is no export.
    fn diagnose_lines(&self) -> Diagnosed {
        let Ok(build) = EtcdBuild::parse(&self.build) else {
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
        let mut files = self.files.clone();
        files.extend(found_files(&material));
        let at_hand = AtHand {
            evidence: self,
            files: &files,
            build,
        };
        if let Some(place) = at_hand.refused_machine(&material) {
            material.choose_machine(place);
        }
        let mut diagnosed = Diagnosed {
            recognised: recognised(&material, &files, build.go),
            clues: clues(&material.rest),
            notes: unused(&material),
            ..Diagnosed::default()
        };
        let server = material.chosen(Program::Etcd);
        let client = material.chosen(Program::Etcdctl);
        diagnosed.marks = self.marks(&material, &diagnosed.clues);
        diagnosed.healthy = diagnosed.clues.is_empty() && is_log_of_etcd(&material.rest);
        diagnosed.unknown = diagnosed.clues.is_empty()
            && !diagnosed.healthy
            && !material.rest.trim().is_empty()
            && material.invocations.is_empty()
            && material.described.is_empty();
        match (server, client) {
            (None, None) => at_hand.check_files(&mut diagnosed),
            (Some(server), client) => {
                at_hand.judge(server, client, &material.rest, &mut diagnosed);
            }
            (None, Some(_)) => diagnosed.notes.push(
                "etcd’s own command line is needed too: what etcdctl is told depends on it. Paste it below the other."
                    .to_owned(),
            ),
        }
        diagnosed
    }
}

impl Evidence {
    /// Where what was recognised stands in the pasted text.
    fn marks(&self, material: &Material, clues: &[Clue]) -> Vec<Marked> {
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

/// At most so many places are marked.
const MOST_MARKS: usize = 200;

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

/// What was recognised and not used, each with why; and what is to be known of how
/// the command lines were read.
fn unused(material: &Material) -> Vec<String> {
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
        for remark in material.chosen(program).iter().flat_map(|it| &it.remarks) {
            add(format!("{program}’s command line: {remark}."));
        }
    }
    for (_, said) in &material.described {
        add(format!(
            "A certificate of {} is described in words, not given: paste its BEGIN CERTIFICATE block.",
            if said.subject.is_empty() {
                "somebody"
            } else {
                &said.subject
            }
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

/// At most so many machines are judged one by one.
const MOST_MACHINES: usize = 9;

fn recognised(material: &Material, files: &[GivenFile], go: GoBuild) -> Vec<String> {
    let mut kinds = Vec::new();
    for program in [Program::Etcd, Program::Etcdctl] {
        if let Some(call) = material.chosen(program) {
            kinds.push(match call.coat {
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

/// Whether the log beside the command lines shows an etcd that runs, and tells of no end
/// of it, where the verdict is that it does not start.
fn is_gainsaid(judged: &Judged, diagnosed: &Diagnosed, text: &str) -> bool {
    let ends = |clue: &Clue| {
        clue.rules.contains(&judged.finding.rule)
            || clue.side == Side::Etcd && clue.saying.kind == SayingKind::Own
    };
    judged.finding.verdict == Verdict::ServerStartFailed
        && shows_running_etcd(text)
        && !diagnosed.clues.iter().any(ends)
}

/// At most so many certificates are looked at one by one.
const MOST_CERTIFICATES: usize = 20;

/// The files at hand, and the build to judge as.
struct AtHand<'a> {
    evidence: &'a Evidence,
    files: &'a [GivenFile],
    build: EtcdBuild,
}

impl<'a> AtHand<'a> {
    /// Of several machines the first whose etcd is refused by itself, by its place among
    /// them.
    fn refused_machine(&self, material: &Material) -> Option<usize> {
        let mut machines = material.machines().take(MOST_MACHINES);
        machines.position(|it| self.is_refused(it))
    }

    /// Whether an etcd does not start, for another reason than that its files are not here.
    fn is_refused(&self, server: &Invocation) -> bool {
        let case = self.case(server, None);
        let lacking = lacking(&case);
        Judged::of(&case, &[]).is_ok_and(|judged| {
            !judged.finding.all_is_well() && !is_for_want_of_files(&judged, &case, &lacking)
        })
    }

    /// Judges command lines with the files that they name.
    fn judge(
        &self,
        server: &Invocation,
        client: Option<&Invocation>,
        rest: &str,
        diagnosed: &mut Diagnosed,
    ) {
        let case = self.case(server, client);
        let lacking = lacking(&case);
        if !lacking.is_empty() {
            let list: Vec<&str> = lacking.iter().copied().collect();
            diagnosed.notes.push(format!(
                "These files are named and were not given, so they are taken to be missing: {}. Drop them here; nothing leaves this tab.",
                list.join(", ")
            ));
        }
        if case.etcd.answers_http_apart() {
            diagnosed.notes.push(format!(
                "{}.",
                Rule::HttpUrlsApart.sentence().trim_end_matches('.')
            ));
        }
        match Judged::of(&case, &[]) {
            // Who runs has a line that starts: of this one a part is missing.
            Ok(judged) if is_gainsaid(&judged, diagnosed, rest) => {
                diagnosed.notes.push(format!(
                    "Not judged: the log is of an etcd that runs, and etcd would not start by this line alone ({}). A part of the line is missing.",
                    judged.finding.rule.sentence().trim_end_matches('.')
                ));
            }
            // No file was given at all: who reads a log or a manifest asks nothing of
            // files that lie elsewhere.
            Ok(judged) if is_for_want_of_files(&judged, &case, &lacking) => {
                if !lacking.is_empty() {
                    diagnosed.notes.pop();
                }
                let mut list: Vec<&str> = lacking.iter().copied().collect();
                let named = judged.finding.file.as_deref();
                list.extend(named.filter(|file| !lacking.contains(file)));
                diagnosed.notes.push(format!(
                    "Not judged: the command lines name files, and none of them was given: {}. Drop them here; nothing leaves this tab.",
                    list.join(", ")
                ));
            }
            // What is not here may be what is wrong.
            Ok(judged)
                if judged.finding.all_is_well() && server.remarks.contains(&Remark::PartOfFile) =>
            {
                diagnosed.notes.push(
                    "Not judged: nothing in this part of etcd’s config file is refused, and the rest of it is not here. Paste it whole."
                        .to_owned(),
                );
            }
            Ok(judged) => {
                let coats = mending::Coats {
                    server: self.coat(server),
                    client: client.and_then(|client| self.coat(client)),
                };
                diagnosed.mended = mend(&case, &judged.finding, &coats, &self.evidence.text);
                diagnosed.judged = Some(Box::new(judged));
            }
            Err(error) => diagnosed.notes.push(format!("{error}.")),
        }
        // Who keeps keys away can still have the certificates checked.
        if lacking.iter().any(|path| path.contains("key")) {
            self.check_files(diagnosed);
        }
    }

    /// What stands before the program in a pasted line: `kubectl exec POD -- `.
    fn coat(&self, invocation: &Invocation) -> Option<mending::CoatOfLine> {
        let is_pasted = invocation.place.source == Source::Pasted;
        let line = self.evidence.text.get(invocation.place.bytes.clone())?;
        (is_pasted && invocation.coat == Coat::Line && !invocation.through.is_empty())
            .then(|| mending::CoatOfLine::of(line, invocation.program.name()))?
    }

    /// Both lines, read once, with the files that were given in the place of those
    /// that they name.
    fn case(&self, server: &Invocation, client: Option<&Invocation>) -> Case<'a> {
        let line = server.command_line();
        let mut files = Files::from(&self.evidence.own);
        for file in self.files {
            files.lend(&file.name, &file.contents.0);
        }
        // The config file is named by the line itself; the rest perhaps by the
        // config file.
        for word in line.arguments.iter().chain(line.environment.values()) {
            let path = word.split_once('=').map_or(word.as_str(), |(_, path)| path);
            self.stand_in(path, &mut files);
        }
        let mut case = Case {
            etcd: Etcd::read(line, files, self.build),
            etcdctl: client.map(|client| Etcdctl::of(client.command_line(), self.build)),
            now: self.evidence.now,
            users: None,
        };
        let named: Vec<String> = named_files(&case).map(str::to_owned).collect();
        for path in &named {
            self.stand_in(path, &mut case.etcd.files);
        }
        case
    }

    /// Puts a file under the path that a command names, if it has that name.
    fn stand_in(&self, path: &str, files: &mut Files<'a>) {
        if files.contains(path) {
            return;
        }
        let named = |file: &&GivenFile| base(&file.name) == base(path);
        let file = self.files.iter().find(named);
        if let Some(file) = file {
            files.lend(path, &file.contents.0);
        }
    }

    /// Checks certificates against the CAs among the files.
    fn check_files(&self, diagnosed: &mut Diagnosed) {
        let now = Time::utc(self.evidence.now);
        chains::check(self.files, self.build.go, now, diagnosed);
    }
}

/// Whether a verdict says no more than that a file is missing, be it the config file,
/// and none was given.
fn is_for_want_of_files(judged: &Judged, case: &Case<'_>, lacking: &BTreeSet<&str>) -> bool {
    let finding = &judged.finding;
    let is_lacking = |file: &str| match finding.rule {
        Rule::FileExists => lacking.contains(file),
        Rule::ConfigFile => !case.etcd.files.contains(file),
        _ => false,
    };
    // A config file that was pasted names files, and is none of those.
    let configuration = case.etcd.configuration.as_ref().ok();
    let config_file = configuration.and_then(|it| it.config_file.as_deref());
    finding.file.as_deref().is_some_and(is_lacking)
        && named_files(case)
            .filter(|path| Some(*path) != config_file)
            .all(|path| lacking.contains(path))
}

/// The files that are named and are not there.
fn lacking<'c>(case: &'c Case<'_>) -> BTreeSet<&'c str> {
    let is_lacking = |path: &&str| !case.etcd.files.contains(path);
    named_files(case).filter(is_lacking).collect()
}

/// The files that the two command lines and the config file name.
fn named_files<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c str> {
    let of_client = case.etcdctl.iter().flat_map(Etcdctl::named_files);
    case.etcd.named_files().chain(of_client)
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::lab::drills::{self, Basis, Drill, DrillSet, Seed, Site};

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn drill(id: &str) -> DrillSet {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let site = Site {
            directory: "/etc/etcd/pki".to_owned(),
            port: "2379".to_owned(),
        };
        let drill = Drill::from_id(id).unwrap();
        drills::make(drill, false, &basis, &site, now(), &mut rng).unwrap()
    }

    fn evidence(text: &str, set: Option<&DrillSet>) -> Evidence {
        let files = set.map(|set| {
            set.files.iter().map(|file| GivenFile {
                name: file.name.clone(),
                contents: file.contents.clone(),
            })
        });
        Evidence {
            text: text.to_owned(),
            files: files.into_iter().flatten().collect(),
            build: "3.5.16".to_owned(),
            now: now(),
            ..Evidence::default()
        }
    }

    fn lines(set: &DrillSet) -> String {
        format!("$ {}\n$ {}\n", set.etcd, set.etcdctl)
    }

    #[test]
    fn files_stand_in_for_the_paths_that_a_command_names() {
        let set = drill("address-as-dns-name");
        let diagnosed = evidence(&lines(&set), Some(&set)).diagnose();
        let judged = diagnosed.judged.unwrap().finding;
        assert_eq!(judged.rule, Rule::AddressSan);
        assert!(
            judged
                .file
                .unwrap()
                .ends_with("drill-address-as-dns-name/etcd.crt")
        );
        assert!(diagnosed.notes.is_empty(), "{:?}", diagnosed.notes);
    }

    #[test]
    fn a_mend_of_the_command_lines_is_tried_before_it_is_offered() {
        let set = drill("no-client-certificate");
        let diagnosed = evidence(&lines(&set), Some(&set)).diagnose();
        let mended = diagnosed.mended.unwrap();
        assert_eq!(mended.label, "Show client.crt to etcd");
        let again = evidence(&mended.text, Some(&set)).diagnose();
        assert!(again.judged.unwrap().finding.all_is_well());
        assert_eq!(again.mended, None);

        let set = drill("unknown-server-ca");
        let mended = evidence(&lines(&set), Some(&set))
            .diagnose()
            .mended
            .unwrap();
        assert_eq!(mended.label, "Trust ca.crt");
        // What a command line can't mend is not offered.
        let set = drill("expired-client");
        assert_eq!(evidence(&lines(&set), Some(&set)).diagnose().mended, None);
    }

    #[test]
    fn a_mend_changes_the_flag_and_no_other_word() {
        let set = drill("unknown-server-ca");
        let put = "put http://k 'v --cacert=v http://x | etcdctl'";
        let (flags, _) = set.etcdctl.split_once(" put ").unwrap();
        let text = format!("$ {}\n$ {flags} {put}\n", set.etcd);
        let mended = evidence(&text, Some(&set)).diagnose().mended.unwrap();
        assert_eq!(mended.label, "Trust ca.crt");
        let client = mended.text.split_once("\n\n").unwrap().1;
        let words = shlex::split(&client.replace("\\\n", " ")).unwrap();
        assert_eq!(&words[words.len() - 3..], shlex::split(put).unwrap());
        let trusted = words.iter().filter(|word| word.starts_with("--cacert="));
        assert_eq!(trusted.count(), 1, "{client}");

        // The scheme of the endpoint is changed, not that of a value.
        let set = drill("no-client-certificate");
        let line = set.etcdctl.replace("https://", "http://") + " 'http://v'";
        let text = format!("$ {}\n$ {line}\n", set.etcd);
        let diagnosed = evidence(&text, Some(&set)).diagnose();
        assert_eq!(diagnosed.judged.unwrap().finding.rule, Rule::TlsEndpoint);
    }

    #[test]
    fn who_keeps_the_keys_away_gets_the_certificates_checked() {
        let mut set = drill("expired-client");
        set.files
            .retain(|file| file.kind != crate::lab::FileKind::PrivateKey);
        let diagnosed = evidence(&lines(&set), Some(&set)).diagnose();
        assert!(
            diagnosed.notes[0].contains("etcd.key"),
            "{:?}",
            diagnosed.notes
        );
        let of_client = diagnosed.chains.iter().find(|it| it.file == "client.crt");
        let refused = of_client.unwrap().refused.as_ref().unwrap();
        assert_eq!(refused.rule, Rule::ValidityEnds);
        let of_server = diagnosed.chains.iter().find(|it| it.file == "etcd.crt");
        assert_eq!(of_server.unwrap().refused, None);
    }

    #[test]
    fn certificates_alone_are_checked_against_the_cas_among_them() {
        let set = drill("unknown-client-ca");
        let pem: String = set
            .files
            .iter()
            .filter(|file| file.contents.0.starts_with(b"-----BEGIN CERTIFICATE-----"))
            .map(|file| String::from_utf8_lossy(&file.contents.0).into_owned())
            .collect();
        let diagnosed = evidence(&pem, None).diagnose();
        assert_eq!(diagnosed.recognised, ["3 certificates"]);
        let refused: Vec<Rule> = diagnosed
            .chains
            .iter()
            .filter_map(|chain| Some(chain.refused.as_ref()?.rule))
            .collect();
        assert_eq!(refused, [Rule::ClientCaKnown]);
    }

    #[test]
    fn the_form_of_a_line_tells_the_likelier_cause() {
        let words = "tls: failed to verify certificate: x509: certificate specifies an incompatible key usage";
        let of = |line: &str| evidence(line, None).diagnose().clues.remove(0);
        let logged = of(&format!(
            "{{\"level\":\"warn\",\"msg\":\"rejected connection on client endpoint\",\"error\":\"{words}\"}}"
        ));
        assert_eq!(logged.side, Side::Etcd);
        assert!(logged.causes()[0].starts_with("in etcd's log"));
        let printed = of(&format!(
            "{{\"logger\":\"etcd-client\",\"msg\":\"retrying of unary invoker failed\",\"error\":\"{words}\"}}"
        ));
        assert_eq!(printed.side, Side::Etcdctl);
        assert!(
            !printed.causes()[0].starts_with("in etcd's log"),
            "{:?}",
            printed.causes()
        );
    }

    #[test]
    fn unknown_text_is_said_to_be_unknown() {
        let diagnosed = evidence("the cat sat on the mat", None).diagnose();
        assert!(diagnosed.unknown && diagnosed.clues.is_empty());
        assert!(!evidence("", None).diagnose().unknown);
        // An etcdctl line alone is not enough for a verdict, and says so.
        let diagnosed = evidence("etcdctl --endpoints=https://a:2379 put k v", None).diagnose();
        assert!(diagnosed.judged.is_none() && diagnosed.notes[0].contains("etcd’s own"));
    }

    #[test]
    fn a_call_in_any_coat_is_judged() {
        let set = drill("no-client-certificate");
        for coat in [
            "kubectl exec -n kube-system etcd-0 -- ",
            "docker exec -e ETCDCTL_API=3 etcd ",
            "[root@node-a ~]# ",
            "sudo -u etcd ",
            "ssh node-a ",
        ] {
            let text = format!("$ {}\n{coat}{}\n", set.etcd, set.etcdctl);
            let judged = evidence(&text, Some(&set)).diagnose().judged.unwrap();
            assert_eq!(
                judged.finding.rule,
                Rule::ClientCertificateRequired,
                "{coat}"
            );
        }
    }

    #[test]
    fn what_is_cut_is_said_to_be_cut_and_is_not_judged() {
        let text = "CGroup: /system.slice/etcd.service\n  └─1817 /usr/bin/etcd --cert-file=a --trus>\n$ etcdctl get k\n";
        let diagnosed = evidence(text, None).diagnose();
        assert_eq!(diagnosed.judged, None);
        assert!(
            diagnosed.notes[0].contains("cut at the edge"),
            "{:?}",
            diagnosed.notes
        );
    }

    #[test]
    fn a_secrets_files_stand_in_for_the_paths_that_a_command_names() {
        let set = drill("expired-client");
        let mut yaml = "kind: Secret\ndata:\n".to_owned();
        for file in &set.files {
            let encoded = Base64::encode_string(&file.contents.0);
            yaml.extend(["  ", &file.name, ": ", &encoded, "\n"]);
        }
        let diagnosed = evidence(&format!("{}{yaml}", lines(&set)), None).diagnose();
        assert_eq!(diagnosed.judged.unwrap().finding.rule, Rule::ValidityEnds);
        assert!(diagnosed.notes.is_empty(), "{:?}", diagnosed.notes);
    }

    #[test]
    fn of_several_machines_the_one_that_is_refused_is_shown() {
        let machine = |number: usize, key: &str| {
            format!(
                "# etcd{number}\nETCD_NAME=etcd{number}\nETCD_LISTEN_CLIENT_URLS=https://192.0.2.{number}:2379\nETCD_ADVERTISE_CLIENT_URLS=https://192.0.2.{number}:2379\nETCD_CERT_FILE=/etc/etcd/{number}.crt\n{key}"
            )
        };
        let key = |number: usize| format!("ETCD_KEY_FILE=/etc/etcd/{number}.key\n");
        let text = [machine(1, &key(1)), machine(2, ""), machine(3, "")].join("\n");
        let diagnosed = evidence(&text, None).diagnose();
        let finding = diagnosed.judged.unwrap().finding;
        assert_eq!(finding.rule, Rule::CertificateAndKeyTogether);
        assert_eq!(finding.file.as_deref(), Some("/etc/etcd/2.crt"));
        assert!(
            diagnosed.notes[0].starts_with("3 etcds are told, etcd1, etcd2 and etcd3, and each was read on its own; this one is shown: ETCD_ADVERTISE_CLIENT_URLS=https://192.0.2.2:2379 "),
            "{:?}",
            diagnosed.notes
        );
        // One whose files are only not here is not refused.
        let text = [machine(1, &key(1)), machine(2, &key(2))].join("\n");
        let diagnosed = evidence(&text, None).diagnose();
        assert!(diagnosed.judged.is_none());
        assert!(diagnosed.notes[0].starts_with("2 etcds are told, etcd1 and etcd2,"));
        // Who asks one of them is answered for that one.
        let text = [
            machine(1, ""),
            machine(2, &key(2)),
            "$ etcdctl --endpoints=https://192.0.2.2:2379 get k\n".to_owned(),
        ]
        .join("\n");
        let diagnosed = evidence(&text, None).diagnose();
        assert!(diagnosed.judged.is_none(), "{:?}", diagnosed.judged);
    }

    #[test]
    fn config_files_of_several_machines_are_judged_one_by_one() {
        let text = "name: etcd1\nlisten-client-urls: https://192.0.2.1:2379\nadvertise-client-urls: https://192.0.2.1:2379\nclient-transport-security:\n  cert-file: 1.crt\n---\nname: etcd2\nlisten-client-urls: https://192.0.2.2:2379\nadvertise-client-urls: https://192.0.2.2:2379\nclient-transport-security:\n  cert-file: 2.crt\n  key-file: 2.key\n";
        let pasted = evidence(text, None);
        let dropped = Evidence {
            files: vec![GivenFile::new("etcds.yaml", text.as_bytes())],
            ..evidence("", None)
        };
        for evidence in [pasted, dropped] {
            let finding = evidence.diagnose().judged.unwrap().finding;
            assert_eq!(finding.rule, Rule::CertificateAndKeyTogether);
            assert_eq!(finding.file.as_deref(), Some("1.crt"));
        }
    }
}
