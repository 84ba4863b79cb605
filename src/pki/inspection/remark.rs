//! What a reader should know of a certificate, CSR or CRL, in plain words, each
//! with the rule that it comes from. These are the rules of X.509; what etcd
//! makes of it is told elsewhere.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::pki::validity::calendar_day;

/// How much a remark weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Good to know.
    Note,
    /// Something will not work, or can't be trusted.
    Fault,
}

/// What a reader should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// Version 1 or 2: without extensions.
    OldVersion {
        /// 1 or 2.
        version: u8,
    },
    /// Extensions in a version that has none.
    ExtensionsInOldVersion {
        /// 1 or 2.
        version: u8,
    },
    /// Its life has ended.
    Ended {
        /// Its last second.
        not_after: Timestamp,
    },
    /// Its life has not begun.
    NotYetValid {
        /// Its first second.
        not_before: Timestamp,
    },
    /// Its life ends before it begins.
    NeverValid,
    /// A host is named in the common name only.
    CommonNameOnly {
        /// The common name.
        name: String,
    },
    /// An address stands among the DNS names.
    AddressAsDnsName {
        /// The address.
        address: String,
    },
    /// The signature algorithm is too weak to prove anything.
    WeakSignature {
        /// The algorithm.
        algorithm: String,
    },
    /// The key is too short.
    WeakKey {
        /// Its length in bits.
        bits: usize,
    },
    /// A CA whose key usage lacks keyCertSign.
    AuthorityMayNotSign,
    /// keyCertSign without being a CA.
    SignsWithoutBeingAuthority,
    /// A CA's basic constraints are not critical.
    ConstraintsNotCritical,
    /// A path length in a certificate that is no CA.
    PathLengthWithoutAuthority,
    /// A CA with a serial number of zero or less.
    SerialNumberNotPositive,
    /// More than twenty bytes of serial number.
    SerialNumberTooLong,
    /// One extension stands there twice.
    ExtensionTwice {
        /// Its name.
        name: String,
    },
    /// An extension can't be read.
    UnreadableExtension {
        /// Its name.
        name: String,
    },
    /// An unknown extension is critical.
    UnknownCriticalExtension {
        /// Its name.
        name: String,
    },
    /// No subject, and the subject alternative names are not critical.
    NamelessWithoutCriticalNames,
    /// No subject and no subject alternative name.
    Nameless,
    /// A name holds a character that nobody sees.
    UnseenCharacter {
        /// The character, in words.
        character: String,
    },
    /// What is signed names another algorithm than the signature.
    OtherAlgorithmNamed,
    /// It names itself as issuer, and its signature is not its own.
    FalseSelfSignature,
    /// It names an issuer that was given, and the signature is not theirs.
    SignedByNamesake {
        /// The issuer's name.
        issuer: String,
    },
    /// It names a key of its issuer's that is not the one that signed it.
    OtherKeyNamed,
    /// There is another CA of this name with another key.
    Namesakes {
        /// The name.
        subject: String,
        /// How many there are in all.
        count: usize,
    },
    /// It outlives whoever signed it.
    OutlivesIssuer {
        /// The issuer's last second.
        not_after: Timestamp,
    },
    /// It was signed by a certificate that is no CA.
    SignedByLeaf,
    /// Its number stands in a CRL that was given, and is its issuer's.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why, where that is said.
        reason: Option<String>,
    },
    /// A CSR's signature is not its key's.
    RequestNotSigned,
    /// A CSR's signature can't be checked.
    RequestNotChecked,
    /// A CSR has a challenge password.
    ChallengePassword,
    /// A CRL's next one is overdue.
    Overdue {
        /// When it was due.
        next_update: Timestamp,
    },
    /// A CRL does not say when the next one is due.
    NoNextUpdate,
    /// A CRL has no number.
    NoNumber,
}

impl Remark {
    /// How much it weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::OldVersion { .. }
            | Self::CommonNameOnly { .. }
            | Self::ConstraintsNotCritical
            | Self::PathLengthWithoutAuthority
            | Self::NamelessWithoutCriticalNames
            | Self::OtherKeyNamed
            | Self::Namesakes { .. }
            | Self::OutlivesIssuer { .. }
            | Self::RequestNotChecked
            | Self::ChallengePassword
            | Self::NoNextUpdate
            | Self::NoNumber => Weight::Note,
            _ => Weight::Fault,
        }
    }

    /// The rule that it comes from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        match self {
            Self::OldVersion { .. } | Self::ExtensionsInOldVersion { .. } => {
                "RFC 5280 section 4.1.2.1"
            }
            Self::Ended { .. } | Self::NotYetValid { .. } | Self::NeverValid => {
                "RFC 5280 section 4.1.2.5"
            }
            Self::CommonNameOnly { .. } => "RFC 9525 section 2",
            Self::AddressAsDnsName { .. } => "RFC 5280 section 4.2.1.6",
            Self::WeakSignature { .. } => "RFC 9155, NIST SP 800-131A section 9",
            Self::WeakKey { .. } => "NIST SP 800-131A section 3",
            Self::AuthorityMayNotSign
            | Self::SignsWithoutBeingAuthority
            | Self::ConstraintsNotCritical
            | Self::PathLengthWithoutAuthority
            | Self::SignedByLeaf => "RFC 5280 sections 4.2.1.3 and 4.2.1.9",
            Self::SerialNumberNotPositive | Self::SerialNumberTooLong => "RFC 5280 section 4.1.2.2",
            Self::ExtensionTwice { .. }
            | Self::UnreadableExtension { .. }
            | Self::UnknownCriticalExtension { .. } => "RFC 5280 section 4.2",
            Self::NamelessWithoutCriticalNames | Self::Nameless => "RFC 5280 section 4.1.2.6",
            Self::UnseenCharacter { .. } => "Unicode Technical Standard 39 section 3",
            Self::OtherAlgorithmNamed => "RFC 5280 section 4.1.1.2",
            Self::FalseSelfSignature
            | Self::SignedByNamesake { .. }
            | Self::Namesakes { .. }
            | Self::OutlivesIssuer { .. } => "RFC 5280 section 6.1.3",
            Self::OtherKeyNamed => "RFC 5280 section 4.2.1.1",
            Self::Revoked { .. } => "RFC 5280 section 5.3",
            Self::RequestNotSigned | Self::RequestNotChecked => "RFC 2986 section 4.2",
            Self::ChallengePassword => "RFC 2985 section 5.4.1",
            Self::Overdue { .. } | Self::NoNextUpdate => "RFC 5280 section 5.1.2.5",
            Self::NoNumber => "RFC 5280 section 5.2.3",
        }
    }
}

sentences! { Remark {
    Self::OldVersion { version } => "Version {version}, without extensions: it cannot say whether it is a CA, what it is for, or for which hosts. Strict programs refuse it. openssl x509 -req makes one when -extfile is missing.";
    Self::ExtensionsInOldVersion { version } => "It has extensions although it says that it is version {version}, which has none.";
    Self::Ended { not_after } => "It ended on {}; nobody accepts it any more. Renew it.", calendar_day(*not_after);
    Self::NotYetValid { not_before } => "It is valid only from {not_before}. Wait until then, or set the clock right.";
    Self::NeverValid => "It ends before it begins, so it is never valid. Have it made again.";
    Self::CommonNameOnly { name } => "“{name}” looks like a host, but stands in the common name only. Clients look at subject alternative names alone: as a server’s certificate it needs one.";
    Self::AddressAsDnsName { address } => "{address} stands among the DNS names. An address is found only as an IP name: issue it anew with IP:{address}.";
    Self::WeakSignature { algorithm } => "{algorithm} is too weak a signature: such certificates can be forged. Have it signed with SHA-256.";
    Self::WeakKey { bits } => "{bits} bits are too short for an RSA key. Use 2048 or more.";
    Self::AuthorityMayNotSign => "A CA whose key usage lacks keyCertSign may not sign certificates; all that it signs is refused.";
    Self::SignsWithoutBeingAuthority => "Its key usage has keyCertSign, but it does not say CA:TRUE: it may sign nothing.";
    Self::ConstraintsNotCritical => "The basic constraints of a CA must be critical; here they are not.";
    Self::PathLengthWithoutAuthority => "It limits the length of paths below it, although it is no CA.";
    Self::SerialNumberNotPositive => "The serial number is not positive. Some programs refuse that.";
    Self::SerialNumberTooLong => "The serial number is longer than 20 bytes. Some programs refuse that.";
    Self::ExtensionTwice { name } => "The extension {name} stands there twice.";
    Self::UnreadableExtension { name } => "The extension {name} is malformed. Strict programs refuse the whole.";
    Self::UnknownCriticalExtension { name } => "The extension {name} is critical and not known here. Whoever does not know it must refuse the whole.";
    Self::NamelessWithoutCriticalNames => "It has no subject; then its subject alternative names must be critical, and they are not.";
    Self::Nameless => "It names nobody: no subject, no subject alternative name.";
    Self::UnseenCharacter { character } => "A name in it holds {character}: it is not the name that it looks like.";
    Self::OtherAlgorithmNamed => "What is signed names another signature algorithm than the signature itself. It was tampered with, or made by a faulty program.";
    Self::FalseSelfSignature => "It names itself as its issuer, but its own key did not sign it.";
    Self::SignedByNamesake { issuer } => "Its issuer is called {issuer}, and so is a certificate here, but that one’s key did not sign it. Such a CA was made twice, with two keys: find the other ca.crt.";
    Self::OtherKeyNamed => "Its authority key identifier is not the identifier of the CA that signed it. Some programs will not find that CA.";
    Self::Namesakes { subject, count } => "{count} CAs here are called {subject}, with different keys. Compare key identifiers, not names.";
    Self::OutlivesIssuer { not_after } => "It outlives its CA, which ends on {}; then it ends too.", calendar_day(*not_after);
    Self::SignedByLeaf => "What signed it is no CA, so the signature counts for nothing.";
    Self::Revoked { at, reason: Some(reason) } => "It was revoked on {}, says the CRL here ({reason}).", calendar_day(*at);
    Self::Revoked { at, reason: None } => "It was revoked on {}, says the CRL here.", calendar_day(*at);
    Self::RequestNotSigned => "Its signature is not its key’s: it was changed or damaged, or whoever made it does not have the key. Do not issue from it.";
    Self::RequestNotChecked => "Its signature cannot be checked here, so nothing shows that whoever made it has the key.";
    Self::ChallengePassword => "It holds a challenge password in clear. Hardly any CA asks for one: leave it out.";
    Self::Overdue { next_update } => "The next CRL was due on {}; strict programs no longer accept this one.", calendar_day(*next_update);
    Self::NoNextUpdate => "It does not say when the next one is due.";
    Self::NoNumber => "It has no number, so of two nobody can tell which is newer.";
} }
