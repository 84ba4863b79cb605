//! Reading every field of a plan, and holding the fields against one another.
//! All faults are found at once, each with its field, so that the page can show
//! them where they are; only a plan without any becomes a [`CheckedPlan`]. What
//! several parts need is here; each part has a room of its own.

mod authorities;
mod clients;
mod endpoint;
mod members;
mod names;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use jiff::Timestamp;

use super::{
    Field, FilePath, Holder, IdentityField, IdentityPlan, Plan, Preset,
    checked::{
        CheckedAuthority, CheckedIdentity, CheckedMember, CheckedPlan, LeafRequest, Requested,
    },
    path::ENCRYPTED,
};
use crate::{
    etcd::role::Role,
    pki::{
        authority::check_days,
        certification_request::CertificationRequest,
        key::KeyType,
        name_constraint::NameConstraints,
        pem::PemError,
        subject_alternative_name::{
            SubjectAlternativeName, SubjectAlternativeNameError, parse_list,
        },
        validity::{Days, Validity},
    },
};

/// The most members of one plan: more than any etcd should have.
pub const MAXIMUM_MEMBERS: usize = 15;

/// The most certificates of one plan: what a browser's tab holds easily.
pub(super) const MAXIMUM_IDENTITIES: usize = 10_000;

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
            stems: HashMap::new(),
            shared: Vec::new(),
        };
        let issuers = check.authorities();
        let endpoint = if self.preset.has_members() {
            check.members(issuers);
            let first = check.members.first();
            first.map(|first| (first.dialled.clone(), first.client_port))
        } else {
            let host = check.field(Field::Host, endpoint::host(&self.host));
            if self.preset.has_server() {
                check.server(issuers, host.as_ref());
            }
            host.zip(check.field(Field::Port, endpoint::port(&self.port)))
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
                    without_gateway: self.without_gateway,
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
    /// The stems that are taken: each as disks may compare it, and as it is
    /// written.
    stems: HashMap<String, FilePath>,
    /// The stems of files that each node's own folder holds a copy of.
    shared: Vec<FilePath>,
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
                    mended: as_name.then(|| names::with_addresses_as_addresses(text)),
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
        let issuer = self.authorities.get(issuer);
        let fault = issuer.and_then(|issuer| forbidden(field, name, &issuer.constraints));
        self.faults.extend(fault);
    }

    fn allow(
        &mut self,
        field: Field,
        name: &SubjectAlternativeName,
        constraints: &[NameConstraints],
    ) {
        self.faults.extend(forbidden(field, name, constraints));
    }

    /// Takes a stem for a certificate's files, if it is free, on every disk.
    fn take_stem(&mut self, stem: &FilePath, field: Field) -> bool {
        let folded = stem.folded();
        let message = if let Some(other) = self.stems.get(&folded) {
            if other == stem {
                format!("“{stem}” is taken already; each certificate needs its own file name")
            } else {
                format!(
                    "“{stem}” is taken already by “{other}”: some disks tell no capitals apart, and no two ways to write one letter; choose another file name"
                )
            }
        } else if let Some(other) = folded.strip_suffix(ENCRYPTED)
            && let Some(other) = self.stems.get(other)
        {
            format!(
                "“{stem}.key” is what “{other}” calls its key under a passphrase; choose a name that does not end in “{ENCRYPTED}”"
            )
        } else if let Some(other) = self.stems.get(&format!("{folded}{ENCRYPTED}")) {
            format!(
                "its key under a passphrase would be called “{stem}{ENCRYPTED}.key”, and so is the key of “{other}”; choose another name"
            )
        } else {
            self.stems.insert(folded, stem.clone());
            return true;
        };
        self.faults.push(Fault::new(field, message));
        false
    }

    /// Keeps a stem for the files of this program's own.
    fn keep_stem(&mut self, stem: FilePath) {
        self.stems.insert(stem.folded(), stem);
    }

    fn identity(
        &mut self,
        plan: &IdentityPlan,
        role: Role,
        holder: Holder,
        issuer: usize,
    ) -> Option<CheckedIdentity> {
        let at = |field| match holder {
            Holder::Client(place) => Field::Client(place, field),
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
            holder,
            issuer,
            request: LeafRequest {
                role,
                subject: request?,
                names: names?,
                days: days?,
            },
        })
    }
}

/// What is wrong with a name that a CA must not sign for.
fn forbidden(
    field: Field,
    name: &SubjectAlternativeName,
    constraints: &[NameConstraints],
) -> Option<Fault> {
    let forbidden = constraints
        .iter()
        .find_map(|constraints| constraints.check(name).err())?;
    Some(Fault::new(
        field,
        format!(
            "the CA must not sign for {name}: it {forbidden}, so etcd and etcdctl would refuse the certificate; leave {name} out, or change the CA’s constraints"
        ),
    ))
}

#[cfg(test)]
mod tests;
