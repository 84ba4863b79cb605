//! What etcd needs and what etcd says: plans, commands, verdicts.

pub mod diagnosis;
pub mod go;
pub mod verdict;
