//! One TLS connection: who looks at what in which order, which alert goes
//! back, and what each side then says. Both of etcd's clients go through
//! here: etcdctl, and the gateway that etcd runs inside itself.

use std::collections::BTreeMap;

use crate::etcd::facts::alert::Alert;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::cipher_suites::{self, OfferedSuites};
use crate::etcd::judge::phrase;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::server_configuration::TlsSettings;
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, Refusal, VerifyError, VerifyOptions};
use go_x509::hostname;
use go_x509::key_pair::KeyPair;
use go_x509::pool::CertificatePool;
use go_x509::public_key::{Curve, PublicKey};
use go_x509::quote::{hexadecimal, quote};
use go_x509::revocation_list;
use go_x509::signature::SignatureAlgorithm;
use go_x509::time::Time;
use go_x509::version::{GoBuild, GoVersion};

/// How a client checks the server.
#[derive(Clone, Copy, Debug)]
pub enum ServerCheck<'a> {
    /// To these trust anchors, for this host.
    Verify {
        /// The trust anchors.
        roots: &'a CertificatePool,
        /// The host.
        host: &'a str,
    },
    /// Not at all.
    Skip,
}

/// The names that `--client-cert-allowed-hostname`, `--peer-cert-allowed-cn`
/// and their siblings allow.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowedNames<'a> {
    /// Host names, looked for among the SANs.
    pub hostnames: &'a [String],
    /// Common names, compared letter by letter.
    pub common_names: &'a [String],
}

impl<'a> AllowedNames<'a> {
    /// Those of a client or peer port.
    #[must_use]
    pub fn of(settings: &'a TlsSettings) -> Self {
        Self {
            hostnames: &settings.allowed_hostnames,
            common_names: &settings.allowed_common_names,
        }
    }

    /// `VerifyPeerCertificate` of `baseConfig`: why a leaf is refused. Without
    /// a verified leaf nothing can pass.
    fn complaint(self, verified: Option<&Certificate>, go: GoBuild) -> Option<Cause> {
        if self.hostnames.is_empty() && self.common_names.is_empty() {
            return None;
        }
        let passes = verified.is_some_and(|leaf| {
            self.common_names.contains(&leaf.subject.common_name)
                || self
                    .hostnames
                    .iter()
                    .any(|host| hostname::verify(leaf, host, go).is_ok())
        });
        if passes {
            None
        } else if self.hostnames.is_empty() {
            let allowed = self.common_names.to_vec();
            Some(Cause::AllowedCommonName { allowed })
        } else {
            let allowed = self.hostnames.to_vec();
            Some(Cause::AllowedHostname { allowed })
        }
    }
}

/// The words of whoever has a key that the other side takes no signature of.
const NO_COMMON_SIGNATURE: &str =
    "tls: peer doesn't support any of the certificate's signature algorithms";

/// etcd's words for a certificate without an allowed name.
const NOT_ALLOWED: &str = "client certificate authentication failed";

/// The words of a listener that was spoken to without TLS.
pub(super) const NO_TLS: &str = "tls: first record does not look like a TLS handshake";
/// The words of a listener for which the client's TLS is too old.
const OLD_VERSIONS: &str = "tls: client offered only unsupported versions: [303]";

/// The address that a peer connects from, and what names mean: no name is
/// looked up here.
#[derive(Clone, Copy, Debug)]
pub struct RemoteAddress<'a> {
    /// The address, without a port.
    pub address: &'a str,
    /// Host names and their addresses, both ways.
    pub names: &'a BTreeMap<String, Vec<String>>,
}

impl RemoteAddress<'_> {
    /// `checkCertSAN`: no SAN at all passes; the address must be among the
    /// addresses, or belong to one of the names.
    fn complaint(self, leaf: &Certificate, go: GoBuild) -> Option<String> {
        if leaf.addresses.is_empty() && leaf.dns_names.is_empty() {
            return None;
        }
        if !leaf.addresses.is_empty() {
            let refusal = hostname::verify(leaf, self.address, go).err()?;
            if leaf.dns_names.is_empty() {
                return Some(refusal.to_string());
            }
        }
        if leaf.dns_names.iter().any(|name| self.belongs_to(name)) {
            return None;
        }
        let names: Vec<String> = leaf.dns_names.iter().map(|name| quote(name)).collect();
        Some(format!(
            "tls: {} does not match any of DNSNames [{}]",
            quote(self.address),
            names.join(" ")
        ))
    }

    /// `isHostInDNS`: a wildcard is held against the end of the names of the
    /// address, any other name against its addresses.
    fn belongs_to(self, name: &str) -> bool {
        let has = |addresses: &[String]| addresses.iter().any(|known| known == self.address);
        match name.strip_prefix('*').filter(|rest| rest.starts_with('.')) {
            Some(end) => self
                .names
                .iter()
                .any(|(known, addresses)| known.ends_with(end) && has(addresses)),
            None => self.names.get(name).is_some_and(|addresses| has(addresses)),
        }
    }
}

/// Who dials etcd.
#[derive(Clone, Copy, Debug)]
pub struct Dialer<'a> {
    /// Its build.
    pub build: &'a EtcdBuild,
    /// How it checks the server.
    pub check: ServerCheck<'a>,
    /// What it sends: the DER of its chain, empty for none.
    pub chain: &'a [Vec<u8>],
    /// Names of which the *server's* certificate must have one: etcd's own
    /// clients inherit the listener's rule.
    pub allowed: AllowedNames<'a>,
    /// Whether it is limited to TLS 1.2.
    pub limited_to_tls12: bool,
    /// The cipher suites that it offers for TLS 1.2.
    pub offer: OfferedSuites<'a>,
}

/// A listener of etcd.
#[derive(Clone, Debug)]
pub struct Listener<'a> {
    /// Its build.
    pub build: &'a EtcdBuild,
    /// Names of which a client's certificate must have one.
    pub allowed: AllowedNames<'a>,
    /// Where a peer connects from, if its certificate is held to that.
    pub address_check: Option<RemoteAddress<'a>>,
    /// Its certificate.
    pub key_pair: &'a KeyPair,
    /// The trusted CAs, if clients must have a certificate.
    pub client_roots: Option<&'a CertificatePool>,
    /// The CRL file, if one is named: its content if it is there.
    pub revocation_list: Option<Result<&'a [u8], FileError>>,
    /// Whether TLS 1.3 is allowed.
    pub allows_tls13: bool,
    /// Whether TLS 1.2 is allowed.
    pub allows_tls12: bool,
    /// `--cipher-suites`
    pub cipher_suites: &'a [String],
}

/// How a connection ended before it was of use.
#[derive(Clone, Debug)]
pub enum Ended {
    /// The client refused: its own words.
    ByClient {
        /// Why.
        cause: Box<Cause>,
        /// What it says, with the prefix of its Go.
        text: String,
        /// What the server says.
        log: String,
    },
    /// The server refused, and told the client with an alert.
    ByServer {
        /// Why.
        cause: Box<Cause>,
        /// What the server says.
        text: String,
        /// What the client is told.
        alert: Alert,
        /// Whether TLS 1.3 was spoken.
        tls13: bool,
    },
    /// The server closed the connection after the handshake.
    Closed {
        /// Why.
        cause: Box<Cause>,
        /// What the server says.
        text: String,
        /// Whether TLS 1.3 was spoken.
        tls13: bool,
    },
}

impl Ended {
    fn by_client(cause: Cause, text: impl Into<String>, alert: Alert) -> Self {
        Self::ByClient {
            cause: Box::new(cause),
            text: text.into(),
            log: alert.remote_text().to_owned(),
        }
    }

    /// The same, where the server saw the client's certificate first, and had
    /// words of its own for it.
    fn after_refusal(mut self, by_server: Option<Self>) -> Self {
        if let (Self::ByClient { log, .. }, Some(Self::ByServer { text, .. })) =
            (&mut self, by_server)
        {
            *log = text;
        }
        self
    }

    fn by_server(cause: Cause, text: impl Into<String>, alert: Alert, tls13: bool) -> Self {
        Self::ByServer {
            cause: Box::new(cause),
            text: text.into(),
            alert,
            tls13,
        }
    }

    fn closed(cause: Cause, text: String, tls13: bool) -> Self {
        let cause = Box::new(cause);
        Self::Closed { cause, text, tls13 }
    }
}

fn parse_all(
    chain: &[Vec<u8>],
    go: GoBuild,
) -> Result<Vec<Certificate>, go_x509::certificate::CertificateError> {
    chain
        .iter()
        .map(|der| Certificate::parse(der, go))
        .collect()
}

fn intermediates(chain: &[Certificate]) -> CertificatePool {
    let mut pool = CertificatePool::default();
    for certificate in chain.iter().skip(1) {
        pool.add(certificate.clone());
    }
    pool
}

/// The alert that `crypto/tls` of a server sends for a refused chain.
fn alert_for(refusal: &Refusal, go: GoBuild) -> Alert {
    if !go.sends_precise_alerts() {
        return Alert::BadCertificate;
    }
    match refusal.reason {
        VerifyError::UnknownAuthority { .. } => Alert::UnknownAuthority,
        VerifyError::Expired { .. } | VerifyError::NotYetValid { .. } => Alert::Expired,
        _ => Alert::BadCertificate,
    }
}

/// Connects `client` to `listener` at `now`.
///
/// # Errors
///
/// One of the two is not content.
pub fn connect(client: &Dialer<'_>, listener: &Listener<'_>, now: Time) -> Result<(), Ended> {
    let tls13 = agree_on_version(client, listener)?;
    let_server_sign(client, listener, tls13)?;
    check_server(client, listener, now)?;
    let Some(roots) = listener.client_roots else {
        return Ok(());
    };
    let checked = check_client(client, listener, roots, tls13, now);
    // A client sends its certificate before it finds that it can't sign.
    match let_client_sign(client, listener, tls13) {
        Ok(()) => checked,
        Err(ended) => Err(ended.after_refusal(checked.err())),
    }
}

/// Whether TLS 1.3 is spoken.
fn agree_on_version(client: &Dialer<'_>, listener: &Listener<'_>) -> Result<bool, Ended> {
    let tls13 = listener.allows_tls13
        && !client.limited_to_tls12
        && client.build.go.speaks_tls13()
        && listener.build.go.speaks_tls13()
        && !listener.build.limits_tls_to_12();
    if tls13 || listener.allows_tls12 {
        Ok(tls13)
    } else {
        let alert = Alert::ProtocolVersion;
        Err(Ended::by_server(
            Cause::NothingInCommon,
            OLD_VERSIONS,
            alert,
            false,
        ))
    }
}

/// A cipher suite that fits the server's key, up to TLS 1.2, and a signature with
/// it: a server that can't sign says so before it sends anything.
fn let_server_sign(client: &Dialer<'_>, listener: &Listener<'_>, tls13: bool) -> Result<(), Ended> {
    let alert = Alert::HandshakeFailure;
    let server_key = listener.key_pair.leaf.public_key.as_ref();
    if matches!(server_key, Some(PublicKey::MlDsa { .. })) {
        return let_post_quantum_server_sign(client, tls13);
    }
    if !tls13
        && let Some(text) = cipher_suites::complaint(
            client.offer,
            listener.cipher_suites,
            server_key,
            client.build.go.speaks_tls13() && !client.limited_to_tls12,
            listener.build,
        )
    {
        return Err(Ended::by_server(Cause::NothingInCommon, text, alert, tls13));
    }
    let cause = Cause::UnusableKey { of_server: true };
    if let Some(text) = unable_to_sign(server_key, tls13) {
        return Err(Ended::by_server(cause, text, alert, false));
    }
    short_key(server_key, tls13, listener.build.go).map_or(Ok(()), |text| {
        Err(Ended::by_server(cause, text, Alert::InternalError, false))
    })
}

/// The same with an ML-DSA key, which only a Go that knows such keys has loaded:
/// in TLS 1.2 the server ends before it looks at suites (`processClientHello`),
/// in TLS 1.3 where the client offers no such signature (`pickCertificate`).
fn let_post_quantum_server_sign(client: &Dialer<'_>, tls13: bool) -> Result<(), Ended> {
    let (text, alert) = if !tls13 {
        let text = "tls: ML-DSA certificates require TLS 1.3, but client negotiated TLS 1.2";
        (text, Alert::InternalError)
    } else if !client.build.go.knows_ml_dsa() {
        (NO_COMMON_SIGNATURE, Alert::HandshakeFailure)
    } else {
        return Ok(());
    };
    let cause = Cause::PostQuantumKey { of_server: true };
    Err(Ended::by_server(cause, text, alert, false))
}

/// The client's signature, for which the listener asks with its certificate.
fn let_client_sign(client: &Dialer<'_>, listener: &Listener<'_>, tls13: bool) -> Result<(), Ended> {
    let own_key = client
        .chain
        .first()
        .and_then(|der| Certificate::parse(der, client.build.go).ok())
        .and_then(|leaf| leaf.public_key);
    if matches!(own_key, Some(PublicKey::MlDsa { .. })) {
        let text = match (tls13, listener.build.go.knows_ml_dsa()) {
            (false, _) => "tls: ML-DSA certificates require TLS 1.3",
            (true, false) => NO_COMMON_SIGNATURE,
            (true, true) => return Ok(()),
        };
        let cause = Cause::PostQuantumKey { of_server: false };
        return Err(Ended::by_client(cause, text, Alert::HandshakeFailure));
    }
    let cause = Cause::UnusableKey { of_server: false };
    if let Some(text) = unable_to_sign(own_key.as_ref(), tls13) {
        return Err(Ended::by_client(cause, text, Alert::HandshakeFailure));
    }
    short_key(own_key.as_ref(), tls13, client.build.go).map_or(Ok(()), |text| {
        Err(Ended::by_client(cause, text, Alert::InternalError))
    })
}

/// What `crypto/tls` says where `crypto/rsa` does not sign with so short a key
/// (`checkKeySize`).
fn short_key(key: Option<&PublicKey>, tls13: bool, go: GoBuild) -> Option<String> {
    let key = key.filter(|key| matches!(key, PublicKey::Rsa { .. }))?;
    let bits = key.rsa_bits();
    let what = if tls13 {
        "handshake"
    } else {
        "ECDHE parameters"
    };
    (go.refuses_short_rsa_keys() && bits < 1024).then(|| {
        format!(
            "tls: failed to sign {what}: crypto/rsa: {bits}-bit keys are insecure (see \
             https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
        )
    })
}

/// Why a key can't sign in a handshake (`selectSignatureScheme`): TLS 1.3 ties
/// each scheme to a curve and has none for P-224, and RSA-PSS with SHA-256
/// needs 528 bits.
fn unable_to_sign(key: Option<&PublicKey>, tls13: bool) -> Option<&'static str> {
    match key? {
        PublicKey::Ecdsa {
            curve: Curve::P224, ..
        } if tls13 => Some("tls: unsupported certificate curve (P-224)"),
        key @ PublicKey::Rsa { .. } if tls13 && key.rsa_bits().div_ceil(8) < 2 * 32 + 2 => {
            Some("tls: certificate RSA key size too small for supported signature algorithms")
        }
        _ => None,
    }
}

/// What `crypto/tls` tells the other side that sent something unreadable.
const fn alert_for_unreadable(go: GoBuild) -> Alert {
    if go.sends_decode_error() {
        Alert::DecodeError
    } else {
        Alert::BadCertificate
    }
}

/// The client's part (`verifyServerCertificate`).
fn check_server(client: &Dialer<'_>, listener: &Listener<'_>, now: Time) -> Result<(), Ended> {
    let go = client.build.go;
    let refused = |cause, text: String| Ended::by_client(cause, text, Alert::BadCertificate);
    let chain = parse_all(&listener.key_pair.chain, go).map_err(|error| {
        let text = format!("tls: failed to parse certificate from server: {error}");
        let cause = Cause::ServerChainUnreadable(error);
        Ended::by_client(cause, text, alert_for_unreadable(go))
    })?;
    if go.limits_rsa_keys_in_handshakes() && has_huge_key(&chain) {
        let text = "tls: server sent certificate containing RSA key larger than 8192 bits";
        return Err(refused(Cause::HugeRsaKey, text.to_owned()));
    }
    if let ServerCheck::Verify { roots, host } = client.check {
        let Some(leaf) = chain.first() else {
            return Ok(());
        };
        let options = VerifyOptions {
            roots,
            intermediates: &intermediates(&chain),
            host: Some(host),
            usage: ExtendedKeyUsage::ServerAuth,
            now,
        };
        if let Err(refusal) = chain::verify(leaf, &options, go) {
            let text = phrase::server_not_verified(go, &refusal);
            let cause = if is_post_quantum(&refusal, &listener.key_pair.chain, go) {
                let of_server = true;
                Cause::PostQuantumIssuer { refusal, of_server }
            } else {
                Cause::ServerRefused(refusal)
            };
            return Err(refused(cause, text));
        }
    }
    // The listener's demand for names also binds etcd's own clients; who
    // skipped the verification has no chain to look at.
    let verified = match client.check {
        ServerCheck::Verify { .. } => chain.first(),
        ServerCheck::Skip => None,
    };
    let complaint = client.allowed.complaint(verified, go);
    complaint.map_or(Ok(()), |cause| Err(refused(cause, NOT_ALLOWED.to_owned())))
}

/// What a server says of a verified client whose key it can't take a signature
/// of: of a kind that its Go doesn't know, or of ML-DSA in TLS 1.2.
fn complaint_of_key(leaf: &Certificate, tls13: bool) -> Option<(&'static str, Alert)> {
    match leaf.public_key {
        None => Some((
            "tls: client certificate contains an unsupported public key of type <nil>",
            Alert::UnsupportedCertificate,
        )),
        Some(PublicKey::MlDsa { .. }) if !tls13 => Some((
            "tls: client certificate uses ML-DSA, which requires TLS 1.3",
            Alert::IllegalParameter,
        )),
        _ => None,
    }
}

/// Whether a certificate has no known issuer because the Go that looked for one
/// can't verify ML-DSA: it passes over such an issuer without a hint.
fn is_post_quantum(refusal: &Refusal, chain: &[Vec<u8>], go: GoBuild) -> bool {
    matches!(refusal.reason, VerifyError::UnknownAuthority { hint: None })
        && !go.knows_ml_dsa()
        && [&refusal.certificate]
            .into_iter()
            .chain(chain)
            .filter_map(|der| Certificate::parse(der, FIRST_WITH_ML_DSA).ok())
            .any(|sent| matches!(sent.signature_algorithm, SignatureAlgorithm::MlDsa(_)))
}

/// The first Go that knows ML-DSA.
const FIRST_WITH_ML_DSA: GoBuild = GoBuild::new(GoVersion::new(27, 0), 27);

fn has_huge_key(chain: &[Certificate]) -> bool {
    chain
        .iter()
        .filter_map(|certificate| certificate.public_key.as_ref())
        .any(|key| key.rsa_bits() > 8192)
}

/// The server's part (`processCertsFromClient`), then etcd's own checks.
fn check_client(
    client: &Dialer<'_>,
    listener: &Listener<'_>,
    roots: &CertificatePool,
    tls13: bool,
    now: Time,
) -> Result<(), Ended> {
    let go = listener.build.go;
    let refused = |cause, text: String, alert| Ended::by_server(cause, text, alert, tls13);
    let chain = parse_all(client.chain, go).map_err(|error| {
        let text = format!("tls: failed to parse client certificate: {error}");
        let cause = Cause::ClientChainUnreadable(error);
        refused(cause, text, alert_for_unreadable(go))
    })?;
    if go.limits_rsa_keys_in_handshakes() && has_huge_key(&chain) {
        let text = "tls: client sent certificate containing RSA key larger than 8192 bits";
        let text = text.to_owned();
        return Err(refused(Cause::HugeRsaKey, text, Alert::BadCertificate));
    }
    let Some(leaf) = chain.first() else {
        let alert = if tls13 && go.sends_precise_alerts() {
            Alert::CertificateRequired
        } else if go.sends_decode_error() {
            Alert::HandshakeFailure
        } else {
            Alert::BadCertificate
        };
        let text = "tls: client didn't provide a certificate".to_owned();
        return Err(refused(Cause::NoClientCertificate, text, alert));
    };
    let options = VerifyOptions {
        roots,
        intermediates: &intermediates(&chain),
        host: None,
        usage: ExtendedKeyUsage::ClientAuth,
        now,
    };
    if let Err(refusal) = chain::verify(leaf, &options, go) {
        let text = phrase::client_not_verified(go, &refusal.reason);
        let alert = alert_for(&refusal, go);
        let cause = if is_post_quantum(&refusal, client.chain, go) {
            let of_server = false;
            Cause::PostQuantumIssuer { refusal, of_server }
        } else {
            Cause::ClientRefused(refusal)
        };
        return Err(refused(cause, text, alert));
    }
    if let Some((text, alert)) = complaint_of_key(leaf, tls13) {
        let cause = Cause::PostQuantumKey { of_server: false };
        return Err(refused(cause, text.to_owned(), alert));
    }
    if let Some(cause) = listener.allowed.complaint(Some(leaf), go) {
        return Err(refused(
            cause,
            NOT_ALLOWED.to_owned(),
            Alert::BadCertificate,
        ));
    }
    if let Some(remote) = listener.address_check
        && let Some(text) = remote.complaint(leaf, go)
    {
        let address = remote.address.to_owned();
        return Err(Ended::closed(Cause::PeerAddress { address }, text, tls13));
    }
    check_revocation(listener, &chain).map_or(Ok(()), |(cause, text)| {
        Err(Ended::closed(cause, text, tls13))
    })
}

/// `checkCRL`: the serial numbers of everything that the client sent.
fn check_revocation(listener: &Listener<'_>, chain: &[Certificate]) -> Option<(Cause, String)> {
    let content = match listener.revocation_list.as_ref()? {
        Ok(content) => content,
        Err(error) => {
            let text = error.to_string();
            return Some((Cause::RevocationListMissing(error.clone()), text));
        }
    };
    let reader = listener.build.revocation_list_reader();
    let revoked = match revocation_list::revoked_serial_numbers(content, reader, listener.build.go)
    {
        Ok(revoked) => revoked,
        Err(error) => {
            let text = error.to_string();
            return Some((Cause::RevocationListUnreadable(error), text));
        }
    };
    let serial = chain
        .iter()
        .map(Certificate::serial_number_magnitude)
        .find(|serial| revoked.contains(serial))?;
    let serial = hexadecimal(&serial);
    let text = format!("transport: certificate serial {serial} revoked");
    Some((Cause::Revoked { serial }, text))
}
