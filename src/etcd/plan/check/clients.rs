//! The clients: those named one by one, many from a list of names, and CSRs
//! that are signed for whatever their plan says.

use super::{Check, Fault, MAXIMUM_IDENTITIES, names::with_entry};
use crate::etcd::facts::port;
use crate::{
    etcd::{
        plan::{
            Field, Holder, IdentityField, Preset,
            checked::{CheckedIdentity, LeafRequest, Requested},
            many,
        },
        role::Role,
    },
    pki::subject_alternative_name::SubjectAlternativeName,
};

/// Clients.
impl Check<'_> {
    pub(super) fn clients(&mut self, issuer: usize) {
        for (place, plan) in self.plan.clients.iter().enumerate() {
            let holder = Holder::Client(place);
            let role = match self.plan.preset {
                Preset::SignCsr => plan.role,
                _ => Role::Client,
            };
            let Some(client) = self.identity(plan, role, holder, issuer) else {
                continue;
            };
            let field = Field::Client(place, IdentityField::Name);
            // Each node has clients of its own, as kubeadm makes them.
            let folders: Vec<_> = self
                .members
                .iter()
                .filter_map(|member| self.folder(member))
                .collect();
            if folders.is_empty() {
                self.take_stem(&client.name, field);
                self.identities.push(client);
                continue;
            }
            for folder in folders {
                let client = CheckedIdentity {
                    folder: Some(folder),
                    ..client.clone()
                };
                if !self.take_stem(&client.path(), field) {
                    break;
                }
                self.identities.push(client);
            }
        }
    }

    /// Holds the certificates that are signed for etcd itself against where it
    /// runs: the plan has one address and one port.
    pub(super) fn signed_for_etcd(&mut self, endpoint: Option<&(SubjectAlternativeName, u16)>) {
        let mut runs = None;
        let mut faults = Vec::new();
        for identity in &self.identities {
            let Holder::Client(place) = identity.holder else {
                continue;
            };
            if identity.request.role == Role::Client {
                continue;
            }
            if let Some(first) = runs.replace(identity.name.clone()) {
                faults.push(Fault::new(
                    Field::Client(place, IdentityField::Csr),
                    format!(
                        "“{first}” is for etcd already, and the address and port below are those of one etcd; sign this one by itself, or for a client"
                    ),
                ));
            }
            let Some((host, port)) = endpoint else {
                continue;
            };
            if !identity.request.names.iter().any(|name| name.covers(host)) {
                let who = match identity.request.role {
                    Role::Peer => "other members and clients dial it",
                    _ => "clients dial it: etcdctl would refuse this certificate",
                };
                let text = self.plan.clients.get(place).map(|plan| plan.names.as_str());
                faults.push(Fault {
                    field: Field::Client(place, IdentityField::Names),
                    message: format!("{} is missing, and {who}; add it", host.bare()),
                    mended: Some(with_entry(text.unwrap_or_default(), host)),
                });
            }
            if identity.request.role == Role::Peer && *port == port::PEER {
                faults.push(Fault::new(
                    Field::Port,
                    format!(
                        "{port} is where members dial each other; choose another for clients, such as {}",
                        port::CLIENT
                    ),
                ));
            }
        }
        self.faults.append(&mut faults);
    }

    pub(super) fn many_clients(&mut self, issuer: usize) {
        let plan = &self.plan.many_clients;
        let Some(names) = self.field(Field::ManyNames, many::names(&plan.names)) else {
            return;
        };
        if names.is_empty() {
            let none = self.plan.clients.is_empty() && !self.plan.preset.has_members();
            if none {
                self.faults.push(Fault::new(
                    Field::ManyNames,
                    "there is no client; write a name, one a line",
                ));
            }
            return;
        }
        if self.identities.len() + names.len() > MAXIMUM_IDENTITIES {
            self.faults.push(Fault::new(
                Field::ManyNames,
                format!(
                    "these are more than {MAXIMUM_IDENTITIES} certificates; make them in several goes"
                ),
            ));
            return;
        }
        let Some(days) = self.days(Field::ManyDays, &plan.days, issuer) else {
            return;
        };
        for (place, name) in names.iter().enumerate() {
            // A bad pattern is bad for every name alike, and is said once.
            let read = match name.read(&plan.subject) {
                Ok(read) => read,
                Err(error) => {
                    let message = format!("{}: {error}", name.as_str());
                    self.faults.push(Fault::new(error.field(), message));
                    return;
                }
            };
            let (path, subject) = read;
            if !self.take_stem(&path, Field::ManyNames) {
                return;
            }
            self.identities.push(CheckedIdentity {
                folder: None,
                name: path,
                holder: Holder::Many(place),
                issuer,
                request: LeafRequest {
                    role: Role::Client,
                    subject: Requested::Subject(subject, self.plan.key_type),
                    names: Vec::new(),
                    days,
                },
            });
        }
    }
}
