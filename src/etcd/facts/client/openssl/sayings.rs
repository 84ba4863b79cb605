//! OpenSSL's words, which curl, Python, Node, Ruby, Perl, PHP, NGINX, `HAProxy` and
//! Lua pass on: its alerts (`sslv3 alert bad certificate` until 3.1, `ssl/tls alert
//! bad certificate` since 3.2, `tls alert bad certificate` in Python's cryptography),
//! what its check of a chain says, and what it can't load. From `ssl/ssl_err.c`,
//! `ssl/ssl_stat.c` and `crypto/x509/x509_txt.c` of 1.0.2 to 3.5.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts::{self, LeftOpen};
use crate::etcd::facts::saying::{self, Likely, Saying, SayingKind, Speaker, likely};

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::told(words, alert).by(Speaker::OpenSsl)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::checked(words, rules, causes).by(Speaker::OpenSsl)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::own(words, rules, causes).by(Speaker::OpenSsl)
}

/// In prose, too, people write of a self-signed certificate: the program says it
/// behind a colon or a number.
const SELF_SIGNED: &[Likely] = &[
    likely("etcd's certificate is signed by itself, and the client was not given it as its CA"),
    likely("etcd runs with --auto-tls"),
];

const GIVE_CA: &str = "give the client the CA of etcd's certificate, with its root";

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    // What it can't load.
    own("key values mismatch", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER),
    own("key_values_mismatch", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER),
    own("key type mismatch", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER),
    own("system library::no such file", &[Rule::FileExists], alerts::MISSING),
    own("bio routines::no such file", &[Rule::FileExists], alerts::MISSING),
    own("calling fopen(", &[Rule::FileExists, Rule::MayReadFile], alerts::MISSING),
    own("unsupported:crypto/evp/", &[Rule::KeyReadable], &[likely("OpenSSL 3 does not read the old form of the key or of the PKCS#12 file (RC2, MD5)")]).mend_by("write it again with a current openssl, or with -legacy"),
    own("no start line", &[Rule::Pem], alerts::NO_PEM),
    own("[ssl] pem lib", &[Rule::Pem, Rule::KeyFitsCertificate, Rule::KeyNotEncrypted], alerts::NO_PEM).mend_by("look into both files: a certificate and its key, as PEM"),
    own("bad base64 decode", &[Rule::Pem], &[likely("the PEM of a file is damaged")]),
    own("bad end line", &[Rule::Pem], &[likely("the PEM of a file ends in the middle of a line")]),
    own("bad decrypt", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED),
    own("bad password read", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED),
    own("problems getting password", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED),
    own("unable to get passphrase", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED),
    own("bad pass phrase", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED),
    own("maybe wrong password", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED),
    own("ee key too small", &[Rule::KeyCanSign], &[likely("OpenSSL's security level refuses a key that is so small")]).mend_by("make a key of 2048 bits or more, and issue the certificate again"),
    own("ca md too weak", &[Rule::SecureSignature], &[likely("OpenSSL's security level refuses a signature with SHA-1 or MD5")]).mend_by("issue the certificate again with SHA-256"),
    // The other side's alerts.
    told("alert certificate required", &alerts::REQUIRED),
    told("alert_certificate_required", &alerts::REQUIRED),
    told("alert number 116", &alerts::REQUIRED),
    told("alert bad certificate", &alerts::BAD_CERTIFICATE),
    told("alert_bad_certificate", &alerts::BAD_CERTIFICATE),
    told("alert number 42", &alerts::BAD_CERTIFICATE),
    told("alert certificate expired", &alerts::EXPIRED),
    told("alert_certificate_expired", &alerts::EXPIRED),
    told("alert number 45", &alerts::EXPIRED),
    told("alert unknown ca", &alerts::UNKNOWN_CA),
    told("alert_unknown_ca", &alerts::UNKNOWN_CA),
    told("alert number 48", &alerts::UNKNOWN_CA),
    told("alert handshake failure", &alerts::HANDSHAKE_FAILURE),
    told("alert_handshake_failure", &alerts::HANDSHAKE_FAILURE),
    told("alert number 40", &alerts::HANDSHAKE_FAILURE),
    told("alert protocol version", &alerts::PROTOCOL_VERSION),
    told("alert_protocol_version", &alerts::PROTOCOL_VERSION),
    told("alert number 70", &alerts::PROTOCOL_VERSION),
    told("alert decrypt error", &alerts::DECRYPT_ERROR),
    told("alert_decrypt_error", &alerts::DECRYPT_ERROR),
    told("alert number 51", &alerts::DECRYPT_ERROR),
    told("alert unsupported certificate", &alerts::UNSUPPORTED),
    told("alert_unsupported_certificate", &alerts::UNSUPPORTED),
    told("alert certificate unknown", &alerts::UNSUPPORTED),
    told("alert_certificate_unknown", &alerts::UNSUPPORTED),
    told("alert certificate revoked", &alerts::UNSUPPORTED),
    told("alert access denied", &alerts::UNSUPPORTED),
    told("alert illegal parameter", &alerts::DAMAGED),
    told("alert decode error", &alerts::DAMAGED),
    told("alert internal error", &alerts::DAMAGED),
    told("alert_internal_error", &alerts::DAMAGED),
    told("alert unexpected message", &alerts::DAMAGED),
    told("alert insufficient security", &alerts::HANDSHAKE_FAILURE),
    // What its check of etcd's chain says.
    checked("ip address mismatch", alerts::SERVER_ADDRESS, alerts::NO_ADDRESS),
    checked("hostname mismatch", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("host name mismatch", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("hostname verification failed", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("unable to get local issuer certificate", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("unable to get issuer certificate", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("unable_to_get_issuer_cert", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("unable to verify the first certificate", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("unable_to_verify_leaf_signature", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("verify error:num=19", &[Rule::ServerCaKnown], &[likely("openssl s_client checks the server by itself, and was given no -CAfile; the CA names that it lists are those of --trusted-ca-file")])
        .mend_by("call it with -CAfile ca.crt, and only then believe it")
        .source_in("OpenSSL, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN"),
    checked("self signed certificate in certificate chain", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("self-signed certificate in certificate chain", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked("self_signed_cert_in_chain", alerts::SERVER_CA, alerts::CA_UNKNOWN).mend_by(GIVE_CA),
    checked(": self signed certificate", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked(":self signed certificate", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked("(self signed certificate", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked("self signed certificate encountered", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked(": self-signed certificate", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked(":self-signed certificate", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked("(self-signed certificate", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked("self-signed certificate encountered", alerts::SERVER_CA, SELF_SIGNED).mend_by(GIVE_CA),
    checked("depth_zero_self_signed_cert", alerts::SERVER_CA, &[likely("etcd's certificate is signed by itself, and the client was not given it as its CA"), likely("etcd runs with --auto-tls")]).mend_by(GIVE_CA),
    checked("certificate signature failure", &[Rule::SignatureFitsIssuer, Rule::ServerCaKnown], &[likely("the client's CA has the right name and another key: it was made anew")]).mend_by(GIVE_CA),
    checked("certificate is not yet valid", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("cert_not_yet_valid", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("certificate has expired", &[Rule::ValidityEnds], alerts::ENDED),
    checked("cert_has_expired", &[Rule::ValidityEnds], alerts::ENDED),
    checked("unsuitable certificate purpose", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("unsupported certificate purpose", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("invalid_purpose", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("invalid ca certificate", &[Rule::IntermediateIsCa, Rule::IssuerCanSign], &[likely("a CA above etcd's certificate has no basic constraints with cA TRUE")]).mend_by("issue the CA with basic constraints: critical, CA:TRUE"),
    checked("path length constraint exceeded", &[Rule::PathLength], &[likely("a CA's path length allows fewer CAs below it")]),
    checked("permitted subtree violation", &[Rule::NameConstraints], &[likely("a name of etcd's certificate is outside of its CA's name constraints")]),
    checked("excluded subtree violation", &[Rule::NameConstraints], &[likely("a name of etcd's certificate is excluded by its CA's name constraints")]),
    checked("basic constraints of ca cert not marked critical", &[Rule::IntermediateIsCa], &[likely("OpenSSL with X509_STRICT (Python 3.13) wants them critical in the CA's certificate")]).mend_by("issue the CA with basic constraints: critical, CA:TRUE"),
    checked("ca cert does not include key usage extension", &[Rule::IssuerCanSign], &[likely("OpenSSL with X509_STRICT (Python 3.13) wants a key usage in the CA's certificate")]).mend_by("issue the CA with key usage keyCertSign"),
    checked("missing authority key identifier", &[Rule::IssuerIsSubject], &[likely("OpenSSL with X509_STRICT (Python 3.13) wants an authority key identifier in etcd's certificate")]).mend_by("issue etcd's certificate with an authority key identifier"),
    checked("certificate verify failed", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("ask `openssl s_client -connect HOST:2379 -CAfile ca.crt -verify_return_error` for the reason"),
    checked("certificate_verify_failed", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("ask `openssl s_client -connect HOST:2379 -CAfile ca.crt -verify_return_error` for the reason"),
    // Plain text where TLS was wanted.
    checked("ssl23_get_server_hello:unknown protocol", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]).mend_by("write http:// in front of the endpoint, or let etcd listen on https://"),
    checked("wrong version number", &[Rule::PlainEndpoint, Rule::CommonTlsVersion], &[likely("TLS was begun with a port that speaks plain HTTP")]).mend_by("write http:// in front of the endpoint, or let etcd listen on https://"),
    checked("packet length too long", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]).mend_by("write http:// in front of the endpoint, or let etcd listen on https://"),
    checked("ssl routines::http request", &[Rule::TlsEndpoint], &[likely("plain HTTP was spoken to a TLS port")]),
    own("unsupported protocol", &[Rule::CommonTlsVersion], &[likely("the two sides share no TLS version")]).of(SayingKind::Check),
    own("no protocols available", &[Rule::CommonTlsVersion], &[likely("the client's settings leave no TLS version")]).of(SayingKind::Check),
    saying::broken("unexpected eof while reading", &alerts::NO_TLS).by(Speaker::OpenSsl),
    saying::broken("unexpected_eof_while_reading", &alerts::NO_TLS).by(Speaker::OpenSsl),
    saying::broken("eof occurred in violation of protocol", &alerts::LOST).by(Speaker::OpenSsl),
    saying::broken("ssl_error_syscall", &alerts::NO_TLS).by(Speaker::OpenSsl),
    saying::broken("no peer certificate available", &alerts::NO_TLS).by(Speaker::OpenSsl),
    own("read r block", &[], &[likely("s_client is done with the handshake; over TLS 1.3 it says so before etcd has looked at the client's certificate, so that a refusal comes after it")]).of(SayingKind::Harmless).mend_by("nothing; whether etcd took the certificate, its log says"),
    saying::broken("closed", &alerts::CLOSED).by(Speaker::OpenSsl).alone(),
];
