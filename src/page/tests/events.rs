//! Every kind of press, choice, tick, text and whatever else happens to the page,
//! and what is seen or wished for afterwards. The lists are checked against the
//! kinds that there are: an event without a case fails here.

use std::collections::BTreeSet;

use super::*;
use crate::{
    etcd::{
        commands::Form,
        facts::release::{Series, offers},
        plan::{AuthoritySource, Holder, IdentityField, MemberField, Preset},
        role::Role,
    },
    lab::drills::Drill,
    page::{
        event::{
            Alarm, Call, Choice, Download, Event, FileOffer, Given, KeySource, OtherForm, Press,
            RenewalKey, Request, Signer, Tick, ToRevoke,
        },
        id::Id,
        input::{Input, SigningInput},
        wish::Workers,
    },
    pki::{inspection::MAXIMUM_LENGTH, key::KeyType, revocation_list::RevocationReason},
};

/// A reader before the page.
struct Reader {
    session: Session,
    wishes: Vec<Wish>,
}

impl Reader {
    /// Before a page just opened, whose keys are made in a moment.
    fn new() -> Self {
        let mut reader = Self {
            session: Session::new(now()),
            wishes: Vec::new(),
        };
        reader.choose(Choice::KeyType(KeyType::P256));
        reader
    }

    /// Before a page that has made its files.
    fn with_files() -> Self {
        let mut reader = Self::new();
        reader.make();
        reader
    }

    fn on(&mut self, event: Event) {
        self.wishes = on(&mut self.session, event, now());
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a press is written down where it is made"
    )]
    fn press(&mut self, press: Press) {
        // As the browser reads it in the markup.
        let press = press.to_string().parse().unwrap();
        self.on(Event::Press(press));
    }

    /// Chooses what has a place in the markup.
    fn choose(&mut self, choice: Choice) {
        assert!(self.has(choice), "{choice}");
        self.on(Event::Choose(choice.to_string().parse().unwrap()));
    }

    fn tick(&mut self, tick: Tick, on: bool) {
        assert!(self.has(tick), "{tick}");
        self.on(Event::Tick(tick.to_string().parse().unwrap(), on));
    }

    fn type_text(&mut self, input: Input, text: &str) {
        assert!(self.has(input), "{input}");
        self.on(Event::Type(input, text.to_owned().into()));
    }

    fn make(&mut self) {
        self.press(Press::Make);
        self.work();
    }

    /// The workers do what there is to do.
    fn work(&mut self) {
        work(&mut self.session);
        self.wishes = self.session.take_wishes();
    }

    /// Whether there is an element with this identifier.
    fn has(&self, id: impl std::fmt::Display) -> bool {
        page(&self.session).contains(&format!(" id=\"{id}\""))
    }

    fn region(&self, id: &str) -> String {
        region(&self.session, id)
    }

    fn is_chosen(&self, id: impl std::fmt::Display) -> bool {
        view(&self.session).chosen.contains(&(id.to_string(), true))
    }

    fn is_hidden(&self, id: impl std::fmt::Display) -> bool {
        view(&self.session).hidden.contains(&(id.to_string(), true))
    }

    fn focus(&self) -> Option<&str> {
        self.wishes.iter().find_map(|wish| match wish {
            Wish::Focus(id) => Some(id.as_str()),
            _ => None,
        })
    }

    fn text_set(&self, input: Input) -> Option<&str> {
        self.wishes.iter().find_map(|wish| match wish {
            Wish::SetText(set, text) if *set == input => Some(text.as_str()),
            _ => None,
        })
    }

    /// What is to be downloaded: of what, under which name, and the bytes.
    fn download(&self) -> Option<(&Download, &str, &[u8])> {
        self.wishes.iter().find_map(|wish| match wish {
            Wish::Download(download, file) => {
                Some((download, file.name.as_str(), file.contents.as_slice()))
            }
            _ => None,
        })
    }

    fn copied(&self) -> Option<&str> {
        self.wishes.iter().find_map(|wish| match wish {
            Wish::Copy(text) => Some(text.as_str()),
            _ => None,
        })
    }

    fn fault(&self, input: Input) -> Option<String> {
        let mut faults = view(&self.session).faults.into_iter();
        faults.find(|fault| fault.0 == input).unwrap().1
    }

    fn wishes_for(&self, workers: Workers) -> bool {
        self.wishes.contains(&Wish::Workers(workers))
    }
}

/// Checks that there is a case for every kind, and goes through all.
fn all<T>(kinds: &[&str], cases: Vec<(T, fn(T))>, kind: fn(&T) -> &'static str) {
    let there: BTreeSet<&str> = cases.iter().map(|case| kind(&case.0)).collect();
    assert_eq!(there, kinds.iter().copied().collect());
    for (event, case) in cases {
        case(event);
    }
}

fn plan(field: Field) -> Input {
    Input::Plan(field)
}

fn file(name: &str) -> String {
    name.to_owned()
}

const PUT: Request = Request {
    verified: true,
    call: Call::Put(0),
};

#[test]
#[expect(clippy::too_many_lines, reason = "a case for each kind")]
fn every_press_is_answered() {
    let cases: Vec<(Press, fn(Press))> = vec![
        (Press::Make, |press| {
            let mut reader = Reader::new();
            reader.press(press);
            assert_eq!(reader.focus(), Some("progress-text"));
            assert!(reader.is_hidden("make") && !reader.is_hidden("making"));
            reader.work();
            assert_eq!(reader.focus(), Some("files-heading"));
            assert!(reader.region("status").contains("Made."));
        }),
        (Press::Cancel, |press| {
            let mut reader = Reader::new();
            reader.press(Press::Make);
            reader.press(press);
            assert!(reader.wishes_for(Workers::Restart));
            assert_eq!(reader.focus(), Some("make"));
            assert!(reader.region("status").contains("Cancelled."));
        }),
        (Press::AddClient, |press| {
            let mut reader = Reader::new();
            reader.press(press);
            assert_eq!(reader.focus(), Some("client-1-name"));
            assert!(reader.region("client-1-summary").contains("CN=client-2"));
        }),
        (Press::AddMember, |press| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            reader.press(press);
            assert_eq!(reader.focus(), Some("member-3-name"));
            assert!(reader.region("member-3-summary").contains("m4"));
        }),
        (Press::RemoveMember(1), |press| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Cluster));
            reader.press(press);
            assert_eq!(reader.focus(), Some("add-member"));
            assert!(reader.region("member-1-summary").contains("m3"));
        }),
        (Press::RemoveClient(0), |press| {
            let mut reader = Reader::new();
            reader.press(Press::AddClient);
            reader.press(press);
            assert_eq!(reader.focus(), Some("add-client"));
            assert!(reader.region("client-0-summary").contains("CN=client-2"));
        }),
        (Press::Mend(Field::Server(IdentityField::Names)), |press| {
            let names = plan(Field::Server(IdentityField::Names));
            let mut reader = Reader::new();
            reader.type_text(names, "127.0.0.1, DNS:10.0.0.1");
            reader.on(Event::Leave(names));
            assert!(!reader.is_hidden("server-names-mend"));
            reader.press(press);
            assert_eq!(reader.focus(), Some("server-names"));
            let values = view(&reader.session).values;
            assert!(values.contains(&(names, "127.0.0.1, IP:10.0.0.1".to_owned())));
        }),
        (Press::CopyLink, |press| {
            let mut reader = Reader::new();
            reader.press(press);
            let fragment = reader.session.fragment();
            assert!(reader.wishes == [Wish::CopyLink(fragment)]);
        }),
        (Press::Export, |press| {
            let mut reader = Reader::with_files();
            reader.press(press.clone());
            assert!(
                reader
                    .region("formats-status")
                    .contains("at least one form")
            );
            reader.tick(Tick::OtherForm(OtherForm::Der), true);
            reader.press(press);
            reader.work();
            assert!(reader.region("formats-status").contains("etcd.crt.der"));
        }),
        (Press::View(file("client.key")), |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let [Wish::ShowOrHide(showing)] = reader.wishes.as_slice() else {
                panic!("a text to show");
            };
            assert_eq!(showing.file, "client.key");
            assert!(showing.contents.starts_with("-----BEGIN PRIVATE KEY-----"));
            assert_eq!(showing.shown.word, "Hide");
            assert_eq!(showing.hidden.label, "View client.key");
        }),
        (Press::Copy(file("commands.sh")), |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            assert!(reader.copied().unwrap().contains("etcd"));
        }),
        (Press::CopyText(file("command-etcd")), |press| {
            let mut reader = Reader::new();
            assert!(reader.has("command-etcd"));
            reader.press(press);
            assert!(reader.wishes == [Wish::CopyText("command-etcd".to_owned())]);
        }),
        (Press::Download(file("peers/a.crt")), |_| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::Kubeadm));
            let hosts = Field::Member(0, MemberField::Hosts);
            reader.type_text(plan(hosts), "192.0.2.10");
            reader.make();
            let names = reader.session.files.lab().unwrap().files();
            let folder = names.into_iter().find(|file| file.name.contains('/'));
            let name = folder.unwrap().name;
            reader.press(Press::Download(name.clone()));
            let (download, plain, bytes) = reader.download().unwrap();
            assert_eq!(*download, Download::File(name.clone()));
            assert!(name.ends_with(plain) && !plain.contains('/'));
            assert!(!bytes.is_empty());
        }),
        (Press::DownloadTar, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!((download, name), (&Download::Archive, "KUBERNETES-CA.tar"));
            assert!(bytes.starts_with(b"ca.crt"));
        }),
        (Press::DownloadZip, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!((download, name), (&Download::Archive, "KUBERNETES-CA.zip"));
            assert!(bytes.starts_with(b"PK"));
        }),
        (Press::MakeFirst, |press| {
            let mut reader = Reader::new();
            assert!(
                reader
                    .region("authenticate")
                    .contains(&format!("data-action=\"{press}\""))
            );
            reader.press(press);
            assert_eq!(reader.focus(), Some("make"));
        }),
        (Press::Run(PUT), |press| {
            let mut reader = Reader::with_files();
            assert!(reader.has(Id::Run(PUT)));
            reader.press(press);
            reader.work();
            assert!(reader.region("authenticate").contains(">OK</pre>"));
        }),
        (Press::Drill(drill("revoked")), |press| {
            let mut reader = Reader::new();
            assert!(reader.has(Id::Drill(drill("revoked"))));
            reader.press(press);
            assert_eq!(reader.focus(), Some("drill-title"));
            reader.work();
            assert!(reader.region("drill-panel").contains("class=\"refused\""));
        }),
        (Press::DrillMend(drill("revoked")), |press| {
            let mut reader = Reader::new();
            reader.press(press);
            assert_eq!(reader.focus(), Some("drill-title"));
            reader.work();
            assert!(reader.region("drill-panel").contains("class=\"seal\""));
        }),
        (Press::DrillDownload, |press| {
            let mut reader = Reader::new();
            reader.press(press.clone());
            assert!(reader.wishes.is_empty(), "there is no drill yet");
            reader.press(Press::Drill(drill("revoked")));
            reader.work();
            reader.press(press);
            let (download, name, _) = reader.download().unwrap();
            assert_eq!((download, name), (&Download::Drill, "drill-revoked.tar"));
        }),
        (Press::DiagnosisClear, |press| {
            let mut reader = with_evidence();
            reader.press(press);
            assert_eq!(reader.focus(), Some("diagnosis-text"));
            assert_eq!(reader.text_set(Input::Diagnosis), Some(""));
            assert_eq!(reader.region("diagnosis-result"), "");
        }),
        (Press::DiagnosisRemove(file("etcd.log")), |press| {
            let mut reader = with_evidence();
            assert!(reader.region("diagnosis-result").contains("etcd.log"));
            reader.press(press);
            assert_eq!(reader.focus(), Some("diagnosis-text"));
            assert!(!reader.region("diagnosis-result").contains("etcd.log"));
        }),
        (Press::DiagnosisMend, |press| {
            let mut reader = Reader::with_files();
            reader.press(press.clone());
            assert_eq!(reader.text_set(Input::Diagnosis), None, "nothing to mend");
            let commands = reader.session.commands().unwrap();
            let lines = format!(
                "{}\n{}",
                commands.etcd, commands.verified.without_certificate
            );
            reader.type_text(Input::Diagnosis, &lines);
            let alarm = Event::Wake(Alarm::Diagnose(1));
            reader.on(alarm);
            reader.work();
            assert!(reader.has("diagnosis-mend"));
            reader.press(press);
            let mended = reader.text_set(Input::Diagnosis).unwrap();
            assert!(mended.contains("--cert"), "{mended}");
        }),
        (Press::InspectMade, |press| {
            let mut reader = Reader::with_files();
            assert!(!reader.is_hidden("inspect-made"));
            reader.press(press);
            reader.work();
            assert!(reader.region("inspection").contains("3 certificates"));
        }),
        (Press::InspectClear, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::InspectMade);
            assert!(reader.has("inspect-clear"));
            reader.press(press);
            assert_eq!(reader.focus(), Some("inspect-text"));
            assert_eq!(reader.text_set(Input::Inspected), Some(""));
            assert_eq!(reader.text_set(Input::InspectedPassphrase), Some(""));
            assert_eq!(reader.region("inspection"), "");
        }),
        (Press::RenewTake(file("client")), |press| {
            let mut reader = Reader::with_files();
            let button = format!("data-action=\"{press}\"");
            assert!(reader.region("renew-made").contains(&button));
            reader.press(press);
            let old = reader.text_set(Input::Signing(SigningInput::Old));
            assert!(old.unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
        }),
        (Press::Renew, |press| {
            let mut reader = Reader::with_files();
            reader.press(press.clone());
            reader.work();
            assert_eq!(reader.focus(), Some("renew-certificate"), "it is empty");
            reader.press(Press::RenewTake(file("client")));
            reader.press(press);
            assert!(
                view(&reader.session)
                    .disabled
                    .contains(&("renew".to_owned(), true))
            );
            reader.work();
            assert!(reader.region("renewed").contains("Download client.crt"));
        }),
        (Press::RenewForeign, |press| {
            let mut other = Reader::with_files();
            let foreign = other.session.files.contents("client.crt").unwrap();
            let mut reader = Reader::with_files();
            reader.type_text(Input::Signing(SigningInput::Old), &foreign);
            reader.press(Press::Renew);
            reader.work();
            assert!(reader.has("renew-foreign"));
            reader.press(press);
            reader.work();
            assert!(reader.region("renewed").contains("Renewed"));
            other.press(Press::Cancel);
        }),
        (Press::Revoke, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            reader.work();
            assert!(
                reader
                    .region("revoked")
                    .contains("CRL number 1 revokes 0 certificates")
            );
            assert!(reader.region("start").contains("--client-crl-file"));
        }),
        (Press::RevokeNothing, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::Revoke);
            reader.work();
            assert!(reader.has("revoke-nothing"));
            reader.press(press);
            assert_eq!(reader.focus(), Some("revoke"));
            assert!(!reader.region("start").contains("--client-crl-file"));
        }),
        (Press::DownloadSigned(file("revoked.crl")), |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::Revoke);
            reader.work();
            let button = format!("data-action=\"{press}\"");
            assert!(reader.region("revoked").contains(&button));
            reader.press(press);
            let (download, name, bytes) = reader.download().unwrap();
            assert_eq!(*download, Download::Signed("revoked.crl".to_owned()));
            assert_eq!((name, bytes.first()), ("revoked.crl", Some(&0x30)));
        }),
        (Press::Forget, |press| {
            let mut reader = Reader::with_files();
            reader.press(press);
            assert_eq!(reader.focus(), Some("forget-cancel"));
            assert!(reader.is_hidden("forget") && !reader.is_hidden("forget-question"));
        }),
        (Press::ForgetNo, |press| {
            let mut reader = Reader::with_files();
            reader.press(Press::Forget);
            reader.press(press);
            assert_eq!(reader.focus(), Some("forget"));
            assert!(reader.is_hidden("forget-question") && reader.session.files.lab().is_some());
        }),
        (Press::ForgetYes, |press| {
            let mut reader = Reader::with_files();
            reader.type_text(plan(Field::AuthorityKey), "a key");
            reader.press(press);
            assert!(reader.wishes_for(Workers::End));
            assert!(reader.wishes.contains(&Wish::ForgetChosenFiles));
            assert_eq!(reader.focus(), Some("make"));
            for field in [
                Field::AuthorityCertificate,
                Field::AuthorityKey,
                Field::AuthorityPassphrase,
                Field::ExportPassphrase,
            ] {
                assert_eq!(reader.text_set(plan(field)), Some(""), "{field}");
            }
            for input in Input::beside_the_plan() {
                assert_eq!(reader.text_set(input), Some(input.initial()), "{input}");
            }
            assert!(reader.session.files.lab().is_none());
        }),
    ];
    all(Press::KINDS, cases, Press::kind);
}

/// A reader who has given something to be diagnosed.
fn with_evidence() -> Reader {
    let mut reader = Reader::new();
    let given = Given {
        name: "etcd.log".to_owned(),
        contents: b"remote error: tls: bad certificate".to_vec().into(),
        alone: true,
    };
    reader.on(Event::Give(Input::Diagnosis, given));
    reader.work();
    assert!(
        reader
            .region("diagnosis-result")
            .contains("bad certificate")
    );
    reader
}

/// A CSR for `a.lab.test` and `10.0.0.1`.
fn csr() -> String {
    let mut other = Reader::new();
    let names = Field::Client(0, IdentityField::Names);
    other.type_text(plan(names), "a.lab.test, 10.0.0.1");
    other.make();
    other
        .session
        .files
        .contents("client.csr")
        .unwrap()
        .to_string()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a case for each kind")]
fn every_choice_is_answered() {
    const CLIENT: Holder = Holder::Client(0);
    let cases: Vec<(Choice, fn(Choice))> = vec![
        (Choice::Preset(Preset::Kubeadm), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.has("member-0-name"));
        }),
        (Choice::Series(Series::V3_4), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("kinds-summary").contains("etcd 3.4"));
        }),
        (Choice::KeyType(KeyType::P384), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("kinds-summary").contains("P-384"));
        }),
        (Choice::AuthoritySource(AuthoritySource::Bring), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.is_hidden("authority-make-fields"));
            reader.choose(Choice::AuthoritySource(AuthoritySource::Make));
            assert!(!reader.is_chosen(choice) && reader.is_hidden("authority-bring-fields"));
        }),
        (Choice::KeySource(CLIENT, KeySource::Request), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.is_hidden("client-0-make-fields"));
            reader.choose(Choice::KeySource(CLIENT, KeySource::Here));
            assert!(!reader.is_chosen(choice) && reader.is_hidden("client-0-csr-fields"));
        }),
        (Choice::Usage(CLIENT, Role::Peer), |choice| {
            let mut reader = Reader::new();
            reader.choose(Choice::Preset(Preset::SignCsr));
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("client-0-summary").contains("Peer"));
        }),
        (
            Choice::OwnKeyType(CLIENT, Some(KeyType::Ed25519)),
            |choice| {
                let mut reader = Reader::new();
                reader.choose(choice);
                assert!(reader.is_chosen(choice));
                assert!(reader.region("client-0-summary").contains("Ed25519"));
            },
        ),
        (Choice::Form(Form::Compose), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            assert!(reader.region("start").contains("services:"));
        }),
        (Choice::Build(offers()[0]), |choice| {
            let mut reader = Reader::with_files();
            reader.press(Press::Run(PUT));
            reader.work();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            let name = offers()[0].version.to_string();
            assert!(reader.region("authenticate").contains(&name));
            reader.work();
            assert!(
                reader
                    .region("authenticate")
                    .contains("class=\"printed of-")
            );
        }),
        (Choice::Signer(Signer::Own), |choice| {
            let mut reader = Reader::new();
            reader.choose(choice);
            assert!(reader.is_chosen(choice) && reader.is_hidden("signer-page"));
            reader.choose(Choice::Signer(Signer::Page));
            assert!(reader.is_hidden("signer-own-fields"));
        }),
        (Choice::RenewalKey(RenewalKey::New), |choice| {
            let mut reader = Reader::with_files();
            reader.choose(choice);
            assert!(reader.is_chosen(choice));
            reader.press(Press::RenewTake(file("client")));
            reader.press(Press::Renew);
            reader.work();
            assert!(reader.region("renewed").contains("Download client.key"));
        }),
        (
            Choice::Reason(ToRevoke::Made(1), Some(RevocationReason::Superseded)),
            |choice| {
                let mut reader = Reader::with_files();
                reader.tick(Tick::Revoked(1), true);
                reader.choose(choice);
                assert!(reader.is_chosen(choice));
                reader.press(Press::Revoke);
                reader.work();
                assert!(reader.region("revoked").contains("superseded"));
                reader.choose(Choice::Reason(ToRevoke::Made(1), None));
                assert!(!reader.is_chosen(choice));
            },
        ),
    ];
    all(Choice::KINDS, cases, Choice::kind);
}

#[test]
fn every_tick_is_answered() {
    let cases: Vec<(Tick, fn(Tick))> = vec![
        (Tick::Intermediate, |tick| {
            let mut reader = Reader::new();
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick) && !reader.is_hidden("intermediate-fields"));
            reader.tick(tick, false);
            assert!(!reader.is_chosen(tick) && reader.is_hidden("intermediate-fields"));
        }),
        (Tick::SeparateAuthorities, |tick| {
            let mut reader = Reader::new();
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick));
            assert!(!reader.is_hidden("separate-authorities-fields"));
        }),
        (Tick::OtherForm(OtherForm::Pkcs12), |tick| {
            let mut reader = Reader::with_files();
            for form in OtherForm::ALL {
                reader.tick(Tick::OtherForm(form), true);
                assert!(reader.is_chosen(Tick::OtherForm(form)));
            }
            reader.tick(tick, false);
            assert!(!reader.is_chosen(tick));
            reader.press(Press::Export);
            assert_eq!(reader.focus(), Some("export-passphrase"));
            assert!(reader.fault(plan(Field::ExportPassphrase)).is_some());
        }),
        (Tick::Name(Holder::Client(0), 0), |tick| {
            let mut reader = Reader::new();
            let source = KeySource::Request;
            reader.choose(Choice::KeySource(Holder::Client(0), source));
            let field = plan(Field::Client(0, IdentityField::Csr));
            reader.type_text(field, &csr());
            reader.on(Event::Wake(Alarm::Check));
            assert!(reader.is_chosen(tick));
            reader.tick(tick, false);
            assert!(!reader.is_chosen(tick));
            let names = Field::Client(0, IdentityField::Names);
            assert_eq!(reader.session.form.text(names), Some("10.0.0.1"));
        }),
        (Tick::Revoked(1), |tick| {
            let mut reader = Reader::with_files();
            reader.tick(tick, true);
            assert!(reader.is_chosen(tick) && reader.has("revoke-made-1-reason"));
            reader.press(Press::Revoke);
            reader.work();
            assert!(reader.region("revoked").contains("revokes 1 certificate"));
            reader.tick(tick, false);
            assert!(!reader.has("revoke-made-1-reason"));
        }),
    ];
    all(Tick::KINDS, cases, Tick::kind);
}

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
    on(&mut reader, Event::Choose(Choice::Series(Series::V3_5)));
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
    let given = Given {
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
    assert!(reader.region("status").contains("can’t be used"));

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
    reader.press(Press::Renew);
    reader.choose(Choice::Signer(Signer::Own));
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
        let given = Given {
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
                    "data-contents"
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
    reader.choose(Choice::RenewalKey(RenewalKey::New));
    reader.press(Press::RenewTake(file("client")));
    reader.press(Press::Renew);
    for place in 0..2 {
        reader.tick(Tick::Revoked(place), true);
    }
    reader.press(Press::Revoke);
    let name = "<img \"src\"> & 'it'.log";
    let given = Given {
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
