//! The questions that scripts ask, as JSON.

use etcd_pki_lab::{
    Preset,
    script::{
        chain::{self, go_build, go_version},
        verdict::{JudgeAs, Lines, Other, answer},
    },
};
use serde_json::{Value, json};

use super::{Target, etcd::files_of_tutorial, now, one_of, some, text};

pub(crate) const CHAIN_QUESTION: Target = Target {
    seeds: || {
        let pem = |name: &str| text(&some(Preset::Tutorial, &[name])[0]);
        let question = |time: Value| {
            json!({
                "id": 1, "kind": "server", "time": time, "name": { "dns": "localhost" },
                "roots": pem("ca.crt"), "intermediates": [pem("ca.crt")], "leaf": pem("etcd.crt"),
            })
        };
        [
            question(json!(1_795_450_200)),
            question(json!("2026-11-23T10:00:00Z")),
        ]
        .map(|question| question.to_string().into_bytes())
        .into()
    },
    read: |bytes| {
        let Ok(question) = serde_json::from_slice::<chain::ChainQuestion>(bytes) else {
            return;
        };
        for release in ["1.19", "1.27.0"] {
            let go = go_build(go_version(release).expect("a release"), None);
            let _ = chain::answer(&question, go);
        }
    },
};

pub(crate) const CASE: Target = Target {
    seeds: || {
        let case = json!({
            "server": "etcd --cert-file=etcd.crt --key-file=etcd.key --client-cert-auth --trusted-ca-file=ca.crt --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379",
            "client": "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt put testclient data",
            "peer": "etcd --name=b --initial-cluster=b=https://b.test:2380",
            "from": "192.0.2.2", "names": { "b.test": ["192.0.2.1"] },
            "measured": "2026-11-23T10:00:00Z",
        });
        vec![case.to_string().into_bytes()]
    },
    read: |bytes| {
        let Ok(case) = serde_json::from_slice::<Value>(bytes) else {
            return;
        };
        let lines = Lines::read(&case);
        let files = files_of_tutorial();
        let client = Other::parse(one_of(bytes, &["curl-openssl", "all"])).ok();
        for other in [None, client] {
            let circumstances = JudgeAs {
                other,
                ..JudgeAs::default()
            };
            let _ = answer(&lines, &files, &circumstances, now());
        }
    },
};
