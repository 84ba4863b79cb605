//! One input: its label, its hint and the place for its fault, tied together for
//! assistive technology. What is in the input is not part of the markup, so that
//! rendering never takes away what was typed.

use maud::{Markup, html};

use super::{
    event::{Choice, Press, Tick},
    id::{Id, InputPart},
    input::{Input, SigningInput},
};
use crate::{
    etcd::plan::{Field, IdentityField, MemberField},
    pki::name::DistinguishedName,
};

/// A line of text.
pub(super) fn line(input: impl Into<Input>, label: &str, hint: &Markup) -> Markup {
    let input = input.into();
    let number = is_number(input);
    let initial = Some(input.initial()).filter(|text| !text.is_empty());
    html! {
        div.field.field-short[number] id=(Id::OfInput(input, InputPart::Row)) {
            label for=(input) { (label) }
            // Not `type=number`, which hides what was typed from the page when
            // it is no number.
            input id=(input) type="text" inputmode=[number.then_some("numeric")] value=[initial]
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby=(described_by(input));
            (below(input, hint))
        }
    }
}

/// The mark of what changed since the files were made.
pub(super) fn unmade() -> Markup {
    html! { " " span.unmade { "not made yet" } }
}

/// In which order a subject will be encoded, where it could be another than the one
/// that it is written in: RFC 4514 begins with the last, openssl with the first.
pub(super) fn encoded(subject: &str) -> Markup {
    let name = subject.parse::<DistinguishedName>().ok();
    let written = name.map(|name| (name.as_name().iter().count(), name.to_openssl()));
    html! {
        @if let Some((attributes, written)) = written
            && (attributes > 1 || !subject.contains('='))
        {
            p.hint { "Encoded in this order: " code { (written) } "." }
        }
    }
}

/// Whether an input is for a number.
fn is_number(input: Input) -> bool {
    match input {
        Input::Plan(field) => matches!(
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
        ),
        Input::Signing(input) => matches!(
            input,
            SigningInput::RenewalDays | SigningInput::Number | SigningInput::RevocationDays
        ),
        Input::Diagnosis | Input::Inspected | Input::InspectedPassphrase => false,
    }
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
pub(super) fn passphrase(input: impl Into<Input>, label: &str, hint: &Markup) -> Markup {
    let input = input.into();
    html! {
        div.field {
            label for=(input) { (label) }
            input id=(input) type="password" autocomplete="off" autocapitalize="off"
                autocorrect="off" spellcheck="false" aria-describedby=(described_by(input));
            (below(input, hint))
        }
    }
}

/// A text of several lines.
pub(super) fn lines(
    input: impl Into<Input>,
    label: &str,
    placeholder: &str,
    hint: &Markup,
) -> Markup {
    let input = input.into();
    html! { div.field { (text(input, label, placeholder, &html! {}, hint)) } }
}

/// A PEM text: to paste, to drop a file on, or to choose one.
pub(super) fn pem(
    input: impl Into<Input>,
    label: &str,
    placeholder: &str,
    hint: &Markup,
) -> Markup {
    let input = input.into();
    let [file, fault] = [InputPart::File, InputPart::Fault].map(|part| Id::OfInput(input, part));
    let choice = html! {
        div.file {
            label for=(file) { "or choose its file" }
            input id=(file) type="file" data-for=(input) aria-describedby=(fault);
        }
    };
    html! { div.field data-drop=(input) { (text(input, label, placeholder, &choice, hint)) } }
}

/// A label, a text of several lines, what else may fill it, and what stands below.
fn text(input: Input, label: &str, placeholder: &str, choice: &Markup, hint: &Markup) -> Markup {
    html! {
        label for=(input) { (label) }
        (area(input, placeholder, 5, &described_by(input)))
        (choice)
        (below(input, hint))
    }
}

/// Whatever there is: to paste, to drop files on, or to choose some. What is
/// wrong with it is told with what was found.
pub(super) fn evidence(
    input: Input,
    label: &str,
    placeholder: &str,
    rows: u8,
    hint: &str,
) -> Markup {
    let [file, hint_id] = [InputPart::File, InputPart::Hint].map(|part| Id::OfInput(input, part));
    html! {
        div.field data-drop=(input) {
            label for=(input) { (label) }
            (area(input, placeholder, rows, &hint_id.to_string()))
            div.file {
                label for=(file) { "or choose files" }
                input id=(file) type="file" multiple data-for=(input);
            }
            p.hint id=(hint_id) { (hint) }
        }
    }
}

fn area(input: Input, placeholder: &str, rows: u8, described_by: &str) -> Markup {
    html! {
        textarea id=(input) rows=(rows) placeholder=(placeholder)
            autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
            aria-describedby=(described_by) {}
    }
}

fn described_by(input: Input) -> String {
    let [hint, fault] = [InputPart::Hint, InputPart::Fault].map(|part| Id::OfInput(input, part));
    format!("{hint} {fault}")
}

fn below(input: Input, hint: &Markup) -> Markup {
    let part = |part| Id::OfInput(input, part);
    html! {
        p.hint id=(part(InputPart::Hint)) { (hint) }
        p.fault id=(part(InputPart::Fault)) hidden role="alert" {}
        @if let Input::Plan(field) = input && is_mendable(field) {
            button.mend type="button" id=(part(InputPart::Mend)) data-action=(Press::Mend(field)) hidden { "Mend it" }
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
