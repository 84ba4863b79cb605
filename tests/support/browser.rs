//! Real browsers, each through a driver of its own: Chromium, Firefox and
//! `WebKitGTK`. Each [`Browser`] has its own driver process, port, profile and
//! download folder, and takes all of them with it when it is dropped.
//!
//! What a test waits for may take [`PATIENCE`]; what does not come by then is a
//! failure that says what was waited for and what the console has.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug};
use std::fs;
use std::future::Future;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, NewSessionError};
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::Url;

use super::process::Background;
use super::{free_ports, product, program, target, within};

/// How long a test waits for what should come at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// From here on a task of the main thread is a long one (W3C Long Tasks), and a
/// reader notices it; see [`Browser::longest_task_during`].
pub(crate) const LONG_TASK: Duration = Duration::from_millis(50);

/// Where Chromium is told to look for new components of its own. There is no
/// switch that stops it altogether; this one makes its question recognisable.
const OWN_UPDATE: &str = "component-update.invalid";

/// What Chromium warms up for its address bar within a second of its start, even
/// with nothing but `about:blank` open. No switch of Chromium 148 stops it. What
/// a page asks for is in the driver's own log as well, whatever the host.
const OWN_SEARCH: &str = "CONNECT www.google.com:443 ";

/// A family of browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chromium; the only one that tells about requests and the console.
    Chromium,
    /// Firefox ESR.
    Firefox,
    /// `WebKitGTK`'s small browser, on a screen without a monitor.
    Webkit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];
}

/// What the reader's system prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// How much of the page a screenshot shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What the window shows.
    Window,
    /// The page from its top to its end.
    Page,
}

/// A browser with one window.
pub(crate) struct Browser {
    engine: Engine,
    runtime: Runtime,
    // Taken when the session ends.
    client: Option<Client>,
    seen: RefCell<Seen>,
    proxy: Proxy,
    downloads: PathBuf,
    // Dropped in this order: the driver, its screen, then the folders they use.
    driver: Background,
    _screen: Option<Screen>,
    folder: TempDir,
}

/// What the driver's logs, which each reading empties, have told so far.
#[derive(Debug, Default)]
struct Seen {
    requests: Vec<String>,
    console: Vec<(String, String)>,
    work: Option<Work>,
}

/// What the threads of a page worked, in time that the processor spent on it: a
/// clock counts the time in which the machine did something else too, so that on
/// a busy machine any task is a [long one](LONG_TASK).
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
    fn of(events: &[Value]) -> Option<Self> {
        let named = |name: &'static str| -> BTreeSet<(u64, u64)> {
            let events = events.iter();
            let named = events.filter(|event| event["args"]["name"] == name);
            named.filter_map(thread_of).collect()
        };
        let main_threads = named("CrRendererMain");
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

    fn add(&mut self, other: Self) {
        self.longest_task = self.longest_task.max(other.longest_task);
        self.main_thread += other.main_thread;
        for (thread, took) in other.workers {
            *self.workers.entry(thread).or_default() += took;
        }
    }
}

/// Whether nobody listened yet, as it is while a driver starts. Asked of the attempt
/// itself: by the time of another one, the driver may have come up.
fn is_refused_connection(error: &NewSessionError) -> bool {
    matches!(error, NewSessionError::FailedC(error) if error.is_connect())
}

impl Browser {
    /// Starts Chromium and opens the product from `file://`.
    pub(crate) fn open() -> Self {
        Self::open_in(Engine::Chromium)
    }

    /// Starts a browser and opens the product from `file://`.
    pub(crate) fn open_in(engine: Engine) -> Self {
        let browser = Self::start(engine);
        browser.go(&product_url());
        browser.wait_until_started();
        browser
    }

    /// Opens the product in a Chromium that keeps a record of its tasks; see
    /// [`Self::work_during`].
    pub(crate) fn open_traced() -> Self {
        let browser = Self::start_traced();
        browser.go(&product_url());
        browser.wait_until_started();
        browser
    }

    /// Starts a browser with an empty page.
    pub(crate) fn start(engine: Engine) -> Self {
        Self::start_with(engine, false, None)
    }

    /// Starts a Chromium with an empty page and a record of its tasks; see
    /// [`Self::work_during`].
    pub(crate) fn start_traced() -> Self {
        Self::start_with(Engine::Chromium, true, None)
    }

    /// Starts a Chromium whose wasm has wide arithmetic, which is behind a flag: see
    /// <https://github.com/WebAssembly/wide-arithmetic>.
    #[allow(dead_code, reason = "each test takes what it needs of this module")]
    pub(crate) fn start_wide() -> Self {
        Self::start_with(Engine::Chromium, false, Some("--wasm-wide-arithmetic"))
    }

    /// Starts a Chromium in which a memory of wasm has so many pages of 64 KiB at most.
    pub(crate) fn start_with_little_memory(pages: u32) -> Self {
        let flag = format!("--wasm-max-mem-pages={pages}");
        Self::start_with(Engine::Chromium, false, Some(&flag))
    }

    fn start_with(engine: Engine, traced: bool, of_script: Option<&str>) -> Self {
        let folder = TempDir::new().expect("no temporary folder can be made");
        let downloads = folder.path().join("downloads");
        fs::create_dir(&downloads).expect("no folder for downloads can be made");
        let screen = (engine == Engine::Webkit).then(Screen::start);
        let proxy = Proxy::start();
        let [port, second_port] = free_ports();
        let mut command = driver(engine, port, second_port);
        if let Some(screen) = &screen {
            command.env("DISPLAY", format!(":{}", screen.number));
        }
        // Profiles that drivers make, and what browsers keep beside them.
        command.env("TMPDIR", folder.path());
        let mut driver = Background::start(&mut command);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("no runtime");
        let mut capabilities = capabilities(engine, folder.path(), &downloads, proxy.port);
        if traced {
            capabilities["goog:chromeOptions"]["perfLoggingPrefs"] =
                json!({ "traceCategories": format!("-*,{TASKS}") });
        }
        if let Some(flag) = of_script
            && let Some(arguments) = capabilities["goog:chromeOptions"]["args"].as_array_mut()
        {
            arguments.push(json!(format!("--js-flags={flag}")));
        }
        let client = within(PATIENCE, || {
            let connected = runtime.block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities.clone())
                    .connect(&format!("http://127.0.0.1:{port}")),
            );
            match connected {
                Ok(client) => Some(client),
                Err(error) => {
                    assert!(
                        is_refused_connection(&error) && driver.ended().is_none(),
                        "{engine:?} cannot be started: {error}\n{}",
                        driver.log()
                    );
                    None
                }
            }
        })
        .unwrap_or_else(|| panic!("the driver does not answer:\n{}", driver.log()));
        Self {
            engine,
            runtime,
            client: Some(client),
            seen: RefCell::default(),
            proxy,
            downloads,
            driver,
            _screen: screen,
            folder,
        }
    }

    /// Opens an address.
    pub(crate) fn go(&self, url: &str) {
        self.must(&format!("open {url}"), |client| async move {
            client.goto(url).await
        });
    }

    /// Opens the page anew.
    pub(crate) fn reload(&self) {
        self.must(
            "reload the page",
            |client| async move { client.refresh().await },
        );
    }

    /// Waits until the core runs, and panics with what the page says when it
    /// cannot be started.
    pub(crate) fn wait_until_started(&self) {
        self.wait_until("the page starts", PATIENCE, || {
            let message = self.execute(
                "const message = document.getElementById('boot-message');
                 return message && !message.hidden ? message.textContent : '';",
            );
            let message = message.as_str().unwrap_or_default();
            assert!(
                !message.contains("could not start"),
                "{}",
                self.report(message)
            );
            message.is_empty()
        });
    }

    /// Opens another window, and goes on in it.
    pub(crate) fn open_window(&self) {
        self.must("open a window", |client| async move {
            let window = client.new_window(false).await?;
            client.switch_to_window(window.handle).await
        });
    }

    /// Closes the window as a reader does, and goes on in one that is left.
    pub(crate) fn close_window(&self) {
        self.must("close the window", |client| async move {
            client.close_window().await?;
            match client.windows().await?.into_iter().next() {
                Some(window) => client.switch_to_window(window).await,
                None => Ok(()),
            }
        });
    }

    // What is on the page.

    /// The elements that match now, which may be none.
    pub(crate) fn count(&self, css: &str) -> usize {
        self.all(css).len()
    }

    /// Whether an element matches and can be seen now.
    pub(crate) fn shows(&self, css: &str) -> bool {
        self.all(css)
            .iter()
            .any(|element| self.block(element.is_displayed()).unwrap_or(false))
    }

    /// The visible text of the first element that matches.
    pub(crate) fn text(&self, css: &str) -> String {
        self.patiently(&format!("read the text of {css}"), |client| async move {
            client.find(Locator::Css(css)).await?.text().await
        })
    }

    /// The visible text of each element that matches.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        self.all(css)
            .iter()
            .map(|element| self.block(element.text()).unwrap_or_default())
            .collect()
    }

    /// The exact text content of the first element that matches, hidden or not.
    pub(crate) fn content(&self, css: &str) -> String {
        self.property(css, "textContent").unwrap_or_default()
    }

    /// An attribute, as it stands in the markup.
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.patiently(
            &format!("read the attribute {name} of {css}"),
            |client| async move { client.find(Locator::Css(css)).await?.attr(name).await },
        )
    }

    /// A property, as scripts see it.
    pub(crate) fn property(&self, css: &str, name: &str) -> Option<String> {
        self.patiently(
            &format!("read the property {name} of {css}"),
            |client| async move { client.find(Locator::Css(css)).await?.prop(name).await },
        )
    }

    /// What a field holds.
    pub(crate) fn value(&self, css: &str) -> String {
        self.property(css, "value").unwrap_or_default()
    }

    // What a reader does.

    /// Clicks the first element that matches, as soon as it can be clicked. It is
    /// brought to the middle of the window first, as a reader would scroll: what
    /// stays at the window's edge must not be in the way.
    pub(crate) fn click(&self, css: &str) {
        self.patiently(&format!("click {css}"), |client| async move {
            let element = client.find(Locator::Css(css)).await?;
            let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
            client
                .execute(script, vec![serde_json::to_value(&element)?])
                .await?;
            element.click().await
        });
    }

    /// Goes to one of the page's places by its link in the bar: `visit("diagnose")`.
    pub(crate) fn visit(&self, place: &str) {
        self.click(&format!("#to-{place}"));
        self.wait_for(&format!("#to-{place}[aria-current=page]"));
    }

    /// Empties a field, and types.
    pub(crate) fn fill(&self, css: &str, text: &str) {
        self.patiently(&format!("type into {css}"), |client| async move {
            let field = client.find(Locator::Css(css)).await?;
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Puts a long text into a field at once, as pasting does.
    pub(crate) fn paste(&self, css: &str, text: &str) {
        self.patiently(&format!("find {css}"), |client| async move {
            client.find(Locator::Css(css)).await.map(drop)
        });
        self.execute_with(
            "const field = document.querySelector(arguments[0]);
             field.focus();
             field.value = arguments[1];
             field.dispatchEvent(new InputEvent('input', { bubbles: true }));
             field.dispatchEvent(new Event('change', { bubbles: true }));",
            vec![json!(css), json!(text)],
        );
    }

    /// Chooses files in a file field, which need not be visible.
    pub(crate) fn choose_file(&self, css: &str, file: &Path) {
        let path = file.to_string_lossy().into_owned();
        let path = &path;
        self.patiently(&format!("choose {path} in {css}"), |client| async move {
            client.find(Locator::Css(css)).await?.send_keys(path).await
        });
    }

    /// Chooses an option of a `<select>` by its value.
    pub(crate) fn choose(&self, css: &str, value: &str) {
        self.patiently(&format!("choose {value} in {css}"), |client| async move {
            client
                .find(Locator::Css(css))
                .await?
                .select_by_value(value)
                .await
        });
    }

    /// Presses keys where the focus is; [`fantoccini::key::Key`] has those
    /// without a letter.
    pub(crate) fn press(&self, keys: &str) {
        self.must("press keys", |client| async move {
            client.active_element().await?.send_keys(keys).await
        });
    }

    /// Presses keys one after the other, wherever the focus is, as a keyboard
    /// does: the browser itself moves the focus on Tab. `held` are held down
    /// meanwhile.
    pub(crate) fn strike(&self, held: &[Key], keys: &str) {
        let down = |key: Key| KeyAction::Down { value: letter(key) };
        let up = |key: Key| KeyAction::Up { value: letter(key) };
        let mut actions = KeyActions::new("keyboard".to_owned());
        for &key in held {
            actions = actions.then(down(key));
        }
        for value in keys.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        for &key in held.iter().rev() {
            actions = actions.then(up(key));
        }
        self.must("press keys", |client| async move {
            client.perform_actions(actions).await
        });
    }

    /// The text of the dialog that is open, when one is.
    pub(crate) fn dialog(&self) -> Option<String> {
        self.block(self.client().get_alert_text()).ok()
    }

    /// Accepts the dialog that is open, or dismisses it.
    pub(crate) fn answer_dialog(&self, accept: bool) {
        self.must("answer the dialog", |client| async move {
            if accept {
                client.accept_alert().await
            } else {
                client.dismiss_alert().await
            }
        });
    }

    // Waiting.

    /// Waits until a condition holds.
    pub(crate) fn wait_until(
        &self,
        what: &str,
        limit: Duration,
        mut condition: impl FnMut() -> bool,
    ) {
        assert!(
            within(limit, || condition().then_some(())).is_some(),
            "{}",
            self.report(&format!("not within {} seconds: {what}", limit.as_secs()))
        );
    }

    /// Waits until an element matches and can be seen.
    pub(crate) fn wait_for(&self, css: &str) {
        self.wait_until(&format!("{css} is shown"), PATIENCE, || self.shows(css));
    }

    /// Waits until nothing that matches can be seen.
    pub(crate) fn wait_until_gone(&self, css: &str) {
        self.wait_until(&format!("{css} is gone"), PATIENCE, || !self.shows(css));
    }

    /// Waits until the text of an element contains this.
    pub(crate) fn wait_for_text(&self, css: &str, part: &str) {
        self.wait_until(&format!("{css} says `{part}`"), PATIENCE, || {
            self.texts(css).iter().any(|text| text.contains(part))
        });
    }

    // Scripts and Chromium's own commands.

    /// Runs a script in the page: `return …` gives the answer.
    pub(crate) fn execute(&self, script: &str) -> Value {
        self.execute_with(script, Vec::new())
    }

    /// Runs a script with `arguments`.
    pub(crate) fn execute_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.must("run a script", |client| async move {
            client.execute(script, arguments).await
        })
    }

    /// Runs a script that calls its last argument with the answer when it is
    /// there.
    pub(crate) fn execute_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.must("run a script", |client| async move {
            client.execute_async(script, arguments).await
        })
    }

    /// A command of the Chrome `DevTools` protocol. Chromium only.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.only_chromium("takes DevTools commands");
        let extension = Extension {
            path: "goog/cdp/execute",
            body: json!({ "cmd": command, "params": parameters }),
        };
        self.must(command, |client| async move {
            client.issue_cmd(extension).await
        })
    }

    // What Chromium takes of the machine.

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

    // Looks.

    /// Pictures the page at this size and scheme into
    /// `target/screenshots/NAME.png`. Chromium only.
    pub(crate) fn screenshot(
        &self,
        name: &str,
        width: u32,
        height: u32,
        scheme: Scheme,
        extent: Extent,
    ) -> PathBuf {
        self.size(width, height);
        self.prefer(scheme);
        let picture = self.devtools(
            "Page.captureScreenshot",
            &json!({ "format": "png", "captureBeyondViewport": extent == Extent::Page,
                     "clip": self.clip(extent, width, height) }),
        );
        let data = picture["data"].as_str().expect("a screenshot has data");
        let folder = target().join("screenshots");
        fs::create_dir_all(&folder).expect("no folder for screenshots can be made");
        let path = folder.join(format!("{name}.png"));
        let bytes = BASE64.decode(data).expect("a screenshot is base64");
        fs::write(&path, bytes).expect("the screenshot cannot be kept");
        path
    }

    /// Gives the window's inside this size, in CSS pixels. Chromium only.
    pub(crate) fn size(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// Makes the system prefer a colour scheme. Chromium only.
    pub(crate) fn prefer(&self, scheme: Scheme) {
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        self.devtools(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] }),
        );
    }

    fn clip(&self, extent: Extent, width: u32, height: u32) -> Value {
        let height = match extent {
            Extent::Window => f64::from(height),
            Extent::Page => {
                let metrics = self.devtools("Page.getLayoutMetrics", &json!({}));
                let content = metrics["cssContentSize"]["height"].as_f64();
                content.unwrap_or_default().max(f64::from(height))
            }
        };
        json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 })
    }

    // Downloads.

    /// The files downloaded so far, finished ones only.
    pub(crate) fn downloads(&self) -> BTreeSet<PathBuf> {
        fs::read_dir(&self.downloads)
            .expect("the download folder is there")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| !is_partial(path))
            // A browser reserves the name with an empty file, and renames the
            // whole one over it. None of the page's files is empty.
            .filter(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
            .collect()
    }

    /// Waits for a download of this name and returns where it lies.
    pub(crate) fn wait_for_download(&self, name: &str) -> PathBuf {
        let path = self.downloads.join(name);
        self.wait_until(&format!("{name} is downloaded"), PATIENCE, || {
            self.downloads().contains(&path)
        });
        path
    }

    /// Waits for an archive of this CA's files: its name has the first four bytes of
    /// the CA's fingerprint behind the CA's.
    pub(crate) fn wait_for_archive(&self, authority: &str, ending: &str) -> PathBuf {
        let is_archive = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            let short = name
                .and_then(|name| name.strip_prefix(authority)?.strip_prefix('-'))
                .and_then(|rest| rest.strip_suffix(ending)?.strip_suffix('.'));
            short.is_some_and(|short| {
                short.len() == 8 && short.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        };
        let mut found = None;
        self.wait_until(
            &format!("{authority}'s {ending} is downloaded"),
            PATIENCE,
            || {
                found = self.downloads().into_iter().find(|path| is_archive(path));
                found.is_some()
            },
        );
        found.expect("it was waited for")
    }

    // What must not happen.

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

    /// The same, of the main thread's longest task alone.
    pub(crate) fn longest_task_during(&self, action: impl FnOnce()) -> Duration {
        self.work_during(action).longest_task
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

    // The wires.

    fn client(&self) -> &Client {
        self.client.as_ref().expect("the session is open")
    }

    fn block<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    fn all(&self, css: &str) -> Vec<Element> {
        self.must(&format!("find {css}"), |client| async move {
            client.find_all(Locator::Css(css)).await
        })
    }

    /// Does something once.
    fn must<'a, T, F>(&'a self, what: &str, action: impl FnOnce(&'a Client) -> F) -> T
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        match self.block(action(self.client())) {
            Ok(answer) => answer,
            Err(error) => panic!("{}", self.report(&format!("cannot {what}: {error}"))),
        }
    }

    /// Does something again and again until it can be done.
    fn patiently<'a, T, F>(&'a self, what: &str, mut action: impl FnMut(&'a Client) -> F) -> T
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        let mut last = None;
        let answer = within(PATIENCE, || match self.block(action(self.client())) {
            Ok(answer) => Some(answer),
            Err(error) => {
                last = Some(error);
                None
            }
        });
        answer.unwrap_or_else(|| {
            let reason = last.map(|error| error.to_string()).unwrap_or_default();
            panic!("{}", self.report(&format!("cannot {what}: {reason}")))
        })
    }

    fn only_chromium(&self, what: &str) {
        assert_eq!(
            self.engine,
            Engine::Chromium,
            "only Chromium's driver {what}"
        );
    }

    /// A failure with what helps to understand it.
    fn report(&self, failure: &str) -> String {
        if self.engine != Engine::Chromium {
            return format!("{:?}: {failure}", self.engine);
        }
        // Called while failing: what cannot be read is left out.
        let extension = Extension {
            path: "se/log",
            body: json!({ "type": "browser" }),
        };
        let console = self
            .block(self.client().issue_cmd(extension))
            .unwrap_or_default();
        format!("{failure}\nconsole: {console:#}")
    }
}

impl Debug for Browser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Browser")
            .field("engine", &self.engine)
            .field("folder", &self.folder.path())
            .finish_non_exhaustive()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // The driver ends its browser with the session. One that hangs is
            // ended with its group.
            let _ = self.runtime.block_on(async {
                tokio::time::timeout(Duration::from_secs(10), client.close()).await
            });
        }
    }
}

/// The character that stands for a key without one.
fn letter(key: Key) -> char {
    key.chars().next().unwrap_or_default()
}

/// The product's address.
pub(crate) fn product_url() -> String {
    Url::from_file_path(product())
        .expect("the product's path is absolute")
        .into()
}

/// Whether a browser is still writing this file.
fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default();
    ending == "crdownload" || ending == "part" || name.starts_with('.')
}

/// The category of Chromium's trace events that has the tasks of its threads.
const TASKS: &str = "disabled-by-default-devtools.timeline";

/// The process and the thread that a trace event is of.
fn thread_of(event: &Value) -> Option<(u64, u64)> {
    Some((event["pid"].as_u64()?, event["tid"].as_u64()?))
}

/// The command that starts a driver on a port.
fn driver(engine: Engine, port: u16, second_port: u16) -> Command {
    match engine {
        Engine::Chromium => {
            let mut command = Command::new(program("chromedriver", "chromium"));
            command.arg(format!("--port={port}"));
            command
        }
        Engine::Firefox => {
            let mut command = Command::new(program("geckodriver", "firefox"));
            command
                .args(["--port", &port.to_string()])
                .args(["--websocket-port", &second_port.to_string()]);
            command
        }
        Engine::Webkit => {
            let mut command = Command::new(program("WebKitWebDriver", "webkit"));
            command.arg(format!("--port={port}"));
            command
        }
    }
}

/// What is asked of a driver.
fn capabilities(engine: Engine, folder: &Path, downloads: &Path, proxy: u16) -> Map<String, Value> {
    let own = match engine {
        Engine::Chromium => json!({
            "goog:loggingPrefs": { "performance": "ALL", "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": program("chromium", "chromium"),
                "args": [
                    "--headless=new",
                    // Its sandbox cannot be had as root, as in many containers.
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    // A click must not wait for a page that still glides.
                    "--force-prefers-reduced-motion",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    // More of what Chromium does by itself, and asks networks for.
                    "--disable-default-apps",
                    "--disable-extensions",
                    "--disable-client-side-phishing-detection",
                    "--disable-domain-reliability",
                    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,\
                     MediaRouter,DialMediaRouteProvider,SafeBrowsing",
                    "--gaia-url=http://127.0.0.1:9",
                    "--gcm-checkin-url=http://127.0.0.1:9",
                    "--gcm-registration-url=http://127.0.0.1:9",
                    "--gcm-mcs-endpoint=http://127.0.0.1:9",
                    "--no-default-browser-check",
                    "--no-pings",
                    format!("--component-updater=url-source=http://{OWN_UPDATE}/"),
                    "--window-size=1280,900",
                    format!("--user-data-dir={}", folder.join("profile").display()),
                    // Loopback goes through the proxy as well.
                    format!("--proxy-server=http://127.0.0.1:{proxy}"),
                    "--proxy-bypass-list=<-loopback>",
                ],
                "prefs": {
                    // In place of the start page, which some distributions fetch.
                    "session.restore_on_startup": 4,
                    "session.startup_urls": ["about:blank"],
                    "download.default_directory": downloads,
                    "download.prompt_for_download": false,
                    // A page may ask before it starts a second download.
                    "profile.default_content_setting_values.automatic_downloads": 1,
                },
            },
        }),
        Engine::Firefox => json!({
            "moz:firefoxOptions": {
                "binary": program("firefox-esr", "firefox"),
                "args": ["-headless"],
                "prefs": {
                    "browser.download.folderList": 2,
                    "browser.download.dir": downloads,
                    "browser.download.always_ask_before_handling_new_types": false,
                    "network.captive-portal-service.enabled": false,
                    "network.connectivity-service.enabled": false,
                },
            },
        }),
        Engine::Webkit => json!({
            "webkitgtk:browserOptions": {
                "binary": mini_browser(),
                "args": ["--automation"],
            },
        }),
    };
    own.as_object().cloned().unwrap_or_default()
}

/// `WebKitGTK`'s small browser, which lies beside the library and not on the
/// search path.
fn mini_browser() -> PathBuf {
    fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten()
        .flat_map(|entry| {
            ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"]
                .map(|library| entry.path().join(library).join("MiniBrowser"))
        })
        .find(|path| path.is_file())
        .expect("MiniBrowser is not installed; run `cargo xtask tools webkit`")
}

/// A command that only some drivers know.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// Takes what a browser would send to a network, notes the first line of it,
/// and refuses.
struct Proxy {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("no port of loopback is free");
        let port = listener.local_addr().expect("a bound address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        // The thread ends with the test's process; it holds nothing but a port.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut line = String::new();
                let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
                let _ = BufReader::new(&stream).take(2000).read_line(&mut line);
                if let Ok(mut noted) = noted.lock() {
                    noted.push(line.trim().to_owned());
                }
                let _ = (&stream).write_all(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
            }
        });
        Self { port, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .map(|noted| noted.clone())
            .unwrap_or_default()
    }
}

/// An X server that shows its windows to nobody.
struct Screen {
    child: Child,
    number: u32,
}

impl Screen {
    fn start() -> Self {
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
