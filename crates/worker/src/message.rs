//! What page and workers say to each other: `postcard`'s bytes, in an array whose
//! memory changes hands, so that nothing is left with the sender. The receiver
//! wipes it when it has read it, because there may be a key in it.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

/// The number under which a worker has a task.
pub type JobNumber = u32;

/// From the page to a worker.
#[derive(Clone, Serialize, Deserialize)]
pub enum Order<Task> {
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
#[derive(Clone, Serialize, Deserialize)]
pub enum Answer<Outcome> {
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

impl<Outcome> Answer<Outcome> {
    /// The same answer with what came of the task in another type.
    pub fn map<Other>(self, change: impl FnOnce(Outcome) -> Other) -> Answer<Other> {
        match self {
            Self::Ready => Answer::Ready,
            Self::Candidates { number, candidates } => Answer::Candidates { number, candidates },
            Self::Stopped { number } => Answer::Stopped { number },
            Self::Done {
                number,
                candidates,
                outcome,
            } => Answer::Done {
                number,
                candidates,
                outcome: change(outcome),
            },
        }
    }
}

/// A message as bytes.
///
/// # Errors
///
/// What the message itself refuses to have written.
pub fn to_bytes<T: Serialize>(message: &T) -> postcard::Result<Zeroizing<Vec<u8>>> {
    // Counted first, so that the bytes are written once: a vector that grows
    // leaves copies behind.
    let length = postcard::experimental::serialized_size(message)?;
    let mut bytes = Zeroizing::new(vec![0; length]);
    postcard::to_slice(message, &mut bytes)?;
    Ok(bytes)
}

/// Reads a message.
///
/// # Errors
///
/// The bytes are no such message.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> postcard::Result<T> {
    postcard::from_bytes(bytes)
}

#[cfg(target_arch = "wasm32")]
pub use posted::{pack, unpack};

#[cfg(target_arch = "wasm32")]
mod posted {
    use js_sys::{Array, Uint8Array};
    use serde::{Serialize, de::DeserializeOwned};
    use wasm_bindgen::{JsCast, JsValue};
    use zeroize::Zeroizing;

    use super::{from_bytes, to_bytes};

    /// A message as it is posted: the bytes, and the list of what changes hands.
    ///
    /// # Errors
    ///
    /// What the message itself refuses to have written.
    pub fn pack<T: Serialize>(message: &T) -> Result<(Uint8Array, Array), JsValue> {
        let bytes = to_bytes(message).map_err(|error| JsValue::from_str(&error.to_string()))?;
        let array = Uint8Array::from(bytes.as_slice());
        let transfer = Array::of1(&array.buffer());
        Ok((array, transfer))
    }

    /// A message that was received. The bytes are wiped.
    #[must_use]
    pub fn unpack<T: DeserializeOwned>(data: &JsValue) -> Option<T> {
        let array: &Uint8Array = data.dyn_ref()?;
        let bytes = Zeroizing::new(array.to_vec());
        array.fill(0, 0, array.length());
        from_bytes(&bytes).ok()
    }
}
