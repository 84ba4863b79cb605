//! A chain of certificates in the order in which TLS servers send it and etcd
//! reads it: each signed by the one behind it. It says nothing about trust,
//! dates or usages; an [`Authority`](super::authority) checks those.

use super::{
    certificate::{Certificate, CertificateError, SignedByError},
    name::openssl_spelling,
    pem::{self, PemError},
};

/// The longest chain that is read, as Go's and OpenSSL's limits are near 10 and
/// 100.
pub const MAXIMUM_LENGTH: usize = 16;

/// One certificate or more, each signed by the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    first: Certificate,
    above: Vec<Certificate>,
}

/// Why certificates are no chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A certificate can't be read.
    #[error("certificate {position}: {error}")]
    Certificate {
        /// Its place, counted from 1.
        position: usize,
        /// What is wrong with it.
        #[source]
        error: CertificateError,
    },
    /// The text holds no certificates, or something else besides.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// More than [`MAXIMUM_LENGTH`].
    #[error(
        "{length} certificates are no chain; give the certificate and those above it, at most {MAXIMUM_LENGTH}"
    )]
    TooLong {
        /// How many there are.
        length: usize,
    },
    /// A chain from the root down.
    #[error(
        "this chain begins with its root; turn it around: first the certificate itself, then the one that signed it, and so on"
    )]
    Backwards,
    /// One is followed by another than its issuer.
    #[error(
        "certificate {position} ({subject}) was issued by {issuer}, but {follower} follows; put each certificate before the one that signed it"
    )]
    Disordered {
        /// The place of the first of the two, counted from 1.
        position: usize,
        /// Its subject, in OpenSSL's spelling.
        subject: String,
        /// The issuer it names.
        issuer: String,
        /// The subject of what follows.
        follower: String,
    },
    /// One names the next as its issuer, and was not signed with that key.
    #[error("certificate {position} ({subject}): {error}")]
    Signature {
        /// Its place, counted from 1.
        position: usize,
        /// Its subject.
        subject: String,
        /// What is wrong.
        #[source]
        error: Box<SignedByError>,
    },
}

impl From<Certificate> for Chain {
    /// A chain of one.
    fn from(first: Certificate) -> Self {
        Self {
            first,
            above: Vec::new(),
        }
    }
}

impl Chain {
    /// Reads every certificate of a PEM text, in its order.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, with a certificate, or with the order.
    pub fn from_pem(text: &str) -> Result<Self, ChainError> {
        let blocks = pem::several(text, "a certificate", &["CERTIFICATE"])?;
        if blocks.len() > MAXIMUM_LENGTH {
            return Err(ChainError::TooLong {
                length: blocks.len(),
            });
        }
        let certificates = blocks
            .iter()
            .enumerate()
            .map(|(index, block)| {
                Certificate::from_der(&block.der).map_err(|error| ChainError::Certificate {
                    position: index + 1,
                    error,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut certificates = certificates.into_iter();
        let first = certificates
            .next()
            .ok_or(ChainError::Pem(PemError::NotPem))?;
        Self::new(first, certificates.collect())
    }

    /// Puts certificates into a chain: the first, and those above it.
    ///
    /// # Errors
    ///
    /// If one is not followed by its issuer, by name (byte for byte, as Go
    /// compares) and by signature.
    pub fn new(first: Certificate, above: Vec<Certificate>) -> Result<Self, ChainError> {
        let chain = Self { first, above };
        let certificates: Vec<_> = chain.certificates().collect();
        for (index, pair) in certificates.windows(2).enumerate() {
            let [certificate, follower] = pair else {
                continue;
            };
            let position = index + 1;
            let subject = openssl_spelling(certificate.subject());
            match certificate.check_signed_by(follower) {
                Ok(()) => {}
                Err(SignedByError::OtherIssuer { issuer, candidate }) => {
                    let backwards = certificates.windows(2).all(|pair| match pair {
                        [one, next] => next.issuer() == one.subject(),
                        _ => false,
                    });
                    return Err(if backwards {
                        ChainError::Backwards
                    } else {
                        ChainError::Disordered {
                            position,
                            subject,
                            issuer,
                            follower: candidate,
                        }
                    });
                }
                Err(error) => {
                    return Err(ChainError::Signature {
                        position,
                        subject,
                        error: Box::new(error),
                    });
                }
            }
        }
        Ok(chain)
    }

    /// The certificate that the chain is of.
    #[must_use]
    pub fn first(&self) -> &Certificate {
        &self.first
    }

    /// Those above it, the nearest first.
    #[must_use]
    pub fn above(&self) -> &[Certificate] {
        &self.above
    }

    /// All, in order.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.first).chain(&self.above)
    }

    /// A longer chain: a certificate that this chain's first has signed, in
    /// front of it.
    pub(super) fn below(&self, certificate: Certificate) -> Self {
        Self {
            first: certificate,
            above: self.certificates().cloned().collect(),
        }
    }

    /// All of it, in order, as PEM.
    ///
    /// # Errors
    ///
    /// Only if the encoder fails, which no certificate makes it do.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        self.certificates().map(Certificate::to_pem).collect()
    }
}
