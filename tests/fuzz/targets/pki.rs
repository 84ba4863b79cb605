//! The readers of `pki`.

use etcd_pki_lab::{
    Preset,
    pki::{
        authority::Authority,
        certificate::Certificate,
        certification_request::CertificationRequest,
        chain::Chain,
        inspection::anatomy::Anatomy,
        key::{KeyType, PrivateKey},
        name::DistinguishedName,
        name_constraint,
        password_encryption::Budget,
        pem, pkcs12,
        revocation_list::RevocationList,
        serial_number, subject_alternative_name,
        validity::Days,
    },
};

use super::{Target, der, now, pem_of, random, some, text};

/// The passphrase of the seeds that have one.
const PASSPHRASE: &str = "x";

/// A file beside this one's folder.
macro_rules! seed {
    ($name:literal) => {
        include_bytes!(concat!("../seeds/", $name)).to_vec()
    };
}
pub(crate) use seed;

fn revocation_list() -> Vec<u8> {
    include_bytes!("../../fixtures/revoked.crl.pem").to_vec()
}

pub(crate) const PEM: Target = Target {
    seeds: || {
        let mut seeds = some(Preset::Tutorial, &[".crt", ".key", ".csr"]);
        seeds.push(revocation_list());
        seeds.push(seeds[..2].concat());
        seeds.push(seeds[0].iter().flat_map(|byte| [*byte, 0]).collect());
        seeds
    },
    read: |bytes| {
        let text = text(bytes);
        if let Ok(blocks) = pem::blocks(&text) {
            for block in blocks {
                let again = pem::blocks(&pem_of(&block.label, &block.der));
                let again = again.expect("what was written");
                assert_eq!(*again[0].der, *block.der);
            }
        }
        let _ = PrivateKey::from_pem(&text);
        let _ = Certificate::from_pem(&text);
        let _ = CertificationRequest::from_pem(&text);
        let _ = RevocationList::from_pem(&text);
        let _ = Chain::from_pem(&text);
        let _ = Authority::from_pem(&text, &text, now());
    },
};

pub(crate) const CERTIFICATE: Target = Target {
    seeds: || {
        let mut pems = some(Preset::Kubeadm, &[".crt"]);
        pems.push(include_bytes!("../../fixtures/many-extensions.crt").to_vec());
        der(&pems)
    },
    read: |bytes| {
        if let Ok(read) = Certificate::from_der(bytes) {
            assert_eq!(read.der(), bytes, "what is kept is what was given");
            let _ = (read.public_key(), read.names(), read.name_constraints());
            let _ = read.check_signed_by(&read);
            if let Ok(chain) = Chain::new(read, Vec::new()) {
                let pem = chain.to_pem().expect("a chain that was read is written");
                let again = Chain::from_pem(&pem).expect("what was written");
                assert_eq!(again.first().der(), bytes);
            }
        }
    },
};

pub(crate) const REQUEST: Target = Target {
    seeds: || {
        let mut pems = some(Preset::Tutorial, &[".csr"]);
        pems.push(include_bytes!("../../fixtures/client.csr").to_vec());
        der(&pems)
    },
    read: |bytes| {
        let _ = CertificationRequest::from_der(bytes);
    },
};

pub(crate) const REVOCATION_LIST: Target = Target {
    seeds: || {
        let mut seeds = der(&[revocation_list()]);
        // Of nobody.
        seeds.push(b"\x30\x1f\x30\x0c\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x30\x00\x17\x0d261123100000Z\x30\x05\x06\x03\x2b\x65\x70\x03\x01\x00".to_vec());
        seeds
    },
    read: |bytes| {
        if let Ok(list) = RevocationList::from_der(bytes) {
            let issuers = der(&[seed!("certificate.pem")]);
            let issuer = Certificate::from_der(&issuers[0]).expect("a seed");
            let _ = list.check_signed_by(&issuer);
        }
    },
};

pub(crate) const PKCS12: Target = Target {
    seeds: || {
        vec![
            seed!("aes.p12"),
            seed!("rc2.p12"),
            seed!("nomac.p12"),
            seed!("plain.p12"),
        ]
    },
    read: |bytes| {
        for passphrase in [PASSPHRASE, ""] {
            let _ = pkcs12::read(bytes, passphrase, &mut Budget::default());
        }
    },
};

pub(crate) const KEY: Target = Target {
    seeds: || {
        let kinds = [
            KeyType::P256,
            KeyType::P384,
            KeyType::Ed25519,
            KeyType::MlDsa65,
        ];
        let mut random = random();
        let keys = kinds.map(|kind| PrivateKey::generate(kind, &mut random).expect("a key"));
        let mut seeds: Vec<Vec<u8>> = keys
            .iter()
            .map(|key| key.to_pkcs8().expect("PKCS#8").to_vec())
            .collect();
        seeds.extend([
            seed!("rsa.key.der"),
            seed!("pbes2-aes.key.der"),
            seed!("pbes2-des3.key.der"),
            seed!("scrypt.key.der"),
            seed!("pkcs12-des3.key.der"),
        ]);
        seeds
    },
    read: |bytes| {
        if let Ok(key) = PrivateKey::from_pkcs8(bytes) {
            let written = key.to_pkcs8().expect("a key that was read is written");
            let again = PrivateKey::from_pkcs8(&written).expect("what was written");
            assert_eq!(again.public_key(), key.public_key());
        }
        let _ = PrivateKey::from_encrypted_pkcs8(bytes, PASSPHRASE);
    },
};

pub(crate) const ENCRYPTED_PEM: Target = Target {
    seeds: || {
        let encrypted = pem_of("ENCRYPTED PRIVATE KEY", &seed!("pbes2-aes.key.der"));
        vec![
            seed!("traditional-aes256.pem"),
            seed!("traditional-des3.pem"),
            seed!("traditional-des.pem"),
            encrypted.into_bytes(),
        ]
    },
    read: |bytes| {
        let _ = PrivateKey::from_encrypted_pem(&text(bytes), PASSPHRASE);
    },
};

pub(crate) const NAMES: Target = Target {
    seeds: || {
        [
            "CN=client,O=team",
            "/CN=it's me/O=a\\/b",
            "CN=\"a, b\"+OU=x",
            "CN=\\C3\\A9",
            "CN=root\\ ",
            "2.5.4.3=#0c0161, emailAddress=a@b.test",
            "*.example.com",
            "10.0.0.0/8 fd00::/8 .example.com",
            "DNS:localhost, IP:::1",
            "DNS:05.0.0.1 DNS:2",
            "0a:ff 1234",
            "365",
        ]
        .map(|text| text.as_bytes().to_vec())
        .into()
    },
    read: |bytes| {
        let text = text(bytes);
        if let Ok(name) = text.parse::<DistinguishedName>() {
            assert_eq!(name.to_openssl().parse(), Ok(name.clone()));
            assert_eq!(name.to_string().parse(), Ok(name));
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
        if let Ok(numbers) = serial_number::parse_list(&text) {
            let written: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            assert_eq!(serial_number::parse_list(&written.join("\n")), Ok(numbers));
        }
        let _ = text.parse::<Days>();
    },
};

pub(crate) const ANATOMY: Target = Target {
    seeds: || {
        let mut pems = some(Preset::Tutorial, &[".crt", ".csr"]);
        pems.push(revocation_list());
        pems.push(include_bytes!("../../fixtures/many-extensions.crt").to_vec());
        der(&pems)
    },
    read: |bytes| {
        for label in [
            "CERTIFICATE",
            "CERTIFICATE REQUEST",
            "X509 CRL",
            "PUBLIC KEY",
            "RSA PUBLIC KEY",
        ] {
            let Some(anatomy) = Anatomy::of_pem(&pem_of(label, bytes)) else {
                continue;
            };
            assert_eq!(anatomy.length, bytes.len());
            for element in &anatomy.elements {
                assert!(element.end() <= bytes.len(), "{element:?}");
                let _ = element.in_pem();
            }
        }
    },
};
