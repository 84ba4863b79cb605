//! X.509 and nothing else: keys, names, certification requests, certificates,
//! chains, CRLs and PEM. The clock and the random generator are arguments.

// All of it reads files that anyone may have made. No exception so far.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod authority;
pub mod certificate;
mod certificate_list;
pub mod certification_request;
pub mod chain;
pub mod encrypted_key;
pub mod file;
pub mod inspection;
pub mod issuing;
pub mod key;
pub mod key_usage;
pub mod ml_dsa;
pub mod name;
pub mod name_constraint;
mod object_identifier;
pub mod password_encryption;
pub mod pem;
pub mod pkcs12;
pub mod purposes;
pub mod revocation_list;
pub mod serial_number;
pub mod signing_error;
pub mod subject_alternative_name;
mod travel;
pub mod unseen;
pub mod validity;
