//! What Go's `crypto/x509` keeps of a certificate (`x509.Certificate`), and
//! why it reads none. The reading itself is in `parser`, `extensions` and
//! `legacy_certificate`.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::name::Name;
use crate::public_key::{self, PublicKey, PublicKeyAlgorithm};
use crate::signature::SignatureAlgorithm;
use crate::time::Time;
use crate::url::Url;

/// Why Go does not read a certificate, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct CertificateError {
    /// The part of the certificate at fault, in the words of RFC 5280.
    pub part: &'static str,
    /// Go's text.
    pub text: String,
}

impl CertificateError {
    /// Go's `text` about a `part` of a certificate.
    pub(crate) fn new(part: &'static str, text: impl Into<String>) -> Self {
        Self {
            part,
            text: text.into(),
        }
    }
}

/// An extension, its value not yet looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The contents of its object identifier.
    pub identifier: Vec<u8>,
    /// Whether it is marked critical.
    pub critical: bool,
    /// The contents of its OCTET STRING.
    pub value: Vec<u8>,
}

/// The extended key usages that Go's verification tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendedKeyUsage {
    /// `anyExtendedKeyUsage`
    Any,
    /// `serverAuth`
    ServerAuth,
    /// `clientAuth`
    ClientAuth,
    /// Netscape's or Microsoft's "server gated crypto"
    ServerGatedCrypto,
    /// Any other, known to Go or not
    Other,
}

/// One side of a name constraint: names of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameSubtrees {
    /// DNS names, perhaps with a dot in front.
    pub dns: Vec<String>,
    /// Addresses and masks of the same length.
    pub addresses: Vec<(Vec<u8>, Vec<u8>)>,
    /// Mail addresses or domains.
    pub mail: Vec<String>,
    /// Domains of URIs.
    pub uris: Vec<String>,
}

impl NameSubtrees {
    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.dns.is_empty()
            && self.addresses.is_empty()
            && self.mail.is_empty()
            && self.uris.is_empty()
    }
}

/// `keyCertSign` in [`Certificate::key_usage`].
pub const KEY_CERT_SIGN: u16 = 1 << 5;

/// The object identifier of the subject alternative name extension.
pub(crate) const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.5.29.17");

/// A certificate that Go has read.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The whole encoding.
    pub raw: Vec<u8>,
    /// What is signed.
    pub raw_to_be_signed: Vec<u8>,
    /// The subject public key info.
    pub raw_public_key: Vec<u8>,
    /// 1, 2 or 3.
    pub version: i64,
    /// The contents of the serial number's INTEGER.
    pub serial_number: Vec<u8>,
    /// The signature algorithm.
    pub signature_algorithm: SignatureAlgorithm,
    /// The signature.
    pub signature: Vec<u8>,
    /// The issuer.
    pub issuer: Name,
    /// The subject.
    pub subject: Name,
    /// Begin of the validity.
    pub not_before: Time,
    /// End of the validity.
    pub not_after: Time,
    /// Kind of the public key.
    pub public_key_algorithm: PublicKeyAlgorithm,
    /// The public key; `None` if Go doesn't know its kind.
    pub public_key: Option<PublicKey>,
    /// All extensions (none in versions 1 and 2).
    pub extensions: Vec<Extension>,
    /// Critical extensions that Go does not process.
    pub unhandled_critical_extensions: Vec<Vec<u8>>,
    /// The key usage bits, the first one lowest; 0 if there is none.
    pub key_usage: u16,
    /// Whether there are basic constraints.
    pub basic_constraints_valid: bool,
    /// `cA` of the basic constraints.
    pub is_authority: bool,
    /// The path length constraint; -1 for none.
    pub max_path_length: i64,
    /// The extended key usages, in their order.
    pub extended_key_usages: Vec<ExtendedKeyUsage>,
    /// The subject key identifier.
    pub subject_key_identifier: Vec<u8>,
    /// The key identifier of the authority key identifier.
    pub authority_key_identifier: Vec<u8>,
    /// DNS names of the SAN.
    pub dns_names: Vec<String>,
    /// Mail addresses of the SAN.
    pub mail_addresses: Vec<String>,
    /// IP addresses of the SAN, 4 or 16 bytes each.
    pub addresses: Vec<Vec<u8>>,
    /// URIs of the SAN.
    pub uris: Vec<Url>,
    /// Permitted subtrees of the name constraints.
    pub permitted: NameSubtrees,
    /// Excluded subtrees of the name constraints.
    pub excluded: NameSubtrees,
    /// Certificate policies.
    pub policies: Vec<Vec<u8>>,
    /// Policy mappings: issuer's and subject's policy.
    pub policy_mappings: Vec<(Vec<u8>, Vec<u8>)>,
    /// `requireExplicitPolicy` of the policy constraints.
    pub require_explicit_policy: Option<i64>,
    /// `inhibitPolicyMapping` of the policy constraints.
    pub inhibit_policy_mapping: Option<i64>,
    /// The inhibitAnyPolicy extension.
    pub inhibit_any_policy: Option<i64>,
}

impl Certificate {
    /// One that says nothing yet, for those who read it.
    pub(crate) fn empty() -> Self {
        Self {
            raw: Vec::new(),
            raw_to_be_signed: Vec::new(),
            raw_public_key: Vec::new(),
            version: 1,
            serial_number: Vec::new(),
            signature_algorithm: SignatureAlgorithm::Unknown,
            signature: Vec::new(),
            issuer: Name::default(),
            subject: Name::default(),
            not_before: Time::utc(Timestamp::UNIX_EPOCH),
            not_after: Time::utc(Timestamp::UNIX_EPOCH),
            public_key_algorithm: PublicKeyAlgorithm::Unknown,
            public_key: None,
            extensions: Vec::new(),
            unhandled_critical_extensions: Vec::new(),
            key_usage: 0,
            basic_constraints_valid: false,
            is_authority: false,
            max_path_length: -1,
            extended_key_usages: Vec::new(),
            subject_key_identifier: Vec::new(),
            authority_key_identifier: Vec::new(),
            dns_names: Vec::new(),
            mail_addresses: Vec::new(),
            addresses: Vec::new(),
            uris: Vec::new(),
            permitted: NameSubtrees::default(),
            excluded: NameSubtrees::default(),
            policies: Vec::new(),
            policy_mappings: Vec::new(),
            require_explicit_policy: None,
            inhibit_policy_mapping: None,
            inhibit_any_policy: None,
        }
    }

    /// The value of the SAN extension, if there is one.
    #[must_use]
    pub fn subject_alternative_name(&self) -> Option<&[u8]> {
        self.extensions
            .iter()
            .find(|extension| extension.identifier == SUBJECT_ALTERNATIVE_NAME.as_bytes())
            .map(|extension| extension.value.as_slice())
    }

    /// Whether there are name constraints.
    #[must_use]
    pub(crate) fn has_name_constraints(&self) -> bool {
        const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
        self.extensions
            .iter()
            .any(|extension| extension.identifier == NAME_CONSTRAINTS.as_bytes())
    }

    /// The serial number in decimal, as Go's `big.Int` prints it.
    #[must_use]
    pub fn serial_number_text(&self) -> String {
        decimal(&self.serial_number)
    }

    /// The absolute value of the serial number without leading zeros, which
    /// is what etcd compares with a CRL.
    #[must_use]
    pub fn serial_number_magnitude(&self) -> Vec<u8> {
        magnitude(&self.serial_number)
    }
}

/// The absolute value of an INTEGER's contents, without leading zeros
/// (`big.Int.Bytes`).
#[must_use]
pub(crate) fn magnitude(integer: &[u8]) -> Vec<u8> {
    if integer.first().is_none_or(|first| first & 0x80 == 0) {
        return public_key::unsigned(integer);
    }
    let mut bytes: Vec<u8> = integer.iter().map(|byte| !byte).collect();
    for byte in bytes.iter_mut().rev() {
        let (sum, overflow) = byte.overflowing_add(1);
        *byte = sum;
        if !overflow {
            return public_key::unsigned(&bytes);
        }
    }
    bytes.insert(0, 1);
    bytes
}

/// An INTEGER's contents in decimal.
fn decimal(integer: &[u8]) -> String {
    let negative = integer.first().is_some_and(|first| first & 0x80 != 0);
    let mut digits = vec![0_u8];
    for byte in magnitude(integer) {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            let value = u32::from(*digit) * 256 + carry;
            *digit = u8::try_from(value % 10).unwrap_or_default();
            carry = value / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or_default());
            carry /= 10;
        }
    }
    let text: String = digits
        .iter()
        .rev()
        .map(|&digit| char::from(b'0' + digit))
        .collect();
    if negative { format!("-{text}") } else { text }
}
