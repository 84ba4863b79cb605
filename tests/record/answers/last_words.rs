//! What a terminal shows last, by command: the lines behind those of etcdctl's logger,
//! and whose logger it is, are those that real etcdctls of seven builds printed.

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Case, Question};
use etcd_pki_lab::etcd::telling::transcript::transcript;
use jiff::Timestamp;
use serde_json::Value;

use crate::{cases, record};

/// The lines behind the logger's, without the time that something took, and the
/// logger's name.
fn end_of(printed: &str) -> (Vec<String>, Option<String>) {
    let (logged, last): (Vec<&str>, Vec<&str>) =
        printed.lines().partition(|line| line.starts_with('{'));
    let retried = logged
        .iter()
        .find(|line| line.contains("retrying of unary"));
    let speaker = retried.and_then(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        Some(line["logger"].as_str()?.to_owned())
    });
    let untimed = |line: &str| match (line.find("took "), line.find("s. (")) {
        (Some(begin), Some(end)) => format!("{}{}", &line[..begin], &line[end..]),
        _ => line.to_owned(),
    };
    let last = last
        .into_iter()
        .map(|line| untimed(&record::normalized(line)));
    (last.collect(), speaker)
}

#[test]
fn each_command_ends_in_its_own_words() {
    let measured = record::read();
    let mut count = 0;
    for case in cases::all() {
        if !["line-refused-", "line-refuses-", "line-plain-"]
            .iter()
            .any(|begin| case.id.starts_with(begin))
        {
            continue;
        }
        for version in record::VERSIONS {
            let build = EtcdBuild::parse(version).unwrap();
            let question = Question::new(
                &case.server,
                &case.client,
                &case.files,
                build,
                Timestamp::now(),
            );
            let read = Case::read(&question).unwrap();
            let shown = transcript(&read, &read.judge().unwrap(), &[]);
            let ours = end_of(&shown.etcdctl[0]);
            let theirs = end_of(&measured[&(case.id.clone(), version.to_owned())].etcdctl);
            assert_eq!(ours.0, theirs.0, "{version} {}", case.id);
            // A stream is tried again without such a line.
            if theirs.1.is_some() {
                assert_eq!(ours.1, theirs.1, "{version} {}", case.id);
            }
            count += 1;
        }
    }
    assert!(count >= 150, "{count}");
}
