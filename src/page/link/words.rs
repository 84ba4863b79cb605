//! A plan as a word for its preset, and behind it what differs from where that
//! begins, a word and a value each. The README's table of links lists the words.

use std::collections::HashSet;

use super::{
    LinkError, check_clients, check_members,
    encoding::{decode, encode},
    hosts::hosts,
};
use crate::{
    etcd::{
        facts::release::Series,
        plan::{
            AuthoritySource, Field, IdentityField, IdentityPlan, IntermediatePlan, MemberField,
            Plan, Preset,
        },
        role::Role,
    },
    pki::key::KeyType,
};

/// The version of the words, which a link with any says last.
pub const VERSION: &str = "1";

/// The word of the fields that a plan has once. The others begin with whose they
/// are: `server-days`, `client-days`, `client2-days`, `member3-hosts`.
const SINGLE: &[(&str, Field)] = &[
    ("ca", Field::AuthoritySubject),
    ("ca-days", Field::AuthorityDays),
    ("ca-path-length", Field::AuthorityPathLength),
    ("ca-permitted", Field::AuthorityPermitted),
    ("ca-excluded", Field::AuthorityExcluded),
    ("intermediate", Field::IntermediateSubject),
    ("intermediate-days", Field::IntermediateDays),
    ("client-ca", Field::ClientAuthoritySubject),
    ("peer-ca", Field::PeerAuthoritySubject),
    ("many", Field::ManyNames),
    ("many-subject", Field::ManySubject),
    ("many-days", Field::ManyDays),
    ("host", Field::Host),
    ("port", Field::Port),
    ("folder", Field::Directory),
];

const HOSTS: &str = "hosts";
const MEMBERS: &str = "members";
const CLIENTS: &str = "clients";
const NO_MEMBERS: &str = "no-members";
const NO_CLIENTS: &str = "no-clients";
const OWN_CA: &str = "own-ca";
const SEPARATE_CAS: &str = "separate-cas";
const WITHOUT_GATEWAY: &str = "without-gateway";
const ETCD: &str = "etcd";
const KEY: &str = "key";
const VERSION_WORD: &str = "v";

/// Whether a plan of this kind has no use for a field: members have hosts and ports of
/// their own.
fn is_of_another(field: Field, plan: &Plan) -> bool {
    matches!(field, Field::Host | Field::Port) && plan.preset.has_members()
}

/// What a plan holds that one of its kind has no use for, as where it begins.
pub(super) fn reset_unused(plan: &mut Plan) {
    let base = Plan::preset(plan.preset);
    if is_of_another(Field::Host, plan) {
        plan.host = base.host;
        plan.port = base.port;
    }
}

/// The words for a plan, without the `#`: `make` for the tutorial as it begins.
#[must_use]
pub fn words(plan: &Plan) -> String {
    let mut base = Plan::preset(plan.preset);
    let mut words = Vec::new();
    let mut say = |word: &str, value: String| words.push(format!("{word}={value}"));
    if let Some(hosts) = hosts(plan, &base) {
        // It was tried already.
        let _ = base.take_hosts(&hosts);
        say(HOSTS, encode(&hosts, false));
    }
    for list in LISTS {
        let (wanted, there) = ((list.names)(plan), (list.names)(&base));
        if wanted.is_empty() && !there.is_empty() {
            say(list.none, "yes".to_owned());
        } else if wanted != there {
            let each: Vec<String> = wanted.iter().map(|name| encode(name, true)).collect();
            say(list.word, each.join(","));
        } else {
            continue;
        }
        (list.name)(&mut base, &wanted);
    }
    if let Some(wanted) = &plan.authority.intermediate {
        say("intermediate", encode(&wanted.subject, false));
        base.authority.intermediate = Some(IntermediatePlan {
            subject: wanted.subject.clone(),
            ..IntermediatePlan::default()
        });
    }
    for (word, field) in fields(plan) {
        if is_of_another(field, plan) {
            continue;
        }
        let text = plan.text(field).unwrap_or_default();
        if plan.text(field) != base.text(field) && may_travel(text) {
            say(&word, encode(text, false));
        }
    }
    for (prefix, wanted, base) in identities(plan, &base) {
        if wanted.key_type != base.key_type {
            say(&format!("{prefix}-key"), own_key_type(wanted.key_type));
        }
        if wanted.role != base.role {
            say(&format!("{prefix}-usage"), wanted.role.to_string());
        }
    }
    for (place, (wanted, base)) in plan.members.iter().zip(&base.members).enumerate() {
        if wanted.key_type != base.key_type {
            let word = format!("{}-key", prefix("member", place));
            say(&word, own_key_type(wanted.key_type));
        }
    }
    let bring = |plan: &Plan| plan.authority.source == AuthoritySource::Bring;
    for (word, wanted, base) in [
        (OWN_CA, bring(plan), bring(&base)),
        (
            SEPARATE_CAS,
            plan.separate_authorities,
            base.separate_authorities,
        ),
        (WITHOUT_GATEWAY, plan.without_gateway, base.without_gateway),
    ] {
        if wanted != base {
            say(word, if wanted { "yes" } else { "no" }.to_owned());
        }
    }
    if plan.key_type != base.key_type {
        say(KEY, plan.key_type.to_string().to_lowercase());
    }
    if plan.etcd != base.etcd {
        say(ETCD, plan.etcd.to_string());
    }
    let first = match plan.preset {
        Preset::Tutorial => "make".to_owned(),
        preset => word_of(preset),
    };
    if words.is_empty() {
        return first;
    }
    format!("{first}?{}&{VERSION_WORD}={VERSION}", words.join("&"))
}

/// The series of etcd in the words behind another place's than Make's.
pub(super) fn series(words: &str) -> Result<Option<Series>, LinkError> {
    let mut series = None;
    for (word, value) in each(words)? {
        match word {
            ETCD => series = Some(one_of(ETCD, value, &Series::ALL)?),
            VERSION_WORD => {}
            word => {
                let word = word.to_owned();
                return Err(LinkError::OfMake { word });
            }
        }
    }
    Ok(series)
}

/// The words behind a `?`, each with what stands behind its `=`: none is there twice, and
/// they are of this version.
fn each(words: &str) -> Result<Vec<(&str, &str)>, LinkError> {
    let words: Vec<(&str, &str)> = words
        .split('&')
        .filter(|word| !word.is_empty())
        .map(|word| word.split_once('=').unwrap_or((word, "")))
        .collect();
    let mut seen = HashSet::new();
    for (word, value) in &words {
        if !seen.insert(word) {
            let word = (*word).to_owned();
            return Err(LinkError::Twice { word });
        }
        if *word == VERSION_WORD && *value != VERSION {
            let version = (*value).to_owned();
            return Err(LinkError::Version { version });
        }
    }
    Ok(words)
}

/// Whether a fragment, without its `#`, begins with a preset's word. `make` alone
/// is a place.
pub(super) fn begins_a_plan(fragment: &str) -> bool {
    preset(fragment).is_some() && fragment != "make"
}

/// The plan of the words.
pub(super) fn plan(fragment: &str) -> Result<Plan, LinkError> {
    let preset = preset(fragment).ok_or(LinkError::Unreadable)?;
    let mut plan = Plan::preset(preset);
    let (_, words) = fragment.split_once('?').unwrap_or_default();
    let words = each(words)?;
    let raw = |wanted: &str| {
        words
            .iter()
            .find(|(word, _)| *word == wanted)
            .map(|word| word.1)
    };
    // What says how many there are comes before what is said of each.
    if let Some(hosts) = raw(HOSTS) {
        plan.take_hosts(&read(hosts)?)?;
    }
    for list in LISTS {
        let names = if let Some(names) = raw(list.word) {
            names.split(',').map(read).collect::<Result<Vec<_>, _>>()?
        } else if raw(list.none) == Some("yes") {
            Vec::new()
        } else {
            continue;
        };
        if list.word == MEMBERS {
            check_members(names.len())?;
        } else {
            check_clients(names.len())?;
        }
        (list.name)(&mut plan, &names);
    }
    if words
        .iter()
        .any(|(word, _)| word.starts_with("intermediate"))
    {
        plan.authority.intermediate = Some(IntermediatePlan::default());
    }
    for (word, value) in words {
        set(&mut plan, word, &read(value)?)?;
    }
    Ok(plan)
}

/// A list of names.
struct List {
    /// Its word.
    word: &'static str,
    /// The word for an empty one.
    none: &'static str,
    /// The names that a plan has.
    names: fn(&Plan) -> Vec<String>,
    /// Gives a plan others.
    name: fn(&mut Plan, &[String]),
}

const LISTS: [List; 2] = [
    List {
        word: MEMBERS,
        none: NO_MEMBERS,
        names: member_names,
        name: name_members,
    },
    List {
        word: CLIENTS,
        none: NO_CLIENTS,
        names: client_names,
        name: name_clients,
    },
];

fn member_names(plan: &Plan) -> Vec<String> {
    let members = plan.members.iter();
    members.map(|member| member.name.clone()).collect()
}

fn client_names(plan: &Plan) -> Vec<String> {
    let clients = plan.clients.iter();
    clients.map(|client| client.name.clone()).collect()
}

/// There are the members of these names: those of the plan, and like them as many
/// more.
fn name_members(plan: &mut Plan, names: &[String]) {
    plan.members.truncate(names.len());
    while plan.members.len() < names.len() {
        plan.members.push(plan.next_member());
    }
    for (member, name) in plan.members.iter_mut().zip(names) {
        member.name.clone_from(name);
    }
}

/// There are the clients of these names: as the plan has them, or else with the name
/// as their common name.
fn name_clients(plan: &mut Plan, names: &[String]) {
    let known = std::mem::take(&mut plan.clients);
    let client = |name: &String| {
        let known = known.iter().find(|client| client.name == *name);
        known.cloned().unwrap_or_else(|| IdentityPlan {
            name: name.clone(),
            subject: format!("CN={name}"),
            ..IdentityPlan::default()
        })
    };
    plan.clients = names.iter().map(client).collect();
}

/// Every field that a plan has a text in, with its word.
fn fields(plan: &Plan) -> Vec<(String, Field)> {
    let server = IdentityField::ALL.map(Field::Server).into_iter();
    let members = (0..plan.members.len())
        .flat_map(|place| MemberField::ALL.map(|field| Field::Member(place, field)));
    let clients = (0..plan.clients.len())
        .flat_map(|place| IdentityField::ALL.map(|field| Field::Client(place, field)));
    let single = SINGLE.iter().map(|(_, field)| *field);
    server
        .chain(members)
        .chain(clients)
        .chain(single)
        .filter_map(|field| Some((word(field)?, field)))
        .collect()
}

/// A field's word; nothing for those that no link has, or that are in a list.
fn word(field: Field) -> Option<String> {
    match field {
        Field::Member(_, MemberField::Name) | Field::Client(_, IdentityField::Name) => None,
        Field::Server(field) => Some(format!("server-{field}")),
        Field::Member(place, field) => Some(format!("{}-{field}", prefix("member", place))),
        Field::Client(place, field) => Some(format!("{}-{field}", prefix("client", place))),
        field => {
            let known = SINGLE.iter().find(|(_, known)| *known == field)?;
            Some(known.0.to_owned())
        }
    }
}

/// The field of a word.
fn field(word: &str) -> Option<Field> {
    if let Some((_, field)) = SINGLE.iter().find(|(known, _)| *known == word) {
        return Some(*field);
    }
    let (whose, field) = word.split_once('-')?;
    let found = match holder(whose)? {
        Whose::Server => Field::Server(field.parse().ok()?),
        Whose::Member(place) => Field::Member(place, field.parse().ok()?),
        Whose::Client(place) => Field::Client(place, field.parse().ok()?),
    };
    self::word(found).map(|_| found)
}

/// Whose a word is: `server`, `member`, `client2`.
enum Whose {
    Server,
    Member(usize),
    Client(usize),
}

fn holder(text: &str) -> Option<Whose> {
    if text == "server" {
        return Some(Whose::Server);
    }
    let (whose, number): (fn(usize) -> Whose, _) = match text.strip_prefix("member") {
        Some(number) => (Whose::Member, number),
        None => (Whose::Client, text.strip_prefix("client")?),
    };
    let place = match number {
        "" => 0,
        number => number.parse::<usize>().ok()?.checked_sub(1)?,
    };
    Some(whose(place))
}

/// `client` for the first, `client2` for the second.
fn prefix(kind: &str, place: usize) -> String {
    match place {
        0 => kind.to_owned(),
        place => format!("{kind}{}", place + 1),
    }
}

/// The server and the clients, each with its like in another plan.
fn identities<'a>(
    plan: &'a Plan,
    base: &'a Plan,
) -> impl Iterator<Item = (String, &'a IdentityPlan, &'a IdentityPlan)> {
    let clients = plan.clients.iter().zip(&base.clients).enumerate();
    let clients = clients.map(|(place, (one, base))| (prefix("client", place), one, base));
    [("server".to_owned(), &plan.server, &base.server)]
        .into_iter()
        .chain(clients)
}

/// Puts one word's value into a plan.
fn set(plan: &mut Plan, word: &str, value: &str) -> Result<(), LinkError> {
    match word {
        // They were read already.
        HOSTS | MEMBERS | CLIENTS | VERSION_WORD => {}
        NO_MEMBERS | NO_CLIENTS => {
            one_of(word, value, &["yes"])?;
        }
        OWN_CA => {
            plan.authority.source = if yes(word, value)? {
                AuthoritySource::Bring
            } else {
                AuthoritySource::Make
            };
        }
        SEPARATE_CAS => plan.separate_authorities = yes(word, value)?,
        WITHOUT_GATEWAY => plan.without_gateway = yes(word, value)?,
        ETCD => plan.etcd = one_of(word, value, &Series::ALL)?,
        KEY => plan.key_type = one_of(word, value, &KeyType::ALL)?,
        word => {
            let field = field(word);
            if field.is_some_and(|field| is_of_another(field, plan)) {
                return Err(LinkError::OfOne {
                    word: word.to_owned(),
                });
            }
            let text = field.and_then(|field| plan.text_mut(field));
            if let Some(text) = text {
                value.clone_into(text);
                return Ok(());
            }
            let unknown = || LinkError::UnknownWord {
                word: word.to_owned(),
            };
            let (whose, what) = word.split_once('-').ok_or_else(unknown)?;
            let (key_type, role) = match holder(whose).ok_or_else(unknown)? {
                Whose::Server => (&mut plan.server.key_type, Some(&mut plan.server.role)),
                Whose::Member(place) => {
                    let member = plan.members.get_mut(place).ok_or_else(unknown)?;
                    (&mut member.key_type, None)
                }
                Whose::Client(place) => {
                    let client = plan.clients.get_mut(place).ok_or_else(unknown)?;
                    (&mut client.key_type, Some(&mut client.role))
                }
            };
            match (what, role) {
                ("key", _) if value == PLANS_OWN => *key_type = None,
                ("key", _) => *key_type = Some(one_of(word, value, &KeyType::ALL)?),
                ("usage", Some(role)) => *role = one_of(word, value, &Role::ALL)?,
                _ => return Err(unknown()),
            }
        }
    }
    Ok(())
}

/// What somebody's kind of key is called where it is the plan's.
const PLANS_OWN: &str = "same";

fn own_key_type(kind: Option<KeyType>) -> String {
    kind.map_or(PLANS_OWN.to_owned(), |kind| kind.to_string().to_lowercase())
}

/// The one of all that is written like this, in whatever case.
fn one_of<T: ToString + Clone>(word: &str, value: &str, all: &[T]) -> Result<T, LinkError> {
    let mut found = all.iter();
    let found = found.find(|one| one.to_string().eq_ignore_ascii_case(value));
    found.cloned().ok_or_else(|| {
        let wanted: Vec<String> = all
            .iter()
            .map(|one| one.to_string().to_lowercase())
            .collect();
        LinkError::Value {
            word: word.to_owned(),
            value: value.to_owned(),
            wanted: wanted.join(", "),
        }
    })
}

fn yes(word: &str, value: &str) -> Result<bool, LinkError> {
    Ok(one_of(word, value, &["yes", "no"])? == "yes")
}

fn read(value: &str) -> Result<String, LinkError> {
    decode(value).ok_or(LinkError::Unreadable)
}

/// The preset that a fragment begins with.
fn preset(fragment: &str) -> Option<Preset> {
    let first = fragment.split('?').next()?;
    if first == "make" {
        return Some(Preset::Tutorial);
    }
    let mut presets = Preset::ALL.into_iter();
    presets.find(|preset| word_of(*preset) == first)
}

/// A preset's word: `client-only`.
fn word_of(preset: Preset) -> String {
    preset.to_string().replace('_', "-")
}

/// Whether a text may stand in an address, which browsers remember: a key that was
/// pasted into the wrong field may not.
fn may_travel(text: &str) -> bool {
    !text.contains("PRIVATE KEY")
}
