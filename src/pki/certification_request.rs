//! PKCS#10 certification requests (CSRs, RFC 2986): making one with a key,
//! reading one that came from elsewhere. A request only asks; what goes into
//! the certificate is decided where it is issued.

use std::fmt;

use const_oid::db;
use der::{Decode, Encode, asn1::SetOfVec};
use rand_core::CryptoRng;
use signature::RandomizedSigner;
use spki::{DynSignatureAlgorithmIdentifier, SignatureBitStringEncoding};
use x509_cert::{
    attr::Attribute,
    ext::{ToExtension, pkix::SubjectAltName, pkix::name::GeneralName},
    request::{CertReq, CertReqInfo, ExtensionReq, Version},
};

use super::{
    key::{KeyError, PrivateKey, PublicKey, SignatureFault},
    name::DistinguishedName,
    pem::{self, PemError},
    subject_alternative_name::SubjectAlternativeName,
};

/// A CSR whose signature has been checked: whoever made it held the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificationRequest {
    request: CertReq,
    public_key: PublicKey,
    names: Vec<SubjectAlternativeName>,
    others: Vec<String>,
}

/// Why a text is no CSR to issue from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// It is not PEM, or not the PEM of a CSR.
    Pem(PemError),
    /// The contents are not those of a CSR.
    Malformed,
    /// Its key can't be used.
    Key(KeyError),
    /// Its signature uses a weak or unknown algorithm.
    SignatureAlgorithm {
        /// The algorithm's object identifier.
        oid: String,
    },
    /// Its signature was not made by its key over its contents.
    Signature,
    /// It names nobody: no subject and no subject alternative name.
    Nameless,
}

impl fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(error) => error.fmt(formatter),
            Self::Malformed => write!(
                formatter,
                "this CSR is damaged: its contents cannot be read; make it again"
            ),
            Self::Key(error) => write!(formatter, "the CSR's key: {error}"),
            Self::SignatureAlgorithm { oid } => write!(
                formatter,
                "the CSR is signed with an algorithm that is not accepted ({oid}); make it again, with: openssl req -new -sha256 …"
            ),
            Self::Signature => write!(
                formatter,
                "the CSR's signature does not fit its contents: it was changed or damaged; make it again"
            ),
            Self::Nameless => write!(
                formatter,
                "the CSR has no subject; make it again with one, such as: openssl req -new -subj /CN=client …"
            ),
        }
    }
}

impl std::error::Error for RequestError {}

impl From<PemError> for RequestError {
    fn from(error: PemError) -> Self {
        Self::Pem(error)
    }
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
        let request = sign(subject, names, key, rng).map_err(|_| RequestError::Malformed)?;
        Ok(Self {
            request,
            public_key,
            names: names.to_vec(),
            others: Vec::new(),
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
        let signed = request.info.to_der().map_err(|_| RequestError::Malformed)?;
        public_key
            .verify(&signed, &request.algorithm, request.signature.raw_bytes())
            .map_err(|fault| match fault {
                SignatureFault::Wrong => RequestError::Signature,
                SignatureFault::UnsupportedAlgorithm { oid } => RequestError::SignatureAlgorithm {
                    oid: oid.to_string(),
                },
            })?;
        let (names, others) = requested_names(&request)?;
        if request.info.subject.is_empty() && names.is_empty() {
            return Err(RequestError::Nameless);
        }
        Ok(Self {
            request,
            public_key,
            names,
            others,
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

    /// The extensions that are asked for beside subject alternative names, as
    /// OpenSSL's configuration calls them, or by their object identifier. What
    /// they say is not looked at: the issuer decides.
    #[must_use]
    pub fn other_extensions(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for attribute in self.request.info.attributes.iter() {
            if attribute.oid != <ExtensionReq as const_oid::AssociatedOid>::OID {
                continue;
            }
            let requests = attribute
                .values
                .iter()
                .filter_map(|value| ExtensionReq::from_der(&value.to_der().ok()?).ok());
            for extension in requests.flat_map(|request| request.0) {
                let name = match extension.extn_id {
                    db::rfc5280::ID_CE_SUBJECT_ALT_NAME => continue,
                    db::rfc5280::ID_CE_BASIC_CONSTRAINTS => "basicConstraints".to_owned(),
                    db::rfc5280::ID_CE_KEY_USAGE => "keyUsage".to_owned(),
                    db::rfc5280::ID_CE_EXT_KEY_USAGE => "extendedKeyUsage".to_owned(),
                    db::rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER => "subjectKeyIdentifier".to_owned(),
                    other => other.to_string(),
                };
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

fn sign<R: CryptoRng + ?Sized>(
    subject: &DistinguishedName,
    names: &[SubjectAlternativeName],
    key: &PrivateKey,
    rng: &mut R,
) -> Result<CertReq, x509_cert::builder::Error> {
    let mut attributes = SetOfVec::new();
    // `x509-cert`'s `RequestBuilder` writes an empty extension request where
    // there is none, which RFC 5280's `SIZE (1..MAX)` forbids; hence this.
    if !names.is_empty() {
        let extension = subject_alt_name(names)?.to_extension(subject.as_name(), &[])?;
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

/// The extension for a list of names.
pub(super) fn subject_alt_name(names: &[SubjectAlternativeName]) -> der::Result<SubjectAltName> {
    names
        .iter()
        .map(SubjectAlternativeName::to_general_name)
        .collect::<der::Result<_>>()
        .map(SubjectAltName)
}

/// Sorts the names a CSR asks for into those that are taken and the rest.
fn requested_names(
    request: &CertReq,
) -> Result<(Vec<SubjectAlternativeName>, Vec<String>), RequestError> {
    let mut names = Vec::new();
    let mut others = Vec::new();
    for attribute in request.info.attributes.iter() {
        if attribute.oid != <ExtensionReq as const_oid::AssociatedOid>::OID {
            continue;
        }
        for value in attribute.values.iter() {
            let extensions = value
                .to_der()
                .and_then(|der| ExtensionReq::from_der(&der))
                .map_err(|_| RequestError::Malformed)?;
            for extension in extensions.0 {
                if extension.extn_id != <SubjectAltName as const_oid::AssociatedOid>::OID {
                    continue;
                }
                let alternative = SubjectAltName::from_der(extension.extn_value.as_bytes())
                    .map_err(|_| RequestError::Malformed)?;
                for name in &alternative.0 {
                    match read_name(name) {
                        Ok(name) if names.contains(&name) => {}
                        Ok(name) => names.push(name),
                        Err(other) => others.push(other),
                    }
                }
            }
        }
    }
    Ok((names, others))
}

/// A name that this program issues, or the text of another kind.
pub(super) fn read_name(name: &GeneralName) -> Result<SubjectAlternativeName, String> {
    match name {
        GeneralName::DnsName(text) => {
            let spelled = format!("DNS:{}", text.as_str());
            spelled.parse().map_err(|_| spelled)
        }
        GeneralName::IpAddress(octets) => {
            let address = <[u8; 4]>::try_from(octets.as_bytes())
                .map(std::net::IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(octets.as_bytes()).map(std::net::IpAddr::from));
            address
                .map(|address| SubjectAlternativeName::Ip(address.to_canonical()))
                .map_err(|_| "an IP address of a wrong length".to_owned())
        }
        GeneralName::Rfc822Name(text) => Err(format!("email:{}", text.as_str())),
        GeneralName::UniformResourceIdentifier(text) => Err(format!("URI:{}", text.as_str())),
        GeneralName::DirectoryName(name) => Err(format!("dirName:{name}")),
        GeneralName::RegisteredId(oid) => Err(format!("RID:{oid}")),
        GeneralName::OtherName(other) => Err(format!("otherName:{}", other.type_id)),
        GeneralName::EdiPartyName(_) => Err("ediPartyName".to_owned()),
    }
}
