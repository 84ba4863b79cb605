//! The two kinds of prime that travel between workers: found, and judged. Both
//! are plain big-endian bytes that are zeroized on drop.

use crate::size::ModulusBits;
use zeroize::Zeroizing;

/// A number of half the modulus' size with both top bits set, odd, that passed
/// the filter (or came as bytes); nobody has judged it yet.
#[derive(Clone)]
pub struct ProbablePrime {
    size: ModulusBits,
    bytes: Zeroizing<Vec<u8>>,
}

/// A number that [`judge_prime`](super::judge_prime) found prime.
#[derive(Clone)]
pub struct JudgedPrime(ProbablePrime);

/// Why bytes are no prime's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrimeBytesError {
    /// No modulus size that is made here has primes of this length.
    Length {
        /// How many bytes came; 128, 192 and 256 would do.
        bytes: usize,
    },
    /// The two highest bits are not both set (FIPS 186-5 A.1.3 by way of both
    /// primes above `√2·2^(nlen/2 − 1)`).
    TopBits,
    /// The number is even.
    Even,
}

impl core::fmt::Display for PrimeBytesError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Length { bytes } => write!(
                formatter,
                "a prime of {bytes} bytes fits no RSA key made here; it must have 128, 192 or 256"
            ),
            Self::TopBits => write!(formatter, "the prime's two highest bits are not both set"),
            Self::Even => write!(formatter, "the number is even, so it is no RSA prime"),
        }
    }
}

impl core::error::Error for PrimeBytesError {}

impl ProbablePrime {
    /// Takes big-endian bytes, of 128, 192 or 256 bytes.
    ///
    /// # Errors
    ///
    /// See [`PrimeBytesError`].
    pub fn from_be_bytes(bytes: &[u8]) -> Result<Self, PrimeBytesError> {
        let size = ModulusBits::ALL
            .into_iter()
            .find(|size| size.prime_bits() as usize == 8 * bytes.len())
            .ok_or(PrimeBytesError::Length { bytes: bytes.len() })?;
        if bytes.first().is_none_or(|top| top >> 6 != 3) {
            return Err(PrimeBytesError::TopBits);
        }
        if bytes.last().is_none_or(|low| low % 2 == 0) {
            return Err(PrimeBytesError::Even);
        }
        Ok(Self {
            size,
            bytes: Zeroizing::new(bytes.to_vec()),
        })
    }

    /// The search's own way in: its candidates have the right form.
    pub(crate) fn from_candidate(size: ModulusBits, limbs: &[u32]) -> Self {
        let bytes = limbs.iter().rev().flat_map(|limb| limb.to_be_bytes());
        Self {
            size,
            bytes: Zeroizing::new(bytes.collect()),
        }
    }

    /// The size of modulus that this prime is for.
    #[must_use]
    pub fn size(&self) -> ModulusBits {
        self.size
    }

    /// Big-endian bytes, half as many as the modulus has.
    #[must_use]
    pub fn to_be_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.bytes.clone()
    }

    /// The bytes in place.
    pub(crate) fn as_be_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl JudgedPrime {
    /// The judge's own way in.
    pub(crate) fn new(prime: ProbablePrime) -> Self {
        Self(prime)
    }

    /// Takes the bytes of a prime that other workers of the same page have judged,
    /// or are judging while a key is made of it; that key must be kept back until
    /// they are done. Nothing is tested here.
    ///
    /// # Errors
    ///
    /// See [`PrimeBytesError`].
    pub fn judged_elsewhere(bytes: &[u8]) -> Result<Self, PrimeBytesError> {
        ProbablePrime::from_be_bytes(bytes).map(Self)
    }

    /// The size of modulus that this prime is for.
    #[must_use]
    pub fn size(&self) -> ModulusBits {
        self.0.size
    }

    /// Big-endian bytes, half as many as the modulus has.
    #[must_use]
    pub fn to_be_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.0.to_be_bytes()
    }

    /// The bytes in place.
    pub(crate) fn as_be_bytes(&self) -> &[u8] {
        self.0.as_be_bytes()
    }
}

impl core::fmt::Debug for ProbablePrime {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "ProbablePrime({:?}, …)", self.size)
    }
}

impl core::fmt::Debug for JudgedPrime {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "JudgedPrime({:?}, …)", self.0.size)
    }
}
