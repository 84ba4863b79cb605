//! How the page looks: pictures of it, its size, and what the reader's system prefers.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;

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
        let height = match extent {
            Extent::Window => height,
            // The window becomes as high as the page: what stays in view while a reader
            // scrolls stands in its place then, and over nothing else.
            Extent::Page => {
                let height = self.content_height().max(height);
                self.size(width, height);
                height
            }
        };
        let picture = self.devtools(
            "Page.captureScreenshot",
            &json!({ "format": "png",
                     "clip": { "x": 0, "y": 0, "width": width, "height": height, "scale": 1 } }),
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

    /// Shows the page as it is printed. Chromium only.
    pub(crate) fn print(&self) {
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// The height of the page, in CSS pixels.
    fn content_height(&self) -> u32 {
        let metrics = self.devtools("Page.getLayoutMetrics", &json!({}));
        let height = metrics["cssContentSize"]["height"].as_u64();
        height
            .and_then(|height| u32::try_from(height).ok())
            .expect("a page has a height")
    }
}
