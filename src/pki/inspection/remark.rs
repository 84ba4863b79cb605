//! What a reader should know of a certificate, CSR or CRL, in plain words, each
//! with the rule that it comes from. These are the rules of X.509; what etcd
//! makes of it is in [`etcd::inspection`](crate::etcd::telling::inspection).

use std::{collections::BTreeSet, fmt, net::IpAddr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Content, Inspection,
    certificate::{CertificateFacts, Stage},
    certification_request::RequestFacts,
    extension::ExtensionValue,
    general_name::{NameFacts, NameKind},
    key::{KeyKind, PublicKeyFacts},
    relation::Signer,
    revocation_list::RevocationListFacts,
    signed::SignatureCheck,
};
use crate::pki::validity::calendar_day;

/// How much a remark weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Good to know.
    Note,
    /// Something will not work, or can't be trusted.
    Fault,
}

/// What a reader should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// Version 1 or 2: without extensions.
    OldVersion {
        /// 1 or 2.
        version: u8,
    },
    /// Extensions in a version that has none.
    ExtensionsInOldVersion {
        /// 1 or 2.
        version: u8,
    },
    /// Its life has ended.
    Ended {
        /// Its last second.
        not_after: Timestamp,
    },
    /// Its life has not begun.
    NotYetValid {
        /// Its first second.
        not_before: Timestamp,
    },
    /// Its life ends before it begins.
    NeverValid,
    /// A host is named in the common name only.
    CommonNameOnly {
        /// The common name.
        name: String,
    },
    /// An address stands among the DNS names.
    AddressAsDnsName {
        /// The address.
        address: String,
    },
    /// The signature algorithm is too weak to prove anything.
    WeakSignature {
        /// The algorithm.
        algorithm: String,
    },
    /// The key is too short.
    WeakKey {
        /// Its length in bits.
        bits: usize,
    },
    /// A CA whose key usage lacks keyCertSign.
    AuthorityMayNotSign,
    /// keyCertSign without being a CA.
    SignsWithoutBeingAuthority,
    /// A CA's basic constraints are not critical.
    ConstraintsNotCritical,
    /// A path length in a certificate that is no CA.
    PathLengthWithoutAuthority,
    /// A CA with a serial number of zero or less.
    SerialNumberNotPositive,
    /// More than twenty bytes of serial number.
    SerialNumberTooLong,
    /// One extension stands there twice.
    ExtensionTwice {
        /// Its name.
        name: String,
    },
    /// An extension can't be read.
    UnreadableExtension {
        /// Its name.
        name: String,
    },
    /// An unknown extension is critical.
    UnknownCriticalExtension {
        /// Its name.
        name: String,
    },
    /// No subject, and the subject alternative names are not critical.
    NamelessWithoutCriticalNames,
    /// No subject and no subject alternative name.
    Nameless,
    /// What is signed names another algorithm than the signature.
    OtherAlgorithmNamed,
    /// It names itself as issuer, and its signature is not its own.
    FalseSelfSignature,
    /// It names an issuer that was given, and the signature is not theirs.
    SignedByNamesake {
        /// The issuer's name.
        issuer: String,
    },
    /// It names a key of its issuer's that is not the one that signed it.
    OtherKeyNamed,
    /// There is another CA of this name with another key.
    Namesakes {
        /// The name.
        subject: String,
        /// How many there are in all.
        count: usize,
    },
    /// It outlives whoever signed it.
    OutlivesIssuer {
        /// The issuer's last second.
        not_after: Timestamp,
    },
    /// It was signed by a certificate that is no CA.
    SignedByLeaf,
    /// Its number stands in a CRL that was given, and is its issuer's.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why, where that is said.
        reason: Option<String>,
    },
    /// A CSR's signature is not its key's.
    RequestNotSigned,
    /// A CSR's signature can't be checked.
    RequestNotChecked,
    /// A CSR has a challenge password.
    ChallengePassword,
    /// A CRL's next one is overdue.
    Overdue {
        /// When it was due.
        next_update: Timestamp,
    },
    /// A CRL does not say when the next one is due.
    NoNextUpdate,
    /// A CRL has no number.
    NoNumber,
}

impl Remark {
    /// How much it weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::OldVersion { .. }
            | Self::CommonNameOnly { .. }
            | Self::ConstraintsNotCritical
            | Self::PathLengthWithoutAuthority
            | Self::NamelessWithoutCriticalNames
            | Self::OtherKeyNamed
            | Self::Namesakes { .. }
            | Self::OutlivesIssuer { .. }
            | Self::RequestNotChecked
            | Self::ChallengePassword
            | Self::NoNextUpdate
            | Self::NoNumber => Weight::Note,
            _ => Weight::Fault,
        }
    }

    /// The rule that it comes from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        match self {
            Self::OldVersion { .. } | Self::ExtensionsInOldVersion { .. } => {
                "RFC 5280 section 4.1.2.1"
            }
            Self::Ended { .. } | Self::NotYetValid { .. } | Self::NeverValid => {
                "RFC 5280 section 4.1.2.5"
            }
            Self::CommonNameOnly { .. } => "RFC 9525 section 2",
            Self::AddressAsDnsName { .. } => "RFC 5280 section 4.2.1.6",
            Self::WeakSignature { .. } => "RFC 9155, NIST SP 800-131A section 9",
            Self::WeakKey { .. } => "NIST SP 800-131A section 3",
            Self::AuthorityMayNotSign
            | Self::SignsWithoutBeingAuthority
            | Self::ConstraintsNotCritical
            | Self::PathLengthWithoutAuthority
            | Self::SignedByLeaf => "RFC 5280 sections 4.2.1.3 and 4.2.1.9",
            Self::SerialNumberNotPositive | Self::SerialNumberTooLong => "RFC 5280 section 4.1.2.2",
            Self::ExtensionTwice { .. }
            | Self::UnreadableExtension { .. }
            | Self::UnknownCriticalExtension { .. } => "RFC 5280 section 4.2",
            Self::NamelessWithoutCriticalNames | Self::Nameless => "RFC 5280 section 4.1.2.6",
            Self::OtherAlgorithmNamed => "RFC 5280 section 4.1.1.2",
            Self::FalseSelfSignature
            | Self::SignedByNamesake { .. }
            | Self::Namesakes { .. }
            | Self::OutlivesIssuer { .. } => "RFC 5280 section 6.1.3",
            Self::OtherKeyNamed => "RFC 5280 section 4.2.1.1",
            Self::Revoked { .. } => "RFC 5280 section 5.3",
            Self::RequestNotSigned | Self::RequestNotChecked => "RFC 2986 section 4.2",
            Self::ChallengePassword => "RFC 2985 section 5.4.1",
            Self::Overdue { .. } | Self::NoNextUpdate => "RFC 5280 section 5.1.2.5",
            Self::NoNumber => "RFC 5280 section 5.2.3",
        }
    }
}

impl fmt::Display for Remark {
    #[expect(
        clippy::too_many_lines,
        reason = "one sentence for each remark, side by side"
    )]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldVersion { version } => write!(
                formatter,
                "Version {version}, without extensions: it cannot say whether it is a CA, what it is for, or for which hosts. Strict programs refuse it. openssl x509 -req makes one when -extfile is missing."
            ),
            Self::ExtensionsInOldVersion { version } => write!(
                formatter,
                "It has extensions although it says that it is version {version}, which has none."
            ),
            Self::Ended { not_after } => write!(
                formatter,
                "It ended on {}; nobody accepts it any more. Renew it.",
                calendar_day(*not_after)
            ),
            Self::NotYetValid { not_before } => write!(
                formatter,
                "It is valid only from {not_before}. Wait until then, or set the clock right."
            ),
            Self::NeverValid => write!(
                formatter,
                "It ends before it begins, so it is never valid. Have it made again."
            ),
            Self::CommonNameOnly { name } => write!(
                formatter,
                "“{name}” looks like a host, but stands in the common name only. Clients look at subject alternative names alone: as a server’s certificate it needs one."
            ),
            Self::AddressAsDnsName { address } => write!(
                formatter,
                "{address} stands among the DNS names. An address is found only as an IP name: issue it anew with IP:{address}."
            ),
            Self::WeakSignature { algorithm } => write!(
                formatter,
                "{algorithm} is too weak a signature: such certificates can be forged. Have it signed with SHA-256."
            ),
            Self::WeakKey { bits } => write!(
                formatter,
                "{bits} bits are too short for an RSA key. Use 2048 or more."
            ),
            Self::AuthorityMayNotSign => write!(
                formatter,
                "A CA whose key usage lacks keyCertSign may not sign certificates; all that it signs is refused."
            ),
            Self::SignsWithoutBeingAuthority => write!(
                formatter,
                "Its key usage has keyCertSign, but it does not say CA:TRUE: it may sign nothing."
            ),
            Self::ConstraintsNotCritical => write!(
                formatter,
                "The basic constraints of a CA must be critical; here they are not."
            ),
            Self::PathLengthWithoutAuthority => write!(
                formatter,
                "It limits the length of paths below it, although it is no CA."
            ),
            Self::SerialNumberNotPositive => write!(
                formatter,
                "The serial number is not positive. Some programs refuse that."
            ),
            Self::SerialNumberTooLong => write!(
                formatter,
                "The serial number is longer than 20 bytes. Some programs refuse that."
            ),
            Self::ExtensionTwice { name } => {
                write!(formatter, "The extension {name} stands there twice.")
            }
            Self::UnreadableExtension { name } => write!(
                formatter,
                "The extension {name} is malformed. Strict programs refuse the whole."
            ),
            Self::UnknownCriticalExtension { name } => write!(
                formatter,
                "The extension {name} is critical and not known here. Whoever does not know it must refuse the whole."
            ),
            Self::NamelessWithoutCriticalNames => write!(
                formatter,
                "It has no subject; then its subject alternative names must be critical, and they are not."
            ),
            Self::Nameless => write!(
                formatter,
                "It names nobody: no subject, no subject alternative name."
            ),
            Self::OtherAlgorithmNamed => write!(
                formatter,
                "What is signed names another signature algorithm than the signature itself. It was tampered with, or made by a faulty program."
            ),
            Self::FalseSelfSignature => write!(
                formatter,
                "It names itself as its issuer, but its own key did not sign it."
            ),
            Self::SignedByNamesake { issuer } => write!(
                formatter,
                "Its issuer is called {issuer}, and so is a certificate here, but that one’s key did not sign it. Such a CA was made twice, with two keys: find the other ca.crt."
            ),
            Self::OtherKeyNamed => write!(
                formatter,
                "Its authority key identifier is not the identifier of the CA that signed it. Some programs will not find that CA."
            ),
            Self::Namesakes { subject, count } => write!(
                formatter,
                "{count} CAs here are called {subject}, with different keys. Compare key identifiers, not names."
            ),
            Self::OutlivesIssuer { not_after } => write!(
                formatter,
                "It outlives its CA, which ends on {}; then it ends too.",
                calendar_day(*not_after)
            ),
            Self::SignedByLeaf => write!(
                formatter,
                "What signed it is no CA, so the signature counts for nothing."
            ),
            Self::Revoked { at, reason } => {
                write!(
                    formatter,
                    "It was revoked on {}, says the CRL here",
                    calendar_day(*at)
                )?;
                match reason {
                    Some(reason) => write!(formatter, " ({reason})."),
                    None => write!(formatter, "."),
                }
            }
            Self::RequestNotSigned => write!(
                formatter,
                "Its signature is not its key’s: it was changed or damaged, or whoever made it does not have the key. Do not issue from it."
            ),
            Self::RequestNotChecked => write!(
                formatter,
                "Its signature cannot be checked here, so nothing shows that whoever made it has the key."
            ),
            Self::ChallengePassword => write!(
                formatter,
                "It holds a challenge password in clear. Hardly any CA asks for one: leave it out."
            ),
            Self::Overdue { next_update } => write!(
                formatter,
                "The next CRL was due on {}; strict programs no longer accept this one.",
                calendar_day(*next_update)
            ),
            Self::NoNextUpdate => write!(formatter, "It does not say when the next one is due."),
            Self::NoNumber => write!(
                formatter,
                "It has no number, so of two nobody can tell which is newer."
            ),
        }
    }
}

/// Adds to everything that was found what a reader should know of it.
pub(super) fn remark(inspection: &mut Inspection, now: Timestamp) {
    let remarks: Vec<Vec<Remark>> = inspection
        .items
        .iter()
        .map(|item| match &item.content {
            Content::Certificate(facts) => {
                let mut remarks = of_certificate(facts);
                remarks.extend(of_relations(inspection, facts));
                remarks
            }
            Content::Request(facts) => of_request(facts),
            Content::RevocationList(facts) => of_revocation_list(inspection, facts, now),
            _ => Vec::new(),
        })
        .collect();
    for (item, mut remarks) in inspection.items.iter_mut().zip(remarks) {
        let place = match &mut item.content {
            Content::Certificate(facts) => &mut facts.remarks,
            Content::Request(facts) => &mut facts.remarks,
            Content::RevocationList(facts) => &mut facts.remarks,
            _ => continue,
        };
        place.append(&mut remarks);
        // The faults first; otherwise in the order above.
        place.sort_by_key(|remark| std::cmp::Reverse(remark.weight()));
    }
}

fn of_certificate(facts: &CertificateFacts) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if facts.version < 3 {
        let version = facts.version;
        remarks.push(if facts.extensions.is_empty() {
            Remark::OldVersion { version }
        } else {
            Remark::ExtensionsInOldVersion { version }
        });
    }
    let life = facts.life;
    if life.not_after < life.not_before {
        remarks.push(Remark::NeverValid);
    } else {
        match life.stage {
            Stage::Ended { .. } => remarks.push(Remark::Ended {
                not_after: life.not_after,
            }),
            Stage::Early { .. } => remarks.push(Remark::NotYetValid {
                not_before: life.not_before,
            }),
            Stage::Valid { .. } => {}
        }
    }
    remarks.extend(of_key(&facts.key));
    let root = facts.signer == Signer::Itself;
    // Nobody rests on a root's signature of itself.
    if is_weak(&facts.signature_algorithm.oid) && !root {
        remarks.push(Remark::WeakSignature {
            algorithm: facts.signature_algorithm.name.clone(),
        });
    }
    if !facts.names_same_algorithm {
        remarks.push(Remark::OtherAlgorithmNamed);
    }
    if facts.serial_number.starts_with('-') || facts.serial_number == "00" {
        remarks.push(Remark::SerialNumberNotPositive);
    } else if facts.serial_number.len() > 40 {
        remarks.push(Remark::SerialNumberTooLong);
    }
    if facts.names().is_empty()
        && !facts.is_authority()
        && !root
        && let Some(name) = &facts.subject.common_name
        && looks_like_host(name)
        && facts.allows("serverAuth")
    {
        remarks.push(Remark::CommonNameOnly { name: name.clone() });
    }
    remarks.extend(addresses_as_names(facts.names()));
    if facts.subject.text.is_empty() {
        let critical_names = facts.extensions.iter().any(|extension| {
            extension.critical
                && matches!(extension.value, ExtensionValue::SubjectAlternativeName(_))
        });
        if facts.names().is_empty() {
            remarks.push(Remark::Nameless);
        } else if !critical_names {
            remarks.push(Remark::NamelessWithoutCriticalNames);
        }
    }
    remarks.extend(of_constraints(facts));
    let mut earlier = BTreeSet::new();
    for extension in &facts.extensions {
        let name = extension.id.name.clone();
        if !earlier.insert(&extension.id) {
            remarks.push(Remark::ExtensionTwice { name: name.clone() });
        }
        match &extension.value {
            ExtensionValue::Unreadable { .. } => remarks.push(Remark::UnreadableExtension { name }),
            ExtensionValue::Unknown(_) if extension.critical && !extension.id.is_known() => {
                remarks.push(Remark::UnknownCriticalExtension { name });
            }
            _ => {}
        }
    }
    remarks
}

fn of_constraints(facts: &CertificateFacts) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let signs = facts
        .key_usages()
        .map(|usages| usages.iter().any(|usage| usage == "keyCertSign"));
    match (facts.is_authority(), signs) {
        (true, Some(false)) => remarks.push(Remark::AuthorityMayNotSign),
        (false, Some(true)) => remarks.push(Remark::SignsWithoutBeingAuthority),
        _ => {}
    }
    for extension in &facts.extensions {
        if let ExtensionValue::BasicConstraints {
            authority,
            path_length,
        } = extension.value
        {
            if authority && !extension.critical {
                remarks.push(Remark::ConstraintsNotCritical);
            }
            if !authority && path_length.is_some() {
                remarks.push(Remark::PathLengthWithoutAuthority);
            }
        }
    }
    remarks
}

/// What only shows beside the others that were given.
fn of_relations(inspection: &Inspection, facts: &CertificateFacts) -> Vec<Remark> {
    let mut remarks = Vec::new();
    match &facts.signer {
        Signer::Namesakes(_) if facts.is_self_issued() => remarks.push(Remark::FalseSelfSignature),
        Signer::Namesakes(_) => remarks.push(Remark::SignedByNamesake {
            issuer: facts.issuer.text.clone(),
        }),
        Signer::Item { place, .. } => {
            if let Some(issuer) = inspection.certificate(*place) {
                if facts.life.not_after > issuer.life.not_after {
                    remarks.push(Remark::OutlivesIssuer {
                        not_after: issuer.life.not_after,
                    });
                }
                if issuer.version == 3 && !issuer.is_authority() {
                    remarks.push(Remark::SignedByLeaf);
                }
                if let (Some(named), Some(own)) = (
                    facts.authority_key_identifier(),
                    issuer.subject_key_identifier(),
                ) && named != own
                {
                    remarks.push(Remark::OtherKeyNamed);
                }
            }
        }
        _ => {}
    }
    if facts.is_authority() || facts.is_self_issued() {
        let mut keys: Vec<&str> = inspection
            .items
            .iter()
            .filter_map(|item| item.content.certificate())
            .filter(|other| other.subject.der == facts.subject.der)
            .map(|other| other.key.sha256.as_str())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() > 1 {
            remarks.push(Remark::Namesakes {
                subject: facts.subject.text.clone(),
                count: keys.len(),
            });
        }
    }
    for item in &inspection.items {
        let Content::RevocationList(list) = &item.content else {
            continue;
        };
        // The same CA: the same name and, where both are known, the same key.
        let same_issuer = list.issuer.der == facts.issuer.der
            && match (&list.signer, &facts.signer) {
                (Signer::Item { place: one, .. }, Signer::Item { place: other, .. }) => {
                    one == other
                }
                _ => true,
            };
        if same_issuer
            && let Some(entry) = list
                .revoked
                .iter()
                .find(|entry| entry.serial_number == facts.serial_number)
        {
            remarks.push(Remark::Revoked {
                at: entry.at,
                reason: entry.reason.map(|reason| reason.name().to_owned()),
            });
            break;
        }
    }
    remarks
}

fn of_request(facts: &RequestFacts) -> Vec<Remark> {
    let mut remarks = Vec::new();
    match facts.signature {
        SignatureCheck::Holds => {}
        SignatureCheck::Wrong => remarks.push(Remark::RequestNotSigned),
        SignatureCheck::NotChecked(_) => remarks.push(Remark::RequestNotChecked),
    }
    if is_weak(&facts.signature_algorithm.oid) {
        remarks.push(Remark::WeakSignature {
            algorithm: facts.signature_algorithm.name.clone(),
        });
    }
    remarks.extend(of_key(&facts.key));
    let mut names = Vec::new();
    for extension in &facts.extensions {
        match &extension.value {
            ExtensionValue::SubjectAlternativeName(asked) => names.extend_from_slice(asked),
            ExtensionValue::Unreadable { .. } => remarks.push(Remark::UnreadableExtension {
                name: extension.id.name.clone(),
            }),
            _ => {}
        }
    }
    remarks.extend(addresses_as_names(&names));
    if facts.subject.text.is_empty() && names.is_empty() {
        remarks.push(Remark::Nameless);
    }
    remarks
}

fn of_revocation_list(
    inspection: &Inspection,
    facts: &RevocationListFacts,
    now: Timestamp,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    match facts.next_update {
        None => remarks.push(Remark::NoNextUpdate),
        Some(next_update) if facts.overdue => remarks.push(Remark::Overdue { next_update }),
        Some(_) => {}
    }
    if facts.this_update > now {
        remarks.push(Remark::NotYetValid {
            not_before: facts.this_update,
        });
    }
    if facts.number.is_none() {
        remarks.push(Remark::NoNumber);
    }
    if is_weak(&facts.signature_algorithm.oid) {
        remarks.push(Remark::WeakSignature {
            algorithm: facts.signature_algorithm.name.clone(),
        });
    }
    match &facts.signer {
        Signer::Namesakes(_) => remarks.push(Remark::SignedByNamesake {
            issuer: facts.issuer.text.clone(),
        }),
        Signer::Item { place, .. } => {
            let signs_lists = inspection
                .certificate(*place)
                .and_then(CertificateFacts::key_usages)
                .is_none_or(|usages| usages.iter().any(|usage| usage == "cRLSign"));
            if !signs_lists {
                remarks.push(Remark::AuthorityMayNotSign);
            }
        }
        _ => {}
    }
    remarks
}

fn of_key(key: &PublicKeyFacts) -> Option<Remark> {
    match key.kind {
        KeyKind::Rsa { bits, .. } if bits < 2048 => Some(Remark::WeakKey { bits }),
        _ => None,
    }
}

/// MD2, MD5 and SHA-1 signatures.
fn is_weak(algorithm: &str) -> bool {
    [
        "1.2.840.113549.1.1.2",
        "1.2.840.113549.1.1.4",
        "1.2.840.113549.1.1.5",
        "1.3.14.3.2.29",
        "1.2.840.10045.4.1",
        "1.2.840.10040.4.3",
    ]
    .contains(&algorithm)
}

fn looks_like_host(name: &str) -> bool {
    name == "localhost"
        || name.parse::<IpAddr>().is_ok()
        || (name.contains('.')
            && name.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'*' | b'_')
            }))
}

fn addresses_as_names(names: &[NameFacts]) -> impl Iterator<Item = Remark> {
    names
        .iter()
        .filter(|name| name.kind == NameKind::Dns && name.text.parse::<IpAddr>().is_ok())
        .map(|name| Remark::AddressAsDnsName {
            address: name.text.clone(),
        })
}
