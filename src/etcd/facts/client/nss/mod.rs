//! Clients that speak TLS by NSS: its own test client.

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Authority, Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose,
    UnknownIssuer, UnknownSignature,
};
use super::{
    Alert, Client, Library, Meeting, Names, Sending, ServerFault, Speech, Words, client, library,
};

const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "SSL_ERROR_HANDSHAKE_FAILURE_ALERT",
        Alert::BadCertificate => "SSL_ERROR_BAD_CERT_ALERT",
        Alert::UnsupportedCertificate => "SSL_ERROR_UNSUPPORTED_CERT_ALERT",
        Alert::Expired => "SSL_ERROR_EXPIRED_CERT_ALERT",
        Alert::IllegalParameter => "SSL_ERROR_ILLEGAL_PARAMETER_ALERT",
        Alert::UnknownAuthority => "SSL_ERROR_UNKNOWN_CA_ALERT",
        Alert::DecodeError => "SSL_ERROR_DECODE_ERROR_ALERT",
        Alert::DecryptError => "SSL_ERROR_DECRYPT_ERROR_ALERT",
        Alert::ProtocolVersion => "SSL_ERROR_PROTOCOL_VERSION_ALERT",
        Alert::InternalError => "SSL_ERROR_INTERNAL_ERROR_ALERT",
        Alert::CertificateRequired => "SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT",
    }
}

#[rustfmt::skip]
const WORDS: Words = &[
    (&[Server(UnknownIssuer)], &["authentication of server cert failed: SEC_ERROR_UNKNOWN_ISSUER"]),
    (&[Server(NoNames), Server(OtherAddress)], &["authentication of server cert failed: SSL_ERROR_BAD_CERT_DOMAIN"]),
    // It tries the first address of a name alone, which may be ::1.
    (&[Server(OtherHost)], &["authentication of server cert failed: SSL_ERROR_BAD_CERT_DOMAIN", "PR_CONNECT_REFUSED_ERROR"]),
    (&[Server(Expired), Server(NotYetValid)], &["authentication of server cert failed: SEC_ERROR_EXPIRED_CERTIFICATE"]),
    (&[Server(Purpose)], &["authentication of server cert failed: SEC_ERROR_INADEQUATE_CERT_TYPE", "authentication of server cert failed: SEC_ERROR_CA_CERT_INVALID"]),
    (&[Server(Chain)], &["authentication of server cert failed: SEC_ERROR_"]),
    (&[File(OtherKey), File(NoPem), File(Encrypted), File(KeyForm), File(Missing)], &["Failed to load a suitable client certificate"]),
    (&[Closed], &["PR_END_OF_FILE_ERROR", "PR_CONNECT_RESET_ERROR", "0 stateless resumes"]),
    (&[PlainToTls], &["PR_END_OF_FILE_ERROR"]),
    (&[TlsToPlain], &["read from socket failed: PR_END_OF_FILE_ERROR: Encountered end of file"]),
    (&[NothingListens], &["PR_CONNECT_REFUSED_ERROR: Connection refused by peer"]),
    (&[Stopped], &["0 stateless resumes"]),
];

static NSS: Library = Library {
    knows_policies: false,
    knows_ed25519: false,
    signed_by_ed25519: Some(UnknownIssuer),
    reads_ed25519: false,
    ..library("NSS 3.87.1", "lib/certhigh/certvfy.c", alert, WORDS)
};

const fn logged(fault: ServerFault) -> &'static [&'static str] {
    match fault {
        UnknownIssuer => &["remote error: tls: unknown certificate authority"],
        Expired | NotYetValid => &["remote error: tls: expired certificate"],
        NoNames | OtherAddress => &["remote error: tls: bad certificate"],
        OtherHost => &["remote error: tls: bad certificate", ""],
        Purpose | Authority | UnknownSignature | Chain => &[
            "remote error: tls: unknown certificate",
            "remote error: tls: bad certificate",
        ],
    }
}

/// What it makes of a handshake that fails at its own hello.
const REFUSED: Words = &[(
    &[Meeting::Alert(Alert::HandshakeFailure)],
    &[
        "SSL_ERROR_NO_CYPHER_OVERLAP",
        "SSL_ERROR_HANDSHAKE_FAILURE_ALERT",
    ],
)];

pub(super) static CLIENTS: &[Client] = &[Client {
    names: Names::CommonName,
    // `CERT_FindUserCertByUsage`, with certUsageSSLClient.
    sending: Sending::IfForClients,
    // tstclnt tells of files of no use, and connects without them.
    goes_on: true,
    lost: &["PR_END_OF_FILE_ERROR", "PR_CONNECT_RESET_ERROR"],
    words: REFUSED,
    logged,
    ..client(
        "nss-tstclnt",
        "NSS tools 2:3.87.1-1+deb12u4",
        &NSS,
        Speech::Health,
    )
}];
