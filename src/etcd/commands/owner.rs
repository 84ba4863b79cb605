//! The user that etcd runs as, and what belongs to it: the folder of the files, the
//! private keys in it, and the folder of the data. Everything else is root's and is
//! read by all.

use super::WrittenMember;
use crate::etcd::{command::Command, deployment::Deployment};

/// The user and the group, by the name that distributions give it.
pub(super) const USER: &str = "etcd";

/// Makes the user, where it is missing, and gives it the folders and the private keys
/// of the members that the deployment is for. Nothing where root runs etcd, as the
/// kubelet does in kubeadm's static pod.
pub(super) fn give(deployment: &Deployment) -> Option<String> {
    if deployment.kubeadm {
        return None;
    }
    let mut paths: Vec<&str> = Vec::new();
    for written in WrittenMember::all(deployment) {
        paths.extend(of_member(&written));
    }
    paths.sort_unstable();
    paths.dedup();
    (!paths.is_empty()).then(|| lines(&paths))
}

/// The same for one member.
pub(super) fn give_to(written: &WrittenMember<'_>) -> String {
    let mut paths = of_member(written);
    paths.dedup();
    let give = lines(&paths);
    match &written.member.data_directory {
        Some(directory) if directory.starts_with('/') => {
            let make = Command::new("install -d -m 700")
                .plain(&format!("-o {USER} -g {USER}"))
                .word(directory);
            format!("{give}\n{make}")
        }
        _ => give,
    }
}

fn of_member<'a>(written: &WrittenMember<'a>) -> Vec<&'a str> {
    let member = written.member;
    let mut paths = vec![member.directory.as_str(), member.client_tls.key.as_str()];
    paths.extend(member.gateway.as_ref().map(|own| own.key.as_str()));
    paths.extend(member.peer.as_ref().map(|peer| peer.tls.key.as_str()));
    paths
}

fn lines(paths: &[&str]) -> String {
    let give = Command::new("chown").plain(&format!("{USER}:{USER}"));
    let give = paths.iter().fold(give, |give, path| give.word(path));
    format!(
        "id {USER} >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {USER}\n{give}"
    )
}
