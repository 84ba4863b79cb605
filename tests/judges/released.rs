//! What `cargo xtask release` made, as people take it: the sums hold, the program runs,
//! and the npm package, installed into an empty folder with nothing else there, does the
//! tutorial in Node and in a browser, with a real etcd and OpenSSL as judges. It needs
//! npm, Chromium, openssl and etcd 3.7.3:
//! `cargo test --features released --test released`.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use support::browser::Browser;
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::process::Background;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

/// Long enough for three keys on a busy machine.
const MAKING: Duration = Duration::from_mins(1);

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What Chromium asks for itself, of the fields of a form on a web site.
const OWN_AUTOFILL: &str = "CONNECT content-autofill.googleapis.com:443 ";

/// A file of the release.
fn released(ending: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/release");
    let file = folder.join(format!("etcd-pki-lab-{VERSION}{ending}"));
    assert!(
        file.is_file(),
        "{} is missing; run `cargo xtask release` first",
        file.display()
    );
    file
}

/// A folder with the package in it, and nothing else.
struct Installed {
    folder: TempDir,
}

impl Installed {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let installed = Self { folder };
        let package = released(".tgz");
        // Nothing comes from a registry, and no script of a package is run.
        installed
            .shell()
            .run(&format!(
                "npm install --offline --ignore-scripts --no-audit --no-fund '{}'",
                package.display()
            ))
            .succeeded();
        let modules = fs::read_dir(installed.path("node_modules")).unwrap();
        let mut names: Vec<String> = modules
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != ".package-lock.json")
            .collect();
        names.sort();
        assert_eq!(names, [".bin", "etcd-pki-lab"], "nothing else is installed");
        installed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn shell(&self) -> Shell {
        Shell::in_folder(self.folder.path())
            .with_variable("HOME", &self.folder.path().to_string_lossy())
            .at_most(MAKING)
    }

    /// Runs a script in Node, and returns what it prints as JSON.
    fn node(&self, script: &str) -> Value {
        fs::write(self.path("script.mjs"), script).unwrap();
        let output = self.shell().run("node script.mjs");
        serde_json::from_str(output.succeeded()).unwrap()
    }

    /// Starts the program of the package, and returns it with the address that it says.
    fn serve(&self, options: &str) -> (Background, u16) {
        let line = format!("exec node_modules/.bin/etcd-pki-lab {options}");
        let server = Background::start(&mut self.shell().command(&line));
        assert!(
            server.prints("Ctrl+C", Duration::from_secs(20)),
            "{}",
            server.log()
        );
        let log = server.log();
        let (_, port) = log.split_once("http://127.0.0.1:").unwrap();
        let port = port.split('/').next().unwrap().parse().unwrap();
        (server, port)
    }
}

/// The lines of a file with commands below one of its titles, up to the next empty line.
fn lines<'a>(commands: &'a str, title: &str) -> &'a str {
    let (_, rest) = commands
        .split_once(&format!("\n# {title}\n"))
        .unwrap_or_else(|| panic!("{title} is not in {commands}"));
    let begin = rest.find("\netcd").unwrap() + 1;
    let rest = &rest[begin..];
    rest.split("\n\n").next().unwrap()
}

/// Holds files of the tutorial against OpenSSL and etcd 3.7.3, by their own commands.
fn judge(folder: &Path, commands: &str) {
    run_bash(
        "set -e
         openssl verify -x509_strict -CAfile ca.crt -purpose sslserver etcd.crt
         openssl verify -x509_strict -CAfile ca.crt -purpose sslclient client.crt
         for name in ca etcd client; do
           test \"$(openssl x509 -in $name.crt -noout -pubkey)\" = \"$(openssl pkey -in $name.key -pubout)\"
         done",
        folder,
    )
    .succeeded();
    let mut etcd = Etcd::start(
        Version::V3_7_3,
        lines(commands, "Start etcd: Shell"),
        folder,
    );
    etcd.ready().unwrap();
    let shell = Shell::in_folder(folder).with_etcd(Version::V3_7_3);
    let refused = shell.run(lines(
        commands,
        "Ask etcd without a certificate: this must fail",
    ));
    assert!(refused.failed().contains("context deadline exceeded"));
    let asked = shell.run(lines(commands, "Ask etcd as client"));
    assert_eq!(asked.succeeded(), "OK\ntestclient\ndata\n");
}

#[test]
fn the_sums_hold_and_the_program_says_its_version() {
    let page = released(".html");
    let folder = page.parent().unwrap();
    let held = run_bash("sha256sum --check --strict SHA256SUMS", folder);
    assert_eq!(held.succeeded().matches(": OK").count(), 4);
    let listed = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    assert_eq!(
        listed.lines().count() + 1,
        fs::read_dir(folder).unwrap().count()
    );
    let program = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("-linux-"))
        .unwrap();
    let said = Command::new(&program).arg("--version").output().unwrap();
    assert_eq!(
        String::from_utf8(said.stdout).unwrap(),
        format!("etcd-pki-lab {VERSION}\n")
    );
    // Nothing of the machine is in it.
    let bytes = fs::read(program).unwrap();
    let root = env!("CARGO_MANIFEST_DIR").as_bytes();
    assert!(!bytes.windows(root.len()).any(|part| part == root));
}

#[test]
fn the_tutorial_is_done_in_node() {
    let installed = Installed::new();
    let [port] = free_ports();
    let folder = installed.path("certificates");
    let script = format!(
        r#"
        import {{ mkdirSync, writeFileSync }} from "node:fs";
        import {{ make, verdict, diagnose, inspect, chain }} from "etcd-pki-lab";
        const directory = {folder};
        mkdirSync(directory);
        const files = make({{ directory, port: "{port}" }});
        for (const {{ name, contents, mode }} of files)
            writeFileSync(`${{directory}}/${{name}}`, contents, {{ mode }});
        const text = (name) =>
            new TextDecoder().decode(files.find((file) => file.name === name).contents);
        const named = Object.fromEntries(files.map(({{ name, contents }}) => [name, contents]));
        const pki = Object.fromEntries(
            Object.entries(named).filter(([name]) => /\.(crt|key|csr)$/.test(name)),
        );
        const server = "etcd --cert-file=etcd.crt --key-file=etcd.key --client-cert-auth " +
            "--trusted-ca-file=ca.crt --listen-client-urls=https://127.0.0.1:2379 " +
            "--advertise-client-urls=https://127.0.0.1:2379";
        const etcdctl = "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt";
        const ask = (client) =>
            verdict({{ server, client: `${{etcdctl}} ${{client}}`, files: named, etcd: "3.7.3" }});
        const thrown = (act) => {{ try {{ act(); return null; }} catch (error) {{ return error.message; }} }};
        console.log(JSON.stringify({{
            names: files.map((file) => file.name),
            without: ask("get a").verdict,
            with: ask("--cert=client.crt --key=client.key get a").verdict,
            other: verdict({{ server, client: `${{etcdctl}} get a`, files: named, other_client: "py-grpcio" }}).client,
            log: diagnose({{ text: '{{"level":"warn","msg":"rejected connection on client endpoint","error":"tls: client didn\'t provide a certificate"}}' }}).findings[0].rule,
            case: diagnose({{ server, client: `${{etcdctl}} get a`, files: named }}).verdict.verdict,
            items: inspect(pki).items.length,
            one: Object.keys(inspect(text("ca.crt")).items[0].content),
            accepted: chain({{
                id: 7, kind: "server", time: Math.floor(Date.now() / 1000) + 60,
                name: {{ ip: "127.0.0.1" }}, roots: text("ca.crt"), leaf: text("etcd.crt"),
            }}, "1.27.3"),
            stranger: chain({{ kind: "server", time: "2030-01-01T00:00:00Z", leaf: text("etcd.crt") }}, "1.27.3").accepted,
            errors: [
                () => make("nonsense"),
                () => make({{ port: "70000" }}),
                () => make({{ prot: "1" }}),
                () => make("client-only"),
                () => make("client-only", {{ authority: {{ certificate: text("ca.crt"), key: text("etcd.key") }} }}),
                () => verdict({{ server, etcd: "9.9" }}),
                () => inspect({{ "a.crt": 7 }}),
                () => chain({{ kind: "server", time: 0, leaf: "" }}, "1.27.3"),
            ].map(thrown),
            brought: make("client-only", {{
                authority: {{ certificate: text("ca.crt"), key: text("ca.key") }},
            }}).some((file) => file.name === "client.crt"),
            archives: make("tutorial", {{ archives: true }}).map((file) => file.name),
        }}));
        "#,
        folder = json!(folder),
    );
    let said = installed.node(&script);
    assert_eq!(said["without"], "fail", "{said}");
    assert_eq!(said["with"], "ok", "{said}");
    assert_eq!(said["case"], "fail", "{said}");
    assert_eq!(said["other"], "py-grpcio", "{said}");
    assert_eq!(said["log"], "client-certificate-required", "{said}");
    assert_eq!(said["items"], 7, "{said}");
    assert_eq!(said["one"], json!(["Certificate"]));
    assert_eq!(
        said["accepted"],
        json!({ "id": 7, "accepted": true, "error": null })
    );
    assert_eq!(said["stranger"], false);
    assert_eq!(said["brought"], true);
    assert_eq!(said["archives"].as_array().unwrap().len(), 3, "{said}");
    for (message, words) in said["errors"].as_array().unwrap().iter().zip([
        "presets are tutorial",
        "port: ",
        "unknown field `prot`",
        "name it as authority",
        "the CA's private key: ",
        "9.9",
        "a.crt is no text and no bytes",
        "there is no PEM block CERTIFICATE",
    ]) {
        let message = message.as_str().unwrap_or("nothing was thrown");
        assert!(message.contains(words), "{message} without {words}");
    }
    let key = fs::metadata(folder.join("etcd.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let commands = fs::read_to_string(folder.join("commands.sh")).unwrap();
    judge(&folder, &commands);
}

#[test]
fn the_tutorial_is_done_on_the_page_that_the_package_serves() {
    let installed = Installed::new();
    // The desktop's program that opens an address, as far as anybody can tell.
    let opened = installed.path("opened");
    let desktop = installed.path("programs/xdg-open");
    fs::create_dir(installed.path("programs")).unwrap();
    fs::write(
        &desktop,
        format!("#!/bin/sh\necho \"$@\" > '{}'\n", opened.display()),
    )
    .unwrap();
    fs::set_permissions(&desktop, fs::Permissions::from_mode(0o755)).unwrap();
    let line = "PATH=\"$PWD/programs:$PATH\" exec node_modules/.bin/etcd-pki-lab";
    let mut server = Background::start(&mut installed.shell().command(line));
    let address = support::within(Duration::from_secs(20), || {
        fs::read_to_string(&opened)
            .ok()
            .filter(|text| text.ends_with('\n'))
    });
    let address = address.unwrap_or_else(|| panic!("{}", server.log()));
    let address = address.trim();
    assert!(server.log().contains(address), "{}", server.log());
    let port = address
        .strip_prefix("http://127.0.0.1:")
        .and_then(|rest| rest.strip_suffix('/'))
        .unwrap()
        .parse()
        .unwrap();

    let browser = Browser::start_served(port);
    browser.go(address);
    browser.wait_until_started();
    let folder = TempDir::new().unwrap();
    let [etcd] = free_ports();
    browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    browser.fill("#directory", &folder.path().join("pki").to_string_lossy());
    browser.fill("#port", &etcd.to_string());
    browser.click("#make");
    browser.wait_until("the files are made", MAKING, || {
        browser.shows("#download-tar")
    });
    browser.click("#download-tar");
    let archive = browser.wait_for_archive("KUBERNETES-CA", "tar");
    browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true");
    run_bash(
        &browser.content("#command-unpack"),
        archive.parent().unwrap(),
    )
    .succeeded();
    let commands = fs::read_to_string(folder.path().join("pki/commands.sh")).unwrap();
    judge(&folder.path().join("pki"), &commands);
    let foreign: Vec<String> = browser
        .requests()
        .into_iter()
        .filter(|asked| {
            asked != address && !asked.starts_with("blob:") && !asked.starts_with("data:")
        })
        .collect();
    // A browser asks for a site's icon by itself.
    assert!(
        foreign.iter().all(|asked| asked.ends_with("/favicon.ico")),
        "{foreign:?}"
    );
    let sent: Vec<String> = browser.sent();
    assert!(
        sent.iter().all(|line| line.starts_with(OWN_AUTOFILL)),
        "{sent:?}"
    );
    assert!(server.ended().is_none());
}

#[test]
fn the_server_answers_with_the_page_alone_and_to_this_machine_alone() {
    let installed = Installed::new();
    let (_server, port) = installed.serve("--no-open");
    let shell = installed.shell();
    let answer = shell.run(&format!("curl -sS -i http://127.0.0.1:{port}/"));
    let answer = answer.succeeded().to_ascii_lowercase();
    for header in [
        "http/1.1 200 ",
        "content-type: text/html; charset=utf-8",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "content-security-policy: frame-ancestors 'none'; sandbox allow-scripts",
        "permissions-policy: bluetooth=(), camera=(), ",
    ] {
        assert!(answer.contains(header), "{header}");
    }
    for (method, path) in [
        ("POST", "/"),
        ("GET", "/package.json"),
        ("GET", "/../bin.js"),
    ] {
        let line = format!(
            "curl -sS -o /dev/null -w '%{{http_code}}' --path-as-is -X {method} http://127.0.0.1:{port}{path}"
        );
        assert_eq!(shell.run(&line).succeeded(), "404", "{method} {path}");
    }
    let taken = shell.run(&format!(
        "node_modules/.bin/etcd-pki-lab --no-open --port {port}"
    ));
    assert!(taken.failed().contains("choose another with --port"));
    for wrong in ["--port x", "--prot 1"] {
        let said = shell
            .run(&format!("node_modules/.bin/etcd-pki-lab {wrong}"))
            .failed();
        assert!(said.starts_with("error: "), "{said}");
    }
}

#[test]
fn the_functions_work_in_a_browser_without_a_bundler() {
    let installed = Installed::new();
    // Any server of files will do.
    fs::write(
        installed.path("server.mjs"),
        r#"
        import { createServer } from "node:http";
        import { readFileSync } from "node:fs";
        const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
        const server = createServer(({ url }, response) => {
            const name = url === "/" ? "index.html" : url.slice(1);
            try {
                const file = readFileSync(new URL(name, import.meta.url));
                response.writeHead(200, { "Content-Type": types[name.split(".").pop()] });
                response.end(file);
            } catch {
                response.writeHead(404).end();
            }
        });
        server.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port} `));
        "#,
    )
    .unwrap();
    fs::write(
        installed.path("index.html"),
        "<!doctype html><title>a page</title>",
    )
    .unwrap();
    let server = Background::start(&mut installed.shell().command("exec node server.mjs"));
    assert!(
        server.prints("port ", Duration::from_secs(20)),
        "{}",
        server.log()
    );
    let port = server.log().split(' ').nth(1).unwrap().parse().unwrap();
    let browser = Browser::start_served(port);
    browser.go(&format!("http://127.0.0.1:{port}/"));
    let made = browser.execute_async(
        r#"
        const done = arguments[arguments.length - 1];
        import("/node_modules/etcd-pki-lab/index.js")
            .then(({ make, inspect }) => {
                const files = make({ key_type: "p256" });
                const pki = files.filter(({ name }) => /\.(crt|key|csr)$/.test(name));
                const named = Object.fromEntries(pki.map(({ name, contents }) => [name, contents]));
                done({ made: files.length, read: inspect(named).items.length });
            })
            .catch((error) => done(String(error)));
        "#,
        vec![],
    );
    assert_eq!(made["read"], 7, "{made}");
    assert!(made["made"].as_u64().unwrap() > 7, "{made}");
}
