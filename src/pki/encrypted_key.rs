//! Private keys under a passphrase: PKCS#8's `ENCRYPTED PRIVATE KEY` (RFC 5958
//! section 3), read and written, and OpenSSL's older blocks with `DEK-Info`, read
//! only. The encryption itself is in
//! [`super::password_encryption`].

use der::{Decode, Encode, asn1::OctetString};
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    key::{KeyError, PrivateKey},
    password_encryption::{self, Budget, EncryptionError},
    pem,
};

impl PrivateKey {
    /// Reads a private key from PEM in any of the forms of
    /// [`PrivateKey::from_pem`], or encrypted: PKCS#8 with PBES2 (PBKDF2 or
    /// scrypt; AES or triple DES) or with PKCS#12's triple DES, or OpenSSL's
    /// `Proc-Type: 4,ENCRYPTED`. A key
    /// that is not encrypted needs no passphrase, and whatever is given is
    /// ignored. The passphrase is used as UTF-8.
    ///
    /// # Errors
    ///
    /// What is wrong with the text or the key; and, as
    /// [`KeyError::Encryption`], a passphrase that is missing or wrong, a cipher
    /// that is not supported, or a file that asks for unreasonable work.
    pub fn from_encrypted_pem(text: &str, passphrase: &str) -> Result<Self, KeyError> {
        let block = pem::single_maybe_encrypted(text, pem::PRIVATE_KEY, super::key::LABELS)?;
        if let Some(dek_info) = &block.dek_info {
            check_given(passphrase)?;
            let plain = password_encryption::decrypt_traditional(
                dek_info,
                passphrase.as_bytes(),
                &block.der,
            )?;
            return opened(Self::from_labelled(&block.label, &plain));
        }
        if block.label == super::key::ENCRYPTED_LABEL {
            return Self::from_encrypted_pkcs8(&block.der, passphrase);
        }
        Self::from_labelled(&block.label, &block.der)
    }

    /// Reads a PKCS#8 `EncryptedPrivateKeyInfo`.
    ///
    /// # Errors
    ///
    /// As [`Self::from_encrypted_pem`].
    pub fn from_encrypted_pkcs8(der: &[u8], passphrase: &str) -> Result<Self, KeyError> {
        let info = EncryptedPrivateKeyInfo::from_der(der).map_err(|_| KeyError::Malformed)?;
        check_given(passphrase)?;
        let plain = password_encryption::decrypt(
            &info.encryption_algorithm,
            passphrase,
            info.encrypted_data.as_bytes(),
            &mut Budget::default(),
        )?;
        opened(Self::from_pkcs8(&plain))
    }

    /// The key as PKCS#8 DER under a passphrase: PBES2 with AES-256-CBC, its key
    /// from PBKDF2 with HMAC-SHA-256 and
    /// [`ITERATIONS`](password_encryption::ITERATIONS).
    ///
    /// # Errors
    ///
    /// If the passphrase is empty.
    pub fn to_encrypted_pkcs8<R: CryptoRng + ?Sized>(
        &self,
        passphrase: &str,
        rng: &mut R,
    ) -> Result<Vec<u8>, KeyError> {
        check_given(passphrase)?;
        let failed = |_| KeyError::Encryption(EncryptionError::Failed);
        let (encryption_algorithm, encrypted) =
            password_encryption::encrypt(&self.to_pkcs8()?, passphrase, rng)?;
        let info = EncryptedPrivateKeyInfo {
            encryption_algorithm,
            encrypted_data: OctetString::new(encrypted).map_err(failed)?,
        };
        info.to_der().map_err(failed)
    }

    /// The same as PEM (`ENCRYPTED PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// As [`Self::to_encrypted_pkcs8`].
    pub fn to_encrypted_pem<R: CryptoRng + ?Sized>(
        &self,
        passphrase: &str,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, KeyError> {
        let der = self.to_encrypted_pkcs8(passphrase, rng)?;
        pem::encode(super::key::ENCRYPTED_LABEL, &der)
            .map(Zeroizing::new)
            .map_err(|_| KeyError::Malformed)
    }
}

fn check_given(passphrase: &str) -> Result<(), KeyError> {
    if passphrase.is_empty() {
        return Err(KeyError::Encryption(EncryptionError::PassphraseMissing));
    }
    Ok(())
}

/// Of 256 wrong passphrases one passes the check of the padding; what comes out
/// is then no key.
fn opened(key: Result<PrivateKey, KeyError>) -> Result<PrivateKey, KeyError> {
    key.map_err(|error| match error {
        KeyError::Malformed => KeyError::Encryption(EncryptionError::WrongPassphrase),
        error => error,
    })
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;
    use crate::pki::key::KeyType;

    #[test]
    fn each_kind_of_key_comes_back_under_its_passphrase_alone() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        for key_type in [KeyType::P256, KeyType::P384, KeyType::Ed25519] {
            let key = PrivateKey::generate(key_type, &mut rng).unwrap();
            let pem = key.to_encrypted_pem("pässword", &mut rng).unwrap();
            let read = PrivateKey::from_encrypted_pem(&pem, "pässword").unwrap();
            assert_eq!(read.public_key(), key.public_key());
            assert_eq!(
                PrivateKey::from_encrypted_pem(&pem, "password").err(),
                Some(KeyError::Encryption(EncryptionError::WrongPassphrase))
            );
            assert_eq!(
                PrivateKey::from_encrypted_pem(&pem, "").err(),
                Some(KeyError::Encryption(EncryptionError::PassphraseMissing))
            );
            assert_eq!(PrivateKey::from_pem(&pem).err(), Some(KeyError::Encrypted));
        }
    }

    #[test]
    fn an_rsa_key_without_a_null_beside_its_algorithm_is_read() {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let pem = include_str!("../../tests/record/client-cells/client.key");
        let key = PrivateKey::from_pem(pem).unwrap();
        let der = key.to_pkcs8().unwrap();
        let mut info = pkcs8::PrivateKeyInfoRef::from_der(&der).unwrap();
        info.algorithm.parameters = None;
        let der = info.to_der().unwrap();
        let read = PrivateKey::from_pkcs8(&der).unwrap();
        assert_eq!(read.public_key(), key.public_key());
        let (encryption_algorithm, encrypted) =
            password_encryption::encrypt(&der, "secret", &mut rng).unwrap();
        let info = EncryptedPrivateKeyInfo {
            encryption_algorithm,
            encrypted_data: OctetString::new(encrypted).unwrap(),
        };
        let read = PrivateKey::from_encrypted_pkcs8(&info.to_der().unwrap(), "secret").unwrap();
        assert_eq!(read.public_key(), key.public_key());
    }

    #[test]
    fn a_plain_key_needs_no_passphrase() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let key = PrivateKey::generate(KeyType::Ed25519, &mut rng).unwrap();
        for passphrase in ["", "something"] {
            let read = PrivateKey::from_encrypted_pem(&key.to_pem().unwrap(), passphrase).unwrap();
            assert_eq!(read.public_key(), key.public_key());
        }
        assert_eq!(
            key.to_encrypted_pem("", &mut rng).err(),
            Some(KeyError::Encryption(EncryptionError::PassphraseMissing))
        );
    }

    #[test]
    fn no_cut_or_changed_file_opens() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let key = PrivateKey::generate(KeyType::Ed25519, &mut rng).unwrap();
        let der = key.to_encrypted_pkcs8("secret", &mut rng).unwrap();
        for length in 0..der.len() {
            assert_eq!(
                PrivateKey::from_encrypted_pkcs8(&der[..length], "secret").err(),
                Some(KeyError::Malformed)
            );
        }
    }
}
