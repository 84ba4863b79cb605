//! Revoking certificates: a CA and what is to be revoked in, a CRL out.

use std::{collections::HashMap, num::ParseIntError};

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use super::signing::{NotSigned, SigningAuthority, SigningField, choose};
use crate::{
    lab::file::FileBytes,
    pki::{
        certificate::{Certificate, SignedByError},
        name::openssl_spelling,
        pem,
        revocation_list::{RevocationList, RevocationReason, RevokedCertificate},
        serial_number::{self, SerialNumber},
        validity::{Days, Validity, calendar_day},
    },
};

/// Certificates that are to be revoked.
#[derive(Clone, Serialize, Deserialize)]
pub struct Revocation {
    /// The CAs to choose from: the one that issued the first certificate signs,
    /// or else the first.
    pub authorities: Vec<SigningAuthority>,
    /// Certificates made here.
    pub certificates: Vec<MadeHere>,
    /// Certificates as PEM and serial numbers, as typed. A reason may stand
    /// behind the numbers of a line.
    pub text: String,
    /// Why those in the text are revoked, where the line does not say.
    pub reason: Option<RevocationReason>,
    /// The CRL before, as PEM, if there was one. What is on it stays revoked.
    pub before: String,
    /// The CRL's number, as typed. Empty for the one that follows.
    pub number: String,
    /// The days until the next CRL, as typed.
    pub days: String,
    /// The time.
    pub now: Timestamp,
}

/// A certificate made here that is to be revoked.
#[derive(Clone, Serialize, Deserialize)]
pub struct MadeHere {
    /// The certificate as PEM.
    pub certificate: String,
    /// Why, where that is to be said.
    pub reason: Option<RevocationReason>,
}

/// An entry of a CRL that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedEntry {
    /// The serial number, in hexadecimal.
    pub serial_number: String,
    /// Why, where the CRL says so.
    pub reason: Option<RevocationReason>,
}

/// A CRL that was issued.
#[derive(Clone, Serialize, Deserialize)]
pub struct Revoked {
    /// The CRL as DER, the form that every etcd reads.
    pub der: FileBytes,
    /// The CRL as PEM.
    pub pem: String,
    /// Its number.
    pub number: u64,
    /// What is on it.
    pub entries: Vec<RevokedEntry>,
    /// The SHA-256 of the certificate of the CA that signed it.
    pub authority: String,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// What the reader should know.
    pub notes: Vec<String>,
}

impl Revocation {
    /// Issues the CRL.
    ///
    /// # Errors
    ///
    /// What is wrong with which of the things that were given.
    pub fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Result<Revoked, NotSigned> {
        let mut certificates = Vec::new();
        for made in &self.certificates {
            let certificate = Certificate::from_pem(&made.certificate);
            let certificate = certificate.map_err(NotSigned::at(SigningField::Subject))?;
            certificates.push((certificate, made.reason));
        }
        let pasted = Pasted::read(&self.text, self.reason)?;
        certificates.extend(pasted.certificates.into_iter().map(|it| (it, self.reason)));
        let days: Days = self
            .days
            .parse()
            .map_err(NotSigned::at(SigningField::Days))?;
        let first = certificates.first().map(|(certificate, _)| certificate);
        let list = self.list_before()?;
        let is_issuer = |candidate: &Certificate| match (&list, first) {
            (Some(list), _) => list.check_signed_by(candidate).is_ok(),
            (None, Some(first)) => first.check_signed_by(candidate).is_ok(),
            (None, None) => false,
        };
        let authority = choose(&self.authorities, is_issuer, self.now)?;
        let before = list
            .map(|list| Before::read(&list, authority.certificate()))
            .transpose()?;
        let number = self.number(before.as_ref().and_then(|before| before.number))?;
        let mut notes = Vec::new();
        if before.is_none() && number > 1 {
            notes.push(format!(
                "The CRL before this number {number} was not given. etcd reads one CRL only: whoever was revoked by an earlier one gets in again with this."
            ));
        }
        let mut entries = before.map(|before| before.entries).unwrap_or_default();
        let mut places: HashMap<SerialNumber, usize> = entries
            .iter()
            .enumerate()
            .map(|(place, entry)| (entry.serial_number.clone(), place))
            .collect();
        // Who is on the list before stays there since then; the reason is today's,
        // where one is given. Of what is new the first mention counts.
        let old = entries.len();
        let mut add = |serial_number: SerialNumber, reason: Option<RevocationReason>| {
            let known = places.get(&serial_number).copied();
            if let Some(place) = known {
                if let Some(entry) = entries.get_mut(..old).and_then(|old| old.get_mut(place)) {
                    entry.reason = reason.or(entry.reason);
                }
                return;
            }
            places.insert(serial_number.clone(), entries.len());
            entries.push(RevokedCertificate {
                serial_number,
                date: self.now,
                reason,
            });
        };
        for (certificate, reason) in certificates {
            if certificate
                .check_signed_by(authority.certificate())
                .is_err()
            {
                notes.push(format!(
                    "{} was not issued by this CA. etcd turns it away all the same, because it compares serial numbers only; others do not.",
                    openssl_spelling(certificate.subject())
                ));
            }
            add(certificate.serial(), reason);
        }
        for (serial_number, reason) in pasted.serial_numbers {
            add(serial_number, reason);
        }
        if entries.is_empty() {
            notes.push("Nothing was chosen, so this CRL revokes nobody yet.".to_owned());
        }
        if !authority.may_sign_revocation_lists() {
            notes.push(
                "This CA’s key usage lacks cRLSign. etcd does not ask; OpenSSL and others refuse the CRL."
                    .to_owned(),
            );
        }
        let next_update = Validity::starting(self.now, days).not_after;
        if next_update > authority.validity().not_after {
            notes.push(format!(
                "The CA ends before the next CRL is due, on {}.",
                calendar_day(authority.validity().not_after)
            ));
        }
        let list = RevocationList::issue(authority.issuer(), &entries, number, days, self.now, rng)
            .map_err(NotSigned::at(SigningField::Whole))?;
        Ok(Revoked {
            der: list.der().to_vec().into(),
            pem: list.to_pem().map_err(NotSigned::at(SigningField::Whole))?,
            number,
            entries: entries
                .iter()
                .map(|entry| RevokedEntry {
                    serial_number: entry.serial_number.to_string(),
                    reason: entry.reason,
                })
                .collect(),
            authority: authority.certificate().fingerprint(),
            next_update,
            notes,
        })
    }
}

impl Revocation {
    fn list_before(&self) -> Result<Option<RevocationList>, NotSigned> {
        if self.before.trim().is_empty() {
            return Ok(None);
        }
        RevocationList::from_pem(&self.before)
            .map(Some)
            .map_err(NotSigned::at(SigningField::Before))
    }

    /// The number that was typed, or else the one that follows.
    fn number(&self, before: Option<u64>) -> Result<u64, NotSigned> {
        let text = self.number.trim();
        let number = if text.is_empty() {
            before.map_or(1, |before| before.saturating_add(1))
        } else {
            text.parse().map_err(|error| {
                NotSigned::at(SigningField::Number)(NoNumber {
                    text: text.to_owned(),
                    error,
                })
            })?
        };
        match before {
            Some(before) if number <= before => {
                Err(NotSigned::at(SigningField::Number)(NotLarger { before }))
            }
            _ => Ok(number),
        }
    }
}

/// The CRL that the new one follows.
struct Before {
    number: Option<u64>,
    entries: Vec<RevokedCertificate>,
}

impl Before {
    /// Takes it over. It must be this CA's.
    fn read(list: &RevocationList, authority: &Certificate) -> Result<Self, NotSigned> {
        let fault = NotSigned::at(SigningField::Before);
        list.check_signed_by(authority)
            .map_err(|error| NotSigned::at(SigningField::Before)(OtherAuthority { error }))?;
        Ok(Self {
            number: list.number().map_err(&fault)?,
            entries: list.revoked().map_err(fault)?,
        })
    }
}

/// The CRL before is not this CA's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this CRL is not of the CA that signs: {error}; give that CA’s, or leave this empty")]
struct OtherAuthority {
    #[source]
    error: SignedByError,
}

/// A number that is not larger than that of the CRL before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the CRL before has number {before}; write a larger one than that, or nothing")]
struct NotLarger {
    /// The number before.
    before: u64,
}

/// What a CRL's number is to be is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is no number; write a whole one, larger than that of the CRL before")]
struct NoNumber {
    /// What was written.
    text: String,
    /// Why it is none.
    #[source]
    error: ParseIntError,
}

/// A PEM block that is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{label}” can’t be revoked; give certificates or serial numbers")]
struct NotRevocable {
    /// Its label.
    label: String,
}

/// What stands in a text.
struct Pasted {
    certificates: Vec<Certificate>,
    /// The serial numbers around them, each with its reason, if it has one.
    serial_numbers: Vec<(SerialNumber, Option<RevocationReason>)>,
}

impl Pasted {
    /// Reads a text. `reason` is for the numbers of lines that say none;
    /// `unspecified` at a line's end is to give none there.
    fn read(text: &str, reason: Option<RevocationReason>) -> Result<Self, NotSigned> {
        let mut lines = Vec::new();
        let mut within = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("-----BEGIN ") {
                within = true;
            } else if line.starts_with("-----END ") {
                within = false;
            } else if !within {
                lines.push(line);
            }
        }
        let mut certificates = Vec::new();
        if text.contains("-----BEGIN ") {
            for block in pem::blocks(text).map_err(NotSigned::at(SigningField::Subject))? {
                if block.label != "CERTIFICATE" {
                    let label = block.label;
                    return Err(NotSigned::at(SigningField::Subject)(NotRevocable { label }));
                }
                certificates.push(
                    Certificate::from_der(&block.der)
                        .map_err(NotSigned::at(SigningField::Subject))?,
                );
            }
        }
        let mut numbers = Vec::new();
        let mut serial_numbers = Vec::new();
        for line in lines {
            let (line, word) = reason_behind(line);
            let reason = match word {
                Some(word) => {
                    RevocationReason::read(word).map_err(NotSigned::at(SigningField::Subject))?
                }
                None => reason,
            };
            let read =
                serial_number::parse_list(line).map_err(NotSigned::at(SigningField::Subject))?;
            serial_numbers.extend(read.into_iter().map(|number| (number, reason)));
            numbers.push(line);
        }
        // The same number twice is a slip, on whichever lines.
        serial_number::parse_list(&numbers.join("\n"))
            .map_err(NotSigned::at(SigningField::Subject))?;
        Ok(Self {
            certificates,
            serial_numbers,
        })
    }
}

/// A line, and the word at its end if that is no part of a number: hexadecimal
/// digits and colons are.
fn reason_behind(line: &str) -> (&str, Option<&str>) {
    let is_digits = |word: &str| {
        word.chars()
            .all(|character| character.is_ascii_hexdigit() || ":xX,;".contains(character))
    };
    match line.rsplit_once(char::is_whitespace) {
        Some((numbers, word)) if !is_digits(word) => (numbers.trim_end(), Some(word)),
        _ => (line, None),
    }
}
