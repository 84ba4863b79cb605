//! The peer port: whether one member of a cluster lets another one in. Both
//! are started from their command lines; then the one dials the other as
//! etcd's `rafthttp` does, with the files of its `--peer-` flags. What a name
//! means and where the dialer comes from are arguments: nothing is looked up.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::case::Etcd;
use super::failure::StartFailure;
use super::finding::{Finding, Stage};
use crate::etcd::facts::alert::Alert;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::cipher_suites::OfferedSuites;
use crate::etcd::judge::connection::{
    self, AllowedNames, Dialer, Ended, Listener, RemoteAddress, ServerCheck,
};
use crate::etcd::judge::phrase;
use crate::etcd::judge::reading::command_line::CommandLineError;
use crate::etcd::judge::reading::files::Files;
use crate::etcd::judge::reading::server_configuration::{ServerConfiguration, TlsSettings};
use crate::etcd::judge::start::{self, Loaded};
use go_x509::address::{self, split_host_port};
use go_x509::chain::{Refusal, VerifyError};
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::url::{self, Url};
use go_x509::version::GoBuild;

/// A member of a cluster: its command line on its machine.
#[derive(Clone, Copy, Debug)]
pub struct PeerMember<'a> {
    /// etcd's command line.
    pub line: &'a str,
    /// The files that it names.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// The etcd.
    pub build: EtcdBuild,
}

/// What is asked about two members.
#[derive(Clone, Copy, Debug)]
pub struct PeerQuestion<'a> {
    /// The member that connects.
    pub dialer: PeerMember<'a>,
    /// The member that listens.
    pub listener: PeerMember<'a>,
    /// The time on both sides.
    pub now: Timestamp,
    /// The address that the dialer is seen with; `None` takes the one it
    /// listens on, and the loopback address where it dials that.
    pub from: Option<&'a str>,
    /// Host names and their addresses, as both machines know them. `localhost`
    /// is known without.
    pub names: &'a BTreeMap<String, Vec<String>>,
}

/// A member that has started.
struct Started<'a> {
    etcd: &'a Etcd<'a>,
    configuration: &'a ServerConfiguration,
    /// The files of its peer port; `None` where that has no TLS, or etcd made the
    /// certificate itself.
    loaded: Option<Loaded>,
}

impl<'a> Started<'a> {
    fn of(etcd: &'a Etcd<'a>) -> Result<Self, StartFailure> {
        let (configuration, started) = start::start_etcd(etcd)?;
        Ok(Self {
            etcd,
            configuration,
            loaded: started.peer,
        })
    }

    fn is_limited_to_tls12(&self) -> bool {
        self.configuration.is_limited_to_tls12(&self.etcd.build)
    }
}

impl<'a> PeerMember<'a> {
    fn read(&self) -> Result<Etcd<'a>, CommandLineError> {
        Etcd::told(self.line, Files::from(self.files), self.build)
    }
}

/// Judges whether `dialer` gets through to `listener`.
///
/// # Errors
///
/// A text that is no command line of etcd.
pub fn judge_peer(question: &PeerQuestion<'_>) -> Result<Finding, CommandLineError> {
    let (dialer, listener) = (question.dialer.read()?, question.listener.read()?);
    let failed = |failure: StartFailure| {
        let words = vec![failure.text.clone()];
        (Finding::start_failed(failure), words)
    };
    Ok(match (Started::of(&dialer), Started::of(&listener)) {
        (Err(failure), _) => {
            let (finding, words) = failed(failure);
            finding.saying(words, Vec::new())
        }
        (_, Err(failure)) => {
            let (finding, words) = failed(failure);
            finding.saying(Vec::new(), words)
        }
        (Ok(dialer), Ok(listener)) => match connect(question, &dialer, &listener) {
            Ok(()) => Finding::accepted(),
            Err(refused) => *refused,
        },
    })
}

/// The URL under which the dialer knows the listener: of its own
/// `--initial-cluster`, else what the listener advertises.
fn url_of(
    dialer: &ServerConfiguration,
    listener: &ServerConfiguration,
    go: GoBuild,
) -> Option<Url> {
    let cluster = dialer.initial_cluster.as_deref().unwrap_or_default();
    cluster
        .split(',')
        .filter_map(|member| member.split_once('='))
        .find(|(name, _)| name.trim() == listener.name)
        .and_then(|(_, url)| url::parse_as(url.trim(), go).ok())
        .or_else(|| listener.advertise_peer_urls.first().cloned())
}

/// The address that the listener sees (`RemoteAddr`).
fn remote_address(question: &PeerQuestion<'_>, dialer: &ServerConfiguration, host: &str) -> String {
    if let Some(from) = question.from {
        return from.to_owned();
    }
    let target = if host.eq_ignore_ascii_case("localhost") {
        address::parse("127.0.0.1")
    } else {
        address::parse(host)
    };
    if let Some(loopback) = target.filter(std::net::IpAddr::is_loopback) {
        return loopback.to_string();
    }
    let own = dialer
        .listen_peer_urls
        .iter()
        .chain(&dialer.advertise_peer_urls)
        .filter_map(|url| address::parse(url.host_name()))
        .find(|address| !address.is_unspecified());
    own.map_or_else(|| "127.0.0.1".to_owned(), |address| address.to_string())
}

/// Where a cause on the peer port is found.
const fn stage(cause: &Cause) -> Stage {
    match cause {
        Cause::PeerAddress { .. } => Stage::PeerAddress,
        Cause::AllowedHostname { .. } | Cause::AllowedCommonName { .. } => Stage::AllowedHostnames,
        Cause::Revoked { .. }
        | Cause::RevocationListMissing(_)
        | Cause::RevocationListUnreadable(_) => Stage::RevocationList,
        Cause::ServerRefused(_)
        | Cause::ServerChainUnreadable(_)
        | Cause::PostQuantumIssuer {
            of_server: true, ..
        } => Stage::ServerCheck,
        Cause::PostQuantumIssuer { .. }
        | Cause::ClientRefused(_)
        | Cause::ClientChainUnreadable(_)
        | Cause::NoClientCertificate => Stage::ClientCheck,
        _ => Stage::Connection,
    }
}

fn refused(
    cause: Cause,
    file: Option<String>,
    dialer: Vec<String>,
    listener: Vec<String>,
) -> Box<Finding> {
    Box::new(Finding::refused(stage(&cause), cause, file).saying(dialer, listener))
}

fn connect(
    question: &PeerQuestion<'_>,
    dialer: &Started<'_>,
    listener: &Started<'_>,
) -> Result<(), Box<Finding>> {
    let Some(url) = url_of(
        dialer.configuration,
        listener.configuration,
        dialer.etcd.build.go,
    ) else {
        return Err(refused(Cause::Unreachable, None, Vec::new(), Vec::new()));
    };
    let port = |url: &Url| {
        split_host_port(&url.host)
            .ok()
            .map(|(_, port)| port.to_owned())
    };
    let Some(listens) = listener
        .configuration
        .listen_peer_urls
        .iter()
        .find(|listens| port(listens) == port(&url))
    else {
        let words = format!("dial tcp {}: connect: connection refused", url.host);
        return Err(refused(Cause::Unreachable, None, vec![words], Vec::new()));
    };
    match (
        start::is_secure(&url.scheme),
        start::is_secure(&listens.scheme),
    ) {
        (false, false) => return Ok(()),
        (true, false) => {
            let words = vec!["http: server gave HTTP response to HTTPS client".to_owned()];
            return Err(refused(Cause::TlsToPlain, None, words, Vec::new()));
        }
        (false, true) => {
            let log = vec![connection::NO_TLS.to_owned()];
            return Err(refused(
                Cause::PlainToTls,
                None,
                vec!["EOF".to_owned()],
                log,
            ));
        }
        (true, true) => {}
    }
    match &listener.loaded {
        // `--peer-auto-tls`: a certificate signed by itself, and no demand.
        None => to_own_certificate(dialer),
        Some(own) => shake_hands(question, dialer, listener, own, url.host_name()),
    }
}

/// A dialer with `--peer-auto-tls` trusts anyone; any other refuses what a
/// listener has signed by itself.
fn to_own_certificate(dialer: &Started<'_>) -> Result<(), Box<Finding>> {
    if dialer.loaded.is_none() {
        return Ok(());
    }
    let refusal = Refusal {
        reason: VerifyError::UnknownAuthority { hint: None },
        certificate: Vec::new(),
    };
    let words = vec![refusal.to_string()];
    let file = Some(dialer.configuration.peer.trusted_ca_file.clone());
    let log = vec![Alert::BadCertificate.remote_text().to_owned()];
    Err(refused(Cause::ServerRefused(refusal), file, words, log))
}

fn shake_hands(
    question: &PeerQuestion<'_>,
    dialer: &Started<'_>,
    listener: &Started<'_>,
    own: &Loaded,
    host: &str,
) -> Result<(), Box<Finding>> {
    let (here, there) = (&dialer.configuration.peer, &listener.configuration.peer);
    let no_roots = CertificatePool::default();
    let check = match &dialer.loaded {
        // `selfCert` skips the verification.
        None => ServerCheck::Skip,
        // Without a file the system's roots decide, and none of them knows
        // etcd's peers.
        Some(loaded) => ServerCheck::Verify {
            roots: loaded.client_roots.as_ref().unwrap_or(&no_roots),
            host,
        },
    };
    let chain: &[Vec<u8>] = dialer
        .loaded
        .as_ref()
        .map_or(&[], |loaded| &loaded.own_client.chain);
    let client = Dialer {
        build: &dialer.etcd.build,
        check,
        chain,
        allowed: AllowedNames::of(here),
        limited_to_tls12: dialer.is_limited_to_tls12(),
        offer: OfferedSuites::Listed(&dialer.configuration.cipher_suites),
    };
    let address = remote_address(question, dialer.configuration, host);
    let mut names = question.names.clone();
    names
        .entry("localhost".to_owned())
        .or_insert_with(|| vec!["127.0.0.1".to_owned(), "::1".to_owned()]);
    let server = Listener {
        build: &listener.etcd.build,
        allowed: AllowedNames::of(there),
        address_check: (!there.skip_address_check).then_some(RemoteAddress {
            address: &address,
            names: &names,
        }),
        key_pair: &own.key_pair,
        client_roots: own.client_roots.as_ref(),
        revocation_list: (!there.crl_file.is_empty())
            .then(|| listener.etcd.files.open(&there.crl_file)),
        allows_tls13: !listener.is_limited_to_tls12(),
        allows_tls12: listener.configuration.tls_min_version != "TLS1.3",
        cipher_suites: &listener.configuration.cipher_suites,
    };
    connection::connect(&client, &server, Time::utc(question.now))
        .map_err(|ended| said_of(ended, here, there))
}

/// What both members say to a handshake that ended.
fn said_of(ended: Ended, here: &TlsSettings, there: &TlsSettings) -> Box<Finding> {
    let sent = || {
        let file = if here.client_cert_file.is_empty() {
            &here.cert_file
        } else {
            &here.client_cert_file
        };
        Some(file.clone())
    };
    match ended {
        Ended::ByClient { cause, text, log } => {
            refused(*cause, Some(there.cert_file.clone()), vec![text], vec![log])
        }
        Ended::ByServer {
            cause,
            text,
            alert,
            tls13,
        } => {
            let words = phrase::refused_peer(Some(alert), tls13);
            let file = match *cause {
                Cause::NothingInCommon => None,
                _ => sent(),
            };
            refused(*cause, file, words, vec![text])
        }
        Ended::Closed { cause, text, tls13 } => {
            let file = match *cause {
                Cause::Revoked { .. } | Cause::PeerAddress { .. } => sent(),
                _ => Some(there.crl_file.clone()),
            };
            let words = phrase::refused_peer(None, tls13);
            refused(*cause, file, words, vec![text])
        }
    }
}
