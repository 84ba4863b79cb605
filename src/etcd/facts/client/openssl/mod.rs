//! Clients that speak TLS by OpenSSL, but for those in Python and Node. Their alerts
//! and reasons are OpenSSL's (`ssl/ssl_err.c`, `crypto/x509/x509_txt.c` of 3.0), what
//! stands around them is each program's own.

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Authority, Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose,
    UnknownIssuer,
};
use super::{
    Alert, Anchors, Client, Library, Meeting, Names, ServerFault, Speech, Words, client, library,
};

pub(super) const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "sslv3 alert handshake failure",
        Alert::BadCertificate => "sslv3 alert bad certificate",
        Alert::UnsupportedCertificate => "sslv3 alert unsupported certificate",
        Alert::Expired => "sslv3 alert certificate expired",
        Alert::IllegalParameter => "sslv3 alert illegal parameter",
        Alert::UnknownAuthority => "tlsv1 alert unknown ca",
        Alert::DecodeError => "tlsv1 alert decode error",
        Alert::DecryptError => "tlsv1 alert decrypt error",
        Alert::ProtocolVersion => "tlsv1 alert protocol version",
        Alert::InternalError => "tlsv1 alert internal error",
        Alert::CertificateRequired => "tlsv13 alert certificate required",
    }
}

/// OpenSSL ends the handshake with an alert that it does not encrypt as etcd expects;
/// where the program closes first, etcd logs nothing.
pub(super) const fn logged_by_alert(_: ServerFault) -> &'static [&'static str] {
    &["local error: tls: bad record MAC", ""]
}

/// The names are looked at after the handshake.
pub(super) const fn logged_of_chain(fault: ServerFault) -> &'static [&'static str] {
    match fault {
        NoNames | OtherAddress | OtherHost => &[""],
        _ => &["local error: tls: bad record MAC", ""],
    }
}

#[rustfmt::skip]
pub(super) const REASONS: Words = &[
    (&[Server(UnknownIssuer)], &["unable to get local issuer certificate", "unable to get issuer certificate"]),
    (&[Server(NoNames), Server(OtherAddress)], &["IP address mismatch"]),
    (&[Server(OtherHost)], &["hostname mismatch"]),
    (&[Server(Expired)], &["certificate has expired"]),
    (&[Server(NotYetValid)], &["certificate is not yet valid"]),
    (&[Server(Purpose)], &["unsuitable certificate purpose"]),
    (&[Server(Chain)], &["certificate verify failed"]),
    (&[File(OtherKey)], &["key values mismatch"]),
    (&[File(NoPem)], &["no start line"]),
    (&[File(Missing)], &["No such file or directory"]),
];

/// Programs that say no more of etcd's certificate.
#[rustfmt::skip]
const BLUNT: Words = &[
    (&[Server(UnknownIssuer), Server(Expired), Server(NotYetValid), Server(Purpose), Server(Chain)], &["certificate verify failed"]),
];

/// What it does where a program asks for nothing else.
pub(super) const AS_IT_IS: Library = Library {
    anchors: Anchors::Roots,
    constrains_common_name: true,
    ..library("OpenSSL 3.0.19", "crypto/x509/x509_vfy.c", alert, REASONS)
};

pub(super) static OPENSSL: Library = AS_IT_IS;

/// curl allows partial chains (`X509_V_FLAG_PARTIAL_CHAIN`, since 7.68).
static OF_CURL: Library = Library {
    anchors: Anchors::Any,
    ..AS_IT_IS
};

static OPENSSL_BLUNT: Library = Library {
    words: BLUNT,
    ..AS_IT_IS
};

/// gRPC allows partial chains as well (`ssl_transport_security.cc`).
static OF_GRPC: Library = Library {
    anchors: Anchors::Any,
    words: BLUNT,
    ..AS_IT_IS
};

/// With the status of curl in front, as the program prints it.
const LOST_BY_CURL: &[&str] = &[
    "getpeername() failed with errno 107: Transport endpoint is not connected",
    "Send failure: Broken pipe",
    "Send failure: Connection reset by peer",
    "OpenSSL SSL_read: Connection reset by peer",
];

const fn of_curl(id: &'static str, version: &'static str) -> Client {
    Client {
        names: Names::CommonName,
        in_handshake: "SSL routines::{}",
        after: "OpenSSL SSL_read: OpenSSL/3.0.19: error:{code}:SSL routines::{}",
        lost: LOST_BY_CURL,
        words: CURL,
        logged: logged_of_chain,
        ..client(id, version, &OF_CURL, Speech::Gateway)
    }
}

/// Where curl's words are not those around OpenSSL's: of an expired client over TLS
/// 1.2 it speaks as if the server's certificate were bad (`ossl_connect_step2`).
#[rustfmt::skip]
const CURL: Words = &[
    (&[Meeting::Alert(Alert::Expired)], &["SSL certificate verification failed", "SSL certificate problem: "]),
    (&[Server(UnknownIssuer)], &["SSL certificate problem: unable to get local issuer certificate"]),
    (&[Server(NoNames)], &["SSL: certificate subject name '{cn}' does not match target host name '{host}'"]),
    (&[Server(OtherAddress), Server(OtherHost)], &["SSL: no alternative certificate subject name matches target host name '{host}'"]),
    (&[Server(Expired)], &["SSL certificate problem: certificate has expired"]),
    (&[Server(NotYetValid)], &["SSL certificate problem: certificate is not yet valid"]),
    (&[Server(Purpose)], &["SSL certificate problem: unsuitable certificate purpose"]),
    (&[Server(Chain)], &["SSL certificate problem: "]),
    (&[Closed], &["getpeername() failed with errno 107: Transport endpoint is not connected", "HTTP/2 stream 1 was not closed cleanly before end of the underlying stream", "Send failure: Broken pipe", "Send failure: Connection reset by peer", "Empty reply from server"]),
    (&[File(OtherKey), File(Encrypted), File(KeyForm)], &["unable to set private key file: '{key}' type PEM"]),
    (&[File(NoPem)], &["could not load PEM client certificate from {cert}, OpenSSL error error:0480006C:PEM routines::no start line"]),
    (&[File(Missing)], &["could not load PEM client certificate from {cert}, OpenSSL error error:80000002:system library::No such file or directory", "unable to set private key file: '{key}' type PEM"]),
    (&[PlainToTls], &["Empty reply from server"]),
    (&[TlsToPlain], &["OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to {host}"]),
    (&[NothingListens], &["Failed to connect to {host} port"]),
    (&[Stopped], &["Failed to connect to {host} port", "Empty reply from server"]),
];

pub(super) static CLIENTS: &[Client] = &[
    of_curl("curl-openssl", "curl 7.88.1-10+deb12u14"),
    of_curl("php-curl", "PHP 8.2.36 ext/curl, libcurl 7.88.1"),
    Client {
        takes_short_wildcards: true,
        names: Names::CommonName,
        words: PHP_STREAM,
        lost: &["Failed to open stream: HTTP request failed!"],
        after: "{}",
        logged: logged_of_chain,
        ..client(
            "php-stream",
            "PHP 8.2.36 file_get_contents",
            &OPENSSL_BLUNT,
            Speech::Gateway,
        )
    },
    Client {
        names: Names::CommonNameOfHost,
        words: S_CLIENT,
        lost: &["read:errno=104", "read:errno=0", "write:errno=104"],
        logged: logged_by_alert,
        ..client(
            "openssl-s_client",
            "OpenSSL 3.0.19",
            &OPENSSL,
            Speech::Health,
        )
    },
    Client {
        takes_short_wildcards: true,
        names: Names::CommonName,
        in_handshake: "state=error: {}",
        after: "OpenSSL::SSL::SSLError: SSL_read: {}",
        lost: &[
            "Errno::EPIPE: Broken pipe",
            "Errno::ECONNRESET: Connection reset by peer",
            "EOFError: end of file reached",
        ],
        words: RUBY,
        logged: logged_by_alert,
        ..client(
            "ruby-nethttp",
            "Ruby 3.1.2 net/http",
            &OPENSSL,
            Speech::Gateway,
        )
    },
    Client {
        in_handshake: "SSL routines::{}",
        after: "SSL routines::{}",
        lost: &["Socket closed", "Connection reset by peer", "Broken pipe"],
        words: RUBY_GRPC,
        ..client("ruby-grpc", "ruby-grpc 1.51.1-3+b1", &OF_GRPC, Speech::Grpc)
    },
    Client {
        names: Names::CommonName,
        in_handshake: "SSL routines::{}",
        after: "{}",
        lost: &[
            "599 Internal Exception Socket closed by remote server: Broken pipe",
            "599 Internal Exception Unexpected end of stream while looking for line",
            "599 Internal Exception Could not read from SSL socket",
            "599 Internal Exception Could not write to SSL socket",
        ],
        words: PERL,
        logged: logged_by_alert,
        ..client(
            "perl-http-tiny",
            "HTTP::Tiny 0.080, IO::Socket::SSL 2.081",
            &OPENSSL_BLUNT,
            Speech::Gateway,
        )
    },
    Client {
        names: Names::Nothing,
        lost: &["closed", "Broken pipe"],
        words: LUASEC,
        logged: logged_by_alert,
        ..client(
            "luasec",
            "LuaSec 1.2.0, LuaSocket",
            &OPENSSL_BLUNT,
            Speech::Health,
        )
    },
    Client {
        names: Names::Localhost,
        in_handshake: "SSL_do_handshake() failed (SSL: error:{code}:SSL routines::{}",
        after: "SSL routines::{}",
        lost: &[
            "upstream prematurely closed connection",
            "writev() failed (104: Connection reset by peer)",
            "writev() failed (32: Broken pipe)",
        ],
        words: NGINX,
        ..client("nginx", "nginx 1.22.1-9+deb12u11", &OPENSSL, Speech::Health)
    },
    Client {
        names: Names::Nothing,
        words: HAPROXY,
        logged: logged_by_alert,
        whatever: &["through haproxy: 502"],
        ..client(
            "haproxy",
            "haproxy 2.6.12-1+deb12u4, check",
            &OPENSSL,
            Speech::Health,
        )
    },
    Client {
        names: Names::Nothing,
        words: HAPROXY,
        logged: logged_by_alert,
        whatever: &[
            "reason: Socket error, info: \"SSL fatal error\"",
            "reason: Layer7 invalid response",
            "reason: Socket error",
        ],
        ..client(
            "haproxy-httpchk",
            "haproxy 2.6.12-1+deb12u4, option httpchk GET /health",
            &OPENSSL,
            Speech::Health,
        )
    },
    Client {
        names: Names::CommonNameOfHost,
        lost: CANCELED,
        words: RUST_GRPC,
        logged: logged_by_alert,
        ..client(
            "rust-etcd-client-openssl",
            "etcd-client 0.21.1 tls-openssl",
            &OPENSSL,
            Speech::Grpc,
        )
    },
    Client {
        names: Names::CommonNameOfHost,
        lost: &[
            "caused by: connection closed",
            "caused by: channel closed",
            "broken pipe",
            "Connection reset by peer",
        ],
        words: RUST_HTTP,
        logged: logged_by_alert,
        ..client(
            "rust-reqwest-native",
            "reqwest 0.13 native-tls",
            &OPENSSL,
            Speech::Gateway,
        )
    },
];

pub(super) const CANCELED: &[&str] = &[
    "hyper::Error(Canceled, \"connection closed\")",
    "stream closed because of a broken pipe",
    "connection closed because of a broken pipe",
    "hyper::Error(Io, ",
];

#[rustfmt::skip]
pub(super) const RUST_GRPC: Words = &[
    (&[PlainToTls], &["hyper::Error(Canceled, \"connection closed\")", "broken pipe"]),
    (&[TlsToPlain], &["unexpected EOF", "tls handshake eof"]),
    (&[NothingListens], &["tcp connect error"]),
    (&[Stopped], &["tcp connect error", "hyper::Error("]),
    (&[File(Encrypted)], &["bad password read", "private key", "PrivateKeyParseError"]),
    (&[File(Missing)], &["No such file or directory (os error 2)"]),
];

#[rustfmt::skip]
pub(super) const RUST_HTTP: Words = &[
    (&[PlainToTls], &["connection closed before message completed", "Connection reset by peer"]),
    (&[TlsToPlain], &["unexpected EOF", "tls handshake eof"]),
    (&[NothingListens, Stopped], &["tcp connect error"]),
    (&[File(NoPem)], &["at least one certificate must be provided to create an identity"]),
    (&[File(Encrypted)], &["expected PKCS#8 PEM"]),
    (&[File(Missing)], &["No such file or directory (os error 2)"]),
];

#[rustfmt::skip]
const PHP_STREAM: Words = &[
    (&[Server(NoNames), Server(OtherAddress)], &["Peer certificate CN=`{cn}' did not match expected CN=`{host}'"]),
    (&[Server(OtherHost)], &["Peer certificate CN=`{cn}' did not match expected CN=`{host}'", "Peer certificate subjectAltName did not match expected name `{host}'"]),
    (&[PlainToTls], &["Failed to open stream: HTTP request failed!"]),
    (&[TlsToPlain], &["Failed to enable crypto"]),
    (&[NothingListens, Stopped], &["Connection refused"]),
    (&[File(Missing)], &["Unable to set local cert chain file `{cert}'", "Unable to set private key file `{key}'"]),
    (&[File(NoPem)], &["Unable to set local cert chain file `{cert}'"]),
    (&[File(OtherKey)], &["Unable to set private key file `{key}'", "key values mismatch"]),
    (&[File(Encrypted)], &["Unable to set private key file `{key}'"]),
    (&[Meeting::Forbidden], &["HTTP/1.1 400 Bad Request"]),
];

#[rustfmt::skip]
const S_CLIENT: Words = &[
    (&[Server(UnknownIssuer)], &["verify error:num=20:unable to get local issuer certificate", "verify error:num=2:unable to get issuer certificate"]),
    (&[Server(NoNames)], &["verify error:num=64:IP address mismatch", "verify error:num=62:hostname mismatch"]),
    (&[Server(OtherAddress)], &["verify error:num=64:IP address mismatch"]),
    (&[Server(OtherHost)], &["verify error:num=62:hostname mismatch"]),
    (&[Server(Expired)], &["verify error:num=10:certificate has expired"]),
    (&[Server(NotYetValid)], &["verify error:num=9:certificate is not yet valid"]),
    (&[Server(Purpose)], &["verify error:num=26:unsuitable certificate purpose"]),
    (&[Closed], &["closed", "read:errno=104"]),
    (&[PlainToTls], &["closed"]),
    (&[TlsToPlain], &["unexpected eof while reading"]),
    (&[NothingListens], &["connect:errno=111"]),
    (&[Stopped], &["read R BLOCK"]),
    (&[File(OtherKey)], &["key values mismatch"]),
    (&[File(NoPem)], &["Could not read client certificate from {cert}"]),
    (&[File(Missing)], &["Could not open file or uri for loading client certificate", "Could not read client certificate from {cert}", "Could not open file or uri for loading"]),
    (&[File(Encrypted)], &["Could not read client certificate private key", "Could not read"]),
];

#[rustfmt::skip]
const RUBY: Words = &[
    (&[Server(UnknownIssuer)], &["certificate verify failed (unable to get local issuer certificate)", "certificate verify failed (unable to get issuer certificate)"]),
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], &["certificate verify failed (hostname mismatch)"]),
    (&[Server(Expired)], &["certificate verify failed (certificate has expired)"]),
    (&[Server(NotYetValid)], &["certificate verify failed (certificate is not yet valid)"]),
    (&[Server(Purpose)], &["certificate verify failed (unsuitable certificate purpose)"]),
    (&[Closed], &["EOFError: end of file reached", "Errno::ECONNRESET: Connection reset by peer", "SSL_read: unexpected eof while reading", "Errno::EPIPE: Broken pipe"]),
    (&[PlainToTls], &["Errno::ECONNRESET: Connection reset by peer", "EOFError: end of file reached"]),
    (&[TlsToPlain], &["unexpected eof while reading"]),
    (&[NothingListens], &["Connection refused"]),
    (&[Stopped], &["SSL_read: unexpected eof while reading", "Connection refused"]),
    (&[File(OtherKey)], &["key values mismatch"]),
    (&[File(NoPem)], &["OpenSSL::X509::CertificateError: PEM_read_bio_X509: no start line"]),
    (&[File(Encrypted)], &["OpenSSL::PKey::PKeyError: Could not parse PKey: unable to get passphrase"]),
    (&[File(Missing)], &["Errno::ENOENT: No such file or directory"]),
];

#[rustfmt::skip]
const RUBY_GRPC: Words = &[
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], &["Peer name {host} is not in peer certificate"]),
    (&[PlainToTls], &["Socket closed", "Connection reset by peer"]),
    (&[TlsToPlain], &["Socket closed"]),
    (&[NothingListens], &["Failed to connect to remote host: Connection refused"]),
    (&[Stopped], &["Failed to connect to remote host: Connection refused", "Socket closed"]),
    (&[File(OtherKey), File(Encrypted)], &["Invalid private key."]),
    (&[File(NoPem)], &["Invalid cert chain file."]),
    (&[File(Missing)], &["Errno::ENOENT: No such file or directory"]),
];

#[rustfmt::skip]
const PERL: Words = &[
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], &["hostname verification failed"]),
    (&[PlainToTls], &["599 Internal Exception Unexpected end of stream while looking for line", "599 Internal Exception Could not read from socket"]),
    (&[TlsToPlain], &["SSL routines::unexpected eof while reading"]),
    (&[NothingListens], &["Could not connect to '{host}:"]),
    (&[Stopped], &["Could not connect to '{host}:", "599 Internal Exception"]),
    (&[File(OtherKey)], &["Failed to load key from file (no PEM or DER)"]),
    (&[File(Encrypted)], &["Failed to load key from file"]),
    (&[File(NoPem)], &["Failed to load certificate from file {cert}"]),
    (&[File(Missing)], &["SSL_cert_file {cert} can't be used: No such file or directory", "SSL_key_file {key} can't be used: No such file or directory"]),
    (&[Closed], &["599 Internal Exception Unexpected end of stream while looking for line", "599 Internal Exception Socket closed by remote server: Broken pipe", "599 Internal Exception Could not read from SSL socket"]),
];

#[rustfmt::skip]
const LUASEC: Words = &[
    (&[Closed, PlainToTls], &["closed"]),
    (&[TlsToPlain], &["unexpected eof while reading", "closed"]),
    (&[NothingListens], &["connection refused"]),
    (&[Stopped], &["closed", "HTTP/1.1 200 OK"]),
    (&[File(OtherKey)], &["private key does not match public key"]),
    (&[File(NoPem)], &["error loading certificate"]),
    (&[File(Encrypted)], &["error loading private key (processing error)"]),
    (&[File(Missing)], &["error loading private key ((null))", "error loading certificate"]),
];

#[rustfmt::skip]
const NGINX: Words = &[
    (&[Server(UnknownIssuer)], &["upstream SSL certificate verify error: (21:unable to verify the first certificate)", "upstream SSL certificate verify error: (20:unable to get local issuer certificate)", "upstream SSL certificate verify error: (2:unable to get issuer certificate)"]),
    (&[Server(NoNames), Server(OtherAddress), Server(OtherHost)], &["upstream SSL certificate does not match \"{host}\""]),
    (&[Server(Expired)], &["upstream SSL certificate verify error: (10:certificate has expired)"]),
    (&[Server(NotYetValid)], &["upstream SSL certificate verify error: (9:certificate is not yet valid)"]),
    (&[Server(Purpose)], &["upstream SSL certificate verify error: (26:unsuitable certificate purpose)"]),
    (&[Server(Chain)], &["upstream SSL certificate verify error: ("]),
    (&[PlainToTls], &["upstream prematurely closed connection while reading response header from upstream"]),
    (&[TlsToPlain], &["peer closed connection in SSL handshake while SSL handshaking to upstream"]),
    (&[NothingListens, Stopped], &["connect() failed (111: Connection refused) while connecting to upstream"]),
    (&[File(OtherKey)], &["SSL_CTX_use_PrivateKey(\"{key}\") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)"]),
    (&[File(NoPem)], &["cannot load certificate \"{cert}\": PEM_read_bio_X509_AUX() failed"]),
    (&[File(Missing)], &["cannot load certificate \"{cert}\": BIO_new_file() failed", "cannot load certificate key \"{key}\": BIO_new_file() failed"]),
    (&[File(Encrypted)], &["cannot load certificate key \"{key}\": PEM_read_bio_PrivateKey() failed", "cannot load certificate key \"{key}\""]),
];

#[rustfmt::skip]
const HAPROXY: Words = &[
    (&[Meeting::Alert(Alert::HandshakeFailure), Meeting::Alert(Alert::BadCertificate), Meeting::Alert(Alert::UnknownAuthority), Meeting::Alert(Alert::Expired), Meeting::Alert(Alert::ProtocolVersion), Server(UnknownIssuer), Server(Expired), Server(NotYetValid), Server(Purpose), Server(Chain), Server(Authority)], &["info: \"SSL handshake failure\""]),
    (&[TlsToPlain], &["info: \"Connection closed during SSL handshake\"", "reason: Layer6 invalid response"]),
    (&[NothingListens], &["reason: Layer4 connection problem, info: \"Connection refused"]),
    (&[Stopped], &["backend 'b' has no server available!", "reason: Layer4 connection problem"]),
    (&[File(OtherKey), File(NoPem), File(Encrypted), File(Missing), File(KeyForm)], &["Fatal errors found in configuration."]),
];
