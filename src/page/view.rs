//! All that can be seen of a session, as values: `browser` compares a view with
//! the one before and changes only what differs, so inputs keep their focus and
//! their text while the page around them moves.

use maud::Markup;

use super::{
    chapters::{
        authority, break_it as drills, diagnose as diagnosis, dry_run, export, files,
        identities::{self, key},
        key_types, making as progress, members, needs, start_etcd as commands,
    },
    desk, field,
    session::Session,
};
use crate::{
    etcd::{
        commands::Form,
        facts::release::{Series, offers},
        plan::{AuthoritySource, Field, Preset},
        role::Role,
    },
    lab::making::Progress,
    pki::key::KeyType,
};

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
    /// Which inputs beside those of the plan are at fault.
    pub invalid: Vec<(String, bool)>,
    /// Which buttons can't be pressed now. They keep the focus all the same.
    pub disabled: Vec<(String, bool)>,
    /// How far the work is, from 0 to 1.
    pub fraction: f64,
}

/// The regions of a session that are there whatever goes on, in the page's
/// order, and the markup in each.
fn regions(session: &Session) -> Vec<(String, String)> {
    let mut regions = Vec::new();
    let mut region = |id: &str, markup: Markup| {
        regions.push((id.to_owned(), markup.into_string()));
    };
    region("needs", needs::form());
    region("preset-hint", needs::hint(session));
    region("kinds-summary", needs::summary(session));
    region("authority-form", authority::form());
    region("server", identities::server(session));
    region("members", members::form(session));
    region("clients", identities::clients(session));
    region("many", identities::many());
    region("many-summary", identities::many_summary(session));
    region("endpoint", commands::endpoint_form());
    region("authority-summary", authority::summary(session));
    region("authority-facts", authority::facts(session));
    for index in 0..session.member_count() {
        region(
            &format!("member-{index}-summary"),
            members::summary(session, index),
        );
    }
    for holder in key_types::holders(session) {
        region(
            &key_types::taken_id(holder),
            key_types::taken(session, holder),
        );
    }
    for index in session.identities() {
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
    region("formats", export::form());
    region("formats-status", export::status(session));
    region("unpack", files::unpack(session));
    region("run-form", commands::forms());
    region("start", commands::start(session));
    region("builds", dry_run::builds());
    region("authenticate", commands::authenticate(session));
    region("dry-run-status", dry_run::spoken(session));
    region("drill-list", drills::list(session));
    region("drill-status", drills::spoken(session));
    region("drill-panel", drills::panel(session));
    region("diagnosis-form", diagnosis::form());
    region("diagnosis-result", diagnosis::result(session));
    region("diagnosis-status", diagnosis::spoken(session));

    regions.extend(desk::regions(session));
    regions
}

/// The regions that say how far the work is.
fn progress_regions(progress: Progress) -> [(String, String); 2] {
    [
        ("progress-text", progress::progress_text(progress)),
        ("progress-candidates", progress::candidates_text(progress)),
    ]
    .map(|(id, text)| (id.to_owned(), maud::html! { (text) }.into_string()))
}

impl View {
    /// The same view with the work as far as it is now: all that changes while
    /// files are made. Rendering a thousand clients ten times a second would
    /// take the page's thread from its reader.
    #[must_use]
    pub fn with_progress(&self, progress: Progress) -> Self {
        let mut view = self.clone();
        for (id, markup) in progress_regions(progress) {
            match view.regions.iter_mut().find(|region| region.0 == id) {
                Some(region) => region.1 = markup,
                None => view.regions.push((id, markup)),
            }
        }
        view.fraction = progress.fraction();
        view
    }
}

/// Renders a session.
#[must_use]
pub fn view(session: &Session) -> View {
    let mut view = View {
        regions: regions(session),
        ..View::default()
    };
    let progress = session.progress();
    if let Some(progress) = progress {
        view.regions.extend(progress_regions(progress));
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
    for index in session.identities() {
        either(&key(index), "make", "csr", session.has_csr(index));
    }
    let build = session.build();
    for other in offers() {
        view.chosen
            .push((dry_run::build_id(&other), other == build));
    }
    choices(session, &mut view);
    for form in Form::ALL {
        view.chosen
            .push((commands::form_id(form), form == session.form()));
    }
    let mut hidden = |id: &str, is: bool| view.hidden.push((id.to_owned(), is));
    hidden("making", progress.is_none());
    hidden("make", progress.is_some());
    hidden("plan-summary", progress.is_some());
    hidden("forget", session.asks_to_forget());
    hidden("forget-question", !session.asks_to_forget());
    view.hidden.extend(desk::hidden(session));
    view.chosen.extend(desk::chosen(session));
    view.invalid.extend(desk::invalid(session));
    view.disabled.extend(desk::disabled(session));
    view.disabled.push((
        "add-client".to_owned(),
        session.plan().clients.len() >= super::link::MAXIMUM_CLIENTS,
    ));
    view
}

/// What is chosen in boxes and radio buttons, and what is shown because of it.
fn choices(session: &Session, view: &mut View) {
    let plan = session.plan();
    for preset in Preset::ALL {
        view.chosen
            .push((needs::preset_id(preset), preset == plan.preset));
    }
    for series in Series::ALL {
        view.chosen
            .push((needs::series_id(series), series == plan.etcd));
    }
    for kind in KeyType::ALL {
        view.chosen
            .push((needs::key_type_id(kind), kind == plan.key_type));
    }
    view.chosen.extend(key_types::chosen(session));
    for index in session.identities() {
        if index > 0 && plan.preset == Preset::SignCsr {
            let chosen = identities::usage_of(session, index);
            for usage in Role::ALL {
                view.chosen
                    .push((identities::usage_id(index, usage), usage == chosen));
            }
        }
        let names = session.csr_facts(index).map(|facts| facts.names.as_slice());
        for (place, name) in names.unwrap_or_default().iter().enumerate() {
            view.chosen.push((
                identities::keep_id(index, place),
                session.keeps_name(index, name),
            ));
        }
    }
    let formats = session.exporting().formats();
    for (id, chosen) in [
        ("format-der", formats.der),
        ("format-encrypted", formats.encrypted),
        ("format-pkcs12", formats.pkcs12),
        ("format-secret", formats.secret),
    ] {
        view.chosen.push((id.to_owned(), chosen));
    }
    let intermediate = plan.authority.intermediate.is_some();
    view.chosen.push(("intermediate".to_owned(), intermediate));
    let separate = plan.separate_authorities;
    view.chosen
        .push(("separate-authorities".to_owned(), separate));
    let members = plan.preset.has_members();
    let makes = plan.authority.source == AuthoritySource::Make;
    let mut hidden = |id: &str, is: bool| view.hidden.push((id.to_owned(), is));
    hidden(
        "separate-authorities-choice",
        !members && !plan.preset.has_server(),
    );
    hidden("intermediate-fields", !intermediate);
    hidden("separate-authorities-fields", !separate);
    hidden("peer-authority-fields", !members);
    hidden("authority-limit-fields", !makes && !separate);
    hidden(
        "authority-passphrase-fields",
        !session.asks_for_passphrase(),
    );
    hidden("formats", session.lab().is_none());
    hidden("host-field", members);
    hidden("port-field", members);
    for field in session.fields() {
        if field::is_mendable(field) {
            hidden(&format!("{field}-mend"), session.mended(field).is_none());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        etcd::{
            commands::etcd,
            plan::{IdentityField, MemberField, Plan},
        },
        lab::{job::Workbench, wire::Outcome},
        page::{
            jobs::JobNumber,
            link,
            session::{ArchiveKind, Notice},
        },
    };
    use getrandom::{SysRng, rand_core::UnwrapErr};
    use jiff::Timestamp;

    const SKELETON: &str = include_str!("../../www/index.html");
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
    fn page_ids(regions: &[(String, String)]) -> usize {
        regions
            .iter()
            .map(|region| region.1.matches(" id=\"").count())
            .sum()
    }

    fn region(session: &Session, id: &str) -> String {
        let mut regions = view(session).regions.into_iter();
        regions.find(|region| region.0 == id).unwrap().1
    }

    /// Works until nothing is left to do, as one worker would.
    fn work(session: &mut Session) {
        let mut workbench = Workbench::default();
        while let Some((number, task)) = session.next_job(now()) {
            let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
            session.job_done(number, outcome, now());
        }
    }

    fn made(session: &mut Session) {
        session.press_make(now());
        work(session);
        assert_eq!(*session.notice(), Notice::Made);
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
        unescape(rest.split_once("</pre>").unwrap().0)
    }

    #[test]
    fn every_field_has_one_input_with_a_label_a_hint_and_a_place_for_its_fault() {
        let mut session = Session::new(now());
        session.add_client(now());
        let page = page(&session);
        for field in session.fields() {
            for part in [
                format!(" id=\"{field}\""),
                format!("<label for=\"{field}\">"),
                format!("aria-describedby=\"{field}-hint {field}-fault\""),
                format!("class=\"hint\" id=\"{field}-hint\""),
                format!("class=\"fault\" id=\"{field}-fault\" hidden"),
            ] {
                assert_eq!(page.matches(&part).count(), 1, "{part}");
            }
        }
    }

    #[test]
    fn no_identifier_is_given_twice_and_every_region_has_its_place() {
        let mut session = Session::new(now());
        session.add_client(now());
        made(&mut session);
        let page = page(&session);
        let mut seen = std::collections::HashSet::new();
        for rest in page.split(" id=\"").skip(1) {
            let id = rest.split('"').next().unwrap();
            assert!(seen.insert(id.to_owned()), "{id} is there twice");
        }
        let view = view(&session);
        let ids = view.regions.iter().map(|region| &region.0);
        let ids = ids.chain(view.hidden.iter().map(|state| &state.0));
        for id in ids.chain(view.chosen.iter().map(|state| &state.0)) {
            assert!(seen.contains(id), "{id} has no place");
        }
    }

    #[test]
    fn nothing_is_styled_in_attributes_which_the_policy_forbids() {
        let mut session = Session::new(now());
        made(&mut session);
        let page = page(&session);
        assert!(!page.contains(" style="));
        assert!(!page.contains(" onclick="));
    }

    #[test]
    fn each_command_holds_its_script_and_nothing_else() {
        let mut session = Session::new(now());
        let directory = "/srv/it's here; rm -rf \"$HOME\" <&>";
        type_and_leave(&mut session, Field::Directory, directory);
        session.add_client(now());
        let page = page(&session);
        let commands = session.commands().unwrap();
        assert_eq!(contents(&page, "command-unpack"), commands.unpack[0].text);
        assert_eq!(contents(&page, "command-etcd"), commands.etcd);
        for (index, step) in commands.openssl.iter().enumerate() {
            let id = format!("command-openssl-{index}");
            assert_eq!(contents(&page, &id), step.script);
        }
        for (form, asked) in [
            ("verified", &commands.verified),
            ("unverified", &commands.unverified),
        ] {
            let id = format!("command-{form}-without");
            assert_eq!(contents(&page, &id), asked.without_certificate);
            for (index, client) in asked.clients.iter().enumerate() {
                let id = |verb: &str| format!("command-{form}-{verb}-{index}");
                assert_eq!(contents(&page, &id("put")), client.put);
                assert_eq!(contents(&page, &id("get")), client.get);
            }
        }
    }

    #[test]
    fn each_form_of_running_etcd_shows_its_own_files_and_commands() {
        let mut session = Session::new(now());
        type_and_leave(&mut session, Field::Directory, "/srv/it's $HOME <&> 100%");
        for form in Form::ALL {
            session.choose_form(form);
            let page = page(&session);
            let shown = etcd(&session.deployment().unwrap(), form).documents;
            assert!(!shown.is_empty());
            for document in shown {
                assert_eq!(contents(&page, &document.id), document.text);
            }
            let chosen: Vec<String> = view(&session)
                .chosen
                .into_iter()
                .filter(|(id, chosen)| id.starts_with("run-") && *chosen)
                .map(|(id, _)| id)
                .collect();
            assert_eq!(chosen, [commands::form_id(form)]);
            assert_eq!(commands::form_of(&commands::form_id(form)), Some(form));
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut session = Session::new(now());
        for field in session.fields() {
            session.type_text(field, HOSTILE);
        }
        session.check(now());
        session.press_make(now());
        assert!(!page(&session).contains("<img"));

        let mut session = Session::new(now());
        let subject = format!("CN={HOSTILE}");
        for field in [
            Field::AuthoritySubject,
            Field::Server(IdentityField::Subject),
            Field::Client(0, IdentityField::Subject),
        ] {
            type_and_leave(&mut session, field, &subject);
        }
        let name = "<b onclick=x>";
        type_and_leave(&mut session, Field::Client(0, IdentityField::Name), name);
        type_and_leave(&mut session, Field::Directory, "/srv/<script>\"'&");
        made(&mut session);
        let page = page(&session);
        assert!(!page.contains("<img"));
        assert!(!page.contains("<b on"));
        assert!(!page.contains("/srv/<script"));
        assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
        session.report(HOSTILE.to_owned());
        assert!(!region(&session, "status").contains("<img"));
    }

    #[test]
    fn private_keys_are_not_in_what_is_shown_until_asked_for() {
        let mut session = Session::new(now());
        made(&mut session);
        assert!(!page(&session).contains("PRIVATE KEY-----\n"));
        let key = session.contents("client.key").unwrap();
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert!(session.contents("other.key").is_none());
    }

    #[test]
    fn a_fault_shows_when_its_field_is_left_and_goes_when_it_is_right() {
        let mut session = Session::new(now());
        let days = Field::Client(0, IdentityField::Days);
        session.type_text(days, "6o");
        session.check(now());
        assert_eq!(session.fault(days), None, "it is still being typed");
        session.leave(days, now());
        assert!(session.fault(days).is_some());
        session.type_text(days, "60");
        session.check(now());
        assert_eq!(session.fault(days), None);
        session.type_text(days, "x");
        session.check(now());
        assert_eq!(session.fault(days), None, "it is being typed again");
    }

    #[test]
    fn a_host_without_its_name_is_said_beside_the_names() {
        let mut session = Session::new(now());
        type_and_leave(&mut session, Field::Host, "10.0.0.1");
        let names = Field::Server(IdentityField::Names);
        assert!(session.fault(names).unwrap().contains("10.0.0.1"));
        assert!(session.commands().unwrap().etcd.contains("127.0.0.1:2379"));
        session.press_make(now());
        assert_eq!(session.take_focus().as_deref(), Some("server-names"));
        assert_eq!(*session.notice(), Notice::Faults);
    }

    #[test]
    fn commands_follow_the_form_and_no_key_changes() {
        let mut session = Session::new(now());
        made(&mut session);
        let key = session.contents("client.key").unwrap();
        type_and_leave(&mut session, Field::Port, "22379");
        type_and_leave(&mut session, Field::Directory, "/srv/pki");
        let etcd = session.commands().unwrap().etcd;
        assert!(etcd.contains(":22379") && etcd.contains("/srv/pki/etcd.key"));
        assert!(!session.is_ahead_of_files());
        // They follow as well while the form asks for other certificates.
        let subject = Field::Client(0, IdentityField::Subject);
        type_and_leave(&mut session, subject, "CN=other");
        type_and_leave(&mut session, Field::Port, "22380");
        assert!(session.is_ahead_of_files());
        assert!(session.commands().unwrap().etcd.contains(":22380"));
        assert_eq!(session.contents("client.key").unwrap(), key);
    }

    #[test]
    fn a_fault_costs_nothing_that_was_made() {
        let mut session = Session::new(now());
        made(&mut session);
        let before = session.contents("ca.crt");
        type_and_leave(&mut session, Field::AuthoritySubject, "");
        session.press_make(now());
        assert_eq!(session.take_focus().as_deref(), Some("authority-subject"));
        assert_eq!(session.contents("ca.crt"), before);
        assert!(region(&session, "status").contains("still there"));
    }

    #[test]
    fn leaving_asks_only_while_a_key_would_be_lost() {
        let mut session = Session::new(now());
        assert!(!session.has_unsaved_keys());
        made(&mut session);
        assert!(session.has_unsaved_keys());
        for name in ["ca.key", "etcd.key"] {
            session.downloaded(name);
            assert!(session.has_unsaved_keys());
        }
        session.downloaded("client.key");
        assert!(!session.has_unsaved_keys());
        // Another client has another key; the others are the same files still.
        session.add_client(now());
        made(&mut session);
        assert!(session.has_unsaved_keys());
        session.downloaded("client-2.key");
        assert!(!session.has_unsaved_keys());
        session.forget(now());
        assert!(!session.has_unsaved_keys());
    }

    #[test]
    fn cancelling_keeps_what_was_there_and_late_answers_change_nothing() {
        let mut session = Session::new(now());
        made(&mut session);
        let before = session.contents("ca.crt");
        type_and_leave(&mut session, Field::AuthoritySubject, "CN=OTHER");
        session.press_make(now());
        let (number, task) = session.next_job(now()).unwrap();
        session.cancel();
        assert!(session.progress().is_none());
        let outcome = Workbench::default().finish(task, &mut UnwrapErr(SysRng));
        session.job_done(number, outcome, now());
        assert_eq!(session.contents("ca.crt"), before);
        assert_eq!(*session.notice(), Notice::Cancelled);
        assert!(session.next_job(now()).is_none());
    }

    #[test]
    fn while_files_are_made_only_the_progress_changes() {
        let mut session = Session::new(now());
        session.choose_key_type(KeyType::P256, now());
        session.press_make(now());
        let begun = view(&session);
        let mut workbench = Workbench::default();
        for _ in 0..3 {
            let (number, task) = session.next_job(now()).unwrap();
            let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
            session.job_done(number, outcome, now());
        }
        let progress = session.progress().unwrap();
        assert!(progress.fraction() > begun.fraction);
        assert_eq!(begun.with_progress(progress), view(&session));
    }

    #[test]
    fn a_lost_worker_costs_one_attempt_and_a_second_ends_the_work() {
        let mut session = Session::new(now());
        session.press_make(now());
        let lose = |session: &mut Session, number: JobNumber| {
            session.worker_lost(Some(number), "it <b>broke</b>", now());
        };
        let (first, _) = session.next_job(now()).unwrap();
        lose(&mut session, first);
        assert!(session.progress().is_some());
        assert!(region(&session, "status").contains("it &lt;b&gt;broke"));
        let (again, _) = session.next_job(now()).unwrap();
        lose(&mut session, again);
        assert!(session.progress().is_none());
        assert!(region(&session, "status").contains("This did not work"));
        // A press begins anew.
        made(&mut session);
    }

    #[test]
    fn a_csr_fills_the_names_and_another_one_replaces_them() {
        let mut other = Session::new(now());
        let names = Field::Client(0, IdentityField::Names);
        let csr = |session: &mut Session, wanted: &str| {
            type_and_leave(session, names, wanted);
            made(session);
            session.contents("client.csr").unwrap().to_string()
        };
        let first = csr(&mut other, "a.lab.test, 10.0.0.1");
        let second = csr(&mut other, "b.lab.test");

        let mut session = Session::new(now());
        session.choose_csr(1, true, now());
        session.press_make(now());
        let field = Field::Client(0, IdentityField::Csr);
        assert!(session.fault(field).unwrap().contains("nothing was given"));
        type_and_leave(&mut session, field, &first);
        assert_eq!(session.text(names), Some("a.lab.test, 10.0.0.1"));
        let facts = region(&session, "client-0-csr-facts");
        assert!(facts.contains("/CN=client") && facts.contains("RSA 2048"));
        type_and_leave(&mut session, field, &second);
        assert_eq!(session.text(names), Some("b.lab.test"));
        // What the reader wrote stays beside what the CSR asks for.
        type_and_leave(&mut session, names, "mine.lab.test");
        type_and_leave(&mut session, field, &first);
        assert_eq!(
            session.text(names),
            Some("mine.lab.test, a.lab.test, 10.0.0.1")
        );
        made(&mut session);
        assert!(session.contents("client.key").is_none());
        assert!(session.contents("client.crt").is_some());
        // The text is kept, in case the reader comes back to it.
        session.choose_csr(1, false, now());
        assert_eq!(session.plan().clients[0].csr, "");
        assert_eq!(session.text(field), Some(first.as_str()));
    }

    #[test]
    fn a_press_waits_for_the_authority_to_be_read() {
        let mut other = Session::new(now());
        made(&mut other);
        let certificate = other.contents("ca.crt").unwrap();
        let key = other.contents("ca.key").unwrap();

        let mut session = Session::new(now());
        session.choose_authority(AuthoritySource::Bring, now());
        session.press_make(now());
        assert_eq!(
            session.take_focus().as_deref(),
            Some("authority-certificate")
        );
        session.type_text(Field::AuthorityCertificate, &certificate);
        session.type_text(Field::AuthorityKey, &other.contents("etcd.key").unwrap());
        session.press_make(now());
        assert_eq!(*session.notice(), Notice::Reading);
        work(&mut session);
        let fault = session.fault(Field::AuthorityKey).unwrap();
        assert!(fault.contains("not the key of /CN=KUBERNETES-CA"));
        assert!(session.lab().is_none());
        session.type_text(Field::AuthorityKey, &key);
        session.press_make(now());
        work(&mut session);
        assert_eq!(*session.notice(), Notice::Made);
        assert!(session.contents("ca.key").is_none(), "its owner has it");
        assert!(!session.fragment().contains("PRIVATE"));
        assert!(!page(&session).contains("PRIVATE KEY-----\n"));
    }

    #[test]
    fn an_encrypted_key_whose_passphrase_is_given_waits_for_its_certificate() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
                   DEK-Info: AES-128-CBC,00\n\nAAEC\n-----END RSA PRIVATE KEY-----\n";
        let mut session = Session::new(now());
        session.choose_authority(AuthoritySource::Bring, now());
        session.type_text(Field::AuthorityKey, key);
        session.press_make(now());
        let asked = session.fault(Field::AuthorityPassphrase).unwrap();
        assert!(asked.contains("give its passphrase"));
        session.type_text(Field::AuthorityPassphrase, "hunter2");
        session.press_make(now());
        for field in [Field::AuthorityKey, Field::AuthorityPassphrase] {
            assert_eq!(session.fault(field), None, "{field}");
        }
        assert!(session.fault(Field::AuthorityCertificate).is_some());
    }

    #[test]
    fn an_answer_about_an_older_authority_is_ignored() {
        let mut session = Session::new(now());
        session.choose_authority(AuthoritySource::Bring, now());
        session.type_text(Field::AuthorityCertificate, "a");
        session.type_text(Field::AuthorityKey, "b");
        let (number, _) = session.next_job(now()).unwrap();
        session.type_text(Field::AuthorityKey, "c");
        let refused = Outcome::AuthorityRefused {
            key: true,
            passphrase: false,
            message: "old".to_owned(),
        };
        session.job_done(number, refused, now());
        assert!(session.reads_authority());
        assert_eq!(session.fault(Field::AuthorityKey), None);
    }

    #[test]
    fn a_file_is_refused_by_its_size() {
        let mut session = Session::new(now());
        let field = Field::AuthorityKey;
        assert!(session.admit_file(field, 1 << 20).is_ok());
        assert!(session.admit_file(field, 50_000_000).is_err());
        assert!(
            session
                .fault(field)
                .unwrap()
                .contains("50 MB is far too large")
        );
        session.type_text(field, "x");
        session.check(now());
        assert_eq!(session.fault(field), None);
    }

    #[test]
    fn a_link_fills_the_form_and_a_broken_one_leaves_it() {
        let mut plan = Plan::default();
        plan.clients[0].subject = "CN=<b>linked</b>".to_owned();
        plan.clients.push(plan.clients[0].clone());
        let mut session = Session::new(now());
        session.open_link(&link::fragment(&plan), now());
        assert_eq!(*session.plan(), plan);
        assert!(!page(&session).contains("<b>linked"));
        let taken = Field::Client(1, IdentityField::Name);
        assert!(session.fault(taken).unwrap().contains("taken already"));
        session.open_link("#plan=broken!", now());
        assert_eq!(*session.plan(), plan);
        assert!(matches!(session.notice(), Notice::LinkRefused(_)));
    }

    #[test]
    fn removing_a_client_takes_its_faults_along() {
        let mut session = Session::new(now());
        session.add_client(now());
        session.add_client(now());
        let days = |client: usize| Field::Client(client, IdentityField::Days);
        type_and_leave(&mut session, days(2), "0");
        session.remove_client(1, now());
        assert!(session.fault(days(1)).is_some());
        session.remove_client(1, now());
        session.remove_client(0, now());
        assert_eq!(session.plan().clients.len(), 1, "one stays");
        assert_eq!(session.fault(days(0)), None);
    }

    #[test]
    fn forgetting_forgets() {
        let mut session = Session::new(now());
        type_and_leave(&mut session, Field::AuthoritySubject, "CN=mine");
        made(&mut session);
        session.ask_to_forget(true);
        session.forget(now());
        assert!(session.lab().is_none());
        assert_eq!(*session.plan(), Plan::default());
        assert!(!page(&session).contains("CN=mine"));
        assert!(session.next_job(now()).is_none());
    }

    #[test]
    fn every_preset_has_its_form_and_a_place_for_all_of_it() {
        for preset in Preset::ALL {
            let mut session = Session::new(now());
            session.choose_key_type(KeyType::P256, now());
            session.choose_preset(preset, now());
            session.choose_intermediate(true, now());
            session.choose_separate_authorities(true, now());
            session.add_member(now());
            if preset == Preset::Kubeadm {
                type_and_leave(
                    &mut session,
                    Field::Member(1, MemberField::Hosts),
                    "192.0.2.11",
                );
            }
            if !matches!(preset, Preset::ClientOnly | Preset::SignCsr) {
                made(&mut session);
            }
            let page = page(&session);
            let mut seen = std::collections::HashSet::new();
            for rest in page.split(" id=\"").skip(1) {
                let id = rest.split('"').next().unwrap();
                assert!(seen.insert(id.to_owned()), "{preset}: {id} is there twice");
            }
            for field in session.fields() {
                assert!(seen.contains(&field.to_string()), "{preset}: {field}");
            }
            let view = view(&session);
            let states = view.hidden.iter().chain(&view.chosen).chain(&view.disabled);
            for (id, _) in states {
                assert!(seen.contains(id), "{preset}: {id} has no place");
            }
        }
    }

    #[test]
    fn what_was_typed_for_a_preset_comes_back_with_it() {
        let mut session = Session::new(now());
        type_and_leave(&mut session, Field::AuthoritySubject, "CN=mine");
        session.choose_preset(Preset::Cluster, now());
        assert_eq!(
            session.text(Field::AuthoritySubject),
            Some("CN=etcd-cluster-CA")
        );
        session.choose_preset(Preset::Tutorial, now());
        assert_eq!(session.text(Field::AuthoritySubject), Some("CN=mine"));
    }

    #[test]
    fn a_member_more_has_a_name_and_ports_of_its_own() {
        let mut session = Session::new(now());
        session.choose_preset(Preset::Cluster, now());
        session.add_member(now());
        let text = |field| session.text(Field::Member(3, field)).unwrap();
        assert_eq!(text(MemberField::Name), "m4");
        assert_eq!(text(MemberField::ClientPort), "22679");
        assert_eq!(session.fault_count(), 0);
        session.remove_member(0, now());
        assert_eq!(
            session.text(Field::Member(0, MemberField::Name)),
            Some("m2")
        );
    }

    #[test]
    fn an_address_as_a_dns_name_is_mended_by_a_press() {
        let mut session = Session::new(now());
        let names = Field::Server(IdentityField::Names);
        type_and_leave(&mut session, names, "127.0.0.1, DNS:10.0.0.1");
        assert!(session.mended(names).is_some());
        session.mend(names, now());
        assert_eq!(session.text(names), Some("127.0.0.1, IP:10.0.0.1"));
        assert_eq!(session.fault_count(), 0);
    }

    #[test]
    fn names_of_a_csr_are_kept_or_struck_one_by_one() {
        let mut other = Session::new(now());
        other.choose_key_type(KeyType::P256, now());
        let names = Field::Client(0, IdentityField::Names);
        type_and_leave(&mut other, names, "a.lab.test, 10.0.0.1");
        made(&mut other);
        let csr = other.contents("client.csr").unwrap().to_string();

        let mut session = Session::new(now());
        session.choose_preset(Preset::SignCsr, now());
        session.choose_authority(AuthoritySource::Make, now());
        let field = Field::Client(0, IdentityField::Csr);
        type_and_leave(&mut session, field, &csr);
        assert!(session.keeps_name(1, "a.lab.test"));
        session.keep_name(1, 0, false, now());
        assert_eq!(session.text(names), Some("10.0.0.1"));
        session.keep_name(1, 0, true, now());
        assert_eq!(session.text(names), Some("10.0.0.1, a.lab.test"));
    }

    #[test]
    fn a_csr_is_signed_for_what_the_reader_chooses_and_the_commands_follow() {
        let mut other = Session::new(now());
        other.choose_key_type(KeyType::P256, now());
        made(&mut other);
        let csr = other.contents("client.csr").unwrap().to_string();

        let mut session = Session::new(now());
        session.choose_preset(Preset::SignCsr, now());
        session.choose_authority(AuthoritySource::Make, now());
        type_and_leave(&mut session, Field::Client(0, IdentityField::Csr), &csr);
        assert!(region(&session, "start").contains("Nothing is started here"));
        for (usage, flag) in [
            (Role::Server, "--cert-file=/root/certificates/etcd.crt"),
            (Role::Peer, "--peer-cert-file=/root/certificates/peer.crt"),
        ] {
            let id = identities::usage_id(1, usage);
            let (index, chosen) = identities::usage_choice(&id).unwrap();
            session.choose_usage(index, chosen, now());
            assert_eq!(session.fault_count(), 1, "127.0.0.1 is not in the CSR");
            let names = Field::Client(0, IdentityField::Names);
            type_and_leave(&mut session, names, "127.0.0.1");
            assert!(view(&session).chosen.contains(&(id, true)));
            assert!(region(&session, "start").contains(flag));
            type_and_leave(&mut session, names, "");
        }
        type_and_leave(
            &mut session,
            Field::Client(0, IdentityField::Names),
            "127.0.0.1",
        );
        made(&mut session);
        assert!(region(&session, "file-list").contains("members dial each other"));
        assert!(region(&session, "authenticate").contains("whoever made its CSR"));
        assert_eq!(identities::usage_choice("client-x-usage-peer"), None);
        assert_eq!(identities::usage_choice("client-0-usage-root"), None);
    }

    #[test]
    fn other_forms_are_made_on_request_and_lie_in_the_archive() {
        let mut session = Session::new(now());
        session.choose_key_type(KeyType::Ed25519, now());
        made(&mut session);
        session.choose_format("format-encrypted", true);
        session.press_export();
        assert!(
            session
                .fault(Field::ExportPassphrase)
                .unwrap()
                .contains("give a passphrase")
        );
        session.choose_format("format-encrypted", false);
        session.choose_format("format-der", true);
        session.press_export();
        assert_eq!(session.fault(Field::ExportPassphrase), None);
        work(&mut session);
        let (_, archive) = session.archive(ArchiveKind::Tar).unwrap();
        let mut archive = tar::Archive::new(archive.as_slice());
        let names: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert!(names.contains(&"client.key.der".to_owned()), "{names:?}");
        assert!(names.contains(&"README".to_owned()));
        assert!(session.bytes("etcd.crt.der").is_some());
        // New files have other forms of their own.
        type_and_leave(&mut session, Field::AuthoritySubject, "CN=other");
        made(&mut session);
        assert!(session.bytes("etcd.crt.der").is_none());
    }

    #[test]
    fn a_passphrase_is_in_no_link_and_not_on_the_page() {
        let mut session = Session::new(now());
        session.type_text(Field::AuthorityPassphrase, "hunter2");
        session.type_text(Field::ExportPassphrase, "hunter2");
        session.check(now());
        assert!(!page(&session).contains("hunter2"));
        let plan = link::plan(&session.fragment()).unwrap().unwrap();
        assert!(!format!("{plan:?}").contains("hunter2"));
    }

    #[test]
    fn a_thousand_clients_are_not_a_thousand_forms() {
        let mut session = Session::new(now());
        session.choose_key_type(KeyType::Ed25519, now());
        let parts = |session: &Session| -> (usize, usize) {
            let regions = view(session).regions;
            let page: usize = regions.iter().map(|region| region.1.len()).sum();
            (page, page_ids(&regions))
        };
        made(&mut session);
        let (few, few_ids) = parts(&session);
        type_and_leave(&mut session, Field::ManyNames, "app-{1..1000}");
        made(&mut session);
        let (many, many_ids) = parts(&session);
        eprintln!("{few} bytes of markup for one client, {many} for 1,001");
        assert!(many < 2 * few, "{few} {many}");
        assert!(many_ids < 2 * few_ids, "{few_ids} {many_ids}");
        // What is shown of many does not grow with them.
        type_and_leave(&mut session, Field::ManyNames, "app-{1..2000}");
        made(&mut session);
        let (more, more_ids) = parts(&session);
        assert_eq!(more_ids, many_ids);
        assert!(more < many + 200, "{many} {more}");
        assert!(region(&session, "file-list").contains("more, which the archive has"));
        assert!(session.contents("app-1000.key").is_some());
    }
}
