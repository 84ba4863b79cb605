//! The five places: which one is shown, and what following a link costs.

use super::*;
use crate::{
    etcd::{
        facts::release::{Series, offers},
        plan::Preset,
    },
    page::{
        event::Alarm,
        input::{Input, SigningInput},
        place::Place,
    },
};

fn follow(session: &mut Session, fragment: &str) -> Vec<Wish> {
    on(session, Event::Link(fragment.to_owned()), now())
}

/// The places that are shown.
fn shown(session: &Session) -> Vec<Place> {
    let hidden = view(session).hidden;
    let is_shown = |place: &Place| hidden.contains(&(place.section().into(), false));
    Place::ALL.into_iter().filter(is_shown).collect()
}

#[test]
fn one_place_is_shown_at_a_time_and_the_bar_the_title_and_the_focus_say_which() {
    let mut session = Session::new(now());
    assert!(follow(&mut session, "").is_empty(), "it was just opened");
    assert_eq!(shown(&session), [Place::Make]);
    for place in Place::ALL.into_iter().rev() {
        let wishes = follow(&mut session, &format!("#{}", place.address()));
        assert!(wishes == [Wish::ShowPlace(place.heading())]);
        assert_eq!(shown(&session), [place]);
        let marked = format!(
            "href=\"#{}\" aria-current=\"page\">{}<",
            place.address(),
            place.name()
        );
        assert!(region(&session, "places").contains(&marked), "{marked}");
        assert!(view(&session).title.starts_with(match place {
            Place::Make => "etcd PKI Lab",
            other => other.name(),
        }));
        let heading = format!("id=\"{}\"", place.heading());
        assert_eq!(SKELETON.matches(&heading).count(), 1, "{heading}");
        let section = format!("<section id=\"{}\"", place.section());
        assert_eq!(SKELETON.matches(&section).count(), 1, "{section}");
    }
    assert!(
        !follow(&mut session, "#diagnose").is_empty() && !follow(&mut session, "").is_empty(),
        "back to where there was no fragment"
    );
    assert_eq!(shown(&session), [Place::Make]);
}

#[test]
fn an_old_link_opens_where_its_chapter_is_now_and_an_unknown_one_changes_nothing() {
    let mut session = Session::new(now());
    follow(&mut session, "#diagnose");
    let wishes = follow(&mut session, "#start-etcd");
    assert!(wishes == [Wish::ShowPart(PageElement::StartEtcd.into())]);
    assert_eq!(shown(&session), [Place::Make]);
    follow(&mut session, "#inspected-2");
    assert_eq!(shown(&session), [Place::Inspect]);
    assert!(follow(&mut session, "#nowhere").is_empty());
    assert_eq!(shown(&session), [Place::Inspect]);
    for plan in ["#plan=%7B%22port%22%3A%222380%22%7D", "#plan=broken!"] {
        follow(&mut session, "#diagnose");
        follow(&mut session, plan);
        assert_eq!(shown(&session), [Place::Make], "{plan}");
        let said = region(&session, "status") + &region(&session, "report");
        assert!(said.contains("link"), "{plan}");
    }
}

#[test]
fn leaving_a_place_loses_nothing_that_was_typed_or_made() {
    let mut session = Session::new(now());
    type_and_leave(&mut session, Field::Port, "2389");
    choose(
        &mut session,
        Choice::KeyType(crate::pki::key::KeyType::P256),
    );
    made(&mut session);
    follow(&mut session, "#renew-and-revoke");
    press(&mut session, Press::RenewTake("client".to_owned()));
    let days = Input::Signing(SigningInput::RenewalDays);
    let typed = Event::Type(days, "4000".to_owned().into());
    answer(&mut session, typed, now());
    follow(&mut session, "#break-it");
    press(&mut session, Press::Drill(drill("no-san")));
    work(&mut session);
    for place in Place::ALL {
        follow(&mut session, &format!("#{}", place.address()));
    }
    press(&mut session, Press::Renew);
    work(&mut session);
    let faults = view(&session).faults;
    let fault = faults.iter().find(|fault| fault.0 == days).unwrap();
    assert!(fault.1.is_some(), "the days that were typed are kept");
    follow(&mut session, "#make");
    assert_eq!(session.form.plan().port, "2389");
    assert!(session.files.lab().is_some());
    assert!(region(&session, "drill-panel").contains("drill-download"));
}

#[test]
fn the_choice_of_a_build_stands_once_wherever_etcd_is_asked() {
    let mut session = Session::new(now());
    for (place, times) in [
        (Place::Make, 1),
        (Place::BreakIt, 1),
        (Place::Diagnose, 1),
        (Place::Inspect, 0),
        (Place::RenewAndRevoke, 0),
    ] {
        follow(&mut session, &format!("#{}", place.address()));
        for build in offers() {
            let id = format!(" id=\"{}\"", Choice::Build(build));
            assert_eq!(page(&session).matches(&id).count(), times, "{id}");
        }
        let view = view(&session);
        for (id, _) in view
            .chosen
            .iter()
            .filter(|one| matches!(one.0, Id::Choice(Choice::Build(_))))
        {
            assert!(page(&session).contains(&format!(" id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn what_does_not_work_is_said_in_the_place_where_it_was_tried() {
    let mut session = Session::new(now());
    follow(&mut session, "#inspect");
    answer(&mut session, Event::Unreadable, now());
    assert!(region(&session, "report").contains("could not read that file"));
    follow(&mut session, "#diagnose");
    assert_eq!(region(&session, "report"), "");
    follow(&mut session, "#make");
    assert_eq!(region(&session, "report"), "", "its own status says it");
    assert!(region(&session, "status").contains("could not read that file"));
}

#[test]
fn a_press_that_leads_to_make_changes_the_address_too() {
    let address = Wish::Address("#make".to_owned());
    for away in [Press::MakeFirst, Press::ForgetYes] {
        let mut session = Session::new(now());
        follow(&mut session, "#break-it");
        let wishes = on(&mut session, Event::Press(away.clone()), now());
        assert!(wishes.contains(&address), "{away}");
        assert!(
            wishes.contains(&Wish::Focus(PageElement::Make.into())),
            "{away}"
        );
        assert_eq!(shown(&session), [Place::Make]);
        let wishes = on(&mut session, Event::Press(away.clone()), now());
        assert!(!wishes.contains(&address), "{away}: it is there already");
    }
}

/// The fragment that the page's address got, and whether that was a step.
fn address(wishes: &[Wish]) -> Option<(&str, bool)> {
    wishes.iter().find_map(|wish| match wish {
        Wish::Address(fragment) => Some((fragment.as_str(), true)),
        Wish::Readdress(fragment) => Some((fragment.as_str(), false)),
        _ => None,
    })
}

fn type_text(session: &mut Session, field: Field, text: &str) -> Vec<Wish> {
    let typed = Event::Type(Input::Plan(field), text.to_owned().into());
    let _ = on(session, typed, now());
    on(session, Event::Wake(Alarm::Check), now())
}

#[test]
fn the_address_says_the_plan_while_it_is_typed_a_step_for_each_field_and_press() {
    let mut session = Session::new(now());
    follow(&mut session, "");
    let steps = [
        (Field::Port, "2", "#make?port=2&v=1", true),
        (Field::Port, "23", "#make?port=23&v=1", false),
        (Field::Host, "::1", "#make?host=::1&port=23&v=1", true),
        (Field::Port, "2379", "#make?host=::1&v=1", true),
        (Field::Host, "127.0.0.1", "#make", true),
    ];
    for (field, text, fragment, step) in steps {
        let wishes = type_text(&mut session, field, text);
        assert_eq!(address(&wishes), Some((fragment, step)), "{text}");
    }
    let cluster = Event::Choose(Choice::Preset(Preset::Cluster));
    let wishes = on(&mut session, cluster, now());
    assert_eq!(address(&wishes), Some(("#cluster", true)));
    let wishes = on(&mut session, Event::Press(Press::AddClient), now());
    let three = "#cluster?clients=root,client,client-2&v=1";
    assert_eq!(address(&wishes), Some((three, true)));
    // Elsewhere the address is that place's, and Make has its own again.
    let _ = on(&mut session, Event::Go(Place::Diagnose), now());
    let wishes = on(&mut session, Event::Go(Place::Make), now());
    assert_eq!(address(&wishes), Some((three, true)));
}

#[test]
fn going_back_undoes_what_the_form_asks_for_and_nothing_that_was_made() {
    let mut session = Session::new(now());
    follow(&mut session, "");
    choose(
        &mut session,
        Choice::KeyType(crate::pki::key::KeyType::P256),
    );
    made(&mut session);
    let key = session.files.contents("client.key");
    type_text(&mut session, Field::Host, "10.0.0.9");
    let cluster = Event::Choose(Choice::Preset(Preset::Cluster));
    let _ = on(&mut session, cluster, now());
    for (fragment, preset, host) in [
        (
            "#make?host=10.0.0.9&key=p-256&v=1",
            Preset::Tutorial,
            "10.0.0.9",
        ),
        ("", Preset::Tutorial, "127.0.0.1"),
        ("#cluster", Preset::Cluster, "127.0.0.1"),
    ] {
        let wishes = on(&mut session, Event::Return(fragment.to_owned()), now());
        assert_eq!(address(&wishes), None, "the browser has it already");
        assert_eq!(session.form.plan().preset, preset);
        assert_eq!(session.form.plan().host, host);
        assert_eq!(session.files.contents("client.key"), key);
        assert!(session.progress().is_none(), "nothing begins by itself");
    }
    let _ = on(&mut session, Event::Return("#inspect".to_owned()), now());
    assert_eq!(shown(&session), [Place::Inspect]);
    assert_eq!(session.form.plan().preset, Preset::Cluster);
}

#[test]
fn a_link_to_a_plan_fills_the_form_starts_nothing_and_complains_of_nothing_untouched() {
    let mut session = Session::new(now());
    let wishes = follow(&mut session, "#client-only?clients=app&v=1");
    assert!(wishes.is_empty());
    assert!(region(&session, "status").contains("The link you followed"));
    assert!(session.progress().is_none() && next_job(&mut session, now()).is_none());
    assert!(view(&session).faults.iter().all(|fault| fault.1.is_none()));
    let wishes = follow(&mut session, "#plan=%7B%22port%22%3A%222380%22%7D");
    assert_eq!(address(&wishes), Some(("#make?port=2380&v=1", false)));
    let wishes = follow(&mut session, "#make?port=x&v=1");
    assert_eq!(address(&wishes), None);
    assert!(session.form.fault(Field::Port).is_some());
    let wishes = follow(&mut session, "#diagnose?etcd=3.6");
    assert!(wishes.contains(&Wish::ShowPlace(PageElement::DiagnoseHeading)));
    assert_eq!(session.form.plan().etcd, Series::V3_6);
    assert!(region(&session, "report").is_empty());
    follow(&mut session, "#diagnose?hosts=a");
    assert!(region(&session, "report").contains("a word of Make’s links"));
    assert_eq!(shown(&session), [Place::Diagnose]);
    follow(&mut session, "#make");
    // What is refused changes neither the form nor the address.
    assert!(follow(&mut session, "#make?v=9").is_empty());
    assert!(region(&session, "report").contains("a newer page"));
    assert_eq!(session.form.plan().port, "x");
}

#[test]
fn forgetting_everything_takes_the_plan_out_of_the_address() {
    let mut session = Session::new(now());
    follow(&mut session, "#make?port=2380&v=1");
    let wishes = on(&mut session, Event::Press(Press::ForgetYes), now());
    assert_eq!(address(&wishes), Some(("#make", false)));
}

#[test]
fn a_plan_too_long_for_a_link_stays_out_of_the_address_and_that_is_said() {
    let mut session = Session::new(now());
    follow(&mut session, "");
    let names = "a-client-of-many\n".repeat(5_000);
    assert_eq!(
        address(&type_text(&mut session, Field::ManyNames, &names)),
        None
    );
    let wishes = on(&mut session, Event::Press(Press::CopyLink), now());
    assert!(wishes.is_empty());
    assert!(region(&session, "status").contains("too long for a link"));
}
