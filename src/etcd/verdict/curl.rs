//! Whether curl, the usual client of etcd's gateway, gets through: OpenSSL's
//! rules for a server's certificate where they differ from Go's, and what
//! OpenSSL sends along of its own accord. A second, smaller judge: it answers
//! yes or no, for OpenSSL 3 at the security level 2 of distributions.

use crate::etcd::go::address;
use crate::etcd::go::certificate::{Certificate, ExtendedKeyUsage, KEY_CERT_SIGN};
use crate::etcd::go::public_key::{Curve, PublicKey};
use crate::etcd::go::signature::{self, Hash, SignatureAlgorithm};
use crate::etcd::go::time::Time;
use crate::etcd::go::version::{GoBuild, GoVersion};

/// The reader of certificates that is closest to OpenSSL's: it takes negative
/// serial numbers and SHA-1.
const READER: GoBuild = GoBuild::new(GoVersion::new(17, 0), 17);

fn read_all(chain: &[Vec<u8>]) -> Vec<Certificate> {
    chain
        .iter()
        .filter_map(|der| Certificate::parse(der, READER).ok())
        .collect()
}

/// The trust anchors in a PEM file.
fn anchors(file: &[u8]) -> Vec<Certificate> {
    let blocks = crate::etcd::go::pem::blocks(file, READER);
    let ders: Vec<Vec<u8>> = blocks
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .map(|block| block.bytes)
        .collect();
    read_all(&ders)
}

/// Whether curl with `--cacert` accepts a server that sends `chain`.
#[must_use]
pub fn accepts_server(chain: &[Vec<u8>], ca_file: &[u8], host: &str, now: Time) -> bool {
    let anchors = anchors(ca_file);
    let sent = read_all(chain);
    let Some(leaf) = sent.first() else {
        return false;
    };
    is_strong(leaf)
        && !has_small_curve(leaf)
        && has_usage(leaf)
        && matches_host(leaf, host)
        && leads_to_anchor(leaf, &sent, &anchors, now, 0)
}

/// Whether curl can use this client certificate at security level 2.
#[must_use]
pub fn can_send(chain: &[Vec<u8>]) -> bool {
    read_all(chain)
        .first()
        .is_none_or(|leaf| is_strong(leaf) && (leaf.key_usage != 0 || !has_extension(leaf, 15)))
}

/// What curl sends: with a single certificate in the file, OpenSSL adds the
/// issuers that it finds in `--cacert`.
#[must_use]
pub fn sent_chain(chain: &[Vec<u8>], ca_file: &[u8]) -> Vec<Vec<u8>> {
    let mut sent = chain.to_vec();
    if chain.len() != 1 {
        return sent;
    }
    let anchors = anchors(ca_file);
    let mut current = read_all(chain).into_iter().next();
    while let Some(certificate) = current.take() {
        if certificate.issuer.raw == certificate.subject.raw || sent.len() > 8 {
            break;
        }
        let issuer = anchors
            .iter()
            .find(|anchor| anchor.subject.raw == certificate.issuer.raw);
        if let Some(issuer) = issuer {
            sent.push(issuer.raw.clone());
            current = Some(issuer.clone());
        }
    }
    sent
}

/// Security level 2: 112 bits of strength, no MD5 and no SHA-1.
fn is_strong(certificate: &Certificate) -> bool {
    let key = match &certificate.public_key {
        Some(key @ PublicKey::Rsa { .. }) => key.rsa_bits() >= 2048,
        Some(PublicKey::Dsa(_)) => false,
        _ => true,
    };
    let digest = !matches!(
        certificate.signature_algorithm,
        SignatureAlgorithm::Md5Rsa
            | SignatureAlgorithm::Md2Rsa
            | SignatureAlgorithm::Rsa(Hash::Sha1)
            | SignatureAlgorithm::Ecdsa(Hash::Sha1)
            | SignatureAlgorithm::Dsa(_)
    );
    // The signature of a self-signed certificate doesn't count.
    key && (digest || certificate.issuer.raw == certificate.subject.raw)
}

/// OpenSSL's client offers no P-224, so that a server's key on it is refused.
const fn has_small_curve(certificate: &Certificate) -> bool {
    matches!(
        certificate.public_key,
        Some(PublicKey::Ecdsa {
            curve: Curve::P224,
            ..
        })
    )
}

/// Whether an extension directly under `id-ce` is there.
fn has_extension(certificate: &Certificate, arc: u8) -> bool {
    certificate
        .extensions
        .iter()
        .any(|extension| extension.identifier == [0x55, 0x1d, arc])
}

/// OpenSSL's purpose "SSL server" for the usages of any certificate of a
/// chain: anyExtendedKeyUsage is not enough.
fn serves(certificate: &Certificate) -> bool {
    let usages = &certificate.extended_key_usages;
    !has_extension(certificate, 37)
        || usages.iter().any(|usage| {
            matches!(
                usage,
                ExtendedKeyUsage::ServerAuth | ExtendedKeyUsage::ServerGatedCrypto
            )
        })
}

/// Critical extensions that OpenSSL processes (`X509_supported_extension`).
fn has_known_extensions(certificate: &Certificate) -> bool {
    const SUPPORTED: [u8; 10] = [15, 17, 19, 30, 31, 32, 33, 36, 37, 54];
    certificate.extensions.iter().filter(|extension| extension.critical).all(|extension| {
        matches!(extension.identifier.as_slice(), [0x55, 0x1d, arc] if SUPPORTED.contains(arc))
    })
}

/// Names as OpenSSL compares them: without letter case, whatever the type of
/// the string.
fn same_name(one: &Certificate, issuer: &Certificate) -> bool {
    let plain = |raw: &[u8]| -> Vec<u8> {
        raw.iter()
            .map(|octet| {
                if *octet == 0x13 {
                    0x0c
                } else {
                    octet.to_ascii_lowercase()
                }
            })
            .collect()
    };
    plain(&one.issuer.raw) == plain(&issuer.subject.raw)
}

/// The leaf's usages; a key usage must allow to sign, encipher or agree.
fn has_usage(leaf: &Certificate) -> bool {
    const DIGITAL_SIGNATURE: u16 = 1 << 0;
    const KEY_ENCIPHERMENT: u16 = 1 << 2;
    const KEY_AGREEMENT: u16 = 1 << 4;
    let extended = serves(leaf);
    extended
        && (!has_extension(leaf, 15)
            || leaf.key_usage & (DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT) != 0)
}

fn is_current(certificate: &Certificate, now: Time) -> bool {
    has_known_extensions(certificate)
        && certificate.not_before.instant <= now.instant
        && now.instant <= certificate.not_after.instant
}

fn can_issue(certificate: &Certificate, below: usize) -> bool {
    let authority = if certificate.basic_constraints_valid {
        certificate.is_authority
    } else {
        // OpenSSL takes a self-signed version 1 certificate for a CA, and
        // one with keyCertSign.
        certificate.version == 1 || certificate.key_usage & KEY_CERT_SIGN != 0
    };
    let length = certificate.max_path_length;
    authority
        && (!has_extension(certificate, 15) || certificate.key_usage & KEY_CERT_SIGN != 0)
        && (length < 0 || i64::try_from(below).unwrap_or(i64::MAX) <= length)
}

fn leads_to_anchor(
    certificate: &Certificate,
    sent: &[Certificate],
    anchors: &[Certificate],
    now: Time,
    below: usize,
) -> bool {
    if !is_current(certificate, now) || below > 8 {
        return false;
    }
    // curl allows partial chains: any certificate in the file is an anchor.
    if anchors.iter().any(|anchor| anchor.raw == certificate.raw) {
        return true;
    }
    anchors.iter().chain(sent).any(|issuer| {
        let key_identifiers = certificate.authority_key_identifier.is_empty()
            || issuer.subject_key_identifier.is_empty()
            || certificate.authority_key_identifier == issuer.subject_key_identifier;
        issuer.raw != certificate.raw
            && same_name(certificate, issuer)
            && serves(issuer)
            && key_identifiers
            && can_issue(issuer, below)
            && is_strong(issuer)
            && names_are_allowed(issuer, sent.first())
            && issuer.public_key.as_ref().is_some_and(|key| {
                signature::verify(
                    certificate.signature_algorithm,
                    &certificate.raw_to_be_signed,
                    &certificate.signature,
                    key,
                    READER,
                )
                .is_ok()
            })
            && leads_to_anchor(issuer, sent, anchors, now, below + 1)
    })
}

/// Name constraints, as Go reads them: close enough for addresses and DNS.
fn names_are_allowed(issuer: &Certificate, leaf: Option<&Certificate>) -> bool {
    leaf.is_none_or(|leaf| {
        crate::etcd::go::name_constraints::check_while_building(issuer, &[leaf], READER).is_ok()
    })
}

/// curl's `Curl_ossl_verifyhost`: SANs if there are any of the two kinds,
/// else the common name.
fn matches_host(leaf: &Certificate, host: &str) -> bool {
    let wanted = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    if let Some(wanted) = address::parse(wanted) {
        let matches = leaf
            .addresses
            .iter()
            .filter_map(|octets| address::from_octets(octets))
            .any(|address| address == wanted);
        if matches || !leaf.addresses.is_empty() || !leaf.dns_names.is_empty() {
            return matches;
        }
        return leaf.subject.common_name == host;
    }
    if !leaf.dns_names.is_empty() || !leaf.addresses.is_empty() {
        return leaf
            .dns_names
            .iter()
            .any(|pattern| matches_pattern(pattern, wanted));
    }
    matches_pattern(&leaf.subject.common_name, wanted)
}

/// `Curl_cert_hostcheck`: a wildcard needs two dots after it.
fn matches_pattern(pattern: &str, host: &str) -> bool {
    let pattern = pattern.strip_suffix('.').unwrap_or(pattern);
    let host = host.strip_suffix('.').unwrap_or(host);
    if pattern.is_empty() || host.is_empty() {
        return false;
    }
    let Some(parent) = pattern
        .strip_prefix("*.")
        .filter(|parent| parent.contains('.'))
    else {
        return pattern.eq_ignore_ascii_case(host);
    };
    host.split_once('.')
        .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
}
