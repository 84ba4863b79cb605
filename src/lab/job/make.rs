//! Making what a plan asks for: a CA, and certificates that it issues. Which
//! comes when is [`crate::lab::making`]'s affair.

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use super::error::JobError;
use crate::{
    etcd::plan::{LeafRequest, Requested},
    lab::secret::{PemPair, Secret},
    pki::{
        authority::{Authority, AuthorityOptions},
        certification_request::CertificationRequest,
        key::{KeyType, PrivateKey},
    },
};

/// A certificate that is wanted, and the key for it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Leaf {
    /// What is wanted.
    pub request: LeafRequest,
    /// The key.
    pub key: LeafKey,
}

/// Where the private key for a certificate is.
#[derive(Clone, Serialize, Deserialize)]
pub enum LeafKey {
    /// With whoever made the CSR.
    Elsewhere,
    /// Here, as PEM.
    Made(Secret),
    /// Nowhere yet. It is of a kind that needs no search, so that it is made,
    /// used and written in one go.
    ToMake(KeyType),
}

/// A certificate that was issued.
#[derive(Clone, Serialize, Deserialize)]
pub struct IssuedLeaf {
    /// The certificate as PEM.
    pub certificate: String,
    /// The CSR as PEM.
    pub csr: String,
    /// The private key as PEM, if it was to be made.
    pub key: Option<Secret>,
}

/// Makes a CA.
pub(super) fn authority<R: CryptoRng + ?Sized>(
    options: &AuthorityOptions,
    issuer: Option<&PemPair>,
    key: &Secret,
    now: Timestamp,
    rng: &mut R,
) -> Result<Authority, JobError> {
    let key = PrivateKey::from_pem(&key.0)?;
    Ok(match issuer {
        Some(issuer) => Authority::from_pem(&issuer.certificate, &issuer.key, now)?
            .issue_authority(options, key, now, rng)?,
        None => Authority::create(options, key, now, rng)?,
    })
}

impl Leaf {
    /// Issues it. The CA is read for the first certificate and kept for the
    /// next, since reading it takes longer than to sign.
    pub(super) fn issue_by<R: CryptoRng + ?Sized>(
        &self,
        known: &mut Option<Authority>,
        authority: &PemPair,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<IssuedLeaf, JobError> {
        let authority = match known {
            Some(authority) => authority,
            None => known.insert(Authority::from_pem(
                &authority.certificate,
                &authority.key,
                now,
            )?),
        };
        let wanted = &self.request;
        let (request, key) = match &wanted.subject {
            Requested::Csr(request) => ((**request).clone(), None),
            Requested::Subject(subject, _) => {
                let (key, made) = self.key.get(rng)?;
                let request = CertificationRequest::create(subject, &wanted.names, &key, rng)?;
                (request, made)
            }
        };
        let purposes = wanted.role.purposes();
        let certificate =
            authority.issue(&request, &wanted.names, purposes, wanted.days, now, rng)?;
        Ok(IssuedLeaf {
            certificate: certificate.to_pem()?,
            csr: request.to_pem()?,
            key,
        })
    }
}

impl LeafKey {
    /// The key, and its PEM if it is made here.
    fn get<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
    ) -> Result<(PrivateKey, Option<Secret>), JobError> {
        match self {
            Self::Elsewhere => Err(JobError::KeyMissing),
            Self::Made(pem) => Ok((PrivateKey::from_pem(&pem.0)?, None)),
            Self::ToMake(key_type) => {
                let key = PrivateKey::generate(*key_type, rng)?;
                let pem = key.to_pem()?.to_string();
                Ok((key, Some(Secret(pem))))
            }
        }
    }
}
