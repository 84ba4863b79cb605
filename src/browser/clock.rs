//! The browser's clock, and waiting.

use jiff::Timestamp;
use wasm_bindgen::{JsCast, closure::Closure};

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
