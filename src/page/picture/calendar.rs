//! When each certificate ends, as iCalendar (RFC 5545): an event on the day, and a
//! reminder before it. It is written here: what the page needs of the format is
//! four rules, and a crate for all of it would be trusted with the page.

use jiff::Timestamp;

use crate::lab::Lab;

/// How long before the end a reminder comes, as a duration of section 3.3.6.
const REMINDER: &str = "-P14D";

/// The most bytes of a line without its end (section 3.1).
const LINE: usize = 75;

/// The dates of all certificates.
#[must_use]
pub(in crate::page) fn calendar(lab: &Lab, now: Timestamp) -> String {
    let mut text = String::new();
    let mut line = |content: &str| fold(&mut text, content);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//etcd PKI Lab//EN");
    let authorities = lab.authorities().map(|(stem, authority)| {
        (
            stem.to_owned(),
            authority.subject.clone(),
            authority.fingerprint.clone(),
            authority.validity.not_after,
        )
    });
    let identities = lab.identities().iter().map(|identity| {
        (
            identity.stem().to_owned(),
            identity.subject.clone(),
            identity.serial_number.clone(),
            identity.validity.not_after,
        )
    });
    for (stem, subject, number, end) in authorities.chain(identities) {
        let number: String = number.chars().filter(char::is_ascii_hexdigit).collect();
        line("BEGIN:VEVENT");
        line(&format!("UID:{number}@etcd-pki-lab.invalid"));
        line(&format!("DTSTAMP:{}", now.strftime("%Y%m%dT%H%M%SZ")));
        let day = end.strftime("%Y%m%d").to_string();
        line(&format!("DTSTART;VALUE=DATE:{day}"));
        line(&format!("SUMMARY:{}", escape(&format!("{stem}.crt ends"))));
        let about = format!("The certificate of {subject} ends. Renew it before.");
        line(&format!("DESCRIPTION:{}", escape(&about)));
        line("TRANSP:TRANSPARENT");
        line("BEGIN:VALARM");
        line("ACTION:DISPLAY");
        line(&format!("TRIGGER:{REMINDER}"));
        line(&format!(
            "DESCRIPTION:{}",
            escape(&format!("Renew {stem}.crt"))
        ));
        line("END:VALARM");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    text
}

/// A text value (section 3.3.11); what no text may hold is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Adds a line in pieces that are short enough (section 3.1), none of which parts a
/// character.
fn fold(text: &mut String, line: &str) {
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > LINE {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(character);
        length += character.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters_and_texts_are_escaped() {
        let mut text = String::new();
        fold(&mut text, &"ä".repeat(100));
        for line in text.split("\r\n") {
            assert!(line.len() <= LINE, "{line}");
        }
        assert_eq!(text.replace("\r\n ", "").trim_end(), "ä".repeat(100));
        assert_eq!(escape("a,b;c\\d\ne\r"), "a\\,b\\;c\\\\d\\ne");
    }
}
