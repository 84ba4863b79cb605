//! Hosts by their names alone: none is looked up.

/// A name that no DNS has (RFC 6761, section 6.4).
#[must_use]
pub fn is_never_found(name: &str) -> bool {
    name.trim_end_matches('.').rsplit('.').next() == Some("invalid")
}
