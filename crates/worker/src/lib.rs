//! What a worker is made of, whatever it works on: a bench where a task is done in
//! turns, a watched random generator, and the messages in between. The smallest
//! worker is here too, that for RSA keys: it is a module of its own, so that no
//! other code has to be compiled before a key is searched.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod bench;
pub mod keys;
pub mod message;
pub mod random;
pub mod secret;
pub mod stack;

#[cfg(target_arch = "wasm32")]
pub mod scope;
#[cfg(target_arch = "wasm32")]
pub mod station;
