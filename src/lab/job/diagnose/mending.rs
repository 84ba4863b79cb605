//! Command lines with a mistake taken out of them: their words are changed, the
//! case is judged again, and what still fails is no mend.

use serde::{Deserialize, Serialize};

use super::{MOST_CERTIFICATES, base, files_in};
use crate::etcd::facts::etcdctl_option::EtcdctlOption as O;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::variable::ETCDCTL_API;
use crate::etcd::judge::case::{Etcd, Etcdctl};
use crate::etcd::judge::reading::client_configuration::DEFAULT_ENDPOINT;
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::{Case, Finding, Verdict};
use crate::lab::file::GivenFile;
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::pem;

/// Command lines with a mistake taken out of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MendedLines {
    /// What the press does.
    pub label: String,
    /// Both command lines, as they are to be.
    pub text: String,
    /// The files that stand in the text whose place they take.
    pub pasted: Vec<GivenFile>,
}

/// What both command lines stood in, where they stood in something.
pub(super) struct Coats {
    pub(super) server: Option<CoatOfLine>,
    pub(super) client: Option<CoatOfLine>,
}

/// What stands in a pasted line before the program that it calls.
pub(super) struct CoatOfLine {
    /// `kubectl exec etcd-0 -- `
    before: String,
    /// Whether the call is one word of it: `sh -c "…"`.
    is_quoted: bool,
}

impl CoatOfLine {
    /// The coat of the first call of `program` in a line; none that can't be put
    /// around another one again.
    pub(super) fn of(line: &str, program: &str) -> Option<Self> {
        let mut place = 0;
        for word in line.split_inclusive(char::is_whitespace) {
            let begin = place;
            place += word.len();
            let bare = word.trim_end();
            let unquoted = bare.trim_start_matches(['"', '\'']);
            if base(unquoted) == program {
                let before = line.get(..begin)?.to_owned();
                let is_quoted = unquoted.len() < bare.len();
                // Prompts and what is piped are not to be run again.
                let is_plain = !before.contains(['|', ';', '>', '\n']);
                return is_plain.then_some(Self { before, is_quoted });
            }
        }
        None
    }
}

/// A command line in the coat that it had.
fn dressed(coat: Option<&CoatOfLine>, line: &CommandLine) -> String {
    let line = line.to_string();
    match coat {
        None => line,
        Some(coat) if coat.is_quoted => {
            let plain = line.replace(" \\\n  ", " ");
            let quoted = shlex::try_quote(&plain).map(std::borrow::Cow::into_owned);
            quoted.map_or(line, |quoted| format!("{}{quoted}", coat.before))
        }
        Some(coat) => format!("{}{line}", coat.before),
    }
}

/// A change of one of the two command lines.
enum Changed {
    Server(CommandLine),
    Client(CommandLine),
}

/// A mend that is a matter of command lines alone, tried before it is offered.
pub(super) fn mend(
    case: &Case<'_>,
    finding: &Finding,
    coats: &Coats,
    pasted: &str,
) -> Option<MendedLines> {
    let mut changes = changes(case, finding.rule);
    changes.truncate(MOST_CERTIFICATES);
    changes.into_iter().find_map(|(label, changed)| {
        let mended = with(case, changed);
        let passes = mended.judge().ok()?.verdict == Verdict::Accepted;
        passes.then(|| {
            let client = mended.etcdctl.map(|etcdctl| etcdctl.line);
            let client = client.map(|line| dressed(coats.client.as_ref(), &line));
            let server = dressed(coats.server.as_ref(), &mended.etcd.line);
            MendedLines {
                label,
                text: format!("{server}\n\n{}\n", client.unwrap_or_default()),
                pasted: files_in(pasted),
            }
        })
    })
}

fn with<'a>(case: &Case<'a>, changed: Changed) -> Case<'a> {
    let mut case = case.clone();
    match changed {
        Changed::Server(line) => {
            case.etcd = Etcd::read(line, case.etcd.files.clone(), case.etcd.build);
        }
        Changed::Client(line) => {
            let build = case
                .etcdctl
                .map_or(case.etcd.build, |etcdctl| etcdctl.build);
            case.etcdctl = Some(Etcdctl::of(line, build));
        }
    }
    case
}

/// What could mend a rule that was broken, the likeliest first.
fn changes(case: &Case<'_>, rule: Rule) -> Vec<(String, Changed)> {
    let server = &case.etcd.line;
    if rule == Rule::AdvertiseWhatYouListenOn {
        let url = server.flag(EtcdOption::ListenClientUrls.name());
        let advertised = EtcdOption::AdvertiseClientUrls.name();
        let change = url.map(|url| server.with_flag(advertised, url));
        let label = "Advertise what etcd listens on".to_owned();
        return change
            .map(|line| (label, Changed::Server(line)))
            .into_iter()
            .collect();
    }
    let Some(etcdctl) = &case.etcdctl else {
        return Vec::new();
    };
    let client = &etcdctl.line;
    let changed: Vec<(String, CommandLine)> = match rule {
        Rule::ClientCertificateRequired => identities(case)
            .into_iter()
            .map(|(path, key)| {
                let line = client
                    .with_flag(O::Key.name(), &key)
                    .with_flag(O::Certificate.name(), path);
                (format!("Show {} to etcd", base(path)), line)
            })
            .collect(),
        Rule::ServerCaKnown => case
            .etcd
            .files
            .iter()
            .map(|(path, _)| {
                let line = client.with_flag(O::AuthorityCertificate.name(), path);
                (format!("Trust {}", base(path)), line)
            })
            .collect(),
        Rule::TlsEndpoint => vec![("Dial https://".to_owned(), with_https(client))],
        Rule::ApiVersion => {
            let line = client.with_variable(ETCDCTL_API, "3");
            vec![("Set ETCDCTL_API=3".to_owned(), line)]
        }
        _ => Vec::new(),
    };
    changed
        .into_iter()
        .map(|(label, line)| (label, Changed::Client(line)))
        .collect()
}

/// etcdctl's line with `https://` in front of each endpoint.
fn with_https(client: &CommandLine) -> CommandLine {
    let flag = O::Endpoints.name();
    let variable = O::Endpoints.variable();
    let https = |endpoints: &str| {
        let endpoints: Vec<String> = endpoints
            .split(',')
            .map(str::trim)
            .map(|endpoint| endpoint.strip_prefix("http://").unwrap_or(endpoint))
            .map(|endpoint| {
                if endpoint.contains("://") {
                    endpoint.to_owned()
                } else {
                    format!("https://{endpoint}")
                }
            })
            .collect();
        endpoints.join(",")
    };
    match (client.flag(flag), client.environment.get(&variable)) {
        (Some(endpoints), _) => client.with_flag(flag, &https(endpoints)),
        (None, Some(endpoints)) => client.with_variable(&variable, &https(endpoints)),
        (None, None) => client.with_flag(flag, &https(DEFAULT_ENDPOINT)),
    }
}

/// The leaves among the files that have their key beside them, under the same
/// name; those for clients first.
fn identities<'f>(case: &'f Case<'_>) -> Vec<(&'f str, String)> {
    let go = case.etcd.build.go;
    let files = &case.etcd.files;
    let mut found: Vec<(bool, &str, String)> = files
        .iter()
        .filter_map(|(path, content)| {
            let stem = path.strip_suffix(".crt").or(path.strip_suffix(".pem"))?;
            let key = format!("{stem}.key");
            let (block, _) = pem::decode(content, go)?;
            let certificate = Certificate::parse(&block.bytes, go).ok()?;
            let leaf = files.contains(&key) && !certificate.is_authority;
            let serves = certificate
                .extended_key_usages
                .contains(&ExtendedKeyUsage::ServerAuth);
            leaf.then_some((serves, path, key))
        })
        .collect();
    found.sort_by_key(|(serves, path, _)| (*serves, *path));
    found
        .into_iter()
        .map(|(_, path, key)| (path, key))
        .collect()
}

#[cfg(test)]
mod coats {
    use super::*;

    #[test]
    fn a_mended_line_keeps_what_it_was_called_through() {
        let line = CommandLine::parse("etcdctl --cacert=ca.crt get k", "etcdctl").unwrap();
        let mended = |given: &str| {
            let coat = CoatOfLine::of(given, "etcdctl");
            dressed(coat.as_ref(), &line).replace(" \\\n  ", " ")
        };
        let kubectl = "kubectl -n kube-system exec etcd-0 -- ";
        assert_eq!(
            mended(&format!("{kubectl}etcdctl get k")),
            format!("{kubectl}etcdctl --cacert=ca.crt get k")
        );
        assert_eq!(
            mended("docker exec etcd sh -c \"etcdctl get k\""),
            "docker exec etcd sh -c 'etcdctl --cacert=ca.crt get k'"
        );
        assert_eq!(
            mended("sudo /usr/bin/etcdctl get k"),
            "sudo etcdctl --cacert=ca.crt get k"
        );
        assert_eq!(
            mended("date; sudo etcdctl get k"),
            "etcdctl --cacert=ca.crt get k"
        );
    }
}
