//! The lines of a text as whoever wrote them meant them: wrapped ones put together
//! again, those that JSON wrote as `\n` taken apart, without colours and without the
//! backslashes that quoting brings. A line remembers how it stood there.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::standpoint::Standpoint;
use crate::etcd::facts::saying::{self, SAYINGS, Side};

/// The narrowest and the widest edge at which something is taken to be wrapped: by
/// letters, and by words.
const EDGES: RangeInclusive<usize> = 60..=250;
const EDGES_OF_WORDS: RangeInclusive<usize> = 40..=250;

/// A text in doubt is looked at in each way it can be read, if it has at most so many
/// lines.
const MOST_IN_DOUBT: usize = 400;

/// A line without the name of a container that Compose writes before it.
fn behind_service(line: &str) -> &str {
    let is_name = |name: &str| {
        let name = name.trim_end();
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    match line.split_once(" | ") {
        Some((name, rest)) if is_name(name) && !rest.starts_with(' ') => rest,
        _ => line,
    }
}

/// Whether a line begins a new entry of a log or of an output, however full the one
/// before it is.
fn begins(line: &str) -> bool {
    const WORDS: [&str; 29] = [
        "  ",
        "\t",
        "{\"",
        "[root@",
        "[pod/",
        "$ ",
        "# ",
        "> ",
        "+-",
        "| ",
        "●",
        "== ",
        "```",
        "Error:",
        "ERROR",
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
        "error #",
        "; error #",
    ];
    const MONTHS: [&str; 12] = [
        "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ",
        "Dec ",
    ];
    let line = behind_service(line);
    let bytes = line.strip_prefix('[').unwrap_or(line).as_bytes();
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    // 2026-11-28, 2016/08/24, 12:00:00, [2022/04/27.
    let is_date = (digits == 4 || digits == 2)
        && bytes.get(digits).is_some_and(|byte| b"-/:".contains(byte))
        && bytes.get(digits + 1).is_some_and(u8::is_ascii_digit);
    // The number that an editor writes before it.
    let is_numbered = digits > 0 && bytes.get(digits) == Some(&b'\t');
    // klog: W0914.
    let is_klog = bytes.first().is_some_and(|byte| b"IWEF".contains(byte))
        && bytes
            .get(1..5)
            .is_some_and(|it| it.iter().all(u8::is_ascii_digit));
    // The part of a program that speaks: [lua], [preflight].
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let named = line
        .strip_prefix('[')
        .and_then(|line| line.split_once("] "));
    let is_named = named.is_some_and(|(name, _)| {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.bytes().all(is_name)
    });
    is_date
        || is_named
        || is_numbered
        || is_klog
        || WORDS.iter().any(|words| line.starts_with(words))
        || MONTHS.iter().any(|month| {
            let begin = line.get(..month.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(month))
        })
}

/// The lines of a text, and where it may have been wrapped.
struct Wrapped<'l, 't> {
    lines: &'l [&'t str],
    lengths: Vec<usize>,
}

impl<'l, 't> Wrapped<'l, 't> {
    fn of(lines: &'l [&'t str]) -> Self {
        let lengths = lines.iter().map(|line| line.chars().count()).collect();
        Self { lines, lengths }
    }

    /// Behind which lines it was broken, by whether one was as far as the next line
    /// goes.
    fn breaks(&self, is_full: impl Fn(usize, &str) -> bool) -> Vec<bool> {
        let broken = |place: usize| {
            self.lines.get(place + 1).is_some_and(|next| {
                let goes_on = !begins(self.inner(place + 1)) || self.is_behind_time(place, next);
                !next.trim().is_empty() && goes_on && is_full(place, next)
            })
        };
        (0..self.lines.len()).map(broken).collect()
    }

    /// Whether a time, or what follows one, goes on with the line above: `time=… level=…`
    /// of a logger, `current time … is before …` of Go.
    fn is_behind_time(&self, above: usize, line: &str) -> bool {
        let above = self.lines.get(above).copied().unwrap_or_default();
        let word = above.rsplit(' ').next().unwrap_or_default();
        let is_level = line.trim_start().starts_with("level=") && word.starts_with("time=");
        is_level
            || ["current time", " is after", " is before"]
                .iter()
                .any(|end| above.ends_with(end))
    }

    /// A line without what the line above it is indented by as well: who indents a
    /// block does so behind its breaks.
    fn inner(&self, place: usize) -> &'t str {
        let line = self.lines.get(place).copied().unwrap_or_default();
        let above = place.checked_sub(1).and_then(|above| self.lines.get(above));
        let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
        match above.map(|above| blanks(above)) {
            Some(shared) if shared > 0 && shared == blanks(line) => line.trim_start_matches(' '),
            _ => line,
        }
    }

    /// Lines broken after so many letters, wherever that is.
    fn by_letters(&self) -> Vec<bool> {
        let widest = self.lengths.iter().copied().max().unwrap_or(0);
        if !EDGES.contains(&widest) {
            return vec![false; self.lines.len()];
        }
        self.breaks(|place, _| self.lengths.get(place) == Some(&widest))
    }

    /// Lines broken at blanks: the next word would not have fit any more. A word that
    /// is longer than that has a line for itself.
    fn by_words(&self) -> Vec<bool> {
        let is_word = |line: &str| !line.trim().contains(' ');
        let of_words = self.lines.iter().zip(&self.lengths);
        let widest = of_words
            .filter(|(line, _)| !is_word(line))
            .map(|(_, length)| *length)
            .max()
            .unwrap_or(0);
        if !EDGES_OF_WORDS.contains(&widest) {
            return vec![false; self.lines.len()];
        }
        self.breaks(|place, next| {
            let here = self.lengths.get(place).copied().unwrap_or(0);
            let word = next.split(' ').next().unwrap_or_default().chars().count();
            let is_near = here * 4 > widest * 3 || word * 4 > widest;
            here + 1 + word > widest.max(*EDGES.start()) && is_near
        })
    }

    fn joined(&self, breaks: &[bool], between: &str) -> Vec<Cow<'t, str>> {
        let mut put: Vec<Cow<'t, str>> = Vec::new();
        let mut goes_on = false;
        for (place, (line, broken)) in self.lines.iter().zip(breaks).enumerate() {
            match put.last_mut() {
                Some(last) if goes_on => {
                    let last = last.to_mut();
                    if !last.ends_with(' ') {
                        last.push_str(between);
                    }
                    last.push_str(self.inner(place));
                }
                _ => put.push(Cow::Borrowed(line)),
            }
            goes_on = *broken;
        }
        put
    }
}

fn count(breaks: &[bool]) -> usize {
    breaks.iter().filter(|broken| **broken).count()
}

/// How telling lines are, the most telling first: the place of the first saying, and
/// whether it is open whose words these are.
fn telling(lines: &[Cow<'_, str>]) -> (usize, bool) {
    let told = |line: &Cow<'_, str>| {
        let plain = Plain::of(line);
        let place = saying::place_in(&plain.text)?;
        let small = plain.text.to_ascii_lowercase();
        // Words that are cut by the line's end may go on below it.
        let words = SAYINGS.get(place)?.words.to_ascii_lowercase();
        let side = small
            .contains(&words)
            .then(|| Standpoint::of(&small).side)?;
        Some((place, side == Side::Either))
    };
    lines
        .iter()
        .filter_map(told)
        .min()
        .unwrap_or((usize::MAX, true))
}

/// The lines of a text that was wrapped at an edge, put together.
fn unwrapped<'t>(lines: &[&'t str]) -> Vec<Cow<'t, str>> {
    let wrapped = Wrapped::of(lines);
    let (by_letters, by_words) = (wrapped.by_letters(), wrapped.by_words());
    let both = by_letters.iter().zip(&by_words);
    let by_words_alone = both
        .filter(|(letters, words)| **words && !**letters)
        .count();
    let of_letters = count(&by_letters);
    let as_it_is = || lines.iter().copied().map(Cow::Borrowed).collect::<Vec<_>>();
    if of_letters + by_words_alone == 0 {
        return as_it_is();
    }
    if lines.len() > MOST_IN_DOUBT {
        return if of_letters > 2 * by_words_alone {
            wrapped.joined(&by_letters, "")
        } else if by_words_alone > 2 * of_letters {
            wrapped.joined(&by_words, " ")
        } else {
            as_it_is()
        };
    }
    // Which it was, what is read tells.
    let by_letters = wrapped.joined(&by_letters, "");
    let by_words = wrapped.joined(&by_words, " ");
    let as_it_is = as_it_is();
    let order = telling(&by_words).cmp(&telling(&by_letters));
    // Where both tell alike, that one is right which leaves no piece over.
    let leaves_less = by_words.len() < by_letters.len();
    let by_count = by_words_alone >= of_letters || leaves_less;
    let joined = if order.is_lt() || order.is_eq() && by_count {
        by_words
    } else {
        by_letters
    };
    let told = telling(&joined);
    if telling(&as_it_is) < told || told.0 == usize::MAX {
        as_it_is
    } else {
        joined
    }
}

/// What of JSON is open behind a line, if this was open before it.
fn open_behind(line: &str, mut open: Open) -> Open {
    for letter in line.chars() {
        match letter {
            _ if open.escaped => open.escaped = false,
            '\\' if open.in_text => open.escaped = true,
            '"' => open.in_text = !open.in_text,
            '{' if !open.in_text => open.objects += 1,
            '}' if !open.in_text => open.objects = open.objects.saturating_sub(1),
            _ => {}
        }
    }
    open
}

/// What of JSON is open at a place.
#[derive(Clone, Copy, Default)]
struct Open {
    objects: usize,
    in_text: bool,
    escaped: bool,
}

/// At most so many lines are one line of JSON, and so many of them are tried in vain.
const MOST_OF_ONE: usize = 40;
const MOST_IN_VAIN: usize = 500;

/// Lines of JSON logs that were broken, put together: an object that is open at a
/// line's end goes on below. Others stay as they are.
fn closed_objects<'t>(lines: &[Cow<'t, str>]) -> Vec<Cow<'t, str>> {
    let mut put = Vec::with_capacity(lines.len());
    let mut in_vain = 0;
    let mut number = 0;
    while let Some(line) = lines.get(number) {
        let begin = line.find("{\"").filter(|_| in_vain < MOST_IN_VAIN);
        let open =
            begin.map(|begin| open_behind(line.get(begin..).unwrap_or_default(), Open::default()));
        let Some(mut open) = open.filter(|open| open.objects > 0) else {
            put.push(line.clone());
            number += 1;
            continue;
        };
        let mut end = number + 1;
        while open.objects > 0 && end - number < MOST_OF_ONE {
            let Some(next) = lines.get(end).filter(|next| !begins(next)) else {
                break;
            };
            open = open_behind(next, open);
            end += 1;
        }
        let parts = lines.get(number..end).unwrap_or_default();
        if open.objects > 0 {
            in_vain += parts.len();
            put.push(line.clone());
            number += 1;
            continue;
        }
        // Who breaks at an edge fills every line but the last.
        let full = parts.split_last().map_or(&[][..], |(_, full)| full);
        let mut lengths = full.iter().map(|part| part.chars().count());
        let first = lengths.next();
        let at_edge = full.len() > 1 && lengths.all(|length| Some(length) == first);
        put.push(Cow::Owned(parts.join(if at_edge { "" } else { " " })));
        number = end;
    }
    put
}

/// Lines that a backslash at the end of each holds together, as in a shell.
fn continued(lines: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    let mut put: Vec<Cow<'_, str>> = Vec::with_capacity(lines.len());
    for line in lines {
        match put.last_mut() {
            Some(last) if last.ends_with(" \\") => {
                let last = last.to_mut();
                last.pop();
                last.push_str(line.trim_start());
            }
            _ => put.push(line),
        }
    }
    put
}

/// The lines of a text.
pub(super) fn of(text: &str) -> Vec<Cow<'_, str>> {
    let lines: Vec<&str> = text.lines().collect();
    let lines = continued(closed_objects(&unwrapped(&lines)));
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
    fn lines_that_were_wrapped_at_words_are_put_together() {
        let prose = "Sep 22 23:44:05 node-a etcd[82362]: rejected connection from\n\"192.0.2.13:43146\" (error \"remote error: tls: bad certificate\",\nServerName \"\")";
        let two = format!("{prose}\n{prose}");
        assert_eq!(
            of(&two),
            [prose.replace('\n', " "), prose.replace('\n', " ")]
        );
        // A word that is too long has a line for itself.
        let json = LONG.replace(' ', "\n");
        assert_eq!(of(&json), [LONG]);
    }

    #[test]
    fn a_block_that_was_wrapped_and_then_indented_is_put_together() {
        let letters: Vec<char> = LONG.chars().collect();
        let hard: Vec<String> = letters
            .chunks(80)
            .map(|part| format!("  {}", part.iter().collect::<String>()))
            .collect();
        assert_eq!(of(&hard.join("\n")), [format!("  {LONG}")]);
    }

    #[test]
    fn lines_that_end_in_a_backslash_go_on_below() {
        let text = "could not reach etcd: 501: \\\n  [last error: Get https://etcd.test:4001/v2/keys/: \\\n  x509: certificate has expired or is not yet valid]";
        assert_eq!(
            of(text),
            [
                "could not reach etcd: 501: [last error: Get https://etcd.test:4001/v2/keys/: x509: certificate has expired or is not yet valid]"
            ]
        );
    }

    #[test]
    fn an_object_that_never_ends_takes_no_other_lines() {
        let cut = LONG.split_at(150).0;
        let text = format!("{cut}\n{LONG}\nError: context deadline exceeded");
        assert_eq!(of(&text), [cut, LONG, "Error: context deadline exceeded"]);
    }

    #[test]
    fn lines_that_were_not_wrapped_stay_as_they_are() {
        let text = "2021-02-13 18:17:09.929096 I | embed: rejected connection from \"10.0.0.5:42660\"\n2021-02-13 18:17:10.126709 I | etcdserver/api/etcdhttp: /health OK (status code 200)";
        assert_eq!(of(text).len(), 2);
        assert_eq!(of("a\nb\n\nc").len(), 4);
        assert_eq!(of("one\\ntwo\\\\nthree"), ["one", "two", "three"]);
    }

    #[test]
    fn a_line_that_begins_with_its_speaker_is_one_of_its_own() {
        let full =
            "2024/01/02 03:04:05 [error] 45#45: SSL_do_handshake() failed, context: ngx.timer";
        let text = format!("{full}\n[lua] config_etcd.lua:159: no healthy etcd endpoint available");
        assert_eq!(of(&text).len(), 2);
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
