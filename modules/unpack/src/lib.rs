//! The module that unpacks others: LZMA takes a quarter less room than the gzip
//! that browsers bring, and what one module has in common with the one before it
//! is there but once. It sees no key and keeps nothing.
#![cfg(target_arch = "wasm32")]

use std::io::Read as _;

use lzma_rust2::LzmaReader;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Unpacks an LZMA file, as the build wrote it behind `before`; that is empty or
/// what was unpacked before it.
///
/// # Errors
///
/// The bytes are no such file.
#[wasm_bindgen]
pub fn unpack(packed: &[u8], before: &[u8]) -> Result<Vec<u8>, JsValue> {
    let before = (!before.is_empty()).then_some(before);
    // The file's header says its length behind five other bytes. A vector that grows
    // takes up to twice as much, and memory may be short.
    let length = packed.get(5..13).and_then(|bytes| bytes.try_into().ok());
    let length = usize::try_from(length.map_or(0, u64::from_le_bytes)).unwrap_or(0);
    let mut plain = Vec::new();
    plain
        .try_reserve_exact(length)
        .map_err(|error| JsValue::from_str(&error.to_string()))?;
    LzmaReader::new_mem_limit(packed, u32::MAX, before)
        .and_then(|mut reader| reader.read_to_end(&mut plain))
        .map_err(|error| JsValue::from_str(&error.to_string()))?;
    Ok(plain)
}
