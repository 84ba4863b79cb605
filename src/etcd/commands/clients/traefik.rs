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
    // The rest of Traefik needs modules that the Go module proxy refuses.
    lines("traefik", "Traefik: traefik.yml", Language::Yaml, text)
        .tried("Traefik 3.7.13’s etcd provider and its reader of traefik.yml")
        .remarks(&["Where etcd refuses it, it tries again without end, and its log says why."])
}
