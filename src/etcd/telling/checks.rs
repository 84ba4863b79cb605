//! The checks between two command lines, in the order in which etcd and etcdctl
//! make them, with what came of each: what a passed set is sealed with, and how
//! far a refused one came. It reads a verdict and decides nothing.

use serde::{Deserialize, Serialize};

use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::judge::{Case, Finding, Stage, Verdict};

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Came {
    /// It was passed.
    Passed,
    /// It decided against the set.
    Failed,
    /// It was not reached.
    NotReached,
    /// Nobody makes it, because of a flag, or of one that is missing.
    NotMade,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Who checks what: `etcd’s start`.
    pub title: String,
    /// What came of it.
    pub came: Came,
    /// What is checked, with the files' names.
    pub sentence: String,
    /// The rules that it stands for.
    pub rules: Vec<Rule>,
}

/// A path's last part, which is how people call a file.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Files as people list them: `a`, `a and b`, `a, b and c`.
fn names(paths: &[&str]) -> String {
    let names: Vec<&str> = paths
        .iter()
        .filter(|path| !path.is_empty())
        .map(|path| name(path))
        .collect();
    match names.as_slice() {
        [] => "no file".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The steps in which checks are made.
const STAGES: [Stage; 9] = [
    Stage::EtcdStart,
    Stage::EtcdctlStart,
    Stage::Connection,
    Stage::ServerCheck,
    Stage::ClientCheck,
    Stage::AllowedHostnames,
    Stage::PeerAddress,
    Stage::RevocationList,
    Stage::Authorization,
];

/// The one check of a proxy.
fn of_proxy(finding: &Finding) -> Check {
    let check = Check {
        title: "the proxy’s start".to_owned(),
        came: Came::Passed,
        sentence: "Its files can be read and used, and its certificate has no common name."
            .to_owned(),
        rules: vec![Rule::ProxyWithoutCommonName],
    };
    match finding.verdict {
        Verdict::Accepted => check,
        _ => check.failed(),
    }
}

/// The checks of a case, with what the finding says of each.
#[must_use]
pub fn checks(case: &Case<'_>, finding: &Finding) -> Vec<Check> {
    if Proxy::of(&case.etcd.line).is_some() {
        return vec![of_proxy(finding)];
    }
    let server = case.server().cloned().unwrap_or_default();
    let client = case.client().cloned().unwrap_or_default();
    let decided = match finding.verdict {
        Verdict::Accepted => None,
        _ => Some(finding.stage),
    };
    STAGES
        .into_iter()
        .filter_map(|stage| {
            let made = expected(stage, case, &server, &client);
            if decided == Some(stage) {
                // What was refused was checked, whether or not it was expected.
                let made = made.filter(|check| check.came != Came::NotMade);
                return Some(made.unwrap_or_else(|| unexpected(finding)).failed());
            }
            let check = made?;
            let reached = decided.is_none_or(|decided| stage < decided);
            Some(match check.came {
                Came::Passed if !reached => Check {
                    came: Came::NotReached,
                    ..check
                },
                _ => check,
            })
        })
        .collect()
}

/// The check that the settings of both sides lead to at a stage.
fn expected(
    stage: Stage,
    case: &Case<'_>,
    server: &ServerConfiguration,
    client: &ClientConfiguration,
) -> Option<Check> {
    if stage == Stage::EtcdStart {
        return Some(start(server));
    }
    case.etcdctl.as_ref()?;
    let settings = &server.client;
    let certificate = name(&client.cert_file);
    match stage {
        Stage::EtcdctlStart => Some(client_start(client)),
        Stage::Connection => Some(connection(client)),
        Stage::ServerCheck => Some(server_check(server, client)),
        Stage::ClientCheck => Some(client_check(server, client)),
        Stage::AllowedHostnames if !settings.allowed_hostnames.is_empty() => {
            let allowed = settings.allowed_hostnames.join(", ");
            let sentence = format!("{certificate} has one of the names {allowed}.");
            Some(check(title(stage), sentence, &[Rule::AllowedHostname]))
        }
        Stage::RevocationList if !settings.crl_file.is_empty() => {
            let list = name(&settings.crl_file);
            let sentence = format!("{list} does not list the serial number of {certificate}.");
            let rules = [Rule::CrlExists, Rule::CrlReadable, Rule::NotRevoked];
            Some(check(title(stage), sentence, &rules))
        }
        Stage::Authorization if case.users.is_some() => {
            let sentence = format!("The common name of {certificate} is a user of etcd.");
            Some(check(title(stage), sentence, &[Rule::CommonNameIsUser]))
        }
        _ => None,
    }
}

/// The check that nobody expected and that decided: what its rule demands.
fn unexpected(finding: &Finding) -> Check {
    let rule = finding.rule;
    check(title(finding.stage), rule.sentence().to_owned(), &[rule])
}

/// What a stage's check is called.
const fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::EtcdStart => "etcd’s start",
        Stage::EtcdctlStart => "etcdctl’s start",
        Stage::Connection => "The connection",
        Stage::ServerCheck => "etcdctl’s check of the server",
        Stage::ClientCheck => "etcd’s check of the client",
        Stage::AllowedHostnames => "The allowed host names",
        Stage::PeerAddress => "The peer’s address",
        Stage::RevocationList => "The CRL",
        Stage::Authorization => "The user",
        Stage::Done => "Everything",
    }
}

impl Check {
    fn failed(self) -> Self {
        Self {
            came: Came::Failed,
            ..self
        }
    }
}

fn check(title: &str, sentence: String, rules: &[Rule]) -> Check {
    Check {
        title: title.to_owned(),
        came: Came::Passed,
        sentence,
        rules: rules.to_vec(),
    }
}

fn not_made(title: &str, sentence: &str) -> Check {
    Check {
        came: Came::NotMade,
        ..check(title, sentence.to_owned(), &[])
    }
}

fn start(server: &ServerConfiguration) -> Check {
    let settings = &server.client;
    let files = names(&[
        &settings.cert_file,
        &settings.key_file,
        &settings.trusted_ca_file,
    ]);
    check(
        title(Stage::EtcdStart),
        format!("etcd knows its flags and reads {files}; the key belongs to the certificate."),
        &[
            Rule::KnownFlag,
            Rule::FileExists,
            Rule::Pem,
            Rule::KeyReadable,
            Rule::KeyFitsCertificate,
            Rule::TrustAnchorsAreCertificates,
        ],
    )
}

fn client_start(client: &ClientConfiguration) -> Check {
    let files = names(&[&client.ca_file, &client.cert_file, &client.key_file]);
    check(
        title(Stage::EtcdctlStart),
        format!("etcdctl knows its flags and reads {files}."),
        &[
            Rule::KnownFlagOfEtcdctl,
            Rule::FileExists,
            Rule::Pem,
            Rule::KeyFitsCertificate,
        ],
    )
}

fn connection(client: &ClientConfiguration) -> Check {
    let (address, _) = client.first_address();
    check(
        title(Stage::Connection),
        format!("etcd listens at {address}, and both sides speak TLS."),
        &[
            Rule::SomethingListens,
            Rule::TlsEndpoint,
            Rule::CommonTlsVersion,
        ],
    )
}

fn server_check(server: &ServerConfiguration, client: &ClientConfiguration) -> Check {
    const TITLE: &str = title(Stage::ServerCheck);
    if client.skip_verification {
        return not_made(
            TITLE,
            "Not made, because of --insecure-skip-tls-verify: anybody may answer.",
        );
    }
    let (_, host) = client.first_address();
    let certificate = name(&server.client.cert_file);
    let trusted = match client.ca_file.as_str() {
        "" => "the system’s CAs",
        file => name(file),
    };
    check(
        TITLE,
        format!(
            "{certificate} leads to {trusted}, each certificate on the way is valid now, {host} is among its SANs, and it may be used by servers."
        ),
        &[
            Rule::ValidityBegins,
            Rule::ValidityEnds,
            Rule::AddressSan,
            Rule::HostSan,
            Rule::ServerCaKnown,
            Rule::IssuerCanSign,
            Rule::PathLength,
            Rule::UsageServer,
            Rule::NameConstraints,
        ],
    )
}

fn client_check(server: &ServerConfiguration, client: &ClientConfiguration) -> Check {
    const TITLE: &str = title(Stage::ClientCheck);
    let settings = &server.client;
    if settings.trusted_ca_file.is_empty() && !settings.client_cert_auth {
        return not_made(
            TITLE,
            "Not made: neither --trusted-ca-file nor --client-cert-auth asks for a certificate.",
        );
    }
    let trusted = match settings.trusted_ca_file.as_str() {
        "" => "the system’s CAs",
        file => name(file),
    };
    let sentence = if client.cert_file.is_empty() {
        format!("The client shows a certificate that leads to {trusted}.")
    } else {
        let certificate = name(&client.cert_file);
        format!(
            "{certificate} leads to {trusted}, each certificate on the way is valid now, and it may be used by clients."
        )
    };
    check(
        TITLE,
        sentence,
        &[
            Rule::ClientCertificateRequired,
            Rule::ValidityBegins,
            Rule::ValidityEnds,
            Rule::ClientCaKnown,
            Rule::IssuerCanSign,
            Rule::PathLength,
            Rule::UsageClient,
            Rule::NameConstraints,
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::etcd::facts::release::EtcdBuild;
    use crate::etcd::judge::Question;

    /// What comes of the checks of two lines that are in order, if `change` turns
    /// the finding into a refusal.
    fn came(client: &str, change: impl FnOnce(&mut Finding)) -> Vec<(String, Came)> {
        let build = EtcdBuild::parse("3.5.16").unwrap();
        let files = BTreeMap::new();
        let case = Case::read(&Question::new(
            "etcd",
            client,
            &files,
            build,
            Timestamp::UNIX_EPOCH,
        ))
        .unwrap();
        let mut finding = case.judge().unwrap();
        assert_eq!(finding.verdict, Verdict::Accepted);
        change(&mut finding);
        let checks = checks(&case, &finding).into_iter();
        checks.map(|check| (check.title, check.came)).collect()
    }

    #[test]
    fn a_refusal_at_a_step_that_nobody_expected_is_the_check_that_failed() {
        for stage in STAGES {
            for client in [
                "etcdctl put k v",
                "etcdctl --insecure-skip-tls-verify put k v",
            ] {
                let came = came(client, |finding| {
                    finding.verdict = Verdict::Refused;
                    finding.stage = stage;
                });
                let failed: Vec<&str> = came
                    .iter()
                    .filter(|(_, came)| *came == Came::Failed)
                    .map(|(title, _)| title.as_str())
                    .collect();
                assert_eq!(failed, [title(stage)], "{client}");
                let behind = came.iter().skip_while(|(_, came)| *came != Came::Failed);
                let passed = behind.filter(|(_, came)| *came == Came::Passed).count();
                assert_eq!(passed, 0, "{client}: {came:?}");
            }
        }
    }

    #[test]
    fn what_is_not_set_up_is_no_check() {
        let came = came("etcdctl put k v", |_| {});
        let titles: Vec<&str> = came.iter().map(|(title, _)| title.as_str()).collect();
        let wanted: Vec<&str> = STAGES.into_iter().take(5).map(title).collect();
        assert_eq!(titles, wanted);
    }
}
