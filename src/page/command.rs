//! A command or a file on the page, with the button that copies it. Each `<pre>`
//! holds a script and nothing else, so that it can be run as it stands.

use maud::{Markup, html};

use super::event::Press;
use crate::etcd::commands::Document;

/// A script with its copy button.
pub(super) fn command(id: &str, script: &str) -> Markup {
    html! {
        div.command {
            pre id=(id) { (script) }
            button.copy type="button" data-action=(Press::CopyText(id.to_owned())) aria-describedby=(id) { "Copy" }
        }
    }
}

/// A file or a command under its title. A file says where it is expected.
pub(super) fn document(document: &Document) -> Markup {
    html! {
        @if document.file_name.is_some() {
            h4 { code { (document.title) } }
            @if let Some(path) = &document.saved_as {
                p.hint { "The archive has it; it belongs at " code { (path) } "." }
            } @else {
                p.hint { "The archive has it." }
            }
        } @else {
            h4 { (document.title) }
        }
        (command(&document.id, &document.text))
    }
}

/// What stands where there are no commands yet.
pub(super) fn waiting() -> Markup {
    html! { p.before { "The commands stand here as soon as the form above is complete." } }
}
