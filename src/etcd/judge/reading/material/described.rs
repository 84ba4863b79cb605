//! A certificate in OpenSSL's words (`openssl x509 -text`, `-dates`, `-subject`):
//! whose it says it is, until when and for what it is. The certificate itself is
//! not in it, so that nothing can be verified.

use std::ops::Range;

use jiff::Timestamp;

use super::page::Page;
use super::reader::Reader;
use super::{Passage, Use};

/// What the words say. Each is empty where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedCertificate {
    /// `Subject:`
    pub subject: String,
    /// `Issuer:`
    pub issuer: String,
    /// `Serial Number:`
    pub serial_number: String,
    /// `Not Before:`
    pub not_before: Option<Timestamp>,
    /// `Not After :`
    pub not_after: Option<Timestamp>,
    /// `X509v3 Key Usage:`
    pub key_usages: Vec<String>,
    /// `X509v3 Extended Key Usage:`
    pub extended_key_usages: Vec<String>,
    /// `X509v3 Subject Alternative Name:` as `DNS:…` and `IP Address:…`.
    pub names: Vec<String>,
    /// `CA:TRUE` or `CA:FALSE`
    pub is_authority: Option<bool>,
    /// Where the words stand.
    pub place: Passage,
}

/// Words that begin such a text, or a part of it.
pub(super) fn begins(line: &str) -> bool {
    let line = line.trim();
    ["Certificate:", "X509v3 "]
        .iter()
        .any(|word| line.starts_with(word))
        && !line.contains("-----")
        && (line == "Certificate:" || line.starts_with("X509v3 "))
        || is_short(line)
}

/// A line of `openssl x509 -noout -subject -issuer -dates`.
fn is_short(line: &str) -> bool {
    ["subject=", "issuer=", "notBefore=", "notAfter="]
        .iter()
        .any(|key| line.starts_with(key))
}

/// OpenSSL's times: `Mar 30 19:35:24 2020 GMT`.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_end_matches("GMT").trim();
    let civil = jiff::civil::DateTime::strptime("%b %d %H:%M:%S %Y", text).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(civil).ok()
}

/// Reads such a text; the line behind it.
pub(super) fn read(reader: &mut Reader, page: &mut Page, number: usize) -> usize {
    const MOST_LINES: usize = 2_000;
    let mut end = number + 1;
    while let Some(line) = page.free(end).filter(|_| end - number < MOST_LINES) {
        let trimmed = line.trim();
        // Another one begins.
        let begins_other = trimmed == "Certificate:" || line.contains("-----BEGIN");
        let indented = line.starts_with([' ', '\t']);
        if begins_other || !(indented || trimmed.starts_with("X509v3") || is_short(trimmed)) {
            break;
        }
        end += 1;
    }
    let lines = number..end;
    let mut said = DescribedCertificate {
        subject: String::new(),
        issuer: String::new(),
        serial_number: String::new(),
        not_before: None,
        not_after: None,
        key_usages: Vec::new(),
        extended_key_usages: Vec::new(),
        names: Vec::new(),
        is_authority: None,
        place: page.place(&lines),
    };
    take(&mut said, page, &lines);
    let nothing = said.subject.is_empty()
        && said.issuer.is_empty()
        && said.not_after.is_none()
        && said.extended_key_usages.is_empty()
        && said.names.is_empty();
    if nothing {
        return end;
    }
    page.take(&lines);
    reader
        .material
        .used
        .push((said.place.clone(), Use::Description));
    reader.material.described.push(said);
    end
}

fn take(said: &mut DescribedCertificate, page: &Page, lines: &Range<usize>) {
    let list = |text: &str| -> Vec<String> {
        text.split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    };
    for number in lines.clone() {
        let line = page.line(number).unwrap_or_default().trim();
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let value = value.trim();
        // A long value stands on the line below.
        let below = || {
            let next = page.line(number + 1).unwrap_or_default().trim();
            let value = value.trim_start_matches("critical").trim();
            if value.is_empty() { next } else { value }.to_owned()
        };
        match key.trim() {
            "Subject" | "subject" => value.clone_into(&mut said.subject),
            "Issuer" | "issuer" => value.clone_into(&mut said.issuer),
            "Serial Number" => said.serial_number = below(),
            "Not Before" | "notBefore" => said.not_before = time(value),
            "Not After" | "notAfter" => said.not_after = time(value),
            "X509v3 Key Usage" => said.key_usages = list(&below()),
            "X509v3 Extended Key Usage" => said.extended_key_usages = list(&below()),
            "X509v3 Subject Alternative Name" => said.names = list(&below()),
            "X509v3 Basic Constraints" => {
                let text = below();
                said.is_authority = text.contains("CA:").then(|| text.contains("CA:TRUE"));
            }
            _ => {}
        }
    }
}
