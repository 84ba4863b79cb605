//! Certificate revocation lists (CRLs, RFC 5280 section 5): one is issued by an
//! authority, written as DER or PEM, and read back. etcd compares nothing in it
//! but the serial numbers: neither the signature nor the dates. Everyone else
//! checks all of it, so that it is made right.

use std::{collections::HashSet, fmt};

use const_oid::AssociatedOid;
use der::{Decode, Encode};
use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use signature::RandomizedSigner;
use spki::{DynSignatureAlgorithmIdentifier, SignatureBitStringEncoding};
use x509_cert::{
    certificate::Version,
    crl::{CertificateList, RevokedCert, TbsCertList},
    ext::{
        Extensions, ToExtension,
        pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason},
    },
    name::Name,
};

use super::{
    certificate::{Certificate, SignedByError, check_signature},
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
    #[error("{0}")]
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

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.list.tbs_cert_list.issuer
    }

    /// When it was issued.
    #[must_use]
    pub fn this_update(&self) -> Timestamp {
        from_time(self.list.tbs_cert_list.this_update)
    }

    /// When the next one is due.
    #[must_use]
    pub fn next_update(&self) -> Option<Timestamp> {
        self.list.tbs_cert_list.next_update.map(from_time)
    }

    /// Its number, in hexadecimal.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        self.extension::<CrlNumber>()
            .map(|number| hexadecimal(number.0.as_bytes(), ""))
    }

    /// The key identifier of the issuer that it names, in hexadecimal.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<String> {
        self.extension::<AuthorityKeyIdentifier>()
            .and_then(|identifier| identifier.key_identifier)
            .map(|identifier| hexadecimal(identifier.as_bytes(), ":"))
    }

    /// The certificates that it revokes, in its order.
    #[must_use]
    pub fn revoked(&self) -> Vec<RevokedCertificate> {
        self.list
            .tbs_cert_list
            .revoked_certificates
            .iter()
            .flatten()
            .map(RevokedCertificate::from_x509)
            .collect()
    }

    /// Whether it revokes a certificate of this serial number. That is all that
    /// etcd asks of it.
    #[must_use]
    pub fn revokes(&self, serial_number: &SerialNumber) -> bool {
        self.list
            .tbs_cert_list
            .revoked_certificates
            .iter()
            .flatten()
            .any(|entry| SerialNumber::from_x509(&entry.serial_number) == *serial_number)
    }

    /// Checks that a CA is its issuer, by name and signature.
    ///
    /// # Errors
    ///
    /// Which of the two does not fit.
    pub fn check_signed_by(&self, issuer: &Certificate) -> Result<(), SignedByError> {
        check_signature(
            issuer,
            self.issuer(),
            &self.der,
            &self.list.signature_algorithm,
            &self.list.signature,
        )
    }

    fn extension<T: for<'a> Decode<'a> + AssociatedOid>(&self) -> Option<T> {
        extension(self.list.tbs_cert_list.crl_extensions.as_ref())
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
    let signature = issuer.key().signature_algorithm_identifier()?;
    // `x509-cert`'s `CrlBuilder` would name an intermediate's own issuer as the
    // authority key, and write an empty list of entries, which RFC 5280 section
    // 5.1.2.6 forbids; hence its types are filled in here.
    let contents = TbsCertList {
        version: Version::V2,
        signature: signature.clone(),
        issuer: name.clone(),
        this_update: to_time(validity.not_before)?,
        next_update: Some(to_time(validity.not_after)?),
        revoked_certificates: (!entries.is_empty()).then_some(entries),
        crl_extensions: Some(vec![
            authority_key_identifier(issuer.key_identifier()?)?,
            CrlNumber::try_from(number)?.to_extension(name, &[])?,
        ]),
    };
    let signed = issuer.key().try_sign_with_rng(rng, &contents.to_der()?)?;
    let list = CertificateList {
        signature: signed.to_bitstring()?,
        tbs_cert_list: contents,
        signature_algorithm: signature,
    };
    let der = list.to_der()?;
    Ok(RevocationList { list, der })
}

/// The label of a CRL's PEM block.
const LABEL: &str = "X509 CRL";

fn extension<T: for<'a> Decode<'a> + AssociatedOid>(extensions: Option<&Extensions>) -> Option<T> {
    extensions?
        .iter()
        .find(|extension| extension.extn_id == T::OID)
        .and_then(|extension| T::from_der(extension.extn_value.as_bytes()).ok())
}

impl RevokedCertificate {
    fn to_x509(&self, issuer: &Name) -> der::Result<RevokedCert> {
        let reason = self
            .reason
            .map(|reason| reason.to_x509().to_extension(issuer, &[]))
            .transpose()?;
        Ok(RevokedCert {
            serial_number: self.serial_number.to_x509()?,
            revocation_date: to_time(self.date)?,
            crl_entry_extensions: reason.map(|reason| vec![reason]),
        })
    }

    fn from_x509(entry: &RevokedCert) -> Self {
        Self {
            serial_number: SerialNumber::from_x509(&entry.serial_number),
            date: from_time(entry.revocation_date),
            reason: extension::<CrlReason>(entry.crl_entry_extensions.as_ref())
                .and_then(RevocationReason::from_x509),
        }
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(read.revoked(), revoked);
        assert_eq!(read.number().as_deref(), Some("0102"));
        assert_eq!(read.this_update().to_string(), "2026-11-23T09:55:00Z");
        assert_eq!(
            read.next_update().unwrap().to_string(),
            "2026-11-30T10:00:00Z"
        );
        assert_eq!(read.check_signed_by(ca.certificate()), Ok(()));
        assert_eq!(
            read.authority_key_identifier(),
            ca.certificate().authority_key_identifier()
        );
        assert!(read.revokes(&"FFFF".parse().unwrap()));
        assert!(!read.revokes(&"FF".parse().unwrap()));
    }

    #[test]
    fn a_list_without_entries_has_no_empty_sequence() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let ca = authority("/CN=CA", &mut rng);
        let list =
            RevocationList::issue(ca.issuer(), &[], 1, "7".parse().unwrap(), now(), &mut rng)
                .unwrap();
        assert_eq!(list.list.tbs_cert_list.revoked_certificates, None);
        assert_eq!(list.revoked(), []);
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
            list.authority_key_identifier(),
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
