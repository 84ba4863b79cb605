//! What a row of `table.rs` is, of each kind.

use go_x509::version::GoBuild;

use super::{EtcdVersion, Since};

/// Who built it: distributions take another Go than the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packager {
    /// The binaries of the etcd project.
    Upstream,
    /// Debian's packages of 3.4.23, 3.5.16 and 3.5.30.
    Debian,
}

/// A gRPC release, `1.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GrpcVersion {
    /// The 83 of 1.83.2.
    pub minor: u16,
    /// The 2 of 1.83.2.
    pub patch: u16,
}

/// Where in its source a build logs from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLines {
    /// `embed/config_logging.go`: a connection that is refused.
    pub rejected: u16,
    /// `retry_interceptor.go`: etcdctl tries again.
    pub retry: u16,
    /// `etcdmain/etcd.go`: etcd ends.
    pub ended: u16,
    /// The same: its flags don't fit.
    pub verified: u16,
}

/// A row of the releases.
pub(super) struct Release {
    pub(super) version: EtcdVersion,
    /// The tag's day, `2026-10-22`.
    pub(super) date: &'static str,
    pub(super) go: GoBuild,
    pub(super) grpc: GrpcVersion,
}

/// A package of somebody else's that was measured.
pub(super) struct Package {
    pub(super) packager: Packager,
    pub(super) version: EtcdVersion,
    pub(super) go: GoBuild,
    /// Where it is found.
    pub(super) from: &'static str,
}

/// A published notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityNotice {
    /// Its number: `CVE-2026-33413` or `GHSA-3wh4-j44w-pg92`.
    pub number: &'static str,
    /// What it is about, in a sentence.
    pub words: &'static str,
    /// Whether it is about revocation lists.
    pub about_lists: bool,
    /// The releases that it is about, if they are not mended.
    pub(super) since: Since,
    /// The releases that are mended.
    pub(super) mended: Since,
}
