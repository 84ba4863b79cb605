//! What those who install etcd are told in names of their own, as the flags that they
//! run it with: kubeadm's configuration, and Ansible's variables. Helm's values have a
//! file of their own.

use std::ops::Range;

use super::container::hull;
use super::page::Page;
use super::reader::Reader;
use super::shell::Call;
use super::tree::{Item, Node};
use super::{Caveat, Coat, Oversight, flags};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::{kubeadm, port};
use EtcdOption as O;

/// The kinds of kubeadm's documents that have one.
const KUBEADM_KINDS: [&str; 2] = ["ClusterConfiguration", "MasterConfiguration"];

/// What kubeadm's `etcd` has.
const KUBEADM_KEYS: [&str; 2] = ["local", "external"];

impl Reader {
    /// kubeadm's `ClusterConfiguration`: etcd runs with kubeadm's own flags and
    /// those of `extraArgs` (kubernetes, `cmd/kubeadm/app/phases/etcd/local.go`,
    /// `getEtcdCommand`).
    pub(super) fn kubeadm(&mut self, page: &mut Page, item: &Item) -> bool {
        let etcd = item.get("etcd");
        let keys = etcd.map(Item::pairs).unwrap_or_default().iter();
        let is_kubeadm = ["apiVersion", "kind"].iter().any(|key| {
            let text = item.get(key).and_then(Item::text).unwrap_or_default();
            text.starts_with("kubeadm.k8s.io/") || KUBEADM_KINDS.contains(&text)
        });
        let keys = keys.filter(|_| is_kubeadm);
        let strange = keys.filter_map(|(key, value)| {
            let is_close = |it: &&&str| {
                key != **it && key.to_ascii_lowercase().contains(**it) && !value.pairs().is_empty()
            };
            let like = *KUBEADM_KEYS.iter().find(is_close)?;
            let key = key.clone();
            Some(Oversight::KubeadmKey { key, like })
        });
        self.material.oversights.extend(strange);
        let Some(local) = etcd.and_then(|etcd| etcd.get("local")) else {
            return false;
        };
        let extra = local.get("extraArgs");
        let mut given: Vec<(String, String)> = Vec::new();
        if let Some(extra) = extra {
            for (name, value) in extra.pairs() {
                given.push((name.clone(), value.text().unwrap_or_default().to_owned()));
            }
            for pair in extra.list() {
                let text = |key: &str| pair.get(key).and_then(Item::text).unwrap_or_default();
                given.push((text("name").to_owned(), text("value").to_owned()));
            }
        }
        let folder = item
            .get("certificatesDir")
            .and_then(Item::text)
            .unwrap_or(kubeadm::CERTIFICATES);
        let data = local.get("dataDir").and_then(Item::text);
        let in_folder = |name: &str| format!("{folder}/etcd/{name}");
        let client = format!("https://127.0.0.1:{}", port::CLIENT);
        let usual = [
            (O::AdvertiseClientUrls, client.clone()),
            (O::CertificateFile, in_folder("server.crt")),
            (O::ClientCertificateAuthentication, "true".to_owned()),
            (O::DataDirectory, data.unwrap_or(kubeadm::DATA).to_owned()),
            (O::KeyFile, in_folder("server.key")),
            (O::ListenClientUrls, client),
            (
                O::ListenMetricsUrls,
                format!("http://127.0.0.1:{}", kubeadm::METRICS_PORT),
            ),
            (O::PeerCertificateFile, in_folder("peer.crt")),
            (O::PeerClientCertificateAuthentication, "true".to_owned()),
            (O::PeerKeyFile, in_folder("peer.key")),
            (O::PeerTrustedCaFile, in_folder("ca.crt")),
            (O::SnapshotCount, kubeadm::SNAPSHOT_COUNT.to_string()),
            (O::TrustedCaFile, in_folder("ca.crt")),
        ];
        let is_given = |option: EtcdOption| given.iter().any(|(name, _)| name == option.name());
        let usual = usual.into_iter().filter(|(option, _)| !is_given(*option));
        let usual = usual.map(|(option, value)| format!("{}={value}", option.flag()));
        let extra = given
            .iter()
            .map(|(name, value)| format!("--{name}={value}"));
        let call = Call::etcd(usual.chain(extra).collect());
        let lines = local.lines.clone();
        page.take(&lines);
        self.call(
            page,
            &lines,
            call,
            Coat::Kubeadm,
            Some(Caveat::KubeadmDefaults),
        )
    }

    /// Ansible's variables with the names of etcd's flags: `etcd_cert_file`.
    pub(super) fn ansible_variables(&mut self, page: &mut Page, item: &Item) -> bool {
        let mut arguments = Vec::new();
        let mut lines: Vec<&Range<usize>> = Vec::new();
        for (key, value) in item.pairs() {
            let Some(name) = key.strip_prefix("etcd_") else {
                continue;
            };
            let name = name.replace('_', "-");
            let name = match name.as_str() {
                "ca-file" => O::TrustedCaFile.name(),
                "peer-ca-file" => O::PeerTrustedCaFile.name(),
                name => name,
            };
            let text = match &value.node {
                Node::Text(text) => text.clone(),
                Node::List(items) => items
                    .iter()
                    .filter_map(Item::text)
                    .collect::<Vec<_>>()
                    .join(","),
                _ => continue,
            };
            // YAML 1.1 of Ansible has more words for true and false than Go.
            let text = match text.as_str() {
                "yes" | "Yes" | "on" | "True" => "true".to_owned(),
                "no" | "No" | "off" | "False" => "false".to_owned(),
                _ => text,
            };
            if flags::is_one(name) && name != "version" {
                arguments.push(format!("--{name}={text}"));
                lines.push(&value.lines);
            }
        }
        let tells = |argument: &String| argument.contains("-file=") || argument.contains("-urls=");
        if arguments.len() < 2 || !arguments.iter().any(tells) {
            return false;
        }
        let call = Call::etcd(arguments);
        let Some(all) = hull(&lines) else {
            return false;
        };
        for lines in lines {
            page.take(lines);
        }
        self.call(page, &all, call, Coat::Ansible, None)
    }
}
