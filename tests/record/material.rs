//! What is read of texts that people pasted in public threads: of each case in
//! `tests/record/bug-reports` that has a `read.txt`, this must be what is read of
//! its `input.txt` and files. `read.txt` was written before the case was tried;
//! it is not written by this test. Of the 45 cases whose names begin with `q`, 33
//! were read as expected when they were tried first.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use etcd_pki_lab::GivenFile;
use etcd_pki_lab::etcd::judge::reading::material::{self, Invocation, Material, Program, Unused};

const PROGRAMS: [Program; 4] = [
    Program::Etcd,
    Program::Etcdctl,
    Program::Etcdutl,
    Program::Curl,
];

fn place(invocation: &Invocation) -> String {
    let container = invocation
        .container
        .iter()
        .map(|name| format!(" in {name}"));
    let machine = invocation.machine.iter().map(|name| format!(" on {name}"));
    container.chain(machine).collect()
}

/// What was read, one fact a line.
fn summary(material: &Material) -> String {
    let mut text = String::new();
    for program in PROGRAMS {
        if let Some(call) = material.chosen(program) {
            writeln!(
                text,
                "{program} ({}{}): {}",
                call.coat,
                place(call),
                call.line()
            )
            .unwrap();
            for caveat in &call.caveats {
                writeln!(text, "  {caveat}").unwrap();
            }
        }
    }
    for file in &material.files {
        let name = file.name.as_deref().unwrap_or("?");
        let bytes = String::from_utf8_lossy(&file.bytes);
        let blocks = bytes.matches("-----BEGIN ").count();
        writeln!(text, "file {name} ({:?}, {blocks} blocks)", file.coat).unwrap();
    }
    for (_, said) in &material.described {
        let until = said.not_after.map(|time| format!(" until {time}"));
        writeln!(
            text,
            "certificate of {}{}, for {}, of {}",
            said.subject,
            until.unwrap_or_default(),
            said.extended_key_usages.join(" and "),
            said.names.join(" and ")
        )
        .unwrap();
    }
    for (_, why) in &material.unused {
        if !matches!(why, Unused::NotChosen { .. }) {
            writeln!(text, "not used: {why}").unwrap();
        }
    }
    text
}

#[test]
fn what_people_pasted_is_read_as_was_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/bug-reports");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    cases.sort();
    let (mut read, mut wrong) = (0, String::new());
    for case in cases.iter().filter(|case| case.join("read.txt").exists()) {
        let text = fs::read_to_string(case.join("input.txt")).unwrap_or_default();
        let mut files = Vec::new();
        for file in fs::read_dir(case).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !matches!(
                name.as_str(),
                "input.txt" | "read.txt" | "expected.md" | "forms.txt"
            ) {
                files.push((name, fs::read(&path).unwrap()));
            }
        }
        files.sort();
        let given: Vec<GivenFile> = files
            .iter()
            .map(|(name, bytes)| GivenFile::new(name, bytes))
            .collect();
        let found = summary(&material::read(&text, &given));
        let wanted = fs::read_to_string(case.join("read.txt")).unwrap();
        read += 1;
        if found != wanted {
            let name = case.file_name().unwrap().to_string_lossy();
            write!(wrong, "== {name}\nwanted:\n{wanted}found:\n{found}\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(read > 60, "{read} cases");
}

/// Each of the usual forms of one and the same call.
#[test]
fn every_usual_form_of_a_call_is_read() {
    let forms = include_str!("bug-reports/c01-p01/forms.txt");
    for form in forms
        .lines()
        .filter_map(|line| line.split_once(" | recognised"))
    {
        let material = material::read(form.0, &[]);
        let call = material.chosen(Program::Etcdctl);
        let call = call.unwrap_or_else(|| panic!("{}", form.0));
        assert!(
            call.line().contains("--cacert=ca.crt ") || call.arguments.len() <= 2,
            "{}: {}",
            form.0,
            call.line()
        );
        assert!(material.rest.is_empty());
    }
}
