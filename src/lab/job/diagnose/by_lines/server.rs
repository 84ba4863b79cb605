//! What etcd's own line tells by itself: what it listens for and advertises, and what
//! nobody can use of it.

use std::collections::BTreeMap;

use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::material::{Caveat, Invocation, Program};
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::judge::start::makes_own;
use crate::etcd::judge::{Case, cluster};
use crate::etcd::telling::diagnosis::Clue;
use go_x509::url::Url;

/// etcd's files for TLS beside URLs without it (etcd `server/embed/etcd.go`,
/// `configureClientListeners`: “Ignored key/cert files”).
pub(in crate::lab::job::diagnose) fn plain_with_files(
    server: &ServerConfiguration,
) -> Option<String> {
    let urls = &server.listen_client_urls;
    let is_plain = !urls.is_empty() && urls.iter().all(|url| url.scheme == "http");
    let asks = server.client.client_cert_auth || !server.client.trusted_ca_file.is_empty();
    if is_plain && asks && server.client.cert_file.is_empty() {
        return Some(format!(
            "{} has http:// alone, so that etcd speaks no TLS to clients and asks none of them for a certificate, whatever {} says: write https:// there and in {}, and give {} and {}.",
            EtcdOption::ListenClientUrls.flag(),
            EtcdOption::ClientCertificateAuthentication.flag(),
            EtcdOption::AdvertiseClientUrls.flag(),
            EtcdOption::CertificateFile.flag(),
            EtcdOption::KeyFile.flag(),
        ));
    }
    (is_plain && !server.client.cert_file.is_empty()).then(|| {
        format!(
            "{} has http:// alone, so that etcd speaks no TLS to clients and does not use {}: write https:// there and in {}.",
            EtcdOption::ListenClientUrls.flag(),
            EtcdOption::CertificateFile.flag(),
            EtcdOption::AdvertiseClientUrls.flag(),
        )
    })
}

/// An https:// URL for clients without a certificate, of an etcd beside another one that is
/// told of in the same way and has its certificate.
pub(in crate::lab::job::diagnose) fn of_no_certificate(
    line: &Invocation,
    all: &[Invocation],
) -> Option<String> {
    let has = |line: &Invocation, option: EtcdOption| line.of_etcd(option).is_some();
    let urls = line.of_etcd(EtcdOption::ListenClientUrls)?;
    let mut urls = urls.split(',').map(str::trim);
    let url = urls.find(|url| url.starts_with("https://"))?;
    let is_open = line.cut.is_some()
        || has(line, EtcdOption::AutoTls)
        || has(line, EtcdOption::ConfigurationFile)
        || line.set_elsewhere().is_some()
        || line
            .caveats
            .iter()
            .any(|it| matches!(it, Caveat::Unknown { .. }));
    let is_alike = |other: &Invocation| {
        other.program == Program::Etcd
            && other.coat == line.coat
            && has(other, EtcdOption::CertificateFile)
    };
    let is_without = line.program == Program::Etcd
        && !is_open
        && !has(line, EtcdOption::CertificateFile)
        && all.iter().any(is_alike);
    is_without.then(|| {
        format!(
            "The etcd that listens at {url} is given no {} and {}: without them it does not start at https://.",
            EtcdOption::CertificateFile.flag(),
            EtcdOption::KeyFile.flag()
        )
    })
}

/// An etcd that asks for certificates and was given no CA to check them by, as its log tells
/// what it was given: then the machine's own CAs count (Go `crypto/tls`, `Config.ClientCAs`).
pub(in crate::lab::job::diagnose) fn of_no_authority(text: &str) -> Option<String> {
    let line = text.lines().find(|line| {
        // Up to 3.3 there was one more, with the CA in it.
        let older = line.split_once(", ca = ").map(|(_, behind)| behind);
        line.contains("trusted-ca = , client-cert-auth = true")
            && older.is_none_or(|behind| behind.starts_with(','))
    })?;
    let is_of_peers = line.to_ascii_lowercase().contains("peertls");
    let (asks, authority, whom) = if is_of_peers {
        (
            EtcdOption::PeerClientCertificateAuthentication,
            EtcdOption::PeerTrustedCaFile,
            "members",
        )
    } else {
        (
            EtcdOption::ClientCertificateAuthentication,
            EtcdOption::TrustedCaFile,
            "clients",
        )
    };
    Some(format!(
        "etcd’s log says that {} is on and {} is not given: certificates of {whom} are then checked against the CAs of the machine, among which your own most likely is not. Give {}.",
        asks.flag(),
        authority.flag(),
        authority.flag()
    ))
}

/// What a member advertises to the others where it does not listen for them: without
/// `--listen-peer-urls` it does at `http://localhost:2380` (etcd `server/embed/config.go`,
/// `DefaultListenPeerURLs`).
pub(in crate::lab::job::diagnose) fn of_peers(server: &Invocation) -> Option<String> {
    let reads_file = server.of_etcd(EtcdOption::ConfigurationFile).is_some();
    let listens = server.of_etcd(EtcdOption::ListenPeerUrls).is_some();
    let advertised = server.of_etcd(EtcdOption::InitialAdvertisePeerUrls)?;
    let mut hosts = advertised
        .split(',')
        .filter_map(|url| url.split_once("://"));
    let local = ["localhost", "127.", "[::1]"];
    let is_elsewhere = |host: &str| !local.iter().any(|it| host.starts_with(it));
    let cluster = server.of_etcd(EtcdOption::InitialCluster);
    // Without it a member is a cluster of its own, unless it is to find others.
    let discovers = [EtcdOption::Discovery, EtcdOption::DiscoverySrv];
    let is_alone = match cluster {
        Some(cluster) => !cluster.contains(','),
        None => !discovers
            .iter()
            .any(|option| server.of_etcd(*option).is_some()),
    };
    if is_alone {
        return None;
    }
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
            "{} is given and {} is not, as far as is told here: then etcd listens for members at http://localhost:{} alone, and none of them reaches it. Give {}{}.",
            EtcdOption::InitialAdvertisePeerUrls.flag(),
            EtcdOption::ListenPeerUrls.flag(),
            port::PEER,
            EtcdOption::ListenPeerUrls.flag(),
            files.unwrap_or_default()
        )
    })
}

/// What etcd advertises to clients by http:// where it listens for them by https:// alone.
pub(in crate::lab::job::diagnose) fn of_advertised(server: &Invocation) -> Option<String> {
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

/// A member's name with its URL where URLs alone are taken: only `--initial-cluster` has
/// both.
pub(in crate::lab::job::diagnose) fn of_urls(line: &CommandLine) -> Option<String> {
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

/// Whose URLs a member advertises, where its `--name` is another one's, or nobody's.
pub(in crate::lab::job::diagnose) fn of_name(case: &Case<'_>) -> Option<String> {
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

/// Why an etcd without TLS that has others may not answer.
pub(in crate::lab::job::diagnose) fn of_others(case: &Case<'_>) -> Option<String> {
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

/// With kubeadm, kube-apiserver asks the etcd of its own node at 127.0.0.1 (kubernetes
/// `cmd/kubeadm/app/phases/controlplane/manifests.go`, `getAPIServerCommand`).
pub(in crate::lab::job::diagnose) fn of_kubeadm(case: &Case<'_>) -> Option<String> {
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

/// What serves the clients of `etcd grpc-proxy`, which has files for each of its sides
/// (etcd `server/etcdmain/grpc_proxy.go`).
pub(in crate::lab::job::diagnose) fn of_proxy(line: &CommandLine) -> Option<String> {
    let proxy = Proxy::of(line)?;
    let dials = !proxy.certificate.is_empty() || !proxy.authority.is_empty();
    let serves = line
        .flag(EtcdOption::CertificateFile.name())
        .unwrap_or_default();
    let makes_own = line
        .arguments
        .iter()
        .any(|word| word.starts_with(EtcdOption::AutoTls.flag()));
    (dials && serves.is_empty() && !makes_own).then(|| {
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

/// `etcd gateway`, which passes bytes on, so that its clients meet the certificate of the
/// etcd behind it (etcd `server/etcdmain/gateway.go`).
pub(in crate::lab::job::diagnose) fn of_gateway(line: &Invocation) -> Option<String> {
    let given = line.option("listen-addr").unwrap_or_default();
    let address = if given.is_empty() {
        "127.0.0.1:23790"
    } else {
        given
    };
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let is_everywhere = ["", "0.0.0.0", "[::]"].contains(&host) || host.contains(['$', '<', '{']);
    let host = if is_everywhere {
        "the name or address by which clients dial it"
    } else {
        host
    };
    line.starts_gateway().then(|| {
        format!(
            "etcd gateway passes bytes on and has no certificate: who dials it at {address} is shown that of the etcd behind it, which must have {host} among its SANs. Its {} is for finding members by DNS alone.",
            EtcdOption::TrustedCaFile.flag()
        )
    })
}

/// Members of one cluster that are told different URLs of one of them: the same names in
/// `--initial-cluster` and the same token, as a cluster that grew has not (etcd
/// `server/etcdserver/api/membership`: the members make the cluster's ID).
pub(in crate::lab::job::diagnose) fn of_clusters<'m>(
    machines: impl Iterator<Item = &'m Invocation>,
) -> Option<String> {
    let told: Vec<(&str, &str, BTreeMap<&str, &str>)> = machines
        .take(MOST_MACHINES)
        .filter_map(|machine| {
            let cluster = machine.of_etcd(EtcdOption::InitialCluster)?;
            let members = cluster
                .split(',')
                .filter_map(|it| it.trim().split_once('='));
            let is_known = !cluster.contains(['$', '<', '{']);
            let token = machine.of_etcd(EtcdOption::InitialClusterToken);
            let told = (
                machine.of_etcd(EtcdOption::Name)?,
                token.unwrap_or_default(),
                members.collect(),
            );
            is_known.then_some(told)
        })
        .collect();
    let ((first, token, members), others) = told.split_first()?;
    others.iter().find_map(|(name, other_token, theirs)| {
        if token != other_token || !members.keys().eq(theirs.keys()) {
            return None;
        }
        let mut urls = members.iter().zip(theirs.values());
        let ((member, url), other) = urls.find(|((_, url), other)| *url != *other)?;
        Some(format!(
            "{} is not the same for {first} and {name}: {member} is {url} in the one and {other} in the other, and members of a new cluster that are told different ones never agree. Write the same for all.",
            EtcdOption::InitialCluster.flag()
        ))
    })
}

/// How etcd finds itself among the records of DNS (etcd
/// `server/embed/config.go`, `GetDNSClusterNames`; `client/pkg/srv`).
pub(in crate::lab::job::diagnose) fn of_records(text: &str) -> Option<String> {
    let is_found = text.contains("couldn't find local name") && text.contains("discovery-srv");
    is_found.then(|| {
        format!(
            "With {} the names come from DNS, and a record is this member's where its host and port are those of {}: _etcd-server-ssl._tcp for https:// there, _etcd-server._tcp for http://, both with the port between members, {}. Compare the records with that flag.",
            EtcdOption::DiscoverySrv.flag(),
            EtcdOption::InitialAdvertisePeerUrls.flag(),
            port::PEER,
        )
    })
}

/// So many machines are compared.
const MOST_MACHINES: usize = 9;

/// Flags that etcd had before 2.0, and none since: it is not judged by a newer one.
pub(in crate::lab::job::diagnose) fn is_of_first_etcd(arguments: &[String]) -> bool {
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

/// What etcd's own certificate is, where a client does not take it (etcd
/// `server/embed/config.go`, `ClientSelfCert`).
pub(in crate::lab::job::diagnose) fn of_auto_tls(
    case: &Case<'_>,
    clues: &[Clue],
    judged: Option<Rule>,
) -> Option<String> {
    let makes_its_own = makes_own(&case.server()?.client);
    let is_refused = judged.is_some_and(|rule| OF_CERTIFICATE.contains(&rule));
    (makes_its_own && (is_refused || clues.iter().any(is_of_certificate))).then(auto_tls)
}

/// The same, of an etcd whose flag somebody tells in a sentence.
pub(in crate::lab::job::diagnose) fn of_auto_tls_in(text: &str, clues: &[Clue]) -> Option<String> {
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
