//! What etcdctl and etcd print when a client comes without a certificate, for
//! old and current builds. Measured with real builds; the times and ports in
//! it are examples.

/// What a terminal shows for one kind of build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// Which builds print this.
    pub builds: &'static str,
    /// Why this kind of build prints it.
    pub reason: &'static str,
    /// What etcdctl prints, standard error included. It ends with status 1.
    pub etcdctl: &'static str,
    /// What etcd logs, once for each of etcdctl's tries.
    pub etcd: &'static str,
}

/// What is printed when etcdctl shows no certificate to an etcd that wants one.
///
/// The last line of etcdctl never says why. The text above it depends on the Go
/// that the build was made with: up to Go 1.20 the alert is `bad certificate`
/// whatever the matter; from Go 1.21 on, with TLS 1.3, it is `certificate
/// required` (RFC 8446 section 6.2), and the client may lose it in the race
/// between its own write and the server's closing.
pub const WITHOUT_CERTIFICATE: &[Transcript] = &[
    Transcript {
        builds: "etcd 3.5.13 and later, 3.6",
        reason: "Made with Go 1.21 or later. Now and then etcdctl loses the alert and prints “write: broken pipe” instead.",
        etcdctl: "{\"level\":\"warn\",\"ts\":\"…\",\"logger\":\"etcd-client\",\"caller\":\"v3@v3.5.16/retry_interceptor.go:63\",\"msg\":\"retrying of unary invoker failed\",\"target\":\"etcd-endpoints://…/127.0.0.1:2379\",\"attempt\":0,\"error\":\"rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = \\\"error reading server preface: remote error: tls: certificate required\\\"\"}\nError: context deadline exceeded",
        etcd: "{\"level\":\"warn\",\"ts\":\"…\",\"caller\":\"embed/config_logging.go:170\",\"msg\":\"rejected connection on client endpoint\",\"remote-addr\":\"127.0.0.1:45942\",\"server-name\":\"\",\"error\":\"tls: client didn't provide a certificate\"}",
    },
    Transcript {
        builds: "etcd 3.5.0 to 3.5.12",
        reason: "Made with Go 1.16 to 1.20, which says “bad certificate” whatever the matter.",
        etcdctl: "{\"level\":\"warn\",\"ts\":\"…\",\"logger\":\"etcd-client\",\"caller\":\"v3/retry_interceptor.go:62\",\"msg\":\"retrying of unary invoker failed\",\"target\":\"etcd-endpoints://…/127.0.0.1:2379\",\"attempt\":0,\"error\":\"rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = \\\"transport: authentication handshake failed: remote error: tls: bad certificate\\\"\"}\nError: context deadline exceeded",
        etcd: "{\"level\":\"warn\",\"ts\":\"…\",\"caller\":\"embed/config_logging.go:169\",\"msg\":\"rejected connection\",\"remote-addr\":\"127.0.0.1:45942\",\"server-name\":\"\",\"error\":\"tls: client didn't provide a certificate\"}",
    },
    Transcript {
        builds: "etcd 3.4",
        reason: "etcdctl 3.4 as Debian 12 ships it never shows the TLS reason; look in etcd's log.",
        etcdctl: "{\"level\":\"warn\",\"ts\":\"…\",\"caller\":\"clientv3/retry_interceptor.go:62\",\"msg\":\"retrying of unary invoker failed\",\"target\":\"endpoint://client-…/127.0.0.1:2379\",\"attempt\":0,\"error\":\"rpc error: code = DeadlineExceeded desc = latest balancer error: all SubConns are in TransientFailure\"}\nError: context deadline exceeded",
        etcd: "… I | embed: rejected connection from \"127.0.0.1:42526\" (error \"tls: client didn't provide a certificate\", ServerName \"\")",
    },
];
