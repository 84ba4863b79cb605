import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One question for etcd, with jetcd. */
class Jetcd {
    public static void main(String[] none) {
        try {
            String endpoint = Http.told("ENDPOINT");
            ClientBuilder builder = Client.builder().endpoints(endpoint).connectTimeout(Duration.ofSeconds(5));
            if (endpoint.startsWith("https")) {
                SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(new File(Http.told("CA")));
                if (!Http.told("CERT").isEmpty()) {
                    tls.keyManager(new File(Http.told("CERT")), new File(Http.told("KEY")));
                }
                if (!Http.told("TLS_MAX").isEmpty()) {
                    tls.protocols("TLSv1.2");
                }
                builder.sslContext(tls.build());
            }
            Client client = builder.build();
            ByteSequence key = ByteSequence.from("foo", UTF_8);
            System.out.println("served: " + client.getKVClient().get(key).get(8, TimeUnit.SECONDS).getCount());
        } catch (Throwable error) {
            error.printStackTrace(System.out);
            System.exit(1);
        }
        System.exit(0);
    }
}
