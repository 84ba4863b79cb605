//! Which Go built a program, and what that changes. Every difference between
//! Go versions that this crate knows is a method here, named after the
//! behaviour, with the release that brought it.

use std::fmt;

/// A Go release, `go1.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoVersion {
    /// The 24 of go1.24.3.
    pub minor: u16,
    /// The 3 of go1.24.3.
    pub patch: u16,
}

impl GoVersion {
    /// `go1.minor.patch`.
    #[must_use]
    pub const fn new(minor: u16, patch: u16) -> Self {
        Self { minor, patch }
    }

    /// Reads `1.24.3`, `go1.24.3` or `go1.24`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.strip_prefix("go").unwrap_or(text).strip_prefix("1.")?;
        let (minor, patch) = rest.split_once('.').unwrap_or((rest, "0"));
        Some(Self::new(minor.parse().ok()?, patch.parse().ok()?))
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "go1.{}.{}", self.minor, self.patch)
    }
}

/// A toolchain and the language version that its program declares.
///
/// Since Go 1.21 the `go` line of the main module's `go.mod` chooses the
/// defaults of the `GODEBUG` settings, so that an old program built by a new
/// Go keeps some old behaviour. A program built outside of a module (as
/// Debian builds etcd) gets the defaults of Go 1.20.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GoBuild {
    /// The toolchain.
    pub toolchain: GoVersion,
    /// The minor version on the `go` line.
    pub language: u16,
}

impl GoBuild {
    /// A build by `toolchain` of a program whose `go` line says `1.language`.
    #[must_use]
    pub const fn new(toolchain: GoVersion, language: u16) -> Self {
        Self {
            toolchain,
            language,
        }
    }

    const fn since(self, minor: u16) -> bool {
        self.toolchain.minor >= minor
    }

    /// Whether `backports` (release lines with the patch that brought the
    /// change) or the first minor release with it cover this toolchain.
    fn since_patch(self, first_minor: u16, backports: &[(u16, u16)]) -> bool {
        self.since(first_minor)
            || backports.iter().any(|&(minor, patch)| {
                self.toolchain.minor == minor && self.toolchain.patch >= patch
            })
    }

    /// Go 1.15 puts the text in quotes when it is no duration
    /// (`time.ParseDuration`).
    #[must_use]
    pub(crate) const fn quotes_durations(self) -> bool {
        self.since(15)
    }

    /// Zero is no private key of an elliptic curve (`crypto/x509` `sec1.go`).
    /// Measured: Go 1.24 takes it, Go 1.26 does not.
    #[must_use]
    pub(crate) const fn refuses_zero_as_private_key(self) -> bool {
        self.since(26)
    }

    /// Go 1.17 refuses leading zeros in IPv4 addresses (`net.ParseIP`).
    #[must_use]
    pub(crate) const fn refuses_leading_zeros_in_addresses(self) -> bool {
        self.since(17)
    }

    /// Certificates are read with `cryptobyte` and short error texts since
    /// Go 1.17; before, `encoding/asn1` read them by reflection.
    #[must_use]
    pub(crate) const fn reads_certificates_by_hand(self) -> bool {
        self.since(17)
    }

    /// Since Go 1.24.8 and 1.25.2 (CVE-2025-61723) `pem.Decode` looks for the
    /// END line first and takes the last BEGIN line before it.
    #[must_use]
    pub(crate) fn pem_searches_end_first(self) -> bool {
        self.since_patch(26, &[(24, 8), (25, 2)])
    }

    /// Go 1.23 refuses negative serial numbers, unless the `go` line is older
    /// (`GODEBUG=x509negativeserial`).
    #[must_use]
    pub(crate) const fn refuses_negative_serials(self) -> bool {
        self.since(23) && self.language >= 23
    }

    /// Go 1.18 stopped to accept SHA-1 signatures on certificates. Go 1.17
    /// and older accept them.
    #[must_use]
    pub(crate) const fn refuses_sha1(self) -> bool {
        self.since(18)
    }

    /// Go 1.18 to 1.23 name the `GODEBUG` setting that brings SHA-1 back.
    #[must_use]
    pub(crate) const fn names_the_sha1_override(self) -> bool {
        self.since(18) && !self.since(24)
    }

    /// TLS 1.3 was off by default in Go 1.12; on since Go 1.13.
    #[must_use]
    pub const fn speaks_tls13(self) -> bool {
        self.since(13)
    }

    /// Go 1.20 wraps a failed verification, on both sides, in `tls: failed to
    /// verify certificate: ` (`CertificateVerificationError`). Before, the
    /// server wrote `tls: failed to verify client certificate: ` and the
    /// client nothing.
    #[must_use]
    pub const fn wraps_verification_errors(self) -> bool {
        self.since(20)
    }

    /// Go 1.21 sends an alert of its own for an unknown authority, an expired
    /// certificate, and (TLS 1.3) a missing one. Before: `bad certificate`.
    #[must_use]
    pub const fn sends_precise_alerts(self) -> bool {
        self.since(21)
    }

    /// Go 1.25 answers a certificate that it can't parse with the alert
    /// `error decoding message`, and a missing one under TLS 1.2 with
    /// `handshake failure`; before, `bad certificate`.
    #[must_use]
    pub const fn sends_decode_error(self) -> bool {
        self.since(25)
    }

    /// Go 1.20.7 and 1.19.12 (CVE-2023-29409) refuse RSA keys over 8192 bits
    /// in a handshake.
    #[must_use]
    pub fn limits_rsa_keys_in_handshakes(self) -> bool {
        self.since_patch(21, &[(19, 12), (20, 7)])
    }

    /// Go 1.24 refuses RSA keys under 1024 bits, unless the `go` line is
    /// older (`GODEBUG=rsa1024min`).
    #[must_use]
    pub const fn refuses_short_rsa_keys(self) -> bool {
        self.since(24) && self.language >= 24
    }

    /// Go 1.24 checks an RSA public key before it verifies with it: even
    /// moduli and even exponents are errors of their own.
    #[must_use]
    pub(crate) const fn checks_rsa_public_keys(self) -> bool {
        self.since(24)
    }

    /// Go 1.24 keeps the CRT values of an RSA key and checks them; before,
    /// they were ignored (`GODEBUG=x509rsacrt`).
    #[must_use]
    pub(crate) const fn checks_rsa_crt_values(self) -> bool {
        self.since(24)
    }

    /// Go 1.23 refuses `*` alone as a host name pattern.
    #[must_use]
    pub(crate) const fn refuses_lone_star(self) -> bool {
        self.since(23)
    }

    /// Up to Go 1.16 a certificate without SAN names the `GODEBUG` setting
    /// that lets the common name count.
    #[must_use]
    pub(crate) const fn names_the_common_name_override(self) -> bool {
        !self.since(17)
    }

    /// Go 1.24.11 and 1.25.5 (CVE-2025-61729) only count the names in the
    /// error text when there are a hundred or more.
    #[must_use]
    pub(crate) fn counts_many_names(self) -> bool {
        self.since_patch(26, &[(24, 11), (25, 5)])
    }

    /// Go 1.27 reads a host with `netip.ParseAddr`, which admits a zone, and
    /// writes the address back in its short form.
    #[must_use]
    pub(crate) const fn reads_scoped_addresses(self) -> bool {
        self.since(27)
    }

    /// Up to Go 1.16 the old "server gated crypto" usages count as serverAuth.
    #[must_use]
    pub(crate) const fn accepts_server_gated_crypto(self) -> bool {
        !self.since(17)
    }

    /// Since Go 1.17 a candidate is skipped when its name, key and SAN are in
    /// the chain already; before, only the very same certificate was.
    #[must_use]
    pub(crate) const fn skips_same_entity(self) -> bool {
        self.since(17)
    }

    /// Since Go 1.26 skipped candidates count as signature checks, and the
    /// search ends at once when the limit is reached.
    #[must_use]
    pub(crate) const fn counts_skipped_candidates(self) -> bool {
        self.since(26)
    }

    /// Since Go 1.21 a candidate that is not valid (expired, say) is named
    /// as the hint of "signed by unknown authority".
    #[must_use]
    pub(crate) const fn hints_at_invalid_candidates(self) -> bool {
        self.since(21)
    }

    /// Candidates for the issuer are sorted by key identifiers since Go 1.16;
    /// before, a matching identifier was the only way when there was one.
    #[must_use]
    pub(crate) const fn sorts_candidates_by_key_identifier(self) -> bool {
        self.since(16)
    }

    /// Since Go 1.26 name constraints are checked once for the whole chain,
    /// after it was built (`constraints.go`); before, for each CA while
    /// building. A refused URI stands in the message as `URL.String` writes
    /// it since then; before, as the certificate has it.
    #[must_use]
    pub(crate) const fn checks_name_constraints_last(self) -> bool {
        self.since(26)
    }

    /// Go 1.20 and 1.21 began to hold all certificates below a constrained CA
    /// to its constraints; Go 1.17 to 1.19 only the leaf and the CA itself,
    /// Go 1.16 and older only the leaf.
    #[must_use]
    pub(crate) const fn name_constraint_scope(self) -> NameConstraintScope {
        if self.since(20) {
            NameConstraintScope::Chain
        } else if self.since(17) {
            NameConstraintScope::LeafAndAuthority
        } else {
            NameConstraintScope::Leaf
        }
    }

    /// Certificate policies are processed since Go 1.24.
    #[must_use]
    pub(crate) const fn processes_policies(self) -> bool {
        self.since(24)
    }

    /// Since Go 1.24 policy constraints, policy mappings and inhibitAnyPolicy
    /// are parsed, so that a critical one is no unknown extension.
    #[must_use]
    pub(crate) const fn parses_policy_extensions(self) -> bool {
        self.since(24)
    }

    /// Since Go 1.23 a critical authority or subject key identifier, or
    /// authority information access, is refused.
    #[must_use]
    pub(crate) const fn refuses_critical_key_identifiers(self) -> bool {
        self.since(23)
    }

    /// Go 1.19 and older end three texts about basic constraints with a
    /// letter.
    #[must_use]
    pub(crate) const fn letters_basic_constraints(self) -> bool {
        !self.since(20)
    }

    /// Since Go 1.23 the text about a doubled extension names it.
    #[must_use]
    pub(crate) const fn names_the_doubled_extension(self) -> bool {
        self.since(23)
    }

    /// Since Go 1.27 an attribute value of a name may be of any type, not
    /// just a string.
    #[must_use]
    pub(crate) const fn reads_any_attribute_value(self) -> bool {
        self.since(27)
    }

    /// Since Go 1.25 `BMPStrings` with surrogates and reserved code points are
    /// refused, and `T61Strings` are read as Latin-1.
    #[must_use]
    pub(crate) const fn reads_strings_strictly(self) -> bool {
        self.since(25)
    }

    /// Since Go 1.27 an IPv4-mapped IPv6 address in a SAN or a name
    /// constraint is refused.
    #[must_use]
    pub(crate) const fn refuses_mapped_addresses(self) -> bool {
        self.since(27)
    }

    /// Since Go 1.26 `crypto/ecdsa` reads the points of elliptic curve keys,
    /// with texts of its own.
    #[must_use]
    pub(crate) const fn parses_points_by_ecdsa(self) -> bool {
        self.since(26)
    }

    /// Go 1.27 tries PKCS#8 first and appends its complaint when no private
    /// key can be read.
    #[must_use]
    pub(crate) const fn explains_private_keys(self) -> bool {
        self.since(27)
    }

    /// X25519 keys are read, not skipped, since Go 1.21.
    #[must_use]
    pub(crate) const fn reads_x25519_keys(self) -> bool {
        self.since(21)
    }

    /// Since Go 1.25 a negative path length is an invalid basic constraint.
    #[must_use]
    pub(crate) const fn refuses_negative_path_lengths(self) -> bool {
        self.since(25)
    }

    /// Since Go 1.24.8 and 1.25.2 (CVE-2025-58187) names in SANs and
    /// constraints are scanned by `domainNameValid`.
    #[must_use]
    pub(crate) fn scans_domain_names(self) -> bool {
        self.since_patch(26, &[(24, 8), (25, 2)])
    }

    /// Since Go 1.23 a domain with an empty first label (`.example.com`) is
    /// no domain.
    #[must_use]
    pub(crate) const fn refuses_leading_dots(self) -> bool {
        self.since(23)
    }

    /// Since Go 1.25 keys are the same when their encodings are; before, when
    /// their values are.
    #[must_use]
    pub(crate) const fn compares_encoded_keys(self) -> bool {
        self.since(25)
    }

    /// Since Go 1.24 `encoding/json` names embedded structures in the path of a
    /// field with a wrong type.
    #[must_use]
    pub const fn names_embedded_structures(self) -> bool {
        self.since(24)
    }

    /// Go 1.26 (measured: 1.26.4, not 1.24.0) adds what the client offered to
    /// the complaint about cipher suites.
    #[must_use]
    pub const fn lists_offered_cipher_suites(self) -> bool {
        self.since(26)
    }

    /// Since Go 1.26 `tls.X509KeyPair` compares an RSA key's exponent too, not
    /// just its modulus (measured: not in 1.24.0, but in 1.26.4).
    #[must_use]
    pub(crate) const fn compares_whole_keys(self) -> bool {
        self.since(26)
    }

    /// Go 1.24.8 and 1.25.2 (CVE-2025-47912) take only an IPv6 address in the
    /// brackets of a URL; before, anything, `[v1.fe]` included (measured on 1.24.7,
    /// 1.24.8, 1.25.1 and 1.25.2).
    pub(crate) fn checks_address_literals(self) -> bool {
        self.since_patch(26, &[(24, 8), (25, 2)])
    }

    /// Go 1.24.10 and 1.25.4 take an IPv4 address mapped into IPv6 in brackets again,
    /// which the two releases before refused, with other words for any IPv4 address
    /// (measured on 1.24.9, 1.24.10, 1.25.3 and 1.25.4).
    pub(crate) fn refuses_mapped_address_literals(self) -> bool {
        self.checks_address_literals() && !self.since_patch(26, &[(24, 10), (25, 4)])
    }

    /// Go 1.25.8 and 1.26.1 (CVE-2026-25679) take brackets only at the begin
    /// of a URL's host; before, what stood in front of them was lost.
    pub(crate) fn refuses_inner_brackets(self) -> bool {
        self.since_patch(27, &[(25, 8), (26, 1)])
    }

    /// Go 1.26 refuses a second colon in the host of a URL, unless the `go`
    /// line is older (`GODEBUG=urlstrictcolons`); since 1.26.2 only after
    /// `http` and `https`, before only not after `postgres`.
    pub(crate) fn refuses_two_ports(self, scheme: &str) -> bool {
        let concerned = if self.since_patch(27, &[(26, 2)]) {
            matches!(scheme, "http" | "https")
        } else {
            !matches!(scheme, "postgres" | "postgresql")
        };
        self.since(26) && self.language >= 26 && concerned
    }

    /// Go 1.22.11, 1.23.5 and 1.24 (CVE-2024-45341) know an IPv6 address with
    /// a zone as an address, which no URI constraint can be about (measured on
    /// 1.22.10, 1.22.11, 1.23.4 and 1.23.5, with a port behind it).
    pub(crate) fn knows_scoped_addresses_in_uris(self) -> bool {
        self.since_patch(24, &[(22, 11), (23, 5)])
    }

    /// Since Go 1.24.11 and 1.25.5 (CVE-2025-61727) an excluded
    /// `a.example.com` excludes `*.example.com` too.
    pub(crate) fn excludes_wildcards(self) -> bool {
        self.since_patch(26, &[(24, 11), (25, 5)])
    }

    /// Go 1.24.4 (CVE-2025-22874) looks at the policies of a chain before its
    /// usages, and Go 1.24 and 1.25 have words of their own when no chain is
    /// left.
    pub(crate) fn judges_policies_first(self) -> bool {
        self.since_patch(25, &[(24, 4)])
    }

    /// Go 1.27 reads ML-DSA keys and verifies their signatures (FIPS 204,
    /// RFC 9881); before, it knew neither. Private keys are read as a seed
    /// only, and TLS 1.2 has no signature scheme for them.
    #[must_use]
    pub const fn knows_ml_dsa(self) -> bool {
        self.since(27)
    }

    /// Go 1.27 knows eight keys that no chain may contain.
    pub(crate) const fn distrusts_some_keys(self) -> bool {
        self.since(27)
    }

    /// Go 1.27 masks the address of a constraint before it compares.
    #[must_use]
    pub(crate) const fn masks_constraint_addresses(self) -> bool {
        self.since(27)
    }

    /// Go 1.27 refuses mail addresses with an `@` in the domain.
    #[must_use]
    pub(crate) const fn refuses_second_at_sign(self) -> bool {
        self.since(27)
    }
}

/// Whose names a CA's name constraints are applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameConstraintScope {
    /// The leaf only.
    Leaf,
    /// The leaf, and the CA with the constraints.
    LeafAndAuthority,
    /// Every certificate below the CA.
    Chain,
}
