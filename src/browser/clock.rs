//! The browser's clock, and waiting.

use jiff::Timestamp;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// The time now, to the millisecond.
pub(super) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of milliseconds, far below 2^53"
    )]
    Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or_default()
}

/// Does something a moment later.
pub(super) fn later(milliseconds: i32, action: impl FnOnce() + 'static) {
    if let Some(window) = web_sys::window() {
        let action = Closure::once_into_js(action);
        // Without timers nothing at all works in a page.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            action.unchecked_ref(),
            milliseconds,
        );
    }
}

/// Lets the page do what else it has to do.
pub(super) async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        later(0, move || {
            // A promise's own function takes whatever it is given.
            let _ = resolve.call0(&JsValue::NULL);
        });
    });
    let _ = JsFuture::from(promise).await;
}
