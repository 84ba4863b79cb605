//! Python: `etcd3`, plain `grpcio`, and `requests` on the gateway.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn all(access: &Access<'_>) -> [ProgramLines; 3] {
    let Access {
        endpoint,
        address,
        host,
        port,
        authority,
        certificate,
        key,
        ..
    } = access;
    let etcd3 = format!(
        "import etcd3\n\nclient = etcd3.client(\n    host=\"{host}\", port={port}, timeout=5,\n    ca_cert=\"{authority}\",\n    cert_cert=\"{certificate}\",\n    cert_key=\"{key}\",\n)\nprint(client.get(\"testclient\"))"
    );
    let grpcio = format!(
        "import grpc\n\ndef read(path):\n    with open(path, \"rb\") as file:\n        return file.read()\n\ncredentials = grpc.ssl_channel_credentials(\n    root_certificates=read(\"{authority}\"),\n    private_key=read(\"{key}\"),\n    certificate_chain=read(\"{certificate}\"),\n)\nchannel = grpc.secure_channel(\"{address}\", credentials)\ngrpc.channel_ready_future(channel).result(timeout=5)"
    );
    let requests = format!(
        "import base64, requests\n\nanswer = requests.post(\n    \"{endpoint}/v3/kv/range\",\n    json={{\"key\": base64.b64encode(b\"testclient\").decode()}},\n    verify=\"{authority}\",\n    cert=(\"{certificate}\", \"{key}\"),\n    timeout=5,\n)\nanswer.raise_for_status()\nprint(answer.json())"
    );
    [
        lines("python-etcd3", "Python: etcd3", Language::Text, etcd3)
            .tried("etcd3 0.12.0")
            .without_ed25519()
            .remarks(&[
                "This is the package etcd3, not etcd3-py, which is imported by the same name. Name all three files: without ca_cert it drops certificate and key, and speaks plain HTTP/2. Its gRPC takes no P-521 either.",
            ]),
        lines("python-grpcio", "Python: grpcio", Language::Text, grpcio)
            .tried("grpcio 1.85.3")
            .without_ed25519()
            .remarks(&["Nor P-521; its own key may be either."]),
        lines("python-requests", "Python: requests, over the gateway", Language::Text, requests)
            .tried("requests 2.34.2")
            .remarks(&["The CA file needs the root before Python 3.13, which is strict: it wants an authority key identifier, and a CA with key usage and critical basic constraints."]),
    ]
}
