//! A plan in, files out: the one place where `pki` and `etcd` meet. The work is
//! cut into tasks that travel as [`wire`] has them; [`job`] does them, anywhere;
//! [`making`] says which one is next; a [`Lab`] is what was issued.

pub mod archive;
pub mod diagnosing;
pub mod drills;
pub mod file;
mod files;
mod issued;
pub mod job;
pub mod judging;
pub mod keys;
pub mod making;
pub mod wire;

pub use file::{FileKind, LabFile};
pub use files::file_names;
pub use issued::{IssuedAuthority, IssuedIdentity};

use jiff::Timestamp;

use self::job::revoke::Revoked;
use crate::etcd::{
    commands::{self, Commands},
    deployment::Deployment,
    plan::{AuthoritySource, CheckedPlan, ExistingAuthorities, Plan},
};

/// What was issued: the files, and the plan they were issued for.
#[derive(Clone)]
pub struct Lab {
    plan: Plan,
    checked: CheckedPlan,
    made: Timestamp,
    /// As many as the checked plan has, in its order.
    authorities: Vec<IssuedAuthority>,
    /// As many as the checked plan has, in its order.
    identities: Vec<IssuedIdentity>,
    /// The CRL that its members are started with.
    revocation_list: Option<Revoked>,
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

    /// The commands for these files.
    #[must_use]
    pub fn commands(&self) -> Commands {
        commands::commands(self.deployment())
    }

    /// The archive's name without its ending, after the CA: `KUBERNETES-CA`.
    #[must_use]
    pub fn archive_stem(&self) -> String {
        archive_stem(self.authority().common_name.as_deref())
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
