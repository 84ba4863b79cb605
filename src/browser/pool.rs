//! The workers: at most as many as the machine runs at once, made from the
//! page's own script, ended when there is no more use for them. Where the
//! browser gives no workers, the page's own thread takes their place, in slices.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

use super::{
    dom,
    message::{Answer, Order, pack, unpack},
    worker::{Station, Turns},
};
use crate::{
    lab::wire::Task,
    page::{jobs::JobNumber, wish::Workers},
};

/// The number of a worker; no two are the same.
pub(super) type SlotNumber = u32;

/// Who is told what the workers have to say.
#[derive(Clone, Copy)]
pub(super) struct Listener {
    /// A worker answered.
    pub(super) answered: fn(Answer),
    /// A worker ended by itself, for this reason.
    pub(super) lost: fn(SlotNumber, &str),
    /// There are no workers, and this thread has a moment for the work.
    pub(super) step_here: fn(),
}

/// All workers.
pub(super) struct Pool {
    listener: Listener,
    module: JsValue,
    url: String,
    slots: Vec<Slot>,
    next: SlotNumber,
    /// Whether workers can be had, as far as is known.
    workers: Supply,
    /// Whether the page is put aside: nobody works then.
    resting: bool,
}

/// The most workers, whatever the machine has: each takes some megabytes.
const MOST_WORKERS: usize = 16;

/// So many workers wait for the first press.
const READY_WORKERS: usize = 4;

/// How often workers at work are looked at, in milliseconds.
pub(super) const WATCH: i32 = 10_000;

/// So often a worker at work may be silent when it is looked at: two minutes. No
/// task keeps one silent for a quarter of that. Looks are counted, and not time: a
/// machine that slept has looked at nobody.
const MOST_SILENT_LOOKS: u8 = 12;

/// What was lost with a worker.
pub(super) enum Loss {
    /// The task that it had, if any.
    One(Option<JobNumber>),
    /// Every worker: the browser gives none.
    All,
}

/// What is known of the browser's workers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Supply {
    /// None has said a word yet.
    Unproved,
    /// They work.
    Proved,
    /// There are none.
    None,
}

struct Slot {
    number: SlotNumber,
    lost: fn(SlotNumber, &str),
    engine: Engine,
    job: Option<JobNumber>,
    /// How often it was looked at since it said something or was given its task.
    silent: u8,
}

/// What does the work.
enum Engine {
    Worker(Hired),
    Here(Box<Station>, Turns),
}

/// A worker with what listens to it. Dropping it ends it.
struct Hired {
    worker: Worker,
    _hears: Closure<dyn FnMut(MessageEvent)>,
    _fails: Closure<dyn FnMut(Event)>,
}

impl Drop for Hired {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

impl Pool {
    /// No worker yet.
    pub(super) fn new(module: &JsValue, url: &str, listener: Listener) -> Self {
        Self {
            listener,
            module: module.clone(),
            url: url.to_owned(),
            slots: Vec::new(),
            next: 0,
            workers: Supply::Unproved,
            resting: false,
        }
    }

    /// The most workers at once.
    fn limit(&self) -> usize {
        match self.workers {
            Supply::None => 1,
            _ => dom::processors().min(MOST_WORKERS),
        }
    }

    /// Starts the first workers, so that a press finds them ready. Others follow
    /// when there is something for them to do.
    pub(super) fn warm_up(&mut self) {
        while self.workers != Supply::None && self.slots.len() < self.limit().min(READY_WORKERS) {
            self.hire();
        }
    }

    /// Does with the workers what the page wishes.
    pub(super) fn obey(&mut self, workers: Workers) {
        match workers {
            Workers::End => self.slots.clear(),
            Workers::Restart => {
                self.slots.clear();
                self.warm_up();
            }
            Workers::Rest => {
                self.slots.clear();
                self.resting = true;
            }
            Workers::Resume => self.resting = false,
        }
    }

    /// Whether a task can be given out now.
    pub(super) fn has_room(&self) -> bool {
        let hires = self.slots.len() < self.limit();
        !self.resting && (hires || self.slots.iter().any(|slot| slot.job.is_none()))
    }

    /// Gives a task to an idle worker. Whoever calls this asks
    /// [`Self::has_room`] before.
    pub(super) fn give(&mut self, number: JobNumber, task: Task) {
        if self.slots.iter().all(|slot| slot.job.is_some()) {
            self.hire();
        }
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.job.is_none()) {
            slot.job = Some(number);
            slot.silent = 0;
            slot.order(Order::Begin { number, task });
        }
    }

    /// Has a task stopped.
    pub(super) fn stop(&mut self, number: JobNumber) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.job == Some(number))
            && let Some(Answer::Stopped { number }) = slot.order(Order::Stop { number })
        {
            self.free(number);
        }
    }

    /// A worker is free again after this task.
    pub(super) fn free(&mut self, number: JobNumber) {
        for slot in &mut self.slots {
            if slot.job == Some(number) {
                slot.job = None;
            }
        }
    }

    /// The worker that has this task said something of it.
    pub(super) fn heard_of(&mut self, number: JobNumber) {
        for slot in &mut self.slots {
            if slot.job == Some(number) {
                slot.silent = 0;
            }
        }
    }

    /// Whether a worker has a task.
    pub(super) fn is_at_work(&self) -> bool {
        self.slots.iter().any(Slot::is_at_work)
    }

    /// Looks at the workers at work, and gives those that were silent for too long.
    pub(super) fn look(&mut self) -> Vec<SlotNumber> {
        for slot in self.slots.iter_mut().filter(|slot| slot.is_at_work()) {
            slot.silent = slot.silent.saturating_add(1);
        }
        let slots = self.slots.iter();
        slots
            .filter(|slot| slot.silent > MOST_SILENT_LOOKS)
            .map(|slot| slot.number)
            .collect()
    }

    /// A worker said that it runs.
    pub(super) fn is_proved(&mut self) {
        self.workers = Supply::Proved;
    }

    /// A worker ended by itself. Where none ever said a word, there are none to
    /// be had, and this thread takes over.
    pub(super) fn remove(&mut self, number: SlotNumber) -> Loss {
        if self.workers == Supply::Unproved {
            self.workers = Supply::None;
            self.slots.clear();
            return Loss::All;
        }
        let place = self.slots.iter().position(|slot| slot.number == number);
        Loss::One(place.and_then(|place| self.slots.swap_remove(place).job))
    }

    /// Goes on with the work on this thread.
    pub(super) fn step_here(&mut self) -> Option<Answer> {
        for slot in &mut self.slots {
            if let Engine::Here(station, turns) = &mut slot.engine {
                let answer = station.step();
                if station.is_busy() {
                    turns.next();
                }
                return answer;
            }
        }
        None
    }

    fn hire(&mut self) {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        let engine = match self.workers {
            Supply::None => here(self.listener),
            _ => hired(number, &self.url, &self.module, self.listener)
                .map(Engine::Worker)
                .or_else(|_| {
                    self.workers = Supply::None;
                    here(self.listener)
                }),
        };
        // Without a message channel there is no browser.
        if let Ok(engine) = engine {
            self.slots.push(Slot {
                number,
                lost: self.listener.lost,
                engine,
                job: None,
                silent: 0,
            });
        }
    }
}

impl Slot {
    fn is_at_work(&self) -> bool {
        self.job.is_some() && matches!(self.engine, Engine::Worker(_))
    }

    fn order(&mut self, order: Order) -> Option<Answer> {
        match &mut self.engine {
            Engine::Worker(hired) => {
                let posted = pack(&order).and_then(|(bytes, transfer)| {
                    hired.worker.post_message_with_transfer(&bytes, &transfer)
                });
                if posted.is_err() {
                    let (number, lost) = (self.number, self.lost);
                    super::clock::later(0, move || lost(number, "it took no message"));
                }
                None
            }
            Engine::Here(station, turns) => {
                let answer = station.take(order);
                if station.is_busy() {
                    turns.next();
                }
                answer
            }
        }
    }
}

fn here(listener: Listener) -> Result<Engine, JsValue> {
    Ok(Engine::Here(
        Box::new(Station::new()),
        Turns::new(listener.step_here)?,
    ))
}

fn hired(
    number: SlotNumber,
    url: &str,
    module: &JsValue,
    listener: Listener,
) -> Result<Hired, JsValue> {
    let worker = Worker::new(url)?;
    let hears = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match unpack::<Answer>(&event.data()) {
            Some(answer) => (listener.answered)(answer),
            None => (listener.lost)(number, "it said something that makes no sense"),
        }
    });
    let fails = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        event.prevent_default();
        let reason = event
            .dyn_ref::<ErrorEvent>()
            .map(ErrorEvent::message)
            .filter(|message| !message.is_empty())
            .unwrap_or_else(|| "no reason was given".to_owned());
        (listener.lost)(number, &reason);
    });
    worker.set_onmessage(Some(hears.as_ref().unchecked_ref()));
    worker.set_onerror(Some(fails.as_ref().unchecked_ref()));
    worker.set_onmessageerror(Some(fails.as_ref().unchecked_ref()));
    worker.post_message(module)?;
    Ok(Hired {
        worker,
        _hears: hears,
        _fails: fails,
    })
}
