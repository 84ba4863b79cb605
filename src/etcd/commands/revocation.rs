//! How a member is told of a revocation list, and what each version makes of
//! the file. etcd checks neither the list's signature nor its dates: only
//! whether a serial number is on it.

use crate::etcd::facts::option::{ConfigKey, EtcdOption};
use crate::etcd::{
    command::quote,
    deployment::Deployment,
    facts::release::{EtcdBuild, Series},
};
use go_x509::revocation_list::RevocationListReader;

/// A revocation list at a port of etcd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationOption {
    /// The flag with the file.
    pub flag: String,
    /// The same as an environment variable.
    pub variable: String,
    /// Whether the config file has a key for it.
    pub in_config_file: bool,
    /// What the version reads, in one sentence.
    pub reads: &'static str,
}

/// The client port's and the peer port's, for a list at this path.
#[must_use]
pub fn revocation(series: Series, file: &str) -> [RevocationOption; 2] {
    [
        EtcdOption::ClientRevocationListFile,
        EtcdOption::PeerRevocationListFile,
    ]
    .map(|option| RevocationOption {
        flag: format!("{}={}", option.flag(), quote(file)),
        variable: format!("{}={}", option.variable(), quote(file)),
        in_config_file: option.config_key() != ConfigKey::Nowhere,
        reads: reads(series),
    })
}

/// What a version reads, in one sentence.
#[must_use]
pub fn reads(series: Series) -> &'static str {
    match EtcdBuild::upstream(series.newest()).revocation_list_reader() {
        RevocationListReader::ParseCrl => {
            "etcd 3.4 and 3.5 read DER or PEM, and of several lists in the file the first only."
        }
        RevocationListReader::ParseRevocationList => "etcd 3.6 and later read DER only.",
    }
}

/// What to know where members are started with a list, in two sentences; nothing
/// where they are not.
pub(super) fn note(deployment: &Deployment) -> Option<String> {
    let mut members = deployment.members.iter();
    members
        .any(|member| member.client_tls.revocation_list.is_some())
        .then(|| {
            format!(
                "The CRL is in DER. {} It is read again at each connection: put a newer one in its place, and no restart is needed. While it is missing or damaged, everybody is turned away.",
                reads(deployment.series)
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_is_told_what_it_reads() {
        for series in Series::ALL {
            let [client, peer] = revocation(series, "/srv/a list.crl");
            assert_eq!(client.flag, "--client-crl-file='/srv/a list.crl'");
            assert_eq!(peer.variable, "ETCD_PEER_CRL_FILE='/srv/a list.crl'");
            assert!(!client.in_config_file);
            assert!(client.reads.contains("DER"));
        }
    }
}
