//! The scope of a worker: what a module listens to there, and how it answers.
//! A worker may have several modules; each has a port of its own to the page.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, MessagePort};

use crate::{
    bench::Bench,
    message::{Answer, Order, pack, unpack},
    stack,
    station::{Station, Turns},
};

/// What a worker's module keeps between events.
struct Room<B> {
    port: MessagePort,
    station: Station<B>,
    turns: Option<Turns>,
}

impl<B: Bench> Room<B> {
    fn say(&self, answer: Option<Answer<B::Outcome>>) {
        let Some(answer) = answer else {
            return;
        };
        // There is no one left to tell when the page no longer listens.
        let _ = pack(&answer).and_then(|(bytes, transfer)| {
            self.port.post_message_with_transferable(&bytes, &transfer)
        });
    }

    fn turn(&self) {
        if let (true, Some(turns)) = (self.station.is_busy(), &self.turns) {
            turns.next();
        }
    }
}

/// Begins to listen at a port, and says so.
///
/// # Errors
///
/// The browser has no message channels.
pub fn listen<B: Bench + 'static>(port: &MessagePort) -> Result<(), JsValue> {
    let room = Rc::new(RefCell::new(Room::<B> {
        port: port.clone(),
        station: Station::default(),
        turns: None,
    }));
    let working = Rc::clone(&room);
    let turns = Turns::new(move || {
        stack::wipe_after(|| {
            let mut room = working.borrow_mut();
            let answer = room.station.step();
            room.say(answer);
            room.turn();
            // What the task was about is of no more use.
            !room.station.is_busy()
        });
    })?;
    room.borrow_mut().turns = Some(turns);
    let listening = Rc::clone(&room);
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        stack::wipe_after(|| {
            let Some(order) = unpack::<Order<B::Task>>(&event.data()) else {
                return false;
            };
            let mut room = listening.borrow_mut();
            let idle = !room.station.is_busy();
            let answer = room.station.take(order);
            room.say(answer);
            if idle {
                room.turn();
            }
            !room.station.is_busy()
        });
    });
    port.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    // A worker listens as long as it lives.
    listen.forget();
    room.borrow().say(Some(Answer::Ready));
    Ok(())
}

/// A panic becomes a JavaScript error that says where it was, and nothing of
/// what was in hand: that may be a key.
pub fn say_where_it_broke() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        wasm_bindgen::throw_str(&format!("the program broke at {place}"));
    }));
}
