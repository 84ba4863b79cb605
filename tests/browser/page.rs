//! Chromium is the judge: the built page starts from `file://`, its workers
//! answer, and nothing is asked of any network, by the page's own doing or by
//! anybody else's.

#[path = "../support/mod.rs"]
mod support;

use std::fs;

use serde_json::{Value, json};
use support::browser::{Browser, Engine, Extent, PATIENCE, Scheme, product_url};
use tempfile::TempDir;
use url::Url;

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

/// What a reader sees of where the page is: its title, the link that is marked,
/// and the headings of the places that are shown.
fn whereabouts(browser: &Browser) -> Value {
    browser.execute(
        "return [document.title, document.querySelector('#places [aria-current=page]').textContent,
           [...document.querySelectorAll('main > section')]
             .filter((place) => place.checkVisibility()).map((place) => place.id)]",
    )
}

fn is_at(browser: &Browser, title: &str, name: &str, section: &str) {
    let wanted = json!([title, name, [section]]);
    browser.wait_until(&format!("{name} is shown"), PATIENCE, || {
        whereabouts(browser) == wanted
    });
}

#[test]
fn each_place_has_an_address_and_leaving_it_loses_nothing() {
    let browser = Browser::open();
    is_at(&browser, "etcd PKI Lab", "Make", "place-make");
    browser.fill("#port", "2389");
    for (address, name, input) in [
        ("diagnose", "Diagnose", "#diagnosis-text"),
        ("inspect", "Inspect", "#inspect-text"),
        ("renew-and-revoke", "Renew and revoke", "#renew-certificate"),
        ("break-it", "Break it", "#drill-no-san"),
    ] {
        browser.visit(address);
        is_at(&browser, &format!("{name} · etcd PKI Lab"), name, address);
        let heading = browser.execute("return document.activeElement.textContent");
        assert_eq!(heading, json!(name));
        let hash = browser.execute("return location.hash");
        assert_eq!(hash, json!(format!("#{address}")));
        assert!(browser.shows(input), "{input}");
    }
    for (back, name) in [
        ("renew-and-revoke", "Renew and revoke"),
        ("inspect", "Inspect"),
    ] {
        browser.execute("history.back()");
        is_at(&browser, &format!("{name} · etcd PKI Lab"), name, back);
    }
    browser.paste("#inspect-text", "kept");
    browser.execute("history.forward()");
    let name = "Renew and revoke";
    is_at(
        &browser,
        "Renew and revoke · etcd PKI Lab",
        name,
        "renew-and-revoke",
    );
    browser.visit("make");
    is_at(&browser, "etcd PKI Lab", "Make", "place-make");
    assert_eq!(browser.value("#port"), "2389");
    assert_eq!(browser.value("#inspect-text"), "kept");
    browser.assert_quiet();
}

#[test]
fn the_page_opens_at_the_address_it_is_given_old_ones_too() {
    for (fragment, name, section) in [
        ("diagnose", "Diagnose", "diagnose"),
        ("break-it", "Break it", "break-it"),
        ("make", "Make", "place-make"),
        ("authority", "Make", "place-make"),
        ("start-etcd", "Make", "place-make"),
        ("plan=%7B%22port%22%3A%222380%22%7D", "Make", "place-make"),
    ] {
        let browser = Browser::start(Engine::Chromium);
        browser.go(&format!("{}#{fragment}", product_url()));
        browser.wait_until_started();
        let title = match name {
            "Make" => "etcd PKI Lab".to_owned(),
            name => format!("{name} · etcd PKI Lab"),
        };
        is_at(&browser, &title, name, section);
        if fragment == "start-etcd" {
            let top = "return document.getElementById('start-etcd').getBoundingClientRect().top";
            let top = browser.execute(top).as_f64().unwrap();
            assert!((-5.0..200.0).contains(&top), "{top}");
        }
        if fragment.starts_with("plan=") {
            assert_eq!(browser.value("#port"), "2380");
        }
    }
}

#[test]
fn the_plan_lives_in_the_address_and_reload_and_back_follow_it() {
    let browser = Browser::open();
    let hash = |wanted: &str| {
        browser.wait_until(&format!("the address says {wanted}"), PATIENCE, || {
            browser.execute("return location.hash") == json!(wanted)
        });
    };
    hash("");
    browser.fill("#port", "2389");
    hash("#make?port=2389&v=1");
    browser.click("#preset-cluster");
    hash("#cluster");
    browser.fill("#member-hosts", "10.0.0.11-13");
    browser.click("#fill-members");
    hash("#cluster?hosts=10.0.0.11-13&v=1");
    browser.reload();
    browser.wait_until_started();
    hash("#cluster?hosts=10.0.0.11-13&v=1");
    let hosts = "10.0.0.13, localhost, 127.0.0.1";
    assert_eq!(browser.value("#member-2-hosts"), hosts);
    assert_eq!(browser.text("#status"), "", "no link was followed");
    browser.visit("diagnose");
    browser.execute("history.back()");
    is_at(&browser, "etcd PKI Lab", "Make", "place-make");
    for (step, fragment) in [
        ("back", "#cluster"),
        ("back", "#make?port=2389&v=1"),
        ("forward", "#cluster"),
    ] {
        browser.execute(&format!("history.{step}()"));
        hash(fragment);
    }
    browser.execute("history.back()");
    browser.wait_until("the port is back", PATIENCE, || {
        browser.value("#port") == "2389"
    });
    assert!(
        !browser.shows("#download-tar"),
        "nothing was made by itself"
    );
    browser.assert_quiet();
}

#[test]
fn a_place_stands_within_another_page_in_a_sandbox_and_out_of_one() {
    let read_me = include_str!("../../README.md");
    let start = read_me.find("<iframe").unwrap();
    let end = read_me.find("</iframe>").unwrap();
    let documented = &read_me[start..end];
    let (open, sandbox) = documented.split_once("sandbox=").unwrap();
    let strict = format!("{open}sandbox=\"allow-scripts allow-downloads\">");
    assert!(sandbox.starts_with("\"allow-scripts allow-downloads"));
    for frame in [documented, &strict, &format!("{open}>")] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("tutorial.html");
        let frame = frame.replace("etcd-pki-lab.html", &product_url());
        let text = format!("<!doctype html><title>A tutorial</title>{frame}</iframe>");
        fs::write(&path, text).unwrap();
        let browser = Browser::start(Engine::Chromium);
        browser.go(Url::from_file_path(path).unwrap().as_str());
        browser.enter_frame();
        browser.wait_until_started();
        let title = "Break it · etcd PKI Lab";
        is_at(&browser, title, "Break it", "break-it");
        browser.click("#drill-expired-client");
        browser.wait_for("#drill-download");
        // The answer and its picture come above the button, and move it.
        browser.wait_until("the drill is answered", PATIENCE, || {
            browser.content("#drill-status").contains("Refused")
        });
        browser.click("#drill-download");
        browser.wait_for_download("drill-expired-client.tar");
        // The bar and the address work within it as well.
        browser.visit("make");
        browser.fill("#port", "2389");
        browser.wait_until("the address follows", PATIENCE, || {
            browser.execute("return location.hash") == json!("#make?port=2389&v=1")
        });
        browser.assert_quiet();
    }
}

#[test]
fn what_was_made_is_printed_as_a_sheet_of_its_own() {
    let browser = Browser::open();
    browser.unfold();
    browser.click("#key-type-p-256");
    browser.click("#make");
    browser.wait_for("#download-tar");
    browser.print();
    browser.wait_for("#sheet table");
    let sheet = browser.text("#sheet");
    for part in ["client.crt", "CN=etcd", "No key is on this sheet"] {
        assert!(sheet.contains(part), "{sheet}");
    }
    for other in ["header", "#places", "#needs", "#files", "footer"] {
        assert!(!browser.shows(other), "{other} is printed beside it");
    }
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
         try { document.createElement('script').textContent = 'document.title = 0'; } catch {}",
        vec![],
    );
    assert_eq!(
        refused,
        json!(["connect-src", "img-src", "require-trusted-types-for"])
    );
    assert_eq!(browser.sent(), [""; 0]);
}

#[test]
fn nothing_becomes_markup_or_a_script_but_by_the_pages_own_policy() {
    let browser = Browser::open();
    let taken = browser.execute(
        "const tries = {
           markup: () => { document.createElement('p').innerHTML = '<b>bold</b> &lt;img&gt;'; },
           image: () => { document.createElement('p').innerHTML = '<p><IMG src=x></p>'; },
           frame: () => { document.createElement('p').insertAdjacentHTML('beforeend', '<iframe>'); },
           worker: () => new Worker('data:text/javascript,0'),
           code: () => setTimeout('document.title = 0'),
           policy: () => trustedTypes.createPolicy('other', {}),
           again: () => trustedTypes.createPolicy('default', {}),
         };
         return Object.keys(tries).filter((name) => {
           try { tries[name](); return true; } catch { return false; }
         });",
    );
    assert_eq!(taken, json!(["markup"]));
}

/// Counts what a Content-Security-Policy does not govern: real-time connections,
/// storage, navigation and hints. And what it does, for good measure.
const COUNT_CALLS: &str = "
    window.called = [];
    const watch = (owner, name) => {
      const plain = owner?.[name];
      if (!plain) return;
      owner[name] = new Proxy(plain, {
        apply: (target, self, given) => (called.push(name), Reflect.apply(target, self, given)),
        construct: (target, given) => (called.push(name), Reflect.construct(target, given)),
      });
    };
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebSocket', 'WebTransport',
        'EventSource', 'SharedWorker', 'BroadcastChannel', 'fetch', 'XMLHttpRequest', 'open']) {
      watch(window, name);
    }
    watch(Navigator.prototype, 'sendBeacon');
    watch(Storage.prototype, 'setItem');
    watch(IDBFactory.prototype, 'open');
    watch(window.CacheStorage?.prototype, 'open');
    watch(window.StorageManager?.prototype, 'getDirectory');
    watch(window.ServiceWorkerContainer?.prototype, 'register');
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
    Object.defineProperty(document, 'cookie', {
      get: () => cookie.get.call(document),
      set: (text) => { called.push('cookie'); cookie.set.call(document, text); },
    });
    navigation.addEventListener('navigate', (event) => {
      // To its own fragments it goes, and a download is no way out.
      const here = event.destination.url.split('#')[0] === location.href.split('#')[0];
      if (!here && event.downloadRequest === null) called.push(event.destination.url);
    });
    new MutationObserver(() => {
      const hints = document.querySelectorAll(
        'link:not([href^=\"data:\"]), base, meta[http-equiv=refresh], a[ping]');
      if (hints.length > 0) called.push(hints[0].outerHTML);
    }).observe(document, { childList: true, subtree: true });";

#[test]
fn the_page_uses_nothing_that_its_policy_does_not_govern() {
    let browser = Browser::start(Engine::Chromium);
    browser.open_after(COUNT_CALLS);
    browser.wait_until_started();
    browser.unfold();
    browser.click("#key-type-ed25519");
    browser.click("#make");
    browser.wait_until_made();
    browser.click("#download-tar");
    browser.wait_for_archive("KUBERNETES-CA", "tar");
    browser.unfold();
    browser.click("#copy-link");
    browser.click("[data-action='view client.crt']");
    let certificate = browser.content("[data-contents='client.crt']");
    browser.visit("inspect");
    browser.paste("#inspect-text", &certificate);
    browser.wait_for_text("#inspection", "client");
    browser.visit("diagnose");
    browser.paste("#diagnosis-text", "remote error: tls: bad certificate");
    browser.wait_until("there is an answer", PATIENCE, || {
        !browser.text("#diagnosis-result").is_empty()
    });
    browser.visit("break-it");
    browser.execute("document.querySelector(\"[data-action^='drill ']\").click()");
    browser.execute("history.back()");
    browser.visit("make");
    browser.click("#forget");
    browser.click("#forget-confirm");
    browser.wait_until_gone("#download-tar");
    assert_eq!(browser.execute("return called"), json!([]));
    let kept = browser.execute_async(
        "const done = arguments[0];
         indexedDB.databases().then((databases) => done(
           [localStorage.length, sessionStorage.length, document.cookie, databases.length]));",
        vec![],
    );
    assert_eq!(kept, json!([0, 0, "", 0]));
    // The count itself is on trial.
    browser.execute(
        "localStorage.setItem('a', 'b'); new RTCPeerConnection(); document.cookie = 'a=b'",
    );
    assert_eq!(
        browser.execute("return called"),
        json!(["setItem", "RTCPeerConnection", "cookie"])
    );
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
        let bytes = fs::read(path).unwrap();
        // A PNG has its width and height at offset 16.
        assert_eq!(bytes[16..24], [0, 0, 1, 104, 0, 0, 2, 128]);
        let dark = browser.execute("return matchMedia('(prefers-color-scheme: dark)').matches");
        assert_eq!(dark, json!(scheme == Scheme::Dark));
    }
}
