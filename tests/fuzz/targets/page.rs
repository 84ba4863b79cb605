//! The readers of `page`: what stands behind `#`, and what is typed, given and pressed.

use etcd_pki_lab::{
    LinkError, Plan, Preset, Workbench,
    lab::wire::Task,
    page::{
        answer::on,
        destination::destination,
        event::{Choice, Event, FileRead, Press, Tick},
        input::Input,
        link,
        session::Session,
        whole::view,
        work::{job_done, next_job},
    },
    script,
};
use zeroize::Zeroizing;

use super::{BETWEEN, Target, joined, now, plan, random, some, text};

pub(crate) const LINK: Target = Target {
    seeds: || {
        let mut seeds: Vec<Vec<u8>> = Preset::ALL
            .iter()
            .flat_map(|preset| {
                let plan = plan(*preset);
                let json = serde_json::to_string(&plan).expect("JSON");
                [
                    format!("#plan={}", json.replace('"', "%22")),
                    link::fragment(&plan),
                ]
            })
            .map(String::into_bytes)
            .collect();
        for text in [
            "#cluster?hosts=10.0.0.11-13&etcd=3.7&v=1",
            "#make?clients=app,web&client2-days=30&ca=CN=Lab+CA,O=team&key=p-256&v=1",
            "#make?many=app-{1..1000}&ca-permitted=.lab.test&own-ca=yes&separate-cas=no&intermediate=CN=x",
            "#diagnose?etcd=3.6",
            "#inspected-3",
            "tutorial",
        ] {
            seeds.push(text.as_bytes().to_vec());
        }
        seeds
    },
    read: |bytes| {
        let text = text(bytes);
        // What may be a key stands in no address.
        if let Ok(Some(plan)) = link::plan(&text)
            && !format!("{plan:?}").contains("PRIVATE KEY")
        {
            match link::plan(&link::fragment(&plan)) {
                // An untouched plan is the place alone.
                Ok(None) => assert_eq!(plan, Plan::default()),
                Err(LinkError::TooLong { .. }) => {}
                again => assert_eq!(again, Ok(Some(plan))),
            }
        }
        let _ = link::place(&text);
        let _ = destination(&text);
        let _ = script::plan::of_text(&text);
    },
};

/// What happens, from a line of an input: `make`, `client-0-subject CN=x`.
fn events(line: &[u8]) -> Vec<Event> {
    let line = text(line);
    if line.starts_with('#') {
        return vec![Event::Link(line)];
    }
    if let Ok(press) = line.parse::<Press>() {
        return vec![Event::Press(press)];
    }
    if let Ok(choice) = line.parse::<Choice>() {
        return vec![Event::Choose(choice)];
    }
    let (id, typed) = line.split_once(' ').unwrap_or((&line, ""));
    if let Ok(tick) = id.parse::<Tick>() {
        return vec![Event::Tick(tick, typed.is_empty())];
    }
    let Ok(input) = id.parse::<Input>() else {
        return Vec::new();
    };
    match typed.strip_prefix('@') {
        Some(contents) => vec![Event::Give(
            input,
            FileRead {
                name: "a<b>.crt".to_owned(),
                contents: Zeroizing::new(contents.as_bytes().to_vec()),
                alone: true,
            },
        )],
        None => vec![
            Event::Type(input, Zeroizing::new(typed.to_owned())),
            Event::Leave(input),
        ],
    }
}

/// Works on what takes no search and no stretching.
fn work(session: &mut Session) {
    let mut workbench = Workbench::default();
    for _ in 0..20 {
        let Some((number, task)) = next_job(session, now()) else {
            return;
        };
        if matches!(task, Task::Rsa(_) | Task::Export(_)) {
            return;
        }
        let outcome = workbench.finish(task, &mut random());
        job_done(session, number, outcome, now());
    }
}

/// Whether the markup has no element and no attribute but the page's own: what was
/// given is text.
fn is_ours(markup: &str) {
    let mut rest = markup;
    while let Some((_, behind)) = rest.split_once('<') {
        let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/');
        let name = behind[..end.unwrap_or(behind.len())].trim_start_matches('/');
        assert!(
            !name.is_empty() && name.len() < 20,
            "a tag without a name: <{}",
            &behind.chars().take(40).collect::<String>()
        );
        assert!(
            ![
                "script", "style", "iframe", "object", "embed", "img", "base", "meta", "form"
            ]
            .contains(&name),
            "<{name}>"
        );
        let tag = behind.split('>').next().unwrap_or_default();
        assert!(!tag.contains(" on"), "<{tag}>");
        rest = behind;
    }
}

pub(crate) const PAGE: Target = Target {
    seeds: || {
        let lines = |lines: &[&str]| {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            joined(&lines)
        };
        let certificate = some(Preset::Tutorial, &["client.crt"]).concat();
        let files = text(&certificate);
        vec![
            lines(&["key-type-ed25519", "make"]),
            lines(&[
                "key-type-p-256",
                "client-0-subject CN=<img src=x onerror=alert(1)>",
                "directory /srv/<script>\"'&",
                "add-client",
                "client-1-name <b onclick=x>",
                "make",
            ]),
            lines(&[
                "preset-cluster",
                "separate-authorities",
                "intermediate",
                "key-type-ed25519",
                "make",
                "view ca.crt",
                "run command-verified-put-0",
            ]),
            lines(&[&format!("inspect-text {files}"), "anatomy 0"]),
            lines(&[
                "diagnosis-text etcd --cert-file=<b>.crt\nremote error: tls: bad certificate",
                "diagnosis-mend",
            ]),
            lines(&["drill no-client-certificate", "#make?clients=a<b>"]),
            lines(&[
                &format!("renew-certificate @{files}"),
                "renew",
                "revoke-text 01",
                "revoke",
            ]),
            lines(&[
                "#cluster?hosts=10.0.0.11-13",
                "add-member",
                "remove-member 0",
            ]),
        ]
    },
    read: |bytes| {
        let mut session = Session::new(now());
        for line in bytes.split(|byte| *byte == BETWEEN).take(16) {
            for event in events(line) {
                let _ = on(&mut session, event, now());
            }
            work(&mut session);
        }
        for (_, markup) in view(&session).regions {
            is_ours(&markup);
        }
        let _ = session.fragment();
    },
};
