//! What etcd's own log tells of how it was called, gathered over all its lines:
//! flags, variables, and where they stand.

use std::collections::BTreeMap;

use super::Passage;
use super::page::Page;

/// What the log told, of the last start.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Flags and their values.
    pub(super) flags: Vec<(&'static str, String)>,
    /// Variables that etcd says it used.
    pub(super) variables: BTreeMap<String, String>,
    /// The first line that told something, and the last.
    pub(super) place: Option<Passage>,
}

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
    pub(super) fn set(&mut self, flag: &'static str, value: String, place: Passage) {
        if value.is_empty() || flag.is_empty() {
            return;
        }
        self.flags.retain(|(known, _)| *known != flag);
        self.flags.push((flag, value));
        self.stands(place);
    }

    pub(super) fn set_variable(&mut self, name: &str, value: &str, place: Passage) {
        self.variables.insert(name.to_owned(), value.to_owned());
        self.stands(place);
    }

    fn stands(&mut self, place: Passage) {
        match &mut self.place {
            Some(known) if known.source == place.source => {
                known.bytes.end = known.bytes.end.max(place.bytes.end);
            }
            known => *known = Some(place),
        }
    }

    /// `cert = a, key = b, …`
    pub(super) fn tls(&mut self, text: &str, of_peers: bool, place: &Passage) {
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

    /// A listener, where the log says no more than its address.
    pub(super) fn serving(&mut self, scheme: &str, address: &str, place: &Passage) {
        let known = self
            .flags
            .iter()
            .find(|(flag, _)| *flag == "listen-client-urls");
        let url = format!("{scheme}://{}", address.trim_end_matches(','));
        match known.map(|(_, value)| value.clone()) {
            // What `configuring client listeners` said is better.
            Some(known) if known.contains(address) => {}
            Some(known) => self.set(
                "listen-client-urls",
                format!("{known},{url}"),
                place.clone(),
            ),
            None => self.set("listen-client-urls", url, place.clone()),
        }
    }

    /// A line of the plain logs of 3.4 and before; whether it told something.
    pub(super) fn line(&mut self, page: &Page, number: usize) -> bool {
        let Some(line) = page.free(number) else {
            return false;
        };
        let place = page.place(&(number..number + 1));
        let behind = |words: &str| line.split_once(words).map(|(_, behind)| behind.trim());
        if let Some(text) = behind("ClientTLS: ") {
            self.tls(text, false, &place);
        } else if let Some(text) = behind("peerTLS: ") {
            self.tls(text, true, &place);
        } else if let Some(text) = behind("advertise client URLs = ") {
            self.set("advertise-client-urls", text.to_owned(), place);
        } else if let Some(text) = behind("serving insecure client requests on ") {
            let address = text.split(',').next().unwrap_or(text);
            self.serving("http", address, &place);
        } else if let Some(text) = behind("serving client requests on ") {
            self.serving("https", text, &place);
        } else if let Some(text) = behind("recognized and used environment variable ")
            && let Some((name, value)) = text.split_once('=')
            && name.starts_with("ETCD_")
        {
            self.set_variable(name, value, place);
        } else {
            return false;
        }
        true
    }
}
