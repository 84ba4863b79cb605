//! How an input comes about, and how long a target runs. A failing input is made as
//! small as it can be, and shown.

use std::{
    env,
    time::{Duration, Instant},
};

use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{dictionary::DICTIONARY, targets::Target};

#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Flip(Index, u8),
    Word(Index, usize),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Graft(Index, Index, usize),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = || any::<Index>();
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (place(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (place(), 0..DICTIONARY.len()).prop_map(|(at, word)| Change::Word(at, word)),
        (place(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (place(), 1..40_usize, 1..60_usize)
            .prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        (place(), place(), 1..200_usize)
            .prop_map(|(from, at, length)| Change::Graft(from, at, length)),
        place().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change, other: &[u8]) {
    let place = |at: &Index, length: usize| at.index(length + 1);
    let length = bytes.len();
    match change {
        Change::Set(at, byte) if length > 0 => bytes[at.index(length)] = *byte,
        Change::Flip(at, bit) if length > 0 => bytes[at.index(length)] ^= 1 << bit,
        Change::Set(..) | Change::Flip(..) => {}
        Change::Word(at, word) => {
            let at = place(at, length);
            bytes.splice(at..at, DICTIONARY[*word].iter().copied());
        }
        Change::Remove(at, count) => {
            let at = place(at, length);
            bytes.drain(at..(at + count).min(length));
        }
        Change::Repeat(at, count, times) => {
            let at = place(at, length);
            let piece = bytes[at..(at + count).min(length)].repeat(*times);
            bytes.splice(at..at, piece);
        }
        Change::Graft(from, at, count) => {
            let (from, at) = (place(from, other.len()), place(at, length));
            let piece = other[from..(from + count).min(other.len())].to_vec();
            bytes.splice(at..at, piece);
        }
        Change::Cut(at) => bytes.truncate(place(at, length)),
    }
}

/// Gives a reader its seeds, and then changed seeds until the time is over.
pub(crate) fn try_on(name: &str, target: &Target) {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse().unwrap());
    let seconds = number("FUZZ_SECONDS").unwrap_or(1_u64);
    let seed = number("FUZZ_SEED").unwrap_or(0x5eed_u64);
    let seeds = (target.seeds)();
    for seed in &seeds {
        (target.read)(seed);
    }
    let mut start = [0; 32];
    start[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &start);
    let mut runner = TestRunner::new_with_rng(config, random);
    let inputs = (any::<Index>(), any::<Index>(), vec(change(), 0..8));
    let input = |(one, other, changes): &(Index, Index, Vec<Change>)| {
        let mut bytes = one.get(&seeds).clone();
        for change in changes {
            apply(&mut bytes, change, &seeds[other.index(seeds.len())]);
        }
        bytes
    };
    let begun = Instant::now();
    let mut count = seeds.len() as u64;
    while begun.elapsed() < Duration::from_secs(seconds) {
        let tree = inputs.new_tree(&mut runner).unwrap();
        let first = input(&tree.current());
        let ran = runner.run_one(tree, |recipe| {
            (target.read)(&input(&recipe));
            Ok(())
        });
        count += 1;
        if let Err(failure) = ran {
            panic!(
                "{name}, seed {seed}, input {count}: {failure}\nat first: {}",
                first.escape_ascii()
            );
        }
    }
    println!("{name}: {count} inputs in {seconds} s, seed {seed}");
}
