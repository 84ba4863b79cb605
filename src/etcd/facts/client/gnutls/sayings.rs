//! `GnuTLS`' words: in gnutls-cli, wget, and the curl of some distributions. From
//! `lib/alert.c`, `lib/errors.c` and `lib/x509/verify-high.c`'s texts in
//! `lib/cert-session.c`.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts::{self, LeftOpen};
use crate::etcd::facts::saying::{self, Likely, Saying, SayingKind, Speaker, likely};

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::told(words, alert).by(Speaker::GnuTls)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::checked(words, rules, causes).by(Speaker::GnuTls)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::own(words, rules, causes).by(Speaker::GnuTls)
}

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    told("received alert [116]", &alerts::REQUIRED),
    told("received alert [42]", &alerts::BAD_CERTIFICATE),
    told("received alert [45]", &alerts::EXPIRED),
    told("received alert [48]", &alerts::UNKNOWN_CA),
    told("received alert [40]", &alerts::HANDSHAKE_FAILURE),
    told("received alert [70]", &alerts::PROTOCOL_VERSION),
    told("received alert [51]", &alerts::DECRYPT_ERROR),
    told("received alert [43]", &alerts::UNSUPPORTED),
    told("received alert [44]", &alerts::UNSUPPORTED),
    told("received alert [46]", &alerts::UNSUPPORTED),
    told("received alert [80]", &alerts::DAMAGED),
    told("gnutls_handshake() failed: certificate is bad", &alerts::BAD_CERTIFICATE),
    told("gnutls_handshake() failed: certificate is required", &alerts::REQUIRED),
    told("gnutls_handshake() failed: certificate is expired", &alerts::EXPIRED),
    told("gnutls_handshake() failed: ca is unknown", &alerts::UNKNOWN_CA),
    told("gnutls_handshake() failed: handshake failed", &alerts::HANDSHAKE_FAILURE),
    told("gnutls_handshake() failed: error in protocol version", &alerts::PROTOCOL_VERSION),
    told("gnutls_handshake() failed: a tls fatal alert has been received", &alerts::BAD_CERTIFICATE),
    saying::broken("gnutls_handshake() failed: the tls connection was non-properly terminated", &alerts::NO_TLS).by(Speaker::GnuTls),
    checked("gnutls_handshake() failed: an unexpected tls packet was received", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]),
    checked("an unexpected tls packet was received", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]),
    own("error importing key: decryption has failed", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED).source_in("GnuTLS src/cli.c, load_keys"),
    checked("the certificate issuer is unknown", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("doesn't have a known issuer", alerts::SERVER_CA, alerts::CA_UNKNOWN).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("hasn't got a known issuer", alerts::SERVER_CA, alerts::CA_UNKNOWN).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("the certificate chain uses expired certificate", &[Rule::ValidityEnds], alerts::ENDED),
    checked("uses not yet valid certificate", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("is not yet activated", &[Rule::ValidityBegins], alerts::NOT_BEGUN).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("has not yet been activated", &[Rule::ValidityBegins], alerts::NOT_BEGUN).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("the certificate has expired", &[Rule::ValidityEnds], alerts::ENDED).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("’ has expired", &[Rule::ValidityEnds], alerts::ENDED).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("the name in the certificate does not match the expected", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("certificate's owner does not match hostname", alerts::SERVER_NAME, alerts::NO_NAME).source_in("wget src/gnutls.c, ssl_check_certificate"),
    checked("purpose in the certificate", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("the certificate chain violates the signer's constraints", &[Rule::NameConstraints, Rule::PathLength], &[likely("a CA's constraints don't allow etcd's certificate")]),
    checked("the certificate chain uses insecure algorithm", &[Rule::SecureSignature], &[likely("GnuTLS takes no signature with SHA-1 or MD5")]),
    checked("the signature in the certificate is invalid", &[Rule::SignatureFitsIssuer, Rule::ServerCaKnown], &[likely("the client's CA has the right name and another key: it was made anew")]),
    checked("pki verification of server certificate failed", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("look at the line “Status: The certificate is NOT trusted” above"),
    checked("server certificate verification failed", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("ask gnutls-cli --x509cafile ca.crt HOST:2379 for the reason").source_in("curl lib/vtls/gtls.c"),
    checked("error in the certificate.", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("look at the line “Status: The certificate is NOT trusted” below"),
    checked("is not trusted.", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("look at the next line, which says why").source_in("wget src/gnutls.c, ssl_check_certificate"),
    own("error loading cert file: no certificate was found", &[Rule::Pem], alerts::NO_PEM),
    own("error loading cert file", &[Rule::FileExists, Rule::MayReadFile], alerts::MISSING),
    own("error loading key file", &[Rule::FileExists, Rule::KeyReadable, Rule::KeyNotEncrypted], alerts::MISSING),
    own("error reading x.509 key or certificate file", &[Rule::FileExists, Rule::Pem, Rule::KeyFitsCertificate, Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("GnuTLS can't use the certificate or the key: it is not there, is no PEM, is under a passphrase, or doesn't fit the other")]).mend_by("look at both files: `openssl x509 -noout -pubkey -in client.crt` and `openssl pkey -pubout -in client.key` must say the same").source_in("curl lib/vtls/gtls.c"),
    saying::broken("peer has closed the gnutls connection", &alerts::LOST).by(Speaker::GnuTls),
    saying::broken("the specified session has been invalidated", &alerts::LOST_OR_LEFT_OUT).by(Speaker::GnuTls),
    saying::broken("gnutls: the tls connection was non-properly terminated", &alerts::NO_TLS).by(Speaker::GnuTls),
    saying::broken("the tls connection was non-properly terminated", &alerts::NO_TLS).by(Speaker::GnuTls),
    saying::broken("gnutls recv error", &alerts::LOST).by(Speaker::GnuTls).source_in("curl lib/vtls/gtls.c"),
    saying::broken("a tls fatal alert has been received", &alerts::BAD_CERTIFICATE).of(SayingKind::Told).by(Speaker::GnuTls),
    saying::broken("no data received.", &alerts::CLOSED).by(Speaker::Program).source_in("wget src/http.c"),
    saying::broken("giving up.", &alerts::CLOSED).by(Speaker::Program).source_in("wget src/retr.c"),
    saying::told("error 400: bad request", &LeftOpen { rules: &[Rule::CommonNameIsUser], causes: &[likely("authentication is on, and the gateway takes no common name for a user; its answer says so")], mend: Some("ask /v3/auth/authenticate for a token with name and password, or use gRPC") }).by(Speaker::Program).source_in("etcd server/embed/serve.go, registerGateway"),
];
