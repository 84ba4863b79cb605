//! What is at hand as a case that can be judged: the files stand in for the paths that
//! the command lines name, and a verdict that only says what is not here is none.

use std::collections::BTreeSet;
use std::iter;

use super::mending::{self, mend};
use super::{Diagnosed, Evidence, base, by_lines, chains, names};
use crate::etcd::facts::etcdctl_v2;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::{SayingKind, Side};
use crate::etcd::facts::variable::ETCDCTL_API;
use crate::etcd::judge::case::{Etcd, Etcdctl, EtcdctlError};
use crate::etcd::judge::reading::material::{Caveat, Coat, Invocation, Material, Source};
use crate::etcd::judge::{Case, Files, Verdict};
use crate::etcd::telling::diagnosis::{Clue, shows_running_etcd};
use crate::lab::file::GivenFile;
use crate::lab::job::judge::Judged;
use go_x509::time::Time;

/// Flags that etcd has no more since 3.4 (etcd `Documentation/upgrades/upgrade_3_4.md`).
const UNTIL_3_3: [&str; 2] = ["--ca-file", "--peer-ca-file"];

/// At most so many machines are judged one by one.
const MOST_MACHINES: usize = 9;

/// At most so many command lines of etcdctl are looked at one by one.
const MOST_LINES: usize = 9;

/// The files at hand, and the build to judge as.
pub(super) struct AtHand<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) files: &'a [GivenFile],
    pub(super) build: EtcdBuild,
    /// The release that the text names, where it is older than any that is known here.
    pub(super) older: Option<&'a str>,
}

impl<'a> AtHand<'a> {
    /// Of several machines the first whose etcd is refused by itself, by its place among
    /// them.
    pub(super) fn refused_machine(&self, material: &Material) -> Option<usize> {
        let mut machines = material.machines().take(MOST_MACHINES);
        machines.position(|it| self.is_refused(it))
    }

    /// Whether an etcd does not start, for another reason than that its files are not here.
    fn is_refused(&self, server: &Invocation) -> bool {
        let case = self.case(server, None);
        let lacking = lacking(&case);
        Judged::of(&case, &[]).is_ok_and(|judged| {
            !judged.finding.all_is_well()
                && !is_for_want_of_files(&judged, &case, &lacking)
                && may_stand_elsewhere(&judged, server).is_none()
        })
    }

    /// Judges command lines with the files that they name.
    pub(super) fn judge(
        &self,
        server: &Invocation,
        client: Option<&Invocation>,
        rest: &str,
        diagnosed: &mut Diagnosed,
    ) {
        let case = self.case(server, client);
        if !self.evidence.is_build_chosen && by_lines::server::is_of_first_etcd(&server.arguments) {
            diagnosed.notes.push(
                "Not judged: etcd’s command line is of a release before 2.0; its flags have other names since."
                    .to_owned(),
            );
            return;
        }
        let in_one = |it: &Caveat| matches!(it, Caveat::WordsInOneItem { .. });
        if server.caveats.iter().any(in_one) {
            diagnosed.notes.push(
                "Not judged: with its words in one item, no etcd is started at all.".to_owned(),
            );
            return;
        }
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
            Ok(judged)
                if let Some(reason) =
                    self.doubt(&judged, &case, &lacking, server, diagnosed, rest) =>
            {
                diagnosed.notes.push(format!("Not judged: {reason}"));
            }
            Ok(judged) => {
                let coats = mending::Coats {
                    server: self.coat(server),
                    client: client.and_then(|client| self.coat(client)),
                };
                if matches!(
                    judged.finding.rule,
                    Rule::AdvertisedInCluster | Rule::NameInCluster
                ) {
                    diagnosed
                        .notes
                        .splice(0..0, by_lines::server::of_name(&case));
                }
                diagnosed.mended = mend(&case, &judged.finding, &coats, &self.evidence.text);
                diagnosed.judged = Some(Box::new(judged));
            }
            Err(error) => diagnosed.notes.push(format!("{error}.")),
        }
        tell_by_lines(self.evidence, &case, server, client, diagnosed);
        // Who keeps keys away can still have the certificates checked.
        if lacking.iter().any(|path| path.contains("key")) {
            self.check_files(diagnosed);
        }
    }

    /// Why a verdict may not be the one that these lines deserve: of what etcd is told a
    /// part is not here, it is of a release that is not known, or nothing was looked at.
    fn doubt(
        &self,
        judged: &Judged,
        case: &Case<'_>,
        lacking: &BTreeSet<&str>,
        server: &Invocation,
        diagnosed: &Diagnosed,
        rest: &str,
    ) -> Option<String> {
        let finding = &judged.finding;
        let is_well = finding.all_is_well();
        let rule = finding.rule.sentence().trim_end_matches('.');
        if let Some(by) = may_stand_elsewhere(judged, server) {
            let so_far = if is_well {
                "nothing here is refused".to_owned()
            } else {
                format!("etcd would not do by what is here alone ({rule})")
            };
            return Some(format!(
                "{so_far}, and what {by} sets was not read. Paste that below, as NAME=VALUE."
            ));
        }
        // What a variable stands for may be in order.
        if is_of_unknown(judged, server) {
            return Some(
                "a value has a variable in it, and what that stands for is not known.".to_owned(),
            );
        }
        // It had the flag.
        let is_old = finding.rule == Rule::KnownFlag && UNTIL_3_3.contains(&finding.field.as_str());
        if let Some(older) = self.older.filter(|_| is_old) {
            return Some(format!(
                "the text names etcd {older}, which has {}; {}, the oldest that is known here, has it no more.",
                finding.field, self.build.version,
            ));
        }
        if self.is_perhaps_cut(judged, server) {
            return Some(format!(
                "the text ends within etcd’s flags, and {} is not among them. Paste the manifest whole.",
                EtcdOption::InitialCluster.flag()
            ));
        }
        // Who runs has a line that starts: of this one a part is missing.
        if is_gainsaid(judged, diagnosed, rest) {
            return Some(format!(
                "the log is of an etcd that runs, and etcd would not start by this line alone ({rule}). A part of the line is missing."
            ));
        }
        // What is not here may be what is wrong.
        if is_well && server.caveats.contains(&Caveat::PartOfFile) {
            return Some(
                "nothing in this part of etcd’s config file is refused, and the rest of it is not here. Paste it whole."
                    .to_owned(),
            );
        }
        // A seal is for files that were looked at, or for a client that gets through.
        let is_looked_at =
            case.etcdctl.is_some() || !certificate_files(case).all(|path| lacking.contains(path));
        (is_well && !is_looked_at).then(|| {
            "nothing in etcd’s command line is refused by itself, and none of its files was looked at."
                .to_owned()
        })
    }

    /// Whether a manifest ends within etcd's flags, and what is refused is that one is not
    /// among them.
    fn is_perhaps_cut(&self, judged: &Judged, server: &Invocation) -> bool {
        let text = match &server.place.source {
            Source::Pasted => self.evidence.text.as_bytes(),
            Source::File { name } => {
                let file = self.evidence.files.iter().find(|it| it.name == *name);
                file.map_or(&[] as &[u8], |file| &file.contents.0)
            }
        };
        let behind = text.get(server.place.bytes.end..);
        let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'`';
        let is_last = behind.is_some_and(|text| text.iter().all(ends));
        let is_lacking = server.of_etcd(EtcdOption::InitialCluster).is_none();
        let is_cut = server.coat == Coat::Manifest && is_last && is_lacking;
        is_cut && judged.finding.rule == Rule::AdvertisedInCluster
    }

    /// Says what a client's line tells by itself, where etcd's is not here.
    pub(super) fn tell_of_client(
        &self,
        client: &Invocation,
        material: &Material,
        diagnosed: &mut Diagnosed,
    ) {
        // One of several may be the one that failed. What its line tells comes before what
        // was not used.
        let mut telling = 0;
        let others = material.invocations.iter();
        let others = others.filter(|it| it.program == client.program);
        for line in iter::once(client).chain(others.take(MOST_LINES)) {
            let etcdctl = Etcdctl::of(line.command_line(), self.build);
            let configuration = match etcdctl.configuration {
                Ok(configuration) => configuration,
                Err(EtcdctlError::Configuration(error)) if line.of_client().is_none() => {
                    let note = self.unknown_command(line, &error.text(&self.build), &material.rest);
                    if let Some(note) = note.filter(|it| !diagnosed.notes.contains(it)) {
                        diagnosed.notes.insert(telling, note);
                        telling += 1;
                    }
                    continue;
                }
                Err(_) => continue,
            };
            let program = line.of_client();
            let swapped = names::of_client(&configuration, program).into_iter();
            let is_old = names::is_of_old_client(line);
            let is_of_kubeadm = program.is_none() && !is_old && is_of_kubeadm_alone(&material.rest);
            let of_kubeadm = is_of_kubeadm
                .then(|| by_lines::client::of_client_of_kubeadm(&configuration))
                .flatten();
            let swapped = swapped.chain(names::of_old_client(line));
            let told = swapped
                .chain(by_lines::client::of_quotes(&configuration))
                .chain(of_kubeadm)
                .chain(by_lines::client::misdialled(&configuration, None))
                .chain(by_lines::client::of_client(
                    &configuration,
                    program,
                    &diagnosed.clues,
                ));
            for note in told.collect::<Vec<_>>() {
                if !diagnosed.notes.contains(&note) {
                    diagnosed.notes.insert(telling, note);
                    telling += 1;
                }
            }
        }
        let asker = client.of_client().unwrap_or(client.program.name());
        diagnosed.notes.push(format!(
            "etcd’s own command line is needed too: what {asker} is told depends on it. Paste it below the other."
        ));
    }

    /// That etcdctl ends at a command that it has in neither API, and so connects nowhere.
    fn unknown_command(&self, line: &Invocation, words: &str, rest: &str) -> Option<String> {
        let command = words
            .strip_prefix("unknown command \"")?
            .split('"')
            .next()?;
        let is_word = command.chars().all(|letter| letter.is_ascii_lowercase());
        let asks_old = names::is_of_old_client(line)
            || line
                .environment
                .get(ETCDCTL_API)
                .is_some_and(|api| api == "2")
            || etcdctl_v2::COMMANDS.contains(&command)
            || rest.contains("API version: 2");
        (is_word && !asks_old).then(|| {
            format!(
                "etcdctl {} ends before it connects anywhere: unknown command “{command}”.",
                self.build.version
            )
        })
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
    pub(super) fn check_files(&self, diagnosed: &mut Diagnosed) {
        let now = Time::utc(self.evidence.now);
        chains::check(self.files, self.build.go, now, diagnosed);
    }
}

/// Whether a text speaks of kubeadm, and not of an etcd beside it.
fn is_of_kubeadm_alone(text: &str) -> bool {
    let others = ["external etcd", "externalEtcd", "external:"];
    text.contains("kubeadm") && !others.iter().any(|it| text.contains(it))
}

/// Says first what the command lines tell by themselves.
fn tell_by_lines(
    evidence: &Evidence,
    case: &Case<'_>,
    server: &Invocation,
    client: Option<&Invocation>,
    diagnosed: &mut Diagnosed,
) {
    let rule = diagnosed.judged.as_ref().map(|it| it.finding.rule);
    let variables: Vec<String> = case.etcd.line.environment.keys().cloned().collect();
    let version = case.etcd.build.version;
    let strange = by_lines::variables::strange_variables(&variables, version);
    let unread = strange.filter(|(name, _)| !evidence.uses(name));
    let mut told: Vec<String> = unread.map(|(_, told)| told).collect();
    told.retain(|it| !diagnosed.notes.contains(it));
    told.extend(by_lines::server::of_peers(server));
    told.extend(by_lines::server::of_advertised(server));
    let is_open = |clue: &Clue| clue.rules.is_empty() && clue.saying.kind == SayingKind::Broken;
    let is_well = diagnosed
        .judged
        .as_ref()
        .is_some_and(|it| it.finding.all_is_well());
    if is_well && diagnosed.clues.iter().any(is_open) {
        told.extend(by_lines::server::of_others(case));
    }
    told.extend(case.client().and_then(by_lines::client::of_quotes));
    if server.coat == Coat::Kubeadm {
        told.extend(by_lines::server::of_kubeadm(case));
    }
    told.extend(by_lines::server::of_urls(&case.etcd.line));
    told.extend(by_lines::server::of_auto_tls(case, &diagnosed.clues, rule));
    // What is judged is judged by what is in the files.
    if rule.is_none() {
        let program = client.and_then(Invocation::of_client);
        told.extend(by_lines::server::of_name(case));
        let of_client = client.and_then(Invocation::set_elsewhere);
        let listens = server.of_etcd(EtcdOption::ListenClientUrls).is_some();
        let is_whole = of_client.is_none() && (listens || server.set_elsewhere().is_none());
        if is_whole {
            told.extend(by_lines::told(case, &diagnosed.clues));
        }
        told.extend(case.server().into_iter().flat_map(names::of_server));
        told.extend(case.client().and_then(|it| names::of_client(it, program)));
    }
    diagnosed.notes.splice(0..0, told);
}

/// Whether what is refused is a word of which a part is not known.
fn is_of_unknown(judged: &Judged, server: &Invocation) -> bool {
    let options: &[EtcdOption] = match judged.finding.rule {
        Rule::InitialCluster => &[EtcdOption::InitialCluster],
        Rule::NameInCluster => &[EtcdOption::InitialCluster, EtcdOption::Name],
        Rule::AdvertisedInCluster => &[
            EtcdOption::InitialCluster,
            EtcdOption::Name,
            EtcdOption::InitialAdvertisePeerUrls,
        ],
        _ => &[],
    };
    // A template's braces are YAML's own, so that its values are none.
    let is_unknown =
        |caveat: &Caveat| matches!(caveat, Caveat::Unknown { word } if word.contains("{{"));
    if judged.finding.rule == Rule::ConfigFile && server.caveats.iter().any(is_unknown) {
        return true;
    }
    // What stands for a whole host may be an address; what a domain follows is a name.
    let may_be_address = |value: &str| {
        let hosts = value.split(',').filter_map(|url| url.split_once("://"));
        let mut hosts = hosts.map(|(_, rest)| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
        hosts.any(|host| host.starts_with(['$', '<', '{']) && !host.contains('.'))
    };
    let is_for_address = judged.finding.rule == Rule::ListenOnAddress;
    let told = &judged.finding.listener;
    let mut caveats = server.caveats.iter();
    caveats.any(|caveat| {
        let Caveat::Unknown { word } = caveat else {
            return false;
        };
        let value = word
            .split_once('=')
            .map_or(word.as_str(), |(_, value)| value);
        let is_named = |line: &String| value.split(',').any(|part| line.contains(part));
        let is_given = |option: &EtcdOption| {
            let given = server.of_etcd(*option);
            // Of a config file it is not known which key a value is of.
            given.map_or(
                server.of_etcd(EtcdOption::ConfigurationFile).is_some(),
                |given| given == word || given == value,
            )
        };
        let may_be_well = !is_for_address || may_be_address(value);
        may_be_well && told.iter().any(is_named) || options.iter().any(is_given)
    })
}

/// What names the variables that are not here, where they may be what is missing, or what
/// is wrong.
fn may_stand_elsewhere<'s>(judged: &Judged, server: &'s Invocation) -> Option<&'s str> {
    let by = server.set_elsewhere()?;
    let is_open = match judged.finding.rule {
        Rule::HttpsNeedsKeyPair
        | Rule::CertificateAndKeyTogether
        | Rule::NameInCluster
        | Rule::AdvertisedInCluster
        | Rule::ExistingClusterHasMembers
        | Rule::NamesNeedClientCertAuth
        | Rule::AdvertiseWhatYouListenOn => true,
        // The URLs that etcd has by itself.
        Rule::SomethingListens | Rule::TlsEndpoint | Rule::PlainEndpoint => {
            server.of_etcd(EtcdOption::ListenClientUrls).is_none()
        }
        _ => judged.finding.all_is_well(),
    };
    is_open.then_some(by)
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

/// Whether a verdict says no more than that a file is missing, be it the config file,
/// and none was given.
fn is_for_want_of_files(judged: &Judged, case: &Case<'_>, lacking: &BTreeSet<&str>) -> bool {
    let finding = &judged.finding;
    let is_lacking = |file: &str| match finding.rule {
        Rule::FileExists => lacking.contains(file),
        Rule::ConfigFile => !case.etcd.files.contains(file),
        _ => false,
    };
    finding.file.as_deref().is_some_and(is_lacking)
        && certificate_files(case).all(|path| lacking.contains(path))
}

/// The files that are named, without the config file: one that was pasted names files,
/// and is none of those.
fn certificate_files<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c str> {
    let configuration = case.etcd.configuration.as_ref().ok();
    let config_file = configuration.and_then(|it| it.config_file.as_deref());
    named_files(case).filter(move |path| Some(*path) != config_file)
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
