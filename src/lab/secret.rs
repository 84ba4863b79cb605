//! What is secret and travels all the same, between the page and its workers:
//! wiped on drop, wherever it is. `Debug` is not there, so that no message can
//! hold any of it.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A certificate and a key as PEM, on their way between page and worker.
#[derive(Clone, Serialize, Deserialize)]
pub struct PemPair {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl Drop for PemPair {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

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
pub struct PrimeBytes(pub(super) Vec<u8>);

impl Drop for PrimeBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
