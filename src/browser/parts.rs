//! One thing shown in several panes: its parts bear a number as `data-part`, in each
//! pane anew. Pointing at a part, choosing it by key or tapping it marks it wherever it
//! is shown, brings it into sight in the other panes, and puts what is to be said of it
//! (`data-said`) where that is read. Nothing of it is the session's: no work waits for
//! a pointer that moves.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, Node, NodeList};

use super::dom;

/// The class of what is marked.
const MARKED: &str = "marked";

/// The pointer is over something.
pub(super) fn pointed_at(target: &Element) {
    if let Some(part) = closest(target, "[data-part]") {
        mark(&part);
    } else if let Some(chosen) = dom::first("[data-parts] input:checked") {
        // Off the parts, the one that was chosen is marked again.
        mark(&chosen);
    }
}

/// A part was tapped: it is chosen.
pub(super) fn tapped(target: &Element) {
    let Some(part) = closest(target, "[data-part]") else {
        return;
    };
    let number = part.get_attribute("data-part").unwrap_or_default();
    let radio = dom::first(&format!("[data-parts] input[value='{number}']"));
    if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok()) {
        radio.set_checked(true);
        mark(&part);
    }
}

/// Something got the focus, or was chosen by key.
pub(super) fn arrived_at(target: &Element) {
    if closest(target, "[data-parts]").is_some() && closest(target, "[data-part]").is_some() {
        mark(target);
    }
}

fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// Marks the part that an element belongs to, everywhere.
fn mark(target: &Element) {
    let (Some(part), Some(panes)) = (
        closest(target, "[data-part]"),
        closest(target, "[data-parts]"),
    ) else {
        return;
    };
    let Some(number) = part.get_attribute("data-part") else {
        return;
    };
    if part.class_list().contains(MARKED) {
        return;
    }
    each(panes.query_selector_all(".marked").ok(), |element| {
        // A class's name that is this program's own is never refused.
        let _ = element.class_list().remove_1(MARKED);
    });
    let here = closest(&part, "[data-pane]");
    let same = format!("[data-part='{number}']");
    each(panes.query_selector_all(&same).ok(), |element| {
        let _ = element.class_list().add_1(MARKED);
        if let Some(pane) = closest(&element, "[data-pane]")
            && here.as_ref() != Some(&pane)
        {
            bring_into_sight(&pane, &element);
        }
    });
    let said = dom::first(&format!("[data-said='{number}']"));
    if let (Some(said), Some(place)) = (said, dom::first("[data-part-said]")) {
        place.set_inner_html(&said.inner_html());
    }
}

/// Scrolls a pane, and nothing else, until an element's beginning is in it.
fn bring_into_sight(pane: &Element, element: &Element) {
    let (outer, inner) = (
        pane.get_bounding_client_rect(),
        element.get_bounding_client_rect(),
    );
    let below = inner.top() - outer.top();
    if below >= 0.0 && below + inner.height().min(24.0) <= outer.height() {
        return;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few thousand pixels; a float's cast saturates"
    )]
    let by = (below - outer.height() / 3.0) as i32;
    pane.set_scroll_top(pane.scroll_top() + by);
}

fn each(found: Option<NodeList>, action: impl Fn(Element)) {
    let Some(found) = found else {
        return;
    };
    let elements = (0..found.length())
        .filter_map(|index| found.item(index))
        .filter_map(|node: Node| node.dyn_into::<Element>().ok());
    elements.for_each(action);
}
