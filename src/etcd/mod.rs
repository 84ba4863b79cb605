//! What etcd needs and what etcd says. Four trades, and which way the arrows
//! between them point: `telling` → `judge` → `facts`, and
//! `commands` → `deployment` → `plan` → `facts`.
//!
//! - [`facts`] is data about etcd, one row a line, each fact once.
//! - [`plan`], [`deployment`] and [`commands`] write: what is wanted, and every
//!   form that etcd is run in.
//! - [`judge`] reads two command lines and their files once, and finds what etcd
//!   would say.
//! - [`telling`] words a finding for people, and parses nothing.
//!
//! Two words are shared: a [`role`] is what a certificate is for, and a
//! [`command`] is a line for a shell.

pub mod command;
pub mod commands;
pub mod deployment;
pub mod facts;
pub mod judge;
pub mod plan;
pub mod role;
pub mod telling;
