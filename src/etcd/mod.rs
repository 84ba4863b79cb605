//! What etcd needs and what etcd says: plans, commands, verdicts.

pub mod command;
pub mod commands;
pub mod plan;
pub mod transcript;
