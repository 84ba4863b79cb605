//! Certificate authorities: making one, taking one that somebody brings, and
//! issuing from it. Always version 3, always with the extensions that OpenSSL's
//! strict checks and Go both want. A CA knows the CAs above it, and holds what
//! it issues to their limits too: a certificate that etcd would refuse because
//! of its issuers is not made.

mod error;
mod renewal;
#[cfg(test)]
mod tests;

pub use super::issuing::{AuthorityKeyUsage, AuthorityOptions};
pub use error::{AuthorityError, IssueError};
pub use renewal::RenewalError;

use jiff::Timestamp;
use rand_core::CryptoRng;

use super::{
    certificate::Certificate,
    certification_request::CertificationRequest,
    chain::Chain,
    issuing::{Issuer, Template},
    key::PrivateKey,
    name::openssl_spelling,
    name_constraint::OtherConstraint,
    purposes::Purposes,
    subject_alternative_name::SubjectAlternativeName,
    validity::{Days, Validity},
};

/// A CA's certificate with those above it, and its private key.
#[derive(Clone)]
pub struct Authority {
    chain: Chain,
    key: PrivateKey,
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
        let template = Template::authority(options, &key.public_key())?;
        let certificate = template.sign_itself(&key, now, rng)?;
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
        let template = Template::authority(options, &key.public_key())?;
        let certificate = self.sign(&template, now, rng)?;
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

    /// The CA as one who signs, and asks nothing.
    #[must_use]
    pub fn issuer(&self) -> Issuer<'_> {
        Issuer::new(self.certificate(), &self.key)
    }

    /// Signs what a template says, for as long as this CA and those above it are
    /// valid.
    ///
    /// # Errors
    ///
    /// If it would outlive one of them, if a path length leaves no room for it, if
    /// name constraints forbid one of its names, or if encoding or signing fails.
    pub fn sign<R: CryptoRng + ?Sized>(
        &self,
        template: &Template,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, IssueError> {
        if let Some(constraints) = template.basic_constraints()
            && constraints.ca
        {
            self.check_path_length(constraints.path_len_constraint)?;
        }
        self.check_names(&template.names())?;
        let own = self.validity();
        let validity = template.validity(now);
        if validity.not_after > own.not_after {
            return Err(past_authority(template.days(), own, now));
        }
        let issued = self
            .issuer()
            .sign_for(template, validity.within(own), rng)?;
        Ok(issued)
    }

    /// Issues a certificate for a CSR's subject and key. The names are those
    /// given here, not those the CSR asks for.
    ///
    /// # Errors
    ///
    /// As [`Self::sign`].
    pub fn issue<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificationRequest,
        names: &[SubjectAlternativeName],
        purposes: Purposes,
        days: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, IssueError> {
        let template = Template::for_request(request, names, purposes, days)?;
        self.sign(&template, now, rng)
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
}

/// Checks that a certificate for this many days ends no later than its CA.
///
/// # Errors
///
/// [`IssueError::PastAuthority`] with the most days that fit.
pub fn check_days(days: Days, authority: Validity, now: Timestamp) -> Result<(), IssueError> {
    if Validity::starting(now, days).not_after > authority.not_after {
        return Err(past_authority(i64::from(days.get()), authority, now));
    }
    Ok(())
}

fn past_authority(days: i64, authority: Validity, now: Timestamp) -> IssueError {
    IssueError::PastAuthority {
        days,
        not_after: authority.not_after,
        fitting: authority.days_left(now),
    }
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
            time: now,
        });
    }
    if now < validity.not_before {
        return Err(AuthorityError::NotYetValid {
            not_before: validity.not_before,
            time: now,
        });
    }
    Ok(())
}
