//! Archives: tar and zip, each gzipped or not. Sizes and numbers are bounded, for
//! a small archive may hold a large nothing, and archives of them. Called by the
//! diagnosis and by the inspector.

use std::fmt;
use std::io::{Cursor, Read};

use zeroize::Zeroizing;

/// So many files at most are taken out of one archive.
const MOST_FILES: usize = 500;
/// So many bytes at most, of all files in all archives of one reading.
pub(crate) const MOST_BYTES: u64 = 8 << 20;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArchivedFile {
    /// Its path there.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// Why an archive can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// It holds more than is looked at.
    #[error("the archive holds more than can be looked at")]
    TooLarge,
    /// It is damaged, or packed in a way that is not known here.
    #[error("the archive can’t be read: {reason}")]
    Unreadable {
        /// What the reader says.
        reason: String,
    },
}

fn unreadable(error: &dyn fmt::Display) -> ArchiveError {
    ArchiveError::Unreadable {
        reason: error.to_string(),
    }
}

/// The files of an archive; none if it is no archive. `left` is how many bytes may
/// still be unpacked.
pub(crate) fn open(
    name: &str,
    bytes: &[u8],
    left: &mut u64,
) -> Result<Option<Vec<ArchivedFile>>, ArchiveError> {
    if bytes.starts_with(b"PK\x03\x04") {
        return zip(bytes, left).map(Some);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return tar(bytes, left).map(Some);
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Zeroizing::new(Vec::new());
        flate2::read::GzDecoder::new(bytes)
            .take(*left + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| unreadable(&error))?;
        if unpacked.len() as u64 > *left {
            return Err(ArchiveError::TooLarge);
        }
        if unpacked.get(257..262) == Some(b"ustar") {
            return tar(&unpacked, left).map(Some);
        }
        *left -= unpacked.len() as u64;
        let name = name.trim_end_matches(".gz").to_owned();
        return Ok(Some(vec![ArchivedFile {
            name,
            bytes: unpacked,
        }]));
    }
    Ok(None)
}

/// The last part of a path, and nothing that leads out of a folder.
fn plain(path: &str) -> String {
    path.trim_start_matches("./")
        .trim_start_matches('/')
        .to_owned()
}

fn take(
    members: &mut Vec<ArchivedFile>,
    left: &mut u64,
    name: String,
    content: &mut dyn Read,
) -> Result<(), ArchiveError> {
    let mut bytes = Zeroizing::new(Vec::new());
    content
        .take(*left + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    *left = left
        .checked_sub(bytes.len() as u64)
        .ok_or(ArchiveError::TooLarge)?;
    members.push(ArchivedFile { name, bytes });
    if members.len() > MOST_FILES {
        return Err(ArchiveError::TooLarge);
    }
    Ok(())
}

fn tar(bytes: &[u8], left: &mut u64) -> Result<Vec<ArchivedFile>, ArchiveError> {
    let mut archive = tar::Archive::new(Cursor::new(bytes));
    let mut members = Vec::new();
    for entry in archive.entries().map_err(|error| unreadable(&error))? {
        let mut entry = entry.map_err(|error| unreadable(&error))?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = plain(&String::from_utf8_lossy(&entry.path_bytes()));
        take(&mut members, left, name, &mut entry)?;
    }
    Ok(members)
}

fn zip(bytes: &[u8], left: &mut u64) -> Result<Vec<ArchivedFile>, ArchiveError> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut members = Vec::new();
    for number in 0..archive.len().min(MOST_FILES + 1) {
        let mut file = archive
            .by_index(number)
            .map_err(|error| unreadable(&error))?;
        if file.is_dir() {
            continue;
        }
        let name = plain(&file.name().map_err(|error| unreadable(&error))?);
        take(&mut members, left, name, &mut file)?;
    }
    Ok(members)
}
