//! The clients of etcd beside etcdctl: a row a client, a file a TLS library. A row
//! says what the client looks at in etcd's certificate, whether it sends its own, and
//! with which words it tells of each thing that it can meet. Data, and the lookup of
//! the words; what a client meets is worked out by
//! [`script::verdict`](crate::script::verdict). Measured on 2026-11-28 with etcd
//! 3.5.35 and 3.7.3; the releases of client and library stand in each row.

mod boringssl;
mod gnutls;
mod go;
mod jsse;
mod node;
mod nss;
mod openssl;
mod python;
mod rustls;

pub use crate::etcd::facts::alert::Alert;

use crate::etcd::facts::saying::Saying;

/// What a client finds wrong in etcd's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerFault {
    /// It leads to no CA that the client was given.
    UnknownIssuer,
    /// It has no SAN.
    NoNames,
    /// The address is not among its SANs.
    OtherAddress,
    /// The host name is not among its SANs.
    OtherHost,
    /// It has ended.
    Expired,
    /// It has not begun.
    NotYetValid,
    /// It lacks serverAuth.
    Purpose,
    /// It is a CA itself.
    Authority,
    /// A key that the client's library doesn't know signed it, or a CA above it.
    UnknownSignature,
    /// Something else in its chain.
    Chain,
}

/// What a client finds wrong in its own files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The certificate or the key is not there.
    Missing,
    /// The certificate's file holds no PEM.
    NoPem,
    /// The key is under a passphrase.
    Encrypted,
    /// The key is in a form that the client doesn't read.
    KeyForm,
    /// The key is not that of the certificate.
    OtherKey,
}

/// What a client can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// It is served.
    Taken,
    /// Its own files are of no use.
    File(FileFault),
    /// It refuses etcd's certificate.
    Server(ServerFault),
    /// etcd ends the handshake with an alert.
    Alert(Alert),
    /// The same over TLS 1.3, where the client is writing already: the alert may be
    /// lost.
    LateAlert(Alert),
    /// etcd hangs up after the handshake.
    Closed,
    /// Plain HTTP was spoken to a port with TLS.
    PlainToTls,
    /// TLS was spoken to a port without.
    TlsToPlain,
    /// Nothing listens there.
    NothingListens,
    /// etcd knows the client, but not as a user who may do this.
    Forbidden,
    /// It was served, and then etcd ended.
    Stopped,
}

/// How a client speaks with etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// gRPC: etcd takes the common name for a user.
    Grpc,
    /// JSON through the gateway, which takes no common name for a user.
    Gateway,
    /// `/metrics` or `/health`, for which nobody's name is asked.
    Health,
    /// The API of version 2, gone in 3.6.
    Version2,
}

/// Which names a client looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// SANs alone.
    Alternative,
    /// SANs; without any, the common name for a host name.
    CommonNameOfHost,
    /// SANs; without any, the common name for an address too.
    CommonName,
    /// The SANs of host names: it is told to check for `localhost`.
    Localhost,
    /// None.
    Nothing,
}

/// Whether a client sends its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// Whatever etcd asks for.
    Always,
    /// If one of the CAs that etcd names has issued it.
    IfNamed,
    /// If its usages are those of a client.
    IfForClients,
    /// If one of the CAs that etcd names has issued it, but no RSA certificate to Go 1.25 and newer, which names no
    /// signature of PKCS#1 in TLS 1.3.
    IfNamedAndNotRsa,
}

/// When a client finds that its key is not that of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairCheck {
    /// When it reads them.
    Loading,
    /// In the handshake, which it ends with an alert.
    Handshake,
    /// Never: etcd finds the signature wrong.
    Never,
}

/// When a client speaks no TLS, whatever the endpoint says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// As the endpoint says.
    Never,
    /// Without a CA file, which drops certificate and key as well.
    WithoutAuthority,
    /// It has no TLS.
    Always,
}

/// Which certificates of the CA file end a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchors {
    /// Each: an intermediate alone is enough.
    Any,
    /// Those that signed themselves.
    Roots,
}

/// What a client can meet, each with its words: one of these, as a race decides.
pub type Words = &'static [(&'static [Meeting], &'static [&'static str])];

/// The words for what was met.
fn words_for(meeting: Meeting, words: Words) -> Option<&'static [&'static str]> {
    let row = words.iter().find(|(met, _)| met.contains(&meeting))?;
    Some(row.1)
}

/// A TLS library.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what a library takes is independent of each other"
)]
#[derive(Debug)]
pub struct Library {
    /// Its name and release.
    pub name: &'static str,
    /// The file of its sources that has these rules.
    pub source: &'static str,
    /// Its words for an alert.
    pub alert: fn(Alert) -> &'static str,
    /// Its words for everything else.
    pub words: Words,
    /// Which certificates of the CA file end a chain.
    pub anchors: Anchors,
    /// Whether etcd's certificate may be a CA.
    pub takes_authorities: bool,
    /// Whether it takes a signature on P-521 from etcd.
    pub knows_p521: bool,
    /// Whether it takes a signature on Ed25519 from etcd.
    pub knows_ed25519: bool,
    /// What it finds where an Ed25519 key signed etcd's certificate.
    pub signed_by_ed25519: Option<ServerFault>,
    /// What it finds where a P-521 key signed etcd's certificate.
    pub signed_by_p521: Option<ServerFault>,
    /// Whether its own key may be on Ed25519.
    pub reads_ed25519: bool,
    /// Whether its own key may be on P-521.
    pub reads_p521: bool,
    /// Whether it reads keys of PKCS#1 and SEC 1, and not of PKCS#8 alone.
    pub reads_old_keys: bool,
    /// Whether it asks for serverAuth.
    pub checks_purpose: bool,
    /// Whether anyExtendedKeyUsage stands for serverAuth in etcd's certificate.
    pub takes_any_usage: bool,
    /// The same in a CA's certificate above it.
    pub takes_any_usage_above: bool,
    /// Whether a wildcard may stand before a single label, as in `*.local`.
    pub takes_short_wildcards: bool,
    /// Whether the common name must be one that the CAs above allow for a host, where
    /// the certificate has no SAN of a host.
    pub constrains_common_name: bool,
    /// Whether it knows certificatePolicies, which may be critical.
    pub knows_policies: bool,
    /// Whether it holds a chain to what RFC 5280 wants of its extensions
    /// (`X509_V_FLAG_X509_STRICT`).
    pub is_strict: bool,
    /// Whether it knows constraints on addresses.
    pub knows_address_constraints: bool,
    /// The versions that a client limited to TLS 1.2 offers, as etcd logs them.
    pub offered: &'static str,
}

/// A client.
#[derive(Debug)]
pub struct Client {
    /// Its name here.
    pub id: &'static str,
    /// Its name and release.
    pub version: &'static str,
    /// Its library.
    pub library: &'static Library,
    /// How it speaks with etcd.
    pub speech: Speech,
    /// Which names it looks at.
    pub names: Names,
    /// Whether it looks at names by itself, and takes a wildcard before a single label
    /// though its library doesn't.
    pub takes_short_wildcards: bool,
    /// Whether it sends its certificate.
    pub sending: Sending,
    /// When it finds that the key is another's.
    pub pair: PairCheck,
    /// Whether it goes on without a certificate that it can't use.
    pub goes_on: bool,
    /// When it speaks no TLS, whatever the endpoint says.
    pub plain: Plain,
    /// Whether it checks nothing of etcd's certificate where it has no CA file.
    pub trusts_without_authority: bool,
    /// The Go that it is built with.
    pub go: Option<(u16, u16)>,
    /// The library's words in the handshake, put in its own at `{}`.
    pub in_handshake: &'static str,
    /// The same after the handshake.
    pub after: &'static str,
    /// The same where its files are of no use.
    pub of_files: &'static str,
    /// What it says where an alert was lost.
    pub lost: &'static [&'static str],
    /// Its own words, in place of the library's.
    pub words: Words,
    /// What it says of whatever ends a connection, where it tells nothing more.
    pub whatever: &'static [&'static str],
    /// What etcd logs where the client refuses its certificate: one of these, and
    /// nothing where it is empty.
    pub logged: fn(ServerFault) -> &'static [&'static str],
}

/// A client that people use much.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// What it is of: a language, or a program.
    pub kind: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Its name here.
    pub client: &'static str,
}

const fn known(kind: &'static str, name: &'static str, client: &'static str) -> Known {
    Known { kind, name, client }
}

/// The clients that people use most, those of a kind together.
pub const WELL_KNOWN: &[Known] = &[
    known("curl", "curl", "curl-openssl"),
    known("curl", "curl with GnuTLS", "curl-gnutls"),
    known("Go", "Go clientv3", "go-clientv3"),
    known("Python", "Python requests", "py-requests"),
    known("Python", "Python 3.13 requests", "py-requests-strict"),
    known("Python", "Python grpcio", "py-grpcio"),
    known("Python", "Python etcd3", "py-etcd3"),
    known("Python", "Python aetcd", "py-aetcd"),
    known("Java", "Java jetcd", "java-jetcd-tcnative"),
    known("Java", "Java HttpClient", "java-httpclient"),
    known("Node", "Node https", "node-https"),
    known("Node", "Node etcd3", "node-etcd3"),
    known("Rust", "Rust etcd-client", "rust-etcd-client-rustls"),
    known("Proxies", "NGINX", "nginx"),
    known("Proxies", "HAProxy", "haproxy-httpchk"),
    known("wget", "wget with GnuTLS", "wget-gnutls"),
];

/// 2.5.29.32, certificatePolicies, as its contents are encoded.
pub const CERTIFICATE_POLICIES: [u8; 3] = [0x55, 0x1d, 0x20];

/// A library, as most are.
const fn library(
    name: &'static str,
    source: &'static str,
    alert: fn(Alert) -> &'static str,
    words: Words,
) -> Library {
    Library {
        name,
        source,
        alert,
        words,
        anchors: Anchors::Any,
        takes_authorities: true,
        knows_p521: true,
        knows_ed25519: true,
        signed_by_ed25519: None,
        signed_by_p521: None,
        reads_ed25519: true,
        reads_p521: true,
        reads_old_keys: true,
        checks_purpose: true,
        takes_any_usage: false,
        takes_any_usage_above: false,
        takes_short_wildcards: false,
        constrains_common_name: false,
        knows_policies: true,
        is_strict: false,
        knows_address_constraints: true,
        // TLS 1.2, 1.1 and 1.0.
        offered: "[303 302 301]",
    }
}

/// A client of this library, as most are.
const fn client(
    id: &'static str,
    version: &'static str,
    library: &'static Library,
    speech: Speech,
) -> Client {
    Client {
        id,
        version,
        library,
        speech,
        names: Names::Alternative,
        takes_short_wildcards: false,
        sending: Sending::Always,
        pair: PairCheck::Loading,
        goes_on: false,
        plain: Plain::Never,
        trusts_without_authority: false,
        go: None,
        in_handshake: "{}",
        after: "{}",
        of_files: "{}",
        lost: &[],
        words: &[],
        whatever: &[],
        logged: nothing,
    }
}

const fn nothing(_: ServerFault) -> &'static [&'static str] {
    &[""]
}

/// What words are about.
#[derive(Clone, Debug, Default)]
pub struct Particulars<'a> {
    /// The host of the endpoint.
    pub host: &'a str,
    /// The client's certificate, by its path.
    pub certificate: &'a str,
    /// The client's key, by its path.
    pub key: &'a str,
    /// The file that is at fault.
    pub file: &'a str,
    /// The CA file, by its path.
    pub authority: &'a str,
    /// The addresses of etcd's certificate.
    pub addresses: &'a [String],
    /// The host names of etcd's certificate.
    pub dns_names: &'a [String],
    /// The common name of etcd's certificate.
    pub common_name: &'a str,
    /// What a strict library misses in a chain, in its words.
    pub missed: &'a str,
    /// What a client in Go says, which passes on what `crypto/tls` says.
    pub go: Option<String>,
}

impl Particulars<'_> {
    fn fill(&self, template: &str) -> String {
        let joined = |prefix: &str, names: &[String], suffix: &str| -> Vec<String> {
            let name = |name: &String| format!("{prefix}{name}{suffix}");
            names.iter().map(name).collect()
        };
        let mut with_kind = joined("DNS:", self.dns_names, "");
        with_kind.extend(joined("IP Address:", self.addresses, ""));
        let mut of_rustls = joined("DnsName(\\\"", self.dns_names, "\\\")");
        of_rustls.extend(joined("IpAddress(", self.addresses, ")"));
        let all: Vec<String> = [self.dns_names, self.addresses].concat();
        [
            ("{host}", self.host.to_owned()),
            ("{cert}", self.certificate.to_owned()),
            ("{key}", self.key.to_owned()),
            ("{file}", self.file.to_owned()),
            ("{ca}", self.authority.to_owned()),
            ("{cn}", self.common_name.to_owned()),
            ("{missed}", self.missed.to_owned()),
            ("{addresses}", self.addresses.join(", ")),
            ("{altnames}", with_kind.join(", ")),
            ("{rustls}", alternatives(&of_rustls)),
            (
                "{rustls-plain}",
                alternatives(&of_rustls).replace("\\\"", "\""),
            ),
            ("{names}", all.join(", ")),
        ]
        .iter()
        .fold(template.to_owned(), |text, (mark, value)| {
            text.replace(mark, value)
        })
    }
}

/// As rustls joins names: “a, b or c”.
fn alternatives(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// OpenSSL 3.2 and newer call an alert that SSL 3.0 had already one of SSL and TLS
/// (`ssl/ssl_err.c`): Node 22 and newer bring such an OpenSSL.
fn with_newer(told: String) -> Vec<String> {
    let newer = told.replace("sslv3 alert ", "ssl/tls alert ");
    if newer == told {
        vec![told]
    } else {
        vec![told, newer]
    }
}

impl Client {
    /// What it prints: one of these, as a race decides. Parts of its output, as they
    /// stand there.
    #[must_use]
    pub fn says(&self, meeting: Meeting, about: &Particulars<'_>) -> Vec<String> {
        let ends_a_connection = !matches!(
            meeting,
            Meeting::Taken | Meeting::File(_) | Meeting::Forbidden
        );
        let of_library = words_for(meeting, self.library.words);
        if let Some(words) = words_for(meeting, self.words) {
            return words.iter().map(|words| about.fill(words)).collect();
        }
        if ends_a_connection && !self.whatever.is_empty() {
            return self.whatever.iter().map(|&it| it.to_owned()).collect();
        }
        let put = |around: &str, words: &str| {
            let number = match meeting {
                Meeting::Alert(alert) | Meeting::LateAlert(alert) => alert.number(),
                _ => 0,
            };
            let text = around
                .replace("{}", words)
                .replace("{code}", &format!("0A{:06X}", 1000 + number))
                .replace("{number}", &number.to_string());
            about.fill(&text)
        };
        match meeting {
            Meeting::Taken => Vec::new(),
            Meeting::Alert(alert) => {
                with_newer(put(self.in_handshake, (self.library.alert)(alert)))
            }
            Meeting::LateAlert(alert) => {
                let told = with_newer(put(self.after, (self.library.alert)(alert)));
                let lost = self.lost.iter().map(|words| about.fill(words));
                told.into_iter().chain(lost).collect()
            }
            Meeting::Closed if of_library.is_none() => {
                self.lost.iter().map(|words| about.fill(words)).collect()
            }
            Meeting::Forbidden if of_library.is_none() => vec![
                match self.speech {
                    Speech::Grpc => "etcdserver: permission denied",
                    _ => {
                        "CommonName of client sending a request against gateway will be ignored and not used as expected"
                    }
                }
                .to_owned(),
            ],
            _ => {
                let around = match meeting {
                    Meeting::Server(_) => self.in_handshake,
                    Meeting::File(_) => self.of_files,
                    _ => "{}",
                };
                if let (Some(own), Meeting::Server(_) | Meeting::File(_)) = (&about.go, meeting) {
                    return vec![put(around, own)];
                }
                let words = of_library.unwrap_or_default();
                words.iter().map(|words| put(around, words)).collect()
            }
        }
    }
}

/// What a family's folder has.
struct Family {
    clients: &'static [Client],
    /// What they print, for the way back. Go's stand with those of etcd, which says the
    /// same.
    sayings: &'static [Saying],
}

/// The families: those whose words tell more of a line come first.
static FAMILIES: [Family; 9] = [
    Family {
        clients: go::CLIENTS,
        sayings: &[],
    },
    Family {
        clients: boringssl::CLIENTS,
        sayings: boringssl::sayings::SAYINGS,
    },
    Family {
        clients: jsse::CLIENTS,
        sayings: jsse::sayings::SAYINGS,
    },
    Family {
        clients: rustls::CLIENTS,
        sayings: rustls::sayings::SAYINGS,
    },
    Family {
        clients: gnutls::CLIENTS,
        sayings: gnutls::sayings::SAYINGS,
    },
    Family {
        clients: nss::CLIENTS,
        sayings: nss::sayings::SAYINGS,
    },
    Family {
        clients: openssl::CLIENTS,
        sayings: openssl::sayings::SAYINGS,
    },
    Family {
        clients: node::CLIENTS,
        sayings: node::sayings::SAYINGS,
    },
    Family {
        clients: python::CLIENTS,
        sayings: python::sayings::SAYINGS,
    },
];

/// All clients, those of one library together.
pub fn all() -> impl Iterator<Item = &'static Client> {
    FAMILIES.iter().flat_map(|family| family.clients)
}

/// What they print, the more telling words first.
pub(in crate::etcd::facts) fn sayings() -> impl Iterator<Item = &'static [Saying]> {
    FAMILIES.iter().map(|family| family.sayings)
}

/// The client of this name.
#[must_use]
pub fn named(id: &str) -> Option<&'static Client> {
    all().find(|client| client.id == id)
}
