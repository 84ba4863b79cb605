//! NSS, the library of Firefox, judges every chain and imports PKCS#12 files.
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
    password_encryption::Budget,
    pkcs12::{self, Pkcs12Error},
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use support::issued::{self, Issued, Shape, all, judge};

/// NSS of Debian 12 knows no Ed25519; when it learns, this says so.
fn is_known(name: &str) -> bool {
    !name.contains("ed25519")
}

#[test]
fn nss_verifies_every_chain_for_its_purposes() {
    for Issued { name, leaves, .. } in all() {
        let folder = tempfile::tempdir().unwrap();
        let mut script = format!(": {name}\n");
        for leaf in &leaves {
            leaf.write(folder.path());
            let stem = &leaf.stem;
            if !is_known(&name) {
                script += &format!(
                    "mkdir {stem}.db
                     certutil -N -d sql:{stem}.db --empty-password
                     refuses certutil -A -d sql:{stem}.db -n root -t CT,, -i {stem}.root\n"
                );
                continue;
            }
            script += &format!(
                "mkdir {stem}.db
                 certutil -N -d sql:{stem}.db --empty-password
                 certutil -A -d sql:{stem}.db -n root -t CT,, -i {stem}.root\n"
            );
            if leaf.chain.above().len() > 1 {
                script +=
                    &format!("certutil -A -d sql:{stem}.db -n middle -t ,, -i {stem}.middle\n");
            }
            script += &format!("certutil -A -d sql:{stem}.db -n leaf -t ,, -i {stem}.crt\n");
            let verify =
                |usage: &str| format!("certutil -V -d sql:{stem}.db -n leaf -e -u {usage}\n");
            script += &verify("C");
            if leaf.is_server {
                script += &verify("V");
            } else {
                script += &format!("refuses {}", verify("V"));
            }
        }
        judge(&script, folder.path());
    }
}

#[test]
fn nss_imports_pkcs12_files_and_its_own_are_told_apart() {
    for key_type in KeyType::CLASSICAL {
        if !is_known(&key_type.to_string().to_lowercase()) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let issued = issued::issue(Shape::Intermediate, key_type);
        let leaf = &issued.leaves[1];
        let file = pkcs12::write(
            &leaf.key,
            &leaf.chain,
            "my client",
            "pässword",
            &mut UnwrapErr(SysRng),
        )
        .unwrap();
        fs::write(folder.path().join("file.p12"), &*file).unwrap();
        fs::write(
            folder.path().join("root.pem"),
            leaf.chain.above().last().unwrap().to_pem().unwrap(),
        )
        .unwrap();
        let text = judge(
            "export LC_ALL=C.UTF-8; mkdir db
             certutil -N -d sql:db --empty-password
             refuses pk12util -i file.p12 -d sql:db -W other
             pk12util -i file.p12 -d sql:db -W 'pässword'
             certutil -M -d sql:db -n root -t CT,, || certutil -A -d sql:db -n root -t CT,, -i root.pem
             certutil -K -d sql:db
             certutil -V -d sql:db -n 'my client' -e -u C
             pk12util -o theirs.p12 -n 'my client' -d sql:db -W secret",
            folder.path(),
        );
        assert!(text.contains("my client"), "{text}");
        let theirs = fs::read(folder.path().join("theirs.p12")).unwrap();
        // It exports BER with open lengths, which is said with the way out.
        let error = pkcs12::read(&theirs, "secret", &mut Budget::default()).err();
        assert_eq!(error, Some(Pkcs12Error::OpenLengths));
    }
}
