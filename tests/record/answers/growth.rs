//! What is read costs no more than its length: each reader is given ever larger
//! inputs of the kind that would cost it most.

use std::fmt::Write as _;

use etcd_pki_lab::{
    GivenFile, Plan, Preset,
    etcd::judge::reading::material,
    look,
    pki::{
        certification_request::CertificationRequest, name_constraint, pem,
        revocation_list::RevocationList, serial_number, subject_alternative_name,
    },
};
use jiff::Timestamp;

use crate::certificates::{
    self, Parts, alternative_names, common_name, ecdsa_sha256, element, extension, integer, key,
    oid, public_key, sequence, sign, utc_time,
};
use crate::work::grows_no_faster;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

fn now() -> Timestamp {
    Timestamp::from_second(1_795_450_200).expect("a time")
}

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
            &SIZES,
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
        &SIZES,
        |size| repeated(size, name),
        |text| name_constraint::parse_list(text).is_ok(),
    );
    grows_no_faster(
        "names",
        &SIZES,
        |size| repeated(size, name),
        |text| subject_alternative_name::parse_list(text).is_ok(),
    );
    grows_no_faster(
        "serial numbers",
        &SIZES,
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
    grows_no_faster("names against constraints", &SIZES, lists, check);
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
    grows_no_faster("members", &SIZES, members, check);
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
        &SIZES,
        |size| {
            let names: Vec<Vec<u8>> = (0..size / 15)
                .map(|number| format!("a{number:07}.test").into_bytes())
                .collect();
            let names: Vec<(u8, &[u8])> = names.iter().map(|name| (2, &**name)).collect();
            let wanted = element(0x31, &sequence(&[&alternative_names(&names)]));
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
        &SIZES,
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
        &SIZES,
        |size| {
            let text = repeated(size, |number| format!("ETCD_X{number}=y\n"));
            text + "ETCD_NAME=a\netcd --name a\n"
        },
        |text| material::read(text, &[]).invocations.len(),
    );
    grows_no_faster(
        "blank lines",
        &SIZES,
        |size| "\n".repeat(size) + "etcd --name a\n",
        |text| material::read(text, &[]).invocations.len(),
    );
    grows_no_faster(
        "blank lines in YAML",
        &SIZES,
        |size| format!("name: a\n{}data-dir: b\n", "\n".repeat(size)),
        |text| material::read(text, &[]).invocations.len(),
    );
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
        let verdict = judge(&Question {
            server: "etcd --config-file=x",
            client: "etcdctl put k v",
            files: &files,
            server_build: build,
            client_build: build,
            now: now(),
            users: None,
        });
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
