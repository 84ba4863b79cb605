//! Patroni's section for etcd, over the gateway.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn section(access: &Access<'_>) -> ProgramLines {
    let hosts: Vec<&str> = access.addresses().collect();
    let text = format!(
        "etcd3:\n  hosts: {}\n  protocol: https\n  cacert: {}\n  cert: {}\n  key: {}",
        hosts.join(","),
        access.authority,
        access.certificate,
        access.key
    );
    lines("patroni", "Patroni: patroni.yml", Language::Yaml, text)
        .tried("patronictl 4.1.5")
        .remarks(&[
            "patronictl tries again without end where etcd refuses it: run it with timeout 30.",
            "With roles switched on, the gateway refuses every certificate that has a common name.",
        ])
}
