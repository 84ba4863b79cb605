//! The files for Kubernetes, cert-manager and Docker Compose, judged without
//! any of these running: by the API's published schemas, by models generated
//! from cert-manager's resource definitions, and by Compose's own reading.

#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcd_pki_lab::{
    etcd::{
        commands::{self, Form, kubernetes, options::options},
        deployment::Deployment,
        facts::release::Series,
        plan::{IntermediatePlan, Plan, Preset},
    },
    lab::making,
    pki::key::KeyType,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use support::shell::{Shell, run_bash};
use support::{program, target};
use tempfile::TempDir;

/// Plans of all kinds, for all series and key types, the names as awkward as
/// they may be.
fn deployments() -> Vec<Deployment> {
    let mut deployments = Vec::new();
    let mut add = |plan: &Plan| {
        let checked = plan.check(None, Timestamp::now()).unwrap();
        deployments.push(checked.deployment("etcd.tar"));
    };
    for series in Series::ALL {
        for preset in [
            Preset::Tutorial,
            Preset::Cluster,
            Preset::Kubeadm,
            Preset::ClientOnly,
        ] {
            add(&Plan {
                etcd: series,
                ..Plan::example(preset)
            });
        }
    }
    for key_type in KeyType::CLASSICAL {
        let mut plan = Plan {
            key_type,
            directory: "/srv/it's $HOME $(HOME) ${x} \"x\" 100% {}: # ü\\".to_owned(),
            separate_authorities: true,
            ..Plan::preset(Preset::Cluster)
        };
        plan.authority.intermediate = Some(IntermediatePlan {
            subject: "CN=etcd-issuing-CA".to_owned(),
            days: "1825".to_owned(),
        });
        "/C=AT/O=a, \"b\"/CN=yes".clone_into(&mut plan.clients[1].subject);
        "client.lab.test, 10.0.0.7, ::1".clone_into(&mut plan.clients[1].names);
        add(&plan);
    }
    deployments
}

/// The command that holds files against their schemas.
fn validator(files: &[String]) -> String {
    let python = target().join("tools/manifests/bin/python");
    assert!(
        python.is_file(),
        "{} is missing; run `cargo xtask tools manifests`",
        python.display()
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/manifests/validate.py");
    let words = [python, script]
        .map(|path| path.to_str().unwrap().to_owned())
        .into_iter()
        .chain(files.iter().cloned());
    let words: Vec<String> = words.collect();
    shlex::try_join(words.iter().map(String::as_str)).unwrap()
}

/// Holds files against their schemas, and gives what was found in them.
fn validate(folder: &Path, files: &[String]) -> String {
    // Reading the schemas takes Python half a minute, and a busy machine longer.
    let shell = Shell::in_folder(folder).at_most(Duration::from_mins(5));
    let output = shell.run(&validator(files));
    output.succeeded().to_owned()
}

#[test]
fn static_pods_and_cert_managers_objects_are_what_their_schemas_say() {
    let folder = TempDir::new().unwrap();
    let mut files = Vec::new();
    let mut write = |name: String, text: &str| {
        fs::write(folder.path().join(&name), text).unwrap();
        files.push(name);
    };
    let (mut pods, mut certificates) = (0, 0);
    for (index, deployment) in deployments().iter().enumerate() {
        for document in commands::etcd(deployment, Form::StaticPod).documents {
            if document.file_name.is_some() {
                write(format!("{index}-{}.yaml", document.id), &document.text);
                pods += 1;
            }
        }
        let objects = kubernetes::cert_manager(deployment);
        write(format!("{index}-cert-manager.yaml"), &objects.text);
        certificates += deployment
            .certificates
            .iter()
            .filter(|facts| !facts.is_authority())
            .count();
    }
    let found = validate(folder.path(), &files);
    let count = |kind: &str| {
        let ending = format!(": {kind}");
        found.lines().filter(|line| line.ends_with(&ending)).count()
    };
    assert_eq!(count("Pod"), pods);
    assert_eq!(count("Certificate"), certificates);
    assert!(count("Issuer") >= deployments().len());
}

#[test]
fn a_pair_becomes_a_secret() {
    let folder = TempDir::new().unwrap();
    let plan = Plan {
        key_type: KeyType::P256,
        ..Plan::default()
    };
    let lab = making::make(&plan, None, Timestamp::now(), &mut UnwrapErr(SysRng)).unwrap();
    let file = |name: &str| -> String {
        let files = lab.files();
        let file = files.iter().find(|file| file.name == name).unwrap();
        file.text().unwrap().to_owned()
    };
    let secret = kubernetes::secret(
        "etcd",
        &file("etcd.crt"),
        &file("etcd.key"),
        Some(&file("ca.crt")),
    );
    let name = secret.file_name.unwrap();
    fs::write(folder.path().join(&name), &secret.text).unwrap();
    let found = validate(folder.path(), std::slice::from_ref(&name));
    assert_eq!(found, format!("{name}: Secret\n"));
    let decoded = run_bash(
        "sed -n 's/^  tls.key: //p' etcd.secret.yaml | base64 -d",
        folder.path(),
    );
    assert_eq!(decoded.succeeded(), file("etcd.key"));
}

#[test]
fn the_validator_refuses_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let deployment = &deployments()[0];
    let pod = &commands::etcd(deployment, Form::StaticPod).documents[0].text;
    let certificate = kubernetes::cert_manager(deployment).text;
    for (name, text) in [
        (
            "pod.yaml",
            pod.replace("hostNetwork: true", "hostNetwork: maybe"),
        ),
        ("pod.yaml", pod.replace("hostNetwork:", "hostNetworks:")),
        (
            "certificate.yaml",
            certificate.replace("- client auth", "- clientAuth"),
        ),
        (
            "certificate.yaml",
            certificate.replace("secretName:", "secret:"),
        ),
        (
            "certificate.yaml",
            certificate.replace("duration:", "lifetime:"),
        ),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        let said = run_bash(&validator(&[name.to_owned()]), folder.path()).failed();
        assert!(said.contains("Error"), "{said}");
    }
}

/// Where the judge's Compose is: a plugin that also runs on its own.
fn compose() -> PathBuf {
    program("docker-compose", "compose")
}

#[test]
fn compose_reads_the_words_that_were_meant() {
    for deployment in deployments() {
        let folder = TempDir::new().unwrap();
        let documents = commands::etcd(&deployment, Form::Compose).documents;
        let files = documents
            .iter()
            .filter(|document| document.file_name.is_some());
        for (member, file) in deployment.members.iter().zip(files) {
            let path = folder.path().join("compose.yaml");
            fs::write(&path, &file.text).unwrap();
            let output = run_bash(
                &format!(
                    "{} -f compose.yaml config --no-interpolate --quiet && {0} -f compose.yaml config --format json",
                    compose().display()
                ),
                folder.path(),
            );
            let read: serde_json::Value = serde_json::from_str(output.succeeded()).unwrap();
            let service = &read["services"]["etcd"];
            // Compose writes a `$` doubled, for whoever reads it again.
            let words: Vec<String> = service["command"]
                .as_array()
                .unwrap()
                .iter()
                .map(|word| word.as_str().unwrap().replace("$$", "$"))
                .collect();
            let meant: Vec<String> = options(&deployment, member)
                .iter()
                .map(|(option, value)| match value.text().as_str() {
                    "true" => option.flag().to_owned(),
                    text => format!("{}={text}", option.flag()),
                })
                .collect();
            assert_eq!(words[0], "etcd");
            assert_eq!(words[1..], meant);
            assert_eq!(service["network_mode"], "host");
            let certificates = &service["volumes"][0];
            assert_eq!(certificates["read_only"], true);
            let source = certificates["source"].as_str().unwrap().replace("$$", "$");
            assert!(member.client_tls.certificate.starts_with(&source));
            assert_eq!(certificates["source"], certificates["target"]);
        }
    }
}
