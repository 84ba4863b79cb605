//! A call of a program, as it was read: which program, in which coat, through what, with
//! which words, and what is to be known of how it was read.

use std::collections::BTreeMap;
use std::fmt;

use super::super::command_line::CommandLine;
use super::{Mounts, Passage};
use crate::etcd::facts::{option::EtcdOption, variable};

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
    /// `NixOS`' settings.
    Nixos,
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
            Self::Nixos => "NixOS’ settings",
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
    /// Items of a list have quotes around a flag's value, as for a shell.
    QuotesInList {
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
    /// Variables that reach it stand in a file, or in an object of Kubernetes', that is not
    /// here.
    SetElsewhere {
        /// What names it: `EnvironmentFile=/etc/etcd/etcd.conf`.
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
    /// What `NixOS` adds of its own was added.
    NixosDefaults,
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
    Self::QuotesInList { item } => "{item} is an item of a list: no shell reads it, so that the quotes become a part of the value; leave them out, or put them around the whole item";
    Self::Unwrapped => "its wrapped lines were put together";
    Self::OpenQuote => "it has a quote that is not closed";
    Self::VariableLost { name, by } => "{by} does not pass {name} on";
    Self::SetElsewhere { by } => "what {by} sets was not read";
    Self::PartOfFile => "only a part of its config file is here: listen-client-urls is not in it, or lines are left out";
    Self::SettingsOfClient { program } => "{program} dials etcd by itself; what it is told of etcd was read as etcdctl’s flags";
    Self::KubeadmDefaults => "what kubeadm adds of its own was added";
    Self::NixosDefaults => "what NixOS adds of its own was added: URLs that nothing else is said of";
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
    /// What the container has in which it was called.
    pub mounts: Mounts,
    /// In what it was written.
    pub coat: Coat,
    /// Where it stands.
    pub place: Passage,
    /// Whether it is cut, and by what. Such a one is not to be judged.
    pub cut: Option<Cut>,
    /// What is to be known of how it was read.
    pub caveats: Vec<Caveat>,
    /// Whether a sentence cites it: one on a line of its own counts for more.
    pub is_cited: bool,
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

    /// Whether it starts `etcd gateway`, which passes bytes on and speaks no TLS itself.
    #[must_use]
    pub fn starts_gateway(&self) -> bool {
        let first = self.arguments.first();
        self.program == Program::Etcd && first.is_some_and(|word| word == "gateway")
    }

    /// What names variables that reach it and are not here.
    #[must_use]
    pub fn set_elsewhere(&self) -> Option<&str> {
        self.caveats.iter().find_map(|caveat| match caveat {
            Caveat::SetElsewhere { by } => Some(by.as_str()),
            _ => None,
        })
    }

    /// etcd's, of what stands in its coat and no more.
    pub(super) fn etcd(coat: Coat, arguments: Vec<String>, place: Passage) -> Self {
        Self {
            program: Program::Etcd,
            environment: BTreeMap::new(),
            arguments,
            machine: None,
            container: None,
            through: Vec::new(),
            mounts: Mounts::default(),
            coat,
            place,
            cut: None,
            caveats: Vec::new(),
            is_cited: false,
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
