//! Encryption under a passphrase: PBES2 of PKCS#5 (RFC 8018 section 6.2), in
//! which keys and PKCS#12 files are written, and what older files need besides.
//! Parameters come from files that anyone may have made, so that whatever they
//! ask for is bounded before it is done. Which file holds what is said in
//! [`encrypted_key`](super::encrypted_key).

use std::fmt;

use aes::cipher::{BlockModeDecrypt, InnerIvInit, KeyIvInit, block_padding::Pkcs7};
use const_oid::ObjectIdentifier;
use der::{
    Decode, Encode, ErrorKind,
    asn1::{Any, OctetStringRef},
    referenced::OwnedToRef,
};
use hmac::digest::{FixedOutputReset, block_api::BlockSizeUser};
use md5::{Digest, Md5};
use pkcs5::pbes2::{self, Kdf, Parameters};
use pkcs12::{
    PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC, PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC,
    kdf::{Pkcs12KeyType, derive_key, derive_key_utf8},
    pbe_params::{Pbes2Params, Pkcs12PbeParams},
};
use rand_core::CryptoRng;
use sha1::Sha1;
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

/// How often PBKDF2 runs HMAC-SHA-256 in what is written here: the number of
/// OWASP's Password Storage Cheat Sheet (2023 and later), about half a second in
/// a browser.
pub const ITERATIONS: u32 = 600_000;

/// The most iterations that are done for a file, all its parts together: some
/// seconds' work.
pub const MAXIMUM_ITERATIONS: u32 = 5_000_000;

/// The most memory that scrypt may take for a file, in bytes: `128 · N · r` (RFC
/// 7914 section 2). OpenSSL writes files that take 16 MiB.
pub const MAXIMUM_SCRYPT_MEMORY: u64 = 64 << 20;

/// The most work that scrypt may do for a file, as `N · r · p`. OpenSSL writes
/// files with 2¹⁷.
pub const MAXIMUM_SCRYPT_WORK: u64 = 1 << 22;

/// Why something under a passphrase can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptionError {
    /// No passphrase was given.
    #[error("this is encrypted; give its passphrase")]
    PassphraseMissing,
    /// The passphrase is another one, or the file is damaged.
    #[error("the passphrase does not open it; check the passphrase, its letter case included")]
    WrongPassphrase,
    /// A scheme that is not supported, mostly because it is too weak.
    #[error(
        "it is encrypted with {algorithm}, which is not supported; write it anew with a current OpenSSL, such as: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEWFILE"
    )]
    Unsupported {
        /// The scheme's name, or its object identifier.
        algorithm: String,
    },
    /// The file asks for more work than is reasonable.
    #[error(
        "it asks for {cost}, more than is reasonable; if you trust it, write it anew with OpenSSL’s own choice: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEWFILE"
    )]
    TooCostly {
        /// What it asks for.
        cost: Cost,
    },
    /// The parameters can't be read.
    #[error("this is damaged: how it is encrypted cannot be read; copy it again, whole")]
    Malformed,
    /// Encryption failed, which no valid input makes it do.
    #[error("the encryption failed; please report this")]
    Failed,
}

/// The work that a file asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// So many iterations in one part of the file; others were there before.
    Iterations(u64),
    /// scrypt with these parameters (RFC 7914 section 2).
    Scrypt {
        /// The cost parameter, `N`.
        cost: u64,
        /// The block size, `r`.
        block: u64,
        /// The parallelization, `p`.
        parallelization: u64,
    },
}

impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iterations(iterations) => write!(formatter, "{iterations} iterations and more"),
            Self::Scrypt {
                cost,
                block,
                parallelization,
            } => write!(
                formatter,
                "scrypt with N = {cost}, r = {block} and p = {parallelization}"
            ),
        }
    }
}

/// Encrypts under PBES2: AES-256-CBC with a key of PBKDF2 with HMAC-SHA-256 and
/// [`ITERATIONS`], which every OpenSSL since 1.0, Java since 8u301, NSS and GnuTLS
/// read. Gives the scheme's identifier and the ciphertext.
///
/// # Errors
///
/// Only [`EncryptionError::Failed`], which no input brings about.
pub(super) fn encrypt<R: CryptoRng + ?Sized>(
    plain: &[u8],
    passphrase: &str,
    rng: &mut R,
) -> Result<(AlgorithmIdentifierOwned, Vec<u8>), EncryptionError> {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let mut initial_vector = [0; 16];
    rng.fill_bytes(&mut initial_vector);
    let parameters =
        Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, initial_vector)
            .map_err(|_| EncryptionError::Failed)?;
    let ciphertext = parameters
        .encrypt(passphrase.as_bytes(), plain)
        .map_err(|_| EncryptionError::Failed)?;
    let scheme = pkcs5::EncryptionScheme::from(parameters)
        .to_der()
        .and_then(|der| AlgorithmIdentifierOwned::from_der(&der))
        .map_err(|_| EncryptionError::Failed)?;
    Ok((scheme, ciphertext))
}

/// A scheme that can be opened, with its parameters, not yet weighed.
enum Scheme {
    /// PKCS#5's current one.
    Pbes2(Box<Parameters>),
    /// PKCS#12's own, with triple DES (RFC 7292 appendix C).
    TripleDes(Pkcs12PbeParams),
    /// PKCS#12's own, with 40-bit RC2: what everyone wrote certificates with
    /// until about 2021.
    Rc2(Pkcs12PbeParams),
}

/// Work that a file may still ask for, so that one with many encrypted parts
/// asks for no more than one with a single part.
pub struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(u64::from(MAXIMUM_ITERATIONS))
    }
}

impl Budget {
    /// Of several files that are opened one after the other: twice as much as one
    /// may take.
    pub(super) fn of_several() -> Self {
        Self(2 * u64::from(MAXIMUM_ITERATIONS))
    }

    /// Opens one of several files, within what one may take and what is left.
    pub(super) fn one_file<T>(&mut self, open: impl FnOnce(&mut Self) -> T) -> T {
        let most = self.0.min(u64::from(MAXIMUM_ITERATIONS));
        let mut part = Self(most);
        let opened = open(&mut part);
        self.0 -= most - part.0;
        opened
    }

    /// Takes iterations out of the budget.
    ///
    /// # Errors
    ///
    /// [`EncryptionError::TooCostly`], if fewer are left.
    pub(super) fn spend(&mut self, iterations: u64) -> Result<(), EncryptionError> {
        self.0 = self
            .0
            .checked_sub(iterations)
            .ok_or(EncryptionError::TooCostly {
                cost: Cost::Iterations(iterations),
            })?;
        Ok(())
    }
}

/// Opens what was encrypted with the scheme of an algorithm identifier.
///
/// # Errors
///
/// A scheme that is not supported, more work than is left, or another
/// passphrase.
pub(super) fn decrypt<'a>(
    scheme: &AlgorithmIdentifierOwned,
    passphrase: impl Into<Passphrase<'a>>,
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, EncryptionError> {
    let passphrase = passphrase.into();
    match read_scheme(scheme)? {
        Scheme::Pbes2(parameters) => {
            budget.spend(work(&parameters.kdf)?)?;
            parameters
                .decrypt(passphrase.as_bytes(), ciphertext)
                .map(Zeroizing::new)
                .map_err(|error| match error {
                    pkcs5::Error::DecryptFailed => EncryptionError::WrongPassphrase,
                    pkcs5::Error::UnsupportedAlgorithm { oid } => unsupported(oid),
                    _ => EncryptionError::Malformed,
                })
        }
        Scheme::TripleDes(parameters) => {
            let (key, initial_vector) = derive(&parameters, passphrase, 24, budget)?;
            open::<cbc::Decryptor<des::TdesEde3>>(&key, &initial_vector, ciphertext)
                .ok_or(EncryptionError::WrongPassphrase)
        }
        Scheme::Rc2(parameters) => {
            let (key, initial_vector) = derive(&parameters, passphrase, 5, budget)?;
            let cipher = rc2::Rc2::new_with_eff_key_len(&key, 40);
            let initial_vector = <[u8; 8]>::try_from(initial_vector.as_slice())
                .map_err(|_| EncryptionError::Malformed)?;
            cbc::Decryptor::inner_iv_init(cipher, &initial_vector.into())
                .decrypt_padded_vec::<Pkcs7>(ciphertext)
                .map(Zeroizing::new)
                .map_err(|_| EncryptionError::WrongPassphrase)
        }
    }
}

/// A passphrase, or that there is none, which PKCS#12 tells from an empty one: that
/// is a `BMPString` with its zeros at the end, the other has no bytes at all (RFC 7292
/// appendix B.1). Programs write both for what their users left empty.
#[derive(Clone, Copy)]
pub(super) enum Passphrase<'a> {
    /// What was typed, which may be empty.
    Text(&'a str),
    /// None.
    Absent,
}

impl<'a> From<&'a str> for Passphrase<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl Passphrase<'_> {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Absent => &[],
        }
    }

    /// PKCS#12's own derivation of keys (RFC 7292 appendix B.2).
    ///
    /// # Errors
    ///
    /// A passphrase that no `BMPString` holds.
    pub(super) fn derive_key<D>(
        self,
        salt: &[u8],
        purpose: Pkcs12KeyType,
        iterations: i32,
        length: usize,
    ) -> der::Result<Zeroizing<Vec<u8>>>
    where
        D: Digest + FixedOutputReset + BlockSizeUser,
    {
        match self {
            Self::Text(text) => derive_key_utf8::<D>(text, salt, purpose, iterations, length),
            Self::Absent => Ok(derive_key::<D>(&[], salt, purpose, iterations, length)),
        }
        .map(Zeroizing::new)
    }
}

/// A key and the initial vector to go with it.
type KeyAndVector = (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>);

/// Key and initial vector by PKCS#12's own derivation with SHA-1 (RFC 7292
/// appendix B.2).
fn derive(
    parameters: &Pkcs12PbeParams,
    passphrase: Passphrase<'_>,
    key_length: usize,
    budget: &mut Budget,
) -> Result<KeyAndVector, EncryptionError> {
    let iterations = parameters.iterations;
    budget.spend(u64::try_from(iterations).map_err(|_| EncryptionError::Malformed)?)?;
    let derive = |purpose, length| {
        let salt = parameters.salt.as_bytes();
        passphrase
            .derive_key::<Sha1>(salt, purpose, iterations, length)
            // A passphrase beyond Unicode's first plane has no BMPString.
            .map_err(|_| EncryptionError::WrongPassphrase)
    };
    Ok((
        derive(Pkcs12KeyType::EncryptionKey, key_length)?,
        derive(Pkcs12KeyType::Iv, 8)?,
    ))
}

fn read_scheme(scheme: &AlgorithmIdentifierOwned) -> Result<Scheme, EncryptionError> {
    let any = || scheme.parameters.as_ref().ok_or(EncryptionError::Malformed);
    match scheme.oid {
        pbes2::PBES2_OID => read_pbes2(any()?).map(Box::new).map(Scheme::Pbes2),
        PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC => any()?
            .decode_as()
            .map(Scheme::TripleDes)
            .map_err(|_| EncryptionError::Malformed),
        PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC => any()?
            .decode_as()
            .map(Scheme::Rc2)
            .map_err(|_| EncryptionError::Malformed),
        oid => Err(unsupported(oid)),
    }
}

/// The ciphers of PBES2 that are read.
const CIPHERS: [ObjectIdentifier; 4] = [
    pbes2::AES_128_CBC_OID,
    pbes2::AES_192_CBC_OID,
    pbes2::AES_256_CBC_OID,
    pbes2::DES_EDE3_CBC_OID,
];

fn read_pbes2(any: &Any) -> Result<Parameters, EncryptionError> {
    let parts: Pbes2Params = any.decode_as().map_err(|_| EncryptionError::Malformed)?;
    // `pkcs5` takes the first eight bytes of this one unseen, and there may be
    // fewer.
    if parts.encryption.oid == pbes2::DES_EDE3_CBC_OID {
        let initial_vector = parts
            .encryption
            .parameters
            .as_ref()
            .and_then(|parameters| parameters.decode_as::<&OctetStringRef>().ok());
        if initial_vector.is_none_or(|bytes| bytes.as_bytes().len() != 8) {
            return Err(EncryptionError::Malformed);
        }
    }
    Parameters::try_from(any.owned_to_ref()).map_err(|error| match error.kind() {
        ErrorKind::OidUnknown { oid } => unsupported(oid),
        // RC2's parameters are of another shape than those of the ciphers read here.
        _ if !CIPHERS.contains(&parts.encryption.oid) => unsupported(parts.encryption.oid),
        _ => EncryptionError::Malformed,
    })
}

/// The work that a derivation is, in iterations of PBKDF2 or what takes about as
/// long: a block of scrypt.
fn work(kdf: &Kdf) -> Result<u64, EncryptionError> {
    match kdf {
        Kdf::Pbkdf2(parameters) => Ok(u64::from(parameters.iteration_count)),
        Kdf::Scrypt(parameters) => {
            let cost = parameters.cost_parameter;
            // Anything else is no scrypt (RFC 7914 section 2), and `pkcs5` would
            // panic on zero.
            if !cost.is_power_of_two() {
                return Err(EncryptionError::Malformed);
            }
            let block = u64::from(parameters.block_size);
            let parallelization = u64::from(parameters.parallelization);
            let work = cost.saturating_mul(block).saturating_mul(parallelization);
            let memory = cost.saturating_mul(block).saturating_mul(128);
            if memory > MAXIMUM_SCRYPT_MEMORY || work > MAXIMUM_SCRYPT_WORK {
                return Err(EncryptionError::TooCostly {
                    cost: Cost::Scrypt {
                        cost,
                        block,
                        parallelization,
                    },
                });
            }
            Ok(work)
        }
        other => Err(unsupported(other.oid())),
    }
}

/// A scheme by the name under which OpenSSL knows it.
pub(super) fn unsupported(oid: ObjectIdentifier) -> EncryptionError {
    const NAMES: &[(&str, &str)] = &[
        ("1.2.840.113549.1.5.1", "PBES1 with MD2 and DES"),
        ("1.2.840.113549.1.5.3", "PBES1 with MD5 and DES"),
        ("1.2.840.113549.1.5.4", "PBES1 with MD2 and RC2"),
        ("1.2.840.113549.1.5.6", "PBES1 with MD5 and RC2"),
        ("1.2.840.113549.1.5.10", "PBES1 with SHA-1 and DES"),
        ("1.2.840.113549.1.5.11", "PBES1 with SHA-1 and RC2"),
        ("1.2.840.113549.1.12.1.1", "PKCS#12’s 128-bit RC4"),
        ("1.2.840.113549.1.12.1.2", "PKCS#12’s 40-bit RC4"),
        ("1.2.840.113549.1.12.1.4", "PKCS#12’s two-key triple DES"),
        ("1.2.840.113549.1.12.1.5", "PKCS#12’s 128-bit RC2"),
        ("1.3.14.3.2.7", "DES"),
        ("1.2.840.113549.3.2", "RC2"),
        ("1.2.840.113549.1.5.14", "PBMAC1"),
    ];
    let text = oid.to_string();
    let algorithm = NAMES
        .iter()
        .find(|(number, _)| *number == text)
        .map_or(text.clone(), |(_, name)| (*name).to_owned());
    EncryptionError::Unsupported { algorithm }
}

/// Opens the body of a PEM block with `DEK-Info`, OpenSSL's older form: the key
/// comes of one round of MD5 over passphrase and salt (`EVP_BytesToKey`), and the
/// salt is the initial vector's first eight bytes (`PEM_do_header`).
///
/// # Errors
///
/// A cipher other than AES and triple DES in CBC mode, or another passphrase.
pub(super) fn decrypt_traditional(
    dek_info: &str,
    passphrase: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EncryptionError> {
    let (cipher, initial_vector) = dek_info.split_once(',').unwrap_or((dek_info, ""));
    let cipher = cipher.trim().to_ascii_uppercase();
    let (key_length, block_length, open): (_, _, Opener) = match cipher.as_str() {
        "AES-128-CBC" => (16, 16, open::<cbc::Decryptor<aes::Aes128>>),
        "AES-192-CBC" => (24, 16, open::<cbc::Decryptor<aes::Aes192>>),
        "AES-256-CBC" => (32, 16, open::<cbc::Decryptor<aes::Aes256>>),
        "DES-EDE3-CBC" => (24, 8, open::<cbc::Decryptor<des::TdesEde3>>),
        "" => return Err(EncryptionError::Malformed),
        _ => return Err(EncryptionError::Unsupported { algorithm: cipher }),
    };
    let initial_vector = bytes_of(initial_vector.trim())
        .filter(|bytes| bytes.len() == block_length)
        .ok_or(EncryptionError::Malformed)?;
    let salt = initial_vector.get(..8).ok_or(EncryptionError::Malformed)?;
    let key = bytes_to_key(passphrase, salt, key_length);
    open(&key, &initial_vector, ciphertext).ok_or(EncryptionError::WrongPassphrase)
}

type Opener = fn(&[u8], &[u8], &[u8]) -> Option<Zeroizing<Vec<u8>>>;

fn open<Cipher: KeyIvInit + BlockModeDecrypt>(
    key: &[u8],
    initial_vector: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    Cipher::new_from_slices(key, initial_vector)
        .ok()?
        .decrypt_padded_vec::<Pkcs7>(ciphertext)
        .ok()
        .map(Zeroizing::new)
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and a count of 1. It is no stretching at
/// all; files of this kind are read, not written.
fn bytes_to_key(passphrase: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut digest = Zeroizing::new(Vec::new());
    while key.len() < length {
        let next = Md5::new()
            .chain_update(&*digest)
            .chain_update(passphrase)
            .chain_update(salt)
            .finalize();
        *digest = next.to_vec();
        key.extend_from_slice(&digest);
    }
    key.truncate(length);
    key
}

/// Hexadecimal digits, two for each byte.
fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    base16ct::mixed::decode_vec(hexadecimal).ok()
}

#[cfg(test)]
mod tests {
    use der::asn1::OctetString;

    use super::*;

    fn identifier(oid: &str, parameters: Option<Any>) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: ObjectIdentifier::new_unwrap(oid),
            parameters,
        }
    }

    fn any(value: &impl Encode) -> Any {
        Any::from_der(&value.to_der().unwrap()).unwrap()
    }

    fn scheme(kdf: &Kdf, cipher: &str, initial_vector: &[u8]) -> AlgorithmIdentifierOwned {
        let kdf = AlgorithmIdentifierOwned::from_der(&kdf.to_der().unwrap()).unwrap();
        let encryption = identifier(
            cipher,
            Some(any(&OctetString::new(initial_vector).unwrap())),
        );
        identifier(
            "1.2.840.113549.1.5.13",
            Some(any(&Pbes2Params { kdf, encryption })),
        )
    }

    fn scrypt(cost: u64, block_size: u16, parallelization: u16) -> Kdf {
        Kdf::Scrypt(pbes2::ScryptParams {
            salt: pbes2::Salt::new([1; 8]).unwrap(),
            cost_parameter: cost,
            block_size,
            parallelization,
            key_length: None,
        })
    }

    const AES_256: &str = "2.16.840.1.101.3.4.1.42";

    fn refused(scheme: &AlgorithmIdentifierOwned) -> EncryptionError {
        decrypt(scheme, "secret", &[0; 32], &mut Budget::default()).unwrap_err()
    }

    #[test]
    fn a_file_that_asks_for_too_much_work_is_refused_at_once() {
        let pbkdf2 = |iterations| {
            Kdf::Pbkdf2(pbes2::Pbkdf2Params::hmac_sha256(iterations, &[1; 8]).unwrap())
        };
        // Whoever did that work would not come back.
        for kdf in [
            pbkdf2(MAXIMUM_ITERATIONS + 1),
            pbkdf2(100_000_000),
            scrypt(1 << 30, 8, 1),
            scrypt(1 << 63, 65_535, 65_535),
            scrypt(1 << 10, 8, 65_535),
        ] {
            let error = refused(&scheme(&kdf, AES_256, &[0; 16]));
            assert!(
                matches!(error, EncryptionError::TooCostly { .. }),
                "{error}"
            );
        }
    }

    #[test]
    fn several_files_may_take_twice_what_one_may_and_no_more() {
        let mut budget = Budget::of_several();
        let mut asks_for =
            |iterations: u32| budget.one_file(|budget| budget.spend(u64::from(iterations)).is_ok());
        assert!(!asks_for(MAXIMUM_ITERATIONS + 1), "one file alone");
        assert!(asks_for(MAXIMUM_ITERATIONS - 1));
        assert!(asks_for(MAXIMUM_ITERATIONS));
        let of_all_others: Vec<bool> = (0..1000).map(|_| asks_for(1_000_000)).collect();
        assert!(!of_all_others.contains(&true));
        assert!(asks_for(1), "what is left is still given");
    }

    #[test]
    fn parameters_that_make_no_sense_are_malformed_and_never_a_panic() {
        for (kdf, cipher, initial_vector) in [
            (scrypt(0, 8, 1), AES_256, vec![0; 16]),
            (scrypt(3, 8, 1), AES_256, vec![0; 16]),
            (scrypt(1 << 14, 0, 1), AES_256, vec![0; 16]),
            (scrypt(1 << 14, 8, 0), AES_256, vec![0; 16]),
            (scrypt(1 << 14, 8, 1), AES_256, vec![0; 15]),
            (scrypt(1 << 14, 8, 1), "1.2.840.113549.3.7", vec![0; 3]),
            (scrypt(1 << 14, 8, 1), "1.2.840.113549.3.7", vec![]),
        ] {
            assert_eq!(
                refused(&scheme(&kdf, cipher, &initial_vector)),
                EncryptionError::Malformed,
                "{kdf:?} {cipher}"
            );
        }
        assert_eq!(
            refused(&identifier("1.2.840.113549.1.5.13", None)),
            EncryptionError::Malformed
        );
    }

    #[test]
    fn weak_and_unknown_schemes_are_named() {
        assert_eq!(
            refused(&identifier("1.2.840.113549.1.5.3", None)),
            EncryptionError::Unsupported {
                algorithm: "PBES1 with MD5 and DES".into()
            }
        );
        assert_eq!(
            refused(&scheme(&scrypt(2, 8, 1), "1.2.840.113549.3.2", &[0; 8])),
            EncryptionError::Unsupported {
                algorithm: "RC2".into()
            }
        );
    }

    #[test]
    fn a_cipher_that_is_not_read_is_named_whatever_the_shape_of_its_parameters() {
        let kdf = scrypt(2, 8, 1);
        let kdf = AlgorithmIdentifierOwned::from_der(&kdf.to_der().unwrap()).unwrap();
        // RFC 8018 appendix B.2.3: a SEQUENCE of a version and the initial vector.
        let shape = Any::from_der(b"\x30\x0d\x02\x01\x3a\x04\x08\0\0\0\0\0\0\0\0").unwrap();
        let encryption = identifier("1.2.840.113549.3.2", Some(shape));
        let scheme = identifier(
            "1.2.840.113549.1.5.13",
            Some(any(&Pbes2Params { kdf, encryption })),
        );
        assert_eq!(
            refused(&scheme),
            EncryptionError::Unsupported {
                algorithm: "RC2".into()
            }
        );
    }

    #[test]
    fn the_traditional_form_needs_a_known_cipher_and_a_whole_vector() {
        let refused = |dek_info: &str| decrypt_traditional(dek_info, b"x", &[0; 16]).unwrap_err();
        for dek_info in [
            "",
            "AES-256-CBC",
            "AES-256-CBC,00",
            "AES-256-CBC,zz",
            "DES-EDE3-CBC,00112233445566778899AABBCCDDEEFF",
            "AES-256-CBC,é",
        ] {
            assert_eq!(refused(dek_info), EncryptionError::Malformed, "{dek_info}");
        }
        assert_eq!(
            refused("DES-CBC,0011223344556677"),
            EncryptionError::Unsupported {
                algorithm: "DES-CBC".into()
            }
        );
    }
}
