//! Why a CA can't be taken, and why it can't issue.

use jiff::Timestamp;

use super::super::{
    chain::ChainError,
    key::KeyError,
    name_constraint::Forbidden,
    signing_error::SigningError,
    subject_alternative_name::SubjectAlternativeName,
    validity::{calendar_day, whole_second},
};

/// Why a certificate and a key can't be taken as a CA.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The certificate, or one above it, can't be read or is not followed by its
    /// issuer.
    #[error(transparent)]
    Chain(ChainError),
    /// The key can't be read or used.
    #[error(transparent)]
    Key(KeyError),
    /// The key is another certificate's.
    #[error(
        "this key is not the key of {subject}; choose the ca.key that was made together with this ca.crt"
    )]
    KeyMismatch {
        /// The certificate's subject, in OpenSSL's spelling.
        subject: String,
    },
    /// A version 3 certificate that does not say `CA:TRUE`.
    #[error(
        "{subject} is no CA: its basic constraints do not say CA:TRUE, so etcd would refuse all that it signs; choose the CA's own certificate"
    )]
    NotAuthority {
        /// The certificate's subject.
        subject: String,
    },
    /// A version 1 certificate of somebody else's making: no CA can be told
    /// from a leaf there, unless it signed itself.
    #[error(
        "{subject} is a version 1 certificate signed by another CA, and cannot sign; choose the CA's own certificate"
    )]
    VersionOneLeaf {
        /// The certificate's subject.
        subject: String,
    },
    /// A key usage without keyCertSign.
    #[error(
        "{subject} may not sign certificates: its key usage lacks keyCertSign; choose the CA's own certificate"
    )]
    MayNotSign {
        /// The certificate's subject.
        subject: String,
    },
    /// An extended key usage that leaves out what etcd's certificates need;
    /// Go nests these from the CA down.
    #[error(
        "{subject} limits its certificates with an extended key usage that lacks serverAuth or clientAuth, so etcd would refuse them; use a CA without an extended key usage"
    )]
    RestrictedUsage {
        /// The certificate's subject.
        subject: String,
    },
    /// Its life has ended.
    #[error("this CA ended on {}, and now it is {}; nothing that it signs is valid: renew the CA, or make a new one", calendar_day(*.not_after), calendar_day(*.time))]
    Ended {
        /// The certificate's last second.
        not_after: Timestamp,
        /// The time that was checked.
        time: Timestamp,
    },
    /// Its life has not begun.
    #[error("this CA is valid only from {not_before}, and now it is {}; wait until then, or set this machine's clock right", whole_second(*.time))]
    NotYetValid {
        /// The certificate's first second.
        not_before: Timestamp,
        /// The time that was checked.
        time: Timestamp,
    },
    /// It has name constraints that etcd's certificates can't meet: of a kind
    /// that Go does not know, so that it refuses all below, or damaged.
    #[error(
        "{subject} has a name constraint that etcd can't check ({constraint}), so etcd would refuse all that it signs; use another CA"
    )]
    Constraints {
        /// The certificate's subject.
        subject: String,
        /// The constraint.
        constraint: String,
    },
    /// A CA above it allows fewer CAs below itself.
    #[error(
        "{authority} has the path length {path_length}, and {below} CAs are below it: nothing that this CA signs is valid; use a CA nearer to the root"
    )]
    PastPathLength {
        /// The subject of the CA above.
        authority: String,
        /// Its path length.
        path_length: u8,
        /// How many CAs are below it.
        below: usize,
    },
    /// A CA above it, in its chain, is not in order.
    #[error("above this CA, {authority}: {error}")]
    Above {
        /// The subject of the CA above.
        authority: String,
        /// What is wrong with it.
        #[source]
        error: Box<Self>,
    },
}

/// Why a certificate can't be issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// It would outlive its CA.
    #[error(
        "{days} days is past the CA's own end ({}){}renew the CA",
        calendar_day(*.not_after),
        match *.fitting {
            0 => ", which is less than a day away; ".to_owned(),
            fitting => format!("; choose at most {fitting}, or "),
        }
    )]
    PastAuthority {
        /// The days asked for.
        days: i64,
        /// The CA's last second.
        not_after: Timestamp,
        /// The most days that fit, possibly 0.
        fitting: i64,
    },
    /// A CA may have no other CA below it, by its own path length or that of one
    /// above it.
    #[error(
        "{authority} has the path length {path_length}, so it leaves no room for another CA here; issue from it directly, or make it again with a longer path"
    )]
    NoAuthorityBelow {
        /// The subject of the CA that says so.
        authority: String,
        /// Its path length.
        path_length: u8,
    },
    /// A new CA's path length is past what is left of those above it.
    #[error(
        "the path length {path_length} is past what {authority} allows; choose at most {fitting}"
    )]
    PathLength {
        /// The path length that was asked for.
        path_length: u8,
        /// The subject of the CA that allows fewer.
        authority: String,
        /// The longest that fits.
        fitting: u8,
    },
    /// A CA's name constraints forbid a name.
    #[error(
        "{} is forbidden by the CA {authority}, which {constraint}; take the name out, or use another CA",
        .name.bare()
    )]
    NameForbidden {
        /// The name that was asked for.
        name: SubjectAlternativeName,
        /// The subject of the CA that forbids it.
        authority: String,
        /// The constraint.
        constraint: Forbidden,
    },
    /// Encoding or signing failed.
    #[error("the certificate could not be made: {0}; please report this")]
    Signing(#[from] SigningError),
}
