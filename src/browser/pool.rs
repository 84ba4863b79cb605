//! The workers: at most as many as the machine runs at once, made from the
//! page's own script, ended when there is no more use for them. Each is sent the
//! module that its task needs, compiled, once. Where the browser gives no workers,
//! the page's own thread takes their place: the modules work there in turns.

use js_sys::{Array, Function, Object, Reflect};
use lab_worker::{
    bench::Bench,
    keys::KeyBench,
    message::{Answer, JobNumber, Order, pack, unpack},
};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, Event, MessageChannel, MessageEvent, MessagePort, Worker};

use super::dom;
use crate::{
    lab::{
        job::Workbench,
        wire::{Outcome, Task},
    },
    page::wish::Workers,
};

/// The number of a worker; no two are the same.
pub(super) type SlotNumber = u32;

/// Who is told what the workers have to say.
#[derive(Clone, Copy)]
pub(super) struct Listener {
    /// A worker answered.
    pub(super) answered: fn(Answer<Outcome>),
    /// A worker ended by itself, for this reason.
    pub(super) lost: fn(SlotNumber, &str),
}

/// What is sent to workers, compiled.
#[derive(Clone)]
pub(super) struct Modules {
    /// The work on RSA keys.
    pub(super) keys: JsValue,
    /// All work.
    pub(super) lab: JsValue,
}

/// One of [`Modules`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Module {
    Keys,
    Lab,
}

/// All workers.
pub(super) struct Pool {
    listener: Listener,
    /// None as long as they are not compiled: nobody works before.
    modules: Option<Modules>,
    url: String,
    /// Takes on this thread what is sent to a worker first.
    install: Function,
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

/// How long a worker has to stop when it is told to, in milliseconds.
pub(super) const STOPPING: i32 = 200;

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
    listener: Listener,
    place: Workplace,
    /// The modules that were sent there.
    ways: Vec<Way>,
    job: Option<(JobNumber, Module)>,
    /// How often it was looked at since it said something or was given its task.
    silent: u8,
}

/// Where the work is done.
enum Workplace {
    Worker(Hired),
    /// On this thread.
    Here(Function),
}

/// The way to a module in its place. Dropping it closes it.
struct Way {
    module: Module,
    port: MessagePort,
    _hears: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Way {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}

/// A worker with what listens to it. Dropping it ends it.
struct Hired {
    worker: Worker,
    _fails: Closure<dyn FnMut(Event)>,
}

impl Drop for Hired {
    fn drop(&mut self) {
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

impl Pool {
    /// No worker yet.
    pub(super) fn new(url: &str, install: &Function, listener: Listener) -> Self {
        Self {
            listener,
            modules: None,
            url: url.to_owned(),
            install: install.clone(),
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

    /// Takes the modules, and starts the first workers, so that a press finds them
    /// ready. Others follow when there is something for them to do.
    pub(super) fn supply(&mut self, modules: Modules) {
        self.modules = Some(modules);
        self.warm_up();
    }

    fn warm_up(&mut self) {
        if let Some(modules) = self.modules.clone() {
            while self.workers != Supply::None && self.slots.len() < self.limit().min(READY_WORKERS)
            {
                self.hire();
                let way = |slot: &mut Slot| slot.way(Module::Keys, &modules).map(drop);
                if self.slots.last_mut().is_some_and(|slot| way(slot).is_err()) {
                    break;
                }
            }
        }
    }

    /// Does with the workers what the page wishes.
    pub(super) fn obey(&mut self, workers: Workers) {
        match workers {
            Workers::End => self.end(),
            Workers::Restart => {
                self.end();
                self.warm_up();
            }
            Workers::Rest => {
                self.end();
                self.resting = true;
            }
            Workers::Resume => self.resting = false,
        }
    }

    /// Ends the workers. What works on this thread lets go of its task.
    fn end(&mut self) {
        self.slots.retain_mut(|slot| {
            let stays = matches!(slot.place, Workplace::Here(_));
            if stays {
                slot.stop();
                slot.job = None;
            }
            stays
        });
    }

    /// Whether a task can be given out now.
    pub(super) fn has_room(&self) -> bool {
        let hires = self.slots.len() < self.limit();
        !self.resting
            && self.modules.is_some()
            && (hires || self.slots.iter().any(|slot| slot.job.is_none()))
    }

    /// Gives a task to an idle worker. Whoever calls this asks
    /// [`Self::has_room`] before.
    pub(super) fn give(&mut self, number: JobNumber, task: Task) {
        if self.slots.iter().all(|slot| slot.job.is_some()) {
            self.hire();
        }
        let slot = self.slots.iter_mut().find(|slot| slot.job.is_none());
        if let (Some(slot), Some(modules)) = (slot, &self.modules) {
            slot.begin(number, task, modules);
        }
    }

    /// Has a task stopped.
    pub(super) fn stop(&mut self, number: JobNumber) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.has(number)) {
            slot.stop();
        }
    }

    /// Ends the worker that has a task still although it was to stop: who reads a long
    /// text hears nothing before its end. Gives whether one was ended.
    pub(super) fn end_stopped(&mut self, number: JobNumber) -> bool {
        let before = self.slots.len();
        self.slots
            .retain(|slot| !slot.has(number) || matches!(slot.place, Workplace::Here(_)));
        self.slots.len() < before
    }

    /// A worker is free again after this task.
    pub(super) fn free(&mut self, number: JobNumber) {
        for slot in &mut self.slots {
            if slot.has(number) {
                slot.job = None;
            }
        }
    }

    /// The worker that has this task said something of it.
    pub(super) fn heard_of(&mut self, number: JobNumber) {
        for slot in &mut self.slots {
            if slot.has(number) {
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
        let job = place.and_then(|place| self.slots.swap_remove(place).job);
        Loss::One(job.map(|(number, _)| number))
    }

    fn hire(&mut self) {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        let hired = match self.workers {
            Supply::None => None,
            _ => hired(number, &self.url, self.listener).ok(),
        };
        let place = hired.map_or_else(
            || {
                self.workers = Supply::None;
                Workplace::Here(self.install.clone())
            },
            Workplace::Worker,
        );
        self.slots.push(Slot {
            number,
            listener: self.listener,
            place,
            ways: Vec::new(),
            job: None,
            silent: 0,
        });
    }
}

impl Slot {
    fn is_at_work(&self) -> bool {
        self.job.is_some() && matches!(self.place, Workplace::Worker(_))
    }

    fn has(&self, number: JobNumber) -> bool {
        self.job.is_some_and(|(in_hand, _)| in_hand == number)
    }

    fn begin(&mut self, number: JobNumber, task: Task, modules: &Modules) {
        self.silent = 0;
        let posted = match task {
            Task::Rsa(task) => {
                self.job = Some((number, Module::Keys));
                self.way(Module::Keys, modules)
                    .and_then(|way| way.post(&Order::Begin { number, task }))
            }
            task => {
                self.job = Some((number, Module::Lab));
                self.way(Module::Lab, modules)
                    .and_then(|way| way.post(&Order::Begin { number, task }))
            }
        };
        self.expect(&posted);
    }

    /// Has its task stopped.
    fn stop(&self) {
        let Some((number, module)) = self.job else {
            return;
        };
        let ways = self.ways.iter().filter(|way| way.module == module);
        for way in ways {
            self.expect(&way.post(&Order::<()>::Stop { number }));
        }
    }

    /// A worker that takes no message is lost.
    fn expect(&self, posted: &Result<(), JsValue>) {
        if posted.is_err() {
            let (number, lost) = (self.number, self.listener.lost);
            super::clock::later(0, move || lost(number, "it took no message"));
        }
    }

    /// The way to a module, which is sent there if it is not there yet.
    fn way(&mut self, module: Module, modules: &Modules) -> Result<&Way, JsValue> {
        let known = self.ways.iter().position(|way| way.module == module);
        let place = if let Some(place) = known {
            place
        } else {
            let way = match module {
                Module::Keys => {
                    self.send::<KeyBench>(module, "keys", &modules.keys, Outcome::from)?
                }
                Module::Lab => {
                    self.send::<Workbench>(module, "lab", &modules.lab, |outcome| outcome)?
                }
            };
            self.ways.push(way);
            self.ways.len() - 1
        };
        self.ways.get(place).ok_or(JsValue::UNDEFINED)
    }

    /// Sends a module, and listens to it.
    fn send<B: Bench>(
        &self,
        module: Module,
        name: &str,
        compiled: &JsValue,
        read: fn(B::Outcome) -> Outcome,
    ) -> Result<Way, JsValue>
    where
        B::Outcome: DeserializeOwned + 'static,
    {
        let channel = MessageChannel::new()?;
        let (number, listener) = (self.number, self.listener);
        let hears =
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match unpack::<Answer<B::Outcome>>(&event.data()) {
                    Some(answer) => (listener.answered)(answer.map(read)),
                    None => (listener.lost)(number, "it said something that makes no sense"),
                }
            });
        let port = channel.port1();
        port.set_onmessage(Some(hears.as_ref().unchecked_ref()));
        let sent = Object::new();
        Reflect::set(&sent, &"name".into(), &name.into())?;
        Reflect::set(&sent, &"module".into(), compiled)?;
        Reflect::set(&sent, &"port".into(), &channel.port2())?;
        match &self.place {
            Workplace::Worker(hired) => hired
                .worker
                .post_message_with_transfer(&sent, &Array::of1(&channel.port2()))?,
            Workplace::Here(install) => drop(install.call1(&JsValue::NULL, &sent)?),
        }
        Ok(Way {
            module,
            port,
            _hears: hears,
        })
    }
}

impl Way {
    fn post<T: Serialize>(&self, order: &Order<T>) -> Result<(), JsValue> {
        let (bytes, transfer) = pack(order)?;
        self.port.post_message_with_transferable(&bytes, &transfer)
    }
}

fn hired(number: SlotNumber, url: &str, listener: Listener) -> Result<Hired, JsValue> {
    let worker = Worker::new(url)?;
    let fails = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        event.prevent_default();
        let reason = event
            .dyn_ref::<ErrorEvent>()
            .map(ErrorEvent::message)
            .filter(|message| !message.is_empty())
            .unwrap_or_else(|| "no reason was given".to_owned());
        (listener.lost)(number, &reason);
    });
    worker.set_onerror(Some(fails.as_ref().unchecked_ref()));
    worker.set_onmessageerror(Some(fails.as_ref().unchecked_ref()));
    Ok(Hired {
        worker,
        _fails: fails,
    })
}
