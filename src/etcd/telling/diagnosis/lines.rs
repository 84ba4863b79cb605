//! The lines of a text as whoever wrote them meant them: wrapped ones put together
//! again, those that JSON wrote as `\n` taken apart, without colours and without the
//! backslashes that quoting brings. A line remembers how it stood there.

use std::borrow::Cow;

/// The narrowest and the widest edge at which something is taken to be wrapped.
const EDGES: std::ops::RangeInclusive<usize> = 60..=250;

/// Whether a line begins a new entry of a log or of an output, however full the one
/// before it is.
fn begins(line: &str) -> bool {
    const WORDS: [&str; 24] = [
        "{",
        "[",
        "#",
        "$",
        "-",
        "*",
        "<",
        "●",
        "  ",
        "\t",
        "Error",
        "error",
        "curl:",
        "WARNING",
        "Caused by",
        "time=",
        "ts=",
        "level=",
        "INFO",
        "WARN",
        "FATA",
        "ERRO",
        "DEBU",
        "Traceback",
    ];
    const MONTHS: [&str; 12] = [
        "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ",
        "Dec ",
    ];
    let bytes = line.as_bytes();
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    // 2026-11-28, 2016/08/24, 12:00:00.
    let is_date = (digits == 4 || digits == 2)
        && bytes.get(digits).is_some_and(|byte| b"-/:".contains(byte))
        && bytes.get(digits + 1).is_some_and(u8::is_ascii_digit);
    // klog: W0914.
    let is_klog = bytes.first().is_some_and(|byte| b"IWEF".contains(byte))
        && bytes
            .get(1..5)
            .is_some_and(|it| it.iter().all(u8::is_ascii_digit));
    is_date
        || is_klog
        || WORDS.iter().any(|words| line.starts_with(words))
        || MONTHS.iter().any(|month| line.starts_with(month))
}

/// The lines of a text that was wrapped at an edge, put together; `None` where it
/// wasn't.
fn unwrapped<'t>(lines: &[&'t str]) -> Option<Vec<Cow<'t, str>>> {
    let length = |line: &str| line.chars().count();
    let lengths: Vec<usize> = lines.iter().map(|line| length(line)).collect();
    let widest = lengths.iter().copied().max()?;
    if !EDGES.contains(&widest) {
        return None;
    }
    // Whether the line was broken here, and whether at a blank.
    let broken = |place: usize| -> Option<bool> {
        let (here, next) = (lengths.get(place)?, lines.get(place + 1)?);
        if next.trim().is_empty() || begins(next) {
            return None;
        }
        let word = next.split(' ').next().unwrap_or_default();
        if *here == widest {
            Some(false)
        } else if *here + 1 + length(word) > widest && *here * 4 > widest * 3 {
            Some(true)
        } else {
            None
        }
    };
    let breaks: Vec<Option<bool>> = (0..lines.len()).map(broken).collect();
    if breaks.iter().all(Option::is_none) {
        return None;
    }
    // Who breaks at blanks does so everywhere.
    let at_blanks = breaks.contains(&Some(true));
    let mut put: Vec<Cow<'t, str>> = Vec::new();
    let mut goes_on = false;
    for (line, broken) in lines.iter().zip(&breaks) {
        match put.last_mut() {
            Some(last) if goes_on => {
                let last = last.to_mut();
                if at_blanks && !last.ends_with(' ') {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => put.push(Cow::Borrowed(line)),
        }
        goes_on = broken.is_some();
    }
    Some(put)
}

/// The lines of a text.
pub(super) fn of(text: &str) -> Vec<Cow<'_, str>> {
    let lines: Vec<&str> = text.lines().collect();
    let lines = unwrapped(&lines).unwrap_or_else(|| lines.into_iter().map(Cow::Borrowed).collect());
    let mut parts = Vec::with_capacity(lines.len());
    for line in lines {
        if !line.contains("\\n") {
            parts.push(line);
            continue;
        }
        for part in line.split("\\n") {
            // Quoted twice, the break is written `\\n`.
            let part = part.trim_end_matches('\\');
            if !part.is_empty() {
                parts.push(Cow::Owned(part.to_owned()));
            }
        }
    }
    parts
}

/// A line without backslashes and colours, and where each of its bytes stood.
pub(super) struct Plain<'l> {
    line: &'l str,
    /// What is left.
    pub(super) text: Cow<'l, str>,
}

impl<'l> Plain<'l> {
    pub(super) fn of(line: &'l str) -> Self {
        let text = if line.contains(['\\', '\u{1b}']) {
            Cow::Owned(kept(line).map(|(_, letter)| letter).collect())
        } else {
            Cow::Borrowed(line)
        };
        Self { line, text }
    }

    /// The line as it stood, shortened around a byte of the plain text, so that
    /// the words there are seen.
    pub(super) fn around(&self, place: usize, most: usize) -> String {
        if self.line.chars().count() <= most {
            return self.line.trim_end().to_owned();
        }
        // Where the words stand in the line itself.
        let mut behind = 0;
        let place = kept(self.line)
            .find(|(_, letter)| {
                behind += letter.len_utf8();
                behind > place
            })
            .map_or(0, |(place, _)| place);
        let letters_before = self.line.get(..place).map_or(0, |it| it.chars().count());
        let skipped = letters_before.saturating_sub(most / 2);
        let shown: String = self.line.chars().skip(skipped).take(most).collect();
        let whole = skipped + most >= self.line.chars().count();
        format!(
            "{}{}{}",
            if skipped > 0 { "… " } else { "" },
            shown.trim(),
            if whole { "" } else { " …" }
        )
    }
}

/// The letters of a line that are no backslashes and no colours.
fn kept(line: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut in_sequence = false;
    line.char_indices().filter(move |(_, letter)| {
        if *letter == '\u{1b}' {
            in_sequence = true;
            return false;
        }
        if in_sequence {
            in_sequence = !letter.is_ascii_alphabetic();
            return false;
        }
        *letter != '\\'
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = r#"{"level":"warn","ts":"2026-11-28T11:57:42.491452Z","caller":"embed/config_logging.go:177","msg":"rejected connection on client endpoint","error":"remote error: tls: bad certificate"}"#;

    #[test]
    fn a_wrapped_line_is_put_together() {
        let letters: Vec<char> = LONG.chars().collect();
        let hard: Vec<String> = letters
            .chunks(80)
            .map(|part| part.iter().collect())
            .collect();
        assert_eq!(of(&hard.join("\n")), [LONG]);
        let two = format!("{}\n{}", hard.join("\n"), hard.join("\n"));
        assert_eq!(of(&two), [LONG, LONG]);
        let prose = "Nov 28 12:00:00 node-a etcd[12]: rejected connection from \"192.0.2.7:38058\"\n(error \"remote error: tls: bad certificate\", ServerName \"\")";
        assert_eq!(of(prose).len(), 1);
    }

    #[test]
    fn lines_that_were_not_wrapped_stay_as_they_are() {
        let text = "2021-02-13 18:17:09.929096 I | embed: rejected connection from \"10.0.0.5:42660\"\n2021-02-13 18:17:10.126709 I | etcdserver/api/etcdhttp: /health OK (status code 200)";
        assert_eq!(of(text).len(), 2);
        assert_eq!(of("a\nb\n\nc").len(), 4);
        assert_eq!(of("one\\ntwo\\\\nthree"), ["one", "two", "three"]);
    }

    #[test]
    fn the_words_are_seen_in_a_long_line_with_its_backslashes() {
        let line = format!(
            "{{\"msg\":\"{}\",\"error\":\"a \\\"bad\\\" end\"}}",
            "x".repeat(600)
        );
        let plain = Plain::of(&line);
        let place = plain.text.find("\"bad\"").unwrap();
        let shown = plain.around(place, 100);
        assert!(
            shown.starts_with("… ") && shown.contains("\\\"bad\\\""),
            "{shown}"
        );
        assert_eq!(
            Plain::of("\u{1b}[31mred\u{1b}[0m \\\"x\\\"").text,
            "red \"x\""
        );
    }
}
