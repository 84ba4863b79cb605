//! `HAProxy`: a health check of each etcd.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn check(access: &Access<'_>) -> ProgramLines {
    let text = format!(
        "# cat {} {} > /etc/haproxy/etcd-client.pem\nbackend etcd\n    option httpchk GET /health\n    server etcd1 {} check ssl verify required verifyhost {} ca-file {} crt /etc/haproxy/etcd-client.pem",
        access.certificate, access.key, access.address, access.host, access.authority
    );
    lines("haproxy", "HAProxy: haproxy.cfg", Language::Text, text).remarks(&[
        "Without verifyhost it looks at no name. The CA file needs the root.",
        "Without option httpchk a check passes though etcd refuses the certificate: over TLS 1.3 that comes after the handshake.",
    ])
}
