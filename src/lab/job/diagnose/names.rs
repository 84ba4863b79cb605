//! Files that by their names stand in each other's place: `--cert ca.crt` beside
//! `--cacert server.crt`. Where the files are at hand, they are judged by what is in
//! them; where only the line is, its author may look twice.

use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::etcdctl_v2;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::material::Invocation;
use crate::etcd::judge::reading::server_configuration::{ServerConfiguration, TlsSettings};

use super::base;

/// The files of one side, each with the flag that names it.
struct Named<'a> {
    authority: (&'a str, &'a str),
    certificate: (&'a str, &'a str),
    key: (&'a str, &'a str),
}

/// What a file's name says that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Authority,
    Certificate,
    Key,
}

impl Kind {
    /// `None` where the name leaves it open, as `etcd.pem` does.
    fn of(path: &str) -> Option<Self> {
        let name = base(path).to_ascii_lowercase();
        let (stem, ending) = name.rsplit_once('.')?;
        let has = |word| {
            let mut words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
            words.any(|it| it == word)
        };
        match ending {
            "key" => Some(Self::Key),
            "crt" | "cert" | "cer" | "pem" if has("key") => (ending == "pem").then_some(Self::Key),
            "crt" | "cert" | "cer" | "pem" if has("ca") => Some(Self::Authority),
            "crt" | "cert" | "cer" => Some(Self::Certificate),
            "pem" if has("cert") || has("crt") => Some(Self::Certificate),
            _ => None,
        }
    }
}

impl Named<'_> {
    /// What is to be said of them.
    fn swapped(&self) -> Option<String> {
        let kind = |(_, path): (&str, &str)| Kind::of(path);
        let [authority, certificate, key] = [self.authority, self.certificate, self.key].map(kind);
        if certificate == Some(Kind::Key) && matches!(key, None | Some(Kind::Key)) {
            let (flag, path) = self.certificate;
            return Some(format!(
                "By its name, the file of {flag} is a private key: {}.",
                base(path)
            ));
        }
        if authority == Some(Kind::Key) {
            let (flag, path) = self.authority;
            return Some(format!(
                "By its name, the file of {flag} is a private key: {}. The CA’s certificate belongs there.",
                base(path)
            ));
        }
        let is_certificate = |it| matches!(it, Some(Kind::Authority | Kind::Certificate));
        let [(one, at_one), (other, at_other)] =
            if certificate == Some(Kind::Key) && is_certificate(key) {
                [self.certificate, self.key]
            } else if authority == Some(Kind::Certificate) && certificate == Some(Kind::Authority) {
                [self.authority, self.certificate]
            } else {
                return None;
            };
        Some(format!(
            "By their names, the files of {one} and {other} are swapped: {one} names {}, and {other} {}.",
            base(at_one),
            base(at_other),
        ))
    }
}

/// What clients in Python call the files: CA, certificate, key (etcd3 `etcd3.client`).
const OF_PYTHON: [&str; 3] = ["ca_cert", "cert_cert", "cert_key"];

/// The files of a call in Python that are swapped by their names.
pub(super) fn of_call(text: &str) -> Option<String> {
    let given = |name: &'static str| -> Option<(&'static str, &str)> {
        text.match_indices(name).find_map(|(place, _)| {
            let before = text.get(..place)?.chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                return None;
            }
            let rest = text.get(place + name.len()..)?.trim_start();
            let rest = rest.strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let (path, _) = rest.get(1..)?.lines().next()?.split_once(quote)?;
            Some((name, path))
        })
    };
    let [authority, certificate, key] = OF_PYTHON;
    let named = Named {
        authority: given(authority)?,
        certificate: given(certificate)?,
        key: given(key)?,
    };
    named.swapped()
}

/// A client's files that are swapped by their names, or whose path has a letter too many;
/// etcdctl's by its flags, those of another program by what they are.
pub(super) fn of_client(client: &ClientConfiguration, program: Option<&str>) -> Option<String> {
    let options = [
        EtcdctlOption::AuthorityCertificate,
        EtcdctlOption::Certificate,
        EtcdctlOption::Key,
    ];
    let flags = options.map(|option| option.flag().to_owned());
    let [authority, certificate, key] = match program {
        Some(program) => ["CA", "certificate", "key"].map(|it| format!("{program}’s {it}")),
        None => flags,
    };
    let named = Named {
        authority: (&authority, &client.ca_file),
        certificate: (&certificate, &client.cert_file),
        key: (&key, &client.key_file),
    };
    named.swapped()
}

/// Whether a client is given files by the flags of API 2.
pub(super) fn is_of_old_client(line: &Invocation) -> bool {
    let mut flags = etcdctl_v2::FILES.iter();
    flags.any(|flag| line.option(flag).is_some())
}

/// The files of such a one, as [`of_client`].
pub(super) fn of_old_client(line: &Invocation) -> Option<String> {
    let [authority, certificate, key] =
        etcdctl_v2::FILES.map(|flag| (format!("--{flag}"), line.option(flag).unwrap_or_default()));
    let named = Named {
        authority: (&authority.0, authority.1),
        certificate: (&certificate.0, certificate.1),
        key: (&key.0, key.1),
    };
    named.swapped()
}

/// A URL whose scheme lacks its colon: `http//node-a:2379`.
pub(super) fn without_colon(text: &str) -> Option<String> {
    let is_one = |word: &&str| ["http//", "https//"].iter().any(|it| word.starts_with(it));
    let mut words = text.split(|letter: char| letter.is_whitespace() || "=\"',".contains(letter));
    let url = words.find(is_one)?;
    let (scheme, rest) = url.split_once("//")?;
    Some(format!("{url} is no URL: write {scheme}://{rest}."))
}

/// A path in a program's own words that begins with the `=` of a setting which was
/// written twice: `=/etc/pki/client.pem`.
pub(super) fn with_stray_sign(text: &str) -> Option<String> {
    const ENDINGS: [&str; 4] = [".pem", ".crt", ".key", ".cert"];
    let bare = |word: &'_ str| {
        word.trim_end_matches(['}', ']', ')', '"', ',', ';'])
            .to_owned()
    };
    let is_stray = |path: &String| {
        path.starts_with("=/") && ENDINGS.iter().any(|ending| path.ends_with(ending))
    };
    // The second word of a line is what the first is set to.
    let words = text
        .lines()
        .flat_map(|line| line.split_whitespace().skip(2));
    let path = words
        .filter(|word| word.starts_with('='))
        .map(bare)
        .find(is_stray)?;
    Some(format!(
        "A path begins with a sign of its own: {path}. Write {} where it is set.",
        path.trim_start_matches('=')
    ))
}

/// etcd's, towards clients and towards members.
pub(super) fn of_server(server: &ServerConfiguration) -> impl Iterator<Item = String> {
    use EtcdOption::{
        CertificateFile, KeyFile, PeerCertificateFile, PeerKeyFile, PeerTrustedCaFile,
        TrustedCaFile,
    };
    let side = |side: &TlsSettings, [authority, certificate, key]: [EtcdOption; 3]| {
        let named = Named {
            authority: (authority.flag(), &side.trusted_ca_file),
            certificate: (certificate.flag(), &side.cert_file),
            key: (key.flag(), &side.key_file),
        };
        named.swapped()
    };
    let clients = side(&server.client, [TrustedCaFile, CertificateFile, KeyFile]);
    let members = side(
        &server.peer,
        [PeerTrustedCaFile, PeerCertificateFile, PeerKeyFile],
    );
    clients.into_iter().chain(members)
}
