//! Java's keytool opens PKCS#12 files, and the stores that it makes are read.
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

use etcd_pki_lab::pki::{key::KeyType, password_encryption::Budget, pkcs12};
use getrandom::{SysRng, rand_core::UnwrapErr};
use support::issued::{self, Shape, judge};

#[test]
fn keytool_lists_the_key_with_its_chain() {
    for key_type in KeyType::CLASSICAL {
        let folder = tempfile::tempdir().unwrap();
        let mut script = String::new();
        let leaves: Vec<_> = [Shape::Root, Shape::Intermediate]
            .into_iter()
            .map(|shape| issued::issue(shape, key_type).leaves.remove(1))
            .collect();
        for (index, leaf) in leaves.iter().enumerate() {
            let file = pkcs12::write(
                &leaf.key,
                &leaf.chain,
                "My Client",
                "secret one",
                &mut UnwrapErr(SysRng),
            )
            .unwrap();
            fs::write(folder.path().join(format!("{index}.p12")), &*file).unwrap();
            script += &format!(
                "keytool -J-Duser.language=en -list -v -storetype PKCS12 -keystore {index}.p12 -storepass 'secret one' > {index}.txt\n"
            );
        }
        script += "refuses keytool -list -storetype PKCS12 -keystore 0.p12 -storepass other\n";
        judge(&script, folder.path());
        for (index, leaf) in leaves.iter().enumerate() {
            let text = fs::read_to_string(folder.path().join(format!("{index}.txt"))).unwrap();
            for wanted in [
                "Alias name: my client".to_owned(),
                "Entry type: PrivateKeyEntry".to_owned(),
                format!(
                    "Certificate chain length: {}",
                    leaf.chain.certificates().count()
                ),
                format!("SHA256: {}", leaf.chain.first().fingerprint()),
            ] {
                assert!(text.contains(&wanted), "{wanted} is missing:\n{text}");
            }
        }
    }
}

#[test]
fn keytools_own_stores_are_read() {
    let folder = tempfile::tempdir().unwrap();
    judge(
        "
         for kind in 'rsa -keyalg RSA -keysize 2048' 'ec -keyalg EC -groupname secp256r1'; do
           set -- $kind; alias=$1; shift
           keytool -genkeypair -alias $alias \"$@\" -dname CN=$alias -storetype PKCS12 -keystore current.p12 -storepass 'secret one'
           keytool -J-Dkeystore.pkcs12.legacy -genkeypair -alias $alias \"$@\" -dname CN=$alias -storetype PKCS12 -keystore legacy.p12 -storepass 'secret one'
         done",
        folder.path(),
    );
    for name in ["current.p12", "legacy.p12"] {
        let file = fs::read(folder.path().join(name)).unwrap();
        let contents = pkcs12::read(&file, "secret one", &mut Budget::default()).unwrap();
        assert_eq!((contents.keys.len(), contents.certificates.len()), (2, 2));
        for key in &contents.keys {
            assert!(
                issued::chain_of(&contents.certificates, key).is_some(),
                "{name}"
            );
        }
        assert!(contents.authenticated);
    }
}
