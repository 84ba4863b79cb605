//! Whose a key is: the one word of the house for who in a plan holds a
//! certificate and its key. What the certificate is for, is its
//! [`Role`](crate::etcd::role::Role): a member holds two of them.

use std::{fmt, num::ParseIntError, str::FromStr};

/// Who in a plan holds keys and certificates. Places count from 0, in the plan's
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// The single server.
    Server,
    /// The member at this place, with its server's and its peer's key.
    Member(usize),
    /// The client at this place.
    Client(usize),
    /// One of many clients, by its place among them.
    Many(usize),
}

impl fmt::Display for Holder {
    /// A short identifier: `server`, `member-0`, `client-0`, `many-0`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => formatter.write_str("server"),
            Self::Member(place) => write!(formatter, "member-{place}"),
            Self::Client(place) => write!(formatter, "client-{place}"),
            Self::Many(place) => write!(formatter, "many-{place}"),
        }
    }
}

impl FromStr for Holder {
    type Err = HolderError;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, HolderError> {
        let holder: fn(usize) -> Self = match text.split_once('-') {
            None if text == "server" => return Ok(Self::Server),
            Some(("member", _)) => Self::Member,
            Some(("client", _)) => Self::Client,
            Some(("many", _)) => Self::Many,
            _ => return Err(HolderError::Unknown(text.to_owned())),
        };
        let (_, place) = text.split_once('-').unwrap_or_default();
        place
            .parse()
            .map(holder)
            .map_err(|error| HolderError::Place(place.to_owned(), error))
    }
}

/// Why a text names no holder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HolderError {
    /// There is no such holder.
    #[error("“{0}” holds no key; there are server, member-0, client-0 and many-0")]
    Unknown(String),
    /// The place is no number.
    #[error("“{0}” is no place; they count from 0")]
    Place(String, #[source] ParseIntError),
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn a_holder_survives_its_identifier() {
        for holder in [
            Holder::Server,
            Holder::Member(12),
            Holder::Client(3),
            Holder::Many(999),
        ] {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
        for other in ["", "server-0", "client", "member-x", "nobody-1", "many--1"] {
            assert!(other.parse::<Holder>().is_err(), "{other}");
        }
        let error = "member-x".parse::<Holder>().unwrap_err();
        assert_eq!(error.to_string(), "“x” is no place; they count from 0");
        assert!(error.source().is_some());
    }
}
