//! Certificate authorities: making one, taking one that somebody brings, and
//! issuing from it. Always version 3, always with the extensions that OpenSSL's
//! strict checks and Go both want. A CA knows the CAs above it, and holds what
//! it issues to their limits too: a certificate that etcd would refuse because
//! of its issuers is not made.

mod error;
mod profile;
mod renewal;
#[cfg(test)]
mod tests;

pub use error::{AuthorityError, IssueError};
pub use renewal::RenewalError;

use der::{asn1::OctetString, referenced::OwnedToRef};
use jiff::Timestamp;
use rand_core::CryptoRng;
use x509_cert::{
    builder::{Builder, CertificateBuilder},
    ext::pkix::SubjectKeyIdentifier,
    serial_number::SerialNumber,
};

use super::{
    certificate::Certificate,
    certification_request::CertificationRequest,
    chain::Chain,
    key::{PrivateKey, PublicKey, Signature},
    name::{DistinguishedName, openssl_spelling},
    name_constraint::{NameConstraints, OtherConstraint},
    purposes::Purposes,
    subject_alternative_name::SubjectAlternativeName,
    validity::{Days, Validity},
};
use profile::{Kind, Profile};

/// A CA's certificate with those above it, and its private key.
#[derive(Clone)]
pub struct Authority {
    chain: Chain,
    key: PrivateKey,
}

/// What a new CA is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityOptions {
    /// Its subject.
    pub subject: DistinguishedName,
    /// How long it lives.
    pub days: Days,
    /// How many CAs may follow below it; none: any number (RFC 5280 section
    /// 4.2.1.9).
    pub path_length: Option<u8>,
    /// The names it is confined to.
    pub name_constraints: NameConstraints,
    /// What its key may do.
    pub key_usage: AuthorityKeyUsage,
    /// Subject alternative names, which CAs rarely have; kubeadm's has
    /// `DNS:etcd-ca`.
    pub names: Vec<SubjectAlternativeName>,
}

impl AuthorityOptions {
    /// A CA without limits.
    #[must_use]
    pub fn new(subject: DistinguishedName, days: Days) -> Self {
        Self {
            subject,
            days,
            path_length: None,
            name_constraints: NameConstraints::default(),
            key_usage: AuthorityKeyUsage::default(),
            names: Vec::new(),
        }
    }
}

/// What a CA's key may do (RFC 5280 section 4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthorityKeyUsage {
    /// keyCertSign and cRLSign.
    #[default]
    Signing,
    /// keyCertSign, digitalSignature and, for RSA, keyEncipherment, and **not**
    /// cRLSign: what kubeadm writes (`NewSelfSignedCACert` of Kubernetes'
    /// `client-go/util/cert`).
    SigningAndHandshake,
}

impl Authority {
    /// Makes a root, which signs itself.
    ///
    /// # Errors
    ///
    /// Only if encoding or signing fails.
    pub fn create<R: CryptoRng + ?Sized>(
        options: &AuthorityOptions,
        key: PrivateKey,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Self, IssueError> {
        let name = options.subject.as_name();
        let key_identifier = key_identifier(&key.public_key())?;
        let certificate = sign(
            Profile {
                issuer: name,
                subject: name,
                authority_key_identifier: key_identifier.0.clone(),
                subject_key_identifier: key_identifier,
                kind: options.kind(),
            },
            Validity::starting(now, options.days),
            &key.public_key(),
            &key,
            rng,
        )?;
        Ok(Self {
            chain: certificate.into(),
            key,
        })
    }

    /// Makes an intermediate CA below this one.
    ///
    /// # Errors
    ///
    /// If it would outlive a CA above it, if a path length above it leaves no
    /// room for it or for the path length it is to have, or if its own names are
    /// forbidden.
    pub fn issue_authority<R: CryptoRng + ?Sized>(
        &self,
        options: &AuthorityOptions,
        key: PrivateKey,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Self, IssueError> {
        self.check_path_length(options.path_length)?;
        self.check_names(&options.names)?;
        let validity = self.validity();
        check_days(options.days, validity, now)?;
        let certificate = sign(
            Profile {
                issuer: self.certificate().subject(),
                subject: options.subject.as_name(),
                authority_key_identifier: self.key_identifier()?,
                subject_key_identifier: key_identifier(&key.public_key())?,
                kind: options.kind(),
            },
            Validity::starting(now, options.days).within(validity),
            &key.public_key(),
            &self.key,
            rng,
        )?;
        Ok(Self {
            chain: self.chain.below(certificate),
            key,
        })
    }

    /// Takes a CA that exists: its certificate, possibly followed by those above
    /// it, and its key, as PEM. For an encrypted key there is
    /// [`PrivateKey::from_encrypted_pem`] and [`Authority::new`].
    ///
    /// # Errors
    ///
    /// What is wrong with either, why they don't belong together, or why the
    /// certificate is no CA now.
    pub fn from_pem(certificate: &str, key: &str, now: Timestamp) -> Result<Self, AuthorityError> {
        let chain = Chain::from_pem(certificate).map_err(AuthorityError::Chain)?;
        check_chain(&chain, now)?;
        let key = PrivateKey::from_pem(key).map_err(AuthorityError::Key)?;
        Self::pair(chain, key)
    }

    /// Takes a CA that exists: the chain that begins with its certificate, and
    /// its key.
    ///
    /// # Errors
    ///
    /// Why they don't belong together, or why the certificate, or one above it,
    /// is no CA now.
    pub fn new(chain: Chain, key: PrivateKey, now: Timestamp) -> Result<Self, AuthorityError> {
        check_chain(&chain, now)?;
        Self::pair(chain, key)
    }

    fn pair(chain: Chain, key: PrivateKey) -> Result<Self, AuthorityError> {
        if chain.first().public_key().as_ref() != Ok(&key.public_key()) {
            return Err(AuthorityError::KeyMismatch {
                subject: openssl_spelling(chain.first().subject()),
            });
        }
        Ok(Self { chain, key })
    }

    /// The CA's certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        self.chain.first()
    }

    /// The CA's certificate, and those above it as far as they are known.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The CA's private key.
    #[must_use]
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// When the CA and all above it are valid.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.chain
            .above()
            .iter()
            .fold(self.certificate().validity(), |validity, above| {
                validity.within(above.validity())
            })
    }

    /// Whether its key usage lets it sign CRLs, or says nothing. etcd does not
    /// ask; OpenSSL and others refuse a CRL of a CA without cRLSign (RFC 5280
    /// section 4.2.1.3).
    #[must_use]
    pub fn may_sign_revocation_lists(&self) -> bool {
        self.certificate()
            .key_usage()
            .is_none_or(|usage| usage.crl_sign())
    }

    /// How many more CAs may follow below this one, by its own path length and
    /// those above it; none: any number.
    #[must_use]
    pub fn room_below(&self) -> Option<u8> {
        self.tightest_path_length().map(|(room, _)| room)
    }

    /// Issues a certificate for a CSR's subject and key. The names are those
    /// given here, not those the CSR asks for.
    ///
    /// # Errors
    ///
    /// If it would outlive the CA, if name constraints of the CA or one above it
    /// forbid a name, or if encoding or signing fails.
    pub fn issue<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificationRequest,
        names: &[SubjectAlternativeName],
        purposes: Purposes,
        days: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, IssueError> {
        self.check_names(names)?;
        let authority = self.validity();
        check_days(days, authority, now)?;
        sign(
            Profile {
                issuer: self.certificate().subject(),
                subject: request.subject(),
                authority_key_identifier: self.key_identifier()?,
                subject_key_identifier: key_identifier(request.public_key())?,
                kind: Kind::Leaf {
                    purposes: purposes.oids(),
                    names,
                },
            },
            Validity::starting(now, days).within(authority),
            request.public_key(),
            &self.key,
            rng,
        )
    }

    /// The chain of a certificate that this CA has issued: the certificate, this
    /// CA, and those above it. [`Chain::to_pem_without_root`] writes it as etcd's
    /// `--cert-file` wants it.
    #[must_use]
    pub fn chain_of(&self, certificate: Certificate) -> Chain {
        self.chain.below(certificate)
    }

    /// Holds names against the constraints of this CA and those above it.
    ///
    /// # Errors
    ///
    /// [`IssueError::NameForbidden`] for the first name that is forbidden.
    pub fn check_names(&self, names: &[SubjectAlternativeName]) -> Result<(), IssueError> {
        for authority in self.chain.certificates() {
            let constraints = authority.name_constraints();
            for name in names {
                constraints
                    .check(name)
                    .map_err(|constraint| IssueError::NameForbidden {
                        name: name.clone(),
                        authority: openssl_spelling(authority.subject()),
                        constraint,
                    })?;
            }
        }
        Ok(())
    }

    /// The fewest CAs that this one's path length or one above it still allows
    /// below this one, and the certificate that says so.
    fn tightest_path_length(&self) -> Option<(u8, &Certificate)> {
        self.chain
            .certificates()
            .enumerate()
            .filter_map(|(depth, certificate)| {
                // Of what a CA allows below itself, those in between are used up.
                let depth = u8::try_from(depth).unwrap_or(u8::MAX);
                let room = certificate.path_length()?.saturating_sub(depth);
                Some((room, certificate))
            })
            .min_by_key(|(room, _)| *room)
    }

    /// Whether a CA of this path length fits below. Self-issued CAs count, as in
    /// Go and unlike in RFC 5280 section 6.1.4 (l).
    fn check_path_length(&self, path_length: Option<u8>) -> Result<(), IssueError> {
        let Some((room, certificate)) = self.tightest_path_length() else {
            return Ok(());
        };
        let authority = openssl_spelling(certificate.subject());
        let Some(fitting) = room.checked_sub(1) else {
            return Err(IssueError::NoAuthorityBelow {
                authority,
                path_length: certificate.path_length().unwrap_or_default(),
            });
        };
        match path_length {
            Some(path_length) if path_length > fitting => Err(IssueError::PathLength {
                path_length,
                authority,
                fitting,
            }),
            _ => Ok(()),
        }
    }

    /// What the certificates below name as their issuer's key.
    pub(super) fn key_identifier(&self) -> Result<OctetString, IssueError> {
        match self.certificate().subject_key_identifier() {
            Some(identifier) => Ok(identifier.0),
            None => Ok(key_identifier(&self.key.public_key())?.0),
        }
    }
}

impl AuthorityOptions {
    fn kind(&self) -> Kind<'_> {
        Kind::Authority {
            path_length: self.path_length,
            key_usage: self.key_usage,
            constraints: &self.name_constraints,
            names: &self.names,
        }
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

/// Checks that all of a chain are CAs now, and that each has room for those
/// below it.
fn check_chain(chain: &Chain, now: Timestamp) -> Result<(), AuthorityError> {
    check_authority(chain.first(), now)?;
    for (index, certificate) in chain.above().iter().enumerate() {
        let authority = openssl_spelling(certificate.subject());
        check_authority(certificate, now).map_err(|error| AuthorityError::Above {
            authority: authority.clone(),
            error: Box::new(error),
        })?;
        let below = index + 1;
        match certificate.path_length() {
            Some(path_length) if usize::from(path_length) < below => {
                return Err(AuthorityError::PastPathLength {
                    authority,
                    path_length,
                    below,
                });
            }
            _ => {}
        }
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
    if !Purposes::ServerAndClient.are_allowed_by(certificate) {
        return Err(AuthorityError::RestrictedUsage { subject });
    }
    let (_, others) = certificate.read_name_constraints();
    for other in others {
        match other {
            OtherConstraint::Untouched(_) => {}
            OtherConstraint::Unhandled(constraint) | OtherConstraint::Malformed(constraint) => {
                return Err(AuthorityError::Constraints {
                    subject,
                    constraint,
                });
            }
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
