//! Who may do what: etcd's users are the common names of client certificates,
//! and each gets a role for the keys below its own name. The order is the one
//! that works: everything first, `auth enable` last.

use std::collections::BTreeSet;
use std::fmt;

use super::{Document, etcdctl::with_variables};
use crate::etcd::{
    command::quote,
    deployment::{Client, Deployment},
};

/// etcd's own name for who may do everything.
const ROOT: &str = "root";

/// The lines that switch roles on, and those that show what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Makes users and roles and switches authentication on, as root.
    pub enable: Document,
    /// For the first client: a write that must succeed, one that must fail.
    pub show: Vec<Document>,
    /// Switches authentication off again, as root.
    pub disable: Document,
}

/// Why roles must not be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolesError {
    /// No client certificate has the common name root: nobody could ever switch
    /// authentication off again.
    NoRootCertificate,
    /// No other client certificate has a common name: there is nobody to give a
    /// role.
    NoUser,
}

impl fmt::Display for RolesError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoRootCertificate => {
                "none of the clients is root, and only root can switch roles off again; add a client with the subject CN=root first"
            }
            Self::NoUser => {
                "no client but root has a common name, so there is nobody to give a role; add a client with a subject such as CN=client"
            }
        })
    }
}

/// Writes the lines.
///
/// # Errors
///
/// If a certificate is missing without which roles lock everybody out.
pub fn roles(deployment: &Deployment) -> Result<Roles, RolesError> {
    let root = deployment
        .clients
        .iter()
        .find(|client| client.common_name.as_deref() == Some(ROOT))
        .ok_or(RolesError::NoRootCertificate)?;
    let mut seen = BTreeSet::from([ROOT]);
    let users: Vec<(&Client, &str)> = deployment
        .clients
        .iter()
        .filter_map(|client| Some((client, client.common_name.as_deref()?)))
        .filter(|(_, name)| !name.is_empty() && seen.insert(name))
        .collect();
    let Some((first, first_name)) = users.first() else {
        return Err(RolesError::NoUser);
    };
    let mut enable = vec![
        etcdctl("user add --no-password", &[ROOT]),
        etcdctl("role add", &[ROOT]),
        etcdctl("user grant-role", &[ROOT, ROOT]),
    ];
    for (_, name) in &users {
        enable.extend([
            etcdctl("user add --no-password", &[name]),
            etcdctl("role add", &[name]),
            etcdctl(
                "role grant-permission --prefix",
                &[name, "readwrite", &prefix(name)],
            ),
            etcdctl("user grant-role", &[name, name]),
        ]);
    }
    enable.push(etcdctl("auth enable", &[]));
    let document = |id: &str, title: &str, client: &Client, lines: &[String]| {
        Document::command(
            id,
            title,
            with_variables(deployment, client, &lines.join("\n")),
        )
    };
    let own = format!("{}greeting", prefix(first_name));
    // kubeadm's etcd is Kubernetes' own store, which is only read.
    let tried = |key: &str| {
        if deployment.kubeadm {
            etcdctl("get", &[key])
        } else {
            etcdctl("put", &[key, "hello"])
        }
    };
    Ok(Roles {
        enable: document("command-roles", "Switch roles on, as root", root, &enable),
        show: vec![
            document(
                "command-roles-allowed",
                "Below its own prefix: this must succeed",
                first,
                &[tried(&own)],
            ),
            document(
                "command-roles-denied",
                "Anywhere else: this must fail",
                first,
                &[tried("elsewhere")],
            ),
        ],
        disable: document(
            "command-roles-off",
            "Switch roles off again, as root",
            root,
            &[etcdctl("auth disable", &[])],
        ),
    })
}

/// The keys that are a user's own.
fn prefix(name: &str) -> String {
    format!("/{name}/")
}

/// A line of etcdctl; whatever begins with a hyphen is no flag.
fn etcdctl(command: &str, arguments: &[&str]) -> String {
    let mut words = vec![format!("etcdctl {command}")];
    if arguments.iter().any(|argument| argument.starts_with('-')) {
        words.push("--".to_owned());
    }
    words.extend(arguments.iter().map(|argument| quote(argument)));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::commands::examples;

    #[test]
    fn nobody_is_locked_out() {
        assert_eq!(
            roles(&examples::tutorial()),
            Err(RolesError::NoRootCertificate)
        );
        let mut only_root = examples::cluster();
        only_root
            .clients
            .retain(|client| client.common_name.as_deref() == Some(ROOT));
        assert_eq!(roles(&only_root), Err(RolesError::NoUser));
    }

    #[test]
    fn authentication_is_switched_on_last_and_by_root() {
        let roles = roles(&examples::cluster()).unwrap();
        let text = roles.enable.text;
        assert!(text.contains("ETCDCTL_CERT=/etc/etcd/pki/root.crt"));
        assert!(text.ends_with("etcdctl auth enable\n)"));
        assert!(
            text.contains("etcdctl role grant-permission --prefix client readwrite /client/\n")
        );
    }
}
