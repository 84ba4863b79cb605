//! Chapter 2: who gets a certificate: the etcd server and its clients. An
//! identity is counted from 0, which is the server.

use maud::{Markup, html};

use super::{key_types, members};
use crate::etcd::{
    plan::{Field, Holder, IdentityField, Preset},
    role::Role,
};
use crate::page::{
    event::{Choice, KeySource, Press, Tick},
    field::{line, lines, pem, tick, way},
    id::{HolderPart, Id},
    link,
    session::Session,
    view::View,
    words::{count, list, span},
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region("server", server(session));
    view.region("members", members::form(session));
    view.region("clients", clients(session));
    view.region("many", many());
    view.region("many-summary", many_summary(session));
    members::show(session, view);
    key_types::show(session, view);
    let signs = session.plan().preset == Preset::SignCsr;
    for index in session.identities() {
        let holder = holder(index);
        let part = |part| Id::OfHolder(holder, part);
        view.region(part(HolderPart::Summary), summary(session, index));
        view.region(part(HolderPart::CsrFacts), csr_facts(session, index));
        let has_csr = session.has_csr(index);
        view.choose(Choice::KeySource(holder, KeySource::Here), !has_csr);
        view.choose(Choice::KeySource(holder, KeySource::Request), has_csr);
        view.hide(part(HolderPart::MakeFields), has_csr);
        view.hide(part(HolderPart::CsrFields), !has_csr);
        if index > 0 && signs {
            let chosen = usage_of(session, index);
            for usage in Role::ALL {
                view.choose(Choice::Usage(holder, usage), usage == chosen);
            }
        }
        let names = session.csr_facts(index).map(|facts| facts.names.as_slice());
        for (place, name) in names.unwrap_or_default().iter().enumerate() {
            let keeps = session.keeps_name(index, name);
            view.choose(Tick::Name(holder, place), keeps);
        }
    }
    let full = session.plan().clients.len() >= link::MAXIMUM_CLIENTS;
    view.disable("add-client", full);
}

/// A field of an identity.
fn field(index: usize, field: IdentityField) -> Field {
    match index.checked_sub(1) {
        None => Field::Server(field),
        Some(client) => Field::Client(client, field),
    }
}

/// Who holds the key of an identity.
pub(in crate::page) fn holder(index: usize) -> Holder {
    match index.checked_sub(1) {
        None => Holder::Server,
        Some(client) => Holder::Client(client),
    }
}

/// What a CSR is signed for, in the page's words.
fn usage_of(session: &Session, index: usize) -> Role {
    let plan = session.plan();
    let client = index
        .checked_sub(1)
        .and_then(|client| plan.clients.get(client));
    match client {
        Some(client) if plan.preset == Preset::SignCsr => client.role,
        Some(_) => Role::Client,
        None => Role::Server,
    }
}

/// The server's fields, where there is a single server.
fn server(session: &Session) -> Markup {
    html! { @if session.plan().preset.has_server() { (form(0, false, false)) } }
}

/// The clients' fields, each client's folded away.
fn clients(session: &Session) -> Markup {
    let plan = session.plan();
    let count = plan.clients.len();
    let signs = plan.preset == Preset::SignCsr;
    html! {
        @for index in 1..=count { (form(index, count > 1, signs)) }
    }
}

/// The fields of one identity, folded away. `signs` is whether it is there for a
/// CSR that is signed for whatever the reader chooses.
fn form(index: usize, removable: bool, signs: bool) -> Markup {
    let holder = holder(index);
    let part = |part| Id::OfHolder(holder, part);
    let source = |source| Choice::KeySource(holder, source);
    let group = format!("{holder}-source");
    let server = index == 0;
    let at = |place: IdentityField| field(index, place);
    html! {
        details.card id=(part(HolderPart::Details)) {
            summary { span.summary id=(part(HolderPart::Summary)) {} span.change { "Change" } }
            div.card-body {
                fieldset.ways {
                    legend { "Where does its private key come from?" }
                    (way(&group, source(KeySource::Here),
                        "Make the key here", "and with it the CSR, the request that the CA answers"))
                    (way(&group, source(KeySource::Request),
                        "I have a CSR", "then the private key never comes near this page"))
                }
                div.fields {
                    (line(at(IdentityField::Name), "File name", &html! {
                        @if signs { "Without an ending." }
                        @else { "Without an ending: " code { @if server { "etcd" } @else { "client" } } " makes " code { @if server { "etcd.crt" } @else { "client.crt" } } " and " code { @if server { "etcd.key" } @else { "client.key" } } "." }
                    }))
                    div id=(part(HolderPart::MakeFields)) {
                        (line(at(IdentityField::Subject), "Subject", &html! {
                            @if server {
                                "Whom the certificate names, such as " code { "CN=etcd" } "."
                            } @else {
                                "Whom the certificate names, such as " code { "CN=client" }
                                " or " code { "/CN=client/O=team" } ". With roles switched on, the common name (CN) is etcd’s user name."
                            }
                        }))
                        (key_types::form(holder))
                    }
                    div.fields id=(part(HolderPart::CsrFields)) hidden {
                        (pem(at(IdentityField::Csr), "CSR", "-----BEGIN CERTIFICATE REQUEST-----", &html! {
                            "Paste it, drop the file here, or choose it. Its signature is checked."
                        }))
                        div id=(part(HolderPart::CsrFacts)) aria-live="polite" {}
                        @if signs { (usages(index)) }
                    }
                    (line(at(IdentityField::Names), "DNS names and addresses (SANs)", &html! {
                        @if server {
                            "Every name and address that clients dial, separated by commas. etcdctl looks only here, never at the subject."
                        } @else if signs {
                            "A client’s may stay empty. For etcd: every name and address that is dialled, separated by commas."
                        } @else {
                            "May stay empty: etcd does not compare a client’s names with its address."
                        }
                    }))
                    (line(at(IdentityField::Days), "Valid for, in days", &html! {
                        "At most until the CA’s own end."
                    }))
                }
                @if removable {
                    button.quiet type="button" id=(part(HolderPart::Remove)) data-action=(Press::RemoveClient(index - 1)) {
                        "Remove this client"
                    }
                }
            }
        }
    }
}

/// What a CSR is signed for.
fn usages(index: usize) -> Markup {
    let holder = holder(index);
    let group = format!("{holder}-usage");
    html! {
        fieldset.ways {
            legend { "What is it signed for?" }
            @for usage in Role::ALL {
                @let (label, explanation) = match usage {
                    Role::Client => ("A client", "clientAuth: it asks etcd"),
                    Role::Server => ("An etcd server", "serverAuth and clientAuth: etcd’s own gateway dials it as a client"),
                    Role::Peer => ("A member’s peer port", "serverAuth and clientAuth: members dial each other"),
                };
                (way(&group, Choice::Usage(holder, usage), label, explanation))
            }
        }
    }
}

/// The fields for many clients at once.
fn many() -> Markup {
    html! {
        details.card #many-details {
            summary { span.summary #many-summary {} span.change { "Change" } }
            div.card-body {
                (lines(Field::ManyNames, "Names", "app-{1..1000}", &html! {
                    "One on each line, or a range such as " code { "app-{1..1000}" }
                    ". Each client’s files get its name."
                }))
                (line(Field::ManySubject, "Subject", &html! {
                    code { "{name}" } " stands for the name."
                }))
                (line(Field::ManyDays, "Valid for, in days", &html! { "At most until the CA’s own end." }))
            }
        }
    }
}

/// Many clients in one line.
fn many_summary(session: &Session) -> Markup {
    let plan = &session.plan().many_clients;
    html! {
        span.label { "More" }
        @match plan.count() {
            0 => span.facts { "many clients at once, from a list of names" },
            number => {
                span.subject { (count(number, "client", "clients")) }
                span.facts { (plan.subject.trim()) ", " (span(&plan.days)) }
            }
        }
    }
}

/// One identity in one line.
fn summary(session: &Session, index: usize) -> Markup {
    let text = |place: IdentityField| session.text(field(index, place)).unwrap_or_default().trim();
    let names = text(IdentityField::Names);
    html! {
        span.label {
            @match usage_of(session, index) {
                Role::Client => "Client",
                Role::Server => "Server",
                Role::Peer => "Peer",
            }
        }
        span.subject {
            @if !session.has_csr(index) { (text(IdentityField::Subject)) }
            @else if let Some(facts) = session.csr_facts(index) { (facts.subject) }
            @else { "from a CSR" }
        }
        span.facts {
            @if index > 0 || text(IdentityField::Name) != "etcd" {
                code { (text(IdentityField::Name)) ".crt" } ", "
            }
            @if !names.is_empty() { "for " (names) ", " }
            (span(text(IdentityField::Days)))
            @if !session.has_csr(index) { (key_types::summary(session, holder(index))) }
        }
    }
}

/// What was read from an identity's CSR.
fn csr_facts(session: &Session, index: usize) -> Markup {
    html! {
        @if let Some(facts) = session.csr_facts(index) {
            div.read {
                p { "This CSR can be used: its signature was made with its own key." }
                dl {
                    dt { "Subject" }
                    dd { @if facts.subject.is_empty() { "none" } @else { (facts.subject) } }
                    dt { "Key" } dd { (facts.key) }
                }
                @if facts.names.is_empty() {
                    p { "It asks for no names." }
                } @else {
                    fieldset.ways {
                        legend { "It asks for these names. Which may it have?" }
                        @for (place, name) in facts.names.iter().enumerate() {
                            (tick(Tick::Name(holder(index), place), name, ""))
                        }
                    }
                    p.hint { "The certificate gets the names that stand in the field below. A tick taken away here takes its name away there." }
                }
                @if !facts.other_extensions.is_empty() {
                    p.notice {
                        "It also asks for the extensions " (list(&facts.other_extensions))
                        ". The certificate gets the usages that etcd needs, and none of these."
                    }
                }
                @if !facts.left_out.is_empty() {
                    p.notice {
                        "It also asks for " (list(&facts.left_out))
                        ", which etcd has no use for. The certificate leaves that out."
                    }
                }
            }
        }
    }
}
