//! NSS' words: in its tools, and in the curl of RHEL 7 and older. From
//! `lib/ssl/SSLerrs.h` and `lib/util/SECerrs.h`.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts::{self, LeftOpen};
use crate::etcd::facts::saying::{self, Likely, Saying, Speaker, likely};

const fn told(words: &'static str, alert: &LeftOpen) -> Saying {
    saying::told(words, alert).by(Speaker::Nss)
}

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::checked(words, rules, causes).by(Speaker::Nss)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    saying::own(words, rules, causes).by(Speaker::Nss)
}

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    told("ssl_error_rx_certificate_required_alert", &alerts::REQUIRED),
    told("ssl_error_bad_cert_alert", &alerts::BAD_CERTIFICATE),
    told("ssl peer cannot verify your certificate", &alerts::BAD_CERTIFICATE),
    told("ssl_error_expired_cert_alert", &alerts::EXPIRED),
    told("ssl peer rejected your certificate as expired", &alerts::EXPIRED),
    told("ssl_error_unknown_ca_alert", &alerts::UNKNOWN_CA),
    told("does not recognize and trust the ca that issued your certificate", &alerts::UNKNOWN_CA),
    told("ssl_error_handshake_failure_alert", &alerts::HANDSHAKE_FAILURE),
    told("unable to negotiate an acceptable set of security parameters", &alerts::HANDSHAKE_FAILURE),
    told("ssl_error_protocol_version_alert", &alerts::PROTOCOL_VERSION),
    told("reports incompatible or unsupported protocol version", &alerts::PROTOCOL_VERSION),
    told("ssl_error_decrypt_error_alert", &alerts::DECRYPT_ERROR),
    told("ssl_error_certificate_unknown_alert", &alerts::UNSUPPORTED),
    told("ssl_error_unsupported_cert_alert", &alerts::UNSUPPORTED),
    told("ssl_error_revoked_cert_alert", &alerts::UNSUPPORTED),
    told("ssl_error_internal_error_alert", &alerts::DAMAGED),
    checked("ssl_error_bad_cert_domain", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("requested domain name does not match the server's certificate", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("sec_error_unknown_critical_extension", &[Rule::CriticalExtension], &[likely("etcd's certificate has an extension marked critical that NSS doesn't know, such as certificatePolicies")]),
    checked("sec_error_unknown_issuer", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("certificate issuer is not recognized", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("sec_error_untrusted_issuer", alerts::SERVER_CA, alerts::CA_UNKNOWN),
    checked("issuer has been marked as not trusted by the user", alerts::SERVER_CA, &[likely("curl was given no --cacert, or another CA than that of etcd's certificate")]),
    checked("sec_error_ca_cert_invalid", &[Rule::IntermediateIsCa, Rule::IssuerCanSign, Rule::ServerCaKnown], &[likely("the issuer's certificate is no CA")]),
    checked("sec_error_expired_certificate", &[Rule::ValidityEnds, Rule::ValidityBegins], alerts::ENDED),
    checked("peer's certificate has expired", &[Rule::ValidityEnds, Rule::ValidityBegins], alerts::ENDED),
    checked("sec_error_expired_issuer_certificate", &[Rule::ValidityEnds], alerts::ENDED),
    checked("sec_error_inadequate_cert_type", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("certificate type not approved for application", &[Rule::UsageServer], alerts::WRONG_USAGE),
    checked("sec_error_inadequate_key_usage", &[Rule::UsageServer, Rule::IssuerCanSign], alerts::WRONG_USAGE),
    checked("sec_error_bad_signature", &[Rule::SignatureFitsIssuer, Rule::ServerCaKnown], &[likely("the client's CA has the right name and another key: it was made anew")]),
    checked("ssl_error_rx_record_too_long", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]),
    checked("received a record that exceeded the maximum permissible length", &[Rule::PlainEndpoint], &[likely("TLS was begun with a port that speaks plain HTTP")]),
    own("nss: client certificate not found", &[Rule::FileExists, Rule::ClientCertificateRequired], &[likely("curl with NSS takes a bare name for a nickname in its database, not for a file"), likely("curl was given no certificate, and etcd demands one")]).mend_by("write the path with a slash: --cert ./client.crt --key ./client.key").source_in("curl lib/vtls/nss.c"),
    own("nss error -8178", alerts::SERVER_CA, &[likely("curl was given no --cacert, or another CA than that of etcd's certificate")]).source_in("curl lib/vtls/nss.c; SEC_ERROR_UNKNOWN_ISSUER"),
    own("nss error -12190", &[Rule::CommonTlsVersion], &[likely("the two sides share no TLS version")]).source_in("curl lib/vtls/nss.c; SSL_ERROR_PROTOCOL_VERSION_ALERT"),
    saying::told("nss error -12271", &alerts::BAD_CERTIFICATE).by(Speaker::Nss).source_in("curl lib/vtls/nss.c; SSL_ERROR_BAD_CERT_ALERT"),
    saying::told("nss error -12195", &alerts::UNKNOWN_CA).by(Speaker::Nss).source_in("curl lib/vtls/nss.c; SSL_ERROR_UNKNOWN_CA_ALERT"),
    saying::told("nss error -12269", &alerts::EXPIRED).by(Speaker::Nss).source_in("curl lib/vtls/nss.c; SSL_ERROR_EXPIRED_CERT_ALERT"),
    saying::told("ssl_error_no_cypher_overlap", &alerts::HANDSHAKE_FAILURE).by(Speaker::Nss),
    saying::told("nss error -12286", &alerts::HANDSHAKE_FAILURE).by(Speaker::Nss).source_in("curl lib/vtls/nss.c; SSL_ERROR_NO_CYPHER_OVERLAP"),
    saying::broken("nss error -5961", &alerts::CLOSED).by(Speaker::Nss).source_in("curl lib/vtls/nss.c; PR_CONNECT_RESET_ERROR"),
    saying::broken("nss error -5938", &alerts::NO_TLS).by(Speaker::Nss).source_in("curl lib/vtls/nss.c; PR_END_OF_FILE_ERROR"),
    saying::broken("pr_end_of_file_error", &alerts::NO_TLS).by(Speaker::Nss),
    saying::broken("pr_connect_reset_error", &alerts::CLOSED).by(Speaker::Nss),
    saying::broken("pr_connect_refused_error", &alerts::REFUSED).by(Speaker::Nss),
    own("failed to load a suitable client certificate", &[Rule::ClientCertificateRequired, Rule::FileExists], &[likely("no certificate of this name, or with its key, is in the database")]).mend_by("import certificate and key with pk12util"),
];
