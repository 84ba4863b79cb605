//! etcd's options, one row each: how the flag is spelled and what value it
//! takes, which releases have it, and where it stands in the config file. Whoever
//! writes an option and whoever reads one looks here; the environment variable
//! follows from the flag (etcd's `pkg/flags`).
//!
//! Read from the definitions of every release (`etcdmain/config.go`, since 3.6
//! `embed/config.go`; the tags of `Config`, `configJSON` and `securityConfig`),
//! and held against `etcd --help` of real builds.

use super::release::{EtcdVersion, NEVER, Series, Since};

/// What a flag's value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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
    Choice(&'static [Word]),
    /// The same, with the word in the refusal.
    QuotedChoice(&'static [Word]),
    /// Gates and whether each is open: `A=true,B=false`.
    FeatureGates,
    /// A flag of old versions, taken and ignored.
    Ignored,
}

/// A word that a flag takes, and the releases that take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: &'static str,
    /// The releases that take it.
    pub since: Since,
}

/// The type of a field of the config file, as Go has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `string`
    Text,
    /// `bool`
    Boolean,
    /// `[]string`
    Texts,
    /// `uint`
    Unsigned,
    /// `uint32`
    Unsigned32,
    /// `uint64`
    Unsigned64,
    /// `int`
    Signed,
    /// `int64`
    Signed64,
    /// `time.Duration`: nanoseconds.
    Duration,
    /// `config.V2DeprecationEnum`: a text.
    Deprecation,
}

impl FieldType {
    /// What Go calls it.
    #[must_use]
    pub const fn go_name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "bool",
            Self::Texts => "[]string",
            Self::Unsigned => "uint",
            Self::Unsigned32 => "uint32",
            Self::Unsigned64 => "uint64",
            Self::Signed => "int",
            Self::Signed64 => "int64",
            Self::Duration => "time.Duration",
            Self::Deprecation => "config.V2DeprecationEnum",
        }
    }
}

/// The part of the config file that a key stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The top, as a field of `Config`.
    Top,
    /// The top, as a field of `configJSON`.
    TopJson,
    /// `client-transport-security`
    ClientTransport,
    /// `peer-transport-security`
    PeerTransport,
    /// `socket-options`
    SocketOptions,
    /// `discovery-config` or a section of it, by this path.
    Discovery(&'static str),
}

/// A key of the config file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it stands.
    pub section: Section,
    /// The key; empty for the flag's own name.
    name: &'static str,
    /// What its value must be.
    pub field_type: FieldType,
    /// The releases that have it; none: those that have the flag.
    since: Option<Since>,
}

impl Key {
    const fn since(self, patches: [u16; Series::ALL.len()]) -> Self {
        Self {
            since: Some(Since::new(patches)),
            ..self
        }
    }

    const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// Where an option is written in etcd's config file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKey {
    /// At the top, under the flag's own name.
    Top,
    /// In `client-transport-security`, under this name.
    ClientTransport(&'static str),
    /// In `peer-transport-security`, under this name.
    PeerTransport(&'static str),
    /// Nowhere: flag and environment variable only.
    Nowhere,
}

/// What is known of an option.
struct Row {
    name: &'static str,
    flag: &'static str,
    kind: Kind,
    since: Since,
    key: Option<Key>,
}

use FieldType::{
    Boolean, Deprecation, Duration, Signed, Signed64, Text, Texts, Unsigned, Unsigned32, Unsigned64,
};

const fn key(section: Section, name: &'static str, field_type: FieldType) -> Key {
    Key {
        section,
        name,
        field_type,
        since: None,
    }
}

const fn top(field_type: FieldType) -> Key {
    key(Section::Top, "", field_type)
}

const fn json(field_type: FieldType) -> Key {
    key(Section::TopJson, "", field_type)
}

const fn client(name: &'static str, field_type: FieldType) -> Key {
    key(Section::ClientTransport, name, field_type)
}

const fn peer(name: &'static str, field_type: FieldType) -> Key {
    key(Section::PeerTransport, name, field_type)
}

const fn socket(name: &'static str, field_type: FieldType) -> Key {
    key(Section::SocketOptions, name, field_type)
}

const fn discovery(path: &'static str, name: &'static str, field_type: FieldType) -> Key {
    key(Section::Discovery(path), name, field_type)
}

const fn word(text: &'static str, patches: [u16; Series::ALL.len()]) -> Word {
    Word {
        text,
        since: Since::new(patches),
    }
}

const CLUSTER_STATES: &[Word] = &[word("new", [0; 4]), word("existing", [0; 4])];
const FALLBACKS: &[Word] = &[word("proxy", [0; 4]), word("exit", [0; 4])];
const PROXIES: &[Word] = &[
    word("off", [0; 4]),
    word("readonly", [0; 4]),
    word("on", [0; 4]),
];
const DEPRECATIONS: &[Word] = &[
    word("not-yet", [0, 0, NEVER, NEVER]),
    word("write-only", [0, 0, 0, 0]),
    word("write-only-skip-check", [NEVER, 32, 13, 0]),
    word("write-only-drop-data", [0, 0, 0, 0]),
    word("gone", [0, 0, 0, 0]),
];

const fn only(keys: &[Key]) -> Option<Key> {
    match keys {
        [key, ..] => Some(*key),
        [] => None,
    }
}

/// The rows: name here, flag, kind of its value, the first patch release of 3.4,
/// 3.5, 3.6 and 3.7 that has it, and the key of the config file, if there is one.
macro_rules! options {
    ($($variant:ident = $flag:literal, $kind:expr, $since:expr $(, $key:expr)?;)*) => {
        /// An option of etcd.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EtcdOption {
            $(#[doc = concat!("`--", $flag, "`")] $variant,)*
        }

        impl EtcdOption {
            /// All options, in the order of their flags.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            const fn row(self) -> &'static Row {
                match self {
                    $(Self::$variant => const {
                        &Row {
                            name: $flag,
                            flag: concat!("--", $flag),
                            kind: $kind,
                            since: Since::new($since),
                            key: only(&[$($key)?]),
                        }
                    })*
                }
            }
        }
    };
}

options! {
    AdvertiseClientUrls = "advertise-client-urls", Kind::Urls, [0, 0, 0, 0], json(Text);
    AuthenticationToken = "auth-token", Kind::Text, [0, 0, 0, 0], top(Text);
    AuthenticationTokenTimeToLive = "auth-token-ttl", Kind::Unsigned, [10, 0, 0, 0], top(Unsigned);
    AutoCompactionMode = "auto-compaction-mode", Kind::Text, [0, 0, 0, 0], top(Text);
    AutoCompactionRetention = "auto-compaction-retention", Kind::Text, [0, 0, 0, 0], top(Text);
    AutoTls = "auto-tls", Kind::Boolean, [0, 0, 0, 0], client("auto-tls", Boolean);
    BackendBatchInterval = "backend-batch-interval", Kind::Duration, [0, 0, 0, 0], top(Duration);
    BackendBatchLimit = "backend-batch-limit", Kind::Signed, [0, 0, 0, 0], top(Signed);
    BackendBboltFreelistType = "backend-bbolt-freelist-type", Kind::Text, [NEVER, 0, 0, 0], top(Text);
    BcryptCost = "bcrypt-cost", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    BootstrapDefragThresholdMegabytes = "bootstrap-defrag-threshold-megabytes", Kind::Unsigned, [NEVER, NEVER, 0, 0], top(Unsigned);
    CertificateFile = "cert-file", Kind::Text, [0, 0, 0, 0], client("cert-file", Text);
    CipherSuites = "cipher-suites", Kind::Text, [0, 0, 0, 0], top(Texts);
    ClientCertificateAllowedHostname = "client-cert-allowed-hostname", Kind::Text, [0, 0, 0, 0], client("allowed-hostname", Texts).since([NEVER, 14, 0, 0]);
    ClientCertificateAuthentication = "client-cert-auth", Kind::Boolean, [0, 0, 0, 0], client("client-cert-auth", Boolean);
    ClientCertificateFile = "client-cert-file", Kind::Text, [NEVER, 0, 0, 0], client("client-cert-file", Text);
    ClientRevocationListFile = "client-crl-file", Kind::Text, [0, 0, 0, 0];
    ClientKeyFile = "client-key-file", Kind::Text, [NEVER, 0, 0, 0], client("client-key-file", Text);
    ClusterActiveSize = "cluster-active-size", Kind::Ignored, [0, 0, 0, 0];
    ClusterRemoveDelay = "cluster-remove-delay", Kind::Ignored, [0, 0, 0, 0];
    ClusterSyncInterval = "cluster-sync-interval", Kind::Ignored, [0, 0, 0, 0];
    CompactHashCheckTime = "compact-hash-check-time", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    CompactionBatchLimit = "compaction-batch-limit", Kind::Signed, [NEVER, NEVER, 0, 0], top(Signed);
    CompactionSleepInterval = "compaction-sleep-interval", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    Configuration = "config", Kind::Ignored, [0, 0, 0, 0];
    ConfigurationFile = "config-file", Kind::Text, [0, 0, 0, 0];
    CorruptCheckTime = "corrupt-check-time", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    Cors = "cors", Kind::Origins, [0, 0, 0, 0], json(Text);
    DataDirectory = "data-dir", Kind::Text, [0, 0, 0, 0], top(Text);
    Debug = "debug", Kind::Boolean, [0, NEVER, NEVER, NEVER], top(Boolean);
    Discovery = "discovery", Kind::Text, [0, 0, 0, NEVER], top(Text);
    DiscoveryAuthorityCertificate = "discovery-cacert", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "cacert", Text);
    DiscoveryCertificate = "discovery-cert", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "cert", Text);
    DiscoveryDialTimeout = "discovery-dial-timeout", Kind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "dial-timeout", Duration);
    DiscoveryEndpoints = "discovery-endpoints", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "endpoints", Texts);
    DiscoveryFallback = "discovery-fallback", Kind::Choice(FALLBACKS), [0, 0, 0, 0];
    DiscoveryInsecureSkipTlsVerify = "discovery-insecure-skip-tls-verify", Kind::Boolean, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "insecure-skip-tls-verify", Boolean);
    DiscoveryInsecureTransport = "discovery-insecure-transport", Kind::Boolean, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "insecure-transport", Boolean);
    DiscoveryKeepaliveTime = "discovery-keepalive-time", Kind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "keepalive-time", Duration);
    DiscoveryKeepaliveTimeout = "discovery-keepalive-timeout", Kind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "keepalive-timeout", Duration);
    DiscoveryKey = "discovery-key", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "key", Text);
    DiscoveryPassword = "discovery-password", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/auth", "password", Text);
    DiscoveryProxy = "discovery-proxy", Kind::Text, [0, 0, 0, NEVER], top(Text);
    DiscoveryRequestTimeout = "discovery-request-timeout", Kind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "request-timeout", Duration);
    DiscoverySrv = "discovery-srv", Kind::Text, [0, 0, 0, 0], top(Text);
    DiscoverySrvName = "discovery-srv-name", Kind::Text, [0, 0, 0, 0], top(Text);
    DiscoveryToken = "discovery-token", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config", "token", Text);
    DiscoveryUser = "discovery-user", Kind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/auth", "username", Text);
    DistributedTracingAddress = "distributed-tracing-address", Kind::Text, [NEVER, NEVER, 0, 0], top(Text);
    DistributedTracingInstanceId = "distributed-tracing-instance-id", Kind::Text, [NEVER, NEVER, 0, 0], top(Text);
    DistributedTracingSamplingRate = "distributed-tracing-sampling-rate", Kind::Signed, [NEVER, NEVER, 0, 0], top(Signed);
    DistributedTracingServiceName = "distributed-tracing-service-name", Kind::Text, [NEVER, NEVER, 0, 0], top(Text);
    DowngradeCheckTime = "downgrade-check-time", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    ElectionTimeout = "election-timeout", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    EnableDistributedTracing = "enable-distributed-tracing", Kind::Boolean, [NEVER, NEVER, 0, 0], top(Boolean);
    EnableGrpcGateway = "enable-grpc-gateway", Kind::Boolean, [0, 0, 0, 0], top(Boolean);
    EnableLogRotation = "enable-log-rotation", Kind::Boolean, [NEVER, 0, 0, 0], top(Boolean);
    EnablePprof = "enable-pprof", Kind::Boolean, [0, 0, 0, 0], top(Boolean);
    EnableV2 = "enable-v2", Kind::Boolean, [0, 0, NEVER, NEVER], top(Boolean);
    ExperimentalBackendBboltFreelistType = "experimental-backend-bbolt-freelist-type", Kind::Text, [0, NEVER, NEVER, NEVER], top(Text);
    ExperimentalBootstrapDefragThresholdMegabytes = "experimental-bootstrap-defrag-threshold-megabytes", Kind::Unsigned, [NEVER, 0, 0, NEVER], top(Unsigned);
    ExperimentalCompactHashCheckEnabled = "experimental-compact-hash-check-enabled", Kind::Boolean, [NEVER, 5, 0, NEVER], top(Boolean);
    ExperimentalCompactHashCheckTime = "experimental-compact-hash-check-time", Kind::Duration, [NEVER, 5, 0, NEVER], top(Duration);
    ExperimentalCompactionBatchLimit = "experimental-compaction-batch-limit", Kind::Signed, [0, 0, 0, NEVER], top(Signed);
    ExperimentalCompactionSleepInterval = "experimental-compaction-sleep-interval", Kind::Duration, [NEVER, 16, 0, NEVER], top(Duration);
    ExperimentalCorruptCheckTime = "experimental-corrupt-check-time", Kind::Duration, [0, 0, 0, NEVER], top(Duration);
    ExperimentalDistributedTracingAddress = "experimental-distributed-tracing-address", Kind::Text, [NEVER, 0, 0, NEVER], top(Text);
    ExperimentalDistributedTracingInstanceId = "experimental-distributed-tracing-instance-id", Kind::Text, [NEVER, 0, 0, NEVER], top(Text);
    ExperimentalDistributedTracingSamplingRate = "experimental-distributed-tracing-sampling-rate", Kind::Signed, [NEVER, 11, 0, NEVER], top(Signed);
    ExperimentalDistributedTracingServiceName = "experimental-distributed-tracing-service-name", Kind::Text, [NEVER, 0, 0, NEVER], top(Text);
    ExperimentalDowngradeCheckTime = "experimental-downgrade-check-time", Kind::Duration, [NEVER, 0, 0, NEVER], top(Duration);
    ExperimentalEnableDistributedTracing = "experimental-enable-distributed-tracing", Kind::Boolean, [NEVER, 0, 0, NEVER], top(Boolean);
    ExperimentalEnableLeaseCheckpoint = "experimental-enable-lease-checkpoint", Kind::Boolean, [0, 0, 0, NEVER], top(Boolean);
    ExperimentalEnableLeaseCheckpointPersist = "experimental-enable-lease-checkpoint-persist", Kind::Boolean, [20, 2, 0, NEVER], top(Boolean);
    ExperimentalEnableV2v3 = "experimental-enable-v2v3", Kind::Text, [0, 0, NEVER, NEVER], top(Text);
    ExperimentalInitialCorruptCheck = "experimental-initial-corrupt-check", Kind::Boolean, [0, 0, 0, NEVER], top(Boolean);
    ExperimentalMemoryMlock = "experimental-memory-mlock", Kind::Boolean, [NEVER, 0, 0, NEVER], top(Boolean);
    ExperimentalPeerSkipClientSanVerification = "experimental-peer-skip-client-san-verification", Kind::Boolean, [0, 0, 0, NEVER], top(Boolean).since([NEVER, NEVER, 0, NEVER]);
    ExperimentalSnapshotCatchupEntries = "experimental-snapshot-catchup-entries", Kind::Unsigned, [NEVER, 14, 0, NEVER], top(Unsigned64).named("experimental-snapshot-catch-up-entries");
    ExperimentalStopGrpcServiceOnDefrag = "experimental-stop-grpc-service-on-defrag", Kind::Boolean, [NEVER, 14, 0, NEVER], top(Boolean);
    ExperimentalTransactionModeWriteWithSharedBuffer = "experimental-txn-mode-write-with-shared-buffer", Kind::Boolean, [NEVER, 0, 0, NEVER], top(Boolean);
    ExperimentalWarningApplyDuration = "experimental-warning-apply-duration", Kind::Duration, [16, 0, 0, NEVER], top(Duration);
    ExperimentalWarningUnaryRequestDuration = "experimental-warning-unary-request-duration", Kind::Duration, [NEVER, NEVER, 0, NEVER], top(Duration);
    ExperimentalWatchProgressNotifyInterval = "experimental-watch-progress-notify-interval", Kind::Duration, [11, 0, 0, NEVER], top(Duration);
    FeatureGates = "feature-gates", Kind::FeatureGates, [NEVER, NEVER, 0, 0], json(Text);
    Force = "force", Kind::Ignored, [0, 0, 0, 0];
    ForceNewCluster = "force-new-cluster", Kind::Boolean, [0, 0, 0, 0], top(Boolean);
    GrpcKeepaliveInterval = "grpc-keepalive-interval", Kind::Duration, [0, 0, 0, 0], top(Duration);
    GrpcKeepaliveMinimumTime = "grpc-keepalive-min-time", Kind::Duration, [0, 0, 0, 0], top(Duration);
    GrpcKeepaliveTimeout = "grpc-keepalive-timeout", Kind::Duration, [0, 0, 0, 0], top(Duration);
    HeartbeatInterval = "heartbeat-interval", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    HostWhitelist = "host-whitelist", Kind::Text, [0, 0, 0, 0], json(Text);
    InitialAdvertisePeerUrls = "initial-advertise-peer-urls", Kind::Urls, [0, 0, 0, 0], json(Text);
    InitialCluster = "initial-cluster", Kind::Text, [0, 0, 0, 0], top(Text);
    InitialClusterState = "initial-cluster-state", Kind::Choice(CLUSTER_STATES), [0, 0, 0, 0], top(Text);
    InitialClusterToken = "initial-cluster-token", Kind::Text, [0, 0, 0, 0], top(Text);
    InitialElectionTickAdvance = "initial-election-tick-advance", Kind::Boolean, [0, 0, 0, 0], top(Boolean);
    KeyFile = "key-file", Kind::Text, [0, 0, 0, 0], client("key-file", Text);
    ListenClientHttpUrls = "listen-client-http-urls", Kind::Urls, [25, 8, 0, 0], json(Text);
    ListenClientUrls = "listen-client-urls", Kind::Urls, [0, 0, 0, 0], json(Text);
    ListenMetricsUrls = "listen-metrics-urls", Kind::Urls, [0, 0, 0, 0], top(Text);
    ListenPeerUrls = "listen-peer-urls", Kind::Urls, [0, 0, 0, 0], json(Text);
    LogFormat = "log-format", Kind::Text, [NEVER, NEVER, 0, 0], top(Text);
    LogLevel = "log-level", Kind::Text, [0, 0, 0, 0], top(Text);
    LogOutput = "log-output", Kind::Text, [0, NEVER, NEVER, NEVER], top(Texts);
    LogOutputs = "log-outputs", Kind::Text, [0, 0, 0, 0], top(Texts);
    LogPackageLevels = "log-package-levels", Kind::Text, [0, NEVER, NEVER, NEVER], top(Text);
    LogRotationConfigurationJson = "log-rotation-config-json", Kind::Text, [NEVER, 0, 0, 0], top(Text);
    Logger = "logger", Kind::Text, [0, 0, 0, 0], top(Text);
    MaximumConcurrentStreams = "max-concurrent-streams", Kind::Unsigned32, [20, 5, 0, 0], top(Unsigned32);
    MaximumLearners = "max-learners", Kind::Signed, [NEVER, NEVER, 0, 0], top(Signed);
    MaximumRequestBytes = "max-request-bytes", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MaximumResultBuffer = "max-result-buffer", Kind::Ignored, [0, 0, 0, 0];
    MaximumRetryAttempts = "max-retry-attempts", Kind::Ignored, [0, 0, 0, 0];
    MaximumSnapshots = "max-snapshots", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MaximumTransactionOperations = "max-txn-ops", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MaximumWals = "max-wals", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MemoryMlock = "memory-mlock", Kind::Boolean, [NEVER, NEVER, 0, 0], top(Boolean);
    Metrics = "metrics", Kind::Text, [0, 0, 0, 0], top(Text);
    Name = "name", Kind::Text, [0, 0, 0, 0], top(Text);
    NextClusterVersionCompatible = "next-cluster-version-compatible", Kind::Boolean, [31, NEVER, NEVER, NEVER], top(Boolean);
    PeerAutoTls = "peer-auto-tls", Kind::Boolean, [0, 0, 0, 0], peer("auto-tls", Boolean);
    PeerCertificateAllowedCommonName = "peer-cert-allowed-cn", Kind::Text, [0, 0, 0, 0], peer("allowed-cn", Texts).since([NEVER, 14, 0, 0]);
    PeerCertificateAllowedHostname = "peer-cert-allowed-hostname", Kind::Text, [0, 0, 0, 0], peer("allowed-hostname", Texts).since([NEVER, 14, 0, 0]);
    PeerCertificateFile = "peer-cert-file", Kind::Text, [0, 0, 0, 0], peer("cert-file", Text);
    PeerClientCertificateAuthentication = "peer-client-cert-auth", Kind::Boolean, [0, 0, 0, 0], peer("client-cert-auth", Boolean);
    PeerClientCertificateFile = "peer-client-cert-file", Kind::Text, [NEVER, 0, 0, 0], peer("client-cert-file", Text);
    PeerClientKeyFile = "peer-client-key-file", Kind::Text, [NEVER, 0, 0, 0], peer("client-key-file", Text);
    PeerRevocationListFile = "peer-crl-file", Kind::Text, [0, 0, 0, 0];
    PeerElectionTimeout = "peer-election-timeout", Kind::Ignored, [0, 0, 0, 0];
    PeerHeartbeatInterval = "peer-heartbeat-interval", Kind::Ignored, [0, 0, 0, 0];
    PeerKeyFile = "peer-key-file", Kind::Text, [0, 0, 0, 0], peer("key-file", Text);
    PeerSkipClientSanVerification = "peer-skip-client-san-verification", Kind::Boolean, [NEVER, NEVER, 0, 0], peer("skip-client-san-verification", Boolean);
    PeerTrustedCaFile = "peer-trusted-ca-file", Kind::Text, [0, 0, 0, 0], peer("trusted-ca-file", Text);
    PreVote = "pre-vote", Kind::Boolean, [0, 0, 0, 0], top(Boolean);
    Proxy = "proxy", Kind::Choice(PROXIES), [0, 0, NEVER, NEVER];
    ProxyDialTimeout = "proxy-dial-timeout", Kind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyFailureWait = "proxy-failure-wait", Kind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyReadTimeout = "proxy-read-timeout", Kind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyRefreshInterval = "proxy-refresh-interval", Kind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyWriteTimeout = "proxy-write-timeout", Kind::Unsigned, [0, 0, NEVER, NEVER];
    QuotaBackendBytes = "quota-backend-bytes", Kind::Signed, [0, 0, 0, 0], top(Signed64);
    RaftReadTimeout = "raft-read-timeout", Kind::Duration, [NEVER, 0, 0, 0];
    RaftWriteTimeout = "raft-write-timeout", Kind::Duration, [NEVER, 0, 0, 0];
    RetryInterval = "retry-interval", Kind::Ignored, [0, 0, 0, 0];
    SelfSignedCertificateValidity = "self-signed-cert-validity", Kind::Unsigned, [NEVER, 0, 0, 0], top(Unsigned);
    Snapshot = "snapshot", Kind::Ignored, [0, 0, 0, 0];
    SnapshotCatchupEntries = "snapshot-catchup-entries", Kind::Unsigned, [NEVER, NEVER, 0, 0], top(Unsigned64);
    SnapshotCount = "snapshot-count", Kind::Unsigned, [0, 0, 0, 0], top(Unsigned64);
    SocketReuseAddress = "socket-reuse-address", Kind::Boolean, [NEVER, 0, 0, 0], socket("reuse-address", Boolean);
    SocketReusePort = "socket-reuse-port", Kind::Boolean, [NEVER, 0, 0, 0], socket("reuse-port", Boolean);
    StrictReconfigCheck = "strict-reconfig-check", Kind::Boolean, [0, 0, 0, 0], top(Boolean);
    TlsMaximumVersion = "tls-max-version", Kind::Text, [25, 8, 0, 0], top(Text);
    TlsMinimumVersion = "tls-min-version", Kind::Text, [25, 8, 0, 0], top(Text);
    TrustedCaFile = "trusted-ca-file", Kind::Text, [0, 0, 0, 0], client("trusted-ca-file", Text);
    UnsafeNoFsync = "unsafe-no-fsync", Kind::Boolean, [10, 0, 0, 0], top(Boolean);
    Verbosity = "v", Kind::Ignored, [0, 0, 0, 0];
    V2Deprecation = "v2-deprecation", Kind::QuotedChoice(DEPRECATIONS), [NEVER, 0, 0, 0], top(Deprecation);
    Version = "version", Kind::Boolean, [0, 0, 0, 0];
    MoreVerbosity = "vv", Kind::Ignored, [0, 0, 0, 0];
    WalDirectory = "wal-dir", Kind::Text, [0, 0, 0, 0], top(Text);
    WarningApplyDuration = "warning-apply-duration", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    WarningUnaryRequestDuration = "warning-unary-request-duration", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    WatchProgressNotifyInterval = "watch-progress-notify-interval", Kind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
}

impl EtcdOption {
    /// The option that this etcd has under the flag's name.
    #[must_use]
    pub fn named(name: &str, version: EtcdVersion) -> Option<Self> {
        Self::of(version).find(|option| option.name() == name)
    }

    /// All options that this etcd has.
    pub fn of(version: EtcdVersion) -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(move |option| option.since().includes(version))
    }

    /// The flag's name without its two hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The flag: `--cert-file`.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        self.row().flag
    }

    /// The environment variable: `ETCD_CERT_FILE` (etcd's `pkg/flags`).
    #[must_use]
    pub fn variable(self) -> String {
        format!("ETCD_{}", self.name().to_uppercase().replace('-', "_"))
    }

    /// What its value must look like.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.row().kind
    }

    /// The releases that have the flag.
    #[must_use]
    pub const fn since(self) -> Since {
        self.row().since
    }

    /// Whether it can be written for a series of which the patch release is not
    /// known. etcd ends over a flag that it does not know.
    #[must_use]
    pub fn is_in(self, series: Series) -> bool {
        self.since().first(series) == Some(0)
    }

    /// Its key in the config file, as it is read.
    #[must_use]
    pub const fn key(self) -> Option<Key> {
        self.row().key
    }

    /// The name of its key, the flag's own where the row has no other.
    #[must_use]
    pub fn key_name(self) -> &'static str {
        match self.key() {
            Some(key) if !key.name.is_empty() => key.name,
            _ => self.name(),
        }
    }

    /// Whether the config file of this etcd has a key for it.
    #[must_use]
    pub fn has_key(self, version: EtcdVersion) -> bool {
        self.key()
            .is_some_and(|key| key.since.unwrap_or(self.since()).includes(version))
    }

    /// Where it is written in the config file: nowhere, unless every release
    /// with the flag reads the key, too.
    #[must_use]
    pub fn config_key(self) -> ConfigKey {
        match self.key() {
            Some(Key {
                section,
                since: None,
                ..
            }) => match section {
                Section::Top | Section::TopJson => ConfigKey::Top,
                Section::ClientTransport => ConfigKey::ClientTransport(self.key_name()),
                Section::PeerTransport => ConfigKey::PeerTransport(self.key_name()),
                Section::SocketOptions | Section::Discovery(_) => ConfigKey::Nowhere,
            },
            _ => ConfigKey::Nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_the_flag_in_capitals() {
        assert_eq!(
            EtcdOption::PeerTrustedCaFile.variable(),
            "ETCD_PEER_TRUSTED_CA_FILE"
        );
    }

    #[test]
    fn the_options_stand_in_the_order_of_their_flags_each_once() {
        for (before, after) in EtcdOption::ALL.iter().zip(&EtcdOption::ALL[1..]) {
            assert!(before.name() < after.name(), "{}", after.flag());
        }
    }

    #[test]
    fn a_flag_of_some_patch_releases_is_not_in_the_series() {
        assert!(!EtcdOption::TlsMinimumVersion.is_in(Series::V3_5));
        assert!(EtcdOption::TlsMinimumVersion.is_in(Series::V3_6));
        assert!(!EtcdOption::ClientCertificateFile.is_in(Series::V3_4));
    }

    #[test]
    fn a_key_that_came_after_its_flag_is_read_and_not_written() {
        let option = EtcdOption::PeerCertificateAllowedCommonName;
        assert_eq!(option.config_key(), ConfigKey::Nowhere);
        assert!(option.has_key(Series::V3_6.newest()));
        assert!(!option.has_key(Series::V3_4.newest()));
    }
}
