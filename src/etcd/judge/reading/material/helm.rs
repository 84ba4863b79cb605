//! Values of the usual Helm chart of etcd, `auth.client` and `auth.peer` (bitnami's
//! `etcd/values.yaml`, and what its `templates/statefulset.yaml` makes of them), as
//! the flags that etcd is run with in the pod.

use super::Coat;
use super::page::Page;
use super::reader::Reader;
use super::shell::Call;
use super::tree::Item;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;

/// Where the chart's image has the certificates of each port.
const FOLDER: &str = "/opt/bitnami/etcd/certs";

/// One of etcd's two ports, in the chart's words and in etcd's.
struct ChartPort {
    key: &'static str,
    prefix: &'static str,
    urls: [EtcdOption; 2],
    number: u16,
}

const PORTS: [ChartPort; 2] = [
    ChartPort {
        key: "client",
        prefix: "",
        urls: [
            EtcdOption::ListenClientUrls,
            EtcdOption::AdvertiseClientUrls,
        ],
        number: port::CLIENT,
    },
    ChartPort {
        key: "peer",
        prefix: "peer-",
        urls: [
            EtcdOption::ListenPeerUrls,
            EtcdOption::InitialAdvertisePeerUrls,
        ],
        number: port::PEER,
    },
];

impl ChartPort {
    /// The flags that the chart gives etcd for it.
    fn flags(&self, values: &Item) -> Vec<String> {
        let is_true = |key: &str| {
            let text = values.get(key).and_then(Item::text);
            text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
        };
        let file = |key: &str, usual: &str| {
            let name = values.get(key).and_then(Item::text).unwrap_or_default();
            let name = if name.is_empty() { usual } else { name };
            format!("{FOLDER}/{}/{name}", self.key)
        };
        let secure = is_true("secureTransport");
        let scheme = if secure { "https" } else { "http" };
        let (prefix, port) = (self.prefix, self.number);
        let [listens, advertises] = self.urls.map(EtcdOption::flag);
        let mut flags = vec![
            format!("{listens}={scheme}://0.0.0.0:{port}"),
            format!("{advertises}={scheme}://127.0.0.1:{port}"),
        ];
        if self.key == "peer" {
            let cluster = EtcdOption::InitialCluster.flag();
            flags.push(format!("{cluster}=default={scheme}://127.0.0.1:{port}"));
        }
        if !secure {
            return flags;
        }
        if is_true("useAutoTLS") {
            flags.push(format!("--{prefix}auto-tls=true"));
        } else {
            let (certificate, key) = (
                file("certFilename", "cert.pem"),
                file("certKeyFilename", "key.pem"),
            );
            flags.push(format!("--{prefix}cert-file={certificate}"));
            flags.push(format!("--{prefix}key-file={key}"));
        }
        if is_true("enableAuthentication") {
            let authority = file("caFilename", "ca.crt");
            flags.push(format!("--{prefix}client-cert-auth=true"));
            flags.push(format!("--{prefix}trusted-ca-file={authority}"));
        }
        flags
    }
}

impl Reader {
    /// The values of `auth`, if these are some.
    pub(super) fn helm(&mut self, page: &mut Page, item: &Item) -> bool {
        let Some(auth) = item.get("auth") else {
            return false;
        };
        let given: Vec<(&ChartPort, &Item)> = PORTS
            .iter()
            .filter_map(|port| Some((port, auth.get(port.key)?)))
            .filter(|(_, values)| values.get("secureTransport").is_some())
            .collect();
        if given.is_empty() {
            return false;
        }
        let flags = given.iter().flat_map(|(port, values)| port.flags(values));
        let call = Call::etcd(flags.collect());
        let lines = auth.lines.clone();
        page.take(&lines);
        self.call(page, &lines, call, Coat::Helm, None)
    }
}
