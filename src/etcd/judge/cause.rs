//! What decided a verdict, typed, with the facts, and which rule is behind each
//! cause. What a rule says, where it is written and what to do is in
//! [`facts::rule`](crate::etcd::facts::rule).

use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::reading::client_configuration::ClientConfigurationError;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::server_configuration::ConfigurationError;
use go_x509::certificate::{Certificate, CertificateError, ExtendedKeyUsage};
use go_x509::chain::{HintReason, Refusal, VerifyError};
use go_x509::hostname::HostnameError;
use go_x509::key_pair::KeyPairError;
use go_x509::revocation_list::RevocationListError;
use go_x509::signature::SignatureError;
use go_x509::version::{GoBuild, GoVersion};

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
    /// A cipher suite that etcd doesn't know.
    UnknownCipherSuite(String),
    /// Cipher suites that etcd can't use with HTTP/2.
    CipherSuitesForHttp2,
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
    /// A gRPC client dials a URL of `--listen-client-http-urls`.
    HttpAlone,
    /// A URL stands in `--listen-client-urls` and in `--listen-client-http-urls`.
    UrlTwice {
        /// The URL.
        url: String,
    },
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
    /// An ML-DSA key in a handshake of TLS 1.2, or with somebody who has none of
    /// its signatures.
    PostQuantumKey {
        /// Whether it is the server's.
        of_server: bool,
    },
    /// The other side's certificate is signed with ML-DSA, which the Go that
    /// looks at it doesn't know.
    PostQuantumIssuer {
        /// What is refused.
        refusal: Refusal,
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
    /// Nobody's name is asked for: `--client-cert-auth` is not given.
    NobodysName,
    /// The certificate with which a proxy dials names somebody.
    ProxyCommonName,
    /// `--user` names nobody.
    NoSuchUser {
        /// The name.
        user: String,
    },
}

impl Cause {
    /// The rule that decided.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::ServerConfiguration(error) => server_configuration_rule(error),
            Self::NoServerKeyPair { .. } => Rule::HttpsNeedsKeyPair,
            Self::HalfKeyPair => Rule::CertificateAndKeyTogether,
            Self::ImpossiblePort { .. } => Rule::PortInRange,
            Self::NameNotInCluster { .. } => Rule::NameInCluster,
            Self::UnknownCipherSuite(_) | Self::CipherSuitesForHttp2 => Rule::KnownCipherSuite,
            Self::InitialCluster { .. } => Rule::InitialCluster,
            Self::AdvertisedNotInCluster { .. } => Rule::AdvertisedInCluster,
            Self::NobodyToJoin => Rule::ExistingClusterHasMembers,
            Self::NotDiscovered { .. } => Rule::DiscoveredByDns,
            Self::FileUnreadable(FileError::Missing { .. }) => Rule::FileExists,
            Self::FileUnreadable(_) => Rule::FileIsNoDirectory,
            Self::KeyPair(error) => key_pair_rule(error),
            Self::TrustedCa(error) => match certificate_rule(error) {
                Rule::Der => Rule::TrustAnchorsAreCertificates,
                rule => rule,
            },
            Self::ExclusiveNames => Rule::OneKindOfAllowedName,
            Self::ClientConfiguration(error) => client_configuration_rule(error),
            Self::Unreachable => Rule::SomethingListens,
            Self::HttpAlone | Self::UrlTwice { .. } => Rule::HttpUrlsApart,
            Self::PlainToTls => Rule::TlsEndpoint,
            Self::TlsToPlain => Rule::PlainEndpoint,
            Self::NoServerName => Rule::EndpointHasHost,
            Self::NothingInCommon => Rule::CommonTlsVersion,
            Self::ServerRefused(refusal) => refusal_rule(refusal, true),
            Self::ClientRefused(refusal) => refusal_rule(refusal, false),
            Self::ServerChainUnreadable(error) | Self::ClientChainUnreadable(error) => {
                match certificate_rule(error) {
                    Rule::Der => Rule::ChainReadable,
                    rule => rule,
                }
            }
            Self::NoClientCertificate => Rule::ClientCertificateRequired,
            Self::HugeRsaKey => Rule::RsaKeySize,
            Self::UnusableKey { .. } => Rule::KeyCanSign,
            Self::PostQuantumKey { .. } => Rule::PostQuantumKey,
            Self::PostQuantumIssuer { .. } => Rule::PostQuantumIssuer,
            Self::AllowedHostname { .. } => Rule::AllowedHostname,
            Self::AllowedCommonName { .. } => Rule::AllowedCommonName,
            Self::Revoked { .. } => Rule::NotRevoked,
            Self::RevocationListMissing(_) => Rule::CrlExists,
            Self::RevocationListUnreadable(_) => Rule::CrlReadable,
            Self::PeerAddress { .. } => Rule::PeerAddress,
            Self::PermissionDenied { .. } => Rule::CommonNameIsUser,
            Self::NobodysName => Rule::NamesNeedClientCertAuth,
            Self::ProxyCommonName => Rule::ProxyWithoutCommonName,
            Self::NoSuchUser { .. } => Rule::UserAndPassword,
        }
    }

    /// What to do.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        mend(self.rule(), &self.field())
    }

    /// The field of the file, or the flag, at fault: the rule's, or a part of a
    /// certificate or a flag that is known more exactly.
    #[must_use]
    pub fn field(&self) -> String {
        match self {
            Self::TrustedCa(error)
            | Self::ServerChainUnreadable(error)
            | Self::ClientChainUnreadable(error)
            | Self::KeyPair(KeyPairError::Certificate(error)) => error.part.to_owned(),
            Self::ServerConfiguration(
                ConfigurationError::Setting { option, .. }
                | ConfigurationError::LateSetting { option, .. },
            ) => option.flag().to_owned(),
            Self::ServerConfiguration(ConfigurationError::Flag { flag, .. }) => {
                format!("--{}", flag.trim_start_matches('-'))
            }
            Self::ServerRefused(refusal) | Self::ClientRefused(refusal)
                if is_usage_of_an_authority(refusal) =>
            {
                OF_INTERMEDIATE.to_owned()
            }
            _ => self.rule().field().to_string(),
        }
    }
}

/// What to do where this rule is broken by this field.
#[must_use]
pub fn mend(rule: Rule, field: &str) -> &'static str {
    if field == OF_INTERMEDIATE {
        "issue the intermediate again without EKU, or with serverAuth and clientAuth; the certificates below it may stay"
    } else {
        rule.mend()
    }
}

/// The field where a CA in between restricts what is below it: Go looks for the
/// usage in every certificate of the chain (crypto/x509 verify.go,
/// checkChainForKeyUsage).
pub const OF_INTERMEDIATE: &str = "extended key usage of the intermediate";

/// Every Go reads basic constraints alike.
const ANY_GO: GoBuild = GoBuild::new(GoVersion::new(24, 0), 24);

/// Whether a usage is refused because of a CA's own extended key usage.
fn is_usage_of_an_authority(refusal: &Refusal) -> bool {
    matches!(refusal.reason, VerifyError::IncompatibleUsage { .. })
        && Certificate::parse(&refusal.certificate, ANY_GO)
            .is_ok_and(|certificate| certificate.is_authority)
}

fn server_configuration_rule(error: &ConfigurationError) -> Rule {
    match error {
        ConfigurationError::Flag { .. } | ConfigurationError::NotAFlag { .. } => Rule::KnownFlag,
        ConfigurationError::OnlyPrints => Rule::AskedToPrint,
        ConfigurationError::Shadowed { .. } => Rule::FlagOrVariable,
        ConfigurationError::Variable { .. } => Rule::VariableValue,
        ConfigurationError::AdvertiseMissing => Rule::AdvertiseWhatYouListenOn,
        ConfigurationError::NotAnAddress { .. } => Rule::ListenOnAddress,
        ConfigurationError::NoHost { .. } => Rule::AdvertiseHost,
        ConfigurationError::TlsVersion { .. } => Rule::TlsVersions,
        ConfigurationError::Setting { .. } | ConfigurationError::LateSetting { .. } => {
            Rule::SettingInRange
        }
        ConfigurationError::TwoWaysToTheCluster { .. } => Rule::OneWayToTheCluster,
        ConfigurationError::ConfigFileUnreadable(_)
        | ConfigurationError::ConfigFileUrl { .. }
        | ConfigurationError::ConfigFile { .. } => Rule::ConfigFile,
    }
}

fn client_configuration_rule(error: &ClientConfigurationError) -> Rule {
    match error {
        ClientConfigurationError::Api2 { .. }
        | ClientConfigurationError::UnknownApi(_)
        | ClientConfigurationError::Api2Command
        | ClientConfigurationError::UnknownCommand { api_2: true, .. } => Rule::ApiVersion,
        ClientConfigurationError::Shadowed { .. } => Rule::FlagOrVariable,
        ClientConfigurationError::Empty { .. } => Rule::NoEmptyPath,
        ClientConfigurationError::UnknownCommand { .. }
        | ClientConfigurationError::MissingArgument { .. } => Rule::KnownCommand,
        ClientConfigurationError::NoEndpoints => Rule::EndpointsNamed,
        ClientConfigurationError::NotDiscovered { .. } => Rule::EndpointsByDns,
        ClientConfigurationError::UnknownFlag(_)
        | ClientConfigurationError::Argument { .. }
        | ClientConfigurationError::Flag { .. }
        | ClientConfigurationError::OutputFormat => Rule::KnownFlagOfEtcdctl,
    }
}

/// Why Go can't read a certificate: mostly for its encoding.
fn certificate_rule(error: &CertificateError) -> Rule {
    if error.text.contains("IPv4-mapped") {
        Rule::PlainAddress
    } else {
        Rule::Der
    }
}

fn key_pair_rule(error: &KeyPairError) -> Rule {
    match error {
        KeyPairError::NoPemInCertificate => Rule::Pem,
        KeyPairError::NoPemInKey => Rule::PemOfKey,
        KeyPairError::Swapped => Rule::FilesNotSwapped,
        KeyPairError::CertificateForKey => Rule::KeyForKey,
        KeyPairError::NoCertificateBlock(_) => Rule::PemLabel,
        KeyPairError::NoKeyBlock(_) => Rule::PemLabelOfKey,
        KeyPairError::Certificate(error) => certificate_rule(error),
        KeyPairError::Key {
            encrypted: true, ..
        } => Rule::KeyNotEncrypted,
        KeyPairError::Key { .. } => Rule::KeyReadable,
        KeyPairError::OtherKeyType | KeyPairError::OtherKey => Rule::KeyFitsCertificate,
        KeyPairError::UnknownPublicKey => Rule::KnownKeyKind,
    }
}

/// The rule behind a refused chain, seen from the client (`of_server`) or
/// the server.
fn refusal_rule(refusal: &Refusal, of_server: bool) -> Rule {
    match &refusal.reason {
        VerifyError::UnhandledCriticalExtension { .. } => Rule::CriticalExtension,
        VerifyError::NotYetValid { .. } => Rule::ValidityBegins,
        VerifyError::Expired { .. } => Rule::ValidityEnds,
        VerifyError::Hostname(error) => hostname_rule(error),
        VerifyError::NotAuthorizedToSign => Rule::IntermediateIsCa,
        VerifyError::TooManyIntermediates { .. } => Rule::PathLength,
        VerifyError::IncompatibleUsage {
            wanted: ExtendedKeyUsage::ClientAuth,
        } => Rule::UsageClient,
        VerifyError::IncompatibleUsage { .. } => Rule::UsageServer,
        VerifyError::NameConstraints(_) => Rule::NameConstraints,
        VerifyError::UnknownAuthority { hint: Some(hint) } => hint_rule(&hint.reason),
        VerifyError::UnknownAuthority { hint: None } if of_server => Rule::ServerCaKnown,
        VerifyError::UnknownAuthority { hint: None } => Rule::ClientCaKnown,
        VerifyError::NoValidChains(_) => Rule::Policies,
        VerifyError::SignatureLimit => Rule::SignatureLimit,
        VerifyError::NameMismatch => Rule::IssuerIsSubject,
    }
}

fn hostname_rule(error: &HostnameError) -> Rule {
    match error {
        HostnameError::CommonNameOnly { .. } => Rule::CommonNameIsNoHost,
        HostnameError::NoAddresses { .. } => Rule::AddressSan,
        _ => Rule::HostSan,
    }
}

fn hint_rule(reason: &HintReason) -> Rule {
    match reason {
        HintReason::CannotSign => Rule::IssuerCanSign,
        HintReason::Signature(SignatureError::Insecure { .. }) => Rule::SecureSignature,
        HintReason::Signature(_) => Rule::SignatureFitsIssuer,
        HintReason::UnsupportedKey => Rule::IssuerKeyKind,
        HintReason::Invalid(_) => Rule::IssuerValid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_key_file_is_mended_at_the_key() {
        for error in [
            KeyPairError::NoKeyBlock(vec!["CERTIFICATE REQUEST".to_owned()]),
            KeyPairError::NoPemInKey,
            KeyPairError::CertificateForKey,
        ] {
            let mend = Cause::KeyPair(error.clone()).rule().mend();
            assert!(mend.contains("key"), "{error:?}: {mend}");
            assert!(!mend.contains("x509"), "{error:?}: {mend}");
        }
        let of_certificate = KeyPairError::NoCertificateBlock(vec!["PRIVATE KEY".to_owned()]);
        let mend = Cause::KeyPair(of_certificate).rule().mend();
        assert!(mend.starts_with("give the certificate itself"), "{mend}");
    }
}
