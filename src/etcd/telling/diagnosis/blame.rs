//! Who refused whom, whose fault it is, and what that leaves of a saying's rules:
//! the same alert is the server's refusal of a client in the client's output, and
//! the client's refusal of the server in etcd's log.

use serde::{Deserialize, Serialize};

use super::standpoint::Standpoint;
use crate::etcd::facts::client_program::ClientProgram;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::{Saying, SayingKind, Side, Speaker};

/// One side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Party {
    /// etcd.
    Server,
    /// Whoever connects to its client port.
    Client,
    /// Another member.
    Peer,
    /// A program that is not etcd's.
    Other,
}

impl Party {
    /// `etcd`, `client`, `peer` or `other`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Server => "etcd",
            Self::Client => "client",
            Self::Peer => "peer",
            Self::Other => "other",
        }
    }
}

/// Whose certificate or settings a rule is about.
pub(super) const fn about(rule: Rule) -> Option<Party> {
    match rule {
        Rule::ClientCaKnown
        | Rule::UsageClient
        | Rule::AllowedHostname
        | Rule::AllowedCommonName
        | Rule::NotRevoked
        | Rule::CrlExists
        | Rule::CrlReadable
        | Rule::ClientCertificateRequired
        | Rule::PeerAddress
        | Rule::TlsEndpoint => Some(Party::Client),
        Rule::ServerCaKnown
        | Rule::UsageServer
        | Rule::HostSan
        | Rule::AddressSan
        | Rule::CommonNameIsNoHost
        | Rule::PlainEndpoint
        | Rule::EndpointHasHost => Some(Party::Server),
        _ => None,
    }
}

/// What is concluded from a saying where it stands.
pub(super) struct Blame {
    pub(super) side: Side,
    pub(super) rules: Vec<Rule>,
    pub(super) refused_by: Option<Party>,
    pub(super) whose: Option<Party>,
    pub(super) between_members: bool,
    pub(super) own_gateway: bool,
}

impl Blame {
    pub(super) fn of(saying: &Saying, standpoint: Standpoint) -> Self {
        let standpoint = Standpoint {
            between_members: is_between_members(saying, standpoint),
            ..standpoint
        };
        // A program of its own is a client wherever its line stands.
        let side = match (saying.side, standpoint.side) {
            (Side::Either, side) if saying.speaker == Speaker::Go => side,
            (Side::Etcdctl, Side::Etcd)
                if saying.speaker == Speaker::Go
                    && (!standpoint.by_name || standpoint.own_gateway) =>
            {
                Side::Etcd
            }
            (side, _) => side,
        };
        let dials = match (standpoint.dials, side) {
            _ if saying.speaker != Speaker::Go => Some(true),
            (Some(dials), _) => Some(dials),
            (None, Side::Etcdctl) => Some(true),
            (None, Side::Etcd) if saying.side == Side::Etcd => Some(false),
            (None, _) => None,
        };
        let refuser = match (saying.kind, dials) {
            (SayingKind::Check, Some(true)) | (SayingKind::Told, Some(false)) => {
                Some(Party::Client)
            }
            (SayingKind::Check, Some(false)) | (SayingKind::Told, Some(true)) => {
                Some(Party::Server)
            }
            _ => None,
        };
        let mut rules = saying.rules.to_vec();
        if let Some(refuser) = refuser {
            let fits = |rule: &Rule| about(*rule) != Some(refuser);
            if rules.iter().any(fits) {
                rules.retain(fits);
            }
        }
        // etcd's own gateway shows the server's certificate as a client's.
        if standpoint.own_gateway
            && refuser == Some(Party::Server)
            && rules.contains(&Rule::UsageClient)
        {
            rules.retain(|rule| *rule != Rule::UsageClient);
            rules.insert(0, Rule::UsageClient);
        }
        let whose = whose(saying, standpoint, side, refuser, &rules);
        Self {
            side,
            rules,
            refused_by: refuser.map(|party| {
                if standpoint.between_members {
                    Party::Peer
                } else {
                    party
                }
            }),
            whose,
            between_members: standpoint.between_members,
            own_gateway: standpoint.own_gateway && refuser.is_some(),
        }
    }
}

/// Whether it is said of a connection between members: what a member can't use of
/// its own is nothing of the other one's.
fn is_between_members(saying: &Saying, standpoint: Standpoint) -> bool {
    match saying.kind {
        SayingKind::Check | SayingKind::Told | SayingKind::Broken => {
            standpoint.between_members || saying.rules == [Rule::PeerAddress]
        }
        _ => false,
    }
}

/// Whose fault it is; `None` where the words leave that open.
fn whose(
    saying: &Saying,
    standpoint: Standpoint,
    side: Side,
    refuser: Option<Party>,
    rules: &[Rule],
) -> Option<Party> {
    match saying.kind {
        SayingKind::Foreign => return Some(Party::Other),
        SayingKind::Harmless => return None,
        _ if standpoint.between_members => return Some(Party::Peer),
        _ if standpoint.own_gateway && refuser.is_some() => return Some(Party::Server),
        _ => {}
    }
    let of_rule = |rule: Rule| match rule {
        // Whoever lacks the CA is at fault, not whose certificate it is.
        Rule::ServerCaKnown | Rule::TlsEndpoint | Rule::PlainEndpoint | Rule::CommonNameIsUser => {
            Some(Party::Client)
        }
        Rule::SomethingListens => (side != Side::Etcd).then_some(Party::Client),
        Rule::CrlExists | Rule::CrlReadable => Some(Party::Server),
        Rule::CommonTlsVersion => None,
        rule => match (about(rule), refuser, saying.kind) {
            (Some(party), ..) => Some(party),
            (None, Some(Party::Server), _) => Some(Party::Client),
            (None, Some(_), _) => Some(Party::Server),
            (None, None, SayingKind::Own) => match side {
                Side::Etcd => Some(Party::Server),
                Side::Etcdctl => Some(Party::Client),
                Side::Either => None,
            },
            (None, None, _) => None,
        },
    };
    let mut parties = rules.iter().map(|rule| of_rule(*rule));
    if rules.is_empty() && saying.kind == SayingKind::Own {
        // What it can't use of its own is its own fault, whatever rule that breaks.
        return match side {
            Side::Etcd => Some(Party::Server),
            Side::Etcdctl => Some(Party::Client),
            Side::Either => None,
        };
    }
    let first = parties.next()??;
    // A broken connection leaves it open who broke it.
    let agrees = |party: Option<Party>| party == Some(first);
    match saying.kind {
        SayingKind::Broken if !parties.all(agrees) => None,
        _ => Some(first),
    }
}

/// What to do where two members don't take each other: it is other flags than for
/// clients.
pub(super) const fn mend_between_members(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::ServerCaKnown | Rule::ClientCaKnown | Rule::SignatureFitsIssuer => {
            "give every member, by --peer-trusted-ca-file, the CA of the other members' --peer-cert-file, and start it again"
        }
        Rule::HostSan | Rule::AddressSan | Rule::CommonNameIsNoHost => {
            "issue that member's --peer-cert-file with the host of its --initial-advertise-peer-urls among its SANs"
        }
        Rule::UsageClient | Rule::UsageServer => {
            "issue each member's --peer-cert-file with both serverAuth and clientAuth"
        }
        Rule::ValidityEnds => "renew the --peer-cert-file of the member that is refused",
        Rule::ValidityBegins => "set the clocks of the members by NTP",
        Rule::PeerAddress => {
            "let the address that the member connects from be found: PTR and A records of the headless service (names are looked up, a wildcard by reverse DNS), or its IP among the SANs where it is fixed, or --experimental-peer-skip-client-san-verification"
        }
        Rule::ClientCertificateRequired => {
            "give that member --peer-cert-file and --peer-key-file, and https:// in its peer URLs"
        }
        Rule::SomethingListens => {
            "start that member, and compare its --listen-peer-urls with the URL that is dialled; a firewall may be between"
        }
        Rule::TlsEndpoint | Rule::PlainEndpoint => {
            "write the same scheme, https://, in --listen-peer-urls, --initial-advertise-peer-urls and --initial-cluster of every member; for one that runs: etcdctl member update"
        }
        _ => return None,
    })
}

/// How a program is given what a rule asks for.
pub(super) const fn option_of(program: &ClientProgram, rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::ClientCertificateRequired
        | Rule::UsageClient
        | Rule::ClientCaKnown
        | Rule::AllowedHostname
        | Rule::NotRevoked
        | Rule::KeyFitsCertificate
        | Rule::KeyNotEncrypted
        | Rule::KeyReadable => Some(program.identity),
        Rule::ServerCaKnown => Some(program.authority),
        _ => None,
    }
}

/// What to give a client other than etcdctl, and what is said behind its option, where
/// the rule's own mend has etcdctl's flags.
pub(super) const fn mend_of_client(rule: Rule) -> Option<(&'static str, &'static str)> {
    match rule {
        Rule::ServerCaKnown => Some((
            "the CA of the server",
            "; the server's file needs its intermediates",
        )),
        Rule::ClientCertificateRequired => Some(("its certificate and key", "")),
        _ => None,
    }
}

/// What etcd's log says at “rejected connection” when this rule is broken.
pub(super) const fn words_in_log(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::ClientCertificateRequired => "client didn't provide a certificate",
        Rule::ClientCaKnown => "certificate signed by unknown authority",
        Rule::SignatureFitsIssuer => "(possibly because of …)",
        Rule::ValidityEnds => "is after",
        Rule::ValidityBegins => "is before",
        Rule::UsageClient => "incompatible key usage",
        Rule::AllowedHostname | Rule::AllowedCommonName => {
            "client certificate authentication failed"
        }
        Rule::NotRevoked => "certificate serial … revoked",
        Rule::CrlReadable => "malformed crl",
        Rule::CrlExists => "no such file or directory",
        Rule::KeyFitsCertificate => "invalid signature by the client certificate",
        Rule::TlsEndpoint => "first record does not look like a TLS handshake",
        Rule::CommonTlsVersion => "client offered only unsupported versions",
        Rule::KeyCanSign => "no cipher suite supported by both",
        Rule::KnownKeyKind => "peer doesn't support any of the certificate's signature algorithms",
        _ => return None,
    })
}
