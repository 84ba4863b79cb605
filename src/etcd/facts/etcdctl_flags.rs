//! etcdctl's flags and commands: for each flag its kind, the commands that have
//! it, and since which minor version. Collected from the definitions of 3.4,
//! 3.5, 3.6 and 3.7 (`etcdctl/ctlv3/ctl.go` and `command/`).

/// What a flag's value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`; alone it means `true`.
    Boolean,
    /// Any text.
    Text,
    /// A duration such as `5s`.
    Duration,
    /// A number.
    Number,
}

/// A flag of etcdctl.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its name, without dashes.
    pub name: &'static str,
    /// Its one letter, if it has one.
    pub letter: Option<char>,
    /// What its value looks like.
    pub kind: Kind,
    /// The first words of the commands that have it; none for a flag of all.
    commands: &'static [&'static str],
    /// The first minor version that has it.
    since: u16,
}

impl Flag {
    /// Whether every command has it.
    #[must_use]
    pub const fn is_global(&self) -> bool {
        self.commands.is_empty()
    }
}

const fn flag(
    name: &'static str,
    letter: Option<char>,
    kind: Kind,
    commands: &'static [&'static str],
    since: u16,
) -> Flag {
    Flag {
        name,
        letter,
        kind,
        commands,
        since,
    }
}

use Kind::{Boolean, Duration, Number, Text};

#[rustfmt::skip]
static FLAGS: &[Flag] = &[
    flag("endpoints", None, Text, &[], 4),
    flag("debug", None, Boolean, &[], 4),
    flag("write-out", Some('w'), Text, &[], 4),
    flag("hex", None, Boolean, &[], 4),
    flag("dial-timeout", None, Duration, &[], 4),
    flag("command-timeout", None, Duration, &[], 4),
    flag("keepalive-time", None, Duration, &[], 4),
    flag("keepalive-timeout", None, Duration, &[], 4),
    flag("insecure-transport", None, Boolean, &[], 4),
    flag("insecure-discovery", None, Boolean, &[], 4),
    flag("insecure-skip-tls-verify", None, Boolean, &[], 4),
    flag("cert", None, Text, &[], 4),
    flag("key", None, Text, &[], 4),
    flag("cacert", None, Text, &[], 4),
    flag("user", None, Text, &[], 4),
    flag("password", None, Text, &[], 4),
    flag("discovery-srv", Some('d'), Text, &[], 4),
    flag("discovery-srv-name", None, Text, &[], 4),
    flag("max-request-bytes", None, Number, &[], 6),
    flag("max-recv-bytes", None, Number, &[], 6),
    flag("auth-jwt-token", None, Text, &[], 7),
    flag("help", Some('h'), Boolean, &[], 4),
    flag("lease", None, Text, &["put"], 4),
    flag("prev-kv", None, Boolean, &["put", "del", "watch"], 4),
    flag("ignore-value", None, Boolean, &["put"], 4),
    flag("ignore-lease", None, Boolean, &["put"], 4),
    flag("consistency", None, Text, &["get"], 4),
    flag("consistency", None, Text, &["member"], 6),
    flag("order", None, Text, &["get"], 4),
    flag("sort-by", None, Text, &["get"], 4),
    flag("limit", None, Number, &["get"], 4),
    flag("prefix", None, Boolean, &["get", "del", "watch", "role"], 4),
    flag("prefix", None, Text, &["make-mirror", "check"], 4),
    flag("from-key", None, Boolean, &["get", "del", "role"], 4),
    flag("range", None, Boolean, &["del"], 5),
    flag("rev", None, Number, &["get", "watch", "endpoint", "make-mirror"], 4),
    flag("keys-only", None, Boolean, &["get"], 4),
    flag("count-only", None, Boolean, &["get"], 5),
    flag("print-value-only", None, Boolean, &["get"], 4),
    flag("min-create-rev", None, Number, &["get"], 6),
    flag("max-create-rev", None, Number, &["get"], 6),
    flag("min-mod-rev", None, Number, &["get"], 6),
    flag("max-mod-rev", None, Number, &["get"], 6),
    flag("stream", None, Boolean, &["get"], 7),
    flag("cluster", None, Boolean, &["endpoint", "defrag"], 4),
    flag("data-dir", None, Text, &["defrag", "snapshot", "migrate"], 4),
    flag("no-password", None, Boolean, &["user"], 4),
    flag("new-user-password", None, Text, &["user"], 4),
    flag("interactive", None, Boolean, &["user"], 4),
    flag("interactive", Some('i'), Boolean, &["watch", "txn"], 4),
    flag("detail", None, Boolean, &["user"], 4),
    flag("progress-notify", None, Boolean, &["watch"], 5),
    flag("physical", None, Boolean, &["compaction"], 4),
    flag("keys", None, Boolean, &["lease"], 4),
    flag("once", None, Boolean, &["lease"], 4),
    flag("listen", Some('l'), Boolean, &["elect"], 4),
    flag("ttl", None, Number, &["lock"], 4),
    flag("peer-urls", None, Text, &["member"], 4),
    flag("learner", None, Boolean, &["member"], 4),
    flag("load", None, Text, &["check"], 4),
    flag("auto-compact", None, Boolean, &["check"], 4),
    flag("auto-defrag", None, Boolean, &["check"], 4),
    flag("dest-prefix", None, Text, &["make-mirror"], 4),
    flag("no-dest-prefix", None, Boolean, &["make-mirror"], 4),
    flag("dest-cert", None, Text, &["make-mirror"], 4),
    flag("dest-key", None, Text, &["make-mirror"], 4),
    flag("dest-cacert", None, Text, &["make-mirror"], 4),
    flag("dest-insecure-transport", None, Boolean, &["make-mirror"], 4),
    flag("dest-user", None, Text, &["make-mirror"], 5),
    flag("dest-password", None, Text, &["make-mirror"], 5),
    flag("max-txn-ops", None, Number, &["make-mirror"], 6),
    flag("wal-dir", None, Text, &["snapshot", "migrate"], 4),
    flag("name", None, Text, &["snapshot"], 4),
    flag("initial-cluster", None, Text, &["snapshot"], 4),
    flag("initial-cluster-token", None, Text, &["snapshot"], 4),
    flag("initial-advertise-peer-urls", None, Text, &["snapshot"], 4),
    flag("skip-hash-check", None, Boolean, &["snapshot"], 4),
    flag("bump-revision", None, Number, &["snapshot"], 5),
    flag("mark-compacted", None, Boolean, &["snapshot"], 5),
    flag("no-ttl", None, Boolean, &["migrate"], 4),
    flag("transformer", None, Text, &["migrate"], 4),
];

/// The flags that a command of etcdctl 3.`minor` has; without a command, those
/// of all.
pub fn of(command: Option<&str>, minor: u16) -> impl Iterator<Item = &'static Flag> + use<'_> {
    FLAGS.iter().filter(move |flag| {
        flag.since <= minor
            && (flag.is_global() || command.is_some_and(|name| flag.commands.contains(&name)))
    })
}

/// The first words of the commands, with the minor versions that have them.
const COMMANDS: &[(&str, u16, u16)] = &[
    ("alarm", 4, u16::MAX),
    ("auth", 4, u16::MAX),
    ("check", 4, u16::MAX),
    ("compaction", 4, u16::MAX),
    ("completion", 5, u16::MAX),
    ("defrag", 4, u16::MAX),
    ("del", 4, u16::MAX),
    ("downgrade", 6, u16::MAX),
    ("elect", 4, u16::MAX),
    ("endpoint", 4, u16::MAX),
    ("get", 4, u16::MAX),
    ("help", 4, u16::MAX),
    ("lease", 4, u16::MAX),
    ("lock", 4, u16::MAX),
    ("make-mirror", 4, u16::MAX),
    ("member", 4, u16::MAX),
    ("migrate", 4, 4),
    ("move-leader", 4, u16::MAX),
    ("options", 7, u16::MAX),
    ("put", 4, u16::MAX),
    ("role", 4, u16::MAX),
    ("snapshot", 4, u16::MAX),
    ("txn", 4, u16::MAX),
    ("user", 4, u16::MAX),
    ("version", 4, u16::MAX),
    ("watch", 4, u16::MAX),
];

/// Whether etcdctl 3.`minor` has the command.
#[must_use]
pub fn has_command(name: &str, minor: u16) -> bool {
    COMMANDS
        .iter()
        .any(|(known, first, last)| *known == name && (*first..=*last).contains(&minor))
}
