//! X.509 and nothing else: keys, names, certification requests, certificates
//! and PEM. The clock and the random generator are arguments.

pub mod authority;
pub mod certificate;
pub mod certification_request;
pub mod inspection;
pub mod key;
pub mod name;
pub mod pem;
pub mod rsa_key;
pub mod subject_alternative_name;
pub mod validity;
