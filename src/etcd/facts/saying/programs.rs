//! The words of other programs around OpenSSL and Go: PHP, Perl, Ruby, Lua,
//! `openssl`'s own commands, systemd, kube-apiserver; and what Envoy says around the words of
//! its library, which tell more.

use super::alerts::{self, LeftOpen};
use super::{Likely, Saying, SayingKind, Side, Speaker, likely};
use crate::etcd::facts::rule::Rule;

const fn checked(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::checked(words, rules, causes).by(Speaker::Program)
}

const fn own(words: &'static str, rules: &'static [Rule], causes: &'static [Likely]) -> Saying {
    super::own(words, rules, causes).by(Speaker::Program)
}

const fn broken(words: &'static str, alert: &LeftOpen) -> Saying {
    super::broken(words, alert).by(Speaker::Program)
}

const ENDED: &[Likely] = &[likely(
    "etcd ended by itself: the reason is in its own last line before this one, and not in systemd’s",
)];

const ITS_LOG: &str =
    "read etcd's own lines, and paste them here: journalctl -u etcd --no-pager | tail -50";

const CILIUM_SECRET: &[Likely] = &[likely(
    "the Secret that brings this file is not mounted in Cilium’s pod, or has no such key: that client of etcd has no file to begin with",
)];

/// What openssl says when it makes no certificate.
const fn recipe(words: &'static str, causes: &'static [Likely]) -> Saying {
    super::said(Side::Either, words, &[], causes)
        .of(SayingKind::Told)
        .by(Speaker::Program)
}

/// What systemd says of etcd's unit before there is an etcd.
const fn systemd(words: &'static str, causes: &'static [Likely]) -> Saying {
    super::said(Side::Etcd, words, &[], causes)
        .by(Speaker::Program)
        .mend_by("mend the unit, then: systemctl daemon-reload && systemctl restart etcd")
        .source_in("systemd src/basic/exit-status.c, src/core/execute.c")
}

const TOKEN_WITHOUT_TLS: &[Likely] = &[likely(
    "a token or password goes over TLS alone, says gRPC, and this connection has none: etcd has refused nothing, and the password is not wrong",
)];
const LET_IT_SPEAK_TLS: &str = "let the client speak TLS (https:// and the CA, and an etcd with --cert-file), or leave user and password out";

const ERLANG: &str = "Erlang/OTP lib/ssl/src/ssl_alert.erl, alert_txt";

const NO_FOLDER: &[Likely] = &[likely(
    "the folder of WorkingDirectory= is not there, or User= may not enter it: systemd started no etcd",
)];
const NO_PROGRAM: &[Likely] = &[likely(
    "the program of ExecStart= is not there, is not executable, is for another processor, or SELinux forbids it: systemd started no etcd",
)];
const NO_USER: &[Likely] = &[likely(
    "the user of User= is not there: systemd started no etcd",
)];

/// `kubectl get componentstatuses` asks etcd's `/health` by itself; kubernetes#39716
/// gave it kube-apiserver's certificate.
const STATUS_PROBE: LeftOpen = LeftOpen {
    rules: &[
        Rule::ClientCertificateRequired,
        Rule::UsageClient,
        Rule::ClientCaKnown,
        Rule::ValidityEnds,
        Rule::ValidityBegins,
    ],
    causes: &[
        likely(
            "kubectl get cs asks etcd by itself, and before Kubernetes 1.7 with no certificate, whatever --etcd-certfile says: where etcdctl gets through with the same files, nothing is wrong with them",
        ),
        likely(
            "etcd refused the certificate of --etcd-certfile: it lacks clientAuth; to an etcd before 3.5.13 (3.4.31) also: its CA is unknown, or it has expired",
        ),
    ],
    mend: Some(
        "ask etcdctl with kube-apiserver's own three files; where they get through, update Kubernetes or leave it",
    ),
};

/// kubeadm's client of an external etcd is kube-apiserver's later.
const COPY_FILES: &str = "copy etcd's CA, the client's certificate and its key from the first control plane node to the same paths on this one, or correct the paths in etcd.external";

/// kubeadm asked an external etcd for its version, and got none.
const NO_VERSION: LeftOpen = LeftOpen {
    rules: &[
        Rule::ServerCaKnown,
        Rule::ClientCertificateRequired,
        Rule::SomethingListens,
    ],
    causes: &[likely(
        "the external etcd gave kubeadm no version, and kubeadm does not say why: a CA or a client’s certificate is not given or not taken, or nothing answers",
    )],
    mend: Some(
        "give kubeadm caFile, certFile and keyFile of the external etcd, and ask from there: curl --cacert ca.crt --cert client.crt --key client.key https://HOST:2379/version",
    ),
};

/// The same, of an etcd with TLS that was asked without.
const PLAIN_APISIX: LeftOpen = LeftOpen {
    rules: &[Rule::TlsEndpoint],
    causes: &[likely(
        "http:// was spoken to a port with TLS: the endpoints of etcd.host say so",
    )],
    mend: Some(
        "write https:// in etcd.host, and give etcd.tls.cert and key where etcd demands them",
    ),
};

/// APISIX asks etcd for its version at its start, and got nothing.
const NO_VERSION_FOR_APISIX: LeftOpen = LeftOpen {
    rules: &[
        Rule::ClientCertificateRequired,
        Rule::ServerCaKnown,
        Rule::TlsEndpoint,
        Rule::SomethingListens,
    ],
    causes: &[likely(
        "etcd gave APISIX no version, and APISIX does not say why: an etcd with --client-cert-auth wants etcd.tls.cert and key, and its own certificate the CA in ssl_trusted_certificate",
    )],
    mend: Some(
        "give APISIX both, and ask from there: curl --cacert ca.crt --cert client.crt --key client.key https://HOST:2379/version",
    ),
};

/// `etcdctl check` reads metrics by a client of its own; etcd-io/etcd#12864, in 3.5.0
/// and 3.4.17, lets it take the scheme of the endpoint.
const METRICS_BY_HTTP: LeftOpen = LeftOpen {
    rules: &[Rule::TlsEndpoint],
    causes: &[likely(
        "for metrics etcdctl asks over http:// unless the endpoint has a scheme, whatever --cacert says, and before 3.4.17 always: nothing is wrong with the certificates",
    )],
    mend: Some("write https:// in front of each endpoint, and update an etcdctl before 3.4.17"),
};

/// A probe of kubelet's over HTTPS.
const KUBELETS_PROBE: LeftOpen = LeftOpen {
    rules: &[Rule::ClientCertificateRequired],
    causes: &[likely(
        "kubelet's probe brings no certificate, and etcd demands one of every client",
    )],
    mend: Some("let it ask http:// at a port of --listen-metrics-urls, or by tcpSocket"),
};

const PLAIN_PD: LeftOpen = LeftOpen {
    rules: &[Rule::TlsEndpoint, Rule::SomethingListens],
    causes: &[
        likely("PD is asked over http://, and one with TLS says nothing to that"),
        likely("PD is not up"),
    ],
    mend: Some(
        "write https:// in TiKV's --pd-endpoints, and give it security.ca-path, cert-path and key-path",
    ),
};

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    super::said(Side::Either, "avc: ", &[Rule::MayReadFile], &[likely("SELinux forbids it: a program with the label of scontext may do nothing with a file with that of tcontext, whatever its mode is")]).beside(&["denied", "tclass=file", "etcd"]).by(Speaker::Program).mend_by("give the file the label of its folder: restorecon -v FILE; a folder that is mounted into a container wants :z").source_in("Linux security/selinux/avc.c"),
    own("sufficient security level to transfer call credential", &[Rule::TlsEndpoint], TOKEN_WITHOUT_TLS).mend_by(LET_IT_SPEAK_TLS).source_in("gRPC src/core, credentials"),
    own("password authentication without connecting over SSL", &[Rule::TlsEndpoint], TOKEN_WITHOUT_TLS).mend_by(LET_IT_SPEAK_TLS).source_in("etcd3 for Node src/connection-pool.ts"),
    // Erlang’s, as RabbitMQ’s peer discovery prints them.
    super::told("received SERVER ALERT: Fatal - Bad Certificate", &alerts::BAD_CERTIFICATE).by(Speaker::Program).source_in(ERLANG),
    super::told("received SERVER ALERT: Fatal - Unknown CA", &alerts::UNKNOWN_CA).by(Speaker::Program).source_in(ERLANG),
    super::told("received SERVER ALERT: Fatal - Certificate Expired", &alerts::EXPIRED).by(Speaker::Program).source_in(ERLANG),
    super::told("received SERVER ALERT: Fatal - Certificate required", &alerts::REQUIRED).by(Speaker::Program).source_in(ERLANG),
    super::told("received SERVER ALERT: Fatal - Handshake Failure", &alerts::HANDSHAKE_FAILURE).by(Speaker::Program).source_in(ERLANG),
    super::told("received SERVER ALERT: Fatal - Protocol Version", &alerts::PROTOCOL_VERSION).by(Speaker::Program).source_in(ERLANG),
    checked("hostname_check_failed", alerts::SERVER_NAME, alerts::NO_NAME).source_in(ERLANG),
    checked("generated CLIENT ALERT: Fatal - Unknown CA", alerts::SERVER_CA, alerts::CA_UNKNOWN).source_in(ERLANG),
    checked("generated CLIENT ALERT: Fatal - Certificate Expired", &[Rule::ValidityEnds], alerts::ENDED).source_in(ERLANG),
    own("{{server_name_indication,", &[], &[likely("Erlang takes a name for server_name_indication, and was given an address: it ends before any handshake, and etcd has refused nothing")]).beside(&["{options,"]).mend_by("dial etcd by a name that its certificate has, or update RabbitMQ and its Erlang").source_in(ERLANG),
    own("is not a valid certificate for this cluster", &[], &[likely("etcd is an external one: its client's certificate is not of kubeadm's making, and kubeadm renews none of others")]).mend_by("renew it where it was issued, with the CA of that etcd, and start kube-apiserver again").source_in("Kubernetes cmd/kubeadm/app/phases/certs/renewal/manager.go"),
    broken("got malformed version message", &PLAIN_APISIX).beside(&["client sent an http request"]).source_in("APISIX apisix/cli/etcd.lua"),
    broken("got malformed version message", &NO_VERSION_FOR_APISIX).source_in("APISIX apisix/cli/etcd.lua"),
    super::said(Side::Either, "nginx.pid\" failed", &[], &[likely("NGINX was not running when it was to be stopped: that follows of what is wrong, and is not it")]).beside(&["no such file"]).of(SayingKind::Harmless).by(Speaker::Program).mend_by("nothing; look at the lines beside it").source_in("NGINX src/core/ngx_cycle.c"),
    own("/var/lib/cilium/etcd-secrets/", &[Rule::FileExists], CILIUM_SECRET).beside(&["no such file or directory"]).mend_by("look at the volume of that folder in the pod, and at the keys of its Secret: kubectl describe pod, kubectl get secret NAME -o yaml; make the Secret anew with every key that is asked for").source_in("Cilium install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml"),
    own("/var/lib/cilium/clustermesh/", &[Rule::FileExists], CILIUM_SECRET).beside(&["no such file or directory"]).mend_by("look at the volume of that folder in the pod, and at the keys of its Secret: kubectl describe pod, kubectl get secret NAME -o yaml; make the Secret anew with every key that is asked for").source_in("Cilium install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml"),
    super::said(Side::Etcd, "failed to notify systemd for readiness", &[], &[likely("etcd runs, and its unit does not ask to be told so")]).beside(&["no socket"]).of(SayingKind::Harmless).by(Speaker::Program).mend_by("nothing, or write Type=notify in the unit").source_in("etcd server/etcdmain/main.go, notifySystemd"),
    super::said(Side::Etcd, "forgot to set type=notify", &[], &[likely("etcd runs, and its unit does not ask to be told so")]).of(SayingKind::Harmless).by(Speaker::Program).mend_by("nothing, or write Type=notify in the unit").source_in("etcd server/etcdmain/main.go, notifySystemd"),
    own("ExternalEtcdClientCertificates", &[Rule::FileExists], &[likely("the files of kubeadm’s client of the external etcd are not on this node")]).mend_by(COPY_FILES).source_in("Kubernetes cmd/kubeadm/app/preflight/checks.go"),
    own("external etcd's server certificate", &[Rule::FileExists, Rule::MayReadFile], &[likely("etcd’s CA, of etcd.external.caFile, can’t be read on this node")]).mend_by(COPY_FILES).source_in("Kubernetes cmd/kubeadm/app/preflight/checks.go, configRootCAs"),
    own("external etcd client key pair", &[Rule::FileExists, Rule::KeyFitsCertificate], &[likely("the files of etcd.external.certFile and keyFile can’t be read on this node, or are no pair")]).mend_by(COPY_FILES).source_in("Kubernetes cmd/kubeadm/app/preflight/checks.go, configCertAndKey"),
    broken("external etcd version \"\"", &NO_VERSION).source_in("Kubernetes cmd/kubeadm/app/preflight/checks.go, getEtcdVersionResponse"),
    broken("fetch error: get", &METRICS_BY_HTTP).beside(&[":2379/metrics"]).source_in("etcd etcdctl/ctlv3/command/util.go, endpointMemoryMetrics"),
    super::told("probe failed", &KUBELETS_PROBE).beside(&["bad certificate"]).source_in("Kubernetes pkg/probe/http/http.go"),
    super::told("unhealthy", &STATUS_PROBE).beside(&["/health", "bad certificate"]).source_in("Kubernetes pkg/registry/core/componentstatus/rest.go"),
    broken("pd failed to respond", &PLAIN_PD).beside(&["endpoints=http://"]).source_in("TiKV components/pd_client/src/util.rs"),
    checked("did not match expected cn", alerts::SERVER_NAME, alerts::NO_NAME).source_in("PHP main/streams/xp_ssl.c, php_openssl_apply_peer_verification_policy"),
    own("post v3 connect fail", &[], &[likely("etcdkeeper says the same of every failure; without -usetls it leaves -cert, -key and -cacert aside and speaks plain HTTP")]).mend_by("call etcdkeeper with -usetls beside -cacert, -cert and -key, and look at etcd's log").source_in("etcdkeeper src/etcdkeeper/main.go"),
    recipe("a2i_GENERAL_NAME:bad ip address", &[likely("openssl stopped: a name stands where subjectAltName wants an address, as IP: or IP.n, and the line names it behind “value=”. No certificate was made")]).mend_by("write the name as DNS: or DNS.n, or its address in its place").source_in("OpenSSL crypto/x509/v3_san.c, a2i_GENERAL_NAME"),
    recipe("Error Loading extension section", &[likely("openssl stopped at the section that -extensions names: it is not in the file, or a line of it is wrong, as the lines below say. No certificate was made")]).mend_by("mend that section of the file of -extfile or -config, and make the certificate again").source_in("OpenSSL apps/x509.c, apps/req.c"),
    recipe("Error checking extension section", &[likely("openssl stopped at a section of extensions: a line of it is wrong, as the lines below say. No certificate was made")]).mend_by("mend that section of the file of -extfile or -config, and make the certificate again").source_in("OpenSSL apps/x509.c"),
    super::said(Side::Etcd, "error running etcd: unknown etcd version", &[], &[likely("etcd-manager has no etcd of this version in its image, and starts none: whoever dials it is refused")]).of(SayingKind::Own).by(Speaker::Program).mend_by("take an image of etcd-manager that has this version, or a version that the image has: spec.etcdClusters[].version in kops").source_in("etcd-manager pkg/etcd/etcdprocess.go"),
    systemd("etcd.service: main process exited, code=exited, status=1/", ENDED).of(SayingKind::Broken).mend_by(ITS_LOG),
    systemd("etcd.service: main process exited, code=exited, status=2/", ENDED).of(SayingKind::Broken).mend_by(ITS_LOG),
    systemd("unit etcd.service entered failed state", ENDED).of(SayingKind::Broken).mend_by(ITS_LOG),
    systemd("failed at step chdir", NO_FOLDER),
    systemd("200/chdir", NO_FOLDER),
    systemd("changing to the requested working directory failed", NO_FOLDER),
    systemd("failed at step exec", NO_PROGRAM),
    systemd("203/exec", NO_PROGRAM),
    systemd("failed at step user", NO_USER),
    systemd("217/user", NO_USER),
    super::said(Side::Etcdctl, "Client/Server mode not yet set", &[], &[likely("the program made its SSLEngine without setUseClientMode(true), so that no handshake begins: no certificate was looked at")]).mend_by("update the client's library, or let it make the SSLContext itself").by(Speaker::Jsse).source_in("OpenJDK sun/security/ssl/SSLEngineImpl.java, beginHandshake"),
    systemd("start operation timed out", &[likely("etcd did not say in time that it is ready (Type=notify), and systemd ended it: it waits for a leader, or can't reach or convince the other members")]).beside(&["etcd"]).mend_by("read etcd's own log of that time (journalctl -u etcd): it says what it waits for"),
    systemd("failed to load environment files: permission denied", &[likely("the file of EnvironmentFile= may not be read by systemd: SELinux forbids it, or a folder above. No etcd was started")]).mend_by("restore the file's label (restorecon -v FILE), or correct the mode of the folders above it"),
    systemd("failed to load environment files", &[likely("the file of EnvironmentFile= is not there: systemd started no etcd")]).mend_by("write the file, or EnvironmentFile=- where it may be missing"),
    own("unable to set local cert chain file", &[Rule::FileExists, Rule::Pem], alerts::MISSING).source_in("PHP ext/openssl/xp_ssl.c"),
    broken("failed to open stream: http request failed! http/1.1 400", &LeftOpen { rules: &[Rule::CommonNameIsUser], causes: &[likely("authentication is on, and the gateway takes no common name for a user; its answer says so")], mend: Some("ask /v3/auth/authenticate for a token with name and password, or use gRPC") }).of(SayingKind::Told).source_in("PHP ext/standard/http_fopen_wrapper.c"),
    broken("failed to open stream: http request failed!", &alerts::LOST).source_in("PHP ext/standard/http_fopen_wrapper.c"),
    own("can't be used: no such file or directory", &[Rule::FileExists], alerts::MISSING).source_in("Perl IO::Socket::SSL"),
    broken("socket closed by remote server", &alerts::LOST).source_in("Perl HTTP::Tiny"),
    broken("unexpected end of stream while looking for line", &alerts::LOST).source_in("Perl HTTP::Tiny"),
    own("error loading private key ((null))", &[Rule::FileExists, Rule::KeyReadable], alerts::MISSING).source_in("LuaSec src/context.c"),
    own("error loading private key (no such file", &[Rule::FileExists, Rule::KeyReadable], alerts::MISSING).source_in("LuaSec src/context.c"),
    own("error loading private key (", &[Rule::KeyNotEncrypted, Rule::KeyReadable, Rule::KeyFitsCertificate], alerts::ENCRYPTED).source_in("LuaSec src/context.c"),
    own("error loading certificate (", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).source_in("LuaSec src/context.c"),
    own("could not read client certificate from", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).source_in("OpenSSL apps/lib/apps.c"),
    own("unable to load client certificate", &[Rule::Pem, Rule::FileExists], alerts::NO_PEM).source_in("OpenSSL apps/lib/apps.c"),
    own("could not read client certificate private key", &[Rule::KeyNotEncrypted, Rule::KeyReadable, Rule::FileExists], alerts::ENCRYPTED).source_in("OpenSSL apps/lib/apps.c"),
    own("error setting private key", &[Rule::KeyFitsCertificate], alerts::KEY_OF_ANOTHER).source_in("OpenSSL apps/lib/s_cb.c, set_cert_key_stuff"),
    own("must be readable file paths", &[Rule::FileExists, Rule::MayReadFile], alerts::MISSING).source_in("libcalico pycalico/datastore.py"),
    own("certificate authority cert is required and must be readable", &[Rule::FileExists, Rule::MayReadFile], alerts::MISSING).source_in("libcalico pycalico/datastore.py"),
    own("no such file or directory @ rb_sysopen", &[Rule::FileExists], alerts::MISSING).source_in("Ruby io.c"),
    broken("upstream connect error or disconnect/reset before headers", &alerts::TIMED_OUT).source_in("Envoy source/common/http/utility.cc"),
    broken("could not write to ssl socket", &alerts::LOST).source_in("Perl HTTP::Tiny"),
    checked("subjectaltname did not match expected name", alerts::SERVER_NAME, alerts::NO_NAME).source_in("PHP main/streams/xp_ssl.c, php_openssl_apply_peer_verification_policy"),
    broken("failed to enable crypto", &alerts::NO_TLS).source_in("PHP main/streams/xp_ssl.c, php_openssl_enable_crypto"),
    broken("end of file reached", &alerts::LOST).source_in("Ruby EOFError"),
];
