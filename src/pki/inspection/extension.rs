//! Extensions of certificates, CSRs and CRLs, each as what it means where this
//! program knows it, and as its bytes where not. One that can't be read is
//! shown as such; it never keeps the rest from being read.

use const_oid::{AssociatedOid, db};
use der::Decode;
use serde::{Deserialize, Serialize};
use x509_cert::ext::{
    Extension,
    pkix::{
        AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
        CrlDistributionPoints, CrlNumber, CrlReason, ExtendedKeyUsage, IssuerAltName, KeyUsage,
        NameConstraints, SubjectAltName, SubjectKeyIdentifier,
        constraints::name::GeneralSubtree,
        name::{DistributionPointName, GeneralName},
    },
};

use super::{algorithm::Named, general_name::NameFacts, unreadable::fault};
use crate::pki::{key_usage::KeyUsageBit, name::hexadecimal};

/// The most bytes of an unknown extension that are kept.
const SHOWN: usize = 64;

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionFacts {
    /// Its object identifier, and its name where it has one.
    pub id: Named,
    /// Whether a program that does not know it must refuse the whole.
    pub critical: bool,
    /// What it says.
    pub value: ExtensionValue,
}

/// What an extension says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExtensionValue {
    /// RFC 5280 section 4.2.1.9.
    BasicConstraints {
        /// Whether it is a CA.
        authority: bool,
        /// How many CAs may stand below it, before the last certificate.
        path_length: Option<u8>,
    },
    /// RFC 5280 section 4.2.1.3: the bits that are set, by their names there.
    KeyUsage(Vec<KeyUsageBit>),
    /// RFC 5280 section 4.2.1.12.
    ExtendedKeyUsage(Vec<Named>),
    /// RFC 5280 section 4.2.1.6.
    SubjectAlternativeName(Vec<NameFacts>),
    /// RFC 5280 section 4.2.1.7.
    IssuerAlternativeName(Vec<NameFacts>),
    /// RFC 5280 section 4.2.1.2, in hexadecimal.
    SubjectKeyIdentifier(String),
    /// RFC 5280 section 4.2.1.1.
    AuthorityKeyIdentifier {
        /// The identifier of the issuer's key, in hexadecimal.
        key: Option<String>,
        /// The issuer's issuer.
        issuer: Vec<NameFacts>,
        /// The issuer's serial number.
        serial_number: Option<String>,
    },
    /// RFC 5280 section 4.2.1.10.
    NameConstraints {
        /// What names must be within.
        permitted: Vec<NameFacts>,
        /// What names must not be within.
        excluded: Vec<NameFacts>,
    },
    /// RFC 5280 section 4.2.1.4.
    CertificatePolicies(Vec<Named>),
    /// RFC 5280 section 4.2.1.13: where its CRL is said to be.
    RevocationListPlaces(Vec<NameFacts>),
    /// RFC 5280 section 4.2.2.1: what else is where.
    AuthorityInformation(Vec<(Named, NameFacts)>),
    /// RFC 5280 section 5.2.3, in hexadecimal.
    RevocationListNumber(String),
    /// RFC 5280 section 5.3.1.
    RevocationReason(Reason),
    /// One that this program does not know.
    Unknown(Bytes),
    /// One that this program knows but can't read.
    Unreadable {
        /// What is wrong with it.
        fault: String,
        /// Its bytes.
        bytes: Bytes,
    },
}

/// Why a certificate was revoked (RFC 5280 section 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason(u8);

impl Reason {
    /// The reason of this number.
    pub(super) const fn of(number: u8) -> Self {
        Self(number)
    }

    /// The reason's name there: `keyCompromise`.
    #[must_use]
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 11] = [
            "unspecified",
            "keyCompromise",
            "cACompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "unused",
            "removeFromCRL",
            "privilegeWithdrawn",
            "aACompromise",
        ];
        NAMES.get(usize::from(self.0)).copied().unwrap_or("unknown")
    }
}

/// The beginning of some bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes {
    /// In hexadecimal; at most 64 of them.
    pub start: String,
    /// How many there are in all.
    pub length: usize,
}

impl Bytes {
    fn new(bytes: &[u8]) -> Self {
        Self {
            start: hexadecimal(bytes.get(..SHOWN).unwrap_or(bytes), " "),
            length: bytes.len(),
        }
    }
}

impl ExtensionFacts {
    /// Reads an extension.
    pub(super) fn read(extension: &Extension) -> Self {
        let bytes = extension.extn_value.as_bytes();
        let value = value(extension, bytes).unwrap_or_else(|error| ExtensionValue::Unreadable {
            fault: fault(&error),
            bytes: Bytes::new(bytes),
        });
        Self {
            id: Named::new(extension.extn_id),
            critical: extension.critical,
            value,
        }
    }

    /// Reads all extensions.
    pub(super) fn read_all(extensions: Option<&Vec<Extension>>) -> Vec<Self> {
        extensions
            .map(|extensions| extensions.iter().map(Self::read).collect())
            .unwrap_or_default()
    }
}

fn value(extension: &Extension, bytes: &[u8]) -> der::Result<ExtensionValue> {
    Ok(match extension.extn_id {
        BasicConstraints::OID => {
            let constraints = BasicConstraints::from_der(bytes)?;
            ExtensionValue::BasicConstraints {
                authority: constraints.ca,
                path_length: constraints.path_len_constraint,
            }
        }
        KeyUsage::OID => {
            let usage = KeyUsage::from_der(bytes)?;
            ExtensionValue::KeyUsage(KeyUsageBit::of(usage).collect())
        }
        ExtendedKeyUsage::OID => {
            let ExtendedKeyUsage(purposes) = ExtendedKeyUsage::from_der(bytes)?;
            ExtensionValue::ExtendedKeyUsage(purposes.into_iter().map(Named::new).collect())
        }
        SubjectAltName::OID => {
            ExtensionValue::SubjectAlternativeName(names(&SubjectAltName::from_der(bytes)?.0))
        }
        IssuerAltName::OID => {
            ExtensionValue::IssuerAlternativeName(names(&IssuerAltName::from_der(bytes)?.0))
        }
        SubjectKeyIdentifier::OID => {
            let SubjectKeyIdentifier(key) = SubjectKeyIdentifier::from_der(bytes)?;
            ExtensionValue::SubjectKeyIdentifier(hexadecimal(key.as_bytes(), ":"))
        }
        AuthorityKeyIdentifier::OID => authority_key_identifier(bytes)?,
        NameConstraints::OID => {
            let constraints = NameConstraints::from_der(bytes)?;
            let bases = |subtrees: Option<Vec<GeneralSubtree>>| {
                subtrees
                    .unwrap_or_default()
                    .iter()
                    .map(|subtree| NameFacts::new(&subtree.base))
                    .collect()
            };
            ExtensionValue::NameConstraints {
                permitted: bases(constraints.permitted_subtrees),
                excluded: bases(constraints.excluded_subtrees),
            }
        }
        CertificatePolicies::OID => {
            let CertificatePolicies(policies) = CertificatePolicies::from_der(bytes)?;
            ExtensionValue::CertificatePolicies(
                policies
                    .into_iter()
                    .map(|policy| Named::new(policy.policy_identifier))
                    .collect(),
            )
        }
        CrlDistributionPoints::OID => {
            let CrlDistributionPoints(points) = CrlDistributionPoints::from_der(bytes)?;
            ExtensionValue::RevocationListPlaces(
                points
                    .iter()
                    .filter_map(|point| match &point.distribution_point {
                        Some(DistributionPointName::FullName(full)) => Some(names(full)),
                        _ => None,
                    })
                    .flatten()
                    .collect(),
            )
        }
        AuthorityInfoAccessSyntax::OID => {
            let AuthorityInfoAccessSyntax(places) = AuthorityInfoAccessSyntax::from_der(bytes)?;
            ExtensionValue::AuthorityInformation(
                places
                    .iter()
                    .map(|place| {
                        (
                            Named::new(place.access_method),
                            NameFacts::new(&place.access_location),
                        )
                    })
                    .collect(),
            )
        }
        CrlNumber::OID => {
            let CrlNumber(number) = CrlNumber::from_der(bytes)?;
            ExtensionValue::RevocationListNumber(hexadecimal(number.as_bytes(), ""))
        }
        db::rfc5280::ID_CE_CRL_REASONS => {
            let reason = CrlReason::from_der(bytes)? as u32;
            ExtensionValue::RevocationReason(Reason(u8::try_from(reason).unwrap_or(u8::MAX)))
        }
        _ => ExtensionValue::Unknown(Bytes::new(bytes)),
    })
}

fn authority_key_identifier(bytes: &[u8]) -> der::Result<ExtensionValue> {
    let identifier = AuthorityKeyIdentifier::from_der(bytes)?;
    Ok(ExtensionValue::AuthorityKeyIdentifier {
        key: identifier
            .key_identifier
            .map(|key| hexadecimal(key.as_bytes(), ":")),
        issuer: names(&identifier.authority_cert_issuer.unwrap_or_default()),
        serial_number: identifier
            .authority_cert_serial_number
            .map(|number| hexadecimal(number.as_bytes(), "")),
    })
}

fn names(names: &[GeneralName]) -> Vec<NameFacts> {
    names.iter().map(NameFacts::new).collect()
}
