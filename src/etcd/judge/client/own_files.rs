//! A client's own files: what it reads of them, and what it sends where etcd asks for
//! its certificate.

use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::key_pair::KeyPairError;
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::public_key::PublicKey;
use go_x509::version::GoVersion;

use super::server_certificate::is_p521;
use super::{Attempt, Met, READER, Refuser};
use crate::etcd::facts::client::{FileFault, Meeting, PairCheck, Sending};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::failure::StartFailure;
use crate::etcd::judge::start::{self, Loaded};

/// A client's files, read.
pub(super) struct Own {
    pub(super) chain: Vec<Vec<u8>>,
    /// Whether the key is another's.
    pub(super) other_key: bool,
}

impl Own {
    pub(super) const fn nothing() -> Self {
        Self {
            chain: Vec::new(),
            other_key: false,
        }
    }
}

impl Attempt<'_> {
    /// Its own files, as it reads them.
    pub(super) fn load(&self) -> Result<Own, Box<Met>> {
        let (told, files) = (self.told, &self.etcd.case.etcd.files);
        let failed = |fault, failure: StartFailure| {
            let met = Met::new(Meeting::File(fault), Refuser::Client, failure.cause.rule());
            let file = failure.file.clone().unwrap_or_default();
            Box::new(Met {
                go: Some(failure.text),
                ..met.at(&file)
            })
        };
        if !told.ca_file.is_empty() {
            start::load_pool(&told.ca_file, files, self.go()).map_err(|failure| {
                let fault = file_fault(&failure.cause);
                failed(fault, failure)
            })?;
        }
        if told.cert_file.is_empty() && told.key_file.is_empty() {
            return Ok(Own::nothing());
        }
        let loaded = start::load_key_pair(&told.cert_file, &told.key_file, files, self.go());
        let library = self.client.library;
        let unread = match &loaded {
            Ok(pair) if is_ed25519(&pair.leaf) && !library.reads_ed25519 => {
                "it reads no private key on Ed25519"
            }
            Ok(pair) if is_p521(&pair.leaf) && !library.reads_p521 => {
                "it reads no private key on P-521"
            }
            Ok(_) if self.key_is_of_an_old_form() => {
                "it reads private keys of PKCS#8 alone: openssl pkcs8 -topk8 -nocrypt"
            }
            _ => "",
        };
        let fault = match &loaded {
            Ok(_) if !unread.is_empty() => Some(FileFault::KeyForm),
            Ok(_) => None,
            Err(failure) => Some(file_fault(&failure.cause)),
        };
        let certificates = || {
            let content = files.read(&told.cert_file).unwrap_or_default();
            let blocks = pem::blocks(content, READER).into_iter();
            let certificates = blocks.filter(|block| block.label == "CERTIFICATE");
            certificates.map(|block| block.bytes).collect()
        };
        match (loaded, fault) {
            (Ok(pair), None) => Ok(Own {
                chain: pair.chain,
                other_key: false,
            }),
            _ if self.client.goes_on => Ok(Own::nothing()),
            (Err(_), Some(FileFault::OtherKey)) if self.client.pair != PairCheck::Loading => {
                Ok(Own {
                    chain: certificates(),
                    other_key: true,
                })
            }
            (Err(failure), Some(fault)) => Err(failed(fault, failure)),
            (_, fault) => {
                let fault = fault.unwrap_or(FileFault::KeyForm);
                let met = Met::new(Meeting::File(fault), Refuser::Client, Rule::KeyReadable);
                Err(met.at(&told.key_file).because(unread).into())
            }
        }
    }

    /// Whether the key is of PKCS#1 or SEC 1, and the library reads PKCS#8 alone.
    fn key_is_of_an_old_form(&self) -> bool {
        let content = self.etcd.case.etcd.files.read(&self.told.key_file);
        !self.client.library.reads_old_keys
            && content.is_some_and(|content| {
                pem::blocks(content, READER).iter().any(|block| {
                    matches!(block.label.as_str(), "RSA PRIVATE KEY" | "EC PRIVATE KEY")
                })
            })
    }

    /// What it sends where etcd asks for its certificate.
    pub(super) fn sent(&self, loaded: &Loaded, own: &Own) -> Vec<Vec<u8>> {
        let sending = self.client.sending;
        let leaf = own.chain.first();
        let Some(leaf) = leaf.and_then(|der| Certificate::parse(der, READER).ok()) else {
            return own.chain.clone();
        };
        if sending == Sending::Always {
            return own.chain.clone();
        }
        if sending == Sending::IfForClients {
            let usages = &leaf.extended_key_usages;
            let is_for_clients = usages.is_empty()
                || usages.contains(&ExtendedKeyUsage::ClientAuth)
                || usages.contains(&ExtendedKeyUsage::Any);
            return if is_for_clients {
                own.chain.clone()
            } else {
                Vec::new()
            };
        }
        let is_rsa = matches!(leaf.public_key, Some(PublicKey::Rsa { .. }));
        let speaks_tls13 = self.etcd.configuration.allows_tls13() && !self.only_tls12;
        if sending == Sending::IfNamedAndNotRsa
            && is_rsa
            && speaks_tls13
            && self.etcd.build().go.toolchain >= GoVersion::new(25, 0)
        {
            return Vec::new();
        }
        let named = loaded.client_roots.as_ref();
        let named = named.map_or(&[][..], CertificatePool::certificates);
        let is_named = own
            .chain
            .iter()
            .filter_map(|der| Certificate::parse(der, READER).ok())
            .any(|sent| named.iter().any(|root| root.subject.raw == sent.issuer.raw));
        if is_named {
            own.chain.clone()
        } else {
            Vec::new()
        }
    }
}

fn is_ed25519(leaf: &Certificate) -> bool {
    matches!(leaf.public_key, Some(PublicKey::Ed25519(_)))
}

fn file_fault(cause: &Cause) -> FileFault {
    match cause {
        Cause::FileUnreadable(_) => FileFault::Missing,
        Cause::KeyPair(KeyPairError::Key {
            encrypted: true, ..
        }) => FileFault::Encrypted,
        Cause::KeyPair(KeyPairError::OtherKey | KeyPairError::OtherKeyType) => FileFault::OtherKey,
        Cause::KeyPair(
            KeyPairError::Key { .. }
            | KeyPairError::NoKeyBlock(_)
            | KeyPairError::NoPemInKey
            | KeyPairError::CertificateForKey,
        ) => FileFault::KeyForm,
        _ => FileFault::NoPem,
    }
}
