//! What etcd and etcdctl would answer, as markup: both terminals, the seal or
//! the rule that decided, and every check.

use maud::{Markup, html};

use super::state::State;
use crate::{
    etcd::{
        facts::rule::Rule,
        judge::{Stage, Verdict},
        telling::{
            checks::{Came, Check},
            takers::Taker,
        },
    },
    lab::job::judge::Judged,
    page::words::{count, curly},
};

/// A question's answer, or how far it is.
pub(in crate::page::chapters) fn state(state: &State) -> Markup {
    match state {
        State::Wanted | State::UnderWay => html! { p.reading { "Working it out…" } },
        State::Failed(reason) => html! { p.bad { "This can’t be run: " (curly(reason)) "." } },
        State::Done(judged) => {
            html! { (terminals(judged)) (verdict(judged)) (foretold(judged)) (takers(&judged.takers)) }
        }
    }
}

/// Who takes these files, folded: those of a kind together, each program with its
/// reason.
fn takers(takers: &[Taker]) -> Markup {
    let passing = |takers: &[Taker]| takers.iter().filter(|taker| taker.passes).count();
    html! {
        @if !takers.is_empty() {
            details.more {
                summary {
                    "Who takes these files: " (passing(takers)) " of " (count(takers.len(), "program", "programs"))
                }
                table.takers {
                    thead { tr { th scope="col" { "Program, with its TLS library and that one’s rules" } th scope="col" { "Takes them, and why" } } }
                    @for kind in takers.chunk_by(|one, next| one.kind == next.kind) {
                        tbody {
                            tr {
                                th.kind colspan="2" scope="rowgroup" {
                                    @if let Some(first) = kind.first() { (first.kind) }
                                    @if kind.len() > 1 { ": " (passing(kind)) " of " (kind.len()) }
                                }
                            }
                            @for taker in kind { (taken(taker)) }
                        }
                    }
                }
            }
        }
    }
}

fn taken(taker: &Taker) -> Markup {
    html! {
        tr {
            th scope="row" { (taker.program) br; span.library { (taker.library) } }
            td {
                span.mark aria-hidden="true" { @if taker.passes { "✓" } @else { "✗" } }
                @if taker.passes { " Yes. " } @else { " No. " }
                (curly(&taker.reason))
                @if !taker.passes {
                    @if let Some(says) = taker.says.first() { " It prints: " code { (says) } }
                }
            }
        }
    }
}

/// The answer to a command: the verdict in one line, what both terminals show
/// in a fold with this identifier. A refusal that is `wished` for is no fault.
pub(super) fn folded(state: &State, wished: bool, fold: &str) -> Markup {
    let State::Done(judged) = state else {
        return self::state(state);
    };
    html! {
        @if wished && is_wished(judged) { (wished_refusal(judged)) } @else { (verdict(judged)) }
        // What a command prints that works is what it was run for.
        @if judged.finding.all_is_well() { (terminals(judged)) }
        @else {
            details.more id=(fold) {
                summary { "What the terminals show" }
                (terminals(judged))
            }
        }
    }
}

/// Whether nobody was let in for want of a certificate.
fn is_wished(judged: &Judged) -> bool {
    judged.finding.verdict != Verdict::Accepted
        && judged.finding.rule == Rule::ClientCertificateRequired
}

/// The verdict on a command that must fail, and does.
fn wished_refusal(judged: &Judged) -> Markup {
    html! {
        div.refused.as-it-must {
            p.seal-title { span.mark aria-hidden="true" { "✓" } " Refused, as it must be." }
            p { (curly(judged.finding.rule.sentence())) }
            details.more {
                summary { "Every check, in order" }
                p { "Rule: " (rule(judged.finding.rule)) }
                (checks(&judged.checks))
            }
        }
    }
}

/// What a command that must fail comes to, in a sentence or two.
pub(super) fn told_of_wished(state: &State) -> Markup {
    match state {
        State::Done(judged) if is_wished(judged) => html! {
            "Refused, as it must be. " (curly(judged.finding.rule.sentence()))
        },
        other => told(other),
    }
}

/// A question's answer in a sentence or two.
pub(in crate::page::chapters) fn told(state: &State) -> Markup {
    html! {
        @match state {
            State::Wanted | State::UnderWay => "Working it out…",
            State::Failed(reason) => { "This can’t be run: " (curly(reason)) "." }
            State::Done(judged) => { (outcome(judged)) }
        }
    }
}

/// What a seal says: of etcdctl only where its command line was judged.
fn passed(judged: &Judged) -> &'static str {
    if judged.transcript.etcdctl.is_empty() {
        "Passed: etcd takes these files."
    } else {
        "Passed: etcd and etcdctl take these files."
    }
}

/// A verdict in a sentence or two.
pub(in crate::page::chapters) fn outcome(judged: &Judged) -> Markup {
    html! {
        @if judged.finding.all_is_well() { (passed(judged)) }
        @else if judged.finding.verdict == Verdict::Accepted { "etcdctl works, and etcd’s own gateway does not." }
        @else if judged.finding.verdict == Verdict::ServerStartFailed { "etcd does not start. " (curly(judged.finding.rule.sentence())) }
        @else { "Refused. " (curly(judged.finding.rule.sentence())) }
    }
}

/// What both terminals show.
pub(in crate::page::chapters) fn terminals(judged: &Judged) -> Markup {
    let transcript = &judged.transcript;
    html! {
        @if judged.finding.verdict == Verdict::ServerStartFailed {
            p.prints { "etcd logs, and ends" }
            pre.printed.of-etcd { (transcript.etcd) }
        } @else {
            @if let Some((first, others)) = transcript.etcdctl.split_first() {
                p.prints {
                    "etcdctl prints"
                    @if transcript.status != 0 { ", and ends with status " (transcript.status) }
                }
                pre.printed.of-etcdctl { (first) }
                @if !others.is_empty() {
                    details.more {
                        summary { "Or, by chance, one of these" }
                        @for other in others { pre.printed.of-etcdctl { (other) } }
                    }
                }
            }
            @if !transcript.etcd.is_empty() {
                p.prints {
                    @if judged.finding.stage == Stage::Done { "etcd logs, as soon as its own gateway dials" }
                    @else { "etcd logs, once for each try" }
                }
                pre.printed.of-etcd { (transcript.etcd) }
            }
        }
    }
}

/// What will surprise whoever runs this.
pub(in crate::page::chapters) fn foretold(judged: &Judged) -> Markup {
    html! {
        @for told in &judged.foretold {
            p.notice title=(told.source()) { (curly(&told.to_string())) }
        }
    }
}

/// The verdict: a seal, or the rule that decided with the file and the field at
/// fault; below it every check in its order.
pub(in crate::page::chapters) fn verdict(judged: &Judged) -> Markup {
    let count = judged
        .checks
        .iter()
        .filter(|check| check.came == Came::Passed)
        .count();
    html! {
        @if judged.finding.all_is_well() {
            div.seal {
                p.seal-title { span.mark aria-hidden="true" { "✓" } " " (passed(judged)) }
                details.more {
                    summary { (count) " checks, in the order in which they are made" }
                    (checks(&judged.checks))
                }
            }
        } @else {
            div.refused {
                @if judged.finding.verdict == Verdict::Accepted {
                    p.seal-title {
                        span.mark aria-hidden="true" { "!" }
                        " etcdctl works, and etcd’s own gateway does not"
                        @if let Some(status) = judged.finding.gateway { ": it answers " (status) }
                        "."
                    }
                    p {
                        "The gateway dials etcd as a client with the server’s certificate, and etcd refuses it as it would any client."
                    }
                } @else {
                    p.seal-title {
                        span.mark aria-hidden="true" { "✗" }
                        @if judged.finding.verdict == Verdict::ServerStartFailed { " etcd does not start." }
                        @else { " Refused." }
                    }
                    p { (curly(judged.finding.rule.sentence())) }
                    dl {
                        @if let Some(file) = &judged.finding.file { dt { "File" } dd { code { (file) } } }
                        @if !judged.finding.field.is_empty() { dt { "At fault" } dd { (curly(&judged.finding.field)) } }
                        @if !judged.finding.mend().is_empty() { dt { "Mend" } dd.mend { (curly(judged.finding.mend())) } }
                        dt { "Rule" } dd { (rule(judged.finding.rule)) }
                    }
                }
                details.more {
                    summary { "Every check, in order" }
                    (checks(&judged.checks))
                }
            }
        }
    }
}

/// A rule's name and source.
pub(in crate::page::chapters) fn rule(rule: Rule) -> Markup {
    html! {
        code.rule { (rule.id()) } ", as in " (rule.source())
    }
}

fn checks(checks: &[Check]) -> Markup {
    html! {
        ol.checks {
            @for check in checks {
                li class=(word(check.came)) {
                    span.check-title {
                        (check.title) ": "
                        span.came { (word(check.came).replace('-', " ")) }
                    }
                    " " (curly(&check.sentence))
                    @if check.came == Came::Failed && !check.rules.is_empty() {
                        " " span.rules {
                            @for (index, rule) in check.rules.iter().enumerate() {
                                @if index > 0 { " · " }
                                code { (rule.id()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn word(came: Came) -> &'static str {
    match came {
        Came::Passed => "passed",
        Came::Failed => "failed",
        Came::NotReached => "not-reached",
        Came::NotMade => "not-made",
    }
}
