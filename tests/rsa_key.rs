//! The RSA key search before its judges.
use etcd_pki_lab::pki::rsa_key::{ModulusBits, bench};

#[test]
fn the_kernel_squares_as_crypto_bigint_does() {
    let r = bench::kernel_check(1, 20000);
    if let Err(e) = &r {
        println!("{e}");
    }
    assert!(r.is_ok());
}
#[test]
fn keys() {
    for size in ModulusBits::ALL {
        let t = std::time::Instant::now();
        let k = bench::seeded_key(size, 1);
        assert!(k.is_ok());
        println!("{:?} {:?}", size, t.elapsed());
    }
}
