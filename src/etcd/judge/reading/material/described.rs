//! A certificate in OpenSSL's words (`openssl x509 -text`, `-dates`, `-subject`):
//! whose it says it is, until when and for what it is. The certificate itself is
//! not in it, so that nothing can be verified.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Use;
use super::page::Page;
use super::reader::Reader;

/// What the words say. Each is empty where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribedCertificate {
    /// `Subject:`
    pub subject: String,
    /// `Issuer:`
    pub issuer: String,
    /// `Serial Number:`, in hexadecimal capitals.
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
        || is_whole(line)
}

/// All of it on one line, as a terminal's or a page's copy leaves it.
fn is_whole(line: &str) -> bool {
    ["Certificate:", "Not Before:", "Not After :", "Subject:"]
        .iter()
        .all(|word| line.contains(word))
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
    let mut lines = number..end;
    let mut said = DescribedCertificate::default();
    let first = page.line(number).unwrap_or_default();
    if is_whole(first) {
        // Its lines were indented.
        let parts: Vec<&str> = first.split("    ").collect();
        end = number + 1;
        lines = number..end;
        take(&mut said, &parts);
    } else {
        let parts: Vec<&str> = lines.clone().filter_map(|line| page.line(line)).collect();
        take(&mut said, &parts);
    }
    let nothing = said.subject.is_empty()
        && said.issuer.is_empty()
        && said.not_after.is_none()
        && said.extended_key_usages.is_empty()
        && said.names.is_empty();
    if nothing {
        return end;
    }
    page.take(&lines);
    let place = page.place(&lines);
    let material = &mut reader.material;
    material.used.push((place.clone(), Use::Description));
    material.described.push((place, said));
    end
}

fn take(said: &mut DescribedCertificate, lines: &[&str]) {
    let list = |text: &str| -> Vec<String> {
        text.split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    };
    for (number, line) in lines.iter().enumerate() {
        let line = line.trim();
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let value = value.trim();
        // A long value stands on the line below.
        let below = || {
            let next = lines.get(number + 1).map_or("", |line| line.trim());
            let value = value.trim_start_matches("critical").trim();
            if value.is_empty() { next } else { value }.to_owned()
        };
        match key.trim() {
            "Subject" | "subject" => value.clone_into(&mut said.subject),
            "Issuer" | "issuer" => value.clone_into(&mut said.issuer),
            "Serial Number" => said.serial_number = hexadecimal(&below()),
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

/// OpenSSL's `1d:73:5b` and `4096 (0x1000)`, as one hexadecimal number.
fn hexadecimal(text: &str) -> String {
    let digits = match text.split_once("(0x") {
        Some((_, behind)) => behind.trim_end_matches(')'),
        None => text,
    };
    digits.replace(':', "").to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_read_in_both_of_openssls_spellings() {
        assert_eq!(hexadecimal("1d:73:5b"), "1D735B");
        assert_eq!(hexadecimal("4096 (0x1000)"), "1000");
    }
}
