//! Every release of etcd, one row each, and what else is known of a series, a
//! package or a build. No logic: [`super`] looks things up here.

use go_x509::version::{GoBuild, GoVersion};

use super::{
    EtcdVersion, NEVER, Series, Since,
    row::{GrpcVersion, LogLines, Package, Packager, Release, SecurityNotice},
};

const fn go(minor: u16, patch: u16, language: u16) -> GoBuild {
    GoBuild::new(GoVersion::new(minor, patch), language)
}

const fn grpc(minor: u16, patch: u16) -> GrpcVersion {
    GrpcVersion { minor, patch }
}

const fn release(
    minor: u16,
    patch: u16,
    date: &'static str,
    go: GoBuild,
    grpc: GrpcVersion,
) -> Release {
    Release {
        version: EtcdVersion::new(minor, patch),
        date,
        go,
        grpc,
    }
}

/// The project's releases, oldest first: minor and patch version, the tag's
/// date, the Go toolchain with the `go` line, and gRPC. Read from each tag's
/// `.go-version` and `go.mod`; before 3.4.26 and 3.5.9 the toolchain is that of
/// the CI's configuration and of measured builds.
#[rustfmt::skip]
pub(super) static RELEASES: &[Release] = &[
    release(4, 0, "2019-08-30", go(12, 9, 12), grpc(23, 0)),
    release(4, 1, "2019-09-17", go(12, 9, 12), grpc(23, 1)),
    release(4, 2, "2019-10-09", go(12, 9, 12), grpc(23, 1)),
    release(4, 3, "2019-10-23", go(12, 12, 12), grpc(23, 1)),
    release(4, 4, "2020-02-24", go(12, 12, 12), grpc(23, 1)),
    release(4, 5, "2020-03-18", go(12, 12, 12), grpc(23, 1)),
    release(4, 6, "2020-03-29", go(12, 12, 12), grpc(23, 1)),
    release(4, 7, "2020-04-01", go(12, 12, 12), grpc(23, 1)),
    release(4, 8, "2020-05-18", go(12, 12, 12), grpc(26, 0)),
    release(4, 9, "2020-05-20", go(12, 12, 14), grpc(26, 0)),
    release(4, 10, "2020-07-16", go(12, 12, 14), grpc(26, 0)),
    release(4, 11, "2020-08-18", go(12, 12, 14), grpc(26, 0)),
    release(4, 12, "2020-08-19", go(12, 12, 14), grpc(26, 0)),
    release(4, 13, "2020-08-24", go(12, 12, 14), grpc(26, 0)),
    release(4, 14, "2020-11-25", go(12, 12, 14), grpc(26, 0)),
    release(4, 15, "2021-02-26", go(12, 12, 14), grpc(26, 0)),
    release(4, 16, "2021-05-12", go(12, 17, 12), grpc(26, 0)),
    release(4, 17, "2021-10-03", go(12, 17, 12), grpc(26, 0)),
    release(4, 18, "2021-10-15", go(12, 17, 12), grpc(26, 0)),
    release(4, 19, "2022-07-12", go(16, 15, 16), grpc(26, 0)),
    release(4, 20, "2022-08-06", go(16, 15, 16), grpc(26, 0)),
    release(4, 21, "2022-09-15", go(16, 15, 16), grpc(26, 0)),
    release(4, 22, "2022-11-02", go(16, 15, 16), grpc(26, 0)),
    release(4, 23, "2022-12-21", go(17, 13, 17), grpc(26, 0)),
    release(4, 24, "2023-02-16", go(17, 13, 17), grpc(26, 0)),
    release(4, 25, "2023-04-14", go(19, 8, 19), grpc(26, 0)),
    release(4, 26, "2023-05-12", go(19, 9, 19), grpc(26, 0)),
    release(4, 27, "2023-07-11", go(19, 10, 19), grpc(26, 0)),
    release(4, 28, "2023-11-23", go(20, 11, 20), grpc(58, 3)),
    release(4, 29, "2024-01-09", go(20, 12, 20), grpc(58, 3)),
    release(4, 30, "2024-01-31", go(20, 13, 20), grpc(58, 3)),
    release(4, 31, "2024-03-20", go(21, 8, 21), grpc(58, 3)),
    release(4, 32, "2024-04-25", go(21, 9, 21), grpc(58, 3)),
    release(4, 33, "2024-06-13", go(21, 11, 21), grpc(58, 3)),
    release(4, 34, "2024-09-11", go(22, 7, 22), grpc(58, 3)),
    release(4, 35, "2024-11-12", go(22, 9, 22), grpc(58, 3)),
    release(4, 36, "2025-02-25", go(23, 6, 23), grpc(58, 3)),
    release(4, 37, "2025-04-16", go(23, 8, 23), grpc(58, 3)),
    release(4, 38, "2025-10-21", go(24, 9, 24), grpc(58, 3)),
    release(4, 39, "2025-11-11", go(24, 10, 24), grpc(58, 3)),
    release(4, 40, "2025-12-18", go(24, 11, 24), grpc(58, 3)),
    release(4, 41, "2026-02-13", go(24, 13, 24), grpc(58, 3)),
    release(4, 42, "2026-03-20", go(25, 8, 25), grpc(79, 3)),
    release(4, 43, "2026-04-01", go(25, 8, 25), grpc(79, 3)),
    release(4, 44, "2026-05-01", go(25, 9, 25), grpc(79, 3)),
    release(4, 45, "2026-06-01", go(25, 10, 25), grpc(79, 3)),
    release(5, 0, "2021-06-15", go(16, 3, 16), grpc(38, 0)),
    release(5, 1, "2021-10-03", go(16, 3, 16), grpc(38, 0)),
    release(5, 2, "2022-02-01", go(16, 3, 16), grpc(38, 0)),
    release(5, 3, "2022-04-13", go(16, 3, 16), grpc(38, 0)),
    release(5, 4, "2022-04-24", go(16, 3, 16), grpc(38, 0)),
    release(5, 5, "2022-09-15", go(16, 15, 16), grpc(41, 0)),
    release(5, 6, "2022-11-21", go(16, 15, 16), grpc(41, 0)),
    release(5, 7, "2023-01-20", go(17, 13, 17), grpc(41, 0)),
    release(5, 8, "2023-04-13", go(19, 8, 19), grpc(41, 0)),
    release(5, 9, "2023-05-11", go(19, 9, 19), grpc(41, 0)),
    release(5, 10, "2023-10-27", go(20, 10, 20), grpc(58, 3)),
    release(5, 11, "2023-12-07", go(20, 12, 20), grpc(59, 0)),
    release(5, 12, "2024-01-31", go(20, 13, 20), grpc(59, 0)),
    release(5, 13, "2024-03-30", go(21, 8, 21), grpc(59, 0)),
    release(5, 14, "2024-05-30", go(21, 10, 21), grpc(59, 0)),
    release(5, 15, "2024-07-19", go(21, 12, 21), grpc(59, 0)),
    release(5, 16, "2024-09-10", go(22, 7, 22), grpc(59, 0)),
    release(5, 17, "2024-11-12", go(22, 9, 22), grpc(59, 0)),
    release(5, 18, "2025-01-25", go(22, 11, 22), grpc(59, 0)),
    release(5, 19, "2025-03-05", go(23, 7, 23), grpc(59, 0)),
    release(5, 20, "2025-03-21", go(23, 7, 23), grpc(59, 0)),
    release(5, 21, "2025-03-27", go(23, 7, 23), grpc(59, 0)),
    release(5, 22, "2025-07-23", go(23, 11, 23), grpc(71, 1)),
    release(5, 23, "2025-09-19", go(24, 7, 24), grpc(71, 1)),
    release(5, 24, "2025-10-21", go(24, 9, 24), grpc(71, 1)),
    release(5, 25, "2025-11-12", go(24, 10, 24), grpc(71, 1)),
    release(5, 26, "2025-12-18", go(24, 11, 24), grpc(71, 1)),
    release(5, 27, "2026-02-13", go(24, 13, 24), grpc(71, 1)),
    release(5, 28, "2026-03-20", go(25, 8, 25), grpc(79, 3)),
    release(5, 29, "2026-04-01", go(25, 8, 25), grpc(79, 3)),
    release(5, 30, "2026-05-01", go(25, 9, 25), grpc(79, 3)),
    release(5, 31, "2026-06-01", go(25, 10, 25), grpc(79, 3)),
    release(5, 32, "2026-07-01", go(25, 11, 25), grpc(79, 3)),
    release(5, 33, "2026-07-23", go(25, 12, 25), grpc(82, 1)),
    release(5, 34, "2026-09-22", go(26, 8, 26), grpc(83, 2)),
    release(5, 35, "2026-10-22", go(26, 10, 26), grpc(83, 2)),
    release(6, 0, "2025-05-15", go(23, 9, 23), grpc(71, 1)),
    release(6, 1, "2025-06-06", go(23, 10, 23), grpc(71, 1)),
    release(6, 2, "2025-07-10", go(23, 11, 23), grpc(71, 1)),
    release(6, 3, "2025-07-23", go(23, 11, 23), grpc(71, 1)),
    release(6, 4, "2025-07-25", go(23, 11, 23), grpc(71, 1)),
    release(6, 5, "2025-09-19", go(24, 7, 24), grpc(71, 1)),
    release(6, 6, "2025-11-12", go(24, 10, 24), grpc(71, 1)),
    release(6, 7, "2025-12-18", go(24, 11, 24), grpc(71, 1)),
    release(6, 8, "2026-02-13", go(24, 13, 24), grpc(71, 1)),
    release(6, 9, "2026-03-20", go(25, 8, 25), grpc(79, 3)),
    release(6, 10, "2026-04-01", go(25, 8, 25), grpc(79, 3)),
    release(6, 11, "2026-05-01", go(25, 9, 25), grpc(79, 3)),
    release(6, 12, "2026-06-01", go(25, 10, 25), grpc(79, 3)),
    release(6, 13, "2026-07-01", go(25, 11, 25), grpc(79, 3)),
    release(6, 14, "2026-07-23", go(25, 12, 25), grpc(82, 1)),
    release(6, 15, "2026-09-22", go(26, 8, 26), grpc(83, 2)),
    release(6, 16, "2026-10-22", go(26, 10, 26), grpc(83, 2)),
    release(7, 0, "2026-07-08", go(26, 5, 26), grpc(81, 0)),
    release(7, 1, "2026-07-23", go(26, 5, 26), grpc(82, 1)),
    release(7, 2, "2026-09-22", go(26, 8, 26), grpc(83, 2)),
    release(7, 3, "2026-10-22", go(26, 10, 26), grpc(83, 2)),
];

/// The day after which nobody mends a series.
#[rustfmt::skip]
pub(super) static ENDED: &[(Series, &str)] = &[
    // The notes of 3.4.45: "this release marks the end of support (EOL) for v3.4".
    (Series::V3_4, "2026-06-01"),
];

/// Published notices that touch certificates, revocation lists, names or roles,
/// the newest first: the first patch release of 3.4, 3.5, 3.6 and 3.7 that each is
/// about, and the first that is mended. Read from etcd's change logs and advisories.
#[rustfmt::skip]
pub(super) static NOTICES: &[SecurityNotice] = &[
    notice("GHSA-xg4h-6gfc-h4m8", "A user who may read one key can watch every key from that one on.", [0, 0, 0, 0], [NEVER, 33, 14, 1]),
    notice("GHSA-6vch-q96h-7gc3", "A connection whose TLS handshake never ends is kept.", [0, 0, 0, 0], [NEVER, 33, 14, 1]),
    notice("GHSA-3wh4-j44w-pg92", "With --listen-client-http-urls the revocation list is not asked on the gRPC port.", [25, 8, 0, 0], [NEVER, 32, 13, 0]).of_lists(),
    notice("CVE-2026-44283", "A put inside of a transaction shows the value before it, or takes a lease, without asking for the user’s role.", [0, 0, 0, 0], [44, 30, 11, 0]),
    notice("CVE-2026-33413", "Some calls are answered without asking for the user’s role.", [0, 0, 0, 0], [42, 28, 9, 0]),
    notice("CVE-2026-33343", "A transaction inside of a transaction is not held against the user’s role.", [0, 0, 0, 0], [42, 28, 9, 0]),
    notice("CVE-2023-32082", "The keys of a lease are told to users whose role does not let them read those.", [0, 0, 0, 0], [26, 9, 0, 0]),
    notice("CVE-2021-28235", "The debug pages can show the password that a user logged in with.", [0, 0, 0, 0], [25, 8, 0, 0]),
    notice("CVE-2020-15113", "An existing folder for certificates of --auto-tls is used whoever may read it.", [0, NEVER, NEVER, NEVER], [10, 0, 0, 0]),
];

const fn notice(
    number: &'static str,
    words: &'static str,
    since: [u16; Series::ALL.len()],
    mended: [u16; Series::ALL.len()],
) -> SecurityNotice {
    SecurityNotice {
        number,
        words,
        about_lists: false,
        since: Since::new(since),
        mended: Since::new(mended),
    }
}

impl SecurityNotice {
    /// It is about revocation lists.
    const fn of_lists(self) -> Self {
        Self {
            about_lists: true,
            ..self
        }
    }
}

/// Builds of others that were measured (`etcd --version`). Debian builds outside
/// of a module, so that Go's defaults of 1.20 hold.
#[rustfmt::skip]
pub(super) static PACKAGES: &[Package] = &[
    Package { packager: Packager::Debian, version: EtcdVersion::new(4, 23), go: go(19, 8, 20), from: "Debian 12" },
    Package { packager: Packager::Debian, version: EtcdVersion::new(5, 16), go: go(24, 0, 20), from: "Debian 13" },
    Package { packager: Packager::Debian, version: EtcdVersion::new(5, 30), go: go(26, 4, 20), from: "Debian unstable" },
];

/// Older releases of the project that a reader can ask about: this one speaks TLS 1.2
/// alone.
#[rustfmt::skip]
pub(super) static OFFERED: &[EtcdVersion] = &[
    EtcdVersion::new(5, 1),
];

/// The build that stands for a series where it is not the newest release: of
/// 3.4, whose support has ended, Debian 12's, as most that are run.
#[rustfmt::skip]
pub(super) static STANDS: &[(Series, EtcdVersion)] = &[
    (Series::V3_4, EtcdVersion::new(4, 23)),
];

/// The lines of its source that a build logs from, where that was measured: a
/// refused connection, etcdctl's retry, etcd's end, and its flags' check.
#[rustfmt::skip]
pub(super) static LOG_LINES: &[(EtcdVersion, Packager, LogLines)] = &[
    (EtcdVersion::new(4, 23), Packager::Debian, LogLines { rejected: 0, retry: 62, ended: 0, verified: 0 }),
    (EtcdVersion::new(5, 1), Packager::Upstream, LogLines { rejected: 169, retry: 62, ended: 218, verified: 74 }),
    (EtcdVersion::new(5, 16), Packager::Debian, LogLines { rejected: 170, retry: 63, ended: 219, verified: 75 }),
    (EtcdVersion::new(5, 30), Packager::Debian, LogLines { rejected: 177, retry: 66, ended: 219, verified: 75 }),
    (EtcdVersion::new(5, 35), Packager::Upstream, LogLines { rejected: 177, retry: 66, ended: 219, verified: 75 }),
    (EtcdVersion::new(6, 16), Packager::Upstream, LogLines { rejected: 194, retry: 68, ended: 198, verified: 66 }),
    (EtcdVersion::new(7, 3), Packager::Upstream, LogLines { rejected: 194, retry: 68, ended: 172, verified: 65 }),
];
