//! The facts about a CSR (RFC 2986): what it asks for, and whether whoever
//! made it held the key.

use const_oid::AssociatedOid;
use der::{Decode, Encode};
use serde::{Deserialize, Serialize};
use x509_cert::request::{CertReq, ExtensionReq};

use super::{
    algorithm::Named, certificate::SubjectFacts, extension::ExtensionFacts, key::PublicKeyFacts,
    remark::Remark, signed::SignatureCheck,
};
use crate::pki::{object_identifier::CHALLENGE_PASSWORD, pem};

/// A CSR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFacts {
    /// The whole as PEM.
    pub pem: String,
    /// The subject.
    pub subject: SubjectFacts,
    /// The key to be certified.
    pub key: PublicKeyFacts,
    /// How it is signed.
    pub signature_algorithm: Named,
    /// Whether it is signed by the key that it holds.
    pub signature: SignatureCheck,
    /// The extensions that it asks for (RFC 2985 section 5.4.2).
    pub extensions: Vec<ExtensionFacts>,
    /// The other attributes. Their values are not kept.
    pub attributes: Vec<Named>,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

impl RequestFacts {
    /// Reads a CSR and checks its signature.
    pub(super) fn read(der: &[u8]) -> der::Result<Self> {
        let request = CertReq::from_der(der)?;
        let mut extensions = Vec::new();
        let mut attributes = Vec::new();
        for attribute in request.info.attributes.iter() {
            if attribute.oid != ExtensionReq::OID {
                attributes.push(Named::new(attribute.oid));
                continue;
            }
            for value in attribute.values.iter() {
                let ExtensionReq(asked) = ExtensionReq::from_der(&value.to_der()?)?;
                extensions.extend(asked.iter().map(ExtensionFacts::read));
            }
        }
        let has_password = request
            .info
            .attributes
            .iter()
            .any(|attribute| attribute.oid == CHALLENGE_PASSWORD);
        Ok(Self {
            pem: pem::encode("CERTIFICATE REQUEST", der).unwrap_or_default(),
            subject: SubjectFacts::new(&request.info.subject),
            key: PublicKeyFacts::of(&request.info.public_key),
            signature_algorithm: Named::new(request.algorithm.oid),
            signature: SignatureCheck::of(der, &request.info.public_key),
            extensions,
            attributes,
            remarks: has_password
                .then_some(Remark::ChallengePassword)
                .into_iter()
                .collect(),
        })
    }
}
