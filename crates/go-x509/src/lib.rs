//! What Go's standard library says of certificates, keys and PEM, as etcd
//! calls it: `encoding/pem`, `crypto/x509`, and the key pair and certificate
//! rules of `crypto/tls`. It follows Go's behaviour and texts, and the
//! differences between Go versions stand in one file, [`version`].
//!
//! The clock and the files are arguments; nothing here knows etcd.

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
