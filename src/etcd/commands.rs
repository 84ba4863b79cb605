//! The commands that go with a plan: unpacking its files, the openssl lines
//! that would make the same, starting etcd, and asking it with etcdctl. Only
//! text is made here; nothing is run.

use crate::{
    etcd::{
        command::{Command, quote},
        plan::{AuthorityRequest, CheckedIdentity, CheckedPlan, Requested, Role},
    },
    pki::name::openssl_spelling,
};

/// The commands of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commands {
    /// Makes the folder and unpacks the archive into it.
    pub unpack: String,
    /// The openssl lines, one step for each file family.
    pub openssl: Vec<OpensslStep>,
    /// Starts etcd.
    pub etcd: String,
    /// Asks etcd, checking its certificate against the CA: the way to do it.
    pub verified: EtcdctlCommands,
    /// Asks etcd without checking its certificate, as the tutorial does.
    pub unverified: EtcdctlCommands,
}

/// The openssl lines that make one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpensslStep {
    /// The stem of the files that they make: `ca`, `etcd`, `client`.
    pub stem: String,
    /// The lines.
    pub script: String,
}

/// etcdctl without a client certificate, and with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtcdctlCommands {
    /// Without a certificate: must fail.
    pub without_certificate: String,
    /// With the certificate: for each client its stem, `put` and `get`.
    pub clients: Vec<ClientCommands>,
}

/// What one client runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCommands {
    /// The stem of the client's files.
    pub stem: String,
    /// Writes a key. Prints `OK`.
    pub put: String,
    /// Reads it. Prints `testclient` and `data`.
    pub get: String,
}

/// How etcdctl treats the server's certificate.
#[derive(Clone, Copy)]
enum ServerCheck {
    /// `--cacert`: etcd must show a certificate of this CA for this host.
    Authority,
    /// `--insecure-skip-tls-verify`: anybody may answer.
    Skipped,
}

/// Writes the commands of a plan. `archive` is the name of the tar file.
#[must_use]
pub fn commands(plan: &CheckedPlan, archive: &str) -> Commands {
    Commands {
        unpack: unpack(plan, archive),
        openssl: openssl(plan),
        etcd: etcd(plan).to_string(),
        verified: etcdctl(plan, ServerCheck::Authority),
        unverified: etcdctl(plan, ServerCheck::Skipped),
    }
}

fn unpack(plan: &CheckedPlan, archive: &str) -> String {
    let directory = plan.directory.as_str();
    let make = Command::new("mkdir -p -m 700").word(directory);
    let extract = Command::new("tar")
        .option("-xpf", archive)
        .option("-C", directory);
    format!("{make}\n{extract}")
}

fn etcd(plan: &CheckedPlan) -> Command {
    let deployment = plan.deployment("");
    let Some(member) = deployment.members.first() else {
        return Command::new("true");
    };
    Command::new("etcd")
        .assign("--cert-file", &member.client_tls.certificate)
        .assign("--key-file", &member.client_tls.key)
        .assign(
            "--advertise-client-urls",
            &member.advertise_client_urls.join(","),
        )
        .plain("--client-cert-auth")
        .assign("--trusted-ca-file", &member.client_tls.trusted_ca)
        .assign("--listen-client-urls", &member.listen_client_urls.join(","))
}

fn etcdctl(plan: &CheckedPlan, check: ServerCheck) -> EtcdctlCommands {
    let base = || {
        let command = Command::new("ETCDCTL_API=3 etcdctl").assign("--endpoints", &plan.endpoint());
        match check {
            ServerCheck::Authority => command.assign("--cacert", &plan.directory.join("ca.crt")),
            ServerCheck::Skipped => command
                .plain("--insecure-skip-tls-verify")
                .plain("--insecure-transport=false"),
        }
    };
    let clients = plan
        .identities
        .iter()
        .filter(|identity| identity.role == Role::Client)
        .take(20);
    let clients = clients.map(|client| {
        let stem = client.name.as_str();
        let with = || {
            base()
                .option("--cert", &plan.directory.join(&format!("{stem}.crt")))
                .option("--key", &plan.directory.join(&format!("{stem}.key")))
        };
        ClientCommands {
            stem: stem.to_owned(),
            put: with().plain("put testclient data").to_string(),
            get: with().plain("get testclient").to_string(),
        }
    });
    EtcdctlCommands {
        without_certificate: base().plain("put testclient data").to_string(),
        clients: clients.collect(),
    }
}

/// The openssl lines. Extensions go through `-extfile`: without it `openssl
/// x509 -req` ignores `-extensions`, drops the CSR's names and makes a version
/// 1 certificate.
fn openssl(plan: &CheckedPlan) -> Vec<OpensslStep> {
    let mut steps = Vec::new();
    let mut enter = Some(format!("cd {}\n", quote(plan.directory.as_str())));
    let mut push = |stem: &str, lines: Vec<String>| {
        steps.push(OpensslStep {
            stem: stem.to_owned(),
            script: enter.take().unwrap_or_default() + &lines.join("\n"),
        });
    };
    if let Some(authority) = plan
        .authorities
        .first()
        .and_then(|authority| authority.request.as_ref())
    {
        push("ca", openssl_authority(authority));
    }
    for identity in plan.identities.iter().take(20) {
        push(identity.name.as_str(), openssl_identity(identity));
    }
    steps
}

fn openssl_authority(authority: &AuthorityRequest) -> Vec<String> {
    let subject = authority.subject.to_openssl();
    vec![
        generate_key("ca"),
        request("ca", &subject, None),
        extension_file(
            "ca",
            &[
                "basicConstraints=critical,CA:TRUE",
                "keyUsage=critical,keyCertSign,cRLSign",
            ],
        ),
        Command::new("openssl x509 -req -sha256")
            .option("-in", "ca.csr")
            .option("-signkey", "ca.key")
            .option("-extfile", "ca.ext")
            .option("-days", &authority.days.to_string())
            .option("-out", "ca.crt")
            .to_string(),
    ]
}

fn openssl_identity(identity: &CheckedIdentity) -> Vec<String> {
    let stem = identity.name.as_str();
    let names = (!identity.names.is_empty()).then(|| {
        let names: Vec<String> = identity.names.iter().map(ToString::to_string).collect();
        format!("subjectAltName={}", names.join(","))
    });
    let mut lines = Vec::new();
    let enciphers_keys = match &identity.request {
        Requested::Subject(subject, _) => {
            lines.push(generate_key(stem));
            lines.push(request(stem, &subject.to_openssl(), names.as_deref()));
            true
        }
        Requested::Csr(request) => {
            lines.push(format!(
                "# {} for {} is already there",
                comment(&format!("{stem}.csr")),
                comment(&openssl_spelling(request.subject()))
            ));
            request.public_key().enciphers_keys()
        }
    };
    let key_usage = if enciphers_keys {
        "keyUsage=critical,digitalSignature,keyEncipherment"
    } else {
        "keyUsage=critical,digitalSignature"
    };
    let purposes = format!(
        "extendedKeyUsage={}",
        identity.role.usage().openssl_spelling()
    );
    let mut extensions = vec!["basicConstraints=critical,CA:FALSE", key_usage, &purposes];
    extensions.extend(names.as_deref());
    lines.push(extension_file(stem, &extensions));
    lines.push(
        Command::new("openssl x509 -req -sha256")
            .option("-in", &format!("{stem}.csr"))
            .option("-CA", "ca.crt")
            .option("-CAkey", "ca.key")
            .plain("-CAcreateserial")
            .option("-extfile", &format!("{stem}.ext"))
            .option("-days", &identity.days.to_string())
            .option("-out", &format!("{stem}.crt"))
            .to_string(),
    );
    lines
}

fn generate_key(stem: &str) -> String {
    Command::new("openssl genrsa")
        .option("-out", &format!("{stem}.key"))
        .plain("2048")
        .to_string()
}

fn request(stem: &str, subject: &str, names: Option<&str>) -> String {
    let command = Command::new("openssl req -new -sha256 -utf8")
        .option("-key", &format!("{stem}.key"))
        .option("-subj", subject);
    let command = match names {
        Some(names) => command.option("-addext", names),
        None => command,
    };
    command.option("-out", &format!("{stem}.csr")).to_string()
}

/// Writes an extension file. The key identifiers come last, and are the same
/// for all.
fn extension_file(stem: &str, extensions: &[&str]) -> String {
    let mut command = Command::new("printf '%s\\n'");
    for extension in extensions {
        command = command.word(extension);
    }
    command
        .word("subjectKeyIdentifier=hash")
        .word("authorityKeyIdentifier=keyid:always")
        .option(">", &format!("{stem}.ext"))
        .to_string()
}

/// Text for a shell comment: a line break would end the comment.
fn comment(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::plan::Plan;

    fn tutorial() -> Commands {
        let plan = Plan::default()
            .check(None, "2026-11-23T10:00:00Z".parse().unwrap())
            .unwrap();
        commands(&plan, "KUBERNETES-CA.tar")
    }

    #[test]
    fn the_default_plans_etcd_line_is_the_tutorials() {
        assert_eq!(
            tutorial().etcd.replace(" \\\n  ", " "),
            "etcd --cert-file=/root/certificates/etcd.crt --key-file=/root/certificates/etcd.key \
             --advertise-client-urls=https://127.0.0.1:2379 --client-cert-auth \
             --trusted-ca-file=/root/certificates/ca.crt --listen-client-urls=https://127.0.0.1:2379"
        );
    }

    #[test]
    fn the_default_plans_etcdctl_lines_are_the_tutorials() {
        let unverified = tutorial().unverified;
        let one_line = |script: &str| script.replace(" \\\n  ", " ");
        assert_eq!(
            one_line(&unverified.without_certificate),
            "ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --insecure-skip-tls-verify \
             --insecure-transport=false put testclient data"
        );
        assert_eq!(
            one_line(&unverified.clients[0].get),
            "ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --insecure-skip-tls-verify \
             --insecure-transport=false --cert /root/certificates/client.crt \
             --key /root/certificates/client.key get testclient"
        );
    }
}
