//! The names and addresses a server certificate is good for: DNS names and IP
//! addresses as people write them, checked as Go checks them. Other kinds of
//! subject alternative name are read out of CSRs elsewhere, not written here.

use std::{
    collections::HashSet,
    fmt,
    net::{IpAddr, Ipv4Addr},
    str::FromStr,
};

use der::asn1::Ia5String;
use x509_cert::ext::pkix::name::GeneralName;

/// A DNS name or an IP address, as it goes into a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectAlternativeName {
    /// An `iPAddress`. A client that dials an address needs this kind: Go never
    /// compares an address with a `dNSName`.
    Ip(IpAddr),
    /// A `dNSName` in lower case, possibly with `*` as its whole first label.
    Dns(DnsName),
}

/// A host name that a certificate can hold, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DnsName(String);

impl DnsName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The most names of one list: more than anybody dials.
pub const MAXIMUM_COUNT: usize = 1_000;

/// Why a text is no subject alternative name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectAlternativeNameError {
    /// Looks like an address, or is said to be one, and is none.
    #[error("“{text}” is no IP address; write one such as 127.0.0.1 or ::1")]
    BadAddress {
        /// The text.
        text: String,
    },
    /// Several addresses, where a certificate names each by itself.
    #[error(
        "“{text}” is a range of addresses, and a certificate names each by itself; write every address"
    )]
    AddressRange {
        /// The text.
        text: String,
    },
    /// An address is said to be a DNS name, which no Go client would accept.
    #[error(
        "{address} is an address, and etcdctl never accepts an address as a DNS name; write IP:{address}"
    )]
    AddressAsName {
        /// The address.
        address: IpAddr,
    },
    /// Holds a scheme, a port, a path or a prefix length.
    #[error(
        "“{text}” is more than a host; write only the name or the address, without scheme, port or path"
    )]
    NotJustAHost {
        /// The text.
        text: String,
    },
    /// No host name by RFC 1123 section 2.1.
    #[error("“{text}” is no host name: {reason}")]
    BadHostName {
        /// The text.
        text: String,
        /// What is wrong with it.
        #[source]
        reason: HostNameFault,
    },
    /// More than [`MAXIMUM_COUNT`].
    #[error(
        "these are more than {MAXIMUM_COUNT} names and addresses; part them among several certificates"
    )]
    TooMany,
    /// Written twice.
    #[error("{} is there twice; remove one", .name.bare())]
    Duplicate {
        /// The name or address.
        name: SubjectAlternativeName,
    },
}

/// What is wrong with a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostNameFault {
    /// Nothing between two dots, or nothing at all.
    #[error("there is nothing between two dots")]
    EmptyLabel,
    /// More than 63 characters between two dots.
    #[error("a part between dots is longer than 63 characters")]
    LongLabel,
    /// More than 253 characters.
    #[error("it is longer than 253 characters")]
    Long,
    /// A hyphen at a label's end.
    #[error("a part begins or ends with a hyphen")]
    Hyphen,
    /// A dot at the end: fine in a query, never matched in a certificate.
    #[error("it ends in a dot, which etcdctl would never match; leave the dot out")]
    TrailingDot,
    /// `*` elsewhere than alone in the first label.
    #[error("“*” may only be the whole first part, as in *.example.com")]
    Wildcard,
    /// The last part is a number to whoever follows the URL standard
    /// (<https://url.spec.whatwg.org/#ends-in-a-number-checker>) or `inet_aton`. Go
    /// takes it for a name, so that a certificate may have it and is read with it.
    #[error(
        "its last part is a number, and all but Go’s programs take it for an address; write a name whose last part is a word"
    )]
    EndsInNumber,
    /// Letters beyond ASCII.
    #[error("it has letters beyond ASCII; write its xn-- form")]
    NotAscii,
    /// Any other character that host names lack.
    #[error("it holds “{}”", .0.escape_debug())]
    Character(char),
}

impl From<Ipv4Addr> for SubjectAlternativeName {
    fn from(address: Ipv4Addr) -> Self {
        Self::Ip(address.into())
    }
}

impl fmt::Display for SubjectAlternativeName {
    /// OpenSSL's spelling: `IP:127.0.0.1`, `DNS:localhost`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => write!(formatter, "IP:{address}"),
            Self::Dns(name) => write!(formatter, "DNS:{}", name.0),
        }
    }
}

impl FromStr for SubjectAlternativeName {
    type Err = SubjectAlternativeNameError;

    /// Reads `127.0.0.1`, `localhost`, `IP:::1` or `DNS:*.example.com`, as somebody
    /// writes it who wants a certificate.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = Self::read(text)?;
        match &name {
            Self::Dns(DnsName(host)) if ends_in_number(host) => {
                Err(SubjectAlternativeNameError::BadHostName {
                    text: host.clone(),
                    reason: HostNameFault::EndsInNumber,
                })
            }
            _ => Ok(name),
        }
    }
}

impl SubjectAlternativeName {
    /// Reads what [`Display`](fmt::Display) writes, with every name that Go holds
    /// against a host, though others would take it for an address: what stands in a
    /// certificate or CSR already, or is a node's.
    ///
    /// # Errors
    ///
    /// No name and no address.
    pub fn read(text: &str) -> Result<Self, SubjectAlternativeNameError> {
        let text = text.trim();
        if let Some(address) = strip_kind(text, "IP:").or_else(|| strip_kind(text, "IP Address:")) {
            return parse_address(address.trim()).map(Self::Ip).ok_or_else(|| {
                SubjectAlternativeNameError::BadAddress {
                    text: address.trim().to_owned(),
                }
            });
        }
        if let Some(name) = strip_kind(text, "DNS:") {
            let name = name.trim();
            return match parse_address(name) {
                Some(address) => Err(SubjectAlternativeNameError::AddressAsName { address }),
                None => host_name(name).map(Self::Dns),
            };
        }
        if let Some(address) = parse_address(text) {
            return Ok(Self::Ip(address));
        }
        if let Some((from, to)) = text.split_once('-')
            && parse_address(from).is_some()
            && (parse_address(to).is_some() || to.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Err(SubjectAlternativeNameError::AddressRange {
                text: text.to_owned(),
            });
        }
        if text.contains("://") || text.contains('/') {
            return Err(SubjectAlternativeNameError::NotJustAHost {
                text: text.to_owned(),
            });
        }
        if let Some((host, port)) = text.rsplit_once(':') {
            let port_like = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            return Err(
                if port_like && !host.contains(':') || text.starts_with('[') {
                    SubjectAlternativeNameError::NotJustAHost {
                        text: text.to_owned(),
                    }
                } else {
                    SubjectAlternativeNameError::BadAddress {
                        text: text.to_owned(),
                    }
                },
            );
        }
        // What ends in digits after a dot is meant as an address: no top-level
        // domain is numeric (RFC 3696 section 2).
        let last_label = text.rsplit('.').next().unwrap_or_default();
        if !last_label.is_empty() && last_label.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SubjectAlternativeNameError::BadAddress {
                text: text.to_owned(),
            });
        }
        host_name(text).map(Self::Dns)
    }
}

/// Reads a list, its entries apart by commas, white space or new lines. An
/// empty text is an empty list.
///
/// # Errors
///
/// The first entry that is no name and no address, or that is there twice.
pub fn parse_list(text: &str) -> Result<Vec<SubjectAlternativeName>, SubjectAlternativeNameError> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    let entries = text
        .split(|character: char| character == ',' || character == ';' || character.is_whitespace());
    for entry in entries.filter(|entry| !entry.is_empty()) {
        if names.len() == MAXIMUM_COUNT {
            return Err(SubjectAlternativeNameError::TooMany);
        }
        let name: SubjectAlternativeName = entry.parse()?;
        if !seen.insert(name.clone()) {
            return Err(SubjectAlternativeNameError::Duplicate { name });
        }
        names.push(name);
    }
    Ok(names)
}

/// The X.509 form of a list of names.
pub(super) fn to_general_names(names: &[SubjectAlternativeName]) -> der::Result<Vec<GeneralName>> {
    names
        .iter()
        .map(SubjectAlternativeName::to_general_name)
        .collect()
}

/// Of the names in a certificate or CSR those that this program issues.
pub(super) fn known(names: &[GeneralName]) -> Vec<SubjectAlternativeName> {
    names
        .iter()
        .filter_map(|name| read_name(name).ok())
        .collect()
}

/// A name of another kind than those that are issued, or one that no Go program
/// would accept, in OpenSSL's spelling: `email:a@example.com`.
pub(super) struct OtherName(pub(super) String);

/// A name that this program issues, or one of another kind.
pub(super) fn read_name(name: &GeneralName) -> Result<SubjectAlternativeName, OtherName> {
    let other = |text: String| Err(OtherName(text));
    match name {
        GeneralName::DnsName(text) => {
            let spelled = format!("DNS:{}", text.as_str());
            SubjectAlternativeName::read(&spelled).map_err(|_| OtherName(spelled))
        }
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let address = <[u8; 4]>::try_from(bytes)
                .map(IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
            address
                .map(|address| SubjectAlternativeName::Ip(address.to_canonical()))
                .map_err(|_| OtherName("an IP address of a wrong length".to_owned()))
        }
        GeneralName::Rfc822Name(text) => other(format!("email:{}", text.as_str())),
        GeneralName::UniformResourceIdentifier(text) => other(format!("URI:{}", text.as_str())),
        GeneralName::DirectoryName(name) => other(format!("dirName:{name}")),
        GeneralName::RegisteredId(oid) => other(format!("RID:{oid}")),
        GeneralName::OtherName(name) => other(format!("otherName:{}", name.type_id)),
        GeneralName::EdiPartyName(_) => other("ediPartyName".to_owned()),
    }
}

impl SubjectAlternativeName {
    /// The X.509 form.
    fn to_general_name(&self) -> der::Result<GeneralName> {
        match self {
            Self::Ip(address) => Ok(GeneralName::from(*address)),
            Self::Dns(name) => Ok(GeneralName::DnsName(Ia5String::new(&name.0)?)),
        }
    }

    /// Whether a certificate with this name is good for `host`, by Go's rules:
    /// addresses only by address, `*` for exactly one label (`crypto/x509`,
    /// `matchHostnames`).
    #[must_use]
    pub fn covers(&self, host: &Self) -> bool {
        match (self, host) {
            (Self::Dns(pattern), Self::Dns(name)) => match pattern.0.strip_prefix("*.") {
                Some(parent) => name
                    .0
                    .split_once('.')
                    .is_some_and(|(_, rest)| rest == parent),
                None => pattern == name,
            },
            _ => self == host,
        }
    }

    /// The name or the address without its kind, as Go writes it: `localhost`, `::1`.
    /// So it is told to people; OpenSSL's spelling is for OpenSSL's files.
    #[must_use]
    pub fn bare(&self) -> String {
        match self {
            Self::Ip(address) => address.to_string(),
            Self::Dns(name) => name.0.clone(),
        }
    }

    /// Whether every machine means itself by it: `localhost` (RFC 6761 section 6.3)
    /// and the loopback addresses.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Dns(name) => name.0 == "localhost" || name.0.ends_with(".localhost"),
            Self::Ip(address) => address.to_canonical().is_loopback(),
        }
    }
}

fn strip_kind<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
    let head = text.get(..kind.len())?;
    head.eq_ignore_ascii_case(kind).then(|| &text[kind.len()..])
}

/// An address in canonical form: `::ffff:10.0.0.1` is 10.0.0.1, as in Go.
fn parse_address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// Whether a host name's last label is digits alone, or `0x` and hexadecimal digits,
/// if any.
fn ends_in_number(name: &str) -> bool {
    let label = name.rsplit('.').next().unwrap_or_default();
    match label.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Checks a host name by RFC 1123 section 2.1, with the underscore that Go
/// and DNS allow, and brings it to lower case.
fn host_name(text: &str) -> Result<DnsName, SubjectAlternativeNameError> {
    let refuse = |reason| {
        Err(SubjectAlternativeNameError::BadHostName {
            text: text.to_owned(),
            reason,
        })
    };
    if text.len() > 1 && text.ends_with('.') && !text.ends_with("..") {
        return refuse(HostNameFault::TrailingDot);
    }
    if text.len() > 253 {
        return refuse(HostNameFault::Long);
    }
    for (index, label) in text.split('.').enumerate() {
        if label.is_empty() {
            return refuse(HostNameFault::EmptyLabel);
        }
        if label.len() > 63 {
            return refuse(HostNameFault::LongLabel);
        }
        if label == "*" && index == 0 && text.len() > 2 {
            continue;
        }
        if label.contains('*') {
            return refuse(HostNameFault::Wildcard);
        }
        if !label.is_ascii() {
            return refuse(HostNameFault::NotAscii);
        }
        if let Some(character) = label.chars().find(|character| {
            !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
        }) {
            return refuse(HostNameFault::Character(character));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return refuse(HostNameFault::Hyphen);
        }
    }
    Ok(DnsName(text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<SubjectAlternativeName>().unwrap().to_string()
    }

    fn refused(text: &str) -> SubjectAlternativeNameError {
        text.parse::<SubjectAlternativeName>().unwrap_err()
    }

    #[test]
    fn names_and_addresses_are_told_apart() {
        assert_eq!(read("127.0.0.1"), "IP:127.0.0.1");
        assert_eq!(read("::1"), "IP:::1");
        assert_eq!(read("IP:::1"), "IP:::1");
        assert_eq!(read("::ffff:10.0.0.1"), "IP:10.0.0.1");
        assert_eq!(read("LocalHost"), "DNS:localhost");
        assert_eq!(read("dns:*.lab.test"), "DNS:*.lab.test");
        assert_eq!(read("etcd_1"), "DNS:etcd_1");
    }

    #[test]
    fn an_address_is_never_taken_for_a_name() {
        assert!(matches!(
            refused("DNS:127.0.0.1"),
            SubjectAlternativeNameError::AddressAsName { .. }
        ));
        assert!(matches!(
            refused("127.0.0.256"),
            SubjectAlternativeNameError::BadAddress { .. }
        ));
        assert!(matches!(
            refused("1.2.3"),
            SubjectAlternativeNameError::BadAddress { .. }
        ));
        assert!(matches!(
            refused("IP:localhost"),
            SubjectAlternativeNameError::BadAddress { .. }
        ));
        assert!(matches!(
            refused("fe80::zz"),
            SubjectAlternativeNameError::BadAddress { .. }
        ));
    }

    #[test]
    fn a_name_that_ends_in_a_number_is_not_written_and_yet_read() {
        for text in [
            "DNS:2",
            "DNS:05.0.0.1",
            "dns:1.2.3",
            "DNS:etcd.08",
            "DNS:*.5",
            "DNS:0x7f.1",
            "0x7f",
            "etcd.0X",
            "DNS:a.0xbeef",
        ] {
            let SubjectAlternativeNameError::BadHostName { reason, .. } = refused(text) else {
                panic!("{text}");
            };
            assert_eq!(reason, HostNameFault::EndsInNumber, "{text}");
            let name = SubjectAlternativeName::read(text).unwrap();
            let general = name.to_general_name().unwrap();
            assert!(read_name(&general).is_ok_and(|read| read == name), "{text}");
        }
        for text in ["etcd.1a", "2.etcd", "1_", "a.0xg", "0xcafe.lab.test", "x1"] {
            assert_eq!(read(text), format!("DNS:{text}"));
        }
    }

    #[test]
    fn a_url_a_port_and_a_prefix_are_more_than_a_host() {
        for text in [
            "https://127.0.0.1:2379",
            "127.0.0.1:2379",
            "localhost:2379",
            "[::1]:2379",
            "10.0.0.0/8",
        ] {
            assert!(
                matches!(
                    refused(text),
                    SubjectAlternativeNameError::NotJustAHost { .. }
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn host_names_follow_rfc_1123() {
        let fault = |text: &str| match refused(text) {
            SubjectAlternativeNameError::BadHostName { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(fault("a..b"), HostNameFault::EmptyLabel);
        assert_eq!(fault("-a"), HostNameFault::Hyphen);
        assert_eq!(fault("a."), HostNameFault::TrailingDot);
        assert_eq!(fault("a*.b"), HostNameFault::Wildcard);
        assert_eq!(fault("a.*"), HostNameFault::Wildcard);
        assert_eq!(fault("bücher.example"), HostNameFault::NotAscii);
        assert_eq!(fault("a!b"), HostNameFault::Character('!'));
        assert_eq!(fault(&"a".repeat(64)), HostNameFault::LongLabel);
        assert_eq!(fault(&"a.".repeat(127)), HostNameFault::TrailingDot);
        assert_eq!(
            fault(&format!("{}a", "a.".repeat(127))),
            HostNameFault::Long
        );
    }

    #[test]
    fn a_list_refuses_what_is_there_twice() {
        assert_eq!(parse_list(" localhost, 127.0.0.1\n::1 ").unwrap().len(), 3);
        assert_eq!(parse_list("").unwrap(), []);
        assert!(matches!(
            parse_list("localhost LOCALHOST"),
            Err(SubjectAlternativeNameError::Duplicate { .. })
        ));
        assert!(matches!(
            parse_list("::1, 0:0:0:0:0:0:0:1"),
            Err(SubjectAlternativeNameError::Duplicate { .. })
        ));
    }

    #[test]
    fn a_wildcard_is_one_label_deep() {
        let covers = |pattern: &str, host: &str| {
            pattern
                .parse::<SubjectAlternativeName>()
                .unwrap()
                .covers(&host.parse().unwrap())
        };
        assert!(covers("*.lab.test", "a.lab.test"));
        assert!(!covers("*.lab.test", "a.b.lab.test"));
        assert!(!covers("*.lab.test", "lab.test"));
        assert!(!covers("localhost", "127.0.0.1"));
    }
}
