//! The ways of running etcd that a plan can begin from. Each is a plan like any
//! other, to be changed afterwards.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::etcd::facts::kubeadm;

use super::{AuthorityPlan, AuthoritySource, IdentityPlan, MemberPlan, Plan};

/// What a plan is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// One etcd and its clients.
    #[default]
    Tutorial,
    /// Several members that find each other.
    Cluster,
    /// kubeadm's files and names, for control-plane nodes.
    Kubeadm,
    /// One more client of an etcd that runs already, from its CA.
    ClientOnly,
    /// A certificate for a CSR that was made elsewhere.
    SignCsr,
}

impl Preset {
    /// All presets, in the page's order.
    pub const ALL: [Self; 5] = [
        Self::Tutorial,
        Self::Cluster,
        Self::Kubeadm,
        Self::ClientOnly,
        Self::SignCsr,
    ];

    /// Whether the plan names members one by one.
    #[must_use]
    pub fn has_members(self) -> bool {
        matches!(self, Self::Cluster | Self::Kubeadm)
    }

    /// Whether the plan has a single server.
    #[must_use]
    pub fn has_server(self) -> bool {
        matches!(self, Self::Tutorial)
    }
}

impl fmt::Display for Preset {
    /// As it stands in a plan's text: `client_only`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Tutorial => "tutorial",
            Self::Cluster => "cluster",
            Self::Kubeadm => "kubeadm",
            Self::ClientOnly => "client_only",
            Self::SignCsr => "sign_csr",
        })
    }
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    /// Reads `client_only`, `client-only` or `Client only`; “sign a CSR” as
    /// well.
    fn from_str(text: &str) -> Result<Self, UnknownPreset> {
        let words: Vec<String> = text
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("a"))
            .map(str::to_lowercase)
            .collect();
        let name = words.join("_");
        Self::ALL
            .into_iter()
            .find(|preset| preset.to_string() == name)
            .ok_or_else(|| UnknownPreset(text.to_owned()))
    }
}

/// This text is no preset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no preset; there are tutorial, cluster, kubeadm, client-only and sign-csr")]
pub struct UnknownPreset(pub String);

/// Where etcd's own ports are on a machine with three members.
const CLUSTER_PORTS: [(&str, &str, &str); 3] = [
    ("m1", "22379", "22380"),
    ("m2", "22479", "22480"),
    ("m3", "22579", "22580"),
];

impl Plan {
    /// The plan that a preset begins from.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let plan = Self {
            preset,
            ..Self::default()
        };
        match preset {
            Preset::Tutorial => plan,
            Preset::Cluster => Self {
                authority: AuthorityPlan {
                    subject: "CN=etcd-cluster-CA".to_owned(),
                    ..AuthorityPlan::default()
                },
                directory: "/etc/etcd/pki".to_owned(),
                members: CLUSTER_PORTS
                    .iter()
                    .map(|(name, client_port, peer_port)| MemberPlan {
                        name: (*name).to_owned(),
                        client_port: (*client_port).to_owned(),
                        peer_port: (*peer_port).to_owned(),
                        ..MemberPlan::default()
                    })
                    .collect(),
                // With roles switched on, nobody but root can switch them off.
                clients: vec![client("root"), IdentityPlan::default()],
                ..plan
            },
            Preset::Kubeadm => Self {
                authority: AuthorityPlan {
                    subject: "CN=etcd-ca".to_owned(),
                    ..AuthorityPlan::default()
                },
                members: vec![MemberPlan {
                    name: "node1".to_owned(),
                    // Its own address, which nobody can guess: none is signed unasked.
                    hosts: String::new(),
                    data_directory: kubeadm::DATA.to_owned(),
                    ..MemberPlan::default()
                }],
                clients: vec![
                    kubeadm_client("etcd/healthcheck-client", "CN=kube-etcd-healthcheck-client"),
                    kubeadm_client("apiserver-etcd-client", "CN=kube-apiserver-etcd-client"),
                ],
                directory: kubeadm::CERTIFICATES.to_owned(),
                ..plan
            },
            Preset::ClientOnly | Preset::SignCsr => Self {
                authority: AuthorityPlan {
                    source: AuthoritySource::Bring,
                    ..AuthorityPlan::default()
                },
                ..plan
            },
        }
    }
}

impl Plan {
    /// The plan that a preset begins from, with an example of what it asks for: a
    /// kubeadm node's own address, of those that RFC 5737 keeps for documentation.
    #[must_use]
    pub fn example(preset: Preset) -> Self {
        let mut plan = Self::preset(preset);
        if let (Preset::Kubeadm, [node]) = (preset, plan.members.as_mut_slice()) {
            "192.0.2.10".clone_into(&mut node.hosts);
        }
        plan
    }
}

fn client(name: &str) -> IdentityPlan {
    IdentityPlan {
        name: name.to_owned(),
        subject: format!("CN={name}"),
        ..IdentityPlan::default()
    }
}

fn kubeadm_client(name: &str, subject: &str) -> IdentityPlan {
    IdentityPlan {
        name: name.to_owned(),
        subject: subject.to_owned(),
        days: "365".to_owned(),
        ..IdentityPlan::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_read_in_the_spellings_that_people_use() {
        for preset in Preset::ALL {
            assert_eq!(preset.to_string().parse(), Ok(preset));
        }
        for (text, preset) in [
            ("client-only", Preset::ClientOnly),
            ("client only", Preset::ClientOnly),
            ("Client Only", Preset::ClientOnly),
            ("sign a CSR", Preset::SignCsr),
            ("sign-csr", Preset::SignCsr),
            ("Cluster", Preset::Cluster),
        ] {
            assert_eq!(text.parse(), Ok(preset), "{text}");
        }
        assert!("clusters".parse::<Preset>().is_err());
    }

    #[test]
    fn the_tutorial_is_the_default_plan() {
        assert_eq!(Plan::preset(Preset::Tutorial), Plan::default());
    }
}
