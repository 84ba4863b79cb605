//! Files that the reader chooses, drops or pastes, once the page wants to have
//! them read: bytes, in slices. What was read goes on as an event to whoever
//! asked for it.

use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DataTransfer, File, FileList};
use zeroize::Zeroizing;

use super::clock::pause;
use crate::page::{
    event::{Event, FileRead},
    input::Input,
};

/// Reads the file at this place among those that were offered, and gives it to
/// `then`.
pub(super) fn read_file(wanted: Input, files: &FileList, place: usize, then: fn(Event)) {
    let file = u32::try_from(place)
        .ok()
        .and_then(|place| files.item(place));
    let Some(file) = file else {
        return;
    };
    let alone = files.length() == 1;
    spawn_local(async move {
        let event = match bytes(&file).await {
            Some(contents) => Event::Give(
                wanted,
                FileRead {
                    name: file.name(),
                    contents,
                    alone,
                },
            ),
            None => Event::Unreadable,
        };
        then(event);
    });
}

/// Reads a text that was pasted in the place of a file, and gives it to `then`.
pub(super) fn read_text(wanted: Input, text: &JsString, then: fn(Event)) {
    let text = text.clone();
    let name = wanted.as_file(text.length() as usize).unwrap_or_default();
    spawn_local(async move {
        let given = FileRead {
            name: name.to_owned(),
            contents: encoded(&text).await,
            alone: true,
        };
        then(Event::Give(wanted, given));
    });
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number; a float's cast saturates"
)]
pub(super) fn size(file: &File) -> usize {
    file.size() as usize
}

#[wasm_bindgen]
extern "C" {
    /// A `DataTransfer` whose text stays with JavaScript. A string's way into wasm
    /// goes character by character, which with megabytes holds up the page.
    #[wasm_bindgen(extends = DataTransfer)]
    type Transfer;

    #[wasm_bindgen(method, catch, js_name = getData)]
    fn text(this: &Transfer, format: &str) -> Result<JsString, JsValue>;

    /// The browser's own way from a text to UTF-8.
    #[wasm_bindgen(js_name = TextEncoder)]
    type Encoder;

    #[wasm_bindgen(constructor, js_class = "TextEncoder")]
    fn new() -> Encoder;

    #[wasm_bindgen(method)]
    fn encode(this: &Encoder, text: &JsString) -> Uint8Array;
}

/// The text that is pasted.
pub(super) fn text_of(data: &DataTransfer) -> Option<JsString> {
    data.unchecked_ref::<Transfer>().text("text").ok()
}

/// A text in UTF-8, from pieces of at most this many UTF-16 code units.
async fn encoded(text: &JsString) -> Zeroizing<Vec<u8>> {
    const PIECE: u32 = 1 << 20;
    let encoder = Encoder::new();
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.length() as usize));
    let mut begin = 0;
    while begin < text.length() {
        let mut end = text.length().min(begin + PIECE);
        // The two halves of a surrogate pair stay together.
        if end < text.length() && is_high_surrogate(text.char_code_at(end - 1)) {
            end -= 1;
        }
        bytes.extend(encoder.encode(&text.slice(begin, end)).to_vec());
        begin = end;
        pause().await;
    }
    bytes
}

/// The first half of a character beyond U+FFFF, as `charCodeAt` gives it.
fn is_high_surrogate(unit: f64) -> bool {
    (f64::from(0xd800)..f64::from(0xdc00)).contains(&unit)
}

/// As many bytes as are taken over at once: a moment's work for the page.
const SLICE: f64 = 2_097_152.0;

async fn bytes(file: &File) -> Option<Zeroizing<Vec<u8>>> {
    // Of full length from the beginning: to grow would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(size(file)));
    let mut begin = 0.0;
    while begin < file.size() {
        let slice = file.slice_with_f64_and_f64(begin, begin + SLICE).ok()?;
        let buffer = JsFuture::from(slice.array_buffer()).await.ok()?;
        let array = Uint8Array::new(buffer.dyn_ref::<ArrayBuffer>()?);
        let end = bytes.len();
        bytes.resize(end + array.length() as usize, 0);
        array.copy_to(bytes.get_mut(end..)?);
        array.fill(0, 0, array.length());
        begin += SLICE;
    }
    Some(bytes)
}
