//! Renewal: a certificate made again from an old one, with the same subject,
//! subject alternative names and usages, a new serial number and a new life.

use std::fmt;

use const_oid::{AssociatedOid, db};
use der::{Encode, asn1::OctetString, flagset::FlagSet};
use jiff::Timestamp;
use rand_core::CryptoRng;
use x509_cert::ext::{
    Extension, ToExtension,
    pkix::{
        BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, NameConstraints, SubjectAltName,
        SubjectKeyIdentifier,
    },
};

use super::{
    super::{
        certificate::Certificate,
        key::{KeyError, PublicKey},
        name::openssl_spelling,
        validity::{Days, Validity},
    },
    Authority, IssueError, Kind, Profile, check_days, key_identifier, sign,
};

/// Why a certificate can't be renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenewalError {
    /// It is a CA's, which would take everything below it along.
    Authority {
        /// Its subject, in OpenSSL's spelling.
        subject: String,
    },
    /// Only a root renews itself.
    NotRoot {
        /// The CA's subject.
        subject: String,
        /// Who issued it.
        issuer: String,
    },
    /// Its key is to be kept, and can't be used.
    Key(KeyError),
    /// It can't be issued.
    Issue(IssueError),
}

impl fmt::Display for RenewalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authority { subject } => write!(
                formatter,
                "{subject} is a CA; bring it with its key to renew it, or choose a server’s or client’s certificate"
            ),
            Self::NotRoot { subject, issuer } => write!(
                formatter,
                "{subject} was issued by {issuer}, which must issue it again; bring {issuer} with its key"
            ),
            Self::Key(error) => write!(
                formatter,
                "the old certificate's key can't be kept: {error}; renew it with a new key"
            ),
            Self::Issue(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for RenewalError {}

impl From<IssueError> for RenewalError {
    fn from(error: IssueError) -> Self {
        Self::Issue(error)
    }
}

impl From<der::Error> for RenewalError {
    fn from(error: der::Error) -> Self {
        Self::Issue(error.into())
    }
}

impl Authority {
    /// Issues an old certificate again: the same subject, subject alternative
    /// names of all kinds, basic constraints, key usage and extended key usage,
    /// for its old key or, with `new_key`, another one. What the old one lacks
    /// stays away, except that the new one is of version 3 with key identifiers.
    /// Key usages that a key of the new kind may not have are left out (RFC 8813
    /// section 3, RFC 9295).
    ///
    /// It may be an old certificate of another CA; whether it is of this one says
    /// [`Certificate::check_signed_by`].
    ///
    /// # Errors
    ///
    /// If the old one is a CA's, if its key is to stay and can't be used, or as
    /// [`Authority::issue`].
    pub fn renew<R: CryptoRng + ?Sized>(
        &self,
        old: &Certificate,
        new_key: Option<&PublicKey>,
        days: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, RenewalError> {
        if old.is_authority() {
            return Err(RenewalError::Authority {
                subject: openssl_spelling(old.subject()),
            });
        }
        let old_key = old.public_key();
        let key = match new_key {
            Some(key) => key,
            None => old_key
                .as_ref()
                .map_err(|error| RenewalError::Key(error.clone()))?,
        };
        let kept = old_key.as_ref() == Ok(key);
        self.check_names(&old.names())?;
        let authority = self.validity();
        check_days(days, authority, now)?;
        let certificate = sign(
            Profile {
                issuer: self.certificate().subject(),
                subject: old.subject(),
                authority_key_identifier: self.key_identifier()?,
                subject_key_identifier: identifier_of(old, key, kept)?,
                kind: Kind::Again(again(old, key)?),
            },
            Validity::starting(now, days).within(authority),
            key,
            &self.key,
            rng,
        )?;
        Ok(certificate)
    }

    /// Makes a root again, for its own key and with all its limits: what it has
    /// issued stays good, for whoever is given the new certificate.
    ///
    /// # Errors
    ///
    /// For a CA that another one has issued.
    pub fn renew_root<R: CryptoRng + ?Sized>(
        &self,
        days: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Self, RenewalError> {
        let old = self.certificate();
        if !old.is_self_issued() {
            return Err(RenewalError::NotRoot {
                subject: openssl_spelling(old.subject()),
                issuer: openssl_spelling(old.issuer()),
            });
        }
        let key = self.key.public_key();
        let identifier = identifier_of(old, &key, true)?;
        let mut extensions = again(old, &key)?;
        if !old.is_authority() {
            extensions.splice(..0, of_a_root(old)?);
        }
        let certificate = sign(
            Profile {
                issuer: old.subject(),
                subject: old.subject(),
                authority_key_identifier: identifier.0.clone(),
                subject_key_identifier: identifier,
                kind: Kind::Again(extensions),
            },
            Validity::starting(now, days),
            &key,
            &self.key,
            rng,
        )?;
        Ok(Self {
            chain: certificate.into(),
            key: self.key.clone(),
        })
    }
}

/// What a root of version 1 leaves unsaid, and one of version 3 has to say.
fn of_a_root(old: &Certificate) -> der::Result<Vec<Extension>> {
    let constraints = BasicConstraints {
        ca: true,
        path_len_constraint: None,
    };
    let mut extensions = vec![(true, &constraints).to_extension(old.subject(), &[])?];
    if old.key_usage().is_none() {
        let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
        extensions.push((true, &usage).to_extension(old.subject(), &[])?);
    }
    Ok(extensions)
}

/// A key that stays keeps the identifier that others know it by.
fn identifier_of(
    old: &Certificate,
    key: &PublicKey,
    kept: bool,
) -> Result<SubjectKeyIdentifier, IssueError> {
    match old.subject_key_identifier() {
        Some(identifier) if kept => Ok(identifier),
        _ => key_identifier(key),
    }
}

/// What is taken over from the old certificate.
fn again(old: &Certificate, key: &PublicKey) -> der::Result<Vec<Extension>> {
    let kinds = [
        BasicConstraints::OID,
        KeyUsage::OID,
        ExtendedKeyUsage::OID,
        NameConstraints::OID,
        SubjectAltName::OID,
    ];
    let mut extensions = Vec::new();
    for kind in kinds {
        let Some(extension) = old.raw_extension(kind) else {
            continue;
        };
        let mut extension = extension.clone();
        if let (KeyUsage::OID, Some(usage)) = (kind, old.key_usage()) {
            let usage = KeyUsage(allowed(usage.0, key)?);
            extension.extn_value = OctetString::new(usage.to_der()?)?;
        }
        extensions.push(extension);
    }
    Ok(extensions)
}

/// The key usages that fit a kind of key; digitalSignature fits all, and takes
/// the place of none at all.
fn allowed(usages: FlagSet<KeyUsages>, key: &PublicKey) -> der::Result<FlagSet<KeyUsages>> {
    let enciphers = KeyUsages::KeyEncipherment | KeyUsages::DataEncipherment;
    let agrees = KeyUsages::KeyAgreement | KeyUsages::EncipherOnly | KeyUsages::DecipherOnly;
    let spki = key.to_spki().map_err(|_| der::ErrorKind::Failed)?;
    let forbidden = match spki.algorithm.oid {
        db::rfc5912::RSA_ENCRYPTION => agrees,
        db::rfc5912::ID_EC_PUBLIC_KEY => enciphers,
        _ => enciphers | agrees,
    };
    let left = usages & !forbidden;
    Ok(if left.is_empty() {
        KeyUsages::DigitalSignature.into()
    } else {
        left
    })
}
