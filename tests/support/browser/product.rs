//! The product's page: where it is, and what many tests do in it.

use std::time::Duration;

use serde_json::json;
use url::Url;

use super::super::product;
use super::Browser;

/// Long enough for some keys on a busy machine.
pub(crate) const MAKING: Duration = Duration::from_mins(3);

/// The product's address.
pub(crate) fn product_url() -> String {
    Url::from_file_path(product())
        .expect("the product's path is absolute")
        .into()
}

impl Browser {
    /// Opens the product after a script of the test's own has run in it. Chromium only.
    pub(crate) fn open_after(&self, script: &str) {
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": script }),
        );
        self.go(&product_url());
    }

    /// Begins to make files for so many clients, and returns when it is under way.
    pub(crate) fn make_for_clients(&self, clients: usize) {
        self.execute_with(
            "for (let client = 1; client < arguments[0]; client += 1) {
               document.querySelector('#add-client').click();
             }",
            vec![json!(clients)],
        );
        self.click("#make");
        self.wait_for("#making");
    }

    /// Waits for the files.
    pub(crate) fn wait_until_made(&self) {
        self.wait_until("the files are made", MAKING, || self.shows("#download-tar"));
    }

    /// Unfolds whatever is folded.
    pub(crate) fn unfold(&self) {
        self.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    }
}
