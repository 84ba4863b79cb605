//! One row for each certificate: whose it is, what it is for, when it ends, and
//! its files to download. The rest is in a fold: the facts, and the files' text.

use jiff::Timestamp;
use maud::{Markup, html};

use super::{Button, file_with};
use crate::{
    etcd::{plan::CheckedIdentity, role::Role},
    lab::{IssuedIdentity, Lab},
    page::{
        session::Session,
        words::{day, list, remaining},
    },
    pki::validity::Validity,
};

/// How many certificates are shown of many that are alike.
const SHOWN: usize = 12;

/// All certificates of the files that were made.
pub(super) fn rows(session: &Session, lab: &Lab) -> Markup {
    let identities = lab.identities();
    html! {
        ul.rows {
            @for place in 0..lab.authorities().count() { (authority(session, lab, place)) }
            @for (place, one) in identities.iter().enumerate().take(SHOWN) {
                (identity(session, lab, place, one))
            }
        }
        @if identities.len() > SHOWN {
            p.hint { "And " (identities.len() - SHOWN) " more, which the archive has." }
        }
    }
}

/// What stands in a row.
struct Row<'a> {
    label: &'a str,
    subject: &'a str,
    for_whom: &'a str,
    validity: Validity,
    /// The identifier of its fold.
    fold: String,
    /// The name of the certificate's file.
    certificate: String,
    /// The names of the files to download.
    downloads: Vec<String>,
    /// Why the private key is not among them.
    absent: Option<String>,
}

fn row(session: &Session, row: &Row<'_>, more: &Markup) -> Markup {
    html! {
        li.document {
            div.document-row {
                div.document-who {
                    span.label { (row.label) } " "
                    span.subject { (row.subject) } " "
                    span.hint { (row.for_whom) }
                }
                div.document-end { (end(row.validity, session.seen)) }
                div.document-files {
                    @for name in &row.downloads {
                        (Button::Download.named(name))
                    }
                    @if let Some(absent) = &row.absent { span.hint { (absent) } }
                }
            }
            details.more id=(row.fold) {
                summary { "What is in " code { (row.certificate) } }
                (more)
            }
        }
    }
}

/// `ends in 60 days, on 24 January 2027`.
fn end(validity: Validity, now: Timestamp) -> Markup {
    let date = day(validity.not_after);
    html! {
        @if validity.not_after <= now { strong.bad { "ended" } }
        @else { "ends in " strong { (remaining(validity.not_after, now)) } }
        ", on " (date)
    }
}

fn authority(session: &Session, lab: &Lab, place: usize) -> Markup {
    let Some((stem, issued)) = lab.authorities().nth(place) else {
        return html! {};
    };
    let signer = lab.issuer_of_authority(place);
    let brought = place == 0 && lab.authority_was_brought();
    let certificate = format!("{stem}.crt");
    let key = format!("{stem}.key");
    let bundles = lab.checked().bundles();
    let bundles = bundles
        .iter()
        .filter(|bundle| bundle.parts.first() == Some(&certificate));
    let mut downloads = vec![certificate.clone()];
    if !brought {
        downloads.push(key.clone());
    }
    let facts = Row {
        label: "CA",
        subject: &issued.subject,
        for_whom: if signer.is_none() && !brought {
            "signs itself and everything below"
        } else {
            "signs what is below"
        },
        validity: issued.validity,
        fold: format!("document-authority-{place}"),
        certificate: certificate.clone(),
        downloads,
        absent: brought.then(|| format!("{key} is yours already")),
    };
    let more = html! {
        dl { dt { "SHA-256" } dd.fingerprint { (issued.fingerprint) } }
        ul.files {
            (looked_at(&certificate, certificate_meaning(stem), "0644"))
            @if brought {
                li.file-absent { "Your " code { (key) } " is not in the archive: you have it." }
            } @else {
                (looked_at(&key, "the CA’s private key: whoever has it can issue certificates. etcd does not need it", "0600"))
            }
            @for bundle in bundles {
                (super::file(&bundle.file, &format!("{} in one file: whom etcd’s client port trusts", list(&bundle.parts)), "0644"))
            }
        }
    };
    row(session, &facts, &more)
}

fn certificate_meaning(stem: &str) -> &'static str {
    match stem.rsplit('/').next() {
        Some("intermediate") => {
            "the intermediate’s certificate; it stands in each file below as well"
        }
        Some("client-ca") => "the clients’ CA: what etcd’s client port trusts",
        Some("peer-ca") => "the peers’ CA: what etcd’s peer port trusts",
        _ => "the CA’s certificate: what etcd and etcdctl trust",
    }
}

fn identity(session: &Session, lab: &Lab, place: usize, identity: &IssuedIdentity) -> Markup {
    let stem = identity.stem();
    let planned = lab.checked().identities.get(place);
    let is_of_gateway = planned.is_some_and(CheckedIdentity::is_of_gateway);
    let (label, whose, for_whom, usage) = match identity.role {
        Role::Server => (
            "Server",
            "the server’s",
            "etcd shows it to clients",
            if lab.plan().separate_authorities {
                "serverAuth and clientAuth: 3.4’s own gateway dials with it. From 3.5 on the gateway has a certificate of its own, and serverAuth would do"
            } else {
                "serverAuth and clientAuth: etcd’s own gateway dials it as a client"
            },
        ),
        Role::Peer => (
            "Peer",
            "the peer’s",
            "members show it to each other",
            "serverAuth and clientAuth: members dial each other",
        ),
        Role::Client if is_of_gateway => (
            "Gateway",
            "the gateway’s",
            "etcd’s own gateway shows it to etcd, from 3.5 on",
            "clientAuth",
        ),
        Role::Client => (
            "Client",
            "the client’s",
            "etcdctl shows it to etcd",
            "clientAuth",
        ),
    };
    let certificate = format!("{stem}.crt");
    let key = format!("{stem}.key");
    let mut downloads = vec![certificate.clone()];
    if identity.key.is_some() {
        downloads.push(key.clone());
    }
    let facts = Row {
        label,
        subject: &identity.subject,
        for_whom,
        validity: identity.validity,
        fold: format!("document-{place}"),
        certificate: certificate.clone(),
        downloads,
        absent: identity
            .key
            .is_none()
            .then(|| "its key is with whoever made the CSR".to_owned()),
    };
    let more = html! {
        dl {
            dt { "Usage" } dd { (usage) }
            @if !identity.names.is_empty() { dt { "SANs" } dd { (list(&identity.names)) } }
            dt { "Serial" } dd.fingerprint { (identity.serial_number) }
        }
        ul.files {
            (looked_at(&certificate, &format!("{whose} certificate"), "0644"))
            @if identity.key.is_some() {
                (looked_at(&key, &format!("{whose} private key"), "0600"))
            } @else {
                li.file-absent { "The private key is with whoever made the CSR." }
            }
            @if lab.keeps_csr(place) {
                (super::file(&format!("{stem}.csr"), &format!("{whose} CSR: the request that the CA answered"), "0644"))
            }
        }
    };
    row(session, &facts, &more)
}

/// A file whose row has the button that downloads it already.
fn looked_at(name: &str, meaning: &str, mode: &str) -> Markup {
    file_with(name, meaning, mode, &[Button::View, Button::Copy])
}
