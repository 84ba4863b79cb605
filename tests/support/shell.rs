//! Commands as a reader runs them: a text given to bash, verbatim, in a folder.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use super::etcd::Version;
use super::within;

/// What a script answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// The exit status; `None` when a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// Standard output of a script that must have succeeded.
    ///
    /// # Panics
    ///
    /// With everything it printed, when it failed.
    pub(crate) fn succeeded(&self) -> &str {
        assert_eq!(
            self.status,
            Some(0),
            "the script failed\nstdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        &self.stdout
    }

    /// Both outputs of a script that must have failed.
    ///
    /// # Panics
    ///
    /// When it succeeded.
    pub(crate) fn failed(&self) -> String {
        assert_ne!(self.status, Some(0), "the script should fail:\n{self:?}");
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// Where and with what scripts run.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    folder: PathBuf,
    programs: Option<PathBuf>,
    variables: Vec<(String, String)>,
    limit: Duration,
}

impl Shell {
    /// Scripts run in this folder, for a minute at most.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            programs: None,
            variables: Vec::new(),
            limit: Duration::from_mins(1),
        }
    }

    /// `etcd` and `etcdctl` are of this version.
    pub(crate) fn with_etcd(self, version: Version) -> Self {
        self.with_programs(version.folder())
    }

    /// The programs of this folder come first.
    pub(crate) fn with_programs(mut self, folder: PathBuf) -> Self {
        self.programs = Some(folder);
        self
    }

    /// An environment variable for the scripts.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// How long a script may take.
    pub(crate) fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The command that runs a script, not yet started.
    pub(crate) fn command(&self, script: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .args(["-c", script])
            .current_dir(&self.folder)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(programs) = &self.programs {
            let path = env::var_os("PATH").unwrap_or_default();
            let folders = std::iter::once(programs.clone()).chain(env::split_paths(&path));
            command.env("PATH", env::join_paths(folders).expect("a search path"));
        }
        command
    }

    /// Runs a script to its end.
    ///
    /// # Panics
    ///
    /// When bash cannot be started, or the limit is over: the script and what it
    /// started are ended then.
    pub(crate) fn run(&self, script: &str) -> Output {
        let folder = TempDir::new().expect("no temporary folder can be made");
        let (stdout, stderr) = (folder.path().join("stdout"), folder.path().join("stderr"));
        let file = |path: &Path| fs::File::create(path).expect("the output cannot be kept");
        let mut child = self
            .command(script)
            .stdin(Stdio::null())
            .stdout(file(&stdout))
            .stderr(file(&stderr))
            .process_group(0)
            .spawn()
            .expect("bash cannot be started");
        let status = within(self.limit, || child.try_wait().expect("bash is our child"));
        let text =
            |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
        let Some(status) = status else {
            if let Some(id) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                let _ = kill_process_group(id, Signal::KILL);
            }
            let _ = child.wait();
            panic!(
                "no end after {} seconds of:\n{script}\nstdout:\n{}\nstderr:\n{}",
                self.limit.as_secs(),
                text(&stdout),
                text(&stderr)
            );
        };
        Output {
            status: status.code(),
            stdout: text(&stdout),
            stderr: text(&stderr),
        }
    }
}

/// Runs a script in a folder, for a minute at most.
pub(crate) fn run_bash(script: &str, folder: &Path) -> Output {
    Shell::in_folder(folder).run(script)
}
