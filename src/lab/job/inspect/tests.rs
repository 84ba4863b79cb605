//! Every coat that certificates and keys come in, and what is found in it.

use std::{fmt::Write as _, io::Write as _, iter, sync::LazyLock};

use base64ct::{Base64, Encoding};
use getrandom::{SysRng, rand_core::UnwrapErr};
use serde_json::json;

use super::*;
use crate::{
    etcd::plan::Plan,
    lab::{Lab, archive, making::make},
    pki::{inspection::unreadable::Unreadable, key::KeyType},
};

const TUTORIAL: &str = include_str!("../../../../tests/fixtures/tutorial-client.crt");

/// What `openssl x509 -noout -text` (3.0.19) says of the tutorial's certificate.
const IN_WORDS: &str = "Certificate:
    Data:
        Version: 1 (0x0)
        Serial Number:
            1d:73:5b:bd:fa:81:dc:27:25:27:8a:ff:89:6f:81:32:9c:53:88:b6
        Signature Algorithm: sha256WithRSAEncryption
        Issuer: CN = KUBERNETES-CA
        Validity
            Not Before: Dec 12 21:10:10 2024 GMT
            Not After : Feb 10 21:10:10 2025 GMT
        Subject: CN = client
        Subject Public Key Info:
            Public Key Algorithm: rsaEncryption
";

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn lab() -> &'static Lab {
    static LAB: LazyLock<Lab> = LazyLock::new(|| {
        let plan = Plan {
            key_type: KeyType::P256,
            ..Plan::default()
        };
        make(&plan, None, now(), &mut UnwrapErr(SysRng)).unwrap()
    });
    &LAB
}

/// A file of the lab.
fn made(name: &str) -> String {
    let mut files = lab().files().into_iter();
    let file = files.find(|file| file.name == name).unwrap();
    file.text().unwrap().to_owned()
}

fn looked(name: &str, bytes: &[u8]) -> Inspected {
    look(&[GivenFile::new(name, bytes)], None, now())
}

/// What was found, each as its kind and where it was.
fn found(inspected: &Inspected) -> Vec<String> {
    let items = inspected.inspection.items.iter();
    let said = items.map(|item| {
        let kind = match &item.content {
            Content::Certificate(facts) => facts.subject.text.clone(),
            Content::PrivateKey(_) => "key".to_owned(),
            other => format!("{other:?}"),
        };
        let places = item.locations.iter().map(|it| match it.line {
            Some(line) => format!("{}:{line}", it.file),
            None => it.file.clone(),
        });
        format!("{kind}: {}", places.collect::<Vec<_>>().join(" and "))
    });
    said.collect()
}

#[test]
fn the_archives_that_the_page_makes_are_opened() {
    let tar = archive::tar(lab(), iter::empty()).unwrap();
    let zip = archive::zip(lab(), iter::empty()).unwrap();
    for (name, bytes) in [("lab.tar", &tar), ("lab.zip", &zip)] {
        let inspected = looked(name, bytes);
        let found = found(&inspected);
        for wanted in [
            format!("/CN=KUBERNETES-CA: ca.crt in {name}:1"),
            format!("/CN=client: client.crt in {name}:1"),
            format!("key: client.key in {name}:1"),
        ] {
            assert!(found.contains(&wanted), "{wanted} is not in {found:?}");
        }
        // The commands and what is to be read first.
        assert!(!inspected.beside.is_empty(), "{name}");
        assert!(inspected.beside.iter().all(|it| it.ends_with(name)));
        assert!(inspected.closed.is_empty());
    }
}

#[test]
fn an_archive_in_an_archive_is_opened_and_a_damaged_one_said() {
    let zip = archive::zip(lab(), iter::empty()).unwrap();
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(zip.len() as u64);
    builder
        .append_data(&mut header, "inner.zip", zip.as_slice())
        .unwrap();
    let outer = builder.into_inner().unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&outer).unwrap();
    let inspected = looked("outer.tar.gz", &packed.finish().unwrap());
    let wanted = "/CN=client: client.crt in inner.zip in outer.tar.gz:1".to_owned();
    assert!(found(&inspected).contains(&wanted));

    let inspected = looked("half.zip", &zip[..zip.len() / 2]);
    assert_eq!(inspected.closed[0].file, "half.zip");
    assert!(inspected.inspection.items.is_empty());
}

#[test]
fn archives_of_large_nothings_are_not_unpacked_one_after_the_other() {
    // Each is within the bounds, all of them together are not.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&vec![0; 3 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let files: Vec<GivenFile> = (0..4)
        .map(|number| GivenFile::new(&format!("{number}.gz"), &packed))
        .collect();
    let inspected = look(&files, None, now());
    assert_eq!(inspected.closed.len(), 2);
    assert!(inspected.closed[0].reason.contains("more than can be"));
}

#[test]
fn a_secret_is_read_as_yaml_and_as_json() {
    let [certificate, key] = ["client.crt", "client.key"].map(made);
    let [encoded_certificate, encoded_key] =
        [&certificate, &key].map(|text| Base64::encode_string(text.as_bytes()));
    let indented = |text: &str| {
        text.lines().fold(String::new(), |mut all, line| {
            writeln!(all, "    {line}").unwrap();
            all
        })
    };
    let yaml = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: etcd-client\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {encoded_certificate}\n  tls.key: {encoded_key}\nstringData:\n  ca.crt: |\n{}",
        indented(TUTORIAL)
    );
    let inspected = looked("secret.yaml", yaml.as_bytes());
    assert_eq!(
        found(&inspected),
        [
            "/CN=client: tls.crt in line 7 of secret.yaml",
            "key: tls.key in line 8 of secret.yaml",
            "/CN=client: ca.crt in line 10 of secret.yaml",
        ]
    );
    let json = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "data": { "tls.crt": encoded_certificate, "tls.key": encoded_key },
        "stringData": { "ca.crt": TUTORIAL },
    });
    let inspected = looked("", json.to_string().as_bytes());
    assert_eq!(
        found(&inspected),
        [
            "/CN=client: tls.crt in line 1 of the pasted text",
            "key: tls.key in line 1 of the pasted text",
            "/CN=client: ca.crt in line 1 of the pasted text",
        ]
    );
    let pretty = serde_json::to_string_pretty(&json).unwrap();
    assert_eq!(found(&looked("", pretty.as_bytes())).len(), 3);
}

#[test]
fn a_kubeconfig_holds_a_ca_a_certificate_and_a_key() {
    let [ca, certificate, key] = ["ca.crt", "client.crt", "client.key"]
        .map(|name| Base64::encode_string(made(name).as_bytes()));
    let config = format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {ca}\n    server: https://127.0.0.1:6443\n  name: kubernetes\nkind: Config\nusers:\n- name: admin\n  user:\n    client-certificate-data: {certificate}\n    client-key-data: {key}\n"
    );
    assert_eq!(
        found(&looked("admin.conf", config.as_bytes())),
        [
            "/CN=KUBERNETES-CA: ca.crt in line 4 of admin.conf",
            "/CN=client: client.crt in line 11 of admin.conf",
            "key: client.key in line 12 of admin.conf",
        ]
    );
}

#[test]
fn pem_with_a_literal_n_and_cfssls_json_are_read() {
    let escaped = format!("ETCD_CERT=\"{}\"", TUTORIAL.replace('\n', "\\n"));
    let inspected = looked("", escaped.as_bytes());
    assert_eq!(
        found(&inspected),
        ["/CN=client: ETCD_CERT in line 1 of the pasted text"]
    );
    let [certificate, key] = ["client.crt", "client.key"].map(made);
    // As `cfssl gencert` prints it.
    let printed = json!({ "cert": certificate, "key": key }).to_string();
    assert_eq!(
        found(&looked("client.json", printed.as_bytes())),
        [
            "/CN=client: cert.pem in line 1 of client.json",
            "key: cert-key.pem in line 1 of client.json",
        ]
    );
}

#[test]
fn what_stands_beside_a_coat_is_read_with_its_own_lines() {
    let escaped = TUTORIAL.replace('\n', "\\n");
    let text = format!("cert: {escaped}\n\n{}{}", made("ca.crt"), &TUTORIAL[..400]);
    let inspected = looked("", text.as_bytes());
    let found = found(&inspected);
    assert_eq!(found[0], "/CN=client: cert in line 1 of the pasted text");
    assert_eq!(found[1], "/CN=KUBERNETES-CA: :3");
    // A block that breaks off is told of, with its line.
    let Content::Unreadable(Unreadable::Pem { reason }) = &inspected.inspection.items[2].content
    else {
        panic!("{found:?}");
    };
    assert!(reason.contains("has no “-----END"), "{reason}");
}

#[test]
fn openssls_words_say_whose_they_are_and_are_dropped_beside_the_certificate() {
    let inspected = looked("", IN_WORDS.as_bytes());
    assert!(inspected.inspection.items.is_empty());
    let [said] = inspected.described.as_slice() else {
        panic!("{inspected:?}");
    };
    let said = &said.certificate;
    assert_eq!(said.subject, "CN = client");
    assert_eq!(said.issuer, "CN = KUBERNETES-CA");
    assert_eq!(
        said.serial_number,
        "1D735BBDFA81DC2725278AFF896F81329C5388B6"
    );
    assert_eq!(
        said.not_after,
        Some("2025-02-10T21:10:10Z".parse().unwrap())
    );
    for text in [
        format!("{IN_WORDS}{TUTORIAL}"),
        format!("subject=CN = client\nissuer=CN = KUBERNETES-CA\n{TUTORIAL}"),
    ] {
        let inspected = looked("", text.as_bytes());
        assert!(inspected.described.is_empty(), "{text}");
        assert_eq!(inspected.inspection.items.len(), 1);
    }
}

#[test]
fn pem_that_nothing_was_found_in_is_told_of() {
    let inspected = looked("x", b"say -----BEGIN it is not");
    assert_eq!(
        inspected.inspection.items[0].content,
        Content::Unreadable(Unreadable::NotRecognised)
    );
}
