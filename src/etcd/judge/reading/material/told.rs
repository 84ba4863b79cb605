//! What etcd's own log tells of how it was called, gathered over all its lines:
//! flags, variables, and where they stand.

use std::collections::BTreeMap;

use super::Passage;
use super::page::Page;
use crate::etcd::facts::option::EtcdOption;

/// What the log told, of the last start.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Flags and their values.
    pub(super) flags: Vec<(EtcdOption, String)>,
    /// Variables that etcd says it used.
    pub(super) variables: BTreeMap<String, String>,
    /// The first line that told something, and the last.
    pub(super) place: Option<Passage>,
}

/// Words of `transport.TLSInfo.String`, and the options of the client's side and of
/// the peers' that they stand for.
const TLS: [(&str, Option<EtcdOption>, EtcdOption); 8] = {
    use EtcdOption as It;
    [
        ("cert", Some(It::CertificateFile), It::PeerCertificateFile),
        ("key", Some(It::KeyFile), It::PeerKeyFile),
        ("client-cert", None, It::PeerClientCertificateFile),
        ("client-key", None, It::PeerClientKeyFile),
        ("trusted-ca", Some(It::TrustedCaFile), It::PeerTrustedCaFile),
        ("ca", Some(It::TrustedCaFile), It::PeerTrustedCaFile),
        (
            "client-cert-auth",
            Some(It::ClientCertificateAuthentication),
            It::PeerClientCertificateAuthentication,
        ),
        (
            "crl-file",
            Some(It::ClientRevocationListFile),
            It::PeerRevocationListFile,
        ),
    ]
};

impl Told {
    pub(super) fn set(&mut self, option: EtcdOption, value: String, place: Passage) {
        if value.is_empty() {
            return;
        }
        self.flags.retain(|(known, _)| *known != option);
        self.flags.push((option, value));
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

    /// What an option was told to be.
    pub(super) fn value(&self, option: EtcdOption) -> Option<&str> {
        let told = self.flags.iter().find(|(known, _)| *known == option);
        told.map(|(_, value)| value.as_str())
    }

    /// `cert = a, key = b, …`
    pub(super) fn tls(&mut self, text: &str, of_peers: bool, place: &Passage) {
        for part in text.split(", ") {
            let Some((word, value)) = part.split_once('=') else {
                continue;
            };
            let word = word.trim();
            if let Some((_, client, peer)) = TLS.iter().find(|(known, _, _)| *known == word) {
                let option = if of_peers { Some(*peer) } else { *client };
                if let Some(option) = option {
                    self.set(option, value.trim().to_owned(), place.clone());
                }
            }
        }
    }

    /// A listener, where the log says no more than its address.
    pub(super) fn serving(&mut self, scheme: &str, address: &str, place: &Passage) {
        const LISTENS: EtcdOption = EtcdOption::ListenClientUrls;
        let url = format!("{scheme}://{}", address.trim_end_matches(','));
        match self.value(LISTENS).map(str::to_owned) {
            // What `configuring client listeners` said is better.
            Some(known) if known.contains(address) => {}
            Some(known) => self.set(LISTENS, format!("{known},{url}"), place.clone()),
            None => self.set(LISTENS, url, place.clone()),
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
            self.set(EtcdOption::AdvertiseClientUrls, text.to_owned(), place);
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
