//! The right pane of Make: what will come of the plan, or has. The press that makes
//! the files fills the same picture with dates.

use maud::{Markup, html};

use crate::page::{
    event::Press,
    picture::{drawing, picture, words},
    session::Session,
    view::View,
};

/// What is shown of it.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region("picture", pane(session));
}

fn pane(session: &Session) -> Markup {
    let Some(picture) = picture(session) else {
        return html! { p.before { "The picture of who trusts whom stands here as soon as the form is complete." } };
    };
    html! {
        (drawing(&picture))
        p.out-of-sight { (words(&picture).join(" ")) }
        h3 { "On each machine" }
        ul.machines {
            @for machine in picture.machines() {
                li {
                    strong { (machine.name) } " "
                    @if !machine.folder.is_empty() { code { (machine.folder) } }
                    span.files-there {
                        @for (place, file) in machine.files.iter().enumerate() {
                            @if place > 0 { " · " }
                            code { (file) }
                        }
                    }
                }
            }
        }
        @if session.files.lab().is_some() {
            div.row {
                button.quiet type="button" #download-picture data-action=(Press::DownloadPicture) { "Picture as SVG" }
                button.quiet type="button" #print data-action=(Press::Print) { "Print a sheet" }
                button.quiet type="button" #download-calendar data-action=(Press::DownloadCalendar) { "Dates as .ics" }
            }
        }
    }
}
