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
mod message;
mod pool;
mod reading;
mod worker;

use std::alloc::System;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroizing_alloc::ZeroAlloc;

/// What is given back is wiped, whoever had it: what JavaScript hands over and what
/// any dependency keeps for a moment, and a text's old place where it grows.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Called once, when the page has an instance of `module`. Each worker runs the
/// script at `worker_url` and wants `module` as its first message.
///
/// # Errors
///
/// When it is called anywhere but in a page.
#[wasm_bindgen]
pub fn start(module: &JsValue, worker_url: &str) -> Result<(), JsValue> {
    say_where_it_broke();
    #[cfg(feature = "bench")]
    bench::prepare(module, worker_url);
    app::start(module, worker_url)?;
    events::listen()
}

/// Called once in each worker, when it has its instance.
///
/// # Errors
///
/// When it is called anywhere but in a worker.
#[wasm_bindgen]
pub fn worker_start() -> Result<(), JsValue> {
    say_where_it_broke();
    worker::start()
}

/// A panic becomes a JavaScript error that says where it was, and nothing of
/// what was in hand: that may be a key.
fn say_where_it_broke() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        wasm_bindgen::throw_str(&format!("the program broke at {place}"));
    }));
}
