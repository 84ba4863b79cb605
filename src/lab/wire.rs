//! How work travels between the page and its workers: tasks there, outcomes
//! back. Both may hold private keys: whoever carries one wipes it
//! afterwards. What a task does is in [`super::job`], one file a job.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::secret::{PemPair, PrimeBytes, Secret};
use super::{
    drills::{Basis, DrillSet},
    file::{GivenFile, LabFile},
    job::{
        diagnose::{Diagnosed, Evidence},
        drill::DrillOrder,
        export::ExportOrder,
        inspect::Inspected,
        judge::{Inquiry, Judged},
        make::{IssuedLeaf, Leaf},
        renew::{Renewal, Renewed},
        revoke::{Revocation, Revoked},
        signing::SigningFault,
    },
};
use crate::pki::{authority::AuthorityOptions, inspection::anatomy::Anatomy, key::KeyType};
pub use lab_worker::keys::{KeyOutcome, KeyTask};

/// A piece of work.
#[derive(Clone, Serialize, Deserialize)]
pub enum Task {
    /// A part of the work on an RSA key. It takes longer than all else, and workers
    /// of its own can do it: see [`lab_worker::keys`].
    Rsa(KeyTask),
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
        options: Box<AuthorityOptions>,
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
    /// Take apart a certificate, CSR, CRL or public key in PEM.
    Dissect {
        /// The PEM block.
        pem: String,
    },
    /// Say what etcd and etcdctl would say.
    Judge(Box<Inquiry>),
    /// Say what is wrong with what is at hand.
    Diagnose(Box<Evidence>),
    /// Make a deliberate mistake, or make it good.
    Drill(Box<DrillOrder>),
}

/// What came of a task.
#[derive(Clone, Serialize, Deserialize)]
pub enum Outcome {
    /// What is very likely a prime, unjudged.
    Prime(PrimeBytes),
    /// Whether the find is prime.
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
    Exported(Vec<LabFile>),
    /// A certificate that was renewed.
    Renewed(Box<Renewed>),
    /// A CRL.
    Revoked(Box<Revoked>),
    /// Nothing was signed, for this reason.
    SigningRefused(SigningFault),
    /// What was found in files.
    Inspected(Box<Inspected>),
    /// A thing, taken apart.
    Dissected(Box<Anatomy>),
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
    /// Why an outcome is not what was asked for: the task failed, or something
    /// is wrong with this program.
    pub(crate) fn unexpected(self) -> Unanswered {
        match self {
            Self::Failed { message } | Self::AuthorityRefused { message, .. } => {
                Unanswered::Failed { message }
            }
            _ => Unanswered::OtherQuestion,
        }
    }
}

impl From<KeyOutcome> for Outcome {
    fn from(outcome: KeyOutcome) -> Self {
        match outcome {
            KeyOutcome::Prime(bytes) => Self::Prime(bytes),
            KeyOutcome::Judged(passed) => Self::Judged(passed),
            KeyOutcome::Key(key) => Self::Key(key),
            KeyOutcome::PrimesRefused => Self::PrimesRefused,
            KeyOutcome::Failed { message } => Self::Failed { message },
        }
    }
}

/// Why a task has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It failed.
    #[error("{message}")]
    Failed {
        /// The worker's words, for the reader.
        message: String,
    },
    /// What came is the answer to another question, which no worker gives.
    #[error("a worker answered another question than it was asked; please report this")]
    OtherQuestion,
}
