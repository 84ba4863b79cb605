//! What is asked first: what the reader needs, for which etcd, and with what
//! kind of keys.

use maud::{Markup, html};

use crate::page::{
    event::Choice,
    field::way,
    session::Session,
    view::View,
    words::{count, list},
};
use crate::{
    etcd::{
        facts::{key_types::refused_by, release::Series},
        plan::Preset,
        role::Role,
    },
    pki::key::KeyType,
};

/// What is shown of it.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    let plan = session.form.plan();
    view.region("needs", form());
    view.region("preset-hint", hint(session));
    view.region("kinds-summary", summary(session));
    view.region("kinds-notice", notice(session));
    view.region("series-support", support(session.form.plan().etcd));
    for preset in Preset::ALL {
        view.choose(Choice::Preset(preset), preset == plan.preset);
    }
    for series in Series::ALL {
        view.choose(Choice::Series(series), series == plan.etcd);
    }
    for kind in KeyType::ALL {
        view.choose(Choice::KeyType(kind), kind == plan.key_type);
    }
}

fn label(preset: Preset) -> &'static str {
    match preset {
        Preset::Tutorial => "The tutorial",
        Preset::Cluster => "A cluster",
        Preset::Kubeadm => "kubeadm",
        Preset::ClientOnly => "One more client",
        Preset::SignCsr => "Sign a CSR",
    }
}

/// The fields. They are the same whatever is in them.
fn form() -> Markup {
    html! {
        fieldset.ways {
            legend { "What do you need?" }
            div.forms {
                @for preset in Preset::ALL {
                    (way("preset", Choice::Preset(preset), label(preset), ""))
                }
            }
        }
        p.hint #preset-hint {}
        details.card #kinds-details {
            summary { span.summary #kinds-summary {} span.change { "Change" } }
            div.card-body {
                fieldset.ways {
                    legend { "Keys" }
                    div.forms {
                        @for kind in KeyType::ALL {
                            (way("key-type", Choice::KeyType(kind), &kind.to_string(), ""))
                        }
                    }
                    div #kinds-notice aria-live="polite" {}
                    p.hint {
                        "RSA-2048 is what tutorials use; the larger ones take many times as long to make. P-256 is made "
                        "at once and as strong as RSA-3072. Every etcd from 3.4 on takes RSA and the P curves; Ed25519 is unknown to "
                        "etcd 3.4.16 and earlier, to some hardware and to older Java programs. "
                        "ML-DSA withstands quantum computers and is made at once too; a certificate is ten times as large, and "
                        "no release of etcd takes it yet. "
                        "A server, member or client can have a key of another kind: look below, where it is described."
                    }
                }
                fieldset.ways {
                    legend { "Commands for etcd" }
                    div.forms {
                        @for series in Series::ALL {
                            (way("series", Choice::Series(series), &series.to_string(), ""))
                        }
                    }
                    p.hint { "The certificates are the same for all; etcd’s flags and files differ." }
                    p.hint #series-support {}
                }
            }
        }
    }
}

/// What the chosen preset makes, in a sentence.
fn hint(session: &Session) -> Markup {
    html! {
        @match session.form.plan().preset {
            Preset::Tutorial => "One etcd server, one client, and a CA of their own. Nothing to fill in: press “Make the files”.",
            Preset::Cluster => "Several members that find each other. Each gets a server and a peer certificate; clients get one each.",
            Preset::Kubeadm => {
                "The files that kubeadm makes for etcd, under " code { "/etc/kubernetes/pki" }
                ": one set for each control-plane node."
            }
            Preset::ClientOnly => "etcd runs already. Bring its CA, and get a certificate for one more client.",
            Preset::SignCsr => "Somebody made a key and a CSR (certificate signing request). Bring the CA that signs it, or make one. The key never comes here.",
        }
    }
}

/// What the chosen etcd does not take, of the kind that is chosen.
fn notice(session: &Session) -> Markup {
    let plan = session.form.plan();
    html! {
        @if let Some(refused) = refused_by(plan.etcd, plan.key_type) {
            p.notice { (refused) }
        }
    }
}

/// The newest release of a series, and how long it is mended.
fn support(series: Series) -> Markup {
    let newest = series.newest();
    html! {
        "etcd " (series) ": newest release " (newest)
        @if let Some(date) = newest.date() { " of " (date) }
        "; " (series.support()) "."
    }
}

/// The kinds of keys and commands in one line.
fn summary(session: &Session) -> Markup {
    let plan = session.form.plan();
    html! {
        span.label { "Keys" }
        span.subject { (plan.key_type) }
        span.facts { "commands for etcd " (plan.etcd) }
    }
}

/// What a press would make, in words: `a CA, 3 members’ certificates and …`.
pub(super) fn wanted(session: &Session) -> String {
    let plan = session.form.plan();
    let checked = session.form.checked();
    let mut parts = Vec::new();
    let made = checked.map_or(1, |checked| {
        let mut authorities = checked.authorities.iter();
        authorities.by_ref().filter(|one| !one.is_brought()).count()
    });
    if made > 0 {
        parts.push(match made {
            1 => "a CA".to_owned(),
            made => format!("{made} CAs"),
        });
    }
    if plan.preset.has_server() {
        parts.push("the server’s certificate".to_owned());
    }
    if plan.preset.has_members() {
        let members = count(session.form.member_count(), "member", "members");
        let several = if session.form.member_count() == 1 {
            "’s"
        } else {
            "’"
        };
        parts.push(format!("{members}{several} server and peer certificates"));
    }
    let clients = checked.map_or(0, |checked| {
        let identities = checked.identities.iter();
        identities
            .filter(|one| one.request.role == Role::Client)
            .count()
    });
    let mut signed = checked.into_iter().flat_map(|checked| &checked.identities);
    if plan.preset == Preset::SignCsr
        && let Some(signed) = signed.find(|one| one.request.role != Role::Client)
    {
        parts.push(match signed.request.role {
            Role::Peer => "a peer’s certificate".to_owned(),
            _ => "a server’s certificate".to_owned(),
        });
    }
    match clients {
        0 => {}
        1 => parts.push("one client’s certificate".to_owned()),
        clients => parts.push(format!("{clients} clients’ certificates")),
    }
    list(&parts)
}
