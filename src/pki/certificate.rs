//! X.509 certificates: reading one, and the facts about it that the rest of
//! the program asks for. Issuing is in [`authority`](super::authority).

use const_oid::ObjectIdentifier;
use der::{Decode, Encode, Reader, SliceReader, asn1::BitString};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::{
    certificate::Version,
    ext::Extension,
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage,
        NameConstraints as NameConstraintsExtension, SubjectAltName, SubjectKeyIdentifier,
    },
    name::Name,
};

use super::{
    key::{KeyError, PublicKey, SignatureFault},
    name::{hexadecimal, openssl_spelling},
    name_constraint::{NameConstraints, OtherConstraint},
    pem::{self, PemError},
    serial_number::SerialNumber,
    subject_alternative_name::{self, SubjectAlternativeName},
    validity::Validity,
};

/// A certificate that could be read. Nothing is said about who trusts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    certificate: x509_cert::Certificate,
    der: Vec<u8>,
}

/// Why a text is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It is not PEM, or not the PEM of a certificate.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The contents are not those of a certificate.
    #[error("this certificate is damaged: its contents cannot be read; copy it again, whole")]
    Malformed,
}

/// Why a certificate was not issued by another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedByError {
    /// It names another issuer.
    #[error("it was issued by {issuer}, not by {candidate}; use the certificate of {issuer}")]
    OtherIssuer {
        /// The issuer that it names, in OpenSSL's spelling.
        issuer: String,
        /// The subject of the other.
        candidate: String,
    },
    /// The names fit; the signature was made with another key, or over other
    /// contents: a CA made again under its old name.
    #[error(
        "it names {candidate} as its issuer, but another key signed it: a CA that was made again under the same name; use the older certificate of that CA, or issue this one again"
    )]
    Signature {
        /// The subject of the other.
        candidate: String,
    },
    /// The signature uses an algorithm that is not accepted.
    #[error(
        "it is signed with an algorithm that is not accepted ({oid}); issue it again with SHA-256"
    )]
    SignatureAlgorithm {
        /// Its object identifier.
        oid: String,
    },
    /// The other's key can't be used.
    #[error("the key of {candidate}: {error}")]
    Key {
        /// The subject of the other.
        candidate: String,
        /// What is wrong with its key.
        #[source]
        error: KeyError,
    },
}

/// The bytes that a signature is over: the first element of the outer SEQUENCE
/// of a certificate, a CSR or a CRL, as they stand in the file. Encoding what
/// was read again could give other bytes.
pub(super) fn signed_bytes(der: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    reader.sequence(|reader| {
        let signed = reader.tlv_bytes()?;
        while !reader.is_finished() {
            reader.tlv_bytes()?;
        }
        Ok::<_, der::Error>(signed)
    })
}

/// A signature's bytes; none, if its bits do not fill them.
pub(super) fn whole_bytes(signature: &BitString) -> &[u8] {
    signature.as_bytes().unwrap_or_default()
}

/// Checks that a certificate or CRL, which names `name` as its issuer, was issued
/// by a CA.
pub(super) fn check_signature(
    issuer: &Certificate,
    name: &Name,
    der: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    signature: &BitString,
) -> Result<(), SignedByError> {
    let candidate = openssl_spelling(issuer.subject());
    if name != issuer.subject() {
        return Err(SignedByError::OtherIssuer {
            issuer: openssl_spelling(name),
            candidate,
        });
    }
    let key = issuer.public_key().map_err(|error| SignedByError::Key {
        candidate: candidate.clone(),
        error,
    })?;
    let verified = signed_bytes(der)
        .map_err(|_| SignatureFault::Wrong)
        .and_then(|signed| key.verify(signed, algorithm, whole_bytes(signature)));
    verified.map_err(|fault| match fault {
        SignatureFault::Wrong => SignedByError::Signature { candidate },
        SignatureFault::UnsupportedAlgorithm { oid } => SignedByError::SignatureAlgorithm {
            oid: oid.to_string(),
        },
    })
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

    /// The serial number in hexadecimal, as `openssl x509 -serial` prints it: without
    /// the zero that DER has before a number whose highest bit is set.
    #[must_use]
    pub fn serial_number(&self) -> String {
        self.serial().to_string()
    }

    /// The serial number, to be compared or revoked.
    #[must_use]
    pub fn serial(&self) -> SerialNumber {
        SerialNumber::from_x509(self.certificate.tbs_certificate().serial_number())
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
            .map_or_else(Vec::new, |names| subject_alternative_name::known(&names.0))
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
                "This CA was signed by another one. etcd trusts it as it is; openssl verify needs -partial_chain where its root is not in the file.",
            );
        }
        notices
    }

    /// Checks that another certificate's subject is this one's issuer, byte for
    /// byte as Go compares, and that its key made the signature. Nothing is said
    /// about dates and usages.
    ///
    /// # Errors
    ///
    /// Which of the two does not fit.
    pub fn check_signed_by(&self, issuer: &Self) -> Result<(), SignedByError> {
        check_signature(
            issuer,
            self.issuer(),
            &self.der,
            self.certificate.signature_algorithm(),
            self.certificate.signature(),
        )
    }

    /// How many CAs may follow below this one, where its basic constraints limit
    /// that (RFC 5280 section 4.2.1.9).
    #[must_use]
    pub fn path_length(&self) -> Option<u8> {
        self.basic_constraints()
            .and_then(|constraints| constraints.path_len_constraint)
    }

    /// Whether it says that it is a CA.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|constraints| constraints.ca)
    }

    /// The names that it is confined to as a CA.
    #[must_use]
    pub fn name_constraints(&self) -> NameConstraints {
        self.read_name_constraints().0
    }

    /// The same, and what its constraints say besides. What an extension that is
    /// not critical says of kinds that nobody knows is left out, as Go leaves it.
    pub(super) fn read_name_constraints(&self) -> (NameConstraints, Vec<OtherConstraint>) {
        let extension = self
            .certificate
            .tbs_certificate()
            .get_extension::<NameConstraintsExtension>();
        match extension {
            Ok(None) => (NameConstraints::default(), Vec::new()),
            Ok(Some((critical, extension))) => {
                let (constraints, mut others) = NameConstraints::from_x509(&extension);
                others.retain(|other| critical || !matches!(other, OtherConstraint::Unhandled(_)));
                (constraints, others)
            }
            Err(_) => (
                NameConstraints::default(),
                vec![OtherConstraint::Malformed(
                    "the extension can't be read".to_owned(),
                )],
            ),
        }
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

    /// An extension as it stands there.
    pub(super) fn raw_extension(&self, oid: ObjectIdentifier) -> Option<&Extension> {
        self.certificate
            .tbs_certificate()
            .extensions()?
            .iter()
            .find(|extension| extension.extn_id == oid)
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
