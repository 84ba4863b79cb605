//! The programs that people connect to etcd with, one row a program: by which words
//! in their output they are known, and what they call certificate, key and CA.
//! Data alone; who reads a text is
//! [`telling::diagnosis`](crate::etcd::telling::diagnosis).

/// A program that connects to etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientProgram {
    /// Its name.
    pub name: &'static str,
    /// Words of its output, in small letters: one of them is enough.
    pub marks: &'static [&'static str],
    /// How it is given its certificate and key.
    pub identity: &'static str,
    /// How it is given the CA of etcd's certificate.
    pub authority: &'static str,
}

const fn program(
    name: &'static str,
    marks: &'static [&'static str],
    identity: &'static str,
    authority: &'static str,
) -> ClientProgram {
    ClientProgram {
        name,
        marks,
        identity,
        authority,
    }
}

/// The programs, those that stand around others first. Options from each
/// program's manual.
#[rustfmt::skip]
pub static CLIENT_PROGRAMS: &[ClientProgram] = &[
    program("Patroni", &["patroni", "failed to get list of machines from"], "cert: and key: in the section etcd3: of patroni.yml", "cacert: in the section etcd3: of patroni.yml"),
    program("APISIX", &["[lua]", "apisix"], "etcd.tls.cert and etcd.tls.key in config.yaml", "apisix.ssl.ssl_trusted_certificate in config.yaml"),
    program("K3s", &["datastore-endpoint", "datastore-cafile"], "--datastore-certfile and --datastore-keyfile", "--datastore-cafile"),
    program("Vault", &["storage of type etcd", "storage \"etcd\""], "tls_cert_file and tls_key_file in storage \"etcd\"", "tls_ca_file in storage \"etcd\""),
    program("flannel", &["failed to retrieve network config", "couldn't fetch network config", "flannel_opts", "flanneld_"], "--etcd-certfile and --etcd-keyfile", "--etcd-cafile"),
    program("Cilium", &["cilium", "subsys=kvstore"], "cert-file: and key-file: in etcd.config", "trusted-ca-file: in etcd.config"),
    program("Vitess", &["topo_etcd", "topo-etcd", "vtctld", "vttablet"], "--topo_etcd_tls_cert and --topo_etcd_tls_key", "--topo_etcd_tls_ca, which counts only with --topo_etcd_tls_cert and --topo_etcd_tls_key"),
    program("Terraform", &["terraform", "backend \"etcdv3\""], "cert_path and key_path of the backend etcdv3", "cacert_path of the backend etcdv3, which counts only with cert_path and key_path"),
    program("Stolon", &["stolon"], "--store-cert-file and --store-key", "--store-ca-file"),
    program("Traefik", &["traefik"], "providers.etcd.tls.cert and providers.etcd.tls.key", "providers.etcd.tls.ca"),
    program("Milvus", &["milvus"], "etcd.ssl.tlsCert and etcd.ssl.tlsKey in milvus.yaml", "etcd.ssl.tlsCACert in milvus.yaml"),
    program("SkyDNS", &["skydns"], "ETCD_TLSPEM and ETCD_TLSKEY", "ETCD_CACERT"),
    program("etcdkeeper", &["etcdkeeper"], "-usetls with -cert and -key", "-usetls with -cacert"),
    program("kubeadm", &["external etcd", "etcd cluster is not healthy", "[check-etcd]", "failure loading "], "etcd.external.certFile and keyFile of the ClusterConfiguration", "etcd.external.caFile of the ClusterConfiguration"),
    program("kube-apiserver", &["storage_decorator", "kube-apiserver", "clientconn.go:"], "--etcd-certfile and --etcd-keyfile", "--etcd-cafile"),
    program("CoreDNS", &["plugin/etcd", "coredns-"], "tls CERT KEY CACERT in the etcd block of the Corefile", "tls CERT KEY CACERT in the etcd block of the Corefile"),
    program("Prometheus", &["scrape_pool", "component=\"scrape manager\"", "/metrics\":"], "tls_config: cert_file: and key_file:", "tls_config: ca_file:"),
    program("Calico", &["calico", "felix"], "ETCD_CERT_FILE and ETCD_KEY_FILE", "ETCD_CA_CERT_FILE"),
    program("NGINX", &["while ssl handshaking to upstream", "from upstream, client:", "while connecting to upstream", "nginx: ["], "proxy_ssl_certificate and proxy_ssl_certificate_key", "proxy_ssl_trusted_certificate"),
    program("HAProxy", &["health check for server", "haproxy"], "crt on the server's line, certificate and key in one file", "ca-file on the server's line"),
    program("Envoy", &["tls_error:|", "upstream connect error"], "tls_certificates in the UpstreamTlsContext", "validation_context: trusted_ca"),
    program("python-etcd", &["etcd.etcdconnectionfailed", "etcd.etcdexception"], "cert=(\"client.crt\", \"client.key\")", "ca_cert=\"ca.crt\""),
    program("etcd3-py", &["etcd3warning", "baseclient.py", "etcd3.errors."], "cert=(\"client.crt\", \"client.key\")", "verify=\"ca.crt\", which checks nothing where it is missing, and over which REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE win: unset them"),
    program("Python etcd3", &["etcd3.exceptions"], "cert_cert=\"client.crt\", cert_key=\"client.key\", and ca_cert with them", "ca_cert=\"ca.crt\""),
    program("aetcd", &["aetcd."], "nothing: it speaks no TLS; take etcd3 or grpcio", "nothing: it speaks no TLS; take etcd3 or grpcio"),
    program("Python grpcio", &["grpc._channel", "statuscode."], "private_key= and certificate_chain= of grpc.ssl_channel_credentials", "root_certificates= of grpc.ssl_channel_credentials"),
    program("Python requests", &["requests.exceptions", "httpsconnectionpool"], "cert=(\"client.crt\", \"client.key\")", "verify=\"ca.crt\""),
    program("Python httpx", &["httpx.", "httpcore."], "SSLContext.load_cert_chain", "ssl.create_default_context(cafile=\"ca.crt\")"),
    program("Python aiohttp", &["aiohttp."], "SSLContext.load_cert_chain", "ssl.create_default_context(cafile=\"ca.crt\")"),
    program("Python", &["_ssl.c:", "ssl.sslerror", "traceback (most recent call last)"], "SSLContext.load_cert_chain", "ssl.create_default_context(cafile=\"ca.crt\")"),
    program("jetcd", &["jetcd", "java.util.concurrent.timeoutexception"], "ClientBuilder.sslContext(GrpcSslContexts.forClient().keyManager(crt, key)), the key as PKCS#8", "GrpcSslContexts.forClient().trustManager(ca)"),
    program("Java with Netty", &["io.grpc.netty", "io.netty.handler.ssl", "io.grpc.status"], "SslContextBuilder.keyManager(crt, key), the key as PKCS#8", "SslContextBuilder.trustManager(ca)"),
    program("Java", &["javax.net.ssl", "java.net.", "java.io.ioexception", "sun.security"], "a key store: openssl pkcs12 -export -in client.crt -inkey client.key -out client.p12", "a trust store: keytool -importcert -file ca.crt -keystore trust.p12"),
    program("Node etcd3", &["grpcunavailableerror", "etcdpermissiondeniederror"], "credentials: { rootCertificate, certChain, privateKey }", "credentials: { rootCertificate }"),
    program("Node grpc-js", &["@grpc/grpc-js", "no connection established"], "grpc.credentials.createSsl(ca, key, crt)", "grpc.credentials.createSsl(ca, key, crt)"),
    program("Node undici", &["fetch failed", "undici"], "new Agent({ connect: { cert, key, ca } })", "new Agent({ connect: { ca } })"),
    program("Node", &["tlssocket", "node:internal", "node:_", "err_ssl_", "err_tls_"], "cert: and key: of https.request", "ca: of https.request"),
    program("Rust etcd-client", &["tonic::transport", "grpcstatus(status"], "TlsOptions::identity(Identity::from_pem(crt, key))", "TlsOptions::ca_certificate(Certificate::from_pem(ca))"),
    program("Rust reqwest", &["reqwest::error", "error sending request for url"], "ClientBuilder::identity(Identity::from_pem(crt and key))", "ClientBuilder::add_root_certificate"),
    program("Ruby gRPC", &["grpc::unavailable", "grpc::permissiondenied"], "GRPC::Core::ChannelCredentials.new(ca, key, crt)", "GRPC::Core::ChannelCredentials.new(ca, key, crt)"),
    program("Ruby", &["openssl::ssl::sslerror", "openssl::pkey", "openssl::x509", "errno::"], "http.cert and http.key", "http.ca_file"),
    program("PHP", &["file_get_contents()", "php warning"], "local_cert and local_pk of the context's ssl", "cafile of the context's ssl"),
    program("Perl", &["internal exception", "io/socket/ssl.pm"], "SSL_cert_file and SSL_key_file", "SSL_ca_file"),
    program(".NET", &["system.net.http", "authenticationexception", "system.security", "grpc.net.client"], "SslOptions.ClientCertificates", "RemoteCertificateValidationCallback with the CA, or the machine's store"),
    program("openssl s_client", &["verify error:num", "verify return:", "no peer certificate available", "read r block", "verify return code"], "-cert and -key", "-CAfile"),
    program("gnutls-cli", &["*** fatal error", "*** error loading", "*** received alert", "gnutls connection"], "--x509certfile and --x509keyfile", "--x509cafile"),
    program("NSS' tools", &["tstclnt:"], "-n NICKNAME of the database", "certutil -A -t C,,"),
    program("wget", &["loaded ca certificate", "http request sent, awaiting response", "... connected."], "--certificate and --private-key", "--ca-certificate"),
    program("curl", &["curl: (", "more details here: http", "curl:"], "--cert and --key", "--cacert"),
    program("etcdctl", &["etcdctl", "error: context deadline exceeded", "client: etcd cluster is unavailable"], "--cert and --key", "--cacert"),
    program("a Go client", &["etcd-client", "retrying of unary invoker"], "Certificates of the tls.Config in clientv3.Config (etcdctl: --cert and --key)", "RootCAs of the tls.Config in clientv3.Config (etcdctl: --cacert)"),
];

/// Those of whose words any program in Go may say some.
pub const ANY_GO: [&str; 2] = ["etcdctl", "a Go client"];

/// The program that a text in small letters is of, if it is known.
#[must_use]
pub fn of_text(text: &str) -> Option<&'static ClientProgram> {
    CLIENT_PROGRAMS
        .iter()
        .find(|program| program.marks.iter().any(|mark| text.contains(mark)))
}

/// The program of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static ClientProgram> {
    CLIENT_PROGRAMS.iter().find(|program| program.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_own_marks_in_small_letters() {
        for program in CLIENT_PROGRAMS {
            for mark in program.marks {
                assert_eq!(*mark, mark.to_lowercase(), "{}", program.name);
                let found = of_text(mark).map(|it| it.name);
                assert_eq!(found, Some(program.name), "{mark}");
            }
            assert_eq!(named(program.name), Some(program));
        }
    }
}
