//! The document: finding elements, and bringing them from one view to the next.
//! What is missing is passed over: a page with a hole in it is better than none.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{
    Document, Element, FocusOptions, HtmlDetailsElement, HtmlElement, HtmlInputElement,
    HtmlOptionElement, HtmlProgressElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use crate::page::{
    element::PageElement,
    id::{Id, InputPart},
    input::Input,
    view::View,
    wish::Showing,
};

/// The document.
pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// An element by an identifier that the document itself told.
pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// The first element that a selector of this program's own finds.
pub(super) fn first(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// The link's fragment, with its `#`.
pub(super) fn fragment() -> String {
    web_sys::window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// The page's address without a fragment, where others have it too: not a path on
/// this disk.
pub(super) fn public_address() -> String {
    let href = web_sys::window()
        .and_then(|window| window.location().href().ok())
        .filter(|href| href.starts_with("http"))
        .unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// How many threads the machine runs at once.
pub(super) fn processors() -> usize {
    let number = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small whole number; a float's cast saturates"
    )]
    let number = number as usize;
    number.max(1)
}

/// Shows the page, now that it can do something.
pub(super) fn ready() -> Result<(), JsValue> {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        root.set_attribute("data-ready", "")?;
    }
    set_hidden(PageElement::Page, false);
    Ok(())
}

/// Brings the document from one view to another.
pub(super) fn show(before: &View, after: &View) {
    let mut replaced = false;
    if before.title != after.title
        && let Some(document) = document()
    {
        document.set_title(&after.title);
    }
    for region in &after.regions {
        if !before.regions.contains(region) || (replaced && is_empty(region.0)) {
            let (id, markup) = region;
            replaced |= replace(*id, markup);
        }
    }
    for (input, text) in &after.values {
        if replaced
            || !before
                .values
                .iter()
                .any(|known| known.0 == *input && known.1 == *text)
        {
            set_text(*input, text);
        }
    }
    for fault in &after.faults {
        if replaced || !before.faults.contains(fault) {
            set_fault(fault.0, fault.1.as_deref());
        }
    }
    for state in &after.chosen {
        if replaced || !before.chosen.contains(state) {
            set_chosen(state.0, state.1);
        }
    }
    for state in &after.hidden {
        if replaced || !before.hidden.contains(state) {
            set_hidden(state.0, state.1);
        }
    }
    for state in &after.disabled {
        if !before.disabled.contains(state)
            && let Some(button) = own(state.0)
        {
            set_state(&button, "aria-disabled", state.1);
        }
    }
    #[expect(clippy::float_cmp, reason = "the same number again, or another one")]
    if before.fraction != after.fraction
        && let Some(progress) = own::<HtmlProgressElement>(PageElement::Progress)
    {
        progress.set_value(after.fraction);
    }
}

/// Chooses a box, a radio button or an option of a list, or no longer.
fn set_chosen(id: Id, chosen: bool) {
    if let Some(input) = own::<HtmlInputElement>(id) {
        input.set_checked(chosen);
    } else if let Some(option) = own::<HtmlOptionElement>(id) {
        option.set_selected(chosen);
    }
}

/// Says of an element that something is so, or takes that away.
fn set_state(element: &Element, attribute: &str, is: bool) {
    // An attribute's name that is this program's own is never refused.
    let _ = if is {
        element.set_attribute(attribute, "true")
    } else {
        element.remove_attribute(attribute)
    };
}

fn typed<T: JsCast>(id: &str) -> Option<T> {
    element(id)?.dyn_into().ok()
}

/// An element of the page's own, where it is of that kind.
pub(super) fn own<T: JsCast>(id: impl Into<Id>) -> Option<T> {
    typed(&id.into().to_string())
}

fn is_empty(id: Id) -> bool {
    own::<Element>(id).is_some_and(|element| element.first_element_child().is_none())
}

/// What has the focus, unless that is the page itself.
fn active() -> Option<HtmlElement> {
    let document = document()?;
    let active: HtmlElement = document.active_element()?.dyn_into().ok()?;
    (document.body().as_ref() != Some(&active)).then_some(active)
}

/// How an element is found again among others that took the place of its own.
struct Mark {
    /// Its identifier, or that of the fold which it opens.
    id: String,
    /// Whether it opens that fold.
    is_summary: bool,
    /// What a press does.
    press: Option<String>,
}

impl Mark {
    fn of(element: &HtmlElement) -> Self {
        let is_summary = element.tag_name().eq_ignore_ascii_case("summary");
        let id = match element.parent_element() {
            Some(fold) if is_summary => fold.id(),
            _ => element.id(),
        };
        Self {
            id,
            is_summary,
            press: press(element),
        }
    }

    fn find(&self, region: &Element) -> Option<HtmlElement> {
        let selector = if self.is_summary {
            "summary"
        } else if self.id.is_empty() {
            "[data-action]"
        } else {
            return typed(&self.id);
        };
        let found = region.query_selector_all(selector).ok()?;
        (0..found.length())
            .filter_map(|index| found.item(index)?.dyn_into::<HtmlElement>().ok())
            .find(|element| {
                if self.is_summary {
                    let fold = element.parent_element();
                    fold.is_some_and(|fold| !self.id.is_empty() && fold.id() == self.id)
                } else {
                    press(element) == self.press
                }
            })
    }
}

/// What tells one press from another.
fn press(element: &Element) -> Option<String> {
    element.get_attribute("data-action")
}

/// Moves the focus, and nothing else.
pub(super) fn focus_quietly(element: &HtmlElement) {
    let quietly = FocusOptions::new();
    quietly.set_prevent_scroll(true);
    // An element that can't be focused any more leaves the focus to the page.
    let _ = element.focus_with_options(&quietly);
}

/// Where the focus is, from the inside out, so that it can stay near when its
/// element goes.
pub(super) struct Held(Vec<String>);

/// Notes where the focus is; nothing, where the page itself has it.
pub(super) fn hold_focus() -> Option<Held> {
    let mut ids = Vec::new();
    let mut element: Option<Element> = Some(active()?.into());
    while let Some(around) = element {
        if !around.id().is_empty() {
            ids.push(around.id());
        }
        element = around.parent_element();
    }
    Some(Held(ids))
}

impl Held {
    /// Gives the focus to what is nearest to where it was, when it would fall
    /// to the page: a reader with a keyboard would begin at the top again.
    pub(super) fn keep(&self) {
        let is_hidden = |element: &Element| !matches!(element.closest("[hidden]"), Ok(None));
        if active().is_some_and(|active| !is_hidden(&active)) {
            return;
        }
        let near = self
            .0
            .iter()
            .find_map(|id| typed::<HtmlElement>(id).filter(|element| !is_hidden(element)));
        if let Some(near) = near {
            if near.tab_index() < 0 {
                near.set_tab_index(-1);
            }
            focus_quietly(&near);
        }
    }
}

/// Puts markup into an element, and what was unfolded or had the focus in it
/// stays so. Says whether there were inputs in it.
fn replace(id: Id, markup: &str) -> bool {
    let Some(region) = own::<Element>(id) else {
        return false;
    };
    let open = unfolded(&region);
    let focused = active()
        .filter(|active| region.contains(Some(active)))
        .map(|active| Mark::of(&active));
    region.set_inner_html(markup);
    for id in open {
        if let Some(details) = typed::<HtmlDetailsElement>(&id) {
            details.set_open(true);
        }
    }
    if let Some(again) = focused.and_then(|mark| mark.find(&region)) {
        focus_quietly(&again);
    }
    matches!(region.query_selector("input, textarea"), Ok(Some(_)))
}

fn unfolded(region: &Element) -> Vec<String> {
    let Ok(found) = region.query_selector_all("details[open][id]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into::<Element>().ok())
        .map(|details| details.id())
        .collect()
}

#[wasm_bindgen]
extern "C" {
    /// An input or a text area whose text stays with JavaScript: it may be a key,
    /// and whoever only compares it has no need of a copy.
    type Field;

    #[wasm_bindgen(method, getter, js_name = value)]
    fn value_there(this: &Field) -> JsString;
}

/// Puts text into an input, unless it is there already: that would move the
/// caret.
pub(super) fn set_text(input: Input, text: &str) {
    let Some(element) = own::<Element>(input) else {
        return;
    };
    let there: JsValue = element.unchecked_ref::<Field>().value_there().into();
    if there == JsValue::from_str(text) {
        return;
    }
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
    }
}

/// What is in an input.
pub(super) fn text(id: &str) -> Option<String> {
    typed::<HtmlInputElement>(id)
        .map(|input| input.value())
        .or_else(|| typed::<HtmlTextAreaElement>(id).map(|area| area.value()))
}

/// The length of what is in an input, in UTF-16 units, without copying it.
pub(super) fn text_length(id: &str) -> usize {
    typed::<HtmlTextAreaElement>(id).map_or(0, |area| {
        usize::try_from(area.text_length()).unwrap_or(usize::MAX)
    })
}

/// Has whatever chooses files forget which were chosen.
pub(super) fn forget_chosen_files() {
    let chosen =
        document().and_then(|document| document.query_selector_all("input[type=file]").ok());
    if let Some(chosen) = chosen {
        for index in 0..chosen.length() {
            if let Some(input) = chosen
                .item(index)
                .and_then(|node| node.dyn_into::<HtmlInputElement>().ok())
            {
                input.set_value("");
            }
        }
    }
}

/// Shows a file's text, or takes it out of the document again.
pub(super) fn show_or_hide(showing: &Showing, button: &HtmlElement) {
    for place in with_attribute("data-contents", &showing.file) {
        let Ok(place) = place.dyn_into::<HtmlElement>() else {
            continue;
        };
        let shows = place.hidden();
        place.set_text_content(shows.then_some(showing.contents.as_str()));
        place.set_hidden(!shows);
        let face = if shows {
            &showing.shown
        } else {
            &showing.hidden
        };
        // Its own attribute and value are never refused.
        let _ = button.set_attribute("aria-expanded", if shows { "true" } else { "false" });
        let _ = button.set_attribute("aria-label", &face.label);
        button.set_text_content(Some(face.word));
    }
}

fn set_fault(input: Input, message: Option<&str>) {
    let fault = Id::OfInput(input, InputPart::Fault);
    let Some(place) = own::<Element>(fault) else {
        return;
    };
    place.set_text_content(message);
    set_hidden(fault, message.is_none());
    let Some(input) = own::<Element>(input) else {
        return;
    };
    set_state(&input, "aria-invalid", message.is_some());
    if message.is_some() {
        unfold_around(&input);
    }
}

/// Opens every `<details>` around an element.
fn unfold_around(element: &Element) {
    let mut parent = element.parent_element();
    while let Some(around) = parent {
        if let Some(details) = around.dyn_ref::<HtmlDetailsElement>() {
            details.set_open(true);
        }
        parent = around.parent_element();
    }
}

pub(super) fn set_hidden(id: impl Into<Id>, hidden: bool) {
    if let Some(element) = own::<HtmlElement>(id) {
        element.set_hidden(hidden);
    }
}

/// Moves the focus, and what has it into sight. At once: a page that glides on
/// by itself makes a reader press beside the mark.
pub(super) fn focus(id: Id) {
    let Some(target) = own::<HtmlElement>(id) else {
        return;
    };
    unfold_around(&target);
    // An element that takes no focus is still scrolled to.
    focus_quietly(&target);
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    target.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Shows a place from its beginning, and gives its heading the focus.
pub(super) fn show_place(heading: PageElement) {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
    if let Some(heading) = own::<HtmlElement>(heading) {
        focus_quietly(&heading);
    }
}

/// Brings an element into sight, from its beginning.
pub(super) fn show_part(id: Id) {
    if let Some(part) = own::<Element>(id) {
        part.scroll_into_view();
    }
}

/// What the entries of the history are marked by that the page itself made.
const OWN: JsValue = JsValue::TRUE;

/// Whether the page itself put its present fragment into the address.
pub(super) fn is_own_address() -> bool {
    history().is_some_and(|history| history.state() == Ok(OWN))
}

/// Marks the present address as the page's own.
pub(super) fn keep_address() {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&OWN, "", None);
    }
}

/// Gives the address another fragment, as a step that one can go back from. A browser
/// may refuse, as in a frame that is sandboxed or after too many steps: an address that
/// is out of date is all that comes of it.
pub(super) fn add_address(wanted: &str) {
    if fragment() != wanted
        && let Some(history) = history()
    {
        let _ = history.push_state_with_url(&OWN, "", Some(wanted));
    }
}

/// Gives the address another fragment in the place of the one that it has, likewise.
pub(super) fn change_address(wanted: &str) {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&OWN, "", Some(wanted));
    }
}

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}

/// Every element with an attribute of this value. Not by a selector: a file's
/// name may hold anything.
fn with_attribute(name: &str, value: &str) -> Vec<Element> {
    let Some(found) =
        document().and_then(|document| document.query_selector_all(&format!("[{name}]")).ok())
    else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into::<Element>().ok())
        .filter(|element| element.get_attribute(name).as_deref() == Some(value))
        .collect()
}
