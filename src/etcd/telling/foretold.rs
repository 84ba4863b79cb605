//! What will surprise whoever runs two command lines, though nothing refuses them,
//! or though something else does: told before it is met. It reads the lines and a
//! verdict and decides nothing.

use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::VerifyError;
use go_x509::pem;
use serde::{Deserialize, Serialize};

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::SecurityNotice;
use crate::etcd::judge::case::{Etcd, Etcdctl};
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::command_line::CommandLineError;
use crate::etcd::judge::reading::server_configuration::{ServerConfiguration, TlsSettings};
use crate::etcd::judge::{Case, Finding, Question, phrase};

/// Something that surprises. Each was measured on 3.4.23, 3.5.35, 3.6.16 and 3.7.3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Foretold {
    /// The lines use a revocation list, and this release lacks a mend that concerns it.
    LacksMend {
        /// The release: `3.5.30`.
        version: String,
        /// The notice’s number.
        number: String,
        /// What it is about.
        words: String,
        /// The release that mends it, if the series has one.
        mended: Option<String>,
    },
    /// The allowed host names are asked of etcd’s own gateway.
    NamesOfGateway,
    /// Certificates are demanded, and their common names are nobody’s.
    NamesOfNobody,
    /// A revocation list beside a config file.
    ListBesideConfigFile,
    /// A member’s certificate that can’t be used to dial.
    MemberThatCannotDial {
        /// The certificate’s file.
        file: String,
        /// What the others log of it.
        log: String,
    },
    /// A member that may not vote.
    Learner,
    /// A user without a password never gets one.
    NoPasswordEver,
    /// A snapshot is root’s.
    SnapshotOfRoot,
    /// Tables are drawn with other characters.
    DrawnTable,
}

impl Foretold {
    /// Where it is written.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        match self {
            Self::LacksMend { .. } => "etcd’s security advisories",
            Self::NamesOfGateway => "etcd client/pkg/transport/listener.go, server/embed/serve.go",
            Self::NamesOfNobody => "etcd server/auth/store.go, AuthInfoFromTLS",
            Self::ListBesideConfigFile => "etcd server/embed/config.go, configFromFile",
            Self::MemberThatCannotDial { .. } => {
                "etcd server/etcdserver/api/rafthttp; crypto/x509 verify.go"
            }
            Self::Learner => {
                "etcd server/etcdserver/api/etcdhttp/health.go; api/v3rpc/interceptor.go"
            }
            Self::NoPasswordEver => "etcd server/auth/store.go, CheckPassword",
            Self::SnapshotOfRoot => {
                "etcd pkg/cobrautl/error.go, ExitBadArgs; api/v3rpc/maintenance.go"
            }
            Self::DrawnTable => "etcd etcdctl/ctlv3/command/printer_table.go",
        }
    }
}

sentences! { Foretold {
    Self::LacksMend { version, number, words, mended: Some(mended) } => "{words} etcd {version} lacks the mend of {number}; {mended} has it.";
    Self::LacksMend { version, number, words, mended: None } => "{words} etcd {version} lacks the mend of {number}; its series has none.";
    Self::NamesOfGateway => "--client-cert-allowed-hostname is asked of etcd's own gateway too, which dials with the server's certificate and is refused: it answers 503.";
    Self::NamesOfNobody => "--trusted-ca-file alone demands certificates, but with roles on a common name is a user only where --client-cert-auth is given.";
    Self::ListBesideConfigFile => "The config file has no key for a revocation list, and beside --config-file flags and variables are ignored: no certificate is refused as revoked.";
    Self::MemberThatCannotDial { file, log } => "{file} lacks clientAuth: this member joins and calls itself healthy, while the others refuse its connections and log “{log}”.";
    Self::Learner => "A learner answers /health and /livez with 200 and /readyz with 503; until it is promoted it takes serializable reads alone, so that etcdctl endpoint health calls it unhealthy.";
    Self::NoPasswordEver => "A user made with --no-password can't be given one: `user passwd` says “Password updated”, and every login is refused. Delete the user and make it anew.";
    Self::SnapshotOfRoot => "With roles on a snapshot is for root alone; for others etcdctl ends with status 5.";
    Self::DrawnTable => "Since 3.7 tables are drawn with box characters; a script that cuts them at + and | reads -w json instead.";
} }

/// What is to be told before, by a question.
///
/// # Errors
///
/// A text is no command line of etcd or etcdctl.
pub fn foretold_of(
    question: &Question<'_>,
    finding: &Finding,
) -> Result<Vec<Foretold>, CommandLineError> {
    Ok(foretold(&Case::read(question)?, finding))
}

/// What is to be told before.
#[must_use]
pub fn foretold(case: &Case<'_>, finding: &Finding) -> Vec<Foretold> {
    let mut told = Vec::new();
    if let Some(server) = case.server() {
        of_server(&case.etcd, server, finding, &mut told);
    }
    if let Some((etcdctl, client)) = case.etcdctl.as_ref().zip(case.client()) {
        of_client(etcdctl, client, &mut told);
    }
    told
}

fn of_server(
    etcd: &Etcd<'_>,
    server: &ServerConfiguration,
    finding: &Finding,
    told: &mut Vec<Foretold>,
) {
    let (client, version) = (&server.client, etcd.build.version);
    let lists = [client, &server.peer].map(|side| !side.crl_file.is_empty());
    if lists.contains(&true) {
        let notices = version.notices().into_iter();
        told.extend(
            notices
                .filter(|notice| notice.about_lists)
                .map(|notice: &SecurityNotice| Foretold::LacksMend {
                    version: version.to_string(),
                    number: notice.number.to_owned(),
                    words: notice.words.to_owned(),
                    mended: notice
                        .mended_in(version.series())
                        .map(|mended| mended.to_string()),
                }),
        );
    }
    if !client.allowed_hostnames.is_empty() && finding.gateway_is_refused() {
        told.push(Foretold::NamesOfGateway);
    }
    if !client.trusted_ca_file.is_empty() && !client.client_cert_auth {
        told.push(Foretold::NamesOfNobody);
    }
    let gives = |option: EtcdOption| {
        let (flag, variable) = (option.flag(), option.variable());
        let words = etcd.line.arguments.iter();
        let mut names = words.map(|word| {
            word.split('=')
                .next()
                .unwrap_or(word)
                .trim_start_matches('-')
        });
        names.any(|name| name == flag.trim_start_matches('-'))
            || etcd.line.environment.contains_key(&variable)
    };
    if server.config_file.is_some()
        && [
            EtcdOption::ClientRevocationListFile,
            EtcdOption::PeerRevocationListFile,
        ]
        .into_iter()
        .any(gives)
    {
        told.push(Foretold::ListBesideConfigFile);
    }
    let others = server
        .initial_cluster
        .as_deref()
        .unwrap_or_default()
        .contains(',');
    if others && let Some(file) = cannot_dial(etcd, &server.peer) {
        let wanted = ExtendedKeyUsage::ClientAuth;
        let reason = VerifyError::IncompatibleUsage { wanted };
        let log = phrase::client_not_verified(etcd.build.go, &reason);
        told.push(Foretold::MemberThatCannotDial { file, log });
    }
}

/// The certificate with which a member dials the others, if they refuse it for its
/// usage.
fn cannot_dial(etcd: &Etcd<'_>, peer: &TlsSettings) -> Option<String> {
    let is_checked = peer.client_cert_auth || !peer.trusted_ca_file.is_empty();
    let file = [&peer.client_cert_file, &peer.cert_file]
        .into_iter()
        .find(|file| !file.is_empty())
        .filter(|_| is_checked)?;
    let go = etcd.build.go;
    let blocks = pem::blocks(etcd.files.read(file)?, go);
    let leaf = Certificate::parse(&blocks.first()?.bytes, go).ok()?;
    let usages = &leaf.extended_key_usages;
    let dials = [ExtendedKeyUsage::Any, ExtendedKeyUsage::ClientAuth];
    let refused = !usages.is_empty() && !usages.iter().any(|usage| dials.contains(usage));
    refused.then(|| file.clone())
}

fn of_client(etcdctl: &Etcdctl, client: &ClientConfiguration, told: &mut Vec<Foretold>) {
    let words: Vec<&str> = client.command.iter().map(String::as_str).collect();
    let arguments = &etcdctl.line.arguments;
    let has = |flag: &str| {
        let mut arguments = arguments.iter();
        arguments.any(|word| word == flag || word.strip_prefix(flag) == Some("=true"))
    };
    match words.as_slice() {
        ["member", "add", ..] if has("--learner") => told.push(Foretold::Learner),
        ["user", "add", ..] if has("--no-password") => told.push(Foretold::NoPasswordEver),
        ["snapshot", "save", ..] => told.push(Foretold::SnapshotOfRoot),
        _ => {}
    }
    let asks_for_table = arguments.iter().any(|word| {
        ["-w=table", "-wtable", "--write-out=table"].contains(&word.as_str())
    }) || arguments
        .windows(2)
        .any(|pair| matches!(pair, [flag, value] if value == "table" && (flag == "-w" || flag == "--write-out")));
    if asks_for_table && etcdctl.build.draws_tables() {
        told.push(Foretold::DrawnTable);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::etcd::facts::release::EtcdBuild;

    fn told(server: &str, client: &str, version: &str) -> Vec<Foretold> {
        let build = EtcdBuild::parse(version).unwrap();
        let files = BTreeMap::from([("etcd.yml".to_owned(), b"name: default\n".to_vec())]);
        let case = Case::read(&Question::new(
            server,
            client,
            &files,
            build,
            Timestamp::UNIX_EPOCH,
        ))
        .unwrap();
        foretold(&case, &case.judge().unwrap())
    }

    #[test]
    fn a_release_that_lacks_the_mend_of_a_list_is_told_of_it() {
        let server = "etcd --client-crl-file=revoked.crl";
        let lacking = told(server, "", "3.5.30");
        let [notice] = lacking.as_slice() else {
            panic!("{lacking:?}");
        };
        let words = notice.to_string();
        assert!(
            words.contains("GHSA-3wh4-j44w-pg92") && words.ends_with("; 3.5.32 has it."),
            "{words}"
        );
        assert_eq!(told(server, "", "3.5.35"), []);
        // Without a list there is nothing to miss.
        assert_eq!(told("etcd", "", "3.5.30"), []);
    }

    #[test]
    fn what_the_lines_will_meet_is_told_before() {
        let client = |words: &str| told("etcd", &format!("etcdctl {words}"), "3.7.3");
        assert_eq!(
            client("member add n2 --learner --peer-urls=http://127.0.0.1:1"),
            [Foretold::Learner]
        );
        assert_eq!(
            client("user add app --no-password"),
            [Foretold::NoPasswordEver]
        );
        assert_eq!(client("snapshot save x.db"), [Foretold::SnapshotOfRoot]);
        assert_eq!(client("member list -w table"), [Foretold::DrawnTable]);
        assert_eq!(
            client("--write-out=table member list"),
            [Foretold::DrawnTable]
        );
        assert_eq!(client("put k v"), []);
        assert_eq!(told("etcd", "etcdctl member list -w table", "3.6.16"), []);
        let beside = told(
            "etcd --config-file=etcd.yml --client-crl-file=revoked.crl",
            "",
            "3.7.3",
        );
        assert_eq!(beside, [Foretold::ListBesideConfigFile]);
        let alone = told("etcd --trusted-ca-file=ca.crt", "", "3.7.3");
        assert_eq!(alone, [Foretold::NamesOfNobody]);
    }
}
