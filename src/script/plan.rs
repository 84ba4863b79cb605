//! Plans as scripts name them, and the CA that a plan brings along.

use jiff::Timestamp;
use rand_core::CryptoRng;

use crate::etcd::plan::{Plan, Preset};
use crate::lab::IssuedAuthority;
use crate::lab::job::Workbench;
use crate::lab::wire::{Outcome, PemPair, Secret, Task};
use crate::page::link::{self, LinkError};

/// The plan of a preset's name, or of a link's text, whole or from its `#` on; nothing
/// where the text is neither.
///
/// # Errors
///
/// It is a link, and its plan can't be used.
pub fn of_text(text: &str) -> Result<Option<Plan>, LinkError> {
    if let Ok(preset) = text.parse::<Preset>() {
        return Ok(Some(Plan::preset(preset)));
    }
    let fragment = match text.rsplit_once('#') {
        Some((_, fragment)) => fragment,
        None => text,
    };
    let plan = match link::plan(fragment) {
        // The plan alone, as earlier releases wrote it.
        Ok(None) => link::plan(&format!("#plan={fragment}")),
        read => read,
    };
    match plan {
        Err(LinkError::Unreadable) => Ok(None),
        read => read,
    }
}

/// Why a CA that is brought is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the CA's {}: {message}", if *.key { "private key" } else { "certificate" })]
pub struct NotTaken {
    /// Whether its private key is at fault, or its certificate.
    pub key: bool,
    /// Whether a passphrase mends it.
    pub passphrase: bool,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Reads the CA that a plan brings along.
///
/// # Errors
///
/// Its certificate or its key can't be used.
pub fn bring<R: CryptoRng + ?Sized>(
    authority: PemPair,
    passphrase: Option<Secret>,
    now: Timestamp,
    rng: &mut R,
) -> Result<IssuedAuthority, NotTaken> {
    let task = Task::ReadAuthority {
        authority,
        passphrase,
        now,
    };
    let not_taken = |message| NotTaken {
        key: false,
        passphrase: false,
        message,
    };
    match Workbench::default().finish(task, rng) {
        Outcome::Authority(pair) => {
            IssuedAuthority::read(&pair).map_err(|error| not_taken(error.to_string()))
        }
        Outcome::AuthorityRefused {
            passphrase,
            key,
            message,
            ..
        } => Err(NotTaken {
            key: key || passphrase,
            passphrase,
            message,
        }),
        _ => Err(not_taken("it has no answer; please report this".to_owned())),
    }
}
