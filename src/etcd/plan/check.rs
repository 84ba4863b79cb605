//! Reading every field of a plan, and holding the fields against one another.
//! All faults are found at once, each with its field, so that the page can show
//! them where they are; only a plan without any becomes a [`CheckedPlan`].

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use jiff::Timestamp;

use super::{
    AuthoritySource, CsrUsage, Field, FilePath, IdentityField, IdentityPlan, MemberField,
    MemberPlan, Plan, Preset,
    checked::{
        AuthorityRequest, CheckedAuthority, CheckedIdentity, CheckedMember, CheckedPlan,
        KUBEADM_METRICS_PORT, Origin, PEER_PORT, Requested, Role,
    },
    many,
};
use crate::{
    etcd::deployment::AuthorityKeyUsage,
    pki::{
        authority::check_days,
        certification_request::CertificationRequest,
        key::KeyType,
        name::DistinguishedName,
        name_constraint::{self, NameConstraints},
        pem::PemError,
        subject_alternative_name::{
            SubjectAlternativeName, SubjectAlternativeNameError, parse_list,
        },
        validity::{Days, Validity},
    },
};

/// The most certificates of one plan: what a browser's tab holds easily.
pub const MAXIMUM_IDENTITIES: usize = 10_000;

/// What is wrong with a plan: the field and the sentence for its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: Field,
    /// What is wrong and what to do.
    pub message: String,
    /// The field's text with the fault mended, where that is plain.
    pub mended: Option<String>,
}

impl Fault {
    /// A fault that only its reader can mend.
    #[must_use]
    pub fn new(field: Field, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
            mended: None,
        }
    }
}

/// An authority that exists already: brought by the reader, or made earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingAuthority {
    /// Its life.
    pub validity: Validity,
    /// How many authorities may follow below it, where that is limited.
    pub path_length: Option<u8>,
    /// What it, and each authority above it, may sign for.
    pub constraints: Vec<NameConstraints>,
}

/// Authorities that exist already, by the stem of their files.
pub type ExistingAuthorities = BTreeMap<String, ExistingAuthority>;

impl Plan {
    /// Reads every field. `existing` are the authorities that will sign, where
    /// they exist already. Faults of a CA that is brought are reported by who
    /// reads it.
    ///
    /// # Errors
    ///
    /// All faults, in the page's order.
    pub fn check(
        &self,
        existing: Option<&ExistingAuthorities>,
        now: Timestamp,
    ) -> Result<CheckedPlan, Vec<Fault>> {
        let mut check = Check {
            plan: self,
            existing,
            now,
            faults: Vec::new(),
            authorities: Vec::new(),
            identities: Vec::new(),
            members: Vec::new(),
            stems: HashSet::new(),
        };
        let issuers = check.authorities();
        let endpoint = if self.preset.has_members() {
            check.members(issuers);
            let first = check.members.first();
            first.map(|first| (first.dialled.clone(), first.client_port))
        } else {
            let host = check.field(Field::Host, host(&self.host));
            if self.preset.has_server() {
                check.server(issuers, host.as_ref());
            }
            host.zip(check.field(Field::Port, port(&self.port)))
        };
        check.clients(issuers.client);
        if self.preset == Preset::SignCsr {
            check.signed_for_etcd(endpoint.as_ref());
        }
        check.many_clients(issuers.client);
        let directory = check.field(Field::Directory, self.directory.parse());
        let Check {
            mut faults,
            authorities,
            identities,
            members,
            ..
        } = check;
        let authorities: Option<Vec<_>> = authorities
            .into_iter()
            .map(|authority| authority.checked)
            .collect();
        match (authorities, endpoint, directory) {
            (Some(authorities), Some((host, port)), Some(directory)) if faults.is_empty() => {
                Ok(CheckedPlan {
                    preset: self.preset,
                    series: self.etcd,
                    authorities,
                    identities,
                    members,
                    host,
                    port,
                    directory,
                })
            }
            _ => {
                faults.sort_by_key(|fault| fault.field);
                Err(faults)
            }
        }
    }
}

/// The places of the authorities that issue.
#[derive(Clone, Copy)]
struct Issuers {
    server: usize,
    peer: usize,
    client: usize,
}

/// An authority as far as it could be read.
struct Drafted {
    checked: Option<CheckedAuthority>,
    validity: Option<Validity>,
    /// The constraints of the whole chain up to its root.
    constraints: Vec<NameConstraints>,
}

/// The faults found so far, and what later fields are held against.
struct Check<'a> {
    plan: &'a Plan,
    existing: Option<&'a ExistingAuthorities>,
    now: Timestamp,
    faults: Vec<Fault>,
    authorities: Vec<Drafted>,
    identities: Vec<CheckedIdentity>,
    members: Vec<CheckedMember>,
    /// The stems that are taken, in lower case: some disks know no other.
    stems: HashSet<String>,
}

/// Authorities.
impl Check<'_> {
    fn authorities(&mut self) -> Issuers {
        let constraints = self.constraints();
        let path_length = self.path_length();
        let authority = &self.plan.authority;
        let days = self.field(Field::AuthorityDays, authority.days.parse());
        let ca = match authority.source {
            AuthoritySource::Bring => self.brought(),
            AuthoritySource::Make => self.root(
                "ca",
                Field::AuthoritySubject,
                &authority.subject,
                days,
                path_length,
                &constraints,
            ),
        };
        let issuer = match &authority.intermediate {
            Some(_) => self.intermediate(ca, path_length),
            None => ca,
        };
        // Where etcd runs already, its CAs are what they are.
        let runs_here = self.plan.preset.has_server() || self.plan.preset.has_members();
        if !self.plan.separate_authorities || !runs_here {
            return Issuers {
                server: issuer,
                peer: issuer,
                client: issuer,
            };
        }
        let client = self.root(
            "client-ca",
            Field::ClientAuthoritySubject,
            &authority.client_subject,
            days,
            path_length,
            &constraints,
        );
        let peer = if self.plan.preset.has_members() {
            self.root(
                "peer-ca",
                Field::PeerAuthoritySubject,
                &authority.peer_subject,
                days,
                path_length,
                &constraints,
            )
        } else {
            issuer
        };
        Issuers {
            server: issuer,
            peer,
            client,
        }
    }

    fn constraints(&mut self) -> NameConstraints {
        let authority = &self.plan.authority;
        let permitted = self.field(
            Field::AuthorityPermitted,
            name_constraint::parse_list(&authority.permitted),
        );
        let excluded = self.field(
            Field::AuthorityExcluded,
            name_constraint::parse_list(&authority.excluded),
        );
        NameConstraints {
            permitted: permitted.unwrap_or_default(),
            excluded: excluded.unwrap_or_default(),
        }
    }

    fn path_length(&mut self) -> Option<u8> {
        let text = self.plan.authority.path_length.trim();
        if text.is_empty() {
            return None;
        }
        let read = text.parse::<u8>().ok().filter(|length| *length <= 20);
        self.field(
            Field::AuthorityPathLength,
            read.ok_or_else(|| {
                format!(
                    "“{text}” is no path length; write how many CAs may follow below this one, such as 0 or 1, or leave it empty"
                )
            }),
        )
    }

    fn existing(&self, stem: &FilePath) -> Option<&ExistingAuthority> {
        self.existing?.get(stem.as_str())
    }

    /// The stem of an authority's files.
    fn stem(&self, name: &str) -> FilePath {
        match self.plan.preset {
            Preset::Kubeadm => FilePath::own(&format!("etcd/{name}")),
            _ => FilePath::own(name),
        }
    }

    fn draft(&mut self, drafted: Drafted, stem: &FilePath) -> usize {
        self.stems.insert(stem.as_str().to_lowercase());
        self.authorities.push(drafted);
        self.authorities.len() - 1
    }

    fn brought(&mut self) -> usize {
        let path = self.stem("ca");
        let existing = self.existing(&path);
        let drafted = Drafted {
            validity: existing.map(|existing| existing.validity),
            constraints: existing
                .map(|existing| existing.constraints.clone())
                .unwrap_or_default(),
            checked: Some(CheckedAuthority {
                path: path.clone(),
                issuer: None,
                request: None,
            }),
        };
        self.draft(drafted, &path)
    }

    fn root(
        &mut self,
        name: &str,
        field: Field,
        subject: &str,
        days: Option<Days>,
        path_length: Option<u8>,
        constraints: &NameConstraints,
    ) -> usize {
        let subject: Option<DistinguishedName> = self.field(field, subject.parse());
        let path = self.stem(name);
        let kubeadm = self.plan.preset == Preset::Kubeadm;
        // kubeadm's own: DNS:etcd-ca.
        let names = if kubeadm && name == "ca" {
            parse_list("etcd-ca").unwrap_or_default()
        } else {
            Vec::new()
        };
        for name in &names {
            self.allow(
                Field::AuthorityPermitted,
                name,
                std::slice::from_ref(constraints),
            );
        }
        let request = subject.zip(days).map(|(subject, days)| AuthorityRequest {
            subject,
            days,
            key_type: self.plan.key_type,
            path_length,
            constraints: constraints.clone(),
            key_usage: if kubeadm {
                AuthorityKeyUsage::Kubeadm
            } else {
                AuthorityKeyUsage::Signing
            },
            names,
        });
        let validity = match self.existing(&path) {
            Some(existing) => Some(existing.validity),
            None => days.map(|days| Validity::starting(self.now, days)),
        };
        let drafted = Drafted {
            validity,
            constraints: vec![constraints.clone()],
            checked: request.map(|request| CheckedAuthority {
                path: path.clone(),
                issuer: None,
                request: Some(request),
            }),
        };
        self.draft(drafted, &path)
    }

    /// The authority between the root and the certificates. It may sign no
    /// further authority.
    fn intermediate(&mut self, issuer: usize, path_length: Option<u8>) -> usize {
        let Some(plan) = &self.plan.authority.intermediate else {
            return issuer;
        };
        let subject: Option<DistinguishedName> =
            self.field(Field::IntermediateSubject, plan.subject.parse());
        let days = self.days(Field::IntermediateDays, &plan.days, issuer);
        let brings = self.plan.authority.source == AuthoritySource::Bring;
        let (limit, field) = if brings {
            let ca = self.stem("ca");
            let limit = self.existing(&ca).and_then(|ca| ca.path_length);
            (limit, Field::IntermediateSubject)
        } else {
            (path_length, Field::AuthorityPathLength)
        };
        if limit == Some(0) {
            self.faults.push(Fault::new(
                field,
                "the CA’s path length is 0: no CA may follow below it, and the intermediate would; etcd would refuse all that it signs. Raise the path length, or leave the intermediate out",
            ));
        }
        if let (Some(subject), false) = (&subject, brings)
            && self.plan.authority.subject.parse().as_ref() == Ok(subject)
        {
            self.faults.push(Fault::new(
                Field::IntermediateSubject,
                "the intermediate has the CA’s own subject, and could not be told from it; give it another",
            ));
        }
        let path = self.stem("intermediate");
        let validity = match self.existing(&path) {
            Some(existing) => Some(existing.validity),
            None => days.map(|days| Validity::starting(self.now, days)),
        };
        let constraints = self
            .authorities
            .get(issuer)
            .map(|issuer| issuer.constraints.clone())
            .unwrap_or_default();
        let drafted = Drafted {
            validity,
            constraints,
            checked: subject.zip(days).map(|(subject, days)| CheckedAuthority {
                path: path.clone(),
                issuer: Some(issuer),
                request: Some(AuthorityRequest {
                    subject,
                    days,
                    key_type: self.plan.key_type,
                    path_length: Some(0),
                    constraints: NameConstraints::default(),
                    key_usage: AuthorityKeyUsage::Signing,
                    names: Vec::new(),
                }),
            }),
        };
        self.draft(drafted, &path)
    }
}

/// Servers and members.
impl Check<'_> {
    fn server(&mut self, issuers: Issuers, host: Option<&SubjectAlternativeName>) {
        let plan = &self.plan.server;
        let Some(server) = self.identity(plan, Role::Server, Origin::Server, issuers.server) else {
            return;
        };
        if let Some(host) = host
            && !server.names.iter().any(|name| name.covers(host))
        {
            self.faults.push(Fault {
                field: Field::Server(IdentityField::Names),
                message: format!(
                    "{host} is missing, and clients dial it: etcdctl would refuse this certificate; add it"
                ),
                mended: Some(with_entry(&plan.names, host)),
            });
        }
        self.take_stem(&server.name, Field::Server(IdentityField::Name));
        self.identities.push(server);
    }

    fn members(&mut self, issuers: Issuers) {
        let plan = self.plan;
        if plan.members.is_empty() {
            self.faults.push(Fault::new(
                Field::Member(0, MemberField::Name),
                "there is no member; add one",
            ));
        }
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut ports = Ports::default();
        for (place, member) in plan.members.iter().enumerate() {
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
                if let Err(message) = ports.take(port, &checked.hosts, checked.name.as_str()) {
                    self.faults.push(Fault::new(at(field), message));
                }
            }
            if plan.preset == Preset::Kubeadm {
                for (field, port) in [
                    (MemberField::ClientPort, checked.client_port),
                    (MemberField::PeerPort, checked.peer_port),
                ] {
                    if port == KUBEADM_METRICS_PORT {
                        self.faults.push(Fault::new(
                            at(field),
                            format!("port {port} is where kubeadm’s etcd shows its metrics; choose another"),
                        ));
                    }
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
    fn dialled(&self, hosts: &[SubjectAlternativeName]) -> Result<SubjectAlternativeName, String> {
        if self.plan.preset == Preset::Kubeadm {
            let mut addresses = hosts
                .iter()
                .filter(|host| matches!(host, SubjectAlternativeName::Ip(_)));
            return addresses.next().map_or_else(
                || Err("write the node’s address: kubeadm’s etcd listens on one".to_owned()),
                |address| can_be_dialled(address).map(|()| address.clone()),
            );
        }
        let first = hosts.first().ok_or_else(|| {
            "write the member’s addresses and host names, the one that others dial first".to_owned()
        })?;
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
                role,
                origin: Origin::Member(place),
                issuer,
                request: Requested::Subject(
                    subject.clone(),
                    plan.key_type.unwrap_or(self.plan.key_type),
                ),
                names: names.clone(),
                days,
            };
            self.take_stem(&identity.path(), at(MemberField::Name));
            self.identities.push(identity);
        }
    }

    /// The folder of a node's own files, where there are several nodes.
    fn folder(&self, member: &CheckedMember) -> Option<FilePath> {
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
        let node: Option<SubjectAlternativeName> =
            self.field(field, format!("DNS:{}", member.name).parse());
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

/// Clients.
impl Check<'_> {
    fn clients(&mut self, issuer: usize) {
        for (place, plan) in self.plan.clients.iter().enumerate() {
            let origin = Origin::Client(place);
            let role = match (self.plan.preset, plan.usage) {
                (Preset::SignCsr, CsrUsage::Server) => Role::Server,
                (Preset::SignCsr, CsrUsage::Peer) => Role::Peer,
                _ => Role::Client,
            };
            let Some(client) = self.identity(plan, role, origin, issuer) else {
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
    fn signed_for_etcd(&mut self, endpoint: Option<&(SubjectAlternativeName, u16)>) {
        let mut runs = None;
        let mut faults = Vec::new();
        for identity in &self.identities {
            let Origin::Client(place) = identity.origin else {
                continue;
            };
            if identity.role == Role::Client {
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
            if !identity.names.iter().any(|name| name.covers(host)) {
                let who = match identity.role {
                    Role::Peer => "other members and clients dial it",
                    _ => "clients dial it: etcdctl would refuse this certificate",
                };
                let text = self.plan.clients.get(place).map(|plan| plan.names.as_str());
                faults.push(Fault {
                    field: Field::Client(place, IdentityField::Names),
                    message: format!("{host} is missing, and {who}; add it"),
                    mended: Some(with_entry(text.unwrap_or_default(), host)),
                });
            }
            if identity.role == Role::Peer && *port == PEER_PORT {
                faults.push(Fault::new(
                    Field::Port,
                    format!("{port} is where members dial each other; choose another for clients, such as 2379"),
                ));
            }
        }
        self.faults.append(&mut faults);
    }

    fn many_clients(&mut self, issuer: usize) {
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
                Err((field, message)) => {
                    let message = format!("{}: {message}", name.as_str());
                    self.faults.push(Fault::new(field, message));
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
                role: Role::Client,
                origin: Origin::Many(place),
                issuer,
                request: Requested::Subject(subject, self.plan.key_type),
                names: Vec::new(),
                days,
            });
        }
    }
}

/// What several parts need.
impl Check<'_> {
    fn field<T, E: fmt::Display>(&mut self, field: Field, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.faults.push(Fault::new(field, error.to_string())))
            .ok()
    }

    /// A list of names. An address that is said to be a DNS name can be mended.
    fn names(&mut self, field: Field, text: &str) -> Option<Vec<SubjectAlternativeName>> {
        match parse_list(text) {
            Ok(names) => Some(names),
            Err(error) => {
                let as_name = matches!(error, SubjectAlternativeNameError::AddressAsName { .. });
                self.faults.push(Fault {
                    field,
                    message: error.to_string(),
                    mended: as_name.then(|| with_addresses_as_addresses(text)),
                });
                None
            }
        }
    }

    /// A number of days that ends no later than the issuer.
    fn days(&mut self, field: Field, text: &str, issuer: usize) -> Option<Days> {
        let days: Days = self.field(field, text.parse())?;
        if let Some(validity) = self
            .authorities
            .get(issuer)
            .and_then(|issuer| issuer.validity)
        {
            self.field(field, check_days(days, validity, self.now));
        }
        Some(days)
    }

    /// Holds a name against the constraints of an issuer's chain.
    fn allow_from(&mut self, field: Field, name: &SubjectAlternativeName, issuer: usize) {
        let constraints = self
            .authorities
            .get(issuer)
            .map(|issuer| issuer.constraints.clone())
            .unwrap_or_default();
        self.allow(field, name, &constraints);
    }

    fn allow(
        &mut self,
        field: Field,
        name: &SubjectAlternativeName,
        constraints: &[NameConstraints],
    ) {
        let forbidden = constraints
            .iter()
            .find_map(|constraints| constraints.check(name).err());
        if let Some(forbidden) = forbidden {
            self.faults.push(Fault::new(
                field,
                format!(
                    "the CA must not sign for {name}: it {forbidden}, so etcd and etcdctl would refuse the certificate; leave {name} out, or change the CA’s constraints"
                ),
            ));
        }
    }

    /// Takes a stem for a certificate's files, if it is free.
    fn take_stem(&mut self, stem: &FilePath, field: Field) -> bool {
        let free = self.stems.insert(stem.as_str().to_lowercase());
        if !free {
            self.faults.push(Fault::new(
                field,
                format!("“{stem}” is taken already; each certificate needs its own file name"),
            ));
        }
        free
    }

    fn identity(
        &mut self,
        plan: &IdentityPlan,
        role: Role,
        origin: Origin,
        issuer: usize,
    ) -> Option<CheckedIdentity> {
        let at = |field| match origin {
            Origin::Client(place) => Field::Client(place, field),
            _ => Field::Server(field),
        };
        let name = self.field(at(IdentityField::Name), plan.name.parse());
        let key_type: KeyType = plan.key_type.unwrap_or(self.plan.key_type);
        let request = if !plan.csr.trim().is_empty() {
            self.field(
                at(IdentityField::Csr),
                CertificationRequest::from_pem(&plan.csr),
            )
            .map(|request| Requested::Csr(Box::new(request)))
        } else if self.plan.preset == Preset::SignCsr {
            self.field::<Requested, _>(at(IdentityField::Csr), Err(PemError::Empty))
        } else {
            self.field(at(IdentityField::Subject), plan.subject.parse())
                .map(|subject| Requested::Subject(subject, key_type))
        };
        let names = self.names(at(IdentityField::Names), &plan.names);
        for name in names.iter().flatten() {
            self.allow_from(at(IdentityField::Names), name, issuer);
        }
        let days = self.days(at(IdentityField::Days), &plan.days, issuer);
        Some(CheckedIdentity {
            folder: None,
            name: name?,
            role,
            origin,
            issuer,
            request: request?,
            names: names?,
            days: days?,
        })
    }
}

/// The ports that are taken, on which hosts and by whom.
#[derive(Default)]
struct Ports {
    taken: Vec<(u16, Vec<SubjectAlternativeName>, String)>,
}

impl Ports {
    /// Takes a port on hosts. Two members that share a name or an address run on
    /// one machine.
    fn take(
        &mut self,
        port: u16,
        hosts: &[SubjectAlternativeName],
        member: &str,
    ) -> Result<(), String> {
        let taken = self.taken.iter().find(|(other, there, _)| {
            *other == port && there.iter().any(|host| hosts.contains(host))
        });
        if let Some((_, there, by)) = taken {
            let host = there.iter().find(|host| hosts.contains(host));
            let host = host.map(ToString::to_string).unwrap_or_default();
            return Err(format!(
                "port {port} on {host} is {by}’s already; each port of a machine can be used once"
            ));
        }
        self.taken.push((port, hosts.to_vec(), member.to_owned()));
        Ok(())
    }
}

fn host(text: &str) -> Result<SubjectAlternativeName, String> {
    if text.trim().is_empty() {
        return Err("write the address that clients dial, such as 127.0.0.1".to_owned());
    }
    let host: SubjectAlternativeName = text
        .parse()
        .map_err(|error: SubjectAlternativeNameError| error.to_string())?;
    can_be_dialled(&host)?;
    Ok(host)
}

fn can_be_dialled(host: &SubjectAlternativeName) -> Result<(), String> {
    match host {
        SubjectAlternativeName::Ip(address) if address.is_unspecified() => Err(format!(
            "{address} means every address of a machine, and cannot be dialled; write the one that clients use"
        )),
        SubjectAlternativeName::Dns(name) if name.as_str().starts_with('*') => {
            Err("a wildcard cannot be dialled; write the whole host name".to_owned())
        }
        _ => Ok(()),
    }
}

fn port(text: &str) -> Result<u16, String> {
    match text.trim().parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!(
            "“{}” is no port; write a number from 1 to 65535, such as 2379",
            text.trim()
        )),
    }
}

/// A member's name goes into `--initial-cluster`, where `,` and `=` separate
/// members and URLs, into file names, and into a common name.
fn member_name(text: &str) -> Result<FilePath, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("write the member’s name, such as m1".to_owned());
    }
    let path: FilePath = text.parse()?;
    let wrong = |character: &char| {
        character.is_whitespace() || !(character.is_alphanumeric() || "-_.".contains(*character))
    };
    match text.chars().find(wrong) {
        Some(character) => Err(format!(
            "a member’s name cannot hold “{}”; use letters, digits, “-”, “_” and “.”",
            character.escape_debug()
        )),
        None => Ok(path),
    }
}

/// A list with one entry more.
fn with_entry(text: &str, entry: &SubjectAlternativeName) -> String {
    let entry = match entry {
        SubjectAlternativeName::Ip(address) => address.to_string(),
        SubjectAlternativeName::Dns(name) => name.as_str().to_owned(),
    };
    match text.trim().trim_end_matches(',') {
        "" => entry,
        text => format!("{text}, {entry}"),
    }
}

/// A list in which every address that is said to be a DNS name is an address.
fn with_addresses_as_addresses(text: &str) -> String {
    let entries = text
        .split(|character: char| matches!(character, ',' | ';') || character.is_whitespace())
        .filter(|entry| !entry.is_empty());
    let mended: Vec<String> = entries
        .map(|entry| match entry.parse::<SubjectAlternativeName>() {
            Err(SubjectAlternativeNameError::AddressAsName { address }) => format!("IP:{address}"),
            _ => entry.to_owned(),
        })
        .collect();
    mended.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::plan::IntermediatePlan;

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn faults_of(preset: Preset, change: impl FnOnce(&mut Plan)) -> Vec<(String, String)> {
        let mut plan = Plan::preset(preset);
        change(&mut plan);
        plan.check(None, now())
            .unwrap_err()
            .into_iter()
            .map(|fault| (fault.field.to_string(), fault.message))
            .collect()
    }

    fn faults(change: impl FnOnce(&mut Plan)) -> Vec<(String, String)> {
        faults_of(Preset::Tutorial, change)
    }

    fn fields(faults: Vec<(String, String)>) -> Vec<String> {
        faults.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn the_default_plan_is_the_tutorial() {
        let plan = Plan::default().check(None, now()).unwrap();
        let authority = plan.authorities[0].request.as_ref().unwrap();
        assert_eq!(authority.subject.to_openssl(), "/CN=KUBERNETES-CA");
        assert_eq!(plan.authorities.len(), 1);
        let names: Vec<_> = plan
            .identities
            .iter()
            .map(|identity| (identity.name.as_str(), identity.role, identity.days.get()))
            .collect();
        assert_eq!(
            names,
            [("etcd", Role::Server, 365), ("client", Role::Client, 60)]
        );
        assert_eq!(plan.directory.join("ca.crt"), "/root/certificates/ca.crt");
    }

    #[test]
    fn every_preset_has_nothing_but_its_csr_to_be_filled_in() {
        for preset in Preset::ALL {
            let checked = Plan::preset(preset).check(None, now());
            match preset {
                Preset::SignCsr => {
                    let faults = checked.unwrap_err();
                    assert_eq!(faults.len(), 1);
                    assert_eq!(faults[0].field.to_string(), "client-0-csr");
                }
                _ => assert!(checked.is_ok(), "{preset}: {checked:?}"),
            }
        }
    }

    #[test]
    fn every_fault_stands_at_its_field() {
        assert_eq!(
            faults(|plan| plan.clients[0].days = "4000".to_owned()),
            [(
                "client-0-days".to_owned(),
                "4000 days is past the CA's own end (2036-11-20); choose at most 3650, or renew the CA".to_owned()
            )]
        );
        let found = fields(faults(|plan| {
            plan.authority.subject = String::new();
            plan.server.names = "localhost".to_owned();
            plan.clients.push(IdentityPlan::default());
            plan.port = "0".to_owned();
            plan.directory = "certificates".to_owned();
        }));
        assert_eq!(
            found,
            [
                "authority-subject",
                "server-names",
                "client-1-name",
                "port",
                "directory"
            ]
        );
    }

    #[test]
    fn a_client_may_not_take_the_authoritys_or_the_servers_files() {
        for name in ["ca", "etcd", "ETCD"] {
            let found = faults(|plan| plan.clients[0].name = name.to_owned());
            assert_eq!(found[0].0, "client-0-name", "{name}");
        }
        for name in ["", "a//b", "..", "a/../b", "-rf", "a\nb"] {
            let found = faults(|plan| plan.clients[0].name = name.to_owned());
            assert_eq!(found[0].0, "client-0-name", "{name:?}");
        }
    }

    #[test]
    fn an_endpoint_is_an_address_that_can_be_dialled() {
        let endpoint = |host: &str, names: &str| {
            let mut plan = Plan {
                host: host.to_owned(),
                ..Plan::default()
            };
            plan.server.names = names.to_owned();
            plan.check(None, now()).map(|plan| {
                let member = plan.deployment("x.tar").members.remove(0);
                (plan.endpoint(), member.listen_client_urls.join(","))
            })
        };
        assert_eq!(
            endpoint("::1", "::1").unwrap(),
            (
                "https://[::1]:2379".to_owned(),
                "https://[::1]:2379".to_owned()
            )
        );
        assert_eq!(
            endpoint("etcd.lab.test", "*.lab.test").unwrap(),
            (
                "https://etcd.lab.test:2379".to_owned(),
                "https://0.0.0.0:2379".to_owned()
            )
        );
        assert!(endpoint("0.0.0.0", "0.0.0.0").is_err());
        assert!(endpoint("*.lab.test", "*.lab.test").is_err());
        assert!(endpoint("https://127.0.0.1", "127.0.0.1").is_err());
    }

    #[test]
    fn an_address_as_a_dns_name_is_said_and_can_be_mended() {
        let mut plan = Plan::default();
        plan.server.names = "127.0.0.1 DNS:10.0.0.1,dns:10.0.0.2; localhost".to_owned();
        let fault = plan.check(None, now()).unwrap_err().remove(0);
        assert!(fault.message.contains("write IP:10.0.0.1"));
        plan.server.names = fault.mended.unwrap();
        assert_eq!(
            plan.server.names,
            "127.0.0.1, IP:10.0.0.1, IP:10.0.0.2, localhost"
        );
        assert!(plan.check(None, now()).is_ok());
    }

    #[test]
    fn a_missing_host_can_be_added() {
        let mut plan = Plan {
            host: "10.0.0.1".to_owned(),
            ..Plan::default()
        };
        let fault = plan.check(None, now()).unwrap_err().remove(0);
        plan.server.names = fault.mended.unwrap();
        assert!(plan.check(None, now()).is_ok());
    }

    #[test]
    fn members_have_names_of_their_own_and_no_port_twice_on_one_host() {
        let found = faults_of(Preset::Cluster, |plan| {
            plan.members[1].name = "M1".to_owned();
            plan.members[2].client_port = "22380".to_owned();
        });
        assert!(found.contains(&(
            "member-1-name".to_owned(),
            "“M1” is the name of member 1 already; each member needs its own".to_owned()
        )));
        assert!(found.contains(&(
            "member-2-client-port".to_owned(),
            "port 22380 on IP:127.0.0.1 is m1’s already; each port of a machine can be used once"
                .to_owned()
        )));
        // On machines of their own they may have the same ports.
        let mut plan = Plan::preset(Preset::Cluster);
        for (place, member) in plan.members.iter_mut().enumerate() {
            member.hosts = format!("10.0.0.{place}");
            member.client_port = "2379".to_owned();
            member.peer_port = "2380".to_owned();
        }
        assert!(plan.check(None, now()).is_ok());
        plan.members[0].peer_port = "2379".to_owned();
        let found = plan.check(None, now()).unwrap_err();
        assert_eq!(found[0].field.to_string(), "member-0-peer-port");
    }

    #[test]
    fn what_a_member_lacks_is_said_beside_it() {
        for (field, text, says) in [
            (MemberField::Name, "", "write the member’s name"),
            (MemberField::Name, "a=b", "cannot hold “=”"),
            (MemberField::Name, "a,b", "cannot hold “,”"),
            (MemberField::Hosts, "", "write the member’s addresses"),
            (MemberField::Hosts, "*.lab.test", "wildcard"),
            (MemberField::Hosts, "0.0.0.0", "cannot be dialled"),
            (MemberField::ClientPort, "70000", "1 to 65535"),
            (MemberField::PeerPort, "0", "1 to 65535"),
            (MemberField::Days, "0", "write 1 or more"),
            (MemberField::DataDirectory, "a\nb", "control character"),
        ] {
            let at = Field::Member(1, field);
            let found = faults_of(Preset::Cluster, |plan| {
                text.clone_into(plan.text_mut(at).unwrap());
            });
            assert_eq!(found[0].0, at.to_string(), "{text:?}");
            assert!(found[0].1.contains(says), "{text:?}: {}", found[0].1);
        }
        let found = faults_of(Preset::Kubeadm, |plan| {
            plan.members[0].hosts = "node1.lab.test".to_owned();
        });
        assert!(found[0].1.contains("the node’s address"));
    }

    #[test]
    fn a_csr_for_etcd_has_its_address_and_an_etcd_of_its_own() {
        let csr = include_str!("../../../tests/fixtures/client.csr");
        let signed = |usages: &[CsrUsage], port: &str| {
            let mut plan = Plan::preset(Preset::SignCsr);
            port.clone_into(&mut plan.port);
            plan.clients = usages
                .iter()
                .map(|usage| {
                    let mut client = IdentityPlan::default();
                    client.choose_usage(*usage);
                    csr.clone_into(&mut client.csr);
                    client
                })
                .collect();
            plan
        };
        let mut plan = signed(&[CsrUsage::Server], "2379");
        let fault = plan.check(None, now()).unwrap_err().remove(0);
        assert_eq!(fault.field.to_string(), "client-0-names");
        assert!(fault.message.contains("clients dial it"));
        plan.clients[0].names = fault.mended.unwrap();
        let checked = plan.check(None, now()).unwrap();
        assert_eq!(checked.identities[0].role, Role::Server);

        let mut plan = signed(
            &[CsrUsage::Server, CsrUsage::Client, CsrUsage::Peer],
            "2380",
        );
        for client in &mut plan.clients {
            "127.0.0.1".clone_into(&mut client.names);
        }
        let found = plan.check(None, now()).unwrap_err();
        let found: Vec<_> = found.iter().map(|fault| fault.field.to_string()).collect();
        assert_eq!(found, ["client-2-csr", "port"]);
        // Elsewhere a client is a client.
        let mut plan = Plan::default();
        plan.clients[0].usage = CsrUsage::Peer;
        let checked = plan.check(None, now()).unwrap();
        assert_eq!(checked.identities[1].role, Role::Client);
    }

    #[test]
    fn constraints_of_the_ca_are_held_against_every_name() {
        let found = faults(|plan| plan.authority.permitted = "lab.test".to_owned());
        assert_eq!(found[0].0, "server-names");
        assert!(
            found[0]
                .1
                .contains("must not sign for DNS:localhost: it permits only lab.test"),
            "{}",
            found[0].1
        );
        let found = faults_of(Preset::Kubeadm, |plan| {
            plan.authority.excluded = "127.0.0.0/8".to_owned();
        });
        assert_eq!(
            fields(found),
            ["authority-permitted", "authority-permitted"]
        );
        let found = faults(|plan| plan.authority.permitted = "*.lab.test".to_owned());
        assert_eq!(found[0].0, "authority-permitted");
        // Those of a CA that is brought count as well.
        let existing = ExistingAuthority {
            validity: Validity::starting(now(), "3650".parse().unwrap()),
            path_length: Some(0),
            constraints: vec![NameConstraints {
                permitted: name_constraint::parse_list("lab.test").unwrap(),
                excluded: Vec::new(),
            }],
        };
        let existing = ExistingAuthorities::from([("ca".to_owned(), existing)]);
        let mut plan = Plan::default();
        plan.authority.source = AuthoritySource::Bring;
        let found = plan.check(Some(&existing), now()).unwrap_err();
        assert_eq!(found[0].field.to_string(), "server-names");
        plan.server.names = "etcd.lab.test, 127.0.0.1".to_owned();
        assert!(plan.check(Some(&existing), now()).is_ok());
        // And so does its path length.
        plan.authority.intermediate = Some(IntermediatePlan::default());
        let found = plan.check(Some(&existing), now()).unwrap_err();
        assert_eq!(found[0].field.to_string(), "intermediate-subject");
        assert!(found[0].message.contains("path length is 0"));
    }

    #[test]
    fn an_intermediate_needs_room_time_and_a_name_of_its_own() {
        let with = |change: fn(&mut Plan)| {
            faults(|plan| {
                plan.authority.intermediate = Some(IntermediatePlan::default());
                change(plan);
            })
        };
        let found = with(|plan| plan.authority.path_length = "0".to_owned());
        assert_eq!(fields(found), ["authority-path-length"]);
        let found = with(|plan| plan.authority.path_length = "many".to_owned());
        assert_eq!(fields(found), ["authority-path-length"]);
        let found = with(|plan| plan.authority.days = "100".to_owned());
        assert_eq!(fields(found), ["intermediate-days"]);
        let found = with(|plan| {
            let intermediate = plan.authority.intermediate.as_mut().unwrap();
            intermediate.subject.clone_from(&plan.authority.subject);
        });
        assert_eq!(fields(found), ["intermediate-subject"]);
        // A certificate lives no longer than the intermediate.
        let found = with(|plan| {
            plan.authority.intermediate.as_mut().unwrap().days = "90".to_owned();
        });
        assert_eq!(fields(found), ["server-days"]);
    }

    #[test]
    fn many_clients_are_read_from_their_names() {
        let mut plan = Plan::default();
        plan.many_clients.names = "app-{1..1000}".to_owned();
        plan.many_clients.subject = "CN={name},O=team".to_owned();
        let checked = plan.check(None, now()).unwrap();
        assert_eq!(checked.identities.len(), 1002);
        let last = checked.identities.last().unwrap();
        assert_eq!(last.name.as_str(), "app-1000");
        for (names, subject, field, says) in [
            ("client", "CN={name}", "many-names", "taken already"),
            ("a\na", "CN={name}", "many-names", "taken already"),
            ("a\n-b", "CN={name}", "many-names", "begin with"),
            ("a", "{name}", "many-subject", "has no “=”"),
            ("app-{1..20000}", "CN={name}", "many-names", "more than"),
        ] {
            let found = faults(|plan| {
                plan.many_clients.names = names.to_owned();
                plan.many_clients.subject = subject.to_owned();
            });
            assert_eq!(found.len(), 1, "{names}");
            assert_eq!(found[0].0, field, "{names}");
            assert!(found[0].1.contains(says), "{names}: {}", found[0].1);
        }
    }
}
