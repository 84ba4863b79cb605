//! The browser: DOM events, the worker pool, downloads. wasm32 only.
#![expect(
    unreachable_pub,
    reason = "what is exported to JavaScript must be `pub`, and no other crate is to reach it"
)]

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker};

/// Called once, when the page has an instance of `module`. Each worker runs the
/// script at `worker_url` and wants `module` as its first message.
///
/// # Errors
///
/// Whatever the browser throws when it refuses a worker.
#[wasm_bindgen]
pub fn start(module: &JsValue, worker_url: &str) -> Result<(), JsValue> {
    let worker = Worker::new(worker_url)?;
    let show = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let root = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.document_element());
        if let (Some(root), Some(answer)) = (root, event.data().as_f64()) {
            // Nothing is lost when a page that is going away cannot be marked.
            let _ = root.set_attribute("data-worker", &answer.to_string());
        }
    });
    worker.set_onmessage(Some(show.as_ref().unchecked_ref()));
    show.forget();
    worker.post_message(module)?;
    worker.post_message(&JsValue::from_f64(41.0))
}

/// Called once in each worker, when it has its instance.
///
/// # Errors
///
/// When it is called anywhere but in a worker.
#[wasm_bindgen]
pub fn worker_start() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let answering = scope.clone();
    let answer = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(number) = event.data().as_f64() {
            // There is no one left to tell when the page no longer listens.
            let _ = answering.post_message(&JsValue::from_f64(number + 1.0));
        }
    });
    scope.set_onmessage(Some(answer.as_ref().unchecked_ref()));
    answer.forget();
    Ok(())
}
