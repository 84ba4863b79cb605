//! What holds of the peer port whatever etcd runs there.

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::Stage;
use etcd_pki_lab::etcd::judge::peer::{PeerMember, PeerQuestion, judge_peer};
use jiff::Timestamp;

use crate::clusters::{self, dialer};

#[test]
fn a_peer_s_address_is_held_against_its_names_both_ways() {
    let ask = |san: &[(u8, &[u8])], from: &str, names: &[(&str, &str)]| {
        let cluster = dialer("", |parts| clusters::names(parts, san));
        let lines = cluster.lines([2380, 2480], [2379, 2479]);
        let member = |line| PeerMember {
            line,
            files: &cluster.files,
            build: EtcdBuild::parse("3.5.30").expect("a version"),
        };
        let names = names
            .iter()
            .map(|(name, address)| ((*name).to_owned(), vec![(*address).to_owned()]))
            .collect();
        judge_peer(&PeerQuestion {
            dialer: member(&lines[0]),
            listener: member(&lines[1]),
            now: Timestamp::now(),
            from: Some(from),
            names: &names,
        })
        .expect("command lines")
        .stage
    };
    let wildcard: &[(u8, &[u8])] = &[(2, b"*.lab.test")];
    let known: &[(&str, &str)] = &[("a.b.lab.test", "10.0.0.2")];
    // Unlike a host name's, the wildcard of a reverse lookup is any labels long.
    assert_eq!(ask(wildcard, "10.0.0.2", known), Stage::Done);
    assert_eq!(ask(wildcard, "10.0.0.3", known), Stage::PeerAddress);
    let name: &[(u8, &[u8])] = &[(2, b"a.b.lab.test")];
    assert_eq!(ask(name, "10.0.0.2", known), Stage::Done);
    assert_eq!(ask(name, "10.0.0.2", &[]), Stage::PeerAddress);
    let address: &[(u8, &[u8])] = &[(7, &[10, 0, 0, 2])];
    assert_eq!(ask(address, "10.0.0.2", &[]), Stage::Done);
    assert_eq!(ask(address, "10.0.0.3", &[]), Stage::PeerAddress);
    assert_eq!(ask(&[], "10.0.0.3", &[]), Stage::Done);
}
