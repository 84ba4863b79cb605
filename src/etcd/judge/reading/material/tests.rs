use super::*;
use crate::etcd::facts::option::EtcdOption;

fn lines(text: &str) -> Vec<String> {
    read(text, &[])
        .invocations
        .iter()
        .map(Invocation::line)
        .collect()
}

fn one(text: &str) -> Invocation {
    let material = read(text, &[]);
    assert_eq!(
        material.invocations.len(),
        1,
        "{text}\n{:?}",
        material.invocations
    );
    material.invocations.into_iter().next().unwrap()
}

#[test]
fn command_lines_are_told_from_logs_and_prose() {
    for (line, wanted) in [
        ("etcd --cert-file=a", Some(Program::Etcd)),
        (
            "$ ETCDCTL_API=3 etcdctl --endpoints=x put k v",
            Some(Program::Etcdctl),
        ),
        ("root@host:~# /usr/bin/etcd --name n1", Some(Program::Etcd)),
        ("sudo etcdctl get k", Some(Program::Etcdctl)),
        (
            "docker exec etcd etcdctl endpoint health",
            Some(Program::Etcdctl),
        ),
        ("ExecStart=/usr/bin/etcd \\", Some(Program::Etcd)),
        ("ETCD_CERT_FILE=a etcd", Some(Program::Etcd)),
        ("etcd Version: 3.4.23", None),
        ("etcdctl says that the certificate is bad", None),
        (
            "2026-11-24 05:49:22 I | etcdmain: etcd Version: 3.4.23",
            None,
        ),
        ("{\"level\":\"warn\",\"msg\":\"etcd --flag\"}", None),
        ("Error: context deadline exceeded", None),
        ("I run etcd - a store - on three nodes", None),
        ("# ETCD_NAME=\"default\"", None),
        ("#ETCD_CERT_FILE=\"\"", None),
    ] {
        let material = read(line, &[]);
        let program = material.invocations.first().map(|it| it.program);
        assert_eq!(program, wanted, "{line}");
        assert_eq!(material.rest.is_empty(), wanted.is_some(), "{line}");
    }
}

#[test]
fn every_usual_prompt_is_seen_through() {
    for prompt in [
        "",
        "$ ",
        "# ",
        "% ",
        "> ",
        "[root@node-a ~]# ",
        "[root@node-a etcd]# ",
        "bash-4.4$ ",
        "sh-5.2# ",
        "[user@node-a ~]$ ",
        "node-a:~ # ",
        "➜  ~ ",
        "root@node-a:/etc/etcd# ",
        "core@core-01 ~ $ ",
        "ubuntu@ip-10-0-0-1:~$ ",
        "I have no name!@etcd-0:/opt/bitnami/etcd$ ",
        "/ # ",
        "+ ",
        "  501  ",
        "controlplane $ ",
        "❯ ",
        "(base) me@host:~$ ",
        "PS C:\\etcd> ",
        "- `",
        "command: ",
        "\u{1b}[32mroot@node-a\u{1b}[0m:~# ",
        "* ",
    ] {
        let text = format!("{prompt}etcdctl --cacert=ca.crt member list");
        let text = if prompt.ends_with('`') {
            text + "`"
        } else {
            text
        };
        let call = one(&text);
        assert_eq!(
            call.line(),
            "etcdctl --cacert=ca.crt member list",
            "{prompt}"
        );
    }
    assert_eq!(
        one("[root@node-a ~]# etcdctl get k").machine.as_deref(),
        Some("node-a")
    );
    assert_eq!(
        one("PS C:\\etcd> .\\etcdctl.exe --cacert C:\\etcd\\ca.crt get k").line(),
        "etcdctl --cacert C:/etcd/ca.crt get k"
    );
}

#[test]
fn a_mixture_is_sorted() {
    let text = "export ETCDCTL_CACERT=ca.crt\n$ etcd --cert-file=a \\\n  --key-file=b\n\
                -----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\
                etcdctl put k v\nError: context deadline exceeded\n";
    let material = read(text, &[]);
    let line = |program| material.chosen(program).map(Invocation::line);
    assert_eq!(
        line(Program::Etcd).as_deref(),
        Some("etcd --cert-file=a --key-file=b")
    );
    assert_eq!(
        line(Program::Etcdctl).as_deref(),
        Some("ETCDCTL_CACERT=ca.crt etcdctl put k v")
    );
    assert_eq!(material.files.len(), 1);
    assert_eq!(material.rest, "Error: context deadline exceeded\n");
    let place = &material.chosen(Program::Etcd).unwrap().place;
    assert_eq!(
        text.get(place.bytes.clone()),
        Some("$ etcd --cert-file=a \\\n  --key-file=b")
    );
}

#[test]
fn a_static_pods_arguments_are_a_command_line() {
    let call =
        one("  - command:\n    - etcd\n    - --cert-file=/a b\n    - --name=n\n    image: x\n");
    assert_eq!(call.arguments, ["--cert-file=/a b", "--name=n"]);
    assert_eq!(call.coat, Coat::Manifest);
}

#[test]
fn what_sudo_and_containers_keep_away_is_said() {
    let material = read("export ETCDCTL_CACERT=a\nsudo etcdctl get k\n", &[]);
    let call = material.chosen(Program::Etcdctl).unwrap();
    assert_eq!(call.line(), "etcdctl get k");
    let lost = |by: &str| Caveat::VariableLost {
        name: "ETCDCTL_CACERT".to_owned(),
        by: by.to_owned(),
    };
    assert_eq!(call.caveats, [lost("sudo")]);
    let text = "export ETCDCTL_CACERT=a\nkubectl exec etcd-0 -- etcdctl get k\n";
    assert_eq!(one(text).caveats, [lost("kubectl exec")]);
    let inside = "kubectl exec -it etcd-0 -- sh\n/ # export ETCDCTL_CACERT=a\n/ # etcdctl get k\n";
    let call = one(inside);
    assert_eq!(call.line(), "ETCDCTL_CACERT=a etcdctl get k");
    assert_eq!(call.container.as_deref(), Some("etcd-0"));
}

#[test]
fn lost_backslashes_and_wrapped_lines_are_put_together() {
    let call = one("etcd\n  --name=a\n  --cert-file=b\n");
    assert_eq!(call.arguments, ["--name=a", "--cert-file=b"]);
    assert_eq!(call.caveats, [Caveat::LinesJoined]);
    let long = "etcdctl --endpoints=https://127.0.0.1:2379,https://192.0.2.10:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt member list";
    for width in [60, 72, 80, 100, 132] {
        let letters: Vec<char> = long.chars().collect();
        let hard: Vec<String> = letters
            .chunks(width)
            .map(|part| part.iter().collect())
            .collect();
        if width == 80 || hard.len() > 2 && width != 60 {
            let text = hard.join("\n") + "\nError: context deadline exceeded\n";
            if width == 80 {
                assert_eq!(lines(&text), [long], "{width}");
            }
        }
    }
    let mut soft = String::new();
    let mut column = 0;
    for word in long.split(' ') {
        if column > 0 && column + 1 + word.len() > 80 {
            soft.push('\n');
            column = 0;
        } else if column > 0 {
            soft.push(' ');
            column += 1;
        }
        soft.push_str(word);
        column += word.len();
    }
    assert_eq!(
        lines(&(soft + "\nError: context deadline exceeded\n")),
        [long]
    );
}

#[test]
fn a_process_list_is_read_and_a_cut_one_said_to_be_cut() {
    let text = "   CGroup: /system.slice/etcd.service\n           └─1817 /opt/k8s/bin/etcd --name=k8s-01 --cert-file=/etc/etcd/cert/etcd.pem --trus>\n";
    let material = read(text, &[]);
    assert!(material.chosen(Program::Etcd).is_none() && material.has_unusable(Program::Etcd));
    assert!(matches!(
        material.unused.as_slice(),
        [(
            _,
            Unused::Cut {
                program: Program::Etcd,
                cut: Cut::Screen
            }
        )]
    ));
    let text = "    Process: 2585 ExecStart=/usr/local/bin/etcd --name controller --initial-advertise\n   Main PID: 2585 (code=exited, status=203/EXEC)\n";
    assert!(matches!(
        read(text, &[]).unused.as_slice(),
        [(_, Unused::Cut { cut: Cut::Flag, .. })]
    ));
    for text in [
        "root      1817     1  2 Nov01 ?        01:02:03 /usr/bin/etcd --name=a --cert-file=b",
        "etcd      1817  2.0  1.2 11012345 98765 ?   Ssl  Nov01 102:03 /usr/bin/etcd --name=a --cert-file=b",
        "1817 etcd --name=a --cert-file=b",
        "  Process: 1817 ExecStart=/usr/bin/etcd --name=a --cert-file=b (code=exited, status=1/FAILURE)",
        "/usr/bin/etcd\0--name=a\0--cert-file=b\0",
        "etcd--name=a--cert-file=b",
        "{\"level\":\"info\",\"ts\":\"x\",\"msg\":\"Running: \",\"args\":[\"etcd\",\"--name=a\",\"--cert-file=b\"]}",
        "Nov 02 08:00:00 node-a etcd[812]: {\"level\":\"info\",\"ts\":\"x\",\"msg\":\"Running: \",\"args\":[\"etcd\",\"--name=a\",\"--cert-file=b\"]}",
        "etcd_1  | {\"level\":\"info\",\"ts\":\"x\",\"msg\":\"Running: \",\"args\":[\"etcd\",\"--name=a\",\"--cert-file=b\"]}",
    ] {
        assert_eq!(one(text).line(), "etcd --name=a --cert-file=b", "{text}");
    }
}

#[test]
fn manifests_of_every_shape_are_one_command() {
    for text in [
        "services:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.30\n    command:\n      - /usr/local/bin/etcd\n      - --name=a\n      - --cert-file=b\n",
        "services:\n  etcd:\n    command: etcd --name=a --cert-file=b\n",
        "services:\n  etcd:\n    command: >\n      etcd\n      --name=a\n      --cert-file=b\n",
        "command: [\"etcd\", \"--name=a\", \"--cert-file=b\"]\n",
        "    command: [\n      \"etcd\",\n      \"--name=a\",\n      \"--cert-file=b\"\n    ]\n",
        "    command:\n    - etcd\n    args:\n    - --name=a\n    - --cert-file=b\n",
        "- name: etcd\n  image: registry.k8s.io/etcd:3.5.30\n  args: [--name=a, --cert-file=b]\n",
        "    command: [\"/bin/sh\", \"-c\", \"exec etcd --name=a --cert-file=b\"]\n",
        "    command:\n    - /bin/sh\n    - -c\n    - |\n      exec etcd --name=a \\\n        --cert-file=b\n",
        "    Command:\n      etcd\n      --name=a\n      --cert-file=b\n    State:          Running\n      Started:      Fri, 01 Nov\n",
        "[{\"Id\":\"x\",\"Path\":\"etcd\",\"Args\":[\"--name=a\",\"--cert-file=b\"],\"Config\":{\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"etcd\",\"--name=a\",\"--cert-file=b\"],\"Entrypoint\":null}}]",
        "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"command\":[\"etcd\",\"--name=a\",\"--cert-file=b\"]}]}}",
        "    env:\n    - name: NODE\n      value: a\n    command:\n    - etcd\n    - --name=$(NODE)\n    - --cert-file=b\n",
        "    - --name=a\n    - --cert-file=b\n",
        "CMD [\"etcd\", \"--name=a\", \"--cert-file=b\"]\n",
        "x-args: &args [etcd, --name=a, --cert-file=b]\nservices:\n  one:\n    command: *args\n",
    ] {
        assert_eq!(one(text).line(), "etcd --name=a --cert-file=b", "{text}");
    }
    let split = one("    command:\n    - etcd\n    - --cert-file\n    - /certs/server.crt\n");
    assert_eq!(split.option("cert-file"), Some("/certs/server.crt"));
}

#[test]
fn variables_without_a_program_are_etcds() {
    for text in [
        "ETCD_LISTEN_CLIENT_URLS=\"https://a:2379\"\nETCD_CERT_FILE=\"/a.crt\"\n",
        "#[Member]\nETCD_LISTEN_CLIENT_URLS=https://a:2379\n\n#[Security]\n#ETCD_KEY_FILE=\"\"\nETCD_CERT_FILE='/a.crt'\n",
        "Environment=\"ETCD_LISTEN_CLIENT_URLS=https://a:2379\" \"ETCD_CERT_FILE=/a.crt\"\n",
        "environment:\n  ETCD_LISTEN_CLIENT_URLS: https://a:2379\n  ETCD_CERT_FILE: /a.crt\n",
        "environment:\n  - ETCD_LISTEN_CLIENT_URLS=https://a:2379\n  - ETCD_CERT_FILE=/a.crt\n",
        "env:\n- name: ETCD_LISTEN_CLIENT_URLS\n  value: https://a:2379\n- name: ETCD_CERT_FILE\n  value: /a.crt\n",
        "docker run -d -e ETCD_LISTEN_CLIENT_URLS=https://a:2379 -e ETCD_CERT_FILE=/a.crt bitnami/etcd:3.5\n",
        "export ETCD_LISTEN_CLIENT_URLS=https://a:2379\nexport ETCD_CERT_FILE=/a.crt\n",
        "[{\"Config\":{\"Env\":[\"ETCD_LISTEN_CLIENT_URLS=https://a:2379\",\"ETCD_CERT_FILE=/a.crt\"],\"Entrypoint\":[\"/entrypoint.sh\"],\"Image\":\"bitnami/etcd\"}}]",
    ] {
        let call = one(text);
        assert_eq!(
            call.line(),
            "ETCD_CERT_FILE=/a.crt ETCD_LISTEN_CLIENT_URLS=https://a:2379 etcd",
            "{text}"
        );
    }
    // Calico is a client and has variables of the same kind.
    let calico = read(
        "ETCD_ENDPOINTS=https://a:2379\nETCD_CERT_FILE=/a.crt\nETCD_CA_CERT_FILE=/ca.crt\n",
        &[],
    );
    let clients: Vec<_> = calico
        .invocations
        .iter()
        .map(Invocation::of_client)
        .collect();
    assert_eq!(clients, [Some("Calico")]);
    assert!(calico.unused.is_empty());
    // Alone it tells nothing, and is none of etcd's.
    let alone = read("ETCD_SERVERS=https://a:2379\nETCD_CERT_FILE=/a.crt\n", &[]);
    assert!(alone.invocations.is_empty());
    assert!(matches!(
        alone.unused.as_slice(),
        [(_, Unused::OthersVariables { .. })]
    ));
}

#[test]
fn units_are_read_with_their_variables() {
    let unit = "[Service]\nEnvironment=ETCD_NAME=a\nEnvironmentFile=-/etc/etcd/etcd.conf\nExecStart=/bin/bash -c \"GOMAXPROCS=$(nproc) /usr/bin/etcd --name=\\\"${ETCD_NAME}\\\" --cert-file=\\\"${CERT}\\\"\"\n\n# /etc/etcd/etcd.conf\nCERT=/a.crt\n";
    let material = read(unit, &[]);
    let call = material.chosen(Program::Etcd).unwrap();
    assert_eq!(call.arguments, ["--name=a", "--cert-file=/a.crt"]);
    let continued = one(
        "ExecStart=-/usr/bin/etcd \\\n  --name a \\\n# a comment\n  --cert-file b\nRestart=always\n",
    );
    assert_eq!(continued.line(), "etcd --name a --cert-file b");
    let drop_in = "# /usr/lib/systemd/system/etcd.service\n[Service]\nExecStart=/usr/bin/etcd --name=a\n\n# /etc/systemd/system/etcd.service.d/10.conf\n[Service]\nExecStart=\nExecStart=/usr/bin/etcd --name=b --cert-file=c\n";
    let material = read(drop_in, &[]);
    assert_eq!(
        material.chosen(Program::Etcd).unwrap().line(),
        "etcd --name=b --cert-file=c"
    );
}

#[test]
fn variables_that_stand_elsewhere_are_told_until_they_are_here() {
    let elsewhere = |text: &str| {
        let material = read(text, &[]);
        let call = material.chosen(Program::Etcd).unwrap();
        call.set_elsewhere().map(str::to_owned)
    };
    let line = "etcd --listen-client-urls=https://a:2379 --advertise-client-urls=https://a:2379";
    let unit = format!(
        "[Unit]\nDescription=etcd\n[Service]\nUser=etcd\nEnvironment=ETCD_NAME=a\nEnvironmentFile=-/etc/etcd.conf\nExecStart=/usr/bin/{line}\n"
    );
    let named = Some("EnvironmentFile=-/etc/etcd.conf".to_owned());
    assert_eq!(elsewhere(&unit), named);
    let of_another = "\n# b\n[Service]\nExecStart=/usr/bin/etcd --name b\n";
    assert_eq!(elsewhere(&format!("{of_another}{unit}")), named);
    let compose = format!(
        "services:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.9\n    env_file:\n      - tls.env\n    command: {line}\n"
    );
    assert_eq!(elsewhere(&compose).unwrap(), "env_file: tls.env");
    let in_full = compose.replace("- tls.env", "- path: tls.env\n        required: true");
    assert_eq!(elsewhere(&in_full).unwrap(), "env_file: tls.env");
    let pod = format!(
        "containers:\n- name: etcd\n  image: quay.io/coreos/etcd:v3.5.9\n  envFrom:\n  - secretRef:\n      name: tls\n  command: [{}]\n",
        line.split(' ')
            .map(|word| format!("{word:?}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    assert_eq!(elsewhere(&pod).unwrap(), "envFrom: secretRef tls");
    for option in ["--env-file tls.env", "--env-file=tls.env"] {
        let run = format!("docker run {option} quay.io/coreos/etcd:v3.5.9 {line}");
        assert_eq!(elsewhere(&run).unwrap(), "--env-file tls.env");
    }
    // What is named is here.
    for text in [&unit, &compose, &pod] {
        let file = GivenFile::new("tls.env", b"ETCD_CERT_FILE=/a.crt\n");
        let material = read(text, &[file]);
        let call = material.chosen(Program::Etcd).unwrap();
        assert_eq!(call.set_elsewhere(), None, "{text}");
        let certificate = call.of_etcd(EtcdOption::CertificateFile);
        assert_eq!(certificate, Some("/a.crt"), "{text}");
    }
    // Or etcd's log tells it.
    let log = "{\"level\":\"info\",\"msg\":\"recognized and used environment variable\",\"variable-name\":\"ETCD_CERT_FILE\",\"variable-value\":\"/a.crt\"}\n";
    let material = read(&format!("{unit}{log}"), &[]);
    let call = material.chosen(Program::Etcd).unwrap();
    assert_eq!(call.of_etcd(EtcdOption::CertificateFile), Some("/a.crt"));
}

#[test]
fn a_config_file_is_read_under_its_name_and_misplaced_keys_are_named() {
    let text = "$ etcd --config-file=/etc/etcd/etcd.yml\n$ cat /etc/etcd/etcd.yml\nname: a\ndata-dir: /var/lib/etcd\nlisten-client-urls: https://a:2379\ncert-file: /a.crt\npeer-transport-security:\n  peer-cert-file: /b.crt\n";
    let material = read(text, &[]);
    let call = material.chosen(Program::Etcd).unwrap();
    assert_eq!(call.line(), "etcd --config-file=/etc/etcd/etcd.yml");
    let words: Vec<String> = call.caveats.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "cert-file at the top of the config file is not read; it is client-transport-security.cert-file there",
            "peer-cert-file in peer-transport-security is not read; it is peer-transport-security.cert-file there",
        ]
    );
    let file = &material.files[0];
    assert_eq!(file.name.as_deref(), Some("/etc/etcd/etcd.yml"));
    assert!(file.bytes.starts_with(b"name: a\n"));
    let alone = read(
        "name: a\nlisten-client-urls: https://a:2379\nclient-transport-security:\n  cert-file: /a\n",
        &[],
    );
    assert_eq!(
        alone.chosen(Program::Etcd).unwrap().line(),
        "etcd --config-file=etcd.conf.yml"
    );
    let json = read(
        "{\"name\":\"a\",\"listen-client-urls\":\"https://a:2379\",\"client-transport-security\":{\"cert-file\":\"/a\"}}",
        &[],
    );
    assert!(json.files[0].bytes.starts_with(b"{"));
    let map = read(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  etcd.conf.yml: |\n    name: a\n    listen-client-urls: https://a:2379\n",
        &[],
    );
    assert_eq!(map.files[0].name.as_deref(), Some("etcd.conf.yml"));
}

#[test]
fn kubeadm_and_ansible_are_read() {
    for extra in [
        "      extraArgs:\n        listen-metrics-urls: http://0.0.0.0:2381\n",
        "      extraArgs:\n      - name: listen-metrics-urls\n        value: http://0.0.0.0:2381\n",
    ] {
        let text = format!(
            "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\netcd:\n  local:\n{}",
            extra.replace("      ", "    ")
        );
        let call = one(&text);
        assert_eq!(
            call.option("listen-metrics-urls"),
            Some("http://0.0.0.0:2381")
        );
        assert_eq!(
            call.option("cert-file"),
            Some("/etc/kubernetes/pki/etcd/server.crt")
        );
    }
    let call = one("etcd_cert_file: /a.crt\netcd_key_file: /a.key\netcd_client_cert_auth: true\n");
    assert_eq!(call.coat, Coat::Ansible);
    assert_eq!(call.option("client-cert-auth"), Some("true"));
    let task = one(
        "fatal: [node1]: FAILED! => {\"changed\": false, \"cmd\": \"/usr/local/bin/etcdctl --endpoints=https://192.0.2.1:2379 cluster-health | grep -q 'cluster is healthy'\", \"rc\": 1}\n",
    );
    assert_eq!(
        task.line(),
        "etcdctl --endpoints=https://192.0.2.1:2379 cluster-health"
    );
}

#[test]
fn a_log_alone_tells_how_etcd_was_called() {
    let text = "{\"level\":\"info\",\"msg\":\"starting with client TLS\",\"tls-info\":\"cert = /a.crt, key = /a.key, client-cert=, client-key=, trusted-ca = /ca.crt, client-cert-auth = true, crl-file = \",\"cipher-suites\":[]}\n{\"level\":\"info\",\"msg\":\"configuring client listeners\",\"listen-client-urls\":[\"https://a:2379\"]}\n";
    let call = one(text);
    assert_eq!(call.coat, Coat::Log);
    assert_eq!(call.option("trusted-ca-file"), Some("/ca.crt"));
    assert_eq!(call.option("listen-client-urls"), Some("https://a:2379"));
    let plain = "2020-01-01 00:00:00.0 I | embed: ClientTLS: cert = /a.crt, key = /a.key, trusted-ca = /ca.crt, client-cert-auth = true, crl-file = \n2020-01-01 00:00:00.0 I | etcdserver: advertise client URLs = https://a:2379\n2020-01-01 00:00:00.0 I | embed: serving client requests on 192.0.2.1:2379\n";
    assert_eq!(
        one(plain).option("listen-client-urls"),
        Some("https://192.0.2.1:2379")
    );
    let cut = read(
        "{\"level\":\"info\",\"msg\":\"Running: \",\"args\":[\"etcd\",\"--name=a\",\"--cert-fi",
        &[],
    );
    assert_eq!(cut.invocations[0].cut, Some(Cut::Log));
}

#[test]
fn certificates_in_words_say_whose_they_are() {
    let text = "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Issuer: CN=ca\n        Validity\n            Not Before: Mar 30 19:35:24 2020 GMT\n            Not After : Mar 30 19:35:24 2022 GMT\n        Subject: O=x, CN=etcd1\n        X509v3 extensions:\n            X509v3 Extended Key Usage: critical\n                TLS Web Server Authentication\n            X509v3 Subject Alternative Name:\n                DNS:etcd1, IP Address:192.0.2.10\n            X509v3 Basic Constraints: critical\n                CA:FALSE\n$ etcdctl get k\n";
    let material = read(text, &[]);
    let (_, said) = &material.described[0];
    assert_eq!(
        (said.subject.as_str(), said.issuer.as_str()),
        ("O=x, CN=etcd1", "CN=ca")
    );
    assert_eq!(said.not_after.unwrap().to_string(), "2022-03-30T19:35:24Z");
    assert_eq!(said.extended_key_usages, ["TLS Web Server Authentication"]);
    assert_eq!(said.names, ["DNS:etcd1", "IP Address:192.0.2.10"]);
    assert_eq!(said.is_authority, Some(false));
    assert_eq!(material.invocations.len(), 1);
    let short = read(
        "subject=CN = a\nissuer=CN = ca\nnotAfter=Mar  1 19:35:24 2022 GMT\n",
        &[],
    );
    assert_eq!(short.described[0].1.subject, "CN = a");
    assert!(short.described[0].1.not_after.is_some());
}

#[test]
fn archives_are_opened_and_damaged_ones_said_to_be() {
    let mut builder = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_gnu();
    header.set_size(4);
    header.set_mode(0o644);
    header.set_cksum();
    builder
        .append_data(&mut header, "pki/ca.crt", &b"text"[..])
        .unwrap();
    let tar = builder.into_inner().unwrap();
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    writer
        .start_file(
            "pki/ca.crt",
            options.compression_method(::zip::CompressionMethod::Deflated),
        )
        .unwrap();
    std::io::Write::write_all(&mut writer, b"text").unwrap();
    let zip = writer.finish().unwrap().into_inner();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &tar).unwrap();
    for bytes in [tar.clone(), zip.clone(), gzip.finish().unwrap()] {
        let material = read("", &[GivenFile::new("a", &bytes)]);
        assert_eq!(material.files[0].name.as_deref(), Some("pki/ca.crt"));
        assert_eq!(material.files[0].bytes.as_slice(), b"text");
    }
    let damaged = read("", &[GivenFile::new("a.zip", &zip[..zip.len() / 2])]);
    assert!(matches!(
        damaged.unused.as_slice(),
        [(_, Unused::Archive { .. })]
    ));
}

#[test]
fn hostile_texts_end_and_what_is_marked_lies_in_them() {
    for part in [
        "{",
        "[",
        "{\n",
        "[\n",
        "- ",
        "a: [\n",
        "a: {\n",
        "a: \"\n",
        "'",
        "\"\n",
        "etcd '\n",
        "etcdctl get \\\n",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN X----- ",
        "etcdctl --a=b\n",
        "ETCD_A=b\n",
        "sudo ",
        "$(",
        "etcd $(",
        "a: &a [*a, *a]\n",
        "\0",
        "\u{1b}[",
        "etcd--",
        "{\"a\":",
        "{\"level\":\"x\",\"args\":[\"",
        "sh -c '",
        "kubectl exec ",
        "Certificate:\n",
        "X509v3 a:\n",
        "> ",
        "\u{201c}",
        "| ",
        "etcd: |\n",
        "<a ",
        "- etcd\n",
        "etcd - $ # > ",
        "alias a=a; a ",
        "alias etcd='etcd etcd'\netcd -x\n",
        "export etcd=$etcd$etcd\n",
        "ETCD_X=$ETCD_X$ETCD_X etcd -a\n",
    ] {
        let text = part.repeat(200_000 / part.len());
        let material = read(&text, &[GivenFile::new("a.txt", text.as_bytes())]);
        for (place, _) in &material.used {
            if place.source == Source::Pasted {
                assert!(text.get(place.bytes.clone()).is_some(), "{part}");
            }
        }
    }
}

#[test]
fn a_client_that_is_kube_apiserver_is_read_as_etcdctl() {
    const MANIFEST: &str = "spec:\n  containers:\n  - command:\n    - kube-apiserver\n    - --advertise-address=10.0.0.5\n    - --etcd-cafile=/pki/ca.crt\n    - --etcd-certfile=/pki/client.crt\n    - --etcd-keyfile=/pki/client.key\n    - --etcd-servers=https://127.0.0.1:2379\n";
    const READ: &str = "etcdctl --cacert=/pki/ca.crt --cert=/pki/client.crt --key=/pki/client.key --endpoints=https://127.0.0.1:2379 get /registry";
    let part: Vec<&str> = MANIFEST.lines().skip(3).collect();
    let part = part.join("\n");
    let line = "kube-apiserver --etcd-cafile=/pki/ca.crt --etcd-certfile /pki/client.crt --etcd-keyfile=/pki/client.key --etcd-servers=https://127.0.0.1:2379 --secure-port=6443";
    for text in [MANIFEST, part.as_str(), line] {
        let material = read(text, &[]);
        let call = material.chosen(Program::Etcdctl).expect(text);
        assert_eq!(call.line(), READ, "{text}");
        assert!(call.caveats.contains(&Caveat::SettingsOfClient {
            program: "kube-apiserver"
        }));
    }
    // Whoever called etcdctl asks about that.
    let both = format!("etcdctl get k\n{line}\n");
    let material = read(&both, &[]);
    assert_eq!(
        material.chosen(Program::Etcdctl).unwrap().line(),
        "etcdctl get k"
    );
}

#[test]
fn a_part_of_a_config_file_is_called_one() {
    const PART: &str =
        "client-transport-security:\n  cert-file: server.crt\n  key-file: server.key\n";
    let whole = format!("name: n1\nlisten-client-urls: https://127.0.0.1:2379\n{PART}");
    let left_out = format!("name: n1\nlisten-client-urls: https://127.0.0.1:2379\n# ...\n{PART}");
    for (text, is_part) in [(PART, true), (&whole, false), (&left_out, true)] {
        let material = read(text, &[]);
        let call = material.chosen(Program::Etcd).unwrap();
        assert_eq!(
            call.caveats.contains(&Caveat::PartOfFile),
            is_part,
            "{text}"
        );
    }
}

#[test]
fn the_values_of_a_helm_chart_are_read_as_its_flags() {
    const VALUES: &str = "replicaCount: 3\nauth:\n  rbac:\n    create: false\n  client:\n    secureTransport: true\n    useAutoTLS: false\n    existingSecret: etcd-tls\n    enableAuthentication: true\n    certFilename: tls.crt\n    certKeyFilename: tls.key\n  peer:\n    secureTransport: true\n    useAutoTLS: true\n";
    let call = one(VALUES);
    assert_eq!(call.coat, Coat::Helm);
    let of = |name: &str| call.option(name).unwrap_or_default().to_owned();
    assert_eq!(of("cert-file"), "/opt/bitnami/etcd/certs/client/tls.crt");
    assert_eq!(
        of("trusted-ca-file"),
        "/opt/bitnami/etcd/certs/client/ca.crt"
    );
    assert_eq!(of("client-cert-auth"), "true");
    assert_eq!(of("listen-client-urls"), "https://0.0.0.0:2379");
    assert_eq!(of("peer-auto-tls"), "true");
    assert_eq!(of("peer-cert-file"), "");
    // Another chart's `auth` is none of etcd's.
    assert_eq!(lines("auth:\n  client:\n    enabled: true\n"), [""; 0]);
}

#[test]
fn what_a_unit_sets_reaches_its_own_call_alone() {
    let unit = |name: &str, more: &str| {
        format!(
            "[Unit]\nDescription=etcd\n[Service]\nEnvironment=ETCD_NAME={name}\n{more}ExecStart=/usr/bin/etcd --data-dir=/var/lib/$ETCD_NAME\n\n"
        )
    };
    let two = unit("a", "Environment=ETCD_KEY_FILE=a.key\n") + &unit("b", "");
    assert_eq!(
        lines(&two),
        [
            "ETCD_KEY_FILE=a.key ETCD_NAME=a etcd --data-dir=/var/lib/a",
            "ETCD_NAME=b etcd --data-dir=/var/lib/b"
        ]
    );
    let material = read(&two, &[]);
    assert_eq!(material.machines().count(), 2);
    // A drop-in has no call of its own.
    let with_drop_in = unit("a", "") + "[Service]\nEnvironment=ETCD_KEY_FILE=a.key\n";
    assert_eq!(
        lines(&with_drop_in),
        ["ETCD_KEY_FILE=a.key ETCD_NAME=a etcd --data-dir=/var/lib/a"]
    );
}

#[test]
fn variables_of_several_machines_are_several_etcds() {
    let machine = |name: &str| format!("ETCD_NAME={name}\nETCD_CERT_FILE={name}.crt\n");
    assert_eq!(
        lines(&format!("{}\n{}", machine("a"), machine("b"))),
        [
            "ETCD_CERT_FILE=a.crt ETCD_NAME=a etcd",
            "ETCD_CERT_FILE=b.crt ETCD_NAME=b etcd"
        ]
    );
    // The name may stand behind others, and what is set twice is set as it was last.
    assert_eq!(
        lines("ETCD_DATA_DIR=/x\nETCD_DATA_DIR=/d\nETCD_NAME=a\nETCD_DATA_DIR=/e\nETCD_NAME=b\n"),
        [
            "ETCD_DATA_DIR=/d ETCD_NAME=a etcd",
            "ETCD_DATA_DIR=/e ETCD_NAME=b etcd"
        ]
    );
    assert_eq!(
        lines(&(machine("a") + "ETCD_CERT_FILE=c.crt\n")),
        ["ETCD_CERT_FILE=c.crt ETCD_NAME=a etcd"]
    );
}

#[test]
fn a_client_s_own_configuration_is_read_as_etcdctl_s_flags() {
    const ALL: &str = "--endpoints=https://10.0.0.5:2379 --cacert=/pki/ca.crt --cert=/pki/c.crt --key=/pki/c.key get /";
    const WITHOUT_CA: &str =
        "--endpoints=https://10.0.0.5:2379 --cert=/pki/c.crt --key=/pki/c.key get /";
    #[rustfmt::skip]
    let told = [
        ("kubeadm", "etcd:\n  external:\n    endpoints:\n    - https://10.0.0.5:2379\n    caFile: /pki/ca.crt\n    certFile: /pki/c.crt\n    keyFile: /pki/c.key\n", ALL),
        ("OpenShift’s master", "etcdClientInfo:\n  ca: /pki/ca.crt\n  certFile: /pki/c.crt\n  keyFile: /pki/c.key\n  urls:\n  - https://10.0.0.5:2379\n", ALL),
        ("Calico", "kind: CalicoAPIConfig\nspec:\n  etcdEndpoints: https://10.0.0.5:2379\n  etcdKeyFile: /pki/c.key\n  etcdCertFile: /pki/c.crt\n  etcdCACertFile: /pki/ca.crt\n", ALL),
        ("Cilium", "endpoints:\n- https://10.0.0.5:2379\ntrusted-ca-file: /pki/ca.crt\nkey-file: /pki/c.key\ncert-file: /pki/c.crt\n", ALL),
        ("K3s", "datastore-endpoint: https://10.0.0.5:2379\ndatastore-cafile: /pki/ca.crt\ndatastore-certfile: /pki/c.crt\ndatastore-keyfile: /pki/c.key\n", ALL),
        ("Patroni", "etcd3:\n  hosts: 10.0.0.5:2379\n  protocol: https\n  cacert: /pki/ca.crt\n  cert: /pki/c.crt\n  key: /pki/c.key\n", ALL),
        ("APISIX", "deployment:\n  etcd:\n    host:\n      - https://10.0.0.5:2379\n    prefix: /apisix\n    tls:\n      cert: /pki/c.crt\n      key: /pki/c.key\n", WITHOUT_CA),
        ("Milvus", "etcd:\n  endpoints:\n    - https://10.0.0.5:2379\n  ssl:\n    enabled: true\n    tlsCert: /pki/c.crt\n    tlsKey: /pki/c.key\n    tlsCACert: /pki/ca.crt\n", ALL),
        ("M3", "etcdClusters:\n- zone: embedded\n  endpoints:\n  - https://10.0.0.5:2379\n  tls:\n    crtPath: /pki/c.crt\n    caCrtPath: /pki/ca.crt\n    keyPath: /pki/c.key\n", ALL),
        ("Prometheus", "scrape_configs:\n- job_name: etcd\n  scheme: https\n  tls_config:\n    ca_file: /pki/ca.crt\n    cert_file: /pki/c.crt\n    key_file: /pki/c.key\n  static_configs:\n  - targets: ['10.0.0.5:2379']\n", ALL),
        ("Vault", "storage \"etcd\" {\n  address  = \"https://10.0.0.5:2379\"\n  tls_ca_file = \"/pki/ca.crt\"\n  tls_cert_file = \"/pki/c.crt\"\n  tls_key_file = \"/pki/c.key\"\n}\n", ALL),
        ("CoreDNS", "etcd skydns.local {\n    path /skydns\n    endpoint https://10.0.0.5:2379\n    tls /pki/c.crt /pki/c.key /pki/ca.crt\n}\n", ALL),
        ("flannel", "flanneld --etcd-endpoints=https://10.0.0.5:2379 --etcd-cafile=/pki/ca.crt --etcd-certfile=/pki/c.crt --etcd-keyfile=/pki/c.key\n", "--endpoints=https://10.0.0.5:2379 --cacert=/pki/ca.crt --cert=/pki/c.crt --key=/pki/c.key get /registry"),
    ];
    for (program, text, read_as) in told {
        let call = one(text);
        assert_eq!(call.program, Program::Etcdctl, "{text}");
        assert_eq!(call.of_client(), Some(program), "{text}");
        assert_eq!(call.line(), format!("etcdctl {read_as}"), "{text}");
    }
    let line = "k3s server --datastore-endpoint=https://10.0.0.5:2379 --datastore-cafile=/ca.crt\n";
    assert_eq!(one(line).of_client(), Some("K3s"));
    let authority = "etcd {\n  endpoint https://10.0.0.5:2379\n  tls /ca.crt\n}\n";
    assert_eq!(one(authority).option("cacert"), Some("/ca.crt"));
    let nested = "storage \"etcd\" {\n  address = \"https://10.0.0.5:2379\"\n  more {\n  }\n  tls_ca_file = \"/ca.crt\"\n}\n";
    assert_eq!(one(nested).option("cacert"), Some("/ca.crt"));
    // Somebody else's.
    for text in [
        "K3S_DATASTORE_ENDPOINT=postgres://u:p@db:5432/k3s\nK3S_DATASTORE_CAFILE=/ca.crt\n",
        "ExecStart=/usr/local/bin/k3s server --datastore-endpoint=nats://db:4222 --datastore-cafile=/ca.crt\n",
        "etcd_endpoints: https://10.0.0.5:2379\netcd_listen_client_urls: https://10.0.0.5:2379\netcd_cert_file: /a.crt\netcd_key_file: /a.key\n",
        "- job_name: my-fetcdata\n  scheme: https\n  tls_config:\n    ca_file: /ca.crt\n",
        "- job_name: kubelet\n  scheme: https\n  tls_config:\n    ca_file: /pki/ca.crt\n  static_configs:\n  - targets: ['10.0.0.5:10250']\n",
        "etcd {\n  a b\n}\n",
        "etcd:\n  endpoints: 3\n",
    ] {
        assert_eq!(read(text, &[]).chosen(Program::Etcdctl), None, "{text}");
    }
}

#[test]
fn who_asks_for_etcd_s_release_does_not_run_it_so() {
    let variables = "# etcd -version\netcd Version: 3.5.5\nETCD_NAME=a\nETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:2379\n";
    let material = read(variables, &[]);
    let call = material.chosen(Program::Etcd).unwrap();
    assert_eq!(call.coat, Coat::Variables);
    assert_eq!(one("etcd --version").arguments, ["--version"]);
    let log = read("$ etcd --version\netcd Version: 3.5.5\n", &[]);
    assert_eq!(log.chosen(Program::Etcd), None);
}

#[test]
fn what_an_alias_has_in_a_variable_is_split_where_it_is_used() {
    let text = "OPTIONS=\"--cacert=ca.crt --endpoints=localhost:2379\"\nalias e=\"etcdctl $OPTIONS\"\ne member list\n";
    let material = read(text, &[]);
    let call = material.chosen(Program::Etcdctl).unwrap();
    assert_eq!(
        call.line(),
        "etcdctl --cacert=ca.crt --endpoints=localhost:2379 member list"
    );
}

#[test]
fn k3s_is_told_by_variables_wherever_they_stand() {
    for text in [
        "K3S_TOKEN={token} K3S_DATASTORE_ENDPOINT='https://127.0.0.1:2379' sh -s - --cluster-init\n",
        "K3S_DATASTORE_ENDPOINT=https://127.0.0.1:2379\n",
        "export K3S_DATASTORE_ENDPOINT=https://127.0.0.1:2379\n",
    ] {
        let call = one(text);
        assert_eq!(call.of_client(), Some("K3s"), "{text}");
        assert_eq!(
            call.line(),
            "etcdctl --endpoints=https://127.0.0.1:2379 get /"
        );
    }
}

#[test]
fn a_manifest_with_bold_lines_is_read_as_one() {
    let text = "containers:\n- command:\n  - etcd\n  - --name=a\n  **- --cert-file=/pki/tls.crt\n  - --client-cert-auth=true**\n";
    let call = one(text);
    assert_eq!(
        call.arguments,
        [
            "--name=a",
            "--cert-file=/pki/tls.crt",
            "--client-cert-auth=true"
        ]
    );
}

#[test]
fn a_flag_whose_path_ends_in_etcd_is_no_call() {
    let text =
        "ExecStart=/usr/local/bin/etcd\n--name=a\n--data-dir=/var/lib/etcd\n--cert-file=a.crt\n";
    let call = one(text);
    assert_eq!(call.coat, Coat::Unit);
    assert!(call.caveats.contains(&Caveat::NotContinued));
}

#[test]
fn a_certificate_in_words_on_one_line_is_read_as_on_many() {
    let text = "Certificate:    Data:        Version: 1 (0x0)    Issuer: CN=etcd-ca        Validity            Not Before: May  7 09:48:03 2020 GMT            Not After : May 17 09:48:03 2020 GMT        Subject: CN=a, O=b        Subject Public Key Info:\n";
    let material = read(text, &[]);
    let (_, said) = &material.described[0];
    assert_eq!(
        (said.subject.as_str(), said.issuer.as_str()),
        ("CN=a, O=b", "CN=etcd-ca")
    );
    assert!(said.not_before < said.not_after && said.not_before.is_some());
}
