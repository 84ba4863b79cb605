//! Renewing a certificate: an old one and a CA in, a new one out, with the old
//! key or a new one of its kind.

use std::{error::Error, fmt};

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use super::signing::{NotSigned, SigningAuthority, SigningField, choose};
use crate::{
    lab::secret::Secret,
    pki::{
        authority::{IssueError, RenewalError},
        certificate::{Certificate, SignedByError},
        file::GivenFile,
        inspection::{certificate::CertificateFacts, inspect},
        key::{KeyType, PrivateKey},
        name::openssl_spelling,
        pem,
        validity::Days,
    },
};

/// An old certificate that is to be renewed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Renewal {
    /// The CAs to choose from: the one that issued the old certificate signs, or
    /// else the first.
    pub authorities: Vec<SigningAuthority>,
    /// The old certificate as PEM; of a chain the first.
    pub certificate: String,
    /// Whether to make a new key, of the old one's kind.
    pub new_key: bool,
    /// The days, as typed.
    pub days: String,
    /// Whether it may be a certificate of another CA.
    pub foreign: bool,
    /// The time.
    pub now: Timestamp,
}

/// A certificate that was renewed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Renewed {
    /// The new certificate as PEM.
    pub certificate: String,
    /// The new private key as PEM, if one was made.
    pub key: Option<Secret>,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The SANs of every kind, as OpenSSL spells them: `DNS:localhost`.
    pub names: Vec<String>,
    /// The serial number, in hexadecimal.
    pub serial_number: String,
    /// Its last second.
    pub not_after: Timestamp,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// The certificate of a text, or the first of a chain.
fn first_certificate(text: &str) -> Result<Certificate, NotSigned> {
    let fault = NotSigned::at(SigningField::Subject);
    if let Ok(blocks) = pem::blocks(text)
        && let Some(first) = blocks.iter().find(|block| block.label == "CERTIFICATE")
    {
        return Certificate::from_der(&first.der).map_err(fault);
    }
    Certificate::from_pem(text).map_err(fault)
}

impl Renewal {
    /// Renews.
    ///
    /// # Errors
    ///
    /// What is wrong with which of the things that were given.
    pub fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Result<Renewed, NotSigned> {
        let old = first_certificate(&self.certificate)?;
        let days: Days = self
            .days
            .parse()
            .map_err(NotSigned::at(SigningField::Days))?;
        let authority = choose(
            &self.authorities,
            |candidate| old.check_signed_by(candidate).is_ok(),
            self.now,
        )?;
        let mut notes = Vec::new();
        if let Err(error) = old.check_signed_by(authority.certificate()) {
            let foreign = Foreign {
                authority: openssl_spelling(authority.certificate().subject()),
                error,
            };
            if !self.foreign {
                return Err(NotSigned::at(SigningField::Foreign)(foreign));
            }
            notes.push(foreign.to_string());
        }
        let key = if self.new_key {
            let kind = old
                .public_key()
                .map_or(KeyType::Rsa2048, |key| key.kind_in_its_place());
            let key =
                PrivateKey::generate(kind, rng).map_err(NotSigned::at(SigningField::Whole))?;
            Some(key)
        } else {
            None
        };
        let public = key.as_ref().map(PrivateKey::public_key);
        let certificate = authority
            .renew(&old, public.as_ref(), days, self.now, rng)
            .map_err(|error| {
                let field = match error {
                    RenewalError::Issue(IssueError::PastAuthority { .. }) => SigningField::Days,
                    _ => SigningField::Subject,
                };
                NotSigned::at(field)(error)
            })?;
        if old.version() < 3 {
            notes.push(
                "The old one was of version 1 and said nothing of usages; the new one is of version 3."
                    .to_owned(),
            );
        }
        let whole = NotSigned::at(SigningField::Whole);
        Ok(Renewed {
            key: key
                .map(|key| key.to_pem().map(|pem| Secret(pem.to_string())))
                .transpose()
                .map_err(NotSigned::at(SigningField::Whole))?,
            subject: openssl_spelling(certificate.subject()),
            names: names(certificate.der(), self.now),
            serial_number: certificate.serial_number(),
            not_after: certificate.validity().not_after,
            notes,
            certificate: certificate.to_pem().map_err(whole)?,
        })
    }
}

/// What a certificate's SANs are, e-mail and URIs too.
fn names(der: &[u8], now: Timestamp) -> Vec<String> {
    let seen = inspect(&[GivenFile::new("", der)], None, now);
    let certificate = seen
        .items
        .first()
        .and_then(|item| item.content.certificate());
    let names = certificate.map(CertificateFacts::names).unwrap_or_default();
    names.iter().map(ToString::to_string).collect()
}

/// A certificate is not this CA's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Foreign {
    /// The CA's subject.
    authority: String,
    /// Why it is not.
    error: SignedByError,
}

impl fmt::Display for Foreign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.authority;
        match &self.error {
            SignedByError::OtherIssuer { issuer, .. } => write!(
                formatter,
                "the old certificate was issued by {issuer}, not by this {subject}"
            ),
            SignedByError::Signature { .. } => write!(
                formatter,
                "the old certificate was issued by another {subject} than this one: the name is the same, the key is not"
            ),
            error => error.fmt(formatter),
        }
    }
}

impl Error for Foreign {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}
