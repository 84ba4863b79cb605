//! Keys: judging a find, assembling two of them, and making a key of a kind that
//! needs no search. Which find is judged when is [`crate::lab::keys`]' affair.

use rand_core::CryptoRng;
use rsa_key::{AssembleError, JudgeError, JudgedPrime, ProbablePrime};

use super::error::JobError;
use crate::{
    lab::secret::{PrimeBytes, Secret},
    pki::key::{KeyType, PrivateKey},
};

/// One round of the judge's test: whether the find passes.
pub(super) fn judge<R: CryptoRng + ?Sized>(
    prime: &PrimeBytes,
    rng: &mut R,
) -> Result<bool, JobError> {
    let prime = ProbablePrime::from_be_bytes(&prime.0)?;
    match rsa_key::judge_rounds(&prime, 1, rng) {
        Ok(()) => Ok(true),
        Err(JudgeError::Composite { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A key of two finds; none where FIPS 186-5 allows none of these two.
pub(super) fn assemble(p: &PrimeBytes, q: &PrimeBytes) -> Result<Option<Secret>, JobError> {
    let p = JudgedPrime::judged_elsewhere(&p.0)?;
    let q = JudgedPrime::judged_elsewhere(&q.0)?;
    match rsa_key::assemble(&p, &q) {
        Ok(key) => written(&PrivateKey::from_rsa(key)?).map(Some),
        Err(AssembleError::PrimesTooClose { .. } | AssembleError::ExponentTooSmall { .. }) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// A key of a kind that is not RSA.
pub(super) fn generate<R: CryptoRng + ?Sized>(
    key_type: KeyType,
    rng: &mut R,
) -> Result<Secret, JobError> {
    written(&PrivateKey::generate(key_type, rng)?)
}

fn written(key: &PrivateKey) -> Result<Secret, JobError> {
    Ok(Secret(key.to_pem()?.to_string()))
}
