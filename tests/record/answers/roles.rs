//! What holds with authentication on, which no command line tells: who is a user,
//! and what the gateway answers. Measured on 3.4.23, 3.5.35, 3.6.16 and 3.7.3.

use etcd_pki_lab::etcd::facts::rule::Rule;
use etcd_pki_lab::etcd::judge::{Finding, Verdict};

use crate::cases::{self, Case};
use crate::record::answer_with_users;

const RELEASES: [&str; 4] = ["3.4.23", "3.5.35", "3.6.16", "3.7.3"];

/// Puts a case to an etcd with these users.
fn ask(case: &Case, version: &str, users: &[&str]) -> Finding {
    let users: Vec<String> = users.iter().map(|user| (*user).to_owned()).collect();
    answer_with_users(case, version, Some(&users))
}

fn case(id: &str) -> Case {
    let mut cases = cases::all().into_iter();
    cases.find(|case| case.id == id).expect("a case")
}

#[test]
fn a_certificate_without_a_common_name_is_denied_and_not_nameless() {
    let nameless = case("client-subject-organization");
    for version in RELEASES {
        let finding = ask(&nameless, version, &["root"]);
        assert_eq!(finding.rule, Rule::CommonNameIsUser, "{version}");
        assert_eq!(finding.dialer, ["etcdserver: permission denied"]);
        assert_eq!(finding.gateway, Some(400), "{version}");
    }
}

#[test]
fn without_client_cert_auth_a_common_name_is_nobodys() {
    let mut case = case("good");
    case.server = case.server.replace(" --client-cert-auth", "");
    for version in RELEASES {
        let finding = ask(&case, version, &["root", "client"]);
        assert_eq!(finding.verdict, Verdict::Refused, "{version}");
        assert_eq!(finding.rule, Rule::NamesNeedClientCertAuth);
        assert_eq!(finding.dialer, ["etcdserver: user name is empty"]);
        assert_eq!(finding.gateway, Some(400), "{version}");
    }
}

#[test]
fn the_gateway_takes_nobody_by_common_name() {
    let good = case("good");
    for version in RELEASES {
        let finding = ask(&good, version, &["root", "client"]);
        assert_eq!(finding.verdict, Verdict::Accepted, "{version}");
        assert_eq!(finding.gateway, Some(400), "{version}");
    }
}
