//! All that can be seen of a session, as values: `browser` compares a view with
//! the one before and changes only what differs, so inputs keep their focus and
//! their text while the page around them moves. Each chapter adds what is its.

use maud::Markup;

use super::{input::Input, words::curly};

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
    /// The window's title.
    pub title: String,
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
        self.faults.push((input, fault.map(curly)));
    }
}
