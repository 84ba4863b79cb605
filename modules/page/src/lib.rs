//! The page's own module: all that it needs to be ready to press. What only workers
//! do is in `modules/keys` and `modules/lab`.
#![cfg(target_arch = "wasm32")]

use std::alloc::System;

use etcd_pki_lab::browser;
use js_sys::Function;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use zeroizing_alloc::ZeroAlloc;

/// What is given back is wiped, whoever had it: what JavaScript hands over and what
/// any dependency keeps for a moment, and a text's old place where it grows.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Called once, when the page has its instance: see [`browser::start`].
///
/// # Errors
///
/// When it is called anywhere but in a page.
#[wasm_bindgen]
pub fn start(worker_url: &str, install: &Function) -> Result<(), JsValue> {
    browser::start(worker_url, install)
}

/// Called once, when the modules for the work are compiled: see [`browser::supply`].
#[wasm_bindgen]
pub fn supply(keys: JsValue, lab: JsValue) {
    browser::supply(keys, lab);
}
