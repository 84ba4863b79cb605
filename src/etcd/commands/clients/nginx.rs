//! NGINX in front of etcd's gateway and health.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn location(access: &Access<'_>) -> ProgramLines {
    let text = format!(
        "location / {{\n    proxy_pass {};\n    proxy_ssl_certificate {};\n    proxy_ssl_certificate_key {};\n    proxy_ssl_trusted_certificate {};\n    proxy_ssl_verify on;\n    proxy_ssl_name localhost;\n    proxy_ssl_protocols TLSv1.2 TLSv1.3;\n}}",
        access.endpoint, access.certificate, access.key, access.authority
    );
    lines("nginx", "NGINX: in a server block", Language::Text, text).tried("NGINX 1.22.1").remarks(&[
        "NGINX never matches an IP address in a certificate: proxy_ssl_name must be one of the host names in etcd’s.",
        "The CA file needs the root.",
    ])
}
