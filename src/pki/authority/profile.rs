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
        let mut extensions = Vec::new();
        let mut add = |extension: der::Result<Extension>| extension.map(|it| extensions.push(it));
        let subject = tbs.subject();
        // keyEncipherment is for TLS 1.2's RSA key transport only (RFC 5246
        // section 7.4.2; RFC 8410 section 5 and RFC 8813 section 3 forbid it for
        // the other kinds).
        let mut handshake = FlagSet::from(KeyUsages::DigitalSignature);
        if subject_key.algorithm.oid == db::rfc5912::RSA_ENCRYPTION {
            handshake |= KeyUsages::KeyEncipherment;
        }
        let (basic, usage, names) = match &self.kind {
            Kind::Authority {
                path_length,
                key_usage,
                names,
                ..
            } => (
                BasicConstraints {
                    ca: true,
                    path_len_constraint: *path_length,
                },
                match key_usage {
                    AuthorityKeyUsage::Signing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
                    AuthorityKeyUsage::SigningAndHandshake => handshake | KeyUsages::KeyCertSign,
                },
                names,
            ),
            Kind::Leaf { names, .. } => (
                BasicConstraints {
                    ca: false,
                    path_len_constraint: None,
                },
                handshake,
                names,
            ),
        };
        add((true, &basic).to_extension(subject, &[]))?;
        add((true, &KeyUsage(usage)).to_extension(subject, &[]))?;
        match &self.kind {
            Kind::Authority { constraints, .. } => {
                if let Some(constraints) = constraints.to_x509()? {
                    add((true, &constraints).to_extension(subject, &[]))?;
                }
            }
            Kind::Leaf { purposes, .. } => {
                let purposes = ExtendedKeyUsage(purposes.to_vec());
                add((false, &purposes).to_extension(subject, &[]))?;
            }
        }
        if !names.is_empty() {
            add((&subject_alt_name(names)?).to_extension(subject, &[]))?;
        }
        add((&self.subject_key_identifier).to_extension(subject, &[]))?;
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(self.authority_key_identifier.clone()),
            ..AuthorityKeyIdentifier::default()
        };
        add((&authority).to_extension(subject, &[]))?;
        Ok(extensions)
    }
}
