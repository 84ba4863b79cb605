//! The kinds of key that are made here, by name and number.

use std::fmt;

use rsa_key::ModulusBits;
use serde::{Deserialize, Serialize};

use crate::pki::ml_dsa::ParameterSet;

/// The kinds of key that are made here. etcd takes each of them in every
/// version from 3.4 on, but for ML-DSA: that is up to the Go that built it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyType {
    /// RSA with 2048 bits.
    #[default]
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// ML-DSA-44 (RFC 9881), against quantum computers.
    #[serde(rename = "ml_dsa_44")]
    MlDsa44,
    /// ML-DSA-65.
    #[serde(rename = "ml_dsa_65")]
    MlDsa65,
    /// ML-DSA-87.
    #[serde(rename = "ml_dsa_87")]
    MlDsa87,
}

impl KeyType {
    /// All kinds, the default first.
    pub const ALL: [Self; 9] = [
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::P256,
        Self::P384,
        Self::Ed25519,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// Those that every program of today knows: no quantum computer was thought
    /// of.
    pub const CLASSICAL: [Self; 6] = [
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::P256,
        Self::P384,
        Self::Ed25519,
    ];

    /// The size of the modulus, for RSA.
    #[must_use]
    pub fn modulus(self) -> Option<ModulusBits> {
        match self {
            Self::Rsa2048 => Some(ModulusBits::Rsa2048),
            Self::Rsa3072 => Some(ModulusBits::Rsa3072),
            Self::Rsa4096 => Some(ModulusBits::Rsa4096),
            _ => None,
        }
    }

    /// The parameter set, for ML-DSA.
    #[must_use]
    pub fn parameter_set(self) -> Option<ParameterSet> {
        match self {
            Self::MlDsa44 => Some(ParameterSet::MlDsa44),
            Self::MlDsa65 => Some(ParameterSet::MlDsa65),
            Self::MlDsa87 => Some(ParameterSet::MlDsa87),
            _ => None,
        }
    }
}

impl fmt::Display for KeyType {
    /// As a reader knows it: `RSA-2048`, `P-256`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rsa2048 => "RSA-2048",
            Self::Rsa3072 => "RSA-3072",
            Self::Rsa4096 => "RSA-4096",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Ed25519 => "Ed25519",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        })
    }
}
