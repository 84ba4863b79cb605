//! Step 3 of Make: the files, a row for each certificate. A private key's text is
//! not in the markup; it is put there when the reader asks to see it.

use maud::{Markup, html};
use zeroize::Zeroizing;

mod handouts;
mod rows;
mod sheet;
mod state;

pub use self::state::{ArchiveKind, Files};

use super::{export, making::file_names};
use crate::etcd::{commands::Document, deployment::Deployment};
use crate::lab::Lab;
use crate::page::{
    command::command,
    element::PageElement,
    event::Press,
    place::Place,
    session::Session,
    view::View,
    wish::{Face, Showing},
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::FileList, chapter(session));
    // Elsewhere the place that is shown is printed.
    let printed = session.files.lab().filter(|_| session.place == Place::Make);
    view.region(
        PageElement::Sheet,
        html! { @if let Some(lab) = printed { (sheet::sheet(lab)) } },
    );
    view.region(PageElement::Formats, export::form());
    export::show(session, view);
    view.hide(PageElement::Formats, session.files.lab().is_none());
}

/// The whole chapter below its heading.
fn chapter(session: &Session) -> Markup {
    match session.files.lab() {
        None => before(session),
        Some(lab) => after(session, lab),
    }
}

/// How many names are shown of many that are alike.
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
    // Each machine has an archive of its own there: that of all is for who tries it.
    let several = lab.plan().preset.has_members();
    html! {
        @if session.is_ahead_of_files() {
            p.notice {
                "The form has changed since these files were made. Press "
                strong { "Make the files" } " again to bring them up to date. What did not change is kept."
            }
        }
        (handouts::show(lab))
        div.archive {
            button.primary[!several] type="button" #download-tar data-action=(Press::DownloadTar) {
                "Download all: " (stem) ".tar"
            }
            button type="button" #download-zip data-action=(Press::DownloadZip) { "or " (stem) ".zip" }
        }
        p.hint {
            "Both hold every file below" @if several { ", the keys of all machines and of the CAs among them" }
            ". Private keys have mode 0600: their owner alone may read them. Prefer the tar, since some programs forget the modes in a zip."
        }
        (rows::rows(session, lab))
        details.more #documents-details {
            summary { "What goes with them" }
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

    /// The button by itself, with the name of the file on it.
    fn named(self, file: &str) -> Markup {
        html! {
            button type="button" data-action=(self.press(file)) aria-label={ (self.word()) " " (file) } { (file) }
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
            @if session.commands_plan().preset.has_members() {
                p { "Each machine’s archive has its lines beside it, in step 3: they bring it there and unpack it." }
                details.more #unpack-all-details {
                    summary { "All on this machine, to try it" }
                    (documents(&commands.unpack))
                }
            } @else {
                p {
                    @if commands.deployment.members.is_empty() { "On the client’s machine" }
                    @else { "On the machine that runs etcd" }
                    ", in the folder with the download. No other file is written over:"
                }
                (documents(&commands.unpack))
            }
            (keys_elsewhere(session, &commands.deployment))
        }
    }
}

/// Where the keys belong that stayed with whoever made the CSRs.
fn keys_elsewhere(session: &Session, deployment: &Deployment) -> Markup {
    let folder = session
        .commands_plan()
        .directory
        .trim()
        .trim_end_matches('/');
    let mut signed = deployment.certificates.iter();
    html! {
        @for facts in signed.by_ref().filter(|facts| !facts.is_authority() && facts.key_type.is_none()) {
            p {
                "The archive has no key for " code { (facts.stem) ".crt" } ": it stayed with whoever made the CSR, and belongs beside it as "
                code { (folder) "/" (facts.stem) ".key" } "."
            }
        }
    }
}

fn documents(documents: &[Document]) -> Markup {
    html! {
        @for document in documents {
            @if documents.len() > 1 { h4 { (document.title) } }
            (command(&document.id, &document.text))
        }
    }
}
