//! The module of the workers that do all work but that on RSA keys: `etcd_pki_lab`'s
//! bench, and nothing of the page. It is unpacked after the page is ready, in a worker.
#![cfg(target_arch = "wasm32")]

use std::alloc::System;

use etcd_pki_lab::Workbench;
use lab_worker::scope;
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
    scope::listen::<Workbench>(port)
}
