//! The single server, or the members of a cluster: their names, addresses and
//! ports, held against one another.

use std::collections::{HashMap, HashSet};

use super::{
    Check, Fault, Issuers, MAXIMUM_MEMBERS,
    endpoint::{EndpointError, can_be_dialled, port},
    names::with_entry,
};
use crate::etcd::facts::kubeadm;
use crate::{
    etcd::{
        plan::{
            Field, FilePath, Holder, IdentityField, MemberField, MemberPlan, PathError, Preset,
            checked::{CheckedIdentity, CheckedMember, LeafRequest, Requested},
            path::could_be_folder,
        },
        role::Role,
    },
    pki::{
        key::KeyType,
        name::DistinguishedName,
        subject_alternative_name::{SubjectAlternativeName, parse_list},
    },
};

/// Servers and members.
impl Check<'_> {
    pub(super) fn server(&mut self, issuers: Issuers, host: Option<&SubjectAlternativeName>) {
        let plan = &self.plan.server;
        let Some(server) = self.identity(plan, Role::Server, Holder::Server, issuers.server) else {
            return;
        };
        if let Some(host) = host
            && !server.request.names.iter().any(|name| name.covers(host))
        {
            self.faults.push(Fault {
                field: Field::Server(IdentityField::Names),
                message: format!(
                    "{} is missing, and clients dial it: etcdctl would refuse this certificate; add it",
                    host.bare()
                ),
                mended: Some(with_entry(&plan.names, host)),
            });
        }
        self.take_stem(&server.name, Field::Server(IdentityField::Name));
        self.identities.push(server.clone());
        let at = |field| match field {
            MemberField::Days => Field::Server(IdentityField::Days),
            _ => Field::Server(IdentityField::Name),
        };
        let key_type = plan.key_type.unwrap_or(self.plan.key_type);
        let name = FilePath::own("gateway");
        self.gateway(&server, name, key_type, issuers, at);
    }

    /// The certificate with which etcd's own gateway dials the client port, where that
    /// port trusts the clients' CA alone. It is made for every series, as the files are
    /// the same for all.
    fn gateway(
        &mut self,
        server: &CheckedIdentity,
        name: FilePath,
        key_type: KeyType,
        issuers: Issuers,
        at: impl Fn(MemberField) -> Field,
    ) {
        if issuers.client == issuers.server {
            return;
        }
        let days = server.request.days;
        let days = self.days(at(MemberField::Days), &days.to_string(), issuers.client);
        let subject = self.field(at(MemberField::Name), "CN=etcd-gateway".parse());
        let (Some(days), Some(subject)) = (days, subject) else {
            return;
        };
        let gateway = CheckedIdentity {
            name,
            issuer: issuers.client,
            request: LeafRequest {
                role: Role::Client,
                subject: Requested::Subject(subject, key_type),
                names: Vec::new(),
                days,
            },
            ..server.clone()
        };
        self.take_stem(&gateway.path(), at(MemberField::Name));
        self.identities.push(gateway);
    }

    pub(super) fn members(&mut self, issuers: Issuers) {
        let plan = self.plan;
        if plan.members.is_empty() {
            self.faults.push(Fault::new(
                Field::Member(0, MemberField::Name),
                "there is no member; add one",
            ));
        }
        if plan.members.len() > MAXIMUM_MEMBERS {
            self.faults.push(Fault::new(
                Field::Member(MAXIMUM_MEMBERS, MemberField::Name),
                format!(
                    "these are {} members, and {MAXIMUM_MEMBERS} are the most; leave the others out",
                    plan.members.len()
                ),
            ));
        }
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut ports = Ports::default();
        for (place, member) in plan.members.iter().enumerate().take(MAXIMUM_MEMBERS) {
            let at = |field| Field::Member(place, field);
            let Some(checked) = self.member(place, member) else {
                continue;
            };
            let name = checked.name.as_str().to_lowercase();
            if let Some(other) = names.insert(name, place) {
                self.faults.push(Fault::new(
                    at(MemberField::Name),
                    format!(
                        "“{}” is the name of member {} already; each member needs its own",
                        checked.name,
                        other + 1
                    ),
                ));
            }
            for (field, port) in [
                (MemberField::ClientPort, checked.client_port),
                (MemberField::PeerPort, checked.peer_port),
            ] {
                if let Err(taken) = ports.take(port, &checked) {
                    self.faults.push(Fault::new(at(field), taken.to_string()));
                }
            }
            if plan.preset == Preset::Kubeadm {
                for (field, port) in [
                    (MemberField::ClientPort, checked.client_port),
                    (MemberField::PeerPort, checked.peer_port),
                ] {
                    if port == kubeadm::METRICS_PORT {
                        self.faults.push(Fault::new(
                            at(field),
                            format!("port {port} is where kubeadm’s etcd shows its metrics; choose another"),
                        ));
                    }
                }
            }
            if let Some(folder) = self.folder(&checked) {
                self.field(at(MemberField::Name), could_be_folder(folder.as_str()));
                for copied in self.shared.clone() {
                    self.keep_stem(copied.within(&folder));
                }
            }
            self.member_identities(place, member, &checked, issuers);
            self.members.push(checked);
        }
    }

    fn member(&mut self, place: usize, plan: &MemberPlan) -> Option<CheckedMember> {
        let at = |field| Field::Member(place, field);
        let name = self.field(at(MemberField::Name), member_name(&plan.name));
        let hosts = self.names(at(MemberField::Hosts), &plan.hosts);
        let dialled = hosts.as_ref().and_then(|hosts| {
            let dialled = self.dialled(hosts);
            self.field(at(MemberField::Hosts), dialled)
        });
        let client_port = self.field(at(MemberField::ClientPort), port(&plan.client_port));
        let peer_port = self.field(at(MemberField::PeerPort), port(&plan.peer_port));
        let data_directory = match plan.data_directory.trim() {
            "" => Some(None),
            text => self
                .field(at(MemberField::DataDirectory), text.parse())
                .map(Some),
        };
        Some(CheckedMember {
            name: name?,
            hosts: hosts?,
            dialled: dialled?,
            client_port: client_port?,
            peer_port: peer_port?,
            data_directory: data_directory?,
        })
    }

    /// The name or address of a member that others dial: the first, and for
    /// kubeadm, which knows only addresses, the first address.
    fn dialled(
        &self,
        hosts: &[SubjectAlternativeName],
    ) -> Result<SubjectAlternativeName, EndpointError> {
        if self.plan.preset == Preset::Kubeadm {
            let mut addresses = hosts
                .iter()
                .filter(|host| matches!(host, SubjectAlternativeName::Ip(_)));
            return addresses.next().map_or_else(
                || Err(EndpointError::NodeMissing),
                |address| can_be_dialled(address).map(|()| address.clone()),
            );
        }
        let first = hosts.first().ok_or(EndpointError::MemberMissing)?;
        can_be_dialled(first)?;
        Ok(first.clone())
    }

    fn member_identities(
        &mut self,
        place: usize,
        plan: &MemberPlan,
        member: &CheckedMember,
        issuers: Issuers,
    ) {
        let at = |field| Field::Member(place, field);
        let kubeadm = self.plan.preset == Preset::Kubeadm;
        let subject: Option<DistinguishedName> = self.field(
            at(MemberField::Name),
            // The name has no character that separates attributes.
            format!("CN={}", member.name).parse(),
        );
        let mut names = member.hosts.clone();
        if kubeadm {
            names = self.kubeadm_names(at(MemberField::Name), member);
        }
        for (role, issuer) in [(Role::Server, issuers.server), (Role::Peer, issuers.peer)] {
            for name in &names {
                // What kubeadm adds can only be let in by the CA.
                let field = if member.hosts.contains(name) {
                    at(MemberField::Hosts)
                } else {
                    Field::AuthorityPermitted
                };
                self.allow_from(field, name, issuer);
            }
            let days = self.days(at(MemberField::Days), &plan.days, issuer);
            let kind = match role {
                Role::Peer => "peer",
                _ => "server",
            };
            let name = if kubeadm {
                FilePath::own(&format!("etcd/{kind}"))
            } else {
                member.name.with_suffix(&format!("-{kind}"))
            };
            let (Some(subject), Some(days)) = (&subject, days) else {
                return;
            };
            let identity = CheckedIdentity {
                folder: self.folder(member),
                name,
                holder: Holder::Member(place),
                issuer,
                request: LeafRequest {
                    role,
                    subject: Requested::Subject(
                        subject.clone(),
                        plan.key_type.unwrap_or(self.plan.key_type),
                    ),
                    names: names.clone(),
                    days,
                },
            };
            self.take_stem(&identity.path(), at(MemberField::Name));
            self.identities.push(identity.clone());
            if role == Role::Server {
                let name = if kubeadm {
                    FilePath::own("etcd/gateway")
                } else {
                    member.name.with_suffix("-gateway")
                };
                let key_type = plan.key_type.unwrap_or(self.plan.key_type);
                self.gateway(&identity, name, key_type, issuers, at);
            }
        }
    }

    /// The folder of a node's own files, where there are several nodes.
    pub(super) fn folder(&self, member: &CheckedMember) -> Option<FilePath> {
        let several = self.plan.preset == Preset::Kubeadm && self.plan.members.len() > 1;
        several.then(|| member.name.clone())
    }

    /// The names that kubeadm writes (`GetEtcdAltNames` in its `pkiutil`): the
    /// node's name and localhost, its address and both loopback addresses.
    fn kubeadm_names(
        &mut self,
        field: Field,
        member: &CheckedMember,
    ) -> Vec<SubjectAlternativeName> {
        let node: Option<SubjectAlternativeName> = self.field(
            field,
            SubjectAlternativeName::read(&format!("DNS:{}", member.name)),
        );
        let mut names: Vec<SubjectAlternativeName> = node.into_iter().collect();
        names.extend(parse_list("localhost").unwrap_or_default());
        names.push(member.dialled.clone());
        names.extend(parse_list("127.0.0.1, ::1").unwrap_or_default());
        names.extend(member.hosts.iter().cloned());
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }
}

/// The ports that are taken, and by whom.
#[derive(Default)]
struct Ports {
    taken: Vec<(u16, CheckedMember)>,
}

impl Ports {
    /// Takes a port of a member's machine. `localhost` is every machine's own, so
    /// members on different machines may share that.
    fn take(&mut self, port: u16, member: &CheckedMember) -> Result<(), PortTaken> {
        let taken = self
            .taken
            .iter()
            .filter(|(other, by)| *other == port && by.shares_machine_with(member))
            .find_map(|(_, by)| {
                let host = by.hosts.iter().find(|host| member.hosts.contains(host))?;
                Some(PortTaken {
                    port,
                    host: host.clone(),
                    by: by.name.to_string(),
                })
            });
        if let Some(taken) = taken {
            return Err(taken);
        }
        self.taken.push((port, member.clone()));
        Ok(())
    }
}

/// A port of a machine that another member has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "port {port} on {} is {by}’s already; each port of a machine can be used once",
    .host.bare()
)]
struct PortTaken {
    port: u16,
    host: SubjectAlternativeName,
    by: String,
}

/// A member's name goes into `--initial-cluster`, where `,` and `=` separate
/// members and URLs, into file names, and into a common name.
fn member_name(text: &str) -> Result<FilePath, MemberNameError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(MemberNameError::Missing);
    }
    let path: FilePath = text.parse().map_err(MemberNameError::Path)?;
    let wrong = |character: &char| {
        character.is_whitespace() || !(character.is_alphanumeric() || "-_.".contains(*character))
    };
    match text.chars().find(wrong) {
        Some(character) => Err(MemberNameError::Character { character }),
        None => Ok(path),
    }
}

/// Why a text is no member's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum MemberNameError {
    /// There is none.
    #[error("write the member’s name, such as m1")]
    Missing,
    /// No file can have it.
    #[error(transparent)]
    Path(PathError),
    /// A character that a name can't have.
    #[error("a member’s name cannot hold “{}”; use letters, digits, “-”, “_” and “.”", .character.escape_debug())]
    Character {
        /// The character.
        character: char,
    },
}
