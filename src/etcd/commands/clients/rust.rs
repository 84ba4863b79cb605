//! Rust: `etcd-client`.

use super::{Access, ProgramLines, lines, quoted};
use crate::etcd::commands::Language;

pub(super) fn etcd_client(access: &Access<'_>) -> ProgramLines {
    let Access {
        endpoints,
        authority,
        certificate,
        key,
        ..
    } = access;
    let endpoints = quoted(endpoints);
    let text = format!(
        "let tls = TlsOptions::new()\n    .ca_certificate(Certificate::from_pem(std::fs::read(\"{authority}\")?))\n    .identity(Identity::from_pem(std::fs::read(\"{certificate}\")?, std::fs::read(\"{key}\")?));\nlet options = ConnectOptions::new().with_tls(tls).with_connect_timeout(Duration::from_secs(5));\nlet mut client = Client::connect([{endpoints}], Some(options)).await?;"
    );
    lines("rust", "Rust: etcd-client, feature tls", Language::Text, text).tried("etcd-client 0.21.1").remarks(&[
        "rustls takes no server certificate that is a CA itself, as --auto-tls and openssl req -x509 make it.",
        "The feature tls has ring, which takes no P-521 of etcd, of a CA or as its own key; the feature tls-aws-lc does.",
    ])
}
