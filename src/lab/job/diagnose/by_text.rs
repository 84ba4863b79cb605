//! What a text tells by itself, whatever etcd says to it: keys that nobody reads, names
//! that are almost right, recipes for certificates that nobody would take.

use super::{by_lines, names};
use crate::etcd::facts::release::EtcdVersion;
use crate::etcd::facts::slip::is_slip;
use crate::etcd::judge::reading::material::{Material, Program};
use crate::etcd::telling::recipe;

/// So many sentences of one kind are enough.
const MOST: usize = 4;

/// Sentences, the most telling first.
pub(super) fn told(material: &Material, version: EtcdVersion) -> Vec<String> {
    let rest = &material.rest;
    let mut told: Vec<String> = names::of_call(rest).into_iter().collect();
    told.extend(names::with_stray_sign(rest));
    told.extend(names::without_colon(rest));
    let oversights = material.oversights.iter().take(MOST);
    told.extend(oversights.map(|it| format!("{it}.")));
    let variables = by_lines::variables::strange_variables(&material.variables, version);
    told.extend(variables.take(MOST));
    told.extend(by_lines::client::of_old_variables(material));
    for line in material.invocations.iter().take(MOST) {
        match line.program {
            Program::Etcd => told.extend(by_lines::server::of_proxy(&line.command_line())),
            Program::Etcdctl => told.extend(by_lines::client::of_api(line)),
            Program::Etcdutl | Program::Curl => {}
        }
    }
    told.extend(misspelled_key(rest));
    told.extend(unmounted(rest));
    let faults = recipe::faults(rest).into_iter().take(MOST);
    told.extend(faults.map(|fault| format!("{fault}.")));
    let mut known: Vec<String> = Vec::new();
    for sentence in told {
        if !known.contains(&sentence) {
            known.push(sentence);
        }
    }
    known
}

/// Keys of units that etcd's and its clients' have (systemd.service(5), systemd.exec(5),
/// systemd.unit(5)).
const KEYS: [&str; 7] = [
    "ExecStart",
    "ExecStartPre",
    "Environment",
    "EnvironmentFile",
    "WorkingDirectory",
    "LimitNOFILE",
    "WantedBy",
];

/// A key of a unit that has a letter too many or too few, or another case: systemd
/// ignores it.
fn misspelled_key(text: &str) -> Option<String> {
    if !text.contains("[Service]") || !text.contains("etcd") {
        return None;
    }
    let slip = |key: &str| {
        let is_known = KEYS.contains(&key);
        let mut like = KEYS
            .iter()
            .filter(|known| known.eq_ignore_ascii_case(key) || is_slip(known, key));
        like.next().filter(|_| !is_known).copied()
    };
    let keys = text.lines().filter_map(|line| {
        let (key, _) = line.trim().split_once('=')?;
        Some((key, slip(key)?))
    });
    // The one without which nothing runs tells most.
    let mut slips: Vec<(&str, &str)> = keys.take(MOST).collect();
    slips.sort_by_key(|(_, like)| KEYS.iter().position(|key| key == like));
    let (key, like) = slips.first()?;
    Some(format!(
        "{key}= is no key of a unit, and systemd ignores it: write {like}=."
    ))
}

/// Where Prometheus' operator mounts the Secrets that it is told of.
const SECRETS: &str = "/etc/prometheus/secrets/";

/// Files of a Secret that nothing here has mounted (Prometheus Operator, `PrometheusSpec`).
fn unmounted(text: &str) -> Option<String> {
    let (_, behind) = text.split_once(SECRETS)?;
    let (name, _) = behind.split_once('/')?;
    let is_listed = text.lines().any(|line| {
        let line = line.trim().trim_start_matches("- ");
        let line = line.trim_matches(['"', '\'', '[', ']', ' ']);
        line == name || line.starts_with("secrets:") && line.contains(name)
    });
    let is_of_etcd = text.contains("kubeEtcd") || text.contains("etcd");
    (is_of_etcd && !is_listed).then(|| {
        format!(
            "Prometheus has {SECRETS}{name} only where prometheus.prometheusSpec.secrets lists {name}, and nothing here does: add it, unless it stands elsewhere."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_without_which_nothing_runs_is_named_first() {
        let unit = "[Service]\nWantedby=multi-user.target\nExeStart=/usr/bin/etcd\n";
        let told = misspelled_key(unit).unwrap();
        assert!(told.starts_with("ExeStart= is no key"), "{told}");
        let well = "[Service]\nExecStart=/usr/bin/etcd\nExecStartPost=/bin/true\n";
        assert_eq!(misspelled_key(well), None);
    }

    #[test]
    fn a_secret_that_is_listed_is_mounted() {
        let files = "kubeEtcd:\n  caFile: /etc/prometheus/secrets/etcd-certs/ca.crt\n";
        assert!(unmounted(files).unwrap().contains("lists etcd-certs"));
        let listed = format!("{files}secrets:\n  - etcd-certs\n");
        assert_eq!(unmounted(&listed), None);
        let in_one = format!("{files}secrets: [etcd-certs]\n");
        assert_eq!(unmounted(&in_one), None);
    }
}
