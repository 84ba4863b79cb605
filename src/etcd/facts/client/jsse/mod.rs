//! Clients in Java: with Java's own JSSE, and with Netty's tcnative, where `BoringSSL`
//! speaks and Java's trust manager checks. All keep a certificate at home that no CA
//! named by etcd has issued (`X509KeyManager.chooseClientAlias`).

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Authority, Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose,
    UnknownIssuer, UnknownSignature,
};
use super::{
    Alert, Client, Library, Meeting, PairCheck, Sending, ServerFault, Speech, Words, boringssl,
    client, library,
};

const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "Received fatal alert: handshake_failure",
        Alert::BadCertificate => "Received fatal alert: bad_certificate",
        Alert::UnsupportedCertificate => "Received fatal alert: unsupported_certificate",
        Alert::Expired => "Received fatal alert: certificate_expired",
        Alert::IllegalParameter => "Received fatal alert: illegal_parameter",
        Alert::UnknownAuthority => "Received fatal alert: unknown_ca",
        Alert::DecodeError => "Received fatal alert: decode_error",
        Alert::DecryptError => "Received fatal alert: decrypt_error",
        Alert::ProtocolVersion => "Received fatal alert: protocol_version",
        Alert::InternalError => "Received fatal alert: internal_error",
        Alert::CertificateRequired => "Received fatal alert: certificate_required",
    }
}

#[rustfmt::skip]
const WORDS: Words = &[
    (&[Server(UnknownIssuer)], &["PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target"]),
    (&[Server(NoNames)], &["No subject alternative names present", "No name matching {host} found"]),
    (&[Server(OtherAddress)], &["No subject alternative names matching IP address {host} found"]),
    (&[Server(OtherHost)], &["No subject alternative DNS name matching {host} found"]),
    (&[Server(Expired)], &["java.security.cert.CertificateExpiredException: NotAfter: "]),
    (&[Server(NotYetValid)], &["java.security.cert.CertificateNotYetValidException: NotBefore: "]),
    (&[Server(Purpose)], &["Extended key usage does not permit use for TLS server authentication"]),
    (&[Server(Chain)], &["PKIX path "]),
    (&[File(NoPem)], &["java.security.cert.CertificateException: No certificate data found"]),
    (&[File(Encrypted)], &["java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: IOException : DerValue.getBigIntegerInternal, not expected 48"]),
    (&[File(KeyForm)], &["java.security.spec.InvalidKeySpecException: "]),
    (&[File(Missing)], &["java.nio.file.NoSuchFileException: {file}"]),
    (&[PlainToTls], &["Connection reset", "EOF reached while reading", "HTTP/1.1 header parser received no bytes", "Unexpected end of file from server"]),
    (&[TlsToPlain], &["javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake"]),
    (&[NothingListens, Stopped], &["java.net.ConnectException"]),
];

/// What it does where a program asks for nothing else.
const AS_IT_IS: Library = Library {
    takes_any_usage: true,
    takes_any_usage_above: true,
    takes_short_wildcards: true,
    constrains_common_name: true,
    reads_old_keys: false,
    offered: "[303]",
    ..library(
        "JSSE 17.0.15",
        "sun/security/ssl/X509TrustManagerImpl.java",
        alert,
        WORDS,
    )
};

pub(super) static JSSE: Library = AS_IT_IS;

#[rustfmt::skip]
const NETTY: Words = &[
    (&[Server(UnknownIssuer)], &["unable to find valid certification path to requested target"]),
    (&[Server(NoNames)], &["No subject alternative names present"]),
    (&[Server(OtherAddress)], &["No subject alternative names matching IP address {host} found"]),
    (&[Server(OtherHost)], &["No subject alternative DNS name matching {host} found"]),
    (&[Server(Expired)], &["java.security.cert.CertificateExpiredException: NotAfter: "]),
    (&[Server(NotYetValid)], &["java.security.cert.CertificateNotYetValidException: NotBefore: "]),
    (&[Server(Purpose)], &["Extended key usage does not permit use for TLS server authentication"]),
    (&[Server(Chain)], &["General OpenSslEngine problem"]),
    (&[File(NoPem)], &["java.lang.IllegalArgumentException: File does not contain valid certificates: {cert}"]),
    (&[File(Encrypted), File(KeyForm)], &["java.lang.IllegalArgumentException: File does not contain valid private key: {key}"]),
    (&[File(Missing)], &["java.lang.IllegalArgumentException: File does not contain valid certificates: {file}", "java.lang.IllegalArgumentException: File does not contain valid private key: {file}"]),
    (&[File(OtherKey)], &["UNAVAILABLE: io exception", "UNAVAILABLE: ssl exception"]),
    (&[PlainToTls], &["UNAVAILABLE: Network closed for unknown reason"]),
    (&[TlsToPlain], &["UNAVAILABLE: Connection closed while performing TLS negotiation"]),
    (&[NothingListens], &["finishConnect(..) failed", "Connection refused"]),
    (&[Stopped], &["finishConnect(..) failed", "UNAVAILABLE: "]),
];

static TCNATIVE: Library = Library {
    knows_p521: false,
    takes_any_usage: true,
    takes_any_usage_above: true,
    takes_short_wildcards: true,
    constrains_common_name: true,
    knows_ed25519: false,
    // Java's trust manager is told which signatures tcnative has offered.
    signed_by_ed25519: Some(Chain),
    reads_ed25519: false,
    reads_old_keys: false,
    ..library(
        "BoringSSL via netty-tcnative 2.0.70",
        "sun/security/ssl/X509TrustManagerImpl.java",
        boringssl::alert,
        NETTY,
    )
};

/// Java's own engine under Netty, which reads the files (`SslContext.getPrivateKeyFromByteBuffer`).
static NETTY_JSSE: Library = Library {
    words: NETTY,
    reads_ed25519: false,
    ..AS_IT_IS
};

/// JSSE's alert for whatever its trust manager refuses (`CertificateMessage`); the
/// HTTP client closes before it is sent.
const fn unknown(_: ServerFault) -> &'static [&'static str] {
    &["remote error: tls: unknown certificate"]
}

/// What tcnative makes of the trust manager's exception
/// (`ReferenceCountedOpenSslContext.AbstractCertificateVerifier`).
const fn of_tcnative(fault: ServerFault) -> &'static [&'static str] {
    match fault {
        Expired | NotYetValid => &["remote error: tls: expired certificate", ""],
        UnknownIssuer | NoNames | OtherAddress | OtherHost | Purpose | Authority
        | UnknownSignature | Chain => &["remote error: tls: internal error", ""],
    }
}

/// jetcd ends no call whose handshake fails: what ends it is the caller's own limit.
const TIMEOUT: &[&str] = &["java.util.concurrent.TimeoutException"];

pub(super) static CLIENTS: &[Client] = &[
    Client {
        sending: Sending::IfNamed,
        pair: PairCheck::Never,
        lost: &[
            "java.io.IOException: Broken pipe",
            "java.nio.channels.ClosedChannelException",
            "HTTP connect timed out",
            "request timed out",
            "Connection reset",
            "EOF reached while reading",
        ],
        words: &[
            (
                &[Meeting::Alert(Alert::HandshakeFailure)],
                &[
                    "Remote host terminated the handshake",
                    "Received fatal alert: handshake_failure",
                    "Broken pipe",
                ],
            ),
            (
                &[Meeting::Alert(Alert::Expired)],
                &[
                    "Remote host terminated the handshake",
                    "Received fatal alert: certificate_expired",
                    "Broken pipe",
                ],
            ),
            (
                &[Meeting::Alert(Alert::BadCertificate)],
                &[
                    "Remote host terminated the handshake",
                    "Received fatal alert: bad_certificate",
                    "Broken pipe",
                ],
            ),
        ],
        ..client(
            "java-httpclient",
            "OpenJDK 17.0.15 java.net.http",
            &JSSE,
            Speech::Gateway,
        )
    },
    Client {
        sending: Sending::IfNamed,
        pair: PairCheck::Never,
        lost: &[
            "java.net.SocketException: Broken pipe",
            "java.io.IOException: Error writing to server",
            "Connection reset",
            "Unexpected end of file from server",
        ],
        words: &[
            (
                &[Meeting::Alert(Alert::HandshakeFailure)],
                &[
                    "java.net.SocketException: Broken pipe",
                    "Received fatal alert: handshake_failure",
                    "Remote host terminated the handshake",
                ],
            ),
            (
                &[Meeting::Alert(Alert::Expired)],
                &[
                    "java.net.SocketException: Broken pipe",
                    "Received fatal alert: certificate_expired",
                    "Remote host terminated the handshake",
                ],
            ),
            (
                &[Meeting::Alert(Alert::BadCertificate)],
                &[
                    "java.net.SocketException: Broken pipe",
                    "Received fatal alert: bad_certificate",
                    "Remote host terminated the handshake",
                ],
            ),
            (
                &[Closed],
                &[
                    "java.io.IOException: Error writing to server",
                    "java.net.SocketException: Broken pipe",
                    "Unexpected end of file from server",
                    "Connection reset",
                ],
            ),
            (
                &[Meeting::Forbidden],
                &["java.io.IOException: Server returned HTTP response code: 400"],
            ),
        ],
        logged: unknown,
        ..client(
            "java-httpsurl",
            "OpenJDK 17.0.15 HttpsURLConnection",
            &JSSE,
            Speech::Gateway,
        )
    },
    Client {
        sending: Sending::IfNamed,
        pair: PairCheck::Never,
        whatever: TIMEOUT,
        logged: unknown,
        ..client(
            "java-jetcd-jsse",
            "jetcd-core 0.8.5, grpc 1.70.0, netty 4.1.118/4.1.110",
            &NETTY_JSSE,
            Speech::Grpc,
        )
    },
    Client {
        sending: Sending::IfNamed,
        pair: PairCheck::Handshake,
        whatever: TIMEOUT,
        words: &[(&[File(OtherKey)], TIMEOUT)],
        logged: of_tcnative,
        ..client(
            "java-jetcd-tcnative",
            "jetcd-core 0.8.5, tcnative-boringssl 2.0.70",
            &TCNATIVE,
            Speech::Grpc,
        )
    },
    Client {
        sending: Sending::IfNamed,
        pair: PairCheck::Handshake,
        lost: &[
            "UNAVAILABLE: io exception",
            "UNAVAILABLE: ssl exception",
            "UNAVAILABLE: Network closed for unknown reason",
        ],
        logged: of_tcnative,
        ..client(
            "java-grpc-netty-shaded",
            "grpc-netty-shaded 1.85.1",
            &TCNATIVE,
            Speech::Grpc,
        )
    },
];
