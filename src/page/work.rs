//! What the workers are given, chapter by chapter, and where what comes back
//! goes. It knows no worker: `browser` asks for the next task of one that has
//! nothing to do.

use jiff::Timestamp;

use super::{
    chapters::{authority, making, renew_and_revoke},
    jobs::{Circumstances, JobNumber, Lost, Purpose},
    session::{Notice, Session},
};
use crate::lab::wire::{Outcome, Task};

/// The next task for a worker that has nothing to do.
pub fn next_job(session: &mut Session, now: Timestamp) -> Option<(JobNumber, Task)> {
    if let Some(job) = session.jobs.give_again() {
        return Some(job);
    }
    let (purpose, task) = next_task(session, now)?;
    Some(session.jobs.give(purpose, task))
}

/// The next task, and what it is for: those that the reader waits for first, and
/// the many parts of the files last.
fn next_task(session: &mut Session, now: Timestamp) -> Option<(Purpose, Task)> {
    if let Some((attempt, task)) = session.form.brought.next_task(now) {
        return Some((Purpose::Read(attempt), task));
    }
    if let Some((order, task)) = session.files.exporting.next_task() {
        return Some((Purpose::Export(order), task));
    }
    if let Some((attempt, task)) = session.inspector.next_task(now) {
        return Some((Purpose::Inspect(attempt), task));
    }
    if let Some((attempt, task)) = session.inspector.anatomy.next_task() {
        return Some((Purpose::Dissect(attempt), task));
    }
    if let Some(signing) = session.signing.next_task(now) {
        return Some(signing);
    }
    let circumstances = Circumstances {
        lab: session.files.lab(),
        build: session.build(),
        is_build_chosen: session.is_build_chosen(),
        now,
    };
    if let Some((number, task)) = session.dry_run.next_task(circumstances) {
        return Some((Purpose::DryRun(number), task));
    }
    if let Some((number, task)) = session.diagnosis.next_task(circumstances) {
        return Some((Purpose::Diagnose(number), task));
    }
    if let Some(drill) = session.drills.next_task(circumstances) {
        return Some(drill);
    }
    let (number, task) = session.making.as_mut()?.next_task()?;
    Some((Purpose::Make(number), task))
}

/// A worker tried this many candidates for primes since it last said so.
pub fn job_tried(session: &mut Session, number: JobNumber, candidates: u32) {
    if let (Some(Purpose::Make(task)), Some(making)) =
        (session.jobs.purpose(number), &mut session.making)
    {
        making.report(task, candidates);
    }
}

/// Whether a task is one of those that make files.
#[must_use]
pub fn is_making(session: &Session, number: JobNumber) -> bool {
    matches!(session.jobs.purpose(number), Some(Purpose::Make(_)))
}

/// A worker is done with a task.
pub fn job_done(session: &mut Session, number: JobNumber, outcome: Outcome, now: Timestamp) {
    session.seen = now;
    if let Some(purpose) = session.jobs.done(number) {
        settle(session, purpose, outcome, now);
    }
}

/// Takes what came of a task to whom it is for.
fn settle(session: &mut Session, purpose: Purpose, outcome: Outcome, now: Timestamp) {
    match purpose {
        Purpose::Read(attempt) => authority::read(session, attempt, outcome, now),
        Purpose::Export(order) => session.files.exporting.complete(order, outcome),
        Purpose::Inspect(attempt) => session.inspector.done(attempt, outcome),
        Purpose::Dissect(attempt) => session.inspector.anatomy.done(attempt, outcome),
        Purpose::Glance(earlier, attempt) => session.signing.glanced(earlier, attempt, &outcome),
        Purpose::Renew => renew_and_revoke::renewal_done(session, outcome),
        Purpose::Revoke => renew_and_revoke::revocation_done(session, outcome),
        Purpose::DryRun(number) => session.dry_run.done(number, outcome),
        Purpose::Drill(number) => session.drills.made(number, outcome),
        Purpose::DrillVerdict(number) => session.drills.judged(number, outcome),
        Purpose::Diagnose(number) => session.diagnosis.done(number, outcome),
        Purpose::Make(task) => making::complete(session, task, outcome),
    }
}

/// A worker ended without an answer, with what is known of the reason.
pub fn worker_lost(
    session: &mut Session,
    in_hand: Option<JobNumber>,
    reason: &str,
    now: Timestamp,
) {
    match in_hand.map_or(Lost::Forgotten, |number| session.jobs.lost(number)) {
        Lost::Again | Lost::Forgotten => {
            session.notice = Notice::WorkerLost(reason.to_owned());
        }
        Lost::ForGood(purpose) => {
            let message = match purpose {
                Purpose::Make(_) => {
                    return making::fail(
                        session,
                        &format!("a worker of this page ended twice over the same task ({reason})"),
                    );
                }
                Purpose::Read(_) => format!(
                    "a worker of this page ended twice while reading this CA ({reason}); please report this"
                ),
                Purpose::Inspect(_) | Purpose::Dissect(_) | Purpose::Renew | Purpose::Revoke => {
                    format!(
                        "a worker of this page ended twice over it ({reason}); please report this"
                    )
                }
                Purpose::Export(_)
                | Purpose::Glance(..)
                | Purpose::DryRun(_)
                | Purpose::Drill(_)
                | Purpose::DrillVerdict(_)
                | Purpose::Diagnose(_) => {
                    format!("a worker of this page ended twice over it ({reason})")
                }
            };
            settle(session, purpose, Outcome::Failed { message }, now);
        }
    }
}

/// The tasks whose workers should stop.
pub fn stops(session: &mut Session) -> Vec<JobNumber> {
    session.jobs.stops()
}

/// All workers were ended, because the page is put aside. What they had in
/// hand is given out again if the page comes back.
pub fn workers_ended(session: &mut Session) {
    session.jobs.all_ended();
}
