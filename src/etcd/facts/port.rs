//! The ports that everybody knows etcd by (IANA's registry, `etcd-client` and
//! `etcd-server`).

/// Where clients are served.
pub const CLIENT: u16 = 2379;

/// Where members dial each other.
pub const PEER: u16 = 2380;
