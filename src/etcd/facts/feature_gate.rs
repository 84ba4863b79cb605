//! etcd's feature gates, one row each: what `--feature-gates` opens and closes since
//! 3.6, and the experimental flag that each came from (`server/features/etcd_features.go`).

use super::option::EtcdOption;
use super::release::{EtcdVersion, NEVER, Since};

/// A feature gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureGate {
    /// Its name.
    pub name: &'static str,
    since: Since,
    /// Whether it is open where nobody says.
    pub is_open: bool,
    /// The flag that opened it before, which 3.6 still takes.
    pub flag: Option<EtcdOption>,
}

const fn gate(
    name: &'static str,
    since: [u16; 4],
    is_open: bool,
    flag: Option<EtcdOption>,
) -> FeatureGate {
    FeatureGate {
        name,
        since: Since::new(since),
        is_open,
        flag,
    }
}

/// The first patch release of 3.4, 3.5, 3.6 and 3.7 that has it. The last two stand
/// for all that are of their kind.
#[rustfmt::skip]
const GATES: &[FeatureGate] = &[
    gate("StopGRPCServiceOnDefrag", [NEVER, NEVER, 0, 0], false, Some(EtcdOption::ExperimentalStopGrpcServiceOnDefrag)),
    gate("InitialCorruptCheck", [NEVER, NEVER, 0, 0], false, Some(EtcdOption::ExperimentalInitialCorruptCheck)),
    gate("CompactHashCheck", [NEVER, NEVER, 0, 0], false, Some(EtcdOption::ExperimentalCompactHashCheckEnabled)),
    gate("TxnModeWriteWithSharedBuffer", [NEVER, NEVER, 0, 0], true, Some(EtcdOption::ExperimentalTransactionModeWriteWithSharedBuffer)),
    gate("LeaseCheckpoint", [NEVER, NEVER, 0, 0], false, Some(EtcdOption::ExperimentalEnableLeaseCheckpoint)),
    gate("LeaseCheckpointPersist", [NEVER, NEVER, 0, 0], false, Some(EtcdOption::ExperimentalEnableLeaseCheckpointPersist)),
    gate("SetMemberLocalAddr", [NEVER, NEVER, 0, 0], false, None),
    gate("FastLeaseKeepAlive", [NEVER, NEVER, NEVER, 0], true, None),
    gate("PriorityRequest", [NEVER, NEVER, NEVER, 0], false, None),
    gate("AllAlpha", [NEVER, NEVER, 0, 0], false, None),
    gate("AllBeta", [NEVER, NEVER, 0, 0], false, None),
];

/// The gates that a release has.
pub fn of(version: EtcdVersion) -> impl Iterator<Item = &'static FeatureGate> {
    let all = GATES.iter();
    all.filter(move |gate| gate.since.includes(version))
}

/// The experimental flags that got another name in 3.6, which does not take both
/// (`embed/config.go`, `experimentalFlagMigrationMap`).
#[rustfmt::skip]
pub const RENAMED: &[(EtcdOption, EtcdOption)] = &[
    (EtcdOption::ExperimentalBootstrapDefragThresholdMegabytes, EtcdOption::BootstrapDefragThresholdMegabytes),
    (EtcdOption::ExperimentalCompactHashCheckTime, EtcdOption::CompactHashCheckTime),
    (EtcdOption::ExperimentalCompactionBatchLimit, EtcdOption::CompactionBatchLimit),
    (EtcdOption::ExperimentalCompactionSleepInterval, EtcdOption::CompactionSleepInterval),
    (EtcdOption::ExperimentalCorruptCheckTime, EtcdOption::CorruptCheckTime),
    (EtcdOption::ExperimentalDistributedTracingAddress, EtcdOption::DistributedTracingAddress),
    (EtcdOption::ExperimentalDistributedTracingInstanceId, EtcdOption::DistributedTracingInstanceId),
    (EtcdOption::ExperimentalDistributedTracingSamplingRate, EtcdOption::DistributedTracingSamplingRate),
    (EtcdOption::ExperimentalDistributedTracingServiceName, EtcdOption::DistributedTracingServiceName),
    (EtcdOption::ExperimentalDowngradeCheckTime, EtcdOption::DowngradeCheckTime),
    (EtcdOption::ExperimentalEnableDistributedTracing, EtcdOption::EnableDistributedTracing),
    (EtcdOption::ExperimentalMemoryMlock, EtcdOption::MemoryMlock),
    (EtcdOption::ExperimentalPeerSkipClientSanVerification, EtcdOption::PeerSkipClientSanVerification),
    (EtcdOption::ExperimentalSnapshotCatchupEntries, EtcdOption::SnapshotCatchupEntries),
    (EtcdOption::ExperimentalWarningApplyDuration, EtcdOption::WarningApplyDuration),
    (EtcdOption::ExperimentalWatchProgressNotifyInterval, EtcdOption::WatchProgressNotifyInterval),
];
