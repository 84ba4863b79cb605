//! Java: `jetcd`, whose Netty reads PEM, the key as PKCS#8 alone; and the stores of a
//! program that is told no file, but uses what its Java was told.

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
    lines("jetcd", "Java: jetcd", Language::Text, text).tried("jetcd 0.8.5, Java 17").without_ed25519().remarks(&[
        "Keep the limit in get: jetcd never ends a call whose handshake fails, and says nothing of it.",
        "Its own key must be RSA or EC, in PKCS#8 (BEGIN PRIVATE KEY), as this page writes it.",
    ])
}

/// A keystore and a truststore in PKCS#12, and the properties that name them
/// (`javax.net.ssl`, JSSE reference guide).
pub(super) fn stores(access: &Access<'_>) -> ProgramLines {
    let Access {
        authority,
        certificate,
        key,
        ..
    } = access;
    let text = format!(
        "openssl pkcs12 -export -in {certificate} -inkey {key} -name etcd-client -out client.p12 -passout pass:changeit\nkeytool -importcert -noprompt -alias etcd-ca -file {authority} -keystore ca.p12 -storetype PKCS12 -storepass changeit\nexport JAVA_TOOL_OPTIONS=\"-Djavax.net.ssl.keyStore=client.p12 -Djavax.net.ssl.keyStorePassword=changeit -Djavax.net.ssl.trustStore=ca.p12 -Djavax.net.ssl.trustStorePassword=changeit\""
    );
    lines(
        "java-stores",
        "Java: a program that uses Java’s own stores",
        Language::Shell,
        text,
    )
    .tried("Java 17 and its HttpClient, over the gateway,")
    .remarks(&["Java sends the certificate only if one of the CAs that etcd names has issued it."])
}
