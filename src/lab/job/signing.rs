//! What renewing and revoking share: the CA that is to sign, chosen among those
//! that are there, and what is wrong with which of the things that were given.

use std::{error::Error, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    lab::secret::{PemPair, Secret},
    pki::{
        authority::{Authority, AuthorityError},
        certificate::Certificate,
        chain::Chain,
        key::PrivateKey,
    },
};

/// A CA that is to sign.
#[derive(Clone, Serialize, Deserialize)]
pub struct SigningAuthority {
    /// Its certificate and key as PEM.
    pub pair: PemPair,
    /// The key's passphrase, where it has one.
    pub passphrase: Option<Secret>,
}

/// With which of the things that were given something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningField {
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
    /// The CRL before.
    Before,
    /// The CRL's number.
    Number,
    /// The whole.
    Whole,
}

/// Why nothing was signed, as it travels to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningFault {
    /// Where the fault lies.
    pub field: SigningField,
    /// The sentence for the reader.
    pub message: String,
}

impl From<NotSigned> for SigningFault {
    fn from(error: NotSigned) -> Self {
        Self {
            field: error.field,
            message: error.to_string(),
        }
    }
}

/// Why nothing was signed.
#[derive(Debug)]
pub struct NotSigned {
    /// Where the fault lies.
    pub field: SigningField,
    /// The error of whoever could not do it.
    pub cause: Box<dyn Error + Send + Sync>,
}

impl NotSigned {
    pub(super) fn at<E: Error + Send + Sync + 'static>(field: SigningField) -> impl Fn(E) -> Self {
        move |error| Self {
            field,
            cause: Box::new(error),
        }
    }
}

impl fmt::Display for NotSigned {
    /// The words of whoever could not do it: they are for the reader.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(formatter)
    }
}

impl Error for NotSigned {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // Its words are the cause's own, so that what lies behind it comes next.
        self.cause.source()
    }
}

/// There is no CA to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no CA to sign with")]
struct NoAuthority;

impl SigningAuthority {
    fn read(&self, now: Timestamp) -> Result<Authority, NotSigned> {
        let chain = Chain::from_pem(&self.pair.certificate)
            .map_err(NotSigned::at(SigningField::AuthorityCertificate))?;
        let passphrase = self
            .passphrase
            .as_ref()
            .map(|passphrase| passphrase.0.as_str())
            .unwrap_or_default();
        let key = PrivateKey::from_encrypted_pem(&self.pair.key, passphrase)
            .map_err(NotSigned::at(SigningField::AuthorityKey))?;
        Authority::new(chain, key, now).map_err(|error| {
            let field = match error {
                AuthorityError::Key(_) | AuthorityError::KeyMismatch { .. } => {
                    SigningField::AuthorityKey
                }
                _ => SigningField::AuthorityCertificate,
            };
            NotSigned::at(field)(error)
        })
    }
}

/// The CA of whose certificate `is_issuer` says so, or else the first.
pub(super) fn choose(
    authorities: &[SigningAuthority],
    is_issuer: impl Fn(&Certificate) -> bool,
    now: Timestamp,
) -> Result<Authority, NotSigned> {
    authorities
        .iter()
        .find(|authority| {
            Chain::from_pem(&authority.pair.certificate).is_ok_and(|chain| is_issuer(chain.first()))
        })
        .or_else(|| authorities.first())
        .ok_or(NoAuthority)
        .map_err(NotSigned::at(SigningField::Whole))?
        .read(now)
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;
    use crate::{
        lab::job::{
            renew::Renewal,
            revoke::{MadeHere, Revocation, Revoked},
        },
        pki::{
            authority::AuthorityOptions,
            certification_request::CertificationRequest,
            key::KeyType,
            purposes::Purposes,
            revocation_list::{RevocationList, RevocationReason},
        },
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
    fn each_name_that_is_taken_over_is_told_whatever_its_kind() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let own = authority("CN=own", &mut rng);
        let old = include_str!("../../../tests/fixtures/mail-and-uri.crt");
        let old = Certificate::from_pem(old).unwrap();
        let mut order = renewal(&[&own], &old);
        order.foreign = true;
        let renewed = order.perform(&mut rng).unwrap();
        for kind in ["DNS:", "IP:", "email:", "URI:"] {
            let told = renewed.names.iter().any(|name| name.starts_with(kind));
            assert!(told, "{kind} {:?}", renewed.names);
        }
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
                |fault| (fault.field, fault.to_string()),
                |_| (SigningField::Whole, String::new()),
            )
        };
        let (at, message) = place(&|_| {}, &namesake);
        assert_eq!(at, SigningField::Foreign);
        assert!(message.contains("the name is the same, the key is not"));
        assert_eq!(place(&|order| order.foreign = true, &namesake).1, "");
        assert_eq!(
            place(&|order| order.days = "101".to_owned(), &own).0,
            SigningField::Days
        );
        assert_eq!(
            place(&|order| order.certificate = "x".to_owned(), &own).0,
            SigningField::Subject
        );
        assert_eq!(
            place(
                &|order| order.authorities[0].pair.key = "x".to_owned(),
                &own
            )
            .0,
            SigningField::AuthorityKey
        );
    }

    /// A CRL of this CA with nothing on it but what the change adds.
    fn list(own: &Authority, change: impl FnOnce(&mut Revocation)) -> Result<Revoked, NotSigned> {
        let mut order = Revocation {
            authorities: vec![signing(own)],
            certificates: Vec::new(),
            text: String::new(),
            reason: None,
            before: String::new(),
            number: String::new(),
            days: "7".to_owned(),
            now: now(),
        };
        change(&mut order);
        order.perform(&mut ChaCha20Rng::seed_from_u64(4))
    }

    #[test]
    fn what_the_crl_before_revokes_stays_revoked_and_the_number_goes_up() {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let own = authority("CN=own", &mut rng);
        let first = list(&own, |order| order.text = "0A superseded\n0B".to_owned()).unwrap();
        assert_eq!(first.number, 1);
        assert_eq!(first.notes, [""; 0]);
        let before = RevocationList::from_pem(&first.pem).unwrap();

        let day = |order: &mut Revocation| order.now = "2026-11-25T10:00:00Z".parse().unwrap();
        let next = list(&own, |order| {
            order.before.clone_from(&first.pem);
            order.text = "0C\n0B keyCompromise".to_owned();
            day(order);
        })
        .unwrap();
        assert_eq!(next.number, 2);
        assert_eq!(next.notes, [""; 0]);
        let read = RevocationList::from_der(&next.der)
            .unwrap()
            .revoked()
            .unwrap();
        let [superseded, compromised, new] = read.as_slice() else {
            panic!("{read:?}");
        };
        assert_eq!(*superseded, before.revoked().unwrap()[0]);
        // Known since the first list, for a reason that is known only now.
        assert_eq!(compromised.date, before.revoked().unwrap()[1].date);
        assert_eq!(compromised.reason, Some(RevocationReason::KeyCompromise));
        assert_eq!(new.date.to_string(), "2026-11-25T10:00:00Z");

        // A list of another CA, no list, and a number that does not grow.
        let other = authority("CN=other", &mut rng);
        let refused = |own: &Authority, change: &dyn Fn(&mut Revocation)| {
            let error = list(own, |order| change(order)).map(|_| ()).unwrap_err();
            (error.field, error.to_string())
        };
        let (field, message) = refused(&other, &|order| order.before.clone_from(&first.pem));
        assert_eq!(field, SigningField::Before);
        assert!(
            message.starts_with("this CRL is not of the CA that signs"),
            "{message}"
        );
        let (field, _) = refused(&own, &|order| {
            order.before = own.key().to_pem().unwrap().to_string();
        });
        assert_eq!(field, SigningField::Before);
        let (field, message) = refused(&own, &|order| {
            order.before.clone_from(&first.pem);
            order.number = "1".to_owned();
        });
        assert_eq!(field, SigningField::Number);
        assert!(message.contains("has number 1"), "{message}");
        // Nothing comes behind the last number.
        let last = list(&own, |order| order.number = u64::MAX.to_string()).unwrap();
        let (field, _) = refused(&own, &|order| order.before.clone_from(&last.pem));
        assert_eq!(field, SigningField::Number);
    }

    #[test]
    fn the_ca_of_the_crl_before_signs_the_next_one() {
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        let (one, other) = (
            authority("CN=one", &mut rng),
            authority("CN=other", &mut rng),
        );
        let before = list(&other, |_| ()).unwrap();
        let next = list(&one, |order| {
            order.authorities.push(signing(&other));
            order.before = before.pem;
        });
        assert_eq!(next.unwrap().authority, other.certificate().fingerprint());
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
            before: String::new(),
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
        let [note] = revoked.notes.as_slice() else {
            panic!("{:?}", revoked.notes);
        };
        assert!(note.contains("before this number 12 was not given"));
        let list = RevocationList::from_der(&revoked.der).unwrap();
        let listed = list.revoked().unwrap();
        assert!(listed.iter().any(|it| it.serial_number == old.serial()));
        assert_eq!(list.check_signed_by(own.certificate()), Ok(()));
        assert_eq!(RevocationList::from_pem(&revoked.pem).unwrap(), list);

        order.text = own.key().to_pem().unwrap().to_string();
        assert_eq!(
            order.perform(&mut rng).map(|_| ()).unwrap_err().field,
            SigningField::Subject
        );
        for wrong in [
            "no number",
            "0C stolen",
            "0C removeFromCRL",
            "0C\n0C superseded",
        ] {
            wrong.clone_into(&mut order.text);
            assert_eq!(
                order.perform(&mut rng).map(|_| ()).unwrap_err().field,
                SigningField::Subject,
                "{wrong}"
            );
        }
        order.text.clear();
        order.number = "-1".to_owned();
        assert_eq!(
            order.perform(&mut rng).map(|_| ()).unwrap_err().field,
            SigningField::Number
        );
        order.number = "1".to_owned();
        order.certificates.clear();
        assert!(order.perform(&mut rng).unwrap().notes[0].contains("revokes nobody"));
    }
}
