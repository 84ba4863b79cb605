//! All that can be seen of a session, as values: `browser` compares a view with
//! the one before and changes only what differs, so inputs keep their focus and
//! their text while the page around them moves. Each chapter adds what is its.

use maud::Markup;

use super::{id::Id, input::Input, words::curly};

/// What can be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The contents of elements, by their identifiers; outer ones first, because
    /// they hold the inner ones.
    pub regions: Vec<(Id, String)>,
    /// The text of inputs.
    pub values: Vec<(Input, String)>,
    /// The faults beside inputs.
    pub faults: Vec<(Input, Option<String>)>,
    /// Which boxes, radio buttons and options are chosen.
    pub chosen: Vec<(Id, bool)>,
    /// Which elements are not shown.
    pub hidden: Vec<(Id, bool)>,
    /// Which buttons can't be pressed now. They keep the focus all the same.
    pub disabled: Vec<(Id, bool)>,
    /// How far the work is, from 0 to 1.
    pub fraction: f64,
    /// The window's title.
    pub title: String,
}

impl View {
    /// Adds what is in an element.
    pub(super) fn region(&mut self, id: impl Into<Id>, markup: Markup) {
        self.regions.push((id.into(), markup.into_string()));
    }

    /// Adds whether something is chosen.
    pub(super) fn choose(&mut self, id: impl Into<Id>, chosen: bool) {
        self.chosen.push((id.into(), chosen));
    }

    /// Adds whether an element is not shown.
    pub(super) fn hide(&mut self, id: impl Into<Id>, hidden: bool) {
        self.hidden.push((id.into(), hidden));
    }

    /// Adds whether a button can't be pressed.
    pub(super) fn disable(&mut self, id: impl Into<Id>, disabled: bool) {
        self.disabled.push((id.into(), disabled));
    }

    /// Adds what is wrong with an input.
    pub(super) fn fault(&mut self, input: Input, fault: Option<&str>) {
        self.faults.push((input, fault.map(curly)));
    }
}
