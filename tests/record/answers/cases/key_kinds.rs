//! Each kind of key in each place, each kind of signature, and keys in odd forms.

use super::{Case, certificate, client, client_line, put, root, server, with};
use crate::certificates::*;
use crate::keys::{Hash, Key, Rsa, Scheme, positive, rsa};

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
pub(super) fn kinds() -> Vec<Case> {
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
pub(super) fn private_keys() -> Vec<Case> {
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
            &changed(|key| {
                let first = key.primes[0].clone();
                key.primes[1] = first;
            }),
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
