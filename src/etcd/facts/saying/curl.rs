//! curl's own words, whatever TLS library it was built with, and those of programs
//! that take curl's library. From `lib/vtls/*.c` and `lib/strerror.c`.

use super::alerts::{self, LeftOpen};
use super::{Likely, Saying, Speaker, likely};
use crate::etcd::facts::rule::Rule;

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::checked(words, rules, causes)
        .by(Speaker::Program)
        .source_in("curl lib/vtls/openssl.c, verifyhost; lib/vtls/gtls.c")
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::own(words, rules, causes)
        .by(Speaker::Program)
        .source_in("curl lib/vtls/openssl.c, cert_stuff")
}

const fn broken(words: &'static str, alert: &LeftOpen) -> Saying {
    super::broken(words, alert)
        .by(Speaker::Program)
        .source_in("curl lib/strerror.c")
}

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    checked("no alternative certificate subject name matches target", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("does not match target host name", alerts::SERVER_NAME, alerts::NO_NAME),
    checked("does not match target ipv4 address", alerts::SERVER_ADDRESS, alerts::NO_ADDRESS),
    checked("unable to obtain common name from peer certificate", &[Rule::CommonNameIsNoHost], alerts::NO_SAN),
    // What it says where its own check passed and etcd's alert was certificate_expired.
    super::told("ssl certificate verification failed", &alerts::EXPIRED).by(Speaker::Program).source_in("curl lib/vtls/openssl.c, ossl_connect_step2"),
    checked("curl: (60)", alerts::SERVER_ANY, alerts::SERVER_OPEN).mend_by("give --cacert with the CA of etcd's certificate"),
    own("error setting certificate verify locations", &[Rule::FileExists, Rule::Pem], alerts::MISSING),
    own("error adding trust anchors from file", &[Rule::FileExists, Rule::Pem], alerts::MISSING),
    own("could not load pem client certificate", &[Rule::FileExists, Rule::Pem], alerts::MISSING),
    own("could not load client certificate", &[Rule::FileExists, Rule::Pem], alerts::MISSING),
    own("unable to set private key file", &[Rule::KeyFitsCertificate, Rule::KeyNotEncrypted, Rule::FileExists, Rule::KeyReadable], &[likely("the key is not the certificate's"), likely("the key is under a passphrase, or not there")]).mend_by("give the certificate's own key, as PEM without a passphrase"),
    own("unable to load client key: -8178", &[Rule::KeyReadable], &[likely("this curl is built with NSS, which reads RSA keys alone from files, and K3s' are on an elliptic curve")]).mend_by("call a curl that is built with OpenSSL (curl --version says with which)"),
    own("unable to load client key", &[Rule::KeyFitsCertificate, Rule::KeyNotEncrypted, Rule::FileExists, Rule::KeyReadable], &[likely("the key is not the certificate's"), likely("the key is under a passphrase, or not there")]).mend_by("give the certificate's own key, as PEM without a passphrase"),
    own("curl: (58)", &[Rule::FileExists, Rule::KeyFitsCertificate, Rule::KeyNotEncrypted, Rule::Pem, Rule::KeyReadable], &[likely("curl can't use the certificate or the key that it was given")]).mend_by("look at --cert and --key: the files are there, PEM, and belong together"),
    own("curl: (77)", &[Rule::FileExists, Rule::Pem], alerts::MISSING),
    broken("empty reply from server", &alerts::CLOSED),
    broken("was not closed cleanly", &alerts::LOST),
    broken("getpeername() failed", &alerts::LOST),
    broken("send failure:", &alerts::LOST),
    broken("recv failure:", &alerts::LOST),
    broken("couldn't connect to server", &alerts::REFUSED),
    broken("could not resolve host", &LeftOpen { rules: &[Rule::SomethingListens], causes: &[likely("the endpoint's host has no address")], mend: Some("correct the host, or give it an address in /etc/hosts") }),
    broken("received http/0.9 when not allowed", &LeftOpen { rules: &[Rule::TlsEndpoint], causes: &[likely("plain HTTP was spoken to a TLS port")], mend: None }),
    broken("curl: (52)", &alerts::CLOSED),
    broken("curl: (56)", &alerts::LOST),
    broken("curl: (55)", &alerts::LOST),
    broken("curl: (16)", &alerts::LOST),
    broken("curl: (35)", &LeftOpen { rules: &[Rule::ClientCertificateRequired, Rule::PlainEndpoint, Rule::CommonTlsVersion, Rule::UsageClient], causes: &[likely("the handshake failed: the words behind (35) say more")], mend: Some("call curl with -v, and look at etcd's log") }),
    broken("curl: (7)", &alerts::REFUSED),
];
