//! Break it: one press makes a deliberate mistake, the next mends it. The
//! files are really issued, by a worker, with the CA and the keys on the page
//! or, before there are any, with some of the drills' own; what etcd says of
//! them is worked out like any verdict.

use maud::{Markup, html};

mod state;

pub use self::state::Drills;

use self::state::Shown;
use super::dry_run;
use crate::{
    lab::drills::Drill,
    page::{
        command::command,
        element::PageElement,
        event::Press,
        id::Id,
        picture::{drawing, words},
        session::Session,
        view::View,
        words::curly,
    },
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::DrillList, list(session));
    view.region(PageElement::DrillStatus, spoken(session));
    view.region(PageElement::DrillPanel, panel(session));
}

/// The buttons.
fn list(session: &Session) -> Markup {
    let current = session.drills.current().map(|(drill, _)| drill);
    html! {
        div.drills {
            @for drill in Drill::all() {
                button type="button" id=(Id::Drill(drill)) data-action=(Press::Drill(drill))
                    aria-pressed=(if current == Some(drill) { "true" } else { "false" }) {
                    (drill.title())
                }
            }
        }
    }
}

/// The drill on show.
fn panel(session: &Session) -> Markup {
    let drills = &session.drills;
    let Some((drill, mended)) = drills.current() else {
        return html! {
            p.before {
                "Press one. The page makes the files"
                @if session.files.lab().is_some() { " with your CA and keys, beside your files" }
                @else { " with a CA of its own, since nothing is made yet" }
                ", and shows what etcd and etcdctl say to it."
            }
        };
    };
    let ready = drills
        .shown
        .as_ref()
        .filter(|shown| (shown.set.drill, shown.set.mended) == (drill, mended));
    html! {
        section.card.drill aria-labelledby="drill-title" {
            h3 #drill-title tabindex="-1" {
                (drill.title())
                @if mended { " " span.good { "mended" } }
            }
            p {
                @if mended { (drill.mend()) } @else { (drill.mistake()) }
            }
            div.row {
                @if mended {
                    button type="button" #drill-break data-action=(Press::Drill(drill)) { "Break it again" }
                } @else {
                    button.primary type="button" #drill-mend data-action=(Press::DrillMend(drill)) { "Mend it" }
                }
            }
            @if let Some(reason) = &drills.failed {
                p.bad { "This did not work: " (curly(reason)) ". Press the button again." }
            } @else if let Some(shown) = ready {
                (on_show(session, shown))
            } @else {
                p.reading { "Making the files…" }
            }
        }
    }
}

/// How far the drill is and what came of it, for those who hear it.
fn spoken(session: &Session) -> Markup {
    let drills = &session.drills;
    let Some(current) = drills.current() else {
        return html! {};
    };
    let ready = drills
        .shown
        .as_ref()
        .filter(|shown| (shown.set.drill, shown.set.mended) == current);
    html! {
        @if let Some(reason) = &drills.failed { "This did not work: " (curly(reason)) "." }
        @else if let Some(shown) = ready { (dry_run::told(&shown.state)) }
        @else { "Making the files…" }
    }
}

fn on_show(session: &Session, shown: &Shown) -> Markup {
    let set = &shown.set;
    let folder = set.drill.folder();
    let build = session.build();
    let picture = shown.picture();
    html! {
        h4 { "What etcd " (build.version) " and etcdctl say" }
        div #drill-outcome { (dry_run::state(&shown.state)) }
        (drawing(&picture))
        p.out-of-sight { (words(&picture).join(" ")) }
        h4 { "Try it for real" }
        div.row {
            button type="button" #drill-download data-action=(Press::DrillDownload) {
                "Download " (folder) ".tar"
            }
            span.hint {
                @for (index, file) in set.files.iter().enumerate() {
                    @if index > 0 { ", " }
                    code { (file.name) }
                }
                " in a folder " code { (folder) } " of their own; your files stay as they are."
            }
        }
        (command("drill-unpack", &set.unpack()))
        (command("drill-etcd", &set.etcd))
        @if !set.others.is_empty() {
            p.prints { "The other members, each in a terminal of its own:" }
            @for (place, other) in set.others.iter().enumerate() {
                (command(&format!("drill-other-{place}"), other))
            }
        }
        @if let Some(preparation) = &set.preparation {
            p.prints { "Once, to turn authentication on:" }
            (command("drill-preparation", preparation))
        }
        (command("drill-etcdctl", &set.etcdctl))
        @if let Some(gateway) = &set.gateway {
            p.prints { "And the gateway, with curl:" }
            (command("drill-gateway", gateway))
        }
    }
}
