//! The key usage bits and their names, for whoever decides by them or tells a reader
//! what a certificate or a CSR says.

use std::fmt;

use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

/// The bits, each as `x509-cert` has it, and its name in RFC 5280 section 4.2.1.3, in the
/// order there.
macro_rules! bits {
    ($($variant:ident = $bit:ident, $name:literal;)*) => {
        /// A key usage bit (RFC 5280 section 4.2.1.3).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum KeyUsageBit {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl KeyUsageBit {
            const ALL: &[Self] = &[$(Self::$variant),*];

            const fn bit(self) -> KeyUsages {
                match self {
                    $(Self::$variant => KeyUsages::$bit,)*
                }
            }

            /// Its name in RFC 5280.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

bits! {
    DigitalSignature = DigitalSignature, "digitalSignature";
    NonRepudiation = NonRepudiation, "nonRepudiation";
    KeyEncipherment = KeyEncipherment, "keyEncipherment";
    DataEncipherment = DataEncipherment, "dataEncipherment";
    KeyAgreement = KeyAgreement, "keyAgreement";
    KeyCertSign = KeyCertSign, "keyCertSign";
    CrlSign = CRLSign, "cRLSign";
    EncipherOnly = EncipherOnly, "encipherOnly";
    DecipherOnly = DecipherOnly, "decipherOnly";
}

impl KeyUsageBit {
    /// Those that are set.
    pub(super) fn of(KeyUsage(usages): KeyUsage) -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(move |it| usages.contains(it.bit()))
    }
}

impl fmt::Display for KeyUsageBit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
