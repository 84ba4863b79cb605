//! Every key, CSR, certificate, CRL and PKCS#12 file of pyca's collection, read by the
//! readers that take a reader's files. `files.txt` has what each said; a line there is
//! read before it is committed. `UPDATE_VECTORS=1` writes it anew.

use std::{env, fmt::Write as _, fs, path::Path};

use etcd_pki_lab::{
    GivenFile, look,
    pki::{
        certificate::Certificate,
        certification_request::CertificationRequest,
        key::{KeyError, PrivateKey},
        password_encryption::{Budget, EncryptionError},
        pkcs12,
        revocation_list::RevocationList,
    },
};

/// The folders whose files are of kinds that are read here. The others have what
/// etcd's PKI does not: ciphers and digests alone, key agreement, DSA, SSH's own form
/// of keys, OCSP; and `PKITS_data`, whose paths are for a verifier of all of RFC 5280.
const FOLDERS: [&str; 12] = [
    "asymmetric/DER_Serialization",
    "asymmetric/EC",
    "asymmetric/Ed25519",
    "asymmetric/MLDSA",
    "asymmetric/PEM_Serialization",
    "asymmetric/PKCS8",
    "asymmetric/Traditional_OpenSSL_Serialization",
    "pkcs12",
    "x509",
    "x509/custom",
    "x509/ed25519",
    "x509/requests",
];

/// The passphrases of the collection, as its own tests have them.
const PASSPHRASES: [&str; 18] = [
    "cryptography",
    "password",
    "foobar",
    "123456",
    "a123456",
    "1234",
    "baz",
    "hunter42",
    "PolarSSLTest",
    "test",
    "hello",
    "123",
    "Red Hat Enterprise Linux 7.4",
    "Red Hat Enterprise Linux 7.4\0",
    "asdf",
    "abcd",
    "0000",
    "",
];

fn ask<Read, Error: ToString>(
    read: impl Fn(&str) -> Result<Read, Error>,
    describe: impl Fn(Read) -> String,
) -> String {
    let mut refused = Vec::new();
    let closed = EncryptionError::WrongPassphrase.to_string();
    let missing = EncryptionError::PassphraseMissing.to_string();
    for passphrase in PASSPHRASES {
        match read(passphrase) {
            Ok(read) => return describe(read),
            Err(error) => refused.push(error.to_string()),
        }
    }
    // What is wrong with what opened says more than what did not open.
    let told = refused
        .iter()
        .find(|error| **error != closed && **error != missing);
    format!("refused: {}", told.unwrap_or(&closed))
}

/// What the reader of its kind says to a file.
fn answer(path: &str, bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| text.contains("-----BEGIN"));
    let one =
        |answer: Result<String, String>| answer.unwrap_or_else(|error| format!("refused: {error}"));
    if path.starts_with("pkcs12/") {
        return ask(
            |passphrase| pkcs12::read(bytes, passphrase, &mut Budget::default()),
            |read| {
                let (keys, certificates) = (read.keys.len(), read.certificates.len());
                format!(
                    "keys {keys}, certificates {certificates}, name {:?}",
                    read.friendly_name
                )
            },
        );
    }
    if path.starts_with("asymmetric/") {
        return ask(
            |passphrase| match text {
                Some(text) => PrivateKey::from_encrypted_pem(text, passphrase),
                None => match PrivateKey::from_pkcs8(bytes) {
                    Err(KeyError::Malformed) => PrivateKey::from_encrypted_pkcs8(bytes, passphrase),
                    read => read,
                },
            },
            |key| key.public_key().describe(),
        );
    }
    if path.starts_with("x509/requests/") {
        let read = match text {
            Some(text) => CertificationRequest::from_pem(text),
            None => CertificationRequest::from_der(bytes),
        };
        return one(read
            .map(|request| format!("{}, {}", request.subject(), request.public_key().describe()))
            .map_err(|error| error.to_string()));
    }
    if path.contains("crl") {
        let read = match text {
            Some(text) => RevocationList::from_pem(text),
            None => RevocationList::from_der(bytes),
        };
        return one(read
            .map(|_| "read".to_owned())
            .map_err(|error| error.to_string()));
    }
    let read = match text {
        Some(text) => Certificate::from_pem(text),
        None => Certificate::from_der(bytes),
    };
    one(read
        .map(|certificate| {
            let key = certificate.public_key();
            let key = key.map_or_else(|error| error.to_string(), |key| key.describe());
            format!("{}, {key}", certificate.subject())
        })
        .map_err(|error| error.to_string()))
}

#[test]
fn each_file_is_read_or_refused_for_its_own_reason() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let found = Path::new(&target).join("tools/cryptography-vectors/lib");
    let root = fs::read_dir(&found)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .join("site-packages/cryptography_vectors")
        })
        .find(|path| path.is_dir())
        .unwrap();
    let mut lines = String::new();
    for folder in FOLDERS {
        let mut paths: Vec<_> = fs::read_dir(root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_str().unwrap();
            // Python's own, and lists of numbers.
            if [".py", ".txt", ".rsp", ".input"]
                .iter()
                .any(|end| name.ends_with(end))
            {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let path = format!("{folder}/{name}");
            let said = answer(&path, &bytes).escape_debug().to_string();
            writeln!(lines, "{path} | {said}").unwrap();
            // Inspect takes whatever there is.
            let given = GivenFile::new(name, &bytes);
            let _ = look(
                &[given],
                None,
                jiff::Timestamp::from_second(1_795_450_200).unwrap(),
            );
        }
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/vectors/files.txt");
    if env::var_os("UPDATE_VECTORS").is_some() {
        fs::write(&kept, &lines).unwrap();
    }
    let expected = fs::read_to_string(&kept).unwrap();
    for (line, wanted) in lines.lines().zip(expected.lines()) {
        assert_eq!(line, wanted);
    }
    assert_eq!(lines.lines().count(), expected.lines().count());
}
