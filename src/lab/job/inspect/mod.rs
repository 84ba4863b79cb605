//! Looking at files: files in, what they are and what etcd makes of them out.

mod coats;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::coats::Closed;

use self::coats::Uncovered;
use crate::{
    etcd::{
        judge::reading::material::DescribedCertificate,
        telling::inspection::{EtcdRemark, remarks},
    },
    lab::{file::GivenFile, secret::Secret},
    pki::inspection::{Content, Inspection, MAXIMUM_ITEMS, inspect},
};

/// What the inspector found, and what etcd makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspected {
    /// What was found.
    pub inspection: Inspection,
    /// For each item, what somebody who runs etcd should know of it.
    pub etcd: Vec<Vec<EtcdRemark>>,
    /// Certificates that are described in OpenSSL's words and not given.
    pub described: Vec<Described>,
    /// Files that stay closed.
    pub closed: Vec<Closed>,
    /// Files of archives with nothing in them that is read here.
    pub beside: Vec<String>,
}

/// A certificate in the words of `openssl x509 -text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// The file that the words are in; empty for what was pasted.
    pub file: String,
    /// The line where they begin.
    pub line: usize,
    /// The subject, as OpenSSL writes it.
    pub subject: String,
    /// The issuer.
    pub issuer: String,
    /// The serial number in hexadecimal, as the inspector spells it.
    pub serial_number: String,
    /// When it begins.
    pub not_before: Option<Timestamp>,
    /// When it ends.
    pub not_after: Option<Timestamp>,
    /// Its key usages.
    pub key_usages: Vec<String>,
    /// Its extended key usages.
    pub extended_key_usages: Vec<String>,
    /// Its names, as `DNS:…` and `IP Address:…`.
    pub names: Vec<String>,
    /// Whether it is a CA, where that is said.
    pub is_authority: Option<bool>,
}

impl Described {
    fn new(said: &DescribedCertificate, file: &str, line: usize) -> Self {
        Self {
            file: file.to_owned(),
            line,
            subject: said.subject.clone(),
            issuer: said.issuer.clone(),
            serial_number: hexadecimal(&said.serial_number),
            not_before: said.not_before,
            not_after: said.not_after,
            key_usages: said.key_usages.clone(),
            extended_key_usages: said.extended_key_usages.clone(),
            names: said.names.clone(),
            is_authority: said.is_authority,
        }
    }

    /// Whether the certificate itself is among what was found. What
    /// `openssl s_client` prints beside certificates has no serial number: it is
    /// known by the file that it shares with one.
    fn is_given(&self, inspection: &Inspection) -> bool {
        inspection.items.iter().any(|item| match &item.content {
            Content::Certificate(facts) if self.serial_number.is_empty() => {
                let beside = item.locations.iter().any(|it| it.file == self.file);
                let until = self.not_after;
                beside && until.is_none_or(|until| until == facts.life.not_after)
            }
            Content::Certificate(facts) => {
                let plain = |text: &str| text.trim_start_matches('0').to_owned();
                plain(&facts.serial_number) == plain(&self.serial_number)
            }
            _ => false,
        })
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

/// Looks at files.
#[must_use]
pub fn look(files: &[GivenFile], passphrase: Option<&Secret>, now: Timestamp) -> Inspected {
    let uncovered = Uncovered::of(files);
    let passphrase = passphrase.map(|passphrase| passphrase.0.as_str());
    let mut inspection = if uncovered.has_other_things_alone() {
        Inspection::default()
    } else {
        inspect(&uncovered.files, passphrase, now)
    };
    // The name says the line.
    let locations = inspection.items.iter_mut().flat_map(|it| &mut it.locations);
    for location in locations.filter(|it| uncovered.placed.contains(&it.file)) {
        location.line = None;
    }
    let mut described = uncovered.described;
    described.retain(|said| !said.is_given(&inspection));
    described.truncate(MAXIMUM_ITEMS);
    Inspected {
        etcd: remarks(&inspection.items),
        inspection,
        described,
        closed: uncovered.closed,
        beside: uncovered.beside,
    }
}

#[cfg(test)]
mod tests;
