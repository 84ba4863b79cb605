//! Mistakes of flags, and of what stands in a PEM file.

use super::{Case, FILES, both_lines, client_line, edit, server_line, with};
use crate::certificates::*;

type Edit = (&'static str, fn(&str) -> String);
type Change = fn(&mut Case, &str, &str);

pub(super) fn files_and_flags() -> Vec<Case> {
    let mut cases = Vec::new();
    let edits: [Edit; 12] = [
        ("bom", |text| format!("\u{feff}{text}")),
        ("indented", |text| {
            let lines: Vec<String> = text.lines().map(|line| format!("  {line}\n")).collect();
            lines.concat()
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
        for file in FILES {
            cases.push(with(
                &format!("file-{}-{name}", file.replace('.', "-")),
                |case| edit(case, file, change),
            ));
        }
    }
    for file in FILES {
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
    #[rustfmt::skip]
    let lines: &[(&str, Change, &str, &str)] = &[
        ("no-client-certificate", client_line, "--cert=client.crt --key=client.key ", ""),
        ("no-cacert", client_line, "--cacert=ca.crt ", ""),
        ("skip-verify", client_line, "--cacert=ca.crt", "--insecure-skip-tls-verify"),
        ("cert-without-key", client_line, "--key=client.key ", ""),
        ("key-without-cert", client_line, "--cert=client.crt ", ""),
        ("http-endpoint", client_line, "https://127", "http://127"),
        ("no-scheme", client_line, "https://127", "127"),
        ("no-scheme-no-tls", client_line, "--endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key", "--endpoints=127.0.0.1:2379"),
        ("localhost", client_line, "https://127.0.0.1", "https://localhost"),
        ("localhost-dot", client_line, "https://127.0.0.1", "https://localhost."),
        ("unknown-flag", client_line, "--cacert", "--ca-cert"),
        ("empty-cert", client_line, "--cert=client.crt", "--cert="),
        ("bad-boolean", client_line, "--cacert=ca.crt", "--insecure-transport=perhaps"),
        ("shadowed", client_line, "etcdctl ", "ETCDCTL_CERT=client.crt etcdctl "),
        ("by-environment", client_line, "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt", "ETCDCTL_CACERT=ca.crt etcdctl --endpoints=https://127.0.0.1:2379"),
        ("http-listener", both_lines, "https://", "http://"),
        ("http-listener-tls-client", server_line, "https://127.0.0.1:2379", "http://127.0.0.1:2379"),
        ("no-client-auth", server_line, "--client-cert-auth --trusted-ca-file=ca.crt ", ""),
        ("client-auth-alone", server_line, "--trusted-ca-file=ca.crt ", ""),
        ("trust-alone", server_line, "--client-cert-auth ", ""),
        ("no-gateway", server_line, "--client-cert-auth", "--client-cert-auth --enable-grpc-gateway=false"),
        ("allowed-hostname-other", server_line, "--client-cert-auth", "--client-cert-auth --client-cert-allowed-hostname=other.test"),
        ("unknown-server-flag", server_line, "--client-cert-auth", "--client-cert-aut"),
        ("cipher-unknown", server_line, "--client-cert-auth", "--client-cert-auth --cipher-suites=FOO"),
        ("unknown-flag-swallows", client_line, " put", " --foo put"),
        ("unknown-flag-with-value", client_line, " put", " --foo=x put"),
        ("unknown-shorthand", client_line, "--cacert", "-cacert"),
        ("unknown-command", client_line, " put k v", " putt k v"),
        ("put-one-word", client_line, " put k v", " put k"),
        ("get-no-word", client_line, " put k v", " get"),
        ("output-format", client_line, " put", " -w xml put"),
        ("no-endpoints", client_line, "=https://127.0.0.1:2379", "="),
        ("other-scheme", client_line, "https://127", "tcp://127"),
        ("unix-scheme", client_line, "https://127", "unix://127"),
        ("no-port", client_line, "127.0.0.1:2379", "127.0.0.1"),
        ("short-address", client_line, "127.0.0.1", "127.1"),
        ("two-endpoints", client_line, "https://127.0.0.1:2379", "https://127.0.0.1:1,https://127.0.0.1:2379"),
        ("version", client_line, "put k v", "version"),
        ("help", client_line, "put k v", "--help"),
        ("heartbeat-zero", server_line, "--client-cert-auth", "--client-cert-auth --heartbeat-interval=0"),
        ("election-short", server_line, "--client-cert-auth", "--client-cert-auth --election-timeout=100"),
        ("logger-unknown", server_line, "--client-cert-auth", "--client-cert-auth --logger=foo"),
        ("compaction-mode-unknown", server_line, "--client-cert-auth", "--client-cert-auth --auto-compaction-mode=foo"),
        ("cluster-state-unknown", server_line, "--client-cert-auth", "--client-cert-auth --initial-cluster-state=foo"),
        ("name-elsewhere", server_line, "--client-cert-auth", "--client-cert-auth --name=n1 --initial-cluster=default=http://127.0.0.1:2380"),
        ("port-too-high", server_line, "--listen-client-urls=https://127.0.0.1:2379", "--listen-client-urls=https://127.0.0.1:99999"),
        ("both-schemes-on-one-port", server_line, "--listen-client-urls=https://127.0.0.1:2379", "--listen-client-urls=https://127.0.0.1:2379,http://127.0.0.1:2379"),
        ("allowed-hostname-empty", server_line, "--client-cert-auth", "--client-cert-auth --client-cert-allowed-hostname="),
    ];
    for (id, change, from, to) in lines {
        cases.push(with(&format!("line-{id}"), |case| change(case, from, to)));
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
        server_line(case, "--key-file=server.key ", "");
    }));
    cases.push(with("line-auto-tls", |case| {
        server_line(case, "--cert-file=server.crt --key-file=server.key --client-cert-auth --trusted-ca-file=ca.crt", "--auto-tls");
    }));
    cases
}
