//! The readers, room by room: each with its seeds, and what holds of every input. They
//! are tests of this crate, and what `guided` lets libFuzzer call.

pub(crate) mod etcd;
pub(crate) mod go;
pub(crate) mod lab;
pub(crate) mod page;
pub(crate) mod pki;
pub(crate) mod script;

use etcd_pki_lab::{KeyType, Plan, Preset, make, pki::pem};
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

/// A reader before hostile inputs.
pub(crate) struct Target {
    /// Inputs that it takes.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    /// Reads an input. It panics where something does not hold.
    pub(crate) read: fn(&[u8]),
}

/// Calls a macro with all targets and their names.
macro_rules! with_targets {
    ($callback:ident) => {
        $callback! {
            pem => pki::PEM,
            certificate => pki::CERTIFICATE,
            csr => pki::REQUEST,
            crl => pki::REVOCATION_LIST,
            pkcs12 => pki::PKCS12,
            pkcs8 => pki::KEY,
            encrypted_pem => pki::ENCRYPTED_PEM,
            names => pki::NAMES,
            anatomy => pki::ANATOMY,
            go_der => go::DER,
            go_text => go::TEXT,
            command_lines => etcd::COMMAND_LINES,
            config_file => etcd::CONFIG_FILE,
            judged_files => etcd::JUDGED_FILES,
            members => etcd::MEMBERS,
            material => etcd::MATERIAL,
            log => etcd::LOG,
            archive => lab::ARCHIVE,
            inspect => lab::INSPECT,
            diagnose => lab::DIAGNOSE,
            plan => lab::PLAN,
            make => lab::MAKE,
            revoke => lab::REVOKE,
            renew => lab::RENEW,
            message => lab::MESSAGE,
            link => page::LINK,
            page => page::PAGE,
            chain_question => script::CHAIN_QUESTION,
            case => script::CASE,
        }
    };
}
pub(crate) use with_targets;

/// What stands between the parts of an input: it is in no text.
const BETWEEN: u8 = 0xff;

fn now() -> Timestamp {
    Timestamp::from_second(1_795_450_200).expect("a time")
}

/// The same bits each time.
fn random() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(0x5eed)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The parts of an input; the last has all that is left.
fn parts<const NUMBER: usize>(bytes: &[u8]) -> [&[u8]; NUMBER] {
    let mut parts = bytes.splitn(NUMBER, |byte| *byte == BETWEEN);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// One of several, by what is in the input: to try all would take as many times longer.
fn one_of<T: Copy>(bytes: &[u8], all: &[T]) -> T {
    let sum = bytes
        .iter()
        .fold(0_usize, |sum, byte| sum + usize::from(*byte));
    all[sum % all.len()]
}

/// An input of these parts.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.join(&BETWEEN)
}

/// A plan with quick keys.
fn plan(preset: Preset) -> Plan {
    Plan {
        key_type: KeyType::Ed25519,
        ..Plan::example(preset)
    }
}

/// All files of a preset.
fn files(preset: Preset) -> Vec<(String, Vec<u8>)> {
    let lab = make(&plan(preset), None, now(), &mut random()).expect("the preset’s files");
    let files = lab.files().into_iter();
    files
        .filter_map(|file| Some((file.name.clone(), file.text()?.as_bytes().to_vec())))
        .collect()
}

/// Its files whose names end so.
fn some(preset: Preset, endings: &[&str]) -> Vec<Vec<u8>> {
    let some: Vec<Vec<u8>> = files(preset)
        .into_iter()
        .filter(|(name, _)| endings.iter().any(|ending| name.ends_with(ending)))
        .map(|(_, bytes)| bytes)
        .collect();
    assert!(!some.is_empty(), "{endings:?}");
    some
}

/// The contents of PEM, so that bytes of DER are changed and not letters of base64.
fn der(pems: &[Vec<u8>]) -> Vec<Vec<u8>> {
    pems.iter()
        .flat_map(|text| pem::blocks(std::str::from_utf8(text).expect("a text")).expect("PEM"))
        .map(|block| block.der.to_vec())
        .collect()
}

/// DER as PEM.
fn pem_of(label: &str, der: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let letters = STANDARD.encode(der);
    let lines: Vec<&str> = (0..letters.len())
        .step_by(64)
        .map(|at| &letters[at..letters.len().min(at + 64)])
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
