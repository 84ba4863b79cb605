//! Clients in Node, with the OpenSSL that comes in it. Node looks at etcd's
//! certificate after the handshake (`onConnectSecure`), so that etcd logs nothing.

pub(super) mod sayings;

use super::FileFault::{Encrypted, KeyForm, Missing, NoPem, OtherKey};
use super::Meeting::{Closed, File, NothingListens, PlainToTls, Server, Stopped, TlsToPlain};
use super::ServerFault::{
    Chain, Expired, NoNames, NotYetValid, OtherAddress, OtherHost, Purpose, UnknownIssuer,
};
use super::openssl::{AS_IT_IS, alert};
use super::{Client, Library, Speech, Words, client};

#[rustfmt::skip]
const WORDS: Words = &[
    (&[Server(UnknownIssuer)], &["unable to verify the first certificate", "unable to get issuer certificate", "unable to get local issuer certificate"]),
    (&[Server(NoNames)], &["Hostname/IP does not match certificate's altnames: IP: {host} is not in the cert's list: ", "Hostname/IP does not match certificate's altnames: Cert does not contain a DNS name"]),
    (&[Server(OtherAddress)], &["Hostname/IP does not match certificate's altnames: IP: {host} is not in the cert's list: {addresses}"]),
    (&[Server(OtherHost)], &["Hostname/IP does not match certificate's altnames: Host: {host}. is not in the cert's altnames: {altnames}"]),
    (&[Server(Expired)], &["certificate has expired"]),
    (&[Server(NotYetValid)], &["certificate is not yet valid"]),
    (&[Server(Purpose)], &["unsuitable certificate purpose"]),
    (&[Server(Chain)], &["certificate", "permitted subtree violation"]),
    (&[File(OtherKey)], &["error:05800074:x509 certificate routines::key values mismatch"]),
    (&[File(NoPem)], &["error:0480006C:PEM routines::no start line"]),
    (&[File(KeyForm)], &["error:"]),
    (&[File(Encrypted)], &["error:1C800064:Provider routines::bad decrypt", "error:07880109:common libcrypto routines::interrupted or cancelled"]),
    (&[File(Missing)], &["ENOENT: no such file or directory, open '{file}'"]),
    (&[PlainToTls], &["socket hang up", "read ECONNRESET"]),
    (&[TlsToPlain], &["Client network socket disconnected before secure TLS connection was established"]),
    (&[NothingListens], &["connect ECONNREFUSED"]),
    (&[Stopped], &["connect ECONNREFUSED", "socket hang up"]),
];

static NODE: Library = Library {
    name: "OpenSSL in Node v20.20.2",
    source: "Node lib/_tls_wrap.js, OpenSSL crypto/x509/x509_vfy.c",
    alert,
    words: WORDS,
    ..AS_IT_IS
};

const RESETS: &[&str] = &[
    "socket hang up",
    "read ECONNRESET",
    "write EPIPE",
    "write ECONNRESET",
];

#[rustfmt::skip]
const GRPC: Words = &[
    (&[Closed], &["No connection established. Last error: ", "14 UNAVAILABLE: "]),
    (&[PlainToTls], &["No connection established. Last error: Failed to connect", "14 UNAVAILABLE: "]),
    // The key is read first.
    (&[File(Missing)], &["ENOENT: no such file or directory, open '{file}'", "ENOENT: no such file or directory, open '{key}'"]),
];

pub(super) static CLIENTS: &[Client] = &[
    Client {
        lost: RESETS,
        words: &[(&[Closed], RESETS)],
        ..client("node-https", "Node v20.20.2 https", &NODE, Speech::Gateway)
    },
    Client {
        lost: &[
            "other side closed",
            "read ECONNRESET",
            "write EPIPE",
            "write ECONNRESET",
        ],
        words: &[
            (
                &[Closed],
                &["other side closed", "read ECONNRESET", "write EPIPE"],
            ),
            (&[PlainToTls], &["other side closed", "read ECONNRESET"]),
            (&[Stopped], &["connect ECONNREFUSED", "other side closed"]),
        ],
        ..client(
            "node-undici",
            "undici 7.30.2, Node v20.20.2",
            &NODE,
            Speech::Gateway,
        )
    },
    Client {
        lost: &[
            "No connection established. Last error: ",
            "14 UNAVAILABLE: ",
        ],
        words: GRPC,
        ..client(
            "node-grpc-js",
            "@grpc/grpc-js, Node v20.20.2",
            &NODE,
            Speech::Grpc,
        )
    },
    Client {
        lost: &[
            "GRPCUnavailableError: 14 UNAVAILABLE: No connection established. Last error: ",
            "14 UNAVAILABLE: ",
        ],
        words: GRPC,
        ..client(
            "node-etcd3",
            "etcd3 1.1.2 (npm), Node v20.20.2",
            &NODE,
            Speech::Grpc,
        )
    },
];
