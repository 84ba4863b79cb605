//! The readers, each with its seeds.

use std::collections::BTreeMap;

use etcd_pki_lab::{
    EtcdBuild, GivenFile, Making, Plan, Preset, Question, Workbench,
    etcd::judge::reading::material,
    judge,
    lab::wire::Outcome,
    look,
    page::link,
    pki::{
        certificate::Certificate,
        certification_request::CertificationRequest,
        key::{KeyType, PrivateKey},
        name::DistinguishedName,
        name_constraint,
        password_encryption::Budget,
        pem, pkcs12,
        revocation_list::RevocationList,
        serial_number, subject_alternative_name,
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;

use crate::changes::try_on;

fn now() -> Timestamp {
    Timestamp::from_second(1_795_450_200).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn plan(preset: Preset) -> Plan {
    Plan {
        key_type: KeyType::Ed25519,
        ..Plan::example(preset)
    }
}

/// All files of a preset.
fn files(preset: Preset) -> Vec<(String, Vec<u8>)> {
    let mut making = Making::start(&plan(preset), None, None, now()).unwrap();
    let mut workbench = Workbench::default();
    let mut random = UnwrapErr(SysRng);
    while let Some((number, task)) = making.next_task() {
        let outcome: Outcome = workbench.finish(task, &mut random);
        making.complete(number, outcome).unwrap();
    }
    let lab = making.finish().unwrap();
    lab.files()
        .iter()
        .filter_map(|file| Some((file.name.clone(), file.text()?.as_bytes().to_vec())))
        .collect()
}

fn seeds(preset: Preset, endings: &[&str]) -> Vec<Vec<u8>> {
    let all = files(preset).into_iter();
    let some: Vec<Vec<u8>> = all
        .filter(|(name, _)| endings.iter().any(|ending| name.ends_with(ending)))
        .map(|(_, bytes)| bytes)
        .collect();
    assert!(!some.is_empty(), "{endings:?}");
    some
}

/// The contents of PEM, so that bytes of DER are changed and not letters of base64.
fn der(pems: &[Vec<u8>]) -> Vec<Vec<u8>> {
    pems.iter()
        .flat_map(|text| pem::blocks(std::str::from_utf8(text).unwrap()).unwrap())
        .map(|block| block.der.to_vec())
        .collect()
}

#[test]
fn pem_blocks() {
    let seeds = seeds(Preset::Tutorial, &[".crt", ".key", ".csr"]);
    try_on("pem", &seeds, |bytes| {
        let text = text(bytes);
        let _ = pem::blocks(&text);
        let _ = PrivateKey::from_encrypted_pem(&text, "");
        let _ = Certificate::from_pem(&text);
        let _ = CertificationRequest::from_pem(&text);
        let _ = RevocationList::from_pem(&text);
    });
}

#[test]
fn certificates() {
    let seeds = der(&seeds(Preset::Kubeadm, &[".crt"]));
    try_on("certificate", &seeds, |bytes| {
        if let Ok(read) = Certificate::from_der(bytes) {
            assert_eq!(read.der(), bytes, "what is kept is what was given");
            let _ = (read.public_key(), read.names(), read.name_constraints());
            let _ = read.check_signed_by(&read);
        }
    });
}

#[test]
fn requests() {
    let seeds = der(&seeds(Preset::Tutorial, &[".csr"]));
    try_on("csr", &seeds, |bytes| {
        let _ = CertificationRequest::from_der(bytes);
    });
}

#[test]
fn revocation_lists_and_archives() {
    let mut seeds = der(&seeds(Preset::Tutorial, &[".crt", ".key"]));
    // A CRL of nobody, and the beginning of a PKCS#12 file.
    seeds.push(b"\x30\x1f\x30\x0c\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x30\x00\x17\x0d261123100000Z\x30\x05\x06\x03\x2b\x65\x70\x03\x01\x00".to_vec());
    seeds.push(b"\x30\x1a\x02\x01\x03\x30\x15\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x08\x04\x06\x30\x04\x30\x02\x06\x00".to_vec());
    try_on("crl", &seeds, |bytes| {
        let _ = RevocationList::from_der(bytes);
        let _ = pkcs12::read(bytes, "", &mut Budget::default());
    });
}

#[test]
fn keys() {
    let mut random = UnwrapErr(SysRng);
    let mut seeds: Vec<Vec<u8>> = [KeyType::P256, KeyType::P384, KeyType::Ed25519]
        .map(|kind| {
            let key = PrivateKey::generate(kind, &mut random).unwrap();
            key.to_pkcs8().unwrap().to_vec()
        })
        .into();
    let key = PrivateKey::from_pkcs8(&seeds[0]).unwrap();
    seeds.push(key.to_encrypted_pkcs8("x", &mut random).unwrap());
    try_on("pkcs8", &seeds, |bytes| {
        if let Ok(key) = PrivateKey::from_pkcs8(bytes) {
            let written = key.to_pkcs8().unwrap();
            let again = PrivateKey::from_pkcs8(&written).unwrap();
            assert_eq!(again.public_key(), key.public_key());
        }
        let _ = PrivateKey::from_encrypted_pkcs8(bytes, "");
    });
}

#[test]
fn names() {
    let seeds = [
        "CN=client,O=team",
        "/CN=it's me/O=a\\/b",
        "CN=\"a, b\"+OU=x",
        "CN=\\C3\\A9",
        "*.example.com",
        "10.0.0.0/8 fd00::/8 .example.com",
        "DNS:localhost, IP:::1",
        "0a:ff 1234",
    ]
    .map(|text| text.as_bytes().to_vec());
    try_on("names", &seeds, |bytes| {
        let text = text(bytes);
        if let Ok(name) = text.parse::<DistinguishedName>() {
            assert_eq!(name.to_openssl().parse(), Ok(name));
        }
        if let Ok(names) = subject_alternative_name::parse_list(&text) {
            let written: Vec<String> = names.iter().map(ToString::to_string).collect();
            assert_eq!(
                subject_alternative_name::parse_list(&written.join(" ")),
                Ok(names)
            );
        }
        if let Ok(constraints) = name_constraint::parse_list(&text) {
            let written: Vec<String> = constraints.iter().map(ToString::to_string).collect();
            assert_eq!(
                name_constraint::parse_list(&written.join(" ")),
                Ok(constraints)
            );
        }
        let _ = serial_number::parse_list(&text);
    });
}

#[test]
fn plans_and_links() {
    let seeds: Vec<Vec<u8>> = [Preset::Tutorial, Preset::Cluster, Preset::Kubeadm]
        .iter()
        .flat_map(|preset| {
            let plan = plan(*preset);
            let json = serde_json::to_string(&plan).unwrap();
            [
                json.clone(),
                format!("#plan={}", json.replace('"', "%22")),
                link::fragment(&plan),
            ]
        })
        .map(String::into_bytes)
        .collect();
    try_on("plan", &seeds, |bytes| {
        let text = text(bytes);
        let linked = link::plan(&text).ok().flatten();
        for plan in serde_json::from_str::<Plan>(&text)
            .ok()
            .into_iter()
            .chain(linked)
        {
            let _ = plan.check(None, now());
            let json = serde_json::to_string(&plan).unwrap();
            assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
        }
    });
}

#[test]
fn what_is_pasted() {
    let mut seeds = seeds(
        Preset::Cluster,
        &[".sh", ".yaml", ".env", ".service", "README", ".crt"],
    );
    seeds.push(b"etcd --cert-file=a.crt --key-file a.key\n{\"level\":\"warn\",\"msg\":\"rejected connection\",\"error\":\"remote error: tls: bad certificate\"}\n".to_vec());
    try_on("material", &seeds, |bytes| {
        let given = [
            GivenFile::new("a.yaml", bytes),
            GivenFile::new("a.tar", bytes),
        ];
        let _ = material::read(&text(bytes), &given);
    });
}

#[test]
fn command_lines_and_config_files() {
    let mut seeds = seeds(Preset::Cluster, &[".yaml", ".env"]);
    seeds.push(b"etcd --name=a --cert-file=c --key-file='k' --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379 --client-cert-auth".to_vec());
    seeds.push(b"etcdctl --endpoints=https://127.0.0.1:2379 --cacert=c put a b".to_vec());
    let build = EtcdBuild::parse("3.6.16").unwrap();
    try_on("command line", &seeds, |bytes| {
        let files = BTreeMap::from([("x".to_owned(), bytes.to_vec())]);
        let line = text(bytes);
        for (server, client) in [
            ("etcd --config-file=x", line.as_str()),
            (line.as_str(), "etcdctl put k v"),
        ] {
            let _ = judge(&Question {
                server,
                client,
                files: &files,
                server_build: build,
                client_build: build,
                now: now(),
                users: None,
            });
        }
    });
}

#[test]
fn what_is_inspected() {
    let pems = seeds(Preset::Tutorial, &[".crt", ".key", ".csr"]);
    let mut seeds = der(&pems);
    seeds.extend(pems);
    try_on("inspect", &seeds, |bytes| {
        let given = GivenFile::new("a", bytes);
        let _ = look(&[given], None, now());
    });
}
