//! What a text tells by itself, whatever etcd says to it: keys that nobody reads, names
//! that are almost right, recipes for certificates that nobody would take, elections that
//! nobody answers; what it tells of curl's calls has a file of its own.

mod curl;

use self::curl::url_at_clients_port;
use super::{by_lines, names};
use crate::etcd::facts::client_form::CLIENT_FLAGS;
use crate::etcd::facts::etcdctl_option::EtcdctlOption;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::port;
use crate::etcd::facts::release::EtcdVersion;
use crate::etcd::facts::slip::is_slip;
use crate::etcd::judge::reading::material::{Caveat, Material, Program, Unused};
use crate::etcd::telling::recipe;

/// So many sentences of one kind are enough.
const MOST: usize = 4;

/// So many names are looked for in the text.
const MOST_STRANGE: usize = 20;

/// Sentences, the most telling first. `is_used` tells whether a shell is given what a
/// variable stands for.
pub(super) fn told(
    material: &Material,
    version: EtcdVersion,
    is_used: impl Fn(&str) -> bool,
) -> Vec<String> {
    let rest = &material.rest;
    let mut told: Vec<String> = names::of_call(rest).into_iter().collect();
    told.extend(names::with_stray_sign(rest));
    told.extend(names::without_colon(rest));
    let oversights = material.oversights.iter().take(MOST);
    told.extend(oversights.map(|it| format!("{it}.")));
    // A script's own may have any name, and those of another program are its own.
    let is_of_others = |(_, why): &(_, Unused)| matches!(why, Unused::OthersVariables { .. });
    let mut lines = material.invocations.iter();
    let is_of_client = lines.any(|line| line.of_client().is_some());
    if !is_of_client && !material.unused.iter().any(is_of_others) {
        let names = &material.variables;
        let strange = by_lines::variables::strange_variables(names, version).take(MOST_STRANGE);
        let unread = strange.filter(|(name, _)| !is_used(name));
        told.extend(unread.map(|(_, told)| told).take(MOST));
    }
    told.extend(by_lines::client::of_old_variables(material, &is_used));
    for line in material.invocations.iter().take(MOST) {
        told.extend(by_lines::container::of_mounts(line));
        told.extend(by_lines::of_same_file(line));
        told.extend(by_lines::server::of_no_certificate(
            line,
            &material.invocations,
        ));
        match line.program {
            Program::Etcd => {
                told.extend(by_lines::server::of_proxy(&line.command_line()));
                told.extend(by_lines::server::of_gateway(line));
            }
            Program::Etcdctl => told.extend(by_lines::client::of_api(line)),
            Program::Etcdutl | Program::Curl => {}
        }
    }
    if material.invocations.is_empty() {
        told.extend(in_sentences(rest));
    }
    told.extend(misspelled_key(rest));
    told.extend(quoted_item(rest));
    told.extend(of_one_word(rest));
    told.extend(asked_of_members(rest));
    told.extend(checked_by_wget(rest));
    told.extend(curl::asked_in_plain_text(material));
    told.extend(curl::asked_without_scheme(material));
    told.extend(by_lines::server::of_no_authority(rest));
    told.extend(by_lines::server::of_records(rest));
    told.extend(by_lines::server::of_clusters(material.machines()));
    told.extend(by_lines::client::of_apisix(material));
    told.extend(unmounted(rest));
    told.extend(beside_tls_config(rest));
    told.extend(without_votes(rest));
    let faults = recipe::faults(rest).into_iter().take(MOST);
    told.extend(faults.map(|fault| format!("{fault}.")));
    let mut known: Vec<String> = Vec::new();
    for sentence in told {
        if !known.contains(&sentence) {
            known.push(sentence);
        }
    }
    known
}

/// What somebody asks in sentences, of what is no matter of a line's words.
fn in_sentences(text: &str) -> impl Iterator<Item = String> {
    let is_of_etcd = text.to_ascii_lowercase().contains("etcd");
    let has = |line: &str, words: &[&str]| words.iter().any(|word| line.contains(word));
    let mut lines = text.lines().map(str::to_ascii_lowercase);
    let is_locked = lines.any(|line| {
        has(&line, &["private key", "key file", "key-file"])
            && has(&line, &["passphrase", "password"])
            && has(&line, &["?", "how ", "support"])
            && !has(
                &line,
                &[
                    " no ", "without", "not ", "remov", "ca's", "ca.key", "pkcs12", "{",
                ],
            )
    });
    let key = is_locked.then(|| {
        "Neither etcd nor etcdctl takes a passphrase for a key, and its usual clients have no setting for one: give them a key that is not encrypted (openssl pkey -in locked.key -out client.key), which their user alone may read.".to_owned()
    });
    let of_others = ["port:", "port\"", "2381", "metrics", "apiserver", "livez"];
    let is_probed =
        has(text, &["httpGet"]) && has(text, &["Probe", "probe"]) && !has(text, &of_others);
    let probe = is_probed.then(|| {
        format!(
            "The kubelet shows no certificate in an httpGet probe, and an etcd that asks for one refuses it: let it ask http:// at {}, which needs none, or probe by exec with etcdctl or by tcpSocket.",
            EtcdOption::ListenMetricsUrls.flag()
        )
    });
    let authority = text.lines().any(has_ended).then(|| {
        "A CA that has ended takes with it whatever it signed, however long that lasts: make a new one (with the same key and name what it signed stays), let every member and client trust both, issue again where the key is another one, and take the old one away last.".to_owned()
    });
    let all = key.into_iter().chain(probe).chain(authority);
    all.filter(move |_| is_of_etcd)
}

/// Whether a line says, and neither asks nor denies, that a CA has ended.
fn has_ended(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let says = [
        "ca.crt has expired",
        "ca certificate has expired",
        "ca has expired",
    ];
    let opens = [
        "?", "whether", "if ", "neither", " nor ", " no ", "not ", "none",
    ];
    let has = |words: &[&str]| words.iter().any(|it| line.contains(it));
    has(&says) && !has(&opens)
}

/// An item of a list, in a sentence or a fragment, with a flag of etcd's and quotes around
/// its value: no shell takes them away.
fn quoted_item(text: &str) -> Option<String> {
    const LONGEST: usize = 300;
    // The lines that a difference takes away begin alike.
    if text.contains("\n@@ ") || text.contains("+++ ") {
        return None;
    }
    let item = text.lines().find_map(|line| {
        let item = line.trim().strip_prefix("- ")?.trim();
        let (flag, value) = item.strip_prefix("--")?.split_once('=')?;
        let is_quoted = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
        let mut options = EtcdOption::ALL.iter();
        (is_quoted && item.len() < LONGEST && options.any(|option| option.name() == flag))
            .then_some(item)
    })?;
    let caveat = Caveat::QuotesInList {
        item: item.to_owned(),
    };
    Some(format!("{caveat}."))
}

/// A shell that is given a program as its one word of a script, and the program's flags
/// behind it, which are the shell's own (POSIX, sh: `sh -c command_string [command_name
/// [argument…]]`).
fn of_one_word(text: &str) -> Option<String> {
    const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];
    let base = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let joined = text.replace("\\\n", " ");
    joined.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(4).find_map(|four| match four {
            [shell, "-c", program, flag]
                if SHELLS.contains(&base(shell).as_str())
                    && is_program(&base(program))
                    && flag.starts_with("--")
                    && !program.contains(['\'', '"']) =>
            {
                Some(format!(
                    "{shell} -c takes one word for its script, here {program}: what stands behind it, as {}, does not reach {}, which runs with its own defaults. Put the whole line within quotes, or leave {shell} -c out.",
                    flag.split('=').next().unwrap_or(flag),
                    base(program)
                ))
            }
            _ => None,
        })
    })
}

/// Whether a program is etcd's, or dials it.
fn is_program(name: &str) -> bool {
    matches!(name, "etcd" | "etcdctl") || CLIENT_FLAGS.iter().any(|row| row.command == name)
}

/// A client's flag for etcd's URLs that names the port between members.
fn asked_of_members(text: &str) -> Option<String> {
    let of_members = format!(":{}", port::PEER);
    CLIENT_FLAGS.iter().find_map(|row| {
        let [flag, ..] = row.flags;
        let mut values = text.split(flag).skip(1);
        let url = values.find_map(|behind| {
            let value = behind.strip_prefix('=')?;
            let value = value.split_whitespace().next()?.trim_matches(['"', '\'', '`']);
            value.split(',').find(|url| url.ends_with(&of_members))
        })?;
        Some(format!(
            "{flag} of {} names {url}: by its number that is the port between members, which takes members’ certificates and no client’s requests; clients ask port {}.",
            row.program,
            port::CLIENT
        ))
    })
}

/// Keys of Prometheus' `tls_config` beside the scheme of a job, without it (Prometheus
/// `docs/configuration/configuration.md`, `tls_config`).
fn beside_tls_config(text: &str) -> Option<String> {
    const KEYS: [&str; 4] = [
        "insecure_skip_verify:",
        "ca_file:",
        "cert_file:",
        "key_file:",
    ];
    const OF_JOB: [&str; 3] = ["scheme:", "static_configs:", "metrics_path:"];
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begins = |line: &str, keys: &[&'static str]| {
        let mut keys = keys.iter().copied();
        keys.find(|key| line.trim_start().starts_with(key))
    };
    let mut lines = text
        .lines()
        .skip_while(|line| !line.contains("job_name:") || !line.contains("etcd"));
    let begin = indent(lines.next()?);
    let job: Vec<&str> = lines
        .take_while(|line| line.trim().is_empty() || indent(line) > begin)
        .take(MOST_OF_JOB)
        .collect();
    let own = job.iter().find(|line| begins(line, &OF_JOB).is_some())?;
    let is_own = |line: &&&str| indent(line) == indent(own);
    let key = job
        .iter()
        .filter(is_own)
        .find_map(|line| begins(line, &KEYS))?;
    Some(format!(
        "{key} of a job of Prometheus belongs under its tls_config:, beside ca_file:, cert_file: and key_file:, which an etcd that asks for certificates wants; elsewhere Prometheus refuses its configuration."
    ))
}

/// So many lines of a job are looked at.
const MOST_OF_JOB: usize = 40;

/// A member that stands for election late in a cluster's life and is answered by none of
/// the others (raft's own lines).
fn without_votes(text: &str) -> Option<String> {
    const LATE: u64 = 100;
    const STANDS: &str = " became candidate at term ";
    const ANSWERS: &str = " received MsgVoteResp ";
    let ends = [
        "elected leader",
        "became leader",
        "became follower",
        "rejection",
    ];
    if !text.contains(STANDS) || ends.iter().any(|words| text.contains(words)) {
        return None;
    }
    let mut latest = 0;
    for line in text.lines() {
        if let Some((before, behind)) = line.split_once(STANDS) {
            let end = behind.find(|letter: char| !letter.is_ascii_digit());
            let term = behind.get(..end.unwrap_or(behind.len()))?;
            latest = latest.max(term.parse::<u64>().ok()?);
            before.split_whitespace().next_back()?;
        }
        // Its own vote is told as well.
        if let Some((before, behind)) = line.split_once(ANSWERS) {
            let own = before.split_whitespace().next_back()?;
            if !behind.contains(own) {
                return None;
            }
        }
    }
    (latest >= LATE).then(|| {
        format!(
            "This member stands for election at term {latest}, and no answer of another one is seen: where that goes on they are down, can’t be reached, or refuse its certificate, or it theirs. Look further up in its log, and in those of the others, for “rejected connection”, “x509:” and “dial tcp”; the certificates of members need each other’s addresses among their SANs."
        )
    })
}

/// Pictures in a text as forums write them: what is in them is not there.
pub(super) fn of_pictures(text: &str) -> Option<String> {
    let mut places = text.split("![").skip(1);
    places
        .any(|behind| {
            behind
                .split_once("](http")
                .is_some_and(|(name, _)| !name.contains('\n'))
        })
        .then(|| {
            "A picture is linked here, and what is in it is not read: paste its words.".to_owned()
        })
}

/// A check of an etcd's health by wget over TLS, which shows it no certificate.
fn checked_by_wget(text: &str) -> Option<String> {
    let is_check = |line: &str| {
        line.split_once("wget ").is_some_and(|(_, call)| {
            let has_files = call.contains("--ca-") || call.contains("--certificate");
            !has_files && url_at_clients_port("https://", call).is_some()
        })
    };
    text.lines().any(is_check).then(|| {
        format!(
            "wget shows etcd no certificate here, and that of BusyBox has no option for one, so that an etcd that asks its clients for certificates refuses it: check with etcdctl of the same image instead (etcdctl endpoint health with {}, {} and {}), or at http:// with {}.",
            EtcdctlOption::AuthorityCertificate.flag(),
            EtcdctlOption::Certificate.flag(),
            EtcdctlOption::Key.flag(),
            EtcdOption::ListenMetricsUrls.flag()
        )
    })
}

/// Keys of units that etcd's and its clients' have (systemd.service(5), systemd.exec(5),
/// systemd.unit(5)).
const KEYS: [&str; 7] = [
    "ExecStart",
    "ExecStartPre",
    "Environment",
    "EnvironmentFile",
    "WorkingDirectory",
    "LimitNOFILE",
    "WantedBy",
];

/// A key of a unit that has a letter too many or too few, or another case: systemd
/// ignores it.
fn misspelled_key(text: &str) -> Option<String> {
    if !text.contains("[Service]") || !text.contains("etcd") {
        return None;
    }
    let slip = |key: &str| {
        let is_known = KEYS.contains(&key);
        let mut like = KEYS
            .iter()
            .filter(|known| known.eq_ignore_ascii_case(key) || is_slip(known, key));
        like.next().filter(|_| !is_known).copied()
    };
    let mut is_unit = false;
    let keys = text.lines().filter_map(|line| {
        let line = line.trim();
        if line.starts_with('[') && line.ends_with(']') {
            is_unit = ["[Unit]", "[Service]", "[Install]"].contains(&line);
        }
        // A here-document ends, a fence, or another command begins.
        let ends = ["EOF", "```", "cat ", "sudo ", "systemctl "];
        is_unit &= !ends.iter().any(|it| line.starts_with(it));
        let (key, _) = line.split_once('=').filter(|_| is_unit)?;
        Some((key, slip(key)?))
    });
    // The one without which nothing runs tells most.
    let mut slips: Vec<(&str, &str)> = keys.take(MOST).collect();
    slips.sort_by_key(|(_, like)| KEYS.iter().position(|key| key == like));
    let (key, like) = slips.first()?;
    Some(format!(
        "{key}= is no key of a unit, and systemd ignores it: write {like}=."
    ))
}

/// Where Prometheus' operator mounts the Secrets that it is told of.
const SECRETS: &str = "/etc/prometheus/secrets/";

/// Files of a Secret that nothing here has mounted (Prometheus Operator, `PrometheusSpec`).
fn unmounted(text: &str) -> Option<String> {
    let (_, behind) = text.split_once(SECRETS)?;
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    let end = behind.find(|letter| !is_of_name(letter))?;
    let (name, behind) = behind.split_at(end);
    let is_listed = !behind.starts_with('/')
        || text.contains("prometheusSpec.secrets")
        || text.lines().any(|line| {
            let item = line.split('#').next().unwrap_or_default();
            let item = item.trim().trim_start_matches("- ");
            let item = item.trim_matches(['"', '\'', '[', ']', ',', ' ']);
            item == name
                || line.contains("from secret-")
                || line.contains("secrets") && !line.contains(SECRETS) && line.contains(name)
        });
    let is_of_etcd = text.contains("kubeEtcd") || text.contains("etcd");
    (is_of_etcd && !is_listed).then(|| {
        format!(
            "Prometheus has {SECRETS}{name} only where prometheus.prometheusSpec.secrets lists {name}, and nothing here does: add it, unless it stands elsewhere."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_without_which_nothing_runs_is_named_first() {
        let unit = "[Service]\nWantedby=multi-user.target\nExeStart=/usr/bin/etcd\n";
        let told = misspelled_key(unit).unwrap();
        assert!(told.starts_with("ExeStart= is no key"), "{told}");
        let well = "[Service]\nExecStart=/usr/bin/etcd\nExecStartPost=/bin/true\n";
        assert_eq!(misspelled_key(well), None);
    }

    #[test]
    fn what_no_shell_parts_or_passes_on_is_told_of() {
        let item = "- --cipher-suites=\"A\",\"B\"";
        assert!(quoted_item(item).unwrap().contains("quotes"));
        assert_eq!(quoted_item("- --cipher-suites=A,B"), None);
        assert_eq!(quoted_item("--cipher-suites=\"A\""), None);
        let lost = "docker run flannel /bin/sh -c /opt/bin/flanneld \\\n  --etcd-endpoints=\"https://a:2379\"";
        assert!(of_one_word(lost).unwrap().contains("flanneld"));
        let whole = "sh -c '/opt/bin/flanneld --etcd-endpoints=https://a:2379'";
        assert_eq!(of_one_word(whole), None);
        assert_eq!(of_one_word("sh -c ./start --fast now"), None);
    }

    #[test]
    fn a_port_between_members_and_a_check_without_files_are_told_of() {
        let asked = "  - --etcd-servers=https://127.0.0.1:2380";
        assert!(asked_of_members(asked).unwrap().contains("2379"));
        assert_eq!(
            asked_of_members("--etcd-servers=https://127.0.0.1:2379"),
            None
        );
        assert!(checked_by_wget("wget -qO- https://127.0.0.1:2379/health").is_some());
        assert_eq!(
            checked_by_wget("wget -qO- http://127.0.0.1:2379/health"),
            None
        );
        assert_eq!(checked_by_wget("wget https://a.test/etcd.tar.gz"), None);
        assert!(of_pictures("It says\n![error](https://a.test/b.png)").is_some());
        assert_eq!(of_pictures("a![0] = [1](2)"), None);
    }

    #[test]
    fn a_locked_key_and_a_probe_are_told_of_where_they_are_asked_about() {
        let said = |text: &str| in_sentences(text).collect::<String>();
        assert!(said("How can I set the password for the private key of etcd?").contains("pkey"));
        assert!(
            said("etcd with client certificates: the livenessProbe is an httpGet")
                .contains("tcpSocket")
        );
        assert_eq!(said("etcd: user and password are wrong"), "");
        assert_eq!(
            said("livenessProbe:\n  httpGet:\n    port: 2381\n# etcd"),
            ""
        );
    }

    #[test]
    fn a_secret_that_is_listed_is_mounted() {
        let files = "kubeEtcd:\n  caFile: /etc/prometheus/secrets/etcd-certs/ca.crt\n";
        assert!(unmounted(files).unwrap().contains("lists etcd-certs"));
        let listed = format!("{files}secrets:\n  - etcd-certs\n");
        assert_eq!(unmounted(&listed), None);
        let in_one = format!("{files}secrets: [etcd-certs]\n");
        assert_eq!(unmounted(&in_one), None);
    }
}
