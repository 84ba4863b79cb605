//! What page and workers say to each other: JSON in a byte array whose memory
//! changes hands, so that nothing is left with the sender. The receiver wipes
//! it when it has read it, because there may be a key in it.

use std::io;

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::{
    lab::wire::{Outcome, Task},
    page::jobs::JobNumber,
};

/// From the page to a worker.
#[derive(Serialize, Deserialize)]
pub(super) enum Order {
    /// Begin this task.
    Begin {
        /// The number to answer under.
        number: JobNumber,
        /// The task.
        task: Task,
    },
    /// Stop the task, if it is still in hand.
    Stop {
        /// Its number.
        number: JobNumber,
    },
}

/// From a worker to the page.
#[derive(Serialize, Deserialize)]
pub(super) enum Answer {
    /// The worker runs.
    Ready,
    /// So many candidates for primes were tried since the last message.
    Candidates {
        /// The task's number.
        number: JobNumber,
        /// The candidates.
        candidates: u32,
    },
    /// The task is done.
    Done {
        /// The task's number.
        number: JobNumber,
        /// The candidates for primes that were tried since the last message.
        candidates: u32,
        /// What came of it.
        outcome: Outcome,
    },
    /// The task was stopped, or was not in hand.
    Stopped {
        /// The task's number.
        number: JobNumber,
    },
}

/// A message as it is posted: the bytes, and the list of what changes hands.
pub(super) fn pack<T: Serialize>(message: &T) -> Result<(Uint8Array, Array), JsValue> {
    let text = |error: serde_json::Error| JsValue::from_str(&error.to_string());
    // Counted first, so that the bytes are written once: a vector that grows
    // leaves copies behind.
    let mut length = Length(0);
    serde_json::to_writer(&mut length, message).map_err(text)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *bytes, message).map_err(text)?;
    let array = Uint8Array::from(bytes.as_slice());
    let transfer = Array::of1(&array.buffer());
    Ok((array, transfer))
}

/// A message that was received. The bytes are wiped.
pub(super) fn unpack<T: DeserializeOwned>(data: &JsValue) -> Option<T> {
    let array: &Uint8Array = data.dyn_ref()?;
    let bytes = Zeroizing::new(array.to_vec());
    array.fill(0, 0, array.length());
    serde_json::from_slice(&bytes).ok()
}

/// Counts what is written to it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
