//! kube-apiserver's flags for an external etcd.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn flags(access: &Access<'_>) -> ProgramLines {
    let text = format!(
        "--etcd-servers={}\n--etcd-cafile={}\n--etcd-certfile={}\n--etcd-keyfile={}",
        access.endpoints.join(","),
        access.authority,
        access.certificate,
        access.key
    );
    lines(
        "kube-apiserver",
        "kube-apiserver: flags",
        Language::Text,
        text,
    )
    .tried("k8s.io/apiserver 0.37.2, the library that reads these flags,")
}
