//! The files of a lab: their one list, from which both the names that a plan asks
//! for are told before anything is made, and the files once it is.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    file::{FileBytes, FileKind, LabFile},
    issued::Lab,
};
use crate::etcd::{
    commands::{
        self,
        read_me::{ListedFile, read_me},
    },
    deployment::{Deployment, Receives, Recipient},
    plan::{CheckedIdentity, CheckedPlan, Preset},
    role::Role,
};

/// How a certificate ends in a file.
const END: &str = "-----END CERTIFICATE-----\n";

/// A file of certificates, keys or CSRs, before it is there.
struct Wanted {
    name: String,
    kind: FileKind,
    of: Part,
}

/// What a file is written from; authorities and identities by their places in
/// the plan.
enum Part {
    /// An authority's certificate; with those above it, where it was brought.
    Authority(usize),
    /// Its key.
    AuthorityKey(usize),
    /// The texts of these files, which stand before it, one after the other.
    Files(Vec<String>),
    /// The text of this file, in a node's own folder.
    Copy(String),
    /// An identity's certificate, followed by those above it.
    Identity(usize),
    /// Its key.
    IdentityKey(usize),
    /// Its CSR.
    Request(usize),
}

/// The certificates, keys and CSRs that a plan asks for, in the order in which
/// they are listed everywhere.
fn wanted(plan: &CheckedPlan) -> Vec<Wanted> {
    let file = |name: String, kind, of| Wanted { name, kind, of };
    let mut files = Vec::new();
    for (place, authority) in plan.authorities.iter().enumerate() {
        let named = |ending: &str| format!("{}.{ending}", authority.path);
        let certificate = Part::Authority(place);
        files.push(file(named("crt"), FileKind::Certificate, certificate));
        if !authority.is_brought() {
            let key = Part::AuthorityKey(place);
            files.push(file(named("key"), FileKind::PrivateKey, key));
        }
    }
    for bundle in plan.bundles() {
        let parts = Part::Files(bundle.parts);
        files.push(file(bundle.file, FileKind::Certificate, parts));
    }
    for (original, copy) in plan.copies() {
        files.push(file(copy, FileKind::Certificate, Part::Copy(original)));
    }
    for (place, identity) in plan.identities.iter().enumerate() {
        let path = identity.path();
        let named = |ending: &str| format!("{path}.{ending}");
        let certificate = Part::Identity(place);
        files.push(file(named("crt"), FileKind::Certificate, certificate));
        if identity.key_type().is_some() {
            let key = Part::IdentityKey(place);
            files.push(file(named("key"), FileKind::PrivateKey, key));
        }
        if keeps_csr(plan, identity) {
            let request = Part::Request(place);
            files.push(file(named("csr"), FileKind::CertificationRequest, request));
        }
    }
    files
}

/// The names of the certificates, keys and CSRs that a plan asks for, in the
/// order of [`Lab::files`].
#[must_use]
pub fn file_names(plan: &CheckedPlan) -> Vec<(String, FileKind)> {
    let files = wanted(plan).into_iter();
    files.map(|file| (file.name, file.kind)).collect()
}

/// Whether a plan's files hold an identity's CSR: the tutorial keeps the clients'
/// only, and kubeadm none.
fn keeps_csr(plan: &CheckedPlan, identity: &CheckedIdentity) -> bool {
    match plan.preset {
        Preset::SignCsr => true,
        Preset::Kubeadm => false,
        _ => identity.request.role == Role::Client,
    }
}

impl Lab {
    /// The files, under the tutorial's names or kubeadm's.
    #[must_use]
    pub fn files(&self) -> Vec<LabFile> {
        self.with_documents(self.certificate_files(), &self.deployment())
    }

    /// The files that one recipient gets, and no others: their names are those below
    /// the folder that they belong into.
    #[must_use]
    pub fn files_for(&self, recipient: &Recipient) -> Vec<LabFile> {
        let folder = self.checked.own_folder(recipient);
        let own = |name: &str| {
            let within = folder.as_ref().and_then(|folder| {
                let name = name.strip_prefix(folder.as_str())?;
                name.strip_prefix('/')
            });
            within.unwrap_or(name).to_owned()
        };
        // What is of all of them: bundles are made of the authorities' files.
        let mut shared: Vec<LabFile> = Vec::new();
        let mut files: Vec<LabFile> = Vec::new();
        for Wanted { name, kind, of } in wanted(&self.checked) {
            let goes = self.goes_to(recipient, &of, &name);
            let is_shared = matches!(of, Part::Authority(_) | Part::Files(_));
            if !goes && !is_shared {
                continue;
            }
            let Some(contents) = self.contents(&of, &shared) else {
                continue;
            };
            let file = LabFile::new(own(&name), kind, contents);
            if is_shared {
                shared.push(file.clone());
            }
            if goes {
                files.push(file);
            }
        }
        if let (Some(list), Receives::Machine(_)) = (&self.revocation_list, &recipient.receives) {
            let name = self.checked.revocation_list_name();
            let kind = FileKind::RevocationList;
            files.push(LabFile::new(name, kind, list.der.clone()));
        }
        self.with_documents(files, &self.deployment_for(recipient))
    }

    /// Whether a recipient gets a certificate, a key or a CSR.
    fn goes_to(&self, recipient: &Recipient, of: &Part, name: &str) -> bool {
        match (of, &recipient.receives) {
            (Part::Authority(_), Receives::Client(_)) => name == self.checked.server_ca_file(),
            // Each node's copy is under its own folder, where there is one, and the
            // original under none.
            (Part::Copy(_), _)
            | (Part::AuthorityKey(_), Receives::Machine(_) | Receives::Client(_))
            | (Part::Files(_), Receives::Client(_)) => false,
            (Part::Authority(_) | Part::Files(_), _)
            | (Part::AuthorityKey(_), Receives::AuthorityKeys) => true,
            (Part::Identity(place) | Part::IdentityKey(place) | Part::Request(place), _) => {
                self.checked.hands_over(*place, recipient)
            }
        }
    }

    /// Files, and the documents that go with them.
    fn with_documents(&self, mut files: Vec<LabFile>, deployment: &Deployment) -> Vec<LabFile> {
        for document in commands::files(deployment) {
            let text = document.text.into_bytes();
            let named = document.file_name;
            files.extend(named.map(|name| LabFile::new(name, FileKind::Document, text)));
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
        let read_me = read_me(deployment, &listed, self.made);
        let named = read_me.file_name;
        let text = read_me.text.into_bytes();
        files.extend(named.map(|name| LabFile::new(name, FileKind::Document, text)));
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
        let by_certificate: HashMap<&str, Timestamp> = self
            .identities
            .iter()
            .map(|identity| (identity.certificate.as_str(), identity.validity.not_after))
            .collect();
        for file in files {
            if file.kind != FileKind::Certificate {
                continue;
            }
            // The certificate itself comes first in its file.
            let first = file.text().and_then(|text| {
                let end = text.find(END)? + END.len();
                text.get(..end)
            });
            if let Some(end) = first.and_then(|first| by_certificate.get(first)) {
                ends.insert(file.name.clone(), *end);
            } else {
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

    /// The certificates, keys, CSRs and CRLs.
    fn certificate_files(&self) -> Vec<LabFile> {
        let mut files: Vec<LabFile> = Vec::new();
        for Wanted { name, kind, of } in wanted(&self.checked) {
            let contents = self.contents(&of, &files);
            files.extend(contents.map(|contents| LabFile::new(name, kind, contents)));
        }
        if let Some(list) = &self.revocation_list {
            for name in self.checked.revocation_list_files() {
                let kind = FileKind::RevocationList;
                files.push(LabFile::new(name, kind, list.der.clone()));
            }
        }
        files
    }

    /// What is in a file, of which those before it are there; nothing where it is
    /// not this lab's to give.
    fn contents(&self, of: &Part, before: &[LabFile]) -> Option<FileBytes> {
        Some(match of {
            Part::Authority(place) => {
                let issued = self.authorities.get(*place)?;
                let brought = self.checked.authorities.get(*place)?.is_brought();
                let above = if brought { issued.above.as_str() } else { "" };
                (issued.certificate.clone() + above).as_str().into()
            }
            Part::AuthorityKey(place) => self.authorities.get(*place)?.key.as_str().into(),
            Part::Copy(name) => {
                let original = before.iter().find(|file| file.name == *name)?;
                original.contents.clone()
            }
            Part::Files(names) => {
                let texts: String = names
                    .iter()
                    .filter_map(|name| before.iter().find(|file| file.name == *name)?.text())
                    .collect();
                texts.as_str().into()
            }
            Part::Identity(place) => self.chain(*place).as_str().into(),
            Part::IdentityKey(place) => {
                let key = self.identities.get(*place)?.key.as_ref()?;
                key.as_str().into()
            }
            Part::Request(place) => self.identities.get(*place)?.csr.as_str().into(),
        })
    }

    /// The names of the private keys among the files, and their texts.
    pub fn private_keys(&self) -> impl Iterator<Item = (String, &Zeroizing<String>)> {
        wanted(&self.checked).into_iter().filter_map(|file| {
            let key = match file.of {
                Part::AuthorityKey(place) => &self.authorities.get(place)?.key,
                Part::IdentityKey(place) => self.identities.get(place)?.key.as_ref()?,
                _ => return None,
            };
            Some((file.name, key))
        })
    }

    /// The names, among all files, of the private keys that one recipient gets.
    #[must_use]
    pub fn private_keys_for(&self, recipient: &Recipient) -> Vec<String> {
        wanted(&self.checked)
            .into_iter()
            .filter(|file| file.kind == FileKind::PrivateKey)
            .filter(|file| self.goes_to(recipient, &file.of, &file.name))
            .map(|file| file.name)
            .collect()
    }

    /// Whether an identity's CSR is among the files.
    #[must_use]
    pub fn keeps_csr(&self, identity: usize) -> bool {
        let identity = self.checked.identities.get(identity);
        identity.is_some_and(|identity| keeps_csr(&self.checked, identity))
    }
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::{
        etcd::plan::{CERTIFICATE_ENDINGS, OTHER_ENDINGS, Plan},
        lab::making::make,
        pki::key::KeyType,
    };

    #[test]
    fn the_names_that_are_told_before_are_those_of_the_files_after() {
        let quick = |preset| Plan {
            key_type: KeyType::P256,
            ..Plan::example(preset)
        };
        let mut separate = quick(Preset::Cluster);
        separate.separate_authorities = true;
        let mut nodes = quick(Preset::Kubeadm);
        let mut second = nodes.members[0].clone();
        second.name = "node2".to_owned();
        second.hosts = "192.0.2.11".to_owned();
        nodes.members.push(second);
        for plan in [quick(Preset::Tutorial), separate, nodes] {
            let now = "2026-11-23T10:00:00Z".parse().unwrap();
            let told = file_names(&plan.check(None, now).unwrap());
            let lab = make(&plan, None, now, &mut UnwrapErr(SysRng)).unwrap();
            let there: Vec<_> = lab
                .files()
                .into_iter()
                .filter(|file| file.kind != FileKind::Document)
                .map(|file| (file.name, file.kind))
                .collect();
            assert_eq!(told, there);
            let endings = CERTIFICATE_ENDINGS.iter().chain(&OTHER_ENDINGS);
            for file in lab.files() {
                let mut known = endings.clone();
                assert!(
                    known.any(|ending| file.name.ends_with(ending)),
                    "{}: its ending is for files alone, and is not known to the check",
                    file.name
                );
            }
            let keys = lab.private_keys().map(|(name, _)| name);
            let told = told
                .into_iter()
                .filter(|(_, kind)| *kind == FileKind::PrivateKey);
            assert!(keys.eq(told.map(|(name, _)| name)));
        }
    }
}
