//! The workbench with generators that are stuck, begin again, or are not there.

use std::{convert::Infallible, fmt};

use getrandom::SysRng;
use rsa_key::ModulusBits;

use lab_worker::random::RandomFault;
use rand_core::{TryCryptoRng, TryRng};

use crate::{
    lab::{
        job::Workbench,
        wire::{KeyTask, Outcome, Task},
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
    tasks.push(Task::Rsa(KeyTask::FindPrime {
        size: ModulusBits::Rsa2048,
    }));
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
