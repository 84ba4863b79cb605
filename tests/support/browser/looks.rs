//! How the page looks: pictures of it, its size, and what the reader's system prefers.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::super::target;
use super::Browser;

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

impl Browser {
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
}
