//! The measuring functions of the bench page, which the product does not have: keys made
//! by a pool of workers like the page's own. What one thread takes, the module for keys
//! measures itself: this one is built small.

use rsa_key::{ModulusBits, bench};
use std::{cell::RefCell, collections::BTreeMap};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use lab_worker::message::Answer;

use super::pool::{Listener, Modules, Pool, SlotNumber};
use crate::{
    lab::keys::{KeyMaking, KeyWork},
    lab::wire::Outcome,
    page::jobs::JobNumber,
};

/// A pool, and the keys that it makes now.
struct Measuring {
    pool: Pool,
    keys: KeyMaking,
    in_hand: BTreeMap<JobNumber, KeyWork>,
    next: JobNumber,
    begin: f64,
    done: Option<(Function, Function)>,
}

thread_local! {
    static MEASURING: RefCell<Option<Measuring>> = const { RefCell::new(None) };
}

/// Starts a pool of as many workers as the page has.
pub(super) fn prepare(worker_url: &str, install: &Function) {
    MEASURING.set(Some(Measuring {
        pool: Pool::new(worker_url, install, Listener { answered, lost }),
        keys: KeyMaking::new(ModulusBits::Rsa2048, 0),
        in_hand: BTreeMap::new(),
        next: 0,
        begin: 0.0,
        done: None,
    }));
}

thread_local! {
    static KEYS_MODULE: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
}

/// Gives the pool its modules.
pub(super) fn supply(keys: JsValue, lab: JsValue) {
    KEYS_MODULE.set(keys.clone());
    with(|measuring| {
        measuring.pool.supply(Modules { keys, lab });
        // What was asked for before waits.
        measuring.hand_out();
    });
}

/// The module for keys that was chosen for this engine, compiled.
#[wasm_bindgen]
#[must_use]
pub fn bench_keys_module() -> JsValue {
    KEYS_MODULE.with_borrow(JsValue::clone)
}

/// Makes keys of 2048 bits with all workers, and gives the milliseconds.
#[wasm_bindgen]
pub fn bench_keys(count: usize) -> Promise {
    Promise::new(&mut |resolve, reject| {
        with(|measuring| {
            measuring.keys = KeyMaking::new(ModulusBits::Rsa2048, count);
            measuring.begin = now();
            measuring.done = Some((resolve, reject));
            measuring.hand_out();
        });
    })
}

impl Measuring {
    fn hand_out(&mut self) {
        if !self.keys.wants_primes() {
            let searches = self
                .in_hand
                .extract_if(.., |_, step| *step == KeyWork::Prime);
            for (number, _) in searches.collect::<Vec<_>>() {
                self.pool.stop(number);
            }
        }
        while self.pool.has_room() {
            let Some((step, task)) = self.keys.next_task() else {
                break;
            };
            let number = self.next;
            self.next = self.next.wrapping_add(1);
            self.in_hand.insert(number, step);
            self.pool.give(number, task);
        }
    }

    fn finish(&mut self, result: Result<f64, &str>) {
        if let Some((resolve, reject)) = self.done.take() {
            // Whoever asked may have gone.
            let _ = match result {
                Ok(time) => resolve.call1(&JsValue::NULL, &JsValue::from_f64(time)),
                Err(reason) => reject.call1(&JsValue::NULL, &JsValue::from_str(reason)),
            };
        }
    }
}

fn with(action: impl FnOnce(&mut Measuring)) {
    MEASURING.with_borrow_mut(|measuring| {
        if let Some(measuring) = measuring {
            action(measuring);
        }
    });
}

fn answered(answer: Answer<Outcome>) {
    with(|measuring| match answer {
        Answer::Ready => measuring.pool.is_proved(),
        Answer::Candidates { .. } => {}
        Answer::Stopped { number } => {
            measuring.pool.free(number);
            measuring.hand_out();
        }
        Answer::Done {
            number, outcome, ..
        } => {
            measuring.pool.free(number);
            if let Some(step) = measuring.in_hand.remove(&number)
                && let Err(reason) = measuring.keys.complete(step, outcome)
            {
                measuring.finish(Err(&reason.to_string()));
            }
            measuring.hand_out();
            if measuring.keys.done() == measuring.keys.count() {
                let time = now() - measuring.begin;
                measuring.finish(Ok(time));
            }
        }
    });
}

fn lost(_: SlotNumber, reason: &str) {
    with(|measuring| measuring.finish(Err(reason)));
}

/// Checks the search's kernel against `crypto-bigint` in this engine, and gives
/// the number of results compared.
///
/// # Errors
///
/// The first difference.
#[wasm_bindgen]
pub fn bench_kernel_check(seed: u32, operands: u32) -> Result<u32, JsValue> {
    bench::kernel_check(u64::from(seed), operands)
        .map_err(|fault| JsValue::from_str(&fault.to_string()))
}

fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}
