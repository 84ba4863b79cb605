//! What a text tells of curl's calls: at http:// where etcd is at https://.

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;
use crate::etcd::judge::reading::material::{Invocation, Material, Program};

/// So many calls are looked at.
const MOST: usize = 20;

/// A URL of this scheme at the port for clients, by its first letters.
pub(super) fn url_at_clients_port<'t>(scheme: &str, text: &'t str) -> Option<&'t str> {
    const LONGEST: usize = 120;
    let of_clients = format!(":{}", port::CLIENT);
    let ends = |letter: char| letter.is_whitespace() || "`'\"<>(),".contains(letter);
    let mut words = text.split(ends);
    words.find(|word| {
        let behind = word.split_once(of_clients.as_str());
        word.starts_with(scheme)
            && word.len() < LONGEST
            && !word.contains('@')
            && behind.is_some_and(|(_, rest)| !rest.starts_with(|it: char| it.is_ascii_digit()))
    })
}

/// curl at http:// where the same text tells of an etcd at https:// alone.
pub(super) fn asked_in_plain_text(material: &Material) -> Option<String> {
    let text = &material.rest;
    url_at_clients_port("https://", text)?;
    let (mut asked, mut is_served) = (None, false);
    for line in text.lines() {
        match line.split_once("curl ") {
            Some((_, call)) => asked = asked.or_else(|| url_at_clients_port("http://", call)),
            None => is_served |= url_at_clients_port("http://", line).is_some(),
        }
    }
    let serves = |value: &String| value.contains("http://");
    let mut lines = material.invocations.iter().take(MOST);
    is_served |= lines
        .any(|line| line.arguments.iter().any(serves) || line.environment.values().any(serves));
    let url = asked.filter(|_| !is_served)?;
    Some(format!(
        "curl asks {url} in plain text, and etcd is told of at https:// here: write https:// there, with --cacert, and --cert and --key where etcd asks for a certificate."
    ))
}

/// curl's options whose value may look like an address.
const WITH_VALUE: [&str; 8] = [
    "-H",
    "--header",
    "-d",
    "--data",
    "-x",
    "--proxy",
    "--resolve",
    "-A",
];

/// curl at the port for clients without a scheme, which it takes for http:// (curl(1),
/// URL), where nothing answered so.
pub(super) fn asked_without_scheme(material: &Material) -> Option<String> {
    let text = material.rest.to_ascii_lowercase();
    let fails = ["empty re", "curl: (", "http/0.9", "malformed", "https://"];
    let answers = ["\"etcdserver\"", "\"health\"", "\"action\"", "http/1.1 200"];
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    if !has(&fails) || has(&answers) || text.contains("http://") {
        return None;
    }
    let calls = material.invocations.iter().take(MOST);
    let url = calls
        .filter(|it| it.program == Program::Curl)
        .find_map(bare)?;
    Some(format!(
        "curl takes {url} for http://, and an etcd with TLS answers nothing, or no HTTP, to that: write https:// in front, with --cacert, and --cert and --key where etcd asks for a certificate. With {} it gives health and metrics at http:// on a port of their own.",
        EtcdOption::ListenMetricsUrls.flag()
    ))
}

/// The address without a scheme that a call of curl's asks, if none of its words has one.
fn bare(call: &Invocation) -> Option<&str> {
    let of_clients = format!(":{}/", port::CLIENT);
    if call.arguments.iter().any(|word| word.contains("://")) {
        return None;
    }
    let mut before = "";
    let mut words = call.arguments.iter().map(String::as_str);
    words.find(|word| {
        let is_value = WITH_VALUE.contains(&before);
        before = word;
        let is_host = word.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        !is_value && is_host && word.contains(&of_clients) && !word.contains(' ')
    })
}
