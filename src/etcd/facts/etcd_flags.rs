//! etcd's own flags: for each its kind, and since which patch release of 3.4,
//! 3.5, 3.6 and 3.7 it exists. Collected from the flag definitions of every
//! release (`etcdmain/config.go`, since 3.6 `embed/config.go`).

use crate::etcd::facts::release::EtcdVersion;

/// What a flag's value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// `true` or `false`; alone it means `true`.
    Boolean,
    /// Any text.
    Text,
    /// A number of zero or more.
    Unsigned,
    /// A number of at most 32 bits.
    Unsigned32,
    /// A number.
    Signed,
    /// A duration such as `5s`.
    Duration,
    /// URLs with host and port, separated by commas, or nothing.
    Urls,
    /// The same, or `*`.
    Origins,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// The same, with the word in the refusal.
    QuotedChoice(&'static [&'static str]),
    /// A flag of old versions, taken and ignored.
    Ignored,
}

const CLUSTER_STATES: &[&str] = &["new", "existing"];
const FALLBACKS: &[&str] = &["proxy", "exit"];
const DEPRECATIONS: &[&str] = &["not-yet", "write-only", "write-only-drop-data", "gone"];
const PROXIES: &[&str] = &["off", "readonly", "on"];

/// In no release of that line.
const NEVER: u16 = u16::MAX;

/// The kind of the flag with this name, if this etcd has it.
#[must_use]
pub fn kind(name: &str, version: EtcdVersion) -> Option<FlagKind> {
    let line = usize::from(version.minor.clamp(4, 7) - 4);
    FLAGS
        .iter()
        .find(|(known, _, since)| {
            *known == name && since[line] != NEVER && since[line] <= version.patch
        })
        .map(|(_, kind, _)| *kind)
}

/// All flags that this etcd has.
pub fn names(version: EtcdVersion) -> impl Iterator<Item = &'static str> {
    FLAGS
        .iter()
        .map(|(name, _, _)| *name)
        .filter(move |name| kind(name, version).is_some())
}

#[rustfmt::skip]
static FLAGS: &[(&str, FlagKind, [u16; 4])] = &[
    ("advertise-client-urls", FlagKind::Urls, [0, 0, 0, 0]),
    ("auth-token", FlagKind::Text, [0, 0, 0, 0]),
    ("auth-token-ttl", FlagKind::Unsigned, [10, 0, 0, 0]),
    ("auto-compaction-mode", FlagKind::Text, [0, 0, 0, 0]),
    ("auto-compaction-retention", FlagKind::Text, [0, 0, 0, 0]),
    ("auto-tls", FlagKind::Boolean, [0, 0, 0, 0]),
    ("backend-batch-interval", FlagKind::Duration, [0, 0, 0, 0]),
    ("backend-batch-limit", FlagKind::Signed, [0, 0, 0, 0]),
    ("backend-bbolt-freelist-type", FlagKind::Text, [NEVER, 0, 0, 0]),
    ("bcrypt-cost", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("bootstrap-defrag-threshold-megabytes", FlagKind::Unsigned, [NEVER, NEVER, 0, 0]),
    ("cert-file", FlagKind::Text, [0, 0, 0, 0]),
    ("cipher-suites", FlagKind::Text, [0, 0, 0, 0]),
    ("client-cert-allowed-hostname", FlagKind::Text, [0, 0, 0, 0]),
    ("client-cert-auth", FlagKind::Boolean, [0, 0, 0, 0]),
    ("client-cert-file", FlagKind::Text, [NEVER, 0, 0, 0]),
    ("client-crl-file", FlagKind::Text, [0, 0, 0, 0]),
    ("client-key-file", FlagKind::Text, [NEVER, 0, 0, 0]),
    ("cluster-active-size", FlagKind::Ignored, [0, 0, 0, 0]),
    ("cluster-remove-delay", FlagKind::Ignored, [0, 0, 0, 0]),
    ("cluster-sync-interval", FlagKind::Ignored, [0, 0, 0, 0]),
    ("compact-hash-check-time", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("compaction-batch-limit", FlagKind::Signed, [NEVER, NEVER, 0, 0]),
    ("compaction-sleep-interval", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("config", FlagKind::Ignored, [0, 0, 0, 0]),
    ("config-file", FlagKind::Text, [0, 0, 0, 0]),
    ("corrupt-check-time", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("cors", FlagKind::Origins, [0, 0, 0, 0]),
    ("data-dir", FlagKind::Text, [0, 0, 0, 0]),
    ("debug", FlagKind::Boolean, [0, NEVER, NEVER, NEVER]),
    ("discovery", FlagKind::Text, [0, 0, 0, NEVER]),
    ("discovery-cacert", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("discovery-cert", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("discovery-dial-timeout", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("discovery-endpoints", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("discovery-fallback", FlagKind::Choice(FALLBACKS), [0, 0, 0, 0]),
    ("discovery-insecure-skip-tls-verify", FlagKind::Boolean, [NEVER, NEVER, 0, 0]),
    ("discovery-insecure-transport", FlagKind::Boolean, [NEVER, NEVER, 0, 0]),
    ("discovery-keepalive-time", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("discovery-keepalive-timeout", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("discovery-key", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("discovery-password", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("discovery-proxy", FlagKind::Text, [0, 0, 0, NEVER]),
    ("discovery-request-timeout", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("discovery-srv", FlagKind::Text, [0, 0, 0, 0]),
    ("discovery-srv-name", FlagKind::Text, [0, 0, 0, 0]),
    ("discovery-token", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("discovery-user", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("distributed-tracing-address", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("distributed-tracing-instance-id", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("distributed-tracing-sampling-rate", FlagKind::Signed, [NEVER, NEVER, 0, 0]),
    ("distributed-tracing-service-name", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("downgrade-check-time", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("election-timeout", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("enable-distributed-tracing", FlagKind::Boolean, [NEVER, NEVER, 0, 0]),
    ("enable-grpc-gateway", FlagKind::Boolean, [0, 0, 0, 0]),
    ("enable-log-rotation", FlagKind::Boolean, [NEVER, 0, 0, 0]),
    ("enable-pprof", FlagKind::Boolean, [0, 0, 0, 0]),
    ("enable-v2", FlagKind::Boolean, [0, 0, NEVER, NEVER]),
    ("experimental-backend-bbolt-freelist-type", FlagKind::Text, [0, NEVER, NEVER, NEVER]),
    ("experimental-bootstrap-defrag-threshold-megabytes", FlagKind::Unsigned, [NEVER, 0, 0, NEVER]),
    ("experimental-compact-hash-check-enabled", FlagKind::Boolean, [NEVER, 5, 0, NEVER]),
    ("experimental-compact-hash-check-time", FlagKind::Duration, [NEVER, 5, 0, NEVER]),
    ("experimental-compaction-batch-limit", FlagKind::Signed, [0, 0, 0, NEVER]),
    ("experimental-compaction-sleep-interval", FlagKind::Duration, [NEVER, 16, 0, NEVER]),
    ("experimental-corrupt-check-time", FlagKind::Duration, [0, 0, 0, NEVER]),
    ("experimental-distributed-tracing-address", FlagKind::Text, [NEVER, 0, 0, NEVER]),
    ("experimental-distributed-tracing-instance-id", FlagKind::Text, [NEVER, 0, 0, NEVER]),
    ("experimental-distributed-tracing-sampling-rate", FlagKind::Signed, [NEVER, 11, 0, NEVER]),
    ("experimental-distributed-tracing-service-name", FlagKind::Text, [NEVER, 0, 0, NEVER]),
    ("experimental-downgrade-check-time", FlagKind::Duration, [NEVER, 0, 0, NEVER]),
    ("experimental-enable-distributed-tracing", FlagKind::Boolean, [NEVER, 0, 0, NEVER]),
    ("experimental-enable-lease-checkpoint", FlagKind::Boolean, [0, 0, 0, NEVER]),
    ("experimental-enable-lease-checkpoint-persist", FlagKind::Boolean, [20, 2, 0, NEVER]),
    ("experimental-enable-v2v3", FlagKind::Text, [0, 0, NEVER, NEVER]),
    ("experimental-initial-corrupt-check", FlagKind::Boolean, [0, 0, 0, NEVER]),
    ("experimental-memory-mlock", FlagKind::Boolean, [NEVER, 0, 0, NEVER]),
    ("experimental-peer-skip-client-san-verification", FlagKind::Boolean, [0, 0, 0, NEVER]),
    ("experimental-snapshot-catchup-entries", FlagKind::Unsigned, [NEVER, 14, 0, NEVER]),
    ("experimental-stop-grpc-service-on-defrag", FlagKind::Boolean, [NEVER, 14, 0, NEVER]),
    ("experimental-txn-mode-write-with-shared-buffer", FlagKind::Boolean, [NEVER, 0, 0, NEVER]),
    ("experimental-warning-apply-duration", FlagKind::Duration, [16, 0, 0, NEVER]),
    ("experimental-warning-unary-request-duration", FlagKind::Duration, [NEVER, NEVER, 0, NEVER]),
    ("experimental-watch-progress-notify-interval", FlagKind::Duration, [11, 0, 0, NEVER]),
    ("force", FlagKind::Ignored, [0, 0, 0, 0]),
    ("force-new-cluster", FlagKind::Boolean, [0, 0, 0, 0]),
    ("grpc-keepalive-interval", FlagKind::Duration, [0, 0, 0, 0]),
    ("grpc-keepalive-min-time", FlagKind::Duration, [0, 0, 0, 0]),
    ("grpc-keepalive-timeout", FlagKind::Duration, [0, 0, 0, 0]),
    ("heartbeat-interval", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("host-whitelist", FlagKind::Text, [0, 0, 0, 0]),
    ("initial-advertise-peer-urls", FlagKind::Urls, [0, 0, 0, 0]),
    ("initial-cluster", FlagKind::Text, [0, 0, 0, 0]),
    ("initial-cluster-state", FlagKind::Choice(CLUSTER_STATES), [0, 0, 0, 0]),
    ("initial-cluster-token", FlagKind::Text, [0, 0, 0, 0]),
    ("initial-election-tick-advance", FlagKind::Boolean, [0, 0, 0, 0]),
    ("key-file", FlagKind::Text, [0, 0, 0, 0]),
    ("listen-client-http-urls", FlagKind::Urls, [25, 8, 0, 0]),
    ("listen-client-urls", FlagKind::Urls, [0, 0, 0, 0]),
    ("listen-metrics-urls", FlagKind::Urls, [0, 0, 0, 0]),
    ("listen-peer-urls", FlagKind::Urls, [0, 0, 0, 0]),
    ("log-format", FlagKind::Text, [NEVER, NEVER, 0, 0]),
    ("log-level", FlagKind::Text, [0, 0, 0, 0]),
    ("log-output", FlagKind::Text, [0, NEVER, NEVER, NEVER]),
    ("log-outputs", FlagKind::Text, [0, 0, 0, 0]),
    ("log-package-levels", FlagKind::Text, [0, NEVER, NEVER, NEVER]),
    ("log-rotation-config-json", FlagKind::Text, [NEVER, 0, 0, 0]),
    ("logger", FlagKind::Text, [0, 0, 0, 0]),
    ("max-concurrent-streams", FlagKind::Unsigned32, [20, 5, 0, 0]),
    ("max-learners", FlagKind::Signed, [NEVER, NEVER, 0, 0]),
    ("max-request-bytes", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("max-result-buffer", FlagKind::Ignored, [0, 0, 0, 0]),
    ("max-retry-attempts", FlagKind::Ignored, [0, 0, 0, 0]),
    ("max-snapshots", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("max-txn-ops", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("max-wals", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("memory-mlock", FlagKind::Boolean, [NEVER, NEVER, 0, 0]),
    ("metrics", FlagKind::Text, [0, 0, 0, 0]),
    ("name", FlagKind::Text, [0, 0, 0, 0]),
    ("next-cluster-version-compatible", FlagKind::Boolean, [31, NEVER, NEVER, NEVER]),
    ("peer-auto-tls", FlagKind::Boolean, [0, 0, 0, 0]),
    ("peer-cert-allowed-cn", FlagKind::Text, [0, 0, 0, 0]),
    ("peer-cert-allowed-hostname", FlagKind::Text, [0, 0, 0, 0]),
    ("peer-cert-file", FlagKind::Text, [0, 0, 0, 0]),
    ("peer-client-cert-auth", FlagKind::Boolean, [0, 0, 0, 0]),
    ("peer-client-cert-file", FlagKind::Text, [NEVER, 0, 0, 0]),
    ("peer-client-key-file", FlagKind::Text, [NEVER, 0, 0, 0]),
    ("peer-crl-file", FlagKind::Text, [0, 0, 0, 0]),
    ("peer-election-timeout", FlagKind::Ignored, [0, 0, 0, 0]),
    ("peer-heartbeat-interval", FlagKind::Ignored, [0, 0, 0, 0]),
    ("peer-key-file", FlagKind::Text, [0, 0, 0, 0]),
    ("peer-skip-client-san-verification", FlagKind::Boolean, [NEVER, NEVER, 0, 0]),
    ("peer-trusted-ca-file", FlagKind::Text, [0, 0, 0, 0]),
    ("pre-vote", FlagKind::Boolean, [0, 0, 0, 0]),
    ("proxy", FlagKind::Choice(PROXIES), [0, 0, NEVER, NEVER]),
    ("proxy-dial-timeout", FlagKind::Unsigned, [0, 0, NEVER, NEVER]),
    ("proxy-failure-wait", FlagKind::Unsigned, [0, 0, NEVER, NEVER]),
    ("proxy-read-timeout", FlagKind::Unsigned, [0, 0, NEVER, NEVER]),
    ("proxy-refresh-interval", FlagKind::Unsigned, [0, 0, NEVER, NEVER]),
    ("proxy-write-timeout", FlagKind::Unsigned, [0, 0, NEVER, NEVER]),
    ("quota-backend-bytes", FlagKind::Signed, [0, 0, 0, 0]),
    ("raft-read-timeout", FlagKind::Duration, [NEVER, 0, 0, 0]),
    ("raft-write-timeout", FlagKind::Duration, [NEVER, 0, 0, 0]),
    ("retry-interval", FlagKind::Ignored, [0, 0, 0, 0]),
    ("self-signed-cert-validity", FlagKind::Unsigned, [NEVER, 0, 0, 0]),
    ("snapshot", FlagKind::Ignored, [0, 0, 0, 0]),
    ("snapshot-catchup-entries", FlagKind::Unsigned, [NEVER, NEVER, 0, 0]),
    ("snapshot-count", FlagKind::Unsigned, [0, 0, 0, 0]),
    ("socket-reuse-address", FlagKind::Boolean, [NEVER, 0, 0, 0]),
    ("socket-reuse-port", FlagKind::Boolean, [NEVER, 0, 0, 0]),
    ("strict-reconfig-check", FlagKind::Boolean, [0, 0, 0, 0]),
    ("tls-max-version", FlagKind::Text, [25, 8, 0, 0]),
    ("tls-min-version", FlagKind::Text, [25, 8, 0, 0]),
    ("trusted-ca-file", FlagKind::Text, [0, 0, 0, 0]),
    ("unsafe-no-fsync", FlagKind::Boolean, [10, 0, 0, 0]),
    ("v", FlagKind::Ignored, [0, 0, 0, 0]),
    ("v2-deprecation", FlagKind::QuotedChoice(DEPRECATIONS), [NEVER, 0, 0, 0]),
    ("version", FlagKind::Boolean, [0, 0, 0, 0]),
    ("vv", FlagKind::Ignored, [0, 0, 0, 0]),
    ("wal-dir", FlagKind::Text, [0, 0, 0, 0]),
    ("warning-apply-duration", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("warning-unary-request-duration", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
    ("watch-progress-notify-interval", FlagKind::Duration, [NEVER, NEVER, 0, 0]),
];
