//! Java: `jetcd`, whose Netty reads PEM, the key as PKCS#8 alone.

use super::{Access, ProgramLines, lines};
use crate::etcd::commands::Language;

pub(super) fn jetcd(access: &Access<'_>) -> ProgramLines {
    let Access {
        endpoint,
        authority,
        certificate,
        key,
        ..
    } = access;
    let text = format!(
        "SslContext ssl = GrpcSslContexts.forClient()\n    .trustManager(new File(\"{authority}\"))\n    .keyManager(new File(\"{certificate}\"), new File(\"{key}\"))\n    .build();\nClient client = Client.builder()\n    .endpoints(\"{endpoint}\")\n    .sslContext(ssl)\n    .build();\nclient.getKVClient().get(ByteSequence.from(\"testclient\", UTF_8)).get(5, TimeUnit.SECONDS);"
    );
    lines("jetcd", "Java: jetcd", Language::Text, text).remarks(&[
        "Keep the limit in get: jetcd never ends a call whose handshake fails, and says nothing of it.",
        "The key must be PKCS#8 (BEGIN PRIVATE KEY), as this page writes it.",
    ])
}
