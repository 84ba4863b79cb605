//! A command line as people have it, taken apart: environment in front, the
//! program, its arguments. Prompts, `sudo`, line continuations and quotes are
//! understood; pipes and anything after them are not part of the command. Its
//! words can be changed, and are quoted again when it is written.

use std::collections::BTreeMap;
use std::fmt;

use crate::etcd::command::{Command, quote};

/// A command line, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// Variables set in front of the program, or exported before.
    pub environment: BTreeMap<String, String>,
    /// What follows the program.
    pub arguments: Vec<String>,
    /// The words up to the program, which is the last of them.
    before: Vec<String>,
    /// From the first word that is not the command's: a pipe and what follows.
    after: Vec<String>,
}

/// Why a text is no command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandLineError {
    /// A quote is not closed.
    #[error("the command line has a quote that is not closed")]
    OpenQuote,
    /// The program's name isn't in it.
    #[error("the command line does not call {program}; begin it with `{program} `")]
    NoProgram {
        /// The program that was looked for.
        program: &'static str,
    },
    /// `--proxy`, up to 3.5: what runs is no member, and answers the v2 API alone.
    #[error(
        "Not judged: with --proxy etcd, up to 3.5, is a proxy of the v2 API and no member, and nothing of etcdctl’s v3 gets through it"
    )]
    OldProxy,
}

/// Whether a word is `NAME=value`.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let valid = name.bytes().enumerate().all(|(position, byte)| {
        byte == b'_' || byte.is_ascii_alphabetic() || position > 0 && byte.is_ascii_digit()
    });
    (valid && !name.is_empty()).then_some((name, value))
}

impl CommandLine {
    /// Takes `text` apart around the call of `program` (`etcd`, `etcdctl`).
    ///
    /// # Errors
    ///
    /// See [`CommandLineError`].
    pub fn parse(text: &str, program: &'static str) -> Result<Self, CommandLineError> {
        let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
        let words = shlex::split(&joined).ok_or(CommandLineError::OpenQuote)?;
        let mut line = Self::default();
        let mut words = words.into_iter();
        let mut found = false;
        for word in words.by_ref() {
            found = word.rsplit('/').next() == Some(program);
            if !found && let Some((name, value)) = assignment(word.trim_end_matches(';')) {
                line.environment.insert(name.to_owned(), value.to_owned());
            }
            line.before.push(word);
            if found {
                break;
            }
        }
        if !found {
            return Err(CommandLineError::NoProgram { program });
        }
        for word in words {
            if line.after.is_empty() && !is_operator(&word) {
                line.arguments.push(word);
            } else {
                line.after.push(word);
            }
        }
        Ok(line)
    }

    /// A line of parts that were read elsewhere.
    #[must_use]
    pub fn of(
        program: &str,
        environment: BTreeMap<String, String>,
        arguments: Vec<String>,
    ) -> Self {
        let variables = environment.iter();
        let variables = variables.map(|(name, value)| format!("{name}={value}"));
        Self {
            before: variables.chain([program.to_owned()]).collect(),
            environment,
            arguments,
            after: Vec::new(),
        }
    }

    /// The value of a flag of pflag or Go, `--name=value` or `--name value`; the
    /// last one where there are several.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        let mut found = None;
        let mut words = self.arguments.iter();
        while let Some(word) = words.next() {
            match FlagWord::of(word, name) {
                FlagWord::WithValue(value) => found = Some(value),
                FlagWord::Alone => found = words.next().map(String::as_str),
                FlagWord::Other => {}
            }
        }
        found
    }

    /// The same line with a flag that takes a value, right behind the program,
    /// instead of any that was there.
    #[must_use]
    pub fn with_flag(&self, name: &str, value: &str) -> Self {
        let mut line = self.clone();
        line.arguments = vec![format!("--{name}={value}")];
        let mut words = self.arguments.iter();
        while let Some(word) = words.next() {
            match FlagWord::of(word, name) {
                FlagWord::WithValue(_) => {}
                FlagWord::Alone => {
                    words.next();
                }
                FlagWord::Other => line.arguments.push(word.clone()),
            }
        }
        line
    }

    /// The same line with another value of a variable that is set in it.
    #[must_use]
    pub fn with_variable(&self, name: &str, value: &str) -> Self {
        let mut line = self.clone();
        line.environment.insert(name.to_owned(), value.to_owned());
        for word in &mut line.before {
            let end = if word.ends_with(';') { ";" } else { "" };
            if assignment(word).is_some_and(|(known, _)| known == name) {
                *word = format!("{name}={value}{end}");
            }
        }
        line
    }
}

/// What a word is to a flag that takes a value.
enum FlagWord<'w> {
    /// `--name=value`
    WithValue(&'w str),
    /// `--name`: the next word has the value.
    Alone,
    /// Another flag, or none.
    Other,
}

impl<'w> FlagWord<'w> {
    fn of(word: &'w str, name: &str) -> Self {
        let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
        match flag.map(|flag| flag.split_once('=').ok_or(flag)) {
            Some(Ok((flag, value))) if flag == name => Self::WithValue(value),
            Some(Err(flag)) if flag == name => Self::Alone,
            _ => Self::Other,
        }
    }
}

/// Whether a word ends the command.
fn is_operator(word: &str) -> bool {
    matches!(
        word,
        "|" | "||" | "&" | "&&" | ";" | ">" | ">>" | "2>&1" | "<"
    )
}

/// A word as a shell must be given it: of `--flag=value` and `NAME=value` only the
/// value is quoted.
fn quoted(word: &str) -> String {
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|byte| b"-_".contains(&byte) || byte.is_ascii_alphanumeric())
    };
    match word.split_once('=') {
        Some((name, "")) if is_name(name) => word.to_owned(),
        Some((name, value)) if is_name(name) => format!("{name}={}", quote(value)),
        _ => quote(word),
    }
}

impl fmt::Display for CommandLine {
    /// One line for a shell, or several with a backslash at each line's end.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.before.iter().map(|word| match word.strip_suffix(';') {
            Some(word) => quoted(word) + ";",
            None => quoted(word),
        });
        let before: Vec<String> = before.collect();
        let arguments = self.arguments.iter();
        let line = arguments.fold(Command::new(&before.join(" ")), |line, word| {
            line.plain(&quoted(word))
        });
        let after = self.after.iter();
        after
            .fold(line, |line, word| {
                line.plain(&if is_operator(word) {
                    word.clone()
                } else {
                    quoted(word)
                })
            })
            .fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> CommandLine {
        CommandLine::parse(text, "etcdctl").unwrap()
    }

    #[test]
    fn a_line_that_is_written_again_is_read_as_the_same_words() {
        for text in [
            "etcdctl put k v",
            "sudo -u etcd ETCDCTL_API=3 etcdctl '--cert=/a b' put 'it''s' \"$x\" | jq . > out",
            "export ETCDCTL_API=2; /usr/bin/etcdctl --endpoints=https://a:2379 \\\n  put k ''",
            "etcdctl --cacert= put 'a=b c' '|'",
        ] {
            let line = parse(text);
            assert_eq!(parse(&line.to_string()), line, "{line}");
        }
    }

    #[test]
    fn a_changed_flag_or_variable_leaves_all_other_words_alone() {
        let line = parse(
            "ETCDCTL_API=2 etcdctl --cacert old -cacert=older put --cacert-x 'ETCDCTL_API=2 --cacert=k'",
        );
        assert_eq!(line.flag("cacert"), Some("older"));
        let words = |line: CommandLine| line.to_string().replace(" \\\n ", "");
        assert_eq!(
            words(line.with_flag("cacert", "a b")),
            "ETCDCTL_API=2 etcdctl --cacert='a b' put --cacert-x ETCDCTL_API='2 --cacert=k'"
        );
        assert_eq!(
            words(line.with_variable("ETCDCTL_API", "3")),
            "ETCDCTL_API=3 etcdctl --cacert old -cacert=older put --cacert-x ETCDCTL_API='2 --cacert=k'"
        );
    }
}
