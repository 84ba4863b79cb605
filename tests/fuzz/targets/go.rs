//! The readers of the crate `go-x509`, by several releases of Go.

use etcd_pki_lab::Preset;
use go_x509::{
    address,
    certificate::{Certificate, ExtendedKeyUsage},
    chain::{VerifyOptions, verify},
    hostname, key_pair, pem,
    pool::CertificatePool,
    private_key, quote,
    revocation_list::{RevocationListReader, revoked_serial_numbers},
    strconv,
    time::Time,
    url,
    version::{GoBuild, GoVersion},
};

use super::{Target, der, now, pem_of, some, text};

/// One for each way of reading.
const BUILDS: [GoBuild; 4] = [
    GoBuild::new(GoVersion::new(12, 17), 12),
    GoBuild::new(GoVersion::new(19, 8), 19),
    GoBuild::new(GoVersion::new(24, 3), 24),
    GoBuild::new(GoVersion::new(27, 0), 27),
];

pub(crate) const DER: Target = Target {
    seeds: || {
        let mut pems = some(Preset::Kubeadm, &[".crt", ".key"]);
        pems.push(include_bytes!("../../fixtures/many-extensions.crt").to_vec());
        pems.push(include_bytes!("../../fixtures/revoked.crl.pem").to_vec());
        let mut seeds = der(&pems);
        seeds.push(include_bytes!("../seeds/rsa.key.der").to_vec());
        seeds
    },
    read: |bytes| {
        for go in BUILDS {
            let _ = private_key::parse(bytes, go);
            let _ = key_pair::load(
                pem_of("CERTIFICATE", bytes).as_bytes(),
                pem_of("PRIVATE KEY", bytes).as_bytes(),
                go,
            );
            let list = pem_of("X509 CRL", bytes);
            for file in [bytes, list.as_bytes()] {
                for reader in [
                    RevocationListReader::ParseCrl,
                    RevocationListReader::ParseRevocationList,
                ] {
                    let _ = revoked_serial_numbers(file, reader, go);
                }
            }
            let Ok(certificate) = Certificate::parse(bytes, go) else {
                continue;
            };
            let _ = certificate.serial_number_text();
            let mut pool = CertificatePool::default();
            pool.add(certificate.clone());
            for (usage, host) in [
                (ExtendedKeyUsage::ServerAuth, Some("127.0.0.1")),
                (ExtendedKeyUsage::ServerAuth, Some("a.example.com")),
                (ExtendedKeyUsage::ClientAuth, None),
            ] {
                let options = VerifyOptions {
                    roots: &pool,
                    intermediates: &pool,
                    host,
                    usage,
                    now: Time::utc(now()),
                };
                if let Err(refusal) = verify(&certificate, &options, go) {
                    let _ = refusal.to_string();
                }
                if let Some(host) = host {
                    let _ = hostname::verify(&certificate, host, go);
                }
            }
        }
    },
};

pub(crate) const TEXT: Target = Target {
    seeds: || {
        let mut seeds = some(Preset::Tutorial, &[".crt", ".key"]);
        for text in [
            "https://user:pass@[fe80::1%25eth0]:2379/a%20b?c=d#e",
            "unixs://localhost:2379",
            "::ffff:10.0.0.1",
            "127.0.0.1:2379",
            "1h2m3.5s4ms5us6ns",
            "go1.24.3",
            "-0x1f_ff",
            "TRUE",
        ] {
            seeds.push(text.as_bytes().to_vec());
        }
        seeds
    },
    read: |bytes| {
        let text = text(bytes);
        for go in BUILDS {
            let mut rest = bytes;
            let mut blocks = Vec::new();
            while let Some((block, behind)) = pem::decode(rest, go) {
                assert!(behind.len() < rest.len(), "each block takes something");
                rest = behind;
                blocks.push(block);
            }
            assert_eq!(blocks, pem::blocks(bytes, go));
            let _ = url::parse_as(&text, go).map(|url| url.host_name().to_owned());
            let _ = address::parse_as(&text, go);
        }
        let _ = address::split_host_port(&text);
        let _ = address::text(bytes);
        let _ = strconv::parse_bool(&text);
        let _ = strconv::parse_unsigned(&text, 16);
        let _ = strconv::parse_signed(&text);
        let _ = strconv::parse_decimal(&text);
        let _ = strconv::parse_duration(&text);
        let _ = quote::quote(&text);
        if let Some(version) = GoVersion::parse(&text) {
            assert_eq!(GoVersion::parse(&version.to_string()), Some(version));
        }
    },
};
