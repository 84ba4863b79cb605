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
    /// What they say.
    pub certificate: DescribedCertificate,
}

impl Described {
    /// Whether the certificate itself is among what was found. What
    /// `openssl s_client` prints beside certificates has no serial number: it is
    /// known by the file that it shares with one.
    fn is_given(&self, inspection: &Inspection) -> bool {
        inspection.items.iter().any(|item| match &item.content {
            Content::Certificate(facts) if self.certificate.serial_number.is_empty() => {
                let beside = item.locations.iter().any(|it| it.file == self.file);
                let until = self.certificate.not_after;
                beside && until.is_none_or(|until| until == facts.life.not_after)
            }
            Content::Certificate(facts) => {
                let plain = |text: &str| text.trim_start_matches('0').to_owned();
                plain(&facts.serial_number) == plain(&self.certificate.serial_number)
            }
            _ => false,
        })
    }
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
