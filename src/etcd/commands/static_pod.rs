//! etcd as a static pod: a manifest in the shape of kubeadm's, which the kubelet
//! runs from its own folder. No API server is asked.

use crate::etcd::facts::option::EtcdOption;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Form, FormDocuments, Language, Place,
    options::{Value, options, words},
    volumes, yaml,
};
use crate::etcd::{command::Command, deployment::Deployment};

/// Where the kubelet looks for manifests, as kubeadm sets it up.
const MANIFEST: &str = "/etc/kubernetes/manifests";

/// The port of loopback where kubeadm has etcd answer probes. The kubelet has no
/// certificate to show on the client port.
const METRICS_PORT: usize = 2381;

/// Where a member answers probes: on a port of its own, if others run on the
/// same machine.
fn metrics_urls(place: &Place<'_>) -> Vec<String> {
    if place.member.metrics_urls.is_empty() {
        let port = METRICS_PORT + if place.alone { 0 } else { place.index };
        vec![format!("http://127.0.0.1:{port}")]
    } else {
        place.member.metrics_urls.clone()
    }
}

/// The variables of Kubernetes' own types that a manifest of this kind sets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pod {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: PodSpec,
}

#[derive(Serialize)]
struct Metadata {
    annotations: BTreeMap<&'static str, String>,
    labels: BTreeMap<&'static str, &'static str>,
    name: String,
    namespace: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PodSpec {
    containers: [Container; 1],
    host_network: bool,
    priority: u32,
    priority_class_name: &'static str,
    security_context: SecurityContext,
    volumes: Vec<Volume>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    command: Vec<String>,
    image: String,
    image_pull_policy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness_probe: Option<Probe>,
    name: &'static str,
    resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    startup_probe: Option<Probe>,
    volume_mounts: Vec<VolumeMount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_dir: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    failure_threshold: u32,
    http_get: HttpGet,
    initial_delay_seconds: u32,
    period_seconds: u32,
    timeout_seconds: u32,
}

#[derive(Serialize)]
struct HttpGet {
    host: String,
    path: &'static str,
    port: u16,
    scheme: &'static str,
}

#[derive(Serialize)]
struct Resources {
    requests: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecurityContext {
    seccomp_profile: SeccompProfile,
}

#[derive(Serialize)]
struct SeccompProfile {
    r#type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VolumeMount {
    mount_path: String,
    name: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    read_only: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    host_path: HostPath,
    name: String,
}

#[derive(Serialize)]
struct HostPath {
    path: String,
    r#type: &'static str,
}

/// A `$` that Kubernetes must leave alone: `$$` is one `$`, whatever follows.
/// (`$(NAME)` would be a variable.)
fn word(word: &str) -> String {
    word.replace('$', "$$")
}

/// A probe on the port that asks for no certificate. The pace is kubeadm's.
fn probe(host: &str, port: u16, path: &'static str, failure_threshold: u32) -> Probe {
    Probe {
        failure_threshold,
        http_get: HttpGet {
            host: host.to_owned(),
            path,
            port,
            scheme: "HTTP",
        },
        initial_delay_seconds: 10,
        period_seconds: 10,
        timeout_seconds: 15,
    }
}

/// The host and port of a metrics URL that the kubelet can ask without TLS.
fn plain_address(url: &str) -> Option<(&str, u16)> {
    let (host, port) = url.strip_prefix("http://")?.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host, port.trim_end_matches('/').parse().ok()?))
}

fn pod(deployment: &Deployment, place: &Place<'_>) -> Pod {
    let mut options = options(deployment, place.member);
    let metrics_urls = metrics_urls(place);
    if place.member.metrics_urls.is_empty() {
        options.push((
            EtcdOption::ListenMetricsUrls,
            Value::Text(metrics_urls.join(",")),
        ));
    }
    let probed = metrics_urls.iter().find_map(|url| plain_address(url));
    let volumes = volumes::of(place.member, &place.stem);
    let advertised = place.member.advertise_client_urls.join(",");
    Pod {
        api_version: "v1",
        kind: "Pod",
        metadata: Metadata {
            annotations: BTreeMap::from([(
                "kubeadm.kubernetes.io/etcd.advertise-client-urls",
                advertised,
            )]),
            labels: BTreeMap::from([("component", "etcd"), ("tier", "control-plane")]),
            name: place.object_name(),
            namespace: "kube-system",
        },
        spec: PodSpec {
            containers: [Container {
                command: words(&options).iter().map(|text| word(text)).collect(),
                image: deployment.series.image(),
                image_pull_policy: "IfNotPresent",
                liveness_probe: probed.map(|(host, port)| {
                    probe(host, port, "/health?exclude=NOSPACE&serializable=true", 8)
                }),
                name: "etcd",
                resources: Resources {
                    requests: BTreeMap::from([("cpu", "100m"), ("memory", "100Mi")]),
                },
                startup_probe: probed
                    .map(|(host, port)| probe(host, port, "/health?serializable=false", 24)),
                volume_mounts: volumes
                    .all()
                    .map(|volume| VolumeMount {
                        mount_path: volume.path.clone(),
                        name: volume.name.clone(),
                        read_only: volume.read_only,
                    })
                    .collect(),
                working_dir: volumes.working_directory.clone(),
            }],
            host_network: true,
            priority: 2_000_001_000,
            priority_class_name: "system-node-critical",
            security_context: SecurityContext {
                seccomp_profile: SeccompProfile {
                    r#type: "RuntimeDefault",
                },
            },
            volumes: volumes
                .all()
                .map(|volume| Volume {
                    host_path: HostPath {
                        path: volume.path.clone(),
                        r#type: if volume.read_only {
                            "Directory"
                        } else {
                            "DirectoryOrCreate"
                        },
                    },
                    name: volume.name.clone(),
                })
                .collect(),
        },
    }
}

/// A manifest for each member, and the line that hands it to the kubelet.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let mut documents = Vec::new();
    for place in Place::all(deployment) {
        let name = format!("{}-pod.yaml", place.stem);
        documents.push(place.file(
            "file-etcd-pod",
            &name,
            Language::Yaml,
            yaml::document(&pod(deployment, &place)),
        ));
        documents.push(
            place.start(
                "Hand it to the kubelet",
                Command::new("install -m 600")
                    .word(&place.on_machine(&name))
                    .word(&format!("{MANIFEST}/{}.yaml", place.stem))
                    .to_string(),
            ),
        );
    }
    FormDocuments {
        form: Form::StaticPod,
        documents,
        notes: vec![
            "The probes ask on a metrics port of loopback: the kubelet has no certificate to show."
                .to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_sign_is_not_a_variable_of_kubernetes() {
        assert_eq!(word("--name=$(HOME)$x"), "--name=$$(HOME)$$x");
    }

    #[test]
    fn probes_ask_where_metrics_are_plain() {
        assert_eq!(
            plain_address("http://127.0.0.1:2381"),
            Some(("127.0.0.1", 2381))
        );
        assert_eq!(plain_address("http://[::1]:2381/"), Some(("::1", 2381)));
        assert_eq!(plain_address("https://127.0.0.1:2381"), None);
    }
}
