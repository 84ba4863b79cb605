//! From a text to its cause: lines of etcd's log or of a client's output are
//! recognised by the words of etcd, Go and other TLS libraries, which are
//! [`facts::saying`](crate::etcd::facts::saying). Where the words alone can't
//! tell, several causes come back, the likelier first, with the line of etcd's log
//! that would tell; words that are not known give none. Called by the page's chapter
//! for pasted text.

mod blame;
mod ciphers;
mod coat;
mod detail;
mod lines;
mod peers;
mod prose;
mod standpoint;

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};

use serde::{Deserialize, Serialize};

use self::blame::Blame;
pub use self::blame::Party;
use self::lines::Plain;
use self::standpoint::Standpoint;
use crate::etcd::facts::client_program::{self, ClientProgram};
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::{self, OTHER_SIDE, SAYINGS, Saying, SayingKind, Side};

/// A line that tells something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing that the line is or is not, whatever the others are"
)]
pub struct Clue {
    /// The words that were recognised, and what they tell.
    #[serde(with = "saying::by_place")]
    pub saying: &'static Saying,
    /// The line, shortened to 400 characters around the words.
    pub line: String,
    /// Whose words they are: where the words alone don't say, the line's form
    /// may.
    pub side: Side,
    /// The rules that can be behind them here, the likeliest first.
    pub rules: Vec<Rule>,
    /// Who refused, if anybody did.
    pub refused_by: Option<Party>,
    /// Whose fault it is, where that is clear.
    pub whose: Option<Party>,
    /// Whether it is of a connection between members.
    pub between_members: bool,
    /// Whether etcd's own gateway dials etcd here.
    pub own_gateway: bool,
    /// Whether the certificate has the name that was dialled, and was asked for another.
    pub asked_of_another: bool,
    /// The address that was dialled, where it is among what the client says that it found.
    pub lists_name: Option<String>,
    /// Whether the text chooses cipher suites, of which the words can be.
    pub of_ciphers: bool,
    /// The client's program, if the text shows it.
    pub program: Option<String>,
    /// The file that is named.
    pub file: Option<String>,
    /// What the line tells beyond its words.
    pub detail: Option<String>,
}

impl Clue {
    fn of(saying: &'static Saying, plain: &Plain<'_>) -> Self {
        let small = plain.text.to_ascii_lowercase();
        let stands = small.find(&saying.words.to_ascii_lowercase());
        let place = Standpoint::of(&small);
        let blame = Blame::of(saying, place);
        let of_file = [
            Rule::FileExists,
            Rule::MayReadFile,
            Rule::DataDirWritable,
            Rule::Pem,
            Rule::KeyCanSign,
            Rule::KeyNotEncrypted,
            Rule::KeyReadable,
            Rule::KeyFitsCertificate,
        ];
        let asked_of_another = detail::asked_of_another(&plain.text).is_some();
        let lists_name = detail::lists_name(&plain.text);
        let etcd_refused = saying.kind == SayingKind::Check && blame.side == Side::Etcd;
        let from = detail::remote_address(&plain.text).filter(|_| etcd_refused);
        let names_file = saying.kind == SayingKind::Own
            && saying.rules.iter().any(|rule| of_file.contains(rule));
        Self {
            saying,
            line: plain.around(stands.unwrap_or(0), MOST_LETTERS),
            side: blame.side,
            rules: blame.rules,
            refused_by: blame.refused_by,
            whose: if asked_of_another {
                Some(Party::Client)
            } else {
                blame.whose
            },
            asked_of_another,
            lists_name,
            between_members: blame.between_members,
            own_gateway: blame.own_gateway,
            of_ciphers: false,
            program: None,
            file: names_file.then(|| detail::file(&plain.text)).flatten(),
            detail: detail::of(&plain.text, from),
        }
    }

    /// Causes, the likeliest first.
    #[must_use]
    pub fn causes(&self) -> Vec<&'static str> {
        if self.own_gateway && self.refused_by == Some(Party::Server) && !self.of_ciphers {
            return vec![OF_GATEWAY];
        }
        if self.asked_of_another {
            return vec![ANOTHER_NAME];
        }
        if self.lists_name.is_some() && self.whose == Some(Party::Client) {
            return vec![LISTED_NAME];
        }
        if self.lists_name.is_some() {
            return vec![LISTED_AS_NAME, LISTED_NAME];
        }
        let side = match self.refused_by {
            // In etcd's log, but by etcd as one that dials.
            Some(_) if self.own_gateway => Side::Etcdctl,
            _ => self.side,
        };
        let mut causes = self.saying.causes_on(side);
        if self.of_ciphers {
            causes.sort_by_key(|cause| !ciphers::is_cause(cause));
            for cause in &mut causes {
                *cause = cause.trim_start_matches("rarely: ");
            }
        }
        causes
    }

    /// Whether it is a matter of course, or not etcd's at all.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        matches!(self.saying.kind, SayingKind::Harmless | SayingKind::Foreign)
    }

    /// Looks in the text for the address that a client does not find, in OpenSSL's words for
    /// a certificate's names: where it is an address there, the client is at fault.
    pub fn look_up(&mut self, text: &str) {
        let shows = |address: &String| {
            let small = text.to_ascii_lowercase();
            small.contains(&format!("address:{address}"))
        };
        if self.lists_name.as_ref().is_some_and(shows) {
            self.whose = Some(Party::Client);
        }
    }

    /// Takes note of who the client is, where its words are those of any Go client.
    pub fn is_of(&mut self, program: &str) {
        let is_any = self
            .program
            .as_deref()
            .is_none_or(|name| client_program::ANY_GO.contains(&name));
        if is_any && self.side != Side::Etcd && client_program::named(program).is_some() {
            self.program = Some(program.to_owned());
        }
    }

    fn is_of_one_side(&self, rule: Rule) -> bool {
        self.saying.side == Side::Either
            && self.saying.kind == SayingKind::Check
            && self.refused_by.is_some()
            && blame::about(rule).is_some()
    }

    fn program(&self) -> Option<&'static ClientProgram> {
        self.program.as_deref().and_then(client_program::named)
    }

    /// What to do: between members with their flags, for a client with its own.
    #[must_use]
    pub fn mend(&self) -> String {
        let of_members = self.rules.first().filter(|_| self.between_members);
        if let Some(mend) = of_members.and_then(|rule| blame::mend_between_members(*rule)) {
            return mend.to_owned();
        }
        let first = self.rules.first().copied();
        if self.asked_of_another {
            return BY_ITS_OWN_NAME.to_owned();
        }
        if self.lists_name.is_some() && self.whose == Some(Party::Client) {
            return "update the client's Python or its urllib3, or install the package ipaddress for it: etcd's certificate may stay as it is".to_owned();
        }
        if self.lists_name.is_some() {
            return "look at the certificate (openssl x509 -noout -ext subjectAltName): where the address stands behind DNS:, issue it with IP: instead; where it stands behind IP Address:, update the client's Python and its urllib3".to_owned();
        }
        if self.own_gateway && self.refused_by == Some(Party::Server) && !self.of_ciphers {
            return "issue the server's certificate with both serverAuth and clientAuth, or switch the gateway off with --enable-grpc-gateway=false".to_owned();
        }
        if self.of_ciphers && self.rules.len() > 1 {
            return ciphers::SHARED.to_owned();
        }
        if self.saying.own_mend() == Some(OTHER_SIDE) && self.side == Side::Etcd {
            let whose = detail::remote_address(&self.line);
            let at = whose.map(|address| format!(" at {address}"));
            return format!(
                "look at what the client{} prints, and paste it here as well",
                at.unwrap_or_default()
            );
        }
        let mend = match (self.saying.own_mend(), first) {
            // The words' own mend is for both sides; here it is known which.
            (Some(_), Some(rule)) if self.is_of_one_side(rule) => rule.mend(),
            (Some(mend), _) => mend,
            (None, Some(rule)) => rule.mend(),
            (None, None) => self.saying.mend(),
        };
        let option = self.program().zip(first).and_then(|(program, rule)| {
            let option = blame::option_of(program, rule)?;
            Some(match blame::mend_of_client(rule) {
                // The rule's own is etcdctl's.
                Some((what, more)) if mend == rule.mend() => {
                    format!("give {} {what}: {option}{more}", program.name)
                }
                _ => format!("{mend}; in {}: {option}", program.name),
            })
        });
        option.unwrap_or_else(|| mend.to_owned())
    }

    /// Where the words leave more than one rule open and etcd refused: what its log
    /// says at “rejected connection” for each.
    #[must_use]
    pub fn log_tells(&self) -> Vec<(Rule, &'static str)> {
        let etcd_may_have_refused = self.side != Side::Etcd
            && (self.refused_by == Some(Party::Server) || self.saying.kind == SayingKind::Broken);
        let mut told: Vec<(Rule, &'static str)> = Vec::new();
        if etcd_may_have_refused && self.rules.len() > 1 {
            for rule in &self.rules {
                if let Some(words) = blame::words_in_log(*rule)
                    && !told.iter().any(|(_, known)| *known == words)
                {
                    told.push((*rule, words));
                }
            }
        }
        told
    }

    /// How telling it is, the most telling first.
    fn order(&self) -> u8 {
        let mut ids: Vec<&str> = self.rules.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        // What a client found wrong with the server comes before what etcd heard of it.
        let is_clients_check = self.side == Side::Etcdctl && self.saying.kind == SayingKind::Check;
        match ids.len() {
            // Kubernetes sets such variables wherever a service is called etcd.
            _ if self.saying.words == "unrecognized environment variable" => 7,
            _ if self.is_harmless() => 6,
            0 if self.saying.kind == SayingKind::Check => 3,
            0 => 5,
            // Members that start find each other away; why they stay away is said elsewhere.
            1 if self.between_members && self.saying.kind == SayingKind::Broken => 4,
            1 => 0,
            2 | 3 if is_clients_check => 1,
            2 | 3 if self.saying.kind == SayingKind::Broken => 4,
            2 | 3 => 2,
            _ if self.saying.kind == SayingKind::Broken => 4,
            _ => 3,
        }
    }
}

/// Whether etcd's log says here that it refused somebody on its own machine.
fn is_refusal_of_own_machine(line: &str) -> bool {
    [
        "rejected connection from \"127.0.0.1:",
        "\"remote-addr\":\"127.0.0.1:",
    ]
    .iter()
    .any(|words| line.contains(words))
}

/// At most so many lines from a refusal whoever was refused says so: two logs may be
/// mixed.
const MOST_BETWEEN: usize = 3;

/// Whether somebody who dialled this machine says here that he was refused. Beside
/// etcd's refusal, in the same log, that is its own gateway.
fn is_heard_on_own_machine(line: &str) -> bool {
    line.contains("remote error: tls")
        && [
            "createtransport failed to connect to {127.0.0.1:",
            "createtransport failed to connect to {addr: \"127.0.0.1:",
            "please retry",
        ]
        .iter()
        .any(|words| line.contains(words))
}

const ANOTHER_NAME: &str = "the certificate has the name that was dialled: an old client asks every endpoint for the name of one of them, or a server name is set, as --discovery-srv does";

/// RFC 2818, section 3.1: an address is held against iPAddress alone.
const LISTED_AS_NAME: &str =
    "the address stands in the certificate as a DNS name, which no client takes for an address";

/// urllib3 `packages/ssl_match_hostname`, before Python 3.3.
const LISTED_NAME: &str = "the address is among those of the certificate: this client compares names alone, as Python before 3.3 and its urllib3 do without the package ipaddress";

/// etcd-io/etcd#11184, in 3.3.17 (3.3.16 was withdrawn) and 3.4.2; kubernetes#83028, in
/// 1.16.3.
const BY_ITS_OWN_NAME: &str = "update the client: etcd's Go client before 3.3.17 and 3.4.2, and kube-apiserver before 1.16.3, asks every endpoint for the name of one of them; until then, let each server's certificate have the names of all members";

const OF_GATEWAY: &str = "etcd's own gateway dials etcd as a client with the server's certificate, and etcd refuses it: most often it lacks clientAuth";

/// How a service's health check is told, that failed and that succeeded.
const CHECK_FAILED: &str = "health check failed";
const CHECK_SUCCEEDED: &str = "health check successful";

/// The service of which a line in small letters tells a check like this.
fn checked_service<'t>(line: &'t str, check: &str) -> Option<&'t str> {
    line.split_once(check)?.0.split_whitespace().next_back()
}

/// The services whose check failed at first and succeeded in the end: they came up.
fn recovered(text: &str) -> BTreeSet<String> {
    let mut services = BTreeSet::new();
    for line in text.lines() {
        let small = line.to_ascii_lowercase();
        if let Some(service) = checked_service(&small, CHECK_SUCCEEDED) {
            services.insert(service.to_owned());
        } else if let Some(service) = checked_service(&small, CHECK_FAILED) {
            services.remove(service);
        }
    }
    services
}

/// What is the same in all lines of a kind: logs repeat themselves but for times,
/// ports and identifiers.
fn kind(line: &str) -> u64 {
    let mut kind = DefaultHasher::new();
    for word in line.split(|letter: char| letter.is_ascii_digit()) {
        if !word.is_empty() {
            kind.write(word.as_bytes());
            kind.write_u8(0);
        }
    }
    kind.finish()
}

/// Whether etcd is being stopped: from its own word on the signal to its next
/// start.
fn goes_on_ending(line: &str, ending: bool) -> bool {
    if line.contains("signal") && line.contains("shutting down") {
        return true;
    }
    ending
        && !["etcd version", "etcd-version", "starting an etcd server"]
            .iter()
            .any(|words| line.contains(words))
}

/// What an etcd that is being stopped says as a matter of course: its listeners
/// close, and its own gateway finds nobody there any more.
fn is_farewell(line: &str) -> bool {
    [
        "use of closed network connection",
        "addrconn.createtransport failed",
        "grpclog/",
    ]
    .iter()
    .any(|words| line.contains(words))
}

/// Whether it is a panic of Go, of which etcd has one for a reason that is known.
fn is_panic(clue: &Clue) -> bool {
    clue.saying.words.contains("nil pointer dereference")
}

/// Whether a text shows where a panic was, and that was not in etcd.
fn is_stack_of_others(text: &str) -> bool {
    text.contains("goroutine ")
        && !["etcdmain", "etcd/embed", "v3/embed"]
            .iter()
            .any(|words| text.contains(words))
}

/// At most so many bytes of a text are looked at.
const MOST_TEXT: usize = 32 << 20;

/// The letters of a line that are shown.
const MOST_LETTERS: usize = 400;

/// What a text points to, each saying once on each side, the more telling first. An
/// empty list says that the text is unknown.
#[must_use]
pub fn clues(text: &str) -> Vec<Clue> {
    let text = text
        .get(..text.floor_char_boundary(MOST_TEXT))
        .unwrap_or_default();
    clues_under(text, coat::MOST_COATS)
}

/// The same, where nothing is found under so many coats more.
fn clues_under(text: &str, coats: usize) -> Vec<Clue> {
    let mut found: Vec<(usize, Clue)> = Vec::new();
    let mut kinds: BTreeSet<u64> = BTreeSet::new();
    let (mut ending, mut members_met, mut falls_apart) = (false, false, false);
    let mut asides: Vec<usize> = Vec::new();
    let recovered = LazyCell::new(|| recovered(text));
    let lines = lines::of(text);
    let met = LazyCell::new(|| peers::Met::of(&lines));
    // What was said of members that stayed away, by the place of the saying.
    let mut away: BTreeSet<usize> = BTreeSet::new();
    let mut refused_on_own_machine: Option<(usize, usize)> = None;
    let mut heard_on_own_machine: Option<usize> = None;
    let mut depth: Option<String> = None;
    for (number, line) in lines.iter().enumerate() {
        let small = line.to_ascii_lowercase();
        if is_heard_on_own_machine(&small) {
            let is_near = |place: Option<usize>| {
                refused_on_own_machine.is_some_and(|(_, at)| {
                    place.is_some_and(|heard| heard.abs_diff(at) <= MOST_BETWEEN)
                })
            };
            if !is_near(heard_on_own_machine) {
                heard_on_own_machine = Some(number);
            }
        }
        if line.starts_with("depth=") {
            detail::depth(line).clone_into(&mut depth);
        }
        ending = goes_on_ending(&small, ending);
        members_met |= peers::tells_of_meeting(&small);
        falls_apart |= small.contains("lost the tcp streaming connection");
        if ending && is_farewell(&small)
            || checked_service(&small, CHECK_FAILED).is_some_and(|it| recovered.contains(it))
            || !kinds.insert(kind(line))
        {
            continue;
        }
        let plain = Plain::of(line);
        let place = saying::place_in(&plain.text);
        let Some((place, saying)) = place.and_then(|place| Some((place, *SAYINGS.get(place)?)))
        else {
            continue;
        };
        let mut clue = Clue::of(saying, &plain);
        if small.starts_with("verify error:num") {
            clue.detail = clue.detail.or(depth.take());
        }
        if clue.between_members
            && clue.saying.kind == SayingKind::Broken
            && let Some(peer) = peers::named(&plain.text.to_ascii_lowercase())
        {
            // Who starts first finds the others away.
            if met.told.contains(peer) {
                continue;
            }
            if !met.lost.contains(peer) {
                away.insert(place);
            }
        }
        let is_known = |(known, of): &(usize, Clue)| {
            *known == place
                && (of.side == clue.side || of.side == Side::Either || clue.side == Side::Either)
        };
        let is_aside = prose::is_of_somebody(line);
        // A program's line counts for more than what somebody wrote of it.
        let known = found.iter().position(is_known);
        let known = known.filter(|known| is_aside || !asides.contains(known));
        if known.is_none() {
            let is_of_usage = clue.rules.contains(&Rule::UsageClient);
            if is_of_usage
                && clue.refused_by == Some(Party::Server)
                && is_refusal_of_own_machine(&small)
            {
                refused_on_own_machine = Some((found.len(), number));
            }
            if is_aside {
                asides.push(found.len());
            }
            found.push((place, clue));
        }
    }
    // A refusal of its own machine beside what its gateway heard is the gateway's.
    if let Some((refused, at)) = refused_on_own_machine
        && (heard_on_own_machine.is_some_and(|heard| heard.abs_diff(at) <= MOST_BETWEEN)
            || found.iter().any(|(_, clue)| clue.own_gateway))
        && let Some((_, clue)) = found.get_mut(refused)
    {
        clue.own_gateway = true;
        clue.whose = Some(Party::Server);
    }
    drop_asides(&mut found, &asides);
    drop_what_follows(text, members_met, &away, &mut found);
    if found.is_empty() {
        if let Some(fewer) = coats.checked_sub(1)
            && let Some(bare) = coat::bare(text)
        {
            return clues_under(&bare, fewer);
        }
        found.extend(put_together(text));
    }
    name_program(text, &mut found);
    ciphers::note(text, &mut found);
    put_in_order(&mut found, falls_apart);
    found.into_iter().map(|(_, clue)| clue).collect()
}

/// Puts the more telling first.
fn put_in_order(found: &mut [(usize, Clue)], falls_apart: bool) {
    // That no member answered comes behind how one of them answered.
    let is_how = |clue: &Clue| {
        let nobody = [Rule::SomethingListens];
        clue.between_members && !clue.rules.is_empty() && clue.rules != nobody
    };
    let how_is_told = found.iter().any(|(_, clue)| is_how(clue));
    // The gateway's own connection is the least of what ails a cluster that falls apart.
    let members_fail = falls_apart && found.iter().any(|(_, clue)| clue.between_members);
    found.sort_by_key(|(place, clue)| {
        let is_what_follows = how_is_told && clue.rules == [Rule::ExistingClusterHasMembers];
        let is_aside = members_fail && clue.own_gateway;
        let order = if is_what_follows || is_aside {
            5
        } else {
            clue.order()
        };
        (order, *place)
    });
}

/// Leaves out what is no more than what follows of something else.
fn drop_what_follows(
    text: &str,
    members_met: bool,
    away: &BTreeSet<usize>,
    found: &mut Vec<(usize, Clue)>,
) {
    // Who starts or stops first finds the others away.
    found.retain(|(place, clue)| {
        let is_lost = clue.between_members && clue.saying.kind == SayingKind::Broken;
        !(members_met && is_lost && !away.contains(place))
    });
    // A panic is what follows of what was said before it, and any program's in Go.
    let is_of_others = is_stack_of_others(text);
    let others_tell = found.iter().any(|(_, clue)| !is_panic(clue));
    found.retain(|(_, clue)| !is_panic(clue) || !(others_tell || is_of_others));
    // That a unit has ended is what follows of what its program, or systemd, said of it.
    let is_end = |clue: &Clue| {
        let words = clue.saying.words;
        words.contains("etcd.service") && clue.saying.kind == SayingKind::Broken
    };
    let is_told = |clue: &Clue| {
        let is_of_client = clue.side == Side::Etcdctl || clue.rules == [Rule::SomethingListens];
        !is_end(clue) && !clue.is_harmless() && !is_of_client
    };
    let others_tell = found.iter().any(|(_, clue)| is_told(clue));
    found.retain(|(_, clue)| !(is_end(clue) && others_tell));
    // Node's code for it stands beside the words of its library.
    let is_code = |clue: &Clue| clue.saying.words.contains("EPROTO");
    let others_tell = found
        .iter()
        .any(|(_, clue)| !is_code(clue) && !clue.is_harmless());
    found.retain(|(_, clue)| !(is_code(clue) && others_tell));
    // Who was given https:// from the first is led nowhere else by it.
    let names_them = |clue: &Clue| clue.saying.words.starts_with("got endpoints(");
    if found.iter().any(|(_, clue)| names_them(clue)) {
        let text = text.to_ascii_lowercase();
        let is_led = text.contains("using endpoints(http://");
        found.retain(|(_, clue)| is_led || !names_them(clue));
    }
}

/// Leaves out what somebody writes around a program's lines, where those tell of a fault
/// or say the same: it is about them, or about an earlier day.
fn drop_asides(found: &mut Vec<(usize, Clue)>, asides: &[usize]) {
    let places = found.iter().enumerate();
    let of_programs = places.filter(|(place, _)| !asides.contains(place));
    let (mut fault_is_told, mut sayings) = (false, BTreeSet::new());
    for (_, (saying, clue)) in of_programs {
        fault_is_told |= !clue.is_harmless();
        sayings.insert(*saying);
    }
    let mut places = 0..;
    found.retain(|(saying, _)| {
        let is_aside = places.next().is_some_and(|place| asides.contains(&place));
        !(is_aside && (fault_is_told || sayings.contains(saying)))
    });
}

/// At most so many bytes are put together.
const MOST_PUT_TOGETHER: usize = 16 << 10;

/// Words that no line has, but all lines together do: the text was wrapped at an edge
/// that isn't seen.
fn put_together(text: &str) -> Option<(usize, Clue)> {
    if text.len() > MOST_PUT_TOGETHER || !text.trim().contains('\n') {
        return None;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let whole_lines = lines::of(text);
    // What one line has by itself was left out for a reason.
    let has = |line: &str, place: usize| saying::place_in(&Plain::of(line).text) == Some(place);
    let is_new = |place: &usize| {
        !lines.iter().any(|line| has(line, *place))
            && !whole_lines.iter().any(|line| has(line, *place))
    };
    let joined = [" ", ""].map(|between| lines.join(between));
    let whole = joined.iter().find_map(|line| {
        let plain = Plain::of(line);
        let place = saying::place_in(&plain.text).filter(is_new)?;
        let saying = *SAYINGS.get(place)?;
        saying
            .tells_of_fault()
            .then(|| (place, Clue::of(saying, &plain)))
    });
    whole.or_else(|| {
        let [line, _] = &joined;
        let place = saying::place_across(&lines, &whole_lines)?;
        Some((place, Clue::of(SAYINGS.get(place)?, &Plain::of(line))))
    })
}

/// Whether a text has lines of etcd's own log: its JSON, or the plain one of 3.4 and
/// before.
#[must_use]
pub fn is_log_of_etcd(text: &str) -> bool {
    let is_json = |line: &str| line.contains("\"level\":\"") && line.contains("\"caller\":\"");
    let is_plain = |line: &str| {
        [" I | ", " N | ", " W | ", " E | ", " C | "]
            .iter()
            .any(|level| line.contains(level))
    };
    text.lines().any(|line| {
        let plain = Plain::of(line);
        is_json(&plain.text) || is_plain(&plain.text)
    })
}

/// Whether a text has a line that only an etcd writes that has started.
#[must_use]
pub fn shows_running_etcd(text: &str) -> bool {
    [
        "ready to serve client requests",
        "rafthttp: health check for peer",
        "prober detected unhealthy status",
        "| raft: ",
        "proxy/httpproxy: ",
        "elected leader",
        "rejected connection",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// At most so many bytes are looked at for the name of the client's program.
const MOST_FOR_PROGRAM: usize = 64 << 10;

/// Says which program the client is, where there is a client's word.
fn name_program(text: &str, found: &mut [(usize, Clue)]) {
    let is_clients = |clue: &Clue| clue.side == Side::Etcdctl && !clue.is_harmless();
    if !found.iter().any(|(_, clue)| is_clients(clue)) {
        return;
    }
    let begin = text.floor_char_boundary(MOST_FOR_PROGRAM);
    let small = text.get(..begin).unwrap_or_default().to_lowercase();
    let Some(program) = client_program::of_text(&small) else {
        return;
    };
    for (_, clue) in found.iter_mut().filter(|(_, clue)| is_clients(clue)) {
        clue.program = Some(program.name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::facts::rule::Rule;

    /// Lines from public threads, with the rule and the beginning of the cause.
    const REPORTED: &[(&str, Option<Rule>, &str)] = &[
        // etcd-io/etcd#12930
        (
            r#"{"level":"fatal","ts":"2021-05-08T11:51:19.907Z","caller":"etcdmain/etcd.go:290","msg":"listener failed","error":"open /etc/ssl/certs/etcd.cert.pem: permission denied"}"#,
            Some(Rule::MayReadFile),
            "etcd's user may not read",
        ),
        (
            r#"node-a etcd[812]: {"level":"warn","caller":"etcdmain/etcd.go:146","msg":"failed to start etcd","error":"open /etc/etcd/pki/peer.key: permission denied"}"#,
            Some(Rule::MayReadFile),
            "etcd's user may not read",
        ),
        // etcd-io/etcd#12433
        (
            "2020-10-28 18:43:11.053592 C | etcdmain: open /etc/kubernetes/pki/etcd/peer.crt: permission denied",
            Some(Rule::MayReadFile),
            "etcd's user may not read",
        ),
        (
            "Error: open /etc/etcd/client.key: permission denied",
            Some(Rule::MayReadFile),
            "the user of this client may not read",
        ),
        // patroni/patroni#1009
        (
            "ERROR: Failed to get list of machines: ProtocolError('Connection aborted.', PermissionError(13, 'Permission denied'))",
            Some(Rule::MayReadFile),
            "the client's user may not read",
        ),
        // etcd-io/etcd#12833
        (
            "2021-04-13 09:00:00.000000 C | etcdmain: cannot access data directory: open /bitnami/etcd/data/.touch: permission denied",
            Some(Rule::DataDirWritable),
            "the data directory",
        ),
        (
            "Error: rpc error: code = PermissionDenied desc = etcdserver: permission denied",
            Some(Rule::CommonNameIsUser),
            "the user, by --user or else the common name",
        ),
        (
            r#"Error:  client: etcd cluster is unavailable or misconfigured; error #0: malformed HTTP response "\x15\x03\x01\x00\x02\x02""#,
            Some(Rule::TlsEndpoint),
            "plain HTTP was spoken",
        ),
        (
            r#"rejected connection from "192.0.2.169:46560" (error "tls: oversized record received with length 21536", ServerName "")"#,
            Some(Rule::TlsEndpoint),
            "plain HTTP was spoken",
        ),
        (
            r#"embed: rejected connection from "127.0.0.1:34692" (error "tls: client offered only unsupported versions: [304]", ServerName "")"#,
            Some(Rule::CommonTlsVersion),
            "304 is TLS 1.3",
        ),
        (
            r#"{"level":"warn","msg":"rejected connection","error":"tls: client offered only unsupported versions: [302 301]"}"#,
            Some(Rule::CommonTlsVersion),
            "302 and 301",
        ),
        (
            r#"embed: rejected connection from "10.0.0.5:42660" (error "EOF", ServerName "")"#,
            None,
            "somebody opened the port",
        ),
        (
            r#"{"level":"warn","msg":"rejected connection","remote-addr":"10.23.2.41:53160","server-name":"","error":"EOF"}"#,
            None,
            "somebody opened the port",
        ),
        (
            r#"embed: rejected connection from "10.9.9.48:43183" (error "read tcp 172.30.61.89:2379->10.9.9.48:43183: read: connection reset by peer", ServerName "")"#,
            None,
            "the client hung up",
        ),
        (
            r#"{"level":"info","caller":"grpclog/grpclog.go:37","msg":"[core] Subchannel Connectivity change to IDLE, last error: connection error: desc = \"error reading server preface: remote error: tls: bad certificate\""}"#,
            Some(Rule::UsageClient),
            "etcd's own gateway",
        ),
        (
            r#"Err: connection error: desc = "transport: authentication handshake failed: x509: certificate has expired or is not yet valid: current time 2023-12-16T06:35:01Z is after 2023-12-03T03:37:19Z""#,
            Some(Rule::ValidityEnds),
            "whoever dialled refused etcd's server certificate",
        ),
        (
            "2020-01-19 10:11:12.131415 C | etcdmain: listen tcp 0.0.0.0:2380: bind: address already in use",
            Some(Rule::PortIsFree),
            "another process",
        ),
        (
            r#"{"level":"warn","caller":"embed/etcd.go:628","msg":"scheme is HTTP while key and cert files are present; ignoring key and cert files"}"#,
            Some(Rule::CertificatesNeedHttps),
            "the URL to listen on",
        ),
        (
            "2021-02-25 10:11:12.131415 E | auth: invalid user name client for permission checking",
            Some(Rule::CommonNameIsUser),
            "the common name",
        ),
    ];

    #[test]
    fn lines_of_public_threads_lead_to_their_cause() {
        for (line, rule, cause) in REPORTED {
            let clues = clues(line);
            assert_eq!(clues.len(), 1, "{line}");
            let clue = &clues[0];
            assert_eq!(clue.rules.first(), rule.as_ref(), "{line}");
            let first = clue.causes()[0];
            assert!(first.starts_with(cause), "{line}: {first}");
        }
    }

    #[test]
    fn an_etcd_that_is_stopped_has_no_fault() {
        let farewell = "{\"msg\":\"stopping secure grpc server due to error\",\"error\":\"accept tcp 127.0.0.1:2379: use of closed network connection\"}\n\
             WARNING: 2026/11/28 11:57:05 [core] grpc: addrConn.createTransport failed to connect to {127.0.0.1:2379}. Err: dial tcp 127.0.0.1:2379: connect: connection refused";
        for signal in [
            "{\"level\":\"info\",\"msg\":\"received signal; shutting down\",\"signal\":\"terminated\"}",
            "2026-11-28 11:57:05.1 N | pkg/osutil: received terminated signal, shutting down...",
        ] {
            assert_eq!(clues(&format!("{signal}\n{farewell}")), []);
            // Without the signal, and after the next start, the same words tell.
            assert_eq!(clues(farewell).len(), 2);
            let again = format!("{signal}\netcdmain: etcd Version: 3.4.23\n{farewell}");
            assert_eq!(clues(&again).len(), 2);
            // What a client is told all the same is no farewell.
            let refused = format!("{signal}\nError: tls: client didn't provide a certificate");
            assert_eq!(clues(&refused).len(), 1);
        }
    }

    #[test]
    fn a_program_s_line_counts_for_more_than_what_somebody_writes_of_it() {
        let prose = "We get x509: certificate signed by unknown authority since we renewed it";
        let line = r#"embed: rejected connection from "192.0.2.7:4000" (error "x509: certificate signed by unknown authority", ServerName "")"#;
        let told = clues(&format!("{prose}\n{line}"));
        assert_eq!(told.len(), 1);
        assert!(told[0].line.contains("192.0.2.7"), "{}", told[0].line);
        // Alone it counts, and beside what is no fault.
        assert_eq!(clues(prose).len(), 1);
        let slow =
            "2020-04-16 05:20:15.795558 W | wal: sync duration of 2.6s, expected less than 1s";
        let told = clues(&format!("{slow}\n{prose}"));
        assert!(!told[0].is_harmless());
        // What a program says and somebody repeats is said once.
        let again = "I see wal: sync duration of 2.6s, expected less than 1s all the time";
        assert_eq!(clues(&format!("{again}\n{slow}")).len(), 1);
    }

    #[test]
    fn a_service_that_came_up_has_no_fault_and_another_one_has() {
        let line =
            |service: &str, check: &str| format!("[talos] service[{service}](Running): {check}\n");
        let failed = "Health check failed: dial tcp 127.0.0.1:2379: connect: connection refused";
        let came_up = "Health check successful";
        let etcd = line("etcd", failed);
        assert_eq!(clues(&etcd).len(), 1);
        assert_eq!(clues(&(etcd.clone() + &line("etcd", came_up))), []);
        assert_eq!(clues(&(etcd.clone() + &line("apid", came_up))).len(), 1);
        assert_eq!(clues(&(line("etcd", came_up) + &etcd)).len(), 1);
    }

    #[test]
    fn a_panic_tells_only_where_nothing_else_does_and_etcd_had_it() {
        let panic = "panic: runtime error: invalid memory address or nil pointer dereference";
        assert_eq!(clues(panic)[0].rules, [Rule::KnownCipherSuite]);
        let of_others = format!("{panic}\ngoroutine 1 [running]:\nmain.main()");
        assert_eq!(clues(&of_others), []);
        let told = format!("failure to connect: Require both cert and key path\n{panic}");
        let rules: Vec<_> = clues(&told).into_iter().map(|clue| clue.rules).collect();
        assert_eq!(rules, [[Rule::CertificateAndKeyTogether]]);
    }

    #[test]
    fn who_runs_is_known_by_a_line_of_one_that_has_started() {
        assert!(shows_running_etcd(
            "2018-12-19 13:25:04.1 W | rafthttp: health check for peer 7d2c could not connect"
        ));
        assert!(!shows_running_etcd(
            "cannot listen on TLS for 0.0.0.0:2380: KeyFile and CertFile are not presented"
        ));
    }

    #[test]
    fn a_file_s_permission_is_nothing_of_roles() {
        for (line, ..) in REPORTED
            .iter()
            .filter(|(_, rule, _)| *rule == Some(Rule::MayReadFile))
        {
            let clue = &clues(line)[0];
            assert!(!clue.saying.rules.contains(&Rule::CommonNameIsUser));
            assert!(
                !clue.saying.mend().contains("role"),
                "{}",
                clue.saying.mend()
            );
        }
    }
}
