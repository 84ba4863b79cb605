//! Where in a line a command begins, and whether what seems to be a call is one and
//! not prose.

use super::Program;
use super::shell::Effect;
use super::structures::indentation;
use crate::etcd::facts::{etcdctl_option, etcdctl_v2};

/// The container's name, and the bar behind it, with which `docker compose logs` begins
/// a line: `etcd-1  | `.
pub(super) fn container_prefix(line: &str) -> &str {
    let end = line
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)))
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let number = name.rsplit(['-', '_']).next().unwrap_or_default();
    let is_numbered = number.len() < name.len() && number.parse::<u16>().is_ok();
    let behind = rest.trim_start_matches(' ');
    match behind.strip_prefix("| ") {
        Some(text) if is_numbered && behind.len() < rest.len() => {
            line.get(..line.len() - text.len()).unwrap_or_default()
        }
        _ => "",
    }
}

/// Where in a line a command may begin: at its begin, behind a prompt, a number
/// of the history, a list's mark.
pub(super) fn beginnings(line: &str) -> Vec<usize> {
    const FARTHEST: usize = 160;
    const MOST: usize = 10;
    let first = indentation(line) + container_prefix(line.trim_start()).len();
    let mut places = vec![first];
    let trimmed = line.get(first..).unwrap_or_default();
    let mut add = |place: usize| {
        let behind = line.get(place..).unwrap_or_default();
        let place = place + (behind.len() - behind.trim_start_matches('`').len());
        if places.len() < MOST && !places.contains(&place) {
            places.push(place);
        }
    };
    if trimmed.starts_with('`') {
        add(first);
    }
    let digits = trimmed.trim_start_matches(|letter: char| letter.is_ascii_digit());
    if digits.len() < trimmed.len() && digits.starts_with(' ') {
        add(line.len() - digits.trim_start().len());
    }
    for (place, letter) in line.char_indices().take(FARTHEST) {
        let behind = line.get(place + letter.len_utf8()..).unwrap_or_default();
        let mark = "$#%>❯➜»λ+*-•:`".contains(letter);
        if !mark || !behind.starts_with(' ') {
            continue;
        }
        let words = behind.trim_start();
        if letter == ':' {
            let before = line
                .get(first..place)
                .unwrap_or_default()
                .to_ascii_lowercase();
            let labels = [
                "command",
                "cmd",
                "running",
                "run",
                "ran",
                "exec",
                "executing",
                "use",
                "using",
            ];
            // etcdctl's own `--debug` says `cURL Command: …`.
            let of_etcdctl = before.starts_with("curl");
            if of_etcdctl || !labels.iter().any(|label| before.ends_with(label)) {
                continue;
            }
        }
        if "+*-•".contains(letter)
            && line
                .get(first..place)
                .is_some_and(|before| !before.trim_matches(['+', ' ']).is_empty())
        {
            continue;
        }
        add(line.len() - words.len());
        // `➜  ~ etcdctl`: the folder comes behind it.
        if letter == '➜'
            && let Some((_, rest)) = words.split_once(' ')
        {
            add(line.len() - rest.trim_start().len());
        }
    }
    // A sentence has a command between two backticks.
    let between = line.match_indices('`').take(MOST);
    let mut cited: Vec<(usize, usize)> = between
        .filter_map(|(place, _)| {
            let (command, _) = line.get(place + 1..)?.split_once('`')?;
            // A flag that a sentence names is no call of etcd; three are one.
            let is_whole = command.starts_with("etcd ") && command.matches(" --").count() > 2;
            let is_one = is_whole || CITED.iter().any(|it| command.starts_with(it));
            is_one.then_some((command.len(), place + 1))
        })
        .collect();
    // The longest tells most.
    cited.sort_by(|one, other| other.cmp(one));
    for (_, place) in cited {
        add(place);
    }
    places
}

/// What a command begins with that a sentence cites.
const CITED: [&str; 7] = [
    "etcd grpc-proxy start ",
    "etcd gateway start ",
    "etcdctl ",
    "sudo ",
    "ETCDCTL_",
    "kubectl exec",
    "docker exec",
];

/// The machine that a prompt names: `[root@node-a ~]#`, `root@node-a:~#`.
pub(super) fn host_of_prompt(prompt: &str) -> Option<&str> {
    let (_, rest) = prompt.split_once('@')?;
    let end =
        rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-._".contains(letter)))?;
    let host = rest.get(..end)?;
    (!host.is_empty()).then_some(host)
}

/// Whether a word begins a command of etcdctl's, of API 2 or 3, or of etcdutl's.
/// `options`, which is one, begins prose more often.
fn is_command(word: &str) -> bool {
    etcdctl_option::is_command(word) && word != "options"
        || etcdctl_v2::COMMANDS.contains(&word)
        || matches!(word, "status" | "hashkv" | "import")
}

/// Whether what seems to be a call is one, and not prose.
pub(super) fn is_plausible(effect: &Effect, prompted: bool, line: &str) -> bool {
    let call = match effect {
        Effect::Call(call) => call,
        // In front of a comment's words stands what looks like a prompt.
        Effect::Set { exported, .. } => return *exported || !prompted,
        Effect::Enter { .. } => return true,
    };
    let sure = prompted || call.by_path || !call.environment.is_empty() || !call.through.is_empty();
    let first = call.arguments.first().map_or("", String::as_str);
    let flag = first
        .strip_prefix('-')
        .map(|rest| rest.strip_prefix('-').unwrap_or(rest))
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()));
    match call.program {
        Program::Etcd => {
            let starts_proxy = matches!(first, "grpc-proxy" | "gateway")
                && call.arguments.get(1).is_some_and(|word| word == "start");
            flag || starts_proxy
                || first.is_empty()
                    && (prompted
                        || call.by_path && call.through.is_empty()
                        || call
                            .environment
                            .iter()
                            .any(|(name, _)| name.starts_with("ETCD_")))
        }
        // What etcdctl of API 2 prints of its release.
        Program::Etcdctl
            if first == "version"
                && call.arguments.get(1).is_some_and(|word| {
                    word.starts_with(|letter: char| letter.is_ascii_digit())
                }) =>
        {
            false
        }
        Program::Etcdctl | Program::Etcdutl => {
            let prose = !sure
                && line.split_whitespace().count() > 8
                && line.trim_end().ends_with(['.', ':', ','])
                && !line.contains(" -");
            flag || is_command(first) && !prose
                || first.is_empty() && sure && !call.environment.is_empty()
        }
        Program::Curl => call.arguments.iter().any(|word| is_etcd_url(word)),
    }
}

/// Whether a word is a URL at which etcd is asked.
fn is_etcd_url(word: &str) -> bool {
    let ports = [
        ":2379", ":2380", ":4001", ":7001", ":2381", ":12379", ":22379", ":32379",
    ];
    let paths = ["/v2/", "/v3/", "/v3beta/", "/v3alpha/", "etcd"];
    let url = word.contains("://") || word.contains(':');
    url && (ports.iter().any(|port| word.contains(port))
        || paths.iter().any(|path| word.contains(path)))
}
