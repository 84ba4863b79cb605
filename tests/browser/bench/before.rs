//! The product against the one of an earlier commit, in turn: its bytes, how long it
//! takes to be ready to press, a thousand clients, and memory. Without that product
//! there is nothing to compare, and the rows are left out.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::support::browser::{Browser, Engine};
use super::support::product;
use super::{Row, start_press, subject};

/// Starts of each page in each engine.
const STARTS: u32 = 20;

/// How much slower the slow processor is.
const SLOWER: u32 = 4;

/// Runs of each page that make a thousand clients.
const CLIENT_RUNS: u32 = 3;

/// How long a thousand clients may take.
const CLIENTS_PATIENCE: Duration = Duration::from_mins(10);

/// Stands before the page's policy, so that it runs: notes when the page is ready to
/// press, and each task of the main thread that is a long one.
const WATCH: &str = "<script>
window.tasks = [];
new MutationObserver((_, observer) => {
  const page = document.getElementById('page');
  const message = document.getElementById('boot-message');
  if (page && !page.hidden && message.hidden) {
    window.ready = performance.now();
    observer.disconnect();
  }
}).observe(document, { attributes: true, childList: true, subtree: true });
try {
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.tasks.push([task.startTime, task.duration]);
  }).observe({ type: 'longtask', buffered: true });
} catch {}
</script>";

/// One of the two products, and a copy of it that is watched.
struct Page {
    product: PathBuf,
    watched: String,
}

/// Both, ours first.
struct Pages {
    both: [Page; 2],
    _folder: TempDir,
}

/// The rows of bytes and starts.
pub(super) fn starts() -> Vec<Row> {
    let Some(pages) = Pages::given() else {
        return Vec::new();
    };
    let mut rows = vec![pages.bytes()];
    for (engine, name) in [
        (Engine::Chromium, "page_ready_vs_before"),
        (Engine::Firefox, "page_ready_firefox_vs_before"),
        (Engine::Webkit, "page_ready_webkit_vs_before"),
    ] {
        rows.push(pages.ready(engine, name));
    }
    rows.extend(pages.slow());
    rows
}

/// The rows of work.
pub(super) fn work() -> Vec<Row> {
    Pages::given().map_or(Vec::new(), |pages| pages.work())
}

impl Pages {
    /// Ours, and that of the earlier commit where it could be built.
    fn given() -> Option<Self> {
        let before = std::env::var_os("BENCH_PRODUCT_BEFORE").map(PathBuf::from)?;
        Some(Self::new([product(), before]))
    }

    fn new(products: [PathBuf; 2]) -> Self {
        let folder = TempDir::new().expect("no temporary folder can be made");
        let mut number = 0;
        let both = products.map(|product| {
            number += 1;
            let html = std::fs::read_to_string(&product).expect("the page was built");
            let path = folder.path().join(format!("{number}.html"));
            std::fs::write(&path, html.replacen("<head>", &format!("<head>{WATCH}"), 1))
                .expect("a temporary folder can be written");
            let watched = address(&path);
            Page { product, watched }
        });
        Self {
            both,
            _folder: folder,
        }
    }

    fn bytes(&self) -> Row {
        let [ours, before] = self.both.each_ref().map(|page| {
            let bytes = std::fs::read(&page.product).expect("it was read before");
            vec![f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX))]
        });
        Row::of_medians(
            "page_bytes_vs_before",
            "bytes of the file",
            ours,
            before,
            (0.5, 0.35),
        )
    }

    /// From the navigation to ready to press.
    fn ready(&self, engine: Engine, name: &str) -> Row {
        let browser = Browser::start(engine);
        let [ours, before] = self.starts(&browser).map(|starts| ready(&starts));
        Row::of_medians(
            name,
            "from the navigation to ready to press, from file://",
            ours,
            before,
            (0.5, 0.35),
        )
    }

    /// The same with a slowed processor, and the longest task until then.
    fn slow(&self) -> [Row; 2] {
        let browser = Browser::start(Engine::Chromium);
        browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": SLOWER }));
        let starts = self.starts(&browser);
        let [ours, before] = starts.each_ref().map(|starts| ready(starts));
        let longest = |start: &Start| {
            let early = start.tasks.iter().filter(|(begin, _)| *begin < start.ready);
            early.map(|(_, length)| *length).fold(0.0, f64::max)
        };
        let [tasks, tasks_before] = starts.map(|starts| starts.iter().map(longest).collect());
        [
            Row::of_medians(
                "page_ready_slow_vs_before",
                "the same with a processor slowed four times",
                ours,
                before,
                (0.5, 0.3),
            ),
            Row::of_median(
                "start_long_tasks_ms",
                "the longest task of the main thread until then, slowed four times",
                tasks,
                (100.0, 50.0),
            )
            .with_before(tasks_before),
        ]
    }

    /// Starts both in turn. The first of each does not count.
    fn starts(&self, browser: &Browser) -> [Vec<Start>; 2] {
        let mut starts = [Vec::new(), Vec::new()];
        for run in 0..=STARTS {
            for (page, starts) in self.both.iter().zip(&mut starts) {
                let start = started(browser, &page.watched);
                if run > 0 {
                    starts.push(start);
                }
            }
        }
        starts
    }

    /// A thousand clients with RSA keys, and the memory of the page and its workers:
    /// after the tutorial, and at the most while the thousand are made.
    fn work(&self) -> Vec<Row> {
        let (mut times, mut tutorial, mut most) =
            ([vec![], vec![]], [vec![], vec![]], [vec![], vec![]]);
        for run in 0..CLIENT_RUNS {
            for (place, page) in self.both.iter().enumerate() {
                // A browser of its own: what one page leaves behind is not the other's.
                let browser = Browser::start(Engine::Chromium);
                browser.go(&address(&page.product));
                browser.wait_until_started();
                start_press(
                    &browser,
                    &json!({ "authority": { "subject": subject(run) } }),
                );
                worked(&browser, || {});
                tutorial[place].push(megabytes(&browser));
                start_press(
                    &browser,
                    &json!({
                        "authority": { "subject": format!("CN=Thousand-CA-{run}") },
                        "many_clients": { "names": "app-{1..999}" },
                    }),
                );
                let mut peak: f64 = 0.0;
                times[place].push(worked(&browser, || peak = peak.max(megabytes(&browser))));
                most[place].push(peak);
            }
        }
        let row = |name, what, [ours, before]: [Vec<f64>; 2]| {
            Row::of_medians(name, what, ours, before, (0.6, 0.4))
        };
        vec![
            row(
                "clients1000_rsa_vs_before",
                "1,000 clients with RSA-2048 keys, from press to archive offered",
                times,
            ),
            row(
                "memory_tutorial_vs_before",
                "resident memory in MB of the page and its workers, after the tutorial",
                tutorial,
            ),
            row(
                "memory_clients1000_vs_before",
                "the most of it in MB while 1,000 clients are made",
                most,
            ),
        ]
    }
}

/// What was seen of a start, in milliseconds since the navigation.
#[derive(Clone)]
struct Start {
    ready: f64,
    /// When each long task began, and how long it took.
    tasks: Vec<(f64, f64)>,
}

fn ready(starts: &[Start]) -> Vec<f64> {
    starts.iter().map(|start| start.ready).collect()
}

fn started(browser: &Browser, address: &str) -> Start {
    browser.go("about:blank");
    browser.go(address);
    browser.wait_until_started();
    let seen = browser.execute("return [window.ready, window.tasks]");
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let tasks = seen[1].as_array().into_iter().flatten();
    Start {
        ready: seen[0].as_f64().expect("the page was watched"),
        tasks: tasks
            .map(|task| (number(&task[0]), number(&task[1])))
            .collect(),
    }
}

/// Waits until the archive of the press is offered, and gives the milliseconds since
/// the press.
fn worked(browser: &Browser, mut meanwhile: impl FnMut()) -> f64 {
    let begin = Instant::now();
    while begin.elapsed() < CLIENTS_PATIENCE {
        if let Some(took) = browser.execute("return window.took").as_f64() {
            return took;
        }
        meanwhile();
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the files were not made in {CLIENTS_PATIENCE:?}");
}

#[expect(clippy::cast_precision_loss, reason = "some gigabytes at the most")]
fn megabytes(browser: &Browser) -> f64 {
    browser.memory() as f64 / 1024.0
}

fn address(path: &Path) -> String {
    Url::from_file_path(path).expect("an absolute path").into()
}
