//! One input of the form: its label, its hint and the place for its fault, tied
//! together for assistive technology. What is in the input is not part of the
//! markup, so that rendering never takes away what was typed.

use maud::{Markup, html};

use crate::etcd::plan::{Field, IdentityField, MemberField};

/// The identifier of the element that holds a field's fault.
#[must_use]
pub fn fault_id(field: Field) -> String {
    format!("{field}-fault")
}

/// A line of text.
pub(super) fn line(field: Field, label: &str, hint: &Markup) -> Markup {
    let id = field.to_string();
    let number = is_number(field);
    html! {
        div.field.field-short[number] id={ (field) "-field" } {
            label for=(id) { (label) }
            // Not `type=number`, which hides what was typed from the page when
            // it is no number.
            input id=(id) type="text" inputmode=[number.then_some("numeric")]
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
    let id = field.to_string();
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) type="password" autocomplete="off" autocapitalize="off"
                autocorrect="off" spellcheck="false" aria-describedby=(described_by(field));
            (below(field, hint))
        }
    }
}

/// A text of several lines.
pub(super) fn lines(field: Field, label: &str, placeholder: &str, hint: &Markup) -> Markup {
    let id = field.to_string();
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) rows="5" placeholder=(placeholder)
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby=(described_by(field)) {}
            (below(field, hint))
        }
    }
}

/// A PEM text: to paste, to drop a file on, or to choose one.
pub(super) fn pem(field: Field, label: &str, placeholder: &str, hint: &Markup) -> Markup {
    let id = field.to_string();
    let file = file_id(field);
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) rows="5" placeholder=(placeholder) data-drop=(id)
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby=(described_by(field)) {}
            div.file {
                label for=(file) { "or choose its file" }
                input id=(file) type="file" data-for=(id) aria-describedby=(fault_id(field));
            }
            (below(field, hint))
        }
    }
}

/// The identifier of the input that chooses a file for a field.
fn file_id(field: Field) -> String {
    format!("{field}-file")
}

fn described_by(field: Field) -> String {
    format!("{field}-hint {}", fault_id(field))
}

fn below(field: Field, hint: &Markup) -> Markup {
    html! {
        p.hint id={ (field) "-hint" } { (hint) }
        p.fault id=(fault_id(field)) hidden role="alert" {}
        @if is_mendable(field) {
            button.mend type="button" id={ (field) "-mend" } data-action="mend" data-field=(field) hidden { "Mend it" }
        }
    }
}

/// Something to be wanted or not, as a check box with a sentence.
pub(super) fn tick(id: &str, label: &str, explanation: &str) -> Markup {
    html! {
        div.way {
            input id=(id) type="checkbox" data-tick=(id);
            label for=(id) { (label) " " span.hint { (explanation) } }
        }
    }
}

/// One of two or more ways, as a radio button with a sentence.
pub(super) fn way(group: &str, id: &str, label: &str, explanation: &str) -> Markup {
    html! {
        div.way {
            input id=(id) type="radio" name=(group);
            label for=(id) { (label) " " span.hint { (explanation) } }
        }
    }
}
