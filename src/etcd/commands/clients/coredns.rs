//! `CoreDNS`: its `etcd` plugin.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn block(access: &Access<'_>) -> ProgramLines {
    let text = format!(
        "example.org {{\n    etcd {{\n        path /skydns\n        endpoint {}\n        tls {} {} {}\n    }}\n}}",
        access.endpoints.join(" "),
        access.certificate,
        access.key,
        access.authority
    );
    lines("coredns", "CoreDNS: Corefile", Language::Text, text).tried("CoreDNS 1.15.0")
}
