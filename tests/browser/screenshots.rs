//! Pictures of every place of the page, for `cargo xtask screenshots`: empty and in
//! use, in both schemes, at the widths of a desk, a tablet and a telephone. Nobody
//! judges them here but for what no picture may show: a page that scrolls sideways.

#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::time::Duration;

use serde_json::json;
use support::browser::{Browser, Extent, PATIENCE, Scheme};

const TUTORIAL: &str = include_str!("../fixtures/tutorial-client.crt");
const MANY: &str = include_str!("../fixtures/many-extensions.crt");

/// What somebody pastes who was turned away.
const LOG: &str = r#"{"level":"warn","ts":"2026-11-28T12:00:00.000Z","caller":"embed/config_logging.go:188","msg":"rejected connection","remote-addr":"127.0.0.1:51234","server-name":"","error":"tls: failed to verify certificate: x509: certificate signed by unknown authority"}"#;

/// Long enough for three keys on a busy machine.
const MAKING: Duration = Duration::from_mins(1);

/// What leads to a scene.
type Lead = fn(&Browser);

/// Scenes in the order of a visit: each its name, and what leads there from the one
/// before.
const SCENES: [(&str, Lead); 9] = [
    ("make", |browser| browser.visit("make")),
    ("make-made", |browser| {
        browser.click("#make");
        browser.wait_until("the files are made", MAKING, || {
            browser.shows("#download-tar")
        });
    }),
    ("break-it", |browser| browser.visit("break-it")),
    ("break-it-expired", |browser| {
        browser.click("#drill-expired-client");
        browser.wait_for("#drill-download");
    }),
    ("diagnose", |browser| browser.visit("diagnose")),
    ("diagnose-log", |browser| {
        browser.paste("#diagnosis-text", LOG);
        browser.wait_for("#diagnosis-kinds");
    }),
    ("inspect", |browser| browser.visit("inspect")),
    ("inspect-anatomy", |browser| {
        let both = format!("{MANY}{TUTORIAL}");
        browser.paste("#inspect-text", &both);
        browser.wait_for("#inspected-0-anatomy");
        browser.click("#inspected-0-anatomy");
        browser.wait_for("[data-parts]");
        browser.click(".pane-bytes [data-part='40']");
    }),
    ("renew-and-revoke", |browser| {
        browser.visit("renew-and-revoke");
    }),
];

#[test]
fn every_place_in_both_schemes_at_three_widths() {
    let only = env::var("SCREENSHOTS_ONLY").unwrap_or_default();
    let browser = Browser::open();
    for (name, lead) in SCENES {
        browser.size(1440, 900);
        lead(&browser);
        if !name.contains(&only) {
            continue;
        }
        for (width, height) in [(1440, 900), (768, 1024), (360, 800)] {
            for (scheme, word) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
                let file = format!("{name}-{width}-{word}");
                browser.screenshot(&file, width, height, scheme, Extent::Page);
                let wide = "return document.documentElement.scrollWidth > innerWidth";
                browser.wait_until(&format!("{file} fits its width"), PATIENCE, || {
                    browser.execute(wide) == json!(false)
                });
                println!("{file}.png");
            }
        }
    }
    browser.assert_quiet();
}
