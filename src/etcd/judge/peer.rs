//! The peer port: whether one member of a cluster lets another one in. Both
//! are started from their command lines; then the one dials the other as
//! etcd's `rafthttp` does, with the files of its `--peer-` flags. What a name
//! means and where the dialer comes from are arguments: nothing is looked up.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Answer, Files, Step, Verdict};
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::cipher_suites::Offer;
use crate::etcd::judge::handshake::{self, Client, Listener, Outcome, RemoteAddress, ServerCheck};
use crate::etcd::judge::phrase::{self, Alert};
use crate::etcd::judge::reading::command_line::{CommandLine, CommandLineError};
use crate::etcd::judge::reading::server_configuration::{ServerConfiguration, split_host_port};
use crate::etcd::judge::server::{self, Loaded, StartFailure};
use go_x509::address;
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::url::Url;

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

/// What comes of it.
#[derive(Clone, Debug)]
pub struct PeerAnswer {
    /// The outcome: refused also when one of the two doesn't start.
    pub verdict: Verdict,
    /// Where it was decided.
    pub step: Step,
    /// What the dialer logs of the connection: any of these.
    pub dialer: Vec<String>,
    /// What the listener logs: each of these.
    pub listener: Vec<String>,
    /// What decided; `None` when everything was accepted.
    pub cause: Option<Cause>,
    /// The path of the file at fault, on the machine whose file it is.
    pub file: Option<String>,
    /// The field or flag at fault, and what to do.
    pub field: String,
    /// What to do.
    pub mend: String,
}

impl PeerAnswer {
    fn new(step: Step, cause: Option<Cause>, file: Option<String>) -> Self {
        let verdict = match (&cause, step) {
            (None, _) => Verdict::Accepted,
            (_, Step::EtcdStart) => Verdict::ServerStartFailed,
            _ => Verdict::Refused,
        };
        // The rules are the client port's.
        let answer = Answer::new(verdict, step, cause, file);
        Self {
            verdict,
            step,
            dialer: Vec::new(),
            listener: Vec::new(),
            cause: answer.cause,
            file: answer.file,
            field: answer.field,
            mend: answer.mend,
        }
    }
}

/// A member that has started.
struct Started {
    configuration: ServerConfiguration,
    loaded: Option<Loaded>,
}

fn start(member: &PeerMember<'_>) -> Result<Result<Started, StartFailure>, CommandLineError> {
    let line = CommandLine::parse(member.line, "etcd")?;
    let started = server::configure_and_start(&line, Files(member.files), &member.build);
    Ok(started.map(|(configuration, started)| Started {
        configuration,
        loaded: started.peer,
    }))
}

/// Judges whether `dialer` gets through to `listener`.
///
/// # Errors
///
/// A text that is no command line of etcd.
pub fn judge_peer(question: &PeerQuestion<'_>) -> Result<PeerAnswer, CommandLineError> {
    let (dialer, listener) = (start(&question.dialer)?, start(&question.listener)?);
    Ok(match (dialer, listener) {
        (Err(failure), _) => {
            let mut answer = start_failed(failure);
            answer.dialer.append(&mut answer.listener);
            answer
        }
        (_, Err(failure)) => start_failed(failure),
        (Ok(dialer), Ok(listener)) => connect(question, &dialer, &listener),
    })
}

fn start_failed(failure: StartFailure) -> PeerAnswer {
    let mut answer = PeerAnswer::new(Step::EtcdStart, Some(*failure.cause), failure.file);
    answer.listener = vec![failure.text];
    answer
}

/// The URL under which the dialer knows the listener: of its own
/// `--initial-cluster`, else what the listener advertises.
fn url_of(dialer: &ServerConfiguration, listener: &ServerConfiguration) -> Option<Url> {
    let cluster = dialer.initial_cluster.as_deref().unwrap_or_default();
    cluster
        .split(',')
        .filter_map(|member| member.split_once('='))
        .find(|(name, _)| name.trim() == listener.name)
        .and_then(|(_, url)| go_x509::url::parse(url.trim()).ok())
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

fn connect(question: &PeerQuestion<'_>, dialer: &Started, listener: &Started) -> PeerAnswer {
    let refused = |cause, file, dialer: Vec<String>, listener: Vec<String>| {
        let step = match cause {
            Cause::PeerAddress { .. } => Step::PeerAddress,
            Cause::AllowedHostname { .. } | Cause::AllowedCommonName { .. } => {
                Step::AllowedHostnames
            }
            Cause::Revoked { .. }
            | Cause::RevocationListMissing(_)
            | Cause::RevocationListUnreadable(_) => Step::RevocationList,
            Cause::ServerRefused(_) | Cause::ServerChainUnreadable(_) => Step::ServerCheck,
            Cause::ClientRefused(_)
            | Cause::ClientChainUnreadable(_)
            | Cause::NoClientCertificate => Step::ClientCheck,
            _ => Step::Connection,
        };
        let mut answer = PeerAnswer::new(step, Some(cause), file);
        answer.dialer = dialer;
        answer.listener = listener;
        answer
    };
    let Some(url) = url_of(&dialer.configuration, &listener.configuration) else {
        return refused(Cause::Unreachable, None, Vec::new(), Vec::new());
    };
    let port = |url: &Url| split_host_port(&url.host).map(|(_, port)| port.to_owned());
    let Some(listens) = listener
        .configuration
        .listen_peer_urls
        .iter()
        .find(|listens| port(listens) == port(&url))
    else {
        let words = format!("dial tcp {}: connect: connection refused", url.host);
        return refused(Cause::Unreachable, None, vec![words], Vec::new());
    };
    match (
        server::is_secure(&url.scheme),
        server::is_secure(&listens.scheme),
    ) {
        (false, false) => return PeerAnswer::new(Step::Done, None, None),
        (true, false) => {
            let words = vec!["http: server gave HTTP response to HTTPS client".to_owned()];
            return refused(Cause::TlsToPlain, None, words, Vec::new());
        }
        (false, true) => {
            let log = vec!["tls: first record does not look like a TLS handshake".to_owned()];
            return refused(Cause::PlainToTls, None, vec!["EOF".to_owned()], log);
        }
        (true, true) => {}
    }
    let Some(own) = &listener.loaded else {
        // `--peer-auto-tls`: a certificate signed by itself, and no demand.
        return to_own_certificate(dialer, &refused);
    };
    handshake_with(question, dialer, listener, own, url.host_name(), &refused)
}

type Refused<'a> = dyn Fn(Cause, Option<String>, Vec<String>, Vec<String>) -> PeerAnswer + 'a;

/// A dialer with `--peer-auto-tls` trusts anyone; any other refuses what a
/// listener has signed by itself.
fn to_own_certificate(dialer: &Started, refused: &Refused<'_>) -> PeerAnswer {
    use go_x509::chain::{Refusal, VerifyError};
    if dialer.loaded.is_none() {
        return PeerAnswer::new(Step::Done, None, None);
    }
    let refusal = Refusal {
        reason: VerifyError::UnknownAuthority { hint: None },
        certificate: Vec::new(),
    };
    let words = vec![refusal.to_string()];
    let file = Some(dialer.configuration.peer.trusted_ca_file.clone());
    let log = vec![Alert::BadCertificate.remote_text().to_owned()];
    refused(Cause::ServerRefused(refusal), file, words, log)
}

fn handshake_with(
    question: &PeerQuestion<'_>,
    dialer: &Started,
    listener: &Started,
    own: &Loaded,
    host: &str,
    refused: &Refused<'_>,
) -> PeerAnswer {
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
    let limited = |configuration: &ServerConfiguration, build: &EtcdBuild| {
        build.limits_tls_to_12() || configuration.tls_max_version == "TLS1.2"
    };
    let client = Client {
        build: &question.dialer.build,
        check,
        chain,
        allowed: here.allowed_names(),
        limited_to_tls12: limited(&dialer.configuration, &question.dialer.build),
        offer: Offer::Listed(&dialer.configuration.cipher_suites),
    };
    let address = remote_address(question, &dialer.configuration, host);
    let mut names = question.names.clone();
    names
        .entry("localhost".to_owned())
        .or_insert_with(|| vec!["127.0.0.1".to_owned(), "::1".to_owned()]);
    let files = Files(question.listener.files);
    let server = Listener {
        build: &question.listener.build,
        allowed: there.allowed_names(),
        address_check: (!there.skip_address_check).then_some(RemoteAddress {
            address: &address,
            names: &names,
        }),
        key_pair: &own.key_pair,
        client_roots: own.client_roots.as_ref(),
        revocation_list: (!there.crl_file.is_empty()).then(|| files.open(&there.crl_file)),
        allows_tls13: !limited(&listener.configuration, &question.listener.build),
        allows_tls12: listener.configuration.tls_min_version != "TLS1.3",
        cipher_suites: &listener.configuration.cipher_suites,
    };
    let sent = || {
        let file = if here.client_cert_file.is_empty() {
            &here.cert_file
        } else {
            &here.client_cert_file
        };
        Some(file.clone())
    };
    match handshake::connect(&client, &server, Time::utc(question.now)) {
        Outcome::Accepted => PeerAnswer::new(Step::Done, None, None),
        Outcome::ByClient { cause, text, alert } => {
            let log = vec![alert.remote_text().to_owned()];
            refused(cause, Some(there.cert_file.clone()), vec![text], log)
        }
        Outcome::ByServer {
            cause,
            text,
            alert,
            tls13,
        } => {
            let words = phrase::refused_peer(Some(alert), tls13);
            refused(cause, sent(), words, vec![text])
        }
        Outcome::Closed { cause, text, tls13 } => {
            let file = match cause {
                Cause::Revoked { .. } | Cause::PeerAddress { .. } => sent(),
                _ => Some(there.crl_file.clone()),
            };
            let words = phrase::refused_peer(None, tls13);
            refused(cause, file, words, vec![text])
        }
        Outcome::NoVersion => {
            let words = phrase::refused_peer(Some(Alert::ProtocolVersion), false);
            let log = vec!["tls: client offered only unsupported versions: [303]".to_owned()];
            refused(Cause::NothingInCommon, None, words, log)
        }
    }
}
