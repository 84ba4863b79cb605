//! The one result: what etcd and etcdctl would say to a case, or one member to
//! another, which rule decided, and what to do. It travels as it is between the
//! page and its workers.

use serde::{Deserialize, Serialize};

use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::assumption::Assumption;
use crate::etcd::judge::cause::{self, Cause};
use crate::etcd::judge::failure::StartFailure;
use go_x509::address;
use go_x509::certificate::Certificate;

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It works.
    Accepted,
    /// etcd runs, who connects to it fails.
    Refused,
    /// etcd does not start.
    ServerStartFailed,
}

impl Verdict {
    /// `ok`, `fail` or `server-start-fail`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "ok",
            Self::Refused => "fail",
            Self::ServerStartFailed => "server-start-fail",
        }
    }
}

/// Where it was decided, in the order in which etcd and etcdctl look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    /// etcd's start.
    EtcdStart,
    /// etcdctl's own start.
    EtcdctlStart,
    /// Before any certificate: address, scheme, TLS version.
    Connection,
    /// The client's check of the server.
    ServerCheck,
    /// The server's check of the client.
    ClientCheck,
    /// The allowed host names.
    AllowedHostnames,
    /// The peer's address check.
    PeerAddress,
    /// The CRL.
    RevocationList,
    /// The user by common name.
    Authorization,
    /// Everything was passed.
    Done,
}

/// The names of a certificate, as etcd logs them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedNames {
    /// The addresses.
    pub addresses: Vec<String>,
    /// The DNS names.
    pub dns_names: Vec<String>,
}

impl LoggedNames {
    pub(super) fn of(leaf: &Certificate) -> Self {
        let addresses = leaf.addresses.iter().map(|bytes| address::text(bytes));
        Self {
            addresses: addresses.collect(),
            dns_names: leaf.dns_names.clone(),
        }
    }
}

/// When etcd's gateway dials etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GatewayDials {
    /// At etcd's start, up to 3.6; or because curl with the client's files asks it.
    Anyway,
    /// As soon as somebody asks whom etcd lets in.
    IfOthersAsk,
    /// Nobody who checks etcd's certificate gets as far as to ask.
    Never,
}

/// What etcd and whoever connects to it would say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The outcome.
    pub verdict: Verdict,
    /// Where it was decided.
    pub stage: Stage,
    /// What decided; `None` when everything was accepted. It stays where it was
    /// found: what travels is the rule behind it.
    #[serde(skip)]
    pub cause: Option<Cause>,
    /// The rule that decided.
    pub rule: Rule,
    /// The path of the file at fault, on the machine whose file it is.
    pub file: Option<String>,
    /// The field or flag at fault; empty when nothing is.
    pub field: String,
    /// What the one that connects says: what etcdctl prints, or a member logs.
    /// Any of these, as a race decides.
    pub dialer: Vec<String>,
    /// What the etcd that is connected to logs, each of these. Empty when the
    /// verdict is ok.
    pub listener: Vec<String>,
    /// The names of the client's certificate, where etcd logs them too.
    pub logged_names: Option<LoggedNames>,
    /// What etcd logs of its own gateway's connections, whatever the verdict: once
    /// the gateway dials.
    pub gateway_log: Vec<String>,
    /// The names of the certificate that the gateway shows, where etcd logs them too.
    pub gateway_names: Option<LoggedNames>,
    /// When it does.
    pub gateway_dials: GatewayDials,
    /// The HTTP status of a `put` through the gateway by curl with the
    /// client's files; `None` if curl gets no answer.
    pub gateway: Option<u16>,
    /// What the verdict takes for granted.
    pub assumes: Vec<Assumption>,
}

impl Finding {
    fn new(verdict: Verdict, stage: Stage, cause: Option<Cause>, file: Option<String>) -> Self {
        Self {
            verdict,
            stage,
            rule: cause.as_ref().map_or(Rule::Accepted, Cause::rule),
            field: cause.as_ref().map(Cause::field).unwrap_or_default(),
            cause,
            file,
            dialer: Vec::new(),
            listener: Vec::new(),
            logged_names: None,
            gateway_log: Vec::new(),
            gateway_names: None,
            gateway_dials: GatewayDials::Never,
            gateway: None,
            assumes: Vec::new(),
        }
    }

    pub(super) fn accepted() -> Self {
        Self::new(Verdict::Accepted, Stage::Done, None, None)
    }

    /// Somebody who connects is refused, or refuses.
    pub(super) fn refused(stage: Stage, cause: Cause, file: Option<String>) -> Self {
        Self::new(Verdict::Refused, stage, Some(cause), file)
    }

    /// An etcd doesn't start.
    pub(super) fn start_failed(failure: StartFailure) -> Self {
        Self::new(
            Verdict::ServerStartFailed,
            Stage::EtcdStart,
            Some(*failure.cause),
            failure.file,
        )
    }

    /// With what both sides say.
    pub(super) fn saying(self, dialer: Vec<String>, listener: Vec<String>) -> Self {
        Self {
            dialer,
            listener,
            ..self
        }
    }

    /// What to do; empty when nothing is at fault.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        cause::mend(self.rule, &self.field)
    }

    /// What etcd logs, each line once, where etcdctl is refused and curl with its files
    /// asks the gateway besides; nothing where etcdctl is let in.
    #[must_use]
    pub fn logged(&self) -> Vec<String> {
        self.with_gateway(self.gateway_dials == GatewayDials::Anyway)
    }

    /// The same of an etcd whose gateway was asked by others too, whom etcd lets in.
    #[must_use]
    pub fn logged_among_others(&self) -> Vec<String> {
        self.with_gateway(self.gateway_dials != GatewayDials::Never)
    }

    fn with_gateway(&self, dials: bool) -> Vec<String> {
        let mut logged = self.listener.clone();
        if self.verdict == Verdict::Refused && dials {
            for text in &self.gateway_log {
                if !logged.contains(text) {
                    logged.push(text.clone());
                }
            }
        }
        logged
    }

    /// Whether etcd refuses its own gateway.
    #[must_use]
    pub const fn gateway_is_refused(&self) -> bool {
        !self.gateway_log.is_empty()
    }

    /// Whether etcdctl works and so does the gateway.
    #[must_use]
    pub fn all_is_well(&self) -> bool {
        self.verdict == Verdict::Accepted && !self.gateway_is_refused()
    }
}
