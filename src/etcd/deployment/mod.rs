//! A deployment: etcd's members and their clients as values, ready to be
//! written down in whatever form etcd is run in: a shell line, a config file, a
//! unit, a manifest. It holds addresses, paths and facts about certificates,
//! never a key. A checked plan is turned into one; what writes commands and
//! files reads nothing else.

mod of_plan;
mod recipient;

pub use recipient::{Receives, Recipient};

use super::{facts::release::Series, plan::DirectoryPath, role::Role};
use crate::pki::{
    authority::AuthorityKeyUsage, key::KeyType, subject_alternative_name::SubjectAlternativeName,
};

/// What is run, and by whom it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The series whose flags are written.
    pub series: Series,
    /// The members; none where etcd runs already and only certificates for its
    /// clients are wanted.
    pub members: Vec<Member>,
    /// The URLs that clients dial (`--endpoints`), at least one.
    pub endpoints: Vec<String>,
    /// How the members find each other; none for a single etcd without peer
    /// URLs of its own.
    pub cluster: Option<Cluster>,
    /// The clients that have a certificate.
    pub clients: Vec<Client>,
    /// `--cacert`: the CA of the servers' certificates, by its absolute path.
    pub server_ca: String,
    /// Every certificate, authorities first, each before what it signs.
    pub certificates: Vec<CertificateOutline>,
    /// The files that hold several certificates beside one another.
    pub bundles: Vec<Bundle>,
    /// The name of the tar file with everything that it speaks of.
    pub archive: String,
    /// Whether it is kubeadm's: root runs etcd as a static pod, and nothing but the
    /// files that kubeadm itself makes lies in the members' folder.
    pub kubeadm: bool,
    /// Whom it is written for alone; none where it is for whoever has all files.
    pub recipient: Option<Recipient>,
}

impl Deployment {
    /// The folder on a member's machine for what is neither a certificate nor a key:
    /// the member's own, or one beside kubeadm's, which holds nothing but what kubeadm
    /// itself makes.
    #[must_use]
    pub fn documents_folder(&self, member: &Member) -> String {
        let folder = member.directory.as_str();
        if self.kubeadm {
            format!("{folder}-lab")
        } else {
            folder.to_owned()
        }
    }

    /// Has every port of every member turn away whoever is on a CRL, which lies
    /// in the member's folder under this name. The peer port as well: where one
    /// CA serves both, a client's certificate without SANs would pass there.
    pub fn revoke(&mut self, name: &str) {
        for member in &mut self.members {
            let file = member.directory.join(name);
            if let Some(peer) = &mut member.peer {
                peer.tls.revocation_list = Some(file.clone());
            }
            member.client_tls.revocation_list = Some(file);
        }
    }
}

/// A file of several authorities' certificates, for a port that trusts them
/// all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The path of the file, below the folder.
    pub file: String,
    /// The certificates' files, in their order, below the folder.
    pub parts: Vec<String>,
}

/// How the members of a cluster find each other at their first start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// `--initial-cluster-token`, where one is wanted.
    pub token: Option<String>,
    /// `--initial-cluster-state`.
    pub state: ClusterState,
}

/// `--initial-cluster-state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterState {
    /// Nothing runs yet.
    #[default]
    New,
    /// The member joins a cluster that runs.
    Existing,
}

/// One etcd process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// `--name`; none leaves etcd's own, `default`.
    pub name: Option<String>,
    /// `--data-dir`; none leaves etcd's own, `NAME.etcd` where it is started.
    pub data_directory: Option<String>,
    /// The folder of its files, where it runs.
    pub directory: DirectoryPath,
    /// The folder within the archive that holds this member's files and no
    /// others, and goes into [`Self::directory`]; none where the whole archive
    /// does.
    pub archive_folder: Option<String>,
    /// `--listen-client-urls`, at least one.
    pub listen_client_urls: Vec<String>,
    /// `--advertise-client-urls`, at least one.
    pub advertise_client_urls: Vec<String>,
    /// The files of the client port.
    pub client_tls: Tls,
    /// What etcd itself shows to a client port, where that is another certificate
    /// than the port's own.
    pub gateway: Option<Pair>,
    /// Whether etcd is to have no gateway.
    pub without_gateway: bool,
    /// The peer port; none for a single etcd without one of its own.
    pub peer: Option<PeerPort>,
    /// `--listen-metrics-urls`, where metrics and health are asked for without
    /// TLS.
    pub metrics_urls: Vec<String>,
    /// `--snapshot-count`, where it is not left to etcd.
    pub snapshot_count: Option<u32>,
}

/// The port where members talk to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPort {
    /// `--listen-peer-urls`.
    pub listen_urls: Vec<String>,
    /// `--initial-advertise-peer-urls`.
    pub advertise_urls: Vec<String>,
    /// The files of the peer port.
    pub tls: Tls,
}

/// The files of one port, by their absolute paths. Client certificates are
/// always demanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// `--cert-file`, `--peer-cert-file`.
    pub certificate: String,
    /// `--key-file`, `--peer-key-file`.
    pub key: String,
    /// `--trusted-ca-file`, `--peer-trusted-ca-file`: who may come in.
    pub trusted_ca: String,
    /// `--client-crl-file`, `--peer-crl-file`: who may not.
    pub revocation_list: Option<String>,
}

/// A certificate and its key, by their absolute paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// `--client-cert-file`.
    pub certificate: String,
    /// `--client-key-file`.
    pub key: String,
}

impl Member {
    /// The certificate and the key with which the member, or somebody on its machine,
    /// can ask at a client port.
    #[must_use]
    pub fn asks_with(&self) -> (&str, &str) {
        match &self.gateway {
            Some(own) => (&own.certificate, &own.key),
            None => (&self.client_tls.certificate, &self.client_tls.key),
        }
    }
}

/// Somebody who asks etcd, with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The stem of its files' names.
    pub stem: String,
    /// The certificate's common name: etcd's user, with roles switched on.
    pub common_name: Option<String>,
    /// `--cert`.
    pub certificate: String,
    /// `--key`.
    pub key: String,
}

impl Client {
    /// Whether it is called as whoever saves snapshots is.
    #[must_use]
    pub fn is_for_backup(&self) -> bool {
        let name = self.stem.to_lowercase();
        ["backup", "snapshot"]
            .iter()
            .any(|word| name.contains(word))
    }
}

/// What a certificate of the deployment says, for whoever makes the same
/// elsewhere: openssl's lines, cert-manager's objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateOutline {
    /// The path of its files without their endings, below the folder:
    /// `client`, `etcd/server`.
    pub stem: String,
    /// The place in [`Deployment::certificates`] of the CA that signs it; none
    /// if it signs itself or its CA is brought along, as `ca.crt` and `ca.key`.
    pub issuer: Option<usize>,
    /// The subject as OpenSSL's `-subj` wants it, and its common name.
    pub subject: String,
    /// The subject's common name.
    pub common_name: Option<String>,
    /// The subject's organizations.
    pub organizations: Vec<String>,
    /// DNS names and addresses.
    pub names: Vec<SubjectAlternativeName>,
    /// What it may do.
    pub standing: Standing,
    /// How long it is valid, in days.
    pub days: u32,
    /// The kind of its key; none where the key was made elsewhere.
    pub key_type: Option<KeyType>,
    /// Whether its key usage has keyEncipherment, as RSA keys of leaves have;
    /// false for authorities that only sign.
    pub enciphers_keys: bool,
    /// Whether it is what a member's own gateway shows, a client like any other.
    pub is_of_gateway: bool,
}

/// What a certificate may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Sign others.
    Authority {
        /// What its key may do.
        key_usage: AuthorityKeyUsage,
        /// How many CAs may follow below it, where that is limited.
        path_length: Option<u8>,
        /// DNS names and addresses that it is confined to; none: no limit.
        permitted: Vec<String>,
        /// DNS names and addresses that it must not sign for.
        excluded: Vec<String>,
    },
    /// Play one role and sign nothing.
    Leaf(Role),
}

impl CertificateOutline {
    /// Whether it signs others.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        matches!(self.standing, Standing::Authority { .. })
    }
}
