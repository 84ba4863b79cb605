//! Finds what a reader should know of everything that was found: each thing for
//! itself, and beside the others that were given. What is said, and with what
//! weight, is the [`Remark`]'s.

use std::{collections::BTreeSet, net::IpAddr};

use const_oid::db::rfc5912;
use jiff::Timestamp;

use super::{
    Content, Inspection,
    certificate::{CertificateFacts, LifeStage, SubjectFacts},
    certification_request::RequestFacts,
    extension::ExtensionValue,
    general_name::{GeneralNameKind, NameFacts},
    key::{KeyKind, PublicKeyFacts},
    relation::Signer,
    remark::Remark,
    revocation_list::RevocationListFacts,
    signed::SignatureCheck,
};
use crate::pki::{key_usage::KeyUsageBit, unseen::Unseen};

/// Adds to everything that was found what a reader should know of it.
pub(super) fn review(inspection: &mut Inspection, now: Timestamp) {
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
            LifeStage::Ended { .. } => remarks.push(Remark::Ended {
                not_after: life.not_after,
            }),
            LifeStage::Early { .. } => remarks.push(Remark::NotYetValid {
                not_before: life.not_before,
            }),
            LifeStage::Valid { .. } => {}
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
        && facts.allows(rfc5912::ID_KP_SERVER_AUTH)
    {
        remarks.push(Remark::CommonNameOnly { name: name.clone() });
    }
    remarks.extend(addresses_as_names(facts.names()));
    remarks.extend(unseen_in(&facts.subject, facts.names()));
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
        .map(|usages| usages.contains(&KeyUsageBit::KeyCertSign));
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
    remarks.extend(unseen_in(&facts.subject, &names));
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
                .is_none_or(|usages| usages.contains(&KeyUsageBit::CrlSign));
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

/// The first character of its names that nobody sees.
fn unseen_in(subject: &SubjectFacts, names: &[NameFacts]) -> Option<Remark> {
    std::iter::once(&subject.text)
        .chain(names.iter().map(|name| &name.text))
        .find_map(|text| Unseen::first_in(text))
        .map(|unseen| Remark::UnseenCharacter {
            character: unseen.to_string(),
        })
}

fn addresses_as_names(names: &[NameFacts]) -> impl Iterator<Item = Remark> {
    names
        .iter()
        .filter(|name| name.kind == GeneralNameKind::Dns && name.text.parse::<IpAddr>().is_ok())
        .map(|name| Remark::AddressAsDnsName {
            address: name.text.clone(),
        })
}
