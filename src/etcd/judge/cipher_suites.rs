//! The cipher suites that etcd takes by name (`client/pkg/tlsutil`), and what
//! comes of them: HTTP/2 demands one of two at etcd's start, and a TLS 1.2
//! handshake needs one that fits the server's key. TLS 1.3 ignores the list.

use crate::etcd::facts::release::EtcdBuild;
use go_x509::public_key::PublicKey;

/// The key that a suite authenticates the server with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Authentication {
    /// RSA.
    Rsa,
    /// ECDSA or Ed25519.
    Ecdsa,
    /// A suite of TLS 1.3, which a TLS 1.2 handshake can't use.
    Tls13,
}

/// A suite that Go knows.
struct Suite {
    /// Its name, as `--cipher-suites` takes it.
    name: &'static str,
    /// Its number (IANA, TLS Cipher Suites).
    number: u16,
    authentication: Authentication,
    /// Whether HTTP/2 approves of it (RFC 9113, appendix A lists the others).
    approved: bool,
}

const fn suite(
    name: &'static str,
    number: u16,
    authentication: Authentication,
    approved: bool,
) -> Suite {
    Suite {
        name,
        number,
        authentication,
        approved,
    }
}

/// What `tls.CipherSuites` and `tls.InsecureCipherSuites` have, in the order of
/// Go's preference on machines with AES instructions (`crypto/tls`
/// `cipher_suites.go`, `cipherSuitesPreferenceOrder`).
static SUITES: &[Suite] = {
    use Authentication::{Ecdsa, Rsa, Tls13};
    &[
        suite(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            0xc02b,
            Ecdsa,
            true,
        ),
        suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xc02f, Rsa, true),
        suite(
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            0xc02c,
            Ecdsa,
            true,
        ),
        suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xc030, Rsa, true),
        suite(
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            0xcca9,
            Ecdsa,
            true,
        ),
        suite(
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            0xcca8,
            Rsa,
            true,
        ),
        // Names that etcd keeps from before Go 1.14.
        suite(
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
            0xcca9,
            Ecdsa,
            true,
        ),
        suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", 0xcca8, Rsa, true),
        suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 0xc009, Ecdsa, false),
        suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", 0xc013, Rsa, false),
        suite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 0xc00a, Ecdsa, false),
        suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", 0xc014, Rsa, false),
        suite("TLS_RSA_WITH_AES_128_GCM_SHA256", 0x009c, Rsa, false),
        suite("TLS_RSA_WITH_AES_256_GCM_SHA384", 0x009d, Rsa, false),
        suite("TLS_RSA_WITH_AES_128_CBC_SHA", 0x002f, Rsa, false),
        suite("TLS_RSA_WITH_AES_256_CBC_SHA", 0x0035, Rsa, false),
        suite("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", 0xc012, Rsa, false),
        suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA", 0x000a, Rsa, false),
        suite(
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            0xc023,
            Ecdsa,
            false,
        ),
        suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", 0xc027, Rsa, false),
        suite("TLS_RSA_WITH_AES_128_CBC_SHA256", 0x003c, Rsa, false),
        suite("TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", 0xc007, Ecdsa, false),
        suite("TLS_ECDHE_RSA_WITH_RC4_128_SHA", 0xc011, Rsa, false),
        suite("TLS_RSA_WITH_RC4_128_SHA", 0x0005, Rsa, false),
        suite("TLS_AES_128_GCM_SHA256", 0x1301, Tls13, true),
        suite("TLS_AES_256_GCM_SHA384", 0x1302, Tls13, true),
        suite("TLS_CHACHA20_POLY1305_SHA256", 0x1303, Tls13, true),
    ]
};

fn find(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}

/// The first name that Go doesn't know (`tlsutil.GetCipherSuites`).
#[must_use]
pub fn first_unknown(names: &[String]) -> Option<&str> {
    names
        .iter()
        .map(String::as_str)
        .find(|name| find(name).is_none())
}

/// What `http2.ConfigureServer` says of a list before etcd listens, if it
/// refuses (RFC 9113, section 9.2.2).
#[must_use]
pub fn http2_complaint(names: &[String], build: &EtcdBuild) -> Option<String> {
    const REQUIRED: [u16; 2] = [0xc02f, 0xc02b];
    if names.is_empty() {
        return None;
    }
    let suites = || names.iter().filter_map(|name| find(name));
    if build.checks_order_of_cipher_suites() {
        let first_bad = suites().position(|suite| !suite.approved);
        let late = suites().enumerate().find(|(position, suite)| {
            first_bad.is_some_and(|bad| bad < *position) && suite.approved
        });
        if let Some((position, suite)) = late {
            return Some(format!(
                "http2: TLSConfig.CipherSuites index {position} contains an HTTP/2-approved cipher \
                 suite ({:#06x}), but it comes after unapproved cipher suites. With this \
                 configuration, clients that don't support previous, approved cipher suites may be \
                 given an unapproved one and reject the connection.",
                suite.number
            ));
        }
    }
    let required = suites().any(|suite| REQUIRED.contains(&suite.number));
    (!required).then(|| {
        "http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher \
         (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or \
         TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)"
            .to_owned()
    })
}

/// What a client offers for TLS 1.2.
#[derive(Clone, Copy, Debug)]
pub enum OfferedSuites<'a> {
    /// The suites that HTTP/2 approves of: etcdctl; and curl, near enough.
    Approved,
    /// `--cipher-suites`, for etcd's own client; all when it is empty.
    Listed(&'a [String]),
}

impl OfferedSuites<'_> {
    fn has(self, suite: &Suite) -> bool {
        match self {
            Self::Listed(names) if !names.is_empty() => names
                .iter()
                .filter_map(|name| find(name))
                .any(|listed| listed.number == suite.number),
            _ => suite.approved,
        }
    }

    /// The numbers in the order of a Go client's hello.
    fn numbers(self, tls13: bool) -> Vec<u16> {
        let mut numbers = Vec::new();
        for suite in SUITES {
            let offered = match suite.authentication {
                Authentication::Tls13 => tls13,
                _ => self.has(suite),
            };
            if offered && !numbers.contains(&suite.number) {
                numbers.push(suite.number);
            }
        }
        numbers
    }
}

/// The server's complaint when a TLS 1.2 handshake finds no suite that both
/// sides have and that fits the server's `key`; `listed` is the server's
/// `--cipher-suites`, `tls13` whether the client also offered TLS 1.3.
#[must_use]
pub fn complaint(
    offer: OfferedSuites<'_>,
    listed: &[String],
    key: Option<&PublicKey>,
    tls13: bool,
    build: &EtcdBuild,
) -> Option<String> {
    let wanted = match key {
        Some(PublicKey::Ecdsa { .. } | PublicKey::Ed25519(_)) => Authentication::Ecdsa,
        _ => Authentication::Rsa,
    };
    let server = OfferedSuites::Listed(listed);
    let common = SUITES
        .iter()
        .any(|suite| suite.authentication == wanted && offer.has(suite) && server.has(suite));
    if common {
        return None;
    }
    let text = "tls: no cipher suite supported by both client and server";
    Some(if build.go.lists_offered_cipher_suites() {
        let numbers: Vec<String> = offer
            .numbers(tls13)
            .iter()
            .map(|number| format!("{number:x}"))
            .collect();
        format!("{text}; client offered: [{}]", numbers.join(" "))
    } else {
        text.to_owned()
    })
}
