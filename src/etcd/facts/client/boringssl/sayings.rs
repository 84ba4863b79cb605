//! `BoringSSL`'s words, and those of gRPC's core around it: Python's and C++'s
//! grpcio, Netty's tcnative and Envoy. Ruby's gRPC of Debian has the same core on
//! OpenSSL. From `ssl/ssl.errordata`, `crypto/x509/x509_txt.cc` and gRPC's
//! `src/core/tsi/ssl_transport_security.cc`.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts::{self, LeftOpen};
use crate::etcd::facts::saying::{self, Likely, Saying, SayingKind, Speaker, likely};

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::told(words, alert).by(Speaker::BoringSsl)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::checked(words, rules, causes).by(Speaker::BoringSsl)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::own(words, rules, causes).by(Speaker::BoringSsl)
}

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    told("internal:tlsv1_alert_certificate_required", &alerts::REQUIRED),
    told("internal:sslv3_alert_bad_certificate", &alerts::BAD_CERTIFICATE),
    told("internal:tlsv1_alert_unknown_ca", &alerts::UNKNOWN_CA),
    told("internal:sslv3_alert_certificate_expired", &alerts::EXPIRED),
    told("internal:sslv3_alert_handshake_failure", &alerts::HANDSHAKE_FAILURE),
    told("internal:tlsv1_alert_protocol_version", &alerts::PROTOCOL_VERSION),
    told("internal:tlsv1_alert_decrypt_error", &alerts::DECRYPT_ERROR),
    told("internal:sslv3_alert_unsupported_certificate", &alerts::UNSUPPORTED),
    told("internal:sslv3_alert_certificate_unknown", &alerts::UNSUPPORTED),
    told("internal:sslv3_alert_certificate_revoked", &alerts::UNSUPPORTED),
    told("internal:tlsv1_alert_access_denied", &alerts::UNSUPPORTED),
    told("internal:tlsv1_alert_internal_error", &alerts::DAMAGED),
    told("internal:tlsv1_alert_decode_error", &alerts::DAMAGED),
    checked("internal:certificate_verify_failed: unable to get local issuer certificate", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("internal:certificate_verify_failed: self signed certificate", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("internal:certificate_verify_failed: self-signed certificate", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("internal:certificate_verify_failed: unsupported certificate purpose", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("internal:certificate_verify_failed: certificate has expired", &[Rule::ValidityEnds], alerts::ENDED),
    checked("internal:certificate_verify_failed: certificate is not yet valid", &[Rule::ValidityBegins], alerts::NOT_BEGUN),
    checked("internal:certificate_verify_failed: certificate signature failure", &[Rule::SignatureFitsIssuer, Rule::ServerCaKnown], alerts::CA_UNKNOWN),
    checked("internal:certificate_verify_failed", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("ask `openssl s_client -connect HOST:2379 -CAfile ca.crt -verify_return_error` for the reason"),
    checked("internal:wrong_version_number", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]),
    checked("internal:http_request", &[Rule::TlsEndpoint], &[likely("plain HTTP was spoken to a TLS port")]),
    checked("internal:unsupported_protocol", &[Rule::CommonTlsVersion], &[likely("the two sides share no TLS version")]),
    own("internal:key_values_mismatch", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER),
    own("internal:no_start_line", &[Rule::Pem], alerts::NO_PEM),
    own("internal:unsupported_elliptic_curve", &[Rule::KeyReadable], &[likely("gRPC's BoringSSL has no P-521")]).mend_by("make a key on P-256 or P-384, or RSA"),
    checked("internal:bad_ecc_cert", &[Rule::KeyCanSign], &[likely("etcd's certificate has a key on a curve that this BoringSSL doesn't take, such as P-384 or P-521")]).mend_by("issue etcd's certificate with a key on P-256, or RSA"),
    // gRPC's core.
    checked("call host does not match ssl server name", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("hostname verification check failed", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("is not in peer certificate", alerts::SERVER_NAME, alerts::NO_NAME),
    own("invalid private key.", &[Rule::KeyNotEncrypted, Rule::KeyReadable, Rule::KeyFitsCertificate], &[likely("the private key is under a passphrase, or is of a kind that BoringSSL doesn't know, such as P-521"), likely("the private key is not the certificate's")]).mend_by("give the certificate's own key, as PEM without a passphrase"),
    own("invalid cert chain file.", &[Rule::Pem], alerts::NO_PEM).mend_by("give the certificate as PEM"),
    own("could not load any root certificate", &[Rule::Pem, Rule::TrustAnchorsAreCertificates], &[likely("the CA that gRPC was given holds no certificate")]).mend_by("give the CA as PEM"),
    own("handshaker factory creation failed", &[Rule::KeyFitsCertificate, Rule::Pem, Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("gRPC can't use certificate, key or CA as it was given them: the line before says which")]).mend_by("look at the line before"),
    own("failed to create security handshaker", &[Rule::KeyFitsCertificate, Rule::Pem, Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("gRPC can't use certificate, key or CA as it was given them: the line before says which")]).mend_by("look at the line before"),
    saying::broken("unwrap failed (tsi_data_corrupted)", &alerts::LOST).by(Speaker::BoringSsl),
    saying::broken("endpoint read failed", &alerts::LOST).by(Speaker::BoringSsl),
    saying::broken("endpoint closing", &alerts::CLOSED).by(Speaker::BoringSsl),
    saying::broken("handshake read failed (socket closed)", &alerts::NO_TLS).by(Speaker::BoringSsl),
    saying::broken(": socket closed", &alerts::CLOSED).by(Speaker::BoringSsl),
    saying::broken("recvmsg:connection reset by peer", &alerts::CLOSED).by(Speaker::BoringSsl),
    saying::broken("ssl handshake failed (tsi_protocol_failure)", &alerts::NO_TLS).by(Speaker::BoringSsl),
    saying::told("failed to connect to remote host: connection refused", &alerts::REFUSED).of(SayingKind::Broken).by(Speaker::BoringSsl),
    saying::told("failed to connect to remote host: timeout occurred", &alerts::REFUSED).of(SayingKind::Broken).by(Speaker::BoringSsl),
];
