//! Small phrases that several chapters use: spans of time, counts, lists.

use jiff::Timestamp;
use maud::{Markup, html};

/// A number of days as people say it: `10 years`, `60 days`. What is no number
/// of days is given back as it was typed.
#[must_use]
pub fn span(days: &str) -> String {
    match days.trim().parse::<u32>() {
        Ok(days) if days >= 730 && days % 365 == 0 => format!("{} years", days / 365),
        Ok(365) => "1 year".to_owned(),
        Ok(days) => count(days as usize, "day", "days"),
        Err(_) => format!("{} days", days.trim()),
    }
}

/// How long it is until then, as people say it: what has begun of a day counts,
/// and from two years on only whole years and months do.
#[must_use]
pub fn remaining(end: Timestamp, now: Timestamp) -> String {
    let seconds = (end.as_second() - now.as_second()).max(0);
    match seconds.unsigned_abs().div_ceil(86_400) {
        1 => "1 day".to_owned(),
        365 => "1 year".to_owned(),
        // A decade has two or three days more than its years of 365.
        days if days >= 730 => match (days / 365, days % 365 / 31) {
            (years, 0) => format!("{years} years"),
            (years, 1) => format!("{years} years and a month"),
            (years, months) => format!("{years} years and {months} months"),
        },
        days => format!("{days} days"),
    }
}

/// `1 key`, `3 keys`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A day for people: `24 November 2026`, in UTC.
#[must_use]
pub fn day(time: Timestamp) -> String {
    time.strftime("%-d %B %Y").to_string()
}

/// Words from below the page, which terminals show too, with the page's own
/// apostrophes: `the CA’s`. What is quoted, and whatever else is no apostrophe,
/// stays as it is.
#[must_use]
pub fn curly(text: &str) -> String {
    let mut set = String::with_capacity(text.len());
    let mut before = ' ';
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let is_apostrophe = character == '\''
            && quote.is_none()
            && before.is_alphabetic()
            && (after.is_alphabetic() || before == 's');
        if quote == Some(character) {
            quote = None;
        } else if quote.is_none() && !is_apostrophe {
            quote = match character {
                '“' => Some('”'),
                '`' | '\'' | '"' => Some(character),
                _ => None,
            };
        }
        set.push(if is_apostrophe { '’' } else { character });
        before = character;
    }
    set
}

/// A text as markup: what stands between backticks is code.
#[must_use]
pub fn with_code(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_people_say_them() {
        assert_eq!(span("3650"), "10 years");
        assert_eq!(span("365"), "1 year");
        assert_eq!(span("60"), "60 days");
        assert_eq!(span("1"), "1 day");
        assert_eq!(span(" soon "), "soon days");
    }

    #[test]
    fn apostrophes_are_curly_and_what_is_quoted_stays_as_it_was_given() {
        assert_eq!(
            curly("the clients' CA can't sign: choose the CA's own"),
            "the clients’ CA can’t sign: choose the CA’s own"
        );
        for quoted in [
            "“it's” is no name",
            "write `--name='it's'`",
            "See 'etcd --help'.",
            "\"it's\"",
        ] {
            assert_eq!(curly(quoted), quoted);
        }
        assert_eq!(curly("“it's” is the CA's"), "“it's” is the CA’s");
    }

    #[test]
    fn what_remains_counts_the_day_that_has_begun_and_whole_years() {
        let now = Timestamp::UNIX_EPOCH;
        let left = |seconds| remaining(Timestamp::from_second(seconds).unwrap(), now);
        assert_eq!(left(-1), "0 days");
        assert_eq!(left(1), "1 day");
        assert_eq!(left(86_400), "1 day");
        assert_eq!(left(60 * 86_400 - 5), "60 days");
        assert_eq!(left(364 * 86_400), "364 days");
        assert_eq!(left(365 * 86_400), "1 year");
        assert_eq!(left((4 * 365 + 340) * 86_400), "4 years and 10 months");
        assert_eq!(left(3_650 * 86_400 - 5), "10 years");
    }

    #[test]
    fn lists_end_with_and() {
        let items = |count: usize| vec!["a".to_owned(); count];
        assert_eq!(list(&items(1)), "a");
        assert_eq!(list(&items(3)), "a, a and a");
    }

    #[test]
    fn days_are_written_out() {
        assert_eq!(
            day("2026-11-24T01:00:00Z".parse().unwrap()),
            "24 November 2026"
        );
    }
}
