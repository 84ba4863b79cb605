//! PKIs of odd shapes: kinds of keys and signatures, several CAs in one file,
//! cross-signed and renewed CAs, names in odd spellings, nested usages, name
//! constraints, times anywhere in the chain, and which names are allowed.

use super::{Case, add, client, client_line, root, server, server_line, set, set_san, with};
use crate::certificates::*;
use crate::keys::{Hash, Key, Rsa, Scheme, positive, rsa};

/// Several texts that don't change.
type Texts = &'static [&'static str];

/// The number of a kind of general name, and its contents.
type GeneralName = (u8, &'static [u8]);

fn certificate(der: &[u8]) -> Vec<u8> {
    pem("CERTIFICATE", der)
}

fn put(case: &mut Case, file: &str, contents: Vec<u8>) {
    case.files.insert(file.to_owned(), contents);
}

/// All three certificates from this CA.
fn from_authority(id: &str, authority: &Key, scheme: Scheme) -> Case {
    with(id, |case| {
        let mut own = root();
        own.public_key = authority.public();
        put(case, "ca.crt", certificate(&authority.sign(&own, scheme)));
        put(
            case,
            "server.crt",
            certificate(&authority.sign(&server(), scheme)),
        );
        put(
            case,
            "client.crt",
            certificate(&authority.sign(&client(), scheme)),
        );
    })
}

fn with_client_key(id: &str, own: &Key) -> Case {
    with(id, |case| {
        let mut parts = client();
        parts.public_key = own.public();
        put(case, "client.crt", certificate(&parts.sign(&key(1))));
        put(case, "client.key", own.private_pem());
    })
}

fn with_server_key(id: &str, own: &Key) -> Case {
    with(id, |case| {
        let mut parts = server();
        parts.public_key = own.public();
        put(case, "server.crt", certificate(&parts.sign(&key(1))));
        put(case, "server.key", own.private_pem());
    })
}

/// Each kind of key in each place, and each kind of signature.
fn kinds() -> Vec<Case> {
    let keys = [
        ("rsa512", Key::Rsa(rsa(512, 65_537, 1))),
        ("rsa768", Key::Rsa(rsa(768, 65_537, 2))),
        ("rsa1024", Key::Rsa(rsa(1024, 65_537, 3))),
        ("rsa2048", Key::Rsa(rsa(2048, 65_537, 4))),
        ("rsa2047", Key::Rsa(rsa(2046, 65_537, 5))),
        ("rsa-exponent-3", Key::Rsa(rsa(2048, 3, 6))),
        ("p384", Key::p384(5)),
        ("p521", Key::p521(5)),
        ("ed25519", Key::ed25519(5)),
    ];
    let mut cases = Vec::new();
    for (name, key) in &keys {
        cases.push(from_authority(
            &format!("kind-ca-{name}"),
            key,
            key.scheme(),
        ));
        cases.push(with_server_key(&format!("kind-server-{name}"), key));
        cases.push(with_client_key(&format!("kind-client-{name}"), key));
    }
    let large = Key::Rsa(rsa(2048, 65_537, 4));
    let curve = Key::P256(key(1));
    let schemes: [(&str, &Key, Scheme); 9] = [
        ("rsa-md5", &large, Scheme::With(Hash::Md5)),
        ("rsa-sha1", &large, Scheme::With(Hash::Sha1)),
        ("rsa-sha384", &large, Scheme::With(Hash::Sha384)),
        ("rsa-sha512", &large, Scheme::With(Hash::Sha512)),
        ("rsa-pss", &large, Scheme::Pss(32)),
        ("rsa-pss-salt-20", &large, Scheme::Pss(20)),
        ("ecdsa-sha1", &curve, Scheme::With(Hash::Sha1)),
        ("ecdsa-sha384", &curve, Scheme::With(Hash::Sha384)),
        ("ecdsa-sha512", &curve, Scheme::With(Hash::Sha512)),
    ];
    for (name, key, scheme) in schemes {
        cases.push(from_authority(&format!("signed-{name}"), key, scheme));
    }
    // Only the client's certificate is signed in an old way.
    for (name, scheme) in [("md5", Hash::Md5), ("sha1", Hash::Sha1)] {
        cases.push(with(&format!("signed-client-only-{name}"), |case| {
            *case = from_authority(&case.id, &large, Scheme::With(Hash::Sha256));
            let der = large.sign(&client(), Scheme::With(scheme));
            put(case, "client.crt", certificate(&der));
        }));
        cases.push(with(&format!("signed-root-only-{name}"), |case| {
            *case = from_authority(&case.id, &large, Scheme::With(Hash::Sha256));
            let mut own = root();
            own.public_key = large.public();
            put(
                case,
                "ca.crt",
                certificate(&large.sign(&own, Scheme::With(scheme))),
            );
        }));
    }
    cases
}

/// Private keys in other forms, and with numbers that don't fit together.
fn private_keys() -> Vec<Case> {
    let good = rsa(2048, 65_537, 4);
    let own = Key::Rsa(good.clone());
    let form = |id: &str, label: &str, der: &[u8]| {
        let mut case = with_client_key(&format!("key-{id}"), &own);
        put(&mut case, "client.key", pem(label, der));
        case
    };
    let changed = |change: fn(&mut Rsa)| {
        let mut key = good.clone();
        change(&mut key);
        key.pkcs1()
    };
    let numbers = |exponent: &[u8], dp: &[u8]| {
        let [p, q] = &good.primes;
        sequence(&[
            &integer(&[0]),
            &positive(&good.modulus),
            &positive(exponent),
            &positive(&good.private),
            &positive(p),
            &positive(q),
            &positive(dp),
            &positive(dp),
            &positive(dp),
        ])
    };
    let bump = |octets: &mut Vec<u8>| {
        if let Some(last) = octets.last_mut() {
            *last ^= 6;
        }
    };
    let mut bumped = good.private.clone();
    bump(&mut bumped);
    let curve = Key::P256(key(3));
    let curve_form = |id: &str, label: &str, der: &[u8]| {
        with(&format!("key-{id}"), |case| {
            put(case, "client.key", pem(label, der));
        })
    };
    let parameters = pem("EC PARAMETERS", &oid("1.2.840.10045.3.1.7"));
    let other = private_key_pem(&key(9));
    let right = private_key_pem(&key(3));
    vec![
        form("rsa-pkcs8", "PRIVATE KEY", &own.pkcs8()),
        form(
            "rsa-pkcs8-with-pkcs1-label",
            "RSA PRIVATE KEY",
            &own.pkcs8(),
        ),
        form("rsa-pkcs1-with-pkcs8-label", "PRIVATE KEY", &good.pkcs1()),
        form(
            "rsa-pkcs1-with-curve-label",
            "EC PRIVATE KEY",
            &good.pkcs1(),
        ),
        form("rsa-any-label", "ANY PRIVATE KEY", &good.pkcs1()),
        form(
            "rsa-trailing",
            "RSA PRIVATE KEY",
            &[good.pkcs1(), vec![0]].concat(),
        ),
        form(
            "rsa-other-exponent",
            "RSA PRIVATE KEY",
            &numbers(&[3], &[7]),
        ),
        form(
            "rsa-other-crt",
            "RSA PRIVATE KEY",
            &numbers(&good.exponent, &[7]),
        ),
        form(
            "rsa-zero-crt",
            "RSA PRIVATE KEY",
            &numbers(&good.exponent, &[]),
        ),
        form(
            "rsa-other-private",
            "RSA PRIVATE KEY",
            &changed(|key| {
                if let Some(last) = key.private.last_mut() {
                    *last ^= 6;
                }
            }),
        ),
        form(
            "rsa-other-modulus",
            "RSA PRIVATE KEY",
            &changed(|key| {
                if let Some(last) = key.modulus.last_mut() {
                    *last ^= 6;
                }
            }),
        ),
        form(
            "rsa-primes-swapped",
            "RSA PRIVATE KEY",
            &changed(|key| key.primes.reverse()),
        ),
        form(
            "rsa-prime-twice",
            "RSA PRIVATE KEY",
            &changed(|key| key.primes[1] = key.primes[0].clone()),
        ),
        curve_form("curve-pkcs8", "PRIVATE KEY", &curve.pkcs8()),
        curve_form(
            "curve-pkcs8-with-sec1-label",
            "EC PRIVATE KEY",
            &curve.pkcs8(),
        ),
        curve_form(
            "curve-sec1-with-pkcs8-label",
            "PRIVATE KEY",
            &curve.private().1,
        ),
        curve_form(
            "curve-sec1-without-curve",
            "EC PRIVATE KEY",
            &sequence(&[&integer(&[1]), &element(4, &[3; 32])]),
        ),
        curve_form(
            "curve-sec1-version-2",
            "EC PRIVATE KEY",
            &sequence(&[
                &integer(&[2]),
                &element(4, &[3; 32]),
                &element(0xa0, &oid("1.2.840.10045.3.1.7")),
            ]),
        ),
        curve_form(
            "curve-sec1-short",
            "EC PRIVATE KEY",
            &sequence(&[
                &integer(&[1]),
                &element(4, &[3; 31]),
                &element(0xa0, &oid("1.2.840.10045.3.1.7")),
            ]),
        ),
        curve_form(
            "curve-sec1-long",
            "EC PRIVATE KEY",
            &sequence(&[
                &integer(&[1]),
                &element(4, &[&[0, 0][..], &[3; 32]].concat()),
                &element(0xa0, &oid("1.2.840.10045.3.1.7")),
            ]),
        ),
        curve_form(
            "curve-sec1-zero",
            "EC PRIVATE KEY",
            &sequence(&[
                &integer(&[1]),
                &element(4, &[0; 32]),
                &element(0xa0, &oid("1.2.840.10045.3.1.7")),
            ]),
        ),
        with("key-parameters-first", |case| {
            put(
                case,
                "client.key",
                [parameters.clone(), right.clone()].concat(),
            );
        }),
        with("key-other-behind", |case| {
            put(case, "client.key", [right.clone(), other.clone()].concat());
        }),
        with("key-other-before", |case| {
            put(case, "client.key", [other.clone(), right.clone()].concat());
        }),
        with("key-certificate-before", |case| {
            let certificate = case.files["client.crt"].clone();
            put(case, "client.key", [certificate, right.clone()].concat());
        }),
        with("key-and-certificate-in-one", |case| {
            let certificate = case.files["client.crt"].clone();
            put(case, "client.crt", [right.clone(), certificate].concat());
            client_line(case, "--key=client.key", "--key=client.crt");
        }),
        with("key-ed25519-as-rsa", |case| {
            put(case, "client.key", Key::ed25519(3).private_pem());
        }),
    ]
}

/// Several certificates in the files of trust, and chains that meet.
fn bundles() -> Vec<Case> {
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
            put(case, "ca.crt", contents)
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

/// Host names in odd spellings, for the endpoint `localhost` and `127.0.0.1`.
fn host_names() -> Vec<Case> {
    let spellings: &[(&str, &[u8])] = &[
        ("dot", b"localhost."),
        ("capital", b"LOCALHOST"),
        ("star", b"*"),
        ("partial-star", b"local*"),
        ("star-and-parent", b"*.localhost"),
        ("space-before", b" localhost"),
        ("space-behind", b"localhost "),
        ("port", b"localhost:2379"),
        ("scheme", b"https://localhost"),
        ("empty", b""),
        ("dot-only", b"."),
        ("leading-dot", b".localhost"),
        ("two-dots", b"localhost.."),
        ("underscore", b"local_host"),
        ("hyphen", b"-localhost"),
        ("punycode", b"xn--localhost-0ya"),
        ("mapped-address", b"::ffff:127.0.0.1"),
        ("bracketed-address", b"[127.0.0.1]"),
        ("long-label", &[b'a'; 64]),
    ];
    let mut cases = Vec::new();
    for (name, spelling) in spellings {
        for host in ["localhost", "127.0.0.1"] {
            cases.push(with(&format!("name-{name}-{host}"), |case| {
                let mut parts = server();
                set_san(&mut parts, &[(2, spelling)]);
                put(case, "server.crt", certificate(&parts.sign(&key(1))));
                client_line(case, "https://127.0.0.1", &format!("https://{host}"));
            }));
        }
    }
    let mapped: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1];
    let lists: &[(&str, &[GeneralName])] = &[
        ("mapped", &[(7, mapped)]),
        ("two-names", &[(2, b"a.test"), (2, b"localhost")]),
        ("name-and-odd-name", &[(2, b"*"), (2, b"localhost")]),
        ("only-mail", &[(1, b"a@localhost")]),
        ("only-uri", &[(6, b"https://localhost:2379/")]),
        ("only-directory", &[(4, &[0x30, 0])]),
        ("only-identifier", &[(8, &[0x2a, 3])]),
        (
            "address-and-other-name",
            &[(2, b"a.test"), (7, &[127, 0, 0, 1])],
        ),
        (
            "other-address-and-name",
            &[(2, b"127.0.0.1"), (7, &[10, 0, 0, 1])],
        ),
    ];
    for (name, list) in lists {
        for host in ["localhost", "127.0.0.1"] {
            cases.push(with(&format!("names-{name}-{host}"), |case| {
                let mut parts = server();
                set_san(&mut parts, list);
                put(case, "server.crt", certificate(&parts.sign(&key(1))));
                client_line(case, "https://127.0.0.1", &format!("https://{host}"));
            }));
        }
    }
    for subject in ["localhost", "127.0.0.1", "local host"] {
        let id = subject.replace([' ', '.'], "-");
        cases.push(with(&format!("name-common-only-{id}"), |case| {
            let mut parts = server();
            parts.subject = common_name(subject);
            set(
                &mut parts,
                "2.5.29.17",
                extension("1.2.3.4", false, &[5, 0]),
            );
            put(case, "server.crt", certificate(&parts.sign(&key(1))));
            client_line(case, "https://127.0.0.1", "https://localhost");
        }));
    }
    cases
}

/// Usages that nest, and constraints on names of every kind.
fn constraints() -> Vec<Case> {
    const ANY: &str = "2.5.29.37.0";
    const OTHER: &str = "1.3.6.1.5.5.7.3.3";
    const SGC: &str = "1.3.6.1.4.1.311.10.3.3";
    let usages: &[(&str, Texts, Texts, Texts)] = &[
        // Root, middle, leaf.
        ("any-above", &[ANY], &[ANY], &[CLIENT]),
        ("any-and-other-above", &[OTHER, ANY], &[CLIENT], &[CLIENT]),
        ("other-above", &[], &[OTHER], &[CLIENT]),
        ("server-above-any-below", &[SERVER], &[ANY], &[CLIENT]),
        ("client-above-any-below", &[CLIENT], &[CLIENT], &[ANY]),
        ("client-above-other-below", &[CLIENT], &[CLIENT], &[OTHER]),
        (
            "both-above",
            &[SERVER, CLIENT],
            &[SERVER, CLIENT],
            &[CLIENT],
        ),
        ("split", &[SERVER], &[CLIENT], &[CLIENT]),
        ("gated", &[], &[], &[SGC]),
        (
            "gated-and-client",
            &[SGC, CLIENT],
            &[SGC, CLIENT],
            &[SGC, CLIENT],
        ),
        ("twice", &[], &[], &[CLIENT, CLIENT]),
    ];
    let mut cases = Vec::new();
    for (name, top, between, below) in usages {
        cases.push(with(&format!("nested-{name}"), |case| {
            let authority = || vec![basic_constraints(true, None), key_usage(0x06)];
            let mut upper = Parts::new("upper", &key(6), "upper", authority());
            let mut middle = Parts::new("middle", &key(5), "upper", authority());
            let mut leaf = client();
            leaf.issuer = common_name("middle");
            for (parts, list) in [(&mut upper, top), (&mut middle, between)] {
                if !list.is_empty() {
                    add(parts, extended_key_usage(list));
                }
            }
            set(&mut leaf, "2.5.29.37", extended_key_usage(below));
            let sent = [
                certificate(&leaf.sign(&key(5))),
                certificate(&middle.sign(&key(6))),
            ];
            put(case, "client.crt", sent.concat());
            put(case, "trusted.crt", certificate(&upper.sign(&key(6))));
            server_line(
                case,
                "--trusted-ca-file=ca.crt",
                "--trusted-ca-file=trusted.crt",
            );
        }));
    }
    type Names = &'static [(u8, &'static [u8])];
    let names: &[(&str, Names, Names, Names)] = &[
        // Permitted, excluded, and what the client has.
        (
            "mail-exact",
            &[(1, b"a@lab.test")],
            &[],
            &[(1, b"a@lab.test")],
        ),
        (
            "mail-other",
            &[(1, b"a@lab.test")],
            &[],
            &[(1, b"b@lab.test")],
        ),
        ("mail-host", &[(1, b"lab.test")], &[], &[(1, b"b@lab.test")]),
        (
            "mail-host-below",
            &[(1, b"lab.test")],
            &[],
            &[(1, b"b@x.lab.test")],
        ),
        (
            "mail-domain",
            &[(1, b".lab.test")],
            &[],
            &[(1, b"b@x.lab.test")],
        ),
        (
            "mail-domain-itself",
            &[(1, b".lab.test")],
            &[],
            &[(1, b"b@lab.test")],
        ),
        (
            "mail-capital",
            &[(1, b"a@LAB.test")],
            &[],
            &[(1, b"a@lab.TEST")],
        ),
        (
            "mail-excluded",
            &[],
            &[(1, b"lab.test")],
            &[(1, b"b@lab.test")],
        ),
        ("mail-not-mail", &[(1, b"lab.test")], &[], &[(1, b"nobody")]),
        (
            "uri-host",
            &[(6, b"lab.test")],
            &[],
            &[(6, b"https://lab.test/x")],
        ),
        (
            "uri-below",
            &[(6, b".lab.test")],
            &[],
            &[(6, b"https://x.lab.test/")],
        ),
        (
            "uri-other",
            &[(6, b".lab.test")],
            &[],
            &[(6, b"https://other.test/")],
        ),
        (
            "uri-address",
            &[(6, b".lab.test")],
            &[],
            &[(6, b"https://10.0.0.1/")],
        ),
        (
            "uri-without-host",
            &[(6, b".lab.test")],
            &[],
            &[(6, b"urn:x:y")],
        ),
        (
            "uri-excluded",
            &[],
            &[(6, b"lab.test")],
            &[(6, b"spiffe://lab.test/x")],
        ),
        (
            "address-inside",
            &[(7, &[10, 0, 0, 0, 255, 0, 0, 0])],
            &[],
            &[(7, &[10, 9, 9, 9])],
        ),
        (
            "address-outside",
            &[(7, &[10, 0, 0, 0, 255, 0, 0, 0])],
            &[],
            &[(7, &[11, 0, 0, 1])],
        ),
        (
            "address-all-excluded",
            &[],
            &[(7, &[0; 8])],
            &[(7, &[11, 0, 0, 1])],
        ),
        (
            "address-v6-in-v4",
            &[(7, &[10, 0, 0, 0, 255, 0, 0, 0])],
            &[],
            &[(7, &[0; 16])],
        ),
        (
            "address-v4-under-v6",
            &[(7, &[0; 32])],
            &[],
            &[(7, &[10, 0, 0, 1])],
        ),
        (
            "domain-empty-permitted",
            &[(2, b"")],
            &[],
            &[(2, b"any.test")],
        ),
        (
            "domain-empty-excluded",
            &[],
            &[(2, b"")],
            &[(2, b"any.test")],
        ),
        (
            "domain-leading-dot",
            &[(2, b".lab.test")],
            &[],
            &[(2, b"lab.test")],
        ),
        (
            "domain-wildcard-name",
            &[(2, b"lab.test")],
            &[],
            &[(2, b"*.lab.test")],
        ),
        (
            "domain-excluded-under-wildcard",
            &[],
            &[(2, b"a.lab.test")],
            &[(2, b"*.lab.test")],
        ),
        (
            "domain-capital",
            &[(2, b"LAB.test")],
            &[],
            &[(2, b"x.lab.TEST")],
        ),
        (
            "domain-trailing-dot",
            &[(2, b"lab.test")],
            &[],
            &[(2, b"x.lab.test.")],
        ),
        (
            "domain-odd-name",
            &[(2, b"lab.test")],
            &[],
            &[(2, b"x..lab.test")],
        ),
        ("no-name-at-all", &[(2, b"lab.test")], &[], &[]),
        (
            "other-kind",
            &[(2, b"lab.test")],
            &[],
            &[(1, b"a@other.test")],
        ),
        ("directory", &[(4, &[0x30, 0])], &[], &[]),
        (
            "permitted-and-excluded",
            &[(2, b"lab.test")],
            &[(2, b"x.lab.test")],
            &[(2, b"x.lab.test")],
        ),
    ];
    for (name, permitted, excluded, has) in names {
        cases.push(with(&format!("constrained-{name}"), |case| {
            let mut upper = Parts::new(
                "upper",
                &key(6),
                "upper",
                vec![basic_constraints(true, None), key_usage(0x06)],
            );
            add(&mut upper, name_constraints(permitted, excluded));
            let mut leaf = client();
            leaf.issuer = common_name("upper");
            if !has.is_empty() {
                set_san(&mut leaf, has);
            }
            put(case, "client.crt", certificate(&leaf.sign(&key(6))));
            put(case, "trusted.crt", certificate(&upper.sign(&key(6))));
            server_line(
                case,
                "--trusted-ca-file=ca.crt",
                "--trusted-ca-file=trusted.crt",
            );
        }));
    }
    cases
}

/// Something wrong in two places: which complaint wins.
fn two_at_once() -> Vec<Case> {
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
fn allowed_and_revoked() -> Vec<Case> {
    let mut cases = Vec::new();
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
        (
            "list-first",
            "client.test,other.test",
            &[(2, b"client.test")],
        ),
        (
            "list-second",
            "other.test,client.test",
            &[(2, b"client.test")],
        ),
        (
            "list-spaces",
            "'other.test, client.test'",
            &[(2, b"client.test")],
        ),
        (
            "list-neither",
            "other.test,more.test",
            &[(2, b"client.test")],
        ),
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
fn paths() -> Vec<Case> {
    let mut cases = Vec::new();
    for file in [
        "client.crt",
        "client.key",
        "server.crt",
        "server.key",
        "ca.crt",
    ] {
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
        case.server = "etcd --config-file=conf".to_owned();
    }));
    cases.push(with("file-config-empty", |case| {
        put(case, "etcd.yaml", Vec::new());
        case.server = "etcd --config-file=nowhere/etcd.yaml".to_owned();
    }));
    cases
}

/// All of them.
pub fn all() -> Vec<Case> {
    [
        kinds(),
        private_keys(),
        bundles(),
        host_names(),
        constraints(),
        two_at_once(),
        allowed_and_revoked(),
        paths(),
    ]
    .concat()
}
