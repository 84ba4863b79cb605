//! Every kind of press, choice, tick, text and whatever else happens to the page,
//! and what is seen or wished for afterwards. The lists are checked against the
//! kinds that there are: an event without a case fails here.

mod attributes;
mod choices;
mod happenings;
mod presses;

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
            Alarm, Choice, Download, Event, FileOffer, FileRead, KeySource, Need, Operation,
            OtherForm, Press, RenewalKey, Request, SigningCa, Tick, ToRevoke,
        },
        id::Id,
        input::{Input, SigningInput},
        place::Place,
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
        has_state(&view(&self.session).chosen, id)
    }

    fn is_hidden(&self, id: impl std::fmt::Display) -> bool {
        has_state(&view(&self.session).hidden, id)
    }

    fn focus(&self) -> Option<String> {
        self.wishes.iter().find_map(|wish| match wish {
            Wish::Focus(id) => Some(id.to_string()),
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
    operation: Operation::Put(0),
};

/// A reader who has given something to be diagnosed.
fn with_evidence() -> Reader {
    let mut reader = Reader::new();
    let given = FileRead {
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
