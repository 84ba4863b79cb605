//! YAML and JSON of those who run etcd: manifests, compose files, a container's
//! inspection, kubeadm's configuration, Helm's values, Ansible's variables,
//! etcd's config file, Secrets. Each is known by its keys, wherever they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use zeroize::Zeroizing;

use super::page::Page;
use super::reader::Reader;
use super::shell::{self, Effect, Shell};
use super::tree::{Item, Node};
use super::words;
use super::wrappers;
use super::{Coat, FileCoat, FoundFile, Invocation, Program, Remark, Source, Unused, Use, blocks};
use crate::etcd::facts::option::{EtcdOption, Section};

/// Deeper than the tree itself there is nothing.
const DEEPEST: usize = 64;

/// Keys of a container, in the order in which their words follow each other:
/// Kubernetes' and compose's, `docker inspect`'s, `crictl inspect`'s.
const WORDS: [&str; 6] = ["entrypoint", "path", "command", "cmd", "args", "arg"];
const ENVIRONMENTS: [&str; 8] = [
    "env",
    "environment",
    "envs",
    "extraEnv",
    "extraEnvs",
    "extraEnvVars",
    "environment_vars",
    "extraEnvironment",
];

/// Sections of etcd's config file.
const SECTIONS: [&str; 2] = ["client-transport-security", "peer-transport-security"];
/// Whether such a section has a key of this name.
fn is_section_key(name: &str) -> bool {
    let mut options = EtcdOption::ALL.iter();
    options.any(|option| {
        let section = option.key().map(|key| key.section);
        let is_of_tls = matches!(
            section,
            Some(Section::ClientTransport | Section::PeerTransport)
        );
        is_of_tls && option.key_name() == name
    })
}

impl Reader {
    /// Looks at a node and at what is in it.
    pub(super) fn walk(&mut self, page: &mut Page, item: &Item, key: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match &item.node {
            Node::Nothing => {}
            Node::Text(text) => self.value(page, text, key, &item.lines),
            Node::List(items) => {
                if !self.bare_list(page, item) {
                    for inner in items {
                        self.walk(page, inner, key, depth + 1);
                    }
                }
            }
            Node::Map(pairs) => {
                let known = self.configuration(page, item, key)
                    || self.kubeadm(page, item)
                    || self.helm(page, item)
                    || self.ansible_variables(page, item);
                if known {
                    return;
                }
                let container = self.container(page, item, key);
                for (key, inner) in pairs {
                    let words = WORDS.iter().any(|name| key.eq_ignore_ascii_case(name));
                    let is_inspected = key == "Config" || key == "config";
                    if container && words && !is_inspected {
                        continue;
                    }
                    self.walk(page, inner, key, depth + 1);
                }
            }
        }
    }

    /// A text: PEM, base64 of PEM, or a text with lines of its own.
    fn value(&mut self, page: &mut Page, text: &str, key: &str, lines: &Range<usize>) {
        const ENCODED_BEGIN: &str = "LS0tLS1C";
        let trimmed = text.trim();
        if let Some(start) = trimmed.find(ENCODED_BEGIN).filter(|start| *start == 0) {
            let encoded: String = trimmed
                .get(start..)
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            if let Some(bytes) = blocks::decoded(&encoded) {
                self.found(page, lines, name_of_key(key), bytes, FileCoat::Base64);
            } else {
                let key = key.to_owned();
                let place = page.place(lines);
                self.material
                    .unused
                    .push((place, Unused::NotBase64 { key }));
            }
        } else if trimmed.contains("-----BEGIN ") {
            let name = name_of_value(page, key);
            let found = blocks::normalised(trimmed);
            if found.is_empty() {
                self.material
                    .unused
                    .push((page.place(lines), Unused::BrokenBlock));
            } else {
                self.found(page, lines, name, blocks::together(&found), FileCoat::Value);
            }
        } else if text.contains('\n') || is_command(key) && text.contains("etcd") {
            let before = self.material.used.len();
            let place = page.place(lines);
            self.inner(text, key, &place);
            if self.material.used.len() > before {
                page.take(lines);
            }
        }
    }

    pub(super) fn found(
        &mut self,
        page: &mut Page,
        lines: &Range<usize>,
        name: Option<String>,
        bytes: Zeroizing<Vec<u8>>,
        coat: FileCoat,
    ) {
        let place = page.place(lines);
        page.take(lines);
        self.material.used.push((place.clone(), Use::File));
        self.material.files.push(FoundFile {
            name,
            bytes,
            coat,
            place,
        });
    }

    /// A list whose first item is a program, or whose items are etcd's flags: the
    /// middle of a manifest.
    fn bare_list(&mut self, page: &mut Page, item: &Item) -> bool {
        let words: Vec<String> = item
            .list()
            .iter()
            .filter_map(|item| item.text().map(str::to_owned))
            .collect();
        let Some(first) = words.first() else {
            // The middle of a list of variables.
            let variables = variables(item);
            let of_etcd = variables.iter().any(|(name, _)| name.starts_with("ETCD_"));
            return of_etcd && self.variables_alone(page, variables, &[&item.lines], None);
        };
        if words.len() < item.list().len() {
            return false;
        }
        let flags = || {
            let of_etcd = words.iter().filter(|word| flag_of_etcd(word).is_some());
            of_etcd.count() >= 2
                && words
                    .iter()
                    .all(|word| word.starts_with('-') || !word.contains(' '))
        };
        let words = match Program::named(words::base(first)) {
            // Names of which the first is etcd's are no command.
            Some(Program::Etcd) if words.iter().skip(1).any(|word| word.starts_with('-')) => words,
            Some(Program::Etcdctl) if words.len() > 1 => words,
            None if words::base(first) == shell::APISERVER => words,
            None if first.starts_with('-') && flags() => {
                std::iter::once("etcd".to_owned()).chain(words).collect()
            }
            _ => return false,
        };
        self.run(page, &words, &[], &[&item.lines], None, None)
    }

    /// Runs a container's words.
    fn run(
        &mut self,
        page: &mut Page,
        words: &[String],
        environment: &[(String, String)],
        lines: &[&Range<usize>],
        container: Option<&str>,
        script: Option<&str>,
    ) -> bool {
        let mut shell = Shell::default();
        shell.variables.extend(environment.iter().cloned());
        let effects = script
            .and_then(|script| shell.run(script).ok())
            .unwrap_or_else(|| shell.run_words(words));
        let mut taken = false;
        let Some(all) = hull(lines) else {
            return false;
        };
        for effect in effects {
            let Effect::Call(mut call) = effect else {
                continue;
            };
            let mut own: Vec<(String, String)> = environment.to_vec();
            own.append(&mut call.environment);
            call.environment = own
                .into_iter()
                .filter(|(name, _)| name.starts_with("ETCD"))
                .collect();
            if call.container.is_none() {
                call.container = container.map(str::to_owned);
            }
            taken |= self.call(page, &all, call, Coat::Manifest, None);
        }
        if taken {
            for lines in lines {
                page.take(lines);
            }
        }
        taken
    }

    /// A container: its words, its variables. Whether it is one of etcd's.
    fn container(&mut self, page: &mut Page, item: &Item, key: &str) -> bool {
        let mut words: Vec<String> = Vec::new();
        let mut lines: Vec<&Range<usize>> = Vec::new();
        let mut scripts: Vec<&str> = Vec::new();
        let inspected = item.get("Config").is_some();
        for name in WORDS {
            // `docker inspect` says the same below `Config`, with the variables.
            if inspected || name == "path" && item.get("args").is_none() {
                continue;
            }
            let Some(value) = item.get(name) else {
                continue;
            };
            match &value.node {
                Node::Text(text) => {
                    let split = shlex::split(text)
                        .unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect());
                    words.extend(split);
                    scripts.push(text);
                }
                Node::List(items) => {
                    words.extend(
                        items
                            .iter()
                            .filter_map(|item| item.text().map(str::to_owned)),
                    );
                }
                _ => continue,
            }
            lines.push(&value.lines);
        }
        // A command that is one text may be a shell's: Ansible's are.
        let mut script = match (scripts.as_slice(), lines.len()) {
            ([script], 1) => Some(*script),
            _ => None,
        };
        let mut environment = Vec::new();
        for name in ENVIRONMENTS {
            if let Some(value) = item.get(name) {
                let variables = variables(value);
                if variables.iter().any(|(name, _)| name.starts_with("ETCD")) {
                    lines.push(&value.lines);
                }
                environment.extend(variables);
            }
        }
        // Kubernetes' `$(NAME)`.
        let known: BTreeMap<String, String> = environment.iter().cloned().collect();
        for value in words
            .iter_mut()
            .chain(environment.iter_mut().map(|(_, value)| value))
        {
            *value = words::expanded(value, &|name| known.get(name).cloned());
        }
        let image = item
            .get("image")
            .and_then(Item::text)
            .unwrap_or_default()
            .to_owned();
        let of_etcd = wrappers::is_etcd_image(&image) || image.is_empty() && key.contains("etcd");
        if words.first().is_some_and(|word| word.starts_with('-')) {
            let flags = words.iter().any(|word| flag_of_etcd(word).is_some());
            if of_etcd || image.is_empty() && flags {
                script = None;
                words.insert(0, "etcd".to_owned());
            }
        }
        let name = item
            .get("name")
            .or_else(|| item.get("container_name"))
            .and_then(Item::text)
            .or((!key.is_empty() && key != "containers").then_some(key));
        if !words.is_empty() && self.run(page, &words, &environment, &lines, name, script) {
            return true;
        }
        let script = words.first().is_none_or(|word| {
            let is_script = Path::new(word)
                .extension()
                .is_some_and(|ending| ending == "sh");
            is_script || of_etcd && !matches!(words::base(word), "etcdctl" | "etcdutl")
        });
        if script && !lines.is_empty() {
            return self.variables_alone(page, environment, &lines, name);
        }
        false
    }

    /// A container of which only variables are told.
    fn variables_alone(
        &mut self,
        page: &mut Page,
        environment: Vec<(String, String)>,
        lines: &[&Range<usize>],
        container: Option<&str>,
    ) -> bool {
        let Some(all) = hull(lines) else {
            return false;
        };
        if let Some((name, _)) = environment.iter().find(|(name, _)| is_of_others(name)) {
            let name = name.clone();
            self.material
                .unused
                .push((page.place(&all), Unused::OthersVariables { name }));
            return false;
        }
        let known = |name: &str| {
            name.strip_prefix("ETCD_")
                .is_some_and(|name| flag_of_variable(name).is_some())
        };
        if !environment.iter().any(|(name, _)| known(name)) {
            return false;
        }
        let call = shell::Call {
            program: Program::Etcd,
            by_path: false,
            environment: environment
                .into_iter()
                .filter(|(name, _)| name.starts_with("ETCD"))
                .collect(),
            arguments: Vec::new(),
            machine: None,
            container: container.map(str::to_owned),
            through: Vec::new(),
        };
        for lines in lines {
            page.take(lines);
        }
        self.call(page, &all, call, Coat::Manifest, None)
    }

    /// etcd's config file.
    fn configuration(&mut self, page: &mut Page, item: &Item, key: &str) -> bool {
        // `addr` is a key of etcd 0.4, in CoreOS' cloud-config.
        if matches!(key, "extraArgs" | "extra_args" | "args") || item.get("addr").is_some() {
            return false;
        }
        let known = item
            .pairs()
            .iter()
            .filter(|(key, _)| {
                let key = key.to_ascii_lowercase();
                is_flag(&key) || SECTIONS.contains(&key.as_str())
            })
            .count();
        let sections = SECTIONS
            .iter()
            .any(|name| item.get(name).is_some_and(|it| !it.pairs().is_empty()));
        let tells = [
            "listen-client-urls",
            "advertise-client-urls",
            "listen-peer-urls",
            "initial-cluster",
            "data-dir",
            "cert-file",
            "trusted-ca-file",
        ]
        .iter()
        .any(|name| item.get(name).is_some());
        if !(sections || known >= 2 && tells) {
            return false;
        }
        let mut remarks = misplaced(item);
        let left_out =
            |line: &str| matches!(line.trim_matches([' ', '\t', '#']), "..." | "…" | "[...]");
        let is_part = item.get("listen-client-urls").is_none()
            || page.text(&item.lines).lines().any(left_out);
        if is_part && page.place(&item.lines).source == Source::Pasted {
            remarks.push(Remark::PartOfFile);
        }
        let json = page.text(&item.lines).trim_start().starts_with('{');
        let contents = if json {
            page.text(&item.lines).to_owned()
        } else {
            dedented(page.text(&item.lines))
        };
        let name = page
            .origin
            .name
            .clone()
            .filter(|name| name.contains('.') || page.origin.fixed.is_none())
            .or_else(|| page.name_above(item.lines.start));
        let lines = item.lines.clone();
        let place = page.place(&lines);
        self.material
            .used
            .push((place.clone(), Use::Invocation(Program::Etcd)));
        self.found(
            page,
            &lines,
            name,
            Zeroizing::new(contents.into_bytes()),
            FileCoat::Configuration,
        );
        self.material.invocations.push(Invocation {
            program: Program::Etcd,
            environment: BTreeMap::new(),
            arguments: Vec::new(),
            machine: None,
            container: None,
            through: Vec::new(),
            coat: Coat::ConfigFile,
            place,
            cut: None,
            remarks,
        });
        true
    }

    /// kubeadm's `ClusterConfiguration`: etcd runs with kubeadm's own flags and
    /// those of `extraArgs` (kubernetes, `cmd/kubeadm/app/phases/etcd/local.go`,
    /// `getEtcdCommand`).
    fn kubeadm(&mut self, page: &mut Page, item: &Item) -> bool {
        let Some(local) = item.get("etcd").and_then(|etcd| etcd.get("local")) else {
            return false;
        };
        let extra = local.get("extraArgs");
        let mut given: Vec<(String, String)> = Vec::new();
        if let Some(extra) = extra {
            for (name, value) in extra.pairs() {
                given.push((name.clone(), value.text().unwrap_or_default().to_owned()));
            }
            for pair in extra.list() {
                let text = |key: &str| pair.get(key).and_then(Item::text).unwrap_or_default();
                given.push((text("name").to_owned(), text("value").to_owned()));
            }
        }
        let folder = item
            .get("certificatesDir")
            .and_then(Item::text)
            .unwrap_or("/etc/kubernetes/pki");
        let data = local.get("dataDir").and_then(Item::text);
        let mut flags = vec![
            (
                "advertise-client-urls".to_owned(),
                "https://127.0.0.1:2379".to_owned(),
            ),
            ("cert-file".to_owned(), format!("{folder}/etcd/server.crt")),
            ("client-cert-auth".to_owned(), "true".to_owned()),
            (
                "data-dir".to_owned(),
                data.unwrap_or("/var/lib/etcd").to_owned(),
            ),
            ("key-file".to_owned(), format!("{folder}/etcd/server.key")),
            (
                "listen-client-urls".to_owned(),
                "https://127.0.0.1:2379".to_owned(),
            ),
            (
                "listen-metrics-urls".to_owned(),
                "http://127.0.0.1:2381".to_owned(),
            ),
            (
                "peer-cert-file".to_owned(),
                format!("{folder}/etcd/peer.crt"),
            ),
            ("peer-client-cert-auth".to_owned(), "true".to_owned()),
            (
                "peer-key-file".to_owned(),
                format!("{folder}/etcd/peer.key"),
            ),
            (
                "peer-trusted-ca-file".to_owned(),
                format!("{folder}/etcd/ca.crt"),
            ),
            ("snapshot-count".to_owned(), "10000".to_owned()),
            (
                "trusted-ca-file".to_owned(),
                format!("{folder}/etcd/ca.crt"),
            ),
        ];
        flags.retain(|(name, _)| !given.iter().any(|(known, _)| known == name));
        flags.extend(given);
        let call = shell::Call {
            program: Program::Etcd,
            by_path: false,
            environment: Vec::new(),
            arguments: flags
                .into_iter()
                .map(|(name, value)| format!("--{name}={value}"))
                .collect(),
            machine: None,
            container: None,
            through: Vec::new(),
        };
        let lines = local.lines.clone();
        page.take(&lines);
        self.call(
            page,
            &lines,
            call,
            Coat::Kubeadm,
            Some(Remark::KubeadmDefaults),
        )
    }

    /// Ansible's variables with the names of etcd's flags: `etcd_cert_file`.
    fn ansible_variables(&mut self, page: &mut Page, item: &Item) -> bool {
        let mut arguments = Vec::new();
        let mut lines: Vec<&Range<usize>> = Vec::new();
        for (key, value) in item.pairs() {
            let Some(name) = key.strip_prefix("etcd_") else {
                continue;
            };
            let name = name.replace('_', "-");
            let name = match name.as_str() {
                "ca-file" => "trusted-ca-file",
                "peer-ca-file" => "peer-trusted-ca-file",
                name => name,
            };
            let text = match &value.node {
                Node::Text(text) => text.clone(),
                Node::List(items) => items
                    .iter()
                    .filter_map(Item::text)
                    .collect::<Vec<_>>()
                    .join(","),
                _ => continue,
            };
            if is_flag(name) && name != "version" {
                arguments.push(format!("--{name}={text}"));
                lines.push(&value.lines);
            }
        }
        let tells = |argument: &String| argument.contains("-file=") || argument.contains("-urls=");
        if arguments.len() < 2 || !arguments.iter().any(tells) {
            return false;
        }
        let call = shell::Call {
            program: Program::Etcd,
            by_path: false,
            environment: Vec::new(),
            arguments,
            machine: None,
            container: None,
            through: Vec::new(),
        };
        let Some(all) = hull(&lines) else {
            return false;
        };
        for lines in lines {
            page.take(lines);
        }
        self.call(page, &all, call, Coat::Ansible, None)
    }
}

/// The lines from the first to the last.
fn hull(lines: &[&Range<usize>]) -> Option<Range<usize>> {
    let start = lines.iter().map(|lines| lines.start).min()?;
    let end = lines.iter().map(|lines| lines.end).max()?;
    Some(start..end)
}

/// Variables in any form: a mapping, `NAME=value`, `name:` with `value:`,
/// `key:` with `value:`.
fn variables(item: &Item) -> Vec<(String, String)> {
    match &item.node {
        Node::Map(pairs) => pairs
            .iter()
            .map(|(name, value)| {
                let value = value.text().unwrap_or_default();
                // `kubectl describe` says where a value comes from.
                let value = value.split(" (v1:").next().unwrap_or(value);
                (name.clone(), value.to_owned())
            })
            .collect(),
        Node::List(items) => items
            .iter()
            .filter_map(|item| {
                if let Some(text) = item.text() {
                    let (name, value) = words::assignment(text)?;
                    return Some((name.to_owned(), value.to_owned()));
                }
                let name = item.get("name").or_else(|| item.get("key"))?.text()?;
                let value = match item.get("value") {
                    Some(value) => value.text().unwrap_or_default().to_owned(),
                    // From a Secret, or the pod's address.
                    None => format!("$({name})"),
                };
                Some((name.to_owned(), value))
            })
            .collect(),
        Node::Text(text) => text
            .split_whitespace()
            .filter_map(words::assignment)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        Node::Nothing => Vec::new(),
    }
}

/// Whether a variable of etcd's kind of name is another program's: Calico's,
/// APISIX's, a script's.
pub(super) fn is_of_others(name: &str) -> bool {
    matches!(
        name,
        "ETCD_ENDPOINTS"
            | "ETCD_CA_CERT_FILE"
            | "ETCD_AUTHORITY"
            | "ETCD_SCHEME"
            | "ETCD_HOST"
            | "ETCD_SERVERS"
    )
}

/// The flags of all etcds since 3.4.
static FLAGS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| EtcdOption::ALL.iter().map(|option| option.name()).collect());

/// The flags of all etcds since 3.4.
pub(super) fn flags() -> impl Iterator<Item = &'static str> {
    FLAGS.iter().copied()
}

/// Whether any etcd has a flag of this name.
pub(super) fn is_flag(name: &str) -> bool {
    FLAGS.contains(name)
}

/// The flag of etcd's that a word is.
pub(super) fn flag_of_etcd(word: &str) -> Option<&str> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    let name = name.split('=').next().unwrap_or(name);
    is_flag(name).then_some(name)
}

/// The flag that a variable sets, without `ETCD_`; scripts use `ETCD_VERSION`
/// and `ETCD_NAME` for themselves.
pub(super) fn flag_of_variable(name: &str) -> Option<String> {
    let flag = name.to_ascii_lowercase().replace('_', "-");
    let tells = [
        "-urls",
        "-file",
        "-auth",
        "-tls",
        "data-dir",
        "initial-cluster",
        "config-file",
    ];
    (is_flag(&flag) && tells.iter().any(|word| flag.contains(word))).then_some(flag)
}

/// Whether a key's value is a command.
fn is_command(key: &str) -> bool {
    ["cmd", "command", "run", "script", "shell", "exec", "args"]
        .iter()
        .any(|name| key.eq_ignore_ascii_case(name))
}

/// The name of the file that a value with PEM would be: cfssl's `cert`, `key`
/// and `csr` are called as `cfssljson` calls them.
fn name_of_value(page: &Page, key: &str) -> Option<String> {
    let stem = page.origin.name.as_deref().map_or("cert", |name| {
        let base = words::base(name);
        base.split('.').next().unwrap_or(base)
    });
    match key {
        "" => None,
        "cert" => Some(format!("{stem}.pem")),
        "key" => Some(format!("{stem}-key.pem")),
        "csr" => Some(format!("{stem}.csr")),
        key => name_of_key(key),
    }
}

/// The file's name that a key stands for: kubeconfigs end theirs in `-data`.
fn name_of_key(key: &str) -> Option<String> {
    match key {
        "" => None,
        "certificate-authority-data" | "caBundle" | "caData" => Some("ca.crt".to_owned()),
        "client-certificate-data" => Some("client.crt".to_owned()),
        "client-key-data" => Some("client.key".to_owned()),
        key => Some(key.to_owned()),
    }
}

/// Keys of etcd's config file that stand where etcd does not look for them
/// (etcd, `server/embed/config.go`, `configYAML` and `securityConfig`).
fn misplaced(item: &Item) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |key: &str, within: Option<&str>, belongs: String| {
        remarks.push(Remark::MisplacedKey {
            key: key.to_owned(),
            within: within.map(str::to_owned),
            belongs,
        });
    };
    for (key, _) in item.pairs() {
        let name = key.to_ascii_lowercase();
        if is_section_key(&name) {
            add(key, None, format!("client-transport-security.{name}"));
        } else if let Some(inner) = name.strip_prefix("peer-")
            && is_section_key(inner)
        {
            add(key, None, format!("peer-transport-security.{inner}"));
        }
    }
    for section in SECTIONS {
        let pairs = item.get(section).map_or(&[] as &[_], Item::pairs);
        for (key, _) in pairs {
            let name = key.to_ascii_lowercase();
            if is_section_key(&name) {
                continue;
            }
            let inner = name
                .strip_prefix("peer-")
                .filter(|inner| is_section_key(inner));
            if let Some(inner) = inner {
                add(
                    key,
                    Some(section),
                    format!("peer-transport-security.{inner}"),
                );
            } else if matches!(name.as_str(), "ca-file" | "cacert" | "trusted-ca") {
                add(key, Some(section), format!("{section}.trusted-ca-file"));
            } else if is_flag(&name) && !name.contains("crl") {
                add(key, Some(section), format!("{name} at the top"));
            }
        }
    }
    remarks
}

/// Lines without the blanks that all of them begin with.
fn dedented(text: &str) -> String {
    let blanks = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or_default();
    text.lines().fold(String::new(), |mut all, line| {
        all.push_str(line.get(blanks..).unwrap_or_default());
        all.push('\n');
        all
    })
}
