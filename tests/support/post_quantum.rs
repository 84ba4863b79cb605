//! Files with ML-DSA keys between builds that know them and builds that do not,
//! and what real ones said of each: etcd 3.7.3 built with Go 1.27.3, and with its
//! own Go 1.26.10.

use std::collections::BTreeMap;

use etcd_pki_lab::etcd::plan::Plan;
use etcd_pki_lab::lab::making;
use etcd_pki_lab::pki::key::KeyType;
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

/// The Go that a program is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Go {
    /// 1.26.10, the release's own.
    Old,
    /// 1.27.3.
    New,
}

impl Go {
    /// The build, as it is asked about.
    pub(crate) fn build(self) -> &'static str {
        match self {
            Self::Old => "3.7.3",
            Self::New => "3.7.3-go1.27.3",
        }
    }
}

/// A set of files, by the kinds of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Every key is P-256.
    Classical,
    /// Every key is ML-DSA-65.
    PostQuantum,
    /// The CA has an ML-DSA-87 key, the server and the client P-256 ones.
    Authority,
    /// The client has an ML-DSA-44 key, the CA and the server P-256 ones.
    Client,
}

impl Keys {
    const ALL: [Self; 4] = [
        Self::Classical,
        Self::PostQuantum,
        Self::Authority,
        Self::Client,
    ];

    fn plan(self) -> Plan {
        let mut plan = Plan::default();
        let (all, server, client) = match self {
            Self::Classical => (KeyType::P256, None, None),
            Self::PostQuantum => (KeyType::MlDsa65, None, None),
            Self::Authority => (KeyType::MlDsa87, Some(KeyType::P256), Some(KeyType::P256)),
            Self::Client => (KeyType::P256, None, Some(KeyType::MlDsa44)),
        };
        plan.key_type = all;
        plan.server.key_type = server;
        plan.clients[0].key_type = client;
        plan
    }

    /// The name of one of its files.
    fn file(self, name: &str) -> String {
        format!("{self:?}-{name}")
    }
}

/// The sets' files, by their names.
pub(crate) fn files(now: Timestamp) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (keys, seed) in Keys::ALL.into_iter().zip(1..) {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let lab = making::make(&keys.plan(), None, now, &mut random).expect("a plan");
        for file in lab.files() {
            files.insert(keys.file(&file.name), file.contents.to_vec());
        }
    }
    files
}

/// An etcd, an etcdctl, and what became of them.
pub(crate) struct Case {
    pub etcd: Go,
    pub etcdctl: Go,
    /// etcd's certificate and key.
    pub server: Keys,
    /// The CA that etcd trusts.
    pub trusted: Keys,
    /// etcdctl's certificate and key.
    pub client: Keys,
    /// The CA that etcdctl trusts.
    pub cacert: Keys,
    /// Whether etcd allows TLS 1.2 alone.
    pub tls12: bool,
    /// `ok`, `fail` or `server-start-fail`.
    pub verdict: &'static str,
    /// What etcd logs; empty for nothing.
    pub says_etcd: &'static str,
    /// What etcdctl prints; empty for nothing.
    pub says_etcdctl: &'static str,
}

impl Case {
    /// The line that starts etcd.
    pub(crate) fn etcd_line(&self, port: &str) -> String {
        let tls12 = if self.tls12 {
            " --tls-max-version=TLS1.2"
        } else {
            ""
        };
        format!(
            "etcd --listen-client-urls=https://127.0.0.1:{port} --advertise-client-urls=https://127.0.0.1:{port} \
             --cert-file={} --key-file={} --client-cert-auth --trusted-ca-file={}{tls12}",
            self.server.file("etcd.crt"),
            self.server.file("etcd.key"),
            self.trusted.file("ca.crt"),
        )
    }

    /// The line that asks it.
    pub(crate) fn etcdctl_line(&self, port: &str) -> String {
        format!(
            "etcdctl --endpoints=https://127.0.0.1:{port} --cacert={} --cert={} --key={} put a b",
            self.cacert.file("ca.crt"),
            self.client.file("client.crt"),
            self.client.file("client.key"),
        )
    }

    pub(crate) fn name(&self) -> String {
        format!(
            "etcd {:?} with {:?} trusts {:?}, etcdctl {:?} with {:?} trusts {:?}{}",
            self.etcd,
            self.server,
            self.trusted,
            self.etcdctl,
            self.client,
            self.cacert,
            if self.tls12 { ", TLS 1.2" } else { "" },
        )
    }
}

const UNKNOWN: &str =
    "tls: failed to verify certificate: x509: certificate signed by unknown authority";
const NO_SIGNATURE: &str =
    "tls: peer doesn't support any of the certificate's signature algorithms";
const NO_KEY: &str = "tls: failed to parse private key";

#[rustfmt::skip]
pub(crate) const CASES: &[Case] = {
    use Go::{New, Old};
    use Keys::{Authority, Classical, Client, PostQuantum};
    &[
        // Everything made with ML-DSA, and a CA or a client with it.
        Case { etcd: New, etcdctl: New, server: PostQuantum, trusted: PostQuantum, client: PostQuantum, cacert: PostQuantum, tls12: false, verdict: "ok", says_etcd: "", says_etcdctl: "" },
        Case { etcd: New, etcdctl: New, server: Authority, trusted: Authority, client: Authority, cacert: Authority, tls12: false, verdict: "ok", says_etcd: "", says_etcdctl: "" },
        Case { etcd: New, etcdctl: New, server: Authority, trusted: Authority, client: Authority, cacert: Authority, tls12: true, verdict: "ok", says_etcd: "", says_etcdctl: "" },
        Case { etcd: New, etcdctl: New, server: Client, trusted: Client, client: Client, cacert: Client, tls12: false, verdict: "ok", says_etcd: "", says_etcdctl: "" },
        // A key that one of the two can't load.
        Case { etcd: Old, etcdctl: New, server: PostQuantum, trusted: PostQuantum, client: PostQuantum, cacert: PostQuantum, tls12: false, verdict: "server-start-fail", says_etcd: NO_KEY, says_etcdctl: "" },
        Case { etcd: New, etcdctl: Old, server: PostQuantum, trusted: PostQuantum, client: PostQuantum, cacert: PostQuantum, tls12: false, verdict: "fail", says_etcd: "", says_etcdctl: NO_KEY },
        // A key that the other has no signature of.
        Case { etcd: New, etcdctl: Old, server: PostQuantum, trusted: Classical, client: Classical, cacert: PostQuantum, tls12: false, verdict: "fail", says_etcd: NO_SIGNATURE, says_etcdctl: "remote error: tls: handshake failure" },
        Case { etcd: Old, etcdctl: New, server: Client, trusted: Client, client: Client, cacert: Client, tls12: false, verdict: "fail", says_etcd: "tls: client certificate contains an unsupported public key of type <nil>", says_etcdctl: NO_SIGNATURE },
        Case { etcd: Old, etcdctl: New, server: Classical, trusted: PostQuantum, client: PostQuantum, cacert: Classical, tls12: false, verdict: "fail", says_etcd: UNKNOWN, says_etcdctl: NO_SIGNATURE },
        // TLS 1.2, which has none.
        Case { etcd: New, etcdctl: New, server: PostQuantum, trusted: PostQuantum, client: PostQuantum, cacert: PostQuantum, tls12: true, verdict: "fail", says_etcd: "tls: ML-DSA certificates require TLS 1.3, but client negotiated TLS 1.2", says_etcdctl: "remote error: tls: internal error" },
        Case { etcd: New, etcdctl: New, server: Client, trusted: Client, client: Client, cacert: Client, tls12: true, verdict: "fail", says_etcd: "tls: client certificate uses ML-DSA, which requires TLS 1.3", says_etcdctl: "tls: ML-DSA certificates require TLS 1.3" },
        // A CA that whoever looks passes over, without the usual hint.
        Case { etcd: Old, etcdctl: Old, server: Authority, trusted: Authority, client: Authority, cacert: Authority, tls12: false, verdict: "fail", says_etcd: "remote error: tls: bad certificate", says_etcdctl: UNKNOWN },
        Case { etcd: Old, etcdctl: New, server: Authority, trusted: Authority, client: Authority, cacert: Authority, tls12: false, verdict: "fail", says_etcd: UNKNOWN, says_etcdctl: "remote error: tls: unknown certificate authority" },
        Case { etcd: Old, etcdctl: Old, server: Classical, trusted: Classical, client: Classical, cacert: PostQuantum, tls12: false, verdict: "fail", says_etcd: "remote error: tls: bad certificate", says_etcdctl: UNKNOWN },
        // Another CA, whose key is of another kind.
        Case { etcd: New, etcdctl: New, server: Classical, trusted: Classical, client: Classical, cacert: PostQuantum, tls12: false, verdict: "fail", says_etcd: "remote error: tls: bad certificate", says_etcdctl: "x509: signature algorithm specifies an ECDSA public key, but have public key of type *mldsa.PublicKey" },
        Case { etcd: New, etcdctl: New, server: Classical, trusted: Classical, client: PostQuantum, cacert: Classical, tls12: false, verdict: "fail", says_etcd: "x509: signature algorithm specifies an ML-DSA public key, but have public key of type *ecdsa.PublicKey", says_etcdctl: "remote error: tls: unknown certificate authority" },
    ]
};
