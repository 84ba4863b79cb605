//! Which kinds of keys a series of etcd takes, for whoever chooses one. What a
//! build takes is what the Go that it was made with takes: RSA and ECDSA always,
//! Ed25519 since Go 1.13 (its release notes, `crypto/x509` and `crypto/tls`).

use crate::etcd::facts::release::Series;
use crate::pki::key::KeyType;

/// What of a series does not take a kind of key, as a sentence; nothing where
/// every build does.
#[must_use]
pub fn refused_by(series: Series, key_type: KeyType) -> Option<&'static str> {
    match (series, key_type) {
        // `etcd --version` of the releases 3.4.9, 3.4.13, 3.4.15 and 3.4.16 says
        // go1.12.17; 3.4.23 as Debian builds it takes Ed25519.
        (Series::V3_4, KeyType::Ed25519) => Some(
            "etcd 3.4.16 and earlier were built with Go 1.12, which refuses Ed25519; builds with Go 1.13 or later take it (etcd --version says which).",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_early_builds_of_3_4_refuse_a_kind() {
        for series in Series::ALL {
            for kind in KeyType::ALL {
                let refused = series == Series::V3_4 && kind == KeyType::Ed25519;
                assert_eq!(refused_by(series, kind).is_some(), refused);
            }
        }
    }
}
