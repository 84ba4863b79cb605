//! What one Go release says and another doesn't, each difference as Go said
//! it when it was asked (see `go_agreement`, which asks again).

#![expect(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    reason = "it builds bytes from small numbers, and panics when it can't go on"
)]

#[path = "support/certificates.rs"]
#[expect(dead_code, reason = "the questions to Go need more parts")]
mod certificates;

#[path = "support/post_quantum.rs"]
mod post_quantum;

use certificates::{
    Parts, SERVER, alternative_names, basic_constraints, element, extended_key_usage, extension,
    key, key_usage, name_constraints, oid, sequence,
};
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, VerifyOptions};
use go_x509::key_pair;
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::url;
use go_x509::version::{GoBuild, GoVersion};

use post_quantum::{PostQuantumKey, SETS};

/// 2026-11-23T16:10:00Z
const NOW: i64 = 1_795_450_200;

/// A toolchain and a program whose `go` line names the same release.
fn go(minor: u16, patch: u16) -> GoBuild {
    GoBuild::new(GoVersion::new(minor, patch), minor)
}

/// What Go says of a server's certificate under a CA with such an extension.
fn verdict(of_authority: Option<Vec<u8>>, of_leaf: Vec<u8>, go: GoBuild) -> String {
    let mut authority = vec![basic_constraints(true, None), key_usage(0x06)];
    authority.extend(of_authority);
    let root = Parts::new("root", &key(1), "root", authority).sign(&key(1));
    let leaf = vec![extended_key_usage(&[SERVER]), of_leaf];
    let leaf = Parts::new("leaf", &key(2), "root", leaf).sign(&key(1));
    judged(&root, &leaf, go)
}

/// What Go says of a server's certificate under a root.
fn judged(root: &[u8], leaf: &[u8], go: GoBuild) -> String {
    let leaf = match Certificate::parse(leaf, go) {
        Ok(leaf) => leaf,
        Err(error) => return error.to_string(),
    };
    let mut roots = CertificatePool::default();
    roots.add(Certificate::parse(root, go).expect("a root that every Go reads"));
    let options = VerifyOptions {
        roots: &roots,
        intermediates: &CertificatePool::default(),
        host: None,
        usage: ExtendedKeyUsage::ServerAuth,
        now: Time::utc(jiff::Timestamp::from_second(NOW).expect("a time")),
    };
    chain::verify(&leaf, &options, go).map_or_else(|error| error.to_string(), |_| "ok".to_owned())
}

/// What Go says of a URI name under a CA that permits one domain.
fn of_uri(uri: &str, go: GoBuild) -> String {
    let permitted = name_constraints(&[(6, b"lab.test")], &[]);
    verdict(
        Some(permitted),
        alternative_names(&[(6, uri.as_bytes())]),
        go,
    )
}

const REFUSED: &str = "x509: a root or intermediate certificate is not authorized to sign for \
                       this name: ";

#[test]
fn a_refused_uri_stands_as_go_writes_it_since_1_26() {
    let uri = "HTTPS://Example.COM/%7ea";
    let words = |text: &str| format!("{REFUSED}URI \"{text}\" is not permitted by any constraint");
    assert_eq!(of_uri(uri, go(25, 12)), words(uri));
    assert_eq!(of_uri(uri, go(26, 8)), words("https://Example.COM/%7ea"));
}

#[test]
fn a_uri_with_two_ports_is_read_by_old_programs_only() {
    let refused = "x509: cannot parse URI \"https://a:1:2/\": parse \"https://a:1:2/\": invalid \
                   port \":1:2\" after host";
    assert_eq!(of_uri("https://a:1:2/", go(27, 3)), refused);
    assert_eq!(of_uri("https://a:1:2/", go(26, 8)), refused);
    let too_many = "address a:1:2: too many colons in address";
    assert_eq!(
        of_uri("https://a:1:2/", go(25, 12)),
        format!("{REFUSED}{too_many}")
    );
    let old_program = GoBuild::new(GoVersion::new(27, 3), 25);
    assert_eq!(
        of_uri("https://a:1:2/", old_program),
        format!("{REFUSED}cannot parse URI host \"a:1:2\": {too_many}")
    );
}

#[test]
fn a_uri_with_a_scoped_address_is_one_with_an_address_since_1_24() {
    let uri = "https://[fe80::1%25lo]:2379";
    let address = format!("{REFUSED}URI with IP (\"{uri}\") cannot be matched against constraints");
    assert_eq!(of_uri(uri, go(27, 3)), address);
    assert_eq!(of_uri(uri, go(24, 13)), address);
    assert_eq!(of_uri(uri, go(22, 11)), address);
    assert_eq!(
        of_uri(uri, go(22, 10)),
        format!("{REFUSED}URI \"{uri}\" is not permitted by any constraint")
    );
}

#[test]
fn a_uri_with_an_address_of_the_future_is_unreadable_since_1_24_8() {
    let refused = "x509: cannot parse URI \"https://[v1.fe]/\": parse \"https://[v1.fe]/\": \
                   invalid host: ParseAddr(\"v1.fe\"): unexpected character (at \"v1.fe\")";
    for go in [go(24, 13), go(25, 12), go(26, 8), go(27, 3)] {
        assert_eq!(of_uri("https://[v1.fe]/", go), refused);
    }
}

#[test]
fn a_wildcard_is_excluded_with_a_name_it_covers_since_1_24_11() {
    let said = |go| {
        let excluded = name_constraints(&[], &[(2, b"a.example.com")]);
        verdict(
            Some(excluded),
            alternative_names(&[(2, b"*.example.com")]),
            go,
        )
    };
    let refused =
        format!("{REFUSED}DNS name \"*.example.com\" is excluded by constraint \"a.example.com\"");
    for go in [go(24, 11), go(24, 13), go(25, 12), go(26, 8), go(27, 3)] {
        assert_eq!(said(go), refused);
    }
    assert_eq!(said(go(24, 10)), "ok");
    assert_eq!(said(go(25, 4)), "ok");
}

#[test]
fn policies_that_end_in_nothing_have_three_texts() {
    let demanded = extension("2.5.29.36", true, &sequence(&[&[0x80, 1, 0]]));
    let said = |go| {
        let other = extension(
            "2.5.29.32",
            false,
            &sequence(&[&sequence(&[&oid("1.2.3")])]),
        );
        verdict(None, other, go)
    };
    assert_eq!(said(go(27, 3)), "ok");
    let said = |go| verdict(None, demanded.clone(), go);
    let words = |detail| format!("x509: no valid chains built: {detail}");
    assert_eq!(said(go(24, 3)), words("1 chains with invalid policies"));
    let since = words("all candidate chains have invalid policies");
    assert_eq!(said(go(24, 4)), since);
    assert_eq!(said(go(25, 12)), since);
    assert_eq!(
        said(go(26, 8)),
        words("1 candidate chains with invalid policies")
    );
}

#[test]
fn a_mapped_address_makes_a_certificate_unreadable_in_1_27() {
    let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1];
    let said = |go| verdict(None, alternative_names(&[(7, &mapped)]), go);
    assert_eq!(said(go(26, 8)), "ok");
    assert_eq!(
        said(go(27, 3)),
        "x509: SAN iPAddress contains IPv4-mapped IPv6 address"
    );
}

#[test]
fn a_subject_of_universal_strings_is_read_by_1_27_again() {
    let said = |go| {
        let root = Parts::new(
            "root",
            &key(1),
            "root",
            vec![basic_constraints(true, None), key_usage(0x06)],
        );
        let mut leaf = Parts::new("leaf", &key(2), "root", vec![extended_key_usage(&[SERVER])]);
        let text = element(28, b"\0\0\0e\0\0\0t\0\0\0c\0\0\0d");
        let attribute = sequence(&[&oid("2.5.4.3"), &text]);
        leaf.subject = sequence(&[&element(0x31, &attribute)]);
        judged(&root.sign(&key(1)), &leaf.sign(&key(1)), go)
    };
    let refused = "x509: invalid RDNSequence: invalid attribute value: unsupported string type: 28";
    assert_eq!(said(go(26, 8)), refused);
    assert_eq!(said(go(27, 3)), "ok");
}

#[test]
fn addresses_under_several_ranges_with_host_bits_are_refused_by_1_26_alone() {
    let said = |go| {
        let ranges: &[(u8, &[u8])] = &[
            (7, &[10, 1, 2, 3, 255, 0, 0, 0]),
            (7, &[9, 9, 9, 9, 255, 0, 0, 0]),
        ];
        let permitted = name_constraints(ranges, &[]);
        verdict(
            Some(permitted),
            alternative_names(&[(7, &[10, 0, 9, 9])]),
            go,
        )
    };
    assert_eq!(said(go(25, 12)), "ok");
    assert_eq!(
        said(go(26, 8)),
        format!("{REFUSED}IP address \"10.0.9.9\" is not permitted by any constraint")
    );
    assert_eq!(said(go(27, 3)), "ok");
}

#[test]
fn a_mapped_address_in_a_constraint_is_refused_by_1_27_too() {
    let mut range = [0; 32];
    range[10..14].copy_from_slice(&[0xff, 0xff, 10, 0]);
    range[16..].fill(0xff);
    let said = |go| {
        let permitted = name_constraints(&[(7, &range)], &[]);
        let constraints = vec![basic_constraints(true, None), key_usage(0x06), permitted];
        let root = Parts::new("root", &key(1), "root", constraints).sign(&key(1));
        Certificate::parse(&root, go).map_or_else(|error| error.to_string(), |_| "ok".to_owned())
    };
    assert_eq!(said(go(26, 8)), "ok");
    assert_eq!(
        said(go(27, 3)),
        "x509: IP constraint contained IPv4-mapped IPv6 address"
    );
}

#[test]
fn a_chain_of_ml_dsa_is_for_go_1_27() {
    for set in SETS {
        let authority = PostQuantumKey { set, number: 1 };
        let server = PostQuantumKey { set, number: 2 };
        let constraints = vec![basic_constraints(true, None), key_usage(0x06)];
        let mut root = Parts::new("root", &key(1), "root", constraints);
        root.public_key = authority.public_key();
        let mut leaf = Parts::new("leaf", &key(1), "root", vec![extended_key_usage(&[SERVER])]);
        leaf.public_key = server.public_key();
        let root = authority.sign(&root, |_| ());
        let leaf = authority.sign(&leaf, |_| ());
        assert_eq!(judged(&root, &leaf, go(27, 3)), "ok");
        assert_eq!(
            judged(&root, &leaf, go(26, 8)),
            "x509: certificate signed by unknown authority"
        );
        let file = certificates::pem("CERTIFICATE", &leaf);
        let loaded = |contents: &[u8], go| {
            key_pair::load(&file, &server.private_key(contents), go)
                .map_or_else(|error| error.to_string(), |_| "ok".to_owned())
        };
        assert_eq!(loaded(&server.seed(), go(27, 3)), "ok");
        assert_eq!(
            loaded(&server.seed(), go(26, 8)),
            "tls: failed to parse private key"
        );
        assert_eq!(
            loaded(&[4, 0], go(27, 3)),
            "tls: failed to parse private key: x509: semi-expanded ML-DSA private keys without \
             seed are not supported"
        );
    }
}

#[test]
fn brackets_in_a_url_hold_what_each_release_takes_for_an_address() {
    let said = |text: &str, go| match url::parse_as(text, go) {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.fault.to_string(),
    };
    let unexpected = "invalid host: ParseAddr(\"v1.fe\"): unexpected character (at \"v1.fe\")";
    let [mild, strict, now] = [
        ["ok", "ok", "ok"],
        [unexpected, "invalid IPv6 host", "invalid IPv6 host"],
        [unexpected, "invalid IP-literal", "ok"],
    ];
    for (minor, patch, answers) in [
        (24, 7, mild),
        (24, 8, strict),
        (24, 9, strict),
        (24, 10, now),
        (25, 1, mild),
        (25, 2, strict),
        (25, 3, strict),
        (25, 4, now),
        (26, 0, now),
    ] {
        let texts = [
            "https://[v1.fe]/",
            "https://[127.0.0.1]/",
            "https://[::ffff:127.0.0.1]/",
        ];
        let go = go(minor, patch);
        assert_eq!(
            texts.map(|text| said(text, go)),
            answers,
            "1.{minor}.{patch}"
        );
        assert_eq!(said("https://[fe80::1%25eth0]/", go), "ok");
    }
}

#[test]
fn a_uri_with_an_address_of_a_zone_is_known_as_one_since_the_patches_of_2025() {
    let uri = "https://[fe80::1%25eth0]:443/";
    let said = |go| {
        let permitted = name_constraints(&[(6, b".example.com")], &[]);
        let leaf = alternative_names(&[(6, uri.as_bytes())]);
        verdict(Some(permitted), leaf, go)
    };
    let words =
        "x509: a root or intermediate certificate is not authorized to sign for this name: URI";
    let before = format!("{words} \"{uri}\" is not permitted by any constraint");
    let since = format!("{words} with IP (\"{uri}\") cannot be matched against constraints");
    for (minor, patch, expected) in [
        (22, 10, &before),
        (22, 11, &since),
        (23, 4, &before),
        (23, 5, &since),
    ] {
        assert_eq!(&said(go(minor, patch)), expected, "1.{minor}.{patch}");
    }
}
