//! What the reader does, by delegation: a few listeners on the document, which
//! find out what was meant from the element's identifier and its `data-action`.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    ClipboardEvent, DragEvent, Element, Event, EventTarget, HtmlElement, HtmlInputElement,
    HtmlSelectElement,
};
use zeroize::Zeroizing;

use super::{
    app, clipboard,
    clock::{later, now},
    dom, downloads, reading,
};
use crate::{
    etcd::plan::{AuthoritySource, Field},
    lab::drills::Drill,
    page::{
        chapters::{
            dry_run, identities, key_types,
            needs::{self, Choice},
        },
        desk::Input,
        session::ArchiveKind,
    },
    pki::inspection::MAXIMUM_LENGTH,
};

/// Begins to listen, for as long as the page lives.
pub(super) fn listen() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let document = window.document().ok_or(JsValue::NULL)?;
    on(&document, "input", typed)?;
    on(&document, "change", changed)?;
    on(&document, "focusout", left)?;
    on(&document, "click", clicked)?;
    on(&document, "dragover", dragged)?;
    on(&document, "drop", dropped)?;
    on(&document, "paste", pasted)?;
    on(&window, "beforeunload", leaving)?;
    on(&window, "pagehide", |_| {
        app::change(|app| {
            app.session.workers_ended();
            app.pool.rest(true);
        });
    })?;
    // A page may come back from where the browser put it aside.
    on(&window, "pageshow", |_| {
        app::change(|app| app.pool.rest(false));
    })?;
    on(&window, "hashchange", |_| {
        app::change(|app| app.session.open_link(&dom::fragment(), now()));
    })
}

/// Listens. Not an `FnMut`: a press on a download's link, or moving the focus,
/// causes another event within the one at hand.
fn on(target: &EventTarget, kind: &str, action: impl Fn(&Event) + 'static) -> Result<(), JsValue> {
    let action = Closure::<dyn Fn(Event)>::new(move |event: Event| action(&event));
    target.add_event_listener_with_callback(kind, action.as_ref().unchecked_ref())?;
    action.forget();
    Ok(())
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn field(event: &Event) -> Option<Field> {
    target(event)?.id().parse().ok()
}

fn typed(event: &Event) {
    if let Some(input) = target(event).and_then(|element| Input::from_id(&element.id())) {
        type_at_desk(input);
        return;
    }
    if target(event).is_some_and(|target| target.id() == DIAGNOSIS) {
        let text = dom::text(DIAGNOSIS).unwrap_or_default();
        app::change(|app| {
            app.session.trials.diagnosis.type_text(&text);
            app.diagnose_soon();
        });
        return;
    }
    if let Some(field) = field(event)
        && let Some(text) = dom::text(&field.to_string())
    {
        let text = Zeroizing::new(text);
        app::change(|app| {
            app.session.type_text(field, &text);
            app.check_soon();
        });
    }
}

/// Longer texts than the desk takes are not even copied.
fn type_at_desk(input: Input) {
    let id = input.to_string();
    let length = dom::text_length(&id);
    if length > MAXIMUM_LENGTH {
        app::change(|app| app.session.desk.inspector.refuse(length));
    } else if let Some(text) = dom::text(&id) {
        let text = Zeroizing::new(text);
        app::change(|app| {
            app.session.desk.type_text(input, &text);
            app.check_soon();
        });
    }
}

/// A field was left. It is looked at when the focus has arrived: what is drawn
/// anew while it is on its way can't receive it.
fn left(event: &Event) {
    if let Some(field) = field(event) {
        later(0, move || {
            app::change(|app| app.session.leave(field, now()));
        });
    }
}

fn changed(event: &Event) {
    if field(event).is_some() {
        typed(event);
        left(event);
        return;
    }
    if let Some(select) = target(event).and_then(|it| it.dyn_into::<HtmlSelectElement>().ok()) {
        app::change(|app| app.session.choose_reason(&select.value()));
        return;
    }
    let Some(input) = target(event).and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    if input.type_() == "file" {
        if let (Some(wanted), Some(files)) = (input.get_attribute("data-for"), input.files()) {
            let at_hand = wanted == "diagnosis" || Input::from_id(&wanted).is_some();
            if wanted == "diagnosis" {
                reading::read_evidence(&files);
            } else {
                reading::read_for(&files, &wanted);
            }
            // The same file may be chosen again after it was changed.
            if at_hand {
                input.set_value("");
            }
        }
    } else if input.type_() == "radio" {
        choose(&input.id());
    } else if input.type_() == "checkbox" {
        tick(&input.id(), input.checked());
    }
}

/// A box was ticked, or its tick taken away.
fn tick(id: &str, on: bool) {
    app::change(|app| match (id, identities::kept(id)) {
        ("intermediate", _) => app.session.choose_intermediate(on, now()),
        (format, _) if format.starts_with("format-") => app.session.choose_format(format, on),
        ("separate-authorities", _) => app.session.choose_separate_authorities(on, now()),
        (_, Some((index, place))) => app.session.keep_name(index, place, on, now()),
        (id, None) => app.session.tick(id, on),
    });
}

/// A way was chosen: `authority-source-bring`, `client-0-source-csr`.
fn choose(id: &str) {
    if app::change(|app| app.session.desk.choose(id)) {
        return;
    }
    if id.starts_with(dry_run::BUILD) {
        app::change(|app| app.session.trials.choose_build(id));
        return;
    }
    if let Some(form) = crate::page::chapters::start_etcd::form_of(id) {
        app::change(|app| app.session.choose_form(form));
        return;
    }
    if let Some(choice) = needs::choice(id) {
        app::change(|app| match choice {
            Choice::Preset(preset) => app.session.choose_preset(preset, now()),
            Choice::Series(series) => app.session.choose_series(series, now()),
            Choice::KeyType(kind) => app.session.choose_key_type(kind, now()),
        });
        return;
    }
    if let Some((index, usage)) = identities::usage_choice(id) {
        app::change(|app| app.session.choose_usage(index, usage, now()));
        return;
    }
    if let Some((holder, kind)) = key_types::choice(id) {
        app::change(|app| app.session.choose_own_key_type(holder, kind, now()));
        return;
    }
    let Some((owner, way)) = id.rsplit_once("-source-") else {
        return;
    };
    let identity = match owner {
        "authority" => {
            let source = match way {
                "bring" => AuthoritySource::Bring,
                _ => AuthoritySource::Make,
            };
            app::change(|app| app.session.choose_authority(source, now()));
            return;
        }
        "server" => 0,
        client => match client.strip_prefix("client-").map(str::parse::<usize>) {
            Some(Ok(client)) => client + 1,
            _ => return,
        },
    };
    app::change(|app| app.session.choose_csr(identity, way == "csr", now()));
}

fn clicked(event: &Event) {
    let Some(button) = target(event)
        .and_then(|element| element.closest("[data-action]").ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    if button.get_attribute("aria-disabled").is_some() {
        return;
    }
    let action = button.get_attribute("data-action").unwrap_or_default();
    let file = button.get_attribute("data-file");
    match (action.as_str(), file) {
        ("make", _) => app::change(|app| app.session.press_make(now())),
        ("cancel", _) => app::change(|app| {
            app.pool.end_all();
            app.session.cancel();
            app.pool.warm_up();
        }),
        ("add-client", _) => app::change(|app| app.session.add_client(now())),
        ("add-member", _) => app::change(|app| app.session.add_member(now())),
        ("remove-member", _) => {
            let member = button.get_attribute("data-member");
            if let Some(Ok(member)) = member.map(|member| member.parse()) {
                app::change(|app| app.session.remove_member(member, now()));
            }
        }
        ("export", _) => app::change(|app| app.session.press_export()),
        ("mend", _) => {
            let field = button.get_attribute("data-field");
            if let Some(Ok(field)) = field.map(|field| field.parse()) {
                app::change(|app| app.session.mend(field, now()));
            }
        }
        ("remove-client", _) => {
            let client = button.get_attribute("data-client");
            if let Some(Ok(client)) = client.map(|client| client.parse()) {
                app::change(|app| app.session.remove_client(client, now()));
            }
        }
        ("view", Some(file)) => view(&file, &button),
        ("copy", Some(file)) => {
            if let Some(contents) = app::ask(|session| session.contents(&file)) {
                clipboard::copy(contents.to_string(), button);
            }
        }
        ("copy", None) => {
            let shown = button
                .get_attribute("data-command")
                .and_then(|id| dom::element(&id));
            if let Some(text) = shown.and_then(|element| element.text_content()) {
                clipboard::copy(text, button);
            }
        }
        ("copy-link", _) => {
            let link = dom::address() + &app::ask(crate::page::session::Session::fragment);
            clipboard::copy(link, button);
        }
        ("download", Some(file)) => {
            if let Some(contents) = app::ask(|session| session.bytes(&file)) {
                // A browser's downloads have no folders.
                let name = file.rsplit('/').next().unwrap_or(&file);
                let outcome = downloads::download(name, &contents);
                app::change(|app| match outcome {
                    Ok(()) => app.session.downloaded(&file),
                    Err(_) => app.session.report(REFUSED.to_owned()),
                });
            }
        }
        ("download-tar", _) => archive(ArchiveKind::Tar),
        ("download-zip", _) => archive(ArchiveKind::Zip),
        ("forget", _) => app::change(|app| app.session.ask_to_forget(true)),
        ("forget-no", _) => app::change(|app| app.session.ask_to_forget(false)),
        ("forget-yes", _) => forget(),
        (action, file) => clicked_below(action, file, &button),
    }
}

/// A press in the chapters below the commands: 5 to 9, where things are tried,
/// broken, diagnosed, inspected, renewed and revoked.
fn clicked_below(action: &str, file: Option<String>, button: &HtmlElement) {
    match (action, file) {
        ("inspect-made", _) => app::change(|app| {
            if let Some(lab) = app.session.lab().cloned() {
                app.session.desk.inspector.add_lab(&lab);
            }
        }),
        ("renew", _) => app::change(|app| app.session.press_renew(false, now())),
        ("renew-foreign", _) => app::change(|app| app.session.press_renew(true, now())),
        ("revoke-nothing", _) => app::change(|app| app.session.start_without_revocation_list()),
        ("revoke", _) => app::change(|app| app.session.press_revoke(now())),
        ("renew-take", Some(file)) => {
            if let Some(text) = app::change(|app| app.session.take_old(&file)) {
                dom::set_text(&Input::Old.to_string(), &text);
            }
        }
        ("desk-download", Some(file)) => desk_download(&file),
        ("inspect-clear", _) => {
            app::change(|app| {
                app.session.desk.inspector.clear();
                app.session.focus_on("inspect-text");
            });
            dom::set_text(&Input::Inspect.to_string(), "");
            dom::set_text(&Input::InspectPassphrase.to_string(), "");
        }
        ("make-first", _) => app::change(|app| app.session.focus_on("make")),
        ("run", _) => run(button),
        ("drill", _) => drill(button, false),
        ("drill-mend", _) => drill(button, true),
        ("diagnosis-clear", _) => {
            app::change(|app| {
                app.session.trials.diagnosis.clear();
                app.session.focus_on(DIAGNOSIS);
            });
            dom::set_text(DIAGNOSIS, "");
        }
        ("diagnosis-remove", Some(file)) => {
            app::change(|app| {
                app.session.trials.diagnosis.remove(&file);
                app.session.focus_on(DIAGNOSIS);
            });
        }
        ("diagnosis-mend", _) => {
            let mended = app::change(|app| {
                app.session.focus_on(DIAGNOSIS);
                app.session.trials.diagnosis.mend()
            });
            if let Some(text) = mended {
                dom::set_text(DIAGNOSIS, &text);
            }
        }
        ("drill-download", _) => drill_archive(),
        _ => {}
    }
}

/// A certificate that was renewed, its key, or a CRL.
fn desk_download(file: &str) {
    let Some(contents) = app::ask(|session| session.desk.signing.file(file)) else {
        return;
    };
    let outcome = downloads::download(file, &contents);
    app::change(|app| match outcome {
        Ok(()) => app.session.desk.signing.downloaded(file),
        Err(_) => app.session.report(REFUSED.to_owned()),
    });
}

const REFUSED: &str =
    "the browser refused the download; allow this page to download, and press again";

fn archive(kind: ArchiveKind) {
    let Some((name, bytes)) = app::change(|app| match app.session.archive(kind) {
        Ok(archive) => Some(archive),
        Err(reason) => {
            if let Some(reason) = reason {
                app.session.report(reason);
            }
            None
        }
    }) else {
        return;
    };
    match downloads::download(&name, &bytes) {
        Ok(()) => app::change(|app| app.session.archive_downloaded()),
        Err(_) => app::change(|app| app.session.report(REFUSED.to_owned())),
    }
}

/// A dry run of the command that the button stands beside, as it is shown.
fn run(button: &HtmlElement) {
    let id = button.get_attribute("data-command").unwrap_or_default();
    if let Some(script) = dom::element(&id).and_then(|element| element.text_content()) {
        app::change(|app| app.session.run(&id, &script));
    }
}

fn drill(button: &HtmlElement, mended: bool) {
    let id = button.get_attribute("data-drill").unwrap_or_default();
    if let Some(drill) = Drill::from_id(&id) {
        app::change(|app| {
            app.session.trials.drills.press(drill, mended);
            app.session.focus_on("drill-title");
        });
    }
}

fn drill_archive() {
    let outcome = match app::ask(|session| Some(session.drill_archive())) {
        Some(Ok((name, bytes))) => {
            downloads::download(&name, &bytes).map_err(|_| REFUSED.to_owned())
        }
        Some(Err(Some(reason))) => Err(reason),
        _ => Ok(()),
    };
    if let Err(reason) = outcome {
        app::change(|app| app.session.report(reason));
    }
}

/// Shows a file's text, or takes it out of the document again.
fn view(file: &str, button: &HtmlElement) {
    for place in dom::with_attribute("data-contents", file) {
        let Ok(place) = place.dyn_into::<HtmlElement>() else {
            continue;
        };
        let showing = place.hidden();
        if showing {
            let contents = app::ask(|session| session.contents(file));
            place.set_text_content(contents.as_ref().map(|text| text.as_str()));
        } else {
            place.set_text_content(None);
        }
        place.set_hidden(!showing);
        // Its own attribute and value are never refused.
        let _ = button.set_attribute("aria-expanded", if showing { "true" } else { "false" });
        let word = if showing { "Hide" } else { "View" };
        let _ = button.set_attribute("aria-label", &format!("{word} {file}"));
        button.set_text_content(Some(word));
    }
}

fn forget() {
    app::change(|app| {
        app.pool.end_all();
        app.session.forget(now());
    });
    dom::empty_inputs();
}

fn dragged(event: &Event) {
    // A file dropped beside its field must not take the place of the page.
    event.prevent_default();
}

fn dropped(event: &Event) {
    event.prevent_default();
    let wanted = target(event)
        .and_then(|element| element.closest("[data-drop]").ok().flatten())
        .and_then(|element| element.get_attribute("data-drop"));
    let files = event
        .dyn_ref::<DragEvent>()
        .and_then(DragEvent::data_transfer)
        .and_then(|transfer| transfer.files());
    if let (Some(wanted), Some(files)) = (wanted, files) {
        if wanted == "diagnosis" {
            reading::read_evidence(&files);
        } else {
            reading::read_for(&files, &wanted);
        }
    }
}

/// The field of chapter 7.
const DIAGNOSIS: &str = "diagnosis-text";

/// A text of megabytes is kept out of the field, which would take seconds to
/// lay it out.
fn pasted(event: &Event) {
    if target(event).is_none_or(|target| target.id() != DIAGNOSIS) {
        return;
    }
    let data = event
        .dyn_ref::<ClipboardEvent>()
        .and_then(ClipboardEvent::clipboard_data);
    if data.is_some_and(|data| reading::read_long_text(&data)) {
        event.prevent_default();
    }
}

/// Leaving asks first, where a key would be lost, and only there.
fn leaving(event: &Event) {
    if app::ask(crate::page::session::Session::has_unsaved_keys) {
        event.prevent_default();
        // Older browsers ask only when this is set.
        let _ = js_sys::Reflect::set(event, &"returnValue".into(), &JsValue::TRUE);
    }
}
