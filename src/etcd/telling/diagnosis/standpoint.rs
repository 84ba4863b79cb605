//! Where words stand: in etcd's log or in a client's output, of the client port or
//! between members, said by who dials or by who accepts. From the line's form
//! alone; what the words mean is the saying's.

use super::coat::{self, Writer};
use crate::etcd::facts::client_program;
use crate::etcd::facts::saying::Side;

/// What a line's form tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standpoint {
    /// Whose line it is.
    pub(super) side: Side,
    /// Whether that is seen by the name before the line alone, not by its words.
    pub(super) by_name: bool,
    /// Whether its speaker dialled; `None` where that isn't seen.
    pub(super) dials: Option<bool>,
    /// Whether it is of a connection between members.
    pub(super) between_members: bool,
    /// Whether etcd dials itself: its gateway for HTTP.
    pub(super) own_gateway: bool,
}

const ACCEPTS: [&str; 4] = [
    "rejected connection",
    "connection rejected",
    // The end of etcd's line, of 3.2 to 3.4 and since.
    "servername \"",
    "\"server-name\":\"",
];

const OF_ETCD: [&str; 32] = [
    "failed to dial 0.0.0.0:",
    "failed to dial [::]:",
    "failed to connect to {0.0.0.0:",
    "failed to connect to {[::]:",
    "failed to connect to {addr: \"0.0.0.0:",
    "failed to connect to {addr: \"[::]:",
    "failed to reach the peerurl",
    "version of member",
    "servername \"",
    "\"server-name\":\"",
    ":2380/members",
    "check for peer",
    "cluster id mismatch",
    "cannot listen on tls for",
    "rejected connection",
    "connection rejected",
    "failed to start etcd",
    "grpclog/",
    "listener failed",
    "embed: ",
    "\"embed/",
    "etcdmain",
    "discovery failed",
    "| etcdserver",
    "etcdserver/",
    "\"rafthttp/",
    "rafthttp: ",
    "get cluster response from",
    "prober detected",
    "remote-peer-id",
    "etcdhttp",
    "v3rpc/",
];

const OF_CLIENT: [&str; 20] = [
    "etcd client",
    "etcd cluster is not healthy",
    "etcdv3 client",
    "calico",
    "storage backend",
    "retrying of unary invoker",
    "etcd-client",
    "client: etcd cluster is unavailable",
    "error #0",
    "error #1",
    "get \"http",
    "get http",
    "post \"http",
    "put \"http",
    "rpc error: code",
    "clientconn.go",
    "storage_decorator",
    "etcdctl",
    "apiserver",
    "memberlist",
];

const BETWEEN_MEMBERS: [&str; 23] = [
    "failed to reach the peer url",
    "remote-member-id",
    "cluster_util.go",
    "rafthttp",
    "could not get cluster response",
    "prober detected",
    "remote-peer-id",
    "peer endpoint",
    "round_tripper",
    "/members",
    "/raft/",
    "with peer",
    "for peer",
    "to peer",
    "from peer",
    "of peer",
    "remote peer",
    "failed to reach the peerurl",
    "version of member",
    "failed to get version",
    "streamreader",
    "local member",
    "peer-url",
];

const DIALS: [&str; 7] = [
    "handshake failed",
    "get \"http",
    "get http",
    "post \"http",
    "dial tcp",
    "failed to dial",
    "createtransport",
];

const OF_GATEWAY: [&str; 5] = [
    "failed to dial ",
    "grpclog/",
    "createtransport",
    "server preface",
    "[core]",
];

/// Whether the port for members, 2380, stands in it.
fn has_peer_port(line: &str) -> bool {
    line.match_indices(":2380").any(|(place, port)| {
        let behind = line.get(place + port.len()..).unwrap_or_default();
        !behind.starts_with(|letter: char| letter.is_ascii_digit())
    })
}

/// Whether a client is named that checks a certificate, in a log or in prose. Of other
/// words people tell in the same breath what etcd says.
fn checks_as_program(line: &str) -> bool {
    line.contains("x509: ") && client_program::of_text(line).is_some()
}

impl Standpoint {
    /// What a line in small letters tells.
    pub(super) fn of(line: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|words| line.contains(words));
        let accepts = has(&ACCEPTS);
        let is_of_client =
            || has(&OF_CLIENT) || coat::own(line).starts_with("error:") || checks_as_program(line);
        let writer = coat::writer(line);
        let side = if has(&OF_ETCD) {
            Side::Etcd
        } else if is_of_client() {
            Side::Etcdctl
        } else {
            match writer {
                Some(Writer::Etcd) => Side::Etcd,
                Some(Writer::Other) => Side::Etcdctl,
                None if line.contains("error: ") => Side::Etcdctl,
                None => Side::Either,
            }
        };
        // A client that dials the members' port is still a client.
        let between_members =
            side != Side::Etcdctl && (has(&BETWEEN_MEMBERS) || has_peer_port(line));
        let own_gateway = side == Side::Etcd && !accepts && !between_members && has(&OF_GATEWAY);
        let dials = if accepts {
            Some(false)
        } else {
            let dials = side == Side::Etcdctl
                || own_gateway
                || side == Side::Etcd && between_members
                || has(&DIALS);
            dials.then_some(true)
        };
        Self {
            side,
            by_name: side == Side::Etcd && !has(&OF_ETCD),
            dials,
            between_members,
            own_gateway,
        }
    }
}
