//! Go: etcd's own `clientv3`.

use super::{Access, ProgramLines, lines, quoted};
use crate::etcd::commands::Language;

pub(super) fn clientv3(access: &Access<'_>) -> ProgramLines {
    let Access {
        endpoints,
        authority,
        certificate,
        key,
        ..
    } = access;
    let endpoints = quoted(endpoints);
    let text = format!(
        "info := transport.TLSInfo{{\n\tCertFile: \"{certificate}\",\n\tKeyFile: \"{key}\",\n\tTrustedCAFile: \"{authority}\",\n}}\ntlsConfig, err := info.ClientConfig()\nif err != nil {{\n\tlog.Fatal(err)\n}}\ncli, err := clientv3.New(clientv3.Config{{\n\tEndpoints: []string{{{endpoints}}},\n\tDialTimeout: 5 * time.Second,\n\tTLS: tlsConfig,\n}})"
    );
    lines("go", "Go: clientv3", Language::Text, text)
        .tried("clientv3 3.7.3, Go 1.26.8")
        .remarks(&[
        "The scheme of the first endpoint counts for all.",
        "Give each call a context with a deadline: a refused handshake is tried again until then.",
    ])
}
