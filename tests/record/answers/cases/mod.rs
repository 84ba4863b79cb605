//! The project's own cases: kinds of mistakes, each made once in the client's
//! certificate, once in the server's and once in the CA's, and mistakes of
//! flags, PEM files and revocation lists.

mod pki;
mod settings;
mod together;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::certificates::*;

/// A question to etcd and etcdctl.
#[derive(Clone)]
pub struct Case {
    /// What is wrong.
    pub id: String,
    /// etcd's command line, on port 2379.
    pub server: String,
    /// etcdctl's command line.
    pub client: String,
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

const SERVER_LINE: &str = "etcd --cert-file=server.crt --key-file=server.key --client-cert-auth --trusted-ca-file=ca.crt --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379";
const CLIENT_LINE: &str = "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key put k v";

fn san(names: &[(u8, &[u8])]) -> Vec<u8> {
    alternative_names(names)
}

fn root() -> Parts {
    Parts::new(
        "root",
        &key(1),
        "root",
        vec![basic_constraints(true, None), key_usage(0x06)],
    )
}

fn server() -> Parts {
    let names = san(&[(2, b"localhost"), (7, &[127, 0, 0, 1])]);
    Parts::new(
        "server",
        &key(2),
        "root",
        vec![
            key_usage(0xa0),
            extended_key_usage(&[SERVER, CLIENT]),
            names,
        ],
    )
}

fn client() -> Parts {
    Parts::new(
        "client",
        &key(3),
        "root",
        vec![key_usage(0xa0), extended_key_usage(&[CLIENT])],
    )
}

fn base() -> Case {
    let files = [
        ("ca.crt", pem("CERTIFICATE", &root().sign(&key(1)))),
        ("server.crt", pem("CERTIFICATE", &server().sign(&key(1)))),
        ("server.key", private_key_pem(&key(2))),
        ("client.crt", pem("CERTIFICATE", &client().sign(&key(1)))),
        ("client.key", private_key_pem(&key(3))),
    ];
    Case {
        id: "good".to_owned(),
        server: SERVER_LINE.to_owned(),
        client: CLIENT_LINE.to_owned(),
        files: files
            .into_iter()
            .map(|(name, content)| (name.to_owned(), content))
            .collect(),
    }
}

type Mistake = (&'static str, fn(&mut Parts));

fn add(parts: &mut Parts, extension: Vec<u8>) {
    if let Some(extensions) = &mut parts.extensions {
        extensions.push(extension);
    }
}

/// Replaces the extension with the same identifier, or adds it.
fn set(parts: &mut Parts, identifier: &str, extension: Vec<u8>) {
    let wanted = oid(identifier);
    if let Some(extensions) = &mut parts.extensions {
        extensions.retain(|known| !known.windows(wanted.len()).any(|window| window == wanted));
        extensions.push(extension);
    }
}

fn set_san(parts: &mut Parts, names: &[(u8, &[u8])]) {
    set(parts, "2.5.29.17", alternative_names(names));
}

/// Mistakes that can be made in any certificate.
const MISTAKES: &[Mistake] = &[
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
        p.version = element(0xa0, &integer(&[0xff]))
    }),
    ("version-two-octets", |p| {
        p.version = element(0xa0, &integer(&[1, 0]))
    }),
    ("algorithms-differ", |p| {
        p.inner_algorithm = sequence(&[&oid("1.2.840.10045.4.3.3")])
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
        p.issuer = name_with("2.5.4.3", 19, b"root")
    }),
    ("issuer-capital", |p| p.issuer = common_name("Root")),
    ("issuer-empty", |p| p.issuer = sequence(&[])),
    ("issuer-not-a-sequence", |p| p.issuer = element(0x31, &[])),
    ("expired", |p| p.not_after = utc_time("260101000000Z")),
    ("not-yet-valid", |p| {
        p.not_before = utc_time("350101000000Z")
    }),
    ("begins-generalized", |p| {
        p.not_before = element(0x18, b"20250101000000Z")
    }),
    ("ends-9999", |p| {
        p.not_after = element(0x18, b"99991231235959Z")
    }),
    ("ends-in-2049", |p| p.not_after = utc_time("491231235959Z")),
    ("ends-in-1950", |p| p.not_after = utc_time("501231235959Z")),
    ("time-fraction", |p| {
        p.not_before = element(0x18, b"20250101000000.5Z")
    }),
    ("time-without-seconds", |p| {
        p.not_before = utc_time("2501010000Z")
    }),
    ("time-with-zone", |p| {
        p.not_before = utc_time("250101000000+0100")
    }),
    ("time-without-zone", |p| {
        p.not_before = utc_time("250101000000")
    }),
    ("time-month-13", |p| {
        p.not_before = utc_time("251301000000Z")
    }),
    ("time-february-30", |p| {
        p.not_before = utc_time("250230000000Z")
    }),
    ("time-octet-string", |p| {
        p.not_before = element(4, b"250101000000Z")
    }),
    ("time-empty", |p| p.not_before = utc_time("")),
    ("subject-printable-at", |p| {
        p.subject = name_with("2.5.4.3", 19, b"a@b")
    }),
    ("subject-printable-underscore", |p| {
        p.subject = name_with("2.5.4.3", 19, b"a_b")
    }),
    ("subject-printable-star", |p| {
        p.subject = name_with("2.5.4.3", 19, b"a*&")
    }),
    ("subject-not-utf8", |p| {
        p.subject = name_with("2.5.4.3", 12, b"\xff\xfe")
    }),
    ("subject-ia5-not-ascii", |p| {
        p.subject = name_with("2.5.4.3", 22, b"\xe4")
    }),
    ("subject-t61", |p| {
        p.subject = name_with("2.5.4.3", 20, b"T61")
    }),
    ("subject-bmp", |p| {
        p.subject = name_with("2.5.4.3", 30, &[0, 97])
    }),
    ("subject-bmp-odd", |p| {
        p.subject = name_with("2.5.4.3", 30, &[0])
    }),
    ("subject-bmp-surrogate", |p| {
        p.subject = name_with("2.5.4.3", 30, &[0xd8, 0])
    }),
    ("subject-universal", |p| {
        p.subject = name_with("2.5.4.3", 28, &[0, 0, 0, 97])
    }),
    ("subject-numeric-letters", |p| {
        p.subject = name_with("2.5.4.3", 18, b"12a")
    }),
    ("subject-integer", |p| {
        p.subject = name_with("2.5.4.3", 2, &[1])
    }),
    ("subject-general-string", |p| {
        p.subject = name_with("2.5.4.3", 27, b"abc")
    }),
    ("subject-organization", |p| {
        p.subject = name_with("2.5.4.10", 12, b"Lab")
    }),
    ("subject-long", |p| {
        p.subject = name_with("2.5.4.3", 12, &[b'x'; 200])
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
        add(p, extension("1.2.3.4", true, &[5, 0]))
    }),
    ("extension-unknown", |p| {
        add(p, extension("1.2.3.4", false, &[5, 0]))
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
        add(p, sequence(&[&oid("1.2.3.4")]))
    }),
    ("extension-huge-arc", |p| {
        add(
            p,
            sequence(&[
                &element(6, &[0x2a, 0x90, 0x80, 0x80, 0x80, 0x00]),
                &element(4, &[5, 0]),
            ]),
        )
    }),
    ("usage-server", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[SERVER]))
    }),
    ("usage-client", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[CLIENT]))
    }),
    ("usage-both", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[SERVER, CLIENT]))
    }),
    ("usage-any", |p| {
        set(p, "2.5.29.37", extended_key_usage(&["2.5.29.37.0"]))
    }),
    ("usage-other", |p| {
        set(p, "2.5.29.37", extended_key_usage(&["1.3.6.1.5.5.7.3.3"]))
    }),
    ("usage-gated-crypto", |p| {
        set(
            p,
            "2.5.29.37",
            extended_key_usage(&["2.16.840.1.113730.4.1", CLIENT]),
        )
    }),
    ("usage-empty", |p| {
        set(p, "2.5.29.37", extended_key_usage(&[]))
    }),
    ("usage-not-a-sequence", |p| {
        set(p, "2.5.29.37", extension("2.5.29.37", false, &oid(SERVER)))
    }),
    ("key-usage-none", |p| {
        set(p, "2.5.29.15", extension("1.2.3.4", false, &[5, 0]))
    }),
    ("key-usage-signature", |p| {
        set(p, "2.5.29.15", key_usage(0x80))
    }),
    ("key-usage-encipherment", |p| {
        set(p, "2.5.29.15", key_usage(0x20))
    }),
    ("key-usage-certificates", |p| {
        set(p, "2.5.29.15", key_usage(0x04))
    }),
    ("key-usage-zero", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &element(3, &[0, 0])),
        )
    }),
    ("key-usage-empty", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &element(3, &[0])),
        )
    }),
    ("key-usage-padding", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &element(3, &[7, 0xa0])),
        )
    }),
    ("key-usage-trailing", |p| {
        set(
            p,
            "2.5.29.15",
            extension("2.5.29.15", true, &[3, 2, 1, 6, 0]),
        )
    }),
    ("constraints-ca", |p| {
        set(p, "2.5.29.19", basic_constraints(true, None))
    }),
    ("constraints-ca-length-0", |p| {
        set(p, "2.5.29.19", basic_constraints(true, Some(0)))
    }),
    ("constraints-no-ca", |p| {
        set(p, "2.5.29.19", basic_constraints(false, None))
    }),
    ("constraints-no-ca-length-0", |p| {
        set(p, "2.5.29.19", basic_constraints(false, Some(0)))
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
        set(p, "2.5.29.19", extension("2.5.29.19", true, &[]))
    }),
    ("san-other-name-only", |p| set_san(p, &[(0, &[1])])),
    ("san-empty", |p| set_san(p, &[])),
    ("san-mail", |p| {
        set_san(p, &[(1, b"a@lab.test"), (7, &[127, 0, 0, 1])])
    }),
    ("san-mail-not-ascii", |p| {
        set_san(p, &[(1, b"\xe4@lab.test"), (7, &[127, 0, 0, 1])])
    }),
    ("san-dns-not-ascii", |p| {
        set_san(p, &[(2, b"\xe4.test"), (7, &[127, 0, 0, 1])])
    }),
    ("san-address-of-five", |p| {
        set_san(p, &[(7, &[127, 0, 0, 1, 0])])
    }),
    ("san-address-mapped", |p| {
        set_san(
            p,
            &[(7, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1])],
        );
    }),
    ("san-address-v6", |p| {
        set_san(p, &[(7, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])])
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
        set_san(p, &[(6, b"https://a.test/"), (7, &[127, 0, 0, 1])])
    }),
    ("san-uri-bad", |p| {
        set_san(p, &[(6, b"://a"), (7, &[127, 0, 0, 1])])
    }),
    ("san-uri-bad-port", |p| {
        set_san(p, &[(6, b"http://a:b/"), (7, &[127, 0, 0, 1])])
    }),
    ("san-uri-bad-host", |p| {
        set_san(p, &[(6, b"http://a..b/"), (7, &[127, 0, 0, 1])])
    }),
    ("san-uri-control", |p| {
        set_san(p, &[(6, b"http://a\x01/"), (7, &[127, 0, 0, 1])])
    }),
    ("san-not-a-sequence", |p| {
        set(
            p,
            "2.5.29.17",
            extension("2.5.29.17", false, &element(0x82, b"localhost")),
        )
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
        add(p, extension("2.5.29.14", false, &[1, 2, 3]))
    }),
    ("subject-key-critical", |p| {
        add(p, extension("2.5.29.14", true, &element(4, &[1])))
    }),
    ("authority-key-bare", |p| {
        add(p, extension("2.5.29.35", false, &element(4, &[1])))
    }),
    ("authority-key-critical", |p| {
        add(
            p,
            extension("2.5.29.35", true, &sequence(&[&element(0x80, &[1])])),
        )
    }),
    ("authority-key-other", |p| {
        add(
            p,
            extension("2.5.29.35", false, &sequence(&[&element(0x80, &[9, 9])])),
        )
    }),
    ("access-critical", |p| {
        let access = sequence(&[&sequence(&[
            &oid("1.3.6.1.5.5.7.48.1"),
            &element(0x86, b"http://x/"),
        ])]);
        add(p, extension("1.3.6.1.5.5.7.1.1", true, &access));
    }),
    ("access-bad", |p| {
        add(p, extension("1.3.6.1.5.5.7.1.1", false, &[5, 0]))
    }),
    ("distribution-bad", |p| {
        add(p, extension("2.5.29.31", false, &[5, 0]))
    }),
    ("distribution-bad-point", |p| {
        add(p, extension("2.5.29.31", false, &sequence(&[&[5, 0]])))
    }),
    ("policies", |p| {
        add(
            p,
            extension(
                "2.5.29.32",
                false,
                &sequence(&[&sequence(&[&oid("1.2.3")])]),
            ),
        )
    }),
    ("policies-twice", |p| {
        let policy = sequence(&[&oid("1.2.3")]);
        add(
            p,
            extension("2.5.29.32", false, &sequence(&[&policy, &policy])),
        );
    }),
    ("policies-bad", |p| {
        add(p, extension("2.5.29.32", false, &[5, 0]))
    }),
    ("policy-constraints-critical", |p| {
        add(
            p,
            extension("2.5.29.36", true, &sequence(&[&element(0x80, &[0])])),
        );
    }),
    ("inhibit-any-critical", |p| {
        add(p, extension("2.5.29.54", true, &integer(&[0])))
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
        add(p, name_constraints(&[(2, b"lab.test")], &[]))
    }),
    ("names-excluded-domain", |p| {
        add(p, name_constraints(&[], &[(2, b"localhost")]))
    }),
    ("names-excluded-address", |p| {
        add(
            p,
            name_constraints(&[], &[(7, &[127, 0, 0, 0, 255, 0, 0, 0])]),
        );
    }),
    ("names-directory-critical", |p| {
        add(p, name_constraints(&[(4, &[0x30, 0])], &[]))
    }),
    ("names-empty", |p| {
        add(p, extension("2.5.29.30", true, &sequence(&[])))
    }),
    ("names-bad-mask", |p| {
        add(
            p,
            name_constraints(&[(7, &[127, 0, 0, 0, 255, 0, 255, 0])], &[]),
        )
    }),
    ("names-bad-length", |p| {
        add(p, name_constraints(&[(7, &[127, 0])], &[]))
    }),
    ("names-bad-domain", |p| {
        add(p, name_constraints(&[(2, b"a..b")], &[]))
    }),
    ("names-address-as-uri", |p| {
        add(p, name_constraints(&[(6, b"10.0.0.1")], &[]))
    }),
    ("names-bad-mail", |p| {
        add(p, name_constraints(&[(1, b"a@b@c")], &[]))
    }),
];

/// All cases, each with another id.
pub fn all() -> Vec<Case> {
    let mut cases = vec![base()];
    for (name, mistake) in MISTAKES {
        for (whose, make, number) in [
            ("client", client as fn() -> Parts, 3),
            ("server", server, 2),
            ("ca", root, 1),
        ] {
            let mut case = base();
            let mut parts = make();
            mistake(&mut parts);
            case.id = format!("{whose}-{name}");
            let file = format!("{whose}.crt");
            case.files
                .insert(file, pem("CERTIFICATE", &parts.sign(&key(1))));
            let _ = number;
            cases.push(case);
        }
    }
    cases.extend(files_and_flags());
    cases.extend(chains());
    cases.extend(revocation_lists());
    cases.extend(cipher_suites());
    cases.extend(config_files());
    cases.extend(small_curve());
    cases.extend(settings::all());
    cases.extend(pki::all());
    cases.extend(together::all());
    cases
}

fn with(id: &str, change: impl FnOnce(&mut Case)) -> Case {
    let mut case = base();
    id.clone_into(&mut case.id);
    change(&mut case);
    case
}

fn edit(case: &mut Case, file: &str, change: impl FnOnce(&str) -> String) {
    let text = String::from_utf8(case.files[file].clone()).expect("PEM is text");
    case.files
        .insert(file.to_owned(), change(&text).into_bytes());
}

fn client_line(case: &mut Case, from: &str, to: &str) {
    case.client = case.client.replace(from, to);
}

fn server_line(case: &mut Case, from: &str, to: &str) {
    case.server = case.server.replace(from, to);
}

fn files_and_flags() -> Vec<Case> {
    let mut cases = Vec::new();
    type Edit = (&'static str, fn(&str) -> String);
    let edits: [Edit; 12] = [
        ("bom", |text| format!("\u{feff}{text}")),
        ("indented", |text| {
            text.lines().map(|line| format!("  {line}\n")).collect()
        }),
        ("crlf", |text| text.replace('\n', "\r\n")),
        ("lone-cr", |text| text.replace('\n', "\r")),
        ("no-final-newline", |text| text.trim_end().to_owned()),
        ("leading-text", |text| format!("Subject: x\n\n{text}")),
        ("one-line", |text| {
            let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            let mut lines = text.lines();
            format!(
                "{}\n{body}\n{}\n",
                lines.next().unwrap_or_default(),
                lines.last().unwrap_or_default()
            )
        }),
        ("header", |text| {
            text.replacen("-----\n", "-----\nComment: x\n\n", 1)
        }),
        ("broken-begin", |text| {
            text.replacen("-----BEGIN", "----BEGIN", 1)
        }),
        ("no-end", |text| text.replace("-----END", "----END")),
        ("two-begins", |text| {
            format!("-----BEGIN CERTIFICATE-----\nAAAA\n{text}")
        }),
        ("empty", |_| String::new()),
    ];
    for (name, change) in edits {
        for file in [
            "client.crt",
            "client.key",
            "server.crt",
            "server.key",
            "ca.crt",
        ] {
            cases.push(with(
                &format!("file-{}-{name}", file.replace('.', "-")),
                |case| edit(case, file, change),
            ));
        }
    }
    for file in [
        "client.crt",
        "client.key",
        "server.crt",
        "server.key",
        "ca.crt",
    ] {
        cases.push(with(
            &format!("file-{}-missing", file.replace('.', "-")),
            |case| {
                case.files.remove(file);
            },
        ));
        cases.push(with(
            &format!("file-{}-der", file.replace('.', "-")),
            |case| {
                let body: Vec<u8> = vec![0x30, 0x82, 1, 2, 3];
                case.files.insert(file.to_owned(), body);
            },
        ));
        for label in ["TRUSTED CERTIFICATE", "X", "ENCRYPTED PRIVATE KEY"] {
            let id = format!(
                "file-{}-label-{}",
                file.replace('.', "-"),
                label.to_lowercase().replace(' ', "-")
            );
            cases.push(with(&id, |case| {
                edit(case, file, |text| {
                    text.replace("CERTIFICATE", label)
                        .replace("EC PRIVATE KEY", label)
                });
            }));
        }
    }
    cases.push(with("file-client-key-other", |case| {
        case.files
            .insert("client.key".to_owned(), private_key_pem(&key(9)));
    }));
    cases.push(with("file-server-key-other", |case| {
        case.files
            .insert("server.key".to_owned(), private_key_pem(&key(9)));
    }));
    cases.push(with("file-client-swapped", |case| {
        client_line(
            case,
            "--cert=client.crt --key=client.key",
            "--cert=client.key --key=client.crt",
        );
    }));
    cases.push(with("file-trusted-ca-is-key", |case| {
        case.files
            .insert("extra.key".to_owned(), private_key_pem(&key(1)));
        server_line(
            case,
            "--trusted-ca-file=ca.crt",
            "--trusted-ca-file=extra.key",
        );
    }));
    type Lines = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    );
    let lines: &[Lines] = &[
        (
            "no-client-certificate",
            "",
            "",
            "--cert=client.crt --key=client.key ",
            "",
        ),
        ("no-cacert", "", "", "--cacert=ca.crt ", ""),
        (
            "skip-verify",
            "",
            "",
            "--cacert=ca.crt",
            "--insecure-skip-tls-verify",
        ),
        ("cert-without-key", "", "", "--key=client.key ", ""),
        ("key-without-cert", "", "", "--cert=client.crt ", ""),
        ("http-endpoint", "", "", "https://127", "http://127"),
        ("no-scheme", "", "", "https://127", "127"),
        (
            "no-scheme-no-tls",
            "",
            "",
            "--endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key",
            "--endpoints=127.0.0.1:2379",
        ),
        (
            "localhost",
            "",
            "",
            "https://127.0.0.1",
            "https://localhost",
        ),
        (
            "localhost-dot",
            "",
            "",
            "https://127.0.0.1",
            "https://localhost.",
        ),
        ("unknown-flag", "", "", "--cacert", "--ca-cert"),
        ("empty-cert", "", "", "--cert=client.crt", "--cert="),
        (
            "bad-boolean",
            "",
            "",
            "--cacert=ca.crt",
            "--insecure-transport=perhaps",
        ),
        (
            "shadowed",
            "",
            "",
            "etcdctl ",
            "ETCDCTL_CERT=client.crt etcdctl ",
        ),
        (
            "by-environment",
            "",
            "",
            "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt",
            "ETCDCTL_CACERT=ca.crt etcdctl --endpoints=https://127.0.0.1:2379",
        ),
        (
            "http-listener",
            "https://127.0.0.1:2379",
            "http://127.0.0.1:2379",
            "https://",
            "http://",
        ),
        (
            "http-listener-tls-client",
            "https://127.0.0.1:2379",
            "http://127.0.0.1:2379",
            "",
            "",
        ),
        (
            "no-client-auth",
            "--client-cert-auth --trusted-ca-file=ca.crt ",
            "",
            "",
            "",
        ),
        ("client-auth-alone", "--trusted-ca-file=ca.crt ", "", "", ""),
        ("trust-alone", "--client-cert-auth ", "", "", ""),
        (
            "no-gateway",
            "--client-cert-auth",
            "--client-cert-auth --enable-grpc-gateway=false",
            "",
            "",
        ),
        (
            "allowed-hostname-other",
            "--client-cert-auth",
            "--client-cert-auth --client-cert-allowed-hostname=other.test",
            "",
            "",
        ),
        (
            "unknown-server-flag",
            "--client-cert-auth",
            "--client-cert-aut",
            "",
            "",
        ),
        (
            "cipher-unknown",
            "--client-cert-auth",
            "--client-cert-auth --cipher-suites=FOO",
            "",
            "",
        ),
        ("unknown-flag-swallows", "", "", " put", " --foo put"),
        ("unknown-flag-with-value", "", "", " put", " --foo=x put"),
        ("unknown-shorthand", "", "", "--cacert", "-cacert"),
        ("unknown-command", "", "", " put k v", " putt k v"),
        ("put-one-word", "", "", " put k v", " put k"),
        ("get-no-word", "", "", " put k v", " get"),
        ("output-format", "", "", " put", " -w xml put"),
        ("no-endpoints", "", "", "=https://127.0.0.1:2379", "="),
        ("other-scheme", "", "", "https://127", "tcp://127"),
        ("unix-scheme", "", "", "https://127", "unix://127"),
        ("no-port", "", "", "127.0.0.1:2379", "127.0.0.1"),
        ("short-address", "", "", "127.0.0.1", "127.1"),
        (
            "two-endpoints",
            "",
            "",
            "https://127.0.0.1:2379",
            "https://127.0.0.1:1,https://127.0.0.1:2379",
        ),
        ("version", "", "", "put k v", "version"),
        ("help", "", "", "put k v", "--help"),
        (
            "heartbeat-zero",
            "--client-cert-auth",
            "--client-cert-auth --heartbeat-interval=0",
            "",
            "",
        ),
        (
            "election-short",
            "--client-cert-auth",
            "--client-cert-auth --election-timeout=100",
            "",
            "",
        ),
        (
            "logger-unknown",
            "--client-cert-auth",
            "--client-cert-auth --logger=foo",
            "",
            "",
        ),
        (
            "compaction-mode-unknown",
            "--client-cert-auth",
            "--client-cert-auth --auto-compaction-mode=foo",
            "",
            "",
        ),
        (
            "cluster-state-unknown",
            "--client-cert-auth",
            "--client-cert-auth --initial-cluster-state=foo",
            "",
            "",
        ),
        (
            "name-elsewhere",
            "--client-cert-auth",
            "--client-cert-auth --name=n1 --initial-cluster=default=http://127.0.0.1:2380",
            "",
            "",
        ),
        (
            "port-too-high",
            "--listen-client-urls=https://127.0.0.1:2379",
            "--listen-client-urls=https://127.0.0.1:99999",
            "",
            "",
        ),
        (
            "both-schemes-on-one-port",
            "--listen-client-urls=https://127.0.0.1:2379",
            "--listen-client-urls=https://127.0.0.1:2379,http://127.0.0.1:2379",
            "",
            "",
        ),
        (
            "allowed-hostname-empty",
            "--client-cert-auth",
            "--client-cert-auth --client-cert-allowed-hostname=",
            "",
            "",
        ),
    ];
    for &(id, server_from, server_to, client_from, client_to) in lines {
        cases.push(with(&format!("line-{id}"), |case| {
            if !server_from.is_empty() {
                server_line(case, server_from, server_to);
            }
            if !client_from.is_empty() {
                client_line(case, client_from, client_to);
            }
        }));
    }
    cases.push(with("line-client-shadowed-server", |case| {
        case.server = format!("ETCD_CERT_FILE=server.crt {}", case.server);
    }));
    cases.push(with("line-server-environment", |case| {
        server_line(case, "--cert-file=server.crt ", "");
        case.server = format!("ETCD_CERT_FILE=server.crt {}", case.server);
    }));
    cases.push(with("line-no-advertise", |case| {
        server_line(case, " --advertise-client-urls=https://127.0.0.1:2379", "");
    }));
    cases.push(with("line-https-without-files", |case| {
        server_line(case, "--cert-file=server.crt --key-file=server.key ", "");
    }));
    cases.push(with("line-server-cert-without-key", |case| {
        server_line(case, "--key-file=server.key ", "")
    }));
    cases.push(with("line-auto-tls", |case| {
        server_line(case, "--cert-file=server.crt --key-file=server.key --client-cert-auth --trusted-ca-file=ca.crt", "--auto-tls");
    }));
    cases
}

/// Leaves below an intermediate, with mistakes in the intermediate or in the
/// file.
fn chains() -> Vec<Case> {
    let authority = || vec![basic_constraints(true, None), key_usage(0x06)];
    let middle = || Parts::new("middle", &key(5), "root", authority());
    let build = |id: &str,
                 change: fn(&mut Parts),
                 root_change: fn(&mut Parts),
                 file: fn(Vec<u8>, Vec<u8>, Vec<u8>) -> Vec<u8>| {
        with(&format!("chain-{id}"), |case| {
            let mut middle = middle();
            change(&mut middle);
            let mut root = root();
            root_change(&mut root);
            let mut leaf = client();
            leaf.issuer = common_name("middle");
            let leaf = pem("CERTIFICATE", &leaf.sign(&key(5)));
            let middle = pem("CERTIFICATE", &middle.sign(&key(1)));
            let root = pem("CERTIFICATE", &root.sign(&key(1)));
            case.files.insert("ca.crt".to_owned(), root.clone());
            case.files
                .insert("client.crt".to_owned(), file(leaf, middle, root));
        })
    };
    let whole = |leaf: Vec<u8>, middle: Vec<u8>, _: Vec<u8>| [leaf, middle].concat();
    let mut cases = vec![
        build("good", |_| {}, |_| {}, whole),
        build("leaf-only", |_| {}, |_| {}, |leaf, _, _| leaf),
        build(
            "with-root",
            |_| {},
            |_| {},
            |leaf, middle, root| [leaf, middle, root].concat(),
        ),
        build(
            "reversed",
            |_| {},
            |_| {},
            |leaf, middle, _| [middle, leaf].concat(),
        ),
        build(
            "garbage-behind",
            |_| {},
            |_| {},
            |leaf, middle, _| [leaf, middle, pem("CERTIFICATE", &[0x30, 0])].concat(),
        ),
        build(
            "root-length-0",
            |_| {},
            |p| set(p, "2.5.29.19", basic_constraints(true, Some(0))),
            whole,
        ),
        build(
            "root-usage-server",
            |_| {},
            |p| add(p, extended_key_usage(&[SERVER])),
            whole,
        ),
    ];
    for (name, mistake) in MISTAKES.iter().step_by(4) {
        cases.push(build(name, *mistake, |_| {}, whole));
    }
    cases.push(with("chain-same-name-other-key", |case| {
        case.files.insert(
            "client.crt".to_owned(),
            pem("CERTIFICATE", &client().sign(&key(8))),
        );
    }));
    cases.push(with("chain-leaf-trusted", |case| {
        let leaf = case.files["client.crt"].clone();
        case.files.insert("leaf-ca.crt".to_owned(), leaf);
        server_line(
            case,
            "--trusted-ca-file=ca.crt",
            "--trusted-ca-file=leaf-ca.crt",
        );
    }));
    cases.push(with("chain-server-usage-only", |case| {
        let mut parts = server();
        set(&mut parts, "2.5.29.37", extended_key_usage(&[SERVER]));
        case.files.insert(
            "server.crt".to_owned(),
            pem("CERTIFICATE", &parts.sign(&key(1))),
        );
    }));
    cases
}

fn revocation_lists() -> Vec<Case> {
    let list = |serial: &[u8], version: bool, next: bool| {
        let entry = sequence(&[&integer(serial), &utc_time("260101000000Z")]);
        let version = if version { integer(&[1]) } else { Vec::new() };
        let next = if next {
            utc_time("260201000000Z")
        } else {
            Vec::new()
        };
        let revoked = if serial.is_empty() {
            Vec::new()
        } else {
            sequence(&[&entry])
        };
        let body = sequence(&[
            &version,
            &ecdsa_sha256(),
            &common_name("root"),
            &utc_time("260101000000Z"),
            &next,
            &revoked,
        ]);
        sign(&body, &ecdsa_sha256(), &key(1))
    };
    let client_serial: &[u8] = &[0x30, 6];
    let contents: Vec<(&str, Option<Vec<u8>>)> = vec![
        (
            "pem",
            Some(pem("X509 CRL", &list(client_serial, true, true))),
        ),
        ("der", Some(list(client_serial, true, true))),
        (
            "other",
            Some(pem("X509 CRL", &list(&[0x30, 9], true, true))),
        ),
        (
            "server",
            Some(pem("X509 CRL", &list(&[0x30, 0x06, 1], true, true))),
        ),
        ("empty-list", Some(pem("X509 CRL", &list(&[], true, true)))),
        (
            "version-1",
            Some(pem("X509 CRL", &list(client_serial, false, false))),
        ),
        (
            "no-next",
            Some(pem("X509 CRL", &list(client_serial, true, false))),
        ),
        ("label", Some(pem("CRL", &list(client_serial, true, true)))),
        (
            "trailing",
            Some([list(client_serial, true, true), vec![0]].concat()),
        ),
        (
            "leading-text",
            Some(
                [
                    b"x\n".to_vec(),
                    pem("X509 CRL", &list(client_serial, true, true)),
                ]
                .concat(),
            ),
        ),
        (
            "truncated",
            Some(list(client_serial, true, true)[..40].to_vec()),
        ),
        ("empty", Some(Vec::new())),
        ("garbage", Some(b"garbage".to_vec())),
        ("missing", None),
    ];
    contents
        .into_iter()
        .map(|(name, content)| {
            with(&format!("crl-{name}"), |case| {
                server_line(
                    case,
                    "--client-cert-auth",
                    "--client-cert-auth --client-crl-file=client.crl",
                );
                if let Some(content) = content {
                    case.files.insert("client.crl".to_owned(), content);
                }
            })
        })
        .collect()
}

/// Cipher suites, with the P-256 key of the server: each list alone, and with
/// TLS 1.2 only, where the version can be chosen.
fn cipher_suites() -> Vec<Case> {
    let lists = [
        ("none", ""),
        ("required", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        ("other-key", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("not-required", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("tls13", "TLS_AES_128_GCM_SHA256"),
        ("block-mode", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
        (
            "block-mode-first",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        ),
        (
            "other-key-and-more",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        ),
        ("empty-name", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,"),
        ("name-of-openssl", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ];
    let versions = [
        ("", ""),
        ("-max12", " --tls-max-version=TLS1.2"),
        ("-min13", " --tls-min-version=TLS1.3"),
    ];
    let mut cases = Vec::new();
    for (version, flag) in versions {
        for (name, list) in lists {
            cases.push(with(&format!("suites-{name}{version}"), |case| {
                if !list.is_empty() {
                    case.server.extend([" --cipher-suites=", list]);
                }
                case.server += flag;
            }));
        }
    }
    for (name, flags) in [
        (
            "turned-round",
            "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2",
        ),
        ("old", "--tls-min-version=TLS1.1"),
        ("number", "--tls-max-version=1.2"),
    ] {
        cases.push(with(&format!("versions-{name}"), |case| {
            case.server.extend([" ", flags]);
        }));
    }
    cases.push(with("versions-max12-no-client-certificate", |case| {
        case.server += " --tls-max-version=TLS1.2";
        client_line(case, " --cert=client.crt --key=client.key", "");
    }));
    cases
}

/// Config files: the good one, and one change each.
fn config_files() -> Vec<Case> {
    const GOOD: &str = "\
data-dir: data
listen-peer-urls: http://127.0.0.1:2380
initial-advertise-peer-urls: http://127.0.0.1:2380
initial-cluster: default=http://127.0.0.1:2380
listen-client-urls: https://127.0.0.1:2379
advertise-client-urls: https://127.0.0.1:2379
client-transport-security:
  cert-file: server.crt
  key-file: server.key
  client-cert-auth: true
  trusted-ca-file: ca.crt
";
    type Change = (&'static str, &'static str, &'static str);
    let changes: &[Change] = &[
        ("good", "", ""),
        ("unknown-key", "data-dir", "foo: bar\ndata-dir"),
        ("boolean-as-text", "true", "\"true\""),
        ("boolean-yes", "true", "yes"),
        ("boolean-number", "true", "1"),
        ("path-as-number", "server.crt", "5"),
        ("path-null", " server.crt", ""),
        (
            "other-letter-case",
            "cert-file: server",
            "Cert-FILE: server",
        ),
        (
            "section-is-text",
            "client-transport-security:\n",
            "client-transport-security: x\nx:\n",
        ),
        ("list", "data-dir: data", "- data"),
        ("tab", "  cert-file", "\tcert-file"),
        ("indentation", "  key-file", " key-file"),
        (
            "bad-url",
            "listen-client-urls: https://127.0.0.1:2379",
            "listen-client-urls: foo",
        ),
        (
            "no-advertise",
            "advertise-client-urls: https://127.0.0.1:2379\n",
            "",
        ),
        (
            "gateway-on",
            "data-dir",
            "enable-grpc-gateway: true\ndata-dir",
        ),
        (
            "gateway-off",
            "data-dir",
            "enable-grpc-gateway: false\ndata-dir",
        ),
        (
            "suites-text",
            "data-dir",
            "cipher-suites: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\ndata-dir",
        ),
        (
            "suites-unknown",
            "data-dir",
            "cipher-suites: [FOO]\ndata-dir",
        ),
        ("min13", "data-dir", "tls-min-version: TLS1.3\ndata-dir"),
        ("number-as-text", "data-dir", "snapshot-count: x\ndata-dir"),
        (
            "allowed-hostname-text",
            "  trusted",
            "  allowed-hostname: a.test\n  trusted",
        ),
        (
            "allowed-hostname-list",
            "  trusted",
            "  allowed-hostname: [a.test]\n  trusted",
        ),
        (
            "no-authentication",
            "client-cert-auth: true",
            "client-cert-auth: false",
        ),
        ("no-trust", "  trusted-ca-file: ca.crt\n", ""),
        (
            "key-twice",
            "data-dir: data",
            "data-dir: data\ndata-dir: data",
        ),
        (
            "key-twice-in-section",
            "  key-file: server.key",
            "  key-file: nowhere.key\n  key-file: server.key",
        ),
        (
            "section-twice",
            "data-dir: data",
            "data-dir: data\nclient-transport-security:\n  auto-tls: true",
        ),
        (
            "key-twice-in-other-case",
            "data-dir: data",
            "data-dir: data\nDATA-DIR: other",
        ),
        (
            "comment",
            "data-dir: data",
            "data-dir: data # here\n# there",
        ),
        ("document-begin", "data-dir: data", "---\ndata-dir: data"),
        (
            "second-document",
            "  trusted-ca-file: ca.crt\n",
            "  trusted-ca-file: ca.crt\n---\nname: other\n",
        ),
        (
            "anchor",
            "data-dir: data",
            "data-dir: &folder data\ninitial-cluster-token: *folder",
        ),
        (
            "merge",
            "  cert-file: server.crt",
            "  <<: {auto-tls: false}\n  cert-file: server.crt",
        ),
        ("folded", "data-dir: data", "data-dir: >-\n  data"),
        ("single-quotes", "server.crt", "'server.crt'"),
        ("double-quotes", "server.crt", "\"server.crt\""),
        (
            "number-as-name",
            "data-dir: data",
            "data-dir: data\nname: 5",
        ),
        (
            "number-as-token",
            "data-dir: data",
            "data-dir: data\ninitial-cluster-token: 5",
        ),
        (
            "retention-number",
            "data-dir: data",
            "data-dir: data\nauto-compaction-retention: 1",
        ),
        (
            "retention-word",
            "data-dir: data",
            "data-dir: data\nauto-compaction-retention: foo",
        ),
        (
            "mode-empty",
            "data-dir: data",
            "data-dir: data\nauto-compaction-mode: \"\"",
        ),
        (
            "discovery-too",
            "data-dir: data",
            "data-dir: data\ndiscovery-srv: lab.invalid",
        ),
        (
            "other-advertised",
            "initial-advertise-peer-urls: http://127.0.0.1",
            "initial-advertise-peer-urls: http://localhost",
        ),
        (
            "number-negative",
            "data-dir: data",
            "data-dir: data\nsnapshot-count: -1",
        ),
        (
            "number-fraction",
            "data-dir: data",
            "data-dir: data\nsnapshot-count: 1.5",
        ),
        (
            "number-hexadecimal",
            "data-dir: data",
            "data-dir: data\nsnapshot-count: 0x1000",
        ),
        (
            "heartbeat-zero",
            "data-dir: data",
            "data-dir: data\nheartbeat-interval: 0",
        ),
        ("boolean-capital", "true", "TRUE"),
        ("boolean-mixed", "true", "tRue"),
        ("boolean-on", "true", "on"),
        ("boolean-y", "true", "y"),
        ("boolean-null", "true", "~"),
        ("colon-missing", "data-dir: data", "data-dir data"),
        ("space-missing", "data-dir: data", "data-dir:data"),
        (
            "list-as-path",
            "cert-file: server.crt",
            "cert-file: [server.crt]",
        ),
        (
            "client-pair",
            "  trusted",
            "  client-cert-file: client.crt\n  client-key-file: client.key\n  trusted",
        ),
        (
            "peer-files-missing",
            "data-dir: data",
            "data-dir: data\npeer-transport-security:\n  trusted-ca-file: nowhere.crt",
        ),
        (
            "log-level",
            "data-dir: data",
            "data-dir: data\nlog-level: loud",
        ),
        (
            "auth-token",
            "data-dir: data",
            "data-dir: data\nauth-token: foo",
        ),
        (
            "metrics-urls",
            "data-dir: data",
            "data-dir: data\nlisten-metrics-urls: foo",
        ),
        ("missing-key-file", "server.key", "nowhere.key"),
    ];
    let mut cases: Vec<Case> = changes
        .iter()
        .map(|(name, from, to)| {
            with(&format!("config-{name}"), |case| {
                assert!(GOOD.contains(from), "{from} is in the file");
                let text = if from.is_empty() {
                    GOOD.to_owned()
                } else {
                    GOOD.replacen(from, to, 1)
                };
                case.files.insert("etcd.yml".to_owned(), text.into_bytes());
                case.server = "etcd --config-file=etcd.yml".to_owned();
            })
        })
        .collect();
    cases.push(with("config-missing", |case| {
        case.server = "etcd --config-file=etcd.yml".to_owned();
    }));
    for (name, change) in [("byte-order-mark", "\u{feff}"), ("leading-newline", "\n")] {
        cases.push(with(&format!("config-{name}"), |case| {
            let text = format!("{change}{GOOD}");
            case.files.insert("etcd.yml".to_owned(), text.into_bytes());
            case.server = "etcd --config-file=etcd.yml".to_owned();
        }));
    }
    cases.push(with("config-crlf", |case| {
        let text = GOOD.replace('\n', "\r\n");
        case.files.insert("etcd.yml".to_owned(), text.into_bytes());
        case.server = "etcd --config-file=etcd.yml".to_owned();
    }));
    cases.push(with("config-by-variable", |case| {
        case.files
            .insert("etcd.yml".to_owned(), GOOD.as_bytes().to_vec());
        case.server = "ETCD_CONFIG_FILE=etcd.yml etcd".to_owned();
    }));
    cases
}

/// P-224: a curve that Go can verify with, but that TLS 1.3 has no name for.
fn small_curve() -> Vec<Case> {
    let key = p224::ecdsa::SigningKey::from_slice(&[7; 28]).expect("a scalar in range");
    let point = key.verifying_key().to_sec1_point(false);
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.3.132.0.33")]);
    let public = sequence(&[&algorithm, &element(3, &[&[0], point.as_bytes()].concat())]);
    let private = sequence(&[
        &integer(&[1]),
        &element(4, &key.to_bytes()),
        &element(0xa0, &oid("1.3.132.0.33")),
    ]);
    let private = pem("EC PRIVATE KEY", &private);
    let sign_small = |parts: &Parts| {
        let to_be_signed = parts.to_be_signed();
        let signature: p224::ecdsa::Signature =
            p224::ecdsa::signature::hazmat::PrehashSigner::sign_prehash(
                &key,
                &Sha256::digest(&to_be_signed),
            )
            .expect("a signature");
        let bits = element(3, &[&[0], signature.to_der().as_bytes()].concat());
        sequence(&[&to_be_signed, &parts.outer_algorithm, &bits])
    };
    vec![
        with("small-curve-ca", |case| {
            let mut root = root();
            root.public_key = public.clone();
            let mut put = |name: &str, parts: &Parts| {
                case.files
                    .insert(name.to_owned(), pem("CERTIFICATE", &sign_small(parts)));
            };
            put("ca.crt", &root);
            put("server.crt", &server());
            put("client.crt", &client());
        }),
        with("small-curve-client", |case| {
            let mut parts = client();
            parts.public_key = public.clone();
            let certificate = pem("CERTIFICATE", &parts.sign(&crate::certificates::key(1)));
            case.files.insert("client.crt".to_owned(), certificate);
            case.files.insert("client.key".to_owned(), private.clone());
        }),
        with("small-curve-server", |case| {
            let mut parts = server();
            parts.public_key = public.clone();
            let certificate = pem("CERTIFICATE", &parts.sign(&crate::certificates::key(1)));
            case.files.insert("server.crt".to_owned(), certificate);
            case.files.insert("server.key".to_owned(), private.clone());
        }),
    ]
}
