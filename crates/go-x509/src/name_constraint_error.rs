//! Why a CA's name constraints keep a chain from being taken, in Go's words.

use std::fmt;

use crate::address::HostPortError;
use crate::quote::quote;

/// Why names are not allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameConstraintError {
    /// A CA is not to sign for a name.
    #[error(
        "x509: a root or intermediate certificate is not authorized to sign for this name: {0}"
    )]
    NotAuthorized(#[source] NotAuthorized),
    /// Up to Go 1.25: a name can't be read, to compare it.
    #[error(transparent)]
    Unreadable(UnreadableName),
}

/// Why a CA is not to sign for a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAuthorized {
    /// Its constraints exclude it.
    #[error("{kind} {} is excluded by constraint {}", quote(.name), quote(.constraint))]
    Excluded {
        /// What kind of name it is.
        kind: NameKind,
        /// The name.
        name: String,
        /// The constraint.
        constraint: String,
    },
    /// Its constraints permit others of its kind.
    #[error("{kind} {} is not permitted by any constraint", quote(.name))]
    NotPermitted {
        /// What kind of name it is.
        kind: NameKind,
        /// The name.
        name: String,
    },
    /// A URI without a host has nothing to be compared.
    #[error("URI with empty host ({}) cannot be matched against constraints", quote(.uri))]
    UriWithoutHost {
        /// The URI.
        uri: String,
    },
    /// A URI with an address has nothing to be compared either.
    #[error("URI with IP ({}) cannot be matched against constraints", quote(.uri))]
    UriWithAddress {
        /// The URI.
        uri: String,
    },
    /// What follows the host of a URI is no port.
    #[error("{}{error}", .named.as_ref().map_or_else(String::new, |host| format!("cannot parse URI host {}: ", quote(host))))]
    UriHost {
        /// The host, which Go names since 1.26.
        named: Option<String>,
        /// What is wrong with it.
        #[source]
        error: HostPortError,
    },
    /// Since Go 1.26: a mail address is none.
    #[error("cannot parse rfc822Name {}", quote(.name))]
    UnreadableMail {
        /// The address.
        name: String,
    },
    /// Since Go 1.26: a name can't be read, to compare it.
    #[error(transparent)]
    Unreadable(#[from] UnreadableName),
}

/// A name that can't be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableName {
    /// A mail address.
    #[error("x509: cannot parse rfc822Name {}", .name.as_ref().map_or_else(|| "{\"\" \"\"}".to_owned(), |name| quote(name)))]
    Mail {
        /// The address; Go up to 1.25 prints its own empty result instead.
        name: Option<String>,
    },
    /// A DNS name.
    #[error("x509: cannot parse dnsName {}", quote(.name))]
    Dns {
        /// The name.
        name: String,
    },
    /// A URI.
    #[error("x509: internal error: URI SAN {} failed to parse", quote(.name))]
    Uri {
        /// The URI.
        name: String,
    },
}

/// The kinds of names that constraints are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// `rfc822Name`
    Mail,
    /// `dNSName`
    Dns,
    /// `uniformResourceIdentifier`
    Uri,
    /// `iPAddress`
    Address,
}

impl fmt::Display for NameKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mail => "email address",
            Self::Dns => "DNS name",
            Self::Uri => "URI",
            Self::Address => "IP address",
        })
    }
}
