//! What happens in the document, by delegation: a few listeners, which make an
//! [`Event`] of it from the element's identifier or its `data-…`. They know no
//! chapter: what an event does is `page`'s to say.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    ClipboardEvent, DragEvent, Element, EventTarget, FileList, HtmlElement, HtmlInputElement,
    HtmlSelectElement, MouseEvent,
};
use zeroize::Zeroizing;

use super::{
    app::{self, Occasion},
    clock::later,
    dom, parts, reading,
};
use crate::page::{
    destination::{Destination, destination},
    event::{Choice, Event, FileOffer, Press},
    id::Id,
    input::Input,
};

/// Begins to listen, for as long as the page lives.
pub(super) fn listen() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let document = window.document().ok_or(JsValue::NULL)?;
    on(&document, "input", typed)?;
    on(&document, "change", changed)?;
    on(&document, "focusout", left)?;
    on(&document, "click", clicked)?;
    on(&document, "pointerover", |event| {
        if let Some(target) = target(event) {
            parts::pointed_at(&target);
        }
    })?;
    on(&document, "focusin", |event| {
        if let Some(target) = target(event) {
            parts::arrived_at(&target);
        }
    })?;
    on(&document, "dragover", dragged)?;
    on(&document, "drop", dropped)?;
    on(&document, "paste", pasted)?;
    on(&window, "beforeunload", leaving)?;
    on(&window, "pagehide", |_| app::by_itself(Event::PutAside))?;
    // A page may come back from where the browser put it aside.
    on(&window, "pageshow", |_| app::by_itself(Event::TakeUp))?;
    on(&window, "hashchange", |_| app::by_itself(app::arrival()))
}

/// Listens. Not an `FnMut`: a press on a download's link, or moving the focus,
/// causes another event within the one at hand.
fn on(
    target: &EventTarget,
    kind: &str,
    action: impl Fn(&web_sys::Event) + 'static,
) -> Result<(), JsValue> {
    let action = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        action(&event);
    });
    target.add_event_listener_with_callback(kind, action.as_ref().unchecked_ref())?;
    action.forget();
    Ok(())
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn input(event: &web_sys::Event) -> Option<Input> {
    target(event)?.id().parse().ok()
}

fn typed(event: &web_sys::Event) {
    let Some(input) = input(event) else {
        return;
    };
    let id = input.to_string();
    let length = dom::text_length(&id);
    // Longer texts are not even copied.
    if input.limit().is_some_and(|limit| length > limit) {
        app::by_itself(Event::TypeTooMuch(input, length));
    } else if let Some(text) = dom::text(&id) {
        app::by_itself(Event::Type(input, Zeroizing::new(text)));
    }
}

/// An input was left. That is looked at when the focus has arrived: what is drawn
/// anew while it is on its way can't receive it.
fn left(event: &web_sys::Event) {
    if let Some(input) = input(event) {
        later(0, move || app::by_itself(Event::Leave(input)));
    }
}

fn changed(event: &web_sys::Event) {
    let Some(target) = target(event) else {
        return;
    };
    parts::arrived_at(&target);
    if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        if let Ok(choice) = select.value().parse::<Choice>() {
            app::by_itself(Event::Choose(choice));
        }
        return;
    }
    let box_or_file = target.dyn_ref::<HtmlInputElement>();
    match (target.id().parse(), box_or_file) {
        (Ok(Id::Input(Input::Plan(_))), _) => {
            typed(event);
            left(event);
        }
        (Ok(Id::Choice(choice)), _) => app::by_itself(Event::Choose(choice)),
        (Ok(Id::Tick(tick)), Some(input)) => app::by_itself(Event::Tick(tick, input.checked())),
        (_, Some(input)) => {
            if let (Some(wanted), Some(files)) = (attribute(input, "data-for"), input.files()) {
                offered(wanted, &files);
                // The same file may be chosen again after it was changed.
                if !wanted.names_its_file() {
                    input.set_value("");
                }
            }
        }
        (_, None) => {}
    }
}

fn attribute(element: &Element, name: &str) -> Option<Input> {
    element.get_attribute(name)?.parse().ok()
}

fn clicked(event: &web_sys::Event) {
    if followed(event) {
        return;
    }
    if let Some(target) = target(event) {
        parts::tapped(&target);
    }
    let Some(button) = target(event)
        .and_then(|element| element.closest("[data-action]").ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    if button.get_attribute("aria-disabled").is_some() {
        return;
    }
    let press = button
        .get_attribute("data-action")
        .and_then(|press| press.parse::<Press>().ok());
    if let Some(press) = press {
        app::happened(Event::Press(press), &Occasion::Press(button));
    }
}

/// A link to a place is followed here: a browser that follows one takes the focus
/// away for a moment, and tells nobody where the address is the same already.
fn followed(event: &web_sys::Event) -> bool {
    let with_a_key = event.dyn_ref::<MouseEvent>().is_some_and(|click| {
        click.ctrl_key() || click.shift_key() || click.meta_key() || click.alt_key()
    });
    let address = target(event)
        .and_then(|element| element.closest("a[href^='#']").ok().flatten())
        .and_then(|link| link.get_attribute("href"));
    let Some(address) = address else {
        return false;
    };
    let Some(Destination::Place(place)) = destination(&address) else {
        return false;
    };
    if with_a_key {
        return false;
    }
    event.prevent_default();
    app::by_itself(Event::Go(place));
    true
}

fn dragged(event: &web_sys::Event) {
    // A file dropped beside its field must not take the place of the page.
    event.prevent_default();
}

fn dropped(event: &web_sys::Event) {
    event.prevent_default();
    let wanted = target(event)
        .and_then(|element| element.closest("[data-drop]").ok().flatten())
        .and_then(|element| attribute(&element, "data-drop"));
    let files = event
        .dyn_ref::<DragEvent>()
        .and_then(DragEvent::data_transfer)
        .and_then(|transfer| transfer.files());
    if let Some(files) = files.filter(|files| files.length() > 0) {
        let offers = offers(&files);
        let event = match wanted {
            Some(wanted) => Event::Offer(wanted, offers),
            None => Event::Drop(offers),
        };
        app::happened(event, &Occasion::Files(files));
    }
}

fn offered(wanted: Input, files: &FileList) {
    let event = Event::Offer(wanted, offers(files));
    app::happened(event, &Occasion::Files(files.clone()));
}

fn offers(files: &FileList) -> Vec<FileOffer> {
    (0..files.length())
        .filter_map(|index| files.item(index))
        .map(|file| FileOffer {
            name: file.name(),
            length: reading::size(&file),
        })
        .collect()
}

/// A text of megabytes is kept out of its input, and taken as a file would be.
fn pasted(event: &web_sys::Event) {
    let Some(input) = input(event) else {
        return;
    };
    let text: Option<JsString> = event
        .dyn_ref::<ClipboardEvent>()
        .and_then(ClipboardEvent::clipboard_data)
        .and_then(|data| reading::text_of(&data));
    let Some(text) = text else {
        return;
    };
    let length = text.length() as usize;
    if let Some(name) = input.as_file(length) {
        let name = name.to_owned();
        let offer = FileOffer { name, length };
        app::happened(Event::Offer(input, vec![offer]), &Occasion::Text(text));
        event.prevent_default();
    }
}

/// Leaving asks first, where a key would be lost, and only there.
fn leaving(event: &web_sys::Event) {
    if app::has_unsaved_keys() {
        event.prevent_default();
        // Older browsers ask only when this is set.
        let _ = js_sys::Reflect::set(event, &"returnValue".into(), &JsValue::TRUE);
    }
}
