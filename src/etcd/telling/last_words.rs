//! The last lines of an etcdctl whose patience is over: each command has its own.
//! Measured on 3.4.23, 3.5.1 to 3.5.35, 3.6.16 and 3.7.3.

use crate::etcd::facts::release::EtcdBuild;

/// What it prints behind its logger's line; `endpoint` as it was given.
pub(super) fn when_late(command: &[&str], endpoint: &str, build: &EtcdBuild) -> String {
    const LATE: &str = "context deadline exceeded";
    match command {
        ["endpoint", "health", ..] => format!(
            "{endpoint} is unhealthy: failed to commit proposal: {LATE}\nError: unhealthy cluster"
        ),
        ["endpoint", "status", ..] => {
            format!("Failed to get the status of endpoint {endpoint} ({LATE})")
        }
        ["endpoint", "hashkv", ..] => {
            format!("Failed to get the hash of endpoint {endpoint} ({LATE})\nError: {LATE}")
        }
        ["defrag", ..] if build.times_defragmentation() => {
            format!("Failed to defragment etcd member[{endpoint}]. took 5.001136444s. ({LATE})")
        }
        ["defrag", ..] => format!("Failed to defragment etcd member[{endpoint}] ({LATE})"),
        ["lease", "grant", ..] => format!("Error: failed to grant lease ({LATE})"),
        _ => format!("Error: {LATE}"),
    }
}

/// The name of the logger of its client: `endpoint health` and `snapshot save` make one
/// of their own.
pub(super) fn logger(command: &[&str]) -> &'static str {
    match command {
        ["endpoint", "health", ..] | ["snapshot", "save", ..] => "client",
        _ => "etcd-client",
    }
}

/// What it prints where a user is refused, and the status that it ends with: a
/// snapshot comes in a stream, whose error is not worded anew.
pub(super) fn when_denied(command: &[&str], text: &str, build: &EtcdBuild) -> (String, u8) {
    match command {
        ["snapshot", "save", ..] if build.words_of_streams_are_bare() => {
            let text = text.replace("etcdserver: ", "auth: ");
            (format!("Error: rpc error: code = Unknown desc = {text}"), 5)
        }
        ["snapshot", "save", ..] => (
            format!("Error: rpc error: code = PermissionDenied desc = {text}"),
            5,
        ),
        _ => (format!("Error: {text}"), 1),
    }
}

/// The same where a name or a password is wrong. `endpoint health` says that of the
/// endpoint. Measured on 3.5.35, 3.6.16 and 3.7.3.
pub(super) fn when_not_logged_in(command: &[&str], endpoint: &str, text: &str) -> (String, u8) {
    let error = format!("Error: {text}");
    match command {
        ["endpoint", "health", ..] => (
            format!(
                "{endpoint} is unhealthy: failed to commit proposal: {text}\nError: unhealthy cluster"
            ),
            1,
        ),
        ["snapshot", "save", ..] => (error, 5),
        _ => (error, 2),
    }
}
