//! How the things that were given belong together: who signed whom, proved by
//! the signature and not by the name, and which key is whose.

use std::collections::HashSet;

use der::Decode;
use serde::{Deserialize, Serialize};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::certificate::{CertificateInner, Raw};
use zeroize::Zeroizing;

use super::{
    Content, Inspection, Item,
    signed::{NotChecked, SignatureCheck},
};

/// The most signatures that are checked: a second's work in a browser.
const MAXIMUM_CHECKS: usize = 600;

/// Who signed something, among what was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signer {
    /// It signed itself, as a root does.
    Itself,
    /// The item at this place did, and its signature holds.
    Item {
        /// The place in [`Inspection::items`].
        place: usize,
        /// Others with the same name and key, such as a cross-signed twin.
        also: Vec<usize>,
    },
    /// Its issuer's name is borne by these, and the signature is none of theirs.
    Namesakes(Vec<usize>),
    /// This one bears its issuer's name, and the signature can't be checked.
    Unchecked {
        /// The place in [`Inspection::items`].
        place: usize,
        /// Why it can't.
        reason: NotChecked,
    },
    /// Nobody of its issuer's name was given.
    NotGiven,
}

/// A certificate and what it signed, in the order in which things were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The place in [`Inspection::items`].
    pub place: usize,
    /// What it signed.
    pub signed: Vec<Branch>,
}

/// Where something stands in the trees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TreePosition {
    /// It is not signed by anybody: a key, a CSR.
    Apart,
    /// At the top: whoever signed it is not here.
    Root,
    /// Below the item at this place.
    Below(usize),
}

/// Finds who signed each certificate and CRL.
pub(super) fn relate(read: &mut [(Item, Zeroizing<Vec<u8>>)]) {
    let keys: Vec<Option<SubjectPublicKeyInfoOwned>> = read
        .iter()
        .map(|(item, der)| {
            item.content.certificate()?;
            let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
            Some(
                certificate
                    .tbs_certificate()
                    .subject_public_key_info()
                    .clone(),
            )
        })
        .collect();
    let mut left = MAXIMUM_CHECKS;
    let signers: Vec<Option<Signer>> = (0..read.len())
        .map(|place| signer(read, &keys, place, &mut left))
        .collect();
    for ((item, _), signer) in read.iter_mut().zip(signers) {
        match (&mut item.content, signer) {
            (Content::Certificate(facts), Some(signer)) => facts.signer = signer,
            (Content::RevocationList(facts), Some(signer)) => facts.signer = signer,
            _ => {}
        }
    }
}

fn signer(
    read: &[(Item, Zeroizing<Vec<u8>>)],
    keys: &[Option<SubjectPublicKeyInfoOwned>],
    place: usize,
    left: &mut usize,
) -> Option<Signer> {
    let (item, der) = read.get(place)?;
    let (issuer, authority_key) = match &item.content {
        Content::Certificate(facts) => (&facts.issuer, facts.authority_key_identifier()),
        Content::RevocationList(facts) => (&facts.issuer, None),
        _ => return None,
    };
    // RFC 5280 section 6.1.3 (a)(4): the names must be the same. Itself first,
    // then whoever has the key that the authority key identifier names.
    let mut candidates: Vec<_> = read
        .iter()
        .zip(keys)
        .enumerate()
        .filter_map(|(other, ((item, _), key))| {
            let facts = item.content.certificate()?;
            let named = facts
                .subject_key_identifier()
                .is_some_and(|key| authority_key == Some(key));
            (facts.subject.der == issuer.der).then_some((other != place, !named, other, key))
        })
        .collect();
    candidates.sort_by_key(|(itself, named, other, _)| (*itself, *named, *other));
    let mut holds = Vec::new();
    let mut unchecked = None;
    for (_, _, other, key) in &candidates {
        let Some(key) = key else {
            continue;
        };
        let check = match left.checked_sub(1) {
            None => SignatureCheck::NotChecked(NotChecked::TooMany),
            Some(fewer) => {
                *left = fewer;
                SignatureCheck::of(der, key)
            }
        };
        match check {
            SignatureCheck::Holds if *other == place => return Some(Signer::Itself),
            SignatureCheck::Holds => holds.push(*other),
            SignatureCheck::Wrong => {}
            SignatureCheck::NotChecked(reason) => {
                unchecked.get_or_insert((*other, reason));
            }
        }
    }
    Some(match (holds.split_first(), unchecked) {
        (Some((first, also)), _) => Signer::Item {
            place: *first,
            also: also.to_vec(),
        },
        (None, Some((place, reason))) => Signer::Unchecked { place, reason },
        (None, None) if candidates.is_empty() => Signer::NotGiven,
        (None, None) => {
            Signer::Namesakes(candidates.iter().map(|(_, _, other, _)| *other).collect())
        }
    })
}

impl Inspection {
    /// The certificates and CRLs as trees: who signed whom, roots first. Each is
    /// there once.
    #[must_use]
    pub fn trees(&self) -> Vec<Branch> {
        let parents: Vec<TreePosition> = self
            .items
            .iter()
            .enumerate()
            .map(|(place, item)| {
                let signer = match &item.content {
                    Content::Certificate(facts) => &facts.signer,
                    Content::RevocationList(facts) => &facts.signer,
                    _ => return TreePosition::Apart,
                };
                match signer {
                    Signer::Item { place, .. } => TreePosition::Below(*place),
                    Signer::Unchecked {
                        place: candidate, ..
                    } if *candidate != place => TreePosition::Below(*candidate),
                    _ => TreePosition::Root,
                }
            })
            .collect();
        let mut placed = HashSet::new();
        let mut trees = Vec::new();
        for (place, position) in parents.iter().enumerate() {
            if *position == TreePosition::Root {
                trees.push(branch(place, &parents, &mut placed));
            }
        }
        // Two CAs that signed each other have no root among them.
        for (place, position) in parents.iter().enumerate() {
            if *position != TreePosition::Apart && !placed.contains(&place) {
                trees.push(branch(place, &parents, &mut placed));
            }
        }
        trees
    }

    /// The other items with the same key: a private key's certificates, a
    /// certificate's CSR.
    #[must_use]
    pub fn same_key(&self, place: usize) -> Vec<usize> {
        let key = |place: usize| {
            self.items
                .get(place)
                .and_then(|item| item.content.public_key())
                .map(|key| key.sha256.as_str())
        };
        let Some(wanted) = key(place) else {
            return Vec::new();
        };
        (0..self.items.len())
            .filter(|other| *other != place && key(*other) == Some(wanted))
            .collect()
    }
}

/// Each item is placed once, so this ends however the signatures go round.
fn branch(place: usize, parents: &[TreePosition], placed: &mut HashSet<usize>) -> Branch {
    placed.insert(place);
    let mut signed = Vec::new();
    for (child, parent) in parents.iter().enumerate() {
        if *parent == TreePosition::Below(place) && !placed.contains(&child) {
            signed.push(branch(child, parents, placed));
        }
    }
    Branch { place, signed }
}
