//! What the command lines tell by themselves, where none of their files is here: who
//! demands what the other does not bring, and who speaks what the other does not.

use crate::etcd::facts::client_form;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;
use crate::etcd::facts::release::EtcdVersion;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::variable;
use crate::etcd::judge::reading::client_configuration::{ClientConfiguration, Endpoint, Transport};
use crate::etcd::judge::reading::command_line::CommandLine;
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

/// etcd's variables that are none, and like one that is.
pub(super) fn strange_variables(case: &Case<'_>) -> impl Iterator<Item = String> {
    let variables = case.etcd.line.environment.keys();
    variables.filter_map(|name| strange(name, case.etcd.build.version))
}

/// What etcd's own certificate is, where a client does not take it (etcd
/// `server/embed/config.go`, `ClientSelfCert`).
pub(super) fn of_auto_tls(case: &Case<'_>, clues: &[Clue], judged: Option<Rule>) -> Option<String> {
    const OF_CERTIFICATE: [Rule; 3] = [Rule::HostSan, Rule::AddressSan, Rule::ServerCaKnown];
    let is_of_name = |clue: &Clue| {
        !clue.between_members
            && !clue.asked_of_another
            && clue
                .rules
                .first()
                .is_some_and(|rule| OF_CERTIFICATE.contains(rule))
    };
    let makes_its_own = makes_own(&case.server()?.client);
    let is_refused = judged.is_some_and(|rule| OF_CERTIFICATE.contains(&rule));
    (makes_its_own && (is_refused || clues.iter().any(is_of_name))).then(|| {
        format!(
            "With {} etcd makes its own certificate, for the hosts of {} alone, and no CA signs it: give it {} and {}.",
            EtcdOption::AutoTls.flag(),
            EtcdOption::ListenClientUrls.flag(),
            EtcdOption::CertificateFile.flag(),
            EtcdOption::KeyFile.flag(),
        )
    })
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
    let demands = |clue: &Clue| {
        clue.refused_by == Some(Party::Server)
            && clue.rules.contains(&Rule::ClientCertificateRequired)
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

/// So many letters are a slip.
const MOST_LETTERS: usize = 1;

/// So many endpoints are spoken of.
const MOST_ENDPOINTS: usize = 3;

/// A variable that is none of etcd's, and like one: it has all words of its name but
/// one or two, or but a letter of them.
fn strange(name: &str, version: EtcdVersion) -> Option<String> {
    let words: Vec<&str> = name.strip_prefix(variable::ETCD)?.split('_').collect();
    let mut like: Option<String> = None;
    let mut misspelled: Option<String> = None;
    for option in EtcdOption::of(version) {
        let known = option.variable();
        if known == name {
            return None;
        }
        let is_as_long = known.len().abs_diff(name.len()) <= MOST_LETTERS;
        if is_as_long && strsim::levenshtein(&known, name) <= MOST_LETTERS {
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
