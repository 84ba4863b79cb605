//! Containers in YAML and JSON: their words, as `command` and `args`, and their
//! variables, by the names that Kubernetes, compose, Nomad and the container engines have
//! for them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::page::Page;
use super::reader::Reader;
use super::shell::{Call, Effect, Shell};
use super::tree::{Item, Node};
use super::{Caveat, Coat, Mounts, Oversight, Program, Through, Unused};
use super::{flags, words, wrappers};
use crate::etcd::facts::client_form;

/// Keys of a container, in the order in which their words follow each other:
/// Kubernetes' and compose's, `docker inspect`'s, `crictl inspect`'s.
pub(super) const WORDS: [&str; 6] = ["entrypoint", "path", "command", "cmd", "args", "arg"];

/// Keys of its variables.
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

/// So many letters of an item are shown.
const LONGEST_SHOWN: usize = 200;

/// What a container runs, as far as it is told.
#[derive(Default)]
pub(super) struct Container<'a> {
    pub(super) words: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    /// Where all that stands.
    pub(super) lines: Vec<&'a Range<usize>>,
    /// The words, where they are one text that may be a shell's: Ansible's are.
    pub(super) script: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) mounts: Mounts,
    /// What names variables that are not here.
    pub(super) elsewhere: Option<String>,
    /// An item of a list of variables that is none, by the colon in it.
    pub(super) with_colon: Option<String>,
}

impl<'a> Container<'a> {
    /// What an item tells under the keys that containers have.
    fn of(item: &'a Item) -> Self {
        let mut all = Self {
            mounts: Mounts::of(item),
            elsewhere: elsewhere(item),
            ..Self::default()
        };
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
                    all.words.extend(split);
                    scripts.push(text);
                }
                Node::List(items) => {
                    let texts = items.iter().filter_map(Item::text);
                    all.words.extend(texts.map(str::to_owned));
                }
                _ => continue,
            }
            all.lines.push(&value.lines);
        }
        all.script = match (scripts.as_slice(), all.lines.len()) {
            ([script], 1) => Some(*script),
            _ => None,
        };
        for value in ENVIRONMENTS.iter().filter_map(|name| item.get(name)) {
            all.with_colon = all.with_colon.or_else(|| with_colon(value));
            let variables = variables(value);
            let tells = |name: &str| name.starts_with("ETCD") || client_form::is_variable(name);
            if variables.iter().any(|(name, _)| tells(name)) {
                all.lines.push(&value.lines);
            }
            all.environment.extend(variables);
        }
        all.expand();
        all
    }

    /// Puts the variables into the words, and into each other: Kubernetes' `$(NAME)`.
    fn expand(&mut self) {
        let known: BTreeMap<String, String> = self.environment.iter().cloned().collect();
        let values = self.environment.iter_mut().map(|(_, value)| value);
        for value in self.words.iter_mut().chain(values) {
            *value = words::expanded(value, &|name| known.get(name).cloned());
        }
    }

    /// Whether its words leave open what it runs: its image's own program, or a script
    /// beside it.
    fn may_run_etcd(&self, of_etcd: bool) -> bool {
        self.words.first().is_none_or(|word| {
            let is_script = Path::new(word)
                .extension()
                .is_some_and(|ending| ending == "sh");
            is_script || of_etcd && !matches!(words::base(word), "etcdctl" | "etcdutl")
        })
    }
}

impl Reader {
    /// Runs a container's words.
    pub(super) fn run(&mut self, page: &mut Page, container: &Container<'_>) -> bool {
        let mut shell = Shell::default();
        shell
            .variables
            .extend(container.environment.iter().cloned());
        let (words, caveats) = parted(&container.words);
        let effects = container
            .script
            .and_then(|script| shell.run(script).ok())
            .unwrap_or_else(|| shell.run_words(&words));
        let mut taken = false;
        let Some(all) = hull(&container.lines) else {
            return false;
        };
        for effect in effects {
            let Effect::Call(mut call) = effect else {
                continue;
            };
            let mut own = container.environment.clone();
            own.append(&mut call.environment);
            call.environment = of_etcd(own);
            let may_make_files = call.through.contains(&Through::Shell);
            call.mounts = container.mounts.clone();
            call.elsewhere = call.elsewhere.or_else(|| container.elsewhere.clone());
            if may_make_files {
                call.mounts.leave_open();
            }
            if call.container.is_none() {
                call.container = container.name.map(str::to_owned);
            }
            let before = self.material.invocations.len();
            taken |= self.call(page, &all, call, Coat::Manifest, None);
            for invocation in self.material.invocations.iter_mut().skip(before) {
                invocation.caveats.extend(caveats.iter().cloned());
            }
        }
        if taken {
            for lines in &container.lines {
                page.take(lines);
            }
        }
        taken
    }

    /// A container: its words, its variables. Whether it is one of etcd's.
    pub(super) fn container(&mut self, page: &mut Page, item: &Item, key: &str) -> bool {
        let mut container = Container::of(item);
        let image = item.get("image").and_then(Item::text).unwrap_or_default();
        let of_etcd = wrappers::is_etcd_image(image) || image.is_empty() && key.contains("etcd");
        if let Some(name) = container.with_colon.take() {
            self.material
                .oversights
                .push(Oversight::ColonInVariable { name });
        }
        let words = &mut container.words;
        if words.first().is_some_and(|word| word.starts_with('-')) {
            let flags = words.iter().any(|word| flags::of_word(word).is_some());
            if of_etcd || image.is_empty() && flags {
                words.insert(0, "etcd".to_owned());
                container.script = None;
            }
        }
        container.name = item
            .get("name")
            .or_else(|| item.get("container_name"))
            .and_then(Item::text)
            .or((!key.is_empty() && key != "containers").then_some(key));
        self.health_check(page, item, &container);
        if !container.words.is_empty() && self.run(page, &container) {
            return true;
        }
        let told = !container.lines.is_empty() && container.may_run_etcd(of_etcd);
        told && self.variables_alone(page, container)
    }

    /// compose's check of a container's health, where that calls one of our programs by
    /// itself (compose-spec `05-services.md`, healthcheck).
    fn health_check(&mut self, page: &mut Page, item: &Item, of: &Container<'_>) {
        let Some(test) = item.get("healthcheck").and_then(|it| it.get("test")) else {
            return;
        };
        let texts = test.list().iter().filter_map(Item::text);
        let words: Vec<String> = texts.map(str::to_owned).collect();
        let Some(("CMD", words)) = words.split_first().map(|(first, it)| (first.as_str(), it))
        else {
            return;
        };
        if words
            .first()
            .is_some_and(|word| words::base(word) == "etcdctl")
        {
            let check = Container {
                words: words.to_vec(),
                environment: of.environment.clone(),
                lines: vec![&test.lines],
                name: of.name,
                mounts: of.mounts.clone(),
                elsewhere: of.elsewhere.clone(),
                ..Container::default()
            };
            let before = self.material.invocations.len();
            self.run(page, &check);
            // What somebody ran himself counts for more.
            for invocation in self.material.invocations.iter_mut().skip(before) {
                invocation.is_cited = true;
            }
        }
    }

    /// A container of which only variables are told.
    pub(super) fn variables_alone(&mut self, page: &mut Page, container: Container<'_>) -> bool {
        let Some(all) = hull(&container.lines) else {
            return false;
        };
        let environment = container.environment;
        if self.client_variables(page, &all, &environment) {
            for lines in container.lines {
                page.take(lines);
            }
            return true;
        }
        let mut names = environment.iter().map(|(name, _)| name);
        if let Some(name) = names.find(|name| flags::is_variable_of_others(name)) {
            let name = name.clone();
            self.material
                .unused
                .push((page.place(&all), Unused::OthersVariables { name }));
            return false;
        }
        if !environment.iter().any(|(name, _)| flags::is_set_by(name)) {
            return false;
        }
        let call = Call {
            environment: of_etcd(environment),
            container: container.name.map(str::to_owned),
            mounts: container.mounts,
            elsewhere: container.elsewhere,
            ..Call::etcd(Vec::new())
        };
        for lines in container.lines {
            page.take(lines);
        }
        self.call(page, &all, call, Coat::Manifest, None)
    }
}

/// What names variables of a container that stand elsewhere: compose's `env_file`, the
/// `envFrom` of Kubernetes.
fn elsewhere(item: &Item) -> Option<String> {
    let first = |value: &Item| match &value.node {
        Node::List(items) => items.first().cloned(),
        _ => Some(value.clone()),
    };
    if let Some(file) = item.get("env_file").and_then(first) {
        let path = file.text().or_else(|| file.get("path")?.text())?;
        return Some(format!("env_file: {path}"));
    }
    let from = item.get("envFrom").and_then(first)?;
    let objects = ["configMapRef", "secretRef"];
    let named = objects.into_iter().find_map(|object| {
        let name = from.get(object)?.get("name")?.text()?;
        Some(format!("envFrom: {object} {name}"))
    });
    Some(named.unwrap_or_else(|| "envFrom".to_owned()))
}

/// Words of a list that were written as for a shell, as that would read them, and what is
/// to be said of it.
fn parted(given: &[String]) -> (Vec<String>, Vec<Caveat>) {
    let shells = ["sh", "bash", "ash", "dash"];
    let runs_shell = given
        .first()
        .is_some_and(|it| shells.contains(&words::base(it)));
    if runs_shell {
        return (given.to_vec(), Vec::new());
    }
    let has_backslash = given.iter().any(|word| word.ends_with(" \\"));
    let program = given.first().filter(|word| {
        let mut words = word.split_whitespace();
        let is_known = words
            .next()
            .is_some_and(|it| Program::named(words::base(it)).is_some());
        is_known && words.next().is_some_and(|it| it.starts_with('-'))
    });
    let in_one = program.map(|item| Caveat::WordsInOneItem {
        item: item.trim_end_matches([' ', '\\']).to_owned(),
    });
    let continued = has_backslash.then_some(Caveat::BackslashInList);
    let is_quoted = |word: &&String| {
        let value = word.split_once('=').filter(|_| word.starts_with("--"));
        value.is_some_and(|(_, value)| {
            ['"', '\''].iter().any(|quote| {
                value.len() > 1 && value.starts_with(*quote) && value.ends_with(*quote)
            })
        })
    };
    let quoted = given.iter().find(is_quoted);
    let quoted = quoted.map(|item| Caveat::QuotesInList {
        item: item.chars().take(LONGEST_SHOWN).collect(),
    });
    let caveats: Vec<Caveat> = in_one.into_iter().chain(continued).chain(quoted).collect();
    // What no shell reads stays in the words, as whoever runs them has it.
    let mut words = given.to_vec();
    if program.is_some() && !words.is_empty() {
        let first = words.remove(0);
        let first = first.trim_end_matches([' ', '\\']);
        words.splice(0..0, first.split_whitespace().map(str::to_owned));
    }
    (words, caveats)
}

/// The name in an item of a list of variables that is `NAME: value`, which a list does not take for one.
fn with_colon(item: &Item) -> Option<String> {
    item.list().iter().find_map(|item| match &item.node {
        Node::Text(text) => {
            let (name, _) = text.split_once(": ")?;
            let is_of_etcd = name.starts_with("ETCD_") && words::is_variable(name);
            is_of_etcd.then(|| name.to_owned())
        }
        Node::Map(pairs) => {
            let (name, value) = pairs.first()?;
            let is_of_etcd = name.starts_with("ETCD_") && pairs.len() == 1;
            (is_of_etcd && value.text().is_some()).then(|| name.clone())
        }
        _ => None,
    })
}

/// The variables that etcd or etcdctl may read.
fn of_etcd(variables: Vec<(String, String)>) -> Vec<(String, String)> {
    let variables = variables.into_iter();
    variables
        .filter(|(name, _)| name.starts_with("ETCD"))
        .collect()
}

/// The lines from the first to the last.
pub(super) fn hull(lines: &[&Range<usize>]) -> Option<Range<usize>> {
    let start = lines.iter().map(|lines| lines.start).min()?;
    let end = lines.iter().map(|lines| lines.end).max()?;
    Some(start..end)
}

/// Variables in any form: a mapping, `NAME=value`, `name:` with `value:`,
/// `key:` with `value:`.
pub(super) fn variables(item: &Item) -> Vec<(String, String)> {
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
