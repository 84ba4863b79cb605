//! The page as a whole, as its reader sees it: what is shown after which events.

mod events;
mod foresight;
mod inspect_and_sign;
mod markup;
mod places;
mod plan;
mod trying;

use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;

use super::{
    answer::{answer, on},
    element::PageElement,
    event::{Choice, Event, Press, Tick},
    id::Id,
    session::{Notice, Session},
    whole::{view, with_progress},
    wish::Wish,
    work::{job_done, next_job},
};
use crate::{
    etcd::plan::Field,
    lab::{drills::Drill, job::Workbench},
};

const SKELETON: &str = include_str!("../../../www/index.html");
const HOSTILE: &str = "<img src=x onerror=alert(1)>";

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// The whole page as one text: the skeleton and all that is put into it.
fn page(session: &Session) -> String {
    let regions = view(session).regions;
    let markup: Vec<&str> = regions
        .iter()
        .map(|(_, markup)| markup.as_str())
        .chain([SKELETON])
        .collect();
    markup.join("\n")
}

/// How many elements with an identifier there are.
fn page_ids(regions: &[(Id, String)]) -> usize {
    regions
        .iter()
        .map(|region| region.1.matches(" id=\"").count())
        .sum()
}

fn region(session: &Session, id: &str) -> String {
    let mut regions = view(session).regions.into_iter();
    regions.find(|region| region.0.to_string() == id).unwrap().1
}

/// Works until nothing is left to do, as one worker would.
fn work(session: &mut Session) {
    let mut workbench = Workbench::default();
    while let Some((number, task)) = next_job(session, now()) {
        let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
        job_done(session, number, outcome, now());
    }
}

fn made(session: &mut Session) {
    press(session, Press::Make);
    work(session);
    assert_eq!(session.notice, Notice::Made);
}

fn press(session: &mut Session, press: Press) {
    answer(session, Event::Press(press), now());
}

fn choose(session: &mut Session, choice: Choice) {
    answer(session, Event::Choose(choice), now());
}

fn tick(session: &mut Session, tick: Tick, on: bool) {
    answer(session, Event::Tick(tick, on), now());
}

fn type_and_leave(session: &mut Session, field: Field, text: &str) {
    session.type_text(field, text);
    session.leave(field, now());
}

/// Undoes the escaping, as a parser does.
fn unescape(markup: &str) -> String {
    markup
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn contents(page: &str, id: &str) -> String {
    let begin = format!("<pre id=\"{id}\">");
    let (_, rest) = page.split_once(&begin).unwrap();
    let markup = rest.split_once("</pre>").unwrap().0;
    unescape(
        &markup
            .replace("<span class=\"flag\">", "")
            .replace("</span>", "")
            .replace("<wbr>", ""),
    )
}

/// The drill of this name.
fn drill(id: &str) -> Drill {
    Drill::from_id(id).unwrap()
}

/// Where the focus is to go.
fn focus(session: &mut Session) -> Option<String> {
    let wishes = session.take_wishes();
    wishes.into_iter().find_map(|wish| match wish {
        Wish::Focus(id) => Some(id.to_string()),
        _ => None,
    })
}

/// Whether something that is or is not so of elements is so of this one.
fn has_state(states: &[(Id, bool)], id: impl std::fmt::Display) -> bool {
    let id = id.to_string();
    let mut states = states.iter();
    states.any(|(known, is)| *is && known.to_string() == id)
}
