//! Node: `etcd3`, `@grpc/grpc-js`, and `https` on the gateway.

use super::{Access, ProgramLines, lines, quoted};
use crate::etcd::commands::Language;

pub(super) fn all(access: &Access<'_>) -> [ProgramLines; 3] {
    let Access {
        endpoints,
        endpoint,
        address,
        authority,
        certificate,
        key,
        ..
    } = access;
    let endpoints = quoted(endpoints);
    let etcd3 = format!(
        "const fs = require(\"fs\");\nconst {{ Etcd3 }} = require(\"etcd3\");\n\nconst client = new Etcd3({{\n  hosts: [{endpoints}],\n  credentials: {{\n    rootCertificate: fs.readFileSync(\"{authority}\"),\n    certChain: fs.readFileSync(\"{certificate}\"),\n    privateKey: fs.readFileSync(\"{key}\"),\n  }},\n}});\nclient.get(\"testclient\").string().then(console.log).finally(() => client.close());"
    );
    let grpc = format!(
        "const fs = require(\"fs\");\nconst grpc = require(\"@grpc/grpc-js\");\n\nconst credentials = grpc.credentials.createSsl(\n  fs.readFileSync(\"{authority}\"),\n  fs.readFileSync(\"{key}\"),\n  fs.readFileSync(\"{certificate}\"),\n);\nconst client = new grpc.Client(\"{address}\", credentials);\nclient.waitForReady(Date.now() + 5000, (error) => {{\n  if (error) throw error;\n  client.close();\n}});"
    );
    let https = format!(
        "const fs = require(\"fs\");\nconst https = require(\"https\");\n\nconst request = https.request(\"{endpoint}/v3/kv/range\", {{\n  method: \"POST\",\n  ca: fs.readFileSync(\"{authority}\"),\n  cert: fs.readFileSync(\"{certificate}\"),\n  key: fs.readFileSync(\"{key}\"),\n}}, (answer) => answer.pipe(process.stdout));\nrequest.end(JSON.stringify({{ key: Buffer.from(\"testclient\").toString(\"base64\") }}));"
    );
    let root: &[&str] = &["The CA file needs the root."];
    [
        lines("node-etcd3", "Node: etcd3", Language::Text, etcd3)
            .tried("etcd3 1.1.2, Node 20")
            .remarks(root),
        lines("node-grpc", "Node: @grpc/grpc-js", Language::Text, grpc)
            .tried("@grpc/grpc-js 1.14.7, Node 20")
            .remarks(root),
        lines(
            "node-https",
            "Node: https, over the gateway",
            Language::Text,
            https,
        )
        .tried("Node 20")
        .remarks(root),
    ]
}
