//! The readers of `lab`: archives, the inspector, the diagnosis, plans and what comes of
//! them, what is brought to be renewed or revoked, and what page and workers say to each
//! other.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read as _, Write as _},
    iter,
};

use etcd_pki_lab::{
    AuthoritySource, FileKind, GivenFile, KeyType, Lab, PemPair, Plan, Preset, Secret, Workbench,
    etcd::judge::reading::material,
    lab::{
        archive,
        job::{diagnose::Evidence, renew::Renewal, revoke::Revocation, signing::SigningAuthority},
        wire::{Outcome, Task},
    },
    look, make,
    pki::{
        certificate::Certificate, chain::Chain, key::PrivateKey, revocation_list::RevocationList,
    },
    script,
};
use lab_worker::message::{self, Answer, Order};

use super::{Target, der, files, joined, now, parts, pem_of, pki::seed, plan, random, some, text};

/// The most certificates that are made for one input.
const MOST_CERTIFICATES: usize = 12;

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name.as_str(), options).expect("a file");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

fn tar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        archive
            .append_data(&mut header, name, bytes.as_slice())
            .expect("a file");
    }
    archive.into_inner().expect("an archive")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).expect("bytes");
    writer.finish().expect("bytes")
}

pub(crate) const ARCHIVE: Target = Target {
    seeds: || {
        let mut files = files(Preset::Tutorial);
        files.retain(|(name, _)| matches!(name.as_str(), "ca.crt" | "etcd.key"));
        let log = b"{\"level\":\"warn\",\"error\":\"remote error: tls: bad certificate\"}\n";
        files.push(("logs/etcd.log".to_owned(), log.to_vec()));
        let (tar, zip) = (tar(&files), zip(&files));
        let nested = gzip(&super::lab::tar(&[("a.zip".to_owned(), zip.clone())]));
        vec![gzip(&tar), gzip(log), nested, tar, zip]
    },
    read: |bytes| {
        let file = || [GivenFile::new("a.tar.gz", bytes)];
        let _ = material::read("", &file());
        let _ = look(&file(), None, now());
    },
};

pub(crate) const INSPECT: Target = Target {
    seeds: || {
        let pems = some(Preset::Tutorial, &[".crt", ".key", ".csr"]);
        let mut seeds = der(&pems);
        seeds.push(pems.concat());
        seeds.extend([
            seed!("aes.p12"),
            seed!("plain.p12"),
            seed!("pbes2-aes.key.der"),
            seed!("traditional-aes256.pem"),
            seed!("certificate.txt"),
            seed!("rsa.key.der"),
            include_bytes!("../../fixtures/revoked.crl.pem").to_vec(),
            include_bytes!("../../fixtures/many-extensions.crt").to_vec(),
        ]);
        seeds
    },
    read: |bytes| {
        for passphrase in [None, Some(Secret("x".to_owned()))] {
            let found = look(&[GivenFile::new("a", bytes)], passphrase.as_ref(), now());
            assert_eq!(found.inspection.items.len(), found.etcd.len());
            let _ = script::inspection::answer(&found);
        }
    },
};

pub(crate) const DIAGNOSE: Target = Target {
    seeds: || {
        let certificates = some(Preset::Tutorial, &[".crt"]).concat();
        let commands = some(Preset::Tutorial, &["commands.sh"]).concat();
        vec![
            joined(&[&commands, &certificates]),
            joined(&[
                b"$ etcd --cert-file=a --key-file a.key\n{\"level\":\"warn\",\"msg\":\"rejected connection\",\"error\":\"remote error: tls: bad certificate\"}\n$ etcdctl put a b\nError: context deadline exceeded\n",
                &certificates,
            ]),
            joined(&[&certificates, &seed!("certificate.txt")]),
            include_bytes!("../../fixtures/kubeadm-1.37.2-etcd.yaml").to_vec(),
        ]
    },
    read: |bytes| {
        let [pasted, dropped] = parts(bytes);
        let evidence = Evidence {
            text: text(pasted),
            files: vec![GivenFile::new("a", dropped)],
            build: "3.7.3".to_owned(),
            now: now(),
            ..Evidence::default()
        };
        let known = evidence.diagnose();
        for mark in &known.marks {
            let marked = evidence.text.get(mark.begin..mark.end);
            assert!(marked.is_some(), "{mark:?} is no part of the text");
        }
        let _ = script::diagnosis::answer(&evidence, &known);
    },
};

pub(crate) const PLAN: Target = Target {
    seeds: || {
        Preset::ALL
            .iter()
            .map(|preset| serde_json::to_vec(&plan(*preset)).expect("JSON"))
            .collect()
    },
    read: |bytes| {
        let Ok(plan) = serde_json::from_slice::<Plan>(bytes) else {
            return;
        };
        if let Err(faults) = plan.check(None, now()) {
            for fault in faults {
                assert!(!fault.message.is_empty(), "{fault:?}");
            }
        }
        let json = serde_json::to_string(&plan).expect("JSON");
        assert_eq!(serde_json::from_str::<Plan>(&json).expect("a plan"), plan);
    },
};

pub(crate) const MAKE: Target = Target {
    seeds: || {
        let mut seeds = (PLAN.seeds)();
        for (preset, change) in [
            (
                Preset::Cluster,
                "\"separate_authorities\":true,\"intermediate\":true",
            ),
            (
                Preset::Tutorial,
                "\"clients\":[{\"name\":\"it's:a\",\"subject\":\"CN=root\\\\ \",\"names\":\"*.a.test\"}]",
            ),
        ] {
            seeds.push(format!("{{\"preset\":\"{preset}\",{change}}}").into_bytes());
        }
        seeds
    },
    read: |bytes| {
        let Ok(mut plan) = serde_json::from_slice::<Plan>(bytes) else {
            return;
        };
        // Other keys take longer, and are made elsewhere.
        plan.key_type = KeyType::Ed25519;
        let own = plan.clients.iter_mut().chain([&mut plan.server]);
        own.map(|identity| &mut identity.key_type)
            .chain(plan.members.iter_mut().map(|member| &mut member.key_type))
            .for_each(|kind| *kind = None);
        let Ok(checked) = plan.check(None, now()) else {
            return;
        };
        let certificates = checked.authorities.len() + checked.identities.len();
        if certificates > MOST_CERTIFICATES || plan.authority.source != AuthoritySource::Make {
            return;
        }
        let lab = make(&plan, None, now(), &mut random());
        is_read_back(&lab.expect("a plan that passes is made"));
    },
};

/// What a disk that ignores case and composition takes a name for.
fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    name.nfd().collect::<String>().to_lowercase()
}

/// Reads a lab's files, and its archives, as who gets them does.
fn is_read_back(lab: &Lab) {
    let files = lab.files();
    let names: BTreeSet<String> = files.iter().map(|file| folded(&file.name)).collect();
    assert_eq!(names.len(), files.len(), "two files have one name");
    for file in &files {
        let text = || file.text().expect("PEM is a text");
        match file.kind {
            FileKind::Certificate => {
                Chain::from_pem(text()).expect("certificates");
            }
            FileKind::PrivateKey => {
                let key = PrivateKey::from_pem(text()).expect("a key");
                let stem = file.name.strip_suffix(".key").expect("a key’s name");
                let of_key = format!("{stem}.crt");
                let certificate = files.iter().find(|file| file.name == of_key);
                let chain = Chain::from_pem(certificate.and_then(|it| it.text()).expect("PEM"));
                let chain = chain.expect("certificates");
                let public = chain.first().public_key().expect("a key");
                assert_eq!(public, key.public_key(), "{}", file.name);
            }
            FileKind::RevocationList => {
                RevocationList::from_der(&file.contents).expect("a CRL");
            }
            FileKind::CertificationRequest | FileKind::Document => {}
        }
    }
    let tar = archive::tar(lab, iter::empty()).expect("a tar");
    let mut tar = tar::Archive::new(tar.as_slice());
    let mut count = 0;
    for (entry, file) in tar.entries().expect("entries").zip(&files) {
        let mut entry = entry.expect("an entry");
        assert_eq!(*entry.path_bytes(), *file.name.as_bytes());
        assert_eq!(entry.header().mode().expect("a mode"), file.kind.mode());
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        assert_eq!(bytes, *file.contents);
        count += 1;
    }
    assert_eq!(count, files.len());
    let zip = archive::zip(lab, iter::empty()).expect("a zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(zip.as_slice())).expect("a zip");
    assert_eq!(zip.len(), files.len());
    for (number, file) in files.iter().enumerate() {
        let mut entry = zip.by_index(number).expect("an entry");
        assert_eq!(entry.name().expect("a name"), file.name);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        assert_eq!(bytes, *file.contents);
    }
}

/// The tutorial's CA.
fn authorities() -> Vec<SigningAuthority> {
    use std::sync::OnceLock;
    static PAIR: OnceLock<PemPair> = OnceLock::new();
    let pair = PAIR.get_or_init(|| {
        let files = files(Preset::Tutorial);
        let of = |name: &str| {
            let file = files.iter().find(|file| file.0 == name).expect("a file");
            text(&file.1)
        };
        PemPair {
            certificate: of("ca.crt"),
            key: of("ca.key"),
        }
    });
    vec![SigningAuthority {
        pair: pair.clone(),
        passphrase: None,
    }]
}

pub(crate) const REVOKE: Target = Target {
    seeds: || {
        let certificates = some(Preset::Tutorial, &["client.crt", "etcd.crt"]).concat();
        let crl = include_bytes!("../../fixtures/revoked.crl.pem");
        vec![
            joined(&[b"30", b"", &certificates]),
            joined(&[b"1", b"7", b"0a:ff keyCompromise\nserial=1234\n"]),
            joined(&[b"30", b"18446744073709551615", b"01", crl]),
        ]
    },
    read: |bytes| {
        let [days, number, revoked, before] = parts(bytes).map(text);
        let order = Revocation {
            authorities: authorities(),
            certificates: Vec::new(),
            text: revoked,
            reason: None,
            before,
            number,
            days,
            now: now(),
        };
        if let Ok(made) = order.perform(&mut random()) {
            RevocationList::from_der(&made.der).expect("the CRL that was made");
            RevocationList::from_pem(&made.pem).expect("the CRL that was made");
        }
    },
};

pub(crate) const RENEW: Target = Target {
    seeds: || {
        let mut seeds: Vec<Vec<u8>> = der(&some(Preset::Kubeadm, &[".crt"]));
        seeds.extend(der(&some(Preset::Tutorial, &["client.crt", "etcd.crt"])));
        seeds
    },
    read: |bytes| {
        for foreign in [false, true] {
            let order = Renewal {
                authorities: authorities(),
                certificate: pem_of("CERTIFICATE", bytes),
                new_key: false,
                days: "365".to_owned(),
                foreign,
                now: now(),
            };
            if let Ok(made) = order.perform(&mut random()) {
                let new = Certificate::from_pem(&made.certificate).expect("a certificate");
                let old = Certificate::from_der(bytes).expect("it was renewed");
                assert_eq!(new.subject(), old.subject());
            }
        }
    },
};

pub(crate) const MESSAGE: Target = Target {
    seeds: || {
        let begin = |task| {
            let order = Order::Begin { number: 1, task };
            message::to_bytes::<Order<Task>>(&order)
                .expect("a message")
                .to_vec()
        };
        let certificate = some(Preset::Tutorial, &["ca.crt"]).concat();
        let dissect = Task::Dissect {
            pem: text(&certificate),
        };
        let inspect = Task::Inspect {
            files: vec![GivenFile::new("a", &certificate)],
            passphrase: Some(Secret("x".to_owned())),
            now: now(),
        };
        let outcome = Workbench::default().finish(inspect.clone(), &mut random());
        let answer = Answer::Done {
            number: 1,
            candidates: 0,
            outcome,
        };
        vec![
            begin(dissect),
            begin(inspect),
            message::to_bytes::<Answer<Outcome>>(&answer)
                .expect("a message")
                .to_vec(),
        ]
    },
    read: |bytes| {
        if let Ok(order) = message::from_bytes::<Order<Task>>(bytes) {
            let written = message::to_bytes(&order).expect("what was read is written");
            assert!(message::from_bytes::<Order<Task>>(&written).is_ok());
        }
        if let Ok(answer) = message::from_bytes::<Answer<Outcome>>(bytes) {
            let written = message::to_bytes(&answer).expect("what was read is written");
            assert!(message::from_bytes::<Answer<Outcome>>(&written).is_ok());
        }
    },
};
