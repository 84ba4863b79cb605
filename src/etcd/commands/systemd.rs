//! etcd as a systemd service. The quoting of `ExecStart=` is not a shell's:
//! systemd.syntax(7) and systemd.service(5), "Command lines", say what is
//! special. No crate writes it, so it is written here, and `tests/judges/forms.rs` has
//! systemd's own parser read it back.

use std::fmt::Write as _;

use super::{
    Document, Form, FormDocuments, Language, WrittenMember,
    options::{options, words},
    owner,
};
use crate::etcd::{
    command::{Command, quote},
    deployment::Deployment,
};

/// One word of a command line.
///
/// Quotes and backslashes are systemd.syntax(7)'s: within double quotes a
/// backslash begins a C escape. A `%` begins a specifier, and a `$` a variable,
/// unless doubled; quotes change nothing about that.
fn word(word: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "-_=/.,:@+[]".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in word.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '%' => quoted.push_str("%%"),
            '$' => quoted.push_str("$$"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_ascii_control() => {
                // A string takes every write.
                let _ = write!(quoted, "\\x{:02x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// The unit.
///
/// etcd says when it is ready (`Type=notify`). It runs as a user of its own, whom the
/// keys are given to. Without a data directory of its own it keeps its data where it
/// is started, so that is the service's own folder below /var/lib.
fn unit(description: &str, service: &str, words: &[String], folder: &str) -> String {
    let mut command = words.iter().map(|text| word(text)).collect::<Vec<_>>();
    if command.len() > 1 {
        command = vec![command.join(" \\\n  ")];
    }
    let description = description.replace('%', "%%");
    let home = of_somebodys_home(folder);
    let user = owner::USER;
    format!(
        "[Unit]\n\
         Description={description}\n\
         Documentation=https://etcd.io/docs/\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         Type=notify\n\
         User={user}\n\
         Group={user}\n\
         {home}\
         ExecStart={}\n\
         Restart=on-failure\n\
         RestartSec=5\n\
         LimitNOFILE=65536\n\
         StateDirectory={service}\n\
         StateDirectoryMode=0700\n\
         WorkingDirectory=/var/lib/{service}\n\
         \n\
         [Install]\n\
         WantedBy=multi-user.target\n",
        command.concat()
    )
}

/// What makes a folder below somebody's home reachable, whose door is closed to the
/// service's user: systemd shows it the folder in an empty home (systemd.exec(5),
/// `ProtectHome=tmpfs`).
fn of_somebodys_home(folder: &str) -> String {
    let is_home = ["/root", "/home"].iter().any(|home| {
        folder
            .strip_prefix(home)
            .is_some_and(|rest| rest.starts_with('/'))
    });
    if is_home {
        format!(
            "ProtectHome=tmpfs\nBindReadOnlyPaths={}\n",
            // A colon stands between the source and the place of a mount, and no
            // variables are looked up.
            word(&folder.replace(':', "\\:")).replace("$$", "$")
        )
    } else {
        String::new()
    }
}

/// A unit for each member, and the lines that start it.
pub(super) fn documents(deployment: &Deployment) -> FormDocuments {
    let mut documents = Vec::new();
    for written in WrittenMember::all(deployment) {
        let name = format!("{}.service", written.stem);
        let unit_path = format!("/etc/systemd/system/{name}");
        let description = match &member_name(&written) {
            Some(member) => format!("etcd {member}"),
            None => "etcd".to_owned(),
        };
        documents.push(written.file(
            "file-etcd-unit",
            &name,
            Language::Unit,
            unit(
                &description,
                &written.stem,
                &words(&options(deployment, written.member)),
                written.member.directory.as_str(),
            ),
        ));
        // A member of a cluster is ready with the others alone: its start waits, and all
        // is to be prepared before.
        documents.push(Document::command(
            written.id("command-prepare"),
            written.title("Prepare it"),
            format!(
                "{}\n{}\nsystemctl daemon-reload",
                owner::give_to(&written),
                Command::new("install -m 644")
                    .word(&written.on_machine(&name))
                    .word(&unit_path),
            ),
        ));
        documents.push(written.start(
            "Start it, now and at every boot",
            format!("systemctl enable --now {}", quote(&name)),
        ));
    }
    FormDocuments {
        form: Form::Systemd,
        documents,
        notes: vec![
            "systemd finds etcd in /usr/local/bin or /usr/bin. The service runs as the user etcd, whom the private keys are given to."
                .to_owned(),
        ],
    }
}

/// A member's name on one line.
fn member_name(written: &WrittenMember<'_>) -> Option<String> {
    let name = written.member.name.as_ref()?;
    Some(
        name.chars()
            .filter(|character| !character.is_control())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systemd_takes_specially_is_escaped() {
        for (text, quoted) in [
            ("--client-cert-auth", "--client-cert-auth"),
            ("--name=a b", "\"--name=a b\""),
            ("--name=100%", "\"--name=100%%\""),
            ("--name=$HOME", "\"--name=$$HOME\""),
            ("--name=it's", "\"--name=it's\""),
            (r#"--name=\"x"#, r#""--name=\\\"x""#),
            ("--name=a\nb\u{7}", "\"--name=a\\nb\\x07\""),
            (";", "\";\""),
            ("", "\"\""),
        ] {
            assert_eq!(word(text), quoted);
        }
    }
}
