//! An old certificate that is made again.

use maud::{Markup, html};

use super::{LISTED, download, state::Signing, work::Work};
use crate::{
    lab::job::signing::SigningField,
    page::{
        command::command,
        event::{Choice, Press, RenewalKey},
        field::{line, pem, way},
        input::SigningInput,
        session::Session,
        words::{curly, day, list},
    },
};

/// The fields. They are the same whatever is in them.
pub(super) fn form() -> Markup {
    html! {
        (pem(SigningInput::Old, "Old certificate", "-----BEGIN CERTIFICATE-----",
            &html! { "Subject, SANs and usages are taken over as they are." }))
        div #renew-made {}
        div #renew-old aria-live="polite" {}
        fieldset.ways {
            legend { "For which key?" }
            (way("renew-source", Choice::RenewalKey(RenewalKey::Same), "The old key", "its owner keeps it"))
            (way("renew-source", Choice::RenewalKey(RenewalKey::New), "A new key", "of the same kind, made here"))
        }
        (line(SigningInput::RenewalDays, "Valid for, in days", &html! { "From now, and at most until the CA’s own end." }))
        div.row { button type="button" #renew data-action=(Press::Renew) { "Renew it" } }
        div #renewed aria-live="polite" {}
    }
}

/// What was made here, to be taken as the old certificate.
pub(super) fn made_here(session: &Session) -> Markup {
    html! {
        @if let Some(lab) = session.files.lab() {
            div.row {
                @for identity in lab.identities().iter().take(LISTED) {
                    button.quiet type="button" data-action=(Press::RenewTake(identity.stem().to_owned())) {
                        "Use " (identity.stem()) ".crt"
                    }
                }
            }
        }
    }
}

/// What came of it.
pub(super) fn renewed(signing: &Signing) -> Markup {
    html! {
        @match &signing.renewal {
            Work::Idle => {}
            Work::Wanted(_) | Work::UnderWay => { p.reading { "Signing…" } }
            Work::Refused(fault) if fault.field == SigningField::Foreign => {
                div.row {
                    button type="button" #renew-foreign data-action=(Press::RenewForeign) { "Renew it under this CA all the same" }
                }
            }
            Work::Refused(fault) if fault.field == SigningField::Whole => { p.fault { (curly(&fault.message)) } }
            Work::Refused(_) => {}
            Work::Done(renewed) => {
                @let stem = &signing.new_stem;
                div.read {
                    p { "Renewed " code { (renewed.subject) } ", valid until " (day(renewed.not_after)) "." }
                    dl {
                        @if !renewed.names.is_empty() { dt { "SANs" } dd { (list(&renewed.names)) } }
                        dt { "Serial" } dd.fingerprint { (renewed.serial_number) }
                    }
                    @for note in &renewed.notes { p.notice { (curly(note)) } }
                    div.row {
                        (download(&format!("{stem}.crt")))
                        @if renewed.key.is_some() { (download(&format!("{stem}.key"))) }
                    }
                    p.hint {
                        "Put what is new in the place of the old. etcd reads its own at each handshake, so it needs no restart; a client reads its own when it starts."
                    }
                    details.more #renewed-details { summary { "PEM" } (command("renewed-pem", &renewed.certificate)) }
                }
            }
        }
    }
}
