//! The identifiers of elements that are computed, in one type: markup writes
//! them, and what is shown and what happens is found by them. Each is written by
//! `Display` and read by `FromStr`.

use std::{fmt, str::FromStr};

use super::{
    element::PageElement,
    event::{Choice, Request, Tick, ToRevoke},
    input::Input,
    spelling::{Unknown, of_holder},
};
use crate::{
    etcd::plan::{Field, Holder},
    lab::drills::Drill,
};

/// The identifier of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// An element that there is one of.
    Element(PageElement),
    /// An input.
    Input(Input),
    /// What belongs to an input.
    OfInput(Input, InputPart),
    /// A radio button, or an option of a list.
    Choice(Choice),
    /// A check box.
    Tick(Tick),
    /// What belongs to a server, a member or a client.
    OfHolder(Holder, HolderPart),
    /// The list of reasons for which something is revoked.
    Reasons(ToRevoke),
    /// A command that asks etcd.
    Request(Request),
    /// The button that shows what etcd answers to it.
    Run(Request),
    /// Its answer.
    Answer(Request),
    /// The openssl lines for the certificate at this place.
    Openssl(usize),
    /// The button of a drill.
    Drill(Drill),
    /// What was found by the inspector, at this place.
    Found(usize),
    /// A part of that.
    OfFound(usize, FoundPart),
}

/// What belongs to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputPart {
    /// All of it.
    Row,
    /// What it is for.
    Hint,
    /// What is wrong with it.
    Fault,
    /// The button that mends it.
    Mend,
    /// What chooses a file for it.
    File,
}

/// What belongs to a server, a member or a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderPart {
    /// The fold.
    Details,
    /// Its one line.
    Summary,
    /// The inputs for a key that is made here.
    MakeFields,
    /// The order in which the subject will be encoded.
    Encoded,
    /// The inputs for a CSR.
    CsrFields,
    /// What was read from the CSR.
    CsrFacts,
    /// The fold with the kinds of keys.
    KeyDetails,
    /// What the chosen etcd takes.
    KeyTaken,
    /// The button that takes it away.
    Remove,
}

/// A part of what was found by the inspector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundPart {
    /// The serial number.
    Serial,
    /// The SHA-256.
    Sha256,
    /// The SHA-1.
    Sha1,
    /// The PEM.
    Pem,
    /// The fold around it.
    PemDetails,
    /// The button that takes it apart.
    Anatomy,
}

impl InputPart {
    const ALL: [Self; 5] = [Self::Row, Self::Hint, Self::Fault, Self::Mend, Self::File];

    fn word(self) -> &'static str {
        match self {
            Self::Row => "field",
            Self::Hint => "hint",
            Self::Fault => "fault",
            Self::Mend => "mend",
            Self::File => "file",
        }
    }
}

impl HolderPart {
    const BEHIND: [Self; 8] = [
        Self::Details,
        Self::Summary,
        Self::Encoded,
        Self::MakeFields,
        Self::CsrFields,
        Self::CsrFacts,
        Self::KeyDetails,
        Self::KeyTaken,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Details => "details",
            Self::Summary => "summary",
            Self::Encoded => "encoded",
            Self::MakeFields => "make-fields",
            Self::CsrFields => "csr-fields",
            Self::CsrFacts => "csr-facts",
            Self::KeyDetails => "key-details",
            Self::KeyTaken => "key-taken",
            Self::Remove => "remove",
        }
    }
}

impl FoundPart {
    const ALL: [Self; 6] = [
        Self::Serial,
        Self::Sha256,
        Self::Sha1,
        Self::Pem,
        Self::PemDetails,
        Self::Anatomy,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
            Self::Pem => "pem",
            Self::PemDetails => "pem-details",
            Self::Anatomy => "anatomy",
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(element) => element.fmt(formatter),
            Self::Input(input) => input.fmt(formatter),
            Self::OfInput(input, part) => write!(formatter, "{input}-{}", part.word()),
            Self::Choice(choice) => choice.fmt(formatter),
            Self::Tick(tick) => tick.fmt(formatter),
            Self::OfHolder(holder, HolderPart::Remove) => write!(formatter, "remove-{holder}"),
            Self::OfHolder(holder, part) => write!(formatter, "{holder}-{}", part.word()),
            Self::Reasons(what) => write!(formatter, "{what}-reason"),
            Self::Request(request) => request.fmt(formatter),
            Self::Run(request) => write!(formatter, "run-{request}"),
            Self::Answer(request) => write!(formatter, "dry-run-{request}"),
            Self::Openssl(place) => write!(formatter, "command-openssl-{place}"),
            Self::Drill(drill) => write!(formatter, "drill-{}", drill.id()),
            Self::Found(place) => write!(formatter, "inspected-{place}"),
            Self::OfFound(place, part) => write!(formatter, "inspected-{place}-{}", part.word()),
        }
    }
}

/// What an identifier is made of where it is the whole of it.
macro_rules! of_one {
    ($($type:ty => $of:expr),+ $(,)?) => {
        $(impl From<$type> for Id {
            fn from(part: $type) -> Self {
                $of(part)
            }
        })+
    };
}

of_one! {
    PageElement => Self::Element,
    Choice => Self::Choice,
    Tick => Self::Tick,
    Input => Self::Input,
    Field => |field| Self::Input(Input::Plan(field)),
}

impl FromStr for Id {
    type Err = Unknown;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Unknown> {
        let request = |text: &str| text.parse::<Request>().ok();
        let numbered = |prefix: &str| text.strip_prefix(prefix)?.parse().ok();
        let part_of_input = || {
            let (input, word) = text.rsplit_once('-')?;
            let part = InputPart::ALL
                .into_iter()
                .find(|part| part.word() == word)?;
            Some(Self::OfInput(input.parse().ok()?, part))
        };
        let part_of_holder = || {
            if let Some(holder) = text.strip_prefix("remove-") {
                let holder = holder.parse().ok()?;
                return Some(Self::OfHolder(holder, HolderPart::Remove));
            }
            let (holder, word) = of_holder(text)?;
            let mut parts = HolderPart::BEHIND.into_iter();
            let part = parts.find(|part| part.word() == word)?;
            Some(Self::OfHolder(holder, part))
        };
        let reasons = || Some(Self::Reasons(text.strip_suffix("-reason")?.parse().ok()?));
        let found = || {
            let (place, word) = text.strip_prefix("inspected-")?.split_once('-')?;
            let part = FoundPart::ALL
                .into_iter()
                .find(|part| part.word() == word)?;
            Some(Self::OfFound(place.parse().ok()?, part))
        };
        let element = || {
            let mut all = PageElement::ALL.iter();
            all.find(|named| named.id() == text)
                .copied()
                .map(Self::Element)
        };
        let input = text.parse().map(Self::Input).ok();
        input
            .or_else(part_of_input)
            .or_else(|| text.parse().map(Self::Choice).ok())
            .or_else(|| text.parse().map(Self::Tick).ok())
            .or_else(part_of_holder)
            .or_else(reasons)
            .or_else(|| request(text).map(Self::Request))
            .or_else(|| request(text.strip_prefix("run-")?).map(Self::Run))
            .or_else(|| request(text.strip_prefix("dry-run-")?).map(Self::Answer))
            .or_else(|| numbered("command-openssl-").map(Self::Openssl))
            .or_else(|| Drill::from_id(text.strip_prefix("drill-")?).map(Self::Drill))
            .or_else(|| numbered("inspected-").map(Self::Found))
            .or_else(found)
            .or_else(element)
            .ok_or_else(|| Unknown::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        etcd::plan::{IdentityField, MemberField},
        page::{
            event::{KeySource, Operation, OtherForm, Press},
            input::SigningInput,
        },
        pki::{key::KeyType, revocation_list::RevocationReason},
    };

    #[test]
    fn every_identifier_is_read_as_what_it_was_written_for() {
        let mut ids: Vec<Id> = PageElement::ALL.iter().copied().map(Id::Element).collect();
        let mut fields = Field::SINGLE.to_vec();
        fields.extend(IdentityField::ALL.map(Field::Server));
        fields.extend(IdentityField::ALL.map(|field| Field::Client(12, field)));
        fields.extend(MemberField::ALL.map(|field| Field::Member(3, field)));
        let inputs = fields.into_iter().map(Input::Plan);
        for input in inputs.chain(Input::beside_the_plan()) {
            ids.push(Id::Input(input));
            ids.extend(InputPart::ALL.map(|part| Id::OfInput(input, part)));
        }
        for holder in [Holder::Server, Holder::Member(12), Holder::Client(3)] {
            ids.extend(HolderPart::BEHIND.map(|part| Id::OfHolder(holder, part)));
            ids.push(Id::OfHolder(holder, HolderPart::Remove));
            ids.extend(Choice::of(holder).map(Id::Choice));
            ids.push(Id::Tick(Tick::Name(holder, 7)));
        }
        ids.extend(Choice::fixed().map(Id::Choice));
        ids.extend(OtherForm::ALL.map(|form| Id::Tick(Tick::OtherForm(form))));
        ids.extend([Tick::Intermediate, Tick::SeparateAuthorities].map(Id::Tick));
        ids.push(Id::Tick(Tick::Revoked(29)));
        for what in [ToRevoke::Made(0), ToRevoke::Made(29), ToRevoke::Pasted] {
            ids.push(Id::Reasons(what));
            ids.push(Id::Choice(Choice::Reason(what, None)));
            for reason in RevocationReason::ALL {
                ids.push(Id::Choice(Choice::Reason(what, Some(reason))));
            }
        }
        for verified in [true, false] {
            for operation in [
                Operation::WithoutCertificate,
                Operation::Put(0),
                Operation::Get(19),
            ] {
                let request = Request {
                    verified,
                    operation,
                };
                ids.extend([Id::Request(request), Id::Run(request), Id::Answer(request)]);
            }
        }
        ids.extend(Drill::all().map(Id::Drill));
        for place in [0, 29] {
            ids.extend([Id::Openssl(place), Id::Found(place)]);
            ids.extend(FoundPart::ALL.map(|part| Id::OfFound(place, part)));
        }
        let mut seen = std::collections::HashSet::new();
        for id in ids {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert!(seen.insert(id.to_string()), "{id} is there twice");
        }
    }

    #[test]
    fn what_is_no_identifier_of_the_page_is_nothing_else_either() {
        for text in [
            "",
            "preset-other",
            "server-key-p-257",
            "client--key-plan",
            "member-x-key-plan",
            "nobody-key-plan",
            "client-x-usage-peer",
            "client-0-usage-root",
            "revoke-made-x-reason-superseded",
            "revoke-made-0-reason-SUPERSEDED",
            "revoke-text-reason-stolen",
            "inspected-x-pem",
            "command-verified-put",
            "run-",
            "drill-nothing",
        ] {
            let unknown = text.parse::<Id>().unwrap_err();
            assert_eq!(unknown.text, text);
        }
    }

    #[test]
    fn a_press_keeps_whatever_stands_behind_its_word() {
        for press in [
            Press::View("a folder/it's ünusual \"&<>.crt".to_owned()),
            Press::Copy(String::new()),
            Press::Mend(Field::Client(1, IdentityField::Names)),
            Press::RemoveMember(14),
            Press::Make,
        ] {
            assert_eq!(press.to_string().parse(), Ok(press));
        }
        for text in ["", "make it", "view", "remove-client x", "drill nothing"] {
            assert!(text.parse::<Press>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_choice_begins_with_whom_it_is_about() {
        let choice = Choice::KeySource(Holder::Client(0), KeySource::Request);
        assert_eq!(choice.to_string(), "client-0-source-csr");
        let choice = Choice::OwnKeyType(Holder::Server, Some(KeyType::P256));
        assert_eq!(choice.to_string(), "server-key-p-256");
        assert_eq!(SigningInput::Old.to_string(), "renew-certificate");
    }
}
