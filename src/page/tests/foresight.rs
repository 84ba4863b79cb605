//! The picture of who trusts whom, before the press and after it.

use super::*;
use crate::{
    etcd::plan::{IdentityField, MemberField, Preset},
    page::event::{Operation, Request},
    pki::key::KeyType,
};

#[test]
fn the_picture_is_there_before_any_press_and_the_press_fills_it_with_dates() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    let before = region(&session, "picture");
    for part in [
        "class=\"picture\"",
        "KUBERNETES-CA (ca.crt, 10 years) signs etcd.crt and client.crt.",
        "etcd shows etcd (etcd.crt, 1 year) to its clients.",
        "etcd lets in who shows client (client.crt, 60 days).",
        "<code>/root/certificates</code>",
        "<strong>Offline</strong>",
        "client.crt ends first.",
        "Who ends first",
    ] {
        assert!(before.contains(part), "{part} is not in {before}");
    }
    assert!(!before.contains("download-picture"));
    made(&mut session);
    let after = region(&session, "picture");
    for part in [
        "class=\"picture made\"",
        "until 22 January 2027",
        "download-calendar",
    ] {
        assert!(after.contains(part), "{part} is not in {after}");
    }
    let over = "2027-02-01T10:00:00Z".parse().unwrap();
    answer(&mut session, Event::TakeUp, over);
    for part in ["box ended", "bar ended"] {
        assert!(region(&session, "picture").contains(part), "{part}");
    }
}

#[test]
fn the_picture_shows_whether_the_last_one_who_asked_was_let_in() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    made(&mut session);
    for (operation, said) in [
        (Operation::WithoutCertificate, "was refused"),
        (Operation::Put(0), "was let in"),
    ] {
        let request = Request {
            verified: true,
            operation,
        };
        press(&mut session, Press::Run(request));
        work(&mut session);
        assert!(region(&session, "picture").contains(said), "{said}");
    }
}

#[test]
fn every_preset_has_a_picture_and_many_clients_do_not_crowd_it() {
    for preset in [Preset::Cluster, Preset::Kubeadm] {
        let mut session = Session::new(now());
        choose(&mut session, Choice::Preset(preset));
        tick(&mut session, Tick::Intermediate, true);
        tick(&mut session, Tick::SeparateAuthorities, true);
        if preset == Preset::Kubeadm {
            let hosts = Field::Member(0, MemberField::Hosts);
            type_and_leave(&mut session, hosts, "192.0.2.10");
        }
        type_and_leave(&mut session, Field::ManyNames, "app-{1..1000}");
        let picture = region(&session, "picture");
        assert!(picture.matches("<rect").count() < 20, "{preset}: {picture}");
        assert!(picture.contains("more"), "{preset}");
    }
}

#[test]
fn what_other_programs_will_refuse_is_told_before_the_press() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    assert!(!region(&session, "picture").contains("class=\"notice\""));
    let names = Field::Server(IdentityField::Names);
    type_and_leave(&mut session, names, "127.0.0.1, *.lab");
    let told = region(&session, "picture");
    assert!(
        told.contains("*.lab: a wildcard before a single label"),
        "{told}"
    );
    assert!(
        told.contains("and not by curl") && told.contains("Python grpcio"),
        "{told}"
    );
    type_and_leave(&mut session, names, "127.0.0.1, *.lab.test");
    assert!(!region(&session, "picture").contains("class=\"notice\""));
    // A CA that is confined in its addresses.
    type_and_leave(
        &mut session,
        Field::AuthorityPermitted,
        "lab.test, 127.0.0.0/8",
    );
    let told = region(&session, "picture");
    assert!(
        told.contains("Limits on addresses are unknown to Python grpcio"),
        "{told}"
    );
    // A common name outside of its domains, where no SAN is a host.
    type_and_leave(&mut session, names, "127.0.0.1");
    type_and_leave(
        &mut session,
        Field::Server(IdentityField::Subject),
        "CN=etcd.elsewhere.test",
    );
    let told = region(&session, "picture");
    assert!(
        told.contains("must not sign for etcd.elsewhere.test"),
        "{told}"
    );
    type_and_leave(
        &mut session,
        Field::Server(IdentityField::Subject),
        "CN=etcd.lab.test",
    );
    assert!(!region(&session, "picture").contains("must not sign"));
}
