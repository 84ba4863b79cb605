//! etcdctl's options and commands: of each option the flag, its kind, the
//! commands that have it, and the series; whoever writes a command line and
//! whoever reads one looks here. Collected from the definitions of 3.4 to 3.7
//! (`etcdctl/ctlv3/ctl.go` and `command/`).

use std::ops::RangeInclusive;

use super::variable;

/// What a flag's value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientFlagKind {
    /// `true` or `false`; alone it means `true`.
    Boolean,
    /// Any text.
    Text,
    /// A duration such as `5s`.
    Duration,
    /// A number.
    Number,
}

/// What is known of an option.
struct Row {
    name: &'static str,
    flag: &'static str,
    letter: Option<char>,
    kind: ClientFlagKind,
    /// The first words of the commands that have it; none for an option of all.
    commands: &'static [&'static str],
    /// The minor versions that have it.
    minors: RangeInclusive<u16>,
}

use ClientFlagKind::{Boolean, Duration, Number, Text};

/// No later release has dropped it.
const LAST: u16 = u16::MAX;

/// The rows: name here, flag, one letter, kind of its value, commands, and the
/// first and last minor version. Commands that differ in what a flag takes have
/// an option each.
macro_rules! options {
    ($($variant:ident = $flag:literal, $letter:expr, $kind:expr, $commands:expr, $minors:expr;)*) => {
        /// An option of etcdctl.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EtcdctlOption {
            $(#[doc = concat!("`--", $flag, "`")] $variant,)*
        }

        impl EtcdctlOption {
            const ALL: &[Self] = &[$(Self::$variant),*];

            const fn row(self) -> &'static Row {
                match self {
                    $(Self::$variant => const {
                        &Row {
                            name: $flag,
                            flag: concat!("--", $flag),
                            letter: $letter,
                            kind: $kind,
                            commands: $commands,
                            minors: $minors,
                        }
                    })*
                }
            }
        }
    };
}

options! {
    Endpoints = "endpoints", None, Text, &[], 4..=LAST;
    Debug = "debug", None, Boolean, &[], 4..=LAST;
    WriteOut = "write-out", Some('w'), Text, &[], 4..=LAST;
    Hex = "hex", None, Boolean, &[], 4..=LAST;
    DialTimeout = "dial-timeout", None, Duration, &[], 4..=LAST;
    CommandTimeout = "command-timeout", None, Duration, &[], 4..=LAST;
    KeepaliveTime = "keepalive-time", None, Duration, &[], 4..=LAST;
    KeepaliveTimeout = "keepalive-timeout", None, Duration, &[], 4..=LAST;
    InsecureTransport = "insecure-transport", None, Boolean, &[], 4..=LAST;
    InsecureDiscovery = "insecure-discovery", None, Boolean, &[], 4..=LAST;
    InsecureSkipTlsVerify = "insecure-skip-tls-verify", None, Boolean, &[], 4..=LAST;
    Certificate = "cert", None, Text, &[], 4..=LAST;
    Key = "key", None, Text, &[], 4..=LAST;
    AuthorityCertificate = "cacert", None, Text, &[], 4..=LAST;
    User = "user", None, Text, &[], 4..=LAST;
    Password = "password", None, Text, &[], 4..=LAST;
    DiscoverySrv = "discovery-srv", Some('d'), Text, &[], 4..=LAST;
    DiscoverySrvName = "discovery-srv-name", None, Text, &[], 4..=LAST;
    MaximumRequestBytes = "max-request-bytes", None, Number, &[], 6..=LAST;
    MaximumReceivedBytes = "max-recv-bytes", None, Number, &[], 6..=LAST;
    AuthenticationJwtToken = "auth-jwt-token", None, Text, &[], 7..=LAST;
    Help = "help", Some('h'), Boolean, &[], 4..=LAST;
    Lease = "lease", None, Text, &["put"], 4..=LAST;
    PreviousKeyValue = "prev-kv", None, Boolean, &["put", "del", "watch"], 4..=LAST;
    IgnoreValue = "ignore-value", None, Boolean, &["put"], 4..=LAST;
    IgnoreLease = "ignore-lease", None, Boolean, &["put"], 4..=LAST;
    Consistency = "consistency", None, Text, &["get"], 4..=LAST;
    MemberConsistency = "consistency", None, Text, &["member"], 6..=LAST;
    Order = "order", None, Text, &["get"], 4..=LAST;
    SortBy = "sort-by", None, Text, &["get"], 4..=LAST;
    Limit = "limit", None, Number, &["get"], 4..=LAST;
    Prefix = "prefix", None, Boolean, &["get", "del", "watch", "role"], 4..=LAST;
    PrefixToCopy = "prefix", None, Text, &["make-mirror", "check"], 4..=LAST;
    FromKey = "from-key", None, Boolean, &["get", "del", "role"], 4..=LAST;
    Range = "range", None, Boolean, &["del"], 5..=LAST;
    Revision = "rev", None, Number, &["get", "watch", "endpoint", "make-mirror"], 4..=LAST;
    KeysOnly = "keys-only", None, Boolean, &["get"], 4..=LAST;
    CountOnly = "count-only", None, Boolean, &["get"], 5..=LAST;
    PrintValueOnly = "print-value-only", None, Boolean, &["get"], 4..=LAST;
    MinimumCreationRevision = "min-create-rev", None, Number, &["get"], 6..=LAST;
    MaximumCreationRevision = "max-create-rev", None, Number, &["get"], 6..=LAST;
    MinimumModificationRevision = "min-mod-rev", None, Number, &["get"], 6..=LAST;
    MaximumModificationRevision = "max-mod-rev", None, Number, &["get"], 6..=LAST;
    Stream = "stream", None, Boolean, &["get"], 7..=LAST;
    Cluster = "cluster", None, Boolean, &["endpoint", "defrag"], 4..=LAST;
    DataDirectory = "data-dir", None, Text, &["defrag", "snapshot", "migrate"], 4..=5;
    NoPassword = "no-password", None, Boolean, &["user"], 4..=LAST;
    NewUserPassword = "new-user-password", None, Text, &["user"], 4..=LAST;
    Interactive = "interactive", None, Boolean, &["user"], 4..=LAST;
    InteractiveSession = "interactive", Some('i'), Boolean, &["watch", "txn"], 4..=LAST;
    Detail = "detail", None, Boolean, &["user"], 4..=LAST;
    ProgressNotify = "progress-notify", None, Boolean, &["watch"], 5..=LAST;
    Physical = "physical", None, Boolean, &["compaction"], 4..=LAST;
    Keys = "keys", None, Boolean, &["lease"], 4..=LAST;
    Once = "once", None, Boolean, &["lease"], 4..=LAST;
    Listen = "listen", Some('l'), Boolean, &["elect"], 4..=LAST;
    TimeToLive = "ttl", None, Number, &["lock"], 4..=LAST;
    PeerUrls = "peer-urls", None, Text, &["member"], 4..=LAST;
    Learner = "learner", None, Boolean, &["member"], 4..=LAST;
    Load = "load", None, Text, &["check"], 4..=LAST;
    AutoCompact = "auto-compact", None, Boolean, &["check"], 4..=LAST;
    AutoDefrag = "auto-defrag", None, Boolean, &["check"], 4..=LAST;
    DestinationPrefix = "dest-prefix", None, Text, &["make-mirror"], 4..=LAST;
    NoDestinationPrefix = "no-dest-prefix", None, Boolean, &["make-mirror"], 4..=LAST;
    DestinationCertificate = "dest-cert", None, Text, &["make-mirror"], 4..=LAST;
    DestinationKey = "dest-key", None, Text, &["make-mirror"], 4..=LAST;
    DestinationAuthorityCertificate = "dest-cacert", None, Text, &["make-mirror"], 4..=LAST;
    DestinationInsecureTransport = "dest-insecure-transport", None, Boolean, &["make-mirror"], 4..=LAST;
    DestinationUser = "dest-user", None, Text, &["make-mirror"], 5..=LAST;
    DestinationPassword = "dest-password", None, Text, &["make-mirror"], 5..=LAST;
    MaximumTransactionOperations = "max-txn-ops", None, Number, &["make-mirror"], 6..=LAST;
    WalDirectory = "wal-dir", None, Text, &["snapshot", "migrate"], 4..=5;
    Name = "name", None, Text, &["snapshot"], 4..=5;
    InitialCluster = "initial-cluster", None, Text, &["snapshot"], 4..=5;
    InitialClusterToken = "initial-cluster-token", None, Text, &["snapshot"], 4..=5;
    InitialAdvertisePeerUrls = "initial-advertise-peer-urls", None, Text, &["snapshot"], 4..=5;
    SkipHashCheck = "skip-hash-check", None, Boolean, &["snapshot"], 4..=5;
    BumpRevision = "bump-revision", None, Number, &["snapshot"], 5..=5;
    MarkCompacted = "mark-compacted", None, Boolean, &["snapshot"], 5..=5;
    InitialMemoryMapSize = "initial-memory-map-size", None, Number, &["snapshot"], 5..=5;
    NoTimeToLive = "no-ttl", None, Boolean, &["migrate"], 4..=4;
    Transformer = "transformer", None, Text, &["migrate"], 4..=4;
}

impl EtcdctlOption {
    /// The options that a command of etcdctl 3.`minor` has; without a command,
    /// those of all.
    pub fn of(command: Option<&str>, minor: u16) -> impl Iterator<Item = Self> + use<'_> {
        Self::ALL.iter().copied().filter(move |option| {
            let row = option.row();
            row.minors.contains(&minor)
                && (row.commands.is_empty()
                    || command.is_some_and(|name| row.commands.contains(&name)))
        })
    }

    /// The flag's name, without its two hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The flag: `--cacert`.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        self.row().flag
    }

    /// Its one letter, if it has one.
    #[must_use]
    pub const fn letter(self) -> Option<char> {
        self.row().letter
    }

    /// What its value looks like.
    #[must_use]
    pub const fn kind(self) -> ClientFlagKind {
        self.row().kind
    }

    /// The environment variable, for an option of all commands:
    /// `ETCDCTL_CACERT`.
    #[must_use]
    pub fn variable(self) -> String {
        variable::of_flag(variable::ETCDCTL, self.name())
    }
}

/// The first words of the commands, with the minor versions that have them.
const COMMANDS: &[(&str, u16, u16)] = &[
    ("alarm", 4, LAST),
    ("auth", 4, LAST),
    ("check", 4, LAST),
    ("compaction", 4, LAST),
    ("completion", 6, LAST),
    ("defrag", 4, LAST),
    ("del", 4, LAST),
    ("downgrade", 6, LAST),
    ("elect", 4, LAST),
    ("endpoint", 4, LAST),
    ("get", 4, LAST),
    ("help", 4, LAST),
    ("lease", 4, LAST),
    ("lock", 4, LAST),
    ("make-mirror", 4, LAST),
    ("member", 4, LAST),
    ("migrate", 4, 4),
    ("move-leader", 4, LAST),
    ("options", 7, LAST),
    ("put", 4, LAST),
    ("role", 4, LAST),
    ("snapshot", 4, LAST),
    ("txn", 4, LAST),
    ("user", 4, LAST),
    ("version", 4, LAST),
    ("watch", 4, LAST),
];

/// Whether any etcdctl has the command.
#[must_use]
pub fn is_command(name: &str) -> bool {
    COMMANDS.iter().any(|(known, ..)| *known == name)
}

/// Whether etcdctl 3.`minor` has the command.
#[must_use]
pub fn has_command(name: &str, minor: u16) -> bool {
    COMMANDS
        .iter()
        .any(|(known, first, last)| *known == name && (*first..=*last).contains(&minor))
}
