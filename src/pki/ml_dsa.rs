//! ML-DSA keys (FIPS 204) as X.509 and PKCS#8 have them (RFC 9881): read,
//! written, and used. The arithmetic is the `ml-dsa` crate's; whom a signature
//! counts for is decided in [`key`](super::key).

use std::fmt;

use const_oid::{ObjectIdentifier, db};
use der::{
    Decode, Document, Encode, Reader, Sequence, TagNumber,
    asn1::{BitStringRef, ContextSpecific, OctetStringRef},
};
use ml_dsa::{
    EncodedVerifyingKey, ExpandedSigningKey, ExpandedSigningKeyBytes, Keypair, MlDsa44, MlDsa65,
    MlDsa87, MlDsaParams, Signature, SignatureEncoding,
};
use rand_core::{CryptoRng, TryCryptoRng};
use serde::{Deserialize, Serialize};
use signature::{RandomizedSigner, Verifier};
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

/// Bytes of the seed that a key is made from (FIPS 204, algorithm 1).
const SEED_LENGTH: usize = 32;

/// The seed's tag in a PKCS#8 key (RFC 9881 section 6).
const SEED_TAG: TagNumber = TagNumber(0);

/// The parameter sets (FIPS 204, table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ParameterSet {
    /// Security category 2.
    MlDsa44,
    /// Security category 3.
    MlDsa65,
    /// Security category 5.
    MlDsa87,
}

impl ParameterSet {
    /// The set that an algorithm identifier names, of keys and of signatures
    /// (RFC 9881 section 2).
    pub(super) fn named(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            db::fips204::ID_ML_DSA_44 => Some(Self::MlDsa44),
            db::fips204::ID_ML_DSA_65 => Some(Self::MlDsa65),
            db::fips204::ID_ML_DSA_87 => Some(Self::MlDsa87),
            _ => None,
        }
    }

    /// Its object identifier.
    pub(super) const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::MlDsa44 => db::fips204::ID_ML_DSA_44,
            Self::MlDsa65 => db::fips204::ID_ML_DSA_65,
            Self::MlDsa87 => db::fips204::ID_ML_DSA_87,
        }
    }

    /// The algorithm identifier of its keys and signatures, without parameters
    /// (RFC 9881 section 2).
    pub(super) const fn algorithm(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: self.oid(),
            parameters: None,
        }
    }

    /// Where a secret key's small polynomials begin and end, and the bits of
    /// each coefficient (FIPS 204, table 1 and algorithm 24).
    const fn small_polynomials(self) -> (usize, usize, u32) {
        const BEGIN: usize = 32 + 32 + 64;
        match self {
            Self::MlDsa44 => (BEGIN, BEGIN + (4 + 4) * 96, 3),
            Self::MlDsa65 => (BEGIN, BEGIN + (5 + 6) * 128, 4),
            Self::MlDsa87 => (BEGIN, BEGIN + (7 + 8) * 96, 3),
        }
    }
}

impl fmt::Display for ParameterSet {
    /// Its name in FIPS 204.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        })
    }
}

/// Calls a function that is generic over the parameter sets.
macro_rules! with_set {
    ($set:expr, $function:ident($($argument:expr),*)) => {
        match $set {
            ParameterSet::MlDsa44 => $function::<MlDsa44>($($argument),*),
            ParameterSet::MlDsa65 => $function::<MlDsa65>($($argument),*),
            ParameterSet::MlDsa87 => $function::<MlDsa87>($($argument),*),
        }
    };
}

/// A public key: its parameter set and its bytes, of the right length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    set: ParameterSet,
    bytes: Vec<u8>,
}

/// A private key. What makes it secret is wiped on drop, here and in the crate
/// that calculates with it.
#[derive(Clone)]
pub struct SigningKey {
    secret: Secret,
    public: VerifyingKey,
}

/// What a private key is written as (RFC 9881 section 6).
#[derive(Clone)]
enum Secret {
    /// The seed, from which all else follows.
    Seed(Zeroizing<[u8; SEED_LENGTH]>),
    /// What follows from a seed that is gone (FIPS 204, algorithm 24).
    Expanded(Zeroizing<Vec<u8>>),
}

/// A key that is none: of a wrong length, with parameters, or with numbers that
/// do not belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotAKey;

/// The form with both (RFC 9881 section 6).
#[derive(Sequence)]
struct Both<'a> {
    seed: &'a OctetStringRef,
    expanded: &'a OctetStringRef,
}

impl VerifyingKey {
    /// Reads a key's bytes (FIPS 204, algorithm 23): every text of that length
    /// is a key.
    pub(super) fn new(set: ParameterSet, bytes: &[u8]) -> Result<Self, NotAKey> {
        fn fits<P: MlDsaParams>(bytes: &[u8]) -> bool {
            EncodedVerifyingKey::<P>::try_from(bytes).is_ok()
        }
        if with_set!(set, fits(bytes)) {
            let bytes = bytes.to_vec();
            Ok(Self { set, bytes })
        } else {
            Err(NotAKey)
        }
    }

    /// Its parameter set.
    #[must_use]
    pub fn parameter_set(&self) -> ParameterSet {
        self.set
    }

    /// Whether a signature is this key's over these bytes, with no context
    /// (RFC 9881 section 3).
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        fn verifies<P: MlDsaParams>(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
            let Ok(key) = EncodedVerifyingKey::<P>::try_from(key) else {
                return false;
            };
            let key = ml_dsa::VerifyingKey::<P>::decode(&key);
            Signature::<P>::try_from(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        with_set!(self.set, verifies(&self.bytes, message, signature))
    }

    /// The `SubjectPublicKeyInfo` (RFC 9881 section 4).
    pub(super) fn to_spki(&self) -> spki::Result<Document> {
        let info = SubjectPublicKeyInfoRef {
            algorithm: AlgorithmIdentifierRef {
                oid: self.set.oid(),
                parameters: None,
            },
            subject_public_key: BitStringRef::from_bytes(&self.bytes)?,
        };
        Ok(Document::encode_msg(&info)?)
    }
}

impl SigningKey {
    /// Makes a key from a new seed (FIPS 204, algorithm 1).
    pub(super) fn generate<R: CryptoRng + ?Sized>(set: ParameterSet, random: &mut R) -> Self {
        let mut seed = Zeroizing::new([0; SEED_LENGTH]);
        random.fill_bytes(seed.as_mut());
        Self::from_seed(set, seed)
    }

    fn from_seed(set: ParameterSet, seed: Zeroizing<[u8; SEED_LENGTH]>) -> Self {
        fn public<P: MlDsaParams>(seed: &[u8; SEED_LENGTH]) -> Vec<u8> {
            let key = ml_dsa::SigningKey::<P>::from_seed(seed.into());
            key.verifying_key().encode().to_vec()
        }
        let bytes = with_set!(set, public(&seed));
        Self {
            secret: Secret::Seed(seed),
            public: VerifyingKey { set, bytes },
        }
    }

    /// Reads what stands in a PKCS#8 key (RFC 9881 section 6): a seed, as Go
    /// writes it; an expanded key; or both, as OpenSSL writes them, which must
    /// belong together.
    pub(super) fn from_contents(set: ParameterSet, contents: &[u8]) -> Result<Self, NotAKey> {
        if let Ok(expanded) = <&OctetStringRef>::from_der(contents) {
            return Self::from_expanded(set, expanded.as_bytes());
        }
        let seed = |seed: &OctetStringRef| {
            let seed = <[u8; SEED_LENGTH]>::try_from(seed.as_bytes()).map_err(|_| NotAKey)?;
            Ok(Self::from_seed(set, Zeroizing::new(seed)))
        };
        if let Ok(both) = Both::from_der(contents) {
            let key = seed(both.seed)?;
            return if key.expands_to(both.expanded.as_bytes()) {
                Ok(key)
            } else {
                Err(NotAKey)
            };
        }
        let mut reader = der::SliceReader::new(contents).map_err(|_| NotAKey)?;
        let field = ContextSpecific::<&OctetStringRef>::decode_implicit(&mut reader, SEED_TAG);
        match (field, reader.finish()) {
            (Ok(Some(field)), Ok(())) => seed(field.value),
            _ => Err(NotAKey),
        }
    }

    /// Whether its seed gives this expanded key.
    fn expands_to(&self, expanded: &[u8]) -> bool {
        fn expand<P: MlDsaParams>(seed: &[u8; SEED_LENGTH]) -> Zeroizing<Vec<u8>> {
            let key = ml_dsa::SigningKey::<P>::from_seed(seed.into());
            #[expect(deprecated, reason = "no other function writes this form")]
            let mut bytes = key.expanded_key().to_expanded();
            let copy = Zeroizing::new(bytes.to_vec());
            zeroize::Zeroize::zeroize(&mut *bytes);
            copy
        }
        match &self.secret {
            Secret::Seed(seed) => *with_set!(self.public.set, expand(seed)) == *expanded,
            Secret::Expanded(own) => **own == *expanded,
        }
    }

    fn from_expanded(set: ParameterSet, expanded: &[u8]) -> Result<Self, NotAKey> {
        fn public<P: MlDsaParams>(expanded: &[u8]) -> Option<Vec<u8>> {
            let key = decode::<P>(expanded)?;
            let public = key.verifying_key();
            // Whether all of its numbers fit shows in what it signs.
            let signature = key.sign_deterministic(&[], &[]).ok()?;
            public.verify(&[], &signature).ok()?;
            Some(public.encode().to_vec())
        }
        if !has_small_coefficients(set, expanded) {
            return Err(NotAKey);
        }
        let bytes = with_set!(set, public(expanded)).ok_or(NotAKey)?;
        Ok(Self {
            secret: Secret::Expanded(Zeroizing::new(expanded.to_vec())),
            public: VerifyingKey { set, bytes },
        })
    }

    /// What stands in its PKCS#8 key: the seed, which every program reads, or
    /// what there is of the key where that is gone.
    pub(super) fn to_contents(&self) -> der::Result<Zeroizing<Vec<u8>>> {
        match &self.secret {
            Secret::Seed(seed) => ContextSpecific {
                tag_number: SEED_TAG,
                tag_mode: der::TagMode::Implicit,
                value: OctetStringRef::new(seed.as_slice())?,
            }
            .to_der(),
            Secret::Expanded(expanded) => OctetStringRef::new(expanded)?.to_der(),
        }
        .map(Zeroizing::new)
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs with no context; the random bits hedge against faults (FIPS 204,
    /// algorithm 2).
    pub(super) fn sign<R: TryCryptoRng + ?Sized>(
        &self,
        random: &mut R,
        message: &[u8],
    ) -> signature::Result<Vec<u8>> {
        fn sign<P: MlDsaParams, R: TryCryptoRng + ?Sized>(
            secret: &Secret,
            random: &mut R,
            message: &[u8],
        ) -> signature::Result<Vec<u8>> {
            let key = match secret {
                Secret::Seed(seed) => ExpandedSigningKey::<P>::from_seed((&**seed).into()),
                Secret::Expanded(expanded) => decode(expanded).ok_or_else(signature::Error::new)?,
            };
            Ok(key.try_sign_with_rng(random, message)?.to_vec())
        }
        match self.public.set {
            ParameterSet::MlDsa44 => sign::<MlDsa44, R>(&self.secret, random, message),
            ParameterSet::MlDsa65 => sign::<MlDsa65, R>(&self.secret, random, message),
            ParameterSet::MlDsa87 => sign::<MlDsa87, R>(&self.secret, random, message),
        }
    }
}

/// Whether what stands in a PKCS#8 key is a seed alone, the one form that Go
/// 1.27 takes (`crypto/x509`, `ParsePKCS8PrivateKey`).
pub(super) fn is_seed(contents: &[u8]) -> bool {
    contents.first() == Some(&0x80)
}

/// Reads an expanded key whose coefficients were looked at.
fn decode<P: MlDsaParams>(expanded: &[u8]) -> Option<ExpandedSigningKey<P>> {
    let mut bytes = ExpandedSigningKeyBytes::<P>::try_from(expanded).ok()?;
    #[expect(deprecated, reason = "no other function reads this form")]
    let key = ExpandedSigningKey::<P>::from_expanded(&bytes);
    zeroize::Zeroize::zeroize(&mut *bytes);
    Some(key)
}

/// Whether the coefficients of both secret vectors are within their range
/// (FIPS 204, algorithm 25), which the arithmetic relies on.
fn has_small_coefficients(set: ParameterSet, expanded: &[u8]) -> bool {
    let (begin, end, bits) = set.small_polynomials();
    let Some(polynomials) = expanded.get(begin..end) else {
        return false;
    };
    let largest = if bits == 3 { 2 * 2 } else { 2 * 4 };
    // Three bytes are eight numbers of three bits, or six of four.
    polynomials.chunks(3).all(|bytes| {
        let number = bytes
            .iter()
            .rev()
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        (0..24)
            .step_by(bits as usize)
            .all(|shift| number >> shift & ((1 << bits) - 1) <= largest)
    })
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;

    const SETS: [ParameterSet; 3] = [
        ParameterSet::MlDsa44,
        ParameterSet::MlDsa65,
        ParameterSet::MlDsa87,
    ];

    /// DER of one element.
    fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
        let length = contents.len();
        let mut der = vec![tag];
        match u8::try_from(length) {
            Ok(short) if short < 0x80 => der.push(short),
            _ => {
                der.push(0x82);
                der.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
        }
        der.extend(contents);
        der
    }

    fn expanded(set: ParameterSet, seed: [u8; SEED_LENGTH]) -> Vec<u8> {
        fn of<P: MlDsaParams>(seed: [u8; SEED_LENGTH]) -> Vec<u8> {
            let key = ml_dsa::SigningKey::<P>::from_seed(&seed.into());
            #[expect(deprecated, reason = "no other function writes this form")]
            let bytes = key.expanded_key().to_expanded();
            bytes.to_vec()
        }
        with_set!(set, of(seed))
    }

    #[test]
    fn a_key_is_read_from_its_seed_its_expansion_and_both() {
        let random = &mut UnwrapErr(SysRng);
        for set in SETS {
            let seed = element(0x80, &[7; 32]);
            let expansion = element(4, &expanded(set, [7; 32]));
            let both = [element(4, &[7; 32]), expansion.clone()].concat();
            let both = element(0x30, &both);
            let forms = [&seed, &expansion, &both];
            let keys = forms.map(|form| SigningKey::from_contents(set, form).unwrap());
            for key in &keys {
                assert_eq!(key.verifying_key(), keys[0].verifying_key());
                let signature = key.sign(random, b"etcd").unwrap();
                assert!(keys[0].verifying_key().verifies(b"etcd", &signature));
                assert!(!keys[0].verifying_key().verifies(b"etcd.", &signature));
            }
            // Written as its seed, wherever there is one.
            let written = keys.each_ref().map(|key| key.to_contents().unwrap());
            assert_eq!(*written[0], seed);
            assert_eq!(*written[1], expansion);
            assert_eq!(*written[2], seed);
            assert_eq!(
                forms.map(|form| is_seed(form)),
                [true, false, false],
                "{set}"
            );
        }
    }

    #[test]
    fn what_does_not_belong_together_is_no_key() {
        for set in SETS {
            let right = expanded(set, [7; 32]);
            let refused = |contents: &[u8]| SigningKey::from_contents(set, contents).is_err();
            let other = element(4, &expanded(set, [8; 32]));
            assert!(refused(&element(
                0x30,
                &[element(4, &[7; 32]), other].concat()
            )));
            // Coefficients of s1 out of range, a changed K is nobody's business,
            // a changed s2 and t0 show in the signature.
            let (begin, end, _) = set.small_polynomials();
            for place in [begin, end - 1] {
                let mut wrong = right.clone();
                wrong[place] = 0xff;
                assert!(refused(&element(4, &wrong)), "{set} at {place}");
            }
            let mut wrong = right.clone();
            wrong[end] ^= 0x55;
            for byte in &mut wrong[end + 1..] {
                *byte ^= 0x55;
            }
            assert!(refused(&element(4, &wrong)), "{set}: another t0");
            for contents in [
                &[][..],
                &element(0x80, &[7; 31]),
                &element(4, &[7; 32]),
                &element(4, &right[1..]),
                &[&element(0x80, &[7; 32])[..], &[0]].concat(),
            ] {
                assert!(refused(contents));
            }
            assert!(VerifyingKey::new(set, &[1; 100]).is_err());
        }
    }
}
