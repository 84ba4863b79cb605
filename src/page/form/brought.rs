//! The CA that the reader brings: its texts as they were given, and how far they
//! are known. A worker reads them; a key is never handed about.

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::{
    etcd::plan::{Fault, Field},
    lab::{
        IssuedAuthority,
        wire::{Outcome, PemPair, Secret, Task},
    },
    pki::{chain::Chain, pem},
};

/// The CA that the reader brings.
#[derive(Default)]
pub struct Brought {
    certificate: String,
    key: Zeroizing<String>,
    passphrase: Zeroizing<String>,
    state: Reading,
    /// Counts the attempts, so that the outcome for an older text is ignored.
    attempt: u32,
}

/// How far the CA that the reader brings is known.
#[derive(Default)]
enum Reading {
    /// Something is still to be given.
    #[default]
    Incomplete,
    /// Both are there; a worker is to read them.
    Wanted,
    /// A worker reads them.
    UnderWay,
    /// It can be used.
    Read(Box<IssuedAuthority>),
    /// It can't.
    Refused(Fault),
}

impl Brought {
    pub(super) fn type_certificate(&mut self, text: &str) {
        if self.certificate != text {
            text.clone_into(&mut self.certificate);
            self.read_again();
        }
    }

    pub(super) fn type_key(&mut self, text: &str) {
        if self.key.as_str() != text {
            self.key = Zeroizing::new(text.to_owned());
            self.read_again();
        }
    }

    pub(super) fn type_passphrase(&mut self, text: &str) {
        if self.passphrase.as_str() != text {
            self.passphrase = Zeroizing::new(text.to_owned());
            self.read_again();
        }
    }

    /// The authority, once it is read.
    pub(super) fn authority(&self) -> Option<&IssuedAuthority> {
        match &self.state {
            Reading::Read(authority) => Some(authority),
            _ => None,
        }
    }

    /// Whether a worker reads it, or is to.
    pub(super) fn is_being_read(&self) -> bool {
        matches!(self.state, Reading::Wanted | Reading::UnderWay)
    }

    /// Whether nothing has been given for one of its fields yet.
    pub(super) fn awaits(&self, field: Field) -> bool {
        match field {
            Field::AuthorityCertificate => self.certificate.trim().is_empty(),
            Field::AuthorityKey => self.key.trim().is_empty(),
            _ => self.passphrase.is_empty(),
        }
    }

    /// The task of reading it, and which of the attempts it is.
    pub(in crate::page) fn next_task(&mut self, now: Timestamp) -> Option<(u32, Task)> {
        if !matches!(self.state, Reading::Wanted) {
            return None;
        }
        self.state = Reading::UnderWay;
        let task = Task::ReadAuthority {
            authority: PemPair {
                certificate: self.certificate.clone(),
                key: self.key.to_string(),
            },
            passphrase: (!self.passphrase.is_empty()).then(|| Secret(self.passphrase.to_string())),
            now,
        };
        Some((self.attempt, task))
    }

    /// Takes what came of an attempt, and says whether it was the last one.
    pub(in crate::page) fn done(&mut self, attempt: u32, outcome: Outcome) -> bool {
        if attempt != self.attempt {
            return false;
        }
        let refused = |field: Field, message: String| Reading::Refused(Fault::new(field, message));
        self.state = match outcome {
            Outcome::Authority(pair) => match IssuedAuthority::read(&pair) {
                Ok(authority) => Reading::Read(Box::new(authority)),
                Err(error) => refused(Field::AuthorityCertificate, error.to_string()),
            },
            Outcome::AuthorityRefused {
                passphrase: true,
                message,
                ..
            } => refused(Field::AuthorityPassphrase, message),
            Outcome::AuthorityRefused {
                key: true, message, ..
            } => refused(Field::AuthorityKey, message),
            outcome => refused(
                Field::AuthorityCertificate,
                outcome.unexpected().to_string(),
            ),
        };
        true
    }

    /// The text changed.
    fn read_again(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        let complete = !self.certificate.trim().is_empty()
            && !self.key.trim().is_empty()
            && (!self.is_encrypted() || !self.passphrase.is_empty());
        self.state = if complete {
            Reading::Wanted
        } else {
            Reading::Incomplete
        };
    }

    /// Whether the key is under a passphrase: PKCS#8's own form, or OpenSSL's
    /// older one.
    pub(super) fn is_encrypted(&self) -> bool {
        self.key.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
            || self.key.contains("Proc-Type: 4,ENCRYPTED")
    }

    /// What is wrong with it, or missing.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let fault = |field: Field, message: String| Fault::new(field, message);
        match &self.state {
            Reading::Wanted | Reading::UnderWay | Reading::Read(_) => Vec::new(),
            Reading::Refused(fault) => vec![fault.clone()],
            Reading::Incomplete => {
                // What is there can be looked at before the rest comes. A key
                // only from outside: reading it whole is a worker's work.
                let certificate = Chain::from_pem(&self.certificate)
                    .err()
                    .map(|error| fault(Field::AuthorityCertificate, error.to_string()));
                if self.is_encrypted() && self.passphrase.is_empty() {
                    let missing = fault(
                        Field::AuthorityPassphrase,
                        "this key is encrypted; give its passphrase".to_owned(),
                    );
                    return certificate.into_iter().chain([missing]).collect();
                }
                // Only with the certificate does a worker open an encrypted one.
                let key = (!self.is_encrypted())
                    .then(|| pem::blocks(&self.key).err())
                    .flatten()
                    .map(|error| fault(Field::AuthorityKey, error.to_string()));
                certificate.into_iter().chain(key).collect()
            }
        }
    }
}
