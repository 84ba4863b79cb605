//! Name constraints of a CA (RFC 5280 section 4.2.1.10): the DNS names and
//! networks it may, or may not, sign for. Read from the text that people write,
//! written into and read out of certificates, and held against subject
//! alternative names as Go does it. Constraints on other kinds of names (mail,
//! URI, directory names) are told of when a CA brings them along, never made.

use std::{collections::HashSet, fmt, net::IpAddr, str::FromStr};

use der::asn1::{Ia5String, OctetString};
use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::{
    self,
    constraints::name::{GeneralSubtree, GeneralSubtrees},
    name::GeneralName,
};

use super::subject_alternative_name::{
    HostNameFault, SubjectAlternativeName, SubjectAlternativeNameError,
};

/// The most constraints in one list: each name of each certificate is held against
/// all of them, here and by whoever checks the certificate.
pub const MAXIMUM_COUNT: usize = 1_000;

/// One subtree: a domain or a network.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameConstraint {
    /// DNS names at and below a domain.
    Dns(Domain),
    /// The addresses of a network.
    Ip(Network),
}

/// A domain of DNS names, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain {
    /// Without a leading dot; empty for every name, which only a certificate
    /// made elsewhere says.
    name: String,
    /// Written with a leading dot: the names below, not the name itself. RFC
    /// 5280 gives the dot no meaning for DNS names; Go, OpenSSL and NSS give it
    /// this one.
    below_only: bool,
}

/// A network in CIDR notation (RFC 4632), its host bits zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    prefix_length: u8,
}

/// Why a text is no name constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameConstraintError {
    /// Nothing was written.
    Empty,
    /// Looks like a network, and is none.
    BadNetwork {
        /// The text.
        text: String,
    },
    /// The part behind `/` is no length, or longer than the address.
    BadPrefix {
        /// The text.
        text: String,
        /// The most bits for an address of this kind.
        most: u8,
    },
    /// Bits beyond the prefix are set.
    HostBits {
        /// The text.
        text: String,
        /// The network that it lies in.
        network: Network,
    },
    /// No domain name.
    BadDomain {
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: HostNameFault,
    },
    /// A URL, a port or a mail address.
    NotJustADomain {
        /// The text.
        text: String,
    },
    /// More than [`MAXIMUM_COUNT`].
    TooMany,
    /// Written twice.
    Duplicate {
        /// What is there twice.
        constraint: NameConstraint,
    },
}

impl fmt::Display for NameConstraintError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(
                formatter,
                "write a domain such as example.com, or a network such as 10.0.0.0/8"
            ),
            Self::BadNetwork { text } => write!(
                formatter,
                "“{text}” is no network; write one such as 10.0.0.0/8 or fd00::/8"
            ),
            Self::BadPrefix { text, most } => write!(
                formatter,
                "“{text}” is no network: behind the “/” belongs a number from 0 to {most}"
            ),
            Self::HostBits { text, network } => write!(
                formatter,
                "“{text}” names an address within a network; write {network} for the network"
            ),
            Self::BadDomain {
                text,
                reason: HostNameFault::Wildcard,
            } => write!(
                formatter,
                "“{text}” is no domain: a constraint has no “*”; write {} for all names below it",
                text.trim_start_matches('*')
            ),
            Self::BadDomain { text, reason } => {
                write!(formatter, "“{text}” is no domain: {reason}")
            }
            Self::NotJustADomain { text } => write!(
                formatter,
                "“{text}” is more than a domain; write only the name, without scheme, port or path"
            ),
            Self::TooMany => write!(
                formatter,
                "these are more than {MAXIMUM_COUNT} constraints; name larger domains or networks"
            ),
            Self::Duplicate { constraint } => {
                write!(formatter, "{constraint} is there twice; remove one")
            }
        }
    }
}

impl std::error::Error for NameConstraintError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::BadDomain { reason: error, .. } => Some(error),
            Self::Empty
            | Self::BadNetwork { .. }
            | Self::BadPrefix { .. }
            | Self::HostBits { .. }
            | Self::NotJustADomain { .. }
            | Self::TooMany
            | Self::Duplicate { .. } => None,
        }
    }
}

impl fmt::Display for NameConstraint {
    /// As people write it: `example.com`, `.example.com`, `10.0.0.0/8`; and
    /// `DNS:2` for a domain that would be read as an address without its kind.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(domain) => domain.fmt(formatter),
            Self::Ip(network) => network.fmt(formatter),
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            return formatter.write_str("every DNS name");
        }
        let kind = if looks_like_address(&self.name) {
            "DNS:"
        } else {
            ""
        };
        let dot = if self.below_only { "." } else { "" };
        write!(formatter, "{kind}{dot}{}", self.name)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.prefix_length)
    }
}

impl FromStr for NameConstraint {
    type Err = NameConstraintError;

    /// Reads `example.com`, `.example.com`, `10.0.0.0/8`, `fd00::/8`, or an
    /// address alone, which is a network of one; `DNS:` and `IP:` may stand in
    /// front.
    fn from_str(text: &str) -> Result<Self, NameConstraintError> {
        let text = text.trim();
        let kind = |kind: &str| {
            text.get(..kind.len())
                .filter(|head| head.eq_ignore_ascii_case(kind))
                .map(|_| text[kind.len()..].trim())
        };
        if let Some(network) = kind("IP:") {
            return network.parse().map(Self::Ip);
        }
        if let Some(domain) = kind("DNS:") {
            return domain.parse().map(Self::Dns);
        }
        let head = text.split_once('/').map_or(text, |(head, _)| head);
        if !text.is_empty() && looks_like_address(head) && !text.contains("://") {
            return text.parse().map(Self::Ip);
        }
        text.parse().map(Self::Dns)
    }
}

/// Whether a text without its kind in front is read as an address.
fn looks_like_address(text: &str) -> bool {
    // One colon alone parts a host from a port.
    text.matches(':').count() > 1
        || text
            .bytes()
            .all(|byte| byte == b'.' || byte.is_ascii_digit())
            && text.bytes().any(|byte| byte.is_ascii_digit())
}

impl FromStr for Network {
    type Err = NameConstraintError;

    fn from_str(text: &str) -> Result<Self, NameConstraintError> {
        let bad = || NameConstraintError::BadNetwork {
            text: text.to_owned(),
        };
        if text.is_empty() {
            return Err(NameConstraintError::Empty);
        }
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let most = longest_prefix(address);
        let prefix_length = match prefix {
            None => most,
            Some(prefix) => prefix
                .parse()
                .ok()
                .filter(|length| {
                    *length <= most && prefix.bytes().all(|byte| byte.is_ascii_digit())
                })
                .ok_or_else(|| NameConstraintError::BadPrefix {
                    text: text.to_owned(),
                    most,
                })?,
        };
        let network = Self::containing(address, prefix_length);
        if network.address == address {
            Ok(network)
        } else {
            Err(NameConstraintError::HostBits {
                text: text.to_owned(),
                network,
            })
        }
    }
}

impl FromStr for Domain {
    type Err = NameConstraintError;

    fn from_str(text: &str) -> Result<Self, NameConstraintError> {
        if text.is_empty() {
            return Err(NameConstraintError::Empty);
        }
        let below = text.strip_prefix('.');
        let bad = |reason| NameConstraintError::BadDomain {
            text: text.to_owned(),
            reason,
        };
        if text.contains('*') {
            return Err(bad(HostNameFault::Wildcard));
        }
        // A constraint is spelled like a host name that a certificate may have, so the
        // same rules hold.
        match SubjectAlternativeName::read(&format!("DNS:{}", below.unwrap_or(text))) {
            Ok(SubjectAlternativeName::Dns(name)) => Ok(Self {
                name: name.as_str().to_owned(),
                below_only: below.is_some(),
            }),
            Ok(SubjectAlternativeName::Ip(_))
            | Err(
                SubjectAlternativeNameError::BadAddress { .. }
                | SubjectAlternativeNameError::AddressRange { .. }
                | SubjectAlternativeNameError::AddressAsName { .. },
            ) => Err(NameConstraintError::BadNetwork {
                text: text.to_owned(),
            }),
            Err(
                SubjectAlternativeNameError::NotJustAHost { .. }
                | SubjectAlternativeNameError::Duplicate { .. }
                | SubjectAlternativeNameError::TooMany
                | SubjectAlternativeNameError::BadHostName {
                    reason: HostNameFault::Character(':' | '/' | '@'),
                    ..
                },
            ) => Err(NameConstraintError::NotJustADomain {
                text: text.to_owned(),
            }),
            Err(SubjectAlternativeNameError::BadHostName { reason, .. }) => Err(bad(reason)),
        }
    }
}

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

impl Network {
    /// The network of this prefix length that an address lies in. A length past
    /// the address's own is its own.
    fn containing(address: IpAddr, prefix_length: u8) -> Self {
        let prefix_length = prefix_length.min(longest_prefix(address));
        let address = match address {
            IpAddr::V4(address) => {
                let mask = u32::MAX
                    .checked_shl(32 - u32::from(prefix_length))
                    .unwrap_or(0);
                IpAddr::from((u32::from(address) & mask).to_be_bytes())
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX
                    .checked_shl(128 - u32::from(prefix_length))
                    .unwrap_or(0);
                IpAddr::from((u128::from(address) & mask).to_be_bytes())
            }
        };
        Self {
            address,
            prefix_length,
        }
    }

    fn contains(self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4()
            && Self::containing(address, self.prefix_length) == self
    }

    /// The address and the mask behind it: 8 bytes for IPv4, 32 for IPv6.
    fn to_bytes(self) -> Vec<u8> {
        let ones = match self.address {
            IpAddr::V4(_) => IpAddr::from([0xff; 4]),
            IpAddr::V6(_) => IpAddr::from([0xff; 16]),
        };
        let mask = Self::containing(ones, self.prefix_length).address;
        let bytes = |address| match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        [bytes(self.address), bytes(mask)].concat()
    }

    /// None for a wrong number of bytes, or a mask with a hole in it, which Go
    /// refuses too (`parseNameConstraintsExtension`).
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (address, mask) = bytes.split_at(bytes.len() / 2);
        let length: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
        let length = u8::try_from(length).ok()?;
        let address = match bytes.len() {
            8 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
            32 => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
            _ => return None,
        };
        let network = Self::containing(address, length);
        network.to_bytes().ends_with(mask).then_some(network)
    }
}

fn longest_prefix(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl Domain {
    /// Whether a host name without `*` lies in the domain.
    fn contains(&self, host: &str) -> bool {
        if self.name.is_empty() {
            return true;
        }
        match host.strip_suffix(self.name.as_str()) {
            Some("") => !self.below_only,
            Some(labels) => labels.ends_with('.'),
            None => false,
        }
    }
}

impl NameConstraint {
    /// Whether the two are about the same kind of name.
    fn is_about(&self, name: &SubjectAlternativeName) -> bool {
        matches!(
            (self, name),
            (Self::Dns(_), SubjectAlternativeName::Dns(_))
                | (Self::Ip(_), SubjectAlternativeName::Ip(_))
        )
    }

    /// Whether a permitted subtree holds all that a name stands for.
    fn permits(&self, name: &SubjectAlternativeName) -> bool {
        match (self, name) {
            // A wildcard adds one label to what is behind it.
            (Self::Dns(domain), SubjectAlternativeName::Dns(name)) => {
                domain.contains(name.as_str())
            }
            (Self::Ip(network), SubjectAlternativeName::Ip(address)) => network.contains(*address),
            _ => false,
        }
    }

    /// Whether an excluded subtree holds any of what a name stands for: an
    /// excluded `a.example.com` hits `*.example.com`, as in Go since 1.26.
    fn excludes(&self, name: &SubjectAlternativeName) -> bool {
        if self.permits(name) {
            return true;
        }
        let (Self::Dns(domain), SubjectAlternativeName::Dns(name)) = (self, name) else {
            return false;
        };
        let Some(parent) = name.as_str().strip_prefix("*.") else {
            return false;
        };
        !domain.below_only
            && domain
                .name
                .split_once('.')
                .is_some_and(|(_, rest)| rest == parent)
    }

    fn to_subtree(&self) -> der::Result<GeneralSubtree> {
        let base = match self {
            Self::Dns(Domain { name, below_only }) => {
                let dot = if *below_only { "." } else { "" };
                GeneralName::DnsName(Ia5String::new(&format!("{dot}{name}"))?)
            }
            Self::Ip(network) => GeneralName::IpAddress(OctetString::new(network.to_bytes())?),
        };
        Ok(GeneralSubtree {
            base,
            minimum: 0,
            maximum: None,
        })
    }
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
                return Ok(NameConstraint::Dns(Domain {
                    name: String::new(),
                    below_only: false,
                }));
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
