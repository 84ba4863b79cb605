//! Certificate revocation lists (CRLs, RFC 5280 section 5): one is issued by an
//! authority, written as DER or PEM, and read back. etcd compares nothing in it
//! but the serial numbers: neither the signature nor the dates. Everyone else
//! checks all of it, so that it is made right.

use std::{collections::HashSet, fmt};

use const_oid::AssociatedOid;
use der::{Decode, Encode, asn1::Int};
use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use signature::RandomizedSigner;
use spki::{DynSignatureAlgorithmIdentifier, SignatureBitStringEncoding};
use x509_cert::{
    ext::{
        ToExtension,
        pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason},
    },
    name::Name,
};

use super::{
    certificate::{Certificate, SignedByError, check_signature},
    certificate_list::{CertificateList, Contents, Entry, extension},
    issuing::{Issuer, authority_key_identifier},
    name::hexadecimal,
    pem::{self, PemError},
    serial_number::SerialNumber,
    signing_error::SigningError,
    validity::{Days, Validity, from_time, to_time},
};

/// A CRL that could be read. Nothing is said about who signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    list: CertificateList,
    der: Vec<u8>,
}

/// One certificate that is no longer good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// Its serial number.
    pub serial_number: SerialNumber,
    /// Since when.
    pub date: Timestamp,
    /// Why, where that is said.
    pub reason: Option<RevocationReason>,
}

/// Why a certificate was revoked (RFC 5280 section 5.3.1). `unspecified` is
/// said by leaving the reason out, and `removeFromCRL` is for delta CRLs only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// Somebody else has the private key, or may have it.
    KeyCompromise,
    /// The same of a CA's key.
    CaCompromise,
    /// The subject's name or place has changed.
    AffiliationChanged,
    /// Another certificate has taken its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// For a while only.
    CertificateHold,
    /// The subject may no longer do what the certificate says.
    PrivilegeWithdrawn,
    /// An attribute authority's key is no longer secret.
    AaCompromise,
}

impl RevocationReason {
    /// All, in RFC 5280's order.
    pub const ALL: [Self; 8] = [
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    fn to_x509(self) -> CrlReason {
        match self {
            Self::KeyCompromise => CrlReason::KeyCompromise,
            Self::CaCompromise => CrlReason::CaCompromise,
            Self::AffiliationChanged => CrlReason::AffiliationChanged,
            Self::Superseded => CrlReason::Superseded,
            Self::CessationOfOperation => CrlReason::CessationOfOperation,
            Self::CertificateHold => CrlReason::CertificateHold,
            Self::PrivilegeWithdrawn => CrlReason::PrivilegeWithdrawn,
            Self::AaCompromise => CrlReason::AaCompromise,
        }
    }

    fn from_x509(reason: CrlReason) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.to_x509() == reason)
    }
}

impl fmt::Display for RevocationReason {
    /// RFC 5280's and OpenSSL's configuration's word: `keyCompromise`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}

/// A word that is no reason for a CRL to give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevocationReasonError {
    /// `removeFromCRL`, which takes an entry off.
    #[error(
        "removeFromCRL takes an entry off a list of changes (RFC 5280 section 5.3.1); leave the certificate out of this CRL instead"
    )]
    RemoveFromCrl,
    /// None of RFC 5280's words.
    #[error("“{word}” is no reason; there are {}, and unspecified", RevocationReason::ALL.map(|reason| reason.to_string()).join(", "))]
    Unknown {
        /// The word.
        word: String,
    },
}

impl RevocationReason {
    /// Reads RFC 5280's word, in whatever case. `unspecified` is the same as
    /// none, and is never written into a CRL (section 5.3.1).
    ///
    /// # Errors
    ///
    /// If a CRL can't give that reason.
    pub fn read(word: &str) -> Result<Option<Self>, RevocationReasonError> {
        if word.eq_ignore_ascii_case("unspecified") {
            return Ok(None);
        }
        if word.eq_ignore_ascii_case("removeFromCRL") {
            return Err(RevocationReasonError::RemoveFromCrl);
        }
        let mut all = Self::ALL.into_iter();
        all.find(|reason| word.eq_ignore_ascii_case(&reason.to_string()))
            .map(Some)
            .ok_or_else(|| RevocationReasonError::Unknown {
                word: word.to_owned(),
            })
    }
}

/// Why there is no CRL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevocationListError {
    /// It is not PEM, or not the PEM of a CRL.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The contents are not those of a CRL.
    #[error("this CRL is damaged: its contents cannot be read; copy it again, whole")]
    Malformed,
    /// A certificate is to be revoked twice.
    #[error("the serial number {serial_number} is there twice; remove one")]
    Duplicate {
        /// Its serial number.
        serial_number: SerialNumber,
    },
    /// It is a part of a list only: of the changes since another (RFC 5280 section
    /// 5.2.4), of some certificates (5.2.5), or with entries of other CAs (5.3.3).
    #[error(
        "this CRL is only a part, or has entries of other CAs (the critical extension {extension}); a new one made from it would lose that: give the CA’s whole CRL"
    )]
    Part {
        /// The object identifier of the critical extension that says so.
        extension: String,
    },
    /// Its number can't be counted on from.
    #[error(
        "this CRL’s number, {number} in hexadecimal, is too large to count on from; RFC 5280 allows such a number, this page writes 64 bits: make the next one where this one was made"
    )]
    LargeNumber {
        /// The number, in hexadecimal.
        number: String,
    },
    /// Encoding or signing failed.
    #[error("the CRL could not be made: {0}; please report this")]
    Signing(#[from] SigningError),
}

impl RevocationList {
    /// Issues a CRL: version 2, with its number (which must grow from one CRL of
    /// an authority to the next, RFC 5280 section 5.2.3) and the authority's key
    /// identifier. It holds from a little before `now` until the next update, so
    /// many days later; etcd goes on using it after that, others do not.
    ///
    /// A CA whose key usage lacks cRLSign, such as kubeadm's, signs it all the
    /// same: etcd takes it, OpenSSL does not (see
    /// [`Authority::may_sign_revocation_lists`](super::authority::Authority::may_sign_revocation_lists)).
    ///
    /// # Errors
    ///
    /// If a serial number is there twice, or encoding or signing fails.
    pub fn issue<R: CryptoRng + ?Sized>(
        issuer: Issuer<'_>,
        revoked: &[RevokedCertificate],
        number: u64,
        next_update: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Self, RevocationListError> {
        let mut seen = HashSet::new();
        for entry in revoked {
            if !seen.insert(&entry.serial_number) {
                return Err(RevocationListError::Duplicate {
                    serial_number: entry.serial_number.clone(),
                });
            }
        }
        let validity = Validity::starting(now, next_update);
        Ok(sign(issuer, revoked, number, validity, rng)?)
    }

    /// Reads one CRL from PEM (`X509 CRL`).
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn from_pem(text: &str) -> Result<Self, RevocationListError> {
        let block = pem::single(text, "a CRL", &[LABEL])?;
        Self::from_der(&block.der)
    }

    /// Reads one CRL from DER.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationListError> {
        let list = CertificateList::from_der(der).map_err(|_| RevocationListError::Malformed)?;
        Ok(Self {
            list,
            der: der.to_vec(),
        })
    }

    /// The CRL's bytes: the form that every version of etcd reads.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The CRL as PEM, which etcd 3.4 and 3.5 read, and 3.6 and later do not.
    ///
    /// # Errors
    ///
    /// Only if the encoder fails, which no CRL makes it do.
    pub fn to_pem(&self) -> Result<String, RevocationListError> {
        pem::encode(LABEL, &self.der).map_err(|_| RevocationListError::Malformed)
    }

    /// Its number, if it has one (RFC 5280 section 5.2.3).
    ///
    /// # Errors
    ///
    /// If it has more than 64 bits.
    pub fn number(&self) -> Result<Option<u64>, RevocationListError> {
        let extensions = self.list.contents.extensions.as_ref();
        let Some(number) = extension::<CrlNumber>(extensions) else {
            return Ok(None);
        };
        let bytes = number.0.as_bytes();
        if bytes.len() > size_of::<u64>() {
            return Err(RevocationListError::LargeNumber {
                number: hexadecimal(bytes, ""),
            });
        }
        let value = bytes
            .iter()
            .fold(0, |value, byte| (value << 8) | u64::from(*byte));
        Ok(Some(value))
    }

    /// The certificates that it revokes, in its order, each once: what the CRL that
    /// follows must have too.
    ///
    /// # Errors
    ///
    /// If a critical extension says that the list is not the whole of its CA's.
    pub fn revoked(&self) -> Result<Vec<RevokedCertificate>, RevocationListError> {
        let list = &self.list.contents;
        let entries = || list.revoked.iter().flatten();
        let of_entries = entries().filter_map(|entry| entry.extensions.as_ref());
        let mut extensions = list.extensions.iter().chain(of_entries).flatten();
        let known = [CrlNumber::OID, AuthorityKeyIdentifier::OID, CrlReason::OID];
        if let Some(other) =
            extensions.find(|extension| extension.critical && !known.contains(&extension.extn_id))
        {
            return Err(RevocationListError::Part {
                extension: other.extn_id.to_string(),
            });
        }
        let mut seen = HashSet::new();
        Ok(entries()
            .map(RevokedCertificate::from_x509)
            .filter(|entry| seen.insert(entry.serial_number.clone()))
            .collect())
    }

    /// Checks that a CA is its issuer, by name and signature.
    ///
    /// # Errors
    ///
    /// Which of the two does not fit.
    pub fn check_signed_by(&self, issuer: &Certificate) -> Result<(), SignedByError> {
        check_signature(
            issuer,
            &self.list.contents.issuer,
            &self.der,
            &self.list.algorithm,
            &self.list.signature,
        )
    }
}

fn sign<R: CryptoRng + ?Sized>(
    issuer: Issuer<'_>,
    revoked: &[RevokedCertificate],
    number: u64,
    validity: Validity,
    rng: &mut R,
) -> Result<RevocationList, SigningError> {
    let name = issuer.name();
    let entries = revoked
        .iter()
        .map(|entry| entry.to_x509(name))
        .collect::<der::Result<Vec<_>>>()?;
    let algorithm = issuer.key().signature_algorithm_identifier()?;
    // `x509-cert`'s `CrlBuilder` would name an intermediate's own issuer as the
    // authority key, and write an empty list of entries, which RFC 5280 section
    // 5.1.2.6 forbids.
    let contents = Contents {
        version: Some(Int::new(&[1])?),
        algorithm: algorithm.clone(),
        issuer: name.clone(),
        this_update: to_time(validity.not_before)?,
        next_update: Some(to_time(validity.not_after)?),
        revoked: (!entries.is_empty()).then_some(entries),
        extensions: Some(vec![
            authority_key_identifier(issuer.key_identifier()?)?,
            CrlNumber::try_from(number)?.to_extension(name, &[])?,
        ]),
    };
    let signed = issuer.key().try_sign_with_rng(rng, &contents.to_der()?)?;
    let list = CertificateList {
        contents,
        algorithm,
        signature: signed.to_bitstring()?,
    };
    let der = list.to_der()?;
    Ok(RevocationList { list, der })
}

/// The label of a CRL's PEM block.
const LABEL: &str = "X509 CRL";

impl RevokedCertificate {
    fn to_x509(&self, issuer: &Name) -> der::Result<Entry> {
        let reason = self
            .reason
            .map(|reason| reason.to_x509().to_extension(issuer, &[]))
            .transpose()?;
        Ok(Entry {
            serial_number: self.serial_number.to_x509()?,
            at: to_time(self.date)?,
            extensions: reason.map(|reason| vec![reason]),
        })
    }

    fn from_x509(entry: &Entry) -> Self {
        Self {
            serial_number: SerialNumber::from_x509(&entry.serial_number),
            date: from_time(entry.at),
            reason: extension::<CrlReason>(entry.extensions.as_ref())
                .and_then(RevocationReason::from_x509),
        }
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::Uint;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;
    use crate::pki::{
        authority::{Authority, AuthorityOptions},
        key::KeyType,
        key::PrivateKey,
    };

    fn authority(subject: &str, rng: &mut ChaCha20Rng) -> Authority {
        let options = AuthorityOptions::new(subject.parse().unwrap(), "30".parse().unwrap());
        let key = PrivateKey::generate(KeyType::P256, rng).unwrap();
        Authority::create(&options, key, now(), rng).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn entry(serial_number: &str, reason: Option<RevocationReason>) -> RevokedCertificate {
        RevokedCertificate {
            serial_number: serial_number.parse().unwrap(),
            date: now(),
            reason,
        }
    }

    fn authority_key(list: &RevocationList) -> Option<String> {
        extension::<AuthorityKeyIdentifier>(list.list.contents.extensions.as_ref())
            .and_then(|identifier| identifier.key_identifier)
            .map(|identifier| hexadecimal(identifier.as_bytes(), ":"))
    }

    /// A list with one change, without a signature that holds.
    fn changed(list: &RevocationList, change: impl FnOnce(&mut Contents)) -> RevocationList {
        let mut list = list.list.clone();
        change(&mut list.contents);
        RevocationList::from_der(&list.to_der().unwrap()).unwrap()
    }

    #[test]
    fn a_list_of_version_1_is_read() {
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        let ca = authority("/CN=CA", &mut rng);
        let days = "7".parse().unwrap();
        let entries = [entry("0A", None)];
        let list = RevocationList::issue(ca.issuer(), &entries, 1, days, now(), &mut rng).unwrap();
        let first = changed(&list, |contents| {
            contents.version = None;
            contents.extensions = None;
            // What stands there twice can't be taken out by whoever goes on from it.
            let entries = contents.revoked.as_mut().unwrap();
            entries.push(entries[0].clone());
        });
        assert_eq!(first.number(), Ok(None));
        assert_eq!(first.revoked().unwrap(), entries);
    }

    #[test]
    fn a_part_of_a_list_and_a_number_beyond_64_bits_are_not_gone_on_from() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let ca = authority("/CN=CA", &mut rng);
        let days = "7".parse().unwrap();
        let list = RevocationList::issue(ca.issuer(), &[], 1, days, now(), &mut rng).unwrap();
        let changes = changed(&list, |contents| {
            let extension = &mut contents.extensions.as_mut().unwrap()[1];
            extension.extn_id = const_oid::db::rfc5280::ID_CE_DELTA_CRL_INDICATOR;
            extension.critical = true;
        });
        assert_eq!(
            changes.revoked(),
            Err(RevocationListError::Part {
                extension: "2.5.29.27".to_owned()
            })
        );
        let large = changed(&list, |contents| {
            let number = CrlNumber(Uint::new(&[1; 9]).unwrap());
            let number = number
                .to_extension(ca.certificate().subject(), &[])
                .unwrap();
            contents.extensions.as_mut().unwrap()[1] = number;
        });
        assert_eq!(
            large.number(),
            Err(RevocationListError::LargeNumber {
                number: "01".repeat(9)
            })
        );
        assert_eq!(large.revoked().unwrap(), []);
    }

    #[test]
    fn reasons_are_read_in_any_case_and_unspecified_is_none() {
        for reason in RevocationReason::ALL {
            let word = reason.to_string();
            assert_eq!(RevocationReason::read(&word), Ok(Some(reason)));
            assert_eq!(
                RevocationReason::read(&word.to_uppercase()),
                Ok(Some(reason))
            );
        }
        assert_eq!(RevocationReason::read("unspecified"), Ok(None));
        assert_eq!(
            RevocationReason::read("removeFromCRL"),
            Err(RevocationReasonError::RemoveFromCrl)
        );
        let unknown = RevocationReason::read("stolen").unwrap_err().to_string();
        assert!(unknown.contains("“stolen”") && unknown.contains("keyCompromise"));
    }

    #[test]
    fn what_is_issued_is_read_back() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let ca = authority("/CN=CA", &mut rng);
        let mut revoked: Vec<_> = RevocationReason::ALL
            .into_iter()
            .zip(1..)
            .map(|(reason, number)| entry(&format!("{number:x}"), Some(reason)))
            .collect();
        revoked.push(entry("FFFF", None));
        let list = RevocationList::issue(
            ca.issuer(),
            &revoked,
            258,
            "7".parse().unwrap(),
            now(),
            &mut rng,
        )
        .unwrap();
        let read = RevocationList::from_pem(&list.to_pem().unwrap()).unwrap();
        assert_eq!(read, list);
        assert_eq!(read.revoked().unwrap(), revoked);
        assert_eq!(read.number(), Ok(Some(258)));
        let contents = &read.list.contents;
        let [made, due] = [contents.this_update, contents.next_update.unwrap()].map(from_time);
        assert_eq!(made.to_string(), "2026-11-23T09:55:00Z");
        assert_eq!(due.to_string(), "2026-11-30T10:00:00Z");
        assert_eq!(read.check_signed_by(ca.certificate()), Ok(()));
        assert_eq!(
            authority_key(&read),
            ca.certificate().authority_key_identifier()
        );
    }

    #[test]
    fn a_list_without_entries_has_no_empty_sequence() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let ca = authority("/CN=CA", &mut rng);
        let list =
            RevocationList::issue(ca.issuer(), &[], 1, "7".parse().unwrap(), now(), &mut rng)
                .unwrap();
        assert_eq!(list.list.contents.revoked, None);
        assert_eq!(list.revoked().unwrap(), []);
    }

    #[test]
    fn an_intermediates_list_names_the_intermediates_own_key() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let root = authority("/CN=root", &mut rng);
        let options = AuthorityOptions::new("/CN=middle".parse().unwrap(), "7".parse().unwrap());
        let key = PrivateKey::generate(KeyType::Ed25519, &mut rng).unwrap();
        let middle = root
            .issue_authority(&options, key, now(), &mut rng)
            .unwrap();
        let list = RevocationList::issue(
            middle.issuer(),
            &[],
            1,
            "7".parse().unwrap(),
            now(),
            &mut rng,
        )
        .unwrap();
        assert_eq!(
            authority_key(&list),
            middle
                .certificate()
                .subject_key_identifier()
                .map(|own| hexadecimal(own.0.as_bytes(), ":"))
        );
        assert!(matches!(
            list.check_signed_by(root.certificate()),
            Err(SignedByError::OtherIssuer { .. })
        ));
    }

    #[test]
    fn a_ca_of_the_same_name_did_not_sign_it() {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let (one, other) = (authority("/CN=CA", &mut rng), authority("/CN=CA", &mut rng));
        let list =
            RevocationList::issue(one.issuer(), &[], 1, "7".parse().unwrap(), now(), &mut rng)
                .unwrap();
        assert!(matches!(
            list.check_signed_by(other.certificate()),
            Err(SignedByError::Signature { .. })
        ));
    }

    #[test]
    fn damaged_and_doubled_input_is_refused() {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let ca = authority("/CN=CA", &mut rng);
        let doubled = [entry("0A", None), entry("a", None)];
        assert!(matches!(
            RevocationList::issue(
                ca.issuer(),
                &doubled,
                1,
                "7".parse().unwrap(),
                now(),
                &mut rng
            ),
            Err(RevocationListError::Duplicate { .. })
        ));
        let list = RevocationList::issue(
            ca.issuer(),
            &doubled[..1],
            1,
            "7".parse().unwrap(),
            now(),
            &mut rng,
        )
        .unwrap();
        for length in 0..list.der().len() {
            assert_eq!(
                RevocationList::from_der(&list.der()[..length]),
                Err(RevocationListError::Malformed)
            );
        }
        assert_eq!(
            RevocationList::from_der(ca.certificate().der()),
            Err(RevocationListError::Malformed)
        );
    }
}
