//! The gateway inside etcd: it dials etcd as a client with the server's
//! certificate (or `--client-cert-file`), without checking it, and curl with the
//! client's files dials the gateway.

use go_x509::certificate::Certificate;
use go_x509::pem;

use super::cipher_suites::OfferedSuites;
use super::connection::{self, AllowedNames, Dialer, Ended, ServerCheck};
use super::curl;
use super::finding::{GatewayDials, LoggedNames};
use super::reading::client_configuration::ClientConfiguration;
use super::running::Running;
use super::start::{Loaded, is_secure};

/// What came of the gateway's own connection to etcd.
pub(super) struct Gateway {
    status: u16,
    /// What etcd logs of it.
    pub(super) log: Vec<String>,
    /// The names of what it shows, where etcd logs them.
    pub(super) names: Option<LoggedNames>,
}

impl Gateway {
    const fn answering(status: u16) -> Self {
        Self {
            status,
            log: Vec::new(),
            names: None,
        }
    }
}

impl Running<'_> {
    /// Lets the gateway connect.
    pub(super) fn gateway(&self) -> Gateway {
        if !self.configuration.grpc_gateway {
            return Gateway::answering(404);
        }
        let Some(loaded) = self.loaded else {
            return Gateway::answering(200);
        };
        let client = Dialer {
            build: self.build(),
            check: ServerCheck::Skip,
            chain: &loaded.own_client.chain,
            allowed: AllowedNames::of(&self.configuration.client),
            limited_to_tls12: self.configuration.is_limited_to_tls12(self.build()),
            offer: OfferedSuites::Listed(&self.configuration.cipher_suites),
        };
        let ended = connection::connect(&client, &self.listener(loaded), self.now());
        // Its own refusal, where it refuses, stands in its gRPC's lines alone, which are
        // no refused connections: measured on 3.5.35, 3.6.16 and 3.7.3.
        let (text, names) = match ended {
            Ok(()) => return Gateway::answering(200),
            Err(Ended::ByClient { log, .. }) => (log, None),
            Err(Ended::ByServer { text, .. }) => (text, None),
            Err(Ended::Closed { text, .. }) => {
                let leaf = loaded.own_client.chain.first();
                let leaf = leaf.and_then(|leaf| Certificate::parse(leaf, self.build().go).ok());
                (text, leaf.as_ref().map(LoggedNames::of))
            }
        };
        Gateway {
            status: 503,
            log: vec![text],
            names,
        }
    }

    /// When the gateway dials, where the client of the case doesn't make it. A record
    /// shows the difference: the 3.7.3 of `h02-host-mismatch` among the measured cases
    /// had answered another client through its gateway 0.24 seconds before. Asked anew,
    /// a 3.7.3 that such a client had asked logged the gateway's refusal five times of
    /// five, and one that nobody else had asked never in five.
    pub(super) fn gateway_dials(&self) -> GatewayDials {
        if !self.build().gateway_dials_when_asked() {
            return GatewayDials::Anyway;
        }
        let trusted = self.case.client().zip(self.loaded);
        if trusted.is_some_and(|(client, loaded)| self.curl_trusts(client, loaded)) {
            GatewayDials::IfOthersAsk
        } else {
            GatewayDials::Never
        }
    }

    /// Whether curl takes etcd's certificate, told what the client is told.
    fn curl_trusts(&self, client: &ClientConfiguration, loaded: &Loaded) -> bool {
        let (_, host) = client.first_address();
        let ca_file = self.case.etcd.files.read(&client.ca_file);
        client.skip_verification
            || curl::accepts_server(
                &loaded.key_pair.chain,
                ca_file.unwrap_or_default(),
                &host,
                self.build().go.speaks_tls13()
                    && !self.configuration.is_limited_to_tls12(self.build()),
                self.now(),
            )
    }

    /// What curl gets from the gateway with the client's files.
    pub(super) fn gateway_status(&self, gateway: &Gateway) -> Option<u16> {
        let client = self.case.client()?;
        let files = &self.case.etcd.files;
        let (address, _) = client.first_address();
        let https = client.first_endpoint().starts_with("https://");
        // Without a scheme curl speaks plain HTTP.
        let apart = !self.configuration.listen_http_urls.is_empty();
        let of_http = self.http_listener_at(&address, https);
        let listener = of_http.or_else(|| self.listener_at(&address, https))?;
        // The port for gRPC alone takes no other content type, and no plain HTTP/1.
        let answers = !apart || of_http.is_some();
        if is_secure(&listener.scheme) != https {
            return None;
        }
        if !https {
            return answers.then(|| self.through(gateway));
        }
        let loaded = self.loaded?;
        let go = self.case.etcdctl.as_ref()?.build.go;
        let mut chain = Vec::new();
        if !client.cert_file.is_empty() || !client.key_file.is_empty() {
            let certificates = files.read(&client.cert_file)?;
            chain = pem::blocks(certificates, go)
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
        if !self.curl_trusts(client, loaded) || !curl::can_send(&chain) {
            return None;
        }
        let ca_file = files.read(&client.ca_file).unwrap_or_default();
        let chain = curl::sent_chain(&chain, ca_file);
        let client = Dialer {
            build: self.build(),
            check: ServerCheck::Skip,
            chain: &chain,
            allowed: AllowedNames::default(),
            limited_to_tls12: false,
            offer: OfferedSuites::Approved,
        };
        connection::connect(&client, &self.listener(loaded), self.now()).ok()?;
        if !answers {
            return Some(415);
        }
        Some(self.through(gateway))
    }

    /// With authentication on, a `put` without a token gets 400: in plain text
    /// where `--client-cert-auth` is given and the certificate has a common name
    /// (`embed/serve.go`, `accessController`), in JSON else, as `user name is
    /// empty`. Measured on 3.4.23, 3.5.35, 3.6.16 and 3.7.3.
    const fn through(&self, gateway: &Gateway) -> u16 {
        if gateway.status == 200 && self.case.users.is_some() {
            400
        } else {
            gateway.status
        }
    }
}
