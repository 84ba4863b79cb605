//! The verdict for scripts: two command lines and the files that they name in, one JSON
//! object out. Where the case has `peer`, the answer has an object `peer` with the
//! verdict, what the one that dials logs (`dialer`), what `server` logs (`etcd`), and
//! the rule, file and mend.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::etcd::facts::client::{self as clients, Client};
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::client::judge_client;
use crate::etcd::judge::peer::{PeerMember, PeerQuestion, judge_peer};
use crate::etcd::judge::reading::command_line::CommandLineError;
use crate::etcd::judge::{Question, judge};
use crate::etcd::telling::foretold::foretold_of;

/// The lines of a case, as `case.json` has them.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// etcd's command line.
    pub server: String,
    /// etcdctl's.
    pub client: String,
    /// The command line of another member, which connects to the peer port of
    /// `server`.
    pub peer: Option<String>,
    /// The address that the other member is seen with.
    pub from: Option<String>,
    /// Host names with their addresses, since nothing is looked up.
    pub names: BTreeMap<String, Vec<String>>,
    /// When the case was put to real programs.
    pub measured: Option<Timestamp>,
}

impl Lines {
    /// Reads what a case says of them; what it does not say is empty.
    #[must_use]
    pub fn read(case: &Value) -> Self {
        let text = |name: &str| case.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            server: text("server").unwrap_or_default(),
            client: text("client").unwrap_or_default(),
            peer: text("peer"),
            from: text("from"),
            names: case
                .get("names")
                .and_then(|names| serde_json::from_value(names.clone()).ok())
                .unwrap_or_default(),
            measured: text("measured").and_then(|time| time.parse().ok()),
        }
    }
}

/// Another client in etcdctl's place.
#[derive(Clone, Copy, Debug)]
pub enum Other {
    /// One of them.
    Client(&'static Client),
    /// Each of them.
    All,
}

/// A name that no client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no client is called so")]
pub struct UnknownClient;

impl Other {
    /// A client by its name, or `all`.
    ///
    /// # Errors
    ///
    /// No client is called so.
    pub fn parse(text: &str) -> Result<Self, UnknownClient> {
        match text {
            "all" => Ok(Self::All),
            name => clients::named(name).map(Self::Client).ok_or(UnknownClient),
        }
    }
}

/// As which programs, and when, a case is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct JudgeAs {
    /// The build of etcd; else the newest.
    pub etcd: Option<EtcdBuild>,
    /// The build of etcdctl; else etcd's.
    pub etcdctl: Option<EtcdBuild>,
    /// The time on both sides; else the case's, else now.
    pub at: Option<Timestamp>,
    /// Another client in etcdctl's place.
    pub other: Option<Other>,
    /// That client is limited to TLS 1.2.
    pub only_tls12: bool,
}

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoVerdict {
    /// No release of etcd is known to ask about.
    #[error("no release of etcd was named")]
    NoRelease,
    /// A text is no command line of its program.
    #[error(transparent)]
    CommandLine(#[from] CommandLineError),
}

/// Judges a case.
///
/// # Errors
///
/// Its lines can't be read.
pub fn answer(
    lines: &Lines,
    files: &BTreeMap<String, Vec<u8>>,
    judge_as: &JudgeAs,
    now: Timestamp,
) -> Result<Value, NoVerdict> {
    let newest = || EtcdBuild::oldest_and_newest().pop();
    let build = judge_as.etcd.or_else(newest);
    let build = build.ok_or(NoVerdict::NoRelease)?;
    let question = Question {
        server: &lines.server,
        client: &lines.client,
        files,
        server_build: build,
        client_build: judge_as.etcdctl.unwrap_or(build),
        now: judge_as.at.or(lines.measured).unwrap_or(now),
        users: None,
    };
    let only_tls12 = judge_as.only_tls12;
    match judge_as.other {
        Some(Other::Client(client)) => {
            return Ok(of_client(client, &question, only_tls12)?);
        }
        Some(Other::All) => {
            let answers = clients::all().map(|client| of_client(client, &question, only_tls12));
            let answers: Vec<Value> = answers.collect::<Result<_, _>>()?;
            return Ok(json!({ "clients": answers }));
        }
        None => {}
    }
    let answer = judge(&question)?;
    let foretold = foretold_of(&question, &answer)?;
    let mut object = json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.stage),
        "etcdctl": answer.dialer,
        "etcd": answer.logged_among_others(),
        "assumes": answer.assumes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "foretold": foretold.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "gateway": answer.gateway,
        "gateway_log": answer.gateway_log,
        "file": answer.file,
        "field": answer.field,
        "mend": answer.mend(),
    });
    tell(&mut object, answer.rule);
    if let Some(dialer) = &lines.peer {
        put(&mut object, "peer", peer(lines, dialer, &question)?);
    }
    Ok(object)
}

/// What another client makes of it.
fn of_client(
    client: &Client,
    question: &Question<'_>,
    only_tls12: bool,
) -> Result<Value, CommandLineError> {
    let answer = judge_client(question, client, only_tls12)?;
    let mut object = json!({
        "verdict": answer.verdict.word(),
        "client": client.id,
        "version": client.version,
        "library": client.library.name,
        "refuser": answer.refuser.word(),
        "says": answer.says,
        "etcd": answer.logs,
        "why": answer.why,
        "file": answer.file,
        "field": answer.field(),
        "mend": answer.mend(),
    });
    tell(&mut object, answer.rule);
    Ok(object)
}

/// Whether the member of `dialer` gets through to the one of `question`.
fn peer(lines: &Lines, dialer: &str, question: &Question<'_>) -> Result<Value, CommandLineError> {
    let member = |line| PeerMember {
        line,
        files: question.files,
        build: question.server_build,
    };
    let answer = judge_peer(&PeerQuestion {
        dialer: member(dialer),
        listener: member(question.server),
        now: question.now,
        from: lines.from.as_deref(),
        names: &lines.names,
    })?;
    let mut object = json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.stage),
        "dialer": answer.dialer,
        "etcd": answer.listener,
        "file": answer.file,
        "field": answer.field,
        "mend": answer.mend(),
    });
    tell(&mut object, answer.rule);
    Ok(object)
}

/// Puts a rule into an answer, whoever gave it.
fn tell(object: &mut Value, rule: Rule) {
    put(object, "rule", rule.id().into());
    put(object, "sentence", rule.sentence().into());
    put(object, "source", rule.source().into());
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}
