//! The CA that the reader brings: its texts as they were given, and how far they
//! are known. A worker reads them; a key is never handed about.

use zeroize::Zeroizing;

use crate::{
    etcd::plan::{Fault, Field},
    lab::IssuedAuthority,
    pki::{chain::Chain, pem},
};

/// The CA that the reader brings.
#[derive(Default)]
pub struct Brought {
    pub(super) certificate: String,
    pub(super) key: Zeroizing<String>,
    pub(super) passphrase: Zeroizing<String>,
    pub(super) state: Reading,
    /// Counts the attempts, so that the outcome for an older text is ignored.
    pub(super) attempt: u32,
}

/// How far the CA that the reader brings is known.
#[derive(Default)]
pub(super) enum Reading {
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
    /// The text changed.
    pub(super) fn read_again(&mut self) {
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
