//! Which etcd a kubeadm brings, one row a release, read from kubeadm's own
//! `cmd/kubeadm/app/constants/constants.go`: `DefaultEtcdVersion`, and
//! `MinExternalEtcdVersion` of 1.34 and later.

use super::release::Series;

/// A release of kubeadm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kubeadm {
    /// Its number.
    pub release: &'static str,
    /// The tag of `registry.k8s.io/etcd` that its static pod has.
    pub tag: &'static str,
    /// The series of that etcd.
    pub series: Series,
}

const fn kubeadm(release: &'static str, tag: &'static str, series: Series) -> Kubeadm {
    Kubeadm {
        release,
        tag,
        series,
    }
}

/// Releases that were read, oldest first.
#[rustfmt::skip]
pub const RELEASES: &[Kubeadm] = &[
    kubeadm("1.21.14", "3.4.13-0", Series::V3_4),
    kubeadm("1.33.5", "3.5.21-0", Series::V3_5),
    kubeadm("1.34.4", "3.6.5-0", Series::V3_6),
    kubeadm("1.35.4", "3.6.6-0", Series::V3_6),
    kubeadm("1.36.3", "3.6.8-0", Series::V3_6),
    kubeadm("1.37.2", "3.7.0-0", Series::V3_7),
];

/// The oldest etcd of one's own that kubeadm 1.34 and later take.
pub const OLDEST_OF_ONES_OWN: &str = "3.5.24";

/// Where it keeps certificates, unless `certificatesDir` says otherwise.
pub const CERTIFICATES: &str = "/etc/kubernetes/pki";

/// Where its etcd keeps data, unless `dataDir` says otherwise.
pub const DATA: &str = "/var/lib/etcd";

/// The port of loopback where its etcd answers probes and is asked for metrics: the
/// kubelet has no certificate to show on the client port.
pub const METRICS_PORT: u16 = 2381;

/// `--snapshot-count` of its etcd.
pub const SNAPSHOT_COUNT: u32 = 10_000;

impl Kubeadm {
    /// The newest release that brings an etcd of this series.
    #[must_use]
    pub fn with(series: Series) -> Option<Self> {
        Self::all_with(series).next_back()
    }

    /// The releases that bring an etcd of this series, oldest first.
    #[must_use]
    pub fn all_with(series: Series) -> impl DoubleEndedIterator<Item = Self> {
        let rows = RELEASES.iter().copied();
        rows.filter(move |row| row.series == series)
    }

    /// The newest release that brings an etcd of each series, the newest series first.
    pub fn newest_of_each_series() -> impl Iterator<Item = Self> {
        Series::ALL.into_iter().rev().filter_map(Self::with)
    }

    /// The container image of its static pod.
    #[must_use]
    pub fn image(self) -> String {
        format!("registry.k8s.io/etcd:{}", self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::release::EtcdVersion;

    #[test]
    fn each_kubeadm_brings_a_release_of_its_series_that_is_known() {
        for row in RELEASES {
            let version = EtcdVersion::parse(row.tag).unwrap();
            assert!(version.date().is_some(), "{}", row.tag);
            assert_eq!(version.series(), row.series, "{}", row.tag);
        }
        let oldest = EtcdVersion::parse(OLDEST_OF_ONES_OWN).unwrap();
        assert!(oldest.date().is_some());
    }

    #[test]
    fn each_series_has_a_kubeadm_that_brings_it() {
        let tags = Series::ALL.map(|series| Kubeadm::with(series).map(|row| row.tag));
        assert_eq!(
            tags,
            ["3.4.13-0", "3.5.21-0", "3.6.8-0", "3.7.0-0"].map(Some)
        );
    }
}
