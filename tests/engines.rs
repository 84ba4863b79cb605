//! Each family of browsers is a judge: the built page starts in it from
//! `file://`, and a worker answers.

mod support;

use support::browser::{Browser, Engine, PATIENCE};

fn starts_in(engine: Engine) {
    let browser = Browser::open_in(engine);
    browser.wait_until("the worker answers", PATIENCE, || {
        browser.attribute("html", "data-worker").as_deref() == Some("42")
    });
}

#[test]
fn the_page_starts_in_chromium() {
    starts_in(Engine::Chromium);
}

#[test]
fn the_page_starts_in_firefox() {
    starts_in(Engine::Firefox);
}

#[test]
fn the_page_starts_in_webkit() {
    starts_in(Engine::Webkit);
}
