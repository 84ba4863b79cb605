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
        (Series::V3_4, KeyType::Ed25519) => Some(
            "etcd 3.4.18 and earlier were built with Go 1.12, which refuses Ed25519; builds with Go 1.13 or later take it (etcd --version says which).",
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
    use crate::etcd::facts::release::{EtcdBuild, EtcdVersion};

    #[test]
    fn the_last_release_without_ed25519_is_the_last_one_of_go_1_12() {
        let last = EtcdVersion::LAST_WITHOUT_ED25519;
        let knows = |patch| {
            EtcdBuild::upstream(EtcdVersion { patch, ..last })
                .go
                .toolchain
                .minor
                >= 13
        };
        assert!(!knows(last.patch) && knows(last.patch + 1));
        let said = refused_by(Series::V3_4, KeyType::Ed25519).unwrap_or_default();
        assert!(said.contains(&format!("etcd {last} and earlier")), "{said}");
    }

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
