//! The verdict: for two command lines, the files they name, the versions on
//! both sides and a time, whether etcd and etcdctl get together, what each
//! says, which rule decided, and what to do. Computed as etcd computes it, in
//! its order; nothing is looked up by scenario.

pub mod assumption;
pub mod cause;
pub mod cipher_suites;
pub mod cluster;
pub mod curl;
pub mod handshake;
pub mod peer;
pub mod phrase;
pub mod reading;
pub mod server;

use std::collections::BTreeMap;

use jiff::Timestamp;

use go_x509::address;
use go_x509::certificate::Certificate;
use go_x509::chain::{Refusal, VerifyError};
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::url::Url;

use crate::etcd::facts::release::{ConnectionWording, EtcdBuild};
use crate::etcd::facts::rule::Rule;
use assumption::Assumption;
use cause::Cause;
use cipher_suites::Offer;
use handshake::{AllowedNames, Client, Listener, Outcome, ServerCheck};
use reading::client_configuration::{ClientConfiguration, ClientConfigurationError, Transport};
use reading::command_line::{CommandLine, CommandLineError};
pub use reading::files::Files;
use reading::server_configuration::{ConfigurationError, ServerConfiguration};
use server::{Loaded, StartFailure};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// etcd's command line.
    pub server: &'a str,
    /// etcdctl's command line; empty to ask about etcd's start only.
    pub client: &'a str,
    /// The files.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// The etcd.
    pub server_build: EtcdBuild,
    /// The etcdctl.
    pub client_build: EtcdBuild,
    /// The time on both sides.
    pub now: Timestamp,
    /// With authentication on: the users that may write. `None`: it is off.
    pub users: Option<&'a [String]>,
}

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Verdict {
    /// It works.
    Accepted,
    /// etcd runs, etcdctl fails.
    Refused,
    /// etcd does not start.
    ServerStartFailed,
}

impl Verdict {
    /// `ok`, `fail` or `server-start-fail`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "ok",
            Self::Refused => "fail",
            Self::ServerStartFailed => "server-start-fail",
        }
    }
}

/// Where it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Step {
    /// etcd's start.
    EtcdStart,
    /// etcdctl's own start.
    EtcdctlStart,
    /// Before any certificate: address, scheme, TLS version.
    Connection,
    /// The client's check of the server.
    ServerCheck,
    /// The server's check of the client.
    ClientCheck,
    /// The allowed host names.
    AllowedHostnames,
    /// The CRL.
    RevocationList,
    /// The peer's address check.
    PeerAddress,
    /// The user by common name.
    Authorization,
    /// Everything was passed.
    Done,
}

/// What etcd and etcdctl would say.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The outcome.
    pub verdict: Verdict,
    /// Where it was decided.
    pub step: Step,
    /// What etcdctl prints: any of these, as a race decides.
    pub etcdctl: Vec<String>,
    /// What etcd logs, each of these. Empty when the verdict is ok.
    pub etcd: Vec<String>,
    /// What etcd logs of its own gateway's connections, whatever the verdict.
    pub gateway_log: Vec<String>,
    /// The HTTP status of a `put` through the gateway by curl with the
    /// client's files; `None` if curl gets no answer.
    pub gateway: Option<u16>,
    /// What the verdict takes for granted.
    pub assumes: Vec<Assumption>,
    /// What decided; `None` when everything was accepted.
    pub cause: Option<Cause>,
    /// The rule that decided.
    pub rule: Rule,
    /// The path of the file at fault.
    pub file: Option<String>,
    /// The field or flag at fault.
    pub field: String,
    /// What to do.
    pub mend: String,
}

impl Answer {
    fn new(verdict: Verdict, step: Step, cause: Option<Cause>, file: Option<String>) -> Self {
        let rule = cause.as_ref().map_or(Rule::Accepted, Cause::rule);
        let field = cause.as_ref().map_or("", Cause::field);
        Self {
            verdict,
            step,
            etcdctl: Vec::new(),
            etcd: Vec::new(),
            gateway_log: Vec::new(),
            gateway: None,
            assumes: Vec::new(),
            cause,
            rule,
            file,
            field: field.to_owned(),
            mend: rule.mend().to_owned(),
        }
    }
}

/// The words of etcd that ends at its start.
fn start_words(build: &EtcdBuild, failure: &StartFailure) -> Vec<String> {
    let Cause::ServerConfiguration(error) = failure.cause.as_ref() else {
        return vec![phrase::server_start(build, &failure.text)];
    };
    match error {
        ConfigurationError::OnlyPrints => Vec::new(),
        // The flag package writes these itself, without a logger.
        ConfigurationError::Flag { .. } | ConfigurationError::ConfigFileUrl { .. } => {
            vec![failure.text.clone()]
        }
        ConfigurationError::Shadowed { variable } if build.logs_plain_lines() => {
            vec![format!(
                "pkg/flags: conflicting environment variable \"{variable}\" is shadowed by corresponding \
                 command-line flag (either unset environment variable or disable flag)"
            )]
        }
        ConfigurationError::LateSetting { text, .. } => vec![phrase::server_start(build, text)],
        ConfigurationError::Setting { text, .. } if text.starts_with("panic: ") => {
            vec![text.clone()]
        }
        _ if build.logs_plain_lines() => {
            let mut words = vec![format!(
                "etcdmain: error verifying flags, {}. See 'etcd --help'.",
                failure.text
            )];
            if *error == ConfigurationError::AdvertiseMissing {
                words.push(
                    "etcdmain: When listening on specific address(es), this etcd process must advertise \
                     accessible url(s) to each connected client."
                        .to_owned(),
                );
            }
            words
        }
        _ => vec![failure.text.clone()],
    }
}

fn start_failed(build: &EtcdBuild, failure: StartFailure) -> Answer {
    let words = start_words(build, &failure);
    let mut answer = Answer::new(
        Verdict::ServerStartFailed,
        Step::EtcdStart,
        Some(*failure.cause),
        failure.file,
    );
    answer.etcd = words;
    answer
}

/// Judges a question.
///
/// # Errors
///
/// A text that is no command line of etcd or etcdctl.
pub fn judge(question: &Question<'_>) -> Result<Answer, CommandLineError> {
    let server_line = CommandLine::parse(question.server, "etcd")?;
    let files = Files(question.files);
    let build = &question.server_build;
    let (configuration, started) = match server::configure_and_start(&server_line, files, build) {
        Ok(started) => started,
        Err(failure) => return Ok(start_failed(build, failure)),
    };
    let server = Server {
        question,
        configuration: &configuration,
        loaded: started.client.as_ref(),
    };
    let gateway = server.gateway();
    let mut answer = if question.client.trim().is_empty() {
        Answer::new(Verdict::Accepted, Step::Done, None, None)
    } else {
        let line = CommandLine::parse(question.client, "etcdctl")?;
        server.ask(&line, files)
    };
    if !question.client.trim().is_empty() {
        answer.gateway = server.gateway_status(&gateway, question.client, files);
    }
    answer.gateway_log.clone_from(&gateway.log);
    answer.assumes = assumption::of_server(&configuration);
    let client = CommandLine::parse(question.client, "etcdctl")
        .ok()
        .and_then(|line| ClientConfiguration::read(&line, &question.client_build).ok());
    if let Some(client) = client {
        answer.assumes.extend(assumption::of_client(&client));
    }
    if answer.verdict == Verdict::Refused {
        for text in gateway.log {
            if !answer.etcd.contains(&text) {
                answer.etcd.push(text);
            }
        }
    } else if answer.verdict == Verdict::Accepted {
        answer.etcd.clear();
    }
    Ok(answer)
}

/// What came of the gateway's own connection to etcd.
struct Gateway {
    status: u16,
    log: Vec<String>,
}

/// A running etcd.
struct Server<'a> {
    question: &'a Question<'a>,
    configuration: &'a ServerConfiguration,
    loaded: Option<&'a Loaded>,
}

impl<'a> Server<'a> {
    fn now(&self) -> Time {
        Time::utc(self.question.now)
    }

    const fn build(&self) -> &'a EtcdBuild {
        &self.question.server_build
    }

    fn listener(&self, loaded: &'a Loaded) -> Listener<'a> {
        let settings = &self.configuration.client;
        let files = Files(self.question.files);
        Listener {
            build: self.build(),
            allowed: settings.allowed_names(),
            address_check: None,
            key_pair: &loaded.key_pair,
            client_roots: loaded.client_roots.as_ref(),
            revocation_list: (!settings.crl_file.is_empty())
                .then(|| files.open(&settings.crl_file)),
            allows_tls13: self.configuration.tls_max_version != "TLS1.2",
            allows_tls12: self.configuration.tls_min_version != "TLS1.3",
            cipher_suites: &self.configuration.cipher_suites,
        }
    }

    /// The gateway inside etcd dials etcd as a client with the server's
    /// certificate (or `--client-cert-file`), without checking it.
    fn gateway(&self) -> Gateway {
        if !self.configuration.grpc_gateway {
            return Gateway {
                status: 404,
                log: Vec::new(),
            };
        }
        let Some(loaded) = self.loaded else {
            return Gateway {
                status: 200,
                log: Vec::new(),
            };
        };
        let client = Client {
            build: self.build(),
            check: ServerCheck::Skip,
            chain: &loaded.own_client.chain,
            allowed: self.configuration.client.allowed_names(),
            limited_to_tls12: self.build().limits_tls_to_12()
                || self.configuration.tls_max_version == "TLS1.2",
            offer: Offer::Listed(&self.configuration.cipher_suites),
        };
        let log = match handshake::connect(&client, &self.listener(loaded), self.now()) {
            Outcome::Accepted => {
                return Gateway {
                    status: 200,
                    log: Vec::new(),
                };
            }
            Outcome::ByClient { alert, .. } => vec![alert.remote_text().to_owned()],
            Outcome::ByServer { text, .. } | Outcome::Closed { text, .. } => vec![text],
            Outcome::NoVersion => Vec::new(),
        };
        // The gateway's own refusal is logged by etcd's gRPC client as well.
        let log = if self.configuration.client.allowed_hostnames.is_empty() {
            log
        } else {
            [
                log,
                vec!["client certificate authentication failed".to_owned()],
            ]
            .concat()
        };
        Gateway { status: 503, log }
    }

    /// What curl gets from the gateway with the client's files.
    fn gateway_status(&self, gateway: &Gateway, client: &str, files: Files<'_>) -> Option<u16> {
        let line = CommandLine::parse(client, "etcdctl").ok()?;
        let client = ClientConfiguration::read(&line, &self.question.client_build).ok()?;
        let (address, host) = client.first_address();
        let https = client
            .endpoints
            .first()
            .is_some_and(|endpoint| endpoint.starts_with("https://"));
        // Without a scheme curl speaks plain HTTP.
        let listener = self.listener_at(&address, https)?;
        if server::is_secure(&listener.scheme) != https {
            return None;
        }
        if !https {
            return Some(self.through(gateway, None));
        }
        let loaded = self.loaded?;
        let go = self.question.client_build.go;
        let mut chain = Vec::new();
        if !client.cert_file.is_empty() || !client.key_file.is_empty() {
            let certificates = files.read(&client.cert_file)?;
            chain = go_x509::pem::blocks(certificates, go)
                .into_iter()
                .filter(|block| block.label == "CERTIFICATE")
                .map(|block| block.bytes)
                .collect();
            // curl takes the key from the certificate's file if it has no other.
            let key_file = if client.key_file.is_empty() {
                &client.cert_file
            } else {
                &client.key_file
            };
            if !curl::reads_key(files.read(key_file)?, chain.first()?) {
                return None;
            }
        }
        let ca_file = files.read(&client.ca_file).unwrap_or_default();
        let trusts = client.skip_verification
            || curl::accepts_server(
                &loaded.key_pair.chain,
                ca_file,
                &host,
                self.build().go.speaks_tls13()
                    && !self.build().limits_tls_to_12()
                    && self.configuration.tls_max_version != "TLS1.2",
                self.now(),
            );
        if !trusts || !curl::can_send(&chain) {
            return None;
        }
        let chain = curl::sent_chain(&chain, ca_file);
        let client = Client {
            build: self.build(),
            check: ServerCheck::Skip,
            chain: &chain,
            allowed: AllowedNames::default(),
            limited_to_tls12: false,
            offer: Offer::Approved,
        };
        match handshake::connect(&client, &self.listener(loaded), self.now()) {
            Outcome::Accepted => {
                let leaf = chain
                    .first()
                    .and_then(|der| Certificate::parse(der, go).ok());
                Some(self.through(gateway, leaf.as_ref()))
            }
            _ => None,
        }
    }

    /// With authentication on, the gateway refuses certificates that have a
    /// common name.
    fn through(&self, gateway: &Gateway, leaf: Option<&Certificate>) -> u16 {
        let named = leaf.is_some_and(|leaf| !leaf.subject.common_name.is_empty());
        if gateway.status == 200 && self.question.users.is_some() && named {
            400
        } else {
            gateway.status
        }
    }

    /// The listener with the port of an endpoint. One port can serve both, with
    /// TLS and without: then the one that fits is taken.
    fn listener_at(&self, address: &str, secure: bool) -> Option<&'a Url> {
        let (host, port) = reading::server_configuration::split_host_port(address)?;
        let there = |url: &&Url| {
            let Some((listens, its_port)) =
                reading::server_configuration::split_host_port(&url.host)
            else {
                return false;
            };
            let number = |port: &str| port.parse::<u16>().ok();
            if number(port).is_none() || number(port) != number(its_port) {
                return false;
            }
            match (address::parse(host), address::parse(listens)) {
                (Some(wanted), Some(listens)) => {
                    // Who dials 0.0.0.0 gets to the own machine.
                    listens.is_unspecified()
                        || wanted.is_unspecified() && listens.to_canonical().is_loopback()
                        || address::equal(wanted, listens)
                }
                _ => true,
            }
        };
        let urls = || self.configuration.listen_client_urls.iter().filter(there);
        urls()
            .find(|url| server::is_secure(&url.scheme) == secure)
            .or_else(|| urls().next())
    }

    /// Lets etcdctl connect.
    fn ask(&self, line: &CommandLine, files: Files<'_>) -> Answer {
        let build = &self.question.client_build;
        let failed = |failure: StartFailure| {
            let mut answer = Answer::new(
                Verdict::Refused,
                Step::EtcdctlStart,
                Some(*failure.cause),
                failure.file,
            );
            answer.etcdctl = vec![failure.text];
            answer
        };
        let client = match ClientConfiguration::read(line, build) {
            Ok(client) => client,
            Err(error) => {
                let text = error.text(build);
                return failed(StartFailure::new(
                    Cause::ClientConfiguration(error),
                    text,
                    None,
                ));
            }
        };
        if client.needs_no_server() {
            return Answer::new(Verdict::Accepted, Step::Done, None, None);
        }
        let (chain, roots) = match load_client(&client, files, build) {
            Ok(loaded) => loaded,
            Err(failure) => return failed(failure),
        };
        if client.endpoints.iter().all(String::is_empty) {
            let error = ClientConfigurationError::NoEndpoints;
            let text = error.text(build);
            let cause = Cause::ClientConfiguration(error);
            return failed(StartFailure::new(cause, text, None));
        }
        let mut first = None;
        for position in 0..client.endpoints.len().max(1) {
            let mut one = client.clone();
            one.endpoints = client
                .endpoints
                .get(position)
                .cloned()
                .into_iter()
                .collect();
            let answer = self.connect(&one, client.transport(), &chain, &roots);
            if answer.verdict == Verdict::Accepted {
                return answer;
            }
            first.get_or_insert(answer);
        }
        first.unwrap_or_else(|| Answer::new(Verdict::Accepted, Step::Done, None, None))
    }

    #[allow(
        clippy::too_many_lines,
        reason = "the connection in its order, from address to user"
    )]
    fn connect(
        &self,
        client: &ClientConfiguration,
        transport: Transport,
        chain: &[Vec<u8>],
        roots: &CertificatePool,
    ) -> Answer {
        let build = &self.question.client_build;
        let (address, mut host) = client.first_address();
        let refused = |step, cause, file: Option<String>, etcdctl, etcd: Vec<String>| {
            let mut answer = Answer::new(Verdict::Refused, step, Some(cause), file);
            answer.etcdctl = etcdctl;
            answer.etcd = etcd;
            answer
        };
        let dial_error = client.dial_error();
        let listener = self
            .listener_at(&address, transport != Transport::Plain)
            .filter(|_| dial_error.is_none());
        let Some(url) = listener else {
            let error = dial_error
                .unwrap_or_else(|| format!("dial tcp {address}: connect: connection refused"));
            let words = phrase::unreachable(build, &error);
            return refused(
                Step::Connection,
                Cause::Unreachable,
                None,
                words,
                Vec::new(),
            );
        };
        let secure = server::is_secure(&url.scheme);
        let words = match (secure, transport) {
            (false, Transport::Plain) => return self.authorize(None),
            (false, _) => {
                let words = phrase::tls_to_plain(build);
                return refused(Step::Connection, Cause::TlsToPlain, None, words, Vec::new());
            }
            (true, Transport::Plain) => phrase::plain_to_tls(build),
            (true, _) => Vec::new(),
        };
        if transport == Transport::Plain {
            let log = vec!["tls: first record does not look like a TLS handshake".to_owned()];
            let log = if self.loaded.is_some() {
                log
            } else {
                Vec::new()
            };
            return refused(Step::Connection, Cause::PlainToTls, None, words, log);
        }
        let skips = client.skip_verification && transport == Transport::Tls;
        if host.is_empty() && !skips {
            // Measured: gRPC of those etcds takes the own machine.
            if build.connection_wording() == ConnectionWording::ConnectionClosed {
                "localhost".clone_into(&mut host);
            } else {
                let text = "tls: either ServerName or InsecureSkipVerify must be specified in the tls.Config";
                let words = phrase::refused_by_client(build, text);
                return refused(
                    Step::Connection,
                    Cause::NoServerName,
                    None,
                    words,
                    Vec::new(),
                );
            }
        }
        let check = if skips {
            ServerCheck::Skip
        } else {
            ServerCheck::Verify { roots, host: &host }
        };
        let Some(loaded) = self.loaded else {
            return self.own_certificate(client, check);
        };
        let connection = Client {
            build,
            check,
            chain,
            allowed: AllowedNames::default(),
            limited_to_tls12: build.limits_tls_to_12()
                && transport == Transport::Tls
                && client_has_files(client),
            offer: Offer::Approved,
        };
        let settings = &self.configuration.client;
        match handshake::connect(&connection, &self.listener(loaded), self.now()) {
            Outcome::Accepted => {
                let leaf = chain
                    .first()
                    .and_then(|der| Certificate::parse(der, self.build().go).ok());
                self.authorize(leaf.filter(|_| loaded.client_roots.is_some()).as_ref())
            }
            Outcome::ByClient { cause, text, alert } => {
                let file = self.file_of(&cause, client, &settings.cert_file, &client.ca_file);
                let words = phrase::refused_by_client(build, &text);
                refused(
                    Step::ServerCheck,
                    cause,
                    file,
                    words,
                    vec![alert.remote_text().to_owned()],
                )
            }
            Outcome::ByServer {
                cause,
                text,
                alert,
                tls13,
            } => {
                let step = match cause {
                    Cause::AllowedHostname { .. } | Cause::AllowedCommonName { .. } => {
                        Step::AllowedHostnames
                    }
                    Cause::UnusableKey { .. } | Cause::NothingInCommon => Step::Connection,
                    _ => Step::ClientCheck,
                };
                let file =
                    self.file_of(&cause, client, &client.cert_file, &settings.trusted_ca_file);
                let words = phrase::refused_by_server(build, alert, tls13);
                refused(step, cause, file, words, vec![text])
            }
            Outcome::Closed { cause, text, .. } => {
                let file = match cause {
                    Cause::Revoked { .. } => client.cert_file.clone(),
                    _ => settings.crl_file.clone(),
                };
                let words = phrase::closed_by_server(build);
                refused(Step::RevocationList, cause, Some(file), words, vec![text])
            }
            Outcome::NoVersion => {
                let alert = phrase::Alert::ProtocolVersion;
                let words = phrase::refused_by_server(build, alert, false);
                let log = vec!["tls: client offered only unsupported versions: [303]".to_owned()];
                refused(Step::Connection, Cause::NothingInCommon, None, words, log)
            }
        }
    }

    /// `--auto-tls`: a certificate that etcd makes for the hosts it listens
    /// on, signed by itself; no client certificate is asked for, and no
    /// failed handshake is logged.
    fn own_certificate(&self, client: &ClientConfiguration, check: ServerCheck<'_>) -> Answer {
        let ServerCheck::Verify { host, .. } = check else {
            return self.authorize(None);
        };
        let build = &self.question.client_build;
        let names: Vec<&str> = self
            .configuration
            .listen_client_urls
            .iter()
            .map(Url::host_name)
            .collect();
        let addresses: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| address::parse(name).is_some())
            .collect();
        let dns: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| address::parse(name).is_none())
            .collect();
        let wanted = address::parse(host);
        let matches = match wanted {
            Some(wanted) => addresses
                .iter()
                .filter_map(|name| address::parse(name))
                .any(|name| address::equal(name, wanted)),
            None => dns
                .iter()
                .any(|name| name.eq_ignore_ascii_case(host.strip_suffix('.').unwrap_or(host))),
        };
        let candidates = if wanted.is_some() { &addresses } else { &dns };
        let reason = if matches {
            VerifyError::UnknownAuthority { hint: None }
        } else {
            use go_x509::hostname::HostnameError;
            let host = host.to_owned();
            VerifyError::Hostname(if !candidates.is_empty() {
                HostnameError::Other {
                    host,
                    names: candidates.iter().map(|&name| name.to_owned()).collect(),
                }
            } else if wanted.is_some() {
                HostnameError::NoAddresses { host }
            } else {
                HostnameError::NoNames { host }
            })
        };
        let refusal = Refusal {
            reason,
            certificate: Vec::new(),
        };
        let prefix = if build.go.wraps_verification_errors() {
            "tls: failed to verify certificate: "
        } else {
            ""
        };
        let text = format!("{prefix}{refusal}");
        let file = (!client.ca_file.is_empty()).then(|| client.ca_file.clone());
        let mut answer = Answer::new(
            Verdict::Refused,
            Step::ServerCheck,
            Some(Cause::ServerRefused(refusal)),
            file,
        );
        answer.etcdctl = phrase::refused_by_client(build, &text);
        answer
    }

    /// After the handshake: the user, if authentication is on.
    fn authorize(&self, leaf: Option<&Certificate>) -> Answer {
        let accepted = || Answer::new(Verdict::Accepted, Step::Done, None, None);
        let Some(users) = self.question.users else {
            return accepted();
        };
        let user = leaf
            .map(|leaf| leaf.subject.common_name.clone())
            .unwrap_or_default();
        if users.contains(&user) {
            return accepted();
        }
        let text = if user.is_empty() {
            "etcdserver: user name is empty"
        } else {
            "etcdserver: permission denied"
        };
        let cause = Cause::PermissionDenied { user };
        let mut answer = Answer::new(Verdict::Refused, Step::Authorization, Some(cause), None);
        answer.etcdctl = vec![text.to_owned()];
        answer
    }

    /// The file that holds the certificate at fault: what was sent, or what
    /// was trusted.
    fn file_of(
        &self,
        cause: &Cause,
        client: &ClientConfiguration,
        sent: &str,
        trusted: &str,
    ) -> Option<String> {
        let files = Files(self.question.files);
        let refusal = match cause {
            Cause::ServerRefused(refusal) | Cause::ClientRefused(refusal) => refusal,
            Cause::NoClientCertificate | Cause::NothingInCommon => return None,
            Cause::UnusableKey { of_server: true } => {
                return Some(self.configuration.client.cert_file.clone());
            }
            Cause::UnusableKey { of_server: false } => return Some(client.cert_file.clone()),
            _ => return Some(sent.to_owned()),
        };
        let candidates = [
            sent,
            trusted,
            client.ca_file.as_str(),
            client.cert_file.as_str(),
        ];
        let holds = |path: &&&str| {
            files.read(path).is_some_and(|content| {
                go_x509::pem::blocks(content, self.build().go)
                    .iter()
                    .any(|block| block.bytes == refusal.certificate)
            })
        };
        candidates
            .iter()
            .find(holds)
            .map_or_else(|| Some(sent.to_owned()), |path| Some((**path).to_owned()))
    }
}

/// Whether etcdctl makes a TLS configuration out of files.
const fn client_has_files(client: &ClientConfiguration) -> bool {
    !client.cert_file.is_empty()
        || !client.key_file.is_empty()
        || !client.ca_file.is_empty()
        || !client.server_name.is_empty()
}

/// What etcdctl reads before it connects (`newClientCfg`).
fn load_client(
    client: &ClientConfiguration,
    files: Files<'_>,
    build: &EtcdBuild,
) -> Result<(Vec<Vec<u8>>, CertificatePool), StartFailure> {
    let mut chain = Vec::new();
    if !client.cert_file.is_empty() || !client.key_file.is_empty() {
        server::both_present(&client.cert_file, &client.key_file)?;
        chain = server::load_key_pair(&client.cert_file, &client.key_file, files, build.go)?.chain;
    }
    let roots = if client.ca_file.is_empty() {
        CertificatePool::default()
    } else {
        server::load_pool(&client.ca_file, files, build.go)?
    };
    Ok((chain, roots))
}
