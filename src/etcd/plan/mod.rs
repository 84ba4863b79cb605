//! A plan is what is wanted, as it was typed: it fills the form, travels in a
//! link's fragment, and never holds a secret. A checked plan is the same with
//! every field read; only that one is issued from.
//!
//! [`Plan`] and its parts are text. A [`Preset`] fills one for each way of
//! running etcd, a [`Field`] names one of its fields, a [`Holder`] somebody in
//! it, and [`Plan::check`] reads it into a [`CheckedPlan`], of which a
//! [`Deployment`](super::deployment::Deployment) is made.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod check;
mod checked;
mod field;
mod holder;
mod hosts;
mod many;
mod path;
mod presets;

pub use check::{ExistingAuthorities, ExistingAuthority, Fault, MAXIMUM_MEMBERS};
pub(crate) use checked::{CLIENT_BUNDLE, REVOCATION_LIST};
pub use checked::{CheckedAuthority, CheckedIdentity, CheckedPlan, LeafRequest, Requested};
pub use field::{Field, IdentityField, MemberField};
pub use holder::Holder;
pub use hosts::HostsError;
#[cfg(test)]
pub(crate) use path::{CERTIFICATE_ENDINGS, OTHER_ENDINGS};
pub use path::{DataDirectory, DirectoryPath, FilePath, PathError};
pub use presets::Preset;

use serde::{Deserialize, Serialize};

use super::{
    facts::{port, release::Series},
    role::Role,
};
use crate::pki::{certification_request::CertificationRequest, key::KeyType};

/// What is wanted, as text. The default is the tutorial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// The way of running etcd that the plan is for. It says which of the parts
    /// below are used.
    pub preset: Preset,
    /// The series of etcd that commands are written for.
    pub etcd: Series,
    /// The kind of every key that is made here.
    pub key_type: KeyType,
    /// The certificate authority.
    pub authority: AuthorityPlan,
    /// Whether clients and peers each have a CA of their own, so that a client's
    /// certificate opens no peer port.
    pub separate_authorities: bool,
    /// With CAs of their own and an etcd whose gateway can have no certificate of
    /// its own (3.4): whether the gateway is off, and the client port so spared to
    /// trust the servers' CA as well.
    pub without_gateway: bool,
    /// The etcd server's certificate, where there is a single one.
    pub server: IdentityPlan,
    /// The members, where they are named one by one.
    pub members: Vec<MemberPlan>,
    /// The clients' certificates.
    pub clients: Vec<IdentityPlan>,
    /// Many clients that differ by name only.
    pub many_clients: ManyClientsPlan,
    /// The address or host name that clients dial, where no members are named.
    pub host: String,
    /// The port that clients dial, where no members are named.
    pub port: String,
    /// The folder that the files will be in, where etcd runs.
    pub directory: String,
}

/// Where the certificate authority comes from, and what it may sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorityPlan {
    /// Made here, or brought along.
    pub source: AuthoritySource,
    /// The subject of the CA that is made here.
    pub subject: String,
    /// How long that CA is valid, in days.
    pub days: String,
    /// How many CAs may follow below it; empty for no limit.
    pub path_length: String,
    /// Domains and networks that it may sign for; empty for all.
    pub permitted: String,
    /// Domains and networks that it must not sign for.
    pub excluded: String,
    /// A CA between this one and all that it signs.
    pub intermediate: Option<IntermediatePlan>,
    /// The subject of the clients' CA, where they have one of their own.
    pub client_subject: String,
    /// The subject of the peers' CA, where they have one of their own.
    pub peer_subject: String,
}

/// A CA between the root and the certificates, so that the root's key can stay
/// away from where certificates are issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntermediatePlan {
    /// Its subject.
    pub subject: String,
    /// How long it is valid, in days.
    pub days: String,
}

/// Where the certificate authority comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthoritySource {
    /// A new CA is made.
    #[default]
    Make,
    /// The reader brings `ca.crt` and `ca.key`.
    Bring,
}

/// One certificate that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityPlan {
    /// The stem of its files' names: `client` for `client.key`. It may have
    /// folders: `etcd/healthcheck-client`.
    pub name: String,
    /// The subject. Not used with a CSR, which brings its own.
    pub subject: String,
    /// DNS names and IP addresses.
    pub names: String,
    /// How long it is valid, in days.
    pub days: String,
    /// A CSR made elsewhere, as PEM; empty to make the key here.
    pub csr: String,
    /// The kind of its key, where it is another than the plan's.
    pub key_type: Option<KeyType>,
    /// What the certificate is for, with [`Preset::SignCsr`]: a CSR can ask for
    /// usages, and whoever signs decides. Elsewhere a server is a server and a
    /// client a client.
    #[serde(rename = "usage")]
    pub role: Role,
}

/// One member of a cluster, or one control-plane node. It gets a server's and a
/// peer's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemberPlan {
    /// Its name: etcd's `--name`, or the node's.
    pub name: String,
    /// Its host names and addresses; the first is the one that others dial.
    pub hosts: String,
    /// The port that clients dial.
    pub client_port: String,
    /// The port that other members dial.
    pub peer_port: String,
    /// The folder of its data; empty for etcd's own, `NAME.etcd` where it is
    /// started.
    pub data_directory: String,
    /// How long its certificates are valid, in days.
    pub days: String,
    /// The kind of both its keys, where it is another than the plan's.
    pub key_type: Option<KeyType>,
}

/// Many clients that differ by name only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ManyClientsPlan {
    /// One name a line, each also the stem of its files. `app-{1..1000}` stands
    /// for a thousand lines. Empty for none.
    pub names: String,
    /// The pattern of their subjects; `{name}` is the name.
    pub subject: String,
    /// How long they are valid, in days.
    pub days: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            preset: Preset::Tutorial,
            etcd: Series::default(),
            key_type: KeyType::default(),
            authority: AuthorityPlan::default(),
            separate_authorities: false,
            without_gateway: false,
            server: IdentityPlan {
                name: "etcd".to_owned(),
                subject: "CN=etcd".to_owned(),
                names: "localhost, 127.0.0.1, ::1".to_owned(),
                days: "365".to_owned(),
                ..IdentityPlan::default()
            },
            members: Vec::new(),
            clients: vec![IdentityPlan::default()],
            many_clients: ManyClientsPlan::default(),
            host: "127.0.0.1".to_owned(),
            port: port::CLIENT.to_string(),
            directory: "/root/certificates".to_owned(),
        }
    }
}

impl Default for AuthorityPlan {
    fn default() -> Self {
        Self {
            source: AuthoritySource::Make,
            subject: "CN=KUBERNETES-CA".to_owned(),
            days: "3650".to_owned(),
            path_length: String::new(),
            permitted: String::new(),
            excluded: String::new(),
            intermediate: None,
            client_subject: "CN=etcd-client-CA".to_owned(),
            peer_subject: "CN=etcd-peer-CA".to_owned(),
        }
    }
}

impl Default for IntermediatePlan {
    fn default() -> Self {
        Self {
            subject: "CN=etcd-intermediate-CA".to_owned(),
            days: "1825".to_owned(),
        }
    }
}

impl Default for IdentityPlan {
    /// The tutorial's client.
    fn default() -> Self {
        Self {
            name: "client".to_owned(),
            subject: "CN=client".to_owned(),
            names: String::new(),
            days: "60".to_owned(),
            csr: String::new(),
            key_type: None,
            role: Role::Client,
        }
    }
}

impl Default for MemberPlan {
    /// A first member on this machine, with etcd's own ports.
    fn default() -> Self {
        Self {
            name: "m1".to_owned(),
            hosts: "127.0.0.1, localhost".to_owned(),
            client_port: port::CLIENT.to_string(),
            peer_port: port::PEER.to_string(),
            data_directory: String::new(),
            days: "365".to_owned(),
            key_type: None,
        }
    }
}

impl Default for ManyClientsPlan {
    fn default() -> Self {
        Self {
            names: String::new(),
            subject: "CN={name}".to_owned(),
            days: "60".to_owned(),
        }
    }
}

impl IdentityPlan {
    /// Chooses what the certificate for a CSR is for. Files that are called as
    /// the role before would have them are called after the new one.
    pub fn choose_role(&mut self, role: Role) {
        if self.name.trim() == self.role.stem() {
            role.stem().clone_into(&mut self.name);
        }
        self.role = role;
    }

    /// Takes a CSR. Where no names are asked for otherwise, those that it asks
    /// for are written down, to be seen and changed.
    pub fn take_csr(&mut self, csr: &str) {
        csr.clone_into(&mut self.csr);
        if !self.names.trim().is_empty() {
            return;
        }
        if let Ok(request) = CertificationRequest::from_pem(csr) {
            let names: Vec<String> = request.names().iter().map(ToString::to_string).collect();
            self.names = names.join(", ");
        }
    }
}

impl Plan {
    /// The stem of the CA's files, below the folder: `ca`, or kubeadm's
    /// `etcd/ca`.
    #[must_use]
    pub fn authority_stem(&self) -> String {
        match self.preset {
            Preset::Kubeadm => "etcd/ca".to_owned(),
            _ => "ca".to_owned(),
        }
    }

    /// The kind of key that somebody has instead of the plan's; nothing for the
    /// plan's own.
    #[must_use]
    pub fn own_key_type(&self, holder: Holder) -> Option<KeyType> {
        match holder {
            Holder::Server => self.server.key_type,
            Holder::Member(place) => self.members.get(place)?.key_type,
            Holder::Client(place) => self.clients.get(place)?.key_type,
            Holder::Many(_) => None,
        }
    }

    /// Gives somebody keys of a kind of their own, or the plan's again. Whoever
    /// is not in the plan gets none; many clients all have the plan's.
    pub fn choose_own_key_type(&mut self, holder: Holder, key_type: Option<KeyType>) {
        let place = match holder {
            Holder::Server => Some(&mut self.server.key_type),
            Holder::Member(place) => {
                let member = self.members.get_mut(place);
                member.map(|member| &mut member.key_type)
            }
            Holder::Client(place) => {
                let client = self.clients.get_mut(place);
                client.map(|client| &mut client.key_type)
            }
            Holder::Many(_) => None,
        };
        if let Some(place) = place {
            *place = key_type;
        }
    }

    /// One more member, like the last one, under the next free name and ports.
    #[must_use]
    pub fn next_member(&self) -> MemberPlan {
        let kubeadm = self.preset == Preset::Kubeadm;
        let stem = if kubeadm { "node" } else { "m" };
        let members = &self.members;
        // One of so many names is free.
        let name = (1..=members.len() + 1)
            .map(|number| format!("{stem}{number}"))
            .find(|name| members.iter().all(|member| member.name.trim() != name));
        let mut member = members.last().cloned().unwrap_or_default();
        member.name = name.unwrap_or_default();
        if kubeadm {
            // Each node has an address of its own, which nobody can guess.
            member.hosts = String::new();
        } else if members.iter().any(|other| other.hosts == member.hosts) {
            // On the same machine it needs ports of its own.
            for port in [&mut member.client_port, &mut member.peer_port] {
                let next = port
                    .trim()
                    .parse::<u16>()
                    .ok()
                    .and_then(|port| port.checked_add(100));
                *port = next.map(|port| port.to_string()).unwrap_or_default();
            }
        }
        member
    }

    /// Whether two plans ask for the same certificates, whatever differs in the
    /// commands that go with them.
    #[must_use]
    pub fn asks_for_the_same_certificates(&self, other: &Self) -> bool {
        other.following(self) == *self
    }

    /// Takes over what only commands say, from a plan that may ask for other
    /// certificates.
    #[must_use]
    #[expect(
        clippy::unneeded_field_pattern,
        reason = "a field that is new has to be put on one side or the other"
    )]
    pub fn following(&self, other: &Self) -> Self {
        let Self {
            etcd,
            host,
            port,
            directory,
            members,
            preset: _,
            key_type: _,
            authority: _,
            separate_authorities: _,
            without_gateway,
            server: _,
            clients: _,
            many_clients: _,
        } = other;
        let mut followed = Self {
            etcd: *etcd,
            host: host.clone(),
            port: port.clone(),
            directory: directory.clone(),
            without_gateway: *without_gateway,
            ..self.clone()
        };
        if followed.members.len() == members.len() {
            for (member, wanted) in followed.members.iter_mut().zip(members) {
                member.follow(wanted);
            }
        }
        followed
    }
}

impl MemberPlan {
    /// What its certificates say of it, or how they are made; the rest is for commands.
    #[must_use]
    pub fn certified(&self) -> (&str, &str, &str, Option<KeyType>) {
        (&self.name, &self.hosts, &self.days, self.key_type)
    }

    /// As [`Plan::following`], of one member.
    #[expect(
        clippy::unneeded_field_pattern,
        reason = "a field that is new has to be put on one side or the other"
    )]
    fn follow(&mut self, other: &Self) {
        let Self {
            client_port,
            peer_port,
            data_directory,
            name: _,
            hosts: _,
            days: _,
            key_type: _,
        } = other;
        self.client_port.clone_from(client_port);
        self.peer_port.clone_from(peer_port);
        self.data_directory.clone_from(data_directory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_its_text() {
        for preset in Preset::ALL {
            let plan = Plan::example(preset);
            let text = serde_json::to_string(&plan).unwrap();
            assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        }
        assert_eq!(
            serde_json::from_str::<Plan>("{}").unwrap(),
            Plan::default(),
            "what a text leaves out is the tutorial's"
        );
    }

    #[test]
    fn a_plan_of_the_first_release_is_still_read() {
        let text = r#"{"authority":{"source":"bring","subject":"CN=X","days":"9"},
            "server":{"name":"etcd","subject":"CN=etcd","names":"h","days":"3","csr":""},
            "clients":[{"name":"c","subject":"CN=c","names":"","days":"2","csr":""}],
            "host":"h","port":"1","directory":"/d"}"#;
        let plan: Plan = serde_json::from_str(text).unwrap();
        assert_eq!(plan.preset, Preset::Tutorial);
        assert_eq!(plan.authority.source, AuthoritySource::Bring);
        assert_eq!(plan.clients[0].name, "c");
        assert_eq!(plan.clients[0].role, Role::Client);
    }

    #[test]
    fn files_are_called_after_the_role_unless_they_have_a_name_of_their_own() {
        let mut identity = IdentityPlan::default();
        for (role, name) in [
            (Role::Server, "etcd"),
            (Role::Peer, "peer"),
            (Role::Client, "client"),
        ] {
            identity.choose_role(role);
            assert_eq!(identity.name, name);
            assert_eq!(role.to_string().parse(), Ok(role));
            let text = serde_json::to_string(&role).unwrap();
            assert_eq!(text, format!("\"{role}\""));
        }
        "mine".clone_into(&mut identity.name);
        identity.choose_role(Role::Server);
        assert_eq!(identity.name, "mine");
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn one_server_member_or_client_can_have_another_kind_of_key() {
        let mut plan = Plan::preset(Preset::Cluster);
        for (holder, kind) in [
            (Holder::Server, KeyType::P256),
            (Holder::Member(1), KeyType::P384),
            (Holder::Client(0), KeyType::Ed25519),
        ] {
            assert_eq!(plan.own_key_type(holder), None);
            plan.choose_own_key_type(holder, Some(kind));
            assert_eq!(plan.own_key_type(holder), Some(kind));
        }
        plan.choose_own_key_type(Holder::Member(9), Some(KeyType::P256));
        assert_eq!(plan.own_key_type(Holder::Member(9)), None);
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        let checked = plan.check(None, jiff::Timestamp::UNIX_EPOCH).unwrap();
        let kinds: Vec<_> = checked
            .identities
            .iter()
            .filter(|identity| identity.key_type() != Some(KeyType::default()))
            .map(|identity| (identity.name.as_str(), identity.key_type()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("m2-server", Some(KeyType::P384)),
                ("m2-peer", Some(KeyType::P384)),
                ("root", Some(KeyType::Ed25519)),
            ]
        );
        assert!(serde_json::from_str::<Plan>(r#"{"members":[{"key_type":"rsa"}]}"#).is_err());
    }

    #[test]
    fn only_what_commands_say_may_change_under_files() {
        let made = Plan::preset(Preset::Cluster);
        let mut wanted = made.clone();
        wanted.etcd = Series::V3_6;
        wanted.members[1].peer_port = "4".to_owned();
        wanted.directory = "/srv".to_owned();
        assert!(wanted.asks_for_the_same_certificates(&made));
        assert_eq!(made.following(&wanted), wanted);
        wanted.members[1].hosts = "10.0.0.1".to_owned();
        assert!(!wanted.asks_for_the_same_certificates(&made));
    }
}
