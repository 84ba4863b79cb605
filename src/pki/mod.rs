//! X.509 and nothing else: keys, names, certification requests, certificates
//! and PEM. The clock and the random generator are arguments.

pub mod rsa_key;
