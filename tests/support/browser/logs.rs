//! What must not happen, and how long what happens takes: Chromium's own logs, and
//! what reached its proxy.

use serde_json::{Value, json};

use super::Browser;
use super::driver::{Extension, OWN_UPDATE};
use super::work::{HASH, Pace, Work};

/// What Chromium warms up for its address bar within a second of its start, even
/// with nothing but `about:blank` open. No switch of Chromium 148 stops it. What
/// a page asks for is in the driver's own log as well, whatever the host.
const OWN_SEARCH: &str = "CONNECT www.google.com:443 ";

/// What the driver's logs, which each reading empties, have told so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    requests: Vec<String>,
    console: Vec<(String, String)>,
    work: Option<Work>,
}

impl Browser {
    /// The addresses that the page asked for since it was opened, whatever their
    /// scheme. Chromium only.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.read_logs();
        self.seen.borrow().requests.clone()
    }

    /// The errors and warnings of the console since the start. Chromium only.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        self.read_logs();
        let seen = self.seen.borrow();
        seen.console
            .iter()
            .filter(|(level, _)| level == "SEVERE" || level == "WARNING")
            .map(|(level, message)| format!("{level}: {message}"))
            .collect()
    }

    /// What the browser, workers and all, sent to its proxy, which is every
    /// request that would have left the machine or gone to another port of it.
    /// Chromium only: the others ask for things of their own.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.only_chromium("is told to use the proxy");
        let mut sent = self.proxy.requests();
        sent.retain(|line| !line.contains(OWN_UPDATE) && !line.starts_with(OWN_SEARCH));
        sent
    }

    /// Asserts that nothing was asked of any network, and that the console has
    /// no complaint. Chromium only.
    ///
    /// # Panics
    ///
    /// With the addresses or the messages, when there are any.
    pub(crate) fn assert_quiet(&self) {
        let foreign: Vec<String> = self
            .requests()
            .into_iter()
            .filter(|address| {
                !["file:", "blob:", "data:"]
                    .iter()
                    .any(|scheme| address.starts_with(scheme))
            })
            .collect();
        assert!(foreign.is_empty(), "the page asked for {foreign:?}");
        let sent = self.sent();
        assert!(sent.is_empty(), "the browser sent {sent:?}");
        let errors = self.console_errors();
        assert!(errors.is_empty(), "the console has {errors:?}");
    }

    /// Does something, and gives what the page's threads worked meanwhile.
    ///
    /// # Panics
    ///
    /// When the browser was not started with a record of its tasks.
    pub(crate) fn work_during(&self, action: impl FnOnce()) -> Work {
        // One reading ends the record, and the next begins another.
        self.read_logs();
        if self.take_work().is_some() {
            self.read_logs();
        }
        self.take_work();
        action();
        self.read_logs();
        self.take_work()
            .expect("this browser keeps no record of its tasks")
    }

    /// What this page's main thread does in which time: the measure of work done in
    /// the same page.
    ///
    /// # Panics
    ///
    /// As [`Browser::work_during`].
    pub(crate) fn pace(&self) -> Pace {
        let hash = || {
            self.execute(HASH);
        };
        // The first times the browser compiles it, too.
        let times = (0..6).map(|_| self.work_during(hash).longest_task);
        Pace(times.min().unwrap_or_default())
    }

    fn take_work(&self) -> Option<Work> {
        self.seen.borrow_mut().work.take()
    }

    fn read_logs(&self) {
        self.only_chromium("has logs");
        let mut seen = self.seen.borrow_mut();
        let mut trace = Vec::new();
        for entry in self.log("performance") {
            let text = entry["message"].as_str().unwrap_or_default();
            let event: Value = serde_json::from_str(text).unwrap_or_default();
            let event = &event["message"];
            if event["method"] == "Network.requestWillBeSent"
                && let Some(address) = event["params"]["request"]["url"].as_str()
            {
                seen.requests.push(address.to_owned());
            }
            if event["method"] == "Tracing.dataCollected" {
                trace.push(event["params"].clone());
            }
        }
        if let Some(work) = Work::of(&trace) {
            seen.work.get_or_insert_default().add(work);
        }
        for entry in self.log("browser") {
            let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            seen.console.push((text("level"), text("message")));
        }
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        let extension = Extension {
            path: "se/log",
            body: json!({ "type": kind }),
        };
        let entries = self.must("read a log", |client| async move {
            client.issue_cmd(extension).await
        });
        entries.as_array().cloned().unwrap_or_default()
    }
}
