//! A certificate as Go up to 1.16 read it: by reflection with
//! `encoding/asn1` (`crypto/x509` x509.go, `parseCertificate` of Go 1.16).
//! What comes out is the same as of newer Go; the order of the complaints and
//! their texts are not.

use crate::asn1::{
    ALGORITHM_IDENTIFIER, Asn1Error, EXTENSION, Field, RDN_SEQUENCE, Structure, Value, ValueKind,
    unmarshal,
};
use crate::certificate::{Certificate, CertificateError, Extension};
use crate::extensions;
use crate::name::Name;
use crate::public_key::{self, PublicKeyAlgorithm};
use crate::signature::SignatureAlgorithm;
use crate::time::Time;
use crate::version::GoBuild;

static CERTIFICATE: ValueKind = ValueKind::Structure(&Structure {
    name: "certificate",
    fields: &[
        Field::new(ValueKind::Structure(&TO_BE_SIGNED)),
        Field::new(ValueKind::Structure(&ALGORITHM_IDENTIFIER)),
        Field::new(ValueKind::BitString),
    ],
});

static TO_BE_SIGNED: Structure = Structure {
    name: "tbsCertificate",
    fields: &[
        Field::optional(ValueKind::Integer)
            .or(0)
            .explicitly_tagged(0),
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::Structure(&ALGORITHM_IDENTIFIER)),
        Field::new(ValueKind::Raw),
        Field::new(ValueKind::Structure(&Structure {
            name: "validity",
            fields: &[Field::new(ValueKind::Time), Field::new(ValueKind::Time)],
        })),
        Field::new(ValueKind::Raw),
        Field::new(ValueKind::Structure(&Structure {
            name: "publicKeyInfo",
            fields: &[
                Field::new(ValueKind::Structure(&ALGORITHM_IDENTIFIER)),
                Field::new(ValueKind::BitString),
            ],
        })),
        Field::optional(ValueKind::BitString).tagged(1),
        Field::optional(ValueKind::BitString).tagged(2),
        Field::optional(ValueKind::List("", &EXTENSION)).explicitly_tagged(3),
    ],
};

static BASIC_CONSTRAINTS: ValueKind = ValueKind::Structure(&Structure {
    name: "basicConstraints",
    fields: &[
        Field::optional(ValueKind::Boolean),
        Field::optional(ValueKind::Integer).or(-1),
    ],
});

static AUTHORITY_KEY_IDENTIFIER: ValueKind = ValueKind::Structure(&Structure {
    name: "authKeyId",
    fields: &[Field::optional(ValueKind::Bytes).tagged(0)],
});

static DISTRIBUTION_POINTS: ValueKind = ValueKind::List(
    "",
    &ValueKind::Structure(&Structure {
        name: "distributionPoint",
        fields: &[
            Field::optional(ValueKind::Structure(&Structure {
                name: "distributionPointName",
                fields: &[
                    Field::optional(ValueKind::List("", &ValueKind::Raw)).tagged(0),
                    Field::optional(ValueKind::List("RDNSequence", &ValueKind::Raw)).tagged(1),
                ],
            }))
            .tagged(0),
            Field::optional(ValueKind::BitString).tagged(1),
            Field::optional(ValueKind::Raw).tagged(2),
        ],
    }),
);

static POLICIES: ValueKind = ValueKind::List(
    "",
    &ValueKind::Structure(&Structure {
        name: "policyInformation",
        fields: &[Field::new(ValueKind::ObjectIdentifier)],
    }),
);

static INFORMATION_ACCESS: ValueKind = ValueKind::List(
    "",
    &ValueKind::Structure(&Structure {
        name: "authorityInfoAccess",
        fields: &[
            Field::new(ValueKind::ObjectIdentifier),
            Field::new(ValueKind::Raw),
        ],
    }),
);

static KEY_PURPOSES: ValueKind = ValueKind::List("", &ValueKind::ObjectIdentifier);

fn complaint(part: &'static str) -> impl Fn(Asn1Error) -> CertificateError {
    move |error| CertificateError::new(part, error.to_string())
}

/// Reads a value that must be all of `data`.
fn all<'a>(
    data: &'a [u8],
    kind: &ValueKind,
    part: &'static str,
    trailing: &str,
) -> Result<Value<'a>, CertificateError> {
    let (value, rest) = unmarshal(data, kind).map_err(complaint(part))?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(CertificateError::new(
            part,
            format!("x509: trailing data after {trailing}"),
        ))
    }
}

/// The part of a certificate that the first complaint is about: the reader
/// of Go 1.16 doesn't say.
fn part_at_fault(error: &Asn1Error) -> &'static str {
    match error {
        Asn1Error::Time(_) => "validity",
        Asn1Error::Syntax("invalid boolean") => "extensions",
        Asn1Error::Structure(message) if message.contains("integer") => "serial number",
        _ => "encoding",
    }
}

/// `ParseCertificate` of Go 1.16.
pub(crate) fn parse(der: &[u8], go: GoBuild) -> Result<Certificate, CertificateError> {
    let (whole, rest) = unmarshal(der, &CERTIFICATE)
        .map_err(|error| CertificateError::new(part_at_fault(&error), error.to_string()))?;
    if !rest.is_empty() {
        return Err(CertificateError::new(
            "encoding",
            "asn1: syntax error: trailing data",
        ));
    }
    let to_be_signed = whole.field(0);
    let algorithm = to_be_signed.field(2);
    let key_info = to_be_signed.field(6);
    let key_identifier = key_info.field(0).field(0).bytes();
    let key_parameters = key_info.field(0).field(1).bytes();
    let public_key_algorithm = PublicKeyAlgorithm::from_object_identifier(key_identifier, go);
    let key_bits = key_info.field(1).bit_string().right_aligned();
    let public_key = public_key::parse(public_key_algorithm, key_parameters, &key_bits, go)
        .map_err(|error| CertificateError::new("public key", error.to_string()))?;

    let subject = to_be_signed.field(5).bytes();
    let issuer = to_be_signed.field(3).bytes();
    all(subject, &RDN_SEQUENCE, "subject", "X.509 subject")?;
    all(issuer, &RDN_SEQUENCE, "issuer", "X.509 issuer")?;

    let validity = to_be_signed.field(4);
    let time = |value: &Value<'_>| match value {
        Value::Time(time) => *time,
        _ => Time::utc(jiff::Timestamp::UNIX_EPOCH),
    };
    let extensions: Vec<Extension> = to_be_signed
        .field(9)
        .fields()
        .iter()
        .map(|extension| Extension {
            identifier: extension.field(0).bytes().to_vec(),
            critical: extension.field(1).is_true(),
            value: extension.field(2).bytes().to_vec(),
        })
        .collect();
    let mut certificate = Certificate {
        raw: whole.bytes().to_vec(),
        raw_to_be_signed: to_be_signed.bytes().to_vec(),
        raw_public_key: key_info.bytes().to_vec(),
        version: to_be_signed.field(0).number() + 1,
        serial_number: to_be_signed.field(1).bytes().to_vec(),
        signature_algorithm: SignatureAlgorithm::from_identifier(
            algorithm.field(0).bytes(),
            algorithm.field(1).bytes(),
            go,
        ),
        signature: whole.field(2).bit_string().right_aligned(),
        issuer: Name::from_checked(issuer, go),
        subject: Name::from_checked(subject, go),
        not_before: time(validity.field(0)),
        not_after: time(validity.field(1)),
        public_key_algorithm,
        public_key,
        extensions,
        ..Certificate::empty()
    };
    for extension in certificate.extensions.clone() {
        let handled = process(&mut certificate, &extension, go)?;
        if extension.critical && !handled {
            certificate
                .unhandled_critical_extensions
                .push(extension.identifier);
        }
    }
    Ok(certificate)
}

fn process(
    certificate: &mut Certificate,
    extension: &Extension,
    go: GoBuild,
) -> Result<bool, CertificateError> {
    let value = extension.value.as_slice();
    if extensions::is_information_access(&extension.identifier) {
        let part = "authority information access";
        return all(
            value,
            &INFORMATION_ACCESS,
            part,
            "X.509 authority information",
        )
        .map(|_| true);
    }
    let Some(arc) = extensions::certificate_extension(&extension.identifier) else {
        return Ok(false);
    };
    match arc {
        14 => {
            let part = "subject key identifier";
            certificate.subject_key_identifier =
                all(value, &ValueKind::Bytes, part, "X.509 key-id")?
                    .bytes()
                    .to_vec();
        }
        15 => {
            let bits = all(value, &ValueKind::BitString, "key usage", "X.509 KeyUsage")?;
            certificate.key_usage = extensions::key_usage(&bits.bit_string());
        }
        17 => return alternative_names(certificate, value, go),
        19 => {
            let constraints = all(
                value,
                &BASIC_CONSTRAINTS,
                "basic constraints",
                "X.509 BasicConstraints",
            )?;
            certificate.basic_constraints_valid = true;
            certificate.is_authority = constraints.field(0).is_true();
            certificate.max_path_length = constraints.field(1).number();
        }
        30 => return extensions::name_constraints(certificate, value, go),
        31 => {
            all(
                value,
                &DISTRIBUTION_POINTS,
                "CRL distribution points",
                "X.509 CRL distribution point",
            )?;
        }
        32 => {
            all(
                value,
                &POLICIES,
                "certificate policies",
                "X.509 certificate policies",
            )?;
        }
        35 => {
            let part = "authority key identifier";
            let identifier = all(
                value,
                &AUTHORITY_KEY_IDENTIFIER,
                part,
                "X.509 authority key-id",
            )?;
            certificate.authority_key_identifier = identifier.field(0).bytes().to_vec();
        }
        37 => {
            let usages = all(
                value,
                &KEY_PURPOSES,
                "extended key usage",
                "X.509 ExtendedKeyUsage",
            )?;
            certificate.extended_key_usages = usages
                .fields()
                .iter()
                .map(|usage| extensions::extended_key_usage(usage.bytes()))
                .collect();
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// `forEachSAN` of Go 1.16, which looks at tag numbers whatever their class.
fn alternative_names(
    certificate: &mut Certificate,
    value: &[u8],
    go: GoBuild,
) -> Result<bool, CertificateError> {
    let part = "subject alternative name";
    let sequence = all(value, &ValueKind::Raw, part, "X.509 extension")?;
    let Value::Raw {
        class: 0,
        tag: 16,
        contents,
        whole,
    } = sequence
    else {
        return Err(CertificateError::new(
            part,
            "asn1: structure error: bad SAN sequence",
        ));
    };
    if whole.first().is_none_or(|first| first & 0x20 == 0) {
        return Err(CertificateError::new(
            part,
            "asn1: structure error: bad SAN sequence",
        ));
    }
    let mut rest = contents;
    let mut found = false;
    while !rest.is_empty() {
        let (name, after) = unmarshal(rest, &ValueKind::Raw).map_err(complaint(part))?;
        rest = after;
        if let Value::Raw { tag, contents, .. } = name {
            let kind = u8::try_from(tag).unwrap_or(u8::MAX);
            found |=
                extensions::remember_names(certificate, std::iter::once((kind, contents)), go)?;
        }
    }
    Ok(found)
}
