//! What is wrong, from whatever is at hand: pasted logs, output, command lines
//! and PEM, and files that were dropped. Texts are recognised by Go's and
//! etcd's own words; command lines with their files get the verdict; files
//! alone are checked against each other as etcd would. Called in workers: it
//! takes hostile input.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    file::GivenFile,
    judging::{FilesByPath, Inquiry, Judged},
};
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::Verdict;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::pasted;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::telling::diagnosis::{Clue, clues};
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, VerifyOptions};
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::version::GoBuild;
use go_x509::{address, pem};

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

/// A certificate checked against CAs, without any command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainFinding {
    /// The file with the certificate.
    pub file: String,
    /// The files with the CAs.
    pub against: Vec<String>,
    /// What it was checked as: `a server’s`, `a client’s`.
    pub checked_as: String,
    /// Why it is refused, if it is.
    pub refused: Option<ChainRefusal>,
}

/// Why a certificate is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainRefusal {
    /// Go's words.
    pub text: String,
    /// The rule.
    pub rule: Rule,
}

/// Command lines with a mistake taken out of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MendedLines {
    /// What the press does.
    pub label: String,
    /// Both command lines, as they are to be.
    pub text: String,
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

impl Diagnosed {
    /// Adds what another part of the same text points to.
    pub fn merge(&mut self, other: Self) {
        for clue in other.clues {
            if !self.clues.iter().any(|known| known.saying == clue.saying) {
                self.clues.push(clue);
            }
        }
        for kind in other.recognised {
            if !self.recognised.contains(&kind) {
                self.recognised.push(kind);
            }
        }
        self.unknown = (self.unknown || other.unknown) && self.clues.is_empty();
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
    /// Says what is wrong.
    #[must_use]
    pub fn diagnose(&self) -> Diagnosed {
        let Ok(build) = EtcdBuild::parse(&self.build) else {
            return Diagnosed::default();
        };
        if self.words_alone {
            return Diagnosed {
                clues: clues(&self.text),
                ..Diagnosed::default()
            };
        }
        let mut text = self.text.clone();
        let mut files: Vec<GivenFile> = Vec::new();
        for file in &self.files {
            if is_text(&file.contents.0) {
                text.push('\n');
                text.push_str(&String::from_utf8_lossy(&file.contents.0));
            }
            files.push(file.clone());
        }
        let mut pasted = pasted::sort(&text);
        // A file that was dropped keeps its name; its blocks are no others.
        if !self.files.is_empty() {
            pasted.blocks = pasted::sort(&self.text).blocks;
        }
        for (place, block) in pasted.blocks.iter().enumerate() {
            files.push(GivenFile {
                name: format!("pasted-{}", place + 1),
                contents: block.as_str().into(),
            });
        }
        let mut diagnosed = Diagnosed {
            recognised: recognised(&pasted, &files, build.go),
            clues: clues(&pasted.rest),
            ..Diagnosed::default()
        };
        diagnosed.unknown = diagnosed.clues.is_empty()
            && !pasted.rest.trim().is_empty()
            && pasted.server.is_none()
            && pasted.client.is_none();
        let case = Case {
            evidence: self,
            files: &files,
            build,
        };
        match (&pasted.server, &pasted.client) {
            (None, None) => case.check_files(&mut diagnosed),
            (server, client) => case.judge(server.as_deref(), client.as_deref(), &mut diagnosed),
        }
        diagnosed
    }
}

/// Whether a file is to be read as text: logs, command lines, config files. PEM
/// is too, for what stands around its blocks.
fn is_text(bytes: &[u8]) -> bool {
    let begin = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    !begin.is_empty() && !begin.contains(&0) && begin.first() != Some(&0x30)
}

fn recognised(pasted: &pasted::Pasted, files: &[GivenFile], go: GoBuild) -> Vec<String> {
    let mut kinds = Vec::new();
    if pasted.server.is_some() {
        kinds.push("etcd’s command line".to_owned());
    }
    if pasted.client.is_some() {
        kinds.push("etcdctl’s command line".to_owned());
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
    ] {
        if count > 0 {
            kinds.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
    let lines = pasted
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

/// A certificate of a file, with what it seems to be for.
struct Found<'a> {
    file: &'a GivenFile,
    certificate: Certificate,
}

impl Found<'_> {
    fn is_authority(&self) -> bool {
        let certificate = &self.certificate;
        certificate.is_authority
            || certificate.version == 1 && certificate.subject.raw == certificate.issuer.raw
    }

    fn may(&self, usage: ExtendedKeyUsage) -> bool {
        self.certificate.extended_key_usages.contains(&usage)
    }

    fn has_names(&self) -> bool {
        !self.certificate.dns_names.is_empty() || !self.certificate.addresses.is_empty()
    }
}

/// The evidence, sorted, and the build to judge it as.
struct Case<'a> {
    evidence: &'a Evidence,
    files: &'a [GivenFile],
    build: EtcdBuild,
}

/// At most so many certificates are looked at one by one.
const MOST_CERTIFICATES: usize = 20;

impl Case<'_> {
    /// Judges command lines with the files that they name.
    fn judge(&self, server: Option<&str>, client: Option<&str>, diagnosed: &mut Diagnosed) {
        let build = &self.build;
        let Some(server) = server else {
            diagnosed.notes.push(
                "etcd’s own command line is needed too: what etcdctl is told depends on it. Paste it below the other."
                    .to_owned(),
            );
            return;
        };
        let client = client.unwrap_or_default();
        let mut given = self.evidence.own.clone();
        for file in self.files {
            given.insert(file.name.clone(), file.contents.clone());
        }
        let mut wanted = BTreeSet::new();
        if let Ok(line) = CommandLine::parse(server, "etcd") {
            // The config file is named by the line itself; the rest perhaps by
            // the config file.
            for word in line.arguments.iter().chain(line.environment.values()) {
                let path = word.split_once('=').map_or(word.as_str(), |(_, path)| path);
                self.stand_in(path, &mut given);
            }
            let read = |path: &str| {
                let path = path.to_owned();
                let content = given.get(&path).map(|bytes| bytes.0.to_vec());
                content.ok_or(FileError::Missing { path })
            };
            if let Ok(configuration) = ServerConfiguration::read(&line, &read, build) {
                for settings in [&configuration.client, &configuration.peer] {
                    wanted.extend([
                        settings.cert_file.clone(),
                        settings.key_file.clone(),
                        settings.client_cert_file.clone(),
                        settings.client_key_file.clone(),
                        settings.trusted_ca_file.clone(),
                        settings.crl_file.clone(),
                    ]);
                }
                wanted.extend(configuration.config_file);
            }
        }
        if let Ok(line) = CommandLine::parse(client, "etcdctl")
            && let Ok(configuration) = ClientConfiguration::read(&line, build)
        {
            wanted.extend([
                configuration.ca_file,
                configuration.cert_file,
                configuration.key_file,
            ]);
        }
        wanted.remove("");
        for path in &wanted {
            self.stand_in(path, &mut given);
        }
        let lacking: Vec<&str> = wanted
            .iter()
            .filter(|path| !given.contains_key(path.as_str()))
            .map(String::as_str)
            .collect();
        if !lacking.is_empty() {
            diagnosed.notes.push(format!(
                "These files are named and were not given, so they are taken to be missing: {}. Drop them here; nothing leaves this tab.",
                lacking.join(", ")
            ));
        }
        let inquiry = Inquiry {
            server: server.to_owned(),
            client: client.to_owned(),
            files: given,
            build: self.evidence.build.clone(),
            now: self.evidence.now,
            users: None,
            earlier: Vec::new(),
        };
        match inquiry.judge() {
            Ok(judged) => {
                diagnosed.mended = self.mend(&inquiry, &judged);
                diagnosed.judged = Some(Box::new(judged));
            }
            Err(error) => diagnosed.notes.push(format!("{error}.")),
        }
        // Who keeps keys away can still have the certificates checked.
        if lacking
            .iter()
            .any(|path| path.ends_with("key") || path.contains("key"))
        {
            self.check_files(diagnosed);
        }
    }

    /// Puts a file under the path that a command names, if it has that name.
    fn stand_in(&self, path: &str, given: &mut FilesByPath) {
        if given.contains_key(path) {
            return;
        }
        let file = self.files.iter().find(|file| file.name == base(path));
        if let Some(file) = file {
            given.insert(path.to_owned(), file.contents.clone());
        }
    }

    /// A mend that is a matter of command lines alone, tried before it is
    /// offered: what still fails is no mend.
    fn mend(&self, inquiry: &Inquiry, judged: &Judged) -> Option<MendedLines> {
        let client = inquiry.client.as_str();
        let quoted = |path: &str| crate::etcd::command::quote(path);
        let mut tries: Vec<(String, String, String)> = Vec::new();
        let mut try_client = |label: &str, changed: String| {
            tries.push((label.to_owned(), inquiry.server.clone(), changed));
        };
        match judged.rule {
            Rule::ClientCertificateRequired => {
                for (path, key) in self.identities(&inquiry.files) {
                    let flags = format!("--cert={} --key={}", quoted(path), quoted(&key));
                    try_client(
                        &format!("Show {} to etcd", base(path)),
                        with_flags(client, &flags),
                    );
                }
            }
            Rule::ServerCaKnown => {
                for path in inquiry.files.keys() {
                    let flags = format!("--cacert={}", quoted(path));
                    try_client(
                        &format!("Trust {}", base(path)),
                        with_flags(&without_flag(client, "--cacert"), &flags),
                    );
                }
            }
            Rule::TlsEndpoint => {
                try_client(
                    "Dial https://",
                    if client.contains("http://") {
                        client.replace("http://", "https://")
                    } else {
                        client.replace("--endpoints=", "--endpoints=https://")
                    },
                );
            }
            Rule::ApiVersion => try_client(
                "Set ETCDCTL_API=3",
                client.replace("ETCDCTL_API=2", "ETCDCTL_API=3"),
            ),
            Rule::AdvertiseWhatYouListenOn => {
                let line = CommandLine::parse(&inquiry.server, "etcd").ok()?;
                let url = line
                    .arguments
                    .iter()
                    .find_map(|word| word.strip_prefix("--listen-client-urls="))?;
                let changed = format!(
                    "{} --advertise-client-urls={}",
                    inquiry.server.trim_end(),
                    quoted(url)
                );
                let label = "Advertise what etcd listens on".to_owned();
                tries.push((label, changed, client.to_owned()));
            }
            _ => {}
        }
        tries.truncate(MOST_CERTIFICATES);
        tries.into_iter().find_map(|(label, server, client)| {
            let changed = Inquiry {
                server: server.clone(),
                client: client.clone(),
                ..inquiry.clone()
            };
            let passes = changed
                .judge()
                .is_ok_and(|after| after.verdict == Verdict::Accepted);
            passes.then(|| MendedLines {
                label,
                text: format!("{}\n\n{}\n", server.trim(), client.trim()),
            })
        })
    }

    /// The leaves among the files that have their key beside them, under the
    /// same name; those for clients first.
    fn identities<'f>(&self, files: &'f FilesByPath) -> Vec<(&'f str, String)> {
        let go = self.build.go;
        let mut found: Vec<(bool, &str, String)> = files
            .iter()
            .filter_map(|(path, contents)| {
                let stem = path.strip_suffix(".crt").or(path.strip_suffix(".pem"))?;
                let key = format!("{stem}.key");
                let (block, _) = pem::decode(&contents.0, go)?;
                let certificate = Certificate::parse(&block.bytes, go).ok()?;
                let leaf = files.contains_key(&key) && !certificate.is_authority;
                let serves = certificate
                    .extended_key_usages
                    .contains(&ExtendedKeyUsage::ServerAuth);
                leaf.then_some((serves, path.as_str(), key))
            })
            .collect();
        found.sort_by_key(|(serves, path, _)| (*serves, *path));
        found
            .into_iter()
            .map(|(_, path, key)| (path, key))
            .collect()
    }

    /// Checks certificates against the CAs among the files.
    fn check_files(&self, diagnosed: &mut Diagnosed) {
        let go = self.build.go;
        let mut found = Vec::new();
        for file in self.files {
            let blocks = pem::blocks(&file.contents.0, go);
            let blocks = blocks
                .into_iter()
                .filter(|block| block.label == "CERTIFICATE");
            let ders: Vec<Vec<u8>> = if file.contents.0.first() == Some(&0x30) {
                vec![file.contents.0.to_vec()]
            } else {
                blocks.map(|block| block.bytes).collect()
            };
            for der in ders {
                match Certificate::parse(&der, go) {
                    Ok(certificate) => found.push(Found { file, certificate }),
                    Err(error) => diagnosed.notes.push(format!(
                        "{} holds something that Go can’t read as a certificate: {}",
                        file.name, error.text
                    )),
                }
            }
        }
        diagnosed.notes.truncate(MOST_CERTIFICATES);
        let (authorities, leaves): (Vec<Found<'_>>, Vec<Found<'_>>) =
            found.into_iter().partition(Found::is_authority);
        if leaves.is_empty() && authorities.is_empty() {
            return;
        }
        if authorities.is_empty() {
            diagnosed.notes.push(
                "No CA is among these files: drop ca.crt too, and they are checked against it."
                    .to_owned(),
            );
            return;
        }
        let mut roots = CertificatePool::default();
        let mut intermediates = CertificatePool::default();
        for authority in &authorities {
            let certificate = authority.certificate.clone();
            if certificate.subject.raw == certificate.issuer.raw {
                roots.add(certificate);
            } else {
                intermediates.add(certificate);
            }
        }
        let mut against: Vec<String> = authorities
            .iter()
            .map(|authority| authority.file.name.clone())
            .collect();
        against.dedup();
        against.truncate(MOST_CERTIFICATES);
        for leaf in leaves.iter().take(MOST_CERTIFICATES) {
            for (usage, word) in Self::roles(leaf) {
                let options = VerifyOptions {
                    roots: &roots,
                    intermediates: &intermediates,
                    host: None,
                    usage,
                    now: Time::utc(self.evidence.now),
                };
                let refused = chain::verify(&leaf.certificate, &options, go)
                    .err()
                    .map(|refusal| {
                        let text = refusal.to_string();
                        let cause = if usage == ExtendedKeyUsage::ServerAuth {
                            Cause::ServerRefused(refusal)
                        } else {
                            Cause::ClientRefused(refusal)
                        };
                        ChainRefusal {
                            text,
                            rule: cause.rule(),
                        }
                    });
                diagnosed.chains.push(ChainFinding {
                    file: leaf.file.name.clone(),
                    against: against.clone(),
                    checked_as: word,
                    refused,
                });
            }
        }
    }

    /// What a leaf seems to be for: what its EKU says, else what its names and
    /// its file's name suggest.
    fn roles(leaf: &Found<'_>) -> Vec<(ExtendedKeyUsage, String)> {
        let mut roles = Vec::new();
        let names: Vec<String> = leaf
            .certificate
            .addresses
            .iter()
            .map(|octets| address::text(octets))
            .chain(leaf.certificate.dns_names.iter().cloned())
            .take(8)
            .collect();
        let none = leaf.certificate.extended_key_usages.is_empty();
        if leaf.may(ExtendedKeyUsage::ServerAuth) || none && leaf.has_names() {
            let names = if names.is_empty() {
                "no host: it has no SAN".to_owned()
            } else {
                names.join(", ")
            };
            roles.push((
                ExtendedKeyUsage::ServerAuth,
                format!("a server’s, for {names}"),
            ));
        }
        if leaf.may(ExtendedKeyUsage::ClientAuth) || none || roles.is_empty() {
            roles.push((ExtendedKeyUsage::ClientAuth, "a client’s".to_owned()));
        }
        roles
    }
}

/// etcdctl's line with more flags, before its command.
fn with_flags(client: &str, flags: &str) -> String {
    match client.split_once("etcdctl") {
        Some((before, after)) => format!("{before}etcdctl {flags}{after}"),
        None => client.to_owned(),
    }
}

/// A line without a flag and its value.
fn without_flag(line: &str, flag: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut skip = false;
    for word in words {
        if skip {
            skip = false;
        } else if word == flag {
            skip = true;
        } else if !word.starts_with(&format!("{flag}=")) {
            kept.push(word);
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::etcd::facts::saying::Side;
    use crate::lab::drills::{self, Basis, Drill, DrillSet, Place, Seed};

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn drill(id: &str) -> DrillSet {
        let mut rng = UnwrapErr(SysRng);
        let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
        let place = Place {
            directory: "/etc/etcd/pki".to_owned(),
            port: "2379".to_owned(),
        };
        let drill = Drill::from_id(id).unwrap();
        drills::make(drill, false, &basis, &place, now(), &mut rng).unwrap()
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
        let judged = diagnosed.judged.unwrap();
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
        assert!(again.judged.unwrap().all_is_well());
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
}
