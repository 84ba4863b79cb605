//! What somebody writes in words of their own around a program's lines.

use super::coat;

/// Words of somebody who speaks of himself; no program's line has one by itself.
const PERSONAL: [&str; 7] = ["i'm", "i’m", "i've", "i’ve", "we", "my", "our"];

/// So many bytes of a line are enough.
const MOST: usize = 4096;

/// A sentence has at least so many words.
const FEWEST_WORDS: usize = 6;

/// Whether a line is somebody's sentence.
pub(super) fn is_of_somebody(line: &str) -> bool {
    let line = line
        .get(..line.floor_char_boundary(MOST))
        .unwrap_or_default()
        .trim_start();
    let is_of_program = line.contains("{\"")
        || line.starts_with(|letter: char| letter.is_ascii_digit() || "[{<".contains(letter))
        || coat::writer(&line.to_ascii_lowercase()).is_some();
    if is_of_program {
        return false;
    }
    // What is quoted is somebody else's.
    let unquoted: String = line.split('"').step_by(2).collect();
    let words: Vec<&str> = unquoted.split_whitespace().collect();
    if words.len() < FEWEST_WORDS {
        return false;
    }
    let bare = |word: &str| {
        word.trim_matches(|letter: char| !letter.is_alphanumeric())
            .to_lowercase()
    };
    // A lone `I` is also a level of a log: `2019-04-02 18:29:05.514387 I | embed:`.
    let is_i = |pair: &[&str]| match pair {
        [one, next] => *one == "I" && next.starts_with(char::is_alphabetic),
        _ => false,
    };
    words
        .iter()
        .any(|word| PERSONAL.contains(&bare(word).as_str()))
        || words.windows(2).any(is_i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_speaks_of_himself_and_a_program_does_not() {
        for line in [
            "I had the bad certificate issue too while setting all this up",
            "After that we get connection refused from every node.",
            "But I still see that the certificate has expired on one",
        ] {
            assert!(is_of_somebody(line), "{line}");
        }
        for line in [
            "2019-04-02 18:29:05.514387 I | embed: rejected connection from \"192.0.2.13:32802\"",
            "curl: (60) SSL certificate problem: unable to get local issuer certificate",
            "Unhealthy Get https://my-etcd:2379/health: remote error: tls: bad certificate",
            "we: x509",
            "Error: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"My Root CA\")",
            "depth=0 C = US, ST = CA, L = San Francisco, O = example, CN = etcd",
            "2024-01-01 10:00:00,000 INFO: Lock owner: None; I am node-a and I was a leader",
            "[1] I NETWORK connection accepted from the other side",
        ] {
            assert!(!is_of_somebody(line), "{line}");
        }
    }
}
