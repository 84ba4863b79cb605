//! What other programs refuse though etcd and etcdctl take it, told of a plan or of a
//! CA that is brought, before anything is made. Who they are stands in the rows of
//! `facts/client`, each measured; here their names are put into a sentence.

use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::public_key::{Curve, PublicKey};
use go_x509::version::GoBuild;

use crate::etcd::facts::client::{self, CERTIFICATE_POLICIES, Client, Names, Plain, WELL_KNOWN};
use crate::etcd::judge::client::strict;

/// The programs that people know and that a row says this of: `a, b and c`.
fn who(is_so: impl Fn(&Client) -> bool) -> String {
    let chosen = WELL_KNOWN.iter().filter(|known| {
        let client = client::named(known.client);
        client.is_some_and(|it| it.go.is_none() && it.plain != Plain::Always && is_so(it))
    });
    let names: Vec<&str> = chosen.map(|known| known.name).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Of keys on Ed25519: who takes no signature of theirs from etcd, and who reads none of
/// its own.
#[must_use]
pub fn of_ed25519() -> String {
    let refuse = who(|client| !client.library.knows_ed25519);
    let read_none = who(|client| !client.library.reads_ed25519);
    format!("Of etcd, Ed25519 keys are refused by {refuse}; {read_none} reads none of its own.")
}

/// Of a server's name: who takes no such wildcard.
#[must_use]
pub fn of_name(name: &str) -> Option<String> {
    let short = name
        .strip_prefix("*.")
        .is_some_and(|rest| !rest.contains('.'));
    short.then(|| {
        let refuse = who(|client| {
            let takes = client.library.takes_short_wildcards || client.takes_short_wildcards;
            !takes && client.names != Names::Nothing
        });
        format!("{name}: a wildcard before a single label is taken by etcdctl and Go, and not by {refuse}.")
    })
}

/// Of a server's common name that the CAs above allow for no host, where the
/// certificate names no host: who holds it to them all the same.
#[must_use]
pub fn of_confined_common_name(name: &str) -> String {
    let refuse = who(|client| client.library.constrains_common_name);
    format!(
        "The CA must not sign for {name}. etcdctl and Go look at no common name; {refuse} do, as the certificate names no other host."
    )
}

/// Of a server's address below a CA that is confined in its addresses: who knows no
/// such limits.
#[must_use]
pub fn of_confined_addresses() -> String {
    let refuse = who(|client| !client.library.knows_address_constraints);
    format!(
        "Limits on addresses are unknown to {refuse}: a certificate with an address, from a CA that has such limits, is refused there."
    )
}

/// Of a CA's certificate, and of those above it.
#[must_use]
pub fn of_authority(der: &[u8], go: GoBuild) -> Vec<String> {
    let Ok(certificate) = Certificate::parse(der, go) else {
        return Vec::new();
    };
    let mut told = Vec::new();
    let signing = match certificate.public_key {
        Some(PublicKey::Ed25519(_)) => Some((
            "an Ed25519",
            who(|client| client.library.signed_by_ed25519.is_some()),
        )),
        Some(PublicKey::Ecdsa {
            curve: Curve::P521, ..
        }) => Some((
            "a P-521",
            who(|client| client.library.signed_by_p521.is_some()),
        )),
        _ => None,
    };
    if let Some((kind, refuse)) = signing {
        told.push(format!(
            "This CA has {kind} key. What it signs for a server is refused by {refuse}."
        ));
    }
    let usages = &certificate.extended_key_usages;
    if usages.contains(&ExtendedKeyUsage::Any) && !usages.contains(&ExtendedKeyUsage::ServerAuth) {
        let refuse =
            who(|client| client.library.checks_purpose && !client.library.takes_any_usage_above);
        told.push(format!(
            "This CA has anyExtendedKeyUsage without serverAuth. etcdctl and Go take what it signs for a server; it is refused by {refuse}."
        ));
    }
    let policies = certificate
        .extensions
        .iter()
        .any(|it| it.critical && it.identifier == CERTIFICATE_POLICIES);
    if policies {
        let refuse = who(|client| !client.library.knows_policies);
        told.push(format!(
            "This CA has critical certificate policies, which are unknown to {refuse}, and refused there."
        ));
    }
    if let Some((_, missed)) = strict::in_authority(&certificate) {
        let refuse = who(|client| client.library.is_strict);
        told.push(format!(
            "What this CA signs is refused by {refuse}: {missed}."
        ));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::release::{EtcdBuild, Series};

    /// Made by OpenSSL, with `extendedKeyUsage=anyExtendedKeyUsage` and
    /// `certificatePolicies=critical,1.2.3.4`.
    const ANY: &str = "\
-----BEGIN CERTIFICATE-----
MIIBjjCCATSgAwIBAgIUFvqPe4t6bzVFkOBNzr3CItrPU08wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGQW55LUNBMCAXDTI2MTEyOTE1MzcwMloYDzIxMjYxMTA1MTUz
NzAyWjARMQ8wDQYDVQQDDAZBbnktQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATcu8LiPmHpfSGx6+qrvWyq1WVxS6M7IvHjYQjYs/yTckHlhWUQ/p1XfcqYGZPb
ZxAG4n1ElycVMk8569EqXmmco2gwZjAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB
/wQEAwIBBjAPBgNVHSUECDAGBgRVHSUAMBMGA1UdIAEB/wQJMAcwBQYDKgMEMB0G
A1UdDgQWBBQMTlzFU0IiCXOypiKcRqUwtqEIYTAKBggqhkjOPQQDAgNIADBFAiAY
3dvCj4Byag+wDYh8BL4MIeCyKVe4eUUSfgApWwk7uwIhAOW12Cuk9VrcGYgM2Wue
19dKF5vlw4gamGuuleFUJL59
-----END CERTIFICATE-----
";

    #[test]
    fn a_ca_that_others_refuse_is_told_with_their_names() {
        let go = EtcdBuild::upstream(Series::default().newest()).go;
        let der = go_x509::pem::blocks(ANY.as_bytes(), go).remove(0).bytes;
        let told = of_authority(&der, go);
        let [usage, policies] = told.as_slice() else {
            panic!("{told:?}");
        };
        for refuses in ["curl, ", "Python grpcio", "Node https", "Rust etcd-client"] {
            assert!(usage.contains(refuses), "{usage}");
        }
        assert!(
            !usage.contains("Java") && !usage.contains("aetcd"),
            "{usage}"
        );
        assert!(
            policies.contains("unknown to Rust etcd-client,"),
            "{policies}"
        );
        assert!(of_authority(b"", go).is_empty());
    }

    #[test]
    fn a_ca_of_an_older_form_is_told_with_what_python_misses() {
        let lax = include_bytes!("../../../tests/record/client-cells/laxca.crt");
        let go = EtcdBuild::upstream(Series::default().newest()).go;
        let der = go_x509::pem::blocks(lax, go).remove(0).bytes;
        assert_eq!(
            of_authority(&der, go),
            [
                "What this CA signs is refused by Python 3.13 requests: Basic Constraints of CA cert not marked critical."
            ]
        );
    }

    #[test]
    fn a_ca_whose_key_others_do_not_know_is_told_with_their_names() {
        let go = EtcdBuild::upstream(Series::default().newest()).go;
        let of = |pem: &[u8]| of_authority(&go_x509::pem::blocks(pem, go).remove(0).bytes, go);
        assert_eq!(
            of(include_bytes!(
                "../../../tests/record/client-cells/ed25519ca.crt"
            )),
            ["This CA has an Ed25519 key. What it signs for a server is refused by Java jetcd."]
        );
        assert_eq!(
            of(include_bytes!(
                "../../../tests/record/client-cells/p521ca.crt"
            )),
            ["This CA has a P-521 key. What it signs for a server is refused by Rust etcd-client."]
        );
    }

    #[test]
    fn who_takes_no_ed25519_is_told_apart_from_who_reads_none() {
        assert_eq!(
            of_ed25519(),
            "Of etcd, Ed25519 keys are refused by Python grpcio, Python etcd3 and Java jetcd; Java jetcd reads none of its own."
        );
    }

    #[test]
    fn only_a_wildcard_before_a_single_label_parts_them() {
        assert!(of_name("*.lab").is_some());
        assert_eq!(of_name("*.lab.test"), None);
        assert_eq!(of_name("lab"), None);
    }
}
