//! rustls' words, and those of tonic, hyper and reqwest around it: as `Display`
//! prints them and as `Debug` does. From rustls 0.21 to 0.23, `src/error.rs` and
//! `src/enums.rs`.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts::{self, LeftOpen};
use crate::etcd::facts::saying::{self, Likely, Saying, SayingKind, Speaker, likely};

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::told(words, alert).by(Speaker::Rustls)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::checked(words, rules, causes).by(Speaker::Rustls)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::own(words, rules, causes).by(Speaker::Rustls)
}

/// An endpoint that is no name, where rustls of old wants one.
const UNNAMED: &[Likely] = &[likely(
    "the endpoint's host is an address or empty, and this rustls asks for a DNS name",
)];
const NAME_IT: &str = "set TlsOptions::domain_name to a DNS name of etcd's certificate, or update tonic and rustls, which take addresses since 0.9 and 0.21";

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    told("alert: certificaterequired", &alerts::REQUIRED),
    told("alertreceived(certificaterequired", &alerts::REQUIRED),
    told("alert: badcertificate", &alerts::BAD_CERTIFICATE),
    told("alertreceived(badcertificate", &alerts::BAD_CERTIFICATE),
    told("alert: certificateexpired", &alerts::EXPIRED),
    told("alertreceived(certificateexpired", &alerts::EXPIRED),
    told("alert: unknownca", &alerts::UNKNOWN_CA),
    told("alertreceived(unknownca", &alerts::UNKNOWN_CA),
    told("alert: handshakefailure", &alerts::HANDSHAKE_FAILURE),
    told("alertreceived(handshakefailure", &alerts::HANDSHAKE_FAILURE),
    told("alert: protocolversion", &alerts::PROTOCOL_VERSION),
    told("alertreceived(protocolversion", &alerts::PROTOCOL_VERSION),
    told("alert: decrypterror", &alerts::DECRYPT_ERROR),
    told("alertreceived(decrypterror", &alerts::DECRYPT_ERROR),
    told("alert: unsupportedcertificate", &alerts::UNSUPPORTED),
    told("alert: certificateunknown", &alerts::UNSUPPORTED),
    told("alert: internalerror", &alerts::DAMAGED),
    checked("certificate is not valid for any names (according", &[Rule::CommonNameIsNoHost, Rule::AddressSan, Rule::HostSan], alerts::NO_SAN),
    checked("certificate is only valid for ipaddress", alerts::SERVER_ADDRESS, alerts::NO_ADDRESS),
    checked("presented: [] }", &[Rule::CommonNameIsNoHost, Rule::AddressSan, Rule::HostSan], alerts::NO_SAN).beside(&["notvalidfornamecontext"]),
    checked("expected: ipaddress(", alerts::SERVER_ADDRESS, alerts::NO_ADDRESS).beside(&["notvalidfornamecontext"]),
    checked("notvalidforname", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("certificate not valid for name", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("notvalidyet", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("certificate not valid yet", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("invalid peer certificate: certificate expired", &[Rule::ValidityEnds], alerts::ENDED),
    checked("invalidcertificate(expired", &[Rule::ValidityEnds], alerts::ENDED),
    checked("invalid peer certificate: expired", &[Rule::ValidityEnds], alerts::ENDED),
    checked("invalidpurpose", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("does not allow extended key usage for server authentication", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("unknownissuer", alerts::SERVER_CA, &[likely("the client was not given the CA of etcd's certificate")]),
    checked("causedasendentity", &[Rule::ServerCaKnown], &[likely("etcd's server certificate is a CA itself, as --auto-tls and plain `openssl req -x509` make it, and rustls takes none")]).mend_by("issue etcd's certificate from a CA, with basic constraints CA:FALSE"),
    checked("invalid peer certificate: badsignature", &[Rule::SignatureFitsIssuer, Rule::ServerCaKnown], &[likely("the client's CA has the right name and another key: it was made anew")]),
    checked("invalid peer certificate: badencoding", &[Rule::Der], &[likely("rustls can't read etcd's certificate")]),
    checked("unhandledcriticalextension", &[Rule::CriticalExtension], &[likely("a certificate has an extension marked critical that rustls doesn't process")]),
    checked("unsupportedcertversion", &[Rule::Der], &[likely("a certificate is of version 1, and rustls takes version 3 alone")]).mend_by("issue the certificate as version 3"),
    checked("nameconstraintviolation", &[Rule::NameConstraints], &[likely("a name of etcd's certificate is outside of its CA's name constraints")]),
    checked("unsupportedcriticalextension", &[Rule::CriticalExtension], &[likely("etcd's certificate has an extension marked critical that rustls doesn't know, such as certificatePolicies")]),
    checked("invalid peer certificate", alerts::SERVER_ANY, alerts::SERVER_OPEN),
    checked("invalidcertificate(", alerts::SERVER_ANY, alerts::SERVER_OPEN),
    own("invaliddnsname", &[], UNNAMED).mend_by(NAME_IT).by(Speaker::Program).source_in("tonic src/transport/service/tls.rs, of rustls before 0.21"),
    own("invalid dns name", &[], UNNAMED).mend_by(NAME_IT).by(Speaker::Program).source_in("rustls src/client, ServerName"),
    own("incompatible tls identity type", &[], &[likely("reqwest was built with native-tls and with rustls, and the identity is made for the one that isn't used")]).mend_by("call use_rustls_tls() on the builder beside Identity::from_pem, or build reqwest without default-tls").by(Speaker::Program).source_in("reqwest src/error.rs"),
    own("keymismatch", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER),
    own("nocertificatespresented", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).by(Speaker::Program).source_in("tonic src/transport/service/tls.rs"),
    own("privatekeyparseerror", &[Rule::KeyNotEncrypted, Rule::KeyReadable, Rule::Pem], alerts::ENCRYPTED).by(Speaker::Program).source_in("tonic src/transport/service/tls.rs"),
    checked("unsupportedsignaturealgorithmforpublickeycontext", &[Rule::KnownKeyKind], &[likely("a P-521 key signed etcd's certificate, and rustls with ring, as in etcd-client's feature tls, doesn't know it")]).mend_by("issue etcd's certificate from a CA with an RSA or P-256 key, or build etcd-client with tls-aws-lc"),
    own("private key or certificate not found", &[Rule::Pem, Rule::PemOfKey, Rule::KeyNotEncrypted], alerts::NO_PEM).by(Speaker::Program).source_in("reqwest src/tls.rs, Identity::from_pem"),
    own("at least one certificate must be provided", &[Rule::Pem], alerts::NO_PEM).by(Speaker::Program).source_in("native-tls src/imp/openssl.rs, Identity::from_pkcs8"),
    own("expected pkcs#8 pem", &[Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("the private key is under a passphrase"), likely("or it is PKCS#1 or SEC1")]).by(Speaker::Program).source_in("native-tls src/lib.rs, Identity::from_pkcs8"),
    own("notpkcs8", &[Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("the private key is under a passphrase"), likely("or it is PKCS#1 or SEC1")]).by(Speaker::Program).source_in("native-tls src/lib.rs, Identity::from_pkcs8"),
    own("no keys found in file", &[Rule::PemOfKey, Rule::KeyNotEncrypted], alerts::NO_PEM),
    own("received corrupt message of type invalidcontenttype", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]).of(SayingKind::Check),
    own("invalidmessage(invalidcontenttype", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]).of(SayingKind::Check),
    saying::broken("tls handshake eof", &alerts::NO_TLS).by(Speaker::Rustls),
    saying::broken("closed because of a broken pipe", &alerts::LOST).by(Speaker::Program).source_in("h2 src/proto/connection.rs"),
    saying::broken("connection was not ready", &alerts::LOST).by(Speaker::Program).source_in("hyper src/error.rs"),
    saying::broken("canceled, \"connection closed\"", &alerts::CLOSED).by(Speaker::Program).source_in("hyper src/error.rs"),
    saying::broken("hyper::error(channelclosed)", &alerts::LOST).by(Speaker::Program).source_in("hyper src/error.rs"),
    saying::broken("channel closed", &alerts::LOST).by(Speaker::Program).source_in("hyper src/error.rs"),
    saying::broken("error(connect, ssl(error { code: errorcode(5), cause: none", &alerts::NO_TLS).by(Speaker::Program).source_in("native-tls"),
    saying::broken("kind: connectionrefused", &alerts::REFUSED).by(Speaker::Program).source_in("Rust std::io::ErrorKind"),
    saying::broken("kind: connectionreset", &alerts::CLOSED).by(Speaker::Program).source_in("Rust std::io::ErrorKind"),
    saying::broken("kind: brokenpipe", &alerts::LOST).by(Speaker::Program).source_in("Rust std::io::ErrorKind"),
    own("kind: notfound", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("Rust std::io::ErrorKind"),
    own("no such file or directory (os error 2)", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("Rust std::io::Error"),
    saying::broken("transport error: transport error", &alerts::ANYTHING).by(Speaker::Rustls).source_in("tonic src/transport/error.rs"),
];
