//! `GnuTLS` judges every chain, and opens keys, CRLs and PKCS#12 files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]
#![allow(
    clippy::format_push_string,
    reason = "a script is put together line by line, and reads so"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;

use etcd_pki_lab::pki::{
    key::KeyType,
    pkcs12,
    revocation_list::{RevocationList, RevokedCertificate},
    subject_alternative_name::SubjectAlternativeName,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use support::issued::{self, Issued, Shape, all, days, judge, now};

const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";

#[test]
fn gnutls_verifies_every_chain_for_its_purposes() {
    for Issued { name, leaves, .. } in all() {
        let folder = tempfile::tempdir().unwrap();
        let mut script = format!(": {name}\n");
        for leaf in &leaves {
            leaf.write(folder.path());
            let stem = &leaf.stem;
            let verify = |purpose: &str, more: &str| {
                format!(
                    "certtool --verify --verify-profile=medium --load-ca-certificate={stem}.root --infile={stem}.chain --verify-purpose={purpose} {more}\n"
                )
            };
            script += &verify(CLIENT, "");
            if !leaf.is_server {
                script += &format!("refuses {}", verify(SERVER, ""));
                continue;
            }
            for host in &leaf.names {
                let host = match host {
                    SubjectAlternativeName::Ip(address) => address.to_string(),
                    SubjectAlternativeName::Dns(host) => host.as_str().replace('*', "any"),
                };
                script += &verify(SERVER, &format!("--verify-hostname={host}"));
            }
            script += &format!("refuses {}", verify(SERVER, "--verify-hostname=other.test"));
        }
        judge(&script, folder.path());
    }
}

#[test]
fn gnutls_opens_keys_lists_and_pkcs12_files() {
    let mut rng = UnwrapErr(SysRng);
    for key_type in KeyType::CLASSICAL {
        let folder = tempfile::tempdir().unwrap();
        let issued = issued::issue(Shape::Intermediate, key_type);
        let (authority, leaf) = (&issued.authorities[1], &issued.leaves[0]);
        leaf.write(folder.path());
        let revoked = RevokedCertificate {
            serial_number: leaf.chain.first().serial(),
            date: now(),
            reason: None,
        };
        let list = RevocationList::issue(
            authority.issuer(),
            &[revoked],
            1,
            days("7"),
            now(),
            &mut rng,
        )
        .unwrap();
        let write = |name: &str, contents: &[u8]| {
            fs::write(folder.path().join(name), contents).unwrap();
        };
        write("crl.pem", list.to_pem().unwrap().as_bytes());
        write("crl.der", list.der());
        write(
            "ca.pem",
            authority.certificate().to_pem().unwrap().as_bytes(),
        );
        let encrypted = leaf.key.to_encrypted_pem("secret", &mut rng).unwrap();
        write("encrypted.pem", encrypted.as_bytes());
        let file = pkcs12::write(&leaf.key, &leaf.chain, "server", "secret", &mut rng).unwrap();
        write("file.p12", &file);
        let encrypted = "certtool --key-info --infile=encrypted.pem --password=secret";
        // certtool 3.7 opens an encrypted Ed25519 key, and does not describe it.
        let opens = if key_type == KeyType::Ed25519 {
            format!("{encrypted} > /dev/null")
        } else {
            format!(
                "same 'certtool --key-info --infile=server.key | grep -A2 PIN' '{encrypted} | grep -A2 PIN'"
            )
        };
        let text = judge(
            &format!(
                "
             certtool --verify-crl --load-ca-certificate=ca.pem --infile=crl.pem
             certtool --crl-info --inder --infile=crl.der
             {opens}
             refuses certtool --key-info --infile=encrypted.pem --password=other
             certtool --p12-info --inder --infile=file.p12 --password=secret
             refuses certtool --p12-info --inder --infile=file.p12 --password=other > /dev/null"
            ),
            folder.path(),
        );
        let serial_number = leaf.chain.first().serial().to_string().to_lowercase();
        assert!(text.contains(&serial_number), "{text}");
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 3, "{text}");
        assert_eq!(
            text.matches("BEGIN ENCRYPTED PRIVATE KEY").count(),
            1,
            "{text}"
        );
    }
}
