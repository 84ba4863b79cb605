//! What people bring along: CAs, keys and CSRs as the openssl command line
//! writes them, whole and broken. Each is taken, or refused in a sentence that
//! says what to do.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{path::Path, process::Command};

use etcd_pki_lab::pki::{
    authority::{Authority, AuthorityError},
    certificate::Certificate,
    certification_request::{CertificationRequest, RequestError},
    key::{KeyError, PrivateKey},
    pem::PemError,
};
use jiff::{SignedDuration, Timestamp};

/// A folder with files of openssl's making.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new("bash")
            .args(["-euc", script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self(folder)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(Path::new(self.0.path()).join(name)).unwrap()
    }

    fn authority(&self, now: Timestamp) -> Result<Authority, AuthorityError> {
        Authority::from_pem(&self.read("ca.crt"), &self.read("ca.key"), now)
    }
}

fn in_days(days: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(24 * days)
}

const AUTHORITY: &str = "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -days 30 -subj /CN=OWN-CA -out ca.crt";

#[test]
fn an_authority_is_taken_only_within_its_life() {
    let folder = Folder::new(AUTHORITY);
    assert!(folder.authority(in_days(0)).is_ok());
    let ended = folder.authority(in_days(31)).err().unwrap();
    assert!(matches!(ended, AuthorityError::Ended { .. }), "{ended}");
    let early = folder.authority(in_days(-1)).err().unwrap();
    assert!(
        matches!(early, AuthorityError::NotYetValid { .. }),
        "{early}"
    );
}

#[test]
fn a_key_in_any_of_openssls_plain_forms_is_the_same_key() {
    let folder = Folder::new(&format!(
        "{AUTHORITY}
         openssl rsa -in ca.key -traditional -out pkcs1.key
         openssl ecparam -name prime256v1 -genkey -out sec1.key
         openssl pkcs8 -topk8 -nocrypt -in sec1.key -out sec1.pkcs8
         openssl ecparam -name secp384r1 -genkey -out sec1-384.key"
    ));
    assert!(folder.read("pkcs1.key").contains("BEGIN RSA PRIVATE KEY"));
    assert!(folder.read("sec1.key").contains("BEGIN EC PARAMETERS"));
    let public = |name: &str| {
        PrivateKey::from_pem(&folder.read(name))
            .unwrap()
            .public_key()
    };
    assert_eq!(public("pkcs1.key"), public("ca.key"));
    assert_eq!(public("sec1.key"), public("sec1.pkcs8"));
    assert_eq!(public("sec1-384.key").describe(), "P-384");
    assert_eq!(
        *PrivateKey::from_pem(&folder.read("pkcs1.key"))
            .unwrap()
            .to_pem()
            .unwrap(),
        folder.read("ca.key")
    );
}

#[test]
fn a_key_that_is_encrypted_weak_or_of_another_kind_is_refused() {
    let folder = Folder::new(
        "openssl genrsa -out plain.key 2048
         openssl rsa -in plain.key -aes256 -passout pass:x -out pkcs8.key
         openssl rsa -in plain.key -aes256 -passout pass:x -traditional -out traditional.key
         openssl genrsa -out small.key 1024
         openssl ecparam -name secp256k1 -genkey -noout -out koblitz.key
         openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key",
    );
    let refused = |name: &str| PrivateKey::from_pem(&folder.read(name)).err().unwrap();
    assert_eq!(refused("pkcs8.key"), KeyError::Encrypted);
    assert!(matches!(
        refused("traditional.key"),
        KeyError::Pem(PemError::EncryptedTraditional { .. })
    ));
    assert_eq!(refused("small.key"), KeyError::RsaSize { bits: 1024 });
    assert_eq!(
        refused("koblitz.key"),
        KeyError::UnsupportedAlgorithm {
            algorithm: "secp256k1".into()
        }
    );
    assert_eq!(
        refused("pss.key"),
        KeyError::UnsupportedAlgorithm {
            algorithm: "RSA-PSS".into()
        }
    );
}

#[test]
fn a_certificate_that_is_no_authority_is_refused() {
    let folder = Folder::new(
        "openssl genrsa -out ca.key 2048
         leaf() { openssl req -x509 -key ca.key -days 30 -subj /CN=leaf -out \"$1.crt\" \"${@:2}\"; }
         leaf false -addext basicConstraints=critical,CA:FALSE
         openssl req -x509 -key ca.key -days 30 -subj /CN=leaf -out ku.crt -addext keyUsage=digitalSignature
         openssl req -x509 -key ca.key -days 30 -subj /CN=leaf -out eku.crt -addext extendedKeyUsage=serverAuth
         openssl genrsa -out other.key 2048",
    );
    let now = in_days(0);
    let refused = |certificate: &str, key: &str| {
        Authority::from_pem(&folder.read(certificate), &folder.read(key), now)
            .err()
            .unwrap()
    };
    // OpenSSL's configuration adds its own CA:TRUE to a self-signed certificate:
    // two extensions of one kind, which RFC 5280 section 4.2 forbids.
    let twice = refused("false.crt", "ca.key");
    assert!(
        matches!(twice, AuthorityError::NotAuthority { .. }),
        "{twice}"
    );
    assert!(matches!(
        refused("ku.crt", "ca.key"),
        AuthorityError::MayNotSign { .. }
    ));
    assert!(matches!(
        refused("eku.crt", "ca.key"),
        AuthorityError::RestrictedUsage { .. }
    ));
    assert!(matches!(
        refused("ca.key", "ca.key"),
        AuthorityError::Chain(_)
    ));
    let folder = Folder::new(&format!("{AUTHORITY}\nopenssl genrsa -out ca.key 2048"));
    assert_eq!(
        folder.authority(in_days(0)).err().unwrap().to_string(),
        "this key is not the key of /CN=OWN-CA; choose the ca.key that was made together with this ca.crt"
    );
}

#[test]
fn a_version_one_root_is_taken_with_a_notice_and_a_version_one_leaf_is_not() {
    let folder = Folder::new(
        "openssl genrsa -out ca.key 2048
         openssl req -new -key ca.key -subj /CN=KUBERNETES-CA -out ca.csr
         openssl x509 -req -in ca.csr -signkey ca.key -days 30 -out ca.crt
         openssl genrsa -out leaf.key 2048
         openssl req -new -key leaf.key -subj /CN=leaf -out leaf.csr
         openssl x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out leaf.crt",
    );
    let authority = folder.authority(in_days(0)).unwrap();
    assert_eq!(authority.certificate().version(), 1);
    assert_eq!(authority.certificate().authority_notices().len(), 1);
    let leaf = Authority::from_pem(
        &folder.read("leaf.crt"),
        &folder.read("leaf.key"),
        in_days(0),
    );
    assert!(matches!(
        leaf.err().unwrap(),
        AuthorityError::VersionOneLeaf { .. }
    ));
}

#[test]
fn a_csr_is_read_with_all_the_names_it_asks_for() {
    let folder = Folder::new(
        "openssl req -new -newkey rsa:2048 -nodes -keyout key -subj /CN=theirs -out csr \
         -addext subjectAltName=DNS:a.lab.test,IP:10.0.0.1,email:a@lab.test,URI:https://lab.test",
    );
    let request = CertificationRequest::from_pem(&folder.read("csr")).unwrap();
    let names: Vec<_> = request.names().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["DNS:a.lab.test", "IP:10.0.0.1"]);
    assert_eq!(
        request.other_names(),
        ["email:a@lab.test", "URI:https://lab.test"]
    );
    assert_eq!(request.public_key().describe(), "RSA 2048");
    assert_eq!(request.to_pem().unwrap(), folder.read("csr"));
}

#[test]
fn a_csr_that_is_broken_is_refused_with_what_to_do() {
    let folder = Folder::new(
        "openssl req -new -newkey rsa:2048 -nodes -keyout key -subj /CN=theirs -out csr
         openssl req -in csr -outform DER -out der
         python3 - <<'END'
import base64
der = bytearray(open('der', 'rb').read())
open('changed', 'w').write('-----BEGIN CERTIFICATE REQUEST-----\\n' + base64.encodebytes(
    bytes(der).replace(b'theirs', b'theira')).decode() + '-----END CERTIFICATE REQUEST-----\\n')
END
         openssl req -new -sha1 -key key -subj /CN=theirs -out sha1",
    );
    let refused = |text: &str| CertificationRequest::from_pem(text).err().unwrap();
    let csr = folder.read("csr");
    assert_eq!(refused(&folder.read("changed")), RequestError::Signature);
    assert!(matches!(
        refused(&folder.read("sha1")),
        RequestError::SignatureAlgorithm { .. }
    ));
    assert!(matches!(
        refused(&csr[..csr.len() / 2]),
        RequestError::Pem(PemError::Truncated { line: 1, .. })
    ));
    assert!(matches!(
        refused(&csr.repeat(2)),
        RequestError::Pem(PemError::TooMany { count: 2, .. })
    ));
    assert!(
        refused(&folder.read("key"))
            .to_string()
            .contains("keep it to yourself")
    );
    assert!(matches!(refused(""), RequestError::Pem(PemError::Empty)));
    // A block that is whole but whose contents end early.
    let mut lines: Vec<&str> = csr.lines().collect();
    lines.remove(3);
    assert_eq!(refused(&lines.join("\n")), RequestError::Malformed);
}

#[test]
fn the_tutorials_own_certificate_can_be_read() {
    let tutorial = Certificate::from_pem(include_str!("../fixtures/tutorial-client.crt")).unwrap();
    assert_eq!(tutorial.version(), 1);
    assert_eq!(tutorial.names(), []);
    assert_eq!(
        tutorial.validity().not_after.to_string(),
        "2025-02-10T21:10:10Z"
    );
}
