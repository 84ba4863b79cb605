//! Settings that meet: flags with variables, config files with flags, certificates
//! with the gateway, endpoints with schemes, commands with refusals. Each of them is
//! known alone; here is what the two together do.

use super::config_files::GOOD;
use super::{Case, add, client, client_line, edit, server, server_line, set_san, with};
use crate::certificates::*;

/// What stands behind etcd's usual flags, and in place of etcdctl's flags and
/// command, where it does not stay as it is.
#[rustfmt::skip]
const FLAGS: &[(&str, &str, &str)] = &[
    ("allowed-own-name", "--client-cert-allowed-hostname=localhost", ""),
    ("allowed-and-gateway-off", "--client-cert-allowed-hostname=localhost --enable-grpc-gateway=false", ""),
    ("allowed-without-auth-flag", "--client-cert-auth=false --client-cert-allowed-hostname=localhost", ""),
    ("auto-tls-and-files", "--auto-tls", ""),
    ("self-signed-validity-and-files", "--self-signed-cert-validity=2", ""),
    ("peer-auto-tls-and-plain-peers", "--peer-auto-tls", ""),
    ("peer-files-and-plain-peers", "--peer-cert-file=server.crt --peer-key-file=server.key", ""),
    ("peer-files-missing-and-plain-peers", "--peer-cert-file=nowhere.crt --peer-key-file=nowhere.key", ""),
    ("peer-trust-garbage-and-plain-peers", "--peer-trusted-ca-file=server.key", ""),
    ("peer-certificate-alone", "--peer-cert-file=server.crt", ""),
    ("dials-with-client-files", "--client-cert-file=client.crt --client-key-file=client.key", ""),
    ("dials-with-missing-files", "--client-cert-file=nowhere.crt --client-key-file=nowhere.key", ""),
    ("dials-with-certificate-alone", "--client-cert-file=client.crt", ""),
    ("dials-with-key-of-another", "--client-cert-file=client.crt --client-key-file=server.key", ""),
    ("dials-with-its-own-files", "--client-cert-file=server.crt --client-key-file=server.key", ""),
    ("crl-missing", "--client-crl-file=nowhere.crl", ""),
    ("crl-is-a-certificate", "--client-crl-file=ca.crt", ""),
    ("crl-missing-and-allowed", "--client-crl-file=nowhere.crl --client-cert-allowed-hostname=localhost", ""),
    ("trust-twice", "--trusted-ca-file=client.crt", ""),
    ("certificate-twice", "--cert-file=client.crt --key-file=client.key", ""),
    ("plain-and-tls-listener", "--listen-client-urls=https://127.0.0.1:2379,http://127.0.0.1:2399", ""),
    ("same-url-twice", "--listen-client-urls=https://127.0.0.1:2379,https://127.0.0.1:2379", ""),
    ("advertises-plain", "--advertise-client-urls=http://127.0.0.1:2379", ""),
    ("advertises-another-port", "--advertise-client-urls=https://127.0.0.1:1", ""),
    ("listens-at-localhost", "--listen-client-urls=https://localhost:2379", ""),
    ("listens-everywhere", "--listen-client-urls=https://0.0.0.0:2379", ""),
    ("versions-13-and-suites", "--tls-min-version=TLS1.3 --cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", ""),
    ("versions-12-and-strong-suite", "--tls-max-version=TLS1.2 --cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", ""),
    ("versions-12-and-both-suites", "--tls-max-version=TLS1.2 --cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", ""),
    ("suite-for-another-key", "--tls-max-version=TLS1.2 --cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ""),
    ("suites-of-13-alone", "--cipher-suites=TLS_AES_256_GCM_SHA384", ""),
    ("gateway-off-and-http-urls", "--enable-grpc-gateway=false --listen-client-http-urls=http://127.0.0.1:2398", ""),
    ("metrics-by-tls", "--listen-metrics-urls=https://127.0.0.1:2397", ""),
    ("unknown-gate", "--feature-gates=NoSuchGate=true", ""),
    ("jwt-with-a-certificate", "--auth-token=jwt,pub-key=server.crt,priv-key=server.key,sign-method=ES256", ""),
    ("token-of-one-second", "--auth-token-ttl=1", ""),
    // etcdctl.
    ("user-and-no-roles", "", "--user=root:secret put k v"),
    ("user-with-password-apart", "", "--user=root --password=secret put k v"),
    ("password-alone", "", "--password=secret put k v"),
    ("user-empty", "", "--user= put k v"),
    ("user-empty-name", "", "--user=:secret put k v"),
    ("user-by-variable", "", "ETCDCTL_USER=root:secret put k v"),
    ("skips-by-variable", "", "ETCDCTL_INSECURE_SKIP_TLS_VERIFY=true put k v"),
    ("skips-by-word", "", "ETCDCTL_INSECURE_SKIP_TLS_VERIFY=yes put k v"),
    ("keepalive-word", "", "ETCDCTL_KEEPALIVE_TIME=x put k v"),
    ("empty-variable", "", "ETCDCTL_USER= put k v"),
    ("variable-of-no-flag", "", "ETCDCTL_NO_SUCH_FLAG=1 put k v"),
    ("hexadecimal-variable", "", "ETCDCTL_HEX=maybe put k v"),
    ("discovery-name-beside-endpoints", "", "--discovery-srv=lab.invalid put k v"),
    ("service-name-alone", "", "--discovery-srv-name=x put k v"),
    ("asks-health", "", "endpoint health"),
    ("asks-status", "", "endpoint status"),
    ("asks-hash", "", "endpoint hashkv"),
    ("asks-members", "", "member list"),
    ("asks-alarms", "", "alarm list"),
    ("asks-users", "", "user list"),
    ("asks-auth-status", "", "auth status"),
    ("asks-cluster-health", "", "endpoint health --cluster"),
    ("grants-a-lease", "", "lease grant 60"),
    ("deletes", "", "del k"),
    ("compacts", "", "compaction 1"),
    ("saves-a-snapshot", "", "snapshot save x.db"),
    ("v2-word", "", "set k v"),
    ("v2-list", "", "ls /"),
    ("v2-cluster", "", "cluster-health"),
];

/// Endpoints, with the usual files.
#[rustfmt::skip]
const ENDPOINTS: &[(&str, &str)] = &[
    ("slash", "https://127.0.0.1:2379/"),
    ("path", "https://127.0.0.1:2379/v3"),
    ("capital-scheme", "HTTPS://127.0.0.1:2379"),
    ("user", "https://me@127.0.0.1:2379"),
    ("query", "https://127.0.0.1:2379?a=b"),
    ("spaces", "' https://127.0.0.1:2379 '"),
    ("comma-behind", "https://127.0.0.1:2379,"),
    ("comma-before", ",https://127.0.0.1:2379"),
    ("any-address", "https://0.0.0.0:2379"),
    ("mapped", "https://[::ffff:127.0.0.1]:2379"),
    ("plain-before", "http://127.0.0.1:2379,https://127.0.0.1:2379"),
    ("plain-behind", "https://127.0.0.1:2379,http://127.0.0.1:2379"),
    ("bare-before", "127.0.0.1:2379,https://127.0.0.1:2379"),
    ("dead-twice", "https://127.0.0.1:1,https://127.0.0.1:2,https://127.0.0.1:2379"),
    ("name-and-address", "https://localhost:2379,https://127.0.0.1:2379"),
    ("one-slash", "https:/127.0.0.1:2379"),
    ("port-name", "https://127.0.0.1:https"),
];

/// Variables of etcd's, beside its usual flags or in place of some of them.
#[rustfmt::skip]
const VARIABLES: &[(&str, &str, &str)] = &[
    ("empty-beside-flag", "ETCD_CERT_FILE=", ""),
    ("empty-trust", "ETCD_TRUSTED_CA_FILE=", " --trusted-ca-file=ca.crt"),
    ("same-value-twice", "ETCD_KEY_FILE=server.key", ""),
    ("auth-by-word", "ETCD_CLIENT_CERT_AUTH=yes", " --client-cert-auth"),
    ("auth-by-number", "ETCD_CLIENT_CERT_AUTH=1", " --client-cert-auth"),
    ("auth-empty", "ETCD_CLIENT_CERT_AUTH=", " --client-cert-auth"),
    ("auth-off-beside-flag", "ETCD_CLIENT_CERT_AUTH=false", ""),
    ("gateway-off", "ETCD_ENABLE_GRPC_GATEWAY=false", ""),
    ("minimum-13", "ETCD_TLS_MIN_VERSION=TLS1.3", ""),
    ("minimum-11", "ETCD_TLS_MIN_VERSION=TLS1.1", ""),
    ("suites", "ETCD_CIPHER_SUITES=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", ""),
    ("crl-missing", "ETCD_CLIENT_CRL_FILE=nowhere.crl", ""),
    ("allowed", "ETCD_CLIENT_CERT_ALLOWED_HOSTNAME=localhost", ""),
    ("removed-flag", "ETCD_ENABLE_V2=true", ""),
    ("unknown", "ETCD_NO_SUCH_FLAG=1", ""),
    ("debug", "ETCD_DEBUG=true", ""),
    ("config-file", "ETCD_CONFIG_FILE=nowhere.yml", ""),
];

pub(super) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for &(id, behind, asked) in FLAGS {
        cases.push(with(&format!("line-together-{id}"), |case| {
            // What is given twice counts as it was given last.
            case.server
                .extend([" ", behind].iter().filter(|_| !behind.is_empty()).copied());
            if !asked.is_empty() {
                let (variable, asked) = match asked.split_once(' ') {
                    Some((variable, rest)) if variable.starts_with("ETCDCTL_") => (variable, rest),
                    _ => ("", asked),
                };
                client_line(case, "put k v", asked);
                if !variable.is_empty() {
                    case.client = format!("{variable} {}", case.client);
                }
            }
        }));
    }
    for &(id, endpoints) in ENDPOINTS {
        cases.push(with(&format!("line-endpoint-{id}"), |case| {
            client_line(case, "https://127.0.0.1:2379", endpoints);
        }));
    }
    for &(id, variable, instead_of) in VARIABLES {
        cases.push(with(&format!("line-variable-{id}"), |case| {
            if !instead_of.is_empty() {
                server_line(case, instead_of, "");
            }
            case.server = format!("{variable} {}", case.server);
        }));
    }
    cases.extend(without_a_certificate());
    cases.extend(certificates());
    cases.extend(sockets());
    cases
}

/// Unix sockets: what etcd listens on, what etcdctl dials, and whether the server's
/// certificate names the socket's file.
fn sockets() -> Vec<Case> {
    const USUAL: &str = "https://127.0.0.1:2379";
    #[rustfmt::skip]
    let rows: &[(&str, &str, &str, &[u8])] = &[
        ("other-name", "unixs://etcd.sock", "unixs://etcd.sock", b"localhost"),
        ("own-name", "unixs://etcd.sock", "unixs://etcd.sock", b"etcd.sock"),
        ("one-colon", "unixs:etcd.sock", "unixs:etcd.sock", b"etcd.sock"),
        ("plain-to-tls", "unixs://etcd.sock", "unix://etcd.sock", b"etcd.sock"),
        ("tls-to-plain", "unix://etcd.sock", "unixs://etcd.sock", b"etcd.sock"),
        ("plain", "unix://etcd.sock", "unix://etcd.sock", b"etcd.sock"),
        ("with-port", "unixs://localhost:2379", "unixs://localhost:2379", b"localhost"),
        ("nobody-there", USUAL, "unixs://etcd.sock", b"etcd.sock"),
        ("address-to-socket", "unixs://etcd.sock", USUAL, b"etcd.sock"),
        ("both", "https://127.0.0.1:2379,unixs://etcd.sock", "unixs://etcd.sock", b"etcd.sock"),
    ];
    let mut cases = Vec::new();
    for &(id, listens, dials, named) in rows {
        cases.push(with(&format!("line-socket-{id}"), |case| {
            let mut parts = server();
            set_san(&mut parts, &[(2, named), (7, &[127, 0, 0, 1])]);
            case.files.insert(
                "server.crt".to_owned(),
                pem("CERTIFICATE", &parts.sign(&key(1))),
            );
            server_line(
                case,
                &format!("--listen-client-urls={USUAL}"),
                &format!("--listen-client-urls={listens}"),
            );
            client_line(case, USUAL, dials);
        }));
    }
    cases.push(with("line-socket-plain-without-files", |case| {
        server_line(
            case,
            &format!("--listen-client-urls={USUAL}"),
            "--listen-client-urls=unix://etcd.sock",
        );
        client_line(
            case,
            &format!("--endpoints={USUAL} --cacert=ca.crt --cert=client.crt --key=client.key"),
            "--endpoints=unix://etcd.sock",
        );
    }));
    cases.push(with("line-socket-skips", |case| {
        server_line(
            case,
            &format!("--listen-client-urls={USUAL}"),
            "--listen-client-urls=unixs://etcd.sock",
        );
        client_line(case, USUAL, "unixs://etcd.sock");
        client_line(case, "--cacert=ca.crt", "--insecure-skip-tls-verify");
    }));
    cases.push(with("line-socket-advertised", |case| {
        server_line(case, USUAL, "unixs://etcd.sock");
        client_line(case, USUAL, "unixs://etcd.sock");
    }));
    cases
}

/// Who is refused is told so by each command in its own way.
fn without_a_certificate() -> Vec<Case> {
    let asked = [
        "endpoint health",
        "endpoint status",
        "endpoint hashkv",
        "defrag",
        "move-leader 1",
        "member list",
        "snapshot save x.db",
        "lease grant 60",
    ];
    let mut cases = Vec::new();
    for asked in asked {
        let id = asked.replace(' ', "-");
        cases.push(with(&format!("line-refused-{id}"), |case| {
            client_line(case, "--cert=client.crt --key=client.key put k v", asked);
        }));
        cases.push(with(&format!("line-refuses-{id}"), |case| {
            client_line(case, "--cacert=ca.crt", "");
            client_line(case, "put k v", asked);
        }));
        cases.push(with(&format!("line-plain-{id}"), |case| {
            client_line(case, "https://", "http://");
            client_line(case, "put k v", asked);
        }));
        cases.push(with(&format!("line-dead-{id}"), |case| {
            client_line(case, "127.0.0.1:2379", "127.0.0.1:1");
            client_line(case, "put k v", asked);
        }));
        cases.push(with(&format!("line-revoked-{id}"), |case| {
            case.server += " --client-crl-file=nowhere.crl";
            client_line(case, "put k v", asked);
        }));
    }
    cases
}

/// Certificates with what etcd's own gateway makes of them.
fn certificates() -> Vec<Case> {
    let put = |case: &mut Case, file: &str, parts: &Parts| {
        case.files
            .insert(file.to_owned(), pem("CERTIFICATE", &parts.sign(&key(1))));
    };
    let server_alone = |case: &mut Case| {
        let mut parts = server();
        super::set(&mut parts, "2.5.29.37", extended_key_usage(&[SERVER]));
        put(case, "server.crt", &parts);
    };
    let named_client = |case: &mut Case| {
        let mut parts = client();
        set_san(&mut parts, &[(2, b"localhost")]);
        put(case, "client.crt", &parts);
    };
    let mut cases = vec![
        with("together-server-alone-and-client-files", |case| {
            server_alone(case);
            case.server += " --client-cert-file=client.crt --client-key-file=client.key";
        }),
        with("together-server-alone-and-no-certificates-asked", |case| {
            server_alone(case);
            server_line(case, " --client-cert-auth --trusted-ca-file=ca.crt", "");
        }),
        with("together-server-alone-and-wrong-client", |case| {
            server_alone(case);
            client_line(
                case,
                "--cert=client.crt --key=client.key",
                "--cert=server.crt --key=server.key",
            );
        }),
        with("together-server-alone-and-trust-by-default", |case| {
            server_alone(case);
            server_line(case, " --trusted-ca-file=ca.crt", "");
        }),
        with("together-allowed-name-of-both", |case| {
            named_client(case);
            case.server += " --client-cert-allowed-hostname=localhost";
        }),
        with("together-allowed-name-and-client-files", |case| {
            named_client(case);
            case.server += " --client-cert-allowed-hostname=localhost --client-cert-file=client.crt --client-key-file=client.key";
        }),
        with("together-allowed-name-and-key-in-certificate", |case| {
            named_client(case);
            case.server += " --client-cert-allowed-hostname=localhost";
            let key = case.files["client.key"].clone();
            case.files
                .entry("client.crt".to_owned())
                .or_default()
                .extend(key);
            client_line(case, "--key=client.key", "--key=client.crt");
        }),
        with("together-allowed-list-second", |case| {
            named_client(case);
            case.server += " --client-cert-allowed-hostname=a.test,localhost";
        }),
        with("together-client-with-name-of-another", |case| {
            let mut parts = client();
            set_san(&mut parts, &[(2, b"elsewhere.test")]);
            add(
                &mut parts,
                extension("2.5.29.36", true, &element(0x30, &[])),
            );
            put(case, "client.crt", &parts);
        }),
        with("together-two-cas-in-trust", |case| {
            edit(case, "ca.crt", |text| format!("{text}{text}"));
        }),
        with("together-chain-with-the-root", |case| {
            let root = String::from_utf8(case.files["ca.crt"].clone()).expect("PEM");
            edit(case, "client.crt", |text| format!("{text}{root}"));
        }),
        with("together-server-chain-with-a-key", |case| {
            let key = String::from_utf8(case.files["server.key"].clone()).expect("PEM");
            edit(case, "server.crt", |text| format!("{key}{text}"));
        }),
        with("together-client-shows-the-root", |case| {
            case.files
                .insert("root.key".to_owned(), private_key_pem(&key(1)));
            client_line(
                case,
                "--cert=client.crt --key=client.key",
                "--cert=ca.crt --key=root.key",
            );
        }),
        with("together-server-is-the-root", |case| {
            case.files
                .insert("root.key".to_owned(), private_key_pem(&key(1)));
            server_line(
                case,
                "--cert-file=server.crt --key-file=server.key",
                "--cert-file=ca.crt --key-file=root.key",
            );
        }),
    ];
    #[rustfmt::skip]
    let files = [
        ("client-files", "  client-cert-file: client.crt\n  client-key-file: client.key\n", ""),
        ("crl-in-section", "  crl-file: nowhere.crl\n  client-crl-file: nowhere.crl\n", ""),
        ("crl-at-top", "", "client-crl-file: nowhere.crl\n"),
        ("allowed", "  allowed-hostname: localhost\n", ""),
        ("allowed-list", "  allowed-hostnames: [localhost]\n", ""),
        ("auto-tls-too", "  auto-tls: true\n", ""),
        ("names-and-hosts", "  allowed-hostname: localhost\n  allowed-cn: client\n", ""),
        ("certificate-at-top", "", "cert-file: other.crt\nkey-file: other.key\n"),
        ("maximum-12", "", "tls-max-version: TLS1.2\n"),
        ("minimum-11", "", "tls-min-version: TLS1.1\n"),
        ("suites-list-strong", "", "cipher-suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n"),
        ("gateway-on-twice", "", "enable-grpc-gateway: true\nenable-grpc-gateway: true\n"),
        ("feature-gates-text", "", "feature-gates: InitialCorruptCheck=true\n"),
        ("feature-gates-unknown", "", "feature-gates: NoSuchGate=true\n"),
        ("http-urls", "", "listen-client-http-urls: http://127.0.0.1:2396\n"),
        ("anchors", "", "x: &name server.crt\ny: *name\n"),
        ("document-end", "", "---\n"),
    ];
    for (id, section, top) in files {
        cases.push(with(&format!("line-file-{id}"), |case| {
            let text = format!("{top}{GOOD}{section}");
            case.files.insert("etcd.yml".to_owned(), text.into_bytes());
            "etcd --config-file=etcd.yml".clone_into(&mut case.server);
        }));
    }
    cases.push(with("line-file-beside-flags", |case| {
        case.files
            .insert("etcd.yml".to_owned(), GOOD.as_bytes().to_vec());
        "etcd --config-file=etcd.yml --cert-file=nowhere.crt --client-crl-file=nowhere.crl"
            .clone_into(&mut case.server);
    }));
    cases.push(with("line-file-beside-variables", |case| {
        case.files
            .insert("etcd.yml".to_owned(), GOOD.as_bytes().to_vec());
        "ETCD_CERT_FILE=nowhere.crt ETCD_CLIENT_CRL_FILE=nowhere.crl etcd --config-file=etcd.yml"
            .clone_into(&mut case.server);
    }));
    cases.push(with("line-file-by-variable", |case| {
        case.files
            .insert("etcd.yml".to_owned(), GOOD.as_bytes().to_vec());
        "ETCD_CONFIG_FILE=etcd.yml etcd".clone_into(&mut case.server);
    }));
    cases
}
