//! What another client than etcdctl makes of the same files: who refuses whom, by
//! which rule, and with which words. The files and the endpoint are those of
//! etcdctl's command line; what a client looks at, and how it says what it found,
//! stands in [`facts::client`](crate::etcd::facts::client).

use go_x509::address;
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, Refusal, VerifyError, VerifyOptions};
use go_x509::hostname;
use go_x509::key_pair::KeyPairError;
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::public_key::{Curve, PublicKey};
use go_x509::version::{GoBuild, GoVersion};

use super::case::{Case, EtcdctlError, Question};
use super::cause::{self, Cause};
use super::cipher_suites::Offer;
use super::connection::{self, AllowedNames, Ended, ServerCheck};
use super::failure::StartFailure;
use super::finding::Verdict;
use super::phrase::Alert;
use super::reading::client_configuration::{ClientConfiguration, Transport};
use super::reading::command_line::CommandLineError;
use super::running::Running;
use super::start::{self, Loaded, is_secure};
use crate::etcd::facts::client::{
    Anchors, Client, FileFault, Meeting, Names, Notice, PairCheck, Particulars, Plain, Sending,
    ServerFault, Speech,
};
use crate::etcd::facts::rule::Rule;

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

/// A client's files, read.
struct Own {
    chain: Vec<Vec<u8>>,
    /// Whether the key is another's.
    other_key: bool,
}

impl Attempt<'_> {
    fn answer(&self) -> ClientAnswer {
        let met = match self.meet() {
            Ok(()) => Met::new(Meeting::Taken, Refuser::Nobody, Rule::Accepted),
            Err(met) => *met,
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
    fn meet(&self) -> Result<(), Box<Met>> {
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
            (false, true) => return self.authorize(None),
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
        self.shake_hands(loaded, &own)?;
        let leaf = own.chain.first();
        let leaf = leaf.and_then(|der| Certificate::parse(der, READER).ok());
        self.authorize(leaf.as_ref().filter(|_| loaded.client_roots.is_some()))
    }

    /// Its own files, as it reads them.
    fn load(&self) -> Result<Own, Box<Met>> {
        let (told, files) = (self.told, &self.etcd.case.etcd.files);
        let failed = |fault, failure: StartFailure| {
            let met = Met::new(Meeting::File(fault), Refuser::Client, failure.cause.rule());
            let file = failure.file.clone().unwrap_or_default();
            Box::new(Met {
                go: Some(failure.text),
                ..met.at(&file)
            })
        };
        if !told.ca_file.is_empty() {
            start::load_pool(&told.ca_file, files, self.go()).map_err(|failure| {
                let fault = file_fault(&failure.cause);
                failed(fault, failure)
            })?;
        }
        if told.cert_file.is_empty() && told.key_file.is_empty() {
            return Ok(Own::nothing());
        }
        let loaded = start::load_key_pair(&told.cert_file, &told.key_file, files, self.go());
        let fault = match &loaded {
            Ok(_) if self.key_is_of_an_old_form() => Some(FileFault::KeyForm),
            Ok(_) => None,
            Err(failure) => Some(file_fault(&failure.cause)),
        };
        let certificates = || {
            let content = files.read(&told.cert_file).unwrap_or_default();
            let blocks = pem::blocks(content, READER).into_iter();
            let certificates = blocks.filter(|block| block.label == "CERTIFICATE");
            certificates.map(|block| block.bytes).collect()
        };
        match (loaded, fault) {
            (Ok(pair), None) => Ok(Own {
                chain: pair.chain,
                other_key: false,
            }),
            _ if self.client.goes_on => Ok(Own::nothing()),
            (Err(_), Some(FileFault::OtherKey)) if self.client.pair != PairCheck::Loading => {
                Ok(Own {
                    chain: certificates(),
                    other_key: true,
                })
            }
            (Err(failure), Some(fault)) => Err(failed(fault, failure)),
            (_, fault) => {
                let fault = fault.unwrap_or(FileFault::KeyForm);
                let met = Met::new(Meeting::File(fault), Refuser::Client, Rule::KeyReadable);
                let why = "it reads private keys of PKCS#8 alone: openssl pkcs8 -topk8 -nocrypt";
                Err(met.at(&told.key_file).because(why).into())
            }
        }
    }

    /// Whether the key is of PKCS#1 or SEC 1, and the library reads PKCS#8 alone.
    fn key_is_of_an_old_form(&self) -> bool {
        let content = self.etcd.case.etcd.files.read(&self.told.key_file);
        !self.client.library.reads_old_keys
            && content.is_some_and(|content| {
                pem::blocks(content, READER).iter().any(|block| {
                    matches!(block.label.as_str(), "RSA PRIVATE KEY" | "EC PRIVATE KEY")
                })
            })
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

    /// The handshake.
    fn shake_hands(&self, loaded: &Loaded, own: &Own) -> Result<(), Box<Met>> {
        let listener = self.etcd.listener(loaded);
        if self.only_tls12 && !listener.allows_tls12 {
            let met = Met::new(
                Meeting::Alert(Notice::ProtocolVersion),
                Refuser::Etcd,
                Rule::CommonTlsVersion,
            );
            let offered = self.client.library.offered;
            let text = format!("tls: client offered only unsupported versions: {offered}");
            return Err(met.logging(vec![text]).into());
        }
        self.agree_on_key(loaded)?;
        let chain = self.sent(loaded, own);
        if let Some(mut met) = self.check_server(loaded) {
            // Who leaves its certificate at home is refused before it says why.
            if chain.is_empty() && !own.chain.is_empty() && listener.client_roots.is_some() {
                met.logs = vec!["tls: client didn't provide a certificate".to_owned()];
            }
            return Err(met.into());
        }
        let mut build = *self.etcd.build();
        build.go = self.go();
        let dialer = connection::Client {
            build: &build,
            check: ServerCheck::Skip,
            chain: &chain,
            allowed: AllowedNames::default(),
            limited_to_tls12: self.only_tls12,
            offer: Offer::Approved,
        };
        if own.other_key && self.client.pair == PairCheck::Handshake {
            let met = Met::new(
                Meeting::File(FileFault::OtherKey),
                Refuser::Client,
                Rule::KeyFitsCertificate,
            );
            let logs = vec!["remote error: tls: internal error".to_owned()];
            return Err(met.at(&self.told.key_file).logging(logs).into());
        }
        let ended = connection::connect(&dialer, &listener, self.etcd.now());
        if let Err(ended) = ended {
            let why = if chain.is_empty() && !own.chain.is_empty() {
                "it keeps its certificate at home: etcd names no CA that issued it, or no signature for its key"
            } else {
                ""
            };
            return Err(self.ended(ended).because(why).into());
        }
        if own.other_key && !chain.is_empty() && listener.client_roots.is_some() {
            return Err(self.wrong_signature(&chain).into());
        }
        Ok(())
    }

    /// What etcd says of a signature that the certificate's key didn't make.
    fn wrong_signature(&self, chain: &[Vec<u8>]) -> Met {
        let key = chain
            .first()
            .and_then(|der| Certificate::parse(der, READER).ok())
            .and_then(|leaf| leaf.public_key);
        let detail = match key {
            Some(PublicKey::Rsa { .. }) => "crypto/rsa: verification error",
            Some(PublicKey::Ed25519(_)) => "Ed25519 verification failure",
            _ => "ECDSA verification failure",
        };
        let text = format!("tls: invalid signature by the client certificate: {detail}");
        Met::new(
            Meeting::LateAlert(Notice::DecryptError),
            Refuser::Etcd,
            Rule::KeyFitsCertificate,
        )
        .at(&self.told.key_file)
        .logging(vec![text])
    }

    /// A signature of etcd's key that the client takes: etcd ends the handshake else.
    fn agree_on_key(&self, loaded: &Loaded) -> Result<(), Box<Met>> {
        let library = self.client.library;
        let key = loaded.key_pair.leaf.public_key.as_ref();
        let is_known = match key {
            Some(PublicKey::Ecdsa {
                curve: Curve::P521, ..
            }) => library.knows_p521,
            Some(PublicKey::Ed25519(_)) => library.knows_ed25519,
            _ => true,
        };
        if is_known {
            return Ok(());
        }
        let text = "tls: peer doesn't support any of the certificate's signature algorithms";
        let met = Met::new(
            Meeting::Alert(Notice::HandshakeFailure),
            Refuser::Etcd,
            Rule::KnownKeyKind,
        );
        let file = &self.etcd.configuration.client.cert_file;
        let why = "its TLS library takes no signature of such a key";
        Err(met
            .at(file)
            .because(why)
            .logging(vec![text.to_owned()])
            .into())
    }

    /// What it sends where etcd asks for its certificate.
    fn sent(&self, loaded: &Loaded, own: &Own) -> Vec<Vec<u8>> {
        let sending = self.client.sending;
        let leaf = own.chain.first();
        let Some(leaf) = leaf.and_then(|der| Certificate::parse(der, READER).ok()) else {
            return own.chain.clone();
        };
        if sending == Sending::Always {
            return own.chain.clone();
        }
        let is_rsa = matches!(leaf.public_key, Some(PublicKey::Rsa { .. }));
        if sending == Sending::IfNamedAndNotRsa
            && is_rsa
            && self.etcd.build().go.toolchain >= GoVersion::new(25, 0)
        {
            return Vec::new();
        }
        let named = loaded.client_roots.as_ref();
        let named = named.map_or(&[][..], CertificatePool::certificates);
        let is_named = own
            .chain
            .iter()
            .filter_map(|der| Certificate::parse(der, READER).ok())
            .any(|sent| named.iter().any(|root| root.subject.raw == sent.issuer.raw));
        if is_named {
            own.chain.clone()
        } else {
            Vec::new()
        }
    }

    /// What it finds wrong in etcd's certificate.
    fn check_server(&self, loaded: &Loaded) -> Option<Met> {
        if self.told.skip_verification {
            return None;
        }
        let (client, library, go) = (self.client, self.client.library, self.go());
        let chain: Vec<Certificate> = loaded
            .key_pair
            .chain
            .iter()
            .filter_map(|der| Certificate::parse(der, go).ok())
            .collect();
        let leaf = chain.first()?;
        let mut roots = CertificatePool::default();
        let mut above = CertificatePool::default();
        let content = self.etcd.case.etcd.files.read(&self.told.ca_file);
        for block in pem::blocks(content.unwrap_or_default(), go) {
            let Ok(certificate) = Certificate::parse(&block.bytes, go) else {
                continue;
            };
            let signed_itself = certificate.issuer.raw == certificate.subject.raw;
            if library.anchors == Anchors::Any || signed_itself {
                roots.add(certificate);
            } else {
                above.add(certificate);
            }
        }
        let has_no_root = roots.certificates().is_empty() && !above.certificates().is_empty();
        for sent in chain.iter().skip(1) {
            above.add(sent.clone());
        }
        let host = self.host();
        let options = VerifyOptions {
            roots: &roots,
            intermediates: &above,
            // Go looks at the name first, the others last.
            host: client.go.map(|_| host.as_str()),
            usage: ExtendedKeyUsage::ServerAuth,
            now: self.etcd.now(),
        };
        let checked = chain::verify(leaf, &options, go).map(|_| ());
        if let Err(refusal) = checked
            // Go looks at the usage last, when all else is well.
            && (library.checks_purpose
                || !matches!(refusal.reason, VerifyError::IncompatibleUsage { .. }))
        {
            let met = self.refusal(refusal, leaf, go);
            let unknown = met.meeting == Meeting::Server(ServerFault::UnknownIssuer);
            let why = if unknown && has_no_root {
                "it wants the root in the CA file: an intermediate alone ends no chain"
            } else {
                ""
            };
            return Some(met.because(why));
        }
        if !library.takes_authorities && leaf.is_authority {
            let fault = ServerFault::Authority;
            let met = self.refused(fault, Rule::ServerIsNoAuthority, None);
            return Some(met.because("it takes no server certificate that is a CA itself"));
        }
        let error = hostname::verify(leaf, &host, go).err()?;
        (client.go.is_none() && !self.takes_common_name(leaf, &host)).then(|| {
            let refusal = Refusal {
                reason: VerifyError::Hostname(error),
                certificate: leaf.raw.clone(),
            };
            self.refusal(refusal, leaf, go)
        })
    }

    fn refusal(&self, refusal: Refusal, leaf: &Certificate, go: GoBuild) -> Met {
        let fault = match &refusal.reason {
            VerifyError::Expired { .. } => ServerFault::Expired,
            VerifyError::NotYetValid { .. } => ServerFault::NotYetValid,
            VerifyError::IncompatibleUsage { .. } => ServerFault::Purpose,
            VerifyError::UnknownAuthority { .. } => ServerFault::UnknownIssuer,
            VerifyError::Hostname(_) if leaf.addresses.is_empty() && leaf.dns_names.is_empty() => {
                ServerFault::NoNames
            }
            VerifyError::Hostname(_) if address::parse(&self.host()).is_some() => {
                ServerFault::OtherAddress
            }
            VerifyError::Hostname(_) => ServerFault::OtherHost,
            _ => ServerFault::Chain,
        };
        let prefix = if go.wraps_verification_errors() {
            "tls: failed to verify certificate: "
        } else {
            ""
        };
        let text = format!("{prefix}{refusal}");
        self.refused(fault, Cause::ServerRefused(refusal).rule(), Some(text))
    }

    /// Whether a certificate without a SAN of this host will do.
    fn takes_common_name(&self, leaf: &Certificate, host: &str) -> bool {
        let without = leaf.addresses.is_empty() && leaf.dns_names.is_empty();
        let same = leaf.subject.common_name.eq_ignore_ascii_case(host);
        match self.client.names {
            Names::Nothing => true,
            Names::CommonName => without && same,
            Names::CommonNameOfHost | Names::Localhost => {
                without && same && address::parse(host).is_none()
            }
            Names::Alternative => false,
        }
    }

    /// What it is told where etcd ends the connection.
    fn ended(&self, ended: Ended) -> Met {
        let sent = &self.told.cert_file;
        match ended {
            Ended::ByClient { cause, text, log } => {
                let fault = ServerFault::Chain;
                let met = self.refused(fault, cause.rule(), Some(text));
                met.logging(vec![log])
            }
            Ended::ByServer {
                cause,
                text,
                alert,
                tls13,
            } => {
                let notice = notice(alert);
                let meeting = if tls13 {
                    Meeting::LateAlert(notice)
                } else {
                    Meeting::Alert(notice)
                };
                let file = match *cause {
                    Cause::NoClientCertificate | Cause::NothingInCommon => "",
                    Cause::UnusableKey { of_server: true } => {
                        &self.etcd.configuration.client.cert_file
                    }
                    _ => sent,
                };
                Met::new(meeting, Refuser::Etcd, cause.rule())
                    .at(file)
                    .logging(vec![text])
            }
            Ended::Closed { cause, text, .. } => {
                let file = match *cause {
                    Cause::Revoked { .. } => sent,
                    _ => &self.etcd.configuration.client.crl_file,
                };
                Met::new(Meeting::Closed, Refuser::Etcd, cause.rule())
                    .at(file)
                    .logging(vec![text])
            }
            Ended::NoVersion => Met::new(
                Meeting::Alert(Notice::ProtocolVersion),
                Refuser::Etcd,
                Rule::CommonTlsVersion,
            )
            .logging(vec![connection::OLD_VERSIONS.to_owned()]),
        }
    }

    /// Whether etcd lets it do what it asks for.
    fn authorize(&self, leaf: Option<&Certificate>) -> Result<(), Box<Met>> {
        let forbidden = |rule| Met::new(Meeting::Forbidden, Refuser::Etcd, rule);
        let users = self.etcd.case.users.is_some();
        match self.client.speech {
            Speech::Grpc => self
                .etcd
                .authorize(leaf)
                .map_err(|finding| forbidden(finding.rule).into()),
            Speech::Version2 if !self.etcd.build().has_api_2() => {
                Err(forbidden(Rule::ApiVersion).into())
            }
            // The gateway takes no common name for a user, whoever it is.
            Speech::Gateway if users => Err(forbidden(Rule::CommonNameIsUser).into()),
            Speech::Health | Speech::Version2 | Speech::Gateway => Ok(()),
        }
    }
}

impl Own {
    const fn nothing() -> Self {
        Self {
            chain: Vec::new(),
            other_key: false,
        }
    }
}

fn file_fault(cause: &Cause) -> FileFault {
    match cause {
        Cause::FileUnreadable(_) => FileFault::Missing,
        Cause::KeyPair(KeyPairError::Key {
            encrypted: true, ..
        }) => FileFault::Encrypted,
        Cause::KeyPair(KeyPairError::OtherKey | KeyPairError::OtherKeyType) => FileFault::OtherKey,
        Cause::KeyPair(
            KeyPairError::Key { .. }
            | KeyPairError::NoKeyBlock(_)
            | KeyPairError::NoPemInKey
            | KeyPairError::CertificateForKey,
        ) => FileFault::KeyForm,
        _ => FileFault::NoPem,
    }
}

const fn notice(alert: Alert) -> Notice {
    match alert {
        Alert::BadCertificate => Notice::BadCertificate,
        Alert::Expired => Notice::Expired,
        Alert::UnknownAuthority => Notice::UnknownAuthority,
        Alert::CertificateRequired => Notice::CertificateRequired,
        Alert::DecodeError => Notice::DecodeError,
        Alert::HandshakeFailure => Notice::HandshakeFailure,
        Alert::ProtocolVersion => Notice::ProtocolVersion,
        Alert::IllegalParameter => Notice::IllegalParameter,
        Alert::InternalError => Notice::InternalError,
        Alert::UnsupportedCertificate => Notice::UnsupportedCertificate,
    }
}
