//! What another client than etcdctl makes of the same files: who refuses whom, by
//! which rule, and with which words. The files and the endpoint are those of
//! etcdctl's command line; what a client looks at, and how it says what it found,
//! stands in [`facts::client`](crate::etcd::facts::client).

use go_x509::address;
use go_x509::certificate::Certificate;
use go_x509::version::{GoBuild, GoVersion};

use super::case::{Case, EtcdctlError, Question};
use super::cause;
use super::connection;
use super::finding::Verdict;
use super::reading::client_configuration::{ClientConfiguration, Transport};
use super::reading::command_line::CommandLineError;
use super::running::Running;
use super::start::{self, is_secure};
use crate::etcd::facts::client::{Client, Meeting, Names, Particulars, Plain, ServerFault};
use crate::etcd::facts::rule::Rule;
use own_files::Own;

mod handshake;
mod own_files;
mod server_certificate;
pub mod strict;

/// Who refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refuser {
    /// The client.
    Client,
    /// etcd.
    Etcd,
    /// Neither: they never got to speak.
    Nobody,
}

impl Refuser {
    /// `client`, `etcd` or `nobody`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Etcd => "etcd",
            Self::Nobody => "nobody",
        }
    }
}

/// What a client that is served was looked at for, and looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing: it speaks no TLS, and neither does etcd.
    Plain,
    /// TLS was spoken.
    ByTls {
        /// Whether it checked etcd's certificate.
        checked: bool,
        /// Whether etcd asked for its certificate.
        asked: bool,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAnswer {
    /// The outcome.
    pub verdict: Verdict,
    /// Who refuses whom.
    pub refuser: Refuser,
    /// What the client met; `None` where etcd does not start.
    pub meeting: Option<Meeting>,
    /// The rule that decided.
    pub rule: Rule,
    /// What parts this client from others; empty where nothing does.
    pub why: &'static str,
    /// What it went by; `None` where it isn't served.
    pub taken: Option<Taken>,
    /// The path of the file at fault.
    pub file: Option<String>,
    /// What the client prints: any of these, as a race decides.
    pub says: Vec<String>,
    /// What etcd logs of it: any of these; an empty one is no line.
    pub logs: Vec<String>,
}

impl ClientAnswer {
    /// The field or flag at fault.
    #[must_use]
    pub fn field(&self) -> String {
        match self.verdict {
            Verdict::Accepted => String::new(),
            _ => self.rule.field().to_string(),
        }
    }

    /// What to do; empty when nothing is at fault.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        cause::mend(self.rule, &self.field())
    }
}

/// Judges a question for another client than etcdctl, which is limited to TLS 1.2
/// where `only_tls12` says so.
///
/// # Errors
///
/// A text that is no command line of etcd or etcdctl.
pub fn judge_client(
    question: &Question<'_>,
    client: &Client,
    only_tls12: bool,
) -> Result<ClientAnswer, CommandLineError> {
    Case::read(question)?.judge_client(client, only_tls12)
}

/// What a client met, before its words are looked up.
struct Met {
    meeting: Meeting,
    refuser: Refuser,
    rule: Rule,
    why: &'static str,
    file: Option<String>,
    /// What a strict library misses in the chain, in its words.
    missed: &'static str,
    /// The words of Go, for a client that passes them on.
    go: Option<String>,
    logs: Vec<String>,
}

impl Met {
    fn new(meeting: Meeting, refuser: Refuser, rule: Rule) -> Self {
        Self {
            meeting,
            refuser,
            rule,
            why: "",
            missed: "",
            file: None,
            go: None,
            logs: vec![String::new()],
        }
    }

    fn logging(self, logs: Vec<String>) -> Self {
        Self { logs, ..self }
    }

    fn because(self, why: &'static str) -> Self {
        Self { why, ..self }
    }

    fn at(self, file: &str) -> Self {
        Self {
            file: Some(file.to_owned()).filter(|file| !file.is_empty()),
            ..self
        }
    }
}

/// The newest Go, by whose reading certificates are looked at for clients that are
/// not written in Go.
const READER: GoBuild = GoBuild::new(GoVersion::new(26, 8), 26);

impl Case<'_> {
    /// Judges what was read for another client than etcdctl.
    ///
    /// # Errors
    ///
    /// The client's text is no command line of etcdctl, and etcd starts.
    pub fn judge_client(
        &self,
        client: &Client,
        only_tls12: bool,
    ) -> Result<ClientAnswer, CommandLineError> {
        let (configuration, started) = match start::start_etcd(&self.etcd) {
            Ok(started) => started,
            Err(failure) => {
                return Ok(ClientAnswer {
                    verdict: Verdict::ServerStartFailed,
                    refuser: Refuser::Nobody,
                    meeting: None,
                    rule: failure.cause.rule(),
                    why: "",
                    taken: None,
                    file: failure.file.clone(),
                    says: Vec::new(),
                    logs: failure.words(&self.etcd.build),
                });
            }
        };
        let told = match self.etcdctl.as_ref().map(|it| &it.configuration) {
            Some(Ok(told)) => told.clone(),
            Some(Err(EtcdctlError::Line(error))) => return Err(*error),
            // Flags that etcdctl alone has say nothing of another client.
            Some(Err(EtcdctlError::Configuration(_))) | None => ClientConfiguration::default(),
        };
        let attempt = Attempt {
            etcd: Running {
                case: self,
                configuration,
                loaded: started.client.as_ref(),
            },
            client,
            told: &told,
            only_tls12,
        };
        Ok(attempt.answer())
    }
}

/// One client that connects.
struct Attempt<'a> {
    etcd: Running<'a>,
    client: &'a Client,
    told: &'a ClientConfiguration,
    only_tls12: bool,
}

impl Attempt<'_> {
    fn answer(&self) -> ClientAnswer {
        let (met, taken) = match self.meet() {
            Ok(taken) => (
                Met::new(Meeting::Taken, Refuser::Nobody, Rule::Accepted),
                Some(taken),
            ),
            Err(met) => (*met, None),
        };
        let leaf = self.server_leaf();
        let addresses: Vec<String> = leaf.as_ref().map_or_else(Vec::new, |leaf| {
            leaf.addresses.iter().map(|it| address::text(it)).collect()
        });
        let host = self.host();
        let about = Particulars {
            host: &host,
            certificate: &self.told.cert_file,
            key: &self.told.key_file,
            file: met.file.as_deref().unwrap_or_default(),
            authority: &self.told.ca_file,
            addresses: &addresses,
            dns_names: leaf.as_ref().map_or(&[], |leaf| leaf.dns_names.as_slice()),
            common_name: leaf
                .as_ref()
                .map_or("", |leaf| leaf.subject.common_name.as_str()),
            missed: met.missed,
            go: met.go.filter(|_| self.client.go.is_some()),
        };
        let accepted = met.meeting == Meeting::Taken;
        ClientAnswer {
            verdict: if accepted {
                Verdict::Accepted
            } else {
                Verdict::Refused
            },
            refuser: met.refuser,
            meeting: Some(met.meeting),
            rule: met.rule,
            why: met.why,
            taken,
            says: self.client.says(met.meeting, &about),
            file: met.file,
            logs: met.logs,
        }
    }

    fn go(&self) -> GoBuild {
        self.client.go.map_or(READER, |(minor, patch)| {
            GoBuild::new(GoVersion::new(minor, patch), minor)
        })
    }

    fn server_leaf(&self) -> Option<Certificate> {
        let der = self.etcd.loaded?.key_pair.chain.first()?;
        Certificate::parse(der, READER).ok()
    }

    /// The host that it looks for in etcd's certificate.
    fn host(&self) -> String {
        let (_, host) = self.told.first_address();
        if self.client.names == Names::Localhost && address::parse(&host).is_some() {
            "localhost".to_owned()
        } else {
            host
        }
    }

    /// From its files to the user.
    fn meet(&self) -> Result<Taken, Box<Met>> {
        let plain = match self.client.plain {
            Plain::Always => true,
            Plain::WithoutAuthority => self.told.ca_file.is_empty(),
            Plain::Never => false,
        } || self.told.transport() == Transport::Plain;
        let own = if plain { Own::nothing() } else { self.load()? };
        let (address, _) = self.told.first_address();
        let Some(port) = self.etcd.any_listener_at(&address, !plain) else {
            let rule = Rule::SomethingListens;
            return Err(Met::new(Meeting::NothingListens, Refuser::Nobody, rule).into());
        };
        match (is_secure(&port.scheme), plain) {
            (false, true) => return self.authorize(None).map(|()| Taken::Plain),
            (true, true) => {
                let logs = self.etcd.loaded.map_or("", |_| connection::NO_TLS);
                let met = Met::new(Meeting::PlainToTls, Refuser::Etcd, Rule::TlsEndpoint);
                return Err(met.logging(vec![logs.to_owned()]).into());
            }
            (false, false) => {
                let met = Met::new(Meeting::TlsToPlain, Refuser::Nobody, Rule::PlainEndpoint);
                return Err(met.into());
            }
            (true, false) => {}
        }
        let Some(loaded) = self.etcd.loaded else {
            // The certificate that etcd makes itself is nobody's.
            let fault = ServerFault::UnknownIssuer;
            return Err(self.refused(fault, Rule::ServerCaKnown, None).into());
        };
        let taken = self.shake_hands(loaded, &own)?;
        let leaf = own.chain.first();
        let leaf = leaf.and_then(|der| Certificate::parse(der, READER).ok());
        self.authorize(leaf.as_ref().filter(|_| loaded.client_roots.is_some()))?;
        Ok(taken)
    }

    fn refused(&self, fault: ServerFault, rule: Rule, go: Option<String>) -> Met {
        let logs = (self.client.logged)(fault);
        let file = match fault {
            ServerFault::UnknownIssuer => &self.told.ca_file,
            _ => &self.etcd.configuration.client.cert_file,
        };
        Met {
            go,
            ..Met::new(Meeting::Server(fault), Refuser::Client, rule)
        }
        .at(file)
        .logging(logs.iter().map(|&it| it.to_owned()).collect())
    }
}
