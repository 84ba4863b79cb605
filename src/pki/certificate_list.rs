//! The form of a CRL (RFC 5280 section 5.1). `x509-cert`'s own wants a version,
//! which a CRL of version 1, as `openssl ca -gencrl` made it, does not have.

use der::{
    Decode, Sequence,
    asn1::{BitString, Int},
};
use spki::AlgorithmIdentifierOwned;
use x509_cert::{
    certificate::Raw, ext::Extensions, name::Name, serial_number::SerialNumber, time::Time,
};

/// `CertificateList`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct CertificateList {
    /// What is signed.
    pub(super) contents: Contents,
    /// How it is signed.
    pub(super) algorithm: AlgorithmIdentifierOwned,
    /// The signature.
    pub(super) signature: BitString,
}

/// `TBSCertList`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Contents {
    /// Nothing, or 1 for version 2.
    #[asn1(optional = "true")]
    pub(super) version: Option<Int>,
    /// How it is signed, once more.
    pub(super) algorithm: AlgorithmIdentifierOwned,
    /// Who issued it.
    pub(super) issuer: Name,
    /// When it was made.
    pub(super) this_update: Time,
    /// When the next one is due.
    #[asn1(optional = "true")]
    pub(super) next_update: Option<Time>,
    /// The certificates that are no longer good.
    #[asn1(optional = "true")]
    pub(super) revoked: Option<Vec<Entry>>,
    /// What else is said of the whole.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Extensions>,
}

/// One of `revokedCertificates`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Entry {
    /// Whose serial number of whatever length.
    pub(super) serial_number: SerialNumber<Raw>,
    /// Since when.
    pub(super) at: Time,
    /// What else is said of it.
    #[asn1(optional = "true")]
    pub(super) extensions: Option<Extensions>,
}

/// What the extension of a type says, if it is there and can be read.
pub(super) fn extension<T>(extensions: Option<&Extensions>) -> Option<T>
where
    T: for<'a> Decode<'a> + const_oid::AssociatedOid,
{
    extensions?
        .iter()
        .find(|extension| extension.extn_id == T::OID)
        .and_then(|extension| T::from_der(extension.extn_value.as_bytes()).ok())
}
