//! The targets under libFuzzer, which keeps what reaches new code and changes that
//! further. `FUZZ_TARGET` names the target; without it the names are printed.
//! `FUZZ_FOLDER` is where the seeds and the dictionary are written.

#![no_main]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../dictionary.rs"]
mod dictionary;
#[path = "../targets/mod.rs"]
mod targets;

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::exit,
    sync::OnceLock,
};

use dictionary::DICTIONARY;
use libfuzzer_sys::fuzz_target;
use targets::Target;

macro_rules! table {
    ($($name:ident => $room:ident::$target:ident,)+) => {
        const TARGETS: &[(&str, &Target)] =
            &[$((stringify!($name), &targets::$room::$target),)+];
    };
}

targets::with_targets!(table);

static CHOSEN: OnceLock<&Target> = OnceLock::new();

/// Chooses the target, and writes what libFuzzer reads.
fn prepare() {
    let Ok(name) = env::var("FUZZ_TARGET") else {
        for (name, _) in TARGETS {
            println!("{name}");
        }
        exit(0);
    };
    let (_, target) = TARGETS
        .iter()
        .find(|target| target.0 == name)
        .unwrap_or_else(|| panic!("no target is called {name}"));
    CHOSEN.get_or_init(|| target);
    let folder = PathBuf::from(env::var_os("FUZZ_FOLDER").expect("FUZZ_FOLDER"));
    write_dictionary(&folder.join("dictionary"));
    let corpus = folder.join("corpus").join(name);
    fs::create_dir_all(&corpus).expect("a folder");
    for (number, seed) in (target.seeds)().iter().enumerate() {
        fs::write(corpus.join(format!("seed-{number}")), seed).expect("a file");
    }
}

fn write_dictionary(path: &Path) {
    let mut lines = String::new();
    for word in DICTIONARY {
        lines.push('"');
        for byte in *word {
            write!(lines, "\\x{byte:02x}").expect("a text grows");
        }
        lines.push_str("\"\n");
    }
    fs::write(path, lines).expect("a file");
}

fuzz_target!(init: prepare(), |bytes: &[u8]| {
    let target = CHOSEN.get().expect("it was chosen");
    (target.read)(bytes);
});
