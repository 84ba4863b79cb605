//! Chain building and verification (`crypto/x509` verify.go, `Verify`,
//! `buildChains`, `isValid`): which trust anchor a certificate leads to, or
//! why none. Time, trust anchors and intermediates are arguments.

use std::error::Error;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::certificate::{Certificate, ExtendedKeyUsage, KEY_CERT_SIGN};
use crate::hostname::{self, HostnameError};
use crate::name_constraint_error::NameConstraintError;
use crate::name_constraints;
use crate::policy;
use crate::pool::CertificatePool;
use crate::public_key::PublicKeyAlgorithm;
use crate::quote::{hexadecimal, quote};
use crate::signature::{self, SignatureError};
use crate::time::Time;
use crate::version::GoBuild;

/// At most so many signatures are checked in one verification
/// (`maxChainSignatureChecks`).
const MOST_SIGNATURE_CHECKS: usize = 100;

/// What a certificate is checked against.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions<'a> {
    /// The trust anchors.
    pub roots: &'a CertificatePool,
    /// What the other side sent along.
    pub intermediates: &'a CertificatePool,
    /// The host that was asked for, if that matters.
    pub host: Option<&'a str>,
    /// The use that the chain must allow.
    pub usage: ExtendedKeyUsage,
    /// The time.
    pub now: Time,
}

/// Why a certificate was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// An extension marked critical is none that Go processes.
    UnhandledCriticalExtension {
        /// The contents of their object identifiers.
        identifiers: Vec<Vec<u8>>,
    },
    /// It begins later.
    NotYetValid {
        /// The time of the check.
        now: Time,
        /// The certificate's notBefore.
        not_before: Time,
    },
    /// It has ended.
    Expired {
        /// The time of the check.
        now: Time,
        /// The certificate's notAfter.
        not_after: Time,
    },
    /// It is for other hosts.
    Hostname(HostnameError),
    /// An intermediate is no CA.
    NotAuthorizedToSign,
    /// The chain is longer than a CA allows.
    TooManyIntermediates {
        /// The CA's path length constraint.
        limit: i64,
        /// CA certificates between it and the leaf.
        found: usize,
    },
    /// The chain does not allow the use: the leaf or a CA above it lists
    /// other extended key usages.
    IncompatibleUsage {
        /// The use that was wanted.
        wanted: ExtendedKeyUsage,
    },
    /// A CA's name constraints.
    NameConstraints(NameConstraintError),
    /// No trust anchor is the issuer.
    UnknownAuthority {
        /// The first candidate that failed, and why.
        hint: Option<Box<Hint>>,
    },
    /// Policies (and perhaps usages) leave no chain: Go's detail.
    NoValidChains(String),
    /// The limit of signature checks was reached.
    SignatureLimit,
    /// A subject doesn't match the issuer of the certificate below (only
    /// possible where key identifiers find candidates, up to Go 1.15).
    NameMismatch,
}

/// A candidate issuer that was tried in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Why it isn't the issuer.
    pub reason: HintReason,
    /// What Go calls it: common name, else organization, else serial number.
    pub candidate: String,
    /// Its encoding.
    pub raw: Vec<u8>,
}

/// Why a candidate issuer was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HintReason {
    /// Its basic constraints or key usage don't let it sign.
    #[error("x509: invalid signature: parent certificate cannot sign this kind of certificate")]
    CannotSign,
    /// Its key is of a kind that Go doesn't know.
    #[error("x509: cannot verify signature: algorithm unimplemented")]
    UnsupportedKey,
    /// The signature doesn't fit its key.
    #[error(transparent)]
    Signature(SignatureError),
    /// It is not valid itself (since Go 1.21).
    #[error(transparent)]
    Invalid(VerifyError),
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnhandledCriticalExtension { .. } => {
                formatter.write_str("x509: unhandled critical extension")
            }
            Self::NotYetValid { now, not_before } => write!(
                formatter,
                "x509: certificate has expired or is not yet valid: current time {} is before {}",
                now.rfc3339(),
                not_before.rfc3339()
            ),
            Self::Expired { now, not_after } => write!(
                formatter,
                "x509: certificate has expired or is not yet valid: current time {} is after {}",
                now.rfc3339(),
                not_after.rfc3339()
            ),
            Self::Hostname(error) => error.fmt(formatter),
            Self::NotAuthorizedToSign => formatter
                .write_str("x509: certificate is not authorized to sign other certificates"),
            Self::TooManyIntermediates { .. } => {
                formatter.write_str("x509: too many intermediates for path length constraint")
            }
            Self::IncompatibleUsage { .. } => {
                formatter.write_str("x509: certificate specifies an incompatible key usage")
            }
            Self::NameConstraints(error) => error.fmt(formatter),
            Self::UnknownAuthority { hint } => {
                formatter.write_str("x509: certificate signed by unknown authority")?;
                match hint {
                    Some(hint) => write!(
                        formatter,
                        " (possibly because of {} while trying to verify candidate authority certificate {})",
                        quote(&hint.reason.to_string()),
                        quote(&hint.candidate)
                    ),
                    None => Ok(()),
                }
            }
            Self::NoValidChains(detail) if detail.is_empty() => {
                formatter.write_str("x509: no valid chains built")
            }
            Self::NoValidChains(detail) => {
                write!(formatter, "x509: no valid chains built: {detail}")
            }
            Self::SignatureLimit => formatter.write_str(
                "x509: signature check attempts limit reached while verifying certificate chain",
            ),
            Self::NameMismatch => formatter
                .write_str("x509: issuer name does not match subject from issuing certificate"),
        }
    }
}

impl Error for VerifyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Hostname(error) => Some(error),
            Self::NameConstraints(error) => Some(error),
            Self::UnknownAuthority { hint: Some(hint) } => Some(&hint.reason),
            _ => None,
        }
    }
}

/// A refusal, and the certificate that it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// Why.
    #[source]
    pub reason: VerifyError,
    /// The encoding of the certificate at fault.
    pub certificate: Vec<u8>,
}

fn refusal(reason: VerifyError, certificate: &Certificate) -> Refusal {
    Refusal {
        reason,
        certificate: certificate.raw.clone(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Leaf,
    Intermediate,
    Root,
}

/// `(*Certificate).Verify`: all chains, each from the leaf to a trust anchor.
///
/// # Errors
///
/// See [`VerifyError`].
pub fn verify<'a>(
    leaf: &'a Certificate,
    options: &VerifyOptions<'a>,
    go: GoBuild,
) -> Result<Vec<Vec<&'a Certificate>>, Refusal> {
    is_valid(leaf, Role::Leaf, &[], options, go)?;
    if let Some(host) = options.host.filter(|host| !host.is_empty()) {
        hostname::verify(leaf, host, go)
            .map_err(|error| refusal(VerifyError::Hostname(error), leaf))?;
    }
    let candidates = if options.roots.contains(leaf) {
        vec![vec![leaf]]
    } else {
        let mut search = Search {
            options,
            go,
            signature_checks: 0,
            stopped: false,
        };
        search.build(leaf, &[leaf])?
    };
    judge(leaf, candidates, options, go)
}

/// The checks of whole chains: usage, policies, and since Go 1.26 names.
fn judge<'a>(
    leaf: &Certificate,
    candidates: Vec<Vec<&'a Certificate>>,
    options: &VerifyOptions<'_>,
    go: GoBuild,
) -> Result<Vec<Vec<&'a Certificate>>, Refusal> {
    let mut chains = Vec::new();
    let (mut wrong_usage, mut wrong_policies) = (0, 0);
    let mut usage_fault = None;
    let mut name_fault = None;
    for chain in candidates {
        let usage = usage_obstacle(&chain, options.usage, go);
        let policies = !go.processes_policies() || policy::are_valid(&chain);
        if !policies && (go.judges_policies_first() || usage.is_none()) {
            wrong_policies += 1;
            continue;
        }
        if let Some(certificate) = usage {
            wrong_usage += 1;
            usage_fault.get_or_insert(certificate);
            continue;
        }
        if go.checks_name_constraints_last()
            && let Err(reason) = name_constraints::check_chain(&chain, go)
        {
            name_fault.get_or_insert(reason);
            continue;
        }
        if go.distrusts_some_keys() && chain.iter().any(|certificate| is_distrusted(certificate)) {
            continue;
        }
        chains.push(chain);
    }
    if !chains.is_empty() {
        return Ok(chains);
    }
    if let Some(reason) = name_fault {
        let error = NameConstraintError::NotAuthorized(reason);
        return Err(refusal(VerifyError::NameConstraints(error), leaf));
    }
    let by_policies_alone = wrong_policies > 0 && wrong_usage == 0;
    if by_policies_alone && go.judges_policies_first() && !go.checks_name_constraints_last() {
        let detail = "all candidate chains have invalid policies".to_owned();
        return Err(refusal(VerifyError::NoValidChains(detail), leaf));
    }
    let word = if go.checks_name_constraints_last() {
        "candidate chains"
    } else {
        "chains"
    };
    let mut details = Vec::new();
    if wrong_usage > 0 {
        if wrong_policies == 0 {
            let reason = VerifyError::IncompatibleUsage {
                wanted: options.usage,
            };
            return Err(refusal(reason, usage_fault.unwrap_or(leaf)));
        }
        details.push(format!("{wrong_usage} {word} with incompatible key usage"));
    }
    if wrong_policies > 0 {
        details.push(format!("{wrong_policies} {word} with invalid policies"));
    }
    Err(refusal(
        VerifyError::NoValidChains(details.join(", ")),
        leaf,
    ))
}

/// `containsDistrustedSPKIHash`: the SHA-256 of the subject public key info of
/// certificates that were made against the rules of their authorities.
fn is_distrusted(certificate: &Certificate) -> bool {
    const DISTRUSTED: [&str; 8] = [
        "ebed6475c2c2d80fcb199f3fe8dd6e6b3ce60b77eb15d4e42c3dec0c6f5b5105",
        "49dd353dc2b919a3770645117d0e60c16115e7d1bc259eefe734b00ea434fe5f",
        "e0254c7fcdc265e2f0f8a428dabb75ab4ae039b4872d62f5ee57f0877d5a8a41",
        "5c0660a2b164910d8ff589c18e14552e9e0ec237dcefe2cb736d41a4811f81a0",
        "43bffa19d6ef651451f6841e019931e96f6f2eaeff28ab4b6f1ce4576de2717b",
        "63ecefee431d49523bc1136c4e72d0206a477086caf606cd5cf025686c109cf8",
        "ec4ffa1ad0ac88081314b7aaffef6a91f97cd57291bb5ba686c5415f5eb4f6b6",
        "92c063d67e8f14db71d288e11266ffdaf69cbf115f7bab14f3bc2f68d25e0e30",
    ];
    let hash = hexadecimal(&Sha256::digest(&certificate.raw_public_key));
    DISTRUSTED.contains(&hash.as_str())
}

/// `checkChainForKeyUsage`: the certificate that doesn't allow the use, from
/// the trust anchor down.
fn usage_obstacle<'a>(
    chain: &[&'a Certificate],
    wanted: ExtendedKeyUsage,
    go: GoBuild,
) -> Option<&'a Certificate> {
    chain.iter().rev().copied().find(|certificate| {
        let usages = &certificate.extended_key_usages;
        let allows = |usage: &ExtendedKeyUsage| {
            *usage == ExtendedKeyUsage::Any
                || *usage == wanted
                || go.accepts_server_gated_crypto()
                    && wanted == ExtendedKeyUsage::ServerAuth
                    && *usage == ExtendedKeyUsage::ServerGatedCrypto
        };
        !usages.is_empty() && !usages.iter().any(allows)
    })
}

/// `isValid`
fn is_valid(
    certificate: &Certificate,
    role: Role,
    chain: &[&Certificate],
    options: &VerifyOptions<'_>,
    go: GoBuild,
) -> Result<(), Refusal> {
    let refused = |reason| Err(refusal(reason, certificate));
    if !certificate.unhandled_critical_extensions.is_empty() {
        let identifiers = certificate.unhandled_critical_extensions.clone();
        return refused(VerifyError::UnhandledCriticalExtension { identifiers });
    }
    if chain
        .last()
        .is_some_and(|child| child.issuer.raw != certificate.subject.raw)
    {
        return refused(VerifyError::NameMismatch);
    }
    let now = options.now;
    if now.instant < certificate.not_before.instant {
        return refused(VerifyError::NotYetValid {
            now,
            not_before: certificate.not_before,
        });
    }
    if now.instant > certificate.not_after.instant {
        return refused(VerifyError::Expired {
            now,
            not_after: certificate.not_after,
        });
    }
    if role != Role::Leaf
        && !go.checks_name_constraints_last()
        && let Err(error) = name_constraints::check_while_building(certificate, chain, go)
    {
        return refused(VerifyError::NameConstraints(error));
    }
    if role == Role::Intermediate
        && !(certificate.basic_constraints_valid && certificate.is_authority)
    {
        return refused(VerifyError::NotAuthorizedToSign);
    }
    if certificate.basic_constraints_valid && certificate.max_path_length >= 0 {
        let found = chain.len().saturating_sub(1);
        let limit = certificate.max_path_length;
        // A leaf has no chain yet; Go counts -1 there.
        if !chain.is_empty() && i64::try_from(found).unwrap_or(i64::MAX) > limit {
            return refused(VerifyError::TooManyIntermediates { limit, found });
        }
    }
    Ok(())
}

/// `CheckSignatureFrom`
fn check_signature(
    child: &Certificate,
    parent: &Certificate,
    go: GoBuild,
) -> Result<(), HintReason> {
    let no_authority = parent.version == 3 && !parent.basic_constraints_valid
        || parent.basic_constraints_valid && !parent.is_authority;
    if no_authority || parent.key_usage != 0 && parent.key_usage & KEY_CERT_SIGN == 0 {
        return Err(HintReason::CannotSign);
    }
    let Some(key) = &parent.public_key else {
        return Err(HintReason::UnsupportedKey);
    };
    if parent.public_key_algorithm == PublicKeyAlgorithm::Unknown {
        return Err(HintReason::UnsupportedKey);
    }
    signature::verify(
        child.signature_algorithm,
        &child.raw_to_be_signed,
        &child.signature,
        key,
        go,
    )
    .map_err(HintReason::Signature)
}

/// The name that Go gives a candidate in its hint.
fn candidate_name(certificate: &Certificate) -> String {
    let subject = &certificate.subject;
    if !subject.common_name.is_empty() {
        subject.common_name.clone()
    } else if let Some(organization) = subject.organizations.first() {
        organization.clone()
    } else {
        format!("serial:{}", certificate.serial_number_text())
    }
}

/// `alreadyInChain`: the same subject, key and SAN; up to Go 1.16 the very
/// same certificate.
fn is_in_chain(candidate: &Certificate, chain: &[&Certificate], go: GoBuild) -> bool {
    if !go.skips_same_entity() {
        return chain
            .iter()
            .any(|certificate| certificate.raw == candidate.raw);
    }
    let wanted = candidate.subject_alternative_name();
    for certificate in chain {
        let same_key = if go.compares_encoded_keys() {
            candidate.raw_public_key == certificate.raw_public_key
        } else {
            candidate.public_key == certificate.public_key
        };
        if candidate.subject.raw != certificate.subject.raw || !same_key {
            continue;
        }
        match (wanted, certificate.subject_alternative_name()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => return true,
            (Some(_), Some(_)) => {}
            _ => return false,
        }
    }
    false
}

/// The state of one search for chains.
struct Search<'a, 'b> {
    options: &'b VerifyOptions<'a>,
    go: GoBuild,
    signature_checks: usize,
    stopped: bool,
}

impl<'a> Search<'a, '_> {
    /// `buildChains`
    fn build(
        &mut self,
        certificate: &'a Certificate,
        chain: &[&'a Certificate],
    ) -> Result<Vec<Vec<&'a Certificate>>, Refusal> {
        let mut found = Found {
            chains: Vec::new(),
            error: None,
            hint: None,
        };
        for (role, pool) in [
            (Role::Root, self.options.roots),
            (Role::Intermediate, self.options.intermediates),
        ] {
            for candidate in pool.potential_parents(certificate, self.go) {
                self.consider(certificate, candidate, role, chain, &mut found);
                if self.stopped && self.go.counts_skipped_candidates() {
                    break;
                }
            }
        }
        if !found.chains.is_empty() {
            return Ok(found.chains);
        }
        let unknown = VerifyError::UnknownAuthority { hint: found.hint };
        Err(found.error.unwrap_or_else(|| refusal(unknown, certificate)))
    }

    /// `considerCandidate`
    fn consider(
        &mut self,
        certificate: &'a Certificate,
        candidate: &'a Certificate,
        role: Role,
        chain: &[&'a Certificate],
        found: &mut Found<'a>,
    ) {
        let go = self.go;
        // Go 1.26 counts before it skips, older Go after.
        let skipped = |candidate: &Certificate| {
            candidate.public_key.is_none() && go.hints_at_invalid_candidates()
                || is_in_chain(candidate, chain, go)
        };
        if !go.counts_skipped_candidates() && skipped(candidate) {
            return;
        }
        self.signature_checks += 1;
        if self.signature_checks > MOST_SIGNATURE_CHECKS {
            self.stopped = true;
            found.error = Some(refusal(VerifyError::SignatureLimit, certificate));
            return;
        }
        if go.counts_skipped_candidates() && skipped(candidate) {
            return;
        }
        let remember = |hint: &mut Option<Box<Hint>>, reason| {
            hint.get_or_insert_with(|| {
                let raw = candidate.raw.clone();
                Box::new(Hint {
                    reason,
                    candidate: candidate_name(candidate),
                    raw,
                })
            });
        };
        if let Err(reason) = check_signature(certificate, candidate, go) {
            remember(&mut found.hint, reason);
            return;
        }
        if let Err(error) = is_valid(candidate, role, chain, self.options, go) {
            if go.hints_at_invalid_candidates() {
                remember(&mut found.hint, HintReason::Invalid(error.reason.clone()));
            }
            found.error = Some(error);
            return;
        }
        found.error = None;
        let longer: Vec<&'a Certificate> = chain.iter().copied().chain([candidate]).collect();
        if role == Role::Root {
            found.chains.push(longer);
            return;
        }
        match self.build(candidate, &longer) {
            Ok(chains) => found.chains.extend(chains),
            Err(error) => found.error = Some(error),
        }
    }
}

/// What a search has found so far for one certificate.
struct Found<'a> {
    chains: Vec<Vec<&'a Certificate>>,
    error: Option<Refusal>,
    hint: Option<Box<Hint>>,
}
