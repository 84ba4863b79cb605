//! Variables that neither etcd nor etcdctl reads, and like one that is read.

use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::etcdctl_v2;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdVersion;
use crate::etcd::facts::slip::is_slip;
use crate::etcd::facts::variable::{self, ETCDCTL_API};

/// Variables that are none of etcd's or etcdctl's, and like one that is.
pub(in crate::lab::job::diagnose) fn strange_variables(
    names: &[String],
    version: EtcdVersion,
) -> impl Iterator<Item = (&String, String)> {
    names.iter().filter_map(move |name| {
        let told = strange(name, version).or_else(|| strange_of_etcdctl(name, names, version))?;
        Some((name, told))
    })
}

/// Variables that etcd has no more since 3.4 (etcd `Documentation/upgrades/upgrade_3_4.md`,
/// deprecated `--ca-file` and `--peer-ca-file`).
const OF_OLD: [(&str, EtcdOption); 2] = [
    ("ETCD_CA_FILE", EtcdOption::TrustedCaFile),
    ("ETCD_PEER_CA_FILE", EtcdOption::PeerTrustedCaFile),
];

/// A variable that is none of etcdctl's, and like one that is.
fn strange_of_etcdctl(name: &str, all: &[String], version: EtcdVersion) -> Option<String> {
    name.strip_prefix(variable::ETCDCTL)?;
    let is_old = |(flag, _): &&(&str, _)| variable::of_flag(variable::ETCDCTL, flag) == name;
    let old = etcdctl_v2::FLAGS.iter().find(is_old);
    if name == ETCDCTL_API || old.is_some() {
        return None;
    }
    let options = EtcdctlOption::of(None, version.minor);
    let known: Vec<String> = options.map(EtcdctlOption::variable).collect();
    if known.iter().any(|it| it == name) {
        return None;
    }
    let like = known
        .iter()
        .find(|it| is_slip(it, name) && !all.contains(it))?;
    Some(format!(
        "{name} is none of etcdctl’s variables, and is not read; one like it is {like}."
    ))
}

/// A variable that is none of etcd's, and like one: it has all words of its name but
/// one or two, or but a letter of them.
fn strange(name: &str, version: EtcdVersion) -> Option<String> {
    let words: Vec<&str> = name.strip_prefix(variable::ETCD)?.split('_').collect();
    if let Some((_, option)) = OF_OLD.iter().find(|(old, _)| *old == name) {
        return Some(format!(
            "{name} is read up to etcd 3.3: since 3.4 it is {}.",
            option.variable()
        ));
    }
    let mut like: Option<String> = None;
    let mut misspelled: Option<String> = None;
    for option in EtcdOption::of(version) {
        let known = option.variable();
        if known == name {
            return None;
        }
        if is_slip(&known, name) {
            misspelled = Some(known.clone());
        }
        let mut rest = known.strip_prefix(variable::ETCD)?.split('_');
        let has_all = words.iter().all(|word| rest.any(|it| it == *word));
        let nearer = like.as_ref().is_none_or(|it| known.len() < it.len());
        if has_all && words.len() > 1 && nearer {
            like = Some(known);
        }
    }
    let more = |like: &String| like.split('_').count() - 1 - words.len();
    let like = like.filter(|like| more(like) <= 2).or(misspelled)?;
    Some(format!(
        "{name} is none of etcd’s variables, and is not read; one like it is {like}."
    ))
}
