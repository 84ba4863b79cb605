//! The random generator, watched where its bits come in: one that is stuck would
//! make the same key for everybody, one that gives zeros would have a search go on
//! for ever, and some systems have none. It makes nothing random itself, and it
//! can't tell good bits from bad ones that differ.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng, utils::next_word_via_fill};
use zeroize::Zeroize;

/// Why the random generator can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RandomFault {
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
struct Health {
    /// The last 64 bits.
    word: Option<u64>,
    /// What the last examination drew.
    drawn: Option<[u8; 32]>,
    fault: Option<RandomFault>,
    /// Counts what was given in the place of random bits.
    given: u64,
}

impl Health {
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

/// Who watches the generator of a bench, from task to task.
#[derive(Default)]
pub struct Watch {
    health: Health,
    /// Whether the task's generator was examined.
    examined: bool,
}

impl Watch {
    /// Does a turn of work with a generator under watch.
    ///
    /// # Errors
    ///
    /// What is wrong with the generator: what came of the work is worth nothing then.
    pub fn over<R: TryCryptoRng + ?Sized, T>(
        &mut self,
        rng: &mut R,
        work: impl FnOnce(&mut Watched<'_, R>) -> T,
    ) -> Result<T, RandomFault> {
        let mut watched = Watched {
            source: rng,
            health: &mut self.health,
        };
        if !self.examined {
            self.examined = true;
            watched.examine();
        }
        let done = work(&mut watched);
        self.health.fault.take().map_or(Ok(done), Err)
    }

    /// The task is over: bits that may be a key's are forgotten, and the next one's
    /// generator is examined anew.
    pub fn rest(&mut self) {
        self.health.word.zeroize();
        self.examined = false;
    }
}

/// A generator under watch. Once it failed it gives bits that are not random, so
/// that whoever waits for others than zeros comes to an end; what was made with
/// them is thrown away.
pub struct Watched<'a, R: ?Sized> {
    source: &'a mut R,
    health: &'a mut Health,
}

impl<R: TryCryptoRng + ?Sized> Watched<'_, R> {
    /// Draws before anything is made, so that also a generator is found out that
    /// begins with the same bits each time.
    fn examine(&mut self) {
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
