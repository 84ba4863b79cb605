//! A CRL: what it is made of, and what etcd does with it.

use go_x509::revocation_list::RevocationListReader;
use maud::{Markup, html};

use super::{
    LISTED, download,
    state::{DER_NAME, PEM_NAME},
    work::Work,
};
use crate::{
    etcd::{
        commands::revocation::revocation,
        facts::release::{EtcdBuild, Series},
        plan::Plan,
    },
    lab::{
        Lab,
        job::{revoke::Revoked, signing::SigningField},
    },
    page::{
        command::command,
        event::{Press, Tick, ToRevoke},
        field::{line, pem},
        input::SigningInput,
        session::Session,
        words::{count, curly, day},
    },
};

/// The certificates made here that are listed one by one: their places and
/// serial numbers.
pub(super) fn listed(session: &Session) -> impl Iterator<Item = (usize, &str)> {
    let identities = session.files.lab().map(Lab::identities).unwrap_or_default();
    let listed = identities.iter().take(LISTED).enumerate();
    listed.map(|(place, identity)| (place, identity.serial_number.as_str()))
}

/// The fields. They are the same whatever is in them.
pub(super) fn form() -> Markup {
    html! {
        div #revoke-made {}
        (pem(SigningInput::Revoked, "Certificates or serial numbers", "1D735BBDFA81DC27…",
            &html! {
                "PEM, or serial numbers in hexadecimal, one on each line, as " code { "openssl x509 -serial" }
                " prints them. A line may end with a reason of its own, such as " code { "keyCompromise" } "."
            }))
        div.why { (ToRevoke::Pasted.select()) }
        p.hint { "etcd turns away whoever is on the list and looks at no reason; people and other programs do. “Not said” is left out of the CRL, as RFC 5280 wants it. etcd asks this only of who dials it; etcdctl reads no list, and goes on trusting a server that is on one." }
        (pem(SigningInput::Before, "The CRL before, if there was one", "-----BEGIN X509 CRL-----",
            &html! { "What is on it stays revoked. etcd reads one CRL only: whoever is missing in the new one gets in again. One made here stands here already." }))
        div #revoke-last aria-live="polite" {}
        (line(SigningInput::Number, "Number of this CRL", &html! { "Empty: one more than the CRL before has, or 1. Each CRL needs a larger one." }))
        (line(SigningInput::RevocationDays, "Next CRL due in, days", &html! { "etcd does not look at this; other programs refuse the CRL afterwards." }))
        div.row { button type="button" #revoke data-action=(Press::Revoke) { "Make the CRL" } }
        div #revoked aria-live="polite" {}
    }
}

/// What was made here, to be ticked.
pub(super) fn made_here(session: &Session) -> Markup {
    html! {
        @if let Some(lab) = session.files.lab() {
            fieldset.ways {
                legend { "Made here" }
                @for (index, identity) in lab.identities().iter().take(LISTED).enumerate() {
                    @let tick = Tick::Revoked(index);
                    div.way {
                        input type="checkbox" id=(tick);
                        label for=(tick) {
                            code { (identity.stem()) ".crt" } " "
                            span.hint { (identity.subject) }
                        }
                    }
                    @if session.signing.chosen.contains(&identity.serial_number) {
                        div.why { (ToRevoke::Made(index).select()) }
                    }
                }
                @if lab.identities().len() > LISTED {
                    p.hint { "and " (lab.identities().len() - LISTED) " more: paste them, or their serial numbers." }
                }
            }
        }
    }
}

/// What came of it.
pub(super) fn revoked(session: &Session) -> Markup {
    let signing = &session.signing;
    html! {
        @match &signing.revocation {
            Work::Idle => {}
            Work::Wanted(_) | Work::UnderWay => { p.reading { "Signing…" } }
            Work::Refused(fault) if fault.field == SigningField::Whole => { p.fault { (curly(&fault.message)) } }
            Work::Refused(_) => {}
            Work::Done(list) => {
                div.read {
                    p {
                        "CRL number " (list.number) " revokes "
                        (count(list.entries.len(), "certificate", "certificates"))
                        "; the next one is due by " (day(list.next_update)) "."
                    }
                    @if !list.entries.is_empty() {
                        ul.given-files {
                            @for entry in &list.entries {
                                li {
                                    span.fingerprint { (entry.serial_number) }
                                    @if let Some(reason) = entry.reason { " " span.hint { (reason) } }
                                }
                            }
                        }
                    }
                    @for note in &list.notes { p.notice { (curly(note)) } }
                    div.row { (download(DER_NAME)) (download(PEM_NAME)) }
                    @if let Some(file) = started_with(session, list) {
                        p {
                            "The commands of step 4 in Make start etcd with it now, and the archive has it as "
                            code { (file) } ": download it again, or put this file where the commands name it."
                        }
                        div.row {
                            button.quiet type="button" #revoke-nothing data-action=(Press::RevokeNothing) { "Leave it out of the commands" }
                        }
                    } @else {
                        p { "Put " code { (DER_NAME) } " beside etcd’s other files, and start etcd with one more flag:" }
                        (command("command-crl", &flag(session.commands_plan())))
                    }
                    (versions())
                }
            }
        }
    }
}

/// The file of a CRL among the files, if the commands start etcd with it.
fn started_with(session: &Session, list: &Revoked) -> Option<String> {
    let lab = session.files.lab()?;
    let started_with = lab.revocation_list()?;
    if started_with.pem != list.pem {
        return None;
    }
    lab.revocation_list_file()
}

/// The flag, for the folder of the plan.
fn flag(plan: &Plan) -> String {
    let folder = plan.directory.trim().trim_end_matches('/');
    let [client, _] = revocation(plan.etcd, &format!("{folder}/{DER_NAME}"));
    client.flag
}

/// The series whose newest release reads CRLs so: `3.4, 3.5`.
fn series_with(reader: RevocationListReader) -> String {
    let reads =
        |series: &Series| EtcdBuild::upstream(series.newest()).revocation_list_reader() == reader;
    let series: Vec<String> = Series::ALL
        .iter()
        .filter(|it| reads(it))
        .map(ToString::to_string)
        .collect();
    series.join(", ")
}

/// What each etcd reads.
fn versions() -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label="What each etcd reads" {
            table {
                thead { tr { th scope="col" { "etcd" } th scope="col" { "reads" } } }
                tbody {
                    @for (reader, reads) in [
                        (RevocationListReader::ParseCrl, "PEM or DER"),
                        (RevocationListReader::ParseRevocationList, "DER only"),
                    ] {
                        tr { td { (series_with(reader)) } td { (reads) } }
                    }
                }
            }
        }
        p.hint {
            "DER works in all of them. etcd reads the file again at each connection, so a newer CRL needs no restart; a file that is missing or unreadable turns every client away. The config file has no key for it: use the flag, or the variable " code { "ETCD_CLIENT_CRL_FILE" } ". For peers it is " code { "--peer-crl-file" } ". A revoked client sees EOF or a broken pipe; etcd logs “certificate serial … revoked”."
        }
    }
}
