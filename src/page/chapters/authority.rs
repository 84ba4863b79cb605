//! Step 1 of Make: the CA, made here or brought along.

use jiff::Timestamp;
use maud::{Markup, html};
use zeroize::Zeroizing;

use super::making;

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdVersion;
use crate::etcd::plan::{AuthoritySource, Field};
use crate::lab::{IssuedAuthority, wire::Outcome};
use crate::page::{
    element::PageElement,
    event::{Choice, Press, Tick},
    field::{encoded, line, passphrase, pem, tick, unmade, way},
    input::Input,
    session::{Notice, Session},
    view::View,
    wish::Wish,
    words::{curly, day, list, span},
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
    view.region(PageElement::AuthoritySource, source());
    view.region(PageElement::AuthorityForm, form());
    view.region(
        PageElement::AuthorityEncoded,
        encoded(&plan.authority.subject),
    );
    view.region(PageElement::AuthoritySummary, summary(session));
    view.region(PageElement::AuthorityFacts, facts(session));
    let makes = plan.authority.source == AuthoritySource::Make;
    for source in [AuthoritySource::Make, AuthoritySource::Bring] {
        let choice = Choice::AuthoritySource(source);
        view.choose(choice, source == plan.authority.source);
    }
    view.hide(PageElement::AuthorityMakeFields, !makes);
    view.hide(PageElement::AuthorityBringFields, makes);
    view.hide(
        PageElement::AuthorityPassphraseFields,
        !session.form.asks_for_passphrase(),
    );
    let intermediate = plan.authority.intermediate.is_some();
    view.choose(Tick::Intermediate, intermediate);
    view.hide(PageElement::IntermediateFields, !intermediate);
    let separate = plan.separate_authorities;
    let members = plan.preset.has_members();
    view.choose(Tick::SeparateAuthorities, separate);
    view.hide(
        PageElement::SeparateAuthoritiesChoice,
        !members && !plan.preset.has_server(),
    );
    view.hide(PageElement::SeparateAuthoritiesFields, !separate);
    view.choose(Tick::WithoutGateway, plan.without_gateway);
    // From 3.5 on the gateway has flags of its own, and nothing is to be chosen.
    let has_flags = EtcdOption::ClientCertificateFile.is_in(plan.etcd);
    view.hide(PageElement::WithoutGatewayChoice, has_flags);
    view.hide(PageElement::PeerAuthorityFields, !members);
    view.hide(PageElement::AuthorityLimitFields, !makes && !separate);
}

/// What is asked first, and what a CA that exists already is given in.
fn source() -> Markup {
    html! {
        fieldset.ways.asked {
            legend { "Is there a " code { "ca.key" } " already?" }
            (way("authority-source", Choice::AuthoritySource(AuthoritySource::Make), "No, make a CA", ""))
            (way("authority-source", Choice::AuthoritySource(AuthoritySource::Bring), "Yes, I bring it", ""))
        }
        div.fields #authority-bring-fields hidden {
            (pem(Field::AuthorityCertificate, "Certificate (ca.crt)", "-----BEGIN CERTIFICATE-----",
                &html! {
                    "Paste it, drop the file here, or choose it. An intermediate stands first in its file, those above it follow; etcd needs no root there, and trusts every CA that is."
                }))
            (pem(Field::AuthorityKey, "Private key (ca.key)", "-----BEGIN PRIVATE KEY-----",
                &html! { "It signs in this tab, and is in no link and no archive made here. If it is encrypted, you are asked for its passphrase." }))
            div #authority-passphrase-fields hidden {
                (passphrase(Field::AuthorityPassphrase, "Passphrase of the private key", &html! {
                    "This key is encrypted. The passphrase opens it in this tab, and goes nowhere else."
                }))
            }
            div #authority-facts aria-live="polite" {}
        }
    }
}

/// The fields of the chapter. They are the same whatever is in them.
fn form() -> Markup {
    html! {
        div.fields #authority-make-fields {
            (line(Field::AuthoritySubject, "Subject", &html! {
                "The name of the office, such as " code { "CN=KUBERNETES-CA" } " or "
                code { "/CN=etcd-ca/O=team" } ". It becomes the issuer of every certificate below."
            }))
            div #authority-encoded {}
            (line(Field::AuthorityDays, "Valid for, in days", &html! {
                "No certificate outlives its CA: 3650 days are ten years."
            }))
        }
        (limits())
    }
}

/// The CA that was brought is to be trusted without those above it: they leave its
/// file, and nothing else does.
pub(in crate::page) fn trust_alone(session: &mut Session, now: Timestamp) {
    let Some(authority) = session.form.brought() else {
        return;
    };
    let alone = Zeroizing::new(authority.certificate.clone());
    session.type_text(Field::AuthorityCertificate, &alone);
    session.leave(Field::AuthorityCertificate, now);
    session.focus_on(Field::AuthorityCertificate);
    let input = Input::from(Field::AuthorityCertificate);
    session.wish(Wish::SetText(input, alone));
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
                p.hint {
                    "The client port then trusts the clients’ CA alone. etcd’s gateway dials that port as a client, so it gets a certificate of that CA by "
                    code { "--client-cert-file" } " and " code { "--client-key-file" } ", from 3.5 on."
                }
                div #without-gateway-choice hidden {
                    (tick(Tick::WithoutGateway, "etcd 3.4 without its gateway",
                        "3.4 lacks those flags: its client port must trust the servers’ CA too, or curl and JSON get no answer"))
                }
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
                span.facts { (session.form.brought_lacks()) }
            }
        }
        @if session.is_unmade(|plan| (&plan.authority, plan.separate_authorities)) { (unmade()) }
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

/// Whom etcd lets in by a CA that exists already, and what narrows it. Any CA among Go's
/// trust anchors ends the path (`crypto/x509`), so that an intermediate alone is enough,
/// and a root beside it lets in all that it signs.
fn lets_in(session: &Session, authority: &IssuedAuthority) -> Markup {
    html! {
        p {
            strong { "Whom it lets in. " }
            "Everybody with a certificate for clients that " (authority.subject)
            " signed, now or later, for whatever purpose."
            @if !authority.subjects_above.is_empty() {
                " Your file holds " (list(&authority.subjects_above)) " as well: etcd then trusts all that "
                @if authority.subjects_above.len() == 1 { "it signs" } @else { "they sign" }
                " too, through any other CA below."
            }
        }
        @if !authority.subjects_above.is_empty() {
            div.row {
                button type="button" #trust-alone data-action=(Press::TrustAlone) { "Trust " (authority.subject) " alone" }
            }
            p.hint { "The certificates above it leave the file, here and on each machine. Every etcd from 3.4 on takes such a file." }
        }
        ul.narrower {
            @if !session.form.plan().separate_authorities {
                li { "A CA of their own for clients, under “Intermediate, separate CAs, limits” in the card below: then what this CA signs for others opens nothing." }
            }
            li {
                code { "--client-cert-allowed-hostname" } " lets in only certificates with that DNS name. One name in 3.4, a list from " (EtcdVersion::LISTS_OF_ALLOWED_NAMES) " on; etcd’s own HTTP gateway then answers 503."
            }
            li {
                "Roles (" code { "etcdctl auth enable" } ") go by the common name: whoever else has a certificate of this CA with "
                code { "CN=root" } " is root."
            }
        }
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
                (lets_in(session, authority))
            }
        }
    }
}
