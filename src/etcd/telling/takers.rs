//! Who takes these files: etcd, etcdctl and the clients that people use most, each
//! with the reason, so that nobody has to run into it. The judge decides; here is
//! chosen whom to ask, and a reason is put into a sentence.

use serde::{Deserialize, Serialize};

use crate::etcd::facts::client::{self, Anchors, Client, Names};
use crate::etcd::judge::client::{ClientAnswer, Refuser, Taken};
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::{Case, Finding, Stage, Verdict};

/// One program and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taker {
    /// What people say it is: `etcd`, `Python`.
    pub kind: String,
    /// The program, with the release that was measured.
    pub program: String,
    /// Its TLS library, and where that has its rules.
    pub library: String,
    /// Whether it gets through.
    pub passes: bool,
    /// Who refuses whom and why, or what it went by.
    pub reason: String,
    /// What it prints then: one of these.
    pub says: Vec<String>,
}

/// The client that does what etcdctl does.
const LIKE_ETCDCTL: &str = "go-clientv3";

/// Who takes the files of a case, those of a kind together; nobody is asked where etcd
/// does not start, or where etcdctl was not asked about.
#[must_use]
pub fn takers(case: &Case<'_>, finding: &Finding) -> Vec<Taker> {
    let is_proxy = Proxy::of(&case.etcd.line).is_some();
    if case.client().is_none() || is_proxy || finding.verdict == Verdict::ServerStartFailed {
        return Vec::new();
    }
    let answer = |id: &str| {
        let client = client::named(id)?;
        Some((client, case.judge_client(client, false).ok()?))
    };
    let Some((like, likewise)) = answer(LIKE_ETCDCTL) else {
        return Vec::new();
    };
    let others = client::WELL_KNOWN.iter().filter_map(|known| {
        let (client, answer) = answer(known.client)?;
        let library = client.library;
        Some(Taker {
            kind: known.kind.to_owned(),
            program: format!("{} ({})", known.name, client.version),
            library: format!("{}: {}", library.name, library.source),
            passes: answer.verdict == Verdict::Accepted,
            reason: reason(client, &answer),
            says: answer.says,
        })
    });
    let own = [
        etcd(case, finding, like, likewise.taken),
        etcdctl(case, finding, like, likewise.taken),
    ];
    own.into_iter().chain(others).collect()
}

/// etcd, which has started: what it makes of the client.
fn etcd(case: &Case<'_>, finding: &Finding, like: &Client, taken: Option<Taken>) -> Taker {
    let refuses = finding.verdict == Verdict::Refused && finding.stage >= Stage::ClientCheck;
    let reason = if refuses {
        format!(
            "It starts with its files, and refuses the client: {}",
            finding.rule.sentence()
        )
    } else {
        let asks = match taken {
            Some(Taken::Plain) => "it speaks no TLS here",
            Some(Taken::ByTls { asked: false, .. }) => "it asks clients for no certificate",
            Some(Taken::ByTls { asked: true, .. }) => "it takes the client's certificate",
            None if finding.verdict == Verdict::Accepted => "it lets the client in",
            None => "what it makes of the client's is never reached",
        };
        format!("It starts with its files; {asks}.")
    };
    Taker {
        kind: "etcd".to_owned(),
        program: format!("etcd {}", case.etcd.build.version),
        library: go(case, like),
        passes: !refuses,
        reason,
        says: Vec::new(),
    }
}

fn etcdctl(case: &Case<'_>, finding: &Finding, like: &Client, taken: Option<Taken>) -> Taker {
    let passes = finding.verdict == Verdict::Accepted;
    let reason = match taken {
        Some(taken) if passes => went_by(like, taken),
        // One that is built with another Go than etcdctl.
        _ if passes => "Its own check and etcd's both pass.".to_owned(),
        _ => finding.rule.sentence().to_owned(),
    };
    let says = if passes {
        Vec::new()
    } else {
        finding.dialer.clone()
    };
    Taker {
        kind: "etcdctl".to_owned(),
        program: format!("etcdctl {}", case.etcd.build.version),
        library: go(case, like),
        passes,
        reason,
        says,
    }
}

/// The Go of both, and where that has its rules.
fn go(case: &Case<'_>, like: &Client) -> String {
    format!("{}: {}", case.etcd.build.go.toolchain, like.library.source)
}

/// Who refuses whom and why, or what it went by.
fn reason(client: &Client, answer: &ClientAnswer) -> String {
    let because = if answer.why.is_empty() {
        answer.rule.sentence()
    } else {
        answer.why
    };
    match (answer.taken, answer.refuser) {
        (Some(taken), _) => went_by(client, taken),
        (None, Refuser::Client) => format!("It refuses etcd, or its own files: {because}"),
        (None, Refuser::Etcd) => format!("etcd refuses it: {because}"),
        (None, Refuser::Nobody) => because.to_owned(),
    }
}

/// What one that is served went by, and etcd of it.
fn went_by(client: &Client, taken: Taken) -> String {
    let Taken::ByTls { checked, asked } = taken else {
        return "Neither side speaks TLS.".to_owned();
    };
    let etcds = match (checked, client.library.anchors) {
        (false, _) => "It does not check etcd",
        (true, Anchors::Any) => "etcd's certificate leads to its CA file",
        (true, Anchors::Roots) => "etcd's certificate leads to the root in its CA file",
    };
    let name = match client.names {
        _ if !checked => "",
        Names::Nothing => ", and it looks at no name",
        Names::Localhost => ", and names localhost",
        Names::Alternative | Names::CommonNameOfHost | Names::CommonName => ", and names the host",
    };
    // etcd that asks for a certificate lets nobody in without one.
    let own = if asked {
        "etcd takes the one that it sends"
    } else {
        "etcd asks it for none"
    };
    format!("{etcds}{name}; {own}.")
}
