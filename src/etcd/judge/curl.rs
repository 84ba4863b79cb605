//! Whether curl, the usual client of etcd's gateway, gets through: OpenSSL's
//! rules for a server's certificate where they differ from Go's, and what
//! OpenSSL sends along of its own accord. A second, smaller judge: it answers
//! yes or no, for OpenSSL 3 at the security level 2 of distributions.

use der::Decode;
use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::name::GeneralNames;

use go_x509::address;
use go_x509::certificate::{Certificate, ExtendedKeyUsage, KEY_CERT_SIGN};
use go_x509::der::{Reader, tag};
use go_x509::private_key;
use go_x509::public_key::{Curve, PublicKey};
use go_x509::signature::{self, Hash, SignatureAlgorithm};
use go_x509::time::Time;
use go_x509::version::{GoBuild, GoVersion};

/// The reader of certificates that is closest to OpenSSL's: it takes negative
/// serial numbers, SHA-1, any type of string, and extensions of any version.
const READER: GoBuild = GoBuild::new(GoVersion::new(16, 15), 16);
const NEWER_READER: GoBuild = GoBuild::new(GoVersion::new(17, 0), 17);

fn read_all(chain: &[Vec<u8>]) -> Vec<Certificate> {
    chain.iter().filter_map(|der| read(der)).collect()
}

/// OpenSSL takes what either reader takes: the newer one minds less what stands
/// behind the value of an extension.
fn read(der: &[u8]) -> Option<Certificate> {
    [READER, NEWER_READER]
        .into_iter()
        .find_map(|reader| Certificate::parse(der, reader).ok())
        .filter(|certificate| {
            is_readable_name(&certificate.issuer.raw) && is_readable_name(&certificate.subject.raw)
        })
}

/// Whether OpenSSL reads all values of a name, given with its tag and length.
fn is_readable_name(raw: &[u8]) -> bool {
    let read = || {
        let mut name = Reader(raw).contents(tag::SEQUENCE)?;
        while !name.is_empty() {
            let mut set = name.contents(tag::SET)?;
            while !set.is_empty() {
                let mut attribute = set.contents(tag::SEQUENCE)?;
                attribute.any()?;
                let value = attribute.any()?;
                if !is_readable_value(value.tag, value.contents) {
                    return None;
                }
            }
        }
        Some(())
    };
    read().is_some()
}

/// Whether a value is of a type that names may have (OpenSSL's
/// `ASN1_PRINTABLE`), and of characters that there are, since names are turned
/// into UTF-8 to be compared (`x509_name_canon`).
fn is_readable_value(value_tag: u8, contents: &[u8]) -> bool {
    const CLASS: u8 = 0xc0;
    const NUMBER: u8 = 0x1f;
    const UNIVERSAL_STRING: u8 = 28;
    // BOOLEAN, INTEGER, OCTET STRING, NULL, OBJECT IDENTIFIER, ENUMERATED, SET,
    // VideotexString, the times, GraphicString, VisibleString, GeneralString.
    const REFUSED: [u8; 13] = [1, 2, 4, 5, 6, 10, 17, 21, 23, 24, 25, 26, 27];
    let width = match value_tag {
        tag::BMP_STRING => 2,
        UNIVERSAL_STRING => 4,
        _ => return value_tag & CLASS == 0 && !REFUSED.contains(&(value_tag & NUMBER)),
    };
    contents.len().is_multiple_of(width)
        && contents.chunks_exact(width).all(|bytes| {
            let number = bytes
                .iter()
                .fold(0, |number, byte| number << 8 | u32::from(*byte));
            char::from_u32(number).is_some()
        })
}

/// What OpenSSL finds wrong though Go doesn't, in any certificate that it looks
/// at (`ossl_x509v3_cache_extensions`): a negative path length, and general
/// names that are none. What stands behind a value doesn't matter.
fn is_malformed(certificate: &Certificate) -> bool {
    let value = |arc: u8| {
        certificate
            .extensions
            .iter()
            .find(|extension| extension.identifier == [0x55, 0x1d, arc])
            .map(|extension| {
                let first = Reader(&extension.value).any();
                first.map_or(extension.value.as_slice(), |element| element.whole)
            })
    };
    let negative_length = value(19).is_some_and(|value| {
        let mut list = Reader(value).contents(tag::SEQUENCE).unwrap_or(Reader(&[]));
        let _ = list.optional(tag::BOOLEAN);
        list.element(tag::INTEGER)
            .and_then(|length| length.contents.first().copied())
            .is_some_and(|first| first & 0x80 != 0)
    });
    let names = value(17).is_some_and(|value| GeneralNames::from_der(value).is_err());
    let subtrees = value(30).is_some_and(|value| NameConstraints::from_der(value).is_err());
    negative_length || names || subtrees
}

/// Whether the two times end in seconds and `Z`, without which OpenSSL can't
/// compare them (`X509_cmp_time`).
fn has_plain_times(certificate: &Certificate) -> bool {
    let mut body = Reader(&certificate.raw_to_be_signed);
    let mut read = || {
        let mut body = body.contents(tag::SEQUENCE)?;
        body.optional(tag::constructed(0))?;
        body.any()?;
        body.any()?;
        body.any()?;
        let mut validity = body.contents(tag::SEQUENCE)?;
        Some([validity.any()?, validity.any()?])
    };
    read().is_some_and(|times| {
        times.iter().all(|time| {
            let digits = if time.tag == tag::UTC_TIME { 12 } else { 14 };
            time.contents
                .split_last()
                .is_some_and(|(zone, rest)| *zone == b'Z' && rest.len() == digits)
        })
    })
}

const DIGITAL_SIGNATURE: u16 = 1 << 0;

/// The trust anchors in a PEM file.
fn anchors(file: &[u8]) -> Vec<Certificate> {
    let blocks = go_x509::pem::blocks(file, READER);
    let ders: Vec<Vec<u8>> = blocks
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .map(|block| block.bytes)
        .collect();
    read_all(&ders)
}

/// Whether curl with `--cacert` accepts a server that sends `chain`, with TLS
/// 1.3 or 1.2.
#[must_use]
pub fn accepts_server(
    chain: &[Vec<u8>],
    ca_file: &[u8],
    host: &str,
    tls13: bool,
    now: Time,
) -> bool {
    let anchors = anchors(ca_file);
    let sent = read_all(chain);
    let Some(leaf) = chain.first().and_then(|leaf| read(leaf)) else {
        return false;
    };
    let leaf = &leaf;
    is_strong(leaf)
        && !has_small_curve(leaf)
        && has_usage(leaf)
        && (tls13 || can_sign_key_exchange(leaf))
        && matches_host(leaf, host)
        && leads_to_anchor(leaf, &sent, &anchors, now, 0)
}

/// Whether curl can use this client certificate at security level 2.
#[must_use]
pub fn can_send(chain: &[Vec<u8>]) -> bool {
    read_all(chain).first().is_none_or(|leaf| {
        !is_malformed(leaf) && is_strong(leaf) && (leaf.key_usage != 0 || !has_extension(leaf, 15))
    })
}

/// Whether OpenSSL reads the private key behind `--key`, and it is that of
/// `leaf`: its PEM label must fit its form, but its numbers are not checked.
#[must_use]
pub fn reads_key(file: &[u8], leaf: &[u8]) -> bool {
    const LABELS: [&str; 3] = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
    let blocks = go_x509::pem::blocks(file, READER);
    let Some(block) = blocks
        .iter()
        .find(|block| LABELS.contains(&block.label.as_str()))
    else {
        return false;
    };
    let Some(leaf) = read(leaf) else {
        return false;
    };
    let inner = |der: &[u8]| {
        // PKCS#8: version, algorithm, OCTET STRING.
        let mut key = Reader(der).contents(tag::SEQUENCE)?;
        key.element(tag::INTEGER)?;
        key.contents(tag::SEQUENCE)?;
        Some(key.element(tag::OCTET_STRING)?.contents.to_vec())
    };
    let wrapped = inner(&block.bytes);
    let numbers = |der: &[u8]| {
        // PKCS#1: version, modulus, exponent, and five more.
        let mut key = Reader(der).contents(tag::SEQUENCE)?;
        key.element(tag::INTEGER)?;
        let modulus = key.element(tag::INTEGER)?.contents.to_vec();
        let exponent = key.element(tag::INTEGER)?.contents.to_vec();
        key.element(tag::INTEGER)?;
        Some((modulus, exponent))
    };
    let rsa = match &wrapped {
        Some(inner) => numbers(inner),
        None if block.label == "RSA PRIVATE KEY" => numbers(&block.bytes),
        None => None,
    };
    match &leaf.public_key {
        Some(PublicKey::Rsa { modulus, exponent }) => rsa.is_some_and(|(number, power)| {
            let plain = |bytes: &[u8]| -> Vec<u8> {
                bytes
                    .iter()
                    .copied()
                    .skip_while(|&byte| byte == 0)
                    .collect()
            };
            plain(&number) == plain(modulus) && plain(&power) == plain(&exponent.to_be_bytes())
        }),
        Some(PublicKey::Ecdsa { .. }) if wrapped.is_none() && block.label != "EC PRIVATE KEY" => {
            false
        }
        Some(key) => private_key::parse(&block.bytes, READER).as_ref() == Ok(key),
        None => false,
    }
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

/// The strength of an RSA key in bits, to the nearest multiple of eight
/// (NIST SP 800-56B rev 2, appendix D; OpenSSL's `ossl_ifc_ffc_compute_security_bits`).
fn rsa_strength(bits: usize) -> u32 {
    let length = f64::from(u32::try_from(bits).unwrap_or(u32::MAX)) * std::f64::consts::LN_2;
    if length < 8.0 {
        return 0;
    }
    let effort = 1.923 * (length * length.ln().powi(2)).cbrt() - 4.69;
    let strength = effort / std::f64::consts::LN_2;
    // At most a few hundred: cutting off is what OpenSSL does.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between zero and a few hundred"
    )]
    let whole = strength.max(0.0) as u32;
    (whole + 4) & !7
}

/// Security level 2: 112 bits of strength, no MD5 and no SHA-1.
fn is_strong(certificate: &Certificate) -> bool {
    let key = match &certificate.public_key {
        Some(key @ PublicKey::Rsa { .. }) => rsa_strength(key.rsa_bits()) >= 112,
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
            | SignatureAlgorithm::Unknown
    );
    // The signature of a self-signed certificate doesn't count, if its key
    // could have made it.
    key && (digest
        || certificate.issuer.raw == certificate.subject.raw && could_sign_itself(certificate))
}

/// Whether the signature's algorithm is one of the certificate's own key
/// (`check_sig_alg_match`).
const fn could_sign_itself(certificate: &Certificate) -> bool {
    matches!(
        (&certificate.public_key, certificate.signature_algorithm),
        (
            Some(PublicKey::Rsa { .. }),
            SignatureAlgorithm::Md5Rsa
                | SignatureAlgorithm::Md2Rsa
                | SignatureAlgorithm::Rsa(_)
                | SignatureAlgorithm::RsaPss(_)
        ) | (Some(PublicKey::Ecdsa { .. }), SignatureAlgorithm::Ecdsa(_))
            | (Some(PublicKey::Ed25519(_)), SignatureAlgorithm::Ed25519)
            | (Some(PublicKey::Dsa(_)), SignatureAlgorithm::Dsa(_))
    )
}

/// Up to TLS 1.2 an ECDSA key signs the key exchange, for which its key usage
/// must have digitalSignature (`ssl_check_srvr_ecc_cert_and_alg`).
fn can_sign_key_exchange(leaf: &Certificate) -> bool {
    !matches!(leaf.public_key, Some(PublicKey::Ecdsa { .. }))
        || !has_extension(leaf, 15)
        || leaf.key_usage & DIGITAL_SIGNATURE != 0
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
            .map(|byte| {
                if *byte == 0x13 {
                    0x0c
                } else {
                    byte.to_ascii_lowercase()
                }
            })
            .collect()
    };
    plain(&one.issuer.raw) == plain(&issuer.subject.raw)
}

/// The leaf's usages; a key usage must allow to sign, encipher or agree.
fn has_usage(leaf: &Certificate) -> bool {
    const KEY_ENCIPHERMENT: u16 = 1 << 2;
    const KEY_AGREEMENT: u16 = 1 << 4;
    let extended = serves(leaf);
    extended
        && (!has_extension(leaf, 15)
            || leaf.key_usage & (DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT) != 0)
}

fn is_current(certificate: &Certificate, now: Time) -> bool {
    has_known_extensions(certificate)
        && !is_malformed(certificate)
        && has_plain_times(certificate)
        && is_in_time(certificate, now)
}

fn is_in_time(certificate: &Certificate, now: Time) -> bool {
    certificate.not_before.instant <= now.instant && now.instant <= certificate.not_after.instant
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
    let Some(issuer) = issuer_of(certificate, sent, anchors, now) else {
        return false;
    };
    serves(issuer)
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
}

/// The issuer that OpenSSL takes, and tries no other (`X509_STORE_CTX_get1_issuer`,
/// `find_issuer`): among those of that name, key identifier and key usage the
/// first that is valid now, else the one that ended last; trust anchors first.
fn issuer_of<'a>(
    certificate: &Certificate,
    sent: &'a [Certificate],
    anchors: &'a [Certificate],
    now: Time,
) -> Option<&'a Certificate> {
    let could_be = |issuer: &&Certificate| {
        let key_identifiers = certificate.authority_key_identifier.is_empty()
            || issuer.subject_key_identifier.is_empty()
            || certificate.authority_key_identifier == issuer.subject_key_identifier;
        issuer.raw != certificate.raw
            && same_name(certificate, issuer)
            && key_identifiers
            && (!has_extension(issuer, 15) || issuer.key_usage & KEY_CERT_SIGN != 0)
    };
    [anchors, sent].into_iter().find_map(|pool| {
        let candidates = || pool.iter().filter(could_be);
        candidates()
            .find(|issuer| is_in_time(issuer, now))
            .or_else(|| candidates().max_by_key(|issuer| issuer.not_after.instant))
    })
}

/// Name constraints, as Go reads them: close enough for addresses and DNS.
fn names_are_allowed(issuer: &Certificate, leaf: Option<&Certificate>) -> bool {
    leaf.is_none_or(|leaf| {
        go_x509::name_constraints::check_while_building(issuer, &[leaf], READER).is_ok()
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
            .filter_map(|bytes| address::from_bytes(bytes))
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
