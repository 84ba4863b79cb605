//! One command for a POSIX shell: words in, a line out that a shell reads back
//! as the same words, whatever they contain. The quoting is `shlex`'s.

use std::fmt;

/// A command of words, written one or several lines long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Groups of words that stay on one line together: an option and its value.
    groups: Vec<String>,
}

/// The longest command that is written as one line, in characters.
const LINE: usize = 80;

impl Command {
    /// A command of a program's name and plain words: letters, digits and
    /// punctuation that no shell changes, given by this program, not by a
    /// reader.
    pub(crate) fn new(words: &str) -> Self {
        Self {
            groups: vec![words.to_owned()],
        }
    }

    /// Adds plain words of this program's own, such as `--client-cert-auth`.
    pub(crate) fn plain(mut self, words: &str) -> Self {
        self.groups.push(words.to_owned());
        self
    }

    /// Adds `option=value`, the value quoted where it needs to be.
    pub(crate) fn assign(self, option: &str, value: &str) -> Self {
        let group = format!("{option}={}", quote(value));
        self.plain(&group)
    }

    /// Adds `option value`, the value quoted where it needs to be.
    pub(crate) fn option(self, option: &str, value: &str) -> Self {
        let group = format!("{option} {}", quote(value));
        self.plain(&group)
    }

    /// Adds one word, quoted where it needs to be.
    pub(crate) fn word(self, word: &str) -> Self {
        let word = quote(word);
        self.plain(&word)
    }
}

impl fmt::Display for Command {
    /// One line, or, if that is long, one group a line with a backslash at
    /// each line's end.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length: usize = self
            .groups
            .iter()
            .map(|group| group.chars().count() + 1)
            .sum();
        let separator = if length > LINE { " \\\n  " } else { " " };
        formatter.write_str(&self.groups.join(separator))
    }
}

/// A word as a POSIX shell must be given it.
///
/// Values reach this only from checked fields, which hold no NUL: the one thing
/// that no shell word can hold. Were one to come, the word is left empty.
pub(crate) fn quote(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| "''".to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_the_words_that_went_in() {
        let hostile = "/srv/it's here; rm -rf \"$HOME\" `id` \\ *?[a] ~ # !x";
        let line = Command::new("etcd")
            .assign("--cert-file", hostile)
            .word(hostile)
            .to_string();
        let words = shlex::split(&line.replace("\\\n", "")).unwrap();
        assert_eq!(words, ["etcd", &format!("--cert-file={hostile}"), hostile]);
    }

    #[test]
    fn a_short_command_is_one_line() {
        let short = Command::new("openssl genrsa")
            .option("-out", "ca.key")
            .plain("2048");
        assert_eq!(short.to_string(), "openssl genrsa -out ca.key 2048");
    }
}
