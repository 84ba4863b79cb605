//! Every preset through the page in Chromium, against real etcds: what the page
//! makes is downloaded, unpacked with the page's own command, judged by OpenSSL,
//! and run by the commands that the page prints, verbatim.
#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use support::browser::{Browser, PATIENCE};
use support::etcd::{Etcd, Version};
use support::shell::{Output, Shell, run_bash};
use support::{free_ports, within};
use tempfile::TempDir;

/// Long enough for a dozen keys on a busy machine.
const MAKING: Duration = Duration::from_mins(3);

/// The page with a preset chosen, and the folder that its files go to.
struct Reader {
    browser: Browser,
    folder: TempDir,
}

impl Reader {
    fn new(preset: &str) -> Self {
        Self::with(Browser::open(), preset)
    }

    fn with(browser: Browser, preset: &str) -> Self {
        let reader = Self {
            browser,
            folder: TempDir::new().unwrap(),
        };
        reader.browser.click(&format!("#preset-{preset}"));
        reader.browser.unfold();
        if preset == "kubeadm" {
            // The static pod stands first there, which a kubelet starts.
            reader.browser.click("#run-shell");
        }
        let directory = reader.file("pki");
        reader
            .browser
            .fill("#directory", directory.to_str().unwrap());
        reader
    }

    /// Chooses keys that are made at once, where the keys are not the point.
    fn with_quick_keys(self) -> Self {
        self.browser.click("#key-type-p-256");
        self
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Presses the button, waits for new files and unpacks them.
    fn make(&self) {
        self.browser.click("#make");
        self.browser.wait_until("the files are made", MAKING, || {
            self.browser.shows(".fault")
                || self.browser.shows("#download-tar") && self.browser.shows("#make")
        });
        self.browser.unfold();
        assert!(
            !self.browser.shows(".fault"),
            "{:?}",
            self.browser.texts(".fault")
        );
        self.unpack();
    }

    /// Downloads the archive and unpacks it with the page's own command, which
    /// overwrites nothing: the files of an archive before it are taken away first.
    fn unpack(&self) {
        let before = self.browser.downloads();
        self.browser.click("#download-tar");
        let archive = within(PATIENCE, || {
            let mut new = self.browser.downloads();
            new.retain(|file| !before.contains(file));
            new.into_iter()
                .find(|file| file.extension().is_some_and(|kind| kind == "tar"))
        })
        .unwrap();
        // A second download of one name gets another; the command says the first.
        let unpacked = TempDir::new().unwrap();
        let name = self.browser.text("#download-tar");
        let name = name.rsplit(' ').next().unwrap();
        fs::copy(&archive, unpacked.path().join(name)).unwrap();
        let directory = self.file("pki");
        let take_away = format!(
            "tar -tf {name} | grep -v '/$' | while IFS= read -r file; do rm -f {0}/\"$file\" {0}-lab/\"$file\"; done",
            directory.display()
        );
        run_bash(&take_away, unpacked.path()).succeeded();
        run_bash(&self.script("#command-unpack"), unpacked.path()).succeeded();
    }

    /// Gives each member ports that are free, for clients and for peers, and a
    /// folder for its data.
    fn give_members_their_own(&self, count: usize) -> Vec<(u16, u16)> {
        let free: [u16; 6] = free_ports();
        let ports: Vec<(u16, u16)> = free.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        for (member, (client, peer)) in ports.iter().take(count).enumerate() {
            let data = self.data(member);
            for (field, text) in [
                ("client-port", client.to_string()),
                ("peer-port", peer.to_string()),
                ("data-directory", data.to_str().unwrap().to_owned()),
            ] {
                self.browser
                    .fill(&format!("#member-{member}-{field}"), &text);
            }
        }
        ports
    }

    fn data(&self, member: usize) -> PathBuf {
        self.file(&format!("data-{member}"))
    }

    /// Starts one member with the line that the page prints for it.
    fn start_member(&self, version: Version, member: usize) -> Etcd {
        let line = match member {
            0 => "#command-etcd".to_owned(),
            member => format!("#command-etcd-{member}"),
        };
        Etcd::start(version, &self.script(&line), self.folder.path())
    }

    /// Starts so many members, and waits until they serve clients.
    fn start(&self, version: Version, count: usize) -> Vec<Etcd> {
        let mut members: Vec<Etcd> = (0..count)
            .map(|member| self.start_member(version, member))
            .collect();
        for member in &mut members {
            member.ready().unwrap();
        }
        members
    }

    /// Ends members and takes their data away, which another version may not
    /// read.
    fn end(&self, members: Vec<Etcd>) {
        let count = members.len();
        drop(members);
        for data in (0..count).map(|member| self.data(member)) {
            if data.exists() {
                fs::remove_dir_all(data).unwrap();
            }
        }
    }

    /// Adds a client under the next number, and says its place.
    fn add_client(&self, name: &str) -> usize {
        let place = self.browser.count("#clients > details");
        self.browser.click("#add-client");
        self.browser.unfold();
        for (field, text) in [("name", name.to_owned()), ("subject", format!("CN={name}"))] {
            self.browser
                .fill(&format!("#client-{place}-{field}"), &text);
        }
        place
    }

    /// Runs a command of etcdctl exactly as the page has it, whatever comes of it.
    fn run(&self, version: Version, css: &str) -> Output {
        Shell::in_folder(self.folder.path())
            .with_etcd(version)
            .run(&self.script(css))
    }

    /// A command exactly as the page has it.
    fn script(&self, css: &str) -> String {
        self.browser.content(css)
    }

    fn bash(&self, script: &str) -> String {
        run_bash(script, &self.file("pki")).succeeded().to_owned()
    }

    fn ask(&self, version: Version, css: &str) -> String {
        self.run(version, css).succeeded().to_owned()
    }
}

/// Where kubeadm's etcd shows its metrics, whatever else: one at a time.
static METRICS: Mutex<()> = Mutex::new(());

/// Chooses a build, whose series the page then writes commands for. Its fold may be
/// closed.
fn choose_build(browser: &Browser, version: Version) {
    browser.execute("document.getElementById('builds-details').open = true");
    let number = version.number().replace('.', "-");
    browser.click(&format!("#etcd-build-{number}"));
}

/// OpenSSL's strict opinion of a certificate.
fn verify(authority: &str, purpose: &str, certificate: &str) -> String {
    format!(
        "openssl verify -x509_strict -purpose {purpose} -CAfile {authority} -untrusted {certificate} {certificate}"
    )
}

#[test]
fn a_cluster_loses_a_member_and_takes_it_back_with_a_renewed_certificate() {
    let reader = Reader::new("cluster");
    let browser = &reader.browser;
    let ports = reader.give_members_their_own(3);
    reader.make();
    for member in ["m1", "m2", "m3"] {
        for kind in ["server", "peer"] {
            for purpose in ["sslserver", "sslclient"] {
                reader.bash(&verify("ca.crt", purpose, &format!("{member}-{kind}.crt")));
            }
        }
    }
    let serial = |file: &str| reader.bash(&format!("openssl x509 -noout -serial -in {file}.crt"));
    let (first, third) = (serial("m1-server"), serial("m3-peer"));

    let version = Version::V3_7_3;
    let mut members = reader.start(version, 3);
    assert_eq!(reader.ask(version, "#command-verified-put-0"), "OK\n");
    assert_eq!(
        reader.ask(version, "#command-verified-get-1"),
        "testclient\ndata\n"
    );
    let saved = reader.run(version, "#command-snapshot");
    assert!(saved.succeeded().contains("saved at backup.db"));
    assert!(reader.file("backup.db").exists());
    // The line for Windows' shells is one for bash as well.
    let windows = Shell::in_folder(&reader.file("pki"))
        .with_etcd(version)
        .run(&reader.script("#command-windows"));
    assert_eq!(windows.succeeded(), "OK\n");

    // One is lost; two are a majority.
    drop(members.pop());
    assert_eq!(reader.ask(version, "#command-verified-put-1"), "OK\n");

    // It comes back with other certificates from the same CA.
    browser.fill("#member-2-days", "200");
    reader.make();
    assert_eq!(serial("m1-server"), first, "what is unchanged is kept");
    assert_ne!(serial("m3-peer"), third);
    let mut again = reader.start_member(version, 2);
    again.ready().unwrap();
    members.push(again);
    let endpoint = format!("--endpoints=https://127.0.0.1:{}", ports[2].0);
    let health = format!(
        "ETCDCTL_API=3 etcdctl {endpoint} --cacert=pki/ca.crt --cert pki/client.crt --key pki/client.key get testclient"
    );
    let answer = Shell::in_folder(reader.folder.path())
        .with_etcd(version)
        .run(&health);
    assert_eq!(answer.succeeded(), "testclient\ndata\n");
    reader.browser.assert_quiet();
}

/// Whether a client's first question was answered: it writes a key, but asks kubeadm's
/// etcd for its health, which etcdctl 3.4 tells on standard error.
fn was_let_in(preset: &str, said: &Output) -> bool {
    let answer = said.succeeded();
    if preset == "kubeadm" {
        answer.contains("is healthy") || said.stderr.contains("is healthy")
    } else {
        answer == "OK\n"
    }
}

/// Roles by common name, then a revoked client, with nothing but what the page
/// prints and gives to download.
fn roles_hold_and_the_revoked_stay_outside(preset: &str, members: usize) {
    let reader = Reader::new(preset).with_quick_keys();
    let browser = &reader.browser;
    if preset == "tutorial" {
        let [port] = free_ports();
        browser.fill("#port", &port.to_string());
    } else {
        if preset == "kubeadm" {
            browser.fill("#member-0-hosts", "127.0.0.1");
        }
        reader.give_members_their_own(members);
    }
    if preset != "cluster" {
        reader.add_client("root");
    }
    let revoked = reader.add_client("second");
    reader.make();
    // The first that is not root, to which the printed lines give a role.
    let user = usize::from(preset == "cluster");
    let name = browser.value(&format!("#client-{user}-subject"));
    let name = name.trim_start_matches("CN=").to_owned();
    for version in Version::ALL {
        choose_build(browser, version);
        let running = reader.start(version, members);
        let put = |client: usize| format!("#command-verified-put-{client}");
        reader.run(version, "#command-verified-without").failed();
        for client in 0..=revoked {
            let said = reader.run(version, &put(client));
            assert!(was_let_in(preset, &said), "{version:?}: {}", said.stderr);
        }
        reader.ask(version, "#command-roles");
        // kubeadm's etcd is Kubernetes' own store, which is only read.
        let (try_elsewhere, found) = if preset == "kubeadm" {
            ("get elsewhere", String::new())
        } else {
            ("put elsewhere hello", format!("/{name}/greeting\nhello\n"))
        };
        let allowed = reader.ask(version, "#command-roles-allowed");
        assert_eq!(allowed, if preset == "kubeadm" { "" } else { "OK\n" });
        let read = reader.script("#command-roles-allowed").replace(
            &format!("put /{name}/greeting hello"),
            &format!("get /{name}/ --prefix"),
        );
        let shell = Shell::in_folder(reader.folder.path()).with_etcd(version);
        assert_eq!(shell.run(&read).succeeded(), found);
        // Its prefix and nothing else, to write or to read.
        for elsewhere in [
            "put elsewhere hello",
            "get testclient",
            "get /second/ --prefix",
        ] {
            let denied = reader.script("#command-roles-denied");
            let said = shell
                .run(&denied.replace(try_elsewhere, elsewhere))
                .failed();
            assert!(said.contains("permission denied"), "{version:?}: {said}");
        }
        reader.ask(version, "#command-roles-off");
        reader.end(running);
    }

    browser.visit("renew-and-revoke");
    let boxes = browser.texts("#revoke-made label");
    let place = boxes
        .iter()
        .position(|label| label.starts_with("second.crt"));
    let place = place.unwrap();
    browser.click(&format!("#revoke-made-{place}"));
    browser.wait_for(&format!("#revoke-made-{place}-reason"));
    browser.choose(
        &format!("#revoke-made-{place}-reason"),
        &format!("revoke-made-{place}-reason-keyCompromise"),
    );
    browser.click("#revoke");
    browser.wait_for("#revoke-nothing");
    browser.visit("make");
    reader.unpack();
    let folder = if preset == "kubeadm" { "etcd/" } else { "" };
    let listed = reader.bash(&format!(
        "openssl crl -inform DER -in {folder}revoked.crl -noout -text"
    ));
    assert!(listed.contains("Key Compromise"), "{listed}");
    for version in Version::ALL {
        choose_build(browser, version);
        let running = reader.start(version, members);
        for client in 0..revoked {
            let put = format!("#command-verified-put-{client}");
            let said = reader.run(version, &put);
            assert!(was_let_in(preset, &said), "{version:?}: {}", said.stderr);
        }
        let said = reader
            .run(version, &format!("#command-verified-put-{revoked}"))
            .failed();
        assert!(
            running.iter().any(|etcd| etcd.logs("revoked")),
            "{preset} {version:?}: {said}"
        );
        reader.end(running);
    }
    browser.assert_quiet();
}

#[test]
fn in_the_tutorial_roles_hold_and_a_revoked_client_stays_outside() {
    roles_hold_and_the_revoked_stay_outside("tutorial", 1);
}

#[test]
fn in_a_cluster_roles_hold_and_a_revoked_client_stays_outside() {
    roles_hold_and_the_revoked_stay_outside("cluster", 3);
}

#[test]
fn with_kubeadm_roles_hold_and_a_revoked_client_stays_outside() {
    let _metrics = METRICS.lock().unwrap_or_else(PoisonError::into_inner);
    roles_hold_and_the_revoked_stay_outside("kubeadm", 1);
}

#[test]
fn a_csr_that_is_signed_for_etcd_starts_the_etcd_that_the_page_prints() {
    let reader = Reader::new("sign-csr").with_quick_keys();
    let browser = &reader.browser;
    let [port] = free_ports();
    let folder = reader.file("theirs");
    fs::create_dir(&folder).unwrap();
    run_bash(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key \
           -subj /CN=theirs -out csr -addext subjectAltName=IP:127.0.0.1",
        &folder,
    )
    .succeeded();
    browser.click("#authority-source-make");
    browser.paste(
        "#client-0-csr",
        &fs::read_to_string(folder.join("csr")).unwrap(),
    );
    browser.wait_for_text("#client-0-csr-facts", "/CN=theirs");
    browser.fill("#port", &port.to_string());
    browser.paste("#many-names", "asker");
    assert!(
        !browser.shows("#run-shell"),
        "with a client's certificate nothing is started"
    );
    for (usage, stem) in [("server", "etcd"), ("peer", "peer")] {
        browser.click(&format!("#client-0-usage-{usage}"));
        browser.wait_until("it is asked how etcd is run", PATIENCE, || {
            browser.shows("#run-shell")
        });
        reader.make();
        let facts = reader.bash(&format!(
            "openssl x509 -noout -ext extendedKeyUsage -in {stem}.crt"
        ));
        assert!(
            facts.contains("TLS Web Server Authentication, TLS Web Client Authentication"),
            "{facts}"
        );
        // The owner of the key puts it where the commands look for it.
        fs::copy(folder.join("key"), reader.file(&format!("pki/{stem}.key"))).unwrap();
        // A peer's etcd has etcd's own peer port, which only one can have.
        for version in Version::ALL {
            choose_build(browser, version);
            let running = reader.start(version, 1);
            assert_eq!(reader.ask(version, "#command-verified-put-0"), "OK\n");
            reader.end(running);
        }
    }
    browser.assert_quiet();
}

#[test]
fn separate_authorities_keep_a_clients_certificate_from_the_peer_port() {
    let reader = Reader::new("cluster").with_quick_keys();
    let browser = &reader.browser;
    browser.click("#separate-authorities");
    browser.click("#intermediate");
    let ports = reader.give_members_their_own(3);
    reader.make();
    reader.bash(&verify("ca.crt", "sslserver", "m2-server.crt"));
    reader.bash(&verify("peer-ca.crt", "sslclient", "m2-peer.crt"));
    reader.bash(&verify("client-ca.crt", "sslclient", "client.crt"));
    let gateway = |certificate: &str| {
        let (port, _) = ports[0];
        let ask = format!(
            "curl -sS --max-time 5 -o answer -w '%{{http_code}}' --cacert ca.crt --cert {certificate}.crt --key {certificate}.key \
             -d '{{\"key\":\"Zm9v\"}}' https://127.0.0.1:{port}/v3/kv/range"
        );
        run_bash(&ask, &reader.file("pki"))
    };
    for (version, without) in [
        (Version::V3_4_23, false),
        (Version::V3_4_23, true),
        (Version::V3_5_35, false),
        (Version::V3_6_16, false),
        (Version::V3_7_3, false),
    ] {
        choose_build(browser, version);
        if without {
            browser.click("#without-gateway");
        }
        // The keys stay; which files go with them may follow the release.
        reader.unpack();
        let members = reader.start(version, 3);
        assert_eq!(reader.ask(version, "#command-verified-put-1"), "OK\n");
        let refused = run_bash(
            &format!(
                "curl -sS --max-time 5 --cacert peer-ca.crt --cert client.crt --key client.key https://127.0.0.1:{}/members",
                ports[0].1
            ),
            &reader.file("pki"),
        )
        .failed();
        assert!(refused.contains("curl"), "{refused}");
        // etcd's gateway dials the client port, which trusts the clients' CA alone
        // wherever the gateway can have a certificate of that, or is off.
        let answered = if without { "404" } else { "200" };
        assert_eq!(gateway("client").succeeded(), answered, "{version:?}");
        let servers = gateway("m2-server");
        if version == Version::V3_4_23 && !without {
            assert_eq!(servers.succeeded(), answered, "both CAs are trusted");
        } else {
            servers.failed();
        }
        reader.end(members);
    }
    reader.browser.assert_quiet();
}

#[test]
fn kubeadms_files_are_kubeadms_and_its_etcd_starts() {
    let reader = Reader::new("kubeadm");
    let browser = &reader.browser;
    let _metrics = METRICS.lock().unwrap_or_else(PoisonError::into_inner);
    browser.fill("#member-0-name", "node1");
    browser.fill("#member-0-hosts", "127.0.0.1");
    reader.give_members_their_own(1);
    reader.make();
    let facts = |file: &str| {
        reader.bash(&format!(
            "openssl x509 -noout -subject -issuer -ext basicConstraints,keyUsage,extendedKeyUsage,subjectAltName -in {file}.crt | sed 's/^ *//'"
        ))
    };
    let authority = facts("etcd/ca");
    assert!(authority.contains("CN = etcd-ca"), "{authority}");
    assert!(authority.contains("DNS:etcd-ca"), "{authority}");
    assert!(
        authority.contains("Digital Signature, Key Encipherment, Certificate Sign\n"),
        "{authority}"
    );
    for file in ["etcd/server", "etcd/peer"] {
        let facts = facts(file);
        assert!(facts.contains("subject=CN = node1"), "{facts}");
        assert!(
            facts.contains("TLS Web Server Authentication, TLS Web Client Authentication"),
            "{facts}"
        );
        assert!(
            facts.contains(
                "DNS:node1, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1"
            ),
            "{facts}"
        );
    }
    for (file, name) in [
        ("etcd/healthcheck-client", "kube-etcd-healthcheck-client"),
        ("apiserver-etcd-client", "kube-apiserver-etcd-client"),
    ] {
        let facts = facts(file);
        assert!(facts.contains(&format!("subject=CN = {name}\n")), "{facts}");
        assert!(!facts.contains("Alternative"), "{facts}");
        assert!(facts.contains("\nTLS Web Client Authentication"), "{facts}");
        reader.bash(&verify("etcd/ca.crt", "sslclient", &format!("{file}.crt")));
    }
    for version in Version::ALL {
        choose_build(browser, version);
        let running = reader.start(version, 1);
        let said = reader.run(version, "#command-verified-put-1");
        assert!(was_let_in("kubeadm", &said), "{version:?}: {}", said.stderr);
        let health = run_bash(
            "curl -sS http://127.0.0.1:2381/health",
            reader.folder.path(),
        );
        assert!(health.succeeded().contains("true"), "{version:?}");
        reader.end(running);
    }
    reader.browser.assert_quiet();
}

#[test]
fn a_client_more_comes_from_the_ca_with_its_key_under_a_passphrase() {
    let reader = Reader::new("client-only").with_quick_keys();
    let browser = &reader.browser;
    let [port] = free_ports();
    browser.fill("#port", &port.to_string());
    let folder = reader.file("theirs");
    fs::create_dir(&folder).unwrap();
    run_bash(
        "set -e
         openssl ecparam -name prime256v1 -genkey -noout -out plain.key
         openssl req -x509 -new -key plain.key -days 90 -subj /CN=OWN-CA -out ca.crt -addext keyUsage=critical,keyCertSign
         openssl pkcs8 -topk8 -v2 aes-256-cbc -in plain.key -passout pass:right -out pkcs8.key
         openssl ec -in plain.key -aes128 -passout pass:right -out older.key",
        &folder,
    )
    .succeeded();
    browser.choose_file("#authority-certificate-file", &folder.join("ca.crt"));
    for key in ["pkcs8.key", "older.key"] {
        browser.choose_file("#authority-key-file", &folder.join(key));
        browser.wait_for("#authority-passphrase");
        browser.paste("#authority-passphrase", "wrong");
        browser.wait_for_text("#authority-passphrase-fault", "does not open it");
        browser.paste("#authority-passphrase", "right");
        browser.wait_for_text("#authority-facts", "can be used");
    }
    reader.make();
    reader.bash(&format!(
        "cp {}/ca.crt theirs.crt; {}",
        folder.display(),
        verify("theirs.crt", "sslclient", "client.crt")
    ));
    assert!(!reader.file("pki/ca.key").exists(), "its owner has it");
    assert!(!reader.file("pki/etcd.crt").exists(), "etcd runs already");

    // An etcd that runs already, of the same CA, takes the new client.
    run_bash(
        "set -e
         openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -subj /CN=theirs -out server.csr
         printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth' > server.ext
         openssl x509 -req -in server.csr -CA ca.crt -CAkey plain.key -set_serial 7 -days 30 -extfile server.ext -out server.crt",
        &folder,
    )
    .succeeded();
    let line = format!(
        "etcd --data-dir={data} --cert-file=theirs/server.crt --key-file=theirs/server.key \
         --client-cert-auth --trusted-ca-file=theirs/ca.crt \
         --listen-client-urls=https://127.0.0.1:{port} --advertise-client-urls=https://127.0.0.1:{port}",
        data = reader.data(0).display(),
    );
    for version in Version::ALL {
        let mut etcd = Etcd::start(version, &line, reader.folder.path());
        etcd.ready().unwrap();
        assert_eq!(reader.ask(version, "#command-verified-put-0"), "OK\n");
        reader.end(vec![etcd]);
    }
    browser.assert_quiet();
}

#[test]
fn each_name_of_a_csr_is_kept_or_struck() {
    let reader = Reader::new("sign-csr").with_quick_keys();
    let browser = &reader.browser;
    let folder = reader.file("theirs");
    fs::create_dir(&folder).unwrap();
    run_bash(
        "set -e
         openssl req -new -newkey rsa:2048 -nodes -keyout key -subj /CN=theirs -out csr \
           -addext subjectAltName=DNS:a.lab.test,DNS:b.lab.test,IP:10.0.0.1,email:x@lab.test \
           -addext basicConstraints=CA:TRUE",
        &folder,
    )
    .succeeded();
    browser.click("#authority-source-make");
    browser.paste(
        "#client-0-csr",
        &fs::read_to_string(folder.join("csr")).unwrap(),
    );
    browser.wait_for_text("#client-0-csr-facts", "/CN=theirs");
    let facts = browser.text("#client-0-csr-facts");
    for part in ["RSA 2048", "email:x@lab.test", "basicConstraints"] {
        assert!(facts.contains(part), "{facts}");
    }
    browser.click("#client-0-keep-1");
    browser.wait_until("the name is struck", PATIENCE, || {
        !browser.value("#client-0-names").contains("b.lab.test")
    });
    browser.click("#client-0-keep-2");
    browser.click("#client-0-keep-2");
    reader.make();
    let facts = reader
        .bash("openssl x509 -noout -subject -ext subjectAltName,basicConstraints -in client.crt");
    assert!(
        facts.contains("DNS:a.lab.test, IP Address:10.0.0.1"),
        "{facts}"
    );
    assert!(!facts.contains("b.lab.test") && !facts.contains("x@lab.test"));
    assert!(facts.contains("CA:FALSE"), "{facts}");
    assert!(!reader.file("pki/client.key").exists());
    browser.assert_quiet();
}

#[test]
fn each_new_fault_stands_beside_its_field_and_can_be_mended_where_that_is_plain() {
    let reader = Reader::new("cluster").with_quick_keys();
    let browser = &reader.browser;
    browser.click("#intermediate");
    for (field, text, says) in [
        ("member-1-name", "m1", "the name of member 1 already"),
        ("member-1-client-port", "70000", "1 to 65535"),
        ("member-1-client-port", "22379", "used once"),
        (
            "member-2-hosts",
            "127.0.0.1, DNS:10.0.0.1",
            "write IP:10.0.0.1",
        ),
        ("authority-path-length", "0", "path length is 0"),
        ("authority-permitted", "10.0.0.1/8", "10.0.0.0/8"),
        ("intermediate-days", "4000", "past the CA’s own end"),
        ("many-names", "app-{1..}", "range"),
        ("client-0-name", "ca", "taken already"),
    ] {
        let right = browser.value(&format!("#{field}"));
        browser.paste(&format!("#{field}"), text);
        browser.click("#make");
        browser.wait_for_text(&format!("#{field}-fault"), says);
        assert_eq!(
            browser.execute("return document.activeElement.id"),
            json!(field)
        );
        if field == "member-2-hosts" {
            browser.click("#member-2-hosts-mend");
            browser.wait_until("the address is one", PATIENCE, || {
                browser.value("#member-2-hosts") == "127.0.0.1, IP:10.0.0.1"
            });
        }
        browser.paste(&format!("#{field}"), &right);
        browser.wait_until_gone(&format!("#{field}-fault"));
    }
    // What a CA must not sign is said beside the name.
    browser.paste("#authority-permitted", "lab.test");
    browser.click("#make");
    browser.wait_for_text("#member-0-hosts-fault", "must not sign for DNS:localhost");
    browser.assert_quiet();
}

#[test]
fn a_thousand_clients_leave_the_page_answerable() {
    let reader = Reader::with(Browser::open_traced(), "tutorial").with_quick_keys();
    let browser = &reader.browser;
    browser.paste("#many-names", "app-{1..1000}");
    browser.wait_for_text("#plan-summary", "1001 clients");
    let longest = browser.work_during(|| reader.make()).longest_task;
    println!(
        "1,000 clients: the longest task on the main thread took {} ms; the page takes {} MB",
        longest.as_millis(),
        browser.memory() / 1_000
    );
    // What is shown does not grow with them, whatever the machine's speed.
    let shown = browser.count("#file-list .document, #revoke-made input");
    assert!(shown < 60, "{shown} of 1,001 clients are shown");
    let count = reader.bash("ls app-*.key | wc -l; ls app-*.crt | wc -l");
    assert_eq!(count, "1000\n1000\n");
    reader
        .bash("openssl verify -x509_strict -purpose sslclient -CAfile ca.crt app-*.crt >/dev/null");
    browser.assert_quiet();
}
