//! Step 2 of Make: who gets a certificate: the etcd server and its clients.

use maud::{Markup, html};

use super::{key_types, members};
use crate::etcd::{
    plan::{Field, Holder, IdentityField, IdentityPlan, Plan, Preset},
    role::Role,
};
use crate::page::{
    element::PageElement,
    event::{Choice, KeySource, Press, Tick},
    field::{encoded, line, lines, pem, tick, unmade, way},
    form::field_of,
    id::{HolderPart, Id},
    link,
    session::Session,
    view::View,
    words::{count, list, span},
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::Server, server(session));
    view.region(PageElement::Members, members::form(session));
    view.region(PageElement::Clients, clients(session));
    view.region(PageElement::Many, many());
    view.region(PageElement::ManySummary, many_summary(session));
    members::show(session, view);
    key_types::show(session, view);
    let signs = session.form.plan().preset == Preset::SignCsr;
    for holder in session.form.identities() {
        let part = |part| Id::OfHolder(holder, part);
        view.region(part(HolderPart::Summary), summary(session, holder));
        view.region(part(HolderPart::CsrFacts), csr_facts(session, holder));
        let subject = field_of(holder, IdentityField::Subject);
        let subject = subject.and_then(|field| session.form.text(field));
        let subject = encoded(subject.unwrap_or_default());
        view.region(part(HolderPart::Encoded), subject);
        let has_csr = session.form.has_csr(holder);
        view.choose(Choice::KeySource(holder, KeySource::Here), !has_csr);
        view.choose(Choice::KeySource(holder, KeySource::Request), has_csr);
        view.hide(part(HolderPart::MakeFields), has_csr);
        view.hide(part(HolderPart::CsrFields), !has_csr);
        if holder != Holder::Server && signs {
            let chosen = session.form.role(holder);
            for usage in Role::ALL {
                view.choose(Choice::Usage(holder, usage), usage == chosen);
            }
        }
        let names = session
            .form
            .csr_facts(holder)
            .map(|facts| facts.names.as_slice());
        for (place, name) in names.unwrap_or_default().iter().enumerate() {
            let keeps = session.form.keeps_name(holder, name);
            view.choose(Tick::Name(holder, place), keeps);
        }
    }
    let full = session.form.plan().clients.len() >= link::MAXIMUM_CLIENTS;
    view.disable(PageElement::AddClient, full);
}

/// The server's fields, where there is a single server.
fn server(session: &Session) -> Markup {
    html! { @if session.form.plan().preset.has_server() { (form(Holder::Server, Field::Server, None, false)) } }
}

/// The clients' fields, each client's folded away.
fn clients(session: &Session) -> Markup {
    let plan = session.form.plan();
    let count = plan.clients.len();
    let signs = plan.preset == Preset::SignCsr;
    html! {
        @for place in 0..count {
            @let removal = (count > 1).then_some(Press::RemoveClient(place));
            (form(Holder::Client(place), |field| Field::Client(place, field), removal, signs))
        }
    }
}

/// The fields of one identity, folded away. `signs` is whether it is there for a
/// CSR that is signed for whatever the reader chooses.
fn form(
    holder: Holder,
    at: impl Fn(IdentityField) -> Field,
    removal: Option<Press>,
    signs: bool,
) -> Markup {
    let part = |part| Id::OfHolder(holder, part);
    let source = |source| Choice::KeySource(holder, source);
    let group = format!("{holder}-source");
    let server = holder == Holder::Server;
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
                        div id=(part(HolderPart::Encoded)) {}
                        (key_types::form(holder))
                    }
                    div.fields id=(part(HolderPart::CsrFields)) hidden {
                        (pem(at(IdentityField::Csr), "CSR", "-----BEGIN CERTIFICATE REQUEST-----", &html! {
                            "Paste it, drop the file here, or choose it. Its signature is checked."
                        }))
                        div id=(part(HolderPart::CsrFacts)) aria-live="polite" {}
                        @if signs { (usages(holder)) }
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
                @if let Some(press) = removal {
                    button.quiet type="button" id=(part(HolderPart::Remove)) data-action=(press) {
                        "Remove this client"
                    }
                }
            }
        }
    }
}

/// What a CSR is signed for.
fn usages(holder: Holder) -> Markup {
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
    let plan = &session.form.plan().many_clients;
    html! {
        span.label { "More" }
        @match plan.count() {
            0 => span.facts { "many clients at once, from a list of names" },
            number => {
                span.subject { (count(number, "client", "clients")) }
                span.facts { (plan.subject.trim()) ", " (span(&plan.days)) }
                @if session.is_unmade(|plan| &plan.many_clients) { (unmade()) }
            }
        }
    }
}

/// What a plan asks for, for the server or a client.
fn identity(plan: &Plan, holder: Holder) -> Option<&IdentityPlan> {
    match holder {
        Holder::Server => plan.preset.has_server().then_some(&plan.server),
        Holder::Client(place) => plan.clients.get(place),
        Holder::Member(_) | Holder::Many(_) => None,
    }
}

/// One identity in one line.
fn summary(session: &Session, holder: Holder) -> Markup {
    let text = |field: IdentityField| {
        let field = field_of(holder, field);
        let text = field.and_then(|field| session.form.text(field));
        text.unwrap_or_default().trim()
    };
    let names = text(IdentityField::Names);
    html! {
        span.label {
            @match session.form.role(holder) {
                Role::Client => "Client",
                Role::Server => "Server",
                Role::Peer => "Peer",
            }
        }
        span.subject {
            @if !session.form.has_csr(holder) { (text(IdentityField::Subject)) }
            @else if let Some(facts) = session.form.csr_facts(holder) { (facts.subject) }
            @else { "from a CSR" }
        }
        span.facts {
            @if holder != Holder::Server || text(IdentityField::Name) != "etcd" {
                code { (text(IdentityField::Name)) ".crt" } ", "
            }
            @if !names.is_empty() { "for " (names) ", " }
            (span(text(IdentityField::Days)))
            @if !session.form.has_csr(holder) { (key_types::summary(session, holder)) }
        }
        @if session.is_unmade(|plan| identity(plan, holder)) { (unmade()) }
    }
}

/// What was read from an identity's CSR.
fn csr_facts(session: &Session, holder: Holder) -> Markup {
    html! {
        @if let Some(facts) = session.form.csr_facts(holder) {
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
                            (tick(Tick::Name(holder, place), name, ""))
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
