//! The sheet that is printed of Make: every certificate's names, dates, serial number
//! and fingerprint, for the folder in the safe. No key is on it.

use maud::{Markup, html};

use crate::{lab::Lab, page::words::day, pki::validity::Validity};

/// The most certificates on it: some two pages. The archive's README has all.
const ROWS: usize = 40;

/// The sheet.
pub(super) fn sheet(lab: &Lab) -> Markup {
    let authorities = lab.authorities().map(|(stem, authority)| {
        row(
            stem,
            &authority.subject,
            &[],
            authority.validity,
            None,
            &authority.fingerprint,
        )
    });
    let identities = lab.identities().iter().map(|identity| {
        row(
            identity.stem(),
            &identity.subject,
            &identity.names,
            identity.validity,
            Some(&identity.serial_number),
            &identity.fingerprint,
        )
    });
    let beyond = (lab.authorities().count() + lab.identities().len()).saturating_sub(ROWS);
    html! {
        h2 { "Certificates of " (lab.authority().subject) }
        p { (lab.archive_stem()) ", made on " (day(lab.authority().validity.not_before)) " or later. No key is on this sheet." }
        table {
            thead { tr { th scope="col" { "File, subject, names" } th scope="col" { "Valid" } th scope="col" { "Serial number, SHA-256" } } }
            tbody { @for row in authorities.chain(identities).take(ROWS) { (row) } }
        }
        @if beyond > 0 { p { (beyond) " more are listed in the archive’s README." } }
    }
}

fn row(
    stem: &str,
    subject: &str,
    names: &[String],
    validity: Validity,
    serial_number: Option<&str>,
    fingerprint: &str,
) -> Markup {
    html! {
        tr {
            td { strong { (stem) ".crt" } br; (subject) @if !names.is_empty() { br; (names.join(", ")) } }
            td { (day(validity.not_before)) br; "to " (day(validity.not_after)) }
            td.fingerprint { @if let Some(number) = serial_number { (number) br; } (fingerprint) }
        }
    }
}
