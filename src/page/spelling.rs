//! What the texts in the markup have in common by which elements, presses and
//! choices are told apart: of whom one is, and that it is none of them.

use std::{error, fmt};

use crate::etcd::plan::Holder;

/// Of whom an identifier is, and what follows: `client-0-summary` is of client 0.
pub(super) fn of_holder(text: &str) -> Option<(Holder, &str)> {
    let (kind, rest) = text.split_once('-')?;
    if kind == "server" {
        return Some((Holder::Server, rest));
    }
    let (place, rest) = rest.split_once('-')?;
    let place = place.parse().ok()?;
    match kind {
        "member" => Some((Holder::Member(place), rest)),
        "client" => Some((Holder::Client(place), rest)),
        _ => None,
    }
}

/// A text is none of those that the page's markup has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The text.
    pub text: String,
}

impl Unknown {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing on the page is called “{}”", self.text)
    }
}

impl error::Error for Unknown {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_an_identifier_is_stands_at_its_beginning() {
        assert_eq!(
            of_holder("server-summary"),
            Some((Holder::Server, "summary"))
        );
        assert_eq!(of_holder("client-3-x-y"), Some((Holder::Client(3), "x-y")));
        assert_eq!(of_holder("member-summary"), None);
    }
}
