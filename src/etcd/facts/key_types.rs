//! Which kinds of keys a series of etcd takes, for whoever chooses one. What a
//! build takes is what the Go that it was made with takes: RSA and ECDSA always,
//! Ed25519 since Go 1.13, ML-DSA since Go 1.27 (their release notes,
//! `crypto/x509` and `crypto/tls`).

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
        (_, KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87) => Some(
            "No release of etcd takes ML-DSA keys yet: they need an etcd and an etcdctl built with Go 1.27 or later (etcd --version says which), and TLS 1.3.",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::release::EtcdBuild;

    #[test]
    fn only_early_builds_of_3_4_refuse_an_old_kind_and_all_a_new_one() {
        for series in Series::ALL {
            let newest = EtcdBuild::upstream(series.newest());
            for kind in KeyType::ALL {
                let refused = series == Series::V3_4 && kind == KeyType::Ed25519
                    || kind.parameter_set().is_some() && !newest.go.knows_ml_dsa();
                assert_eq!(refused_by(series, kind).is_some(), refused);
            }
        }
    }
}
