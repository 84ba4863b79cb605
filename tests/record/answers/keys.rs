//! Keys of other kinds than P-256: RSA of any size, P-384, P-521 and Ed25519,
//! the same for the same number, which sign certificates with any scheme.
//! RSA is computed here, so that keys no library would make can be made.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Resize};
use ed25519_dalek::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::Digest;

use crate::certificates::*;

/// The numbers of an RSA key, big-endian, without leading zeros.
#[derive(Clone)]
pub(crate) struct Rsa {
    pub modulus: Vec<u8>,
    pub exponent: Vec<u8>,
    pub private: Vec<u8>,
    pub primes: [Vec<u8>; 2],
}

/// A key.
#[derive(Clone)]
pub(crate) enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    Rsa(Rsa),
}

/// How a certificate is signed.
#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    /// RSA PKCS#1 v1.5 or ECDSA, by the key, with this hash.
    With(Hash),
    /// RSASSA-PSS with SHA-256 and a salt of so many octets.
    Pss(u8),
    /// Ed25519.
    Pure,
}

/// A hash function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => md5::Md5::digest(data).to_vec(),
            Self::Sha1 => sha1::Sha1::digest(data).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(data).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(data).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(data).to_vec(),
        }
    }

    const fn identifier(self) -> &'static str {
        match self {
            Self::Md5 => "1.2.840.113549.2.5",
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }
}

/// Big-endian octets without leading zeros.
fn trimmed(octets: &[u8]) -> Vec<u8> {
    let start = octets.iter().position(|&octet| octet != 0);
    octets[start.unwrap_or(octets.len())..].to_vec()
}

fn number(octets: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(octets)
}

fn octets(number: &BoxedUint) -> Vec<u8> {
    trimmed(&number.to_be_bytes())
}

/// An INTEGER from octets without leading zeros.
pub(crate) fn positive(octets: &[u8]) -> Vec<u8> {
    match octets.first() {
        Some(first) if first & 0x80 != 0 => integer(&[&[0], octets].concat()),
        Some(_) => integer(octets),
        None => integer(&[0]),
    }
}

/// An RSA key of so many bits with an exponent, the same for the same number.
pub(crate) fn rsa(bits: u32, exponent: u32, seed: u64) -> Rsa {
    static MADE: Mutex<BTreeMap<(u32, u32, u64), Rsa>> = Mutex::new(BTreeMap::new());
    let place = (bits, exponent, seed);
    if let Some(known) = MADE.lock().expect("no thread panicked").get(&place) {
        return known.clone();
    }
    let made = find_rsa(bits, exponent, seed);
    let mut known = MADE.lock().expect("no thread panicked");
    known.insert(place, made.clone());
    made
}

fn find_rsa(bits: u32, exponent: u32, seed: u64) -> Rsa {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let one = BoxedUint::one();
    loop {
        let mut prime = || -> BoxedUint {
            crypto_primes::random_prime(&mut random, crypto_primes::Flavor::Any, bits / 2)
        };
        let (p, q) = (prime(), prime());
        let modulus = p.concatenating_mul(&q);
        if modulus.bit_width() != bits || p == q {
            continue;
        }
        let below = |prime: &BoxedUint| prime.wrapping_sub(&one);
        let totient = below(&p).concatenating_mul(&below(&q));
        let width = totient.bits_precision();
        let Some(totient) = NonZero::new(totient).into_option() else {
            continue;
        };
        let public = BoxedUint::from(exponent).resize(width);
        let Some(private) = public.invert_mod(&totient).into_option() else {
            continue;
        };
        return Rsa {
            modulus: octets(&modulus),
            exponent: trimmed(&exponent.to_be_bytes()),
            private: octets(&private),
            primes: [octets(&p), octets(&q)],
        };
    }
}

impl Rsa {
    /// `message` to the private exponent, as long as the modulus.
    fn power(&self, message: &[u8]) -> Vec<u8> {
        let modulus = number(&self.modulus);
        let precision = modulus.bits_precision();
        let odd = modulus.to_odd().into_option().expect("two odd primes");
        let parameters = BoxedMontyParams::new_vartime(odd);
        let base = BoxedUint::from_be_slice(message, precision).expect("below the modulus");
        let power = BoxedMontyForm::new(base, &parameters)
            .pow(&number(&self.private))
            .retrieve();
        let plain = octets(&power);
        [vec![0; self.modulus.len() - plain.len()], plain].concat()
    }

    /// RFC 8017, section 9.2.
    fn sign(&self, hash: Hash, data: &[u8]) -> Vec<u8> {
        let info = sequence(&[
            &sequence(&[&oid(hash.identifier()), &[5, 0]]),
            &element(4, &hash.digest(data)),
        ]);
        let padding = vec![0xff; self.modulus.len() - info.len() - 3];
        self.power(&[&[0, 1], padding.as_slice(), &[0], &info].concat())
    }

    /// RFC 8017, section 9.1.1, with SHA-256 and a salt of zeros.
    fn sign_pss(&self, data: &[u8], salt: usize) -> Vec<u8> {
        let salt = vec![0; salt];
        let hashed = Hash::Sha256.digest(data);
        let digest = Hash::Sha256.digest(&[&[0; 8], hashed.as_slice(), &salt].concat());
        let length = self.modulus.len();
        let zeros = vec![0; length - salt.len() - digest.len() - 2];
        let block = [zeros.as_slice(), &[1], &salt].concat();
        let mask: Vec<u8> = (0_u32..)
            .flat_map(|count| {
                let input = [digest.as_slice(), &count.to_be_bytes()].concat();
                Hash::Sha256.digest(&input)
            })
            .take(block.len())
            .collect();
        let mut masked: Vec<u8> = block
            .iter()
            .zip(&mask)
            .map(|(one, two)| one ^ two)
            .collect();
        masked[0] &= 0x7f;
        self.power(&[masked.as_slice(), &digest, &[0xbc]].concat())
    }

    /// PKCS#1.
    pub(crate) fn pkcs1(&self) -> Vec<u8> {
        let [p, q] = &self.primes;
        let modulo = |value: &[u8], modulus: &BoxedUint| {
            let modulus = NonZero::new(modulus.clone())
                .into_option()
                .expect("not zero");
            octets(&number(value).rem_vartime(&modulus))
        };
        let below = |prime: &[u8]| number(prime).wrapping_sub(BoxedUint::one());
        let inverse = NonZero::new(number(p))
            .into_option()
            .and_then(|p| number(q).invert_mod(&p).into_option())
            .map(|inverse| octets(&inverse))
            .unwrap_or_default();
        sequence(&[
            &integer(&[0]),
            &positive(&self.modulus),
            &positive(&self.exponent),
            &positive(&self.private),
            &positive(p),
            &positive(q),
            &positive(&modulo(&self.private, &below(p))),
            &positive(&modulo(&self.private, &below(q))),
            &positive(&inverse),
        ])
    }
}

impl Key {
    /// A key of P-384 from a number.
    pub(crate) fn p384(number: u8) -> Self {
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[number; 48]).expect("in range"))
    }

    /// A key of P-521 from a number.
    pub(crate) fn p521(number: u8) -> Self {
        let scalar = [&[0, 1][..], &[number; 64]].concat();
        Self::P521(p521::ecdsa::SigningKey::from_slice(&scalar).expect("in range"))
    }

    /// An Ed25519 key from a number.
    pub(crate) fn ed25519(number: u8) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[number; 32]))
    }

    /// The subject public key info.
    pub(crate) fn public(&self) -> Vec<u8> {
        let curve = |identifier: &str, point: &[u8]| {
            let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid(identifier)]);
            sequence(&[&algorithm, &element(3, &[&[0], point].concat())])
        };
        match self {
            Self::P256(key) => public_key(key),
            Self::P384(key) => curve(
                "1.3.132.0.34",
                key.verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::P521(key) => curve(
                "1.3.132.0.35",
                key.verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::Ed25519(key) => sequence(&[
                &sequence(&[&oid("1.3.101.112")]),
                &element(
                    3,
                    &[&[0], key.verifying_key().as_bytes().as_slice()].concat(),
                ),
            ]),
            Self::Rsa(key) => {
                let numbers = sequence(&[&positive(&key.modulus), &positive(&key.exponent)]);
                sequence(&[
                    &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
                    &element(3, &[&[0], numbers.as_slice()].concat()),
                ])
            }
        }
    }

    /// The private key in the form of its kind (PKCS#1, SEC1, PKCS#8): label and DER.
    pub(crate) fn private(&self) -> (&'static str, Vec<u8>) {
        let sec1 = |scalar: &[u8], identifier: &str| {
            let der = sequence(&[
                &integer(&[1]),
                &element(4, scalar),
                &element(0xa0, &oid(identifier)),
            ]);
            ("EC PRIVATE KEY", der)
        };
        match self {
            Self::P256(key) => sec1(&key.to_bytes(), "1.2.840.10045.3.1.7"),
            Self::P384(key) => sec1(&key.to_bytes(), "1.3.132.0.34"),
            Self::P521(key) => sec1(&key.to_bytes(), "1.3.132.0.35"),
            Self::Rsa(key) => ("RSA PRIVATE KEY", key.pkcs1()),
            Self::Ed25519(_) => ("PRIVATE KEY", self.pkcs8()),
        }
    }

    /// The private key as PKCS#8.
    pub(crate) fn pkcs8(&self) -> Vec<u8> {
        let (algorithm, inner) = match self {
            Self::Ed25519(key) => (sequence(&[&oid("1.3.101.112")]), element(4, key.as_bytes())),
            Self::Rsa(key) => (
                sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
                key.pkcs1(),
            ),
            Self::P256(_) | Self::P384(_) | Self::P521(_) => {
                let curve = match self {
                    Self::P384(_) => "1.3.132.0.34",
                    Self::P521(_) => "1.3.132.0.35",
                    _ => "1.2.840.10045.3.1.7",
                };
                (
                    sequence(&[&oid("1.2.840.10045.2.1"), &oid(curve)]),
                    self.private().1,
                )
            }
        };
        sequence(&[&integer(&[0]), &algorithm, &element(4, &inner)])
    }

    /// The private key as PEM, in the form of its kind.
    pub(crate) fn private_pem(&self) -> Vec<u8> {
        let (label, der) = self.private();
        pem(label, &der)
    }

    /// The scheme that fits the key best.
    pub(crate) const fn scheme(&self) -> Scheme {
        match self {
            Self::P256(_) | Self::Rsa(_) => Scheme::With(Hash::Sha256),
            Self::P384(_) => Scheme::With(Hash::Sha384),
            Self::P521(_) => Scheme::With(Hash::Sha512),
            Self::Ed25519(_) => Scheme::Pure,
        }
    }

    fn algorithm(&self, scheme: Scheme) -> Vec<u8> {
        let hash = match scheme {
            Scheme::Pure => return sequence(&[&oid("1.3.101.112")]),
            Scheme::Pss(salt) => {
                let sha256 = sequence(&[&oid(Hash::Sha256.identifier()), &[5, 0]]);
                let mask = sequence(&[&oid("1.2.840.113549.1.1.8"), &sha256]);
                let parameters = sequence(&[
                    &element(0xa0, &sha256),
                    &element(0xa1, &mask),
                    &element(0xa2, &integer(&[salt])),
                ]);
                return sequence(&[&oid("1.2.840.113549.1.1.10"), &parameters]);
            }
            Scheme::With(hash) => hash,
        };
        if matches!(self, Self::Rsa(_)) {
            let last = match hash {
                Hash::Md5 => 4,
                Hash::Sha1 => 5,
                Hash::Sha256 => 11,
                Hash::Sha384 => 12,
                Hash::Sha512 => 13,
            };
            sequence(&[&oid(&format!("1.2.840.113549.1.1.{last}")), &[5, 0]])
        } else {
            let identifier = match hash {
                Hash::Md5 | Hash::Sha1 => "1.2.840.10045.4.1",
                Hash::Sha256 => "1.2.840.10045.4.3.2",
                Hash::Sha384 => "1.2.840.10045.4.3.3",
                Hash::Sha512 => "1.2.840.10045.4.3.4",
            };
            sequence(&[&oid(identifier)])
        }
    }

    fn signature(&self, scheme: Scheme, data: &[u8]) -> Vec<u8> {
        let hash = match scheme {
            Scheme::With(hash) => hash,
            Scheme::Pss(_) | Scheme::Pure => Hash::Sha256,
        };
        let digest = hash.digest(data);
        match (self, scheme) {
            (Self::Rsa(key), Scheme::Pss(salt)) => key.sign_pss(data, usize::from(salt)),
            (Self::Rsa(key), _) => key.sign(hash, data),
            (Self::Ed25519(key), _) => key.sign(data).to_bytes().to_vec(),
            (Self::P256(key), _) => {
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(&digest).expect("a signature");
                signature.to_der().as_bytes().to_vec()
            }
            (Self::P384(key), _) => {
                let signature: p384::ecdsa::Signature =
                    key.sign_prehash(&digest).expect("a signature");
                signature.to_der().as_bytes().to_vec()
            }
            (Self::P521(key), _) => {
                let signature: p521::ecdsa::Signature =
                    key.sign_prehash(&digest).expect("a signature");
                signature.to_der().as_bytes().to_vec()
            }
        }
    }

    /// A certificate, signed with this key: both algorithm fields say how.
    pub(crate) fn sign(&self, parts: &Parts, scheme: Scheme) -> Vec<u8> {
        let mut parts = parts.clone();
        parts.inner_algorithm = self.algorithm(scheme);
        parts.outer_algorithm = parts.inner_algorithm.clone();
        let to_be_signed = parts.to_be_signed();
        let bits = [vec![0], self.signature(scheme, &to_be_signed)].concat();
        sequence(&[&to_be_signed, &parts.outer_algorithm, &element(3, &bits)])
    }
}
