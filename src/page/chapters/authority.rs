//! Step 1 of Make: the CA, made here or brought along.

use jiff::Timestamp;
use maud::{Markup, html};

use super::making;

use crate::etcd::plan::{AuthoritySource, Field};
use crate::lab::wire::Outcome;
use crate::page::{
    event::{Choice, Tick},
    field::{line, passphrase, pem, tick, way},
    session::{Notice, Session},
    view::View,
    words::{curly, day, span},
};

/// Takes what came of reading the CA that the reader brings.
pub(in crate::page) fn read(session: &mut Session, attempt: u32, outcome: Outcome, now: Timestamp) {
    if !session.form.brought.done(attempt, outcome) {
        return;
    }
    session.check(now);
    session.form.reveal_all();
    if std::mem::take(&mut session.make_when_read) {
        session.notice = Notice::Nothing;
        making::press(session, now);
    }
}

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    let plan = session.form.plan();
    view.region("authority-form", form());
    view.region("authority-summary", summary(session));
    view.region("authority-facts", facts(session));
    let makes = plan.authority.source == AuthoritySource::Make;
    for source in [AuthoritySource::Make, AuthoritySource::Bring] {
        let choice = Choice::AuthoritySource(source);
        view.choose(choice, source == plan.authority.source);
    }
    view.hide("authority-make-fields", !makes);
    view.hide("authority-bring-fields", makes);
    view.hide(
        "authority-passphrase-fields",
        !session.form.asks_for_passphrase(),
    );
    let intermediate = plan.authority.intermediate.is_some();
    view.choose(Tick::Intermediate, intermediate);
    view.hide("intermediate-fields", !intermediate);
    let separate = plan.separate_authorities;
    let members = plan.preset.has_members();
    view.choose(Tick::SeparateAuthorities, separate);
    view.hide(
        "separate-authorities-choice",
        !members && !plan.preset.has_server(),
    );
    view.hide("separate-authorities-fields", !separate);
    view.hide("peer-authority-fields", !members);
    view.hide("authority-limit-fields", !makes && !separate);
}

/// The fields of the chapter. They are the same whatever is in them.
fn form() -> Markup {
    html! {
        fieldset.ways {
            legend { "Where does the CA come from?" }
            (way("authority-source", Choice::AuthoritySource(AuthoritySource::Make), "Make a new one",
                "with its own key, here in this tab"))
            (way("authority-source", Choice::AuthoritySource(AuthoritySource::Bring), "Bring my own",
                "a ca.crt and ca.key that exist already"))
        }
        div.fields #authority-make-fields {
            (line(Field::AuthoritySubject, "Subject", &html! {
                "The name of the office, such as " code { "CN=KUBERNETES-CA" } " or "
                code { "/CN=etcd-ca/O=team" } ". It becomes the issuer of every certificate below."
            }))
            (line(Field::AuthorityDays, "Valid for, in days", &html! {
                "No certificate outlives its CA: 3650 days are ten years."
            }))
        }
        div.fields #authority-bring-fields hidden {
            (pem(Field::AuthorityCertificate, "Certificate (ca.crt)", "-----BEGIN CERTIFICATE-----",
                &html! { "Paste it, drop the file here, or choose it." }))
            (pem(Field::AuthorityKey, "Private key (ca.key)", "-----BEGIN PRIVATE KEY-----",
                &html! { "It signs in this tab, and is in no link and no archive made here. If it is encrypted, you are asked for its passphrase." }))
            div #authority-passphrase-fields hidden {
                (passphrase(Field::AuthorityPassphrase, "Passphrase of the private key", &html! {
                    "This key is encrypted. The passphrase opens it in this tab, and goes nowhere else."
                }))
            }
            div #authority-facts aria-live="polite" {}
        }
        (limits())
    }
}

/// Other authorities and what the CA is confined to.
fn limits() -> Markup {
    html! {
        details.more #authority-limits {
            summary { "Intermediate, separate CAs, limits" }
            (tick(Tick::Intermediate, "An intermediate CA issues",
                "the CA’s own key can then stay away from where certificates are made"))
            div #intermediate-fields hidden {
                (line(Field::IntermediateSubject, "Subject of the intermediate", &html! {
                    "Each certificate file holds the intermediate’s certificate behind its own; cfssl certinfo refuses a file with two."
                }))
                (line(Field::IntermediateDays, "Valid for, in days", &html! { "At most until the CA’s own end." }))
            }
            div #separate-authorities-choice {
            (tick(Tick::SeparateAuthorities, "Clients and peers have CAs of their own",
                "a client’s certificate then opens no peer port"))
            div #separate-authorities-fields hidden {
                (line(Field::ClientAuthoritySubject, "Subject of the clients’ CA", &html! { "Its files are " code { "client-ca.crt" } " and " code { "client-ca.key" } "." }))
                div #peer-authority-fields {
                    (line(Field::PeerAuthoritySubject, "Subject of the peers’ CA", &html! { "Its files are " code { "peer-ca.crt" } " and " code { "peer-ca.key" } "." }))
                }
            }
            }
            div #authority-limit-fields {
                (line(Field::AuthorityPathLength, "Path length", &html! {
                    "How many CAs may follow below it. Empty: any number."
                }))
                (line(Field::AuthorityPermitted, "May sign only for", &html! {
                    "Domains and networks, such as " code { "lab.test, 10.0.0.0/8" }
                    ". Whoever steals the CA’s key can make certificates for nothing else. Empty: for all."
                }))
                (line(Field::AuthorityExcluded, "Must not sign for", &html! {
                    "Domains and networks, even where the line above permits them."
                }))
            }
        }
    }
}

/// The chapter in one line.
fn summary(session: &Session) -> Markup {
    let plan = &session.form.plan().authority;
    html! {
        span.label { "CA" }
        @match (plan.source, session.form.brought()) {
            (AuthoritySource::Make, _) => {
                span.subject { (plan.subject.trim()) }
                span.facts { "a new one, valid for " (span(&plan.days)) (others(session)) }
            }
            (AuthoritySource::Bring, Some(authority)) => {
                span.subject { (authority.subject) }
                span.facts { "yours, valid until " (day(authority.validity.not_after)) (others(session)) }
            }
            (AuthoritySource::Bring, None) => {
                span.subject { "your own" }
                span.facts { "its certificate and key are still to be given" }
            }
        }
    }
}

/// The authorities beside the CA.
fn others(session: &Session) -> Markup {
    let plan = session.form.plan();
    html! {
        @if plan.authority.intermediate.is_some() { ", with an intermediate" }
        @if plan.separate_authorities { ", with CAs of their own for clients"
            @if plan.preset.has_members() { " and peers" } }
    }
}

/// What was read from the CA that the reader brings.
fn facts(session: &Session) -> Markup {
    html! {
        @if session.form.reads_authority() {
            p.reading { "Reading this CA…" }
        } @else if let Some(authority) = session.form.brought() {
            div.read {
                p { "This CA can be used: certificate and key belong together." }
                dl {
                    dt { "Subject" } dd { (authority.subject) }
                    dt { "Valid until" } dd { (day(authority.validity.not_after)) }
                    dt { "SHA-256" } dd.fingerprint { (authority.fingerprint) }
                }
                @for notice in &authority.notices { p.notice { (curly(notice)) } }
            }
        }
    }
}
