//! Where etcd is dialled: an address or host name, and a port.

use std::{error::Error, fmt, net::IpAddr};

use crate::pki::subject_alternative_name::{SubjectAlternativeName, SubjectAlternativeNameError};

pub(super) fn host(text: &str) -> Result<SubjectAlternativeName, EndpointError> {
    if text.trim().is_empty() {
        return Err(EndpointError::Missing);
    }
    let host: SubjectAlternativeName = text.parse().map_err(EndpointError::Host)?;
    can_be_dialled(&host)?;
    Ok(host)
}

pub(super) fn can_be_dialled(host: &SubjectAlternativeName) -> Result<(), EndpointError> {
    match host {
        SubjectAlternativeName::Ip(address) if address.is_unspecified() => {
            Err(EndpointError::EveryAddress { address: *address })
        }
        SubjectAlternativeName::Dns(name) if name.as_str().starts_with('*') => {
            Err(EndpointError::Wildcard)
        }
        _ => Ok(()),
    }
}

pub(super) fn port(text: &str) -> Result<u16, EndpointError> {
    match text.trim().parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(EndpointError::Port {
            text: text.trim().to_owned(),
        }),
    }
}

/// Why something can't be dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EndpointError {
    /// There is no address.
    Missing,
    /// A member has no address and no name.
    MemberMissing,
    /// A control-plane node has no address: kubeadm knows no names.
    NodeMissing,
    /// It is no host name and no address.
    Host(SubjectAlternativeNameError),
    /// It stands for every address of a machine.
    EveryAddress {
        /// The address.
        address: IpAddr,
    },
    /// It is a wildcard.
    Wildcard,
    /// It is no port.
    Port {
        /// The text.
        text: String,
    },
}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                formatter.write_str("write the address that clients dial, such as 127.0.0.1")
            }
            Self::MemberMissing => formatter.write_str(
                "write the member’s addresses and host names, the one that others dial first",
            ),
            Self::NodeMissing => {
                formatter.write_str("write the node’s address: kubeadm’s etcd listens on one")
            }
            Self::Host(error) => error.fmt(formatter),
            Self::EveryAddress { address } => write!(
                formatter,
                "{address} means every address of a machine, and cannot be dialled; write the one that clients use"
            ),
            Self::Wildcard => {
                formatter.write_str("a wildcard cannot be dialled; write the whole host name")
            }
            Self::Port { text } => write!(
                formatter,
                "“{text}” is no port; write a number from 1 to 65535, such as 2379"
            ),
        }
    }
}

impl Error for EndpointError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Host(error) => error.source(),
            _ => None,
        }
    }
}
