//! etcdctl from its start to its answer: what it reads before it connects
//! (`newClientCfg`), then each endpoint in turn: address, scheme, host, handshake
//! and user, until one lets it in.

use go_x509::address;
use go_x509::certificate::Certificate;
use go_x509::chain::{Refusal, VerifyError};
use go_x509::hostname::HostnameError;
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::url::Url;

use super::case::{Etcdctl, EtcdctlError};
use super::cause::Cause;
use super::cipher_suites::OfferedSuites;
use super::connection::{self, AllowedNames, Dialer, Ended, ServerCheck};
use super::failure::StartFailure;
use super::finding::{Finding, LoggedNames, Stage};
use super::phrase;
use super::reading::client_configuration::{
    ClientConfiguration, ClientConfigurationError, Transport,
};
use super::reading::command_line::CommandLineError;
use super::reading::files::Files;
use super::running::Running;
use super::start;
use crate::etcd::facts::release::{ConnectionWording, EtcdBuild};

/// Why somebody who connects is not let in.
type Refused<T> = Result<T, Box<Finding>>;

/// What etcdctl connects with: one endpoint, and its files, read.
struct Attempt<'a> {
    build: &'a EtcdBuild,
    /// With this endpoint alone.
    configuration: ClientConfiguration,
    /// The same for all endpoints: the first decides (`newClientCfg`).
    transport: Transport,
    chain: &'a [Vec<u8>],
    roots: &'a CertificatePool,
}

impl Attempt<'_> {
    fn skips_verification(&self) -> bool {
        self.configuration.skip_verification && self.transport == Transport::Tls
    }

    /// How its gRPC words a connection that failed. What asks one endpoint about
    /// itself dials that alone, past the balancer of 3.4, which hides the reason
    /// (`clientv3/maintenance.go`, `Client.Dial`).
    fn wording(&self) -> ConnectionWording {
        let command: Vec<&str> = self
            .configuration
            .command
            .iter()
            .map(String::as_str)
            .collect();
        let asks_one = matches!(
            command.as_slice(),
            ["endpoint", "status" | "hashkv", ..] | ["defrag" | "move-leader", ..]
        );
        match self.build.connection_wording() {
            ConnectionWording::SubConnections if asks_one => ConnectionWording::ConnectionClosed,
            wording => wording,
        }
    }
}

fn at_its_start(failure: StartFailure) -> Finding {
    Finding::refused(Stage::EtcdctlStart, *failure.cause, failure.file)
        .saying(vec![failure.text], Vec::new())
}

fn misconfigured(error: ClientConfigurationError, build: &EtcdBuild) -> Finding {
    let text = error.text(build);
    at_its_start(StartFailure::new(
        Cause::ClientConfiguration(error),
        text,
        None,
    ))
}

fn at_connection(cause: Cause, words: Vec<String>, log: Vec<String>) -> Box<Finding> {
    Box::new(Finding::refused(Stage::Connection, cause, None).saying(words, log))
}

impl Running<'_> {
    /// Lets etcdctl connect.
    ///
    /// # Errors
    ///
    /// What was given is no command line of etcdctl.
    pub(super) fn ask(&self, etcdctl: &Etcdctl) -> Result<Finding, CommandLineError> {
        let build = &etcdctl.build;
        let client = match &etcdctl.configuration {
            Ok(client) => client,
            Err(EtcdctlError::Line(error)) => return Err(*error),
            Err(EtcdctlError::Configuration(error)) => {
                return Ok(misconfigured(error.clone(), build));
            }
        };
        if client.needs_no_server() {
            return Ok(Finding::accepted());
        }
        let (chain, roots) = match load(client, &self.case.etcd.files, build) {
            Ok(loaded) => loaded,
            Err(failure) => return Ok(at_its_start(failure)),
        };
        if client
            .endpoints
            .iter()
            .all(|endpoint| endpoint.text.is_empty())
        {
            return Ok(misconfigured(ClientConfigurationError::NoEndpoints, build));
        }
        let mut first = None;
        let without = ClientConfiguration {
            endpoints: Vec::new(),
            ..client.clone()
        };
        for endpoint in &client.endpoints {
            let attempt = Attempt {
                build,
                configuration: ClientConfiguration {
                    endpoints: vec![endpoint.clone()],
                    ..without.clone()
                },
                transport: client.transport(),
                chain: &chain,
                roots: &roots,
            };
            match self.connect(&attempt) {
                Ok(()) => return Ok(Finding::accepted()),
                Err(refused) => {
                    first.get_or_insert(*refused);
                }
            }
        }
        Ok(first.unwrap_or_else(Finding::accepted))
    }

    /// One endpoint, from its address to the user.
    fn connect(&self, attempt: &Attempt<'_>) -> Refused<()> {
        let port = self.dial(attempt)?;
        let answers_grpc = !self.configuration.listen_http_urls.contains(port);
        if !self.agree_on_tls(attempt, port)? {
            // Without TLS there is no HTTP/2 that etcd's HTTP server would speak.
            return if answers_grpc {
                self.authorize_etcdctl(&attempt.configuration, None)
            } else {
                let words = phrase::plain_to_tls(attempt.wording());
                Err(at_connection(Cause::HttpAlone, words, Vec::new()))
            };
        }
        let host = Self::host_to_check(attempt)?;
        let leaf = self.shake_hands(attempt, &host)?;
        if !answers_grpc {
            let words = vec![phrase::NOT_GRPC.to_owned()];
            return Err(at_connection(Cause::HttpAlone, words, Vec::new()));
        }
        self.authorize_etcdctl(&attempt.configuration, leaf.as_ref())
    }

    /// The listener behind the endpoint.
    fn dial(&self, attempt: &Attempt<'_>) -> Refused<&Url> {
        let client = &attempt.configuration;
        let (address, _) = client.first_address();
        let dialled = match (client.socket(), client.dial_error()) {
            (Some(path), _) => self
                .listener_at_socket(path)
                .ok_or_else(|| format!("dial unix {path}: connect: no such file or directory")),
            (None, Some(error)) => Err(error),
            (None, None) => self
                .any_listener_at(&address, attempt.transport != Transport::Plain)
                .ok_or_else(|| format!("dial tcp {address}: connect: connection refused")),
        };
        let error = match dialled {
            Ok(port) => return Ok(port),
            Err(error) => error,
        };
        let words = phrase::unreachable(attempt.wording(), &error);
        Err(at_connection(Cause::Unreachable, words, Vec::new()))
    }

    /// Whether both speak TLS; neither does without complaint, too.
    fn agree_on_tls(&self, attempt: &Attempt<'_>, port: &Url) -> Refused<bool> {
        let plain = attempt.transport == Transport::Plain;
        match (start::is_secure(&port.scheme), plain) {
            (false, true) => Ok(false),
            (true, false) => Ok(true),
            (false, false) => {
                let words = phrase::tls_to_plain(attempt.wording());
                Err(at_connection(Cause::TlsToPlain, words, Vec::new()))
            }
            (true, true) => {
                let words = phrase::plain_to_tls(attempt.wording());
                let log = self.loaded.map(|_| connection::NO_TLS.to_owned());
                let log = log.into_iter().collect();
                Err(at_connection(Cause::PlainToTls, words, log))
            }
        }
    }

    /// The host that the server's certificate must be for.
    fn host_to_check(attempt: &Attempt<'_>) -> Refused<String> {
        let (_, host) = attempt.configuration.first_address();
        if !host.is_empty() || attempt.skips_verification() {
            return Ok(host);
        }
        // Measured: gRPC of those etcds takes the own machine.
        if attempt.build.connection_wording() == ConnectionWording::ConnectionClosed {
            return Ok("localhost".to_owned());
        }
        let text =
            "tls: either ServerName or InsecureSkipVerify must be specified in the tls.Config";
        let words = phrase::refused_by_client(attempt.wording(), text);
        Err(at_connection(Cause::NoServerName, words, Vec::new()))
    }

    /// The handshake; the certificate by which etcd knows the client, if it asks
    /// for one.
    fn shake_hands(&self, attempt: &Attempt<'_>, host: &str) -> Refused<Option<Certificate>> {
        let check = if attempt.skips_verification() {
            ServerCheck::Skip
        } else {
            let roots = attempt.roots;
            ServerCheck::Verify { roots, host }
        };
        let Some(loaded) = self.loaded else {
            return self.own_certificate(attempt, check).map(|()| None);
        };
        let build = attempt.build;
        let client = Dialer {
            build,
            check,
            chain: attempt.chain,
            allowed: AllowedNames::default(),
            limited_to_tls12: build.limits_tls_to_12()
                && attempt.transport == Transport::Tls
                && has_files(&attempt.configuration),
            offer: OfferedSuites::Approved,
        };
        let shown = || {
            let leaf = attempt.chain.first();
            leaf.and_then(|der| Certificate::parse(der, self.build().go).ok())
        };
        match connection::connect(&client, &self.listener(loaded), self.now()) {
            Ok(()) => Ok(shown().filter(|_| loaded.client_roots.is_some())),
            Err(ended) => Err(Box::new(self.ended(attempt, ended, shown().as_ref()))),
        }
    }

    /// What both say to a handshake that ended.
    fn ended(&self, attempt: &Attempt<'_>, ended: Ended, shown: Option<&Certificate>) -> Finding {
        let client = &attempt.configuration;
        let settings = &self.configuration.client;
        match ended {
            Ended::ByClient { cause, text, log } => {
                let file = self.file_of(&cause, client, &settings.cert_file, &client.ca_file);
                let words = phrase::refused_by_client(attempt.wording(), &text);
                Finding::refused(Stage::ServerCheck, *cause, file).saying(words, vec![log])
            }
            Ended::ByServer {
                cause,
                text,
                alert,
                tls13,
            } => {
                let stage = match *cause {
                    Cause::AllowedHostname { .. } | Cause::AllowedCommonName { .. } => {
                        Stage::AllowedHostnames
                    }
                    Cause::UnusableKey { .. }
                    | Cause::PostQuantumKey { of_server: true }
                    | Cause::NothingInCommon => Stage::Connection,
                    _ => Stage::ClientCheck,
                };
                let trusted = &settings.trusted_ca_file;
                let file = self.file_of(&cause, client, &client.cert_file, trusted);
                let words = phrase::refused_by_server(attempt.wording(), alert, tls13);
                Finding::refused(stage, *cause, file).saying(words, vec![text])
            }
            Ended::Closed { cause, text, .. } => {
                let file = match *cause {
                    Cause::Revoked { .. } => client.cert_file.clone(),
                    _ => settings.crl_file.clone(),
                };
                let words = phrase::closed_by_server(attempt.wording());
                let refused = Finding::refused(Stage::RevocationList, *cause, Some(file));
                Finding {
                    logged_names: Some(shown.map(LoggedNames::of).unwrap_or_default()),
                    ..refused.saying(words, vec![text])
                }
            }
        }
    }

    /// `--auto-tls`: a certificate that etcd makes for the hosts it listens
    /// on, signed by itself; no client certificate is asked for, and no
    /// failed handshake is logged.
    fn own_certificate(&self, attempt: &Attempt<'_>, check: ServerCheck<'_>) -> Refused<()> {
        let ServerCheck::Verify { host, .. } = check else {
            return Ok(());
        };
        let refusal = Refusal {
            reason: self.refusal_of_own_certificate(host),
            certificate: Vec::new(),
        };
        let text = phrase::server_not_verified(attempt.build.go, &refusal);
        let file = Some(attempt.configuration.ca_file.clone()).filter(|file| !file.is_empty());
        let refused = Finding::refused(Stage::ServerCheck, Cause::ServerRefused(refusal), file);
        let words = phrase::refused_by_client(attempt.wording(), &text);
        Err(Box::new(refused.saying(words, Vec::new())))
    }

    fn refusal_of_own_certificate(&self, host: &str) -> VerifyError {
        let (addresses, dns): (Vec<&str>, Vec<&str>) = self
            .configuration
            .listen_client_urls
            .iter()
            .map(Url::host_name)
            .partition(|name| address::parse(name).is_some());
        let wanted = address::parse(host);
        let (candidates, matches) = if let Some(wanted) = wanted {
            let mut known = addresses.iter().filter_map(|name| address::parse(name));
            let matches = known.any(|name| address::equal(name, wanted));
            (addresses, matches)
        } else {
            let plain = host.strip_suffix('.').unwrap_or(host);
            let matches = dns.iter().any(|name| name.eq_ignore_ascii_case(plain));
            (dns, matches)
        };
        let host = host.to_owned();
        match (matches, candidates.is_empty(), wanted) {
            (true, _, _) => VerifyError::UnknownAuthority { hint: None },
            (false, false, _) => VerifyError::Hostname(HostnameError::Other {
                host,
                names: candidates.into_iter().map(str::to_owned).collect(),
            }),
            (false, true, Some(_)) => VerifyError::Hostname(HostnameError::NoAddresses { host }),
            (false, true, None) => VerifyError::Hostname(HostnameError::NoNames { host }),
        }
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
        let refusal = match cause {
            Cause::ServerRefused(refusal)
            | Cause::ClientRefused(refusal)
            | Cause::PostQuantumIssuer { refusal, .. } => refusal,
            Cause::NoClientCertificate | Cause::NothingInCommon => return None,
            Cause::UnusableKey { of_server: true } | Cause::PostQuantumKey { of_server: true } => {
                return Some(self.configuration.client.cert_file.clone());
            }
            Cause::UnusableKey { of_server: false }
            | Cause::PostQuantumKey { of_server: false } => {
                return Some(client.cert_file.clone());
            }
            _ => return Some(sent.to_owned()),
        };
        let candidates = [sent, trusted, &client.ca_file, &client.cert_file];
        let holds = |path: &&str| {
            let content = self.case.etcd.files.read(path);
            content.is_some_and(|content| {
                pem::blocks(content, self.build().go)
                    .iter()
                    .any(|block| block.bytes == refusal.certificate)
            })
        };
        let file = candidates.into_iter().find(holds).unwrap_or(sent);
        Some(file.to_owned())
    }
}

/// Whether etcdctl makes a TLS configuration out of files.
const fn has_files(client: &ClientConfiguration) -> bool {
    !client.cert_file.is_empty()
        || !client.key_file.is_empty()
        || !client.ca_file.is_empty()
        || !client.server_name.is_empty()
}

/// What etcdctl reads before it connects (`newClientCfg`).
fn load(
    client: &ClientConfiguration,
    files: &Files<'_>,
    build: &EtcdBuild,
) -> Result<(Vec<Vec<u8>>, CertificatePool), StartFailure> {
    let mut chain = Vec::new();
    if !client.cert_file.is_empty() || !client.key_file.is_empty() {
        start::both_present(&client.cert_file, &client.key_file)?;
        chain = start::load_key_pair(&client.cert_file, &client.key_file, files, build.go)?.chain;
    }
    let roots = if client.ca_file.is_empty() {
        CertificatePool::default()
    } else {
        start::load_pool(&client.ca_file, files, build.go)?
    };
    Ok((chain, roots))
}
