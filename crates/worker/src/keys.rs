//! The work on RSA keys: searching a prime, judging a find, and making a key of two
//! of them. Which is next, and when a key may be given away, is its user's affair.

use rand_core::{CryptoRng, TryCryptoRng};
use rsa::pkcs8::EncodePrivateKey;
use rsa_key::{
    AssembleError, HalfJudgedPrime, JudgeError, JudgedPrime, ModulusBits, PrimeBytesError,
    PrimeSearch, ProbablePrime,
};
use serde::{Deserialize, Serialize};

use crate::{
    bench::{Bench, Turn},
    random::Watch,
    secret::{PrimeBytes, Secret},
};

/// A piece of the work on a key.
#[derive(Clone, Serialize, Deserialize)]
pub enum KeyTask {
    /// Find what is very likely a prime for an RSA key, unjudged. This takes
    /// longer than all else, and is a lottery: see [`rsa_key`].
    FindPrime {
        /// The size of the key's modulus.
        #[serde(with = "modulus")]
        size: ModulusBits,
    },
    /// Judge a find.
    JudgePrime {
        /// The find.
        prime: PrimeBytes,
    },
    /// Make a key of two finds. Whether they are prime is asked elsewhere at the
    /// same time; whoever asks keeps the key until that is known.
    AssembleKey {
        /// One prime.
        p: PrimeBytes,
        /// Another.
        q: PrimeBytes,
    },
}

/// A modulus's size as its number of bits.
mod modulus {
    use rsa_key::ModulusBits;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

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

/// What came of it.
#[derive(Clone, Serialize, Deserialize)]
pub enum KeyOutcome {
    /// What is very likely a prime, unjudged.
    Prime(PrimeBytes),
    /// Whether the find is prime.
    Judged(bool),
    /// A private key as PEM.
    Key(Secret),
    /// The two primes make no key that FIPS 186-5 allows; take others. One pair
    /// in 2^99 comes here.
    PrimesRefused,
    /// The task failed, which no find makes it do.
    Failed {
        /// Why.
        message: String,
    },
}

impl From<KeyTaskError> for KeyOutcome {
    fn from(error: KeyTaskError) -> Self {
        Self::Failed {
            message: error.to_string(),
        }
    }
}

/// Why work on a key failed.
#[derive(Debug, thiserror::Error)]
enum KeyTaskError {
    /// Bytes are no find of this program's.
    #[error(transparent)]
    Prime(#[from] PrimeBytesError),
    /// The judge could not judge.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// Two primes make no key.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    /// The key can't be written as PKCS#8.
    #[error("the key can’t be written: {0}")]
    Written(#[from] rsa::pkcs8::Error),
    /// The key can't be written as PEM.
    #[error("the key can’t be written: {0}")]
    Pem(#[from] pem_rfc7468::Error),
}

/// Where keys are worked on, by somebody else's generator. It keeps what is costly
/// to make and holds no secret between two tasks: the table of small primes.
#[derive(Default)]
pub struct KeyWork {
    /// The last search, for its size of keys.
    search: Option<PrimeSearch>,
    found: Option<ProbablePrime>,
    half_judged: Option<HalfJudgedPrime>,
}

/// Batches of four candidates in one turn: three milliseconds for a 2048-bit key,
/// so that a worker soon sees a message, and the page, where it has no workers,
/// stays answerable.
const BATCHES: u32 = 2;

impl KeyWork {
    /// Lets go of what was begun.
    pub fn stop(&mut self) {
        self.found = None;
        self.half_judged = None;
    }

    /// Goes on with a task. Whoever hears that it is done stops.
    pub fn turn<R: CryptoRng + ?Sized>(&mut self, task: &KeyTask, rng: &mut R) -> Turn<KeyOutcome> {
        match task {
            KeyTask::FindPrime { size } => self.find_prime(*size, rng),
            KeyTask::JudgePrime { prime } => self
                .judge_prime(prime, rng)
                .unwrap_or_else(|error| Turn::Done(error.into())),
            KeyTask::AssembleKey { p, q } => Turn::Done(match assemble(p, q) {
                Ok(Some(key)) => KeyOutcome::Key(key),
                Ok(None) => KeyOutcome::PrimesRefused,
                Err(error) => error.into(),
            }),
        }
    }

    /// Searches for a moment, or tells what was found: each is a turn.
    fn find_prime<R: CryptoRng + ?Sized>(
        &mut self,
        size: ModulusBits,
        rng: &mut R,
    ) -> Turn<KeyOutcome> {
        if let Some(prime) = self.found.take() {
            let bytes = PrimeBytes(prime.to_be_bytes().to_vec());
            return Turn::Done(KeyOutcome::Prime(bytes));
        }
        // Its table is for one size; another size is rare enough to begin anew.
        if self.search.as_ref().map(PrimeSearch::size) != Some(size) {
            self.search = None;
        }
        let search = self.search.get_or_insert_with(|| PrimeSearch::new(size));
        let Ok(step) = search.step(BATCHES, rng);
        match step {
            rsa_key::Step::Searching { tried } => Turn::Working { candidates: tried },
            rsa_key::Step::Found { tried, prime } => {
                self.found = Some(prime);
                Turn::Working { candidates: tried }
            }
        }
    }

    /// Tells whether a find is prime, half a trial in a turn.
    fn judge_prime<R: CryptoRng + ?Sized>(
        &mut self,
        prime: &PrimeBytes,
        rng: &mut R,
    ) -> Result<Turn<KeyOutcome>, KeyTaskError> {
        let halves = match self.half_judged.take() {
            None => {
                let prime = ProbablePrime::from_be_bytes(&prime.0)?;
                HalfJudgedPrime::new(&prime, rng).map(Some)
            }
            Some(half_judged) => half_judged.judge(rng).map(|_| None),
        };
        match halves {
            Ok(Some(half_judged)) => {
                self.half_judged = Some(half_judged);
                Ok(Turn::Working { candidates: 0 })
            }
            Ok(None) => Ok(Turn::Done(KeyOutcome::Judged(true))),
            Err(JudgeError::Composite { .. }) => Ok(Turn::Done(KeyOutcome::Judged(false))),
            Err(error) => Err(error.into()),
        }
    }
}

/// A key of two finds, as PEM of PKCS#8; none where FIPS 186-5 allows none of these
/// two.
fn assemble(p: &PrimeBytes, q: &PrimeBytes) -> Result<Option<Secret>, KeyTaskError> {
    let p = JudgedPrime::judged_elsewhere(&p.0)?;
    let q = JudgedPrime::judged_elsewhere(&q.0)?;
    let key = match rsa_key::assemble(&p, &q) {
        Ok(key) => key,
        Err(AssembleError::PrimesTooClose { .. } | AssembleError::ExponentTooSmall { .. }) => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let der = key.to_pkcs8_der()?;
    let pem =
        pem_rfc7468::encode_string("PRIVATE KEY", pem_rfc7468::LineEnding::LF, der.as_bytes())?;
    Ok(Some(Secret(pem)))
}

/// The bench of a worker that knows nothing but keys.
#[derive(Default)]
pub struct KeyBench {
    work: KeyWork,
    task: Option<KeyTask>,
    watch: Watch,
}

impl Bench for KeyBench {
    type Task = KeyTask;
    type Outcome = KeyOutcome;

    fn begin(&mut self, task: KeyTask) {
        self.stop();
        self.task = Some(task);
    }

    fn stop(&mut self) {
        self.work.stop();
        self.task = None;
        self.watch.rest();
    }

    fn is_busy(&self) -> bool {
        self.task.is_some()
    }

    fn turn<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<Turn<KeyOutcome>> {
        let Self { work, task, watch } = self;
        let task = task.as_ref()?;
        let turn = watch
            .over(rng, |rng| work.turn(task, rng))
            .unwrap_or_else(|fault| {
                let message = fault.to_string();
                Turn::Done(KeyOutcome::Failed { message })
            });
        if let Turn::Done(_) = turn {
            self.stop();
        }
        Some(turn)
    }
}
