//! etcd from its start to its listener: which files it reads when, and with
//! which words it ends if one is wrong (`embed/etcd.go`, `serve.go`,
//! `transport/listener.go`).

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::case::Etcd;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::cipher_suites;
use crate::etcd::judge::cluster;
use crate::etcd::judge::failure::StartFailure;
use crate::etcd::judge::phrase;
use crate::etcd::judge::reading::files::Files;
use crate::etcd::judge::reading::server_configuration::{
    ConfigurationError, ServerConfiguration, TlsSettings,
};
use crate::etcd::judge::reading::server_settings;
use go_x509::address::split_host_port;
use go_x509::certificate::Certificate;
use go_x509::key_pair::{self, Half, KeyPair};
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::quote::quote;
use go_x509::url::Url;
use go_x509::version::GoBuild;

/// A listener's files, read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The server's certificate.
    pub key_pair: KeyPair,
    /// What etcd's own client sends: the same, or `--client-cert-file`.
    pub own_client: KeyPair,
    /// The trusted CAs; `None` if clients need no certificate.
    pub client_roots: Option<CertificatePool>,
}

/// `tlsutil.NewCertPool`
///
/// # Errors
///
/// The file is missing, or one of its PEM blocks is no certificate.
pub fn load_pool(
    path: &str,
    files: &Files<'_>,
    go: GoBuild,
) -> Result<CertificatePool, StartFailure> {
    let content = files.open(path).map_err(StartFailure::unreadable)?;
    let mut pool = CertificatePool::default();
    for block in pem::blocks(content, go) {
        let certificate = Certificate::parse(&block.bytes, go).map_err(|error| {
            let text = error.text.clone();
            StartFailure::new(Cause::TrustedCa(error), text, Some(path))
        })?;
        pool.add(certificate);
    }
    Ok(pool)
}

/// `tlsutil.NewCert`
///
/// # Errors
///
/// A file is missing, or the two are no pair.
pub fn load_key_pair(
    cert_file: &str,
    key_file: &str,
    files: &Files<'_>,
    go: GoBuild,
) -> Result<KeyPair, StartFailure> {
    let certificate = files.open(cert_file).map_err(StartFailure::unreadable)?;
    let key = files.open(key_file).map_err(StartFailure::unreadable)?;
    key_pair::load(certificate, key, go).map_err(|error| {
        let file = if error.half() == Half::Key {
            key_file
        } else {
            cert_file
        };
        let text = error.to_string();
        StartFailure::new(Cause::KeyPair(error), text, Some(file))
    })
}

/// Both flags of a pair, or the complaint of `baseConfig`.
///
/// # Errors
///
/// One of the two is missing.
pub fn both_present(cert_file: &str, key_file: &str) -> Result<(), StartFailure> {
    if cert_file.is_empty() || key_file.is_empty() {
        let text = format!(
            "KeyFile and CertFile must both be present[key: {key_file}, cert: {cert_file}]"
        );
        let given = if cert_file.is_empty() {
            key_file
        } else {
            cert_file
        };
        return Err(StartFailure::new(Cause::HalfKeyPair, text, Some(given)));
    }
    Ok(())
}

/// `TLSInfo.ServerConfig`
fn load(
    settings: &TlsSettings,
    files: &Files<'_>,
    build: &EtcdBuild,
) -> Result<Loaded, StartFailure> {
    both_present(&settings.cert_file, &settings.key_file)?;
    let key_pair = load_key_pair(&settings.cert_file, &settings.key_file, files, build.go)?;
    let own_client = if build.has_client_key_pair() {
        if settings.client_cert_file.is_empty() != settings.client_key_file.is_empty() {
            let text = format!(
                "ClientKeyFile and ClientCertFile must both be present or both absent: key: {}, cert: {}]",
                settings.client_key_file, settings.client_cert_file
            );
            return Err(StartFailure::new(Cause::HalfKeyPair, text, None));
        }
        if settings.client_cert_file.is_empty() {
            key_pair.clone()
        } else {
            load_key_pair(
                &settings.client_cert_file,
                &settings.client_key_file,
                files,
                build.go,
            )?
        }
    } else {
        key_pair.clone()
    };
    if !settings.allowed_common_names.is_empty() && !settings.allowed_hostnames.is_empty() {
        return Err(StartFailure::new(
            Cause::ExclusiveNames,
            exclusive_text(settings, build),
            None,
        ));
    }
    let client_roots = if settings.trusted_ca_file.is_empty() {
        // Without a file the system's roots decide, and etcd's clients have
        // no certificate from them.
        settings.client_cert_auth.then(CertificatePool::default)
    } else {
        Some(load_pool(&settings.trusted_ca_file, files, build.go)?)
    };
    Ok(Loaded {
        key_pair,
        own_client,
        client_roots,
    })
}

fn exclusive_text(settings: &TlsSettings, build: &EtcdBuild) -> String {
    let list = |names: &[String]| {
        names
            .iter()
            .map(|name| quote(name))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (common, hosts) = (&settings.allowed_common_names, &settings.allowed_hostnames);
    if build.takes_lists_of_allowed_names() {
        format!(
            "AllowedCNs and AllowedHostnames are mutually exclusive (cns=[{}], hostnames=[{}])",
            list(common),
            list(hosts)
        )
    } else {
        format!(
            "AllowedCN and AllowedHostname are mutually exclusive (cn={}, hostname={})",
            list(common),
            list(hosts)
        )
    }
}

/// Whether a listener speaks TLS.
#[must_use]
pub fn is_secure(scheme: &str) -> bool {
    matches!(scheme, "https" | "unixs")
}

/// What etcd read at its start: the files of its listeners, `None` where no
/// listener has TLS or the certificate is made by etcd itself.
#[derive(Clone, Debug, Default)]
pub struct Started {
    /// The client side.
    pub client: Option<Loaded>,
    /// The peer side.
    pub peer: Option<Loaded>,
}

/// A port that no system has.
fn impossible_port(url: &Url) -> Option<&str> {
    let (_, port) = split_host_port(&url.host).ok()?;
    // No port at all is one that the system chooses.
    (!port.is_empty() && port.parse::<u16>().is_err()).then_some(port)
}

/// `configureClientListeners`: one address answers gRPC or HTTP alone.
fn check_apart(configuration: &ServerConfiguration, build: &EtcdBuild) -> Result<(), StartFailure> {
    let http = &configuration.listen_http_urls;
    let twice = http.iter().find(|url| {
        configuration
            .listen_client_urls
            .iter()
            .any(|it| it.host == url.host)
    });
    let Some(url) = twice else {
        return Ok(());
    };
    // Measured with 3.5.35, 3.6.16 and 3.7.3.
    let flags = if build.version.minor < 6 {
        "--client-listen-urls and --client-listen-http-urls"
    } else {
        "--listen-client-urls and --listen-client-http-urls"
    };
    let text = format!("cannot bind both {flags} on the same url {}", url.text);
    let url = url.text.clone();
    Err(StartFailure::new(Cause::UrlTwice { url }, text, None))
}

/// The first URL to listen on with a port that no system has.
fn check_ports(urls: &[Url]) -> Result<(), StartFailure> {
    let Some((url, port)) = urls
        .iter()
        .find_map(|url| Some((url, impossible_port(url)?)))
    else {
        return Ok(());
    };
    let text = format!("listen tcp: address {port}: invalid port");
    let url = url.text.clone();
    Err(StartFailure::new(Cause::ImpossiblePort { url }, text, None))
}

/// Starts etcd with what it was told.
///
/// # Errors
///
/// etcd ends.
pub fn start_etcd<'e>(
    etcd: &'e Etcd<'_>,
) -> Result<(&'e ServerConfiguration, Started), StartFailure> {
    let configuration = etcd.configuration.as_ref();
    let configuration = configuration.map_err(StartFailure::configuration)?;
    let started = start(configuration, &etcd.files, &etcd.build)?;
    Ok((configuration, started))
}

/// `configurePeerListeners`: their files are read first of all.
fn start_peers(
    configuration: &ServerConfiguration,
    files: &Files<'_>,
    build: &EtcdBuild,
) -> Result<Option<Loaded>, StartFailure> {
    let peer = &configuration.peer;
    let secure = configuration
        .listen_peer_urls
        .iter()
        .find(|url| is_secure(&url.scheme));
    let loaded = match secure {
        Some(_) if makes_own(peer) => None,
        Some(url) if peer.is_empty() => {
            let text = format!(
                "cannot listen on TLS for {}: KeyFile and CertFile are not presented",
                url.host
            );
            let url = url.text.clone();
            return Err(StartFailure::new(
                Cause::NoServerKeyPair { url },
                text,
                None,
            ));
        }
        Some(_) => Some(load(peer, files, build)?),
        None => None,
    };
    check_ports(&configuration.listen_peer_urls)?;
    Ok(loaded)
}

/// `rafthttp.NewRoundTripper`: the files of the peer side are read for dialling
/// even where no peer URL has TLS.
fn check_dialer(
    configuration: &ServerConfiguration,
    files: &Files<'_>,
    build: &EtcdBuild,
) -> Result<(), StartFailure> {
    let peer = &configuration.peer;
    if !peer.is_empty() {
        load(peer, files, build)?;
    } else if !peer.trusted_ca_file.is_empty() && !makes_own(peer) {
        load_pool(&peer.trusted_ca_file, files, build.go)?;
    }
    Ok(())
}

/// Whether etcd makes the certificate of a side itself.
#[must_use]
pub const fn makes_own(settings: &TlsSettings) -> bool {
    settings.auto_tls && settings.is_empty()
}

/// Starts etcd (`embed.StartEtcd`), as far as settings and files go.
///
/// # Errors
///
/// etcd ends.
fn start(
    configuration: &ServerConfiguration,
    files: &Files<'_>,
    build: &EtcdBuild,
) -> Result<Started, StartFailure> {
    let is_there = |path: &str| files.open(path).is_ok();
    server_settings::check_data_dir(configuration, &is_there, build)
        .map_err(StartFailure::setting)?;
    let suites = &configuration.cipher_suites;
    if let Some(unknown) = cipher_suites::first_unknown(suites) {
        let text = format!("unexpected TLS cipher suite {}", quote(unknown));
        let cause = Cause::UnknownCipherSuite(unknown.to_owned());
        return Err(StartFailure::new(cause, text, None));
    }
    if (makes_own(&configuration.peer) || makes_own(&configuration.client))
        && configuration.self_signed_validity == 0
    {
        return Err(StartFailure::setting(ConfigurationError::Flag {
            flag: EtcdOption::SelfSignedCertificateValidity.name().to_owned(),
            text: "selfSignedCertValidity is invalid,it should be greater than 0".to_owned(),
        }));
    }
    let mut started = Started {
        peer: start_peers(configuration, files, build)?,
        client: None,
    };
    let client = &configuration.client;
    let secure = configuration
        .listen_client_urls
        .iter()
        .chain(&configuration.listen_http_urls)
        .find(|url| is_secure(&url.scheme));
    if let Some(url) = secure.filter(|_| client.is_empty() && !makes_own(client)) {
        let text = format!(
            "TLS key/cert (--cert-file, --key-file) must be provided for client url {} with HTTPS scheme",
            url.text
        );
        let url = url.text.clone();
        return Err(StartFailure::new(
            Cause::NoServerKeyPair { url },
            text,
            None,
        ));
    }
    check_ports(&configuration.listen_client_urls)?;
    check_apart(configuration, build)?;
    server_settings::check_retention(configuration, build).map_err(StartFailure::setting)?;
    check_dialer(configuration, files, build)?;
    cluster::check(configuration, build)?;
    server_settings::check_learners(configuration).map_err(StartFailure::setting)?;
    server_settings::check_auth_token(configuration, &is_there).map_err(StartFailure::setting)?;
    let Some(url) = secure else {
        return Ok(started);
    };
    started.client = if makes_own(client) {
        None
    } else {
        Some(load(client, files, build)?)
    };
    // The HTTP server comes last, when etcd is otherwise ready.
    if let Some(complaint) = cipher_suites::http2_complaint(suites, build) {
        let text = phrase::http2_refused(build, &complaint, &url.host);
        let cause = Cause::CipherSuitesForHttp2;
        return Err(StartFailure::new(cause, text, None));
    }
    Ok(started)
}
