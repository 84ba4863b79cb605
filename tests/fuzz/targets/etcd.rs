//! The readers of `etcd`: command lines, config files, what they name, and what people
//! paste.

use std::collections::BTreeMap;

use etcd_pki_lab::{
    EtcdBuild, GivenFile, Preset, Question,
    clients::{self, Client},
    etcd::judge::Case,
    etcd::{
        judge::{
            client::judge_client,
            judge,
            peer::{PeerMember, PeerQuestion, judge_peer},
            reading::material,
        },
        telling::{checks::checks, diagnosis, foretold::foretold_of, transcript::transcript},
    },
};

use super::{Target, files, joined, now, one_of, parts, pki::seed, some, text};

const SERVER: &str = "etcd --name=a --cert-file=etcd.crt --key-file=etcd.key --trusted-ca-file=ca.crt --client-cert-auth --client-crl-file=crl --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379";
const CLIENT: &str = "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key put k v";

/// One for each way of reading.
const BUILDS: [&str; 3] = ["3.4.23", "3.5.16", "3.7.3"];

fn build(version: &str) -> EtcdBuild {
    EtcdBuild::parse(version).expect("a release")
}

fn question<'a>(
    server: &'a str,
    client: &'a str,
    files: &'a BTreeMap<String, Vec<u8>>,
    version: &str,
) -> Question<'a> {
    Question::new(server, client, files, build(version), now())
}

/// All that is told of a case.
fn told(question: &Question<'_>) {
    let Ok(finding) = judge(question) else {
        return;
    };
    let _ = foretold_of(question, &finding);
    let Ok(case) = Case::read(question) else {
        return;
    };
    let _ = transcript(&case, &finding, &[]);
    let _ = checks(&case, &finding);
}

pub(crate) const COMMAND_LINES: Target = Target {
    seeds: || {
        let mut seeds = some(Preset::Cluster, &[".env"]);
        seeds.extend([
            joined(&[SERVER.as_bytes(), CLIENT.as_bytes()]),
            joined(&[
                b"ETCD_NAME=a sudo etcd --auto-tls --peer-auto-tls --cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256 --tls-min-version=TLS1.3 --listen-client-urls https://0.0.0.0:2379 --advertise-client-urls 'https://localhost:2379'",
                b"ETCDCTL_API=3 etcdctl --insecure-skip-tls-verify --user root:x --command-timeout=1h get --prefix ''",
            ]),
            joined(&[
                b"etcd gateway start --endpoints=a:2379 --trusted-ca-file=ca.crt",
                b"curl --cacert ca.crt https://127.0.0.1:2379/health",
            ]),
            joined(&[
                b"etcd --feature-gates=InitialCorruptCheck=true --max-concurrent-streams=9 --log-level=debug --heartbeat-interval=100",
                b"etcdctl endpoint status --cluster -w table",
            ]),
        ]);
        seeds
    },
    read: |bytes| {
        let [server, client] = parts(bytes).map(text);
        let files = BTreeMap::new();
        let version = one_of(bytes, &BUILDS);
        told(&question(&server, &client, &files, version));
    },
};

pub(crate) const CONFIG_FILE: Target = Target {
    seeds: || {
        let mut seeds = some(Preset::Cluster, &[".yaml", ".yml"]);
        seeds.extend([
            b"name: 'a'\nlisten-client-urls: https://127.0.0.1:2379\nadvertise-client-urls: \"https://127.0.0.1:2379\"\nclient-transport-security:\n  cert-file: etcd.crt\n  key-file: etcd.key\n  client-cert-auth: true\n  trusted-ca-file: ca.crt\n".to_vec(),
            b"name: &a a\ninitial-cluster: *a\npeer-transport-security: {auto-tls: yes, cert-file: ~}\nexperimental-x: |\n  b\n".to_vec(),
            b"{\"name\": \"a\", \"snapshot-count\": 1e3, \"quota-backend-bytes\": 0x10, \"data-dir\": null}".to_vec(),
        ]);
        seeds
    },
    read: |bytes| {
        let mut files: BTreeMap<String, Vec<u8>> = files_of_tutorial();
        files.insert("x".to_owned(), bytes.to_vec());
        let version = one_of(bytes, &BUILDS);
        told(&question("etcd --config-file=x", CLIENT, &files, version));
    },
};

/// The tutorial's files, made once.
pub(crate) fn files_of_tutorial() -> BTreeMap<String, Vec<u8>> {
    use std::sync::OnceLock;
    static FILES: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    FILES
        .get_or_init(|| files(Preset::Tutorial).into_iter().collect())
        .clone()
}

pub(crate) const JUDGED_FILES: Target = Target {
    seeds: || {
        let files = files_of_tutorial();
        let of = |name: &str| files[name].as_slice();
        let crl = include_bytes!("../../fixtures/revoked.crl.pem");
        vec![
            joined(&[of("ca.crt"), of("etcd.crt"), of("etcd.key"), crl]),
            joined(&[
                of("ca.crt"),
                of("client.crt"),
                of("client.key"),
                of("client.crt"),
            ]),
            joined(&[&seed!("certificate.pem"), of("etcd.crt"), of("etcd.key")]),
        ]
    },
    read: |bytes| {
        let [authority, certificate, key, crl] = parts(bytes);
        let own = files_of_tutorial();
        let mut given = own.clone();
        for (name, bytes) in [
            ("ca.crt", authority),
            ("etcd.crt", certificate),
            ("etcd.key", key),
            ("client.crt", certificate),
            ("client.key", key),
            ("crl", crl),
        ] {
            given.insert(name.to_owned(), bytes.to_vec());
        }
        let without = SERVER.replace("--client-crl-file=crl ", "");
        let version = one_of(bytes, &BUILDS);
        let server = if crl.is_empty() { &without } else { SERVER };
        told(&question(server, CLIENT, &given, version));
        // The server's files are whole, and its client's are not.
        let mut given = own;
        for (name, bytes) in [("client.crt", certificate), ("client.key", key)] {
            given.insert(name.to_owned(), bytes.to_vec());
        }
        let question = question(&without, CLIENT, &given, version);
        told(&question);
        let all: Vec<&Client> = clients::all().collect();
        let _ = judge_client(&question, one_of(bytes, &all), bytes.len() % 2 == 0);
    },
};

pub(crate) const MEMBERS: Target = Target {
    seeds: || {
        let line = |name: &str, address: &str| {
            format!(
                "etcd --name={name} --peer-cert-file=etcd.crt --peer-key-file=etcd.key --peer-trusted-ca-file=ca.crt --peer-client-cert-auth --listen-peer-urls=https://{address}:2380 --initial-advertise-peer-urls=https://{address}:2380 --initial-cluster=a=https://127.0.0.1:2380,b=https://b.test:2380 --peer-cert-allowed-cn=etcd"
            )
        };
        let (one, other) = (line("a", "127.0.0.1"), line("b", "b.test"));
        vec![joined(&[
            one.as_bytes(),
            other.as_bytes(),
            b"127.0.0.1",
            &files_of_tutorial()["etcd.crt"],
        ])]
    },
    read: |bytes| {
        let [dialer, listener, from, certificate] = parts(bytes);
        let [dialer, listener, from] = [dialer, listener, from].map(text);
        let own = files_of_tutorial();
        let mut given = own.clone();
        given.insert("etcd.crt".to_owned(), certificate.to_vec());
        let names = BTreeMap::from([("b.test".to_owned(), vec!["192.0.2.2".to_owned()])]);
        let version = one_of(bytes, &BUILDS);
        let member = |line, files| PeerMember {
            line,
            files,
            build: build(version),
        };
        for (of_dialer, of_listener) in [(&own, &given), (&given, &own)] {
            let _ = judge_peer(&PeerQuestion {
                dialer: member(dialer.as_str(), of_dialer),
                listener: member(listener.as_str(), of_listener),
                now: now(),
                from: Some(&from),
                names: &names,
            });
        }
    },
};

pub(crate) const MATERIAL: Target = Target {
    seeds: || {
        let mut seeds = some(
            Preset::Cluster,
            &[".sh", ".yaml", ".env", ".service", "README", ".crt"],
        );
        seeds.extend([
            include_bytes!("../../fixtures/kubeadm-1.37.2-etcd.yaml").to_vec(),
            seed!("certificate.txt"),
            b"root@a:~# docker run -e ETCD_NAME=a --rm quay.io/coreos/etcd:v3.5.0 etcd --cert-file a.crt \\\n  --key-file=a.key\n".to_vec(),
            b"services:\n  etcd:\n    image: etcd\n    command: [\"etcd\", \"--name=a\"]\n    environment:\n      ETCD_CERT_FILE: a.crt\n".to_vec(),
            b"UID PID CMD\nroot 1 /usr/bin/etcd --cert-file=a.crt\n".to_vec(),
            b"apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: aGVsbG8=\n---\nkind: ConfigMap\ndata:\n  etcd.yaml: |\n    name: a\n".to_vec(),
            b"cat > a.env <<EOF\nETCD_NAME=a\nEOF\nsystemctl start etcd\n".to_vec(),
        ]);
        seeds
    },
    read: |bytes| {
        let given = [
            GivenFile::new("a.yaml", bytes),
            GivenFile::new("a.env", bytes),
        ];
        let _ = material::read(&text(bytes), &given);
    },
};

pub(crate) const LOG: Target = Target {
    seeds: || {
        [
            "{\"level\":\"warn\",\"ts\":\"2026-11-23T10:00:00Z\",\"msg\":\"rejected connection\",\"remote-addr\":\"192.0.2.1:9\",\"error\":\"remote error: tls: bad certificate\"}\n",
            "2026-11-23 10:00:00.1 I | embed: rejected connection from \"192.0.2.1:9\" (error \"tls: client didn't provide a certificate\", ServerName \"\")\n",
            "{\"log\":\"{\\\"level\\\":\\\"warn\\\",\\\"error\\\":\\\"EOF\\\"}\\n\",\"stream\":\"stderr\"}\n",
            "Nov 23 10:00:00 a etcd[1]: x509: certificate has expired or is not yet valid: current time 2026-11-23T10:00:00Z is after 2026-01-01T00:00:00Z\n",
            "<6>1 2026-11-23T10:00:00Z a etcd - - - transport: authentication handshake failed: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"ca\")\n",
            "Error: context deadline exceeded\n",
            "a | > 1: curl: (60) SSL certificate problem: unable to get local issuer certificate\n",
            "Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed\n",
        ]
        .map(|line| line.as_bytes().to_vec())
        .into()
    },
    read: |bytes| {
        let text = text(bytes);
        for clue in diagnosis::clues(&text) {
            let _ = (
                clue.causes(),
                clue.mend(),
                clue.log_tells(),
                clue.is_harmless(),
            );
        }
        let _ = diagnosis::is_log_of_etcd(&text);
        let _ = material::logged(&text);
    },
};
