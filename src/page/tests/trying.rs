//! What is tried out: dry runs, drills, the diagnosis.

use super::*;
use crate::{
    etcd::{
        facts::release::Series,
        plan::{MemberField, Preset},
    },
    lab::job::Workbench,
    page::event::{Event, Operation, Press, Request},
    pki::key::KeyType,
};

/// *Run* is pressed beside the command with this identifier.
fn run(session: &mut Session, id: &str) {
    let press = Press::Run(id.parse().unwrap());
    let _ = on(session, Event::Press(press), now());
}

#[test]
fn a_drill_needs_no_files_and_follows_the_build() {
    let mut session = Session::new(now());
    assert!(region(&session, "drill-panel").contains("Press one"));
    session.drills.press(drill("expired-client"), false);
    assert!(region(&session, "drill-panel").contains("Making the files"));
    work(&mut session);
    let panel = region(&session, "drill-panel");
    assert!(panel.contains("validity-ends") && panel.contains("expired certificate"));
    for part in [
        "box ended",
        "✗ refused",
        "Whoever asks shows client (client.crt, ended 22 November 2026)",
    ] {
        assert!(panel.contains(part), "{part} is not drawn: {panel}");
    }
    assert!(
        panel.contains("(*Certificate).isValid"),
        "the rule's source"
    );
    assert!(panel.contains("drill-expired-client/client.crt"));
    let build = "etcd-build-3-5-1".parse().unwrap();
    let _ = on(&mut session, Event::Choose(build), now());
    work(&mut session);
    let panel = region(&session, "drill-panel");
    assert!(panel.contains("remote error: tls: bad certificate"));
    session.drills.press(drill("expired-client"), true);
    work(&mut session);
    let panel = region(&session, "drill-panel");
    assert!(panel.contains("class=\"seal\"") && panel.contains("✓ let in"));
    assert!(!panel.contains("box ended"));
    let archive = session.drills.archive().unwrap().unwrap();
    assert_eq!(archive.name, "drill-expired-client.tar");
}

#[test]
fn a_drills_picture_shows_who_signed_what_and_who_shows_nothing() {
    let mut session = Session::new(now());
    for (name, signs, shown) in [
        ("no-client-certificate", "signs etcd.crt.", false),
        ("unknown-client-ca", "signs etcd.crt.", true),
        ("remade-ca", "signs etcd.crt.", true),
        ("no-san", "signs etcd.crt and client.crt.", true),
        ("missing-intermediate", "signs client.crt.", true),
    ] {
        session.drills.press(drill(name), false);
        work(&mut session);
        let panel = region(&session, "drill-panel");
        assert!(panel.contains(signs), "{name}: {panel}");
        assert_eq!(panel.contains("Whoever asks shows"), shown, "{name}");
        assert!(panel.contains("✗ refused"), "{name}");
    }
}

#[test]
fn a_drill_lies_beside_kubeadms_folder_and_not_in_it() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    choose(&mut session, Choice::Preset(Preset::Kubeadm));
    let hosts = Field::Member(0, MemberField::Hosts);
    type_and_leave(&mut session, hosts, "192.0.2.10");
    made(&mut session);
    session.drills.press(drill("no-san"), false);
    work(&mut session);
    let etcd = contents(&region(&session, "drill-panel"), "drill-etcd");
    assert!(
        etcd.contains("=/etc/kubernetes/pki-lab/drill-no-san/etcd.crt"),
        "{etcd}"
    );
}

#[test]
fn an_answer_about_an_earlier_drill_is_ignored() {
    let mut session = Session::new(now());
    session.drills.press(drill("revoked"), false);
    let (number, task) = next_job(&mut session, now()).unwrap();
    session.drills.press(drill("wrong-host"), false);
    let (later, later_task) = next_job(&mut session, now()).unwrap();
    let mut workbench = Workbench::default();
    let outcome = workbench.finish(later_task, &mut UnwrapErr(SysRng));
    job_done(&mut session, later, outcome, now());
    let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
    job_done(&mut session, number, outcome, now());
    assert_eq!(
        session.drills.set().map(|set| set.drill),
        Some(drill("wrong-host"))
    );
}

#[test]
fn a_dry_run_asks_for_files_first_and_holds_for_the_shown_text_alone() {
    let mut session = Session::new(now());
    assert!(region(&session, "authenticate").contains("Make the files first"));
    // Its keys are made in a moment.
    choose(&mut session, Choice::KeyType(KeyType::P256));
    press(&mut session, Press::Make);
    work(&mut session);
    run(&mut session, "command-verified-put-0");
    work(&mut session);
    let shown = region(&session, "authenticate");
    assert!(shown.contains("class=\"seal\"") && shown.contains(">OK</pre>"));
    assert!(
        shown.contains("checks, in the order in which they are made"),
        "what was checked"
    );
    run(&mut session, "command-verified-get-0");
    work(&mut session);
    assert!(region(&session, "authenticate").contains("testclient\ndata</pre>"));
    run(&mut session, "command-verified-without");
    work(&mut session);
    let shown = region(&session, "authenticate");
    assert!(
        shown.contains("class=\"refused as-it-must\"")
            && shown.contains("client-certificate-required")
    );
    // A drill is made with the page's own CA then.
    session.drills.press(drill("no-san"), false);
    work(&mut session);
    let set = session.drills.set().unwrap();
    let authority = set.files.iter().find(|file| file.name == "ca.crt").unwrap();
    assert_eq!(
        authority.contents.0.as_slice(),
        session.files.contents("ca.crt").unwrap().as_bytes()
    );
    // Another port makes other commands.
    session.type_text(Field::Port, "2399");
    session.check(now());
    assert!(!region(&session, "authenticate").contains("class=\"seal\""));
}

#[test]
fn a_long_text_is_looked_at_in_parts_and_put_together() {
    let mut session = Session::new(now());
    let quiet = "{\"level\":\"info\",\"msg\":\"nothing to see\"}\n".repeat(20_000);
    let refused = "{\"level\":\"warn\",\"msg\":\"rejected connection\",\"error\":\"tls: client didn't provide a certificate\"}\n";
    let text = format!("{quiet}{refused}{quiet}Error: context deadline exceeded\n");
    session.diagnosis.add("etcd.log", text.into_bytes());
    assert!(region(&session, "diagnosis-result").contains("Looking"));
    work(&mut session);
    let result = region(&session, "diagnosis-result");
    let first = result.find("client didn't provide a certificate").unwrap();
    let second = result.find("context deadline exceeded").unwrap();
    assert!(first < second, "the more telling words come first");
    assert!(result.contains("which etcdctl calls --cert and --key"));
    session.diagnosis.clear();
    assert!(!region(&session, "diagnosis-result").contains("provide"));
}

#[test]
fn hostile_evidence_stays_text() {
    let mut session = Session::new(now());
    let hostile = "<img src=x onerror=alert(1)>";
    session
        .diagnosis
        .type_text(&format!("rejected connection {hostile}: revoked"));
    session.diagnosis.add(hostile, hostile.as_bytes().to_vec());
    work(&mut session);
    let result = region(&session, "diagnosis-result");
    assert!(!result.contains("<img") && result.contains("&lt;img"));
}

#[test]
fn a_file_that_is_too_large_is_refused_with_its_size() {
    let mut session = Session::new(now());
    assert!(!session.diagnosis.admits("huge.log", 100_000_000));
    assert!(region(&session, "diagnosis-result").contains("100 MB"));
}

#[test]
fn one_choice_of_etcd_serves_commands_and_answers() {
    let mut session = Session::new(now());
    let build = "etcd-build-3-5-1".parse().unwrap();
    let _ = on(&mut session, Event::Choose(build), now());
    assert_eq!(session.form.plan().etcd, Series::V3_5);
    assert_eq!(Choice::Build(session.build()), build);
    assert!(region(&session, "builds-summary").contains("3.5.1"));
    assert!(region(&session, "unpack").contains(&Series::V3_5.newest().to_string()));
    // A link brings another series, and with it the build that stands for that.
    let mut follow = |fragment: &str| {
        let _ = on(&mut session, Event::Link(fragment.to_owned()), now());
        session.build()
    };
    assert_eq!(follow("#make?etcd=3.4&v=1"), Series::V3_4.offer());
    assert_eq!(Choice::Build(follow("#make?etcd=3.5&v=1")), build);
}

#[test]
fn the_newest_release_stands_first_in_the_choice_of_etcds() {
    let markup = region(&Session::new(now()), "builds");
    let place = |version: &str| markup.find(version).unwrap();
    assert!(place(">3.7.3 ") < place(">3.6.16 "));
    assert!(place(">3.6.16 ") < place(">3.4.23 "));
}

#[test]
fn a_refusal_that_is_wished_for_is_said_to_be_right_and_another_is_not() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::P256));
    made(&mut session);
    let without = Request {
        verified: true,
        operation: Operation::WithoutCertificate,
    };
    press(&mut session, Press::Run(without));
    work(&mut session);
    let said = region(&session, "authenticate");
    assert!(said.contains("Refused, as it must be."), "{said}");
    let (verdict, log) = (
        said.find("as-it-must").unwrap(),
        said.find("What the terminals show").unwrap(),
    );
    assert!(verdict < log, "the verdict stands before the log");
    assert!(region(&session, "dry-run-status").contains("as it must be"));
    // In a drill the same refusal is what went wrong.
    press(&mut session, Press::Drill(drill("no-client-certificate")));
    work(&mut session);
    assert!(!region(&session, "drill-panel").contains("as it must be"));
}
