//! Whose a key is: the one word of the house for who in a plan holds a
//! certificate and its key. What the certificate is for, is its
//! [`Role`](crate::etcd::role::Role): a member holds two of them.

use std::{error::Error, fmt, num::ParseIntError, str::FromStr};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderError {
    /// There is no such holder.
    Unknown(String),
    /// The place is no number.
    Place(String, ParseIntError),
}

impl fmt::Display for HolderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(text) => write!(
                formatter,
                "“{text}” holds no key; there are server, member-0, client-0 and many-0"
            ),
            Self::Place(text, _) => write!(formatter, "“{text}” is no place; they count from 0"),
        }
    }
}

impl Error for HolderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unknown(_) => None,
            Self::Place(_, error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
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
