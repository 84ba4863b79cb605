//! The diagnosis for scripts: one JSON object, with the findings in order, the most
//! telling first. What each name in it means stands under `diagnose --help`.

use serde_json::{Value, json};

use crate::etcd::facts::saying::{Side, Speaker};
use crate::etcd::judge::reading::material::{Material, Program};
use crate::etcd::judge::{Stage, Verdict};
use crate::etcd::telling::diagnosis::{Clue, Party};
use crate::lab::job::diagnose::{Diagnosed, Evidence, chains::ChainFinding};
use crate::lab::job::judge::Judged;

/// What is known of this evidence.
#[must_use]
pub fn answer(evidence: &Evidence, known: &Diagnosed) -> Value {
    let mut findings = Vec::new();
    if let Some(judged) = &known.judged {
        findings.extend(of_judged(judged, &evidence.material()));
    }
    findings.extend(known.chains.iter().filter_map(of_chain));
    findings.extend(known.clues.iter().map(of_text));
    let files: Vec<&String> = evidence
        .files
        .iter()
        .map(|file| &file.name)
        .chain(evidence.own.keys())
        .collect();
    json!({
        "read": known.recognised,
        "files": files,
        "verdict": known.judged.as_ref().map(|judged| json!({
            "verdict": judged.finding.verdict.word(),
            "judged_as": known.judged_as.as_ref().unwrap_or(&evidence.build),
            "step": format!("{:?}", judged.finding.stage),
            "etcdctl": judged.transcript.etcdctl,
            "etcd": judged.transcript.etcd,
            "foretold": judged.foretold.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })),
        "findings": findings,
        "mended": known.mended.as_ref().map(|mended| json!({
            "label": mended.label,
            "text": mended.text,
        })),
        "notes": known.notes,
        "unknown": known.unknown,
        "healthy": known.healthy,
    })
}

/// The rule that decided on the command lines, unless all is well.
fn of_judged(judged: &Judged, material: &Material) -> Option<Value> {
    if judged.finding.all_is_well() {
        return None;
    }
    if judged.finding.verdict == Verdict::Accepted {
        return Some(json!({
            "from": "verdict",
            "rule": null,
            "sentence": "The gateway dials etcd as a client with the server’s certificate, and etcd refuses it as it would any client.",
            "side": "etcd",
            "whose": "etcd",
            "file": judged.finding.file,
            "field": judged.finding.field,
            "words": judged.transcript.etcd,
            "mend": judged.finding.mend(),
        }));
    }
    let (side, words) = if judged.finding.verdict == Verdict::ServerStartFailed {
        ("etcd", judged.transcript.etcd.as_str())
    } else {
        let first = judged.transcript.etcdctl.first();
        ("etcdctl", first.map_or("", String::as_str))
    };
    Some(json!({
        "from": "verdict",
        "rule": judged.finding.rule.id(),
        "sentence": judged.finding.rule.sentence(),
        "source": judged.finding.rule.source(),
        "side": side,
        "whose": whose(judged, material),
        "file": judged.finding.file,
        "field": judged.finding.field,
        "words": words,
        "mend": judged.finding.mend(),
    }))
}

/// Whose file or command line is at fault: that of the program whose line names the
/// file; where both do or none, the step tells.
fn whose(judged: &Judged, material: &Material) -> &'static str {
    let names = |program: Program| match (material.chosen(program), &judged.finding.file) {
        (Some(call), Some(file)) => call.line().contains(file.as_str()),
        _ => false,
    };
    let by_step = if matches!(judged.finding.stage, Stage::EtcdStart | Stage::ServerCheck) {
        "etcd"
    } else {
        "etcdctl"
    };
    match (names(Program::Etcd), names(Program::Etcdctl)) {
        (true, false) => "etcd",
        (false, true) => "etcdctl",
        _ => by_step,
    }
}

/// Why a certificate is refused by itself.
fn of_chain(chain: &ChainFinding) -> Option<Value> {
    let refused = chain.refused.as_ref()?;
    Some(json!({
        "from": "certificate",
        "rule": refused.rule.id(),
        "sentence": refused.rule.sentence(),
        "source": refused.rule.source(),
        "side": null,
        "whose": if chain.checked_as.starts_with("a server") { "etcd" } else { "etcdctl" },
        "file": chain.file,
        "against": chain.against,
        "field": refused.field,
        "words": refused.text,
        "mend": refused.mend,
    }))
}

/// What words in the text point to.
fn of_text(clue: &Clue) -> Value {
    let mut rules: Vec<&str> = clue.rules.iter().map(|rule| rule.id()).collect();
    rules.dedup();
    let tells: Vec<Value> = clue
        .log_tells()
        .into_iter()
        .map(|(rule, words)| json!({ "rule": rule.id(), "words": words }))
        .collect();
    json!({
        "from": "text",
        "rule": rules.first(),
        "rules": rules,
        "side": match clue.side {
            Side::Etcd => "etcd",
            Side::Etcdctl if clue.saying.speaker == Speaker::Go => "etcdctl",
            Side::Etcdctl => "client",
            Side::Either => "either",
        },
        "speaker": clue.saying.speaker.name(),
        "program": clue.program,
        "refused_by": clue.refused_by.map(Party::word),
        "whose": clue.whose.map(Party::word),
        "between_members": clue.between_members,
        "harmless": clue.is_harmless(),
        "file": clue.file,
        "words": clue.saying.words,
        "source": clue.saying.source(),
        "line": clue.line,
        "detail": clue.detail,
        "causes": clue.causes(),
        "log_tells": tells,
        "mend": clue.mend(),
    })
}
