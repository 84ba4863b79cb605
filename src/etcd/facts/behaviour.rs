//! What a release of etcd makes of its settings, where releases differ: one
//! behaviour, one function. Which release has which option is in `option`.

use super::release::{EtcdBuild, NEVER, Since};

/// What etcd does when Go's HTTP/2 server refuses its cipher suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Http2Refusal {
    /// The listener closes, and nothing is said of why.
    Closes,
    /// It falls over the logger that it doesn't have.
    Panics,
    /// It says why.
    Says,
}

impl EtcdBuild {
    const fn has(&self, patches: [u16; 4]) -> bool {
        Since::new(patches).includes(self.version)
    }

    /// Since 3.6 an empty `--auto-compaction-mode` is refused; before, nothing is
    /// compacted (`embed/config.go`, `Validate`).
    #[must_use]
    pub const fn needs_a_compaction_mode(&self) -> bool {
        self.has([NEVER, NEVER, 0, 0])
    }

    /// Up to 3.5 `--experimental-enable-lease-checkpoint-persist` is refused
    /// without its sibling (`embed/config.go`, `Validate`).
    #[must_use]
    pub const fn wants_checkpoints_to_persist(&self) -> bool {
        !self.has([NEVER, NEVER, 0, 0])
    }

    /// In 3.4 a config file turns the gateway off unless it turns it on.
    #[must_use]
    pub const fn has_gateway_by_config_file(&self) -> bool {
        self.has([NEVER, 0, 0, 0])
    }

    /// The flags of discovery between which who sets two must choose, in the words
    /// of `ErrConflictBootstrapFlags`.
    #[must_use]
    pub const fn ways_of_discovery(&self) -> &'static str {
        if self.has([NEVER, NEVER, NEVER, 0]) {
            "\"discovery-endpoints\""
        } else if self.has([NEVER, NEVER, 0, 0]) {
            "\"discovery\", \"discovery-endpoints\""
        } else {
            "\"discovery\""
        }
    }

    /// What etcd does when Go's HTTP/2 server refuses its cipher suites: 3.4.20 to
    /// 3.4.29 fall over the logger that they don't have, 3.5.5 and newer say so.
    #[must_use]
    pub const fn refusal_of_http2(&self) -> Http2Refusal {
        if self.has([30, 5, 0, 0]) {
            Http2Refusal::Says
        } else if self.has([20, NEVER, 0, 0]) {
            Http2Refusal::Panics
        } else {
            Http2Refusal::Closes
        }
    }
}
