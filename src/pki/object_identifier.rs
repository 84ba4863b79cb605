//! Names of object identifiers: algorithms, purposes, extensions, as RFC 5280 and
//! its siblings have them.

use const_oid::{ObjectIdentifier, db};

const fn oid(numbers: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(numbers)
}

/// MD5 with RSA (RFC 3279 section 2.2.1), which anybody can forge.
pub(super) const MD5_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.4");
/// MD2 with RSA.
pub(super) const MD2_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.2");
/// ECDSA with SHA-1 (RFC 3279 section 2.2.3).
pub(super) const ECDSA_WITH_SHA1: ObjectIdentifier = oid("1.2.840.10045.4.1");
/// The curve of Bitcoin, which no TLS library has.
pub(super) const SECP256K1: ObjectIdentifier = oid("1.3.132.0.10");
/// PKCS#9's challenge password (RFC 2985 section 5.4.1).
pub(super) const CHALLENGE_PASSWORD: ObjectIdentifier = oid("1.2.840.113549.1.9.7");

/// Names that the database of `const-oid` lacks, or has under another name than
/// the one that people know.
const NAMES: &[(ObjectIdentifier, &str)] = &[
    (MD2_WITH_RSA, "md2WithRSAEncryption"),
    (MD5_WITH_RSA, "md5WithRSAEncryption"),
    (
        db::rfc5912::SHA_1_WITH_RSA_ENCRYPTION,
        "sha1WithRSAEncryption",
    ),
    (
        db::rfc5912::SHA_224_WITH_RSA_ENCRYPTION,
        "sha224WithRSAEncryption",
    ),
    (
        db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        "sha256WithRSAEncryption",
    ),
    (
        db::rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
        "sha384WithRSAEncryption",
    ),
    (
        db::rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
        "sha512WithRSAEncryption",
    ),
    (db::rfc5912::ID_RSASSA_PSS, "rsassaPss"),
    (ECDSA_WITH_SHA1, "ecdsa-with-SHA1"),
    (db::rfc5912::ECDSA_WITH_SHA_224, "ecdsa-with-SHA224"),
    (db::rfc5912::ECDSA_WITH_SHA_256, "ecdsa-with-SHA256"),
    (db::rfc5912::ECDSA_WITH_SHA_384, "ecdsa-with-SHA384"),
    (db::rfc5912::ECDSA_WITH_SHA_512, "ecdsa-with-SHA512"),
    (db::rfc8410::ID_ED_25519, "Ed25519"),
    (db::rfc8410::ID_ED_448, "Ed448"),
    (db::fips204::ID_ML_DSA_44, "ML-DSA-44"),
    (db::fips204::ID_ML_DSA_65, "ML-DSA-65"),
    (db::fips204::ID_ML_DSA_87, "ML-DSA-87"),
    (db::rfc8410::ID_X_25519, "X25519"),
    (db::rfc5912::ID_DSA, "DSA"),
    (db::rfc5912::SECP_224_R_1, "P-224"),
    (db::rfc5912::SECP_256_R_1, "P-256"),
    (db::rfc5912::SECP_384_R_1, "P-384"),
    (db::rfc5912::SECP_521_R_1, "P-521"),
    (SECP256K1, "secp256k1"),
    (db::rfc5280::ANY_EXTENDED_KEY_USAGE, "anyExtendedKeyUsage"),
    (db::rfc5912::ID_KP_SERVER_AUTH, "serverAuth"),
    (db::rfc5912::ID_KP_CLIENT_AUTH, "clientAuth"),
    (db::rfc5912::ID_KP_CODE_SIGNING, "codeSigning"),
    (db::rfc5912::ID_KP_EMAIL_PROTECTION, "emailProtection"),
    (db::rfc5912::ID_KP_TIME_STAMPING, "timeStamping"),
    (db::rfc5912::ID_KP_OCSP_SIGNING, "OCSPSigning"),
    (db::rfc5280::ID_CE_BASIC_CONSTRAINTS, "basicConstraints"),
    (db::rfc5280::ID_CE_KEY_USAGE, "keyUsage"),
    (db::rfc5280::ID_CE_EXT_KEY_USAGE, "extendedKeyUsage"),
    (db::rfc5280::ID_CE_SUBJECT_ALT_NAME, "subjectAltName"),
    (db::rfc5280::ID_CE_ISSUER_ALT_NAME, "issuerAltName"),
    (
        db::rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER,
        "subjectKeyIdentifier",
    ),
    (
        db::rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER,
        "authorityKeyIdentifier",
    ),
    (db::rfc5280::ID_CE_NAME_CONSTRAINTS, "nameConstraints"),
    (
        db::rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS,
        "cRLDistributionPoints",
    ),
    (db::rfc5280::ID_CE_CRL_NUMBER, "cRLNumber"),
    (db::rfc5280::ID_CE_CRL_REASONS, "cRLReason"),
    (db::rfc5280::ID_CE_INVALIDITY_DATE, "invalidityDate"),
    (db::rfc5280::ID_CE_DELTA_CRL_INDICATOR, "deltaCRLIndicator"),
    (
        db::rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT,
        "issuingDistributionPoint",
    ),
    (
        db::rfc5912::ID_CE_CERTIFICATE_POLICIES,
        "certificatePolicies",
    ),
    (oid("2.5.29.33"), "policyMappings"),
    (oid("2.5.29.36"), "policyConstraints"),
    (oid("2.5.29.54"), "inhibitAnyPolicy"),
    (
        db::rfc5280::ID_PE_AUTHORITY_INFO_ACCESS,
        "authorityInfoAccess",
    ),
    (oid("1.3.6.1.5.5.7.48.1"), "OCSP"),
    (oid("1.3.6.1.5.5.7.48.2"), "caIssuers"),
    (oid("1.3.6.1.5.5.7.1.24"), "tlsfeature"),
    (
        oid("1.3.6.1.4.1.11129.2.4.2"),
        "SignedCertificateTimestampList",
    ),
    (oid("1.3.6.1.4.1.11129.2.4.3"), "precertificatePoison"),
    (oid("2.16.840.1.113730.1.1"), "nsCertType"),
    (oid("2.16.840.1.113730.1.13"), "nsComment"),
    (oid("1.3.6.1.4.1.37476.9000.64.1"), "stepProvisioner"),
    (CHALLENGE_PASSWORD, "challengePassword"),
    (oid("1.2.840.113549.1.5.12"), "PBKDF2"),
    (oid("1.2.840.113549.1.5.13"), "PBES2"),
    (oid("1.3.6.1.4.1.11591.4.11"), "scrypt"),
    (oid("2.16.840.1.101.3.4.1.2"), "AES-128-CBC"),
    (oid("2.16.840.1.101.3.4.1.22"), "AES-192-CBC"),
    (oid("2.16.840.1.101.3.4.1.42"), "AES-256-CBC"),
    (oid("1.2.840.113549.3.7"), "DES-EDE3-CBC"),
    (
        oid("1.2.840.113549.1.12.1.3"),
        "pbeWithSHA1And3-KeyTripleDES-CBC",
    ),
    (oid("1.2.840.113549.1.12.1.6"), "pbeWithSHA1And40BitRC2-CBC"),
    (oid("1.2.840.113549.1.5.3"), "pbeWithMD5AndDES-CBC"),
];

/// The name that people know an object identifier by, if it stands above.
pub(super) fn name(wanted: ObjectIdentifier) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(oid, _)| *oid == wanted)
        .map(|(_, name)| *name)
}
