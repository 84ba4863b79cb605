//! Name constraints of a CA (RFC 5280 section 4.2.1.10): the DNS names and
//! networks it may, or may not, sign for. Read from the text that people write,
//! written into and read out of certificates, and held against subject
//! alternative names as Go does it. Constraints on other kinds of names (mail,
//! URI, directory names) are told of when a CA brings them along, never made.

mod subtree;

use std::{collections::HashSet, fmt};

use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::{
    self,
    constraints::name::{GeneralSubtree, GeneralSubtrees},
    name::GeneralName,
};

pub use self::subtree::{Domain, NameConstraint, NameConstraintError, Network};
use super::subject_alternative_name::SubjectAlternativeName;

/// The most constraints in one list: each name of each certificate is held against
/// all of them, here and by whoever checks the certificate.
pub const MAXIMUM_COUNT: usize = 1_000;

/// Reads a list, its entries apart by commas, white space or new lines. An
/// empty text is an empty list.
///
/// # Errors
///
/// The first entry that is no constraint, or that is there twice.
pub fn parse_list(text: &str) -> Result<Vec<NameConstraint>, NameConstraintError> {
    let mut constraints = Vec::new();
    let mut seen = HashSet::new();
    let entries = text
        .split(|character: char| matches!(character, ',' | ';') || character.is_whitespace())
        .filter(|entry| !entry.is_empty());
    for entry in entries {
        if constraints.len() == MAXIMUM_COUNT {
            return Err(NameConstraintError::TooMany);
        }
        let constraint: NameConstraint = entry.parse()?;
        if !seen.insert(constraint.clone()) {
            return Err(NameConstraintError::Duplicate { constraint });
        }
        constraints.push(constraint);
    }
    Ok(constraints)
}

/// What a CA is confined to. Empty: no constraint at all.
///
/// Each kind of name is constrained on its own: a CA with a permitted domain and
/// no permitted network may sign for every address. `0.0.0.0/0` and `::/0`
/// among the excluded forbid them all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameConstraints {
    /// Of a kind that is named here, only these.
    pub permitted: Vec<NameConstraint>,
    /// Never these.
    pub excluded: Vec<NameConstraint>,
}

/// What stands in the way of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// It lies in an excluded subtree, or a wildcard covers one.
    Excluded {
        /// The subtree.
        by: NameConstraint,
    },
    /// It lies in none of the permitted subtrees of its kind.
    NotPermitted {
        /// Those of its kind.
        permitted: Vec<NameConstraint>,
    },
}

/// So many permitted subtrees are told.
const MOST_TOLD: usize = 20;

impl fmt::Display for Forbidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded { by } => write!(formatter, "excludes {by}"),
            Self::NotPermitted { permitted } => {
                write!(formatter, "permits only ")?;
                for (index, constraint) in permitted.iter().take(MOST_TOLD).enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(formatter, "{comma}{constraint}")?;
                }
                match permitted.len().saturating_sub(MOST_TOLD) {
                    0 => Ok(()),
                    more => write!(formatter, " and {more} more"),
                }
            }
        }
    }
}

impl NameConstraints {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.permitted.is_empty() && self.excluded.is_empty()
    }

    /// Holds a subject alternative name against the constraints, as Go does
    /// (`crypto/x509`, `checkChainConstraints`) and RFC 5280 section 6.1.3 (b)
    /// and (c) say.
    ///
    /// # Errors
    ///
    /// The constraint that forbids it.
    pub fn check(&self, name: &SubjectAlternativeName) -> Result<(), Forbidden> {
        if let Some(by) = self.excluded.iter().find(|it| it.excludes(name)) {
            return Err(Forbidden::Excluded { by: by.clone() });
        }
        let mut of_its_kind = self
            .permitted
            .iter()
            .filter(|constraint| constraint.is_about(name))
            .peekable();
        if of_its_kind.peek().is_none() || of_its_kind.clone().any(|it| it.permits(name)) {
            Ok(())
        } else {
            Err(Forbidden::NotPermitted {
                permitted: of_its_kind.cloned().collect(),
            })
        }
    }

    /// The extension; none for no constraints, which RFC 5280 forbids to write.
    pub(super) fn to_x509(&self) -> der::Result<Option<pkix::NameConstraints>> {
        let subtrees = |constraints: &[NameConstraint]| -> der::Result<Option<GeneralSubtrees>> {
            if constraints.is_empty() {
                return Ok(None);
            }
            constraints
                .iter()
                .map(NameConstraint::to_subtree)
                .collect::<der::Result<_>>()
                .map(Some)
        };
        if self.is_empty() {
            return Ok(None);
        }
        Ok(Some(pkix::NameConstraints {
            permitted_subtrees: subtrees(&self.permitted)?,
            excluded_subtrees: subtrees(&self.excluded)?,
        }))
    }

    /// Reads the extension. The second list says what it holds besides, in
    /// words: kinds of names that this program never issues, and subtrees that
    /// can't be understood.
    pub(super) fn from_x509(extension: &pkix::NameConstraints) -> (Self, Vec<OtherConstraint>) {
        let mut others = Vec::new();
        let mut read = |subtrees: &Option<GeneralSubtrees>| {
            let mut constraints = Vec::new();
            for subtree in subtrees.iter().flatten() {
                match read_subtree(subtree) {
                    Ok(constraint) => constraints.push(constraint),
                    Err(other) => others.push(other),
                }
            }
            constraints
        };
        let constraints = Self {
            permitted: read(&extension.permitted_subtrees),
            excluded: read(&extension.excluded_subtrees),
        };
        (constraints, others)
    }
}

/// A constraint of a CA from elsewhere that is not one of [`NameConstraint`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherConstraint {
    /// Of mail addresses or URIs, in OpenSSL's spelling: it touches no name
    /// that is issued here.
    Untouched(String),
    /// Of a kind that Go does not know, so that a critical extension makes it
    /// refuse the whole chain (`x509: unhandled critical extension`).
    Unhandled(String),
    /// One that can't be read, which Go refuses to parse.
    Malformed(String),
}

fn read_subtree(subtree: &GeneralSubtree) -> Result<NameConstraint, OtherConstraint> {
    match &subtree.base {
        GeneralName::DnsName(text) => {
            let text = text.as_str();
            if text.is_empty() {
                return Ok(NameConstraint::Dns(Domain::every()));
            }
            text.parse()
                .map(NameConstraint::Dns)
                .map_err(|_| OtherConstraint::Malformed(format!("DNS:{text}")))
        }
        GeneralName::IpAddress(bytes) => Network::from_bytes(bytes.as_bytes())
            .map(NameConstraint::Ip)
            .ok_or_else(|| OtherConstraint::Malformed("a network whose mask has holes".to_owned())),
        GeneralName::Rfc822Name(text) => Err(OtherConstraint::Untouched(format!(
            "email:{}",
            text.as_str()
        ))),
        GeneralName::UniformResourceIdentifier(text) => {
            Err(OtherConstraint::Untouched(format!("URI:{}", text.as_str())))
        }
        GeneralName::DirectoryName(name) => {
            Err(OtherConstraint::Unhandled(format!("dirName:{name}")))
        }
        GeneralName::OtherName(_) | GeneralName::EdiPartyName(_) | GeneralName::RegisteredId(_) => {
            Err(OtherConstraint::Unhandled(
                "a kind of name that is none of DNS, IP, email, URI and dirName".to_owned(),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<NameConstraint>().unwrap().to_string()
    }

    fn refused(text: &str) -> NameConstraintError {
        text.parse::<NameConstraint>().unwrap_err()
    }

    fn constraints(permitted: &str, excluded: &str) -> NameConstraints {
        NameConstraints {
            permitted: parse_list(permitted).unwrap(),
            excluded: parse_list(excluded).unwrap(),
        }
    }

    fn allowed(permitted: &str, excluded: &str, name: &str) -> bool {
        constraints(permitted, excluded)
            .check(&name.parse().unwrap())
            .is_ok()
    }

    #[test]
    fn domains_and_networks_are_told_apart() {
        assert_eq!(read("Example.COM"), "example.com");
        assert_eq!(read(".example.com"), ".example.com");
        assert_eq!(read("dns:localhost"), "localhost");
        assert_eq!(read("10.0.0.0/8"), "10.0.0.0/8");
        assert_eq!(read("IP:fd00::/8"), "fd00::/8");
        assert_eq!(read("10.1.2.3"), "10.1.2.3/32");
        assert_eq!(read("0.0.0.0/0"), "0.0.0.0/0");
        assert_eq!(read("::/0"), "::/0");
    }

    #[test]
    fn what_is_neither_is_refused_with_the_way_out() {
        assert_eq!(refused(" "), NameConstraintError::Empty);
        assert_eq!(
            refused("10.1.0.0/8").to_string(),
            "“10.1.0.0/8” names an address within a network; write 10.0.0.0/8 for the network"
        );
        assert_eq!(
            refused("*.example.com").to_string(),
            "“*.example.com” is no domain: a constraint has no “*”; write .example.com for all names below it"
        );
        for text in ["10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/+8"] {
            assert!(
                matches!(refused(text), NameConstraintError::BadPrefix { .. }),
                "{text}"
            );
        }
        for text in ["10.0.0/8", "1.2.3", "fe80::zz/10", "DNS:10.0.0.1"] {
            assert!(
                matches!(refused(text), NameConstraintError::BadNetwork { .. }),
                "{text}: {:?}",
                refused(text)
            );
        }
        for text in [
            "https://example.com",
            "example.com/24",
            "example.com:80",
            "a@example.com",
        ] {
            assert!(
                matches!(refused(text), NameConstraintError::NotJustADomain { .. }),
                "{text}: {:?}",
                refused(text)
            );
        }
        for text in [
            "..example.com",
            "example.com.",
            "-a.b",
            "bücher.example",
            ".",
            "...",
        ] {
            assert!(
                matches!(refused(text), NameConstraintError::BadDomain { .. }),
                "{text}: {:?}",
                refused(text)
            );
        }
        assert!(matches!(
            parse_list("a.test, A.TEST"),
            Err(NameConstraintError::Duplicate { .. })
        ));
    }

    #[test]
    fn a_domain_holds_itself_and_what_is_below_it() {
        assert!(allowed("example.com", "", "example.com"));
        assert!(allowed("example.com", "", "a.b.example.com"));
        assert!(allowed("example.com", "", "*.example.com"));
        assert!(!allowed("example.com", "", "badexample.com"));
        assert!(!allowed("example.com", "", "example.com.evil.test"));
        assert!(!allowed("a.example.com", "", "*.example.com"));
        assert!(!allowed(".example.com", "", "example.com"));
        assert!(allowed(".example.com", "", "a.example.com"));
    }

    #[test]
    fn an_excluded_name_hits_the_wildcard_that_covers_it() {
        assert!(!allowed("", "a.example.com", "*.example.com"));
        assert!(!allowed("example.com", "a.example.com", "b.a.example.com"));
        assert!(allowed("example.com", "a.example.com", "b.example.com"));
        assert!(allowed("", "b.a.example.com", "*.example.com"));
    }

    #[test]
    fn networks_hold_addresses_of_their_kind() {
        assert!(allowed("10.0.0.0/8", "", "10.255.0.1"));
        assert!(!allowed("10.0.0.0/8", "", "11.0.0.1"));
        assert!(!allowed("10.0.0.0/8", "", "::1"));
        assert!(allowed("fd00::/8", "", "fd12::1"));
        assert!(!allowed("", "0.0.0.0/0", "127.0.0.1"));
        assert!(allowed("", "0.0.0.0/0", "::1"));
        assert!(allowed("10.1.2.3", "", "10.1.2.3"));
        assert!(!allowed("10.1.2.3", "", "10.1.2.4"));
    }

    #[test]
    fn a_kind_that_is_not_named_is_free() {
        assert!(allowed("example.com", "", "127.0.0.1"));
        assert!(allowed("10.0.0.0/8", "", "localhost"));
    }

    #[test]
    fn what_is_written_into_a_certificate_is_read_back() {
        let written = constraints(
            "example.com .lab.test 10.0.0.0/8 0.0.0.0/0",
            "fd00::/8 ::/0 192.0.2.7/32",
        );
        let extension = written.to_x509().unwrap().unwrap();
        assert_eq!(
            NameConstraints::from_x509(&extension),
            (written, Vec::new())
        );
        assert!(NameConstraints::default().to_x509().unwrap().is_none());
    }

    #[test]
    fn a_mask_with_a_hole_is_malformed() {
        assert_eq!(Network::from_bytes(&[10, 0, 0, 0, 255, 0, 255, 0]), None);
        assert_eq!(Network::from_bytes(&[10, 0, 0, 0, 255, 0, 0]), None);
        assert_eq!(Network::from_bytes(&[]), None);
        assert_eq!(
            Network::from_bytes(&[10, 1, 0, 0, 255, 0, 0, 0])
                .unwrap()
                .to_string(),
            "10.0.0.0/8"
        );
    }
}
