//! Where etcd is dialled: an address or host name, and a port.

use std::net::IpAddr;

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum EndpointError {
    /// There is no address.
    #[error("write the address that clients dial, such as 127.0.0.1")]
    Missing,
    /// A member has no address and no name.
    #[error("write the member’s addresses and host names, the one that others dial first")]
    MemberMissing,
    /// A control-plane node has no address: kubeadm knows no names.
    #[error("write the node’s address: kubeadm’s etcd listens on one")]
    NodeMissing,
    /// It is no host name and no address.
    #[error(transparent)]
    Host(SubjectAlternativeNameError),
    /// It stands for every address of a machine.
    #[error(
        "{address} means every address of a machine, and cannot be dialled; write the one that clients use"
    )]
    EveryAddress {
        /// The address.
        address: IpAddr,
    },
    /// It is a wildcard.
    #[error("a wildcard cannot be dialled; write the whole host name")]
    Wildcard,
    /// It is no port.
    #[error("“{text}” is no port; write a number from 1 to 65535, such as 2379")]
    Port {
        /// The text.
        text: String,
    },
}
