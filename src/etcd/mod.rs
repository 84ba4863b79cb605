//! What etcd needs and what etcd says: plans, commands, verdicts.

pub mod go;
pub mod verdict;
