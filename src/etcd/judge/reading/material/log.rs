//! What etcd's own log says of how it was called: its arguments (since 3.5), the
//! files of its TLS, the URLs that it listens on. Log lines stay text for those
//! who look for errors in them.

use serde_json::Value;

use super::page::Page;
use super::reader::Reader;
use super::shell::{Call, Effect, Shell};
use super::tree::{Item, Node};
use super::{Coat, Cut};
use crate::etcd::facts::option::EtcdOption;

/// Options whose names are keys of the log's entries.
const KEYS: [EtcdOption; 8] = [
    EtcdOption::ListenClientUrls,
    EtcdOption::AdvertiseClientUrls,
    EtcdOption::ListenPeerUrls,
    EtcdOption::ListenMetricsUrls,
    EtcdOption::InitialAdvertisePeerUrls,
    EtcdOption::InitialCluster,
    EtcdOption::Name,
    EtcdOption::DataDirectory,
];

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
            let lines = number..number + 1;
            let effects = vec![Effect::Call(Call::etcd(Vec::new()))];
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
        // So 3.4.0 calls it when it serves TLS (etcd's pull request 11108).
        "serving client traffic insecurely" => {
            reader.told.serving("https", text("address"), &place);
        }
        message if message.starts_with("serving client traffic insecurely; ") => {
            reader.told.serving("http", text("address"), &place);
        }
        message if message.starts_with("serving client traffic securely") => {
            reader.told.serving("https", text("address"), &place);
        }
        "configuring client listeners"
        | "configuring peer listeners"
        | "starting an etcd server"
        | "published local member to cluster through raft" => {
            for option in KEYS {
                let value = match item.get(option.name()).map(|item| &item.node) {
                    Some(Node::Text(text)) => text.clone(),
                    Some(Node::List(items)) => {
                        let texts: Vec<&str> = items.iter().filter_map(Item::text).collect();
                        texts.join(",")
                    }
                    _ => continue,
                };
                reader.told.set(option, value, place.clone());
            }
        }
        _ => {}
    }
    true
}
