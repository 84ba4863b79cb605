//! Clients written in Go. What `crypto/tls` and `crypto/x509` say is worked out from
//! the files by Go's own rules; here stands what the programs put around it. Who hands
//! `crypto/tls` a list of certificates (`tls.Config.Certificates`) sends none that no CA
//! named by etcd has issued (`CertificateRequestInfo.SupportsCertificate`); who answers
//! by a function (`GetClientCertificate`), as etcd's own client does, sends any.

use super::Meeting::{Closed, NothingListens, PlainToTls, Stopped, TlsToPlain};
use super::{Alert, Client, Library, Sending, ServerFault, Speech, Words, client, library};

/// What it does in every release.
const AS_IT_IS: Library = Library {
    takes_any_usage: true,
    takes_any_usage_above: true,
    takes_short_wildcards: true,
    offered: "[303]",
    ..library(
        "Go 1.26.8 crypto/tls",
        "crypto/x509/verify.go",
        Alert::remote_text,
        &[],
    )
};

static GO: Library = AS_IT_IS;

static GO_1_19: Library = Library {
    name: "Go crypto/tls (Debian go1.19)",
    ..AS_IT_IS
};

/// Go's client tells of whatever it refuses by the same alert (`verifyServerCertificate`).
const fn logged(_: ServerFault) -> &'static [&'static str] {
    &["remote error: tls: bad certificate"]
}

const RESET: &str = "write: connection reset by peer";
const BROKEN: &str = "write: broken pipe";
const PREFACE: &str = "error reading server preface: EOF";
const REFUSED: &str = "connect: connection refused";
const NO_HTTP2: &str = "http2: client conn could not be established";

#[rustfmt::skip]
const OF_GRPC: Words = &[
    (&[Closed, PlainToTls], &[PREFACE, BROKEN, RESET]),
    (&[TlsToPlain], &["transport: authentication handshake failed: EOF", "transport: authentication handshake failed: tls: first record does not look like a TLS handshake"]),
    (&[NothingListens], &["transport: Error while dialing: dial tcp"]),
    (&[Stopped], &[REFUSED, PREFACE]),
];

#[rustfmt::skip]
const OF_HTTP: Words = &[
    (&[Closed], &["EOF", BROKEN, RESET, "read: connection reset by peer", NO_HTTP2]),
    (&[PlainToTls], &["EOF", "read: connection reset by peer"]),
    (&[TlsToPlain], &["EOF", "http: server gave HTTP response to HTTPS client"]),
    (&[NothingListens], &[REFUSED]),
    (&[Stopped], &[REFUSED, "EOF", RESET]),
];

const fn clientv3(id: &'static str, version: &'static str) -> Client {
    Client {
        go: Some((26, 8)),
        in_handshake: "transport: authentication handshake failed: {}",
        after: "error reading server preface: {}",
        lost: &[BROKEN, RESET],
        words: OF_GRPC,
        logged,
        ..client(id, version, &GO, Speech::Grpc)
    }
}

pub(super) static CLIENTS: &[Client] = &[
    clientv3(
        "go-clientv3",
        "go.etcd.io/etcd/client/v3 3.7.3 (transport.TLSInfo)",
    ),
    Client {
        sending: Sending::IfNamed,
        ..clientv3(
            "go-clientv3-rawtls",
            "go.etcd.io/etcd/client/v3 3.7.3 (tls.Config.Certificates)",
        )
    },
    Client {
        sending: Sending::IfNamed,
        of_files: "could not load TLS cert: {}",
        ..clientv3("coredns-etcd", "CoreDNS 1.15.0, etcd plugin")
    },
    Client {
        sending: Sending::IfNamed,
        go: Some((26, 8)),
        lost: &[BROKEN, RESET, NO_HTTP2],
        words: OF_HTTP,
        logged,
        ..client("go-nethttp", "net/http Go 1.26.8", &GO, Speech::Gateway)
    },
    Client {
        go: Some((19, 8)),
        lost: &[BROKEN, RESET, NO_HTTP2],
        words: OF_HTTP,
        logged,
        ..client(
            "prometheus",
            "prometheus 2.42.0+ds-5+deb12u1",
            &GO_1_19,
            Speech::Health,
        )
    },
];
