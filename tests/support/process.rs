//! A program in the background with everything it prints, in a process group of
//! its own. It ends with this value, and so do the programs that it started in
//! its group; others are never touched.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use super::within;

/// A program that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
    name: String,
    log: PathBuf,
    // Removed with its contents after the program has ended.
    _folder: TempDir,
}

impl Background {
    /// Starts a command. What it prints, to either output, goes into one log.
    pub(crate) fn start(command: &mut Command) -> Self {
        use std::os::unix::process::CommandExt as _;

        let name = command.get_program().to_string_lossy().into_owned();
        let folder = TempDir::new().expect("no temporary folder can be made");
        let log = folder.path().join("log");
        let file = File::create(&log).expect("the log cannot be made");
        let again = file.try_clone().expect("the log cannot be shared");
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(again)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        Self {
            child,
            name,
            log,
            _folder: folder,
        }
    }

    /// Everything printed so far.
    pub(crate) fn log(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether the log has this phrase, now or within the limit.
    pub(crate) fn prints(&self, phrase: &str, limit: Duration) -> bool {
        within(limit, || self.log().contains(phrase).then_some(())).is_some()
    }

    /// How the program ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child
            .try_wait()
            .unwrap_or_else(|error| panic!("{} cannot be waited for: {error}", self.name))
    }

    /// The programs that this one started, and those that they started.
    pub(crate) fn descendants(&self) -> Vec<u32> {
        let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
            .expect("a Linux that tells of its programs")
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter_map(|id: u32| {
                // `id (name) state parent …`; a name may have blanks and brackets.
                let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
                let parent = text.rsplit_once(')')?.1.split_whitespace().nth(1)?;
                Some((id, parent.parse().ok()?))
            })
            .collect();
        let mut found = vec![self.child.id()];
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            let children = parents.iter().filter(|(_, of)| *of == parent);
            found.extend(children.map(|(id, _)| *id));
            next += 1;
        }
        found
    }

    /// Asks the group to end, and makes it end when it does not.
    pub(crate) fn stop(&mut self) {
        self.signal(Signal::TERM);
        if within(Duration::from_secs(5), || self.ended()).is_none() {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
        // Members of the group may outlive the one that started them.
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(id) = id {
            // It fails when nothing is left of the group, which is the aim.
            let _ = kill_process_group(id, signal);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop();
    }
}
