//! One piece of work, small enough for a worker: values in, values out. Who
//! runs it gives the random generator. Tasks and outcomes travel between the
//! page and its workers as JSON and may hold private keys: whoever carries one
//! wipes it afterwards.

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{IssuedAuthority, IssuedIdentity};
use crate::{
    etcd::plan::{CheckedIdentity, IdentityPlan, Requested},
    pki::{
        authority::{Authority, AuthorityError, Usage},
        certificate::Certificate,
        certification_request::CertificationRequest,
        key::PrivateKey,
        name::{common_name, openssl_spelling},
    },
};

/// A certificate and a key as PEM, on their way between page and worker.
#[derive(Clone, Serialize, Deserialize)]
pub struct PemPair {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl Drop for PemPair {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// A piece of work.
#[derive(Clone, Serialize, Deserialize)]
pub enum Task {
    /// Make an RSA-2048 key.
    MakeKey,
    /// Read a CA that the reader brings.
    ReadAuthority {
        /// The CA.
        authority: PemPair,
        /// The time, for its validity.
        now: Timestamp,
    },
    /// Make a CA.
    MakeAuthority {
        /// Its subject, as typed and checked.
        subject: String,
        /// Its days, as typed and checked.
        days: String,
        /// Its private key as PEM.
        key: Secret,
        /// The time.
        now: Timestamp,
    },
    /// Issue a certificate.
    Issue {
        /// The CA.
        authority: PemPair,
        /// What is wanted, as typed and checked.
        identity: IdentityPlan,
        /// Whether it is the server's.
        server: bool,
        /// The private key as PEM; none where the plan has a CSR.
        key: Option<Secret>,
        /// The time.
        now: Timestamp,
    },
}

/// A private key as PEM, wiped on drop.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What came of a task.
#[derive(Clone, Serialize, Deserialize)]
pub enum Outcome {
    /// A private key as PEM.
    Key(Secret),
    /// A CA, made or read.
    Authority(PemPair),
    /// A certificate.
    Issued {
        /// The certificate as PEM.
        certificate: String,
        /// The CSR as PEM.
        csr: String,
    },
    /// The CA that the reader brings can't be taken: which of its two files,
    /// and why.
    AuthorityRefused {
        /// Whether the fault lies with the key rather than the certificate.
        key: bool,
        /// The sentence for the reader.
        message: String,
    },
    /// The task failed, which no checked plan makes it do.
    Failed {
        /// Why.
        message: String,
    },
}

/// A task under way. A worker steps it and looks at its messages in between,
/// so that it can be stopped; without workers the page does the same.
pub struct Work {
    task: Task,
}

/// What one step came to.
pub enum Step {
    /// There is more to do.
    Working {
        /// The candidates for primes that this step tried.
        candidates: u64,
    },
    /// The task is done.
    Done(Outcome),
}

impl Work {
    /// Takes up a task.
    #[must_use]
    pub fn new(task: Task) -> Self {
        Self { task }
    }

    /// Goes on for a few hundredths of a second.
    pub fn step<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Step {
        Step::Done(self.task.perform(rng))
    }
}

impl Task {
    /// Does the whole work at once.
    pub fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Outcome {
        match self {
            Self::MakeKey => make_key(rng).unwrap_or_else(failed),
            Self::ReadAuthority { authority, now } => read_authority(authority, *now),
            Self::MakeAuthority {
                subject,
                days,
                key,
                now,
            } => make_authority(subject, days, key, *now, rng).unwrap_or_else(failed),
            Self::Issue {
                authority,
                identity,
                server,
                key,
                now,
            } => {
                issue(authority, identity, *server, key.as_ref(), *now, rng).unwrap_or_else(failed)
            }
        }
    }
}

fn failed(message: String) -> Outcome {
    Outcome::Failed { message }
}

/// An error as the sentence that the page shows.
fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn make_key<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<Outcome, String> {
    let key = PrivateKey::generate_rsa(rng).map_err(sentence)?;
    let pem = key.to_pem().map_err(sentence)?;
    Ok(Outcome::Key(Secret(pem.to_string())))
}

fn read_authority(authority: &PemPair, now: Timestamp) -> Outcome {
    match Authority::from_pem(&authority.certificate, &authority.key, now) {
        Ok(authority) => pair(&authority).unwrap_or_else(failed),
        Err(error) => Outcome::AuthorityRefused {
            key: matches!(
                error,
                AuthorityError::Key(_) | AuthorityError::KeyMismatch { .. }
            ),
            message: error.to_string(),
        },
    }
}

/// A CA in its plainest form: one PEM block each, whatever stood around it.
fn pair(authority: &Authority) -> Result<Outcome, String> {
    Ok(Outcome::Authority(PemPair {
        certificate: authority.certificate().to_pem().map_err(sentence)?,
        key: authority.key().to_pem().map_err(sentence)?.to_string(),
    }))
}

fn make_authority<R: CryptoRng + ?Sized>(
    subject: &str,
    days: &str,
    key: &Secret,
    now: Timestamp,
    rng: &mut R,
) -> Result<Outcome, String> {
    let subject = subject
        .parse()
        .map_err(|error: crate::pki::name::NameError| error.to_string())?;
    let days = days
        .parse()
        .map_err(|error: crate::pki::validity::DaysError| error.to_string())?;
    let key = PrivateKey::from_pem(&key.0).map_err(sentence)?;
    let authority = Authority::create(&subject, days, key, now, rng).map_err(sentence)?;
    pair(&authority)
}

fn issue<R: CryptoRng + ?Sized>(
    authority: &PemPair,
    identity: &IdentityPlan,
    server: bool,
    key: Option<&Secret>,
    now: Timestamp,
    rng: &mut R,
) -> Result<Outcome, String> {
    let usage = if server { Usage::Server } else { Usage::Client };
    let identity = CheckedIdentity::read(identity, usage, now)?;
    let authority =
        Authority::from_pem(&authority.certificate, &authority.key, now).map_err(sentence)?;
    let request = match (&identity.request, key) {
        (Requested::Csr(request), _) => (**request).clone(),
        (Requested::Subject(subject), Some(key)) => {
            let key = PrivateKey::from_pem(&key.0).map_err(sentence)?;
            CertificationRequest::create(subject, &identity.names, &key, rng).map_err(sentence)?
        }
        (Requested::Subject(_), None) => return Err("the private key is missing".to_owned()),
    };
    let certificate = authority
        .issue(&request, &identity.names, usage, identity.days, now, rng)
        .map_err(sentence)?;
    Ok(Outcome::Issued {
        certificate: certificate.to_pem().map_err(sentence)?,
        csr: request.to_pem().map_err(sentence)?,
    })
}

impl IssuedAuthority {
    /// Reads the facts out of a CA's certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub fn read(pair: &PemPair) -> Result<Self, String> {
        let certificate = Certificate::from_pem(&pair.certificate).map_err(sentence)?;
        Ok(Self {
            subject: openssl_spelling(certificate.subject()),
            common_name: common_name(certificate.subject()),
            validity: certificate.validity(),
            fingerprint: certificate.fingerprint(),
            notices: certificate
                .authority_notices()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            certificate: pair.certificate.clone(),
            key: Zeroizing::new(pair.key.clone()),
        })
    }
}

impl IssuedIdentity {
    /// Reads the facts out of an issued certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub(super) fn read(
        plan: &IdentityPlan,
        usage: Usage,
        key: Option<&Secret>,
        csr: String,
        pem: String,
    ) -> Result<Self, String> {
        let certificate = Certificate::from_pem(&pem).map_err(sentence)?;
        Ok(Self {
            plan: plan.clone(),
            usage,
            key: key.map(|key| Zeroizing::new(key.0.clone())),
            csr,
            subject: openssl_spelling(certificate.subject()),
            names: certificate
                .names()
                .iter()
                .map(ToString::to_string)
                .collect(),
            serial_number: certificate.serial_number(),
            validity: certificate.validity(),
            certificate: pem,
        })
    }
}
