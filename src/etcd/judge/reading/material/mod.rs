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
mod helm;
mod installers;
mod lines;
mod log;
mod manifest;
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
use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use super::command_line::CommandLine;
use crate::etcd::facts::{option::EtcdOption, variable};
use crate::pki::file::GivenFile;

pub use described::DescribedCertificate;
pub use exported::logged;

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

/// A program whose call is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// The server.
    Etcd,
    /// Its client.
    Etcdctl,
    /// Its tool for files, which connects to nothing.
    Etcdutl,
    /// curl, with a URL of etcd's.
    Curl,
}

impl Program {
    /// The program of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            // CoreOS' wrapper passes its words on.
            "etcd" | "etcd-wrapper" => Some(Self::Etcd),
            "etcdctl" => Some(Self::Etcdctl),
            "etcdutl" => Some(Self::Etcdutl),
            "curl" => Some(Self::Curl),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::Etcdctl => "etcdctl",
            Self::Etcdutl => "etcdutl",
            Self::Curl => "curl",
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What calls a program in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// `sudo`, which passes no variables on unless it is told to.
    Sudo {
        /// `-E`
        keeps_environment: bool,
        /// Variables that were set in front of it, in vain.
        lost: Vec<String>,
    },
    /// `kubectl exec`, `docker run` and their like.
    Container {
        /// The program and its verb.
        by: String,
    },
    /// `ssh` and what is like it.
    Ssh,
    /// `sh -c`, `watch`, `eval`: a shell of its own.
    Shell,
    /// A program that dials etcd by itself, and is told where in words of its own.
    Client(&'static str),
}

/// In what an invocation was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coat {
    /// A shell's line.
    Line,
    /// A manifest or compose file, or what a container's inspection prints.
    Manifest,
    /// A systemd unit.
    Unit,
    /// Variables, without the program that reads them: an environment file.
    Variables,
    /// A list of processes: `ps`, `systemctl status`, `/proc/…/cmdline`.
    Process,
    /// etcd's own log, which says what it was told.
    Log,
    /// etcd's config file alone.
    ConfigFile,
    /// kubeadm's `ClusterConfiguration`.
    Kubeadm,
    /// Variables of Ansible with the names of etcd's flags.
    Ansible,
    /// Values of a Helm chart.
    Helm,
    /// The configuration of a program that is a client of etcd.
    OfClient,
}

impl fmt::Display for Coat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Line => "a command line",
            Self::Manifest => "a manifest",
            Self::Unit => "a systemd unit",
            Self::Variables => "an environment file",
            Self::Process => "a list of processes",
            Self::Log => "etcd’s log",
            Self::ConfigFile => "etcd’s config file",
            Self::Kubeadm => "kubeadm’s configuration",
            Self::Ansible => "Ansible’s variables",
            Self::Helm => "Helm’s values",
            Self::OfClient => "a client’s configuration",
        })
    }
}

/// Why an invocation is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It ends in `…`, or has `...` in it.
    Ellipsis,
    /// It ends in `>`, where the screen ended (`systemctl status` in a pager).
    Screen,
    /// Its last flag ends in the middle, as where the screen is narrow.
    Flag,
    /// The log's line ends in the middle.
    Log,
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Ellipsis => "it is shortened with “…”",
            Self::Screen => {
                "it is cut at the edge of the screen (“>”); `-l --no-pager` shows it whole"
            }
            Self::Flag => {
                "its last flag ends in the middle; `systemctl status -l --no-pager` shows it whole"
            }
            Self::Log => "its line ends in the middle",
        })
    }
}

/// What is to be known of how something was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caveat {
    /// Curly quotes or long dashes were read as the plain ones, which no shell
    /// does.
    Typographic,
    /// Something in it is not known: a variable, a command's output, a template.
    Unknown {
        /// The word with it.
        word: String,
    },
    /// Lines without `\` at their end were taken together.
    LinesJoined,
    /// The line of a unit ends without `\` though flags follow below it: systemd
    /// runs the program without them.
    NotContinued,
    /// The lines of a unit end with two backslashes, as quoting in a here-document
    /// leaves them: systemd takes none of them for the end of a line that goes on.
    DoubledBackslash,
    /// Items of a list in YAML or JSON end with a backslash, as lines of a shell do: no
    /// shell reads them, and it stays a part of the word.
    BackslashInList,
    /// An item of a list has a program and its flags in one: no shell parts them.
    WordsInOneItem {
        /// The item.
        item: String,
    },
    /// A line that was wrapped at the screen's or a mail's edge was put together.
    Unwrapped,
    /// A quote is not closed; the words were split at blanks.
    OpenQuote,
    /// A variable that was set does not reach the program.
    VariableLost {
        /// Its name.
        name: String,
        /// What keeps it away: `sudo`, `kubectl exec`.
        by: String,
    },
    /// Of etcd's config file only a part is there.
    PartOfFile,
    /// What another program is told stands for etcdctl's flags.
    SettingsOfClient {
        /// The program.
        program: &'static str,
    },
    /// What kubeadm adds of its own was added.
    KubeadmDefaults,
    /// A key of etcd's config file that is none, and like one that is.
    StrangeKey {
        /// The key.
        key: String,
        /// The one that it is like.
        like: &'static str,
    },
    /// A key of etcd's config file that stands where etcd does not look for it.
    MisplacedKey {
        /// The key.
        key: String,
        /// The section in which it stands; none for the file's top.
        within: Option<String>,
        /// How it is called where it belongs: `client-transport-security.cert-file`.
        belongs: String,
    },
}

sentences! { Caveat {
    Self::Typographic => "curly quotes or long dashes in it were read as plain ones; a shell takes them for letters";
    Self::Unknown { word } => "what “{word}” stands for is not known";
    Self::LinesJoined => "its lines have no \\ at their ends; they were taken together";
    Self::NotContinued => "systemd does not read the flags below it: the line has no \\ at its end";
    Self::DoubledBackslash => "its lines end with two backslashes: systemd runs etcd with the one word \\ and reads nothing below it; write one at the end of each";
    Self::BackslashInList => "items of its list end with a backslash: no shell reads them, so that it becomes a part of each value, as of a file's name; leave it out";
    Self::WordsInOneItem { item } => "“{item}” is one item of its list: no shell parts it, so that all of it is taken for the program’s name; write an item for each word";
    Self::Unwrapped => "its wrapped lines were put together";
    Self::OpenQuote => "it has a quote that is not closed";
    Self::VariableLost { name, by } => "{by} does not pass {name} on";
    Self::PartOfFile => "only a part of its config file is here: listen-client-urls is not in it, or lines are left out";
    Self::SettingsOfClient { program } => "{program} dials etcd by itself; what it is told of etcd was read as etcdctl’s flags";
    Self::KubeadmDefaults => "what kubeadm adds of its own was added";
    Self::StrangeKey { key, like } => "{key} is no key of the config file, and is not read: write {like}";
    Self::MisplacedKey { key, within: None, belongs, } => "{key} at the top of the config file is not read; it is {belongs} there";
    Self::MisplacedKey { key, within: Some(section), belongs, } => "{key} in {section} is not read; it is {belongs} there";
} }

/// A call of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The program.
    pub program: Program,
    /// Variables that reach it.
    pub environment: BTreeMap<String, String>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The machine on which it was called, if that is said.
    pub machine: Option<String>,
    /// The pod or container in which it was called.
    pub container: Option<String>,
    /// What it was called through, outermost first.
    pub through: Vec<Through>,
    /// In what it was written.
    pub coat: Coat,
    /// Where it stands.
    pub place: Passage,
    /// Whether it is cut, and by what. Such a one is not to be judged.
    pub cut: Option<Cut>,
    /// What is to be known of how it was read.
    pub caveats: Vec<Caveat>,
}

impl Invocation {
    /// The program whose own client of etcd this is.
    #[must_use]
    pub fn of_client(&self) -> Option<&'static str> {
        self.through.iter().find_map(|through| match through {
            Through::Client(program) => Some(*program),
            _ => None,
        })
    }

    /// etcd's, of what stands in its coat and no more.
    fn etcd(coat: Coat, arguments: Vec<String>, place: Passage) -> Self {
        Self {
            program: Program::Etcd,
            environment: BTreeMap::new(),
            arguments,
            machine: None,
            container: None,
            through: Vec::new(),
            coat,
            place,
            cut: None,
            caveats: Vec::new(),
        }
    }

    /// It as a command line's parts.
    #[must_use]
    pub fn command_line(&self) -> CommandLine {
        CommandLine::of(
            self.program.name(),
            self.environment.clone(),
            self.arguments.clone(),
        )
    }

    /// It as one shell line, without what it was called through.
    #[must_use]
    pub fn line(&self) -> String {
        let variables = self
            .environment
            .iter()
            .map(|(name, value)| format!("{name}={}", quoted(value)));
        let words = self.arguments.iter().map(|word| quoted(word));
        let program = std::iter::once(self.program.name().to_owned());
        let all: Vec<String> = variables.chain(program).chain(words).collect();
        all.join(" ")
    }

    /// What an option of etcd's is given, as flag or as variable.
    #[must_use]
    pub fn of_etcd(&self, option: EtcdOption) -> Option<&str> {
        self.option(option.name())
    }

    /// The same, of an option by its name.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        let variable = match self.program {
            Program::Etcd => variable::of_flag(variable::ETCD, name),
            _ => variable::of_flag(variable::ETCDCTL, name),
        };
        let mut words = self.arguments.iter();
        let mut found = None;
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
                continue;
            };
            if flag == name {
                found = Some(words.clone().next().map_or("", String::as_str));
            } else if let Some((flag, value)) = flag.split_once('=')
                && flag == name
            {
                found = Some(value);
            }
        }
        found.or_else(|| self.environment.get(&variable).map(String::as_str))
    }
}

/// A word as a shell takes it. `shlex` quotes every word with `=` or `,`, which
/// etcd's flags are full of and which no shell minds.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+=,./:@%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    shlex::try_quote(word).unwrap_or_default().into_owned()
}

/// What a file was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCoat {
    /// PEM blocks in a text.
    Blocks,
    /// PEM that was indented, quoted, or written on one line.
    OneLine,
    /// base64 of PEM: a Kubernetes Secret, a kubeconfig.
    Base64,
    /// A value of JSON or YAML: cfssl's output, a `ConfigMap`.
    Value,
    /// An archive.
    Archive,
    /// etcd's config file, in a text.
    Configuration,
}

/// A file that was found inside of something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Its name: the key, what the line above it says, or none.
    pub name: Option<String>,
    /// What is in it, as etcd would need it.
    pub bytes: Zeroizing<Vec<u8>>,
    /// What it was found in.
    pub coat: FileCoat,
    /// Where.
    pub place: Passage,
}

/// What a part of a source was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A program's call.
    Invocation(Program),
    /// Variables.
    Variables,
    /// A file's content.
    File,
    /// A certificate in words.
    Description,
}

sentences! { Use {
    Self::Invocation(program) => "{program}’s command line";
    Self::Variables => "variables";
    Self::File => "a file";
    Self::Description => "a certificate in words";
} }

/// Why something was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unused {
    /// The call is cut.
    Cut {
        /// The program.
        program: Program,
        /// By what.
        cut: Cut,
    },
    /// Another call of the same program was chosen.
    NotChosen {
        /// The program.
        program: Program,
        /// Where the chosen one stands.
        chosen: Passage,
    },
    /// Variables of this name are read by another program than etcd.
    OthersVariables {
        /// One that tells.
        name: String,
    },
    /// A PEM block without its end, or with its middle taken out.
    BrokenBlock,
    /// base64 that is none.
    NotBase64 {
        /// The key.
        key: String,
    },
    /// An archive that can't be read, and why.
    Archive {
        /// Why.
        error: ArchiveError,
    },
    /// There is more of it than is looked at.
    TooMuch,
}

pub use archive::ArchiveError;

sentences! { Unused {
    Self::Cut { program, cut } => "{program}’s command line is not whole: {cut}";
    Self::NotChosen { program, .. } => "another command line of {program} was taken";
    Self::OthersVariables { name } => "{name} is a variable of another program than etcd";
    Self::BrokenBlock => "the PEM block is not whole";
    Self::NotBase64 { key } => "the value of {key} is no base64";
    Self::Archive { error } => "{error}";
    Self::TooMuch => "there is more than can be looked at";
} }

/// What a configuration has that whoever reads it does not look for there, or takes
/// otherwise than it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A key of kubeadm's below `etcd` that is none, and like one that is (Kubernetes
    /// `cmd/kubeadm/app/apis/kubeadm`, `Etcd`).
    KubeadmKey {
        /// The key.
        key: String,
        /// The one that it is like.
        like: &'static str,
    },
    /// Keys with underscores, which etcd's config file has none of.
    UnderscoredKey {
        /// One of them.
        key: String,
    },
    /// APISIX's CA where it does not look for it (APISIX `conf/config.yaml.example`).
    ApisixAuthority {
        /// What it names.
        path: String,
    },
    /// Several URLs in one item of a list.
    UrlsInOneItem {
        /// The program that reads it.
        program: &'static str,
    },
    /// A property of `CoreDNS`' plugin that differs from the known one in its letters' case
    /// (`CoreDNS` `plugin/etcd/setup.go`).
    CorednsProperty {
        /// As it stands there.
        word: String,
    },
}

sentences! { Remark {
    Self::KubeadmKey { key, like } => "kubeadm does not read etcd.{key}, and runs etcd with its own defaults: the key is etcd.{like}";
    Self::UnderscoredKey { key } => "etcd’s config file has no key {key}: its keys have hyphens and stand at its top, and those of certificates below client-transport-security and peer-transport-security";
    Self::ApisixAuthority { path } => "APISIX does not read ssl_trusted_certificate below etcd.tls: it belongs below apisix.ssl, and names one file with the CA in PEM, no folder ({path})";
    Self::UrlsInOneItem { program } => "Several URLs stand in one item of the list of hosts, which {program} takes for one address: write an item for each";
    Self::CorednsProperty { word } => "CoreDNS knows no property {word} in its block etcd: it is tls, in small letters, and paths of files follow it: certificate, key, CA";
} }

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
    pub remarks: Vec<Remark>,
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
