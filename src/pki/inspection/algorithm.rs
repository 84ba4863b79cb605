//! Object identifiers as facts: each with its name, where it has one.

use const_oid::{ObjectIdentifier, db};
use serde::{Deserialize, Serialize};

use crate::pki::object_identifier;

/// An object identifier and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// The name, or the numbers where it has none.
    pub name: String,
    /// The numbers: `1.2.840.113549.1.1.11`.
    pub oid: String,
}

impl Named {
    pub(super) fn new(oid: ObjectIdentifier) -> Self {
        let numbers = oid.to_string();
        Self {
            name: object_identifier::name(oid)
                .or_else(|| db::DB.by_oid(&oid))
                .map_or_else(|| numbers.clone(), str::to_owned),
            oid: numbers,
        }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, oid: ObjectIdentifier) -> bool {
        self.oid.parse() == Ok(oid)
    }

    /// Whether it has a name.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.name != self.oid
    }
}
