//! The rules: what etcd, Go and TLS demand, one row a rule, with the sentence
//! that says it, where it is written, and what to do for who breaks it. Data
//! alone: which rule decided is [`Cause::rule`](crate::etcd::judge::cause::Cause::rule).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::etcdctl_option::EtcdctlOption;
use super::option::EtcdOption;

/// What breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtFault {
    /// Nothing does.
    Nothing,
    /// A part of a file, or of a command line.
    Part(&'static str),
    /// One of these options of etcd's.
    Etcd(&'static [EtcdOption]),
    /// One of these options of etcdctl's.
    Etcdctl(&'static [EtcdctlOption]),
}

impl fmt::Display for AtFault {
    /// The part's name, or the flags behind each other; nothing for nothing.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags: Vec<&str> = match self {
            Self::Nothing => return Ok(()),
            Self::Part(part) => return formatter.write_str(part),
            Self::Etcd(options) => options.iter().map(|option| option.flag()).collect(),
            Self::Etcdctl(options) => options.iter().map(|option| option.flag()).collect(),
        };
        formatter.write_str(&flags.join(", "))
    }
}

use AtFault::{Etcd, Etcdctl, Nothing, Part};

/// Makes the rows the variants of [`Rule`], so that no rule can be misspelled and
/// none can lack a text.
macro_rules! rules {
    ($($name:ident($id:literal) {
        sentence: $sentence:literal,
        source: $source:literal,
        field: $field:expr,
        mend: $mend:literal,
    })+) => {
        /// A rule.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Rule {
            $(#[doc = $sentence] $name,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// A short name that doesn't change. Rules that say one thing of
            /// both sides, or of a certificate and of its key, share it.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)+
                }
            }

            /// The rule in one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => $sentence,)+
                }
            }

            /// Where it is written: a file of Go or etcd, or an RFC.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self {
                    $(Self::$name => $source,)+
                }
            }

            /// The field of the file, or the flag, at fault; empty where nothing
            /// is. A verdict may know it more exactly.
            #[must_use]
            pub const fn field(self) -> AtFault {
                match self {
                    $(Self::$name => $field,)+
                }
            }

            /// What to do; empty where nothing is at fault.
            #[must_use]
            pub const fn mend(self) -> &'static str {
                match self {
                    $(Self::$name => $mend,)+
                }
            }
        }
    };
}

rules! {
    Accepted("accepted") {
        sentence: "The client accepts the server's certificate and the server accepts the client's.",
        source: "crypto/tls, crypto/x509",
        field: Nothing,
        mend: "",
    }
    HttpsNeedsKeyPair("https-needs-key-pair") {
        sentence: "A URL with https needs a certificate and its key: for clients --cert-file and --key-file, for members --peer-cert-file and --peer-key-file.",
        source: "etcd server/embed/etcd.go, configureClientListeners and configurePeerListeners",
        field: Etcd(&[
            EtcdOption::CertificateFile,
            EtcdOption::KeyFile,
            EtcdOption::PeerCertificateFile,
            EtcdOption::PeerKeyFile,
        ]),
        mend: "name the certificate and key for that URL, or listen on http:// there",
    }
    CertificateAndKeyTogether("certificate-and-key-together") {
        sentence: "A certificate needs its key and a key its certificate: name both or neither.",
        source: "etcd client/pkg/transport/listener.go, baseConfig",
        field: Part("certificate and key flags"),
        mend: "add the missing flag",
    }
    PortInRange("port-in-range") {
        sentence: "A port is a number up to 65535.",
        source: "net tcpsock, ListenTCP",
        field: Etcd(&[EtcdOption::ListenClientUrls, EtcdOption::ListenPeerUrls]),
        mend: "correct the port",
    }
    NameInCluster("name-in-cluster") {
        sentence: "The member's own name must be one of those in --initial-cluster.",
        source: "etcd server/config/config.go, hasLocalMember",
        field: Etcd(&[EtcdOption::Name, EtcdOption::InitialCluster]),
        mend: "write the same name in both flags",
    }
    KnownCipherSuite("known-cipher-suite") {
        sentence: "Cipher suites must be ones that this Go knows by name, with an AES-128-GCM suite for HTTP/2 among them.",
        source: "etcd client/pkg/tlsutil/cipher_suites.go",
        field: Etcd(&[EtcdOption::CipherSuites]),
        mend: "leave --cipher-suites out, or name TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 among them",
    }
    InitialCluster("initial-cluster") {
        sentence: "--initial-cluster is a list of NAME=URL, each URL once, with scheme, host and port.",
        source: "etcd client/pkg/types/urlsmap.go, NewURLsMap; server/config/config.go",
        field: Etcd(&[EtcdOption::InitialCluster]),
        mend: "write it as n1=https://10.0.0.1:2380,n2=https://10.0.0.2:2380",
    }
    AdvertisedInCluster("advertised-in-cluster") {
        sentence: "The member's URLs in --initial-cluster must be its --initial-advertise-peer-urls; localhost is not 127.0.0.1.",
        source: "etcd server/config/config.go, advertiseMatchesCluster",
        field: Etcd(&[EtcdOption::InitialCluster, EtcdOption::InitialAdvertisePeerUrls]),
        mend: "write the same URLs in both flags",
    }
    ExistingClusterHasMembers("existing-cluster-has-members") {
        sentence: "With --initial-cluster-state=existing another member of the cluster must answer.",
        source: "etcd server/etcdserver, GetClusterFromRemotePeers",
        field: Etcd(&[EtcdOption::InitialClusterState]),
        mend: "write new for a new cluster, or name its running members in --initial-cluster",
    }
    DiscoveredByDns("discovered-by-dns") {
        sentence: "With --discovery-srv DNS must have SRV records of the domain that name this member.",
        source: "etcd server/embed/config.go, GetDNSClusterNames; RFC 6761, section 6.4",
        field: Etcd(&[EtcdOption::DiscoverySrv]),
        mend: "name a domain that has _etcd-server-ssl._tcp records, or use --initial-cluster",
    }
    FileExists("file-exists") {
        sentence: "A file that a flag names must be there when it is read.",
        source: "etcd client/pkg/tlsutil/tlsutil.go",
        field: Part("path"),
        mend: "correct the path, or put the file there",
    }
    MayReadFile("may-read-file") {
        sentence: "The user that a program runs as must be allowed to read each file that is named, and to enter the folders above it.",
        source: "os file.go, ReadFile; open(2), EACCES",
        field: Part("owner and mode"),
        mend: "let that user read the file: owner and mode of the file and of each folder above it, SELinux label, mount",
    }
    DataDirWritable("data-dir-writable") {
        sentence: "The user that etcd runs as must be allowed to write the data directory.",
        source: "etcd client/pkg/fileutil/fileutil.go, IsDirWriteable",
        field: Etcd(&[EtcdOption::DataDirectory]),
        mend: "give the data directory, or its volume, to etcd's user",
    }
    ListenOnOwnAddress("listen-on-own-address") {
        sentence: "A URL to listen on has an address of this machine.",
        source: "net tcpsock, ListenTCP; bind(2), EADDRNOTAVAIL",
        field: Etcd(&[EtcdOption::ListenClientUrls, EtcdOption::ListenPeerUrls]),
        mend: "listen on an address of this machine or on 0.0.0.0, and advertise the other one",
    }
    PortIsFree("port-is-free") {
        sentence: "Nothing else may listen on the port.",
        source: "net tcpsock, ListenTCP; bind(2), EADDRINUSE",
        field: Etcd(&[EtcdOption::ListenClientUrls, EtcdOption::ListenPeerUrls]),
        mend: "stop the other process, often another etcd, or take another port",
    }
    CertificatesNeedHttps("certificates-need-https") {
        sentence: "A port with http:// speaks no TLS, and its certificates are not used.",
        source: "etcd server/embed/etcd.go, configureClientListeners",
        field: Etcd(&[EtcdOption::ListenClientUrls, EtcdOption::ListenPeerUrls]),
        mend: "write https:// in the URLs to listen on and to advertise",
    }
    FileIsNoDirectory("file-is-no-directory") {
        sentence: "A flag for a file takes a file, no directory.",
        source: "os file.go, ReadFile",
        field: Part("path"),
        mend: "name the file itself",
    }
    TrustAnchorsAreCertificates("trust-anchors-are-certificates") {
        sentence: "Each PEM block of a trusted CA file must be a certificate that Go can read.",
        source: "etcd client/pkg/tlsutil/tlsutil.go, NewCertPool",
        field: Part("PEM block"),
        mend: "put only CA certificates into the trusted CA file",
    }
    OneKindOfAllowedName("one-kind-of-allowed-name") {
        sentence: "Allowed common names and allowed host names exclude each other.",
        source: "etcd client/pkg/transport/listener.go, baseConfig",
        field: Etcd(&[EtcdOption::PeerCertificateAllowedCommonName, EtcdOption::PeerCertificateAllowedHostname]),
        mend: "keep one of the two flags",
    }
    SomethingListens("something-listens") {
        sentence: "The endpoint must be an address that etcd listens on.",
        source: "etcd client/v3",
        field: Etcdctl(&[EtcdctlOption::Endpoints]),
        mend: "take host and port from --listen-client-urls",
    }
    TlsEndpoint("tls-endpoint") {
        sentence: "An http:// endpoint, or one without scheme and TLS flags, is spoken to in plain text.",
        source: "etcd client/v3/internal/endpoint, client.go credentialsForEndpoint",
        field: Etcdctl(&[EtcdctlOption::Endpoints]),
        mend: "write https:// in front of the endpoint",
    }
    HttpUrlsApart("http-urls-apart") {
        sentence: "With --listen-client-http-urls etcd answers gRPC at --listen-client-urls alone and HTTP (the gateway, /health, /metrics) at the others alone, and no URL may stand in both.",
        source: "etcd server/embed/etcd.go, configureClientListeners; server/embed/serve.go, 3.5.8",
        field: Etcd(&[EtcdOption::ListenClientHttpUrls]),
        mend: "dial --listen-client-urls with etcdctl and --listen-client-http-urls with curl, and write two ports",
    }
    PlainEndpoint("plain-endpoint") {
        sentence: "etcd listens on http://, so it can't answer TLS.",
        source: "etcd server/embed/serve.go",
        field: Etcdctl(&[EtcdctlOption::Endpoints]),
        mend: "listen on https://, or write http:// in front of the endpoint",
    }
    EndpointHasHost("endpoint-has-host") {
        sentence: "An endpoint has a host, for which the server's certificate is checked.",
        source: "crypto/tls handshake_client.go, clientHandshake",
        field: Etcdctl(&[EtcdctlOption::Endpoints]),
        mend: "write the host in front of the port",
    }
    CommonTlsVersion("common-tls-version") {
        sentence: "Both sides must share a TLS version and a cipher suite.",
        source: "crypto/tls",
        field: Etcd(&[EtcdOption::TlsMinimumVersion]),
        mend: "allow TLS 1.2 on the side that has TLS 1.3 only",
    }
    ChainReadable("chain-readable") {
        sentence: "Every certificate that is sent along must be one that Go can read, not just the first.",
        source: "crypto/tls, processCertsFromClient and verifyServerCertificate",
        field: Part("further certificates of the file"),
        mend: "take the damaged certificate out of the file, or issue it again",
    }
    ClientCertificateRequired("client-certificate-required") {
        sentence: "With --client-cert-auth or --trusted-ca-file etcd demands a certificate of every client.",
        source: "etcd client/pkg/transport/listener.go, ServerConfig",
        field: Etcdctl(&[EtcdctlOption::Certificate, EtcdctlOption::Key]),
        mend: "give etcdctl --cert and --key",
    }
    RsaKeySize("rsa-key-size") {
        sentence: "An RSA key in a handshake has at most 8192 bits.",
        source: "crypto/tls handshake_client.go, checkKeySize",
        field: Part("public key"),
        mend: "make a key of 2048 to 4096 bits",
    }
    KeyCanSign("key-can-sign") {
        sentence: "TLS 1.3 has signature schemes for RSA from 528 bits, P-256, P-384, P-521 and Ed25519 only.",
        source: "crypto/tls auth.go, selectSignatureScheme",
        field: Part("public key"),
        mend: "make a key of such a kind, and issue the certificate again",
    }
    PostQuantumKey("post-quantum-key") {
        sentence: "An ML-DSA key signs in TLS 1.3 only, and only for a program that is built with Go 1.27 or later.",
        source: "crypto/tls auth.go, selectSignatureScheme; handshake_server.go, processClientHello",
        field: Part("public key"),
        mend: "build both programs with Go 1.27 or later and allow TLS 1.3, or make the certificate with another kind of key",
    }
    PostQuantumIssuer("post-quantum-issuer") {
        sentence: "Go verifies ML-DSA signatures since 1.27; before, it passes over a CA with such a key, and names no reason.",
        source: "crypto/x509 cert_pool.go, findPotentialParents; verify.go, buildChains",
        field: Part("signature algorithm"),
        mend: "build the program with Go 1.27 or later, or make the CA with another kind of key",
    }
    AllowedHostname("allowed-hostname") {
        sentence: "With --client-cert-allowed-hostname a client's certificate must have one of these names among its DNS names or addresses.",
        source: "etcd client/pkg/transport/listener.go",
        field: Part("subject alternative name"),
        mend: "issue the client's certificate with an allowed DNS name, or drop the flag",
    }
    AllowedCommonName("allowed-common-name") {
        sentence: "With --peer-cert-allowed-cn a peer's common name must be one of these, letter by letter.",
        source: "etcd client/pkg/transport/listener.go",
        field: Part("subject: common name"),
        mend: "issue the peer's certificate with the allowed common name",
    }
    NotRevoked("not-revoked") {
        sentence: "No certificate that a client sends may have a serial number that the CRL lists; who issued the list doesn't matter.",
        source: "etcd client/pkg/transport/listener_tls.go, checkCRL",
        field: Part("serial number"),
        mend: "issue a new certificate, or take the serial number out of the CRL",
    }
    CrlExists("crl-exists") {
        sentence: "The CRL is read at every connection, and without it every client is refused.",
        source: "etcd client/pkg/transport/listener_tls.go, checkCRL",
        field: Etcd(&[EtcdOption::ClientRevocationListFile]),
        mend: "put the CRL there, or drop the flag",
    }
    CrlReadable("crl-readable") {
        sentence: "A CRL that can't be read refuses every client; since 3.6 it must be DER, before PEM or DER.",
        source: "etcd client/pkg/transport/listener_tls.go, checkCRL",
        field: Etcd(&[EtcdOption::ClientRevocationListFile]),
        mend: "write the CRL again, as DER",
    }
    PeerAddress("peer-address") {
        sentence: "A peer's certificate with addresses or names must have the one that the peer connects from.",
        source: "etcd client/pkg/transport/listener_tls.go, checkCertSAN",
        field: Part("subject alternative name"),
        mend: "issue the peer's certificate with its own IP address",
    }
    CommonNameIsUser("common-name-is-user") {
        sentence: "With authentication on, the common name of the client's certificate is the etcd user.",
        source: "etcd server/auth/store.go, AuthInfoFromTLS",
        field: Part("subject: common name"),
        mend: "add the user and grant it a role, or use a certificate with a known common name",
    }
    NamesNeedClientCertAuth("names-need-client-cert-auth") {
        sentence: "A certificate's common name is a user only where --client-cert-auth is given: --trusted-ca-file alone demands certificates, and takes nobody's name.",
        source: "etcd server/etcdserver/v3_server.go, AuthInfoFromCtx",
        field: Etcd(&[EtcdOption::ClientCertificateAuthentication]),
        mend: "add --client-cert-auth, or log in with --user",
    }
    UserAndPassword("user-and-password") {
        sentence: "With --user a name and its password let etcdctl in, and the common name of its certificate doesn't count.",
        source: "etcd server/auth/store.go, CheckPassword; client/v3/client.go, getToken",
        field: Part("--user"),
        mend: "correct --user, or leave it out and use the certificate's common name",
    }
    KnownFlag("known-flag") {
        sentence: "etcd ends when it meets a flag or value that this version doesn't know.",
        source: "etcd server/etcdmain/config.go, server/embed/config.go",
        field: Part("flag"),
        mend: "correct the flag, or leave it out",
    }
    AskedToPrint("asked-to-print") {
        sentence: "With --version or --help etcd prints what it was asked for, and ends.",
        source: "etcd server/etcdmain/config.go, server/embed/config.go",
        field: Part("--version, --help"),
        mend: "leave the flag out",
    }
    FlagOrVariable("flag-or-variable") {
        sentence: "The same option may not be set both as a flag and as an environment variable.",
        source: "etcd pkg/flags/flag.go, verifyEnv",
        field: Part("environment variable"),
        mend: "unset the variable, or drop the flag",
    }
    VariableValue("variable-value") {
        sentence: "An environment variable must have a value that its flag takes.",
        source: "etcd pkg/flags/flag.go, setFlagFromEnv",
        field: Part("environment variable"),
        mend: "correct the variable",
    }
    AdvertiseWhatYouListenOn("advertise-what-you-listen-on") {
        sentence: "Who sets --listen-client-urls must set --advertise-client-urls too.",
        source: "etcd server/etcdmain/config.go, server/embed/config.go",
        field: Etcd(&[EtcdOption::AdvertiseClientUrls]),
        mend: "add --advertise-client-urls",
    }
    ListenOnAddress("listen-on-address") {
        sentence: "A URL to listen on has an IP address or localhost, no other name.",
        source: "etcd server/embed/config.go, checkBindURLs",
        field: Etcd(&[EtcdOption::ListenClientUrls, EtcdOption::ListenPeerUrls]),
        mend: "write the IP address",
    }
    AdvertiseHost("advertise-host") {
        sentence: "An advertised URL has a host.",
        source: "etcd server/embed/config.go, checkHostURLs",
        field: Etcd(&[EtcdOption::AdvertiseClientUrls, EtcdOption::InitialAdvertisePeerUrls]),
        mend: "write the host",
    }
    TlsVersions("tls-versions") {
        sentence: "TLS versions are TLS1.2 and TLS1.3, the lower one not above the higher.",
        source: "etcd server/etcdmain/config.go, server/embed/config.go",
        field: Etcd(&[EtcdOption::TlsMinimumVersion, EtcdOption::TlsMaximumVersion]),
        mend: "correct the versions",
    }
    SettingInRange("setting-in-range") {
        sentence: "etcd checks its other settings before it reads a certificate.",
        source: "etcd server/embed/config.go, (*Config).Validate",
        field: Part("flag"),
        mend: "correct the flag, or leave it out",
    }
    OneWayToTheCluster("one-way-to-the-cluster") {
        sentence: "The cluster is named by --initial-cluster, or found by --discovery or --discovery-srv: one of them.",
        source: "etcd server/etcdmain/config.go, server/embed/config.go",
        field: Etcd(&[EtcdOption::InitialCluster, EtcdOption::Discovery, EtcdOption::DiscoverySrv]),
        mend: "keep one of the flags",
    }
    ProxyWithoutCommonName("proxy-without-common-name") {
        sentence: "The certificate with which etcd grpc-proxy dials etcd has no common name: etcd would take every client of the proxy for that user.",
        source: "etcd client/pkg/transport/listener.go, ClientConfig; server/etcdmain/grpc_proxy.go",
        field: Part("subject: common name"),
        mend: "give the proxy a client certificate without a common name",
    }
    ConfigFile("config-file") {
        sentence: "The config file must be there and be YAML that etcd understands; other flags are then ignored.",
        source: "etcd server/embed/config.go, configFromFile",
        field: Etcd(&[EtcdOption::ConfigurationFile]),
        mend: "correct the config file",
    }
    ApiVersion("api-version") {
        sentence: "These flags belong to version 3 of the API.",
        source: "etcd etcdctl/main.go",
        field: Part("ETCDCTL_API"),
        mend: "set ETCDCTL_API=3, or leave it out",
    }
    NoEmptyPath("no-empty-path") {
        sentence: "--cert, --key and --cacert take a path, not nothing.",
        source: "etcd etcdctl/ctlv3/command/global.go",
        field: Part("flag"),
        mend: "give the path, or leave the flag out",
    }
    KnownCommand("known-command") {
        sentence: "etcdctl ends when it meets a command that it doesn't know, or one without its words.",
        source: "etcd etcdctl/ctlv3/ctl.go; cobra command.go, Find",
        field: Part("command"),
        mend: "write the command as `put KEY VALUE` or `get KEY`, flags with `=`",
    }
    EndpointsNamed("endpoints-named") {
        sentence: "There must be an endpoint to connect to.",
        source: "etcd etcdctl/ctlv3/command/global.go",
        field: Etcdctl(&[EtcdctlOption::Endpoints]),
        mend: "name host and port of --listen-client-urls",
    }
    EndpointsByDns("discovered-by-dns") {
        sentence: "With --discovery-srv DNS must have SRV records of the domain that name the endpoints.",
        source: "etcd etcdctl/ctlv3/command/global.go, endpointsFromFlagValue; RFC 6761, section 6.4",
        field: Etcdctl(&[EtcdctlOption::DiscoverySrv]),
        mend: "name a domain that has _etcd-client-ssl._tcp records, or use --endpoints",
    }
    KnownFlagOfEtcdctl("known-flag") {
        sentence: "etcdctl ends when it meets a flag or value that it doesn't know.",
        source: "etcd etcdctl/ctlv3/command/global.go",
        field: Part("flag"),
        mend: "correct the flag, or leave it out",
    }
    Pem("pem") {
        sentence: "Certificates and keys are PEM: lines that begin with dashes at the very start, no DER, no byte-order mark, no indentation.",
        source: "encoding/pem pem.go, Decode",
        field: Part("encoding"),
        mend: "save the file as PEM, for DER: openssl x509 -inform der -in FILE -out FILE.pem",
    }
    PemOfKey("pem") {
        sentence: "Certificates and keys are PEM: lines that begin with dashes at the very start, no DER, no byte-order mark, no indentation.",
        source: "encoding/pem pem.go, Decode",
        field: Part("encoding"),
        mend: "save the key as PEM, for DER: openssl pkey -inform der -in FILE -out FILE.pem",
    }
    FilesNotSwapped("files-not-swapped") {
        sentence: "The certificate goes to the certificate flag, the key to the key flag.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("flags"),
        mend: "exchange the two paths",
    }
    KeyForKey("files-not-swapped") {
        sentence: "The certificate goes to the certificate flag, the key to the key flag.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("key flag"),
        mend: "give the path of the private key to the key flag",
    }
    PemLabel("pem-label") {
        sentence: "A certificate's label is CERTIFICATE, and a key's label ends in PRIVATE KEY.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("PEM label"),
        mend: "give the certificate itself, not a CSR or a trusted certificate of OpenSSL",
    }
    PemLabelOfKey("pem-label") {
        sentence: "A certificate's label is CERTIFICATE, and a key's label ends in PRIVATE KEY.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("PEM label"),
        mend: "give the private key itself, not a certificate, a CSR or parameters",
    }
    Der("der") {
        sentence: "A certificate must be DER that Go can read.",
        source: "crypto/x509 parser.go, parseCertificate",
        field: Part("certificate"),
        mend: "issue the certificate again, with software that writes DER",
    }
    PlainAddress("plain-address") {
        sentence: "Since Go 1.27 an IPv4 address in a certificate must not be written as an IPv6 one, IPv4-mapped.",
        source: "crypto/x509 parser.go, parseSANExtension, parseNameConstraintsExtension",
        field: Part("subject alternative name"),
        mend: "issue the certificate again, with the address as IPv4: four bytes",
    }
    KeyNotEncrypted("key-not-encrypted") {
        sentence: "etcd and etcdctl can't ask for a password: the private key must not be encrypted.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("private key"),
        mend: "decrypt the key: openssl pkey -in FILE -out FILE.plain",
    }
    KeyReadable("key-readable") {
        sentence: "A private key is PKCS#1, PKCS#8 or SEC1, of kind RSA, ECDSA on a NIST curve, or Ed25519; since Go 1.27 also the seed of an ML-DSA key.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("private key"),
        mend: "make a new key and certificate of such a kind",
    }
    KeyFitsCertificate("key-fits-certificate") {
        sentence: "The private key must be the one of the first certificate in the file.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("public key"),
        mend: "put the leaf first in the file, or take the key that belongs to it",
    }
    KnownKeyKind("known-key-kind") {
        sentence: "TLS needs an RSA, ECDSA or Ed25519 key, of a kind that both sides know.",
        source: "crypto/tls tls.go, X509KeyPair",
        field: Part("public key"),
        mend: "make a key of such a kind",
    }
    CriticalExtension("critical-extension") {
        sentence: "An extension marked critical must be one that Go processes.",
        source: "crypto/x509 verify.go, (*Certificate).isValid",
        field: Part("extensions"),
        mend: "issue the certificate without the extension, or not critical",
    }
    ValidityBegins("validity-begins") {
        sentence: "The time of the check must not be before notBefore, of the leaf and of every CA.",
        source: "crypto/x509 verify.go, (*Certificate).isValid",
        field: Part("validity: notBefore"),
        mend: "set the clock, or issue the certificate with an earlier begin",
    }
    ValidityEnds("validity-ends") {
        sentence: "The time of the check must not be after notAfter, of the leaf and of every CA.",
        source: "crypto/x509 verify.go, (*Certificate).isValid",
        field: Part("validity: notAfter"),
        mend: "renew the certificate",
    }
    IntermediateIsCa("intermediate-is-ca") {
        sentence: "An intermediate has basic constraints with cA TRUE; version 1 has none.",
        source: "crypto/x509 verify.go, (*Certificate).isValid",
        field: Part("basic constraints"),
        mend: "issue the intermediate as a CA, version 3",
    }
    ServerIsNoAuthority("server-is-no-authority") {
        sentence: "Clients with rustls take no server certificate that is a CA itself, as etcd's --auto-tls and openssl req -x509 make it.",
        source: "rustls webpki src/verify_cert.rs, check_basic_constraints, CaUsedAsEndEntity",
        field: Part("basic constraints"),
        mend: "issue the server's certificate from a CA, with basic constraints CA:FALSE",
    }
    PathLength("path-length") {
        sentence: "No more CA certificates may follow than a CA's path length allows.",
        source: "crypto/x509 verify.go, (*Certificate).isValid",
        field: Part("basic constraints: pathLen"),
        mend: "issue from the CA directly, or make the CA with a larger path length",
    }
    UsageClient("usage-client") {
        sentence: "Where the leaf or a CA above it lists extended key usages, clientAuth must be among them.",
        source: "crypto/x509 verify.go, checkChainForKeyUsage",
        field: Part("extended key usage"),
        mend: "issue the certificate with clientAuth",
    }
    UsageServer("usage-server") {
        sentence: "Where the leaf or a CA above it lists extended key usages, serverAuth must be among them.",
        source: "crypto/x509 verify.go, checkChainForKeyUsage",
        field: Part("extended key usage"),
        mend: "issue the certificate with serverAuth",
    }
    NameConstraints("name-constraints") {
        sentence: "Every name below a CA must fit the CA's name constraints.",
        source: "crypto/x509 constraints.go, verify.go",
        field: Part("name constraints"),
        mend: "issue the certificate with permitted names, or from another CA",
    }
    ServerCaKnown("server-ca-known") {
        sentence: "The chain of the server's certificate must lead to a certificate in --cacert, or of the system without it; names are compared byte by byte.",
        source: "crypto/x509 verify.go, (*Certificate).Verify",
        field: Part("issuer"),
        mend: "give etcdctl the CA of the server with --cacert, and the server's file its intermediates",
    }
    ClientCaKnown("client-ca-known") {
        sentence: "The chain of the client's certificate must lead to a certificate in --trusted-ca-file; names are compared byte by byte.",
        source: "crypto/x509 verify.go, (*Certificate).Verify",
        field: Part("issuer"),
        mend: "put the client's CA into --trusted-ca-file, and the intermediates into the client's file",
    }
    Policies("policies") {
        sentence: "Certificate policies must leave a valid chain where a certificate requires an explicit policy.",
        source: "crypto/x509 verify.go, policiesValid",
        field: Part("certificate policies"),
        mend: "issue the certificates without policy constraints",
    }
    SignatureLimit("signature-limit") {
        sentence: "At most 100 signatures are checked for one chain.",
        source: "crypto/x509 verify.go, maxChainSignatureChecks",
        field: Part("chain"),
        mend: "send fewer certificates",
    }
    IssuerIsSubject("issuer-is-subject") {
        sentence: "The issuer of a certificate is the subject of the one above it.",
        source: "crypto/x509 verify.go, (*Certificate).isValid",
        field: Part("issuer"),
        mend: "send the right intermediates",
    }
    CommonNameIsNoHost("common-name-is-no-host") {
        sentence: "A common name is never taken for a host name: there must be a subject alternative name.",
        source: "crypto/x509 verify.go, (*Certificate).VerifyHostname",
        field: Part("subject alternative name"),
        mend: "issue the server's certificate with the endpoint's host as a SAN",
    }
    AddressSan("address-san") {
        sentence: "An endpoint with an IP address needs that address as an iPAddress SAN; a DNS name with the same text doesn't count.",
        source: "crypto/x509 verify.go, (*Certificate).VerifyHostname",
        field: Part("subject alternative name"),
        mend: "issue the server's certificate with the address as IP SAN",
    }
    HostSan("host-san") {
        sentence: "The endpoint's host must be among the SANs; a wildcard stands for one label, and of a Unix socket the host is the name of its file.",
        source: "crypto/x509 verify.go, (*Certificate).VerifyHostname",
        field: Part("subject alternative name"),
        mend: "issue the server's certificate with the endpoint's host, or use a host that it has",
    }
    IssuerCanSign("issuer-can-sign") {
        sentence: "A version 3 CA has basic constraints with cA TRUE, and keyCertSign if it has a key usage.",
        source: "crypto/x509 x509.go, CheckSignatureFrom",
        field: Part("basic constraints, key usage"),
        mend: "make the CA anew as a CA, and issue again",
    }
    SecureSignature("secure-signature") {
        sentence: "MD5 signatures are refused by every Go, SHA-1 signatures since Go 1.18.",
        source: "crypto/x509 x509.go, checkSignature",
        field: Part("signature algorithm"),
        mend: "issue the certificate with SHA-256",
    }
    SignatureFitsIssuer("signature-fits-issuer") {
        sentence: "The signature must fit the key of the CA with that name; a CA made anew under the same name has another key.",
        source: "crypto/x509 x509.go, CheckSignatureFrom",
        field: Part("signature"),
        mend: "issue the certificate again with the CA that is trusted, or trust the CA that issued it",
    }
    IssuerKeyKind("issuer-key-kind") {
        sentence: "The issuer's key must be of a kind that Go can verify with.",
        source: "crypto/x509 x509.go, CheckSignatureFrom",
        field: Part("public key"),
        mend: "make the CA with an RSA, ECDSA or Ed25519 key",
    }
    IssuerValid("issuer-valid") {
        sentence: "The issuer must itself be valid.",
        source: "crypto/x509 verify.go, buildChains",
        field: Part("issuer"),
        mend: "renew the CA",
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn every_rule_but_that_of_a_passed_set_says_what_where_and_how() {
        for &rule in Rule::ALL {
            assert!(
                !rule.sentence().is_empty() && !rule.source().is_empty(),
                "{rule:?}"
            );
            let at_fault = rule != Rule::Accepted;
            assert_eq!(!rule.field().to_string().is_empty(), at_fault, "{rule:?}");
            assert_eq!(!rule.mend().is_empty(), at_fault, "{rule:?}");
        }
    }

    #[test]
    fn rules_that_share_an_identifier_share_their_source_or_differ_by_side() {
        use std::collections::BTreeMap;
        let mut known: BTreeMap<&str, Vec<Rule>> = BTreeMap::new();
        for &rule in Rule::ALL {
            known.entry(rule.id()).or_default().push(rule);
        }
        let shared: Vec<Vec<Rule>> = known
            .into_values()
            .filter(|rules| rules.len() > 1)
            .collect();
        assert_eq!(
            shared,
            [
                vec![Rule::DiscoveredByDns, Rule::EndpointsByDns],
                vec![Rule::FilesNotSwapped, Rule::KeyForKey],
                vec![Rule::KnownFlag, Rule::KnownFlagOfEtcdctl],
                vec![Rule::Pem, Rule::PemOfKey],
                vec![Rule::PemLabel, Rule::PemLabelOfKey],
            ]
        );
    }
}
