//! The words of other programs around OpenSSL and Go: PHP, Perl, Ruby, Lua,
//! `openssl`'s own commands, systemd, kube-apiserver; and what Envoy says around the words of
//! its library, which tell more.

use super::alerts::{self, LeftOpen};
use super::{Likely, Saying, SayingKind, Side, Speaker, likely};
use crate::etcd::facts::rule::Rule;

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::checked(words, rules, causes).by(Speaker::Program)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::own(words, rules, causes).by(Speaker::Program)
}

const fn broken(words: &'static str, alert: &LeftOpen) -> Saying {
    super::broken(words, alert).by(Speaker::Program)
}

/// What systemd says of etcd's unit before there is an etcd.
const fn systemd(words: &'static str, causes: &'static [Likely]) -> Saying {
    super::said(Side::Etcd, words, &[], causes)
        .by(Speaker::Program)
        .mend_by("mend the unit, then: systemctl daemon-reload && systemctl restart etcd")
        .source_in("systemd src/basic/exit-status.c, src/core/execute.c")
}

const NO_FOLDER: &[Likely] = &[likely(
    "the folder of WorkingDirectory= is not there, or User= may not enter it: systemd started no etcd",
)];
const NO_PROGRAM: &[Likely] = &[likely(
    "the program of ExecStart= is not there, is not executable, is for another processor, or SELinux forbids it: systemd started no etcd",
)];
const NO_USER: &[Likely] = &[likely(
    "the user of User= is not there: systemd started no etcd",
)];

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    checked("did not match expected cn", alerts::SERVER_NAME, alerts::NO_NAME).source_in("PHP main/streams/xp_ssl.c, php_openssl_apply_peer_verification_policy"),
    own("post v3 connect fail", &[], &[likely("etcdkeeper says the same of every failure; without -usetls it leaves -cert, -key and -cacert aside and speaks plain HTTP")]).mend_by("call etcdkeeper with -usetls beside -cacert, -cert and -key, and look at etcd's log").source_in("etcdkeeper src/etcdkeeper/main.go"),
    systemd("failed at step chdir", NO_FOLDER),
    systemd("200/chdir", NO_FOLDER),
    systemd("changing to the requested working directory failed", NO_FOLDER),
    systemd("failed at step exec", NO_PROGRAM),
    systemd("203/exec", NO_PROGRAM),
    systemd("failed at step user", NO_USER),
    systemd("217/user", NO_USER),
    systemd("failed to load environment files", &[likely("the file of EnvironmentFile= is not there: systemd started no etcd")]).mend_by("write the file, or EnvironmentFile=- where it may be missing"),
    own("unable to set local cert chain file", &[Rule::FileExists, Rule::Pem], alerts::MISSING).source_in("PHP ext/openssl/xp_ssl.c"),
    broken("failed to open stream: http request failed! http/1.1 400", &LeftOpen { rules: &[Rule::CommonNameIsUser], causes: &[likely("authentication is on, and the gateway takes no common name for a user; its answer says so")], mend: Some("ask /v3/auth/authenticate for a token with name and password, or use gRPC") }).of(SayingKind::Told).source_in("PHP ext/standard/http_fopen_wrapper.c"),
    broken("failed to open stream: http request failed!", &alerts::LOST).source_in("PHP ext/standard/http_fopen_wrapper.c"),
    own("can't be used: no such file or directory", &[Rule::FileExists], alerts::MISSING).source_in("Perl IO::Socket::SSL"),
    broken("socket closed by remote server", &alerts::LOST).source_in("Perl HTTP::Tiny"),
    broken("unexpected end of stream while looking for line", &alerts::LOST).source_in("Perl HTTP::Tiny"),
    own("error loading private key ((null))", &[Rule::FileExists, Rule::KeyReadable], alerts::MISSING).source_in("LuaSec src/context.c"),
    own("error loading private key (", &[Rule::KeyNotEncrypted, Rule::KeyReadable, Rule::KeyFitsCertificate], alerts::ENCRYPTED).source_in("LuaSec src/context.c"),
    own("error loading certificate (", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).source_in("LuaSec src/context.c"),
    own("could not read client certificate from", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).source_in("OpenSSL apps/lib/apps.c"),
    own("unable to load client certificate", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).source_in("OpenSSL apps/lib/apps.c"),
    own("could not read client certificate private key", &[Rule::KeyNotEncrypted, Rule::KeyReadable, Rule::FileExists], alerts::ENCRYPTED).source_in("OpenSSL apps/lib/apps.c"),
    own("error setting private key", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER).source_in("OpenSSL apps/lib/s_cb.c, set_cert_key_stuff"),
    own("must be readable file paths", &[Rule::FileExists, Rule::MayReadFile], alerts::MISSING).source_in("libcalico pycalico/datastore.py"),
    own("certificate authority cert is required and must be readable", &[Rule::FileExists, Rule::MayReadFile], alerts::MISSING).source_in("libcalico pycalico/datastore.py"),
    own("no such file or directory @ rb_sysopen", &[Rule::FileExists], alerts::MISSING).source_in("Ruby io.c"),
    broken("upstream connect error or disconnect/reset before headers", &alerts::TIMED_OUT).source_in("Envoy source/common/http/utility.cc"),
    broken("could not write to ssl socket", &alerts::LOST).source_in("Perl HTTP::Tiny"),
    checked("subjectaltname did not match expected name", alerts::SERVER_NAME, alerts::NO_NAME).source_in("PHP main/streams/xp_ssl.c, php_openssl_apply_peer_verification_policy"),
    broken("failed to enable crypto", &alerts::NO_TLS).source_in("PHP main/streams/xp_ssl.c, php_openssl_enable_crypto"),
    broken("end of file reached", &alerts::LOST).source_in("Ruby EOFError"),
];
