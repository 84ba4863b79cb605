//! Clients in Python, whose `ssl` is OpenSSL's, and those that go through pyOpenSSL
//! (`urllib3.contrib.pyopenssl`), whose words are the same in another form.

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose, UnknownIssuer,
};
use super::openssl::{AS_IT_IS, logged_by_alert, logged_of_chain};
use super::{Alert, Anchors, Client, Library, Meeting, Names, ServerFault, Speech, Words, client};

const fn alert(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => {
            "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure"
        }
        Alert::BadCertificate => "[SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate",
        Alert::UnsupportedCertificate => {
            "[SSL: SSLV3_ALERT_UNSUPPORTED_CERTIFICATE] sslv3 alert unsupported certificate"
        }
        Alert::Expired => "[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired",
        Alert::IllegalParameter => {
            "[SSL: SSLV3_ALERT_ILLEGAL_PARAMETER] sslv3 alert illegal parameter"
        }
        Alert::UnknownAuthority => "[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca",
        Alert::DecodeError => "[SSL: TLSV1_ALERT_DECODE_ERROR] tlsv1 alert decode error",
        Alert::DecryptError => "[SSL: TLSV1_ALERT_DECRYPT_ERROR] tlsv1 alert decrypt error",
        Alert::ProtocolVersion => {
            "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version"
        }
        Alert::InternalError => "[SSL: TLSV1_ALERT_INTERNAL_ERROR] tlsv1 alert internal error",
        Alert::CertificateRequired => {
            "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"
        }
    }
}

#[rustfmt::skip]
const WORDS: Words = &[
    (&[Server(UnknownIssuer)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get issuer certificate"]),
    (&[Server(NoNames)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch, certificate is not valid for '{host}'", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for '{host}'"]),
    (&[Server(OtherAddress)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch, certificate is not valid for '{host}'"]),
    (&[Server(OtherHost)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for '{host}'"]),
    (&[Server(Expired)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired"]),
    (&[Server(NotYetValid)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid"]),
    (&[Server(Purpose)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unsuitable certificate purpose"]),
    (&[Server(Chain)], &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {missed}"]),
    (&[TlsToPlain], &["EOF occurred in violation of protocol"]),
    (&[NothingListens, Stopped], &["[Errno 111] Connection refused"]),
    (&[File(OtherKey)], &["[X509: KEY_VALUES_MISMATCH] key values mismatch"]),
    (&[File(NoPem), File(KeyForm)], &["[SSL] PEM lib"]),
    (&[File(Encrypted)], &["OSError: [Errno 22] Invalid argument"]),
    (&[File(Missing)], &["FileNotFoundError: [Errno 2] No such file or directory"]),
];

const SSL: Library = Library {
    name: "Python ssl, OpenSSL",
    source: "Python Lib/ssl.py, OpenSSL crypto/x509/x509_vfy.c",
    alert,
    words: WORDS,
    ..AS_IT_IS
};

static PYTHON: Library = SSL;

/// urllib3 since 2.0 lets no common name count (`hostname_checks_common_name`).
static PYTHON_WITHOUT_COMMON_NAMES: Library = Library {
    constrains_common_name: false,
    ..SSL
};

/// Python since 3.13 holds a chain to the letter of RFC 5280, and ends it at whatever the
/// CA file has (`ssl.create_default_context`; urllib3 since 2.4 as well).
const STRICT: Library = Library {
    name: "Python ssl since 3.13, OpenSSL",
    anchors: Anchors::Any,
    is_strict: true,
    ..SSL
};

static PYTHON_STRICT: Library = STRICT;

static PYTHON_STRICT_WITHOUT_COMMON_NAMES: Library = Library {
    constrains_common_name: false,
    ..STRICT
};

/// The words of the OpenSSL that comes with `cryptography`.
const fn alert_of_pyopenssl(alert: Alert) -> &'static str {
    match alert {
        Alert::HandshakeFailure => "tls alert handshake failure",
        Alert::BadCertificate => "tls alert bad certificate",
        Alert::UnsupportedCertificate => "tls alert unsupported certificate",
        Alert::Expired => "tls alert certificate expired",
        Alert::IllegalParameter => "tls alert illegal parameter",
        Alert::UnknownAuthority => "tlsv1 alert unknown ca",
        Alert::DecodeError => "tlsv1 alert decode error",
        Alert::DecryptError => "tlsv1 alert decrypt error",
        Alert::ProtocolVersion => "tlsv1 alert protocol version",
        Alert::InternalError => "tlsv1 alert internal error",
        Alert::CertificateRequired => "tlsv13 alert certificate required",
    }
}

#[rustfmt::skip]
const PYOPENSSL_WORDS: Words = &[
    (&[Server(UnknownIssuer), Server(Expired), Server(NotYetValid), Server(Purpose), Server(Chain)], &["certificate verify failed"]),
    (&[Server(NoNames)], &["no appropriate subjectAltName fields were found"]),
    (&[Server(OtherAddress), Server(OtherHost)], &["hostname \\'{host}\\' doesn\\'t match "]),
    (&[Closed], &["RemoteDisconnected('Remote end closed connection without response')", "Unexpected EOF", "system library"]),
    (&[PlainToTls], &["RemoteDisconnected('Remote end closed connection without response')", "Connection reset by peer"]),
    (&[TlsToPlain], &["bad handshake: SysCallError(-1, \\'Unexpected EOF\\')"]),
    (&[Meeting::Forbidden], &["Bad response : 404 page not found", "CommonName of client sending a request against gateway will be ignored and not used as expected"]),
    (&[NothingListens], &["Failed to establish a new connection: [Errno 111] Connection refused"]),
    (&[Stopped], &["Failed to establish a new connection: [Errno 111] Connection refused", "Bad response : 404 page not found"]),
    (&[File(OtherKey)], &["Unable to load certificate chain: Error([(\\'x509 certificate routines\\', \\'\\', \\'key values mismatch\\')])"]),
    (&[File(NoPem)], &["Unable to load certificate chain: Error([(\\'PEM routines\\', \\'\\', \\'no start line\\'), (\\'SSL routines\\', \\'\\', \\'PEM lib\\')])"]),
    (&[File(Encrypted)], &["SSLError('Client private key is encrypted, password is required')"]),
    (&[File(Missing)], &["FileNotFoundError(2, 'No such file or directory')"]),
];

static PYOPENSSL: Library = Library {
    name: "pyOpenSSL, the OpenSSL of cryptography",
    alert: alert_of_pyopenssl,
    words: PYOPENSSL_WORDS,
    ..AS_IT_IS
};

const fn python(id: &'static str, version: &'static str) -> Client {
    Client {
        names: Names::CommonNameOfHost,
        lost: &[
            "EOF occurred in violation of protocol",
            "[Errno 104] Connection reset by peer",
            "[Errno 32] Broken pipe",
        ],
        logged: logged_by_alert,
        ..client(id, version, &PYTHON, Speech::Gateway)
    }
}

const fn pyopenssl(id: &'static str, version: &'static str, speech: Speech) -> Client {
    Client {
        in_handshake: "{}",
        lost: &[
            "read error: Error([(\\'system library\\', \\'\\', \\'\\')])",
            "Unexpected EOF",
            "Connection reset by peer",
            "Broken pipe",
        ],
        logged: logged_of_chain,
        ..client(id, version, &PYOPENSSL, speech)
    }
}

const fn never_flushed(_: ServerFault) -> &'static [&'static str] {
    &[""]
}

/// requests, whose urllib3 speaks.
const fn requests(id: &'static str, version: &'static str) -> Client {
    Client {
        names: Names::Alternative,
        words: REQUESTS,
        ..python(id, version)
    }
}

#[rustfmt::skip]
const REQUESTS: Words = &[
    (&[Closed], &["EOF occurred in violation of protocol", "RemoteDisconnected('Remote end closed connection without response')", "Connection reset by peer", "BrokenPipeError(32, 'Broken pipe')"]),
    (&[PlainToTls], &["RemoteDisconnected('Remote end closed connection without response')", "Connection reset by peer"]),
    (&[File(Encrypted)], &["SSLError('Client private key is encrypted, password is required')"]),
    (&[File(Missing)], &["Could not find the TLS certificate file, invalid path: {file}", "Could not find the TLS key file, invalid path: {file}"]),
];

/// Python's own `urllib.request`.
const fn urllib(id: &'static str, version: &'static str) -> Client {
    Client {
        words: URLLIB,
        ..python(id, version)
    }
}

#[rustfmt::skip]
const URLLIB: Words = &[
    (&[Closed], &["Remote end closed connection without response", "EOF occurred in violation of protocol", "Connection reset by peer", "Broken pipe"]),
    (&[PlainToTls], &["Remote end closed connection without response", "Connection reset by peer"]),
];

/// urllib3 before 2.0 looks at the names itself (`urllib3/util/ssl_match_hostname.py`).
#[rustfmt::skip]
const REQUESTS_BEFORE: Words = &[
    REQUESTS[0],
    REQUESTS[1],
    REQUESTS[2],
    REQUESTS[3],
    (&[Server(NoNames)], &["no appropriate subjectAltName fields were found", "doesn't match"]),
    (&[Server(OtherAddress), Server(OtherHost)], &["CertificateError(\"hostname '{host}' doesn't match "]),
];

/// What etcd3-py says of whatever kept it from asking for etcd's release.
const NO_VERSION: &[&str] =
    &["AttributeError: 'Client' object has no attribute 'server_version_sem'"];

pub(super) static CLIENTS: &[Client] = &[
    Client {
        words: &[
            (
                &[Closed],
                &[
                    "recv() returned b''",
                    "EOF occurred in violation of protocol",
                    "[Errno 104] Connection reset by peer",
                ],
            ),
            (
                &[PlainToTls],
                &[
                    "recv() returned b''",
                    "[Errno 104] Connection reset by peer",
                ],
            ),
            (&[Stopped], &["recv() returned b''"]),
        ],
        ..python("py-ssl", "Python 3.11.7")
    },
    Client {
        library: &PYTHON_WITHOUT_COMMON_NAMES,
        ..requests("py-requests", "requests 2.34.2, Python 3.11.7")
    },
    Client {
        library: &PYTHON_STRICT_WITHOUT_COMMON_NAMES,
        ..requests("py-requests-strict", "requests 2.34.2, Python 3.13.0")
    },
    Client {
        names: Names::CommonName,
        takes_short_wildcards: true,
        words: REQUESTS_BEFORE,
        ..requests(
            "py-requests-urllib3-1",
            "requests 2.28.2, urllib3 1.26.20, Python 3.11.7",
        )
    },
    urllib("py-urllib", "Python 3.11.7"),
    Client {
        library: &PYTHON_STRICT,
        ..urllib("py-urllib-strict", "Python 3.13.0")
    },
    Client {
        in_handshake: "httpx.ConnectError: {}",
        after: "httpx.ReadError: {}",
        lost: &[
            "httpx.WriteError: ",
            "httpx.ReadError: ",
            "httpx.RemoteProtocolError: Server disconnected without sending a response.",
        ],
        words: &[
            (
                &[Closed],
                &[
                    "httpx.RemoteProtocolError: Server disconnected without sending a response.",
                    "httpx.WriteError: ",
                    "httpx.ReadError: ",
                ],
            ),
            (
                &[PlainToTls],
                &[
                    "httpx.RemoteProtocolError: Server disconnected without sending a response.",
                    "httpx.ReadError: ",
                ],
            ),
            (
                &[NothingListens],
                &["httpx.ConnectError: [Errno 111] Connection refused"],
            ),
        ],
        ..python("py-httpx", "httpx 0.28.1, Python 3.11.7")
    },
    Client {
        lost: &[
            "aiohttp.client_exceptions.ClientOSError: ",
            "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
        ],
        words: &[
            (
                &[Closed, PlainToTls],
                &[
                    "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
                    "aiohttp.client_exceptions.ClientOSError: ",
                ],
            ),
            (
                &[TlsToPlain],
                &[
                    "aiohttp.client_exceptions.ClientConnectorError: ",
                    "aiohttp.client_exceptions.ClientOSError: ",
                    "aiohttp.client_exceptions.ServerDisconnectedError",
                ],
            ),
            (
                &[NothingListens],
                &["aiohttp.client_exceptions.ClientConnectorError: "],
            ),
            (&[Stopped], &["aiohttp.client_exceptions."]),
        ],
        logged: never_flushed,
        ..python("py-aiohttp", "aiohttp 3.14.5, Python 3.11.7")
    },
    // The environment's REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE win over its `verify`, but
    // for the release, which it asks for by itself (`baseclient.py`, `_retrieve_version`).
    Client {
        library: &PYTHON_WITHOUT_COMMON_NAMES,
        names: Names::Alternative,
        trusts_without_authority: true,
        whatever: NO_VERSION,
        words: &[
            (
                &[File(OtherKey), File(NoPem), File(Encrypted), File(Missing)],
                NO_VERSION,
            ),
            (
                &[Stopped],
                &["Failed to establish a new connection: [Errno 111] Connection refused"],
            ),
        ],
        ..python("py-etcd3-py", "etcd3-py 0.1.6, requests 2.34.2")
    },
    pyopenssl(
        "py-python-etcd",
        "python-etcd 0.4.5, urllib3 2.8.0",
        Speech::Version2,
    ),
    pyopenssl("patronictl", "patroni 4.1.5 etcd3 section", Speech::Gateway),
    pyopenssl(
        "patronictl-v2",
        "patroni 4.1.5 etcd section, python-etcd 0.4.5",
        Speech::Version2,
    ),
];
