//! A shell's line: which programs it calls, through whatever it calls them
//! (`sudo`, `kubectl exec`, `sh -c`, `ssh`, a loop, an alias). Called by the
//! reader of texts, of units and of manifests.

use std::collections::BTreeMap;

use super::words::{OpenQuote, assignment, base, commands, expanded, is_variable};
use super::{Mounts, Program, Through};
use crate::etcd::facts::client_form::{self, CLIENT_FLAGS, ClientFlags};
use crate::etcd::facts::etcdctl_option::EtcdctlOption;

/// Who wraps a call may be wrapped itself, but not for ever.
const DEEPEST: usize = 6;

/// A call of one of the programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) program: Program,
    /// Whether the program was called by a path: `/usr/bin/etcd`.
    pub(super) by_path: bool,
    pub(super) environment: Vec<(String, String)>,
    pub(super) arguments: Vec<String>,
    pub(super) machine: Option<String>,
    pub(super) container: Option<String>,
    pub(super) through: Vec<Through>,
    pub(super) mounts: Mounts,
    /// What names variables that reach it and are not here.
    pub(super) elsewhere: Option<String>,
}

impl Call {
    /// etcd's, with these arguments and nothing else.
    pub(super) fn etcd(arguments: Vec<String>) -> Self {
        Self::of(Program::Etcd, arguments, Surroundings::default())
    }

    /// Any program's, with these arguments.
    pub(super) fn of(program: Program, arguments: Vec<String>, surroundings: Surroundings) -> Self {
        Self {
            program,
            by_path: false,
            environment: surroundings.environment,
            arguments,
            machine: surroundings.machine,
            container: surroundings.container,
            through: surroundings.through,
            mounts: surroundings.mounts,
            elsewhere: surroundings.elsewhere,
        }
    }
}

/// What a line does, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It calls a program.
    Call(Call),
    /// It sets a variable for the lines behind it.
    Set {
        name: String,
        value: String,
        exported: bool,
    },
    /// It opens a shell elsewhere, for the lines behind it.
    Enter {
        machine: Option<String>,
        container: Option<String>,
    },
}

/// What lines before have set.
#[derive(Debug, Default)]
pub(super) struct Shell {
    pub(super) variables: BTreeMap<String, String>,
    aliases: BTreeMap<String, String>,
}

/// Words that stand before a command in a shell and change nothing here.
const RESERVED: &[&str] = &[
    "if",
    "then",
    "else",
    "elif",
    "do",
    "while",
    "until",
    "!",
    "{",
    "(",
    "time",
    "done",
    "fi",
    "}",
    "&&",
    "exec",
    "command",
    "builtin",
    "nohup",
    "setsid",
    "unbuffer",
    "catchsegv",
    "winpty",
];

/// etcdctl's flags for what [`CLIENT_FLAGS`] has of each program.
const FLAGS_OF_ETCDCTL: [&str; 4] = [
    EtcdctlOption::Endpoints.flag(),
    EtcdctlOption::AuthorityCertificate.flag(),
    EtcdctlOption::Certificate.flag(),
    EtcdctlOption::Key.flag(),
];

/// A program that is a client of etcd, with its flags for that.
pub(super) fn client_named(name: &str) -> Option<&'static ClientFlags> {
    CLIENT_FLAGS.iter().find(|client| client.command == name)
}

/// What such a program's words mean for its client of etcd, as words of etcdctl that
/// reads where it keeps its objects; nothing where they don't speak of etcd.
fn as_etcdctl(client: &ClientFlags, words: &[String]) -> Option<(Vec<String>, Through)> {
    let mut told = vec!["etcdctl".to_owned()];
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let mut known = client.flags.iter().zip(FLAGS_OF_ETCDCTL);
        let Some((_, ours)) = known.find(|(name, _)| **name == flag) else {
            continue;
        };
        if let Some(value) = value.or_else(|| words.next().cloned()) {
            told.push(format!("{ours}={value}"));
        }
    }
    // K3s keeps its objects in other databases too.
    let is_other = |word: &String| {
        let url = word.split_once("://");
        url.is_some_and(|(before, _)| !before.ends_with("http") && !before.ends_with("https"))
    };
    if told.len() == 1 || told.iter().any(is_other) {
        return None;
    }
    told.extend(["get".to_owned(), "/registry".to_owned()]);
    Some((told, Through::Client(client.program)))
}

/// How a command comes to be called.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    pub(super) environment: Vec<(String, String)>,
    pub(super) machine: Option<String>,
    pub(super) container: Option<String>,
    pub(super) through: Vec<Through>,
    pub(super) mounts: Mounts,
    pub(super) elsewhere: Option<String>,
}

impl Shell {
    /// Whether a line begins with an alias.
    pub(super) fn knows(&self, line: &str) -> bool {
        let mut words = line.split_whitespace().take(4);
        !self.aliases.is_empty() && words.any(|word| self.aliases.contains_key(word))
    }

    /// What a line does.
    pub(super) fn run(&mut self, line: &str) -> Result<Vec<Effect>, OpenQuote> {
        let mut effects = Vec::new();
        self.line(line, &Surroundings::default(), 0, &mut effects)?;
        Ok(effects)
    }

    /// What the words of a command do that no shell has split.
    pub(super) fn run_words(&mut self, words: &[String]) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.command(words, Surroundings::default(), 0, &mut effects);
        effects
    }

    pub(super) fn line(
        &mut self,
        line: &str,
        surroundings: &Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) -> Result<(), OpenQuote> {
        if depth > DEEPEST {
            return Ok(());
        }
        let mut surroundings = surroundings.clone();
        for words in commands(line)? {
            let before = effects.len();
            self.command(&words, surroundings.clone(), depth, effects);
            // What a script exports stays in the script.
            if depth > 0 {
                let own = effects.split_off(before);
                for effect in own {
                    match effect {
                        Effect::Set { name, value, .. } => {
                            surroundings.environment.push((name, value));
                        }
                        effect => effects.push(effect),
                    }
                }
            }
        }
        Ok(())
    }

    /// A word with the variables that are known.
    pub(super) fn expand(&self, word: &str, surroundings: &Surroundings) -> String {
        if !word.contains('$') {
            return word.to_owned();
        }
        expanded(word, &|name| {
            let own = surroundings.environment.iter().rev();
            let mut own = own.filter(|(known, _)| known == name);
            own.next()
                .map(|(_, value)| value.clone())
                .or_else(|| self.variables.get(name).cloned())
        })
    }

    pub(super) fn command(
        &mut self,
        words: &[String],
        mut surroundings: Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        if depth > DEEPEST {
            return;
        }
        let mut words = words;
        let mut alone: Vec<(String, String)> = Vec::new();
        let calls = words.iter().any(|word| assignment(word).is_none());
        while let Some((first, rest)) = words.split_first() {
            if let Some((name, value)) = assignment(first) {
                let value = self.expand(value, &surroundings);
                if calls && client_form::is_variable(name) {
                    effects.push(Effect::Set {
                        name: name.to_owned(),
                        value: value.clone(),
                        exported: false,
                    });
                }
                alone.push((name.to_owned(), value.clone()));
                surroundings.environment.push((name.to_owned(), value));
                words = rest;
                continue;
            }
            // A flag's value may be a path that ends in a program's name.
            if first.starts_with('-') && first.contains('=') {
                return;
            }
            let name = base(first.trim_start_matches('('));
            // An alias may have the name of what it calls.
            if let Some(value) = self.aliases.remove(first.as_str()) {
                let others = shlex::try_join(rest.iter().map(String::as_str));
                // What its variables hold is split where the alias is used.
                let words = self.expand(&value, &surroundings);
                let line = format!("{words} {}", others.unwrap_or_default());
                let _ = self.line(&line, &surroundings, depth + 1, effects);
                self.aliases.insert(first.clone(), value);
                return;
            }
            match name {
                _ if RESERVED.contains(&name) => words = rest,
                "for" => {
                    if let [variable, _, value, ..] = rest {
                        let value = value.clone();
                        self.variables.insert(variable.clone(), value);
                    }
                    return;
                }
                "export" | "declare" | "typeset" | "set" | "setenv" | "ENV" | "readonly" => {
                    self.set(name, rest, &surroundings, effects);
                    return;
                }
                "alias" => {
                    for word in rest {
                        if let Some((name, value)) = word.split_once('=') {
                            self.aliases.insert(name.to_owned(), value.to_owned());
                        }
                    }
                    return;
                }
                _ if let Some((words, through)) =
                    client_named(name).and_then(|client| as_etcdctl(client, rest)) =>
                {
                    surroundings.through.push(through);
                    self.call(Program::Etcdctl, &words, surroundings, effects);
                    return;
                }
                _ if Program::named(name).is_some() => {
                    if let Some(program) = Program::named(name) {
                        self.call(program, words, surroundings, effects);
                    }
                    return;
                }
                _ => return self.wrapped(name, words, surroundings, depth, effects),
            }
        }
        for (name, value) in alone {
            self.variables.insert(name.clone(), value.clone());
            effects.push(Effect::Set {
                name,
                value,
                exported: false,
            });
        }
    }

    fn call(
        &self,
        program: Program,
        words: &[String],
        surroundings: Surroundings,
        effects: &mut Vec<Effect>,
    ) {
        let Some((first, rest)) = words.split_first() else {
            return;
        };
        let mut arguments: Vec<String> = rest
            .iter()
            .map(|word| self.expand(word, &surroundings))
            .collect();
        if first.starts_with('(')
            && let Some(last) = arguments.last_mut()
            && last.ends_with(')')
        {
            last.pop();
        }
        if arguments.last().is_some_and(|last| last == "}") {
            arguments.pop();
        }
        // Markdown's, begun on a line above.
        if let Some(last) = arguments.last_mut()
            && last.ends_with('`')
            && last.matches('`').count() == 1
        {
            last.pop();
        }
        effects.push(Effect::Call(Call {
            by_path: first.contains(['/', '\\']),
            ..Call::of(program, arguments, surroundings)
        }));
    }

    /// `export A=b`, `set A=b`, `setenv A b`.
    fn set(
        &mut self,
        by: &str,
        words: &[String],
        surroundings: &Surroundings,
        effects: &mut Vec<Effect>,
    ) {
        let mut pairs: Vec<(String, String)> = Vec::new();
        if let (true, [name, value]) = (matches!(by, "setenv" | "ENV"), words)
            && is_variable(name)
        {
            pairs.push((name.clone(), value.clone()));
        }
        for word in words {
            if let Some((name, value)) = assignment(word) {
                pairs.push((name.to_owned(), value.to_owned()));
            } else if let Some(value) = self.variables.get(word.as_str()) {
                pairs.push((word.clone(), value.clone()));
            }
        }
        for (name, value) in pairs {
            let value = self.expand(&value, surroundings);
            self.variables.insert(name.clone(), value.clone());
            effects.push(Effect::Set {
                name,
                value,
                exported: true,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Call {
        let effects = Shell::default().run(line).unwrap();
        let mut calls = effects.into_iter().filter_map(|effect| match effect {
            Effect::Call(call) => Some(call),
            _ => None,
        });
        calls.next().unwrap_or_else(|| panic!("{line}"))
    }

    #[test]
    fn a_call_is_found_through_whatever_calls_it() {
        for line in [
            "etcdctl --cacert=ca.crt member list",
            "/usr/local/bin/etcdctl --cacert=ca.crt member list | grep x",
            "kubectl -n kube-system exec etcd-node-a -- etcdctl --cacert=ca.crt member list",
            "kubectl exec -it etcd-node-a -n kube-system -- sh -c 'etcdctl --cacert=ca.crt member list'",
            "kubectl exec etcd-0 -n etcd etcdctl --cacert=ca.crt member list",
            "oc rsh -n openshift-etcd etcd-node-a etcdctl --cacert=ca.crt member list",
            "docker exec -e ETCDCTL_API=3 etcd etcdctl --cacert=ca.crt member list",
            "docker exec etcd sh -c \"ETCDCTL_API=3 etcdctl --cacert=ca.crt member list\"",
            "docker compose exec etcd etcdctl --cacert=ca.crt member list",
            "docker run --rm --net=host -v /etc/etcd:/etc/etcd quay.io/coreos/etcd:v3.5.30 etcdctl --cacert=ca.crt member list",
            "docker run -it --rm --network host --entrypoint etcdctl bitnami/etcd:3.5 --cacert=ca.crt member list",
            "sudo crictl exec -it $(crictl ps --name etcd -q) etcdctl --cacert=ca.crt member list",
            "sudo ctr -n k8s.io tasks exec --exec-id x 1a2b etcdctl --cacert=ca.crt member list",
            "sudo -u etcd -E etcdctl --cacert=ca.crt member list",
            "sudo nerdctl --namespace k8s.io exec -it etcd etcdctl --cacert=ca.crt member list",
            "ssh -i key root@node-a 'ETCDCTL_API=3 etcdctl --cacert=ca.crt member list'",
            "ssh node-a sudo etcdctl --cacert=ca.crt member list",
            "watch -n1 etcdctl --cacert=ca.crt member list",
            "watch 'etcdctl --cacert=ca.crt member list | head'",
            "env ETCDCTL_API=3 etcdctl --cacert=ca.crt member list",
            "for i in 1 2 3; do etcdctl --cacert=ca.crt member list; done",
            "if ! etcdctl --cacert=ca.crt member list >/dev/null 2>&1; then echo no; fi",
            "alias e='etcdctl --cacert=ca.crt'; e member list",
            "timeout 5 etcdctl --cacert=ca.crt member list",
            "timeout -k 1 5s time etcdctl --cacert=ca.crt member list 2>&1",
            "C=ca.crt; etcdctl --cacert=$C member list",
            "su - etcd -c 'etcdctl --cacert=ca.crt member list'",
            "bash -lc 'etcdctl --cacert=ca.crt member list'",
            "minikube ssh \"sudo etcdctl --cacert=ca.crt member list\"",
            "vagrant ssh m1 -c 'sudo etcdctl --cacert=ca.crt member list'",
            "sudo k3s kubectl exec etcd-0 -- etcdctl --cacert=ca.crt member list",
            "ansible etcd -m shell -a 'etcdctl --cacert=ca.crt member list'",
            "echo a; (etcdctl --cacert=ca.crt member list)",
            "nsenter -t 1817 -n etcdctl --cacert=ca.crt member list",
            "strace -f -e trace=network etcdctl --cacert=ca.crt member list",
        ] {
            let call = call(line);
            assert_eq!(call.program, Program::Etcdctl, "{line}");
            assert_eq!(
                call.arguments,
                ["--cacert=ca.crt", "member", "list"],
                "{line}"
            );
        }
    }

    #[test]
    fn quotes_hide_operators_and_placeholders_stay() {
        let put = call("etcdctl put a 'b; c | d && e' --endpoints=https://<node ip>:2379");
        assert_eq!(
            put.arguments,
            [
                "put",
                "a",
                "b; c | d && e",
                "--endpoints=https://<node ip>:2379"
            ]
        );
        let get = call("etcdctl get \\; x > out 2> errors");
        assert_eq!(get.arguments, ["get", ";", "x"]);
    }

    #[test]
    fn variables_go_where_the_shell_lets_them() {
        let inner = call("docker exec -e ETCDCTL_API=3 -eETCDCTL_CACERT=a etcd etcdctl get k");
        let names: Vec<&str> = inner
            .environment
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["ETCDCTL_API", "ETCDCTL_CACERT"]);
        assert_eq!(inner.container.as_deref(), Some("etcd"));
        // sudo passes on what stands behind it, not what stands before.
        let lost = call("ETCDCTL_CACERT=a sudo ETCDCTL_API=3 etcdctl get k");
        assert_eq!(
            lost.environment,
            [("ETCDCTL_API".to_owned(), "3".to_owned())]
        );
        assert!(matches!(
            lost.through.as_slice(),
            [Through::Sudo { keeps_environment: false, lost }] if lost == &["ETCDCTL_CACERT"]
        ));
    }

    #[test]
    fn an_open_quote_is_said_to_be_open() {
        assert_eq!(Shell::default().run("etcdctl get 'a"), Err(OpenQuote));
    }
}
