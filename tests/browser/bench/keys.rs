//! The rows of RSA keys: ours, the browser's own, the `rsa` crate's in the same wasm,
//! and an earlier build's, one after the other.

use super::{Bench, Row};

/// A row of keys.
struct Keys {
    name: &'static str,
    what: &'static str,
    ours: String,
    peer: String,
    /// A share of the keys that the bench is asked for.
    one_of: u32,
    goal: Option<(Option<f64>, f64)>,
}

impl Bench {
    /// All rows of keys.
    pub(super) fn rsa_keys(&self) -> Vec<Row> {
        [
            Keys {
                name: "rsa2048_single_vs_webcrypto",
                what: "one key, all workers; WebCrypto",
                ours: "return await wasm_bindgen.bench_keys(1);".to_owned(),
                peer: webcrypto(1, 2048),
                one_of: 1,
                goal: Some((Some(0.5), 0.33)),
            },
            Keys {
                name: "rsa2048_batch_vs_webcrypto",
                what: "8 keys at once; 8 concurrent WebCrypto calls",
                ours: "return await wasm_bindgen.bench_keys(8);".to_owned(),
                peer: webcrypto(8, 2048),
                one_of: 8,
                goal: Some((Some(1.3), 0.8)),
            },
            Keys {
                name: "rsa2048_single_vs_rsa_crate",
                what: "one key, one thread; the rsa crate in the same wasm",
                ours: of_the_module("bench_key_on_one_thread(2048)"),
                peer: of_the_module("bench_rsa_crate_key()"),
                one_of: 1,
                goal: Some((Some(0.2), 0.15)),
            },
            // The same search each time, of average length: what is left is the
            // machine's noise, not the lottery's.
            Keys {
                name: "rsa2048_seeded_workload_vs_webcrypto",
                what: "a fixed search of average length, one thread; WebCrypto",
                ours: of_the_module("bench_seeded_workload()"),
                peer: webcrypto(1, 2048),
                one_of: 4,
                goal: None,
            },
            Keys {
                name: "rsa2048_one_thread_vs_webcrypto",
                what: "one key, one thread; WebCrypto",
                ours: of_the_module("bench_key_on_one_thread(2048)"),
                peer: webcrypto(1, 2048),
                one_of: 1,
                goal: Some((Some(0.8), 0.6)),
            },
            Keys {
                name: "rsa3072_one_thread_vs_webcrypto",
                what: "one key of 3072 bits, one thread; WebCrypto",
                ours: of_the_module("bench_key_on_one_thread(3072)"),
                peer: webcrypto(1, 3072),
                one_of: 8,
                goal: Some((Some(1.0), 0.6)),
            },
            Keys {
                name: "rsa4096_one_thread_vs_webcrypto",
                what: "one key of 4096 bits, one thread; WebCrypto",
                ours: of_the_module("bench_key_on_one_thread(4096)"),
                peer: webcrypto(1, 4096),
                one_of: 8,
                goal: Some((Some(1.0), 0.6)),
            },
        ]
        .map(|row| self.keys_in_turn(&row))
        .into()
    }

    /// Rows of an engine with wide arithmetic, where the workers' module is another.
    pub(super) fn rsa_keys_wide(&self) -> Vec<Row> {
        let one_thread = |name, what, bits, goal| Keys {
            name,
            what,
            ours: of_the_module(&format!("bench_key_on_one_thread({bits})")),
            peer: webcrypto(1, bits),
            one_of: 8,
            goal: Some(goal),
        };
        [
            Keys {
                name: "rsa2048_wide_single_vs_webcrypto",
                what: "one key, all workers, wide arithmetic; WebCrypto",
                ours: "return await wasm_bindgen.bench_keys(1);".to_owned(),
                peer: webcrypto(1, 2048),
                one_of: 1,
                goal: Some((Some(0.3), 0.2)),
            },
            one_thread(
                "rsa3072_wide_one_thread_vs_webcrypto",
                "one key of 3072 bits, one thread, wide arithmetic; WebCrypto",
                3072,
                (Some(0.6), 0.4),
            ),
            one_thread(
                "rsa4096_wide_one_thread_vs_webcrypto",
                "one key of 4096 bits, one thread, wide arithmetic; WebCrypto",
                4096,
                (Some(0.6), 0.4),
            ),
        ]
        .map(|row| self.keys_in_turn(&row))
        .into()
    }

    /// The calls in turn, so many times each; the first of each does not count.
    fn keys_in_turn(&self, row: &Keys) -> Row {
        let mut ours = Vec::new();
        let mut peer = Vec::new();
        let mut before = Vec::new();
        for _ in 0..=self.keys.div_ceil(row.one_of) {
            ours.push(self.measure(&row.ours));
            peer.push(self.measure(&row.peer));
            if let Some(browser) = &self.before {
                before.push(Self::measure_in(browser, &row.ours));
            }
        }
        for times in [&mut ours, &mut peer, &mut before] {
            if !times.is_empty() {
                times.remove(0);
            }
        }
        Row::new(row.name, row.what, ours, peer, row.goal).with_before(before)
    }
}

/// A key by the workers' module, in the page's own thread.
fn of_the_module(call: &str) -> String {
    format!(
        "if (!window.has_keys_module) {{
           while (!wasm_bindgen.bench_keys_module()) await new Promise((done) => setTimeout(done, 20));
           await keys_module({{ module_or_path: wasm_bindgen.bench_keys_module() }});
           window.has_keys_module = true;
         }}
         return keys_module.{call};"
    )
}

/// So many keys of the browser's own at once, and the time until the last.
fn webcrypto(count: u32, bits: u32) -> String {
    format!(
        "const begin = performance.now();
         const key = () => crypto.subtle.generateKey(
           {{ name: 'RSASSA-PKCS1-v1_5', modulusLength: {bits}, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }},
           true, ['sign', 'verify']);
         await Promise.all(Array.from({{ length: {count} }}, key));
         return performance.now() - begin;"
    )
}
