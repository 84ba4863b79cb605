//! What lies below the files: documents that are looked at, renewed and revoked.

use zeroize::Zeroizing;

use super::*;
use crate::{
    etcd::{
        commands::Form,
        plan::{Field, MemberField, Preset},
    },
    lab::{job::Workbench, wire::Outcome},
    page::{
        event::{Choice, Event, FileRead, Press, SigningCa, Tick, ToRevoke},
        input::{Input, SigningInput},
        jobs::JobNumber,
    },
    pki::{
        key::KeyType,
        revocation_list::{RevocationList, RevocationReason},
    },
};

/// What is wrong with an input.
fn fault_of(session: &Session, input: SigningInput) -> Option<String> {
    let mut faults = view(session).faults.into_iter();
    faults
        .find(|fault| fault.0 == Input::Signing(input))
        .unwrap()
        .1
}

const TUTORIAL: &str = include_str!("../../../tests/fixtures/tutorial-client.crt");

fn job(session: &mut Session) -> (JobNumber, Outcome) {
    let (number, task) = next_job(session, now()).unwrap();
    let outcome = Workbench::default().finish(task, &mut UnwrapErr(SysRng));
    (number, outcome)
}

#[test]
fn every_input_is_there_once_with_a_label() {
    let session = Session::new(now());
    let page = page(&session);
    for input in Input::beside_the_plan() {
        assert_eq!(
            page.matches(&format!(" id=\"{input}\"")).count(),
            1,
            "{input}"
        );
        assert!(
            page.contains(&format!("<label for=\"{input}\">")),
            "{input}"
        );
    }
}

#[test]
fn what_is_typed_is_looked_at_when_it_rests_and_an_older_answer_is_ignored() {
    let mut session = Session::new(now());
    session.inspector.type_text("hello");
    assert!(
        next_job(&mut session, now()).is_none(),
        "it is still being typed"
    );
    session.check(now());
    let (first, outcome) = job(&mut session);
    session.inspector.type_text(TUTORIAL);
    job_done(&mut session, first, outcome, now());
    assert!(region(&session, "inspection").contains("Reading"));
    session.check(now());
    let (second, outcome) = job(&mut session);
    job_done(&mut session, second, outcome, now());
    assert!(region(&session, "inspection").contains("/CN=client"));
    session.inspector.type_text(" ");
    assert_eq!(region(&session, "inspection"), "");
    session.inspector.type_text(TUTORIAL);
    session.forget(now());
    assert_eq!(region(&session, "inspection"), "");
    assert!(next_job(&mut session, now()).is_none());
}

#[test]
fn what_is_too_much_is_refused_before_it_is_read() {
    let mut session = Session::new(now());
    let inspector = &mut session.inspector;
    assert!(inspector.admits(1 << 20));
    inspector.add_file("a.pem", &vec![b'a'; 1 << 20]);
    assert!(!inspector.admits(8 << 20));
    assert!(region(&session, "inspection").contains("too much to look at"));
}

#[test]
fn a_crl_of_this_pages_ca_is_in_the_commands_and_in_the_archive() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::Ed25519));
    choose(&mut session, Choice::Preset(Preset::Cluster));
    press(&mut session, Press::Make);
    work(&mut session);
    let place = session
        .files
        .lab()
        .unwrap()
        .identities()
        .iter()
        .position(|identity| identity.stem() == "client")
        .unwrap();
    let choice = format!("<select id=\"revoke-made-{place}-reason\"");
    assert!(!region(&session, "revoke-made").contains(&choice));
    let _ = on(&mut session, Event::Tick(Tick::Revoked(place), true), now());
    assert!(region(&session, "revoke-made").contains(&choice));
    let reason = Some(RevocationReason::KeyCompromise);
    let _ = on(
        &mut session,
        Event::Choose(Choice::Reason(ToRevoke::Made(place), reason)),
        now(),
    );
    session
        .signing
        .type_text(SigningInput::Revoked, "0A0B superseded\n0C");
    let reason = Some(RevocationReason::CessationOfOperation);
    let _ = on(
        &mut session,
        Event::Choose(Choice::Reason(ToRevoke::Pasted, reason)),
        now(),
    );
    let _ = on(&mut session, Event::Press(Press::Revoke), now());
    work(&mut session);

    let list = RevocationList::from_der(&session.files.bytes("revoked.crl").unwrap()).unwrap();
    let reasons: Vec<_> = list
        .revoked()
        .unwrap()
        .iter()
        .map(|entry| entry.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            Some(RevocationReason::KeyCompromise),
            Some(RevocationReason::Superseded),
            Some(RevocationReason::CessationOfOperation),
        ]
    );
    for form in Form::ALL {
        choose(&mut session, Choice::Form(form));
        let start = region(&session, "start");
        let flags = match form {
            Form::Environment => ["ETCD_CLIENT_CRL_FILE=", "ETCD_PEER_CRL_FILE="],
            _ => ["--client-crl-file", "--peer-crl-file"],
        };
        for flag in flags {
            assert!(start.contains(flag), "{form}: {flag}");
        }
        assert!(start.contains("etcd 3.6 and later read DER only") || form == Form::ConfigFile);
    }
    assert!(region(&session, "file-list").contains("data-file=\"revoked.crl\""));
    let read_me = session.files.contents("README").unwrap();
    assert!(read_me.contains("revoked.crl\n") && read_me.contains("(CRL), in DER"));
    assert!(
        session
            .files
            .contents("etcd-m1.env")
            .unwrap()
            .contains("revoked.crl")
    );
    assert!(session.files.contents("etcd-m1.conf.yaml").is_none());
    assert!(region(&session, "revoked").contains("commands of step 4 in Make start etcd with it"));

    // The same CA goes on with it, and another one has nothing to do with it.
    session.type_text(Field::Member(0, MemberField::Days), "200");
    press(&mut session, Press::Make);
    work(&mut session);
    assert!(session.files.bytes("revoked.crl").is_some());
    session.type_text(Field::AuthoritySubject, "CN=other");
    press(&mut session, Press::Make);
    work(&mut session);
    assert!(session.files.bytes("revoked.crl").is_none());
    assert!(region(&session, "revoked").contains("one more flag"));
}

#[test]
fn the_old_certificate_and_the_crl_before_are_shown_before_a_press() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::Ed25519));
    press(&mut session, Press::Make);
    work(&mut session);
    let client = session.files.contents("client.crt").unwrap();
    session.signing.type_text(SigningInput::Old, &client);
    assert_eq!(region(&session, "renew-old"), "");
    work(&mut session);
    let shown = region(&session, "renew-old");
    for said in [
        "CN=client",
        "<dt>Extended key usage</dt>",
        "clientAuth",
        "<dt>Serial</dt>",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    session
        .signing
        .type_text(SigningInput::Old, "nothing of the kind");
    work(&mut session);
    assert_eq!(region(&session, "renew-old"), "");

    // The CRL made here is the one before the next, and can be taken away.
    session.signing.type_text(SigningInput::Revoked, "0A0B");
    let wishes = on(&mut session, Event::Press(Press::Revoke), now());
    assert!(!wishes.iter().any(|wish| matches!(wish, Wish::SetText(..))));
    work(&mut session);
    let shown = region(&session, "revoke-last");
    assert!(
        shown.contains("0A0B") && shown.contains("1 certificate"),
        "{shown}"
    );
    session.signing.type_text(SigningInput::Revoked, "0C");
    let _ = on(&mut session, Event::Press(Press::Revoke), now());
    work(&mut session);
    assert!(region(&session, "revoked").contains("CRL number 2 revokes 2 certificates"));
    session.signing.type_text(SigningInput::Before, "");
    assert_eq!(region(&session, "revoke-last"), "");
    let _ = on(&mut session, Event::Press(Press::Revoke), now());
    work(&mut session);
    assert!(region(&session, "revoked").contains("CRL number 1 revokes 1 certificate;"));
}

#[test]
fn a_file_in_der_is_taken_as_pem_where_something_signed_is_wanted() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::Ed25519));
    press(&mut session, Press::Make);
    work(&mut session);
    let _ = on(&mut session, Event::Press(Press::Revoke), now());
    work(&mut session);
    let input = Input::Signing(SigningInput::Before);
    let given = FileRead {
        name: "revoked.crl".to_owned(),
        contents: session.files.bytes("revoked.crl").unwrap(),
        alone: true,
    };
    let wishes = on(&mut session, Event::Give(input, given), now());
    let pem = String::from_utf8(session.signing.file("revoked.crl.pem").unwrap().to_vec());
    let text = Zeroizing::new(pem.unwrap());
    assert!(wishes.contains(&Wish::SetText(input, text)));
}

#[test]
fn the_commands_can_leave_a_crl_out_again() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::KeyType(KeyType::Ed25519));
    press(&mut session, Press::Make);
    work(&mut session);
    let _ = on(&mut session, Event::Press(Press::Revoke), now());
    work(&mut session);
    assert!(region(&session, "start").contains("--client-crl-file"));
    let _ = on(&mut session, Event::Press(Press::RevokeNothing), now());
    assert!(!region(&session, "start").contains("--client-crl-file"));
    assert!(region(&session, "revoked").contains("one more flag"));
}

#[test]
fn nothing_is_signed_without_an_authority_and_the_fault_says_so() {
    let mut session = Session::new(now());
    choose(&mut session, Choice::Signer(SigningCa::Page));
    let _ = on(&mut session, Event::Press(Press::Revoke), now());
    assert!(region(&session, "revoked").contains("no CA on this page yet"));
    // Without a CA here, another one is asked for.
    let mut session = Session::new(now());
    let wishes = on(&mut session, Event::Press(Press::Renew), now());
    assert!(wishes.contains(&Wish::Focus(
        Input::from(SigningInput::AuthorityCertificate).into()
    )));
    let fault = fault_of(&session, SigningInput::AuthorityCertificate).unwrap();
    assert!(fault.contains("give the CA’s certificate"));
    session
        .signing
        .type_text(SigningInput::AuthorityCertificate, "x");
    assert_eq!(fault_of(&session, SigningInput::AuthorityCertificate), None);
}
