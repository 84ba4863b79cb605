//! Mistakes of flags, and of what stands in a PEM file.

use super::{Case, client_line, edit, server_line, with};
use crate::certificates::*;

pub(super) fn files_and_flags() -> Vec<Case> {
    let mut cases = Vec::new();
    type Edit = (&'static str, fn(&str) -> String);
    let edits: [Edit; 12] = [
        ("bom", |text| format!("\u{feff}{text}")),
        ("indented", |text| {
            text.lines().map(|line| format!("  {line}\n")).collect()
        }),
        ("crlf", |text| text.replace('\n', "\r\n")),
        ("lone-cr", |text| text.replace('\n', "\r")),
        ("no-final-newline", |text| text.trim_end().to_owned()),
        ("leading-text", |text| format!("Subject: x\n\n{text}")),
        ("one-line", |text| {
            let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            let mut lines = text.lines();
            format!(
                "{}\n{body}\n{}\n",
                lines.next().unwrap_or_default(),
                lines.last().unwrap_or_default()
            )
        }),
        ("header", |text| {
            text.replacen("-----\n", "-----\nComment: x\n\n", 1)
        }),
        ("broken-begin", |text| {
            text.replacen("-----BEGIN", "----BEGIN", 1)
        }),
        ("no-end", |text| text.replace("-----END", "----END")),
        ("two-begins", |text| {
            format!("-----BEGIN CERTIFICATE-----\nAAAA\n{text}")
        }),
        ("empty", |_| String::new()),
    ];
    for (name, change) in edits {
        for file in [
            "client.crt",
            "client.key",
            "server.crt",
            "server.key",
            "ca.crt",
        ] {
            cases.push(with(
                &format!("file-{}-{name}", file.replace('.', "-")),
                |case| edit(case, file, change),
            ));
        }
    }
    for file in [
        "client.crt",
        "client.key",
        "server.crt",
        "server.key",
        "ca.crt",
    ] {
        cases.push(with(
            &format!("file-{}-missing", file.replace('.', "-")),
            |case| {
                case.files.remove(file);
            },
        ));
        cases.push(with(
            &format!("file-{}-der", file.replace('.', "-")),
            |case| {
                let body: Vec<u8> = vec![0x30, 0x82, 1, 2, 3];
                case.files.insert(file.to_owned(), body);
            },
        ));
        for label in ["TRUSTED CERTIFICATE", "X", "ENCRYPTED PRIVATE KEY"] {
            let id = format!(
                "file-{}-label-{}",
                file.replace('.', "-"),
                label.to_lowercase().replace(' ', "-")
            );
            cases.push(with(&id, |case| {
                edit(case, file, |text| {
                    text.replace("CERTIFICATE", label)
                        .replace("EC PRIVATE KEY", label)
                });
            }));
        }
    }
    cases.push(with("file-client-key-other", |case| {
        case.files
            .insert("client.key".to_owned(), private_key_pem(&key(9)));
    }));
    cases.push(with("file-server-key-other", |case| {
        case.files
            .insert("server.key".to_owned(), private_key_pem(&key(9)));
    }));
    cases.push(with("file-client-swapped", |case| {
        client_line(
            case,
            "--cert=client.crt --key=client.key",
            "--cert=client.key --key=client.crt",
        );
    }));
    cases.push(with("file-trusted-ca-is-key", |case| {
        case.files
            .insert("extra.key".to_owned(), private_key_pem(&key(1)));
        server_line(
            case,
            "--trusted-ca-file=ca.crt",
            "--trusted-ca-file=extra.key",
        );
    }));
    type Lines = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    );
    let lines: &[Lines] = &[
        (
            "no-client-certificate",
            "",
            "",
            "--cert=client.crt --key=client.key ",
            "",
        ),
        ("no-cacert", "", "", "--cacert=ca.crt ", ""),
        (
            "skip-verify",
            "",
            "",
            "--cacert=ca.crt",
            "--insecure-skip-tls-verify",
        ),
        ("cert-without-key", "", "", "--key=client.key ", ""),
        ("key-without-cert", "", "", "--cert=client.crt ", ""),
        ("http-endpoint", "", "", "https://127", "http://127"),
        ("no-scheme", "", "", "https://127", "127"),
        (
            "no-scheme-no-tls",
            "",
            "",
            "--endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key",
            "--endpoints=127.0.0.1:2379",
        ),
        (
            "localhost",
            "",
            "",
            "https://127.0.0.1",
            "https://localhost",
        ),
        (
            "localhost-dot",
            "",
            "",
            "https://127.0.0.1",
            "https://localhost.",
        ),
        ("unknown-flag", "", "", "--cacert", "--ca-cert"),
        ("empty-cert", "", "", "--cert=client.crt", "--cert="),
        (
            "bad-boolean",
            "",
            "",
            "--cacert=ca.crt",
            "--insecure-transport=perhaps",
        ),
        (
            "shadowed",
            "",
            "",
            "etcdctl ",
            "ETCDCTL_CERT=client.crt etcdctl ",
        ),
        (
            "by-environment",
            "",
            "",
            "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt",
            "ETCDCTL_CACERT=ca.crt etcdctl --endpoints=https://127.0.0.1:2379",
        ),
        (
            "http-listener",
            "https://127.0.0.1:2379",
            "http://127.0.0.1:2379",
            "https://",
            "http://",
        ),
        (
            "http-listener-tls-client",
            "https://127.0.0.1:2379",
            "http://127.0.0.1:2379",
            "",
            "",
        ),
        (
            "no-client-auth",
            "--client-cert-auth --trusted-ca-file=ca.crt ",
            "",
            "",
            "",
        ),
        ("client-auth-alone", "--trusted-ca-file=ca.crt ", "", "", ""),
        ("trust-alone", "--client-cert-auth ", "", "", ""),
        (
            "no-gateway",
            "--client-cert-auth",
            "--client-cert-auth --enable-grpc-gateway=false",
            "",
            "",
        ),
        (
            "allowed-hostname-other",
            "--client-cert-auth",
            "--client-cert-auth --client-cert-allowed-hostname=other.test",
            "",
            "",
        ),
        (
            "unknown-server-flag",
            "--client-cert-auth",
            "--client-cert-aut",
            "",
            "",
        ),
        (
            "cipher-unknown",
            "--client-cert-auth",
            "--client-cert-auth --cipher-suites=FOO",
            "",
            "",
        ),
        ("unknown-flag-swallows", "", "", " put", " --foo put"),
        ("unknown-flag-with-value", "", "", " put", " --foo=x put"),
        ("unknown-shorthand", "", "", "--cacert", "-cacert"),
        ("unknown-command", "", "", " put k v", " putt k v"),
        ("put-one-word", "", "", " put k v", " put k"),
        ("get-no-word", "", "", " put k v", " get"),
        ("output-format", "", "", " put", " -w xml put"),
        ("no-endpoints", "", "", "=https://127.0.0.1:2379", "="),
        ("other-scheme", "", "", "https://127", "tcp://127"),
        ("unix-scheme", "", "", "https://127", "unix://127"),
        ("no-port", "", "", "127.0.0.1:2379", "127.0.0.1"),
        ("short-address", "", "", "127.0.0.1", "127.1"),
        (
            "two-endpoints",
            "",
            "",
            "https://127.0.0.1:2379",
            "https://127.0.0.1:1,https://127.0.0.1:2379",
        ),
        ("version", "", "", "put k v", "version"),
        ("help", "", "", "put k v", "--help"),
        (
            "heartbeat-zero",
            "--client-cert-auth",
            "--client-cert-auth --heartbeat-interval=0",
            "",
            "",
        ),
        (
            "election-short",
            "--client-cert-auth",
            "--client-cert-auth --election-timeout=100",
            "",
            "",
        ),
        (
            "logger-unknown",
            "--client-cert-auth",
            "--client-cert-auth --logger=foo",
            "",
            "",
        ),
        (
            "compaction-mode-unknown",
            "--client-cert-auth",
            "--client-cert-auth --auto-compaction-mode=foo",
            "",
            "",
        ),
        (
            "cluster-state-unknown",
            "--client-cert-auth",
            "--client-cert-auth --initial-cluster-state=foo",
            "",
            "",
        ),
        (
            "name-elsewhere",
            "--client-cert-auth",
            "--client-cert-auth --name=n1 --initial-cluster=default=http://127.0.0.1:2380",
            "",
            "",
        ),
        (
            "port-too-high",
            "--listen-client-urls=https://127.0.0.1:2379",
            "--listen-client-urls=https://127.0.0.1:99999",
            "",
            "",
        ),
        (
            "both-schemes-on-one-port",
            "--listen-client-urls=https://127.0.0.1:2379",
            "--listen-client-urls=https://127.0.0.1:2379,http://127.0.0.1:2379",
            "",
            "",
        ),
        (
            "allowed-hostname-empty",
            "--client-cert-auth",
            "--client-cert-auth --client-cert-allowed-hostname=",
            "",
            "",
        ),
    ];
    for &(id, server_from, server_to, client_from, client_to) in lines {
        cases.push(with(&format!("line-{id}"), |case| {
            if !server_from.is_empty() {
                server_line(case, server_from, server_to);
            }
            if !client_from.is_empty() {
                client_line(case, client_from, client_to);
            }
        }));
    }
    cases.push(with("line-client-shadowed-server", |case| {
        case.server = format!("ETCD_CERT_FILE=server.crt {}", case.server);
    }));
    cases.push(with("line-server-environment", |case| {
        server_line(case, "--cert-file=server.crt ", "");
        case.server = format!("ETCD_CERT_FILE=server.crt {}", case.server);
    }));
    cases.push(with("line-no-advertise", |case| {
        server_line(case, " --advertise-client-urls=https://127.0.0.1:2379", "");
    }));
    cases.push(with("line-https-without-files", |case| {
        server_line(case, "--cert-file=server.crt --key-file=server.key ", "");
    }));
    cases.push(with("line-server-cert-without-key", |case| {
        server_line(case, "--key-file=server.key ", "")
    }));
    cases.push(with("line-auto-tls", |case| {
        server_line(case, "--cert-file=server.crt --key-file=server.key --client-cert-auth --trusted-ca-file=ca.crt", "--auto-tls");
    }));
    cases
}
