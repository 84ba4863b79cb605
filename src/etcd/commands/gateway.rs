//! Asking etcd with curl, over its JSON gateway, and for its health. etcd's
//! gateway answers under `/v3` from 3.4 on and wants keys and values in base64.

use super::Document;
use crate::etcd::{
    command::Command,
    deployment::{Client, Deployment},
};

/// A call of curl with the CA that it trusts and the certificate that it shows:
/// curl's own flags, some of which etcdctl has too.
pub(crate) fn as_client(curl: Command, authority: &str, certificate: &str, key: &str) -> Command {
    curl.option("--cacert", authority)
        .option("--cert", &before_passphrase(certificate))
        .option("--key", key)
}

/// A path as curl's `--cert` takes it: a colon would begin a passphrase, so that and
/// the backslash stand behind a backslash (`GetFileAndPassword` and
/// `parse_cert_parameter` in curl's `src/tool_getparam.c`).
fn before_passphrase(path: &str) -> String {
    path.replace('\\', r"\\").replace(':', r"\:")
}

/// `put` and `range` over the gateway, and `/health`, as one client. Nothing is
/// written into kubeadm's etcd: it is Kubernetes' own store.
///
/// With roles switched on, the gateway refuses every certificate that has a
/// common name: it hands the name of the user on without a token.
#[must_use]
pub fn curl(deployment: &Deployment, client: &Client) -> Vec<Document> {
    let Some(endpoint) = deployment.endpoints.first() else {
        return Vec::new();
    };
    let curl = |path: &str| {
        let curl = Command::new("curl --silent --show-error");
        as_client(
            curl,
            &deployment.server_ca,
            &client.certificate,
            &client.key,
        )
        .word(&format!("{endpoint}{path}"))
    };
    let document =
        |id: &str, title: &str, command: Command| Document::command(id, title, command.to_string());
    let health = document("command-health", "Ask for its health", curl("/health"));
    if deployment.kubeadm {
        // How many keys there are; none of them is shown.
        let count = curl("/v3/kv/range").plain(
            r#"--data "{\"key\": \"$(printf '\0' | base64)\", \"range_end\": \"$(printf '\0' | base64)\", \"count_only\": true}""#,
        );
        let count = document(
            "command-gateway-get",
            "Count its keys over the gateway",
            count,
        );
        return vec![count, health];
    }
    vec![
        document(
            "command-gateway-put",
            "Write over the gateway",
            curl("/v3/kv/put").plain(
                r#"--data "{\"key\": \"$(printf testclient | base64)\", \"value\": \"$(printf data | base64)\"}""#,
            ),
        ),
        document(
            "command-gateway-get",
            "Read over the gateway",
            curl("/v3/kv/range")
                .plain(r#"--data "{\"key\": \"$(printf testclient | base64)\"}""#),
        ),
        health,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_in_a_path_begins_no_passphrase() {
        assert_eq!(before_passphrase("/srv/a b.crt"), "/srv/a b.crt");
        assert_eq!(before_passphrase("/srv/a:b.crt"), r"/srv/a\:b.crt");
        assert_eq!(before_passphrase(r"/srv/a\b.crt"), r"/srv/a\\b.crt");
        assert_eq!(before_passphrase(r"/srv/a\:b.crt"), r"/srv/a\\\:b.crt");
    }
}
