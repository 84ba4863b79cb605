//! Config files of etcd's.

use super::{Case, with};

/// One that etcd takes.
pub(super) const GOOD: &str = "\
data-dir: data
listen-peer-urls: http://127.0.0.1:2380
initial-advertise-peer-urls: http://127.0.0.1:2380
initial-cluster: default=http://127.0.0.1:2380
listen-client-urls: https://127.0.0.1:2379
advertise-client-urls: https://127.0.0.1:2379
client-transport-security:
  cert-file: server.crt
  key-file: server.key
  client-cert-auth: true
  trusted-ca-file: ca.crt
";

/// Config files: the good one, and one change each.
pub(super) fn config_files() -> Vec<Case> {
    #[rustfmt::skip]
    let changes: &[(&str, &str, &str)] = &[
        ("good", "", ""),
        ("unknown-key", "data-dir", "foo: bar\ndata-dir"),
        ("boolean-as-text", "true", "\"true\""),
        ("boolean-yes", "true", "yes"),
        ("boolean-number", "true", "1"),
        ("path-as-number", "server.crt", "5"),
        ("path-null", " server.crt", ""),
        ("other-letter-case", "cert-file: server", "Cert-FILE: server"),
        ("section-is-text", "client-transport-security:\n", "client-transport-security: x\nx:\n"),
        ("list", "data-dir: data", "- data"),
        ("tab", "  cert-file", "\tcert-file"),
        ("indentation", "  key-file", " key-file"),
        ("bad-url", "listen-client-urls: https://127.0.0.1:2379", "listen-client-urls: foo"),
        ("no-advertise", "advertise-client-urls: https://127.0.0.1:2379\n", ""),
        ("gateway-on", "data-dir", "enable-grpc-gateway: true\ndata-dir"),
        ("gateway-off", "data-dir", "enable-grpc-gateway: false\ndata-dir"),
        ("suites-text", "data-dir", "cipher-suites: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\ndata-dir"),
        ("suites-unknown", "data-dir", "cipher-suites: [FOO]\ndata-dir"),
        ("min13", "data-dir", "tls-min-version: TLS1.3\ndata-dir"),
        ("number-as-text", "data-dir", "snapshot-count: x\ndata-dir"),
        ("allowed-hostname-text", "  trusted", "  allowed-hostname: a.test\n  trusted"),
        ("allowed-hostname-list", "  trusted", "  allowed-hostname: [a.test]\n  trusted"),
        ("no-authentication", "client-cert-auth: true", "client-cert-auth: false"),
        ("no-trust", "  trusted-ca-file: ca.crt\n", ""),
        ("key-twice", "data-dir: data", "data-dir: data\ndata-dir: data"),
        ("key-twice-in-section", "  key-file: server.key", "  key-file: nowhere.key\n  key-file: server.key"),
        ("section-twice", "data-dir: data", "data-dir: data\nclient-transport-security:\n  auto-tls: true"),
        ("key-twice-in-other-case", "data-dir: data", "data-dir: data\nDATA-DIR: other"),
        ("comment", "data-dir: data", "data-dir: data # here\n# there"),
        ("document-begin", "data-dir: data", "---\ndata-dir: data"),
        ("second-document", "  trusted-ca-file: ca.crt\n", "  trusted-ca-file: ca.crt\n---\nname: other\n"),
        ("anchor", "data-dir: data", "data-dir: &folder data\ninitial-cluster-token: *folder"),
        ("merge", "  cert-file: server.crt", "  <<: {auto-tls: false}\n  cert-file: server.crt"),
        ("folded", "data-dir: data", "data-dir: >-\n  data"),
        ("single-quotes", "server.crt", "'server.crt'"),
        ("double-quotes", "server.crt", "\"server.crt\""),
        ("number-as-name", "data-dir: data", "data-dir: data\nname: 5"),
        ("number-as-token", "data-dir: data", "data-dir: data\ninitial-cluster-token: 5"),
        ("retention-number", "data-dir: data", "data-dir: data\nauto-compaction-retention: 1"),
        ("retention-word", "data-dir: data", "data-dir: data\nauto-compaction-retention: foo"),
        ("mode-empty", "data-dir: data", "data-dir: data\nauto-compaction-mode: \"\""),
        ("discovery-too", "data-dir: data", "data-dir: data\ndiscovery-srv: lab.invalid"),
        ("other-advertised", "initial-advertise-peer-urls: http://127.0.0.1", "initial-advertise-peer-urls: http://localhost"),
        ("number-negative", "data-dir: data", "data-dir: data\nsnapshot-count: -1"),
        ("number-fraction", "data-dir: data", "data-dir: data\nsnapshot-count: 1.5"),
        ("number-hexadecimal", "data-dir: data", "data-dir: data\nsnapshot-count: 0x1000"),
        ("heartbeat-zero", "data-dir: data", "data-dir: data\nheartbeat-interval: 0"),
        ("boolean-capital", "true", "TRUE"),
        ("boolean-mixed", "true", "tRue"),
        ("boolean-on", "true", "on"),
        ("boolean-y", "true", "y"),
        ("boolean-null", "true", "~"),
        ("colon-missing", "data-dir: data", "data-dir data"),
        ("space-missing", "data-dir: data", "data-dir:data"),
        ("list-as-path", "cert-file: server.crt", "cert-file: [server.crt]"),
        ("client-pair", "  trusted", "  client-cert-file: client.crt\n  client-key-file: client.key\n  trusted"),
        ("peer-files-missing", "data-dir: data", "data-dir: data\npeer-transport-security:\n  trusted-ca-file: nowhere.crt"),
        ("log-level", "data-dir: data", "data-dir: data\nlog-level: loud"),
        ("auth-token", "data-dir: data", "data-dir: data\nauth-token: foo"),
        ("metrics-urls", "data-dir: data", "data-dir: data\nlisten-metrics-urls: foo"),
        ("missing-key-file", "server.key", "nowhere.key"),
    ];
    let mut cases: Vec<Case> = changes
        .iter()
        .map(|(name, from, to)| {
            with(&format!("config-{name}"), |case| {
                assert!(GOOD.contains(from), "{from} is in the file");
                let text = if from.is_empty() {
                    GOOD.to_owned()
                } else {
                    GOOD.replacen(from, to, 1)
                };
                case.files.insert("etcd.yml".to_owned(), text.into_bytes());
                "etcd --config-file=etcd.yml".clone_into(&mut case.server);
            })
        })
        .collect();
    cases.push(with("config-missing", |case| {
        "etcd --config-file=etcd.yml".clone_into(&mut case.server);
    }));
    for (name, change) in [("byte-order-mark", "\u{feff}"), ("leading-newline", "\n")] {
        cases.push(with(&format!("config-{name}"), |case| {
            let text = format!("{change}{GOOD}");
            case.files.insert("etcd.yml".to_owned(), text.into_bytes());
            "etcd --config-file=etcd.yml".clone_into(&mut case.server);
        }));
    }
    cases.push(with("config-crlf", |case| {
        let text = GOOD.replace('\n', "\r\n");
        case.files.insert("etcd.yml".to_owned(), text.into_bytes());
        "etcd --config-file=etcd.yml".clone_into(&mut case.server);
    }));
    cases.push(with("config-by-variable", |case| {
        case.files
            .insert("etcd.yml".to_owned(), GOOD.as_bytes().to_vec());
        "ETCD_CONFIG_FILE=etcd.yml etcd".clone_into(&mut case.server);
    }));
    cases
}
