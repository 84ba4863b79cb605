//! Chapter 2: who gets a certificate: the etcd server and its clients. An
//! identity is counted from 0, which is the server.

use maud::{Markup, html};

use super::key_types;
use crate::etcd::{
    plan::{Field, Holder, IdentityField, Preset},
    role::Role,
};
use crate::page::{
    field::{line, lines, pem, tick, way},
    session::Session,
    words::{count, list, span},
};

/// How an identity is called in the page's identifiers: `server`, `client-0`.
#[must_use]
pub fn key(index: usize) -> String {
    match index.checked_sub(1) {
        None => "server".to_owned(),
        Some(client) => format!("client-{client}"),
    }
}

/// A field of an identity.
#[must_use]
pub fn field(index: usize, field: IdentityField) -> Field {
    match index.checked_sub(1) {
        None => Field::Server(field),
        Some(client) => Field::Client(client, field),
    }
}

/// Who holds the key of an identity.
#[must_use]
pub fn holder(index: usize) -> Holder {
    match index.checked_sub(1) {
        None => Holder::Server,
        Some(client) => Holder::Client(client),
    }
}

/// The identifier of the radio button that chooses what a CSR is signed for:
/// `client-0-usage-server`.
#[must_use]
pub fn usage_id(index: usize, usage: Role) -> String {
    format!("{}-usage-{usage}", key(index))
}

/// The identity that such a radio button is about, and what it chooses.
#[must_use]
pub fn usage_choice(id: &str) -> Option<(usize, Role)> {
    let (owner, usage) = id.split_once("-usage-")?;
    Some((index_of(owner)?, usage.parse().ok()?))
}

/// The identity that is called so in identifiers: see [`key`].
fn index_of(key: &str) -> Option<usize> {
    match key {
        "server" => Some(0),
        client => client
            .strip_prefix("client-")?
            .parse::<usize>()
            .ok()?
            .checked_add(1),
    }
}

/// What a CSR is signed for, in the page's words.
#[must_use]
pub fn usage_of(session: &Session, index: usize) -> Role {
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
#[must_use]
pub fn server(session: &Session) -> Markup {
    html! { @if session.plan().preset.has_server() { (form(0, false, false)) } }
}

/// The clients' fields, each client's folded away.
#[must_use]
pub fn clients(session: &Session) -> Markup {
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
    let key = key(index);
    let server = index == 0;
    let at = |place: IdentityField| field(index, place);
    html! {
        details.card id={ (key) "-details" } {
            summary { span.summary id={ (key) "-summary" } {} span.change { "Change" } }
            div.card-body {
                fieldset.ways {
                    legend { "Where does its private key come from?" }
                    (way(&format!("{key}-source"), &format!("{key}-source-make"),
                        "Make the key here", "and with it the CSR, the request that the CA answers"))
                    (way(&format!("{key}-source"), &format!("{key}-source-csr"),
                        "I have a CSR", "then the private key never comes near this page"))
                }
                div.fields {
                    (line(at(IdentityField::Name), "File name", &html! {
                        @if signs { "Without an ending." }
                        @else { "Without an ending: " code { @if server { "etcd" } @else { "client" } } " makes " code { @if server { "etcd.crt" } @else { "client.crt" } } " and " code { @if server { "etcd.key" } @else { "client.key" } } "." }
                    }))
                    div id={ (key) "-make-fields" } {
                        (line(at(IdentityField::Subject), "Subject", &html! {
                            @if server {
                                "Whom the certificate names, such as " code { "CN=etcd" } "."
                            } @else {
                                "Whom the certificate names, such as " code { "CN=client" }
                                " or " code { "/CN=client/O=team" } ". With roles switched on, the common name (CN) is etcd’s user name."
                            }
                        }))
                        (key_types::form(holder(index)))
                    }
                    div.fields id={ (key) "-csr-fields" } hidden {
                        (pem(at(IdentityField::Csr), "CSR", "-----BEGIN CERTIFICATE REQUEST-----", &html! {
                            "Paste it, drop the file here, or choose it. Its signature is checked."
                        }))
                        div id={ (key) "-csr-facts" } aria-live="polite" {}
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
                    button.quiet type="button" id={ "remove-" (key) } data-action="remove-client" data-client=(index - 1) {
                        "Remove this client"
                    }
                }
            }
        }
    }
}

/// What a CSR is signed for.
fn usages(index: usize) -> Markup {
    let group = format!("{}-usage", key(index));
    html! {
        fieldset.ways {
            legend { "What is it signed for?" }
            @for usage in Role::ALL {
                @let (label, explanation) = match usage {
                    Role::Client => ("A client", "clientAuth: it asks etcd"),
                    Role::Server => ("An etcd server", "serverAuth and clientAuth: etcd’s own gateway dials it as a client"),
                    Role::Peer => ("A member’s peer port", "serverAuth and clientAuth: members dial each other"),
                };
                (way(&group, &usage_id(index, usage), label, explanation))
            }
        }
    }
}

/// The identifier of the box that keeps a name which a CSR asks for.
#[must_use]
pub fn keep_id(index: usize, place: usize) -> String {
    format!("{}-keep-{place}", key(index))
}

/// The identity and the place of the name that such a box is for.
#[must_use]
pub fn kept(id: &str) -> Option<(usize, usize)> {
    let (owner, place) = id.rsplit_once("-keep-")?;
    Some((index_of(owner)?, place.parse().ok()?))
}

/// The fields for many clients at once.
#[must_use]
pub fn many() -> Markup {
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
#[must_use]
pub fn many_summary(session: &Session) -> Markup {
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
#[must_use]
pub fn summary(session: &Session, index: usize) -> Markup {
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
#[must_use]
pub fn csr_facts(session: &Session, index: usize) -> Markup {
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
                            (tick(&keep_id(index, place), name, ""))
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
