//! Makes the files of a plan without a browser: the same that the page puts into
//! its archive.
//!
//! ```text
//! cargo run --release --example lab -- tutorial FOLDER
//! cargo run --release --example lab -- plan.json FOLDER
//! cargo run --release --example lab -- '#plan=eyJwb3J0Ij…' FOLDER
//! cargo run --release --example lab -- client-only FOLDER --ca-cert ca.crt --ca-key ca.key
//! cargo run --release --example lab -- sign-csr FOLDER --csr client.csr
//! cargo run --release --example lab -- sign-csr FOLDER --csr etcd.csr --usage server
//! ```
//!
//! PLAN is a preset's name, a JSON file with a plan, or the text of a plan's
//! link. `--usage` says what a CSR is signed for: client, server or peer. A plan that brings its CA reads it from `--ca-cert` and `--ca-key`, or
//! from the CA's files that FOLDER has already. A passphrase comes from the file
//! `--ca-passphrase-file`, or from the environment variable `CA_PASSPHRASE`:
//! never from the command line, which others can see.
//!
//! No file is overwritten unless `--overwrite` says so. The status is 0 when all
//! files are written, 1 when something is wrong with the plan or a file, 2 when
//! the command line is.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use etcd_pki_lab::etcd::plan::{AuthoritySource, CsrUsage, Field, Plan, Preset};
use etcd_pki_lab::lab::making::Making;
use etcd_pki_lab::lab::task::{Outcome, PemPair, Secret, Task, Workbench};
use etcd_pki_lab::lab::{IssuedAuthority, Lab, LabFile};
use etcd_pki_lab::page::link;
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use zeroize::Zeroizing;

const USAGE: &str = "usage: lab PLAN FOLDER [--ca-cert FILE --ca-key FILE] \
[--ca-passphrase-file FILE] [--csr FILE] [--usage client|server|peer] [--overwrite]
PLAN: tutorial, cluster, kubeadm, client-only, sign-csr, a JSON file, or a plan's link";

/// Where the passphrase of the CA's key may be, beside a file.
const PASSPHRASE_VARIABLE: &str = "CA_PASSPHRASE";

/// What the command line asks for.
#[derive(Debug)]
struct Arguments {
    plan: String,
    folder: PathBuf,
    ca_certificate: Option<PathBuf>,
    ca_key: Option<PathBuf>,
    ca_passphrase: Option<PathBuf>,
    csr: Option<PathBuf>,
    usage: Option<CsrUsage>,
    overwrite: bool,
}

fn arguments() -> Result<Option<Arguments>, String> {
    use lexopt::prelude::{Long, Short, Value};
    let mut parser = lexopt::Parser::from_env();
    let (mut plan, mut folder) = (None, None);
    let (mut ca_certificate, mut ca_key, mut ca_passphrase, mut csr) = (None, None, None, None);
    let (mut usage, mut overwrite) = (None, false);
    let wrong = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("ca-cert") => ca_certificate = Some(parser.value().map_err(wrong)?.into()),
            Long("ca-key") => ca_key = Some(parser.value().map_err(wrong)?.into()),
            Long("ca-passphrase-file") => {
                ca_passphrase = Some(parser.value().map_err(wrong)?.into());
            }
            Long("csr") => csr = Some(parser.value().map_err(wrong)?.into()),
            Long("usage") => {
                let word = parser.value().map_err(wrong)?;
                usage = Some(word.to_string_lossy().parse::<CsrUsage>()?);
            }
            Long("overwrite") => overwrite = true,
            Long("help") | Short('h') => return Ok(None),
            Value(word) if plan.is_none() => {
                plan = Some(
                    word.into_string()
                        .map_err(|word| format!("{} is not UTF-8", word.display()))?,
                );
            }
            Value(word) if folder.is_none() => folder = Some(PathBuf::from(word)),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(Arguments {
        plan: plan.ok_or("no PLAN was given")?,
        folder: folder.ok_or("no FOLDER was given")?,
        ca_certificate,
        ca_key,
        ca_passphrase,
        csr,
        usage,
        overwrite,
    }))
}

/// The plan of a preset's name, a JSON file or a link's text.
fn plan(text: &str) -> Result<Plan, String> {
    if let Ok(preset) = text.parse::<Preset>() {
        return Ok(Plan::preset(preset));
    }
    let path = Path::new(text);
    if path.is_file() {
        let json = read(path)?;
        return serde_json::from_str(&json).map_err(|error| format!("{text}: {error}"));
    }
    let fragment = match text.rsplit_once('#') {
        Some((_, fragment)) => fragment,
        None => text,
    };
    let fragment = fragment.strip_prefix("plan=").unwrap_or(fragment);
    match link::plan(&format!("#plan={fragment}")) {
        Ok(Some(plan)) => Ok(plan),
        Ok(None) | Err(link::LinkError::Unreadable) => Err(format!(
            "“{text}” is no preset, no file and no plan's link; presets are tutorial, cluster, kubeadm, client-only and sign-csr"
        )),
        Err(error) => Err(format!("the plan in this link can't be used: {error}")),
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// What was read from files, which are not to be written again.
type Inputs = BTreeSet<PathBuf>;

/// A file of the command line, or, where none is named, one that FOLDER has.
fn given_or_there(
    given: Option<&PathBuf>,
    there: PathBuf,
    option: &str,
    what: &str,
    inputs: &mut Inputs,
) -> Result<Zeroizing<String>, String> {
    let path = match given {
        Some(path) => path.clone(),
        None if there.is_file() => there,
        None => {
            return Err(format!(
                "{what} is missing: name it with {option} FILE, or put it at {}",
                there.display()
            ));
        }
    };
    let text = read(&path)?;
    inputs.extend(fs::canonicalize(&path));
    Ok(text)
}

/// Reads the CA that the plan brings along.
fn brought(
    arguments: &Arguments,
    plan: &Plan,
    now: Timestamp,
    inputs: &mut Inputs,
) -> Result<Option<IssuedAuthority>, String> {
    let given = arguments.ca_certificate.is_some() || arguments.ca_key.is_some();
    if plan.authority.source == AuthoritySource::Make {
        return if given {
            Err("this plan makes a CA of its own; leave --ca-cert and --ca-key out, or set authority.source to “bring” in the plan".to_owned())
        } else {
            Ok(None)
        };
    }
    let there = |ending: &str| {
        let file = format!("{}.{ending}", plan.authority_stem());
        arguments.folder.join(file)
    };
    let certificate = given_or_there(
        arguments.ca_certificate.as_ref(),
        there("crt"),
        "--ca-cert",
        "the CA's certificate",
        inputs,
    )?;
    let key = given_or_there(
        arguments.ca_key.as_ref(),
        there("key"),
        "--ca-key",
        "the CA's private key",
        inputs,
    )?;
    let passphrase = match &arguments.ca_passphrase {
        Some(path) => Some(read(path)?.trim_end_matches(['\r', '\n']).to_owned()),
        None => std::env::var(PASSPHRASE_VARIABLE).ok(),
    };
    let task = Task::ReadAuthority {
        authority: PemPair {
            certificate: certificate.to_string(),
            key: key.to_string(),
        },
        passphrase: passphrase.map(Secret),
        now,
    };
    match Workbench::default().finish(task, &mut UnwrapErr(SysRng)) {
        Outcome::Authority(pair) => IssuedAuthority::read(&pair).map(Some),
        Outcome::AuthorityRefused {
            passphrase: true,
            message,
            ..
        } => Err(format!(
            "the CA's private key: {message} (with --ca-passphrase-file FILE or in {PASSPHRASE_VARIABLE})"
        )),
        Outcome::AuthorityRefused { key, message, .. } => Err(format!(
            "the CA's {}: {message}",
            if key { "private key" } else { "certificate" }
        )),
        _ => Err("the CA could not be read".to_owned()),
    }
}

/// Puts the CSR into the plan: for the first client.
fn take_csr(arguments: &Arguments, plan: &mut Plan, inputs: &mut Inputs) -> Result<(), String> {
    let wanted = plan.preset == Preset::SignCsr;
    if arguments.usage.is_some() && !wanted {
        return Err(format!(
            "--usage says what a CSR is signed for, and the plan is {}; use it with sign-csr",
            plan.preset
        ));
    }
    let Some(client) = plan.clients.first_mut() else {
        return Ok(());
    };
    if let Some(usage) = arguments.usage {
        client.choose_usage(usage);
    }
    if arguments.csr.is_some() || (wanted && client.csr.trim().is_empty()) {
        let there = arguments.folder.join(format!("{}.csr", client.name.trim()));
        let csr = given_or_there(arguments.csr.as_ref(), there, "--csr", "the CSR", inputs)?;
        client.take_csr(&csr);
    }
    Ok(())
}

/// Does all tasks, on every processor.
fn make(making: Making) -> Result<Lab, String> {
    let making = Mutex::new((making, None::<String>));
    let changed = Condvar::new();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(&making, &changed));
        }
    });
    let (making, failure) = making.into_inner().unwrap_or_else(PoisonError::into_inner);
    match failure {
        Some(message) => Err(message),
        None => making
            .finish()
            .ok_or_else(|| "the work ended early; please report this".to_owned()),
    }
}

fn work(making: &Mutex<(Making, Option<String>)>, changed: &Condvar) {
    let mut workbench = Workbench::default();
    let mut rng = UnwrapErr(SysRng);
    let mut guard = making.lock().unwrap_or_else(PoisonError::into_inner);
    while guard.1.is_none() && !guard.0.is_done() {
        let Some((number, task)) = guard.0.next_task() else {
            // What is left waits for tasks in hand.
            guard = changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        drop(guard);
        let outcome = workbench.finish(task, &mut rng);
        guard = making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(message) = guard.0.complete(number, outcome) {
            guard.1 = Some(message);
        }
        // What others still look for, and nobody needs, is let be: they end on
        // their own.
        guard.0.abandoned();
        changed.notify_all();
    }
}

/// Writes all files, or none if one is there that is not to be overwritten.
fn write(
    folder: &Path,
    files: &[LabFile],
    inputs: &Inputs,
    overwrite: bool,
) -> Result<usize, String> {
    let failed = |path: &Path, error: &std::io::Error| format!("{}: {error}", path.display());
    let mut wanted = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        if fs::canonicalize(&path).is_ok_and(|path| inputs.contains(&path)) {
            continue;
        }
        // Links are not followed: what is there is there.
        let there = fs::symlink_metadata(&path).is_ok();
        if there && !overwrite {
            let key = if file.kind == etcd_pki_lab::lab::FileKind::PrivateKey {
                ", and a private key would be lost"
            } else {
                ""
            };
            return Err(format!(
                "{} is there already{key}; nothing was written. Choose an empty folder, or say --overwrite",
                path.display()
            ));
        }
        wanted.push((path, file, there));
    }
    for (path, file, there) in &wanted {
        if let Some(parent) = path.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(parent)
                .map_err(|error| failed(parent, &error))?;
        }
        if *there {
            fs::remove_file(path).map_err(|error| failed(path, &error))?;
        }
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(file.kind.mode())
            .open(path)
            .and_then(|mut opened| opened.write_all(&file.contents))
            .map_err(|error| failed(path, &error))?;
    }
    Ok(wanted.len())
}

fn run(arguments: &Arguments) -> Result<String, String> {
    let now = Timestamp::now();
    let mut plan = plan(&arguments.plan)?;
    let mut inputs = Inputs::new();
    take_csr(arguments, &mut plan, &mut inputs)?;
    let brought = brought(arguments, &plan, now, &mut inputs)?;
    let making = Making::start(&plan, brought.as_ref(), None, now).map_err(|faults| {
        let lines: Vec<String> = faults
            .iter()
            .map(|fault| format!("{}: {}", name_of(fault.field), fault.message))
            .collect();
        lines.join("\n")
    })?;
    let lab = make(making)?;
    let written = write(
        &arguments.folder,
        &lab.files(),
        &inputs,
        arguments.overwrite,
    )?;
    Ok(format!(
        "{written} files are in {}; README says what each is, commands.sh has the commands.",
        arguments.folder.display()
    ))
}

/// A field as its plan's text has it: `clients[0].days`.
fn name_of(field: Field) -> String {
    match field {
        Field::Client(place, field) => format!("clients[{place}].{field}"),
        Field::Member(place, field) => format!("members[{place}].{field}"),
        field => field.to_string(),
    }
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(reason) => {
            eprintln!("lab: {reason}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("lab: {reason}");
            ExitCode::FAILURE
        }
    }
}
