//! Names of the kinds that X.509 knows (RFC 5280 section 4.2.1.6), as text.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::name::GeneralName;

use crate::pki::name::{hexadecimal, openssl_spelling};

/// A name, with its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameFacts {
    /// The kind.
    pub kind: GeneralNameKind,
    /// The name as people write it.
    pub text: String,
}

/// The kinds of `GeneralName`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GeneralNameKind {
    /// A host name.
    Dns,
    /// An IP address, or a range of them in a name constraint.
    Ip,
    /// A mail address.
    Email,
    /// A URI.
    Uri,
    /// A distinguished name.
    Directory,
    /// An object identifier.
    RegisteredId,
    /// A kind that its own object identifier names.
    Other,
    /// An EDI party.
    EdiParty,
}

impl fmt::Display for GeneralNameKind {
    /// As OpenSSL spells it: `DNS`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Dns => "DNS",
            Self::Ip => "IP",
            Self::Email => "email",
            Self::Uri => "URI",
            Self::Directory => "dirName",
            Self::RegisteredId => "RID",
            Self::Other => "otherName",
            Self::EdiParty => "ediPartyName",
        })
    }
}

impl fmt::Display for NameFacts {
    /// As OpenSSL spells it: `DNS:localhost`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.kind, self.text)
    }
}

impl NameFacts {
    pub(super) fn new(name: &GeneralName) -> Self {
        let (kind, text) = match name {
            GeneralName::DnsName(text) => (GeneralNameKind::Dns, text.as_str().to_owned()),
            GeneralName::IpAddress(bytes) => (GeneralNameKind::Ip, address(bytes.as_bytes())),
            GeneralName::Rfc822Name(text) => (GeneralNameKind::Email, text.as_str().to_owned()),
            GeneralName::UniformResourceIdentifier(text) => {
                (GeneralNameKind::Uri, text.as_str().to_owned())
            }
            GeneralName::DirectoryName(name) => {
                (GeneralNameKind::Directory, openssl_spelling(name))
            }
            GeneralName::RegisteredId(oid) => (GeneralNameKind::RegisteredId, oid.to_string()),
            GeneralName::OtherName(other) => (GeneralNameKind::Other, other.type_id.to_string()),
            GeneralName::EdiPartyName(_) => (GeneralNameKind::EdiParty, "not shown".to_owned()),
        };
        Self { kind, text }
    }
}

/// An address of 4 or 16 bytes, or one with its mask in a name constraint
/// (RFC 5280 section 4.2.1.10).
fn address(bytes: &[u8]) -> String {
    if let Some(address) = plain_address(bytes) {
        return address.to_string();
    }
    let (address, mask) = bytes.split_at(bytes.len() / 2);
    match (bytes.len(), plain_address(address), plain_address(mask)) {
        (8 | 32, Some(address), Some(mask)) => match prefix(mask) {
            Some(length) => format!("{address}/{length}"),
            None => format!("{address}/{mask}"),
        },
        _ => format!(
            "{} (no address: {} bytes)",
            hexadecimal(bytes, ":"),
            bytes.len()
        ),
    }
}

fn plain_address(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes)
        .map(|bytes| Ipv4Addr::from(bytes).into())
        .or_else(|_| <[u8; 16]>::try_from(bytes).map(|bytes| Ipv6Addr::from(bytes).into()))
        .ok()
}

/// The length of the prefix that a mask of ones and then zeros keeps.
fn prefix(mask: IpAddr) -> Option<u32> {
    let (bits, width) = match mask {
        IpAddr::V4(mask) => (u128::from(mask.to_bits()) << 96, 32),
        IpAddr::V6(mask) => (mask.to_bits(), 128),
    };
    let length = bits.leading_ones();
    (length <= width && bits.count_ones() == length).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ranges_are_written_as_people_write_them() {
        assert_eq!(address(&[127, 0, 0, 1]), "127.0.0.1");
        assert_eq!(address(&[10, 0, 0, 0, 255, 0, 0, 0]), "10.0.0.0/8");
        assert_eq!(
            address(&[10, 0, 0, 0, 255, 0, 255, 0]),
            "10.0.0.0/255.0.255.0"
        );
        assert_eq!(address(&[0; 8]), "0.0.0.0/0");
        assert_eq!(address(&[0; 16]), "::");
        assert!(address(&[1, 2, 3]).contains("no address: 3 bytes"));
        assert!(address(&[]).contains("0 bytes"));
    }
}
