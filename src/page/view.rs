//! All that can be seen of a session, as values: `browser` compares a view with
//! the one before and changes only what differs, so inputs keep their focus and
//! their text while the page around them moves.

use maud::Markup;

use super::{
    authority, commands, files,
    identities::{self, key},
    progress,
    session::Session,
};
use crate::etcd::plan::{AuthoritySource, Field};

/// What can be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The contents of elements, by their identifiers; outer ones first, because
    /// they hold the inner ones.
    pub regions: Vec<(String, String)>,
    /// The text of inputs.
    pub values: Vec<(Field, String)>,
    /// The faults beside inputs.
    pub faults: Vec<(Field, Option<String>)>,
    /// Which radio buttons are chosen.
    pub chosen: Vec<(String, bool)>,
    /// Which elements are not shown.
    pub hidden: Vec<(String, bool)>,
    /// Which buttons can't be pressed.
    pub disabled: Vec<(String, bool)>,
    /// How far the work is, from 0 to 1.
    pub fraction: f64,
}

/// Renders a session.
#[must_use]
pub fn view(session: &Session) -> View {
    let mut view = View::default();
    let mut region = |id: &str, markup: Markup| {
        view.regions.push((id.to_owned(), markup.into_string()));
    };
    region("authority-form", authority::form());
    region("server", identities::form(0, false));
    region("clients", identities::clients(session.plan().clients.len()));
    region("endpoint", commands::endpoint_form());
    region("authority-summary", authority::summary(session));
    region("authority-facts", authority::facts(session));
    for index in 0..session.identity_count() {
        let key = key(index);
        region(
            &format!("{key}-summary"),
            identities::summary(session, index),
        );
        region(
            &format!("{key}-csr-facts"),
            identities::csr_facts(session, index),
        );
    }
    region("version", maud::html! { (env!("CARGO_PKG_VERSION")) });
    region("plan-summary", progress::plan_summary(session));
    region("status", progress::status(session));
    region("file-list", files::chapter(session));
    region("unpack", files::unpack(session));
    region("start", commands::start(session));
    region("authenticate", commands::authenticate(session));

    let progress = session.progress();
    let text = |id: &str, text: String| (id.to_owned(), maud::html! { (text) }.into_string());
    if let Some(progress) = progress {
        view.regions
            .push(text("progress-text", progress::progress_text(progress)));
        view.regions.push(text(
            "progress-candidates",
            progress::candidates_text(progress),
        ));
        view.fraction = progress.fraction();
    }

    for field in session.fields() {
        if let Some(text) = session.text(field) {
            view.values.push((field, text.to_owned()));
        }
        view.faults
            .push((field, session.fault(field).map(str::to_owned)));
    }

    let mut either = |name: &str, first: &str, second: &str, is_second: bool| {
        for (way, chosen) in [(first, !is_second), (second, is_second)] {
            view.chosen.push((format!("{name}-source-{way}"), chosen));
            view.hidden.push((format!("{name}-{way}-fields"), !chosen));
        }
    };
    let brings = session.plan().authority.source == AuthoritySource::Bring;
    either("authority", "make", "bring", brings);
    for index in 0..session.identity_count() {
        either(&key(index), "make", "csr", session.has_csr(index));
    }
    let mut hidden = |id: &str, is: bool| view.hidden.push((id.to_owned(), is));
    hidden("making", progress.is_none());
    hidden("make", progress.is_some());
    hidden("plan-summary", progress.is_some());
    hidden("forget", session.asks_to_forget());
    hidden("forget-question", !session.asks_to_forget());
    view.disabled.push((
        "add-client".to_owned(),
        session.plan().clients.len() >= super::link::MAXIMUM_CLIENTS,
    ));
    view
}
