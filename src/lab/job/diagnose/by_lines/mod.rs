//! What the command lines tell by themselves, where none of their files is here: who
//! demands what the other does not bring, and who speaks what the other does not.

pub(super) mod client;
pub(super) mod container;
pub(super) mod server;
pub(super) mod variables;

use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::SayingKind;
use crate::etcd::judge::Case;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::material::{Caveat, Invocation, Program};
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::telling::diagnosis::{Clue, Party};

/// Sentences, the most telling first.
pub(in crate::lab::job::diagnose) fn told(case: &Case<'_>, clues: &[Clue]) -> Vec<String> {
    let both = case.server().zip(case.client());
    // Who has seen etcd's certificate has spoken TLS, as by a variable that is not here.
    let is_check = |clue: &Clue| {
        clue.saying.kind == SayingKind::Check && clue.refused_by == Some(Party::Client)
    };
    let has_spoken = clues.iter().any(is_check);
    let between = both
        .filter(|_| !has_spoken)
        .and_then(|(server, client)| between(server, client));
    let ported = case
        .client()
        .map(|client| client::misdialled(client, case.server()));
    let ported = ported.into_iter().flatten();
    // Variables may be a part of a file: what is not among them may stand beside them.
    let line = &case.etcd.line;
    let is_told = line.environment.is_empty()
        || line.flag(EtcdOption::ListenClientUrls.name()).is_some()
        || line.flag(EtcdOption::ConfigurationFile.name()).is_some()
        || line
            .environment
            .contains_key(&EtcdOption::ListenClientUrls.variable());
    let between = between.filter(|_| is_told);
    let plain = case
        .server()
        .filter(|_| is_told)
        .and_then(server::plain_with_files);
    between.into_iter().chain(plain).chain(ported).collect()
}

/// A CA's file that is that of a certificate as well: a leaf's CA is another one, unless it
/// signed itself.
pub(in crate::lab::job::diagnose) fn of_same_file(line: &Invocation) -> Option<String> {
    let pairs = match line.program {
        Program::Etcd => [
            (EtcdOption::TrustedCaFile, EtcdOption::CertificateFile),
            (
                EtcdOption::PeerTrustedCaFile,
                EtcdOption::PeerCertificateFile,
            ),
        ]
        .map(|(authority, certificate)| (authority.flag(), certificate.flag())),
        Program::Etcdctl => {
            let own = (
                EtcdctlOption::AuthorityCertificate.flag(),
                EtcdctlOption::Certificate.flag(),
            );
            [own; 2]
        }
        Program::Etcdutl | Program::Curl => return None,
    };
    let is_open = |caveat: &Caveat| matches!(caveat, Caveat::Unknown { .. });
    if line.cut.is_some() || line.caveats.iter().any(is_open) {
        return None;
    }
    pairs.into_iter().find_map(|(authority, certificate)| {
        let value = |flag: &str| line.option(flag.trim_start_matches('-'));
        let path = value(authority).filter(|path| path.contains('.') && !path.starts_with(['.', '<']))?;
        (Some(path) == value(certificate)).then(|| {
            format!(
                "{authority} and {certificate} name the same file, {path}: right only where that holds the certificate of the CA too, for what the CA signed is trusted by that alone."
            )
        })
    })
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
