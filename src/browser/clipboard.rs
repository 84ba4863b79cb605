//! Copying text: by the Clipboard API where there is one, by a selection where
//! there is none.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};
use zeroize::Zeroizing;

use super::{clock::later, dom};
use crate::page::element::PageElement;

/// How long a button says that it has copied, in milliseconds.
const SAID: i32 = 1_600;

/// Copies a text, and has the button say so.
pub(super) fn copy(text: Zeroizing<String>, button: HtmlElement) {
    spawn_local(async move {
        let by_selection = || by_selection(&text, &button);
        let copied = match by_clipboard(&text) {
            Ok(promise) => JsFuture::from(promise).await.is_ok() || by_selection(),
            Err(_) => by_selection(),
        };
        say(&button, if copied { "Copied" } else { "Not copied" });
    });
}

/// `navigator.clipboard` is missing where the page's address is not trusted.
fn by_clipboard(text: &str) -> Result<js_sys::Promise, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    if clipboard.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    Ok(navigator.clipboard().write_text(text).unchecked_into())
}

/// Selects the text in a field of its own, which takes the focus for a moment;
/// `button` has it afterwards.
fn by_selection(text: &str, button: &HtmlElement) -> bool {
    let copy = || -> Result<bool, JsValue> {
        let document: HtmlDocument = dom::document().ok_or(JsValue::NULL)?.unchecked_into();
        let area: HtmlTextAreaElement = document.create_element("textarea")?.dyn_into()?;
        area.set_value(text);
        area.set_class_name("out-of-sight");
        document.body().ok_or(JsValue::NULL)?.append_child(&area)?;
        area.select();
        let copied = document.exec_command("copy");
        area.remove();
        dom::focus_quietly(button);
        copied
    };
    copy().unwrap_or(false)
}

fn say(button: &HtmlElement, word: &'static str) {
    // Read aloud, where the button itself would not be.
    if let Some(place) = dom::own::<Element>(PageElement::Copied) {
        place.set_text_content(Some(word));
    }
    let before = match button.get_attribute("data-word") {
        Some(before) => before,
        None => button.text_content().unwrap_or_default(),
    };
    // Nothing is lost if the button can't remember its word.
    let _ = button.set_attribute("data-word", &before);
    button.set_text_content(Some(word));
    let button = button.clone();
    later(SAID, move || {
        button.set_text_content(Some(&before));
        if let Some(place) = dom::own::<Element>(PageElement::Copied) {
            place.set_text_content(None);
        }
    });
}
