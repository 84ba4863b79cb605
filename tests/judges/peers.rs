//! The judges judged: each version of etcd that tests rely on is there, starts
//! from a plain command line, and keeps what it is given; and the browser's
//! driver does what its functions say, on a page that is not the product.

#[path = "../support/mod.rs"]
mod support;

use std::fs;

use serde_json::json;
use support::browser::{Browser, Engine};
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

#[test]
fn each_version_of_etcd_starts_and_keeps_what_it_is_given() {
    for version in Version::ALL {
        let folder = TempDir::new().unwrap();
        let [port] = free_ports();
        let url = format!("http://127.0.0.1:{port}");
        let command = format!("etcd --listen-client-urls={url} --advertise-client-urls={url}");
        let mut etcd = Etcd::start(version, &command, folder.path());
        etcd.ready().unwrap();
        let shell = Shell::in_folder(folder.path()).with_etcd(version);
        let output = shell.run(&format!(
            "export ETCDCTL_API=3; etcdctl version; \
             etcdctl --endpoints={url} put testclient data && \
             etcdctl --endpoints={url} get testclient"
        ));
        let text = output.succeeded();
        assert!(
            text.contains(&format!("etcdctl version: {}", version.number())),
            "{text}"
        );
        assert!(text.ends_with("OK\ntestclient\ndata\n"), "{text}");
    }
}

#[test]
fn an_etcd_that_cannot_start_says_why() {
    let folder = TempDir::new().unwrap();
    let mut etcd = Etcd::start(Version::V3_4_23, "etcd --no-such-flag", folder.path());
    let reason = etcd.ready().unwrap_err();
    assert!(reason.ended.is_some(), "{reason}");
    assert!(reason.log.contains("no-such-flag"), "{reason}");
}

#[test]
fn a_script_answers_with_its_status_and_both_outputs() {
    let folder = TempDir::new().unwrap();
    let output = run_bash("echo out; echo err >&2; pwd; exit 3", folder.path());
    assert_eq!(output.status, Some(3));
    assert!(output.stdout.starts_with("out\n"));
    assert_eq!(output.stderr, "err\n");
    assert!(output.failed().contains("err"));
}

#[test]
fn a_browser_types_chooses_waits_and_downloads() {
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("page.html");
    fs::write(
        &page,
        "<!doctype html><meta charset=utf-8><title>form</title>
         <input id=name value=before><textarea id=pem></textarea>
         <select id=kind><option value=a>A<option value=b>B</select>
         <input id=file type=file hidden><p id=said></p><p id=hidden hidden>secret</p>
         <button id=save>Save</button>
         <script>
           const said = document.getElementById('said');
           document.getElementById('file').onchange = async ({ target }) => {
             const text = await target.files[0].text();
             setTimeout(() => { said.textContent = text; }, 300);
           };
           document.getElementById('save').onclick = () => {
             for (const name of ['one.txt', 'two.txt']) {
               const link = document.createElement('a');
               link.href = URL.createObjectURL(new Blob([name]));
               link.download = name;
               link.click();
             }
             console.error('saved');
           };
         </script>",
    )
    .unwrap();
    let browser = Browser::start(Engine::Chromium);
    browser.go(&format!("file://{}", page.display()));

    browser.fill("#name", "after");
    assert_eq!(browser.value("#name"), "after");
    browser.paste("#pem", "one\ntwo\n");
    assert_eq!(browser.value("#pem"), "one\ntwo\n");
    browser.choose("#kind", "b");
    assert_eq!(browser.value("#kind"), "b");
    assert_eq!(browser.count("option"), 2);

    let file = folder.path().join("chosen.txt");
    fs::write(&file, "its text").unwrap();
    browser.choose_file("#file", &file);
    browser.wait_for_text("#said", "its text");
    assert!(!browser.shows("#hidden"));
    assert_eq!(browser.content("#hidden"), "secret");

    browser.click("#save");
    for name in ["one.txt", "two.txt"] {
        let path = browser.wait_for_download(name);
        assert_eq!(fs::read_to_string(path).unwrap(), name);
    }
    assert_eq!(browser.downloads().len(), 2);
    assert_eq!(browser.console_errors().len(), 1);
    assert_eq!(browser.sent(), [""; 0]);

    browser.press(fantoccini::key::Key::Tab.to_string().as_str());
    assert_eq!(
        browser.execute_async("arguments[1](arguments[0] + 1)", vec![json!(41)]),
        json!(42)
    );
}
