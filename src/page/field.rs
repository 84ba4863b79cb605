//! One input of the form: its label, its hint and the place for its fault, tied
//! together for assistive technology. What is in the input is not part of the
//! markup, so that rendering never takes away what was typed.

use maud::{Markup, html};

use super::{
    event::{Choice, Press, Tick},
    id::{Id, InputPart},
    input::Input,
};
use crate::etcd::plan::{Field, IdentityField, MemberField};

/// The identifier of what belongs to a field.
fn id(field: Field, part: InputPart) -> Id {
    Id::OfInput(Input::Plan(field), part)
}

/// A line of text.
pub(super) fn line(field: Field, label: &str, hint: &Markup) -> Markup {
    let number = is_number(field);
    html! {
        div.field.field-short[number] id=(id(field, InputPart::Row)) {
            label for=(field) { (label) }
            // Not `type=number`, which hides what was typed from the page when
            // it is no number.
            input id=(field) type="text" inputmode=[number.then_some("numeric")]
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby=(described_by(field));
            (below(field, hint))
        }
    }
}

/// Whether a field is for a number.
fn is_number(field: Field) -> bool {
    matches!(
        field,
        Field::AuthorityDays
            | Field::AuthorityPathLength
            | Field::IntermediateDays
            | Field::ManyDays
            | Field::Port
            | Field::Server(IdentityField::Days)
            | Field::Client(_, IdentityField::Days)
            | Field::Member(
                _,
                MemberField::Days | MemberField::ClientPort | MemberField::PeerPort
            )
    )
}

/// Whether a fault of a field may be one that can be mended by a press.
#[must_use]
pub fn is_mendable(field: Field) -> bool {
    matches!(
        field,
        Field::Server(IdentityField::Names)
            | Field::Client(_, IdentityField::Names)
            | Field::Member(_, MemberField::Hosts)
    )
}

/// A passphrase, which is not shown as it is typed.
pub(super) fn passphrase(field: Field, label: &str, hint: &Markup) -> Markup {
    html! {
        div.field {
            label for=(field) { (label) }
            input id=(field) type="password" autocomplete="off" autocapitalize="off"
                autocorrect="off" spellcheck="false" aria-describedby=(described_by(field));
            (below(field, hint))
        }
    }
}

/// A text of several lines.
pub(super) fn lines(field: Field, label: &str, placeholder: &str, hint: &Markup) -> Markup {
    html! {
        div.field {
            label for=(field) { (label) }
            textarea id=(field) rows="5" placeholder=(placeholder)
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby=(described_by(field)) {}
            (below(field, hint))
        }
    }
}

/// A PEM text: to paste, to drop a file on, or to choose one.
pub(super) fn pem(field: Field, label: &str, placeholder: &str, hint: &Markup) -> Markup {
    let file = id(field, InputPart::File);
    html! {
        div.field {
            label for=(field) { (label) }
            textarea id=(field) rows="5" placeholder=(placeholder) data-drop=(field)
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby=(described_by(field)) {}
            div.file {
                label for=(file) { "or choose its file" }
                input id=(file) type="file" data-for=(field) aria-describedby=(id(field, InputPart::Fault));
            }
            (below(field, hint))
        }
    }
}

fn described_by(field: Field) -> String {
    let [hint, fault] = [InputPart::Hint, InputPart::Fault].map(|part| id(field, part));
    format!("{hint} {fault}")
}

fn below(field: Field, hint: &Markup) -> Markup {
    html! {
        p.hint id=(id(field, InputPart::Hint)) { (hint) }
        p.fault id=(id(field, InputPart::Fault)) hidden role="alert" {}
        @if is_mendable(field) {
            button.mend type="button" id=(id(field, InputPart::Mend)) data-action=(Press::Mend(field)) hidden { "Mend it" }
        }
    }
}

/// Something to be wanted or not, as a check box with a sentence.
pub(super) fn tick(tick: Tick, label: &str, explanation: &str) -> Markup {
    html! {
        div.way {
            input id=(tick) type="checkbox";
            label for=(tick) { (label) " " span.hint { (explanation) } }
        }
    }
}

/// One of two or more ways, as a radio button with a sentence.
pub(super) fn way(group: &str, choice: Choice, label: &str, explanation: &str) -> Markup {
    html! {
        div.way {
            input id=(choice) type="radio" name=(group);
            label for=(choice) { (label) " " span.hint { (explanation) } }
        }
    }
}
