//! One piece of work, small enough for a worker: values in, values out. Who
//! runs it gives the random generator. Tasks and outcomes travel between the
//! page and its workers as JSON and may hold private keys: whoever carries one
//! wipes it afterwards.

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{
    IssuedAuthority, IssuedIdentity,
    diagnosing::{Diagnosed, Evidence},
    drills::{self, Basis, Drill, DrillSet, Place, Seed},
    judging::{Inquiry, Judged},
};
use crate::{
    etcd::plan::{CheckedIdentity, IdentityPlan, Requested},
    pki::{
        authority::{Authority, AuthorityError, Usage},
        certificate::Certificate,
        certification_request::CertificationRequest,
        key::PrivateKey,
        name::{common_name, openssl_spelling},
        rsa_key::{
            self, AssembleError, JudgeError, JudgedPrime, ModulusBits, PrimeSearch, ProbablePrime,
        },
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
    /// Find a prime for an RSA-2048 key. This takes longer than all else, and
    /// is a lottery: see [`rsa_key`].
    FindPrime,
    /// Make a key of two primes.
    AssembleKey {
        /// One prime.
        p: PrimeBytes,
        /// Another.
        q: PrimeBytes,
    },
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
    /// Say what etcd and etcdctl would say.
    Judge(Box<Inquiry>),
    /// Say what is wrong with what is at hand.
    Diagnose(Box<Evidence>),
    /// Make a deliberate mistake, or make it good.
    Drill {
        /// Which.
        drill: Drill,
        /// Whether it is to be mended.
        mended: bool,
        /// What the drills before were made with.
        basis: Option<Box<Basis>>,
        /// What to make a basis of, where there is none.
        seed: Box<Seed>,
        /// Where its folder is to lie and its etcd is to listen.
        place: Place,
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

/// A judged prime, big-endian, wiped on drop.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrimeBytes(Vec<u8>);

impl Drop for PrimeBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What came of a task.
#[derive(Clone, Serialize, Deserialize)]
pub enum Outcome {
    /// A prime.
    Prime(PrimeBytes),
    /// A private key as PEM.
    Key(Secret),
    /// The two primes make no key that FIPS 186-5 allows; take others. One pair
    /// in 2^99 comes here.
    PrimesRefused,
    /// A CA, made or read.
    Authority(PemPair),
    /// A certificate.
    Issued {
        /// The certificate as PEM.
        certificate: String,
        /// The CSR as PEM.
        csr: String,
    },
    /// What etcd and etcdctl would say.
    Judged(Box<Judged>),
    /// What is wrong.
    Diagnosed(Box<Diagnosed>),
    /// A drill, and what others can be made with.
    Drilled(Box<DrillSet>, Box<Basis>),
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

impl Outcome {
    /// The sentence for the reader about an outcome that is not what was asked
    /// for: why the task failed, or that something is wrong with this program.
    pub(crate) fn unexpected(self) -> String {
        match self {
            Self::Failed { message } | Self::AuthorityRefused { message, .. } => message,
            _ => "a worker answered another question than it was asked; please report this"
                .to_owned(),
        }
    }
}

/// Where tasks are worked on, one after the other. It keeps what is costly to
/// make and holds no secret between two tasks: the table of small primes.
#[derive(Default)]
pub struct Workbench {
    search: Option<PrimeSearch>,
    found: Option<ProbablePrime>,
    task: Option<Task>,
}

/// What one step came to.
pub enum Step {
    /// There is more to do.
    Working {
        /// The candidates for primes that this step tried.
        candidates: u32,
    },
    /// The task is done.
    Done(Outcome),
}

/// Batches of four candidates in one step: about a hundredth of a second, so
/// that a worker soon sees a message, and the page, where it has no workers,
/// stays answerable.
const BATCHES: u32 = 8;

impl Workbench {
    /// Takes up a task, and lets go of the one before.
    pub fn begin(&mut self, task: Task) {
        self.found = None;
        self.task = Some(task);
    }

    /// Lets go of the task.
    pub fn stop(&mut self) {
        self.found = None;
        self.task = None;
    }

    /// Whether there is a task.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.task.is_some()
    }

    /// Goes on for a few hundredths of a second. Gives nothing if there is no
    /// task.
    pub fn step<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<Step> {
        let step = match self.task.as_ref()? {
            Task::FindPrime => self.find_prime(rng),
            task => Step::Done(task.perform(rng)),
        };
        if let Step::Done(_) = step {
            self.stop();
        }
        Some(step)
    }

    /// Searches, or judges what was found: each is a step.
    fn find_prime<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Step {
        if let Some(prime) = self.found.take() {
            return match rsa_key::judge_prime(&prime, rng) {
                Ok(prime) => Step::Done(Outcome::Prime(PrimeBytes(prime.to_be_bytes().to_vec()))),
                Err(JudgeError::Composite { .. }) => Step::Working { candidates: 0 },
                Err(error) => Step::Done(failed(error.to_string())),
            };
        }
        let search = self
            .search
            .get_or_insert_with(|| PrimeSearch::new(ModulusBits::Rsa2048));
        let Ok(step) = search.step(BATCHES, rng);
        match step {
            rsa_key::Step::Searching { tried } => Step::Working { candidates: tried },
            rsa_key::Step::Found { tried, prime } => {
                self.found = Some(prime);
                Step::Working { candidates: tried }
            }
        }
    }

    /// Works on a task to its end.
    pub fn finish<R: CryptoRng + ?Sized>(&mut self, task: Task, rng: &mut R) -> Outcome {
        self.begin(task);
        loop {
            match self.step(rng) {
                Some(Step::Working { .. }) => {}
                Some(Step::Done(outcome)) => return outcome,
                None => return failed("there is no task".to_owned()),
            }
        }
    }
}

impl Task {
    /// Does work that is not worth cutting into steps.
    fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Outcome {
        match self {
            Self::FindPrime => failed("a search is done in steps".to_owned()),
            Self::AssembleKey { p, q } => assemble_key(p, q).unwrap_or_else(failed),
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
            Self::Judge(inquiry) => match inquiry.judge() {
                Ok(judged) => Outcome::Judged(Box::new(judged)),
                Err(error) => failed(error.to_string()),
            },
            Self::Diagnose(evidence) => Outcome::Diagnosed(Box::new(evidence.diagnose())),
            Self::Drill {
                drill,
                mended,
                basis,
                seed,
                place,
                now,
            } => make_drill(*drill, *mended, basis.as_deref(), seed, place, *now, rng)
                .unwrap_or_else(|error| failed(error.to_string())),
        }
    }
}

fn make_drill<R: CryptoRng + ?Sized>(
    drill: Drill,
    mended: bool,
    basis: Option<&Basis>,
    seed: &Seed,
    place: &Place,
    now: Timestamp,
    rng: &mut R,
) -> Result<Outcome, drills::DrillError> {
    let basis = match basis {
        Some(basis) => basis.clone(),
        None => Basis::make(seed, now, rng)?,
    };
    let set = drills::make(drill, mended, &basis, place, now, rng)?;
    Ok(Outcome::Drilled(Box::new(set), Box::new(basis)))
}

fn failed(message: String) -> Outcome {
    Outcome::Failed { message }
}

/// An error as the sentence that the page shows.
fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn assemble_key(p: &PrimeBytes, q: &PrimeBytes) -> Result<Outcome, String> {
    let p = JudgedPrime::from_judged_be_bytes(&p.0).map_err(sentence)?;
    let q = JudgedPrime::from_judged_be_bytes(&q.0).map_err(sentence)?;
    let key = match rsa_key::assemble(&p, &q) {
        Ok(key) => key,
        Err(AssembleError::PrimesTooClose { .. } | AssembleError::ExponentTooSmall { .. }) => {
            return Ok(Outcome::PrimesRefused);
        }
        Err(error) => return Err(sentence(error)),
    };
    let pem = PrivateKey::from_rsa(key)
        .and_then(|key| key.to_pem())
        .map_err(sentence)?;
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
