//! A plan in, files out: the one place where `pki` and `etcd` meet. The work is
//! cut into [`task`]s that can run anywhere; [`making`] says which one is next;
//! a [`Lab`] is what was issued.

pub mod archive;
pub mod diagnosing;
pub mod drills;
pub mod export;
pub mod inspection;
pub mod judging;
pub mod keys;
pub mod making;
pub mod signing;
pub mod task;

use std::collections::BTreeMap;

use jiff::Timestamp;
use zeroize::Zeroizing;

use self::signing::Revoked;
use crate::{
    etcd::{
        commands::{
            self, Commands,
            read_me::{ListedFile, read_me},
        },
        deployment::Deployment,
        plan::{
            AuthoritySource, CheckedIdentity, CheckedPlan, ExistingAuthorities, ExistingAuthority,
            Plan, Preset,
        },
        role::Role,
    },
    pki::{name_constraint::NameConstraints, purposes::Purposes, validity::Validity},
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

/// A CA, made here or brought along, as PEM and with the facts about it.
#[derive(Clone)]
pub struct IssuedAuthority {
    /// The certificate.
    pub certificate: String,
    /// The certificates above it, the next one first, as far as they are known.
    pub above: String,
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
    /// What a plan's check needs to know of it.
    #[must_use]
    pub fn existing(&self) -> ExistingAuthority {
        ExistingAuthority {
            validity: self.validity,
            path_length: self.path_length,
            constraints: self.constraints.clone(),
        }
    }
}

/// A leaf certificate and what belongs to it, as PEM.
#[derive(Clone)]
pub struct IssuedIdentity {
    stem: String,
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
    /// The common name, where there is one.
    pub common_name: Option<String>,
    /// The names and addresses, in OpenSSL's spelling.
    pub names: Vec<String>,
    /// The serial number, in hexadecimal.
    pub serial_number: String,
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

/// What a file holds, which decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A certificate: public.
    Certificate,
    /// A private key: its owner's alone.
    PrivateKey,
    /// A certification request: public.
    CertificationRequest,
    /// A CRL: public.
    RevocationList,
    /// What the other files are and how they are used: public.
    Document,
}

impl FileKind {
    /// The file's mode: 0600 for keys, 0644 for the rest.
    #[must_use]
    pub fn mode(self) -> u32 {
        match self {
            Self::PrivateKey => 0o600,
            Self::Certificate
            | Self::CertificationRequest
            | Self::RevocationList
            | Self::Document => 0o644,
        }
    }
}

/// One file of a lab.
#[derive(Clone)]
pub struct LabFile {
    /// Its name below the folder: `ca.crt`, `etcd/server.key`.
    pub name: String,
    /// What it holds.
    pub kind: FileKind,
    /// Its bytes. Zeroized on drop: it may be a key.
    pub contents: Zeroizing<Vec<u8>>,
}

impl LabFile {
    /// Its text; nothing where it is not one, as a CRL in DER.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.contents).ok()
    }
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

    /// The files, under the tutorial's names or kubeadm's.
    #[must_use]
    pub fn files(&self) -> Vec<LabFile> {
        let mut files = self.certificate_files();
        let deployment = self.deployment();
        for document in commands::files(&deployment) {
            files.extend(document.file_name.map(|name| LabFile {
                name,
                kind: FileKind::Document,
                contents: Zeroizing::new(document.text.into_bytes()),
            }));
        }
        let ends = self.ends(&files);
        let listed: Vec<ListedFile> = files
            .iter()
            .map(|file| ListedFile {
                name: file.name.clone(),
                mode: file.kind.mode(),
                until: ends.get(&file.name).copied(),
            })
            .collect();
        files.push(LabFile {
            name: "README".to_owned(),
            kind: FileKind::Document,
            contents: Zeroizing::new(read_me(&deployment, &listed, self.made).text.into_bytes()),
        });
        files
    }

    /// One file. Documents are written only where it is none of the others: of a
    /// thousand clients that takes a while.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<LabFile> {
        let find = |files: Vec<LabFile>| files.into_iter().find(|file| file.name == name);
        find(self.certificate_files()).or_else(|| find(self.files()))
    }

    /// The last second of the certificate in a file, by the file's name; of a
    /// file with several authorities, of the first that ends.
    fn ends(&self, files: &[LabFile]) -> BTreeMap<String, Timestamp> {
        let mut ends = BTreeMap::new();
        for identity in &self.identities {
            let name = format!("{}.crt", identity.stem());
            ends.insert(name, identity.validity.not_after);
        }
        for file in files {
            if file.kind == FileKind::Certificate && !ends.contains_key(&file.name) {
                let authorities = self.authorities.iter();
                let within = authorities
                    .filter(|authority| {
                        file.text()
                            .is_some_and(|text| text.contains(&authority.certificate))
                    })
                    .map(|authority| authority.validity.not_after);
                ends.extend(within.min().map(|end| (file.name.clone(), end)));
            }
        }
        ends
    }

    /// The certificates, keys and CSRs.
    fn certificate_files(&self) -> Vec<LabFile> {
        let mut files: Vec<LabFile> = Vec::new();
        for (authority, issued) in self.checked.authorities.iter().zip(&self.authorities) {
            let stem = authority.path.as_str();
            let (certificate, kind) = (&issued.certificate, FileKind::Certificate);
            if authority.is_brought() {
                files.push(file(
                    stem,
                    "crt",
                    kind,
                    &(certificate.clone() + &issued.above),
                ));
            } else {
                files.push(file(stem, "crt", kind, certificate));
                files.push(file(stem, "key", FileKind::PrivateKey, &issued.key));
            }
        }
        for bundle in self.checked.bundles() {
            let parts: String = bundle
                .parts
                .iter()
                .filter_map(|part| files.iter().find(|file| file.name == *part))
                .filter_map(LabFile::text)
                .collect();
            files.push(LabFile {
                name: bundle.file,
                kind: FileKind::Certificate,
                contents: Zeroizing::new(parts.into_bytes()),
            });
        }
        for (original, copy) in self.checked.copies() {
            let original = files.iter().find(|file| file.name == original);
            files.extend(original.cloned().map(|original| LabFile {
                name: copy,
                ..original
            }));
        }
        for (place, identity) in self.identities.iter().enumerate() {
            let stem = identity.stem();
            let certificate = self.chain(place);
            files.push(file(stem, "crt", FileKind::Certificate, &certificate));
            if let Some(key) = &identity.key {
                files.push(file(stem, "key", FileKind::PrivateKey, key));
            }
            if self.keeps_csr(place) {
                let kind = FileKind::CertificationRequest;
                files.push(file(stem, "csr", kind, &identity.csr));
            }
        }
        if let Some(list) = &self.revocation_list {
            let der = list.der();
            files.extend(
                self.checked
                    .revocation_list_files()
                    .into_iter()
                    .map(|name| LabFile {
                        name,
                        kind: FileKind::RevocationList,
                        contents: Zeroizing::new(der.clone()),
                    }),
            );
        }
        files
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

    /// The names of the private keys among the files, and their texts.
    pub fn private_keys(&self) -> impl Iterator<Item = (String, &Zeroizing<String>)> {
        let made = self.checked.authorities.iter().zip(&self.authorities);
        let authorities = made
            .filter(|(authority, _)| !authority.is_brought())
            .map(|(authority, issued)| (format!("{}.key", authority.path), &issued.key));
        let identities = self.identities.iter().filter_map(|identity| {
            let key = identity.key.as_ref()?;
            Some((format!("{}.key", identity.stem()), key))
        });
        authorities.chain(identities)
    }

    /// Whether an identity's CSR is among the files: the tutorial keeps the
    /// clients' only, and kubeadm none.
    #[must_use]
    pub fn keeps_csr(&self, identity: usize) -> bool {
        let identity = self.checked.identities.get(identity);
        identity.is_some_and(|identity| keeps_csr(&self.checked, identity))
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

fn file(stem: &str, extension: &str, kind: FileKind, contents: &str) -> LabFile {
    LabFile {
        name: format!("{stem}.{extension}"),
        kind,
        contents: Zeroizing::new(contents.as_bytes().to_vec()),
    }
}

/// The names of the certificates, keys and CSRs that a plan asks for, in the
/// order of [`Lab::files`].
#[must_use]
pub fn file_names(plan: &CheckedPlan) -> Vec<(String, FileKind)> {
    let mut names = Vec::new();
    let mut push = |stem: &str, extension: &str, kind: FileKind| {
        names.push((format!("{stem}.{extension}"), kind));
    };
    for authority in &plan.authorities {
        push(authority.path.as_str(), "crt", FileKind::Certificate);
        if !authority.is_brought() {
            push(authority.path.as_str(), "key", FileKind::PrivateKey);
        }
    }
    let bundles = plan.bundles().into_iter().map(|bundle| bundle.file);
    let copies = plan.copies().into_iter().map(|(_, copy)| copy);
    let public: Vec<String> = bundles.chain(copies).collect();
    names.extend(public.into_iter().map(|name| (name, FileKind::Certificate)));
    for identity in &plan.identities {
        let path = identity.path();
        let mut push = |extension: &str, kind: FileKind| {
            names.push((format!("{path}.{extension}"), kind));
        };
        push("crt", FileKind::Certificate);
        if identity.key_type().is_some() {
            push("key", FileKind::PrivateKey);
        }
        if keeps_csr(plan, identity) {
            push("csr", FileKind::CertificationRequest);
        }
    }
    names
}

/// Whether a plan's files hold an identity's CSR.
#[must_use]
pub fn keeps_csr(plan: &CheckedPlan, identity: &CheckedIdentity) -> bool {
    match plan.preset {
        Preset::SignCsr => true,
        Preset::Kubeadm => false,
        _ => identity.role == Role::Client,
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
