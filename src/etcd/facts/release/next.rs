//! The newest release of etcd as somebody builds it with the next Go: what that
//! Go will refuse, or takes anew, can be asked before the project builds with it.

use go_x509::version::{GoBuild, GoVersion};

use super::{EtcdBuild, Offer, Series};

/// The Go after the newest that a release of etcd is built with.
const NEXT_GO: GoVersion = GoVersion::new(27, 3);

impl EtcdBuild {
    /// The newest release as the next Go builds it.
    #[must_use]
    pub fn of_next_go() -> Self {
        let newest = Self::upstream(Series::LATEST.newest());
        Self {
            go: GoBuild::new(NEXT_GO, newest.go.language),
            ..newest
        }
    }
}

impl Offer {
    /// That build, to be asked about.
    pub(super) fn of_next_go() -> Self {
        Self {
            go: Some(NEXT_GO),
            from: "built with Go 1.27, the next",
            ..Self::upstream(Series::LATEST.newest())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::release::offers;

    #[test]
    fn the_next_go_is_offered_and_no_release_is_built_with_it_yet() {
        let offer = Offer::of_next_go();
        assert!(offers().contains(&offer));
        let build = EtcdBuild::parse(&offer.spelling());
        assert_eq!(build, Ok(EtcdBuild::of_next_go()));
        for series in Series::ALL {
            let newest = EtcdBuild::upstream(series.newest()).go.toolchain;
            assert!(newest.minor < NEXT_GO.minor, "{series}");
        }
    }
}
