//! What is typed, given and downloaded, and whatever else happens to a page.

use super::*;

#[test]
fn every_event_is_answered() {
    let offer = |name: &str, length| FileOffer {
        name: name.to_owned(),
        length,
    };
    let mut reader = Reader::new();
    let mut seen = BTreeSet::new();
    let mut on = |reader: &mut Reader, event: Event| {
        seen.insert(event.kind());
        reader.on(event);
    };

    // Presses, choices and ticks have tests of their own.
    on(&mut reader, Event::Press(Press::AddClient));
    on(
        &mut reader,
        Event::Choose(Choice::Build(Series::V3_5.offer())),
    );
    on(&mut reader, Event::Tick(Tick::Intermediate, true));

    let days = plan(Field::AuthorityDays);
    on(&mut reader, Event::Type(days, "6o".to_owned().into()));
    assert!(reader.wishes == [Wish::Wake(Alarm::Check, 120)]);
    on(&mut reader, Event::Type(days, "6oo".to_owned().into()));
    assert!(reader.wishes.is_empty(), "it is looked at soon anyway");
    on(&mut reader, Event::Wake(Alarm::Check));
    assert_eq!(reader.fault(days), None, "it is still being typed");
    on(&mut reader, Event::Leave(days));
    assert!(reader.fault(days).is_some());

    on(
        &mut reader,
        Event::Offer(
            Input::Inspected,
            vec![offer("a.p12", 9), offer("b", 1 << 30)],
        ),
    );
    assert!(reader.wishes == [Wish::Read(Input::Inspected, 0)]);
    assert!(reader.region("inspection").contains("too much"));
    let given = FileRead {
        name: "a.p12".to_owned(),
        contents: b"no certificate".to_vec().into(),
        alone: false,
    };
    on(&mut reader, Event::Give(Input::Inspected, given));
    reader.work();
    assert!(reader.region("inspect-given").contains("a.p12"));
    on(
        &mut reader,
        Event::TypeTooMuch(Input::Inspected, MAXIMUM_LENGTH + 1),
    );
    assert!(reader.region("inspection").contains("too much"));
    on(&mut reader, Event::Unreadable);
    assert!(reader.region("status").contains("could not read that file"));

    on(&mut reader, Event::DownloadRefused);
    assert!(reader.region("status").contains("refused the download"));
    reader.type_text(days, "3650");
    reader.make();
    assert!(reader.session.has_unsaved_keys());
    let download = Download::Archive;
    on(&mut reader, Event::Downloaded(download));
    assert!(!reader.session.has_unsaved_keys());

    on(&mut reader, Event::PutAside);
    assert!(reader.wishes_for(Workers::Rest));
    on(&mut reader, Event::TakeUp);
    assert!(reader.wishes_for(Workers::Resume));
    on(&mut reader, Event::Link("#plan=broken!".to_owned()));
    assert!(reader.region("report").contains("can’t be used"));
    on(&mut reader, Event::Drop(vec![offer("pki.tar", 9)]));
    let read = Wish::Read(Input::Inspected, 0);
    assert!(
        reader.wishes.contains(&read),
        "what Make has no field for is looked at"
    );
    on(&mut reader, Event::Go(Place::Diagnose));
    let heading = Place::Diagnose.heading();
    let address = Wish::Address("#diagnose".to_owned());
    assert!(reader.wishes == [address, Wish::ShowPlace(heading)]);
    on(&mut reader, Event::Return("#make?port=2380&v=1".to_owned()));
    assert_eq!(reader.session.form.plan().port, "2380");
    assert!(reader.wishes == [Wish::ShowPlace(PageElement::MakeHeading)]);

    assert_eq!(seen, Event::KINDS.iter().copied().collect());
}

#[test]
fn whatever_can_be_typed_gets_to_its_place() {
    let mut reader = Reader::new();
    reader.choose(Choice::Preset(Preset::Cluster));
    reader.press(Press::AddClient);
    reader.tick(Tick::Intermediate, true);
    for field in reader.session.form.fields() {
        let text = format!("typed into {field}");
        reader.type_text(plan(field), &text);
        let values = view(&reader.session).values;
        let value = values.iter().find(|value| value.0 == plan(field));
        match field {
            // The session hands no secret about, nor what belongs to one.
            Field::AuthorityCertificate
            | Field::AuthorityKey
            | Field::AuthorityPassphrase
            | Field::ExportPassphrase => assert_eq!(value, None),
            _ => assert_eq!(value.unwrap().1, text),
        }
    }
    for input in Input::beside_the_plan() {
        reader.type_text(input, &format!("typed into {input}"));
        let alarm = match input {
            Input::Diagnosis => Some(Wish::Wake(Alarm::Diagnose(1), 300)),
            _ => None,
        };
        assert!(reader.wishes == Vec::from_iter(alarm), "{input}");
    }
    reader.on(Event::Wake(Alarm::Check));
    reader.on(Event::Wake(Alarm::Diagnose(1)));
    reader.choose(Choice::Signer(SigningCa::Page));
    reader.press(Press::Renew);
    reader.choose(Choice::Signer(SigningCa::Own));
    reader.press(Press::Renew);
    reader.work();
    assert!(reader.region("inspection").contains("can’t be read"));
    assert!(
        reader
            .region("diagnosis-result")
            .contains("None of these words")
    );
    let mut signing = SigningInput::ALL.into_iter().map(Input::Signing);
    assert!(signing.any(|input| reader.fault(input).is_some()));
}

#[test]
fn what_is_diagnosed_is_looked_at_when_it_rests() {
    let mut reader = Reader::new();
    reader.type_text(Input::Diagnosis, "rejected");
    reader.type_text(Input::Diagnosis, "rejected connection: revoked");
    assert!(reader.wishes == [Wish::Wake(Alarm::Diagnose(2), 300)]);
    reader.on(Event::Wake(Alarm::Diagnose(1)));
    assert!(
        next_job(&mut reader.session, now()).is_none(),
        "it was typed on"
    );
    reader.on(Event::Wake(Alarm::Diagnose(2)));
    assert!(next_job(&mut reader.session, now()).is_some());
}

#[test]
fn a_text_that_is_too_long_for_the_last_chapter_is_refused_there_alone() {
    let mut reader = Reader::new();
    let input = Input::Signing(SigningInput::Revoked);
    let limit = input.limit().unwrap();
    reader.on(Event::TypeTooMuch(input, limit + 1));
    assert!(reader.region("status").contains("This did not work"));
    assert_eq!(reader.region("inspection"), "");
}

#[test]
fn two_files_dropped_at_once_are_told_apart_and_a_third_is_left() {
    let other = Reader::with_files();
    let mut reader = Reader::new();
    reader.choose(Choice::AuthoritySource(AuthoritySource::Bring));
    let dropped_on = plan(Field::AuthorityCertificate);
    let offers = ["ca.key", "ca.crt", "README"].map(|name| FileOffer {
        name: name.to_owned(),
        length: 1_000,
    });
    reader.on(Event::Offer(dropped_on, offers.to_vec()));
    assert!(reader.wishes == [Wish::Read(dropped_on, 0), Wish::Read(dropped_on, 1)]);
    for (name, field) in [
        ("ca.key", Field::AuthorityKey),
        ("ca.crt", Field::AuthorityCertificate),
    ] {
        let given = FileRead {
            name: name.to_owned(),
            contents: other.session.files.bytes(name).unwrap(),
            alone: false,
        };
        reader.on(Event::Give(dropped_on, given));
        assert!(reader.text_set(plan(field)).is_some(), "{name}");
    }
    reader.work();
    assert!(reader.region("authority-facts").contains("can be used"));
}

#[test]
fn a_file_for_the_last_chapter_is_read_alone_and_refused_by_its_size() {
    let mut reader = Reader::new();
    let input = Input::Signing(SigningInput::AuthorityKey);
    let offer = |length| FileOffer {
        name: "ca.key".to_owned(),
        length,
    };
    reader.on(Event::Offer(input, vec![offer(100), offer(100)]));
    assert!(reader.wishes == [Wish::Read(input, 0)]);
    reader.on(Event::Offer(input, vec![offer(50_000_000)]));
    assert!(reader.wishes.is_empty());
    assert!(reader.region("status").contains("50 MB is far too large"));
}

#[test]
fn the_files_of_a_renewed_certificate_are_called_after_its_common_name() {
    for (subject, stem) in [
        ("CN=a/b", "a_b"),
        ("CN=client\\, CN=x,O=team", "client__CN_x"),
        ("O=team", "etcd-pki"),
    ] {
        let mut reader = Reader::new();
        let field = Field::Client(0, IdentityField::Subject);
        reader.type_text(plan(field), subject);
        reader.make();
        let old = reader.session.files.contents("client.crt").unwrap();
        let input = Input::Signing(SigningInput::Old);
        reader.type_text(input, &old);
        reader.press(Press::Renew);
        reader.work();
        let button = format!("Download {stem}.crt");
        assert!(reader.region("renewed").contains(&button), "{subject}");
        // They keep the name while the next one is typed.
        reader.type_text(input, "x");
        assert!(reader.region("renewed").contains(&button), "{subject}");
        reader.press(Press::DownloadSigned(format!("{stem}.crt")));
        assert!(reader.download().is_some());
    }
}

#[test]
fn a_file_dropped_beside_every_field_goes_where_the_place_wants_it() {
    let old = Input::Signing(SigningInput::Old);
    let before = Input::Signing(SigningInput::Before);
    for (place, name, input) in [
        (Place::BreakIt, "a.crt", Input::Inspected),
        (Place::Diagnose, "etcd.log", Input::Diagnosis),
        (Place::Inspect, "a.p12", Input::Inspected),
        (Place::RenewAndRevoke, "client.crt", old),
        (Place::RenewAndRevoke, "list.CRL", before),
        (Place::Make, "ca.crt", plan(Field::AuthorityCertificate)),
        (Place::Make, "ca.key", plan(Field::AuthorityKey)),
        (
            Place::Make,
            "a.csr",
            plan(Field::Client(0, IdentityField::Csr)),
        ),
    ] {
        let mut reader = Reader::new();
        reader.choose(Choice::Preset(Preset::SignCsr));
        reader.on(Event::Go(place));
        let name = name.to_owned();
        reader.on(Event::Drop(vec![FileOffer { name, length: 9 }]));
        assert!(reader.wishes.contains(&Wish::Read(input, 0)), "{input}");
    }
}
