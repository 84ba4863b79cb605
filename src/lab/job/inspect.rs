//! Looking at files: files in, what they are and what etcd makes of them out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    etcd::telling::inspection::{EtcdRemark, remarks},
    lab::{file::GivenFile, secret::Secret},
    pki::inspection::{Inspection, inspect},
};

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
    let passphrase = passphrase.map(|passphrase| passphrase.0.as_str());
    let inspection = inspect(files, passphrase, now);
    Inspected {
        etcd: remarks(&inspection.items),
        inspection,
    }
}
