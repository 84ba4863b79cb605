//! What etcd needs and what etcd says: plans, commands, verdicts.

pub mod checks;
pub mod command;
pub mod commands;
pub mod deployment;
pub mod diagnosis;
pub mod go;
pub mod inspection;
pub mod key_types;
pub mod pasted;
pub mod plan;
pub mod transcript;
pub mod verdict;
