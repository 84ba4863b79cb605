//! What a reader does with the files, and with all of it: looking at them,
//! downloading them, forgetting them.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{ArchiveKind, Notice, Session};
use crate::{
    etcd::plan::Field,
    lab::{Lab, LabFile, archive},
};

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
    pub fn choose_format(&mut self, id: &str, on: bool) {
        self.exporting.choose(id, on);
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
            Err(message) => {
                self.refused_files.insert(field, message);
                self.focus = Some(field.to_string());
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

    /// All files as one, with its name.
    ///
    /// # Errors
    ///
    /// The sentence for the reader, which no checked plan leads to; or nothing,
    /// where there are no files.
    pub fn archive(
        &self,
        kind: ArchiveKind,
    ) -> Result<(String, Zeroizing<Vec<u8>>), Option<String>> {
        let lab = self.lab.as_ref().ok_or(None)?;
        let stem = lab.archive_stem();
        match kind {
            ArchiveKind::Tar => archive::tar(lab, self.exporting.files())
                .map(|bytes| (format!("{stem}.tar"), bytes))
                .map_err(|error| Some(error.to_string())),
            ArchiveKind::Zip => archive::zip(lab, self.exporting.files())
                .map(|bytes| (format!("{stem}.zip"), bytes))
                .map_err(|error| Some(error.to_string())),
        }
    }

    /// Whether leaving the page would lose a private key that was made here.
    #[must_use]
    pub fn has_unsaved_keys(&self) -> bool {
        self.lab.as_ref().is_some_and(|lab| {
            lab.private_keys()
                .any(|(name, _)| !self.saved.contains(&name))
        }) || self.desk.signing.has_unsaved_key()
    }

    /// Something that the browser was asked to do did not work.
    pub fn report(&mut self, message: String) {
        self.notice = Notice::Failed(message);
    }

    /// Asks whether everything is to be forgotten, or takes the question back.
    pub fn ask_to_forget(&mut self, asking: bool) {
        self.asking_to_forget = asking;
        let place = if asking { "forget-cancel" } else { "forget" };
        self.focus = Some(place.to_owned());
    }

    /// Forgets everything: the form, the CA that was brought, the files. Whoever
    /// calls this ends all workers and empties the inputs.
    pub fn forget(&mut self, now: Timestamp) {
        // The numbers of tasks go on: a late answer must not be taken for an
        // answer to a new question.
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.forget();
        *self = Self::new(now);
        self.jobs = jobs;
        self.notice = Notice::Forgotten;
        self.focus = Some("make".to_owned());
    }
}
