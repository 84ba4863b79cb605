//! From two judged primes to a key: the `rsa` crate's construction and
//! validation, the conditions of FIPS 186-5 A.1.3 around it, and a signature made
//! and verified. A worker calls it once for each pair.

use crate::judge::JudgeError;
use crate::prime::JudgedPrime;
use crate::size::{ModulusBits, PUBLIC_EXPONENT};
use core::convert::Infallible;
use crypto_bigint::{BoxedUint, Resize};
use rand_core::{TryCryptoRng, TryRng};
use rsa::{
    Pkcs1v15Sign, PrivateKey,
    traits::{PrivateKeyParts, PublicKeyParts, SignatureScheme},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// Why two primes did not become a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssembleError {
    /// The primes are for moduli of two sizes.
    SizesDiffer {
        /// The first prime's modulus.
        p: ModulusBits,
        /// The second prime's modulus.
        q: ModulusBits,
    },
    /// `|p − q| ≤ 2^(nlen/2 − 100)` (FIPS 186-5 A.1.3, step 5.4), the same prime
    /// twice included: search for another.
    PrimesTooClose {
        /// Bits of the difference.
        difference_bits: u32,
        /// Bits that the difference must have at least.
        least_bits: u32,
    },
    /// `d ≤ 2^(nlen/2)` (FIPS 186-5 A.1.1, criterion 3): search for another pair.
    ExponentTooSmall {
        /// Bits of the private exponent.
        exponent_bits: u32,
        /// Bits that it must have at least.
        least_bits: u32,
    },
    /// The modulus is not of the size that was asked for.
    ModulusSize {
        /// Bits it has.
        bits: u32,
        /// Bits it should have.
        wanted: u32,
    },
    /// The `rsa` crate refused the primes or the key.
    Refused {
        /// What it said.
        cause: rsa::Error,
    },
    /// A signature by the new key was not accepted by its own public key.
    SignatureFailed {
        /// What the `rsa` crate said.
        cause: rsa::Error,
    },
    /// A prime got no verdict.
    Unjudged {
        /// Why.
        cause: JudgeError,
    },
    /// The random generator failed.
    Random {
        /// What it said.
        cause: String,
    },
}

impl core::fmt::Display for AssembleError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SizesDiffer { p, q } => write!(
                formatter,
                "the primes belong to a {}-bit and a {}-bit key; take two of one size",
                p.bits(),
                q.bits()
            ),
            Self::PrimesTooClose {
                difference_bits,
                least_bits,
            } => write!(
                formatter,
                "the primes differ by a number of {difference_bits} bits, FIPS 186-5 wants {least_bits}; take another prime"
            ),
            Self::ExponentTooSmall {
                exponent_bits,
                least_bits,
            } => write!(
                formatter,
                "the private exponent has {exponent_bits} bits, FIPS 186-5 wants {least_bits}; take another prime"
            ),
            Self::ModulusSize { bits, wanted } => write!(
                formatter,
                "the modulus has {bits} bits instead of {wanted}; take other primes"
            ),
            Self::Refused { cause } => {
                write!(
                    formatter,
                    "the rsa crate refused the key: {cause}; take other primes"
                )
            }
            Self::SignatureFailed { cause } => write!(
                formatter,
                "the new key's own signature does not verify: {cause}; take other primes"
            ),
            Self::Unjudged { cause } => write!(formatter, "a prime got no verdict: {cause}"),
            Self::Random { cause } => write!(formatter, "the random generator failed: {cause}"),
        }
    }
}

impl core::error::Error for AssembleError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Refused { cause } | Self::SignatureFailed { cause } => Some(cause),
            Self::Unjudged { cause } => Some(cause),
            _ => None,
        }
    }
}

/// Makes a key of two judged primes of one size, the larger one first.
///
/// Both top bits are set in a [`JudgedPrime`], and `gcd(e, p − 1) = 1` is what
/// lets the `rsa` crate find `d = e⁻¹ mod lcm(p − 1, q − 1)`. The signature is
/// PKCS #1 v1.5 with SHA-256 over a fixed text, without blinding: one signature
/// over a text that nobody chose gives no one a series of timings.
///
/// # Errors
///
/// See [`AssembleError`].
pub fn assemble(p: &JudgedPrime, q: &JudgedPrime) -> Result<PrivateKey, AssembleError> {
    if p.size() != q.size() {
        return Err(AssembleError::SizesDiffer {
            p: p.size(),
            q: q.size(),
        });
    }
    let nlen = p.size().bits();
    let (mut p, mut q) = (integer(p), integer(q));
    if p < q {
        core::mem::swap(&mut p, &mut q);
    }
    let half = p.bits_precision();
    let mut difference = p.wrapping_sub(&q);
    let difference_bits = difference.bit_width();
    difference.zeroize();
    // More than 2^k has k + 1 bits at least; 2^k itself is let go with the rest.
    let least_bits = half - 100 + 1;
    if difference_bits < least_bits {
        return Err(AssembleError::PrimesTooClose {
            difference_bits,
            least_bits,
        });
    }
    let key = PrivateKey::from_p_q(p, q, BoxedUint::from(PUBLIC_EXPONENT))
        .map_err(|cause| AssembleError::Refused { cause })?;
    let bits = key.n().bit_width();
    if bits != nlen {
        return Err(AssembleError::ModulusSize { bits, wanted: nlen });
    }
    let exponent_bits = key.d().bit_width();
    if exponent_bits <= half {
        let least_bits = half + 1;
        return Err(AssembleError::ExponentTooSmall {
            exponent_bits,
            least_bits,
        });
    }
    let digest = Sha256::digest(b"etcd PKI Lab: a first signature, to see the key work");
    Pkcs1v15Sign::new::<Sha256>()
        .sign(None::<&mut NoRandomness>, &key, &digest)
        .and_then(|signature| {
            let public = key.to_public_key();
            public.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &signature)
        })
        .map_err(|cause| AssembleError::SignatureFailed { cause })?;
    Ok(key)
}

fn integer(prime: &JudgedPrime) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(prime.as_be_bytes()).resize(prime.size().prime_bits())
}

/// Names a generator's type where none is used: blinding is off. It has no value.
enum NoRandomness {}

impl TryRng for NoRandomness {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        match *self {}
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        match *self {}
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        match *self {}
    }
}

impl TryCryptoRng for NoRandomness {}
