//! What the command lines tell by themselves, where none of their files is here: who
//! demands what the other does not bring, and who speaks what the other does not.

use crate::etcd::facts::client_form;
use crate::etcd::facts::client_program;
use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::etcdctl_v2;
use crate::etcd::facts::kubeadm;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;
use crate::etcd::facts::release::EtcdVersion;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::slip::is_slip;
use crate::etcd::facts::variable::{self, ETCDCTL_API};
use crate::etcd::judge::reading::client_configuration::{ClientConfiguration, Endpoint, Transport};
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::material::{Invocation, Material};
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::judge::start::makes_own;
use crate::etcd::judge::{Case, cluster};
use crate::etcd::telling::diagnosis::{Clue, Party};
use go_x509::url::Url;

/// The port of kube-apiserver, which is not etcd.
const OF_APISERVER: &str = ":6443";

/// Sentences, the most telling first.
pub(super) fn told(case: &Case<'_>) -> Vec<String> {
    let both = case.server().zip(case.client());
    let between = both.and_then(|(server, client)| between(server, client));
    let ported = case
        .client()
        .map(|client| misdialled(client, case.server()));
    let ported = ported.into_iter().flatten();
    let plain = case.server().and_then(plain_with_files);
    between.into_iter().chain(plain).chain(ported).collect()
}

/// etcd's files for TLS beside URLs without it (etcd `server/embed/etcd.go`,
/// `configureClientListeners`: “Ignored key/cert files”).
fn plain_with_files(server: &ServerConfiguration) -> Option<String> {
    let urls = &server.listen_client_urls;
    let is_plain = !urls.is_empty() && urls.iter().all(|url| url.scheme == "http");
    (is_plain && !server.client.cert_file.is_empty()).then(|| {
        format!(
            "{} has http:// alone, so that etcd speaks no TLS to clients and does not use {}: write https:// there and in {}.",
            EtcdOption::ListenClientUrls.flag(),
            EtcdOption::CertificateFile.flag(),
            EtcdOption::AdvertiseClientUrls.flag(),
        )
    })
}

/// A member's name with its URL where URLs alone are taken: only `--initial-cluster` has
/// both.
pub(super) fn of_urls(line: &CommandLine) -> Option<String> {
    let is_named = |url: &str| {
        let before = url.split_once("://").map_or("", |(before, _)| before);
        before.contains('=')
    };
    let options = EtcdOption::ALL.iter();
    let mut of_urls = options.filter(|option| option.name().ends_with("-urls"));
    let option = of_urls.find(|option| {
        let value = line.flag(option.name()).unwrap_or_default();
        value.split(',').any(is_named)
    })?;
    Some(format!(
        "{} takes URLs alone; NAME=URL belongs to {}.",
        option.flag(),
        EtcdOption::InitialCluster.flag()
    ))
}

/// Flags that etcd had before 2.0, and none since: it is not judged by a newer one.
pub(super) fn is_of_first_etcd(arguments: &[String]) -> bool {
    const FLAGS: [&str; 5] = [
        "clientCAFile",
        "clientCert",
        "clientKey",
        "serverCAFile",
        "serverCert",
    ];
    let mut names = arguments.iter().filter(|word| word.starts_with('-'));
    names.any(|word| {
        let name = word.trim_start_matches('-').split('=').next();
        name.is_some_and(|name| FLAGS.contains(&name))
    })
}

/// With kubeadm, kube-apiserver asks the etcd of its own node at 127.0.0.1 (kubernetes
/// `cmd/kubeadm/app/phases/controlplane/manifests.go`, `getAPIServerCommand`).
pub(super) fn of_kubeadm(case: &Case<'_>) -> Option<String> {
    let urls = &case.server()?.listen_client_urls;
    let is_local =
        |url: &Url| ["127.0.0.1", "localhost", "0.0.0.0", "::", "::1"].contains(&url.host_name());
    (!urls.is_empty() && !urls.iter().any(is_local)).then(|| {
        format!(
            "{} has no address of this machine itself, and kubeadm has kube-apiserver ask https://127.0.0.1:{}: add that URL.",
            EtcdOption::ListenClientUrls.flag(),
            port::CLIENT
        )
    })
}

/// What a member advertises to the others where it does not listen for them: without
/// `--listen-peer-urls` it does at `http://localhost:2380` (etcd `server/embed/config.go`,
/// `DefaultListenPeerURLs`).
pub(super) fn of_peers(server: &Invocation) -> Option<String> {
    let reads_file = server.of_etcd(EtcdOption::ConfigurationFile).is_some();
    let listens = server.of_etcd(EtcdOption::ListenPeerUrls).is_some();
    let advertised = server.of_etcd(EtcdOption::InitialAdvertisePeerUrls)?;
    let mut hosts = advertised
        .split(',')
        .filter_map(|url| url.split_once("://"));
    let is_elsewhere = |host: &str| !host.starts_with("localhost") && !host.starts_with("127.");
    let is_reached = reads_file || listens || !hosts.any(|(_, host)| is_elsewhere(host));
    let has_files = server.of_etcd(EtcdOption::PeerCertificateFile).is_some();
    let files = (advertised.contains("https://") && !has_files).then(|| {
        format!(
            ", and for https:// {}, {} and {}",
            EtcdOption::PeerCertificateFile.flag(),
            EtcdOption::PeerKeyFile.flag(),
            EtcdOption::PeerTrustedCaFile.flag()
        )
    });
    (!is_reached).then(|| {
        format!(
            "{} is given and {} is not: etcd listens for members at http://localhost:{} alone, so that none of them reaches it. Give {}{}.",
            EtcdOption::InitialAdvertisePeerUrls.flag(),
            EtcdOption::ListenPeerUrls.flag(),
            port::PEER,
            EtcdOption::ListenPeerUrls.flag(),
            files.unwrap_or_default()
        )
    })
}

/// What serves the clients of `etcd grpc-proxy`, which has files for each of its sides
/// (etcd `server/etcdmain/grpc_proxy.go`).
pub(super) fn of_proxy(line: &CommandLine) -> Option<String> {
    let proxy = Proxy::of(line)?;
    let dials = !proxy.certificate.is_empty() || !proxy.authority.is_empty();
    let serves = line
        .flag(EtcdOption::CertificateFile.name())
        .unwrap_or_default();
    (dials && serves.is_empty()).then(|| {
        format!(
            "etcd grpc-proxy is given files for its way to the members alone ({}, {}, {}), so that it speaks no TLS to its own clients: for https:// give it {} and {}, and {} to ask them for certificates.",
            EtcdctlOption::AuthorityCertificate.flag(),
            EtcdctlOption::Certificate.flag(),
            EtcdctlOption::Key.flag(),
            EtcdOption::CertificateFile.flag(),
            EtcdOption::KeyFile.flag(),
            EtcdOption::TrustedCaFile.flag(),
        )
    })
}

/// etcdctl's flags and commands of the other API than the one that is asked for.
pub(super) fn of_api(client: &Invocation) -> Option<String> {
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

/// etcdctl's variables for files of API 2 beside the choice of API 3.
pub(super) fn of_old_variables(material: &Material) -> Option<String> {
    let names = |flags: [&str; 3]| flags.map(|it| variable::of_flag(variable::ETCDCTL, it));
    let old = names(etcdctl_v2::FILES);
    let given = old.iter().any(|name| material.variables.contains(name));
    (given && material.api.as_deref() == Some("3")).then(|| {
        format!(
            "With {ETCDCTL_API}=3 etcdctl does not read {}, which are of API 2: set {}.",
            old.join(", "),
            names(OF_API_3.map(EtcdctlOption::name)).join(", ")
        )
    })
}

/// What etcd advertises to clients by http:// where it listens for them by https:// alone.
pub(super) fn of_advertised(server: &Invocation) -> Option<String> {
    let listens = server.of_etcd(EtcdOption::ListenClientUrls)?;
    let told = server.of_etcd(EtcdOption::AdvertiseClientUrls)?;
    let is_secure = listens
        .split(',')
        .all(|url| url.trim().starts_with("https://"));
    let mut urls = told.split(',').map(str::trim);
    let plain = urls.find(|url| url.starts_with("http://"))?;
    is_secure.then(|| {
        format!(
            "{} tells clients {plain}, and etcd listens for them by https:// alone: who follows it, as Patroni, endpoint sync and etcdctl --cluster do, speaks plain text to TLS. Write https:// there.",
            EtcdOption::AdvertiseClientUrls.flag()
        )
    })
}

/// Why an etcd without TLS that has others may not answer.
pub(super) fn of_others(case: &Case<'_>) -> Option<String> {
    let server = case.server()?;
    let mut urls = server
        .listen_client_urls
        .iter()
        .chain(&server.listen_peer_urls);
    let members = case
        .etcd
        .line
        .flag(EtcdOption::InitialCluster.name())?
        .split(',')
        .count();
    (members > 1 && urls.all(|url| url.scheme == "http")).then(|| {
        format!(
            "All URLs are http://, so that TLS plays no part. A new cluster answers once most of its {members} members are up and reach each other: look at the others, and at etcd’s log for “elected leader”."
        )
    })
}

/// An endpoint that begins with a quote, which stood within others.
pub(super) fn of_quotes(client: &ClientConfiguration) -> Option<String> {
    let quotes = ['\'', '"', '“', '”', '`'];
    let mut endpoints = client.endpoints.iter();
    let endpoint = endpoints.find(|it| it.text.contains(quotes))?;
    Some(format!(
        "{} has a quote in it that belongs to no address: write {}.",
        endpoint.text,
        endpoint.text.replace(quotes, "")
    ))
}

/// How a client without files asks the etcd of kubeadm, which takes none without.
pub(super) fn of_client_of_kubeadm(client: &ClientConfiguration) -> Option<String> {
    let is_bare = !client.has_tls() && client.ca_file.is_empty();
    let is_plain = |it: &Endpoint| !it.text.starts_with("https://");
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

/// Variables that are none of etcd's or etcdctl's, and like one that is.
pub(super) fn strange_variables(
    names: &[String],
    version: EtcdVersion,
) -> impl Iterator<Item = String> {
    let told = move |name: &String| {
        strange(name, version).or_else(|| strange_of_etcdctl(name, names, version))
    };
    names.iter().filter_map(told)
}

/// What etcd's own certificate is, where a client does not take it (etcd
/// `server/embed/config.go`, `ClientSelfCert`).
pub(super) fn of_auto_tls(case: &Case<'_>, clues: &[Clue], judged: Option<Rule>) -> Option<String> {
    let makes_its_own = makes_own(&case.server()?.client);
    let is_refused = judged.is_some_and(|rule| OF_CERTIFICATE.contains(&rule));
    (makes_its_own && (is_refused || clues.iter().any(is_of_certificate))).then(auto_tls)
}

/// The same, of an etcd whose flag somebody tells in a sentence.
pub(super) fn of_auto_tls_in(text: &str, clues: &[Clue]) -> Option<String> {
    let words = text.split(|letter: char| letter.is_whitespace() || "`\"'(),".contains(letter));
    let mut flags = words.map(|word| word.trim_start_matches(['-', '–', '—']));
    let is_told = flags.any(|flag| flag == "auto-tls" || flag == "auto-tls=true");
    (is_told && clues.iter().any(is_of_certificate)).then(auto_tls)
}

/// What a client refuses of a certificate of etcd's own making.
const OF_CERTIFICATE: [Rule; 3] = [Rule::HostSan, Rule::AddressSan, Rule::ServerCaKnown];

fn is_of_certificate(clue: &Clue) -> bool {
    let mut first = clue.rules.first().into_iter();
    !clue.between_members
        && !clue.asked_of_another
        && first.any(|rule| OF_CERTIFICATE.contains(rule))
}

fn auto_tls() -> String {
    format!(
        "With {} etcd makes its own certificate, for the hosts of {} alone, and no CA signs it: give it {} and {}.",
        EtcdOption::AutoTls.flag(),
        EtcdOption::ListenClientUrls.flag(),
        EtcdOption::CertificateFile.flag(),
        EtcdOption::KeyFile.flag(),
    )
}

/// Whose URLs a member advertises, where its `--name` is another one's, or nobody's.
pub(super) fn of_name(case: &Case<'_>) -> Option<String> {
    let server = case.server()?;
    let name = cluster::name_of_advertised(server, &case.etcd.build)?;
    Some(format!(
        "{} is {}, and {} has the URL that this member advertises under the name {name}: give it {} {name}.",
        EtcdOption::Name.flag(),
        server.name,
        EtcdOption::InitialCluster.flag(),
        EtcdOption::Name.flag(),
    ))
}

/// What keeps etcdctl from this etcd, whatever is in the files.
fn between(server: &ServerConfiguration, client: &ClientConfiguration) -> Option<String> {
    let listens = |scheme: &str| {
        let mut urls = server.listen_client_urls.iter();
        !server.listen_client_urls.is_empty() && urls.all(|url| url.scheme == scheme)
    };
    // Another port may be a proxy's.
    let port = |address: &str| Some(address.rsplit_once(':')?.1.to_owned());
    let urls = server.listen_client_urls.iter();
    let ports: Vec<Option<String>> = urls.map(|url| port(&url.host)).collect();
    let endpoints: Vec<&str> = client
        .endpoints
        .iter()
        .filter(|endpoint| ports.contains(&port(&endpoint.address)))
        .map(|endpoint| endpoint.text.as_str())
        .collect();
    if endpoints.is_empty() {
        return None;
    }
    let asks = |scheme: &str| {
        endpoints
            .iter()
            .any(|endpoint| endpoint.starts_with(scheme))
    };
    let asks_bare = !client.has_tls() && endpoints.iter().any(|endpoint| !endpoint.contains("://"));
    let rule = if listens("https") && (asks("http://") || asks_bare) {
        Rule::TlsEndpoint
    } else if listens("http") && asks("https://") {
        Rule::PlainEndpoint
    } else if listens("https")
        && (server.client.client_cert_auth || !server.client.trusted_ca_file.is_empty())
        && client.cert_file.is_empty()
    {
        Rule::ClientCertificateRequired
    } else {
        return None;
    };
    Some(format!(
        "The command lines alone tell this much: {} Mend: {}.",
        rule.sentence(),
        rule.mend()
    ))
}

/// Endpoints that are none: kube-apiserver's port, that between members unless this etcd
/// has clients there, and a member's name with its URL.
pub(super) fn misdialled(
    client: &ClientConfiguration,
    server: Option<&ServerConfiguration>,
) -> Vec<String> {
    let of_members = format!(":{}", port::PEER);
    let serves_there = server.is_some_and(|server| {
        let mut urls = server.listen_client_urls.iter();
        urls.any(|url| url.host.ends_with(&of_members))
    });
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
pub(super) fn of_client(
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
    if program.is_none() && !is_refused {
        return Vec::new();
    }
    let name = program.unwrap_or("etcdctl");
    let is_alike = client_form::is_alike(name);
    let mut told = Vec::new();
    let is_plain = client.transport() == Transport::Plain;
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

/// Variables that etcd has no more since 3.4 (etcd `Documentation/upgrades/upgrade_3_4.md`,
/// deprecated `--ca-file` and `--peer-ca-file`).
const OF_OLD: [(&str, EtcdOption); 2] = [
    ("ETCD_CA_FILE", EtcdOption::TrustedCaFile),
    ("ETCD_PEER_CA_FILE", EtcdOption::PeerTrustedCaFile),
];

/// So many endpoints are spoken of.
const MOST_ENDPOINTS: usize = 3;

/// etcdctl's options for files, as API 3 has them; in the order of [`etcdctl_v2::FILES`].
const OF_API_3: [EtcdctlOption; 3] = [
    EtcdctlOption::AuthorityCertificate,
    EtcdctlOption::Certificate,
    EtcdctlOption::Key,
];

/// A variable that is none of etcdctl's, and like one that is.
fn strange_of_etcdctl(name: &str, all: &[String], version: EtcdVersion) -> Option<String> {
    name.strip_prefix(variable::ETCDCTL)?;
    let is_old = |(flag, _): &&(&str, _)| variable::of_flag(variable::ETCDCTL, flag) == name;
    let old = etcdctl_v2::FLAGS.iter().find(is_old);
    if name == ETCDCTL_API || old.is_some() {
        return None;
    }
    let options = EtcdctlOption::of(None, version.minor);
    let known: Vec<String> = options.map(EtcdctlOption::variable).collect();
    if known.iter().any(|it| it == name) {
        return None;
    }
    let like = known
        .iter()
        .find(|it| is_slip(it, name) && !all.contains(it))?;
    Some(format!(
        "{name} is none of etcdctl’s variables, and is not read; one like it is {like}."
    ))
}

/// A variable that is none of etcd's, and like one: it has all words of its name but
/// one or two, or but a letter of them.
fn strange(name: &str, version: EtcdVersion) -> Option<String> {
    let words: Vec<&str> = name.strip_prefix(variable::ETCD)?.split('_').collect();
    if let Some((_, option)) = OF_OLD.iter().find(|(old, _)| *old == name) {
        return Some(format!(
            "{name} is read up to etcd 3.3: since 3.4 it is {}.",
            option.variable()
        ));
    }
    let mut like: Option<String> = None;
    let mut misspelled: Option<String> = None;
    for option in EtcdOption::of(version) {
        let known = option.variable();
        if known == name {
            return None;
        }
        if is_slip(&known, name) {
            misspelled = Some(known.clone());
        }
        let mut rest = known.strip_prefix(variable::ETCD)?.split('_');
        let has_all = words.iter().all(|word| rest.any(|it| it == *word));
        let nearer = like.as_ref().is_none_or(|it| known.len() < it.len());
        if has_all && words.len() > 1 && nearer {
            like = Some(known);
        }
    }
    let more = |like: &String| like.split('_').count() - 1 - words.len();
    let like = like.filter(|like| more(like) <= 2).or(misspelled)?;
    Some(format!(
        "{name} is none of etcd’s variables, and is not read; one like it is {like}."
    ))
}
