//! The contents of the extensions that Go processes (`parser.go`,
//! `processExtensions` and the functions it calls). An extension that is not
//! among them is only a fault if it is critical, and only in verification.

use const_oid::ObjectIdentifier;

use crate::address;
use crate::certificate::{
    Certificate, CertificateError, ExtendedKeyUsage, Extension, NameSubtrees,
};
use crate::der::{BitString, Reader, integer_value, is_minimal_integer, tag};
use crate::mailbox::{Mailbox, is_domain, is_domain_constraint};
use crate::quote::{hexadecimal, quote};
use crate::url::{self, Url};
use crate::version::GoBuild;

/// Bytes of `id-ce`, 2.5.29: the arc of most extensions.
const CERTIFICATE_EXTENSION: [u8; 2] = [0x55, 0x1d];
const AUTHORITY_INFORMATION_ACCESS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

fn refused(part: &'static str, text: &str) -> CertificateError {
    CertificateError::new(part, format!("x509: {text}"))
}

/// The last arc of an identifier directly under `id-ce`.
pub(crate) fn certificate_extension(identifier: &[u8]) -> Option<u8> {
    match identifier {
        [first, second, arc] if [*first, *second] == CERTIFICATE_EXTENSION && *arc < 0x80 => {
            Some(*arc)
        }
        _ => None,
    }
}

/// Whether it is authority information access.
pub(crate) fn is_information_access(identifier: &[u8]) -> bool {
    identifier == AUTHORITY_INFORMATION_ACCESS.as_bytes()
}

/// `processExtensions`
pub(crate) fn process(certificate: &mut Certificate, go: GoBuild) -> Result<(), CertificateError> {
    for extension in certificate.extensions.clone() {
        let handled = if let Some(arc) = certificate_extension(&extension.identifier) {
            process_known(certificate, arc, &extension, go)?
        } else if is_information_access(&extension.identifier) {
            information_access(&extension, go)?;
            true
        } else {
            false
        };
        if extension.critical && !handled {
            certificate
                .unhandled_critical_extensions
                .push(extension.identifier);
        }
    }
    Ok(())
}

/// Whether Go processes the extension with this last arc.
fn process_known(
    certificate: &mut Certificate,
    arc: u8,
    extension: &Extension,
    go: GoBuild,
) -> Result<bool, CertificateError> {
    let value = extension.value.as_slice();
    match arc {
        14 => {
            let part = "subject key identifier";
            if extension.critical && go.refuses_critical_key_identifiers() {
                return Err(refused(
                    part,
                    "subject key identifier incorrectly marked critical",
                ));
            }
            certificate.subject_key_identifier = Reader(value)
                .contents(tag::OCTET_STRING)
                .ok_or_else(|| refused(part, "invalid subject key identifier"))?
                .0
                .to_vec();
        }
        15 => {
            let bits = Reader(value)
                .bit_string()
                .ok_or_else(|| refused("key usage", "invalid key usage"))?;
            certificate.key_usage = key_usage(&bits);
        }
        17 => return subject_alternative_name(certificate, value, go),
        19 => basic_constraints(certificate, value, go)?,
        30 => return name_constraints(certificate, value, go),
        31 => distribution_points(value).ok_or_else(|| {
            // Go has one text for the list and one for its elements.
            let part = "CRL distribution points";
            if Reader(value).contents(tag::SEQUENCE).is_none() {
                refused(part, "invalid CRL distribution points")
            } else {
                refused(part, "invalid CRL distribution point")
            }
        })?,
        32 => {
            certificate.policies = policies(value, go)
                .ok_or_else(|| refused("certificate policies", "invalid certificate policies"))?;
        }
        33 if go.parses_policy_extensions() => {
            certificate.policy_mappings = policy_mappings(value)
                .ok_or_else(|| refused("policy mappings", "invalid policy mappings extension"))?;
        }
        35 => {
            let part = "authority key identifier";
            if extension.critical && go.refuses_critical_key_identifiers() {
                return Err(refused(
                    part,
                    "authority key identifier incorrectly marked critical",
                ));
            }
            certificate.authority_key_identifier = Reader(value)
                .contents(tag::SEQUENCE)
                .and_then(|mut sequence| sequence.optional(tag::context(0)))
                .ok_or_else(|| refused(part, "invalid authority key identifier"))?
                .map(|identifier| identifier.0.to_vec())
                .unwrap_or_default();
        }
        36 if go.parses_policy_extensions() => policy_constraints(certificate, value)
            .ok_or_else(|| refused("policy constraints", "invalid policy constraints extension"))?,
        37 => {
            certificate.extended_key_usages = extended_key_usages(value)
                .ok_or_else(|| refused("extended key usage", "invalid extended key usages"))?;
        }
        54 if go.parses_policy_extensions() => {
            certificate.inhibit_any_policy =
                Some(Reader(value).small_integer().ok_or_else(|| {
                    refused("inhibit anyPolicy", "invalid inhibit any policy extension")
                })?);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// The nine key usage bits, the first one lowest.
pub(crate) fn key_usage(bits: &BitString) -> u16 {
    (0..9)
        .filter(|&number| bits.bit(number))
        .fold(0, |usage, number| usage | 1 << number)
}

fn basic_constraints(
    certificate: &mut Certificate,
    value: &[u8],
    go: GoBuild,
) -> Result<(), CertificateError> {
    let invalid = |letter: &str| {
        let letter = if go.letters_basic_constraints() {
            letter
        } else {
            ""
        };
        refused(
            "basic constraints",
            &format!("invalid basic constraints{letter}"),
        )
    };
    let mut sequence = Reader(value)
        .contents(tag::SEQUENCE)
        .ok_or_else(|| invalid(" a"))?;
    certificate.is_authority = if sequence.next_is(tag::BOOLEAN) {
        sequence.boolean().ok_or_else(|| invalid(" b"))?
    } else {
        false
    };
    certificate.max_path_length = if sequence.next_is(tag::INTEGER) {
        let bytes = sequence
            .integer_bytes(tag::INTEGER)
            .ok_or_else(|| invalid(" c"))?;
        integer_value(bytes)
            .filter(|length| *length >= 0 || !go.refuses_negative_path_lengths())
            .ok_or_else(|| invalid(" c"))?
    } else {
        -1
    };
    certificate.basic_constraints_valid = true;
    Ok(())
}

/// The names of a SAN with their tag numbers, as `forEachSAN` passes them on:
/// a tag of another class or form gives a number that no kind of name has.
pub(crate) fn general_names(value: &[u8]) -> Result<Vec<(u8, &[u8])>, CertificateError> {
    let part = "subject alternative name";
    let mut sequence = Reader(value)
        .contents(tag::SEQUENCE)
        .ok_or_else(|| refused(part, "invalid subject alternative names"))?;
    let mut names = Vec::new();
    while !sequence.is_empty() {
        let name = sequence
            .any()
            .ok_or_else(|| refused(part, "invalid subject alternative name"))?;
        names.push((name.tag ^ 0x80, name.contents));
    }
    Ok(names)
}

/// `parseSANExtension`; false if no name of a known kind was there. A name
/// that is wrong is complained of before an element after it that is no DER.
pub(crate) fn subject_alternative_name(
    certificate: &mut Certificate,
    value: &[u8],
    go: GoBuild,
) -> Result<bool, CertificateError> {
    let part = "subject alternative name";
    let mut sequence = Reader(value)
        .contents(tag::SEQUENCE)
        .ok_or_else(|| refused(part, "invalid subject alternative names"))?;
    let mut found = false;
    while !sequence.is_empty() {
        let name = sequence
            .any()
            .ok_or_else(|| refused(part, "invalid subject alternative name"))?;
        found |= remember_names(
            certificate,
            std::iter::once((name.tag ^ 0x80, name.contents)),
            go,
        )?;
    }
    Ok(found)
}

/// Takes over names with their tag numbers.
pub(crate) fn remember_names<'a>(
    certificate: &mut Certificate,
    names: impl Iterator<Item = (u8, &'a [u8])>,
    go: GoBuild,
) -> Result<bool, CertificateError> {
    let part = "subject alternative name";
    let mut found = false;
    for (kind, data) in names {
        let text = || {
            if data.is_ascii() {
                Some(String::from_utf8_lossy(data).into_owned())
            } else {
                None
            }
        };
        match kind {
            1 => certificate
                .mail_addresses
                .push(text().ok_or_else(|| refused(part, "SAN rfc822Name is malformed"))?),
            2 => certificate
                .dns_names
                .push(text().ok_or_else(|| refused(part, "SAN dNSName is malformed"))?),
            6 => {
                let text = text()
                    .ok_or_else(|| refused(part, "SAN uniformResourceIdentifier is malformed"))?;
                certificate.uris.push(uri(&text, go)?);
            }
            7 => {
                if !matches!(data.len(), 4 | 16) {
                    return Err(refused(
                        part,
                        &format!("cannot parse IP address of length {}", data.len()),
                    ));
                }
                if go.refuses_mapped_addresses() && is_mapped(data) {
                    return Err(refused(
                        part,
                        "SAN iPAddress contains IPv4-mapped IPv6 address",
                    ));
                }
                certificate.addresses.push(data.to_vec());
            }
            _ => continue,
        }
        found = true;
    }
    Ok(found)
}

fn is_mapped(bytes: &[u8]) -> bool {
    bytes.len() == 16
        && address::from_bytes(bytes).is_some_and(|address| address.to_canonical().is_ipv4())
}

fn uri(text: &str, go: GoBuild) -> Result<Url, CertificateError> {
    let part = "subject alternative name";
    let url = url::parse_as(text, go)
        .map_err(|reason| refused(part, &format!("cannot parse URI {}: {reason}", quote(text))))?;
    if url.host.is_empty() || is_domain(&url.host, go) {
        Ok(url)
    } else {
        Err(refused(
            part,
            &format!("cannot parse URI {}: invalid domain", quote(text)),
        ))
    }
}

fn extended_key_usages(value: &[u8]) -> Option<Vec<ExtendedKeyUsage>> {
    let mut sequence = Reader(value).contents(tag::SEQUENCE)?;
    let mut usages = Vec::new();
    while !sequence.is_empty() {
        usages.push(extended_key_usage(sequence.object_identifier()?));
    }
    Some(usages)
}

/// The usage with this object identifier.
pub(crate) fn extended_key_usage(identifier: &[u8]) -> ExtendedKeyUsage {
    const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
    const SERVER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
    const CLIENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
    const MICROSOFT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.3");
    const NETSCAPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.113730.4.1");
    [
        (ANY, ExtendedKeyUsage::Any),
        (SERVER, ExtendedKeyUsage::ServerAuth),
        (CLIENT, ExtendedKeyUsage::ClientAuth),
        (MICROSOFT, ExtendedKeyUsage::ServerGatedCrypto),
        (NETSCAPE, ExtendedKeyUsage::ServerGatedCrypto),
    ]
    .into_iter()
    .find_map(|(known, usage)| (known.as_bytes() == identifier).then_some(usage))
    .unwrap_or(ExtendedKeyUsage::Other)
}

fn policies(value: &[u8], go: GoBuild) -> Option<Vec<Vec<u8>>> {
    let mut sequence = Reader(value).contents(tag::SEQUENCE)?;
    let mut policies: Vec<Vec<u8>> = Vec::new();
    while !sequence.is_empty() {
        let mut policy = sequence.contents(tag::SEQUENCE)?;
        if go.processes_policies() {
            let identifier = policy.contents(tag::OBJECT_IDENTIFIER)?.0;
            if policies.iter().any(|known| known == identifier) || !is_long_identifier(identifier) {
                return None;
            }
            policies.push(identifier.to_vec());
        } else {
            policies.push(policy.object_identifier()?.to_vec());
        }
    }
    Some(policies)
}

/// `newOIDFromDER`: arcs of any size, but each in its fewest bytes.
fn is_long_identifier(contents: &[u8]) -> bool {
    let ends = contents.last().is_some_and(|last| last & 0x80 == 0);
    let mut start = true;
    let minimal = contents.iter().all(|&byte| {
        let fine = !(start && byte == 0x80);
        start = byte & 0x80 == 0;
        fine
    });
    ends && minimal
}

fn policy_mappings(value: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut sequence = Reader(value).contents(tag::SEQUENCE)?;
    let mut mappings = Vec::new();
    while !sequence.is_empty() {
        let mut mapping = sequence.contents(tag::SEQUENCE)?;
        let issuer = mapping.contents(tag::OBJECT_IDENTIFIER)?.0.to_vec();
        mappings.push((issuer, mapping.contents(tag::OBJECT_IDENTIFIER)?.0.to_vec()));
    }
    Some(mappings)
}

fn policy_constraints(certificate: &mut Certificate, value: &[u8]) -> Option<()> {
    let mut sequence = Reader(value).contents(tag::SEQUENCE)?;
    for number in 0..2 {
        if !sequence.next_is(tag::context(number)) {
            continue;
        }
        let bytes = sequence.contents(tag::context(number))?.0;
        let skip = is_minimal_integer(bytes).then(|| integer_value(bytes))??;
        if number == 0 {
            certificate.require_explicit_policy = Some(skip);
        } else {
            certificate.inhibit_policy_mapping = Some(skip);
        }
    }
    Some(())
}

fn distribution_points(value: &[u8]) -> Option<()> {
    let mut sequence = Reader(value).contents(tag::SEQUENCE)?;
    while !sequence.is_empty() {
        let mut point = sequence.contents(tag::SEQUENCE)?;
        let Some(mut name) = point.optional(tag::constructed(0))? else {
            continue;
        };
        let mut names = name.contents(tag::constructed(0))?;
        while names.next_is(tag::context(6)) {
            names.contents(tag::context(6))?;
        }
    }
    Some(())
}

fn information_access(extension: &Extension, go: GoBuild) -> Result<(), CertificateError> {
    let part = "authority information access";
    if extension.critical && go.refuses_critical_key_identifiers() {
        return Err(refused(
            part,
            "authority info access incorrectly marked critical",
        ));
    }
    let read = || {
        let mut sequence = Reader(&extension.value).contents(tag::SEQUENCE)?;
        while !sequence.is_empty() {
            let mut access = sequence.contents(tag::SEQUENCE)?;
            access.object_identifier()?;
            access.optional(tag::context(6))?;
        }
        Some(())
    };
    read().ok_or_else(|| refused(part, "invalid authority info access"))
}

/// `parseNameConstraintsExtension`; false if a subtree is of a kind that Go
/// doesn't process.
pub(crate) fn name_constraints(
    certificate: &mut Certificate,
    value: &[u8],
    go: GoBuild,
) -> Result<bool, CertificateError> {
    let part = "name constraints";
    let invalid = || refused(part, "invalid NameConstraints extension");
    let mut outer = Reader(value);
    let mut sequence = outer
        .contents(tag::SEQUENCE)
        .filter(|_| outer.is_empty())
        .ok_or_else(invalid)?;
    let permitted = sequence.optional(tag::constructed(0)).ok_or_else(invalid)?;
    let excluded = sequence.optional(tag::constructed(1)).ok_or_else(invalid)?;
    if !sequence.is_empty() {
        return Err(invalid());
    }
    let has_some =
        |subtrees: &Option<Reader<'_>>| subtrees.is_some_and(|subtrees| !subtrees.is_empty());
    if !has_some(&permitted) && !has_some(&excluded) {
        return Err(refused(part, "empty name constraints extension"));
    }
    let mut handled = true;
    certificate.permitted = subtrees(permitted.unwrap_or(Reader(&[])), &mut handled, go)?;
    certificate.excluded = subtrees(excluded.unwrap_or(Reader(&[])), &mut handled, go)?;
    Ok(handled)
}

fn subtrees(
    mut list: Reader<'_>,
    handled: &mut bool,
    go: GoBuild,
) -> Result<NameSubtrees, CertificateError> {
    let part = "name constraints";
    let invalid = || refused(part, "invalid NameConstraints extension");
    let mut subtrees = NameSubtrees::default();
    while !list.is_empty() {
        let mut subtree = list.contents(tag::SEQUENCE).ok_or_else(invalid)?;
        let base = subtree.any().ok_or_else(invalid)?;
        let text = || {
            if base.contents.is_ascii() {
                Ok(String::from_utf8_lossy(base.contents).into_owned())
            } else {
                Err(refused(
                    part,
                    &format!(
                        "invalid constraint value: x509: {} cannot be encoded as an IA5String",
                        super::quote::quote_bytes(base.contents)
                    ),
                ))
            }
        };
        let failed = |kind: &str, text: &str| {
            refused(
                part,
                &format!("failed to parse {kind} constraint {}", quote(text)),
            )
        };
        match base.tag {
            0x82 => {
                let domain = text()?;
                if !is_domain_constraint(&domain, go) {
                    return Err(failed("dnsName", &domain));
                }
                subtrees.dns.push(domain);
            }
            0x87 => subtrees
                .addresses
                .push(address_constraint(base.contents, go)?),
            0x81 => {
                let constraint = text()?;
                let valid = if constraint.contains('@') {
                    Mailbox::parse(&constraint, go).is_some()
                } else {
                    is_domain_constraint(&constraint, go)
                };
                if !valid {
                    return Err(failed("rfc822Name", &constraint));
                }
                subtrees.mail.push(constraint);
            }
            0x86 => {
                let domain = text()?;
                if address::parse(&domain).is_some() {
                    return Err(refused(
                        part,
                        &format!(
                            "failed to parse URI constraint {}: cannot be IP address",
                            quote(&domain)
                        ),
                    ));
                }
                if !is_domain_constraint(&domain, go) {
                    return Err(failed("URI", &domain));
                }
                subtrees.uris.push(domain);
            }
            _ => *handled = false,
        }
    }
    Ok(subtrees)
}

fn address_constraint(value: &[u8], go: GoBuild) -> Result<(Vec<u8>, Vec<u8>), CertificateError> {
    let part = "name constraints";
    if !matches!(value.len(), 8 | 32) {
        return Err(refused(
            part,
            &format!("IP constraint contained value of length {}", value.len()),
        ));
    }
    let (address, mask) = value.split_at(value.len() / 2);
    let ones = mask
        .iter()
        .position(|&byte| byte != 0xff)
        .unwrap_or(mask.len());
    let contiguous = match mask.get(ones..) {
        Some([first, rest @ ..]) => {
            first.leading_ones() + first.trailing_zeros() == 8 && rest.iter().all(|&byte| byte == 0)
        }
        _ => true,
    };
    if !contiguous {
        let text = hexadecimal(mask);
        return Err(refused(
            part,
            &format!("IP constraint contained invalid mask {text}"),
        ));
    }
    if go.refuses_mapped_addresses() && is_mapped(address) {
        return Err(refused(
            part,
            "IP constraint contained IPv4-mapped IPv6 address",
        ));
    }
    Ok((address.to_vec(), mask.to_vec()))
}
