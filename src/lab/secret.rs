//! What is secret and travels all the same, between the page and its workers:
//! wiped on drop, wherever it is. `Debug` is not there, so that no message can
//! hold any of it.

pub use lab_worker::secret::{PrimeBytes, Secret};
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
