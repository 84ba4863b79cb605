//! Whatever people paste, sorted: command lines of etcd and etcdctl, PEM
//! blocks, and the rest, which is taken for logs and terminal output. It
//! recognises kinds and judges nothing. Called by the diagnosis.

use zeroize::Zeroizing;

/// A pasted text, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// etcd's command line, with the variables that were set for it; the last
    /// one where there are several.
    pub server: Option<String>,
    /// etcdctl's, likewise.
    pub client: Option<String>,
    /// PEM blocks, each with its boundaries.
    pub blocks: Vec<Zeroizing<String>>,
    /// Everything else.
    pub rest: String,
}

/// What may stand before a program in a command line.
const BEFORE: &[&str] = &[
    "sudo", "env", "exec", "export", "command", "time", "nohup", "docker", "podman", "kubectl",
    "run", "--", "-it", "-i", "-t", "-",
];

/// etcdctl's commands: a word of prose does not make a command line.
const COMMANDS: &[&str] = &[
    "put",
    "get",
    "del",
    "txn",
    "watch",
    "lease",
    "member",
    "endpoint",
    "user",
    "role",
    "auth",
    "snapshot",
    "version",
    "compaction",
    "defrag",
    "alarm",
    "lock",
    "elect",
    "check",
    "move-leader",
    "make-mirror",
];

/// Sorts a text.
#[must_use]
pub fn sort(text: &str) -> Pasted {
    let mut pasted = Pasted::default();
    let mut variables: Vec<String> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("-----BEGIN ") {
            let mut block = vec![line];
            for line in lines.by_ref() {
                block.push(line);
                if line.trim_start().starts_with("-----END ") {
                    break;
                }
            }
            pasted.blocks.push(Zeroizing::new(block.join("\n") + "\n"));
        } else if let Some(variable) = variable(line) {
            variables.push(variable.to_owned());
        } else if let Some(program) = manifest_program(line) {
            let mut words = vec![program.to_owned()];
            while let Some(argument) = lines.peek().and_then(|line| manifest_argument(line)) {
                words.push(argument.to_owned());
                lines.next();
            }
            let words = words.iter().map(String::as_str);
            pasted.take(program, shlex::try_join(words).unwrap_or_default());
        } else if let Some(program) = program(line) {
            let mut command = without_prompt(line).to_owned();
            while command.trim_end().ends_with('\\') {
                let Some(line) = lines.next() else { break };
                command.push('\n');
                command.push_str(line);
            }
            pasted.take(program, command);
        } else {
            pasted.rest.push_str(line);
            pasted.rest.push('\n');
        }
    }
    pasted.set(&variables);
    pasted
}

impl Pasted {
    fn take(&mut self, program: &str, command: String) {
        if program == "etcd" {
            self.server = Some(command);
        } else {
            self.client = Some(command);
        }
    }

    /// Puts variables that were set on lines of their own before the program
    /// that reads them.
    fn set(&mut self, variables: &[String]) {
        for variable in variables.iter().rev() {
            let command = if variable.starts_with("ETCDCTL_") {
                &mut self.client
            } else {
                &mut self.server
            };
            if let Some(command) = command {
                *command = format!("{variable} {command}");
            }
        }
    }
}

/// `ETCD_NAME=value` on a line of its own, as a shell, a unit or an environment
/// file has it.
fn variable(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let line = line.strip_prefix("Environment=").unwrap_or(line);
    let line = line.trim_matches('"');
    let (name, value) = line.split_once('=')?;
    let known = name.starts_with("ETCD_") || name.starts_with("ETCDCTL_");
    let plain = name
        .bytes()
        .all(|byte| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit());
    // A command may follow its variables.
    (known && plain && program(line).is_none() && !value.trim().contains(' ')).then_some(line)
}

/// `- etcd`, as a static pod's manifest calls it.
fn manifest_program(line: &str) -> Option<&'static str> {
    match line.trim().strip_prefix("- ")?.trim_matches(['"', '\'']) {
        "etcd" => Some("etcd"),
        "etcdctl" => Some("etcdctl"),
        _ => None,
    }
}

/// `- --flag=value`, below it.
fn manifest_argument(line: &str) -> Option<&str> {
    let argument = line.trim().strip_prefix("- ")?.trim_matches(['"', '\'']);
    argument.starts_with("--").then_some(argument)
}

/// The line behind a shell's prompt.
fn without_prompt(line: &str) -> &str {
    let line = line.trim_start();
    for prompt in ["$ ", "# ", "% ", "> "] {
        if let Some(rest) = line.strip_prefix(prompt) {
            return rest;
        }
        // `root@host:~# etcd …`
        if let Some((before, rest)) = line.split_once(prompt)
            && before.contains('@')
            && !before.contains(char::is_whitespace)
        {
            return rest;
        }
    }
    line
}

/// The program that a line calls, if it is one of the two.
fn program(line: &str) -> Option<&'static str> {
    // Nobody calls a program behind so many words, and logs have long lines.
    const MOST_WORDS: usize = 24;
    let line = without_prompt(line);
    if line.starts_with(['{', '[']) {
        return None;
    }
    let mut words = line.split_whitespace().take(MOST_WORDS).peekable();
    let mut foreign = false;
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        let name = word.rsplit(['/', '=']).next().unwrap_or(word);
        let flag = next.is_none_or(|next| next.starts_with('-') || next == "\\");
        let assigns = word.split_once('=').is_some_and(|(name, _)| {
            name.bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        });
        match name {
            "etcd" if flag && (next.is_some() || line.contains("ETCD_")) => return Some("etcd"),
            "etcdctl" if next.is_some() && flag => return Some("etcdctl"),
            "etcdctl" if next.is_some_and(|next| COMMANDS.contains(&next)) => {
                return Some("etcdctl");
            }
            _ if assigns || BEFORE.contains(&word) => {}
            // A container's name and options, perhaps.
            _ if foreign => return None,
            _ => foreign = !matches!(word, "etcd" | "etcdctl"),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_are_told_from_logs_and_prose() {
        for (line, wanted) in [
            ("etcd --cert-file=a", Some("etcd")),
            (
                "$ ETCDCTL_API=3 etcdctl --endpoints=x put k v",
                Some("etcdctl"),
            ),
            ("root@host:~# /usr/bin/etcd --name n1", Some("etcd")),
            ("sudo etcdctl get k", Some("etcdctl")),
            ("docker exec etcd etcdctl endpoint health", Some("etcdctl")),
            ("ExecStart=/usr/bin/etcd \\", Some("etcd")),
            ("ETCD_CERT_FILE=a etcd", Some("etcd")),
            ("etcd Version: 3.4.23", None),
            ("etcdctl says that the certificate is bad", None),
            (
                "2026-11-24 05:49:22 I | etcdmain: etcd Version: 3.4.23",
                None,
            ),
            ("{\"level\":\"warn\",\"msg\":\"etcd --flag\"}", None),
            ("Error: context deadline exceeded", None),
        ] {
            assert_eq!(program(line), wanted, "{line}");
        }
    }

    #[test]
    fn a_mixture_is_sorted() {
        let pasted = sort(
            "export ETCDCTL_CACERT=ca.crt\n$ etcd --cert-file=a \\\n  --key-file=b\n\
             -----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\
             etcdctl put k v\nError: context deadline exceeded\n",
        );
        assert_eq!(
            pasted.server.as_deref(),
            Some("etcd --cert-file=a \\\n  --key-file=b")
        );
        assert_eq!(
            pasted.client.as_deref(),
            Some("ETCDCTL_CACERT=ca.crt etcdctl put k v")
        );
        assert_eq!(pasted.blocks.len(), 1);
        assert_eq!(pasted.rest, "Error: context deadline exceeded\n");
    }

    #[test]
    fn a_static_pods_arguments_are_a_command_line() {
        let pasted = sort(
            "  - command:\n    - etcd\n    - --cert-file=/a b\n    - --name=n\n    image: x\n",
        );
        let words = shlex::split(&pasted.server.unwrap()).unwrap();
        assert_eq!(words, ["etcd", "--cert-file=/a b", "--name=n"]);
    }
}
