//! The browser: DOM events, the worker pool, downloads. wasm32 only. It is thin:
//! what changes on which event is `page`'s to say, and what it looks like too.
mod app;
#[cfg(feature = "bench")]
mod bench;
mod clipboard;
mod clock;
mod dom;
mod downloads;
mod events;
mod parts;
mod pool;
mod reading;

use js_sys::Function;
use lab_worker::scope;
use wasm_bindgen::JsValue;

/// Called once, when the page has its instance. Each worker runs the script at
/// `worker_url`; what is sent to it first, `install` takes on this thread, where
/// there are no workers.
///
/// # Errors
///
/// When it is called anywhere but in a page.
pub fn start(worker_url: &str, install: &Function) -> Result<(), JsValue> {
    scope::say_where_it_broke();
    #[cfg(feature = "bench")]
    bench::prepare(worker_url, install);
    app::start(worker_url, install)?;
    events::listen()
}

/// Called once, when the modules for the work are compiled: that for RSA keys, and
/// that for everything else.
pub fn supply(keys: JsValue, lab: JsValue) {
    #[cfg(feature = "bench")]
    bench::supply(keys.clone(), lab.clone());
    app::supply(pool::Modules { keys, lab });
}
