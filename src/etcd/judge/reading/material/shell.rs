//! A shell's line: which programs it calls, through whatever it calls them
//! (`sudo`, `kubectl exec`, `sh -c`, `ssh`, a loop, an alias). The words are
//! split by `shlex`; what stands between commands is marked before, so that
//! quotes hide it as they do in a shell. Called by the reader of texts, of units
//! and of manifests.

use std::collections::BTreeMap;

use super::{Program, Through};

/// Who wraps a call may be wrapped itself, but not for ever.
const DEEPEST: usize = 6;
/// Nobody writes a line with more words by hand.
const MOST_WORDS: usize = 4_000;

/// Stands around an operator, to be told from the same letters in quotes.
const OPERATOR: char = '\u{e001}';
/// A blank within `$(…)` or `<…>`, which is one word.
const BLANK: char = '\u{e002}';
/// The angles of `<your-host>`, as guides write it.
const ANGLES: [char; 2] = ['\u{e003}', '\u{e004}'];

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

/// A quote is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenQuote;

/// What lines before have set.
#[derive(Debug, Default)]
pub(super) struct Shell {
    pub(super) variables: BTreeMap<String, String>,
    aliases: BTreeMap<String, String>,
}

/// Marks operators, so that they are words of their own where no quote hides
/// them.
fn marked(line: &str) -> String {
    let mut marked = String::with_capacity(line.len() + 16);
    let mut substitutions = 0_usize;
    let mut backtick = false;
    let mut letters = line.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let rest = line.get(place..).unwrap_or_default();
        let inside = substitutions > 0 || backtick;
        match letter {
            // A line that goes on below.
            '\\' if rest.starts_with("\\\n") => {
                marked.push(' ');
                letters.next();
            }
            '\\' => {
                marked.push(letter);
                marked.extend(letters.next().map(|(_, next)| next));
            }
            '(' if substitutions > 0 || marked.ends_with('$') => {
                substitutions += 1;
                marked.push(letter);
            }
            ')' if substitutions > 0 => {
                substitutions -= 1;
                marked.push(letter);
            }
            '`' => {
                backtick = !backtick;
                marked.push(letter);
            }
            letter if inside && letter.is_whitespace() => marked.push(BLANK),
            '<' if is_placeholder(rest) => {
                marked.push(ANGLES[0]);
                while let Some((_, next)) = letters.next_if(|(_, next)| *next != '>') {
                    marked.push(if next == ' ' { BLANK } else { next });
                }
                letters.next();
                marked.push(ANGLES[1]);
            }
            ';' | '|' | '&' | '<' | '>' if !inside => {
                // `2>`: the number belongs to it.
                let number = marked.chars().next_back().filter(char::is_ascii_digit);
                let alone = marked.chars().nth_back(1).is_some_and(char::is_whitespace);
                let number = number.filter(|_| alone && letter == '>');
                if number.is_some() {
                    marked.pop();
                }
                marked.push(' ');
                marked.push(OPERATOR);
                marked.extend(number);
                marked.push(letter);
                while let Some((_, next)) = letters.next_if(|(_, next)| ";|&<>".contains(*next)) {
                    marked.push(next);
                }
                marked.push(OPERATOR);
                marked.push(' ');
            }
            letter => marked.push(letter),
        }
    }
    marked
}

/// `<your-host>`, as guides write it.
fn is_placeholder(rest: &str) -> bool {
    const LONGEST: usize = 40;
    let Some(inner) = rest.strip_prefix('<') else {
        return false;
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_- .".contains(letter);
    let end = inner
        .char_indices()
        .take(LONGEST)
        .find(|(_, letter)| !plain(*letter));
    inner.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && end.is_some_and(|(_, letter)| letter == '>')
}

/// A word as it was before [`marked`].
fn restored(word: &str) -> String {
    if !word.contains(['\u{e001}', '\u{e002}', '\u{e003}', '\u{e004}']) {
        return word.to_owned();
    }
    word.replace(" \u{e001}", "")
        .replace("\u{e001} ", "")
        .replace(BLANK, " ")
        .replace(ANGLES[0], "<")
        .replace(ANGLES[1], ">")
}

/// The commands of a line, each as its words.
fn commands(line: &str) -> Result<Vec<Vec<String>>, OpenQuote> {
    let marked = marked(line);
    let mut splitter = shlex::Shlex::new(&marked);
    let mut commands = vec![Vec::new()];
    let mut is_target = false;
    for word in splitter.by_ref().take(MOST_WORDS) {
        let operator = word
            .strip_prefix(OPERATOR)
            .and_then(|rest| rest.strip_suffix(OPERATOR));
        match operator {
            Some(operator) if operator.contains(['<', '>']) => is_target = true,
            Some(_) => commands.push(Vec::new()),
            None if is_target => is_target = false,
            None => {
                if let Some(words) = commands.last_mut() {
                    words.push(restored(&word));
                }
            }
        }
    }
    if splitter.had_error {
        return Err(OpenQuote);
    }
    Ok(commands)
}

/// Whether a word is `NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    is_variable(name).then_some((name, value))
}

/// Whether a word can name a variable.
pub(super) fn is_variable(name: &str) -> bool {
    name.bytes().enumerate().all(|(place, byte)| {
        byte == b'_' || byte.is_ascii_alphabetic() || place > 0 && byte.is_ascii_digit()
    }) && !name.is_empty()
}

/// The last part of a path, without Windows' ending.
pub(super) fn base(word: &str) -> &str {
    let base = word.rsplit(['/', '\\']).next().unwrap_or(word);
    base.strip_suffix(".exe").unwrap_or(base)
}

/// A word with the variables that are known: `$NAME`, `${NAME}`, `$(NAME)` and
/// `${NAME:-default}`. The others stay as they are.
pub(super) fn expanded(word: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    // A variable that doubles itself on each line must not grow for ever.
    const LONGEST: usize = 4_096;
    let mut result = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('$') {
        if result.len() > LONGEST {
            return word.to_owned();
        }
        result.push_str(before);
        let (name, behind, default) = name_of(after);
        let value = name.and_then(|name| known(name).or_else(|| default.map(str::to_owned)));
        if let Some(value) = value {
            result.push_str(&value);
            rest = behind;
        } else {
            result.push('$');
            rest = after;
        }
    }
    result.push_str(rest);
    result
}

/// The name behind a `$`, what is behind it, and its default.
fn name_of(after: &str) -> (Option<&str>, &str, Option<&str>) {
    let open = |close: char| {
        let (inner, behind) = after.get(1..)?.split_once(close)?;
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        is_variable(name).then_some((Some(name), behind, default))
    };
    let nothing = (None, after, None);
    match after.chars().next() {
        Some('{') => open('}').unwrap_or(nothing),
        Some('(') => open(')').unwrap_or(nothing),
        _ => {
            let end = after
                .find(|letter: char| !(letter == '_' || letter.is_ascii_alphanumeric()))
                .unwrap_or(after.len());
            let (name, behind) = after.split_at(end);
            if is_variable(name) {
                (Some(name), behind, None)
            } else {
                nothing
            }
        }
    }
}

/// Options that take the word behind them, of the programs that call others.
/// A run's are the other way round: there are too many, so those are listed that
/// take none.
struct Options {
    with_value: &'static [&'static str],
}

impl Options {
    /// Where the words that are no options begin.
    fn skip(&self, words: &[String]) -> usize {
        let mut place = 0;
        while let Some(word) = words.get(place) {
            if word == "--" {
                return place + 1;
            }
            if !word.starts_with('-') || word == "-" {
                return place;
            }
            place += if self.with_value.contains(&word.as_str()) {
                2
            } else {
                1
            };
        }
        words.len()
    }
}

const SUDO: Options = Options {
    with_value: &[
        "-u", "-g", "-h", "-p", "-C", "-r", "-t", "-U", "-D", "-T", "--user", "--group",
    ],
};
const SSH: Options = Options {
    with_value: &[
        "-i", "-p", "-l", "-o", "-F", "-J", "-L", "-R", "-D", "-b", "-c", "-e", "-m", "-S", "-W",
        "-E", "-B", "-I", "-O", "-Q", "-w",
    ],
};
const SIMPLE: Options = Options {
    with_value: &[
        "-n",
        "-c",
        "-p",
        "-s",
        "-k",
        "-u",
        "-e",
        "-o",
        "-f",
        "-i",
        "-a",
        "-w",
        "-r",
        "--signal",
        "--kill-after",
        "--interval",
        "--unset",
        "--chdir",
    ],
};
const EXEC: Options = Options {
    with_value: &[
        "-e",
        "--env",
        "-u",
        "--user",
        "-w",
        "--workdir",
        "--env-file",
        "--detach-keys",
        "-n",
        "--namespace",
        "-c",
        "--container",
        "--context",
        "--kubeconfig",
        "-f",
        "--filename",
        "-s",
        "--server",
        "--token",
        "--index",
        "--exec-id",
        "--cwd",
        "--timeout",
        "--shell",
        "-r",
        "--runtime-endpoint",
        "--pod-running-timeout",
        "--as",
        "--cluster",
        "--cluster-name",
    ],
};
/// `docker run`'s options without a value.
const RUN_SWITCHES: &[&str] = &[
    "--rm",
    "--detach",
    "--interactive",
    "--tty",
    "--privileged",
    "--init",
    "--read-only",
    "--publish-all",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--quiet",
    "--sig-proxy",
    "--disable-content-trust",
    "--replace",
    "--stdin",
    "--attach",
    "--command",
    "--leave-stdin-open",
    "--service-ports",
    "--no-deps",
    "--build",
];

/// Programs that run something in a container or on another machine, and the
/// words that mean it.
const RUNNERS: &[&str] = &[
    "docker",
    "podman",
    "nerdctl",
    "crictl",
    "ctr",
    "kubectl",
    "oc",
    "docker-compose",
    "podman-compose",
    "microk8s.kubectl",
    "lxc",
    "incus",
    "multipass",
    "rkt",
    "kubecolor",
    "k",
    "kubectl.exe",
    "oc.exe",
];

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

/// Programs that call the command behind their options.
const PLAIN_WRAPPERS: &[&str] = &[
    "nice",
    "ionice",
    "stdbuf",
    "strace",
    "ltrace",
    "chrt",
    "taskset",
    "xargs",
    "nsenter",
    "proxychains",
    "proxychains4",
    "chroot",
    "torify",
    "dumb-init",
    "tini",
    "gosu",
    "su-exec",
    "setpriv",
    "systemd-run",
    "unshare",
    "numactl",
    "runuser",
];

const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh"];

/// How a command comes to be called.
#[derive(Clone, Debug, Default)]
struct Surroundings {
    environment: Vec<(String, String)>,
    machine: Option<String>,
    container: Option<String>,
    through: Vec<Through>,
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

    fn line(
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
    fn expand(&self, word: &str, surroundings: &Surroundings) -> String {
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

    fn command(
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
        while let Some((first, rest)) = words.split_first() {
            if let Some((name, value)) = assignment(first) {
                let value = self.expand(value, &surroundings);
                alone.push((name.to_owned(), value.clone()));
                surroundings.environment.push((name.to_owned(), value));
                words = rest;
                continue;
            }
            let name = base(first.trim_start_matches('('));
            // An alias may have the name of what it calls.
            if let Some(value) = self.aliases.remove(first.as_str()) {
                let others = shlex::try_join(rest.iter().map(String::as_str));
                let line = format!("{value} {}", others.unwrap_or_default());
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
            program,
            by_path: first.contains(['/', '\\']),
            environment: surroundings.environment,
            arguments,
            machine: surroundings.machine,
            container: surroundings.container,
            through: surroundings.through,
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

    /// A program that calls another one.
    fn wrapped(
        &mut self,
        name: &str,
        words: &[String],
        mut surroundings: Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        let Some((_, rest)) = words.split_first() else {
            return;
        };
        let depth = depth + 1;
        let from = |place: usize| rest.get(place..).unwrap_or_default();
        match name {
            "sudo" | "doas" => {
                let behind = SUDO.skip(rest);
                let keeps = rest.iter().take(behind).any(|word| {
                    word.starts_with("--preserve-env")
                        || word.starts_with('-') && !word.starts_with("--") && word.contains('E')
                });
                // What was set before it does not reach the command.
                let lost = if keeps {
                    Vec::new()
                } else {
                    std::mem::take(&mut surroundings.environment)
                };
                surroundings.through.push(Through::Sudo {
                    keeps_environment: keeps,
                    lost: lost.into_iter().map(|(name, _)| name).collect(),
                });
                self.command(from(behind), surroundings, depth, effects);
            }
            "su" => {
                let script = rest
                    .iter()
                    .position(|word| word == "-c" || word == "--command")
                    .and_then(|place| rest.get(place + 1));
                if let Some(script) = script {
                    surroundings.through.push(Through::Shell);
                    let _ = self.line(script, &surroundings, depth, effects);
                }
            }
            "env" => {
                let behind = SIMPLE.skip(rest);
                self.command(from(behind), surroundings, depth, effects);
            }
            "timeout" | "gtimeout" => {
                let behind = SIMPLE.skip(rest);
                self.command(from(behind + 1), surroundings, depth, effects);
            }
            "watch" | "eval" => {
                let behind = SIMPLE.skip(rest);
                surroundings.through.push(Through::Shell);
                self.script(from(behind), &surroundings, depth, effects);
            }
            "busybox" | "k3s" | "microk8s" | "rke2" | "minikube" | "vagrant" | "gcloud"
                if !rest.iter().any(|word| word == "ssh") =>
            {
                self.command(rest, surroundings, depth, effects);
            }
            "minikube" | "vagrant" | "gcloud" => {
                let ssh = rest.iter().position(|word| word == "ssh").unwrap_or(0);
                self.remote(from(ssh + 1), surroundings, depth, effects);
            }
            "ssh" | "pdsh" | "clush" | "dsh" => {
                self.ssh(from(SSH.skip(rest)), surroundings, depth, effects);
            }
            "ansible" | "salt" => {
                let module = rest
                    .iter()
                    .position(|word| word == "-a" || word == "--args" || word == "cmd.run")
                    .and_then(|place| rest.get(place + 1));
                if let Some(script) = module {
                    surroundings.machine = rest.first().cloned();
                    surroundings.through.push(Through::Ssh);
                    let _ = self.line(script, &surroundings, depth, effects);
                }
            }
            _ if SHELLS.contains(&name) => {
                let script = rest
                    .iter()
                    .position(|word| {
                        word.starts_with('-') && !word.starts_with("--") && word.contains('c')
                    })
                    .and_then(|place| rest.get(place + 1..));
                if let Some((script, _)) = script.and_then(<[String]>::split_first) {
                    surroundings.through.push(Through::Shell);
                    let _ = self.line(script, &surroundings, depth, effects);
                }
            }
            _ if RUNNERS.contains(&name) => {
                self.runner(name, rest, surroundings, depth, effects);
            }
            _ if PLAIN_WRAPPERS.contains(&name) => {
                // Their options are many; the command is the first word that is
                // one of ours, or calls one.
                let place = rest.iter().take(12).position(|word| calls(base(word)));
                if let Some(place) = place {
                    self.command(from(place), surroundings, depth, effects);
                }
            }
            _ => {}
        }
    }

    /// `ssh HOST COMMAND`, or a shell on the other machine.
    fn ssh(
        &mut self,
        words: &[String],
        mut surroundings: Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        let Some((machine, command)) = words.split_first() else {
            return;
        };
        surroundings.environment.clear();
        surroundings.machine = Some(host_of(machine).to_owned());
        surroundings.through.push(Through::Ssh);
        let command = match command.split_first() {
            Some((dashes, command)) if dashes == "--" => command,
            _ => command,
        };
        if command.is_empty() {
            effects.push(Effect::Enter {
                machine: surroundings.machine,
                container: None,
            });
        } else {
            self.script(command, &surroundings, depth, effects);
        }
    }

    /// Words that are put together and given to a shell.
    fn script(
        &mut self,
        words: &[String],
        surroundings: &Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        let line = words.join(" ");
        let _ = self.line(&line, surroundings, depth, effects);
    }

    /// `minikube ssh`, `vagrant ssh`, `gcloud compute ssh`.
    fn remote(
        &mut self,
        words: &[String],
        mut surroundings: Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        surroundings.through.push(Through::Ssh);
        let mut words = words;
        while let Some((first, rest)) = words.split_first() {
            if let Some(script) = first.strip_prefix("--command=") {
                let _ = self.line(script, &surroundings, depth, effects);
                return;
            }
            match first.as_str() {
                "-c" | "--command" | "--" => {
                    return self.script(rest, &surroundings, depth, effects);
                }
                word if word.starts_with('-') => words = rest,
                word if word.contains(' ') || rest.is_empty() && surroundings.machine.is_some() => {
                    return self.script(words, &surroundings, depth, effects);
                }
                word if base(word) == "sudo" || Program::named(base(word)).is_some() => {
                    return self.script(words, &surroundings, depth, effects);
                }
                word => {
                    surroundings.machine = Some(host_of(word).to_owned());
                    words = rest;
                }
            }
        }
    }

    /// `kubectl exec`, `docker run` and what is like them.
    fn runner(
        &mut self,
        name: &str,
        words: &[String],
        mut surroundings: Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        let Some(place) = words
            .iter()
            .position(|word| matches!(word.as_str(), "exec" | "run" | "rsh" | "debug" | "create"))
        else {
            return;
        };
        let verb = words.get(place).map_or("", String::as_str);
        let words = words.get(place + 1..).unwrap_or_default();
        // Nothing that was set outside reaches the inside.
        surroundings.environment.clear();
        surroundings.through.push(Through::Container {
            by: format!("{} {verb}", name.trim_end_matches(".exe")),
        });
        let dashes = words.iter().position(|word| word == "--");
        let own = words.get(..dashes.unwrap_or(words.len())).unwrap_or(words);
        for pair in own.windows(2) {
            if let [option, value] = pair
                && (option == "-e" || option == "--env")
                && let Some((name, value)) = assignment(value)
            {
                surroundings
                    .environment
                    .push((name.to_owned(), self.expand(value, &surroundings)));
            }
        }
        for option in own {
            let value = option
                .strip_prefix("--env=")
                .or_else(|| option.strip_prefix("-e").filter(|rest| !rest.is_empty()));
            if let Some((name, value)) = value.and_then(assignment) {
                surroundings
                    .environment
                    .push((name.to_owned(), value.to_owned()));
            }
        }
        if verb == "run" || verb == "create" {
            return self.run_image(words, dashes, surroundings, depth, effects);
        }
        let mut behind = EXEC.skip(own);
        surroundings.container = own.get(behind).cloned().or(surroundings.container);
        let command = if let Some(dashes) = dashes {
            words.get(dashes + 1..).unwrap_or_default()
        } else {
            behind += 1;
            let rest = own.get(behind..).unwrap_or_default();
            rest.get(EXEC.skip(rest)..).unwrap_or_default()
        };
        let opens = command
            .first()
            .is_none_or(|word| SHELLS.contains(&base(word)) && command.len() == 1);
        if opens {
            effects.push(Effect::Enter {
                machine: surroundings.machine,
                container: surroundings.container,
            });
        } else {
            self.command(command, surroundings, depth, effects);
        }
    }

    /// `docker run … IMAGE COMMAND`.
    fn run_image(
        &mut self,
        words: &[String],
        dashes: Option<usize>,
        mut surroundings: Surroundings,
        depth: usize,
        effects: &mut Vec<Effect>,
    ) {
        let mut entry: Vec<String> = Vec::new();
        let mut rest = words;
        while let Some((option, behind)) = rest.split_first() {
            if let Some(name) = option.strip_prefix("--name=") {
                surroundings.container = Some(name.to_owned());
            }
            if let Some(program) = option.strip_prefix("--entrypoint=") {
                entry = vec![program.to_owned()];
            }
            if !option.starts_with('-') || option == "--" {
                break;
            }
            let letters = option
                .strip_prefix('-')
                .filter(|rest| !rest.starts_with('-'));
            let switch = option.contains('=')
                || RUN_SWITCHES.contains(&option.as_str())
                || letters.is_some_and(|letters| letters.chars().all(|l| "ditPq".contains(l)))
                || letters.is_some_and(|letters| {
                    letters.len() > 1
                        && !letters.starts_with('-')
                        && !letters.chars().all(|l| "ditePq".contains(l))
                });
            if switch {
                rest = behind;
                continue;
            }
            match (option.as_str(), behind.first()) {
                ("--name", Some(name)) => surroundings.container = Some(name.clone()),
                ("--entrypoint", Some(program)) => entry = vec![program.clone()],
                _ => {}
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        let Some((image, command)) = rest.split_first() else {
            return;
        };
        let command = match dashes {
            Some(dashes) => words.get(dashes + 1..).unwrap_or_default(),
            None => command,
        };
        entry.extend(command.iter().cloned());
        // The image's own program.
        let named = entry.first().is_none_or(|word| word.starts_with('-'));
        if named && is_etcd_image(image) {
            entry.insert(0, "etcd".to_owned());
        }
        self.command(&entry, surroundings, depth, effects);
    }
}

/// Whether a program is one of ours, or calls others.
fn calls(name: &str) -> bool {
    Program::named(name).is_some()
        || SHELLS.contains(&name)
        || RUNNERS.contains(&name) && name != "k"
        || matches!(name, "env" | "sudo")
}

/// Whether an image is etcd's, by its name.
pub(super) fn is_etcd_image(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name);
    name.starts_with("etcd") && !name.contains("operator") && !name.contains("backup")
}

/// The host of `user@host`.
fn host_of(machine: &str) -> &str {
    machine.rsplit('@').next().unwrap_or(machine)
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
