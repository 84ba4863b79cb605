//! The module of the workers that make RSA keys: `lab_worker`'s bench for them, and
//! nothing else, so that it is small and starts at once. It is built twice, the
//! second time for engines with wide arithmetic.
#![cfg(target_arch = "wasm32")]

#[cfg(feature = "bench")]
mod bench;

use std::alloc::System;

use lab_worker::{keys::KeyBench, scope};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::MessagePort;
use zeroizing_alloc::ZeroAlloc;

/// What is given back is wiped, whoever had it.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Called once in a worker, when it has its instance, with its way to the page.
///
/// # Errors
///
/// When the browser has no message channels.
#[wasm_bindgen]
pub fn listen(port: &MessagePort) -> Result<(), JsValue> {
    scope::say_where_it_broke();
    scope::listen::<KeyBench>(port)
}
