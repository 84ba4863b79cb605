//! Real browsers, each through a driver of its own: Chromium, Firefox and
//! `WebKitGTK`. Each [`Browser`] has its own driver process, port, profile and
//! download folder, and takes all of them with it when it is dropped. What a test does
//! and sees in a page stands here; what goes on around the page, in the files beside.
//!
//! What a test waits for may take [`PATIENCE`]; what does not come by then is a
//! failure that says what was waited for and what the console has.

mod downloads;
mod driver;
mod logs;
mod looks;
mod machine;
mod product;
mod proxy;
mod screen;
mod work;

use std::cell::RefCell;
use std::fmt::{self, Debug};
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) use self::driver::Engine;
use self::driver::{Extension, capabilities, driver, is_refused_connection};
use self::logs::Seen;
#[allow(
    unused_imports,
    reason = "each test takes what it needs of this module"
)]
pub(crate) use self::looks::{Extent, Scheme};
pub(crate) use self::product::product_url;
use self::proxy::Proxy;
use self::screen::Screen;
use self::work::TASKS;
#[allow(
    unused_imports,
    reason = "each test takes what it needs of this module"
)]
pub(crate) use self::work::{Pace, Work};
use super::process::Background;
use super::{free_ports, within};

/// How long a test waits for what should come at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Says whether an element moves, or is taken away, within two frames of 60 a second.
const IS_MOVING: &str = "
    const [element, answer] = arguments;
    const place = () => JSON.stringify(element.getBoundingClientRect());
    const before = place();
    setTimeout(() => answer(!element.isConnected || place() !== before), 34);";

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
        Self::start_with(
            Engine::Chromium,
            false,
            Some("--js-flags=--wasm-wide-arithmetic"),
        )
    }

    /// Starts a Chromium in which a memory of wasm has so many pages of 64 KiB at most.
    pub(crate) fn start_with_little_memory(pages: u32) -> Self {
        let flag = format!("--js-flags=--wasm-max-mem-pages={pages}");
        Self::start_with(Engine::Chromium, false, Some(&flag))
    }

    /// Starts a Chromium that gets through to this port of the machine, and to nothing
    /// else but by the proxy.
    pub(crate) fn start_served(port: u16) -> Self {
        let flag = format!("--proxy-bypass-list=<-loopback>;127.0.0.1:{port}");
        Self::start_with(Engine::Chromium, false, Some(&flag))
    }

    fn start_with(engine: Engine, traced: bool, flag: Option<&str>) -> Self {
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
        if let Some(flag) = flag
            && let Some(arguments) = capabilities["goog:chromeOptions"]["args"].as_array_mut()
        {
            arguments.push(json!(flag));
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

    /// Goes into the page that stands within this one.
    pub(crate) fn enter_frame(&self) {
        self.must("go into the frame", |client| async move {
            client.enter_frame(0).await
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
    /// stays at the window's edge must not be in the way. Nor is it clicked while it
    /// moves, since a driver presses at the place where it was.
    pub(crate) fn click(&self, css: &str) {
        self.patiently(&format!("click {css}"), |client| async move {
            let element = client.find(Locator::Css(css)).await?;
            let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
            let same = vec![serde_json::to_value(&element)?];
            client.execute(script, same.clone()).await?;
            if client.execute_async(IS_MOVING, same).await? == json!(true) {
                return Err(CmdError::WaitTimeout);
            }
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
        let brought: Vec<_> = fs::read_dir(&self.downloads)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        format!("{failure}\nconsole: {console:#}\ndownloaded: {brought:?}")
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
