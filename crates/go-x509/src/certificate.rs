//! A certificate as Go's `crypto/x509` reads it since Go 1.17 (`parser.go`,
//! `parseCertificate`), and what Go keeps of it. Older Go is in
//! `legacy_certificate`; the contents of the extensions are in `extensions`.

use std::collections::BTreeSet;
use std::fmt;

use const_oid::ObjectIdentifier;

use crate::der::{Reader, dotted, tag};
use crate::extensions;
use crate::legacy_certificate;
use crate::name::Name;
use crate::public_key::{self, PublicKey, PublicKeyAlgorithm};
use crate::quote::quote;
use crate::signature::SignatureAlgorithm;
use crate::time::Time;
use crate::url::Url;
use crate::version::GoBuild;

/// Why Go does not read a certificate, in its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateError {
    /// The part of the certificate at fault, in the words of RFC 5280.
    pub part: &'static str,
    /// Go's text.
    pub text: String,
}

impl CertificateError {
    /// Go's `text` about a `part` of a certificate.
    pub(super) fn new(part: &'static str, text: impl Into<String>) -> Self {
        Self {
            part,
            text: text.into(),
        }
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
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
pub const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

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
    /// IP addresses of the SAN, 4 or 16 octets each.
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
    /// `ParseCertificate`
    ///
    /// # Errors
    ///
    /// See [`CertificateError`].
    pub fn parse(der: &[u8], go: GoBuild) -> Result<Self, CertificateError> {
        if !go.reads_certificates_by_hand() {
            return legacy_certificate::parse(der, go);
        }
        let certificate = parse_by_hand(der, go)?;
        if certificate.raw.len() == der.len() {
            Ok(certificate)
        } else {
            Err(CertificateError::new("encoding", "x509: trailing data"))
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
    pub fn has_name_constraints(&self) -> bool {
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
pub fn magnitude(integer: &[u8]) -> Vec<u8> {
    if integer.first().is_none_or(|first| first & 0x80 == 0) {
        return public_key::unsigned(integer);
    }
    let mut octets: Vec<u8> = integer.iter().map(|octet| !octet).collect();
    for octet in octets.iter_mut().rev() {
        let (sum, overflow) = octet.overflowing_add(1);
        *octet = sum;
        if !overflow {
            return public_key::unsigned(&octets);
        }
    }
    octets.insert(0, 1);
    octets
}

/// An INTEGER's contents in decimal.
fn decimal(integer: &[u8]) -> String {
    let negative = integer.first().is_some_and(|first| first & 0x80 != 0);
    let mut digits = vec![0_u8];
    for octet in magnitude(integer) {
        let mut carry = u32::from(octet);
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

/// `parseAI`: the object identifier and the whole encoding of the parameters.
fn algorithm_identifier<'a>(
    contents: &'a [u8],
    part: &'static str,
) -> Result<(&'a [u8], &'a [u8]), CertificateError> {
    let mut reader = Reader(contents);
    let algorithm = reader
        .object_identifier()
        .ok_or_else(|| CertificateError::new(part, "x509: malformed OID"))?;
    if reader.is_empty() {
        return Ok((algorithm, &[]));
    }
    let parameters = reader
        .any()
        .ok_or_else(|| CertificateError::new(part, "x509: malformed parameters"))?;
    Ok((algorithm, parameters.whole))
}

fn time(reader: &mut Reader<'_>) -> Result<Time, &'static str> {
    if reader.next_is(tag::UTC_TIME) {
        reader.utc_time().ok_or("x509: malformed UTCTime")
    } else if reader.next_is(tag::GENERALIZED_TIME) {
        reader
            .generalized_time()
            .ok_or("x509: malformed GeneralizedTime")
    } else {
        Err("x509: unsupported time format")
    }
}

#[allow(
    clippy::too_many_lines,
    reason = "one function of Go, in its order, so that the first complaint is the same"
)]
fn parse_by_hand(der: &[u8], go: GoBuild) -> Result<Certificate, CertificateError> {
    let malformed = |part: &'static str, what: &str| {
        CertificateError::new(part, format!("x509: malformed {what}"))
    };
    let whole = Reader(der)
        .element(tag::SEQUENCE)
        .ok_or_else(|| malformed("encoding", "certificate"))?;
    let mut input = Reader(whole.contents);
    let to_be_signed = input
        .element(tag::SEQUENCE)
        .ok_or_else(|| malformed("encoding", "tbs certificate"))?;
    let mut tbs = Reader(to_be_signed.contents);

    let version = match tbs.optional(tag::constructed(0)) {
        None => Err(malformed("version", "version")),
        Some(None) => Ok(0),
        Some(Some(mut explicit)) => explicit
            .small_integer()
            .filter(|version| *version >= 0 && explicit.is_empty())
            .ok_or_else(|| malformed("version", "version")),
    }? + 1;
    if version > 3 {
        return Err(CertificateError::new("version", "x509: invalid version"));
    }
    let serial_number = tbs
        .integer_octets(tag::INTEGER)
        .ok_or_else(|| malformed("serial number", "serial number"))?
        .to_vec();
    if serial_number.first().is_some_and(|first| first & 0x80 != 0) && go.refuses_negative_serials()
    {
        return Err(CertificateError::new(
            "serial number",
            "x509: negative serial number",
        ));
    }
    let inner = tbs
        .contents(tag::SEQUENCE)
        .ok_or_else(|| malformed("signature algorithm", "signature algorithm identifier"))?;
    let outer = input
        .contents(tag::SEQUENCE)
        .ok_or_else(|| malformed("signature algorithm", "algorithm identifier"))?;
    if inner.0 != outer.0 {
        return Err(CertificateError::new(
            "signature algorithm",
            "x509: inner and outer signature algorithm identifiers don't match",
        ));
    }
    let (algorithm, parameters) = algorithm_identifier(inner.0, "signature algorithm")?;
    let signature_algorithm = SignatureAlgorithm::from_identifier(algorithm, parameters);

    let mut name = |part: &'static str| {
        let whole = tbs
            .element(tag::SEQUENCE)
            .ok_or_else(|| malformed(part, "issuer"))?
            .whole;
        let name = Name::parse(whole, go)
            .map_err(|reason| CertificateError::new(part, format!("x509: {reason}")))?;
        Ok((name, tbs))
    };
    let (issuer, after_issuer) = name("issuer")?;
    tbs = after_issuer;
    let mut validity = tbs
        .contents(tag::SEQUENCE)
        .ok_or_else(|| malformed("validity", "validity"))?;
    let not_before =
        time(&mut validity).map_err(|text| CertificateError::new("validity: notBefore", text))?;
    let not_after =
        time(&mut validity).map_err(|text| CertificateError::new("validity: notAfter", text))?;
    let mut name = |part: &'static str| {
        let whole = tbs
            .element(tag::SEQUENCE)
            .ok_or_else(|| malformed(part, "issuer"))?
            .whole;
        let name = Name::parse(whole, go)
            .map_err(|reason| CertificateError::new(part, format!("x509: {reason}")))?;
        Ok((name, tbs))
    };
    let (subject, after_subject) = name("subject")?;
    tbs = after_subject;

    let public_key_info = tbs
        .element(tag::SEQUENCE)
        .ok_or_else(|| malformed("public key", "spki"))?;
    let mut key_reader = Reader(public_key_info.contents);
    let key_algorithm = key_reader
        .contents(tag::SEQUENCE)
        .ok_or_else(|| malformed("public key", "public key algorithm identifier"))?;
    let (key_identifier, key_parameters) = algorithm_identifier(key_algorithm.0, "public key")?;
    let public_key_algorithm = PublicKeyAlgorithm::from_object_identifier(key_identifier);
    let key_bits = key_reader
        .bit_string()
        .ok_or_else(|| malformed("public key", "subjectPublicKey"))?;
    let public_key = public_key::parse(
        public_key_algorithm,
        key_parameters,
        &key_bits.right_aligned(),
        go,
    )
    .map_err(|text| CertificateError::new("public key", text))?;

    let mut certificate = Certificate {
        raw: whole.whole.to_vec(),
        raw_to_be_signed: to_be_signed.whole.to_vec(),
        raw_public_key: public_key_info.whole.to_vec(),
        version,
        serial_number,
        signature_algorithm,
        signature: Vec::new(),
        issuer,
        subject,
        not_before,
        not_after,
        public_key_algorithm,
        public_key,
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
    };
    if version > 1 {
        tbs.optional(tag::context(1))
            .ok_or_else(|| malformed("issuer unique ID", "issuerUniqueID"))?;
        tbs.optional(tag::context(2))
            .ok_or_else(|| malformed("subject unique ID", "subjectUniqueID"))?;
    }
    if version == 3 {
        let extensions = tbs
            .optional(tag::constructed(3))
            .ok_or_else(|| malformed("extensions", "extensions"))?;
        if let Some(mut explicit) = extensions {
            let list = explicit
                .contents(tag::SEQUENCE)
                .ok_or_else(|| malformed("extensions", "extensions"))?;
            certificate.extensions = read_extensions(list, go)?;
            extensions::process(&mut certificate, go)?;
        }
    }
    let signature = input
        .bit_string()
        .ok_or_else(|| malformed("signature", "signature"))?;
    certificate.signature = signature.right_aligned();
    Ok(certificate)
}

fn read_extensions(mut list: Reader<'_>, go: GoBuild) -> Result<Vec<Extension>, CertificateError> {
    let malformed =
        |what: &str| CertificateError::new("extensions", format!("x509: malformed {what}"));
    let mut extensions = Vec::new();
    let mut seen = BTreeSet::new();
    while !list.is_empty() {
        let mut extension = list
            .contents(tag::SEQUENCE)
            .ok_or_else(|| malformed("extension"))?;
        let identifier = extension
            .object_identifier()
            .ok_or_else(|| malformed("extension OID field"))?
            .to_vec();
        let critical = if extension.next_is(tag::BOOLEAN) {
            extension
                .boolean()
                .ok_or_else(|| malformed("extension critical field"))?
        } else {
            false
        };
        let value = extension
            .contents(tag::OCTET_STRING)
            .ok_or_else(|| malformed("extension value field"))?
            .0
            .to_vec();
        if !seen.insert(identifier.clone()) {
            return Err(CertificateError::new(
                "extensions",
                if go.names_the_doubled_extension() {
                    format!(
                        "x509: certificate contains duplicate extension with OID {}",
                        quote(&dotted(&identifier))
                    )
                } else {
                    "x509: certificate contains duplicate extensions".to_owned()
                },
            ));
        }
        extensions.push(Extension {
            identifier,
            critical,
            value,
        });
    }
    Ok(extensions)
}
