//! What etcd's own log says of how it was called: its arguments (since 3.5), the
//! files of its TLS, the URLs that it listens on. Log lines stay text for those
//! who look for errors in them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::page::Page;
use super::reader::Reader;
use super::shell::{Call, Effect, Shell};
use super::tree::{Item, Node};
use super::{Coat, Cut, Place, Program};

/// What the log told, of the last start.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Flags and their values.
    pub(super) flags: Vec<(&'static str, String)>,
    /// Variables that etcd says it used.
    pub(super) variables: BTreeMap<String, String>,
    /// The first line that told something, and the last.
    pub(super) place: Option<Place>,
}

/// Keys of the log's entries that are flags.
const KEYS: [&str; 8] = [
    "listen-client-urls",
    "advertise-client-urls",
    "listen-peer-urls",
    "listen-metrics-urls",
    "initial-advertise-peer-urls",
    "initial-cluster",
    "name",
    "data-dir",
];

/// Words of `transport.TLSInfo.String`, and the flags that they stand for.
const TLS: [(&str, &str, &str); 8] = [
    ("cert", "cert-file", "peer-cert-file"),
    ("key", "key-file", "peer-key-file"),
    ("client-cert", "", "peer-client-cert-file"),
    ("client-key", "", "peer-client-key-file"),
    ("trusted-ca", "trusted-ca-file", "peer-trusted-ca-file"),
    ("ca", "trusted-ca-file", "peer-trusted-ca-file"),
    (
        "client-cert-auth",
        "client-cert-auth",
        "peer-client-cert-auth",
    ),
    ("crl-file", "client-crl-file", "peer-crl-file"),
];

impl Told {
    fn set(&mut self, flag: &'static str, value: String, place: Place) {
        if value.is_empty() || flag.is_empty() {
            return;
        }
        self.flags.retain(|(known, _)| *known != flag);
        self.flags.push((flag, value));
        self.stands(place);
    }

    fn set_variable(&mut self, name: &str, value: &str, place: Place) {
        self.variables.insert(name.to_owned(), value.to_owned());
        self.stands(place);
    }

    fn stands(&mut self, place: Place) {
        match &mut self.place {
            Some(known) if known.source == place.source => {
                known.bytes.end = known.bytes.end.max(place.bytes.end);
            }
            known => *known = Some(place),
        }
    }

    /// `cert = a, key = b, …`
    fn tls(&mut self, text: &str, of_peers: bool, place: &Place) {
        for part in text.split(", ") {
            let Some((word, value)) = part.split_once('=') else {
                continue;
            };
            let word = word.trim();
            if let Some((_, client, peer)) = TLS.iter().find(|(known, _, _)| *known == word) {
                let flag = if of_peers { peer } else { client };
                self.set(flag, value.trim().to_owned(), place.clone());
            }
        }
    }
}

/// Whether a log's line may say something here.
pub(super) fn is_of_interest(line: &str) -> bool {
    [
        "\"args\":[",
        "\"variable-name\"",
        "\"tls-info\"",
        "-urls\"",
        "traffic ",
    ]
    .iter()
    .any(|word| line.contains(word))
}

/// Looks at an entry of a log in JSON, wherever on the line it begins.
pub(super) fn read(reader: &mut Reader, page: &Page, number: usize) {
    let Some(line) = page.free(number).filter(|line| is_of_interest(line)) else {
        return;
    };
    let Some(place) = line.find("{\"") else {
        return;
    };
    let text = line.get(place..).unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => {
            let item = Item::of_json(value, &(number..number + 1));
            entry(reader, page, &item);
        }
        _ if text.contains("\"args\":[\"") => {
            // What is cut is said to be cut.
            let call = Call {
                program: Program::Etcd,
                by_path: false,
                environment: Vec::new(),
                arguments: Vec::new(),
                machine: None,
                container: None,
                through: Vec::new(),
            };
            let lines = number..number + 1;
            let effects = vec![Effect::Call(call)];
            let before = reader.material.invocations.len();
            reader.effects(page, &lines, effects, Coat::Log, None);
            for invocation in reader.material.invocations.iter_mut().skip(before) {
                invocation.cut = Some(Cut::Log);
            }
        }
        _ => {}
    }
}

/// Looks at an entry of a log; whether it is one.
pub(super) fn entry(reader: &mut Reader, page: &Page, item: &Item) -> bool {
    let text = |key: &str| item.get(key).and_then(Item::text).unwrap_or_default();
    let is_entry =
        item.get("level").is_some() && item.get("msg").is_some() || item.get("MESSAGE").is_some();
    if !is_entry {
        return false;
    }
    let lines = item.lines.clone();
    let place = page.place(&lines);
    let args: Vec<String> = item
        .get("args")
        .map(Item::list)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.text().map(str::to_owned))
        .collect();
    if !args.is_empty() {
        let effects = Shell::default().run_words(&args);
        reader.effects(page, &lines, effects, Coat::Log, None);
        return true;
    }
    match text("msg") {
        "recognized and used environment variable" => {
            let name = text("variable-name");
            if name.starts_with("ETCD_") {
                reader
                    .told
                    .set_variable(name, text("variable-value"), place);
            }
        }
        message if message.starts_with("starting with client TLS") => {
            reader.told.tls(text("tls-info"), false, &place);
        }
        message if message.starts_with("starting with peer TLS") => {
            reader.told.tls(text("tls-info"), true, &place);
        }
        message if message.starts_with("serving client traffic insecurely") => {
            serving(&mut reader.told, "http", text("address"), &place);
        }
        message if message.starts_with("serving client traffic securely") => {
            serving(&mut reader.told, "https", text("address"), &place);
        }
        "configuring client listeners"
        | "configuring peer listeners"
        | "starting an etcd server"
        | "published local member to cluster through raft" => {
            for key in KEYS {
                let value = match item.get(key).map(|item| &item.node) {
                    Some(Node::Text(text)) => text.clone(),
                    Some(Node::List(items)) => {
                        let texts: Vec<&str> = items.iter().filter_map(Item::text).collect();
                        texts.join(",")
                    }
                    _ => continue,
                };
                reader.told.set(key, value, place.clone());
            }
        }
        _ => {}
    }
    true
}

/// A listener, where the log says no more than its address.
fn serving(told: &mut Told, scheme: &str, address: &str, place: &Place) {
    let known = told
        .flags
        .iter()
        .find(|(flag, _)| *flag == "listen-client-urls");
    let url = format!("{scheme}://{}", address.trim_end_matches(','));
    match known.map(|(_, value)| value.clone()) {
        // What `configuring client listeners` said is better.
        Some(known) if known.contains(address) => {}
        Some(known) => told.set(
            "listen-client-urls",
            format!("{known},{url}"),
            place.clone(),
        ),
        None => told.set("listen-client-urls", url, place.clone()),
    }
}

/// A line of the plain logs of 3.4 and before; whether it told something.
pub(super) fn told(told: &mut Told, page: &Page, number: usize) -> bool {
    let Some(line) = page.free(number) else {
        return false;
    };
    let place = page.place(&(number..number + 1));
    let behind = |words: &str| line.split_once(words).map(|(_, behind)| behind.trim());
    if let Some(text) = behind("ClientTLS: ") {
        told.tls(text, false, &place);
    } else if let Some(text) = behind("peerTLS: ") {
        told.tls(text, true, &place);
    } else if let Some(text) = behind("advertise client URLs = ") {
        told.set("advertise-client-urls", text.to_owned(), place);
    } else if let Some(text) = behind("serving insecure client requests on ") {
        let address = text.split(',').next().unwrap_or(text);
        serving(told, "http", address, &place);
    } else if let Some(text) = behind("serving client requests on ") {
        serving(told, "https", text, &place);
    } else if let Some(text) = behind("recognized and used environment variable ")
        && let Some((name, value)) = text.split_once('=')
        && name.starts_with("ETCD_")
    {
        told.set_variable(name, value, place);
    } else {
        return false;
    }
    true
}
