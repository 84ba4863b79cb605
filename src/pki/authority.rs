//! Certificate authorities: making one, taking one that somebody brings, and
//! issuing from it. Always version 3, always with the extensions that OpenSSL's
//! strict checks and Go both want.

use std::fmt;

use const_oid::{ObjectIdentifier, db};
use der::{asn1::OctetString, flagset::FlagSet, referenced::OwnedToRef};
use jiff::Timestamp;
use rand_core::CryptoRng;
use x509_cert::{
    TbsCertificate,
    builder::{Builder, CertificateBuilder, profile::BuilderProfile},
    ext::{
        Extension, ToExtension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
            SubjectKeyIdentifier,
        },
    },
    name::Name,
    serial_number::SerialNumber,
};

use super::{
    certificate::{Certificate, CertificateError},
    certification_request::{CertificationRequest, subject_alt_name},
    key::{KeyError, PrivateKey, PublicKey, Signature},
    name::{DistinguishedName, openssl_spelling},
    subject_alternative_name::SubjectAlternativeName,
    validity::{Days, Validity, calendar_day},
};

/// A CA certificate and its private key, which belong together.
#[derive(Clone)]
pub struct Authority {
    certificate: Certificate,
    key: PrivateKey,
}

/// What a leaf certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// An etcd server: serverAuth **and** clientAuth, because etcd's own gRPC
    /// gateway dials the server with the server's certificate as a client.
    Server,
    /// A client of etcd: clientAuth.
    Client,
}

impl Usage {
    /// The extended key usages (RFC 5280 section 4.2.1.12).
    fn purposes(self) -> &'static [ObjectIdentifier] {
        match self {
            Self::Server => &[
                db::rfc5912::ID_KP_SERVER_AUTH,
                db::rfc5912::ID_KP_CLIENT_AUTH,
            ],
            Self::Client => &[db::rfc5912::ID_KP_CLIENT_AUTH],
        }
    }

    /// The same as OpenSSL's configuration spells it.
    #[must_use]
    pub fn openssl_spelling(self) -> &'static str {
        match self {
            Self::Server => "serverAuth,clientAuth",
            Self::Client => "clientAuth",
        }
    }
}

/// Why a certificate and a key can't be taken as a CA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorityError {
    /// The certificate can't be read.
    Certificate(CertificateError),
    /// The key can't be read or used.
    Key(KeyError),
    /// The key is another certificate's.
    KeyMismatch {
        /// The certificate's subject, in OpenSSL's spelling.
        subject: String,
    },
    /// A version 3 certificate that does not say `CA:TRUE`.
    NotAuthority {
        /// The certificate's subject.
        subject: String,
    },
    /// A version 1 certificate of somebody else's making: no CA can be told
    /// from a leaf there, unless it signed itself.
    VersionOneLeaf {
        /// The certificate's subject.
        subject: String,
    },
    /// A key usage without keyCertSign.
    MayNotSign {
        /// The certificate's subject.
        subject: String,
    },
    /// An extended key usage that leaves out what etcd's certificates need;
    /// Go nests these from the CA down.
    RestrictedUsage {
        /// The certificate's subject.
        subject: String,
    },
    /// Its life has ended.
    Ended {
        /// The certificate's last second.
        not_after: Timestamp,
    },
    /// Its life has not begun.
    NotYetValid {
        /// The certificate's first second.
        not_before: Timestamp,
    },
}

impl fmt::Display for AuthorityError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(error) => error.fmt(formatter),
            Self::Key(error) => error.fmt(formatter),
            Self::KeyMismatch { subject } => write!(
                formatter,
                "this key is not the key of {subject}; choose the ca.key that was made together with this ca.crt"
            ),
            Self::NotAuthority { subject } => write!(
                formatter,
                "{subject} is no CA: its basic constraints do not say CA:TRUE, so etcd would refuse all that it signs; choose the CA's own certificate"
            ),
            Self::VersionOneLeaf { subject } => write!(
                formatter,
                "{subject} is a version 1 certificate signed by another CA, and cannot sign; choose the CA's own certificate"
            ),
            Self::MayNotSign { subject } => write!(
                formatter,
                "{subject} may not sign certificates: its key usage lacks keyCertSign; choose the CA's own certificate"
            ),
            Self::RestrictedUsage { subject } => write!(
                formatter,
                "{subject} limits its certificates with an extended key usage that lacks serverAuth or clientAuth, so etcd would refuse them; use a CA without an extended key usage"
            ),
            Self::Ended { not_after } => write!(
                formatter,
                "this CA ended on {}; nothing that it signs is valid now: renew the CA, or make a new one",
                calendar_day(*not_after)
            ),
            Self::NotYetValid { not_before } => write!(
                formatter,
                "this CA is valid only from {not_before}; wait until then, or set this machine's clock right"
            ),
        }
    }
}

impl std::error::Error for AuthorityError {}

/// Why a certificate can't be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueError {
    /// It would outlive its CA.
    PastAuthority {
        /// The days asked for.
        days: Days,
        /// The CA's last second.
        not_after: Timestamp,
        /// The most days that fit, possibly 0.
        fitting: i64,
    },
    /// Encoding or signing failed.
    Builder {
        /// The builder's words.
        reason: String,
    },
}

impl fmt::Display for IssueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PastAuthority {
                days,
                not_after,
                fitting: 0,
            } => write!(
                formatter,
                "{days} days is past the CA's own end ({}), which is less than a day away; renew the CA",
                calendar_day(*not_after)
            ),
            Self::PastAuthority {
                days,
                not_after,
                fitting,
            } => write!(
                formatter,
                "{days} days is past the CA's own end ({}); choose at most {fitting}, or renew the CA",
                calendar_day(*not_after)
            ),
            Self::Builder { reason } => {
                write!(
                    formatter,
                    "the certificate could not be made: {reason}; please report this"
                )
            }
        }
    }
}

impl std::error::Error for IssueError {}

impl From<x509_cert::builder::Error> for IssueError {
    fn from(error: x509_cert::builder::Error) -> Self {
        Self::Builder {
            reason: error.to_string(),
        }
    }
}

impl From<der::Error> for IssueError {
    fn from(error: der::Error) -> Self {
        Self::Builder {
            reason: error.to_string(),
        }
    }
}

impl Authority {
    /// Makes a root: version 3, `CA:TRUE` and key usage keyCertSign and cRLSign
    /// critical, a subject key identifier (RFC 5280 section 4.2.1).
    ///
    /// # Errors
    ///
    /// Only if encoding or signing fails.
    pub fn create<R: CryptoRng + ?Sized>(
        subject: &DistinguishedName,
        days: Days,
        key: PrivateKey,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Self, IssueError> {
        let name = subject.as_name();
        let key_identifier = key_identifier(&key.public_key())?;
        let certificate = sign(
            Profile {
                issuer: name,
                subject: name,
                authority_key_identifier: key_identifier.0.clone(),
                subject_key_identifier: key_identifier,
                kind: Kind::Root,
            },
            Validity::starting(now, days),
            &key.public_key(),
            &key,
            rng,
        )?;
        Ok(Self { certificate, key })
    }

    /// Takes a CA that exists: its certificate and its key, as PEM.
    ///
    /// # Errors
    ///
    /// What is wrong with either, why they don't belong together, or why the
    /// certificate is no CA now.
    pub fn from_pem(certificate: &str, key: &str, now: Timestamp) -> Result<Self, AuthorityError> {
        let certificate =
            Certificate::from_pem(certificate).map_err(AuthorityError::Certificate)?;
        check_authority(&certificate, now)?;
        let key = PrivateKey::from_pem(key).map_err(AuthorityError::Key)?;
        if certificate.public_key().as_ref() != Ok(&key.public_key()) {
            return Err(AuthorityError::KeyMismatch {
                subject: openssl_spelling(certificate.subject()),
            });
        }
        Ok(Self { certificate, key })
    }

    /// The CA's certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The CA's private key.
    #[must_use]
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// Issues a certificate for a CSR's subject and key. The names are those
    /// given here, not those the CSR asks for.
    ///
    /// # Errors
    ///
    /// If it would outlive the CA, or encoding or signing fails.
    pub fn issue<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificationRequest,
        names: &[SubjectAlternativeName],
        usage: Usage,
        days: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, IssueError> {
        let authority = self.certificate.validity();
        check_days(days, authority, now)?;
        let authority_key_identifier = match self.certificate.subject_key_identifier() {
            Some(identifier) => identifier.0,
            None => key_identifier(&self.key.public_key())?.0,
        };
        sign(
            Profile {
                issuer: self.certificate.subject(),
                subject: request.subject(),
                authority_key_identifier,
                subject_key_identifier: key_identifier(request.public_key())?,
                kind: Kind::Leaf { usage, names },
            },
            Validity::starting(now, days).within(authority),
            request.public_key(),
            &self.key,
            rng,
        )
    }
}

/// Checks that a certificate for this many days ends no later than its CA.
///
/// # Errors
///
/// [`IssueError::PastAuthority`] with the most days that fit.
pub fn check_days(days: Days, authority: Validity, now: Timestamp) -> Result<(), IssueError> {
    if Validity::starting(now, days).not_after > authority.not_after {
        return Err(IssueError::PastAuthority {
            days,
            not_after: authority.not_after,
            fitting: authority.days_left(now),
        });
    }
    Ok(())
}

/// Checks that a certificate is a CA now, as Go's `(*Certificate).isValid` and
/// `CheckSignatureFrom` judge a parent.
fn check_authority(certificate: &Certificate, now: Timestamp) -> Result<(), AuthorityError> {
    let subject = openssl_spelling(certificate.subject());
    match (certificate.version(), certificate.basic_constraints()) {
        (_, Some(constraints)) if constraints.ca => {}
        (1 | 2, None) if certificate.is_self_issued() => {}
        (1 | 2, None) => return Err(AuthorityError::VersionOneLeaf { subject }),
        _ => return Err(AuthorityError::NotAuthority { subject }),
    }
    if certificate
        .key_usage()
        .is_some_and(|usage| !usage.key_cert_sign())
    {
        return Err(AuthorityError::MayNotSign { subject });
    }
    if let Some(ExtendedKeyUsage(purposes)) = certificate.extended_key_usage() {
        let any = purposes.contains(&db::rfc5280::ANY_EXTENDED_KEY_USAGE);
        if !any
            && !Usage::Server
                .purposes()
                .iter()
                .all(|purpose| purposes.contains(purpose))
        {
            return Err(AuthorityError::RestrictedUsage { subject });
        }
    }
    let validity = certificate.validity();
    if now > validity.not_after {
        return Err(AuthorityError::Ended {
            not_after: validity.not_after,
        });
    }
    if now < validity.not_before {
        return Err(AuthorityError::NotYetValid {
            not_before: validity.not_before,
        });
    }
    Ok(())
}

/// The key identifier of RFC 5280 section 4.2.1.2, method 1: the SHA-1 of the
/// public key's bits. It only helps to find a certificate; nothing rests on
/// SHA-1's strength.
fn key_identifier(key: &PublicKey) -> Result<SubjectKeyIdentifier, IssueError> {
    let spki = key.to_spki().map_err(|error| IssueError::Builder {
        reason: error.to_string(),
    })?;
    Ok(SubjectKeyIdentifier::try_from(spki.owned_to_ref())?)
}

fn sign<R: CryptoRng + ?Sized>(
    profile: Profile<'_>,
    validity: Validity,
    public_key: &PublicKey,
    signer: &PrivateKey,
    rng: &mut R,
) -> Result<Certificate, IssueError> {
    let spki = public_key.to_spki().map_err(|error| IssueError::Builder {
        reason: error.to_string(),
    })?;
    // 17 random bytes: positive, more than the 64 bits of entropy that the
    // CA/Browser Forum asks for, less than RFC 5280's 20 octets.
    let serial_number = SerialNumber::generate(rng);
    let builder = CertificateBuilder::new(profile, serial_number, validity.to_x509()?, spki)?;
    let certificate = builder.build_with_rng::<PrivateKey, Signature, R>(signer, rng)?;
    Ok(Certificate::from_x509(certificate)?)
}

/// The extensions of what this program issues, for `x509-cert`'s builder.
struct Profile<'a> {
    issuer: &'a Name,
    subject: &'a Name,
    authority_key_identifier: OctetString,
    subject_key_identifier: SubjectKeyIdentifier,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Root,
    Leaf {
        usage: Usage,
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
        match &self.kind {
            Kind::Root => {
                let constraints = BasicConstraints {
                    ca: true,
                    path_len_constraint: None,
                };
                add((true, &constraints).to_extension(subject, &[]))?;
                let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
                add((true, &usage).to_extension(subject, &[]))?;
            }
            Kind::Leaf { usage, names } => {
                let constraints = BasicConstraints {
                    ca: false,
                    path_len_constraint: None,
                };
                add((true, &constraints).to_extension(subject, &[]))?;
                // keyEncipherment is for TLS 1.2's RSA key transport only (RFC
                // 5246 section 7.4.2; RFC 8410 section 5 and RFC 8813 section 3
                // forbid it for the other kinds).
                let mut bits = FlagSet::from(KeyUsages::DigitalSignature);
                if subject_key.algorithm.oid == db::rfc5912::RSA_ENCRYPTION {
                    bits |= KeyUsages::KeyEncipherment;
                }
                add((true, &KeyUsage(bits)).to_extension(subject, &[]))?;
                let purposes = ExtendedKeyUsage(usage.purposes().to_vec());
                add((false, &purposes).to_extension(subject, &[]))?;
                if !names.is_empty() {
                    add((&subject_alt_name(names)?).to_extension(subject, &[]))?;
                }
            }
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
