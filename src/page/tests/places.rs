//! The five places: which one is shown, and what following a link costs.

use super::*;
use crate::{
    etcd::facts::release::offers,
    page::{
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
    let is_shown = |place: &Place| hidden.contains(&(place.section().to_owned(), false));
    Place::ALL.into_iter().filter(is_shown).collect()
}

#[test]
fn one_place_is_shown_at_a_time_and_the_bar_the_title_and_the_focus_say_which() {
    let mut session = Session::new(now());
    assert!(follow(&mut session, "").is_empty(), "it was just opened");
    assert_eq!(shown(&session), [Place::Make]);
    for place in Place::ALL.into_iter().rev() {
        let wishes = follow(&mut session, &format!("#{}", place.address()));
        assert!(wishes == [Wish::ShowPlace(place.heading().to_owned())]);
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
    assert!(wishes == [Wish::ShowPart("start-etcd".to_owned())]);
    assert_eq!(shown(&session), [Place::Make]);
    follow(&mut session, "#inspected-2");
    assert_eq!(shown(&session), [Place::Inspect]);
    assert!(follow(&mut session, "#nowhere").is_empty());
    assert_eq!(shown(&session), [Place::Inspect]);
    for plan in ["#plan=%7B%22port%22%3A%222380%22%7D", "#plan=broken!"] {
        follow(&mut session, "#diagnose");
        follow(&mut session, plan);
        assert_eq!(shown(&session), [Place::Make], "{plan}");
        assert!(region(&session, "status").contains("link"), "{plan}");
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
            .filter(|one| one.0.starts_with("etcd-build"))
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
        assert!(wishes.contains(&Wish::Focus("make".to_owned())), "{away}");
        assert_eq!(shown(&session), [Place::Make]);
        let wishes = on(&mut session, Event::Press(away.clone()), now());
        assert!(!wishes.contains(&address), "{away}: it is there already");
    }
}
