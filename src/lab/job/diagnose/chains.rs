//! Certificates checked against the CAs among the files, without any command line.

use serde::{Deserialize, Serialize};

use super::{Diagnosed, MOST_CERTIFICATES};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::cause::Cause;
use crate::lab::file::GivenFile;
use crate::pki::key::{KeyError, PrivateKey};
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, VerifyOptions};
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::version::GoBuild;
use go_x509::{address, pem};

/// A certificate checked against CAs, without any command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainFinding {
    /// The file with the certificate.
    pub file: String,
    /// The files with the CAs.
    pub against: Vec<String>,
    /// What it was checked as: `a server’s`, `a client’s`.
    pub checked_as: String,
    /// Why it is refused, if it is.
    pub refused: Option<ChainRefusal>,
}

/// Why a certificate is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainRefusal {
    /// Go's words.
    pub text: String,
    /// The rule.
    pub rule: Rule,
    /// The field at fault.
    pub field: String,
    /// What to do.
    pub mend: String,
}

/// A certificate of a file, with what it seems to be for.
struct Found<'a> {
    file: &'a GivenFile,
    certificate: Certificate,
}

impl Found<'_> {
    fn is_authority(&self) -> bool {
        let certificate = &self.certificate;
        certificate.is_authority
            || certificate.version == 1 && certificate.subject.raw == certificate.issuer.raw
    }

    fn may(&self, usage: ExtendedKeyUsage) -> bool {
        self.certificate.extended_key_usages.contains(&usage)
    }

    fn has_names(&self) -> bool {
        !self.certificate.dns_names.is_empty() || !self.certificate.addresses.is_empty()
    }

    /// What a leaf seems to be for: what its EKU says, else what its names
    /// suggest.
    fn purposes(&self) -> Vec<(ExtendedKeyUsage, String)> {
        let mut purposes = Vec::new();
        let names: Vec<String> = self
            .certificate
            .addresses
            .iter()
            .map(|bytes| address::text(bytes))
            .chain(self.certificate.dns_names.iter().cloned())
            .take(8)
            .collect();
        let none = self.certificate.extended_key_usages.is_empty();
        if self.may(ExtendedKeyUsage::ServerAuth) || none && self.has_names() {
            let names = if names.is_empty() {
                "no host: it has no SAN".to_owned()
            } else {
                names.join(", ")
            };
            let word = format!("a server’s, for {names}");
            purposes.push((ExtendedKeyUsage::ServerAuth, word));
        }
        if self.may(ExtendedKeyUsage::ClientAuth) || none || purposes.is_empty() {
            purposes.push((ExtendedKeyUsage::ClientAuth, "a client’s".to_owned()));
        }
        purposes
    }
}

/// The certificates of the files; what can't be read as one is noted.
fn certificates<'a>(
    files: &'a [GivenFile],
    go: GoBuild,
    notes: &mut Vec<String>,
) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for file in files {
        let blocks = pem::blocks(&file.contents.0, go);
        let blocks = blocks
            .into_iter()
            .filter(|block| block.label == "CERTIFICATE");
        let ders: Vec<Vec<u8>> = if file.contents.0.first() == Some(&0x30) {
            vec![file.contents.0.to_vec()]
        } else {
            blocks.map(|block| block.bytes).collect()
        };
        for der in ders {
            match Certificate::parse(&der, go) {
                Ok(certificate) => found.push(Found { file, certificate }),
                Err(error) => notes.push(format!(
                    "{} holds something that Go can’t read as a certificate: {}",
                    file.name, error.text
                )),
            }
        }
    }
    found
}

/// So many keys are looked at.
const MOST_KEYS: usize = 8;

/// Private keys of a kind or on a curve that Go's TLS does not know.
fn strange_keys(files: &[GivenFile], go: GoBuild) -> Vec<String> {
    // Those that Go knows, and that are not made here.
    const OTHERS: [&str; 2] = ["P-224", "P-521"];
    let keys = files.iter().flat_map(|file| {
        let blocks = pem::blocks(&file.contents.0, go);
        let keys = blocks.into_iter().filter_map(|block| {
            let read = match block.label.as_str() {
                "PRIVATE KEY" => PrivateKey::from_pkcs8,
                "EC PRIVATE KEY" => PrivateKey::from_sec1,
                _ => return None,
            };
            Some((file, block, read))
        });
        keys.take(MOST_KEYS).collect::<Vec<_>>()
    });
    let strange = keys.take(MOST_KEYS).filter_map(|(file, block, read)| {
        let Err(KeyError::UnsupportedAlgorithm { algorithm }) = read(&block.bytes) else {
            return None;
        };
        let is_known = OTHERS.contains(&algorithm.as_str());
        (!is_known).then(|| {
            format!(
                "{} holds a private key of {algorithm}, which Go’s TLS does not know, and so neither etcd nor etcdctl can use it: make one of RSA, P-256, P-384 or Ed25519, and a certificate for it.",
                file.name
            )
        })
    });
    strange.collect()
}

/// Checks certificates against the CAs among the files.
pub(super) fn check(files: &[GivenFile], go: GoBuild, now: Time, diagnosed: &mut Diagnosed) {
    let found = certificates(files, go, &mut diagnosed.notes);
    diagnosed.notes.truncate(MOST_CERTIFICATES);
    diagnosed.notes.splice(0..0, strange_keys(files, go));
    let (authorities, leaves): (Vec<Found<'_>>, Vec<Found<'_>>) =
        found.into_iter().partition(Found::is_authority);
    if leaves.is_empty() && authorities.is_empty() {
        return;
    }
    if authorities.is_empty() {
        diagnosed.notes.push(
            "No CA is among these files: drop ca.crt too, and they are checked against it."
                .to_owned(),
        );
        return;
    }
    let mut against: Vec<String> = authorities
        .iter()
        .map(|authority| authority.file.name.clone())
        .collect();
    against.dedup();
    against.truncate(MOST_CERTIFICATES);
    let mut roots = CertificatePool::default();
    let mut intermediates = CertificatePool::default();
    for Found { certificate, .. } in authorities {
        if certificate.subject.raw == certificate.issuer.raw {
            roots.add(certificate);
        } else {
            intermediates.add(certificate);
        }
    }
    for leaf in leaves.iter().take(MOST_CERTIFICATES) {
        for (usage, checked_as) in leaf.purposes() {
            let options = VerifyOptions {
                roots: &roots,
                intermediates: &intermediates,
                host: None,
                usage,
                now,
            };
            let refusal = chain::verify(&leaf.certificate, &options, go).err();
            diagnosed.chains.push(ChainFinding {
                file: leaf.file.name.clone(),
                against: against.clone(),
                checked_as,
                refused: refusal.map(|refusal| {
                    let text = refusal.to_string();
                    let cause = match usage {
                        ExtendedKeyUsage::ServerAuth => Cause::ServerRefused(refusal),
                        _ => Cause::ClientRefused(refusal),
                    };
                    let mend = cause.mend();
                    ChainRefusal {
                        text,
                        rule: cause.rule(),
                        field: cause.field(),
                        mend: mend.to_owned(),
                    }
                }),
            });
        }
    }
}
