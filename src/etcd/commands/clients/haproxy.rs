//! `HAProxy`: a health check of each etcd.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn check(access: &Access<'_>) -> ProgramLines {
    // Without a name of a host it would look for an address, which it never finds.
    let name = match access.host.parse::<std::net::IpAddr>() {
        Ok(_) => "localhost",
        Err(_) => access.host,
    };
    let text = format!(
        "global\n    # The key stands beside the certificate: {}\n    ssl-load-extra-del-ext\n\nbackend etcd\n    option httpchk GET /health\n    server etcd1 {} check ssl verify required verifyhost {} ca-file {} crt {}",
        access.key, access.address, name, access.authority, access.certificate
    );
    lines("haproxy", "HAProxy: haproxy.cfg", Language::Text, text).tried("HAProxy 2.6.12").remarks(&[
        "Without verifyhost it looks at no name. It never matches an IP address in a certificate: verifyhost must be one of the host names in etcd’s. The CA file needs the root.",
        "Without option httpchk a check passes though etcd refuses the certificate: over TLS 1.3 that comes after the handshake.",
    ])
}
