//! Plans with one thing wrong, and what is said of it.

use super::*;
use crate::{
    etcd::plan::{AuthoritySource, IntermediatePlan, MemberField, MemberPlan},
    pki::name_constraint,
};

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn faults_of(preset: Preset, change: impl FnOnce(&mut Plan)) -> Vec<(String, String)> {
    let mut plan = Plan::example(preset);
    change(&mut plan);
    plan.check(None, now())
        .unwrap_err()
        .into_iter()
        .map(|fault| (fault.field.to_string(), fault.message))
        .collect()
}

fn faults(change: impl FnOnce(&mut Plan)) -> Vec<(String, String)> {
    faults_of(Preset::Tutorial, change)
}

fn fields(faults: Vec<(String, String)>) -> Vec<String> {
    faults.into_iter().map(|(field, _)| field).collect()
}

#[test]
fn the_default_plan_is_the_tutorial() {
    let plan = Plan::default().check(None, now()).unwrap();
    let authority = plan.authorities[0].request.as_ref().unwrap();
    assert_eq!(authority.options.subject.to_openssl(), "/CN=KUBERNETES-CA");
    assert_eq!(plan.authorities.len(), 1);
    let names: Vec<_> = plan
        .identities
        .iter()
        .map(|identity| {
            (
                identity.name.as_str(),
                identity.request.role,
                identity.request.days.get(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [("etcd", Role::Server, 365), ("client", Role::Client, 60)]
    );
    assert_eq!(plan.directory.join("ca.crt"), "/root/certificates/ca.crt");
}

#[test]
fn every_preset_has_nothing_but_its_csr_or_its_nodes_address_to_be_filled_in() {
    for preset in Preset::ALL {
        let checked = Plan::preset(preset).check(None, now());
        match preset {
            Preset::SignCsr => {
                let faults = checked.unwrap_err();
                assert_eq!(faults.len(), 1);
                assert_eq!(faults[0].field.to_string(), "client-0-csr");
            }
            // No address is signed that nobody wrote.
            Preset::Kubeadm => {
                let faults = checked.unwrap_err();
                assert_eq!(faults.len(), 1, "{faults:?}");
                assert_eq!(faults[0].field.to_string(), "member-0-hosts");
                assert!(Plan::example(preset).check(None, now()).is_ok());
            }
            _ => assert!(checked.is_ok(), "{preset}: {checked:?}"),
        }
    }
}

#[test]
fn every_fault_stands_at_its_field() {
    assert_eq!(
        faults(|plan| plan.clients[0].days = "4000".to_owned()),
        [(
            "client-0-days".to_owned(),
            "4000 days is past the CA's own end (2036-11-20); choose at most 3650, or renew the CA"
                .to_owned()
        )]
    );
    let found = fields(faults(|plan| {
        plan.authority.subject = String::new();
        plan.server.names = "localhost".to_owned();
        plan.clients.push(IdentityPlan::default());
        plan.port = "0".to_owned();
        plan.directory = "certificates".to_owned();
    }));
    assert_eq!(
        found,
        [
            "authority-subject",
            "server-names",
            "client-1-name",
            "port",
            "directory"
        ]
    );
}

#[test]
fn a_client_may_not_take_the_authoritys_or_the_servers_files() {
    for name in ["ca", "etcd", "ETCD"] {
        let found = faults(|plan| plan.clients[0].name = name.to_owned());
        assert_eq!(found[0].0, "client-0-name", "{name}");
    }
    for name in ["", "a//b", "..", "a/../b", "-rf", "a\nb"] {
        let found = faults(|plan| plan.clients[0].name = name.to_owned());
        assert_eq!(found[0].0, "client-0-name", "{name:?}");
    }
}

#[test]
fn no_two_files_can_have_one_name_on_any_disk() {
    let said = |names: [&str; 2], says: &str| {
        let found = faults(|plan| {
            plan.clients.push(plan.clients[0].clone());
            for (client, name) in plan.clients.iter_mut().zip(names) {
                client.name = name.to_owned();
            }
        });
        assert_eq!(found.len(), 1, "{names:?}: {found:?}");
        assert_eq!(found[0].0, "client-1-name", "{names:?}");
        assert!(found[0].1.contains(says), "{names:?}: {}", found[0].1);
    };
    said(["a", "a"], "“a” is taken already; each");
    said(["a", "A"], "“A” is taken already by “a”");
    said(["é", "e\u{301}"], "two ways to write one letter");
    said(["\u{212a}", "k"], "taken already by");
    said(["straße", "STRASSE"], "taken already by");
    said(["a", "a.encrypted"], "“a.encrypted.key” is what “a” calls");
    said(["a.Encrypted", "a"], "so is the key of “a.Encrypted”");
    said(["client", "ca.encrypted"], "is what “ca” calls");
}

#[test]
fn files_that_stand_for_several_keep_their_names() {
    let found = faults(|plan| {
        plan.separate_authorities = true;
        plan.clients[0].name = "trusted-clients".to_owned();
    });
    assert_eq!(fields(found), ["client-0-name"]);
    let nodes = |client: &str, node: &str| {
        let (client, node) = (client.to_owned(), node.to_owned());
        faults_of(Preset::Kubeadm, |plan| {
            let second = MemberPlan {
                name: node,
                hosts: "192.0.2.11".to_owned(),
                ..plan.members[0].clone()
            };
            plan.members.push(second);
            plan.clients[0].name = client;
        })
    };
    assert_eq!(fields(nodes("etcd/ca", "node2")), ["client-0-name"]);
    assert_eq!(fields(nodes("x", "readme")), ["member-1-name"]);
    assert_eq!(fields(nodes("x", "cert-manager.yaml")), ["member-1-name"]);
}

#[test]
fn an_endpoint_is_an_address_that_can_be_dialled() {
    let endpoint = |host: &str, names: &str| {
        let mut plan = Plan {
            host: host.to_owned(),
            ..Plan::default()
        };
        plan.server.names = names.to_owned();
        plan.check(None, now()).map(|plan| {
            let member = plan.deployment("x.tar").members.remove(0);
            (plan.endpoint(), member.listen_client_urls.join(","))
        })
    };
    assert_eq!(
        endpoint("::1", "::1").unwrap(),
        (
            "https://[::1]:2379".to_owned(),
            "https://[::1]:2379".to_owned()
        )
    );
    assert_eq!(
        endpoint("etcd.lab.test", "*.lab.test").unwrap(),
        (
            "https://etcd.lab.test:2379".to_owned(),
            "https://0.0.0.0:2379".to_owned()
        )
    );
    assert!(endpoint("0.0.0.0", "0.0.0.0").is_err());
    assert!(endpoint("*.lab.test", "*.lab.test").is_err());
    assert!(endpoint("https://127.0.0.1", "127.0.0.1").is_err());
}

#[test]
fn an_address_as_a_dns_name_is_said_and_can_be_mended() {
    let mut plan = Plan::default();
    plan.server.names = "127.0.0.1 DNS:10.0.0.1,dns:10.0.0.2; localhost".to_owned();
    let fault = plan.check(None, now()).unwrap_err().remove(0);
    assert!(fault.message.contains("write IP:10.0.0.1"));
    plan.server.names = fault.mended.unwrap();
    assert_eq!(
        plan.server.names,
        "127.0.0.1, IP:10.0.0.1, IP:10.0.0.2, localhost"
    );
    assert!(plan.check(None, now()).is_ok());
}

#[test]
fn a_missing_host_can_be_added() {
    let mut plan = Plan {
        host: "10.0.0.1".to_owned(),
        ..Plan::default()
    };
    let fault = plan.check(None, now()).unwrap_err().remove(0);
    plan.server.names = fault.mended.unwrap();
    assert!(plan.check(None, now()).is_ok());
}

#[test]
fn members_have_names_of_their_own_and_no_port_twice_on_one_host() {
    let found = faults_of(Preset::Cluster, |plan| {
        plan.members[1].name = "M1".to_owned();
        plan.members[2].client_port = "22380".to_owned();
    });
    assert!(found.contains(&(
        "member-1-name".to_owned(),
        "“M1” is the name of member 1 already; each member needs its own".to_owned()
    )));
    assert!(
        found.contains(&(
            "member-2-client-port".to_owned(),
            "port 22380 on 127.0.0.1 is m1’s already; each port of a machine can be used once"
                .to_owned()
        ))
    );
    // On machines of their own they may have the same ports.
    let mut plan = Plan::preset(Preset::Cluster);
    for (place, member) in plan.members.iter_mut().enumerate() {
        member.hosts = format!("10.0.0.{place}");
        member.client_port = "2379".to_owned();
        member.peer_port = "2380".to_owned();
    }
    assert!(plan.check(None, now()).is_ok());
    plan.members[0].peer_port = "2379".to_owned();
    let found = plan.check(None, now()).unwrap_err();
    assert_eq!(found[0].field.to_string(), "member-0-peer-port");
}

#[test]
fn what_a_member_lacks_is_said_beside_it() {
    for (field, text, says) in [
        (MemberField::Name, "", "write the member’s name"),
        (MemberField::Name, "a=b", "cannot hold “=”"),
        (MemberField::Name, "a,b", "cannot hold “,”"),
        (MemberField::Hosts, "", "write the member’s addresses"),
        (MemberField::Hosts, "*.lab.test", "wildcard"),
        (MemberField::Hosts, "0.0.0.0", "cannot be dialled"),
        (MemberField::ClientPort, "70000", "1 to 65535"),
        (MemberField::PeerPort, "0", "1 to 65535"),
        (MemberField::Days, "0", "write 1 or more"),
        (MemberField::DataDirectory, "a\nb", "control character"),
    ] {
        let at = Field::Member(1, field);
        let found = faults_of(Preset::Cluster, |plan| {
            text.clone_into(plan.text_mut(at).unwrap());
        });
        assert_eq!(found[0].0, at.to_string(), "{text:?}");
        assert!(found[0].1.contains(says), "{text:?}: {}", found[0].1);
    }
    let found = faults_of(Preset::Kubeadm, |plan| {
        plan.members[0].hosts = "node1.lab.test".to_owned();
    });
    assert!(found[0].1.contains("the node’s address"));
}

#[test]
fn a_csr_for_etcd_has_its_address_and_an_etcd_of_its_own() {
    let csr = include_str!("../../../../tests/fixtures/client.csr");
    let signed = |usages: &[Role], port: &str| {
        let mut plan = Plan::preset(Preset::SignCsr);
        port.clone_into(&mut plan.port);
        plan.clients = usages
            .iter()
            .map(|usage| {
                let mut client = IdentityPlan::default();
                client.choose_role(*usage);
                csr.clone_into(&mut client.csr);
                client
            })
            .collect();
        plan
    };
    let mut plan = signed(&[Role::Server], "2379");
    let fault = plan.check(None, now()).unwrap_err().remove(0);
    assert_eq!(fault.field.to_string(), "client-0-names");
    assert!(fault.message.contains("clients dial it"));
    plan.clients[0].names = fault.mended.unwrap();
    let checked = plan.check(None, now()).unwrap();
    assert_eq!(checked.identities[0].request.role, Role::Server);

    let mut plan = signed(&[Role::Server, Role::Client, Role::Peer], "2380");
    for client in &mut plan.clients {
        "127.0.0.1".clone_into(&mut client.names);
    }
    let found = plan.check(None, now()).unwrap_err();
    let found: Vec<_> = found.iter().map(|fault| fault.field.to_string()).collect();
    assert_eq!(found, ["client-2-csr", "port"]);
    // Elsewhere a client is a client.
    let mut plan = Plan::default();
    plan.clients[0].role = Role::Peer;
    let checked = plan.check(None, now()).unwrap();
    assert_eq!(checked.identities[1].request.role, Role::Client);
}

#[test]
fn constraints_of_the_ca_are_held_against_every_name() {
    let found = faults(|plan| plan.authority.permitted = "lab.test".to_owned());
    assert_eq!(found[0].0, "server-names");
    assert!(
        found[0]
            .1
            .contains("must not sign for DNS:localhost: it permits only lab.test"),
        "{}",
        found[0].1
    );
    let found = faults_of(Preset::Kubeadm, |plan| {
        plan.authority.excluded = "127.0.0.0/8".to_owned();
    });
    assert_eq!(
        fields(found),
        ["authority-permitted", "authority-permitted"]
    );
    let found = faults(|plan| plan.authority.permitted = "*.lab.test".to_owned());
    assert_eq!(found[0].0, "authority-permitted");
    // Those of a CA that is brought count as well.
    let existing = ExistingAuthority {
        validity: Validity::starting(now(), "3650".parse().unwrap()),
        path_length: Some(0),
        constraints: vec![NameConstraints {
            permitted: name_constraint::parse_list("lab.test").unwrap(),
            excluded: Vec::new(),
        }],
    };
    let existing = ExistingAuthorities::from([("ca".to_owned(), existing)]);
    let mut plan = Plan::default();
    plan.authority.source = AuthoritySource::Bring;
    let found = plan.check(Some(&existing), now()).unwrap_err();
    assert_eq!(found[0].field.to_string(), "server-names");
    plan.server.names = "etcd.lab.test, 127.0.0.1".to_owned();
    assert!(plan.check(Some(&existing), now()).is_ok());
    // And so does its path length.
    plan.authority.intermediate = Some(IntermediatePlan::default());
    let found = plan.check(Some(&existing), now()).unwrap_err();
    assert_eq!(found[0].field.to_string(), "intermediate-subject");
    assert!(found[0].message.contains("path length is 0"));
}

#[test]
fn an_intermediate_needs_room_time_and_a_name_of_its_own() {
    let with = |change: fn(&mut Plan)| {
        faults(|plan| {
            plan.authority.intermediate = Some(IntermediatePlan::default());
            change(plan);
        })
    };
    let found = with(|plan| plan.authority.path_length = "0".to_owned());
    assert_eq!(fields(found), ["authority-path-length"]);
    let found = with(|plan| plan.authority.path_length = "many".to_owned());
    assert_eq!(fields(found), ["authority-path-length"]);
    let found = with(|plan| plan.authority.days = "100".to_owned());
    assert_eq!(fields(found), ["intermediate-days"]);
    let found = with(|plan| {
        let intermediate = plan.authority.intermediate.as_mut().unwrap();
        intermediate.subject.clone_from(&plan.authority.subject);
    });
    assert_eq!(fields(found), ["intermediate-subject"]);
    // A certificate lives no longer than the intermediate.
    let found = with(|plan| {
        plan.authority.intermediate.as_mut().unwrap().days = "90".to_owned();
    });
    assert_eq!(fields(found), ["server-days"]);
}

#[test]
fn many_clients_are_read_from_their_names() {
    let mut plan = Plan::default();
    plan.many_clients.names = "app-{1..1000}".to_owned();
    plan.many_clients.subject = "CN={name},O=team".to_owned();
    let checked = plan.check(None, now()).unwrap();
    assert_eq!(checked.identities.len(), 1002);
    let last = checked.identities.last().unwrap();
    assert_eq!(last.name.as_str(), "app-1000");
    for (names, subject, field, says) in [
        ("client", "CN={name}", "many-names", "taken already"),
        ("a\na", "CN={name}", "many-names", "taken already"),
        ("a\n-b", "CN={name}", "many-names", "begin with"),
        ("a", "{name},O=team", "many-subject", "has no “=”"),
        ("app-{1..20000}", "CN={name}", "many-names", "more than"),
    ] {
        let found = faults(|plan| {
            plan.many_clients.names = names.to_owned();
            plan.many_clients.subject = subject.to_owned();
        });
        assert_eq!(found.len(), 1, "{names}");
        assert_eq!(found[0].0, field, "{names}");
        assert!(found[0].1.contains(says), "{names}: {}", found[0].1);
    }
}
