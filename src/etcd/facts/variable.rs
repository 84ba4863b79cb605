//! The environment variables that stand for flags, of etcd and of etcdctl (etcd's
//! `pkg/flags`, `FlagToEnv`).

/// What the names of etcd's begin with.
pub const ETCD: &str = "ETCD_";

/// What the names of etcdctl's begin with.
pub const ETCDCTL: &str = "ETCDCTL_";

/// Which API etcdctl speaks, up to 3.5.
pub const ETCDCTL_API: &str = "ETCDCTL_API";

/// The variable for a flag: `ETCD_CERT_FILE` for `cert-file`.
#[must_use]
pub fn of_flag(prefix: &str, flag: &str) -> String {
    format!("{prefix}{}", flag.to_ascii_uppercase().replace('-', "_"))
}

/// The flag that a variable would be for, whether there is such a flag or not.
#[must_use]
pub fn flag_of(prefix: &str, variable: &str) -> Option<String> {
    let name = variable.strip_prefix(prefix)?;
    Some(name.to_ascii_lowercase().replace('_', "-"))
}
