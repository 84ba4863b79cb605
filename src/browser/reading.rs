//! Files that the reader chooses or drops: refused by their size before a byte
//! is read, and read as text whatever they are.

use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DataTransfer, File, FileList};
use zeroize::Zeroizing;

use super::{
    app,
    clock::{now, pause},
    dom,
};
use crate::{
    etcd::plan::Field,
    page::{chapters::diagnose::Diagnosis, desk::Input},
    pki::pem::{self, PemError},
};

/// Reads files for the input of this identifier.
pub(super) fn read_for(files: &FileList, id: &str) {
    if let Ok(field) = id.parse() {
        read(files, field);
    } else if let Some(input) = Input::from_id(id) {
        if input == Input::Inspect {
            read_to_inspect(files);
        } else if let Some(file) = files.item(0) {
            read_text(&file, input);
        }
    }
}

/// Reads files to be looked at, whatever they are.
fn read_to_inspect(files: &FileList) {
    for file in (0..files.length()).filter_map(|index| files.item(index)) {
        let size = size(&file);
        if !app::change(|app| app.session.desk.inspector.admits(size)) {
            return;
        }
        spawn_local(async move {
            match bytes(&file).await {
                Some(bytes) => app::change(|app| {
                    if app.session.desk.inspector.admits(bytes.len()) {
                        app.session.desk.inspector.add_file(&file.name(), &bytes);
                    }
                }),
                None => refused(),
            }
        });
    }
}

/// Reads a file into an input of the desk.
fn read_text(file: &File, input: Input) {
    if size(file) > pem::MAXIMUM_LENGTH {
        let error = PemError::TooLarge { length: size(file) };
        app::change(|app| app.session.report(error.to_string()));
        return;
    }
    let file = file.clone();
    spawn_local(async move {
        match text(&file).await {
            Some(text) => {
                dom::set_text(&input.to_string(), &text);
                app::change(|app| app.session.desk.type_text(input, &text));
            }
            None => refused(),
        }
    });
}

fn refused() {
    app::change(|app| {
        app.session
            .report("the browser could not read that file".to_owned());
    });
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number; a float's cast saturates"
)]
fn size(file: &File) -> usize {
    file.size() as usize
}

/// Reads files for a field. Two dropped at once are a CA's certificate and key,
/// told apart by what is in them.
pub(super) fn read(files: &FileList, field: Field) {
    let alone = files.length() == 1;
    for file in (0..files.length().min(2)).filter_map(|index| files.item(index)) {
        let size = size(&file);
        let admitted = app::change(|app| app.session.admit_file(field, size).is_ok());
        if admitted {
            spawn_local(async move {
                if let Some(text) = text(&file).await {
                    put(if alone { field } else { place(field, &text) }, &text);
                } else {
                    refused();
                }
            });
        }
    }
}

/// Reads files that are to be looked at in chapter 7.
pub(super) fn read_evidence(files: &FileList) {
    for file in (0..files.length()).filter_map(|index| files.item(index)) {
        let (name, size) = (file.name(), size(&file));
        if !app::change(|app| app.session.trials.diagnosis.admits(&name, size)) {
            continue;
        }
        spawn_local(async move {
            match bytes(&file).await {
                Some(mut bytes) => app::change(|app| {
                    let bytes = std::mem::take(&mut *bytes);
                    app.session.trials.diagnosis.add(&name, bytes);
                }),
                None => refused(),
            }
        });
    }
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

/// Takes a text that is too long for chapter 7's field, as a file would be; tells
/// whether it was.
pub(super) fn read_long_text(data: &DataTransfer) -> bool {
    let Ok(text) = data.unchecked_ref::<Transfer>().text("text") else {
        return false;
    };
    let length = text.length() as usize;
    if !Diagnosis::is_long(length) {
        return false;
    }
    if app::change(|app| {
        app.session
            .trials
            .diagnosis
            .admits(Diagnosis::PASTED, length)
    }) {
        spawn_local(async move {
            let bytes = encoded(&text).await;
            app::change(|app| app.session.trials.diagnosis.add(Diagnosis::PASTED, bytes));
        });
    }
    true
}

/// A text in UTF-8, from pieces of at most this many UTF-16 code units.
async fn encoded(text: &JsString) -> Vec<u8> {
    const PIECE: u32 = 1 << 20;
    let encoder = Encoder::new();
    let mut bytes = Vec::with_capacity(text.length() as usize);
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

async fn text(file: &File) -> Option<Zeroizing<String>> {
    let bytes = bytes(file).await?;
    Some(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
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

/// Where one of two files belongs.
fn place(field: Field, text: &str) -> Field {
    match field {
        Field::AuthorityCertificate | Field::AuthorityKey => {
            if text.contains("PRIVATE KEY") {
                Field::AuthorityKey
            } else {
                Field::AuthorityCertificate
            }
        }
        field => field,
    }
}

fn put(field: Field, text: &str) {
    dom::set_text(&field.to_string(), text);
    app::change(|app| {
        app.session.type_text(field, text);
        app.session.leave(field, now());
    });
}
