//! The browser: DOM events, the worker pool, downloads. wasm32 only. It is thin:
//! what changes on which event is `page`'s to say, and what it looks like too.
#![expect(
    unreachable_pub,
    reason = "what is exported to JavaScript must be `pub`, and no other crate is to reach it"
)]

mod app;
#[cfg(feature = "bench")]
mod bench;
mod clipboard;
mod clock;
mod dom;
mod downloads;
mod events;
mod pool;
mod reading;

use std::alloc::System;

use js_sys::Function;
use lab_worker::scope;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::MessagePort;
use zeroizing_alloc::ZeroAlloc;

use crate::lab::job::Workbench;

/// What is given back is wiped, whoever had it: what JavaScript hands over and what
/// any dependency keeps for a moment, and a text's old place where it grows.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Called once, when the page has its instance. Each worker runs the script at
/// `worker_url`; what is sent to it first, `install` takes on this thread, where
/// there are no workers.
///
/// # Errors
///
/// When it is called anywhere but in a page.
#[wasm_bindgen]
pub fn start(worker_url: &str, install: &Function) -> Result<(), JsValue> {
    scope::say_where_it_broke();
    #[cfg(feature = "bench")]
    bench::prepare(worker_url, install);
    app::start(worker_url, install)?;
    events::listen()
}

/// Called once, when the modules for the work are compiled: that for RSA keys, and
/// that for everything else.
#[wasm_bindgen]
pub fn supply(keys: JsValue, lab: JsValue) {
    #[cfg(feature = "bench")]
    bench::supply(keys.clone(), lab.clone());
    app::supply(pool::Modules { keys, lab });
}

/// Called once for each module of the lab that is installed, with its way to the
/// page.
///
/// # Errors
///
/// When the browser has no message channels.
#[wasm_bindgen]
pub fn listen(port: &MessagePort) -> Result<(), JsValue> {
    scope::say_where_it_broke();
    scope::listen::<Workbench>(port)
}
