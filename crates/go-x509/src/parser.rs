//! A certificate as Go reads it since Go 1.17 (`crypto/x509` `parser.go`,
//! `parseCertificate`). Older Go is in `legacy_certificate`; the contents of
//! the extensions are in `extensions`.

use std::collections::BTreeSet;

use crate::certificate::{Certificate, CertificateError, Extension};
use crate::der::{Reader, dotted, tag};
use crate::extensions;
use crate::legacy_certificate;
use crate::name::Name;
use crate::public_key::{self, PublicKeyAlgorithm};
use crate::quote::quote;
use crate::signature::SignatureAlgorithm;
use crate::time::Time;
use crate::version::GoBuild;

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

/// The next time, which is a validity's first or last.
fn time(reader: &mut Reader<'_>, part: &'static str) -> Result<Time, CertificateError> {
    reader
        .time()
        .map_err(|error| CertificateError::new(part, format!("x509: {error}")))
}

fn malformed(part: &'static str, what: &str) -> CertificateError {
    CertificateError::new(part, format!("x509: malformed {what}"))
}

/// The next name, which is the issuer's or the subject's. Go calls both the issuer
/// where there is no SEQUENCE (`crypto/x509` parser.go).
fn name(
    reader: &mut Reader<'_>,
    part: &'static str,
    go: GoBuild,
) -> Result<Name, CertificateError> {
    let whole = reader
        .element(tag::SEQUENCE)
        .ok_or_else(|| malformed(part, "issuer"))?
        .whole;
    Name::parse(whole, go).map_err(|error| CertificateError::new(part, format!("x509: {error}")))
}

#[expect(
    clippy::too_many_lines,
    reason = "one function of Go, in its order, so that the first complaint is the same"
)]
fn parse_by_hand(der: &[u8], go: GoBuild) -> Result<Certificate, CertificateError> {
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
        .integer_bytes(tag::INTEGER)
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
    let signature_algorithm = SignatureAlgorithm::from_identifier(algorithm, parameters, go);

    let issuer = name(&mut tbs, "issuer", go)?;
    let mut validity = tbs
        .contents(tag::SEQUENCE)
        .ok_or_else(|| malformed("validity", "validity"))?;
    let not_before = time(&mut validity, "validity: notBefore")?;
    let not_after = time(&mut validity, "validity: notAfter")?;
    let subject = name(&mut tbs, "subject", go)?;

    let public_key_info = tbs
        .element(tag::SEQUENCE)
        .ok_or_else(|| malformed("public key", "spki"))?;
    let mut key_reader = Reader(public_key_info.contents);
    let key_algorithm = key_reader
        .contents(tag::SEQUENCE)
        .ok_or_else(|| malformed("public key", "public key algorithm identifier"))?;
    let (key_identifier, key_parameters) = algorithm_identifier(key_algorithm.0, "public key")?;
    let public_key_algorithm = PublicKeyAlgorithm::from_object_identifier(key_identifier, go);
    let key_bits = key_reader
        .bit_string()
        .ok_or_else(|| malformed("public key", "subjectPublicKey"))?;
    let public_key = public_key::parse(
        public_key_algorithm,
        key_parameters,
        &key_bits.right_aligned(),
        go,
    )
    .map_err(|error| CertificateError::new("public key", error.to_string()))?;

    let mut certificate = Certificate {
        raw: whole.whole.to_vec(),
        raw_to_be_signed: to_be_signed.whole.to_vec(),
        raw_public_key: public_key_info.whole.to_vec(),
        version,
        serial_number,
        signature_algorithm,
        issuer,
        subject,
        not_before,
        not_after,
        public_key_algorithm,
        public_key,
        ..Certificate::empty()
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
