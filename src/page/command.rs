//! A command or a file on the page, with the button that copies it. Each `<pre>`
//! holds a script and nothing else, so that it can be run as it stands.

use maud::{Markup, html};

use super::event::Press;
use crate::etcd::commands::Document;

/// A script with its copy button.
pub(super) fn command(id: &str, script: &str) -> Markup {
    html! {
        div.command {
            pre id=(id) {
                @for (piece, is_flag) in pieces(script) {
                    @if is_flag {
                        span.flag { (piece) }
                        // A value may begin on a line of its own.
                        @if piece.ends_with('=') { wbr; }
                    } @else { (piece) }
                }
            }
            button.copy type="button" data-action=(Press::CopyText(id.to_owned())) aria-describedby=(id) { "Copy" }
        }
    }
}

/// A script in pieces, each with whether it is the name of a flag with its `=`, which no
/// line ends within. What it is indented by belongs to it, or a long value would leave an empty
/// line before it.
fn pieces(script: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut rest = script;
    let begins = |rest: &str| {
        let mut dashes = rest.match_indices("--").map(|(start, _)| start);
        dashes.find(|start| rest.split_at(*start).0.ends_with([' ', '"']))
    };
    while let Some(start) = begins(rest) {
        let (before, flag) = rest.split_at(start);
        let in_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let end = flag.find(|letter| !in_name(letter)).unwrap_or(flag.len());
        let end = end + usize::from(flag.split_at(end).1.starts_with('='));
        let line = before.rfind('\n').map_or(before.len(), |line| line + 1);
        let (earlier, indentation) = before.split_at(line);
        let is_indented = indentation.trim_matches([' ', '-']).is_empty();
        let before = if is_indented { earlier } else { before };
        let (_, flag) = rest.split_at(before.len());
        let (name, after) = flag.split_at(start - before.len() + end);
        pieces.extend([(before, false), (name, true)]);
        rest = after;
    }
    pieces.push((rest, false));
    pieces
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_in_pieces_is_the_script_and_its_flags_are_whole() {
        for script in ["", "--", "etcd --a-b=/c --d \\\n  --e-f", "a -- b --"] {
            let joined: String = pieces(script).iter().map(|(piece, _)| *piece).collect();
            assert_eq!(joined, script);
        }
        let flags = |script| -> Vec<&str> {
            let pieces = pieces(script).into_iter();
            pieces
                .filter(|piece| piece.1)
                .map(|piece| piece.0)
                .collect()
        };
        assert_eq!(
            flags("etcd --cert-file=/a--b \\\n  --client-cert-auth"),
            ["--cert-file=", "  --client-cert-auth"]
        );
        assert_eq!(
            flags("command:\n  - etcd\n  - --name=m1 --x\n"),
            ["  - --name=", "--x"]
        );
        assert_eq!(
            flags("etcdctl \"--cert=a--b.crt\" \"--key=c.key\""),
            ["--cert=", "--key="]
        );
    }
}
