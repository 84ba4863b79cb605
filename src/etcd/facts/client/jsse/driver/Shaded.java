import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** One question for etcd, by its bytes, with grpc-netty-shaded. */
class Shaded {
    enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        SAME;

        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException error) {
                throw new IllegalStateException(error);
            }
        }
    }

    public static void main(String[] none) {
        try {
            String host = Http.told("HOST");
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, Integer.parseInt(Http.told("PORT")));
            if (Http.told("ENDPOINT").startsWith("https")) {
                SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(new File(Http.told("CA")));
                if (!Http.told("CERT").isEmpty()) {
                    tls.keyManager(new File(Http.told("CERT")), new File(Http.told("KEY")));
                }
                if (!Http.told("TLS_MAX").isEmpty()) {
                    tls.protocols("TLSv1.2");
                }
                builder.sslContext(tls.build());
            } else {
                builder.usePlaintext();
            }
            ManagedChannel channel = builder.build();
            MethodDescriptor<byte[], byte[]> range = MethodDescriptor.newBuilder(Bytes.SAME, Bytes.SAME)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("etcdserverpb.KV/Range")
                .build();
            CallOptions limited = CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS);
            byte[] question = {0x0a, 0x03, 'f', 'o', 'o'};
            byte[] answer = ClientCalls.blockingUnaryCall(channel, range, limited, question);
            System.out.println("served: " + answer.length);
        } catch (Throwable error) {
            error.printStackTrace(System.out);
            System.exit(1);
        }
        System.exit(0);
    }
}
