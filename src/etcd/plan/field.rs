//! The fields of a plan by name, so that a fault can stand beside its field and
//! an input of the page finds its text.

use std::{fmt, str::FromStr};

use super::{IdentityPlan, MemberPlan, Plan};

/// A field of a plan, in the page's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The subject of the CA that is made here.
    AuthoritySubject,
    /// Its days.
    AuthorityDays,
    /// The certificate of the CA that the reader brings.
    AuthorityCertificate,
    /// Its key.
    AuthorityKey,
    /// The passphrase of that key.
    AuthorityPassphrase,
    /// How many CAs may follow below the CA.
    AuthorityPathLength,
    /// The names that the CA is confined to.
    AuthorityPermitted,
    /// The names that the CA must not sign for.
    AuthorityExcluded,
    /// The subject of the intermediate CA.
    IntermediateSubject,
    /// Its days.
    IntermediateDays,
    /// The subject of the clients' own CA.
    ClientAuthoritySubject,
    /// The subject of the peers' own CA.
    PeerAuthoritySubject,
    /// A field of the server's certificate.
    Server(IdentityField),
    /// The hosts that the table of members is filled from; no part of the plan.
    MemberHosts,
    /// A field of a member, by the member's place from 0.
    Member(usize, MemberField),
    /// A field of a client's certificate, by the client's place from 0.
    Client(usize, IdentityField),
    /// The names of many clients.
    ManyNames,
    /// The pattern of their subjects.
    ManySubject,
    /// Their days.
    ManyDays,
    /// The address or host name.
    Host,
    /// The port.
    Port,
    /// The folder.
    Directory,
    /// The passphrase for files in other forms.
    ExportPassphrase,
}

/// A field of one certificate's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentityField {
    /// The stem of its files' names.
    Name,
    /// The subject.
    Subject,
    /// DNS names and IP addresses.
    Names,
    /// Days.
    Days,
    /// The CSR.
    Csr,
}

/// A field of one member's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MemberField {
    /// Its name.
    Name,
    /// Its host names and addresses.
    Hosts,
    /// The port that clients dial.
    ClientPort,
    /// The port that other members dial.
    PeerPort,
    /// The folder of its data.
    DataDirectory,
    /// The days of its certificates.
    Days,
}

impl IdentityField {
    /// All fields, in the page's order.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Subject,
        Self::Names,
        Self::Days,
        Self::Csr,
    ];
}

impl MemberField {
    /// All fields, in the page's order.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Hosts,
        Self::ClientPort,
        Self::PeerPort,
        Self::DataDirectory,
        Self::Days,
    ];
}

impl Field {
    /// The fields that a plan has once.
    pub const SINGLE: [Self; 20] = [
        Self::AuthoritySubject,
        Self::AuthorityDays,
        Self::AuthorityCertificate,
        Self::AuthorityKey,
        Self::AuthorityPassphrase,
        Self::AuthorityPathLength,
        Self::AuthorityPermitted,
        Self::AuthorityExcluded,
        Self::IntermediateSubject,
        Self::IntermediateDays,
        Self::ClientAuthoritySubject,
        Self::PeerAuthoritySubject,
        Self::MemberHosts,
        Self::ManyNames,
        Self::ManySubject,
        Self::ManyDays,
        Self::Host,
        Self::Port,
        Self::Directory,
        Self::ExportPassphrase,
    ];

    /// As somebody who wrote the plan's text looks for it: `clients[0].days`.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Client(index, field) => format!("clients[{index}].{field}"),
            Self::Member(index, field) => format!("members[{index}].{field}"),
            field => field.to_string(),
        }
    }
}

impl fmt::Display for Field {
    /// A short identifier, as the page uses it: `client-0-subject`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Server(field) => return write!(formatter, "server-{field}"),
            Self::Member(index, field) => return write!(formatter, "member-{index}-{field}"),
            Self::Client(index, field) => return write!(formatter, "client-{index}-{field}"),
            Self::AuthoritySubject => "authority-subject",
            Self::AuthorityDays => "authority-days",
            Self::AuthorityCertificate => "authority-certificate",
            Self::AuthorityKey => "authority-key",
            Self::AuthorityPassphrase => "authority-passphrase",
            Self::AuthorityPathLength => "authority-path-length",
            Self::AuthorityPermitted => "authority-permitted",
            Self::AuthorityExcluded => "authority-excluded",
            Self::IntermediateSubject => "intermediate-subject",
            Self::IntermediateDays => "intermediate-days",
            Self::ClientAuthoritySubject => "client-authority-subject",
            Self::PeerAuthoritySubject => "peer-authority-subject",
            Self::MemberHosts => "member-hosts",
            Self::ManyNames => "many-names",
            Self::ManySubject => "many-subject",
            Self::ManyDays => "many-days",
            Self::Host => "host",
            Self::Port => "port",
            Self::Directory => "directory",
            Self::ExportPassphrase => "export-passphrase",
        })
    }
}

impl fmt::Display for IdentityField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Name => "name",
            Self::Subject => "subject",
            Self::Names => "names",
            Self::Days => "days",
            Self::Csr => "csr",
        })
    }
}

impl fmt::Display for MemberField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Name => "name",
            Self::Hosts => "hosts",
            Self::ClientPort => "client-port",
            Self::PeerPort => "peer-port",
            Self::DataDirectory => "data-directory",
            Self::Days => "days",
        })
    }
}

/// This text is no field's identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{}” is no field of a plan", .0)]
pub struct UnknownField(pub String);

impl FromStr for IdentityField {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        let mut all = Self::ALL.into_iter();
        all.find(|field| field.to_string() == text)
            .ok_or_else(|| UnknownField(text.to_owned()))
    }
}

impl FromStr for MemberField {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        let mut all = Self::ALL.into_iter();
        all.find(|field| field.to_string() == text)
            .ok_or_else(|| UnknownField(text.to_owned()))
    }
}

impl FromStr for Field {
    type Err = UnknownField;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, UnknownField> {
        if let Some(field) = Self::SINGLE
            .into_iter()
            .find(|field| field.to_string() == text)
        {
            return Ok(field);
        }
        if let Some(field) = text.strip_prefix("server-") {
            return field.parse().map(Self::Server);
        }
        let numbered = |kind: &str| {
            let (index, field) = text.strip_prefix(kind)?.split_once('-')?;
            Some((index.parse::<usize>().ok()?, field))
        };
        if let Some((index, field)) = numbered("member-") {
            return Ok(Self::Member(index, field.parse()?));
        }
        let (index, field) = numbered("client-").ok_or_else(|| UnknownField(text.to_owned()))?;
        Ok(Self::Client(index, field.parse()?))
    }
}

impl Plan {
    /// The text of a field, where the plan has it. The CA that a reader brings
    /// is not in the plan: its key is a secret.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        let text = match field {
            Field::AuthoritySubject => &self.authority.subject,
            Field::AuthorityDays => &self.authority.days,
            Field::AuthorityCertificate
            | Field::AuthorityKey
            | Field::AuthorityPassphrase
            | Field::MemberHosts
            | Field::ExportPassphrase => return None,
            Field::AuthorityPathLength => &self.authority.path_length,
            Field::AuthorityPermitted => &self.authority.permitted,
            Field::AuthorityExcluded => &self.authority.excluded,
            Field::IntermediateSubject => &self.authority.intermediate.as_ref()?.subject,
            Field::IntermediateDays => &self.authority.intermediate.as_ref()?.days,
            Field::ClientAuthoritySubject => &self.authority.client_subject,
            Field::PeerAuthoritySubject => &self.authority.peer_subject,
            Field::Server(field) => self.server.text(field),
            Field::Member(index, field) => self.members.get(index)?.text(field),
            Field::Client(index, field) => self.clients.get(index)?.text(field),
            Field::ManyNames => &self.many_clients.names,
            Field::ManySubject => &self.many_clients.subject,
            Field::ManyDays => &self.many_clients.days,
            Field::Host => &self.host,
            Field::Port => &self.port,
            Field::Directory => &self.directory,
        };
        Some(text)
    }

    /// The text of a field, to change it: see [`Self::text`].
    pub fn text_mut(&mut self, field: Field) -> Option<&mut String> {
        let text = match field {
            Field::AuthoritySubject => &mut self.authority.subject,
            Field::AuthorityDays => &mut self.authority.days,
            Field::AuthorityCertificate
            | Field::AuthorityKey
            | Field::AuthorityPassphrase
            | Field::MemberHosts
            | Field::ExportPassphrase => return None,
            Field::AuthorityPathLength => &mut self.authority.path_length,
            Field::AuthorityPermitted => &mut self.authority.permitted,
            Field::AuthorityExcluded => &mut self.authority.excluded,
            Field::IntermediateSubject => &mut self.authority.intermediate.as_mut()?.subject,
            Field::IntermediateDays => &mut self.authority.intermediate.as_mut()?.days,
            Field::ClientAuthoritySubject => &mut self.authority.client_subject,
            Field::PeerAuthoritySubject => &mut self.authority.peer_subject,
            Field::Server(field) => self.server.text_mut(field),
            Field::Member(index, field) => self.members.get_mut(index)?.text_mut(field),
            Field::Client(index, field) => self.clients.get_mut(index)?.text_mut(field),
            Field::ManyNames => &mut self.many_clients.names,
            Field::ManySubject => &mut self.many_clients.subject,
            Field::ManyDays => &mut self.many_clients.days,
            Field::Host => &mut self.host,
            Field::Port => &mut self.port,
            Field::Directory => &mut self.directory,
        };
        Some(text)
    }
}

impl IdentityPlan {
    fn text(&self, field: IdentityField) -> &String {
        match field {
            IdentityField::Name => &self.name,
            IdentityField::Subject => &self.subject,
            IdentityField::Names => &self.names,
            IdentityField::Days => &self.days,
            IdentityField::Csr => &self.csr,
        }
    }

    fn text_mut(&mut self, field: IdentityField) -> &mut String {
        match field {
            IdentityField::Name => &mut self.name,
            IdentityField::Subject => &mut self.subject,
            IdentityField::Names => &mut self.names,
            IdentityField::Days => &mut self.days,
            IdentityField::Csr => &mut self.csr,
        }
    }
}

impl MemberPlan {
    fn text(&self, field: MemberField) -> &String {
        match field {
            MemberField::Name => &self.name,
            MemberField::Hosts => &self.hosts,
            MemberField::ClientPort => &self.client_port,
            MemberField::PeerPort => &self.peer_port,
            MemberField::DataDirectory => &self.data_directory,
            MemberField::Days => &self.days,
        }
    }

    fn text_mut(&mut self, field: MemberField) -> &mut String {
        match field {
            MemberField::Name => &mut self.name,
            MemberField::Hosts => &mut self.hosts,
            MemberField::ClientPort => &mut self.client_port,
            MemberField::PeerPort => &mut self.peer_port,
            MemberField::DataDirectory => &mut self.data_directory,
            MemberField::Days => &mut self.days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_survive_their_identifier() {
        let mut fields = Field::SINGLE.to_vec();
        fields.extend(IdentityField::ALL.map(Field::Server));
        fields.extend(IdentityField::ALL.map(|field| Field::Client(12, field)));
        fields.extend(MemberField::ALL.map(|field| Field::Member(3, field)));
        for field in fields {
            assert_eq!(field.to_string().parse(), Ok(field));
        }
        assert!("client-x-name".parse::<Field>().is_err());
    }

    #[test]
    fn a_field_is_read_where_it_is_written() {
        let mut plan = Plan::preset(super::super::Preset::Cluster);
        plan.authority.intermediate = Some(super::super::IntermediatePlan::default());
        let mut fields = Field::SINGLE.to_vec();
        fields.extend(IdentityField::ALL.map(Field::Server));
        fields.extend(IdentityField::ALL.map(|field| Field::Client(0, field)));
        fields.extend(MemberField::ALL.map(|field| Field::Member(2, field)));
        for field in fields {
            let Some(place) = plan.text_mut(field) else {
                assert_eq!(plan.text(field), None);
                continue;
            };
            *place = field.to_string();
            assert_eq!(plan.text(field), Some(field.to_string().as_str()));
        }
    }
}
