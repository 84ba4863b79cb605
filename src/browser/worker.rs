//! A worker: takes one task at a time, works on it in steps, and looks at its
//! messages in between. The page itself does the same where there are no
//! workers; only the way of the messages differs.

use std::{cell::RefCell, rc::Rc};

use getrandom::SysRng;
use js_sys::Date;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::message::{Answer, Order, pack, unpack};
use crate::{
    lab::job::{Turn, Workbench},
    page::jobs::JobNumber,
};

/// How often candidates are reported, in milliseconds: six times a second.
const REPORT: f64 = 160.0;

/// Where one worker works: a workbench with the number of the task on it, and the
/// random bits to work with.
pub(super) struct Station {
    number: JobNumber,
    workbench: Workbench,
    rng: SysRng,
    unreported: u32,
    reported_at: f64,
}

impl Station {
    pub(super) fn new() -> Self {
        Self {
            number: 0,
            workbench: Workbench::default(),
            rng: SysRng,
            unreported: 0,
            reported_at: 0.0,
        }
    }

    /// Takes an order, and gives the answer if there is one at once.
    pub(super) fn take(&mut self, order: Order) -> Option<Answer> {
        match order {
            Order::Begin { number, task } => {
                self.number = number;
                self.workbench.begin(task);
                self.unreported = 0;
                self.reported_at = Date::now();
                None
            }
            Order::Stop { number } => {
                if self.number == number {
                    self.workbench.stop();
                }
                Some(Answer::Stopped { number })
            }
        }
    }

    /// Whether there is something to do.
    pub(super) fn is_busy(&self) -> bool {
        self.workbench.is_busy()
    }

    /// Goes on for a moment. Candidates are told now and then, and with what
    /// comes of the task.
    pub(super) fn step(&mut self) -> Option<Answer> {
        let number = self.number;
        match self.workbench.turn(&mut self.rng)? {
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
pub(super) struct Turns {
    port: MessagePort,
    // The other end, and what it calls; both must stay.
    _receiver: MessagePort,
    _called: Closure<dyn FnMut()>,
}

impl Turns {
    pub(super) fn new(called: impl FnMut() + 'static) -> Result<Self, JsValue> {
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
    pub(super) fn next(&self) {
        // A port within one thread takes a plain value always.
        let _ = self.port.post_message(&JsValue::NULL);
    }
}

/// What a worker keeps between events.
struct Room {
    scope: DedicatedWorkerGlobalScope,
    station: Station,
    turns: Option<Turns>,
}

impl Room {
    fn say(&self, answer: Option<Answer>) {
        let Some(answer) = answer else {
            return;
        };
        // There is no one left to tell when the page no longer listens.
        let _ = pack(&answer)
            .and_then(|(bytes, transfer)| self.scope.post_message_with_transfer(&bytes, &transfer));
    }

    fn turn(&self) {
        if let (true, Some(turns)) = (self.station.is_busy(), &self.turns) {
            turns.next();
        }
    }
}

/// Begins to listen.
pub(super) fn start() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let room = Rc::new(RefCell::new(Room {
        scope: scope.clone(),
        station: Station::new(),
        turns: None,
    }));
    let working = Rc::clone(&room);
    let turns = Turns::new(move || {
        let mut room = working.borrow_mut();
        let answer = room.station.step();
        room.say(answer);
        room.turn();
    })?;
    room.borrow_mut().turns = Some(turns);
    let listening = Rc::clone(&room);
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(order) = unpack::<Order>(&event.data()) {
            let mut room = listening.borrow_mut();
            let idle = !room.station.is_busy();
            let answer = room.station.take(order);
            room.say(answer);
            if idle {
                room.turn();
            }
        }
    });
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    // A worker listens as long as it lives.
    listen.forget();
    room.borrow().say(Some(Answer::Ready));
    Ok(())
}
