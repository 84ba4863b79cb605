//! One subtree of names: a domain or a network, read from the text that people write,
//! written into and read out of certificates, and held against a name.

use std::{fmt, net::IpAddr, str::FromStr};

use der::asn1::{Ia5String, OctetString};
use x509_cert::ext::pkix::{constraints::name::GeneralSubtree, name::GeneralName};

use super::MAXIMUM_COUNT;
use crate::pki::subject_alternative_name::{
    HostNameFault, SubjectAlternativeName, SubjectAlternativeNameError,
};

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameConstraintError {
    /// Nothing was written.
    #[error("write a domain such as example.com, or a network such as 10.0.0.0/8")]
    Empty,
    /// Looks like a network, and is none.
    #[error("“{text}” is no network; write one such as 10.0.0.0/8 or fd00::/8")]
    BadNetwork {
        /// The text.
        text: String,
    },
    /// The part behind `/` is no length, or longer than the address.
    #[error("“{text}” is no network: behind the “/” belongs a number from 0 to {most}")]
    BadPrefix {
        /// The text.
        text: String,
        /// The most bits for an address of this kind.
        most: u8,
    },
    /// Bits beyond the prefix are set.
    #[error("“{text}” names an address within a network; write {network} for the network")]
    HostBits {
        /// The text.
        text: String,
        /// The network that it lies in.
        network: Network,
    },
    /// No domain name.
    #[error("“{text}” is no domain: {}", of_domain(text, *reason))]
    BadDomain {
        /// The text.
        text: String,
        /// What is wrong with it.
        #[source]
        reason: HostNameFault,
    },
    /// A URL, a port or a mail address.
    #[error("“{text}” is more than a domain; write only the name, without scheme, port or path")]
    NotJustADomain {
        /// The text.
        text: String,
    },
    /// More than [`MAXIMUM_COUNT`].
    #[error("these are more than {MAXIMUM_COUNT} constraints; name larger domains or networks")]
    TooMany,
    /// Written twice.
    #[error("{constraint} is there twice; remove one")]
    Duplicate {
        /// What is there twice.
        constraint: NameConstraint,
    },
}

fn of_domain(text: &str, reason: HostNameFault) -> String {
    match reason {
        HostNameFault::Wildcard => format!(
            "a constraint has no “*”; write {} for all names below it",
            text.trim_start_matches('*')
        ),
        reason => reason.to_string(),
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
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
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
    /// Every DNS name, which only a certificate made elsewhere says.
    pub(super) const fn every() -> Self {
        Self {
            name: String::new(),
            below_only: false,
        }
    }

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
    pub(super) fn is_about(&self, name: &SubjectAlternativeName) -> bool {
        matches!(
            (self, name),
            (Self::Dns(_), SubjectAlternativeName::Dns(_))
                | (Self::Ip(_), SubjectAlternativeName::Ip(_))
        )
    }

    /// Whether a permitted subtree holds all that a name stands for.
    pub(super) fn permits(&self, name: &SubjectAlternativeName) -> bool {
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
    pub(super) fn excludes(&self, name: &SubjectAlternativeName) -> bool {
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

    pub(super) fn to_subtree(&self) -> der::Result<GeneralSubtree> {
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
