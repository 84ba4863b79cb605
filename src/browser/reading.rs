//! Files that the reader chooses or drops: refused by their size before a byte
//! is read, and read as text whatever they are.

use js_sys::{Array, ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DataTransfer, File, FileList};
use zeroize::Zeroizing;

use super::{app, clock::now, dom};
use crate::{
    etcd::plan::Field,
    page::{desk::Input, diagnosis::Diagnosis},
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
fn size(file: &Blob) -> usize {
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
        read_blob(file.name(), Blob::from(file));
    }
}

#[wasm_bindgen]
extern "C" {
    /// A `DataTransfer` whose text stays with JavaScript: to copy megabytes into
    /// wasm, character by character, would hold up the page.
    #[wasm_bindgen(extends = DataTransfer)]
    type Transfer;

    #[wasm_bindgen(method, catch, js_name = getData)]
    fn text(this: &Transfer, format: &str) -> Result<JsString, JsValue>;
}

/// Takes a text that is too long for chapter 7's field, as a file would be; tells
/// whether it was.
pub(super) fn read_long_text(data: &DataTransfer) -> bool {
    let Ok(text) = data.unchecked_ref::<Transfer>().text("text") else {
        return false;
    };
    if !Diagnosis::is_long(text.length() as usize) {
        return false;
    }
    match Blob::new_with_str_sequence(&Array::of1(&text)) {
        Ok(blob) => read_blob(Diagnosis::PASTED.to_owned(), blob),
        Err(_) => refused(),
    }
    true
}

fn read_blob(name: String, blob: Blob) {
    let size = size(&blob);
    if !app::change(|app| app.session.trials.diagnosis.admits(&name, size)) {
        return;
    }
    spawn_local(async move {
        match bytes(&blob).await {
            Some(mut bytes) => app::change(|app| {
                let bytes = std::mem::take(&mut *bytes);
                app.session.trials.diagnosis.add(&name, bytes);
            }),
            None => refused(),
        }
    });
}

async fn text(file: &File) -> Option<Zeroizing<String>> {
    let bytes = bytes(file).await?;
    Some(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

async fn bytes(file: &Blob) -> Option<Zeroizing<Vec<u8>>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let array = Uint8Array::new(buffer.dyn_ref::<ArrayBuffer>()?);
    let bytes = Zeroizing::new(array.to_vec());
    array.fill(0, 0, array.length());
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
