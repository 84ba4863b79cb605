//! PKCS#10 certification requests (CSRs, RFC 2986): making one with a key,
//! reading one that came from elsewhere. A request only asks; what goes into
//! the certificate is decided where it is issued.

use std::collections::HashSet;
use std::fmt;

use const_oid::AssociatedOid;
use der::{Decode, Encode, asn1::SetOfVec};
use rand_core::CryptoRng;
use signature::RandomizedSigner;
use spki::{DynSignatureAlgorithmIdentifier, SignatureBitStringEncoding};
use x509_cert::{
    attr::Attribute,
    ext::{
        Extension, ToExtension,
        pkix::{
            BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName, SubjectKeyIdentifier,
        },
    },
    request::{CertReq, CertReqInfo, ExtensionReq, Version},
};

use super::{
    certificate::{signed_bytes, whole_bytes},
    key::{KeyError, PrivateKey, PublicKey, SignatureFault},
    key_usage::KeyUsageBit,
    name::{DistinguishedName, hexadecimal, openssl_spelling},
    object_identifier,
    pem::{self, PemError},
    signing_error::SigningError,
    subject_alternative_name::{OtherName, SubjectAlternativeName, read_name, to_general_names},
    unseen::Unseen,
};

/// A CSR whose signature has been checked: whoever made it held the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificationRequest {
    request: CertReq,
    public_key: PublicKey,
    names: Vec<SubjectAlternativeName>,
    others: Vec<String>,
    requested_names: Vec<RequestedName>,
    extensions: Vec<RequestedExtension>,
}

/// A subject alternative name that a CSR asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RequestedName {
    /// A DNS name or address, which can be issued if the reader keeps it.
    Issuable(SubjectAlternativeName),
    /// One of another kind, or one that no Go program would accept, in OpenSSL's
    /// spelling: `email:a@example.com`. It is never issued.
    NotIssuable(String),
}

impl fmt::Display for RequestedName {
    /// OpenSSL's spelling.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuable(name) => name.fmt(formatter),
            Self::NotIssuable(text) => formatter.write_str(text),
        }
    }
}

/// An extension that a CSR asks for. What a certificate gets is decided by its
/// CA; this is for the reader to know what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedExtension {
    /// Its name in RFC 5280, such as `keyUsage`, or its object identifier.
    pub name: String,
    /// Whether it is to be critical.
    pub critical: bool,
    /// What it says, in OpenSSL's words; for one that is not known here, the
    /// number of its bytes.
    pub value: String,
}

/// Why a text is no CSR to issue from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It is not PEM, or not the PEM of a CSR.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The contents are not those of a CSR.
    #[error("this CSR is damaged: its contents cannot be read; make it again")]
    Malformed,
    /// Its key can't be used.
    #[error("the CSR's key: {0}")]
    Key(#[source] KeyError),
    /// Its signature uses a weak or unknown algorithm.
    #[error(
        "the CSR is signed with an algorithm that is not accepted ({oid}); make it again, with: openssl req -new -sha256 …"
    )]
    SignatureAlgorithm {
        /// The algorithm's object identifier.
        oid: String,
    },
    /// Its signature was not made by its key over its contents.
    #[error(
        "the CSR's signature does not fit its contents: it was changed or damaged; make it again"
    )]
    Signature,
    /// It names nobody: no subject and no subject alternative name.
    #[error(
        "the CSR has no subject; make it again with one, such as: openssl req -new -subj /CN=client …"
    )]
    Nameless,
    /// Its subject holds a character that nobody sees.
    #[error("the CSR's subject holds {0}; make it again with a subject that can be read")]
    Unseen(Unseen),
    /// A new one can't be encoded or signed.
    #[error("the CSR could not be made: {0}; please report this")]
    Signing(#[source] SigningError),
}

impl CertificationRequest {
    /// Makes a CSR for a key: the subject, and the names as a requested
    /// extension (RFC 2985 section 5.4.2) where there are any.
    ///
    /// # Errors
    ///
    /// Only if encoding or signing fails, which no valid input makes them do.
    pub fn create<R: CryptoRng + ?Sized>(
        subject: &DistinguishedName,
        names: &[SubjectAlternativeName],
        key: &PrivateKey,
        rng: &mut R,
    ) -> Result<Self, RequestError> {
        let public_key = key.public_key();
        let request = sign(subject, names, key, rng).map_err(RequestError::Signing)?;
        let asked = Asked::of(&request)?;
        Ok(Self {
            request,
            public_key,
            names: names.to_vec(),
            others: Vec::new(),
            requested_names: asked.names,
            extensions: asked.extensions,
        })
    }

    /// Reads a CSR from PEM and checks its signature.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, the key or the signature.
    pub fn from_pem(text: &str) -> Result<Self, RequestError> {
        let block = pem::single(
            text,
            "a CSR",
            &["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"],
        )?;
        Self::from_der(&block.der)
    }

    /// Reads a CSR from DER and checks its signature.
    ///
    /// # Errors
    ///
    /// As [`Self::from_pem`].
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        let request = CertReq::from_der(der).map_err(|_| RequestError::Malformed)?;
        let public_key =
            PublicKey::from_spki(&request.info.public_key).map_err(RequestError::Key)?;
        let signed = signed_bytes(der).map_err(|_| RequestError::Malformed)?;
        public_key
            .verify(signed, &request.algorithm, whole_bytes(&request.signature))
            .map_err(|fault| match fault {
                SignatureFault::Wrong => RequestError::Signature,
                SignatureFault::UnsupportedAlgorithm { oid } => RequestError::SignatureAlgorithm {
                    oid: oid.to_string(),
                },
            })?;
        let asked = Asked::of(&request)?;
        let (mut names, mut others) = (Vec::new(), Vec::new());
        for name in &asked.names {
            match name {
                RequestedName::Issuable(name) => names.push(name.clone()),
                RequestedName::NotIssuable(text) => others.push(text.clone()),
            }
        }
        if request.info.subject.is_empty() && names.is_empty() {
            return Err(RequestError::Nameless);
        }
        if let Some(unseen) = Unseen::first_in(&openssl_spelling(&request.info.subject)) {
            return Err(RequestError::Unseen(unseen));
        }
        Ok(Self {
            request,
            public_key,
            names,
            others,
            requested_names: asked.names,
            extensions: asked.extensions,
        })
    }

    /// The CSR as PEM (`CERTIFICATE REQUEST`).
    ///
    /// # Errors
    ///
    /// Only if the encoder fails, which no valid CSR makes it do.
    pub fn to_pem(&self) -> Result<String, RequestError> {
        let der = self.request.to_der().map_err(|_| RequestError::Malformed)?;
        pem::encode("CERTIFICATE REQUEST", &der).map_err(|_| RequestError::Malformed)
    }

    /// The CSR as DER.
    ///
    /// # Errors
    ///
    /// As [`Self::to_pem`].
    pub fn to_der(&self) -> Result<Vec<u8>, RequestError> {
        self.request.to_der().map_err(|_| RequestError::Malformed)
    }

    /// The subject asked for.
    #[must_use]
    pub fn subject(&self) -> &x509_cert::name::Name {
        &self.request.info.subject
    }

    /// The key to be certified.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The DNS names and addresses asked for, in the CSR's order.
    #[must_use]
    pub fn names(&self) -> &[SubjectAlternativeName] {
        &self.names
    }

    /// What else is asked for as a subject alternative name and is not taken,
    /// in OpenSSL's spelling: `email:a@example.com`.
    #[must_use]
    pub fn other_names(&self) -> &[String] {
        &self.others
    }

    /// Every subject alternative name asked for, of either kind, in the CSR's
    /// order and each once: for the reader to keep or strike.
    #[must_use]
    pub fn requested_names(&self) -> &[RequestedName] {
        &self.requested_names
    }

    /// The extensions asked for, in the CSR's order. None of them is taken over
    /// by [`Authority::issue`](super::authority::Authority::issue).
    #[must_use]
    pub fn requested_extensions(&self) -> &[RequestedExtension] {
        &self.extensions
    }
}

fn sign<R: CryptoRng + ?Sized>(
    subject: &DistinguishedName,
    names: &[SubjectAlternativeName],
    key: &PrivateKey,
    rng: &mut R,
) -> Result<CertReq, SigningError> {
    let mut attributes = SetOfVec::new();
    // `x509-cert`'s `RequestBuilder` writes an empty extension request where
    // there is none, which RFC 5280's `SIZE (1..MAX)` forbids; hence this.
    if !names.is_empty() {
        let names = SubjectAltName(to_general_names(names)?);
        let extension = names.to_extension(subject.as_name(), &[])?;
        attributes.insert(Attribute::try_from(ExtensionReq(vec![extension]))?)?;
    }
    let info = CertReqInfo {
        version: Version::V1,
        subject: subject.as_name().clone(),
        public_key: spki::SubjectPublicKeyInfoOwned::from_key(&key.public_key())?,
        attributes,
    };
    let signature = key
        .try_sign_with_rng(rng, &info.to_der()?)?
        .to_bitstring()?;
    Ok(CertReq {
        info,
        algorithm: key.signature_algorithm_identifier()?,
        signature,
    })
}

/// What a CSR asks for in its extension requests (RFC 2985 section 5.4.2).
struct Asked {
    /// In their order, each once.
    names: Vec<RequestedName>,
    seen: HashSet<RequestedName>,
    extensions: Vec<RequestedExtension>,
}

impl Asked {
    fn of(request: &CertReq) -> Result<Self, RequestError> {
        let mut asked = Self {
            names: Vec::new(),
            seen: HashSet::new(),
            extensions: Vec::new(),
        };
        for attribute in request.info.attributes.iter() {
            if attribute.oid != ExtensionReq::OID {
                continue;
            }
            for value in attribute.values.iter() {
                let extensions = value
                    .to_der()
                    .and_then(|der| ExtensionReq::from_der(&der))
                    .map_err(|_| RequestError::Malformed)?;
                for extension in extensions.0 {
                    asked.take(&extension)?;
                }
            }
        }
        Ok(asked)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), RequestError> {
        if extension.extn_id == SubjectAltName::OID {
            let alternative = SubjectAltName::from_der(extension.extn_value.as_bytes())
                .map_err(|_| RequestError::Malformed)?;
            for name in &alternative.0 {
                let name = match read_name(name) {
                    Ok(name) => RequestedName::Issuable(name),
                    Err(OtherName(text)) => RequestedName::NotIssuable(text),
                };
                if self.seen.insert(name.clone()) {
                    self.names.push(name);
                }
            }
        }
        self.extensions.push(describe(extension));
        Ok(())
    }
}

/// Says what an extension asks for. One that can't be read is described by its
/// length: it is never issued, so that it is no reason to refuse the CSR.
fn describe(extension: &Extension) -> RequestedExtension {
    let value = extension.extn_value.as_bytes();
    let (name, words) = match extension.extn_id {
        SubjectAltName::OID => (
            "subjectAltName",
            SubjectAltName::from_der(value).ok().map(|names| {
                joined(names.0.iter().map(|name| match read_name(name) {
                    Ok(name) => name.to_string(),
                    Err(OtherName(text)) => text,
                }))
            }),
        ),
        BasicConstraints::OID => (
            "basicConstraints",
            BasicConstraints::from_der(value).ok().map(|constraints| {
                let length = constraints
                    .path_len_constraint
                    .map(|length| format!(", pathlen:{length}"));
                let authority = if constraints.ca { "TRUE" } else { "FALSE" };
                format!("CA:{authority}{}", length.unwrap_or_default())
            }),
        ),
        KeyUsage::OID => (
            "keyUsage",
            KeyUsage::from_der(value)
                .ok()
                .map(|usage| joined(KeyUsageBit::of(usage).map(|bit| bit.to_string()))),
        ),
        ExtendedKeyUsage::OID => (
            "extendedKeyUsage",
            ExtendedKeyUsage::from_der(value).ok().map(|usage| {
                joined(usage.0.iter().map(|purpose| {
                    object_identifier::name(*purpose)
                        .map_or_else(|| purpose.to_string(), str::to_owned)
                }))
            }),
        ),
        SubjectKeyIdentifier::OID => (
            "subjectKeyIdentifier",
            SubjectKeyIdentifier::from_der(value)
                .ok()
                .map(|identifier| hexadecimal(identifier.0.as_bytes(), ":")),
        ),
        _ => ("", None),
    };
    RequestedExtension {
        name: if name.is_empty() {
            extension.extn_id.to_string()
        } else {
            name.to_owned()
        },
        critical: extension.critical,
        value: words.unwrap_or_else(|| match value.len() {
            1 => "1 byte".to_owned(),
            length => format!("{length} bytes"),
        }),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;
    use crate::pki::{key::KeyType, subject_alternative_name};

    #[test]
    fn no_csr_is_taken_whose_subject_nobody_can_read() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let key = PrivateKey::generate(KeyType::P256, &mut rng).unwrap();
        let mut request = sign(&"CN=root".parse().unwrap(), &[], &key, &mut rng).unwrap();
        for (subject, taken) in [
            ("CN=ro\u{200b}ot", false),
            ("CN=\u{202e}toor", false),
            ("CN=\u{e000}", false),
            ("CN=Ωж漢", true),
        ] {
            request.info.subject = subject.parse().unwrap();
            let signed = request.info.to_der().unwrap();
            let signature = key.try_sign_with_rng(&mut rng, &signed).unwrap();
            request.signature = signature.to_bitstring().unwrap();
            let read = CertificationRequest::from_der(&request.to_der().unwrap());
            match read {
                Ok(_) => assert!(taken, "{subject:?}"),
                Err(error) => {
                    assert!(!taken, "{subject:?}");
                    assert!(matches!(error, RequestError::Unseen(_)), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_csr_made_here_asks_for_its_names_alone() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = PrivateKey::generate(KeyType::P256, &mut rng).unwrap();
        let names = subject_alternative_name::parse_list("localhost, ::1").unwrap();
        let subject = "/CN=server".parse().unwrap();
        let request = CertificationRequest::create(&subject, &names, &key, &mut rng).unwrap();
        let read = CertificationRequest::from_der(&request.to_der().unwrap()).unwrap();
        assert_eq!(read.names(), names);
        for request in [&request, &read] {
            let asked = names.iter().cloned().map(RequestedName::Issuable);
            assert_eq!(request.requested_names(), asked.collect::<Vec<_>>());
            assert_eq!(
                request.requested_extensions(),
                [RequestedExtension {
                    name: "subjectAltName".into(),
                    critical: false,
                    value: "DNS:localhost, IP:::1".into()
                }]
            );
        }
        let without = CertificationRequest::create(&subject, &[], &key, &mut rng).unwrap();
        assert_eq!(without.requested_extensions(), []);
    }

    #[test]
    fn a_csr_with_one_byte_changed_is_refused() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let key = PrivateKey::generate(KeyType::Ed25519, &mut rng).unwrap();
        let subject = "/CN=server".parse().unwrap();
        let der = CertificationRequest::create(&subject, &[], &key, &mut rng)
            .and_then(|request| request.to_der())
            .unwrap();
        for index in 0..der.len() {
            let mut changed = der.clone();
            changed[index] ^= 1;
            assert!(CertificationRequest::from_der(&changed).is_err(), "{index}");
        }
    }
}
