//! Whole labs, made in a loop where the page has workers.

use getrandom::{SysRng, rand_core::UnwrapErr};

use super::*;
use crate::{
    etcd::{
        facts::release::Series,
        plan::{IntermediatePlan, Preset},
    },
    lab::FileKind,
    pki::{certificate::Certificate, pem, subject_alternative_name::SubjectAlternativeName},
};

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// A preset with keys that are made at once.
fn quick(preset: Preset) -> Plan {
    Plan {
        key_type: KeyType::P256,
        ..Plan::example(preset)
    }
}

fn made(plan: &Plan) -> Lab {
    make(plan, None, now(), &mut UnwrapErr(SysRng)).unwrap()
}

fn finish(mut making: Making) -> Lab {
    let mut workbench = Workbench::default();
    while let Some((number, task)) = making.next_task() {
        let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
        making.complete(number, outcome).unwrap();
    }
    making.finish().unwrap()
}

fn contents(lab: &Lab, name: &str) -> String {
    let mut files = lab.files().into_iter();
    let file = files.find(|file| file.name == name);
    let file = file.unwrap_or_else(|| panic!("{name} is missing"));
    file.text().unwrap().to_owned()
}

/// The certificates of a file.
fn certificates(lab: &Lab, name: &str) -> Vec<Certificate> {
    pem::blocks(&contents(lab, name))
        .unwrap()
        .iter()
        .map(|block| Certificate::from_der(&block.der).unwrap())
        .collect()
}

#[test]
fn a_certificate_of_an_intermediate_is_followed_by_it_and_not_by_the_root() {
    let mut plan = quick(Preset::Tutorial);
    plan.authority.intermediate = Some(IntermediatePlan::default());
    plan.authority.path_length = "1".to_owned();
    plan.authority.permitted = "localhost, 127.0.0.0/8, ::1/128".to_owned();
    let lab = made(&plan);
    let [leaf, intermediate] = certificates(&lab, "etcd.crt").try_into().unwrap();
    let [root] = certificates(&lab, "ca.crt").try_into().unwrap();
    assert!(leaf.check_signed_by(&intermediate).is_ok());
    assert!(intermediate.check_signed_by(&root).is_ok());
    assert_eq!(root.path_length(), Some(1));
    assert_eq!(intermediate.path_length(), Some(0));
    assert_eq!(root.name_constraints().permitted.len(), 3);
    assert_eq!(certificates(&lab, "intermediate.crt"), [intermediate]);
    assert!(contents(&lab, "intermediate.key").contains("PRIVATE KEY"));
}

#[test]
fn separate_authorities_sign_what_is_theirs() {
    let mut plan = quick(Preset::Cluster);
    plan.separate_authorities = true;
    let lab = made(&plan);
    let one = |name: &str| certificates(&lab, name).remove(0);
    assert!(one("m1-server.crt").check_signed_by(&one("ca.crt")).is_ok());
    assert!(
        one("m3-peer.crt")
            .check_signed_by(&one("peer-ca.crt"))
            .is_ok()
    );
    assert!(
        one("client.crt")
            .check_signed_by(&one("client-ca.crt"))
            .is_ok()
    );
    let gateway = one("m1-gateway.crt");
    assert!(gateway.check_signed_by(&one("client-ca.crt")).is_ok());
    let names =
        |lab: &Lab| -> Vec<String> { lab.files().into_iter().map(|file| file.name).collect() };
    let bundle = "trusted-clients.crt".to_owned();
    assert!(!names(&lab).contains(&bundle), "the clients' CA is enough");
    // etcd 3.4 has no flag for it. The keys stay, as commands alone follow.
    plan.etcd = Series::V3_4;
    let lab = made(&plan);
    assert_eq!(
        certificates(&lab, &bundle),
        [
            certificates(&lab, "client-ca.crt"),
            certificates(&lab, "ca.crt")
        ]
        .concat()
    );
    plan.without_gateway = true;
    assert!(!names(&made(&plan)).contains(&bundle));
}

#[test]
fn each_control_plane_node_has_a_whole_set() {
    let mut plan = quick(Preset::Kubeadm);
    let mut second = plan.members[0].clone();
    second.name = "node2".to_owned();
    second.hosts = "192.0.2.11".to_owned();
    plan.members.push(second);
    let lab = made(&plan);
    for node in ["node1", "node2"] {
        for stem in [
            "etcd/server",
            "etcd/peer",
            "etcd/healthcheck-client",
            "apiserver-etcd-client",
        ] {
            assert!(contents(&lab, &format!("{node}/{stem}.key")).contains("PRIVATE KEY"));
            let leaf = certificates(&lab, &format!("{node}/{stem}.crt")).remove(0);
            assert!(
                leaf.check_signed_by(&certificates(&lab, "etcd/ca.crt")[0])
                    .is_ok()
            );
        }
        assert_eq!(
            contents(&lab, &format!("{node}/etcd/ca.crt")),
            contents(&lab, "etcd/ca.crt")
        );
    }
    let ca = certificates(&lab, "etcd/ca.crt").remove(0);
    let names: Vec<_> = ca.names().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["DNS:etcd-ca"]);
    let node2 = certificates(&lab, "node2/etcd/peer.crt").remove(0);
    let address: SubjectAlternativeName = "192.0.2.11".parse().unwrap();
    assert!(node2.names().contains(&address));
}

#[test]
fn what_is_unchanged_is_kept_and_what_its_issuer_changed_is_not() {
    let mut plan = quick(Preset::Cluster);
    plan.separate_authorities = true;
    let before = made(&plan);
    let again = |plan: &Plan| finish(Making::start(plan, None, Some(&before), now()).unwrap());
    let same = |lab: &Lab, name: &str| contents(lab, name) == contents(&before, name);

    plan.clients[1].days = "30".to_owned();
    let after = again(&plan);
    assert!(same(&after, "ca.key") && same(&after, "m1-server.key"));
    assert!(same(&after, "root.crt") && !same(&after, "client.crt"));

    plan.authority.peer_subject = "CN=other".to_owned();
    let after = again(&plan);
    assert!(same(&after, "ca.crt") && same(&after, "m2-server.crt"));
    assert!(!same(&after, "peer-ca.crt") && !same(&after, "m2-peer.crt"));

    // A member less needs nothing new.
    plan = before.plan().clone();
    plan.members.pop();
    let making = Making::start(&plan, None, Some(&before), now()).unwrap();
    assert_eq!(making.progress().certificates, 0);
    assert!(making.is_done());
}

#[test]
fn an_answer_without_the_certificates_that_were_asked_for_ends_the_work_with_a_word() {
    let mut making = Making::start(&quick(Preset::Tutorial), None, None, now()).unwrap();
    let mut workbench = Workbench::default();
    let fault = loop {
        let (number, task) = making.next_task().unwrap();
        let outcome = match workbench.finish(task, &mut UnwrapErr(SysRng)) {
            Outcome::Issued(_) => Outcome::Issued(Vec::new()),
            outcome => outcome,
        };
        if let Err(fault) = making.complete(number, outcome) {
            break fault;
        }
    };
    assert!(fault.to_string().contains("another question"), "{fault}");
}

#[test]
fn work_of_which_nothing_can_be_given_out_is_said_to_have_stalled() {
    let mut making = Making::start(&quick(Preset::Tutorial), None, None, now()).unwrap();
    let (number, task) = making.next_task().unwrap();
    assert!(making.next_task().is_none(), "all wait for the CA's key");
    // As if a CA had been lost that certificates still wait for.
    making.authorities_to_make.clear();
    let outcome = Workbench::default().finish(task, &mut UnwrapErr(SysRng));
    let fault = making.complete(number, outcome).unwrap_err();
    assert!(matches!(fault, WorkError::Stalled), "{fault}");
}

#[test]
fn keys_of_several_kinds_are_made_in_one_go() {
    let mut plan = quick(Preset::Tutorial);
    plan.server.key_type = Some(KeyType::Ed25519);
    plan.clients[0].key_type = Some(KeyType::P384);
    let lab = made(&plan);
    let kind = |name: &str| {
        let certificate = certificates(&lab, name).remove(0);
        certificate.public_key().unwrap().describe()
    };
    assert_eq!(kind("ca.crt"), "P-256");
    assert_eq!(kind("etcd.crt"), "Ed25519");
    assert_eq!(kind("client.crt"), "P-384");
}

#[test]
fn a_thousand_clients_are_a_thousand_pairs() {
    let mut plan = quick(Preset::Tutorial);
    plan.key_type = KeyType::Ed25519;
    plan.many_clients.names = "app-{1..1000}".to_owned();
    let making = Making::start(&plan, None, None, now()).unwrap();
    assert_eq!(making.progress().keys, 1003);
    assert_eq!(making.progress().certificates, 1003);
    let lab = finish(making);
    let files = lab.files();
    let keys = files
        .iter()
        .filter(|file| file.kind == FileKind::PrivateKey)
        .count();
    assert_eq!(keys, 1003);
    let last = certificates(&lab, "app-1000.crt").remove(0);
    assert!(
        last.check_signed_by(&certificates(&lab, "ca.crt")[0])
            .is_ok()
    );
}

#[test]
fn progress_grows_to_its_end() {
    let mut plan = quick(Preset::Cluster);
    plan.authority.intermediate = Some(IntermediatePlan::default());
    let mut making = Making::start(&plan, None, None, now()).unwrap();
    let mut workbench = Workbench::default();
    let mut before = 0.0;
    while let Some((number, task)) = making.next_task() {
        let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
        making.complete(number, outcome).unwrap();
        let fraction = making.progress().fraction();
        assert!(fraction > before && fraction <= 1.0, "{fraction}");
        before = fraction;
    }
    assert!((before - 1.0).abs() < f64::EPSILON);
}
