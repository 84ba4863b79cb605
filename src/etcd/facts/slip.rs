//! Names that differ by a slip: a letter too many, too few, or another one.

/// Whether two names differ by one letter.
#[must_use]
pub fn is_slip(one: &str, other: &str) -> bool {
    // Cheap, and true of nearly all.
    one.len().abs_diff(other.len()) <= 1 && strsim::levenshtein(one, other) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_a_slip() {
        for (one, other) in [
            ("cert-file", "cert-files"),
            ("ExeStart", "ExecStart"),
            ("aab", "acb"),
        ] {
            assert!(is_slip(one, other), "{one}");
        }
        for (one, other) in [("cert-file", "cert-file"), ("cert-file", "key-file")] {
            assert!(!is_slip(one, other), "{one}");
        }
    }
}
