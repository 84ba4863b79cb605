//! A key of a kind that needs no search. RSA keys are [`lab_worker::keys`]' affair.

use rand_core::CryptoRng;

use super::error::JobError;
use crate::{
    lab::secret::Secret,
    pki::key::{KeyType, PrivateKey},
};

/// A key of a kind that is not RSA.
pub(super) fn generate<R: CryptoRng + ?Sized>(
    key_type: KeyType,
    rng: &mut R,
) -> Result<Secret, JobError> {
    let key = PrivateKey::generate(key_type, rng)?;
    Ok(Secret(key.to_pem()?.to_string()))
}
