//! Real etcd servers, in the versions whose behaviour differs, started with the
//! very command line that the page prints.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tempfile::TempDir;

use super::process::Background;
use super::shell::Shell;
use super::{free_ports, target, within};

/// The newest release of each series, and of 3.4, which has ended, the one that
/// most people have. What they say depends on the Go that they were built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// 3.4.23, Go 1.19.
    V3_4_23,
    /// 3.5.35, Go 1.26.
    V3_5_35,
    /// 3.6.16, Go 1.26.
    V3_6_16,
    /// 3.7.3, Go 1.26.
    V3_7_3,
}

impl Version {
    pub(crate) const ALL: [Self; 4] = [Self::V3_4_23, Self::V3_5_35, Self::V3_6_16, Self::V3_7_3];

    /// As etcd prints it.
    pub(crate) fn number(self) -> &'static str {
        match self {
            Self::V3_4_23 => "3.4.23",
            Self::V3_5_35 => "3.5.35",
            Self::V3_6_16 => "3.6.16",
            Self::V3_7_3 => "3.7.3",
        }
    }

    /// The folder that holds `etcd` and `etcdctl` of this version.
    ///
    /// # Panics
    ///
    /// When they were not fetched.
    pub(crate) fn folder(self) -> PathBuf {
        let folder = target().join(format!("tools/etcd-{}", self.number()));
        assert!(
            folder.join("etcd").is_file() && folder.join("etcdctl").is_file(),
            "etcd {} is missing; run `cargo xtask tools {}`",
            self.number(),
            match self {
                Self::V3_4_23 => "etcd34",
                Self::V3_5_35 => "etcd3535",
                Self::V3_6_16 => "etcd3616",
                Self::V3_7_3 => "etcd373",
            }
        );
        folder
    }
}

/// An etcd that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Etcd {
    background: Background,
    // Removed with the server's data after the server has ended.
    _data: TempDir,
}

impl Etcd {
    /// Runs a command line verbatim with bash, in this folder. Its data goes to
    /// a folder of its own. Unless the command speaks of peers or of a config
    /// file, peers are told a port that is free, through the environment: a
    /// flag and a variable for the same thing would stop etcd.
    pub(crate) fn start(version: Version, command: &str, folder: &Path) -> Self {
        let data = TempDir::new().expect("no temporary folder can be made");
        let mut shell = Shell::in_folder(folder).with_etcd(version);
        let has_config = command.contains("--config-file") || command.contains("ETCD_CONFIG_FILE");
        let mentions = |flag: &str, variable: &str| {
            has_config || command.contains(flag) || command.contains(variable)
        };
        if !mentions("--data-dir", "ETCD_DATA_DIR") {
            shell = shell.with_variable("ETCD_DATA_DIR", &data.path().to_string_lossy());
        }
        if !mentions("peer-urls", "PEER_URLS") && !command.contains("--initial-cluster") {
            let [port] = free_ports();
            let url = format!("http://127.0.0.1:{port}");
            shell = shell
                .with_variable("ETCD_LISTEN_PEER_URLS", &url)
                .with_variable("ETCD_INITIAL_ADVERTISE_PEER_URLS", &url)
                .with_variable("ETCD_INITIAL_CLUSTER", &format!("default={url}"));
        }
        Self {
            background: Background::start(&mut shell.command(command)),
            _data: data,
        }
    }

    /// Waits until etcd serves clients.
    ///
    /// # Errors
    ///
    /// etcd ended instead, or was not ready within 30 seconds.
    pub(crate) fn ready(&mut self) -> Result<(), NotReady> {
        within(Duration::from_secs(30), || {
            if self.log().contains("ready to serve client requests") {
                return Some(Ok(()));
            }
            let status = self.background.ended()?;
            Some(Err(Some(status)))
        })
        .unwrap_or(Err(None))
        .map_err(|ended| NotReady {
            ended,
            log: self.log(),
        })
    }

    /// Everything that etcd has logged so far.
    pub(crate) fn log(&self) -> String {
        self.background.log()
    }

    /// Whether etcd logs this phrase, now or within ten seconds.
    pub(crate) fn logs(&self, phrase: &str) -> bool {
        self.background.prints(phrase, Duration::from_secs(10))
    }

    /// How etcd ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.background.ended()
    }
}

/// etcd does not serve clients.
pub(crate) struct NotReady {
    /// How it ended, if it did.
    pub(crate) ended: Option<ExitStatus>,
    /// What it logged.
    pub(crate) log: String,
}

impl fmt::Display for NotReady {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ended {
            Some(status) => write!(formatter, "etcd ended ({status}):\n{}", self.log),
            None => write!(formatter, "etcd is not ready:\n{}", self.log),
        }
    }
}

impl fmt::Debug for NotReady {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for NotReady {}
