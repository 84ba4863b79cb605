//! Files for the reader's disk: a Blob behind a link that is pressed at once.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::{clock::later, dom};

/// How long the browser gets to take a download, in milliseconds, before the
/// Blob is given up. Some browsers fetch it only after the press has returned.
const PATIENCE: i32 = 10_000;

/// Hands a file to the browser's downloads.
pub(super) fn download(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let array = Uint8Array::from(bytes);
    let kind = BlobPropertyBag::new();
    kind.set_type("application/octet-stream");
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&array), &kind)?;
    // The Blob has a copy of its own.
    array.fill(0, 0, array.length());
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = dom::document().ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.set_hidden(true);
    let body = document.body().ok_or(JsValue::NULL)?;
    body.append_child(&link)?;
    link.click();
    link.remove();
    later(PATIENCE, move || {
        // It may be gone already, with the page.
        let _ = Url::revoke_object_url(&url);
    });
    Ok(())
}
