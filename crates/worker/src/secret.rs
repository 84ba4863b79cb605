//! What is secret and travels all the same, between the page and its workers:
//! wiped on drop, wherever it is. `Debug` is not there, so that no message can
//! hold any of it.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A private key as PEM, wiped on drop.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A find or a prime, big-endian, wiped on drop.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrimeBytes(pub(crate) Vec<u8>);

impl Drop for PrimeBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
