//! A set of certificates to build chains from (`crypto/x509` `cert_pool.go`).

use crate::certificate::Certificate;
use crate::version::GoBuild;

/// Trust anchors or intermediates.
#[derive(Clone, Debug, Default)]
pub struct CertificatePool {
    certificates: Vec<Certificate>,
}

impl CertificatePool {
    /// Adds a certificate, unless the very same one is there.
    pub fn add(&mut self, certificate: Certificate) {
        if !self.contains(&certificate) {
            self.certificates.push(certificate);
        }
    }

    /// Whether the very same certificate is there.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.certificates
            .iter()
            .any(|known| known.raw == certificate.raw)
    }

    /// The certificates, in the order they came in.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// `findPotentialParents`: those whose subject is the issuer of
    /// `certificate`, best match of the key identifiers first.
    #[must_use]
    pub(crate) fn potential_parents(
        &self,
        certificate: &Certificate,
        go: GoBuild,
    ) -> Vec<&Certificate> {
        let wanted = &certificate.authority_key_identifier;
        if !go.sorts_candidates_by_key_identifier() {
            let by_key: Vec<_> = self
                .certificates
                .iter()
                .filter(|candidate| {
                    !wanted.is_empty() && candidate.subject_key_identifier == *wanted
                })
                .collect();
            if !by_key.is_empty() {
                return by_key;
            }
        }
        let mut candidates: Vec<_> = self
            .certificates
            .iter()
            .filter(|candidate| candidate.subject.raw == certificate.issuer.raw)
            .collect();
        if go.sorts_candidates_by_key_identifier() {
            candidates.sort_by_key(|candidate| {
                let known = &candidate.subject_key_identifier;
                if known == wanted {
                    0
                } else if known.is_empty() != wanted.is_empty() {
                    1
                } else {
                    2
                }
            });
        }
        candidates
    }
}
