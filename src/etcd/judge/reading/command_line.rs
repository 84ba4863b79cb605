//! A command line as people have it, taken apart: environment in front, the
//! program, its arguments. Prompts, `sudo`, line continuations and quotes are
//! understood; pipes and anything after them are not part of the command.

use std::collections::BTreeMap;
use std::fmt;

/// A command line, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// Variables set in front of the program, or exported before.
    pub environment: BTreeMap<String, String>,
    /// What follows the program.
    pub arguments: Vec<String>,
}

/// Why a text is no command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandLineError {
    /// A quote is not closed.
    OpenQuote,
    /// The program's name isn't in it.
    NoProgram {
        /// The program that was looked for.
        program: &'static str,
    },
}

impl fmt::Display for CommandLineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenQuote => f.write_str("the command line has a quote that is not closed"),
            Self::NoProgram { program } => {
                write!(
                    f,
                    "the command line does not call {program}; begin it with `{program} `"
                )
            }
        }
    }
}

impl std::error::Error for CommandLineError {}

/// Whether a word is `NAME=value`.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let valid = name.bytes().enumerate().all(|(position, octet)| {
        octet == b'_' || octet.is_ascii_alphabetic() || position > 0 && octet.is_ascii_digit()
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
            if word.rsplit('/').next() == Some(program) {
                found = true;
                break;
            }
            if let Some((name, value)) = assignment(word.trim_end_matches(';')) {
                line.environment.insert(name.to_owned(), value.to_owned());
            }
        }
        if !found {
            return Err(CommandLineError::NoProgram { program });
        }
        line.arguments = words
            .take_while(|word| {
                !matches!(
                    word.as_str(),
                    "|" | "||" | "&" | "&&" | ";" | ">" | ">>" | "2>&1" | "<"
                )
            })
            .collect();
        Ok(line)
    }
}
