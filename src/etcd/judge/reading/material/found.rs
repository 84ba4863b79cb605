//! What a text was used for beside calls, what of it was not, and why; and what nobody
//! reads as it was meant.

use zeroize::Zeroizing;

use super::Passage;
use super::archive::ArchiveError;
use super::invocation::{Cut, Program};

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
    /// Its values are calculated by another program.
    Calculated,
    /// There is more of it than is looked at.
    TooMuch,
}

sentences! { Unused {
    Self::Cut { program, cut } => "{program}’s command line is not whole: {cut}";
    Self::NotChosen { program, .. } => "another command line of {program} was taken";
    Self::OthersVariables { name } => "{name} is a variable of another program than etcd";
    Self::BrokenBlock => "the PEM block is not whole";
    Self::NotBase64 { key } => "the value of {key} is no base64";
    Self::Archive { error } => "{error}";
    Self::Calculated => "services.etcd is calculated by Nix, and that is not done here: paste what etcd is given, as systemctl cat etcd shows it";
    Self::TooMuch => "there is more than can be looked at";
} }

/// What a configuration has that whoever reads it does not look for there, or takes
/// otherwise than it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oversight {
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
    /// A key with hyphens among those of Container Linux' config, which have underscores.
    HyphenedKey {
        /// The key.
        key: String,
    },
    /// Keys of etcd's below headings that its config file has not.
    Headings {
        /// The headings.
        headings: Vec<String>,
    },
    /// An item of a list of variables with a colon for the equals sign.
    ColonInVariable {
        /// The variable's name.
        name: String,
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

sentences! { Oversight {
    Self::KubeadmKey { key, like } => "kubeadm does not read etcd.{key}, and runs etcd with its own defaults: the key is etcd.{like}";
    Self::UnderscoredKey { key } => "etcd’s own config file has no key {key}, whatever a tool that writes it calls it: there keys have hyphens and stand at the top, and those of certificates below client-transport-security and peer-transport-security";
    Self::HyphenedKey { key } => "In a Container Linux config the keys below etcd have underscores, and {key} is none of them, so that nobody reads it: write {}", key.replace('-', "_");
    Self::Headings { headings } => "etcd’s config file has no section {}, and etcd reads none of the keys there: they belong to the top, and those of certificates below client-transport-security and peer-transport-security, without peer- in front", headings.join(" or ");
    Self::ColonInVariable { name } => "“{name}: …” as an item of a list sets no variable: in a compose file write {name}=… there, in a pod name: {name} and value: …";
    Self::ApisixAuthority { path } => "APISIX does not read ssl_trusted_certificate below etcd.tls: it belongs below apisix.ssl, and names one file with the CA in PEM, no folder ({path})";
    Self::UrlsInOneItem { program } => "Several URLs stand in one item of the list of hosts, which {program} takes for one address: write an item for each";
    Self::CorednsProperty { word } => "CoreDNS knows no property {word} in its block etcd: it is tls, in small letters, and paths of files follow it: certificate, key, CA";
} }
