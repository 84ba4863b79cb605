//! OpenSSL and PARI as judges of the RSA keys that are made here: what a second
//! and a third implementation say of the finished key.
//!
//! `RSA_KEYS` asks for another number of keys than 50.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on says why and fails"
)]

use getrandom::SysRng;
use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa_key::{ModulusBits, generate};
use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Stdio};

/// A judge does not take a key, or can't be asked.
#[derive(Debug, PartialEq, Eq)]
struct Dissent {
    judge: &'static str,
    said: String,
}

impl Dissent {
    fn of(judge: &'static str, said: &dyn std::fmt::Debug) -> Self {
        let said = format!("{said:?}");
        Self { judge, said }
    }
}

impl std::fmt::Display for Dissent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.judge, self.said)
    }
}

impl std::error::Error for Dissent {}

/// OpenSSL's opinion of the encoded key: its parts fit, and p and q are prime.
fn judged_by_openssl(key: &PrivateKey, name: &str) -> Result<(), Dissent> {
    let path = std::env::temp_dir().join(format!("rsa-key-{}-{name}.pem", std::process::id()));
    let pem = key
        .to_pkcs8_pem(LineEnding::LF)
        .expect("a key that encodes");
    std::fs::write(&path, pem.as_bytes()).expect("a temporary file");
    let output = Command::new("openssl")
        .args(["rsa", "-check", "-noout", "-in"])
        .arg(&path)
        .output();
    std::fs::remove_file(&path).expect("the temporary file goes");
    let output = output.map_err(|error| Dissent::of("openssl", &error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && said.contains("RSA key ok") {
        return Ok(());
    }
    Err(Dissent::of("openssl", &output))
}

/// PARI's opinion of the key's numbers: p and q pass the Baillie–PSW test, and
/// every condition of FIPS 186-5 A.1.1 and A.1.3 holds.
fn judged_by_pari(key: &PrivateKey) -> Result<(), Dissent> {
    const CONDITIONS: [&str; 8] = [
        "ispseudoprime(p)",
        "ispseudoprime(q)",
        "p*q==n",
        "(e*d)%lcm(p-1,q-1)==1",
        "d<lcm(p-1,q-1)",
        "d>2^(#binary(n)/2)",
        "abs(p-q)>2^(#binary(n)/2-100)",
        "p^2>2^(#binary(n)-1)&&q^2>2^(#binary(n)-1)",
    ];
    let [p, q] = key.primes() else {
        return Err(Dissent::of("the number of primes", &key.primes().len()));
    };
    let mut script = format!(
        "p=0x{p:x};q=0x{q:x};n=0x{:x};e=0x{:x};d=0x{:x};\n",
        key.n().as_ref(),
        key.e(),
        key.d()
    );
    script.extend(
        CONDITIONS.map(|condition| format!("if(!({condition}),print(\"not {condition}\"))\n")),
    );
    script += "print(\"judged\")\n";
    let mut process = Command::new("gp")
        .args(["-q", "-f"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Dissent::of("gp", &error))?;
    // Dropped at once, so that gp sees the end of its input.
    let written = process
        .stdin
        .take()
        .map(|mut input| input.write_all(script.as_bytes()));
    let output = process
        .wait_with_output()
        .map_err(|error| Dissent::of("gp", &error))?;
    if String::from_utf8_lossy(&output.stdout).trim() == "judged" {
        return Ok(());
    }
    Err(Dissent::of("gp", &(output, written)))
}

#[test]
fn keys_are_accepted_by_openssl_and_pari_and_share_no_prime() {
    let keys: u32 = std::env::var("RSA_KEYS").map_or(50, |text| {
        text.parse()
            .unwrap_or_else(|error| panic!("RSA_KEYS={text} is no number: {error}"))
    });
    let mut primes = HashSet::new();
    for index in 0..keys {
        // Most keys are of the usual size; each size is there.
        let size = match index % 25 {
            7 => ModulusBits::Rsa3072,
            20 => ModulusBits::Rsa4096,
            _ => ModulusBits::Rsa2048,
        };
        let key = generate(size, &mut SysRng).expect("a key");
        assert_eq!(key.n().bit_width(), size.bits());
        assert_eq!(*key.e(), rsa::BoxedUint::from(65_537_u64));
        assert!(key.d().bit_width() > size.prime_bits());
        assert_eq!(key.primes().len(), 2);
        for prime in key.primes() {
            assert_eq!(prime.bit_width(), size.prime_bits());
            assert!(prime.bit(size.prime_bits() - 2).to_bool());
            assert!(
                primes.insert(prime.to_be_bytes().to_vec()),
                "a prime came twice"
            );
        }
        assert_eq!(judged_by_openssl(&key, &index.to_string()), Ok(()));
        assert_eq!(judged_by_pari(&key), Ok(()));
    }
}

#[test]
fn openssl_and_pari_do_refuse_a_key_of_a_composite() {
    // Otherwise their consent above would say nothing.
    let key = generate(ModulusBits::Rsa2048, &mut SysRng).expect("a key");
    let [p, _] = key.primes() else {
        panic!("{} primes", key.primes().len())
    };
    // 2^1024 - 1 is a multiple of three.
    let composite = rsa::BoxedUint::from_be_slice_vartime(&[0xff; 128]);
    let key = PrivateKey::from_p_q(p.clone().get(), composite, 65_537_u64.into())
        .expect("the rsa crate does not test primality");
    let refused = |verdict: Result<(), Dissent>, word: &str| {
        assert!(
            verdict
                .as_ref()
                .is_err_and(|dissent| dissent.said.contains(word)),
            "{verdict:?}"
        );
    };
    refused(judged_by_openssl(&key, "composite"), "not prime");
    refused(judged_by_pari(&key), "not ispseudoprime(q)");
}
