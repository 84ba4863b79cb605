//! What the alerts of TLS (RFC 8446, section 6.2; RFC 5246, section 7.2.2) and
//! broken connections leave open when etcd sends them to a client: Go chooses few
//! of them, and over TLS 1.3 a refusal reaches the client only after it has begun
//! to write, so that it may be lost. Measured with etcd 3.5.35 and 3.7.3, and
//! read in Go's crypto/tls, `handshake_server.go` and `handshake_server_tls13.go`.

use super::{Likely, likely};
use crate::etcd::facts::rule::Rule;

/// What an alert leaves open.
pub(in crate::etcd::facts) struct LeftOpen {
    pub(in crate::etcd::facts) rules: &'static [Rule],
    pub(in crate::etcd::facts) causes: &'static [Likely],
    pub(in crate::etcd::facts) mend: Option<&'static str>,
}

const fn alert(rules: &'static [Rule], causes: &'static [Likely]) -> LeftOpen {
    LeftOpen {
        rules,
        causes,
        mend: None,
    }
}

const fn open(rules: &'static [Rule], causes: &'static [Likely]) -> LeftOpen {
    LeftOpen {
        rules,
        causes,
        mend: Some("look at etcd's log for “rejected connection” at that time"),
    }
}

/// 42: any certificate that Go has no other alert for, and before Go 1.21 every
/// one; without a certificate in TLS 1.2 before Go 1.24.
pub(in crate::etcd::facts) const BAD_CERTIFICATE: LeftOpen = open(
    &[
        Rule::ClientCertificateRequired,
        Rule::UsageClient,
        Rule::AllowedHostname,
        Rule::AllowedCommonName,
        Rule::ClientCaKnown,
        Rule::SignatureFitsIssuer,
        Rule::ValidityEnds,
        Rule::ValidityBegins,
        Rule::PathLength,
        Rule::NameConstraints,
        Rule::CriticalExtension,
    ],
    &[
        likely("etcd refused the client: it sent no certificate (over TLS 1.2, or to an old etcd)"),
        likely("its certificate lacks clientAuth, or is not among the allowed names"),
        likely(
            "to an etcd before 3.5.13 (3.4.31): its CA is not in --trusted-ca-file, or it has expired",
        ),
    ],
);

/// 48.
pub(in crate::etcd::facts) const UNKNOWN_CA: LeftOpen = LeftOpen {
    rules: &[
        Rule::ClientCaKnown,
        Rule::SignatureFitsIssuer,
        Rule::IssuerCanSign,
        Rule::SecureSignature,
        Rule::IssuerKeyKind,
        Rule::IssuerValid,
    ],
    causes: &[
        likely("etcd does not trust the CA of the client's certificate"),
        likely(
            "the CA was made anew under the same name, and the client's certificate is from the other one",
        ),
    ],
    mend: Some("put the client's CA into --trusted-ca-file, and start etcd again"),
};

/// 45.
pub(in crate::etcd::facts) const EXPIRED: LeftOpen = LeftOpen {
    rules: &[Rule::ValidityEnds, Rule::ValidityBegins],
    causes: &[
        likely("etcd says that the client's certificate has expired"),
        likely("or is not valid yet: the clock of etcd's machine is behind"),
    ],
    mend: Some("renew the client's certificate, or set the clock"),
};

/// 116, TLS 1.3 alone.
pub(in crate::etcd::facts) const REQUIRED: LeftOpen = alert(
    &[Rule::ClientCertificateRequired, Rule::ClientCaKnown],
    &[
        likely("etcd demands client certificates, and this client sent none"),
        likely(
            "the client kept its certificate at home, because no CA that etcd names issued it (Java and GnuTLS do so)",
        ),
    ],
);

/// 40.
pub(in crate::etcd::facts) const HANDSHAKE_FAILURE: LeftOpen = LeftOpen {
    rules: &[
        Rule::ClientCertificateRequired,
        Rule::UsageClient,
        Rule::CommonTlsVersion,
        Rule::KeyCanSign,
        Rule::KnownKeyKind,
    ],
    causes: &[
        likely(
            "over TLS 1.2: etcd demands a certificate, and the client sent none, or one without clientAuth",
        ),
        likely("rarely: the two sides share no cipher suite for the server's key"),
        likely(
            "etcd's key is on P-521, which gRPC, Netty's tcnative and rustls with ring don't take, or on Ed25519, which gRPC, Netty's tcnative and NSS don't",
        ),
    ],
    mend: Some("give the client its certificate and key; if it has them, look at etcd's log"),
};

/// 70.
pub(in crate::etcd::facts) const PROTOCOL_VERSION: LeftOpen = LeftOpen {
    rules: &[Rule::CommonTlsVersion],
    causes: &[likely(
        "etcd demands a TLS version that this client doesn't speak, often by --tls-min-version",
    )],
    mend: Some("leave --tls-min-version out, or allow TLS 1.3 in the client"),
};

/// 51.
pub(in crate::etcd::facts) const DECRYPT_ERROR: LeftOpen = alert(
    &[Rule::KeyFitsCertificate, Rule::SignatureFitsIssuer],
    &[likely(
        "the client signed with a key that isn't its certificate's",
    )],
);

/// 43, 44, 46, 49: a certificate that the other side doesn't take.
pub(in crate::etcd::facts) const UNSUPPORTED: LeftOpen = open(
    &[
        Rule::UsageClient,
        Rule::KeyCanSign,
        Rule::NotRevoked,
        Rule::AllowedHostname,
        Rule::ClientCaKnown,
    ],
    &[likely(
        "the other side does not take the client's certificate",
    )],
);

/// 10, 22, 50, 80 and the like: nothing of certificates follows from them.
pub(in crate::etcd::facts) const DAMAGED: LeftOpen = open(
    &[
        Rule::CommonTlsVersion,
        Rule::ChainReadable,
        Rule::KeyCanSign,
    ],
    &[likely(
        "one side could not read what the other sent: not etcd, or a program in between",
    )],
);

/// Why etcd refuses a client, the likeliest first.
const REFUSED_CLIENT: [Rule; 9] = [
    Rule::ClientCertificateRequired,
    Rule::ClientCaKnown,
    Rule::SignatureFitsIssuer,
    Rule::UsageClient,
    Rule::ValidityEnds,
    Rule::ValidityBegins,
    Rule::NotRevoked,
    Rule::AllowedHostname,
    Rule::KeyFitsCertificate,
];

const ANY_LOSS: [Rule; 13] = joined(&[
    &REFUSED_CLIENT,
    &[
        Rule::CrlExists,
        Rule::CrlReadable,
        Rule::TlsEndpoint,
        Rule::SomethingListens,
    ],
]);

/// A connection that ended without a word, or whose alert was lost.
pub(in crate::etcd::facts) const LOST: LeftOpen = open(
    &ANY_LOSS,
    &[
        likely(
            "etcd refused the client's certificate, or got none, and its alert was lost: over TLS 1.3 the client is writing already",
        ),
        likely(
            "the CRL of --client-crl-file lists the certificate: then etcd hangs up without an alert",
        ),
        likely("http:// was spoken to an https:// port"),
        likely("etcd ended, or something in between hung up"),
    ],
);

/// A connection that ended without an answer, though TLS was over or not begun.
pub(in crate::etcd::facts) const CLOSED: LeftOpen = open(
    &[
        Rule::TlsEndpoint,
        Rule::NotRevoked,
        Rule::ClientCertificateRequired,
        Rule::ClientCaKnown,
        Rule::SignatureFitsIssuer,
        Rule::UsageClient,
        Rule::ValidityEnds,
        Rule::ValidityBegins,
        Rule::AllowedHostname,
        Rule::KeyFitsCertificate,
        Rule::CrlExists,
        Rule::CrlReadable,
        Rule::SomethingListens,
        Rule::PlainEndpoint,
    ],
    &[
        likely("http:// was spoken to an https:// port"),
        likely(
            "the CRL of --client-crl-file lists the client's certificate: then etcd hangs up without an alert",
        ),
        likely("etcd refused the client's certificate, or got none, and its alert was lost"),
    ],
);

/// TLS to a port that speaks none.
pub(in crate::etcd::facts) const NO_TLS: LeftOpen = LeftOpen {
    rules: &[
        Rule::PlainEndpoint,
        Rule::SomethingListens,
        Rule::ClientCertificateRequired,
        Rule::CommonTlsVersion,
    ],
    causes: &[
        likely("TLS was begun, and nothing came back: the port listens on http://"),
        likely("what listens there is not etcd, or it ended in the middle"),
        likely("over TLS 1.2: etcd demands a certificate, and its alert was lost"),
    ],
    mend: Some("write http:// in front of the endpoint, or let etcd listen on https://"),
};

/// Nobody is there.
pub(in crate::etcd::facts) const REFUSED: LeftOpen = LeftOpen {
    rules: &[Rule::SomethingListens],
    causes: &[
        likely("nothing listens at the endpoint"),
        likely("etcd ended, or never started: see its log"),
    ],
    mend: Some("look whether etcd runs, and take host and port from --listen-client-urls"),
};

/// What a client may have met that says of every refusal the same, the likeliest first.
const ANY_REFUSAL: [Rule; 19] = [
    Rule::SomethingListens,
    Rule::ClientCertificateRequired,
    Rule::ServerCaKnown,
    Rule::HostSan,
    Rule::AddressSan,
    Rule::CommonNameIsNoHost,
    Rule::ClientCaKnown,
    Rule::SignatureFitsIssuer,
    Rule::ValidityEnds,
    Rule::ValidityBegins,
    Rule::UsageClient,
    Rule::UsageServer,
    Rule::NotRevoked,
    Rule::AllowedHostname,
    Rule::KeyFitsCertificate,
    Rule::PlainEndpoint,
    Rule::TlsEndpoint,
    Rule::CommonTlsVersion,
    Rule::KnownKeyKind,
];

/// The same, of a client that says so of a file that it can't read as well.
const ANY_FAILURE: [Rule; 22] = joined(&[
    &ANY_REFUSAL,
    &[Rule::FileExists, Rule::Pem, Rule::KeyNotEncrypted],
]);

/// Lists as one, which has as many rules as they have together.
const fn joined<const COUNT: usize>(lists: &[&[Rule]]) -> [Rule; COUNT] {
    let mut all = [Rule::FileExists; COUNT];
    let mut count = 0;
    let mut rest = lists;
    while let [first, others @ ..] = rest {
        let mut rules = *first;
        while let [rule, following @ ..] = rules {
            all[count] = *rule;
            count += 1;
            rules = following;
        }
        rest = others;
    }
    assert!(count == COUNT, "the length is that of all lists");
    all
}

/// A call that took too long, by a client that doesn't say why.
pub(in crate::etcd::facts) const TIMED_OUT: LeftOpen = open(
    &ANY_REFUSAL,
    &[
        likely(
            "this client tries again until its time is over, whatever the reason: any refusal of TLS looks like this",
        ),
        likely("nothing listens at the endpoint"),
    ],
);

/// A client that says of any failure the same.
pub(in crate::etcd::facts) const ANYTHING: LeftOpen = open(
    &ANY_FAILURE,
    &[likely(
        "this client says the same of every failure, down to a file that is missing: ask with curl and the same files",
    )],
);

const ANY_LOSS_OR_FILE: [Rule; 16] = joined(&[
    &REFUSED_CLIENT,
    &[
        Rule::FileExists,
        Rule::KeyNotEncrypted,
        Rule::Pem,
        Rule::CommonNameIsUser,
        Rule::CrlExists,
        Rule::CrlReadable,
        Rule::SomethingListens,
    ],
]);

/// As [`LOST`], of a client that goes on without a certificate that it can't read.
pub(in crate::etcd::facts) const LOST_OR_LEFT_OUT: LeftOpen = open(
    &ANY_LOSS_OR_FILE,
    &[
        likely(
            "etcd refused the client, and its alert was lost: over TLS 1.3 the client is writing already",
        ),
        likely(
            "the client sent no certificate: it says nothing of one that it can't read, and keeps one at home whose CA etcd does not name",
        ),
    ],
);

/// The server's CA is not known to the client.
pub(in crate::etcd::facts) const SERVER_CA: &[Rule] = &[
    Rule::ServerCaKnown,
    Rule::SignatureFitsIssuer,
    Rule::IssuerIsSubject,
];

/// A name or an address is missing among the server's SANs.
pub(in crate::etcd::facts) const SERVER_NAME: &[Rule] =
    &[Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost];

/// An address is missing among the server's SANs.
pub(in crate::etcd::facts) const SERVER_ADDRESS: &[Rule] =
    &[Rule::AddressSan, Rule::CommonNameIsNoHost, Rule::HostSan];

/// Anything about the server's certificate.
pub(in crate::etcd::facts) const SERVER_ANY: &[Rule] = &[
    Rule::ServerCaKnown,
    Rule::ValidityEnds,
    Rule::ValidityBegins,
    Rule::UsageServer,
    Rule::HostSan,
    Rule::AddressSan,
    Rule::CommonNameIsNoHost,
    Rule::SignatureFitsIssuer,
    Rule::NameConstraints,
    Rule::CriticalExtension,
];

pub(in crate::etcd::facts) const CA_UNKNOWN: &[Likely] = &[
    likely("the client was not given the CA of etcd's certificate, or another one"),
    likely("OpenSSL wants the root too: the intermediate alone is not enough"),
];
pub(in crate::etcd::facts) const ENDED: &[Likely] = &[
    likely("etcd's server certificate, or a CA above it, has expired"),
    likely("the clock of the client's machine is ahead"),
];
pub(in crate::etcd::facts) const NOT_BEGUN: &[Likely] = &[
    likely("etcd's server certificate is not valid yet"),
    likely("the clock of the client's machine is behind"),
];
pub(in crate::etcd::facts) const NO_NAME: &[Likely] = &[likely(
    "the host in the URL is not among the names of etcd's certificate",
)];
pub(in crate::etcd::facts) const NO_ADDRESS: &[Likely] = &[
    likely("the address in the URL is not among the IP addresses of etcd's certificate"),
    likely("etcd's certificate has no SAN at all, only a common name"),
];
pub(in crate::etcd::facts) const NO_SAN: &[Likely] =
    &[likely("etcd's certificate has no SAN, only a common name")];
pub(in crate::etcd::facts) const WRONG_USAGE: &[Likely] =
    &[likely("etcd's certificate lacks serverAuth")];
pub(in crate::etcd::facts) const SERVER_OPEN: &[Likely] = &[likely(
    "the client refused etcd's certificate, and doesn't say why: its CA, its dates, its usage or its names",
)];
pub(in crate::etcd::facts) const KEY_OF_ANOTHER: &[Likely] = &[likely(
    "certificate and key, as the client was given them, don't belong together",
)];
pub(in crate::etcd::facts) const NO_PEM: &[Likely] =
    &[likely("a file that the client was given holds no PEM")];
pub(in crate::etcd::facts) const ENCRYPTED: &[Likely] =
    &[likely("the client's private key is under a passphrase")];
pub(in crate::etcd::facts) const MISSING: &[Likely] =
    &[likely("a file that the client was given is not there")];
