//! etcd's options, one row each: how the flag is spelled and what value it
//! takes, which releases have it, and where it stands in the config file. Whoever
//! writes an option and whoever reads one looks here; the environment variable
//! follows from the flag (etcd's `pkg/flags`).
//!
//! Read from the definitions of every release (`etcdmain/config.go`, since 3.6
//! `embed/config.go`; the tags of `Config`, `configJSON` and `securityConfig`),
//! and held against `etcd --help` of real builds.

use super::release::{EtcdVersion, NEVER, Series, Since};
use super::variable;

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
    kind: FlagKind,
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
    AdvertiseClientUrls = "advertise-client-urls", FlagKind::Urls, [0, 0, 0, 0], json(Text);
    AuthenticationToken = "auth-token", FlagKind::Text, [0, 0, 0, 0], top(Text);
    AuthenticationTokenTimeToLive = "auth-token-ttl", FlagKind::Unsigned, [10, 0, 0, 0], top(Unsigned);
    AutoCompactionMode = "auto-compaction-mode", FlagKind::Text, [0, 0, 0, 0], top(Text);
    AutoCompactionRetention = "auto-compaction-retention", FlagKind::Text, [0, 0, 0, 0], top(Text);
    AutoTls = "auto-tls", FlagKind::Boolean, [0, 0, 0, 0], client("auto-tls", Boolean);
    BackendBatchInterval = "backend-batch-interval", FlagKind::Duration, [0, 0, 0, 0], top(Duration);
    BackendBatchLimit = "backend-batch-limit", FlagKind::Signed, [0, 0, 0, 0], top(Signed);
    BackendBboltFreelistType = "backend-bbolt-freelist-type", FlagKind::Text, [NEVER, 0, 0, 0], top(Text);
    BcryptCost = "bcrypt-cost", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    BootstrapDefragThresholdMegabytes = "bootstrap-defrag-threshold-megabytes", FlagKind::Unsigned, [NEVER, NEVER, 0, 0], top(Unsigned);
    CertificateFile = "cert-file", FlagKind::Text, [0, 0, 0, 0], client("cert-file", Text);
    CipherSuites = "cipher-suites", FlagKind::Text, [0, 0, 0, 0], top(Texts);
    ClientCertificateAllowedHostname = "client-cert-allowed-hostname", FlagKind::Text, [0, 0, 0, 0], client("allowed-hostname", Texts).since([NEVER, 14, 0, 0]);
    ClientCertificateAuthentication = "client-cert-auth", FlagKind::Boolean, [0, 0, 0, 0], client("client-cert-auth", Boolean);
    ClientCertificateFile = "client-cert-file", FlagKind::Text, [NEVER, 0, 0, 0], client("client-cert-file", Text);
    ClientRevocationListFile = "client-crl-file", FlagKind::Text, [0, 0, 0, 0];
    ClientKeyFile = "client-key-file", FlagKind::Text, [NEVER, 0, 0, 0], client("client-key-file", Text);
    ClusterActiveSize = "cluster-active-size", FlagKind::Ignored, [0, 0, 0, 0];
    ClusterRemoveDelay = "cluster-remove-delay", FlagKind::Ignored, [0, 0, 0, 0];
    ClusterSyncInterval = "cluster-sync-interval", FlagKind::Ignored, [0, 0, 0, 0];
    CompactHashCheckTime = "compact-hash-check-time", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    CompactionBatchLimit = "compaction-batch-limit", FlagKind::Signed, [NEVER, NEVER, 0, 0], top(Signed);
    CompactionSleepInterval = "compaction-sleep-interval", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    Configuration = "config", FlagKind::Ignored, [0, 0, 0, 0];
    ConfigurationFile = "config-file", FlagKind::Text, [0, 0, 0, 0];
    CorruptCheckTime = "corrupt-check-time", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    Cors = "cors", FlagKind::Origins, [0, 0, 0, 0], json(Text);
    DataDirectory = "data-dir", FlagKind::Text, [0, 0, 0, 0], top(Text);
    Debug = "debug", FlagKind::Boolean, [0, NEVER, NEVER, NEVER], top(Boolean);
    Discovery = "discovery", FlagKind::Text, [0, 0, 0, NEVER], top(Text);
    DiscoveryAuthorityCertificate = "discovery-cacert", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "cacert", Text);
    DiscoveryCertificate = "discovery-cert", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "cert", Text);
    DiscoveryDialTimeout = "discovery-dial-timeout", FlagKind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "dial-timeout", Duration);
    DiscoveryEndpoints = "discovery-endpoints", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "endpoints", Texts);
    DiscoveryFallback = "discovery-fallback", FlagKind::Choice(FALLBACKS), [0, 0, 0, 0];
    DiscoveryInsecureSkipTlsVerify = "discovery-insecure-skip-tls-verify", FlagKind::Boolean, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "insecure-skip-tls-verify", Boolean);
    DiscoveryInsecureTransport = "discovery-insecure-transport", FlagKind::Boolean, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "insecure-transport", Boolean);
    DiscoveryKeepaliveTime = "discovery-keepalive-time", FlagKind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "keepalive-time", Duration);
    DiscoveryKeepaliveTimeout = "discovery-keepalive-timeout", FlagKind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "keepalive-timeout", Duration);
    DiscoveryKey = "discovery-key", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/secure", "key", Text);
    DiscoveryPassword = "discovery-password", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/auth", "password", Text);
    DiscoveryProxy = "discovery-proxy", FlagKind::Text, [0, 0, 0, NEVER], top(Text);
    DiscoveryRequestTimeout = "discovery-request-timeout", FlagKind::Duration, [NEVER, NEVER, 0, 0], discovery("discovery-config/client", "request-timeout", Duration);
    DiscoverySrv = "discovery-srv", FlagKind::Text, [0, 0, 0, 0], top(Text);
    DiscoverySrvName = "discovery-srv-name", FlagKind::Text, [0, 0, 0, 0], top(Text);
    DiscoveryToken = "discovery-token", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config", "token", Text);
    DiscoveryUser = "discovery-user", FlagKind::Text, [NEVER, NEVER, 0, 0], discovery("discovery-config/client/auth", "username", Text);
    DistributedTracingAddress = "distributed-tracing-address", FlagKind::Text, [NEVER, NEVER, 0, 0], top(Text);
    DistributedTracingInstanceId = "distributed-tracing-instance-id", FlagKind::Text, [NEVER, NEVER, 0, 0], top(Text);
    DistributedTracingSamplingRate = "distributed-tracing-sampling-rate", FlagKind::Signed, [NEVER, NEVER, 0, 0], top(Signed);
    DistributedTracingServiceName = "distributed-tracing-service-name", FlagKind::Text, [NEVER, NEVER, 0, 0], top(Text);
    DowngradeCheckTime = "downgrade-check-time", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    ElectionTimeout = "election-timeout", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    EnableDistributedTracing = "enable-distributed-tracing", FlagKind::Boolean, [NEVER, NEVER, 0, 0], top(Boolean);
    EnableGrpcGateway = "enable-grpc-gateway", FlagKind::Boolean, [0, 0, 0, 0], top(Boolean);
    EnableLogRotation = "enable-log-rotation", FlagKind::Boolean, [NEVER, 0, 0, 0], top(Boolean);
    EnablePprof = "enable-pprof", FlagKind::Boolean, [0, 0, 0, 0], top(Boolean);
    EnableV2 = "enable-v2", FlagKind::Boolean, [0, 0, NEVER, NEVER], top(Boolean);
    ExperimentalBackendBboltFreelistType = "experimental-backend-bbolt-freelist-type", FlagKind::Text, [0, NEVER, NEVER, NEVER], top(Text);
    ExperimentalBootstrapDefragThresholdMegabytes = "experimental-bootstrap-defrag-threshold-megabytes", FlagKind::Unsigned, [NEVER, 0, 0, NEVER], top(Unsigned);
    ExperimentalCompactHashCheckEnabled = "experimental-compact-hash-check-enabled", FlagKind::Boolean, [NEVER, 5, 0, NEVER], top(Boolean);
    ExperimentalCompactHashCheckTime = "experimental-compact-hash-check-time", FlagKind::Duration, [NEVER, 5, 0, NEVER], top(Duration);
    ExperimentalCompactionBatchLimit = "experimental-compaction-batch-limit", FlagKind::Signed, [0, 0, 0, NEVER], top(Signed);
    ExperimentalCompactionSleepInterval = "experimental-compaction-sleep-interval", FlagKind::Duration, [NEVER, 16, 0, NEVER], top(Duration);
    ExperimentalCorruptCheckTime = "experimental-corrupt-check-time", FlagKind::Duration, [0, 0, 0, NEVER], top(Duration);
    ExperimentalDistributedTracingAddress = "experimental-distributed-tracing-address", FlagKind::Text, [NEVER, 0, 0, NEVER], top(Text);
    ExperimentalDistributedTracingInstanceId = "experimental-distributed-tracing-instance-id", FlagKind::Text, [NEVER, 0, 0, NEVER], top(Text);
    ExperimentalDistributedTracingSamplingRate = "experimental-distributed-tracing-sampling-rate", FlagKind::Signed, [NEVER, 11, 0, NEVER], top(Signed);
    ExperimentalDistributedTracingServiceName = "experimental-distributed-tracing-service-name", FlagKind::Text, [NEVER, 0, 0, NEVER], top(Text);
    ExperimentalDowngradeCheckTime = "experimental-downgrade-check-time", FlagKind::Duration, [NEVER, 0, 0, NEVER], top(Duration);
    ExperimentalEnableDistributedTracing = "experimental-enable-distributed-tracing", FlagKind::Boolean, [NEVER, 0, 0, NEVER], top(Boolean);
    ExperimentalEnableLeaseCheckpoint = "experimental-enable-lease-checkpoint", FlagKind::Boolean, [0, 0, 0, NEVER], top(Boolean);
    ExperimentalEnableLeaseCheckpointPersist = "experimental-enable-lease-checkpoint-persist", FlagKind::Boolean, [20, 2, 0, NEVER], top(Boolean);
    ExperimentalEnableV2v3 = "experimental-enable-v2v3", FlagKind::Text, [0, 0, NEVER, NEVER], top(Text);
    ExperimentalInitialCorruptCheck = "experimental-initial-corrupt-check", FlagKind::Boolean, [0, 0, 0, NEVER], top(Boolean);
    ExperimentalMemoryMlock = "experimental-memory-mlock", FlagKind::Boolean, [NEVER, 0, 0, NEVER], top(Boolean);
    ExperimentalPeerSkipClientSanVerification = "experimental-peer-skip-client-san-verification", FlagKind::Boolean, [0, 0, 0, NEVER], top(Boolean).since([NEVER, NEVER, 0, NEVER]);
    ExperimentalSnapshotCatchupEntries = "experimental-snapshot-catchup-entries", FlagKind::Unsigned, [NEVER, 14, 0, NEVER], top(Unsigned64).named("experimental-snapshot-catch-up-entries");
    ExperimentalStopGrpcServiceOnDefrag = "experimental-stop-grpc-service-on-defrag", FlagKind::Boolean, [NEVER, 14, 0, NEVER], top(Boolean);
    ExperimentalTransactionModeWriteWithSharedBuffer = "experimental-txn-mode-write-with-shared-buffer", FlagKind::Boolean, [NEVER, 0, 0, NEVER], top(Boolean);
    ExperimentalWarningApplyDuration = "experimental-warning-apply-duration", FlagKind::Duration, [16, 0, 0, NEVER], top(Duration);
    ExperimentalWarningUnaryRequestDuration = "experimental-warning-unary-request-duration", FlagKind::Duration, [NEVER, NEVER, 0, NEVER], top(Duration);
    ExperimentalWatchProgressNotifyInterval = "experimental-watch-progress-notify-interval", FlagKind::Duration, [11, 0, 0, NEVER], top(Duration);
    FeatureGates = "feature-gates", FlagKind::FeatureGates, [NEVER, NEVER, 0, 0], json(Text);
    Force = "force", FlagKind::Ignored, [0, 0, 0, 0];
    ForceNewCluster = "force-new-cluster", FlagKind::Boolean, [0, 0, 0, 0], top(Boolean);
    GrpcKeepaliveInterval = "grpc-keepalive-interval", FlagKind::Duration, [0, 0, 0, 0], top(Duration);
    GrpcKeepaliveMinimumTime = "grpc-keepalive-min-time", FlagKind::Duration, [0, 0, 0, 0], top(Duration);
    GrpcKeepaliveTimeout = "grpc-keepalive-timeout", FlagKind::Duration, [0, 0, 0, 0], top(Duration);
    HeartbeatInterval = "heartbeat-interval", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    HostWhitelist = "host-whitelist", FlagKind::Text, [0, 0, 0, 0], json(Text);
    InitialAdvertisePeerUrls = "initial-advertise-peer-urls", FlagKind::Urls, [0, 0, 0, 0], json(Text);
    InitialCluster = "initial-cluster", FlagKind::Text, [0, 0, 0, 0], top(Text);
    InitialClusterState = "initial-cluster-state", FlagKind::Choice(CLUSTER_STATES), [0, 0, 0, 0], top(Text);
    InitialClusterToken = "initial-cluster-token", FlagKind::Text, [0, 0, 0, 0], top(Text);
    InitialElectionTickAdvance = "initial-election-tick-advance", FlagKind::Boolean, [0, 0, 0, 0], top(Boolean);
    KeyFile = "key-file", FlagKind::Text, [0, 0, 0, 0], client("key-file", Text);
    ListenClientHttpUrls = "listen-client-http-urls", FlagKind::Urls, [25, 8, 0, 0], json(Text);
    ListenClientUrls = "listen-client-urls", FlagKind::Urls, [0, 0, 0, 0], json(Text);
    ListenMetricsUrls = "listen-metrics-urls", FlagKind::Urls, [0, 0, 0, 0], top(Text);
    ListenPeerUrls = "listen-peer-urls", FlagKind::Urls, [0, 0, 0, 0], json(Text);
    LogFormat = "log-format", FlagKind::Text, [NEVER, NEVER, 0, 0], top(Text);
    LogLevel = "log-level", FlagKind::Text, [0, 0, 0, 0], top(Text);
    LogOutput = "log-output", FlagKind::Text, [0, NEVER, NEVER, NEVER], top(Texts);
    LogOutputs = "log-outputs", FlagKind::Text, [0, 0, 0, 0], top(Texts);
    LogPackageLevels = "log-package-levels", FlagKind::Text, [0, NEVER, NEVER, NEVER], top(Text);
    LogRotationConfigurationJson = "log-rotation-config-json", FlagKind::Text, [NEVER, 0, 0, 0], top(Text);
    Logger = "logger", FlagKind::Text, [0, 0, 0, 0], top(Text);
    MaximumConcurrentStreams = "max-concurrent-streams", FlagKind::Unsigned32, [20, 5, 0, 0], top(Unsigned32);
    MaximumLearners = "max-learners", FlagKind::Signed, [NEVER, NEVER, 0, 0], top(Signed);
    MaximumRequestBytes = "max-request-bytes", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MaximumResultBuffer = "max-result-buffer", FlagKind::Ignored, [0, 0, 0, 0];
    MaximumRetryAttempts = "max-retry-attempts", FlagKind::Ignored, [0, 0, 0, 0];
    MaximumSnapshots = "max-snapshots", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MaximumTransactionOperations = "max-txn-ops", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MaximumWals = "max-wals", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned);
    MemoryMlock = "memory-mlock", FlagKind::Boolean, [NEVER, NEVER, 0, 0], top(Boolean);
    Metrics = "metrics", FlagKind::Text, [0, 0, 0, 0], top(Text);
    Name = "name", FlagKind::Text, [0, 0, 0, 0], top(Text);
    NextClusterVersionCompatible = "next-cluster-version-compatible", FlagKind::Boolean, [31, NEVER, NEVER, NEVER], top(Boolean);
    PeerAutoTls = "peer-auto-tls", FlagKind::Boolean, [0, 0, 0, 0], peer("auto-tls", Boolean);
    PeerCertificateAllowedCommonName = "peer-cert-allowed-cn", FlagKind::Text, [0, 0, 0, 0], peer("allowed-cn", Texts).since([NEVER, 14, 0, 0]);
    PeerCertificateAllowedHostname = "peer-cert-allowed-hostname", FlagKind::Text, [0, 0, 0, 0], peer("allowed-hostname", Texts).since([NEVER, 14, 0, 0]);
    PeerCertificateFile = "peer-cert-file", FlagKind::Text, [0, 0, 0, 0], peer("cert-file", Text);
    PeerClientCertificateAuthentication = "peer-client-cert-auth", FlagKind::Boolean, [0, 0, 0, 0], peer("client-cert-auth", Boolean);
    PeerClientCertificateFile = "peer-client-cert-file", FlagKind::Text, [NEVER, 0, 0, 0], peer("client-cert-file", Text);
    PeerClientKeyFile = "peer-client-key-file", FlagKind::Text, [NEVER, 0, 0, 0], peer("client-key-file", Text);
    PeerRevocationListFile = "peer-crl-file", FlagKind::Text, [0, 0, 0, 0];
    PeerElectionTimeout = "peer-election-timeout", FlagKind::Ignored, [0, 0, 0, 0];
    PeerHeartbeatInterval = "peer-heartbeat-interval", FlagKind::Ignored, [0, 0, 0, 0];
    PeerKeyFile = "peer-key-file", FlagKind::Text, [0, 0, 0, 0], peer("key-file", Text);
    PeerSkipClientSanVerification = "peer-skip-client-san-verification", FlagKind::Boolean, [NEVER, NEVER, 0, 0], peer("skip-client-san-verification", Boolean);
    PeerTrustedCaFile = "peer-trusted-ca-file", FlagKind::Text, [0, 0, 0, 0], peer("trusted-ca-file", Text);
    PreVote = "pre-vote", FlagKind::Boolean, [0, 0, 0, 0], top(Boolean);
    Proxy = "proxy", FlagKind::Choice(PROXIES), [0, 0, NEVER, NEVER];
    ProxyDialTimeout = "proxy-dial-timeout", FlagKind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyFailureWait = "proxy-failure-wait", FlagKind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyReadTimeout = "proxy-read-timeout", FlagKind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyRefreshInterval = "proxy-refresh-interval", FlagKind::Unsigned, [0, 0, NEVER, NEVER];
    ProxyWriteTimeout = "proxy-write-timeout", FlagKind::Unsigned, [0, 0, NEVER, NEVER];
    QuotaBackendBytes = "quota-backend-bytes", FlagKind::Signed, [0, 0, 0, 0], top(Signed64);
    RaftReadTimeout = "raft-read-timeout", FlagKind::Duration, [NEVER, 0, 0, 0];
    RaftWriteTimeout = "raft-write-timeout", FlagKind::Duration, [NEVER, 0, 0, 0];
    RetryInterval = "retry-interval", FlagKind::Ignored, [0, 0, 0, 0];
    SelfSignedCertificateValidity = "self-signed-cert-validity", FlagKind::Unsigned, [NEVER, 0, 0, 0], top(Unsigned);
    Snapshot = "snapshot", FlagKind::Ignored, [0, 0, 0, 0];
    SnapshotCatchupEntries = "snapshot-catchup-entries", FlagKind::Unsigned, [NEVER, NEVER, 0, 0], top(Unsigned64);
    SnapshotCount = "snapshot-count", FlagKind::Unsigned, [0, 0, 0, 0], top(Unsigned64);
    SocketReuseAddress = "socket-reuse-address", FlagKind::Boolean, [NEVER, 0, 0, 0], socket("reuse-address", Boolean);
    SocketReusePort = "socket-reuse-port", FlagKind::Boolean, [NEVER, 0, 0, 0], socket("reuse-port", Boolean);
    StrictReconfigCheck = "strict-reconfig-check", FlagKind::Boolean, [0, 0, 0, 0], top(Boolean);
    TlsMaximumVersion = "tls-max-version", FlagKind::Text, [25, 8, 0, 0], top(Text);
    TlsMinimumVersion = "tls-min-version", FlagKind::Text, [25, 8, 0, 0], top(Text);
    TrustedCaFile = "trusted-ca-file", FlagKind::Text, [0, 0, 0, 0], client("trusted-ca-file", Text);
    UnsafeNoFsync = "unsafe-no-fsync", FlagKind::Boolean, [10, 0, 0, 0], top(Boolean);
    Verbosity = "v", FlagKind::Ignored, [0, 0, 0, 0];
    V2Deprecation = "v2-deprecation", FlagKind::QuotedChoice(DEPRECATIONS), [NEVER, 0, 0, 0], top(Deprecation);
    Version = "version", FlagKind::Boolean, [0, 0, 0, 0];
    MoreVerbosity = "vv", FlagKind::Ignored, [0, 0, 0, 0];
    WalDirectory = "wal-dir", FlagKind::Text, [0, 0, 0, 0], top(Text);
    WarningApplyDuration = "warning-apply-duration", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    WarningUnaryRequestDuration = "warning-unary-request-duration", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
    WatchProgressNotifyInterval = "watch-progress-notify-interval", FlagKind::Duration, [NEVER, NEVER, 0, 0], top(Duration);
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
        variable::of_flag(variable::ETCD, self.name())
    }

    /// What its value must look like.
    #[must_use]
    pub const fn kind(self) -> FlagKind {
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
