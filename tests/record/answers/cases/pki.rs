//! PKIs of odd shapes: several CAs in one file, cross-signed and renewed CAs, two
//! faults at once, times anywhere in the chain, and which names are allowed.

use super::{
    Case, FILES, GeneralName, add, certificate, client, client_line, put, root, server,
    server_line, set, set_san, with,
};
use crate::certificates::*;

/// Several certificates in the files of trust, and chains that meet.
pub(super) fn bundles() -> Vec<Case> {
    let ca = || certificate(&root().sign(&key(1)));
    let namesake = || {
        let mut parts = root();
        parts.public_key = public_key(&key(8));
        certificate(&parts.sign(&key(8)))
    };
    let stranger = || {
        certificate(
            &Parts::new(
                "stranger",
                &key(7),
                "stranger",
                vec![basic_constraints(true, None), key_usage(0x06)],
            )
            .sign(&key(7)),
        )
    };
    let bundle = |id: &str, contents: Vec<u8>| {
        with(&format!("bundle-{id}"), |case| {
            put(case, "ca.crt", contents);
        })
    };
    let old = || {
        let mut parts = root();
        parts.not_after = utc_time("260101000000Z");
        certificate(&parts.sign(&key(1)))
    };
    let no_authority = || {
        let mut parts = root();
        set(&mut parts, "2.5.29.19", basic_constraints(false, None));
        certificate(&parts.sign(&key(1)))
    };
    let middle = |issuer: &str, signer: u8| {
        Parts::new(
            "middle",
            &key(5),
            issuer,
            vec![basic_constraints(true, None), key_usage(0x06)],
        )
        .sign(&key(signer))
    };
    let below_middle = || {
        let mut leaf = client();
        leaf.issuer = common_name("middle");
        certificate(&leaf.sign(&key(5)))
    };
    let chain = |id: &str, extra: Vec<Vec<u8>>, trusted: Vec<u8>| {
        with(&format!("cross-{id}"), |case| {
            put(
                case,
                "client.crt",
                [below_middle(), extra.concat()].concat(),
            );
            put(case, "trusted.crt", trusted);
            server_line(
                case,
                "--trusted-ca-file=ca.crt",
                "--trusted-ca-file=trusted.crt",
            );
        })
    };
    let csr = pem("CERTIFICATE REQUEST", &[0x30, 0]);
    let crl = pem("X509 CRL", &[0x30, 0]);
    let cross = || {
        // The old root's key, certified by the stranger.
        let mut parts = root();
        parts.issuer = common_name("stranger");
        certificate(&parts.sign(&key(7)))
    };
    vec![
        bundle("stranger-first", [stranger(), ca()].concat()),
        bundle("stranger-last", [ca(), stranger()].concat()),
        bundle("namesake-first", [namesake(), ca()].concat()),
        bundle("namesake-last", [ca(), namesake()].concat()),
        bundle("namesake-only", namesake()),
        bundle("namesakes-and-no-other", [namesake(), namesake()].concat()),
        bundle("twice", [ca(), ca()].concat()),
        bundle("old-and-renewed", [old(), ca()].concat()),
        bundle("renewed-and-old", [ca(), old()].concat()),
        bundle("old-only", old()),
        bundle("old-and-namesake", [old(), namesake()].concat()),
        bundle("no-authority-and-right", [no_authority(), ca()].concat()),
        bundle(
            "no-authority-and-namesake",
            [no_authority(), namesake()].concat(),
        ),
        bundle(
            "text-between",
            [ca(), b"some text\n".to_vec(), stranger()].concat(),
        ),
        bundle("request-between", [csr, ca()].concat()),
        bundle("list-behind", [ca(), crl].concat()),
        bundle("key-behind", [ca(), private_key_pem(&key(1))].concat()),
        bundle(
            "damaged-behind",
            [ca(), pem("CERTIFICATE", &[0x30, 3, 1, 1])].concat(),
        ),
        bundle(
            "trailing-octets",
            pem("CERTIFICATE", &[root().sign(&key(1)), vec![0]].concat()),
        ),
        chain(
            "middle-trusted",
            Vec::new(),
            certificate(&middle("root", 1)),
        ),
        chain(
            "middle-trusted-and-sent",
            vec![certificate(&middle("root", 1))],
            certificate(&middle("root", 1)),
        ),
        chain(
            "other-root",
            vec![certificate(&middle("stranger", 7))],
            ca(),
        ),
        chain(
            "both-roots",
            vec![
                certificate(&middle("stranger", 7)),
                certificate(&middle("root", 1)),
            ],
            ca(),
        ),
        chain(
            "both-roots-turned",
            vec![
                certificate(&middle("root", 1)),
                certificate(&middle("stranger", 7)),
            ],
            ca(),
        ),
        chain(
            "by-cross",
            vec![certificate(&middle("root", 1)), cross()],
            stranger(),
        ),
        chain(
            "cross-first",
            vec![cross(), certificate(&middle("root", 1))],
            stranger(),
        ),
        chain(
            "cross-missing",
            vec![certificate(&middle("root", 1))],
            stranger(),
        ),
        chain(
            "old-middle-and-new",
            vec![
                {
                    let mut parts = Parts::new(
                        "middle",
                        &key(5),
                        "root",
                        vec![basic_constraints(true, None), key_usage(0x06)],
                    );
                    parts.not_after = utc_time("260101000000Z");
                    certificate(&parts.sign(&key(1)))
                },
                certificate(&middle("root", 1)),
            ],
            ca(),
        ),
        chain(
            "wrong-key-middle",
            vec![certificate(&middle("root", 8))],
            ca(),
        ),
        chain(
            "stranger-between",
            vec![stranger(), certificate(&middle("root", 1)), stranger()],
            ca(),
        ),
        chain(
            "leaf-twice",
            vec![below_middle(), certificate(&middle("root", 1))],
            ca(),
        ),
        with("cross-server-middle-in-cacert", |case| {
            let mut leaf = server();
            leaf.issuer = common_name("middle");
            put(case, "server.crt", certificate(&leaf.sign(&key(5))));
            put(
                case,
                "both.crt",
                [certificate(&middle("root", 1)), ca()].concat(),
            );
            client_line(case, "--cacert=ca.crt", "--cacert=both.crt");
        }),
        with("cross-server-middle-missing", |case| {
            let mut leaf = server();
            leaf.issuer = common_name("middle");
            put(case, "server.crt", certificate(&leaf.sign(&key(5))));
        }),
        with("cross-server-chain", |case| {
            let mut leaf = server();
            leaf.issuer = common_name("middle");
            put(
                case,
                "server.crt",
                [
                    certificate(&leaf.sign(&key(5))),
                    certificate(&middle("root", 1)),
                ]
                .concat(),
            );
        }),
        with("cross-server-damaged-behind", |case| {
            let damaged = pem("CERTIFICATE", &[0x30, 0]);
            let own = case.files["server.crt"].clone();
            put(case, "server.crt", [own, damaged].concat());
        }),
        with("cross-client-signs-itself", |case| {
            let mut leaf = client();
            leaf.issuer = common_name("client");
            put(case, "client.crt", certificate(&leaf.sign(&key(3))));
        }),
        with("cross-client-signs-itself-trusted", |case| {
            let mut leaf = client();
            leaf.issuer = common_name("client");
            let leaf = certificate(&leaf.sign(&key(3)));
            put(case, "client.crt", leaf.clone());
            put(case, "trusted.crt", leaf);
            server_line(
                case,
                "--trusted-ca-file=ca.crt",
                "--trusted-ca-file=trusted.crt",
            );
        }),
        with("cross-client-of-client", |case| {
            // The client's certificate is no CA, but signs another one.
            let mut leaf = client();
            leaf.subject = common_name("second");
            leaf.public_key = public_key(&key(4));
            leaf.issuer = common_name("client");
            let first = certificate(&client().sign(&key(1)));
            put(
                case,
                "client.crt",
                [certificate(&leaf.sign(&key(3))), first].concat(),
            );
            put(case, "client.key", private_key_pem(&key(4)));
        }),
    ]
}

/// Something wrong in two places: which complaint wins.
pub(super) fn two_at_once() -> Vec<Case> {
    type Change = fn(&mut Parts);
    let past: Change = |parts| parts.not_after = utc_time("260101000000Z");
    let future: Change = |parts| parts.not_before = utc_time("350101000000Z");
    let critical: Change = |parts| add(parts, extension("1.2.3.4", true, &[5, 0]));
    let no_names: Change = |parts| set_san(parts, &[(2, b"other.test")]);
    let server_only: Change = |parts| set(parts, "2.5.29.37", extended_key_usage(&[SERVER]));
    let code: Change = |parts| {
        set(
            parts,
            "2.5.29.37",
            extended_key_usage(&["1.3.6.1.5.5.7.3.3"]),
        );
    };
    let constrained: Change = |parts| add(parts, name_constraints(&[(2, b"lab.test")], &[]));
    let foreign: Change = |parts| parts.issuer = common_name("stranger");
    let pairs: &[(&str, &str, &[Change], &[Change])] = &[
        // Whose certificate, what is wrong with it, and with the CA.
        ("client", "past-and-critical", &[past, critical], &[]),
        ("client", "past-and-usage", &[past, server_only], &[]),
        ("client", "past-and-foreign", &[past, foreign], &[]),
        ("client", "usage-and-foreign", &[code, foreign], &[]),
        ("client", "past-and-future", &[past, future], &[]),
        ("client", "past-below-past", &[past], &[past]),
        ("client", "usage-below-past", &[code], &[past]),
        ("client", "usage-below-future", &[code], &[future]),
        ("client", "good-below-future", &[], &[future]),
        ("client", "good-below-critical", &[], &[critical]),
        (
            "client",
            "usage-and-names",
            &[code, |parts| set_san(parts, &[(2, b"other.test")])],
            &[constrained],
        ),
        (
            "client",
            "names-below-past",
            &[|parts| set_san(parts, &[(2, b"other.test")])],
            &[constrained, past],
        ),
        ("server", "past-and-name", &[past, no_names], &[]),
        ("server", "name-and-usage", &[no_names, code], &[]),
        ("server", "name-and-foreign", &[no_names, foreign], &[]),
        ("server", "critical-and-name", &[critical, no_names], &[]),
        ("server", "usage-below-future", &[code], &[future]),
        ("server", "name-below-past", &[no_names], &[past]),
        ("server", "usage-and-names", &[code], &[constrained]),
        ("server", "future-and-usage", &[future, code], &[]),
    ];
    pairs
        .iter()
        .map(|(whose, name, leaf_changes, root_changes)| {
            with(&format!("two-{whose}-{name}"), |case| {
                let mut upper = Parts::new(
                    "upper",
                    &key(6),
                    "upper",
                    vec![basic_constraints(true, None), key_usage(0x06)],
                );
                let mut leaf = if *whose == "client" {
                    client()
                } else {
                    server()
                };
                leaf.issuer = common_name("upper");
                for change in *leaf_changes {
                    change(&mut leaf);
                }
                for change in *root_changes {
                    change(&mut upper);
                }
                put(
                    case,
                    &format!("{whose}.crt"),
                    certificate(&leaf.sign(&key(6))),
                );
                put(case, "other.crt", certificate(&upper.sign(&key(6))));
                if *whose == "client" {
                    server_line(
                        case,
                        "--trusted-ca-file=ca.crt",
                        "--trusted-ca-file=other.crt",
                    );
                } else {
                    client_line(case, "--cacert=ca.crt", "--cacert=other.crt");
                }
            })
        })
        .collect()
}

/// `--client-cert-allowed-hostname`, and CRLs that know several certificates.
pub(super) fn allowed_and_revoked() -> Vec<Case> {
    let mut cases = Vec::new();
    #[rustfmt::skip]
    let lists: &[(&str, &str, &[GeneralName])] = &[
        ("dns", "client.test", &[(2, b"client.test")]),
        ("wildcard", "a.client.test", &[(2, b"*.client.test")]),
        ("capital", "CLIENT.test", &[(2, b"client.TEST")]),
        ("dot", "client.test.", &[(2, b"client.test")]),
        ("address", "10.0.0.9", &[(7, &[10, 0, 0, 9])]),
        ("address-as-name", "10.0.0.9", &[(2, b"10.0.0.9")]),
        ("common-name", "client", &[(2, b"other.test")]),
        ("no-names", "client", &[]),
        ("mail", "client.test", &[(1, b"a@client.test")]),
        ("list-first", "client.test,other.test", &[(2, b"client.test")]),
        ("list-second", "other.test,client.test", &[(2, b"client.test")]),
        ("list-spaces", "'other.test, client.test'", &[(2, b"client.test")]),
        ("list-neither", "other.test,more.test", &[(2, b"client.test")]),
    ];
    for (name, allowed, has) in lists {
        cases.push(with(&format!("allowed-{name}"), |case| {
            let mut parts = client();
            if !has.is_empty() {
                set_san(&mut parts, has);
            }
            put(case, "client.crt", certificate(&parts.sign(&key(1))));
            server_line(
                case,
                "--client-cert-auth",
                &format!("--client-cert-auth --client-cert-allowed-hostname={allowed}"),
            );
        }));
    }
    let list = |issuer: &str, signer: u8, update: &str, serials: &[&[u8]]| {
        let entries: Vec<Vec<u8>> = serials
            .iter()
            .map(|serial| sequence(&[&integer(serial), &utc_time("260101000000Z")]))
            .collect();
        let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let body = sequence(&[
            &integer(&[1]),
            &ecdsa_sha256(),
            &common_name(issuer),
            &utc_time(update),
            &utc_time("260201000000Z"),
            &sequence(&entries),
        ]);
        sign(&body, &ecdsa_sha256(), &key(signer))
    };
    let client_serial: &[u8] = &[0x30, 6];
    let middle_serial: &[u8] = &[0x30, 0x07];
    let lists: Vec<(&str, Vec<u8>)> = vec![
        (
            "foreign-issuer",
            list("stranger", 1, "260101000000Z", &[client_serial]),
        ),
        (
            "foreign-key",
            list("root", 9, "260101000000Z", &[client_serial]),
        ),
        ("future", list("root", 1, "350101000000Z", &[client_serial])),
        (
            "second-entry",
            list("root", 1, "260101000000Z", &[&[9, 9], client_serial]),
        ),
        (
            "serial-with-zeros",
            list("root", 1, "260101000000Z", &[&[0, 0x30, 6]]),
        ),
        (
            "serial-negative",
            list("root", 1, "260101000000Z", &[&[0xcf, 0xfa]]),
        ),
        (
            "lists-root",
            list("root", 1, "260101000000Z", &[&[0x30, 4]]),
        ),
        (
            "two-lists",
            [
                pem("X509 CRL", &list("root", 1, "260101000000Z", &[&[9, 9]])),
                pem(
                    "X509 CRL",
                    &list("root", 1, "260101000000Z", &[client_serial]),
                ),
            ]
            .concat(),
        ),
        (
            "server-too",
            list("root", 1, "260101000000Z", &[client_serial, &[0x30, 6]]),
        ),
        (
            "not-base64",
            b"-----BEGIN X509 CRL-----\n*\n-----END X509 CRL-----\n".to_vec(),
        ),
        ("certificate-in-it", certificate(&root().sign(&key(1)))),
    ];
    for (name, contents) in lists {
        cases.push(with(&format!("crl-{name}"), |case| {
            put(case, "client.crl", contents);
            server_line(
                case,
                "--client-cert-auth",
                "--client-cert-auth --client-crl-file=client.crl",
            );
        }));
    }
    cases.push(with("crl-lists-sent-middle", |case| {
        let mut middle = Parts::new(
            "middle",
            &key(5),
            "root",
            vec![basic_constraints(true, None), key_usage(0x06)],
        );
        middle.serial = integer(middle_serial);
        let mut leaf = client();
        leaf.issuer = common_name("middle");
        let sent = [
            certificate(&leaf.sign(&key(5))),
            certificate(&middle.sign(&key(1))),
        ];
        put(case, "client.crt", sent.concat());
        put(
            case,
            "client.crl",
            list("root", 1, "260101000000Z", &[middle_serial]),
        );
        server_line(
            case,
            "--client-cert-auth",
            "--client-cert-auth --client-crl-file=client.crl",
        );
    }));
    cases.push(with("crl-without-client-certificate", |case| {
        put(
            case,
            "client.crl",
            list("root", 1, "260101000000Z", &[client_serial]),
        );
        server_line(
            case,
            "--client-cert-auth --trusted-ca-file=ca.crt ",
            "--client-crl-file=client.crl ",
        );
    }));
    cases
}

/// Paths that are directories, or lie in one.
pub(super) fn paths() -> Vec<Case> {
    let mut cases = Vec::new();
    for file in FILES {
        let id = file.replace('.', "-");
        cases.push(with(&format!("file-{id}-directory"), |case| {
            case.files.remove(file);
            put(case, &format!("{file}/"), Vec::new());
        }));
        cases.push(with(&format!("file-{id}-slash"), |case| {
            client_line(case, &format!("={file}"), &format!("={file}/"));
            server_line(case, &format!("={file}"), &format!("={file}/"));
        }));
        cases.push(with(&format!("file-{id}-spaces-only"), |case| {
            put(case, file, b" \n\n".to_vec());
        }));
        cases.push(with(&format!("file-{id}-utf-16"), |case| {
            let text = case.files[file].clone();
            let wide: Vec<u8> = text.iter().flat_map(|octet| [*octet, 0]).collect();
            put(case, file, [vec![0xff, 0xfe], wide].concat());
        }));
    }
    cases.push(with("file-in-a-folder", |case| {
        for file in ["ca.crt", "client.crt", "client.key"] {
            let contents = case.files[file].clone();
            put(case, &format!("pki/etcd/{file}"), contents);
            client_line(
                case,
                &format!("={file}"),
                &format!("=./pki/../pki//etcd/{file}"),
            );
        }
    }));
    cases.push(with("file-crl-directory", |case| {
        put(case, "client.crl/", Vec::new());
        server_line(
            case,
            "--client-cert-auth",
            "--client-cert-auth --client-crl-file=client.crl",
        );
    }));
    cases.push(with("file-config-directory", |case| {
        put(case, "conf/", Vec::new());
        "etcd --config-file=conf".clone_into(&mut case.server);
    }));
    cases.push(with("file-config-empty", |case| {
        put(case, "etcd.yaml", Vec::new());
        "etcd --config-file=nowhere/etcd.yaml".clone_into(&mut case.server);
    }));
    cases
}
