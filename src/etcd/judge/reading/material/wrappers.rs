//! Programs that call other programs: `sudo`, `kubectl exec`, `docker run`, `ssh`,
//! `sh -c` and their like. Each passes on what it passes on: variables that are set
//! in front of `sudo` or outside of a container do not arrive.

use super::shell::{Effect, Shell, Surroundings};
use super::words::{assignment, base};
use super::{Program, Through};

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

impl Shell {
    /// A program that calls another one.
    pub(super) fn wrapped(
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
                    surroundings.mounts.leave_open();
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
        let file = own.iter().enumerate().find_map(|(place, option)| {
            let (option, value) = option.split_once('=').unwrap_or((option, ""));
            let next = own.get(place + 1).filter(|_| value.is_empty());
            (option == "--env-file").then(|| next.map_or(value, String::as_str))
        });
        surroundings.elsewhere = file.map(|file| format!("--env-file {file}"));
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
            let attached = option
                .strip_prefix("-v")
                .filter(|rest| rest.starts_with('/'));
            if let Some(value) = attached {
                surroundings.mounts.add_option("-v", value);
            } else if let Some((option, value)) = option.split_once('=') {
                surroundings.mounts.add_option(option, value);
            }
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
            if let Some(value) = behind.first() {
                surroundings.mounts.add_option(option, value);
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
