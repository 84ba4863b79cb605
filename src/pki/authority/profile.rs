//! The extensions of what a CA issues, for `x509-cert`'s builder.

use const_oid::{ObjectIdentifier, db};
use der::{asn1::OctetString, flagset::FlagSet};
use x509_cert::{
    TbsCertificate,
    builder::profile::BuilderProfile,
    ext::{
        Extension, ToExtension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
            SubjectKeyIdentifier,
        },
    },
    name::Name,
};

use super::{
    super::{
        certification_request::subject_alt_name, name_constraint::NameConstraints,
        subject_alternative_name::SubjectAlternativeName,
    },
    AuthorityKeyUsage,
};

/// Who signs for whom, and what for.
pub(super) struct Profile<'a> {
    pub(super) issuer: &'a Name,
    pub(super) subject: &'a Name,
    pub(super) authority_key_identifier: OctetString,
    pub(super) subject_key_identifier: SubjectKeyIdentifier,
    pub(super) kind: Kind<'a>,
}

/// What is issued.
pub(super) enum Kind<'a> {
    /// A CA: `CA:TRUE` and the key usage critical (RFC 5280 sections 4.2.1.3 and
    /// 4.2.1.9), and name constraints critical too (4.2.1.10).
    Authority {
        path_length: Option<u8>,
        key_usage: AuthorityKeyUsage,
        constraints: &'a NameConstraints,
        names: &'a [SubjectAlternativeName],
    },
    /// A server's, member's or client's certificate.
    Leaf {
        purposes: &'a [ObjectIdentifier],
        names: &'a [SubjectAlternativeName],
    },
    /// What an old certificate was, with its extensions.
    Again(Vec<Extension>),
}

impl BuilderProfile for Profile<'_> {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        subject_key: spki::SubjectPublicKeyInfoRef<'_>,
        _issuer_key: spki::SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let subject = tbs.subject();
        let mut extensions = match &self.kind {
            Kind::Authority {
                path_length,
                key_usage,
                constraints,
                names,
            } => {
                let usage = match key_usage {
                    AuthorityKeyUsage::Signing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
                    AuthorityKeyUsage::SigningAndHandshake => {
                        handshake(&subject_key) | KeyUsages::KeyCertSign
                    }
                };
                let basic = BasicConstraints {
                    ca: true,
                    path_len_constraint: *path_length,
                };
                let mut extensions = vec![
                    (true, &basic).to_extension(subject, &[])?,
                    (true, &KeyUsage(usage)).to_extension(subject, &[])?,
                ];
                if let Some(constraints) = constraints.to_x509()? {
                    extensions.push((true, &constraints).to_extension(subject, &[])?);
                }
                extensions.extend(alternative_names(names, subject)?);
                extensions
            }
            Kind::Leaf { purposes, names } => {
                let basic = BasicConstraints {
                    ca: false,
                    path_len_constraint: None,
                };
                let purposes = ExtendedKeyUsage(purposes.to_vec());
                let mut extensions = vec![
                    (true, &basic).to_extension(subject, &[])?,
                    (true, &KeyUsage(handshake(&subject_key))).to_extension(subject, &[])?,
                    (false, &purposes).to_extension(subject, &[])?,
                ];
                extensions.extend(alternative_names(names, subject)?);
                extensions
            }
            Kind::Again(extensions) => extensions.clone(),
        };
        extensions.push((&self.subject_key_identifier).to_extension(subject, &[])?);
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(self.authority_key_identifier.clone()),
            ..AuthorityKeyIdentifier::default()
        };
        extensions.push((&authority).to_extension(subject, &[])?);
        Ok(extensions)
    }
}

/// digitalSignature, and for RSA keyEncipherment, which is for TLS 1.2's RSA key
/// transport only (RFC 5246 section 7.4.2; RFC 8410 section 5 and RFC 8813
/// section 3 forbid it for the other kinds).
fn handshake(key: &spki::SubjectPublicKeyInfoRef<'_>) -> FlagSet<KeyUsages> {
    let mut usages = FlagSet::from(KeyUsages::DigitalSignature);
    if key.algorithm.oid == db::rfc5912::RSA_ENCRYPTION {
        usages |= KeyUsages::KeyEncipherment;
    }
    usages
}

/// The names, where there are any: critical, if the subject is empty (RFC 5280
/// section 4.2.1.6).
fn alternative_names(
    names: &[SubjectAlternativeName],
    subject: &Name,
) -> der::Result<Option<Extension>> {
    if names.is_empty() {
        return Ok(None);
    }
    let extension = subject_alt_name(names)?;
    (subject.is_empty(), &extension)
        .to_extension(subject, &[])
        .map(Some)
}
