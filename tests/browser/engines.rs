//! Each family of browsers is a judge: the built page starts in it from
//! `file://`, and its workers make the tutorial's files with one press.

#[path = "../support/mod.rs"]
mod support;

use support::browser::{Browser, Engine};

fn makes_the_files_in(engine: Engine) {
    let browser = Browser::open_in(engine);
    browser.wait_for("#make");
    browser.click("#make");
    browser.wait_until_made();
}

#[test]
fn chromium_makes_the_files() {
    makes_the_files_in(Engine::Chromium);
}

#[test]
fn firefox_makes_the_files() {
    makes_the_files_in(Engine::Firefox);
}

#[test]
fn webkit_makes_the_files() {
    makes_the_files_in(Engine::Webkit);
}
