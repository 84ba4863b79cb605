//! What the elements of certificates, CSRs, CRLs and public keys are: the grammar of
//! RFC 5280, RFC 2986 and RFC 3279 as far as it tells one element from its
//! neighbours, and a sentence on each. What etcd does with one is for `etcd`.

use const_oid::db;
use der::{Tag, asn1::ObjectIdentifier};
use serde::{Deserialize, Serialize};

/// Defines [`Field`], with what is to be said of each said once: its name in the
/// standard, what it is, and where that stands.
macro_rules! fields {
    ($($field:ident: $name:literal, $sentence:literal, $source:literal;)+) => {
        /// What an element is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Field {
            $(#[doc = $sentence] $field,)+
        }

        impl Field {
            /// All of them.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$field),+];

            /// Its name in the standard.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$field => $name,)+ }
            }

            /// What it is, in a sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$field => $sentence,)+ }
            }

            /// The standard and its section.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$field => $source,)+ }
            }
        }
    };
}

fields! {
    Certificate: "Certificate", "The whole certificate: what is signed, by which algorithm, and the signature.", "RFC 5280 section 4.1";
    TbsCertificate: "tbsCertificate", "All that is signed (“to be signed”): one changed bit in here and the signature no longer fits.", "RFC 5280 section 4.1.1.1";
    Version: "version", "The version, wrapped so that version 1 can leave it out.", "RFC 5280 section 4.1.2.1";
    VersionNumber: "version number", "The version, counted from zero: 2 means version 3, the only one with extensions.", "RFC 5280 section 4.1.2.1";
    SerialNumber: "serialNumber", "The number that its issuer gave this certificate, and no other of its certificates: a CRL names it by this.", "RFC 5280 section 4.1.2.2";
    SignedAlgorithm: "signature", "The algorithm that it is signed with, once more inside of what is signed, so that nobody can exchange it.", "RFC 5280 section 4.1.2.3";
    Issuer: "issuer", "The name of the CA that signed it. It must be the CA’s subject, byte for byte.", "RFC 5280 section 4.1.2.4";
    Validity: "validity", "The time from which and until which it holds.", "RFC 5280 section 4.1.2.5";
    NotBefore: "notBefore", "The first second in which it holds.", "RFC 5280 section 4.1.2.5";
    NotAfter: "notAfter", "The last second in which it holds.", "RFC 5280 section 4.1.2.5";
    Subject: "subject", "The name of whoever holds the private key.", "RFC 5280 section 4.1.2.6";
    PublicKeyInfo: "subjectPublicKeyInfo", "The public key, and of which kind it is.", "RFC 5280 section 4.1.2.7";
    KeyAlgorithm: "algorithm", "The kind of key.", "RFC 3279 section 2.3";
    KeyBits: "subjectPublicKey", "The public key itself. Who holds its other half can prove to be the subject.", "RFC 5280 section 4.1.2.7";
    RsaPublicKey: "RSAPublicKey", "An RSA key: a modulus and an exponent.", "RFC 8017 appendix A.1.1";
    Modulus: "modulus", "The product of two secret primes; who can factor it has the key. A zero byte stands before it, so that nobody takes it for negative.", "RFC 8017 section 3.1";
    PublicExponent: "publicExponent", "The exponent for verifying, nearly always 65537.", "RFC 8017 section 3.1";
    IssuerUniqueId: "issuerUniqueID", "A relic of version 2: tells issuers of one name apart.", "RFC 5280 section 4.1.2.8";
    SubjectUniqueId: "subjectUniqueID", "A relic of version 2: tells subjects of one name apart.", "RFC 5280 section 4.1.2.8";
    ExtensionsWrapper: "extensions", "The extensions, under a tag of their own.", "RFC 5280 section 4.1.2.9";
    Extensions: "Extensions", "One extension after the other, each at most once.", "RFC 5280 section 4.2";
    Extension: "Extension", "One extension: which it is, whether it is critical, and what it says.", "RFC 5280 section 4.2";
    ExtensionId: "extnID", "Which extension it is.", "RFC 5280 section 4.2";
    Critical: "critical", "Whether a program that does not know this extension must refuse the whole. Left out, it means no.", "RFC 5280 section 4.2";
    ExtensionValue: "extnValue", "What the extension says, as DER inside of a string of bytes.", "RFC 5280 section 4.2";
    SignatureAlgorithm: "signatureAlgorithm", "The algorithm of the signature. It must be the same as inside.", "RFC 5280 section 4.1.1.2";
    AlgorithmId: "algorithm", "Which algorithm or kind of key it is.", "RFC 5280 section 4.1.1.2";
    Parameters: "parameters", "What the algorithm needs to be complete: a curve for an elliptic key, nothing (NULL) for RSA.", "RFC 3279 section 2";
    SignatureValue: "signatureValue", "The issuer’s signature over all that is signed. Only the issuer’s public key tells whether it holds.", "RFC 5280 section 4.1.1.3";
    EcdsaSignature: "ECDSA-Sig-Value", "An ECDSA signature: two numbers.", "RFC 3279 section 2.2.3";
    SignatureR: "r", "The half of the signature that a fresh random number decides.", "RFC 3279 section 2.2.3";
    SignatureS: "s", "The half that binds that number to what is signed.", "RFC 3279 section 2.2.3";
    RelativeName: "RelativeDistinguishedName", "One step of a name: nearly always a single attribute.", "RFC 5280 section 4.1.2.4";
    Attribute: "AttributeTypeAndValue", "A type and a value.", "RFC 5280 section 4.1.2.4";
    AttributeType: "type", "Which attribute it is.", "RFC 5280 section 4.1.2.4";
    AttributeValue: "value", "The attribute’s text, in one of several kinds of string: names are compared by their bytes, kind included.", "RFC 5280 section 4.1.2.4";
    CommonName: "commonName", "The subject’s common name.", "RFC 5280 appendix A.1";
    BasicConstraints: "BasicConstraints", "Whether this is a CA. An empty one says no.", "RFC 5280 section 4.2.1.9";
    IsAuthority: "cA", "Whether it may sign certificates.", "RFC 5280 section 4.2.1.9";
    PathLength: "pathLenConstraint", "How many CAs may stand below it, before the last certificate.", "RFC 5280 section 4.2.1.9";
    KeyUsage: "KeyUsage", "What the key may do, a bit for each.", "RFC 5280 section 4.2.1.3";
    ExtendedKeyUsage: "ExtKeyUsageSyntax", "The purposes that the certificate is for.", "RFC 5280 section 4.2.1.12";
    Purpose: "KeyPurposeId", "One purpose.", "RFC 5280 section 4.2.1.12";
    AlternativeNames: "GeneralNames", "Names that it is good for. For hosts they count, and the common name no longer does.", "RFC 5280 section 4.2.1.6";
    DnsName: "dNSName", "A host’s name.", "RFC 5280 section 4.2.1.6";
    IpAddress: "iPAddress", "An address: four bytes, or sixteen for IPv6. In a constraint, a mask follows.", "RFC 5280 section 4.2.1.6";
    Email: "rfc822Name", "A mail address.", "RFC 5280 section 4.2.1.6";
    Uri: "uniformResourceIdentifier", "A URI.", "RFC 5280 section 4.2.1.6";
    DirectoryName: "directoryName", "A name like a subject.", "RFC 5280 section 4.2.1.6";
    OtherName: "GeneralName", "A name of a rarer kind.", "RFC 5280 section 4.2.1.6";
    SubjectKeyIdentifier: "SubjectKeyIdentifier", "A short name for the public key, by which certificates below point to it.", "RFC 5280 section 4.2.1.2";
    AuthorityKeyIdentifier: "AuthorityKeyIdentifier", "Which of the issuer’s keys signed it. It helps to find the issuer; only the signature proves it.", "RFC 5280 section 4.2.1.1";
    AuthorityKey: "keyIdentifier", "The short name of the issuer’s key.", "RFC 5280 section 4.2.1.1";
    AuthorityIssuer: "authorityCertIssuer", "The issuer’s own issuer.", "RFC 5280 section 4.2.1.1";
    AuthoritySerial: "authorityCertSerialNumber", "The serial number of the issuer’s certificate.", "RFC 5280 section 4.2.1.1";
    NameConstraints: "NameConstraints", "The names that certificates below this CA may bear.", "RFC 5280 section 4.2.1.10";
    Permitted: "permittedSubtrees", "Names of these kinds must lie within one of these.", "RFC 5280 section 4.2.1.10";
    Excluded: "excludedSubtrees", "Names must lie within none of these.", "RFC 5280 section 4.2.1.10";
    Subtree: "GeneralSubtree", "A name, and with it all names below.", "RFC 5280 section 4.2.1.10";
    Policies: "certificatePolicies", "The rules under which it was issued.", "RFC 5280 section 4.2.1.4";
    RevocationPlaces: "CRLDistributionPoints", "Where its issuer’s CRL can be fetched.", "RFC 5280 section 4.2.1.13";
    AuthorityInformation: "AuthorityInfoAccess", "Where to ask about it (OCSP), or to fetch its issuer.", "RFC 5280 section 4.2.2.1";
    Request: "CertificationRequest", "A request for a certificate: what is wished for, signed with the key that it is for.", "RFC 2986 section 4.2";
    RequestInfo: "certificationRequestInfo", "All that is signed: a name, a key, and wishes.", "RFC 2986 section 4.1";
    RequestVersion: "version", "Always 0.", "RFC 2986 section 4.1";
    RequestAttributes: "attributes", "Wishes beside name and key.", "RFC 2986 section 4.1";
    RequestAttribute: "Attribute", "One wish.", "RFC 2986 section 4.1";
    RequestAttributeId: "type", "Which wish it is.", "RFC 2986 section 4.1";
    RequestAttributeValues: "values", "What is wished for.", "RFC 2986 section 4.1";
    ChallengePassword: "challengePassword", "A password for asking to revoke the certificate later. Whoever sees the request sees it.", "RFC 2985 section 5.4.1";
    RevocationList: "CertificateList", "The whole CRL: what is signed, by which algorithm, and the signature.", "RFC 5280 section 5.1";
    TbsCertList: "tbsCertList", "All that is signed.", "RFC 5280 section 5.1.1.1";
    ThisUpdate: "thisUpdate", "When this list was made.", "RFC 5280 section 5.1.2.4";
    NextUpdate: "nextUpdate", "When the next one will be there at the latest.", "RFC 5280 section 5.1.2.5";
    RevokedCertificates: "revokedCertificates", "The certificates that no longer hold.", "RFC 5280 section 5.1.2.6";
    RevokedEntry: "revokedCertificate", "One certificate that no longer holds.", "RFC 5280 section 5.1.2.6";
    RevokedSerial: "userCertificate", "Its serial number.", "RFC 5280 section 5.1.2.6";
    RevocationDate: "revocationDate", "Since when it no longer holds.", "RFC 5280 section 5.1.2.6";
    RevocationListNumber: "CRLNumber", "Which list it is: each new one has a greater number.", "RFC 5280 section 5.2.3";
    RevocationReason: "CRLReason", "Why it was revoked.", "RFC 5280 section 5.3.1";
    Other: "element", "A part of what it stands in.", "X.690 section 8.1";
    NoDer: "bytes", "Bytes that are no DER.", "X.690 section 8.1";
}

/// What an element belongs to, for those who look at it in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Who: names.
    Names,
    /// When: times, and numbers that count.
    Times,
    /// The public key.
    Key,
    /// What it is for: extensions and wishes.
    Uses,
    /// The signature.
    Signature,
}

impl Field {
    /// What it and all in it belongs to, where that begins here.
    #[must_use]
    pub fn concern(self) -> Option<Concern> {
        Some(match self {
            Self::Issuer
            | Self::Subject
            | Self::AlternativeNames
            | Self::RevokedSerial
            | Self::SerialNumber => Concern::Names,
            Self::Validity | Self::ThisUpdate | Self::NextUpdate | Self::RevocationDate => {
                Concern::Times
            }
            Self::PublicKeyInfo | Self::RsaPublicKey => Concern::Key,
            Self::ExtensionsWrapper | Self::RequestAttributes => Concern::Uses,
            Self::SignedAlgorithm | Self::SignatureAlgorithm | Self::SignatureValue => {
                Concern::Signature
            }
            _ => return None,
        })
    }

    /// Whether its string may hold DER: others are bytes that only look like it, now
    /// and then.
    pub(super) fn holds_der(self) -> bool {
        matches!(
            self,
            Self::ExtensionValue | Self::KeyBits | Self::SignatureValue
        )
    }

    /// The element whose object identifier says what is in this one.
    pub(super) fn named_by(self) -> Option<Self> {
        match self {
            Self::ExtensionValue => Some(Self::ExtensionId),
            Self::KeyBits | Self::SignatureValue => Some(Self::AlgorithmId),
            Self::Attribute => Some(Self::AttributeType),
            Self::RequestAttributeValues => Some(Self::RequestAttributeId),
            _ => None,
        }
    }

    /// What an element is that stands in this one, behind `before`. `identifier` is
    /// what [`named_by`](Self::named_by) asks for.
    pub(super) fn child(
        self,
        before: Option<Self>,
        tag: Tag,
        identifier: Option<ObjectIdentifier>,
    ) -> Self {
        match self {
            Self::Certificate | Self::Request | Self::RevocationList => match before {
                None => match self {
                    Self::Certificate => Self::TbsCertificate,
                    Self::Request => Self::RequestInfo,
                    _ => Self::TbsCertList,
                },
                Some(Self::SignatureAlgorithm) => Self::SignatureValue,
                Some(_) => Self::SignatureAlgorithm,
            },
            Self::TbsCertificate => in_certificate(before, tag),
            Self::RequestInfo => match (before, number(tag)) {
                (None, _) => Self::RequestVersion,
                (_, Some(0)) => Self::RequestAttributes,
                (Some(Self::RequestVersion), _) => Self::Subject,
                _ => Self::PublicKeyInfo,
            },
            Self::TbsCertList => in_list(before, tag),
            Self::Version => Self::VersionNumber,
            Self::Validity if before.is_none() => Self::NotBefore,
            Self::Validity => Self::NotAfter,
            Self::Issuer | Self::Subject => Self::RelativeName,
            Self::RelativeName => Self::Attribute,
            Self::Attribute => match before {
                None => Self::AttributeType,
                Some(_) => Self::AttributeValue,
            },
            Self::PublicKeyInfo if before.is_none() => Self::KeyAlgorithm,
            Self::PublicKeyInfo => Self::KeyBits,
            Self::KeyAlgorithm | Self::SignedAlgorithm | Self::SignatureAlgorithm => match before {
                None => Self::AlgorithmId,
                Some(_) => Self::Parameters,
            },
            Self::KeyBits => Self::RsaPublicKey,
            Self::RsaPublicKey if before.is_none() => Self::Modulus,
            Self::RsaPublicKey => Self::PublicExponent,
            Self::SignatureValue => Self::EcdsaSignature,
            Self::EcdsaSignature if before.is_none() => Self::SignatureR,
            Self::EcdsaSignature => Self::SignatureS,
            Self::ExtensionsWrapper => Self::Extensions,
            Self::Extensions => Self::Extension,
            Self::Extension => match (before, tag) {
                (None, _) => Self::ExtensionId,
                (_, Tag::Boolean) => Self::Critical,
                _ => Self::ExtensionValue,
            },
            Self::ExtensionValue => identifier.map_or(Self::Other, of_extension),
            _ => self.child_of_extension(before, tag, identifier),
        }
    }

    /// The same, of what stands in extensions, wishes and entries.
    fn child_of_extension(
        self,
        before: Option<Self>,
        tag: Tag,
        identifier: Option<ObjectIdentifier>,
    ) -> Self {
        match self {
            Self::BasicConstraints if tag == Tag::Boolean => Self::IsAuthority,
            Self::BasicConstraints => Self::PathLength,
            Self::ExtendedKeyUsage => Self::Purpose,
            Self::AlternativeNames | Self::AuthorityIssuer => general_name(tag),
            Self::DirectoryName => Self::Subject,
            Self::AuthorityKeyIdentifier => match number(tag) {
                Some(0) => Self::AuthorityKey,
                Some(1) => Self::AuthorityIssuer,
                _ => Self::AuthoritySerial,
            },
            Self::NameConstraints if number(tag) == Some(0) => Self::Permitted,
            Self::NameConstraints => Self::Excluded,
            Self::Permitted | Self::Excluded => Self::Subtree,
            Self::Subtree if before.is_none() => general_name(tag),
            Self::RequestAttributes => Self::RequestAttribute,
            Self::RequestAttribute if before.is_none() => Self::RequestAttributeId,
            Self::RequestAttribute => Self::RequestAttributeValues,
            Self::RequestAttributeValues => match identifier {
                Some(db::rfc5912::ID_EXTENSION_REQ) => Self::Extensions,
                Some(crate::pki::object_identifier::CHALLENGE_PASSWORD) => Self::ChallengePassword,
                _ => Self::Other,
            },
            Self::RevokedCertificates => Self::RevokedEntry,
            Self::RevokedEntry => match before {
                None => Self::RevokedSerial,
                Some(Self::RevokedSerial) => Self::RevocationDate,
                Some(_) => Self::Extensions,
            },
            _ => Self::Other,
        }
    }
}

/// The number of a context-specific tag.
fn number(tag: Tag) -> Option<u32> {
    match tag {
        Tag::ContextSpecific { number, .. } => Some(number.value()),
        _ => None,
    }
}

/// `TBSCertificate` (RFC 5280 section 4.1).
fn in_certificate(before: Option<Field>, tag: Tag) -> Field {
    match (before, number(tag)) {
        (None, Some(0)) => Field::Version,
        (None | Some(Field::Version), _) => Field::SerialNumber,
        (_, Some(1)) => Field::IssuerUniqueId,
        (_, Some(2)) => Field::SubjectUniqueId,
        (_, Some(3)) => Field::ExtensionsWrapper,
        (Some(Field::SerialNumber), _) => Field::SignedAlgorithm,
        (Some(Field::SignedAlgorithm), _) => Field::Issuer,
        (Some(Field::Issuer), _) => Field::Validity,
        (Some(Field::Validity), _) => Field::Subject,
        (Some(Field::Subject), _) => Field::PublicKeyInfo,
        _ => Field::Other,
    }
}

/// `TBSCertList` (RFC 5280 section 5.1).
fn in_list(before: Option<Field>, tag: Tag) -> Field {
    match (before, tag) {
        (None, Tag::Integer) => Field::VersionNumber,
        (None | Some(Field::VersionNumber), _) => Field::SignedAlgorithm,
        (Some(Field::SignedAlgorithm), _) => Field::Issuer,
        (Some(Field::Issuer), _) => Field::ThisUpdate,
        (_, Tag::UtcTime | Tag::GeneralizedTime) => Field::NextUpdate,
        (_, Tag::Sequence) => Field::RevokedCertificates,
        _ => Field::ExtensionsWrapper,
    }
}

/// `GeneralName` (RFC 5280 section 4.2.1.6).
fn general_name(tag: Tag) -> Field {
    match number(tag) {
        Some(1) => Field::Email,
        Some(2) => Field::DnsName,
        Some(4) => Field::DirectoryName,
        Some(6) => Field::Uri,
        Some(7) => Field::IpAddress,
        _ => Field::OtherName,
    }
}

/// What an extension's string holds.
fn of_extension(identifier: ObjectIdentifier) -> Field {
    use db::rfc5280 as ids;
    match identifier {
        ids::ID_CE_BASIC_CONSTRAINTS => Field::BasicConstraints,
        ids::ID_CE_KEY_USAGE => Field::KeyUsage,
        ids::ID_CE_EXT_KEY_USAGE => Field::ExtendedKeyUsage,
        ids::ID_CE_SUBJECT_ALT_NAME | ids::ID_CE_ISSUER_ALT_NAME => Field::AlternativeNames,
        ids::ID_CE_SUBJECT_KEY_IDENTIFIER => Field::SubjectKeyIdentifier,
        ids::ID_CE_AUTHORITY_KEY_IDENTIFIER => Field::AuthorityKeyIdentifier,
        ids::ID_CE_NAME_CONSTRAINTS => Field::NameConstraints,
        ids::ID_CE_CERTIFICATE_POLICIES => Field::Policies,
        ids::ID_CE_CRL_DISTRIBUTION_POINTS => Field::RevocationPlaces,
        ids::ID_PE_AUTHORITY_INFO_ACCESS => Field::AuthorityInformation,
        ids::ID_CE_CRL_NUMBER => Field::RevocationListNumber,
        ids::ID_CE_CRL_REASONS => Field::RevocationReason,
        _ => Field::Other,
    }
}
