//! Lists of names with their faults mended.

use crate::pki::subject_alternative_name::{SubjectAlternativeName, SubjectAlternativeNameError};

/// A list with one entry more.
pub(super) fn with_entry(text: &str, entry: &SubjectAlternativeName) -> String {
    let entry = match entry {
        SubjectAlternativeName::Ip(address) => address.to_string(),
        SubjectAlternativeName::Dns(name) => name.as_str().to_owned(),
    };
    match text.trim().trim_end_matches(',') {
        "" => entry,
        text => format!("{text}, {entry}"),
    }
}

/// A list in which every address that is said to be a DNS name is an address.
pub(super) fn with_addresses_as_addresses(text: &str) -> String {
    let entries = text
        .split(|character: char| matches!(character, ',' | ';') || character.is_whitespace())
        .filter(|entry| !entry.is_empty());
    let mended: Vec<String> = entries
        .map(|entry| match entry.parse::<SubjectAlternativeName>() {
            Err(SubjectAlternativeNameError::AddressAsName { address }) => format!("IP:{address}"),
            _ => entry.to_owned(),
        })
        .collect();
    mended.join(", ")
}
