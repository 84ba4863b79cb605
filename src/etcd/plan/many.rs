//! Many clients from one text: a name a line, and ranges such as
//! `app-{1..1000}`, as bash writes them.

use super::{Field, FilePath, ManyClientsPlan, path::PathError};
use crate::pki::name::{DistinguishedName, NameError};

/// The most names that one text may stand for.
pub(super) const MAXIMUM: usize = 10_000;

/// The name of one of many clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClientName(String);

impl ClientName {
    /// The name.
    #[must_use]
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The stem of its files.
    ///
    /// # Errors
    ///
    /// Why no file can have that name.
    fn path(&self) -> Result<FilePath, PathError> {
        self.0.parse()
    }

    /// Its subject: the pattern with the name in place of `{name}`.
    ///
    /// # Errors
    ///
    /// What is wrong with the subject that comes of it.
    fn subject(&self, pattern: &str) -> Result<DistinguishedName, NameError> {
        // What separates attributes must stay a part of the name.
        let mut escaped = String::new();
        for character in self.0.chars() {
            if matches!(
                character,
                ',' | '/' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#'
            ) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
        pattern.replace("{name}", &escaped).parse()
    }

    /// The stem of its files and its subject, both read.
    ///
    /// # Errors
    ///
    /// Which of the two can't be, and why.
    pub(super) fn read(
        &self,
        pattern: &str,
    ) -> Result<(FilePath, DistinguishedName), ClientNameError> {
        let path = self.path().map_err(ClientNameError::Path)?;
        let subject = self.subject(pattern).map_err(ClientNameError::Subject)?;
        Ok((path, subject))
    }
}

impl ManyClientsPlan {
    /// How many names there are; 0 if they can't be read.
    #[must_use]
    pub fn count(&self) -> usize {
        names(&self.names).map_or(0, |names| names.len())
    }
}

/// Why a text is no list of names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NamesError {
    /// There are more than [`MAXIMUM`].
    #[error("these are more than {MAXIMUM} names; make them in several goes")]
    TooMany,
    /// A line has a range that can't be read.
    #[error("“{line}” has a range that cannot be read; write one such as app-{{1..1000}}")]
    Range {
        /// The line.
        line: String,
    },
}

/// Why a name makes no client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ClientNameError {
    /// No file can have it.
    #[error(transparent)]
    Path(PathError),
    /// The pattern makes no subject of it.
    #[error(transparent)]
    Subject(NameError),
}

impl ClientNameError {
    /// The field at fault.
    pub(super) fn field(&self) -> Field {
        match self {
            Self::Path(_) => Field::ManyNames,
            Self::Subject(_) => Field::ManySubject,
        }
    }
}

/// Reads the names out of a text, ranges written out.
///
/// # Errors
///
/// A range that cannot be read, or more than [`MAXIMUM`] names.
pub(super) fn names(text: &str) -> Result<Vec<ClientName>, NamesError> {
    let mut names = Vec::new();
    for line in text.lines().flat_map(|line| line.split(',')) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let room = MAXIMUM - names.len();
        match range(line)? {
            None if room > 0 => names.push(ClientName(line.to_owned())),
            Some((before, from, to, width, after)) if (to - from) < room as u64 => {
                names.extend(
                    (from..=to)
                        .map(|number| ClientName(format!("{before}{number:0width$}{after}"))),
                );
            }
            _ => {
                return Err(NamesError::TooMany);
            }
        }
    }
    Ok(names)
}

/// A range's text before it, its ends, its least number of digits, and the text
/// behind it.
type Range<'a> = (&'a str, u64, u64, usize, &'a str);

fn range(line: &str) -> Result<Option<Range<'_>>, NamesError> {
    let Some((before, rest)) = line.split_once('{') else {
        return Ok(None);
    };
    let bad = || NamesError::Range {
        line: line.to_owned(),
    };
    let (inside, after) = rest.split_once('}').ok_or_else(bad)?;
    let (from, to) = inside.split_once("..").ok_or_else(bad)?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().ok()).flatten()
    };
    let (Some(first), Some(last)) = (number(from), number(to)) else {
        return Err(bad());
    };
    if last < first || after.contains('{') {
        return Err(bad());
    }
    // As bash: a leading zero asks for as many digits throughout.
    let width = if from.starts_with('0') && from.len() > 1 {
        from.len()
    } else {
        1
    };
    Ok(Some((before, first, last, width, after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        names(text)
            .unwrap()
            .into_iter()
            .map(|name| name.0)
            .collect()
    }

    #[test]
    fn names_come_one_a_line_or_as_a_range() {
        assert_eq!(texts("\n a \nb, c\n"), ["a", "b", "c"]);
        assert_eq!(texts("app-{9..11}.x"), ["app-9.x", "app-10.x", "app-11.x"]);
        assert_eq!(texts("n{08..10}"), ["n08", "n09", "n10"]);
        assert_eq!(names("app-{1..1000}").unwrap().len(), 1000);
    }

    #[test]
    fn a_range_that_cannot_be_read_is_said() {
        for text in ["a{1..}", "a{5..1}", "a{1..2", "a{x..y}", "a{1..2}{3..4}"] {
            assert!(
                names(text).unwrap_err().to_string().contains("range"),
                "{text}"
            );
        }
        for text in [
            "a{1..1000000}",
            "a{1..10000}\nb",
            "a{0..18446744073709551615}",
        ] {
            assert!(
                names(text).unwrap_err().to_string().contains("more than"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_name_with_separators_is_one_common_name() {
        let name = ClientName("a,b/c+d=e".to_owned());
        let subject = name.subject("CN={name},O=team").unwrap();
        assert_eq!(subject.to_openssl(), "/O=team/CN=a,b\\/c\\+d=e");
        let subject = name.subject("/O=team/CN={name}").unwrap();
        assert_eq!(subject.to_openssl(), "/O=team/CN=a,b\\/c\\+d=e");
    }
}
