use base64ct::{Base64, Encoding};
use getrandom::{SysRng, rand_core::UnwrapErr};

use jiff::Timestamp;

use super::Evidence;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::Side;
use crate::lab::drills::{self, Basis, Drill, DrillSet, Seed, Site};
use crate::lab::file::GivenFile;

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn drill(id: &str) -> DrillSet {
    let mut rng = UnwrapErr(SysRng);
    let basis = Basis::make(&Seed::default(), now(), &mut rng).unwrap();
    let site = Site {
        directory: "/etc/etcd/pki".to_owned(),
        port: "2379".to_owned(),
    };
    let drill = Drill::from_id(id).unwrap();
    drills::make(drill, false, &basis, &site, now(), &mut rng).unwrap()
}

fn evidence(text: &str, set: Option<&DrillSet>) -> Evidence {
    let files = set.map(|set| {
        set.files.iter().map(|file| GivenFile {
            name: file.name.clone(),
            contents: file.contents.clone(),
        })
    });
    Evidence {
        text: text.to_owned(),
        files: files.into_iter().flatten().collect(),
        build: "3.5.16".to_owned(),
        now: now(),
        ..Evidence::default()
    }
}

fn lines(set: &DrillSet) -> String {
    format!("$ {}\n$ {}\n", set.etcd, set.etcdctl)
}

#[test]
fn files_stand_in_for_the_paths_that_a_command_names() {
    let set = drill("address-as-dns-name");
    let diagnosed = evidence(&lines(&set), Some(&set)).diagnose();
    let judged = diagnosed.judged.unwrap().finding;
    assert_eq!(judged.rule, Rule::AddressSan);
    assert!(
        judged
            .file
            .unwrap()
            .ends_with("drill-address-as-dns-name/etcd.crt")
    );
    assert!(diagnosed.notes.is_empty(), "{:?}", diagnosed.notes);
}

#[test]
fn a_mend_of_the_command_lines_is_tried_before_it_is_offered() {
    let set = drill("no-client-certificate");
    let diagnosed = evidence(&lines(&set), Some(&set)).diagnose();
    let mended = diagnosed.mended.unwrap();
    assert_eq!(mended.label, "Show client.crt to etcd");
    let again = evidence(&mended.text, Some(&set)).diagnose();
    assert!(again.judged.unwrap().finding.all_is_well());
    assert_eq!(again.mended, None);

    let set = drill("unknown-server-ca");
    let mended = evidence(&lines(&set), Some(&set))
        .diagnose()
        .mended
        .unwrap();
    assert_eq!(mended.label, "Trust ca.crt");
    // What a command line can't mend is not offered.
    let set = drill("expired-client");
    assert_eq!(evidence(&lines(&set), Some(&set)).diagnose().mended, None);
}

#[test]
fn a_mend_changes_the_flag_and_no_other_word() {
    let set = drill("unknown-server-ca");
    let put = "put http://k 'v --cacert=v http://x | etcdctl'";
    let (flags, _) = set.etcdctl.split_once(" put ").unwrap();
    let text = format!("$ {}\n$ {flags} {put}\n", set.etcd);
    let mended = evidence(&text, Some(&set)).diagnose().mended.unwrap();
    assert_eq!(mended.label, "Trust ca.crt");
    let client = mended.text.split_once("\n\n").unwrap().1;
    let words = shlex::split(&client.replace("\\\n", " ")).unwrap();
    assert_eq!(&words[words.len() - 3..], shlex::split(put).unwrap());
    let trusted = words.iter().filter(|word| word.starts_with("--cacert="));
    assert_eq!(trusted.count(), 1, "{client}");

    // The scheme of the endpoint is changed, not that of a value.
    let set = drill("no-client-certificate");
    let line = set.etcdctl.replace("https://", "http://") + " 'http://v'";
    let text = format!("$ {}\n$ {line}\n", set.etcd);
    let diagnosed = evidence(&text, Some(&set)).diagnose();
    assert_eq!(diagnosed.judged.unwrap().finding.rule, Rule::TlsEndpoint);
}

#[test]
fn who_keeps_the_keys_away_gets_the_certificates_checked() {
    let mut set = drill("expired-client");
    set.files
        .retain(|file| file.kind != crate::lab::FileKind::PrivateKey);
    let diagnosed = evidence(&lines(&set), Some(&set)).diagnose();
    assert!(
        diagnosed.notes[0].contains("etcd.key"),
        "{:?}",
        diagnosed.notes
    );
    let of_client = diagnosed.chains.iter().find(|it| it.file == "client.crt");
    let refused = of_client.unwrap().refused.as_ref().unwrap();
    assert_eq!(refused.rule, Rule::ValidityEnds);
    let of_server = diagnosed.chains.iter().find(|it| it.file == "etcd.crt");
    assert_eq!(of_server.unwrap().refused, None);
}

#[test]
fn certificates_alone_are_checked_against_the_cas_among_them() {
    let set = drill("unknown-client-ca");
    let pem: String = set
        .files
        .iter()
        .filter(|file| file.contents.0.starts_with(b"-----BEGIN CERTIFICATE-----"))
        .map(|file| String::from_utf8_lossy(&file.contents.0).into_owned())
        .collect();
    let diagnosed = evidence(&pem, None).diagnose();
    assert_eq!(diagnosed.recognised, ["3 certificates"]);
    let refused: Vec<Rule> = diagnosed
        .chains
        .iter()
        .filter_map(|chain| Some(chain.refused.as_ref()?.rule))
        .collect();
    assert_eq!(refused, [Rule::ClientCaKnown]);
}

#[test]
fn the_form_of_a_line_tells_the_likelier_cause() {
    let words =
        "tls: failed to verify certificate: x509: certificate specifies an incompatible key usage";
    let of = |line: &str| evidence(line, None).diagnose().clues.remove(0);
    let logged = of(&format!(
        "{{\"level\":\"warn\",\"msg\":\"rejected connection on client endpoint\",\"error\":\"{words}\"}}"
    ));
    assert_eq!(logged.side, Side::Etcd);
    assert!(logged.causes()[0].starts_with("in etcd's log"));
    let printed = of(&format!(
        "{{\"logger\":\"etcd-client\",\"msg\":\"retrying of unary invoker failed\",\"error\":\"{words}\"}}"
    ));
    assert_eq!(printed.side, Side::Etcdctl);
    assert!(
        !printed.causes()[0].starts_with("in etcd's log"),
        "{:?}",
        printed.causes()
    );
}

#[test]
fn unknown_text_is_said_to_be_unknown() {
    let diagnosed = evidence("the cat sat on the mat", None).diagnose();
    assert!(diagnosed.unknown && diagnosed.clues.is_empty());
    assert!(!evidence("", None).diagnose().unknown);
    // An etcdctl line alone is not enough for a verdict, and says so.
    let diagnosed = evidence("etcdctl --endpoints=https://a:2379 put k v", None).diagnose();
    assert!(diagnosed.judged.is_none() && diagnosed.notes[0].contains("etcd’s own"));
}

#[test]
fn a_call_in_any_coat_is_judged() {
    let set = drill("no-client-certificate");
    for coat in [
        "kubectl exec -n kube-system etcd-0 -- ",
        "docker exec -e ETCDCTL_API=3 etcd ",
        "[root@node-a ~]# ",
        "sudo -u etcd ",
        "ssh node-a ",
    ] {
        let text = format!("$ {}\n{coat}{}\n", set.etcd, set.etcdctl);
        let judged = evidence(&text, Some(&set)).diagnose().judged.unwrap();
        assert_eq!(
            judged.finding.rule,
            Rule::ClientCertificateRequired,
            "{coat}"
        );
    }
}

#[test]
fn what_is_cut_is_said_to_be_cut_and_is_not_judged() {
    let text = "CGroup: /system.slice/etcd.service\n  └─1817 /usr/bin/etcd --cert-file=a --trus>\n$ etcdctl get k\n";
    let diagnosed = evidence(text, None).diagnose();
    assert_eq!(diagnosed.judged, None);
    assert!(
        diagnosed.notes[0].contains("cut at the edge"),
        "{:?}",
        diagnosed.notes
    );
}

#[test]
fn a_secrets_files_stand_in_for_the_paths_that_a_command_names() {
    let set = drill("expired-client");
    let mut yaml = "kind: Secret\ndata:\n".to_owned();
    for file in &set.files {
        let encoded = Base64::encode_string(&file.contents.0);
        yaml.extend(["  ", &file.name, ": ", &encoded, "\n"]);
    }
    let diagnosed = evidence(&format!("{}{yaml}", lines(&set)), None).diagnose();
    assert_eq!(diagnosed.judged.unwrap().finding.rule, Rule::ValidityEnds);
    assert!(diagnosed.notes.is_empty(), "{:?}", diagnosed.notes);
}

#[test]
fn of_several_machines_the_one_that_is_refused_is_shown() {
    let machine = |number: usize, key: &str| {
        format!(
            "# etcd{number}\nETCD_NAME=etcd{number}\nETCD_LISTEN_CLIENT_URLS=https://192.0.2.{number}:2379\nETCD_ADVERTISE_CLIENT_URLS=https://192.0.2.{number}:2379\nETCD_CERT_FILE=/etc/etcd/{number}.crt\n{key}"
        )
    };
    let key = |number: usize| format!("ETCD_KEY_FILE=/etc/etcd/{number}.key\n");
    let text = [machine(1, &key(1)), machine(2, ""), machine(3, "")].join("\n");
    let diagnosed = evidence(&text, None).diagnose();
    let finding = diagnosed.judged.unwrap().finding;
    assert_eq!(finding.rule, Rule::CertificateAndKeyTogether);
    assert_eq!(finding.file.as_deref(), Some("/etc/etcd/2.crt"));
    assert!(
        diagnosed.notes[0].starts_with("3 etcds are told, etcd1, etcd2 and etcd3, and each was read on its own; this one is shown: ETCD_ADVERTISE_CLIENT_URLS=https://192.0.2.2:2379 "),
        "{:?}",
        diagnosed.notes
    );
    // One whose files are only not here is not refused.
    let text = [machine(1, &key(1)), machine(2, &key(2))].join("\n");
    let diagnosed = evidence(&text, None).diagnose();
    assert!(diagnosed.judged.is_none());
    assert!(diagnosed.notes[0].starts_with("2 etcds are told, etcd1 and etcd2,"));
    // Who asks one of them is answered for that one.
    let text = [
        machine(1, ""),
        machine(2, &key(2)),
        "$ etcdctl --endpoints=https://192.0.2.2:2379 get k\n".to_owned(),
    ]
    .join("\n");
    let diagnosed = evidence(&text, None).diagnose();
    assert!(diagnosed.judged.is_none(), "{:?}", diagnosed.judged);
}

#[test]
fn config_files_of_several_machines_are_judged_one_by_one() {
    let text = "name: etcd1\nlisten-client-urls: https://192.0.2.1:2379\nadvertise-client-urls: https://192.0.2.1:2379\nclient-transport-security:\n  cert-file: 1.crt\n---\nname: etcd2\nlisten-client-urls: https://192.0.2.2:2379\nadvertise-client-urls: https://192.0.2.2:2379\nclient-transport-security:\n  cert-file: 2.crt\n  key-file: 2.key\n";
    let pasted = evidence(text, None);
    let dropped = Evidence {
        files: vec![GivenFile::new("etcds.yaml", text.as_bytes())],
        ..evidence("", None)
    };
    for evidence in [pasted, dropped] {
        let finding = evidence.diagnose().judged.unwrap().finding;
        assert_eq!(finding.rule, Rule::CertificateAndKeyTogether);
        assert_eq!(finding.file.as_deref(), Some("1.crt"));
    }
}
