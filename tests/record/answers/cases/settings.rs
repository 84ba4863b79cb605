//! Settings of both programs that have little to do with certificates, but
//! that end etcd or etcdctl, or are taken without a word.

use super::{Case, client_line, server_line, with};

/// What follows etcd's usual flags.
const SERVER_FLAGS: &[(&str, &str)] = &[
    ("retention-duration", "--auto-compaction-retention=5m"),
    ("retention-number", "--auto-compaction-retention=1"),
    ("retention-word", "--auto-compaction-retention=foo"),
    ("retention-negative", "--auto-compaction-retention=-1"),
    ("retention-fraction", "--auto-compaction-retention=0.5"),
    ("retention-days", "--auto-compaction-retention=1d"),
    ("retention-empty", "--auto-compaction-retention="),
    (
        "retention-huge",
        "--auto-compaction-retention=99999999999999999999",
    ),
    (
        "retention-revisions-as-duration",
        "--auto-compaction-mode=revision --auto-compaction-retention=5m",
    ),
    (
        "retention-revisions",
        "--auto-compaction-mode=revision --auto-compaction-retention=1000",
    ),
    (
        "retention-revisions-word",
        "--auto-compaction-mode=revision --auto-compaction-retention=foo",
    ),
    ("compaction-mode-empty", "--auto-compaction-mode="),
    (
        "compaction-mode-empty-with-retention",
        "--auto-compaction-mode= --auto-compaction-retention=1",
    ),
    ("compaction-mode-capital", "--auto-compaction-mode=Periodic"),
    ("snapshot-count-word", "--snapshot-count=x"),
    ("snapshot-count-negative", "--snapshot-count=-1"),
    ("snapshot-count-exponent", "--snapshot-count=1e3"),
    ("snapshot-count-hexadecimal", "--snapshot-count=0x1000"),
    ("snapshot-count-underscore", "--snapshot-count=10_000"),
    ("snapshot-count-plus", "--snapshot-count=+10000"),
    ("snapshot-count-octal", "--snapshot-count=010000"),
    ("snapshot-count-not-octal", "--snapshot-count=09"),
    ("snapshot-count-space", "--snapshot-count=' 10000'"),
    ("snapshot-count-empty", "--snapshot-count="),
    (
        "snapshot-count-huge",
        "--snapshot-count=99999999999999999999",
    ),
    ("heartbeat-duration", "--heartbeat-interval=100ms"),
    ("election-too-long", "--election-timeout=50001"),
    ("quota-negative", "--quota-backend-bytes=-1"),
    ("quota-with-unit", "--quota-backend-bytes=2G"),
    ("quota-huge", "--quota-backend-bytes=9223372036854775808"),
    ("wals-word", "--max-wals=x"),
    ("bcrypt-cost-low", "--bcrypt-cost=3"),
    ("bcrypt-cost-high", "--bcrypt-cost=32"),
    ("auth-token-unknown", "--auth-token=foo"),
    ("auth-token-empty", "--auth-token="),
    ("auth-token-jwt-alone", "--auth-token=jwt"),
    (
        "auth-token-jwt-key-missing",
        "--auth-token=jwt,pub-key=nowhere.pub,priv-key=nowhere.key,sign-method=RS256",
    ),
    ("auth-token-jwt-bad-option", "--auth-token=jwt,foo"),
    ("auth-token-simple", "--auth-token=simple"),
    ("auth-token-ttl-word", "--auth-token-ttl=x"),
    ("metrics-unknown", "--metrics=foo"),
    ("metrics-extensive", "--metrics=extensive"),
    ("log-level-unknown", "--log-level=loud"),
    ("log-level-capital", "--log-level=INFO"),
    ("log-level-mixed", "--log-level=Info"),
    ("log-level-empty", "--log-level="),
    ("log-level-warning", "--log-level=warning"),
    ("logger-empty", "--logger="),
    ("log-outputs-two", "--log-outputs=default,stderr"),
    ("log-outputs-stderr", "--log-outputs=stderr"),
    ("log-format-unknown", "--log-format=foo"),
    ("log-rotation-alone", "--enable-log-rotation"),
    (
        "log-rotation-bad",
        "--enable-log-rotation --log-outputs=out.log --log-rotation-config-json=x",
    ),
    ("boolean-word", "--strict-reconfig-check=maybe"),
    ("boolean-yes", "--pre-vote=yes"),
    ("boolean-t", "--pre-vote=t"),
    ("boolean-number", "--pre-vote=1"),
    ("boolean-two", "--pre-vote=2"),
    ("boolean-empty", "--pre-vote="),
    ("boolean-capital", "--pre-vote=TRUE"),
    ("boolean-mixed", "--pre-vote=tRUE"),
    ("boolean-with-space", "--pre-vote true"),
    ("duration-without-unit", "--grpc-keepalive-min-time=5"),
    ("duration-zero", "--grpc-keepalive-min-time=0"),
    ("duration-days", "--grpc-keepalive-min-time=1d"),
    ("duration-fraction", "--grpc-keepalive-min-time=.5s"),
    ("duration-two", "--grpc-keepalive-min-time=1h30m"),
    ("duration-negative", "--grpc-keepalive-min-time=-5s"),
    ("duration-plus", "--grpc-keepalive-min-time=+5s"),
    ("duration-space", "--grpc-keepalive-min-time='5 s'"),
    ("duration-two-points", "--grpc-keepalive-min-time=1.2.3s"),
    ("duration-point", "--grpc-keepalive-min-time=.s"),
    ("duration-empty", "--grpc-keepalive-min-time="),
    ("duration-huge", "--grpc-keepalive-min-time=9999999999h"),
    ("duration-micro", "--grpc-keepalive-min-time=5µs"),
    ("duration-chained", "--grpc-keepalive-min-time=1h-5m"),
    ("streams-negative", "--max-concurrent-streams=-1"),
    ("streams-huge", "--max-concurrent-streams=5000000000"),
    ("streams-zero", "--max-concurrent-streams=0"),
    ("cluster-state-capital", "--initial-cluster-state=New"),
    ("cluster-state-empty", "--initial-cluster-state="),
    ("cluster-state-existing", "--initial-cluster-state=existing"),
    ("v2-deprecation-unknown", "--v2-deprecation=foo"),
    ("v2-deprecation-known", "--v2-deprecation=not-yet"),
    ("v2-enabled", "--enable-v2=true"),
    ("proxy-unknown", "--proxy=foo"),
    ("fallback-unknown", "--discovery-fallback=foo"),
    ("cors-word", "--cors=foo"),
    ("cors-star", "--cors=*"),
    ("cors-url", "--cors=https://a.test"),
    ("cors-url-and-port", "--cors=https://a.test:1"),
    ("cors-empty", "--cors="),
    ("host-whitelist", "--host-whitelist=foo"),
    ("host-whitelist-empty", "--host-whitelist="),
    ("metrics-urls-word", "--listen-metrics-urls=foo"),
    (
        "metrics-urls-name",
        "--listen-metrics-urls=http://lab.test:1",
    ),
    (
        "metrics-urls-with-path",
        "--listen-metrics-urls=http://127.0.0.1:1/metrics",
    ),
    (
        "checkpoint-persist-alone",
        "--experimental-enable-lease-checkpoint-persist",
    ),
    (
        "hash-check-zero",
        "--experimental-compact-hash-check-time=0",
    ),
    (
        "tracing-rate-negative",
        "--experimental-enable-distributed-tracing --experimental-distributed-tracing-sampling-rate=-1",
    ),
    ("no-fsync", "--unsafe-no-fsync"),
    ("validity-zero", "--self-signed-cert-validity=0"),
    ("validity-negative", "--self-signed-cert-validity=-1"),
    ("token-empty", "--initial-cluster-token="),
    ("debug", "--debug"),
    ("log-package-levels", "--log-package-levels=foo"),
    ("log-output", "--log-output=stderr"),
    ("ignored-flag", "--snapshot=x"),
    ("ignored-flag-without-value", "--force"),
    ("feature-gates", "--feature-gates=Foo=true"),
    ("data-dir-is-a-file", "--data-dir=server.crt"),
    ("data-dir-empty", "--data-dir="),
    ("wal-dir", "--wal-dir=wal"),
    ("cipher-suites-empty", "--cipher-suites="),
    ("max-version-empty", "--tls-max-version="),
    ("min-version-empty", "--tls-min-version="),
    ("min-version-lower-case", "--tls-min-version=tls1.2"),
    ("single-dash", "-pre-vote=true"),
    ("three-dashes", "---pre-vote"),
    ("bare-word", "foo"),
    ("bare-dash", "-"),
    ("end-of-flags", "-- foo"),
    ("equals-without-name", "--=x"),
    (
        "flag-twice",
        "--cert-file=nowhere.crt --cert-file=server.crt",
    ),
    ("boolean-off", "--client-cert-auth=false"),
    ("boolean-off-capital", "--client-cert-auth=FALSE"),
    (
        "discovery-and-cluster",
        "--discovery=http://127.0.0.1:1/x --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "discovery-srv-and-cluster",
        "--discovery-srv=lab.invalid --initial-cluster=default=http://127.0.0.1:2380",
    ),
    ("discovery-token-alone", "--discovery-token=x"),
    ("freelist-unknown", "--backend-bbolt-freelist-type=foo"),
    ("batch-limit-word", "--backend-batch-limit=x"),
    ("client-key-pair-half", "--client-cert-file=client.crt"),
    (
        "client-key-pair-missing",
        "--client-cert-file=nowhere.crt --client-key-file=nowhere.key",
    ),
    (
        "client-key-pair-unlike",
        "--client-cert-file=client.crt --client-key-file=server.key",
    ),
    (
        "client-key-pair",
        "--client-cert-file=client.crt --client-key-file=client.key",
    ),
    (
        "peer-key-pair-without-tls",
        "--peer-cert-file=nowhere.crt --peer-key-file=nowhere.key",
    ),
    (
        "peer-names-exclusive",
        "--peer-cert-allowed-cn=a --peer-cert-allowed-hostname=b",
    ),
    ("listen-http-only", "--listen-client-http-urls=foo"),
];

/// `--listen-client-urls` as it is spelled.
const LISTENERS: &[(&str, &str)] = &[
    ("path", "https://127.0.0.1:2379/x"),
    ("slash", "https://127.0.0.1:2379/"),
    ("no-port", "https://127.0.0.1"),
    ("localhost", "https://localhost:2379"),
    ("all", "https://0.0.0.0:2379"),
    ("name", "https://lab.test:2379"),
    ("no-host", "https://:2379"),
    ("capital-scheme", "HTTPS://127.0.0.1:2379"),
    ("spaces", "' https://127.0.0.1:2379 '"),
    ("twice", "https://127.0.0.1:2379,https://127.0.0.1:2379"),
    ("other-scheme", "ftp://127.0.0.1:2379"),
    ("no-scheme", "127.0.0.1:2379"),
    ("word", "foo"),
    ("query", "https://127.0.0.1:2379?x"),
    ("fragment", "https://127.0.0.1:2379#x"),
    ("user", "https://a@127.0.0.1:2379"),
    ("port-name", "https://127.0.0.1:http"),
    ("port-empty", "https://127.0.0.1:"),
    ("port-negative", "https://127.0.0.1:-1"),
    ("trailing-comma", "https://127.0.0.1:2379,"),
    ("empty", ""),
    ("short-address", "https://127.1:2379"),
    ("leading-zero", "https://127.0.0.01:2379"),
    ("zone", "https://[fe80::1%25eth0]:2379"),
    ("bare-v6", "https://::1:2379"),
];

/// `--advertise-client-urls` as it is spelled.
const ADVERTISED: &[(&str, &str)] = &[
    ("no-host", "https://:2379"),
    ("word", "foo"),
    ("path", "https://127.0.0.1:2379/x"),
    ("empty", ""),
    ("http", "http://127.0.0.1:2379"),
    ("name", "https://lab.test:2379"),
    ("all", "https://0.0.0.0:2379"),
    ("other-port", "https://127.0.0.1:1"),
    ("no-port", "https://127.0.0.1"),
    ("port-too-high", "https://127.0.0.1:99999"),
];

/// The peer side: what is listened on, advertised and expected.
const PEERS: &[(&str, &str)] = &[
    (
        "https-without-files",
        "--listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-auto",
        "--peer-auto-tls --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-half",
        "--peer-cert-file=server.crt --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-key-half",
        "--peer-key-file=server.key --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-good",
        "--peer-cert-file=server.crt --peer-key-file=server.key --peer-trusted-ca-file=ca.crt --peer-client-cert-auth --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-missing-ca",
        "--peer-cert-file=server.crt --peer-key-file=server.key --peer-trusted-ca-file=nowhere.crt --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-ca-is-key",
        "--peer-cert-file=server.crt --peer-key-file=server.key --peer-trusted-ca-file=server.key --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-unlike",
        "--peer-cert-file=server.crt --peer-key-file=client.key --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "https-exclusive-names",
        "--peer-cert-file=server.crt --peer-key-file=server.key --peer-cert-allowed-cn=a --peer-cert-allowed-hostname=b --listen-peer-urls=https://127.0.0.1:2380 --initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=https://127.0.0.1:2380",
    ),
    (
        "advertise-other-port",
        "--initial-advertise-peer-urls=http://127.0.0.1:1 --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "advertise-localhost",
        "--initial-advertise-peer-urls=http://localhost:2380 --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "advertise-other-scheme",
        "--initial-advertise-peer-urls=https://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "advertise-one-of-two",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380,default=http://127.0.0.1:1",
    ),
    (
        "advertise-two-of-one",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380,http://127.0.0.1:1 --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "cluster-word",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=foo",
    ),
    (
        "cluster-bad-url",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=foo",
    ),
    (
        "cluster-without-name",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster==http://127.0.0.1:2380",
    ),
    (
        "cluster-empty",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=",
    ),
    (
        "cluster-same-url-twice",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380,n2=http://127.0.0.1:2380",
    ),
    (
        "cluster-with-path",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380/x",
    ),
    (
        "cluster-with-spaces",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=' default=http://127.0.0.1:2380'",
    ),
    (
        "cluster-trailing-comma",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380,",
    ),
    (
        "cluster-left-out",
        "--listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 --data-dir=data",
    ),
    (
        "cluster-left-out-with-name",
        "--name=n1 --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 --data-dir=data",
    ),
    (
        "listen-name",
        "--listen-peer-urls=http://lab.test:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "advertise-no-host",
        "--initial-advertise-peer-urls=http://:2380 --initial-cluster=default=http://127.0.0.1:2380",
    ),
    (
        "name-empty",
        "--name= --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380",
    ),
    (
        "name-with-comma",
        "--name=a,b --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380",
    ),
    ("discovery-srv", "--discovery-srv=lab.invalid"),
    (
        "discovery-srv-name",
        "--discovery-srv=lab.invalid --discovery-srv-name=x",
    ),
    ("discovery-srv-name-alone", "--discovery-srv-name=x"),
    (
        "discovery-both",
        "--discovery=foo --discovery-srv=lab.invalid",
    ),
];

/// Variables in front of etcd.
const SERVER_VARIABLES: &[(&str, &str)] = &[
    ("boolean", "ETCD_PRE_VOTE=true"),
    ("boolean-yes", "ETCD_PRE_VOTE=yes"),
    ("url-word", "ETCD_LISTEN_METRICS_URLS=foo"),
    ("unknown", "ETCD_FOO=bar"),
    ("version", "ETCD_VERSION=1"),
    ("empty-and-flag", "ETCD_CERT_FILE="),
    ("number-word", "ETCD_SNAPSHOT_COUNT=x"),
    ("two-wrong", "ETCD_SNAPSHOT_COUNT=x ETCD_MAX_WALS=y"),
    ("unknown-tls-version", "ETCD_TLS_MIN_VERSION=TLS1.1"),
    ("lower-case", "etcd_cert_file=nowhere.crt"),
    ("config-file-missing", "ETCD_CONFIG_FILE=nowhere.yml"),
    ("duration", "ETCD_GRPC_KEEPALIVE_MIN_TIME=5"),
    ("choice", "ETCD_INITIAL_CLUSTER_STATE=foo"),
];

/// Changes of etcdctl's command line: from, to.
const CLIENT_CHANGES: &[(&str, &str, &str)] = &[
    ("endpoint-slash", ":2379 ", ":2379/ "),
    ("endpoint-path", ":2379 ", ":2379/x "),
    ("endpoint-query", ":2379 ", ":2379?x "),
    ("endpoint-fragment", ":2379 ", ":2379#x "),
    (
        "endpoint-spaces",
        "=https://127.0.0.1:2379",
        "=' https://127.0.0.1:2379 '",
    ),
    ("endpoint-capital-scheme", "https:", "HTTPS:"),
    ("endpoint-user", "https://", "https://a@"),
    ("endpoint-mapped", "127.0.0.1:", "[::ffff:127.0.0.1]:"),
    ("endpoint-v6", "127.0.0.1:", "[::1]:"),
    ("endpoint-bare-v6", "127.0.0.1:", "::1:"),
    ("endpoint-trailing-comma", ":2379 ", ":2379, "),
    ("endpoint-all", "127.0.0.1:", "0.0.0.0:"),
    ("endpoint-no-host", "127.0.0.1:", ":"),
    ("endpoint-port-name", ":2379 ", ":x "),
    ("endpoint-port-too-high", ":2379 ", ":99999 "),
    ("endpoint-no-scheme-slashes", "https://", "//"),
    ("endpoint-capital-host", "127.0.0.1", "LOCALHOST"),
    ("endpoint-name-unknown", "127.0.0.1", "lab.invalid"),
    (
        "endpoint-twice-flag",
        "--cacert",
        "--endpoints=https://127.0.0.1:2379 --cacert",
    ),
    (
        "endpoint-http-then-https",
        "=https://127.0.0.1:2379",
        "=http://127.0.0.1:2379,https://127.0.0.1:2379",
    ),
    (
        "endpoint-https-then-http",
        "=https://127.0.0.1:2379",
        "=https://127.0.0.1:2379,http://127.0.0.1:2379",
    ),
    (
        "endpoint-bare-then-https",
        "=https://127.0.0.1:2379",
        "=127.0.0.1:1,https://127.0.0.1:2379",
    ),
    (
        "transport-off-http",
        "--endpoints=https://",
        "--insecure-transport=false --endpoints=http://",
    ),
    (
        "transport-on-https",
        "--cacert",
        "--insecure-transport=true --cacert",
    ),
    (
        "transport-off-without-scheme",
        "--endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key",
        "--endpoints=127.0.0.1:2379 --insecure-transport=false",
    ),
    (
        "transport-off-skip-without-scheme",
        "--endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key",
        "--endpoints=127.0.0.1:2379 --insecure-transport=false --insecure-skip-tls-verify",
    ),
    (
        "skip-https-without-files",
        "--cacert=ca.crt --cert=client.crt --key=client.key",
        "--insecure-skip-tls-verify",
    ),
    (
        "skip-https-with-pair",
        "--cacert=ca.crt",
        "--insecure-skip-tls-verify=true",
    ),
    (
        "skip-off",
        "--cacert=ca.crt",
        "--cacert=ca.crt --insecure-skip-tls-verify=false",
    ),
    (
        "skip-with-word",
        "--cacert=ca.crt",
        "--insecure-skip-tls-verify true",
    ),
    (
        "skip-number",
        "--cacert=ca.crt",
        "--insecure-skip-tls-verify=1",
    ),
    (
        "skip-yes",
        "--cacert=ca.crt",
        "--insecure-skip-tls-verify=yes",
    ),
    ("user-and-password", "--cacert", "--user=root:pw --cacert"),
    (
        "user-without-password",
        "--cacert",
        "--user=root --password=pw --cacert",
    ),
    ("password-alone", "--cacert", "--password=pw --cacert"),
    ("user-empty", "--cacert", "--user= --cacert"),
    ("user-colon", "--cacert", "--user=: --cacert"),
    (
        "with-spaces",
        "--cacert=ca.crt --cert=client.crt --key=client.key",
        "--cacert ca.crt --cert client.crt --key client.key",
    ),
    ("dot-path", "--cacert=ca.crt", "--cacert=./ca.crt"),
    (
        "flags-behind",
        "--cacert=ca.crt --cert=client.crt --key=client.key put k v",
        "put k v --cacert=ca.crt --cert=client.crt --key=client.key",
    ),
    (
        "flags-between",
        "--key=client.key put k v",
        "put k --key=client.key v",
    ),
    ("end-of-flags", "put k v", "put -- k v"),
    ("value-with-dash", "put k v", "put k -v"),
    ("three-words", "put k v", "put k v w"),
    ("get-three-words", "put k v", "get a b c"),
    ("delete", "put k v", "del k"),
    ("delete-no-word", "put k v", "del"),
    ("member-list", "put k v", "member list"),
    ("endpoint-health", "put k v", "endpoint health"),
    ("endpoint-status", "put k v", "endpoint status"),
    ("lease-list", "put k v", "lease list"),
    ("user-list", "put k v", "user list"),
    ("role-list", "put k v", "role list"),
    ("auth-status", "put k v", "auth status"),
    ("alarm-list", "put k v", "alarm list"),
    ("subcommand-unknown", "put k v", "endpoint foo"),
    ("subcommand-missing", "put k v", "endpoint"),
    ("member-add-no-word", "put k v", "member add"),
    (
        "health-no-certificate",
        "--cert=client.crt --key=client.key put k v",
        "endpoint health",
    ),
    (
        "members-no-certificate",
        "--cert=client.crt --key=client.key put k v",
        "member list",
    ),
    (
        "get-no-certificate",
        "--cert=client.crt --key=client.key put k v",
        "get k",
    ),
    (
        "health-no-cacert",
        "--cacert=ca.crt --cert=client.crt --key=client.key put k v",
        "--cert=client.crt --key=client.key endpoint health",
    ),
    ("output-json", "put k v", "-w json put k v"),
    ("output-equals", "put k v", "-w=json put k v"),
    ("output-joined", "put k v", "-wjson put k v"),
    ("output-empty", "put k v", "-w '' put k v"),
    ("hex", "put k v", "--hex put k v"),
    ("lease-not-hexadecimal", "put k v", "put k v --lease=xyz"),
    ("prefix-on-put", "put k v", "put k v --prefix"),
    ("limit-word", "put k v", "get k --limit=x"),
    ("sort-unknown", "put k v", "get k --sort-by=foo"),
    ("consistency-unknown", "put k v", "get k --consistency=foo"),
    (
        "dial-timeout-word",
        "put k v",
        "--dial-timeout=soon put k v",
    ),
    ("dial-timeout-number", "put k v", "--dial-timeout=5 put k v"),
    ("keepalive-empty", "put k v", "--keepalive-time= put k v"),
    (
        "max-request-bytes",
        "put k v",
        "--max-request-bytes=100000 put k v",
    ),
    (
        "discovery",
        "put k v",
        "--discovery-srv=lab.invalid put k v",
    ),
    ("discovery-short", "put k v", "-d lab.invalid put k v"),
    (
        "discovery-insecure",
        "put k v",
        "--discovery-srv=lab.invalid --insecure-discovery put k v",
    ),
    ("debug", "put k v", "--debug put k v"),
    ("help-of-command", "put k v", "put --help"),
    ("version-flag", "put k v", "--version"),
    ("nothing", "put k v", ""),
    ("single-dash", "--cacert", "-cacert"),
    ("equals-missing", "--cert=client.crt ", "--cert client.crt "),
    ("empty-key", "--key=client.key", "--key="),
    ("empty-cacert", "--cacert=ca.crt", "--cacert="),
    ("cacert-is-key", "--cacert=ca.crt", "--cacert=client.key"),
    ("cacert-is-leaf", "--cacert=ca.crt", "--cacert=server.crt"),
    ("cacert-is-client", "--cacert=ca.crt", "--cacert=client.crt"),
    (
        "server-pair",
        "--cert=client.crt --key=client.key",
        "--cert=server.crt --key=server.key",
    ),
    (
        "variable-endpoints",
        "etcdctl --endpoints=https://127.0.0.1:2379",
        "ETCDCTL_ENDPOINTS=https://127.0.0.1:2379 etcdctl",
    ),
    (
        "variable-skip",
        "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt",
        "ETCDCTL_INSECURE_SKIP_TLS_VERIFY=true etcdctl --endpoints=https://127.0.0.1:2379",
    ),
    (
        "variable-skip-yes",
        "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt",
        "ETCDCTL_INSECURE_SKIP_TLS_VERIFY=yes etcdctl --endpoints=https://127.0.0.1:2379",
    ),
    (
        "variable-pair",
        "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key",
        "ETCDCTL_CERT=client.crt ETCDCTL_KEY=client.key etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt",
    ),
    (
        "variable-empty-and-flag",
        "etcdctl ",
        "ETCDCTL_CACERT= etcdctl ",
    ),
    (
        "variable-empty",
        "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt",
        "ETCDCTL_CACERT= etcdctl --endpoints=https://127.0.0.1:2379",
    ),
    ("variable-unknown", "etcdctl ", "ETCDCTL_FOO=bar etcdctl "),
    (
        "variable-write-out",
        "etcdctl ",
        "ETCDCTL_WRITE_OUT=xml etcdctl ",
    ),
    (
        "variable-dial-timeout",
        "etcdctl ",
        "ETCDCTL_KEEPALIVE_TIME=5 etcdctl ",
    ),
    (
        "variable-old-names",
        "etcdctl ",
        "ETCDCTL_CA_FILE=nowhere etcdctl ",
    ),
];

/// All of them.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, flags) in SERVER_FLAGS {
        cases.push(with(&format!("setting-{name}"), |case| {
            case.server.extend([" ", flags]);
        }));
    }
    for (name, urls) in LISTENERS {
        cases.push(with(&format!("listen-{name}"), |case| {
            let from = "--listen-client-urls=https://127.0.0.1:2379";
            server_line(case, from, &format!("--listen-client-urls={urls}"));
        }));
    }
    for (name, urls) in ADVERTISED {
        cases.push(with(&format!("advertise-{name}"), |case| {
            let from = "--advertise-client-urls=https://127.0.0.1:2379";
            server_line(case, from, &format!("--advertise-client-urls={urls}"));
        }));
    }
    for (name, flags) in PEERS {
        cases.push(with(&format!("peer-{name}"), |case| {
            case.server.extend([" ", flags]);
        }));
    }
    for (name, variables) in SERVER_VARIABLES {
        cases.push(with(&format!("variable-{name}"), |case| {
            case.server.insert_str(0, &format!("{variables} "));
        }));
    }
    for (name, from, to) in CLIENT_CHANGES {
        cases.push(with(&format!("etcdctl-{name}"), |case| {
            assert!(case.client.contains(from), "{from} is in the line");
            client_line(case, from, to);
        }));
    }
    cases
}
