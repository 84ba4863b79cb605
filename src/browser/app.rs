//! The page's state and the one way to change it: an event changes the session,
//! then workers get what there is to do, then what is seen is brought up to
//! date, then the focus goes where it should.

use std::cell::RefCell;

use js_sys::{Function, JsString};
use lab_worker::{
    message::{Answer, JobNumber},
    stack,
};
use wasm_bindgen::JsValue;
use web_sys::{FileList, HtmlElement};
use zeroize::Zeroizing;

use super::{
    clipboard,
    clock::{later, now},
    dom, downloads,
    pool::{Listener, Loss, Modules, Pool, STOPPING, SlotNumber, WATCH},
    reading,
};
use crate::{
    lab::wire::Outcome,
    page::{
        answer::on,
        event::{Event, Press},
        kept::Kept,
        session::Session,
        view::View,
        whole::{view, with_progress},
        wish::{Wish, Workers},
        work::{is_making, job_done, job_tried, next_job, stops, worker_lost, workers_ended},
    },
};

/// All that an open page has.
pub(super) struct App {
    session: Session,
    pool: Pool,
    shown: View,
    show_is_due: bool,
    /// Whether the workers are looked at soon.
    watch_is_due: bool,
}

thread_local! {
    static APP: RefCell<Option<App>> = const { RefCell::new(None) };
    /// What can be downloaded when a change broke and has the page's state in hand
    /// for ever: a trap or what JavaScript throws unwinds nothing.
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// Begins: the form is filled. Workers are started when there are modules for them.
pub(super) fn start(worker_url: &str, install: &Function) -> Result<(), JsValue> {
    APP.set(Some(App {
        session: Session::new(now()),
        pool: Pool::new(worker_url, install, Listener { answered, lost }),
        shown: View::default(),
        show_is_due: false,
        watch_is_due: false,
    }));
    // What a link leads to must be there to be shown.
    dom::ready()?;
    by_itself(arrival());
    // What stands there is the page's own from now on: loaded again, it is no link.
    dom::keep_address();
    Ok(())
}

/// What brought the browser to the address that the page has: a link, or its own
/// history.
pub(super) fn arrival() -> Event {
    let fragment = dom::fragment();
    if dom::is_own_address() {
        Event::Return(fragment)
    } else {
        Event::Link(fragment)
    }
}

/// The modules for the work are there, and what was pressed before can be done.
pub(super) fn supply(modules: Modules) {
    work(|app| app.pool.supply(modules));
}

/// What an event was about, as far as only a browser can hold it.
pub(super) enum Occasion {
    /// Nothing that is needed any more.
    Nothing,
    /// This button was pressed.
    Press(HtmlElement),
    /// These files were offered.
    Files(FileList),
    /// This text was offered in the place of a file.
    Text(JsString),
}

/// Something happened: the session changes, and all that follows from it.
pub(super) fn happened(event: Event, occasion: &Occasion) {
    // No press comes in the middle of a change, unless that one broke.
    if let Event::Press(press) = &event
        && APP.with(|cell| cell.try_borrow_mut().is_err())
    {
        download_kept(press);
        return;
    }
    change(|app| on(&mut app.session, event, now()), occasion);
}

/// Hands out a file that was made before the page broke.
fn download_kept(press: &Press) {
    let file = KEPT.with(|kept| kept.try_borrow().ok()?.file(press));
    if let Some(file) = file {
        // There is nobody left to tell that the browser refused it.
        let _ = downloads::download(&file.name, &file.contents);
    }
}

/// Something happened that needs nothing of the browser's any more.
pub(super) fn by_itself(event: Event) {
    happened(event, &Occasion::Nothing);
}

/// Changes the session, and all that follows from it.
///
/// An event that the page itself causes while it changes, such as the loss of
/// focus of an input that is taken away, is no reader's doing and is let pass.
fn change(action: impl FnOnce(&mut App) -> Vec<Wish>, occasion: &Occasion) {
    stack::wipe_after(|| {
        let ended = change_and_tell(action, occasion);
        if ended {
            // What called this has a frame too, where an earlier event had something else.
            later(0, stack::wipe);
        }
        ended
    });
}

/// Does so, and says whether the workers were ended.
fn change_and_tell(action: impl FnOnce(&mut App) -> Vec<Wish>, occasion: &Occasion) -> bool {
    let done = APP.with(|cell| {
        let mut guard = cell.try_borrow_mut().ok()?;
        let app = guard.as_mut()?;
        let held = dom::hold_focus();
        let wishes = action(app);
        // Before anything can break over what is shown.
        KEPT.set(Kept::of(&app.session));
        // Before anything more is given out.
        for wish in &wishes {
            if let Wish::Workers(workers) = wish {
                app.pool.obey(*workers);
            }
        }
        app.hand_out();
        let next = view(&app.session);
        dom::show(&app.shown, &next);
        app.shown = next;
        Some((wishes, held))
    });
    // What gets the focus is told so at once, and may have something to say.
    let Some((wishes, held)) = done else {
        return false;
    };
    let ended = wishes.contains(&Wish::Workers(Workers::End));
    for wish in wishes {
        carry_out(wish, occasion);
    }
    if let Some(held) = held {
        held.keep();
    }
    ended
}

/// The work went on, and all that follows from it.
fn work(action: impl FnOnce(&mut App)) {
    let change_by = |app: &mut App| {
        action(app);
        app.session.take_wishes()
    };
    change(change_by, &Occasion::Nothing);
}

/// Does what only a browser can do.
fn carry_out(wish: Wish, occasion: &Occasion) {
    match wish {
        Wish::Focus(id) => dom::focus(id),
        Wish::ShowPlace(heading) => dom::show_place(heading),
        Wish::ShowPart(id) => dom::show_part(id),
        // An address that is out of date is all that comes of a refusal.
        Wish::Address(fragment) => dom::add_address(&fragment),
        Wish::Readdress(fragment) => dom::change_address(&fragment),
        Wish::SetText(input, text) => dom::set_text(input, &text),
        Wish::ForgetChosenFiles => dom::forget_chosen_files(),
        Wish::Copy(text) => copy(text, occasion),
        Wish::CopyLink(fragment) => {
            copy(Zeroizing::new(dom::public_address() + &fragment), occasion);
        }
        Wish::CopyText(id) => {
            let shown = dom::element(&id).and_then(|element| element.text_content());
            if let Some(text) = shown {
                copy(Zeroizing::new(text), occasion);
            }
        }
        Wish::ShowOrHide(showing) => {
            if let Occasion::Press(button) = occasion {
                dom::show_or_hide(&showing, button);
            }
        }
        Wish::Print => {
            if let Some(window) = web_sys::window() {
                // A frame that is sandboxed may not, and the browser's menu can.
                let _ = window.print();
            }
        }
        Wish::Download(download, file) => {
            let event = match downloads::download(&file.name, &file.contents) {
                Ok(()) => Event::Downloaded(download),
                Err(_) => Event::DownloadRefused,
            };
            by_itself(event);
        }
        Wish::Read(input, place) => match occasion {
            Occasion::Files(files) => reading::read_file(input, files, place, by_itself),
            Occasion::Text(text) => reading::read_text(input, text, by_itself),
            Occasion::Nothing | Occasion::Press(_) => {}
        },
        Wish::Wake(alarm, milliseconds) => later(milliseconds, move || {
            by_itself(Event::Wake(alarm));
        }),
        // They were obeyed already.
        Wish::Workers(_) => {}
    }
}

fn copy(text: Zeroizing<String>, occasion: &Occasion) {
    if let Occasion::Press(button) = occasion {
        clipboard::copy(text, button.clone());
    }
}

/// Whether leaving the page would lose a key.
pub(super) fn has_unsaved_keys() -> bool {
    APP.with(|cell| {
        let Ok(guard) = cell.try_borrow() else {
            // A change broke: nobody leaves in the middle of one.
            return KEPT.with(|kept| kept.try_borrow().is_ok_and(|kept| kept.has_files()));
        };
        guard
            .as_ref()
            .is_some_and(|app| app.session.has_unsaved_keys())
    })
}

impl App {
    fn hand_out(&mut self) {
        for number in stops(&mut self.session) {
            self.pool.stop(number);
            later(STOPPING, move || end_stopped(number));
        }
        while self.pool.has_room() {
            match next_job(&mut self.session, now()) {
                Some((number, task)) => self.pool.give(number, task),
                None => break,
            }
        }
        if self.pool.is_at_work() && !self.watch_is_due {
            self.watch_is_due = true;
            later(WATCH, watch);
        }
    }

    fn show_soon(&mut self) {
        if !self.show_is_due {
            self.show_is_due = true;
            later(100, show_progress);
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
        let next = with_progress(&app.shown, progress);
        dom::show(&app.shown, &next);
        app.shown = next;
        true
    });
    if !under_way {
        work(|_| {});
    }
}

/// A worker has something to say. While files are made, what is seen of it is
/// brought up to date a few times a second only: a thousand certificates are
/// thousands of answers.
pub(super) fn answered(answer: Answer<Outcome>) {
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
        work(|_| {});
    }
}

impl App {
    /// Whether an answer changes nothing that is seen but the progress.
    fn is_about_making(&self, answer: &Answer<Outcome>) -> bool {
        match answer {
            Answer::Done { number, .. } => is_making(&self.session, *number),
            Answer::Ready | Answer::Candidates { .. } | Answer::Stopped { .. } => true,
        }
    }

    fn answered(&mut self, answer: Answer<Outcome>) {
        if let Answer::Candidates { number, .. } = &answer {
            self.pool.heard_of(*number);
        }
        match answer {
            Answer::Ready => self.pool.is_proved(),
            Answer::Candidates { number, candidates } => {
                job_tried(&mut self.session, number, candidates);
            }
            Answer::Stopped { number } => self.pool.free(number),
            Answer::Done {
                number,
                candidates,
                outcome,
            } => {
                self.pool.free(number);
                job_tried(&mut self.session, number, candidates);
                job_done(&mut self.session, number, outcome, now());
            }
        }
    }
}

/// A worker ended by itself.
pub(super) fn lost(number: SlotNumber, reason: &str) {
    work(|app| match app.pool.remove(number) {
        Loss::All => workers_ended(&mut app.session),
        Loss::One(job) => worker_lost(&mut app.session, job, reason, now()),
    });
}

/// Ends the worker that goes on with a task which nobody wants any more, so that
/// another can take its place.
fn end_stopped(number: JobNumber) {
    let ended = APP.with(|cell| {
        let mut guard = cell.try_borrow_mut().ok()?;
        Some(guard.as_mut()?.pool.end_stopped(number))
    });
    if ended == Some(true) {
        work(|_| {});
    }
}

/// Looks at the workers: one that says nothing more is not waited for.
fn watch() {
    let silent = APP.with(|cell| {
        let mut guard = cell.try_borrow_mut().ok()?;
        let app = guard.as_mut()?;
        app.watch_is_due = false;
        Some(app.pool.look())
    });
    for number in silent.into_iter().flatten() {
        lost(number, "it said nothing for two minutes");
    }
    work(|_| {});
}
