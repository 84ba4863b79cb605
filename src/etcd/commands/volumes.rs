//! The folders that a container must see to be the same server as the process:
//! those of the certificates and keys, at the same paths, and one for the data.

use crate::etcd::deployment::{Member, Tls};

/// A folder of the machine at the same path in the container.
pub(super) struct Folder {
    /// `etcd-certs`, `etcd-data`.
    pub name: String,
    /// Its path, on both sides.
    pub path: String,
    /// Whether etcd only reads there.
    pub read_only: bool,
}

/// What one member's container sees.
pub(super) struct Volumes {
    certificates: Vec<Folder>,
    data: Folder,
    /// Where etcd is to be started, so that data without a place of its own
    /// comes to lie in the data's folder.
    pub working_directory: Option<String>,
}

impl Volumes {
    /// The folders of certificates first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Folder> {
        self.certificates.iter().chain([&self.data])
    }
}

/// The folders of a member; `stem` tells its data from another member's on the
/// same machine.
pub(super) fn of(member: &Member, stem: &str) -> Volumes {
    let ports = std::iter::once(&member.client_tls).chain(member.peer.iter().map(|peer| &peer.tls));
    let mut folders: Vec<&str> = ports
        .flat_map(
            |Tls {
                 certificate,
                 key,
                 trusted_ca,
                 revocation_list,
             }| {
                [certificate, key, trusted_ca]
                    .into_iter()
                    .chain(revocation_list)
            },
        )
        .filter_map(|file| file.rsplit_once('/'))
        .map(|(folder, _)| if folder.is_empty() { "/" } else { folder })
        .collect();
    folders.sort_unstable();
    folders.dedup();
    let within: Vec<&str> = folders
        .iter()
        .filter(|folder| {
            !folders
                .iter()
                .any(|outer| folder.starts_with(&format!("{}/", outer.trim_end_matches('/'))))
        })
        .copied()
        .collect();
    let certificates = within.iter().enumerate().map(|(index, folder)| Folder {
        name: match index {
            0 => "etcd-certs".to_owned(),
            more => format!("etcd-certs-{more}"),
        },
        path: (*folder).to_owned(),
        read_only: true,
    });
    let absolute = member
        .data_directory
        .as_ref()
        .filter(|directory| directory.starts_with('/'));
    let working_directory = absolute.is_none().then(|| format!("/var/lib/{stem}"));
    let path = absolute.or(working_directory.as_ref()).cloned();
    Volumes {
        certificates: certificates.collect(),
        data: Folder {
            name: "etcd-data".to_owned(),
            path: path.unwrap_or_default(),
            read_only: false,
        },
        working_directory,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::commands::examples;

    #[test]
    fn a_folder_within_another_is_not_seen_twice() {
        let mut member = examples::kubeadm().members[0].clone();
        let paths = |member: &Member| -> Vec<String> {
            of(member, "etcd")
                .all()
                .map(|folder| folder.path.clone())
                .collect()
        };
        assert_eq!(
            paths(&member),
            ["/etc/kubernetes/pki/etcd", "/var/lib/etcd"]
        );
        member.client_tls.revocation_list = Some("/etc/kubernetes/pki/ca.crl".to_owned());
        member.data_directory = None;
        assert_eq!(paths(&member), ["/etc/kubernetes/pki", "/var/lib/etcd"]);
        assert_eq!(
            of(&member, "etcd").working_directory.as_deref(),
            Some("/var/lib/etcd")
        );
    }
}
