//! The random generator, watched where its bits come in: one that is stuck would
//! make the same key for everybody, one that gives zeros would have a search go on
//! for ever, and some systems have none. It makes nothing random itself, and it
//! can't tell good bits from bad ones that differ.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng, utils::next_word_via_fill};
use zeroize::Zeroize;

/// Why the random generator can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RandomFault {
    /// It gave no bits.
    #[error(
        "no random bits can be had here ({reason}), and without them no key can be made; nothing was made. Try another browser or machine"
    )]
    Absent {
        /// What the system says.
        reason: String,
    },
    /// It gave the same bits twice.
    #[error(
        "the random generator of this browser or machine repeats itself, and whoever has the same one would have the same key; nothing was made. Restart the machine, and trust no key that was made since this began"
    )]
    Stuck,
}

/// What is known of a generator.
#[derive(Default)]
pub(super) struct Health {
    /// The last 64 bits.
    word: Option<u64>,
    /// What the last examination drew.
    drawn: Option<[u8; 32]>,
    fault: Option<RandomFault>,
    /// Counts what was given in the place of random bits.
    given: u64,
}

impl Health {
    /// What is wrong with it, once.
    pub(super) fn take_fault(&mut self) -> Option<RandomFault> {
        self.fault.take()
    }

    /// Forgets bits that may be a key's.
    pub(super) fn forget(&mut self) {
        self.word.zeroize();
    }

    /// The repetition count test of SP 800-90B section 4.4.1, with samples of 64
    /// bits that have as much entropy, and a false alarm once in 2⁶⁴ samples: the
    /// cutoff is then 2.
    fn look(&mut self, bytes: &[u8]) {
        for sample in bytes.chunks_exact(8) {
            let word = sample
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            if self.word.replace(word) == Some(word) {
                self.fault = Some(RandomFault::Stuck);
            }
        }
    }
}

/// A generator under watch. Once it failed it gives bits that are not random, so
/// that whoever waits for others than zeros comes to an end; what was made with
/// them is thrown away by whoever asks for the fault.
pub(super) struct Watched<'a, R: ?Sized> {
    source: &'a mut R,
    health: &'a mut Health,
}

impl<'a, R: TryCryptoRng + ?Sized> Watched<'a, R> {
    /// Watches a generator.
    pub(super) fn new(source: &'a mut R, health: &'a mut Health) -> Self {
        Self { source, health }
    }

    /// Draws before anything is made, so that also a generator is found out that
    /// begins with the same bits each time.
    pub(super) fn examine(&mut self) {
        let mut drawn = [0; 32];
        let Ok(()) = self.try_fill_bytes(&mut drawn);
        if self.health.drawn.replace(drawn) == Some(drawn) {
            self.health.fault = Some(RandomFault::Stuck);
        }
    }
}

impl<R: TryCryptoRng + ?Sized> TryRng for Watched<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        if self.health.fault.is_none() {
            match self.source.try_fill_bytes(bytes) {
                Ok(()) => self.health.look(bytes),
                Err(error) => {
                    self.health.fault = Some(RandomFault::Absent {
                        reason: error.to_string(),
                    });
                }
            }
        }
        if self.health.fault.is_some() {
            for place in bytes.chunks_mut(8) {
                self.health.given = self.health.given.wrapping_add(0x9e37_79b9_7f4a_7c15);
                for (byte, counted) in place.iter_mut().zip(self.health.given.to_le_bytes()) {
                    *byte = counted;
                }
            }
        }
        Ok(())
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for Watched<'_, R> {}

#[cfg(test)]
mod tests {
    use std::fmt;

    use getrandom::SysRng;
    use rsa_key::ModulusBits;

    use super::*;
    use crate::{
        lab::{
            job::Workbench,
            wire::{Outcome, Task},
        },
        pki::key::KeyType,
    };

    /// Always the same byte.
    struct Stuck(u8);

    /// No bits.
    struct Absent;

    /// The same bits from the beginning of each task: it counts.
    struct Again(u8);

    #[derive(Debug)]
    struct NoDevice;

    impl fmt::Display for NoDevice {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("no device")
        }
    }

    impl std::error::Error for NoDevice {}

    macro_rules! generator {
        ($name:ty, $error:ty, $fill:expr) => {
            impl TryRng for $name {
                type Error = $error;

                fn try_next_u32(&mut self) -> Result<u32, $error> {
                    let mut bytes = [0; 4];
                    self.try_fill_bytes(&mut bytes)?;
                    Ok(u32::from_le_bytes(bytes))
                }

                fn try_next_u64(&mut self) -> Result<u64, $error> {
                    let mut bytes = [0; 8];
                    self.try_fill_bytes(&mut bytes)?;
                    Ok(u64::from_le_bytes(bytes))
                }

                fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), $error> {
                    let fill: fn(&mut Self, &mut [u8]) -> Result<(), $error> = $fill;
                    fill(self, bytes)
                }
            }

            impl TryCryptoRng for $name {}
        };
    }

    generator!(Stuck, Infallible, |stuck, bytes| {
        bytes.fill(stuck.0);
        Ok(())
    });
    generator!(Absent, NoDevice, |_, _| Err(NoDevice));
    generator!(Again, Infallible, |again, bytes| {
        for byte in bytes {
            again.0 = again.0.wrapping_mul(5).wrapping_add(7);
            *byte = again.0;
        }
        Ok(())
    });

    fn tasks() -> Vec<Task> {
        let mut tasks: Vec<Task> = [KeyType::P256, KeyType::P384, KeyType::Ed25519]
            .map(|key_type| Task::GenerateKey { key_type })
            .into();
        tasks.push(Task::FindPrime {
            size: ModulusBits::Rsa2048,
        });
        tasks
    }

    fn message(outcome: Outcome) -> String {
        match outcome {
            Outcome::Failed { message } => message,
            _ => "something was made".to_owned(),
        }
    }

    #[test]
    fn no_key_comes_of_a_generator_that_is_stuck_or_gives_zeros() {
        for byte in [0, 7, 0xff] {
            for task in tasks() {
                let outcome = Workbench::default().finish(task, &mut Stuck(byte));
                assert_eq!(message(outcome), RandomFault::Stuck.to_string());
            }
        }
    }

    #[test]
    fn a_generator_that_begins_again_is_found_out() {
        let mut workbench = Workbench::default();
        let task = |key_type| Task::GenerateKey { key_type };
        workbench.finish(task(KeyType::P256), &mut Again(1));
        let outcome = workbench.finish(task(KeyType::P256), &mut Again(1));
        assert_eq!(message(outcome), RandomFault::Stuck.to_string());
    }

    #[test]
    fn a_missing_generator_is_told_in_plain_words() {
        for task in tasks() {
            let said = message(Workbench::default().finish(task, &mut Absent));
            assert!(
                said.contains("no random bits can be had here (no device)"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_good_generator_is_let_be() {
        let mut workbench = Workbench::default();
        for _ in 0..4 {
            for task in tasks().into_iter().take(3) {
                let outcome = workbench.finish(task, &mut SysRng);
                assert!(matches!(outcome, Outcome::Key(_)));
            }
        }
    }
}
