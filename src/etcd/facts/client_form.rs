//! How programs that are clients of etcd are told where it is and which files to use,
//! in configurations of their own: one row each, below the place where the program's
//! makers say so. They are read as etcdctl's flags, so that what keeps etcdctl from an
//! etcd is told of them too.

use super::option::EtcdOption;

/// The keys of one program's configuration. A dot leads into what a key holds, and into
/// each item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientForm {
    /// The program.
    pub program: &'static str,
    /// The keys under which these stand; empty where any will do.
    pub under: &'static [&'static str],
    /// Other keys that must be there, for those whose names many programs use.
    pub beside: &'static [&'static str],
    /// A key whose text must have “etcd” in it, where the others are of no use alone.
    pub named: &'static str,
    /// The URLs: a list, or a text with commas.
    pub endpoints: &'static str,
    /// The scheme of endpoints without one.
    pub scheme: &'static str,
    /// The CA.
    pub authority: &'static str,
    /// The client's certificate.
    pub certificate: &'static str,
    /// Its key.
    pub key: &'static str,
    /// Whether the server's certificate is not checked.
    pub unchecked: &'static str,
    /// Whether it is, where the key says that.
    pub checked: &'static str,
    /// Whether it dials with them as etcdctl does: what another one is told is told of, and
    /// not judged.
    pub is_alike: bool,
}

const NONE: ClientForm = ClientForm {
    program: "",
    under: &[],
    beside: &[],
    named: "",
    endpoints: "",
    scheme: "",
    authority: "",
    certificate: "",
    key: "",
    unchecked: "",
    checked: "",
    is_alike: true,
};

/// Those that are YAML or JSON.
#[rustfmt::skip]
pub static CLIENT_FORMS: &[ClientForm] = &[
    // Kubernetes cmd/kubeadm/app/apis/kubeadm, ExternalEtcd
    ClientForm { program: "kubeadm", under: &["external", "etcd"], endpoints: "endpoints", authority: "caFile", certificate: "certFile", key: "keyFile", ..NONE },
    // OpenShift 3 pkg/cmd/server/apis/config, EtcdConnectionInfo
    ClientForm { program: "OpenShift’s master", under: &["etcdClientInfo"], endpoints: "urls", authority: "ca", certificate: "certFile", key: "keyFile", ..NONE },
    // Calico libcalico-go lib/apiconfig, EtcdConfig
    ClientForm { program: "Calico", endpoints: "etcdEndpoints", authority: "etcdCACertFile", certificate: "etcdCertFile", key: "etcdKeyFile", ..NONE },
    // Calico manifests/calico-etcd.yaml, ConfigMap calico-config
    ClientForm { program: "Calico", endpoints: "etcd_endpoints", authority: "etcd_ca", certificate: "etcd_cert", key: "etcd_key", ..NONE },
    // Calico cni-plugin pkg/types, NetConf
    ClientForm { program: "Calico", beside: &["etcd_ca_cert_file"], endpoints: "etcd_endpoints", authority: "etcd_ca_cert_file", certificate: "etcd_cert_file", key: "etcd_key_file", ..NONE },
    // etcd client/v3/yaml/config.go
    ClientForm { program: "Cilium", endpoints: "endpoints", authority: "trusted-ca-file", certificate: "cert-file", key: "key-file", unchecked: "insecure-skip-tls-verify", ..NONE },
    // etcd client/v3/yaml/config.go
    ClientForm { program: "Cilium", endpoints: "endpoints", authority: "ca-file", certificate: "cert-file", key: "key-file", unchecked: "insecure-skip-tls-verify", ..NONE },
    // K3s pkg/cli/cmds/server.go
    ClientForm { program: "K3s", endpoints: "datastore-endpoint", authority: "datastore-cafile", certificate: "datastore-certfile", key: "datastore-keyfile", ..NONE },
    // Patroni docs/yaml_configuration.rst, Etcd
    // Without a CA it checks nothing, and its certificate may have the key with it.
    ClientForm { program: "Patroni", under: &["etcd", "etcd3"], endpoints: "hosts", scheme: "protocol", authority: "cacert", certificate: "cert", key: "key", is_alike: false, ..NONE },
    // Patroni docs/yaml_configuration.rst, Etcd
    ClientForm { program: "Patroni", under: &["etcd", "etcd3"], endpoints: "host", scheme: "protocol", authority: "cacert", certificate: "cert", key: "key", is_alike: false, ..NONE },
    // APISIX conf/config.yaml.example, deployment.etcd
    // The CA stands elsewhere: apisix.ssl.ssl_trusted_certificate.
    ClientForm { program: "APISIX", under: &["etcd"], beside: &["prefix"], endpoints: "host", certificate: "tls.cert", key: "tls.key", checked: "tls.verify", is_alike: false, ..NONE },
    // RKE 1 docs, config-options/services/external-etcd
    ClientForm { program: "RKE", under: &["etcd"], beside: &["external_urls"], endpoints: "external_urls", authority: "ca_cert", certificate: "cert", key: "key", ..NONE },
    // Milvus configs/milvus.yaml, etcd.ssl
    // ssl.enabled says whether the files count.
    ClientForm { program: "Milvus", under: &["etcd"], endpoints: "endpoints", authority: "ssl.tlsCACert", certificate: "ssl.tlsCert", key: "ssl.tlsKey", is_alike: false, ..NONE },
    // Traefik docs, providers.etcd
    ClientForm { program: "Traefik", under: &["etcd"], endpoints: "endpoints", authority: "tls.ca", certificate: "tls.cert", key: "tls.key", unchecked: "tls.insecureSkipVerify", ..NONE },
    // M3 src/cluster/client/etcd/config.go
    ClientForm { program: "M3", beside: &["zone"], endpoints: "endpoints", authority: "tls.caCrtPath", certificate: "tls.crtPath", key: "tls.keyPath", ..NONE },
    // Prometheus docs/configuration/configuration.md, scrape_config
    // It asks for metrics, often at a port of their own.
    ClientForm { program: "Prometheus", beside: &["job_name", "scheme"], named: "job_name", endpoints: "static_configs.targets", scheme: "scheme", authority: "tls_config.ca_file", certificate: "tls_config.cert_file", key: "tls_config.key_file", unchecked: "tls_config.insecure_skip_verify", is_alike: false, ..NONE },
];

/// A program that is told it by variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientVariables {
    /// The program.
    pub program: &'static str,
    /// The URLs, with commas between them.
    pub endpoints: &'static str,
    /// The scheme of endpoints without one.
    pub scheme: &'static str,
    /// The CA, the client's certificate, its key.
    pub files: [&'static str; 3],
}

/// Those that are told it by variables.
#[rustfmt::skip]
pub static CLIENT_VARIABLES: &[ClientVariables] = &[
    // K3s pkg/cli/cmds/server.go
    ClientVariables { program: "K3s", endpoints: "K3S_DATASTORE_ENDPOINT", scheme: "", files: ["K3S_DATASTORE_CAFILE", "K3S_DATASTORE_CERTFILE", "K3S_DATASTORE_KEYFILE"] },
    // Calico libcalico-go lib/apiconfig, EtcdConfig
    ClientVariables { program: "Calico", endpoints: "ETCD_ENDPOINTS", scheme: "", files: ["ETCD_CA_CERT_FILE", "ETCD_CERT_FILE", "ETCD_KEY_FILE"] },
    // Patroni docs/ENVIRONMENT.rst, Etcdv3
    ClientVariables { program: "Patroni", endpoints: "PATRONI_ETCD3_HOSTS", scheme: "PATRONI_ETCD3_PROTOCOL", files: ["PATRONI_ETCD3_CACERT", "PATRONI_ETCD3_CERT", "PATRONI_ETCD3_KEY"] },
    ClientVariables { program: "Patroni", endpoints: "PATRONI_ETCD3_HOST", scheme: "PATRONI_ETCD3_PROTOCOL", files: ["PATRONI_ETCD3_CACERT", "PATRONI_ETCD3_CERT", "PATRONI_ETCD3_KEY"] },
    // Patroni docs/ENVIRONMENT.rst, Etcd
    ClientVariables { program: "Patroni", endpoints: "PATRONI_ETCD_HOSTS", scheme: "PATRONI_ETCD_PROTOCOL", files: ["PATRONI_ETCD_CACERT", "PATRONI_ETCD_CERT", "PATRONI_ETCD_KEY"] },
    ClientVariables { program: "Patroni", endpoints: "PATRONI_ETCD_HOST", scheme: "PATRONI_ETCD_PROTOCOL", files: ["PATRONI_ETCD_CACERT", "PATRONI_ETCD_CERT", "PATRONI_ETCD_KEY"] },
    // Stolon doc/commands/stolon-keeper.md, stolon-sentinel.md, stolon-proxy.md
    ClientVariables { program: "Stolon", endpoints: "STKEEPER_STORE_ENDPOINTS", scheme: "", files: ["STKEEPER_STORE_CA_FILE", "STKEEPER_STORE_CERT_FILE", "STKEEPER_STORE_KEY"] },
    ClientVariables { program: "Stolon", endpoints: "STSENTINEL_STORE_ENDPOINTS", scheme: "", files: ["STSENTINEL_STORE_CA_FILE", "STSENTINEL_STORE_CERT_FILE", "STSENTINEL_STORE_KEY"] },
    ClientVariables { program: "Stolon", endpoints: "STPROXY_STORE_ENDPOINTS", scheme: "", files: ["STPROXY_STORE_CA_FILE", "STPROXY_STORE_CERT_FILE", "STPROXY_STORE_KEY"] },
    // flannel main.go
    ClientVariables { program: "flannel", endpoints: "FLANNELD_ETCD_ENDPOINTS", scheme: "", files: ["FLANNELD_ETCD_CAFILE", "FLANNELD_ETCD_CERTFILE", "FLANNELD_ETCD_KEYFILE"] },
];

/// Whether a variable is one of them, and not one of etcd's own as well.
#[must_use]
pub fn is_variable(name: &str) -> bool {
    CLIENT_VARIABLES.iter().any(|row| {
        let told = [row.endpoints, row.scheme];
        let is_told = told.iter().chain(&row.files).any(|it| *it == name);
        let is_etcds = EtcdOption::ALL
            .iter()
            .any(|option| option.variable() == name);
        is_told && !name.is_empty() && !is_etcds
    })
}

/// Whether a program dials with its settings as etcdctl does with the same.
#[must_use]
pub fn is_alike(program: &str) -> bool {
    let mut forms = CLIENT_FORMS.iter().filter(|form| form.program == program);
    forms.all(|form| form.is_alike)
}

/// Those that stand line by line between braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BracedForm {
    /// The program.
    pub program: &'static str,
    /// The words of the line that opens the braces.
    pub opening: &'static [&'static str],
    /// The word before the URLs.
    pub endpoints: &'static str,
    /// Each word, and which files its values are, in their order.
    pub files: &'static [(&'static str, &'static [ClientFile])],
}

/// Which file of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientFile {
    /// The CA.
    Authority,
    /// The client's certificate.
    Certificate,
    /// Its key.
    Key,
}

use ClientFile::{Authority, Certificate, Key};

/// Vault's HCL, and `CoreDNS`' Corefile.
#[rustfmt::skip]
pub static BRACED_FORMS: &[BracedForm] = &[
    // Vault docs, storage etcd
    BracedForm { program: "Vault", opening: &["storage", "etcd"], endpoints: "address", files: &[("tls_ca_file", &[Authority]), ("tls_cert_file", &[Certificate]), ("tls_key_file", &[Key])] },
    // Vault docs, backend etcd
    BracedForm { program: "Vault", opening: &["backend", "etcd"], endpoints: "address", files: &[("tls_ca_file", &[Authority]), ("tls_cert_file", &[Certificate]), ("tls_key_file", &[Key])] },
    // CoreDNS plugin/etcd/README.md
    BracedForm { program: "CoreDNS", opening: &["etcd"], endpoints: "endpoint", files: &[("tls", &[Certificate, Key, Authority])] },
];

/// A program that is told it by flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientFlags {
    /// Its command.
    pub command: &'static str,
    /// The program.
    pub program: &'static str,
    /// As etcdctl has them: endpoints, CA, certificate, key.
    pub flags: [&'static str; 4],
}

/// Those that are told it by flags.
#[rustfmt::skip]
pub static CLIENT_FLAGS: &[ClientFlags] = &[
    // Kubernetes apiserver/pkg/server/options/etcd.go
    ClientFlags { command: "kube-apiserver", program: "kube-apiserver", flags: ["--etcd-servers", "--etcd-cafile", "--etcd-certfile", "--etcd-keyfile"] },
    // K3s pkg/cli/cmds/server.go
    ClientFlags { command: "k3s", program: "K3s", flags: ["--datastore-endpoint", "--datastore-cafile", "--datastore-certfile", "--datastore-keyfile"] },
    // flannel main.go
    ClientFlags { command: "flanneld", program: "flannel", flags: ["--etcd-endpoints", "--etcd-cafile", "--etcd-certfile", "--etcd-keyfile"] },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::etcd::facts::client_program;

    #[test]
    fn a_program_has_one_name_in_its_forms_and_in_its_words() {
        // Whose words nobody has recorded.
        let without_words = ["OpenShift’s master", "M3", "RKE"];
        let forms = CLIENT_FORMS.iter().map(|form| form.program);
        let braced = BRACED_FORMS.iter().map(|form| form.program);
        let by_flags = CLIENT_FLAGS.iter().map(|row| row.program);
        let by_variables = CLIENT_VARIABLES.iter().map(|row| row.program);
        let all = forms.chain(braced).chain(by_flags).chain(by_variables);
        let all: BTreeSet<&str> = all.collect();
        for program in all {
            let is_known = client_program::named(program).is_some();
            assert_eq!(is_known, !without_words.contains(&program), "{program}");
        }
    }
}
