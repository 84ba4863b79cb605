//! Which words and variables name a flag of etcd's, of any release since 3.4, and which
//! only look as if they did.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::slip::is_slip;
use crate::etcd::facts::variable;

/// The flags of all etcds since 3.4.
static FLAGS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| EtcdOption::ALL.iter().map(|option| option.name()).collect());

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    FLAGS.iter().copied()
}

/// Whether any etcd has a flag of this name.
pub(super) fn is_one(name: &str) -> bool {
    FLAGS.contains(name)
}

/// The flag that a key, which is none, is like: it has underscores for hyphens, or a
/// letter too many or too few.
pub(super) fn like(key: &str) -> Option<&'static str> {
    const LEAST: usize = 8;
    let key = key.to_ascii_lowercase();
    if key.len() < LEAST || is_one(&key) {
        return None;
    }
    let hyphened = key.replace('_', "-");
    let same = FLAGS.get(hyphened.as_str()).copied();
    same.or_else(|| all().find(|flag| is_slip(flag, &key)))
}

/// The flag that a word is.
pub(super) fn of_word(word: &str) -> Option<&str> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    let name = name.split('=').next().unwrap_or(name);
    is_one(name).then_some(name)
}

/// Whether a variable sets a flag, and can be meant for nothing else: scripts use
/// `ETCD_VERSION` and `ETCD_NAME` for themselves.
pub(super) fn is_set_by(name: &str) -> bool {
    let Some(flag) = variable::flag_of(variable::ETCD, name) else {
        return false;
    };
    let tells = [
        "-urls",
        "-file",
        "-auth",
        "-tls",
        "data-dir",
        "initial-cluster",
        "config-file",
    ];
    is_one(&flag) && tells.iter().any(|word| flag.contains(word))
}

/// Whether a variable with a name as etcd's have is another program's: Calico's,
/// APISIX's, a script's.
pub(super) fn is_variable_of_others(name: &str) -> bool {
    matches!(
        name,
        "ETCD_ENDPOINTS"
            | "ETCD_CA_CERT_FILE"
            | "ETCD_AUTHORITY"
            | "ETCD_SCHEME"
            | "ETCD_HOST"
            | "ETCD_SERVERS"
    )
}
