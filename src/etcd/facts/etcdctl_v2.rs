//! etcdctl of API 2, which 3.4 and 3.5 still have behind `ETCDCTL_API=2`: its flags and
//! its commands.

/// Its flags, and whether they take a value.
pub const FLAGS: &[(&str, bool)] = &[
    ("debug", false),
    ("no-sync", false),
    ("output", true),
    ("o", true),
    ("discovery-srv", true),
    ("discovery-srv-name", true),
    ("insecure-discovery", false),
    ("peers", true),
    ("C", true),
    ("endpoint", true),
    ("endpoints", true),
    ("cert-file", true),
    ("key-file", true),
    ("ca-file", true),
    ("username", true),
    ("u", true),
    ("password", true),
    ("timeout", true),
    ("total-timeout", true),
    ("version", false),
    ("help", false),
];

/// Its flags for files: CA, certificate, key.
pub const FILES: [&str; 3] = ["ca-file", "cert-file", "key-file"];

/// Its commands.
pub const COMMANDS: &[&str] = &[
    "backup",
    "cluster-health",
    "mk",
    "mkdir",
    "rm",
    "rmdir",
    "get",
    "ls",
    "set",
    "setdir",
    "update",
    "updatedir",
    "watch",
    "exec-watch",
    "member",
    "user",
    "role",
    "auth",
];
