//! Clients in which gRPC brings its own `BoringSSL`: grpcio in Python, and what is
//! built on it. `BoringSSL` asks for no signature of P-521 or Ed25519 of its own accord
//! (`kVerifySignatureAlgorithms`), though it signs with both; gRPC ends a chain at whatever
//! the CA file has (`X509_V_FLAG_PARTIAL_CHAIN`, `ssl_transport_security.cc`).

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose, UnknownIssuer,
};
use super::openssl::logged_of_chain;
use super::{Alert, Client, Library, Plain, Speech, Words, client, library};

pub(super) const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE",
        Alert::BadCertificate => "SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE",
        Alert::UnsupportedCertificate => {
            "SSL routines:OPENSSL_internal:SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"
        }
        Alert::Expired => "SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED",
        Alert::IllegalParameter => "SSL routines:OPENSSL_internal:SSLV3_ALERT_ILLEGAL_PARAMETER",
        Alert::UnknownAuthority => "SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA",
        Alert::DecodeError => "SSL routines:OPENSSL_internal:TLSV1_ALERT_DECODE_ERROR",
        Alert::DecryptError => "SSL routines:OPENSSL_internal:TLSV1_ALERT_DECRYPT_ERROR",
        Alert::ProtocolVersion => "SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION",
        Alert::InternalError => "SSL routines:OPENSSL_internal:TLSV1_ALERT_INTERNAL_ERROR",
        Alert::CertificateRequired => {
            "SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED"
        }
    }
}

/// grpcio 1.60 tells no reason, and finds the names in words of its own.
const UNTOLD: &str = "SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";
const UNNAMED: &str = "Peer name {host} is not in peer certificate";

#[rustfmt::skip]
const WORDS: Words = &[
    (&[Server(UnknownIssuer)], &["SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED: unable to get local issuer certificate", UNTOLD]),
    (&[Server(NoNames), Server(OtherAddress)], &["call host does not match SSL server name", "Hostname Verification Check failed.", UNNAMED]),
    (&[Server(OtherHost)], &["Hostname Verification Check failed.", "call host does not match SSL server name", UNNAMED]),
    (&[Server(Expired)], &["SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED: certificate has expired", UNTOLD]),
    (&[Server(NotYetValid)], &["SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED: certificate is not yet valid", UNTOLD]),
    (&[Server(Purpose)], &["SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED: unsupported certificate purpose", UNTOLD]),
    (&[Server(Chain)], &["SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED"]),
    (&[File(OtherKey), File(Encrypted), File(KeyForm)], &["Invalid private key."]),
    (&[File(NoPem)], &["Invalid cert chain file."]),
    (&[File(Missing)], &["FileNotFoundError: [Errno 2] No such file or directory: '{file}'", "FileNotFoundError: [Errno 2] No such file or directory: '{key}'"]),
    (&[PlainToTls], &["Socket closed", "Connection reset by peer"]),
    (&[TlsToPlain], &["Socket closed", "Tls handshake failed"]),
    (&[Closed], &["Socket closed", "recvmsg:Connection reset by peer", "Broken pipe"]),
    (&[NothingListens], &["Failed to connect to remote host: Connection refused"]),
    (&[Stopped], &["Failed to connect to remote host: Connection refused", "Socket closed"]),
];

pub(super) static BORINGSSL: Library = Library {
    knows_p521: false,
    knows_address_constraints: false,
    knows_ed25519: false,
    ..library(
        "BoringSSL in grpcio 1.85.3",
        "gRPC src/core/tsi/ssl_transport_security.cc",
        alert,
        WORDS,
    )
};

const UNLIKE: &[&str] = &[
    FAILED[0],
    "call host does not match SSL server name",
    "Hostname Verification Check failed.",
];
const FAILED: &[&str] = &["etcd3.exceptions.ConnectionFailedError: etcd connection failed"];

pub(super) static CLIENTS: &[Client] = &[
    Client {
        lost: &[
            "Socket closed",
            "recvmsg:Connection reset by peer",
            "Broken pipe",
        ],
        logged: logged_of_chain,
        ..client("py-grpcio", "grpcio 1.85.3", &BORINGSSL, Speech::Grpc)
    },
    Client {
        plain: Plain::WithoutAuthority,
        whatever: FAILED,
        words: &[
            (
                &[File(OtherKey), File(Encrypted), File(NoPem), File(KeyForm)],
                FAILED,
            ),
            (
                &[Closed],
                &[
                    FAILED[0],
                    "etcd3.exceptions.ConnectionTimeoutError: etcd connection timeout",
                ],
            ),
            // gRPC's UNAUTHENTICATED, of which etcd3 makes no error of its own.
            (
                &[Server(NoNames), Server(OtherAddress), Server(OtherHost)],
                UNLIKE,
            ),
        ],
        logged: logged_of_chain,
        ..client(
            "py-etcd3",
            "etcd3 0.12.0, grpcio 1.85.3",
            &BORINGSSL,
            Speech::Grpc,
        )
    },
    Client {
        plain: Plain::Always,
        lost: &["aetcd.exceptions.ConnectionFailedError: "],
        ..client(
            "py-aetcd",
            "aetcd 1.0.0, grpcio 1.85.3",
            &BORINGSSL,
            Speech::Grpc,
        )
    },
];
