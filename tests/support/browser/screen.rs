//! A screen for browsers that have no mode without one.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::super::program;

/// An X server that shows its windows to nobody.
pub(super) struct Screen {
    child: Child,
    pub(super) number: u32,
}

impl Screen {
    pub(super) fn start() -> Self {
        // It chooses a number that is free, and writes it to its output.
        let mut child = Command::new(program("Xvfb", "webkit"))
            .args(["-displayfd", "1", "-screen", "0", "1280x1024x24"])
            .args(["-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb cannot be started");
        let mut line = String::new();
        if let Some(stdout) = child.stdout.as_mut() {
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let number = line.trim().parse().expect("Xvfb names its screen");
        Self { child, number }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
