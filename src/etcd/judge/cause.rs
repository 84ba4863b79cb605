//! What decided a verdict, typed, with the facts; and the rule behind each
//! cause: an identifier, a sentence, where the rule is written, and the mend.
//! The one table to follow a verdict from the page back to its rule.

use crate::etcd::judge::reading::client_configuration::ClientConfigurationError;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::server_configuration::ConfigurationError;
use go_x509::certificate::{CertificateError, ExtendedKeyUsage};
use go_x509::chain::{HintReason, Refusal, VerifyError};
use go_x509::hostname::HostnameError;
use go_x509::key_pair::KeyPairError;
use go_x509::revocation_list::RevocationListError;
use go_x509::signature::SignatureError;

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// etcd's flags, variables or config file.
    ServerConfiguration(ConfigurationError),
    /// An `https` URL to listen on, and no certificate.
    NoServerKeyPair {
        /// The URL.
        url: String,
    },
    /// Only one of certificate and key was named.
    HalfKeyPair,
    /// A port to listen on that is over 65535.
    ImpossiblePort {
        /// The URL.
        url: String,
    },
    /// `--name` is not in `--initial-cluster`.
    NameNotInCluster {
        /// The name.
        name: String,
    },
    /// A cipher suite that etcd doesn't know, or can't use with HTTP/2.
    CipherSuite(String),
    /// `--initial-cluster` can't be read, or has a URL twice.
    InitialCluster {
        /// What it says.
        text: String,
    },
    /// The member's advertised peer URLs are not those of the cluster.
    AdvertisedNotInCluster {
        /// The member.
        name: String,
    },
    /// An existing cluster is to be joined, and it has no other member.
    NobodyToJoin,
    /// `--discovery-srv` names a domain that DNS never has.
    NotDiscovered {
        /// The domain.
        domain: String,
    },
    /// A file that isn't there, or is a directory.
    FileUnreadable(FileError),
    /// A certificate and a key that can't be used together.
    KeyPair(KeyPairError),
    /// A trusted CA file holds a block that is no certificate.
    TrustedCa(CertificateError),
    /// A common name and a host name were both demanded.
    ExclusiveNames,
    /// etcdctl's flags or variables.
    ClientConfiguration(ClientConfigurationError),
    /// Nothing listens at the endpoint.
    Unreachable,
    /// The client speaks plain HTTP to a TLS port.
    PlainToTls,
    /// The client speaks TLS to a plain port.
    TlsToPlain,
    /// The endpoint has no host to check the server's certificate for.
    NoServerName,
    /// No TLS version or cipher suite in common.
    NothingInCommon,
    /// The client refuses the server's certificate.
    ServerRefused(Refusal),
    /// A certificate that the server sends along can't be read.
    ServerChainUnreadable(CertificateError),
    /// The client sent no certificate.
    NoClientCertificate,
    /// The server refuses the client's certificate.
    ClientRefused(Refusal),
    /// A certificate that the client sends along can't be read.
    ClientChainUnreadable(CertificateError),
    /// An RSA key over 8192 bits.
    HugeRsaKey,
    /// A key that TLS 1.3 has no signature scheme for: P-224, or tiny RSA.
    UnusableKey {
        /// Whether it is the server's.
        of_server: bool,
    },
    /// The client's certificate has none of the allowed host names.
    AllowedHostname {
        /// The names that are allowed.
        allowed: Vec<String>,
    },
    /// The peer's common name is not allowed.
    AllowedCommonName {
        /// The names that are allowed.
        allowed: Vec<String>,
    },
    /// A serial number stands in the revocation list.
    Revoked {
        /// In hexadecimal, as etcd writes it.
        serial: String,
    },
    /// The revocation list is not there, or is a directory.
    RevocationListMissing(FileError),
    /// The revocation list can't be read.
    RevocationListUnreadable(RevocationListError),
    /// The remote address is not among the SANs of a peer.
    PeerAddress {
        /// The remote address.
        address: String,
    },
    /// The common name is no etcd user, or may not do this.
    PermissionDenied {
        /// The user.
        user: String,
    },
}

/// A rule, as the page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A short name that doesn't change.
    pub id: &'static str,
    /// The rule in one sentence.
    pub sentence: &'static str,
    /// Where it is written.
    pub source: &'static str,
    /// The field of the file, or the flag, at fault.
    pub field: &'static str,
    /// What to do.
    pub mend: &'static str,
}

const fn rule(
    id: &'static str,
    sentence: &'static str,
    source: &'static str,
    field: &'static str,
    mend: &'static str,
) -> Rule {
    Rule {
        id,
        sentence,
        source,
        field,
        mend,
    }
}

/// The rule of a verdict without complaint.
pub const ACCEPTED: Rule = rule(
    "accepted",
    "The client accepts the server's certificate and the server accepts the client's.",
    "crypto/tls, crypto/x509",
    "",
    "",
);

const LISTENER: &str = "etcd client/pkg/transport/listener.go";
const KEY_PAIR: &str = "crypto/tls tls.go, X509KeyPair";

impl Cause {
    /// The rule that decided.
    #[must_use]
    #[allow(clippy::too_many_lines, reason = "the table of rules, in one place")]
    pub fn rule(&self) -> Rule {
        match self {
            Self::ServerConfiguration(error) => server_configuration_rule(error),
            Self::NoServerKeyPair { .. } => rule(
                "https-needs-key-pair",
                "A URL with https needs --cert-file and --key-file.",
                "etcd server/embed/etcd.go, configureClientListeners",
                "--cert-file, --key-file",
                "name the server's certificate and key, or listen on http://",
            ),
            Self::HalfKeyPair => rule(
                "certificate-and-key-together",
                "A certificate needs its key and a key its certificate: name both or neither.",
                "etcd client/pkg/transport/listener.go, baseConfig",
                "certificate and key flags",
                "add the missing flag",
            ),
            Self::ImpossiblePort { .. } => rule(
                "port-in-range",
                "A port is a number up to 65535.",
                "net tcpsock, ListenTCP",
                "--listen-client-urls, --listen-peer-urls",
                "correct the port",
            ),
            Self::NameNotInCluster { .. } => rule(
                "name-in-cluster",
                "The member's own name must be one of those in --initial-cluster.",
                "etcd server/config/config.go, hasLocalMember",
                "--name, --initial-cluster",
                "write the same name in both flags",
            ),
            Self::CipherSuite(_) => rule(
                "known-cipher-suite",
                "Cipher suites must be ones that this Go knows by name, with an AES-128-GCM suite for HTTP/2 among them.",
                "etcd client/pkg/tlsutil/cipher_suites.go",
                "--cipher-suites",
                "leave --cipher-suites out, or name TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 among them",
            ),
            Self::InitialCluster { .. } => rule(
                "initial-cluster",
                "--initial-cluster is a list of NAME=URL, each URL once, with scheme, host and port.",
                "etcd client/pkg/types/urlsmap.go, NewURLsMap; server/config/config.go",
                "--initial-cluster",
                "write it as n1=https://10.0.0.1:2380,n2=https://10.0.0.2:2380",
            ),
            Self::AdvertisedNotInCluster { .. } => rule(
                "advertised-in-cluster",
                "The member's URLs in --initial-cluster must be its --initial-advertise-peer-urls; localhost is not 127.0.0.1.",
                "etcd server/config/config.go, advertiseMatchesCluster",
                "--initial-cluster, --initial-advertise-peer-urls",
                "write the same URLs in both flags",
            ),
            Self::NobodyToJoin => rule(
                "existing-cluster-has-members",
                "With --initial-cluster-state=existing another member of the cluster must answer.",
                "etcd server/etcdserver, GetClusterFromRemotePeers",
                "--initial-cluster-state",
                "write new for a new cluster, or name its running members in --initial-cluster",
            ),
            Self::NotDiscovered { .. } => rule(
                "discovered-by-dns",
                "With --discovery-srv DNS must have SRV records of the domain that name this member.",
                "etcd server/embed/config.go, GetDNSClusterNames; RFC 6761, section 6.4",
                "--discovery-srv",
                "name a domain that has _etcd-server-ssl._tcp records, or use --initial-cluster",
            ),
            Self::FileUnreadable(FileError::Missing { .. }) => rule(
                "file-exists",
                "A file that a flag names must be there when it is read.",
                "etcd client/pkg/tlsutil/tlsutil.go",
                "path",
                "correct the path, or put the file there",
            ),
            Self::FileUnreadable(_) => rule(
                "file-is-no-directory",
                "A flag for a file takes a file, no directory.",
                "os file.go, ReadFile",
                "path",
                "name the file itself",
            ),
            Self::KeyPair(error) => key_pair_rule(error),
            Self::TrustedCa(_) => rule(
                "trust-anchors-are-certificates",
                "Each PEM block of a trusted CA file must be a certificate that Go can read.",
                "etcd client/pkg/tlsutil/tlsutil.go, NewCertPool",
                "PEM block",
                "put only CA certificates into the trusted CA file",
            ),
            Self::ExclusiveNames => rule(
                "one-kind-of-allowed-name",
                "Allowed common names and allowed host names exclude each other.",
                "etcd client/pkg/transport/listener.go, baseConfig",
                "--peer-cert-allowed-cn, --peer-cert-allowed-hostname",
                "keep one of the two flags",
            ),
            Self::ClientConfiguration(error) => client_configuration_rule(error),
            Self::Unreachable => rule(
                "something-listens",
                "The endpoint must be an address that etcd listens on.",
                "etcd client/v3",
                "--endpoints",
                "take host and port from --listen-client-urls",
            ),
            Self::PlainToTls => rule(
                "tls-endpoint",
                "An http:// endpoint, or one without scheme and TLS flags, is spoken to in plain text.",
                "etcd client/v3/internal/endpoint, client.go credentialsForEndpoint",
                "--endpoints",
                "write https:// in front of the endpoint",
            ),
            Self::TlsToPlain => rule(
                "plain-endpoint",
                "etcd listens on http://, so it can't answer TLS.",
                "etcd server/embed/serve.go",
                "--endpoints",
                "listen on https://, or write http:// in front of the endpoint",
            ),
            Self::NoServerName => rule(
                "endpoint-has-host",
                "An endpoint has a host, for which the server's certificate is checked.",
                "crypto/tls handshake_client.go, clientHandshake",
                "--endpoints",
                "write the host in front of the port",
            ),
            Self::NothingInCommon => rule(
                "common-tls-version",
                "Both sides must share a TLS version and a cipher suite.",
                "crypto/tls",
                "--tls-min-version",
                "allow TLS 1.2 on the side that has TLS 1.3 only",
            ),
            Self::ServerRefused(refusal) => refusal_rule(refusal, true),
            Self::ClientRefused(refusal) => refusal_rule(refusal, false),
            Self::ServerChainUnreadable(_) | Self::ClientChainUnreadable(_) => rule(
                "chain-readable",
                "Every certificate that is sent along must be one that Go can read, not just the first.",
                "crypto/tls, processCertsFromClient and verifyServerCertificate",
                "further certificates of the file",
                "take the damaged certificate out of the file, or issue it again",
            ),
            Self::NoClientCertificate => rule(
                "client-certificate-required",
                "With --client-cert-auth or --trusted-ca-file etcd demands a certificate of every client.",
                "etcd client/pkg/transport/listener.go, ServerConfig",
                "--cert, --key",
                "give etcdctl --cert and --key",
            ),
            Self::HugeRsaKey => rule(
                "rsa-key-size",
                "An RSA key in a handshake has at most 8192 bits.",
                "crypto/tls handshake_client.go, checkKeySize",
                "public key",
                "make a key of 2048 to 4096 bits",
            ),
            Self::UnusableKey { .. } => rule(
                "key-can-sign",
                "TLS 1.3 has signature schemes for RSA from 528 bits, P-256, P-384, P-521 and Ed25519 only.",
                "crypto/tls auth.go, selectSignatureScheme",
                "public key",
                "make a key of such a kind, and issue the certificate again",
            ),
            Self::AllowedHostname { .. } => rule(
                "allowed-hostname",
                "With --client-cert-allowed-hostname a client's certificate must have one of these names among its DNS names or addresses.",
                LISTENER,
                "subject alternative name",
                "issue the client's certificate with an allowed DNS name, or drop the flag",
            ),
            Self::AllowedCommonName { .. } => rule(
                "allowed-common-name",
                "With --peer-cert-allowed-cn a peer's common name must be one of these, letter by letter.",
                LISTENER,
                "subject: common name",
                "issue the peer's certificate with the allowed common name",
            ),
            Self::Revoked { .. } => rule(
                "not-revoked",
                "No certificate that a client sends may have a serial number that the CRL lists; who issued the list doesn't matter.",
                "etcd client/pkg/transport/listener_tls.go, checkCRL",
                "serial number",
                "issue a new certificate, or take the serial number out of the CRL",
            ),
            Self::RevocationListMissing(_) => rule(
                "crl-exists",
                "The CRL is read at every connection, and without it every client is refused.",
                "etcd client/pkg/transport/listener_tls.go, checkCRL",
                "--client-crl-file",
                "put the CRL there, or drop the flag",
            ),
            Self::RevocationListUnreadable(_) => rule(
                "crl-readable",
                "A CRL that can't be read refuses every client; since 3.6 it must be DER, before PEM or DER.",
                "etcd client/pkg/transport/listener_tls.go, checkCRL",
                "--client-crl-file",
                "write the CRL again, as DER",
            ),
            Self::PeerAddress { .. } => rule(
                "peer-address",
                "A peer's certificate with addresses or names must have the one that the peer connects from.",
                "etcd client/pkg/transport/listener_tls.go, checkCertSAN",
                "subject alternative name",
                "issue the peer's certificate with its own IP address",
            ),
            Self::PermissionDenied { .. } => rule(
                "common-name-is-user",
                "With authentication on, the common name of the client's certificate is the etcd user.",
                "etcd server/auth/store.go, AuthInfoFromTLS",
                "subject: common name",
                "add the user and grant it a role, or use a certificate with a known common name",
            ),
        }
    }
}

fn server_configuration_rule(error: &ConfigurationError) -> Rule {
    const SOURCE: &str = "etcd server/etcdmain/config.go, server/embed/config.go";
    match error {
        ConfigurationError::Flag { .. } | ConfigurationError::NotAFlag(_) => rule(
            "known-flag",
            "etcd ends when it meets a flag or value that this version doesn't know.",
            SOURCE,
            "flag",
            "correct the flag, or leave it out",
        ),
        ConfigurationError::OnlyPrints => rule(
            "asked-to-print",
            "With --version or --help etcd prints what it was asked for, and ends.",
            SOURCE,
            "--version, --help",
            "leave the flag out",
        ),
        ConfigurationError::Shadowed { .. } => rule(
            "flag-or-variable",
            "The same option may not be set both as a flag and as an environment variable.",
            "etcd pkg/flags/flag.go, verifyEnv",
            "environment variable",
            "unset the variable, or drop the flag",
        ),
        ConfigurationError::Variable { .. } => rule(
            "variable-value",
            "An environment variable must have a value that its flag takes.",
            "etcd pkg/flags/flag.go, setFlagFromEnv",
            "environment variable",
            "correct the variable",
        ),
        ConfigurationError::AdvertiseMissing => rule(
            "advertise-what-you-listen-on",
            "Who sets --listen-client-urls must set --advertise-client-urls too.",
            SOURCE,
            "--advertise-client-urls",
            "add --advertise-client-urls",
        ),
        ConfigurationError::NotAnAddress { .. } => rule(
            "listen-on-address",
            "A URL to listen on has an IP address or localhost, no other name.",
            "etcd server/embed/config.go, checkBindURLs",
            "--listen-client-urls, --listen-peer-urls",
            "write the IP address",
        ),
        ConfigurationError::NoHost { .. } => rule(
            "advertise-host",
            "An advertised URL has a host.",
            "etcd server/embed/config.go, checkHostURLs",
            "--advertise-client-urls, --initial-advertise-peer-urls",
            "write the host",
        ),
        ConfigurationError::TlsVersion { .. } => rule(
            "tls-versions",
            "TLS versions are TLS1.2 and TLS1.3, the lower one not above the higher.",
            SOURCE,
            "--tls-min-version, --tls-max-version",
            "correct the versions",
        ),
        ConfigurationError::Setting { flag, .. } | ConfigurationError::LateSetting { flag, .. } => {
            rule(
                "setting-in-range",
                "etcd checks its other settings before it reads a certificate.",
                "etcd server/embed/config.go, (*Config).Validate",
                flag,
                "correct the flag, or leave it out",
            )
        }
        ConfigurationError::TwoWaysToTheCluster { .. } => rule(
            "one-way-to-the-cluster",
            "The cluster is named by --initial-cluster, or found by --discovery or --discovery-srv: one of them.",
            SOURCE,
            "--initial-cluster, --discovery, --discovery-srv",
            "keep one of the flags",
        ),
        ConfigurationError::ConfigFileUnreadable(_)
        | ConfigurationError::ConfigFileUrl { .. }
        | ConfigurationError::ConfigFile { .. } => rule(
            "config-file",
            "The config file must be there and be YAML that etcd understands; other flags are then ignored.",
            "etcd server/embed/config.go, configFromFile",
            "--config-file",
            "correct the config file",
        ),
    }
}

fn client_configuration_rule(error: &ClientConfigurationError) -> Rule {
    const SOURCE: &str = "etcd etcdctl/ctlv3/command/global.go";
    match error {
        ClientConfigurationError::Api2 { .. }
        | ClientConfigurationError::UnknownApi(_)
        | ClientConfigurationError::Api2Command
        | ClientConfigurationError::UnknownCommand { api_2: true, .. } => rule(
            "api-version",
            "These flags belong to version 3 of the API.",
            "etcd etcdctl/main.go",
            "ETCDCTL_API",
            "set ETCDCTL_API=3, or leave it out",
        ),
        ClientConfigurationError::Shadowed { .. } => rule(
            "flag-or-variable",
            "The same option may not be set both as a flag and as an environment variable.",
            "etcd pkg/flags/flag.go, verifyEnv",
            "environment variable",
            "unset the variable, or drop the flag",
        ),
        ClientConfigurationError::Empty { .. } => rule(
            "no-empty-path",
            "--cert, --key and --cacert take a path, not nothing.",
            SOURCE,
            "flag",
            "give the path, or leave the flag out",
        ),
        ClientConfigurationError::UnknownCommand { .. }
        | ClientConfigurationError::MissingArgument { .. } => rule(
            "known-command",
            "etcdctl ends when it meets a command that it doesn't know, or one without its words.",
            "etcd etcdctl/ctlv3/ctl.go; cobra command.go, Find",
            "command",
            "write the command as `put KEY VALUE` or `get KEY`, flags with `=`",
        ),
        ClientConfigurationError::NoEndpoints => rule(
            "endpoints-named",
            "There must be an endpoint to connect to.",
            SOURCE,
            "--endpoints",
            "name host and port of --listen-client-urls",
        ),
        ClientConfigurationError::NotDiscovered { .. } => rule(
            "discovered-by-dns",
            "With --discovery-srv DNS must have SRV records of the domain that name the endpoints.",
            "etcd etcdctl/ctlv3/command/global.go, endpointsFromFlagValue; RFC 6761, section 6.4",
            "--discovery-srv",
            "name a domain that has _etcd-client-ssl._tcp records, or use --endpoints",
        ),
        ClientConfigurationError::UnknownFlag(_)
        | ClientConfigurationError::Argument { .. }
        | ClientConfigurationError::Flag { .. }
        | ClientConfigurationError::OutputFormat => rule(
            "known-flag",
            "etcdctl ends when it meets a flag or value that it doesn't know.",
            SOURCE,
            "flag",
            "correct the flag, or leave it out",
        ),
    }
}

fn key_pair_rule(error: &KeyPairError) -> Rule {
    match error {
        KeyPairError::NoPemInCertificate | KeyPairError::NoPemInKey => rule(
            "pem",
            "Certificates and keys are PEM: lines that begin with dashes at the very start, no DER, no byte-order mark, no indentation.",
            "encoding/pem pem.go, Decode",
            "encoding",
            "save the file as PEM, for DER: openssl x509 -inform der -in FILE -out FILE.pem",
        ),
        KeyPairError::Swapped | KeyPairError::CertificateForKey => rule(
            "files-not-swapped",
            "The certificate goes to the certificate flag, the key to the key flag.",
            KEY_PAIR,
            "flags",
            "exchange the two paths",
        ),
        KeyPairError::NoCertificateBlock(_) | KeyPairError::NoKeyBlock(_) => rule(
            "pem-label",
            "A certificate's label is CERTIFICATE, and a key's label ends in PRIVATE KEY.",
            KEY_PAIR,
            "PEM label",
            "give the certificate itself, not a CSR or a trusted certificate of OpenSSL",
        ),
        KeyPairError::Certificate(_) => rule(
            "der",
            "A certificate must be DER that Go can read.",
            "crypto/x509 parser.go, parseCertificate",
            "certificate",
            "issue the certificate again, with software that writes DER",
        ),
        KeyPairError::Key {
            encrypted: true, ..
        } => rule(
            "key-not-encrypted",
            "etcd and etcdctl can't ask for a password: the private key must not be encrypted.",
            KEY_PAIR,
            "private key",
            "decrypt the key: openssl pkey -in FILE -out FILE.plain",
        ),
        KeyPairError::Key { .. } => rule(
            "key-readable",
            "A private key is PKCS#1, PKCS#8 or SEC1, of kind RSA, ECDSA on a NIST curve, or Ed25519.",
            KEY_PAIR,
            "private key",
            "make a new key and certificate of such a kind",
        ),
        KeyPairError::OtherKeyType | KeyPairError::OtherKey => rule(
            "key-fits-certificate",
            "The private key must be the one of the first certificate in the file.",
            KEY_PAIR,
            "public key",
            "put the leaf first in the file, or take the key that belongs to it",
        ),
        KeyPairError::UnknownPublicKey => rule(
            "known-key-kind",
            "TLS needs an RSA, ECDSA or Ed25519 key.",
            KEY_PAIR,
            "public key",
            "make a key of such a kind",
        ),
    }
}

/// The rule behind a refused chain, seen from the client (`of_server`) or
/// the server.
fn refusal_rule(refusal: &Refusal, of_server: bool) -> Rule {
    const VERIFY: &str = "crypto/x509 verify.go, (*Certificate).Verify";
    const IS_VALID: &str = "crypto/x509 verify.go, (*Certificate).isValid";
    match &refusal.reason {
        VerifyError::UnhandledCriticalExtension { .. } => rule(
            "critical-extension",
            "An extension marked critical must be one that Go processes.",
            IS_VALID,
            "extensions",
            "issue the certificate without the extension, or not critical",
        ),
        VerifyError::NotYetValid { .. } => rule(
            "validity-begins",
            "The time of the check must not be before notBefore, of the leaf and of every CA.",
            IS_VALID,
            "validity: notBefore",
            "set the clock, or issue the certificate with an earlier begin",
        ),
        VerifyError::Expired { .. } => rule(
            "validity-ends",
            "The time of the check must not be after notAfter, of the leaf and of every CA.",
            IS_VALID,
            "validity: notAfter",
            "renew the certificate",
        ),
        VerifyError::Hostname(error) => hostname_rule(error),
        VerifyError::NotAuthorizedToSign => rule(
            "intermediate-is-ca",
            "An intermediate has basic constraints with cA TRUE; version 1 has none.",
            IS_VALID,
            "basic constraints",
            "issue the intermediate as a CA, version 3",
        ),
        VerifyError::TooManyIntermediates { .. } => rule(
            "path-length",
            "No more CA certificates may follow than a CA's path length allows.",
            IS_VALID,
            "basic constraints: pathLen",
            "issue from the CA directly, or make the CA with a larger path length",
        ),
        VerifyError::IncompatibleUsage {
            wanted: ExtendedKeyUsage::ClientAuth,
        } => rule(
            "usage-client",
            "Where the leaf or a CA above it lists extended key usages, clientAuth must be among them.",
            "crypto/x509 verify.go, checkChainForKeyUsage",
            "extended key usage",
            "issue the certificate with clientAuth",
        ),
        VerifyError::IncompatibleUsage { .. } => rule(
            "usage-server",
            "Where the leaf or a CA above it lists extended key usages, serverAuth must be among them.",
            "crypto/x509 verify.go, checkChainForKeyUsage",
            "extended key usage",
            "issue the certificate with serverAuth",
        ),
        VerifyError::NameNotAllowed(_) | VerifyError::UnreadableName(_) => rule(
            "name-constraints",
            "Every name below a CA must fit the CA's name constraints.",
            "crypto/x509 constraints.go, verify.go",
            "name constraints",
            "issue the certificate with permitted names, or from another CA",
        ),
        VerifyError::UnknownAuthority { hint: Some(hint) } => hint_rule(&hint.reason),
        VerifyError::UnknownAuthority { hint: None } if of_server => rule(
            "server-ca-known",
            "The chain of the server's certificate must lead to a certificate in --cacert, or of the system without it; names are compared byte by byte.",
            VERIFY,
            "issuer",
            "give etcdctl the CA of the server with --cacert, and the server's file its intermediates",
        ),
        VerifyError::UnknownAuthority { hint: None } => rule(
            "client-ca-known",
            "The chain of the client's certificate must lead to a certificate in --trusted-ca-file; names are compared byte by byte.",
            VERIFY,
            "issuer",
            "put the client's CA into --trusted-ca-file, and the intermediates into the client's file",
        ),
        VerifyError::NoValidChains(_) => rule(
            "policies",
            "Certificate policies must leave a valid chain where a certificate requires an explicit policy.",
            "crypto/x509 verify.go, policiesValid",
            "certificate policies",
            "issue the certificates without policy constraints",
        ),
        VerifyError::SignatureLimit => rule(
            "signature-limit",
            "At most 100 signatures are checked for one chain.",
            "crypto/x509 verify.go, maxChainSignatureChecks",
            "chain",
            "send fewer certificates",
        ),
        VerifyError::NameMismatch => rule(
            "issuer-is-subject",
            "The issuer of a certificate is the subject of the one above it.",
            IS_VALID,
            "issuer",
            "send the right intermediates",
        ),
    }
}

fn hostname_rule(error: &HostnameError) -> Rule {
    const SOURCE: &str = "crypto/x509 verify.go, (*Certificate).VerifyHostname";
    match error {
        HostnameError::CommonNameOnly { .. } => rule(
            "common-name-is-no-host",
            "A common name is never taken for a host name: there must be a subject alternative name.",
            SOURCE,
            "subject alternative name",
            "issue the server's certificate with the endpoint's host as a SAN",
        ),
        HostnameError::NoAddresses { .. } => rule(
            "address-san",
            "An endpoint with an IP address needs that address as an iPAddress SAN; a DNS name with the same text doesn't count.",
            SOURCE,
            "subject alternative name",
            "issue the server's certificate with the address as IP SAN",
        ),
        _ => rule(
            "host-san",
            "The endpoint's host must be among the SANs; a wildcard stands for one label.",
            SOURCE,
            "subject alternative name",
            "issue the server's certificate with the endpoint's host, or use a host that it has",
        ),
    }
}

fn hint_rule(reason: &HintReason) -> Rule {
    const SOURCE: &str = "crypto/x509 x509.go, CheckSignatureFrom";
    match reason {
        HintReason::CannotSign => rule(
            "issuer-can-sign",
            "A version 3 CA has basic constraints with cA TRUE, and keyCertSign if it has a key usage.",
            SOURCE,
            "basic constraints, key usage",
            "make the CA anew as a CA, and issue again",
        ),
        HintReason::Signature(SignatureError::Insecure { .. }) => rule(
            "secure-signature",
            "MD5 signatures are refused by every Go, SHA-1 signatures since Go 1.18.",
            "crypto/x509 x509.go, checkSignature",
            "signature algorithm",
            "issue the certificate with SHA-256",
        ),
        HintReason::Signature(_) => rule(
            "signature-fits-issuer",
            "The signature must fit the key of the CA with that name; a CA made anew under the same name has another key.",
            SOURCE,
            "signature",
            "issue the certificate again with the CA that is trusted, or trust the CA that issued it",
        ),
        HintReason::UnsupportedKey => rule(
            "issuer-key-kind",
            "The issuer's key must be of a kind that Go can verify with.",
            SOURCE,
            "public key",
            "make the CA with an RSA, ECDSA or Ed25519 key",
        ),
        HintReason::Invalid(_) => rule(
            "issuer-valid",
            "The issuer must itself be valid.",
            "crypto/x509 verify.go, buildChains",
            "issuer",
            "renew the CA",
        ),
    }
}
