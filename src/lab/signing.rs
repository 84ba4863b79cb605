//! Renewing and revoking, for a worker: a CA and what is wanted in, a
//! certificate or a CRL out, or what is wrong and with which of the things that
//! were given.

use std::{collections::HashSet, fmt};

use base64ct::{Base64, Encoding};
use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use super::task::{PemPair, Secret};
use crate::pki::{
    authority::{Authority, AuthorityError, IssueError, RenewalError},
    certificate::{Certificate, SignedByError},
    chain::Chain,
    key::{KeyType, PrivateKey},
    name::openssl_spelling,
    pem,
    revocation_list::{RevocationList, RevocationReason, RevokedCertificate},
    serial_number::{self, SerialNumber},
    validity::{Days, Validity, calendar_day},
};

/// A CA that is to sign.
#[derive(Clone, Serialize, Deserialize)]
pub struct SigningAuthority {
    /// Its certificate and key as PEM.
    pub pair: PemPair,
    /// The key's passphrase, where it has one.
    pub passphrase: Option<Secret>,
}

/// An old certificate that is to be renewed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Renewal {
    /// The CAs to choose from: the one that issued the old certificate signs, or
    /// else the first.
    pub authorities: Vec<SigningAuthority>,
    /// The old certificate as PEM; of a chain the first.
    pub certificate: String,
    /// Whether to make a new key, of the old one's kind.
    pub new_key: bool,
    /// The days, as typed.
    pub days: String,
    /// Whether it may be a certificate of another CA.
    pub foreign: bool,
    /// The time.
    pub now: Timestamp,
}

/// A certificate that was renewed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Renewed {
    /// The new certificate as PEM.
    pub certificate: String,
    /// The new private key as PEM, if one was made.
    pub key: Option<Secret>,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The names, in OpenSSL's spelling.
    pub names: Vec<String>,
    /// The serial number, in hexadecimal.
    pub serial_number: String,
    /// Its last second.
    pub not_after: Timestamp,
    /// What the reader should know.
    pub notes: Vec<String>,
}

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
    /// The CRL's number, as typed.
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
    /// The CRL as DER, in base64.
    der: String,
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

impl Revoked {
    /// The CRL as DER, the form that every etcd reads.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        // It was encoded below.
        Base64::decode_vec(&self.der).unwrap_or_default()
    }
}

/// With which of the things that were given something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// The CA's certificate.
    AuthorityCertificate,
    /// The CA's key, or its passphrase.
    AuthorityKey,
    /// The old certificate, or what is to be revoked.
    Subject,
    /// The old certificate is of another CA, which can be allowed.
    Foreign,
    /// The days.
    Days,
    /// The CRL's number.
    Number,
    /// The whole.
    Whole,
}

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningFault {
    /// Where the fault lies.
    pub place: Place,
    /// The sentence for the reader.
    pub message: String,
}

impl SigningFault {
    fn at(place: Place) -> impl Fn(String) -> Self {
        move |message| Self { place, message }
    }

    fn of<E: fmt::Display>(place: Place) -> impl Fn(E) -> Self {
        move |error| Self::at(place)(error.to_string())
    }
}

impl SigningAuthority {
    fn read(&self, now: Timestamp) -> Result<Authority, SigningFault> {
        let chain = Chain::from_pem(&self.pair.certificate)
            .map_err(SigningFault::of(Place::AuthorityCertificate))?;
        let passphrase = self
            .passphrase
            .as_ref()
            .map(|passphrase| passphrase.0.as_str())
            .unwrap_or_default();
        let key = PrivateKey::from_encrypted_pem(&self.pair.key, passphrase)
            .map_err(SigningFault::of(Place::AuthorityKey))?;
        Authority::new(chain, key, now).map_err(|error| {
            let place = match error {
                AuthorityError::Key(_) | AuthorityError::KeyMismatch { .. } => Place::AuthorityKey,
                _ => Place::AuthorityCertificate,
            };
            SigningFault::of(place)(error)
        })
    }
}

/// The CA that issued a certificate, or else the first.
fn choose(
    authorities: &[SigningAuthority],
    certificate: Option<&Certificate>,
    now: Timestamp,
) -> Result<Authority, SigningFault> {
    let issued = |authority: &&SigningAuthority| {
        certificate.is_some_and(|certificate| {
            Chain::from_pem(&authority.pair.certificate)
                .is_ok_and(|chain| certificate.check_signed_by(chain.first()).is_ok())
        })
    };
    authorities
        .iter()
        .find(issued)
        .or_else(|| authorities.first())
        .ok_or_else(|| SigningFault::at(Place::Whole)("there is no CA to sign with".to_owned()))?
        .read(now)
}

/// The certificate of a text, or the first of a chain.
fn first_certificate(text: &str) -> Result<Certificate, SigningFault> {
    let fault = SigningFault::of(Place::Subject);
    if let Ok(blocks) = pem::blocks(text)
        && let Some(first) = blocks.iter().find(|block| block.label == "CERTIFICATE")
    {
        return Certificate::from_der(&first.der).map_err(fault);
    }
    Certificate::from_pem(text).map_err(fault)
}

impl Renewal {
    /// Renews.
    ///
    /// # Errors
    ///
    /// What is wrong with which of the things that were given.
    pub fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Result<Renewed, SigningFault> {
        let old = first_certificate(&self.certificate)?;
        let days: Days = self.days.parse().map_err(SigningFault::of(Place::Days))?;
        let authority = choose(&self.authorities, Some(&old), self.now)?;
        let mut notes = Vec::new();
        if let Err(error) = old.check_signed_by(authority.certificate()) {
            let message = foreign(&error, &authority);
            if !self.foreign {
                return Err(SigningFault {
                    place: Place::Foreign,
                    message,
                });
            }
            notes.push(message);
        }
        let key = if self.new_key {
            let kind = old
                .public_key()
                .map_or(KeyType::Rsa2048, |key| key.kind_in_its_place());
            let key = PrivateKey::generate(kind, rng).map_err(SigningFault::of(Place::Whole))?;
            Some(key)
        } else {
            None
        };
        let public = key.as_ref().map(PrivateKey::public_key);
        let certificate = authority
            .renew(&old, public.as_ref(), days, self.now, rng)
            .map_err(|error| {
                let place = match error {
                    RenewalError::Issue(IssueError::PastAuthority { .. }) => Place::Days,
                    _ => Place::Subject,
                };
                SigningFault::of(place)(error)
            })?;
        if old.version() < 3 {
            notes.push(
                "The old one was of version 1 and said nothing of usages; the new one is of version 3."
                    .to_owned(),
            );
        }
        let whole = SigningFault::of(Place::Whole);
        Ok(Renewed {
            key: key
                .map(|key| key.to_pem().map(|pem| Secret(pem.to_string())))
                .transpose()
                .map_err(SigningFault::of(Place::Whole))?,
            subject: openssl_spelling(certificate.subject()),
            names: certificate
                .names()
                .iter()
                .map(ToString::to_string)
                .collect(),
            serial_number: certificate.serial_number(),
            not_after: certificate.validity().not_after,
            notes,
            certificate: certificate.to_pem().map_err(whole)?,
        })
    }
}

/// That a certificate is not this CA's, in words.
fn foreign(error: &SignedByError, authority: &Authority) -> String {
    let subject = openssl_spelling(authority.certificate().subject());
    match error {
        SignedByError::OtherIssuer { issuer, .. } => {
            format!("the old certificate was issued by {issuer}, not by this {subject}")
        }
        SignedByError::Signature { .. } => format!(
            "the old certificate was issued by another {subject} than this one: the name is the same, the key is not"
        ),
        error => error.to_string(),
    }
}

impl Revocation {
    /// Issues the CRL.
    ///
    /// # Errors
    ///
    /// What is wrong with which of the things that were given.
    pub fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Result<Revoked, SigningFault> {
        let at = SigningFault::at;
        let mut certificates = Vec::new();
        for made in &self.certificates {
            let certificate = Certificate::from_pem(&made.certificate);
            let certificate = certificate.map_err(SigningFault::of(Place::Subject))?;
            certificates.push((certificate, made.reason));
        }
        let pasted = Pasted::read(&self.text, self.reason)?;
        certificates.extend(pasted.certificates.into_iter().map(|it| (it, self.reason)));
        let number: u64 = self.number.trim().parse().map_err(|_| {
            at(Place::Number)(format!(
                "“{}” is no number; write a whole one, larger than that of the CRL before",
                self.number.trim()
            ))
        })?;
        let days: Days = self.days.parse().map_err(SigningFault::of(Place::Days))?;
        let first = certificates.first().map(|(certificate, _)| certificate);
        let authority = choose(&self.authorities, first, self.now)?;
        let mut notes = Vec::new();
        let mut entries: Vec<RevokedCertificate> = Vec::new();
        let mut seen = HashSet::new();
        let mut add = |serial_number: SerialNumber, reason: Option<RevocationReason>| {
            if seen.insert(serial_number.clone()) {
                entries.push(RevokedCertificate {
                    serial_number,
                    date: self.now,
                    reason,
                });
            }
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
            .map_err(SigningFault::of(Place::Whole))?;
        Ok(Revoked {
            der: Base64::encode_string(list.der()),
            pem: list.to_pem().map_err(SigningFault::of(Place::Whole))?,
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

/// What stands in a text.
struct Pasted {
    certificates: Vec<Certificate>,
    /// The serial numbers around them, each with its reason, if it has one.
    serial_numbers: Vec<(SerialNumber, Option<RevocationReason>)>,
}

impl Pasted {
    /// Reads a text. `reason` is for the numbers of lines that say none;
    /// `unspecified` at a line's end is to give none there.
    fn read(text: &str, reason: Option<RevocationReason>) -> Result<Self, SigningFault> {
        let fault = || SigningFault::of(Place::Subject);
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
            for block in pem::blocks(text).map_err(SigningFault::of(Place::Subject))? {
                if block.label != "CERTIFICATE" {
                    return Err(SigningFault::at(Place::Subject)(format!(
                        "“{}” can’t be revoked; give certificates or serial numbers",
                        block.label
                    )));
                }
                certificates.push(
                    Certificate::from_der(&block.der).map_err(SigningFault::of(Place::Subject))?,
                );
            }
        }
        let mut numbers = Vec::new();
        let mut serial_numbers = Vec::new();
        for line in lines {
            let (line, word) = reason_behind(line);
            let reason = match word {
                Some(word) => {
                    RevocationReason::read(word).map_err(SigningFault::of(Place::Subject))?
                }
                None => reason,
            };
            let read = serial_number::parse_list(line).map_err(fault())?;
            serial_numbers.extend(read.into_iter().map(|number| (number, reason)));
            numbers.push(line);
        }
        // The same number twice is a slip, on whichever lines.
        serial_number::parse_list(&numbers.join("\n")).map_err(fault())?;
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

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;
    use crate::pki::{
        authority::AuthorityOptions, certification_request::CertificationRequest,
        purposes::Purposes,
    };

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn authority(name: &str, rng: &mut ChaCha20Rng) -> Authority {
        let key = PrivateKey::generate(KeyType::P256, rng).unwrap();
        let options = AuthorityOptions::new(name.parse().unwrap(), "100".parse().unwrap());
        Authority::create(&options, key, now(), rng).unwrap()
    }

    fn signing(authority: &Authority) -> SigningAuthority {
        SigningAuthority {
            pair: PemPair {
                certificate: authority.certificate().to_pem().unwrap(),
                key: authority.key().to_pem().unwrap().to_string(),
            },
            passphrase: None,
        }
    }

    fn client(authority: &Authority, rng: &mut ChaCha20Rng) -> Certificate {
        let key = PrivateKey::generate(KeyType::Ed25519, rng).unwrap();
        let names = ["a.lab.test".parse().unwrap()];
        let request =
            CertificationRequest::create(&"CN=client".parse().unwrap(), &names, &key, rng).unwrap();
        authority
            .issue(
                &request,
                &names,
                Purposes::Client,
                "10".parse().unwrap(),
                now(),
                rng,
            )
            .unwrap()
    }

    fn renewal(authorities: &[&Authority], old: &Certificate) -> Renewal {
        Renewal {
            authorities: authorities.iter().map(|it| signing(it)).collect(),
            certificate: old.to_pem().unwrap(),
            new_key: false,
            days: "20".to_owned(),
            foreign: false,
            now: now(),
        }
    }

    #[test]
    fn the_authority_that_issued_it_renews_it_whatever_the_order() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let other = authority("CN=other", &mut rng);
        let own = authority("CN=own", &mut rng);
        let old = client(&own, &mut rng);
        let renewed = renewal(&[&other, &own], &old).perform(&mut rng).unwrap();
        let new = Certificate::from_pem(&renewed.certificate).unwrap();
        assert_eq!(new.check_signed_by(own.certificate()), Ok(()));
        assert_eq!(new.public_key(), old.public_key());
        assert_eq!(new.names(), old.names());
        assert_ne!(new.serial(), old.serial());
        assert_eq!(renewed.notes, [""; 0]);
        assert!(renewed.key.is_none());

        let mut order = renewal(&[&own], &old);
        order.new_key = true;
        let renewed = order.perform(&mut rng).unwrap();
        let key = PrivateKey::from_pem(&renewed.key.unwrap().0).unwrap();
        let new = Certificate::from_pem(&renewed.certificate).unwrap();
        assert_eq!(new.public_key().unwrap(), key.public_key());
        assert_ne!(new.public_key(), old.public_key());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let own = authority("CN=own", &mut rng);
        let namesake = authority("CN=own", &mut rng);
        let old = client(&own, &mut rng);
        let mut place = |change: &dyn Fn(&mut Renewal), by: &Authority| {
            let mut order = renewal(&[by], &old);
            change(&mut order);
            order.perform(&mut rng).map_or_else(
                |fault| (fault.place, fault.message),
                |_| (Place::Whole, String::new()),
            )
        };
        let (at, message) = place(&|_| {}, &namesake);
        assert_eq!(at, Place::Foreign);
        assert!(message.contains("the name is the same, the key is not"));
        assert_eq!(place(&|order| order.foreign = true, &namesake).1, "");
        assert_eq!(
            place(&|order| order.days = "101".to_owned(), &own).0,
            Place::Days
        );
        assert_eq!(
            place(&|order| order.certificate = "x".to_owned(), &own).0,
            Place::Subject
        );
        assert_eq!(
            place(
                &|order| order.authorities[0].pair.key = "x".to_owned(),
                &own
            )
            .0,
            Place::AuthorityKey
        );
    }

    #[test]
    fn a_crl_lists_certificates_and_numbers_each_once() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let own = authority("CN=own", &mut rng);
        let old = client(&own, &mut rng);
        let mut order = Revocation {
            authorities: vec![signing(&own)],
            certificates: vec![MadeHere {
                certificate: old.to_pem().unwrap(),
                reason: Some(RevocationReason::KeyCompromise),
            }],
            text: format!(
                "0x0A0b\n{}\n{}\n0C superseded\n0D, 0E unspecified",
                old.to_pem().unwrap(),
                old.serial()
            ),
            reason: Some(RevocationReason::CessationOfOperation),
            number: " 12 ".to_owned(),
            days: "7".to_owned(),
            now: now(),
        };
        let revoked = order.perform(&mut rng).unwrap();
        let entries: Vec<_> = revoked
            .entries
            .iter()
            .map(|entry| (entry.serial_number.clone(), entry.reason))
            .collect();
        assert_eq!(
            entries,
            [
                (
                    old.serial().to_string(),
                    Some(RevocationReason::KeyCompromise)
                ),
                (
                    "0A0B".to_owned(),
                    Some(RevocationReason::CessationOfOperation)
                ),
                ("0C".to_owned(), Some(RevocationReason::Superseded)),
                ("0D".to_owned(), None),
                ("0E".to_owned(), None),
            ]
        );
        assert_eq!(revoked.authority, own.certificate().fingerprint());
        assert_eq!(revoked.number, 12);
        assert_eq!(revoked.notes, [""; 0]);
        let list = RevocationList::from_der(&revoked.der()).unwrap();
        assert!(list.revokes(&old.serial()));
        assert_eq!(list.check_signed_by(own.certificate()), Ok(()));
        assert_eq!(RevocationList::from_pem(&revoked.pem).unwrap(), list);

        order.text = own.key().to_pem().unwrap().to_string();
        assert_eq!(
            order.perform(&mut rng).map(|_| ()).unwrap_err().place,
            Place::Subject
        );
        for wrong in [
            "no number",
            "0C stolen",
            "0C removeFromCRL",
            "0C\n0C superseded",
        ] {
            wrong.clone_into(&mut order.text);
            assert_eq!(
                order.perform(&mut rng).map(|_| ()).unwrap_err().place,
                Place::Subject,
                "{wrong}"
            );
        }
        order.text.clear();
        order.number = "-1".to_owned();
        assert_eq!(
            order.perform(&mut rng).map(|_| ()).unwrap_err().place,
            Place::Number
        );
        order.number = "1".to_owned();
        order.certificates.clear();
        assert!(order.perform(&mut rng).unwrap().notes[0].contains("revokes nobody"));
    }
}
