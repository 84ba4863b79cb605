//! Words that many programs say alike: errors of the system, Go's alerts and
//! deadlines, what is left of a certificate that can't be read. A line counts for
//! them only if nothing else in it tells more.

use super::alerts;
use super::{
    Likely, Saying, SayingKind, Side, Speaker, between, from, in_log, likely, printed, said, told,
};
use crate::etcd::facts::rule::Rule;

/// A deadline that went by without a reason: the causes in order, each with a command
/// that tells more.
#[rustfmt::skip]
pub(super) const DEADLINE: &[Likely] = &[
    likely("nothing listens at the endpoint, or a firewall is between: `nc -vz HOST 2379`"),
    likely("the certificates don't fit: `etcdctl --debug endpoint health` (3.4: ETCDCTL_API=3) prints the reason, and etcd's log has “rejected connection” at that time"),
    likely("http:// to a TLS port, or https:// to one without: `openssl s_client -connect HOST:2379 -CAfile ca.crt -cert client.crt -key client.key`"),
    likely("the cluster has no leader: `etcdctl endpoint status --cluster -w table`, and the log of each member"),
];

const NO_ANSWER: &[Likely] = &[likely(
    "no answer came: a firewall drops the packets, the address is wrong, or the machine is off",
)];

/// A client of the v2 API dials what etcd advertises.
const PEERS: &[Likely] = &[
    likely(
        "a client of the v2 API asks etcd for its members and dials their --advertise-client-urls, whatever it was given: these can't be reached from here, or need TLS",
    ),
    likely("etcd 3.6 has no v2 API, and 3.4 and 3.5 only with --enable-v2"),
];

/// What has ended before a request was sent.
const NO_GRPC: &[Likely] = &[
    likely(
        "something between ends the TLS and speaks no gRPC (HTTP/2) on, as NGINX or a load balancer with http rules does: plain HTTP passes there, and etcdctl doesn’t",
    ),
    likely("the client was closed before its request was sent"),
];

/// etcdctl of API 2 goes to the members themselves.
const LED: &[Likely] = &[likely(
    "etcdctl of API 2 asked the endpoint for the members, and goes on to the https:// URLs that they advertise, past a proxy or a listener without TLS: there it needs a CA, and a certificate where etcd asks for one",
)];

/// A path in an error of Go's has quotes around it only where they are a part of it.
const QUOTED: &[Likely] = &[likely(
    "the quotes are a part of the path: nobody took them away, as a shell would, so that a file is looked for whose name begins with one",
)];

/// Node's TLS ended in a handshake, and the line has no word of OpenSSL's.
const fn eproto(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "the TLS handshake failed, and this line doesn’t say why: a certificate that etcd asks for was not sent or not taken, the port speaks plain HTTP, or the two share no TLS version",
    )];
    said(Side::Etcdctl, words, alerts::LOST.rules, CAUSES)
        .of(SayingKind::Broken)
        .by(Speaker::Program)
        .mend_by("print the error's message, which has OpenSSL's words in it, and look at etcd's log for “rejected connection” at that time")
        .source_in("libuv, UV_EPROTO; Node lib/_tls_wrap.js")
}

/// Prometheus can't use a file of its `tls_config`, and the words behind it tell why.
const fn unloaded(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "Prometheus can’t use a file of its tls_config: it is not there for it, as in a container, its user may not read it, or it is no PEM; etcd was not asked",
    )];
    said(Side::Etcdctl, words, &[Rule::FileExists, Rule::MayReadFile, Rule::Pem], CAUSES)
        .by(Speaker::Program)
        .mend_by("look as Prometheus’ user, and within its container, whether the file is there and can be read")
        .source_in("Prometheus common config/http_config.go, NewTLSConfig")
}

/// A status of gRPC without its reason, as the libraries for each language print it.
const fn status(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[
        likely(
            "the connection failed, and this line doesn't say why: the reason stands behind “Caused by” or in the library's log at debug, and in etcd's log",
        ),
        likely(
            "most often: the CA was not given, the name asked for is none of the certificate's (jetcd: authority), or http:// is in the endpoint",
        ),
    ];
    said(Side::Etcdctl, words, alerts::ANYTHING.rules, CAUSES)
        .of(SayingKind::Broken)
        .by(Speaker::Program)
        .mend_by("look at etcd's log at that time, and ask with curl and the same files")
        .source_in("the gRPC library of that language")
}

/// A line whose end would tell.
const CUT: &[Likely] = &[likely(
    "a connection failed, and the line doesn’t say why: it is cut, or its reason is not known here",
)];

/// The client itself ended the connection: it was called off, or another address of the
/// same endpoint was quicker.
const fn gave_up(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "the client itself gave this connection up, since it was called off or needed no more: nobody refused a certificate",
    )];
    said(Side::Etcdctl, words, &[], CAUSES)
        .of(SayingKind::Harmless)
        .mend_by("nothing, if the client works; else ask from there whether the address can be reached: nc -vz HOST 2379")
        .source_in("Go context/context.go, Canceled")
}

/// etcd's own answer, of which there are many: none of them is about the client's TLS.
const fn answered(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "etcd answered, so this client’s connection works; the answer is etcd’s own",
    )];
    said(Side::Etcdctl, words, &[], CAUSES)
        .of(SayingKind::Harmless)
        .mend_by("for TLS nothing; the words behind say what etcd found wrong with the request, or with itself")
        .source_in("etcd api/v3rpc/rpctypes/error.go")
}

const SCHEME_OR_LOG: &str = "write https:// in front of the endpoint, and give --cacert, --cert and --key; if they are there, look at etcd's log for “rejected connection” at that time";

pub(super) const BY_AND_BY: &str = "go through these in order; which it was, the next line says: paste here etcdctl's own line, what it prints with --debug, and etcd's log";

/// What the other side said tells more.
pub(in crate::etcd) const OTHER_SIDE: &str =
    "look at what the other side says, and paste it here as well";

/// What Go says of a certificate that it can't read.
const fn unreadable(words: &'static str) -> Saying {
    const RULES: &[Rule] = &[
        Rule::Der,
        Rule::TrustAnchorsAreCertificates,
        Rule::ChainReadable,
        Rule::IssuerValid,
    ];
    const CAUSES: &[Likely] = &[
        likely("a certificate is no DER that Go can read"),
        likely("the trusted CA file holds a key"),
    ];
    said(Side::Either, words, RULES, CAUSES).mend_by(
        "issue it again, with software that writes DER; put only certificates into the trusted CA file",
    )
}

/// What is left of a line of etcd's log that said whom it turned away, and why.
const fn cut_refusal(words: &'static str) -> Saying {
    said(Side::Etcd, words, &[], CUT)
        .of(SayingKind::Broken)
        .mend_by("print the line whole: journalctl -u etcd --no-pager -l, or etcd's log itself")
        .source_in("etcd server/embed/config_logging.go")
}

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    said(
        Side::Either,
        ": permission denied",
        &[Rule::MayReadFile],
        &[
            in_log("etcd's user may not read the file that is named"),
            printed("the user of this client may not read the file that is named; a program from a snap reads nothing but the home folder, whatever `ls -l` says"),
        ],
    ),
    said(
        Side::Etcdctl,
        "failed to check the health of member",
        &[Rule::TlsEndpoint],
        &[likely("etcdctl’s v2 client dials what the members advertise, and this one advertises http:// where it speaks TLS")],
    )
    .beside(&["on http://", "malformed HTTP response"])
    .mend_by("start the member with --advertise-client-urls=https://…, whatever --endpoints says")
    .of(SayingKind::Check).source_in("etcd etcdctl/ctlv2/command/cluster_health.go"),
    said(
        Side::Either,
        "malformed HTTP response",
        &[Rule::TlsEndpoint],
        &[
            likely("plain HTTP was spoken to a TLS port: 15 03 is how a TLS alert begins"),
            in_log("one member is known with http://, and listens on https://"),
        ],
    )
    .mend_by("write https:// in front of the endpoint; for members in --initial-cluster, --initial-advertise-peer-urls and the member list")
    .beside(&["x15x03"]).of(SayingKind::Check).source_in("Go net/http transport.go, readLoop"),
    said(
        Side::Etcd,
        "oversized record received",
        &[Rule::TlsEndpoint],
        &[likely("plain HTTP was spoken to a TLS port")],
    )
    .source_in("Go crypto/tls conn.go, readRecordOrCCS"),
    said(
        Side::Etcd,
        "bad record MAC",
        alerts::SERVER_ANY,
        &[
            likely("a client of OpenSSL, such as curl or Python, refused etcd's certificate: with TLS 1.3 its plain alert reads as a broken record"),
            likely("mostly it was not given the CA of etcd's certificate; the client's own words say what it was"),
        ],
    )
    .of(SayingKind::Told)
    .mend_by("give that client the CA of etcd's certificate, with --cacert or what it calls it; if it has it, look at its own words")
    .source_in("Go crypto/tls alert.go, alertBadRecordMAC"),
    said(Side::Etcdctl, "transport: authentication handshake failed: EOF", &[Rule::PlainEndpoint, Rule::SomethingListens], &[
        likely("the other end closed the connection without a word of TLS: a port that speaks none"),
        likely("an etcd that starts or stops, or a proxy with nobody behind it"),
    ]).of(SayingKind::Broken).mend_by("look at etcd's log: “serving client traffic securely” there says that the port speaks TLS; if it does not, listen on https://, or write http:// in front of the endpoint"),
    said(Side::Etcdctl, "error reading server preface: EOF", &[Rule::TlsEndpoint, Rule::NotRevoked, Rule::CrlExists, Rule::CrlReadable], &[likely("plain HTTP to a TLS port"), likely("the CRL lists the client's certificate, or can't be read")]).mend_by("look at etcd's log").of_releases(&[between((4, 31), (5, 0)), from((5, 10))]).source_in("google.golang.org/grpc internal/transport/http2_client.go").of(SayingKind::Broken),
    said(Side::Either, "malformed HTTP response", &[Rule::TlsEndpoint], &[likely("plain HTTP was spoken to a port that answers otherwise, mostly TLS")]).of(SayingKind::Check).source_in("Go net/http transport.go, readLoop"),
    said(Side::Either, "handshake failure", alerts::HANDSHAKE_FAILURE.rules, &[
        printed("over TLS 1.2: etcd demands a certificate, and the client sent none, or one without clientAuth"),
        printed("rarely: the two sides share no cipher suite for the server's key"),
        in_log("the client and etcd share no cipher suite for the server's key"),
    ]).of(SayingKind::Told).mend_by("give the client its certificate and key; if it has them, look at what etcd logs").source_in("Go crypto/tls alert.go, alertHandshakeFailure"),
    said(Side::Either, "bad certificate", &[Rule::ClientCertificateRequired, Rule::UsageClient, Rule::AllowedHostname, Rule::AllowedCommonName, Rule::ClientCaKnown, Rule::ServerCaKnown, Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost, Rule::UsageServer, Rule::SignatureFitsIssuer, Rule::ValidityEnds, Rule::ValidityBegins, Rule::PathLength, Rule::NameConstraints, Rule::CriticalExtension, Rule::ChainReadable], &[
        in_log("in etcd's log: the client refused the server's certificate, and its own output says why"),
        printed("etcd refused the client: it sent no certificate (over TLS 1.2, or to an old etcd)"),
        printed("its certificate lacks clientAuth, or is not among the allowed names; to an etcd before 3.5.13 (3.4.31) also: its CA is unknown, or it has expired"),
    ]).of(SayingKind::Told).mend_by(OTHER_SIDE).source_in("Go crypto/tls alert.go, alertBadCertificate"),
    said(Side::Etcdctl, "connection closed", &[Rule::ClientCertificateRequired, Rule::ClientCaKnown, Rule::NotRevoked, Rule::CrlExists, Rule::CrlReadable, Rule::TlsEndpoint], &[likely("etcd closed the connection, and its log says why"), likely("plain HTTP to a TLS port")]).mend_by("look at etcd's log").of(SayingKind::Broken),
    said(Side::Etcdctl, "use of closed network connection", &[Rule::NotRevoked, Rule::CrlExists, Rule::CrlReadable, Rule::TlsEndpoint], &[likely("etcd closed the connection, and its log says why")]).mend_by("look at etcd's log").of(SayingKind::Broken),
    said(Side::Etcdctl, "client conn could not be established", alerts::LOST.rules, alerts::LOST.causes).of(SayingKind::Broken).mend_by("look at etcd's log for “rejected connection” at that time").source_in("golang.org/x/net http2, errClientConnNotEstablished"),
    said(Side::Etcdctl, "read: connection reset by peer", alerts::CLOSED.rules, alerts::CLOSED.causes).of(SayingKind::Broken).mend_by("look at etcd's log for “rejected connection” at that time").source_in("Go syscall, ECONNRESET"),
    said(Side::Etcdctl, "connection reset by peer", alerts::CLOSED.rules, alerts::CLOSED.causes).of(SayingKind::Broken).mend_by("look at etcd's log for “rejected connection” at that time").source_in("Go syscall, ECONNRESET"),
    gave_up("code = Canceled desc = grpc: the client connection is closing"),
    said(Side::Etcdctl, "grpc: the client connection is closing", &[], NO_GRPC).of(SayingKind::Broken).mend_by("ask etcd itself, past what stands between; a proxy must pass gRPC on over HTTP/2 (NGINX: grpc_pass, or stream), since the JSON gateway's answers say nothing of that").source_in("google.golang.org/grpc clientconn.go, ErrClientConnClosing"),
    said(Side::Etcdctl, "desc = transport is closing", alerts::CLOSED.rules, alerts::CLOSED.causes).of(SayingKind::Broken).mend_by(SCHEME_OR_LOG).source_in("google.golang.org/grpc internal/transport/transport.go, ErrConnClosing"),
    said(Side::Etcdctl, "client transport was broken EOF", alerts::CLOSED.rules, alerts::CLOSED.causes).of(SayingKind::Broken).mend_by(SCHEME_OR_LOG).source_in("google.golang.org/grpc transport/http2_client.go, notifyError"),
    said(Side::Etcdctl, "grpc: the connection is unavailable", alerts::LOST.rules, alerts::LOST.causes).of(SayingKind::Broken).mend_by(SCHEME_OR_LOG).source_in("google.golang.org/grpc clientconn.go, errConnUnavailable"),
    said(Side::Etcdctl, "broken pipe", alerts::LOST.rules, alerts::LOST.causes).of(SayingKind::Broken).mend_by("look at etcd's log for “rejected connection” at that time").source_in("Go syscall, EPIPE"),
    said(Side::Either, "connection refused", &[Rule::SomethingListens], &[
        printed("nothing listens at the endpoint"),
        printed("etcd ended at its start: see its log"),
        in_log("the other end is not up, or listens elsewhere"),
    ]).of(SayingKind::Broken).mend_by("look whether etcd runs there, and take host and port from --listen-client-urls").source_in("Go syscall, ECONNREFUSED"),
    said(Side::Etcdctl, "forcibly closed by the remote host", alerts::CLOSED.rules, alerts::CLOSED.causes).of(SayingKind::Broken).mend_by("look at etcd's log for “rejected connection” at that time").source_in("Windows, WSAECONNRESET"),
    said(Side::Either, "connected party did not properly respond", &[Rule::SomethingListens], NO_ANSWER).of(SayingKind::Broken).mend_by("ask from there: Test-NetConnection HOST -Port 2379").source_in("Windows, WSAETIMEDOUT"),
    said(Side::Either, "system cannot find the file specified", &[Rule::FileExists], &[likely("a path is wrong, or relative to another folder")]).source_in("Windows, ERROR_FILE_NOT_FOUND"),
    said(Side::Either, ": Access is denied", &[Rule::MayReadFile], &[likely("this user may not read the file that is named")]).source_in("Windows, ERROR_ACCESS_DENIED"),
    said(Side::Etcdctl, "sent an HTTP request to an HTTPS server", &[Rule::TlsEndpoint], &[likely("plain HTTP was spoken to a TLS port")]).of(SayingKind::Told).source_in("Go net/http server.go, (*conn).serve"),
    said(Side::Either, "MountVolume.SetUp failed", &[Rule::FileExists], &[likely("the Secret that the pod's files come from is not there, so that the pod doesn't start")]).beside(&["secret", "not found"]).mend_by("make the Secret in the pod's own namespace, with the keys that the flags name").source_in("Kubernetes pkg/volume/secret/secret.go"),
    said(Side::Either, "i/o timeout", &[Rule::SomethingListens], NO_ANSWER).of(SayingKind::Broken).mend_by("ask from there: nc -vz HOST 2379").source_in("Go net, i/o timeout"),
    said(Side::Either, "no route to host", &[Rule::SomethingListens], &[likely("the machine is off, or a firewall refuses")]).of(SayingKind::Broken).mend_by("ask from there: nc -vz HOST 2379").source_in("Go syscall, EHOSTUNREACH"),
    said(Side::Either, "dial tcp [::]:2379: connect: network is unreachable", &[], &[likely("etcd’s own gateway dials the address that etcd listens on, and this machine has no IPv6: the JSON gateway alone is out of work")]).of(SayingKind::Harmless).mend_by("nothing, unless the gateway is used: then listen on addresses of IPv4").source_in("etcd 3.0 embed/serve.go, the gateway’s endpoint"),
    said(Side::Either, "network is unreachable", &[Rule::SomethingListens], &[likely("there is no route to the address")]).of(SayingKind::Broken).mend_by("correct the address, or the routes").source_in("Go syscall, ENETUNREACH"),
    said(Side::Etcdctl, "no such host", &[Rule::SomethingListens], &[likely("the endpoint's host has no address")]).mend_by("correct the host, or give it an address in /etc/hosts"),
    said(Side::Etcdctl, "missing port in address", &[Rule::SomethingListens], &[likely("the endpoint has no port")]).mend_by("write the port: 2379"),
    said(Side::Etcdctl, "too many colons in address", &[Rule::SomethingListens], &[likely("the endpoint has a scheme other than http and https")]).mend_by("write https:// in front of the endpoint"),
    said(Side::Etcdctl, "server misbehaving", &[Rule::SomethingListens], &[likely("the name server does not know the endpoint's host")]).mend_by("correct the host, or give it an address in /etc/hosts").source_in("Go net, dnsclient"),
    told("certificate required", &alerts::REQUIRED).source_in("Go crypto/tls alert.go, alertCertificateRequired"),
    said(Side::Either, ": open \"", &[Rule::FileExists], QUOTED).beside(&["\": no such file or directory"]).mend_by("write the value without quotes, as a flag in a list and in an env file of Docker's too: --flag=/path, ETCD_…=/path").source_in("Go io/fs, PathError"),
    said(Side::Either, "\"error\":\"open \"", &[Rule::FileExists], QUOTED).beside(&["\": no such file or directory"]).mend_by("write the value without quotes, as a flag in a list and in an env file of Docker's too: --flag=/path, ETCD_…=/path").source_in("Go io/fs, PathError"),
    said(Side::Either, "no such file or directory", &[Rule::FileExists, Rule::CrlExists, Rule::ConfigFile, Rule::SomethingListens], &[likely("a path is wrong, or relative to another folder"), in_log("in etcd's log of a connection: the CRL is not there")]),
    said(Side::Either, ": is a directory", &[Rule::FileIsNoDirectory, Rule::ConfigFile, Rule::CrlExists], &[likely("a folder is named where a file is wanted")]),
    said(Side::Either, ": not a directory", &[Rule::FileIsNoDirectory, Rule::SettingInRange], &[likely("a path goes through a file as if it were a folder, or ends in `/`"), likely("a file is named where a folder is wanted")]).mend_by("correct the path"),
    said(Side::Either, "point not on curve", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("the public key is no point on its curve")]).mend_by("issue the certificate again, from a new key"),
    said(Side::Either, "point encoding", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("the public key is no point on its curve")]).mend_by("issue the certificate again, from a new key"),
    said(Side::Either, "ecdsa: invalid uncompressed public key", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("the public key is not written as an uncompressed point")]).mend_by("issue the certificate again, with software that writes uncompressed points"),
    said(Side::Either, "parsing time", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a time in a certificate is written in a form that Go doesn't read")]).mend_by("issue the certificate again, with times that end in Z and have seconds"),
    said(Side::Either, "pkcs12: ", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a name in a certificate is a BMPString that can't be read")]).mend_by("issue the certificate with UTF8String names"),
    said(Side::Either, "asn1: ", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::CrlReadable], &[likely("a certificate or CRL is no DER that Go can read"), likely("the trusted CA file holds a key")]).mend_by("issue it again, with software that writes DER; put only certificates into the trusted CA file"),
    unreadable("x509: certificate contains"),
    said(Side::Either, "x509: certificate", &[], CUT).of(SayingKind::Broken).mend_by("print the line whole: what stands behind “x509:” tells").source_in("Go crypto/x509 verify.go"),
    unreadable("x509: "),
    said(Side::Etcdctl, "all SubConns are in TransientFailure", &[Rule::SomethingListens, Rule::ServerCaKnown, Rule::ClientCaKnown], &[likely("the connection failed; this etcdctl doesn't say why")]).mend_by("look at etcd's log").of_releases(&[between((0, 0), (4, 31))]).source_in("google.golang.org/grpc balancer/balancer.go, ErrTransientFailure").of(SayingKind::Broken),
    // Measured with etcdctl 3.5.35, 3.6.16 and 3.7.3 at a port where somebody listens and
    // says nothing; where packets are lost, no connection comes to an end either.
    said(Side::Etcdctl, "context deadline exceeded while waiting for connections to become ready", &[Rule::SomethingListens], &[
        likely("no connection failed, and none was ready in time: something listens there that never answers, or a firewall drops the packets"),
        likely("etcd, or a proxy in front of it, is overloaded or stopped"),
    ]).of(SayingKind::Broken).mend_by("ask from there: nc -vz HOST 2379, and then openssl s_client -connect HOST:2379: what answers at once says that etcd is there").source_in("google.golang.org/grpc picker_wrapper.go, pick"),
    said(Side::Etcdctl, "context deadline exceeded", &[], DEADLINE).of(SayingKind::Broken).mend_by(BY_AND_BY).source_in("Go context/context.go, DeadlineExceeded"),
    said(Side::Etcdctl, "\": EOF", &[Rule::TlsEndpoint, Rule::PlainEndpoint, Rule::NotRevoked, Rule::SomethingListens], &[
        likely("http:// was spoken to a TLS port, or https:// to one without"),
        likely("the CRL of --client-crl-file lists the client's certificate: then etcd hangs up without an alert"),
    ]).of(SayingKind::Broken).mend_by("compare the scheme with --listen-client-urls, and look at etcd's log").source_in("Go io, EOF"),
    said(Side::Etcdctl, "unexpected EOF", &[Rule::TlsEndpoint, Rule::PlainEndpoint, Rule::NotRevoked, Rule::SomethingListens], &[likely("the other end hung up in the middle: it ended, or the scheme is wrong")]).of(SayingKind::Broken).mend_by("compare the scheme with --listen-client-urls, and look at etcd's log").source_in("Go io, ErrUnexpectedEOF"),
    gave_up("handshake failed: context canceled"),
    gave_up("transport: context canceled"),
    gave_up("operation was canceled").beside(&["dial "]).source_in("Go net/net.go, canceledError"),
    // So Rust's hyper ends a call whose connection was lost, whoever ended that.
    said(Side::Etcdctl, "operation was canceled", alerts::LOST.rules, alerts::LOST.causes).of(SayingKind::Broken).by(Speaker::Program).mend_by("look at etcd's log for “rejected connection” at that time").source_in("hyper src/error.rs"),
    said(Side::Etcdctl, "revision of auth store is old", &[], &[likely("users or roles were changed at that moment: etcd’s client gets a new token and asks again")]).of(SayingKind::Harmless).mend_by("nothing; if it goes on, update the client").source_in("etcd api/v3rpc/rpctypes/error.go, ErrAuthOldRevision"),
    answered("desc = etcdserver: "),
    answered("Error: etcdserver: "),
    answered("desc = mvcc: "),
    answered("desc = auth: "),
    said(Side::Etcdctl, "DNS resolution failed for service: http", &[Rule::SomethingListens], &[likely("this client wants host and port alone: the scheme in front was taken for a part of the host’s name")]).mend_by("write HOST:2379 without https://, and give TLS by the client’s own options").by(Speaker::Program).source_in("gRPC src/core, DNS resolver"),
    // What is cut before it tells, or tells what is not known here.
    eproto("\"EPROTO\""),
    eproto("'EPROTO'"),
    eproto("write EPROTO"),
    unloaded("unable to load specified CA cert"),
    unloaded("unable to use specified CA cert"),
    unloaded("unable to read CA cert"),
    unloaded("unable to use specified client cert"),
    unloaded("unable to read specified client cert"),
    unloaded("unable to read specified client key"),
    said(Side::Etcdctl, "client for external etcd: open /", &[Rule::FileExists, Rule::MayReadFile], &[likely("the file that is named is not there, or may not be read: the line is cut before it says which")]).source_in("Kubernetes cmd/kubeadm/app/util/etcd/etcd.go"),
    said(Side::Etcdctl, "got endpoints(https://", &[], LED).beside(&["after sync"]).of(SayingKind::Broken).mend_by("give etcdctl of API 2 the files that these https:// endpoints need, --ca-file, --cert-file and --key-file (of API 3: --cacert, --cert, --key), or keep it at the endpoint that it was given: --no-sync").source_in("etcd client/v2 client.go, httpClusterClient.Sync"),
    said(Side::Etcdctl, "etcd cluster is unavailable or misconfigured", &[], DEADLINE).of(SayingKind::Broken).mend_by(BY_AND_BY).source_in("etcd client/v2 client.go, ErrClusterUnavailable"),
    said(Side::Etcdctl, "all the given peers are not reachable", &[], PEERS).of(SayingKind::Broken).mend_by(BY_AND_BY).source_in("go-etcd etcd/requests.go, DefaultCheckRetry"),
    status("StatusRuntimeException: UNAVAILABLE"),
    status("StatusRuntimeException: UNKNOWN"),
    status("StatusCode.UNAVAILABLE"),
    status("StatusCode=\"Unavailable\""),
    status("14 UNAVAILABLE"),
    status("status: Unavailable"),
    status("GRPCConnectFailedError"),
    cut_refusal("rejected connection from"),
    cut_refusal("rejected connection on"),
    cut_refusal("\"rejected connection"),
    said(Side::Etcdctl, "createTransport failed to connect", &[], CUT).of(SayingKind::Broken).mend_by("print the line whole: journalctl --no-pager -l, or the container's log").source_in("google.golang.org/grpc clientconn.go"),
    said(Side::Etcdctl, "retrying of unary invoker failed", &[], CUT).of(SayingKind::Broken).mend_by("print the line whole: what stands behind “desc =” tells").source_in("etcd client/v3/retry_interceptor.go"),
];
