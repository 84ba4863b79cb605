//! A bench: where one task after the other is worked on, each in turns, so that
//! whoever works looks at the messages in between.

use rand_core::TryCryptoRng;
use serde::{Serialize, de::DeserializeOwned};

/// What one turn at the bench came to.
pub enum Turn<Outcome> {
    /// There is more to do.
    Working {
        /// The candidates for primes that this turn tried.
        candidates: u32,
    },
    /// The task is done.
    Done(Outcome),
}

/// Where tasks are worked on, one after the other.
pub trait Bench: Default {
    /// What is to be done.
    type Task: DeserializeOwned;

    /// What comes of it.
    type Outcome: Serialize;

    /// Takes up a task, and lets go of the one before.
    fn begin(&mut self, task: Self::Task);

    /// Lets go of the task.
    fn stop(&mut self);

    /// Whether there is a task.
    fn is_busy(&self) -> bool;

    /// Goes on for a few hundredths of a second. Gives nothing if there is no
    /// task. Where the generator fails, so does the task.
    fn turn<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<Turn<Self::Outcome>>;
}
