//! Clients that speak TLS by rustls, with webpki's rules: a server's certificate that
//! is a CA itself is refused (`CaUsedAsEndEntity`), and each refusal has its own alert
//! (`rustls/src/error.rs`). Which keys it knows is its provider's: ring has no P-521,
//! aws-lc-rs has. etcd-client's feature `tls` is ring's, reqwest's `rustls` is aws-lc-rs'.

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{File, Server};
use super::ServerFault::{
    Authority, Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose,
    UnknownIssuer, UnknownSignature,
};
use super::openssl::{CANCELED, RUST_GRPC};
use super::{Alert, Client, Library, Meeting, ServerFault, Speech, Words, client, library};

const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "received fatal alert: HandshakeFailure",
        Alert::BadCertificate => "received fatal alert: BadCertificate",
        Alert::UnsupportedCertificate => "received fatal alert: UnsupportedCertificate",
        Alert::Expired => "received fatal alert: CertificateExpired",
        Alert::IllegalParameter => "received fatal alert: IllegalParameter",
        Alert::UnknownAuthority => "received fatal alert: UnknownCA",
        Alert::DecodeError => "received fatal alert: DecodeError",
        Alert::DecryptError => "received fatal alert: DecryptError",
        Alert::ProtocolVersion => "received fatal alert: ProtocolVersion",
        Alert::InternalError => "received fatal alert: InternalError",
        Alert::CertificateRequired => "received fatal alert: CertificateRequired",
    }
}

#[rustfmt::skip]
const WORDS: Words = &[
    (&[Server(UnknownIssuer)], &["invalid peer certificate: UnknownIssuer"]),
    (&[Server(NoNames)], &["certificate is not valid for any names (according to its subjectAltName extension)"]),
    (&[Server(OtherAddress), Server(OtherHost)], &["certificate is only valid for {rustls}", "certificate is only valid for {rustls-plain}"]),
    (&[Server(Expired)], &["invalid peer certificate: certificate expired: verification time "]),
    (&[Server(NotYetValid)], &["invalid peer certificate: certificate not valid yet: verification time "]),
    (&[Server(Purpose)], &["invalid peer certificate: certificate does not allow extended key usage for server authentication"]),
    (&[Server(Authority)], &["invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", "CaUsedAsEndEntity"]),
    (&[Server(UnknownSignature)], &["invalid peer certificate: UnsupportedSignatureAlgorithmForPublicKeyContext"]),
    (&[Server(Chain)], &["invalid peer certificate: "]),
    (&[File(OtherKey)], &["keys may not be consistent: KeyMismatch", "KeyMismatch"]),
    (&[File(NoPem)], &["private key or certificate not found", "Error parsing TLS", "no start line", "NoCertificatesPresented"]),
    (&[File(Encrypted), File(KeyForm)], &["private key", "PrivateKeyParseError"]),
    (&[File(Missing)], &["No such file or directory (os error 2)"]),
];

/// What it does with any provider.
const AS_IT_IS: Library = Library {
    takes_authorities: false,
    knows_policies: false,
    offered: "[303]",
    ..library(
        "rustls 0.23.46 with aws-lc-rs",
        "rustls-webpki src/verify_cert.rs",
        alert,
        WORDS,
    )
};

static RUSTLS: Library = AS_IT_IS;

static RUSTLS_WITH_RING: Library = Library {
    name: "rustls 0.23.46 with ring",
    knows_p521: false,
    signed_by_p521: Some(UnknownSignature),
    reads_p521: false,
    ..AS_IT_IS
};

const fn logged(fault: ServerFault) -> &'static [&'static str] {
    match fault {
        UnknownIssuer => &["remote error: tls: unknown certificate authority"],
        UnknownSignature => &["remote error: tls: error decrypting message"],
        Expired | NotYetValid => &["remote error: tls: expired certificate"],
        Purpose => &["remote error: tls: unsupported certificate"],
        NoNames | OtherAddress | OtherHost => &["remote error: tls: bad certificate"],
        Authority | Chain => &[
            "remote error: tls: unknown certificate",
            "remote error: tls: bad certificate",
        ],
    }
}

#[rustfmt::skip]
const HTTP: Words = &[
    (&[Meeting::PlainToTls], &["connection closed before message completed", "Connection reset by peer"]),
    (&[Meeting::TlsToPlain], &["tls handshake eof"]),
    (&[Meeting::NothingListens, Meeting::Stopped], &["tcp connect error"]),
];

pub(super) static CLIENTS: &[Client] = &[
    Client {
        lost: CANCELED,
        words: RUST_GRPC,
        logged,
        ..client(
            "rust-etcd-client-rustls",
            "etcd-client 0.21.1 tls",
            &RUSTLS_WITH_RING,
            Speech::Grpc,
        )
    },
    Client {
        lost: &[
            "caused by: connection closed",
            "caused by: channel closed",
            "caused by: connection was not ready",
            "broken pipe",
            "Connection reset by peer",
        ],
        words: HTTP,
        logged,
        ..client(
            "rust-reqwest-rustls",
            "reqwest 0.13 rustls",
            &RUSTLS,
            Speech::Gateway,
        )
    },
];
