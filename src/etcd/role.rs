//! What a certificate is for. A plan, what was issued of it, and the facts that
//! commands are written from all ask this one question, and this is its one
//! answer; whose the certificate is, is a plan's
//! [`Holder`](super::plan::Holder).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::pki::purposes::Purposes;

/// What a leaf certificate is for: the port of etcd that it is shown on, or the
/// client that shows it. It is more than its extended key usages, which are the
/// same for both ports, because each port trusts a CA of its own and names
/// different files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Somebody who asks etcd: clientAuth.
    #[default]
    Client,
    /// etcd's client port: serverAuth, and clientAuth because etcd's own gateway
    /// dials that port with the same certificate.
    Server,
    /// etcd's peer port: both, because members dial each other.
    Peer,
}

impl Role {
    /// All roles, in the page's order.
    pub const ALL: [Self; 3] = [Self::Client, Self::Server, Self::Peer];

    /// The stem of the files of such a certificate, where none was chosen.
    #[must_use]
    pub fn stem(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "etcd",
            Self::Peer => "peer",
        }
    }

    /// The extended key usages that go with it.
    #[must_use]
    pub fn purposes(self) -> Purposes {
        match self {
            Self::Server | Self::Peer => Purposes::ServerAndClient,
            Self::Client => Purposes::Client,
        }
    }
}

impl fmt::Display for Role {
    /// As it stands in a plan's text: `server`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Peer => "peer",
        })
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.to_string() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// This text is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no usage; there are client, server and peer")]
pub struct UnknownRole(pub String);
