//! Java's words: JSSE's own, Netty's around it and around tcnative, gRPC's and
//! jetcd's. From `OpenJDK`'s `sun/security/ssl`, `sun/security/util/HostnameChecker.java`
//! and `sun/security/validator`, Netty's `SslContext.java`, grpc-java's
//! `netty/src/main/java/io/grpc/netty`.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts::{self, LeftOpen};
use crate::etcd::facts::saying::{self, Likely, Saying, SayingKind, Speaker, likely};

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::told(words, alert).by(Speaker::Jsse)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::checked(words, rules, causes).by(Speaker::Jsse)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::own(words, rules, causes).by(Speaker::Jsse)
}

const fn broken(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::broken(words, alert).by(Speaker::Jsse)
}

const PKCS8: &str = "Java wants PKCS#8 without a passphrase: openssl pkcs8 -topk8 -nocrypt -in client.key -out client.pk8";

/// What Java says of a server that speaks no TLS, and of an alert that it lost.
const TERMINATED: LeftOpen = LeftOpen {
    rules: &[
        Rule::PlainEndpoint,
        Rule::SomethingListens,
        Rule::ClientCertificateRequired,
        Rule::CommonTlsVersion,
        Rule::ClientCaKnown,
        Rule::ValidityEnds,
        Rule::ValidityBegins,
        Rule::UsageClient,
    ],
    causes: &[
        likely("TLS was begun, and nothing came back: the port listens on http://"),
        likely("what listens there is not etcd, or it ended in the middle"),
        likely(
            "over TLS 1.2: etcd demands a certificate, or refuses the one that it was shown, and its alert was lost",
        ),
    ],
    mend: alerts::NO_TLS.mend,
};

/// gRPC’s words where Java brings no ALPN.
const fn no_alpn(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "this Java has no ALPN of its own (before 8u252), and no netty-tcnative is found: gRPC can't begin TLS",
    )];
    own(words, &[Rule::CommonTlsVersion], CAUSES).by(Speaker::Program).mend_by("take a newer Java, or netty-tcnative-boringssl-static of the version that this gRPC names").source_in("grpc-java netty GrpcSslContexts.java; SECURITY.md")
}

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    told("received fatal alert: certificate_required", &alerts::REQUIRED),
    told("received fatal alert: bad_certificate", &alerts::BAD_CERTIFICATE),
    told("received fatal alert: certificate_expired", &alerts::EXPIRED),
    told("received fatal alert: unknown_ca", &alerts::UNKNOWN_CA),
    told("received fatal alert: handshake_failure", &alerts::HANDSHAKE_FAILURE),
    told("received fatal alert: protocol_version", &alerts::PROTOCOL_VERSION),
    told("received fatal alert: decrypt_error", &alerts::DECRYPT_ERROR),
    told("received fatal alert: certificate_unknown", &alerts::UNSUPPORTED),
    told("received fatal alert: unsupported_certificate", &alerts::UNSUPPORTED),
    told("received fatal alert: certificate_revoked", &alerts::UNSUPPORTED),
    told("received fatal alert: access_denied", &alerts::UNSUPPORTED),
    told("received fatal alert: internal_error", &alerts::DAMAGED),
    told("received fatal alert: illegal_parameter", &alerts::DAMAGED),
    checked("no subject alternative names matching ip address", alerts::SERVER_ADDRESS, alerts::NO_ADDRESS),
    checked("no subject alternative dns name matching", &[Rule::HostSan], alerts::NO_NAME),
    checked("no subject alternative names present", &[Rule::CommonNameIsNoHost, Rule::AddressSan, Rule::HostSan], alerts::NO_SAN),
    checked("no name matching", &[Rule::CommonNameIsNoHost, Rule::HostSan], alerts::NO_SAN).beside(&["found"]),
    checked("hostname/ip address doesn't match", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("hostname", alerts::SERVER_NAME, alerts::NO_NAME).beside(&["not verified"]).by(Speaker::Program).source_in("OkHttp RealConnection.kt"),
    checked("extended key usage does not permit use for tls server authentication", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("extended key usage does not permit", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("certificatenotyetvalidexception", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("certificateexpiredexception", &[Rule::ValidityEnds], alerts::ENDED),
    checked("validity check failed", &[Rule::ValidityEnds, Rule::ValidityBegins], &[likely("etcd's server certificate, or a CA above it, has expired or is not valid yet: “Caused by” below says which")]).mend_by("renew etcd's server certificate, or set the clock"),
    checked("unable to find valid certification path", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not in the client's trust store")]).mend_by("put the CA into the trust store: keytool -importcert -file ca.crt -keystore trust.p12"),
    checked("pkix path building failed", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not in the client's trust store")]).mend_by("put the CA into the trust store: keytool -importcert -file ca.crt -keystore trust.p12"),
    checked("trustanchors parameter must be non-empty", &[Rule::ServerCaKnown], &[likely("the client's trust store is empty, or its path is wrong")]).mend_by("name the trust store with the CA: -Djavax.net.ssl.trustStore"),
    checked("path does not chain with any of the trust anchors", alerts::SERVER_CA, &[likely("the CA of etcd's certificate is not in the client's trust store")]).mend_by("put the CA into the trust store: keytool -importcert -file ca.crt -keystore trust.p12"),
    checked("signature check failed", &[Rule::SignatureFitsIssuer, Rule::ServerCaKnown], &[likely("the client's CA has the right name and another key: it was made anew")]).mend_by("put the current CA into the trust store"),
    checked("basic constraints check failed", &[Rule::IssuerCanSign, Rule::IntermediateIsCa], &[likely("a CA above etcd's certificate has no basic constraints with cA TRUE")]),
    checked("name constraints check failed", &[Rule::NameConstraints], &[likely("a CA above etcd's certificate may not sign for its names")]),
    checked("pkix path validation failed", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("look at “Caused by” below"),
    broken("header parser received no bytes", &alerts::CLOSED).source_in("OpenJDK jdk/internal/net/http/Http1Response.java"),
    broken("unexpected end of file from server", &alerts::CLOSED).source_in("OpenJDK sun/net/www/http/HttpClient.java"),
    broken("java.nio.channels.closedchannelexception", &alerts::LOST).source_in("OpenJDK java/nio/channels/ClosedChannelException"),
    checked("failed on signature algorithm: ed25519", &[Rule::KnownKeyKind], &[likely("an Ed25519 key signed etcd's certificate, and Netty's tcnative offers no Ed25519")]).mend_by("issue etcd's certificate from a CA with an RSA or P-256 key"),
    checked("algorithm constraints check failed", &[Rule::SecureSignature, Rule::RsaKeySize], &[likely("Java's jdk.certpath.disabledAlgorithms refuses a signature or a key of etcd's chain")]).mend_by("issue the certificate again with SHA-256 and a key of 2048 bits or more"),
    own("derinputstream.getlength", &[Rule::KeyReadable, Rule::KeyNotEncrypted], &[likely("a store or key is in another form than Java was told")]).mend_by(PKCS8),
    own("not expected 48", &[Rule::KeyNotEncrypted, Rule::KeyReadable], alerts::ENCRYPTED).beside(&["dervalue"]).mend_by(PKCS8),
    own("does not contain valid private key", &[Rule::KeyReadable, Rule::KeyNotEncrypted, Rule::PemOfKey], &[likely("the key is PKCS#1 or SEC1, and Netty reads PKCS#8 alone"), likely("the key is under a passphrase")]).mend_by(PKCS8).by(Speaker::Program).source_in("Netty handler/ssl/SslContextBuilder.java"),
    own("neither rsa, dsa nor ec worked", &[Rule::KeyReadable, Rule::KeyNotEncrypted], &[likely("the key is PKCS#1 or SEC1 (BEGIN RSA PRIVATE KEY, BEGIN EC PRIVATE KEY), and Netty reads PKCS#8 alone"), likely("the key is under a passphrase")]).mend_by(PKCS8).by(Speaker::Program).source_in("Netty handler/ssl/SslContext.java, getPrivateKeyFromByteBuffer"),
    own("dervalue.getbiginteger", &[Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("the private key is under a passphrase"), likely("or it is not PKCS#8")]).mend_by(PKCS8),
    own("invalidkeyspecexception", &[Rule::KeyReadable, Rule::KeyNotEncrypted], &[likely("the key is PKCS#1 or SEC1, or under a passphrase, and Java reads plain PKCS#8")]).mend_by(PKCS8),
    own("could not find certificate file", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("Netty handler/ssl/PemReader.java"),
    own("could not find key file", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("Netty handler/ssl/PemReader.java"),
    own("found no certificates in input stream", &[Rule::Pem], alerts::NO_PEM).by(Speaker::Program).source_in("Netty handler/ssl/PemReader.java"),
    own("could not find a pkcs #8 private key", &[Rule::KeyReadable, Rule::PemOfKey], &[likely("the key is PKCS#1 or SEC1, and Netty reads PKCS#8 alone"), likely("the file holds no key")]).mend_by(PKCS8).by(Speaker::Program).source_in("Netty handler/ssl/PemReader.java"),
    own("does not contain valid certificates", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).by(Speaker::Program).source_in("Netty handler/ssl/SslContextBuilder.java"),
    own("no certificate data found", &[Rule::Pem], alerts::NO_PEM),
    own("nosuchfileexception", &[Rule::FileExists], alerts::MISSING),
    own("accessdeniedexception", &[Rule::MayReadFile], &[likely("the client's user may not read its certificate or key")]),
    own("keystore password was incorrect", &[Rule::KeyNotEncrypted], &[likely("the password of the store is another one")]).mend_by("give the store's password"),
    own("unrecognized ssl message, plaintext connection", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]).of(SayingKind::Check),
    own("not an ssl/tls record", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]).of(SayingKind::Check).by(Speaker::Program).source_in("Netty handler/ssl/NotSslRecordException.java"),
    own("no appropriate protocol", &[Rule::CommonTlsVersion], &[likely("the client's settings leave no TLS version that etcd speaks")]).of(SayingKind::Check),
    no_alpn("alpn/npn has not been properly configured"),
    no_alpn("could not find tls alpn provider"),
    own("alpn must be enabled and list http/2", &[Rule::CommonTlsVersion], &[likely("the SslContext was not made for gRPC: it offers no HTTP/2")]).by(Speaker::Program).mend_by("make it by GrpcSslContexts.forClient(), which sets ALPN and HTTP/2").source_in("grpc-java netty/GrpcSslContexts.java"),
    broken("connection closed while performing tls negotiation", &alerts::NO_TLS).by(Speaker::Program).source_in("grpc-java netty/ProtocolNegotiators.java"),
    broken("remote host terminated the handshake", &TERMINATED),
    broken("ssl peer shut down incorrectly", &alerts::NO_TLS),
    broken("network closed for unknown reason", &alerts::CLOSED).by(Speaker::Program).source_in("grpc-java netty/NettyClientHandler.java"),
    broken("error writing to server", &alerts::LOST),
    broken("http connect timed out", &alerts::LOST),
    broken("httptimeoutexception", &alerts::LOST),
    broken("java.net.socketexception: connection reset", &alerts::CLOSED),
    broken("java.util.concurrent.timeoutexception", &alerts::TIMED_OUT).by(Speaker::Program).source_in("jetcd, which never ends a call whose handshake fails"),
    broken("java.net.connectexception", &alerts::REFUSED),
    broken("finishconnect(..) failed", &alerts::REFUSED).by(Speaker::Program).source_in("Netty transport-native-epoll"),
    saying::told("server returned http response code: 400", &LeftOpen { rules: &[Rule::CommonNameIsUser], causes: &[likely("authentication is on, and the gateway takes no common name for a user; its answer says so")], mend: Some("ask /v3/auth/authenticate for a token with name and password, or use gRPC") }).by(Speaker::Jsse),
];
