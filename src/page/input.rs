//! The inputs that text goes into: those of the plan, and those of the chapters
//! below the commands. Each is known by its element's identifier.

use std::{fmt, str::FromStr};

use super::spelling::Unknown;
use crate::{etcd::plan::Field, pki::inspection::MAXIMUM_LENGTH};

/// The longest text, in UTF-16 code units, that is left in the input for what is
/// to be diagnosed: a browser takes seconds to lay out megabytes.
pub(super) const LONGEST: usize = 256 << 10;

/// What a longer text is called, which is taken like a file.
pub(super) const PASTED: &str = "pasted text";

/// An input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A field of the plan.
    Plan(Field),
    /// What is to be diagnosed.
    Diagnosis,
    /// What is to be looked at.
    Inspected,
    /// The passphrase for what is to be looked at.
    InspectedPassphrase,
    /// An input of the last chapter.
    Signing(SigningInput),
}

/// An input of the chapter that renews and revokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningInput {
    /// The certificate of a CA that is brought to sign.
    AuthorityCertificate,
    /// Its private key.
    AuthorityKey,
    /// The passphrase of that.
    AuthorityPassphrase,
    /// An old certificate that is to be renewed.
    Old,
    /// How long the new one is to be valid.
    RenewalDays,
    /// What is to be revoked.
    Revoked,
    /// The CRL before.
    Before,
    /// The CRL's number.
    Number,
    /// When the next CRL is due.
    RevocationDays,
}

impl From<Field> for Input {
    fn from(field: Field) -> Self {
        Self::Plan(field)
    }
}

impl From<SigningInput> for Input {
    fn from(input: SigningInput) -> Self {
        Self::Signing(input)
    }
}

impl SigningInput {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::AuthorityCertificate,
        Self::AuthorityKey,
        Self::AuthorityPassphrase,
        Self::Old,
        Self::RenewalDays,
        Self::Revoked,
        Self::Before,
        Self::Number,
        Self::RevocationDays,
    ];

    /// What is in it at the beginning.
    #[must_use]
    pub fn initial(self) -> &'static str {
        match self {
            Self::RenewalDays => "365",
            Self::RevocationDays => "30",
            Self::AuthorityCertificate
            | Self::AuthorityKey
            | Self::AuthorityPassphrase
            | Self::Old
            | Self::Revoked
            | Self::Before
            | Self::Number => "",
        }
    }
}

impl Input {
    /// What is in it at the beginning, where the session does not fill it.
    #[must_use]
    pub fn initial(self) -> &'static str {
        match self {
            Self::Signing(input) => input.initial(),
            Self::Plan(_) | Self::Diagnosis | Self::Inspected | Self::InspectedPassphrase => "",
        }
    }

    /// The inputs that are no field of the plan.
    pub(super) fn beside_the_plan() -> impl Iterator<Item = Self> {
        [Self::Diagnosis, Self::Inspected, Self::InspectedPassphrase]
            .into_iter()
            .chain(SigningInput::ALL.map(Self::Signing))
    }

    /// The most UTF-16 code units that are read from the input, where there is a
    /// limit. More are not even copied.
    #[must_use]
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::Plan(_) | Self::Diagnosis => None,
            Self::Inspected | Self::InspectedPassphrase | Self::Signing(_) => Some(MAXIMUM_LENGTH),
        }
    }

    /// What a text of this many UTF-16 code units is called that is pasted here,
    /// where it is kept out of the input and taken as a file.
    #[must_use]
    pub fn as_file(self, length: usize) -> Option<&'static str> {
        (self == Self::Diagnosis && length > LONGEST).then_some(PASTED)
    }

    /// Whether what chose a file for the input goes on showing its name. Where it
    /// does not, the same file can be chosen again.
    #[must_use]
    pub fn names_its_file(self) -> bool {
        matches!(self, Self::Plan(_))
    }
}

impl fmt::Display for Input {
    /// The element's identifier.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(field) => field.fmt(formatter),
            Self::Diagnosis => formatter.write_str("diagnosis-text"),
            Self::Inspected => formatter.write_str("inspect-text"),
            Self::InspectedPassphrase => formatter.write_str("inspect-passphrase"),
            Self::Signing(input) => input.fmt(formatter),
        }
    }
}

impl fmt::Display for SigningInput {
    /// The element's identifier.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AuthorityCertificate => "signer-certificate",
            Self::AuthorityKey => "signer-key",
            Self::AuthorityPassphrase => "signer-passphrase",
            Self::Old => "renew-certificate",
            Self::RenewalDays => "renew-days",
            Self::Revoked => "revoke-text",
            Self::Before => "revoke-before",
            Self::Number => "revoke-number",
            Self::RevocationDays => "revoke-days",
        })
    }
}

impl FromStr for Input {
    type Err = Unknown;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Unknown> {
        Self::beside_the_plan()
            .find(|input| input.to_string() == text)
            .or_else(|| text.parse().ok().map(Self::Plan))
            .ok_or_else(|| Unknown::new(text))
    }
}
