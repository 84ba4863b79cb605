//! `--feature-gates` as etcd reads it since 3.6 (`pkg/featuregate/feature_gate.go`,
//! `Set`), and what of it doesn't go together with flags (`embed/config.go`).

use std::collections::BTreeMap;

use go_x509::quote::quote;
use go_x509::strconv::parse_bool;

use crate::etcd::facts::feature_gate::{self, FeatureGate};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdVersion;

/// What was said of gates, by their names.
type Said<'a> = BTreeMap<&'a str, bool>;

/// What is wrong with a text of gates, in etcd's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeatureGateError {
    /// A gate without a value.
    #[error("missing bool value for {name}")]
    NoValue {
        /// The gate.
        name: String,
    },
    /// A value that is no boolean.
    #[error("invalid value of {name}={value}, err: strconv.ParseBool: parsing {}: invalid syntax", quote(.value))]
    NoBoolean {
        /// The gate.
        name: String,
        /// Its value.
        value: String,
    },
    /// A gate that this release doesn't have.
    #[error("unrecognized feature gate: {name}")]
    Unknown {
        /// The gate.
        name: String,
    },
}

/// Reads the text.
fn read(text: &str, version: EtcdVersion) -> Result<Said<'_>, FeatureGateError> {
    let mut said = Said::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            let name = part.trim().to_owned();
            return Err(FeatureGateError::NoValue { name });
        };
        let (name, value) = (name.trim(), value.trim());
        let Some(is_open) = parse_bool(value) else {
            return Err(FeatureGateError::NoBoolean {
                name: name.to_owned(),
                value: value.to_owned(),
            });
        };
        said.insert(name, is_open);
    }
    let unknown = |name: &&&str| !feature_gate::of(version).any(|gate| gate.name == **name);
    match said.keys().find(unknown) {
        Some(name) => Err(FeatureGateError::Unknown {
            name: (*name).to_owned(),
        }),
        None => Ok(said),
    }
}

/// Whether this release takes the text.
///
/// # Errors
///
/// Why it doesn't.
pub fn check(text: &str, version: EtcdVersion) -> Result<(), FeatureGateError> {
    read(text, version).map(drop)
}

/// What etcd says of gates and flags together, if they don't fit: the option at
/// fault, and the words. `flag` is whether a flag opens its gate, where it is given.
#[must_use]
pub fn clash(
    text: &str,
    flag: &dyn Fn(EtcdOption) -> Option<bool>,
    version: EtcdVersion,
) -> Option<(EtcdOption, String)> {
    let said = read(text, version).unwrap_or_default();
    let is_open = |gate: &FeatureGate| {
        let all = if gate.is_open { "AllBeta" } else { "AllAlpha" };
        let said = said.get(gate.name).or_else(|| said.get(all));
        said.copied().unwrap_or(gate.is_open)
    };
    for gate in feature_gate::of(version) {
        let Some((option, opens)) = gate.flag.and_then(|option| Some((option, flag(option)?)))
        else {
            continue;
        };
        // etcd looks for the name in the text, wherever it stands.
        if text.contains(gate.name) {
            let (name, open) = (gate.name, is_open(gate));
            let gates = EtcdOption::FeatureGates.flag();
            let words = format!(
                "cannot specify both flags: {}={opens} and {gates}={name}={open} at the same \
                 time, please just use {gates}={name}={open}",
                option.flag()
            );
            return Some((option, words));
        }
    }
    let opened = |name: &str| {
        feature_gate::of(version)
            .find(|gate| gate.name == name)
            .is_some_and(|gate| gate.flag.and_then(flag).unwrap_or_else(|| is_open(gate)))
    };
    let persists = opened("LeaseCheckpointPersist") && !opened("LeaseCheckpoint");
    let words = "enabling feature gate LeaseCheckpointPersist requires enabling feature gate \
                 LeaseCheckpoint";
    persists.then(|| (EtcdOption::FeatureGates, words.to_owned()))
}
