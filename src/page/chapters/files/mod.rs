//! Step 3 of Make: the files, drawn as the chain that they form: the CA above, and
//! below it each certificate that it signed. A private key's text is not in the
//! markup; it is put there when the reader asks to see it.

use maud::{Markup, html};
use zeroize::Zeroizing;

mod handouts;
mod state;

pub use self::state::{ArchiveKind, Files};

use super::{export, making::file_names};
use crate::page::{
    command::command,
    event::Press,
    session::Session,
    view::View,
    wish::{Face, Showing},
    words::{day, list},
};
use crate::{
    etcd::role::Role,
    lab::{IssuedIdentity, Lab},
    pki::validity::Validity,
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region("file-list", chapter(session));
    view.region("formats", export::form());
    export::show(session, view);
    view.hide("formats", session.files.lab().is_none());
}

/// The whole chapter below its heading.
fn chapter(session: &Session) -> Markup {
    match session.files.lab() {
        None => before(session),
        Some(lab) => after(session, lab),
    }
}

/// How many names and certificates are shown of many that are alike.
const SHOWN: usize = 12;

fn before(session: &Session) -> Markup {
    let names: Vec<String> = file_names(session);
    html! {
        p.before {
            "Nothing is made yet. One press on " strong { "Make the files" } " puts them here"
            @if names.is_empty() { "." } @else {
                ": "
                @for (index, name) in names.iter().take(SHOWN).enumerate() {
                    @if index > 0 { ", " }
                    code { (name) }
                }
                @if names.len() > SHOWN { " and " (names.len() - SHOWN) " more" }
                "."
            }
        }
    }
}

fn after(session: &Session, lab: &Lab) -> Markup {
    let stem = lab.archive_stem();
    html! {
        @if session.is_ahead_of_files() {
            p.notice {
                "The form has changed since these files were made. Press "
                strong { "Make the files" } " again to bring them up to date. What did not change is kept."
            }
        }
        div.archive {
            button.primary type="button" #download-tar data-action=(Press::DownloadTar) {
                "Download all: " (stem) ".tar"
            }
            button type="button" #download-zip data-action=(Press::DownloadZip) { "or " (stem) ".zip" }
        }
        p.hint {
            "Both hold every file below. Private keys have mode 0600: their owner alone may read them. Prefer the tar, since some programs forget the modes in a zip."
        }
        (handouts::show(lab))
        @for place in 0..lab.authorities().count() {
            @if lab.issuer_of_authority(place).is_none() { div.chain { (authority(lab, place)) } }
        }
        section.card.documents {
            h3 { "What goes with them" }
            ul.files {
                (file("README", "what each file is, who needs it and until when", "0644"))
                (file("commands.sh", "the commands of the chapters below, to read", "0644"))
                @if let Some(name) = lab.revocation_list_file() {
                    (file_with(&name, "the CRL: whom etcd turns away; in DER", "0644", &[Button::Download]))
                }
            }
            @if !lab.deployment().members.is_empty() {
                p.hint { "The archive also has the files that start etcd in each form of step 4." }
            }
        }
    }
}

/// An authority, and below it what it signed.
fn authority(lab: &Lab, place: usize) -> Markup {
    let Some((stem, issued)) = lab.authorities().nth(place) else {
        return html! {};
    };
    let signer = lab.issuer_of_authority(place);
    let brought = place == 0 && lab.authority_was_brought();
    let below = lab.identities().iter().enumerate();
    let below: Vec<_> = below
        .filter(|(identity, _)| lab.issuer_of_identity(*identity) == place)
        .collect();
    let bundles = lab.checked().bundles();
    html! {
        section.card.issuer {
            h3 { span.label { "CA" } " " span.subject { (issued.subject) } }
            dl {
                dt { "Signs" }
                dd {
                    @if signer.is_none() && !brought { "itself and everything below" } @else { "everything below" }
                }
                (life(issued.validity))
                dt { "SHA-256" } dd.fingerprint { (issued.fingerprint) }
            }
            ul.files {
                (file(&format!("{stem}.crt"), certificate_meaning(stem), "0644"))
                @if brought {
                    li.file-absent { "Your " code { (stem) ".key" } " is not in the archive: you have it." }
                } @else {
                    (file(&format!("{stem}.key"), "the CA’s private key: whoever has it can issue certificates. etcd does not need it", "0600"))
                }
                @for bundle in bundles.iter().filter(|bundle| bundle.parts.first() == Some(&format!("{stem}.crt"))) {
                    (file(&bundle.file, &format!("{} in one file: whom etcd’s client port trusts", list(&bundle.parts)), "0644"))
                }
            }
        }
        div.issued {
            @for other in 0..lab.authorities().count() {
                @if lab.issuer_of_authority(other) == Some(place) { (authority(lab, other)) }
            }
            @for (identity, one) in below.iter().take(SHOWN) { (issued_identity(lab, *identity, one)) }
            @if below.len() > SHOWN {
                section.card.others {
                    p { "And " (below.len() - SHOWN) " more, which the archive has." }
                }
            }
        }
    }
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

fn issued_identity(lab: &Lab, place: usize, identity: &IssuedIdentity) -> Markup {
    let stem = identity.stem();
    let (label, whose) = match identity.role {
        Role::Server => ("Server", "the server’s"),
        Role::Peer => ("Peer", "the peer’s"),
        Role::Client => ("Client", "the client’s"),
    };
    html! {
        section.card {
            h3 { span.label { (label) } " " span.subject { (identity.subject) } }
            dl {
                dt { "Usage" }
                dd {
                    @match identity.role {
                        Role::Server => "serverAuth and clientAuth: etcd’s own gateway dials it as a client",
                        Role::Peer => "serverAuth and clientAuth: members dial each other",
                        Role::Client => "clientAuth",
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
                @if lab.keeps_csr(place) {
                    (file(&format!("{stem}.csr"), &format!("{whose} CSR: the request that the CA answered"), "0644"))
                }
            }
        }
    }
}

fn life(validity: Validity) -> Markup {
    html! { dt { "Valid until" } dd { (day(validity.not_after)) } }
}

/// A button beside a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Button {
    View,
    Copy,
    Download,
}

impl Button {
    fn word(self) -> &'static str {
        match self {
            Self::View => "View",
            Self::Copy => "Copy",
            Self::Download => "Download",
        }
    }

    fn press(self, file: &str) -> Press {
        let file = file.to_owned();
        match self {
            Self::View => Press::View(file),
            Self::Copy => Press::Copy(file),
            Self::Download => Press::Download(file),
        }
    }
}

/// What the browser is to do when the text of a file is asked for.
pub(in crate::page) fn showing(file: String, contents: Zeroizing<String>) -> Showing {
    let face = |word| Face {
        word,
        label: format!("{word} {file}"),
    };
    Showing {
        shown: face("Hide"),
        hidden: face(Button::View.word()),
        file,
        contents,
    }
}

/// One file of text.
fn file(name: &str, meaning: &str, mode: &str) -> Markup {
    file_with(
        name,
        meaning,
        mode,
        &[Button::View, Button::Copy, Button::Download],
    )
}

/// One file with what can be done with it.
fn file_with(name: &str, meaning: &str, mode: &str, buttons: &[Button]) -> Markup {
    html! {
        li.file data-file=(name) {
            div.file-name { code { (name) } span.hint { (meaning) " · mode " (mode) } }
            div.file-actions {
                @for button in buttons {
                    button type="button" data-action=(button.press(name))
                        aria-label={ (button.word()) " " (name) }
                        aria-expanded=[(*button == Button::View).then_some("false")] { (button.word()) }
                }
            }
            pre data-contents=(name) tabindex="0" hidden {}
        }
    }
}

/// How the archive is unpacked.
pub(super) fn unpack(session: &Session) -> Markup {
    html! {
        @if let Some(commands) = session.commands() {
            h3 { "Unpack the archive" }
            p { "On the machine that runs etcd, in the folder with the download:" }
            @for document in &commands.unpack {
                @if commands.unpack.len() > 1 { h4 { (document.title) } }
                (command(&document.id, &document.text))
            }
        }
    }
}
