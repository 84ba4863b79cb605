//! What each client makes of each refusal: the records of `client-words.jsonl` and
//! `client-words-measured.jsonl`, which `cargo xtask client-words` makes, against the
//! verdict that is worked out from files. `client-cells/` holds the certificates
//! of the refusals, made as `make.sh` there says. A cell that the verdict misses stands
//! in `client-cells-different.txt` with its reason; one that is right again fails.
//! `CLIENT_CELLS=all cargo test --test client_cells -- --nocapture` prints each.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../support/refusals.rs"]
mod refusals;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use etcd_pki_lab::clients::{self, Client, Meeting, Particulars};
use etcd_pki_lab::etcd::judge::Case;
use etcd_pki_lab::etcd::judge::client::{ClientAnswer, judge_client};
use etcd_pki_lab::etcd::telling::takers::{Taker, takers};
use etcd_pki_lab::{EtcdBuild, Question, Verdict};
use refusals::{Refusal, plain};

fn files() -> BTreeMap<String, Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/record/client-cells");
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (format!("PKI/{name}"), fs::read(&path).unwrap())
    });
    files.collect()
}

fn answer(
    client: &Client,
    letter: &str,
    release: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> ClientAnswer {
    let refusal = Refusal::of(letter);
    let build = EtcdBuild::parse(release).unwrap();
    let nobody: &[String] = &[];
    let question = Question {
        server: &refusal.etcd("PKI", 2379),
        client: &refusal.etcdctl(client.id, "PKI", 2379),
        files,
        server_build: build,
        client_build: build,
        now: "2026-11-28T16:00:00Z".parse().unwrap(),
        users: matches!(letter, "u1" | "u2").then_some(nobody),
    };
    judge_client(&question, client, letter == "r").unwrap()
}

#[test]
fn each_client_says_of_each_refusal_what_it_was_measured_to_say() {
    let all = std::env::var("CLIENT_CELLS").is_ok_and(|it| it == "all");
    let files = files();
    let known: BTreeSet<&str> = include_str!("client-cells-different.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(':').next().unwrap().trim())
        .collect();
    let mut different = BTreeMap::new();
    let mut cells = 0;
    let handed = include_str!("client-words.jsonl").lines();
    for line in handed.chain(include_str!("client-words-measured.jsonl").lines()) {
        let cell: Vec<String> = serde_json::from_str(line).unwrap();
        let [id, letter, release, words, log, ..] = cell.as_slice() else {
            unreachable!("{line}");
        };
        let client = clients::named(id).unwrap();
        cells += 1;
        let mut faults = Vec::new();
        if letter == "w" {
            let about = Particulars {
                host: "127.0.0.1",
                ..Particulars::default()
            };
            let says = client.says(Meeting::Stopped, &about);
            if !says.iter().any(|part| words.contains(part)) {
                faults.push(format!("says {says:?}"));
            }
        } else {
            let answer = answer(client, letter, release, &files);
            let says: Vec<String> = answer.says.iter().map(|it| plain(it)).collect();
            let printed = plain(words);
            let printed_is_escaped = |part: &str| printed.contains(&part.replace('"', "\\\""));
            let is_right = match answer.verdict {
                Verdict::Accepted => cell.get(6).map_or(letter == "ok", |came| came == "served"),
                _ if cell.get(6).is_some_and(|came| came == "served") => false,
                _ => says
                    .iter()
                    .any(|part| printed.contains(part.as_str()) || printed_is_escaped(part)),
            };
            if !is_right {
                faults.push(format!("says {:?} ({:?})", answer.says, answer.meeting));
            }
            if !answer.logs.iter().any(|text| plain(text) == plain(log)) {
                faults.push(format!("etcd logs {:?}, not {log:?}", answer.logs));
            }
        }
        if !faults.is_empty() {
            let faults = faults.join("; ");
            let version = cell.get(5).map_or(String::new(), |it| format!(" {it}"));
            let cell = format!("{id} {letter} {release}{version}");
            different.insert(cell, (faults, words.clone()));
        }
    }
    println!("{cells} cells, {} different", different.len());
    if all {
        for (cell, (faults, words)) in &different {
            println!(
                "{cell}: {faults}\n    printed: {}",
                words.chars().take(700).collect::<String>()
            );
        }
        return;
    }
    let wrong: BTreeSet<&str> = different.keys().map(String::as_str).collect();
    let unexpected: Vec<_> = wrong
        .difference(&known)
        .map(|cell| (cell, &different[*cell]))
        .collect();
    let right_again: Vec<_> = known.difference(&wrong).collect();
    assert!(unexpected.is_empty(), "not as expected: {unexpected:#?}");
    assert!(right_again.is_empty(), "right again: {right_again:#?}");
}

/// What the clients make of one server's certificate, by the CA file that they have.
fn of_server(server: &str, authority: &str) -> BTreeMap<&'static str, ClientAnswer> {
    let files = files();
    let etcd = format!(
        "etcd --cert-file=PKI/{server}.crt --key-file=PKI/{server}.key --trusted-ca-file=PKI/ca.crt \
         --client-cert-auth --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379"
    );
    let build = EtcdBuild::parse("3.7.3").unwrap();
    let question = Question {
        server: &etcd,
        client: &format!(
            "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=PKI/{authority} --cert=PKI/client.crt --key=PKI/client.key get foo"
        ),
        files: &files,
        server_build: build,
        client_build: build,
        now: "2026-11-28T16:00:00Z".parse().unwrap(),
        users: None,
    };
    let answers = clients::all().map(|it| (it.id, judge_client(&question, it, false).unwrap()));
    answers.collect()
}

/// The table of who takes a server's files, as the page shows it.
fn table(server: &str, authority: &str) -> Vec<Taker> {
    let files = files();
    let etcd = format!(
        "etcd --cert-file=PKI/{server}.crt --key-file=PKI/{server}.key --trusted-ca-file=PKI/ca.crt \
         --client-cert-auth --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379"
    );
    let build = EtcdBuild::parse("3.7.3").unwrap();
    let etcdctl = format!(
        "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=PKI/{authority} --cert=PKI/client.crt --key=PKI/client.key get foo"
    );
    let question = Question::new(
        &etcd,
        &etcdctl,
        &files,
        build,
        "2026-11-28T16:00:00Z".parse().unwrap(),
    );
    let case = Case::read(&question).unwrap();
    takers(&case, &case.judge().unwrap())
}

#[test]
fn the_table_of_who_takes_these_files_gives_each_kind_its_verdict_with_a_reason() {
    const KINDS: [&str; 10] = [
        "etcd", "etcdctl", "curl", "Go", "Python", "Java", "Node", "Rust", "Proxies", "wget",
    ];
    for (server, authority) in [
        ("server", "ca.crt"),
        ("server-below", "intermediate.crt"),
        ("server-p521", "ca.crt"),
        ("server-authority", "server-authority.crt"),
        ("server", "otherca.crt"),
    ] {
        let table = table(server, authority);
        let mut kinds: Vec<&str> = table.iter().map(|taker| taker.kind.as_str()).collect();
        kinds.dedup();
        assert_eq!(kinds, KINDS, "{server}");
        for taker in &table {
            assert!(taker.reason.len() > 15, "{server}: {taker:?}");
            assert!(taker.library.contains(": "), "{server}: {taker:?}");
            let prints = !taker.passes && taker.kind != "etcd";
            assert_eq!(prints, !taker.says.is_empty(), "{server}: {taker:?}");
        }
    }
    let all = table("server", "ca.crt");
    let reason = |kind: &str| {
        let found = all.iter().find(|taker| taker.kind == kind).unwrap();
        (found.passes, found.reason.as_str())
    };
    assert_eq!(
        reason("etcd"),
        (
            true,
            "It starts with its files; it takes the client's certificate."
        )
    );
    assert_eq!(
        reason("Node"),
        (
            true,
            "etcd's certificate leads to the root in its CA file, and names the host; etcd takes the one that it sends."
        )
    );
    assert_eq!(
        reason("Proxies"),
        (
            true,
            "etcd's certificate leads to the root in its CA file, and names localhost; etcd takes the one that it sends."
        )
    );
    let p521 = table("server-p521", "ca.crt");
    let refused: Vec<&str> = p521
        .iter()
        .filter(|taker| !taker.passes && taker.reason.contains("no signature of such a key"))
        .map(|taker| taker.kind.as_str())
        .collect();
    assert_eq!(refused, ["Python", "Python", "Java", "Rust"]);
}

fn take(answers: &BTreeMap<&str, ClientAnswer>, clients: &[&str]) {
    for client in clients {
        assert_eq!(
            answers[client].verdict,
            Verdict::Accepted,
            "{client}: {:?}",
            answers[client]
        );
    }
}

fn refuse(answers: &BTreeMap<&str, ClientAnswer>, clients: &[&str], why: &str) {
    for client in clients {
        assert_eq!(answers[client].verdict, Verdict::Refused, "{client}");
        assert!(
            answers[client].why.contains(why),
            "{client}: {:?}",
            answers[client]
        );
    }
}

#[test]
fn an_intermediate_alone_in_the_ca_file_is_enough_for_go_curl_and_grpc_and_not_for_python_before_3_13_node_and_proxies()
 {
    let answers = of_server("server-below", "intermediate.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "prometheus",
            "curl-openssl",
            "rust-etcd-client-rustls",
            "py-grpcio",
            "py-requests-strict",
        ],
    );
    let clients = [
        "py-requests",
        "node-https",
        "node-grpc-js",
        "nginx",
        "haproxy",
    ];
    refuse(&answers, &clients, "wants the root");
    let answers = of_server("server-below", "ca.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "py-requests",
            "py-grpcio",
            "node-https",
            "haproxy",
        ],
    );
}

#[test]
fn a_server_certificate_that_is_a_ca_itself_is_refused_by_rustls_alone() {
    let answers = of_server("server-authority", "server-authority.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "curl-openssl",
            "py-requests",
            "node-https",
            "java-httpclient",
        ],
    );
    refuse(
        &answers,
        &["rust-etcd-client-rustls", "rust-reqwest-rustls"],
        "is a CA itself",
    );
}

#[test]
fn a_key_on_p521_is_none_that_grpcio_and_rustls_with_ring_take() {
    let answers = of_server("server-p521", "ca.crt");
    let taking = [
        "go-clientv3",
        "curl-openssl",
        "py-requests",
        "node-https",
        "rust-reqwest-rustls",
    ];
    take(&answers, &taking);
    refuse(
        &answers,
        &["py-grpcio", "py-etcd3", "rust-etcd-client-rustls"],
        "no signature of such a key",
    );
    assert_eq!(answers["py-grpcio"].rule.id(), "known-key-kind");
    let answers = of_server("server-by-p521", "p521ca.crt");
    take(&answers, &taking);
    take(&answers, &["py-grpcio", "java-jetcd-tcnative"]);
    refuse(
        &answers,
        &["rust-etcd-client-rustls"],
        "that a P-521 key signed",
    );
    let files = files();
    let own = |id: &str| {
        let client = clients::named(id).unwrap();
        answer(client, "p521-client", "3.7.3", &files).why
    };
    for taken in ["go-clientv3", "py-grpcio", "rust-reqwest-rustls"] {
        assert_eq!(own(taken), "", "{taken}");
    }
    assert_eq!(
        own("rust-etcd-client-rustls"),
        "it reads no private key on P-521"
    );
}

#[test]
fn a_key_on_ed25519_is_none_for_grpc_tcnative_and_nss_and_a_ca_on_it_is_one_for_grpc() {
    let answers = of_server("server-ed25519", "ca.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "curl-openssl",
            "py-requests",
            "node-https",
            "java-httpclient",
            "gnutls-cli",
        ],
    );
    let refusing = ["py-grpcio", "java-jetcd-tcnative", "nss-tstclnt"];
    refuse(&answers, &refusing, "no signature of such a key");
    let answers = of_server("server-by-ed25519", "ed25519ca.crt");
    take(&answers, &["go-clientv3", "py-grpcio", "java-httpclient"]);
    refuse(&answers, &refusing[1..], "that an Ed25519 key signed");
    let files = files();
    let own = |id: &str| {
        let client = clients::named(id).unwrap();
        answer(client, "ed25519-client", "3.7.3", &files).why
    };
    for taken in ["go-clientv3", "py-grpcio", "java-httpclient", "node-https"] {
        assert_eq!(own(taken), "", "{taken}");
    }
    for refused in ["java-jetcd-tcnative", "java-jetcd-jsse"] {
        assert_eq!(own(refused), "it reads no private key on Ed25519");
    }
}

#[test]
fn python_since_3_13_alone_wants_what_rfc_5280_wants() {
    for (server, authority, missed) in [
        (
            "server-unidentified",
            "ca.crt",
            "Missing Authority Key Identifier",
        ),
        (
            "server-by-lax",
            "laxca.crt",
            "Basic Constraints of CA cert not marked critical",
        ),
    ] {
        let answers = of_server(server, authority);
        let others = ["go-clientv3", "curl-openssl", "py-requests", "node-https"];
        take(&answers, &others);
        let strict = ["py-requests-strict", "py-urllib-strict"];
        refuse(&answers, &strict, "it is strict");
        for client in strict {
            assert!(answers[client].says[0].ends_with(missed), "{client}");
        }
    }
}

#[test]
fn etcd3_py_alone_checks_nothing_where_it_is_told_no_ca() {
    let files = files();
    let refusal = Refusal::of("ok");
    let build = EtcdBuild::parse("3.7.3").unwrap();
    let etcd = refusal.etcd("PKI", 2379);
    let question = Question::new(
        &etcd,
        "etcdctl --endpoints=https://127.0.0.1:2379 --cert=PKI/client.crt --key=PKI/client.key get foo",
        &files,
        build,
        "2026-11-28T16:00:00Z".parse().unwrap(),
    );
    let verdict = |id: &str| {
        let client = clients::named(id).unwrap();
        judge_client(&question, client, false).unwrap().verdict
    };
    assert_eq!(verdict("py-etcd3-py"), Verdict::Accepted);
    for id in ["py-requests", "curl-openssl", "go-clientv3", "node-https"] {
        assert_eq!(verdict(id), Verdict::Refused, "{id}");
    }
}

#[test]
fn any_usage_is_no_server_auth_for_openssl_rustls_and_nss() {
    let answers = of_server("server-any", "ca.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "java-httpclient",
            "java-grpc-netty-shaded",
            "gnutls-cli",
        ],
    );
    let clients = [
        "curl-openssl",
        "py-requests",
        "node-https",
        "py-grpcio",
        "rust-etcd-client-rustls",
        "nss-tstclnt",
    ];
    refuse(&answers, &clients, "anyExtendedKeyUsage is no serverAuth");
    let answers = of_server("server-below-any", "ca.crt");
    take(&answers, &["go-clientv3", "java-httpclient", "curl-gnutls"]);
    let clients = [
        "curl-openssl",
        "py-requests",
        "node-https",
        "py-grpcio",
        "rust-etcd-client-rustls",
        "gnutls-cli",
        "nss-tstclnt",
    ];
    refuse(&answers, &clients, "of a CA above is no serverAuth");
}

#[test]
fn a_common_name_outside_of_a_cas_constraints_is_refused_by_those_that_look_at_it() {
    let answers = of_server("server-below-named", "ca.crt");
    take(
        &answers,
        &["go-clientv3", "py-requests", "rust-etcd-client-rustls"],
    );
    let clients = [
        "curl-openssl",
        "py-urllib",
        "node-https",
        "java-httpclient",
        "gnutls-cli",
    ];
    refuse(&answers, &clients, "holds the common name, too");
    refuse(&answers, &["py-grpcio"], "constraints on addresses");
}

#[test]
fn critical_policies_are_refused_by_rustls_and_nss_alone_and_critical_usages_by_nobody() {
    let answers = of_server("server-policies", "ca.crt");
    let clients = ["rust-etcd-client-rustls", "nss-tstclnt"];
    refuse(&answers, &clients, "certificatePolicies");
    take(&answers, &["go-clientv3", "curl-openssl", "py-grpcio"]);
    let answers = of_server("server-usages", "ca.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "curl-openssl",
            "py-grpcio",
            "node-https",
            "java-httpclient",
            "rust-etcd-client-rustls",
            "gnutls-cli",
            "nss-tstclnt",
        ],
    );
}

#[test]
fn a_wildcard_before_a_single_label_is_taken_by_go_java_ruby_and_php_alone() {
    let files = files();
    let refused = |id: &str| {
        let client = clients::named(id).unwrap();
        answer(client, "wildcard", "3.7.3", &files).why
            == "it takes no wildcard before a single label"
    };
    for client in [
        "go-clientv3",
        "java-httpclient",
        "ruby-nethttp",
        "php-stream",
    ] {
        assert!(!refused(client), "{client}");
    }
    for client in [
        "curl-openssl",
        "py-requests",
        "node-https",
        "py-grpcio",
        "rust-etcd-client-rustls",
    ] {
        assert!(refused(client), "{client}");
    }
}
