//! One file for each chapter of the page: what is kept for it, and its markup.
//! `needs` stands before the first, `making` is the bar with the button.

pub mod authenticate;
pub mod authority;
pub mod bar;
pub mod break_it;
pub mod diagnose;
pub mod dry_run;
pub mod export;
pub mod files;
pub mod foresight;
pub mod identities;
pub mod inspect;
pub mod key_types;
pub mod making;
pub mod members;
pub mod needs;
pub mod renew_and_revoke;
pub mod start_etcd;
