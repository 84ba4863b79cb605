//! Prometheus: a job that scrapes etcd's metrics.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn job(access: &Access<'_>) -> ProgramLines {
    let targets: Vec<String> = access
        .addresses()
        .map(|address| format!("\"{address}\""))
        .collect();
    let text = format!(
        "scrape_configs:\n  - job_name: etcd\n    scheme: https\n    tls_config:\n      ca_file: {}\n      cert_file: {}\n      key_file: {}\n    static_configs:\n      - targets: [{}]",
        access.authority,
        access.certificate,
        access.key,
        targets.join(", ")
    );
    lines(
        "prometheus",
        "Prometheus: prometheus.yml",
        Language::Yaml,
        text,
    )
    .tried("Prometheus 2.42.0")
}
