//! Cipher suites that a text chooses, in a setting or a flag: where a handshake fails they
//! are likelier to be why.

use super::Clue;

/// What to do where two sides share no cipher suite.
pub(super) const SHARED: &str = "leave the list of cipher suites out, or name in it one that the other side has too and that fits the server's key: ECDHE_ECDSA for an ECDSA key, ECDHE_RSA for an RSA key";

/// Whether a cause is one of cipher suites.
pub(super) fn is_cause(cause: &str) -> bool {
    cause.contains("cipher")
}

/// Whether a text chooses cipher suites, by a setting or a flag of any program.
fn chooses(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| {
        let is_comment = line.starts_with('#') || line.starts_with("//");
        let small = line.to_ascii_lowercase();
        let names_some = small.contains("ecdhe") || small.contains("tls_");
        // What two sides agreed on is told without these words.
        let is_setting = [
            "cipher-suite",
            "cipher_suite",
            "cipher suite",
            "ciphersuite",
            "ssl_ciphers",
        ];
        !is_comment && names_some && is_setting.iter().any(|words| small.contains(words))
    })
}

/// Notes which of the clues can be of cipher suites that the text chooses.
pub(super) fn note(text: &str, found: &mut [(usize, Clue)]) {
    let may_be = |clue: &Clue| {
        let mut causes = clue.saying.causes.iter();
        causes.any(|cause| is_cause(cause.text))
    };
    if found.iter().any(|(_, clue)| may_be(clue)) && chooses(text) {
        for (_, clue) in found {
            clue.of_ciphers = may_be(clue);
        }
    }
}
