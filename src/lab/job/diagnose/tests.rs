use base64ct::{Base64, Encoding};
use getrandom::{SysRng, rand_core::UnwrapErr};

use jiff::Timestamp;

use super::Evidence;
use crate::etcd::facts::rule::Rule;
use crate::etcd::facts::saying::Side;
use crate::etcd::telling::diagnosis::Clue;
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

#[test]
fn lines_tell_something_without_their_files() {
    let told = |lines: &str| evidence(lines, None).diagnose().notes.concat();
    let etcd = "etcd --cert-file=server.crt --key-file=server.key --trusted-ca-file=ca.crt \
                --listen-client-urls=https://10.0.0.1:2379 --advertise-client-urls=https://10.0.0.1:2379\n";
    let with = |client: &str| told(&format!("{etcd}{client}"));
    let none = with("etcdctl --endpoints=https://10.0.0.1:2379 --cacert=ca.crt get a");
    assert!(none.contains("give etcdctl --cert and --key"), "{none}");
    let plain = with("etcdctl --endpoints=http://10.0.0.1:2379 get a");
    assert!(plain.contains("write https:// in front"), "{plain}");
    let bare = with("etcdctl --endpoints=10.0.0.1:2379 get a");
    assert!(bare.contains("write https:// in front"), "{bare}");
    let proxied = with("etcdctl --endpoints=http://lb.test:80 get a");
    assert!(!proxied.contains("alone tell"), "{proxied}");
    let other = with(
        "etcdctl --endpoints=https://10.0.0.1:6443 --cacert=ca.crt --cert=c.crt --key=c.key get a",
    );
    assert!(other.contains("port of kube-apiserver"), "{other}");
    let right = with(
        "etcdctl --endpoints=https://10.0.0.1:2379 --cacert=ca.crt --cert=c.crt --key=c.key get a",
    );
    assert!(!right.contains("alone tell"), "{right}");
    let strange = told(
        "ETCD_ADVERTISE_PEER_URLS=https://a:2380 ETCD_HOST=a ETCD_IMAGE_TAG=3 ETCD_NAME=a etcd --cert-file=a.crt --key-file=a.key",
    );
    assert!(
        strange.contains("one like it is ETCD_INITIAL_ADVERTISE_PEER_URLS"),
        "{strange}"
    );
    assert_eq!(
        strange.matches("none of etcd’s variables").count(),
        1,
        "{strange}"
    );
}

#[test]
fn nothing_is_sealed_where_no_file_was_looked_at() {
    for text in [
        "{\"level\":\"info\",\"ts\":\"2019-09-03T09:25:18.672+0100\",\"caller\":\"embed/serve.go:191\",\"msg\":\"serving client traffic insecurely\",\"address\":\"[::]:2379\"}",
        "embed: serving insecure client requests on 127.0.0.1:2379, this is strongly discouraged!",
        "etcd --auto-tls --name a",
    ] {
        let diagnosed = evidence(text, None).diagnose();
        assert!(diagnosed.judged.is_none(), "{text}");
    }
}

#[test]
fn a_dial_that_was_given_up_is_no_call_that_was_lost() {
    let harmless = |text: &str| {
        let clues = evidence(text, None).diagnose().clues;
        clues.first().map(Clue::is_harmless)
    };
    let dial = "connection error: desc = \"transport: Error while dialing: dial tcp 192.0.2.1:2379: operation was canceled\"";
    assert_eq!(harmless(dial), Some(true));
    // Rust's hyper says so of a connection that etcd refused as well.
    assert_eq!(harmless("caused by: operation was canceled"), Some(false));
}

#[test]
fn files_that_are_swapped_by_their_names_are_told() {
    let told = |line: &str| evidence(line, None).diagnose().notes.concat();
    let crossed = told(
        "etcdctl --cacert /etc/etcd/server.crt --cert /etc/etcd/ca.crt --key /etc/etcd/ca.key get a",
    );
    assert!(
        crossed.contains(
            "--cacert and --cert are swapped: --cacert names server.crt, and --cert ca.crt"
        ),
        "{crossed}"
    );
    let of_etcd = told(
        "etcd --peer-cert-file=/pki/peer.key --peer-key-file=/pki/peer.crt \
         --cert-file=/pki/server-key.pem --key-file=/pki/server.crt",
    );
    assert!(
        of_etcd.contains(
            "--peer-cert-file and --peer-key-file are swapped: --peer-cert-file names peer.key"
        ),
        "{of_etcd}"
    );
    assert!(
        of_etcd.contains("--cert-file names server-key.pem, and --key-file server.crt"),
        "{of_etcd}"
    );
    for in_order in [
        "etcdctl --cacert ca.crt --cert client.crt --key client.key get a",
        // kubeadm's etcdctl often shows the server's, and some show the CA's own.
        "etcdctl --cacert ca.crt --cert ca.crt --key ca.key get a",
        "etcdctl --cacert etcd.pem --cert ca.pem --key x.pem get a",
        "etcdctl --cacert server-ca.crt --cert client-cert.pem --key client-key.pem get a",
    ] {
        assert!(!told(in_order).contains("swapped"), "{in_order}");
    }
}

#[test]
fn a_key_in_the_place_of_a_certificate_and_a_call_in_python_are_told() {
    let told = |line: &str| evidence(line, None).diagnose().notes.concat();
    let key = told("etcdctl --cacert ca.crt --cert client.key --key client.key get a");
    assert!(
        key.contains("the file of --cert is a private key: client.key"),
        "{key}"
    );
    // Of several lines any may be the one that failed.
    let one_of_two = told(
        "$ etcdctl --cacert client.crt --cert ca.crt --key client.key get a\n\
         $ etcdctl --cacert ca.crt --cert client.crt --key client.key get a\n",
    );
    assert!(one_of_two.contains("swapped"), "{one_of_two}");
    let call = "etcd3.client(ca_cert='/pki/client.crt', cert_key='/pki/client.key', cert_cert='/pki/ca.crt')";
    let crossed = told(call);
    assert!(
        crossed.contains("ca_cert and cert_cert are swapped"),
        "{crossed}"
    );
    assert!(!told(&call.replace("ca_cert", "peer_ca_cert")).contains("swapped"));
}

#[test]
fn a_release_that_the_text_names_is_judged_as_unless_one_was_chosen() {
    let text = "etcdmain: etcd Version: 3.4.13\n$ etcd --experimental-peer-skip-client-san-verification --discovery-fallback=nothing\n";
    let mut old = evidence(text, None);
    let diagnosed = old.diagnose();
    assert_eq!(diagnosed.judged_as.as_deref(), Some("3.4.13"));
    let notes = diagnosed.notes.concat();
    assert!(notes.contains("Judged as etcd 3.4.13"), "{notes}");
    old.is_build_chosen = true;
    let diagnosed = old.diagnose();
    assert_eq!(diagnosed.judged_as, None);
    assert!(!diagnosed.notes.concat().contains("Judged as etcd"));
}

#[test]
fn a_clean_log_is_no_seal_for_command_lines_that_stand_elsewhere() {
    let log = "2026-11-28 12:00:00.1 I | etcdserver: starting server... [version: 3.4.23]\n\
               2026-11-28 12:00:00.2 I | embed: ready to serve client requests\n";
    let of_log = evidence(log, None).diagnose();
    assert!(of_log.healthy);
    let mut lines = evidence("etcd --cert-file=/pki/a.crt --key-file=/pki/a.key", None).diagnose();
    assert!(!lines.healthy);
    lines.merge(of_log);
    assert!(!lines.healthy);
}

#[test]
fn what_auto_tls_makes_is_told_where_its_certificate_is_refused_and_not_where_the_client_is_old() {
    let etcd = "$ etcd --auto-tls --listen-client-urls=https://0.0.0.0:2379 --advertise-client-urls=https://10.0.0.5:2379\n";
    let told = |words: &str| {
        evidence(&format!("{etcd}{words}"), None)
            .diagnose()
            .notes
            .concat()
    };
    let refused = told("Error: x509: certificate is valid for 0.0.0.0, not 10.0.0.5\n");
    assert!(
        refused.contains("etcd makes its own certificate"),
        "{refused}"
    );
    let old = told(
        "failed to connect to {https://m3.test:2379 0}. Err :connection error: desc = \"transport: authentication handshake failed: x509: certificate is valid for m3.test, not m1.test\"\n",
    );
    assert!(!old.contains("etcd makes its own certificate"), "{old}");
}

#[test]
fn what_a_client_s_line_tells_by_itself_is_told_first() {
    let told = |text: &str| evidence(text, None).diagnose().notes.join("\n");
    let members = told("etcdctl --endpoints=https://10.0.0.5:2380,m2=https://10.0.0.6:2379 get a");
    assert!(
        members.starts_with("https://10.0.0.5:2380 is by its number the port between members"),
        "{members}"
    );
    assert!(
        members.contains("write https://10.0.0.6:2379 alone, without m2= in front"),
        "{members}"
    );
    // Who has clients at that port is asked there.
    let own = told(
        "etcd --listen-client-urls=http://10.0.0.5:2380 --advertise-client-urls=http://10.0.0.5:2380\netcdctl --endpoints=http://10.0.0.5:2380 get a",
    );
    assert!(!own.contains("between members"), "{own}");
    // etcdctl's line may be shortened; where etcd refused it, what it lacks is told.
    let line = "$ etcdctl --cacert=ca.crt --endpoints=https://10.0.0.5:2379 get a\n";
    assert!(!told(line).contains("no certificate"));
    let refused = told(&format!(
        "{line}Error: transport: authentication handshake failed: remote error: tls: bad certificate\n"
    ));
    assert!(
        refused.contains("etcdctl is given no certificate and no key"),
        "{refused}"
    );
    let calico = told("spec:\n  etcdEndpoints: https://10.0.0.5:2379\n  etcdCertFile: c.crt\n");
    assert!(
        calico.contains("Calico is given a certificate and no key to it."),
        "{calico}"
    );
    assert!(calico.contains("Calico is given no CA"), "{calico}");
    // Patroni may have both in one file, and without a CA checks nothing.
    let patroni = told("etcd3:\n  hosts: 10.0.0.5:2379\n  protocol: https\n  cert: c.crt\n");
    assert!(!patroni.contains("Patroni is given"), "{patroni}");
    let plain = told(
        "etcd3:\n  hosts: 10.0.0.5:2379\n  cacert: ca.crt\n  cert: c.crt\n  key: c.key\n  protocol: http\n",
    );
    assert!(plain.contains("are http://"), "{plain}");
}

#[test]
fn a_member_under_the_name_of_another_and_a_misspelled_variable_are_told() {
    let told = |text: &str| evidence(text, None).diagnose().notes.join("\n");
    let name = told(
        "etcd --name=a --initial-advertise-peer-urls=http://10.0.0.6:2380 --listen-peer-urls=http://10.0.0.6:2380 --initial-cluster=a=http://10.0.0.5:2380,b=http://10.0.0.6:2380",
    );
    assert!(name.contains("give it --name b"), "{name}");
    let nobody = told(
        "etcd --name=c --initial-advertise-peer-urls=http://10.0.0.6:2380 --listen-peer-urls=http://10.0.0.6:2380 --initial-cluster=a=http://10.0.0.5:2380,b=http://10.0.0.6:2380",
    );
    assert!(nobody.contains("give it --name b"), "{nobody}");
    let variable = told(
        "ETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:2379\nETCD_CLENT_CERT_AUTH=true\nETCD_CERT_FILE=a.crt\nETCD_KEY_FILE=a.key\n",
    );
    assert!(
        variable.contains("one like it is ETCD_CLIENT_CERT_AUTH"),
        "{variable}"
    );
    let key = told("etcd --cert-file=a.crt --key-file=a.key --trusted-ca-file=ca.key");
    assert!(
        key.contains("the file of --trusted-ca-file is a private key"),
        "{key}"
    );
}

#[test]
fn what_is_no_member_of_today_is_not_judged_as_one() {
    let told = |text: &str| {
        let newest = Evidence {
            build: "3.7.3".to_owned(),
            ..evidence(text, None)
        };
        let diagnosed = newest.diagnose();
        (diagnosed.judged.is_some(), diagnosed.notes.join("\n"))
    };
    let first =
        told("etcd -c 0.0.0.0:4001 -clientCAFile ca.crt -clientCert a.crt -clientKey a.key");
    assert!(!first.0 && first.1.contains("before 2.0"), "{}", first.1);
    // 3.5 is the newest that has the flag, and a proxy listens without advertising.
    let proxy = told(
        "etcd -proxy on -listen-client-urls http://127.0.0.1:2379 -initial-cluster a=http://10.0.0.1:2380",
    );
    assert!(!proxy.0, "{}", proxy.1);
    assert!(proxy.1.contains("proxy of the v2 API"), "{}", proxy.1);
    // Who shows that it was refused is told of that.
    let refused = told("etcd --proxy=on\nflag provided but not defined: -proxy\n");
    assert!(refused.0);
    let of_flag = told("etcd --enable-v2 --listen-client-urls=http://127.0.0.1:2379");
    assert!(
        of_flag.1.contains("the text names --enable-v2"),
        "{}",
        of_flag.1
    );
}

#[test]
fn what_etcd_s_line_tells_by_itself_is_told() {
    let told = |text: &str| evidence(text, None).diagnose().notes.join("\n");
    let urls =
        told("etcd --listen-peer-urls a=http://10.0.0.4:2380,b=http://10.0.0.5:2380 --name a");
    assert!(urls.contains("belongs to --initial-cluster"), "{urls}");
    let plain = told(
        "etcd --listen-client-urls=http://10.0.0.4:2379 --advertise-client-urls=http://10.0.0.4:2379 --cert-file=a.crt --key-file=a.key",
    );
    assert!(plain.contains("has http:// alone"), "{plain}");
    let kubeadm = |urls: &str| {
        told(&format!(
            "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\netcd:\n  local:\n    extraArgs:\n      listen-client-urls: {urls}\n"
        ))
    };
    let without = kubeadm("https://10.0.0.4:2379");
    assert!(without.contains("add that URL"), "{without}");
    let with = kubeadm("https://127.0.0.1:2379,https://10.0.0.4:2379");
    assert!(!with.contains("add that URL"), "{with}");
    let stray = told("NetConf { https://10.0.0.4:2379 =/etc/pki/client.pem}");
    assert!(stray.contains("Write /etc/pki/client.pem"), "{stray}");
    assert!(!told("ssl_ca =/etc/pki/ca.pem").contains("sign of its own"));
    let colon = told("docker run -e ENDPOINTS=http//node-a.test:2379 ctl get nodes");
    assert!(colon.contains("write http://node-a.test:2379"), "{colon}");
    assert!(!told("see https://node-a.test//http").contains("is no URL"));
    let unknown = told(
        "etcd --listen-client-urls=https://${HOST}:2379 --advertise-client-urls=https://${HOST}:2379 --cert-file=a --key-file=b",
    );
    assert!(unknown.contains("has a variable in it"), "{unknown}");
    let never = told(
        "Certificate:\n    Data:\n        Issuer: CN=ca\n        Validity\n            Not Before: May 17 09:48:03 2020 GMT\n            Not After : May  7 09:48:03 2020 GMT\n        Subject: CN=a\n",
    );
    assert!(never.contains("it was never valid"), "{never}");
}

#[test]
fn a_client_that_reads_its_settings_otherwise_is_told_of_and_not_judged() {
    let etcd = "etcd --listen-client-urls=http://10.0.0.5:2379 --advertise-client-urls=http://10.0.0.5:2379\n";
    // Stock settings have files that do not count.
    let milvus = "etcd:\n  endpoints: 10.0.0.5:2379\n  ssl:\n    enabled: false\n    tlsCert: /a.crt\n    tlsKey: /a.key\n    tlsCACert: /ca.crt\n";
    let metrics =
        "- job_name: etcd\n  scheme: http\n  static_configs:\n  - targets: ['10.0.0.5:2381']\n";
    for client in [milvus, metrics] {
        let told = evidence(&format!("{etcd}{client}"), None).diagnose();
        assert_eq!(told.judged, None, "{client}");
    }
    let k3s = "K3S_DATASTORE_ENDPOINT=https://10.0.0.5:2379\n";
    let told = evidence(&format!("{etcd}{k3s}"), None).diagnose();
    assert!(told.judged.is_some());
    // A heading is no etcd.
    let told = evidence(&format!("# etcd\n{k3s}"), None).diagnose();
    assert_eq!(told.judged, None);
}
