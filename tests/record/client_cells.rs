//! What each client makes of each refusal: the record of `client-words.jsonl`, against
//! the verdict that is worked out from files. `client-cells/` holds the certificates
//! of the refusals, made as `make.sh` there says. A cell that the verdict misses stands
//! in `client-cells-different.txt` with its reason; one that is right again fails.
//! `CLIENT_CELLS=all cargo test --test client_cells -- --nocapture` prints each.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use etcd_pki_lab::{
    Client, ClientAnswer, EtcdBuild, Question, Verdict, clients,
    etcd::facts::client::{Meeting, Particulars},
    judge_client,
};

/// A refusal: what is put to etcd and the client in place of what is right.
#[derive(Clone, Copy)]
struct Refusal {
    server: &'static str,
    options: &'static str,
    certificate: &'static str,
    key: &'static str,
    authority: &'static str,
    host: &'static str,
    scheme: &'static str,
    listens: &'static str,
}

const RIGHT: Refusal = Refusal {
    server: "server",
    options: "",
    certificate: "client.crt",
    key: "client.key",
    authority: "ca.crt",
    host: "127.0.0.1",
    scheme: "https",
    listens: "https://127.0.0.1:2379",
};

const fn server(server: &'static str) -> Refusal {
    Refusal { server, ..RIGHT }
}

const fn of_client(certificate: &'static str, key: &'static str) -> Refusal {
    Refusal {
        certificate,
        key,
        ..RIGHT
    }
}

/// The refusals by their letters. `w`, an etcd that stops midway, has no files.
const REFUSALS: &[(&str, Refusal)] = &[
    (
        "a12",
        Refusal {
            options: "--tls-max-version=TLS1.2",
            ..of_client("", "")
        },
    ),
    ("a13", of_client("", "")),
    ("b", of_client("client-unknown.crt", "client-unknown.key")),
    ("c", of_client("client-same.crt", "client-same.key")),
    ("d", of_client("client-expired.crt", "client-expired.key")),
    ("e", of_client("client-early.crt", "client-early.key")),
    ("f", of_client("client-server.crt", "client-server.key")),
    (
        "g",
        Refusal {
            authority: "otherca.crt",
            ..RIGHT
        },
    ),
    ("h", server("server-nosan")),
    ("i", server("server-ip")),
    (
        "j",
        Refusal {
            host: "localhost",
            ..server("server-dns")
        },
    ),
    ("k", server("server-expired")),
    ("l", server("server-early")),
    ("m", server("server-client")),
    (
        "n",
        Refusal {
            scheme: "http",
            ..RIGHT
        },
    ),
    (
        "o",
        Refusal {
            listens: "http://127.0.0.1:2379",
            ..RIGHT
        },
    ),
    ("p", of_client("client.crt", "alice.key")),
    ("q1", of_client("notpem.crt", "client.key")),
    ("q2", of_client("client.crt", "client-enc.key")),
    ("q3", of_client("missing.crt", "missing.key")),
    (
        "r",
        Refusal {
            options: "--tls-min-version=TLS1.3",
            ..RIGHT
        },
    ),
    (
        "s",
        Refusal {
            options: "--client-crl-file=PKI/revoked.crl",
            ..of_client("client-revoked.crt", "client-revoked.key")
        },
    ),
    (
        "t",
        Refusal {
            options: "--client-cert-allowed-hostname=allowed.example.com",
            ..RIGHT
        },
    ),
    ("u1", RIGHT),
    ("u2", RIGHT),
    (
        "v",
        Refusal {
            listens: "https://127.0.0.1:2479",
            ..RIGHT
        },
    ),
    ("ok", RIGHT),
];

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
    let refusal = REFUSALS
        .iter()
        .find(|(known, _)| *known == letter)
        .unwrap()
        .1;
    // The client with a P-256 key has files of its own.
    let kind = if client.id.ends_with("-ec") {
        "ec-"
    } else {
        ""
    };
    let path = |name: &str| match name {
        "" => String::new(),
        "alice.key" | "notpem.crt" | "missing.crt" | "missing.key" => format!("PKI/{name}"),
        name => format!("PKI/{kind}{name}"),
    };
    let Refusal {
        server,
        options,
        listens,
        scheme,
        host,
        authority,
        ..
    } = refusal;
    let build = EtcdBuild::parse(release).unwrap();
    let etcd = format!(
        "etcd --cert-file=PKI/{server}.crt --key-file=PKI/{server}.key --trusted-ca-file=PKI/ca.crt \
         --client-cert-auth --listen-client-urls={listens} --advertise-client-urls={listens} {options}"
    );
    let mut etcdctl =
        format!("etcdctl --endpoints={scheme}://{host}:2379 --cacert=PKI/{authority}");
    if !refusal.certificate.is_empty() {
        let (certificate, key) = (path(refusal.certificate), path(refusal.key));
        write!(etcdctl, " --cert={certificate} --key={key}").unwrap();
    }
    let nobody: &[String] = &[];
    let question = Question {
        server: &etcd,
        client: &format!("{etcdctl} get foo"),
        files,
        server_build: build,
        client_build: build,
        now: "2026-11-28T16:00:00Z".parse().unwrap(),
        users: letter.starts_with('u').then_some(nobody),
    };
    judge_client(&question, client, letter == "r").unwrap()
}

/// Without times and serial numbers, which are those of a day.
fn plain(text: &str) -> String {
    let mut words = Vec::new();
    let mut masks = false;
    for word in text.split(' ') {
        words.push(if masks { "…" } else { word });
        masks = matches!(word, "time" | "serial" | "Z\\");
    }
    words.join(" ")
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
    for line in include_str!("client-words.jsonl").lines() {
        let cell: Vec<String> = serde_json::from_str(line).unwrap();
        let [id, letter, release, words, log] = cell.as_slice() else {
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
                Verdict::Accepted => letter == "ok",
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
            different.insert(format!("{id} {letter} {release}"), (faults, words.clone()));
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
fn an_intermediate_alone_in_the_ca_file_is_enough_for_go_and_curl_and_not_for_python_node_and_proxies()
 {
    let answers = of_server("server-below", "intermediate.crt");
    take(
        &answers,
        &[
            "go-clientv3",
            "prometheus",
            "curl-openssl",
            "rust-etcd-client-rustls",
        ],
    );
    let clients = [
        "py-requests",
        "py-grpcio",
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
fn a_key_on_p521_is_none_that_grpcio_takes() {
    let answers = of_server("server-p521", "ca.crt");
    take(
        &answers,
        &["go-clientv3", "curl-openssl", "py-requests", "node-https"],
    );
    refuse(
        &answers,
        &["py-grpcio", "py-etcd3"],
        "no signature of such a key",
    );
    assert_eq!(answers["py-grpcio"].rule.id(), "known-key-kind");
}
