//! What holds with authentication on, which no command line tells: who is a user,
//! and what the gateway answers. Measured on 3.4.23, 3.5.35, 3.6.16 and 3.7.3.

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::facts::rule::Rule;
use etcd_pki_lab::etcd::judge::{Case as Read, Finding, Question, Verdict};
use etcd_pki_lab::etcd::telling::transcript::{Transcript, transcript};
use jiff::Timestamp;

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

/// What etcdctl shows, told another command, of an etcd whose user is `client`.
fn shown(case: &Case, command: &str, version: &str) -> Transcript {
    let client = case.client.replace(" put k v", &format!(" {command}"));
    assert!(client.ends_with(command), "{client}");
    let build = EtcdBuild::parse(version).expect("a version");
    let users = ["client".to_owned()];
    let read = Read::read(&Question {
        server: &case.server,
        client: &client,
        files: &case.files,
        server_build: build,
        client_build: build,
        now: Timestamp::now(),
        users: Some(&users),
    })
    .expect("command lines");
    transcript(&read, &read.judge().expect("an answer"), &[])
}

#[test]
fn who_logs_in_under_a_wrong_name_is_refused_with_a_status_of_its_own() {
    const WORDS: &str = "etcdserver: authentication failed, invalid user ID or password";
    let good = case("good");
    for version in RELEASES {
        for (command, status, last) in [
            ("--user=nobody:x put k v", 2, format!("Error: {WORDS}")),
            ("--user=nobody:x user list", 2, format!("Error: {WORDS}")),
            (
                "--user=nobody:x snapshot save x.db",
                5,
                format!("Error: {WORDS}"),
            ),
            (
                "--user=nobody:x endpoint health",
                1,
                format!(
                    "https://127.0.0.1:2379 is unhealthy: failed to commit proposal: {WORDS}\nError: unhealthy cluster"
                ),
            ),
        ] {
            let shown = shown(&good, command, version);
            let [printed] = shown.etcdctl.as_slice() else {
                panic!("{shown:#?}");
            };
            assert_eq!(shown.status, status, "{version} {command}: {printed}");
            assert!(printed.ends_with(&last), "{version} {command}: {printed}");
            assert_eq!(
                printed.contains("/etcdserverpb.Auth/Authenticate"),
                matches!(version, "3.6.16" | "3.7.3")
            );
        }
        // The name of the certificate does not count, and a user’s password is believed.
        assert_eq!(
            shown(&good, "--user=client:x put k v", version).etcdctl,
            ["OK"]
        );
    }
}

#[test]
fn a_proxy_takes_no_certificate_with_a_common_name() {
    let (good, anonymous) = (case("good"), case("client-subject-organization"));
    let proxy = |case: &Case, version: &str, flags: &str| {
        let mut case = case.clone();
        case.server = format!("etcd grpc-proxy start --endpoints=https://127.0.0.1:2379 {flags}");
        case.client = String::new();
        answer_with_users(&case, version, None)
    };
    let whole = "--cacert=ca.crt --cert=client.crt --key=client.key";
    for version in RELEASES {
        let named = proxy(&good, version, whole);
        assert_eq!(named.verdict, Verdict::ServerStartFailed, "{version}");
        assert_eq!(named.rule, Rule::ProxyWithoutCommonName);
        let words = if version == "3.4.23" {
            "cert has non empty Common Name (client)"
        } else {
            "cert has non empty Common Name (client): client.crt"
        };
        assert_eq!(named.listener, [words]);
        let nameless = proxy(&anonymous, version, whole);
        assert_eq!(
            nameless.verdict,
            Verdict::Accepted,
            "{version}: {nameless:#?}"
        );
        let half = proxy(&good, version, "--cacert=ca.crt --cert=client.crt");
        assert_eq!(
            half.listener,
            ["KeyFile and CertFile must both be present[key: , cert: client.crt]"]
        );
        // Measured: since 3.5 a proxy that is given a CA alone ends.
        let alone = proxy(&good, version, "--cacert=ca.crt");
        let ends = alone.verdict == Verdict::ServerStartFailed;
        assert_eq!(ends, version != "3.4.23", "{version}: {alone:#?}");
    }
}
