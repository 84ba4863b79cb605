//! `make`: the files of a plan, the same that the page puts into its archive, made
//! on every processor. A plan that brings its CA reads it from `--ca-cert` and
//! `--ca-key`, or from the files that the folder has already.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use clap::Args;
use etcd_pki_lab::script::plan;
use etcd_pki_lab::{
    AuthoritySource, IssuedAuthority, Lab, LabFile, Making, PemPair, Plan, Preset, Role, Secret,
    Workbench,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::Ended;
use crate::failure::{Failure, PASSPHRASE_VARIABLE};
use crate::writing;

const EXAMPLES: &str = "\
Examples:
  etcd-pki-lab make tutorial pki
  etcd-pki-lab make cluster pki --archives
  etcd-pki-lab make plan.json pki
  etcd-pki-lab make '#plan=eyJwb3J0Ij…' pki
  etcd-pki-lab make client-only pki --ca-cert ca.crt --ca-key ca.key
  etcd-pki-lab make sign-csr pki --csr etcd.csr --usage server

A passphrase is never taken from the command line, which others can see.
No file is overwritten unless --overwrite says so, and when one of them can't be
written, none is.";

/// What to make, and where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A preset's name (tutorial, cluster, kubeadm, client-only, sign-csr), a JSON
    /// file with a plan, or the text of a plan's link.
    #[arg(value_name = "PRESET|PLAN")]
    plan: String,
    /// Where the files go; it is made if need be.
    folder: PathBuf,
    /// The certificate of the CA that the plan brings; else the one in FOLDER.
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<PathBuf>,
    /// That CA's private key; else the one in FOLDER.
    #[arg(long, value_name = "FILE")]
    ca_key: Option<PathBuf>,
    /// A file whose first line is the passphrase of the CA's key; else the
    /// environment variable `CA_PASSPHRASE`.
    #[arg(long, value_name = "FILE")]
    ca_passphrase_file: Option<PathBuf>,
    /// The CSR to sign; else the one in FOLDER.
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
    /// What the CSR is signed for: client, server or peer.
    #[arg(long)]
    usage: Option<Role>,
    /// Rather than the files, write archives: one for each machine, one for each
    /// client, and one with the CAs' keys, to be kept offline.
    #[arg(long)]
    archives: bool,
    /// Replace files that are there.
    #[arg(long)]
    overwrite: bool,
}

/// Makes the files.
pub(crate) fn make(options: &Options) -> Ended {
    let now = Timestamp::now();
    let mut plan = wanted(&options.plan)?;
    let mut inputs = BTreeSet::new();
    take_csr(options, &mut plan, &mut inputs)?;
    let brought = brought(options, &plan, now, &mut inputs)?;
    let making = Making::start(&plan, brought.as_ref(), None, now).map_err(|faults| {
        let faults = faults.iter();
        Failure::Plan {
            faults: faults
                .map(|fault| (fault.field.path(), fault.message.clone()))
                .collect(),
        }
    })?;
    let lab = work_on(making)?;
    if options.archives {
        return write_archives(options, &lab, &inputs);
    }
    let files = lab.files();
    let written = writing::write(&options.folder, &files, &inputs, options.overwrite)?;
    println!(
        "{written} files are in {}; README says what each is, commands.sh has the commands.",
        options.folder.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Writes an archive for each recipient, and says what brings each where it belongs.
fn write_archives(
    options: &Options,
    lab: &Lab,
    inputs: &BTreeSet<PathBuf>,
) -> Result<ExitCode, Failure> {
    let archives = lab.archives().map_err(Failure::Archive)?;
    let files: Vec<LabFile> = archives
        .iter()
        .map(|archive| archive.file.clone())
        .collect();
    let written = writing::write(&options.folder, &files, inputs, options.overwrite)?;
    println!("{written} archives are in {}:", options.folder.display());
    for archive in archives {
        println!("\n{}\n", archive.file.name);
        for (title, lines) in archive.lines {
            println!("# {title}\n{lines}\n");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The plan of a preset's name, a JSON file or a link's text.
fn wanted(text: &str) -> Result<Plan, Failure> {
    if let Ok(preset) = text.parse::<Preset>() {
        return Ok(Plan::preset(preset));
    }
    let path = Path::new(text);
    if path.is_file() {
        return serde_json::from_str(&read(path)?).map_err(|source| Failure::Json {
            path: path.to_path_buf(),
            source,
        });
    }
    match plan::of_text(text) {
        Ok(Some(plan)) => Ok(plan),
        Ok(None) => Err(Failure::NoPlan {
            text: text.to_owned(),
        }),
        Err(error) => Err(Failure::Link(error)),
    }
}

/// The text of a file, which may hold a key.
fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = Zeroizing::new(fs::read(path).map_err(Failure::file(path))?);
    match str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(source) => Err(Failure::NotText {
            path: path.to_path_buf(),
            source,
        }),
    }
}

/// A file of the command line, or, where none is named, one that FOLDER has. It is
/// remembered as one that is not to be written again.
fn given_or_there(
    given: Option<&PathBuf>,
    there: PathBuf,
    option: &'static str,
    what: &'static str,
    inputs: &mut BTreeSet<PathBuf>,
) -> Result<Zeroizing<String>, Failure> {
    let path = match given {
        Some(path) => path.clone(),
        None if there.is_file() => there,
        None => {
            return Err(Failure::Missing {
                what,
                option,
                there,
            });
        }
    };
    let text = read(&path)?;
    inputs.extend(fs::canonicalize(&path));
    Ok(text)
}

/// Reads the CA that the plan brings along.
fn brought(
    options: &Options,
    plan: &Plan,
    now: Timestamp,
    inputs: &mut BTreeSet<PathBuf>,
) -> Result<Option<IssuedAuthority>, Failure> {
    let given = options.ca_cert.is_some() || options.ca_key.is_some();
    if plan.authority.source == AuthoritySource::Make {
        return if given {
            Err(Failure::AuthorityNotWanted)
        } else {
            Ok(None)
        };
    }
    let there = |ending: &str| {
        let file = format!("{}.{ending}", plan.authority_stem());
        options.folder.join(file)
    };
    let certificate = given_or_there(
        options.ca_cert.as_ref(),
        there("crt"),
        "--ca-cert",
        "the CA's certificate",
        inputs,
    )?;
    let key = given_or_there(
        options.ca_key.as_ref(),
        there("key"),
        "--ca-key",
        "the CA's private key",
        inputs,
    )?;
    let passphrase = match &options.ca_passphrase_file {
        Some(path) => Some(read(path)?.trim_end_matches(['\r', '\n']).to_owned()),
        None => std::env::var(PASSPHRASE_VARIABLE).ok(),
    };
    let authority = PemPair {
        certificate: certificate.to_string(),
        key: key.to_string(),
    };
    plan::bring(
        authority,
        passphrase.map(Secret),
        now,
        &mut UnwrapErr(SysRng),
    )
    .map(Some)
    .map_err(Failure::AuthorityRefused)
}

/// Puts the CSR into the plan: for the first client.
fn take_csr(
    options: &Options,
    plan: &mut Plan,
    inputs: &mut BTreeSet<PathBuf>,
) -> Result<(), Failure> {
    let wanted = plan.preset == Preset::SignCsr;
    if let Some(usage) = options.usage.filter(|_| !wanted) {
        return Err(Failure::UsageNotWanted {
            usage,
            preset: plan.preset,
        });
    }
    let Some(client) = plan.clients.first_mut() else {
        return Ok(());
    };
    if let Some(usage) = options.usage {
        client.choose_role(usage);
    }
    if options.csr.is_some() || (wanted && client.csr.trim().is_empty()) {
        let there = options.folder.join(format!("{}.csr", client.name.trim()));
        let csr = given_or_there(options.csr.as_ref(), there, "--csr", "the CSR", inputs)?;
        client.take_csr(&csr);
    }
    Ok(())
}

/// What the workers share: what is to be done, and the first failure.
type Shared = Mutex<(Making, Option<Failure>)>;

/// Does all tasks, on every processor.
fn work_on(making: Making) -> Result<Lab, Failure> {
    let making = Mutex::new((making, None));
    let changed = Condvar::new();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(&making, &changed));
        }
    });
    let (making, failure) = making.into_inner().unwrap_or_else(PoisonError::into_inner);
    match failure {
        Some(failure) => Err(failure),
        None => making.finish().ok_or(Failure::Unfinished),
    }
}

fn work(making: &Shared, changed: &Condvar) {
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
        if let Err(error) = guard.0.complete(number, outcome) {
            guard.1 = Some(Failure::Work(error.into()));
        }
        // What others still look for, and nobody needs, is let be: they end on
        // their own.
        guard.0.abandoned();
        changed.notify_all();
    }
}
