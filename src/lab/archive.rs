//! All files of a lab as one `.tar` or one `.zip`, with the modes that keys
//! need: 0600 for keys, 0644 for the rest.

use std::io::{Cursor, Write};

use jiff::Timestamp;
use zeroize::Zeroizing;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{file::LabFile, issued::Lab};

/// The lab's files, and those in other forms behind them.
fn entries<'a>(lab: &Lab, exported: impl Iterator<Item = &'a LabFile>) -> Vec<LabFile> {
    lab.files().into_iter().chain(exported.cloned()).collect()
}

/// The lab's files as a tar archive, owned by root, dated when they were made,
/// and behind them the files in other forms.
///
/// # Errors
///
/// If a file's name is too long for tar, which no checked name is.
pub fn tar<'a>(
    lab: &Lab,
    exported: impl Iterator<Item = &'a LabFile>,
) -> std::io::Result<Zeroizing<Vec<u8>>> {
    tar_of(entries(lab, exported).into_iter(), lab.made())
}

/// Files as a tar archive, owned by root and dated.
///
/// # Errors
///
/// As [`tar`].
pub(super) fn tar_of(
    files: impl Iterator<Item = LabFile>,
    made: Timestamp,
) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut builder = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.contents.len() as u64);
        header.set_mode(file.kind.mode());
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(u64::try_from(made.as_second()).unwrap_or_default());
        header.set_entry_type(tar::EntryType::Regular);
        builder.append_data(&mut header, &file.name, &*file.contents)?;
    }
    builder.into_inner().map(Zeroizing::new)
}

/// The same as a zip archive. The files are stored, not compressed: there is
/// little to gain.
///
/// # Errors
///
/// If a file's name is too long for zip, which no checked name is.
pub fn zip<'a>(
    lab: &Lab,
    exported: impl Iterator<Item = &'a LabFile>,
) -> zip::result::ZipResult<Zeroizing<Vec<u8>>> {
    let made = jiff::tz::Offset::UTC.to_datetime(lab.made());
    let field = |value: i8| u8::try_from(value).unwrap_or_default();
    let date = DateTime::from_date_and_time(
        u16::try_from(made.year()).unwrap_or_default(),
        field(made.month()),
        field(made.day()),
        field(made.hour()),
        field(made.minute()),
        field(made.second()),
    )
    .unwrap_or_default();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in entries(lab, exported) {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(date)
            .unix_permissions(file.kind.mode());
        writer.start_file(file.name, options)?;
        writer.write_all(&file.contents)?;
    }
    Ok(Zeroizing::new(writer.finish()?.into_inner()))
}
