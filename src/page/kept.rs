//! What stays within reach when the page breaks: the files that were made, apart
//! from the session, which whoever broke may have in hand for ever. Who holds it
//! takes it anew after each change.

use std::{iter, rc::Rc};

use zeroize::Zeroizing;

use super::{event::Press, session::Session, wish::FileForDisk};
use crate::lab::{Lab, archive};

/// The files that were made.
#[derive(Default)]
pub struct Kept {
    lab: Option<Rc<Lab>>,
    /// What renewing and revoking gave, by name.
    signed: Vec<(String, Zeroizing<Vec<u8>>)>,
}

impl Kept {
    /// Of a session.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            lab: session.files.share(),
            signed: session.signing.files(),
        }
    }

    /// Whether leaving the page would lose something. Which of the files were
    /// downloaded is not known any more.
    #[must_use]
    pub fn has_files(&self) -> bool {
        self.lab.is_some() || !self.signed.is_empty()
    }

    /// The file that a press asks for. Files in other forms can be made again from
    /// these.
    #[must_use]
    pub fn file(&self, press: &Press) -> Option<FileForDisk> {
        let lab = self.lab.as_deref();
        let archive = |ending: &str, contents| {
            Some(FileForDisk {
                name: format!("{}.{ending}", lab?.archive_stem()),
                contents,
            })
        };
        match press {
            Press::DownloadTar => archive("tar", archive::tar(lab?, iter::empty()).ok()?),
            Press::DownloadZip => archive("zip", archive::zip(lab?, iter::empty()).ok()?),
            Press::DownloadFor(name) => {
                let lab = lab?;
                let mut recipients = lab.recipients().into_iter();
                let recipient = recipients.find(|one| one.name == *name)?;
                Some(FileForDisk {
                    name: format!("{}.tar", lab.archive_stem_for(&recipient)),
                    contents: archive::tar_for(lab, &recipient).ok()?,
                })
            }
            Press::Download(path) => Some(FileForDisk {
                name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                contents: lab?.file(path)?.contents.0,
            }),
            Press::DownloadSigned(name) => {
                let (_, contents) = self.signed.iter().find(|(known, _)| known == name)?;
                Some(FileForDisk {
                    name: name.clone(),
                    contents: contents.clone(),
                })
            }
            _ => None,
        }
    }
}
