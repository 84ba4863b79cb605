//! The project's own cases: kinds of mistakes, each made once in the client's
//! certificate, once in the server's and once in the CA's, and mistakes of
//! flags, PEM files and revocation lists.

mod config_files;
mod files_and_flags;
mod key_kinds;
mod mistakes;
mod names;
mod pki;
mod revocation_lists;
mod settings;
mod together;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use self::config_files::config_files;
use self::files_and_flags::files_and_flags;
use self::mistakes::MISTAKES;
use self::revocation_lists::revocation_lists;
use crate::certificates::*;

/// A question to etcd and etcdctl.
#[derive(Clone)]
pub(crate) struct Case {
    /// What is wrong.
    pub id: String,
    /// etcd's command line, on port 2379.
    pub server: String,
    /// etcdctl's command line.
    pub client: String,
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

const SERVER_LINE: &str = "etcd --cert-file=server.crt --key-file=server.key --client-cert-auth --trusted-ca-file=ca.crt --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379";
const CLIENT_LINE: &str = "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key put k v";

fn san(names: &[(u8, &[u8])]) -> Vec<u8> {
    alternative_names(names)
}

fn root() -> Parts {
    Parts::new(
        "root",
        &key(1),
        "root",
        vec![basic_constraints(true, None), key_usage(0x06)],
    )
}

fn server() -> Parts {
    let names = san(&[(2, b"localhost"), (7, &[127, 0, 0, 1])]);
    Parts::new(
        "server",
        &key(2),
        "root",
        vec![
            key_usage(0xa0),
            extended_key_usage(&[SERVER, CLIENT]),
            names,
        ],
    )
}

fn client() -> Parts {
    Parts::new(
        "client",
        &key(3),
        "root",
        vec![key_usage(0xa0), extended_key_usage(&[CLIENT])],
    )
}

fn base() -> Case {
    let files = [
        ("ca.crt", pem("CERTIFICATE", &root().sign(&key(1)))),
        ("server.crt", pem("CERTIFICATE", &server().sign(&key(1)))),
        ("server.key", private_key_pem(&key(2))),
        ("client.crt", pem("CERTIFICATE", &client().sign(&key(1)))),
        ("client.key", private_key_pem(&key(3))),
    ];
    Case {
        id: "good".to_owned(),
        server: SERVER_LINE.to_owned(),
        client: CLIENT_LINE.to_owned(),
        files: files
            .into_iter()
            .map(|(name, content)| (name.to_owned(), content))
            .collect(),
    }
}

fn add(parts: &mut Parts, extension: Vec<u8>) {
    if let Some(extensions) = &mut parts.extensions {
        extensions.push(extension);
    }
}

/// Replaces the extension with the same identifier, or adds it.
fn set(parts: &mut Parts, identifier: &str, extension: Vec<u8>) {
    let wanted = oid(identifier);
    if let Some(extensions) = &mut parts.extensions {
        extensions.retain(|known| !known.windows(wanted.len()).any(|window| window == wanted));
        extensions.push(extension);
    }
}

fn set_san(parts: &mut Parts, names: &[(u8, &[u8])]) {
    set(parts, "2.5.29.17", alternative_names(names));
}

/// All cases, each with another id.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = vec![base()];
    for (name, mistake) in MISTAKES {
        for (whose, make) in [
            ("client", client as fn() -> Parts),
            ("server", server),
            ("ca", root),
        ] {
            let mut case = base();
            let mut parts = make();
            mistake(&mut parts);
            case.id = format!("{whose}-{name}");
            let file = format!("{whose}.crt");
            case.files
                .insert(file, pem("CERTIFICATE", &parts.sign(&key(1))));
            cases.push(case);
        }
    }
    cases.extend(files_and_flags());
    cases.extend(chains());
    cases.extend(revocation_lists());
    cases.extend(cipher_suites());
    cases.extend(config_files());
    cases.extend(small_curve());
    cases.extend(settings::all());
    cases.extend(key_kinds::kinds());
    cases.extend(key_kinds::private_keys());
    cases.extend(pki::bundles());
    cases.extend(names::host_names());
    cases.extend(names::constraints());
    cases.extend(pki::two_at_once());
    cases.extend(pki::allowed_and_revoked());
    cases.extend(pki::paths());
    cases.extend(together::all());
    cases
}

fn with(id: &str, change: impl FnOnce(&mut Case)) -> Case {
    let mut case = base();
    id.clone_into(&mut case.id);
    change(&mut case);
    case
}

/// The files of a case.
const FILES: [&str; 5] = [
    "client.crt",
    "client.key",
    "server.crt",
    "server.key",
    "ca.crt",
];

/// Several texts that don't change.
type Texts = &'static [&'static str];

/// The number of a kind of general name, and its contents.
type GeneralName = (u8, &'static [u8]);

fn certificate(der: &[u8]) -> Vec<u8> {
    pem("CERTIFICATE", der)
}

fn put(case: &mut Case, file: &str, contents: Vec<u8>) {
    case.files.insert(file.to_owned(), contents);
}

fn edit(case: &mut Case, file: &str, change: impl FnOnce(&str) -> String) {
    let text = String::from_utf8(case.files[file].clone()).expect("PEM is text");
    case.files
        .insert(file.to_owned(), change(&text).into_bytes());
}

fn client_line(case: &mut Case, from: &str, to: &str) {
    case.client = case.client.replace(from, to);
}

fn server_line(case: &mut Case, from: &str, to: &str) {
    case.server = case.server.replace(from, to);
}

fn both_lines(case: &mut Case, from: &str, to: &str) {
    server_line(case, from, to);
    client_line(case, from, to);
}

/// Leaves below an intermediate, with mistakes in the intermediate or in the
/// file.
fn chains() -> Vec<Case> {
    let authority = || vec![basic_constraints(true, None), key_usage(0x06)];
    let middle = || Parts::new("middle", &key(5), "root", authority());
    let build = |id: &str,
                 change: fn(&mut Parts),
                 root_change: fn(&mut Parts),
                 file: fn(Vec<u8>, Vec<u8>, Vec<u8>) -> Vec<u8>| {
        with(&format!("chain-{id}"), |case| {
            let mut middle = middle();
            change(&mut middle);
            let mut root = root();
            root_change(&mut root);
            let mut leaf = client();
            leaf.issuer = common_name("middle");
            let leaf = pem("CERTIFICATE", &leaf.sign(&key(5)));
            let middle = pem("CERTIFICATE", &middle.sign(&key(1)));
            let root = pem("CERTIFICATE", &root.sign(&key(1)));
            case.files.insert("ca.crt".to_owned(), root.clone());
            case.files
                .insert("client.crt".to_owned(), file(leaf, middle, root));
        })
    };
    let whole = |leaf: Vec<u8>, middle: Vec<u8>, _: Vec<u8>| [leaf, middle].concat();
    let mut cases = vec![
        build("good", |_| {}, |_| {}, whole),
        build("leaf-only", |_| {}, |_| {}, |leaf, _, _| leaf),
        build(
            "with-root",
            |_| {},
            |_| {},
            |leaf, middle, root| [leaf, middle, root].concat(),
        ),
        build(
            "reversed",
            |_| {},
            |_| {},
            |leaf, middle, _| [middle, leaf].concat(),
        ),
        build(
            "garbage-behind",
            |_| {},
            |_| {},
            |leaf, middle, _| [leaf, middle, pem("CERTIFICATE", &[0x30, 0])].concat(),
        ),
        build(
            "root-length-0",
            |_| {},
            |p| set(p, "2.5.29.19", basic_constraints(true, Some(0))),
            whole,
        ),
        build(
            "root-usage-server",
            |_| {},
            |p| add(p, extended_key_usage(&[SERVER])),
            whole,
        ),
    ];
    for (name, mistake) in MISTAKES.iter().step_by(4) {
        cases.push(build(name, *mistake, |_| {}, whole));
    }
    cases.push(with("chain-same-name-other-key", |case| {
        case.files.insert(
            "client.crt".to_owned(),
            pem("CERTIFICATE", &client().sign(&key(8))),
        );
    }));
    cases.push(with("chain-leaf-trusted", |case| {
        let leaf = case.files["client.crt"].clone();
        case.files.insert("leaf-ca.crt".to_owned(), leaf);
        server_line(
            case,
            "--trusted-ca-file=ca.crt",
            "--trusted-ca-file=leaf-ca.crt",
        );
    }));
    cases.push(with("chain-server-usage-only", |case| {
        let mut parts = server();
        set(&mut parts, "2.5.29.37", extended_key_usage(&[SERVER]));
        case.files.insert(
            "server.crt".to_owned(),
            pem("CERTIFICATE", &parts.sign(&key(1))),
        );
    }));
    cases
}

/// Cipher suites, with the P-256 key of the server: each list alone, and with
/// TLS 1.2 only, where the version can be chosen.
fn cipher_suites() -> Vec<Case> {
    let lists = [
        ("none", ""),
        ("required", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        ("other-key", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("not-required", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("tls13", "TLS_AES_128_GCM_SHA256"),
        ("block-mode", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
        (
            "block-mode-first",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        ),
        (
            "other-key-and-more",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        ),
        ("empty-name", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,"),
        ("name-of-openssl", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ];
    let versions = [
        ("", ""),
        ("-max12", " --tls-max-version=TLS1.2"),
        ("-min13", " --tls-min-version=TLS1.3"),
    ];
    let mut cases = Vec::new();
    for (version, flag) in versions {
        for (name, list) in lists {
            cases.push(with(&format!("suites-{name}{version}"), |case| {
                if !list.is_empty() {
                    case.server.extend([" --cipher-suites=", list]);
                }
                case.server += flag;
            }));
        }
    }
    for (name, flags) in [
        (
            "turned-round",
            "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2",
        ),
        ("old", "--tls-min-version=TLS1.1"),
        ("number", "--tls-max-version=1.2"),
    ] {
        cases.push(with(&format!("versions-{name}"), |case| {
            case.server.extend([" ", flags]);
        }));
    }
    cases.push(with("versions-max12-no-client-certificate", |case| {
        case.server += " --tls-max-version=TLS1.2";
        client_line(case, " --cert=client.crt --key=client.key", "");
    }));
    cases
}

/// P-224: a curve that Go can verify with, but that TLS 1.3 has no name for.
fn small_curve() -> Vec<Case> {
    let key = p224::ecdsa::SigningKey::from_slice(&[7; 28]).expect("a scalar in range");
    let point = key.verifying_key().to_sec1_point(false);
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.3.132.0.33")]);
    let public = sequence(&[&algorithm, &element(3, &[&[0], point.as_bytes()].concat())]);
    let private = sequence(&[
        &integer(&[1]),
        &element(4, &key.to_bytes()),
        &element(0xa0, &oid("1.3.132.0.33")),
    ]);
    let private = pem("EC PRIVATE KEY", &private);
    let sign_small = |parts: &Parts| {
        let to_be_signed = parts.to_be_signed();
        let signature: p224::ecdsa::Signature =
            signature::hazmat::PrehashSigner::sign_prehash(&key, &Sha256::digest(&to_be_signed))
                .expect("a signature");
        let bits = element(3, &[&[0], signature.to_der().as_bytes()].concat());
        sequence(&[&to_be_signed, &parts.outer_algorithm, &bits])
    };
    vec![
        with("small-curve-ca", |case| {
            let mut root = root();
            root.public_key.clone_from(&public);
            let mut put = |name: &str, parts: &Parts| {
                case.files
                    .insert(name.to_owned(), pem("CERTIFICATE", &sign_small(parts)));
            };
            put("ca.crt", &root);
            put("server.crt", &server());
            put("client.crt", &client());
        }),
        with("small-curve-client", |case| {
            let mut parts = client();
            parts.public_key.clone_from(&public);
            let certificate = pem("CERTIFICATE", &parts.sign(&crate::certificates::key(1)));
            case.files.insert("client.crt".to_owned(), certificate);
            case.files.insert("client.key".to_owned(), private.clone());
        }),
        with("small-curve-server", |case| {
            let mut parts = server();
            parts.public_key.clone_from(&public);
            let certificate = pem("CERTIFICATE", &parts.sign(&crate::certificates::key(1)));
            case.files.insert("server.crt".to_owned(), certificate);
            case.files.insert("server.key".to_owned(), private.clone());
        }),
    ]
}
