//! Chapter 3: the files, drawn as the chain that they form: the CA above, and
//! below it each certificate that it signed. A private key's text is not in the
//! markup; it is put there when the reader asks to see it.

use maud::{Markup, html};

use super::{
    commands::command,
    progress::file_names,
    session::Session,
    words::{day, list},
};
use crate::{
    lab::{IssuedIdentity, Lab},
    pki::{authority::Usage, validity::Validity},
};

/// The whole chapter below its heading.
#[must_use]
pub fn chapter(session: &Session) -> Markup {
    match session.lab() {
        None => before(session),
        Some(lab) => after(session, lab),
    }
}

fn before(session: &Session) -> Markup {
    let names: Vec<String> = file_names(session);
    html! {
        p.before {
            "Nothing is made yet. One press on " strong { "Make the files" } " puts them here: "
            @for (index, name) in names.iter().enumerate() {
                @if index > 0 { ", " }
                code { (name) }
            }
            "."
        }
    }
}

fn after(session: &Session, lab: &Lab) -> Markup {
    let stem = lab.archive_stem();
    let authority = lab.authority();
    html! {
        @if session.is_ahead_of_files() {
            p.notice {
                "The form has changed since these files were made. Press "
                strong { "Make the files" } " to bring them up to date; what is unchanged is kept."
            }
        }
        div.archive {
            button.primary type="button" #download-tar data-action="download-tar" {
                "Download all: " (stem) ".tar"
            }
            button type="button" #download-zip data-action="download-zip" { "or " (stem) ".zip" }
        }
        p.hint {
            "Both hold every file below under these names, private keys with mode 0600. Only tar keeps the modes everywhere."
        }
        div.chain {
            section.card.issuer {
                h3 { span.label { "CA" } " " span.subject { (authority.subject) } }
                dl {
                    dt { "Signs" } dd { "itself and everything below" }
                    (life(authority.validity))
                    dt { "SHA-256" } dd.fingerprint { (authority.fingerprint) }
                }
                ul.files {
                    (file("ca.crt", "the CA’s certificate: what etcd and etcdctl trust", "0644"))
                    @if lab.authority_was_brought() {
                        li.file-absent { "Your " code { "ca.key" } " is not in the archive: you have it." }
                    } @else {
                        (file("ca.key", "the CA’s private key: whoever has it can issue. Keep it away from etcd’s machine if you can", "0600"))
                    }
                }
            }
            div.issued {
                @for identity in lab.identities() { (issued(identity)) }
            }
        }
    }
}

fn issued(identity: &IssuedIdentity) -> Markup {
    let stem = identity.stem();
    let whose = match identity.usage() {
        Usage::Server => "the server’s",
        Usage::Client => "the client’s",
    };
    html! {
        section.card {
            h3 {
                span.label { @match identity.usage() { Usage::Server => "Server", Usage::Client => "Client" } }
                " " span.subject { (identity.subject) }
            }
            dl {
                dt { "Usage" }
                dd {
                    @match identity.usage() {
                        Usage::Server => "serverAuth and clientAuth: etcd’s own gateway dials it as a client",
                        Usage::Client => "clientAuth",
                    }
                }
                @if !identity.names.is_empty() { dt { "SANs" } dd { (list(&identity.names)) } }
                (life(identity.validity))
                dt { "Serial" } dd.fingerprint { (identity.serial_number) }
            }
            ul.files {
                (file(&format!("{stem}.crt"), &format!("{whose} certificate"), "0644"))
                @if identity.key.is_some() {
                    (file(&format!("{stem}.key"), &format!("{whose} private key"), "0600"))
                } @else {
                    li.file-absent { "The private key is with whoever made the CSR." }
                }
                @if identity.usage() == Usage::Client {
                    (file(&format!("{stem}.csr"), &format!("{whose} CSR, which the CA answered"), "0644"))
                }
            }
        }
    }
}

fn life(validity: Validity) -> Markup {
    html! { dt { "Valid until" } dd { (day(validity.not_after)) } }
}

/// One file with what can be done with it.
fn file(name: &str, meaning: &str, mode: &str) -> Markup {
    html! {
        li.file data-file=(name) {
            div.file-name { code { (name) } span.hint { (meaning) ", " (mode) } }
            div.file-actions {
                @for (action, word) in [("view", "View"), ("copy", "Copy"), ("download", "Download")] {
                    button type="button" data-action=(action) data-file=(name)
                        aria-label={ (word) " " (name) }
                        aria-expanded=[(action == "view").then_some("false")] { (word) }
                }
            }
            pre data-contents=(name) tabindex="0" hidden {}
        }
    }
}

/// How the archive is unpacked.
#[must_use]
pub fn unpack(session: &Session) -> Markup {
    html! {
        @if let Some(commands) = session.commands() {
            h3 { "Unpack the archive" }
            p { "In the folder where the download lies, on the machine that runs etcd:" }
            @for document in &commands.unpack {
                @if commands.unpack.len() > 1 { h4 { (document.title) } }
                (command(&document.id, &document.text))
            }
        }
    }
}
