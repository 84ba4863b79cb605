//! The score over the measured cases that lie beside the checkout, in
//! `../shared/etcd-verdicts`, or in the folder that `ETCD_VERDICTS` names.
//! Without that folder there is nothing to compare.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Question, judge};
use serde_json::Value;

use crate::etcd_agreement::normalized;

fn texts(value: &Value) -> BTreeSet<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(normalized)
        .collect()
}

#[test]
fn measured_cases_get_the_measured_answers() {
    let folder = std::env::var_os("ETCD_VERDICTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/etcd-verdicts"),
        PathBuf::from,
    );
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("{} is not there: nothing to compare", folder.display());
        return;
    };
    let mut score: BTreeMap<String, [usize; 6]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in entries.flatten() {
        let Ok(text) = fs::read(entry.path().join("case.json")) else {
            continue;
        };
        let case: Value = serde_json::from_slice(&text).expect("case.json is JSON");
        let mut files: BTreeMap<String, Vec<u8>> = fs::read_dir(entry.path())
            .expect("a folder")
            .flatten()
            .filter_map(|file| {
                Some((
                    file.file_name().into_string().ok()?,
                    fs::read(file.path()).ok()?,
                ))
            })
            .collect();
        // A case names a file of the machine that is no PEM.
        files.insert("/etc/hostname".to_owned(), b"host\n".to_vec());
        let line = |name: &str| case[name].as_str().unwrap_or_default();
        for (version, result) in case["results"].as_object().into_iter().flatten() {
            let build = EtcdBuild::parse(version).expect("a version");
            let answer = judge(&Question {
                server: line("server"),
                client: line("client"),
                files: &files,
                server_build: build,
                client_build: build,
                now: line("measured").parse().expect("a time"),
                users: None,
            })
            .expect("command lines");
            let [count, verdicts, logs, prints, gateways, answered] =
                score.entry(version.clone()).or_default();
            *count += 1;
            let own: BTreeSet<String> = answer.etcd.iter().map(|text| normalized(text)).collect();
            let printed: BTreeSet<String> =
                answer.etcdctl.iter().map(|text| normalized(text)).collect();
            let (log, print) = (
                texts(&result["etcd_phrases"]),
                texts(&result["etcdctl_phrases"]),
            );
            let same = [
                result["verdict"] == answer.verdict.word(),
                own == log,
                print.is_subset(&printed) && print.is_empty() == printed.is_empty(),
            ];
            for (counter, same) in [verdicts, logs, prints].into_iter().zip(same) {
                *counter += usize::from(same);
            }
            let mut fine = same.iter().all(|same| *same);
            if let Some(status) = result["gateway"]["gateway"]["http"].as_str() {
                *answered += 1;
                let same =
                    status.parse().ok().filter(|status: &u16| *status != 0) == answer.gateway;
                *gateways += usize::from(same);
                fine &= same;
            }
            if !fine {
                wrong.push(format!("{version} {}", line("id")));
            }
        }
    }
    for (version, [count, verdicts, logs, prints, gateways, answered]) in &score {
        println!(
            "{version}: {count} measured cases, verdicts {verdicts}, etcd's phrases {logs}, \
             etcdctl's {prints}, gateway {gateways} of {answered}"
        );
    }
    assert!(
        wrong.is_empty(),
        "{} answers differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
