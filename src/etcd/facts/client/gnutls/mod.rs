//! Clients that speak TLS by GnuTLS. wget sends a certificate only if etcd names its
//! CA, and no RSA certificate over TLS 1.3 to Go 1.25 and newer; curl is told to send
//! it whatever is named (`GNUTLS_FORCE_CLIENT_CERT`).

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose, UnknownIssuer,
};
use super::{
    Alert, Client, Library, Meeting, PairCheck, Sending, ServerFault, Speech, Words, client,
    library,
};

const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "Handshake failed",
        Alert::BadCertificate => "Certificate is bad",
        Alert::UnsupportedCertificate => "Certificate is not supported",
        Alert::Expired => "Certificate is expired",
        Alert::IllegalParameter => "Illegal parameter",
        Alert::UnknownAuthority => "CA is unknown",
        Alert::DecodeError => "Decode error",
        Alert::DecryptError => "Decrypt error",
        Alert::ProtocolVersion => "Error in protocol version",
        Alert::InternalError => "Internal error",
        Alert::CertificateRequired => "Certificate is required",
    }
}

/// As curl and wget ask it: nobody asks for a purpose.
const AS_IT_IS: Library = Library {
    checks_purpose: false,
    takes_any_usage: true,
    takes_any_usage_above: true,
    constrains_common_name: true,
    ..library("GnuTLS 3.7.9", "lib/x509/verify.c", alert, &[])
};

static GNUTLS: Library = AS_IT_IS;

static GNUTLS_WITH_PURPOSE: Library = Library {
    checks_purpose: true,
    takes_any_usage_above: false,
    ..AS_IT_IS
};

const fn bad(_: ServerFault) -> &'static [&'static str] {
    &["remote error: tls: bad certificate"]
}

const NOT_VERIFIED: &[&str] = &["server certificate verification failed. CAfile: {ca}"];
const OTHER_NAME: &[&str] =
    &["certificate subject name ({cn}) does not match target host name '{host}'"];
const UNREADABLE: &[&str] = &["error reading X.509 key or certificate file"];

#[rustfmt::skip]
const CURL: Words = &[
    (&[Server(UnknownIssuer), Server(Expired), Server(NotYetValid), Server(Purpose), Server(Chain)], NOT_VERIFIED),
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], OTHER_NAME),
    (&[File(OtherKey), File(NoPem), File(Encrypted), File(KeyForm), File(Missing)], UNREADABLE),
    (&[PlainToTls], &["Empty reply from server", "Connection reset by peer"]),
    (&[TlsToPlain], &["gnutls_handshake() failed: The TLS connection was non-properly terminated."]),
    (&[NothingListens], &["Failed to connect to {host} port"]),
    (&[Stopped], &["The TLS connection was non-properly terminated.", "Failed to connect to {host} port"]),
];

const LOST_BY_CURL: &[&str] = &[
    "Send failure: Broken pipe",
    "Send failure: Connection reset by peer",
    "getpeername() failed with errno 107: Transport endpoint is not connected",
    "GnuTLS recv error (-12): A TLS fatal alert has been received.",
    "GnuTLS recv error (-110): The TLS connection was non-properly terminated.",
    "HTTP/2 stream 1 was not closed cleanly before end of the underlying stream",
];

const NO_NAME: &[&str] = &["The name in the certificate does not match the expected."];
const LOADING: &[&str] = &[
    "*** Error loading ",
    "*** Error importing key: Decryption has failed.",
];

#[rustfmt::skip]
const CLI: Words = &[
    (&[Server(UnknownIssuer)], &["The certificate is NOT trusted. The certificate issuer is unknown."]),
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], NO_NAME),
    (&[Server(Expired)], &["The certificate chain uses expired certificate."]),
    (&[Server(NotYetValid)], &["The certificate chain uses not yet valid certificate."]),
    (&[Server(Purpose)], &["The certificate chain does not match the intended purpose."]),
    (&[Server(Chain)], &["*** PKI verification of server certificate failed..."]),
    (&[File(OtherKey), File(Encrypted), File(KeyForm)], LOADING),
    (&[File(NoPem)], &["*** Error loading cert file: No certificate was found."]),
    (&[File(Missing)], &["*** Error loading cert file.", "*** Error loading key file."]),
    (&[Closed], &["- Peer has closed the GnuTLS connection", "*** Fatal error: "]),
    (&[PlainToTls], &["- Peer has closed the GnuTLS connection"]),
    (&[TlsToPlain, Stopped], &["*** Fatal error: The TLS connection was non-properly terminated."]),
    (&[NothingListens], &["Could not connect to {host}:"]),
];

const OTHER_OWNER: &[&str] = &["The certificate's owner does not match hostname ‘{host}’"];
const INVALIDATED: &str =
    "Failed writing HTTP request: The specified session has been invalidated for some reason.";

#[rustfmt::skip]
const WGET: Words = &[
    (&[Server(UnknownIssuer)], &["ERROR: The certificate of ‘{host}’ doesn't have a known issuer."]),
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], OTHER_OWNER),
    (&[Server(Expired)], &["ERROR: The certificate of ‘{host}’ has expired."]),
    (&[Server(NotYetValid)], &["ERROR: The certificate of ‘{host}’ is not yet activated."]),
    (&[Server(Chain)], &["ERROR: The certificate of ‘{host}’ is not trusted."]),
    (&[Meeting::Forbidden], &["ERROR 400: Bad Request."]),
    (&[PlainToTls], &["No data received.", "Read error (Connection reset by peer) in headers."]),
    (&[TlsToPlain], &["GnuTLS: The TLS connection was non-properly terminated."]),
    (&[Closed], &["Giving up."]),
    (&[NothingListens], &["failed: Connection refused."]),
    (&[Stopped], &["failed: Connection refused.", "Giving up."]),
];

pub(super) static CLIENTS: &[Client] = &[
    Client {
        in_handshake: "gnutls_handshake() failed: {}",
        after: "A TLS fatal alert has been received.",
        lost: LOST_BY_CURL,
        words: CURL,
        ..client(
            "curl-gnutls",
            "libcurl3-gnutls 7.88.1-10+deb12u14",
            &GNUTLS,
            Speech::Gateway,
        )
    },
    Client {
        pair: PairCheck::Never,
        in_handshake: "{}",
        lost: &[
            "*** Fatal error: Error in the push function.",
            "*** Fatal error: ",
        ],
        words: CLI,
        logged: bad,
        ..client(
            "gnutls-cli",
            "gnutls-cli 3.7.9",
            &GNUTLS_WITH_PURPOSE,
            Speech::Health,
        )
    },
    Client {
        sending: Sending::IfNamedAndNotRsa,
        goes_on: true,
        in_handshake: "GnuTLS: received alert [{number}]: {}",
        lost: &[INVALIDATED, "Giving up."],
        words: WGET,
        ..client("wget-gnutls", "wget 1.21.3", &GNUTLS, Speech::Gateway)
    },
    Client {
        sending: Sending::IfNamedAndNotRsa,
        goes_on: true,
        in_handshake: "GnuTLS: received alert [{number}]: {}",
        lost: &[INVALIDATED, "Giving up."],
        words: WGET,
        ..client(
            "wget-gnutls-ec",
            "wget 1.21.3, P-256 client key",
            &GNUTLS,
            Speech::Gateway,
        )
    },
];
