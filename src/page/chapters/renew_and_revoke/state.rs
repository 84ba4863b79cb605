//! What is renewed and revoked, and by which CA: what was typed and chosen, and
//! what came of it. The signing itself is a worker's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{glance::Glance, work::Work};
use crate::{
    etcd::plan::REVOCATION_LIST,
    lab::{
        archive_stem,
        job::{
            renew::{Renewal, Renewed},
            revoke::{MadeHere, Revocation, Revoked},
            signing::{SigningAuthority, SigningFault, SigningField},
        },
        wire::{Outcome, PemPair, Secret, Task},
    },
    page::{
        event::{RenewalKey, SigningCa},
        input::SigningInput,
        jobs::{Earlier, Purpose},
    },
    pki::{certificate::Certificate, name::common_name, pem, revocation_list::RevocationReason},
};

/// What is renewed and revoked, and by which CA.
pub struct Signing {
    /// The CA that signs.
    /// Which CA signs, once it was chosen.
    signer: Option<SigningCa>,
    certificate: String,
    key: Zeroizing<String>,
    passphrase: Zeroizing<String>,
    /// The old certificate.
    old: String,
    /// What is seen of it.
    pub(super) old_seen: Glance,
    /// The name of the new one's files, without ending, where one made here is
    /// renewed.
    stem: String,
    /// That of the files that came of it.
    pub(super) new_stem: String,
    pub(super) renewal_key: RenewalKey,
    renewal_days: String,
    pub(super) foreign: bool,
    pub(super) renewal: Work<Renewed>,
    /// The names of files that came of it and were downloaded.
    downloaded: BTreeSet<String>,
    /// The serial numbers of the certificates made here that are chosen.
    pub(super) chosen: BTreeSet<String>,
    /// Why certificates made here are revoked, by their serial numbers.
    pub(super) reasons: BTreeMap<String, RevocationReason>,
    revoked: String,
    /// The CRL before.
    before: String,
    /// What is seen of it.
    pub(super) before_seen: Glance,
    /// Why what is pasted is revoked.
    pub(super) revoked_reason: Option<RevocationReason>,
    number: String,
    revocation_days: String,
    pub(super) revocation: Work<Revoked>,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            signer: None,
            certificate: String::new(),
            key: Zeroizing::default(),
            passphrase: Zeroizing::default(),
            old: String::new(),
            old_seen: Glance::default(),
            stem: String::new(),
            new_stem: String::new(),
            renewal_key: RenewalKey::Same,
            renewal_days: SigningInput::RenewalDays.initial().to_owned(),
            foreign: false,
            renewal: Work::Idle,
            downloaded: BTreeSet::new(),
            chosen: BTreeSet::new(),
            reasons: BTreeMap::new(),
            revoked: String::new(),
            before: String::new(),
            before_seen: Glance::default(),
            revoked_reason: None,
            number: SigningInput::Number.initial().to_owned(),
            revocation_days: SigningInput::RevocationDays.initial().to_owned(),
            revocation: Work::Idle,
        }
    }
}

/// The names under which a CRL is downloaded.
pub(super) const DER_NAME: &str = REVOCATION_LIST;
pub(super) const PEM_NAME: &str = "revoked.crl.pem";

impl Signing {
    pub(in crate::page) fn type_text(&mut self, input: SigningInput, text: &str) {
        let place = match input {
            SigningInput::AuthorityCertificate => &mut self.certificate,
            SigningInput::Old => &mut self.old,
            SigningInput::RenewalDays => &mut self.renewal_days,
            SigningInput::Revoked => &mut self.revoked,
            SigningInput::Before => &mut self.before,
            SigningInput::Number => &mut self.number,
            SigningInput::RevocationDays => &mut self.revocation_days,
            SigningInput::AuthorityKey => {
                self.key = Zeroizing::new(text.to_owned());
                return self.touched(input);
            }
            SigningInput::AuthorityPassphrase => {
                self.passphrase = Zeroizing::new(text.to_owned());
                return self.touched(input);
            }
        };
        if place != text {
            text.clone_into(place);
            match input {
                SigningInput::Old => self.old_seen.changed(text),
                SigningInput::Before => self.before_seen.changed(text),
                _ => {}
            }
            self.touched(input);
        }
    }

    /// A fault goes when what it is about is touched.
    fn touched(&mut self, input: SigningInput) {
        if input == SigningInput::Old {
            self.stem.clear();
            self.foreign = false;
        }
        let about_renewal = !matches!(
            input,
            SigningInput::Revoked
                | SigningInput::Before
                | SigningInput::Number
                | SigningInput::RevocationDays
        );
        let about_revocation = !matches!(input, SigningInput::Old | SigningInput::RenewalDays);
        if about_renewal && self.renewal.fault().is_some() {
            self.renewal = Work::Idle;
        }
        if about_revocation && self.revocation.fault().is_some() {
            self.revocation = Work::Idle;
        }
    }

    /// A certificate made here is to be renewed: its name without ending, and
    /// its PEM.
    pub fn take_old(&mut self, stem: &str, certificate: &str) {
        self.type_text(SigningInput::Old, certificate);
        stem.clone_into(&mut self.stem);
    }

    /// The CA that signs was chosen.
    /// Which CA signs: the one that was chosen, or else the page's where it has one.
    pub(super) fn signer(&self, page_has_one: bool) -> SigningCa {
        self.signer.unwrap_or(if page_has_one {
            SigningCa::Page
        } else {
            SigningCa::Own
        })
    }

    pub(in crate::page) fn choose_signer(&mut self, signer: SigningCa) {
        self.signer = Some(signer);
        self.touched(SigningInput::AuthorityCertificate);
    }

    /// The key of the new certificate was chosen.
    pub(in crate::page) fn choose_renewal_key(&mut self, key: RenewalKey) {
        self.renewal_key = key;
        self.touched(SigningInput::AuthorityCertificate);
    }

    fn authorities(&self, page: Vec<PemPair>) -> Result<Vec<SigningAuthority>, SigningFault> {
        let missing = |field: SigningField, message: &str| {
            Err(SigningFault {
                field,
                message: message.to_owned(),
            })
        };
        let from_page = self.signer(!page.is_empty()) == SigningCa::Page;
        if from_page && page.is_empty() {
            return missing(
                SigningField::Whole,
                "there is no CA on this page yet: press “Make the files” in Make, or choose “Another one”",
            );
        }
        if from_page {
            let taken = page.into_iter().map(|pair| SigningAuthority {
                pair,
                passphrase: None,
            });
            return Ok(taken.collect());
        }
        if self.certificate.trim().is_empty() {
            return missing(
                SigningField::AuthorityCertificate,
                "give the CA’s certificate first",
            );
        }
        if self.key.trim().is_empty() {
            return missing(SigningField::AuthorityKey, "give the CA’s key first");
        }
        Ok(vec![SigningAuthority {
            pair: PemPair {
                certificate: self.certificate.clone(),
                key: self.key.to_string(),
            },
            passphrase: (!self.passphrase.is_empty()).then(|| Secret(self.passphrase.to_string())),
        }])
    }

    pub(super) fn press_renew(&mut self, page: Vec<PemPair>, now: Timestamp) {
        if self.renewal.is_busy() {
            return;
        }
        self.renewal = match self.authorities(page) {
            Err(fault) => Work::Refused(fault),
            Ok(authorities) => {
                self.downloaded.clear();
                Work::Wanted(Box::new(Task::Renew(Box::new(Renewal {
                    authorities,
                    certificate: self.old.clone(),
                    new_key: self.renewal_key == RenewalKey::New,
                    days: self.renewal_days.clone(),
                    foreign: self.foreign,
                    now,
                }))))
            }
        };
    }

    pub(super) fn press_revoke(&mut self, page: Vec<PemPair>, made: Vec<MadeHere>, now: Timestamp) {
        if self.revocation.is_busy() {
            return;
        }
        self.revocation = match self.authorities(page) {
            Err(fault) => Work::Refused(fault),
            Ok(authorities) => Work::Wanted(Box::new(Task::Revoke(Box::new(Revocation {
                authorities,
                certificates: made,
                text: self.revoked.clone(),
                reason: self.revoked_reason,
                before: self.before.clone(),
                number: self.number.clone(),
                days: self.revocation_days.clone(),
                now,
            })))),
        };
    }

    pub(in crate::page) fn next_task(&mut self, now: Timestamp) -> Option<(Purpose, Task)> {
        let glances = [
            (Earlier::Certificate, &mut self.old_seen, &self.old),
            (Earlier::List, &mut self.before_seen, &self.before),
        ];
        for (earlier, seen, text) in glances {
            if let Some((attempt, task)) = seen.next_task(text, now) {
                return Some((Purpose::Glance(earlier, attempt), task));
            }
        }
        if let Some(task) = self.renewal.take_task() {
            return Some((Purpose::Renew, task));
        }
        let task = self.revocation.take_task()?;
        Some((Purpose::Revoke, task))
    }

    /// What came of a glance.
    pub(in crate::page) fn glanced(&mut self, earlier: Earlier, attempt: u32, outcome: &Outcome) {
        let seen = match earlier {
            Earlier::Certificate => &mut self.old_seen,
            Earlier::List => &mut self.before_seen,
        };
        seen.done(attempt, outcome);
    }

    pub(in crate::page) fn renewed(&mut self, outcome: Outcome) {
        if !matches!(self.renewal, Work::UnderWay) {
            return;
        }
        self.renewal = match outcome {
            Outcome::Renewed(renewed) => {
                self.new_stem = if self.stem.is_empty() {
                    stem_of(&renewed.certificate)
                } else {
                    self.stem.clone()
                };
                Work::Done(renewed)
            }
            outcome => Work::Refused(refusal(outcome)),
        };
    }

    pub(in crate::page) fn listed(&mut self, outcome: Outcome) {
        if !matches!(self.revocation, Work::UnderWay) {
            return;
        }
        self.revocation = match outcome {
            Outcome::Revoked(list) => Work::Done(list),
            outcome => Work::Refused(refusal(outcome)),
        };
    }

    /// A file that came of it, by its name.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        if let Work::Done(list) = &self.revocation {
            match name {
                DER_NAME => return Some(list.der.0.clone()),
                PEM_NAME => return Some(list.pem.as_bytes().to_vec().into()),
                _ => {}
            }
        }
        let Work::Done(renewed) = &self.renewal else {
            return None;
        };
        let stem = &self.new_stem;
        if name == format!("{stem}.crt") {
            Some(renewed.certificate.as_bytes().to_vec().into())
        } else if name == format!("{stem}.key") {
            let key = renewed.key.as_ref()?;
            Some(key.0.as_bytes().to_vec().into())
        } else {
            None
        }
    }

    /// All files that came of it, by their names.
    pub(in crate::page) fn files(&self) -> Vec<(String, Zeroizing<Vec<u8>>)> {
        let stem = &self.new_stem;
        let names = [
            DER_NAME.to_owned(),
            PEM_NAME.to_owned(),
            format!("{stem}.crt"),
            format!("{stem}.key"),
        ];
        names
            .into_iter()
            .filter_map(|name| Some((name.clone(), self.file(&name)?)))
            .collect()
    }

    /// A file that came of it was downloaded.
    pub fn downloaded(&mut self, name: &str) {
        self.downloaded.insert(name.to_owned());
    }

    /// Whether leaving the page would lose a private key that was made here.
    #[must_use]
    pub fn has_unsaved_key(&self) -> bool {
        matches!(&self.renewal, Work::Done(renewed) if renewed.key.is_some())
            && !self.downloaded.contains(&format!("{}.key", self.new_stem))
    }
}

/// The stem of the files of a certificate, after its common name.
fn stem_of(certificate: &str) -> String {
    let name = pem::blocks(certificate).ok().and_then(|blocks| {
        let certificate = Certificate::from_der(&blocks.first()?.der).ok()?;
        common_name(certificate.subject())
    });
    archive_stem(name.as_deref())
}

fn refusal(outcome: Outcome) -> SigningFault {
    match outcome {
        Outcome::SigningRefused(fault) => fault,
        outcome => SigningFault {
            field: SigningField::Whole,
            message: outcome.unexpected().to_string(),
        },
    }
}

/// The input that a fault is about.
pub(super) fn input_of(field: SigningField, renewal: bool) -> Option<SigningInput> {
    Some(match (field, renewal) {
        (SigningField::AuthorityCertificate, _) => SigningInput::AuthorityCertificate,
        (SigningField::AuthorityKey, _) => SigningInput::AuthorityKey,
        (SigningField::Subject | SigningField::Foreign, true) => SigningInput::Old,
        (SigningField::Subject | SigningField::Foreign, false) => SigningInput::Revoked,
        (SigningField::Days, true) => SigningInput::RenewalDays,
        (SigningField::Days, false) => SigningInput::RevocationDays,
        (SigningField::Before, _) => SigningInput::Before,
        (SigningField::Number, _) => SigningInput::Number,
        (SigningField::Whole, _) => return None,
    })
}
