//! What is asked first: what the reader needs, for which etcd, and with what
//! kind of keys.

use jiff::Timestamp;
use maud::{Markup, html};
use zeroize::Zeroizing;

use crate::page::{
    element::PageElement,
    event::{Choice, Need, Press},
    field::{unmade, way},
    input::{Input, SigningInput},
    place::Place,
    session::Session,
    view::View,
    wish::Wish,
    words::list,
};
use crate::{
    etcd::{
        facts::{
            key_types::refused_by,
            kubeadm::{self, Kubeadm},
            release::EtcdVersion,
        },
        plan::{AuthoritySource, Field, Preset},
        role::Role,
    },
    pki::key::KeyType,
};

/// What is shown of it.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    let plan = session.form.plan();
    view.region(PageElement::Needs, form());
    view.region(PageElement::PresetHint, hint(session));
    view.region(PageElement::KindsSummary, summary(session));
    view.region(PageElement::KindsNotice, notice(session));
    for preset in Preset::ALL {
        view.choose(Choice::Preset(preset), preset == plan.preset);
    }
    for kind in KeyType::ALL {
        view.choose(Choice::KeyType(kind), kind == plan.key_type);
    }
}

/// A preset's card: its name, and one line of what it is for.
fn card(preset: Preset) -> (&'static str, &'static str) {
    match preset {
        Preset::Tutorial => ("The tutorial", "one etcd and one client, on this machine"),
        Preset::Cluster => (
            "A cluster",
            "three machines or more, each with its own files",
        ),
        Preset::Kubeadm => ("A kubeadm node", "etcd’s files under /etc/kubernetes/pki"),
        Preset::ClientOnly => ("One more client", "for an etcd that runs already"),
        Preset::SignCsr => ("Sign a CSR", "its key stays where it was made"),
    }
}

/// The card of a task that no preset is.
fn task_card(task: Need) -> (&'static str, &'static str) {
    match task {
        Need::OwnAuthority => ("My company’s CA", "it is there already, and signs for etcd"),
        Need::Deadline => (
            "“context deadline exceeded”",
            "etcdctl says no more: find out why",
        ),
        Need::Ending => (
            "A certificate ends soon",
            "renew it, with its names and its key",
        ),
    }
}

/// What etcdctl says last, whatever was the matter.
const DEADLINE: &str = "Error: context deadline exceeded";

/// One of the cards was pressed that no preset is.
pub(in crate::page) fn begin(session: &mut Session, task: Need, now: Timestamp) {
    match task {
        Need::OwnAuthority => {
            session.change(now, |form| form.choose_authority(AuthoritySource::Bring));
            session.focus_on(Field::AuthorityCertificate);
        }
        Need::Deadline => {
            session.go(Place::Diagnose);
            session.focus_on(Input::Diagnosis);
            if session.diagnosis.is_empty() {
                let alarm = session.diagnosis.type_text(DEADLINE);
                let text = Zeroizing::new(DEADLINE.to_owned());
                session.wish(Wish::SetText(Input::Diagnosis, text));
                session.wish(Wish::Wake(alarm, 0));
            }
        }
        Need::Ending => {
            session.go(Place::RenewAndRevoke);
            session.focus_on(Input::from(SigningInput::Old));
        }
    }
}

/// The fields. They are the same whatever is in them.
fn form() -> Markup {
    html! {
        fieldset.ways {
            legend { "What do you need?" }
            div.tasks {
                @for preset in Preset::ALL {
                    @let (name, line) = card(preset);
                    (way("preset", Choice::Preset(preset), name, line))
                }
                @for task in Need::ALL {
                    @let (name, line) = task_card(task);
                    button type="button" id={ "task-" (task) } data-action=(Press::Need(task)) {
                        (name) " " span.hint { (line) }
                    }
                }
            }
        }
        p.hint #preset-hint {}
        div.pair.kinds {
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
                            "etcd " (EtcdVersion::LAST_WITHOUT_ED25519) " and earlier, to some hardware and to older Java programs. "
                            "ML-DSA withstands quantum computers and is made at once too; a certificate is ten times as large, and "
                            "no release of etcd takes it yet. "
                            "A server, member or client can have a key of another kind: look below, where it is described."
                        }
                    }
                }
            }
            div #builds {}
        }
    }
}

/// What the chosen preset makes, in a sentence.
fn hint(session: &Session) -> Markup {
    let plan = session.form.plan();
    html! {
        // The other presets speak of their CA themselves.
        @if plan.authority.source == AuthoritySource::Bring
            && (plan.preset.has_server() || plan.preset.has_members()) {
            "Your own CA signs: give it in step 1. "
        }
        @match plan.preset {
            // Its card has said all.
            Preset::Tutorial => {}
            Preset::Cluster => "Several members that find each other. Each gets a server and a peer certificate; clients get one each.",
            Preset::Kubeadm => {
                "The files that kubeadm makes for etcd, under " code { (kubeadm::CERTIFICATES) }
                ": one set for each control-plane node. "
                @for (index, row) in Kubeadm::newest_of_each_series().enumerate() {
                    @if index == 0 { "Kubernetes " } @else { ", " }
                    (row.release) " brings etcd " (row.series)
                }
                ": choose yours below."
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

/// The kind of keys in one line.
fn summary(session: &Session) -> Markup {
    let plan = session.form.plan();
    html! {
        span.label { "Keys" }
        span.subject { (plan.key_type) }
        @if session.is_unmade(|plan| plan.key_type) { (unmade()) }
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
        let members = match session.form.member_count() {
            1 => "the member’s".to_owned(),
            members => format!("{members} members’"),
        };
        parts.push(format!("{members} server and peer certificates"));
    }
    let clients = checked.map_or(0, |checked| {
        let identities = checked.identities.iter();
        identities
            .filter(|one| one.request.role == Role::Client && !one.is_of_gateway())
            .count()
    });
    let gateways = checked.map_or(0, |checked| {
        let identities = checked.identities.iter();
        identities.filter(|one| one.is_of_gateway()).count()
    });
    match gateways {
        0 => {}
        1 => parts.push("the gateway’s certificate".to_owned()),
        gateways => parts.push(format!("{gateways} gateways’ certificates")),
    }
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
