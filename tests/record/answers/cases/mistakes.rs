//! Mistakes that can be made in any certificate, each under a name.

use super::{add, set, set_san};
use crate::certificates::*;

/// A mistake's name, and what it does to a certificate.
type Mistake = (&'static str, fn(&mut Parts));

/// Mistakes that can be made in any certificate.
pub(super) const MISTAKES: &[Mistake] = &[
    ("serial-zero", |p| p.serial = integer(&[0])),
    ("serial-negative", |p| p.serial = integer(&[0x81, 2])),
    ("serial-minus-one", |p| p.serial = integer(&[0xff])),
    ("serial-21-octets", |p| p.serial = integer(&[7; 21])),
    ("serial-not-minimal", |p| p.serial = integer(&[0, 1])),
    ("serial-empty", |p| p.serial = integer(&[])),
    ("serial-octet-string", |p| p.serial = element(4, &[1])),
    ("version-1-with-extensions", |p| p.version = Vec::new()),
    ("version-1", |p| {
        p.version = Vec::new();
        p.extensions = None;
    }),
    ("version-2", |p| p.version = element(0xa0, &integer(&[1]))),
    ("version-4", |p| p.version = element(0xa0, &integer(&[3]))),
    ("version-negative", |p| {
        p.version = element(0xa0, &integer(&[0xff]));
    }),
    ("version-two-octets", |p| {
        p.version = element(0xa0, &integer(&[1, 0]));
    }),
    ("algorithms-differ", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.840.10045.4.3.3")]);
    }),
    ("algorithm-with-null", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.840.10045.4.3.2"), &[5, 0]]);
        p.outer_algorithm = p.inner_algorithm.clone();
    }),
    ("algorithm-sha1", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.840.10045.4.1")]);
        p.outer_algorithm = p.inner_algorithm.clone();
    }),
    ("algorithm-rsa", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.840.113549.1.1.11"), &[5, 0]]);
        p.outer_algorithm = p.inner_algorithm.clone();
    }),
    ("algorithm-md5", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.840.113549.1.1.4"), &[5, 0]]);
        p.outer_algorithm = p.inner_algorithm.clone();
    }),
    ("algorithm-unknown", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.3.4")]);
        p.outer_algorithm = p.inner_algorithm.clone();
    }),
    ("algorithm-empty", |p| {
        p.inner_algorithm = sequence(&[]);
        p.outer_algorithm = p.inner_algorithm.clone();
    }),
    ("issuer-printable", |p| {
        p.issuer = name_with("2.5.4.3", 19, b"root");
    }),
    ("issuer-capital", |p| p.issuer = common_name("Root")),
    ("issuer-empty", |p| p.issuer = sequence(&[])),
    ("issuer-not-a-sequence", |p| p.issuer = element(0x31, &[])),
    ("expired", |p| p.not_after = utc_time("260101000000Z")),
    ("not-yet-valid", |p| {
        p.not_before = utc_time("350101000000Z");
    }),
    ("begins-generalized", |p| {
        p.not_before = element(0x18, b"20250101000000Z");
    }),
    ("ends-9999", |p| {
        p.not_after = element(0x18, b"99991231235959Z");
    }),
    ("ends-in-2049", |p| p.not_after = utc_time("491231235959Z")),
    ("ends-in-1950", |p| p.not_after = utc_time("501231235959Z")),
    ("time-fraction", |p| {
        p.not_before = element(0x18, b"20250101000000.5Z");
    }),
    ("time-without-seconds", |p| {
        p.not_before = utc_time("2501010000Z");
    }),
    ("time-with-zone", |p| {
        p.not_before = utc_time("250101000000+0100");
    }),
    ("time-without-zone", |p| {
        p.not_before = utc_time("250101000000");
    }),
    ("time-month-13", |p| {
        p.not_before = utc_time("251301000000Z");
    }),
    ("time-february-30", |p| {
        p.not_before = utc_time("250230000000Z");
    }),
    ("time-octet-string", |p| {
        p.not_before = element(4, b"250101000000Z");
    }),
    ("time-empty", |p| p.not_before = utc_time("")),
    ("subject-printable-at", |p| {
        p.subject = name_with("2.5.4.3", 19, b"a@b");
    }),
    ("subject-printable-underscore", |p| {
        p.subject = name_with("2.5.4.3", 19, b"a_b");
    }),
    ("subject-printable-star", |p| {
        p.subject = name_with("2.5.4.3", 19, b"a*&");
    }),
    ("subject-not-utf8", |p| {
        p.subject = name_with("2.5.4.3", 12, b"\xff\xfe");
    }),
    ("subject-ia5-not-ascii", |p| {
        p.subject = name_with("2.5.4.3", 22, b"\xe4");
    }),
    ("subject-t61", |p| {
        p.subject = name_with("2.5.4.3", 20, b"T61");
    }),
    ("subject-bmp", |p| {
        p.subject = name_with("2.5.4.3", 30, &[0, 97]);
    }),
    ("subject-bmp-odd", |p| {
        p.subject = name_with("2.5.4.3", 30, &[0]);
    }),
    ("subject-bmp-surrogate", |p| {
        p.subject = name_with("2.5.4.3", 30, &[0xd8, 0]);
    }),
    ("subject-universal", |p| {
        p.subject = name_with("2.5.4.3", 28, &[0, 0, 0, 97]);
    }),
    ("subject-numeric-letters", |p| {
        p.subject = name_with("2.5.4.3", 18, b"12a");
    }),
    ("subject-integer", |p| {
        p.subject = name_with("2.5.4.3", 2, &[1]);
    }),
    ("subject-general-string", |p| {
        p.subject = name_with("2.5.4.3", 27, b"abc");
    }),
    ("subject-organization", |p| {
        p.subject = name_with("2.5.4.10", 12, b"Lab");
    }),
    ("subject-long", |p| {
        p.subject = name_with("2.5.4.3", 12, &[b'x'; 200]);
    }),
    ("key-secp256k1", |p| {
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.3.132.0.10")]),
            &element(3, &[0, 4, 1]),
        ]);
    }),
    ("key-without-curve", |p| {
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.10045.2.1")]),
            &element(3, &[0, 4, 1]),
        ]);
    }),
    ("key-off-curve", |p| {
        let point = [&[0, 4][..], &[7; 64]].concat();
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]),
            &element(3, &point),
        ]);
    }),
    ("key-compressed", |p| {
        let point = [&[0, 2][..], &[7; 32]].concat();
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]),
            &element(3, &point),
        ]);
    }),
    ("key-rsa-without-null", |p| {
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.113549.1.1.1")]),
            &element(3, &[0, 0x30, 0]),
        ]);
    }),
    ("key-rsa-empty", |p| {
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
            &element(3, &[0, 0x30, 0]),
        ]);
    }),
    ("key-rsa-negative", |p| {
        let numbers = [&[0][..], &sequence(&[&integer(&[0x80]), &integer(&[3])])].concat();
        p.public_key = sequence(&[
            &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
            &element(3, &numbers),
        ]);
    }),
    ("key-ed25519-short", |p| {
        p.public_key = sequence(&[&sequence(&[&oid("1.3.101.112")]), &element(3, &[0; 20])]);
    }),
    ("key-ed25519-null", |p| {
        p.public_key = sequence(&[
            &sequence(&[&oid("1.3.101.112"), &[5, 0]]),
            &element(3, &[0; 33]),
        ]);
    }),
    ("key-ed448", |p| {
        p.public_key = sequence(&[&sequence(&[&oid("1.3.101.113")]), &element(3, &[0; 58])]);
    }),
    ("key-unused-bits", |p| {
        p.public_key = sequence(&[&sequence(&[&oid("1.3.101.113")]), &element(3, &[9, 1])]);
    }),
    ("extensions-none", |p| p.extensions = None),
    ("extensions-empty", |p| p.extensions = Some(Vec::new())),
    ("extension-twice", |p| {
        add(p, extension("1.2.3.4", false, &[5, 0]));
        add(p, extension("1.2.3.4", false, &[5, 0]));
    }),
    ("extension-unknown-critical", |p| {
        add(p, extension("1.2.3.4", true, &[5, 0]));
    }),
    ("extension-unknown", |p| {
        add(p, extension("1.2.3.4", false, &[5, 0]));
    }),
    ("extension-boolean-01", |p| {
        add(
            p,
            sequence(&[&oid("1.2.3.4"), &element(1, &[1]), &element(4, &[5, 0])]),
        );
    }),
    ("extension-boolean-long", |p| {
        add(
            p,
            sequence(&[
                &oid("1.2.3.4"),
                &element(1, &[0xff, 0xff]),
                &element(4, &[5, 0]),
            ]),
        );
    }),
    ("extension-without-value", |p| {
        add(p, sequence(&[&oid("1.2.3.4")]));
    }),
    ("extension-huge-arc", |p| {
        add(
            p,
            sequence(&[
                &element(6, &[0x2a, 0x90, 0x80, 0x80, 0x80, 0x00]),
                &element(4, &[5, 0]),
            ]),
        );
    }),
    ("usage-server", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[SERVER]));
    }),
    ("usage-client", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[CLIENT]));
    }),
    ("usage-both", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[SERVER, CLIENT]));
    }),
    ("usage-any", |p| {
        set(p, "2.5.29.37", extended_key_usage(&["2.5.29.37.0"]));
    }),
    ("usage-other", |p| {
        set(p, "2.5.29.37", extended_key_usage(&["1.3.6.1.5.5.7.3.3"]));
    }),
    ("usage-gated-crypto", |p| {
        set(
            p,
            "2.5.29.37",
            extended_key_usage(&["2.16.840.1.113730.4.1", CLIENT]),
        );
    }),
    ("usage-empty", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[]));
    }),
    ("usage-not-a-sequence", |p| {
        set(p, "2.5.29.37", extension("2.5.29.37", false, &oid(SERVER)));
    }),
    ("key-usage-none", |p| {
        set(p, "2.5.29.15", extension("1.2.3.4", false, &[5, 0]));
    }),
    ("key-usage-signature", |p| {
        set(p, "2.5.29.15", key_usage(0x80));
    }),
    ("key-usage-encipherment", |p| {
        set(p, "2.5.29.15", key_usage(0x20));
    }),
    ("key-usage-certificates", |p| {
        set(p, "2.5.29.15", key_usage(0x04));
    }),
    ("key-usage-zero", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &element(3, &[0, 0])),
        );
    }),
    ("key-usage-empty", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &element(3, &[0])),
        );
    }),
    ("key-usage-padding", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &element(3, &[7, 0xa0])),
        );
    }),
    ("key-usage-trailing", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &[3, 2, 1, 6, 0]),
        );
    }),
    ("constraints-ca", |p| {
        set(p, "2.5.29.19", basic_constraints(true, None));
    }),
    ("constraints-ca-length-0", |p| {
        set(p, "2.5.29.19", basic_constraints(true, Some(0)));
    }),
    ("constraints-no-ca", |p| {
        set(p, "2.5.29.19", basic_constraints(false, None));
    }),
    ("constraints-no-ca-length-0", |p| {
        set(p, "2.5.29.19", basic_constraints(false, Some(0)));
    }),
    ("constraints-explicit-false", |p| {
        set(
            p,
            "2.5.29.19",
            extension("2.5.29.19", true, &sequence(&[&element(1, &[0])])),
        );
    }),
    ("constraints-boolean-01", |p| {
        set(
            p,
            "2.5.29.19",
            extension("2.5.29.19", true, &sequence(&[&element(1, &[1])])),
        );
    }),
    ("constraints-negative-length", |p| {
        set(
            p,
            "2.5.29.19",
            extension(
                "2.5.29.19",
                true,
                &sequence(&[&element(1, &[0xff]), &integer(&[0xff])]),
            ),
        );
    }),
    ("constraints-empty-value", |p| {
        set(p, "2.5.29.19", extension("2.5.29.19", true, &[]));
    }),
    ("san-other-name-only", |p| set_san(p, &[(0, &[1])])),
    ("san-empty", |p| set_san(p, &[])),
    ("san-mail", |p| {
        set_san(p, &[(1, b"a@lab.test"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-mail-not-ascii", |p| {
        set_san(p, &[(1, b"\xe4@lab.test"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-dns-not-ascii", |p| {
        set_san(p, &[(2, b"\xe4.test"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-address-of-five", |p| {
        set_san(p, &[(7, &[127, 0, 0, 1, 0])]);
    }),
    ("san-address-mapped", |p| {
        set_san(
            p,
            &[(7, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1])],
        );
    }),
    ("san-address-v6", |p| {
        set_san(p, &[(7, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])]);
    }),
    ("san-address-text", |p| set_san(p, &[(2, b"127.0.0.1")])),
    ("san-many-addresses", |p| {
        let addresses: Vec<[u8; 4]> = (0..120).map(|number| [10, 0, 0, number]).collect();
        let names: Vec<(u8, &[u8])> = addresses
            .iter()
            .map(|address| (7, address.as_slice()))
            .collect();
        set_san(p, &names);
    }),
    ("san-uri", |p| {
        set_san(p, &[(6, b"https://a.test/"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-uri-bad", |p| {
        set_san(p, &[(6, b"://a"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-uri-bad-port", |p| {
        set_san(p, &[(6, b"http://a:b/"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-uri-bad-host", |p| {
        set_san(p, &[(6, b"http://a..b/"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-uri-control", |p| {
        set_san(p, &[(6, b"http://a\x01/"), (7, &[127, 0, 0, 1])]);
    }),
    ("san-not-a-sequence", |p| {
        set(
            p,
            "2.5.29.17",
            extension("2.5.29.17", false, &element(0x82, b"localhost")),
        );
    }),
    ("san-trailing", |p| {
        let value = [sequence(&[&element(0x87, &[127, 0, 0, 1])]), vec![5, 0]].concat();
        set(p, "2.5.29.17", extension("2.5.29.17", false, &value));
    }),
    ("san-critical-unknown", |p| {
        set(
            p,
            "2.5.29.17",
            extension("2.5.29.17", true, &sequence(&[&element(0x88, &[1])])),
        );
    }),
    ("subject-key-bare", |p| {
        add(p, extension("2.5.29.14", false, &[1, 2, 3]));
    }),
    ("subject-key-critical", |p| {
        add(p, extension("2.5.29.14", true, &element(4, &[1])));
    }),
    ("authority-key-bare", |p| {
        add(p, extension("2.5.29.35", false, &element(4, &[1])));
    }),
    ("authority-key-critical", |p| {
        add(
            p,
            extension("2.5.29.35", true, &sequence(&[&element(0x80, &[1])])),
        );
    }),
    ("authority-key-other", |p| {
        add(
            p,
            extension("2.5.29.35", false, &sequence(&[&element(0x80, &[9, 9])])),
        );
    }),
    ("access-critical", |p| {
        let access = sequence(&[&sequence(&[
            &oid("1.3.6.1.5.5.7.48.1"),
            &element(0x86, b"http://x/"),
        ])]);
        add(p, extension("1.3.6.1.5.5.7.1.1", true, &access));
    }),
    ("access-bad", |p| {
        add(p, extension("1.3.6.1.5.5.7.1.1", false, &[5, 0]));
    }),
    ("distribution-bad", |p| {
        add(p, extension("2.5.29.31", false, &[5, 0]));
    }),
    ("distribution-bad-point", |p| {
        add(p, extension("2.5.29.31", false, &sequence(&[&[5, 0]])));
    }),
    ("policies", |p| {
        add(
            p,
            extension(
                "2.5.29.32",
                false,
                &sequence(&[&sequence(&[&oid("1.2.3")])]),
            ),
        );
    }),
    ("policies-twice", |p| {
        let policy = sequence(&[&oid("1.2.3")]);
        add(
            p,
            extension("2.5.29.32", false, &sequence(&[&policy, &policy])),
        );
    }),
    ("policies-bad", |p| {
        add(p, extension("2.5.29.32", false, &[5, 0]));
    }),
    ("policy-constraints-critical", |p| {
        add(
            p,
            extension("2.5.29.36", true, &sequence(&[&element(0x80, &[0])])),
        );
    }),
    ("inhibit-any-critical", |p| {
        add(p, extension("2.5.29.54", true, &integer(&[0])));
    }),
    ("names-permitted", |p| {
        add(
            p,
            name_constraints(
                &[(2, b"localhost"), (7, &[127, 0, 0, 0, 255, 0, 0, 0])],
                &[],
            ),
        );
    }),
    ("names-other-domain", |p| {
        add(p, name_constraints(&[(2, b"lab.test")], &[]));
    }),
    ("names-excluded-domain", |p| {
        add(p, name_constraints(&[], &[(2, b"localhost")]));
    }),
    ("names-excluded-address", |p| {
        add(
            p,
            name_constraints(&[], &[(7, &[127, 0, 0, 0, 255, 0, 0, 0])]),
        );
    }),
    ("names-directory-critical", |p| {
        add(p, name_constraints(&[(4, &[0x30, 0])], &[]));
    }),
    ("names-empty", |p| {
        add(p, extension("2.5.29.30", true, &sequence(&[])));
    }),
    ("names-bad-mask", |p| {
        add(
            p,
            name_constraints(&[(7, &[127, 0, 0, 0, 255, 0, 255, 0])], &[]),
        );
    }),
    ("names-bad-length", |p| {
        add(p, name_constraints(&[(7, &[127, 0])], &[]));
    }),
    ("names-bad-domain", |p| {
        add(p, name_constraints(&[(2, b"a..b")], &[]));
    }),
    ("names-address-as-uri", |p| {
        add(p, name_constraints(&[(6, b"10.0.0.1")], &[]));
    }),
    ("names-bad-mail", |p| {
        add(p, name_constraints(&[(1, b"a@b@c")], &[]));
    }),
];
