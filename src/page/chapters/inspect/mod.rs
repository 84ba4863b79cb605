//! Chapter “Inspect”: what was given to be looked at, and what was found.

use maud::{Markup, PreEscaped, html};

mod anatomy;
mod report;
mod state;
mod summary;

pub(in crate::page) use self::report::extension_value;
pub use self::state::Inspector;

use self::{state::State, summary::summary};
use crate::{
    page::{
        element::PageElement,
        event::Press,
        field::evidence,
        id::{Id, InputPart},
        input::Input,
        session::Session,
        view::View,
        words::curly,
    },
    pki::pem::size,
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    let inspector = &session.inspector;
    view.region(PageElement::InspectForm, form());
    view.region(PageElement::InspectGiven, given(inspector));
    view.region(PageElement::Inspection, PreEscaped(shown(inspector)));
    view.region(PageElement::InspectionStatus, spoken(inspector));
    view.region(
        PageElement::Anatomy,
        PreEscaped(inspector.anatomy.shown().to_owned()),
    );
    let passphrase = Id::OfInput(Input::InspectedPassphrase, InputPart::Row);
    view.hide(passphrase, !inspector.asks_for_passphrase());
    view.hide(PageElement::InspectMade, session.files.lab().is_none());
}

/// The fields of the chapter. They are the same whatever is in them.
fn form() -> Markup {
    let passphrase = |part| Id::OfInput(Input::InspectedPassphrase, part);
    html! {
        (evidence(
            Input::Inspected,
            "Certificates, chains, CSRs, CRLs, keys, and what they came in",
            "-----BEGIN CERTIFICATE-----",
            6,
            "Paste, drop or choose them, several at once: PEM, DER, PKCS#12, archives, Kubernetes Secrets and kubeconfigs, cfssl’s JSON, the words of openssl x509 -text. Nothing of a private key is shown.",
        ))
        div.field id=(passphrase(InputPart::Row)) hidden {
            label for=(Input::InspectedPassphrase) { "Passphrase" }
            input id=(Input::InspectedPassphrase) type="password" autocomplete="off" aria-describedby=(passphrase(InputPart::Hint));
            p.hint id=(passphrase(InputPart::Hint)) { "It is tried on everything here that is encrypted, and is kept nowhere." }
        }
        div.row {
            button type="button" #inspect-made data-action=(Press::InspectMade) hidden { "Look at the files made here" }
        }
    }
}

/// The files that were given.
fn given(inspector: &Inspector) -> Markup {
    let anything = !matches!(inspector.state, State::Nothing);
    html! {
        @if anything {
            div.row.given {
                @if !inspector.files.is_empty() {
                    ul.given-files aria-label="Files given" {
                        @for file in &inspector.files {
                            li { code { (file.name) } " " span.hint { (size(file.contents.len())) } }
                        }
                    }
                }
                button.quiet type="button" #inspect-clear data-action=(Press::InspectClear) { "Clear" }
            }
        }
    }
}

/// What was found.
fn shown(inspector: &Inspector) -> String {
    match &inspector.state {
        State::Nothing => String::new(),
        State::Changed | State::Wanted | State::UnderWay => {
            html! { p.reading { "Reading…" } }.into_string()
        }
        State::Looked(_, markup) => markup.clone(),
        State::Refused(message) => html! { p.fault { (curly(message)) } }.into_string(),
    }
}

/// How far it is and what was found, for those who hear it.
fn spoken(inspector: &Inspector) -> Markup {
    html! {
        @match &inspector.state {
            State::Nothing => {}
            State::Changed | State::Wanted | State::UnderWay => "Reading…",
            State::Looked(inspected, _) => { "Found: " (summary(inspected)) "." }
            State::Refused(message) => { (curly(message)) }
        }
    }
}
