//! What the threads of a page worked, from Chromium's trace.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

/// Hashes 16 MiB with FNV-1a, where each byte waits for the one before.
pub(super) const HASH: &str = "
    let hash = 0x811c9dc5;
    for (let byte = 0; byte < (16 << 20); byte += 1) {
      hash = Math.imul(hash ^ (byte & 0xff), 0x01000193);
    }
    return hash;";

/// How fast the page's main thread works, on this machine and at this time: what
/// [`HASH`] takes. What a page may take is told in it and not in time, since a slow
/// machine takes longer for everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace(pub(super) Duration);

impl Pace {
    /// From here on a task of the main thread is a long one (W3C Long Tasks), and a
    /// reader notices it: 50 ms of a machine that hashes 1.3 bytes in a nanosecond.
    pub(crate) fn long_task(self) -> Duration {
        self.0 * 4
    }

    /// A second of that machine.
    pub(crate) fn second(self) -> Duration {
        self.long_task() * 20
    }
}

/// What the threads of a page worked, in time that the processor spent on it: a
/// clock counts the time in which the machine did something else too, so that on
/// a busy machine any task is a long one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    /// The longest task of the main thread.
    pub(crate) longest_task: Duration,
    /// All tasks of the main thread.
    pub(crate) main_thread: Duration,
    /// All tasks of each worker, by its process and thread.
    workers: BTreeMap<(u64, u64), Duration>,
}

impl Work {
    /// All tasks of the thread that had most to do: about what a reader waits
    /// for on a machine that does nothing else.
    pub(crate) fn of_busiest_thread(&self) -> Duration {
        let workers = self.workers.values().copied();
        workers.fold(self.main_thread, Duration::max)
    }

    /// What Chromium's trace events say; nothing when they say nothing.
    pub(super) fn of(events: &[Value]) -> Option<Self> {
        let named = |name: &'static str| -> BTreeSet<(u64, u64)> {
            let events = events.iter();
            let named = events.filter(|event| event["args"]["name"] == name);
            named.filter_map(thread_of).collect()
        };
        // Chromium's address bar is made of pages too, in processes of another name.
        let pages: BTreeSet<u64> = named("Renderer").into_iter().map(|of| of.0).collect();
        let mut main_threads = named("CrRendererMain");
        main_threads.retain(|(process, _)| pages.contains(process));
        let workers = named("DedicatedWorker thread");
        let mut work: Option<Self> = None;
        for event in events {
            let (Some(thread), Some(microseconds)) = (thread_of(event), event["tdur"].as_u64())
            else {
                continue;
            };
            if event["name"] != "RunTask" || event["cat"] != TASKS {
                continue;
            }
            let took = Duration::from_micros(microseconds);
            if main_threads.contains(&thread) {
                let work = work.get_or_insert_default();
                work.longest_task = work.longest_task.max(took);
                work.main_thread += took;
            } else if workers.contains(&thread) {
                *work
                    .get_or_insert_default()
                    .workers
                    .entry(thread)
                    .or_default() += took;
            }
        }
        work
    }

    pub(super) fn add(&mut self, other: Self) {
        self.longest_task = self.longest_task.max(other.longest_task);
        self.main_thread += other.main_thread;
        for (thread, took) in other.workers {
            *self.workers.entry(thread).or_default() += took;
        }
    }
}

/// The category of Chromium's trace events that has the tasks of its threads.
pub(super) const TASKS: &str = "disabled-by-default-devtools.timeline";

/// The process and the thread that a trace event is of.
fn thread_of(event: &Value) -> Option<(u64, u64)> {
    Some((event["pid"].as_u64()?, event["tid"].as_u64()?))
}
