//! The drivers: how each is started, what is asked of it, and the commands that only
//! some of them know.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fantoccini::error::NewSessionError;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Map, Value, json};
use url::Url;

use super::super::program;

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

/// Whether nobody listened yet, as it is while a driver starts. Asked of the attempt
/// itself: by the time of another one, the driver may have come up.
pub(super) fn is_refused_connection(error: &NewSessionError) -> bool {
    matches!(error, NewSessionError::FailedC(error) if error.is_connect())
}

/// The command that starts a driver on a port.
pub(super) fn driver(engine: Engine, port: u16, second_port: u16) -> Command {
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
pub(super) fn capabilities(
    engine: Engine,
    folder: &Path,
    downloads: &Path,
    proxy: u16,
) -> Map<String, Value> {
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
pub(super) struct Extension {
    pub(super) path: &'static str,
    pub(super) body: Value,
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

/// Where Chromium is told to look for new components of its own. There is no
/// switch that stops it altogether; this one makes its question recognisable.
pub(super) const OWN_UPDATE: &str = "component-update.invalid";
