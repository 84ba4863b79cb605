//! What OpenSSL wants of each certificate of a chain where it is told to be strict
//! (`X509_V_FLAG_X509_STRICT`, `crypto/x509/x509_vfy.c`, `check_extensions`), as Python
//! tells it since 3.13. A certificate that signed itself is not asked.

use go_x509::certificate::Certificate;

use crate::etcd::facts::rule::Rule;

const KEY_USAGE: [u8; 3] = [0x55, 0x1d, 0x0f];
const BASIC_CONSTRAINTS: [u8; 3] = [0x55, 0x1d, 0x13];

/// What is missed first in a chain, with OpenSSL's words.
#[must_use]
pub fn missed(leaf: &Certificate, above: &[&Certificate]) -> Option<(Rule, &'static str)> {
    let mut chain = std::iter::once(leaf)
        .chain(above.iter().copied())
        .peekable();
    while let Some(certificate) = chain.next() {
        let found = in_authority(certificate).or_else(|| {
            let names_issuer = !certificate.authority_key_identifier.is_empty();
            (chain.peek().is_some() && !names_issuer)
                .then_some((Rule::IssuerIsSubject, "Missing Authority Key Identifier"))
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What is missed in a CA's certificate.
#[must_use]
pub fn in_authority(certificate: &Certificate) -> Option<(Rule, &'static str)> {
    if !certificate.is_authority {
        return None;
    }
    let extension = |identifier: [u8; 3]| {
        let mut all = certificate.extensions.iter();
        all.find(|it| it.identifier == identifier)
    };
    if extension(BASIC_CONSTRAINTS).is_some_and(|it| !it.critical) {
        Some((
            Rule::IntermediateIsCa,
            "Basic Constraints of CA cert not marked critical",
        ))
    } else if extension(KEY_USAGE).is_none() {
        Some((
            Rule::IssuerCanSign,
            "CA cert does not include key usage extension",
        ))
    } else if certificate.subject_key_identifier.is_empty() {
        Some((Rule::IssuerIsSubject, "Missing Subject Key Identifier"))
    } else {
        None
    }
}
