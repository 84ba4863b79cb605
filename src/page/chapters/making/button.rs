//! What the button does: it begins to make the files, or says why it can't; and
//! what follows when they are made, or can't be.

use jiff::Timestamp;

use crate::{
    etcd::plan::AuthoritySource,
    lab::{
        making::{Making, TaskNumber},
        wire::Outcome,
    },
    page::{
        element::PageElement,
        jobs::Purpose,
        session::{Notice, Session},
        wish::{Wish, Workers},
    },
};

/// The button was pressed. Faults are shown and the focus goes to the first;
/// without any, the work begins.
pub(in crate::page) fn press(session: &mut Session, now: Timestamp) {
    if session.making.is_some() {
        return;
    }
    session.check(now);
    session.form.reveal_all();
    if let Some(field) = session.form.first_fault() {
        session.focus_on(field);
        session.notice = Notice::Faults;
        return;
    }
    if session.form.reads_authority() {
        session.make_when_read = true;
        session.notice = Notice::Reading;
        return;
    }
    let lab = session.files.lab();
    if lab.is_some() && !session.is_ahead_of_files() {
        session.notice = Notice::Unchanged;
        show_files(session);
        return;
    }
    let plan = session.form.plan();
    let brought = match plan.authority.source {
        AuthoritySource::Bring => session.form.brought(),
        AuthoritySource::Make => None,
    };
    match Making::start(plan, brought, lab, now) {
        Ok(making) => {
            session.making = Some(making);
            session.form.refuse_nothing();
            session.notice = Notice::Nothing;
            // The button makes room for this.
            session.focus_on(PageElement::ProgressText);
            finish(session);
        }
        Err(faults) => {
            session.form.find_faults(faults);
            session.notice = Notice::Faults;
        }
    }
}

/// Takes what came of a part of the work.
pub(in crate::page) fn complete(session: &mut Session, task: TaskNumber, outcome: Outcome) {
    let Some(making) = &mut session.making else {
        return;
    };
    match making.complete(task, outcome) {
        Ok(()) => {
            let abandoned = making.abandoned();
            session.jobs.drop_where(
                |purpose| matches!(purpose, Purpose::Make(task) if abandoned.contains(&task)),
            );
            finish(session);
        }
        Err(error) => fail(session, &error.to_string()),
    }
}

/// Takes the files, once all are made.
fn finish(session: &mut Session) {
    let Some(lab) = session.making.as_ref().and_then(Making::finish) else {
        return;
    };
    stop(session);
    session.files.replace(lab);
    session.notice = Notice::Made;
    show_files(session);
}

/// Has the reader look at the files, from the beginning of what holds them.
fn show_files(session: &mut Session) {
    session.focus_on(PageElement::FilesHeading);
    session.wish(Wish::ShowPart(PageElement::Workbench.into()));
}

/// The work can't be done, for this reason.
pub(in crate::page) fn fail(session: &mut Session, message: &str) {
    stop(session);
    session.report(format!("{message}; press “Make the files” to try again"));
    session.focus_on(PageElement::Make);
}

fn stop(session: &mut Session) {
    session.making = None;
    session
        .jobs
        .drop_where(|purpose| matches!(purpose, Purpose::Make(_)));
}

/// The work is to stop.
pub(in crate::page) fn cancel(session: &mut Session) {
    session.wish(Wish::Workers(Workers::Restart));
    let under_way = session.making.is_some() || session.make_when_read;
    session.make_when_read = false;
    stop(session);
    session.jobs.all_ended();
    if under_way {
        session.notice = Notice::Cancelled;
        session.focus_on(PageElement::Make);
    }
}
