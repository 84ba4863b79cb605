//! APISIX: its configuration for etcd, whose client is `lua-resty-etcd`.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn configuration(access: &Access<'_>) -> ProgramLines {
    let hosts: Vec<String> = access
        .endpoints
        .iter()
        .map(|endpoint| format!("      - \"{endpoint}\""))
        .collect();
    let text = format!(
        "apisix:\n  ssl:\n    ssl_trusted_certificate: {}\ndeployment:\n  role: traditional\n  role_traditional:\n    config_provider: etcd\n  etcd:\n    host:\n{}\n    prefix: /apisix\n    timeout: 30\n    tls:\n      cert: {}\n      key: {}\n      verify: true",
        access.authority,
        hosts.join("\n"),
        access.certificate,
        access.key
    );
    // It runs on OpenResty, which no registry of packages has that the tests use:
    // Debian's NGINX has a Lua that can't send a client's certificate.
    lines("apisix", "APISIX: conf/config.yaml", Language::Yaml, text)
        .untried("its OpenResty is in no registry of packages that the tests use")
        .remarks(&[
            "It asks the gateway: with roles switched on, etcd refuses every certificate that has a common name there.",
        ])
}
