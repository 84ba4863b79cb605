//! What stands before a line's own words: what a journal, a container's runtime,
//! Compose, kubectl, a mail or an editor puts there; and who wrote the line, where
//! that or the logger's own form says so.

/// Who wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// etcd.
    Etcd,
    /// A program that is not etcd.
    Other,
}

/// Programs that run others and write down what these say.
const HOSTS: [&str; 19] = [
    "systemd",
    "docker",
    "dockerd",
    "containerd",
    "podman",
    "conmon",
    "crio",
    "kubelet",
    "rkt",
    "bash",
    "sh",
    "env",
    "sudo",
    "su",
    "k3s",
    "rke2",
    "k0s",
    "supervisord",
    "forward-journal",
];

/// Programs that have etcd in their name and are none.
const NAMED_AFTER: [&str; 6] = [
    "manager", "operator", "backup", "druid", "proxy", "exporter",
];

fn of_name(name: &str) -> Option<Writer> {
    let name = name.rsplit('/').next().unwrap_or_default();
    let parts = || name.split(|letter: char| !letter.is_ascii_alphabetic());
    if parts().any(|part| part == "etcd") && !parts().any(|part| NAMED_AFTER.contains(&part)) {
        return Some(Writer::Etcd);
    }
    (!name.is_empty() && !HOSTS.contains(&name)).then_some(Writer::Other)
}

/// The letters in which the name of the program that wrote a line must stand.
const NEAR: usize = 120;

/// The program of `Nov 28 12:00:00 node-a etcd[12]: …`, and what stands behind it.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let near = line.get(..line.floor_char_boundary(NEAR))?;
    near.match_indices("]: ").find_map(|(end, _)| {
        let (before, number) = line.get(..end)?.rsplit_once('[')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let name = before.rsplit(char::is_whitespace).next()?;
        // [2022/04/27 23:01:05 +00:00] [WARN] …: no program.
        (is_number && !name.is_empty()).then_some((name, line.get(end + 3..)?))
    })
}

/// Whether a line begins as this picture does: `0` stands for a digit, `A` for one of
/// klog's levels, everything else for itself.
fn looks_like(line: &str, picture: &str) -> bool {
    let mut bytes = line.bytes();
    picture.bytes().all(|wanted| {
        bytes.next().is_some_and(|byte| match wanted {
            b'0' => byte.is_ascii_digit(),
            b'A' => b"IWEFiwef".contains(&byte),
            wanted => byte == wanted,
        })
    })
}

/// Who wrote a line in small letters that has nothing before its own words.
fn by_form(line: &str) -> Option<Writer> {
    // klog's form, logrus' two forms: etcd has neither.
    let is_of_terminal = ["info[", "warn[", "erro[", "fata[", "debu["]
        .iter()
        .any(|level| line.starts_with(level));
    let is_of_fields = line.starts_with("time=\"") && line.contains(" level=");
    if is_of_terminal || is_of_fields || looks_like(line, "A0000 00:00:00") {
        // k0s writes down what the etcd says that it runs.
        let of_etcd = line.contains("component=etcd");
        return Some(if of_etcd { Writer::Etcd } else { Writer::Other });
    }
    // Go's own logger: 2015/09/17 23:48:10 etcd: ….
    let said = looks_like(line, "0000/00/00 00:00:00 ").then(|| line.get(20..))??;
    let (name, _) = said.split_once(": ")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then(|| of_name(name))?
}

/// Coats that are worn above each other: Compose's, a runtime's, a journal's.
pub(super) const MOST_COATS: usize = 3;

/// Who wrote a line in small letters; `None` where that isn't seen. A logger's form tells
/// more than the name before it.
pub(super) fn writer(line: &str) -> Option<Writer> {
    let mut line = line.trim_start();
    let mut named = None;
    for _ in 0..MOST_COATS {
        if let Some(writer) = by_form(line) {
            return Some(writer);
        }
        named = named.or_else(|| tagged(line).and_then(|(name, _)| of_name(name)));
        let Some(rest) = bare_line(line) else { break };
        line = rest.trim_start();
    }
    named
}

/// What a line says itself, without what stands before it.
pub(super) fn own(line: &str) -> &str {
    let mut line = line.trim_start();
    for _ in 0..MOST_COATS {
        let Some(rest) = bare_line(line) else { break };
        line = rest.trim_start();
    }
    line
}

/// The part of a line that is its own, if something stands before it.
fn bare_line(line: &str) -> Option<&str> {
    // > and | of a quotation, numbers of lines.
    let quoted = line.trim_start().trim_start_matches(['>', '|']);
    if quoted.len() < line.trim_start().len() {
        return Some(quoted.strip_prefix(' ').unwrap_or(quoted));
    }
    if let Some((_, rest)) = tagged(line) {
        return Some(rest);
    }
    // containerd's: 2026-11-28T12:00:00.0Z stderr F …; Docker's has the time alone.
    if looks_like(line, "0000-00-00T00:00:00") || looks_like(line, "0000-00-00t00:00:00") {
        let (_, rest) = line.split_once(' ')?;
        let of_runtime = [
            "stdout f ",
            "stderr f ",
            "stdout p ",
            "stderr p ",
            "stdout F ",
            "stderr F ",
            "stdout P ",
            "stderr P ",
        ];
        return Some(
            of_runtime
                .iter()
                .find_map(|it| rest.strip_prefix(it))
                .unwrap_or(rest),
        );
    }
    // Compose's `etcd-1  | …`, kubectl's `[pod/etcd-0/etcd] …`.
    if let Some(rest) = line.strip_prefix("[pod/") {
        return rest.split_once("] ").map(|(_, rest)| rest);
    }
    if let Some((name, rest)) = line.split_once(" | ")
        && !name.trim_end().contains(char::is_whitespace)
    {
        return Some(rest);
    }
    let number = line.trim_start();
    let rest = number.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let behind = rest.strip_prefix([':', '\t', ' ', '.'])?;
    (rest.len() < number.len()).then(|| behind.strip_prefix(' ').unwrap_or(behind))
}

/// A text without what stands before its lines, if most have something there.
pub(super) fn bare(text: &str) -> Option<String> {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let bare: Vec<Option<&str>> = lines.iter().map(|line| bare_line(line)).collect();
    let stripped = bare.iter().flatten().count();
    if lines.len() < 2 || stripped * 4 < lines.len() * 3 {
        return None;
    }
    let own = bare
        .into_iter()
        .zip(lines)
        .map(|(bare, line)| bare.unwrap_or(line));
    Some(own.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote_a_line_is_seen_by_what_stands_before_it() {
        for (line, expected) in [
            (
                "avril 12 18:10:01 node-a etcd[29989]: open x",
                Some(Writer::Etcd),
            ),
            ("nov 28 12:00:00 a etcd-member[7]: x", Some(Writer::Etcd)),
            (
                "nov 28 12:00:00 a etcdctl[26623]: error: x",
                Some(Writer::Other),
            ),
            ("nov 28 12:00:00 a etcd-manager[7]: x", Some(Writer::Other)),
            ("nov 28 12:00:00 a flanneld[7]: x", Some(Writer::Other)),
            ("nov 28 12:00:00 a bash[7]: x", None),
            (
                "nov 28 12:00:00 a rke2[5252]: time=\"t\" level=error msg=\"x\"",
                Some(Writer::Other),
            ),
            ("fata[0000] failed to reconcile", Some(Writer::Other)),
            (
                "e0716 20:11:19.238180       1 main.go:232] x",
                Some(Writer::Other),
            ),
            ("2015/09/17 23:48:10 etcd: x509: x", Some(Writer::Etcd)),
            ("2014/07/08 18:37:12 failure to connect: x", None),
            (
                "[2022/04/27 23:01:05.828 +00:00] [warn] [config_logging.go:169] [\"x\"]",
                None,
            ),
            ("2019-03-06 02:18:25.163669 i | embed: rejected", None),
        ] {
            assert_eq!(writer(line), expected, "{line}");
        }
    }

    #[test]
    fn a_text_is_taken_out_of_its_coat() {
        for text in [
            "> one\n> two",
            "  1: one\n  2: two",
            "Nov 28 12:00:00 a etcd[1]: one\nNov 28 12:00:00 a etcd[1]: two",
            "2026-11-28T12:00:00.1Z stderr F one\n2026-11-28T12:00:00.1Z stderr F two",
            "etcd-1  | one\netcd-1  | two",
            "[pod/etcd-0/etcd] one\n[pod/etcd-0/etcd] two",
        ] {
            assert_eq!(bare(text).as_deref(), Some("one\ntwo"), "{text}");
        }
        assert_eq!(bare("one\ntwo"), None);
    }
}
