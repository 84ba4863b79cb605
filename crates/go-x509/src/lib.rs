#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::indexing_slicing)]

pub mod address;
mod asn1;
pub mod certificate;
pub mod chain;
pub mod der;
mod extensions;
pub mod hostname;
pub mod key_pair;
mod legacy_certificate;
mod mailbox;
pub mod ml_dsa;
pub mod name;
pub mod name_constraint_error;
pub mod name_constraints;
mod netip;
mod parser;
pub mod pem;
mod policy;
pub mod pool;
pub mod private_key;
pub mod public_key;
pub mod quote;
pub mod revocation_list;
pub mod signature;
pub mod strconv;
pub mod time;
pub mod url;
pub mod version;
