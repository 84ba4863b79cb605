//! What a reader does with the files, and with all of it: looking at them,
//! downloading them, forgetting them.

use std::io;

use jiff::Timestamp;
use zeroize::Zeroizing;
use zip::result::ZipError;

use super::{
    super::{
        event::OtherForm,
        input::Input,
        wish::{FileForDisk, Wish, Workers},
    },
    ArchiveKind, Notice, Session,
};
use crate::{
    etcd::plan::Field,
    lab::{Lab, LabFile, archive},
};

/// Why an archive can't be written.
#[derive(Debug, thiserror::Error)]
pub(in crate::page) enum ArchiveError {
    /// As a tar.
    #[error("{0}")]
    Tar(#[source] io::Error),
    /// As a zip.
    #[error("{0}")]
    Zip(#[source] ZipError),
}

/// What a reader does with the files, and with all of it.
impl Session {
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

    /// A form is wanted, or not any more.
    pub(in crate::page) fn choose_other_form(&mut self, form: OtherForm, on: bool) {
        self.exporting.choose(form, on);
    }

    /// The button for other forms was pressed.
    pub fn press_export(&mut self) {
        let Some(lab) = &self.lab else {
            return;
        };
        let field = Field::ExportPassphrase;
        match self.exporting.begin(lab) {
            Ok(()) => {
                self.refused_files.remove(&field);
            }
            Err(missing) => {
                self.refused_files.insert(field, missing.to_string());
                self.focus_on(field);
            }
        }
    }

    /// A file was downloaded.
    pub fn downloaded(&mut self, name: &str) {
        self.saved.insert(name.to_owned());
    }

    /// The archive was downloaded, and every file with it.
    pub fn archive_downloaded(&mut self) {
        let keys = self.lab.iter().flat_map(Lab::private_keys);
        self.saved = keys.map(|(name, _)| name).collect();
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

    /// Whether leaving the page would lose a private key that was made here.
    #[must_use]
    pub fn has_unsaved_keys(&self) -> bool {
        self.lab.as_ref().is_some_and(|lab| {
            lab.private_keys()
                .any(|(name, _)| !self.saved.contains(&name))
        }) || self.signing.has_unsaved_key()
    }

    /// Something that the browser was asked to do did not work.
    pub fn report(&mut self, message: String) {
        self.notice = Notice::Failed(message);
    }

    /// Asks whether everything is to be forgotten, or takes the question back.
    pub fn ask_to_forget(&mut self, asking: bool) {
        self.asking_to_forget = asking;
        let place = if asking { "forget-cancel" } else { "forget" };
        self.focus_on(place);
    }

    /// Forgets everything: the form, the CA that was brought, the files, what
    /// stands in the inputs.
    pub fn forget(&mut self, now: Timestamp) {
        // The numbers of tasks go on: a late answer must not be taken for an
        // answer to a new question.
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.forget();
        *self = Self::new(now);
        self.jobs = jobs;
        self.notice = Notice::Forgotten;
        self.wish(Wish::Workers(Workers::End));
        let fields = self.fields().into_iter();
        let kept_elsewhere = fields.filter(|field| self.text(*field).is_none());
        let inputs: Vec<Input> = kept_elsewhere
            .map(Input::Plan)
            .chain(Input::beside_the_plan())
            .collect();
        for input in inputs {
            let text = Zeroizing::new(input.initial().to_owned());
            self.wish(Wish::SetText(input, text));
        }
        self.wish(Wish::ForgetChosenFiles);
        self.focus_on("make");
    }
}
