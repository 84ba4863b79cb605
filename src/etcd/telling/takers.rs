//! Who takes these files: etcd, etcdctl and the clients that people use most, each
//! with the reason, so that nobody has to run into it. The judge decides; here is
//! chosen whom to ask, and a reason is put into a sentence.

use serde::{Deserialize, Serialize};

use crate::etcd::facts::client;
use crate::etcd::judge::client::Refuser;
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::{Case, Finding, Verdict};

/// One program and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taker {
    /// The program, with the release that was measured.
    pub program: String,
    /// Its TLS library.
    pub library: String,
    /// Whether it gets through.
    pub passes: bool,
    /// Who refuses whom and why; empty where it gets through.
    pub reason: String,
    /// What it prints then: one of these.
    pub says: Vec<String>,
}

/// Who takes the files of a case; nobody is asked where etcd does not start, or where
/// etcdctl was not asked about.
#[must_use]
pub fn takers(case: &Case<'_>, finding: &Finding) -> Vec<Taker> {
    let is_proxy = Proxy::of(&case.etcd.line).is_some();
    if case.client().is_none() || is_proxy || finding.verdict == Verdict::ServerStartFailed {
        return Vec::new();
    }
    let passes = finding.verdict == Verdict::Accepted;
    let own = Taker {
        program: format!("etcdctl {}", case.etcd.build.version),
        library: "Go".to_owned(),
        passes,
        reason: if passes {
            String::new()
        } else {
            finding.rule.sentence().to_owned()
        },
        says: if passes {
            Vec::new()
        } else {
            finding.dialer.clone()
        },
    };
    let others = client::WELL_KNOWN.iter().filter_map(|(name, id)| {
        let client = client::named(id)?;
        let answer = case.judge_client(client, false).ok()?;
        let passes = answer.verdict == Verdict::Accepted;
        let because = if answer.why.is_empty() {
            answer.rule.sentence()
        } else {
            answer.why
        };
        let reason = match answer.refuser {
            _ if passes => String::new(),
            Refuser::Client => format!("It refuses etcd, or its own files: {because}"),
            Refuser::Etcd => format!("etcd refuses it: {because}"),
            Refuser::Nobody => because.to_owned(),
        };
        Some(Taker {
            program: format!("{name} ({})", client.version),
            library: client.library.name.to_owned(),
            passes,
            reason,
            says: answer.says,
        })
    });
    std::iter::once(own).chain(others).collect()
}
