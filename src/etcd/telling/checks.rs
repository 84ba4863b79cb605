//! The checks between two command lines, in the order in which etcd and etcdctl
//! make them, with what came of each: what a passed set is sealed with, and how
//! far a refused one came. It reads a verdict and decides nothing.

use serde::{Deserialize, Serialize};

use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use crate::etcd::judge::{Answer, Files, Question, Step, Verdict};

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

/// The checks of a question, with what its answer says of each.
#[must_use]
pub fn checks(question: &Question<'_>, answer: &Answer) -> Vec<Check> {
    let server = CommandLine::parse(question.server, "etcd")
        .ok()
        .and_then(|line| {
            let files = Files(question.files);
            let read = |path: &str| files.open(path).map(<[u8]>::to_vec);
            ServerConfiguration::read(&line, &read, &question.server_build).ok()
        })
        .unwrap_or_default();
    let client = CommandLine::parse(question.client, "etcdctl")
        .ok()
        .and_then(|line| ClientConfiguration::read(&line, &question.client_build).ok())
        .unwrap_or_default();
    let mut steps = vec![(Step::EtcdStart, start(&server))];
    if !question.client.trim().is_empty() {
        steps.push((Step::EtcdctlStart, client_start(&client)));
        steps.push((Step::Connection, connection(&client)));
        steps.push((Step::ServerCheck, server_check(&server, &client)));
        steps.push((Step::ClientCheck, client_check(&server, &client)));
        steps.extend(after_handshake(question, &server, &client));
    }
    let decided = match answer.verdict {
        Verdict::Accepted => None,
        _ => steps.iter().position(|(step, _)| *step == answer.step),
    };
    steps
        .into_iter()
        .enumerate()
        .map(|(place, (_, mut check))| {
            check.came = match (check.came, decided) {
                (Came::NotMade, _) => Came::NotMade,
                (_, Some(decided)) if place == decided => Came::Failed,
                (_, Some(decided)) if place > decided => Came::NotReached,
                _ => Came::Passed,
            };
            check
        })
        .collect()
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
        "etcd’s start",
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
        "etcdctl’s start",
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
        "The connection",
        format!("etcd listens at {address}, and both sides speak TLS."),
        &[
            Rule::SomethingListens,
            Rule::TlsEndpoint,
            Rule::CommonTlsVersion,
        ],
    )
}

fn server_check(server: &ServerConfiguration, client: &ClientConfiguration) -> Check {
    const TITLE: &str = "etcdctl’s check of the server";
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
    const TITLE: &str = "etcd’s check of the client";
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

/// What only some set-ups check.
fn after_handshake(
    question: &Question<'_>,
    server: &ServerConfiguration,
    client: &ClientConfiguration,
) -> Vec<(Step, Check)> {
    let settings = &server.client;
    let certificate = name(&client.cert_file);
    let mut steps = Vec::new();
    if !settings.allowed_hostnames.is_empty() {
        let allowed = settings.allowed_hostnames.join(", ");
        let sentence = format!("{certificate} has one of the names {allowed}.");
        let check = check("The allowed host names", sentence, &[Rule::AllowedHostname]);
        steps.push((Step::AllowedHostnames, check));
    }
    if !settings.crl_file.is_empty() {
        let list = name(&settings.crl_file);
        let sentence = format!("{list} does not list the serial number of {certificate}.");
        let check = check(
            "The CRL",
            sentence,
            &[Rule::CrlExists, Rule::CrlReadable, Rule::NotRevoked],
        );
        steps.push((Step::RevocationList, check));
    }
    if question.users.is_some() {
        let sentence = format!("The common name of {certificate} is a user of etcd.");
        let check = check("The user", sentence, &[Rule::CommonNameIsUser]);
        steps.push((Step::Authorization, check));
    }
    steps
}
