//! The facts about a CRL (RFC 5280 section 5).

use der::Decode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    algorithm::Named,
    certificate::{SubjectFacts, serial_number},
    extension::{ExtensionFacts, ExtensionValue, Reason},
    relation::Signer,
    remark::Remark,
};
use crate::pki::{
    certificate_list::{CertificateList, Entry},
    pem,
    validity::from_time,
};

/// The most entries whose serial numbers are kept. The rest are counted.
const SHOWN: usize = 500;

/// A CRL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationListFacts {
    /// The whole as PEM, where it is not too long to be worth copying.
    pub pem: Option<String>,
    /// The version as people count it: 1 or 2.
    pub version: u8,
    /// Who issued it.
    pub issuer: SubjectFacts,
    /// How it is signed.
    pub signature_algorithm: Named,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due.
    pub next_update: Option<Timestamp>,
    /// Whether the next one is overdue now.
    pub overdue: bool,
    /// The number, in hexadecimal.
    pub number: Option<String>,
    /// The extensions, in its order.
    pub extensions: Vec<ExtensionFacts>,
    /// The first five hundred entries.
    pub revoked: Vec<RevokedFacts>,
    /// How many entries there are in all.
    pub count: usize,
    /// Who signed it, among what was given.
    pub signer: Signer,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

/// A certificate that was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedFacts {
    /// Its serial number, in hexadecimal.
    pub serial_number: String,
    /// When it was revoked.
    pub at: Timestamp,
    /// Why, where that is said.
    pub reason: Option<Reason>,
}

impl RevocationListFacts {
    /// Reads a CRL.
    pub(super) fn read(der: &[u8], now: Timestamp) -> der::Result<Self> {
        let CertificateList {
            contents,
            algorithm,
            ..
        } = CertificateList::from_der(der)?;
        let extensions = ExtensionFacts::read_all(contents.extensions.as_ref());
        let number = extensions
            .iter()
            .find_map(|extension| match &extension.value {
                ExtensionValue::RevocationListNumber(number) => Some(number.clone()),
                _ => None,
            });
        let entries = contents.revoked.unwrap_or_default();
        let next_update = contents.next_update.map(from_time);
        Ok(Self {
            pem: (der.len() <= pem::MAXIMUM_LENGTH / 2)
                .then(|| pem::encode("X509 CRL", der).ok())
                .flatten(),
            version: if contents.version.is_some() { 2 } else { 1 },
            issuer: SubjectFacts::new(&contents.issuer),
            signature_algorithm: Named::new(algorithm.oid),
            this_update: from_time(contents.this_update),
            next_update,
            overdue: next_update.is_some_and(|due| now > due),
            number,
            extensions,
            count: entries.len(),
            revoked: entries.iter().take(SHOWN).map(revoked).collect(),
            signer: Signer::NotGiven,
            remarks: Vec::new(),
        })
    }
}

fn revoked(entry: &Entry) -> RevokedFacts {
    let extensions = ExtensionFacts::read_all(entry.extensions.as_ref());
    RevokedFacts {
        serial_number: serial_number(entry.serial_number.as_bytes()),
        at: from_time(entry.at),
        reason: extensions
            .iter()
            .find_map(|extension| match extension.value {
                ExtensionValue::RevocationReason(reason) => Some(reason),
                _ => None,
            }),
    }
}
