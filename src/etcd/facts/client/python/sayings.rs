//! The words of Python's programs where they are not OpenSSL's: urllib3, requests,
//! pyOpenSSL, aiohttp, httpx, etcd3, etcd3-py, python-etcd and Patroni.

use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::alerts;
use crate::etcd::facts::saying::{Saying, SayingKind, Speaker, broken, checked, likely, own, told};

#[rustfmt::skip]
pub(in crate::etcd::facts::client) static SAYINGS: &[Saying] = &[
    own("permissionerror(13", &[Rule::MayReadFile], &[likely("the client's user may not read its certificate or key")]).by(Speaker::Program).source_in("Python errno, EACCES"),
    own("permissionerror: [errno 13]", &[Rule::MayReadFile], &[likely("the client's user may not read its certificate or key")]).by(Speaker::Program).source_in("Python errno, EACCES"),
    own("filenotfounderror", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("Python errno, ENOENT"),
    own("could not find the tls certificate file", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("requests src/requests/adapters.py, cert_verify"),
    own("could not find the tls key file", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("requests src/requests/adapters.py, cert_verify"),
    own("could not find a suitable tls ca certificate bundle", &[Rule::FileExists], alerts::MISSING).by(Speaker::Program).source_in("requests src/requests/adapters.py, cert_verify"),
    own("client private key is encrypted, password is required", &[Rule::KeyNotEncrypted], alerts::ENCRYPTED).by(Speaker::Program).source_in("urllib3 src/urllib3/util/ssl_.py"),
    own("enter pem pass phrase", &[Rule::KeyNotEncrypted, Rule::KeyFitsCertificate], alerts::ENCRYPTED).by(Speaker::OpenSsl),
    own("[errno 22] invalid argument", &[Rule::KeyNotEncrypted, Rule::Pem], alerts::ENCRYPTED).by(Speaker::Program).source_in("Python Modules/_ssl.c, _password_callback"),
    checked("no appropriate subjectaltname fields were found", &[Rule::CommonNameIsNoHost, Rule::HostSan], alerts::NO_SAN).by(Speaker::Program).source_in("Python Lib/ssl.py and urllib3 util/ssl_match_hostname.py"),
    checked("'subjectaltname': []", &[Rule::CommonNameIsNoHost, Rule::AddressSan], alerts::NO_SAN).by(Speaker::Program).source_in("urllib3 src/urllib3/connection.py, _match_hostname"),
    checked("certificate did not match expected hostname", alerts::SERVER_NAME, alerts::NO_NAME).by(Speaker::Program).source_in("urllib3 src/urllib3/connection.py, _match_hostname"),
    checked("certificateerror(\"hostname", alerts::SERVER_NAME, alerts::NO_NAME).by(Speaker::Program).source_in("Python Lib/ssl.py, match_hostname"),
    checked("certificateerror(hostname", alerts::SERVER_NAME, alerts::NO_NAME).by(Speaker::Program).source_in("Python Lib/ssl.py, match_hostname"),
    checked("doesn't match '", alerts::SERVER_NAME, alerts::NO_NAME).beside(&["hostname"]).by(Speaker::Program).source_in("Python Lib/ssl.py, match_hostname"),
    checked("doesn't match either of", alerts::SERVER_NAME, alerts::NO_NAME).by(Speaker::Program).source_in("Python Lib/ssl.py, match_hostname"),
    broken("syscallerror(-1, 'unexpected eof')", &alerts::NO_TLS).by(Speaker::Program).source_in("pyOpenSSL src/OpenSSL/SSL.py, _raise_ssl_error"),
    broken("read error: error([('system library'", &alerts::LOST).by(Speaker::Program).source_in("urllib3 src/urllib3/contrib/pyopenssl.py"),
    broken("remote end closed connection without response", &alerts::CLOSED).by(Speaker::Program).source_in("Python Lib/http/client.py, RemoteDisconnected"),
    broken("server disconnected without sending a response", &alerts::CLOSED).by(Speaker::Program).source_in("httpcore, RemoteProtocolError"),
    broken("can not write request body for", &alerts::LOST).by(Speaker::Program).source_in("aiohttp client_reqrep.py"),
    broken("serverdisconnectederror", &alerts::CLOSED).by(Speaker::Program).source_in("aiohttp client_exceptions.py"),
    told("connect call failed (", &alerts::REFUSED).of(SayingKind::Broken).by(Speaker::Program).source_in("Python Lib/asyncio/base_events.py"),
    broken("ssl:default [none]", &alerts::NO_TLS).by(Speaker::Program).source_in("aiohttp client_exceptions.py, ClientConnectorError"),
    broken("cannot detect etcd server version", &alerts::ANYTHING).by(Speaker::Program).source_in("etcd3-py etcd3/baseclient.py"),
    broken("'client' object has no attribute 'server_version_sem'", &alerts::ANYTHING).by(Speaker::Program).source_in("etcd3-py etcd3/baseclient.py"),
    broken("etcd connection failed", &alerts::TIMED_OUT).by(Speaker::Program).source_in("python-etcd3 etcd3/exceptions.py"),
    broken("etcd3.exceptions.connectiontimeouterror", &alerts::TIMED_OUT).by(Speaker::Program).source_in("python-etcd3 etcd3/exceptions.py"),
    own("'404 page not found', code:", &[Rule::ApiVersion], &[likely("the gateway doesn't answer at this path: it is off (--enable-grpc-gateway), or an etcd before 3.4 has it at /v3beta or /v3alpha")]).by(Speaker::Program).mend_by("start etcd with --enable-grpc-gateway, which a config file leaves off, or update it").source_in("etcd server/embed/serve.go, registerGateway"),
    own("bad response : 404 page not found", &[Rule::ApiVersion], &[likely("python-etcd and Patroni's etcd speak the v2 API, which etcd 3.4 and newer answer only with --enable-v2, and 3.6 not at all")]).by(Speaker::Program).mend_by("use a client of the v3 API: etcd3 in Patroni, not etcd").source_in("python-etcd src/etcd/client.py"),
];
