//! Logs as log stores, container engines and the journal hand them out in JSON, back as
//! the lines that were logged: a text is such an export as a whole, or not at all. etcd's
//! own lines, which are JSON too, stay.

use serde_json::{Deserializer, Map, Value};

/// Keys of the line itself: Docker and Fluent Bit, the journal, `CloudWatch` and Elastic,
/// Google's logging, Splunk, OpenTelemetry.
const LINE: [&str; 8] = [
    "log",
    "MESSAGE",
    "message",
    "@message",
    "textPayload",
    "_raw",
    "body",
    "line",
];

/// Keys that stand beside it: when or where it was logged.
const BESIDE: [&str; 14] = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "date",
    "_time",
    "ingestionTime",
    "insertId",
    "stream",
    "kubernetes",
    "PRIORITY",
    "_PID",
    "_SYSTEMD_UNIT",
    "__REALTIME_TIMESTAMP",
];

/// Keys of what is no log: manifests, inspections, Ansible's results, etcd's own lines.
const OTHERS: [&str; 8] = [
    "kind", "spec", "cmd", "Cmd", "Args", "Config", "level", "caller",
];

/// The deepest that a line lies in an answer of a log store.
const DEEPEST: usize = 8;

/// The lines that were logged, if a text is an export of them.
#[must_use]
pub fn logged(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.starts_with(['{', '[', '"']) {
        return None;
    }
    let mut lines = String::new();
    let mut values = Deserializer::from_str(text).into_iter::<Value>();
    loop {
        let before = values.byte_offset();
        match values.next() {
            Some(Ok(value)) => take(&value, DEEPEST, &mut lines)?,
            // What is cut stays as it is.
            Some(Err(_)) if !lines.is_empty() => {
                lines.push_str(text.get(before..).unwrap_or_default());
                break;
            }
            Some(Err(_)) => return None,
            None => break,
        }
    }
    (!lines.is_empty()).then_some(lines)
}

fn push(line: &str, lines: &mut String) {
    lines.push_str(line.trim_end_matches(['\r', '\n']));
    lines.push('\n');
}

/// Adds the lines in a value; none if it is something else.
fn take(value: &Value, depth: usize, lines: &mut String) -> Option<()> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::String(line) if depth == DEEPEST => push(line, lines),
        Value::Object(map) if map.keys().any(|key| OTHERS.contains(&key.as_str())) => return None,
        Value::Object(map) => match line_of(map) {
            Some(line) => push(line, lines),
            None => {
                for value in map.values().filter(|it| it.is_object() || it.is_array()) {
                    take(value, deeper, lines)?;
                }
            }
        },
        Value::Array(values) => match values.as_slice() {
            // Loki's pair of time and line.
            [Value::String(time), Value::String(line)]
                if time.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                push(line, lines);
            }
            values => {
                for value in values.iter().filter(|it| it.is_object() || it.is_array()) {
                    take(value, deeper, lines)?;
                }
            }
        },
        _ => {}
    }
    Some(())
}

/// The line of an entry.
fn line_of(map: &Map<String, Value>) -> Option<&str> {
    if !BESIDE.iter().any(|key| map.contains_key(*key)) {
        return None;
    }
    LINE.iter().find_map(|key| map.get(*key)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_of_a_log_becomes_its_lines_again() {
        for export in [
            r#"{"log":"one \"x\"\n","stream":"stderr","time":"2026-11-28T12:00:00Z"}
{"log":"two\n","stream":"stderr","time":"2026-11-28T12:00:01Z"}"#,
            r#"{"MESSAGE":"one \"x\"","PRIORITY":"6"}{"MESSAGE":"two","PRIORITY":"6"}"#,
            r#"{"data":{"result":[{"stream":{"app":"etcd"},"values":[["1795881664000000000","one \"x\""],["1795881665000000000","two"]]}]}}"#,
            r#"{"events":[{"timestamp":1,"message":"one \"x\""},{"timestamp":2,"message":"two"}],"nextForwardToken":"f"}"#,
            r#"{"hits":{"hits":[{"_source":{"@timestamp":"t","message":"one \"x\""}},{"_source":{"@timestamp":"t","message":"two"}}]}}"#,
            r#""one \"x\"\ntwo""#,
        ] {
            assert_eq!(
                logged(export).as_deref(),
                Some("one \"x\"\ntwo\n"),
                "{export}"
            );
        }
        assert_eq!(
            logged(r#"{"log":"one\n","stream":"stderr"} {"log":"two\n","str"#).as_deref(),
            Some("one\n {\"log\":\"two\\n\",\"str")
        );
    }

    #[test]
    fn other_json_is_no_export_of_a_log() {
        for text in [
            r#"{"level":"warn","ts":"2026-11-28T12:00:00Z","caller":"x.go:1","msg":"m"}"#,
            r#"{"kind":"Pod","status":{"conditions":[{"message":"m","timestamp":"t"}]}}"#,
            r#"[{"Id":"x","Config":{"Cmd":["etcd"]},"State":{"message":"m","time":"t"}}]"#,
            r#"{"error":"etcdserver: user name is empty","message":"m","code":3}"#,
            r#"["etcd","--name","a"]"#,
            "[root@node-a ~]# etcdctl member list",
            "{",
            "",
        ] {
            assert_eq!(logged(text), None, "{text}");
        }
    }
}
