//! Who gets which part of a plan's files: each machine its own members', each client
//! its own, and whoever keeps the CAs their keys. A deployment can be written for one
//! of them alone; which bytes that is, `lab` knows.

use std::collections::HashSet;

use super::{Deployment, Standing};
use crate::etcd::{
    plan::{CheckedIdentity, CheckedPlan, Holder, Preset},
    role::Role,
};

/// Somebody who is handed files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// What it gets.
    pub receives: Receives,
    /// A short name that no other recipient of the plan has: `machine-m1`,
    /// `client-root`, `offline`. It is a part of file names.
    pub name: String,
    /// How it is called for people: `m1`, `root`.
    pub label: String,
    /// Where a machine is reached, where it is another than the reader's own.
    pub host: Option<String>,
}

/// What a recipient gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receives {
    /// What the members at these places need, which run on one machine.
    Machine(Vec<usize>),
    /// What the client with the identity at this place needs.
    Client(usize),
    /// The CAs' keys, which no machine and no client needs.
    AuthorityKeys,
}

impl CheckedPlan {
    /// The places of the members, machine by machine. Two members run on one machine
    /// where they share an address or a name that is not every machine's own, or where
    /// both are dialled on loopback.
    #[must_use]
    pub fn machines(&self) -> Vec<Vec<usize>> {
        let mut machines: Vec<Vec<usize>> = Vec::new();
        for (place, member) in self.members.iter().enumerate() {
            let there = machines.iter_mut().find(|machine| {
                let mut others = machine.iter().filter_map(|other| self.members.get(*other));
                others.any(|other| other.shares_machine_with(member))
            });
            match there {
                Some(machine) => machine.push(place),
                None => machines.push(vec![place]),
            }
        }
        let single = || {
            let mut identities = self.identities.iter();
            identities.any(|identity| identity.request.role != Role::Client)
        };
        if machines.is_empty() && single() {
            machines.push(vec![0]);
        }
        machines
    }

    /// Everybody who is handed files: machines, clients, and whoever keeps the keys
    /// of the CAs that are made here.
    #[must_use]
    pub fn recipients(&self) -> Vec<Recipient> {
        let machines = self.machines();
        let mut recipients: Vec<Recipient> = Vec::new();
        let mut names = HashSet::new();
        let mut add = |receives, kind: &str, label: String, host| {
            let mut name = if label.is_empty() {
                kind.to_owned()
            } else {
                format!("{kind}-{}", plain(&label))
            };
            if !names.insert(name.clone()) {
                name = format!("{name}-{}", recipients.len() + 1);
                names.insert(name.clone());
            }
            recipients.push(Recipient {
                receives,
                name,
                label,
                host,
            });
        };
        for machine in &machines {
            let mut members = machine.iter().filter_map(|place| self.members.get(*place));
            let first = members.next();
            let dialled = first.map_or(&self.host, |member| &member.dialled);
            let label = match (first, machine.len()) {
                (Some(member), 1) => member.name.to_string(),
                _ => dialled.bare(),
            };
            let host = (!dialled.is_loopback()).then(|| dialled.bare());
            add(Receives::Machine(machine.clone()), "machine", label, host);
        }
        for (place, identity) in self.identities.iter().enumerate() {
            if self.machine_of(identity, &machines).is_none() {
                let label = identity.name.to_string();
                add(Receives::Client(place), "client", label, None);
            }
        }
        if self.authorities.iter().any(|one| !one.is_brought()) {
            add(Receives::AuthorityKeys, "offline", String::new(), None);
        }
        recipients
    }

    /// The machine that holds an identity's key; none where a client does, which
    /// may be anywhere. kubeadm's clients are its nodes'.
    fn machine_of<'a>(
        &self,
        identity: &CheckedIdentity,
        machines: &'a [Vec<usize>],
    ) -> Option<&'a Vec<usize>> {
        let with = |place: usize| machines.iter().find(|machine| machine.contains(&place));
        match (identity.holder, identity.request.role) {
            (Holder::Member(place), _) => with(place),
            (_, Role::Client) if self.preset == Preset::Kubeadm => match &identity.folder {
                Some(folder) => {
                    let mut members = self.members.iter();
                    with(members.position(|member| member.name == *folder)?)
                }
                None => machines.first(),
            },
            (Holder::Client(_) | Holder::Many(_), Role::Client) => None,
            _ => machines.first(),
        }
    }

    /// Whether a recipient gets the key and the certificate of an identity.
    #[must_use]
    pub fn hands_over(&self, identity: usize, recipient: &Recipient) -> bool {
        match &recipient.receives {
            Receives::Client(place) => *place == identity,
            Receives::AuthorityKeys => false,
            Receives::Machine(members) => self.identities.get(identity).is_some_and(|one| {
                let machines = self.machines();
                self.machine_of(one, &machines) == Some(members)
            }),
        }
    }

    /// The folder of the whole archive that is a machine's alone, which its own
    /// archive is without.
    #[must_use]
    pub fn own_folder(&self, recipient: &Recipient) -> Option<String> {
        let Receives::Machine(members) = &recipient.receives else {
            return None;
        };
        let place = members.first()?;
        let mut identities = self.identities.iter();
        identities
            .find(|identity| identity.holder == Holder::Member(*place))
            .and_then(|identity| identity.folder.as_ref())
            .map(ToString::to_string)
    }

    /// The deployment as one recipient reads it: its own members are started, its own
    /// clients ask, and only its own certificates are spoken of. `archive` is the
    /// name of its tar file.
    #[must_use]
    pub fn deployment_for(&self, recipient: &Recipient, archive: &str) -> Deployment {
        let mut deployment = self.deployment(archive);
        let own: Vec<String> = (0..self.identities.len())
            .filter(|place| self.hands_over(*place, recipient))
            .filter_map(|place| self.identities.get(place))
            .map(|identity| identity.path().to_string())
            .collect();
        deployment
            .certificates
            .retain(|facts| facts.is_authority() || own.contains(&facts.stem));
        let folder = self.own_folder(recipient);
        for facts in &mut deployment.certificates {
            let within = folder.as_ref().and_then(|folder| {
                let stem = facts.stem.strip_prefix(folder.as_str())?;
                stem.strip_prefix('/').map(str::to_owned)
            });
            if let (Standing::Leaf(_), Some(stem)) = (&facts.standing, within) {
                facts.stem = stem;
            }
        }
        match &recipient.receives {
            Receives::Machine(members) => {
                if self.preset != Preset::Kubeadm {
                    deployment.clients.clear();
                }
                for place in members {
                    if let Some(member) = deployment.members.get_mut(*place) {
                        member.archive_folder = None;
                    }
                }
            }
            Receives::Client(_) => {
                deployment.members.clear();
                deployment
                    .clients
                    .retain(|client| own.contains(&client.stem));
            }
            Receives::AuthorityKeys => {
                deployment.members.clear();
                deployment.clients.clear();
            }
        }
        deployment.recipient = Some(recipient.clone());
        deployment
    }
}

/// A label as a part of a file's name: letters, digits, dots, hyphens and
/// underscores.
fn plain(label: &str) -> String {
    label
        .chars()
        .map(|character| {
            let keep = character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
            if keep { character } else { '_' }
        })
        .collect()
}
