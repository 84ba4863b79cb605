//! A plan in a link's fragment: `#plan=` and the plan as JSON, in base64url or
//! percent-encoded. A fragment is never sent to a server. It never holds a
//! secret, because a plan has none.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::etcd::plan::{MAXIMUM_MEMBERS, Plan};

/// What a fragment with a plan begins with, behind the `#`.
const KEY: &str = "plan=";

/// The longest fragment that is read, in bytes: some forty CSRs.
pub const MAXIMUM_LENGTH: usize = 1 << 16;

/// The most clients that a link may ask for.
pub const MAXIMUM_CLIENTS: usize = 200;

/// Why the plan in a link can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Longer than `MAXIMUM_LENGTH`.
    #[error("it is {length} characters long, and {MAXIMUM_LENGTH} is the most")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Neither base64url nor percent-encoded JSON of a plan.
    #[error("it is damaged, perhaps cut off where it was copied")]
    Unreadable,
    /// More than `MAXIMUM_MEMBERS`.
    #[error("it asks for {count} members, and {MAXIMUM_MEMBERS} is the most")]
    Members {
        /// Their number.
        count: usize,
    },
    /// No client at all, where there are no members either.
    #[error("it asks for no client")]
    NoClient,
    /// More than `MAXIMUM_CLIENTS`.
    #[error("it asks for {count} clients, and {MAXIMUM_CLIENTS} is the most")]
    Clients {
        /// Their number.
        count: usize,
    },
}

/// The fragment for a plan, with its `#`.
#[must_use]
pub fn fragment(plan: &Plan) -> String {
    // A plan is made of texts and lists, which JSON always can hold.
    let json = serde_json::to_string(plan).unwrap_or_default();
    format!(
        "#{KEY}{}",
        Base64UrlUnpadded::encode_string(json.as_bytes())
    )
}

/// The plan of a fragment, or nothing where the fragment is about something
/// else.
///
/// # Errors
///
/// Why there is a plan but it can't be used.
pub fn plan(fragment: &str) -> Result<Option<Plan>, LinkError> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let Some(text) = fragment.strip_prefix(KEY) else {
        return Ok(None);
    };
    if text.len() > MAXIMUM_LENGTH {
        return Err(LinkError::TooLong { length: text.len() });
    }
    let bytes = Base64UrlUnpadded::decode_vec(text.trim_end_matches('='))
        .ok()
        .or_else(|| percent_decode(text))
        .ok_or(LinkError::Unreadable)?;
    let plan: Plan = serde_json::from_slice(&bytes).map_err(|_| LinkError::Unreadable)?;
    if plan.members.len() > MAXIMUM_MEMBERS {
        return Err(LinkError::Members {
            count: plan.members.len(),
        });
    }
    if plan.clients.is_empty() && !plan.preset.has_members() {
        return Err(LinkError::NoClient);
    }
    if plan.clients.len() > MAXIMUM_CLIENTS {
        return Err(LinkError::Clients {
            count: plan.clients.len(),
        });
    }
    Ok(Some(plan))
}

/// Undoes percent-encoding (RFC 3986 section 2.1).
fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_its_link() {
        let mut wanted = Plan {
            directory: "/srv/it's ünusual".to_owned(),
            ..Plan::default()
        };
        wanted.clients.push(wanted.server.clone());
        assert_eq!(plan(&fragment(&wanted)), Ok(Some(wanted)));
    }

    #[test]
    fn a_link_may_be_written_by_hand() {
        let by_hand = plan("#plan=%7B%22port%22%3A%222380%22%7D")
            .unwrap()
            .unwrap();
        assert_eq!(by_hand.port, "2380");
        assert_eq!(by_hand.host, "127.0.0.1");
    }

    #[test]
    fn a_broken_link_is_refused_with_its_reason() {
        assert_eq!(plan("#files"), Ok(None));
        assert_eq!(plan(""), Ok(None));
        for broken in [
            "#plan=",
            "#plan=%7",
            "#plan=%zz",
            "#plan=e30x",
            "#plan={\"keys\":1}",
        ] {
            assert_eq!(plan(broken), Err(LinkError::Unreadable), "{broken}");
        }
        let error = plan("#plan={\"clients\":[]}").unwrap_err();
        assert_eq!(error.to_string(), "it asks for no client");
        assert!(matches!(
            plan(&format!("#plan={}", "A".repeat(1_000_000))),
            Err(LinkError::TooLong { .. })
        ));
    }
}
