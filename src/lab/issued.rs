//! What was issued: a [`Lab`], its CAs and its certificates, as PEM and with the
//! facts that are shown of them, which are read once, out of the certificates.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    job::revoke::Revoked,
    secret::{PemPair, Secret},
};
use crate::{
    etcd::{
        deployment::{Deployment, Recipient},
        facts::release::{EtcdBuild, Series},
        plan::{
            AuthoritySource, CheckedIdentity, CheckedPlan, ExistingAuthorities, ExistingAuthority,
            Plan,
        },
        role::Role,
        telling::elsewhere,
    },
    pki::{
        certificate::{Certificate, CertificateError},
        chain::{Chain, ChainError},
        name::{common_name, openssl_spelling},
        name_constraint::NameConstraints,
        purposes::Purposes,
        validity::Validity,
    },
};

/// What was issued: the files, and the plan they were issued for.
#[derive(Clone)]
pub struct Lab {
    pub(super) plan: Plan,
    pub(super) checked: CheckedPlan,
    pub(super) made: Timestamp,
    /// As many as the checked plan has, in its order.
    pub(super) authorities: Vec<IssuedAuthority>,
    /// As many as the checked plan has, in its order.
    pub(super) identities: Vec<IssuedIdentity>,
    /// The CRL that its members are started with.
    pub(super) revocation_list: Option<Revoked>,
}

impl Lab {
    /// The plan that this was issued for.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// When it was made.
    #[must_use]
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// The CA: the root of the servers' certificates, or the one that was
    /// brought along.
    #[must_use]
    pub fn authority(&self) -> &IssuedAuthority {
        // A checked plan has one always.
        &self.authorities[0]
    }

    /// All authorities with the stems of their files, each behind the one that
    /// signed it.
    pub fn authorities(&self) -> impl Iterator<Item = (&str, &IssuedAuthority)> {
        let stems = self.checked.authorities.iter();
        stems
            .map(|authority| authority.path.as_str())
            .zip(&self.authorities)
    }

    /// The place of the authority that signed an authority or an identity.
    #[must_use]
    pub fn issuer_of_authority(&self, authority: usize) -> Option<usize> {
        self.checked.authorities.get(authority)?.issuer
    }

    /// The place among [`Self::authorities`] of an identity's issuer.
    #[must_use]
    pub fn issuer_of_identity(&self, identity: usize) -> usize {
        let identity = self.checked.identities.get(identity);
        identity.map_or(0, |identity| identity.issuer)
    }

    /// The certificates, the servers' first.
    #[must_use]
    pub fn identities(&self) -> &[IssuedIdentity] {
        &self.identities
    }

    /// The plan that this was issued for, every field read.
    #[must_use]
    pub fn checked(&self) -> &CheckedPlan {
        &self.checked
    }

    /// Whether the CA was brought along. Its key is then not among the files:
    /// its owner has it.
    #[must_use]
    pub fn authority_was_brought(&self) -> bool {
        self.plan.authority.source == AuthoritySource::Bring
    }

    /// A certificate as etcd's `--cert-file` wants it: followed by those above
    /// it, but for the last, which whoever checks it has.
    #[must_use]
    pub fn chain(&self, identity: usize) -> String {
        let Some(leaf) = self.identities.get(identity) else {
            return String::new();
        };
        let issuer = &self.authorities[self.issuer_of_identity(identity)];
        let mut chain = leaf.certificate.clone();
        if !issuer.above.is_empty() {
            chain.push_str(&issuer.certificate);
            // The last one is the anchor.
            let last = issuer.above.rfind("-----BEGIN").unwrap_or_default();
            chain.push_str(&issuer.above[..last]);
        }
        chain
    }

    /// The CRL that the members are started with.
    #[must_use]
    pub fn revocation_list(&self) -> Option<&Revoked> {
        self.revocation_list.as_ref()
    }

    /// Where that CRL lies among the files.
    #[must_use]
    pub fn revocation_list_file(&self) -> Option<String> {
        self.revocation_list.as_ref()?;
        self.checked.revocation_list_files().into_iter().next()
    }

    /// Has the members started with a CRL, if one of these authorities signed
    /// it; says whether. Where nothing is started there is nobody to tell.
    pub fn revoke(&mut self, list: &Revoked) -> bool {
        let mut authorities = self.authorities.iter();
        let ours = authorities.any(|authority| authority.fingerprint == list.authority);
        let takes = ours && !self.deployment().members.is_empty();
        if takes {
            self.revocation_list = Some(list.clone());
        }
        takes
    }

    /// Has the members started without a CRL again.
    pub fn revoke_nothing(&mut self) {
        self.revocation_list = None;
    }

    /// What these files are for, as a deployment.
    #[must_use]
    pub fn deployment(&self) -> Deployment {
        let mut deployment = self
            .checked
            .deployment(&format!("{}.tar", self.archive_stem()));
        if self.revocation_list.is_some() {
            deployment.revoke(&self.checked.revocation_list_name());
        }
        deployment
    }

    /// The same as one recipient reads it.
    #[must_use]
    pub fn deployment_for(&self, recipient: &Recipient) -> Deployment {
        let archive = format!("{}.tar", self.archive_stem_for(recipient));
        let mut deployment = self.checked.deployment_for(recipient, &archive);
        if self.revocation_list.is_some() {
            deployment.revoke(&self.checked.revocation_list_name());
        }
        deployment
    }

    /// Everybody who gets an archive of his own.
    #[must_use]
    pub fn recipients(&self) -> Vec<Recipient> {
        self.checked.recipients()
    }

    /// The archive's name without its ending, after the CA and the beginning of its
    /// fingerprint: `KUBERNETES-CA-1a2b3c4d`. A printed line can't unpack the files
    /// of another CA.
    #[must_use]
    pub fn archive_stem(&self) -> String {
        self.authority().archive_stem()
    }

    /// The same of one recipient's archive.
    #[must_use]
    pub fn archive_stem_for(&self, recipient: &Recipient) -> String {
        format!("{}-{}", self.archive_stem(), recipient.name)
    }

    /// The authorities that a plan would go on with: those that were made here
    /// and that it still asks for in the same way.
    #[must_use]
    pub fn existing_for(&self, plan: &Plan) -> ExistingAuthorities {
        if plan.authority != self.plan.authority
            || plan.preset != self.plan.preset
            || plan.key_type != self.plan.key_type
        {
            return ExistingAuthorities::new();
        }
        self.authorities()
            .map(|(stem, authority)| (stem.to_owned(), authority.existing()))
            .collect()
    }

    /// Takes over changes of a plan that need no new certificate: the version,
    /// the host, the ports and the folders. The commands follow at once.
    ///
    /// Gives `false`, and changes nothing, if the plan asks for other
    /// certificates than these.
    pub fn follow(&mut self, plan: &Plan, checked: &CheckedPlan) -> bool {
        let same = plan.asks_for_the_same_certificates(&self.plan);
        if same {
            self.plan = plan.clone();
            self.checked = checked.clone();
        }
        same
    }
}

/// The name of an archive without its ending, after a CA's common name.
/// Whatever is not a plain letter, digit, dot, hyphen or underscore becomes an
/// underscore.
#[must_use]
pub fn archive_stem(common_name: Option<&str>) -> String {
    let plain: String = common_name
        .unwrap_or_default()
        .chars()
        .map(|character| {
            let keep = character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
            if keep { character } else { '_' }
        })
        .collect();
    let trimmed = plain.trim_matches(['.', '-', '_']);
    if trimmed.is_empty() {
        "etcd-pki".to_owned()
    } else {
        trimmed.to_owned()
    }
}

/// A CA, made here or brought along, as PEM and with the facts about it.
#[derive(Clone)]
pub struct IssuedAuthority {
    /// The certificate.
    pub certificate: String,
    /// The certificates above it, the next one first, as far as they are known.
    pub above: String,
    /// Their subjects, in OpenSSL's spelling.
    pub subjects_above: Vec<String>,
    /// The private key.
    pub key: Zeroizing<String>,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The common name, where there is one.
    pub common_name: Option<String>,
    /// The life of the certificate.
    pub validity: Validity,
    /// How many CAs may follow below it, where that is limited.
    pub path_length: Option<u8>,
    /// What it, and each CA above it, may sign for.
    pub constraints: Vec<NameConstraints>,
    /// The SHA-256 of the certificate.
    pub fingerprint: String,
    /// What the reader should know of it although etcd takes it.
    pub notices: Vec<String>,
}

impl IssuedAuthority {
    /// The name of an archive of what it signed, without its ending: its common name
    /// and the first four bytes of its SHA-256.
    #[must_use]
    pub fn archive_stem(&self) -> String {
        let short: String = self
            .fingerprint
            .chars()
            .filter(char::is_ascii_hexdigit)
            .take(8)
            .collect();
        let name = archive_stem(self.common_name.as_deref());
        format!("{name}-{}", short.to_lowercase())
    }

    /// What a plan's check needs to know of it.
    #[must_use]
    pub fn existing(&self) -> ExistingAuthority {
        ExistingAuthority {
            validity: self.validity,
            path_length: self.path_length,
            constraints: self.constraints.clone(),
        }
    }

    /// Whether its file is the same, with the certificates above it.
    #[must_use]
    pub fn has_the_file_of(&self, other: &Self) -> bool {
        self.certificate == other.certificate && self.above == other.above
    }
}

/// A leaf certificate and what belongs to it, as PEM.
#[derive(Clone)]
pub struct IssuedIdentity {
    pub(super) stem: String,
    /// What it is for.
    pub role: Role,
    /// The private key, if it was made here.
    pub key: Option<Zeroizing<String>>,
    /// The CSR.
    pub csr: String,
    /// The certificate, without those above it.
    pub certificate: String,
    /// The subject, in OpenSSL's spelling.
    pub subject: String,
    /// The names and addresses, in OpenSSL's spelling.
    pub names: Vec<String>,
    /// The serial number, in hexadecimal.
    pub serial_number: String,
    /// The SHA-256 of the certificate.
    pub fingerprint: String,
    /// The life of the certificate.
    pub validity: Validity,
}

impl IssuedIdentity {
    /// The stem of its files' names, below the folder: `client`, `etcd/server`.
    #[must_use]
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The extended key usages that it has.
    #[must_use]
    pub fn purposes(&self) -> Purposes {
        self.role.purposes()
    }
}

impl IssuedAuthority {
    /// Reads the facts out of a CA's certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub fn read(pair: &PemPair) -> Result<Self, IssuedError> {
        let chain = Chain::from_pem(&pair.certificate)?;
        let certificate = chain.first();
        let above: Result<String, _> = chain.above().iter().map(Certificate::to_pem).collect();
        let room = chain
            .certificates()
            .enumerate()
            .filter_map(|(below, certificate)| {
                let below = u8::try_from(below).unwrap_or(u8::MAX);
                Some(certificate.path_length()?.saturating_sub(below))
            });
        Ok(Self {
            subject: openssl_spelling(certificate.subject()),
            common_name: common_name(certificate.subject()),
            // What it signs ends with whatever is above it.
            validity: Validity {
                not_after: chain
                    .certificates()
                    .map(|certificate| certificate.validity().not_after)
                    .min()
                    .unwrap_or_default(),
                ..certificate.validity()
            },
            path_length: room.min(),
            constraints: chain
                .certificates()
                .map(Certificate::name_constraints)
                .collect(),
            fingerprint: certificate.fingerprint(),
            notices: certificate
                .authority_notices()
                .into_iter()
                .map(str::to_owned)
                .chain(chain.certificates().flat_map(refused_elsewhere))
                .collect(),
            certificate: certificate.to_pem()?,
            above: above?,
            subjects_above: chain
                .above()
                .iter()
                .map(|certificate| openssl_spelling(certificate.subject()))
                .collect(),
            key: Zeroizing::new(pair.key.clone()),
        })
    }
}

/// What other programs than etcd's refuse of a CA.
fn refused_elsewhere(certificate: &Certificate) -> Vec<String> {
    let newest = EtcdBuild::upstream(Series::default().newest());
    elsewhere::of_authority(certificate.der(), newest.go)
}

impl IssuedIdentity {
    /// Reads the facts out of an issued certificate.
    ///
    /// # Errors
    ///
    /// If it can't be read; what a task gave always can.
    pub(super) fn read(
        request: &CheckedIdentity,
        key: Option<&Secret>,
        csr: String,
        pem: String,
    ) -> Result<Self, IssuedError> {
        let certificate = Certificate::from_pem(&pem)?;
        Ok(Self {
            stem: request.path().to_string(),
            role: request.request.role,
            key: key.map(|key| Zeroizing::new(key.0.clone())),
            csr,
            subject: openssl_spelling(certificate.subject()),
            names: certificate
                .names()
                .iter()
                .map(ToString::to_string)
                .collect(),
            serial_number: certificate.serial_number(),
            fingerprint: certificate.fingerprint(),
            validity: certificate.validity(),
            certificate: pem,
        })
    }
}

/// Why what a worker made can't be read, which none makes happen.
#[derive(Debug, thiserror::Error)]
pub enum IssuedError {
    /// A CA's chain can't be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A certificate can't be read or written.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}
