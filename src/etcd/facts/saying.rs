//! The sayings: words with which etcd, etcdctl and Go refuse something, one row a
//! saying, with the rules that can be behind it. Data, and the index that finds
//! the rows of a line; what a whole text points to is
//! [`telling::diagnosis`](crate::etcd::telling::diagnosis).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::release::EtcdVersion;
use super::rule::Rule;

/// Whose words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// etcd's log.
    Etcd,
    /// etcdctl's output.
    Etcdctl,
    /// Either's: the words alone don't say.
    Either,
}

/// A cause, and in whose words it is the likely one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likely {
    /// Where the words stand if this is the cause.
    pub side: Side,
    /// The cause.
    pub text: &'static str,
}

/// Releases from one on, up to another one: what a mend brought to an old series
/// has a span for each series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Releases {
    /// The first one.
    pub since: EtcdVersion,
    /// The first one that is no longer meant.
    pub before: Option<EtcdVersion>,
}

/// From 3.`since` on, minor and patch.
const fn from(since: (u16, u16)) -> Releases {
    Releases {
        since: EtcdVersion {
            minor: since.0,
            patch: since.1,
        },
        before: None,
    }
}

/// From 3.`since` on, but before 3.`before`.
const fn between(since: (u16, u16), before: (u16, u16)) -> Releases {
    Releases {
        before: Some(EtcdVersion {
            minor: before.0,
            patch: before.1,
        }),
        ..from(since)
    }
}

/// Words that are known, and what they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The words, as they are printed.
    pub words: &'static str,
    /// Who prints them.
    pub side: Side,
    /// The rules that can be behind them, the likeliest first; empty where the
    /// words tell nothing.
    pub rules: &'static [Rule],
    /// Causes, the likeliest first.
    pub causes: &'static [Likely],
    /// What to do, where it is not the mend of the first rule.
    mend: Option<&'static str>,
    /// The releases that print them; empty where every one can.
    releases: &'static [Releases],
    /// The file of the program that prints them, where it is not the source of
    /// the first rule.
    source: Option<&'static str>,
}

impl Saying {
    /// What to do.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        let of_rule = || self.rules.first().map_or("", |rule| rule.mend());
        self.mend.unwrap_or_else(of_rule)
    }

    /// Where the words, or else the rule behind them, are written.
    #[must_use]
    pub fn source(&self) -> &'static str {
        let of_rule = || self.rules.first().map_or("", |rule| rule.source());
        self.source.unwrap_or_else(of_rule)
    }

    /// Whether a release can print them.
    #[must_use]
    pub fn is_of(&self, version: EtcdVersion) -> bool {
        let has = |releases: &Releases| {
            releases.since <= version && releases.before.is_none_or(|before| version < before)
        };
        self.releases.is_empty() || self.releases.iter().any(has)
    }

    /// The causes for words that stand on this side: those of the other side
    /// come last.
    #[must_use]
    pub fn causes_on(&self, side: Side) -> Vec<&'static str> {
        let elsewhere = |likely: &Likely| {
            side != Side::Either && likely.side != Side::Either && likely.side != side
        };
        let mut causes: Vec<&Likely> = self.causes.iter().collect();
        causes.sort_by_key(|likely| elsewhere(likely));
        causes.into_iter().map(|likely| likely.text).collect()
    }

    const fn mend_by(mut self, mend: &'static str) -> Self {
        self.mend = Some(mend);
        self
    }

    const fn of_releases(mut self, releases: &'static [Releases]) -> Self {
        self.releases = releases;
        self
    }

    const fn source_in(mut self, source: &'static str) -> Self {
        self.source = Some(source);
        self
    }
}

const fn said(
    side: Side,
    words: &'static str,
    rules: &'static [Rule],
    causes: &'static [Likely],
) -> Saying {
    Saying {
        words,
        side,
        rules,
        causes,
        mend: None,
        releases: &[],
        source: None,
    }
}

/// A cause on either side.
const fn likely(text: &'static str) -> Likely {
    Likely {
        side: Side::Either,
        text,
    }
}

/// A cause of words in etcd's log.
const fn in_log(text: &'static str) -> Likely {
    Likely {
        side: Side::Etcd,
        text,
    }
}

/// A cause of words that etcdctl prints.
const fn printed(text: &'static str) -> Likely {
    Likely {
        side: Side::Etcdctl,
        text,
    }
}

/// What is known, the more telling words first: a line counts for the first that
/// it has.
pub static SAYINGS: &[Saying] = &[
    said(
        Side::Etcdctl,
        "etcdserver: permission denied",
        &[Rule::CommonNameIsUser],
        &[likely("the common name of the client's certificate is no etcd user, or has no role for this key")],
    )
    .source_in("etcd api/v3rpc/rpctypes/error.go, ErrPermissionDenied"),
    said(
        Side::Etcd,
        "invalid user name",
        &[Rule::CommonNameIsUser],
        &[likely("the common name of the client's certificate is no etcd user")],
    ),
    said(
        Side::Etcd,
        "cannot access data directory",
        &[Rule::DataDirWritable],
        &[likely("the data directory, or its volume, belongs to another user than etcd's")],
    ),
    said(
        Side::Either,
        ": permission denied",
        &[Rule::MayReadFile],
        &[
            in_log("etcd's user may not read the file that is named"),
            printed("the user of this client may not read the file that is named"),
        ],
    ),
    said(
        Side::Etcdctl,
        "PermissionError(13",
        &[Rule::MayReadFile],
        &[likely("the client's user may not read its certificate or key")],
    )
    .source_in("Python errno, EACCES"),
    said(
        Side::Either,
        "malformed HTTP response \"x15x03",
        &[Rule::TlsEndpoint],
        &[
            likely("plain HTTP was spoken to a TLS port: 15 03 is how a TLS alert begins"),
            in_log("one member is known with http://, and listens on https://"),
        ],
    )
    .mend_by("write https:// in front of the endpoint; for members in --initial-cluster, --initial-advertise-peer-urls and the member list")
    .source_in("Go net/http transport.go, readLoop"),
    said(
        Side::Etcd,
        "oversized record received",
        &[Rule::TlsEndpoint],
        &[likely("plain HTTP was spoken to a TLS port")],
    )
    .source_in("Go crypto/tls conn.go, readRecordOrCCS"),
    said(
        Side::Etcd,
        "offered only unsupported versions: [304]",
        &[Rule::CommonTlsVersion],
        &[likely("304 is TLS 1.3: the client allows nothing older, and this etcd speaks 1.2 at most")],
    )
    .mend_by("update etcd to 3.5.8 or later, raise --tls-max-version, or allow TLS 1.2 in the client"),
    said(
        Side::Etcd,
        "offered only unsupported versions: [302",
        &[Rule::CommonTlsVersion],
        &[likely("302 and 301 are TLS 1.1 and 1.0: a client or a scanner that is too old")],
    )
    .mend_by("update that client; a scanner may be left alone"),
    said(
        Side::Etcd,
        "offered only unsupported versions: [301",
        &[Rule::CommonTlsVersion],
        &[likely("301 is TLS 1.0: a client or a scanner that is too old")],
    )
    .mend_by("update that client; a scanner may be left alone"),
    said(
        Side::Etcdctl,
        "server selected unsupported protocol version",
        &[Rule::CommonTlsVersion],
        &[likely("the other end speaks an old TLS: it is not this etcd, or a proxy stands between")],
    )
    .mend_by("look what listens at the endpoint"),
    said(
        Side::Etcd,
        "(error \"EOF\"",
        &[],
        &[likely("somebody opened the port and hung up: a probe of a load balancer or of kubelet, or a client that dials every endpoint")],
    )
    .mend_by("nothing, unless clients fail: then look for an overloaded machine")
    .source_in("Go io, EOF"),
    said(
        Side::Etcd,
        "\"error\":\"EOF\"",
        &[],
        &[likely("somebody opened the port and hung up: a probe of a load balancer or of kubelet, or a client that dials every endpoint")],
    )
    .mend_by("nothing, unless clients fail: then look for an overloaded machine")
    .source_in("Go io, EOF"),
    said(
        Side::Etcd,
        "bind: cannot assign requested address",
        &[Rule::ListenOnOwnAddress],
        &[likely("a URL to listen on has an address that this machine doesn't have, as behind NAT")],
    ),
    said(
        Side::Etcd,
        "bind: address already in use",
        &[Rule::PortIsFree],
        &[likely("another process, often another etcd, listens on the port")],
    ),
    said(
        Side::Etcd,
        " is HTTP while ",
        &[Rule::CertificatesNeedHttps],
        &[likely("the URL to listen on has http://, so that the port speaks no TLS")],
    ),
    said(
        Side::Etcdctl,
        "exceeded header timeout",
        &[Rule::SomethingListens],
        &[
            likely("the port answers nothing to plain HTTP"),
            likely("the member has no leader: its log tells of TLS between members"),
        ],
    )
    .mend_by("look at etcd's log for tls; port 4001 is only the v2 client's default"),
    said(
        Side::Etcd,
        "do not match in --initial-advertise-peer-urls",
        &[Rule::AdvertisedInCluster],
        &[
            likely("a host in the URLs can't be resolved"),
            likely("--initial-advertise-peer-urls and the member's own URLs in --initial-cluster differ"),
        ],
    ),
    said(
        Side::Etcd,
        "bad record MAC",
        &[Rule::ServerCaKnown],
        &[likely("a client of OpenSSL, such as curl or Python, refused etcd's certificate: with TLS 1.3 its plain alert reads as a broken record")],
    )
    .mend_by("give that client the CA of etcd's certificate")
    .source_in("Go crypto/tls alert.go, alertBadRecordMAC"),
    said(
        Side::Etcdctl,
        "authentication handshake failed: context deadline exceeded",
        &[],
        &[likely("the port was opened and no TLS answer came in time: the other end is overloaded or paused, or something else listens; it is no certificate")],
    )
    .mend_by("look whether etcd itself listens there, and how busy its machine is")
    .source_in("google.golang.org/grpc internal/transport/http2_client.go"),
    said(
        Side::Either,
        "server preface: remote error: tls: bad certificate",
        &[Rule::UsageClient, Rule::PathLength, Rule::NameConstraints, Rule::CriticalExtension, Rule::ClientCaKnown, Rule::ServerCaKnown, Rule::HostSan, Rule::AddressSan, Rule::ValidityEnds, Rule::ValidityBegins, Rule::ClientCertificateRequired, Rule::AllowedHostname, Rule::AllowedCommonName, Rule::UsageServer],
        &[
            in_log("etcd's own gateway dials etcd with the server's certificate, which lacks clientAuth"),
            printed("etcd refused the client's certificate, and its log says why"),
        ],
    )
    .mend_by("in etcd's log: issue the server's certificate with clientAuth too; from a client: look at etcd's log")
    .source_in("google.golang.org/grpc internal/transport/http2_client.go"),
    said(
        Side::Etcdctl,
        "certificate host mismatch",
        &[Rule::HostSan],
        &[likely("the host in the URL is not among the names of etcd's certificate (NGINX, APISIX)")],
    )
    .source_in("lua-nginx-module, sslhandshake"),
    said(
        Side::Etcdctl,
        "verify error:num=19",
        &[Rule::ServerCaKnown],
        &[likely("openssl s_client checks the server by itself, and was given no -CAfile; the CA names that it lists are those of --trusted-ca-file")],
    )
    .mend_by("call it with -CAfile ca.crt, and only then believe it")
    .source_in("OpenSSL, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN"),
    said(Side::Etcd, "client didn't provide a certificate", &[Rule::ClientCertificateRequired], &[likely("etcd demands client certificates, and the client sent none")]),
    said(Side::Etcdctl, "certificate required", &[Rule::ClientCertificateRequired], &[likely("etcd demands client certificates, and etcdctl sent none")]),
    said(Side::Either, "insecure algorithm", &[Rule::SecureSignature], &[likely("the certificate is signed with MD5 or SHA-1")]),
    said(Side::Either, "parent certificate cannot sign this kind of certificate", &[Rule::IssuerCanSign], &[likely("the CA has no basic constraints with cA TRUE, or a key usage without keyCertSign")]),
    said(Side::Either, "cannot verify signature: algorithm unimplemented", &[Rule::IssuerKeyKind, Rule::SignatureFitsIssuer], &[likely("the CA signs with an algorithm, or has a key, that Go can't verify")]),
    said(Side::Either, "ECDSA verification failure\" while trying to verify candidate authority", &[Rule::SignatureFitsIssuer], &[likely("the CA was made anew under the same name, and the certificate is from the other one"), likely("the signature is not written as DER")]),
    said(Side::Either, "\" while trying to verify candidate authority", &[Rule::SignatureFitsIssuer, Rule::IssuerCanSign, Rule::IssuerValid, Rule::CriticalExtension, Rule::PathLength, Rule::NameConstraints, Rule::IntermediateIsCa], &[likely("the CA was made anew under the same name, and the certificate is from the other one")]),
    said(Side::Either, "signed by unknown authority", &[Rule::ClientCaKnown, Rule::ServerCaKnown], &[likely("the CA of the certificate is not in the file that the checking side trusts"), likely("the file lacks the intermediate certificates"), likely("issuer and subject differ in letter case or string type")]).mend_by("in etcd's log: put the client's CA into --trusted-ca-file; from etcdctl: give the server's CA with --cacert"),
    said(Side::Etcdctl, "unknown certificate authority", &[Rule::ClientCaKnown, Rule::SignatureFitsIssuer, Rule::IssuerCanSign, Rule::SecureSignature, Rule::IssuerKeyKind, Rule::IssuerValid], &[likely("etcd does not trust the CA of the client's certificate")]).mend_by("put the client's CA into --trusted-ca-file, and start etcd again"),
    said(Side::Either, "is before", &[Rule::ValidityBegins], &[likely("a certificate is not valid yet"), likely("the clock of the checking machine is behind")]),
    said(
        Side::Etcdctl,
        "handshake failed: x509: certificate has expired",
        &[Rule::ValidityEnds, Rule::ValidityBegins],
        &[likely("whoever dialled refused etcd's server certificate: it, or a CA above it, has ended"), likely("the clock of the dialling machine is wrong")],
    )
    .mend_by("renew etcd's server certificate"),
    said(
        Side::Etcdctl,
        "handshake failed: tls: failed to verify certificate: x509: certificate has expired",
        &[Rule::ValidityEnds, Rule::ValidityBegins],
        &[likely("whoever dialled refused etcd's server certificate: it, or a CA above it, has ended"), likely("the clock of the dialling machine is wrong")],
    )
    .mend_by("renew etcd's server certificate"),
    said(Side::Either, "has expired or is not yet valid", &[Rule::ValidityEnds, Rule::ValidityBegins], &[likely("a certificate has expired")]).mend_by("renew the certificate, or the CA"),
    said(Side::Etcdctl, "expired certificate", &[Rule::ValidityEnds, Rule::ValidityBegins], &[likely("etcd says that the client's certificate has expired, or is not valid yet")]).mend_by("renew the client's certificate, or set the clock"),
    said(Side::Either, "incompatible key usage", &[Rule::UsageClient, Rule::UsageServer], &[in_log("in etcd's log from its own address: the server's certificate lacks clientAuth, which the gateway needs"), in_log("in etcd's log: the client's certificate lacks clientAuth"), printed("from etcdctl: the server's certificate lacks serverAuth")]).mend_by("issue the certificate with the usage that it lacks; a server's needs both"),
    said(Side::Either, "doesn't contain any IP SANs", &[Rule::AddressSan], &[likely("the endpoint is an address, and the server's certificate has no IP address among its SANs")]),
    said(Side::Either, "legacy Common Name field", &[Rule::CommonNameIsNoHost], &[likely("the server's certificate has no SAN, only a common name")]),
    said(Side::Either, "certificate is valid for", &[Rule::HostSan, Rule::PeerAddress], &[likely("the endpoint's host is not among the SANs of the server's certificate"), in_log("in etcd's log of a peer: it connects from an address that its certificate doesn't have")]).mend_by("use a host that the certificate has, or issue it with this one"),
    said(Side::Either, "not valid for any names", &[Rule::HostSan], &[likely("the endpoint's host is not among the SANs of the server's certificate")]),
    said(Side::Either, "not authorized to sign for this name", &[Rule::NameConstraints], &[likely("a name in the certificate is outside of the CA's name constraints")]),
    said(Side::Either, "x509: cannot parse dnsName", &[Rule::NameConstraints], &[likely("a CA above has name constraints, and a DNS name in the certificate is no domain")]).mend_by("issue the certificate with names that are domains"),
    said(Side::Either, "x509: cannot parse rfc822Name", &[Rule::NameConstraints], &[likely("a CA above has name constraints, and a mail address in the certificate can't be read")]).mend_by("issue the certificate with a mail address that has a domain"),
    said(Side::Either, "x509: cannot parse URI", &[Rule::Der, Rule::NameConstraints, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a URI in the certificate can't be read")]).mend_by("issue the certificate with a URI that has a scheme and a host"),
    said(Side::Either, "too many intermediates", &[Rule::PathLength], &[likely("the chain is longer than a CA's path length allows")]),
    said(Side::Either, "not authorized to sign other certificates", &[Rule::IntermediateIsCa], &[likely("an intermediate is no CA, or of version 1")]),
    said(Side::Either, "issuer name does not match subject", &[Rule::IssuerIsSubject], &[likely("an issuer and the subject above it have the same names, but not the same octets")]),
    said(Side::Either, "unhandled critical extension", &[Rule::CriticalExtension], &[likely("a certificate has an extension marked critical that Go doesn't process")]),
    said(Side::Either, "no valid chains built", &[Rule::Policies], &[likely("the certificate policies leave no chain where one is required")]),
    said(Side::Either, "signature check attempts limit reached", &[Rule::SignatureLimit], &[likely("more than a hundred signatures would have to be checked")]),
    said(Side::Either, "RSA key larger than 8192 bits", &[Rule::RsaKeySize], &[likely("an RSA key is larger than Go takes in a handshake")]),
    said(Side::Either, "unsupported certificate curve", &[Rule::KeyCanSign], &[likely("a key is on P-224, which TLS 1.3 has no signature scheme for")]).mend_by("make a key on P-256, and issue the certificate again"),
    said(Side::Either, "ML-DSA certificates require TLS 1.3", &[Rule::PostQuantumKey], &[likely("TLS 1.2 was spoken, which has no signature for an ML-DSA key")]).mend_by("leave --tls-max-version out, or make the certificate with another kind of key"),
    said(Side::Etcd, "client certificate uses ML-DSA, which requires", &[Rule::PostQuantumKey], &[likely("TLS 1.2 was spoken, which has no signature for an ML-DSA key")]).mend_by("leave --tls-max-version out, or make the certificate with another kind of key"),
    said(Side::Either, "doesn't support any of the certificate's signature algorithms", &[Rule::PostQuantumKey, Rule::KeyCanSign], &[likely("one side has an ML-DSA key, and the other is built with a Go before 1.27")]),
    said(Side::Etcd, "contains an unsupported public key of type", &[Rule::PostQuantumKey, Rule::KnownKeyKind], &[likely("the client has a key of a kind that the Go of this etcd doesn't know, such as ML-DSA before Go 1.27")]),
    said(Side::Either, "ML-DSA private keys", &[Rule::KeyReadable], &[likely("an ML-DSA key is not its seed alone")]).mend_by("keep its seed alone: openssl pkey -in FILE -provparam ml-dsa.output_formats=seed-only -out NEWFILE"),
    said(Side::Either, "RSA key size too small for supported", &[Rule::KeyCanSign], &[likely("an RSA key is too small for any signature of TLS 1.3")]).mend_by("make a key of 2048 bits, and issue the certificate again"),
    said(Side::Etcd, "certificate serial", &[Rule::NotRevoked], &[likely("the CRL lists the serial number of a certificate that was sent")]),
    said(Side::Etcd, "malformed crl", &[Rule::CrlReadable], &[likely("the CRL file can't be read; since etcd 3.6 it must be DER")]),
    said(Side::Etcd, "trailing data after CRL", &[Rule::CrlReadable], &[likely("more octets follow the CRL in its file")]).mend_by("write the CRL again, as DER, alone in its file"),
    said(Side::Either, "client certificate authentication failed", &[Rule::AllowedHostname, Rule::AllowedCommonName], &[likely("the certificate has none of the allowed host names or common names"), likely("from etcd's own address: with --client-cert-allowed-hostname the gateway never works")]).mend_by("issue the certificate with an allowed name"),
    said(Side::Etcd, "does not match any of DNSNames", &[Rule::PeerAddress], &[likely("a peer connects from an address that its certificate doesn't have")]),
    said(Side::Etcd, "failed to parse client certificate", &[Rule::ChainReadable], &[likely("a certificate that the client sends along can't be read")]).mend_by("take the damaged certificate out of the client's file"),
    said(Side::Etcdctl, "failed to parse certificate from server", &[Rule::ChainReadable], &[likely("a certificate that the server sends along can't be read")]).mend_by("take the damaged certificate out of the server's file"),
    said(Side::Either, "error decoding message", &[Rule::ChainReadable], &[likely("the other side could not read a certificate that was sent along")]),
    said(Side::Either, "first record does not look like a TLS handshake", &[Rule::TlsEndpoint, Rule::PlainEndpoint], &[likely("one side speaks plain HTTP, the other TLS")]).mend_by("write https:// in front of the endpoint, or listen on http://"),
    said(Side::Either, "server gave HTTP response to HTTPS client", &[Rule::PlainEndpoint], &[likely("one side speaks TLS, the other plain HTTP")]).mend_by("write http:// in front of the URL, or listen on https://"),
    said(Side::Etcd, "no cipher suite supported by both", &[Rule::CommonTlsVersion], &[likely("TLS 1.2 was spoken, and no suite of --cipher-suites fits the server's key")]).mend_by("leave --cipher-suites out, or name one for the kind of key"),
    said(Side::Etcd, "offered only unsupported versions", &[Rule::CommonTlsVersion], &[likely("the client speaks TLS 1.2 only, and etcd demands TLS 1.3")]).mend_by("leave --tls-min-version out"),
    said(Side::Etcdctl, "protocol version not supported", &[Rule::CommonTlsVersion], &[likely("etcd demands a TLS version that this client doesn't speak")]).mend_by("leave --tls-min-version out"),
    said(Side::Etcd, "unexpected TLS cipher suite", &[Rule::KnownCipherSuite], &[likely("--cipher-suites has a name that Go doesn't know")]).mend_by("leave --cipher-suites out, or correct the name"),
    said(Side::Etcd, "http2: TLSConfig.CipherSuites", &[Rule::KnownCipherSuite], &[likely("--cipher-suites lacks the AES-128-GCM suite that HTTP/2 demands, or has it behind weaker ones")]).mend_by("put TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 first"),
    said(Side::Etcd, "cipher suites cannot be configured", &[Rule::TlsVersions], &[likely("--cipher-suites goes with TLS 1.2, and only TLS 1.3 is allowed")]).mend_by("drop --cipher-suites or --tls-min-version"),
    said(Side::Etcd, "unexpected TLS version", &[Rule::TlsVersions], &[likely("a TLS version other than TLS1.2 and TLS1.3")]).mend_by("write TLS1.2 or TLS1.3"),
    said(Side::Etcd, "is greater than max version", &[Rule::TlsVersions], &[likely("--tls-min-version is above --tls-max-version")]).mend_by("exchange the two"),
    said(Side::Either, "private key does not match public key", &[Rule::KeyFitsCertificate], &[likely("the key belongs to another certificate"), likely("the leaf is not the first certificate of the file")]),
    said(Side::Either, "private key type does not match", &[Rule::KeyFitsCertificate], &[likely("the key is of another kind than the certificate's")]).mend_by("take the key of the certificate"),
    said(Side::Either, "failed to parse private key", &[Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("the private key is encrypted"), likely("the private key is damaged or of a kind that this Go doesn't know, such as ML-DSA before Go 1.27")]),
    said(Side::Either, "found unknown private key type", &[Rule::KeyReadable], &[likely("the private key is of a kind that can't sign")]).mend_by("make an RSA, ECDSA or Ed25519 key"),
    said(Side::Either, "unknown public key algorithm", &[Rule::KnownKeyKind], &[likely("the certificate's key is neither RSA, ECDSA nor Ed25519")]),
    said(Side::Either, "PEM inputs may have been switched", &[Rule::FilesNotSwapped], &[likely("certificate and key are exchanged")]),
    said(Side::Either, "found a certificate rather than a key", &[Rule::KeyForKey], &[likely("the key flag names a certificate")]),
    said(Side::Either, "failed to find any PEM data", &[Rule::Pem, Rule::PemOfKey], &[likely("the file is DER, empty, indented, or begins with a byte-order mark")]).mend_by("save the file as PEM"),
    said(Side::Either, "failed to find \"CERTIFICATE\" PEM block", &[Rule::PemLabel], &[likely("the file holds a CSR, a key, or a trusted certificate of OpenSSL")]),
    said(Side::Either, "failed to find PEM block with type ending in", &[Rule::PemLabelOfKey], &[likely("the key file holds something else than a private key")]),
    said(Side::Either, "no such file or directory", &[Rule::FileExists, Rule::CrlExists, Rule::ConfigFile, Rule::SomethingListens], &[likely("a path is wrong, or relative to another folder"), in_log("in etcd's log of a connection: the CRL is not there")]),
    said(Side::Either, "must both be present", &[Rule::CertificateAndKeyTogether], &[likely("a certificate was given without its key, or a key without its certificate")]),
    said(Side::Etcd, "must be provided for client url", &[Rule::HttpsNeedsKeyPair], &[likely("etcd shall listen on https://, and has no certificate")]).mend_by("name --cert-file and --key-file, or listen on http://"),
    said(Side::Etcd, "KeyFile and CertFile are not presented", &[Rule::HttpsNeedsKeyPair], &[likely("etcd shall listen for peers on https://, and has no certificate")]).mend_by("name --peer-cert-file and --peer-key-file"),
    said(Side::Etcd, "are mutually exclusive", &[Rule::OneKindOfAllowedName], &[likely("allowed common names and allowed host names were both given")]),
    said(Side::Etcd, "--advertise-client-urls is required", &[Rule::AdvertiseWhatYouListenOn], &[likely("--listen-client-urls was given alone")]),
    said(Side::Etcd, "must advertise accessible url", &[Rule::AdvertiseWhatYouListenOn], &[likely("--listen-client-urls was given alone")]).of_releases(&[between((0, 0), (5, 0))]),
    said(Side::Etcd, "expected IP in URL for binding", &[Rule::ListenOnAddress], &[likely("a URL to listen on has a name instead of an address")]),
    said(Side::Etcd, "must be \"host:port\"", &[Rule::AdvertiseHost], &[likely("an advertised URL has no host")]),
    said(Side::Etcd, "must be in the format \"host:port\"", &[Rule::AdvertiseHost], &[likely("an advertised URL has no host")]).of_releases(&[from((7, 0))]),
    said(Side::Either, "shadowed by corresponding command-line flag", &[Rule::FlagOrVariable], &[likely("the same option is set as flag and as environment variable")]),
    said(Side::Either, "is shadowed by corresponding", &[Rule::FlagOrVariable], &[likely("the same option is set as flag and as environment variable")]),
    said(Side::Etcd, "converting YAML to JSON", &[Rule::ConfigFile], &[likely("the config file is no YAML")]).mend_by("correct the line that is named"),
    said(Side::Etcd, "unmarshaling JSON", &[Rule::ConfigFile], &[likely("the config file has a value of another type: a text for a boolean, or one text for a list")]).mend_by("correct the key that is named"),
    said(Side::Etcd, "unexpected error setting up", &[Rule::ConfigFile], &[likely("a URL in the config file can't be read")]).mend_by("correct the key that is named"),
    said(Side::Etcd, "couldn't find local name", &[Rule::NameInCluster], &[likely("--name is not among the names of --initial-cluster")]),
    said(Side::Either, "invalid port", &[Rule::PortInRange, Rule::KnownFlag, Rule::KnownFlagOfEtcdctl, Rule::VariableValue, Rule::ConfigFile, Rule::SomethingListens], &[likely("a port is no number, or over 65535")]),
    said(Side::Etcd, "invalid value", &[Rule::KnownFlag, Rule::VariableValue], &[likely("a flag or variable has a value that it doesn't take")]).mend_by("correct the value"),
    said(Side::Etcd, "invalid boolean value", &[Rule::KnownFlag], &[likely("a flag that takes true or false has another value")]).mend_by("write true or false, with `=`"),
    said(Side::Etcd, "is not a valid flag", &[Rule::KnownFlag], &[likely("a word without dashes among etcd's flags")]).mend_by("write flags with `--` and values with `=`"),
    said(Side::Either, "flag provided but not defined", &[Rule::ApiVersion, Rule::KnownFlag, Rule::KnownFlagOfEtcdctl], &[likely("ETCDCTL_API=2 with flags of version 3"), likely("a flag that this version doesn't have")]).mend_by("set ETCDCTL_API=3, or correct the flag"),
    said(Side::Either, "flag needs an argument", &[Rule::KnownFlag, Rule::KnownFlagOfEtcdctl], &[likely("a flag without its value")]).mend_by("write the value with `=`"),
    said(Side::Etcd, "bad flag syntax", &[Rule::KnownFlag], &[likely("a flag that begins with something else than letters")]),
    said(Side::Etcdctl, "invalid argument", &[Rule::KnownFlagOfEtcdctl], &[likely("a flag of etcdctl has a value that it doesn't take")]).mend_by("correct the value"),
    said(Side::Etcdctl, "unknown shorthand flag", &[Rule::KnownFlagOfEtcdctl], &[likely("a flag of etcdctl with one dash")]).mend_by("write the flag with two dashes"),
    said(Side::Etcdctl, "unknown flag: ", &[Rule::KnownFlagOfEtcdctl], &[likely("a flag that etcdctl doesn't have")]),
    said(Side::Etcdctl, "unsupported output format", &[Rule::KnownFlagOfEtcdctl], &[likely("--write-out has a format that etcdctl doesn't have")]).mend_by("write simple, json, fields, table or protobuf"),
    said(Side::Etcdctl, "unknown command", &[Rule::KnownCommand], &[likely("a command that etcdctl doesn't have"), likely("a flag without `=` that swallowed the command")]).mend_by("correct the command, and write flags with `=`"),
    said(Side::Etcdctl, "command needs", &[Rule::KnownCommand], &[likely("a command without the words that it needs")]),
    said(Side::Etcdctl, "empty string is passed to", &[Rule::NoEmptyPath], &[likely("--cert, --key or --cacert without a path")]),
    said(Side::Etcdctl, "no available endpoints", &[Rule::EndpointsNamed], &[likely("--endpoints is empty")]),
    said(Side::Etcdctl, "unsupported API version", &[Rule::ApiVersion], &[likely("ETCDCTL_API is neither 2 nor 3")]),
    said(Side::Etcdctl, "No help topic for", &[Rule::ApiVersion], &[likely("ETCDCTL_API=2 with a command of version 3")]),
    said(Side::Etcdctl, "response is invalid json", &[Rule::ApiVersion], &[likely("ETCDCTL_API=2, whose API etcd doesn't answer")]),
    said(Side::Etcd, "unknown logger option", &[Rule::SettingInRange], &[likely("--logger has a word that this etcd doesn't know")]).mend_by("leave --logger out"),
    said(Side::Etcd, "unknown auto-compaction-mode", &[Rule::SettingInRange], &[likely("--auto-compaction-mode is neither periodic nor revision")]),
    said(Side::Etcd, "unrecognized level", &[Rule::SettingInRange], &[likely("--log-level has a word that etcd doesn't know")]).mend_by("write debug, info, warn, error, panic or fatal").of_releases(&[from((5, 0))]),
    said(Side::Etcd, "--heartbeat-interval must be", &[Rule::SettingInRange], &[likely("--heartbeat-interval is zero")]),
    said(Side::Etcd, "--election-timeout", &[Rule::SettingInRange], &[likely("--election-timeout doesn't fit --heartbeat-interval")]).mend_by("make it at least five times the heartbeat, and at most 50 s"),
    said(Side::Etcdctl, "user name is empty", &[Rule::CommonNameIsUser], &[likely("authentication is on, and the client's certificate has no common name")]).mend_by("use a certificate with the common name of a user").source_in("etcd api/v3rpc/rpctypes/error.go, ErrUserEmpty"),
    said(Side::Etcdctl, "connection refused", &[Rule::SomethingListens], &[likely("nothing listens at the endpoint"), likely("etcd ended at its start: see its log")]).source_in("Go syscall, ECONNREFUSED"),
    said(Side::Etcdctl, "no such host", &[Rule::SomethingListens], &[likely("the endpoint's host has no address")]).mend_by("correct the host, or give it an address in /etc/hosts"),
    said(Side::Etcdctl, "missing port in address", &[Rule::SomethingListens], &[likely("the endpoint has no port")]).mend_by("write the port: 2379"),
    said(Side::Etcdctl, "too many colons in address", &[Rule::SomethingListens], &[likely("the endpoint has a scheme other than http and https")]).mend_by("write https:// in front of the endpoint"),
    said(Side::Etcdctl, "transport: authentication handshake failed: EOF", &[Rule::PlainEndpoint], &[likely("TLS to a port without")]),
    said(Side::Either, "handshake failure", &[Rule::CommonTlsVersion, Rule::ClientCertificateRequired, Rule::KeyCanSign], &[likely("the two sides share no cipher suite for the server's key"), likely("to a TLS 1.2 client: etcd demands a certificate"), likely("the other side's key has no signature scheme in TLS 1.3")]).mend_by("look at the log of the other side"),
    said(Side::Either, "bad certificate", &[Rule::UsageClient, Rule::PathLength, Rule::NameConstraints, Rule::CriticalExtension, Rule::ClientCaKnown, Rule::ServerCaKnown, Rule::HostSan, Rule::AddressSan, Rule::ValidityEnds, Rule::ValidityBegins, Rule::ClientCertificateRequired, Rule::AllowedHostname, Rule::AllowedCommonName, Rule::UsageServer], &[in_log("in etcd's log: the client refused the server's certificate, and its own output says why"), printed("from etcdctl: etcd refused the client's certificate, and its log says why")]).mend_by("look at the log of the other side"),
    said(Side::Etcdctl, "error reading server preface: EOF", &[Rule::TlsEndpoint, Rule::NotRevoked, Rule::CrlExists, Rule::CrlReadable], &[likely("plain HTTP to a TLS port"), likely("the CRL lists the client's certificate, or can't be read")]).mend_by("look at etcd's log").of_releases(&[between((4, 31), (5, 0)), from((5, 10))]).source_in("google.golang.org/grpc internal/transport/http2_client.go"),
    said(Side::Etcdctl, "broken pipe", &[Rule::ClientCertificateRequired, Rule::ClientCaKnown, Rule::UsageClient, Rule::NotRevoked], &[likely("etcd refused the client's certificate, and its alert was lost"), likely("the CRL lists the certificate")]).mend_by("look at etcd's log").source_in("Go syscall, EPIPE"),
    said(
        Side::Either,
        "read: connection reset by peer",
        &[Rule::ClientCertificateRequired, Rule::ClientCaKnown, Rule::UsageClient, Rule::NotRevoked, Rule::TlsEndpoint],
        &[
            in_log("the client hung up: a probe, a load balancer, or a client that is gone"),
            printed("etcd refused the client's certificate, and its alert was lost"),
            printed("plain HTTP to a TLS port"),
        ],
    )
    .mend_by("in etcd's log: nothing, unless clients fail; from a client: look at etcd's log")
    .source_in("Go syscall, ECONNRESET"),
    said(Side::Etcdctl, "connection reset by peer", &[Rule::ClientCertificateRequired, Rule::ClientCaKnown, Rule::UsageClient, Rule::NotRevoked, Rule::TlsEndpoint], &[likely("etcd refused the client's certificate, and its alert was lost"), likely("plain HTTP to a TLS port")]).mend_by("look at etcd's log").source_in("Go syscall, ECONNRESET"),
    said(Side::Etcd, "accept tcp", &[Rule::KnownCipherSuite], &[likely("etcd closed its listener, for a reason in the lines before"), likely("--cipher-suites lacks the AES-128-GCM suite that HTTP/2 demands")]),
    said(Side::Etcd, "invalid memory address or nil pointer dereference", &[Rule::KnownCipherSuite], &[likely("etcd 3.4 with a --cipher-suites that lacks the AES-128-GCM suite that HTTP/2 demands")]).of_releases(&[between((4, 20), (4, 30))]),
    said(Side::Etcdctl, "connection closed", &[Rule::ClientCertificateRequired, Rule::ClientCaKnown, Rule::NotRevoked, Rule::CrlExists, Rule::CrlReadable, Rule::TlsEndpoint], &[likely("etcd closed the connection, and its log says why"), likely("plain HTTP to a TLS port")]).mend_by("look at etcd's log"),
    said(Side::Etcdctl, "use of closed network connection", &[Rule::NotRevoked, Rule::CrlExists, Rule::CrlReadable, Rule::TlsEndpoint], &[likely("etcd closed the connection, and its log says why")]).mend_by("look at etcd's log"),
    said(Side::Etcdctl, "all SubConns are in TransientFailure", &[Rule::SomethingListens, Rule::ServerCaKnown, Rule::ClientCaKnown], &[likely("the connection failed; this etcdctl doesn't say why")]).mend_by("look at etcd's log").of_releases(&[between((0, 0), (4, 31))]).source_in("google.golang.org/grpc balancer/balancer.go, ErrTransientFailure"),
    said(Side::Either, "point not on curve", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("the public key is no point on its curve")]).mend_by("issue the certificate again, from a new key"),
    said(Side::Either, "point encoding", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("the public key is no point on its curve")]).mend_by("issue the certificate again, from a new key"),
    said(Side::Either, "ecdsa: invalid uncompressed public key", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("the public key is not written as an uncompressed point")]).mend_by("issue the certificate again, with software that writes uncompressed points"),
    said(Side::Either, "parsing time", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a time in a certificate is written in a form that Go doesn't read")]).mend_by("issue the certificate again, with times that end in Z and have seconds"),
    said(Side::Either, "pkcs12: ", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a name in a certificate is a BMPString that can't be read")]).mend_by("issue the certificate with UTF8String names"),
    said(Side::Etcd, "selfSignedCertValidity is invalid", &[Rule::KnownFlag], &[likely("--self-signed-cert-validity is zero")]).mend_by("leave the flag out, or write years"),
    said(Side::Either, "asn1: ", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::CrlReadable], &[likely("a certificate or CRL is no DER that Go can read"), likely("the trusted CA file holds a key")]).mend_by("issue it again, with software that writes DER; put only certificates into the trusted CA file"),
    said(Side::Either, "x509: ", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable, Rule::IssuerValid], &[likely("a certificate is no DER that Go can read"), likely("the trusted CA file holds a key")]).mend_by("issue it again, with software that writes DER; put only certificates into the trusted CA file"),
    said(Side::Etcdctl, "context deadline exceeded", &[], &[likely("the connection failed for a reason that stands in a line before, or in etcd's log")]).mend_by("look at the line before, and at etcd's log").source_in("Go context/context.go, DeadlineExceeded"),
    said(Side::Etcd, "but missing from --initial-", &[Rule::AdvertisedInCluster], &[likely("--initial-advertise-peer-urls and the member's own URLs in --initial-cluster differ")]),
    said(Side::Etcd, "error setting up initial cluster", &[Rule::InitialCluster, Rule::DiscoveredByDns], &[likely("a URL in --initial-cluster can't be read"), likely("with --discovery-srv: DNS has no records of the members")]).mend_by("correct --initial-cluster, or the domain's SRV records"),
    said(Side::Etcd, "has duplicate url", &[Rule::InitialCluster], &[likely("two members of --initial-cluster have the same URL")]).mend_by("give each member its own URL"),
    said(Side::Etcd, "cannot fetch cluster info from peer urls", &[Rule::ExistingClusterHasMembers], &[likely("--initial-cluster-state=existing, but no other member answers")]).mend_by("start the other members first, or write new for a new cluster"),
    said(Side::Etcdctl, "dns lookup errors", &[Rule::EndpointsByDns], &[likely("--discovery-srv names a domain without SRV records of clients")]).mend_by("add the records, or name the endpoints with --endpoints"),
    said(Side::Etcd, "multiple discovery or bootstrap flags are set", &[Rule::OneWayToTheCluster], &[likely("more than one of --initial-cluster, --discovery and --discovery-srv is set")]),
    said(Side::Either, ": is a directory", &[Rule::FileIsNoDirectory, Rule::ConfigFile], &[likely("a folder is named where a file is wanted")]),
    said(Side::Either, ": not a directory", &[Rule::FileIsNoDirectory, Rule::SettingInRange], &[likely("a path goes through a file as if it were a folder, or ends in `/`"), likely("a file is named where a folder is wanted")]).mend_by("correct the path"),
    said(Side::Etcdctl, "member name not provided", &[Rule::KnownCommand], &[likely("a command without the words that it needs")]).mend_by("write the name"),
    said(Side::Etcdctl, "bad lease ID", &[Rule::KnownFlagOfEtcdctl], &[likely("--lease is no hexadecimal number")]).mend_by("write the lease as etcdctl printed it"),
    said(Side::Etcdctl, "bad sort target", &[Rule::KnownFlagOfEtcdctl], &[likely("--sort-by has a word that etcdctl doesn't know")]).mend_by("write CREATE, KEY, MODIFY, VALUE or VERSION"),
    said(Side::Etcdctl, "unknown consistency flag", &[Rule::KnownFlagOfEtcdctl], &[likely("--consistency has a word that etcdctl doesn't know")]).mend_by("write l or s"),
    said(Side::Etcd, "error parsing CompactionRetention", &[Rule::SettingInRange], &[likely("--auto-compaction-retention is neither a number nor a duration")]).mend_by("write hours as a number, or a duration such as 30m"),
    said(Side::Etcd, "requires a single file path when --log-rotate-config-json", &[Rule::SettingInRange], &[likely("logs can be rotated only with one file in --log-outputs")]).mend_by("name one file in --log-outputs, or leave rotation out"),
    said(Side::Etcd, "improperly formatted log rotation config", &[Rule::SettingInRange], &[likely("--log-rotation-config-json is no JSON of the right kinds of values")]).mend_by("correct the JSON"),
    said(Side::Etcd, "invalid auth options", &[Rule::SettingInRange], &[likely("--auth-token is neither simple nor jwt with its options")]).mend_by("write simple, or correct the options of jwt"),
    said(Side::Etcd, "multi logoutput for", &[Rule::SettingInRange], &[likely("--log-outputs names default and something else")]).mend_by("keep one of them"),
    said(Side::Etcd, "unknown level", &[Rule::SettingInRange], &[likely("--log-level has a word that etcd doesn't know")]).mend_by("write debug, info, warn, error, panic or fatal").of_releases(&[between((0, 0), (5, 0))]),
    said(Side::Etcd, "requires experimental-enable-lease-checkpoint", &[Rule::SettingInRange], &[likely("--experimental-enable-lease-checkpoint-persist without the flag that it builds on")]).mend_by("add --experimental-enable-lease-checkpoint"),
];

/// How many letters of a saying the index goes by.
const BEGIN: usize = 4;

/// Bits that tell at once that no saying begins at a place in a line.
const FILTER: usize = 1 << 13;

/// The sayings by their first letters, so that a line is gone through once,
/// however many rows there are.
struct Index {
    filter: Vec<bool>,
    rows: BTreeMap<[u8; BEGIN], Vec<usize>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(SAYINGS));

/// Spreads the letters over the filter (Knuth's multiplicative hash).
fn bit(begin: [u8; BEGIN]) -> usize {
    const GOLDEN: u32 = 2_654_435_761;
    let spread = u32::from_le_bytes(begin).wrapping_mul(GOLDEN) >> 19;
    usize::try_from(spread).unwrap_or(0) % FILTER
}

impl Index {
    fn of(sayings: &[Saying]) -> Self {
        let mut index = Self {
            filter: vec![false; FILTER],
            rows: BTreeMap::new(),
        };
        for (row, saying) in sayings.iter().enumerate() {
            let Some(begin) = saying.words.as_bytes().first_chunk() else {
                continue;
            };
            if let Some(known) = index.filter.get_mut(bit(*begin)) {
                *known = true;
            }
            index.rows.entry(*begin).or_default().push(row);
        }
        index
    }

    /// The first row whose words a line has.
    fn first(&self, sayings: &[Saying], line: &str) -> Option<usize> {
        let mut first: Option<usize> = None;
        let mut rest = line.as_bytes();
        while let Some(begin) = rest.first_chunk::<BEGIN>() {
            if self.filter.get(bit(*begin)).copied() == Some(true)
                && let Some(rows) = self.rows.get(begin)
            {
                let has = |row: &&usize| {
                    let words = sayings.get(**row).map(|saying| saying.words.as_bytes());
                    words.is_some_and(|words| rest.starts_with(words))
                };
                let better = |row: &&usize| first.is_none_or(|known| **row < known);
                first = rows.iter().filter(better).find(has).copied().or(first);
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        first
    }
}

/// The saying that a line counts for: its place in [`SAYINGS`].
#[must_use]
pub fn place_in(line: &str) -> Option<usize> {
    INDEX.first(SAYINGS, line)
}

/// A saying travels as its words: both ends have the same rows.
pub mod by_words {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::{SAYINGS, Saying};

    /// Writes a saying.
    ///
    /// # Errors
    ///
    /// What the serializer refuses.
    pub fn serialize<S: Serializer>(saying: &Saying, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(saying.words)
    }

    /// Reads a saying.
    ///
    /// # Errors
    ///
    /// No saying has these words.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<&'static Saying, D::Error> {
        let words = String::deserialize(deserializer)?;
        SAYINGS
            .iter()
            .find(|saying| saying.words == words)
            .ok_or_else(|| D::Error::custom(format_args!("no saying has the words {words:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_saying_has_words_of_its_own_a_cause_a_mend_and_a_source() {
        let mut seen = std::collections::BTreeSet::new();
        for saying in SAYINGS {
            assert!(saying.words.len() >= BEGIN, "{saying:?}");
            assert!(seen.insert(saying.words), "{saying:?} stands twice");
            assert!(
                !saying.causes.is_empty() && !saying.mend().is_empty(),
                "{saying:?}"
            );
            assert!(!saying.source().is_empty(), "{saying:?}");
        }
    }

    #[test]
    fn a_mend_is_written_only_where_it_is_not_the_rule_s() {
        for saying in SAYINGS {
            let of_rule = saying.rules.first().map(|rule| rule.mend());
            assert!(
                saying.mend.is_none() || saying.mend != of_rule,
                "{saying:?}"
            );
        }
    }

    #[test]
    fn no_saying_hides_behind_an_earlier_one_that_it_contains() {
        for (row, saying) in SAYINGS.iter().enumerate() {
            assert_eq!(place_in(saying.words), Some(row), "{saying:?}");
        }
    }

    #[test]
    fn the_index_finds_what_looking_for_each_saying_in_turn_finds() {
        let lines = SAYINGS.iter().zip(SAYINGS.iter().rev());
        for (one, other) in lines {
            let line = format!("aé {} ü{}x", other.words, one.words);
            let slowly = SAYINGS.iter().position(|it| line.contains(it.words));
            assert_eq!(place_in(&line), slowly, "{line}");
        }
        assert_eq!(place_in("the cat sat on the mat"), None);
        assert_eq!(place_in(""), None);
    }
}
