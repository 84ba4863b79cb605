//! Traefik: etcd as the provider of its configuration.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn provider(access: &Access<'_>) -> ProgramLines {
    let endpoints: Vec<String> = access
        .addresses()
        .map(|address| format!("\"{address}\""))
        .collect();
    let text = format!(
        "providers:\n  etcd:\n    rootKey: traefik\n    endpoints: [{}]\n    tls:\n      ca: {}\n      cert: {}\n      key: {}",
        endpoints.join(", "),
        access.authority,
        access.certificate,
        access.key
    );
    // Its module replaces one by a folder of its own repository (`pkg/config/dynamic/ext`),
    // and several that it needs are refused by the Go module proxy, so that it can't be
    // built from there.
    lines("traefik", "Traefik: traefik.yml", Language::Yaml, text)
        .untried("Traefik can’t be built from what the Go module proxy serves")
}
