//! The words of what stands before etcd or looks after it: NGINX and its Lua (APISIX),
//! Envoy, `HAProxy`, Traefik. What OpenSSL says within them is OpenSSL's.

use super::alerts::{self, LeftOpen};
use super::{Likely, Saying, SayingKind, Speaker, likely};
use crate::etcd::facts::rule::Rule;

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::checked(words, rules, causes)
        .by(Speaker::Program)
        .source_in("nginx src/http/ngx_http_upstream.c")
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::own(words, rules, causes)
        .by(Speaker::Program)
        .source_in("HAProxy src/ssl_sock.c")
}

const fn broken(words: &'static str, alert: &LeftOpen) -> Saying {
    super::broken(words, alert)
        .by(Speaker::Program)
        .source_in("nginx src/http/ngx_http_upstream.c")
}

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    checked("certificate host mismatch", &[Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost], &[likely("the host in the URL is not among the names of etcd's certificate (NGINX and APISIX know DNS names alone, no addresses)")]).mend_by("dial a DNS name that the certificate has, or set etcd.tls.sni to one").source_in("lua-nginx-module, sslhandshake"),
    own("ssl_set_tlsext_host_name failed", &[], &[likely("the name to ask etcd for could not be set: this OpenResty lacks APISIX's patches, which a client certificate needs as well"), likely("etcd.tls.sni is no DNS name")]).mend_by("run APISIX's own build of OpenResty, and write a DNS name of etcd's certificate into etcd.tls.sni").source_in("lua-nginx-module src/ngx_http_lua_socket_tcp.c"),
    checked("upstream ssl certificate does not match", &[Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost], &[likely("the name that NGINX expects is not among those of etcd's certificate; an address never is")]).mend_by("set proxy_ssl_name to a DNS name that the certificate has"),
    broken("peer closed connection in ssl handshake", &alerts::NO_TLS),
    broken("upstream prematurely closed connection", &alerts::CLOSED),
    broken("connect() failed (111: connection refused)", &alerts::REFUSED),
    broken("no healthy etcd endpoint available", &alerts::ANYTHING).source_in("lua-resty-etcd; APISIX config_etcd.lua"),
    broken("has no healthy etcd endpoint", &alerts::ANYTHING).source_in("lua-resty-etcd; APISIX config_etcd.lua"),
    broken("https://", &alerts::BAD_CERTIFICATE).beside(&["[lua]", "handshake failed"]).of(SayingKind::Told).source_in("lua-resty-etcd v3.lua"),
    checked("ssl handshake failure", &[Rule::ServerCaKnown, Rule::ValidityEnds, Rule::ValidityBegins, Rule::UsageServer, Rule::HostSan, Rule::SignatureFitsIssuer, Rule::ClientCertificateRequired, Rule::CommonTlsVersion, Rule::PlainEndpoint, Rule::AddressSan, Rule::CommonNameIsNoHost, Rule::ClientCaKnown, Rule::UsageClient], &[
        likely("HAProxy refused etcd's certificate: the CA in ca-file (with its root), its dates or its usage"),
        likely("etcd refused HAProxy over TLS 1.2: no crt on the server's line, or one that etcd refuses"),
        likely("etcd listens on http://, or the two share no TLS version"),
    ]).of(SayingKind::Broken).mend_by("ask `openssl s_client -connect HOST:2379 -CAfile ca.crt -cert client.crt -key client.key`, and look at etcd's log").source_in("HAProxy src/ssl_sock.c, CO_ER_SSL_HANDSHAKE"),
    broken("ssl fatal error", &alerts::LOST).source_in("HAProxy src/ssl_sock.c, CO_ERR_SSL_FATAL"),
    broken("layer7 invalid response", &alerts::CLOSED).source_in("HAProxy src/check.c"),
    broken("layer4 connection problem", &alerts::REFUSED).source_in("HAProxy src/check.c"),
    broken("layer6 invalid response", &alerts::NO_TLS).source_in("HAProxy src/check.c"),
    own("inconsistencies between private key and certificate", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER),
    own("unable to load certificate from file", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM),
    own("unable to load ssl private key", &[Rule::KeyReadable, Rule::KeyNotEncrypted, Rule::Pem], alerts::ENCRYPTED),
    super::told("tls_error:|268435581", &LeftOpen { rules: alerts::SERVER_ANY, causes: alerts::SERVER_OPEN, mend: Some("give Envoy's validation_context the CA, and match_typed_subject_alt_names a name that etcd's certificate has") }).of(SayingKind::Check).by(Speaker::BoringSsl),
    super::told("tls_error:|268436498", &alerts::BAD_CERTIFICATE).by(Speaker::BoringSsl),
    super::told("tls_error:|268436572", &alerts::REQUIRED).by(Speaker::BoringSsl),
    super::told("tls_error:|268436504", &alerts::UNKNOWN_CA).by(Speaker::BoringSsl),
    super::told("tls_error:|268436501", &alerts::EXPIRED).by(Speaker::BoringSsl),
    super::told("tls_error:|268436496", &alerts::HANDSHAKE_FAILURE).by(Speaker::BoringSsl),
];
