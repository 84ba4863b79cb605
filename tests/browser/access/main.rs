//! How the page serves those who can't see it or can't point: the tutorial is
//! made with a keyboard alone, every chapter in every state is judged by axe and
//! by the tree that Chromium gives to screen readers, and what happens is said
//! where a screen reader hears it.
//!
//! Nothing here is timed: what is waited for may take as long as it likes.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../../support/mod.rs"]
mod support;

use std::fs;
use std::time::Duration;

use fantoccini::key::Key;
use serde_json::{Value, json};
use support::browser::{Browser, PATIENCE, Scheme, product_url};
use support::target;

/// Long enough for three keys on a busy machine.
const MAKING: Duration = Duration::from_mins(1);

/// Looks at where the focus is.
const STOP: &str = include_str!("stop.js");
/// Looks for text that is too faint.
const CONTRAST: &str = include_str!("contrast.js");
/// Looks at the page's outline.
const TREE: &str = include_str!("tree.js");

/// A reader who has nothing but a keyboard.
struct Reader {
    browser: Browser,
}

impl Reader {
    /// Opens the page, which notes from now on whether the focus was ever lost.
    fn new() -> Self {
        let browser = Browser::open();
        browser.size(1280, 900);
        // What is lost is lost before the next task begins.
        browser.execute(
            "window.lost = [];
             document.addEventListener('click', (event) => setTimeout(() => {
               const active = document.activeElement;
               if (active === document.body || active.closest('[hidden]'))
                 window.lost.push(event.target.outerHTML);
             }));",
        );
        Self { browser }
    }

    fn strike(&self, key: Key) {
        self.browser.strike(&[], &key.to_string());
    }

    /// Where the focus is: what a reader sees of it, and how the page orders it.
    fn stop(&self) -> Value {
        self.browser.execute(STOP)
    }

    /// Goes on by Tab until an element that matches has the focus. Every stop on
    /// the way can be seen, and stands behind the one before.
    fn reach(&self, css: &str) {
        self.browser
            .execute("window.stopBefore = document.activeElement");
        for _ in 0..400 {
            self.strike(Key::Tab);
            let stop = self.stop();
            assert_eq!(stop["faults"], json!([]), "{stop:#} on the way to {css}");
            let there = self.browser.execute_with(
                "return document.activeElement.matches(arguments[0])",
                vec![json!(css)],
            );
            if there == json!(true) {
                return;
            }
        }
        panic!("Tab never comes to {css}; it is at {:#}", self.stop());
    }

    /// Goes to another place, back to the bar and by its link there.
    fn visit(&self, place: &str, heading: &str) {
        let link = format!("#to-{place}");
        for _ in 0..400 {
            self.browser.strike(&[Key::Shift], &Key::Tab.to_string());
            if self.has_focus(&link) {
                self.strike(Key::Enter);
                return self.wait_for_focus(heading);
            }
        }
        panic!("Shift and Tab never come to {link}");
    }

    fn has_focus(&self, css: &str) -> bool {
        let script = "return document.activeElement.matches(arguments[0])";
        self.browser.execute_with(script, vec![json!(css)]) == json!(true)
    }

    fn wait_for_focus(&self, css: &str) {
        self.browser
            .wait_until(&format!("the focus is on {css}"), MAKING, || {
                self.has_focus(css)
            });
        // It may have been moved anywhere; from here on Tab goes on.
        self.browser.execute("window.stopBefore = null");
        let stop = self.stop();
        assert_eq!(stop["faults"], json!([]), "{stop:#}");
    }

    fn hears(&self, css: &str, part: &str) {
        let live = "return document.querySelector(arguments[0]).closest(
            '[role=status], [role=alert], [aria-live]') !== null";
        let live = self.browser.execute_with(live, vec![json!(css)]);
        assert_eq!(live, json!(true), "{css} is not read aloud when it changes");
        self.browser
            .wait_until(&format!("{css} says `{part}`"), MAKING, || {
                self.browser.content(css).contains(part)
            });
    }

    fn kept_the_focus(&self) {
        let lost = self.browser.execute("return window.lost");
        assert_eq!(lost, json!([]), "these presses lost the focus");
    }
}

#[test]
fn the_tutorial_is_made_broken_and_mended_with_the_keyboard_alone() {
    let reader = Reader::new();
    let browser = &reader.browser;

    // A name is changed.
    reader.reach("#client-0-details > summary");
    reader.strike(Key::Enter);
    reader.reach("#client-0-subject");
    browser.strike(&[Key::Control], "a");
    browser.strike(&[], "CN=keyboard");
    browser.wait_for_text("#client-0-summary", "CN=keyboard");

    // The files are made, and the focus goes along.
    reader.reach("#make");
    reader.strike(Key::Enter);
    reader.wait_for_focus("#files-heading");
    reader.hears("#status", "Made.");

    // A file is viewed, copied and downloaded.
    reader.reach("#document-1 > summary");
    reader.strike(Key::Enter);
    reader.reach("[data-action='view client.crt']");
    reader.strike(Key::Space);
    browser.wait_for_text("pre[data-contents='client.crt']", "BEGIN CERTIFICATE");
    assert!(
        reader
            .has_focus("[data-action^='view '][aria-expanded=true][aria-label='Hide client.crt']")
    );
    reader.strike(Key::Space);
    browser.wait_until_gone("pre[data-contents='client.crt']");
    reader.reach("[data-action='copy client.crt']");
    reader.strike(Key::Enter);
    reader.hears("#copied", "Copied");
    assert!(reader.has_focus("[data-action='copy client.crt']"));
    browser.strike(&[Key::Shift], &Key::Tab.to_string());
    browser.strike(&[Key::Shift], &Key::Tab.to_string());
    browser.strike(&[Key::Shift], &Key::Tab.to_string());
    browser.strike(&[Key::Shift], &Key::Tab.to_string());
    assert!(reader.has_focus("[data-action='download client.crt']"));
    reader.strike(Key::Enter);
    let file = browser.wait_for_download("client.crt");
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .contains("BEGIN CERTIFICATE")
    );

    // A command is tried.
    reader.reach("#run-command-verified-without");
    reader.strike(Key::Enter);
    reader.hears("#dry-run-status", "Refused, as it must be.");
    browser.wait_for("#dry-run-command-verified-without .refused");
    assert!(reader.has_focus("#run-command-verified-without"));
    reader.reach("#run-command-verified-put-0");
    reader.strike(Key::Space);
    reader.hears("#dry-run-status", "Passed");
    assert!(reader.has_focus("#run-command-verified-put-0"));

    // A mistake is made, and mended.
    reader.visit("break-it", "#break-heading");
    reader.reach("#drill-expired-client");
    reader.strike(Key::Enter);
    reader.wait_for_focus("#drill-title");
    browser.wait_for("#drill-outcome .refused");
    reader.hears("#drill-status", "Refused.");
    reader.wait_for_focus("#drill-title");
    reader.reach("#drill-mend");
    reader.strike(Key::Enter);
    browser.wait_for("#drill-outcome .seal");
    reader.hears("#drill-status", "Passed");
    reader.wait_for_focus("#drill-title");
    reader.kept_the_focus();

    // There is a way out at the end of the page, and one back.
    reader.reach("#forget");
    reader.strike(Key::Tab);
    let out = "return document.activeElement === document.body || !document.hasFocus()";
    assert_eq!(browser.execute(out), json!(true), "{:#}", reader.stop());
    browser.strike(&[Key::Shift], &Key::Tab.to_string());
    reader.wait_for_focus("#forget");
    browser.strike(&[Key::Shift], &Key::Tab.to_string());
    reader.wait_for_focus("#drill-panel [aria-describedby=drill-etcdctl]");
    browser.assert_quiet();
}

#[test]
fn the_focus_stays_near_when_what_has_it_goes() {
    let reader = Reader::new();
    let browser = &reader.browser;
    browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    let press = |css: &str| {
        browser.wait_for(css);
        browser.execute_with(
            "document.querySelector(arguments[0]).focus()",
            vec![json!(css)],
        );
        reader.strike(Key::Enter);
    };
    // The button makes room for the progress, and comes back.
    press("#make");
    reader.wait_for_focus("#progress-text, #files-heading");
    browser.wait_until("the files are made, or can be given up", MAKING, || {
        browser.shows("#cancel") || browser.shows("#download-tar")
    });
    reader.wait_for_focus("#files-heading");
    browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    // A client comes and goes.
    press("#add-client");
    reader.wait_for_focus("#client-1-name");
    press("#remove-client-1");
    reader.wait_for_focus("#add-client");
    // A mended field has its fault's button no more.
    browser.fill("#server-names", "DNS:10.0.0.1");
    reader.strike(Key::Tab);
    press("#server-names-mend");
    reader.wait_for_focus("#server-names");
    // Without a form chosen there is nothing to make, which is said.
    press("#export");
    reader.hears("#formats-status", "Choose at least one form");
    assert!(reader.has_focus("#export"));
    // What was given is taken away again.
    browser.visit("diagnose");
    browser.paste("#diagnosis-text", "Error: context deadline exceeded");
    reader.hears("#diagnosis-status", "context deadline exceeded");
    press("#diagnosis-clear");
    reader.wait_for_focus("#diagnosis-text");
    browser.visit("inspect");
    press("#inspect-made");
    reader.hears("#inspection-status", "Found: 3 certificates");
    press("#inspect-clear");
    reader.wait_for_focus("#inspect-text");
    // A button that is busy keeps the focus.
    browser.visit("renew-and-revoke");
    press("[data-action^='renew-take ']");
    press("#renew");
    browser.wait_for_text("#renewed", "Renewed");
    assert!(reader.has_focus("#renew"));
    // The question takes the place of its button.
    press("#forget");
    reader.wait_for_focus("#forget-cancel");
    press("#forget-cancel");
    reader.wait_for_focus("#forget");
    press("#forget");
    press("#forget-confirm");
    reader.wait_for_focus("#make");
    reader.hears("#status", "Forgotten");
    reader.kept_the_focus();
}

#[test]
fn a_fault_is_tied_to_its_field_and_read_aloud() {
    let reader = Reader::new();
    let browser = &reader.browser;
    let described = |css: &str| {
        let script = "const field = document.querySelector(arguments[0]);
            return [field.getAttribute('aria-invalid'),
              field.getAttribute('aria-describedby').split(' ')
                .map((id) => document.getElementById(id).textContent).join(' ')]";
        let answer = browser.execute_with(script, vec![json!(css)]);
        (
            answer[0] == json!("true"),
            answer[1].as_str().unwrap().to_owned(),
        )
    };
    assert!(!described("#client-0-days").0);
    browser.execute("document.getElementById('client-0-details').open = true");
    browser.fill("#client-0-days", "0");
    reader.strike(Key::Tab);
    reader.hears("#client-0-days-fault", "day");
    let (invalid, description) = described("#client-0-days");
    assert!(invalid && description.contains(&browser.content("#client-0-days-fault")));
    // Nothing is made, and the focus goes to what is at fault.
    browser.click("#make");
    reader.wait_for_focus("#client-0-days");
    reader.hears("#status", "1 field needs another look");
    browser.fill("#client-0-days", "30");
    browser.wait_until("the fault is gone", PATIENCE, || {
        !described("#client-0-days").0
    });
    // The same at the desk.
    browser.visit("renew-and-revoke");
    browser.click("#signer-source-own");
    browser.click("#renew");
    reader.wait_for_focus("#signer-certificate");
    reader.hears("#signer-certificate-fault", "give the CA’s certificate");
    let (invalid, description) = described("#signer-certificate");
    assert!(invalid && description.contains("give the CA’s certificate"));
}

#[test]
fn no_chapter_in_any_state_has_anything_that_axe_or_chromium_object_to() {
    let axe = axe();
    let browser = Browser::open();
    browser.size(1280, 900);
    browser.execute(&axe);
    judge(&browser, "before anything is made");

    // Every fault of the form.
    browser.unfold();
    for (field, text) in [
        ("authority-subject", "CN="),
        ("server-names", "DNS:10.0.0.1"),
        ("client-0-days", "0"),
        ("port", "99999"),
    ] {
        browser.fill(&format!("#{field}"), text);
    }
    browser.click("#make");
    browser.wait_for_text("#status", "fields need another look");
    judge(&browser, "with faults");
    // Loaded again, the form would be as it is.
    browser.go(&product_url());
    browser.wait_until_started();
    browser.execute(&axe);

    browser.click("#make");
    browser.wait_until_made();
    browser.unfold();
    judge(&browser, "after making, all unfolded");

    for command in ["without", "put-0", "get-0"] {
        browser.click(&format!("#run-command-verified-{command}"));
        browser.wait_for(&format!(
            "#dry-run-command-verified-{command} :is(.seal, .refused)"
        ));
    }
    browser.click("[data-action='view client.csr']");
    judge(&browser, "tried and viewed");
    browser.visit("break-it");
    for drill in ["no-client-certificate", "revoked", "no-san"] {
        browser.click(&format!("#drill-{drill}"));
        browser.wait_for("#drill-outcome .refused");
        browser.unfold();
        judge(&browser, &format!("the drill {drill}"));
    }
    browser.click("#drill-mend");
    browser.wait_for("#drill-outcome .seal");
    browser.unfold();
    judge(&browser, "the drill no-san, mended");

    browser.visit("diagnose");
    judge(&browser, "before anything is diagnosed");
    browser.paste(
        "#diagnosis-text",
        "etcd --cert-file=/root/certificates/etcd.crt --key-file=/root/certificates/etcd.key \
         --trusted-ca-file=/root/certificates/ca.crt --client-cert-auth \
         --advertise-client-urls=https://127.0.0.1:2379 --listen-client-urls=https://127.0.0.1:2379\n\
         ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 put a b\n\
         rejected connection from \"127.0.0.1:4\" (error \"tls: failed to verify certificate: \
         x509: certificate signed by unknown authority\")\n\
         Error: context deadline exceeded\n",
    );
    browser.wait_for_text("#diagnosis-result", "What the text says");
    browser.unfold();
    judge(&browser, "diagnosed");
    browser.visit("inspect");
    judge(&browser, "before anything is inspected");
    browser.click("#inspect-made");
    browser.wait_for_text("#inspection", "Found: 3 certificates");
    browser.unfold();
    judge(&browser, "inspected");
    browser.click("#inspected-0-anatomy");
    browser.wait_for("[data-parts]");
    for width in [1280, 320] {
        browser.size(width, 900);
        judge(&browser, &format!("taken apart, {width} pixels wide"));
    }
    browser.size(1280, 900);
    browser.visit("renew-and-revoke");
    judge(&browser, "before anything is renewed");
    browser.click("[data-action^='renew-take ']");
    browser.click("#renew");
    browser.wait_for_text("#renewed", "Renewed");
    browser.click("#revoke-made-0");
    browser.click("#revoke");
    browser.wait_for("#revoke-nothing");
    browser.unfold();
    judge(&browser, "renewed and revoked");
    browser.visit("make");

    for preset in ["cluster", "kubeadm", "client-only", "sign-csr"] {
        browser.click(&format!("#preset-{preset}"));
        browser.unfold();
        judge(&browser, &format!("the form for {preset}"));
    }
    for form in ["systemd", "compose"] {
        browser.click("#preset-cluster");
        browser.click(&format!("#run-{form}"));
        browser.unfold();
        judge(&browser, &format!("started by {form}"));
    }
    browser.click("#forget");
    judge(&browser, "asked whether to forget");
    browser.assert_quiet();
}

/// Judges what is on the page now: by axe in both schemes, by the tree that is
/// given to screen readers, and by whether all fits a narrow window.
fn judge(browser: &Browser, state: &str) {
    // Nothing that stays at an edge of the window is in front of the rest.
    let tall = browser.execute("return document.documentElement.scrollHeight + 2000");
    let tall = u32::try_from(tall.as_u64().unwrap()).unwrap();
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.prefer(scheme);
        browser.size(1280, tall);
        let found = violations(browser);
        assert_eq!(found, json!([]), "{state}, {scheme:?}: axe says {found:#}");
        let faint = browser.execute(CONTRAST);
        assert_eq!(
            faint,
            json!([]),
            "{state}, {scheme:?}: too faint: {faint:#}"
        );
    }
    let unfit = browser.execute(TREE);
    assert_eq!(unfit, json!([]), "{state}: {unfit:#}");
    let unnamed = unnamed(browser);
    assert!(unnamed.is_empty(), "{state}: without a name: {unnamed:#?}");
    // WCAG 2.2, 1.4.10, and 1.4.4 at 200 % in a window of 1280 pixels.
    for width in [320, 640] {
        browser.size(width, 800);
        let wide = browser.execute(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth",
        );
        assert_eq!(wide, json!(false), "{state}: scrolls sideways at {width}");
    }
    browser.size(1280, 900);
}

/// What axe objects to: each rule with the elements that break it.
fn violations(browser: &Browser) -> Value {
    browser.execute_async(
        "const done = arguments[0];
         axe.run(document, {
           runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
           rules: { 'label-content-name-mismatch': { enabled: true } },
           resultTypes: ['violations'],
         }).then(
           (found) => done(found.violations.map((rule) =>
             [rule.id, rule.help, rule.nodes.map((node) => node.html)])),
           (error) => done(String(error)),
         );",
        vec![],
    )
}

#[test]
fn each_judge_notices_what_it_is_for() {
    let browser = Browser::open();
    browser.execute(&axe());
    // The copy of an element has its identifier too.
    browser.execute(
        "document.getElementById('make').insertAdjacentHTML('afterend',
           '<button type=\"button\" id=\"nameless\"></button><h5 id=\"make\">Deep</h5>');
         const faint = document.createElement('p');
         faint.textContent = 'faint';
         document.querySelector('main').append(faint);
         faint.style.color = '#999';",
    );
    let found = violations(&browser).to_string();
    for rule in ["button-name", "color-contrast", "heading-order"] {
        assert!(found.contains(rule), "{rule}: {found}");
    }
    assert!(browser.execute(CONTRAST).to_string().contains(": faint"));
    let tree = browser.execute(TREE).to_string();
    assert!(tree.contains("#make is there twice"), "{tree}");
    assert!(tree.contains("below a level 2"), "{tree}");
    assert_eq!(unnamed(&browser).len(), 1);
}

/// axe, which runs in the page.
fn axe() -> String {
    let file = target().join("tools/axe/node_modules/axe-core/axe.min.js");
    fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask tools axe`", file.display()))
}

/// What takes the focus, in Chromium's own tree for screen readers, and has no
/// name or no role.
fn unnamed(browser: &Browser) -> Vec<Value> {
    browser.devtools("Accessibility.enable", &json!({}));
    let tree = browser.devtools("Accessibility.getFullAXTree", &json!({}));
    let nodes = tree["nodes"].as_array().unwrap();
    assert!(nodes.len() > 100, "the tree is there");
    let property = |node: &Value, name: &str| {
        node["properties"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|property| property["name"] == name && property["value"]["value"] == true)
    };
    nodes
        .iter()
        .filter(|node| node["ignored"] == false && property(node, "focusable"))
        .filter(|node| {
            let text = |part: &str| node[part]["value"].as_str().unwrap_or_default().trim();
            let nameless = text("name").is_empty();
            nameless || ["", "generic", "none"].contains(&text("role"))
        })
        // What a script may focus needs no name of its own: its text is read.
        .filter(|node| {
            !["paragraph", "generic"].contains(&node["role"]["value"].as_str().unwrap_or_default())
        })
        .cloned()
        .collect()
}

#[test]
fn nothing_moves_where_less_motion_is_preferred() {
    let browser = Browser::open();
    browser.devtools(
        "Emulation.setEmulatedMedia",
        &json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] }),
    );
    assert_eq!(
        browser.execute("return matchMedia('(prefers-reduced-motion: reduce)').matches"),
        json!(true)
    );
    browser.click("#make");
    browser.wait_until_made();
    browser.unfold();
    let moving = browser.execute(
        "const moves = (style) => style.animationName !== 'none' || style.scrollBehavior === 'smooth' ||
           style.transitionDuration.split(',').some((time) => parseFloat(time) > 0);
         return [...document.querySelectorAll('*')]
           .filter((element) => ['', '::before', '::after']
             .some((part) => moves(getComputedStyle(element, part || null))))
           .map((element) => element.outerHTML.slice(0, 80))
           .concat(document.getAnimations().map(String));",
    );
    assert_eq!(moving, json!([]));
}
