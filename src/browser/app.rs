//! The page's state and the one way to change it: an event changes the session,
//! then workers get what there is to do, then what is seen is brought up to
//! date, then the focus goes where it should.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::{
    clock::{later, now},
    dom,
    message::Answer,
    pool::{Listener, Loss, Pool, SlotNumber},
};
use crate::page::{
    session::Session,
    view::{View, view},
};

/// All that an open page has.
pub(super) struct App {
    pub(super) session: Session,
    pub(super) pool: Pool,
    shown: View,
    check_is_due: bool,
    show_is_due: bool,
    /// How often something was typed in chapter 7.
    typed: u32,
}

thread_local! {
    static APP: RefCell<Option<App>> = const { RefCell::new(None) };
}

/// Begins: the form is filled, and the workers are started as soon as the page
/// has been painted.
pub(super) fn start(module: &JsValue, worker_url: &str) -> Result<(), JsValue> {
    let mut session = Session::new(now());
    session.open_link(&dom::fragment(), now());
    APP.set(Some(App {
        session,
        pool: Pool::new(
            module,
            worker_url,
            Listener {
                answered,
                lost,
                step_here,
            },
        ),
        shown: View::default(),
        check_is_due: false,
        show_is_due: false,
        typed: 0,
    }));
    change(|_| {});
    dom::ready()?;
    later(50, || change(|app| app.pool.warm_up()));
    Ok(())
}

/// Changes the session, and all that follows from it.
///
/// An event that the page itself causes while it changes, such as the loss of
/// focus of an input that is taken away, is no reader's doing and is let pass.
pub(super) fn change<T: Default>(action: impl FnOnce(&mut App) -> T) -> T {
    APP.with(|cell| {
        let Ok(mut guard) = cell.try_borrow_mut() else {
            return T::default();
        };
        let Some(app) = guard.as_mut() else {
            return T::default();
        };
        let held = dom::hold_focus();
        let result = action(app);
        app.hand_out();
        let next = view(&app.session);
        dom::show(&app.shown, &next);
        app.shown = next;
        let focus = app.session.take_focus();
        // What gets the focus is told so at once, and may have something to say.
        drop(guard);
        if let Some(id) = focus {
            dom::focus(&id);
        }
        if let Some(held) = held {
            held.keep();
        }
        result
    })
}

/// Asks the session something; nothing changes.
pub(super) fn ask<T: Default>(question: impl FnOnce(&Session) -> T) -> T {
    APP.with(|cell| match cell.try_borrow() {
        Ok(guard) => guard
            .as_ref()
            .map_or_else(T::default, |app| question(&app.session)),
        Err(_) => T::default(),
    })
}

impl App {
    fn hand_out(&mut self) {
        for number in self.session.stops() {
            self.pool.stop(number);
        }
        while self.pool.has_room() {
            match self.session.next_job(now()) {
                Some((number, task)) => self.pool.give(number, task),
                None => break,
            }
        }
    }

    fn show_soon(&mut self) {
        if !self.show_is_due {
            self.show_is_due = true;
            later(100, show_progress);
        }
    }

    /// Looks at what chapter 7 was given, when nothing was typed for a moment.
    pub(super) fn diagnose_soon(&mut self) {
        self.typed += 1;
        let typed = self.typed;
        later(300, move || {
            change(|app| {
                if app.typed == typed {
                    app.session.trials.diagnosis.begin();
                }
            });
        });
    }

    /// Looks at the form again a moment later, so that typing stays light.
    pub(super) fn check_soon(&mut self) {
        if !self.check_is_due {
            self.check_is_due = true;
            later(120, || {
                change(|app| {
                    app.check_is_due = false;
                    app.session.check(now());
                });
            });
        }
    }
}

/// Shows how far the work is, and nothing else: what else there is to show is
/// shown when it changes.
fn show_progress() {
    let under_way = APP.with(|cell| {
        let Ok(mut guard) = cell.try_borrow_mut() else {
            return false;
        };
        let Some(app) = guard.as_mut() else {
            return false;
        };
        app.show_is_due = false;
        let Some(progress) = app.session.progress() else {
            return false;
        };
        let next = app.shown.with_progress(progress);
        dom::show(&app.shown, &next);
        app.shown = next;
        true
    });
    if !under_way {
        change(|_| {});
    }
}

/// A worker has something to say. While files are made, what is seen of it is
/// brought up to date a few times a second only: a thousand certificates are
/// thousands of answers.
pub(super) fn answered(answer: Answer) {
    let goes_on = APP.with(|cell| {
        let Ok(mut guard) = cell.try_borrow_mut() else {
            return true;
        };
        let Some(app) = guard.as_mut() else {
            return true;
        };
        let making = app.session.progress().is_some() && app.is_about_making(&answer);
        app.answered(answer);
        app.hand_out();
        let goes_on = making && app.session.progress().is_some();
        if goes_on {
            app.show_soon();
        }
        goes_on
    });
    if !goes_on {
        change(|_| {});
    }
}

impl App {
    /// Whether an answer changes nothing that is seen but the progress.
    fn is_about_making(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Done { number, .. } => self.session.is_making(*number),
            Answer::Ready | Answer::Candidates { .. } | Answer::Stopped { .. } => true,
        }
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Ready => self.pool.is_proved(),
            Answer::Candidates { number, candidates } => {
                self.session.job_tried(number, candidates);
            }
            Answer::Stopped { number } => self.pool.free(number),
            Answer::Done {
                number,
                candidates,
                outcome,
            } => {
                self.pool.free(number);
                self.session.job_tried(number, candidates);
                self.session.job_done(number, outcome, now());
            }
        }
    }
}

/// A worker ended by itself.
pub(super) fn lost(number: SlotNumber, reason: &str) {
    change(|app| match app.pool.remove(number) {
        Loss::All => app.session.workers_ended(),
        Loss::One(job) => app.session.worker_lost(job, reason, now()),
    });
}

/// The page's own thread has a moment for the work.
pub(super) fn step_here() {
    change(|app| {
        if let Some(answer) = app.pool.step_here() {
            app.answered(answer);
        }
    });
}
