//! Extended key usages (RFC 5280 section 4.2.1.12): what a certificate's key may
//! be used for. Here are the two sets that are issued.

use const_oid::{
    ObjectIdentifier,
    db::{rfc5280, rfc5912},
};
use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::certificate::Certificate;

/// The extended key usages that a server's or client's certificate is issued
/// with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purposes {
    /// serverAuth **and** clientAuth: what an etcd server and a member need,
    /// because etcd's own gRPC gateway dials the server with the server's
    /// certificate as a client, and each member dials the others.
    ServerAndClient,
    /// clientAuth.
    Client,
}

impl Purposes {
    /// Their object identifiers.
    pub(super) fn oids(self) -> &'static [ObjectIdentifier] {
        match self {
            Self::ServerAndClient => &[rfc5912::ID_KP_SERVER_AUTH, rfc5912::ID_KP_CLIENT_AUTH],
            Self::Client => &[rfc5912::ID_KP_CLIENT_AUTH],
        }
    }

    /// Whether a certificate's extended key usage allows these, or says nothing:
    /// no extension and `anyExtendedKeyUsage` are without limit.
    #[must_use]
    pub fn are_allowed_by(self, certificate: &Certificate) -> bool {
        certificate
            .extended_key_usage()
            .is_none_or(|ExtendedKeyUsage(allowed)| {
                allowed.contains(&rfc5280::ANY_EXTENDED_KEY_USAGE)
                    || self.oids().iter().all(|purpose| allowed.contains(purpose))
            })
    }
}
