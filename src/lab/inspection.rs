//! The inspector's work, for a worker: files in, what they are and what etcd
//! makes of them out.

use base64ct::{Base64, Encoding};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::task::Secret;
use crate::etcd::telling::inspection::{EtcdRemark, remarks};
use crate::pki::inspection::{Given, Inspection, inspect};

/// A file that the reader gives, on its way between page and worker.
#[derive(Clone, Serialize, Deserialize)]
pub struct GivenFile {
    /// Its name; empty for what was pasted.
    pub name: String,
    /// Its bytes in base64: there may be a key among them.
    contents: Secret,
}

impl GivenFile {
    /// A file of these bytes.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            contents: Secret(Base64::encode_string(bytes)),
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        let padding = self
            .contents
            .0
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'=');
        (self.contents.0.len() / 4 * 3).saturating_sub(padding.count())
    }

    fn bytes(&self) -> Zeroizing<Vec<u8>> {
        // It was encoded above.
        Zeroizing::new(Base64::decode_vec(&self.contents.0).unwrap_or_default())
    }
}

/// What the inspector found, and what etcd makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspected {
    /// What was found.
    pub inspection: Inspection,
    /// For each item, what somebody who runs etcd should know of it.
    pub etcd: Vec<Vec<EtcdRemark>>,
}

/// Looks at files.
#[must_use]
pub fn look(files: &[GivenFile], passphrase: Option<&Secret>, now: Timestamp) -> Inspected {
    let given: Vec<Given> = files
        .iter()
        .map(|file| Given {
            name: file.name.clone(),
            bytes: file.bytes(),
        })
        .collect();
    let passphrase = passphrase.map(|passphrase| passphrase.0.as_str());
    let inspection = inspect(&given, passphrase, now);
    Inspected {
        etcd: remarks(&inspection.items),
        inspection,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_through_whole_and_their_length_is_known() {
        for length in 0..9 {
            let bytes: Vec<u8> = (0..length).collect();
            let file = GivenFile::new("x", &bytes);
            assert_eq!(*file.bytes(), bytes);
            assert_eq!(file.length(), bytes.len());
        }
    }
}
