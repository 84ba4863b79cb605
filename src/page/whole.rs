//! The whole page, every chapter in its order: a session's view.

use maud::html;

use super::{
    chapters::{
        authenticate, authority, bar, break_it, diagnose, files, foresight, identities, inspect,
        making, needs, renew_and_revoke, start_etcd,
    },
    element::PageElement,
    field,
    id::{Id, InputPart},
    input::Input,
    session::Session,
    view::View,
};
use crate::lab::making::Progress;

/// Renders a session, in the page's order.
#[must_use]
pub fn view(session: &Session) -> View {
    let mut view = View::default();
    bar::show(session, &mut view);
    foresight::show(session, &mut view);
    needs::show(session, &mut view);
    authority::show(session, &mut view);
    identities::show(session, &mut view);
    making::show(session, &mut view);
    files::show(session, &mut view);
    start_etcd::show(session, &mut view);
    authenticate::show(session, &mut view);
    break_it::show(session, &mut view);
    diagnose::show(session, &mut view);
    inspect::show(session, &mut view);
    renew_and_revoke::show(session, &mut view);
    fields(session, &mut view);
    view.hide(PageElement::Forget, session.asks_to_forget);
    view.hide(PageElement::ForgetQuestion, !session.asks_to_forget);
    view.region(PageElement::Version, html! { (env!("CARGO_PKG_VERSION")) });
    view
}

/// The fields of the plan, wherever they stand.
fn fields(session: &Session, view: &mut View) {
    for field in session.form.fields() {
        let input = Input::Plan(field);
        if let Some(text) = session.form.text(field) {
            view.values.push((input, text.to_owned()));
        }
        view.fault(input, session.form.fault(field));
        if field::is_mendable(field) {
            let mend = Id::OfInput(input, InputPart::Mend);
            view.hide(mend, session.form.mended(field).is_none());
        }
    }
}

/// The view that was shown, with the work as far as it is now: all that changes
/// while files are made. Rendering a thousand clients ten times a second would
/// take the page's thread from its reader.
#[must_use]
pub fn with_progress(shown: &View, progress: Progress) -> View {
    let mut now = View::default();
    making::show_progress(progress, &mut now);
    let mut view = shown.clone();
    view.fraction = now.fraction;
    for (id, markup) in now.regions {
        match view.regions.iter_mut().find(|region| region.0 == id) {
            Some(region) => region.1 = markup,
            None => view.regions.push((id, markup)),
        }
    }
    view
}
