//! ML-DSA (FIPS 204) as Go 1.27 has it in `crypto/mldsa`: three parameter
//! sets, public keys made from a seed, and the words of a signature that does
//! not hold. The arithmetic is the `ml-dsa` crate's.

use const_oid::ObjectIdentifier;
use ml_dsa::{
    KeyInit, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, SigningKey, VerifyingKey,
};
use signature::{Keypair, Verifier};

const ML_DSA_44: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17");
const ML_DSA_65: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18");
const ML_DSA_87: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19");

/// Bytes of the seed that is the private key (FIPS 204, algorithm 1).
pub(crate) const SEED_LENGTH: usize = 32;

/// The parameter sets (FIPS 204, table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterSet {
    /// ML-DSA-44: security category 2
    MlDsa44,
    /// ML-DSA-65: security category 3
    MlDsa65,
    /// ML-DSA-87: security category 5
    MlDsa87,
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MlDsaFault {
    /// It has another length than signatures of this parameter set.
    #[error("mldsa: invalid signature length")]
    Length,
    /// Its hints are not encoded as FIPS 204 has it.
    #[error("mldsa: invalid signature encoding")]
    Encoding,
    /// It was not made with this key over these bytes.
    #[error("mldsa: invalid signature")]
    Wrong,
}

impl ParameterSet {
    /// `mldsaParametersFromOID` (RFC 9881, section 2).
    pub(crate) fn from_object_identifier(contents: &[u8]) -> Option<Self> {
        [
            (ML_DSA_44, Self::MlDsa44),
            (ML_DSA_65, Self::MlDsa65),
            (ML_DSA_87, Self::MlDsa87),
        ]
        .into_iter()
        .find_map(|(name, set)| (name.as_bytes() == contents).then_some(set))
    }

    /// Its name in FIPS 204, and Go's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }

    /// Bytes of a public key (FIPS 204, table 2).
    pub(crate) const fn public_key_length(self) -> usize {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
    }

    /// Bytes of a signature (FIPS 204, table 2).
    const fn signature_length(self) -> usize {
        match self {
            Self::MlDsa44 => 2420,
            Self::MlDsa65 => 3309,
            Self::MlDsa87 => 4627,
        }
    }

    /// `ω` and `k` (FIPS 204, table 1): the hints are so many positions, then
    /// the end of each of `k` lists of them.
    const fn hints(self) -> (usize, usize) {
        match self {
            Self::MlDsa44 => (80, 4),
            Self::MlDsa65 => (55, 6),
            Self::MlDsa87 => (75, 8),
        }
    }

    /// The public key of a seed.
    pub(crate) fn public_key(self, seed: &[u8; SEED_LENGTH]) -> Vec<u8> {
        fn of<P: MlDsaParams>(seed: &[u8; SEED_LENGTH]) -> Vec<u8> {
            let key = SigningKey::<P>::from_seed(&(*seed).into());
            key.verifying_key().encode().to_vec()
        }
        match self {
            Self::MlDsa44 => of::<MlDsa44>(seed),
            Self::MlDsa65 => of::<MlDsa65>(seed),
            Self::MlDsa87 => of::<MlDsa87>(seed),
        }
    }

    /// `mldsa.Verify`, with no context.
    ///
    /// # Errors
    ///
    /// See [`MlDsaFault`].
    pub(crate) fn verify(
        self,
        public_key: &[u8],
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), MlDsaFault> {
        fn of<P: MlDsaParams>(public_key: &[u8], signed: &[u8], signature: &[u8]) -> Option<()> {
            let key = VerifyingKey::<P>::new_from_slice(public_key).ok()?;
            let signature = Signature::<P>::try_from(signature).ok()?;
            key.verify(signed, &signature).ok()
        }
        if signature.len() != self.signature_length() {
            return Err(MlDsaFault::Length);
        }
        if !self.has_hints(signature) {
            return Err(MlDsaFault::Encoding);
        }
        match self {
            Self::MlDsa44 => of::<MlDsa44>(public_key, signed, signature),
            Self::MlDsa65 => of::<MlDsa65>(public_key, signed, signature),
            Self::MlDsa87 => of::<MlDsa87>(public_key, signed, signature),
        }
        .ok_or(MlDsaFault::Wrong)
    }

    /// Whether the hints at the end of a signature are encoded in the one way
    /// there is (FIPS 204, algorithm 21).
    fn has_hints(self, signature: &[u8]) -> bool {
        let (positions, lists) = self.hints();
        let Some((rest, ends)) = split_end(signature, lists) else {
            return false;
        };
        let Some((_, positions)) = split_end(rest, positions) else {
            return false;
        };
        let mut from = 0;
        for &end in ends {
            let end = usize::from(end);
            let Some(list) = positions.get(from..end) else {
                return false;
            };
            if !list.is_sorted_by(|one, other| one < other) {
                return false;
            }
            from = end;
        }
        positions.iter().skip(from).all(|&byte| byte == 0)
    }
}

/// Cuts so many bytes off the end.
fn split_end(bytes: &[u8], count: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(bytes.len().checked_sub(count)?)
}
