//! OpenSSL judges what the inspector says of things that OpenSSL made, and of
//! things that the core made: every fact that both tell must be the same. Then
//! what nobody should give it: damaged, hostile and huge input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{fs, path::Path, process::Command};

use etcd_pki_lab::{
    etcd::plan::Plan,
    lab::{FileKind, making},
    pki::file::GivenFile,
    pki::inspection::{
        Content, Inspection, MAXIMUM_ITEMS,
        certificate::{CertificateFacts, LifeStage},
        extension::{ExtensionValue, Reason},
        general_name::GeneralNameKind,
        inspect,
        key::{Attempt, KeyForm, KeyKind},
        relation::Signer,
        remark::Remark,
        signed::SignatureCheck,
        unreadable::{DataKind, Unreadable},
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use tempfile::TempDir;

#[path = "../support/work.rs"]
mod work;
use work::quickly;

const TUTORIAL: &[u8] = include_bytes!("../fixtures/tutorial-client.crt");

/// Runs a script with bash in a folder and gives what it prints; it must end
/// with status 0.
fn bash(folder: &Path, script: &str) -> String {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{script}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the inspector says of files in a folder.
fn files(folder: &Path, names: &[&str], passphrase: Option<&str>) -> Inspection {
    let given: Vec<GivenFile> = names
        .iter()
        .map(|name| GivenFile::new(name, &fs::read(folder.join(name)).unwrap()))
        .collect();
    inspect(&given, passphrase, Timestamp::now())
}

fn paste(bytes: &[u8]) -> Inspection {
    inspect(&[GivenFile::new("", bytes)], None, Timestamp::now())
}

fn certificate(inspection: &Inspection, place: usize) -> &CertificateFacts {
    match &inspection.items[place].content {
        Content::Certificate(facts) => facts,
        other => panic!("{other:?}"),
    }
}

fn unreadable(inspection: &Inspection, place: usize) -> &Unreadable {
    match &inspection.items[place].content {
        Content::Unreadable(why) => why,
        other => panic!("{other:?}"),
    }
}

/// OpenSSL's line that begins like this, without that beginning.
fn line<'a>(text: &'a str, begin: &str) -> &'a str {
    text.lines()
        .find_map(|line| line.trim().strip_prefix(begin))
        .unwrap_or_else(|| panic!("no {begin} in {text}"))
        .trim()
}

/// Compares every fact that `openssl x509` prints as well.
#[expect(
    clippy::too_many_lines,
    reason = "one comparison for each fact, in OpenSSL's order"
)]
fn agrees(folder: &Path, file: &str) {
    let inspection = files(folder, &[file], None);
    let facts = certificate(&inspection, 0);
    let printed = bash(
        folder,
        &format!(
            "openssl x509 -in {file} -noout -subject -issuer -serial -dates -dateopt iso_8601 -nameopt compat
             openssl x509 -in {file} -noout -fingerprint -sha256
             openssl x509 -in {file} -noout -fingerprint -sha1
             openssl x509 -in {file} -noout -text
             echo key: $(openssl x509 -in {file} -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)"
        ),
    );
    let name = |text: &str| text.trim_start_matches('/').to_owned();
    assert_eq!(
        name(&facts.subject.text),
        name(line(&printed, "subject=")),
        "{file}"
    );
    assert_eq!(
        name(&facts.issuer.text),
        name(line(&printed, "issuer=")),
        "{file}"
    );
    assert_eq!(facts.serial_number, line(&printed, "serial="), "{file}");
    for (time, begin) in [
        (facts.life.not_before, "notBefore="),
        (facts.life.not_after, "notAfter="),
    ] {
        assert_eq!(
            time.to_string(),
            line(&printed, begin).replace(' ', "T"),
            "{file}"
        );
    }
    let fold = |text: &str| text.to_lowercase().replace(':', "");
    assert_eq!(
        fold(&facts.sha256),
        fold(line(&printed, "sha256 Fingerprint=")),
        "{file}"
    );
    assert_eq!(
        fold(&facts.sha1),
        fold(line(&printed, "sha1 Fingerprint=")),
        "{file}"
    );
    assert_eq!(fold(&facts.key.sha256), line(&printed, "key:"), "{file}");
    assert_eq!(
        facts.version.to_string(),
        line(&printed, "Version:").split(' ').next().unwrap()
    );
    assert_eq!(
        facts.signature_algorithm.name.to_lowercase(),
        line(&printed, "Signature Algorithm:").to_lowercase(),
        "{file}"
    );
    match &facts.key.kind {
        KeyKind::Rsa { bits, exponent } => {
            assert_eq!(format!("({bits} bit)"), line(&printed, "Public-Key:"));
            assert_eq!(
                exponent,
                line(&printed, "Exponent:").split(' ').next().unwrap()
            );
        }
        KeyKind::EllipticCurve { curve } => {
            let theirs = line(&printed, "ASN1 OID:");
            let known = [
                ("prime256v1", "P-256"),
                ("secp384r1", "P-384"),
                ("secp521r1", "P-521"),
                ("secp256k1", "secp256k1"),
            ];
            assert!(
                known.contains(&(theirs, curve.name.as_str())),
                "{theirs} {curve:?}"
            );
        }
        KeyKind::Other { algorithm } => {
            assert_eq!(
                algorithm.name.to_uppercase(),
                line(&printed, "Public Key Algorithm:").to_uppercase()
            );
        }
    }
    for extension in &facts.extensions {
        let (title, wanted) = match &extension.value {
            ExtensionValue::BasicConstraints {
                authority,
                path_length,
            } => (
                "X509v3 Basic Constraints:",
                format!(
                    "CA:{}{}",
                    authority.to_string().to_uppercase(),
                    path_length.map_or_else(String::new, |length| format!(", pathlen:{length}"))
                ),
            ),
            ExtensionValue::SubjectKeyIdentifier(key) => {
                ("X509v3 Subject Key Identifier:", key.clone())
            }
            ExtensionValue::AuthorityKeyIdentifier { key: Some(key), .. } => {
                ("X509v3 Authority Key Identifier:", key.clone())
            }
            ExtensionValue::SubjectAlternativeName(names) => (
                "X509v3 Subject Alternative Name:",
                names
                    .iter()
                    .map(|name| match name.kind {
                        GeneralNameKind::Ip => format!("IP Address:{}", name.text),
                        GeneralNameKind::Directory => {
                            format!(
                                "DirName:{}",
                                name.text.trim_start_matches('/').replace('=', " = ")
                            )
                        }
                        GeneralNameKind::RegisteredId => format!("Registered ID:{}", name.text),
                        _ => name.to_string(),
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            ExtensionValue::KeyUsage(usages) => (
                "X509v3 Key Usage:",
                usages
                    .iter()
                    .map(|usage| match usage.name() {
                        "digitalSignature" => "Digital Signature",
                        "nonRepudiation" => "Non Repudiation",
                        "keyEncipherment" => "Key Encipherment",
                        "dataEncipherment" => "Data Encipherment",
                        "keyAgreement" => "Key Agreement",
                        "keyCertSign" => "Certificate Sign",
                        "cRLSign" => "CRL Sign",
                        other => panic!("{other}"),
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            ExtensionValue::ExtendedKeyUsage(purposes) => (
                "X509v3 Extended Key Usage:",
                purposes
                    .iter()
                    .map(|purpose| match purpose.name.as_str() {
                        "serverAuth" => "TLS Web Server Authentication",
                        "clientAuth" => "TLS Web Client Authentication",
                        "anyExtendedKeyUsage" => "Any Extended Key Usage",
                        other => other,
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            _ => continue,
        };
        let mut lines = printed.lines().map(str::trim);
        let found = lines.find(|line| line.starts_with(title)).unwrap();
        assert_eq!(
            found.contains("critical"),
            extension.critical,
            "{file} {title}"
        );
        let said = lines.next().unwrap().trim_start_matches("keyid:");
        // OpenSSL prints IPv6 addresses in full.
        let said = said.replace("0:0:0:0:0:0:0:1", "::1");
        assert_eq!(wanted, said, "{file} {title}");
    }
    let critical = printed.matches(": critical").count();
    assert_eq!(
        facts
            .extensions
            .iter()
            .filter(|extension| extension.critical)
            .count(),
        critical,
        "{file}"
    );
}

/// A root, an intermediate and leaves of several kinds, made by OpenSSL.
fn made_by_openssl() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    bash(
        folder.path(),
        "
        key() { openssl genpkey -quiet -algorithm \"$@\" 2> /dev/null; }
        key RSA -pkeyopt rsa_keygen_bits:2048 -out root.key
        key EC -pkeyopt ec_paramgen_curve:P-384 -out middle.key
        key EC -pkeyopt ec_paramgen_curve:P-256 -out server.key
        key ED25519 -out client.key
        key RSA -pkeyopt rsa_keygen_bits:1024 -out weak.key
        key EC -pkeyopt ec_paramgen_curve:P-521 -out large.key
        key EC -pkeyopt ec_paramgen_curve:secp256k1 -out coin.key
        root='-CA root.crt -CAkey root.key'
        openssl req -x509 -new -key root.key -days 3650 -subj '/O=lab/CN=ROOT' -out root.crt \
          -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
        issue() { # name, subject, issuer, days, extensions
          openssl req -new -key $1.key -subj \"$2\" -out $1.csr
          printf \"$5\" > $1.cnf
          openssl x509 -req -in $1.csr -CA $3.crt -CAkey $3.key -days $4 -set_serial 0x$(openssl rand -hex 16) -extfile $1.cnf -out $1.crt 2> /dev/null
        }
        issue middle '/CN=MIDDLE' root 1000 'basicConstraints=critical,CA:TRUE,pathlen:0\\nkeyUsage=critical,keyCertSign\\nsubjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\nnameConstraints=critical,permitted;DNS:.lab.test,excluded;IP:10.0.0.0/255.0.0.0\\n'
        issue server '/CN=server' middle 90 'basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature\\nextendedKeyUsage=serverAuth,clientAuth\\nsubjectAltName=DNS:a.lab.test,DNS:*.lab.test,IP:127.0.0.1,IP:::1,email:a@lab.test,URI:https://lab.test/x,RID:1.2.3.4\\nsubjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\ncrlDistributionPoints=URI:http://lab.test/crl\\nauthorityInfoAccess=OCSP;URI:http://lab.test/ocsp\\ncertificatePolicies=1.2.3.4\\n1.2.3.4.5=DER:0101ff\\n'
        issue client '/CN=client/O=team' root 60 'basicConstraints=CA:FALSE\\nkeyUsage=digitalSignature,nonRepudiation,keyAgreement\\nextendedKeyUsage=clientAuth\\n'
        issue weak '/CN=weak.lab.test' root 30 'basicConstraints=CA:FALSE\\n'
        issue large '/CN=large' root 30 'subjectAltName=DNS:10.0.0.1\\n'
        issue coin '/CN=coin' root 30 'extendedKeyUsage=anyExtendedKeyUsage\\n'
        ",
    );
    folder
}

#[test]
fn every_fact_about_a_certificate_is_openssls() {
    let folder = made_by_openssl();
    for file in [
        "root", "middle", "server", "client", "weak", "large", "coin",
    ] {
        agrees(folder.path(), &format!("{file}.crt"));
    }
    fs::write(folder.path().join("tutorial.crt"), TUTORIAL).unwrap();
    agrees(folder.path(), "tutorial.crt");
    let lab = making::make(
        &Plan::default(),
        None,
        Timestamp::now(),
        &mut UnwrapErr(SysRng),
    )
    .unwrap();
    for file in lab
        .files()
        .iter()
        .filter(|file| file.kind == FileKind::Certificate)
    {
        let name = format!("made-{}", file.name);
        fs::write(folder.path().join(&name), &file.contents).unwrap();
        agrees(folder.path(), &name);
    }
}

#[test]
fn the_tutorials_certificate_is_explained() {
    let now = "2025-01-01T00:00:00Z".parse().unwrap();
    let inspection = inspect(&[GivenFile::new("client.crt", TUTORIAL)], None, now);
    let facts = certificate(&inspection, 0);
    assert_eq!(facts.version, 1);
    assert_eq!(facts.extensions, []);
    assert_eq!(facts.life.days(), 60);
    assert_eq!(facts.subject.text, "/CN=client");
    assert_eq!(facts.issuer.text, "/CN=KUBERNETES-CA");
    assert_eq!(facts.life.stage, LifeStage::Valid { seconds: 3_532_210 });
    assert_eq!(facts.signer, Signer::NotGiven);
    assert_eq!(facts.remarks, [Remark::OldVersion { version: 1 }]);
    let later = inspect(&[GivenFile::new("", TUTORIAL)], None, Timestamp::now());
    assert!(matches!(
        certificate(&later, 0).remarks[0],
        Remark::Ended { .. }
    ));
}

#[test]
fn who_signed_whom_is_found_by_the_signature() {
    let folder = made_by_openssl();
    let inspection = files(
        folder.path(),
        &[
            "server.crt",
            "client.crt",
            "middle.crt",
            "root.crt",
            "server.key",
            "client.csr",
        ],
        None,
    );
    let signer = |place: usize| &certificate(&inspection, place).signer;
    let item = |place: usize| Signer::Item {
        place,
        also: Vec::new(),
    };
    assert_eq!(*signer(0), item(2));
    assert_eq!(*signer(1), item(3));
    assert_eq!(*signer(2), item(3));
    assert_eq!(*signer(3), Signer::Itself);
    let trees = inspection.trees();
    assert_eq!(trees.len(), 1);
    assert_eq!(trees[0].place, 3);
    let below: Vec<usize> = trees[0].signed.iter().map(|branch| branch.place).collect();
    assert_eq!(below, [1, 2]);
    assert_eq!(trees[0].signed[1].signed[0].place, 0);
    assert_eq!(inspection.same_key(4), [0]);
    assert_eq!(inspection.same_key(5), [1]);
}

#[test]
fn two_authorities_under_one_name_are_told_apart() {
    let folder = made_by_openssl();
    bash(
        folder.path(),
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout again.key -days 99 -subj '/O=lab/CN=ROOT' -out again.crt 2> /dev/null",
    );
    let inspection = files(
        folder.path(),
        &["again.crt", "root.crt", "client.crt"],
        None,
    );
    assert_eq!(
        certificate(&inspection, 2).signer,
        Signer::Item {
            place: 1,
            also: Vec::new()
        }
    );
    for place in [0, 1] {
        assert!(
            certificate(&inspection, place)
                .remarks
                .contains(&Remark::Namesakes {
                    subject: "/O=lab/CN=ROOT".to_owned(),
                    count: 2
                })
        );
    }
    let inspection = files(folder.path(), &["again.crt", "client.crt"], None);
    assert_eq!(
        certificate(&inspection, 1).signer,
        Signer::Namesakes(vec![0])
    );
    assert!(certificate(&inspection, 1).remarks.iter().any(|remark| {
        matches!(remark, Remark::SignedByNamesake { issuer } if issuer == "/O=lab/CN=ROOT")
    }));
}

#[test]
fn weak_and_mistaken_certificates_are_remarked_on() {
    let folder = made_by_openssl();
    let inspection = files(folder.path(), &["weak.crt", "large.crt", "root.crt"], None);
    let weak = &certificate(&inspection, 0).remarks;
    assert!(weak.contains(&Remark::WeakKey { bits: 1024 }), "{weak:?}");
    assert!(weak.contains(&Remark::CommonNameOnly {
        name: "weak.lab.test".to_owned()
    }));
    assert!(
        certificate(&inspection, 1)
            .remarks
            .contains(&Remark::AddressAsDnsName {
                address: "10.0.0.1".to_owned()
            })
    );
    assert_eq!(certificate(&inspection, 2).remarks, []);
    // Each says which rule it is, and something.
    for item in &inspection.items {
        for remark in &item.content.certificate().unwrap().remarks {
            assert!(remark.to_string().len() > 20);
            assert!(remark.source().starts_with("RFC ") || remark.source().starts_with("NIST "));
        }
    }
}

#[test]
fn keys_of_every_kind_and_form_are_read_and_matched() {
    let folder = made_by_openssl();
    bash(
        folder.path(),
        "openssl rsa -in root.key -traditional -out root.pkcs1 2> /dev/null
         openssl ec -in server.key -out server.sec1 2> /dev/null
         openssl pkey -in client.key -outform DER -out client.der
         openssl pkey -in middle.key -pubout -out middle.pub",
    );
    for (key, certificate, form) in [
        ("root.key", "root.crt", KeyForm::Pkcs8),
        ("root.pkcs1", "root.crt", KeyForm::Pkcs1),
        ("middle.key", "middle.crt", KeyForm::Pkcs8),
        ("server.sec1", "server.crt", KeyForm::Sec1),
        ("client.der", "client.crt", KeyForm::Pkcs8),
        ("weak.key", "weak.crt", KeyForm::Pkcs8),
        ("large.key", "large.crt", KeyForm::Pkcs8),
        ("coin.key", "coin.crt", KeyForm::Pkcs8),
    ] {
        let inspection = files(folder.path(), &[key, certificate], None);
        let Content::PrivateKey(facts) = &inspection.items[0].content else {
            panic!("{key}: {:?}", inspection.items[0].content)
        };
        assert_eq!(facts.form, form, "{key}");
        assert_eq!(inspection.same_key(0), [1], "{key}");
    }
    let inspection = files(folder.path(), &["middle.pub", "middle.crt"], None);
    assert_eq!(inspection.same_key(0), [1]);
    // Nothing of the key is in what is told of it.
    let secret = bash(
        folder.path(),
        "openssl pkey -in server.key -noout -text | grep -A3 priv: | tail -3 | tr -d ' :\\n'",
    );
    let told = serde_json::to_string(&files(folder.path(), &["server.key"], None)).unwrap();
    assert!(!told.to_lowercase().contains(&secret[..16]), "{told}");
}

#[test]
fn what_a_csr_asks_for_is_told_and_a_changed_one_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    bash(
        folder.path(),
        "openssl req -new -newkey rsa:2048 -nodes -keyout key -subj /CN=theirs -out csr -addext subjectAltName=DNS:a.lab.test,IP:10.0.0.7 -addext keyUsage=digitalSignature 2> /dev/null
         openssl req -in csr -outform DER | sed 's/theirs/theira/' > changed",
    );
    let inspection = files(folder.path(), &["csr", "changed"], None);
    let requests: Vec<_> = inspection
        .items
        .iter()
        .map(|item| match &item.content {
            Content::Request(facts) => facts,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(requests[0].signature, SignatureCheck::Holds);
    assert_eq!(requests[0].remarks, []);
    assert_eq!(requests[0].extensions.len(), 2);
    assert!(matches!(
        &requests[0].extensions[0].value,
        ExtensionValue::SubjectAlternativeName(names)
            if names[1].to_string() == "IP:10.0.0.7"
    ));
    assert_eq!(requests[1].subject.text, "/CN=theira");
    assert_eq!(requests[1].signature, SignatureCheck::Wrong);
    assert_eq!(requests[1].remarks, [Remark::RequestNotSigned]);
}

/// OpenSSL's own small CA, for lists of both versions.
const LISTS: &str = "
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -days 30 -subj /CN=CA -out ca.crt 2> /dev/null
    openssl req -new -newkey rsa:2048 -nodes -keyout leaf.key -subj /CN=leaf -out leaf.csr 2> /dev/null
    openssl x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -set_serial 0x80ff01 -days 9 -out leaf.crt 2> /dev/null
    : > index; echo 2A > number
    printf '[ca]\\ndefault_ca=own\\n[own]\\ndatabase=index\\ncrlnumber=number\\ndefault_md=sha256\\ndefault_crl_days=7\\n[v2]\\nauthorityKeyIdentifier=keyid\\n' > ca.cnf
    ca() { openssl ca -config ca.cnf -cert ca.crt -keyfile ca.key \"$@\" 2> /dev/null; }
    ca -revoke leaf.crt -crl_reason keyCompromise
    ca -gencrl -crlexts v2 -out v2.crl
    sed -i /crlnumber/d ca.cnf; sed -i s/,keyCompromise// index
    ca -gencrl -out v1.crl
    openssl crl -in v2.crl -outform DER -out v2.der";

#[test]
fn every_fact_about_a_crl_is_openssls() {
    let folder = tempfile::tempdir().unwrap();
    bash(folder.path(), LISTS);
    for (file, version) in [("v1.crl", 1), ("v2.crl", 2), ("v2.der", 2)] {
        let inspection = files(folder.path(), &[file, "ca.crt", "leaf.crt"], None);
        let Content::RevocationList(facts) = &inspection.items[0].content else {
            panic!("{:?}", inspection.items[0].content)
        };
        let printed = bash(
            folder.path(),
            &format!(
                "openssl crl -in {file} -noout -issuer -lastupdate -nextupdate -dateopt iso_8601 -nameopt compat
                 openssl crl -in {file} -noout -text"
            ),
        );
        assert_eq!(facts.version, version, "{file}");
        assert_eq!(
            facts.issuer.text.trim_start_matches('/'),
            line(&printed, "issuer=").trim_start_matches('/')
        );
        assert_eq!(
            facts.this_update.to_string(),
            line(&printed, "lastUpdate=").replace(' ', "T")
        );
        assert_eq!(
            facts.next_update.unwrap().to_string(),
            line(&printed, "nextUpdate=").replace(' ', "T")
        );
        assert_eq!(
            facts.revoked[0].serial_number,
            line(&printed, "Serial Number:")
        );
        assert_eq!(facts.count, 1);
        assert_eq!(
            facts.signer,
            Signer::Item {
                place: 1,
                also: Vec::new()
            }
        );
        assert_eq!(facts.number.as_deref(), (version == 2).then_some("2A"));
        let reason = (version == 2).then_some("keyCompromise");
        assert_eq!(facts.revoked[0].reason.map(Reason::name), reason);
        assert!(
            certificate(&inspection, 2)
                .remarks
                .contains(&Remark::Revoked {
                    at: facts.revoked[0].at,
                    reason: reason.map(str::to_owned),
                })
        );
    }
}

#[test]
fn text_around_line_endings_and_lost_boundaries_do_not_matter() {
    let folder = made_by_openssl();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let text = format!(
        "some words\r\n{}\r\n and more\n\u{feff}{}{}",
        read("root.crt").replace('\n', "\r\n"),
        read("client.crt"),
        read("client.crt"),
    );
    let inspection = paste(text.as_bytes());
    assert_eq!(inspection.items.len(), 2);
    assert_eq!(inspection.items[0].locations[0].line, Some(2));
    assert_eq!(
        inspection.items[1].locations.len(),
        2,
        "given twice, told once"
    );
    // As a Kubernetes Secret has it, and without the boundary lines.
    let folder = folder.path();
    for script in [
        "base64 -w0 client.crt",
        "openssl x509 -in client.crt -outform DER | base64",
    ] {
        let inspection = paste(bash(folder, script).as_bytes());
        assert_eq!(
            certificate(&inspection, 0).subject.text,
            "/CN=client/O=team"
        );
    }
    bash(
        folder,
        "for name in root client; do openssl x509 -in $name.crt -outform DER; done > both.der
         openssl x509 -in client.crt -trustout -addtrust serverAuth -out trusted.crt",
    );
    assert_eq!(files(folder, &["both.der"], None).items.len(), 2);
    assert_eq!(
        certificate(&files(folder, &["trusted.crt"], None), 0)
            .subject
            .text,
        "/CN=client/O=team"
    );
}

#[test]
fn a_fault_in_one_thing_leaves_the_others_readable() {
    let folder = made_by_openssl();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let client = read("client.crt");
    let damaged = client.replace("-----END CERTIFICATE-----", "");
    let inspection = paste(format!("{damaged}\n{}", read("root.crt")).as_bytes());
    assert!(
        unreadable(&inspection, 0)
            .to_string()
            .contains("no “-----END CERTIFICATE-----”")
    );
    assert_eq!(certificate(&inspection, 1).signer, Signer::Itself);

    let der = bash(
        folder.path(),
        "openssl x509 -in client.crt -outform DER | head -c 300 | base64",
    );
    assert!(matches!(
        unreadable(&paste(der.as_bytes()), 0),
        Unreadable::BreaksOff { .. }
    ));
    // A malformed extension is shown as such, and the rest is told.
    bash(
        folder.path(),
        "printf 'subjectAltName=DER:0500\\nbasicConstraints=CA:FALSE\\n' > odd.cnf
         openssl x509 -req -in client.csr -CA root.crt -CAkey root.key -extfile odd.cnf -days 9 -out odd.crt 2> /dev/null",
    );
    let inspection = files(folder.path(), &["odd.crt"], None);
    let facts = certificate(&inspection, 0);
    assert!(matches!(
        facts.extensions[0].value,
        ExtensionValue::Unreadable { .. }
    ));
    assert!(facts.remarks.contains(&Remark::UnreadableExtension {
        name: "subjectAltName".to_owned()
    }));
    let labelled = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    assert!(matches!(
        unreadable(&paste(labelled.as_bytes()), 0),
        Unreadable::Damaged {
            what: DataKind::Certificate,
            ..
        }
    ));
}

#[test]
fn nothing_that_is_given_makes_it_panic() {
    let folder = made_by_openssl();
    let seed = 20_261_124;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut samples: Vec<Vec<u8>> = [
        "root.crt",
        "server.crt",
        "client.csr",
        "server.key",
        "root.key",
    ]
    .iter()
    .map(|name| fs::read(folder.path().join(name)).unwrap())
    .collect();
    bash(
        folder.path(),
        "openssl x509 -in server.crt -outform DER -out server.der
         openssl pkcs12 -export -in client.crt -inkey client.key -passout pass:secret -out client.p12
         openssl pkey -in server.key -aes256 -passout pass:secret -out locked.key",
    );
    for name in ["server.der", "client.p12", "locked.key"] {
        samples.push(fs::read(folder.path().join(name)).unwrap());
    }
    for sample in &samples {
        for _ in 0..60 {
            let mut bytes = sample.clone();
            match rng.next_u32() % 3 {
                0 => bytes.truncate(rng.next_u32() as usize % bytes.len()),
                1 => {
                    let place = rng.next_u32() as usize % bytes.len();
                    bytes.drain(place..(place + 3).min(bytes.len()));
                }
                _ => {}
            }
            for _ in 0..=rng.next_u32() % 4 {
                if !bytes.is_empty() {
                    let place = rng.next_u32() as usize % bytes.len();
                    bytes[place] = rng.next_u32().to_le_bytes()[0];
                }
            }
            let inspection = inspect(&[GivenFile::new("", &bytes)], Some("x"), Timestamp::now());
            assert!(!inspection.items.is_empty(), "seed {seed}");
            let _ = inspection.trees();
        }
    }
    for length in [0, 1, 2, 7, 40, 1000, 100_000] {
        let mut bytes = vec![0; length];
        rng.fill_bytes(&mut bytes);
        assert!(!paste(&bytes).items.is_empty(), "seed {seed}");
    }
}

#[test]
fn ten_megabytes_of_anything_are_answered_without_much_work() {
    let block = String::from_utf8(TUTORIAL.to_vec()).unwrap();
    let megabytes = |unit: &[u8], count: usize| unit.repeat((count << 20) / unit.len());
    for (name, bytes) in [
        ("ten megabytes", megabytes(b"x", 10)),
        ("base64", megabytes(b"QUJD", 7)),
        ("certificates", megabytes(block.as_bytes(), 7)),
        ("boundaries", megabytes(b"-----BEGIN X-----\n", 7)),
        ("carriage returns", megabytes(b"-----BEGIN X-----\r", 7)),
        (
            "one open block",
            [b"-----BEGIN X-----\n".to_vec(), megabytes(b"\n", 7)].concat(),
        ),
        ("empty sequences", megabytes(&[0x30, 0], 7)),
        ("nested sequences", megabytes(&[0x30, 0x84, 0, 1, 0, 0], 7)),
    ] {
        let inspection = quickly(name, || paste(&bytes));
        assert!(!inspection.items.is_empty());
        assert!(inspection.items.len() <= MAXIMUM_ITEMS);
    }
    let many = paste(block.repeat(MAXIMUM_ITEMS + 5).as_bytes());
    assert_eq!(many.items.len(), 1);
    assert_eq!(many.left_out, 5);
    assert!(matches!(
        unreadable(&paste(&megabytes(b"x", 10)), 0),
        Unreadable::TooLarge { .. }
    ));
    assert!(matches!(unreadable(&paste(b" \n"), 0), Unreadable::Empty));
    assert!(matches!(
        unreadable(&paste(b"hello"), 0),
        Unreadable::NotRecognised
    ));
}

#[test]
fn what_is_under_a_passphrase_asks_for_it() {
    let folder = made_by_openssl();
    bash(
        folder.path(),
        "openssl pkey -in server.key -aes256 -passout pass:secret -out pkcs8.key
         openssl ec -in server.key -aes256 -passout pass:secret -out old.key 2> /dev/null
         openssl pkcs12 -export -in client.crt -inkey client.key -passout pass:secret -out client.p12",
    );
    for file in ["pkcs8.key", "old.key", "client.p12"] {
        let inspection = files(folder.path(), &[file], None);
        let Content::Locked(facts) = &inspection.items[0].content else {
            panic!("{file}: {:?}", inspection.items[0].content)
        };
        assert_eq!(facts.attempt, Attempt::NoPassphrase, "{file}");
        assert!(facts.to_string().contains("write its passphrase"));
        let inspection = files(folder.path(), &[file], Some("wrong"));
        let Content::Locked(facts) = &inspection.items[0].content else {
            panic!("{file}: {:?}", inspection.items[0].content)
        };
        assert_eq!(facts.attempt, Attempt::WrongPassphrase, "{file}");
    }
}
