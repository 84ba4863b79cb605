//! What holds for every input, tried on inputs that nobody wrote down: names of
//! every alphabet and escape, lists and plans. A case that fails is shown whole, as
//! small as it could be made. The cases are the same on every run, unless
//! `PROPTEST_RNG_SEED` asks for others; `PROPTEST_CASES` asks for more.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{collections::BTreeSet, env};

use der::{Decode, DecodePem, Encode, oid::AssociatedOid};
use etcd_pki_lab::{
    AuthoritySource, Lab, Making, Plan, Preset, Workbench,
    etcd::{plan::IdentityPlan, plan::MemberPlan, role::Role},
    lab::wire::Outcome,
    page::link,
    pki::{
        key::KeyType, name::DistinguishedName, name_constraint::NameConstraint,
        subject_alternative_name::SubjectAlternativeName,
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngSeed},
};
use serde::{Serialize, de::DeserializeOwned};
use unicode_normalization::UnicodeNormalization;
use x509_cert::{
    Certificate,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// So many cases, the same every time.
fn cases(cases: u32) -> Config {
    let default = Config::default();
    Config {
        cases: if env::var_os("PROPTEST_CASES").is_some() {
            default.cases
        } else {
            cases
        },
        rng_seed: match default.rng_seed {
            RngSeed::Random => RngSeed::Fixed(0x5eed),
            asked @ RngSeed::Fixed(_) => asked,
        },
        failure_persistence: None,
        ..default
    }
}

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// As between the page and its workers.
fn there_and_back<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// A piece of a value: what separates, escapes and quotes, and letters of several
/// alphabets, composed and not.
fn piece() -> impl Strategy<Value = &'static str> {
    select(vec![
        "a", "B", "0", "c4", "root", " ", "  ", "/", "+", ",", ";", "\\", "\"", "'", "=", "#", "<",
        ">", "|", "$(id)", "%", "{name}", "*", ".", "-", ":", "@", "é", "e\u{301}", "ß", "Ω", "ж",
        "א", "ع", "漢", "ひ", "한", "🙂", "\u{a0}", "\u{3000}", "\u{fffd}",
    ])
}

/// A value as it is meant.
fn value() -> impl Strategy<Value = String> {
    vec(piece(), 1..6).prop_map(|pieces| pieces.concat())
}

fn attribute() -> impl Strategy<Value = &'static str> {
    select(vec![
        "CN",
        "O",
        "OU",
        "ST",
        "L",
        "street",
        "postalCode",
        "title",
        "SN",
        "GN",
        "UID",
        "commonName",
        "organizationName",
    ])
}

/// A value with everything escaped that the separator makes special: each such
/// character behind a backslash, spaces at both ends too.
fn escaped(value: &str) -> String {
    let last = value.chars().count() - 1;
    let mut text = String::new();
    for (place, character) in value.chars().enumerate() {
        let at_an_end = place == 0 || place == last;
        if "/+,;\\\"=<>#".contains(character) || (character == ' ' && at_an_end) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Attributes as they are meant, and the text that means them.
fn meant_name() -> impl Strategy<Value = (Vec<(&'static str, String)>, String)> {
    (vec((attribute(), value()), 1..4), any::<bool>()).prop_map(|(attributes, slashes)| {
        let written =
            |(attribute, value): &(&'static str, String)| format!("{attribute}={}", escaped(value));
        let text = if slashes {
            let parts: Vec<_> = attributes.iter().map(written).collect();
            format!("/{}", parts.join("/"))
        } else {
            let parts: Vec<_> = attributes.iter().rev().map(written).collect();
            parts.join(",")
        };
        (attributes, text)
    })
}

/// Text that may be a name, as people and attackers write it.
fn written_name() -> impl Strategy<Value = String> {
    let part = (attribute(), vec(piece(), 0..6), select(vec![",", "/", "+"]))
        .prop_map(|(attribute, pieces, end)| format!("{attribute}={}{end}", pieces.concat()));
    (select(vec!["", "/", " ", " /"]), vec(part, 1..4)).prop_map(|(start, parts)| {
        let text = format!("{start}{}", parts.concat());
        text.trim_end_matches([',', '/', '+']).to_owned()
    })
}

/// An entry of a list of names or of constraints.
fn entry() -> impl Strategy<Value = String> {
    let kind = select(vec!["", "DNS:", "dns:", "IP:", "."]);
    let label = select(vec![
        "a",
        "lab",
        "test",
        "LAB",
        "2",
        "05",
        "0",
        "1",
        "127",
        "::1",
        "fd00::",
        "*",
        "x_y",
        "e-e",
        "localhost",
    ]);
    let end = select(vec!["", "", "", "/8", "/128", "/0", "."]);
    (kind, vec(label, 1..5), end)
        .prop_map(|(kind, labels, end)| format!("{kind}{}{end}", labels.join(".")))
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_name_that_can_be_read_is_the_same_after_every_way((text, meant) in prop_oneof![
        written_name().prop_map(|text| (text, None)),
        meant_name().prop_map(|(attributes, text)| (text, Some(attributes))),
    ]) {
        let Ok(name) = text.parse::<DistinguishedName>() else {
            // What is meant and fits is always read.
            let short = meant.iter().flatten().all(|(attribute, value)| {
                let bound = if *attribute == "postalCode" { 40 } else { 64 };
                value.chars().count() <= bound && !value.trim().is_empty()
            });
            prop_assert!(meant.is_none() || !short, "{text}");
            return Ok(());
        };
        let der = name.as_name().to_der().unwrap();
        prop_assert_eq!(there_and_back(&name).as_name().to_der().unwrap(), &*der);
        let by_slashes: DistinguishedName = name.to_openssl().parse().unwrap();
        prop_assert_eq!(by_slashes.as_name().to_der().unwrap(), &*der);
        let by_commas: DistinguishedName = name.to_string().parse().unwrap();
        prop_assert_eq!(by_commas.as_name().to_der().unwrap(), &*der);
        if let Some(meant) = meant {
            let values: Vec<String> = name
                .as_name()
                .iter()
                .map(|attribute| std::str::from_utf8(attribute.value.value()).unwrap().to_owned())
                .collect();
            let meant: Vec<String> = meant.into_iter().map(|(_, value)| value).collect();
            prop_assert_eq!(values, meant);
        }
    }

    #[test]
    fn an_entry_of_a_list_that_can_be_read_arrives_as_it_is(text in entry()) {
        if let Ok(name) = text.parse::<SubjectAlternativeName>() {
            prop_assert_eq!(there_and_back(&name), name);
        }
        if let Ok(constraint) = text.parse::<NameConstraint>() {
            prop_assert_eq!(there_and_back(&constraint), constraint);
        }
    }

    #[test]
    fn a_plan_survives_its_link(plan in plan()) {
        prop_assert_eq!(link::plan(&link::fragment(&plan)), Ok(Some(plan)));
    }
}

/// A plan with quick keys.
fn plan() -> impl Strategy<Value = Plan> {
    let subject = || {
        prop_oneof![
            1 => written_name(),
            3 => meant_name().prop_map(|(_, text)| text),
            3 => Just("CN=client".to_owned()),
        ]
    };
    let list = || {
        prop_oneof![
            3 => vec(select(vec!["x.test", "*.lab.test", "DNS:2", "::1", "10.0.0.1"]), 0..3)
                .prop_map(|entries| entries.join(" ")),
            1 => vec(entry(), 0..3).prop_map(|entries| entries.join(", ")),
        ]
    };
    let name = || {
        prop_oneof![
            1 => value(),
            3 => select(vec![
                "a",
                "b",
                "ca",
                "etcd",
                "a/b",
                "a.encrypted",
                "ca.crt/x",
                "README/x",
                "CA"
            ])
            .prop_map(str::to_owned),
        ]
    };
    let client = (name(), subject(), list()).prop_map(|(name, subject, names)| IdentityPlan {
        name,
        subject,
        names,
        ..IdentityPlan::default()
    });
    let member = (name(), list()).prop_map(|(name, hosts)| MemberPlan {
        name,
        hosts: format!("127.0.0.1, {hosts}"),
        ..MemberPlan::default()
    });
    let preset = select(vec![
        Preset::Tutorial,
        Preset::Cluster,
        Preset::Kubeadm,
        Preset::ClientOnly,
    ]);
    (
        preset,
        subject(),
        prop_oneof![4 => Just(String::new()), 1 => list()],
        prop_oneof![2 => Just(String::new()), 1 => list()],
        vec(client, 1..3),
        vec(member, 1..3),
        any::<bool>(),
    )
        .prop_map(
            |(preset, subject, permitted, excluded, clients, mut members, separate)| {
                if let [_, second] = &mut *members {
                    second.hosts = second.hosts.replace("127.0.0.1", "192.0.2.2");
                }
                let mut plan = Plan {
                    key_type: KeyType::Ed25519,
                    clients,
                    members,
                    ..Plan::example(preset)
                };
                plan.separate_authorities = separate;
                plan.authority.source = AuthoritySource::Make;
                plan.authority.subject = subject;
                plan.authority.permitted = permitted;
                plan.authority.excluded = excluded;
                plan
            },
        )
}

/// Makes a plan's files as the page does: every task and every outcome travels.
fn make(plan: &Plan) -> Lab {
    let mut making = Making::start(plan, None, None, now()).unwrap();
    let mut workbench = Workbench::default();
    let mut random = UnwrapErr(SysRng);
    while let Some((number, task)) = making.next_task() {
        let outcome: Outcome = workbench.finish(there_and_back(&task), &mut random);
        making.complete(number, there_and_back(&outcome)).unwrap();
    }
    making.finish().unwrap()
}

/// The names of a certificate, as X.509 has them.
fn names(certificate: &Certificate) -> Vec<GeneralName> {
    let extensions = certificate.tbs_certificate().extensions();
    extensions
        .into_iter()
        .flatten()
        .filter(|extension| extension.extn_id == SubjectAltName::OID)
        .flat_map(|extension| {
            SubjectAltName::from_der(extension.extn_value.as_bytes())
                .unwrap()
                .0
        })
        .collect()
}

/// A name as a disk may compare it.
fn folded(name: &str) -> String {
    name.nfd().collect::<String>().to_lowercase()
}

fn general_name(name: &SubjectAlternativeName) -> GeneralName {
    match name {
        SubjectAlternativeName::Ip(address) => GeneralName::from(*address),
        SubjectAlternativeName::Dns(name) => {
            GeneralName::DnsName(der::asn1::Ia5String::new(name.as_str()).unwrap())
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_plan_that_passes_the_check_is_issued_with_exactly_its_names(plan in plan()) {
        let Ok(checked) = plan.check(None, now()) else {
            return Ok(());
        };
        let lab = make(&plan);
        let files = lab.files();
        let paths: BTreeSet<_> = files.iter().map(|file| folded(&file.name)).collect();
        prop_assert_eq!(paths.len(), files.len(), "two files have one name");
        for path in &paths {
            let below = format!("{path}/");
            prop_assert!(!paths.iter().any(|other| other.starts_with(&below)), "{path}");
        }
        let certificate = |path: String| {
            let file = files.iter().find(|file| file.name == path).unwrap();
            Certificate::from_pem(file.text().unwrap()).unwrap()
        };
        for authority in &checked.authorities {
            let options = &authority.request.as_ref().unwrap().options;
            let issued = certificate(format!("{}.crt", authority.path));
            prop_assert_eq!(issued.tbs_certificate().subject(), options.subject.as_name());
        }
        for identity in &checked.identities {
            let issued = certificate(format!("{}.crt", identity.path()));
            prop_assert_eq!(issued.tbs_certificate().subject(), identity.subject());
            let wanted: Vec<_> = identity.request.names.iter().map(general_name).collect();
            prop_assert_eq!(names(&issued), wanted);
        }
        // Its clients are those that were written, by the reader's own text.
        let clients = checked.identities.iter().filter(|identity| {
            identity.request.role == Role::Client && !identity.is_of_gateway()
        });
        for (client, written) in clients.zip(&plan.clients) {
            let subject: DistinguishedName = written.subject.parse().unwrap();
            prop_assert_eq!(client.subject(), subject.as_name());
        }
    }
}
