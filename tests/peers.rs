//! The judges judged: each version of etcd that tests rely on is there, starts
//! from a plain command line, and keeps what it is given.

mod support;

use support::etcd::{Etcd, Version};
use support::free_ports;
use support::shell::{Shell, run_bash};
use tempfile::TempDir;

#[test]
fn each_version_of_etcd_starts_and_keeps_what_it_is_given() {
    for version in Version::ALL {
        let folder = TempDir::new().unwrap();
        let [port] = free_ports();
        let url = format!("http://127.0.0.1:{port}");
        let command = format!("etcd --listen-client-urls={url} --advertise-client-urls={url}");
        let mut etcd = Etcd::start(version, &command, folder.path());
        etcd.ready().unwrap();
        let shell = Shell::in_folder(folder.path()).with_etcd(version);
        let output = shell.run(&format!(
            "export ETCDCTL_API=3; etcdctl version; \
             etcdctl --endpoints={url} put testclient data && \
             etcdctl --endpoints={url} get testclient"
        ));
        let text = output.succeeded();
        assert!(
            text.contains(&format!("etcdctl version: {}", version.number())),
            "{text}"
        );
        assert!(text.ends_with("OK\ntestclient\ndata\n"), "{text}");
    }
}

#[test]
fn an_etcd_that_cannot_start_says_why() {
    let folder = TempDir::new().unwrap();
    let mut etcd = Etcd::start(Version::V3_4_23, "etcd --no-such-flag", folder.path());
    let reason = etcd.ready().unwrap_err();
    assert!(reason.contains("etcd ended"), "{reason}");
    assert!(reason.contains("no-such-flag"), "{reason}");
}

#[test]
fn a_script_answers_with_its_status_and_both_outputs() {
    let folder = TempDir::new().unwrap();
    let output = run_bash("echo out; echo err >&2; pwd; exit 3", folder.path());
    assert_eq!(output.status, Some(3));
    assert!(output.stdout.starts_with("out\n"));
    assert_eq!(output.stderr, "err\n");
    assert!(output.failed().contains("err"));
}
