//! The browser: DOM events, the worker pool, downloads. wasm32 only.
