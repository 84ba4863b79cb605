//! Certificate revocation lists as etcd asks Go for them: up to etcd 3.5
//! `x509.ParseCRL` (PEM or DER, by reflection), since 3.6
//! `x509.ParseRevocationList` (DER only). Only serial numbers are looked at.

use crate::asn1::{
    ALGORITHM_IDENTIFIER, Asn1Error, EXTENSION, Field, RDN_SEQUENCE, Structure, ValueKind,
    unmarshal,
};
use crate::certificate::magnitude;
use crate::der::{NoTime, Reader, tag};
use crate::name::{Name, NameError};
use crate::pem;
use crate::version::GoBuild;

/// Which of Go's two functions reads the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationListReader {
    /// `x509.ParseCRL`: PEM or DER.
    ParseCrl,
    /// `x509.ParseRevocationList`: DER.
    ParseRevocationList,
}

/// Why a list can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevocationListError {
    /// By reflection: Go's complaint.
    #[error(transparent)]
    Asn1(Asn1Error),
    /// More follows after the list.
    #[error("x509: trailing data after CRL")]
    TrailingData,
    /// By hand: a part of it is not what it should be, in Go's words without
    /// `x509: `.
    #[error("x509: {0}")]
    Malformed(&'static str),
    /// By hand: its version is no such number.
    #[error("x509: unsupported crl version: {0}")]
    Version(i64),
    /// By hand: its issuer.
    #[error("x509: {0}")]
    Issuer(#[source] NameError),
    /// By hand: one of its times.
    #[error("x509: {0}")]
    Time(#[source] NoTime),
}

static CERTIFICATE_LIST: ValueKind = ValueKind::Structure(&Structure {
    name: "CertificateList",
    fields: &[
        Field::new(ValueKind::Structure(&Structure {
            name: "TBSCertificateList",
            fields: &[
                Field::optional(ValueKind::Integer).or(0),
                Field::new(ValueKind::Structure(&ALGORITHM_IDENTIFIER)),
                Field::new(ValueKind::List("RDNSequence", relative_names())),
                Field::new(ValueKind::Time),
                Field::optional(ValueKind::Time),
                Field::optional(ValueKind::List("", &REVOKED)),
                Field::optional(ValueKind::List("", &EXTENSION)).explicitly_tagged(0),
            ],
        })),
        Field::new(ValueKind::Structure(&ALGORITHM_IDENTIFIER)),
        Field::new(ValueKind::BitString),
    ],
});

static REVOKED: ValueKind = ValueKind::Structure(&Structure {
    name: "RevokedCertificate",
    fields: &[
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::Time),
        Field::optional(ValueKind::List("", &EXTENSION)),
    ],
});

/// The element type of an `RDNSequence`.
const fn relative_names() -> &'static ValueKind {
    match &RDN_SEQUENCE {
        ValueKind::List(_, element) => element,
        _ => &ValueKind::Any,
    }
}

/// The revoked serial numbers: magnitudes without leading zeros.
///
/// # Errors
///
/// See [`RevocationListError`].
pub fn revoked_serial_numbers(
    file: &[u8],
    reader: RevocationListReader,
    go: GoBuild,
) -> Result<Vec<Vec<u8>>, RevocationListError> {
    match reader {
        RevocationListReader::ParseCrl => parse_crl(file, go),
        RevocationListReader::ParseRevocationList => parse_revocation_list(file, go),
    }
}

fn parse_crl(file: &[u8], go: GoBuild) -> Result<Vec<Vec<u8>>, RevocationListError> {
    let block = file
        .starts_with(b"-----BEGIN X509 CRL")
        .then(|| pem::decode(file, go))
        .flatten()
        .map(|(block, _)| block)
        .filter(|block| block.label == "X509 CRL");
    let der = block.as_ref().map_or(file, |block| block.bytes.as_slice());
    let (list, rest) = unmarshal(der, &CERTIFICATE_LIST).map_err(RevocationListError::Asn1)?;
    if !rest.is_empty() {
        return Err(RevocationListError::TrailingData);
    }
    let revoked = list.field(0).field(5);
    Ok(revoked
        .fields()
        .iter()
        .map(|entry| magnitude(entry.field(0).bytes()))
        .collect())
}

fn parse_revocation_list(file: &[u8], go: GoBuild) -> Result<Vec<Vec<u8>>, RevocationListError> {
    let malformed = RevocationListError::Malformed;
    let whole = Reader(file)
        .element(tag::SEQUENCE)
        .ok_or(malformed("malformed crl"))?;
    let mut input = Reader(whole.contents);
    let mut tbs = input
        .contents(tag::SEQUENCE)
        .ok_or(malformed("malformed tbs crl"))?;
    if !tbs.next_is(tag::INTEGER) {
        return Err(malformed("unsupported crl version"));
    }
    let version = tbs.small_integer().ok_or(malformed("malformed crl"))?;
    if version != 1 {
        return Err(RevocationListError::Version(version));
    }
    let inner = tbs
        .contents(tag::SEQUENCE)
        .ok_or(malformed("malformed signature algorithm identifier"))?;
    let outer = input
        .contents(tag::SEQUENCE)
        .ok_or(malformed("malformed algorithm identifier"))?;
    if inner.0 != outer.0 {
        let text = "inner and outer signature algorithm identifiers don't match";
        return Err(malformed(text));
    }
    input.bit_string().ok_or(malformed("malformed signature"))?;
    let issuer = tbs
        .element(tag::SEQUENCE)
        .ok_or(malformed("malformed issuer"))?;
    Name::parse(issuer.whole, go).map_err(RevocationListError::Issuer)?;
    let time = |reader: &mut Reader<'_>| reader.time().map_err(RevocationListError::Time);
    time(&mut tbs)?;
    if tbs.next_is(tag::UTC_TIME) || tbs.next_is(tag::GENERALIZED_TIME) {
        time(&mut tbs)?;
    }
    let mut serials = Vec::new();
    if tbs.next_is(tag::SEQUENCE) {
        let mut list = tbs
            .contents(tag::SEQUENCE)
            .ok_or(malformed("malformed crl"))?;
        while !list.is_empty() {
            let mut entry = list
                .contents(tag::SEQUENCE)
                .ok_or(malformed("malformed crl"))?;
            let serial = entry
                .integer_bytes(tag::INTEGER)
                .ok_or(malformed("malformed serial number"))?;
            time(&mut entry)?;
            let extensions = entry
                .optional(tag::SEQUENCE)
                .ok_or(malformed("malformed extensions"))?;
            check_extensions(extensions)?;
            serials.push(magnitude(serial));
        }
    }
    let extensions = tbs
        .optional(tag::constructed(0))
        .ok_or(malformed("malformed extensions"))?;
    if let Some(mut explicit) = extensions {
        let list = explicit
            .contents(tag::SEQUENCE)
            .ok_or(malformed("malformed extensions"))?;
        check_extensions(Some(list))?;
    }
    // Go doesn't look at what follows the list.
    Ok(serials)
}

fn check_extensions(list: Option<Reader<'_>>) -> Result<(), RevocationListError> {
    let malformed = RevocationListError::Malformed;
    let Some(mut list) = list else { return Ok(()) };
    while !list.is_empty() {
        let mut extension = list
            .contents(tag::SEQUENCE)
            .ok_or(malformed("malformed extension"))?;
        let identifier = extension
            .object_identifier()
            .ok_or(malformed("malformed extension OID field"))?;
        let critical = if extension.next_is(tag::BOOLEAN) {
            extension
                .boolean()
                .ok_or(malformed("malformed extension critical field"))?
        } else {
            false
        };
        let value = extension
            .contents(tag::OCTET_STRING)
            .ok_or(malformed("malformed extension value field"))?;
        check_value(identifier, critical, value)?;
    }
    Ok(())
}

/// The extensions of lists and entries that Go looks into.
fn check_value(
    identifier: &[u8],
    critical: bool,
    mut value: Reader<'_>,
) -> Result<(), RevocationListError> {
    let complaint = match identifier {
        // cRLNumber
        [0x55, 0x1d, 20] if value.integer_bytes(tag::INTEGER).is_none() => "malformed crl number",
        // reasonCode
        [0x55, 0x1d, 21] if value.integer_bytes(tag::ENUMERATED).is_none() => {
            "malformed reasonCode extension"
        }
        // authorityKeyIdentifier
        [0x55, 0x1d, 35] if critical => "authority key identifier incorrectly marked critical",
        [0x55, 0x1d, 35]
            if value
                .contents(tag::SEQUENCE)
                .and_then(|mut sequence| sequence.optional(tag::context(0)))
                .is_none() =>
        {
            "invalid authority key identifier"
        }
        _ => return Ok(()),
    };
    Err(RevocationListError::Malformed(complaint))
}
