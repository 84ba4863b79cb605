//! PKCS#12 files (RFC 7292; `.p12`, `.pfx`): a private key, its certificate and
//! the chain above it in one file under a passphrase, as browsers, Java and NSS
//! take it. Written with AES-256 and HMAC-SHA-256; read with those and with the
//! triple DES and RC2 of older programs. A store of many entries is read as far
//! as keys and certificates go; which certificate is which key's is worked out
//! from the keys themselves.

use const_oid::db::{
    rfc2985::{PKCS_9_AT_FRIENDLY_NAME, PKCS_9_AT_LOCAL_KEY_ID},
    rfc5911::{ID_DATA, ID_ENCRYPTED_DATA},
    rfc5912::{ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512},
};
use der::{
    Decode, Encode,
    asn1::{Any, BmpString, ContextSpecific, Null, OctetString, SetOfVec},
};
use hmac::{
    EagerHash, Hmac, KeyInit, Mac,
    digest::{FixedOutputReset, block_api::BlockSizeUser},
};
use pkcs12::{
    AuthenticatedSafe, CertBag, DigestInfo, MacData, PKCS_12_CERT_BAG_OID, PKCS_12_KEY_BAG_OID,
    PKCS_12_PKCS8_KEY_BAG_OID, PKCS_12_X509_CERT_OID, Pfx, SafeBag,
    cms::{
        content_info::{CmsVersion, ContentInfo},
        encrypted_data::EncryptedData,
        enveloped_data::EncryptedContentInfo,
    },
    kdf::Pkcs12KeyType,
    pbe_params::EncryptedPrivateKeyInfo,
    pfx::Version,
    safe_bag::SafeContents,
};
use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};
use zeroize::Zeroizing;

use super::{
    certificate::Certificate,
    chain::Chain,
    key::{KeyError, PrivateKey},
    password_encryption::{self, Budget, EncryptionError, ITERATIONS, Passphrase},
    pem,
};

/// What a PKCS#12 file holds.
pub struct Contents {
    /// Its private keys, in its order.
    pub keys: Vec<PrivateKey>,
    /// Its certificates, in its order.
    pub certificates: Vec<Certificate>,
    /// The name of its first entry that has one.
    pub friendly_name: Option<String>,
    /// Whether a MAC was there, and held. Without one anybody may have changed
    /// the file.
    pub authenticated: bool,
}

/// Why there is no PKCS#12 file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Pkcs12Error {
    /// The contents are not those of a PKCS#12 file.
    #[error("this is no PKCS#12 file, or it is damaged; export it again")]
    Malformed,
    /// Longer than [`pem::MAXIMUM_LENGTH`].
    #[error("{} is far too large for a PKCS#12 file; choose one with the key and its certificates", pem::size(*length))]
    TooLarge {
        /// The file's length in bytes.
        length: usize,
    },
    /// In BER with lengths left open, as NSS and Firefox export it.
    #[error(
        "this PKCS#12 file is written as NSS and Firefox do it, which is not supported; {WRITE_ANEW}"
    )]
    OpenLengths,
    /// Signed with a certificate instead of a passphrase (RFC 7292 section 4).
    #[error(
        "this PKCS#12 file is signed instead of being under a passphrase, which is not supported; export it again with a passphrase"
    )]
    Signed,
    /// It can't be opened.
    #[error("{}", of_encryption(.0))]
    Encryption(#[source] EncryptionError),
    /// A key in it can't be read.
    #[error("the key in this PKCS#12 file: {0}")]
    Key(#[source] KeyError),
    /// A name that has no place in a `BMPString`.
    #[error("“{text}” can't be the name in a PKCS#12 file; leave out what is no plain letter")]
    Name {
        /// The name.
        text: String,
    },
    /// Encoding failed.
    #[error("the PKCS#12 file could not be made: {0}; please report this")]
    Encoding(#[source] der::Error),
}

/// How a file is written anew in a form that is read here.
const WRITE_ANEW: &str =
    "write it anew, with: openssl pkcs12 -in FILE -nodes | openssl pkcs12 -export -out NEWFILE";

fn of_encryption(error: &EncryptionError) -> String {
    let fault = match error {
        EncryptionError::Unsupported { algorithm } => {
            format!("uses {algorithm}, which is not supported")
        }
        EncryptionError::TooCostly { cost } => {
            format!("asks for {cost}, more than is reasonable")
        }
        error => return error.to_string(),
    };
    format!("this PKCS#12 file {fault}; {WRITE_ANEW}")
}

impl From<EncryptionError> for Pkcs12Error {
    fn from(error: EncryptionError) -> Self {
        Self::Encryption(error)
    }
}

impl From<KeyError> for Pkcs12Error {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Encryption(error) => Self::Encryption(error),
            error => Self::Key(error),
        }
    }
}

/// Writes a key, its certificate and the rest of the chain: certificates under
/// PBES2, the key under PBES2 once more (a shrouded key bag), all of it under an
/// HMAC with SHA-256, each with [`ITERATIONS`] rounds. `localKeyID` ties the key
/// to its certificate, as OpenSSL and Java want it.
///
/// OpenSSL 1.1 and later, Java 8u301 and later, NSS, Firefox, Chromium and
/// Windows 10 1709 and later read it; macOS does from version 15 on.
///
/// # Errors
///
/// An empty passphrase, or a name or passphrase that a `BMPString` can't hold.
pub fn write<R: CryptoRng + ?Sized>(
    key: &PrivateKey,
    chain: &Chain,
    friendly_name: &str,
    passphrase: &str,
    rng: &mut R,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    if passphrase.is_empty() {
        return Err(EncryptionError::PassphraseMissing.into());
    }
    let attributes = attributes(chain.first(), friendly_name)?;
    let certificates = chain
        .certificates()
        .enumerate()
        .map(|(index, certificate)| {
            let bag = CertBag {
                cert_id: PKCS_12_X509_CERT_OID,
                cert_value: OctetString::new(certificate.der())?,
            };
            Ok(SafeBag {
                bag_id: PKCS_12_CERT_BAG_OID,
                bag_value: bag.to_der()?,
                bag_attributes: (index == 0).then(|| attributes.clone()),
            })
        })
        .collect::<der::Result<SafeContents>>()
        .map_err(Pkcs12Error::Encoding)?;
    let keys: SafeContents = vec![SafeBag {
        bag_id: PKCS_12_PKCS8_KEY_BAG_OID,
        bag_value: key.to_encrypted_pkcs8(passphrase, rng)?,
        bag_attributes: Some(attributes),
    }];
    let certificates = encrypted(&certificates, passphrase, rng)?;
    let safe: AuthenticatedSafe<'_> = vec![
        certificates,
        data(&keys.to_der().map_err(Pkcs12Error::Encoding)?).map_err(Pkcs12Error::Encoding)?,
    ];
    let safe = safe.to_der().map_err(Pkcs12Error::Encoding)?;

    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let iterations = i32::try_from(ITERATIONS).map_err(|_| Pkcs12Error::Malformed)?;
    let digest = mac::<Sha256>(&safe, passphrase.into(), &salt, iterations, 32)
        .ok_or(EncryptionError::Failed)?
        .finalize()
        .into_bytes();
    let pfx = || -> der::Result<Vec<u8>> {
        Pfx {
            version: Version::V3,
            auth_safe: data(&safe)?,
            mac_data: Some(MacData {
                mac: DigestInfo {
                    algorithm: AlgorithmIdentifierOwned {
                        oid: ID_SHA_256,
                        parameters: Some(Any::encode_from(&Null)?),
                    },
                    digest: OctetString::new(digest.as_slice())?,
                },
                mac_salt: OctetString::new(salt)?,
                iterations,
            }),
        }
        .to_der()
    };
    pfx().map(Zeroizing::new).map_err(Pkcs12Error::Encoding)
}

/// `localKeyID`, by custom the SHA-1 of the certificate, and `friendlyName` (RFC
/// 2985 section 5.5).
fn attributes(certificate: &Certificate, friendly_name: &str) -> Result<Attributes, Pkcs12Error> {
    let attribute = |oid, value: der::Result<Any>| -> der::Result<Attribute> {
        Ok(Attribute {
            oid,
            values: SetOfVec::try_from(vec![value?])?,
        })
    };
    let name = BmpString::from_utf8(friendly_name).map_err(|_| Pkcs12Error::Name {
        text: friendly_name.to_owned(),
    })?;
    let identifier = OctetString::new(Sha1::digest(certificate.der()).as_slice());
    let mut attributes = vec![
        identifier
            .and_then(|identifier| attribute(PKCS_9_AT_LOCAL_KEY_ID, Any::encode_from(&identifier)))
            .map_err(Pkcs12Error::Encoding)?,
    ];
    if !friendly_name.is_empty() {
        attributes.push(
            attribute(PKCS_9_AT_FRIENDLY_NAME, Any::encode_from(&name))
                .map_err(Pkcs12Error::Encoding)?,
        );
    }
    SetOfVec::try_from(attributes).map_err(Pkcs12Error::Encoding)
}

/// Content of the type `data`: an OCTET STRING.
fn data(contents: &[u8]) -> der::Result<ContentInfo> {
    Ok(ContentInfo {
        content_type: ID_DATA,
        content: Any::encode_from(&OctetString::new(contents)?)?,
    })
}

fn encrypted<R: CryptoRng + ?Sized>(
    contents: &SafeContents,
    passphrase: &str,
    rng: &mut R,
) -> Result<ContentInfo, Pkcs12Error> {
    let plain = Zeroizing::new(contents.to_der().map_err(Pkcs12Error::Encoding)?);
    let (scheme, ciphertext) = password_encryption::encrypt(&plain, passphrase, rng)?;
    let content = || -> der::Result<ContentInfo> {
        let encrypted = EncryptedData {
            version: CmsVersion::V0,
            enc_content_info: EncryptedContentInfo {
                content_type: ID_DATA,
                content_enc_alg: scheme,
                encrypted_content: Some(OctetString::new(ciphertext)?),
            },
            unprotected_attrs: None,
        };
        Ok(ContentInfo {
            content_type: ID_ENCRYPTED_DATA,
            content: Any::encode_from(&encrypted)?,
        })
    };
    content().map_err(Pkcs12Error::Encoding)
}

/// The MAC of RFC 7292 section 5.1: HMAC under a key of PKCS#12's own
/// derivation. None for a passphrase that has no `BMPString`.
fn mac<D>(
    contents: &[u8],
    passphrase: Passphrase<'_>,
    salt: &[u8],
    iterations: i32,
    key_length: usize,
) -> Option<Hmac<D>>
where
    D: EagerHash + Digest + FixedOutputReset + BlockSizeUser,
    Hmac<D>: KeyInit + Mac,
{
    let key = passphrase
        .derive_key::<D>(salt, Pkcs12KeyType::Mac, iterations, key_length)
        .ok()?;
    let mut mac = <Hmac<D> as KeyInit>::new_from_slice(&key).ok()?;
    mac.update(contents);
    Some(mac)
}

/// Reads a PKCS#12 file.
///
/// # Errors
///
/// No PKCS#12 file, a wrong passphrase, a scheme that is not supported, or more
/// work than is reasonable: all parts together, and with what the budget was spent
/// on before.
pub fn read(file: &[u8], passphrase: &str, budget: &mut Budget) -> Result<Contents, Pkcs12Error> {
    let refused = match read_with(file, passphrase.into(), budget) {
        Err(Pkcs12Error::Encryption(error)) if passphrase.is_empty() => error,
        read => return read,
    };
    match refused {
        EncryptionError::PassphraseMissing | EncryptionError::WrongPassphrase => {
            read_with(file, Passphrase::Absent, budget).map_err(|_| refused.into())
        }
        error => Err(error.into()),
    }
}

fn read_with(
    file: &[u8],
    passphrase: Passphrase<'_>,
    budget: &mut Budget,
) -> Result<Contents, Pkcs12Error> {
    if file.len() > pem::MAXIMUM_LENGTH {
        return Err(Pkcs12Error::TooLarge { length: file.len() });
    }
    // X.690 section 8.1.3.6: a SEQUENCE of indefinite length.
    if file.starts_with(&[0x30, 0x80]) {
        return Err(Pkcs12Error::OpenLengths);
    }
    let pfx = Pfx::from_der(file).map_err(malformed)?;
    if pfx.auth_safe.content_type != ID_DATA {
        return Err(Pkcs12Error::Signed);
    }
    let safe = octet_string(&pfx.auth_safe.content)?;
    if let Some(mac_data) = &pfx.mac_data {
        check_mac(mac_data, safe.as_bytes(), passphrase, budget)?;
    }
    let mut contents = Contents {
        keys: Vec::new(),
        certificates: Vec::new(),
        friendly_name: None,
        authenticated: pfx.mac_data.is_some(),
    };
    let parts = AuthenticatedSafe::from_der(safe.as_bytes()).map_err(malformed)?;
    for part in parts {
        let bags = match part.content_type {
            ID_DATA => Zeroizing::new(octet_string(&part.content)?.into_bytes().to_vec()),
            ID_ENCRYPTED_DATA => {
                let encrypted: EncryptedData = part.content.decode_as().map_err(malformed)?;
                let info = encrypted.enc_content_info;
                let ciphertext = info.encrypted_content.ok_or(Pkcs12Error::Malformed)?;
                password_encryption::decrypt(
                    &info.content_enc_alg,
                    passphrase,
                    ciphertext.as_bytes(),
                    budget,
                )?
            }
            oid => return Err(password_encryption::unsupported(oid).into()),
        };
        for bag in SafeContents::from_der(&bags).map_err(malformed)? {
            contents.take(&bag, passphrase, budget)?;
        }
    }
    Ok(contents)
}

fn malformed(_: der::Error) -> Pkcs12Error {
    Pkcs12Error::Malformed
}

fn octet_string(content: &Any) -> Result<OctetString, Pkcs12Error> {
    content.decode_as().map_err(malformed)
}

fn check_mac(
    mac_data: &MacData,
    contents: &[u8],
    passphrase: Passphrase<'_>,
    budget: &mut Budget,
) -> Result<(), Pkcs12Error> {
    let (salt, iterations) = (mac_data.mac_salt.as_bytes(), mac_data.iterations);
    budget.spend(u64::try_from(iterations).map_err(|_| Pkcs12Error::Malformed)?)?;
    let expected = mac_data.mac.digest.as_bytes();
    let holds = match mac_data.mac.algorithm.oid {
        ID_SHA_1 => mac::<Sha1>(contents, passphrase, salt, iterations, 20)
            .map(|mac| mac.verify_slice(expected).is_ok()),
        ID_SHA_256 => mac::<Sha256>(contents, passphrase, salt, iterations, 32)
            .map(|mac| mac.verify_slice(expected).is_ok()),
        ID_SHA_384 => mac::<Sha384>(contents, passphrase, salt, iterations, 48)
            .map(|mac| mac.verify_slice(expected).is_ok()),
        ID_SHA_512 => mac::<Sha512>(contents, passphrase, salt, iterations, 64)
            .map(|mac| mac.verify_slice(expected).is_ok()),
        oid => return Err(password_encryption::unsupported(oid).into()),
    };
    match holds {
        Some(true) => Ok(()),
        _ => match passphrase {
            Passphrase::Text("") | Passphrase::Absent => {
                Err(EncryptionError::PassphraseMissing.into())
            }
            Passphrase::Text(_) => Err(EncryptionError::WrongPassphrase.into()),
        },
    }
}

impl Contents {
    /// Takes what a bag holds; CRLs, secrets and nested bags are left out.
    fn take(
        &mut self,
        bag: &SafeBag,
        passphrase: Passphrase<'_>,
        budget: &mut Budget,
    ) -> Result<(), Pkcs12Error> {
        match bag.bag_id {
            PKCS_12_CERT_BAG_OID => {
                let bag: ContextSpecific<CertBag> =
                    ContextSpecific::from_der(&bag.bag_value).map_err(malformed)?;
                if bag.value.cert_id == PKCS_12_X509_CERT_OID {
                    let certificate = Certificate::from_der(bag.value.cert_value.as_bytes())
                        .map_err(|_| Pkcs12Error::Malformed)?;
                    self.certificates.push(certificate);
                }
            }
            PKCS_12_KEY_BAG_OID => {
                let bag: ContextSpecific<Any> =
                    ContextSpecific::from_der(&bag.bag_value).map_err(malformed)?;
                let der = Zeroizing::new(bag.value.to_der().map_err(malformed)?);
                self.keys.push(PrivateKey::from_pkcs8(&der)?);
            }
            PKCS_12_PKCS8_KEY_BAG_OID => {
                let bag: ContextSpecific<EncryptedPrivateKeyInfo> =
                    ContextSpecific::from_der(&bag.bag_value).map_err(malformed)?;
                let plain = password_encryption::decrypt(
                    &bag.value.encryption_algorithm,
                    passphrase,
                    bag.value.encrypted_data.as_bytes(),
                    budget,
                )?;
                self.keys.push(PrivateKey::from_pkcs8(&plain)?);
            }
            _ => {}
        }
        if self.friendly_name.is_none() {
            self.friendly_name = friendly_name(bag);
        }
        Ok(())
    }
}

fn friendly_name(bag: &SafeBag) -> Option<String> {
    let attribute = bag
        .bag_attributes
        .as_ref()?
        .iter()
        .find(|attribute| attribute.oid == PKCS_9_AT_FRIENDLY_NAME)?;
    let name: BmpString = attribute.values.iter().next()?.decode_as().ok()?;
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use jiff::Timestamp;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    fn read(file: &[u8], passphrase: &str) -> Result<Contents, Pkcs12Error> {
        super::read(file, passphrase, &mut Budget::default())
    }
    use crate::pki::{
        authority::{Authority, AuthorityOptions},
        certification_request::CertificationRequest,
        key::KeyType,
        purposes::Purposes,
    };

    const PASSPHRASE: &str = "pässword";

    /// A key, its chain, and the file that holds them: made once, since making
    /// one is meant to be slow.
    fn example() -> &'static (PrivateKey, Chain, Vec<u8>) {
        static EXAMPLE: OnceLock<(PrivateKey, Chain, Vec<u8>)> = OnceLock::new();
        EXAMPLE.get_or_init(|| {
            let mut rng = ChaCha20Rng::seed_from_u64(1);
            let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
            let days = "30".parse().unwrap();
            let mut key = || PrivateKey::generate(KeyType::P256, &mut rng).unwrap();
            let (root_key, middle_key, key) = (key(), key(), key());
            let options = |subject: &str| AuthorityOptions::new(subject.parse().unwrap(), days);
            let root = Authority::create(&options("/CN=root"), root_key, now, &mut rng).unwrap();
            let middle = root
                .issue_authority(&options("/CN=middle"), middle_key, now, &mut rng)
                .unwrap();
            let subject = "/CN=client".parse().unwrap();
            let request = CertificationRequest::create(&subject, &[], &key, &mut rng).unwrap();
            let leaf = middle
                .issue(&request, &[], Purposes::Client, days, now, &mut rng)
                .unwrap();
            let above = middle.chain().certificates().cloned().collect();
            let chain = Chain::new(leaf, above).unwrap();
            let file = write(&key, &chain, "clïent", PASSPHRASE, &mut rng).unwrap();
            (key, chain, file.to_vec())
        })
    }

    #[test]
    fn key_and_chain_come_back_under_their_passphrase() {
        let (key, chain, file) = example();
        let contents = read(file, PASSPHRASE).unwrap();
        assert_eq!(contents.keys.len(), 1);
        assert_eq!(contents.keys[0].public_key(), key.public_key());
        let certificates: Vec<&Certificate> = chain.certificates().collect();
        assert_eq!(
            contents.certificates.iter().collect::<Vec<_>>(),
            certificates
        );
        assert_eq!(contents.friendly_name.as_deref(), Some("clïent"));
        assert!(contents.authenticated);
    }

    #[test]
    fn a_file_that_was_written_without_any_passphrase_is_opened() {
        let safe = b"\x30\0";
        for none in [Passphrase::Absent, Passphrase::Text("")] {
            let mac = mac::<Sha256>(safe, none, &[7; 8], 1, 32).unwrap();
            let digest = mac.finalize().into_bytes();
            let file = Pfx {
                version: Version::V3,
                auth_safe: data(safe).unwrap(),
                mac_data: Some(MacData {
                    mac: DigestInfo {
                        algorithm: AlgorithmIdentifierOwned {
                            oid: ID_SHA_256,
                            parameters: None,
                        },
                        digest: OctetString::new(digest.as_slice()).unwrap(),
                    },
                    mac_salt: OctetString::new([7; 8]).unwrap(),
                    iterations: 1,
                }),
            }
            .to_der()
            .unwrap();
            assert!(read(&file, "").unwrap().authenticated);
            assert_eq!(
                read(&file, "x").err(),
                Some(Pkcs12Error::Encryption(EncryptionError::WrongPassphrase))
            );
        }
    }

    #[test]
    fn another_passphrase_and_none_are_told_apart() {
        let (key, chain, file) = example();
        let refused = |passphrase: &str| read(file, passphrase).err();
        for passphrase in ["password", "PÄSSWORD", "a\u{1f511}"] {
            assert_eq!(
                refused(passphrase),
                Some(Pkcs12Error::Encryption(EncryptionError::WrongPassphrase))
            );
        }
        assert_eq!(
            refused(""),
            Some(Pkcs12Error::Encryption(EncryptionError::PassphraseMissing))
        );
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        assert_eq!(
            write(key, chain, "", "", &mut rng).err(),
            Some(Pkcs12Error::Encryption(EncryptionError::PassphraseMissing))
        );
        assert!(matches!(
            write(key, chain, "a\u{1f511}", "x", &mut rng),
            Err(Pkcs12Error::Name { .. })
        ));
    }

    #[test]
    fn a_file_that_was_cut_or_changed_is_refused() {
        let (_, chain, file) = example();
        for length in 0..file.len() {
            assert_eq!(
                read(&file[..length], PASSPHRASE).err(),
                Some(Pkcs12Error::Malformed)
            );
        }
        let mut changed = file.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        assert!(read(&changed, PASSPHRASE).is_err());
        for other in [chain.first().der(), b"", b"\0", &vec![0x30; 100_000]] {
            assert_eq!(read(other, "x").err(), Some(Pkcs12Error::Malformed));
        }
        assert!(matches!(
            read(&vec![0; 2 << 20], "x"),
            Err(Pkcs12Error::TooLarge { .. })
        ));
    }

    /// A file without a MAC, of as many encrypted parts as are wanted.
    fn of_parts(scheme: &AlgorithmIdentifierOwned, count: usize) -> Vec<u8> {
        let part = || {
            let encrypted = EncryptedData {
                version: CmsVersion::V0,
                enc_content_info: EncryptedContentInfo {
                    content_type: ID_DATA,
                    content_enc_alg: scheme.clone(),
                    encrypted_content: Some(OctetString::new([0; 16]).unwrap()),
                },
                unprotected_attrs: None,
            };
            ContentInfo {
                content_type: ID_ENCRYPTED_DATA,
                content: Any::encode_from(&encrypted).unwrap(),
            }
        };
        let safe: AuthenticatedSafe<'_> = (0..count).map(|_| part()).collect();
        Pfx {
            version: Version::V3,
            auth_safe: data(&safe.to_der().unwrap()).unwrap(),
            mac_data: None,
        }
        .to_der()
        .unwrap()
    }

    #[test]
    fn a_file_that_asks_for_too_much_work_is_refused_at_once() {
        let mut pfx = Pfx::from_der(&example().2).unwrap();
        pfx.mac_data.as_mut().unwrap().iterations = i32::MAX;
        // Whoever did that work would not come back.
        assert!(matches!(
            read(&pfx.to_der().unwrap(), PASSPHRASE),
            Err(Pkcs12Error::Encryption(EncryptionError::TooCostly { .. }))
        ));
        pfx.mac_data.as_mut().unwrap().iterations = -1;
        assert_eq!(
            read(&pfx.to_der().unwrap(), PASSPHRASE).err(),
            Some(Pkcs12Error::Malformed)
        );
    }

    #[test]
    fn weak_and_unknown_schemes_are_named_with_the_way_out() {
        let rc4 = AlgorithmIdentifierOwned {
            oid: pkcs12::PKCS_12_PBE_WITH_SHAAND128_BIT_RC4,
            parameters: None,
        };
        assert_eq!(
            read(&of_parts(&rc4, 1), "x").err().unwrap().to_string(),
            "this PKCS#12 file uses PKCS#12’s 128-bit RC4, which is not supported; write it anew, with: openssl pkcs12 -in FILE -nodes | openssl pkcs12 -export -out NEWFILE"
        );
        assert!(!read(&of_parts(&rc4, 0), "x").unwrap().authenticated);
    }
}
