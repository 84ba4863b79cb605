//! X.509 certificates: reading one, and the facts about it that the rest of
//! the program asks for. Issuing is in [`authority`](super::authority).

use std::fmt;

use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use x509_cert::{
    certificate::Version,
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
        SubjectKeyIdentifier,
    },
    name::Name,
};

use super::{
    certification_request::read_name,
    key::{KeyError, PublicKey},
    name::hexadecimal,
    pem::{self, PemError},
    subject_alternative_name::SubjectAlternativeName,
    validity::Validity,
};

/// A certificate that could be read. Nothing is said about who trusts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    certificate: x509_cert::Certificate,
    der: Vec<u8>,
}

/// Why a text is no certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// It is not PEM, or not the PEM of a certificate.
    Pem(PemError),
    /// The contents are not those of a certificate.
    Malformed,
}

impl fmt::Display for CertificateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(error) => error.fmt(formatter),
            Self::Malformed => write!(
                formatter,
                "this certificate is damaged: its contents cannot be read; copy it again, whole"
            ),
        }
    }
}

impl std::error::Error for CertificateError {}

impl From<PemError> for CertificateError {
    fn from(error: PemError) -> Self {
        Self::Pem(error)
    }
}

impl Certificate {
    /// Reads one certificate from PEM.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let block = pem::single(text, "a certificate", &["CERTIFICATE"])?;
        Self::from_der(&block.der)
    }

    /// Reads one certificate from DER.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let certificate =
            x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        Ok(Self {
            certificate,
            der: der.to_vec(),
        })
    }

    pub(super) fn from_x509(certificate: x509_cert::Certificate) -> der::Result<Self> {
        let der = certificate.to_der()?;
        Ok(Self { certificate, der })
    }

    /// The certificate as PEM.
    ///
    /// # Errors
    ///
    /// Only if the encoder fails, which no certificate makes it do.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        pem::encode("CERTIFICATE", &self.der).map_err(|_| CertificateError::Malformed)
    }

    /// The certificate's bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The subject.
    #[must_use]
    pub fn subject(&self) -> &Name {
        self.certificate.tbs_certificate().subject()
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        self.certificate.tbs_certificate().issuer()
    }

    /// Whether it names itself as its issuer, as roots do.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject() == self.issuer()
    }

    /// The first and last instant of its life.
    #[must_use]
    pub fn validity(&self) -> Validity {
        Validity::from_x509(self.certificate.tbs_certificate().validity())
    }

    /// The version as people count it: 1, 2 or 3.
    #[must_use]
    pub fn version(&self) -> u8 {
        match self.certificate.tbs_certificate().version() {
            Version::V1 => 1,
            Version::V2 => 2,
            Version::V3 => 3,
        }
    }

    /// The serial number in hexadecimal, as `openssl x509 -serial` prints it.
    #[must_use]
    pub fn serial_number(&self) -> String {
        hexadecimal(
            self.certificate
                .tbs_certificate()
                .serial_number()
                .as_bytes(),
            "",
        )
    }

    /// The SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256`
    /// prints it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hexadecimal(&Sha256::digest(&self.der), ":")
    }

    /// The public key.
    ///
    /// # Errors
    ///
    /// If it is none that this program can use.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        PublicKey::from_spki(self.certificate.tbs_certificate().subject_public_key_info())
    }

    /// The DNS names and addresses it is good for, in its order.
    #[must_use]
    pub fn names(&self) -> Vec<SubjectAlternativeName> {
        self.extension::<SubjectAltName>()
            .map(|names| {
                names
                    .0
                    .iter()
                    .filter_map(|name| read_name(name).ok())
                    .collect()
            })
            .unwrap_or_default()
    }

    /// What a reader should know of this certificate if it is to be their CA,
    /// although etcd takes it.
    #[must_use]
    pub fn authority_notices(&self) -> Vec<&'static str> {
        let mut notices = Vec::new();
        if self.version() < 3 {
            notices.push(
                "This CA is a version 1 certificate. etcd trusts it; programs with stricter rules, such as those in Rust, Java or Python, do not. openssl makes one when -extfile is missing.",
            );
        }
        if !self.is_self_issued() {
            notices.push(
                "This CA was signed by another one. etcd trusts it as it is; openssl verify needs -partial_chain.",
            );
        }
        notices
    }

    pub(super) fn extended_key_usage(&self) -> Option<ExtendedKeyUsage> {
        self.extension()
    }

    pub(super) fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.extension()
    }

    pub(super) fn key_usage(&self) -> Option<KeyUsage> {
        self.extension()
    }

    pub(super) fn subject_key_identifier(&self) -> Option<SubjectKeyIdentifier> {
        self.extension()
    }

    /// The key identifier of the issuer that it names, in hexadecimal.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<String> {
        self.extension::<AuthorityKeyIdentifier>()
            .and_then(|identifier| identifier.key_identifier)
            .map(|identifier| hexadecimal(identifier.as_bytes(), ":"))
    }

    fn extension<'a, T: Decode<'a> + const_oid::AssociatedOid>(&'a self) -> Option<T> {
        self.certificate
            .tbs_certificate()
            .get_extension::<T>()
            .ok()
            .flatten()
            .map(|(_critical, extension)| extension)
    }
}
