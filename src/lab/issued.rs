//! What was issued, as PEM and with the facts that are shown of it: read once,
//! out of the certificate itself.

use zeroize::Zeroizing;

use super::{
    job::JobError,
    wire::{PemPair, Secret},
};
use crate::{
    etcd::{
        plan::{CheckedIdentity, ExistingAuthority},
        role::Role,
    },
    pki::{
        certificate::Certificate,
        chain::Chain,
        name::{common_name, openssl_spelling},
        name_constraint::NameConstraints,
        purposes::Purposes,
        validity::Validity,
    },
};

/// A CA, made here or brought along, as PEM and with the facts about it.
#[derive(Clone)]
pub struct IssuedAuthority {
    /// The certificate.
    pub certificate: String,
    /// The certificates above it, the next one first, as far as they are known.
    pub above: String,
    /// The private key.
    pub key: Zeroizing<String>,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The common name, where there is one.
    pub common_name: Option<String>,
    /// The life of the certificate.
    pub validity: Validity,
    /// How many CAs may follow below it, where that is limited.
    pub path_length: Option<u8>,
    /// What it, and each CA above it, may sign for.
    pub constraints: Vec<NameConstraints>,
    /// The SHA-256 of the certificate.
    pub fingerprint: String,
    /// What the reader should know of it although etcd takes it.
    pub notices: Vec<String>,
}

impl IssuedAuthority {
    /// What a plan's check needs to know of it.
    #[must_use]
    pub fn existing(&self) -> ExistingAuthority {
        ExistingAuthority {
            validity: self.validity,
            path_length: self.path_length,
            constraints: self.constraints.clone(),
        }
    }
}

/// A leaf certificate and what belongs to it, as PEM.
#[derive(Clone)]
pub struct IssuedIdentity {
    pub(super) stem: String,
    /// What it is for.
    pub role: Role,
    /// The private key, if it was made here.
    pub key: Option<Zeroizing<String>>,
    /// The CSR.
    pub csr: String,
    /// The certificate, without those above it.
    pub certificate: String,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The common name, where there is one.
    pub common_name: Option<String>,
    /// The names and addresses, in OpenSSL's spelling.
    pub names: Vec<String>,
    /// The serial number, in hexadecimal.
    pub serial_number: String,
    /// The life of the certificate.
    pub validity: Validity,
}

impl IssuedIdentity {
    /// The stem of its files' names, below the folder: `client`, `etcd/server`.
    #[must_use]
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The extended key usages that it has.
    #[must_use]
    pub fn purposes(&self) -> Purposes {
        self.role.purposes()
    }
}

impl IssuedAuthority {
    /// Reads the facts out of a CA's certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub fn read(pair: &PemPair) -> Result<Self, JobError> {
        let chain = Chain::from_pem(&pair.certificate)?;
        let certificate = chain.first();
        let above: Result<String, _> = chain.above().iter().map(Certificate::to_pem).collect();
        let room = chain
            .certificates()
            .enumerate()
            .filter_map(|(below, certificate)| {
                let below = u8::try_from(below).unwrap_or(u8::MAX);
                Some(certificate.path_length()?.saturating_sub(below))
            });
        Ok(Self {
            subject: openssl_spelling(certificate.subject()),
            common_name: common_name(certificate.subject()),
            // What it signs ends with whatever is above it.
            validity: Validity {
                not_after: chain
                    .certificates()
                    .map(|certificate| certificate.validity().not_after)
                    .min()
                    .unwrap_or_default(),
                ..certificate.validity()
            },
            path_length: room.min(),
            constraints: chain
                .certificates()
                .map(Certificate::name_constraints)
                .collect(),
            fingerprint: certificate.fingerprint(),
            notices: certificate
                .authority_notices()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            certificate: certificate.to_pem()?,
            above: above?,
            key: Zeroizing::new(pair.key.clone()),
        })
    }
}

impl IssuedIdentity {
    /// Reads the facts out of an issued certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub(super) fn read(
        request: &CheckedIdentity,
        key: Option<&Secret>,
        csr: String,
        pem: String,
    ) -> Result<Self, JobError> {
        let certificate = Certificate::from_pem(&pem)?;
        Ok(Self {
            stem: request.path().to_string(),
            role: request.request.role,
            key: key.map(|key| Zeroizing::new(key.0.clone())),
            csr,
            subject: openssl_spelling(certificate.subject()),
            common_name: common_name(certificate.subject()),
            names: certificate
                .names()
                .iter()
                .map(ToString::to_string)
                .collect(),
            serial_number: certificate.serial_number(),
            validity: certificate.validity(),
            certificate: pem,
        })
    }
}
