//! What etcdctl prints and etcd logs, in the words of their version. A race
//! decides which of several etcdctl prints: with TLS 1.3 the client has ended
//! its handshake before the server refuses, so the alert may get lost.

use crate::etcd::facts::alert::Alert;
use crate::etcd::facts::behaviour::Http2Refusal;
use crate::etcd::facts::release::{ConnectionWording, EtcdBuild};
use go_x509::chain::{Refusal, VerifyError};
use go_x509::version::GoBuild;

/// The words of the balancer of etcd 3.4.
const SUB_CONNECTIONS: &str = "all SubConns are in TransientFailure";
/// A write to a connection that the server has closed; `PORT` stands for a
/// port that the system chose. Rarer than the other one.
const RESET: &str = "write tcp 127.0.0.1:PORT->127.0.0.1:PORT: write: connection reset by peer";
/// The same, as it mostly ends.
const BROKEN_PIPE: &str = "write tcp 127.0.0.1:PORT->127.0.0.1:PORT: write: broken pipe";

/// A connection that the server closed, as etcdctl 3.5.0 to 3.5.9 says it.
const CONNECTION_CLOSED: [&str; 4] = [
    "connection closed",
    BROKEN_PIPE,
    RESET,
    "use of closed network connection",
];

/// What etcd's HTTP server answers to gRPC, as gRPC words it.
pub const NOT_GRPC: &str = "rpc error: code = Unimplemented desc = unexpected HTTP status code received from server: 404 (Not Found); transport: received unexpected content-type \"text/plain; charset=utf-8\"\ndata: \"404 page not found\\n\"";

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// etcdctl refused the server.
#[must_use]
pub fn refused_by_client(wording: ConnectionWording, text: &str) -> Vec<String> {
    match wording {
        ConnectionWording::SubConnections => words(&[SUB_CONNECTIONS]),
        _ => vec![format!(
            "transport: authentication handshake failed: {text}"
        )],
    }
}

/// The server refused etcdctl with an alert.
#[must_use]
pub fn refused_by_server(wording: ConnectionWording, alert: Alert, tls13: bool) -> Vec<String> {
    let remote = alert.remote_text();
    match wording {
        ConnectionWording::SubConnections => words(&[SUB_CONNECTIONS]),
        _ if !tls13 => vec![format!(
            "transport: authentication handshake failed: {remote}"
        )],
        ConnectionWording::ConnectionClosed => {
            vec![
                "connection closed".to_owned(),
                BROKEN_PIPE.to_owned(),
                RESET.to_owned(),
                remote.to_owned(),
            ]
        }
        ConnectionWording::ServerPreface => {
            vec![
                format!("error reading server preface: {remote}"),
                BROKEN_PIPE.to_owned(),
                RESET.to_owned(),
            ]
        }
    }
}

/// The server closed the connection after the handshake.
#[must_use]
pub fn closed_by_server(wording: ConnectionWording) -> Vec<String> {
    match wording {
        ConnectionWording::SubConnections => words(&[SUB_CONNECTIONS]),
        ConnectionWording::ConnectionClosed => words(&CONNECTION_CLOSED),
        ConnectionWording::ServerPreface => {
            words(&["error reading server preface: EOF", BROKEN_PIPE, RESET])
        }
    }
}

/// etcdctl spoke plain HTTP/2 to a TLS port.
#[must_use]
pub fn plain_to_tls(wording: ConnectionWording) -> Vec<String> {
    match wording {
        ConnectionWording::SubConnections => words(&[SUB_CONNECTIONS]),
        ConnectionWording::ConnectionClosed => words(&CONNECTION_CLOSED),
        ConnectionWording::ServerPreface => words(&[
            "error reading server preface: EOF",
            "error reading server preface: connection reset by peer",
            BROKEN_PIPE,
        ]),
    }
}

/// etcdctl spoke TLS to a plain port.
#[must_use]
pub fn tls_to_plain(wording: ConnectionWording) -> Vec<String> {
    match wording {
        ConnectionWording::SubConnections => words(&[SUB_CONNECTIONS]),
        _ => words(&[
            "transport: authentication handshake failed: EOF",
            "transport: authentication handshake failed: tls: first record does not look like a TLS handshake",
        ]),
    }
}

/// A member refused another one, with an alert or by closing: what the one
/// that dialled logs, without gRPC's words around it.
#[must_use]
pub fn refused_peer(alert: Option<Alert>, tls13: bool) -> Vec<String> {
    let mut texts: Vec<String> = alert
        .map(|alert| alert.remote_text().to_owned())
        .into_iter()
        .collect();
    if tls13 || alert.is_none() {
        texts.extend(words(&["EOF", BROKEN_PIPE, "connection reset by peer"]));
    }
    texts
}

/// Dialling failed with `error`, Go's words: nothing listens there, say.
#[must_use]
pub fn unreachable(wording: ConnectionWording, error: &str) -> Vec<String> {
    match wording {
        ConnectionWording::SubConnections => words(&[SUB_CONNECTIONS]),
        ConnectionWording::ConnectionClosed => {
            vec![format!("transport: Error while dialing {error}")]
        }
        ConnectionWording::ServerPreface => {
            vec![format!("transport: Error while dialing: {error}")]
        }
    }
}

/// The dialer refuses what the listener showed: what Go says.
#[must_use]
pub fn server_not_verified(go: GoBuild, refusal: &Refusal) -> String {
    let prefix = if go.wraps_verification_errors() {
        NOT_VERIFIED
    } else {
        ""
    };
    format!("{prefix}{refusal}")
}

/// Before the reason, since Go 1.20.
const NOT_VERIFIED: &str = "tls: failed to verify certificate: ";

/// The listener refuses what the dialer showed: what it logs.
#[must_use]
pub fn client_not_verified(go: GoBuild, reason: &VerifyError) -> String {
    let prefix = if go.wraps_verification_errors() {
        NOT_VERIFIED
    } else {
        "tls: failed to verify client certificate: "
    };
    format!("{prefix}{reason}")
}

/// The HTTP server of the listener at `address` refuses its cipher suites with
/// `complaint`.
#[must_use]
pub fn http2_refused(build: &EtcdBuild, complaint: &str, address: &str) -> String {
    match build.refusal_of_http2() {
        Http2Refusal::Panics => {
            "panic: runtime error: invalid memory address or nil pointer dereference".to_owned()
        }
        Http2Refusal::Closes => format!("accept tcp {address}: use of closed network connection"),
        Http2Refusal::Says => complaint.to_owned(),
    }
}

/// etcd ends at its start with `text`: 3.4 logs it behind `etcdmain: `.
#[must_use]
pub fn server_start(build: &EtcdBuild, text: &str) -> String {
    if build.logs_plain_lines() && !text.starts_with("panic: ") {
        format!("etcdmain: {text}")
    } else {
        text.to_owned()
    }
}
