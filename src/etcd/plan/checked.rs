//! A plan whose every field could be read, as a graph: authorities, each with
//! the one that signs it, and identities, each with the authority that issues
//! it. What comes of it, files and members, is a
//! [`Deployment`](crate::etcd::deployment::Deployment)'s to say.

use serde::{Deserialize, Serialize};

use super::{DataDirectory, DirectoryPath, FilePath, Holder, Preset};
use crate::{
    etcd::{facts::release::Series, role::Role},
    pki::{
        authority::AuthorityOptions, certification_request::CertificationRequest, key::KeyType,
        name::DistinguishedName, subject_alternative_name::SubjectAlternativeName, validity::Days,
    },
};

/// The file of a CRL for etcd: DER, which every version reads.
pub(crate) const REVOCATION_LIST: &str = "revoked.crl";

/// The stem of the file with the authorities whose certificates open the client
/// port, where they are more than one.
pub(crate) const CLIENT_BUNDLE: &str = "trusted-clients";

/// A plan whose every field could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedPlan {
    /// What the plan is for.
    pub preset: Preset,
    /// The series that commands are written for.
    pub series: Series,
    /// The authorities, each behind the one that signs it. The first is the one
    /// that servers' certificates come from, or its root.
    pub authorities: Vec<CheckedAuthority>,
    /// The certificates to issue, the servers' first.
    pub identities: Vec<CheckedIdentity>,
    /// The members, where they are named.
    pub members: Vec<CheckedMember>,
    /// The address or name that clients dial, where no members are named.
    pub host: SubjectAlternativeName,
    /// The port that clients dial, where no members are named.
    pub port: u16,
    /// The folder.
    pub directory: DirectoryPath,
    /// Whether etcd's gateway is off where it can have no certificate of its own.
    pub without_gateway: bool,
}

/// An authority: one to make, or the one that the reader brings.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedAuthority {
    /// The stem of its files: `ca`, `intermediate`, `client-ca`, `peer-ca`.
    pub path: FilePath,
    /// The place of the authority that signs it; none if it signs itself or is
    /// brought along.
    pub issuer: Option<usize>,
    /// What to make; none for the one that is brought along.
    pub request: Option<AuthorityRequest>,
}

/// An authority to make.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthorityRequest {
    /// The kind of its key.
    pub key_type: KeyType,
    /// What it is to be.
    pub options: AuthorityOptions,
}

/// A certificate to issue: what it is to be, for whom, and where its files lie.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedIdentity {
    /// The folder of the archive that is its node's alone.
    pub folder: Option<FilePath>,
    /// The stem of its files, on the machine that uses them.
    pub name: FilePath,
    /// Who in the plan holds its key.
    pub holder: Holder,
    /// The place of the authority that issues it.
    pub issuer: usize,
    /// What it is to be.
    pub request: LeafRequest,
}

/// What a certificate is to be: all that whoever issues it needs to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeafRequest {
    /// What it is for.
    pub role: Role,
    /// Whom it names: a subject for a key made here, or a CSR from elsewhere.
    pub subject: Requested,
    /// The DNS names and addresses it will have.
    pub names: Vec<SubjectAlternativeName>,
    /// Its days.
    pub days: Days,
}

/// Whom a certificate names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Requested {
    /// This subject, with a key of this kind made here.
    Subject(DistinguishedName, KeyType),
    /// What this CSR says, with the key that made it.
    Csr(Box<CertificationRequest>),
}

/// A member of a cluster, or a control-plane node.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedMember {
    /// Its name, `--name`.
    pub name: FilePath,
    /// Its names and addresses; at least one.
    pub hosts: Vec<SubjectAlternativeName>,
    /// The one that others dial.
    pub dialled: SubjectAlternativeName,
    /// The port that clients dial.
    pub client_port: u16,
    /// The port that other members dial.
    pub peer_port: u16,
    /// The folder of its data, where it is not left to etcd.
    pub data_directory: Option<DataDirectory>,
}

impl CheckedMember {
    /// Whether both run on one machine: they share an address or a name that is not
    /// every machine's own, or both are dialled on loopback.
    #[must_use]
    pub fn shares_machine_with(&self, other: &Self) -> bool {
        let mut hosts = self.hosts.iter().filter(|host| !host.is_loopback());
        hosts.any(|host| other.hosts.contains(host))
            || self.dialled.is_loopback() && other.dialled.is_loopback()
    }
}

impl CheckedAuthority {
    /// Whether the reader brings it along.
    #[must_use]
    pub fn is_brought(&self) -> bool {
        self.request.is_none()
    }
}

impl CheckedIdentity {
    /// Whether it is etcd's own, to dial a client port as a client: its gateway's.
    #[must_use]
    pub fn is_of_gateway(&self) -> bool {
        let is_etcds = matches!(self.holder, Holder::Server | Holder::Member(_));
        is_etcds && self.request.role == Role::Client
    }

    /// The stem of its files in the archive.
    #[must_use]
    pub fn path(&self) -> FilePath {
        match &self.folder {
            Some(folder) => self.name.within(folder),
            None => self.name.clone(),
        }
    }

    /// The kind of its key; none where the key was made elsewhere.
    #[must_use]
    pub fn key_type(&self) -> Option<KeyType> {
        match &self.request.subject {
            Requested::Subject(_, key_type) => Some(*key_type),
            Requested::Csr(_) => None,
        }
    }

    /// Its subject.
    #[must_use]
    pub fn subject(&self) -> &x509_cert::name::Name {
        match &self.request.subject {
            Requested::Subject(subject, _) => subject.as_name(),
            Requested::Csr(request) => request.subject(),
        }
    }
}
