//! Why something can't be read, in words: the reason, and what to do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::pki::pem::{PemError, size};

/// Why something can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unreadable {
    /// Nothing was given.
    #[error("nothing was given; paste PEM text, or choose a file")]
    Empty,
    /// More than [`MAXIMUM_LENGTH`](super::MAXIMUM_LENGTH).
    #[error("{} is too much to look at; give at most {} at a time", size(*length), size(super::MAXIMUM_LENGTH))]
    TooLarge {
        /// The length of all that was given, in bytes.
        length: usize,
    },
    /// Neither PEM nor DER.
    #[error(
        "this is neither PEM nor DER; give a certificate, CSR, CRL, key or PKCS#12 file, whole"
    )]
    NotRecognised,
    /// A PEM block that is damaged, in [`PemError`]'s words, which name its
    /// line.
    #[error("{reason}")]
    Pem {
        /// The sentence.
        reason: String,
    },
    /// A PEM block of a kind that is not read here.
    #[error("{}", of_label(label))]
    UnknownLabel {
        /// The label behind `BEGIN`.
        label: String,
    },
    /// DER that announces more bytes than there are.
    #[error("it breaks off: {} more {} announced than are there; copy it again, whole", size(*missing), if *missing == 1 { "is" } else { "are" })]
    BreaksOff {
        /// The bytes that are missing.
        missing: usize,
    },
    /// DER, but the contents are not what they should be.
    #[error("this {what} is damaged: {fault}; copy it again, whole, or have it made again")]
    Damaged {
        /// What it seems to be: `certificate`.
        what: DataKind,
        /// What is wrong where, in words.
        fault: String,
    },
    /// BER with indefinite lengths, as some old programs write PKCS#12.
    #[error(
        "this is BER with indefinite lengths, not DER; for a PKCS#12 file, write it anew with: openssl pkcs12 -in FILE -nodes | openssl pkcs12 -export -out NEWFILE"
    )]
    IndefiniteLength,
    /// DER of a kind that is not read here.
    #[error("this is DER, but no certificate, CSR, CRL, key or PKCS#12 file")]
    UnknownKind,
    /// A PKCS#7 bundle.
    #[error(
        "this is a PKCS#7 bundle; take its certificates out with: openssl pkcs7 -inform DER -print_certs -in FILE"
    )]
    Pkcs7,
    /// A Java key store of the old kind.
    #[error(
        "this is a Java key store of the old kind; make it PKCS#12 with: keytool -importkeystore -srckeystore FILE -destkeystore NEWFILE -deststoretype pkcs12"
    )]
    JavaKeyStore,
}

/// What bytes seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DataKind {
    /// A certificate.
    Certificate,
    /// A CSR.
    Request,
    /// A CRL.
    RevocationList,
    /// A private key.
    PrivateKey,
    /// A public key.
    PublicKey,
    /// An encrypted private key.
    EncryptedPrivateKey,
    /// A PKCS#12 file.
    Pkcs12,
}

impl fmt::Display for DataKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Certificate => "certificate",
            Self::Request => "CSR",
            Self::RevocationList => "CRL",
            Self::PrivateKey => "private key",
            Self::PublicKey => "public key",
            Self::EncryptedPrivateKey => "encrypted private key",
            Self::Pkcs12 => "PKCS#12 file",
        })
    }
}

/// What to do about a PEM block of a kind that is not read here.
fn of_label(label: &str) -> String {
    if label.contains("OPENSSH") {
        "this is a key in OpenSSH's own form; make it PEM with: ssh-keygen -p -m PKCS8 -f FILE"
            .to_owned()
    } else {
        let what = if label.contains("PGP") {
            "PGP's, which has nothing to do with TLS"
        } else {
            "no kind of PEM that is read here"
        };
        format!("“{label}” is {what}; give a certificate, CSR, CRL or key")
    }
}

impl From<PemError> for Unreadable {
    fn from(error: PemError) -> Self {
        Self::Pem {
            reason: error.to_string(),
        }
    }
}

impl Unreadable {
    pub(super) fn damaged(what: DataKind, error: &der::Error) -> Self {
        Self::Damaged {
            what,
            fault: fault(error),
        }
    }
}

/// What is wrong with some DER and where, as X.690 and RFC 5280 have it.
pub(super) fn fault(error: &der::Error) -> String {
    use der::ErrorKind;
    let words = match error.kind() {
        ErrorKind::Incomplete { .. } => "it breaks off".to_owned(),
        ErrorKind::TagUnexpected {
            expected: Some(expected),
            actual,
        } => format!("{actual} stands where {expected} should be"),
        ErrorKind::TagUnexpected {
            expected: None,
            actual,
        } => format!("{actual} stands where something else should be"),
        ErrorKind::TagUnknown { byte } => format!("0x{byte:02x} is no tag of DER"),
        ErrorKind::TrailingData { remaining, .. } => {
            format!("{remaining} bytes are left over at the end")
        }
        ErrorKind::IndefiniteLength => {
            "a length is indefinite, which BER has and DER forbids".to_owned()
        }
        ErrorKind::Noncanonical { tag } => format!("{tag} is not written as DER writes it"),
        ErrorKind::SetOrdering => "a SET is not in DER's order".to_owned(),
        ErrorKind::DateTime => "a date does not exist".to_owned(),
        ErrorKind::OidMalformed => "an object identifier is malformed".to_owned(),
        ErrorKind::Utf8(_) => "a text is no UTF-8".to_owned(),
        ErrorKind::Value { tag } => format!("{tag} holds what it can't"),
        ErrorKind::Length { tag } => format!("{tag} is of a wrong length"),
        ErrorKind::Overflow | ErrorKind::Overlength => "a length is too large".to_owned(),
        other => other.to_string(),
    };
    match error.position() {
        Some(position) => format!("{words}, at byte {position}"),
        None => words,
    }
}
