//! All files of a lab as one `.tar` or one `.zip`, with the modes that keys
//! need: 0600 for keys, 0644 for the rest.

use std::{
    collections::HashSet,
    io::{self, Cursor, ErrorKind, Write},
};

use jiff::Timestamp;
use zeroize::Zeroizing;
use zip::{CompressionMethod, DateTime, ZipWriter, write::FullFileOptions};

use super::{
    file::{FileBytes, FileKind, LabFile},
    issued::Lab,
};
use crate::etcd::{commands::hand_over, deployment::Recipient};

/// The lab's files, and those in other forms behind them.
///
/// # Errors
///
/// If two of them have one name, which no checked plan leads to: whoever unpacked
/// them would have one of the two.
fn entries<'a>(lab: &Lab, exported: impl Iterator<Item = &'a LabFile>) -> io::Result<Vec<LabFile>> {
    let entries: Vec<LabFile> = lab.files().into_iter().chain(exported.cloned()).collect();
    let mut names = HashSet::new();
    match entries.iter().find(|file| !names.insert(&file.name)) {
        Some(twice) => Err(io::Error::new(
            ErrorKind::AlreadyExists,
            format!("two files would be called {}", twice.name),
        )),
        None => Ok(entries),
    }
}

/// The lab's files as a tar archive, owned by root, dated when they were made,
/// and behind them the files in other forms.
///
/// # Errors
///
/// If a file's name is too long for tar or there twice, which no checked name is.
pub fn tar<'a>(
    lab: &Lab,
    exported: impl Iterator<Item = &'a LabFile>,
) -> io::Result<Zeroizing<Vec<u8>>> {
    tar_of(entries(lab, exported)?.into_iter(), lab.made())
}

/// What one recipient gets, as a tar archive.
///
/// # Errors
///
/// As [`tar`].
pub fn tar_for(lab: &Lab, recipient: &Recipient) -> io::Result<Zeroizing<Vec<u8>>> {
    tar_of(lab.files_for(recipient).into_iter(), lab.made())
}

/// A recipient's archive, and the lines that go with it.
#[derive(Debug)]
pub struct RecipientArchive {
    /// The archive.
    pub file: LabFile,
    /// What each of the lines is for, and the lines for a shell.
    pub lines: Vec<(String, String)>,
}

impl Lab {
    /// Each recipient's archive.
    ///
    /// # Errors
    ///
    /// As [`tar`].
    pub fn archives(&self) -> io::Result<Vec<RecipientArchive>> {
        let recipients = self.recipients();
        let archives = recipients.iter().map(|recipient| {
            let deployment = self.deployment_for(recipient);
            let lines = hand_over(&deployment).into_iter();
            Ok(RecipientArchive {
                lines: lines
                    .map(|document| (document.title, document.text))
                    .collect(),
                file: LabFile::new(
                    deployment.archive,
                    // It holds keys, whoever it is for.
                    FileKind::PrivateKey,
                    FileBytes(tar_for(self, recipient)?),
                ),
            })
        });
        archives.collect()
    }
}

/// Files as a tar archive, owned by root and dated.
///
/// # Errors
///
/// As [`tar`].
pub(super) fn tar_of(
    files: impl Iterator<Item = LabFile>,
    made: Timestamp,
) -> io::Result<Zeroizing<Vec<u8>>> {
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
/// As [`tar`].
pub fn zip<'a>(
    lab: &Lab,
    exported: impl Iterator<Item = &'a LabFile>,
) -> zip::result::ZipResult<Zeroizing<Vec<u8>>> {
    let made = lab.made();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in entries(lab, exported)? {
        let mut options = FullFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(dos_date(made))
            .unix_permissions(file.kind.mode());
        if let Ok(second) = i32::try_from(made.as_second()) {
            let mut field = vec![MODIFICATION_TIME];
            field.extend(second.to_le_bytes());
            options.add_extra_field(EXTENDED_TIMESTAMP, field, false)?;
        }
        writer.start_file(file.name, options)?;
        writer.write_all(&file.contents)?;
    }
    Ok(Zeroizing::new(writer.finish()?.into_inner()))
}

/// The extra field with times in seconds since 1970, in UTC (Info-ZIP's
/// `extrafld.txt`): the date of zip's own header is read as local time, wherever the
/// reader is.
const EXTENDED_TIMESTAMP: u16 = 0x5455;

/// The flag of the one time that is there.
const MODIFICATION_TIME: u8 = 1;

/// The date of zip's own header, in UTC. It holds 1980 to 2107; what a wrong clock
/// says beyond is the nearest of these.
fn dos_date(made: Timestamp) -> DateTime {
    let made = jiff::tz::Offset::UTC.to_datetime(made);
    let field = |value: i8| u8::try_from(value).unwrap_or_default();
    match made.year() {
        ..1980 => DateTime::from_date_and_time(1980, 1, 1, 0, 0, 0).unwrap_or_default(),
        1980..=2107 => DateTime::from_date_and_time(
            u16::try_from(made.year()).unwrap_or_default(),
            field(made.month()),
            field(made.day()),
            field(made.hour()),
            field(made.minute()),
            field(made.second()),
        )
        .unwrap_or_default(),
        _ => DateTime::from_date_and_time(2107, 12, 31, 23, 59, 58).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use getrandom::{SysRng, rand_core::UnwrapErr};
    use zip::ZipArchive;

    use super::*;
    use crate::{etcd::plan::Plan, lab::making::make, pki::key::KeyType};

    fn lab() -> Lab {
        let plan = Plan {
            key_type: KeyType::P256,
            ..Plan::default()
        };
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        make(&plan, None, now, &mut UnwrapErr(SysRng)).unwrap()
    }

    #[test]
    fn no_archive_has_two_entries_of_one_name() {
        let lab = lab();
        let twice = [LabFile::new("ca.key".to_owned(), FileKind::PrivateKey, "x")];
        assert!(tar(&lab, twice.iter()).is_err());
        assert!(zip(&lab, twice.iter()).is_err());
        assert!(tar(&lab, iter::empty()).is_ok());
        assert!(zip(&lab, iter::empty()).is_ok());
    }

    #[test]
    fn a_zip_says_its_time_in_utc_too() {
        let zip = zip(&lab(), iter::empty()).unwrap();
        let wanted: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let wanted = i32::try_from(wanted.as_second()).unwrap().to_le_bytes();
        let field = [&[0x55, 0x54, 5, 0, MODIFICATION_TIME], &wanted[..]].concat();
        let count = zip.windows(field.len()).filter(|part| *part == field);
        let mut archive = ZipArchive::new(Cursor::new(zip.as_slice())).unwrap();
        assert_eq!(
            count.count(),
            2 * archive.len(),
            "beside each file, and in the directory"
        );
        let date = archive.by_index(0).unwrap().last_modified().unwrap();
        assert_eq!((date.year(), date.hour()), (2026, 10));
    }

    #[test]
    fn a_date_that_zip_lacks_is_the_nearest_that_it_has() {
        let year = |text: &str| dos_date(text.parse().unwrap()).year();
        assert_eq!(year("1970-01-01T00:00:00Z"), 1980);
        assert_eq!(year("2107-12-31T23:59:59Z"), 2107);
        assert_eq!(year("2108-01-01T00:00:00Z"), 2107);
        assert_eq!(year("9999-12-30T00:00:00Z"), 2107);
    }
}
