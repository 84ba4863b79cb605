//! The words of Node's own modules (`lib/_tls_wrap.js`, `lib/tls.js`,
//! `lib/_http_client.js`), of undici and of `@grpc/grpc-js`. What OpenSSL says
//! within them is OpenSSL's.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts;
use crate::etcd::facts::saying::{Saying, SayingKind, Speaker, broken, checked, likely, own, told};

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    checked("is not in the cert's list:", alerts::SERVER_ADDRESS, alerts::NO_ADDRESS).by(Speaker::Program).source_in("Node lib/tls.js, checkServerIdentity"),
    checked("is not in the cert's altnames", &[Rule::HostSan, Rule::CommonNameIsNoHost], alerts::NO_NAME).by(Speaker::Program).source_in("Node lib/tls.js, checkServerIdentity"),
    checked("is not cert's cn", &[Rule::CommonNameIsNoHost, Rule::HostSan], alerts::NO_SAN).by(Speaker::Program).source_in("Node lib/tls.js, checkServerIdentity"),
    checked("cert does not contain a dns name", &[Rule::CommonNameIsNoHost, Rule::HostSan], alerts::NO_SAN).by(Speaker::Program).source_in("Node lib/tls.js, checkServerIdentity"),
    checked("err_tls_cert_altname_invalid", alerts::SERVER_NAME, alerts::NO_NAME).by(Speaker::Program).source_in("Node lib/tls.js, checkServerIdentity"),
    broken("socket disconnected before secure tls connection was established", &alerts::NO_TLS).by(Speaker::Program).source_in("Node lib/_tls_wrap.js"),
    own("cannot compose insecure credential", &[], &[likely("user and password are sent within TLS alone by this client, and it was told to speak none: no certificate was looked at")]).by(Speaker::Program).mend_by("give it https:// hosts and etcd's CA (etcd3: credentials.rootCertificate), with an etcd that listens with TLS; or no user and password").source_in("gRPC for Node src/credentials, combineChannelCredentials"),
    broken("no connection established. last error: failed to connect", &alerts::CLOSED).by(Speaker::Program).source_in("@grpc/grpc-js src/subchannel.ts"),
    broken("no connection established. last error:", &alerts::LOST).by(Speaker::Program).source_in("@grpc/grpc-js src/load-balancer-pick-first.ts"),
    broken("no connection established", &alerts::ANYTHING).by(Speaker::Program).source_in("@grpc/grpc-js src/load-balancer-pick-first.ts"),
    broken("socketerror: other side closed", &alerts::LOST).by(Speaker::Program).source_in("undici lib/dispatcher/client-h1.js"),
    broken("und_err_socket", &alerts::LOST).by(Speaker::Program).source_in("undici lib/core/errors.js"),
    broken("socket hang up", &alerts::CLOSED).by(Speaker::Program).source_in("Node lib/_http_client.js, socketOnEnd"),
    told("econnrefused", &alerts::REFUSED).of(SayingKind::Broken).by(Speaker::Program).source_in("libuv, UV_ECONNREFUSED"),
    broken("econnreset", &alerts::CLOSED).by(Speaker::Program).source_in("libuv, UV_ECONNRESET"),
    broken("write epipe", &alerts::LOST).by(Speaker::Program).source_in("libuv, UV_EPIPE"),
    own("enoent: no such file or directory", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("libuv, UV_ENOENT"),
    own("eacces: permission denied", &[Rule::MayReadFile], &[likely("the client's user may not read its certificate or key")]).by(Speaker::Program).source_in("libuv, UV_EACCES"),
    own("getaddrinfo enotfound", &[Rule::SomethingListens], &[likely("the endpoint's host has no address")]).by(Speaker::Program).mend_by("correct the host, or give it an address in /etc/hosts").source_in("libuv, UV_EAI_NONAME"),
    broken("etimedout", &alerts::TIMED_OUT).by(Speaker::Program).source_in("libuv, UV_ETIMEDOUT"),
];
