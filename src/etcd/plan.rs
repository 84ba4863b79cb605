//! A plan is what is wanted, as it was typed: it fills the form, travels in a
//! link's fragment, and never holds a secret. A checked plan is the same with
//! every field read; only that one is issued from.

use std::{collections::HashSet, fmt, net::IpAddr, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::pki::{
    authority::{Usage, check_days},
    certification_request::CertificationRequest,
    name::DistinguishedName,
    subject_alternative_name::{SubjectAlternativeName, parse_list},
    validity::{Days, Validity},
};

/// What is wanted, as text. The default is the tutorial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// The certificate authority.
    pub authority: AuthorityPlan,
    /// The etcd server's certificate.
    pub server: IdentityPlan,
    /// The clients' certificates, at least one.
    pub clients: Vec<IdentityPlan>,
    /// The address or host name that clients dial.
    pub host: String,
    /// The port that clients dial.
    pub port: String,
    /// The folder that the files will be in, where etcd runs.
    pub directory: String,
}

/// Where the certificate authority comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorityPlan {
    /// Made here, or brought along.
    pub source: AuthoritySource,
    /// The subject of the CA that is made here.
    pub subject: String,
    /// How long that CA is valid, in days.
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
    /// The stem of its files' names: `client` for `client.key`.
    pub name: String,
    /// The subject. Not used with a CSR, which brings its own.
    pub subject: String,
    /// DNS names and IP addresses.
    pub names: String,
    /// How long it is valid, in days.
    pub days: String,
    /// A CSR made elsewhere, as PEM; empty to make the key here.
    pub csr: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            authority: AuthorityPlan::default(),
            server: IdentityPlan {
                name: "etcd".to_owned(),
                subject: "CN=etcd".to_owned(),
                names: "localhost, 127.0.0.1, ::1".to_owned(),
                days: "365".to_owned(),
                csr: String::new(),
            },
            clients: vec![IdentityPlan::default()],
            host: "127.0.0.1".to_owned(),
            port: "2379".to_owned(),
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
        }
    }
}

/// A field of a plan, so that a fault can stand beside it.
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
    /// A field of the server's certificate.
    Server(IdentityField),
    /// A field of a client's certificate, by the client's place from 0.
    Client(usize, IdentityField),
    /// The address or host name.
    Host,
    /// The port.
    Port,
    /// The folder.
    Directory,
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

impl fmt::Display for Field {
    /// A short identifier, as the page uses it: `client-0-subject`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthoritySubject => write!(formatter, "authority-subject"),
            Self::AuthorityDays => write!(formatter, "authority-days"),
            Self::AuthorityCertificate => write!(formatter, "authority-certificate"),
            Self::AuthorityKey => write!(formatter, "authority-key"),
            Self::Server(field) => write!(formatter, "server-{field}"),
            Self::Client(index, field) => write!(formatter, "client-{index}-{field}"),
            Self::Host => write!(formatter, "host"),
            Self::Port => write!(formatter, "port"),
            Self::Directory => write!(formatter, "directory"),
        }
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

impl FromStr for IdentityField {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [
            Self::Name,
            Self::Subject,
            Self::Names,
            Self::Days,
            Self::Csr,
        ]
        .into_iter()
        .find(|field| field.to_string() == text)
        .ok_or(())
    }
}

impl FromStr for Field {
    type Err = ();

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = [
            Self::AuthoritySubject,
            Self::AuthorityDays,
            Self::AuthorityCertificate,
            Self::AuthorityKey,
            Self::Host,
            Self::Port,
            Self::Directory,
        ];
        if let Some(field) = plain.into_iter().find(|field| field.to_string() == text) {
            return Ok(field);
        }
        if let Some(field) = text.strip_prefix("server-") {
            return field.parse().map(Self::Server);
        }
        let (index, field) = text
            .strip_prefix("client-")
            .and_then(|rest| rest.split_once('-'))
            .ok_or(())?;
        Ok(Self::Client(index.parse().map_err(|_| ())?, field.parse()?))
    }
}

impl Plan {
    /// The text of a field, where the plan has it. The CA that a reader brings
    /// is not in the plan: its key is a secret.
    pub fn text_mut(&mut self, field: Field) -> Option<&mut String> {
        match field {
            Field::AuthoritySubject => Some(&mut self.authority.subject),
            Field::AuthorityDays => Some(&mut self.authority.days),
            Field::AuthorityCertificate | Field::AuthorityKey => None,
            Field::Server(field) => Some(self.server.text_mut(field)),
            Field::Client(index, field) => self
                .clients
                .get_mut(index)
                .map(|client| client.text_mut(field)),
            Field::Host => Some(&mut self.host),
            Field::Port => Some(&mut self.port),
            Field::Directory => Some(&mut self.directory),
        }
    }
}

impl IdentityPlan {
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

/// What is wrong with a plan: the field and the sentence for its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: Field,
    /// What is wrong and what to do.
    pub message: String,
}

/// A plan whose every field could be read.
#[derive(Clone, Debug)]
pub struct CheckedPlan {
    /// The CA to make, or nothing where the reader brings one.
    pub authority: Option<CheckedAuthority>,
    /// The server.
    pub server: CheckedIdentity,
    /// The clients.
    pub clients: Vec<CheckedIdentity>,
    /// The address or name that clients dial.
    pub host: SubjectAlternativeName,
    /// The port that clients dial.
    pub port: u16,
    /// The folder.
    pub directory: DirectoryPath,
}

/// A CA to make.
#[derive(Clone, Debug)]
pub struct CheckedAuthority {
    /// Its subject.
    pub subject: DistinguishedName,
    /// Its days.
    pub days: Days,
}

/// A certificate to issue.
#[derive(Clone, Debug)]
pub struct CheckedIdentity {
    /// The stem of its files' names.
    pub name: FileStem,
    /// What it is for.
    pub usage: Usage,
    /// Whom it names: a subject for a key made here, or a CSR from elsewhere.
    pub request: Requested,
    /// The DNS names and addresses it will have.
    pub names: Vec<SubjectAlternativeName>,
    /// Its days.
    pub days: Days,
}

/// Whom a certificate names.
#[derive(Clone, Debug)]
pub enum Requested {
    /// This subject, with a key made here.
    Subject(DistinguishedName),
    /// What this CSR says, with the key that made it.
    Csr(Box<CertificationRequest>),
}

impl CheckedPlan {
    /// Every certificate to issue, the server's first.
    pub fn identities(&self) -> impl Iterator<Item = &CheckedIdentity> {
        std::iter::once(&self.server).chain(&self.clients)
    }

    /// The URL that clients dial.
    #[must_use]
    pub fn endpoint(&self) -> String {
        match &self.host {
            SubjectAlternativeName::Ip(address) => url(*address, self.port),
            SubjectAlternativeName::Dns(name) => format!("https://{}:{}", name.as_str(), self.port),
        }
    }

    /// The URL that etcd listens on. etcd binds to addresses and `localhost`
    /// only (`embed/config.go`, `checkBindURLs`), so for another name it is
    /// every address.
    #[must_use]
    pub fn listen_url(&self) -> String {
        match &self.host {
            SubjectAlternativeName::Dns(name) if name.as_str() != "localhost" => {
                url(IpAddr::from([0, 0, 0, 0]), self.port)
            }
            _ => self.endpoint(),
        }
    }
}

fn url(address: IpAddr, port: u16) -> String {
    format!("https://{}", std::net::SocketAddr::new(address, port))
}

/// An absolute path of a folder on the machine where etcd runs, without a
/// slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPath(String);

impl DirectoryPath {
    /// The path of a file in the folder.
    #[must_use]
    pub fn join(&self, file: &str) -> String {
        format!("{}/{file}", if self.0 == "/" { "" } else { &self.0 })
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DirectoryPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(
                "write the folder that the files will be in, such as /root/certificates".to_owned(),
            );
        }
        if !text.starts_with('/') {
            return Err(format!(
                "“{text}” does not begin at the root; write the whole path, such as /root/certificates"
            ));
        }
        if let Some(character) = text.chars().find(|character| character.is_control()) {
            return Err(format!(
                "the folder's name holds the control character U+{:04X}, which cannot be seen; remove it",
                u32::from(character)
            ));
        }
        if text.len() > 1024 {
            return Err("the path is longer than 1024 bytes; choose a shorter one".to_owned());
        }
        let trimmed = text.trim_end_matches('/');
        Ok(Self(if trimmed.is_empty() {
            "/".to_owned()
        } else {
            trimmed.to_owned()
        }))
    }
}

/// The part of a file's name before its dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileStem(String);

impl FileStem {
    /// The stem.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileStem {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("write a name for the files, such as client".to_owned());
        }
        if text.chars().count() > 64 {
            return Err(
                "the files' name is longer than 64 characters; choose a shorter one".to_owned(),
            );
        }
        if text.starts_with(['.', '-']) {
            return Err(format!(
                "a file's name cannot begin with “{}” here; begin with a letter",
                &text[..1]
            ));
        }
        if let Some(character) = text
            .chars()
            .find(|character| character.is_control() || matches!(character, '/' | '\\'))
        {
            return Err(format!(
                "a file's name cannot hold “{}”; leave it out",
                character.escape_debug()
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Plan {
    /// Reads every field. `authority` is the validity of the CA that will sign,
    /// where it exists already: brought by the reader, or made earlier. Faults
    /// of a CA that is brought are reported by who reads it.
    ///
    /// # Errors
    ///
    /// All faults, in the page's order.
    pub fn check(
        &self,
        authority: Option<Validity>,
        now: Timestamp,
    ) -> Result<CheckedPlan, Vec<Fault>> {
        let mut check = Check {
            faults: Vec::new(),
            now,
            authority,
        };
        let authority = match self.authority.source {
            AuthoritySource::Bring => None,
            AuthoritySource::Make => {
                let subject = check.field(Field::AuthoritySubject, self.authority.subject.parse());
                let days = check.field(Field::AuthorityDays, self.authority.days.parse());
                check.authority = authority.or(days.map(|days| Validity::starting(now, days)));
                subject
                    .zip(days)
                    .map(|(subject, days)| CheckedAuthority { subject, days })
            }
        };
        let server = check.identity(&self.server, Usage::Server, Field::Server);
        let mut stems: HashSet<String> = HashSet::from(["ca".to_owned()]);
        stems.extend(server.as_ref().map(|server| server.name.0.to_lowercase()));
        let mut clients = Vec::new();
        for (index, plan) in self.clients.iter().enumerate() {
            let client = check.identity(plan, Usage::Client, |field| Field::Client(index, field));
            if let Some(client) = &client
                && !stems.insert(client.name.0.to_lowercase())
            {
                check.faults.push(Fault {
                    field: Field::Client(index, IdentityField::Name),
                    message: format!(
                        "“{}” is taken already; each certificate needs its own file name",
                        client.name.0
                    ),
                });
            }
            clients.extend(client);
        }
        let host = check.field(Field::Host, host(&self.host));
        if let (Some(host), Some(server)) = (&host, &server)
            && !server.names.iter().any(|name| name.covers(host))
        {
            check.faults.push(Fault {
                field: Field::Server(IdentityField::Names),
                message: format!(
                    "{host} is missing, and clients dial it: etcdctl would refuse this certificate; add it"
                ),
            });
        }
        let port = check.field(Field::Port, port(&self.port));
        let directory = check.field(Field::Directory, self.directory.parse());
        match (server, host, port, directory) {
            (Some(server), Some(host), Some(port), Some(directory)) if check.faults.is_empty() => {
                Ok(CheckedPlan {
                    authority,
                    server,
                    clients,
                    host,
                    port,
                    directory,
                })
            }
            _ => {
                check.faults.sort_by_key(|fault| fault.field);
                Err(check.faults)
            }
        }
    }
}

impl CheckedIdentity {
    /// Reads one certificate's plan on its own.
    ///
    /// # Errors
    ///
    /// Its faults' sentences, one a line.
    pub fn read(plan: &IdentityPlan, usage: Usage, now: Timestamp) -> Result<Self, String> {
        let mut check = Check {
            faults: Vec::new(),
            now,
            authority: None,
        };
        check.identity(plan, usage, Field::Server).ok_or_else(|| {
            check
                .faults
                .into_iter()
                .map(|fault| fault.message)
                .collect::<Vec<_>>()
                .join("\n")
        })
    }
}

/// The faults found so far, and what later fields are held against.
struct Check {
    faults: Vec<Fault>,
    now: Timestamp,
    authority: Option<Validity>,
}

impl Check {
    fn field<T, E: fmt::Display>(&mut self, field: Field, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| {
            self.faults.push(Fault {
                field,
                message: error.to_string(),
            });
        })
        .ok()
    }

    fn identity(
        &mut self,
        plan: &IdentityPlan,
        usage: Usage,
        field: impl Fn(IdentityField) -> Field,
    ) -> Option<CheckedIdentity> {
        let name = self.field(field(IdentityField::Name), plan.name.parse());
        let request = if plan.csr.trim().is_empty() {
            self.field(field(IdentityField::Subject), plan.subject.parse())
                .map(Requested::Subject)
        } else {
            self.field(
                field(IdentityField::Csr),
                CertificationRequest::from_pem(&plan.csr),
            )
            .map(|request| Requested::Csr(Box::new(request)))
        };
        let names = self.field(field(IdentityField::Names), parse_list(&plan.names));
        let days: Option<Days> = self.field(field(IdentityField::Days), plan.days.parse());
        if let (Some(days), Some(authority)) = (days, self.authority) {
            self.field(
                field(IdentityField::Days),
                check_days(days, authority, self.now),
            );
        }
        Some(CheckedIdentity {
            name: name?,
            usage,
            request: request?,
            names: names?,
            days: days?,
        })
    }
}

fn host(text: &str) -> Result<SubjectAlternativeName, String> {
    if text.trim().is_empty() {
        return Err("write the address that clients dial, such as 127.0.0.1".to_owned());
    }
    let host: SubjectAlternativeName = text.parse().map_err(
        |error: crate::pki::subject_alternative_name::SubjectAlternativeNameError| {
            error.to_string()
        },
    )?;
    match &host {
        SubjectAlternativeName::Ip(address) if address.is_unspecified() => Err(format!(
            "{address} means every address of a machine, and cannot be dialled; write the one that clients use"
        )),
        SubjectAlternativeName::Dns(name) if name.as_str().starts_with('*') => {
            Err("a wildcard cannot be dialled; write the whole host name".to_owned())
        }
        _ => Ok(host),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn faults(change: impl FnOnce(&mut Plan)) -> Vec<(String, String)> {
        let mut plan = Plan::default();
        change(&mut plan);
        plan.check(None, now())
            .unwrap_err()
            .into_iter()
            .map(|fault| (fault.field.to_string(), fault.message))
            .collect()
    }

    #[test]
    fn the_default_plan_is_the_tutorial() {
        let plan = Plan::default().check(None, now()).unwrap();
        assert_eq!(
            plan.authority.unwrap().subject.to_openssl(),
            "/CN=KUBERNETES-CA"
        );
        assert_eq!(plan.clients.len(), 1);
        assert_eq!(plan.clients[0].days.get(), 60);
        assert_eq!(plan.directory.join("ca.crt"), "/root/certificates/ca.crt");
    }

    #[test]
    fn a_plan_survives_its_text() {
        let plan = Plan::default();
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        assert_eq!(serde_json::from_str::<Plan>("{}").unwrap(), plan);
    }

    #[test]
    fn fields_survive_their_identifier() {
        for field in [
            Field::AuthoritySubject,
            Field::AuthorityKey,
            Field::Server(IdentityField::Names),
            Field::Client(12, IdentityField::Csr),
            Field::Port,
        ] {
            assert_eq!(field.to_string().parse(), Ok(field));
        }
        assert!("client-x-name".parse::<Field>().is_err());
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
        let names: Vec<_> = faults(|plan| {
            plan.authority.subject = String::new();
            plan.server.names = "localhost".to_owned();
            plan.clients.push(IdentityPlan::default());
            plan.port = "0".to_owned();
            plan.directory = "certificates".to_owned();
        })
        .into_iter()
        .map(|(field, _)| field)
        .collect();
        assert_eq!(
            names,
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
        for name in ["", "a/b", "..", "-rf", "a\nb"] {
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
            plan.check(None, now())
                .map(|plan| (plan.endpoint(), plan.listen_url()))
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
}
