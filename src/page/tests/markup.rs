//! What the page's markup promises, whatever is in it.

use super::*;
use crate::{
    etcd::{
        commands::{Form, etcd},
        plan::{Field, IdentityField, MemberField, Preset},
    },
    lab::job::Workbench,
    page::{event::Choice, place::Place},
    pki::key::KeyType,
};

#[test]
fn every_field_has_one_input_with_a_label_a_hint_and_a_place_for_its_fault() {
    let mut session = Session::new(now());
    press(&mut session, Press::AddClient);
    let page = page(&session);
    for field in session.form.fields() {
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
    press(&mut session, Press::AddClient);
    made(&mut session);
    let page = page(&session);
    let mut seen = std::collections::HashSet::new();
    for rest in page.split(" id=\"").skip(1) {
        let id = rest.split('"').next().unwrap();
        assert!(seen.insert(id.to_owned()), "{id} is there twice");
    }
    let view = view(&session);
    let ids = view.regions.iter().map(|region| region.0);
    let ids = ids.chain(view.hidden.iter().map(|state| state.0));
    for id in ids.chain(view.chosen.iter().map(|state| state.0)) {
        assert!(seen.contains(&id.to_string()), "{id} has no place");
    }
}

#[test]
fn every_named_element_is_in_the_markup_somewhere() {
    let mut session = Session::new(now());
    made(&mut session);
    let mut pages = page(&session);
    press(&mut session, Press::InspectMade);
    work(&mut session);
    press(&mut session, Press::Anatomy(0));
    press(&mut session, Press::Drill(drill("expired-client")));
    work(&mut session);
    pages += &page(&session);
    choose(&mut session, Choice::Preset(Preset::Cluster));
    pages += &page(&session);
    for place in Place::ALL {
        answer(&mut session, Event::Go(place), now());
        pages += &page(&session);
    }
    for element in PageElement::ALL {
        assert!(
            pages.contains(&format!(" id=\"{element}\"")),
            "{element} is nowhere"
        );
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
    press(&mut session, Press::AddClient);
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
        choose(&mut session, Choice::Form(form));
        let page = page(&session);
        let shown = etcd(&session.deployment().unwrap(), form).documents;
        assert!(!shown.is_empty());
        for document in shown {
            assert_eq!(contents(&page, &document.id), document.text);
        }
        let chosen: Vec<Id> = view(&session)
            .chosen
            .into_iter()
            .filter(|(id, chosen)| matches!(id, Id::Choice(Choice::Form(_))) && *chosen)
            .map(|(id, _)| id)
            .collect();
        assert_eq!(chosen, [Choice::Form(form).into()]);
    }
}

#[test]
fn hostile_text_stays_text() {
    let mut session = Session::new(now());
    for field in session.form.fields() {
        session.type_text(field, HOSTILE);
    }
    session.check(now());
    press(&mut session, Press::Make);
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
    let key = session.files.contents("client.key").unwrap();
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(session.files.contents("other.key").is_none());
}

#[test]
fn while_files_are_made_only_the_progress_changes() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    press(&mut session, Press::Make);
    let begun = view(&session);
    let mut workbench = Workbench::default();
    for _ in 0..3 {
        let (number, task) = next_job(&mut session, now()).unwrap();
        let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
        job_done(&mut session, number, outcome, now());
    }
    let progress = session.progress().unwrap();
    assert!(progress.fraction() > begun.fraction);
    assert_eq!(with_progress(&begun, progress), view(&session));
}

#[test]
fn every_preset_has_its_form_and_a_place_for_all_of_it() {
    for preset in Preset::ALL {
        let mut session = Session::new(now());
        choose(&mut session, Choice::KeyType(KeyType::P256));
        choose(&mut session, Choice::Preset(preset));
        tick(&mut session, Tick::Intermediate, true);
        tick(&mut session, Tick::SeparateAuthorities, true);
        press(&mut session, Press::AddMember);
        if preset == Preset::Kubeadm {
            for (node, address) in ["192.0.2.10", "192.0.2.11"].into_iter().enumerate() {
                let hosts = Field::Member(node, MemberField::Hosts);
                type_and_leave(&mut session, hosts, address);
            }
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
        for field in session.form.fields() {
            assert!(seen.contains(&field.to_string()), "{preset}: {field}");
        }
        let view = view(&session);
        let states = view.hidden.iter().chain(&view.chosen).chain(&view.disabled);
        for (id, _) in states {
            assert!(
                seen.contains(&id.to_string()),
                "{preset}: {id} has no place"
            );
        }
    }
}

#[test]
fn a_passphrase_is_in_no_link_and_not_on_the_page() {
    let mut session = Session::new(now());
    session.type_text(Field::AuthorityPassphrase, "hunter2");
    session.type_text(Field::ExportPassphrase, "hunter2");
    session.check(now());
    assert!(!page(&session).contains("hunter2"));
    assert!(!session.fragment().contains("hunter2"));
}

#[test]
fn a_thousand_clients_are_not_a_thousand_forms() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::Ed25519));
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
    assert!(session.files.contents("app-1000.key").is_some());
}
