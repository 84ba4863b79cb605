//! Go's words: what crypto/tls and crypto/x509 of 1.12 to 1.27 say when they refuse
//! something, in etcd's log, in etcdctl's output and in every program in Go. Those
//! that many programs say alike are in [`super::open`].

use super::open::{BY_AND_BY, DEADLINE, OTHER_SIDE};
use super::{Likely, Saying, SayingKind, Side, in_log, likely, printed, said};
use crate::etcd::facts::rule::Rule;

/// Words of the tunnel between the nodes of K3s and RKE2.
const fn k3s_tunnel(words: &'static str, source: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "this is not etcd's: a node of K3s or RKE2 dials its server's own port, and refuses that one's certificate",
    )];
    said(Side::Either, words, &[], CAUSES)
        .beside(&["x509: "])
        .of(SayingKind::Foreign)
        .mend_by("compare the node's token, which has the hash of the server's CA, and the clock; after a restore, the server's old CA belongs to it")
        .source_in(source)
}

/// A part of the API server's URLs.
const fn api_server(words: &'static str, source: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "this is not etcd's: the URL is one of the API server, whose certificate is refused",
    )];
    said(Side::Either, words, &[], CAUSES)
        .beside(&["x509: "])
        .of(SayingKind::Foreign)
        .mend_by("renew the API server's certificate, or give its client that CA")
        .source_in(source)
}

/// What etcd's log says of a client that hung up.
const fn hung_up(words: &'static str, source: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "the client hung up: a probe, a load balancer, or a client that is gone",
    )];
    said(Side::Etcd, words, &[], CAUSES)
        .beside(&["rejected connection"])
        .of(SayingKind::Harmless)
        .mend_by("nothing, unless clients fail: then look at their own words")
        .source_in(source)
}

/// What it says of a port that was opened for nothing.
const fn probed(words: &'static str, source: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "somebody opened the port and hung up: a probe of a load balancer or of kubelet, or a client that dials every endpoint",
    )];
    said(Side::Etcd, words, &[], CAUSES)
        .of(SayingKind::Harmless)
        .mend_by("nothing, unless clients fail: then look for an overloaded machine")
        .source_in(source)
}

/// What etcd's log says of the certificate of whoever dialled, when it has ended.
const fn dialler_ended(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "the certificate of the client, or of the member, that dialled has expired, or a CA above it",
    )];
    said(
        Side::Etcd,
        words,
        &[Rule::ValidityEnds, Rule::ValidityBegins],
        CAUSES,
    )
    .mend_by("renew the certificate of whoever dialled, or its CA; it is not etcd's own")
    .of(SayingKind::Check)
}

/// What a client says of etcd's certificate, when it has ended.
const fn server_ended(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[
        likely(
            "whoever dialled refused etcd's server certificate: it, or a CA above it, has ended",
        ),
        likely("the clock of the dialling machine is wrong"),
    ];
    said(
        Side::Etcdctl,
        words,
        &[Rule::ValidityEnds, Rule::ValidityBegins],
        CAUSES,
    )
    .of(SayingKind::Check)
    .mend_by("renew etcd's server certificate")
}

const MACOS: &[Likely] = &[likely(
    "no CA was given, so that macOS judged the certificate by its own keychain and rules",
)];

const API: &[Likely] = &[likely(
    "this is not etcd's: the API server doesn't answer there, which it can't before it has etcd",
)];
const API_MEND: &str = "look at the API server's own log: what it says of etcd tells";

/// An HTTP proxy's answer to CONNECT, in the place of the machine that was dialled.
const fn of_proxy(words: &'static str) -> Saying {
    const CAUSES: &[Likely] = &[likely(
        "an HTTP proxy stands in between and answers in etcd’s place: HTTPS_PROXY is set for the program that dials, and NO_PROXY lacks the address",
    )];
    said(Side::Either, words, &[], CAUSES)
        .of(SayingKind::Told)
        .mend_by("add the addresses of etcd’s machines to NO_PROXY of the service that dials, as in its unit or environment file, and start it again")
        .source_in("Go net/http transport.go, dialConn")
}

const NO_CERTIFICATE: &[Likely] = &[likely(
    "the file that is given as a certificate has no certificate as PEM in it: it is another file, as a key or a CSR, empty, or DER",
)];

const SAVE_CERTIFICATE: &str = "name the file that begins with -----BEGIN CERTIFICATE-----; openssl x509 -noout -subject -in FILE says whether it is one";

const DISCOVERY_ENDED: &[Likely] = &[
    likely("the public discovery service's own certificate has ended: none of yours has"),
    likely(
        "this machine's CA certificates are old ones: with them Let's Encrypt's ended on 2021-09-30",
    ),
];

/// The public discovery service, whose certificate is not taken.
const fn public_discovery(ended: &'static [&'static str]) -> Saying {
    said(Side::Either, "discovery.etcd.io", &[], DISCOVERY_ENDED)
        .beside(ended)
        .of(SayingKind::Foreign)
        .mend_by("start without it: name the members by --initial-cluster, or find them by --discovery-srv; and update ca-certificates")
        .source_in("etcd Documentation/v2/discovery_protocol.md")
}

#[rustfmt::skip]
pub(super) static SAYINGS: &[Saying] = &[
    // Not etcd's: another server in Go logs its clients so.
    said(Side::Either, "http: TLS handshake error from", &[], &[likely("this is not etcd's line: another HTTP server in Go (RKE2's, K3s' or a webhook's own port) tells that its client hung up or refused it")]).of(SayingKind::Foreign).mend_by("look at the client of that port; etcd's own lines have “rejected connection”").source_in("Go net/http server.go, (*conn).serve"),
    said(Side::Either, "Unable to authenticate the request", &[], &[likely("this is not etcd's line: kube-apiserver refuses one of its own clients, by its certificate or token")]).of(SayingKind::Foreign).mend_by("renew the certificate of that client of the API server: kubeadm certs renew, or restart k3s").source_in("Kubernetes apiserver pkg/endpoints/filters/authentication.go"),
    said(Side::Either, "error executing bootstrap: rpc error", &[], &[likely("this is not etcd's: talosctl talks to Talos' own API, and refuses its certificate or is refused")]).of(SayingKind::Foreign).mend_by("write --insecure until the machine has its configuration, and take the talosconfig of that cluster afterwards").source_in("talos cmd/talosctl/cmd/talos/bootstrap.go"),
    said(Side::Either, "error dialing backend", &[], &[likely("this is not etcd's: kube-apiserver does not reach that node's kubelet, or does not trust it, so that the command never ran")]).of(SayingKind::Foreign).mend_by("approve the CSR of the node's serving certificate (kubectl get csr), or run the command on the node itself: crictl exec").source_in("Kubernetes apimachinery pkg/util/proxy/upgradeaware.go"),
    said(Side::Either, "failed calling webhook", &[], &[likely("this is not etcd's: the API server calls a webhook, and refuses that one's certificate")]).of(SayingKind::Foreign).mend_by("give the webhook's configuration the caBundle of its certificate's CA").source_in("Kubernetes apiserver pkg/admission/plugin/webhook/errors/statuserror.go"),
    said(Side::Either, "Unable to connect to the server: ", &[], &[likely("this is not etcd's: kubectl talks to the API server, and refuses its certificate, is refused, or gets no answer")]).of(SayingKind::Foreign).mend_by("renew the API server's certificate, or the kubeconfig").source_in("Kubernetes kubectl pkg/cmd/util/helpers.go, StandardErrorMessage"),
    said(Side::Etcd, "discovery: error #", &[Rule::ServerCaKnown], &[likely("etcd asks a discovery service here, and does not trust that one's certificate: the CAs of the machine count for it, and none of etcd's own flags")]).beside(&["unknown authority"]).mend_by("put the discovery service's CA among those of the machine or container, or name the members by --initial-cluster").source_in("etcd server/etcdserver/api/v2discovery/discovery.go, newDiscovery"),
    api_server("/api/v1/", "Kubernetes, the paths of its API"),
    api_server("/apis/", "Kubernetes, the paths of its API"),
    api_server("control-plane.minikube.internal", "minikube pkg/minikube/constants/constants.go, ControlPlaneAlias"),
    public_discovery(&["has expired."]),
    public_discovery(&["is after"]),
    said(Side::Either, ":6443/", &[], &[likely("this is not etcd's: the URL is the API server's, whose certificate is refused")]).beside(&["x509: "]).of(SayingKind::Foreign).mend_by("renew the API server's certificate, or give its client that CA").source_in("Kubernetes, the port of its API"),
    said(Side::Either, "/api/v1/", &[], API).beside(&["dial tcp"]).of(SayingKind::Foreign).mend_by(API_MEND).source_in("Kubernetes, the paths of its API"),
    said(Side::Either, ":6443: ", &[], API).beside(&["dial tcp"]).of(SayingKind::Foreign).mend_by(API_MEND).source_in("Kubernetes, the port of its API"),
    said(Side::Either, "<invalid>", &[Rule::ValidityEnds], &[likely("the certificate of this row of kubeadm's table has ended")]).beside(&["etcd", " utc "]).mend_by("kubeadm certs renew NAME (before 1.20: kubeadm alpha certs renew), and restart what uses it").source_in("Kubernetes cmd/kubeadm/app/cmd/certs.go"),
    said(Side::Etcdctl, "failure loading ", &[Rule::ValidityEnds], &[likely("the certificate that is named, one of kubeadm's own files, has ended")]).beside(&["certificate has expired"]).mend_by("kubeadm certs renew NAME (before 1.20: kubeadm alpha certs renew), and restart what uses it").source_in("Kubernetes cmd/kubeadm/app/phases/certs/certs.go"),
    said(Side::Either, "certificate is not trusted", &[Rule::ServerCaKnown], MACOS).beside(&["x509: "]).of(SayingKind::Check).source_in("Go crypto/x509 root_darwin.go"),
    said(Side::Either, "certificate is not standards compliant", &[Rule::ServerCaKnown], MACOS).beside(&["x509: "]).of(SayingKind::Check).source_in("Go crypto/x509 root_darwin.go"),
    said(Side::Either, "failed to load system roots and no roots provided", &[Rule::ServerCaKnown], &[likely("no CA was given, and the image has none of its own")]).of(SayingKind::Check).source_in("Go crypto/x509 verify.go, SystemRootsError"),
    said(Side::Etcdctl, "either ServerName or InsecureSkipVerify", &[Rule::EndpointHasHost], &[likely("the endpoint has no host, so that there is no name to look for in the certificate")]).source_in("Go crypto/tls handshake_client.go"),
    of_proxy("could not connect: forbidden"),
    of_proxy("/version\": forbidden"),
    of_proxy("/health\": forbidden"),
    of_proxy("proxyconnect tcp").beside(&[":2379"]),
    of_proxy("could not connect: proxy authentication required"),
    said(Side::Etcdctl, "Tunnel or SSL Forbidden", &[], &[likely("an HTTP proxy stands in between and refuses: HTTPS_PROXY is set, and NO_PROXY lacks etcd's address")]).of(SayingKind::Told).mend_by("add the addresses of etcd to NO_PROXY").source_in("an HTTP proxy's answer to CONNECT"),
    said(Side::Etcdctl, "grpc: timed out when dialing", &[], DEADLINE).of(SayingKind::Broken).mend_by(BY_AND_BY).source_in("google.golang.org/grpc clientconn.go, ErrClientConnTimeout"),
    said(Side::Either, "backup-restore-server", &[], &[likely("this is not etcd's: etcd-backup-restore beside it dials its own server, and refuses that one's certificate")]).beside(&["x509: "]).of(SayingKind::Foreign).mend_by("give etcd-backup-restore the CA of its --server-cert").source_in("etcd-backup-restore pkg/server"),
    k3s_tunnel("remotedialer", "rancher/remotedialer client.go"),
    k3s_tunnel("failed to connect to proxy", "rancher/remotedialer client.go"),
    k3s_tunnel("/v1-k3s/", "K3s pkg/server/router.go"),
    k3s_tunnel("/v1-rke2/", "K3s pkg/server/router.go"),
    k3s_tunnel("/cacerts\":", "K3s pkg/clientaccess/token.go"),
    said(Side::Either, ":9345/", &[], &[likely("this is not etcd's: the URL is RKE2's supervisor, whose certificate is refused")]).beside(&["x509: "]).of(SayingKind::Foreign).mend_by("compare the token, which has the CA's hash, and the clock").source_in("RKE2, the port of its supervisor"),
    said(Side::Either, ":10250/", &[], &[likely("this is not etcd's: the URL is kubelet's, whose certificate is refused")]).beside(&["x509: "]).of(SayingKind::Foreign).mend_by("approve kubelet's certificate request, or give the client its CA").source_in("Kubernetes, the port of kubelet"),
    said(Side::Etcdctl, "require both cert and key path", &[Rule::CertificateAndKeyTogether], &[likely("of certificate and key, the client was given but one: the other's variable or flag is misspelt, or this release doesn't know it")]).mend_by("name both certificate and key, as this program calls them").source_in("go-etcd etcd/client.go, NewTLSClient"),
    said(Side::Etcdctl, "tls handshake timeout", &[], &[likely("the port was opened and no TLS answer came in time: the other end is overloaded or paused, something in between swallows large packets (MTU), or it is not etcd; it is no certificate")]).of(SayingKind::Broken).mend_by("ask from there: openssl s_client -connect HOST:2379; if that hangs too, look what listens there and at the network").source_in("Go net/http transport.go, tlsHandshakeTimeoutError"),
    // A matter of course.
    said(Side::Etcd, "unable to resolve uuid from file", &[], &[likely("rkt has no pod of an earlier start to remove; etcd starts all the same")]).of(SayingKind::Harmless).mend_by("nothing; what etcd says below it tells").source_in("rkt rkt/rm.go"),
    hung_up("connection reset by peer", "Go syscall, ECONNRESET"),
    hung_up("broken pipe", "Go syscall, EPIPE"),
    said(Side::Etcd, "i/o timeout", &[], &[likely("somebody opened the port and sent nothing: a probe, or a client that hangs")]).beside(&["rejected connection"]).of(SayingKind::Harmless).mend_by("nothing, unless clients fail: then look for an overloaded machine").source_in("Go net, i/o timeout"),
    probed("(error \"EOF\"", "Go io, EOF"),
    probed("\"error\":\"EOF\"", "Go io, EOF"),
    probed("[error=EOF]", "PingCAP log zap_text_encoder.go, of Go's io.EOF"),
    said(Side::Etcd, "invalid signature by the client certificate", &[Rule::KeyFitsCertificate], &[likely("the client signed with another key than its certificate's: certificate and key don't belong together")]).of(SayingKind::Check).source_in("Go crypto/tls handshake_server_tls13.go, readClientCertificate"),
    said(Side::Etcd, "invalid signature by the server certificate", &[Rule::KeyFitsCertificate], &[likely("the server signed with another key than its certificate's")]).of(SayingKind::Check).source_in("Go crypto/tls handshake_client_tls13.go, readServerCertificate"),
    said(Side::Either, "server chose an unconfigured cipher suite", &[Rule::CommonTlsVersion], &[likely("the other end is no Go and chose a cipher suite that was not offered")]).of(SayingKind::Check).mend_by("look what listens at the endpoint").source_in("Go crypto/tls handshake_client.go"),
    said(Side::Either, "no mutually supported protocol versions", &[Rule::CommonTlsVersion], &[likely("the two sides share no TLS version")]).of(SayingKind::Check).mend_by("allow TLS 1.2 or 1.3 on both sides").source_in("Go crypto/tls handshake_client.go"),
    said(Side::Either, "unsupported protocol version 301", &[Rule::CommonTlsVersion], &[likely("the other end speaks TLS 1.0: it is not this etcd, or a proxy stands between")]).of(SayingKind::Check).mend_by("look what listens at the endpoint").source_in("Go crypto/tls handshake_client.go"),
    said(Side::Either, "missing selected ALPN property", &[Rule::CommonTlsVersion], &[likely("the other end speaks TLS and no HTTP/2: it is not etcd, or a proxy that doesn't pass gRPC on")]).of(SayingKind::Check).mend_by("dial etcd itself, or let the proxy pass TCP through").source_in("google.golang.org/grpc credentials/tls.go, since 1.67"),
    said(Side::Either, "x509: negative serial number", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a certificate has a negative serial number, which Go refuses since 1.23")]).of(SayingKind::Check).mend_by("issue the certificate again, with a positive serial number").source_in("Go crypto/x509 parser.go, since 1.23"),
    said(Side::Either, "x509: malformed", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable, Rule::CrlReadable], &[likely("a certificate or CRL is no DER that Go can read")]).of(SayingKind::Check).mend_by("issue it again, with software that writes DER").source_in("Go crypto/x509 parser.go"),
    said(
        Side::Etcdctl,
        "server selected unsupported protocol version",
        &[Rule::CommonTlsVersion],
        &[likely("the other end speaks an old TLS: it is not this etcd, or a proxy stands between")],
    )
    .mend_by("look what listens at the endpoint"),
    said(
        Side::Etcdctl,
        "authentication handshake failed: context deadline exceeded",
        &[],
        &[likely("the port was opened and no TLS answer came in time: the other end is overloaded or paused, or something else listens; it is no certificate")],
    )
    .mend_by("look whether etcd itself listens there, and how busy its machine is")
    .source_in("google.golang.org/grpc internal/transport/http2_client.go").of(SayingKind::Broken),
    said(
        Side::Either,
        "server preface: remote error: tls: bad certificate",
        &[Rule::UsageClient, Rule::PathLength, Rule::NameConstraints, Rule::CriticalExtension, Rule::ClientCaKnown, Rule::ServerCaKnown, Rule::HostSan, Rule::AddressSan, Rule::ValidityEnds, Rule::ValidityBegins, Rule::ClientCertificateRequired, Rule::AllowedHostname, Rule::AllowedCommonName, Rule::UsageServer],
        &[
            in_log("etcd's own gateway dials etcd with the server's certificate, which lacks clientAuth"),
            printed("etcd refused the client's certificate, and its log says why"),
        ],
    )
    .mend_by("in etcd's log: issue the server's certificate with clientAuth too; from a client: look at etcd's log")
    .source_in("google.golang.org/grpc internal/transport/http2_client.go").of(SayingKind::Told),
    said(Side::Etcd, "client didn't provide a certificate", &[Rule::ClientCertificateRequired, Rule::ClientCaKnown], &[likely("etcd demands client certificates, and the client sent none"), likely("the client kept it at home, because its CA is not in --trusted-ca-file (Go, Java and GnuTLS do so)")]).mend_by("give that client its certificate and key, which etcdctl calls --cert and --key; a kubelet’s probe has none: let it ask --listen-metrics-urls over http://").of(SayingKind::Check),
    said(Side::Either, ": insecure algorithm", &[Rule::SecureSignature], &[likely("the certificate is signed with MD5 or SHA-1")]).of(SayingKind::Check),
    said(Side::Either, "parent certificate cannot sign this kind of certificate", &[Rule::IssuerCanSign], &[likely("the CA has no basic constraints with cA TRUE, or a key usage without keyCertSign")]).of(SayingKind::Check),
    said(Side::Either, "cannot verify signature: algorithm unimplemented", &[Rule::IssuerKeyKind, Rule::SignatureFitsIssuer], &[likely("the CA signs with an algorithm, or has a key, that Go can't verify")]).of(SayingKind::Check),
    said(Side::Either, "ECDSA verification failure\" while trying to verify candidate authority", &[Rule::SignatureFitsIssuer], &[likely("the CA was made anew under the same name, and the certificate is from the other one"), likely("the signature is not written as DER")]).of(SayingKind::Check),
    said(Side::Either, "\" while trying to verify candidate authority", &[Rule::SignatureFitsIssuer, Rule::IssuerCanSign, Rule::IssuerValid, Rule::CriticalExtension, Rule::PathLength, Rule::NameConstraints, Rule::IntermediateIsCa], &[likely("the CA was made anew under the same name, and the certificate is from the other one")]).of(SayingKind::Check),
    said(Side::Etcdctl, "hostname verification fails", &[Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost], &[likely("somebody says so of what a client finds: the host that it dials is not among the names of the certificate that it is shown")]).beside(&["cert", " not "]).of(SayingKind::Check),
    said(Side::Either, "unknown authority (possibly because of", &[Rule::SignatureFitsIssuer, Rule::IssuerCanSign, Rule::IssuerValid, Rule::SecureSignature], &[likely("the line is cut, and enough of it is there: a CA of that name is known, with another key; it was made anew under the same name")]).of(SayingKind::Check),
    said(Side::Either, "signed by unknown authority", &[Rule::ClientCaKnown, Rule::ServerCaKnown], &[likely("the CA of the certificate is not in the file that the checking side trusts"), likely("the file lacks the intermediate certificates"), likely("issuer and subject differ in letter case or string type")]).mend_by("in etcd's log: put the client's CA into --trusted-ca-file; from etcdctl: give the server's CA with --cacert").of(SayingKind::Check),
    said(Side::Etcdctl, "unknown certificate authority", &[Rule::ClientCaKnown, Rule::SignatureFitsIssuer, Rule::IssuerCanSign, Rule::SecureSignature, Rule::IssuerKeyKind, Rule::IssuerValid], &[likely("etcd does not trust the CA of the client's certificate")]).mend_by("put the client's CA into --trusted-ca-file, and start etcd again").of(SayingKind::Told),
    said(Side::Either, "is before", &[Rule::ValidityBegins], &[likely("a certificate is not valid yet"), likely("the clock of the checking machine is behind")]).of(SayingKind::Check),
    server_ended("handshake failed: x509: certificate has expired"),
    server_ended("handshake failed: tls: failed to verify certificate: x509: certificate has expired"),
    dialler_ended("failed to verify client's certificate: x509: certificate has expired"),
    dialler_ended("failed to verify client certificate: x509: certificate has expired"),
    dialler_ended("failed to verify certificate: x509: certificate has expired").beside(&["rejected connection"]),
    said(Side::Either, "contained IP address of length 0", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a SAN of the certificate is an address without bytes: whoever made it had none to write")]).mend_by("give that machine its address where it is configured, and make the certificate anew").source_in("Go crypto/x509 parser.go, parseSANExtension"),
    said(Side::Either, "parse IP address of length 0", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a SAN of the certificate is an address without bytes: whoever made it had none to write")]).mend_by("give that machine its address where it is configured, and make the certificate anew").source_in("Go crypto/x509 parser.go, parseSANExtension"),
    said(Side::Either, "contained IP address of length", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a SAN of the certificate is an address that has neither 4 nor 16 bytes")]).mend_by("issue the certificate again, with its addresses as 4 or 16 bytes").source_in("Go crypto/x509 parser.go, parseSANExtension"),
    said(Side::Either, "parse IP address of length", &[Rule::Der, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a SAN of the certificate is an address that has neither 4 nor 16 bytes")]).mend_by("issue the certificate again, with its addresses as 4 or 16 bytes").source_in("Go crypto/x509 parser.go, parseSANExtension"),
    said(Side::Either, "has expired or is not yet valid", &[Rule::ValidityEnds, Rule::ValidityBegins], &[likely("a certificate has expired")]).mend_by("renew the certificate, or the CA").of(SayingKind::Check),
    said(Side::Etcdctl, "tls: expired certificate", &[Rule::ValidityEnds, Rule::ValidityBegins], &[likely("etcd says that the client's certificate has expired, or is not valid yet")]).mend_by("renew the client's certificate, or set the clock").of(SayingKind::Told),
    said(Side::Either, "incompatible key usage", &[Rule::UsageClient, Rule::UsageServer], &[in_log("in etcd's log from its own address: the server's certificate lacks clientAuth, which the gateway needs"), in_log("in etcd's log: the client's certificate lacks clientAuth"), printed("from etcdctl: the server's certificate lacks serverAuth")]).mend_by("issue the certificate with the usage that it lacks; a server's needs both").of(SayingKind::Check),
    said(Side::Either, "doesn't contain any IP SANs", &[Rule::AddressSan], &[likely("the endpoint is an address, and the server's certificate has no IP address among its SANs")]).of(SayingKind::Check),
    said(Side::Either, "legacy Common Name field", &[Rule::CommonNameIsNoHost], &[likely("the server's certificate has no SAN, only a common name")]).of(SayingKind::Check),
    said(Side::Either, "certificate is valid for", &[Rule::HostSan, Rule::PeerAddress], &[likely("the endpoint's host is not among the SANs of the server's certificate"), in_log("in etcd's log of a peer: it connects from an address that its certificate doesn't have")]).mend_by("use a host that the certificate has, or issue it with this one").of(SayingKind::Check),
    said(Side::Either, "is not valid for any names, but", &[Rule::HostSan], &[likely("the endpoint's host is not among the SANs of the server's certificate")]).of(SayingKind::Check),
    said(Side::Either, "not authorized to sign for this name", &[Rule::NameConstraints], &[likely("a name in the certificate is outside of the CA's name constraints")]).of(SayingKind::Check),
    said(Side::Either, "x509: cannot parse dnsName", &[Rule::NameConstraints], &[likely("a CA above has name constraints, and a DNS name in the certificate is no domain")]).mend_by("issue the certificate with names that are domains").of(SayingKind::Check),
    said(Side::Either, "x509: cannot parse rfc822Name", &[Rule::NameConstraints], &[likely("a CA above has name constraints, and a mail address in the certificate can't be read")]).mend_by("issue the certificate with a mail address that has a domain").of(SayingKind::Check),
    said(Side::Either, "x509: cannot parse URI", &[Rule::Der, Rule::NameConstraints, Rule::TrustAnchorsAreCertificates, Rule::ChainReadable], &[likely("a URI in the certificate can't be read")]).mend_by("issue the certificate with a URI that has a scheme and a host").of(SayingKind::Check),
    said(Side::Either, "too many intermediates", &[Rule::PathLength], &[likely("the chain is longer than a CA's path length allows")]).of(SayingKind::Check),
    said(Side::Either, "not authorized to sign other certificates", &[Rule::IntermediateIsCa], &[likely("an intermediate is no CA, or of version 1")]).of(SayingKind::Check),
    said(Side::Either, "issuer name does not match subject", &[Rule::IssuerIsSubject], &[likely("an issuer and the subject above it have the same names, but not the same bytes")]).of(SayingKind::Check),
    said(Side::Either, "unhandled critical extension", &[Rule::CriticalExtension], &[likely("a certificate has an extension marked critical that Go doesn't process")]).of(SayingKind::Check),
    said(Side::Either, "no valid chains built", &[Rule::Policies], &[likely("the certificate policies leave no chain where one is required")]).of(SayingKind::Check),
    said(Side::Either, "signature check attempts limit reached", &[Rule::SignatureLimit], &[likely("more than a hundred signatures would have to be checked")]).of(SayingKind::Check),
    said(Side::Either, "RSA key larger than 8192 bits", &[Rule::RsaKeySize], &[likely("an RSA key is larger than Go takes in a handshake")]).of(SayingKind::Check),
    said(Side::Either, "unsupported certificate curve", &[Rule::KeyCanSign], &[likely("a key is on P-224, which TLS 1.3 has no signature scheme for")]).mend_by("make a key on P-256, and issue the certificate again").of(SayingKind::Check),
    said(Side::Either, "ML-DSA certificates require TLS 1.3", &[Rule::PostQuantumKey], &[likely("TLS 1.2 was spoken, which has no signature for an ML-DSA key")]).mend_by("leave --tls-max-version out, or make the certificate with another kind of key"),
    said(Side::Etcd, "client certificate uses ML-DSA, which requires", &[Rule::PostQuantumKey], &[likely("TLS 1.2 was spoken, which has no signature for an ML-DSA key")]).mend_by("leave --tls-max-version out, or make the certificate with another kind of key"),
    said(Side::Either, "doesn't support any of the certificate's signature algorithms", &[Rule::KnownKeyKind, Rule::PostQuantumKey, Rule::KeyCanSign], &[likely("etcd's key is on P-521, which gRPC, Netty's tcnative and rustls with ring don't take, or on Ed25519, which gRPC, Netty's tcnative and NSS don't"), likely("one side has an ML-DSA key, and the other is built with a Go before 1.27")]),
    said(Side::Etcd, "contains an unsupported public key of type", &[Rule::PostQuantumKey, Rule::KnownKeyKind], &[likely("the client has a key of a kind that the Go of this etcd doesn't know, such as ML-DSA before Go 1.27")]),
    said(Side::Either, "IPv4-mapped IPv6 address", &[Rule::PlainAddress], &[likely("a certificate has an IPv4 address written as IPv6, which Go refuses since 1.27")]),
    said(Side::Either, "ML-DSA private keys", &[Rule::KeyReadable], &[likely("an ML-DSA key is not its seed alone")]).mend_by("keep its seed alone: openssl pkey -in FILE -provparam ml-dsa.output_formats=seed-only -out NEWFILE"),
    said(Side::Either, "RSA key size too small for supported", &[Rule::KeyCanSign], &[likely("an RSA key is too small for any signature of TLS 1.3")]).mend_by("make a key of 2048 bits, and issue the certificate again").of(SayingKind::Check),
    said(Side::Etcd, "certificate serial", &[Rule::NotRevoked], &[likely("the CRL lists the serial number of a certificate that was sent")]).of(SayingKind::Check),
    said(Side::Etcd, "malformed crl", &[Rule::CrlReadable], &[likely("the CRL file can't be read; since etcd 3.6 it must be DER")]).of(SayingKind::Check),
    said(Side::Etcd, "trailing data after CRL", &[Rule::CrlReadable], &[likely("more bytes follow the CRL in its file")]).mend_by("write the CRL again, as DER, alone in its file").of(SayingKind::Check),
    said(Side::Either, "client certificate authentication failed", &[Rule::AllowedHostname, Rule::AllowedCommonName], &[likely("the certificate has none of the allowed host names or common names"), likely("from etcd's own address: with --client-cert-allowed-hostname the gateway never works")]).mend_by("issue the certificate with an allowed name").of(SayingKind::Check),
    said(Side::Etcd, "does not match any of DNSNames", &[Rule::PeerAddress], &[likely("a peer connects from an address that none of its certificate's names leads to: names are looked up, a wildcard by reverse DNS"), likely("the pod's address has no PTR record, or its certificate no IP")]).of(SayingKind::Check),
    said(Side::Etcd, "failed to parse client certificate", &[Rule::ChainReadable], &[likely("a certificate that the client sends along can't be read")]).mend_by("take the damaged certificate out of the client's file").of(SayingKind::Check),
    said(Side::Etcdctl, "failed to parse certificate from server", &[Rule::ChainReadable], &[likely("a certificate that the server sends along can't be read")]).mend_by("take the damaged certificate out of the server's file").of(SayingKind::Check),
    said(Side::Either, "error decoding message", &[Rule::ChainReadable], &[likely("the other side could not read a certificate that was sent along")]).of(SayingKind::Told),
    said(Side::Either, "first record does not look like", &[Rule::TlsEndpoint, Rule::PlainEndpoint], &[likely("one side speaks plain HTTP, the other TLS"), in_log("from the address of another member: it is known with http:// in --initial-cluster or the member list")]).mend_by("write https:// in front of the endpoint, or listen on http://").of(SayingKind::Check),
    said(Side::Either, "server gave HTTP response to HTTPS client", &[Rule::PlainEndpoint], &[likely("one side speaks TLS, the other plain HTTP")]).mend_by("write http:// in front of the URL, or listen on https://").of(SayingKind::Check),
    said(Side::Etcd, "no cipher suite supported by both", &[Rule::CommonTlsVersion], &[likely("TLS 1.2 was spoken, and no suite that the client offers and --cipher-suites allows fits the server's key")]).mend_by("leave --cipher-suites out, or name one for the kind of key; update a client that offers old suites alone"),
    said(
        Side::Etcd,
        "offered only unsupported versions: [304]",
        &[Rule::CommonTlsVersion],
        &[likely("304 is TLS 1.3: the client allows nothing older, and this etcd speaks 1.2 at most")],
    )
    .mend_by("update etcd to 3.5.8 or later, raise --tls-max-version, or allow TLS 1.2 in the client"),
    said(
        Side::Etcd,
        "offered only unsupported versions: [302",
        &[Rule::CommonTlsVersion],
        &[likely("302 and 301 are TLS 1.1 and 1.0: a client or a scanner that is too old")],
    )
    .mend_by("update that client; a scanner may be left alone"),
    said(
        Side::Etcd,
        "offered only unsupported versions: [301",
        &[Rule::CommonTlsVersion],
        &[likely("301 is TLS 1.0: a client or a scanner that is too old")],
    )
    .mend_by("update that client; a scanner may be left alone"),
    said(Side::Etcd, "offered only unsupported versions", &[Rule::CommonTlsVersion], &[likely("the client speaks TLS 1.2 only, and etcd demands TLS 1.3")]).mend_by("leave --tls-min-version out"),
    said(Side::Etcdctl, "protocol version not supported", &[Rule::CommonTlsVersion], &[likely("etcd demands a TLS version that this client doesn't speak")]).mend_by("leave --tls-min-version out").of(SayingKind::Told),
    said(Side::Either, "private key does not match public key", &[Rule::KeyFitsCertificate], &[likely("the key belongs to another certificate"), likely("the leaf is not the first certificate of the file")]),
    said(Side::Either, "private key type does not match", &[Rule::KeyFitsCertificate], &[likely("the key is of another kind than the certificate's")]).mend_by("take the key of the certificate"),
    said(Side::Either, "failed to parse private key", &[Rule::KeyNotEncrypted, Rule::KeyReadable], &[likely("the private key is encrypted"), likely("the private key is damaged or of a kind that its reader doesn't know: for Go such as ML-DSA before Go 1.27, for rustls with ring P-521")]),
    said(Side::Either, "found unknown private key type", &[Rule::KeyReadable], &[likely("the private key is of a kind that can't sign")]).mend_by("make an RSA, ECDSA or Ed25519 key"),
    said(Side::Either, "unknown public key algorithm", &[Rule::KnownKeyKind], &[likely("the certificate's key is neither RSA, ECDSA nor Ed25519")]),
    said(Side::Either, "PEM inputs may have been switched", &[Rule::FilesNotSwapped], &[likely("certificate and key are exchanged")]),
    said(Side::Either, "found a certificate rather than a key", &[Rule::KeyForKey], &[likely("the key flag names a certificate")]),
    said(Side::Either, "failed to find certificate PEM data", &[Rule::Pem, Rule::PemLabel], NO_CERTIFICATE).mend_by(SAVE_CERTIFICATE).source_in("Go crypto/tls tls.go, X509KeyPair"),
    said(Side::Either, "failed to parse certificate PEM data", &[Rule::Pem, Rule::PemLabel], NO_CERTIFICATE).mend_by(SAVE_CERTIFICATE).source_in("Go 1.4 crypto/tls/tls.go, X509KeyPair"),
    said(Side::Either, "failed to parse key PEM data", &[Rule::PemOfKey, Rule::PemLabelOfKey], &[likely("the key file holds no PEM block: another file, an empty one, or DER")]).mend_by("name the file that begins with -----BEGIN and ends its first line with PRIVATE KEY-----").source_in("Go 1.4 crypto/tls/tls.go, X509KeyPair"),
    said(Side::Either, "failed to find any PEM data", &[Rule::Pem, Rule::PemOfKey], &[likely("the file is DER, empty, indented, or begins with a byte-order mark")]).mend_by("save the file as PEM"),
    said(Side::Either, "failed to find \"CERTIFICATE\" PEM block", &[Rule::PemLabel], &[likely("the file holds a CSR, a key, or a trusted certificate of OpenSSL")]),
    said(Side::Either, "failed to find PEM block with type ending in", &[Rule::PemLabelOfKey], &[likely("the key file holds something else than a private key")]),
    said(Side::Either, "cannot validate certificate for", &[Rule::AddressSan], &[likely("the endpoint is an address, and the server's certificate has no IP address among its SANs")]).of(SayingKind::Check),
    said(Side::Either, "x509: Common Name is not a valid hostname", &[Rule::CommonNameIsNoHost], &[likely("the server's certificate has no SAN, only a common name")]).of(SayingKind::Check),
    said(Side::Either, "certificate is not authorized to sign", &[Rule::IntermediateIsCa], &[likely("an intermediate is no CA")]).of(SayingKind::Check),
    said(Side::Either, "certificate has excluded constraint", &[Rule::NameConstraints], &[likely("a name in the certificate is excluded by the CA's name constraints")]).of(SayingKind::Check),
    said(Side::Either, "remote error: tls: unknown certificate", &[Rule::ServerCaKnown, Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost, Rule::UsageServer, Rule::ValidityEnds, Rule::ValidityBegins, Rule::UsageClient], &[in_log("a client, often one in Java or on rustls, refused etcd's certificate, and its own output says why"), printed("the other side does not take the certificate")]).of(SayingKind::Told).mend_by(OTHER_SIDE).source_in("Go crypto/tls alert.go, alertCertificateUnknown"),
    said(Side::Either, "remote error: tls: unsupported certificate", &[Rule::UsageServer, Rule::UsageClient, Rule::KeyCanSign], &[in_log("a client refused etcd's certificate: it lacks serverAuth, or has a key that the client doesn't know"), printed("etcd does not take the certificate's kind")]).of(SayingKind::Told).mend_by(OTHER_SIDE).source_in("Go crypto/tls alert.go, alertUnsupportedCertificate"),
    said(Side::Either, "remote error: tls: internal error", &[Rule::ServerCaKnown, Rule::HostSan, Rule::AddressSan, Rule::CommonNameIsNoHost, Rule::UsageServer, Rule::KeyFitsCertificate, Rule::KeyCanSign], &[in_log("a client in Java refused etcd's certificate, or could not use its own; its own output says why"), printed("etcd could not go on")]).of(SayingKind::Told).mend_by(OTHER_SIDE).source_in("Go crypto/tls alert.go, alertInternalError"),
    said(Side::Either, "remote error: tls: revoked certificate", &[Rule::NotRevoked], &[likely("the other side says that the certificate is revoked; etcd itself never sends this")]).of(SayingKind::Told).source_in("Go crypto/tls alert.go, alertCertificateRevoked"),
    said(Side::Either, "remote error: tls: error decrypting message", &[Rule::KeyFitsCertificate, Rule::SignatureFitsIssuer, Rule::KnownKeyKind], &[likely("a key and the certificate that was shown with it don't belong together"), in_log("a client of rustls found that the CA it trusts, of the right name, did not sign etcd's certificate, or that it did with a P-521 key, which ring doesn't know")]).of(SayingKind::Told).source_in("Go crypto/tls alert.go, alertDecryptError"),
    said(Side::Either, "remote error: tls: unrecognized name", &[Rule::HostSan], &[likely("what listens there serves no such name: it is not etcd, or a proxy by names")]).of(SayingKind::Told).mend_by("look what listens at the endpoint").source_in("Go crypto/tls alert.go, alertUnrecognizedName"),
    said(Side::Either, "remote error: tls: no application protocol", &[Rule::CommonTlsVersion], &[likely("the other end speaks no HTTP/2: it is not etcd")]).of(SayingKind::Told).mend_by("look what listens at the endpoint").source_in("Go crypto/tls alert.go, alertNoApplicationProtocol"),
    said(Side::Either, "remote error: tls: user canceled", &[], &[likely("the client gave up by itself")]).of(SayingKind::Harmless).mend_by("nothing, unless clients fail").source_in("Go crypto/tls alert.go, alertUserCanceled"),
];
