//! From a text to its cause: lines of etcd's log or of etcdctl's output are
//! recognised by Go's and etcd's own words, which are
//! [`facts::saying`](crate::etcd::facts::saying). Where the words alone can't
//! tell, several causes come back, the likelier first; words that are not known
//! give none. Called by the page's chapter for pasted text.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};

use serde::{Deserialize, Serialize};

use crate::etcd::facts::saying::{self, SAYINGS, Saying, Side};

/// A line that tells something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clue {
    /// The words that were recognised, and what they tell.
    #[serde(with = "saying::by_words")]
    pub saying: &'static Saying,
    /// The line, shortened to 400 characters.
    pub line: String,
    /// Whose words they are: where the words alone don't say, the line's form
    /// may.
    pub side: Side,
}

impl Clue {
    /// Causes, the likeliest first.
    #[must_use]
    pub fn causes(&self) -> Vec<&'static str> {
        self.saying.causes_on(self.side)
    }
}

/// Whose line it is, by its form.
fn side_of(line: &str) -> Side {
    const OF_ETCD: [&str; 7] = [
        "rejected connection",
        "failed to start etcd",
        "grpclog/",
        "listener failed",
        "embed: ",
        "etcdmain",
        "discovery failed",
    ];
    const OF_ETCDCTL: [&str; 3] = ["retrying of unary invoker", "etcd-client", "Error: "];
    let has = |words: &[&str]| words.iter().any(|words| line.contains(words));
    if has(&OF_ETCD) {
        Side::Etcd
    } else if has(&OF_ETCDCTL) {
        Side::Etcdctl
    } else {
        Side::Either
    }
}

/// What is the same in all lines of a kind: logs repeat themselves but for times,
/// ports and identifiers.
fn kind(line: &str) -> u64 {
    let mut kind = DefaultHasher::new();
    for word in line.split(|letter: char| letter.is_ascii_digit()) {
        if !word.is_empty() {
            kind.write(word.as_bytes());
            kind.write_u8(0);
        }
    }
    kind.finish()
}

/// Whether etcd is being stopped: from its own word on the signal to its next
/// start.
fn goes_on_ending(line: &str, ending: bool) -> bool {
    if line.contains("signal") && line.contains("shutting down") {
        return true;
    }
    ending
        && !["etcd Version", "etcd-version", "starting an etcd server"]
            .iter()
            .any(|words| line.contains(words))
}

/// What an etcd that is being stopped says as a matter of course: its listeners
/// close, and its own gateway finds nobody there any more.
fn is_farewell(line: &str) -> bool {
    [
        "use of closed network connection",
        "addrConn.createTransport failed",
        "grpclog/",
    ]
    .iter()
    .any(|words| line.contains(words))
}

/// At most so many bytes of a text are looked at.
const MOST_TEXT: usize = 32 << 20;

/// The letters of a line that are shown.
const MOST_LETTERS: usize = 400;

/// What a text points to, each saying once, the more telling first. An empty list
/// says that the text is unknown.
#[must_use]
pub fn clues(text: &str) -> Vec<Clue> {
    let text = text
        .get(..text.floor_char_boundary(MOST_TEXT))
        .unwrap_or_default();
    let mut found: Vec<Option<Clue>> = SAYINGS.iter().map(|_| None).collect();
    let mut kinds: BTreeSet<u64> = BTreeSet::new();
    let mut ending = false;
    for line in text.lines() {
        ending = goes_on_ending(line, ending);
        if ending && is_farewell(line) || !kinds.insert(kind(line)) {
            continue;
        }
        // JSON logs write quotes with backslashes.
        let plain = line.contains('\\').then(|| line.replace('\\', ""));
        let line = plain.as_deref().unwrap_or(line);
        let known = saying::place_in(line);
        let known = known.and_then(|place| Some((SAYINGS.get(place)?, found.get_mut(place)?)));
        if let Some((saying, clue @ None)) = known {
            let line: String = line.chars().take(MOST_LETTERS).collect();
            let side = match saying.side {
                Side::Either => side_of(&line),
                side => side,
            };
            *clue = Some(Clue { saying, line, side });
        }
    }
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::rule::Rule;

    /// Lines from public threads, with the rule and the beginning of the cause.
    const REPORTED: &[(&str, Option<Rule>, &str)] = &[
        // etcd-io/etcd#12930
        (
            r#"{"level":"fatal","ts":"2021-05-08T11:51:19.907Z","caller":"etcdmain/etcd.go:290","msg":"listener failed","error":"open /etc/ssl/certs/etcd.cert.pem: permission denied"}"#,
            Some(Rule::MayReadFile),
            "etcd's user may not read",
        ),
        (
            r#"node-a etcd[812]: {"level":"warn","caller":"etcdmain/etcd.go:146","msg":"failed to start etcd","error":"open /etc/etcd/pki/peer.key: permission denied"}"#,
            Some(Rule::MayReadFile),
            "etcd's user may not read",
        ),
        // etcd-io/etcd#12433
        (
            "2020-10-28 18:43:11.053592 C | etcdmain: open /etc/kubernetes/pki/etcd/peer.crt: permission denied",
            Some(Rule::MayReadFile),
            "etcd's user may not read",
        ),
        (
            "Error: open /etc/etcd/client.key: permission denied",
            Some(Rule::MayReadFile),
            "the user of this client may not read",
        ),
        // patroni/patroni#1009
        (
            "ERROR: Failed to get list of machines: ProtocolError('Connection aborted.', PermissionError(13, 'Permission denied'))",
            Some(Rule::MayReadFile),
            "the client's user may not read",
        ),
        // etcd-io/etcd#12833
        (
            "2021-04-13 09:00:00.000000 C | etcdmain: cannot access data directory: open /bitnami/etcd/data/.touch: permission denied",
            Some(Rule::DataDirWritable),
            "the data directory",
        ),
        (
            "Error: rpc error: code = PermissionDenied desc = etcdserver: permission denied",
            Some(Rule::CommonNameIsUser),
            "the common name",
        ),
        (
            r#"Error:  client: etcd cluster is unavailable or misconfigured; error #0: malformed HTTP response "\x15\x03\x01\x00\x02\x02""#,
            Some(Rule::TlsEndpoint),
            "plain HTTP was spoken",
        ),
        (
            r#"rejected connection from "192.0.2.169:46560" (error "tls: oversized record received with length 21536", ServerName "")"#,
            Some(Rule::TlsEndpoint),
            "plain HTTP was spoken",
        ),
        (
            r#"embed: rejected connection from "127.0.0.1:34692" (error "tls: client offered only unsupported versions: [304]", ServerName "")"#,
            Some(Rule::CommonTlsVersion),
            "304 is TLS 1.3",
        ),
        (
            r#"{"level":"warn","msg":"rejected connection","error":"tls: client offered only unsupported versions: [302 301]"}"#,
            Some(Rule::CommonTlsVersion),
            "302 and 301",
        ),
        (
            r#"embed: rejected connection from "10.0.0.5:42660" (error "EOF", ServerName "")"#,
            None,
            "somebody opened the port",
        ),
        (
            r#"{"level":"warn","msg":"rejected connection","remote-addr":"10.23.2.41:53160","server-name":"","error":"EOF"}"#,
            None,
            "somebody opened the port",
        ),
        (
            r#"embed: rejected connection from "10.9.9.48:43183" (error "read tcp 172.30.61.89:2379->10.9.9.48:43183: read: connection reset by peer", ServerName "")"#,
            Some(Rule::ClientCertificateRequired),
            "the client hung up",
        ),
        (
            r#"{"level":"info","caller":"grpclog/grpclog.go:37","msg":"[core] Subchannel Connectivity change to IDLE, last error: connection error: desc = \"error reading server preface: remote error: tls: bad certificate\""}"#,
            Some(Rule::UsageClient),
            "etcd's own gateway",
        ),
        (
            r#"Err: connection error: desc = "transport: authentication handshake failed: x509: certificate has expired or is not yet valid: current time 2023-12-16T06:35:01Z is after 2023-12-03T03:37:19Z""#,
            Some(Rule::ValidityEnds),
            "whoever dialled refused etcd's server certificate",
        ),
        (
            "2020-01-19 10:11:12.131415 C | etcdmain: listen tcp 0.0.0.0:2380: bind: address already in use",
            Some(Rule::PortIsFree),
            "another process",
        ),
        (
            r#"{"level":"warn","caller":"embed/etcd.go:628","msg":"scheme is HTTP while key and cert files are present; ignoring key and cert files"}"#,
            Some(Rule::CertificatesNeedHttps),
            "the URL to listen on",
        ),
        (
            "2021-02-25 10:11:12.131415 E | auth: invalid user name client for permission checking",
            Some(Rule::CommonNameIsUser),
            "the common name",
        ),
    ];

    #[test]
    fn lines_of_public_threads_lead_to_their_cause() {
        for (line, rule, cause) in REPORTED {
            let clues = clues(line);
            assert_eq!(clues.len(), 1, "{line}");
            let clue = &clues[0];
            assert_eq!(clue.saying.rules.first(), rule.as_ref(), "{line}");
            let first = clue.causes()[0];
            assert!(first.starts_with(cause), "{line}: {first}");
        }
    }

    #[test]
    fn an_etcd_that_is_stopped_has_no_fault() {
        let farewell = "{\"msg\":\"stopping secure grpc server due to error\",\"error\":\"accept tcp 127.0.0.1:2379: use of closed network connection\"}\n\
             WARNING: 2026/11/28 11:57:05 [core] grpc: addrConn.createTransport failed to connect to {127.0.0.1:2379}. Err: dial tcp 127.0.0.1:2379: connect: connection refused";
        for signal in [
            "{\"level\":\"info\",\"msg\":\"received signal; shutting down\",\"signal\":\"terminated\"}",
            "2026-11-28 11:57:05.1 N | pkg/osutil: received terminated signal, shutting down...",
        ] {
            assert_eq!(clues(&format!("{signal}\n{farewell}")), []);
            // Without the signal, and after the next start, the same words tell.
            assert_eq!(clues(farewell).len(), 2);
            let again = format!("{signal}\netcdmain: etcd Version: 3.4.23\n{farewell}");
            assert_eq!(clues(&again).len(), 2);
            // What a client is told all the same is no farewell.
            let refused = format!("{signal}\nError: tls: client didn't provide a certificate");
            assert_eq!(clues(&refused).len(), 1);
        }
    }

    #[test]
    fn a_file_s_permission_is_nothing_of_roles() {
        for (line, ..) in REPORTED
            .iter()
            .filter(|(_, rule, _)| *rule == Some(Rule::MayReadFile))
        {
            let clue = &clues(line)[0];
            assert!(!clue.saying.rules.contains(&Rule::CommonNameIsUser));
            assert!(
                !clue.saying.mend().contains("role"),
                "{}",
                clue.saying.mend()
            );
        }
    }
}
