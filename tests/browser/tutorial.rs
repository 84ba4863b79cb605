//! The tutorial, end to end: Chromium opens the product from `file://`, one
//! press makes the files, and the commands that the page shows are taken from
//! it and run verbatim by bash against real etcds. OpenSSL judges the files.
#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use support::browser::Browser;
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

/// Long enough for three keys on a busy machine.
const MAKING: Duration = Duration::from_mins(1);

/// What a reader does before and after the press.
struct Reader {
    browser: Browser,
    folder: TempDir,
}

impl Reader {
    /// Opens the page with every fold open, and chooses the directory and a port
    /// that is free: the only two things that the tests change.
    fn new(directory: &str) -> Self {
        let reader = Self {
            browser: Browser::open_traced(),
            folder: TempDir::new().unwrap(),
        };
        reader.browser.unfold();
        let directory = reader.folder.path().join(directory);
        reader
            .browser
            .fill("#directory", directory.to_str().unwrap());
        let [port] = free_ports();
        reader.browser.fill("#port", &port.to_string());
        reader
    }

    fn make(&self) {
        self.browser.click("#make");
        self.browser.wait_until("the files are made", MAKING, || {
            self.browser.shows("#download-tar") || self.browser.shows(".fault")
        });
        self.browser.unfold();
        assert!(
            self.browser.shows("#download-tar"),
            "{:?}",
            self.browser.texts(".fault")
        );
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Downloads the tar, and unpacks it with the page's own command.
    fn unpack(&self) {
        self.browser.click("#download-tar");
        let archive = self.browser.wait_for_archive("KUBERNETES-CA", "tar");
        run_bash(&self.script("#command-unpack"), archive.parent().unwrap()).succeeded();
    }

    /// A command exactly as the page has it.
    fn script(&self, css: &str) -> String {
        self.browser.content(css)
    }

    /// Runs the page's etcd and etcdctl lines with one build of etcd.
    fn ask(&self, version: Version) {
        let mut etcd = Etcd::start(version, &self.script("#command-etcd"), self.folder.path());
        etcd.ready().unwrap();
        let shell = Shell::in_folder(self.folder.path()).with_etcd(version);
        for form in ["verified", "unverified"] {
            let refused = shell
                .run(&self.script(&format!("#command-{form}-without")))
                .failed();
            assert!(
                refused.contains("context deadline exceeded"),
                "{version:?} {form}: {refused}"
            );
            let said = match version {
                // Debian's 3.4 never shows the reason.
                Version::V3_4_23 => vec!["all SubConns are in TransientFailure"],
                // The alert is lost at random.
                _ => vec![
                    "remote error: tls: certificate required",
                    "broken pipe",
                    "connection reset by peer",
                    "EOF",
                ],
            };
            assert!(
                said.iter().any(|phrase| refused.contains(phrase)),
                "{version:?} {form}: {refused}"
            );
            assert!(
                etcd.logs("tls: client didn't provide a certificate"),
                "{}",
                etcd.log()
            );
            let put = shell.run(&self.script(&format!("#command-{form}-put-0")));
            assert_eq!(put.succeeded(), "OK\n", "{version:?} {form}");
            let get = shell.run(&self.script(&format!("#command-{form}-get-0")));
            assert_eq!(get.succeeded(), "testclient\ndata\n", "{version:?} {form}");
        }
    }
}

#[test]
fn one_press_makes_files_that_every_etcd_takes() {
    let reader = Reader::new("certificates");
    let work = reader.browser.work_during(|| reader.make());
    let pace = reader.browser.pace();
    println!("{work:?} at {pace:?}");
    assert!(
        work.longest_task < pace.long_task(),
        "the main thread was busy: {work:?} at {pace:?}"
    );
    reader.unpack();
    let folder = reader.file("certificates");
    let mut modes: Vec<(String, u32)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .collect();
    modes.sort();
    let wanted = [
        ("ca.crt", 0o644),
        ("ca.key", 0o600),
        ("client.crt", 0o644),
        ("client.csr", 0o644),
        ("client.key", 0o600),
        ("etcd.crt", 0o644),
        ("etcd.key", 0o600),
    ];
    let documents = [
        "README",
        "cert-manager.yaml",
        "commands.sh",
        "etcd-pod.yaml",
        "etcd.compose.yaml",
        "etcd.conf.yaml",
        "etcd.env",
        "etcd.service",
    ];
    let mut all: Vec<(String, u32)> = documents
        .map(|name| (name, 0o644))
        .into_iter()
        .chain(wanted)
        .map(|(name, mode)| (name.to_owned(), mode))
        .collect();
    all.sort();
    assert_eq!(modes, all);

    // Each file on its own, and the zip, are the same files.
    for (name, _) in wanted {
        reader
            .browser
            .click(&format!("[data-action='download {name}']"));
        let downloaded = reader.browser.wait_for_download(name);
        assert_eq!(
            fs::read(downloaded).unwrap(),
            fs::read(folder.join(name)).unwrap(),
            "{name}"
        );
        reader
            .browser
            .click(&format!("[data-action='view {name}']"));
        let shown = reader.browser.content(&format!("[data-contents='{name}']"));
        assert_eq!(
            shown.trim_end(),
            fs::read_to_string(folder.join(name)).unwrap().trim_end()
        );
    }
    reader.browser.click("#download-zip");
    let zip = reader.browser.wait_for_archive("KUBERNETES-CA", "zip");
    let unzipped = reader.file("unzipped");
    fs::create_dir(&unzipped).unwrap();
    run_bash(
        &format!(
            "unzip -q {} && stat -c '%a %n' * && diff -r . {}",
            quoted(&zip),
            quoted(&folder)
        ),
        &unzipped,
    )
    .succeeded();

    judge(&folder, "client");
    for version in Version::ALL {
        reader.ask(version);
    }
    reader.browser.assert_quiet();
}

/// The most that a reader scrolls at 1440 pixels, from opening to the last command.
const WAY: f64 = 3_000.0;

#[test]
fn the_way_to_the_last_command_is_short_and_goes_down_only() {
    let browser = Browser::open();
    browser.size(1440, 900);
    browser.click("#make");
    browser.wait_until("the files are made", MAKING, || {
        browser.shows("#download-tar")
    });
    let steps = [
        "#make",
        "#download-tar",
        "#command-unpack",
        "#command-etcd",
        "#command-verified-without",
        "#command-verified-put-0",
        "#command-verified-get-0",
    ];
    let edge = |css: &str, edge: &str| {
        let box_of = "return document.querySelector(arguments[0]).getBoundingClientRect()[arguments[1]] + scrollY";
        let edge = browser.execute_with(box_of, vec![json!(css), json!(edge)]);
        edge.as_f64().unwrap()
    };
    let tops: Vec<f64> = steps.iter().map(|css| edge(css, "top")).collect();
    assert!(tops.is_sorted(), "{steps:?} {tops:?}");
    let bottom = edge("#command-verified-get-0", "bottom");
    assert!(bottom <= WAY, "the last command ends at {bottom}");
    println!("the last command ends at {bottom}");
}

#[test]
fn the_openssl_lines_on_the_page_make_the_same() {
    let reader = Reader::new("certificates");
    reader.make();
    reader.unpack();
    let ours = reader.file("certificates");
    let theirs = reader.file("of-openssl");
    fs::create_dir(&theirs).unwrap();
    let script: Vec<String> = (0..3)
        .map(|step| reader.script(&format!("#command-openssl-{step}")))
        .collect();
    // The lines enter the directory themselves: another one is given by `cd`
    // alone, all else is verbatim.
    let enter = format!("cd {}", ours.display());
    assert!(script[0].starts_with(&enter), "{}", script[0]);
    let script = script
        .join("\n")
        .replacen(&enter, &format!("cd {}", theirs.display()), 1);
    run_bash(&format!("set -e\n{script}"), reader.folder.path()).succeeded();
    for name in ["ca.crt", "etcd.crt", "client.crt"] {
        assert_eq!(
            essence(&ours.join(name)),
            essence(&theirs.join(name)),
            "{name}"
        );
    }
}

#[test]
fn a_brought_authority_and_a_csr_from_elsewhere_work_with_etcd() {
    let reader = Reader::new("certificates");
    let folder = reader.file("certificates");
    fs::create_dir(&folder).unwrap();
    run_bash(
        "set -e
         openssl genrsa -out ca.key 2048
         openssl req -x509 -new -key ca.key -sha256 -days 90 -subj '/O=ours/CN=KUBERNETES-CA' -out ca.crt \
           -addext keyUsage=critical,keyCertSign,cRLSign
         openssl genrsa -out client.key 2048
         openssl req -new -key client.key -subj '/CN=theirs' -addext subjectAltName=DNS:theirs.lab.test -out client.csr",
        &folder,
    )
    .succeeded();
    let browser = &reader.browser;
    browser.click("#authority-source-bring");
    browser.choose_file("#authority-certificate-file", &folder.join("ca.crt"));
    browser.choose_file("#authority-key-file", &folder.join("ca.key"));
    browser.click("#client-0-source-csr");
    browser.paste(
        "#client-0-csr",
        &fs::read_to_string(folder.join("client.csr")).unwrap(),
    );
    browser.wait_until("the CSR's name is taken over", MAKING, || {
        browser.value("#client-0-names").contains("theirs.lab.test")
    });
    browser.fill("#server-days", "60");
    reader.make();
    assert!(
        !browser.shows("[data-file='ca.key']"),
        "the reader has the CA's key already"
    );
    assert!(
        !browser.shows("[data-file='client.key']"),
        "the client's key was never here"
    );
    reader.unpack();
    judge(&folder, "client");
    assert!(essence(&folder.join("client.crt")).contains("DNS:theirs.lab.test"));
    reader.ask(Version::V3_7_3);
    reader.browser.assert_quiet();
}

#[test]
fn hostile_text_stays_text_on_the_page_in_the_archive_and_in_the_shell() {
    let reader = Reader::new("it's here; rm -rf \"$HOME\"");
    let browser = &reader.browser;
    browser.fill("#authority-subject", "CN=<img src=x onerror=alert(1)>");
    browser.fill("#client-0-subject", "CN=<img src=x onerror=alert(1)>");
    reader.make();
    assert_eq!(browser.dialog(), None);
    assert_eq!(
        browser.execute("return document.querySelectorAll('img[src=x]').length"),
        json!(0)
    );
    assert!(
        browser
            .text("body")
            .contains("<img src=x onerror=alert(1)>")
    );
    browser.click("#download-tar");
    let archive = browser.wait_for_archive("img_src_x_onerror_alert_1", "tar");
    let canary = reader.file("home");
    fs::create_dir(&canary).unwrap();
    Shell::in_folder(archive.parent().unwrap())
        .with_variable("HOME", canary.to_str().unwrap())
        .run(&reader.script("#command-unpack"))
        .succeeded();
    assert!(canary.is_dir());
    reader.ask(Version::V3_4_23);
    browser.assert_quiet();
}

/// OpenSSL's strict opinion of a folder's certificates, CSRs and keys.
fn judge(folder: &Path, client: &str) {
    for script in [
        "openssl verify -x509_strict -CAfile ca.crt ca.crt",
        "openssl verify -x509_strict -purpose sslserver -verify_ip 127.0.0.1 -CAfile ca.crt etcd.crt",
        "openssl verify -x509_strict -purpose sslserver -verify_hostname localhost -CAfile ca.crt etcd.crt",
        &format!("openssl verify -x509_strict -purpose sslclient -CAfile ca.crt {client}.crt"),
        &format!("openssl req -verify -noout -in {client}.csr"),
        "for key in *.key; do openssl rsa -check -noout -in $key || exit 1; done",
    ] {
        run_bash(script, folder).succeeded();
    }
}

/// What makes two certificates the same for their purpose.
fn essence(certificate: &Path) -> String {
    run_bash(
        &format!(
            "openssl x509 -in {} -noout -subject -issuer -ext basicConstraints,keyUsage,extendedKeyUsage,subjectAltName",
            quoted(certificate)
        ),
        certificate.parent().unwrap(),
    )
    .succeeded()
    .to_owned()
}

fn quoted(path: &Path) -> String {
    shlex::try_quote(path.to_str().unwrap())
        .unwrap()
        .into_owned()
}
