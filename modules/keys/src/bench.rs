//! The measuring functions of the bench page, which the product does not have: keys
//! made on one thread by the module that was chosen for this engine.
#![expect(
    unreachable_pub,
    reason = "what is exported to JavaScript must be `pub`, and no other crate is to reach it"
)]

use getrandom::SysRng;
use rand_core::UnwrapErr;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa_key::{ModulusBits, bench};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

fn size(bits: u32) -> Result<ModulusBits, JsValue> {
    ModulusBits::from_bits(bits).ok_or_else(|| JsValue::from_str("no such size"))
}

fn fault(error: impl std::fmt::Display) -> JsValue {
    JsValue::from_str(&error.to_string())
}

/// The bits of a word of this module's arithmetic: 64 in the build for engines with
/// wide arithmetic.
#[wasm_bindgen]
#[must_use]
pub fn bench_word_bits() -> u32 {
    crypto_bigint::Limb::BITS
}

/// Makes one key of 2048, 3072 or 4096 bits on this thread, and gives the
/// milliseconds.
///
/// # Errors
///
/// Another size, or a fault that no random number explains.
#[wasm_bindgen]
pub fn bench_key_on_one_thread(bits: u32) -> Result<f64, JsValue> {
    let size = size(bits)?;
    timed(|| rsa_key::generate(size, &mut UnwrapErr(SysRng)))
}

/// Makes one key of 2048 bits with the `rsa` crate alone.
///
/// # Errors
///
/// The crate's own.
#[wasm_bindgen]
pub fn bench_rsa_crate_key() -> Result<f64, JsValue> {
    timed(|| rsa::PrivateKey::new(&mut UnwrapErr(SysRng), 2048))
}

/// Makes the key whose search is of average length, always the same, and gives
/// the milliseconds.
///
/// # Errors
///
/// If the key can't be made, which would be a fault.
#[wasm_bindgen]
pub fn bench_seeded_workload() -> Result<f64, JsValue> {
    let size = ModulusBits::Rsa2048;
    timed(|| bench::seeded_workload(size, bench::average_seed(size)))
}

fn timed<T, E: std::fmt::Display>(action: impl FnOnce() -> Result<T, E>) -> Result<f64, JsValue> {
    let begin = now();
    action().map_err(fault)?;
    Ok(now() - begin)
}

/// The key of a seed as PEM, which is the same in every build of this module.
///
/// # Errors
///
/// As [`bench_key_on_one_thread`].
#[wasm_bindgen]
pub fn bench_seeded_key(bits: u32, seed: u32) -> Result<String, JsValue> {
    let key = bench::seeded_key(size(bits)?, u64::from(seed)).map_err(fault)?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(fault)?;
    Ok(pem.as_str().to_owned())
}
