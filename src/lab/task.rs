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
    export::{ExportOrder, Exported},
    inspection::{self, GivenFile, Inspected},
    judging::{Inquiry, Judged},
    signing::{Renewal, Renewed, Revocation, Revoked, SigningFault},
};
use rsa_key::{
    self, AssembleError, JudgeError, JudgedPrime, ModulusBits, PrimeSearch, ProbablePrime,
};

use crate::{
    etcd::{
        deployment::AuthorityKeyUsage,
        plan::{AuthorityRequest, CheckedIdentity, Requested},
    },
    pki::{
        authority::{self, Authority, AuthorityError, AuthorityOptions},
        certificate::Certificate,
        certification_request::CertificationRequest,
        chain::Chain,
        key::{KeyError, KeyType, PrivateKey},
        name::{NameError, common_name, openssl_spelling},
        name_constraint::NameConstraints,
        password_encryption::EncryptionError,
        purposes::Purposes,
        subject_alternative_name::SubjectAlternativeName,
        validity::{DaysError, Validity},
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
    /// Find what is very likely a prime for an RSA key, unjudged. This takes
    /// longer than all else, and is a lottery: see [`rsa_key`].
    FindPrime {
        /// The size of the key's modulus.
        #[serde(with = "modulus")]
        size: ModulusBits,
    },
    /// Judge a find, for a share of the rounds that it takes.
    JudgePrime {
        /// The find.
        prime: PrimeBytes,
        /// Rounds of the judge's test.
        rounds: u32,
    },
    /// Make a key of two finds. Whether they are prime is asked elsewhere at the
    /// same time: see [`super::keys`], which keeps the key until that is known.
    AssembleKey {
        /// One prime.
        p: PrimeBytes,
        /// Another.
        q: PrimeBytes,
    },
    /// Make a key that needs no search.
    GenerateKey {
        /// Its kind, which is not RSA.
        key_type: KeyType,
    },
    /// Read a CA that the reader brings.
    ReadAuthority {
        /// The CA.
        authority: PemPair,
        /// The passphrase of its key, where one was given.
        passphrase: Option<Secret>,
        /// The time, for its validity.
        now: Timestamp,
    },
    /// Make a CA.
    MakeAuthority {
        /// What it is to be.
        order: Box<AuthorityOrder>,
        /// The CA that signs it; none if it signs itself.
        issuer: Option<PemPair>,
        /// Its private key as PEM.
        key: Secret,
        /// The time.
        now: Timestamp,
    },
    /// Write a certificate and its key in other forms.
    Export(Box<ExportOrder>),
    /// Issue certificates, one after the other.
    Issue {
        /// The CA of all of them.
        authority: PemPair,
        /// What is wanted.
        leaves: Vec<Leaf>,
        /// The time.
        now: Timestamp,
    },
    /// Renew a certificate.
    Renew(Box<Renewal>),
    /// Issue a CRL.
    Revoke(Box<Revocation>),
    /// Look at files that the reader gives.
    Inspect {
        /// The files.
        files: Vec<GivenFile>,
        /// What is tried on those that are encrypted.
        passphrase: Option<Secret>,
        /// The time, for what has ended.
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

/// An [`AuthorityRequest`] as text, for its way to a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityOrder {
    subject: String,
    days: String,
    path_length: Option<u8>,
    permitted: Vec<String>,
    excluded: Vec<String>,
    kubeadm: bool,
    names: Vec<String>,
}

/// A certificate that is wanted, and the key for it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Leaf {
    /// What is wanted.
    pub order: LeafOrder,
    /// The key.
    pub key: LeafKey,
}

/// Where the private key for a certificate is.
#[derive(Clone, Serialize, Deserialize)]
pub enum LeafKey {
    /// With whoever made the CSR.
    Elsewhere,
    /// Here, as PEM.
    Made(Secret),
    /// Nowhere yet. It is of a kind that needs no search, so that it is made,
    /// used and written in one go.
    ToMake(KeyType),
}

/// A [`CheckedIdentity`] as text, for its way to a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafOrder {
    request: LeafRequest,
    names: Vec<String>,
    server: bool,
    days: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum LeafRequest {
    Subject(String),
    Csr(String),
}

impl AuthorityOrder {
    /// Writes a request down.
    #[must_use]
    pub fn new(request: &AuthorityRequest) -> Self {
        Self {
            subject: request.subject.to_openssl(),
            days: request.days.to_string(),
            path_length: request.path_length,
            permitted: texts(&request.constraints.permitted),
            excluded: texts(&request.constraints.excluded),
            kubeadm: request.key_usage == AuthorityKeyUsage::Kubeadm,
            names: texts(&request.names),
        }
    }
}

impl LeafOrder {
    /// Writes an identity down.
    ///
    /// # Errors
    ///
    /// Only if its CSR cannot be encoded, which none makes happen that could be
    /// read.
    pub fn new(identity: &CheckedIdentity) -> Result<Self, String> {
        Ok(Self {
            request: match &identity.request {
                Requested::Subject(subject, _) => LeafRequest::Subject(subject.to_openssl()),
                Requested::Csr(request) => LeafRequest::Csr(request.to_pem().map_err(sentence)?),
            },
            names: texts(&identity.names),
            server: identity.role.purposes() == Purposes::ServerAndClient,
            days: identity.days.to_string(),
        })
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// Reads back what [`texts`] wrote.
fn read_all<T>(texts: &[String]) -> Result<Vec<T>, String>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    texts
        .iter()
        .map(|text| text.parse().map_err(sentence))
        .collect()
}

/// A modulus's size as its number of bits.
mod modulus {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use rsa_key::ModulusBits;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the form that serde asks for"
    )]
    pub(super) fn serialize<S: Serializer>(
        size: &ModulusBits,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(size.bits())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ModulusBits, D::Error> {
        let bits = u32::deserialize(deserializer)?;
        ModulusBits::from_bits(bits).ok_or_else(|| D::Error::custom("no size of a modulus"))
    }
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

/// A find or a prime, big-endian, wiped on drop.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrimeBytes(Vec<u8>);

impl Drop for PrimeBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A certificate that was issued.
#[derive(Clone, Serialize, Deserialize)]
pub struct IssuedLeaf {
    /// The certificate as PEM.
    pub certificate: String,
    /// The CSR as PEM.
    pub csr: String,
    /// The private key as PEM, if it was to be made.
    pub key: Option<Secret>,
}

/// What came of a task.
#[derive(Clone, Serialize, Deserialize)]
pub enum Outcome {
    /// What is very likely a prime, unjudged.
    Prime(PrimeBytes),
    /// Whether the find passed the rounds.
    Judged(bool),
    /// A private key as PEM.
    Key(Secret),
    /// The two primes make no key that FIPS 186-5 allows; take others. One pair
    /// in 2^99 comes here.
    PrimesRefused,
    /// A CA, made or read.
    Authority(PemPair),
    /// Certificates, in the order in which they were asked for.
    Issued(Vec<IssuedLeaf>),
    /// Files in other forms.
    Exported(Vec<Exported>),
    /// A certificate that was renewed.
    Renewed(Box<Renewed>),
    /// A CRL.
    Revoked(Box<Revoked>),
    /// Nothing was signed, for this reason.
    SigningRefused(SigningFault),
    /// What was found in files.
    Inspected(Box<Inspected>),
    /// What etcd and etcdctl would say.
    Verdict(Box<Judged>),
    /// What is wrong.
    Diagnosed(Box<Diagnosed>),
    /// A drill, and what others can be made with.
    Drilled(Box<DrillSet>, Box<Basis>),
    /// The CA that the reader brings can't be taken: which of its two files,
    /// and why.
    AuthorityRefused {
        /// Whether the fault lies with the key rather than the certificate.
        key: bool,
        /// Whether it is the key's passphrase that is missing or wrong.
        passphrase: bool,
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
    /// The last search, for its size of keys.
    search: Option<PrimeSearch>,
    found: Option<ProbablePrime>,
    /// The rounds of the task that are passed.
    rounds: u32,
    /// The task's CA, once it is read, and what it has issued.
    authority: Option<Authority>,
    issued: Vec<IssuedLeaf>,
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

/// Batches of four candidates in one step: three milliseconds for a 2048-bit key,
/// so that a worker soon sees a message, and the page, where it has no workers,
/// stays answerable.
const BATCHES: u32 = 2;

impl Workbench {
    /// Takes up a task, and lets go of the one before.
    pub fn begin(&mut self, task: Task) {
        self.stop();
        self.task = Some(task);
    }

    /// Lets go of the task.
    pub fn stop(&mut self) {
        self.found = None;
        self.rounds = 0;
        self.authority = None;
        self.issued.clear();
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
            Task::FindPrime { size } => {
                let size = *size;
                self.find_prime(size, rng)
            }
            Task::JudgePrime { prime, rounds } => {
                let step = judge_prime(prime, rng);
                self.rounds += 1;
                match step {
                    Outcome::Judged(true) if self.rounds < *rounds => {
                        Step::Working { candidates: 0 }
                    }
                    outcome => Step::Done(outcome),
                }
            }
            Task::Issue {
                authority,
                leaves,
                now,
            } => {
                let issued = issue_next(
                    &mut self.authority,
                    authority,
                    leaves.get(self.issued.len()),
                    *now,
                    rng,
                );
                match issued {
                    Ok(Some(leaf)) => {
                        self.issued.push(leaf);
                        Step::Working { candidates: 0 }
                    }
                    Ok(None) => Step::Done(Outcome::Issued(std::mem::take(&mut self.issued))),
                    Err(message) => Step::Done(failed(message)),
                }
            }
            task => Step::Done(task.perform(rng)),
        };
        if let Step::Done(_) = step {
            self.stop();
        }
        Some(step)
    }

    /// Searches for a moment, or tells what was found: each is a step.
    fn find_prime<R: CryptoRng + ?Sized>(&mut self, size: ModulusBits, rng: &mut R) -> Step {
        if let Some(prime) = self.found.take() {
            let bytes = PrimeBytes(prime.to_be_bytes().to_vec());
            return Step::Done(Outcome::Prime(bytes));
        }
        // Its table is for one size; another size is rare enough to begin anew.
        if self.search.as_ref().map(PrimeSearch::size) != Some(size) {
            self.search = None;
        }
        let search = self.search.get_or_insert_with(|| PrimeSearch::new(size));
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
            Self::FindPrime { .. } | Self::JudgePrime { .. } | Self::Issue { .. } => {
                failed("this is done in steps".to_owned())
            }
            Self::AssembleKey { p, q } => assemble_key(p, q).unwrap_or_else(failed),
            Self::GenerateKey { key_type } => generate_key(*key_type, rng).unwrap_or_else(failed),
            Self::ReadAuthority {
                authority,
                passphrase,
                now,
            } => read_authority(authority, passphrase.as_ref(), *now),
            Self::MakeAuthority {
                order,
                issuer,
                key,
                now,
            } => make_authority(order, issuer.as_ref(), key, *now, rng).unwrap_or_else(failed),
            Self::Export(order) => order.perform(rng).map_or_else(failed, Outcome::Exported),
            Self::Renew(renewal) => renewal
                .perform(rng)
                .map_or_else(Outcome::SigningRefused, |renewed| {
                    Outcome::Renewed(Box::new(renewed))
                }),
            Self::Revoke(revocation) => revocation
                .perform(rng)
                .map_or_else(Outcome::SigningRefused, |list| {
                    Outcome::Revoked(Box::new(list))
                }),
            Self::Inspect {
                files,
                passphrase,
                now,
            } => Outcome::Inspected(Box::new(inspection::look(files, passphrase.as_ref(), *now))),
            Self::Judge(inquiry) => match inquiry.judge() {
                Ok(judged) => Outcome::Verdict(Box::new(judged)),
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

/// One round.
fn judge_prime<R: CryptoRng + ?Sized>(prime: &PrimeBytes, rng: &mut R) -> Outcome {
    let prime = match ProbablePrime::from_be_bytes(&prime.0) {
        Ok(prime) => prime,
        Err(error) => return failed(error.to_string()),
    };
    match rsa_key::judge_rounds(&prime, 1, rng) {
        Ok(()) => Outcome::Judged(true),
        Err(JudgeError::Composite { .. }) => Outcome::Judged(false),
        Err(error) => failed(error.to_string()),
    }
}

fn assemble_key(p: &PrimeBytes, q: &PrimeBytes) -> Result<Outcome, String> {
    let p = JudgedPrime::judged_elsewhere(&p.0).map_err(sentence)?;
    let q = JudgedPrime::judged_elsewhere(&q.0).map_err(sentence)?;
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

fn generate_key<R: CryptoRng + ?Sized>(key_type: KeyType, rng: &mut R) -> Result<Outcome, String> {
    let key = PrivateKey::generate(key_type, rng).map_err(sentence)?;
    let pem = key.to_pem().map_err(sentence)?;
    Ok(Outcome::Key(Secret(pem.to_string())))
}

fn read_authority(authority: &PemPair, passphrase: Option<&Secret>, now: Timestamp) -> Outcome {
    let passphrase = passphrase.map_or("", |passphrase| &passphrase.0);
    let read = Chain::from_pem(&authority.certificate)
        .map_err(AuthorityError::Chain)
        .and_then(|chain| {
            let key = PrivateKey::from_encrypted_pem(&authority.key, passphrase)
                .map_err(AuthorityError::Key)?;
            Authority::new(chain, key, now)
        });
    match read {
        Ok(authority) => pair(&authority).unwrap_or_else(failed),
        Err(error) => Outcome::AuthorityRefused {
            key: matches!(
                error,
                AuthorityError::Key(_) | AuthorityError::KeyMismatch { .. }
            ),
            passphrase: matches!(
                error,
                AuthorityError::Key(KeyError::Encryption(
                    EncryptionError::PassphraseMissing | EncryptionError::WrongPassphrase
                ))
            ),
            message: error.to_string(),
        },
    }
}

/// A CA in its plainest form: its chain and its key, whatever stood around them.
fn pair(authority: &Authority) -> Result<Outcome, String> {
    Ok(Outcome::Authority(PemPair {
        certificate: authority.chain().to_pem().map_err(sentence)?,
        key: authority.key().to_pem().map_err(sentence)?.to_string(),
    }))
}

fn make_authority<R: CryptoRng + ?Sized>(
    order: &AuthorityOrder,
    issuer: Option<&PemPair>,
    key: &Secret,
    now: Timestamp,
    rng: &mut R,
) -> Result<Outcome, String> {
    let subject = order
        .subject
        .parse()
        .map_err(|error: NameError| error.to_string())?;
    let days = order
        .days
        .parse()
        .map_err(|error: DaysError| error.to_string())?;
    let key = PrivateKey::from_pem(&key.0).map_err(sentence)?;
    let options = AuthorityOptions {
        path_length: order.path_length,
        name_constraints: NameConstraints {
            permitted: read_all(&order.permitted)?,
            excluded: read_all(&order.excluded)?,
        },
        key_usage: if order.kubeadm {
            authority::AuthorityKeyUsage::SigningAndHandshake
        } else {
            authority::AuthorityKeyUsage::Signing
        },
        names: read_all(&order.names)?,
        ..AuthorityOptions::new(subject, days)
    };
    let authority = match issuer {
        Some(issuer) => {
            let issuer =
                Authority::from_pem(&issuer.certificate, &issuer.key, now).map_err(sentence)?;
            issuer
                .issue_authority(&options, key, now, rng)
                .map_err(sentence)?
        }
        None => Authority::create(&options, key, now, rng).map_err(sentence)?,
    };
    pair(&authority)
}

/// Issues the next certificate, if there is one to issue. The CA is read for the
/// first of them, which takes longer than to sign.
fn issue_next<R: CryptoRng + ?Sized>(
    known: &mut Option<Authority>,
    authority: &PemPair,
    leaf: Option<&Leaf>,
    now: Timestamp,
    rng: &mut R,
) -> Result<Option<IssuedLeaf>, String> {
    let Some(leaf) = leaf else {
        return Ok(None);
    };
    let authority = match known {
        Some(authority) => authority,
        None => known.insert(
            Authority::from_pem(&authority.certificate, &authority.key, now).map_err(sentence)?,
        ),
    };
    leaf.issue(authority, now, rng).map(Some)
}

impl Leaf {
    fn issue<R: CryptoRng + ?Sized>(
        &self,
        authority: &Authority,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<IssuedLeaf, String> {
        let order = &self.order;
        let purposes = if order.server {
            Purposes::ServerAndClient
        } else {
            Purposes::Client
        };
        let names: Vec<SubjectAlternativeName> = read_all(&order.names)?;
        let days = order
            .days
            .parse()
            .map_err(|error: DaysError| error.to_string())?;
        let (request, key) = match &order.request {
            LeafRequest::Csr(request) => {
                let request = CertificationRequest::from_pem(request).map_err(sentence)?;
                (request, None)
            }
            LeafRequest::Subject(subject) => {
                let subject = subject
                    .parse()
                    .map_err(|error: NameError| error.to_string())?;
                let (key, made) = self.key.get(rng)?;
                let request =
                    CertificationRequest::create(&subject, &names, &key, rng).map_err(sentence)?;
                (request, made)
            }
        };
        let certificate = authority
            .issue(&request, &names, purposes, days, now, rng)
            .map_err(sentence)?;
        Ok(IssuedLeaf {
            certificate: certificate.to_pem().map_err(sentence)?,
            csr: request.to_pem().map_err(sentence)?,
            key,
        })
    }
}

impl LeafKey {
    /// The key, and its PEM if it is made here.
    fn get<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
    ) -> Result<(PrivateKey, Option<Secret>), String> {
        match self {
            Self::Elsewhere => Err("the private key is missing".to_owned()),
            Self::Made(pem) => Ok((PrivateKey::from_pem(&pem.0).map_err(sentence)?, None)),
            Self::ToMake(key_type) => {
                let key = PrivateKey::generate(*key_type, rng).map_err(sentence)?;
                let pem = key.to_pem().map_err(sentence)?;
                Ok((key, Some(Secret(pem.to_string()))))
            }
        }
    }
}

impl IssuedAuthority {
    /// Reads the facts out of a CA's certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub fn read(pair: &PemPair) -> Result<Self, String> {
        let chain = Chain::from_pem(&pair.certificate).map_err(sentence)?;
        let certificate = chain.first();
        let above: Result<String, _> = chain.above().iter().map(Certificate::to_pem).collect();
        let room = chain
            .certificates()
            .enumerate()
            .filter_map(|(below, certificate)| {
                let below = u8::try_from(below).unwrap_or(u8::MAX);
                Some(certificate.path_length()?.saturating_sub(below))
            });
        Ok(Self {
            subject: openssl_spelling(certificate.subject()),
            common_name: common_name(certificate.subject()),
            // What it signs ends with whatever is above it.
            validity: Validity {
                not_after: chain
                    .certificates()
                    .map(|certificate| certificate.validity().not_after)
                    .min()
                    .unwrap_or_default(),
                ..certificate.validity()
            },
            path_length: room.min(),
            constraints: chain
                .certificates()
                .map(Certificate::name_constraints)
                .collect(),
            fingerprint: certificate.fingerprint(),
            notices: certificate
                .authority_notices()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            certificate: certificate.to_pem().map_err(sentence)?,
            above: above.map_err(sentence)?,
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
        request: &CheckedIdentity,
        key: Option<&Secret>,
        csr: String,
        pem: String,
    ) -> Result<Self, String> {
        let certificate = Certificate::from_pem(&pem).map_err(sentence)?;
        Ok(Self {
            stem: request.path().to_string(),
            role: request.role,
            key: key.map(|key| Zeroizing::new(key.0.clone())),
            csr,
            subject: openssl_spelling(certificate.subject()),
            common_name: common_name(certificate.subject()),
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
