//! Chromium is the judge: the built page starts from `file://`, its workers
//! answer, and nothing is asked of any network, by the page's own doing or by
//! anybody else's.

#[path = "../support/mod.rs"]
mod support;

use serde_json::json;
use support::browser::{Browser, Engine, Extent, PATIENCE, Scheme};

#[test]
fn the_page_starts_from_a_file_and_asks_for_nothing() {
    let browser = Browser::open();
    assert!(
        browser
            .execute("return location.href")
            .as_str()
            .unwrap()
            .starts_with("file://")
    );
    browser.wait_until("the page is ready", PATIENCE, || {
        browser.attribute("html", "data-ready").is_some()
    });
    browser.assert_quiet();
    assert!(
        browser
            .requests()
            .iter()
            .any(|address| address.starts_with("file:")),
        "the log of requests works"
    );
}

#[test]
fn the_policy_lets_nothing_out() {
    let browser = Browser::open();
    let refused = browser.execute_async(
        "const done = arguments[0];
         const refused = [];
         addEventListener('securitypolicyviolation', (event) => {
           refused.push(event.effectiveDirective);
           if (refused.length === 3) done(refused.sort());
         });
         fetch('http://127.0.0.1:9/').catch(() => {});
         const image = new Image();
         image.src = 'http://127.0.0.1:9/image';
         const script = document.createElement('script');
         script.textContent = 'document.title = 0';
         document.head.append(script);",
        vec![],
    );
    assert_eq!(
        refused,
        json!(["connect-src", "img-src", "script-src-elem"])
    );
    assert_eq!(browser.sent(), [""; 0]);
}

#[test]
fn the_network_watch_notices_a_request() {
    // Another page, without a policy: the watch itself is on trial.
    let browser = Browser::start(Engine::Chromium);
    browser.go("http://127.0.0.1:4379/somewhere");
    assert!(
        browser
            .sent()
            .iter()
            .any(|line| line.contains("/somewhere")),
        "{:?}",
        browser.sent()
    );
    assert!(
        browser
            .requests()
            .contains(&"http://127.0.0.1:4379/somewhere".to_owned())
    );
}

#[test]
fn pictures_are_of_the_size_and_scheme_asked_for() {
    let browser = Browser::open();
    for (scheme, name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
        let name = format!("support-{name}");
        let path = browser.screenshot(&name, 360, 640, scheme, Extent::Window);
        let bytes = std::fs::read(path).unwrap();
        // A PNG has its width and height at offset 16.
        assert_eq!(bytes[16..24], [0, 0, 1, 104, 0, 0, 2, 128]);
        let dark = browser.execute("return matchMedia('(prefers-color-scheme: dark)').matches");
        assert_eq!(dark, json!(scheme == Scheme::Dark));
    }
}
