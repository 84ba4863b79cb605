//! Files into a folder, all or none. Everything is written beside its place first,
//! in a folder of its own; only when all of it lies there is each file moved, and a
//! move that fails takes the others back.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use etcd_pki_lab::{FileKind, LabFile};

use crate::failure::Failure;

/// Where everything is written first. It is on the same file system as the folder,
/// so that a move is a change of names.
const BESIDE: &str = ".etcd-pki-lab-unfinished";

/// Writes all files, or none if one is there that is not to be overwritten, or one
/// can't be written. Those in `inputs` were read from there and are let be. Gives
/// the number of files that were written.
pub(crate) fn write(
    folder: &Path,
    files: &[LabFile],
    inputs: &BTreeSet<PathBuf>,
    overwrite: bool,
) -> Result<usize, Failure> {
    let mut wanted = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        if fs::canonicalize(&path).is_ok_and(|path| inputs.contains(&path)) {
            continue;
        }
        // Links are not followed: what is there is there.
        if !overwrite && fs::symlink_metadata(&path).is_ok() {
            return Err(Failure::InTheWay {
                path,
                private_key: file.kind == FileKind::PrivateKey,
            });
        }
        wanted.push((path, file));
    }
    let mut changes = Changes::default();
    let written = changes.write(folder, &wanted);
    if written.is_err() {
        changes.take_back();
    }
    changes.clean();
    written?;
    Ok(wanted.len())
}

/// What was changed in the folder, in its order.
#[derive(Default)]
struct Changes {
    made: Vec<PathBuf>,
    beside: Option<PathBuf>,
    /// Each file that was put into its place, with where the one that it replaces
    /// was put.
    moved: Vec<(PathBuf, Option<PathBuf>)>,
}

impl Changes {
    fn write(&mut self, folder: &Path, wanted: &[(PathBuf, &LabFile)]) -> Result<(), Failure> {
        self.make_folder(folder)?;
        let beside = folder.join(BESIDE);
        let (new, old) = (beside.join("new"), beside.join("old"));
        // Nobody else may look into it. One that is there may hold the only copy of
        // what an earlier run was to replace.
        match fs::DirBuilder::new().mode(0o700).create(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Failure::Interrupted { path: beside });
            }
            done => done.map_err(Failure::file(&beside))?,
        }
        self.beside = Some(beside);
        for (_, file) in wanted {
            let path = new.join(&file.name);
            write_new(&path, file).map_err(Failure::file(&folder.join(&file.name)))?;
        }
        for (path, file) in wanted {
            if let Some(parent) = path.parent() {
                self.make_folder(parent)?;
            }
            let replaced = old.join(&file.name);
            let is_there = fs::symlink_metadata(path).is_ok();
            if is_there {
                move_file(path, &replaced).map_err(Failure::file(path))?;
            }
            self.moved
                .push((path.clone(), is_there.then_some(replaced)));
            fs::rename(new.join(&file.name), path).map_err(Failure::file(path))?;
        }
        Ok(())
    }

    /// Makes a folder and those above it that are not there.
    fn make_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let missing = folder
            .ancestors()
            .filter(|path| !path.as_os_str().is_empty())
            .take_while(|path| fs::symlink_metadata(path).is_err());
        let missing: Vec<&Path> = missing.collect();
        for path in missing.into_iter().rev() {
            fs::DirBuilder::new()
                .mode(0o700)
                .create(path)
                .map_err(Failure::file(path))?;
            self.made.push(path.to_path_buf());
        }
        Ok(())
    }

    /// Undoes everything. What can't be undone is let be: the failure that led here
    /// is the one to tell.
    fn take_back(&mut self) {
        for (path, replaced) in self.moved.drain(..).rev() {
            let _ = match replaced {
                Some(replaced) => fs::rename(replaced, path),
                None => fs::remove_file(path),
            };
        }
        self.clean();
        for folder in self.made.drain(..).rev() {
            let _ = fs::remove_dir(folder);
        }
    }

    /// Removes what lies beside.
    fn clean(&mut self) {
        if let Some(beside) = self.beside.take() {
            let _ = fs::remove_dir_all(beside);
        }
    }
}

fn make_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(parent),
        None => Ok(()),
    }
}

fn write_new(path: &Path, file: &LabFile) -> io::Result<()> {
    make_parent(path)?;
    let mut opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(file.kind.mode())
        .open(path)?;
    opened.write_all(&file.contents)
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    // A folder is nobody's file to replace.
    if fs::symlink_metadata(from)?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    make_parent(to)?;
    fs::rename(from, to)
}
