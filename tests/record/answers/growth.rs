//! What is read costs no more than its length: each reader is given ever larger
//! inputs of the kind that would cost it most.

use std::fmt::Write as _;

use etcd_pki_lab::{
    GivenFile, PemPair, Plan, Preset,
    etcd::{judge::reading::material, telling::diagnosis},
    lab::{
        job::{
            diagnose::Evidence,
            revoke::Revocation,
            signing::{SigningAuthority, SigningField},
        },
        wire::Task,
    },
    look,
    page::{
        answer::on,
        event::{Alarm, Event},
        input::Input,
        link,
        session::Session,
        whole::view,
    },
    pki::{
        certification_request::CertificationRequest, inspection::anatomy::Anatomy, key::PrivateKey,
        name::DistinguishedName, name_constraint, password_encryption::Budget, pem, pkcs12,
        revocation_list::RevocationList, serial_number, subject_alternative_name,
    },
    script::chain,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use lab_worker::message;
use zeroize::Zeroizing;

use crate::certificates::{
    self, Parts, alternative_names, basic_constraints, common_name, ecdsa_sha256, element,
    extension, integer, key, oid, private_key_pem, public_key, sequence, sign, utc_time,
};
use crate::work::grows_no_faster;

/// In bytes. Without optimisation the last takes minutes: `cargo test --release --test
/// answers growth` asks for it.
const SIZES: &[usize] = if cfg!(debug_assertions) {
    &[10_000, 100_000, 1_000_000]
} else {
    &[10_000, 100_000, 1_000_000, 10_000_000]
};

fn now() -> Timestamp {
    Timestamp::from_second(1_795_450_200).expect("a time")
}

/// A line, by its number.
type Line = fn(usize) -> String;

/// A text of about this size.
fn repeated(size: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < size {
        text.push_str(&line(number));
        number += 1;
    }
    text
}

/// An extension of about this size with DNS names.
fn many_names(size: usize) -> Vec<u8> {
    let names: Vec<Vec<u8>> = (0..size / 15)
        .map(|number| format!("a{number:07}.test").into_bytes())
        .collect();
    let names: Vec<(u8, &[u8])> = names.iter().map(|name| (2, &**name)).collect();
    alternative_names(&names)
}

#[test]
fn many_pem_blocks_cost_what_their_length_is() {
    const BLOCK: &str = "-----BEGIN X-----\nAAEC\n-----END X-----\n";
    for (what, line) in [
        ("blocks", BLOCK.to_owned()),
        ("blocks in CRLF", BLOCK.replace('\n', "\r\n")),
        ("blank lines", format!("{}{BLOCK}", "\n".repeat(500))),
    ] {
        grows_no_faster(
            what,
            SIZES,
            |size| repeated(size, |_| line.clone()),
            |text| pem::blocks(text).map(|blocks| blocks.len()),
        );
    }
}

#[test]
fn long_lists_cost_what_their_length_is() {
    let name = |number| format!("a{number}.test\n");
    grows_no_faster(
        "constraints",
        SIZES,
        |size| repeated(size, name),
        |text| name_constraint::parse_list(text).is_ok(),
    );
    grows_no_faster(
        "names",
        SIZES,
        |size| repeated(size, name),
        |text| subject_alternative_name::parse_list(text).is_ok(),
    );
    grows_no_faster(
        "serial numbers",
        SIZES,
        |size| repeated(size, |number| format!("{:x}\n", number + 1)),
        |text| serial_number::parse_list(text).map(|numbers| numbers.len()),
    );
}

#[test]
fn a_plan_costs_what_its_length_is() {
    let lists = |size| {
        let mut plan = Plan::preset(Preset::Tutorial);
        let list = repeated(size / 2, |number| format!("a{number}.test "));
        plan.authority.permitted.clone_from(&list);
        plan.server.names = list;
        plan
    };
    let check = |plan: &Plan| plan.check(None, now()).is_ok();
    grows_no_faster("names against constraints", SIZES, lists, check);
    let members = |size: usize| {
        let mut plan = Plan::preset(Preset::Cluster);
        let member = plan.members[0].clone();
        plan.members = (0..size / 100)
            .map(|number| {
                let mut member = member.clone();
                member.name = format!("m{number}");
                member
            })
            .collect();
        plan
    };
    grows_no_faster("members", SIZES, members, check);
}

#[test]
fn a_certificate_with_very_many_extensions_costs_what_its_length_is() {
    grows_no_faster(
        "extensions",
        &[3_000, 30_000, 300_000],
        |size| {
            let extensions = (0..size / 20)
                .map(|number| extension(&format!("1.2.3.4.{number}"), false, &[5, 0]))
                .collect();
            let der = Parts::new("a", &key(1), "a", extensions).sign(&key(1));
            let pem = certificates::pem("CERTIFICATE", &der);
            vec![GivenFile::new("a.crt", &pem)]
        },
        |files| look(files, None, now()).inspection.items.len(),
    );
}

#[test]
fn a_csr_and_a_crl_cost_what_their_length_is() {
    grows_no_faster(
        "names of a CSR",
        SIZES,
        |size| {
            let wanted = element(0x31, &sequence(&[&many_names(size)]));
            let attribute = sequence(&[&oid("1.2.840.113549.1.9.14"), &wanted]);
            let body = sequence(&[
                &integer(&[0]),
                &common_name("a"),
                &public_key(&key(1)),
                &element(0xa0, &attribute),
            ]);
            sign(&body, &ecdsa_sha256(), &key(1))
        },
        |der| assert!(CertificationRequest::from_der(der).is_ok()),
    );
    grows_no_faster(
        "entries of a CRL",
        SIZES,
        |size| {
            let entries: Vec<u8> = (1..=size / 24)
                .flat_map(|number| {
                    let number = u32::try_from(number).expect("a small number");
                    let serial = [&[1], &number.to_be_bytes()[..]].concat();
                    sequence(&[&integer(&serial), &utc_time("261123100000Z")])
                })
                .collect();
            let body = sequence(&[
                &integer(&[1]),
                &ecdsa_sha256(),
                &common_name("a"),
                &utc_time("261123100000Z"),
                &element(0x30, &entries),
            ]);
            sign(&body, &ecdsa_sha256(), &key(1))
        },
        |der| assert!(RevocationList::from_der(der).is_ok()),
    );
}

#[test]
fn variables_and_blank_lines_cost_what_their_length_is() {
    grows_no_faster(
        "variables",
        SIZES,
        |size| {
            let text = repeated(size, |number| format!("ETCD_X{number}=y\n"));
            text + "ETCD_NAME=a\netcd --name a\n"
        },
        |text| material::read(text, &[]).invocations.len(),
    );
    grows_no_faster(
        "blank lines",
        SIZES,
        |size| "\n".repeat(size) + "etcd --name a\n",
        |text| material::read(text, &[]).invocations.len(),
    );
    grows_no_faster(
        "blank lines in YAML",
        SIZES,
        |size| format!("name: a\n{}data-dir: b\n", "\n".repeat(size)),
        |text| material::read(text, &[]).invocations.len(),
    );
}

#[test]
fn what_is_pasted_costs_what_its_length_is() {
    const REFUSED: &str =
        "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    let lines: [(&str, Line); 13] = [
        ("endpoints in one line", |number| {
            format!("https://a{number}.test:2379,")
        }),
        ("a log of JSON", |number| {
            format!(
                "{{\"level\":\"warn\",\"ts\":\"2026-11-23T10:00:00.{number:06}Z\",\"msg\":\"rejected connection\",\"remote-addr\":\"192.0.2.1:{number}\",\"error\":\"{REFUSED}\"}}\n"
            )
        }),
        ("a plain log", |number| {
            format!(
                "2026-11-23 10:00:00.{number:06} I | embed: rejected connection from \"192.0.2.1:{number}\" (error \"{REFUSED}\", ServerName \"\")\n"
            )
        }),
        ("a log of nothing that is known", |number| {
            format!("node-a app[{number}]: all is well\n")
        }),
        ("one line", |number| format!("{REFUSED}, {number}; ")),
        ("words", |number| format!("w{number} ")),
        ("etcdctl’s lines", |number| {
            format!("$ etcdctl --endpoints=https://192.0.2.1:2379 --cacert=ca.crt get k{number}\n")
        }),
        ("etcd’s line, continued", |number| {
            format!("etcd --name=m{number} \\\n")
        }),
        ("objects that never end", |number| {
            format!("{{\"a{number}\": {{\n")
        }),
        ("quotes that never end", |number| {
            format!("etcd --name='m{number}\n")
        }),
        ("members of no object", |number| {
            format!("\"etcd{number}\": it\n")
        }),
        ("commands in a sentence", |number| {
            format!("then `etcdctl get k{number}` ")
        }),
        ("names of a recipe", |number| {
            format!("IP.{number} = node{number}\n")
        }),
    ];
    for (what, line) in lines {
        grows_no_faster(
            what,
            SIZES,
            |size| Evidence {
                text: repeated(size, line),
                build: "3.7.3".to_owned(),
                now: now(),
                ..Evidence::default()
            },
            |evidence| evidence.diagnose().clues.len(),
        );
    }
}

#[test]
fn coats_over_coats_cost_what_their_length_is() {
    for coat in ["1 ", "> ", "a | ", "a[1]: "] {
        grows_no_faster(
            coat,
            SIZES,
            |size| {
                let line = coat.repeat(size / coat.len() / 2);
                format!("{line}\n{line}\n")
            },
            |text| diagnosis::clues(text).len(),
        );
    }
}

#[test]
fn documents_that_are_pasted_cost_what_their_length_is() {
    let lines: [(&str, &str, Line); 9] = [
        ("endpoints", "etcdctl get a --endpoints=", |number| {
            format!("https://a{number}.test:2379,")
        }),
        (
            "a client’s targets",
            "- job_name: etcd\n  scheme: https\n  static_configs:\n  - targets:\n",
            |number| format!("    - a{number}.test:2379\n"),
        ),
        ("a client’s variables", "", |_| {
            "K3S_DATASTORE_ENDPOINT=https://a.test:2379 ".to_owned()
        }),
        ("a config file", "name: a\n", |number| {
            format!("key-{number}: value\n")
        }),
        (
            "a pod",
            "kind: Pod\nspec:\n  containers:\n  - command:\n    - etcd\n",
            |number| format!("    - --name=m{number}\n"),
        ),
        ("pods", "", |number| {
            format!(
                "---\nkind: Pod\nmetadata:\n  name: p{number}\nspec:\n  containers:\n  - command: [etcd, --name=a]\n"
            )
        }),
        ("a Secret", "kind: Secret\ndata:\n", |number| {
            format!("  f{number}: aGVsbG8=\n")
        }),
        ("units", "", |number| {
            format!("[Service]\nEnvironment=ETCD_NAME=m{number}\nExecStart=/usr/bin/etcd\n")
        }),
        ("variables exported", "", |number| {
            format!("export ETCDCTL_X{number}='a b'\n")
        }),
    ];
    for (what, head, line) in lines {
        grows_no_faster(
            what,
            SIZES,
            |size| format!("{head}{}", repeated(size, line)),
            |text| material::read(text, &[]).invocations.len(),
        );
        grows_no_faster(
            &format!("{what}, as a file"),
            SIZES,
            |size| {
                [GivenFile::new(
                    "a.yaml",
                    format!("{head}{}", repeated(size, line)).as_bytes(),
                )]
            },
            |files| {
                material::read("etcd --config-file=a.yaml", files)
                    .invocations
                    .len()
            },
        );
    }
}

#[test]
fn names_and_links_cost_what_their_length_is() {
    grows_no_faster(
        "a subject",
        SIZES,
        |size| repeated(size, |number| format!("OU=unit {number},")) + "CN=a",
        |text| text.parse::<DistinguishedName>().is_ok(),
    );
    grows_no_faster(
        "escapes",
        SIZES,
        |size| format!("CN={}", "\\C3\\A9\\,".repeat(size / 8)),
        |text| text.parse::<DistinguishedName>().is_ok(),
    );
    for (what, part) in [
        ("a link’s parameters", "&x=y"),
        ("a link’s members", "&m=a@192.0.2.1"),
        ("a link’s escapes", "%20"),
    ] {
        grows_no_faster(
            what,
            SIZES,
            |size| format!("#cluster?hosts=192.0.2.1{}", part.repeat(size / part.len())),
            |fragment| link::plan(fragment).is_ok(),
        );
    }
}

#[test]
fn keys_and_archives_cost_what_their_length_is() {
    for (what, tag) in [
        ("a key of nothing but bytes", 0x04),
        ("a key of sequences", 0x30),
    ] {
        grows_no_faster(
            what,
            SIZES,
            |size| {
                let inner = if tag == 0x30 {
                    [0x30, 0].repeat(size / 2)
                } else {
                    vec![0; size]
                };
                sequence(&[&integer(&[0]), &element(tag, &inner)])
            },
            |der| {
                let read = PrivateKey::from_pkcs8(der).is_ok()
                    || PrivateKey::from_encrypted_pkcs8(der, "").is_ok()
                    || pkcs12::read(der, "", &mut Budget::default()).is_ok();
                assert!(!read);
            },
        );
    }
    grows_no_faster(
        "an archive’s files",
        SIZES,
        |size| {
            let mut archive = tar::Builder::new(Vec::new());
            for number in 0..size / 1024 {
                let mut header = tar::Header::new_gnu();
                header.set_size(1);
                archive
                    .append_data(&mut header, format!("f{number}"), &b"x"[..])
                    .expect("a file");
            }
            [GivenFile::new(
                "a.tar",
                &archive.into_inner().expect("an archive"),
            )]
        },
        |files| material::read("", files).invocations.len(),
    );
    grows_no_faster(
        "bytes that are nothing",
        SIZES,
        |size| {
            let bytes: Vec<u8> = (0..size).map(|number| (number * 7 % 251) as u8).collect();
            [GivenFile::new("a", &bytes)]
        },
        |files| look(files, None, now()).inspection.items.len(),
    );
}

#[test]
fn certificates_of_a_store_cost_what_their_number_is() {
    grows_no_faster(
        "certificates",
        SIZES,
        |size| {
            let pem = certificates::pem(
                "CERTIFICATE",
                &Parts::new("a", &key(1), "a", Vec::new()).sign(&key(1)),
            );
            [GivenFile::new("ca.crt", &pem.repeat(size / pem.len() + 1))]
        },
        |files| look(files, None, now()).inspection.items.len(),
    );
    grows_no_faster(
        "names of a certificate",
        SIZES,
        |size| {
            let der = Parts::new("a", &key(1), "a", vec![many_names(size)]).sign(&key(1));
            [GivenFile::new(
                "a.crt",
                &certificates::pem("CERTIFICATE", &der),
            )]
        },
        |files| look(files, None, now()).inspection.items.len(),
    );
}

#[test]
fn a_thing_that_is_taken_apart_costs_what_its_length_is() {
    for (what, inner) in [
        ("elements beside each other", &[5, 0][..]),
        ("elements in each other", &[0x30, 0x80]),
    ] {
        grows_no_faster(
            what,
            SIZES,
            |size| {
                let der = sequence(&[&inner.repeat(size / inner.len())]);
                let pem = certificates::pem("CERTIFICATE", &der);
                String::from_utf8(pem).expect("a text")
            },
            |pem| Anatomy::of_pem(pem).is_some(),
        );
    }
}

#[test]
fn what_is_revoked_costs_what_its_length_is() {
    let pair = PemPair {
        certificate: text_of(certificates::pem(
            "CERTIFICATE",
            &Parts::new("a", &key(1), "a", vec![basic_constraints(true, None)]).sign(&key(1)),
        )),
        key: text_of(private_key_pem(&key(1))),
    };
    let order = |text: String| Revocation {
        authorities: vec![SigningAuthority {
            pair: pair.clone(),
            passphrase: None,
        }],
        certificates: Vec::new(),
        text,
        reason: None,
        before: String::new(),
        number: String::new(),
        days: "30".to_owned(),
        now: now(),
    };
    let lines: [(&str, Line); 3] = [
        ("numbers", |number| format!("{:x}\n", number + 1)),
        ("numbers with a reason", |number| {
            format!("{:x} keyCompromise\n", number + 1)
        }),
        ("one number", |_| "0a\n".to_owned()),
    ];
    for (what, line) in lines {
        grows_no_faster(
            what,
            SIZES,
            |size| order(repeated(size, line)),
            |order| {
                let made = order.perform(&mut UnwrapErr(SysRng));
                made.map(|made| made.entries.len())
                    .map_err(|error| assert_eq!(error.field, SigningField::Subject, "{error}"))
            },
        );
    }
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("a text")
}

#[test]
fn json_costs_what_its_length_is() {
    let plans: [(&str, Line); 3] = [
        ("members of a plan", |number| {
            format!("\"members\":[{{\"name\":\"m{number}\"}}]")
        }),
        ("clients of a plan", |number| {
            format!("{{\"name\":\"c{number}\",\"subject\":\"CN=c{number}\"}}")
        }),
        ("keys of a plan", |number| format!("\"k{number}\":[[[]]]")),
    ];
    for (what, part) in plans {
        grows_no_faster(
            what,
            SIZES,
            |size| {
                let parts = repeated(size, |number| part(number) + ",");
                let parts = parts.trim_end_matches(',');
                if what == "clients of a plan" {
                    format!("{{\"clients\":[{parts}]}}")
                } else {
                    format!("{{{parts}}}")
                }
            },
            |json| serde_json::from_str::<Plan>(json).map(|plan| plan.check(None, now()).is_ok()),
        );
    }
    grows_no_faster(
        "a chain’s intermediates",
        SIZES,
        |size| {
            let pem = text_of(certificates::pem(
                "CERTIFICATE",
                &Parts::new("a", &key(1), "a", Vec::new()).sign(&key(1)),
            ));
            serde_json::json!({
                "kind": "server", "time": 1_795_450_200, "leaf": pem,
                "intermediates": pem.repeat(size / pem.len() + 1),
            })
            .to_string()
        },
        |json| {
            let question = serde_json::from_str(json).expect("a question");
            let go = chain::go_version("1.27.0").expect("a release");
            chain::answer(&question, chain::go_build(go, None)).is_ok()
        },
    );
}

#[test]
fn what_page_and_workers_say_costs_what_its_length_is() {
    grows_no_faster(
        "a message",
        SIZES,
        |size| {
            let task = Task::Inspect {
                files: vec![GivenFile::new("a", &vec![7; size])],
                passphrase: None,
                now: now(),
            };
            message::to_bytes(&task).expect("a message")
        },
        |bytes| {
            let task: Task = message::from_bytes(bytes).expect("a message");
            message::to_bytes(&task).expect("a message").len()
        },
    );
}

/// What the page's own thread does for each letter, in every field.
#[test]
fn what_is_typed_costs_what_its_length_is() {
    let lines: [(&str, Line); 5] = [
        ("letters", |_| "abcdefghi".to_owned()),
        ("names", |number| format!("a{number}.test, ")),
        ("addresses", |number| {
            format!("10.{}.{}.1 ", number / 256 % 256, number % 256)
        }),
        ("attributes", |number| format!("/OU=unit {number}")),
        ("ranges", |number| format!("app-{number}-{{1..9}}\n")),
    ];
    for input in typed_into() {
        for (what, line) in lines {
            grows_no_faster(
                &format!("{what} in {input}"),
                &SIZES[..SIZES.len() - 1],
                |size| repeated(size, line),
                |text| {
                    let mut session = Session::new(now());
                    for event in [
                        Event::Type(input, Zeroizing::new(text.clone())),
                        Event::Wake(Alarm::Check),
                        Event::Leave(input),
                    ] {
                        let _ = on(&mut session, event, now());
                    }
                    view(&session).regions.len()
                },
            );
        }
    }
}

/// The inputs of a page just opened, by their identifiers.
fn typed_into() -> Vec<Input> {
    let session = Session::new(now());
    let markup: String = view(&session)
        .regions
        .into_iter()
        .map(|(_, markup)| markup)
        .collect();
    let ids = markup.split(" id=\"").skip(1);
    let mut inputs: Vec<Input> = ids
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect();
    inputs.extend(
        ["diagnosis-text", "inspect-text"].map(|id| -> Input { id.parse().expect("an input") }),
    );
    assert!(inputs.len() > 20, "{inputs:?}");
    inputs
}

#[test]
fn a_nested_config_file_is_read_by_its_keys_alone() {
    use std::collections::BTreeMap;

    use etcd_pki_lab::etcd::{
        facts::release::EtcdBuild,
        judge::{Question, judge},
    };

    let build = EtcdBuild::parse("3.5.30").expect("a version");
    let said = |content: &str| {
        let files = BTreeMap::from([("x".to_owned(), content.as_bytes().to_vec())]);
        let verdict = judge(&Question::new(
            "etcd --config-file=x",
            "etcdctl put k v",
            &files,
            build,
            now(),
        ));
        format!("{verdict:?}")
    };
    let plain = said("name: a\n");
    for deep in [
        format!("name: a\nother:\n  {}\n", "- ".repeat(9_000)),
        format!("name: a\nother: {}{}\n", "[".repeat(200), "]".repeat(200)),
    ] {
        assert_eq!(said(&deep), plain, "what etcd has no key for is let be");
    }
    let deepest = said(&format!("name: a\nother:\n  {}\n", "- ".repeat(10_100)));
    assert!(deepest.contains("exceeded max depth of 10000"), "{deepest}");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{items}]").expect("a text grows");
    }
    assert!(said(&bomb).contains("document contains excessive aliasing"));
}
