//! The files that were made, those in other forms, and which private keys among
//! them the reader has saved.

use std::{
    collections::{BTreeSet, HashMap},
    io,
    rc::Rc,
};

use jiff::Timestamp;
use zeroize::Zeroizing;
use zip::result::ZipError;

use crate::{
    etcd::{deployment::Recipient, plan::Plan},
    lab::{Lab, LabFile, archive},
    page::{
        chapters::export::{Exporting, PassphraseMissing},
        wish::FileForDisk,
    },
};

/// What was made.
#[derive(Default)]
pub struct Files {
    /// Shared with [`Kept`](crate::page::kept::Kept).
    lab: Option<Rc<Lab>>,
    /// The files in other forms.
    pub(in crate::page) exporting: Exporting,
    /// Names of private keys that were downloaded.
    saved: BTreeSet<String>,
}

/// An archive's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// `.tar`, which keeps the files' modes.
    Tar,
    /// `.zip`.
    Zip,
}

/// Why an archive can't be written.
#[derive(Debug, thiserror::Error)]
pub(in crate::page) enum ArchiveError {
    /// As a tar.
    #[error(transparent)]
    Tar(io::Error),
    /// As a zip.
    #[error(transparent)]
    Zip(ZipError),
}

impl Files {
    /// What was made, where anything was.
    #[must_use]
    pub fn lab(&self) -> Option<&Lab> {
        self.lab.as_deref()
    }

    /// The same, to be kept apart from the session.
    pub(in crate::page) fn share(&self) -> Option<Rc<Lab>> {
        self.lab.clone()
    }

    /// The same, to say which CRL goes with it.
    pub(in crate::page) fn lab_mut(&mut self) -> Option<&mut Lab> {
        self.lab.as_mut().map(Rc::make_mut)
    }

    /// Other files take the place of those that were there.
    pub(in crate::page) fn replace(&mut self, mut lab: Lab) {
        // Its CA may be the same still.
        if let Some(list) = self.lab().and_then(Lab::revocation_list) {
            lab.revoke(list);
        }
        // A key that was kept and downloaded before is still downloaded.
        let before: HashMap<String, _> =
            self.lab.iter().flat_map(|lab| lab.private_keys()).collect();
        let after: HashMap<String, _> = lab.private_keys().collect();
        self.saved.retain(|name| {
            let key = after.get(name);
            key.is_some() && key == before.get(name)
        });
        self.lab = Some(Rc::new(lab));
        // What was written in other forms is of the files before.
        self.exporting.forget();
    }

    /// Brings the commands of files that are there up to date with the host,
    /// the port and the folder of the form.
    pub(in crate::page) fn follow(&mut self, plan: &Plan, now: Timestamp) {
        if let Some(lab) = &mut self.lab {
            let wanted = lab.plan().following(plan);
            if wanted != *lab.plan()
                && let Ok(checked) = wanted.check(None, now)
            {
                Rc::make_mut(lab).follow(&wanted, &checked);
            }
        }
    }

    /// The text of a file.
    #[must_use]
    pub fn contents(&self, name: &str) -> Option<Zeroizing<String>> {
        let file = self.file(name)?;
        file.text().map(|text| Zeroizing::new(text.to_owned()))
    }

    fn file(&self, name: &str) -> Option<LabFile> {
        self.lab.as_ref()?.file(name)
    }

    /// The bytes of a file, in whatever form.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        let exported = self.exporting.files().find(|file| file.name == name);
        match exported {
            Some(file) => Some(file.contents.0.clone()),
            None => self.file(name).map(|file| file.contents.0),
        }
    }

    /// All files as one; nothing, where there are none.
    ///
    /// # Errors
    ///
    /// If the archive can't be written, which no checked plan leads to.
    pub(in crate::page) fn archive(
        &self,
        kind: ArchiveKind,
    ) -> Option<Result<FileForDisk, ArchiveError>> {
        let lab = self.lab.as_ref()?;
        let stem = lab.archive_stem();
        let files = self.exporting.files();
        let file = |ending, contents| FileForDisk {
            name: format!("{stem}.{ending}"),
            contents,
        };
        Some(match kind {
            ArchiveKind::Tar => archive::tar(lab, files)
                .map(|contents| file("tar", contents))
                .map_err(ArchiveError::Tar),
            ArchiveKind::Zip => archive::zip(lab, files)
                .map(|contents| file("zip", contents))
                .map_err(ArchiveError::Zip),
        })
    }

    /// What one recipient gets, as a tar; nothing where there is no such recipient.
    pub(in crate::page) fn archive_for(
        &self,
        recipient: &str,
    ) -> Option<Result<FileForDisk, ArchiveError>> {
        let (lab, recipient) = self.recipient(recipient)?;
        let contents = archive::tar_for(lab, &recipient);
        Some(match contents {
            Ok(contents) => Ok(FileForDisk {
                name: format!("{}.tar", lab.archive_stem_for(&recipient)),
                contents,
            }),
            Err(error) => Err(ArchiveError::Tar(error)),
        })
    }

    fn recipient(&self, name: &str) -> Option<(&Lab, Recipient)> {
        let lab = self.lab()?;
        let mut recipients = lab.recipients().into_iter();
        Some((lab, recipients.find(|one| one.name == name)?))
    }

    /// Begins to write the files in other forms; does nothing, where there are
    /// none.
    pub(in crate::page) fn begin_export(&mut self) -> Option<Result<(), PassphraseMissing>> {
        let lab = self.lab.as_ref()?;
        Some(self.exporting.begin(lab))
    }

    /// A file was downloaded.
    pub(in crate::page) fn downloaded(&mut self, name: &str) {
        self.saved.insert(name.to_owned());
    }

    /// The archive was downloaded, and every file with it.
    pub(in crate::page) fn archive_downloaded(&mut self) {
        let keys = self.lab().into_iter().flat_map(Lab::private_keys);
        self.saved = keys.map(|(name, _)| name).collect();
    }

    /// A recipient's archive was downloaded, and the keys in it.
    pub(in crate::page) fn archive_downloaded_for(&mut self, recipient: &str) {
        let keys: Vec<String> = self
            .recipient(recipient)
            .map(|(lab, recipient)| lab.private_keys_for(&recipient))
            .unwrap_or_default();
        self.saved.extend(keys);
    }

    /// Whether a private key that was made here was not downloaded yet.
    #[must_use]
    pub fn has_unsaved_key(&self) -> bool {
        let mut keys = self.lab().into_iter().flat_map(Lab::private_keys);
        keys.any(|(name, _)| !self.saved.contains(&name))
    }
}
