//! Code that nobody calls: what neither the page, with its measurements, nor the
//! program reaches. Each of them alone leaves most of the other idle, and the tests
//! reach everything, so that no compiler's warning is enough: what both builds call
//! dead is.

use std::collections::BTreeSet;
use std::fmt;
use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::command::capture;

/// Where something stands that is never used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Idle {
    file: String,
    line: u64,
    name: String,
}

impl fmt::Display for Idle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.name)
    }
}

/// Fails where both commands, which are `cargo rustc` of the library, find the same
/// idle. Lints that are off in the source are asked for all the same.
pub(crate) fn idle(native: Command, page: Command) -> Result<()> {
    let mut both: Option<BTreeSet<Idle>> = None;
    for mut build in [native, page] {
        build.args([
            "--message-format",
            "json",
            "--",
            "--force-warn",
            "dead_code",
        ]);
        let found = of_messages(&capture(&mut build)?);
        both = Some(match both {
            Some(known) => known.intersection(&found).cloned().collect(),
            None => found,
        });
    }
    let both = both.unwrap_or_default();
    if !both.is_empty() {
        let list: Vec<String> = both.iter().map(ToString::to_string).collect();
        bail!(
            "neither the page nor the program uses:\n{}",
            list.join("\n")
        );
    }
    println!("all code is the page's or the program's");
    Ok(())
}

/// What the compiler's messages, one a line, say of code that is never used.
fn of_messages(lines: &str) -> BTreeSet<Idle> {
    let messages = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages
        .filter(|message| message["message"]["code"]["code"] == "dead_code")
        .flat_map(|message| {
            let spans = message["message"]["spans"].as_array().cloned();
            spans.unwrap_or_default()
        })
        .filter(|span| span["is_primary"] == true)
        .filter_map(|span| {
            let first = span["text"].get(0)?;
            let text = first["text"].as_str()?;
            let place = |end: &str| {
                let column = first[end].as_u64()?;
                usize::try_from(column).ok()?.checked_sub(1)
            };
            let name = text
                .chars()
                .skip(place("highlight_start")?)
                .take(place("highlight_end")? - place("highlight_start")?)
                .collect();
            Some(Idle {
                file: span["file_name"].as_str()?.to_owned(),
                line: span["line_start"].as_u64()?,
                name,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_warning_is_told_with_its_place() {
        let line = r#"{"reason":"compiler-message","message":{"code":{"code":"dead_code"},"spans":[
            {"is_primary":true,"file_name":"src/a.rs","line_start":3,"text":[{"text":"fn idle() {","highlight_start":4,"highlight_end":8}]},
            {"is_primary":false,"file_name":"src/a.rs","line_start":1,"text":[{"text":"impl A {","highlight_start":1,"highlight_end":7}]}]}}"#
            .replace('\n', "");
        let other = line.replace("dead_code", "unused_imports");
        let found = of_messages(&format!("{line}\n{other}\nno message"));
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["src/a.rs:3: idle"]);
    }
}
