//! What a client's line tells by itself: where it asks, with which files, and in the
//! words of which API.

use crate::etcd::facts::client_form;
use crate::etcd::facts::client_program;
use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::etcdctl_v2;
use crate::etcd::facts::kubeadm;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::variable::{self, ETCDCTL_API};
use crate::etcd::judge::reading::client_configuration::{ClientConfiguration, Endpoint, Transport};
use crate::etcd::judge::reading::material::{Invocation, Material, Program};
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::telling::diagnosis::{Clue, Party};
use go_x509::url::Url;

/// The port of kube-apiserver, which is not etcd.
const OF_APISERVER: &str = ":6443";

/// So many endpoints are spoken of.
const MOST_ENDPOINTS: usize = 3;

/// etcdctl's options for files, as API 3 has them; in the order of [`etcdctl_v2::FILES`].
const OF_API_3: [EtcdctlOption; 3] = [
    EtcdctlOption::AuthorityCertificate,
    EtcdctlOption::Certificate,
    EtcdctlOption::Key,
];

/// Endpoints that are none: kube-apiserver's port, that between members unless this etcd
/// has clients there, and a member's name with its URL.
pub(in crate::lab::job::diagnose) fn misdialled(
    client: &ClientConfiguration,
    server: Option<&ServerConfiguration>,
) -> Vec<String> {
    let of_members = format!(":{}", port::PEER);
    let serves_there = server.is_some_and(|server| {
        let mut urls = server.listen_client_urls.iter();
        urls.any(|url| url.host.ends_with(&of_members))
    });
    let listens_for_members = |address: &str| {
        server.is_some_and(|server| {
            let is_there = |urls: &[Url]| urls.iter().any(|url| url.host == address);
            is_there(&server.listen_peer_urls) && !is_there(&server.listen_client_urls)
        })
    };
    let told = |endpoint: &Endpoint| {
        let text = &endpoint.text;
        let named = text.split_once('=');
        if let Some((name, url)) = named.filter(|(_, url)| url.contains("://")) {
            Some(format!(
                "{text} is no endpoint: write {url} alone, without {name}= in front, as only {} has it.",
                EtcdOption::InitialCluster.flag()
            ))
        } else if endpoint.address.ends_with(OF_APISERVER) {
            Some(format!(
                "{text} is the port of kube-apiserver; etcd’s is {}.",
                port::CLIENT
            ))
        } else if listens_for_members(&endpoint.address) {
            Some(format!(
                "{text} is where this etcd listens for members: it takes no client’s requests there. Clients ask {}.",
                EtcdOption::ListenClientUrls.flag()
            ))
        } else if endpoint.address.ends_with(&of_members) && !serves_there {
            Some(format!(
                "{text} is by its number the port between members, which takes members’ certificates and no client’s requests; clients ask port {}.",
                port::CLIENT
            ))
        } else {
            None
        }
    };
    let mut all: Vec<String> = Vec::new();
    for sentence in client.endpoints.iter().filter_map(told) {
        if all.len() < MOST_ENDPOINTS && !all.contains(&sentence) {
            all.push(sentence);
        }
    }
    all
}

/// What a client by itself is told that keeps it from etcd, or may: which files it has
/// not. etcdctl's own lines are often shortened, so that they are looked at only where
/// etcd was heard to refuse the client.
pub(in crate::lab::job::diagnose) fn of_client(
    client: &ClientConfiguration,
    program: Option<&str>,
    clues: &[Clue],
) -> Vec<String> {
    let is_own = |name: &str| {
        name == "etcdctl" || Some(name) == program || client_program::ANY_GO.contains(&name)
    };
    let demands = |clue: &Clue| {
        clue.refused_by == Some(Party::Server)
            && clue.rules.contains(&Rule::ClientCertificateRequired)
            // curl's words are not of this client.
            && clue.program.as_deref().is_none_or(is_own)
    };
    let is_refused = clues.iter().any(demands);
    let name = program.unwrap_or("etcdctl");
    let is_alike = client_form::is_alike(name);
    let mut told = Vec::new();
    let is_plain = client.transport() == Transport::Plain;
    if program.is_none() && !is_refused && !is_plain {
        return Vec::new();
    }
    if is_plain {
        if client.has_tls() {
            told.push(format!(
                "The endpoints that {name} is given are http://, so that its files are not used: an etcd with TLS wants https://."
            ));
        }
        return told;
    }
    match (client.cert_file.is_empty(), client.key_file.is_empty()) {
        (true, true) => told.push(format!(
            "{name} is given no certificate and no key: an etcd with {} refuses it.",
            EtcdOption::ClientCertificateAuthentication.flag()
        )),
        (false, true) if is_alike => {
            told.push(format!("{name} is given a certificate and no key to it."));
        }
        (true, false) => told.push(format!("{name} is given a key and no certificate to it.")),
        (false, false) if is_refused => told.push(format!(
            "{name} is given a certificate, so that this one was refused: look first at its CA, which must be in {}, its end, and clientAuth.",
            EtcdOption::TrustedCaFile.flag()
        )),
        (false, _) => {}
    }
    if program.is_some() && is_alike && client.ca_file.is_empty() && !client.skip_verification {
        told.push(format!(
            "{name} is given no CA: it takes etcd’s certificate only if the CA of that is among the machine’s own."
        ));
    }
    told
}

/// An endpoint that begins with a quote, which stood within others.
pub(in crate::lab::job::diagnose) fn of_quotes(client: &ClientConfiguration) -> Option<String> {
    // A pair of backticks is a command's output.
    let quotes = ['\'', '"', '“', '”'];
    let mut endpoints = client.endpoints.iter();
    // A command's output is no address.
    let is_address = |text: &str| !text.contains([' ', '|', '(', ')', '$']);
    let endpoint = endpoints.find(|it| it.text.contains(quotes) && is_address(&it.text))?;
    Some(format!(
        "{} has a quote in it that belongs to no address: write {}.",
        endpoint.text,
        endpoint.text.replace(quotes, "")
    ))
}

/// How a client without files asks the etcd of kubeadm, which takes none without.
pub(in crate::lab::job::diagnose) fn of_client_of_kubeadm(
    client: &ClientConfiguration,
) -> Option<String> {
    let is_bare = !client.has_tls() && client.ca_file.is_empty();
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let is_plain = |it: &Endpoint| {
        let is_local = local.iter().any(|host| it.address.starts_with(host));
        is_local && !it.text.starts_with("https://")
    };
    let mut command = client.command.iter();
    if !command
        .next()
        .is_some_and(|word| word != "version" && word != "help")
    {
        return None;
    }
    let folder = format!("{}/etcd", kubeadm::CERTIFICATES);
    (is_bare && client.endpoints.iter().all(is_plain)).then(|| {
        format!(
            "kubeadm’s etcd takes clients by TLS and with a certificate alone: etcdctl {}=https://127.0.0.1:{} {}={folder}/ca.crt {}={folder}/server.crt {}={folder}/server.key.",
            EtcdctlOption::Endpoints.flag(),
            port::CLIENT,
            EtcdctlOption::AuthorityCertificate.flag(),
            EtcdctlOption::Certificate.flag(),
            EtcdctlOption::Key.flag(),
        )
    })
}

/// etcdctl's flags and commands of the other API than the one that is asked for.
pub(in crate::lab::job::diagnose) fn of_api(client: &Invocation) -> Option<String> {
    if client.of_client().is_some() {
        return None;
    }
    let api = client.environment.get(ETCDCTL_API)?.trim();
    let flags = client.arguments.iter().filter_map(|word| {
        let name = word.strip_prefix("--")?;
        Some(name.split_once('=').map_or(name, |(name, _)| name))
    });
    let has = |known: &[&str]| flags.clone().any(|name| known.contains(&name));
    let listed = |names: [&str; 3]| names.map(|name| format!("--{name}")).join(", ");
    let new = OF_API_3.map(EtcdctlOption::name);
    let old = etcdctl_v2::FILES;
    if api == "3" && has(&old) {
        let asks_health = client.arguments.iter().any(|word| word == "cluster-health");
        let health = if asks_health {
            ", and endpoint health for cluster-health"
        } else {
            ""
        };
        return Some(format!(
            "With {ETCDCTL_API}=3 etcdctl has no {} (unknown flag), which are of API 2: write {}{health}.",
            listed(old),
            listed(new),
        ));
    }
    (api == "2" && has(&new)).then(|| {
        format!(
            "With {ETCDCTL_API}=2 etcdctl has no {}: leave {ETCDCTL_API} out, or write {}.",
            listed(new),
            listed(old)
        )
    })
}

/// APISIX at https:// without the file by which it trusts etcd's CA (APISIX
/// `conf/config.yaml.example`, `apisix.ssl.ssl_trusted_certificate`).
pub(in crate::lab::job::diagnose) fn of_apisix(material: &Material) -> Option<String> {
    let is_named = material.rest.contains("ssl_trusted_certificate");
    let skips = EtcdctlOption::InsecureSkipTlsVerify.flag();
    let mut lines = material.invocations.iter();
    let is_secure = lines.any(|line| {
        line.of_client() == Some("APISIX")
            && !line.arguments.iter().any(|word| word == skips)
            && line
                .option(EtcdctlOption::Endpoints.name())
                .is_some_and(|endpoints| endpoints.contains("https://"))
    });
    // The chart writes the setting from a Secret.
    let checks = !material.rest.contains("existingCASecret");
    (is_secure && checks && !is_named).then(|| {
        "APISIX takes etcd’s certificate by the CAs in apisix.ssl.ssl_trusted_certificate, which is not here: a CA of your own must be named there.".to_owned()
    })
}

/// etcdctl's variables for files of API 2 beside the choice of API 3.
pub(in crate::lab::job::diagnose) fn of_old_variables(
    material: &Material,
    is_used: impl Fn(&str) -> bool,
) -> Option<String> {
    let names = |flags: [&str; 3]| flags.map(|it| variable::of_flag(variable::ETCDCTL, it));
    let old = names(etcdctl_v2::FILES);
    let new = names(OF_API_3.map(EtcdctlOption::name));
    let is_set = |name: &String| material.variables.contains(name);
    let pairs = old.iter().zip(&new);
    let unread: Vec<(&String, &String)> = pairs
        .filter(|(old, new)| is_set(old) && !is_set(new) && !is_used(old))
        .collect();
    let (old, new): (Vec<&str>, Vec<&str>) = unread
        .iter()
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .unzip();
    let asks_old = |line: &Invocation| {
        let words = || line.arguments.iter().map(String::as_str);
        line.program == Program::Etcdctl
            && (words().any(|word| etcdctl_v2::COMMANDS.contains(&word)) || words().any(old_flag))
    };
    let with = match material.api.as_deref() {
        Some("3") => format!("With {ETCDCTL_API}=3 etcdctl"),
        None if !material.invocations.iter().any(asks_old) => {
            "etcdctl of API 3, which it asks since 3.4,".to_owned()
        }
        _ => return None,
    };
    (!old.is_empty()).then(|| {
        format!(
            "{with} does not read {}, of API 2: set {}.",
            old.join(", "),
            new.join(", ")
        )
    })
}

/// Whether a word is one of etcdctl's flags for files of API 2.
fn old_flag(word: &str) -> bool {
    let name = word.trim_start_matches('-').split('=').next();
    word.starts_with("--") && name.is_some_and(|name| etcdctl_v2::FILES.contains(&name))
}
