//! etcd as a static pod: a manifest in the shape of kubeadm's, which the kubelet
//! runs from its own folder. No API server is asked. For kubeadm's own node it is what
//! kubeadm of that etcd's release writes (`cmd/kubeadm/app/phases/etcd/local.go` and
//! `util/staticpod/utils.go`).

use crate::etcd::facts::{
    kubeadm::{self, Kubeadm},
    option::EtcdOption,
    release::Series,
};
use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Document, Form, FormDocuments, Language, WrittenMember,
    options::{Value, options, words},
    volumes, yaml,
};
use crate::etcd::{command::Command, deployment::Deployment};

/// Where the kubelet looks for manifests, as kubeadm sets it up.
const MANIFEST: &str = "/etc/kubernetes/manifests";

/// Where a member answers probes: on a port of its own, if others run on the
/// same machine.
fn metrics_urls(written: &WrittenMember<'_>) -> Vec<String> {
    if written.member.metrics_urls.is_empty() {
        let port =
            usize::from(kubeadm::METRICS_PORT) + if written.alone { 0 } else { written.index };
        vec![format!("http://127.0.0.1:{port}")]
    } else {
        written.member.metrics_urls.clone()
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<ContainerPort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    readiness_probe: Option<Probe>,
    resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    startup_probe: Option<Probe>,
    volume_mounts: Vec<VolumeMount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_dir: Option<String>,
}

#[derive(Serialize)]
struct ContainerPort {
    #[serde(rename = "containerPort")]
    number: u16,
    name: &'static str,
    protocol: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    failure_threshold: u32,
    http_get: HttpGet,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_delay_seconds: Option<u32>,
    period_seconds: u32,
    timeout_seconds: u32,
}

#[derive(Serialize)]
struct HttpGet {
    host: String,
    path: &'static str,
    port: Port,
    scheme: &'static str,
}

/// A port by its number, or by its name in the container.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
enum Port {
    Number(u16),
    Name(&'static str),
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

/// The name that kubeadm gives the port of the probes since 1.34.
const PROBE_PORT: &str = "probe-port";

/// What probes ask of etcd, and at which pace: kubeadm's own of the release that
/// brings this etcd.
struct Probes {
    liveness: Probe,
    readiness: Option<Probe>,
    startup: Probe,
}

impl Probes {
    /// Probes on the port that asks for no certificate. kubeadm's etcd 3.4 knew one
    /// path and had no probe of its readiness.
    fn new(host: &str, port: Port, has_one_path: bool) -> Self {
        let probe = |path, delay, failure_threshold, period_seconds| Probe {
            failure_threshold,
            http_get: HttpGet {
                host: host.to_owned(),
                path,
                port,
                scheme: "HTTP",
            },
            initial_delay_seconds: delay,
            period_seconds,
            timeout_seconds: 15,
        };
        let (alive, ready) = if has_one_path {
            ("/health", "/health")
        } else {
            ("/livez", "/readyz")
        };
        Self {
            liveness: probe(alive, Some(10), 8, 10),
            readiness: (!has_one_path).then(|| probe(ready, None, 3, 1)),
            startup: probe(ready, Some(10), 24, 10),
        }
    }
}

/// The host and port of a metrics URL that the kubelet can ask without TLS.
fn plain_address(url: &str) -> Option<(&str, u16)> {
    let (host, port) = url.strip_prefix("http://")?.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host, port.trim_end_matches('/').parse().ok()?))
}

/// The container's words. kubeadm sorts the flags and gives each a value
/// (`ArgumentsToCommand` in its `app/util/arguments.go`).
fn command(deployment: &Deployment, options: &[(EtcdOption, Value)]) -> Vec<String> {
    if !deployment.kubeadm {
        return words(options).iter().map(|text| word(text)).collect();
    }
    let flag = |(option, value): &(EtcdOption, Value)| {
        word(&format!("{}={}", option.flag(), value.text()))
    };
    let mut sorted: Vec<_> = options.iter().collect();
    sorted.sort_by_key(|(option, _)| option.name());
    let flags = sorted.into_iter().map(flag);
    std::iter::once("etcd".to_owned()).chain(flags).collect()
}

/// The image: kubeadm's own on its nodes, else that of etcd's project.
fn image(deployment: &Deployment) -> String {
    let of_project = || deployment.series.image();
    let kubeadm = Kubeadm::with(deployment.series).filter(|_| deployment.kubeadm);
    kubeadm.map_or_else(of_project, Kubeadm::image)
}

fn pod(deployment: &Deployment, written: &WrittenMember<'_>) -> Pod {
    let mut options = options(deployment, written.member);
    let metrics_urls = metrics_urls(written);
    if written.member.metrics_urls.is_empty() {
        options.push((
            EtcdOption::ListenMetricsUrls,
            Value::Text(metrics_urls.join(",")),
        ));
    }
    let (kubeadm, series) = (deployment.kubeadm, deployment.series);
    let asked_at = metrics_urls.iter().find_map(|url| plain_address(url));
    let has_named_port = kubeadm && series >= Series::V3_6;
    let probes = asked_at.map(|(host, number)| {
        let port = if has_named_port {
            Port::Name(PROBE_PORT)
        } else {
            Port::Number(number)
        };
        Probes::new(host, port, kubeadm && series == Series::V3_4)
    });
    let (liveness_probe, readiness_probe, startup_probe) = match probes {
        Some(probes) => (
            Some(probes.liveness),
            probes.readiness,
            Some(probes.startup),
        ),
        None => (None, None, None),
    };
    let ports = asked_at
        .filter(|_| has_named_port)
        .map(|(_, number)| ContainerPort {
            number,
            name: PROBE_PORT,
            protocol: "TCP",
        });
    let volumes = volumes::of(written.member, &written.stem);
    let mut mounts: Vec<VolumeMount> = volumes
        .all()
        .map(|volume| VolumeMount {
            mount_path: volume.path.clone(),
            name: volume.name.clone(),
            read_only: volume.read_only && !kubeadm,
        })
        .collect();
    if kubeadm {
        // Its data first.
        mounts.sort_by(|one, other| other.name.cmp(&one.name));
    }
    let advertised = written.member.advertise_client_urls.join(",");
    Pod {
        api_version: "v1",
        kind: "Pod",
        metadata: Metadata {
            annotations: BTreeMap::from([(
                "kubeadm.kubernetes.io/etcd.advertise-client-urls",
                advertised,
            )]),
            labels: BTreeMap::from([("component", "etcd"), ("tier", "control-plane")]),
            name: written.object_name(),
            namespace: "kube-system",
        },
        spec: PodSpec {
            containers: [Container {
                command: command(deployment, &options),
                image: image(deployment),
                image_pull_policy: "IfNotPresent",
                liveness_probe,
                name: "etcd",
                ports: ports.into_iter().collect(),
                readiness_probe,
                resources: Resources {
                    requests: BTreeMap::from([("cpu", "100m"), ("memory", "100Mi")]),
                },
                startup_probe,
                volume_mounts: mounts,
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
                        r#type: if volume.read_only && !kubeadm {
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

/// Which kubeadm brings which etcd of the series, for whoever has another.
fn note_on_images(series: Series) -> Option<String> {
    let brings: Vec<String> = Kubeadm::all_with(series)
        .map(|row| format!("{} brings {}", row.release, row.tag))
        .collect();
    let newest = Kubeadm::with(series)?;
    Some(format!(
        "The manifest is what kubeadm {} writes itself. Of this series of etcd, kubeadm {}. An etcd of one’s own is at least {} from 1.34 on.",
        newest.release,
        brings.join(", "),
        kubeadm::OLDEST_OF_ONES_OWN,
    ))
}

/// kubeadm's own phases, the CA's first, which say of each file that they found it and
/// leave it as it is; then when each ends. No phase needs the CA's key for that
/// (`cmd/kubeadm/app/phases/certs/certs.go`, `CreateCertAndKeyFilesWithCA`).
fn found_by_kubeadm(written: &WrittenMember<'_>) -> Document {
    let folder = written.member.directory.as_str();
    let line = |words: &str| {
        let command = Command::new(&format!("kubeadm {words}"));
        command.assign("--cert-dir", folder).to_string()
    };
    let phases = [
        "etcd-ca",
        "etcd-server",
        "etcd-peer",
        "etcd-healthcheck-client",
        "apiserver-etcd-client",
    ];
    let mut lines: Vec<String> = phases
        .iter()
        .map(|phase| line(&format!("init phase certs {phase}")))
        .collect();
    lines.push(line("certs check-expiration"));
    Document::command(
        written.id("command-kubeadm"),
        written.title("Before kubeadm init: kubeadm finds each file, and leaves it"),
        lines.join("\n"),
    )
}

/// A manifest for each member, and the line that hands it to the kubelet.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let mut documents = Vec::new();
    for written in WrittenMember::all(deployment) {
        let name = format!("{}-pod.yaml", written.stem);
        // Whoever runs kubeadm init needs no more than this.
        if deployment.kubeadm {
            documents.push(found_by_kubeadm(&written));
        }
        documents.push(written.file(
            "file-etcd-pod",
            &name,
            Language::Yaml,
            yaml::document(&pod(deployment, &written)),
        ));
        documents.push(
            written.start(
                if deployment.kubeadm {
                    "Only without kubeadm init, which writes it itself: hand it to the kubelet"
                } else {
                    "Hand it to the kubelet"
                },
                Command::new("install -m 600")
                    .word(&written.on_machine(&name))
                    .word(&format!("{MANIFEST}/{}.yaml", written.stem))
                    .to_string(),
            ),
        );
    }
    let mut notes = vec![
        "The probes ask on a metrics port of loopback: the kubelet has no certificate to show."
            .to_owned(),
    ];
    if deployment.kubeadm {
        notes.extend(note_on_images(deployment.series));
    }
    FormDocuments {
        form: Form::StaticPod,
        documents,
        notes,
    }
}

#[cfg(test)]
mod tests {
    use saphyr::{LoadableYamlNode as _, Yaml};

    use super::*;
    use crate::etcd::plan::{Plan, Preset};

    /// What `kubeadm init phase etcd local --dry-run` of 1.37.2 wrote for a node1 at
    /// 192.0.2.10.
    const KUBEADMS: &str = include_str!("../../../tests/fixtures/kubeadm-1.37.2-etcd.yaml");

    #[test]
    fn the_pod_of_a_kubeadm_node_is_what_kubeadm_writes() {
        let plan = Plan::example(Preset::Kubeadm);
        let checked = plan.check(None, jiff::Timestamp::UNIX_EPOCH).unwrap();
        let deployment = checked.deployment("kubeadm.tar");
        let written = &WrittenMember::all(&deployment)[0];
        let text = yaml::document(&pod(&deployment, written));
        let read = |text| Yaml::load_from_str(text).unwrap().remove(0);
        let (ours, theirs) = (read(text.as_str()), read(KUBEADMS));
        for part in ["apiVersion", "kind", "metadata", "spec"] {
            assert_eq!(ours[part], theirs[part], "{part}");
        }
    }

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
