//! Where one worker works: a bench with the number of the task on it, and the
//! random bits to work with. The page itself has one where there are no workers;
//! only the way of the messages differs.

use getrandom::SysRng;
use js_sys::Date;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessagePort};

use crate::{
    bench::{Bench, Turn},
    message::{Answer, JobNumber, Order},
};

/// How often candidates are reported, in milliseconds: six times a second.
const REPORT: f64 = 160.0;

/// A bench that takes orders.
pub struct Station<B> {
    number: JobNumber,
    bench: B,
    rng: SysRng,
    unreported: u32,
    reported_at: f64,
}

impl<B: Bench> Default for Station<B> {
    fn default() -> Self {
        Self {
            number: 0,
            bench: B::default(),
            rng: SysRng,
            unreported: 0,
            reported_at: 0.0,
        }
    }
}

impl<B: Bench> Station<B> {
    /// Takes an order, and gives the answer if there is one at once.
    pub fn take(&mut self, order: Order<B::Task>) -> Option<Answer<B::Outcome>> {
        match order {
            Order::Begin { number, task } => {
                self.number = number;
                self.bench.begin(task);
                self.unreported = 0;
                self.reported_at = Date::now();
                None
            }
            Order::Stop { number } => {
                if self.number == number {
                    self.bench.stop();
                }
                Some(Answer::Stopped { number })
            }
        }
    }

    /// Whether there is something to do.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.bench.is_busy()
    }

    /// Goes on for a moment. Candidates are told now and then, and with what
    /// comes of the task.
    pub fn step(&mut self) -> Option<Answer<B::Outcome>> {
        let number = self.number;
        match self.bench.turn(&mut self.rng)? {
            Turn::Done(outcome) => Some(Answer::Done {
                number,
                candidates: std::mem::take(&mut self.unreported),
                outcome,
            }),
            Turn::Working { candidates } => {
                self.unreported += candidates;
                let now = Date::now();
                if now - self.reported_at < REPORT {
                    return None;
                }
                self.reported_at = now;
                Some(Answer::Candidates {
                    number,
                    candidates: std::mem::take(&mut self.unreported),
                })
            }
        }
    }
}

/// Calls back as soon as waiting messages have been delivered: a message to
/// oneself, because a timer of no time at all still waits 4 ms after a while.
pub struct Turns {
    port: MessagePort,
    // The other end, and what it calls; both must stay.
    _receiver: MessagePort,
    _called: Closure<dyn FnMut()>,
}

impl Turns {
    /// Makes the way back.
    ///
    /// # Errors
    ///
    /// The browser has no message channels.
    pub fn new(called: impl FnMut() + 'static) -> Result<Self, JsValue> {
        let channel = MessageChannel::new()?;
        let called = Closure::<dyn FnMut()>::new(called);
        let receiver = channel.port2();
        receiver.set_onmessage(Some(called.as_ref().unchecked_ref()));
        Ok(Self {
            port: channel.port1(),
            _receiver: receiver,
            _called: called,
        })
    }

    /// Asks to be called back once.
    pub fn next(&self) {
        // A port within one thread takes a plain value always.
        let _ = self.port.post_message(&JsValue::NULL);
    }
}
