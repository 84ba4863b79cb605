//! What the command lines tell by themselves, where none of their files is here: who
//! demands what the other does not bring, and who speaks what the other does not.

pub(super) mod client;
pub(super) mod server;
pub(super) mod variables;

use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::Case;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;

/// Sentences, the most telling first.
pub(in crate::lab::job::diagnose) fn told(case: &Case<'_>) -> Vec<String> {
    let both = case.server().zip(case.client());
    let between = both.and_then(|(server, client)| between(server, client));
    let ported = case
        .client()
        .map(|client| client::misdialled(client, case.server()));
    let ported = ported.into_iter().flatten();
    let plain = case.server().and_then(server::plain_with_files);
    between.into_iter().chain(plain).chain(ported).collect()
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
