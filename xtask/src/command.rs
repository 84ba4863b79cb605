//! Running other programs: shown, captured, or captured with a time limit. An
//! error names the command line, what it answered, and nothing is ever asked on
//! standard input.

use std::env;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The folders of the search path.
pub(crate) fn folders_on_path() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// The first file of this name on the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    folders_on_path()
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// What a captured program answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: ExitStatus,
    pub(crate) stderr: String,
}

/// Runs a command whose output the reader sees. Fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status}); its reason is above", line(command));
    }
    Ok(())
}

/// Runs a command and returns its standard output, without the last newline.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({}):\n{}",
            line(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned())
}

/// Runs a command for at most `limit`, and returns what it answered, success or
/// not. Past the limit it is ended, and that is an error.
pub(crate) fn capture_within(limit: Duration, command: &mut Command) -> Result<Answer> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    // Both pipes are drained at once: a program that fills one would otherwise
    // wait for ever.
    let _stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let Some(status) = wait(&mut child, limit)? else {
        bail!(
            "`{}` gave no answer within {} seconds",
            line(command),
            limit.as_secs()
        );
    };
    let stderr = stderr
        .and_then(|reader| reader.join().ok())
        .unwrap_or_default();
    Ok(Answer { status, stderr })
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A pipe that breaks off has said all it will say.
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).trim_end().to_owned()
    })
}

fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The command line as a reader would type it, near enough to recognise it.
pub(crate) fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
