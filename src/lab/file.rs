//! Files that this program makes: who makes one always knows what it holds, which
//! who gives one does not say.

use serde::{Deserialize, Serialize};

pub use crate::pki::file::{FileBytes, GivenFile};

/// What a file holds, which decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A certificate: public.
    Certificate,
    /// A private key: its owner's alone.
    PrivateKey,
    /// A certification request: public.
    CertificationRequest,
    /// A CRL: public.
    RevocationList,
    /// What the other files are and how they are used: public.
    Document,
}

impl FileKind {
    /// The file's mode: 0600 for keys, 0644 for the rest.
    #[must_use]
    pub fn mode(self) -> u32 {
        match self {
            Self::PrivateKey => 0o600,
            Self::Certificate
            | Self::CertificationRequest
            | Self::RevocationList
            | Self::Document => 0o644,
        }
    }
}

/// A file that is made here: of a lab, in another form, of a drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabFile {
    /// Its name below the folder: `ca.crt`, `etcd/server.key`.
    pub name: String,
    /// What it holds.
    pub kind: FileKind,
    /// Its bytes.
    pub contents: FileBytes,
}

impl LabFile {
    /// A file of these bytes.
    #[must_use]
    pub fn new(name: String, kind: FileKind, contents: impl Into<FileBytes>) -> Self {
        Self {
            name,
            kind,
            contents: contents.into(),
        }
    }

    /// Its text; nothing where it is not one, as a CRL in DER.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.contents).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_in_what_is_printed_of_its_file() {
        let file = LabFile::new("ca.key".to_owned(), FileKind::PrivateKey, "secret");
        assert!(!format!("{file:?}").contains("secret"));
        assert!(!format!("{file:?}").contains("115"));
    }
}
