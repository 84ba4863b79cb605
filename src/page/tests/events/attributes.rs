//! What the markup says can be done, the page knows.

use super::*;

/// The tags of a page's markup, each with its attributes.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).filter_map(|rest| {
        let tag = rest.split_once('>')?.0;
        tag.starts_with(|first: char| first.is_ascii_lowercase())
            .then_some(tag)
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split_once('"')?.0))
}

/// Whatever can be done to a page is something that the page knows.
fn check_markup(session: &Session) {
    let page = page(session);
    for tag in tags(&page) {
        let name = tag.split([' ', '>']).next().unwrap();
        let id = attribute(tag, "id").unwrap_or_default();
        if let Some(press) = attribute(tag, "data-action") {
            let read: Press = press.parse().unwrap();
            assert_eq!(read.to_string(), press);
        } else {
            assert_ne!(name, "button", "{tag} does nothing");
        }
        for given in ["data-for", "data-drop"] {
            if let Some(input) = attribute(tag, given) {
                input.parse::<Input>().unwrap();
            }
        }
        let kind = attribute(tag, "type");
        match (name, kind.as_deref()) {
            // The browser's own affair: see `browser/parts.rs`.
            ("input", Some("radio")) if tag.contains(" name=\"anatomy-part\"") => {}
            ("input", Some("radio")) => assert!(id.parse::<Choice>().is_ok(), "{tag}"),
            ("input", Some("checkbox")) => assert!(id.parse::<Tick>().is_ok(), "{tag}"),
            ("input", Some("file")) => assert!(attribute(tag, "data-for").is_some(), "{tag}"),
            ("input" | "textarea", _) => assert!(id.parse::<Input>().is_ok(), "{tag}"),
            ("option", _) => {
                let value = attribute(tag, "value").unwrap();
                assert!(value.parse::<Choice>().is_ok(), "{tag}");
            }
            _ => {}
        }
        for known in tag.split_whitespace().filter_map(|part| {
            let name = part.split('=').next()?;
            name.starts_with("data-").then_some(name)
        }) {
            assert!(
                [
                    "data-action",
                    "data-for",
                    "data-drop",
                    "data-file",
                    "data-contents",
                    "data-pane",
                    "data-part",
                    "data-part-said",
                    "data-parts",
                    "data-said",
                ]
                .contains(&known),
                "{tag}"
            );
        }
    }
}

#[test]
fn every_data_attribute_of_every_state_is_one_that_the_page_knows() {
    for preset in Preset::ALL {
        let mut reader = Reader::new();
        reader.choose(Choice::Preset(preset));
        reader.press(Press::AddClient);
        reader.press(Press::AddMember);
        check_markup(&reader.session);
        if preset == Preset::Kubeadm {
            for member in 0..2 {
                let hosts = Field::Member(member, MemberField::Hosts);
                reader.type_text(plan(hosts), &format!("192.0.2.1{member}"));
            }
        }
        if matches!(preset, Preset::ClientOnly | Preset::SignCsr) {
            reader.choose(Choice::AuthoritySource(AuthoritySource::Make));
            for client in 0..2 {
                let csr_field = Field::Client(client, IdentityField::Csr);
                reader.type_text(plan(csr_field), &csr());
                reader.on(Event::Leave(plan(csr_field)));
            }
        }
        reader.press(Press::Make);
        check_markup(&reader.session);
        reader.work();
        check_markup(&reader.session);
    }
}

#[test]
fn so_it_is_with_what_is_shown_below_the_files() {
    let mut reader = Reader::with_files();
    for form in Form::ALL {
        reader.choose(Choice::Form(form));
        check_markup(&reader.session);
    }
    for drill in Drill::all() {
        reader.press(Press::Drill(drill));
        check_markup(&reader.session);
    }
    reader.work();
    check_markup(&reader.session);
    reader.tick(Tick::OtherForm(OtherForm::Der), true);
    reader.press(Press::Export);
    reader.press(Press::InspectMade);
    reader.work();
    reader.press(Press::Anatomy(0));
    reader.work();
    assert!(reader.region("anatomy").contains("data-part="));
    check_markup(&reader.session);
    reader.choose(Choice::RenewalKey(RenewalKey::New));
    reader.press(Press::RenewTake(file("client")));
    reader.press(Press::Renew);
    for place in 0..2 {
        reader.tick(Tick::Revoked(place), true);
    }
    reader.press(Press::Revoke);
    let name = "<img \"src\"> & 'it'.log";
    let given = FileRead {
        name: name.to_owned(),
        contents: b"tls: bad certificate".to_vec().into(),
        alone: true,
    };
    reader.on(Event::Give(Input::Diagnosis, given));
    check_markup(&reader.session);
    reader.work();
    check_markup(&reader.session);
    // A name's own signs come back as they went.
    let page = page(&reader.session);
    let remove = Press::DiagnosisRemove(name.to_owned()).to_string();
    let mut actions = tags(&page).filter_map(|tag| attribute(tag, "data-action"));
    assert!(actions.any(|action| action == remove));
}
