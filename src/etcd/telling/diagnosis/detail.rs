//! What a line tells beyond its words: by how much a certificate has ended, which
//! TLS versions were offered, which names there were, which file can't be read.
//! Read from the line that was recognised, in its own letters.

use std::net::IpAddr;

use jiff::Timestamp;

/// The text between two others.
fn between<'t>(text: &'t str, before: &str, behind: &[char]) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    let end = rest.find(behind).unwrap_or(rest.len());
    rest.get(..end)
}

/// A span in words, as people say it.
fn span(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let seconds = seconds.abs();
    let (count, unit) = UNITS
        .into_iter()
        .find(|(length, _)| seconds >= *length)
        .map_or((0, "second"), |(length, unit)| (seconds / length, unit));
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A clock that was never set says a year like this one or an earlier one.
const NEVER_SET: i64 = 1_483_228_800;

/// Below this a certificate that is not valid yet is more likely a wrong clock: a
/// day.
const NEAR: i64 = 86_400;

fn validity(now: Timestamp, limit: Timestamp, ended: bool) -> String {
    let seconds = now.as_second() - limit.as_second();
    let day = limit.strftime("%Y-%m-%d");
    if now.as_second() < NEVER_SET {
        return format!(
            "the checking machine’s clock says {}: it was never set",
            now.strftime("%Y-%m-%d")
        );
    }
    let span = span(seconds);
    if ended {
        format!("it ended on {day}, {span} before")
    } else if seconds.abs() < NEAR {
        format!("it begins on {day}, only {span} later: a clock is behind, most likely")
    } else {
        format!("it begins on {day}, {span} later")
    }
}

/// `current time 2026-… is after 2025-…`: Go.
fn validity_of_go(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("current time ")?;
    let (now, rest) = rest.split_once(" is ")?;
    let (relation, rest) = rest.split_once(' ')?;
    let limit = rest
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || "-:.+".contains(letter)))
        .next()?;
    let now: Timestamp = now.parse().ok()?;
    let limit: Timestamp = limit.parse().ok()?;
    Some(validity(now, limit, relation == "after"))
}

/// `verification time 17… (UNIX), but certificate is not valid after 17…`: rustls.
fn validity_of_rustls(line: &str) -> Option<String> {
    let seconds =
        |text: &str| -> Option<Timestamp> { Timestamp::from_second(text.parse().ok()?).ok() };
    let now = seconds(between(line, "verification time ", &[' '])?)?;
    if let Some(limit) = between(line, "not valid after ", &[' ']).and_then(seconds) {
        return Some(validity(now, limit, true));
    }
    let limit = between(line, "not valid before ", &[' ']).and_then(seconds)?;
    Some(validity(now, limit, false))
}

/// `client offered only unsupported versions: [302 301]`: Go writes the numbers of
/// RFC 8446, section 4.2.1, in hexadecimal.
fn versions(line: &str) -> Option<String> {
    let list = between(line, "unsupported versions: [", &[']'])?;
    let names: Vec<String> = list
        .split_whitespace()
        .map(|number| match number {
            "304" => "TLS 1.3".to_owned(),
            "303" => "TLS 1.2".to_owned(),
            "302" => "TLS 1.1".to_owned(),
            "301" => "TLS 1.0".to_owned(),
            "300" => "SSL 3.0".to_owned(),
            other => format!("version {other}"),
        })
        .collect();
    (!names.is_empty()).then(|| format!("the client offered {} alone", names.join(", ")))
}

/// `certificate is valid for 10.0.0.2, a.test, not 10.0.0.1`: Go.
fn names(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("certificate is valid for ")?;
    let (had, rest) = rest.split_once(", not ")?;
    let wanted = rest
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.:*[]%".contains(letter)))
        .next()?;
    let had: Vec<&str> = had.split(", ").take(8).collect();
    // A client of the v2 API asks for the members first.
    let advertised = if line.contains("/v2/") {
        "; a client of the v2 API dials what --advertise-client-urls says"
    } else {
        ""
    };
    Some(format!(
        "it was asked for {wanted}, and has {}{advertised}",
        had.join(", ")
    ))
}

/// Where a certificate has the name of the endpoint that was dialled, and was asked for
/// the name of another one: both.
pub(super) fn asked_of_another(line: &str) -> Option<(String, String)> {
    const VALID_FOR: &str = "certificate is valid for ";
    const MOST: usize = 1 << 16;
    let line = line.get(..line.floor_char_boundary(MOST))?;
    let line = &line.to_ascii_lowercase();
    if !line.contains(VALID_FOR) {
        return None;
    }
    let dialled = between(line, "failed to connect to {", &[' ', '}'])?;
    let dialled = dialled.split_once("://").map_or(dialled, |(_, rest)| rest);
    let (dialled, _) = dialled.rsplit_once(':')?;
    let (_, rest) = line.split_once(VALID_FOR)?;
    let (had, rest) = rest.split_once(", not ")?;
    let wanted = rest
        .split(|letter: char| letter.is_whitespace() || "\"'),;\\".contains(letter))
        .next()?;
    let is_of_another = dialled != wanted && had.split(", ").any(|name| name == dialled);
    is_of_another.then(|| (dialled.to_owned(), wanted.to_owned()))
}

/// The address that Python's words list and say is missing:
/// `hostname '192.0.2.1' doesn't match either of 'a', '192.0.2.1'`.
pub(super) fn lists_name(line: &str) -> Option<String> {
    const MOST: usize = 1 << 16;
    let line = line.get(..line.floor_char_boundary(MOST))?;
    let line = line.to_ascii_lowercase();
    let (_, rest) = line.split_once("hostname '")?;
    let (name, rest) = rest.split_once("' doesn't match either of ")?;
    let rest = rest.split(['"', ')']).next()?;
    let is_address = name.parse::<IpAddr>().is_ok();
    let is_listed = rest.split(", ").any(|it| it.trim_matches('\'') == name);
    (is_address && is_listed).then(|| name.to_owned())
}

/// What such a line tells.
fn of_another(line: &str) -> Option<String> {
    let (dialled, wanted) = asked_of_another(line)?;
    Some(format!(
        "it was asked for {wanted}; {dialled} was dialled, and it has that name"
    ))
}

/// `192.0.2.1 is unhealthy`: etcdctl names the endpoint as it was given.
fn without_port(line: &str) -> Option<String> {
    let (endpoint, _) = line.split_once(" is unhealthy: ")?;
    let endpoint = endpoint.split_whitespace().next_back()?;
    let address = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    let is_host = address.contains('.')
        && address
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter));
    is_host.then(|| {
        format!("the endpoint {endpoint} has no port: write each as https://HOST:2379, with commas between them")
    })
}

/// `"10.0.0.4" does not match any of DNSNames […]`: what etcd's log as JSON has beside
/// it, the address that the member came from, and those of its certificate.
fn member(line: &str) -> Option<String> {
    between(line, "does not match any of DNSNames [", &[']'])?;
    let from = remote_address(line)?;
    let listed = between(line, "\"ip-addresses\":[", &[']'])?;
    let listed = listed
        .split(',')
        .map(|address| address.trim_matches(['"', ' ']));
    let listed: Vec<&str> = listed
        .filter(|address| !address.is_empty())
        .take(8)
        .collect();
    (!listed.is_empty()).then(|| {
        format!(
            "it came from {from}, and its certificate’s addresses are {}",
            listed.join(", ")
        )
    })
}

/// `depth=1 O = …, CN = Root`: of which certificate OpenSSL says what it says on the line
/// below, where that is a CA's.
pub(super) fn depth(line: &str) -> Option<String> {
    let (depth, subject) = line.strip_prefix("depth=")?.split_once(' ')?;
    let depth: u8 = depth.parse().ok()?;
    (depth > 0).then(|| {
        format!(
            "that is of a CA above it, at depth {depth}: {}",
            subject.trim()
        )
    })
}

/// The rows of kubeadm's table whose certificate has ended, as `admin.conf   Feb 20, 2023
/// 17:12 UTC   <invalid>`.
fn ended_rows(line: &str) -> Option<String> {
    const BEFORE: usize = 6;
    if !line.contains("<invalid>") {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let ended = words.iter().enumerate();
    let ended = ended.filter(|(_, word)| **word == "<invalid>");
    let names = ended.filter_map(|(place, _)| words.get(place.checked_sub(BEFORE)?));
    let names: Vec<&str> = names.copied().collect();
    (!names.is_empty()).then(|| format!("these have ended: {}", names.join(", ")))
}

/// A client that dials 0.0.0.0, which it has from etcd's list of its members.
fn everywhere(line: &str) -> Option<String> {
    let is_clients = line.contains("dial tcp 0.0.0.0:") && line.contains("etcd-client");
    is_clients.then(|| {
        "0.0.0.0 is the client’s own machine: etcd tells it so; write an address of etcd’s machine in --advertise-client-urls".to_owned()
    })
}

/// A client that looks up another name than it was given: etcd's clients take what the
/// members advertise (etcd `client/v3/client.go`, `Sync`).
fn led_elsewhere(line: &str) -> Option<String> {
    let name = between(line, "dial tcp: lookup ", &[' ', ':', '"'])?;
    if !line.contains("no such host") {
        return None;
    }
    let target = ["etcd-endpoints://", "endpoint://client-"]
        .iter()
        .find_map(|before| between(line, before, &['"', ' ', ',']))?;
    let (_, given) = target.split_once('/')?;
    let (host, _) = given.rsplit_once(':')?;
    let is_host = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        !text.is_empty() && text.bytes().all(plain)
    };
    (host != name && is_host(host)).then(|| {
        format!(
            "the first endpoint that the client was given is {given}, and it looks up {name}: that is another one of its list, or what etcd advertises and the client’s endpoint sync follows; then write an address that clients reach in --advertise-client-urls, or switch the sync off"
        )
    })
}

/// A machine's own name, which Debian's installer writes into /etc/hosts (Debian Reference,
/// 5.1.1).
fn own_name(line: &str) -> Option<String> {
    line.contains("dial tcp 127.0.1.1:").then(|| {
        "127.0.1.1 is what /etc/hosts says of this machine’s own name, and etcd does not listen there: write its address behind that name, or dial the address".to_owned()
    })
}

/// What a line tells beyond its words, and where who was refused came from.
pub(super) fn of(line: &str, from: Option<&str>) -> Option<String> {
    if let Some(told) = member(line) {
        return Some(told);
    }
    let told = beyond(line);
    let from = from.map(|from| format!("the connection came from {from}"));
    match (told, from) {
        (Some(told), Some(from)) => Some(format!("{told}; {from}")),
        (told, from) => told.or(from),
    }
}

fn beyond(line: &str) -> Option<String> {
    validity_of_go(line)
        .or_else(|| validity_of_rustls(line))
        .or_else(|| versions(line))
        .or_else(|| of_another(line))
        .or_else(|| names(line))
        .or_else(|| without_port(line))
        .or_else(|| ended_rows(line))
        .or_else(|| everywhere(line))
        .or_else(|| led_elsewhere(line))
        .or_else(|| own_name(line))
        .or_else(|| either_end(line))
}

/// Before 1.13 Go did not say which end of a certificate's validity it was, nor by which
/// clock (Go `crypto/x509/verify.go`, `CertificateInvalidError.Error`).
fn either_end(line: &str) -> Option<String> {
    let is_of_go = line.contains("x509: certificate has exp");
    let is_told = line.contains("current time");
    (is_of_go && !is_told).then(|| {
        "the words leave open whether it has ended or not begun: compare its dates with the clock of the machine that says so".to_owned()
    })
}

/// The file that a line names as one that can't be used: `open PATH: …`.
pub(super) fn file(line: &str) -> Option<String> {
    const BEFORE: [&str; 10] = [
        "directory @ rb_sysopen - ",
        "open ",
        "private key: ",
        "certificates: ",
        "file ",
        "directory, open '",
        "directory: '",
        "invalid path: ",
        "from file '",
        "certificate from ",
    ];
    BEFORE.iter().find_map(|before| {
        line.match_indices(before).find_map(|(place, _)| {
            let rest = line
                .get(place + before.len()..)?
                .trim_start_matches(['\'', '"', '`']);
            let end =
                rest.find(|letter: char| letter.is_whitespace() || "'\"`,;)".contains(letter));
            let path = rest
                .get(..end.unwrap_or(rest.len()))?
                .trim_end_matches([':', '.']);
            let is_path = path.contains('/') && !path.contains("://")
                || [".crt", ".pem", ".key", ".p12"]
                    .iter()
                    .any(|ending| path.ends_with(ending));
            is_path.then(|| path.to_owned())
        })
    })
}

/// Who dialled, in a line of etcd's log of a rejected connection: the address without
/// its port.
pub(super) fn remote_address(line: &str) -> Option<&str> {
    let forms = ["\"remote-addr\":\"", "rejected connection from \""];
    let behind = forms
        .iter()
        .find_map(|form| Some(line.split_once(form)?.1))?;
    let (address, _) = behind.split('"').next()?.rsplit_once(':')?;
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(line: &str) -> Option<String> {
        of(line, None)
    }

    #[test]
    fn a_rejected_connection_has_an_address() {
        for (line, address) in [
            (
                r#"{"msg":"rejected connection","remote-addr":"10.0.0.9:51234","error":"EOF"}"#,
                Some("10.0.0.9"),
            ),
            (
                r#"embed: rejected connection from "[fd00::9]:42660" (error "EOF", ServerName "")"#,
                Some("[fd00::9]"),
            ),
            ("rejected connection from \"", None),
            ("remote error: tls: bad certificate", None),
        ] {
            assert_eq!(remote_address(line), address, "{line}");
        }
    }

    #[test]
    fn a_member_from_elsewhere_is_told_where_it_came_from() {
        let said = alone(
            r#""remote-addr":"192.0.2.9:36064","ip-addresses":["192.0.2.8","127.0.0.1"],"error":"tls: "192.0.2.9" does not match any of DNSNames ["a.test"]""#,
        )
        .unwrap();
        assert!(
            said.starts_with(
                "it came from 192.0.2.9, and its certificate’s addresses are 192.0.2.8, 127.0.0.1"
            ),
            "{said}"
        );
        for bare in [
            r#"does not match any of DNSNames ["a.test"]"#,
            r#""remote-addr":"192.0.2.9:36064","ip-addresses":[],"error":"does not match any of DNSNames ["a.test"]"#,
        ] {
            assert_eq!(alone(bare), None);
        }
    }

    #[test]
    fn a_line_tells_by_how_much_a_certificate_has_ended() {
        for (line, told) in [
            (
                "current time 2023-12-16T06:35:01Z is after 2023-12-03T03:37:19Z",
                "it ended on 2023-12-03, 13 days before",
            ),
            (
                "current time 2026-11-28T10:00:00+01:00 is before 2026-11-28T09:30:00Z\"}",
                "it begins on 2026-11-28, only 30 minutes later: a clock is behind, most likely",
            ),
            (
                "current time 1970-01-01T00:01:00Z is before 2026-11-28T09:30:00Z",
                "the checking machine’s clock says 1970-01-01: it was never set",
            ),
            (
                "verification time 1795881664 (UNIX), but certificate is not valid after 1795706390 (175274 seconds ago)",
                "it ended on 2026-11-26, 2 days before",
            ),
            (
                "tls: client offered only unsupported versions: [302 301]\"",
                "the client offered TLS 1.1, TLS 1.0 alone",
            ),
            (
                "x509: certificate is valid for 10.0.0.2, a.test, not 10.0.0.1\"}",
                "it was asked for 10.0.0.1, and has 10.0.0.2, a.test",
            ),
        ] {
            assert_eq!(alone(line).as_deref(), Some(told), "{line}");
        }
        assert_eq!(alone("tls: bad certificate"), None);
    }

    #[test]
    fn a_table_and_a_chain_tell_which_certificate_it_is() {
        let table = "CERTIFICATE EXPIRES admin.conf Feb 20, 2023 17:12 UTC <invalid> ca no apiserver Mar 03, 2023 16:42 UTC 10d ca no apiserver-kubelet-client Feb 20, 2023 17:12 UTC <invalid> ca";
        assert_eq!(
            alone(table).as_deref(),
            Some("these have ended: admin.conf, apiserver-kubelet-client")
        );
        assert_eq!(alone("<invalid>"), None);
        let told = alone(
            r#"{"logger":"etcd-client","error":"dial tcp 0.0.0.0:2379: connect: connection refused"}"#,
        );
        assert!(told.is_some_and(|told| told.contains("--advertise-client-urls")));
        assert_eq!(
            depth("depth=1 O = Example, CN = Root X3").as_deref(),
            Some("that is of a CA above it, at depth 1: O = Example, CN = Root X3")
        );
        for leaf in ["depth=0 CN = etcd", "depth=", "depth=x y"] {
            assert_eq!(depth(leaf), None);
        }
    }

    #[test]
    fn a_line_names_the_file_that_can_not_be_used() {
        for (line, path) in [
            (
                "etcdmain: open /etc/etcd/peer.key: permission denied",
                "/etc/etcd/peer.key",
            ),
            (
                "Error: ENOENT: no such file or directory, open 'PKI/missing.crt'",
                "PKI/missing.crt",
            ),
            (
                "File does not contain valid private key: /certs/client-key.pem",
                "/certs/client-key.pem",
            ),
            (
                "\"error\":\"open /etc/ssl/etcd.pem: permission denied\"",
                "/etc/ssl/etcd.pem",
            ),
        ] {
            assert_eq!(file(line).as_deref(), Some(path), "{line}");
        }
        assert_eq!(file("remote error: tls: bad certificate"), None);
    }
}
