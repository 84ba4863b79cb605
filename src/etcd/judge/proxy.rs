//! `etcd grpc-proxy start`: another program inside of etcd's, which dials etcd as a
//! client. It is judged by the files with which it dials; what etcd makes of it then,
//! and what its own clients meet, is not (`etcdmain/grpc_proxy.go`, `newClientCfg`;
//! `transport/listener.go`, `TLSInfo.ClientConfig`). Measured on 3.4.23, 3.5.35, 3.6.16
//! and 3.7.3.

use super::assumption::Assumption;
use super::case::Etcd;
use super::cause::Cause;
use super::failure::StartFailure;
use super::finding::Finding;
use super::reading::proxy::Proxy;
use super::start;

/// Whether a proxy gets as far as to dial.
pub(super) fn judge(proxy: Proxy<'_>, etcd: &Etcd<'_>) -> Finding {
    match load(proxy, etcd) {
        Ok(()) => Finding {
            assumes: vec![Assumption::ProxyAlone],
            ..Finding::accepted()
        },
        Err(failure) => {
            let words = vec![failure.text.clone()];
            Finding::start_failed(failure).saying(Vec::new(), words)
        }
    }
}

fn load(proxy: Proxy<'_>, etcd: &Etcd<'_>) -> Result<(), StartFailure> {
    let Proxy {
        certificate, key, ..
    } = proxy;
    let (files, build) = (&etcd.files, &etcd.build);
    if proxy == Proxy::default() {
        return Ok(());
    }
    let has_pair = !(certificate.is_empty() && key.is_empty());
    if has_pair {
        start::both_present(certificate, key)?;
        start::load_key_pair(certificate, key, files, build.go)?;
    }
    if !proxy.authority.is_empty() {
        start::load_pool(proxy.authority, files, build.go)?;
    }
    // Since 3.5 the pair is read again for its name, whether there is one or not.
    if !has_pair && build.logs_plain_lines() {
        return Ok(());
    }
    let pair = start::load_key_pair(certificate, key, files, build.go)?;
    let name = &pair.leaf.subject.common_name;
    if name.is_empty() {
        return Ok(());
    }
    let mut text = format!("cert has non empty Common Name ({name})");
    if !build.logs_plain_lines() {
        text = format!("{text}: {certificate}");
    }
    Err(StartFailure::new(
        Cause::ProxyCommonName,
        text,
        Some(certificate),
    ))
}
