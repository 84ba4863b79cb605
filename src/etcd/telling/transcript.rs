//! A verdict as a terminal shows it: what etcdctl prints and what etcd logs, in
//! the lines of their version. The words are the verdict's; here they get the
//! form around them: JSON since 3.5, plain lines before. Times are those of the
//! question; ports that a system chooses and numbers that a program makes up
//! are examples. Measured with real builds.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::etcd::facts::release::{BalancerWording, EtcdBuild};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::case::Etcdctl;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::reading::server_configuration::ConfigurationError;
use crate::etcd::judge::{Case, Finding, Stage, Verdict, phrase};
use crate::etcd::telling::last_words;
use go_x509::address;
use go_x509::quote::quote;

/// What both terminals show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// What etcdctl prints, standard error included: any one of these, as a
    /// race decides, the telling one first. Empty when nothing was asked.
    pub etcdctl: Vec<String>,
    /// The status that etcdctl ends with.
    pub status: u8,
    /// The lines of etcd's log that the question leads to, each kind once:
    /// etcdctl tries again until its time is over, and each try is logged.
    /// Empty when etcd has nothing to complain of.
    pub etcd: String,
}

/// How long etcdctl tries: its `--command-timeout`, unless it is told another.
const PATIENCE: SignedDuration = SignedDuration::from_secs(5);

/// The client's own end of a connection: a port that a system could have chosen.
const CLIENT: &str = "127.0.0.1:45942";

/// The client's own end at a Unix socket, which has no name.
const CLIENT_OF_SOCKET: &str = "@";

/// Shows a finding. `stored` is what earlier commands wrote: keys and values.
#[must_use]
pub fn transcript(case: &Case<'_>, finding: &Finding, stored: &[(String, String)]) -> Transcript {
    let asked = case.etcdctl.as_ref();
    let asked = asked.filter(|_| finding.verdict != Verdict::ServerStartFailed);
    // What the proxy answers is not judged.
    let asked = asked.filter(|_| Proxy::of(&case.etcd.line).is_none());
    let (etcdctl, status) = asked.map_or((Vec::new(), 0), |etcdctl| {
        of_etcdctl(case, etcdctl, finding, stored)
    });
    Transcript {
        etcdctl,
        status,
        etcd: etcd(case, finding),
    }
}

/// The address that etcdctl dials first.
fn address_of(etcdctl: &Etcdctl) -> String {
    let client = etcdctl.configuration.as_ref();
    client
        .map(|client| client.first_address().0)
        .unwrap_or_default()
}

/// The client's own end of its connection, as both sides name it.
fn own_end(client: Option<&ClientConfiguration>) -> &'static str {
    match client.and_then(ClientConfiguration::socket) {
        Some(_) => CLIENT_OF_SOCKET,
        None => CLIENT,
    }
}

fn caller(file: &str, line: Option<u16>) -> String {
    line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
}

/// A time as zap writes it: milliseconds up to 3.5.1, microseconds later.
fn stamp(build: &EtcdBuild, time: Timestamp) -> String {
    if build.logs_milliseconds() {
        time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    } else {
        time.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }
}

/// One line of a JSON log; the fields are written in this order.
#[derive(Serialize)]
struct Line<'a> {
    level: &'a str,
    ts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    logger: Option<&'a str>,
    caller: String,
    msg: &'a str,
    #[serde(
        rename = "environment-variable",
        skip_serializing_if = "Option::is_none"
    )]
    variable: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u8>,
    #[serde(rename = "remote-addr", skip_serializing_if = "Option::is_none")]
    remote: Option<String>,
    #[serde(rename = "server-name", skip_serializing_if = "Option::is_none")]
    server_name: Option<&'a str>,
    #[serde(rename = "ip-addresses", skip_serializing_if = "Option::is_none")]
    addresses: Option<&'a [String]>,
    #[serde(rename = "dns-names", skip_serializing_if = "Option::is_none")]
    names: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(level: &'a str, ts: String, caller: String, msg: &'a str) -> Self {
        Self {
            level,
            ts,
            logger: None,
            caller,
            msg,
            variable: None,
            target: None,
            peer: None,
            method: None,
            attempt: None,
            remote: None,
            server_name: None,
            addresses: None,
            names: None,
            error: None,
        }
    }

    fn error(self, text: &'a str) -> Self {
        Self {
            error: Some(text),
            ..self
        }
    }

    fn write(&self) -> String {
        // Texts, numbers and lists: JSON always can hold them.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn of_etcdctl(
    case: &Case<'_>,
    etcdctl: &Etcdctl,
    finding: &Finding,
    stored: &[(String, String)],
) -> (Vec<String>, u8) {
    let client = case.client();
    let command = command(client);
    let build = &etcdctl.build;
    match finding.stage {
        Stage::Done => (vec![reply(&command, client, stored)], 0),
        // `ExitBadArgs`, or cobra's own for a flag that it doesn't know.
        Stage::EtcdctlStart => {
            let status = match &finding.cause {
                Some(Cause::ClientConfiguration(_)) => 1,
                _ => 128,
            };
            let words = finding.dialer.iter().map(|text| format!("Error: {text}"));
            (words.collect(), status)
        }
        Stage::Authorization => {
            let text = finding.dialer.first().map_or("", String::as_str);
            let code = match text {
                "etcdserver: permission denied" => "PermissionDenied",
                _ => "InvalidArgument",
            };
            let logs_in = finding.rule == Rule::UserAndPassword;
            let method = if logs_in {
                Some("/etcdserverpb.Auth/Authenticate")
            } else {
                method(&command)
            };
            let (last, status) = if logs_in {
                let given = client.map_or("", ClientConfiguration::first_endpoint);
                last_words::when_not_logged_in(&command, given, text)
            } else {
                last_words::when_denied(&command, text, build)
            };
            let error = format!("rpc error: code = {code} desc = {text}");
            let line = retry(case, etcdctl, case.now, method, true, &error);
            (vec![format!("{line}\n{last}")], status)
        }
        _ if finding.dialer.iter().any(|text| text == phrase::NOT_GRPC) => {
            let line = retry(
                case,
                etcdctl,
                case.now,
                method(&command),
                true,
                phrase::NOT_GRPC,
            );
            (vec![format!("{line}\nError: {}", phrase::NOT_GRPC)], 1)
        }
        _ => {
            let late = case.now.saturating_add(PATIENCE).unwrap_or(case.now);
            let endpoint = address_of(etcdctl);
            let given = client.map_or("", ClientConfiguration::first_endpoint);
            let last = last_words::when_late(&command, given, build);
            let own_end = own_end(client);
            let lines = finding.dialer.iter().map(|text| {
                let error = balancer_error(&etcdctl.build, own_end, &endpoint, text);
                let line = retry(case, etcdctl, late, method(&command), false, &error);
                format!("{line}\n{last}")
            });
            (lines.collect(), 1)
        }
    }
}

/// The words of etcdctl's command.
fn command(client: Option<&ClientConfiguration>) -> Vec<&str> {
    let words = client.map_or(&[] as &[String], |client| &client.command);
    words.iter().map(String::as_str).collect()
}

/// What a command that was let in prints.
fn reply(
    words: &[&str],
    client: Option<&ClientConfiguration>,
    stored: &[(String, String)],
) -> String {
    match words {
        ["put", ..] => "OK".to_owned(),
        // How long it took is told by the real one alone.
        ["endpoint", "health", ..] => {
            let endpoints = client.map_or(&[] as &[_], |client| &client.endpoints);
            let lines = endpoints.iter().map(|endpoint| {
                let text = &endpoint.text;
                format!("{text} is healthy: successfully committed proposal: took = …")
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        ["get", key, ..] => stored
            .iter()
            .rev()
            .find(|(known, _)| known == *key)
            .map(|(key, value)| format!("{key}\n{value}"))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// The method that a command calls first, as gRPC names it
/// (`api/etcdserverpb/rpc.proto`).
fn method(command: &[&str]) -> Option<&'static str> {
    Some(match command {
        ["put", ..] => "/etcdserverpb.KV/Put",
        ["get", ..] | ["endpoint", "health", ..] => "/etcdserverpb.KV/Range",
        ["del", ..] => "/etcdserverpb.KV/DeleteRange",
        ["txn", ..] => "/etcdserverpb.KV/Txn",
        ["endpoint", "status", ..] => "/etcdserverpb.Maintenance/Status",
        ["member", "list", ..] => "/etcdserverpb.Cluster/MemberList",
        ["auth", "enable", ..] => "/etcdserverpb.Auth/AuthEnable",
        ["auth", "status", ..] => "/etcdserverpb.Auth/AuthStatus",
        ["lease", "grant", ..] => "/etcdserverpb.Lease/LeaseGrant",
        ["user", "list", ..] => "/etcdserverpb.Auth/UserList",
        ["role", "list", ..] => "/etcdserverpb.Auth/RoleList",
        _ => return None,
    })
}

/// gRPC's words around the reason of a lost connection. What the transport
/// itself says stands in a description of its own; what a write said does not.
fn balancer_error(build: &EtcdBuild, own_end: &str, endpoint: &str, text: &str) -> String {
    let of_socket = text.replacen("write tcp", "write unix", 1);
    let text = if own_end == CLIENT_OF_SOCKET {
        of_socket.as_str()
    } else {
        text
    };
    let plain = text.starts_with("write ")
        || matches!(
            text,
            "connection closed" | "use of closed network connection"
        );
    let described = if plain {
        text.to_owned()
    } else {
        format!("connection error: desc = {}", quote(text))
    };
    let begin = "rpc error: code = DeadlineExceeded desc = latest balancer error:";
    match build.balancer_wording() {
        BalancerWording::Bare => format!("{begin} {text}"),
        BalancerWording::LastConnectionError => {
            format!("{begin} last connection error: {described}")
        }
        BalancerWording::Described => format!("{begin} {described}"),
    }
    .replace("127.0.0.1:PORT->", &format!("{own_end}->"))
    .replace("127.0.0.1:PORT", endpoint)
}

/// etcdctl's line about a try that failed, before it was connected or after.
fn retry(
    case: &Case<'_>,
    etcdctl: &Etcdctl,
    time: Timestamp,
    method: Option<&str>,
    connected: bool,
    error: &str,
) -> String {
    let build = &etcdctl.build;
    let endpoint = address_of(etcdctl);
    let file = build.retry_file();
    // Who was refused before a connection stood has no peer to tell of.
    let peer = if connected {
        let own_end = own_end(case.client());
        format!("Peer{{Addr: '{endpoint}', LocalAddr: '{own_end}', AuthInfo: 'tls'}}")
    } else {
        "Peer{Addr: <nil>, LocalAddr: <nil>, AuthInfo: <nil>}".to_owned()
    };
    let target = if build.logs_plain_lines() {
        format!("endpoint://client-6f3c2f0e-6bd0-4d3e-9a51-3f1f6c1f9a0e/{endpoint}")
    } else {
        format!("etcd-endpoints://0xc0002f2a80/{endpoint}")
    };
    Line {
        logger: (!build.logs_plain_lines()).then(|| last_words::logger(&command(case.client()))),
        target: Some(target),
        peer: build.logs_the_peer().then_some(peer),
        method: method.filter(|_| build.logs_the_method()),
        attempt: Some(0),
        ..Line::new(
            "warn",
            stamp(build, time),
            caller(&file, build.log_lines().map(|lines| lines.retry)),
            "retrying of unary invoker failed",
        )
        .error(error)
    }
    .write()
}

fn etcd(case: &Case<'_>, finding: &Finding) -> String {
    let lines: Vec<String> = if finding.verdict == Verdict::ServerStartFailed {
        finding
            .listener
            .iter()
            .flat_map(|text| ended(case, finding, text))
            .collect()
    } else {
        // The gateway's own connection comes first: it begins when etcd does, up to 3.6.
        // Since 3.7 whoever is refused has not woken it.
        let asleep =
            finding.verdict == Verdict::Refused && case.etcd.build.gateway_dials_when_asked();
        let own = finding.gateway_log.iter().filter(|_| !asleep);
        let others = finding.listener.iter();
        let others = others.map(|text| rejected(case, finding, text, false));
        let own = own.map(|text| rejected(case, finding, text, true));
        let mut lines: Vec<String> = own.chain(others).collect();
        lines.dedup();
        lines
    };
    lines.join("\n")
}

/// A plain line of 3.4: level and text behind the time.
fn plain_line(time: Timestamp, level: char, text: &str) -> String {
    format!(
        "{} {level} | {text}",
        time.strftime("%Y-%m-%d %H:%M:%S%.6f")
    )
}

/// The lines with which etcd ends at its start.
fn ended(case: &Case<'_>, finding: &Finding, text: &str) -> Vec<String> {
    let build = &case.etcd.build;
    let error = match &finding.cause {
        Some(Cause::ServerConfiguration(error)) => Some(error),
        _ => None,
    };
    // The flag package and a panic write without a logger, and so does the proxy.
    let of_flags = matches!(
        error,
        Some(ConfigurationError::Flag { .. } | ConfigurationError::ConfigFileUrl { .. })
    );
    if of_flags || text.starts_with("panic: ") || Proxy::of(&case.etcd.line).is_some() {
        return vec![text.to_owned()];
    }
    if build.logs_plain_lines() {
        let usage =
            matches!(error, Some(error) if !matches!(error, ConfigurationError::Shadowed { .. }));
        let level = if usage { 'E' } else { 'C' };
        return vec![plain_line(case.now, level, text)];
    }
    let places = build.log_lines();
    let line = |level, line: Option<u16>, message| {
        let place = caller("etcdmain/etcd.go", line);
        Line::new(level, stamp(build, case.now), place, message)
    };
    match (error, &finding.cause) {
        (Some(ConfigurationError::Shadowed { variable }), _) => vec![
            Line {
                variable: Some(variable),
                ..Line::new(
                    "fatal",
                    stamp(build, case.now),
                    "flags/flag.go".to_owned(),
                    text,
                )
            }
            .write(),
        ],
        (Some(error), _) => {
            let mut lines = vec![
                line(
                    "warn",
                    places.map(|lines| lines.verified),
                    "failed to verify flags",
                )
                .error(text)
                .write(),
            ];
            if *error == ConfigurationError::AdvertiseMissing {
                let place = places.map(|lines| lines.verified + 3);
                lines.push(
                    line("warn", place, "advertise client URLs are not set")
                        .error(text)
                        .write(),
                );
            }
            lines
        }
        // Before anything listens. HTTP/2 complains of known suites when etcd is
        // otherwise ready: measured on 3.5.35, 3.6.16 and 3.7.3.
        (None, Some(Cause::UnknownCipherSuite(_) | Cause::NoServerKeyPair { .. })) => {
            vec![line("fatal", None, "discovery failed").error(text).write()]
        }
        _ => vec![
            line("fatal", places.map(|lines| lines.ended), "listener failed")
                .error(text)
                .write(),
        ],
    }
}

/// One refused connection.
fn rejected(case: &Case<'_>, finding: &Finding, text: &str, of_gateway: bool) -> String {
    let build = &case.etcd.build;
    let host = case
        .client()
        .map(|client| client.first_address().1)
        .unwrap_or_default();
    // A host name goes along in the handshake, an address does not (RFC 6066
    // section 3).
    let server_name = if of_gateway || address::parse(&host).is_some() {
        ""
    } else {
        host.as_str()
    };
    let from = if of_gateway {
        CLIENT
    } else {
        own_end(case.client())
    };
    // After the handshake etcd knows the certificate, and tells its names.
    let known = if of_gateway {
        finding.gateway_names.as_ref()
    } else {
        finding.logged_names.as_ref()
    };
    if build.logs_plain_lines() {
        let more = known.map_or_else(String::new, |known| {
            format!(
                ", IPAddresses [{}], DNSNames [{}]",
                quoted(&known.addresses),
                quoted(&known.dns_names)
            )
        });
        let text = format!(
            "embed: rejected connection from \"{from}\" (error {}, ServerName \"{server_name}\"{more})",
            quote(text)
        );
        return plain_line(case.now, 'I', &text);
    }
    let message = if build.names_the_endpoint_that_refuses() {
        "rejected connection on client endpoint"
    } else {
        "rejected connection"
    };
    let mut place = build.log_lines().map(|lines| lines.rejected);
    if known.is_some() {
        place = place.map(|line| line - 9);
    }
    Line {
        remote: Some(from.to_owned()),
        server_name: Some(server_name),
        addresses: known.map(|known| known.addresses.as_slice()),
        names: known.map(|known| known.dns_names.as_slice()),
        ..Line::new(
            "warn",
            stamp(build, case.now),
            caller("embed/config_logging.go", place),
            message,
        )
        .error(text)
    }
    .write()
}

/// A list as Go's `%q` writes it, without its brackets.
fn quoted(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    texts.join(" ")
}
