//! `diagnose`: what is wrong, from whatever is at hand, in the page's words, or as
//! JSON, one line for each FILE. What a FILE can be stands in [`Options`]; each is
//! looked at alone, with the files that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use etcd_pki_lab::script::diagnosis;
use etcd_pki_lab::{EtcdBuild, Evidence, GivenFile, VersionError};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::case::Case;
use crate::failure::Failure;
use crate::{Ended, plain_text, standard_input};

const EXAMPLES: &str = "\
A FILE is a text (a log, output, command lines, PEM), a certificate or key, a folder with
a case.json as for verdict, that case.json itself, or a folder without one, whose files
are taken all together. Certificates, keys and config files that lie beside a text, and
that it names, are read with it.

With --json one line is printed for each FILE:
  input     the FILE
  read      what was recognised in it
  unread    what was not read, each with why
  verdict   what etcd would say to the command lines, where there are any, and as which
            release (judged_as)
  findings  in order, the most telling first: rule, side (whose words: etcd, etcdctl,
            client, either), whose (fault it is: etcd, etcdctl, client, peer, other;
            null where the words leave it open), file, field, words, line, causes,
            mend; of words in a text also: rules (all that they leave open), speaker
            (the TLS library), program, refused_by, between_members, harmless,
            detail, log_tells (the words of etcd's log that decide between them)
  mended    the command lines without the mistake, where it is one of theirs
  notes     what is lacking for more
  unknown   whether the text says nothing that is known
  healthy   whether the text is etcd's log, and no line of it tells of a fault

Examples:
  etcd-pki-lab diagnose etcd.log
  journalctl -u etcd | etcd-pki-lab diagnose
  etcd-pki-lab diagnose --json --etcd 3.7.3 reports/*";

/// What to look at, and as which etcd.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// What is at hand; standard input without any.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one line of JSON for each FILE.
    #[arg(long)]
    json: bool,
    /// The release of etcd and etcdctl; without it the one that the text names, else the
    /// newest.
    #[arg(long, value_name = "VERSION", value_parser = build)]
    etcd: Option<String>,
    /// The time, such as 2026-11-23T16:10:00Z; else the case's `measured`, else now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// The most of one file that is read: more is no text that anybody wants to wait
/// for.
const MOST: u64 = 64 << 20;

/// The newest release.
fn newest() -> String {
    let newest = EtcdBuild::oldest_and_newest().pop();
    newest.map_or_else(String::new, |build| build.version.to_string())
}

/// A build by its name, which is what the diagnosis takes.
fn build(text: &str) -> Result<String, VersionError> {
    EtcdBuild::parse(text).map(|_| text.to_owned())
}

/// What there is to look at, and what was left out of it.
#[derive(Default)]
struct Given {
    evidence: Evidence,
    unread: Vec<Unread>,
}

/// Something that was not read.
struct Unread {
    path: PathBuf,
    why: Why,
}

impl Unread {
    fn answer(&self) -> Value {
        json!({ "file": self.path.to_string_lossy(), "why": self.why.words() })
    }
}

enum Why {
    System(io::Error),
    TooLong(u64),
}

impl Why {
    fn words(&self) -> String {
        match self {
            Self::System(error) => error.to_string(),
            Self::TooLong(length) => format!(
                "it has {} MB, and {} MB is the most; cut the part out that matters",
                length / 1_000_000,
                MOST / 1_000_000
            ),
        }
    }
}

/// Looks at each FILE, and prints what it says before the next is looked at.
pub(crate) fn diagnose(options: &Options) -> Ended {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    if options.files.is_empty() {
        let text = standard_input()?;
        let mut given = Given::default();
        given.evidence.text = String::from_utf8_lossy(&text).into_owned();
        print(&mut output, options, "standard input", given)?;
    }
    let mut folders = Folders::default();
    for path in &options.files {
        let name = path.display().to_string();
        match read(path, &mut folders) {
            Ok(given) => print(&mut output, options, &name, given)?,
            Err(failure) => {
                code = ExitCode::FAILURE;
                if options.json {
                    let line = json!({ "input": name, "error": failure.to_string() });
                    writeln!(output, "{line}").map_err(Failure::Output)?;
                } else {
                    eprintln!("error: {failure}");
                }
            }
        }
    }
    output.flush().map_err(Failure::Output)?;
    Ok(code)
}

fn print(
    output: &mut impl io::Write,
    options: &Options,
    name: &str,
    given: Given,
) -> Result<(), Failure> {
    let Given {
        mut evidence,
        unread,
    } = given;
    evidence.is_build_chosen = options.etcd.is_some();
    evidence.build = options.etcd.clone().unwrap_or_else(newest);
    if let Some(time) = options.at {
        evidence.now = time;
    } else if evidence.now == Timestamp::default() {
        evidence.now = Timestamp::now();
    }
    let diagnosed = evidence.diagnose();
    if options.json {
        let mut line = diagnosis::answer(&evidence, &diagnosed);
        line["input"] = name.into();
        line["unread"] = unread.iter().map(Unread::answer).collect();
        writeln!(output, "{line}").map_err(Failure::Output)?;
    } else {
        let mut text = plain_text::of_markup(&diagnosed.report(&evidence.build).into_string());
        for unread in &unread {
            let (path, why) = (unread.path.display(), unread.why.words());
            text.extend(["Not read: ", &path.to_string(), ": ", &why, "\n"]);
        }
        if let Some(mended) = &diagnosed.mended {
            text.extend(["\n", &mended.label, ":\n\n", &mended.text]);
        }
        if options.files.len() > 1 {
            write!(output, "== {name}\n{text}\n").map_err(Failure::Output)?;
        } else {
            write!(output, "{text}").map_err(Failure::Output)?;
        }
    }
    Ok(())
}

impl Given {
    /// Adds a file; what can't be read is remembered.
    fn add(&mut self, path: &Path, name: String) {
        let why = match fs::metadata(path) {
            Ok(facts) if facts.len() > MOST => Why::TooLong(facts.len()),
            Ok(_) => match fs::read(path) {
                Ok(bytes) => {
                    self.evidence.files.push(GivenFile {
                        name,
                        contents: bytes.into(),
                    });
                    return;
                }
                Err(error) => Why::System(error),
            },
            Err(error) => Why::System(error),
        };
        self.unread.push(Unread {
            path: path.to_path_buf(),
            why,
        });
    }
}

/// The names that lie in folders: each is listed once, however many texts lie in it.
#[derive(Default)]
struct Folders(BTreeMap<PathBuf, BTreeSet<String>>);

impl Folders {
    fn names(&mut self, folder: &Path) -> &BTreeSet<String> {
        self.0.entry(folder.to_path_buf()).or_insert_with(|| {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
            names.collect()
        })
    }
}

/// Reads what FILE stands for.
fn read(path: &Path, folders: &mut Folders) -> Result<Given, Failure> {
    let mut given = Given::default();
    let is_case = path.file_name().is_some_and(|name| name == Case::FILE);
    if path.is_dir() && path.join(Case::FILE).is_file() {
        given.evidence = of_case(path)?;
    } else if path.is_dir() {
        for (path, name) in files_of(path)? {
            given.add(&path, name);
        }
    } else if is_case {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        given.evidence = of_case(folder.unwrap_or(Path::new(".")))?;
    } else {
        fs::File::open(path).map_err(Failure::file(path))?;
        let name = path.file_name().unwrap_or_default();
        given.add(path, name.to_string_lossy().into_owned());
        for (path, name) in named_beside(path, &given.evidence.files, folders) {
            given.add(&path, name);
        }
    }
    Ok(given)
}

fn of_case(folder: &Path) -> Result<Evidence, Failure> {
    let case = Case::read(folder)?;
    Ok(Evidence {
        text: format!("{}\n\n{}\n", case.lines.server, case.lines.client),
        own: case
            .files
            .into_iter()
            .map(|(path, bytes)| (path, bytes.into()))
            .collect(),
        now: case.lines.measured.unwrap_or_default(),
        ..Evidence::default()
    })
}

/// The files of a folder, by name.
fn files_of(folder: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
        let entry = entry.map_err(Failure::file(folder))?;
        if entry.path().is_file() {
            found.push((
                entry.path(),
                entry.file_name().to_string_lossy().into_owned(),
            ));
        }
    }
    found.sort();
    Ok(found)
}

/// What a text names and lies beside it: certificates, keys and config files.
fn named_beside(path: &Path, read: &[GivenFile], folders: &mut Folders) -> Vec<(PathBuf, String)> {
    let Some(bytes) = read.first().map(|file| &file.contents.0) else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(bytes);
    let is_of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let words: BTreeSet<&str> = text.split(|letter| !is_of_name(letter)).collect();
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let names = folders.names(folder);
    words
        .into_iter()
        .filter(|word| names.contains(*word))
        .map(|name| (folder.join(name), name.to_owned()))
        .filter(|(beside, _)| {
            beside.file_name() != path.file_name() && beside.is_file() && is_of_pki(beside)
        })
        .collect()
}

/// Whether it holds PEM, or is a config file by its name.
fn is_of_pki(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("yml" | "yaml" | "crl" | "der")) {
        return true;
    }
    let is_short = fs::metadata(path).is_ok_and(|facts| facts.len() < (1 << 20));
    is_short && fs::read(path).is_ok_and(|bytes| bytes.windows(11).any(|it| it == b"-----BEGIN "))
}
