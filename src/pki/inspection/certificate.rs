//! The facts about a certificate (RFC 5280 section 4.1).

use const_oid::{ObjectIdentifier, db::rfc5280};
use der::{Decode, Encode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x509_cert::{
    certificate::{CertificateInner, Raw, Version},
    name::Name,
};

use super::{
    algorithm::Named,
    extension::{ExtensionFacts, ExtensionValue},
    general_name::NameFacts,
    key::PublicKeyFacts,
    relation::Signer,
    remark::Remark,
};
use crate::pki::{
    key_usage::KeyUsageBit,
    name::{common_name, hexadecimal, openssl_spelling},
    pem,
    validity::from_time,
};

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// The whole as PEM.
    pub pem: String,
    /// The version as people count it: 1, 2 or 3.
    pub version: u8,
    /// The serial number in hexadecimal, as `openssl x509 -serial` prints it.
    pub serial_number: String,
    /// The subject.
    pub subject: SubjectFacts,
    /// The issuer.
    pub issuer: SubjectFacts,
    /// The life.
    pub life: Life,
    /// The public key.
    pub key: PublicKeyFacts,
    /// How it is signed.
    pub signature_algorithm: Named,
    /// Whether what is signed names the same algorithm, as RFC 5280 section
    /// 4.1.1.2 has it.
    pub names_same_algorithm: bool,
    /// The extensions, in its order.
    pub extensions: Vec<ExtensionFacts>,
    /// The SHA-256, as `openssl x509 -fingerprint -sha256` prints it.
    pub sha256: String,
    /// The SHA-1.
    pub sha1: String,
    /// Who signed it, among what was given.
    pub signer: Signer,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

/// A subject or issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectFacts {
    /// In OpenSSL's spelling: `/CN=client`. Empty where it has no attribute.
    pub text: String,
    /// The last common name.
    pub common_name: Option<String>,
    /// Its DER in hexadecimal: two names are the same where this is.
    pub der: String,
}

impl SubjectFacts {
    pub(super) fn new(name: &Name) -> Self {
        Self {
            text: openssl_spelling(name),
            common_name: common_name(name),
            der: hexadecimal(&name.to_der().unwrap_or_default(), ""),
        }
    }
}

/// The life of a certificate, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The first instant.
    pub not_before: Timestamp,
    /// The last second.
    pub not_after: Timestamp,
    /// Where it stands now.
    pub stage: LifeStage,
}

/// Where a life stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LifeStage {
    /// It has not begun.
    Early {
        /// The seconds until it does.
        seconds: i64,
    },
    /// It lasts.
    Valid {
        /// The seconds that are left.
        seconds: i64,
    },
    /// It has ended.
    Ended {
        /// The seconds since then.
        seconds: i64,
    },
}

impl Life {
    fn new(not_before: Timestamp, not_after: Timestamp, now: Timestamp) -> Self {
        // RFC 5280 section 4.1.2.5: both ends are included.
        let now = now.as_second();
        let (begin, end) = (not_before.as_second(), not_after.as_second());
        let stage = if now > end {
            LifeStage::Ended { seconds: now - end }
        } else if now < begin {
            LifeStage::Early {
                seconds: begin - now,
            }
        } else {
            LifeStage::Valid { seconds: end - now }
        };
        Self {
            not_before,
            not_after,
            stage,
        }
    }

    /// The whole days that it lasts.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.not_after.as_second() - self.not_before.as_second()) / 86_400
    }
}

impl CertificateFacts {
    /// Reads a certificate. Serial numbers of any length and sign are taken,
    /// although RFC 5280 section 4.1.2.2 forbids some.
    pub(super) fn read(der: &[u8], now: Timestamp) -> der::Result<Self> {
        let certificate = CertificateInner::<Raw>::from_der(der)?;
        let contents = certificate.tbs_certificate();
        let validity = contents.validity();
        Ok(Self {
            pem: pem::encode("CERTIFICATE", der).unwrap_or_default(),
            version: match contents.version() {
                Version::V1 => 1,
                Version::V2 => 2,
                Version::V3 => 3,
            },
            serial_number: serial_number(contents.serial_number().as_bytes()),
            subject: SubjectFacts::new(contents.subject()),
            issuer: SubjectFacts::new(contents.issuer()),
            life: Life::new(
                from_time(validity.not_before),
                from_time(validity.not_after),
                now,
            ),
            key: PublicKeyFacts::of(contents.subject_public_key_info()),
            signature_algorithm: Named::new(certificate.signature_algorithm().oid),
            names_same_algorithm: contents.signature() == certificate.signature_algorithm(),
            extensions: ExtensionFacts::read_all(contents.extensions()),
            sha256: hexadecimal(&Sha256::digest(der), ":"),
            sha1: hexadecimal(&Sha1::digest(der), ":"),
            signer: Signer::NotGiven,
            remarks: Vec::new(),
        })
    }

    /// The first extension for which there is an answer.
    fn first<'a, T>(&'a self, ask: impl Fn(&'a ExtensionValue) -> Option<T>) -> Option<T> {
        self.extensions
            .iter()
            .find_map(|extension| ask(&extension.value))
    }

    /// The subject alternative names, in their order.
    #[must_use]
    pub fn names(&self) -> &[NameFacts] {
        self.first(|value| match value {
            ExtensionValue::SubjectAlternativeName(names) => Some(names.as_slice()),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Whether its basic constraints say that it is a CA.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.first(|value| match value {
            ExtensionValue::BasicConstraints { authority, .. } => Some(*authority),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// The extended key usages; nothing where there is no such extension, which
    /// means any use.
    #[must_use]
    pub fn purposes(&self) -> Option<&[Named]> {
        self.first(|value| match value {
            ExtensionValue::ExtendedKeyUsage(purposes) => Some(purposes.as_slice()),
            _ => None,
        })
    }

    /// Whether it may be used for this (`serverAuth`, `clientAuth`), as far as its
    /// extended key usages say.
    #[must_use]
    pub fn allows(&self, purpose: ObjectIdentifier) -> bool {
        let allowing = [purpose, rfc5280::ANY_EXTENDED_KEY_USAGE];
        self.purposes().is_none_or(|purposes| {
            purposes
                .iter()
                .any(|named| allowing.iter().any(|id| named.is(*id)))
        })
    }

    /// The key usages; nothing where there is no such extension.
    #[must_use]
    pub fn key_usages(&self) -> Option<&[KeyUsageBit]> {
        self.first(|value| match value {
            ExtensionValue::KeyUsage(usages) => Some(usages.as_slice()),
            _ => None,
        })
    }

    /// Whether its subject and issuer are the same, as a root's are.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject.der == self.issuer.der
    }

    /// The identifier of its key.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&str> {
        self.first(|value| match value {
            ExtensionValue::SubjectKeyIdentifier(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// The identifier of its issuer's key.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&str> {
        self.first(|value| match value {
            ExtensionValue::AuthorityKeyIdentifier { key, .. } => key.as_deref(),
            _ => None,
        })
    }
}

/// A serial number in hexadecimal, as OpenSSL prints it: without the zeros that
/// DER has in front, and a negative one as its amount behind a minus.
pub(super) fn serial_number(integer: &[u8]) -> String {
    let negative = integer.first().is_some_and(|first| first & 0x80 != 0);
    let mut amount = integer.to_vec();
    if negative {
        // Two's complement: turned round, and one more.
        let mut carry = true;
        for byte in amount.iter_mut().rev() {
            let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
            *byte = sum;
            carry = over;
        }
    }
    let start = amount
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(amount.len().saturating_sub(1));
    let digits = hexadecimal(amount.get(start..).unwrap_or_default(), "");
    if negative {
        format!("-{digits}")
    } else {
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_printed_as_openssl_prints_them() {
        assert_eq!(serial_number(&[0x00, 0xff, 0x01]), "FF01");
        assert_eq!(serial_number(&[0x01]), "01");
        assert_eq!(serial_number(&[0x00]), "00");
        assert_eq!(serial_number(&[0xff]), "-01");
        assert_eq!(serial_number(&[0xff, 0x00]), "-0100");
        assert_eq!(serial_number(&[]), "");
    }

    #[test]
    fn both_ends_of_a_life_belong_to_it() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let stage = |now: i64| Life::new(at(100), at(200), at(now)).stage;
        assert_eq!(stage(99), LifeStage::Early { seconds: 1 });
        assert_eq!(stage(100), LifeStage::Valid { seconds: 100 });
        assert_eq!(stage(200), LifeStage::Valid { seconds: 0 });
        assert_eq!(stage(201), LifeStage::Ended { seconds: 1 });
    }
}
