//! What Chromium takes of the machine: its processes, threads and memory.

use std::fs;

use super::Browser;

impl Browser {
    /// The workers that run in all pages: threads that Chromium names so.
    pub(crate) fn workers(&self) -> usize {
        self.only_chromium("names its threads so");
        self.renderers()
            .iter()
            .filter_map(|id| fs::read_dir(format!("/proc/{id}/task")).ok())
            .flatten()
            .flatten()
            .filter_map(|thread| fs::read_to_string(thread.path().join("comm")).ok())
            .filter(|name| name.starts_with("DedicatedWorker"))
            .count()
    }

    /// The memory that all pages and their workers have in use, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        self.only_chromium("has its pages in processes of their own");
        self.renderers()
            .iter()
            .filter_map(|id| fs::read_to_string(format!("/proc/{id}/status")).ok())
            .filter_map(|status| {
                let line = status
                    .lines()
                    .find_map(|line| line.strip_prefix("VmRSS:"))?;
                line.split_whitespace().next()?.parse::<u64>().ok()
            })
            .sum()
    }

    /// The processes in which pages and their workers run.
    pub(crate) fn renderers(&self) -> Vec<u32> {
        let mut ids = self.driver.descendants();
        ids.retain(|id| {
            fs::read(format!("/proc/{id}/cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains("--type=renderer"))
        });
        ids
    }
}
