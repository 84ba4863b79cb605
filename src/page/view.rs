//! All that can be seen of a session, as values: `browser` compares a view with
//! the one before and changes only what differs, so inputs keep their focus and
//! their text while the page around them moves. Each chapter adds what is its.

use maud::{Markup, html};

use super::{
    chapters::{
        authenticate, authority, break_it, diagnose, files, identities, inspect, making, needs,
        renew_and_revoke, start_etcd,
    },
    field,
    id::{Id, InputPart},
    input::Input,
    session::Session,
};
use crate::lab::making::Progress;

/// What can be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The contents of elements, by their identifiers; outer ones first, because
    /// they hold the inner ones.
    pub regions: Vec<(String, String)>,
    /// The text of inputs.
    pub values: Vec<(Input, String)>,
    /// The faults beside inputs.
    pub faults: Vec<(Input, Option<String>)>,
    /// Which boxes, radio buttons and options are chosen.
    pub chosen: Vec<(String, bool)>,
    /// Which elements are not shown.
    pub hidden: Vec<(String, bool)>,
    /// Which buttons can't be pressed now. They keep the focus all the same.
    pub disabled: Vec<(String, bool)>,
    /// How far the work is, from 0 to 1.
    pub fraction: f64,
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "an identifier is small, and most are made for the call"
)]
impl View {
    /// Adds what is in an element.
    pub(super) fn region(&mut self, id: impl ToString, markup: Markup) {
        self.regions.push((id.to_string(), markup.into_string()));
    }

    /// Adds whether something is chosen.
    pub(super) fn choose(&mut self, id: impl ToString, chosen: bool) {
        self.chosen.push((id.to_string(), chosen));
    }

    /// Adds whether an element is not shown.
    pub(super) fn hide(&mut self, id: impl ToString, hidden: bool) {
        self.hidden.push((id.to_string(), hidden));
    }

    /// Adds whether a button can't be pressed.
    pub(super) fn disable(&mut self, id: impl ToString, disabled: bool) {
        self.disabled.push((id.to_string(), disabled));
    }

    /// Adds what is wrong with an input.
    pub(super) fn fault(&mut self, input: Input, fault: Option<&str>) {
        self.faults.push((input, fault.map(str::to_owned)));
    }

    /// The same view with the work as far as it is now: all that changes while
    /// files are made. Rendering a thousand clients ten times a second would
    /// take the page's thread from its reader.
    #[must_use]
    pub fn with_progress(&self, progress: Progress) -> Self {
        let mut now = Self::default();
        making::show_progress(progress, &mut now);
        let mut view = self.clone();
        view.fraction = now.fraction;
        for (id, markup) in now.regions {
            match view.regions.iter_mut().find(|region| region.0 == id) {
                Some(region) => region.1 = markup,
                None => view.regions.push((id, markup)),
            }
        }
        view
    }
}

/// Renders a session, in the page's order.
#[must_use]
pub fn view(session: &Session) -> View {
    let mut view = View::default();
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
    view.hide("forget", session.asks_to_forget());
    view.hide("forget-question", !session.asks_to_forget());
    view.region("version", html! { (env!("CARGO_PKG_VERSION")) });
    view
}

/// The fields of the plan, wherever they stand.
fn fields(session: &Session, view: &mut View) {
    for field in session.fields() {
        let input = Input::Plan(field);
        if let Some(text) = session.text(field) {
            view.values.push((input, text.to_owned()));
        }
        view.fault(input, session.fault(field));
        if field::is_mendable(field) {
            let mend = Id::OfInput(input, InputPart::Mend);
            view.hide(mend, session.mended(field).is_none());
        }
    }
}
