//! A program that answers questions: JSON lines in, one JSON line out for each.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Asks a program all of these, in order.
///
/// # Panics
///
/// When it can't be started, or does not answer every question.
pub(crate) fn ask(command: &mut Command, questions: &[Value]) -> Vec<Value> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
    let mut input = process.stdin.take().unwrap();
    let mut lines = String::new();
    for question in questions {
        lines += &question.to_string();
        lines.push('\n');
    }
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = process.wait_with_output().unwrap();
    writer
        .join()
        .unwrap()
        .unwrap_or_else(|error| panic!("{name} reads no questions: {error}"));
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), questions.len(), "answers of {name}");
    answers
}
